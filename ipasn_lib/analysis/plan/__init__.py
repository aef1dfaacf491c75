r"""The cheapest plan that reaches a target index, and the most points for a budget.

People for whom the same steps bring the same points are interchangeable, so the plan decides
how many of each kind take each step, not who. With few kinds of people the exact optimum of the
integer program is found in milliseconds whatever the size of the place:

.. math::

    \max_x \sum_{t,s} g_{ts} x_{ts} \quad\text{or}\quad \min_x \sum_{t,s} c_s x_{ts}

over whole :math:`x_{ts} \ge 0`, where :math:`g_{ts}` are the points that step *s* brings a person
of kind *t*, :math:`c_s` its cost, subject to the people there are
(:math:`\sum_{s \in I} x_{ts} \le n_t` for the steps *I* of one indicator: of two degrees a person
takes one), the seats (:math:`\sum_t x_{ts} \le k_s`) and the budget or the target. Indicators do
not touch each other, for the index is their plain sum, so kinds are made per indicator.

All people of a step cost the same, so those with no other way fill it from the largest gain down
and only their number is searched for in whole people. Time grows with the number of different
gains, not of people: tenths of a second for 15,000 people, also where hours count in proportion
and are recorded to a tenth; about a minute were every person's gain a different one.

Solved by HiGHS through :func:`scipy.optimize.milp` (Huangfu and Hall 2018,
doi:10.1007/s12532-017-0130-5). Beside every plan stand two others: the greedy one, which takes
the best points per rupiah first, and the bound of the linear relaxation, which no plan can beat
(Dantzig 1957, doi:10.1287/opre.5.2.266).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from ipasn_lib.analysis.plan.model import build_model
from ipasn_lib.analysis.plan.result import Plan, describe
from ipasn_lib.analysis.plan.shield import shielded_gains
from ipasn_lib.analysis.plan.shown import (
    by_step,
    compare_plans,
    outcome,
    shown_open,
    shown_units,
    why_no_plan,
)
from ipasn_lib.analysis.plan.solve import (
    TOLERANCE,
    bound_for_budget,
    bound_for_target,
    greedy_plan,
    least_cost,
    most_points,
)
from ipasn_lib.errors import NotMeasurableError, ParameterError

__all__ = [
    "Plan",
    "budget_curve",
    "by_step",
    "compare_plans",
    "outcome",
    "plan_for_budget",
    "plan_for_target",
    "plan_toward_target",
    "shielded_gains",
    "shown_open",
    "shown_units",
    "why_no_plan",
]


def plan_for_budget(
    skor: pd.DataFrame,
    peluang: pd.DataFrame,
    langkah: pd.DataFrame,
    anggaran: int,
    bulan: int = 12,
) -> Plan:
    """Find the plan with the most points for a budget, and the cheapest of these.

    Parameters
    ----------
    skor : pandas.DataFrame
        Scores of the place or unit; needs `indeks`, `kode_kabkota`, `unit_kerja`, and holds
        everybody in `peluang`.
    peluang : pandas.DataFrame
        Points gained, index `id_pegawai` (the measured people), one column a step.
    langkah : pandas.DataFrame
        The steps to choose from: index `langkah`; `label`, `indikator`, `biaya` (whole rupiah a
        person), `kapasitas` (people a year, NA: no limit), `bulan`, `jendela_tahun`, `dasar`.
    anggaran : int
        Rupiah.
    bulan : int
        Months from now to the measurement. Longer steps are left out. Seats are those of the
        months given, and of the step's window at most: hours of a year ago no longer count.

    Returns
    -------
    Plan

    Raises
    ------
    ParameterError
        If a table lacks a column, a cost or month is missing, negative or not whole, or a step
        or person is unknown.

    Notes
    -----
    Everything else is taken to stay as it is: what people hold now still counts at the
    measurement, nobody comes or goes. Seats of a step are spread over the units by the number
    of people open to it (Sainte-Laguë's divisors, so every unit gets its share to within one
    seat); within a unit the pseudonym decides, which is arbitrary but the same every time.
    """
    if isinstance(anggaran, bool) or anggaran < 0:
        raise ParameterError("anggaran must be zero or more rupiah")
    model = build_model(skor, peluang, langkah, bulan)
    x = most_points(model, int(anggaran))
    greedy = greedy_plan(model, budget=int(anggaran))
    bound, price, seat = bound_for_budget(model, int(anggaran))
    n = len(model.people)
    head = {"tujuan": "anggaran", "anggaran": int(anggaran)}
    tail = {"indeks_batas": (model.points + bound) / n, "nilai_marginal": price * 1e6 / n}
    return describe(model, x, greedy, head, tail, seat / n)


def plan_for_target(
    skor: pd.DataFrame,
    peluang: pd.DataFrame,
    langkah: pd.DataFrame,
    target: float,
    bulan: int = 12,
) -> Plan:
    """Find the cheapest plan that reaches a target index, and of these the one that gains most.

    Parameters
    ----------
    skor, peluang, langkah, bulan
        As in :func:`plan_for_budget`.
    target : float
        Index to be reached by the mean of the measured people, 0-100.

    Returns
    -------
    Plan

    Raises
    ------
    NotMeasurableError
        If the steps, seats and months given cannot reach the target.
    ParameterError
        As in :func:`plan_for_budget`; also if the target lies outside 0-100.

    Notes
    -----
    The index after the plan is at or just above the target: the last person brings whole points.
    Free steps are all taken, for they cost nothing and gain.
    """
    if not 0 <= target <= 100:
        raise ParameterError("target is outside 0-100")
    model = build_model(skor, peluang, langkah, bulan)
    n = len(model.people)
    needed = target * n - model.points
    x = least_cost(model, needed)
    if x is None:
        raise NotMeasurableError(
            "the target cannot be reached with these steps, seats and months; "
            "budget_curve shows how far they go"
        )
    greedy = greedy_plan(model, needed=needed)
    bound, price, seat = bound_for_target(model, needed)
    head = {"tujuan": "target", "target": float(target)}
    tail = {
        "biaya_batas": bound,
        "nilai_marginal": 1e6 / (price * n) if price > 0 else float("nan"),
    }
    return describe(model, x, greedy, head, tail, seat)


def plan_toward_target(
    skor: pd.DataFrame,
    peluang: pd.DataFrame,
    langkah: pd.DataFrame,
    target: float,
    bulan: int = 12,
) -> Plan:
    """Find the cheapest plan to a target, or, where it is out of reach, the one that goes furthest.

    Parameters
    ----------
    skor, peluang, langkah, target, bulan
        As in :func:`plan_for_target`.

    Returns
    -------
    Plan
        In its summary `tujuan` is "target", or "terjauh" where the steps, seats and months
        cannot reach the target; `target` stands in both, the bound of "terjauh" is an index.
    """
    if not 0 <= target <= 100:
        raise ParameterError("target is outside 0-100")
    model = build_model(skor, peluang, langkah, bulan)
    all_of_it = most_points(model, None)
    if model.points + float(model.gain @ all_of_it) >= target * len(model.people) - TOLERANCE:
        return plan_for_target(skor, peluang, langkah, target, bulan)
    plan = plan_for_budget(skor, peluang, langkah, int(model.cost @ all_of_it), bulan)
    goal = pd.Series({"tujuan": "terjauh", "target": float(target)}, dtype="object")
    kept = plan.ringkas.drop(["tujuan", "anggaran"])
    return replace(plan, ringkas=pd.concat([goal, kept]).rename("rencana"))


def budget_curve(
    skor: pd.DataFrame,
    peluang: pd.DataFrame,
    langkah: pd.DataFrame,
    anggaran: Sequence[int] | None = None,
    bulan: int = 12,
    rencana: Plan | None = None,
) -> pd.DataFrame:
    """Give the highest index for each of several budgets.

    Parameters
    ----------
    skor, peluang, langkah, bulan
        As in :func:`plan_for_budget`.
    anggaran : sequence of int, optional
        Budgets in rupiah; by default eleven, from nothing to what the highest reachable index
        costs.
    rencana : Plan, optional
        A plan whose cost is listed among the budgets.

    Returns
    -------
    pandas.DataFrame
        One row a budget: `anggaran`, `biaya` (spent), `indeks`, `indeks_serakah` (greedy),
        `indeks_batas` (no plan can do better), `nilai_marginal` (points of the index per further
        million rupiah). The curve rises ever more slowly but for the steps of single people.
    """
    model = build_model(skor, peluang, langkah, bulan)
    n = len(model.people)
    if anggaran is None:
        full = int(model.cost @ most_points(model, None))
        budgets = [-(-full * k // 10) for k in range(11)]
    else:
        budgets = [int(b) for b in anggaran]
        if not budgets or min(budgets) < 0:
            raise ParameterError("anggaran must list budgets of zero or more rupiah")
    if rencana is not None:
        budgets = sorted({*budgets, int(rencana.ringkas["biaya"])})
    rows = []
    for budget in budgets:
        x, greedy = most_points(model, budget), greedy_plan(model, budget=budget)
        bound, price, _ = bound_for_budget(model, budget)
        assert greedy is not None  # only a target can be missed
        rows.append(
            {
                "anggaran": budget,
                "biaya": int(model.cost @ x),
                "indeks": (model.points + float(model.gain @ x)) / n,
                "indeks_serakah": (model.points + float(model.gain @ greedy)) / n,
                "indeks_batas": (model.points + bound) / n,
                "nilai_marginal": price * 1e6 / n,
            }
        )
    return pd.DataFrame(rows)
