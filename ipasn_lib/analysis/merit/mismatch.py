"""Good performers paid below their class's median, and poor ones above it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.analysis.merit.concordance import ALL
from ipasn_lib.analysis.merit.table import paid_and_rated, source_of
from ipasn_lib.errors import ParameterError
from ipasn_lib.index.disclosure import hide_small_groups, parents_of_several
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["pay_mismatch"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

LOW, MIDDLE, HIGH = range(3)
HIGHEST, POOR = 4.0, 2.0
"""Sangat Baik; Butuh Perbaikan and below (steps of the five predicates)."""


def pay_mismatch(
    tabel: pd.DataFrame,
    ukuran: str = "predikat",
    quarter: float = 0.25,
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """How often pay runs against performance within a job class.

    Parameters
    ----------
    tabel : pandas.DataFrame
        One row a person: ``id_pegawai``, ``kelas_jabatan``, ``tunjangan`` and the measure.
    ukuran : {"predikat", "nilai"}
        "predikat": high is Sangat Baik, low is Butuh Perbaikan and below. "nilai": high and low
        are those at or beyond the upper and lower ``quarter`` of their class.
    quarter : float
        For "nilai": above 0 and under 0.5.
    minimum : int
        Smallest number of people behind anything shown.

    Returns
    -------
    pandas.DataFrame
        Index ``kelas_jabatan`` (text, then "semua kelas"); ``n_pegawai``, ``n_tinggi``,
        ``n_rendah`` (Int64), ``tinggi_di_bawah_median`` (0-1; of the high performers, those paid
        less than the median of their class), ``rendah_di_atas_median`` (of the low, those paid
        more), to compare with ``semua_di_bawah_median`` and ``semua_di_atas_median``, and
        ``sumber_data``.

    Raises
    ------
    ParameterError
        For a missing column, an unknown measure, a quarter out of range or a person twice.
    NotMeasurableError
        If nobody has both.

    Notes
    -----
    If pay took no notice of performance, ``tinggi_di_bawah_median`` would equal
    ``semua_di_bawah_median`` (under one half where many are paid exactly the median): lower is
    better, equal means no notice taken, higher means against it.

    A count or a share is hidden where fewer than ``minimum`` people stand behind it or behind
    its rest, none included, and further cells with it so that no total gives it back. Beside a
    shown ``n_tinggi`` a hidden share thus means: fewer than ``minimum``, or all but so few.
    Amounts in rupiah are not given: a median is one person's pay.
    """
    minimum = check_minimum(minimum)
    if not 0 < quarter < 0.5:
        raise ParameterError("quarter must be above 0 and under 0.5")
    people, x, y = paid_and_rated(tabel, ukuran)
    classes, kelas = np.unique(
        people["kelas_jabatan"].to_numpy(dtype=np.int64), return_inverse=True
    )
    level = np.full(len(x), MIDDLE)
    below, above = np.zeros(len(x), dtype=bool), np.zeros(len(x), dtype=bool)
    for k in range(len(classes)):
        here = np.flatnonzero(kelas == k)
        level[here] = _levels(x[here], ukuran, quarter)
        median = float(np.median(y[here]))
        below[here], above[here] = y[here] < median, y[here] > median
    # the side that is asked about: paid below for the high, above for the others
    odd = np.where(level == HIGH, below, above)
    cells = np.zeros((len(classes), 3, 2), dtype=np.int64)
    np.add.at(cells, (kelas, level, odd.astype(np.int64)), 1)
    shown = _shown(cells, minimum)
    table = pd.DataFrame(
        [
            *(_row(cells[k], shown[0][k], shown[1][k]) for k in range(len(classes))),
            _row(cells.sum(axis=0), shown[2], shown[3]),
        ],
        index=pd.Index([*map(str, classes), ALL], name="kelas_jabatan", dtype="str"),
    )
    sizes = np.array([*np.bincount(kelas), len(x)])
    for name, side in (("semua_di_bawah_median", below), ("semua_di_atas_median", above)):
        share = np.array([*(np.bincount(kelas, weights=side)), side.sum()]) / sizes
        table[name] = np.where(table["n_pegawai"].isna(), np.nan, share)
    counts = ["n_pegawai", "n_tinggi", "n_rendah"]
    return table.astype(dict.fromkeys(counts, "Int64")).assign(sumber_data=source_of(tabel))


def _levels(x: FloatArray, ukuran: str, quarter: float) -> IntArray:
    if ukuran == "predikat":
        high, low = x >= HIGHEST, x <= POOR
    else:
        bottom, top = np.quantile(x, [quarter, 1 - quarter])
        # where all have one value nobody is high or low
        high, low = (x >= top) & (x > bottom), (x <= bottom) & (x < top)
    return np.select([high, low], [HIGH, LOW], MIDDLE).astype(np.int64)


def _shown(cells: IntArray, minimum: int) -> tuple[BoolArray, BoolArray, BoolArray, BoolArray]:
    """Which counts and which shares may be shown, by class and over all classes."""
    k = len(cells)
    people = cells.sum(axis=2)
    kelas, level = np.divmod(np.arange(k * 3), 3)
    lines = [kelas, parents_of_several(level)]
    small = hide_small_groups(people.ravel(), people.ravel(), lines, minimum)
    flat = cells.reshape(-1)
    parent = np.repeat(np.arange(k * 3), 2)
    pooled = np.repeat(level, 2) * 2 + np.tile([0, 1], k * 3)
    lines = [parent, parents_of_several(pooled)]
    sides = hide_small_groups(flat, flat, lines, minimum, np.repeat(small, 2))
    all_levels, all_sides = cells.sum(axis=(0, 2)), cells.sum(axis=0)
    level_small = hide_small_groups(all_levels, all_levels, [np.zeros(3, np.int64)], minimum)
    side_small = np.asarray((all_sides < minimum).any(axis=1) | level_small, dtype=bool)
    return (
        ~small.reshape(k, 3),
        np.asarray(~sides.reshape(k, 3, 2).any(axis=2), dtype=bool),
        ~level_small,
        ~side_small,
    )


def _row(cells: IntArray, counts: BoolArray, shares: BoolArray) -> dict[str, object]:
    n = cells.sum(axis=1)

    def count(level: int) -> object:
        return int(n[level]) if counts[level] else pd.NA

    def share(level: int) -> float:
        return float(cells[level, 1] / n[level]) if shares[level] else float("nan")

    # a class of which every level is hidden is itself too small, or wholly alike
    return {
        "n_pegawai": int(n.sum()) if counts.any() else pd.NA,
        "n_tinggi": count(HIGH),
        "n_rendah": count(LOW),
        "tinggi_di_bawah_median": share(HIGH),
        "rendah_di_atas_median": share(LOW),
    }
