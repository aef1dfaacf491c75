"""Units that rate everyone alike, and the spread of predicates the rules ask for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipasn_lib.analysis.merit.table import checked, one_total, source_of
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.index.disclosure import hide_small_groups
from ipasn_lib.law.predicate_rules import PREDIKAT, DistributionRule
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["distribution_check", "leniency"]

PATTERNS = ("hampir semua Sangat Baik", "sebagian besar Sangat Baik", "beragam")
NEARLY_ALL, MOST = 0.9, 0.5
Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


def leniency(tabel: pd.DataFrame, minimum: int = MINIMUM) -> pd.DataFrame:
    r"""How freely each unit gives its highest predicate.

    Parameters
    ----------
    tabel : pandas.DataFrame
        One row a person: ``id_pegawai``, ``unit_kerja``, ``predikat``.
    minimum : int
        Smallest unit shown.

    Returns
    -------
    pandas.DataFrame
        Index ``unit_kerja``; ``n_pegawai`` (Int64; people with a predicate), ``pola``
        (category: ``PATTERNS``: at least nine in ten, more than half, less), ``sangat_baik``
        (0-1), ``batas_bawah``, ``batas_atas`` (Wilson interval, 95 %), ``bagian_lain`` (share in
        all other units) and ``berbeda`` (boolean: the interval does not hold it), ``sumber_data``.
        NA where the unit is hidden.

    Raises
    ------
    ParameterError
        For a missing column, an unknown predicate or a person twice.
    NotMeasurableError
        If nobody has a predicate.

    Notes
    -----
    The share itself is hidden where fewer than ``minimum`` people stand on one side of it: a
    share of exactly 1 would tell everybody's rating; further shares are hidden with it, so that
    the total does not give it back. ``pola`` is given all the same and does not
    tell nine in ten from all.

    A unit that rates nearly everyone Sangat Baik may be that good. What it surely is not is
    informative: its ratings can tell nobody apart, and pay that follows them cannot either.
    ``berbeda`` compares with a single 95 % interval: of 40 like units two differ by chance.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
           inference. Journal of the American Statistical Association 22(158), 209-212.
           doi:10.1080/01621459.1927.10502953
    """
    minimum = check_minimum(minimum)
    counts = _counts(tabel)
    n = counts.sum(axis=1).to_numpy(dtype=np.int64)
    best = counts[PREDIKAT[-1]].to_numpy(dtype=np.int64)
    hidden = hide_small_groups(n, n, one_total(n), minimum)
    share = best / n
    middle = (best + Z**2 / 2) / (n + Z**2)
    half = Z / (n + Z**2) * np.sqrt(best * (n - best) / n + Z**2 / 4)
    rest = np.maximum(n.sum() - n, 1)
    others = np.where(n.sum() > n, (best.sum() - best) / rest, np.nan)
    # ``bagian_lain`` is as good as the total, so no share may come back by subtraction from it
    thin = hidden | (best < minimum) | (n - best < minimum)
    closed = hide_small_groups(best, np.maximum(n - best, 1), one_total(n), minimum, thin)
    code = np.where(share >= NEARLY_ALL, 0, np.where(share > MOST, 1, 2))
    code[hidden] = -1
    table = pd.DataFrame(
        {
            "n_pegawai": pd.array(n, dtype="Int64"),
            "pola": pd.Categorical.from_codes(code, categories=pd.Index(PATTERNS), ordered=True),
            "sangat_baik": np.where(closed, np.nan, share),
            "batas_bawah": np.where(closed, np.nan, middle - half),
            "batas_atas": np.where(closed, np.nan, middle + half),
            "bagian_lain": np.where(closed, np.nan, others),
            "berbeda": pd.array((others < middle - half) | (others > middle + half), "boolean"),
        },
        index=counts.index,
    )
    table.loc[hidden, "n_pegawai"] = pd.NA
    table.loc[closed | np.isnan(others), "berbeda"] = pd.NA
    return table.assign(sumber_data=source_of(tabel))


def distribution_check(
    tabel: pd.DataFrame,
    organisasi: Mapping[str, str],
    aturan: DistributionRule,
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """Check each unit's spread of predicates against the rule for its own predicate.

    Parameters
    ----------
    tabel : pandas.DataFrame
        One row a person: ``id_pegawai``, ``unit_kerja``, ``predikat``.
    organisasi : mapping of str to str
        The unit's own predicate: Istimewa, Baik, Butuh Perbaikan, Kurang or Sangat Kurang.
    aturan : DistributionRule
        From :func:`ipasn_lib.law.predicate_rules.load_distribution_rule`.
    minimum : int
        Smallest unit shown.

    Returns
    -------
    pandas.DataFrame
        Index (``unit_kerja``, ``syarat``); ``predikat_organisasi``, ``bunyi`` (the condition in
        words), ``n_pegawai`` (Int64), ``terpenuhi`` (boolean), ``sumber_data`` and
        ``id_aturan``. NA where the unit is hidden.

    Raises
    ------
    ParameterError
        If a unit has no predicate in ``organisasi`` or an unknown one.
    NotMeasurableError
        If nobody has a predicate.

    Notes
    -----
    Only the answers are given. The shares behind them, beside the share of Sangat Baik in
    :func:`leniency`, would leave by subtraction how few people have the remaining predicates.
    An answer can still say that nobody of a unit has a predicate; who has one, never.

    The rule is for whole organisations; in units of few people a condition such as "at most
    10 %" is kept or broken by a single person. ``aturan.catatan`` says how its words are read.
    """
    minimum = check_minimum(minimum)
    counts = _counts(tabel)
    absent = [u for u in counts.index if u not in organisasi]
    if absent:
        raise ParameterError(f"{len(absent)} units have no predicate in organisasi")
    unknown = sorted({organisasi[u] for u in counts.index} - set(aturan.organisasi))
    if unknown:
        raise ParameterError(
            f"organisasi: {', '.join(unknown)}; known: {', '.join(aturan.organisasi)}"
        )
    n = counts.sum(axis=1).to_numpy(dtype=np.int64)
    hidden = hide_small_groups(n, n, one_total(n), minimum)
    rows = []
    for position, unit in enumerate(counts.index):
        shown = not hidden[position]
        for statement in aturan.organisasi[organisasi[unit]]:
            having = int(counts.loc[unit, list(statement.predikat)].sum())
            rows.append(
                {
                    "unit_kerja": unit,
                    "syarat": statement.nama,
                    "predikat_organisasi": organisasi[unit],
                    "bunyi": statement.bunyi,
                    "n_pegawai": int(n[position]) if shown else pd.NA,
                    "terpenuhi": statement.holds(having / n[position]) if shown else pd.NA,
                }
            )
    table = pd.DataFrame(rows).set_index(["unit_kerja", "syarat"])
    return table.astype({"n_pegawai": "Int64", "terpenuhi": "boolean"}).assign(
        sumber_data=source_of(tabel), id_aturan=aturan.id
    )


def _counts(tabel: pd.DataFrame) -> pd.DataFrame:
    """People by unit and predicate; all five columns, units in order."""
    people = checked(tabel, ("unit_kerja", "predikat"))
    rated = people.loc[people[["unit_kerja", "predikat"]].notna().all(axis=1).to_numpy()]
    if not len(rated):
        raise NotMeasurableError("nobody has a unit and a predicate")
    steps = pd.Categorical(rated["predikat"].astype("object"), categories=list(PREDIKAT))
    return pd.crosstab(rated["unit_kerja"].to_numpy(), steps, dropna=False).rename_axis(
        index="unit_kerja", columns=None
    )
