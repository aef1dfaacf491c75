"""Turn a column of cells into text, numbers, yes and no, or categories of the instrument.

Each function gives the values, missing where it could not read a cell or the cell is blank, and
its findings about the cells it refused. Distinct cells are read once and spread over the rows,
so that a column of 400,000 cells costs no more than its vocabulary.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

from ipasn_lib.records.guard import BROKEN
from ipasn_lib.records.problems import Finding, row_finding
from ipasn_lib.records.vocabulary import NO, TICKS, UNSURE_NO, YES, spell

__all__ = [
    "as_category",
    "as_float",
    "as_number",
    "as_text",
    "as_yes_no",
    "cell_text",
    "distinct",
    "encoded",
    "error_cells",
    "is_blank",
    "latest_date",
    "text_by",
]

BLANK = frozenset({"", "-", "–", "—", "null"})
"""What stands for "nothing" in number and category columns."""

EXACT = 2.0**53
"""Above it a float no longer holds every whole number: an 18-digit NIP has lost digits."""

_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|" + re.escape(BROKEN))
# digits of other scripts (٣٤) are numbers to Python; in these files they are damage
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_THOUSANDS_DOT = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", re.ASCII)
_THOUSANDS_COMMA = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+),\d+", re.ASCII)
_DECIMAL_DOT = re.compile(r"[+-]?(\d+|[1-9]\d{0,2}(,\d{3})+)\.\d+", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)

FloatArray = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def encoded(column: pd.Series) -> pd.Series:
    """Give each distinct cell its number once, for a column that several functions read.

    Columns of numbers, dates and truth values stay as they are.
    """
    if not (types.is_object_dtype(column.dtype) or types.is_string_dtype(column.dtype)):
        return column
    codes, cells = distinct(column)
    categories = pd.Index(cells, dtype="object")
    return pd.Series(pd.Categorical.from_codes(codes, categories), index=column.index)


def distinct(column: pd.Series) -> tuple[npt.NDArray[np.intp], list[object]]:
    """Position of each cell among the distinct ones (-1, the last place, where missing).

    A truth value among other cells is given as text: to Python True equals 1, and in a table a
    tick is no number.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        places = np.asarray(column.cat.codes, dtype=np.intp)
        return places, list(column.cat.categories.tolist())
    codes, uniques = pd.factorize(column)
    cells = uniques.tolist()
    if types.is_object_dtype(column.dtype) and any(
        cell in (0, 1) for cell in cells if not isinstance(cell, str)
    ):
        plain = [str(c).upper() if isinstance(c, bool | np.bool_) else c for c in column]
        codes, uniques = pd.factorize(pd.Series(plain, dtype="object"))
        cells = uniques.tolist()
    return codes, cells


def text_by(column: pd.Series, read: Callable[[object], str | None]) -> pd.Series:
    """Read each distinct cell once as text; missing where ``read`` gives None."""
    codes, cells = distinct(column)
    texts = pd.array([read(cell) for cell in cells], dtype="str")
    return pd.Series(texts.take(codes, allow_fill=True), index=column.index)


def as_text(column: pd.Series) -> pd.Series:
    """Read cells as text with single spaces; missing where blank. Whole numbers lose their ".0"."""
    return text_by(column, cell_text)


def is_blank(column: pd.Series) -> Mask:
    """Tell which cells hold nothing at all; a dash is something."""
    return np.asarray(as_text(column).isna())


