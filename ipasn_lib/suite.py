"""What is published of one year: which notebook is run for whom, and the page that lists all.

The engine in :mod:`ipasn_lib.reports` runs any notebook; the notebooks know the science. Here
stands only who gets which report and under what name.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ipasn_lib.analysis.compare import rank_places
from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.figures.map_shapes import map_shapes
from ipasn_lib.figures.style import KATEGORI_COLOURS
from ipasn_lib.figures.wording import count, number, percent
from ipasn_lib.records.boundaries import load_boundaries
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.records.regions import PROVINCE, find_kabkota, load_kabkota
from ipasn_lib.reports.atlas import build_index
from ipasn_lib.reports.batch import BatchResult, Job, run_batch
from ipasn_lib.reports.export import warm_up
from ipasn_lib.reports.files import report_files

__all__ = ["Published", "publish", "warm"]

PLACE_NOTEBOOK = "01_laporan_kabkota.ipynb"
PROVINCE_NOTEBOOK = "02_perbandingan_jatim.ipynb"

MORE = {
    "00-mutu-data": ("00_mutu_data.ipynb", "Mutu data"),
    "03-kepastian-peringkat": ("03_kepastian_peringkat.ipynb", "Seberapa pasti peringkat"),
    "06-pola-ruang-dan-sebaya": ("06_pola_ruang_dan_sebaya.ipynb", "Pola ruang dan sebaya"),
}
"""Further reports of a whole province: folder, notebook and name as printed. They rank and
compare all places, so they are made only where every place is there."""
JOURNAL = "jurnal.jsonl"
PRELOAD = (
    "great_tables",
    "ipasn_lib.analysis.compare",
    "ipasn_lib.analysis.distribution",
    "ipasn_lib.analysis.lacking",
    "ipasn_lib.figures.blocks",
    "ipasn_lib.figures.charts",
    "ipasn_lib.figures.columns",
    "ipasn_lib.figures.maps",
    "ipasn_lib.figures.tables",
    "ipasn_lib.index.tables",
    "ipasn_lib.suite",
    "matplotlib.backends.backend_svg",
    "pyarrow.parquet",
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
    """

    result: BatchResult
    index: Path

    @property
    def failed(self) -> bool:
        """True where a report could not be made."""
        return not self.result.ok

    def summary(self) -> str:
        """List what failed, and name the page to open (the run itself has said how many)."""
        failed = [f"  {r.nama}: {r.kesalahan}" for r in self.result.hasil if r.status == "gagal"]
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

    Returns
    -------
    Published

    Raises
    ------
    ParameterError
        If a place is unknown or has no people in the tables.
    BatchError
        If another run writes to the same folder, or the notebooks are not found.
    """
    codes = siap.kode_kabkota if kabkota is None else [find_kabkota(k) for k in kabkota]
    absent = [kode for kode in codes if kode not in siap.kode_kabkota]
    if absent:
        raise ParameterError(f"no people in the data for kode_kabkota {', '.join(absent)}")
    root = (out / str(siap.tahun)).resolve()
    root.mkdir(parents=True, exist_ok=True)
    shared = {"tahun": siap.tahun, "target": float(target), "bahasa": bahasa}
    jobs = [_province_job(siap, root, shared), *(_place_job(siap, root, k, shared) for k in codes)]
    if set(load_kabkota().index) <= set(codes):
        jobs += _more_jobs(siap, root, shared)
    result = run_batch(
        jobs,
        root=root,
        journal=root / JOURNAL,
        workers=workers,
        fresh=fresh,
        preload=PRELOAD,
        warmup=warm,
    )
    index = root / "index.html"
    _write_whole(index, _index_page(siap, root, result))
    return Published(result, index)


def warm() -> None:
    """Load once, before any report is made, what all of them use: outlines, fonts, templates."""
    from ipasn_lib.figures.maps import choropleth, locator, small_multiples

    kabkota = load_boundaries()
    nothing = pd.DataFrame(
        {"kategori": pd.NA, "indeks": float("nan"), "n_pegawai": 1, "sumber_data": "-"},
        index=kabkota.index,
    )
    choropleth(kabkota, nothing).svg()
    locator(kabkota, nothing, kabkota.index[0]).svg()
    dimensions = ("kualifikasi", "kompetensi", "kinerja", "disiplin")
    empty = nothing.assign(**dict.fromkeys(dimensions, float("nan")))
    small_multiples(kabkota, empty, dict.fromkeys(dimensions, 1.0))
    warm_up()


def report_name(kode: str, label: str) -> str:
    """Name a report's folder: code and name in small letters, "3510-kab-banyuwangi"."""
    return f"{kode}-{re.sub('[^a-z0-9]+', '-', label.lower()).strip('-')}"


