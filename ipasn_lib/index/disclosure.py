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
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components

from ipasn_lib.errors import DisclosureError
from ipasn_lib.threshold import MINIMUM, PUNISHED, check_minimum

__all__ = [
    "NO_PARENT",
    "all_may_be_punished",
    "fixed_unknowns",
    "hide_in_lines",
    "hide_small_groups",
    "parents_of_several",
    "recoverable_cells",
    "too_small",
]

NO_PARENT = -1
"""Number of the parent of a cell that belongs to no published total of a partition."""

TINY = 1e-9
"""What counts as zero, or as no change of length, in a projection."""

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


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
        each group belongs, or ``NO_PARENT`` where that total is not published. Each partition
        is protected, and all together. A parent that is itself too small to be shown counts as
        not published.
    minimum : int
        Smallest group shown.
    hidden : array-like of bool, shape (n_groups,), optional
        Cells that are hidden already (their parent is hidden, or another table hides them).

    Returns
    -------
    numpy.ndarray of bool, shape (n_groups,)
        True where the group is hidden. In each published parent: no hidden cell, or every cell
        hidden, or at least two hidden cells that hold at least ``minimum`` people and at least
        ``minimum`` measured people (or none measured). No hidden cell follows from all totals.

    Raises
    ------
    DisclosureError
        If a hidden cell follows from the totals whatever else is hidden, as one that is alone
        in a published parent does.

    Notes
    -----
    The next cell to be hidden is the smallest visible brother, so as little as possible is
    lost in people; ties go by position. A cell that is alone in a published parent is that
    parent's number: hiding it would protect nobody, so it is never chosen. The totals of all
    partitions together are linear equations in the hidden cells; while these equations fix a
    cell, one more is hidden. The pattern is safe against subtraction, not the smallest possible.
    """
    minimum = check_minimum(minimum)
    people = np.asarray(n_pegawai, dtype=np.int64)
    measured = np.asarray(n_terukur, dtype=np.int64)
    mask = too_small(people, measured, minimum)
    if hidden is not None:
        mask |= np.asarray(hidden, dtype=bool)
    partitions = [_published(p, people, measured, minimum) for p in parents]
    families = [members for p in partitions for members in _families(p)]
    alone = _alone(families, len(people))
    growing = True
    while growing:
        _hide_until_safe(mask, families, alone, people, measured, minimum)
        growing = _hide_one_more_if_fixed(mask, partitions, alone, people, measured)
    if recoverable_cells(mask, partitions).any():
        raise DisclosureError(
            "a hidden group follows from the totals published beside it, whatever else is hidden"
        )
    return mask


def hide_in_lines(
    n: npt.ArrayLike,
    lines: Sequence[npt.ArrayLike],
    minimum: int = MINIMUM,
    hidden: npt.ArrayLike | None = None,
) -> BoolArray:
    """Hide small counts until no line of the table holds a single hidden one.

    Parameters
    ----------
    n : array-like of int, shape (n_cells,)
        Counts of people.
    lines : sequence of array-like of int, each of shape (n_cells,)
        For every way to add the cells up: the number of the line of each, ``NO_PARENT`` for none.
    minimum : int
        Smallest count shown, and smallest sum of the hidden counts of a line that shows others.
    hidden : array-like of bool, shape (n_cells,), optional
        Cells that are hidden already.

    Returns
    -------
    numpy.ndarray of bool, shape (n_cells,)
        True where the count is hidden.

    Notes
    -----
    For tables whose lines are not all sums of counts. It guards each line by itself; whoever
    calls it asks :func:`fixed_unknowns` what the published numbers tell together.
    """
    count = np.asarray(n, dtype=np.int64)
    minimum = check_minimum(minimum)
    mask = count < minimum
    if hidden is not None:
        mask |= np.asarray(hidden, dtype=bool)
    families = [members for line in lines for members in _families(line)]
    _hide_until_safe(mask, families, _alone(families, len(count)), count, count, minimum)
    return mask


def parents_of_several(parent: npt.ArrayLike) -> IntArray:
    """Leave out the parents of a single cell.

    Parameters
    ----------
    parent : array-like of int, shape (n_groups,)
        As one of ``parents`` of :func:`hide_small_groups`.

    Returns
    -------
    numpy.ndarray of int, shape (n_groups,)
        ``NO_PARENT`` for a cell that is alone in its parent.

    Notes
    -----
    For tables where such a parent *is* its cell and is hidden with it (a class in a table of
    one class), or where its total tells something else than the cell does (a dimension's mean
    tells the points lost in its only indicator, not by how many people). Never for a table
    whose total stands in print.
    """
    number = np.asarray(parent, dtype=np.int64)
    _, position, count = np.unique(number, return_inverse=True, return_counts=True)
    return np.where(count[position] > 1, number, NO_PARENT)


def recoverable_cells(mask: npt.ArrayLike, parents: Sequence[npt.ArrayLike]) -> BoolArray:
    """Tell which hidden cells follow from the visible ones and all published totals together.

    Parameters
    ----------
    mask : array-like of bool, shape (n_groups,)
        True where the group is hidden.
    parents : sequence of array-like of int, each of shape (n_groups,)
        The parent of each group in each partition; ``NO_PARENT`` where it is not published.

    Returns
    -------
    numpy.ndarray of bool, shape (n_groups,)
        True where the cell's number is the only one that fits all totals.

    Notes
    -----
    Each published total, less its visible cells, is a linear equation in the hidden ones; see
    :func:`fixed_unknowns`.
    """
    hidden = np.asarray(mask, dtype=bool)
    unknown = np.flatnonzero(hidden)
    fixed = np.zeros(len(hidden), dtype=bool)
    rows: list[IntArray] = []
    columns: list[IntArray] = []
    size = 0
    for parent in parents:
        number = np.asarray(parent, dtype=np.int64)[unknown]
        at = np.flatnonzero(number != NO_PARENT)
        present, row = np.unique(number[at], return_inverse=True)
        rows.append(row + size)
        columns.append(at)
        size += len(present)
    if size:
        row, column = np.concatenate(rows), np.concatenate(columns)
        totals = csr_array((np.ones(len(row)), (row, column)), shape=(size, len(unknown)))
        fixed[unknown] = fixed_unknowns(totals)
    return fixed


def fixed_unknowns(equations: csr_array) -> BoolArray:
    """Tell which unknowns a system of linear equations fixes, whatever its right-hand side.

    Parameters
    ----------
    equations : scipy.sparse.csr_array, shape (n_equations, n_unknowns)
        Coefficients of a system that has a solution.

    Returns
    -------
    numpy.ndarray of bool, shape (n_unknowns,)
        True where all solutions give the unknown the same value.

    Notes
    -----
    An unknown is fixed where its unit vector lies in the space that the rows span: where the
    projection on that space leaves its length as it is. Parts of the system that share no
    unknown are looked at one by one, which keeps the matrices small. What bounds (no count is
    negative) and rounding tell besides is not asked here.
    """
    n_equations = equations.shape[0]
    _, part = connected_components(block_array([[None, equations], [equations.T, None]]))
    of_equation, of_unknown = part[:n_equations], part[n_equations:]
    told = np.bincount(of_equation[np.diff(equations.indptr) > 0], minlength=len(part))
    asked = np.bincount(of_unknown, minlength=len(part))
    # One equation fixes its unknown if it has only one: most totals are of this kind.
    fixed = (told[of_unknown] == 1) & (asked[of_unknown] == 1)
    entwined = np.flatnonzero(told[of_unknown] > 1)
    for members in (entwined[family] for family in _families(of_unknown[entwined])):
        own = equations[:, members]
        dense = own[np.diff(own.indptr) > 0].toarray()
        _, singular, directions = np.linalg.svd(dense, full_matrices=False)
        spanned = directions[singular > TINY]
        fixed[members] = (spanned**2).sum(axis=0) > 1.0 - TINY
    return fixed


def too_small(people: IntArray, measured: IntArray, minimum: int) -> BoolArray:
    """Tell which groups have too few people, or too few measured people, to be shown."""
    return (people < minimum) | ((measured > 0) & (measured < minimum))


def all_may_be_punished(points: npt.ArrayLike, measured: npt.ArrayLike) -> BoolArray:
    """Tell which groups must be hidden since everybody in them may have been punished.

    Parameters
    ----------
    points : array-like of float, shape (n_groups,)
        Sum of the measured people's points of discipline.
    measured : array-like of int, shape (n_groups,)
        Measured people.

    Returns
    -------
    numpy.ndarray of bool, shape (n_groups,)

    Notes
    -----
    A mean at or below what a lightly punished person has could mean that everybody was punished:
    shown, it would say so of each, however large the group (a cell of 100 %). The other end, a
    mean of 5.00, is shown: that nobody was punished is what is presumed of everybody and burdens
    no one, and hiding it would tell the same, since large groups are hidden for no other reason.
    """
    counted = np.asarray(measured, dtype=np.int64)
    return (counted > 0) & (np.asarray(points, dtype=np.float64) <= PUNISHED * counted + TINY)


def _published(
    parent: npt.ArrayLike, people: IntArray, measured: IntArray, minimum: int
) -> IntArray:
    """Give each cell its parent; none where the parent is too small to be shown itself."""
    number = np.asarray(parent, dtype=np.int64)
    names, position = np.unique(number, return_inverse=True)
    total, counted = (
        np.bincount(position, n, len(names)).astype(np.int64) for n in (people, measured)
    )
    return np.where(too_small(total, counted, minimum)[position], NO_PARENT, number)


def _families(partition: npt.ArrayLike) -> list[IntArray]:
    """List the cells of each published parent (sorted once: there may be many parents)."""
    number = np.asarray(partition, dtype=np.int64)
    order = np.argsort(number, kind="stable")
    order = order[number[order] != NO_PARENT]
    return np.split(order, np.flatnonzero(np.diff(number[order])) + 1) if len(order) else []


def _alone(families: Sequence[IntArray], size: int) -> BoolArray:
    """Tell which cells are the only one of a published parent: its total tells them."""
    alone = np.zeros(size, dtype=bool)
    for members in families:
        alone[members] |= len(members) == 1
    return alone


def _hide_until_safe(
    mask: BoolArray,
    families: Sequence[IntArray],
    alone: BoolArray,
    people: IntArray,
    measured: IntArray,
    minimum: int,
) -> None:
    """Hide brothers until in every family the hidden cells are several, and people enough."""
    growing = True
    while growing:
        growing = False
        for family in (f for f in families if mask[f].any()):
            members = family[~alone[family]]
            while True:
                inside, visible = members[mask[members]], members[~mask[members]]
                counted = measured[inside].sum()
                safe = len(inside) == 0 or (
                    len(inside) >= 2
                    and people[inside].sum() >= minimum
                    and (counted == 0 or counted >= minimum)
                )
                if safe or len(visible) == 0:
                    break
                mask[_smallest(visible, people, measured)] = growing = True


def _smallest(cells: IntArray, people: IntArray, measured: IntArray) -> np.int64:
    return cells[np.lexsort((cells, people[cells], measured[cells]))[0]]


def _hide_one_more_if_fixed(
    mask: BoolArray,
    partitions: Sequence[IntArray],
    alone: BoolArray,
    people: IntArray,
    measured: IntArray,
) -> bool:
    """Hide a brother of a cell that all totals together fix; tell whether one was there."""
    for cell in np.flatnonzero(recoverable_cells(mask, partitions)):
        brothers = np.any([(p == p[cell]) & (p != NO_PARENT) for p in partitions], axis=0)
        visible = np.flatnonzero(brothers & ~mask & ~alone)
        if len(visible):
            mask[_smallest(visible, people, measured)] = True
            return True
    return False
