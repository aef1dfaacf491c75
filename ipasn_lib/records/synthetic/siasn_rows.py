"""Tables of history rows in the making: columns that are texts, dates or numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Column", "Rows", "day", "joined", "spread"]

Column: TypeAlias = Any
"""Text (pyarrow, blank where null), or an array of numbers (NaN) or dates (NaT)."""

Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Rows:
    """Rows of one shape.

    Attributes
    ----------
    orang : ndarray of int, shape (n,)
        Whose row it is: position among the people of the place.
    kunci : ndarray of uint64, shape (n,)
        Different for every row; the row's id comes from it.
    kolom : mapping of str to Column
        By canonical name of ``shapes.toml``.
    """

    orang: npt.NDArray[np.intp]
    kunci: npt.NDArray[np.uint64]
    kolom: Mapping[str, Column]

    def taken(self, rows: npt.NDArray[np.intp]) -> Rows:
        """Give some of the rows, in this order."""
        columns = {
            name: values.take(pa.array(rows)) if isinstance(values, pa.Array) else values[rows]
            for name, values in self.kolom.items()
        }
        return Rows(self.orang[rows], self.kunci[rows], columns)

    def until(self, name: str, last: np.datetime64) -> Rows:
        """Leave out rows dated later than a day; rows without that date stay."""
        values = np.asarray(self.kolom[name])
        return self.taken(np.flatnonzero(~(values > last)))


def joined(parts: Sequence[Rows]) -> Rows:
    """Put parts with the same columns together, sorted by person, else in the order given."""
    person = np.concatenate([p.orang for p in parts])
    columns: dict[str, Column] = {}
    for name, first in parts[0].kolom.items():
        pieces = [p.kolom[name] for p in parts]
        columns[name] = (
            pa.concat_arrays(pieces) if isinstance(first, pa.Array) else np.concatenate(pieces)
        )
    whole = Rows(person, np.concatenate([p.kunci for p in parts]), columns)
    return whole.taken(np.argsort(person, kind="stable"))


def day(year: npt.ArrayLike, month: int, date: int) -> Days:
    """Give the same day of each year."""
    months = (np.asarray(year, dtype=np.int64) - 1970) * 12 + month - 1
    start = months.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(start + np.timedelta64(date - 1, "D"))


def spread(first: Days, last: Days, u: npt.NDArray[np.float64]) -> Days:
    """Give a day from ``first`` to ``last``, both included, by a draw ``u``."""
    span = (last - first).astype(np.int64) + 1
    return np.asarray(first + np.floor(u * span).astype(np.int64).astype("timedelta64[D]"))
