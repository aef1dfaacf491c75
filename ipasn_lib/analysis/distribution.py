"""How scores are spread within a place, shown without showing anybody.

A histogram, the shares of the five categories and a few quantiles; each holds only cells with
enough people, and no cell that subtraction would give back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.index.aggregate import UNKNOWN, aggregate, is_hidden
from ipasn_lib.index.disclosure import hide_small_groups
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["category_shares", "safe_quantiles", "score_distribution", "spread_over_places"]


def score_distribution(
    skor: pd.DataFrame, instrument: Instrument, minimum: int = MINIMUM, width: int = 5
) -> pd.DataFrame:
    """Histogram of the index, narrow bins merged until each holds enough people.

    Parameters
    ----------
    skor : pandas.DataFrame
        Scores of one place; needs `indeks`, `status_ukur`, `id_instrumen`.
    instrument : Instrument
        Under which `skor` was made.
    minimum : int
        Smallest number of people in a bin.
    width : int
        Width of a bin in points; divides 100.

    Returns
    -------
    pandas.DataFrame
        One row a bin from 0 to 100, in order: `bawah`, `atas` (points; a value on an edge
        belongs to the bin above, 100 to the last), `n` (Int64), `bagian` (0-1, sums to 1) and
        `bagian_per_lebar` (share per `width` points: the height of the bar, so that the area of
        a merged bin is right). One row of NA where fewer than `minimum` people are measured.

    Raises
    ------
    ParameterError
        If `width` does not divide 100, or `skor` was made under another instrument.

    Notes
    -----
    Bins are closed from the left as soon as they hold `minimum` people; what is left at the
    right joins the last bin. Nothing is hidden beside a shown total, so nothing can be
    subtracted. The outer bins are wide because few people are there, not because the spread is
    even within them.
    """
    minimum = check_minimum(minimum)
    if isinstance(width, bool) or width < 1 or 100 % width:
        raise ParameterError("width must be a whole number that divides 100")
    values = _measured(skor, instrument)["indeks"].to_numpy(dtype=float)
    edges = np.arange(0, 100 + width, width)
    # A sum of four floats may fall short of an edge by noise; it belongs above it.
    counts, _ = np.histogram(np.round(values, 9), bins=edges)
    if len(values) < minimum:
        kept, merged = np.array([0, 100]), None
    else:
        kept, merged = _merge(edges, counts, minimum)
    table = pd.DataFrame({"bawah": kept[:-1].astype(float), "atas": kept[1:].astype(float)})
    table["n"] = pd.array([pd.NA] if merged is None else merged, dtype="Int64")
    table["bagian"] = np.nan if merged is None else merged / len(values)
    table["bagian_per_lebar"] = table["bagian"] * width / (table["atas"] - table["bawah"])
    return table


def category_shares(
    skor: pd.DataFrame,
    by: Sequence[str],
    instrument: Instrument,
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """Share of measured people in each category, by group.

    Parameters
    ----------
    skor : pandas.DataFrame
        Scores; needs `kategori`, `status_ukur`, `id_instrumen` and the columns of `by`.
    by : sequence of str
        Columns that make the groups, outermost first; empty for everybody in one row.
    instrument : Instrument
        Under which `skor` was made; gives the categories and their order.
    minimum : int
        Smallest number of people shown.

    Returns
    -------
    pandas.DataFrame
        Index as :func:`ipasn_lib.index.aggregate.aggregate` makes it; `n_terukur` (Int64), one
        column a category (0-1; NaN where hidden) and `tersembunyi` (0-1; what the hidden
        categories hold together; 0 where none is). NA throughout where the group is hidden.

    Raises
    ------
    ParameterError
        For an unknown column in `by` or a `skor` made under another instrument.

    Notes
    -----
    A share is hidden where fewer than `minimum` people stand behind it, none included. More
    cells are hidden until, in each row and in each category over the groups of one parent, the
    hidden ones are at least two and hold `minimum` people; what is hidden for a parent stays
    hidden for its groups. The heuristic guards each line, not all combinations of lines.
    """
    minimum = check_minimum(minimum)
    names = list(instrument.kategori.nama)
    by = list(by)
    _measured(skor, instrument)
    mask = np.zeros((1, len(names)), dtype=bool)
    above: pd.DataFrame | None = None
    for depth in range(len(by) + 1):
        columns = by[:depth]
        table = aggregate(skor, columns, minimum, instrument=instrument)
        counts = _category_counts(skor, columns, table.index, names)
        rows = is_hidden(table).to_numpy()
        parent = np.zeros(len(table), dtype=int)
        if above is not None and depth > 1:
            parent = above.index.get_indexer(_drop_last(table.index))
        hidden = mask[parent] | rows[:, None]
        mask = _hide_cells(counts, hidden, None if depth == 0 else mask, parent, minimum)
        above = table
    measured = counts.sum(axis=1)
    with np.errstate(invalid="ignore"):
        share = counts / measured[:, None]
    shown = pd.DataFrame(np.where(mask, np.nan, share), index=table.index, columns=names)
    shown.insert(0, "n_terukur", table["n_terukur"])
    nothing = rows | (measured == 0)
    shown["tersembunyi"] = np.where(nothing, np.nan, np.where(mask, share, 0.0).sum(axis=1))
    return shown


def safe_quantiles(
    values: npt.ArrayLike, probs: Sequence[float], minimum: int = MINIMUM
) -> pd.Series:
    """Quantiles that have enough people on both sides.

    Parameters
    ----------
    values : array-like of float
        Scores in points; NaN (not measured) is left out.
    probs : sequence of float
        Probabilities, 0-1.
    minimum : int
        People needed strictly before and strictly after the quantile's place in the order.

    Returns
    -------
    pandas.Series
        Index `probs`, values in points; NaN where too few people stand on a side.

    Raises
    ------
    ParameterError
        If a probability lies outside 0-1.

    Notes
    -----
    Linear interpolation at h = (n - 1) p (Hyndman and Fan's type 7, doi:10.2307/2684934). With
    n = 21 and minimum 10 only the median is shown; the smallest and largest score never are.
    """
    minimum = check_minimum(minimum)
    wanted = np.asarray(probs, dtype=float)
    if ((wanted < 0) | (wanted > 1) | np.isnan(wanted)).any():
        raise ParameterError("probs must lie within 0-1")
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[~np.isnan(numbers)]
    if not len(numbers):
        return pd.Series(np.nan, index=wanted)
    place = np.round((len(numbers) - 1) * wanted, 9)
    before, after = np.ceil(place), len(numbers) - 1 - np.floor(place)
    safe = (before >= minimum) & (after >= minimum)
    return pd.Series(np.where(safe, np.quantile(numbers, wanted), np.nan), index=wanted)


def spread_over_places(
    bagian: pd.DataFrame, probs: Sequence[float] = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
) -> pd.DataFrame:
    """Give quantiles over places of what each reaches of the maximum, a row a column of the table.

    Parameters
    ----------
    bagian : pandas.DataFrame
        A row a place, shares 0-1, NaN where hidden, as
        :func:`ipasn_lib.analysis.compare.percent_of_maximum` makes it of a published table: the
        values of places are published beside it, so nothing more is shown here.
    probs : sequence of float
        Probabilities, 0-1.

    Returns
    -------
    pandas.DataFrame
        Index: the columns of `bagian`; columns: `probs`; shares 0-1. Places count alike whatever
        their size. A row is NaN where no place is shown.

    Notes
    -----
    Linear interpolation at h = (n - 1) p (type 7, doi:10.2307/2684934).
    """
    return bagian.quantile(list(probs)).T


def _measured(skor: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    rows = skor.loc[(skor["status_ukur"] == "terukur").to_numpy()]
    ids = sorted(rows["id_instrumen"].astype("object").dropna().unique())
    if any(i != instrument.id for i in ids):
        raise ParameterError(f"skor was made under {', '.join(ids)}, not {instrument.id}")
    return rows


def _merge(
    edges: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], minimum: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    kept, merged, held = [edges[0]], [], 0
    for edge, count in zip(edges[1:], counts, strict=True):
        held += int(count)
        if held >= minimum:
            kept.append(edge)
            merged.append(held)
            held = 0
    merged[-1] += held
    kept[-1] = edges[-1]
    return np.array(kept), np.array(merged)


def _category_counts(
    skor: pd.DataFrame, by: list[str], rows: pd.Index, names: list[str]
) -> npt.NDArray[np.int64]:
    """Count the measured people of each group (in the order of `rows`) in each category."""
    people = skor.loc[(skor["status_ukur"] == "terukur").to_numpy(), [*by, "kategori"]]
    people = people.astype("object")
    column = pd.Index(names).get_indexer(pd.Index(people["kategori"]))
    if by:
        # A missing key makes a group of its own, named as `aggregate` names it.
        keys = people[by].where(people[by].notna(), UNKNOWN)
        wanted = pd.MultiIndex.from_frame(keys) if len(by) > 1 else pd.Index(keys[by[0]])
        row = rows.get_indexer(wanted)
    else:
        row = np.zeros(len(people), dtype=np.intp)
    counts = np.zeros((len(rows), len(names)), dtype=np.int64)
    np.add.at(counts, (row, column), 1)
    return counts


def _drop_last(index: pd.Index) -> pd.Index:
    assert isinstance(index, pd.MultiIndex)
    return index.droplevel(-1)


def _hide_cells(
    counts: npt.NDArray[np.int64],
    hidden: npt.NDArray[np.bool_],
    above: npt.NDArray[np.bool_] | None,
    parent: npt.NDArray[np.int64],
    minimum: int,
) -> npt.NDArray[np.bool_]:
    """Hide cells so that no row and no shown cell of the parent (``above``) gives one back."""
    n_rows, n_columns = counts.shape
    row = np.repeat(np.arange(n_rows), n_columns)
    lines = [row]
    if above is not None:
        column = np.tile(np.arange(n_columns), n_rows) + n_columns * np.repeat(parent, n_columns)
        # A hidden cell of the parent is no total from which anything could be subtracted.
        lines.append(np.where(above[parent].ravel(), -1, column))
    flat = counts.ravel()
    mask = hide_small_groups(flat, flat, lines, minimum, hidden.ravel())
    return mask.reshape(counts.shape)
