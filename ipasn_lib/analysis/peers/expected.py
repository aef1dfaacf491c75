r"""The index to be expected from a place's structure, and what lies above or below it.

Ridge regression on standardised columns,

.. math:: \min_{\beta_0, \beta} \sum_j (y_j - \beta_0 - z_j'\beta)^2 + \lambda \|\beta\|^2 ,

fitted anew for each place on all *other* places, penalty included: a place's own value never
helps to predict itself. The interval is the jackknife+ one: with :math:`R_j = |y_j -
\hat y_{-ij}(x_j)|`, it runs between the quantiles of :math:`\hat y_{-ij}(x_i) \mp R_j` over the
other places *j*.

References
----------
.. [1] Hoerl, A. E. and Kennard, R. W. (1970). Ridge regression: biased estimation for
       nonorthogonal problems. Technometrics 12(1), 55-67. doi:10.1080/00401706.1970.10488634
.. [2] Allen, D. M. (1974). The relationship between variable selection and data augmentation
       and a method for prediction. Technometrics 16(1), 125-127.
       doi:10.1080/00401706.1974.10489157
.. [3] Barber, R. F., Candes, E. J., Ramdas, A. and Tibshirani, R. J. (2021). Predictive
       inference with the jackknife+. Annals of Statistics 49(1), 486-507.
       doi:10.1214/20-AOS1965
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.wording import number

__all__ = ["PENALTIES", "ExpectedIndex", "expected_index"]

FloatArray = npt.NDArray[np.float64]

PENALTIES: FloatArray = np.logspace(-2, 4, 25)
"""Penalties tried: from hardly any to one that leaves nothing but the mean."""

FEWEST = 12
"""Places under which leave-one-out predictions say too little."""


@dataclass(frozen=True)
class ExpectedIndex:
    """Values beside what structure lets one expect.

    Attributes
    ----------
    tabel : pandas.DataFrame
        Index as given; ``nilai``, ``harapan`` (predicted from the other places), ``selisih``
        (nilai - harapan, points), ``batas_bawah``, ``batas_atas`` (where the value of a place
        of this structure may lie), ``di_luar`` (boolean: the value lies outside), ``penalti``.
        NA where the value or the description is missing.
    q2 : float
        1 - sum of squared errors of these predictions over that of the mean of the others. 1:
        structure tells all; 0 or less: it tells nothing, and ``selisih`` is no more than the
        distance from the mean.
    galat : float
        Root mean square of ``selisih``, in points.
    level : float
    kolom : tuple of str
        Columns used.
    tanpa_harapan : tuple of str
        Places left out.
    """

    tabel: pd.DataFrame
    q2: float
    galat: float
    level: float
    kolom: tuple[str, ...]
    tanpa_harapan: tuple[str, ...]

    def _repr_html_(self) -> str:
        return card(
            "Nilai menurut struktur",
            {
                "Q²": number(self.q2),
                "Galat (poin)": number(self.galat),
                "Di luar selang": f"{int(self.tabel['di_luar'].sum())} daerah",
                "Kolom struktur": ", ".join(self.kolom),
                "Tanpa harapan": f"{len(self.tanpa_harapan)} daerah",
            },
            catatan="Q² nol atau kurang: struktur tidak menjelaskan apa pun.",
        )


def expected_index(
    nilai: pd.Series, struktur: pd.DataFrame, *, level: float = 0.9
) -> ExpectedIndex:
    """Expect each place's value from its structure and the other places' values.

    Parameters
    ----------
    nilai : pandas.Series
        Value of each place (``ringkasan["indeks"]`` or a dimension), index ``kode_kabkota``;
        NA where hidden. One instrument: scores under different ones are not comparable.
    struktur : pandas.DataFrame
        From :func:`place_structure`; leave out columns that should not count, schooling before
        all (it earns points in kualifikasi).
    level : float
        Of the intervals, 0.5 to under 1. Sure to cover at least 2 * level - 1 of the time,
        near ``level`` in practice.

    Returns
    -------
    ExpectedIndex

    Raises
    ------
    ParameterError
        If a table names a place twice, or the level is out of range.
    NotMeasurableError
        If fewer than twelve places have a value and a whole description, or no column varies.

    Notes
    -----
    ``selisih`` is what structure does not explain. It is *not* merit: it holds good work, and
    money, history, wrong records and chance as well. ``di_luar`` at level 0.9 is expected for
    about one place in ten with nothing special about it: of 38, three or four. The guarantee
    takes places as exchangeable, which real ones are only roughly.
    """
    if not 0.5 <= level < 1:
        raise ParameterError("level must be from 0.5 to under 1, as 0.9")
    if not nilai.index.is_unique or not struktur.index.is_unique:
        raise ParameterError("a table names a place twice; each place may stand once")
    values = pd.Series(nilai.to_numpy(dtype=np.float64, na_value=np.nan), index=nilai.index)
    features = struktur.dropna(axis=1, how="all").astype("float64")
    joined = features.join(values.rename("nilai"), how="inner").dropna().sort_index()
    if len(joined) < FEWEST:
        raise NotMeasurableError(
            f"{len(joined)} places have a value and a whole description; needed: {FEWEST}"
        )
    x, y = joined[features.columns].to_numpy(), joined["nilai"].to_numpy()
    if not (x.std(axis=0) > 1e-12).any():
        raise NotMeasurableError("all places are alike in every column")
    places = len(y)
    expected, penalty = np.empty(places), np.empty(places)
    for i in range(places):
        others = np.arange(places) != i
        predicted, penalty[i] = _ridge(x[others], y[others], x[[i]])
        expected[i] = predicted[0]
    low, high = _jackknife_plus(x, y, level)
    table = pd.DataFrame(
        {
            "nilai": y,
            "harapan": expected,
            "selisih": y - expected,
            "batas_bawah": low,
            "batas_atas": high,
            "di_luar": pd.array((y < low) | (y > high), dtype="boolean"),
            "penalti": penalty,
        },
        index=joined.index,
    ).reindex(nilai.index)
    table["nilai"] = values
    error = y - expected
    mean_of_others = (y.sum() - y) / (places - 1)
    total = float(((y - mean_of_others) ** 2).sum())
    left = nilai.index.difference(joined.index)
    return ExpectedIndex(
        tabel=table,
        q2=1 - float(error @ error) / total if total > 0 else float("nan"),
        galat=float(np.sqrt((error**2).mean())),
        level=level,
        kolom=tuple(map(str, features.columns)),
        tanpa_harapan=tuple(str(code) for code in left),
    )


def _ridge(x: FloatArray, y: FloatArray, at: FloatArray) -> tuple[FloatArray, float]:
    r"""Fit with the penalty of least leave-one-out error (PRESS); predict at new places.

    One singular value decomposition serves all penalties: with :math:`Z = U D V'`, the leverage
    is :math:`1/n + \sum_k u_{ik}^2 d_k^2 / (d_k^2 + \lambda)`.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 1e-12, spread, 1.0)
    z, middle = (x - mean) / spread, y.mean()
    u, d, vt = np.linalg.svd(z, full_matrices=False)
    shrink = d**2 / (d**2 + PENALTIES[:, None])
    along = u.T @ (y - middle)
    fitted = middle + (shrink * along) @ u.T
    leverage = 1 / len(y) + shrink @ (u**2).T
    press = (((y - fitted) / (1 - leverage)) ** 2).sum(axis=1)
    best = int(press.argmin())
    beta = vt.T @ (d / (d**2 + PENALTIES[best]) * along)
    return middle + (at - mean) / spread @ beta, float(PENALTIES[best])


def _jackknife_plus(x: FloatArray, y: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Limits for every place, from fits that leave out it and one other place."""
    places = len(y)
    low, high = np.full((places, places), np.nan), np.full((places, places), np.nan)
    for i in range(places):
        for j in range(i + 1, places):
            kept = np.ones(places, dtype=bool)
            kept[[i, j]] = False
            at_i, at_j = _ridge(x[kept], y[kept], x[[i, j]])[0]
            low[i, j], high[i, j] = at_i - abs(y[j] - at_j), at_i + abs(y[j] - at_j)
            low[j, i], high[j, i] = at_j - abs(y[i] - at_i), at_j + abs(y[i] - at_i)
    others = places - 1
    # the rank may lie beyond the last place: then nothing can be excluded
    rank = int(np.ceil(level * (others + 1) - 1e-9))
    if rank > others:
        return np.full(places, -np.inf), np.full(places, np.inf)
    # NaN on the diagonal sorts last, so a row holds the other places in rising order
    lower, upper = np.sort(low, axis=1), np.sort(high, axis=1)
    return lower[:, others - rank], upper[:, rank - 1]
