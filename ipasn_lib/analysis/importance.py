r"""Which dimension really drives the index and its ranks.

A weight is not an importance. Kompetensi with weight 40 drives the order only if places differ
in it; disiplin, in which nearly everybody has full points, drives nothing whatever its weight.
Two views: how much of the index's variance among places goes with each dimension (effective
weights), and how much of the movement of ranks comes from each uncertain choice (Sobol'
indices).

References
----------
.. [1] Paruolo, P., Saisana, M. and Saltelli, A. (2013). Ratings and rankings: voodoo or
       science? Journal of the Royal Statistical Society A 176(3), 609-634.
       doi:10.1111/j.1467-985X.2012.01059.x
.. [2] Becker, W., Saisana, M., Paruolo, P. and Vandecasteele, I. (2017). Weights and importance
       in composite indicators: closing the gap. Ecological Indicators 80, 12-22.
       doi:10.1016/j.ecolind.2017.03.056
.. [3] Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M. and Tarantola, S. (2010).
       Variance based sensitivity analysis of model output. Design and estimator for the total
       sensitivity index. Computer Physics Communications 181(2), 259-270.
       doi:10.1016/j.cpc.2009.09.018
.. [4] Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis
       techniques as tools for the quality assessment of composite indicators. Journal of the
       Royal Statistical Society A 168(2), 307-323. doi:10.1111/j.1467-985X.2005.00350.x
.. [5] Green, P. J. and Silverman, B. W. (1994). Nonparametric Regression and Generalized Linear
       Models, ch. 2. Chapman and Hall. doi:10.1201/b15710
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import sobol_indices, uniform

from ipasn_lib.errors import NotMeasurableError, ParameterError

__all__ = ["effective_weights", "rank_sobol"]

FloatArray = npt.NDArray[np.float64]

# Two places whose indices differ by less than this share of the scale are tied (float noise).
NOISE = 1e-11
# Fewest distinct values through which a smoothing spline can be put.
SPLINE_POINTS = 5
# Most degrees of freedom of that spline. Generalised cross-validation alone chooses, in about one
# of twenty samples of 38 places, a curve through nearly all points, whose ratio is then near 1.
CURVE_FREEDOM = 6.0
READING = "tafsir"
OVERALL = "pergeseran"


def _weights(bobot: Mapping[str, float]) -> pd.Series:
    """Weights scaled to a sum of 1, checked."""
    weights = pd.Series({str(k): float(v) for k, v in bobot.items()})
    if weights.empty or (weights < 0).any() or not 0 < weights.sum() < np.inf:
        raise ParameterError("weights must be numbers of 0 or more, not all 0")
    return weights / weights.sum()


def _shares(bagian: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Shares of every dimension; one without weight needs none."""
    missing = [d for d in weights.index if d not in bagian]
    if missing:
        raise ParameterError(f"the table has no column {', '.join(missing)}")
    if not bagian.index.is_unique:
        raise ParameterError("the table names a place twice; each place may stand once")
    shares = bagian[list(weights.index)].astype("float64")
    idle = [d for d in weights.index if weights[d] == 0 and shares[d].isna().all()]
    return shares.assign(**dict.fromkeys(idle, 0.0))


def _smooth(x: FloatArray, y: FloatArray, weight: FloatArray) -> FloatArray:
    """Fit the cubic smoothing spline at the knots x, penalty by generalised cross-validation.

    The penalty matrix K = Q R^-1 Q' is that of Green and Silverman [5]_; in its eigenbasis
    every penalty costs one division, so a whole grid of them is tried, but for those that leave
    the curve more than ``CURVE_FREEDOM`` degrees of freedom (trace of the smoother).
    """
    n, step = len(x), np.diff(x)
    second = np.zeros((n, n - 2))
    inner = np.zeros((n - 2, n - 2))
    for k in range(n - 2):
        second[k : k + 3, k] = 1 / step[k], -1 / step[k] - 1 / step[k + 1], 1 / step[k + 1]
        inner[k, k] = (step[k] + step[k + 1]) / 3
        if k:
            inner[k, k - 1] = inner[k - 1, k] = step[k] / 6
    root = np.sqrt(weight)
    rough = (second @ np.linalg.solve(inner, second.T)) / np.outer(root, root)
    bend, basis = np.linalg.eigh((rough + rough.T) / 2)
    bend[:2] = 0.0  # straight lines are not bent at all
    shrink = 1 / (1 + np.logspace(-9, 6, 61)[:, None] * bend)
    fitted = (shrink * (basis.T @ (root * y))) @ basis.T
    freedom = shrink.sum(axis=1)
    gcv = ((root * y - fitted) ** 2).sum(axis=1) / (1 - freedom / n) ** 2
    gcv[freedom > CURVE_FREEDOM] = np.inf
    return np.asarray(fitted[np.argmin(gcv)] / root)


