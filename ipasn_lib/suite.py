"""Publish one year: every report, the page that lists them, and the record of how it ended.

The engine in :mod:`ipasn_lib.reports` runs any notebook; the notebooks know the science; which
notebook is run for whom stands in :mod:`ipasn_lib.suite_jobs`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ipasn_lib import wording
from ipasn_lib.errors import ParameterError
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.records.regions import find_kabkota, kabkota_labels
from ipasn_lib.reports.batch import BatchResult, run_batch
from ipasn_lib.reports.crate import write_crate
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.notice import summary, write_summary
from ipasn_lib.reports.scan import Finding, scan
from ipasn_lib.reports.seal import write_seal
from ipasn_lib.reports.signer import check_signer
from ipasn_lib.suite_index import write_index
from ipasn_lib.suite_inputs import made_from
from ipasn_lib.suite_jobs import (
    folders_of,
    place_jobs,
    province_jobs,
    quality_jobs,
    set_title,
    signed,
)

__all__ = ["Published", "publish", "publish_quality", "set_folder", "warm"]


JOURNAL = "jurnal.jsonl"
PRELOAD = (
    "great_tables",
    "ipasn_lib.figures.maps",
    "ipasn_lib.records.boundaries",
    "matplotlib.backends.backend_svg",
    "pyarrow.dataset",
    "pyarrow.parquet",
)
"""What notebooks load within functions; what they import themselves the batch finds."""


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
        if hidden := self.ringkasan["tersembunyi"]:
            failed.append(f"  hidden, too few people or needed to hide others: {', '.join(hidden)}")
        return "\n".join([*failed, f"-> {self.index}"])


def set_folder(out: Path, tahun: int, bahasa: str = "id") -> Path:
    """Give the folder of a year's reports: a set of its own for each language.

    The set in Indonesian lies in ``out/<tahun>``, any other in ``out/<bahasa>/<tahun>``; so no
    set overwrites another, and in each the years lie beside one another.
    """
    home = out if bahasa == wording.BAHASA[0] else out / bahasa
    return home / str(tahun)


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
    run: Mapping[str, Any] | None = None,
) -> Published:
    """Make the reports of places and of the province, and the page that lists them.

    Parameters
    ----------
    siap : Prepared
        The prepared tables of one year.
    out : pathlib.Path
        Reports go to ``<kode>-<nama>/`` in :func:`set_folder`; each folder appears whole.
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
    run : mapping, optional
        How the reports are run, as for :func:`ipasn_lib.reports.batch.run_batch`: ``progress``,
        ``timeout_cell``, ``timeout_job``, ``memory_mib``, ``retries``, ``scheduler``.

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
    wording.check_language(bahasa)
    signer = None if penanda_tangan is None else check_signer(penanda_tangan)
    codes = siap.kode_kabkota if kabkota is None else [find_kabkota(k) for k in kabkota]
    absent = [kode for kode in codes if kode not in siap.kode_kabkota]
    if absent:
        raise ParameterError(f"no people in the data for kode_kabkota {', '.join(absent)}")
    root = set_folder(out, siap.tahun, bahasa).resolve()
    root.mkdir(parents=True, exist_ok=True)
    words = {"tahun": siap.tahun, "target": float(target), "bahasa": bahasa}
    hidden = [kode for kode in codes if kode in siap.tersembunyi]
    jobs = province_jobs(siap, root, words, whole=set(kabkota_labels()) <= set(codes))
    jobs += place_jobs(siap, root, [kode for kode in codes if kode not in hidden], words)
    if signer is not None:
        jobs = [signed(job, signer) for job in jobs]
    result = run_batch(
        jobs,
        root=root,
        journal=root / JOURNAL,
        workers=workers,
        fresh=fresh,
        preload=PRELOAD,
        warmup=warm,
        meanwhile=_load_page,
        hidden=_not_to_show(root, hidden),
        **(run or {}),
    )
    refused = [(note.berkas, note.galat) for note in siap.berkas if note.galat]
    index = write_index(siap, root, result, Journal(root / JOURNAL), fresh=fresh, bahasa=bahasa)
    write_crate(
        root,
        judul=set_title(siap.tahun, bahasa),
        sumber=[wording.translate(name, bahasa) for name in siap.sumber_data],
        sintetis=siap.sintetis,
        bahasa=bahasa,
    )
    write_seal(root, {"tahun": siap.tahun, **made_from(siap)})
    # A report was looked through before it took its place, and has not changed since.
    found = tuple(scan(root, besides=[r.out for r in result.hasil if r.status != "gagal"]))
    ended = summary(
        result,
        tahun=siap.tahun,
        ditolak=refused,
        temuan=list(map(str, found)),
        sintetis=siap.sintetis,
        bahasa=bahasa,
        tersembunyi=[kabkota_labels()[kode] for kode in hidden],
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
        The files go to ``<kode>-<nama>/`` in :func:`set_folder`; each folder appears whole.
    bahasa : {"id", "en"}
        Language of the pages.
    """
    root = set_folder(out, siap.tahun, bahasa).resolve()
    root.mkdir(parents=True, exist_ok=True)
    jobs = quality_jobs(siap, root, bahasa)
    return run_batch(jobs, root=root, journal=root / JOURNAL, preload=PRELOAD)


def _not_to_show(root: Path, hidden: Sequence[str]) -> list[Path]:
    """Name the report of each hidden place, and whatever else an earlier run published of it."""
    named = {kode: [root / name for name in folders_of(kode)] for kode in hidden}
    return [
        folder
        for report, *more in named.values()
        for folder in (report, *(place for place in more if place.is_dir()))
    ]


def warm() -> None:
    """Load once, before any report is made, what all of them use: outlines, fonts, instruments.

    Only what many reports share: the second core waits meanwhile. The large maps of the province
    are drawn by the one or two reports that show them.
    """
    import pandas as pd

    from ipasn_lib.figures.maps import locator
    from ipasn_lib.law.loading import available_instruments
    from ipasn_lib.records.boundaries import load_boundaries

    available_instruments()
    wording.warm_up()
    kabkota = load_boundaries()
    nothing = pd.DataFrame(
        {"kategori": pd.NA, "indeks": float("nan"), "n_pegawai": 1, "sumber_data": "-"},
        index=kabkota.index,
    )
    locator(kabkota, nothing, kabkota.index[0]).svg()


def _load_page() -> None:
    importlib.import_module("ipasn_lib.suite_page")
