"""The few kinds of rule by which an instrument turns a column into points.

A rule is a frozen record of what the regulation prints, with two questions it can answer:
how many points do these values earn, and what is the most a job group can earn. Rules know
nothing of dimensions, files or people. A regulation that needs another kind adds one class
here, with its citation, and one line to ``RULES``.

Points are never rounded. A missing value earns NaN; what NaN means is the instrument's word
(``kosong``), not the rule's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import InstrumentError

__all__ = [
    "RULES",
    "BandPoints",
    "Bands",
    "CategoryPoints",
    "GivenPoints",
    "HoursPoints",
    "Rule",
    "YesNoPoints",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Bands:
    """Closed integer bands as a regulation prints them, and the reading for values between two.

    Parameters
    ----------
    batas : tuple of (float, float)
        Lower and upper edge of each band, ascending, each lower edge one above the upper edge
        before it: ``((0, 60), (61, 70), ...)``.
    tepi : {"bawah", "atas"}
        ``bawah``: a value belongs to the highest band whose printed lower edge it reaches
        (60.5 is still in 0-60). ``atas``: a value above a printed upper edge is in the next
        band (60.5 is in 61-70).

    Notes
    -----
    Peraturan BKN 8/2019 prints integers and is silent on values between two bands; both
    readings are in use.
    """

    batas: tuple[tuple[float, float], ...]
    tepi: str

    def __post_init__(self) -> None:
        if self.tepi not in ("bawah", "atas"):
            raise InstrumentError(f"tepi is {self.tepi!r}; known: 'bawah', 'atas'")
        if not self.batas:
            raise InstrumentError("a list of bands is empty")
        for low, high in self.batas:
            if low > high:
                raise InstrumentError(f"band {low:g}-{high:g} ends before it starts")
        for (_, high), (low, _) in zip(self.batas, self.batas[1:], strict=False):
            if low != high + 1:
                raise InstrumentError(
                    f"bands must follow each other by one: {high:g} is followed by {low:g}"
                )

    @property
    def cuts(self) -> tuple[float, ...]:
        """Where one band ends and the next begins under this reading, ascending."""
        if self.tepi == "bawah":
            return tuple(low for low, _ in self.batas[1:])
        return tuple(high for _, high in self.batas[:-1])

    def index(self, values: npt.ArrayLike) -> IntArray:
        """Give the band's position (0 is the lowest) of each value; -1 for NaN.

        Values under the first lower edge count as the first band, values over the last upper
        edge as the last: ranges are checked where values are read.
        """
        numbers = np.asarray(values, dtype=np.float64)
        side: Literal["left", "right"] = "right" if self.tepi == "bawah" else "left"
        position = np.searchsorted(np.array(self.cuts), numbers, side=side)
        return np.where(np.isnan(numbers), -1, position)

    def between(self, values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Tell which values fall between two printed bands, where the readings differ."""
        numbers = np.asarray(values, dtype=np.float64)
        inside = np.zeros(numbers.shape, dtype=bool)
        for (_, high), (low, _) in zip(self.batas, self.batas[1:], strict=False):
            inside |= (numbers > high) & (numbers < low)
        return inside


class Rule(Protocol):
    """What every kind of rule can answer."""

    reads: ClassVar[str]
    """Kind of column it reads: ``kategori``, ``angka``, ``ya_tidak`` or ``poin``."""

    def points(self, values: pd.Series, group: IntArray, groups: Sequence[str]) -> FloatArray:
        """Points of each person; NaN where the value is missing."""

    def maximum(self, group: str) -> float:
        """Give the most points a person of this job group can earn by this rule."""


@dataclass(frozen=True)
class CategoryPoints:
    """A category earns the points printed beside it (education, disciplinary sanction)."""

    poin: Mapping[str, float]
    reads: ClassVar[str] = "kategori"

    def points(self, values: pd.Series, group: IntArray, groups: Sequence[str]) -> FloatArray:
        """Points of each person; NaN where the category is missing."""
        categories = values.cat.categories
        table = np.array([*(self.poin[str(c)] for c in categories), np.nan], dtype=np.float64)
        return table[values.cat.codes.to_numpy()]

    def maximum(self, group: str) -> float:
        """Give the highest points in the table, whatever the group."""
        return max(self.poin.values())


