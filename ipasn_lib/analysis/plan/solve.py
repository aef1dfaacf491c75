"""The optimum in whole people, the greedy plan, and the bound of the linear relaxation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack, vstack

from ipasn_lib.analysis.plan.model import FloatArray, IntArray, Model
from ipasn_lib.errors import NotMeasurableError

__all__ = [
    "TOLERANCE",
    "bound_for_budget",
    "bound_for_target",
    "greedy_plan",
    "least_cost",
    "most_points",
]

# Points are multiples of a half under the printed rules; HiGHS holds constraints to 1e-6.
TOLERANCE = 1e-6


def _rows(model: Model) -> tuple[csr_array, FloatArray]:
    """Constraints ``A x <= b``: kinds with several ways, then seats of each step.

    A kind with one way is held by the bound of its variable.
    """
    k = np.arange(len(model.gain))
    several = np.flatnonzero(~_alone(model))
    used, row = np.unique(model.kind[several], return_inverse=True)
    ones = np.ones(len(k))
    people = csr_array((ones[several], (row.reshape(-1), several)), shape=(len(used), len(k)))
    seats = csr_array((ones, (model.step, k)), shape=(len(model.steps), len(k)))
    # An infinite right side is no constraint, but a dual is wanted for each step.
    limit = np.minimum(model.seats, float(len(model.people)))
    return csr_array(vstack([people, seats])), np.concatenate([model.size[used], limit])


def _alone(model: Model) -> npt.NDArray[np.bool_]:
    """Tell which choices are the only one of their kind of people."""
    return np.asarray(np.bincount(model.kind)[model.kind] == 1)


def _unit(model: Model) -> int:
    """Largest sum of rupiah of which every cost is a multiple: keeps the numbers small."""
    return int(np.gcd.reduce(model.cost)) or 1 if len(model.cost) else 1


def _whole(
    model: Model,
    objective: FloatArray,
    extra: Sequence[tuple[FloatArray, float, float]],
) -> IntArray | None:
    """Minimise over whole people; None where no plan satisfies the constraints.

    All people of a step cost the same, so those who have only this way fill it from the largest
    gain down, whatever their number: only that number must be searched for in whole people,
    not how many of each kind. It has a variable of its own, behind those of the choices.
    """
    k, n_steps = len(objective), len(model.steps)
    if not k:
        empty = all(low <= 0 <= high for _, low, high in extra)
        return np.zeros(0, dtype=np.int64) if empty else None
    alone = _alone(model)
    matrix, limit = _rows(model)
    rows = [matrix, *(csr_array(row[None, :]) for row, _, _ in extra)]
    known = csr_array(vstack(rows))
    known.resize((known.shape[0], k + n_steps))
    lone = np.flatnonzero(alone)
    counted = csr_array((np.ones(len(lone)), (model.step[lone], lone)), shape=(n_steps, k))
    number = hstack([counted, csr_array(-np.eye(n_steps))])
    low = np.array([-np.inf] * len(limit) + [low for _, low, _ in extra] + [0.0] * n_steps)
    high = np.array([*limit, *(high for _, _, high in extra), *[0.0] * n_steps])
    found = milp(
        np.concatenate([objective, np.zeros(n_steps)]),
        constraints=LinearConstraint(vstack([known, number]).tocsr(), low, high),
        integrality=np.concatenate([~alone, np.ones(n_steps)]),
        bounds=Bounds(0, np.concatenate([model.size[model.kind], np.full(n_steps, np.inf)])),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    x = np.round(np.where(alone, 0.0, found.x[:k])).astype(np.int64)
    for step, people in enumerate(np.round(found.x[k:]).astype(np.int64)):
        x += _filled(model, alone & (model.step == step), int(people))
    # Rounding to whole people must not break what the solver held within its tolerance.
    kept = (matrix @ x <= limit + TOLERANCE).all() and all(
        low - TOLERANCE <= row @ x <= high + TOLERANCE for row, low, high in extra
    )
    if not kept:
        raise NotMeasurableError("the solver's plan does not hold in whole people")
    return x


def _filled(model: Model, which: npt.NDArray[np.bool_], people: int) -> IntArray:
    """Put a number of people on some choices, largest gain first."""
    x = np.zeros(len(model.gain), dtype=np.int64)
    order = np.flatnonzero(which)
    order = order[np.argsort(-model.gain[order], kind="stable")]
    size = model.size[model.kind[order]]
    before = np.cumsum(size) - size
    x[order] = np.clip(people - before, 0, size)
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
    cost = model.cost
    left, seats = model.size.astype(float), model.seats.copy()
    money = budget or 0
    with np.errstate(divide="ignore"):
        ratio = model.gain / cost
    for i in np.lexsort((-model.gain, -ratio)):
        take = float(min(left[model.kind[i]], seats[model.step[i]]))
        if budget is not None and cost[i] > 0:
            take = min(take, money // cost[i])
        if needed is not None and cost[i] > 0:
            missing = needed - float(model.gain @ x)
            take = min(take, max(np.ceil((missing - TOLERANCE) / model.gain[i]), 0))
        x[i] = take = int(take)
        left[model.kind[i]] -= take
        seats[model.step[i]] -= take
        money -= take * int(cost[i])
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
        A_ub=vstack([matrix, csr_array(row[None, :])]).tocsr(),
        b_ub=np.append(people, limit),
        bounds=np.column_stack([np.zeros(len(row)), model.size[model.kind]]),
        method="highs",
    )
    dual = -np.asarray(found.ineqlin.marginals)
    n = len(model.steps)
    return float(found.fun), float(dual[-1]), dual[-1 - n : -1]
