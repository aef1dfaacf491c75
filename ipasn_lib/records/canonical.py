"""Check a file's rows against the instrument and give them the columns of ``pegawai``.

Every check runs over the whole column and returns values and findings; nothing stops at the
first trouble. A value that was refused is missing in the result and its row is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.law.instrument import DIMENSI, JENIS_ASN, Column
from ipasn_lib.records.cells import (
    as_category,
    as_number,
    as_text,
    as_yes_no,
    error_cells,
    is_blank,
    latest_date,
)
from ipasn_lib.records.formats import BKD, CANONICAL, Layout
from ipasn_lib.records.nip import check_nip, clean_nip, jenis_from_nip
from ipasn_lib.records.place import FilePlace, place_of_rows
from ipasn_lib.records.problems import Finding, file_finding, refused_rows, row_finding
from ipasn_lib.records.vocabulary import VARIANTS

__all__ = ["FileYear", "Validated", "validate"]

KELOMPOK = ("struktural", "fungsional", "pelaksana")
"""Job groups where the instrument tells none apart but the file names them."""

GOLONGAN = (
    *(f"{roman}/{letter}" for roman in ("I", "II", "III") for letter in "abcd"),
    *(f"IV/{letter}" for letter in "abcde"),
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV"),
    *("XV", "XVI", "XVII"),
)
"""Ranks of PNS (PP 99/2000) and of PPPK (Perpres 98/2020)."""

NIP_LIKE = r"^[\s'.]*(?:[0-9][\s'.]*){18}$|^\d[.,]\d+[eE]\+\d+$"
NOBODY = ("nip_kosong", "nama_kosong", "id_kosong")
AGES = (17, 75)
LAST_YEAR = 2100
TOTAL_TOLERANCE = 0.005
"""Printed totals carry two decimals: half of the last one."""

Mask = npt.NDArray[np.bool_]
Table = Mapping[str, pd.Series]


@dataclass(frozen=True)
class FileYear:
    """The year of a file as a whole: None where nothing says it; ``sure`` if the caller did."""

    tahun: int | None
    sure: bool = False


@dataclass(frozen=True)
class Validated:
    """Rows checked: the columns of ``pegawai``, the person's NIP or given id, the findings."""

    tabel: pd.DataFrame
    orang: pd.Series | None
    masalah: tuple[Finding, ...]


def validate(
    table: Table, layout: Layout, year: FileYear, place: FilePlace, size: int
) -> Validated:
    """Check all rows.

    Parameters
    ----------
    table : mapping of str to pandas.Series
        The file's columns by canonical name, rows numbered from 0.
    layout : Layout
    year : FileYear
    place : FilePlace
    size : int
        Number of rows.

    Returns
    -------
    Validated
    """
    findings: list[Finding] = []
    for name in ("nip", "nama", "unit_kerja"):
        if name in table:
            findings += error_cells(table[name], name)
    orang, found = _person(table)
    findings += found
    columns: dict[str, object] = {}
    columns["tahun"], found = _year(table, year, layout.hukum.mulai, size)
    findings += found
    columns["kode_kabkota"], found = place_of_rows(
        table.get("kode_kabkota"), table.get("instansi"), place, size
    )
    findings += found
    columns["unit_kerja"], found = _unit(table, size)
    findings += found
    people, found = _people(table, layout, orang if "nip" in table else None, size)
    columns |= people
    findings += found
    if "usia" in table:
        columns["usia"], found = as_number(table["usia"], "usia", *AGES, "tahun")
        findings += found
    measured, found = _measured(table, layout, people)
    columns["sumber_data"] = _source(table, layout, size)
    columns |= measured
    findings += found
    if layout.given:
        findings += _compare_total(table, measured)
    if "nip" in table and orang is not None:
        findings += check_nip(orang, people["jenis_asn"], people["jenis_kelamin"])
    tabel = pd.DataFrame(columns, index=pd.RangeIndex(size))
    if orang is not None:
        findings += _repeated(tabel, orang)
    elif "nama" in table:
        findings += _alike(tabel, table["nama"])
    return Validated(tabel, orang, tuple(_without_echoes(findings, size)))


def _without_echoes(findings: list[Finding], size: int) -> list[Finding]:
    """Leave out of other blanks the rows without a person: a signature is one problem, not ten."""
    nobody = refused_rows((f for f in findings if f.aturan in NOBODY), size)
    kept = []
    for finding in findings:
        if finding.aturan == "kosong" and finding.posisi is not None:
            rest = finding.posisi[~nobody[finding.posisi]]
            kept += [replace(finding, posisi=rest)] if len(rest) else []
        else:
            kept.append(finding)
    return kept


