r"""How much do ranks hang on the weights: other weights, or a dimension left out.

The weights 25/40/30/5 are the law's, and nobody who reports may change them. But a rank that
flips when a weight moves by a tenth says little about the place. The analyses here recompute
the ranks under other choices and tell how far they move.

The index is linear in the weights: with :math:`x_{jd}` the share of dimension :math:`d`'s
maximum that place :math:`j` reaches, and weights :math:`w_d` summing to 1,

.. math:: I_j = \sum_d w_d x_{jd}.

So tables of shares (:func:`ipasn_lib.analysis.compare.percent_of_maximum`) are all that is
needed, and the official weights give the official index back. Which dimension matters most is
:mod:`ipasn_lib.analysis.importance`; which weights would swap two places is
:mod:`ipasn_lib.analysis.weight_swap`; other readings of the law are
:mod:`ipasn_lib.analysis.readings`; chance among people is
:mod:`ipasn_lib.analysis.rank_intervals`.

References
----------
.. [1] Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis
       techniques as tools for the quality assessment of composite indicators. Journal of the
       Royal Statistical Society A 168(2), 307-323. doi:10.1111/j.1467-985X.2005.00350.x
.. [2] OECD and JRC (2008). Handbook on Constructing Composite Indicators, step 7.
       doi:10.1787/9789264043466-en
.. [3] Becker, W., Caperna, G., Del Sorbo, M., Norlen, H., Papadimitriou, E. and Saisana, M.
       (2022). COINr: an R package for developing composite indicators. Journal of Open Source
       Software 7(78), 4567. doi:10.21105/joss.04567
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError

__all__ = [
    "dirichlet_weights",
    "leave_one_out",
    "mean_rank_shift",
    "noise_weights",
    "rank_summary",
    "rank_under_weights",
]

FloatArray = npt.NDArray[np.float64]

MEANS = ("arithmetic", "geometric")

# The same index added up in another order differs by about 1e-14 of its size; two places whose
# indices differ by less than this share of the scale are tied.
NOISE = 1e-11


def _official(bobot: Mapping[str, float]) -> pd.Series:
    """Weights scaled to a sum of 1, checked."""
    weights = pd.Series({str(k): float(v) for k, v in bobot.items()})
    if weights.empty or (weights < 0).any() or not 0 < weights.sum() < np.inf:
        raise ParameterError("weights must be numbers of 0 or more, not all 0")
    return weights / weights.sum()


def _shown(bagian: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Shares of the places that have them all; a dimension without weight needs none."""
    missing = [d for d in weights.index if d not in bagian]
    if missing:
        raise ParameterError(f"the table has no column {', '.join(missing)}")
    if not bagian.index.is_unique:
        raise ParameterError("the table names a place twice; each place may stand once")
    shares = bagian[list(weights.index)].astype("float64")
    idle = [d for d in weights.index if weights[d] == 0 and shares[d].isna().all()]
    shares = shares.assign(**dict.fromkeys(idle, 0.0)).dropna()
    if len(shares) < 2:
        raise NotMeasurableError("ranks need at least two places with all dimensions")
    return shares


def _ranks(values: FloatArray) -> npt.NDArray[np.int16]:
    """Ranks of the rows (places) in every column (draw): 1 is the highest, ties share the best."""
    edge = NOISE * max(1.0, float(np.abs(values).max()))
    ranks = np.empty(values.shape, dtype=np.int16)
    for place, row in enumerate(values):
        ranks[place] = (values > row + edge).sum(axis=0, dtype=np.int16)
    return ranks + np.int16(1)


def _composite(shares: FloatArray, weights: FloatArray, mean: str) -> FloatArray:
    """Index of places (rows) under sets of weights (columns)."""
    if mean not in MEANS:
        raise ParameterError(f"unknown mean {mean!r}; known: {', '.join(MEANS)}")
    if mean == "arithmetic":
        return np.asarray(shares @ weights)
    if (shares <= 0).any():
        raise NotMeasurableError("a geometric mean needs shares above 0 in every dimension")
    return np.asarray(np.exp(np.log(shares) @ weights))


