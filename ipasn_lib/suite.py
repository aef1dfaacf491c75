"""What is published of one year: which notebook is run for whom, and the page that lists all.

The engine in :mod:`ipasn_lib.reports` runs any notebook; the notebooks know the science. Here
stands only who gets which report and under what name.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import os
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.records.regions import PROVINCE, find_kabkota, kabkota_labels, report_name
from ipasn_lib.records.sides import years_beside
from ipasn_lib.reports.batch import BatchResult, Job, run_batch
from ipasn_lib.reports.crate import write_crate
from ipasn_lib.reports.files import package_files, report_files, slide_files
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.manifest import (
    environment_hash,
    fingerprint,
    hash_bytes,
    hash_file,
    library_hash,
)
from ipasn_lib.reports.notice import summary, write_summary
from ipasn_lib.reports.scan import Finding, scan
from ipasn_lib.reports.signer import check_signer

__all__ = ["Published", "publish", "publish_quality", "warm"]

PLACE_NOTEBOOK = "01_laporan_kabkota.ipynb"
PROVINCE_NOTEBOOK = "02_perbandingan_jatim.ipynb"

MORE = {
    "00-mutu-data": ("00_mutu_data.ipynb", "Mutu data"),
    "03-kepastian-peringkat": ("03_kepastian_peringkat.ipynb", "Seberapa pasti peringkat"),
    "06-pola-ruang-dan-sebaya": ("06_pola_ruang_dan_sebaya.ipynb", "Pola ruang dan sebaya"),
}
"""Further reports of a whole province: folder, notebook and name as printed. They rank and
compare all places, so they are made only where every place is there."""
OF_PLACE = {
    "penyebab": ("04_penyebab_perubahan.ipynb", "Penyebab perubahan"),
    "rencana": ("05_rencana_perbaikan.ipynb", "Rencana perbaikan"),
}
"""Further reports of a place: end of the folder's name, notebook and name as printed. Causes are
made where an earlier year under the same instrument lies beside; a plan where points were
computed from records. Elsewhere the notebook would hold little but the reason why not."""

WORKSHOP = ("09-lokakarya", "09_lokakarya.ipynb", "Lokakarya IP ASN")
"""The province's deck of slides: folder, notebook and name as printed."""

OPEN_TABLES = ("kabkota", "bakorwil", "jenis_asn")
"""Tables of the province's report that are given as open data; groups too small stay hidden."""

SLIDES, PACKAGE = "salindia.html", "datapackage.json"
_LINKS = {
    "id": {SLIDES: "Buka salindia", PACKAGE: "Data terbuka (csv)"},
    "en": {SLIDES: "Open the slides", PACKAGE: "Open data (csv)"},
}
JOURNAL = "jurnal.jsonl"
INDEX = "indeks"
PRELOAD = (
    "great_tables",
    "ipasn_lib.analysis.compare",
    "ipasn_lib.analysis.decompose",
    "ipasn_lib.analysis.distribution",
    "ipasn_lib.analysis.improve",
    "ipasn_lib.analysis.inequality",
    "ipasn_lib.analysis.lacking",
    "ipasn_lib.analysis.movers",
    "ipasn_lib.analysis.plan",
    "ipasn_lib.analysis.trend",
    "ipasn_lib.figures.blocks",
    "ipasn_lib.figures.charts",
    "ipasn_lib.figures.columns",
    "ipasn_lib.figures.columns_causes",
    "ipasn_lib.figures.maps",
    "ipasn_lib.figures.tables",
    "ipasn_lib.index.tables",
    "ipasn_lib.records.boundaries",
    "ipasn_lib.reports.csvfiles",
    "ipasn_lib.reports.xlsx",
    "matplotlib.backends.backend_svg",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "typst",
)


@dataclass(frozen=True)
class Published:
    """How a publication ended.

    Attributes
    ----------
    result : BatchResult
        One result a report.
    index : pathlib.Path
        The page that lists all places.
    ringkasan : mapping
        How it ended, as ``ringkasan.json`` beside the page says it.
    temuan : tuple of Finding
        Personal numbers in what stands in the folder now, and files not looked into.
    """

    result: BatchResult
    index: Path
    ringkasan: Mapping[str, Any]
    temuan: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """True where a report could not be made, or a personal number was found."""
        return not self.result.ok or bool(self.temuan)

    def summary(self) -> str:
        """List what failed, and name the page to open (the run itself has said how many)."""
        failed = [f"  {r.nama}: {r.kesalahan}" for r in self.result.hasil if r.status == "gagal"]
        failed += [f"  do not publish: {found}" for found in self.temuan]
        return "\n".join([*failed, f"-> {self.index}"])