def as_number(
    column: pd.Series, kolom: str, minimum: float, maksimum: float, satuan: str = ""
) -> tuple[FloatArray, list[Finding]]:
    """Read cells as numbers within a range.

    Parameters
    ----------
    column : pandas.Series
        Numbers, or text such as "36,5", "36.5", "1.234,5".
    kolom : str
        The column's canonical name.
    minimum, maksimum : float
        Allowed range, edges included.
    satuan : str
        Unit, for the message.

    Returns
    -------
    values : array of float
        NaN where blank or refused.
    findings : list of Finding
        ``bukan_angka``, ``angka_rancu`` or ``di_luar_rentang``.

    Notes
    -----
    Which of comma and dot is the decimal mark is decided for a column as a whole, from cells
    that can be read in one way only ("36,5" but not "1,234"). Where cells speak for both, or
    none decides and "1,234" occurs, every cell with a mark is refused.
    """
    if types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return _in_range(values, kolom, minimum, maksimum, satuan)
    codes, uniques = distinct(column)
    texts = {i: "".join(u.split()) for i, u in enumerate(uniques) if isinstance(u, str)}
    mark, unsure = _decimal_mark([t for t in texts.values() if t.casefold() not in BLANK])
    numbers = np.full(len(uniques) + 1, np.nan)
    wrong = np.zeros(len(uniques) + 1, dtype=bool)
    doubtful = wrong.copy()
    for i, cell in enumerate(uniques):
        text = texts.get(i)
        if text is None:
            if isinstance(cell, int | float):
                numbers[i] = as_float(cell)
            else:
                wrong[i] = True
        elif text.casefold() in BLANK:
            continue
        elif _WHOLE.fullmatch(text):
            numbers[i] = float(text)
        elif unsure and _has_mark(text):
            doubtful[i] = True
        elif (value := _marked_number(text, mark)) is not None:
            numbers[i] = value
        else:
            wrong[i] = True
    values, range_findings = _in_range(numbers[codes], kolom, minimum, maksimum, satuan)
    expected = f"angka{f' ({satuan})' if satuan else ''}, misalnya 36,5; perbaiki atau kosongkan"
    rancu = (
        "koma dan titik tidak jelas mana tanda desimalnya; tulis seluruh kolom dengan satu cara, "
        "tanpa pemisah ribuan"
    )
    return values, [
        *row_finding(kolom, "bukan_angka", wrong[codes], expected),
        *row_finding(kolom, "angka_rancu", doubtful[codes], rancu),
        *range_findings,
    ]


def as_yes_no(column: pd.Series, kolom: str) -> tuple[pd.Series, list[Finding]]:
    """Read cells as yes or no (pandas "boolean"); missing where blank or refused.

    "x" is a no beside ticks (v, ✓). In a column without one it is refused: it may be the tick.
    """
    if types.is_bool_dtype(column.dtype):
        return column.astype("boolean"), []
    codes, uniques = distinct(column)
    texts = [(cell_text(cell) or "").casefold().replace("_", " ") for cell in uniques]
    ticked = not TICKS.isdisjoint(texts)
    answers = np.full(len(uniques) + 1, -1, dtype=np.int8)
    wrong = np.zeros(len(uniques) + 1, dtype=bool)
    doubtful = wrong.copy()
    for i, text in enumerate(texts):
        if text in YES:
            answers[i] = 1
        elif text in NO or (text == UNSURE_NO and ticked):
            answers[i] = 0
        elif text == UNSURE_NO:
            doubtful[i] = True
        else:
            wrong[i] = text != ""
    answer = answers[codes]
    values = pd.Series(answer == 1, index=column.index, dtype="boolean").mask(answer < 0)
    tanda = "tanda x tanpa satu pun tanda v bisa berarti ya atau tidak; tulis ya atau tidak"
    return values, [
        *row_finding(kolom, "bukan_ya_tidak", wrong[codes], "ya atau tidak; perbaiki isinya"),
        *row_finding(kolom, "tanda_rancu", doubtful[codes], tanda),
    ]


def as_category(
    column: pd.Series, kolom: str, pilihan: Sequence[str], variants: Mapping[str, str]
) -> tuple[pd.Categorical, list[Finding]]:
    """Read cells as one of the allowed categories; missing where blank or refused.

    Parameters
    ----------
    column : pandas.Series
    kolom : str
        The column's canonical name.
    pilihan : sequence of str
        Allowed categories, in order.
    variants : mapping of str to str
        Other spellings, as :func:`spell` writes them; those of a category that is not allowed
        are refused like any unknown text.
    """
    known = {s: c for s, c in variants.items() if c in pilihan}
    known.update({spell(c): c for c in pilihan})
    place = {category: i for i, category in enumerate(pilihan)}
    codes, uniques = distinct(column)
    found = np.full(len(uniques) + 1, -1, dtype=np.int64)
    wrong = np.zeros(len(uniques) + 1, dtype=bool)
    for i, cell in enumerate(uniques):
        text = cell_text(cell) or ""
        if text.casefold() in BLANK:
            continue
        category = known.get(spell(text))
        wrong[i] = category is None
        found[i] = -1 if category is None else place[category]
    values = pd.Categorical.from_codes(
        found[codes].astype(np.int8 if len(pilihan) < 127 else np.int64),
        categories=pd.Index(list(pilihan), dtype="str"),
    )
    harapan = f"salah satu dari: {', '.join(pilihan)}"
    return values, row_finding(kolom, "di_luar_pilihan", wrong[codes], harapan)