def _person(table: Table) -> tuple[pd.Series | None, list[Finding]]:
    """NIP, or the id that the file carries already; None where the shape has neither."""
    if "nip" in table:
        nip, findings = clean_nip(table["nip"])
        return nip.rename("nip"), findings
    if "id_pegawai" not in table:
        findings = []
        if "nama" in table:
            kosong = "isi nama, atau hapus baris catatan dan tanda tangan di bawah tabel"
            findings = row_finding("nama", "nama_kosong", is_blank(table["nama"]), kosong)
        return None, findings
    ids = table["id_pegawai"].astype("str")
    # 18 digits, however spaced, or the float they became; an id of ours has 16 or 32 letters
    given_nip = ids.str.contains(NIP_LIKE).fillna(value=False).to_numpy(dtype=bool)
    blank = (ids.isna() | (ids.str.strip() == "")).to_numpy(dtype=bool)
    return ids.mask(blank | given_nip).rename("id_pegawai"), [
        *row_finding("id_pegawai", "id_kosong", blank, "isi id_pegawai"),
        *row_finding(
            "id_pegawai", "id_berisi_nip", given_nip, "NIP milik kolom nip, bukan id_pegawai"
        ),
    ]


def _year(table: Table, year: FileYear, first: int, size: int) -> tuple[pd.Series, list[Finding]]:
    known = np.full(size, np.nan if year.tahun is None else float(year.tahun))
    if "tahun" not in table:
        findings = []
        if year.tahun is None:
            hint = "sebutkan lewat argumen tahun, kolom tahun, atau baris judul"
            findings.append(file_finding("tahun", "tahun_tidak_disebut", hint))
        return pd.Series(known).astype("Int64"), findings
    values, findings = as_number(table["tahun"], "tahun", first, LAST_YEAR)
    part = values != np.floor(values)
    part &= ~np.isnan(values)
    values = np.where(part, np.nan, values)
    findings += row_finding("tahun", "bukan_tahun", part, "empat angka, misalnya 2022")
    refused = refused_rows(findings, size)
    if year.sure:
        other = ~np.isnan(values) & (values != known)
        hint = f"berkas dibaca sebagai tahun {year.tahun}; pisahkan tahun lain"
        findings += row_finding("tahun", "tahun_lain", other, hint)
    values = np.where(np.isnan(values) & ~refused, known, values)
    kosong = np.isnan(values) & ~refused
    findings += row_finding("tahun", "kosong", kosong, "isi tahun pengukuran")
    return pd.Series(values).astype("Int64"), findings


def _unit(table: Table, size: int) -> tuple[pd.Series, list[Finding]]:
    if "unit_kerja" not in table:
        return pd.Series([None] * size, dtype="str"), []
    unit = as_text(table["unit_kerja"])
    blank = unit.isna().to_numpy(dtype=bool)
    return unit, row_finding("unit_kerja", "kosong", blank, "isi unit kerja")


def _people(
    table: Table, layout: Layout, nip: pd.Series | None, size: int
) -> tuple[dict[str, pd.Categorical], list[Finding]]:
    """Kind of ASN, job group, rank and sex."""
    findings: list[Finding] = []
    groups = layout.hukum.kelompok_jabatan or KELOMPOK
    choices = {
        "jenis_asn": JENIS_ASN,
        "kelompok_jabatan": groups,
        "golongan": GOLONGAN,
        "jenis_kelamin": ("L", "P"),
    }
    people: dict[str, pd.Categorical] = {}
    for name, pilihan in choices.items():
        column = table.get(name)
        if column is None:
            people[name] = pd.Categorical([None] * size, categories=pd.Index(pilihan, dtype="str"))
            continue
        people[name], found = as_category(column, name, pilihan, VARIANTS.get(name, {}))
        refused = refused_rows(found, size)
        findings += found
        blank = (people[name].codes < 0) & ~refused
        if name == "jenis_asn":
            hint = "PNS atau PPPK"
            findings += row_finding(name, "kosong", blank, hint)
        if name == "kelompok_jabatan" and not layout.given:
            hint = f"salah satu dari: {', '.join(groups)}"
            blank &= _subjects(people["jenis_asn"], layout)
            findings += row_finding(name, "kosong", blank, hint)
    if "jenis_asn" not in table and nip is not None and layout.format != CANONICAL:
        people["jenis_asn"] = jenis_from_nip(nip)
    return people, findings


def _subjects(jenis_asn: pd.Categorical, layout: Layout) -> Mask:
    """Tell whom the instrument measures; a kind that is not known counts as one of them."""
    others = [k for k in JENIS_ASN if k not in layout.hukum.subjek]
    return ~np.isin(np.asarray(jenis_asn, dtype=object), others)


