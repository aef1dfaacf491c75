"""The optimum in whole people, the greedy plan, and the bound of the linear relaxation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from ipasn_lib.analysis.plan.model import FloatArray, IntArray, Model
from ipasn_lib.errors import NotMeasurableError

__all__ = ["bound_for_budget", "bound_for_target", "greedy_plan", "least_cost", "most_points"]

# Points are multiples of a half under the printed rules; HiGHS holds constraints to 1e-6.
TOLERANCE = 1e-6


def _rows(model: Model) -> tuple[FloatArray, FloatArray]:
    """Constraints ``A x <= b``: people of each kind, then seats of each step."""
    k = len(model.gain)
    used, row_of_kind = np.unique(model.kind, return_inverse=True)
    people = np.zeros((len(used), k))
    people[row_of_kind.reshape(-1), np.arange(k)] = 1.0
    seats = np.zeros((len(model.steps), k))
    seats[model.step, np.arange(k)] = 1.0
    # An infinite right side is no constraint, but a dual is wanted for each step.
    limit = np.minimum(model.seats, float(len(model.people)))
    return np.vstack([people, seats]), np.concatenate([model.size[used], limit])


def _unit(model: Model) -> int:
    """Largest sum of rupiah of which every cost is a multiple: keeps the numbers small."""
    return int(np.gcd.reduce(model.cost)) or 1 if len(model.cost) else 1


def _whole(
    model: Model,
    objective: FloatArray,
    extra: Sequence[tuple[FloatArray, float, float]],
) -> IntArray | None:
    """Minimise over whole numbers; None where no plan satisfies the constraints."""
    if not len(objective):
        empty = all(low <= 0 <= high for _, low, high in extra)
        return np.zeros(0, dtype=np.int64) if empty else None
    matrix, limit = _rows(model)
    constraints = [LinearConstraint(matrix, -np.inf, limit)]
    constraints += [LinearConstraint(row[None, :], low, high) for row, low, high in extra]
    found = milp(
        objective,
        constraints=constraints,
        integrality=np.ones(len(objective)),
        bounds=Bounds(0, model.size[model.kind]),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    x = np.round(found.x).astype(np.int64)
    # Rounding to whole people must not break what the solver held within its tolerance.
    kept = (matrix @ x <= limit + TOLERANCE).all() and all(
        low - TOLERANCE <= row @ x <= high + TOLERANCE for row, low, high in extra
    )
    if not kept:
        raise NotMeasurableError("the solver's plan does not hold in whole people")
    return x


def most_points(model: Model, budget: int | None) -> IntArray:
    """People for each choice that gain most within a budget (None: any), at the least cost."""
    unit = _unit(model)
    cost = model.cost / unit
    within = [] if budget is None else [(cost, -np.inf, float(budget // unit))]
    best = _whole(model, -model.gain, within)
    assert best is not None  # doing nothing is always allowed
    enough = (model.gain, float(model.gain @ best) - TOLERANCE, np.inf)
    cheap = _whole(model, cost, [*within, enough])
    x = best if cheap is None else cheap
    greedy = greedy_plan(model, budget=budget)
    # HiGHS stops within 1e-6 points; greedy may then stand a hair above, and is as feasible.
    return greedy if greedy is not None and model.gain @ greedy > model.gain @ x else x


def least_cost(model: Model, needed: float) -> IntArray | None:
    """People for each choice that gain ``needed`` points at the least cost; None if none do."""
    cost = model.cost / _unit(model)
    reach = (model.gain, needed - TOLERANCE, np.inf)
    cheap = _whole(model, cost, [reach])
    if cheap is None:
        return None
    same = (cost, -np.inf, float(cost @ cheap))
    better = _whole(model, -model.gain, [reach, same])
    return cheap if better is None else better


def greedy_plan(
    model: Model, budget: int | None = None, needed: float | None = None
) -> IntArray | None:
    """Best points per rupiah first, as in a spreadsheet; None where that misses the target."""
    x = np.zeros(len(model.gain), dtype=np.int64)
    left, seats = model.size.astype(float), model.seats.copy()
    money = budget or 0
    with np.errstate(divide="ignore"):
        ratio = model.gain / model.cost
    for i in np.lexsort((-model.gain, -ratio)):
        take = float(min(left[model.kind[i]], seats[model.step[i]]))
        if budget is not None and model.cost[i] > 0:
            take = min(take, money // model.cost[i])
        if needed is not None and model.cost[i] > 0:
            missing = needed - float(model.gain @ x)
            take = min(take, max(np.ceil((missing - TOLERANCE) / model.gain[i]), 0))
        x[i] = take = int(take)
        left[model.kind[i]] -= take
        seats[model.step[i]] -= take
        money -= take * int(model.cost[i])
    if needed is not None and model.gain @ x < needed - TOLERANCE:
        return None
    return x


def bound_for_budget(model: Model, budget: int) -> tuple[float, float, FloatArray]:
    """Points that no plan can exceed, points per further rupiah, points per further seat."""
    unit = _unit(model)
    cost, price, seat = _relaxed(model, -model.gain, model.cost / unit, budget / unit)
    return -cost, price / unit, seat


def bound_for_target(model: Model, needed: float) -> tuple[float, float, FloatArray]:
    """Rupiah under which no plan can go, rupiah per further point, rupiah saved per seat."""
    unit = _unit(model)
    cost, price, seat = _relaxed(model, model.cost / unit, -model.gain, -needed)
    return cost * unit, price * unit, seat * unit


def _relaxed(
    model: Model, objective: FloatArray, row: FloatArray, limit: float
) -> tuple[float, float, FloatArray]:
    """Minimise over fractions of people; give the value, and the duals of ``row`` and the seats."""
    if not len(objective):
        return 0.0, 0.0, np.zeros(len(model.steps))
    matrix, people = _rows(model)
    found = linprog(
        objective,
        A_ub=np.vstack([matrix, row]),
        b_ub=np.append(people, limit),
        bounds=np.column_stack([np.zeros(len(row)), model.size[model.kind]]),
        method="highs",
    )
    dual = -np.asarray(found.ineqlin.marginals)
    n = len(model.steps)
    return float(found.fun), float(dual[-1]), dual[-1 - n : -1]
