"""An attacker who has everything that was published, as printed, and solves for the rest.

Each published number is a linear equation (or, being rounded, a pair of inequalities) in the
groups' people, measured people and sums of points. For a hidden group the smallest and largest
value that fits all of them at once comes from integer programming (HiGHS through scipy), so
nothing that can be derived from the numbers together is missed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import coo_array

from ipasn_lib.wording import round_half_up

TOLD = 0.5
"""Unknowns are whole numbers; values nearer than this are one and the same."""

MINIMUM = 10
"""Fewest people, and fewest measured, of a group that is shown."""

MANY = 1e4
"""More people than any group of the tables attacked has."""

PEOPLE, MEASURED, POINTS, MEAN = "n_pegawai", "n_terukur", "poin", "rata-rata"
RANGE = {
    "kualifikasi": (1, 25),
    "kompetensi": (0, 40),
    "kinerja": (0, 30),
    "disiplin": (0, 5),
    "indeks": (1, 100),
}
"""Points that one measured person can have: what anybody may read in the regulation."""

Cell = tuple[str, Hashable]
"""Name of a table, and the group's keys in it."""


@dataclass
class Attack:
    """Equations and inequalities collected from what was published.

    Attributes
    ----------
    hidden : list of Cell
        The groups that a table lists without their numbers.
    """

    hidden: list[Cell] = field(default_factory=list)
    _column: dict[tuple[Cell, str], int] = field(default_factory=dict)
    _lower: list[float] = field(default_factory=list)
    _upper: list[float] = field(default_factory=list)
    _rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def variable(self, cell: Cell, what: str) -> int:
        """Give the number of a group's unknown; a new one can be anything from zero."""
        key = (cell, what)
        if key not in self._column:
            self._column[key] = len(self._lower)
            self._lower.append(0.0)
            self._upper.append(np.inf)
        return self._column[key]

    def bound(self, cell: Cell, what: str, low: float, high: float) -> None:
        """Say between which values an unknown lies."""
        position = self.variable(cell, what)
        self._lower[position] = max(self._lower[position], low)
        self._upper[position] = min(self._upper[position], high)

    def relate(self, terms: Mapping[int, float], low: float, high: float) -> None:
        """Say between which values a sum of unknowns lies."""
        self._rows.append((dict(terms), low, high))

    def whole(self, total: Cell, parts: Sequence[Cell]) -> None:
        """Say that a group is made of others: people, measured people and points add up."""
        for what in (PEOPLE, MEASURED, POINTS):
            terms = {self.variable(part, what): 1.0 for part in parts}
            self.relate(terms | {self.variable(total, what): -1.0}, 0.0, 0.0)

    def interval(self, terms: Mapping[int, float]) -> tuple[float, float]:
        """Give the smallest and the largest value of a sum of unknowns that fit everything."""
        return tuple(sign * self._best(terms, sign)[0] for sign in (1.0, -1.0))

    def is_fixed(self, terms: Mapping[int, float]) -> float | None:
        """Give the only value that a sum of unknowns can have; None where it can have several.

        Solutions met before are asked first: two that differ in the sum settle it.
        """
        position, weight = np.array(list(terms)), np.array(list(terms.values()))
        for sign in (1.0, -1.0):
            seen = self.solutions[:, position] @ weight
            if np.ptp(seen) >= TOLD:
                return None
            value, solution = self._best(terms, sign)
            if not np.isfinite(value):
                return None
            self.solutions = np.vstack([self.solutions, solution])
        seen = self.solutions[:, position] @ weight
        return None if np.ptp(seen) >= TOLD else float(seen[0])

    @cached_property
    def solutions(self) -> np.ndarray:
        """Give the solutions met so far, one a row."""
        return self._best({}, 1.0)[1][None, :]

    @cached_property
    def _equations(self) -> LinearConstraint:
        entries = [(i, j, v) for i, row in enumerate(self._rows) for j, v in row[0].items()]
        i, j, value = map(np.array, zip(*entries, strict=True))
        matrix = coo_array((value, (i, j)), shape=(len(self._rows), len(self._lower)))
        low, high = ([row[k] for row in self._rows] for k in (1, 2))
        return LinearConstraint(matrix.tocsr(), low, high)

    def _best(self, terms: Mapping[int, float], sign: float) -> tuple[float, np.ndarray]:
        objective = np.zeros(len(self._lower))
        for position, value in terms.items():
            objective[position] = sign * value
        answer = milp(
            objective,
            # points come in halves: doubled, all unknowns are whole numbers
            integrality=np.ones(len(objective)),
            bounds=(np.array(self._lower), np.array(self._upper)),
            constraints=self._equations,
        )
        if answer.status == 3:  # nothing bounds it
            return -np.inf, np.array([])
        assert answer.x is not None, "what was published contradicts itself"
        return answer.fun, answer.x


def _cells(name: str, table: pd.DataFrame) -> Iterator[tuple[Cell, pd.Series]]:
    for key, row in table.iterrows():
        yield (name, key), row


