"""An attacker's way from what a plan prints back to the sizes of small groups.

The attacker knows the rules, the costs and the program, everything that notebook 05 prints of a
place, unrounded, and the place's tables of who lacks what. A group is safe where another world
exists that the attacker cannot tell from the true one: as many people in each job group, the
same points in each dimension, the same tables and the same plans, costs, curve and orders, but
another number in that group. Such a world is looked for as an integer programme over the number
of people at each level of points, and then really made: its people are scored, its plans
computed and its prints compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from ipasn_lib.analysis.improve import default_steps, open_steps, step_summary
from ipasn_lib.analysis.lacking import SEMUA, lacking_counts
from ipasn_lib.analysis.plan import (
    budget_curve,
    by_step,
    compare_plans,
    outcome,
    plan_for_budget,
    plan_toward_target,
    shielded_gains,
    shown_open,
    shown_units,
    why_no_plan,
)
from ipasn_lib.index.score import score, score_detail
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.rules import HoursPoints

Guard = Callable[..., pd.DataFrame]
Cell = tuple[str, str, float]
"""Indicator, job group, points of it."""

SKP = {0.0: np.nan, 1.0: 40.0, 5.0: 55.0, 15.0: 70.0, 25.0: 80.0, 30.0: 95.0}
LEVEL = {1.0: "SD", 5.0: "SLTA", 10.0: "D3", 15.0: "S1", 20.0: "S2", 25.0: "S3"}
SANCTION = {5.0: "tidak_pernah", 3.0: "ringan", 2.0: "sedang", 1.0: "berat"}
BULAN = 48  # degrees count too


def unguarded(peluang: pd.DataFrame, *_: object) -> pd.DataFrame:
    """Publish plans of everybody, small kinds and all."""
    return peluang


@dataclass(frozen=True)
class Place:
    """A place, what is known of it, and what its notebook prints."""

    pegawai: pd.DataFrame
    rincian: pd.DataFrame
    kurang: pd.DataFrame
    peluang: pd.DataFrame
    aman: pd.DataFrame
    cetak: dict[str, list[object]]


def printed(pegawai: pd.DataFrame, instrument: Instrument, guard: Guard = shielded_gains) -> Place:
    """Everything that notebook 05 prints of a place, in the order it prints it."""
    skor, rincian = score(pegawai, instrument), score_detail(pegawai, instrument)
    kurang = lacking_counts(rincian, skor, instrument)
    langkah = default_steps(instrument)
    peluang = open_steps(rincian, skor, instrument)
    aman = guard(peluang, langkah, skor, kurang)
    tables = {"kurang": kurang, "manfaat": shown_open(step_summary(aman, langkah))}
    if not why_no_plan(langkah, aman, BULAN):
        base = float(skor["indeks"].mean())
        plans = {
            "gratis": plan_for_budget(skor, aman, langkah, 0, BULAN),
            "rencana": plan_toward_target(skor, aman, langkah, min(base + 4.0, 100.0), BULAN),
            "terjauh": plan_toward_target(skor, aman, langkah, 100.0, BULAN),
            "terbatas": plan_for_budget(skor, aman, langkah, 20_000_000, BULAN),
        }
        for name, plan in plans.items():
            tables[f"{name}.hasil"] = outcome(plan).to_frame()
            tables[f"{name}.langkah"] = by_step(plan)
            tables[f"{name}.banding"] = compare_plans(plan)
        tables["pesanan"] = shown_units(plans["rencana"], skor)
        tables["pesanan.terjauh"] = shown_units(plans["terjauh"], skor)
        tables["kurva"] = budget_curve(skor, aman, langkah, bulan=BULAN, rencana=plans["rencana"])
    cetak = {name: _cells(table) for name, table in tables.items()}
    return Place(pegawai, rincian, kurang, peluang, aman, cetak)


def _cells(table: pd.DataFrame) -> list[object]:
    flat = table.reset_index().to_numpy(dtype=object, na_value=None).ravel()
    return [round(float(v), 7) if isinstance(v, float) else str(v) for v in flat]


def small_cells(place: Place) -> list[tuple[Cell, int]]:
    """List the groups of one to nine people at one level of points of one indicator."""
    found = []
    for name in place.rincian.columns:
        points = place.rincian[name].round(6)
        count = points.groupby(place.pegawai["kelompok_jabatan"].astype(str)).value_counts()
        found += [((name, g, float(s)), int(n)) for (g, s), n in count.items() if 0 < n < 10]
    return found


def worlds(
    place: Place, instrument: Instrument, cell: Cell, tries: int, far: int = 1
) -> Iterator[pd.DataFrame]:
    """Make near worlds with fewer and with more people in a cell, known sums unchanged.

    One for each number of people up to so many away; beyond one away what else moves is drawn.
    """
    levels = _levels(place, instrument)
    keys = [(name, g, s) for (name, g), points in levels.items() for s in points]
    column = {key: k for k, key in enumerate(keys)}
    true = np.zeros(len(keys))
    of_group = place.pegawai["kelompok_jabatan"].astype(str)
    for (name, g), points in levels.items():
        held = place.rincian.loc[(of_group == g).to_numpy(), name].to_numpy()
        for s in points:
            true[column[name, g, s]] = np.isclose(held, s, atol=1e-6).sum()
    matrix = np.array(_known_sums(place, instrument, levels, column))
    k = len(keys)
    # least change: x - true = up - down
    every = np.hstack([matrix, np.zeros((len(matrix), 2 * k))])
    moves = np.hstack([np.eye(k), -np.eye(k), np.eye(k)])
    here, draw = column[cell], np.random.default_rng(0)
    for side, step in product((-1, 1), range(1, far + 1)):
        moved = np.ones(2 * k) if step == 1 else draw.uniform(1.0, 3.0, 2 * k)
        cost = np.concatenate([np.zeros(k), moved])
        low, high = np.zeros(3 * k), np.full(3 * k, np.inf)
        low[here], high[here] = (0, true[here] - step) if side < 0 else (true[here] + step, np.inf)
        if high[here] < 0:
            continue
        found = milp(
            cost,
            constraints=[
                LinearConstraint(every, matrix @ true, matrix @ true),
                LinearConstraint(moves, true, true),
            ],
            integrality=np.concatenate([np.ones(k), np.zeros(2 * k)]),
            bounds=Bounds(low, high),
            options={"mip_rel_gap": 0.0},
        )
        if found.x is not None:
            wanted = np.round(found.x[:k])
            yield from (_moved(place, keys, true, wanted, instrument, s) for s in range(tries))


def _levels(place: Place, instrument: Instrument) -> dict[tuple[str, str], list[float]]:
    levels = {}
    for d, dimension in instrument.dimensi.items():
        for i in dimension.indikator:
            for g in sorted(set(place.pegawai["kelompok_jabatan"].astype(str))):
                most = i.aturan.maximum(g)
                if i.nama == "nilai_kinerja":
                    points = list(SKP)
                elif i.nama == "pendidikan":
                    points = list(LEVEL)
                elif i.nama == "hukuman_disiplin":
                    points = list(SANCTION)
                elif isinstance(i.aturan, HoursPoints) and i.aturan.cara != "penuh":
                    points = [most * h / 20 for h in range(21)]
                else:
                    points = [0.0, most] if most else [0.0]
                levels[f"{d}.{i.nama}", g] = [round(p, 6) for p in points]
    return levels


def _known_sums(
    place: Place,
    instrument: Instrument,
    levels: dict[tuple[str, str], list[float]],
    column: dict[Cell, int],
) -> list[np.ndarray]:
    """Sums over cells that are published: headcounts, dimensions, shown lacking people, points."""
    rows = []

    def add(weights: dict[Cell, float]) -> None:
        row = np.zeros(len(column))
        for key, weight in weights.items():
            row[column[key]] = weight
        rows.append(row)

    for (name, g), points in levels.items():
        add({(name, g, s): 1.0 for s in points})
    for d in instrument.dimensi:
        add({(n, g, s): s for (n, g), p in levels.items() if n.startswith(f"{d}.") for s in p})
    for row in place.kurang.dropna(subset=["n_kurang"]).itertuples():
        name = f"{row.dimensi}.{row.indikator}"
        mine = [
            (g, s, max(p) - s)
            for (n, g), p in levels.items()
            if n == name and row.kelompok_jabatan in (g, SEMUA) and max(p) > 0
            for s in p
        ]
        add({(name, g, s): 1.0 for g, s, lost in mine if lost > 0})
        if pd.notna(row.poin_hilang):
            add({(name, g, s): lost for g, s, lost in mine})
    rows += _kept(place, column)
    return rows


def _kept(place: Place, column: dict[Cell, int]) -> list[np.ndarray]:
    """Sizes of the kinds of people for whom a shielded plan is made: these it may tell."""
    group = place.pegawai.loc[place.aman.index, "kelompok_jabatan"].astype(str)
    rows = []
    of_step = indicators_of(place)
    for name in sorted(set(of_step.values())):
        gains = place.aman[[s for s, i in of_step.items() if i == name]].round(6)
        earned = place.rincian.loc[place.aman.index, name].round(6)
        kinds: dict[tuple[float, ...], set[Cell]] = {}
        for gain, g, s in zip(gains.itertuples(index=False), group, earned, strict=True):
            if max(gain) > 0:
                kinds.setdefault(tuple(gain), set()).add((name, g, float(s)))
        for cells in kinds.values():
            row = np.zeros(len(column))
            row[[column[c] for c in cells]] = 1.0
            rows.append(row)
    return rows


def indicators_of(place: Place) -> dict[str, str]:
    """Indicator of each step."""
    known = {c.split(".")[1]: c for c in place.rincian.columns}
    return {
        step: known.get(step, known["pendidikan"] if step.startswith("pendidikan")
                        else known["nilai_kinerja"])
        for step in place.peluang.columns
    }  # fmt: skip


def _moved(
    place: Place,
    keys: list[Cell],
    true: np.ndarray,
    wanted: np.ndarray,
    instrument: Instrument,
    seed: int,
) -> pd.DataFrame:
    """Give people of a cell that has too many the points of one that has too few.

    Who moves is drawn, but taken from as few units as can be: people of one unit stand in for
    each other in its orders.
    """
    column = {f"{d}.{i.nama}": i.kolom for d, dim in instrument.dimensi.items()
              for i in dim.indikator}  # fmt: skip
    table = place.pegawai.assign(
        jenjang_pendidikan=place.pegawai["jenjang_pendidikan"].astype(object)
    )
    of_group = table["kelompok_jabatan"].astype(str)
    gap = {key: int(w - t) for key, w, t in zip(keys, wanted, true, strict=True)}
    draw = np.random.default_rng(seed)
    units = draw.permutation(table["unit_kerja"].unique())
    turn = dict(zip(units, range(len(units)), strict=True))
    order = table.index[np.lexsort((draw.random(len(table)), table["unit_kerja"].map(turn)))]
    for name, g in sorted({key[:2] for key in keys}):
        earned = place.rincian[name].round(6)
        spare = []
        for (n, h, s), change in gap.items():
            if (n, h) == (name, g) and change < 0:
                here = table.index[((of_group == g) & np.isclose(earned, s)).to_numpy()]
                spare += list(order[order.isin(here)][:-change])
        needed = [s for (n, h, s), c in gap.items() if (n, h) == (name, g)
                  for _ in range(max(c, 0))]  # fmt: skip
        for who, s in zip(spare, needed, strict=True):
            table.loc[who, column[name]] = _value(name, g, s, instrument)
    return table


def _value(name: str, group: str, points: float, instrument: Instrument) -> object:
    indicator = name.split(".")[1]
    known = {"nilai_kinerja": SKP, "pendidikan": LEVEL, "hukuman_disiplin": SANCTION}
    if indicator in known:
        return known[indicator][points]
    if indicator == "diklat_teknis":
        rule = next(i.aturan for i in instrument.dimensi["kompetensi"].indikator
                    if i.nama == indicator)  # fmt: skip
        return float(round(20 * points / rule.maximum(group)))
    return points > 0


def recovered(
    pegawai: pd.DataFrame,
    instrument: Instrument,
    guard: Guard,
    cells: list[Cell],
    tries: int = 3,
    far: int = 1,
) -> dict[str, list[Cell]]:
    """Tell which small cells follow from the prints ("terbuka") and which do not ("aman").

    "tetap": no other world agrees even with what is known without the plans.
    """
    place = printed(pegawai, instrument)
    said = place.cetak if guard is shielded_gains else printed(pegawai, instrument, guard).cetak
    found: dict[str, list[Cell]] = {"terbuka": [], "aman": [], "tetap": []}
    for cell in cells:
        kind = "tetap"
        for other in worlds(place, instrument, cell, tries, far):
            kind = "aman" if printed(other, instrument, guard).cetak == said else "terbuka"
            if kind == "aman":
                break
        found[kind].append(cell)
    return found
