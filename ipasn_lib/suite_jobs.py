"""Which notebook is run for whom in a publication of one year, and which files come of it."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError
from ipasn_lib.records.prepared import Prepared, open_prepared
from ipasn_lib.records.regions import PROVINCE, kabkota_labels, report_name
from ipasn_lib.records.sides import years_beside
from ipasn_lib.reports.batch import Job
from ipasn_lib.reports.files import package_files, report_files, slide_files
from ipasn_lib.reports.manifest import hash_files
from ipasn_lib.suite_inputs import everybody, made_from, of_part, summary_files
from ipasn_lib.wording import text, translate

__all__ = [
    "OF_PLACE",
    "OPEN_TABLES",
    "PLACE_NOTEBOOK",
    "WORKSHOP",
    "folders_of",
    "pages",
    "place_jobs",
    "province_jobs",
    "quality_jobs",
    "set_title",
    "signed",
]

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

JAWA_TIMUR = "Jawa Timur"
"""The province in a title."""

SLIDES, PACKAGE = "salindia.html", "datapackage.json"

_LINKS = {SLIDES: "tautan_salindia", PACKAGE: "tautan_data"}


def set_title(tahun: int, bahasa: str) -> str:
    """Name the reports of a year as a whole."""
    return translate("Indeks Profesionalitas ASN se-Jawa Timur {tahun}", bahasa, tahun=tahun)


def place_jobs(
    siap: Prepared, root: Path, codes: Sequence[str], words: Mapping[str, Any]
) -> list[Job]:
    """Describe the reports of places: each its report, its plan, and what changed from last year.

    Parameters
    ----------
    siap : Prepared
        The prepared tables of one year.
    root : pathlib.Path
        Below it each report gets a folder.
    codes : sequence of str
        The places; those with people in the tables that are shown.
    words : mapping
        Parameters of every notebook: ``tahun``, ``target`` and ``bahasa``.
    """
    jobs = [_place_job(siap, root, k, words) for k in codes]
    jobs += [_plan_job(siap, root, k, words) for k in codes if siap.place(k).rinci]
    earlier = [year for year in years_beside(siap).values() if year.tahun < siap.tahun]
    if earlier:
        before = max(earlier, key=lambda year: year.tahun)
        alike = [k for k in codes if _alike(siap, before, k)]
        jobs += [_cause_job(siap, before, root, k, words) for k in alike]
    return jobs


def province_jobs(
    siap: Prepared, root: Path, words: Mapping[str, Any], *, whole: bool
) -> list[Job]:
    """Describe the reports of the province; most only where ``whole``, with every place there.

    Parameters
    ----------
    siap, root, words
        As in :func:`place_jobs`.
    whole : bool
        Whether no place is missing. Further reports rank and compare all places, slides and open
        data speak for the province: they are made only then.
    """
    province = _province_job(siap, root, words, whole)
    if not whole:
        return [province]
    return [province, *_more_jobs(siap, root, words), _workshop_job(siap, root, words)]


def quality_jobs(siap: Prepared, root: Path, bahasa: str) -> list[Job]:
    """Describe a report on data quality for each place, which stands by itself."""
    notebook, title = MORE["00-mutu-data"]
    jobs = []
    for kode in siap.kode_kabkota:
        label = kabkota_labels()[kode]
        words = {"kode_kabkota": kode, "tahun": siap.tahun, "bahasa": bahasa}
        files = [*summary_files(siap), *sorted(siap.place(kode).folder.rglob("*.parquet"))]
        out = root / report_name(kode, label)
        named = f"{translate(title, bahasa)} {label}"
        jobs.append(_job(siap, out, notebook, words, files, named, indeks=None))
    return jobs


def folders_of(kode: str) -> list[str]:
    """Name the folders of all reports that a place may have."""
    name = report_name(kode, kabkota_labels()[kode])
    return [name, *(f"{name}-{kind}" for kind in OF_PLACE)]


def _notebooks() -> Path:
    folder = Path(__file__).resolve().parents[1] / "notebooks"
    if not folder.is_dir():
        raise BatchError(
            f"{folder} is not there; reports are made from a checkout of the project, "
            "where notebooks/ stands beside ipasn_lib/"
        )
    return folder


def _place_job(siap: Prepared, root: Path, kode: str, words: Mapping[str, Any]) -> Job:
    # Its notebook is given the place's own folder: it cannot read what is not hashed here.
    place = siap.place(kode)
    nama = report_name(kode, kabkota_labels()[kode])
    files = sorted(p for p in place.folder.rglob("*") if p.is_file())
    return _job(place, root / nama, PLACE_NOTEBOOK, {"kode_kabkota": kode, **words}, files)


def _alike(siap: Prepared, before: Prepared, kode: str) -> bool:
    """Tell whether a place was measured under the same instruments in an earlier year."""
    if kode not in before.kode_kabkota:
        return False
    return set(siap.place(kode).id_instrumen) == set(before.place(kode).id_instrumen)


def _plan_job(siap: Prepared, root: Path, kode: str, words: Mapping[str, Any]) -> Job:
    place = siap.place(kode)
    files = of_part(place, "skor", "rincian", "tabel/tempat", "tabel/unit_kerja")
    return _of_place("rencana", place, root, {"kode_kabkota": kode, **words}, files)


def _cause_job(
    siap: Prepared, before: Prepared, root: Path, kode: str, words: Mapping[str, Any]
) -> Job:
    # Its notebook opens the place's own folder, and from there the same place in other years and
    # the place nearest in headcount, to which it is compared.
    place = siap.place(kode)
    files = of_part(place, "skor", "tabel/tempat", "tabel/unit_kerja")
    for year in years_beside(place).values():
        if year.tahun != siap.tahun:
            files += of_part(
                year, *(["skor"] if year.tahun == before.tahun else []), "tabel/tempat"
            )
    if place.terdekat:
        nearest = open_prepared(place.folder.parent / place.terdekat, siap.tahun)
        files += of_part(nearest, "skor", "tabel/tempat")
    asked = {"tahun": words["tahun"], "bahasa": words["bahasa"]}
    asked |= {"kode_kabkota": kode, "tahun_awal": before.tahun}
    return _of_place("penyebab", place, root, asked, files)


def _of_place(
    kind: str, siap: Prepared, root: Path, words: Mapping[str, Any], files: list[Path]
) -> Job:
    notebook, title = OF_PLACE[kind]
    kode = words["kode_kabkota"]
    label = kabkota_labels()[kode]
    out = root / f"{report_name(kode, label)}-{kind}"
    return _job(siap, out, notebook, words, files, f"{translate(title, words['bahasa'])}, {label},")


def _province_job(siap: Prepared, root: Path, words: Mapping[str, Any], whole: bool) -> Job:
    """Report on the province; with the open data where no place is missing from its tables."""
    package = functools.partial(
        package_files,
        judul=set_title(siap.tahun, words["bahasa"]),
        nama=f"ip-asn-jawa-timur-{siap.tahun}",
        bahasa=words["bahasa"],
        tabel=OPEN_TABLES,
        kode={label: kode for kode, label in kabkota_labels().items()},
    )
    out, also = root / report_name(*PROVINCE), {PACKAGE: package} if whole else {}
    return _job(siap, out, PROVINCE_NOTEBOOK, words, summary_files(siap), also=also)


def _workshop_job(siap: Prepared, root: Path, words: Mapping[str, Any]) -> Job:
    nama, notebook, title = WORKSHOP
    title, province = (translate(said, words["bahasa"]) for said in (title, JAWA_TIMUR))
    deck = functools.partial(
        slide_files, judul=f"{title}, {province} {siap.tahun}", bahasa=words["bahasa"]
    )
    title = f"{title}, {province}"
    return _job(siap, root / nama, notebook, words, everybody(siap), title, also={SLIDES: deck})


def _more_jobs(siap: Prepared, root: Path, words: Mapping[str, Any]) -> list[Job]:
    files = everybody(siap)
    asked = {key: words[key] for key in ("tahun", "bahasa")}
    province = translate(JAWA_TIMUR, words["bahasa"])
    named = {nama: translate(title, words["bahasa"]) for nama, (_, title) in MORE.items()}
    return [
        _job(siap, root / nama, notebook, asked, files, f"{named[nama]}, {province}")
        for nama, (notebook, _) in MORE.items()
    ]


def _job(
    siap: Prepared,
    out: Path,
    notebook: str,
    parameters: Mapping[str, Any],
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
                tautan={text(_LINKS[file], bahasa): file for file in more},
                pdf=True,
            ),
            *more.values(),
        ),
        masukan=hash_files(files),
        berkas=tuple(files),
        keterangan=made_from(siap),
    )


def signed(job: Job, signer: Mapping[str, Any]) -> Job:
    """Give a job whose printed report is signed; its other files stay as they are."""
    report, *more = job.exports
    assert isinstance(report, functools.partial)  # _job made it
    return replace(job, exports=(functools.partial(report, penanda_tangan=signer), *more))


def pages() -> dict[str, str]:
    """Give what may be published of the whole province: file, and name as printed."""
    province = report_name(*PROVINCE)
    pages = {f"{province}/laporan.html": "Laporan provinsi"}
    pages |= {f"{nama}/laporan.html": title for nama, (_, title) in MORE.items()}
    pages |= {f"{WORKSHOP[0]}/{SLIDES}": "Salindia lokakarya IP ASN"}
    return pages | {f"{province}/{PACKAGE}": "Data terbuka (datapackage.json)"}
