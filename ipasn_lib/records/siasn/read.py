"""Read one export into a typed table without NIP and without name.

Persons and rows are known by keyed pseudonyms of PNS ID and NIP; both are kept, because some
histories carry only one of them. Every other direct identifier is dropped where it is met, and
a column that no rule needs is not even read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import DataError
from ipasn_lib.law.turunan import Derivation
from ipasn_lib.records.cells import (
    as_number,
    as_text,
    cell_text,
    distinct,
    encoded,
    error_cells,
    text_by,
)
from ipasn_lib.records.keys import load_key
from ipasn_lib.records.problems import (
    Finding,
    cut_off,
    describe,
    problem_table,
    refused_rows,
    row_finding,
)
from ipasn_lib.records.siasn.codes import code_names, code_text, read_codes, read_education
from ipasn_lib.records.siasn.dates import as_date
from ipasn_lib.records.siasn.opening import open_export
from ipasn_lib.records.siasn.rows import fingerprints, person_keys, person_rows
from ipasn_lib.records.siasn.shapes import Field, Recognised, recognise

__all__ = ["Export", "read_export"]

NUMBERS: Mapping[str, tuple[float, float, str]] = {
    "jumlah_jam": (0, 2000, "JP"),
    "nilai_prestasi_kerja": (0, 120, "nilai"),
    "nilai_skp": (0, 120, "nilai"),
}
"""Ranges of the numbers read; PP 30/2019 counts performance to 120."""
YEARS = (1930, 2100)
APOSTROPHES = "'’‘`"
"""What forces text in a spreadsheet and is no part of it."""
REMARKS: Mapping[str, tuple[str, ...]] = {
    "nominatif": ("tmt_cpns", "tahun_lulus", "eselon_id", "eselon_nama", "gol_akhir_id"),
}
"""Columns on which nobody's points hang as they stand: a cell that cannot be read is a remark,
and counts as blank where it is used."""


@dataclass(frozen=True)
class Export:
    """An export as a typed table.

    Attributes
    ----------
    bentuk : str
        Name of the shape.
    berkas : str
        The file's name.
    tabel : pandas.DataFrame
        Index: row number as a spreadsheet shows it (of a json the record's, from 1). Columns
        ``pns`` and ``orang`` (pseudonyms of PNS ID and NIP, missing where the file has none),
        then the shape's columns that are read: text, float, datetime64 or codes as text;
        ``jenjang`` for a level of education; ``rusak`` (bool): a cell of the row was refused;
        ``id`` and ``jejak``, by which rows that stand twice are told.
        Of a nominatif also ``con_1`` to ``con_4`` (bool), ``nip_jenis`` and ``usia``.
    masalah : tuple of Finding
        All that was found, positions among the rows of ``tabel``.
    """

    bentuk: str
    berkas: str
    tabel: pd.DataFrame
    masalah: tuple[Finding, ...]

    @property
    def problems(self) -> pd.DataFrame:
        """The findings as a table."""
        return problem_table(self.masalah, self.berkas, self.tabel.index.to_numpy())


def read_export(
    path: str | Path, turunan: Derivation, *, pada: dt.date, key: bytes | None = None
) -> Export:
    """Read an export of SIASN.

    Parameters
    ----------
    path : str or pathlib.Path
        csv, xlsx, parquet or json of a known shape; see ``shapes.toml``.
    turunan : Derivation
        Of the instrument: it says what the codes of education mean.
    pada : datetime.date
        The day on which ages are counted; dates of birth themselves are not kept.
    key : bytes, optional
        Secret key of the pseudonyms; see :func:`ipasn_lib.records.keys.load_key`.

    Returns
    -------
    Export

    Raises
    ------
    DataError
        If the file cannot be read, its shape is unknown, or something is wrong with the file as
        a whole. ``problems`` lists all that is wrong with it at once.
    UnsafeFileError
        If the file is refused before it is parsed.
    """
    path = Path(path)
    raw = open_export(path)
    known = recognise(raw.kolom)
    if known.bentuk is None:
        _refuse(path.name, known.masalah, raw.isi.index.to_numpy())
    assert known.bentuk is not None
    columns = {
        name: encoded(raw.isi[position])
        for name, position in known.kolom.items()
        if known.bentuk.kolom[name].pakai
    }
    kept, notes = person_rows(raw, known.bentuk, known.kolom, columns)
    numbers = raw.isi.index.to_numpy()[kept]
    cells = {name: _rows(column, kept) for name, column in columns.items()}
    reader = _Reader(known, turunan, path.suffix.lower() == ".xlsx")
    values, found = reader.read(cells)
    findings = [*known.masalah, *notes, *found, *cut_off(raw.terputus)]
    findings += row_finding(
        "", "isian_lebih", raw.lebih[kept], "lebih banyak isian daripada judul kolom"
    )
    findings += row_finding(
        "", "isian_kurang", raw.kurang[kept], "lebih sedikit isian daripada judul kolom"
    )
    size = len(numbers)
    people, found = person_keys(cells, values, pada, load_key(key), known.bentuk, size)
    findings += found
    # columns first, row numbers after: a Series would be matched by its own numbers
    table = pd.DataFrame({**people, **values}, index=pd.RangeIndex(size))
    table.index = pd.Index(numbers, name="baris")
    table["rusak"] = refused_rows(findings, size)
    table["jejak"] = fingerprints(raw.isi.iloc[np.flatnonzero(kept)], people["id"], known.bentuk)
    if any(f.posisi is None and f.tingkat == "galat" for f in findings):
        _refuse(path.name, tuple(findings), numbers)
    return Export(known.bentuk.nama, path.name, table, tuple(findings))


def _refuse(berkas: str, findings: tuple[Finding, ...], numbers: npt.NDArray[np.int64]) -> None:
    problems = problem_table(findings, berkas, numbers)
    errors = int((problems["tingkat"] == "galat").sum())
    said = f"{berkas}: {errors} problem{'s' * (errors != 1)}"
    raise DataError(f"{said}\n{describe(problems)}", problems)


class _Reader:
    """Reads the columns of one file by the kind of each."""

    def __init__(self, known: Recognised, turunan: Derivation, xlsx: bool) -> None:
        assert known.bentuk is not None
        self.bentuk = known.bentuk
        self.turunan = turunan
        self.xlsx = xlsx

    def read(self, cells: Mapping[str, pd.Series]) -> tuple[dict[str, object], list[Finding]]:
        """Give values by column; a code and its name become one column."""
        values: dict[str, object] = {}
        findings: list[Finding] = []
        done: set[str] = set()
        plain: dict[str, Callable[[pd.Series, str], tuple[object, list[Finding]]]] = {
            "tanggal": self._date,
            "tahun": self._year,
            "angka": self._number,
            "teks": self._text,
        }
        for name, field in self.bentuk.kolom.items():
            if name not in cells or name in done or field.jenis in ("kunci", "nip"):
                continue
            if field.privasi == "sensitif":
                continue  # read where ages are counted, kept nowhere
            if field.privasi == "langsung":
                # of a cancelling letter only whether there is one
                values[name] = code_text(cells[name]).notna().to_numpy()
                continue
            findings += error_cells(cells[name], name)
            if field.tabel:
                stem, pair = self._pair(field, cells)
                done |= {f.nama for f in pair.values()}
                values[stem], found = self._codes(pair, cells, field.tabel, stem)
            else:
                values[name], found = plain[field.jenis](cells[name], name)
            if name in REMARKS.get(self.bentuk.nama, ()):
                found = [replace(f, tingkat="peringatan") for f in found]
            findings += found
        return values, findings

    def _pair(self, field: Field, cells: Mapping[str, pd.Series]) -> tuple[str, dict[str, Field]]:
        """Code column and name column of the same thing, and the name of what they become."""
        stem = _stem(field.nama)
        pair = {
            f.jenis: f
            for f in self.bentuk.kolom.values()
            if f.tabel == field.tabel and _stem(f.nama) == stem and f.nama in cells
        }
        return ("jenjang" if field.tabel == "tingkat_pendidikan" else stem), pair

    def _codes(
        self, pair: Mapping[str, Field], cells: Mapping[str, pd.Series], tabel: str, kolom: str
    ) -> tuple[object, list[Finding]]:
        kode = cells[pair["kode"].nama] if "kode" in pair else None
        nama = cells[pair["nama"].nama] if "nama" in pair else None
        if tabel == "tingkat_pendidikan":
            found = read_education(kode, nama, self.turunan.pendidikan, kolom)
        else:
            found = read_codes(kode, nama, tabel, kolom)
        if tabel in ("golongan", "kedudukan_hukum"):
            # codes of PPPK are in no table; what is not known is settled where it is used
            kept = [f for f in found[1] if f.aturan != "kode_tidak_dikenal"]
            return _with_unknown(found[0], kode, nama, tabel), kept
        return pd.array(found[0], dtype="str"), found[1]

    def _date(self, cells: pd.Series, name: str) -> tuple[object, list[Finding]]:
        values, found = as_date(cells, name, serials=self.xlsx)
        return values.astype("datetime64[s]"), found

    def _year(self, cells: pd.Series, name: str) -> tuple[object, list[Finding]]:
        # the service writes 0 for none
        values, found = as_number(_bare(cells, nothing=("0", "0000")), name, *YEARS, "tahun")
        part = ~np.isnan(values) & (values != np.floor(values))
        return np.where(part, np.nan, values), [
            *found,
            *row_finding(name, "bukan_tahun", part, "empat angka, misalnya 2021"),
        ]

    def _number(self, cells: pd.Series, name: str) -> tuple[object, list[Finding]]:
        return as_number(_bare(cells), name, *NUMBERS.get(name, (0.0, np.inf, "")))

    def _text(self, cells: pd.Series, name: str) -> tuple[object, list[Finding]]:
        return text_by(cells, _plain), []


def _with_unknown(
    codes: npt.NDArray[np.object_], kode: pd.Series | None, nama: pd.Series | None, tabel: str
) -> object:
    """Ranks by name and legal standings by code; as written where the table does not know it."""
    code = code_text(kode) if kode is not None else None
    name = as_text(nama) if nama is not None else None
    first, second = (name, code) if tabel == "golongan" else (code, name)
    written = first if first is not None else second
    assert written is not None
    if first is not None and second is not None:
        written = first.where(first.notna(), second)
    known = code_names(codes, tabel) if tabel == "golongan" else codes
    plain = written.astype(object).to_numpy()
    return pd.array(np.where(pd.isna(codes), plain, known), dtype="str")


def _rows(column: pd.Series, kept: npt.NDArray[np.bool_]) -> pd.Series:
    """Take rows of a column; cells that stand in none of them are forgotten."""
    if kept.all():
        return column.reset_index(drop=True)
    part = column.iloc[np.flatnonzero(kept)].reset_index(drop=True)
    if isinstance(part.dtype, pd.CategoricalDtype):
        return part.cat.remove_unused_categories()
    return part


def _bare(cells: pd.Series, nothing: tuple[str, ...] = ()) -> pd.Series:
    """Take leading apostrophes away from texts; cells that read as ``nothing`` are blank."""
    codes, kinds = distinct(cells)
    bare = [c.strip().lstrip(APOSTROPHES) if isinstance(c, str) else c for c in kinds]
    bare = [None if nothing and cell_text(c) in nothing else c for c in bare]
    if bare == kinds:
        return cells
    table = np.empty(len(bare) + 1, dtype=object)
    table[:-1] = bare
    return pd.Series(table[codes], dtype="object")


def _plain(cell: object) -> str | None:
    text = (cell_text(cell) or "").lstrip(APOSTROPHES).strip()
    return None if text in ("", "-", "–") else text


def _stem(name: str) -> str:
    """Name of a thing without the mark of its code or name: jenis_jabatan_id, jenis_jabatan."""
    for tail in ("_id", "_nama", "_nilai"):
        name = name.removesuffix(tail)
    return name