def publish(
    siap: Prepared,
    out: Path,
    *,
    kabkota: Sequence[str] | None = None,
    workers: int | None = None,
    target: float = 81.0,
    bahasa: str = "id",
    fresh: bool = False,
    penanda_tangan: Mapping[str, Any] | None = None,
) -> Published:
    """Make the reports of places and of the province, and the page that lists them.

    Parameters
    ----------
    siap : Prepared
        The prepared tables of one year.
    out : pathlib.Path
        Reports go to ``out/<tahun>/<kode>-<nama>/``; each folder appears whole.
    kabkota : sequence of str, optional
        Only these places (codes or names); by default all that have people.
    workers : int, optional
        Reports at a time; by default one a core.
    target : float
        Target of the index, 0-100.
    bahasa : {"id", "en"}
        Language of the reports.
    fresh : bool
        Make every report again, changed or not.
    penanda_tangan : mapping, optional
        Who signs the printed reports, as in :func:`ipasn_lib.reports.signer.check_signer`.

    Returns
    -------
    Published

    Raises
    ------
    ParameterError
        If the language or a place is unknown, a place has no people in the tables, or the
        signer is not whole.
    BatchError
        If another run writes to the same folder, or the notebooks are not found.
    """
    if bahasa not in _LINKS:
        raise ParameterError(f"unknown language {bahasa!r}; expected one of {list(_LINKS)}")
    signer = None if penanda_tangan is None else check_signer(penanda_tangan)
    codes = siap.kode_kabkota if kabkota is None else [find_kabkota(k) for k in kabkota]
    absent = [kode for kode in codes if kode not in siap.kode_kabkota]
    if absent:
        raise ParameterError(f"no people in the data for kode_kabkota {', '.join(absent)}")
    root = (out / str(siap.tahun)).resolve()
    root.mkdir(parents=True, exist_ok=True)
    shared = {"tahun": siap.tahun, "target": float(target), "bahasa": bahasa}
    whole = set(kabkota_labels()) <= set(codes)
    jobs = [_province_job(siap, root, shared, whole)]
    jobs += [_place_job(siap, root, k, shared) for k in codes]
    jobs += [_plan_job(siap, root, k, shared) for k in codes if siap.place(k).rinci]
    before = max((y for y in years_beside(siap).values() if y.tahun < siap.tahun),
                 key=lambda y: y.tahun, default=None)  # fmt: skip
    if before is not None:
        jobs += [
            _cause_job(siap, before, root, k, shared) for k in codes if _alike(siap, before, k)
        ]
    if whole:
        jobs += [*_more_jobs(siap, root, shared), _workshop_job(siap, root, shared)]
    if signer is not None:
        jobs = [_signed(job, signer) for job in jobs]
    result = run_batch(
        jobs,
        root=root,
        journal=root / JOURNAL,
        workers=workers,
        fresh=fresh,
        preload=PRELOAD,
        warmup=warm,
        meanwhile=_load_page,
    )
    refused = [(note.berkas, note.galat) for note in siap.berkas if note.galat]
    index = _index(siap, root, result, fresh)
    write_crate(
        root,
        judul=f"Laporan Indeks Profesionalitas ASN se-Jawa Timur {siap.tahun}",
        keterangan=f"Sumber data: {'; '.join(siap.sumber_data)}."
        + (" DATA SINTETIS." if siap.sintetis else ""),
    )
    # A report was looked through before it took its place, and has not changed since.
    found = tuple(scan(root, besides=[r.out for r in result.hasil if r.status != "gagal"]))
    ended = summary(
        result,
        tahun=siap.tahun,
        ditolak=refused,
        temuan=list(map(str, found)),
        sintetis=siap.sintetis,
    )
    write_summary(ended, root)
    return Published(result, index, ended, found)


def publish_quality(siap: Prepared, out: Path, *, bahasa: str = "id") -> BatchResult:
    """Make the page and the workbook on the data quality of each place with people.

    Parameters
    ----------
    siap : Prepared
        The prepared tables of one year.
    out : pathlib.Path
        The files go to ``out/<tahun>/<kode>-<nama>/``; each folder appears whole.
    bahasa : {"id", "en"}
        Language of the pages.
    """
    root = (out / str(siap.tahun)).resolve()
    root.mkdir(parents=True, exist_ok=True)
    notebook, title = MORE["00-mutu-data"]
    jobs = []
    for kode in siap.kode_kabkota:
        label = kabkota_labels()[kode]
        words = {"kode_kabkota": kode, "tahun": siap.tahun, "bahasa": bahasa}
        files = [*_summary_files(siap), *sorted(siap.place(kode).folder.rglob("*.parquet"))]
        place = root / report_name(kode, label)
        jobs.append(_job(siap, place, notebook, words, files, f"{title} {label}", indeks=None))
    return run_batch(jobs, root=root, journal=root / JOURNAL, preload=PRELOAD)


