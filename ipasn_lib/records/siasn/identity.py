"""What a NIP says of its bearer, beside what the other columns say.

BKN's data quality index compares them (consistency, CON_1 to CON_4): the six digits of the
appointment with TMT CPNS, the eight of the birth date, the digit of the sex, and for a PPPK the
year of appointment. A contradiction is a remark: the person is known and measured all the same.

References
----------
.. [1] Peraturan Kepala BKN 22/2007 dan 43/2007 (susunan NIP).
.. [2] Indikator kualitas data BKN, dimensi konsistensi, sebagaimana dicatat rumahASN (BKD
       Provinsi Jawa Timur), docs/siasn/kualitas_data.csv.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipasn_lib.records.nip import jenis_from_nip
from ipasn_lib.records.problems import Finding
from ipasn_lib.records.siasn.dates import as_date

__all__ = ["RULES", "nip_flags", "nip_per_unit"]

RULES: Mapping[str, str] = {
    "con_1": "digit 9-14 NIP PNS: tahun dan bulan TMT CPNS",
    "con_2": "digit 1-8 NIP: tanggal lahir",
    "con_3": "digit ke-15 NIP: jenis kelamin (1 laki-laki, 2 perempuan)",
    "con_4": "digit 9-12 NIP PPPK: tahun pengangkatan",
}
"""The rules by name, as a remark says them."""

SEX = {"m": "1", "l": "1", "lakilaki": "1", "pria": "1"} | {
    "f": "2",
    "p": "2",
    "perempuan": "2",
    "wanita": "2",
}
AGES = (17, 75)


def nip_flags(
    nip: pd.Series, cells: Mapping[str, pd.Series], values: Mapping[str, object], pada: dt.date
) -> tuple[dict[str, object], list[Finding]]:
    """Compare NIP and columns of a nominatif.

    Parameters
    ----------
    nip : pandas.Series of str
        18 digits, missing where unreadable.
    cells : mapping of str to pandas.Series
        The file's cells by column; ``tanggal_lahir`` is read here and kept nowhere.
    values : mapping of str to object
        The columns already read: ``tmt_cpns``, ``jenis_kelamin``.
    pada : datetime.date
        The day on which ages are counted.

    Returns
    -------
    columns : dict
        ``con_1`` to ``con_4`` (bool: contradicted), ``nip_jenis`` (PNS, PPPK or missing) and,
        where dates of birth are there, ``usia`` (years; missing outside 17-75).
    findings : list of Finding
        Of the dates that could not be read, as remarks: nobody's score hangs on them.
    """
    size = len(nip)
    digits = nip.fillna("0" * 18)
    there = nip.notna().to_numpy(dtype=bool)
    kind = np.asarray(jenis_from_nip(nip), dtype=object)
    findings: list[Finding] = []
    none = np.full(size, np.datetime64("NaT"), dtype="datetime64[D]")
    born = none
    if "tanggal_lahir" in cells:
        born, found = as_date(cells["tanggal_lahir"], "tanggal_lahir", serials=True)
        findings += [Finding(f.kolom, f.aturan, f.harapan, f.posisi, "peringatan") for f in found]
    start = np.asarray(values.get("tmt_cpns", none)).astype("datetime64[D]")
    sex = _sex(values.get("jenis_kelamin"), size)
    month, year, day = (_written(start, "%Y%m"), _written(start, "%Y"), _written(born, "%Y%m%d"))
    columns: dict[str, object] = {
        "con_1": there & (kind == "PNS") & _differs(digits.str[8:14], month),
        "con_2": there & _differs(digits.str[:8], day),
        "con_3": there & _differs(digits.str[14], sex),
        "con_4": there & (kind == "PPPK") & _differs(digits.str[8:12], year),
        "nip_jenis": pd.array(kind, dtype="str"),
    }
    if "tanggal_lahir" in cells:
        columns["usia"] = _ages(born, pada)
    return columns, findings


def nip_per_unit(unit: pd.Series, flags: pd.DataFrame) -> pd.DataFrame:
    """Count contradictions by unit.

    Parameters
    ----------
    unit : pandas.Series of str
        Unit of each person.
    flags : pandas.DataFrame
        Columns ``con_1`` to ``con_4`` (bool), same rows.

    Returns
    -------
    pandas.DataFrame
        Index ``unit_kerja``; ``n_pegawai`` and one count a rule; units without a contradiction
        are left out. For the agency's own mending, not for publication: counts are small.
    """
    table = flags[list(RULES)].astype("int64").groupby(unit.to_numpy()).sum()
    table.insert(0, "n_pegawai", unit.groupby(unit.to_numpy()).size())
    table.index.name = "unit_kerja"
    return table.loc[table[list(RULES)].sum(axis=1) > 0]


def _written(days: np.ndarray, form: str) -> pd.Series:
    return pd.Series(days.astype("datetime64[s]")).dt.strftime(form).astype("str")


def _differs(digits: pd.Series, said: pd.Series) -> np.ndarray:
    return np.asarray((digits.reset_index(drop=True) != said) & said.notna(), dtype=bool)


def _sex(column: object, size: int) -> pd.Series:
    if column is None:
        return pd.Series([None] * size, dtype="str")
    text = pd.Series(column, dtype="str").str.casefold().str.replace(r"[^a-z]", "", regex=True)
    return text.map(SEX).astype("str")


def _ages(born: np.ndarray, pada: dt.date) -> np.ndarray:
    days = pd.Series(born.astype("datetime64[s]"))
    before = (days.dt.month > pada.month) | (
        (days.dt.month == pada.month) & (days.dt.day > pada.day)
    )
    age = (pada.year - days.dt.year - before).to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where((age >= AGES[0]) & (age <= AGES[1]), age, np.nan)
