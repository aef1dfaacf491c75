r"""Do neighbouring places resemble each other: Moran's I, its local form, neighbours' means.

Neighbours are given as a table of pairs. Whether places joined by a bridge count is therefore
the caller's choice: give the pair or leave it out. Each place's neighbours share a weight of 1
(row standardisation): the spatial lag of a place is the plain mean of its neighbours.

How to read it with care: a pattern is no cause; means of few people are noisy; and with 38
places and two or three neighbours each there is little power, so "not significant" does not say
"no pattern". A place with a single neighbour is compared with that one place alone and is
flagged.

References
----------
.. [1] Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37(1/2),
       17-23. doi:10.1093/biomet/37.1-2.17
.. [2] Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis
       27(2), 93-115. doi:10.1111/j.1538-4632.1995.tb00338.x
.. [3] Caldas de Castro, M. and Singer, B. H. (2006). Controlling the false discovery rate: a
       new application to account for multiple and dependent tests in local statistics of
       spatial association. Geographical Analysis 38(2), 180-208.
       doi:10.1111/j.0016-7363.2006.00682.x
.. [4] Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical
       and powerful approach to multiple testing. Journal of the Royal Statistical Society B
       57(1), 289-300. doi:10.1111/j.2517-6161.1995.tb02031.x
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import false_discovery_control

from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.wording import number

__all__ = ["Moran", "local_moran", "moran", "spatial_lag"]

FloatArray = npt.NDArray[np.float64]

QUADRANTS = ("tinggi-tinggi", "rendah-rendah", "tinggi-rendah", "rendah-tinggi")


@dataclass(frozen=True)
class _Graph:
    """Places with a value and a neighbour, in sorted order, and the row-standardised weights."""

    kode: pd.Index
    x: FloatArray
    weights: FloatArray
    degree: npt.NDArray[np.intp]
    islands: tuple[str, ...]
    missing: tuple[str, ...]


def _graph(nilai: pd.Series, pasangan: pd.DataFrame) -> _Graph:
    """Build the graph of the places that have a value; say which places are left out and why."""
    absent = [c for c in ("kode_a", "kode_b") if c not in pasangan]
    if absent:
        raise ParameterError(f"pasangan has no column {', '.join(absent)}")
    if not nilai.index.is_unique:
        raise ParameterError("nilai names a place twice; each place may stand once")
    a, b = pasangan["kode_a"].astype("str"), pasangan["kode_b"].astype("str")
    known = pd.Index(nilai.index.astype("str"))
    unknown = sorted({*a, *b} - set(known))
    if unknown:
        raise ParameterError(f"pasangan names places without a row in nilai: {', '.join(unknown)}")
    if (a == b).any():
        raise ParameterError("pasangan joins a place with itself")
    if len({frozenset(pair) for pair in zip(a, b, strict=True)}) < len(a):
        raise ParameterError("pasangan names a pair twice (in one order or both)")
    values = pd.Series(nilai.to_numpy(dtype=np.float64, na_value=np.nan), index=known)
    # sorted, so that the order of rows changes neither the sums nor the draws
    values = values.sort_index()
    missing = tuple(values.index[values.isna()])
    values = values.dropna()
    # a pair with a hidden place is no pair: its mean would be worked out from the lag
    kept = (a.isin(values.index) & b.isin(values.index)).to_numpy()
    i, j = values.index.get_indexer(pd.Index(a[kept])), values.index.get_indexer(pd.Index(b[kept]))
    joined = np.zeros((len(values), len(values)))
    joined[i, j] = joined[j, i] = 1.0
    alone = joined.sum(axis=1) == 0
    joined = joined[~alone][:, ~alone]
    degree = joined.sum(axis=1)
    return _Graph(
        kode=values.index[~alone],
        x=values.to_numpy()[~alone],
        weights=joined / degree[:, None],
        degree=degree.astype(np.intp),
        islands=tuple(values.index[alone]),
        missing=missing,
    )


def _deviations(graph: _Graph) -> FloatArray:
    """Deviations from the mean, after checking that there is something to correlate."""
    if len(graph.x) < 4:
        raise NotMeasurableError("Moran's I needs at least four places with a neighbour")
    z = graph.x - graph.x.mean()
    if np.abs(z).max() <= 1e-12 * max(1.0, float(np.abs(graph.x).max())):
        raise NotMeasurableError("all places have the same value; there is nothing to correlate")
    return z


def _check_chance(seed: int, permutations: int) -> None:
    if seed < 0 or permutations < 99:
        raise ParameterError("seed must be 0 or more, permutations 99 or more")


def spatial_lag(nilai: pd.Series, pasangan: pd.DataFrame) -> pd.DataFrame:
    r"""Compare each place with the mean of its neighbours.

    :math:`\bar x_{N(i)} = \frac{1}{k_i} \sum_{j \in N(i)} x_j`.

    Parameters
    ----------
    nilai : pandas.Series
        A value for each place, index ``kode_kabkota``; NaN or NA where hidden or missing.
    pasangan : pandas.DataFrame
        ``kode_a``, ``kode_b``: one row a pair of neighbours, each pair once, in any order.

    Returns
    -------
    pandas.DataFrame
        The index of ``nilai``; ``nilai``, ``rata_rata_tetangga``, ``selisih`` (place minus
        neighbours), ``jumlah_tetangga`` (Int64; neighbours with a value), ``satu_tetangga``,
        ``tanpa_tetangga`` (booleans; NA for a place without a value). The mean of the
        neighbours is NaN for a place without a value or without neighbours.

    Raises
    ------
    ParameterError
        If a column is missing, a pair names an unknown place or the place itself, or a pair or
        a place stands twice.
    """
    graph = _graph(nilai, pasangan)
    table = pd.DataFrame(
        {
            "rata_rata_tetangga": graph.weights @ graph.x,
            "jumlah_tetangga": graph.degree,
        },
        index=graph.kode,
    ).reindex(nilai.index.astype("str"))
    table.index = nilai.index
    shown = ~nilai.index.astype("str").isin(graph.missing)
    table["jumlah_tetangga"] = table["jumlah_tetangga"].fillna(0).astype("Int64").where(shown)
    table.insert(0, "nilai", nilai.to_numpy(dtype=np.float64, na_value=np.nan))
    table.insert(2, "selisih", table["nilai"] - table["rata_rata_tetangga"])
    table["satu_tetangga"] = (table["jumlah_tetangga"] == 1).astype("boolean").where(shown)
    table["tanpa_tetangga"] = (table["jumlah_tetangga"] == 0).astype("boolean").where(shown)
    return table


@dataclass(frozen=True)
class Moran:
    """Moran's I of one value, and what chance would give.

    Attributes
    ----------
    statistic : float
        I: near 1, neighbours alike; near ``expected``, no pattern; below it, a chequerboard.
    expected : float
        -1/(n-1), the mean under no pattern.
    sd, z : float
        Standard deviation of I over the permutations, and (I - expected) / sd.
    p_greater : float
        Share of permutations with an I at least as large: are neighbours *alike*?
    p_two_sided : float
        Twice the smaller tail, at most 1: is there *any* pattern, alike or unlike?
    n, pairs : int
        Places and pairs used.
    islands, missing : tuple of str
        Places left out: without a neighbour that has a value, and without a value.
    permutations, seed : int
    """

    statistic: float
    expected: float
    sd: float
    z: float
    p_greater: float
    p_two_sided: float
    n: int
    pairs: int
    islands: tuple[str, ...]
    missing: tuple[str, ...]
    permutations: int
    seed: int

    def _repr_html_(self) -> str:
        return card(
            "Indeks Moran",
            {
                "I": number(self.statistic, 3),
                "Bila tanpa pola": number(self.expected, 3),
                "Nilai p, mirip": number(self.p_greater, 3),
                "Nilai p, dua arah": number(self.p_two_sided, 3),
                "Daerah dan pasangan": f"{self.n} dan {self.pairs}",
                "Undian": f"{number(self.permutations, 0)}, benih {self.seed}",
            },
        )


def _tails(simulated: FloatArray, observed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Upper-tail and two-sided pseudo p-values; the observed value counts as one more draw."""
    # equal up to float noise is "at least as large": a place with one neighbour ties often
    edge = 1e-10 * np.maximum(1.0, np.abs(observed))
    draws = len(simulated)
    upper = ((simulated >= observed - edge).sum(axis=0) + 1) / (draws + 1)
    lower = ((simulated <= observed + edge).sum(axis=0) + 1) / (draws + 1)
    return upper, np.minimum(1.0, 2 * np.minimum(upper, lower))


