"""NIP: clean it, and look whether it can be one; :mod:`ipasn_lib.records.keys` replaces it.

A NIP has 18 digits (Peraturan Kepala BKN 22/2007, 43/2007): birth date (1-8), year (9-12) and
month (13-14) of appointment, sex (15), serial number from 001 (16-18). For a PPPK digits 13-14
hold the contract number, 21 and above. A spreadsheet that stores a NIP as a number keeps 15 or
16 digits of it; what is lost cannot be had back, so such a cell is refused and never mended.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.records.cells import distinct
from ipasn_lib.records.problems import Finding, row_finding

__all__ = ["check_nip", "clean_nip", "jenis_from_nip"]

ROW_PREFIX = "baris-"
"""Begins the id of a row without a NIP, which says nothing about other files."""

# Apostrophes that force text in a spreadsheet, dots, and the spaces that copying brings along.
_NOISE = "[\\s.'’‘`´\"\u00a0\u2007\u2009\u202f\u200b\u200c\u200d\u2060\ufeff]"
_FLOAT = r"^\s*(?:\d(?:[.,]\d+)?[eE][+]?\d+|\d{15,}[.,]0+)\s*$"

Mask = npt.NDArray[np.bool_]


def clean_nip(column: pd.Series) -> tuple[pd.Series, list[Finding]]:
    """Read a column of NIPs as 18-digit text.

    Parameters
    ----------
    column : pandas.Series
        Text, or whole numbers that hold all digits (parquet). Apostrophes, spaces and dots are
        taken away.

    Returns
    -------
    nip : pandas.Series of str
        Missing where blank or refused.
    findings : list of Finding
        ``nip_kosong``, ``nip_rusak`` (stored as a number: digits are lost) and ``nip_panjang``.

    Notes
    -----
    A csv written from a sheet that had kept 15 digits shows "...000" at the end of every NIP.
    Serial numbers start at 001, so where all of two or more NIPs end in 000 all are refused.
    """
    codes, cells = distinct(column)
    text = pd.Series([_raw_text(cell) for cell in [*cells, None]], dtype="str")
    bare = text.str.replace(_NOISE, "", regex=True)
    blank = (text.isna() | bare.isin(["", "-"])).to_numpy(dtype=bool)
    whole = bare.str.contains(r"^[0-9]{18}$").fillna(value=False).to_numpy(dtype=bool)
    lost = text.str.contains(_FLOAT).fillna(value=False).to_numpy(dtype=bool)
    whole = whole & ~lost
    if whole[codes].sum() > 1 and bare[whole].str.endswith("000").all():
        lost, whole = lost | whole, np.zeros_like(whole)
    odd = ~(blank | lost | whole)
    nip = bare.where(whole).array.take(np.where(codes < 0, len(cells), codes))
    rusak = (
        "NIP tersimpan sebagai angka sehingga digit akhirnya hilang; format kolom sebagai teks "
        "pada sumbernya dan ekspor lagi"
    )
    kosong = "isi NIP, atau hapus baris catatan dan tanda tangan di bawah tabel"
    return pd.Series(nip, index=column.index), [
        *row_finding("nip", "nip_kosong", blank[codes], kosong),
        *row_finding("nip", "nip_rusak", (lost & ~blank)[codes], rusak),
        *row_finding("nip", "nip_panjang", odd[codes], "18 digit, hanya angka"),
    ]


def check_nip(
    nip: pd.Series, jenis_asn: pd.Categorical, jenis_kelamin: pd.Categorical
) -> list[Finding]:
    """Look for NIPs that cannot be, or that other columns contradict; warnings only.

    The comparisons are those of BKN's data quality index (consistency of NIP with birth date,
    appointment and sex). An odd NIP still names one person, so the row is kept.
    """
    here = nip.notna().to_numpy(dtype=bool)
    digits = nip.fillna("0" * 18)
    born = pd.to_datetime(digits.str[:8], format="%Y%m%d", errors="coerce")
    year = digits.str[8:12].astype("int64").to_numpy()
    month = digits.str[12:14].astype("int64").to_numpy()
    sex = digits.str[14]
    appointed = (year >= 1950) & (year <= 2100) & (month >= 1) & ((month <= 12) | (month >= 21))
    derived = jenis_from_nip(nip)
    # .codes are -1 where missing; a contradiction needs both sides
    kind_differs = (derived.codes >= 0) & (jenis_asn.codes >= 0)
    kind_differs &= np.asarray(derived, dtype=object) != np.asarray(jenis_asn, dtype=object)
    said = pd.Series(np.asarray(jenis_kelamin, dtype=object)).map({"L": "1", "P": "2"})
    sex_differs = said.notna().to_numpy() & (said.to_numpy() != sex.to_numpy())
    rules = (
        ("nip_tanggal_lahir", born.isna().to_numpy(), "digit 1-8 NIP adalah tanggal lahir"),
        ("nip_pengangkatan", ~appointed, "digit 9-14 NIP adalah tahun dan bulan pengangkatan"),
        ("nip_kelamin", ~sex.isin(["1", "2"]).to_numpy(), "digit ke-15 NIP adalah 1 atau 2"),
        ("nip_urutan", digits.str.endswith("000").to_numpy(), "digit 16-18 NIP mulai dari 001"),
        ("nip_beda_jenis_asn", kind_differs, "digit 13-14: 01-12 untuk PNS, 21 ke atas PPPK"),
        ("nip_beda_kelamin", sex_differs, "digit ke-15: 1 laki-laki, 2 perempuan"),
    )
    findings = []
    for aturan, rows, harapan in rules:
        hint = f"{harapan}; periksa lagi, baris tetap dipakai"
        findings += row_finding("nip", aturan, here & np.asarray(rows), hint, "peringatan")
    return findings


def jenis_from_nip(nip: pd.Series) -> pd.Categorical:
    """Tell PNS from PPPK by digits 13-14 (01-12: month, PNS; 21 and above: contract, PPPK)."""
    part = pd.to_numeric(nip.str[12:14]).to_numpy(dtype=np.float64, na_value=np.nan)
    codes = np.where((part >= 1) & (part <= 12), 0, np.where(part >= 21, 1, -1))
    return pd.Categorical.from_codes(codes, categories=pd.Index(["PNS", "PPPK"], dtype="str"))


def _raw_text(cell: object) -> str | None:
    """Text of a NIP cell; a number keeps its exponent, which shows that digits are lost."""
    if cell is None or isinstance(cell, str):
        return cell
    return repr(cell) if isinstance(cell, float) else str(cell)
