"""The tables on merit under attack: what their published figures together leave of a hidden one.

The attacker holds every figure that notebook 07 publishes, exact to the last digit, and solves
for the counts behind the hidden ones: least and most that they can be, by linear programming.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from ipasn_lib.analysis.merit import (
    concentration_curve,
    concordance,
    leniency,
    paid_against_rule,
    pay_mismatch,
)
from ipasn_lib.analysis.merit.concordance import ALL
from ipasn_lib.law.pay_rules import load_pay_rule
from ipasn_lib.law.predicate_rules import PREDIKAT

MINIMUM = 10
RULE = load_pay_rule("tpp-seluma")
SIDES = ("sesuai", "lebih", "kurang")


def agency(seed: int) -> pd.DataFrame:
    """Make-believe people of units of 6 to 70, with few poor ratings and few wrong payments."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(6, 70, 7)
    unit = np.repeat([f"Unit {k}" for k in range(len(sizes))], sizes)
    n = len(unit)
    generous = np.isin(unit, ["Unit 1", "Unit 4"])
    step = np.where(
        generous,
        rng.choice(5, n, p=[0, 0, 0.02, 0.08, 0.9]),
        rng.choice(5, n, p=[0.02, 0.05, 0.15, 0.5, 0.28]),
    )
    kelas = rng.choice([5, 7, 9], n, p=[0.5, 0.35, 0.15])
    ceiling = kelas * 500_000.0
    wrong = rng.choice([1.0, 1.1, 0.85], n, p=[0.85, 0.08, 0.07])
    worked = np.round(0.8 + 0.04 * step + rng.uniform(0, 0.04, n), 3)
    return pd.DataFrame(
        {
            "id_pegawai": [f"p{k:04d}" for k in range(n)],
            "unit_kerja": unit,
            "kelas_jabatan": pd.array(kelas, dtype="Int64"),
            "predikat": pd.Categorical.from_codes(step, categories=list(PREDIKAT), ordered=True),
            "pagu": ceiling,
            "capaian_kinerja": worked,
            "capaian_disiplin": 1.0,
            "tunjangan": ceiling * (0.6 * worked + 0.4) * wrong,
            "sumber_data": f"sintetis, benih {seed}",
        }
    )


class Attack:
    """Unknown counts on a grid, and the equations that published figures give."""

    def __init__(self, **axes: list[str]) -> None:
        self.axes = axes
        self.shape = tuple(len(names) for names in axes.values())
        self.rows: list[np.ndarray] = []
        self.values: list[float] = []

    def cells(self, **which: object) -> np.ndarray:
        grid = np.ones(self.shape)
        for position, (axis, names) in enumerate(self.axes.items()):
            if axis in which:
                wanted = which[axis] if isinstance(which[axis], set) else {which[axis]}
                side = np.array([name in wanted for name in names], dtype=float)
                grid *= side.reshape([-1 if k == position else 1 for k in range(len(self.shape))])
        return grid.ravel()

    def learn(self, value: float, **which: object) -> None:
        if not pd.isna(value):
            self.rows.append(self.cells(**which))
            self.values.append(float(value))

    def range_of(self, **which: object) -> tuple[float, float]:
        goal = self.cells(**which)
        system = {"A_eq": np.array(self.rows), "b_eq": self.values, "method": "highs"}
        low, high = (optimize.linprog(sign * goal, **system) for sign in (1, -1))
        assert low.success, "the published figures contradict each other"
        assert high.success, "the published figures contradict each other"
        return low.fun, -high.fun


def said(value: float) -> float:
    """A share times people, as a count."""
    return value if pd.isna(value) else round(value, 6)


@pytest.mark.parametrize("seed", range(12))
def test_hidden_shares_of_wrong_payments_stay_open(seed):
    table = agency(seed)
    kinds = {by: paid_against_rule(table, RULE, by) for by in ("unit_kerja", "kelas_jabatan")}
    attack = Attack(
        unit_kerja=sorted(table["unit_kerja"].unique()),
        kelas_jabatan=sorted(map(str, table["kelas_jabatan"].unique())),
        sisi=list(SIDES),
    )
    attack.learn(len(table))
    for by, shown in kinds.items():
        for name, row in shown.iterrows():
            attack.learn(row["n_pegawai"], **{by: name})
            for side in SIDES:
                attack.learn(said(row[side] * row["n_pegawai"]), sisi=side, **{by: name})
    checked = 0
    for by, shown in kinds.items():
        for name in shown.index[shown["sesuai"].isna()]:
            for side in SIDES:
                low, high = attack.range_of(sisi=side, **{by: name})
                assert high - low >= 1, (by, name, side)
                checked += 1
    assert checked


