"""Tables of a plan that may be published, where it is made of shielded gains.

The numbers of the place are then sums over groups that may be shown
(:func:`ipasn_lib.analysis.plan.shield.shielded_gains`); the orders of its units are not, and small
ones are hidden here. The assignment of single people (:attr:`Plan.penugasan`) is never published.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.analysis.plan.result import Plan
from ipasn_lib.index.disclosure import hide_small_groups, parents_of_several
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = [
    "LAINNYA",
    "SEMUA",
    "by_step",
    "compare_plans",
    "outcome",
    "shown_open",
    "shown_units",
    "why_no_plan",
]

LAINNYA = "unit_lain"
SEMUA = "semua_unit"
"""Names of the rows that take the units not shown, and all units, together."""

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


def why_no_plan(langkah: pd.DataFrame, peluang: pd.DataFrame, bulan: int = 12) -> str:
    """Give the reason why there is nothing to plan; empty where a paid step brings points.

    Parameters
    ----------
    langkah : pandas.DataFrame
        The steps with their costs.
    peluang : pandas.DataFrame
        From :func:`ipasn_lib.analysis.plan.shielded_gains`.
    bulan : int
        Months until the measurement.

    Returns
    -------
    str
        "tanpa_langkah", or an empty text.
    """
    free_seat = (langkah["kapasitas"].isna() | (langkah["kapasitas"] > 0)).to_numpy(dtype=bool)
    use = langkah.loc[free_seat & ((langkah["bulan"] <= bulan) & (langkah["biaya"] > 0)).to_numpy()]
    return "" if (peluang[list(use.index)] > 0).any(axis=None) else "tanpa_langkah"


def outcome(rencana: Plan) -> pd.Series:
    """Give the summary of a plan (:attr:`Plan.ringkas`), which holds nothing of single people."""
    return rencana.ringkas


def by_step(rencana: Plan) -> pd.DataFrame:
    """Give the steps of a plan (:attr:`Plan.langkah`).

    Notes
    -----
    Of a plan made from :func:`ipasn_lib.analysis.plan.shielded_gains`: `n_orang` may be small,
    for money or seats end somewhere, but whoever takes a step is chosen from at least `minimum`
    people who could, so a small number is the plan's choice and says nothing of them.
    """
    return rencana.langkah


def compare_plans(rencana: Plan) -> pd.DataFrame:
    """Set a plan beside the greedy one and the bound that no plan can beat.

    Parameters
    ----------
    rencana : Plan

    Returns
    -------
    pandas.DataFrame
        Index `cara`: "sekarang", "rencana", "serakah", "batas"; `indeks` (points), `kenaikan`
        (points above now), `biaya` (rupiah). NaN where greedy misses the target, and in the
        bound: of a target it is a cost, of a budget an index.
    """
    found = rencana.ringkas
    rows = {
        "sekarang": (found["indeks_awal"], 0.0),
        "rencana": (found["indeks_akhir"], found["biaya"]),
        "serakah": (found["indeks_serakah"], found["biaya_serakah"]),
        "batas": (found.get("indeks_batas", np.nan), found.get("biaya_batas", np.nan)),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["indeks", "biaya"], dtype=float)
    table.insert(1, "kenaikan", table["indeks"] - float(found["indeks_awal"]))
    return table.rename_axis("cara")


def shown_open(ringkas: pd.DataFrame) -> pd.DataFrame:
    """Order what each step would bring, and hide the steps of which nothing may be shown.

    Parameters
    ----------
    ringkas : pandas.DataFrame
        What each step would bring, as :func:`ipasn_lib.analysis.improve.step_summary` gives of
        :func:`ipasn_lib.analysis.plan.shielded_gains`.

    Returns
    -------
    pandas.DataFrame
        `ringkas` with `n_orang` as Int64, cheapest points first. The numbers of a step that
        nobody is planned for are NA: whether nobody needs it or too few do is not told.
    """
    empty = (ringkas["n_orang"] == 0).to_numpy(dtype=bool)
    numbers = ["n_orang", "poin", "kenaikan_indeks", "biaya", "poin_per_juta", "biaya_per_poin"]
    shown = ringkas.astype({"n_orang": "Int64"})
    shown = shown.assign(**{name: shown[name].mask(empty) for name in numbers})
    return shown.sort_values("biaya_per_poin", kind="stable")


def shown_units(
    rencana: Plan,
    skor: pd.DataFrame,
    unit_tertutup: Collection[str] = (),
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """Give the order of each unit: how many of its people take each step, small counts hidden.

    Parameters
    ----------
    rencana : Plan
        Of one place.
    skor : pandas.DataFrame
        Scores of that place.
    unit_tertutup : collection of str
        Units whose own numbers are hidden elsewhere; theirs are hidden here too.
    minimum : int
        Smallest number of people shown, on either side.

    Returns
    -------
    pandas.DataFrame
        Index `unit_kerja`: the units of which anything is shown, by name; then "unit_lain",
        all that is not shown, together, and "semua_unit". An Int64 column for each step that
        somebody takes, NA where hidden; `biaya` (Int64, rupiah of the counts shown in the row).

    Notes
    -----
    A count under `minimum`, zero too, is hidden, and one that leaves fewer than `minimum` of the
    unit's measured people. In each step the hidden counts are at least two and hold at least
    `minimum` people, so that their sum can be shown, or are all. The same holds in each unit and
    dimension, for a unit's mean of a dimension is published: less the steps shown, it would give
    a single hidden step back.
    """
    minimum = check_minimum(minimum)
    taken = rencana.langkah["n_orang"] > 0
    names = list(rencana.langkah.index[taken])
    plan = rencana.unit.droplevel("kode_kabkota")
    counts = plan[names].to_numpy(dtype=np.int64)
    measured = skor.loc[(skor["status_ukur"] == "terukur").to_numpy(), "unit_kerja"]
    size = measured.value_counts().reindex(plan.index).to_numpy(dtype=np.int64)
    unsafe = size[:, None] - counts < minimum
    unsafe |= plan.index.isin(list(unit_tertutup))[:, None]
    dimension = [str(i).split(".")[0] for i in rencana.langkah.loc[taken, "indikator"]]
    hidden = _hide_orders(counts, unsafe, pd.factorize(np.array(dimension))[0], minimum)
    seen = np.asarray(~hidden.all(axis=1))
    rest, total = np.where(hidden, counts, 0).sum(axis=0), counts.sum(axis=0)
    table = pd.DataFrame(
        np.vstack([counts[seen], rest, total]),
        index=pd.Index([*plan.index.to_numpy()[seen], LAINNYA, SEMUA], name="unit_kerja"),
        columns=pd.Index(names),
    ).astype("Int64")
    nothing = np.zeros((1, len(names)), dtype=bool)
    table = table.mask(np.vstack([hidden[seen], nothing, nothing]))
    cost = rencana.langkah.loc[names, "biaya_satuan"].to_numpy(dtype=np.int64)
    spent = pd.Series(table.fillna(0).to_numpy(dtype=np.int64) @ cost, index=table.index)
    table["biaya"] = spent.astype("Int64")
    return table if seen.any() else table.drop(index=LAINNYA)


def _hide_orders(
    counts: IntArray, unsafe: BoolArray, dimension: IntArray, minimum: int
) -> BoolArray:
    """Choose the counts of units and steps to hide, by step and by unit and dimension."""
    units, steps = counts.shape
    column = np.broadcast_to(np.arange(steps), counts.shape).ravel()
    row = (np.arange(units)[:, None] * (dimension.max(initial=0) + 1) + dimension).ravel()
    # The total of a single step or unit is that step's or unit's own number.
    lines = [parents_of_several(column), parents_of_several(row)]
    flat = counts.ravel()
    return hide_small_groups(flat, flat, lines, minimum, unsafe.ravel()).reshape(counts.shape)