def warm() -> None:
    """Load once, before any report is made, what all of them use: outlines, fonts, templates.

    Only what many reports share: the second core waits meanwhile. The large maps of the province
    are drawn by the one or two reports that show them.
    """
    import pandas as pd

    from ipasn_lib.figures.maps import locator
    from ipasn_lib.law.loading import available_instruments
    from ipasn_lib.records.boundaries import load_boundaries
    from ipasn_lib.reports.export import warm_up
    from ipasn_lib.reports.pdf import warm_up as warm_up_pdf

    available_instruments()
    kabkota = load_boundaries()
    nothing = pd.DataFrame(
        {"kategori": pd.NA, "indeks": float("nan"), "n_pegawai": 1, "sumber_data": "-"},
        index=kabkota.index,
    )
    locator(kabkota, nothing, kabkota.index[0]).svg()
    warm_up()
    warm_up_pdf()


def _notebooks() -> Path:
    folder = Path(__file__).resolve().parents[1] / "notebooks"
    if not folder.is_dir():
        raise BatchError(
            f"{folder} is not there; reports are made from a checkout of the project, "
            "where notebooks/ stands beside ipasn_lib/"
        )
    return folder


def _place_job(siap: Prepared, root: Path, kode: str, shared: dict[str, Any]) -> Job:
    # Its notebook is given the place's own folder: it cannot read what is not hashed here.
    place = siap.place(kode)
    nama = report_name(kode, kabkota_labels()[kode])
    files = sorted(p for p in place.folder.rglob("*") if p.is_file())
    return _job(place, root / nama, PLACE_NOTEBOOK, {"kode_kabkota": kode, **shared}, files)


def _alike(siap: Prepared, before: Prepared, kode: str) -> bool:
    """Tell whether a place was measured under the same instruments in an earlier year."""
    if kode not in before.kode_kabkota:
        return False
    return set(siap.place(kode).id_instrumen) == set(before.place(kode).id_instrumen)


def _plan_job(siap: Prepared, root: Path, kode: str, shared: dict[str, Any]) -> Job:
    place = siap.place(kode)
    files = sorted(p for p in place.folder.rglob("*") if p.is_file())
    return _of_place("rencana", place, root, {"kode_kabkota": kode, **shared}, files)


def _cause_job(
    siap: Prepared, before: Prepared, root: Path, kode: str, shared: dict[str, Any]
) -> Job:
    # It compares with another place too: the people of any may be read, of the earlier year
    # those of this place only.
    files = [
        *_summary_files(siap),
        *sorted((siap.folder / "tempat").glob("*/skor.parquet")),
        *(f for y in years_beside(siap).values() for f in _summary_files(y)),
        before.place(kode).folder / "skor.parquet",
    ]
    words = {key: shared[key] for key in ("tahun", "bahasa")}
    words |= {"kode_kabkota": kode, "tahun_awal": before.tahun}
    return _of_place("penyebab", siap, root, words, files)


def _of_place(
    kind: str, siap: Prepared, root: Path, words: dict[str, Any], files: list[Path]
) -> Job:
    notebook, title = OF_PLACE[kind]
    kode = words["kode_kabkota"]
    label = kabkota_labels()[kode]
    out = root / f"{report_name(kode, label)}-{kind}"
    return _job(siap, out, notebook, words, files, f"{title}, {label},")


def _province_job(siap: Prepared, root: Path, shared: dict[str, Any], whole: bool) -> Job:
    """Report on the province; with the open data where no place is missing from its tables."""
    package = functools.partial(
        package_files,
        judul=f"Indeks Profesionalitas ASN se-Jawa Timur {siap.tahun}",
        nama=f"ip-asn-jawa-timur-{siap.tahun}",
        bahasa=shared["bahasa"],
        tabel=OPEN_TABLES,
        kode={label: kode for kode, label in kabkota_labels().items()},
    )
    out, also = root / report_name(*PROVINCE), {PACKAGE: package} if whole else {}
    return _job(siap, out, PROVINCE_NOTEBOOK, shared, _summary_files(siap), also=also)


def _workshop_job(siap: Prepared, root: Path, shared: dict[str, Any]) -> Job:
    nama, notebook, title = WORKSHOP
    deck = functools.partial(
        slide_files, judul=f"{title} Jawa Timur {siap.tahun}", bahasa=shared["bahasa"]
    )
    title = f"{title}, Jawa Timur"
    return _job(siap, root / nama, notebook, shared, _everybody(siap), title, also={SLIDES: deck})


def _more_jobs(siap: Prepared, root: Path, shared: dict[str, Any]) -> list[Job]:
    files = _everybody(siap)
    words = {key: shared[key] for key in ("tahun", "bahasa")}
    return [
        _job(siap, root / nama, notebook, words, files, f"{title}, Jawa Timur")
        for nama, (notebook, title) in MORE.items()
    ]


