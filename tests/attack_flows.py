"""An attacker who puts a place's movements between categories beside all that tells of them.

Of one place in two years these are printed: how many people went from each category to each
(those of fewer than ten hidden, and others for their sake), how many stayed, came and left with
their means, the measured people and the mean of each year, and the histogram of each year. A
category is a range of the index, as a bin of a histogram is, and their edges differ: people are
counted by the atoms between all edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from attack import MEASURED, POINTS, Attack, Cell

from ipasn_lib.wording import round_half_up

TOP = 100.0
HALF = 2.0
"""Points are counted in halves, so that all unknowns are whole numbers."""


def flow(first: str, last: str) -> Cell:
    """Name the people who went from one category to another."""
    return ("pindah", (first, last))


def flows_to_attack(
    transitions: pd.DataFrame,
    movers: pd.DataFrame,
    years: Sequence[pd.Series],
    histograms: Sequence[pd.DataFrame],
    cuts: Sequence[float],
    minimum: int = 10,
) -> Attack:
    """Write down what is printed of a place in two years.

    Parameters
    ----------
    transitions : pandas.DataFrame
        From :func:`ipasn_lib.analysis.trend.category_transitions`.
    movers : pandas.DataFrame
        From :func:`ipasn_lib.analysis.movers.shown_movers`.
    years : sequence of pandas.Series
        The place's row of each year's published table.
    histograms : sequence of pandas.DataFrame
        Of each year, from :func:`ipasn_lib.analysis.distribution.score_distribution`.
    cuts : sequence of float
        Lower edges of the categories but the first.
    minimum : int
        Fewest people of a count that is shown.
    """
    attack = Attack()
    names = list(transitions["kategori_awal"].cat.categories)
    shown = transitions.set_index(["kategori_awal", "kategori_akhir"])["n"]
    for pair, n in shown.items():
        if pd.isna(n):
            attack.hidden.append(flow(*pair))
            attack.bound(flow(*pair), MEASURED, 0, _most(shown, pair, minimum))
        else:
            attack.bound(flow(*pair), MEASURED, int(n), int(n))
    for year, other in enumerate(("pergi", "datang")):
        edges = sorted({0.0, TOP, *cuts, *histograms[year]["bawah"]})
        atoms = list(pairwise(edges))
        for atom in atoms:
            # a value on an edge belongs above it; the best of all to the last
            highest = HALF * atom[1] - (atom[1] < TOP)
            _between(attack, (f"{year} atom", atom), HALF * atom[0], highest)
        limits = [0.0, *cuts, TOP]
        for k, name in enumerate(names):
            inside = [("atom", a) for a in atoms if limits[k] <= a[0] < limits[k + 1]]
            highest = HALF * limits[k + 1] - (limits[k + 1] < TOP)
            for kind in ("tetap", other):
                _between(attack, (f"{year} {kind}", name), HALF * limits[k], highest)
            for what in (MEASURED, POINTS):
                parts = [(f"{year} {kind}", name) for kind in ("tetap", other)]
                _same(attack, what, parts, [(f"{year} {c}", a) for c, a in inside])
            stayed = [flow(name, n) if year == 0 else flow(n, name) for n in names]
            _same(attack, MEASURED, stayed, [(f"{year} tetap", name)])
        for _, row in histograms[year].iterrows():
            inside = [(f"{year} atom", a) for a in atoms if row["bawah"] <= a[0] < row["atas"]]
            terms = {attack.variable(cell, MEASURED): 1.0 for cell in inside}
            attack.relate(terms, int(row["n"]), int(row["n"]))
        mean = ("rata_awal", "rata_akhir")[year]
        for kind in ("tetap", other):
            parts = [(f"{year} {kind}", name) for name in names]
            _told(attack, parts, int(movers.loc[kind, "n"]), movers.loc[kind, mean])
        _told(attack, [(f"{year} atom", a) for a in atoms], *years[year][["n_terukur", "indeks"]])
    return attack


def _most(shown: pd.Series, pair: tuple[str, str], minimum: int) -> float:
    """Give the most people that a hidden count may have, for whoever knows the rule of hiding.

    It is under the minimum, or was the smallest of its row or column when it was hidden.
    """
    lines = (shown[pair[0]], shown.xs(pair[1], level=1))
    least = [line.min() for line in lines]
    return max(minimum - 1, *(float(n) if pd.notna(n) else np.inf for n in least))


def _between(attack: Attack, cell: Cell, low: float, high: float) -> None:
    """Say that the points of some people lie within their number times a range."""
    points, people = (attack.variable(cell, what) for what in (POINTS, MEASURED))
    attack.relate({points: 1.0, people: -low}, 0.0, np.inf)
    attack.relate({points: 1.0, people: -high}, -np.inf, 0.0)


def _same(attack: Attack, what: str, left: Sequence[Cell], right: Sequence[Cell]) -> None:
    """Say that two sets of groups are the same people."""
    terms = {attack.variable(cell, what): 1.0 for cell in left}
    terms |= {attack.variable(cell, what): -1.0 for cell in right}
    attack.relate(terms, 0.0, 0.0)


def _told(attack: Attack, parts: Sequence[Cell], n: int, mean: float) -> None:
    """Say how many people some groups are together, and their mean as printed."""
    attack.relate({attack.variable(cell, MEASURED): 1.0 for cell in parts}, n, n)
    printed = HALF * n * round_half_up(float(mean), 2)
    margin = HALF * n * 0.005
    low, high = np.ceil(printed - margin - 1e-6), np.floor(printed + margin + 1e-6)
    attack.relate({attack.variable(cell, POINTS): 1.0 for cell in parts}, low, high)


def counts_recovered(attack: Attack) -> list[tuple[Cell, float]]:
    """Give the hidden movements whose number follows, and the number."""
    found = []
    for cell in attack.hidden:
        value = attack.is_fixed({attack.variable(cell, MEASURED): 1.0})
        if value is not None:
            found.append((cell, value))
    return found
