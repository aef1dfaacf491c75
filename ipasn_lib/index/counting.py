"""People counted into cells: how many, how many measured, and the sum of their points.

A cell holds everybody with the same keys. Cells of two parts of a country can be put together,
and cells of a finer key added up to a coarser one, so every table of groups comes from one
count, whether the people were in memory or streamed from files too large for it. Half points add
up exactly in any order; points that are no half points (scores as given) to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import DataError
from ipasn_lib.law.instrument import DIMENSI

__all__ = [
    "ORIGIN",
    "POINTS",
    "UNKNOWN",
    "Counts",
    "Grouping",
    "add_up",
    "codes_of",
    "combine",
    "count",
    "group_by",
]

UNKNOWN = "tidak diketahui"
"""Name of the group of people whose key could not be read."""

ORIGIN = ("sumber_data", "id_instrumen")
"""Keys that every cell has: where its people come from and how they were measured."""

POINTS = (*DIMENSI, "indeks")

DENSE = 1 << 22
"""Up to so many combinations of keys are renumbered by a table, more by sorting."""

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Grouping:
    """The group of each row, and each group's keys in order."""

    code: npt.NDArray[np.intp]
    keys: pd.MultiIndex | pd.Index

    @property
    def size(self) -> int:
        """Count the groups."""
        return len(self.keys)


@dataclass(frozen=True)
class Counts:
    """Cells of people; those whom the instrument does not measure are in none.

    Attributes
    ----------
    kunci : pandas.DataFrame, shape (cells, keys)
        The keys of each cell, ``sumber_data`` and ``id_instrumen`` among them.
    n_pegawai, n_terukur : ndarray of int64, shape (cells,)
        People, and people measured.
    jumlah : ndarray of float64, shape (cells, 5)
        Sums of the measured people's points in ``POINTS``.
    """

    kunci: pd.DataFrame
    n_pegawai: IntArray
    n_terukur: IntArray
    jumlah: FloatArray

    def add_keys(self, **columns: pd.Series) -> Counts:
        """Give the same cells with more keys, such as the region of each cell's place."""
        return replace(self, kunci=self.kunci.assign(**columns))

    def take(self, which: npt.NDArray[np.bool_]) -> Counts:
        """Give only the cells where ``which`` is true."""
        return Counts(
            self.kunci.loc[which].reset_index(drop=True),
            self.n_pegawai[which],
            self.n_terukur[which],
            self.jumlah[which],
        )


def count(skor: pd.DataFrame, keys: Sequence[str]) -> Counts:
    """Count scored people into cells.

    Parameters
    ----------
    skor : pandas.DataFrame
        From :func:`ipasn_lib.score`.
    keys : sequence of str
        Columns to tell apart, besides ``sumber_data`` and ``id_instrumen``.

    Raises
    ------
    DataError
        If the index of ``skor`` repeats a person.
    """
    if not skor.index.is_unique:
        raise DataError("skor names a person twice; each id_pegawai may stand once")
    status = skor["status_ukur"]
    subject = (status != "bukan_subjek").to_numpy()
    people = skor if subject.all() else skor.loc[subject]
    measured = (people["status_ukur"] == "terukur").to_numpy()
    columns = list(dict.fromkeys((*keys, *ORIGIN)))
    code, kunci = _cells(people[columns])
    size = len(kunci)
    jumlah = np.empty((size, len(POINTS)), dtype=np.float64)
    for place, name in enumerate(POINTS):
        values = people[name].to_numpy(dtype=np.float64)
        weights = values if measured.all() else np.where(measured, values, 0.0)
        jumlah[:, place] = np.bincount(code, weights=weights, minlength=size)
    n_pegawai = np.bincount(code, minlength=size)
    n_terukur = n_pegawai if measured.all() else np.bincount(code[measured], minlength=size)
    return Counts(kunci, n_pegawai, n_terukur, jumlah)


