"""The folder of prepared tables: what a notebook reads, for one year.

Reading and scoring personnel files takes minutes and touches names; a notebook should do
neither. So files are prepared once into a folder of pseudonymised tables, and every notebook,
by hand or in a batch, opens that folder.

The layout stands in :mod:`ipasn_lib.records.layout`; the folder is written by
:mod:`ipasn_lib.records.prepared_write`, and what a place's part shows of others is decided in
:mod:`ipasn_lib.extract`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ipasn_lib.cards import card
from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.records.layout import (
    FORMAT,
    NOTE,
    OWN_INSTRUMENT,
    PLACES,
    FileNote,
    sample_folder,
)
from ipasn_lib.records.prepared_files import FilesRead, read_table
from ipasn_lib.threshold import check_minimum

if TYPE_CHECKING:
    import pandas as pd

    from ipasn_lib.law.instrument import Instrument

__all__ = ["Prepared", "open_prepared"]

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


@dataclass(frozen=True)
class Prepared(FilesRead):
    """An opened folder of prepared tables.

    Attributes
    ----------
    folder : pathlib.Path
    tahun : int
        Measurement year.
    id_instrumen : tuple of str
        Ids of the instruments under which people were scored; more than one where some files
        gave scores and others gave records.
    tafsir : mapping of str to mapping
        For each of these ids the readings taken at the contested points of its text.
    sumber_data : tuple of str
    sintetis : bool
        True where any of the people are make-believe.
    kode_kabkota : tuple of str
        Places with people in the folder.
    berkas : tuple of FileNote
    tersembunyi : tuple of str
        Places whose numbers must stay hidden: too few people, or needed to hide others.
    minimum : int
        Smallest group that the published tables show.
    sidik : str
        Fingerprint of the files and the rules that the folder was made from.
    terbaca : mapping of str to str
        By name, the files whose people need not be read again while these are the same: the mark
        of :func:`ipasn_lib.records.layout.persons_mark`. Empty for a place.
    kunci : str
        Mark of the key of the pseudonyms (:func:`ipasn_lib.records.keys.key_mark`); empty where
        there was no key yet, so no pseudonym was made, and for a place.
    dibuat : str
        The day it was made ("2026-11-24"), from which its retention is counted; empty where the
        folder does not say.
    tempat : str
        The place whose part this is; empty for the whole year.
    terdekat : str
        Of a place: the place nearest in headcount; empty where there is none, and for the whole
        year.
    rinci : bool
        Of a place: whether its points were computed from records, indicator by indicator; False
        where scores were given, and for the whole year.
    """

    folder: Path
    tahun: int
    id_instrumen: tuple[str, ...]
    sumber_data: tuple[str, ...]
    sintetis: bool
    kode_kabkota: tuple[str, ...]
    berkas: tuple[FileNote, ...]
    tersembunyi: tuple[str, ...]
    minimum: int
    sidik: str
    terbaca: Mapping[str, str] = field(default_factory=dict)
    kunci: str = ""
    dibuat: str = ""
    tafsir: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tempat: str = ""
    terdekat: str = ""
    rinci: bool = False

    def _repr_html_(self) -> str:
        refused = sum(1 for note in self.berkas if note.galat)
        tables = sorted(p.stem for p in (self.folder / "tabel").glob("*.parquet"))
        return card(
            f"Tabel siap pakai, {self.tahun}" + (f", {self.tempat}" if self.tempat else ""),
            {
                "Kabupaten/kota": f"{len(self.kode_kabkota)}, di antaranya disembunyikan "
                f"{len(self.tersembunyi)}",
                "Instrumen": ", ".join(self.id_instrumen),
                "Sumber data": "; ".join(self.sumber_data),
                "Berkas": f"{len(self.berkas)}, di antaranya ditolak seluruhnya {refused}",
                "Kelompok terkecil yang ditampilkan": f"{self.minimum} pegawai",
                "Tabel": ", ".join(tables),
                "Dibuat": self.dibuat or "–",
            },
            sintetis=self.sintetis,
        )

    def place(self, kode_kabkota: str) -> Prepared:
        """Return what the report of one place reads: its people, its rows, what it shows of others.

        The same tables whether asked of the whole year or of the place's own folder.

        Raises
        ------
        ParameterError
            If the place has no people here.
        """
        self._check_place(kode_kabkota)
        return self if self.tempat else open_prepared(self._home(kode_kabkota), self.tahun)

    def instrument(self, kode_kabkota: str) -> Instrument:
        """Return the instrument under which a place was scored."""
        return self._load(str(self.skor(kode_kabkota)["id_instrumen"].iloc[0]))

    def instruments(self) -> tuple[Instrument, ...]:
        """Return every instrument under which people of the folder were scored.

        They are variants of one year's instrument: the weights and the bands are the same.
        """
        return tuple(self._load(i) for i in self.id_instrumen)

    def _load(self, id_instrumen: str) -> Instrument:
        from ipasn_lib.law.loading import load_instrument

        own = self.folder / OWN_INSTRUMENT
        return load_instrument(id_instrumen, file=own if own.is_file() else None)

    def table(self, name: str) -> pd.DataFrame:
        """Return a published table by name, as :data:`ipasn_lib.index.tables.PUBLISHED` lists."""
        path = self.folder / "tabel" / f"{name}.parquet"
        if not path.is_file():
            known = sorted(p.stem for p in (self.folder / "tabel").glob("*.parquet"))
            raise ParameterError(f"no table {name!r}; known: {', '.join(known)}")
        return read_table(path)

    def row(self, name: str) -> pd.DataFrame | None:
        """Return a published table of one row; None where it has none."""
        found = self.table(name)
        if len(found) > 1:
            raise ParameterError(f"table {name!r} has {len(found)} rows; expected one")
        return found if len(found) else None

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
        skor, rincian = (_stack(part) for part in zip(*kept, strict=True))
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
            path = self._home(kode) / "cek.parquet"
            parts.append(keys.join(read_table(path)) if path.is_file() else keys)
        return _stack(parts)

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
        found = _stack(
            [read_table(self._home(kode) / "skor.parquet", MEANS) for kode in self.kode_kabkota]
        )
        if len(self.id_instrumen) == 1:
            return found
        return found.loc[(found["id_instrumen"] == id_instrumen).to_numpy()]

    def hidden(self, id_instrumen: str) -> frozenset[str]:
        """Return the places scored under an instrument whose published means are hidden."""
        there = {str(k) for k in self.people(id_instrumen)["kode_kabkota"].unique()}
        return frozenset(there.intersection(self.tersembunyi))

    def _persons(self, kind: str, kode_kabkota: str) -> pd.DataFrame:
        self._check_place(kode_kabkota)
        return read_table(self._home(kode_kabkota) / f"{kind}.parquet")

    def _home(self, kode_kabkota: str) -> Path:
        return self.folder if self.tempat else self.folder / PLACES / kode_kabkota

    def _check_place(self, kode_kabkota: str) -> None:
        if kode_kabkota not in self.kode_kabkota:
            raise ParameterError(
                f"no people of kode_kabkota {kode_kabkota!r} in {self.folder.name}; "
                f"there are {', '.join(self.kode_kabkota)}"
            )


def _stack(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(list(parts))


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
        tersembunyi=tuple(note["tersembunyi"]),
        berkas=tuple(
            FileNote(**{**f, "kode_kabkota": tuple(f["kode_kabkota"])}) for f in note["berkas"]
        ),
        minimum=check_minimum(note["minimum"]),
        sidik=note["sidik"],
        terbaca=note.get("terbaca", {}),
        kunci=note.get("kunci", ""),
        dibuat=note.get("dibuat", ""),
        tafsir=note.get("tafsir", {}),
        tempat=note.get("tempat", ""),
        terdekat=note.get("terdekat", ""),
        rinci=note.get("rinci", False),
    )
