"""Points of whole people, looked up: one table for all combinations of cases.

The cases of a person's columns make one number, and one table gives what that person adds to a
group: a head, a measured head, and points of the four dimensions in whole half points. Whether
an instrument can be held so is a property of its rules, found by asking them: every case must be
worth a whole number of half points. Where it is not (points as given, proportional hours, other
weights) there is no table, and people are scored in floating point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ipasn_lib.index.cases import Cases, CategoryCases, cases_of
from ipasn_lib.law.instrument import DIMENSI, Instrument
from ipasn_lib.law.rules import Rule

__all__ = ["BLOCK", "SUMS", "PointTable", "point_table"]

BLOCK = 1 << 17
"""Most people whose sums may be added in one go: two sums then share a float64 exactly."""

FIELD = float(1 << 26)
"""The second of two sums that share a number is counted in units of this."""

HALF = 2.0
"""Half points in a point."""

SUMS = 6
"""Sums of a group: people, people measured, half points of the four dimensions."""

TABLE = 4096
"""A table of combinations larger than this is cut down to its different rows."""

MOST = 1 << 20
"""An instrument with more different rows than this is not held as a table."""

UNMEASURED, BLANK, OUTSIDE, OTHER, NO_GROUP = 1, 2, 4, 8, 16
"""Flags: a needed value is blank; a blank that is refused; a value outside the vocabulary; a
person whom the instrument does not measure; a job group that is blank or unknown."""

FLAGS = len(DIMENSI)
ROW = FLAGS + 1
"""A row of a table being made: half points of the dimensions, then flags."""

IntArray = npt.NDArray[np.int64]
Worth = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Step:
    """Take one more column into the number; afterwards renumber by ``ganti``, if there is one."""

    kasus: Cases
    kolom: str
    ganti: npt.NDArray[np.uint32] | None


@dataclass(frozen=True)
class PointTable:
    """What each combination of cases adds to a group.

    Attributes
    ----------
    langkah : tuple
        How the number of a combination is built, column by column.
    tambahan : tuple of three ndarray of float64, shape (combinations,)
        Two sums each, the second in units of 2**26: people and measured people; half points of
        the first and second dimension; of the third and fourth. NaN where a person like this
        is refused.
    """

    langkah: tuple[_Step, ...]
    tambahan: tuple[FloatArray, FloatArray, FloatArray]

    @property
    def columns(self) -> tuple[str, ...]:
        """Name the columns it reads."""
        return tuple(step.kolom for step in self.langkah)

    def numbers(self, columns: Mapping[str, pa.Array], size: int) -> npt.NDArray[np.generic]:
        """Give each person's number of combination, shape (size,)."""
        number: npt.NDArray[np.uint32] = np.zeros(size, dtype=np.uint32)
        for step in self.langkah:
            number *= np.uint32(step.kasus.size)
            number += step.kasus.of(columns[step.kolom])
            if step.ganti is not None:
                number = step.ganti.take(number)
        return number

    def sums(
        self, columns: Mapping[str, pa.Array], group: npt.NDArray[np.int64], groups: int
    ) -> IntArray | None:
        """Add people up by group.

        Parameters
        ----------
        columns : mapping of str to pyarrow.Array
            The columns named in ``columns``, of the same length, at most ``BLOCK``.
        group : ndarray of int64
            Each person's group, below ``groups``.

        Returns
        -------
        ndarray of int64, shape (groups, 6), or None
            People, measured people, half points of the four dimensions. None where a person is
            refused: :func:`ipasn_lib.score` then says why.
        """
        number = self.numbers(columns, len(group)).astype(np.intp)
        added = np.empty((groups, SUMS), dtype=np.int64)
        for pair, table in enumerate(self.tambahan):
            total = np.bincount(group, weights=table.take(number), minlength=groups)
            if pair == 0 and np.isnan(total.sum()):
                return None
            second = np.floor(total / FIELD)
            added[:, 2 * pair + 1] = second
            added[:, 2 * pair] = total - second * FIELD
        return added


def point_table(instrument: Instrument, columns: Sequence[str]) -> PointTable | None:
    """Make the table of an instrument, or None where its points are not all half points.

    Parameters
    ----------
    instrument : Instrument
        The rules.
    columns : sequence of str
        Columns of the data: without ``jenis_asn`` everybody is measured, as in
        :func:`ipasn_lib.score`.
    """
    read: dict[str, list[Rule]] = {}
    for dimension in instrument.dimensi.values():
        for indicator in dimension.indikator:
            read.setdefault(indicator.kolom, []).append(indicator.aturan)
    steps: list[tuple[str, Cases, Worth]] = []
    for name, rules in read.items():
        cases = cases_of(instrument.kolom[name], rules)
        worth = None if cases is None else _worth(instrument, name, cases)
        if cases is None or worth is None:
            return None
        steps.append((name, cases, worth))
    # Columns whose worth depends on the job group come first; then the group may be forgotten.
    steps.sort(key=lambda step: not _by_group(step[2]))
    return _folded(instrument, columns, steps)


