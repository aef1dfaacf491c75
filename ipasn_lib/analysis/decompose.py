r"""Where a difference comes from: dimensions, and who is there against what they score.

A difference between two years of a place, or between two places, of the mean index is split
without remainder. With group shares :math:`w_g` and group means :math:`m_g`,

.. math::

    M_1 - M_0 = \sum_g \Delta w_g\, \bar m_g + \sum_g \bar w_g\, \Delta m_g

(Kitagawa 1955, doi:10.1080/01621459.1955.10501299; with dummies for the groups it is the
decomposition of Oaxaca 1973, doi:10.2307/2525981, and Blinder 1973, doi:10.2307/144855, at the
average coefficients). The bar is the mean of both sides, so neither side is the standard. It is
an account of a difference, not of its causes.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import DIMENSI
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = [
    "common_factors",
    "shown_factors",
    "split_composition",
    "split_dimensions",
    "split_factors",
    "why_no_groups",
]

FloatArray = npt.NDArray[np.float64]

UNKNOWN = "tidak diketahui"
LAINNYA = "digabung"
SKOR = "skor"


@dataclass(frozen=True)
class _Groups:
    """Groups found on either side: keys, shares (2, k), means (2, k), counts (2, k)."""

    keys: pd.DataFrame
    count: FloatArray
    mean: FloatArray

    @property
    def share(self) -> FloatArray:
        return self.count / self.count.sum(axis=1, keepdims=True)


def split_dimensions(awal: pd.DataFrame, akhir: pd.DataFrame) -> pd.DataFrame:
    """Split a difference of the mean index into the four dimensions.

    Parameters
    ----------
    awal, akhir : pandas.DataFrame
        Scores of two years of a place or of two places, under the same instrument.

    Returns
    -------
    pandas.DataFrame
        Index `dimensi` (the four, then "indeks"); `awal`, `akhir` (mean points of the measured),
        `selisih` (akhir minus awal; the four add up to that of the index) and `bagian` (share of
        the index's difference; may be negative or above 1, NaN where the index did not change).

    Raises
    ------
    ParameterError
        If the instruments differ.
    NotMeasurableError
        If nobody is measured on a side.
    """
    first, last = _measured(awal, akhir)
    names = [*DIMENSI, "indeks"]
    table = pd.DataFrame({"awal": first[names].mean(), "akhir": last[names].mean()})
    table["selisih"] = table["akhir"] - table["awal"]
    total = float(table["selisih"].to_numpy()[-1])
    table["bagian"] = table["selisih"] / total if total != 0 else np.nan
    return table.rename_axis("dimensi")


def split_composition(
    awal: pd.DataFrame, akhir: pd.DataFrame, by: Sequence[str], nilai: str = "indeks"
) -> pd.DataFrame:
    """Split a difference of means into who is there and what they score, group by group.

    Parameters
    ----------
    awal, akhir : pandas.DataFrame
        Scores of two years or two places, under the same instrument.
    by : sequence of str
        Columns that make the groups, such as ``["jenis_asn", "kelompok_jabatan"]``.
    nilai : str
        Column to split: "indeks" or a dimension.

    Returns
    -------
    pandas.DataFrame
        One row a group: columns of `by`; `n_awal`, `n_akhir` (measured people), `rata_awal`,
        `rata_akhir` (points; NaN where the group is absent), `komposisi` and `skor` (points of
        the difference). All `komposisi` and `skor` add up to the difference of the two means.
        Groups are not hidden here: hide small ones before showing.

    Raises
    ------
    ParameterError
        For an unknown column or different instruments.
    NotMeasurableError
        If nobody is measured on a side.

    Notes
    -----
    `skor` of a group = mean share x change of its mean. `komposisi` = change of its share x
    (mean of its two means - mean of the two overall means); the last term adds nothing to the
    sum and says that growth of a group raises the index only if it scores above average. A
    group that is there on one side only has no change of its mean: all of it is composition.
    """
    groups = _groups(awal, akhir, by, nilai)
    mean = _filled(groups.mean)
    overall = np.nansum(groups.share * mean, axis=1).mean()
    table = groups.keys.copy()
    table["n_awal"], table["n_akhir"] = groups.count.astype(np.int64)
    table["rata_awal"], table["rata_akhir"] = groups.mean
    table["komposisi"] = (groups.share[1] - groups.share[0]) * (mean.mean(axis=0) - overall)
    table["skor"] = groups.share.mean(axis=0) * (mean[1] - mean[0])
    return table


def why_no_groups(
    awal: pd.DataFrame, akhir: pd.DataFrame, by: Sequence[str], minimum: int = MINIMUM
) -> str:
    """Give the reason why a difference is not shown group by group; empty where it may be.

    Parameters
    ----------
    awal, akhir, by
        As in :func:`split_composition`.
    minimum : int
        Smallest group shown.

    Returns
    -------
    str
        "kelompok_kecil" where a group holds fewer than `minimum` measured people on a side
        (nobody included), or there is one group only; else an empty text.

    Notes
    -----
    All or nothing: were some groups left out, the totals of each side and the tables of each
    single year, which leave out groups of their own, could together give one back.
    """
    minimum = check_minimum(minimum)
    count = _groups(awal, akhir, by, "indeks").count
    return "kelompok_kecil" if count.min() < minimum or count.shape[1] < 2 else ""


def common_factors(awal: pd.DataFrame, akhir: pd.DataFrame, wanted: Sequence[str]) -> list[str]:
    """List the wanted columns that both tables know of somebody; `unit_kerja` where none is."""
    known = [c for c in wanted if all(c in t and t[c].notna().any() for t in (awal, akhir))]
    return known or ["unit_kerja"]


def split_factors(
    awal: pd.DataFrame, akhir: pd.DataFrame, by: Sequence[str], nilai: str = "indeks"
) -> pd.Series:
    r"""Split a difference of means into each composition factor and the scores, in no order.

    Parameters
    ----------
    awal, akhir, by, nilai
        As in :func:`split_composition`.

    Returns
    -------
    pandas.Series
        Index: each column of `by`, then "skor"; values in points; they add up to the difference
        of the two means.

    Notes
    -----
    The composition part of :func:`split_composition` is shared among the factors by the
    Shapley value (Shorrocks 2013, doi:10.1007/s10888-011-9214-z). With the factors *S* changed,
    the shares are

    .. math:: w_S(x) = p_1(x_S)\, p_0(x_{\bar S} \mid x_S)

    and a factor's part is its mean effect over all orders of changing them. The other direction
    (conditions of the later side) is averaged in, so that swapping the sides only changes the
    sign. A condition that one side does not have is taken from the other.
    """
    groups = _groups(awal, akhir, by, nilai)
    mean = _filled(groups.mean)
    level, share = mean.mean(axis=0), groups.share
    codes = np.column_stack([pd.factorize(groups.keys[c])[0] for c in groups.keys.columns])
    forward = _shapley(codes, share[0], share[1], level)
    backward = _shapley(codes, share[1], share[0], level)
    parts = pd.Series((forward - backward) / 2, index=list(groups.keys.columns))
    parts[SKOR] = float(share.mean(axis=0) @ (mean[1] - mean[0]))
    return parts.rename("selisih").rename_axis("faktor")


def shown_factors(
    awal: pd.DataFrame, akhir: pd.DataFrame, by: Sequence[str], minimum: int = MINIMUM
) -> pd.Series:
    """Split a difference of the index into factors, small groups put together first.

    Parameters
    ----------
    awal, akhir, by
        As in :func:`split_composition`.
    minimum : int
        Smallest group that is told apart.

    Returns
    -------
    pandas.Series
        As :func:`split_factors` gives, in points rounded to two decimals but for the last part,
        which keeps the sum; what moves within the groups put together counts as "skor".

    Notes
    -----
    Every number comes from groups of at least `minimum` measured people on both sides: smaller
    ones, and as many of the next smallest as it takes, are one group. Unrounded, three numbers
    of so many digits could be solved for small counts; the last part follows from the means,
    which are published.
    """
    minimum = check_minimum(minimum)
    first, last = _pooled(awal, akhir, by, minimum)
    parts = split_factors(first, last, by)
    rounded = parts.round(2)
    rounded[SKOR] = parts.sum() - rounded.drop(SKOR).sum()
    return rounded


def _pooled(
    awal: pd.DataFrame, akhir: pd.DataFrame, by: Sequence[str], minimum: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the small groups of either side together as one."""
    groups = _groups(awal, akhir, by, "indeks")
    fewest = groups.count.min(axis=0)
    pooled = fewest < minimum
    for k in np.argsort(fewest, kind="stable"):
        if not pooled.any() or groups.count[:, pooled].sum(axis=1).min() >= minimum:
            break
        pooled[k] = True
    small = pd.MultiIndex.from_frame(groups.keys.loc[pooled])
    sides = []
    for table in _measured(awal, akhir):
        keys = table[list(by)].astype("object")
        keys = keys.where(keys.notna(), UNKNOWN)
        gone = pd.MultiIndex.from_frame(keys).isin(small)
        sides.append(table.assign(**{c: keys[c].mask(gone, LAINNYA) for c in by}))
    return sides[0], sides[1]


def _shapley(
    codes: npt.NDArray[np.int64], start: FloatArray, end: FloatArray, level: FloatArray
) -> FloatArray:
    """Mean effect of each factor over all orders of moving the shares from start to end."""
    k = codes.shape[1]
    worth = {
        subset: float(_mixed(codes, start, end, subset) @ level)
        for size in range(k + 1)
        for subset in itertools.combinations(range(k), size)
    }
    parts = np.zeros(k)
    for factor in range(k):
        others = [f for f in range(k) if f != factor]
        for size in range(k):
            weight = factorial(size) * factorial(k - size - 1) / factorial(k)
            for subset in itertools.combinations(others, size):
                joined = tuple(sorted((*subset, factor)))
                parts[factor] += weight * (worth[joined] - worth[subset])
    return parts


def _mixed(
    codes: npt.NDArray[np.int64], start: FloatArray, end: FloatArray, subset: tuple[int, ...]
) -> FloatArray:
    """Shares with ``subset`` as at the end, the other factors given these as at the start."""
    if not subset:
        return start
    _, cell = np.unique(codes[:, list(subset)], axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    before = np.asarray(np.bincount(cell, weights=start)[cell], dtype=np.float64)
    after = np.asarray(np.bincount(cell, weights=end)[cell], dtype=np.float64)
    given = np.divide(start, before, out=np.zeros_like(start), where=before > 0)
    other = np.divide(end, after, out=np.zeros_like(end), where=after > 0)
    mixed: FloatArray = after * np.where(before > 0, given, other)
    return mixed


def _filled(mean: FloatArray) -> FloatArray:
    """Give an absent group the mean that it has on the other side."""
    return np.where(np.isnan(mean), mean[::-1], mean)


def _groups(awal: pd.DataFrame, akhir: pd.DataFrame, by: Sequence[str], nilai: str) -> _Groups:
    columns = list(by)
    if nilai not in (*DIMENSI, "indeks"):
        raise ParameterError(f"nilai {nilai!r}; known: {', '.join((*DIMENSI, 'indeks'))}")
    missing = [c for c in columns if c not in awal or c not in akhir]
    if missing or not columns or len(set(columns)) != len(columns):
        raise ParameterError(
            f"by must name columns of both tables, each once; not found: {', '.join(missing)}"
        )
    first, last = _measured(awal, akhir)
    both = pd.concat([first[[*columns, nilai]], last[[*columns, nilai]]], ignore_index=True)
    keys = both[columns].astype("object")
    keys = keys.where(keys.notna(), UNKNOWN)
    cell, found = pd.factorize(pd.MultiIndex.from_frame(keys), sort=False)
    side = np.repeat([0, 1], [len(first), len(last)])
    place = side * len(found) + cell
    size = 2 * len(found)
    count = np.bincount(place, minlength=size).astype(float).reshape(2, -1)
    points = np.bincount(place, weights=both[nilai].to_numpy(float), minlength=size).reshape(2, -1)
    mean = np.divide(points, count, out=np.full_like(points, np.nan), where=count > 0)
    return _Groups(pd.DataFrame(list(found), columns=columns), count, mean)


def _measured(awal: pd.DataFrame, akhir: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    sides = [t.loc[(t["status_ukur"] == "terukur").to_numpy()] for t in (awal, akhir)]
    if any(t.empty for t in sides):
        raise NotMeasurableError("nobody is measured on one side: there is no difference to split")
    ids = sorted({str(i) for t in sides for i in t["id_instrumen"].unique()})
    if len(ids) > 1:
        raise ParameterError(
            f"instruments differ ({', '.join(ids)}); split the change of rules apart first"
        )
    return sides[0], sides[1]
