"""From a folder of personnel files to a folder of prepared tables, if anything has changed.

What has been prepared from the same files by the same rules is not prepared again, and where some
files have changed only these are read. Whoever only asks whether anything has changed does not
wait for what reads and scores (:mod:`ipasn_lib.assemble`) to be loaded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from ipasn_lib.errors import IpasnError
from ipasn_lib.fingerprints import fingerprints
from ipasn_lib.records.folders import find_sources
from ipasn_lib.records.keys import key_mark
from ipasn_lib.records.layout import inside_prepared, is_prepared
from ipasn_lib.records.prepared import Prepared, open_prepared
from ipasn_lib.threshold import MINIMUM, PUNISHED

__all__ = ["prepare", "prepare_synthetic"]

Progress = Callable[[str, int, int], None]


def prepare(
    data: str | Path,
    tahun: int,
    out: str | Path,
    *,
    readings: Mapping[str, str] | None = None,
    instrument: Path | None = None,
    minimum: int | None = None,
    max_rejected: float = 0.05,
    sampai: dt.date | None = None,
    tanpa: Collection[str] = (),
    unit: str = "unor",
    kode_kabkota: str | None = None,
    sebelumnya: str | Path | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Prepared:
    """Read, check and score every file of a folder, and write the prepared tables.

    Parameters
    ----------
    data : str or pathlib.Path
        Folder of personnel files: canonical tables, PIP ASN workbooks, BKD Jatim csv; and
        folders of SIASN's own exports, one a place.
    tahun : int
        Measurement year.
    out : str or pathlib.Path
        Where the prepared tables go; the folder appears whole or not at all.
    readings : mapping of str to str, optional
        Choices at contested points, for :func:`ipasn_lib.load_instrument`.
    instrument : pathlib.Path, optional
        An instrument file of your own, in place of the year's.
    minimum : int, optional
        Smallest group shown; by default :data:`ipasn_lib.threshold.MINIMUM`.
    max_rejected : float
        A file of which a larger share of rows is refused is refused whole (0-1).
    sampai, tanpa, unit
        For SIASN's exports: day of entry, histories that are not to be missed, and the unit in
        which people are counted (``unor`` or ``unor_induk``); see
        :func:`ipasn_lib.records.siasn.reading.read_siasn`.
    kode_kabkota : str, optional
        Place of all files, where they don't say it themselves.
    sebelumnya : str or pathlib.Path, optional
        Folder with the prepared tables of the year before: what these hide stays hidden.
    workers : int
        Files read at a time, in processes apart; see :func:`ipasn_lib.intake.take_in`.
    progress : callable, optional
        Called with file name, position and number of files as each is taken in.

    Returns
    -------
    Prepared
        A file that was refused is named in ``berkas`` with the reason; its people are missing.

    Raises
    ------
    ParameterError
        If the folder holds no file of a known kind, or ``unit`` or ``tanpa`` is unknown.
    DataError
        If not one file could be read.

    Notes
    -----
    A person (``id_pegawai``) who stands in the files of two places is counted in both as
    refused, since nothing in the files says which is right, and the problem is listed.
    """
    files = [f for f in find_sources(data) if not inside_prepared(f)]
    own = [instrument] if instrument else []
    choices = sorted((readings or {}).items())
    before = open_prepared(sebelumnya, tahun - 1) if sebelumnya else None
    reading = (tahun, choices, max_rejected, str(sampai), sorted(tanpa), unit, kode_kabkota)
    whole = (minimum, MINIMUM, PUNISHED, before.sidik if before else "")
    made_from = fingerprints(Path(data), files, own, reading, whole)
    last = _last(Path(out), tahun)
    if last is not None and last.sidik == made_from.whole:
        return last
    from ipasn_lib.assemble import assemble_files

    return assemble_files(
        Path(data),
        tahun,
        Path(out),
        made_from,
        readings=readings,
        instrument=instrument,
        minimum=minimum,
        max_rejected=max_rejected,
        sampai=sampai,
        tanpa=tanpa,
        unit=unit,
        kode_kabkota=kode_kabkota,
        before=before,
        last=last,
        workers=workers,
        progress=progress,
    )


def prepare_synthetic(
    out: str | Path,
    tahun: int,
    *,
    seed: int,
    scale: float = 1.0,
    readings: Mapping[str, str] | None = None,
    instrument: Path | None = None,
    minimum: int | None = None,
    progress: Progress | None = None,
) -> Prepared:
    """Score a make-believe province and write the prepared tables, marked as make-believe.

    Parameters
    ----------
    out, tahun, readings, instrument, minimum, progress
        As in :func:`prepare`.
    seed : int
        Same seed, same people.
    scale : float
        1 is the real size of East Java, about 0.4 million people.

    Returns
    -------
    Prepared
    """
    own = [instrument] if instrument else []
    rules = (tahun, sorted((readings or {}).items()), minimum, seed, scale)
    sidik = fingerprints(Path(out), [], own, rules, ("sintetis", MINIMUM, PUNISHED)).whole
    last = _last(Path(out), tahun)
    if last is not None and last.sidik == sidik:
        return last
    from ipasn_lib.assemble import assemble_synthetic

    return assemble_synthetic(
        tahun,
        Path(out),
        sidik,
        seed=seed,
        scale=scale,
        readings=readings,
        instrument=instrument,
        minimum=minimum,
        progress=progress,
    )


def _last(out: Path, tahun: int) -> Prepared | None:
    """Open what stands in the folder, where its pseudonyms were made with today's key."""
    try:
        last = open_prepared(out, tahun) if is_prepared(out, tahun) else None
    except (IpasnError, KeyError, ValueError):
        return None  # another version's or a damaged folder: make it again
    return last if last is not None and last.kunci in ("", key_mark()) else None
