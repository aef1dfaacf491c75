"""Gains of which a published plan may be made: small kinds of people taken out beforehand.

A plan's cost, gain, curve and marginal values are sums over kinds of people (who gain the same
by the same steps), and a reader who knows the rules can solve them for the size of each kind.
So nothing is hidden afterwards: a kind that may not be shown is not planned for in the open.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.index.disclosure import NO_PARENT, hide_in_lines, parents_of_several
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["shielded_gains"]

UNKNOWN = "tidak diketahui"
EVERYBODY = "semua"
"""Names that the table of who lacks what gives to people of no known job group, and to all."""

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Kind:
    """People who gain the same in one indicator; or, without a gain, the rest of them."""

    indikator: str
    who: IntArray
    gain: float
    """Points of the best step; 0 for the rest, NaN where the gains of a group are pooled."""
    unsafe: bool

    @property
    def size(self) -> int:
        return len(self.who)


def shielded_gains(
    peluang: pd.DataFrame,
    langkah: pd.DataFrame,
    skor: pd.DataFrame,
    kurang: pd.DataFrame,
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """Keep the gains of kinds of people that may be shown, for a plan that is published.

    Parameters
    ----------
    peluang : pandas.DataFrame
        Points gained by person and step, of one place.
    langkah : pandas.DataFrame
        The steps; needs `indikator`.
    skor : pandas.DataFrame
        Scores of that place; job groups are read from `kelompok_jabatan`.
    kurang : pandas.DataFrame
        Who lacks what in that place, small groups hidden, as
        :func:`ipasn_lib.analysis.lacking.lacking_counts` gives: it is published too.
    minimum : int
        Smallest kind of people that is kept.

    Returns
    -------
    pandas.DataFrame
        As `peluang`; 0 where a person is not planned for in the open.

    Raises
    ------
    ParameterError
        If `kurang` lacks a column or `minimum` is below the one of the file.

    Notes
    -----
    Kinds are told apart by their gains to six decimals, indicator by indicator. Where hours
    count in proportion nearly everybody gains something else; there the people of a job group
    are one kind, each with the group's mean gain.

    A kind is taken out where it, or those of its job groups who do not need the step, are fewer
    than `minimum` (nobody included), or where `kurang` shows all of it but fewer. Then others
    are taken out until

    - the kinds taken out, and those who need no step, cannot be told from the headcount of the
      indicator, and those of a dimension not from its mean
      (:func:`ipasn_lib.index.disclosure.hide_in_lines`);
    - in a dimension of several indicators, some other kind taken out can stand in for some of
      each (two of 15 points for three of 10): else the mean, an equation in whole people, would
      have one solution;
    - in a dimension of one indicator those taken out are three, for headcount and mean are two
      equations.

    What a plan then reaches and costs is that of the people it is made for. An office that may
    know its people plans for all of them with `peluang` itself.
    """
    minimum = check_minimum(minimum)
    missing = [c for c in ("dimensi", "indikator", "kelompok_jabatan", "n_kurang")
               if c not in kurang.columns]  # fmt: skip
    if missing:
        raise ParameterError(f"kurang lacks column {', '.join(missing)}")
    shown = {
        (f"{row['dimensi']}.{row['indikator']}", str(row["kelompok_jabatan"])): int(row["n_kurang"])
        for _, row in kurang.loc[kurang["n_kurang"].notna()].iterrows()
    }
    group = _job_groups(skor, peluang.index)
    kept = peluang.astype(float).copy()
    kinds: list[_Kind] = []
    for indicator, names in langkah.groupby("indikator", sort=False).groups.items():
        gains = np.round(kept[list(names)].to_numpy(), 6)
        if _in_proportion(gains, group):
            gains, found = _pooled(str(indicator), gains, group, minimum)
            kept[list(names)] = gains
        else:
            found = _alike(str(indicator), gains, group, shown, minimum)
        kinds += found
        taking = np.concatenate([k.who for k in found]) if found else np.zeros(0, dtype=np.int64)
        rest = np.setdiff1d(np.arange(len(gains)), taking)
        # Those who lack nothing are known where the table shows how many lack something.
        if len(rest) and (str(indicator), EVERYBODY) not in shown:
            kinds.append(_Kind(str(indicator), rest, 0.0, unsafe=False))
    for kind, gone in zip(kinds, _taken_out(kinds, minimum), strict=True):
        if gone:
            steps = list(langkah.index[(langkah["indikator"] == kind.indikator).to_numpy()])
            kept.iloc[kind.who, kept.columns.get_indexer(pd.Index(steps))] = 0.0
    return kept


def _job_groups(skor: pd.DataFrame, people: pd.Index) -> npt.NDArray[np.object_]:
    if "kelompok_jabatan" not in skor:
        return np.full(len(people), UNKNOWN, dtype=object)
    named = skor.loc[people, "kelompok_jabatan"].astype("object")
    return named.where(named.notna(), UNKNOWN).to_numpy(dtype=object)


def _in_proportion(gains: FloatArray, group: npt.NDArray[np.object_]) -> bool:
    """Tell whether people of one job group gain different points by the only step there is."""
    if gains.shape[1] > 1:
        return False
    return any(len(np.unique(x[x > 0])) > 1 for x in (gains[group == g] for g in np.unique(group)))


def _pooled(
    indicator: str, gains: FloatArray, group: npt.NDArray[np.object_], minimum: int
) -> tuple[FloatArray, list[_Kind]]:
    """Give everybody of a job group who gains something the mean of what they gain."""
    mean, kinds = np.zeros_like(gains), []
    for member in np.unique(group):
        takers = np.flatnonzero((gains[:, 0] > 0) & (group == member))
        if len(takers):
            mean[takers] = np.round(gains[takers].mean(), 9)
            unsafe = (group == member).sum() - len(takers) < minimum
            kinds.append(_Kind(indicator, takers, np.nan, bool(unsafe)))
    return mean, kinds


def _alike(
    indicator: str,
    gains: FloatArray,
    group: npt.NDArray[np.object_],
    shown: dict[tuple[str, str], int],
    minimum: int,
) -> list[_Kind]:
    """Group people by what they gain."""
    rows, code = np.unique(gains, axis=0, return_inverse=True)
    kinds = []
    for k in np.flatnonzero((rows > 0).any(axis=1)):
        who = np.flatnonzero(code.reshape(-1) == k)
        members = np.unique(group[who])
        spared = np.isin(group, members).sum() - len(who)
        known = [m for m in members if (indicator, str(m)) in shown]
        left = int(np.isin(group[who], [m for m in members if m not in known]).sum())
        # Where several kinds share a job group its shown number is their sum, less any other's.
        others = [
            shown[indicator, str(m)] - int((group[who] == m).sum()) for m in known
        ]  # fmt: skip
        unsafe = spared < minimum or any(0 < n < minimum for n in (*others, left))
        kinds.append(_Kind(indicator, who, float(rows[k].max()), bool(unsafe)))
    return kinds


def _taken_out(kinds: list[_Kind], minimum: int) -> BoolArray:
    """Choose the kinds to take out; those of no gain only shield."""
    size = np.array([k.size for k in kinds], dtype=np.int64)
    rest = np.array([k.gain == 0.0 for k in kinds], dtype=bool)
    of_indicator = pd.factorize(np.array([k.indikator for k in kinds], dtype=object))[0]
    names = np.array([k.indikator.split(".")[0] for k in kinds], dtype=object)
    of_dimension = pd.factorize(names)[0]
    single = {d: len(np.unique(of_indicator[of_dimension == d])) == 1 for d in of_dimension}
    # A kind of no gain loses nothing that a plan would show: it is no part of the mean's gap. A
    # dimension of one indicator is guarded by threes instead.
    apart = rest | np.array([single[d] for d in of_dimension], dtype=bool)
    gap = np.where(apart, NO_PARENT, of_dimension)
    lines = [parents_of_several(of_indicator), parents_of_several(gap)]
    mask = np.array([k.unsafe for k in kinds], dtype=bool)
    while True:
        # Those who need no step are in no plan, so they shield first and at no loss.
        mask |= rest & np.isin(of_indicator, of_indicator[mask])
        mask = hide_in_lines(size, lines, minimum, mask)
        bare = [
            d for d in np.unique(of_dimension[mask])
            if _solved([kinds[k] for k in np.flatnonzero(mask & (of_dimension == d))], single[d])
            and (~mask & ~rest & (of_dimension == d)).any()
        ]  # fmt: skip
        if not bare and not (~mask & rest & np.isin(of_indicator, of_indicator[mask])).any():
            return mask
        for d in bare:
            visible = np.flatnonzero(~mask & ~rest & (of_dimension == d))
            mask[visible[np.argmin(size[visible])]] = True


def _solved(out: list[_Kind], single: bool) -> bool:
    """Tell whether the mean of a dimension gives the size of a kind that is taken out."""
    if single:
        return len(out) < 3
    gaining = [k for k in out if k.gain != 0.0]
    return any(not any(_exchanged(k, o) for o in gaining if o is not k) for k in gaining)


def _exchanged(kind: _Kind, other: _Kind) -> bool:
    """Tell whether people of one kind could be people of another, with the same points lost."""
    if np.isnan(kind.gain) or np.isnan(other.gain):
        return True
    ratio = Fraction(round(kind.gain * 1e6), round(other.gain * 1e6))
    more, fewer = ratio.denominator, ratio.numerator
    return other.size >= fewer or kind.size >= more
