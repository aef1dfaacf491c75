"""The folder of prepared tables: what a notebook reads, for one year.

Reading and scoring personnel files takes minutes and touches names; a notebook should do
neither. So files are prepared once into a folder of pseudonymised tables, and every notebook,
by hand or in a batch, opens that folder.

::

    keterangan.json         year, instruments, sources, what happened to each file
    tabel/<name>.parquet    the published tables, small groups already hidden
    skor/<kode>.parquet     one row a person of that place: points, no names
    rincian/<kode>.parquet  the same persons: points of each indicator
    cek/<kode>.parquet      the same persons: faults looked for, histories with a row; may be absent
    masalah.parquet         problems met while reading: columns, rules, counts
    instrumen.toml          only where people were scored by an instrument of the user's own
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.loading import load_instrument

__all__ = [
    "FileNote",
    "Prepared",
    "inside_prepared",
    "is_prepared",
    "open_prepared",
    "sample_folder",
    "write_prepared",
]

NOTE = "keterangan.json"
OWN_INSTRUMENT = "instrumen.toml"
MEANS = (
    "tahun",
    "kode_kabkota",
    "unit_kerja",
    "jenis_asn",
    "kelompok_jabatan",
    "kualifikasi",
    "kompetensi",
    "kinerja",
    "disiplin",
    "indeks",
    "status_ukur",
    "sumber_data",
    "id_instrumen",
)
"""Columns of a person's score that an analysis of means reads."""

HISTORIES = ("skp", "pelatihan", "pendidikan")
"""Columns of ``cek`` that say whether a person has any row in a history; the others are faults."""

FORMAT = 1
"""Version of this layout; a folder of another version is refused, not guessed at."""


@dataclass(frozen=True)
class FileNote:
    """What happened to one file: where it belongs, how many rows, and why it was refused."""

    berkas: str
    format: str
    kode_kabkota: tuple[str, ...]
    n_baris: int
    n_diterima: int
    n_ditolak: int
    galat: str = ""