def _draw_table(weights: pd.Series, drawn: FloatArray) -> pd.DataFrame:
    """Draws as percent, the official weights first, as draw 0."""
    rows = np.vstack([weights.to_numpy(), drawn]) * 100.0
    return pd.DataFrame(rows, columns=weights.index, index=pd.RangeIndex(len(rows), name="draw"))


def dirichlet_weights(
    bobot: Mapping[str, float], *, concentration: float, draws: int, seed: int
) -> pd.DataFrame:
    r"""Draw weights around the official ones from a Dirichlet distribution.

    :math:`w \sim \mathrm{Dirichlet}(\kappa w^0)`: mean the official :math:`w^0`, standard
    deviation of each weight :math:`\sqrt{w^0_d (1 - w^0_d) / (\kappa + 1)}`.

    Parameters
    ----------
    bobot : mapping of str to float
        Official weight of each dimension (``instrument.bobot``); any positive sum.
    concentration : float
        :math:`\kappa > 0`. At 100 a weight of 40 moves by 4.9 points (one standard deviation),
        at 25 by 9.6; with as many as there are dimensions, nearly anything goes.
    draws : int
        Sets of weights drawn, 1 or more.
    seed : int

    Returns
    -------
    pandas.DataFrame
        Index ``draw`` from 0; row 0 is the official weights, then the draws; a column a
        dimension; each row sums to 100. A dimension of weight 0 keeps 0.

    Raises
    ------
    ParameterError
        For weights below 0 or all 0, a concentration of 0 or less, or no draws.
    """
    weights = _official(bobot)
    if draws < 1 or not 0 < concentration < np.inf:
        raise ParameterError("draws must be 1 or more, concentration above 0")
    live = (weights > 0).to_numpy()
    drawn = np.zeros((draws, len(weights)))
    alpha = concentration * weights.to_numpy()[live]
    drawn[:, live] = np.random.default_rng(seed).dirichlet(alpha, size=draws)
    return _draw_table(weights, drawn)


def noise_weights(
    bobot: Mapping[str, float], *, spread: float, draws: int, seed: int
) -> pd.DataFrame:
    r"""Draw weights by changing each official weight up to a share of itself, as COINr does.

    :math:`w_d = w^0_d u_d / \sum_e w^0_e u_e` with :math:`u_d` uniform on
    :math:`[1 - s, 1 + s]` [3]_.

    Parameters
    ----------
    bobot, draws, seed
        As in :func:`dirichlet_weights`.
    spread : float
        :math:`s`, from 0 to 1; 0.25 moves a weight of 40 between 30 and 50 before scaling.

    Returns
    -------
    pandas.DataFrame
        As from :func:`dirichlet_weights`.

    Raises
    ------
    ParameterError
        For weights below 0 or all 0, a spread outside 0 to 1, or no draws.
    """
    weights = _official(bobot)
    if draws < 1 or not 0 <= spread <= 1:
        raise ParameterError("draws must be 1 or more, spread from 0 to 1")
    factor = np.random.default_rng(seed).uniform(1 - spread, 1 + spread, (draws, len(weights)))
    drawn = weights.to_numpy() * factor
    return _draw_table(weights, drawn / drawn.sum(axis=1, keepdims=True))


def rank_under_weights(
    bagian: pd.DataFrame, weights: pd.DataFrame, *, mean: str = "arithmetic"
) -> pd.DataFrame:
    r"""Rank the places under every set of weights.

    Parameters
    ----------
    bagian : pandas.DataFrame
        A row a place, a column a dimension: share of the maximum (0-1), from
        ``percent_of_maximum``. Other columns are not read; places with a gap (hidden) are left
        out.
    weights : pandas.DataFrame
        A row a draw, a column a dimension, from :func:`dirichlet_weights` or
        :func:`noise_weights`, or written by hand. Rows need not sum to 100.
    mean : {"arithmetic", "geometric"}
        ``arithmetic`` is the law's. ``geometric``, :math:`\prod_d x_d^{w_d}`, lets a strong
        dimension make up less for a weak one: a what-if of another index.

    Returns
    -------
    pandas.DataFrame
        The index of ``weights``, a column a place; int16 ranks, 1 is the highest, ties share
        the best rank. Row 0 of a drawn table holds the official ranks exactly; the parameters
        of any row stand in the same row of ``weights``.

    Raises
    ------
    ParameterError
        For a missing dimension, a weight below 0, a row of zeros, or an unknown mean.
    NotMeasurableError
        If fewer than two places have all dimensions, or a geometric mean meets a share of 0.
    """
    matrix = weights.to_numpy(dtype=np.float64)
    total = matrix.sum(axis=1, keepdims=True)
    if not ((matrix >= 0).all() and (total > 0).all()):
        raise ParameterError("weights must be 0 or more, each row with a sum above 0")
    shares = _shown(bagian, weights.max().rename(str))
    values = _composite(shares.to_numpy(), (matrix / total).T, mean)
    return pd.DataFrame(_ranks(values).T, index=weights.index, columns=shares.index)