def _notebooks() -> Path:
    folder = Path(__file__).resolve().parents[1] / "notebooks"
    if not folder.is_dir():
        raise BatchError(
            f"{folder} is not there; reports are made from a checkout of the project, "
            "where notebooks/ stands beside ipasn_lib/"
        )
    return folder


def _place_job(siap: Prepared, root: Path, kode: str, shared: dict[str, Any]) -> Job:
    nama = report_name(kode, str(load_kabkota().loc[kode, "label"]))
    persons = [siap.folder / kind / f"{kode}.parquet" for kind in ("skor", "rincian")]
    return _job(siap, root / nama, PLACE_NOTEBOOK, {"kode_kabkota": kode, **shared}, persons)


def _province_job(siap: Prepared, root: Path, shared: dict[str, Any]) -> Job:
    return _job(siap, root / report_name(*PROVINCE), PROVINCE_NOTEBOOK, shared, [])


def _more_jobs(siap: Prepared, root: Path, shared: dict[str, Any]) -> list[Job]:
    everybody = [p for kind in ("skor", "rincian", "cek") for p in siap.folder.glob(f"{kind}/*")]
    words = {key: shared[key] for key in ("tahun", "bahasa")}
    return [
        _job(siap, root / nama, notebook, words, sorted(everybody), f"{title}, Jawa Timur")
        for nama, (notebook, title) in MORE.items()
    ]


def _job(
    siap: Prepared,
    out: Path,
    notebook: str,
    parameters: dict[str, Any],
    persons: list[Path],
    title: str | None = None,
) -> Job:
    folder = _notebooks()
    # Relative to the notebook, which is where its cells run: no path of this machine is printed.
    data = os.path.relpath(siap.folder.resolve(), folder)
    tables = sorted((siap.folder / "tabel").glob("*.parquet"))
    notes = [siap.folder / "keterangan.json", siap.folder / "masalah.parquet"]
    return Job(
        nama=out.name,
        notebook=folder / notebook,
        parameters={**parameters, "data": data},
        out=out,
        exports=(
            functools.partial(
                report_files,
                judul=None if title is None else f"{title} {siap.tahun}",
                bahasa=parameters["bahasa"],
                indeks="../index.html",
            ),
        ),
        masukan=_hash([*tables, *notes, *persons]),
        keterangan={"id_instrumen": list(siap.id_instrumen), "sumber_data": list(siap.sumber_data)},
    )


def _hash(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(path.name.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _index_page(siap: Prepared, root: Path, result: BatchResult) -> str:
    places = load_kabkota()
    outlines = map_shapes(load_boundaries())
    failed = [
        {"kode": r.nama.split("-")[0], "label": r.nama, "alasan": r.kesalahan}
        for r in result.hasil
        if r.status == "gagal"
    ]
    failed += [
        {"kode": "", "label": note.berkas, "alasan": note.galat}
        for note in siap.berkas
        if note.galat
    ]
    summary = rank_places(siap.table("kabkota"))
    whole = {report_name(*PROVINCE): "Laporan provinsi", **{k: v[1] for k, v in MORE.items()}}
    pages = {title: f"{nama}/laporan.html" for nama, title in whole.items()}
    return build_index(
        [_entry(kode, places, summary, root) for kode in places.index],
        judul=f"Indeks Profesionalitas ASN se-Jawa Timur {siap.tahun}",
        tahun=siap.tahun,
        sintetis=siap.sintetis,
        sumber="; ".join(siap.sumber_data),
        gagal=failed,
        tautan={title: page for title, page in pages.items() if (root / page).is_file()},
        shapes=outlines.shapes,
        viewbox=outlines.viewbox,
        bingkai=outlines.frames,
        warna=KATEGORI_COLOURS,
    )


def _entry(kode: str, places: pd.DataFrame, summary: pd.DataFrame, root: Path) -> dict[str, Any]:
    """One line of the page: what is published of a place, and where its report lies."""
    label = str(places.loc[kode, "label"])
    folder = report_name(kode, label)
    entry: dict[str, Any] = {
        "kode": kode,
        "label": label,
        "folder": folder if (root / folder / "laporan.html").is_file() else None,
    }
    if kode not in summary.index:
        return entry
    row = summary.loc[kode]
    if pd.isna(row["n_pegawai"]):
        return entry | {"tersembunyi": True}
    share = float(row["partisipasi"])
    entry |= {"partisipasi": share, "partisipasi_teks": percent(share)}
    entry |= {"n_terukur_teks": count(row["n_terukur"])}
    if pd.notna(row["indeks"]):
        entry |= {
            "indeks": float(row["indeks"]),
            "indeks_teks": number(row["indeks"]),
            "kategori": row["kategori"] if pd.notna(row["kategori"]) else None,
            "peringkat": int(row["peringkat"]),
        }
    return entry


def _write_whole(path: Path, text: str) -> None:
    """Write beside and rename, so that no half-written page is ever seen."""
    aside = path.with_name(f".{path.name}.part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
