"""Two years published side by side, and the account of who came and went between them.

The attacker has all tables of both years as printed and the table of movers of every place shown
in both (notebook 04): people, means and shares in the change of those who stayed, came and went.
Of a place hidden in one of the years that table is never printed, and must not be: the last test
here shows what it would tell. Insiders know more: that nobody came to or left a unit, so that its
people, and the points that do not change with a year (kualifikasi), are the same in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pytest
from attack import MEASURED, PEOPLE, POINTS, Attack, Cell, published_to_attack, recovered
from conftest import people
from test_attack import random_province, small_groups

from ipasn_lib.analysis.movers import shown_movers, split_movers
from ipasn_lib.errors import DisclosureError, ParameterError
from ipasn_lib.index.aggregate import is_hidden
from ipasn_lib.index.score import score
from ipasn_lib.index.tables import published_tables
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.wording import round_half_up

Tables = dict[str, pd.DataFrame]


def joined(*years: Attack) -> Attack:
    """Put what several years tell into one system; the cells of each carry the year's number."""
    both = Attack()
    for year, attack in enumerate(years):
        number = {
            old: both.variable((f"{year} {cell[0]}", cell[1]), what)
            for (cell, what), old in attack._column.items()
        }
        for (cell, what), old in attack._column.items():
            both.bound((f"{year} {cell[0]}", cell[1]), what, attack._lower[old], attack._upper[old])
        for terms, low, high in attack._rows:
            both.relate({number[old]: weight for old, weight in terms.items()}, low, high)
        both.hidden += [(f"{year} {name}", key) for name, key in attack.hidden]
    return both


def tell_movers(
    attack: Attack,
    place: str,
    movers: pd.DataFrame,
    units: Iterable[object],
    years: tuple[int, int] = (0, 1),
) -> bool:
    """Add what the table of movers of a place says, and that each unit's people are made of it.

    Tell whether there is anything to add.
    """
    if movers["n"].isna().any():
        return False
    first, last = years
    mark = f"{first}-{last}"
    parts = {
        (f"tetap {mark}", first): movers.loc["tetap", "rata_awal"],
        (f"pergi {mark}", first): movers.loc["pergi", "rata_awal"],
        (f"tetap {mark}", last): movers.loc["tetap", "rata_akhir"],
        (f"datang {mark}", last): movers.loc["datang", "rata_akhir"],
    }
    for (kind, year), mean in parts.items():
        cell: Cell = (f"{year} {kind}", place)
        n = int(movers.loc[kind.partition(" ")[0], "n"])
        printed = round_half_up(float(mean), 2)
        attack.bound(cell, MEASURED, n, n)
        attack.bound(cell, POINTS, *_whole_within(printed, 2 * n))
    _tell_shares(attack, place, movers, years)
    stay = f"tetap {mark}"
    for year, other in ((first, f"pergi {mark}"), (last, f"datang {mark}")):
        for what in (MEASURED, POINTS):
            terms = {attack.variable((f"{year} {k}", place), what): 1.0 for k in (stay, other)}
            whole = attack.variable((f"{year} kabkota", place), what)
            attack.relate(terms | {whole: -1.0}, 0.0, 0.0)
            # ... and unit by unit: those who stay, with who comes or goes, make up the unit
            for kind in (stay, other):
                inside = [(f"{year} {kind} unit", unit) for unit in units]
                terms = {attack.variable(cell, what): 1.0 for cell in inside}
                attack.relate(
                    terms | {attack.variable((f"{year} {kind}", place), what): -1.0}, 0.0, 0.0
                )
            for unit in units:
                terms = {
                    attack.variable((f"{year} {kind} unit", unit), what): 1.0
                    for kind in (stay, other)
                }
                own = attack.variable((f"{year} unit_kerja", unit), what)
                attack.relate(terms | {own: -1.0}, 0.0, 0.0)
    return True


def _whole_within(printed: float, weight: int) -> tuple[float, float]:
    """Give the least and the greatest whole number that prints so when divided by a weight."""
    low, high = (weight * (printed + side) for side in (-0.005, 0.005))
    return np.ceil(low - 1e-6), np.floor(high + 1e-6)