def rank_summary(ranks: pd.DataFrame) -> pd.DataFrame:
    """Summarise each place's ranks over the draws.

    Parameters
    ----------
    ranks : pandas.DataFrame
        From :func:`rank_under_weights`; the first row is the official one and is not counted
        among the draws.

    Returns
    -------
    pandas.DataFrame
        Index place; ``peringkat`` (official), ``rata_rata``, ``median``, ``p5``, ``p95`` (ranks
        that the middle 90 % of draws span), ``bagian_tetap`` (share of draws, 0-1, that leave
        the rank where it is). A place whose p5 and p95 lie near its rank owes it to its people,
        not to the weights.

    Raises
    ------
    ParameterError
        If there is no draw beside the official row.
    """
    if len(ranks) < 2:
        raise ParameterError("ranks must hold the official row and at least one draw")
    official, drawn = ranks.iloc[0].to_numpy(), ranks.iloc[1:].to_numpy()
    p5, median, p95 = np.quantile(drawn, [0.05, 0.5, 0.95], axis=0)
    return pd.DataFrame(
        {
            "peringkat": official.astype(np.int64),
            "rata_rata": drawn.mean(axis=0),
            "median": median,
            "p5": p5,
            "p95": p95,
            "bagian_tetap": (drawn == official).mean(axis=0),
        },
        index=ranks.columns,
    )


def mean_rank_shift(ranks: pd.DataFrame) -> pd.Series:
    r"""Mean absolute change of rank in each row against the first: one number a choice.

    :math:`\bar R_s = \frac{1}{m} \sum_j |r_j^{(0)} - r_j^{(s)}|` over :math:`m` places [1]_.

    Parameters
    ----------
    ranks : pandas.DataFrame
        A row a choice (the first is the official one), a column a place.

    Returns
    -------
    pandas.Series
        The index of ``ranks``; places moved, on average: 0 is no change, 1 means that a place
        moves by one rank. Wholly random orders give about a third of the number of places.
    """
    table = ranks.to_numpy(dtype=np.float64)
    return pd.Series(np.abs(table - table[:1]).mean(axis=1), index=ranks.index, name="pergeseran")


def leave_one_out(bagian: pd.DataFrame, bobot: Mapping[str, float]) -> pd.DataFrame:
    """Rank the places with one dimension left out, the other weights scaled up.

    Parameters
    ----------
    bagian : pandas.DataFrame
        As in :func:`rank_under_weights`.
    bobot : mapping of str to float
        Official weights.

    Returns
    -------
    pandas.DataFrame
        Index ``tanpa``: ``""`` (nothing left out: the official ranks), then each dimension; a
        column a place; int16 ranks. :func:`mean_rank_shift` of it tells how much each dimension
        shapes the order. A dimension in which all places are alike shifts nothing, however
        large its weight.

    Raises
    ------
    ParameterError, NotMeasurableError
        As :func:`rank_under_weights`; also if only one dimension has weight.
    """
    weights = _official(bobot)
    if (weights > 0).sum() < 2:
        raise ParameterError("leaving a dimension out needs at least two with weight")
    names = pd.Index(["", *weights.index], name="tanpa")
    rows = np.vstack([weights, np.where(np.eye(len(weights), dtype=bool), 0.0, weights)])
    return rank_under_weights(bagian, pd.DataFrame(rows, index=names, columns=weights.index))