@dataclass(frozen=True)
class Prepared:
    """An opened folder of prepared tables.

    Attributes
    ----------
    folder : pathlib.Path
    tahun : int
        Measurement year.
    id_instrumen : tuple of str
        Ids of the instruments under which people were scored; more than one where some files
        gave scores and others gave records.
    sumber_data : tuple of str
    sintetis : bool
        True where any of the people are make-believe.
    kode_kabkota : tuple of str
        Places with people in the folder.
    berkas : tuple of FileNote
    minimum : int
        Smallest group that the published tables show.
    sidik : str
        Fingerprint of the files and the rules that the folder was made from.
    dibuat : str
        The day it was made ("2026-11-24"), from which its retention is counted; empty where the
        folder does not say.
    """

    folder: Path
    tahun: int
    id_instrumen: tuple[str, ...]
    sumber_data: tuple[str, ...]
    sintetis: bool
    kode_kabkota: tuple[str, ...]
    berkas: tuple[FileNote, ...]
    minimum: int
    sidik: str
    dibuat: str = ""

    def instrument(self, kode_kabkota: str) -> Instrument:
        """Return the instrument under which a place was scored."""
        return self._load(str(self.skor(kode_kabkota)["id_instrumen"].iloc[0]))

    def instruments(self) -> tuple[Instrument, ...]:
        """Return every instrument under which people of the folder were scored.

        They are variants of one year's instrument: the weights and the bands are the same.
        """
        return tuple(self._load(i) for i in self.id_instrumen)

    def _load(self, id_instrumen: str) -> Instrument:
        own = self.folder / OWN_INSTRUMENT
        return load_instrument(id_instrumen, file=own if own.is_file() else None)

    def table(self, name: str) -> pd.DataFrame:
        """Return a published table by name, as :data:`ipasn_lib.index.tables.PUBLISHED` lists."""
        path = self.folder / "tabel" / f"{name}.parquet"
        if not path.is_file():
            known = sorted(p.stem for p in (self.folder / "tabel").glob("*.parquet"))
            raise ParameterError(f"no table {name!r}; known: {', '.join(known)}")
        return pd.read_parquet(path)

    def skor(self, kode_kabkota: str) -> pd.DataFrame:
        """Return the scores of the people of a place, one row a person."""
        return self._persons("skor", kode_kabkota)

    def rincian(self, kode_kabkota: str) -> pd.DataFrame:
        """Return the points of each indicator of the people of a place."""
        return self._persons("rincian", kode_kabkota)

    def measured_under(
        self, id_instrumen: str, kode_kabkota: str | None = None
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return scores and indicator points of those scored under one instrument.

        Of a place or of all; both tables are of the same people in the same order.
        """
        codes = self.kode_kabkota if kode_kabkota is None else (kode_kabkota,)
        pairs = [(self.skor(kode), self.rincian(kode)) for kode in codes]
        kept = [p for p in pairs if (p[0]["id_instrumen"] == id_instrumen).any()]
        if not kept:
            raise ParameterError(
                f"nobody was scored under {id_instrumen!r}; there are "
                f"{', '.join(self.id_instrumen)}"
            )
        skor, rincian = (pd.concat(part) for part in zip(*kept, strict=True))
        return skor, rincian

    def checks(self, kode_kabkota: str | None = None) -> pd.DataFrame:
        """Return the faults looked for in each person's records, of a place or of all.

        One row a person: ``kode_kabkota``, ``unit_kerja`` and a "boolean" column for each fault
        (True = faulty, NA = does not concern the person). Without such columns nothing was
        looked for: the files were no SIASN exports.
        """
        found = self._cek(kode_kabkota)
        return found.drop(columns=[c for c in HISTORIES if c in found])

    def histories(self, kode_kabkota: str | None = None) -> pd.DataFrame:
        """Return whether each person has any row in a history, of a place or of all.

        One "boolean" column for each history that was read (``skp``, ``pelatihan``,
        ``pendidikan``); none where the files were no SIASN exports.
        """
        found = self._cek(kode_kabkota)
        return found[[c for c in HISTORIES if c in found]]

    def _cek(self, kode_kabkota: str | None) -> pd.DataFrame:
        codes = self.kode_kabkota if kode_kabkota is None else (kode_kabkota,)
        parts = []
        for kode in codes:
            keys = self.skor(kode)[["kode_kabkota", "unit_kerja"]]
            path = self.folder / "cek" / f"{kode}.parquet"
            parts.append(keys.join(pd.read_parquet(path)) if path.is_file() else keys)
        return pd.concat(parts)

    def people(self, id_instrumen: str) -> pd.DataFrame:
        """Return the scores of the people of all places under one instrument, place by place.

        Only what an analysis of means reads: keys, status, points and index.

        Raises
        ------
        ParameterError
            If nobody in the folder was scored under the instrument.
        """
        if id_instrumen not in self.id_instrumen:
            raise ParameterError(
                f"nobody was scored under {id_instrumen!r}; there are "
                f"{', '.join(self.id_instrumen)}"
            )
        parts = [
            pd.read_parquet(self.folder / "skor" / f"{kode}.parquet", columns=list(MEANS))
            for kode in self.kode_kabkota
        ]
        found = pd.concat(parts)
        if len(self.id_instrumen) == 1:
            return found
        return found.loc[(found["id_instrumen"] == id_instrumen).to_numpy()]

    def hidden(self, id_instrumen: str) -> frozenset[str]:
        """Return the places scored under an instrument whose published means are hidden."""
        published = self.table("kabkota")
        closed = set(published.index[published["n_pegawai"].isna()])
        there = {str(k) for k in self.people(id_instrumen)["kode_kabkota"].unique()}
        return frozenset(closed & there)

    def problems(self, kode_kabkota: str | None = None) -> pd.DataFrame:
        """Return the problems met while reading the files of a place, or all files."""
        found = pd.read_parquet(self.folder / "masalah.parquet")
        if kode_kabkota is None:
            return found
        names = [kode_kabkota, *(note.berkas for note in self._notes(kode_kabkota))]
        return found.loc[found["berkas"].isin(names)]

    def rejected(self, kode_kabkota: str | None = None) -> int:
        """Count the refused rows in the files of a place, or in all files."""
        return sum(note.n_ditolak for note in self._notes(kode_kabkota))

    def file_table(self, kode_kabkota: str | None = None) -> pd.DataFrame:
        """Return one row a file of a place, or of all: berkas, format, rows, accepted, refused.

        A file refused whole has the reason in ``galat`` and no rows.
        """
        columns = ["berkas", "format", "n_baris", "n_diterima", "n_ditolak", "galat"]
        rows = [[getattr(note, c) for c in columns] for note in self._notes(kode_kabkota)]
        return pd.DataFrame(rows, columns=columns)

    def _notes(self, kode_kabkota: str | None) -> list[FileNote]:
        return [n for n in self.berkas if kode_kabkota is None or kode_kabkota in n.kode_kabkota]

    def _persons(self, kind: str, kode_kabkota: str) -> pd.DataFrame:
        if kode_kabkota not in self.kode_kabkota:
            raise ParameterError(
                f"no people of kode_kabkota {kode_kabkota!r} in {self.folder.name}; "
                f"there are {', '.join(self.kode_kabkota)}"
            )
        return pd.read_parquet(self.folder / kind / f"{kode_kabkota}.parquet")


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


def open_prepared(folder: str | Path | None, tahun: int) -> Prepared:
    """Open the prepared tables of one year.

    Parameters
    ----------
    folder : str, pathlib.Path or None
        A folder made by ``ipasn prepare``, or one that holds such folders by year
        (``DIR/2022``). None or an empty text opens the make-believe sample.
    tahun : int
        Measurement year.

    Returns
    -------
    Prepared

    Raises
    ------
    ParameterError
        If there is no such folder or it holds another year.
    DataError
        If the folder was written by another version of this layout.
    """
    root = Path(folder) if folder else sample_folder()
    place = root if (root / NOTE).is_file() else root / str(tahun)
    if not (place / NOTE).is_file():
        years = sorted(p.parent.name for p in root.glob(f"*/{NOTE}"))
        there = f"; there are the years {', '.join(years)}" if years else ""
        raise ParameterError(
            f"{root} holds no prepared tables for {tahun}{there}; "
            "make them with: ipasn prepare --data FILES --tahun YEAR --out DIR"
        )
    note = json.loads((place / NOTE).read_text(encoding="utf-8"))
    if note.get("format") != FORMAT:
        raise DataError(f"{place.name}: prepared by another version; run ipasn prepare again")
    if note["tahun"] != tahun:
        raise ParameterError(f"{place.name} holds the year {note['tahun']}, not {tahun}")
    return Prepared(
        folder=place,
        tahun=tahun,
        id_instrumen=tuple(note["id_instrumen"]),
        sumber_data=tuple(note["sumber_data"]),
        sintetis=note["sintetis"],
        kode_kabkota=tuple(note["kode_kabkota"]),
        berkas=tuple(
            FileNote(**{**f, "kode_kabkota": tuple(f["kode_kabkota"])}) for f in note["berkas"]
        ),
        minimum=note["minimum"],
        sidik=note["sidik"],
        dibuat=note.get("dibuat", ""),
    )


def write_prepared(
    out: Path,
    *,
    tahun: int,
    minimum: int,
    tables: Mapping[str, pd.DataFrame],
    skor: Mapping[str, pd.DataFrame],
    rincian: Mapping[str, pd.DataFrame],
    problems: pd.DataFrame,
    berkas: tuple[FileNote, ...],
    sidik: str,
    own_instrument: Path | None = None,
    cek: Mapping[str, pd.DataFrame] | None = None,
) -> Prepared:
    """Write a folder of prepared tables; it appears whole or not at all.

    Parameters
    ----------
    out : pathlib.Path
        The folder; what was there before is replaced only once the new one is complete.
    tahun, minimum : int
    tables : mapping of str to pandas.DataFrame
        The published tables by name.
    skor, rincian : mapping of str to pandas.DataFrame
        Persons by ``kode_kabkota``; both with the same index.
    problems : pandas.DataFrame
    berkas : tuple of FileNote
    sidik : str
        Fingerprint of what the folder was made from.
    own_instrument : pathlib.Path, optional
        The instrument file of the user's own, kept with the tables.
    cek : mapping of str to pandas.DataFrame, optional
        By ``kode_kabkota``, index as in ``skor``: "boolean" columns, named by the code of a
        fault ("COM_1") or by a history (``skp``, ``pelatihan``, ``pendidikan``).

    Returns
    -------
    Prepared

    Notes
    -----
    The note holds the day, not the hour, so that two runs of one day write the same bytes;
    ``SOURCE_DATE_EPOCH`` sets another day.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        for kind, frames in (
            ("tabel", tables),
            ("skor", skor),
            ("rincian", rincian),
            *((("cek", cek),) if cek else ()),
        ):
            (aside / kind).mkdir()
            for name, frame in frames.items():
                frame.to_parquet(aside / kind / f"{name}.parquet", compression="zstd")
        problems.to_parquet(aside / "masalah.parquet")
        if own_instrument is not None:
            shutil.copyfile(own_instrument, aside / OWN_INSTRUMENT)
        sources = sorted({str(s) for f in skor.values() for s in f["sumber_data"].unique()})
        note = {
            "format": FORMAT,
            "dibuat": _today().isoformat(),
            "tahun": tahun,
            "minimum": minimum,
            "sidik": sidik,
            "id_instrumen": sorted(
                {str(i) for f in skor.values() for i in f["id_instrumen"].unique()}
            ),
            "sumber_data": sources,
            "sintetis": any(source.startswith("sintetis") for source in sources),
            "kode_kabkota": sorted(skor),
            "berkas": [asdict(f) for f in berkas],
        }
        text = json.dumps(note, ensure_ascii=False, indent=1, sort_keys=True)
        (aside / NOTE).write_text(text + "\n", encoding="utf-8")
        _swap(aside, out)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return open_prepared(out, tahun)


def _today() -> dt.date:
    """Give the day of writing (UTC), or the one that reproducible builds ask for."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise ParameterError(
            "SOURCE_DATE_EPOCH is not a whole number of seconds; unset it or mend it"
        ) from None


def _swap(aside: Path, out: Path) -> None:
    """Put the finished folder in place of the old one."""
    # One row a person lies here, though without names: for the owner and the group only.
    for path in (aside, *aside.rglob("*")):
        path.chmod(0o750 if path.is_dir() else 0o640)
    if out.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        out.rename(old / "old")
        aside.rename(out)
        shutil.rmtree(old)
    else:
        aside.rename(out)