def _tell_shares(attack: Attack, place: str, movers: pd.DataFrame, years: tuple[int, int]) -> None:
    """Add the printed shares in the change, freed of fractions: points and people are whole."""
    stay, came, left = (int(movers.loc[kind, "n"]) for kind in ("tetap", "datang", "pergi"))
    before, after, joiners, leavers = (
        attack.variable((f"{years[k]} {kind} {years[0]}-{years[1]}", place), POINTS)
        for k, kind in ((0, "tetap"), (1, "tetap"), (1, "datang"), (0, "pergi"))
    )
    for kind, terms, weight in (
        ("tetap", {after: 1.0, before: -1.0}, stay),
        ("datang", {joiners: float(stay), after: -float(came)}, (stay + came) * stay),
        ("pergi", {before: float(left), leavers: -float(stay)}, (stay + left) * stay),
    ):
        printed = round_half_up(float(movers.loc[kind, "sumbangan"]), 2)
        attack.relate(terms, *_whole_within(printed, 2 * weight))


def tell_all_movers(
    attack: Attack,
    people: tuple[pd.DataFrame, pd.DataFrame],
    tables: tuple[Tables, Tables],
    places: Iterable[str],
) -> None:
    """Add the tables of movers of some places."""
    for place in places:
        old, new = (skor.loc[skor["kode_kabkota"] == place] for skor in people)
        units = {key for t in tables for key in t["unit_kerja"].index if key[0] == place}
        terbit = pd.concat([t["kabkota"].loc[[place]] for t in tables])
        tell_movers(attack, place, shown_movers(split_movers(old, new), terbit), sorted(units))


def shown_twice(first: Tables, last: Tables) -> list[str]:
    """List the places shown in both years: only theirs are compared (``sides.earlier_year``)."""
    shown = [set(t["kabkota"].index[~is_hidden(t["kabkota"])]) for t in (first, last)]
    return sorted(shown[0] & shown[1])


