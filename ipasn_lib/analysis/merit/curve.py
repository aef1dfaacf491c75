r"""How pay is spread over people ordered by performance: concentration curve and index.

People stand from the lowest performance to the highest, :math:`R_i` is the fractional rank
(mid-rank among equals), :math:`\mu` mean pay:

.. math:: C = \frac{2}{n \mu} \sum_i y_i R_i - 1 = \frac{2\,\mathrm{cov}(y, R)}{\mu}

It is 1 minus twice the area under the curve of cumulative pay against cumulative people
(Kakwani, Wagstaff and van Doorslaer 1997, doi:10.1016/S0304-4076(96)01807-6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from ipasn_lib.analysis.merit.table import dominated, paid_and_rated, source_of
from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError
from ipasn_lib.law.predicate_rules import PREDIKAT
from ipasn_lib.threshold import MINIMUM, check_minimum
from ipasn_lib.wording import number

__all__ = ["ConcentrationCurve", "concentration_curve"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TENTHS = 10


@dataclass(frozen=True)
class ConcentrationCurve:
    """The curve, and its two indices.

    Attributes
    ----------
    kurva : pandas.DataFrame
        From (0, 0) to (1, 1): ``kelompok`` (text; performance of the people up to this point
        from the one before), ``bagian_pegawai``, ``bagian_tunjangan`` (cumulative, 0-1),
        ``n_pegawai`` (Int64, of the group).
    indeks : float
        Concentration index: 0, pay takes no notice of performance; above 0, it leans to the
        better performers; below 0, to the worse.
    gini : float
        Gini index of pay itself, the most that the index can be.
    n_pegawai : int
    dalam_kelas : bool
        Whether pay was taken relative to the mean of the job class.
    sumber_data : str
    """

    kurva: pd.DataFrame
    indeks: float
    gini: float
    n_pegawai: int
    dalam_kelas: bool
    sumber_data: str

    def _repr_html_(self) -> str:
        return card(
            "Kurva konsentrasi tunjangan",
            {
                "Indeks konsentrasi": number(self.indeks, 3),
                "Gini tunjangan": number(self.gini, 3),
                "Pegawai": number(self.n_pegawai, 0),
                "Dibandingkan di dalam kelas jabatan": "ya" if self.dalam_kelas else "tidak",
            },
            sumber=self.sumber_data,
        )


def concentration_curve(
    tabel: pd.DataFrame,
    ukuran: str = "predikat",
    *,
    dalam_kelas: bool = True,
    minimum: int = MINIMUM,
) -> ConcentrationCurve:
    """Concentration of pay over people ordered by performance.

    Parameters
    ----------
    tabel : pandas.DataFrame
        One row a person: ``id_pegawai``, ``kelas_jabatan``, ``tunjangan`` and the measure.
    ukuran : {"predikat", "nilai"}
        With "nilai" the curve has ten steps.
    dalam_kelas : bool
        Pay divided by the mean of the class: class, not performance, makes most of the
        difference otherwise.
    minimum : int
        Smallest group of the curve; smaller ones are joined with the next higher one (at the
        top, with the one below), as are groups of which one person's pay would show through.

    Returns
    -------
    ConcentrationCurve

    Raises
    ------
    ParameterError
        For a missing column, an unknown measure or a person twice.
    NotMeasurableError
        If fewer than ``minimum`` people have both, or all pay is zero.

    Notes
    -----
    The index uses all steps, also those joined in the curve. An index is small by nature: with
    90 % in one predicate and 20 % more pay for the rest it is about 0.02. Compare it with
    ``gini``: the ratio is the part of the inequality of pay that runs along performance.
    """
    minimum = check_minimum(minimum)
    people, x, y = paid_and_rated(tabel, ukuran)
    if dalam_kelas:
        kelas = np.unique(people["kelas_jabatan"].to_numpy(dtype=np.int64), return_inverse=True)[1]
        mean = np.bincount(kelas, weights=y) / np.bincount(kelas)
        # a class in which nobody is paid has no relative pay
        y, x = y[mean[kelas] > 0] / mean[kelas][mean[kelas] > 0], x[mean[kelas] > 0]
    if len(y) < minimum or y.sum() == 0:
        raise NotMeasurableError(f"fewer than {minimum} people have performance and pay")
    step = _steps(x, ukuran)
    groups = _merge(step, y, minimum)
    names = (
        list(PREDIKAT)
        if ukuran == "predikat"
        else [f"sepersepuluh ke-{i + 1}" for i in range(TENTHS)]
    )
    n = np.array([int(np.isin(step, g).sum()) for g in groups])
    pay = np.array([float(y[np.isin(step, g)].sum()) for g in groups])
    curve = pd.DataFrame(
        {
            "kelompok": ["", *(_label([names[i] for i in g]) for g in groups)],
            "bagian_pegawai": np.concatenate([[0.0], np.cumsum(n) / n.sum()]),
            "bagian_tunjangan": np.concatenate([[0.0], np.cumsum(pay) / pay.sum()]),
            "n_pegawai": pd.array([0, *n.tolist()], dtype="Int64"),
        }
    )
    return ConcentrationCurve(
        curve, _index(y, x), _index(y, y), len(y), dalam_kelas, source_of(tabel)
    )


def _index(y: FloatArray, x: FloatArray) -> float:
    rank = (rankdata(x) - 0.5) / len(x)
    return float(2 * (y @ rank) / (len(y) * y.mean()) - 1)


def _steps(x: FloatArray, ukuran: str) -> IntArray:
    """Step of each person: the predicate, or the tenth of the mid-rank."""
    if ukuran == "predikat":
        return x.astype(np.int64)
    tenth = np.floor((rankdata(x) - 0.5) / len(x) * TENTHS).astype(np.int64)
    return np.minimum(tenth, TENTHS - 1)


def _merge(step: IntArray, y: FloatArray, minimum: int) -> list[list[int]]:
    """Join steps from below until each group has enough people and no dominant one."""

    def safe(group: list[int]) -> bool:
        pay = y[np.isin(step, group)]
        return len(pay) >= minimum and not dominated(pay)

    groups: list[list[int]] = []
    open_group: list[int] = []
    for value in np.unique(step):
        open_group.append(int(value))
        if safe(open_group):
            groups.append(open_group)
            open_group = []
    if open_group and groups:
        groups[-1] = groups[-1] + open_group
    elif open_group:
        groups.append(open_group)
    return groups


def _label(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} sampai {names[-1]}"