def combine(parts: Sequence[Counts]) -> Counts:
    """Put the cells of different people together, adding up cells with the same keys.

    The result does not depend on the order of the parts, but for the rounding of points that
    are no half points.
    """
    # Parts without cells have no say in the dtypes of the keys.
    parts = [p for p in parts if len(p.kunci)] or list(parts[:1])
    whole = Counts(
        pd.concat([p.kunci for p in parts], ignore_index=True),
        np.concatenate([p.n_pegawai for p in parts]),
        np.concatenate([p.n_terukur for p in parts]),
        np.concatenate([p.jumlah for p in parts]),
    )
    code, kunci = _cells(whole.kunci)
    return replace(add_up(whole, Grouping(code, kunci.index)), kunci=kunci)


def add_up(counts: Counts, group: Grouping) -> Counts:
    """Add cells up to groups of cells; ``kunci`` of the result has no columns."""
    total = np.zeros((group.size, len(POINTS)))
    for place in range(len(POINTS)):
        total[:, place] = np.bincount(group.code, counts.jumlah[:, place], group.size)
    return Counts(
        pd.DataFrame(index=group.keys),
        # Heads stay far below 2**53, so adding them as float64 is exact.
        np.bincount(group.code, counts.n_pegawai, group.size).astype(np.int64),
        np.bincount(group.code, counts.n_terukur, group.size).astype(np.int64),
        total,
    )


def group_by(rows: pd.DataFrame, by: Sequence[str]) -> Grouping:
    """Sort rows into groups, in the order of their keys; a missing key is a group, last.

    No keys make one group of everybody.
    """
    if not by:
        keys = pd.Index(["semua"] if len(rows) else [], name="kelompok", dtype="str")
        return Grouping(np.zeros(len(rows), dtype=np.intp), keys)
    code, arrays = _combined([codes_of(rows[column]) for column in by], len(rows))
    if len(by) == 1:
        return Grouping(code, pd.Index(arrays[0], name=by[0]))
    return Grouping(code, pd.MultiIndex.from_arrays(arrays, names=list(by)))


def codes_of(column: pd.Series, unknown: str | None = UNKNOWN) -> tuple[IntArray, pd.Index]:
    """Codes and sorted values of a key; a missing key gets the last code and this name."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        if not column.cat.ordered:
            # The order of a dictionary may come from the order of the rows; names decide here.
            column = column.cat.set_categories(column.cat.categories.sort_values())
        codes, values = column.cat.codes.to_numpy().astype(np.intp), column.cat.categories
    else:
        codes, values = pd.factorize(column, sort=True)
        values = pd.Index(values)
    if (codes < 0).any():
        values = pd.Index([*values.astype("object"), unknown])
        codes = np.where(codes < 0, len(values) - 1, codes)
    return codes, values


def _cells(rows: pd.DataFrame) -> tuple[npt.NDArray[np.intp], pd.DataFrame]:
    """Find the different rows, and give one of each with its dtypes."""
    code, _ = _combined([codes_of(rows[c]) for c in rows.columns], len(rows))
    size = int(code.max(initial=-1)) + 1
    first = np.empty(size, dtype=np.intp)
    first[code[::-1]] = np.arange(len(rows))[::-1]
    return code, rows.iloc[first].reset_index(drop=True)


def _combined(
    parts: Sequence[tuple[IntArray, pd.Index]], size: int
) -> tuple[npt.NDArray[np.intp], list[pd.Index]]:
    """Find the combinations that occur, in order, and give the values of each part in them."""
    code = np.zeros(size, dtype=np.intp)
    positions: list[IntArray] = []
    known = 1
    for part, values in parts:
        width = max(len(values), 1)
        if width > 1 or not positions:
            code, present = _renumbered(code * width + part if known > 1 else part, known * width)
            positions = [p.take(present // width) for p in positions]
            positions.append(present % width)
            known = len(present)
        else:
            positions.append(np.zeros(known, dtype=np.intp))
    return code, [values.take(p) for (_, values), p in zip(parts, positions, strict=True)]


def _renumbered(code: IntArray, most: int) -> tuple[npt.NDArray[np.intp], IntArray]:
    """Rank the values that occur in ``code`` (all below ``most``), ascending."""
    if most > DENSE:
        present, numbers = np.unique(code, return_inverse=True)
        return numbers, present
    present = np.flatnonzero(np.bincount(code, minlength=most))
    numbers = np.empty(most, dtype=np.intp)
    numbers[present] = np.arange(len(present))
    return numbers.take(code), present
