"""The table of performance and pay: what is asked of it, and one row a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.index.disclosure import parents_of_several
from ipasn_lib.law.predicate_rules import PREDIKAT

__all__ = [
    "MEASURES",
    "checked",
    "dominated",
    "one_row_a_person",
    "one_total",
    "paid_and_rated",
    "performance",
    "source_of",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MEASURES = ("predikat", "nilai")
"""By what performance is told: the predicate (five steps) or the value (0-120)."""


def checked(tabel: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Check that the columns are there, with one row a person; rows are numbered anew.

    Raises
    ------
    ParameterError
        For a missing column, a person twice, or a predicate outside the five.
    """
    absent = [c for c in ("id_pegawai", *columns) if c not in tabel]
    if absent:
        raise ParameterError(
            f"the table has no column {', '.join(absent)}; there are {', '.join(map(str, tabel))}"
        )
    if tabel["id_pegawai"].duplicated().any():
        raise ParameterError(
            "a person has several rows; choose one periode, or use one_row_a_person first"
        )
    if "predikat" in columns:
        seen = set(tabel["predikat"].dropna().astype("str").unique())
        if not seen <= set(PREDIKAT):
            raise ParameterError(f"predikat must be one of: {', '.join(PREDIKAT)}")
    return tabel.reset_index(drop=True)


def source_of(tabel: pd.DataFrame) -> str:
    """Give the sources of the table as one text, so that make-believe numbers stay marked."""
    if "sumber_data" not in tabel:
        return ""
    return "; ".join(sorted(tabel["sumber_data"].dropna().astype("str").unique()))


def performance(tabel: pd.DataFrame, ukuran: str) -> FloatArray:
    """Give performance as a number: 0-4 for the five predicates, or the value; NaN if unknown."""
    if ukuran not in MEASURES:
        raise ParameterError(f"ukuran {ukuran!r}; known: {', '.join(MEASURES)}")
    if ukuran == "nilai":
        return tabel["nilai"].to_numpy(dtype=np.float64, na_value=np.nan)
    steps = pd.Categorical(tabel["predikat"].astype("object"), categories=list(PREDIKAT))
    return np.where(steps.codes < 0, np.nan, steps.codes.astype(np.float64))


def paid_and_rated(
    tabel: pd.DataFrame, ukuran: str, columns: Sequence[str] = ("kelas_jabatan",)
) -> tuple[pd.DataFrame, FloatArray, FloatArray]:
    """Give the people with a performance, a pay and all ``columns``; and the two as numbers.

    Raises
    ------
    NotMeasurableError
        If there is none.
    """
    if ukuran not in MEASURES:
        raise ParameterError(f"ukuran {ukuran!r}; known: {', '.join(MEASURES)}")
    people = checked(tabel, (*columns, ukuran, "tunjangan"))
    x = performance(people, ukuran)
    y = people["tunjangan"].to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(x) & ~np.isnan(y) & people[list(columns)].notna().all(axis=1).to_numpy()
    if not known.any():
        raise NotMeasurableError("nobody has performance and pay")
    return people.loc[known].reset_index(drop=True), x[known], y[known]


def one_row_a_person(tabel: pd.DataFrame) -> pd.DataFrame:
    """Bring several periods to one row a person.

    Parameters
    ----------
    tabel : pandas.DataFrame
        From :func:`ipasn_lib.records.merit.read_merit`.

    Returns
    -------
    pandas.DataFrame
        ``id_pegawai`` in order; means of ``tunjangan``, ``nilai`` and all other numbers over
        the person's periods; ``unit_kerja``, ``kelas_jabatan``, ``predikat`` and other texts of
        the last one; ``periode`` "first - last". People who changed class in between stand
        in the last: leave them out beforehand where that matters.

    Notes
    -----
    A year's predicate against the year's mean pay is the comparison meant. Counts of events
    (days absent) become means as well; check a pay rule period by period instead.
    """
    people = tabel.sort_values(["id_pegawai", "periode"], kind="stable")
    groups = people.groupby("id_pegawai", sort=True)
    last = groups.tail(1).set_index("id_pegawai")
    kept = ("id_pegawai", "kelas_jabatan")
    numbers = [str(c) for c in people.select_dtypes("number") if c not in kept]
    means = groups[numbers].mean()
    first, final = groups["periode"].first(), groups["periode"].last()
    means["periode"] = first.astype("str").where(first == final, first + " - " + final)
    last[means.columns] = means
    return last.reset_index()[list(tabel.columns)]


def one_total(n: IntArray) -> list[IntArray]:
    """Give the parents of groups of which one total is published; a single group is that total."""
    return [parents_of_several(np.zeros(len(n), dtype=np.int64))]


def dominated(values: FloatArray, percent: float = 10.0, share: float = 0.5) -> bool:
    r"""Tell whether a sum of pay would give one person's pay away.

    Two rules, each enough to withhold the sum (Hundepool and others, Statistical Disclosure
    Control, 2012, doi:10.1002/9781118348239, chapter 4):

    - p % rule: the second largest contributor knows the sum and the own part, so the rest must
      leave at least ``percent`` of the largest part open,
      :math:`T - x_1 - x_2 \ge p\,x_1 / 100`.
    - dominance, (n, k) with n = 1: the largest part is at most ``share`` of the sum,
      :math:`x_1 \le k\,T`.
    """
    if len(values) < 3:
        return True
    ordered = np.sort(np.abs(values))
    # float noise at the edge of a rule must not decide
    largest, edge = ordered[-1], 1e-9 * ordered.sum()
    open_part = bool(ordered[:-2].sum() < percent / 100 * largest - edge)
    return open_part or bool(largest > share * ordered.sum() + edge)
