"""A column cut into the few cases that an instrument's rules can tell apart.

A rule gives the same points to all hours above its threshold, and to all values within a band.
So a column of millions of rows is a column of small case numbers, found by comparing or read off
the file's own dictionary, and points are looked up in a table of cases. The table is made by
asking the rules themselves about one example of each case (:mod:`ipasn_lib.index.lookup`), so
the law is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ipasn_lib.errors import DataError
from ipasn_lib.law.instrument import Column
from ipasn_lib.law.rules import BandPoints, HoursPoints, Rule

__all__ = ["Cases", "CategoryCases", "NumberCases", "YesNoCases", "cases_of"]

CaseArray = npt.NDArray[np.uint8]

LARGEST = np.finfo(np.float64).max
MOST_CASES = 255
"""Case numbers are bytes."""


class Cases(Protocol):
    """The cases of one column."""

    @property
    def size(self) -> int:
        """Count the cases."""

    @property
    def outside(self) -> npt.NDArray[np.bool_]:
        """Tell which cases the instrument does not know, shape (size,)."""

    def examples(self) -> pd.Series:
        """Give one value of each case; missing where the case is a blank or outside."""

    def of(self, column: pa.Array) -> CaseArray:
        """Give the case of each value."""


@dataclass(frozen=True)
class CategoryCases:
    """The categories in order, then "blank" (read as ``kosong`` if that is one), then "other"."""

    nama: str
    pilihan: tuple[str, ...]
    kosong: str = ""

    @property
    def size(self) -> int:
        """Count the cases."""
        return len(self.pilihan) + 2

    @property
    def outside(self) -> npt.NDArray[np.bool_]:
        """Tell which cases the instrument does not know."""
        return np.arange(self.size) == self.size - 1

    def examples(self) -> pd.Series:
        """Give one value of each case; missing where it is a blank or outside."""
        blank = self.kosong if self.kosong in self.pilihan else None
        return pd.Series(pd.Categorical([*self.pilihan, blank, None], categories=self.pilihan))

    def of(self, column: pa.Array) -> CaseArray:
        """Give the case of each value."""
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        names = column.dictionary.to_pylist()
        position = {name: i for i, name in enumerate(self.pilihan)}
        blank, other = len(self.pilihan), len(self.pilihan) + 1
        table = [blank if n is None else position.get(n, other) for n in names]
        codes = column.indices
        if codes.null_count:
            codes = codes.fill_null(pa.scalar(len(names), codes.type))
        numbers = codes.to_numpy(zero_copy_only=False)
        if table == list(range(len(table))) and not column.indices.null_count:
            return numbers.astype(np.uint8)
        return np.array([*table, blank], dtype=np.uint8).take(numbers)


@dataclass(frozen=True)
class YesNoCases:
    """No, yes, blank."""

    nama: str
    size: int = 3

    @property
    def outside(self) -> npt.NDArray[np.bool_]:
        """Tell which cases the instrument does not know."""
        return np.zeros(3, dtype=bool)

    def examples(self) -> pd.Series:
        """Give one value of each case; missing where it is a blank or outside."""
        return pd.Series([False, True, pd.NA], dtype="boolean")

    def of(self, column: pa.Array) -> CaseArray:
        """Give the case of each value."""
        if not pa.types.is_boolean(column.type):
            raise DataError(f"{self.nama} is stored as {column.type}; expected true or false")
        valid, values = (_bits(b, column) for b in column.buffers())
        assert values is not None
        if column.null_count == 0 or valid is None:
            return values
        return np.where(valid, values, np.uint8(2))


@dataclass(frozen=True)
class NumberCases:
    """Below the first threshold, then between each two, then from the last on; blank is last.

    ``ambang`` ascends and starts with the least number allowed and ends with the least number
    that is too large, so the first case and the last before "blank" are outside.
    """

    nama: str
    ambang: tuple[float, ...]

    @property
    def size(self) -> int:
        """Count the cases."""
        return len(self.ambang) + 2

    @property
    def outside(self) -> npt.NDArray[np.bool_]:
        """Tell which cases the instrument does not know."""
        return np.isin(np.arange(self.size), [0, len(self.ambang)])

    def examples(self) -> pd.Series:
        """Give one value of each case; missing where it is a blank or outside."""
        return pd.Series([np.nan, *self.ambang[:-1], np.nan, np.nan])

    def of(self, column: pa.Array) -> CaseArray:
        """Give the case of each value."""
        if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
            raise DataError(f"{self.nama} is stored as {column.type}; expected numbers")
        numbers = column.to_numpy(zero_copy_only=False)
        # Counting the thresholds reached is ten times as fast as searching among them.
        case = (numbers >= self.ambang[0]).view(np.uint8)
        for threshold in self.ambang[1:]:
            case += (numbers >= threshold).view(np.uint8)
        if case.min(initial=1) == 0:  # below the least, or blank: NaN reaches no threshold
            case[np.isnan(numbers)] = self.size - 1
        return case


def cases_of(column: Column, rules: Sequence[Rule]) -> Cases | None:
    """Find the cases that these rules tell apart in a column; None where there is no such list.

    Proportional hours and points taken as given can be any number: they have no cases.
    """
    if column.jenis == "kategori":
        if len(column.pilihan) + 2 > MOST_CASES:
            return None
        return CategoryCases(column.nama, column.pilihan, column.kosong)
    if column.jenis == "ya_tidak":
        return YesNoCases(column.nama)
    inner: set[float] = set()
    for rule in rules:
        found = _thresholds(rule)
        if found is None:
            return None
        inner |= set(found)
    least = max(column.minimum, -LARGEST)
    beyond = float(np.nextafter(column.maksimum, np.inf))
    ambang = (least, *sorted(t for t in inner if least < t < beyond), beyond)
    return NumberCases(column.nama, ambang) if len(ambang) + 2 <= MOST_CASES else None


def _thresholds(rule: Rule) -> list[float] | None:
    """Give the least number of each case: a band that starts above its cut starts just above."""
    if isinstance(rule, BandPoints):
        cuts = [float(c) for c in rule.pita.cuts]
        return cuts if rule.pita.tepi == "bawah" else [float(np.nextafter(c, np.inf)) for c in cuts]
    if isinstance(rule, HoursPoints) and rule.cara == "penuh":
        return [float(rule.ambang)]
    return None


def _bits(buffer: pa.Buffer | None, column: pa.Array) -> CaseArray | None:
    if buffer is None:
        return None
    end = column.offset + len(column)
    packed = np.frombuffer(buffer, dtype=np.uint8, count=(end + 7) // 8)
    return np.unpackbits(packed, count=end, bitorder="little")[column.offset :]