def _correlation_ratio(x: FloatArray, y: FloatArray) -> float:
    """Share of the variance of y that a smooth curve in x explains."""
    # values nearer than a thousandth of the range share a knot
    scaled = np.round((x - x.min()) / (x.max() - x.min()), 3)
    levels, where, count = np.unique(scaled, return_inverse=True, return_counts=True)
    fitted = np.bincount(where, weights=y) / count
    if len(levels) >= SPLINE_POINTS:
        fitted = _smooth(levels, fitted, count.astype(np.float64))
    # with fewer levels their means are the curve
    return float(min(1.0, fitted[where].var() / y.var()))


def effective_weights(bagian: pd.DataFrame, bobot: Mapping[str, float]) -> pd.DataFrame:
    r"""How much of the variance of the index among places goes with each dimension.

    With :math:`I = \sum_d w_d x_d`:

    - ``bobot_efektif`` :math:`= w_d \,\mathrm{cov}(x_d, I) / \mathrm{var}(I)`; sums to 1.
    - ``pearson2`` :math:`= \mathrm{corr}(x_d, I)^2`, the linear first-order effect.
    - ``rasio_korelasi`` :math:`= \mathrm{var}(E[I \mid x_d]) / \mathrm{var}(I)`, the first-order
      effect with a smooth curve in place of the line [1]_: a cubic smoothing spline of at most
      six degrees of freedom, its penalty by generalised cross-validation.
    - ``bagian_unik`` :math:`= w_d^2 \,\mathrm{var}(z_d) / \mathrm{var}(I)`, where :math:`z_d` is
      what is left of :math:`x_d` after a linear regression on the other dimensions: the part of
      ``pearson2`` that is the dimension's own. ``bagian_terkait`` is the rest, which it owes to
      its correlation with the others; below 0 where it works against them [2]_.

    Parameters
    ----------
    bagian : pandas.DataFrame
        A row a place, a column a dimension: share of the maximum. Places with a gap are left
        out.
    bobot : mapping of str to float
        Official weights.

    Returns
    -------
    pandas.DataFrame
        Index ``dimensi``; ``bobot`` (sums to 1), ``bobot_efektif`` (sums to 1; can be below 0),
        ``pearson2``, ``rasio_korelasi`` (0-1, need not sum to 1), ``bagian_unik``,
        ``bagian_terkait``. Compare ``bobot_efektif`` with ``bobot``: 0.40 meant and 0.85 got
        says that the ranking is mostly a ranking by that dimension. ``rasio_korelasi`` well
        above ``pearson2`` says that the link is not a straight line; of 38 places a difference
        under 0.1 says nothing (chance alone gives a straight line 1/37 and a curve of six
        degrees of freedom up to 5/37). A dimension in which all places are alike has 0
        everywhere.

    Raises
    ------
    ParameterError
        For a missing dimension or wrong weights.
    NotMeasurableError
        If fewer places than dimensions plus two have all dimensions, or all have one index.
    """
    weights = _weights(bobot)
    shares = _shares(bagian, weights).dropna()
    if len(shares) < len(weights) + 2:
        raise NotMeasurableError(f"effective weights need at least {len(weights) + 2} places")
    x = shares.to_numpy()
    x = x - x.mean(axis=0)
    w = weights.to_numpy()
    index = x @ w
    variance = index.var()
    size = max(1.0, float(np.abs(shares.to_numpy()).max()))
    if np.sqrt(variance) < NOISE * size:
        raise NotMeasurableError("all places have the same index; there is no variance to divide")
    rows = []
    for d in range(len(w)):
        covariance, own = (x[:, d] * index).mean(), x[:, d].var()
        others = np.delete(x, d, axis=1)
        left = x[:, d] - others @ np.linalg.lstsq(others, x[:, d], rcond=None)[0]
        alike = np.sqrt(own) < NOISE * size
        pearson2 = 0.0 if alike else covariance**2 / (own * variance)
        rows.append(
            {
                "bobot": w[d],
                "bobot_efektif": 0.0 if alike else w[d] * covariance / variance,
                "pearson2": pearson2,
                "rasio_korelasi": 0.0 if alike else _correlation_ratio(x[:, d], index),
                "bagian_unik": 0.0 if alike else w[d] ** 2 * left.var() / variance,
            }
        )
    table = pd.DataFrame(rows, index=pd.Index(weights.index, name="dimensi"))
    return table.assign(bagian_terkait=table["pearson2"] - table["bagian_unik"])


def _ranks(values: FloatArray) -> FloatArray:
    """Ranks of the rows (places) in every column; 1 is the highest, ties share the best."""
    edge = NOISE * max(1.0, float(np.abs(values).max()))
    return np.stack([1.0 + (values > row + edge).sum(axis=0) for row in values])