def error_cells(column: pd.Series, kolom: str) -> list[Finding]:
    """Find cells that show a spreadsheet error or a formula without a value."""
    hit = _spread(column, lambda c: bool(isinstance(c, str) and _ERROR.fullmatch(c.strip())))
    harapan = "sel berisi galat rumus; perbaiki rumusnya atau tempel sebagai nilai"
    return row_finding(kolom, "sel_galat", hit == np.True_, harapan)


def latest_date(column: pd.Series) -> dt.date | None:
    """Give the latest date of a column (ISO or day first); None where no cell holds one."""
    _, uniques = distinct(column)
    return max(filter(None, map(_date, uniques)), default=None)


def _date(cell: object) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = str(cell).strip()
    try:
        if iso := _ISO.match(text):
            return dt.date(*map(int, iso.groups()))
        if day := _DAY_FIRST.match(text):
            return dt.date(int(day[3]), int(day[2]), int(day[1]))
    except ValueError:
        return None
    return None


def _spread(column: pd.Series, read: Callable[[object], object]) -> npt.NDArray[np.object_]:
    """Read each distinct cell once and spread what it gives over the rows."""
    codes, uniques = distinct(column)
    table = np.empty(len(uniques) + 1, dtype=object)
    table[:-1] = [read(cell) for cell in uniques]
    return table[codes]


def as_float(number: float) -> float:
    """Give a number as a float; infinite where it is a whole number too large for one."""
    try:
        return float(number)
    except OverflowError:
        return np.inf


def cell_text(cell: object) -> str | None:
    """Read one cell as text with single spaces; None where blank."""
    if isinstance(cell, str):
        return " ".join(cell.split()) or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    return str(cell)


def _in_range(
    values: FloatArray, kolom: str, minimum: float, maksimum: float, satuan: str
) -> tuple[FloatArray, list[Finding]]:
    outside = (values < minimum) | (values > maksimum)
    harapan = f"{minimum:g} sampai {maksimum:g}{f' {satuan}' if satuan else ''}"
    return np.where(outside, np.nan, values), row_finding(
        kolom, "di_luar_rentang", outside, harapan
    )


def _has_mark(text: str) -> bool:
    return "," in text or "." in text


def _decimal_mark(texts: Sequence[str]) -> tuple[str, bool]:
    """Decimal mark of a column of texts, and whether it cannot be told."""
    comma = dot = open_question = False
    for text in texts:
        thousands_dot = _THOUSANDS_DOT.fullmatch(text)
        thousands_comma = _THOUSANDS_COMMA.fullmatch(text)
        if (thousands_dot or thousands_comma) and text.count(".") + text.count(",") == 1:
            open_question = True
        elif thousands_dot or _DECIMAL_COMMA.fullmatch(text):
            comma = True
        elif thousands_comma or _DECIMAL_DOT.fullmatch(text):
            dot = True
    return "," if comma else ".", (comma and dot) or (open_question and not (comma or dot))


def _marked_number(text: str, mark: str) -> float | None:
    """Read a number with a mark in it, given which mark is the decimal one."""
    decimal, thousands = (
        (_DECIMAL_COMMA, _THOUSANDS_DOT) if mark == "," else (_DECIMAL_DOT, _THOUSANDS_COMMA)
    )
    if not (decimal.fullmatch(text) or thousands.fullmatch(text)):
        return None
    other = "." if mark == "," else ","
    return float(text.replace(other, "").replace(mark, "."))