def _measured(
    table: Table, layout: Layout, people: Mapping[str, pd.Categorical]
) -> tuple[dict[str, object], list[Finding]]:
    """Give the columns that the instrument asks for, with its word on what a blank means."""
    values: dict[str, object] = {}
    findings: list[Finding] = []
    subjects = _subjects(people["jenis_asn"], layout)
    group = np.asarray(people["kelompok_jabatan"], dtype=object)
    for name, column in layout.hukum.kolom.items():
        if name not in table:
            continue
        value, found = _value(table[name], column)
        blank = np.asarray(pd.isna(value)) & ~refused_rows(found, len(subjects))
        findings += found
        if column.kosong in column.pilihan:
            value = pd.Categorical(value)
            codes = np.where(blank, column.pilihan.index(column.kosong), value.codes)
            value = pd.Categorical.from_codes(codes, categories=value.categories)
        elif column.kosong == "tolak":
            matters = subjects & (np.isin(group, column.kelompok) if column.kelompok else True)
            hint = f"isi {column.label}" + _needed_by(column)
            findings += row_finding(name, "kosong", blank & matters, hint)
        values[name] = value
    return values, findings


def _value(
    cells: pd.Series, column: Column
) -> tuple[pd.Categorical | pd.Series | npt.NDArray[np.float64], list[Finding]]:
    if column.jenis == "kategori":
        return as_category(cells, column.nama, column.pilihan, VARIANTS.get(column.nama, {}))
    if column.jenis == "ya_tidak":
        return as_yes_no(cells, column.nama)
    return as_number(cells, column.nama, column.minimum, column.maksimum, column.satuan)


def _needed_by(column: Column) -> str:
    return f"; diperlukan untuk {', '.join(column.kelompok)}" if column.kelompok else ""


def _source(table: Table, layout: Layout, size: int) -> pd.Series:
    """Name of the source, never the file's name, which may be a person's."""
    label = layout.format
    if layout.format == BKD and "updated" in table:
        latest = latest_date(table["updated"])
        label = f"{label} {latest.isoformat()}" if latest else label
    # Whatever its shape, a file that names its own source keeps it: make-believe people must
    # stay marked.
    if "sumber_data" in table:
        return as_text(table["sumber_data"]).fillna(label)
    return pd.Series([label] * size, dtype="str")


def _compare_total(table: Table, measured: Mapping[str, object]) -> list[Finding]:
    if "total" not in table or not set(DIMENSI) <= set(measured):
        return []
    printed, unread = as_number(table["total"], "total", -np.inf, np.inf)
    parts = sum(np.asarray(measured[name], dtype=np.float64) for name in DIMENSI)
    # float noise of decimals such as 0.005 must not decide
    differs = np.abs(printed - parts) > TOTAL_TOLERANCE + 1e-9
    hint = "total tidak sama dengan jumlah keempat skor; yang dipakai keempat skor"
    findings = row_finding("total", "total_berbeda", differs, hint, "peringatan")
    missed = refused_rows(unread, len(printed))
    hint = "total tidak terbaca sehingga tidak diperiksa"
    return [*findings, *row_finding("total", "total_tidak_terbaca", missed, hint, "peringatan")]


def _alike(tabel: pd.DataFrame, nama: pd.Series) -> list[Finding]:
    """Remark on rows that are equal, name and all, where no NIP tells persons apart."""
    alike = tabel.assign(nama=as_text(nama).to_numpy()).duplicated(keep=False).to_numpy()
    hint = "baris sama persis sampai namanya dan tanpa NIP; semuanya dihitung, hapus bila kembar"
    return row_finding("nama", "baris_sama", alike & ~is_blank(nama), hint, "peringatan")


def _repeated(tabel: pd.DataFrame, orang: pd.Series) -> list[Finding]:
    """Find persons who stand more than once: of equal rows the first is kept, of others none."""
    size = len(tabel)
    repeated = np.asarray(orang.duplicated(keep=False) & orang.notna())
    if not repeated.any():
        return []
    rows = tabel.loc[repeated].assign(orang=orang[repeated])
    again = rows.duplicated()
    versions = (~again).groupby(rows["orang"]).transform("sum").to_numpy()
    kolom = str(orang.name)
    same, differing = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    same[repeated] = (versions == 1) & again.to_numpy()
    differing[repeated] = versions > 1
    sama = "baris kembar sama persis; hapus kembarannya"
    beda = "satu baris bagi tiap pegawai; isinya berbeda, pilih yang benar (satu tahun satu berkas)"
    return [
        *row_finding(kolom, "ganda_sama", same, sama),
        *row_finding(kolom, "ganda_berbeda", differing, beda),
    ]
