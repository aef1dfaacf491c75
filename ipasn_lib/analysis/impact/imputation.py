r"""The imputation estimator: what the adopters would have been without the measure.

Place and year effects are fitted by least squares to the place-years *without* the measure
alone, :math:`Y_{it} = \alpha_i + \beta_t + \varepsilon_{it}`; what they predict for a place-year
with it is its imputed outcome, and the difference :math:`\hat\tau_{it} = Y_{it} - \hat\alpha_i -
\hat\beta_t` its effect. Any weighted sum :math:`\sum w_{it} \hat\tau_{it}` is then linear in the
outcomes, :math:`\sum v_{it} Y_{it}`, with :math:`v = w` on treated rows and :math:`v_0 =
-Z_0 (Z_0'Z_0)^{-1} Z_1' w_1` on the others, and its conservative variance, clustered by place, is

.. math::

    \hat\sigma^2 = \sum_i \Big(\sum_t v_{it} \tilde\varepsilon_{it}\Big)^2, \qquad
    \tilde\varepsilon_{it} = Y_{it} - \hat\alpha_i - \hat\beta_t - D_{it} \tilde\tau_{it}

where :math:`\tilde\tau_{it}` is the :math:`v^2`-weighted mean effect of the places that adopted
in the same year, in that year (Borusyak, Jaravel and Spiess 2024, theorems 2 and 3,
doi:10.1093/restud/rdae007). A place that adopted alone in its year would have no residual and
the error would come out too small: for such rows the mean is taken over all adopters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ipasn_lib.analysis.impact.panel import Panel

__all__ = ["Imputed", "design", "impute", "weighted_effect"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

NOISE = 1e-8


@dataclass(frozen=True)
class Imputed:
    """Effects of the treated rows and what the variance needs.

    Attributes
    ----------
    effect : array of float, shape (rows,)
        Outcome minus imputed outcome of every row; on untreated rows the residual of the fit.
    fitted : array of float, shape (rows,)
    usable : array of bool, shape (rows,)
        Treated rows whose imputed outcome the untreated rows determine.
    design, inverse : array of float
        Rows of dummies, and the generalised inverse of their cross product over untreated rows.
    """

    effect: FloatArray
    fitted: FloatArray
    usable: BoolArray
    design: FloatArray
    inverse: FloatArray


def design(panel: Panel) -> FloatArray:
    """Dummies of places and of years but the first."""
    rows = np.arange(len(panel.y))
    x = np.zeros((len(panel.y), len(panel.kode) + len(panel.tahun)))
    x[rows, panel.place] = 1.0
    x[rows, len(panel.kode) + panel.year] = 1.0
    return np.delete(x, len(panel.kode), axis=1)


def impute(panel: Panel) -> Imputed:
    """Fit the untreated rows and impute the treated ones."""
    treated = panel.treated
    x = design(panel)
    plain = x[~treated]
    cross = plain.T @ plain
    inverse = np.asarray(np.linalg.pinv(cross, rcond=1e-10, hermitian=True), dtype=np.float64)
    fitted = x @ (inverse @ (plain.T @ panel.y[~treated]))
    # a row is determined where its dummies lie in the span of the untreated rows' dummies
    off = np.abs(x - x @ inverse @ cross).max(axis=1, initial=0.0)
    return Imputed(panel.y - fitted, fitted, treated & (off < NOISE), x, inverse)


def weighted_effect(panel: Panel, imputed: Imputed, weights: FloatArray) -> tuple[float, float]:
    """Weighted sum of effects and its standard error.

    Parameters
    ----------
    panel : Panel
    imputed : Imputed
    weights : array of float, shape (rows,)
        Zero but on usable rows.

    Returns
    -------
    estimate, standard error : float
        The error is NaN where fewer than two places have weight: nothing then tells how
        effects differ between places.
    """
    treated = panel.treated
    estimate = float(weights @ imputed.effect)
    if len(np.unique(panel.place[weights != 0])) < 2:
        return estimate, float("nan")
    x, v = imputed.design, weights.copy()
    v[~treated] = -x[~treated] @ (imputed.inverse @ (x[treated].T @ weights[treated]))
    residual = imputed.effect.copy()
    used = weights != 0
    residual[used] -= _group_means(panel, imputed.effect, v, used)
    by_place = np.bincount(panel.place, weights=v * residual)
    return estimate, float(np.sqrt(by_place @ by_place))


def _group_means(panel: Panel, effect: FloatArray, v: FloatArray, used: BoolArray) -> FloatArray:
    """Mean effect of each used row's group: same adoption year and year, else all adopters."""
    pairs = np.stack([panel.adopted[panel.place[used]], panel.year[used]], axis=1)
    _, group, size = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    group = group.ravel()
    square, tau = v[used] ** 2, effect[used]
    means = np.bincount(group, weights=square * tau) / np.bincount(group, weights=square)
    return np.where(size[group] > 1, means[group], (square @ tau) / square.sum())
