"""What is published together gives no hidden group back, to an attacker with a solver."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from attack import MEAN, MEASURED, PEOPLE, POINTS, RANGE, Attack, published_to_attack, recovered

from ipasn_lib.errors import DisclosureError
from ipasn_lib.index import tables
from ipasn_lib.index.score import score
from ipasn_lib.index.tables import PUBLISHED, published_tables
from ipasn_lib.law.loading import load_instrument

MEASURES = ("kualifikasi", "kompetensi", "kinerja", "disiplin")


def random_province(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A few places of a few units, many of them small; one person in ten is not measured.

    Now and then a place is absent, a unit has one kind of ASN only, a region has one place.
    """
    draw = np.random.default_rng(seed)
    codes = [f"35{k:02d}" for k in range(1, 1 + int(draw.integers(3, 9)))]
    kabkota = pd.DataFrame(
        {
            "bakorwil": draw.choice(["I", "II", "III"], len(codes)),
            "jenis": draw.choice(["Kabupaten", "Kota"], len(codes), p=[0.7, 0.3]),
        },
        index=pd.Index(codes, name="kode_kabkota"),
    )
    rows = []
    for k, kode in enumerate(codes):
        if k > 1 and draw.random() < 0.1:
            continue
        for unit in range(int(draw.integers(1, 6))):
            size = draw.choice([draw.integers(1, 10), draw.integers(10, 30), draw.integers(30, 80)])
            pppk = draw.choice([0.0, 0.1, 0.4, 1.0])
            kinds = np.where(draw.random(size) < pppk, "PPPK", "PNS")
            rows += [(kode, f"Unit {unit}", kind) for kind in kinds]
    people = pd.DataFrame(rows, columns=["kode_kabkota", "unit_kerja", "jenis_asn"])
    people.index = pd.Index([f"p{i:05d}" for i in range(len(rows))], name="id_pegawai")
    people = people.assign(
        tahun=2024,
        sumber_data="sintetis, uji",
        kualifikasi=draw.choice([5.0, 10, 15, 20, 25], len(rows)),
        kompetensi=draw.choice([0.0, 17.5, 22.5, 40], len(rows)),
        kinerja=draw.choice([5.0, 15, 25, 30], len(rows)),
        disiplin=draw.choice([5.0, 3, 2], len(rows), p=[0.8, 0.1, 0.1]),
    )
    people.loc[draw.random(len(rows)) < 0.1, list(MEASURES)] = np.nan
    return score(people, load_instrument(2024)), kabkota


def small_groups(skor: pd.DataFrame, kabkota: pd.DataFrame) -> set[tuple]:
    """The groups that must stay unknown: fewer than ten people, or fewer than ten measured."""
    placed = skor.assign(
        bakorwil=skor["kode_kabkota"].map(kabkota["bakorwil"]),
        jenis_daerah=skor["kode_kabkota"].map(kabkota["jenis"]),
        terukur=skor["status_ukur"] == "terukur",
    ).astype({"jenis_asn": "str"})
    small = set()
    for name, (by, _) in PUBLISHED.items():
        if by:
            groups = placed.groupby(by if len(by) > 1 else by[0])["terukur"].agg(["size", "sum"])
            few = (groups["size"] < 10) | groups["sum"].between(1, 9)
            small |= {(name, key) for key in groups.index[few]}
    return small


def kinds_of_units(skor: pd.DataFrame) -> dict[tuple, set[str]]:
    """What the neighbours of a unit know of it: which kinds of ASN work there."""
    return (
        skor.astype({"jenis_asn": "str"})
        .groupby(["kode_kabkota", "unit_kerja"])["jenis_asn"]
        .agg(set)
        .to_dict()
    )


class Attacked(NamedTuple):
    """Table sets published and refused, small groups attacked, and what came back of them."""

    published: int
    refused: int
    groups: int
    found: list
    shared: list
    """Means that are told since everybody has the most or the least points."""


