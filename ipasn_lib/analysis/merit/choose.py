"""Which rows of a table of performance and pay a question is asked of, and by which measure."""

from __future__ import annotations

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["known_measure", "last_period", "of_year", "why_no_pay", "why_no_predicates"]


def of_year(tabel: pd.DataFrame, tahun: int) -> pd.DataFrame:
    """Give the rows whose ``periode`` ("2025" or "2025-03") lies in a year.

    Raises
    ------
    ParameterError
        If there are none; the years that there are are named.
    """
    years = tabel["periode"].astype("str").str.slice(0, 4)
    rows = (years == str(tahun)).to_numpy(dtype=bool)
    if not rows.any():
        raise ParameterError(
            f"no row of year {tahun}; the table has {', '.join(sorted(years.unique()))}"
        )
    return tabel.loc[rows].reset_index(drop=True)


def last_period(tabel: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of the latest ``periode``: a pay rule is checked for one month at a time."""
    last = tabel["periode"].astype("str").max()
    return tabel.loc[(tabel["periode"] == last).to_numpy(dtype=bool)].reset_index(drop=True)


def known_measure(tabel: pd.DataFrame) -> str:
    """Name the measure by which performance can be told: "predikat" if anybody has one.

    Raises
    ------
    ParameterError
        If nobody has a predicate or a value.
    """
    for ukuran in ("predikat", "nilai"):
        if ukuran in tabel and tabel[ukuran].notna().any():
            return ukuran
    raise ParameterError("nobody in the table has a predikat or a nilai")


def why_no_predicates(tabel: pd.DataFrame) -> str:
    """Give the key of the reason why predicates cannot be looked at; empty if they can."""
    return "" if known_measure(tabel) == "predikat" else "tanpa_predikat"


def why_no_pay(tabel: pd.DataFrame, ukuran: str, minimum: int = MINIMUM) -> str:
    """Give the key of the reason why pay cannot be set beside performance; empty if it can.

    Parameters
    ----------
    tabel : pandas.DataFrame
        One row a person, with ``ukuran`` and ``tunjangan``.
    ukuran : {"predikat", "nilai"}
    minimum : int
        Fewest people with both.
    """
    pay = tabel.loc[tabel[[ukuran, "tunjangan"]].notna().all(axis=1), "tunjangan"]
    if len(pay) < check_minimum(minimum):
        return "kurang_pegawai"
    return "" if (pay != 0).any() else "tanpa_tunjangan"