def next_year(skor: pd.DataFrame, seed: int, tahun: int = 2025) -> pd.DataFrame:
    """The year after: some left, some came, most stayed; qualifications rise now and then."""
    draw = np.random.default_rng(seed)
    stay = skor.loc[draw.random(len(skor)) < 0.85]
    came = skor.sample(len(skor) // 6, random_state=seed)
    came = came.set_axis([f"{tahun}b{i:05d}" for i in range(len(came))]).rename_axis(
        skor.index.name
    )
    table = pd.concat([stay, came])
    points = ["kualifikasi", "kompetensi", "kinerja", "disiplin"]
    raw = table.drop(columns=["indeks", "kategori", "status_ukur", "id_instrumen"])
    measured = raw[points[0]].notna()
    raw.loc[measured, "kinerja"] = draw.choice([5.0, 15, 25, 30], int(measured.sum()))
    return score(raw.assign(tahun=tahun), load_instrument(2024))


def attacked(seeds: range) -> tuple[int, int, list[object]]:
    """Attack two years of random provinces; give how many, their small groups, what came back."""
    published = groups = 0
    found: list[object] = []
    for seed in seeds:
        skor, kabkota = random_province(seed)
        later = next_year(skor, seed)
        try:
            first = published_tables(skor, kabkota)
            last = published_tables(later, kabkota, sebelumnya=first)
        except DisclosureError:
            continue
        published += 1
        attack = joined(
            # not of the later year, in which groups are also hidden for having been so before
            published_to_attack(first, kabkota, knows_the_rule=True),
            published_to_attack(last, kabkota),
        )
        tell_all_movers(attack, (skor, later), (first, last), shown_twice(first, last))
        small = {
            (f"{year} {name}", key)
            for year, (scores, tables) in enumerate(((skor, first), (later, last)))
            for name, key in small_groups(scores, kabkota)
            if key in tables[name].index
        }
        groups += len(small)
        found += [(seed, *told) for told in recovered(attack) if told[0] in small]
    return published, groups, found


def test_two_years_and_their_movers_give_no_small_group_back():
    published, groups, found = attacked(range(6))
    assert found == []
    assert published >= 3
    assert groups > published


@pytest.mark.assure
def test_sixty_pairs_of_years_give_no_small_group_back(assurance):
    published, groups, found = attacked(range(2000, 2070))
    assurance.record(
        promise="No person is revealed",
        tried="integer programming on every small group, from the tables of two years and the "
        "movers of every place shown in both, together as printed",
        count=published,
        outcome=f"{len(found)} numbers of {groups:,} small groups recovered",
    )
    assert found == []
    assert published >= 40


PRESENCE = [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
"""In which of three years somebody is measured in a place."""


def tell_presence(attack: Attack, place: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Add that a place's people are those of each presence, and who stayed are some of these."""

    def together(cell: Cell, year: int, which: Iterable[tuple[int, ...]]) -> None:
        for what in (MEASURED, POINTS):
            parts = {
                attack.variable((f"{year} hadir {years}", place), what): 1.0 for years in which
            }
            attack.relate(parts | {attack.variable(cell, what): -1.0}, 0.0, 0.0)

    for year in range(3):
        together((f"{year} kabkota", place), year, [p for p in PRESENCE if year in p])
    for first, last in pairs:
        both = [p for p in PRESENCE if first in p and last in p]
        for year in (first, last):
            together((f"{year} tetap {first}-{last}", place), year, both)
    for years in PRESENCE:
        people = [attack.variable((f"{year} hadir {years}", place), MEASURED) for year in years]
        people += [attack.variable((f"{year} hadir {years}", place), PEOPLE) for year in years]
        for other in people[1:]:
            attack.relate({people[0]: 1.0, other: -1.0}, 0.0, 0.0)


def presences(skors: Sequence[pd.DataFrame], place: str) -> dict[tuple[int, ...], int]:
    """Count the people of a place by the years in which they are measured there."""
    there = [
        set(s.index[((s["kode_kabkota"] == place) & s["indeks"].notna()).to_numpy()]) for s in skors
    ]
    every = set().union(*there)
    found = [tuple(year for year in range(3) if who in there[year]) for who in every]
    return {years: found.count(years) for years in PRESENCE}


def attacked_three(seeds: range) -> tuple[int, int, list[object]]:
    """Attack three years at once, every two of them compared; as :func:`attacked`."""
    published = groups = 0
    found: list[object] = []
    for seed in seeds:
        skor, kabkota = random_province(seed)
        skors = [skor, next_year(skor, seed)]
        skors.append(next_year(skors[1], seed + 10_000, 2026))
        tables: list[Tables] = []
        try:
            for one in skors:
                tables.append(
                    published_tables(one, kabkota, sebelumnya=tables[-1] if tables else None)
                )
        except DisclosureError:
            continue
        published += 1
        attack = joined(*(published_to_attack(t, kabkota) for t in tables))
        small = {
            (f"{year} {name}", key)
            for year, (scores, t) in enumerate(zip(skors, tables, strict=True))
            for name, key in small_groups(scores, kabkota)
            if key in t[name].index
        }
        shown = set.intersection(*(set(shown_twice(t, t)) for t in tables))
        for place in sorted(shown):
            pairs = []
            for first, last in ((0, 1), (1, 2), (0, 2)):
                old, new = (skors[k].loc[skors[k]["kode_kabkota"] == place] for k in (first, last))
                terbit = pd.concat([tables[k]["kabkota"].loc[[place]] for k in (first, last)])
                moved = shown_movers(split_movers(old, new), terbit)
                units = {
                    key for k in (first, last) for key in tables[k]["unit_kerja"].index
                    if key[0] == place
                }  # fmt: skip
                if tell_movers(attack, place, moved, sorted(units), (first, last)):
                    pairs.append((first, last))
            if len(pairs) < 2:
                continue
            tell_presence(attack, place, pairs)
            few = {years for years, n in presences(skors, place).items() if 0 < n < 10}
            cells = [(f"{year} hadir {years}", place) for years in few for year in years]
            attack.hidden += cells
            small |= set(cells)
        groups += len(small)
        found += [(seed, *told) for told in recovered(attack) if told[0] in small]
    return published, groups, found


@pytest.mark.assure
def test_three_years_compared_two_by_two_give_no_small_group_back(assurance):
    published, groups, found = attacked_three(range(2500, 2530))
    assurance.record(
        promise="No person is revealed",
        tried="integer programming on every small group, and on everybody who was there in some "
        "of three years only, from the tables of three years and the movers between every two",
        count=published,
        outcome=f"{len(found)} numbers of {groups:,} small groups recovered",
    )
    assert found == []
    assert published >= 20


def two_years() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One place. A has 5 people, then 15; B the same 12 in both; C 40 and D 50."""

    def of(unit: str, count: int, year: int) -> list[dict[str, object]]:
        return [{"unit_kerja": unit, "tahun": year, "nama": f"{unit}{i}"} for i in range(count)]

    law = load_instrument(2022)
    years = []
    for year, size in ((2021, 5), (2022, 15)):
        rows = [*of("A", size, year), *of("B", 12, year), *of("C", 40, year), *of("D", 50, year)]
        names = [row.pop("nama") for row in rows]
        years.append(score(people(*rows).set_axis(names).rename_axis("id_pegawai"), law))
    place = pd.DataFrame({"bakorwil": ["V"], "jenis": ["Kabupaten"]}, index=["3510"])
    return *years, place.rename_axis("kode_kabkota")


def told_by_insider(first: Tables, last: Tables, place: pd.DataFrame) -> dict[object, float]:
    """What follows for whoever knows that nobody came to or left unit B."""
    measure = "kualifikasi"
    attack = joined(
        published_to_attack(first, place, measure), published_to_attack(last, place, measure)
    )
    for what in (PEOPLE, MEASURED, POINTS):
        same = [attack.variable((f"{year} unit_kerja", ("3510", "B")), what) for year in (0, 1)]
        attack.relate({same[0]: 1.0, same[1]: -1.0}, 0.0, 0.0)
    return {(cell, what): value for cell, what, value in recovered(attack)}


def test_a_group_hidden_last_year_stays_hidden_or_last_year_would_follow():
    before, after, place = two_years()
    first = published_tables(before, place)
    assert is_hidden(first["unit_kerja"]).tolist() == [True, True, False, False]
    small: Cell = ("0 unit_kerja", ("3510", "A"))

    # without the rule B is open in the second year, and the five of A follow for the first
    bare = published_tables(after, place)
    assert not is_hidden(bare["unit_kerja"]).any()
    told = told_by_insider(first, bare, place)
    assert told[small, PEOPLE] == told[small, MEASURED] == 5

    # with the rule both stay hidden, and nothing follows
    kept = published_tables(after, place, sebelumnya=first)
    assert is_hidden(kept["unit_kerja"]).tolist() == [True, True, False, False]
    assert (small, PEOPLE) not in told_by_insider(first, kept, place)


def test_an_unknown_table_of_the_year_before_is_refused():
    before, after, place = two_years()
    first = published_tables(before, place)
    with pytest.raises(ParameterError, match="no published table unit;"):
        published_tables(after, place, sebelumnya={"unit": first["unit_kerja"]})


def test_the_movers_of_a_place_hidden_for_another_would_give_that_one_back():
    # 3505 has 5 people; for its sake 3501 is hidden too. Of its 40, 25 stay, 15 leave, 15 come:
    # 145 in the province less 100 shown less 25 less 15 would be the five.
    law = load_instrument(2022)
    years = []
    for tahun, of_3501 in ((2021, range(40)), (2022, range(15, 55))):
        names = [
            *(f"a{k}" for k in of_3501),
            *(f"b{k}" for k in range(100)),
            *(f"c{k}" for k in range(5)),
        ]
        code = {"a": "3501", "b": "3502", "c": "3505"}
        rows = [{"kode_kabkota": code[name[0]], "tahun": tahun} for name in names]
        years.append(score(people(*rows).set_axis(names).rename_axis("id_pegawai"), law))
    kabkota = pd.DataFrame(
        {"bakorwil": "V", "jenis": "Kabupaten"},
        index=pd.Index(["3501", "3502", "3505"], name="kode_kabkota"),
    )
    first = published_tables(years[0], kabkota)
    last = published_tables(years[1], kabkota, sebelumnya=first)
    assert is_hidden(first["kabkota"]).tolist() == [True, False, True]
    assert shown_twice(first, last) == ["3502"]

    def told(printed: tuple[Tables, Tables], places: list[str]) -> dict[object, float]:
        attack = joined(published_to_attack(first, kabkota), published_to_attack(last, kabkota))
        tell_all_movers(attack, (years[0], years[1]), printed, places)
        return {(cell, what): value for cell, what, value in recovered(attack)}

    small: Cell = ("0 kabkota", "3505")
    assert (small, MEASURED) not in told((first, last), shown_twice(first, last))
    # asked for 3501 all the same, its movers stay hidden since it is hidden itself
    assert (small, MEASURED) not in told((first, last), ["3501"])
    # were it shown for want of that guard, the five would follow
    bare = pd.DataFrame({"n_terukur": [40]}, index=["3501"])
    open_tables = {"kabkota": bare, "unit_kerja": first["unit_kerja"]}
    assert told((open_tables, open_tables), ["3501"])[small, MEASURED] == 5