@dataclass(frozen=True)
class BandPoints:
    """A number earns the points of the band it falls in (SKP value)."""

    pita: Bands
    poin: tuple[float, ...]
    reads: ClassVar[str] = "angka"

    def points(self, values: pd.Series, group: IntArray, groups: Sequence[str]) -> FloatArray:
        """Points of each person; NaN where the number is missing."""
        table = np.array([*self.poin, np.nan], dtype=np.float64)
        return table[self.pita.index(values.to_numpy(dtype=np.float64, na_value=np.nan))]

    def maximum(self, group: str) -> float:
        """Give the highest points of any band, whatever the group."""
        return max(self.poin)


def _by_group(poin: Mapping[str, float], groups: Sequence[str]) -> FloatArray:
    """Points of each job group in the order of ``groups``; a group not named earns nothing."""
    return np.array([*(poin.get(g, 0.0) for g in groups), np.nan], dtype=np.float64)


@dataclass(frozen=True)
class YesNoPoints:
    """Done or not done; what "done" is worth depends on the job group."""

    poin: Mapping[str, float]
    reads: ClassVar[str] = "ya_tidak"

    def points(self, values: pd.Series, group: IntArray, groups: Sequence[str]) -> FloatArray:
        """Points of each person; NaN where missing and the group could earn something."""
        worth = _by_group(self.poin, groups)[group]
        done = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(worth == 0.0, 0.0, worth * done)

    def maximum(self, group: str) -> float:
        """Give the points of a "yes" in this group."""
        return self.poin.get(group, 0.0)


@dataclass(frozen=True)
class HoursPoints:
    """Hours against a threshold; what reaching it is worth depends on the job group.

    ``cara = "penuh"`` gives all or nothing; ``"proporsional"`` gives min(hours, threshold) /
    threshold of the points, as some agencies count.
    """

    ambang: float
    cara: str
    poin: Mapping[str, float]
    reads: ClassVar[str] = "angka"

    def __post_init__(self) -> None:
        if self.cara not in ("penuh", "proporsional"):
            raise InstrumentError(f"cara is {self.cara!r}; known: 'penuh', 'proporsional'")
        if self.ambang <= 0:
            raise InstrumentError("ambang must be above zero")

    def points(self, values: pd.Series, group: IntArray, groups: Sequence[str]) -> FloatArray:
        """Points of each person; NaN where missing and the group could earn something."""
        worth = _by_group(self.poin, groups)[group]
        hours = values.to_numpy(dtype=np.float64, na_value=np.nan)
        share = np.minimum(hours, self.ambang) / self.ambang
        if self.cara == "penuh":
            share = np.floor(share)
        return np.where(worth == 0.0, 0.0, worth * share)

    def maximum(self, group: str) -> float:
        """Give the points of a reached threshold in this group."""
        return self.poin.get(group, 0.0)


@dataclass(frozen=True)
class GivenPoints:
    """Points taken as given (SIASN's own scores), checked against the maximum where read."""

    maksimum: float
    reads: ClassVar[str] = "poin"

    def points(self, values: pd.Series, group: IntArray, groups: Sequence[str]) -> FloatArray:
        """Return the points as they stand; NaN where missing."""
        return values.to_numpy(dtype=np.float64, na_value=np.nan)

    def maximum(self, group: str) -> float:
        """Give the dimension's maximum, whatever the group."""
        return self.maksimum


RULES: Mapping[str, type[Rule]] = {
    "kategori": CategoryPoints,
    "pita": BandPoints,
    "ya_tidak": YesNoPoints,
    "jam": HoursPoints,
    "langsung": GivenPoints,
}
