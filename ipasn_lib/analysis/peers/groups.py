r"""Groups of places alike in structure, and whether there are any.

Clustering always finds groups. Two numbers tell what they are worth. The silhouette compares a
place's mean distance to its own group, *a*, with that to the nearest other group, *b*:
:math:`s = (b - a) / \max(a, b)`. Stability draws the places anew with replacement, groups them,
gives every place to the nearest new centre, and compares with the groups found, by the adjusted
Rand index (1: the same groups; 0: no more alike than chance).

References
----------
.. [1] Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and
       validation of cluster analysis. Journal of Computational and Applied Mathematics 20,
       53-65. doi:10.1016/0377-0427(87)90125-7
.. [2] Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2,
       193-218. doi:10.1007/BF01908075
.. [3] Fang, Y. and Wang, J. (2012). Selection of the number of clusters via the bootstrap
       method. Computational Statistics and Data Analysis 56(3), 468-477.
       doi:10.1016/j.csda.2011.09.003
.. [4] Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. Journal of
       the American Statistical Association 58(301), 236-244.
       doi:10.1080/01621459.1963.10500845
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_samples
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ipasn_lib.analysis.peers.structure import standardise
from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.wording import number

__all__ = ["PlaceGroups", "group_places"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

METHODS = ("ward", "kmeans")
STARTS = 5
"""Random starts of k-means: with some forty places more find nothing better."""

STABLE = 0.6
"""Mean adjusted Rand index from which groups count as found again."""

SMALLEST = 3
"""A group of one or two places is no group to compare with."""


@dataclass(frozen=True)
class PlaceGroups:
    """Groups, and how far to trust them.

    Attributes
    ----------
    kelompok : pandas.Series
        Index as given; group from 1 (Int64), the largest mean of the first column first; NA
        where the place has no whole description.
    siluet : pandas.Series
        Of each place, -1 to 1: near 1 well inside its group, near 0 between two, below 0
        nearer to another.
    pilihan : pandas.DataFrame
        Index ``jumlah_kelompok``; ``siluet`` (mean), ``stabilitas`` (mean adjusted Rand
        index), ``terkecil`` (places in the smallest group), ``terpilih`` (bool). A mean
        silhouette under 0.25 says there is no structure to speak of.
    profil : pandas.DataFrame
        Index ``kelompok``; ``n_tempat`` and the means of the columns, in their own units.
    stabil : bool
        Whether the chosen groups pass ``STABLE`` and ``SMALLEST``. If not, use
        :func:`nearest_places` instead.
    tanpa_struktur : tuple of str
        Places left out.
    metode : str
    ulangan, seed : int
    """

    kelompok: pd.Series
    siluet: pd.Series
    pilihan: pd.DataFrame
    profil: pd.DataFrame
    stabil: bool
    tanpa_struktur: tuple[str, ...]
    metode: str
    ulangan: int
    seed: int

    def _repr_html_(self) -> str:
        chosen = self.pilihan.loc[self.pilihan["terpilih"]].iloc[0]
        return card(
            "Kelompok daerah menurut struktur",
            {
                "Kelompok": len(self.profil),
                "Siluet": number(chosen["siluet"]),
                "Stabilitas": number(chosen["stabilitas"]),
                "Cara": self.metode,
                "Tanpa uraian lengkap": f"{len(self.tanpa_struktur)} daerah",
                "Ulangan": f"{number(self.ulangan, 0)}, benih {self.seed}",
            },
            catatan="" if self.stabil else "Kelompoknya tidak ajek: pakai nearest_places.",
        )


def group_places(
    struktur: pd.DataFrame,
    *,
    seed: int,
    groups: int | None = None,
    most: int = 6,
    method: str = "ward",
    draws: int = 100,
) -> PlaceGroups:
    """Group places by their standardised structure.

    Parameters
    ----------
    struktur : pandas.DataFrame
        From :func:`place_structure`; leave out columns that should not count.
    seed : int
        Of the draws and of k-means' starts.
    groups : int, optional
        Number of groups. Without it: of those from 2 to ``most`` that are stable and have no
        group under three places, the one with the highest silhouette; if none is stable, the
        highest silhouette all the same, and ``stabil`` is False.
    most : int
        Largest number tried, 2 or more.
    method : {"ward", "kmeans"}
        Ward's joining uses no chance; k-means moves places until each is with its nearest
        centre.
    draws : int
        Bootstrap draws for the stability, at least 20.

    Returns
    -------
    PlaceGroups

    Raises
    ------
    ParameterError
        For an unknown method or numbers out of range.
    NotMeasurableError
        If the places with a whole description are fewer than three for each group.

    Notes
    -----
    k-means runs on OpenMP threads, and a process that forks after it has started such threads
    can hang for ever. Everything here therefore runs on one thread, which starts none; five
    starts keep it quick.
    """
    if method not in METHODS:
        raise ParameterError(f"method {method!r}; known: {', '.join(METHODS)}")
    if seed < 0 or draws < 20 or most < 2 or (groups is not None and groups < 2):
        raise ParameterError("seed 0 or more, draws 20 or more, groups and most 2 or more")
    z, left = standardise(struktur)
    points = z.to_numpy()
    distinct = len(np.unique(points, axis=0))
    fits = min(len(z) // SMALLEST, distinct - 1)
    numbers = [k for k in ([groups] if groups else range(2, most + 1)) if k <= fits]
    if not numbers:
        raise NotMeasurableError(f"{len(z)} places are too few for {groups or 2} groups")
    rng = np.random.default_rng(seed)
    resamples = [rng.integers(0, len(z), len(z)) for _ in range(draws)]
    with threadpool_limits(limits=1):
        found = {k: _cluster(points, k, method, seed) for k in numbers}
        shape = {k: silhouette_samples(points, labels) for k, labels in found.items()}
        again = {k: _stability(points, found[k], resamples, k, method, seed) for k in numbers}
    choices = pd.DataFrame(
        {
            "siluet": [float(shape[k].mean()) for k in numbers],
            "stabilitas": [again[k] for k in numbers],
            "terkecil": [int(np.bincount(found[k]).min()) for k in numbers],
        },
        index=pd.Index(numbers, name="jumlah_kelompok"),
    )
    firm = (choices["stabilitas"] >= STABLE) & (choices["terkecil"] >= SMALLEST)
    whole = choices["terkecil"] >= SMALLEST
    wanted = firm if firm.any() else whole if whole.any() else whole | True
    allowed = choices["siluet"].where(wanted)
    best = numbers[int(np.nanargmax(allowed.to_numpy()))]
    labels = _numbered(found[best], points[:, 0])
    member = pd.Series(labels, index=z.index, dtype="Int64", name="kelompok")
    means = struktur.loc[z.index, list(z.columns)].groupby(labels).mean().rename_axis("kelompok")
    means.insert(0, "n_tempat", np.bincount(labels)[1:])
    return PlaceGroups(
        kelompok=member.reindex(struktur.index),
        siluet=pd.Series(shape[best], index=z.index, name="siluet").reindex(struktur.index),
        pilihan=choices.assign(terpilih=choices.index == best),
        profil=means,
        stabil=bool(firm[best]),
        tanpa_struktur=left,
        metode=method,
        ulangan=draws,
        seed=seed,
    )


def _cluster(points: FloatArray, k: int, method: str, seed: int) -> IntArray:
    if method == "ward":
        model = AgglomerativeClustering(n_clusters=k, linkage="ward")
    else:
        model = KMeans(n_clusters=k, n_init=STARTS, random_state=seed)
    return np.asarray(model.fit_predict(points), dtype=np.int64)


def _stability(
    points: FloatArray,
    labels: IntArray,
    resamples: list[IntArray],
    k: int,
    method: str,
    seed: int,
) -> float:
    """Mean adjusted Rand index of the groups of resampled places with those found."""
    agreement = []
    for drawn in resamples:
        sample = points[drawn]
        if len(np.unique(sample, axis=0)) < k:
            continue
        part = _cluster(sample, k, method, seed)
        centres = np.stack([sample[part == g].mean(axis=0) for g in range(k)])
        distance = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        agreement.append(adjusted_rand_score(labels, distance.argmin(axis=1)))
    return float(np.mean(agreement)) if agreement else float("nan")


def _numbered(labels: IntArray, first: FloatArray) -> IntArray:
    """Give groups numbers from 1, the largest mean of the first column first."""
    mean = np.bincount(labels, weights=first) / np.bincount(labels)
    rank = np.empty(len(mean), dtype=np.int64)
    rank[np.argsort(-mean, kind="stable")] = np.arange(1, len(mean) + 1)
    return rank[labels]
