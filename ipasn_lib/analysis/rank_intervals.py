r"""Which ranks can a place have, given chance: confidence intervals for ranks.

A league table prints one rank a place; these intervals tell which ranks the data can't rule
out. They come from tests of all pairwise differences, with one critical value for all of them
taken from the bootstrap of the largest studentised difference, improved step by step. Bootstrap
quantiles of the ranks themselves are *not* used: where places are nearly tied they don't cover
the true ranks as often as they say.

What "chance" means for a census is written in :mod:`ipasn_lib.analysis.uncertainty`.

References
----------
.. [1] Mogstad, M., Romano, J. P., Shaikh, A. M. and Wilhelm, D. (2024). Inference for ranks
       with applications to mobility across neighbourhoods and academic achievement across
       countries. Review of Economic Studies 91(1), 476-518. doi:10.1093/restud/rdad006
.. [2] Romano, J. P. and Wolf, M. (2005). Exact and approximate stepdown methods for multiple
       hypothesis testing. Journal of the American Statistical Association 100(469), 94-108.
       doi:10.1198/016214504000000539
.. [3] Xie, M., Singh, K. and Zhang, C.-H. (2009). Confidence intervals for population ranks in
       the presence of ties and near ties. Journal of the American Statistical Association
       104(486), 775-788. doi:10.1198/jasa.2009.0142
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError

__all__ = ["rank_intervals", "rank_probability"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

# Means of people are sums of at most a million half points: two means nearer than this are tied,
# and the rest is float noise.
NOISE = 1e-9


def _checked(nilai: pd.Series, ulangan: pd.DataFrame) -> tuple[BoolArray, FloatArray, FloatArray]:
    """Which places are shown; their means and replicates."""
    if not nilai.index.is_unique:
        raise ParameterError("nilai names a place twice; each place may stand once")
    if not nilai.index.equals(ulangan.columns):
        raise ParameterError("nilai and ulangan must name the same places in the same order")
    theta = nilai.to_numpy(dtype=np.float64)
    shown = ~np.isnan(theta)
    if shown.sum() < 2:
        raise NotMeasurableError("ranks need at least two places with a value")
    draws = ulangan.to_numpy(dtype=np.float64)[:, shown]
    if len(draws) < 100 or np.isnan(draws).any():
        raise ParameterError("ulangan needs 100 rows or more, and no gap where nilai has a value")
    return shown, theta[shown], draws


def _above(difference: FloatArray, draws: FloatArray, level: float, stepwise: bool) -> BoolArray:
    """Tell which studentised differences are above zero, all of them at once.

    The critical value is the quantile of the largest replicate among the hypotheses not yet
    rejected; dropping rejected ones can only lower it [2]_.
    """
    rejected = np.zeros(difference.shape, dtype=bool)
    while not rejected.all():
        largest = draws[:, ~rejected].max(axis=1)
        now = rejected | (difference > np.quantile(largest, level))
        if not stepwise or (now == rejected).all():
            return now
        rejected = now
    return rejected


def rank_intervals(
    nilai: pd.Series, ulangan: pd.DataFrame, *, level: float = 0.95, stepwise: bool = True
) -> pd.DataFrame:
    r"""Confidence intervals for ranks: of each place by itself, and of all places together.

    For every ordered pair, :math:`H_{jk}: \theta_j \le \theta_k` is rejected when

    .. math:: \frac{\hat\theta_j - \hat\theta_k}{\hat\sigma_{jk}} > c,

    with :math:`\hat\sigma_{jk}` the standard deviation of the replicates of the difference and
    :math:`c` the ``level`` quantile of :math:`\max_{(j,k)} (\hat\theta^*_j - \hat\theta^*_k -
    \hat\theta_j + \hat\theta_k) / \hat\sigma_{jk}` over the pairs not yet rejected. The
    interval of place :math:`j` among :math:`p` runs from 1 + the number of places found above
    it to :math:`p` - the number of places found below it. Of one place: the pairs with that
    place; of all together: all pairs [1]_.

    Parameters
    ----------
    nilai : pandas.Series
        The value of each place (``boot.nilai["indeks"]``); NaN where hidden.
    ulangan : pandas.DataFrame
        Replicates: a row a draw, a column a place in the same order
        (``boot.replicates("indeks")``). No chance is used beyond them, so there is no seed.
    level : float
        Coverage, 0.5 to under 1.
    stepwise : bool
        With the stepwise improvement; without it intervals are never narrower.

    Returns
    -------
    pandas.DataFrame
        Index place; Int64 columns ``peringkat`` (1 is the highest; ties share the best rank),
        ``peringkat_terbaik`` and ``peringkat_terburuk`` (this place by itself: for "which rank
        could *we* have"), ``serentak_terbaik`` and ``serentak_terburuk`` (all places together:
        for reading the whole league table, or saying who could be first; never narrower). NA
        where hidden; hidden places take part in no rank. An interval from 1 to the last place
        says that the table tells nothing of the rank.

    Raises
    ------
    ParameterError
        If the two tables do not fit, or there are fewer than 100 replicates.
    NotMeasurableError
        If fewer than two places have a value.

    Notes
    -----
    Places whose serentak_terbaik is at most k are the confidence set for the k best. Tied true
    values may take any of the ranks they share, and the interval covers them all.
    """
    if not 0.5 <= level < 1:
        raise ParameterError("level must be from 0.5 to under 1, as 0.95")
    shown, theta, draws = _checked(nilai, ulangan)
    places = len(theta)
    centred = draws - draws.mean(axis=0)
    first, second = np.nonzero(~np.eye(places, dtype=bool))
    noise = centred[:, first] - centred[:, second]
    sd = noise.std(axis=0, ddof=1)
    gap = theta[first] - theta[second]
    gap[np.abs(gap) < NOISE] = 0.0
    # two places in each of which all people are alike have no noise: their order is certain
    still = sd < NOISE
    scale = np.where(still, 1.0, sd)
    difference = np.where(still & (gap != 0), np.copysign(np.inf, gap), gap / scale)
    noise = np.where(still, 0.0, noise / scale)

    def counted(rejected: BoolArray, chosen: BoolArray) -> tuple[IntArray, IntArray]:
        best = 1 + np.bincount(second[chosen][rejected], minlength=places)
        worst = places - np.bincount(first[chosen][rejected], minlength=places)
        return best, worst

    everyone = np.ones(len(first), dtype=bool)
    limits = [np.empty(places, dtype=np.intp), np.empty(places, dtype=np.intp)]
    for place in range(places):
        pairs = (first == place) | (second == place)
        found = _above(difference[pairs], noise[:, pairs], level, stepwise)
        for limit, all_limits in zip(limits, counted(found, pairs), strict=True):
            limit[place] = all_limits[place]
    limits.extend(counted(_above(difference, noise, level, stepwise), everyone))

    rank = 1 + (theta[None, :] > theta[:, None] + NOISE).sum(axis=1)
    names = (
        "peringkat",
        "peringkat_terbaik",
        "peringkat_terburuk",
        "serentak_terbaik",
        "serentak_terburuk",
    )
    table = pd.DataFrame(
        dict(zip(names, [rank, *limits], strict=True)), index=nilai.index[shown]
    ).astype("Int64")
    return table.reindex(nilai.index)


def rank_probability(nilai: pd.Series, ulangan: pd.DataFrame, *, k: int) -> pd.Series:
    r"""How often a place is among the ``k`` highest of the replicates: P(rank <= k).

    Parameters
    ----------
    nilai, ulangan
        As in :func:`rank_intervals`.
    k : int
        From 1 to the number of places with a value.

    Returns
    -------
    pandas.Series
        Index place; shares from 0 to 1, NaN where hidden. They sum to k, or more where
        replicates are tied.

    Raises
    ------
    ParameterError
        If k is out of range, or as in :func:`rank_intervals`.

    Notes
    -----
    A plain frequency, good for "how shaky is this place's seat among the first ten". It is not
    a test: among nearly tied places it depends on the draw of the data, however many people
    there are [3]_. For a statement with known coverage use :func:`rank_intervals`.
    """
    shown, theta, draws = _checked(nilai, ulangan)
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= len(theta):
        raise ParameterError(f"k must be a whole number from 1 to {len(theta)}")
    by_place = np.ascontiguousarray(draws.T)
    share = [((by_place > mine + NOISE).sum(axis=0) < k).mean() for mine in by_place]
    return pd.Series(share, index=nilai.index[shown], name=f"peluang_{k}_teratas").reindex(
        nilai.index
    )
