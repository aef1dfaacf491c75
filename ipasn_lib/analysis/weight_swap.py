r"""How little would the weights have to change for two places to swap.

The robustness of one comparison in one number: if moving one point of weight puts the lower
place level with the higher, their order is the weights' doing; if no weights at all can do it,
the higher place is at least as good in everything.

References
----------
.. [1] Triantaphyllou, E. and Sanchez, A. (1997). A sensitivity analysis approach for some
       deterministic multi-criteria decision-making methods. Decision Sciences 28(1), 151-194.
       doi:10.1111/j.1540-5915.1997.tb01306.x
.. [2] Foster, J. E., McGillivray, M. and Seth, S. (2013). Composite indices: rank robustness,
       statistical association, and redundancy. Econometric Reviews 32(1), 35-56.
       doi:10.1080/07474938.2012.690647
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError

__all__ = ["neighbour_swaps", "smallest_swaps"]

FloatArray = npt.NDArray[np.float64]

# Every choice of weights that stay above 0 is tried: 15 for four dimensions, too many for 20.
MOST_DIMENSIONS = 12
NOISE = 1e-9


def _nearest_tie(official: FloatArray, difference: FloatArray) -> FloatArray | None:
    """Give the weights nearest to the official ones that tie two places; None where none do.

    The nearest point has some weights at 0 and the rest above; with those at 0 fixed it is the
    projection on a plane, in closed form. So the nearest of all feasible projections is exact.
    """
    size = np.abs(difference).max()
    if size == 0:
        return official
    plane = np.vstack([np.ones_like(official), difference / size])
    target = np.array([official.sum(), 0.0])
    best: FloatArray | None = None
    for live in range(len(official), 0, -1):
        for chosen in combinations(range(len(official)), live):
            at = list(chosen)
            weights = np.zeros_like(official)
            gap = target - plane[:, at] @ official[at]
            weights[at] = official[at] + np.linalg.pinv(plane[:, at]) @ gap
            on_plane = np.abs(plane @ weights - target).max() < NOISE * target[0]
            if not on_plane or weights.min() < -NOISE * target[0]:
                continue
            weights = np.where(weights < NOISE * target[0], 0.0, weights)
            if best is None or np.sum((weights - official) ** 2) < np.sum((best - official) ** 2):
                best = weights
    return best


def smallest_swaps(
    bagian: pd.DataFrame,
    bobot: Mapping[str, float],
    pairs: Sequence[tuple[str, str]] | None = None,
) -> pd.DataFrame:
    r"""Find the smallest change of weights that puts two places level.

    .. math::
        \min_w \lVert w - w^0 \rVert_2 \quad \text{with} \quad
        \sum_d w_d (x_{ad} - x_{bd}) = 0, \; \sum_d w_d = 100, \; w_d \ge 0,

    solved exactly. Any step further in the same direction swaps the two.

    Parameters
    ----------
    bagian : pandas.DataFrame
        A row a place, a column a dimension: share of the maximum (0-1). Places with a gap are
        left out.
    bobot : mapping of str to float
        Official weights.
    pairs : sequence of (str, str), optional
        Pairs of places; by default each place and the next in the official ranking.

    Returns
    -------
    pandas.DataFrame
        Index (``atas``, ``bawah``): the place that is officially higher, and the other.
        ``selisih`` (difference of the shares' weighted mean in percent of the maximum: points
        of the index), ``jarak`` (length of the change, in points of weight), ``poin_pindah``
        (points of weight taken from some dimensions and given to others), and
        ``bobot_<dimensi>``, the weights at which they are level (sum 100). A ``poin_pindah``
        under 1 is a coin toss; NaN throughout says that no weights can level them.

    Raises
    ------
    ParameterError
        For a missing dimension, wrong weights, or a pair of unknown, hidden or equal places.
    NotMeasurableError
        If fewer than two places have all dimensions.
    """
    official = pd.Series({str(k): float(v) for k, v in bobot.items()})
    if official.empty or (official < 0).any() or not 0 < official.sum() < np.inf:
        raise ParameterError("weights must be numbers of 0 or more, not all 0")
    if len(official) > MOST_DIMENSIONS:
        raise ParameterError(f"at most {MOST_DIMENSIONS} dimensions")
    official = official * (100.0 / official.sum())
    missing = [d for d in official.index if d not in bagian]
    if missing or not bagian.index.is_unique:
        raise ParameterError(
            f"the table has no column {', '.join(missing)}" if missing else "a place stands twice"
        )
    shares = bagian[list(official.index)].astype("float64").dropna()
    if len(shares) < 2:
        raise NotMeasurableError("a comparison needs at least two places with all dimensions")
    index = shares @ official
    if pairs is None:
        ranked = index.sort_values(ascending=False, kind="stable").index
        pairs = list(pairwise(ranked))
    w: FloatArray = np.asarray(official, dtype=np.float64)
    rows = []
    for a, b in pairs:
        if a == b or a not in index.index or b not in index.index:
            raise ParameterError(f"pair ({a}, {b}): expected two different places with values")
        above, below = (a, b) if index[a] >= index[b] else (b, a)
        at = shares.index.get_indexer(pd.Index([above, below]))
        difference = shares.to_numpy()[at[0]] - shares.to_numpy()[at[1]]
        level = _nearest_tie(w, difference)
        change = np.full(len(official), np.nan) if level is None else level - w
        rows.append(
            {
                "atas": above,
                "bawah": below,
                "selisih": index[above] - index[below],
                "jarak": float(np.sqrt(np.sum(np.square(change)))),
                "poin_pindah": float(np.abs(change).sum() / 2),
                **{
                    f"bobot_{d}": weight
                    for d, weight in zip(official.index, w + change, strict=True)
                },
            }
        )
    return pd.DataFrame(rows).set_index(["atas", "bawah"])


def neighbour_swaps(
    bagian: pd.DataFrame, bobot: Mapping[str, float], kode: str, *, n: int = 3
) -> pd.DataFrame:
    """Find the smallest swaps of one place with the places next to it in the ranking.

    Parameters
    ----------
    bagian, bobot
        As in :func:`smallest_swaps`.
    kode : str
        The place.
    n : int
        How many places above it and how many below it, 1 or more.

    Returns
    -------
    pandas.DataFrame
        Index ``lawan`` (the other place), from the highest to the lowest; ``kedudukan`` ("di
        atas" or "di bawah", seen from the place) and the columns of :func:`smallest_swaps`.
        Places level with it count by the order of the table. Empty where the place itself is
        hidden.

    Raises
    ------
    ParameterError
        If the place is not in the table, n is under 1, or as :func:`smallest_swaps`.
    """
    if n < 1 or kode not in bagian.index:
        raise ParameterError("n must be 1 or more" if n < 1 else f"no place {kode!r}")
    official = pd.Series({str(k): float(v) for k, v in bobot.items()})
    missing = [d for d in official.index if d not in bagian]
    if missing:
        raise ParameterError(f"the table has no column {', '.join(missing)}")
    shares = bagian[list(official.index)].astype("float64").dropna()
    ranked = list((shares @ official).sort_values(ascending=False, kind="stable").index)
    columns = ["kedudukan", "selisih", "jarak", "poin_pindah", *(f"bobot_{d}" for d in bobot)]
    if kode not in ranked or len(ranked) < 2:
        return pd.DataFrame(columns=columns, index=pd.Index([], name="lawan"))
    at = ranked.index(kode)
    above, below = ranked[max(0, at - n) : at], ranked[at + 1 : at + 1 + n]
    swaps = smallest_swaps(bagian, bobot, [(kode, other) for other in (*above, *below)])
    return swaps.assign(kedudukan=["di atas"] * len(above) + ["di bawah"] * len(below)).set_axis(
        pd.Index([*above, *below], name="lawan")
    )[columns]
