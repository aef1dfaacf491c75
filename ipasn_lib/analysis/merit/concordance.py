r"""Does better performance go with better pay: rank concordance within job class.

Pay differs first of all by class, so people are compared with people of their class only. Of
all pairs in a class, *C* have the better performer better paid, *D* the worse performer; pairs
with equal performance (:math:`T_x`) or equal pay (:math:`T_y`) say nothing either way:

.. math::

    \tau_b = \frac{C - D}{\sqrt{(P - T_x)(P - T_y)}}, \qquad
    D_{yx} = \frac{C - D}{P - T_x}

(Kendall 1945, doi:10.1093/biomet/33.3.239; Somers 1962, doi:10.2307/2090408).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.analysis.merit.table import one_total, paid_and_rated, source_of
from ipasn_lib.index.disclosure import hide_small_groups
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["ALL", "PairCounts", "concordance", "pair_counts"]

FloatArray = npt.NDArray[np.float64]

ALL = "semua kelas"


@dataclass(frozen=True)
class PairCounts:
    """Pairs of people: concordant, discordant, all, and those tied on x and on y."""

    concordant: int
    discordant: int
    pairs: int
    tied_x: int
    tied_y: int

    def __add__(self, other: PairCounts) -> PairCounts:
        mine = (self.concordant, self.discordant, self.pairs, self.tied_x, self.tied_y)
        theirs = (other.concordant, other.discordant, other.pairs, other.tied_x, other.tied_y)
        return PairCounts(*(a + b for a, b in zip(mine, theirs, strict=True)))

    @property
    def tau_b(self) -> float:
        """Kendall's tau-b; NaN where all are tied on one side."""
        untied = (self.pairs - self.tied_x) * (self.pairs - self.tied_y)
        if untied == 0:
            return float("nan")
        return (self.concordant - self.discordant) / float(np.sqrt(float(untied)))

    @property
    def somers_d(self) -> float:
        """Somers' D of y given x; NaN where all are tied on x."""
        untied = self.pairs - self.tied_x
        return (self.concordant - self.discordant) / untied if untied else float("nan")


def pair_counts(x: FloatArray, y: FloatArray) -> PairCounts:
    """Count the pairs of people by how x and y order them.

    Parameters
    ----------
    x, y : array of float, shape (n,)
        No NaN.

    Returns
    -------
    PairCounts

    Notes
    -----
    The steps of x are taken in rising order; each y is looked up among the y of all lower
    steps. With five predicates that is five sorted look-ups, whatever the size of the class.
    """
    order = np.argsort(x, kind="stable")
    steps = np.split(y[order], np.flatnonzero(np.diff(x[order])) + 1)
    lower: FloatArray = np.empty(0)
    concordant = discordant = 0
    for step in steps:
        concordant += int(np.searchsorted(lower, step, "left").sum())
        above = np.searchsorted(lower, step, "right")
        discordant += int((len(lower) - above).sum())
        lower = np.sort(np.concatenate([lower, step]), kind="stable")
    return PairCounts(concordant, discordant, _pairs(len(x)), _ties(x), _ties(y))


def concordance(
    tabel: pd.DataFrame, ukuran: str = "predikat", minimum: int = MINIMUM
) -> pd.DataFrame:
    """Rank concordance of performance and pay, by class and over all classes.

    Parameters
    ----------
    tabel : pandas.DataFrame
        One row a person: ``id_pegawai``, ``kelas_jabatan``, ``tunjangan`` (rupiah) and the
        measure of performance.
    ukuran : {"predikat", "nilai"}
    minimum : int
        Smallest class shown.

    Returns
    -------
    pandas.DataFrame
        Index ``kelas_jabatan`` (text, lowest first, then "semua kelas": pairs within classes
        only); ``n_pegawai`` (Int64), ``tau_b``, ``somers_d`` (-1 to 1) and ``seri_kinerja``
        (0-1; share of pairs with equal performance), ``sumber_data``. NA where hidden; the
        measures are NaN where fewer than ``minimum`` people differ from the most common
        performance of their class.

    Raises
    ------
    ParameterError
        For a missing column, an unknown measure or a person twice.
    NotMeasurableError
        If nobody has both.

    Notes
    -----
    Somers' D of 0.30: of pairs who perform differently, the better one is better paid 30
    percentage points more often than worse paid. Near 0: pay does not follow performance;
    below 0: it runs against it. Read it with ``seri_kinerja``: near 1 hardly anybody is told
    apart by performance, so there is little for pay to follow, and the measure rests on few
    pairs. Equal pay within a class gives 0, not 1. Attendance enters pay too: a low value may
    be the rule itself; see :func:`paid_against_rule`.

    The three measures are ratios of whole numbers of pairs: to the last digit they give away how
    a small class is rated. Publish the first two rounded to two decimals, and ``seri_kinerja`` in
    words.
    """
    minimum = check_minimum(minimum)
    people, x, y = paid_and_rated(tabel, ukuran)
    kelas = people["kelas_jabatan"].to_numpy(dtype=np.int64)
    classes, n = np.unique(kelas, return_counts=True)
    by_class = [x[kelas == k] for k in classes]
    counts = [pair_counts(v, y[kelas == k]) for v, k in zip(by_class, classes, strict=True)]
    hidden = hide_small_groups(n, n, one_total(n), minimum)
    total = counts[0]
    for count in counts[1:]:
        total = total + count
    everybody = [*counts, total]
    mask = [*hidden, len(people) < minimum or (len(classes) == 1 and hidden[0])]
    off_mode = [len(v) - int(np.unique(v, return_counts=True)[1].max()) for v in by_class]
    thin = np.array([*off_mode, sum(off_mode)]) < minimum
    ties = [c.tied_x / c.pairs if c.pairs else np.nan for c in everybody]
    table = pd.DataFrame(
        {
            "n_pegawai": pd.array([*n.tolist(), len(people)], dtype="Int64"),
            "tau_b": [c.tau_b for c in everybody],
            "somers_d": [c.somers_d for c in everybody],
            "seri_kinerja": ties,
        },
        index=pd.Index([*map(str, classes), ALL], name="kelas_jabatan", dtype="str"),
    )
    table.loc[thin, ["tau_b", "somers_d", "seri_kinerja"]] = np.nan
    shown = table.mask(pd.Series(mask, index=table.index, dtype=bool))
    return shown.assign(sumber_data=source_of(tabel))


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def _ties(values: FloatArray) -> int:
    _, sizes = np.unique(values, return_counts=True)
    return int((sizes * (sizes - 1) // 2).sum())