def moran(
    nilai: pd.Series, pasangan: pd.DataFrame, *, seed: int, permutations: int = 9999
) -> Moran:
    r"""Compute Moran's I: do neighbouring places have like values.

    With :math:`z` the deviations from the mean and row-standardised weights,

    .. math:: I = \frac{\sum_i z_i \sum_j w_{ij} z_j}{\sum_i z_i^2}.

    Inference by permutation: the values are dealt out anew over the places.

    Parameters
    ----------
    nilai, pasangan
        As in :func:`spatial_lag`. Places without a value, then places left without neighbours,
        are taken out before anything is computed, and reported.
    seed : int
        Same data and seed, same p-value; the order of rows does not matter.
    permutations : int
        At least 99.

    Returns
    -------
    Moran

    Raises
    ------
    ParameterError
        As :func:`spatial_lag`, or for too few permutations.
    NotMeasurableError
        If fewer than four places have a neighbour, or all have the same value.
    """
    _check_chance(seed, permutations)
    graph = _graph(nilai, pasangan)
    z = _deviations(graph)
    rng = np.random.default_rng(seed)
    dealt = rng.permuted(np.tile(z, (permutations, 1)), axis=1)
    total = z @ z
    statistic = float(z @ graph.weights @ z / total)
    simulated = ((dealt @ graph.weights.T) * dealt).sum(axis=1) / total
    upper, both = _tails(simulated, np.asarray(statistic))
    expected = -1.0 / (len(z) - 1)
    sd = float(simulated.std(ddof=1))
    return Moran(
        statistic=statistic,
        expected=expected,
        sd=sd,
        z=(statistic - expected) / sd if sd > 0 else float("nan"),
        p_greater=float(upper),
        p_two_sided=float(both),
        n=len(z),
        pairs=int(graph.degree.sum()) // 2,
        islands=graph.islands,
        missing=graph.missing,
        permutations=permutations,
        seed=seed,
    )