@pytest.mark.parametrize("seed", range(12))
def test_hidden_ratings_stay_open_under_all_tables_together(seed):
    table = agency(seed)
    classes = sorted(map(str, table["kelas_jabatan"].unique()))
    units = sorted(table["unit_kerja"].unique())
    attack = Attack(
        unit=units, kelas=classes, predikat=list(PREDIKAT), sisi=["bawah", "median", "atas"]
    )
    attack.learn(len(table))
    top, poor = PREDIKAT[-1], set(PREDIKAT[:3])
    rated = leniency(table)
    people = rated["n_pegawai"].sum() if rated["n_pegawai"].notna().all() else np.nan
    for name, row in rated.iterrows():
        attack.learn(row["n_pegawai"], unit=name)
        high = row["sangat_baik"] * row["n_pegawai"]
        attack.learn(said(high), unit=name, predikat=top)
        rest = row["bagian_lain"] * (people - row["n_pegawai"])
        attack.learn(said(high + rest), predikat=top)
    curve = concentration_curve(table, dalam_kelas=False).kurva
    for _, row in curve.iloc[1:].iterrows():
        first, last = (row["kelompok"].split(" sampai ") * 2)[:2]
        inside = set(PREDIKAT[PREDIKAT.index(first) : PREDIKAT.index(last) + 1])
        attack.learn(row["n_pegawai"], predikat=inside)
    for name, row in concordance(table).iterrows():
        attack.learn(row["n_pegawai"], **({} if name == ALL else {"kelas": name}))
    mixed = pay_mismatch(table)
    for name, row in mixed.iterrows():
        here = {} if name == ALL else {"kelas": name}
        attack.learn(row["n_tinggi"], predikat=top, **here)
        attack.learn(row["n_rendah"], predikat=poor, **here)
        for share, count, group, side in (
            ("tinggi_di_bawah_median", "n_tinggi", {"predikat": top}, "bawah"),
            ("rendah_di_atas_median", "n_rendah", {"predikat": poor}, "atas"),
            ("semua_di_bawah_median", "n_pegawai", {}, "bawah"),
            ("semua_di_atas_median", "n_pegawai", {}, "atas"),
        ):
            attack.learn(said(row[share] * row[count]), sisi=side, **group, **here)
    checked = 0
    for name in rated.index[rated["sangat_baik"].isna()]:
        low, high = attack.range_of(unit=name, predikat=top)
        assert high - low >= 1, name
        checked += 1
    for name in mixed.index[mixed["n_rendah"].isna()]:
        low, high = attack.range_of(predikat=poor, **({} if name == ALL else {"kelas": name}))
        assert high - low >= 1, name
        checked += 1
    for share, group, side in (
        ("tinggi_di_bawah_median", {"predikat": top}, "bawah"),
        ("rendah_di_atas_median", {"predikat": poor}, "atas"),
    ):
        for name in mixed.index[mixed[share].isna()]:
            here = {} if name == ALL else {"kelas": name}
            low, high = attack.range_of(sisi=side, **group, **here)
            assert high - low >= 1, (name, share)
            checked += 1
    assert checked


def test_pay_of_a_small_unit_cannot_be_had_from_the_totals():
    # one unit of nine, and a second where one person has most of the pay: neither ratio is shown,
    # and with them a third, so that the sum over all units gives no single one back
    table = agency(3)
    small = table["unit_kerja"] == "Unit 0"
    table = table.loc[~small | (small.cumsum() <= 9)].reset_index(drop=True)
    rich = table.index[table["unit_kerja"] == "Unit 2"][0]
    table.loc[rich, ["tunjangan", "pagu"]] = 5e9
    shown = paid_against_rule(table, RULE, "unit_kerja")
    closed = shown.index[shown["selisih_relatif"].isna()]
    assert {"Unit 0", "Unit 2"} <= set(closed)
    pay = table.loc[table["unit_kerja"].isin(closed), "tunjangan"].sort_values(ascending=False)
    # (1, 50 %) on what the attacker gets by subtraction
    assert pay.iloc[0] <= 0.5 * pay.sum() or len(closed) == len(shown)


def test_one_unit_with_few_underpaid_closes_a_second():
    # 60 and 50 as due, 40 with three too little: the class table gives all three totals away
    sizes = {"Unit A": 60, "Unit B": 50, "Unit C": 40}
    unit = np.repeat(list(sizes), list(sizes.values()))
    n = len(unit)
    table = pd.DataFrame(
        {
            "id_pegawai": [f"p{k:03d}" for k in range(n)],
            "unit_kerja": unit,
            "kelas_jabatan": 7,
            "pagu": 1000.0,
            "capaian_kinerja": 1.0,
            "capaian_disiplin": 1.0,
            "tunjangan": 1000.0,
        }
    )
    low = np.flatnonzero(unit == "Unit C")[:3]
    also = np.flatnonzero(unit == "Unit B")[:12]
    table.loc[[*low, *also], "tunjangan"] = 500.0
    shown = paid_against_rule(table, RULE, "unit_kerja")
    # B has 12 underpaid and could be shown; it closes, or C's three are 15 - 12
    assert shown["sesuai"].isna().tolist() == [False, True, True]


def test_the_attack_finds_a_cell_that_is_hidden_alone():
    attack = Attack(unit=["A", "B"], sisi=["ya", "tidak"])
    for value, which in ((50, {}), (20, {"unit": "A"}), (12, {"unit": "A", "sisi": "ya"})):
        attack.learn(value, **which)
    assert attack.range_of(unit="B", sisi="ya") == (0, 30)
    attack.learn(15, sisi="ya")
    assert attack.range_of(unit="B", sisi="ya") == (3, 3)


def test_a_single_unit_or_class_that_must_close_closes_alone():
    table = agency(1)
    table = table.loc[table["unit_kerja"] == "Unit 1"].assign(kelas_jabatan=7, predikat="Baik")
    assert len(table) >= MINIMUM
    assert leniency(table)["sangat_baik"].isna().all()
    assert concordance(table)["somers_d"].isna().all()
    table = table.assign(tunjangan=np.where(np.arange(len(table)) < 3, 0.0, table["tunjangan"]))
    assert paid_against_rule(table, RULE)["sesuai"].isna().all()
    small = table.head(9)
    for shown in (leniency(small), concordance(small), paid_against_rule(small, RULE)):
        assert shown["n_pegawai"].isna().all()
