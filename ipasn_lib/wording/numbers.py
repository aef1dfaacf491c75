"""How numbers and dates are printed, in the language of the report.

The one place where a value becomes text. Rounding happens here, half up, at the end and once;
separators come from the locale (id: ``1.234,50``; en: ``1,234.50``). A value that is not there
prints as a dash, never as ``nan``.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from numbers import Real

from ipasn_lib.wording.catalogue import check_language, text

__all__ = [
    "HIDDEN",
    "MISSING",
    "count",
    "date",
    "difference",
    "number",
    "percent",
    "points",
    "round_half_up",
    "rupiah",
]

MISSING = "–"
"""Printed where a value is not available."""

HIDDEN = "*)"
"""Printed where a value is hidden to protect a small group."""


def _decimal(value: object, decimals: int) -> Decimal | None:
    """Round the decimal number that Python prints for the float; None where there is none."""
    if not isinstance(value, Real | Decimal) or isinstance(value, bool):
        return None  # None, pandas.NA, NaT
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not exact.is_finite():
        return None
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def round_half_up(value: object, decimals: int = 2) -> float:
    """Round as a clerk does: a final 5 goes away from zero.

    Python and numpy round half to even, and see 2.675 as 2.67499999…; here the number is taken
    as it is printed (``repr``), so 2.675 gives 2.68 and 0.125 gives 0.13. Missing gives NaN.

    Parameters
    ----------
    value : float
        Any real number; None and ``pandas.NA`` count as missing.
    decimals : int
        Digits kept after the decimal sign.
    """
    rounded = _decimal(value, decimals)
    return math.nan if rounded is None else float(rounded)


@lru_cache(maxsize=64)
def _pattern(bahasa: str, decimals: int, percent: bool) -> tuple[object, object]:
    from babel import Locale
    from babel.numbers import parse_pattern

    check_language(bahasa)
    digits = "#,##0" + ("." + "0" * decimals if decimals else "") + ("%" if percent else "")
    return parse_pattern(digits), Locale.parse(bahasa)


def _format(value: object, decimals: int, bahasa: str, *, as_percent: bool = False) -> str:
    pattern, locale = _pattern(bahasa, decimals, as_percent)
    rounded = _decimal(value, decimals + 2 if as_percent else decimals)
    if rounded is None:
        return MISSING
    if rounded == 0:
        rounded = abs(rounded)  # never "-0,00"
    # A minus sign as wide as the plus, not a hyphen.
    return str(pattern.apply(rounded, locale)).replace("-", "−")  # type: ignore[attr-defined]


def number(value: object, decimals: int = 2, bahasa: str = "id") -> str:
    """Print a number: ``number(1234.5)`` gives ``"1.234,50"``; missing gives a dash."""
    return _format(value, decimals, bahasa)


def points(value: object, bahasa: str = "id", decimals: int = 2) -> str:
    """Print points of the index (0-100) with two decimals: ``"78,25"``."""
    return _format(value, decimals, bahasa)


def percent(share: object, decimals: int = 1, bahasa: str = "id") -> str:
    """Print a share (0-1) as a percentage: ``percent(0.875)`` gives ``"87,5%"``."""
    return _format(share, decimals, bahasa, as_percent=True)


def rupiah(amount: float, bahasa: str = "id") -> str:
    """Print a sum of money in words that can be said: ``"Rp213,3 juta"``, ``"Rp11,0 miliar"``."""
    unit, word = (1e9, "miliar") if abs(amount) >= 1e9 else (1e6, "juta")
    return f"Rp{number(amount / unit, 1, bahasa)} {text(word, bahasa)}"


def count(value: object, bahasa: str = "id") -> str:
    """Print a number of people or places: ``"12.345"``."""
    return _format(value, 0, bahasa)


def difference(value: object, decimals: int = 2, bahasa: str = "id") -> str:
    """Print a difference with its sign: ``"+1,25"``, ``"−0,50"``, ``"0,00"``."""
    rounded = _decimal(value, decimals)
    if rounded is None:
        return MISSING
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + _format(abs(rounded), decimals, bahasa)


def date(day: dt.date, bahasa: str = "id") -> str:
    """Print a day in words: ``"24 November 2026"``."""
    from babel.dates import format_date

    check_language(bahasa)
    return str(format_date(day, "d MMMM y", locale=bahasa))
