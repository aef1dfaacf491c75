"""How far could chance alone move a place's means: intervals, differences, categories.

Intervals for the index, the dimensions and their differences, and the probability of each
category, from the replicates of :mod:`ipasn_lib.analysis.bootstrap`.

What the uncertainty means here
-------------------------------
The index is a **census**: every civil servant is meant to be measured, nobody was drawn by lot.
For the plain question "what was the mean of the people measured this year" there is *no*
sampling error, and no interval is needed. The intervals answer another question: they look at
this year's people as one outcome of a process of hiring, moving, training and rating that
could have turned out otherwise (the *superpopulation* view), and tell how much of a difference
such chance alone can make. They are the right yardstick for "is this place really better run",
"did it really change", "is this rank firm". They say nothing of people who were not measured
(see :mod:`ipasn_lib.analysis.bounds`), of wrong records, or of contested readings of the law
(see :mod:`ipasn_lib.analysis.sensitivity`).

References
----------
.. [1] Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of
       Statistics 7(1), 1-26. doi:10.1214/aos/1176344552
.. [2] Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods and their Application,
       ch. 2, 3 and 5. Cambridge University Press. doi:10.1017/CBO9780511802843
.. [3] Hartley, H. O. and Sielken, R. L. (1975). A "super-population viewpoint" for finite
       population sampling. Biometrics 31(2), 411-422. doi:10.2307/2529429
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import Categories

__all__ = ["Replicates", "category_probability", "difference_intervals", "intervals"]

FloatArray = npt.NDArray[np.float64]

METHODS = ("percentile", "basic")


class Replicates(Protocol):
    """What is read of :class:`ipasn_lib.analysis.bootstrap.BootstrapMeans`."""

    @property
    def nilai(self) -> pd.DataFrame:
        """Means, places x columns."""

    @property
    def ulangan(self) -> FloatArray:
        """Replicates, draws x places x columns."""

    @property
    def n_terukur(self) -> pd.Series:
        """People measured."""

    @property
    def sumber_data(self) -> str:
        """Where the records come from."""

    @property
    def id_instrumen(self) -> str:
        """The instrument."""


def _column(boot: Replicates, kolom: str) -> tuple[FloatArray, FloatArray]:
    """Means and replicates of one column."""
    known = list(boot.nilai.columns)
    if kolom not in known:
        raise ParameterError(f"unknown column {kolom!r}; known: {', '.join(known)}")
    return boot.nilai[kolom].to_numpy(dtype=np.float64), boot.ulangan[:, :, known.index(kolom)]


def _limits(
    estimate: FloatArray, replicates: FloatArray, level: float, method: str
) -> tuple[FloatArray, FloatArray]:
    """Confidence limits along the first axis of the replicates."""
    if method not in METHODS:
        raise ParameterError(f"unknown method {method!r}; known: {', '.join(METHODS)}")
    if not 0.5 <= level < 1:
        raise ParameterError("level must be from 0.5 to under 1, as 0.95")
    low, high = np.quantile(replicates, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return (low, high) if method == "percentile" else (2 * estimate - high, 2 * estimate - low)


def intervals(boot: Replicates, *, level: float = 0.95, method: str = "percentile") -> pd.DataFrame:
    r"""Confidence intervals of every mean of every place.

    ``percentile``: the :math:`\alpha/2` and :math:`1-\alpha/2` quantiles of the replicates.
    ``basic``: the same mirrored at the mean, :math:`(2\bar x - q_{1-\alpha/2},
    2\bar x - q_{\alpha/2})`; it can leave the scale (an index over 100).

    Parameters
    ----------
    boot : BootstrapMeans
        From :func:`ipasn_lib.analysis.bootstrap.bootstrap_means`.
    level : float
        Coverage of each single interval, 0.5 to under 1. With 38 places about two of 38 miss;
        for statements about all places together see
        :func:`ipasn_lib.analysis.rank_intervals.rank_intervals`.
    method : {"percentile", "basic"}

    Returns
    -------
    pandas.DataFrame
        Index (place, ``kolom``); columns ``nilai``, ``galat_baku``, ``batas_bawah``,
        ``batas_atas`` (points), ``n_terukur``, ``sumber_data``, ``id_instrumen``. NaN where
        hidden. Two overlapping intervals do *not* show that two places are alike: look at the
        difference.
    """
    estimate = boot.nilai.to_numpy()
    low, high = _limits(estimate, boot.ulangan, level, method)
    shape = pd.MultiIndex.from_product(
        [boot.nilai.index, boot.nilai.columns], names=[boot.nilai.index.name, "kolom"]
    )
    table = pd.DataFrame(
        {
            "nilai": estimate.ravel(),
            "galat_baku": boot.ulangan.std(axis=0, ddof=1).ravel(),
            "batas_bawah": low.ravel(),
            "batas_atas": high.ravel(),
        },
        index=shape,
    )
    table["n_terukur"] = boot.n_terukur.repeat(estimate.shape[1]).to_numpy()
    return table.assign(sumber_data=boot.sumber_data, id_instrumen=boot.id_instrumen)


def difference_intervals(
    boot: Replicates,
    *,
    against: str | None = None,
    kolom: str = "indeks",
    level: float = 0.95,
    method: str = "percentile",
) -> pd.DataFrame:
    r"""Confidence intervals of each place minus another place, or minus all people shown.

    Places are drawn independently, so the replicates of :math:`\bar x_j - \bar x_k` are the
    differences of replicates. Against all people, :math:`\bar x = \sum_j n_j \bar x_j / \sum_j
    n_j`, the place is part of what it is compared with, and the replicates keep that.

    Parameters
    ----------
    boot : BootstrapMeans
        From :func:`ipasn_lib.analysis.bootstrap.bootstrap_means`.
    against : str, optional
        A place; without it, the mean of all people of the places shown (hidden places are left
        out, so that they can't be worked out from the difference).
    kolom, level, method
        The column compared; see :func:`intervals`.

    Returns
    -------
    pandas.DataFrame
        Index place; columns ``selisih``, ``galat_baku``, ``batas_bawah``, ``batas_atas``
        (points), ``sumber_data``, ``id_instrumen``. An interval that holds 0: chance alone can
        explain the difference.

    Notes
    -----
    Not for two years: mostly the same people are in both, so they are not independent.
    """
    estimate, replicates = _column(boot, kolom)
    if against is None:
        weight = boot.n_terukur.to_numpy(dtype=np.float64, na_value=0.0)
        if not weight.sum():
            raise NotMeasurableError("every place is hidden; there is nothing to compare with")
        shown = weight > 0
        share = weight[shown] / weight.sum()
        base, base_draws = estimate[shown] @ share, replicates[:, shown] @ share
    else:
        if against not in boot.nilai.index:
            raise ParameterError(f"no place {against!r} among the {len(estimate)} given")
        position = boot.nilai.index.get_loc(against)
        base, base_draws = estimate[position], replicates[:, position]
        if np.isnan(base):
            raise NotMeasurableError(f"place {against!r} is hidden; compare with another")
    difference, draws = estimate - base, replicates - base_draws[:, None]
    low, high = _limits(difference, draws, level, method)
    return pd.DataFrame(
        {
            "selisih": difference,
            "galat_baku": draws.std(axis=0, ddof=1),
            "batas_bawah": low,
            "batas_atas": high,
            "sumber_data": boot.sumber_data,
            "id_instrumen": boot.id_instrumen,
        },
        index=boot.nilai.index,
    )


def category_probability(boot: Replicates, kategori: Categories) -> pd.DataFrame:
    """How often each category comes out of the replicates of the index.

    Parameters
    ----------
    boot : BootstrapMeans
        From :func:`ipasn_lib.analysis.bootstrap.bootstrap_means`.
    kategori : Categories
        The bands of the instrument (``instrument.kategori``), so the same reading of values
        between two printed bands as in the index itself.

    Returns
    -------
    pandas.DataFrame
        Index place; one column a category, lowest first; shares from 0 to 1 that sum to 1; NaN
        where hidden. Near 1: the category is firm. Near one half in two columns: the place
        stands on the edge, and its category is a matter of chance.

    Notes
    -----
    A frequency among replicates, not the probability that a claim is true; for means of many
    people the two are close [1]_.
    """
    estimate, replicates = _column(boot, "indeks")
    band = kategori.pita.index(replicates)
    shares = np.stack([(band == b).mean(axis=0) for b in range(len(kategori.nama))], axis=1)
    shares[np.isnan(estimate)] = np.nan
    return pd.DataFrame(shares, index=boot.nilai.index, columns=list(kategori.nama))