def _everybody(siap: Prepared) -> list[Path]:
    return [*_summary_files(siap), *sorted((siap.folder / "tempat").glob("*/*.parquet"))]


def _summary_files(siap: Prepared) -> list[Path]:
    """Give what a report of the whole province reads, persons aside."""
    own = siap.folder / "instrumen.toml"
    tables = sorted((siap.folder / "tabel").glob("*.parquet"))
    notes = [siap.folder / "keterangan.json", siap.folder / "masalah.parquet"]
    return [*tables, *notes, *([own] if own.is_file() else [])]


def _job(
    siap: Prepared,
    out: Path,
    notebook: str,
    parameters: dict[str, Any],
    files: list[Path],
    title: str | None = None,
    indeks: str | None = "../index.html",
    also: Mapping[str, functools.partial[dict[str, bytes]]] | None = None,
) -> Job:
    """Describe a report; ``also`` holds further exports by the file to which they lead."""
    folder, more, bahasa = _notebooks(), also or {}, parameters["bahasa"]
    # Relative to the notebook, which is where its cells run: no path of this machine is printed.
    data = os.path.relpath(siap.folder.resolve(), folder)
    return Job(
        nama=out.name,
        notebook=folder / notebook,
        parameters={**parameters, "data": data},
        out=out,
        exports=(
            functools.partial(
                report_files,
                judul=None if title is None else f"{title} {siap.tahun}",
                bahasa=bahasa,
                indeks=indeks,
                tautan={_LINKS[bahasa][file]: file for file in more},
                pdf=True,
            ),
            *more.values(),
        ),
        masukan=_hash(files),
        keterangan={"id_instrumen": list(siap.id_instrumen), "sumber_data": list(siap.sumber_data)},
    )


def _signed(job: Job, signer: Mapping[str, Any]) -> Job:
    """Give a job whose printed report is signed; its other files stay as they are."""
    report, *more = job.exports
    assert isinstance(report, functools.partial)  # _job made it
    return replace(job, exports=(functools.partial(report, penanda_tangan=signer), *more))


def _pages() -> dict[str, str]:
    """Give what may be published of the whole province: file, and name as printed."""
    province = report_name(*PROVINCE)
    pages = {f"{province}/laporan.html": "Laporan provinsi"}
    pages |= {f"{nama}/laporan.html": title for nama, (_, title) in MORE.items()}
    pages |= {f"{WORKSHOP[0]}/{SLIDES}": f"Salindia {WORKSHOP[2]}"}
    return pages | {f"{province}/{PACKAGE}": "Data terbuka (datapackage.json)"}


def _hash(files: Iterable[Path]) -> str:
    """Hash names and contents; never times: content decides what is made again."""
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.parent.name}/{path.name}".encode())
        total.update(bytes.fromhex(hash_file(path)))
    return total.hexdigest()


def _load_page() -> None:
    importlib.import_module("ipasn_lib.suite_page")


def _index(siap: Prepared, root: Path, result: BatchResult, fresh: bool) -> Path:
    """Write the page that lists all places, if anything on it has changed.

    Like a report, it is done when the journal says so, with the hash of what it was made from.
    """
    index, journal = root / "index.html", Journal(root / JOURNAL)
    shown = {
        "pustaka": library_hash(),
        "lingkungan": environment_hash(),
        "tahun": siap.tahun,
        "masukan": _hash([siap.folder / "tabel" / "kabkota.parquet"]),
        "sumber": list(siap.sumber_data),
        "ditolak": [(note.berkas, note.galat) for note in siap.berkas if note.galat],
        "gagal": [(r.nama, r.kesalahan) for r in result.of("gagal")],
        "ada": sorted(page.parent.name for page in root.glob("*/laporan.html")),
        "halaman": [file for file in _pages() if (root / file).is_file()],
    }
    sidik, last = fingerprint(shown), journal.last_done().get(INDEX)
    same = last is not None and last.sidik == sidik and index.is_file()
    if fresh or not same or last is None or hash_file(index) != last.manifest:
        from ipasn_lib.suite_page import index_page

        began = time.monotonic()
        text = index_page(
            siap, root, result, _pages(), {k: v[1] for k, v in OF_PLACE.items()}
        ).encode()
        aside = index.with_name(f".{index.name}.{secrets.token_hex(4)}")
        try:
            aside.write_bytes(text)
            aside.replace(index)
        finally:
            aside.unlink(missing_ok=True)
        seconds = round(time.monotonic() - began, 3)
        journal.write("selesai", INDEX, sidik=sidik, manifest=hash_bytes(text), detik=seconds)
    return index
