"""Write rows as SIASN's exports are met: headings, formats, and the quirks of each file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from ipasn_lib.records.siasn.shapes import Field, Shape
from ipasn_lib.records.synthetic.calibration import Calibration
from ipasn_lib.records.synthetic.files import WARNING, atomic, save_xlsx
from ipasn_lib.records.synthetic.siasn_draws import Dice, dates_as_text, numbers_as_text, uuids
from ipasn_lib.records.synthetic.siasn_rows import Column, Rows

__all__ = ["EXPORT_FORMATS", "Style", "style_of", "with_quirks", "write_rows"]

EXPORT_FORMATS = ("parquet", "xlsx", "csv", "json")

ALWAYS_BOTH = ("golongan", "kedudukan_hukum")
"""Tables without codes or names for PPPK: both columns stay, as in a nominatif that is whole."""

BEYOND_67 = ("eselon_id", "eselon_nama", "unor_induk_nama")
"""Columns that only some nominatifs have."""

UNIMPORTANT = (
    *("tanggal_kursus", "tanggal", "nama_kursus", "akhir_hukuman_tanggal", "tmt_pelantikan"),
    *("nilai_perilaku_kerja", "nomor_pp", "lokasi_kerja_nama"),
)
"""Columns in which cells are blank at times and nothing is lost."""


@dataclass(frozen=True)
class Style:
    """The quirks of one file.

    ``satu`` is "kode" or "nama" where only the code or only the name column is there, else "".
    """

    apostrof: bool
    koma: bool
    satu: str
    tanpa_nip: bool
    judul_lain: bool
    titik_koma: bool
    bungkus: bool
    angka_teks: bool


def style_of(seed: int, kode: str, shape: str, calibration: Calibration) -> Style:
    """Draw the quirks of one file of a place; the same in every year."""
    siasn = calibration.siasn
    draws = Dice([f"{int(kode):08x}{seed % 2**32:08x}"])

    def u(what: str) -> float:
        return float(draws.u(f"{shape} {what}")[0])

    one = u("satu")
    both = siasn["satu_kolom"]
    satu = "kode" if one < both["kode"] else "nama" if one < sum(both.values()) else ""
    return Style(
        apostrof=u("apostrof") < siasn["apostrof"],
        koma=u("koma") < siasn["desimal_koma"],
        satu=satu,
        tanpa_nip=shape != "nominatif" and u("nip") < siasn["tanpa_nip"],
        judul_lain=shape != "nominatif" and u("judul") < siasn["judul_lain"],
        titik_koma=u("pemisah") < 0.7,
        bungkus=u("bungkus") < 0.5,
        angka_teks=u("angka") < 0.5,
    )


def with_quirks(rows: Rows, calibration: Calibration) -> Rows:
    """Repeat some rows of a history, id and all, and blank cells on which nothing hangs."""
    siasn = calibration.siasn
    again = _u(rows.kunci, 3) < siasn["baris_ganda"]
    columns: dict[str, Column] = {}
    for number, (name, values) in enumerate(rows.kolom.items()):
        if name not in UNIMPORTANT:
            columns[name] = values
            continue
        gone = _u(rows.kunci, 17 + number) < siasn["kosong"]
        if isinstance(values, pa.Array):
            columns[name] = pa.compute.if_else(pa.array(gone), pa.scalar(None, pa.string()), values)
        elif values.dtype.kind == "M":
            columns[name] = np.where(gone, np.datetime64("NaT"), values)
        else:
            columns[name] = np.where(gone, np.nan, values)
    whole = Rows(rows.orang, rows.kunci, columns)
    return whole.taken(np.repeat(np.arange(len(again)), 1 + again.astype(np.int64)))


def write_rows(
    path: Path,
    shape: Shape,
    rows: Rows,
    persons: Mapping[str, pa.Array],
    sumber: str,
    style: Style,
    calibration: Calibration,
) -> Path:
    """Write rows to a file of the format that the path names.

    Parameters
    ----------
    path : pathlib.Path
        Ends in one of ``EXPORT_FORMATS``.
    shape : Shape
        Its columns are written in its order; those that ``rows`` lacks are blank in a
        nominatif and left out in a history.
    rows : Rows
    persons : mapping of str to pyarrow.Array
        ``pns_id`` and ``nip_baru`` of every person of the place, by position.
    sumber : str
        Text of the column SUMBER DATA.
    style : Style
    calibration : Calibration
    """
    fmt = path.suffix[1:]
    native = fmt in ("parquet", "xlsx") or (fmt == "json" and not style.angka_teks)
    iso = _u(rows.kunci, 5) < calibration.siasn["tanggal_iso"]
    size = len(rows.orang)
    holder = pa.array(rows.orang)
    history = shape.nama != "nominatif"
    columns: dict[str, Column] = dict(rows.kolom)
    columns["pns_id"] = persons["pns_id"].take(holder)
    columns["sumber_data"] = pa.repeat(sumber, size)
    if history:
        columns["id"] = uuids(rows.kunci)
        if not style.tanpa_nip:
            columns["nip_baru"] = persons["nip_baru"].take(holder)
    if style.apostrof and fmt in ("csv", "xlsx") and "nip_baru" in columns:
        nip = columns["nip_baru"]
        columns["nip_baru"] = pa.compute.binary_join_element_wise("'", nip, "")
    table: dict[str, pa.Array] = {}
    for name, field in shape.kolom.items():
        if (name not in columns and (history or name in BEYOND_67)) or _dropped(field, style):
            continue
        values = columns.get(name)
        if values is None:
            cells = pa.nulls(size, pa.string())
        elif isinstance(values, pa.Array):
            cells = values
        elif values.dtype.kind == "M":
            cells = dates_as_text(values, iso)
        elif native:
            cells = _native(values)
        else:
            cells = numbers_as_text(values, style.koma)
        table[_heading(field, style, fmt, history)] = cells
    whole = pa.table(table)
    atomic(path, lambda to: _save(to, whole, fmt, style))
    return path


def _u(keys: npt.NDArray[np.uint64], shift: int) -> npt.NDArray[np.float64]:
    """Draw a number from 0 to below 1 for each row out of its key."""
    bits = (keys >> np.uint64(shift)) ^ (keys << np.uint64(64 - shift - 20))
    return (bits & np.uint64(0xFFFFF)).astype(np.float64) / 2.0**20


def _dropped(field: Field, style: Style) -> bool:
    """Tell whether the file lacks a code column or a name column of which it has the other."""
    if not style.satu or not field.tabel or field.tabel in ALWAYS_BOTH:
        return False
    return field.jenis in ("kode", "nama") and field.jenis != style.satu


def _heading(field: Field, style: Style, fmt: str, history: bool) -> str:
    if style.judul_lain and field.nama == "pns_id" and field.alias:
        return field.alias[0]
    if fmt == "json":
        # the service writes every name in camelCase, the table's only where it is a history
        words = (field.judul if not history else field.nama).lower().replace("_", " ").split()
        camel = words[0] + "".join(word.capitalize() for word in words[1:])
        return camel if not history or " " in field.judul else field.judul
    return field.judul


def _native(values: npt.NDArray[np.float64]) -> pa.Array:
    whole = values[~np.isnan(values)]
    if (whole == np.floor(whole)).all():
        return pa.array(np.nan_to_num(values).astype(np.int64), mask=np.isnan(values))
    return pa.array(values, mask=np.isnan(values))


def _save(to: Path, table: pa.Table, fmt: str, style: Style) -> None:
    if fmt == "parquet":
        pa.parquet.write_table(table, to, compression="zstd")
    elif fmt == "csv":
        options = pa.csv.WriteOptions(delimiter=";" if style.titik_koma else ",")
        pa.csv.write_csv(table, to, options)
    elif fmt == "xlsx":
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        save_xlsx(to, [[WARNING]], table.column_names, rows)
    else:
        records = table.to_pylist()
        document = {"code": 1, "data": records} if style.bungkus else records
        to.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
