"""Which cells of a table of groups must not be shown.

A group of fewer people than the minimum is hidden (primary suppression). A hidden group must
not come back by subtracting its visible brothers from a published parent, so more cells are
hidden until, in every parent, the hidden cells are at least two and together at least the
minimum (secondary suppression). Suppression only ever grows, so the loop ends.

Sources: UU 27/2022 Pasal 16 (limits on processing personal data); the rule of ten and the
complementary suppression are those of official statistics (Hundepool and others, *Statistical
Disclosure Control*, 2012, doi:10.1002/9781118348239, chapter 4).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ipasn_lib.errors import ParameterError

__all__ = ["MINIMUM", "check_minimum", "hide_small_groups"]

MINIMUM = 10
"""Smallest group that may be shown, unless the user asks for a larger one."""

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def check_minimum(minimum: int) -> int:
    """Refuse a minimum that would protect nobody.

    Raises
    ------
    ParameterError
        If ``minimum`` is not an integer of at least 2. A minimum of 1 would show single people.
    """
    if isinstance(minimum, bool) or not isinstance(minimum, int | np.integer) or minimum < 2:
        raise ParameterError(f"minimum is {minimum!r}; expected a whole number of 2 or more")
    return int(minimum)


def hide_small_groups(
    n_pegawai: npt.ArrayLike,
    n_terukur: npt.ArrayLike,
    parents: Sequence[npt.ArrayLike],
    minimum: int = MINIMUM,
    hidden: npt.ArrayLike | None = None,
) -> BoolArray:
    """Choose the cells to hide so that none is recoverable from a published parent.

    Parameters
    ----------
    n_pegawai, n_terukur : array-like of int, shape (n_groups,)
        People in each group, and those of them who are measured.
    parents : sequence of array-like of int, each of shape (n_groups,)
        For every partition whose totals are published too: the number of the parent to which
        each group belongs. Each partition is protected, and all together.
    minimum : int
        Smallest group shown.
    hidden : array-like of bool, shape (n_groups,), optional
        Cells that are hidden already (their parent is hidden, or another table hides them).

    Returns
    -------
    numpy.ndarray of bool, shape (n_groups,)
        True where the group is hidden. In each parent: no hidden cell, or every cell hidden, or
        at least two hidden cells that hold at least ``minimum`` people and at least ``minimum``
        measured people (or none measured).

    Notes
    -----
    The next cell to be hidden is the smallest visible brother, so as little as possible is
    lost in people; ties go by position. Where several partitions are published, their totals
    together are linear equations in the hidden cells; while these equations fix a cell, one
    more is hidden. The pattern is safe, not the smallest possible.

    A cell that is alone in a parent cannot be protected by hiding others: such a parent is
    taken as not published, and must not be.
    """
    minimum = check_minimum(minimum)
    people = np.asarray(n_pegawai, dtype=np.int64)
    measured = np.asarray(n_terukur, dtype=np.int64)
    mask = (people < minimum) | ((measured > 0) & (measured < minimum))
    if hidden is not None:
        mask |= np.asarray(hidden, dtype=bool)
    partitions = [np.unique(np.asarray(p), return_inverse=True)[1] for p in parents]
    growing = True
    while growing:
        growing = False
        for partition in partitions:
            for parent in np.unique(partition[mask]):
                members = np.flatnonzero(partition == parent)
                growing |= _hide_until_safe(mask, members, people, measured, minimum)
        if not growing and len(partitions) > 1:
            growing = _hide_one_more_if_fixed(mask, partitions, people, measured)
    return mask


def _hide_until_safe(
    mask: BoolArray, members: IntArray, people: IntArray, measured: IntArray, minimum: int
) -> bool:
    """Hide brothers in one parent until its hidden cells are safe; tell whether any was hidden."""
    grown = False
    while True:
        inside = members[mask[members]]
        visible = members[~mask[members]]
        counted = measured[inside].sum()
        safe = (
            len(inside) >= 2
            and people[inside].sum() >= minimum
            and (counted == 0 or counted >= minimum)
        )
        if safe or len(visible) == 0:
            return grown
        mask[_smallest(visible, people, measured)] = True
        grown = True


def _smallest(cells: IntArray, people: IntArray, measured: IntArray) -> np.int64:
    return cells[np.lexsort((cells, people[cells], measured[cells]))[0]]


def _hide_one_more_if_fixed(
    mask: BoolArray, partitions: Sequence[IntArray], people: IntArray, measured: IntArray
) -> bool:
    """Hide a brother of a cell that the totals of all partitions together fix; tell whether."""
    unknown = np.flatnonzero(mask)
    totals = [
        p[unknown] == parent
        for p in partitions
        for parent in np.unique(p[unknown])
        if (p == parent).sum() > 1
    ]
    if not totals:
        return False
    # A cell is free where some vector that leaves every total unchanged moves it.
    _, singular, directions = np.linalg.svd(np.array(totals, dtype=np.float64))
    rank = int((singular > 1e-9).sum())
    fixed = unknown[np.abs(directions[rank:]).max(axis=0, initial=0.0) < 1e-9]
    for cell in fixed:
        brothers = np.any([p == p[cell] for p in partitions], axis=0)
        visible = np.flatnonzero(brothers & ~mask)
        if len(visible):
            mask[_smallest(visible, people, measured)] = True
            return True
    return False
