"""Aggregation by headcount, and no hidden group that subtraction gives back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import people
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ipasn_lib.errors import DataError, DisclosureError, ParameterError
from ipasn_lib.index.aggregate import aggregate, is_hidden
from ipasn_lib.index.disclosure import NO_PARENT, fixed_unknowns, hide_small_groups
from ipasn_lib.index.score import score
from ipasn_lib.index.tables import PUBLISHED, SPARED, published_tables
from ipasn_lib.law.loading import load_instrument

LAW = load_instrument(2022)


def scores(*groups):
    """Scores of groups given as (count, changes to the clean record)."""
    return score(people(*(change for count, change in groups for _ in range(count))), LAW)


def bima(n_pns, n_pppk):
    """PNS and PPPK of Kota Bima 2023 at their published means (kompetensi 26.47 as mended)."""
    base = {"tahun": 2023, "kode_kabkota": "5272", "unit_kerja": "A", "sumber_data": "terbitan"}
    pns = {"jenis_asn": "PNS", "kualifikasi": 21.19, "kompetensi": 26.47, "kinerja": 25.75}
    pppk = {"jenis_asn": "PPPK", "kualifikasi": 24.82, "kompetensi": 20.20, "kinerja": 25.15}
    rows = [pns] * n_pns + [pppk] * n_pppk
    return score(people(*rows, base={**base, "disiplin": 5.0}), load_instrument(2023))


def test_kota_bima_2023_combines_by_headcount():
    # BKPSDM Kota Bima, August 2025: ASN 3,423 at 21.37 / 26.16 / 25.72 / 5, 78.25, Sedang
    got = aggregate(bima(3252, 171), ["kode_kabkota"]).loc["5272"]
    printed = {"kualifikasi": 21.37, "kompetensi": 26.16, "kinerja": 25.72, "disiplin": 5.00}
    for name, value in printed.items():
        assert abs(got[name] - value) <= 0.005
    assert abs(got["indeks"] - 78.25) <= 0.005
    assert (got["kategori"], got["n_terukur"]) == ("Sedang", 3423)


def test_a_place_is_the_mean_of_its_people_never_of_its_units():
    skor = scores((30, {"unit_kerja": "A", "seminar": True}), (10, {"unit_kerja": "B"}))
    # A: 15 + 10 + 25 + 5 = 55, B: 45; by people (30*55 + 10*45) / 40 = 52.5, by units 50
    assert aggregate(skor, ["kode_kabkota"])["indeks"].tolist() == [52.5]


def test_people_not_measured_are_counted():
    law = load_instrument(2022, {"kinerja_kosong": "tidak_diukur"})
    rows = people(*[{}] * 15, *[{"nilai_kinerja": np.nan}] * 5, *[{"jenis_asn": "PPPK"}] * 3)
    got = aggregate(score(rows, law), ["kode_kabkota"]).iloc[0]
    assert (got["n_pegawai"], got["n_terukur"], got["partisipasi"]) == (20, 15, 0.75)


def test_nobody_measured_shows_counts_and_no_mean():
    law = load_instrument(2022, {"kinerja_kosong": "tidak_diukur"})
    got = aggregate(score(people(*[{"nilai_kinerja": np.nan}] * 12), law), []).iloc[0]
    assert (got["n_pegawai"], got["n_terukur"]) == (12, 0)
    assert pd.isna(got["indeks"])
    assert pd.isna(got["kategori"])


@pytest.mark.parametrize(("count", "hidden"), [(9, True), (10, False)])
def test_the_smallest_group_shown_has_ten_people(count, hidden):
    got = aggregate(scores((count, {})), ["kode_kabkota"])
    assert is_hidden(got).tolist() == [hidden]
    numbers = got.drop(columns=["sumber_data", "id_instrumen"])
    assert numbers.isna().all(axis=None) == hidden
    assert got["sumber_data"].tolist() == ["sintetis, uji"]


def test_few_measured_people_hide_a_large_group():
    law = load_instrument(2022, {"kinerja_kosong": "tidak_diukur"})
    rows = people(*[{}] * 9, *[{"nilai_kinerja": np.nan}] * 100)
    assert is_hidden(aggregate(score(rows, law), [])).all()


def test_one_small_unit_takes_the_smallest_brother_with_it():
    skor = scores(*((n, {"unit_kerja": u}) for u, n in zip("ABCD", (40, 7, 30, 20), strict=True)))
    got = aggregate(skor, ["kode_kabkota", "unit_kerja"])
    assert is_hidden(got).droplevel(0).to_dict() == {"A": False, "B": True, "C": False, "D": True}


def test_two_small_units_that_together_stay_under_ten_take_a_third():
    skor = scores(*((n, {"unit_kerja": u}) for u, n in zip("ABCD", (40, 4, 5, 20), strict=True)))
    got = aggregate(skor, ["kode_kabkota", "unit_kerja"])
    assert is_hidden(got).droplevel(0).to_dict() == {"A": False, "B": True, "C": True, "D": True}


def test_what_is_hidden_above_stays_hidden_below():
    # Place 3510 has 5 people, so 3501 (12, the smallest brother) is hidden with it; the units
    # of 3501 would otherwise add up to it.
    skor = scores(
        (5, {"kode_kabkota": "3510"}),
        (12, {"kode_kabkota": "3501"}),
        (50, {"kode_kabkota": "3502"}),
    )
    got = aggregate(skor, ["kode_kabkota", "unit_kerja"])
    assert is_hidden(got).droplevel(1).to_dict() == {"3501": True, "3502": False, "3510": True}


def test_a_linked_table_is_guarded_too():
    # 3510 has 5 people; by places alone 3501 (12) would go with it. But the two lie in
    # different regions, so each region's total would give each of them back.
    skor = scores(
        (5, {"kode_kabkota": "3510"}),
        (12, {"kode_kabkota": "3501"}),
        (50, {"kode_kabkota": "3502"}),
        (60, {"kode_kabkota": "3511"}),
    )
    skor["bakorwil"] = skor["kode_kabkota"].map(
        {"3510": "V", "3511": "V", "3501": "I", "3502": "I"}
    )
    alone = aggregate(skor, ["kode_kabkota"])
    assert is_hidden(alone)[lambda h: h].index.tolist() == ["3501", "3510"]
    linked = aggregate(skor, ["kode_kabkota"], within=[["bakorwil"]])
    assert is_hidden(linked).all()


def test_a_table_that_cuts_groups_is_refused():
    skor = scores((20, {"unit_kerja": "A"}), (20, {"unit_kerja": "B"}))
    with pytest.raises(ParameterError, match="cuts a group in two"):
        aggregate(skor, ["kode_kabkota"], within=[["unit_kerja"]])


def test_unknown_columns_minima_and_doubled_people_are_refused():
    skor = scores((20, {}))
    with pytest.raises(ParameterError, match="no column 'unit' to group by; known: tahun"):
        aggregate(skor, ["unit"])
    with pytest.raises(ParameterError, match="no column 'indeks'"):
        aggregate(skor, ["indeks"])
    for minimum in (1, 0, -5, 2.5, True):
        with pytest.raises(ParameterError, match="whole number of 10 or more"):
            aggregate(skor, [], minimum=minimum)
    with pytest.raises(DataError, match="names a person twice"):
        aggregate(pd.concat([skor, skor]), [])


def test_instruments_that_read_the_bands_differently_give_no_category():
    upper = load_instrument(2022, {"batas_kategori": "tepi_atas"})
    one = score(people(*[{}] * 20), LAW)
    other = score(people(*[{}] * 20), upper).set_axis([f"q{i}" for i in range(20)])
    assert aggregate(one, []).iloc[0]["kategori"] == "Sangat Rendah"
    mixed = aggregate(pd.concat([one, other]), []).iloc[0]
    assert pd.isna(mixed["kategori"])
    assert mixed["id_instrumen"] == "ip-asn-2019; ip-asn-2019+batas_kategori=tepi_atas"
    assert aggregate(pd.concat([one, other]), [], instrument=LAW).iloc[0]["kategori"] is not None


def test_order_of_rows_and_of_categories_changes_nothing():
    skor = scores(*((15 + i, {"unit_kerja": f"U{i}", "seminar": i % 2 == 0}) for i in range(8)))
    expected = aggregate(skor, ["unit_kerja"])
    mixed = skor.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(aggregate(mixed, ["unit_kerja"]), expected)
    mixed["unit_kerja"] = pd.Categorical(mixed["unit_kerja"], mixed["unit_kerja"].unique())
    again = aggregate(mixed, ["unit_kerja"])
    assert again["indeks"].tolist() == expected["indeks"].tolist()


def test_a_missing_key_is_a_group_of_its_own():
    skor = scores((20, {"unit_kerja": "A"}), (15, {"unit_kerja": None}))
    assert aggregate(skor, ["unit_kerja"])["n_pegawai"].to_dict() == {
        "A": 20,
        "tidak diketahui": 15,
    }


def recoverable(hidden, partitions):
    """Hidden cells whose count follows from the visible ones and all published totals.

    Published totals are linear equations in the hidden cells; a cell is recovered when its unit
    vector lies in the space their rows span.
    """
    unknown = np.flatnonzero(hidden)
    rows = [
        (np.asarray(p)[unknown] == parent).astype(float)
        for p in partitions
        for parent in set(p) - {NO_PARENT}
    ]
    matrix = np.array(rows).reshape(len(rows), len(unknown))
    rank = np.linalg.matrix_rank(matrix)
    return [
        int(cell)
        for i, cell in enumerate(unknown)
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(unknown))[i]])) == rank
    ]


def large(partition, counts):
    """Parents of ten people or more; smaller ones are never shown."""
    total = {parent: counts[np.asarray(partition) == parent].sum() for parent in partition}
    return [parent if total[parent] >= 10 else NO_PARENT for parent in partition]


@given(st.data())
def test_no_hidden_group_follows_from_what_is_published(data):
    size = data.draw(st.integers(2, 12))
    counts = np.array(data.draw(st.lists(st.integers(1, 60), min_size=size, max_size=size)))
    region = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    kind = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    published = [large(p, counts) for p in ([0] * size, region, kind)]
    try:
        mask = hide_small_groups(counts, counts, [[0] * size, region, kind], minimum=10)
    except DisclosureError:
        # Honest only if it is so: with every group hidden that may be, one still follows.
        assert recoverable(np.ones(size, dtype=bool), published)
        return
    assert mask[counts < 10].all()
    for partition in published:
        for parent in set(partition) - {NO_PARENT}:
            brothers = np.asarray(partition) == parent
            inside = mask & brothers
            if inside.any() and not inside[brothers].all():
                assert inside.sum() >= 2
                assert counts[inside].sum() >= 10
    assert recoverable(mask, published) == []


def test_a_group_alone_in_a_published_total_protects_nobody():
    # Kinds: 40 PNS and 5 PPPK in place A, 30 PNS in place B: B's total is its PNS. Hiding
    # B-PNS beside A-PPPK would protect nothing, A-PNS and A-PPPK follow from the rest.
    place, kind = [0, 0, 1], [0, 1, 0]
    with pytest.raises(DisclosureError, match="follows from the totals"):
        hide_small_groups([40, 15, 30], [40, 5, 30], [[0] * 3, place, kind])
    # A third place with both kinds makes it possible.
    place, kind = [0, 0, 1, 2, 2], [0, 1, 0, 0, 1]
    mask = hide_small_groups([40, 15, 30, 50, 60], [40, 5, 30, 50, 60], [[0] * 5, place, kind])
    assert mask.tolist() == [True, True, False, True, True]


def test_a_total_that_is_itself_hidden_gives_nothing_back():
    # 75 people, 5 of them PPPK: the table of kinds hides both its rows, so that A-PNS does not
    # follow from all PNS less B's.
    skor = scores(
        (40, {"kode_kabkota": "A"}),
        (5, {"kode_kabkota": "A", "kategori_uji": "PPPK"}),
        (30, {"kode_kabkota": "B"}),
    )
    skor["jenis_asn"] = ["PNS"] * 40 + ["PPPK"] * 5 + ["PNS"] * 30
    assert is_hidden(aggregate(skor, ["jenis_asn"])).all()
    got = aggregate(skor, ["kode_kabkota", "jenis_asn"], within=[["jenis_asn"]])
    assert is_hidden(got).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("equations", "fixed"),
    [
        ([[1, 1, 0]], [False, False, False]),
        ([[1, 1, 0], [0, 1, 1], [1, 0, 1]], [True, True, True]),  # a + b, b + c, a + c
        ([[1, 1, 1], [1, 1, 0]], [False, False, True]),
        ([[2, 0, 0], [0, 1, -1]], [True, False, False]),
        ([[0, 0, 0]], [False, False, False]),
    ],
)
def test_fixed_unknowns_by_hand(equations, fixed):
    assert fixed_unknowns(csr_array(np.array(equations, dtype=float))).tolist() == fixed


def test_totals_that_together_fix_a_cell_hide_one_more():
    # Each region and each kind hides two cells or more when 0, 2, 4, 5 and 6 are hidden. But
    # region 0 then tells 0 + 4 + 5 and kind 2 tells 0 + 5, so their difference is cell 4.
    counts = [50, 50, 30, 40, 5, 30, 5]
    region, kind = [0, 0, 2, 0, 0, 0, 2], [2, 0, 1, 1, 1, 2, 1]
    assert recoverable(np.isin(range(7), [0, 2, 4, 5, 6]), [region, kind]) == [4]
    mask = hide_small_groups(counts, counts, [[0] * 7, region, kind])
    assert np.flatnonzero(mask).tolist() == [0, 2, 3, 4, 5, 6]
    assert recoverable(mask, [region, kind]) == []


PLACES = pd.DataFrame(
    {
        "bakorwil": ["I", "I", "I", "V", "V", "V"],
        "jenis": ["Kabupaten", "Kota", "Kabupaten", "Kabupaten", "Kota", "Kabupaten"],
    },
    index=["3501", "3571", "3502", "3510", "3574", "3509"],
)


def layout(cells):
    """Scores of groups given as {(kode_kabkota, unit_kerja, jenis_asn): people}."""
    law = load_instrument(2023)
    base = {"tahun": 2023, "sumber_data": "sintetis, uji"}
    points = {"kualifikasi": 20.0, "kompetensi": 30.0, "kinerja": 25.0, "disiplin": 5.0}
    keys = ("kode_kabkota", "unit_kerja", "jenis_asn")
    rows = [dict(zip(keys, cell, strict=True)) for cell, n in cells.items() for _ in range(n)]
    return score(people(*rows, base={**base, **points}), law)


def random_layout(draw):
    """Places with their own units, of which some have one kind of ASN only."""
    cells = {}
    for place in draw.permutation(PLACES.index)[: draw.integers(1, len(PLACES) + 1)]:
        kinds = [("PNS", "PPPK"), ("PNS", "PPPK"), ("PNS",), ("PPPK",)][draw.integers(4)]
        for unit in range(draw.integers(1, 4)):
            for kind in kinds:
                cells[place, f"U{unit}", kind] = int(draw.choice([0, 1, 3, 5, 8, 12, 20, 40, 90]))
    cells = {cell: n for cell, n in cells.items() if n}
    return cells or {("3501", "U0", "PNS"): 20}


def attack(cells, tables):
    """Groups hidden for being small, or for others, whose headcount follows from all that is shown.

    The unknowns are the people of each kind in each unit of a place; every row that is shown is
    an equation in them. A hidden row is recovered where it is a combination of the shown ones.
    """
    units = {(place, unit) for place, unit, _ in cells}
    kinds = {(place, kind) for place, _, kind in cells}
    grid = [(p, unit, kind) for p, unit in units for q, kind in kinds if p == q]
    atoms = pd.DataFrame(grid, columns=["kode_kabkota", "unit_kerja", "jenis_asn"])
    people = [cells.get(cell, 0) for cell in grid]
    atoms["bakorwil"] = atoms["kode_kabkota"].map(PLACES["bakorwil"])
    atoms["jenis_daerah"] = atoms["kode_kabkota"].map(PLACES["jenis"])
    shown, hidden = [np.zeros(len(atoms))], []
    for name, (by, _) in PUBLISHED.items():
        for key, gone in is_hidden(tables[name]).items():
            values = key if isinstance(key, tuple) else (key,)
            inside = [atoms[c] == v for c, v in zip(by, values, strict=False)]
            row = np.all(inside, axis=0).astype(float) if by else np.ones(len(atoms))
            small = atoms.assign(n=people).loc[row > 0, "n"].sum() < 10
            if not gone:
                shown.append(row)
            elif name not in SPARED or small:  # these may be hidden as a whole
                hidden.append((name, key, row))
    matrix = np.array(shown)
    rank = np.linalg.matrix_rank(matrix)
    return [
        (name, key)
        for name, key, row in hidden
        if np.linalg.matrix_rank(np.vstack([matrix, row])) == rank
    ]


def test_the_attack_finds_what_a_careless_publication_tells():
    cells = {("3501", "U0", "PNS"): 40, ("3501", "U1", "PNS"): 5}
    tables = published_tables(layout(cells), PLACES)
    assert attack(cells, tables) == []
    careless = tables["unit_kerja"].copy()
    careless.loc[("3501", "U0"), "n_pegawai"] = 40
    found = attack(cells, {**tables, "unit_kerja": careless})
    assert ("unit_kerja", ("3501", "U1")) in found


@pytest.mark.parametrize("seed", range(8))
def test_no_hidden_group_of_any_published_table_follows_from_all_of_them(seed):
    draw = np.random.default_rng(seed)
    for _ in range(15):
        cells = random_layout(draw)
        assert attack(cells, published_tables(layout(cells), PLACES)) == [], cells


def test_kinds_of_places_come_before_kinds_of_the_province():
    # Only 3501 has both kinds, one of them small: beside the province's kinds its two cells
    # cannot be hidden, so the province's kinds are.
    cells = {("3501", "A", "PNS"): 40, ("3501", "A", "PPPK"): 5, ("3571", "A", "PNS"): 30}
    cells |= {("3502", "A", "PPPK"): 25}
    tables = published_tables(layout(cells), PLACES)
    assert is_hidden(tables["jenis_asn"]).all()
    kinds = is_hidden(tables["kabkota_jenis_asn"])
    assert kinds.to_dict() == {
        ("3501", "PNS"): True,
        ("3501", "PPPK"): True,
        ("3502", "PPPK"): False,
        ("3571", "PNS"): False,
    }
    assert tables["jenis_asn"]["sumber_data"].tolist() == ["sintetis, uji"] * 2


def test_published_tables_are_made_together():
    places = pd.DataFrame(
        {"bakorwil": ["I", "I", "V"], "jenis": ["Kabupaten", "Kota", "Kabupaten"]},
        index=["3501", "3571", "3510"],
    )
    skor = scores(*((20, {"kode_kabkota": k}) for k in places.index))
    tables = published_tables(skor, places)
    assert set(tables) == set(PUBLISHED)
    assert tables["bakorwil"]["n_pegawai"].to_dict() == {"I": 40, "V": 20}
    assert tables["jenis_daerah"]["n_pegawai"].to_dict() == {"Kabupaten": 40, "Kota": 20}
    part = published_tables(skor.loc[skor["kode_kabkota"] != "3571"], places)
    assert part["bakorwil"].index.tolist() == ["V"]
    assert part["jenis_daerah"].index.tolist() == ["Kabupaten"]
    with pytest.raises(ParameterError, match="unknown kode_kabkota: 9999"):
        published_tables(skor.assign(kode_kabkota="9999"), places)
    with pytest.raises(ParameterError, match="more than one year"):
        published_tables(skor.assign(tahun=range(2000, 2060)), places)