def rank_sobol(
    tables: Mapping[str, pd.DataFrame],
    bobot: Mapping[str, float],
    *,
    official: str,
    seed: int,
    spread: float = 0.25,
    n: int = 2048,
) -> pd.DataFrame:
    r"""Divide the movement of ranks among the choices that move them: Sobol' indices.

    The uncertain choices are each weight, :math:`w_d = w^0_d u_d / \sum_e w^0_e u_e` with
    :math:`u_d` uniform on :math:`[1-s, 1+s]`, and, where there are several, the reading of the
    law, all readings alike. Of an output :math:`Y` and a choice :math:`X_i`,

    .. math::
        S_i = \frac{\mathrm{var}(E[Y \mid X_i])}{\mathrm{var}(Y)}, \qquad
        T_i = 1 - \frac{\mathrm{var}(E[Y \mid X_{\sim i}])}{\mathrm{var}(Y)},

    estimated from :math:`n (k + 2)` rankings at scrambled Sobol' points, with the first-order
    estimator of Saltelli et al. (2010) and Jansen's total-order estimator [3]_, in scipy's
    implementation (:func:`scipy.stats.sobol_indices`).

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Name of the reading -> share of the maximum of each place in each dimension. One table
        alone: only the weights are uncertain. Only places without a gap in every table count.
    bobot : mapping of str to float
        Official weights.
    official : str
        The name of the official reading.
    seed : int
    spread : float
        :math:`s`, above 0 up to 1.
    n : int
        A power of two; 2,048 gives about two decimals.

    Returns
    -------
    pandas.DataFrame
        Index (``keluaran``, ``faktor``): ``keluaran`` is ``pergeseran`` (mean absolute change of
        rank over all places [4]_) or a place (its rank); ``faktor`` a dimension or ``tafsir``.
        Columns ``orde_pertama`` (share of the variance that would go if the choice were
        settled) and ``orde_total`` (share that would stay if all other choices were). Near 0 in
        ``orde_total``: that choice does not matter. ``orde_total`` far above ``orde_pertama``:
        it matters jointly with others. All 0 where the output never moves. A weight of 0 has
        exactly 0. Estimates can fall a little below 0.

    Raises
    ------
    ParameterError
        For an unknown official reading, tables of other places, a missing dimension, wrong
        weights, a spread outside 0 to 1, or n not a power of two.
    NotMeasurableError
        If fewer than two places have all dimensions in all tables.
    """
    weights = _weights(bobot)
    if official not in tables:
        raise ParameterError(f"no reading {official!r}; known: {', '.join(tables)}")
    if not 0 < spread <= 1 or n < 2 or n & (n - 1):
        raise ParameterError("spread must be above 0 up to 1, n a power of two")
    names = [official, *(name for name in tables if name != official)]
    shares = {name: _shares(tables[name], weights) for name in names}
    if any(set(t.index) != set(shares[official].index) for t in shares.values()):
        raise ParameterError("the tables of the readings name different places")
    gap = pd.concat([t.isna().any(axis=1) for t in shares.values()], axis=1).any(axis=1)
    places = [p for p in shares[official].index if not gap[p]]
    if len(places) < 2:
        raise NotMeasurableError("ranks need at least two places with all dimensions")
    x = np.stack([shares[name].loc[places].to_numpy() for name in names])
    w = weights.to_numpy()
    nominal = _ranks(x[0] @ w[:, None])

    def outputs(point: FloatArray) -> FloatArray:
        factors = point[: len(w)] * w[:, None]
        factors = factors / factors.sum(axis=0)
        # one multiplication for each reading, then each point takes its own
        reading = np.minimum((point[-1] * len(names)).astype(int), len(names) - 1)
        values = x[0] @ factors
        for r in range(1, len(names)):
            values = np.where(reading == r, x[r] @ factors, values)
        ranks = _ranks(values)
        return np.vstack([np.abs(ranks - nominal).mean(axis=0), ranks])

    factors = list(weights.index)
    dists = [uniform(1 - spread, 2 * spread) for _ in factors]
    if len(names) > 1:
        factors.append(READING)
        dists.append(uniform(0, 1))
    # of an output that never moves scipy gives 0 for the 0/0
    result = sobol_indices(func=outputs, n=n, dists=dists, rng=np.random.default_rng(seed))
    order = pd.MultiIndex.from_product([[OVERALL, *places], factors], names=["keluaran", "faktor"])
    return pd.DataFrame(
        {
            "orde_pertama": np.asarray(result.first_order).ravel(),
            "orde_total": np.asarray(result.total_order).ravel(),
        },
        index=order,
    )
