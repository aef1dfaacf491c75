"""Take in personnel files: each read, checked and scored by itself, several at a time.

A file is one unit of work: what comes back is scored people without names, or the reason why
the file was refused. So files can be read in processes of their own, and one that breaks its
reader takes nothing else with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ipasn_lib.errors import DataError, IpasnError, UnsafeFileError
from ipasn_lib.index.score import add_rejected, score, score_detail
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.records.apart import Task, run_apart
from ipasn_lib.records.layout import FileNote
from ipasn_lib.records.reading import ReadResult, read_pegawai
from ipasn_lib.records.siasn.reading import SiasnResult, read_siasn

__all__ = ["Intake", "Progress", "Source", "read_source", "scored", "take_in"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Source:
    """A file, or a folder of SIASN exports, and how it is to be read."""

    path: Path
    instrument: Instrument
    tahun: int
    max_rejected: float
    sampai: dt.date | None = None
    tanpa: tuple[str, ...] = ()
    unit: str = "unor"
    kode_kabkota: str | None = None


@dataclass(frozen=True)
class Intake:
    """What one source gave.

    Attributes
    ----------
    note : FileNote
        How it went; ``galat`` where the source was refused, and then the tables are empty.
    skor, rincian : pandas.DataFrame
        The source's people, refused rows included, as :mod:`ipasn_lib.index.score` gives them.
    cek : pandas.DataFrame or None
        Of SIASN exports: faults looked for, by person.
    problems : pandas.DataFrame or None
    """

    note: FileNote
    skor: pd.DataFrame
    rincian: pd.DataFrame
    cek: pd.DataFrame | None
    problems: pd.DataFrame | None


def read_source(source: Source) -> Intake:
    """Read and score one source; an error of ours becomes the note, not an exception."""
    path = source.path
    try:
        read: ReadResult
        if path.is_dir():
            read = read_siasn(
                path,
                source.instrument,
                source.tahun,
                sampai=source.sampai,
                tanpa=source.tanpa,
                unit=source.unit,
                kode_kabkota=source.kode_kabkota,
                max_rejected=source.max_rejected,
            )
        else:
            read = read_pegawai(
                path,
                source.instrument,
                tahun=source.tahun,
                kode_kabkota=source.kode_kabkota,
                reject=True,
                max_rejected=source.max_rejected,
            )
        taken = scored(read, path.name, source.instrument)
        return replace(taken, problems=_named(taken.problems, path))
    except IpasnError as error:
        return _refused(path, error)


def scored(read: ReadResult, berkas: str, instrument: Instrument) -> Intake:
    """Score what was read, and count the refused rows as people not measured."""
    skor = add_rejected(score(read.pegawai, instrument), read.rejected)
    rincian = score_detail(read.pegawai, instrument).reindex(skor.index)
    codes = tuple(sorted(skor["kode_kabkota"].dropna().astype(str).unique()))
    note = FileNote(berkas, read.format, codes, read.n_rows, read.n_accepted, read.n_rejected)
    cek = read.cek if isinstance(read, SiasnResult) else None
    return Intake(note, skor, rincian, cek, read.problems if len(read.problems) else None)


def take_in(
    sources: Sequence[Source], *, workers: int = 1, progress: Progress | None = None
) -> Iterator[Intake]:
    """Read sources up to ``workers`` at a time, and give them in their order.

    Parameters
    ----------
    sources : sequence of Source
    workers : int
        Reading processes. Every source is read in a process apart, with limits on memory and
        time (:mod:`ipasn_lib.records.apart`): one that takes more becomes a note.
    progress : callable, optional
        Called with name, position and number of sources as each is taken in.
    """
    tasks = [
        Task(source.path.name, read_source, (source,), ukuran=_bytes(source.path))
        for source in sources
    ]
    results = run_apart(tasks, workers=workers)
    for position, source in enumerate(sources):
        if progress:
            progress(source.path.name, position, len(sources))
        try:
            yield next(results)()
        except UnsafeFileError as error:
            yield _refused(source.path, error)


def _refused(path: Path, error: IpasnError) -> Intake:
    problems = error.problems if isinstance(error, DataError) else None
    note = FileNote(path.name, "", (), 0, 0, 0, galat=str(error))
    return Intake(note, pd.DataFrame(), pd.DataFrame(), None, _named(problems, path))


def _named(problems: pd.DataFrame | None, path: Path) -> pd.DataFrame | None:
    """Name the files of a folder with it: every place has a kursus.xlsx."""
    if problems is None or not path.is_dir():
        return problems
    files = problems["berkas"].astype("str")
    return problems.assign(berkas=(path.name + "/" + files).str.rstrip("/"))


def _bytes(path: Path) -> int:
    """Bytes of a file, or of the files of a folder."""
    files = path.iterdir() if path.is_dir() else (path,)
    return sum(f.stat().st_size for f in files)
