"""Print a number as the page does: decimal comma, thousands dot, half up, a real minus sign.

The tables' JSON holds numbers as printed; documents beside the page (PDF, slides) write them out
again. The wording of figures is another room's, so the few lines that this takes stand here, and
a test holds both equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.collect import HIDDEN, is_hidden

__all__ = ["MISSING", "printed_cell", "printed_date", "printed_number"]

MISSING = "–"
"""Printed where a value is not available."""

_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "en": "January February March April May June July August September October November December",
}


def printed_number(value: float, decimals: int, bahasa: str) -> str:
    """Print a number with its decimals: 1234.5 gives "1.234,50" (id) or "1,234.50" (en)."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}"
    if bahasa == "id":
        text = text.translate({ord(","): ".", ord("."): ","})
    return f"−{text}" if rounded < 0 else text


def printed_cell(value: object, column: Mapping[str, Any], bahasa: str) -> str:
    """Print a cell of a table's JSON as the page prints it.

    Parameters
    ----------
    value : object
        Text, number, None or the hidden mark.
    column : mapping
        The column's ``jenis`` and ``desimal``.
    bahasa : {"id", "en"}
        Language, for the separators.
    """
    if value is None:
        return MISSING
    if is_hidden(value):
        return HIDDEN
    if not isinstance(value, int | float):
        return str(value)
    decimals = int(column["desimal"])
    if column["jenis"] == "persen":
        # Rounded at the share: 100 times a binary share can fall on the other side of a half.
        step = Decimal(1).scaleb(-decimals - 2)
        share = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
        return printed_number(float(share * 100), decimals, bahasa) + "%"
    if column["jenis"] == "cacah":
        return printed_number(value, 0, bahasa)
    if column["jenis"] == "poin":
        return printed_number(value, decimals, bahasa)
    return str(value)


def printed_date(day: dt.date, bahasa: str) -> str:
    """Print a day in words: "24 November 2026"."""
    if bahasa not in _MONTHS:
        raise ParameterError(f"unknown language {bahasa!r}; expected one of {sorted(_MONTHS)}")
    return f"{day.day} {_MONTHS[bahasa].split()[day.month - 1]} {day.year}"
