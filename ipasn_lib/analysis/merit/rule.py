"""Pay as the agency's own rule would have it, beside pay as paid."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.analysis.merit.table import checked, dominated, one_total, performance, source_of
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.index.disclosure import hide_small_groups
from ipasn_lib.law.pay_rules import PayRule
from ipasn_lib.law.predicate_rules import PREDIKAT
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["paid_against_rule", "predicted_pay"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

GROUPS = ("kelas_jabatan", "unit_kerja")


def predicted_pay(tabel: pd.DataFrame, aturan: PayRule) -> pd.DataFrame:
    r"""Give each person's pay under a rule.

    :math:`v\,[w_k\,r\,(1-a)^k + w_d\,(1-\min(1,a+u)) + w_t]`, see
    :mod:`ipasn_lib.law.pay_rules`.

    Parameters
    ----------
    tabel : pandas.DataFrame
        One row a person: ``id_pegawai``, ``pagu`` (rupiah a month), ``predikat`` where the rule
        uses it, and the columns ``aturan.kolom``.
    aturan : PayRule
        From :func:`ipasn_lib.law.pay_rules.load_pay_rule`.

    Returns
    -------
    pandas.DataFrame
        Rows as given; ``id_pegawai``, ``bagian_kinerja``, ``bagian_disiplin``, ``bagian_tetap``
        and their sum ``tunjangan_menurut_aturan`` (rupiah). NaN where something that the rule
        needs is missing. One row a person: to look into a case, not to be published.

    Raises
    ------
    ParameterError
        For a missing column, a count below 0, a given share outside 0-1 or a person twice.
    """
    by_predicate = aturan.kinerja.cara == "predikat"
    people = checked(tabel, ("pagu", *(("predikat",) if by_predicate else ()), *aturan.kolom))
    values = {c: people[c].to_numpy(dtype=np.float64, na_value=np.nan) for c in aturan.kolom}
    negative = [c for c, v in values.items() if (v < 0).any()]
    given = [aturan.disiplin.kolom] + [aturan.kinerja.kolom] * (aturan.kinerja.cara == "langsung")
    over = [c for c in given if c and (values[c] > 1).any()]
    if negative or over:
        raise ParameterError(
            f"column {', '.join([*negative, *over])}: expected counts of 0 or more, shares of 0-1"
        )
    ceiling = people["pagu"].to_numpy(dtype=np.float64, na_value=np.nan)
    attendance = np.minimum(1.0, _cuts(aturan, values, "kehadiran", len(people)))
    other = _cuts(aturan, values, "lain", len(people))
    discipline = (
        1 - np.minimum(1.0, attendance + other)
        if aturan.disiplin.cara == "pengurang"
        else values[aturan.disiplin.kolom]
    )
    factor = _factor(aturan, people, values)
    if aturan.kinerja.kena_kehadiran:
        factor = factor * (1 - attendance)
    parts = {
        "bagian_kinerja": aturan.bobot["kinerja"] * ceiling * factor,
        "bagian_disiplin": aturan.bobot["disiplin"] * ceiling * discipline,
        "bagian_tetap": aturan.bobot["tetap"] * ceiling,
    }
    table = pd.DataFrame({"id_pegawai": people["id_pegawai"], **parts})
    return table.assign(tunjangan_menurut_aturan=sum(parts.values())).set_axis(tabel.index)


def paid_against_rule(
    tabel: pd.DataFrame,
    aturan: PayRule,
    by: str = "kelas_jabatan",
    tolerance: float = 0.01,
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """Compare pay as paid with pay under the rule, by group.

    Parameters
    ----------
    tabel : pandas.DataFrame
        As :func:`predicted_pay`, with ``tunjangan`` (rupiah a month) and the column of ``by``.
    aturan : PayRule
    by : {"kelas_jabatan", "unit_kerja"}
    tolerance : float
        Relative difference (of the ceiling) that still counts as equal, 0 to under 1.
    minimum : int
        Smallest group shown.

    Returns
    -------
    pandas.DataFrame
        Index ``by`` (text); ``n_pegawai`` (Int64), ``sesuai``, ``lebih``, ``kurang`` (0-1, sum
        to 1; all three NaN where fewer than ``minimum`` people stand behind one of them that
        is not empty) and ``selisih_relatif`` (all paid over all due, minus 1; NaN where one
        person's pay makes so much of the sum that it would show through), ``sumber_data``,
        ``id_aturan``. NA where hidden.

        Another table, or the same by the other ``by``, gives the totals over all groups away.
        So further groups are closed with the closed ones, until those are two or more, hold
        ``minimum`` people in each share that is not empty, and no one person's pay dominates
        what they were paid together.

    Raises
    ------
    ParameterError
        For an unknown ``by``, a tolerance out of range, or as :func:`predicted_pay`.
    NotMeasurableError
        If nobody has all that is needed.

    Notes
    -----
    Where paid and due differ, first suspect the data: sick leave entered later, arrears, months
    with a changed class, ceilings of another year. A rule read from an application is only as
    right as that reading (``aturan.sumber``).
    """
    minimum = check_minimum(minimum)
    if by not in GROUPS:
        raise ParameterError(f"by {by!r}; known: {', '.join(GROUPS)}")
    if not 0 <= tolerance < 1:
        raise ParameterError("tolerance must be from 0 to under 1")
    people = checked(tabel, ("tunjangan", by))
    due = predicted_pay(people, aturan)["tunjangan_menurut_aturan"].to_numpy(dtype=np.float64)
    paid = people["tunjangan"].to_numpy(dtype=np.float64, na_value=np.nan)
    ceiling = people["pagu"].to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(due) & ~np.isnan(paid) & people[by].notna().to_numpy()
    if not known.any():
        raise NotMeasurableError("nobody has pay and all that the rule needs")
    # a centavo of float noise at the edge of the tolerance must not decide
    room = tolerance * ceiling[known] + 1e-6
    gap = paid[known] - due[known]
    side = np.select([gap > room, gap < -room], [1, 2], 0)
    names, group = np.unique(people[by].to_numpy()[known], return_inverse=True)
    n = np.bincount(group)
    hidden = hide_small_groups(n, n, one_total(n), minimum)
    cells = np.zeros((len(names), 3), dtype=np.int64)
    np.add.at(cells, (group, side), 1)
    money, owed = paid[known], due[known]

    def thin(groups: BoolArray) -> bool:
        counts = cells[groups].sum(axis=0)
        return bool(((counts > 0) & (counts < minimum)).any())

    def shows_through(groups: BoolArray) -> bool:
        here = groups[group]
        return dominated(money[here]) or dominated(owed[here]) or not owed[here].any()

    few = _closed_together(n, hidden, thin, minimum)
    bare = _closed_together(n, hidden, shows_through, minimum)
    total, total_due = (np.bincount(group, weights=v) for v in (money, owed))
    ratio = np.divide(total, total_due, out=np.ones(len(n)), where=total_due > 0) - 1
    shares = np.where(few[:, None], np.nan, cells / n[:, None])
    table = pd.DataFrame(
        {
            "n_pegawai": pd.array(n, dtype="Int64"),
            **{name: shares[:, k] for k, name in enumerate(("sesuai", "lebih", "kurang"))},
            "selisih_relatif": np.where(bare, np.nan, ratio),
        },
        index=pd.Index([str(name) for name in names], name=by, dtype="str"),
    )
    table.loc[hidden, "n_pegawai"] = pd.NA
    return table.assign(sumber_data=source_of(tabel), id_aturan=aturan.id)


def _closed_together(
    n: IntArray, hidden: BoolArray, unsafe: Callable[[BoolArray], bool], minimum: int
) -> BoolArray:
    """Close the groups that are unsafe alone, then more until they are safe together."""
    one = np.eye(len(n), dtype=bool)
    closed = hidden | np.array([unsafe(mask) for mask in one], dtype=bool)
    closed = hide_small_groups(n, n, one_total(n), minimum, closed)
    while closed.any() and not closed.all() and unsafe(closed):
        visible = np.flatnonzero(~closed)
        closed[visible[np.argmin(n[visible])]] = True
    return closed


def _factor(aturan: PayRule, people: pd.DataFrame, values: dict[str, FloatArray]) -> FloatArray:
    rule = aturan.kinerja
    if rule.cara == "tidak_dipakai":
        return np.zeros(len(people))
    if rule.cara == "langsung":
        return values[rule.kolom]
    if rule.cara == "penuh":
        return np.minimum(1.0, values[rule.kolom] / rule.penuh)
    steps = performance(people, "predikat")
    table = np.array([*(rule.faktor[p] for p in PREDIKAT), rule.tanpa_predikat])
    factor = table[np.where(np.isnan(steps), len(PREDIKAT), steps).astype(np.int64)]
    for column, cut in rule.potongan.items():
        factor = factor - cut * (values[column] > 0)
    return np.maximum(0.0, factor)


def _cuts(aturan: PayRule, values: dict[str, FloatArray], kelompok: str, size: int) -> FloatArray:
    total = np.zeros(size)
    for cut in aturan.pengurang:
        if cut.kelompok == kelompok:
            share = values[cut.nama] * cut.persen / 100
            if cut.penuh_mulai is not None:
                share = np.where(values[cut.nama] >= cut.penuh_mulai, 1.0, share)
            total = total + share
    return total