def local_moran(
    nilai: pd.Series,
    pasangan: pd.DataFrame,
    *,
    seed: int,
    permutations: int = 9999,
    alpha: float = 0.05,
) -> pd.DataFrame:
    r"""Compute local Moran's I of every place: where high or low values lie together (LISA).

    .. math:: I_i = \frac{(n-1)\, z_i}{\sum_k z_k^2} \sum_j w_{ij} z_j

    (as PySAL's esda; Anselin [2]_ has :math:`n` for :math:`n-1`). Inference by conditional
    permutation: place :math:`i` keeps its value, its neighbours' values are drawn without
    replacement from all other places. The p-values of all places are then adjusted so that of
    the places called significant at most a share ``alpha`` is expected to be wrong (false
    discovery rate [3]_ [4]_).

    Parameters
    ----------
    nilai, pasangan, seed
        As in :func:`moran`.
    permutations : int
        At least 99, and enough that 2 / (permutations + 1) <= alpha / places: otherwise no
        single place could ever be significant.
    alpha : float
        False discovery rate, above 0 and under 1.

    Returns
    -------
    pandas.DataFrame
        The index of ``nilai``; ``nilai``, ``rata_rata_tetangga``, ``i_lokal``, ``kuadran``
        (ordered as in ``QUADRANTS``: the place, then its neighbours, above or below the mean;
        a place exactly at the mean counts as below), ``p`` (two-sided pseudo p-value), ``p_fdr``
        (adjusted), ``nyata`` (boolean: ``p_fdr <= alpha``), ``jumlah_tetangga``,
        ``satu_tetangga``, ``tanpa_tetangga``. NA where a place has no value or no neighbour.
        ``tinggi-tinggi`` and ``nyata``: a cluster of high values; ``tinggi-rendah``: a high
        place among low ones.

    Raises
    ------
    ParameterError, NotMeasurableError
        As :func:`moran`; also for too few permutations or an alpha outside 0 to 1.

    Notes
    -----
    The p-values are two-sided, twice those that esda prints (``p_sim``). A place with one
    neighbour has only n - 1 possible draws, so its p-value can hardly fall under 2/(n - 1):
    "not significant" there says nothing.
    """
    _check_chance(seed, permutations)
    if not 0 < alpha < 1:
        raise ParameterError("alpha must be above 0 and under 1")
    graph = _graph(nilai, pasangan)
    z = _deviations(graph)
    n = len(z)
    if 2 / (permutations + 1) > alpha / n:
        raise ParameterError(
            f"permutations: {permutations} are too few for {n} places at alpha {alpha:g}; "
            f"needed: {int(np.ceil(2 * n / alpha))}"
        )
    scale = (n - 1) / (z @ z)
    lag = graph.weights @ z
    statistic = scale * z * lag

    # one table of draws without replacement, positions among "all other places"
    rng = np.random.default_rng(seed)
    most = int(graph.degree.max())
    draw = rng.permuted(np.tile(np.arange(n - 1), (permutations, 1)), axis=1)[:, :most]
    simulated = np.empty((permutations, n))
    for place in range(n):
        others = np.delete(z, place)
        simulated[:, place] = others[draw[:, : graph.degree[place]]].mean(axis=1)
    _, p = _tails(scale * z * simulated, statistic)
    adjusted = false_discovery_control(p, method="bh")

    quadrant = np.select(
        [(z > 0) & (lag > 0), (z <= 0) & (lag <= 0), (z > 0) & (lag <= 0)], [0, 1, 2], default=3
    )
    found = pd.DataFrame(
        {
            "i_lokal": statistic,
            "kuadran": pd.Categorical.from_codes(quadrant, categories=pd.Index(QUADRANTS)),
            "p": p,
            "p_fdr": adjusted,
            "nyata": pd.array(adjusted <= alpha, dtype="boolean"),
        },
        index=graph.kode,
    ).reindex(nilai.index.astype("str"))
    found.index = nilai.index
    places = spatial_lag(nilai, pasangan)
    counts = ["jumlah_tetangga", "satu_tetangga", "tanpa_tetangga"]
    return pd.concat([places[["nilai", "rata_rata_tetangga"]], found, places[counts]], axis=1)