def attacked(seeds: range, *, every_measure: bool) -> Attacked:
    published = refused = groups = 0
    found, shared = [], []
    for seed in seeds:
        skor, kabkota = random_province(seed)
        try:
            tables = published_tables(skor, kabkota)
        except DisclosureError:
            refused += 1
            continue
        published += 1
        listed = {(name, key) for name, table in tables.items() for key in table.index}
        small = small_groups(skor, kabkota) & listed  # regions in part are not published
        measures = ("indeks", *MEASURES[seed % 4 : seed % 4 + 1]) if every_measure else ("indeks",)
        for measure in measures:
            attack = published_to_attack(
                tables, kabkota, measure, knows_the_rule=True, kinds=kinds_of_units(skor)
            )
            assert small <= set(attack.hidden)
            for cell, what, value in recovered(attack):
                if cell in small:
                    kept = shared if what == MEAN and value in RANGE[measure] else found
                    kept.append((seed, measure, cell, what, value))
        groups += len(small)
    return Attacked(published, refused, groups, found, shared)


def test_no_small_group_comes_back_from_all_tables_together():
    done = attacked(range(30), every_measure=False)
    assert done.found == []
    assert done.published > done.refused
    assert done.groups > 2 * done.published


def staffed(rows: list[tuple[str, str, str, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """People of places, units and kinds, so many of each, all measured; one region."""
    each = [row[:3] for row in rows for _ in range(row[3])]
    people = pd.DataFrame(each, columns=["kode_kabkota", "unit_kerja", "jenis_asn"])
    people.index = pd.Index([f"p{i:05d}" for i in range(len(each))], name="id_pegawai")
    points = dict.fromkeys(MEASURES, 5.0)
    people = people.assign(tahun=2024, sumber_data="sintetis, uji", **points)
    codes = sorted(people["kode_kabkota"].unique())
    regions = {"bakorwil": "I", "jenis": "Kabupaten"}
    return score(people, load_instrument(2024)), pd.DataFrame(regions, index=codes)


ONE_KIND_A_UNIT = {
    # 63 PPPK in the province less the 58 of Sekolah, where everybody is PPPK, are 5 in 3503
    "kinds of the province": [
        ("3501", "Dinas", "PNS", 9),
        ("3502", "Dinas", "PNS", 6),
        ("3503", "Dinas", "PNS", 24),
        ("3503", "Dinas", "PPPK", 5),
        ("3504", "Dinas", "PNS", 38),
        ("3504", "Sekolah", "PPPK", 58),
    ],
    # 42 PNS in 3501 less the 40 of Dinas, where everybody is PNS, are 2 in Kantor; the units of
    # 3502 employ both kinds, so that the units of the province don't tell kinds apart
    "kinds of a place": [
        ("3501", "Dinas", "PNS", 40),
        ("3501", "Kantor", "PNS", 2),
        ("3501", "Sekolah", "PPPK", 12),
        ("3501", "Puskesmas", "PPPK", 30),
        ("3502", "Dinas", "PNS", 50),
        ("3502", "Dinas", "PPPK", 50),
    ],
}


@pytest.mark.parametrize("staff", ONE_KIND_A_UNIT.values(), ids=list(ONE_KIND_A_UNIT))
def test_who_knows_the_units_of_one_kind_learns_no_small_group(monkeypatch, staff):
    skor, kabkota = staffed(staff)
    small = small_groups(skor, kabkota)

    def told() -> set:
        published = published_tables(skor, kabkota)
        attack = published_to_attack(published, kabkota, kinds=kinds_of_units(skor))
        return {cell for cell, what, _ in recovered(attack) if what == PEOPLE and cell in small}

    assert told() == set()
    # no table by itself gives them back: it takes all together, and the look at all together
    monkeypatch.setattr(tables, "_any_follows", lambda *_: False)
    assert told() != set()


@pytest.mark.assure
def test_no_small_group_comes_back_from_300_table_sets(assurance):
    done = attacked(range(1000, 1360), every_measure=True)
    assurance.record(
        promise="No person is revealed",
        tried="integer programming on every small group, from all published tables together as "
        "printed, by an attacker who knows the rule of hiding and which units employ one kind of "
        "ASN only: people, measured people, points, "
        f"mean; random provinces ({done.refused} more were refused as they could not be made safe)",
        count=done.published,
        outcome=f"{len(done.found)} numbers of {done.groups:,} small groups recovered; "
        f"{len(done.shared)} means told because everybody beside them has all points (a known gap)",
    )
    assert done.found == []
    assert done.published >= 300


def place_of(*units: int) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The tables of one place, its units of so many people at 45 points, nothing hidden."""

    def table(keys: list, sizes: tuple[int, ...]) -> pd.DataFrame:
        index = pd.MultiIndex.from_tuples(keys) if isinstance(keys[0], tuple) else pd.Index(keys)
        numbers = {"n_pegawai": sizes, "n_terukur": sizes, "indeks": 45.0, "disiplin": 5.0}
        return pd.DataFrame(numbers, index=index).astype({"n_pegawai": "Int64"})

    total = sum(units)
    tables = {
        "provinsi": table(["semua"], (total,)),
        "bakorwil": table(["I"], (total,)),
        "jenis_daerah": table(["Kota"], (total,)),
        "jenis_asn": table(["PNS"], (total,)),
        "kabkota": table(["3571"], (total,)),
        "kabkota_jenis_asn": table([("3571", "PNS")], (total,)),
        "unit_kerja": table([("3571", f"U{k}") for k in range(len(units))], units),
    }
    return tables, pd.DataFrame({"bakorwil": ["I"], "jenis": ["Kota"]}, index=["3571"])


def hide(tables: dict[str, pd.DataFrame], *units: int) -> None:
    table = tables["unit_kerja"].astype({"indeks": float, "n_terukur": "Int64"})
    table.iloc[list(units)] = pd.NA
    tables["unit_kerja"] = table


def test_the_attack_finds_a_lone_hidden_unit():
    tables, kabkota = place_of(5, 20, 30)
    hide(tables, 0)
    cell = ("unit_kerja", ("3571", "U0"))
    told = {
        (where, what): value
        for where, what, value in recovered(published_to_attack(tables, kabkota))
    }
    assert told[cell, PEOPLE] == 5
    assert told[cell, MEASURED] == 5
    assert told[cell, POINTS] == 5 * 45 * 2  # counted in half points


def test_the_attack_finds_nothing_where_two_are_hidden():
    tables, kabkota = place_of(5, 20, 30)
    hide(tables, 0, 1)
    attack = published_to_attack(tables, kabkota)
    assert recovered(attack) == []
    unit = attack.variable(("unit_kerja", ("3571", "U0")), PEOPLE)
    assert attack.interval({unit: 1.0}) == (1, 24)  # of 55 people 30 are shown


def test_the_attack_uses_the_rule_of_hiding():
    # 18 people in two hidden units, all measured, none larger than the 10 of the smallest shown
    tables, kabkota = place_of(8, 10, 10)
    hide(tables, 0, 1)
    unit = ("unit_kerja", ("3571", "U0"))
    for knows, interval in ((False, (1, 17)), (True, (8, 10))):
        attack = published_to_attack(tables, kabkota, knows_the_rule=knows)
        assert attack.interval({attack.variable(unit, PEOPLE): 1.0}) == interval


def test_the_attack_tells_a_mean_that_everybody_shares():
    # 5.00 of 5 in a place of 55: nobody was punished, in the hidden units neither
    tables, kabkota = place_of(5, 20, 30)
    hide(tables, 0, 1)
    found = recovered(published_to_attack(tables, kabkota, "disiplin"))
    assert {(what, value) for _, what, value in found} == {(MEAN, 5.0)}


def test_a_system_without_limits_has_no_fixed_value():
    attack = Attack()
    one, two = (attack.variable(("t", k), PEOPLE) for k in "ab")
    attack.relate({one: 1.0, two: 1.0}, 7, np.inf)
    assert attack.is_fixed({one: 1.0}) is None
    attack.relate({one: 1.0}, 7, 7)
