"""Read a column of dates as SIASN and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

from ipasn_lib.records.cells import as_float, distinct
from ipasn_lib.records.problems import Finding, row_finding

__all__ = ["as_date"]

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[t ].*)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[t ].*)?", re.ASCII)
_NOTHING = re.compile(r"|-|–|null|none|nat|0000-00-00.*|00-00-0000.*|0001-01-01.*|01-01-0001.*")
EPOCH = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers, counting its 29 February 1900, which never was."""
SERIALS = (10_000, 80_000)
"""Serial numbers taken for dates: 1927 to 2119. Less is a year or a number of days."""
YEARS = (1900, 2100)


def as_date(
    column: pd.Series, kolom: str, *, serials: bool
) -> tuple[npt.NDArray[np.datetime64], list[Finding]]:
    """Read cells as dates.

    Parameters
    ----------
    column : pandas.Series
        Dates, or text: "31-12-2021", "31/12/2021", "2021-12-31", each with or without a time.
        Text is never read month first.
    kolom : str
        The column's canonical name.
    serials : bool
        Whether a bare number is a spreadsheet's day number (xlsx only).

    Returns
    -------
    values : array of datetime64[D]
        NaT where blank or refused.
    findings : list of Finding
        ``bukan_tanggal``.
    """
    if types.is_datetime64_any_dtype(column.dtype):
        plain = column.dt.tz_localize(None) if column.dt.tz is not None else column
        return plain.to_numpy().astype("datetime64[D]"), []
    codes, cells = distinct(column)
    found = np.full(len(cells) + 1, np.datetime64("NaT"), dtype="datetime64[D]")
    wrong = np.zeros(len(cells) + 1, dtype=bool)
    for i, cell in enumerate(cells):
        day = _day(cell, serials)
        if day is None:
            wrong[i] = not _NOTHING.fullmatch(_bare(cell))
        else:
            found[i] = np.datetime64(day)
    hint = "tanggal seperti 31-12-2021 atau 2021-12-31; perbaiki atau kosongkan"
    return found[codes], row_finding(kolom, "bukan_tanggal", wrong[codes], hint)


def _bare(cell: object) -> str:
    return str(cell).strip().lstrip("'’‘`").strip().casefold()


def _day(cell: object, serials: bool) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, int | float):
        number = as_float(cell)
        if serials and SERIALS[0] <= number <= SERIALS[1]:
            return EPOCH + dt.timedelta(days=int(number))
        return None
    text = _bare(cell)
    if iso := _ISO.fullmatch(text):
        parts = (int(iso[1]), int(iso[2]), int(iso[3]))
    elif day := _DAY_FIRST.fullmatch(text):
        parts = (int(day[3]), int(day[2]), int(day[1]))
    else:
        return None
    try:
        found = dt.date(*parts)
    except ValueError:
        return None
    return found if YEARS[0] <= found.year <= YEARS[1] else None
