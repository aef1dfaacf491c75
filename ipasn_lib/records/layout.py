"""How a folder of prepared tables is laid out, and how one is told from other folders.

::

    keterangan.json          year, instruments, sources, what happened to each file
    tabel/<name>.parquet     the published tables, small groups already hidden
    masalah.parquet          problems met while reading: columns, rules, counts
    instrumen.toml           only where people were scored by an instrument of the user's own
    tempat/<kode>/           all that the report of one place reads, and nothing else:
      keterangan.json        the same of this place alone
      skor.parquet           one row a person: points, no names
      rincian.parquet        the same persons: points of each indicator
      cek.parquet            the same persons: faults, histories with a row; may be absent
      tabel/<name>.parquet   its own published rows, and what it shows of others, as printed
      masalah.parquet, instrumen.toml

A place's folder opens like the whole (:meth:`Prepared.place`), so that its report depends on the
bytes of that folder only. It is written by :mod:`ipasn_lib.records.prepared_write`; what is shown
of others is decided in :mod:`ipasn_lib.extract`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ipasn_lib.errors import ParameterError

__all__ = [
    "FORMAT",
    "NOTE",
    "OWN_INSTRUMENT",
    "PERSONS",
    "PLACES",
    "FileNote",
    "inside_prepared",
    "is_prepared",
    "persons_mark",
    "sample_folder",
]

NOTE = "keterangan.json"
OWN_INSTRUMENT = "instrumen.toml"
PLACES = "tempat"
PERSONS = ("skor", "rincian", "cek")
"""Tables of one row a person, of each place."""

FORMAT = 3
"""Version of this layout and its tables; a folder of another version is refused, not guessed at."""


@dataclass(frozen=True)
class FileNote:
    """What happened to one file: where it belongs, how many rows, and why it was refused.

    ``terbuka`` tells whether its counts may be published. A file's rows are people, so that is
    only where the file alone holds all people of its places and none of them is hidden: the rows
    of one file of several would tell a unit's people, those of a hidden place's file the place's.
    """

    berkas: str
    format: str
    kode_kabkota: tuple[str, ...]
    n_baris: int
    n_diterima: int
    n_ditolak: int
    galat: str = ""
    terbuka: bool = False


def sample_folder() -> Path:
    """Where the small make-believe province lies that ships with the notebooks.

    Raises
    ------
    ParameterError
        If the library is installed without the project's ``data/`` folder.
    """
    folder = Path(__file__).resolve().parents[2] / "data" / "sample"
    if not folder.is_dir():
        raise ParameterError("the sample is not here; name a folder of prepared tables in data")
    return folder


def is_prepared(folder: Path, tahun: int) -> bool:
    """Tell whether a folder holds prepared tables (of this year, where it is sorted by year)."""
    return (folder / NOTE).is_file() or (folder / str(tahun) / NOTE).is_file()


def inside_prepared(path: Path) -> bool:
    """Tell whether a file is one of the prepared tables, not a file to be prepared.

    The folder of the user's files may hold what was prepared from it.
    """
    return any((folder / NOTE).is_file() for folder in path.parents)


def persons_mark(folder: Path, codes: Iterable[str], source: str) -> str:
    """Hash what decides what reading a source gives, and the tables of its people.

    Parameters
    ----------
    folder : pathlib.Path
        Prepared tables of a year.
    codes : iterable of str
        ``kode_kabkota`` of the places of whose people the source holds all.
    source : str
        Hash of the source, of the rules asked for and of the code that reads it.
    """
    total = hashlib.sha256(source.encode())
    for path in (folder / PLACES / kode / f"{kind}.parquet" for kode in codes for kind in PERSONS):
        if path.is_file():
            total.update(f"{path.parent.name}/{path.name}".encode())
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