def _worth(instrument: Instrument, column: str, cases: Cases) -> Worth | None:
    """Ask the rules what each case of a column is worth to each job group, in half points."""
    groups = instrument.kelompok_jabatan
    kosong = instrument.kolom[column].kosong
    worth = np.zeros((max(len(groups), 1), cases.size, ROW), dtype=np.int64)
    for place, name in enumerate(DIMENSI):
        dimension = instrument.dimensi[name]
        for indicator in dimension.indikator:
            if indicator.kolom != column:
                continue
            for g in range(len(worth)):
                group = np.full(cases.size, g if groups else -1, dtype=np.intp)
                points = indicator.aturan.points(cases.examples(), group, groups)
                blank = np.isnan(points)
                halves = np.where(blank, 0.0, points * dimension.skala * HALF)
                if (halves != np.floor(halves)).any() or (halves < 0).any():
                    return None
                worth[g, :, place] += halves.astype(np.int64)
                if kosong != "nol":
                    worth[g, blank, FLAGS] |= BLANK if kosong == "tolak" else UNMEASURED
    worth[:, cases.outside, FLAGS] |= OUTSIDE
    return worth


def _by_group(worth: Worth) -> bool:
    return bool((worth != worth[:1]).any())


def _folded(
    instrument: Instrument, columns: Sequence[str], steps: list[tuple[str, Cases, Worth]]
) -> PointTable | None:
    rows: Worth = np.zeros((1, ROW + 1), dtype=np.int64)  # the last number is the job group
    made: list[_Step] = []
    if "jenis_asn" in columns:
        kinds = CategoryCases("jenis_asn", instrument.subjek)
        other = np.where(kinds.outside, OTHER, 0)
        rows = np.zeros((kinds.size, ROW + 1), dtype=np.int64)
        rows[:, FLAGS] = other
        made.append(_Step(kinds, kinds.nama, None))
    if instrument.kelompok_jabatan:
        groups = CategoryCases("kelompok_jabatan", instrument.kelompok_jabatan)
        known = np.arange(groups.size) < len(instrument.kelompok_jabatan)
        rows = np.repeat(rows, groups.size, axis=0)
        case = np.tile(np.arange(groups.size), len(rows) // groups.size)
        rows[:, ROW] = np.where(known[case], case, 0)
        rows[:, FLAGS] |= np.where(known[case], 0, NO_GROUP)
        made.append(_Step(groups, groups.nama, None))
    for name, cases, worth in steps:
        if not _by_group(worth):
            rows[:, ROW] = 0
        if len(rows) * cases.size > TABLE:
            rows, renumbered = np.unique(_plain(rows), axis=0, return_inverse=True)
            if made:
                made[-1] = replace(made[-1], ganti=renumbered.reshape(-1).astype(np.uint32))
        if len(rows) * cases.size > MOST:
            return None
        added = worth[rows[:, ROW]]
        flags = rows[:, None, FLAGS] | added[:, :, FLAGS]
        rows = np.repeat(rows, cases.size, axis=0)
        rows[:, :FLAGS] += added.reshape(-1, ROW)[:, :FLAGS]
        rows[:, FLAGS] = flags.reshape(-1)
        made.append(_Step(cases, name, None))
    rows = _plain(rows)
    if rows[:, :FLAGS].max() * BLOCK >= FIELD:
        return None
    return PointTable(tuple(made), _packed(rows))


def _plain(rows: Worth) -> Worth:
    """Take the points from rows that will not count, so that they become alike."""
    plain = rows.copy()
    plain[(rows[:, FLAGS] & (UNMEASURED | OTHER | OUTSIDE)) > 0, :FLAGS] = 0
    return plain


def _packed(rows: Worth) -> tuple[FloatArray, FloatArray, FloatArray]:
    flags = rows[:, FLAGS]
    subject = (flags & OTHER) == 0
    measured = subject & ((flags & UNMEASURED) == 0)
    refused = ((flags & OUTSIDE) > 0) | (subject & ((flags & (BLANK | NO_GROUP)) > 0))
    heads = subject + measured * FIELD
    first, second, third, fourth = (rows[:, k] * measured for k in range(FLAGS))
    return (
        np.where(refused, np.nan, heads),
        (first + second * FIELD).astype(np.float64),
        (third + fourth * FIELD).astype(np.float64),
    )