def published_to_attack(
    tables: Mapping[str, pd.DataFrame],
    kabkota: pd.DataFrame,
    measure: str = "indeks",
    *,
    knows_the_rule: bool = False,
    kinds: Mapping[Hashable, Set[str]] | None = None,
) -> Attack:
    """Write down what the tables tell.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        As :func:`ipasn_lib.index.tables.published_tables` gives them; means are rounded here to
        the two decimals that pages and workbooks print.
    kabkota : pandas.DataFrame
        The places with ``bakorwil`` and ``jenis``: public knowledge.
    measure : str
        The points attacked.
    knows_the_rule : bool
        Also use how cells are chosen: of brothers the smallest is hidden next, so a hidden group
        is no larger than the smallest one shown beside it.
    kinds : mapping of (place, unit) to set of str, optional
        The kinds of ASN that each unit employs, which its neighbours know: whoever works in a
        unit of one kind is of that kind.
    """
    attack = Attack()
    low, high = RANGE[measure]
    for name, table in tables.items():
        for cell, row in _cells(name, table):
            people, measured, points = (
                attack.variable(cell, what) for what in (PEOPLE, MEASURED, POINTS)
            )
            attack.relate({measured: 1.0, people: -1.0}, -np.inf, 0.0)
            # doubled, so that the half points of pelaksana are whole numbers
            attack.relate({points: 1.0, measured: -2.0 * high}, -np.inf, 0.0)
            attack.relate({points: 1.0, measured: -2.0 * low}, 0.0, np.inf)
            if pd.isna(row["n_pegawai"]):
                attack.hidden.append(cell)
                attack.bound(cell, PEOPLE, 1, np.inf)
                continue
            n, t = int(row["n_pegawai"]), int(row["n_terukur"])
            attack.bound(cell, PEOPLE, n, n)
            attack.bound(cell, MEASURED, t, t)
            if t:
                printed = round_half_up(float(row[measure]), 2)
                # whole ends, since HiGHS's presolve trips over whole unknowns with broken bounds
                least = np.ceil(2 * (printed - 0.005) * t - 1e-6)
                attack.bound(cell, POINTS, least, np.floor(2 * (printed + 0.005) * t + 1e-6))
    _add_up(attack, tables, kabkota)
    if knows_the_rule:
        _smallest_first(attack, tables)
    if kinds is not None:
        _know_kinds(attack, tables, kinds)
    return attack


def _add_up(attack: Attack, tables: Mapping[str, pd.DataFrame], kabkota: pd.DataFrame) -> None:
    places = list(tables["kabkota"].index)
    for total in tables["provinsi"].index:
        attack.whole(("provinsi", total), [("kabkota", k) for k in places])
        attack.whole(
            ("provinsi", total), [("jenis_asn", kind) for kind in tables["jenis_asn"].index]
        )
    for name, column in (("bakorwil", "bakorwil"), ("jenis_daerah", "jenis")):
        for region in tables[name].index:
            inside = [k for k in places if kabkota.loc[k, column] == region]
            attack.whole((name, region), [("kabkota", k) for k in inside])
    for kind in tables["jenis_asn"].index:
        inside = [key for key in tables["kabkota_jenis_asn"].index if key[1] == kind]
        attack.whole(("jenis_asn", kind), [("kabkota_jenis_asn", key) for key in inside])
    for name in ("kabkota_jenis_asn", "unit_kerja"):
        for place in places:
            inside = [key for key in tables[name].index if key[0] == place]
            attack.whole(("kabkota", place), [(name, key) for key in inside])


def _know_kinds(
    attack: Attack, tables: Mapping[str, pd.DataFrame], kinds: Mapping[Hashable, Set[str]]
) -> None:
    """Say of each kind in a place that it holds the units of that kind alone, and no other."""
    for place, kind in tables["kabkota_jenis_asn"].index:
        inside = [unit for unit in tables["unit_kerja"].index if unit[0] == place]
        only = [("unit_kerja", unit) for unit in inside if kinds[unit] == {kind}]
        if all(len(kinds[unit]) == 1 or kind not in kinds[unit] for unit in inside):
            attack.whole(("kabkota_jenis_asn", (place, kind)), only)
            continue
        for what in (PEOPLE, MEASURED, POINTS):
            terms = {attack.variable(unit, what): 1.0 for unit in only}
            whole = attack.variable(("kabkota_jenis_asn", (place, kind)), what)
            attack.relate(terms | {whole: -1.0}, -np.inf, 0.0)


def _smallest_first(attack: Attack, tables: Mapping[str, pd.DataFrame]) -> None:
    """Say why units are hidden: too few are measured, or none shown beside them is smaller."""
    table = tables["unit_kerja"]["n_pegawai"]
    for _, units in table.groupby(level=0):
        if units.isna().all():
            continue
        for key in units.index[units.isna()]:
            cell = ("unit_kerja", key)
            attack.bound(cell, "sedikit_terukur", 0, 1)
            people, measured, few = (
                attack.variable(cell, what) for what in (PEOPLE, MEASURED, "sedikit_terukur")
            )
            attack.relate({people: 1.0, few: -MANY}, -np.inf, float(units.min()))
            attack.relate({measured: 1.0, few: MANY}, -np.inf, MINIMUM - 1 + MANY)


def recovered(attack: Attack) -> list[tuple[Cell, str, float]]:
    """Give the hidden groups of which a number follows from what was published, and the number.

    Their people, their measured people, their sum of points, and their mean: it is fixed, though
    their size is not, where points less this mean times the measured people are always zero.
    """
    found = []
    for cell in attack.hidden:
        for what in (PEOPLE, MEASURED, POINTS):
            value = attack.is_fixed({attack.variable(cell, what): 1.0})
            if value is not None:
                found.append((cell, what, value))
        points, measured = (attack.variable(cell, what) for what in (POINTS, MEASURED))
        some = next((s for s in attack.solutions if s[measured] >= TOLD), None)
        if some is not None:
            mean = some[points] / some[measured]
            if attack.is_fixed({points: 1.0, measured: -mean}) is not None:
                found.append((cell, MEAN, float(mean) / 2))
    return found
