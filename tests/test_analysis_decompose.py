"""Differences split without remainder: by hand, and against a published data set."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipasn_lib.analysis.decompose import (
    common_factors,
    shown_factors,
    split_composition,
    split_dimensions,
    split_factors,
    why_no_groups,
)
from ipasn_lib.analysis.inequality import between_shares, within_between
from ipasn_lib.analysis.movers import shown_movers, split_movers, split_rule_change, why_no_movers
from ipasn_lib.errors import NotMeasurableError, ParameterError

DIMENSI = ["kualifikasi", "kompetensi", "kinerja", "disiplin"]


def scores(indeks, ids=None, instrumen="ip-asn-2019", **keys):
    """Persons with the given index, split over the dimensions 25:40:30:5."""
    indeks = np.asarray(indeks, dtype=float)
    ids = list(ids) if ids is not None else [f"p{k}" for k in range(len(indeks))]
    table = pd.DataFrame(index=pd.Index(ids, name="id_pegawai"))
    for name, share in zip(DIMENSI, (0.25, 0.4, 0.3, 0.05), strict=True):
        table[name] = indeks * share
    table["indeks"] = indeks
    table["status_ukur"] = np.where(np.isnan(indeks), "tidak_terukur", "terukur")
    table["id_instrumen"] = instrumen
    table["unit_kerja"] = "A"
    return table.assign(**keys)


def repeated(groups, **columns):
    """Persons from (key values..., number, index) rows."""
    rows = [(*row[:-2], row[-1]) for row in groups for _ in range(row[-2])]
    names = columns["names"]
    table = scores([r[-1] for r in rows])
    for position, name in enumerate(names):
        table[name] = [r[position] for r in rows]
    return table


# --- dimensions ----------------------------------------------------------------------------


def test_the_four_dimensions_add_up_to_the_change_of_the_index():
    # 60 -> 70: ten points, of which 2.5, 4, 3 and 0.5.
    table = split_dimensions(scores([50.0, 70.0]), scores([70.0]))
    assert table["selisih"].tolist() == pytest.approx([2.5, 4.0, 3.0, 0.5, 10.0])
    assert table["bagian"].tolist() == pytest.approx([0.25, 0.4, 0.3, 0.05, 1.0])


def test_other_instruments_are_refused():
    with pytest.raises(ParameterError, match="instruments differ"):
        split_dimensions(scores([50.0]), scores([50.0], instrumen="ip-asn-2023"))
    with pytest.raises(NotMeasurableError):
        split_dimensions(scores([np.nan]), scores([50.0]))


# --- composition ---------------------------------------------------------------------------


def test_kitagawa_by_hand():
    # Before: 3 of group a at 60, 1 of b at 80: mean 65. After: 1 of a at 64, 3 of b at 84: 79.
    # shares a .75 -> .25, b .25 -> .75; means 60 -> 64, 80 -> 84.
    # scores: .5 x 4 + .5 x 4 = 4. Composition: -.5 x 62 + .5 x 82 = 10. Together 14.
    # Centred at the mean of both overall means, 72: a -.5 x (62 - 72) = 5, b .5 x (82 - 72) = 5.
    before = repeated([("a", 3, 60.0), ("b", 1, 80.0)], names=["k"])
    after = repeated([("a", 1, 64.0), ("b", 3, 84.0)], names=["k"])
    table = split_composition(before, after, ["k"]).set_index("k")
    assert table["skor"].to_dict() == pytest.approx({"a": 2.0, "b": 2.0})
    assert table["komposisi"].to_dict() == pytest.approx({"a": 5.0, "b": 5.0})
    assert table.loc["a", ["n_awal", "n_akhir"]].tolist() == [3, 1]
    assert split_factors(before, after, ["k"]).to_dict() == pytest.approx({"k": 10.0, "skor": 4.0})


def test_a_group_on_one_side_only_is_composition():
    # Before: 4 people at 60. After: those and 4 of a new group at 80: mean 70, by newcomers.
    before = repeated([("a", 4, 60.0)], names=["k"])
    after = repeated([("a", 4, 60.0), ("b", 4, 80.0)], names=["k"])
    table = split_composition(before, after, ["k"])
    assert table["skor"].tolist() == pytest.approx([0.0, 0.0])
    assert table["komposisi"].sum() == pytest.approx(10.0)
    assert np.isnan(table.set_index("k").loc["b", "rata_awal"])


# Das Gupta, Standardization and Decomposition of Rates (Bureau of the Census P23-186, 1993),
# example 5.3: population (thousands) and deaths per 1,000 of the United States by race and age.
# Data and results as printed in the vignette "Category Effects in Das Gupta's decomposition" of
# the R package DasGuptR 2.1.0 (doi:10.32614/CRAN.package.DasGuptR):
#              1970      1985       diff
# age_struct   8.385332  9.907067   1.5217347
# race_struct  9.136312  9.156087   0.0197749
# rate        10.257368  8.029643  -2.2277254
# crude        9.421833  8.735618  -0.6862158
SIZE_1985 = [3041, 11577, 27450, 32711, 35480, 27411, 19555, 19795, 15254, 8022, 2472,
             707, 2692, 6473, 6841, 6547, 4352, 3034, 2540, 1749, 804, 236]  # fmt: skip
SIZE_1970 = [2968, 11484, 34614, 30992, 21983, 20314, 20928, 16897, 11339, 5720, 1315,
             535, 2162, 6120, 4781, 3096, 2718, 2363, 1767, 1149, 448, 117]  # fmt: skip
RATE_1985 = [9.163, 0.462, 0.248, 0.929, 1.084, 1.810, 4.715, 12.187, 27.728, 64.068, 157.570,
             17.208, 0.738, 0.328, 1.103, 2.045, 3.724, 8.052, 17.812, 34.128, 68.276,
             125.161]  # fmt: skip
RATE_1970 = [18.469, 0.751, 0.391, 1.146, 1.287, 2.672, 6.636, 15.691, 34.723, 79.763, 176.837,
             36.993, 1.352, 0.541, 2.040, 3.523, 6.746, 12.967, 24.471, 45.091, 74.902,
             123.205]  # fmt: skip


def test_published_death_rates_1970_and_1985():
    race = ["w"] * 11 + ["b"] * 11
    age = [*range(11), *range(11)]
    before = repeated(
        list(zip(race, age, SIZE_1970, RATE_1970, strict=True)), names=["race", "age"]
    )
    after = repeated(list(zip(race, age, SIZE_1985, RATE_1985, strict=True)), names=["race", "age"])
    assert before["indeks"].mean() == pytest.approx(9.421833, abs=5e-7)
    assert after["indeks"].mean() == pytest.approx(8.735618, abs=5e-7)
    table = split_composition(before, after, ["race", "age"])
    assert table["skor"].sum() == pytest.approx(-2.2277254, abs=5e-8)
    assert table["komposisi"].sum() == pytest.approx(1.5217347 + 0.0197749, abs=1e-7)
    parts = split_factors(before, after, ["race", "age"])
    assert parts["skor"] == pytest.approx(-2.2277254, abs=5e-8)
    # Das Gupta splits the two structures by another formula (5.36) than Shapley's average over
    # orders: on these data the two agree to the fourth decimal.
    assert parts["age"] == pytest.approx(1.5217347, abs=5e-5)
    assert parts["race"] == pytest.approx(0.0197749, abs=5e-5)


def test_shapley_shares_of_two_factors_by_hand():
    # Level of a cell = 10 if x = 1, plus 20 if y = 1, the same on both sides; x and y independent.
    # P(x=1) .5 -> .75, P(y=1) .5 -> .75: x brings .25 x 10 = 2.5, y .25 x 20 = 5, in any order.
    before = repeated(
        [(x, y, 4, 50.0 + 10 * x + 20 * y) for x in (0, 1) for y in (0, 1)], names=["x", "y"]
    )
    after = repeated(
        [(x, y, (1, 3)[x] * (1, 3)[y], 50.0 + 10 * x + 20 * y) for x in (0, 1) for y in (0, 1)],
        names=["x", "y"],
    )
    parts = split_factors(before, after, ["x", "y"])
    assert parts.to_dict() == pytest.approx({"x": 2.5, "y": 5.0, "skor": 0.0})


people = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 200)),
    min_size=1,
    max_size=30,
)


@settings(max_examples=80, deadline=None)
@given(people, people)
def test_parts_add_up_and_swapping_the_sides_changes_the_sign(first, last):
    before, after = (
        scores([r[2] / 2 for r in rows], jenis=[r[0] for r in rows], golongan=[r[1] for r in rows])
        for rows in (first, last)
    )
    change = after["indeks"].mean() - before["indeks"].mean()
    table = split_composition(before, after, ["jenis", "golongan"])
    assert table[["komposisi", "skor"]].sum().sum() == pytest.approx(change, abs=1e-9)
    parts = split_factors(before, after, ["jenis", "golongan"])
    assert parts.sum() == pytest.approx(change, abs=1e-9)
    assert parts["skor"] == pytest.approx(table["skor"].sum(), abs=1e-9)
    back = split_factors(after, before, ["golongan", "jenis"])
    assert (parts + back).abs().max() < 1e-9
    dims = split_dimensions(before, after)["selisih"]
    assert dims[DIMENSI].sum() == pytest.approx(change, abs=1e-9)


# --- movers --------------------------------------------------------------------------------


def test_movers_by_hand():
    # Earlier: s1 60, s2 70 stay; l 50 leaves; m 80 is no longer measured. Mean 65.
    # Later: s1 66, s2 74 (stayers 65 -> 70); j1 90 joins; v, unmeasured before, 40. Mean 67.5.
    before = scores([60, 70, 50, 80, np.nan], ["s1", "s2", "l", "m", "v"])
    after = scores([66, 74, 90, 40, np.nan], ["s1", "s2", "j1", "v", "m"])
    part = split_movers(before, after)["sumbangan"]
    assert part["tetap"] == pytest.approx(5.0)
    assert part["masuk"] == pytest.approx(1 / 4 * (90 - 70))
    assert part["baru_terukur"] == pytest.approx(1 / 4 * (40 - 70))
    assert part["keluar"] == pytest.approx(1 / 4 * (65 - 50))
    assert part["tidak_lagi_terukur"] == pytest.approx(1 / 4 * (65 - 80))
    assert part["semua"] == pytest.approx(2.5)


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(st.integers(0, 20), st.integers(0, 200), min_size=1),
    st.dictionaries(st.integers(0, 20), st.integers(0, 200), min_size=1),
)
def test_movers_add_up(first, last):
    before, after = (
        scores([v / 2 for v in d.values()], [str(k) for k in d]) for d in (first, last)
    )
    if not first.keys() & last.keys():
        with pytest.raises(NotMeasurableError):
            split_movers(before, after)
        return
    part = split_movers(before, after)["sumbangan"]
    assert part.drop("semua").sum() == pytest.approx(part["semua"], abs=1e-9)


def test_rule_change_by_hand():
    # Old rule 70 -> 74, new rule 60 -> 66. Rule: mean of -10 and -8; real: mean of 4 and 6.
    old, new = "ip-asn-2019", "ip-asn-2023"
    tables = [scores([70.0], ["p"], old), scores([66.0], ["q"], new), scores([60.0], ["p"], new),
              scores([74.0], ["q"], old)]  # fmt: skip
    part = split_rule_change(*tables)
    assert part["aturan"] == pytest.approx(-9.0)
    assert part["nyata"] == pytest.approx(5.0)
    assert part["jumlah"] == pytest.approx(-4.0)
    part = split_rule_change(tables[0], tables[1], awal_baru=tables[2])
    assert (part["aturan"], part["nyata"]) == pytest.approx((-10.0, 6.0))
    with pytest.raises(NotMeasurableError):
        split_rule_change(tables[0], tables[1])
    with pytest.raises(ParameterError):
        split_rule_change(tables[0], tables[1], awal_baru=tables[3])


# --- inequality ----------------------------------------------------------------------------


def test_variance_and_theil_by_hand():
    # Unit A: 40, 60 (mean 50); unit B: 100, 100. Mean 75, variance (35² + 15² + 25² + 25²)/4 = 675.
    # Within: (100 + 100 + 0 + 0)/4 = 50; between: (25² x 4)/4 = 625.
    table = within_between(scores([40.0, 60.0, 100.0, 100.0], unit_kerja=["A", "A", "B", "B"]))
    row = table.loc["varians"]
    assert row[["total", "di_dalam", "antar"]].tolist() == pytest.approx([675.0, 50.0, 625.0])
    assert row["bagian_antar"] == pytest.approx(625 / 675)
    # Theil: A holds 100 of 300 points, B 200. Between: 1/3 ln(50/75) + 2/3 ln(100/75).
    row = table.loc["theil_t"]
    assert row["antar"] == pytest.approx(math.log(50 / 75) / 3 + 2 * math.log(100 / 75) / 3)
    # Within: A's share 1/3 times its own Theil, (0.8 ln 0.8 + 1.2 ln 1.2)/2.
    assert row["di_dalam"] == pytest.approx((0.8 * math.log(0.8) + 1.2 * math.log(1.2)) / 2 / 3)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 200)), min_size=1, max_size=40))
def test_inequality_parts_add_up(rows):
    values = [r[1] / 2 for r in rows]
    skor = scores(values, unit_kerja=[r[0] for r in rows])
    if sum(values) == 0:
        with pytest.raises(NotMeasurableError):
            within_between(skor)
        return
    table = within_between(skor)
    assert (table["di_dalam"] + table["antar"] - table["total"]).abs().max() < 1e-9
    assert (table[["di_dalam", "antar"]] > -1e-9).all(axis=None)


# --- what may be shown -----------------------------------------------------------------------


def published(*measured):
    """What is printed of a place in two years: its measured people, NA where it is hidden."""
    return pd.DataFrame({"n_terukur": pd.array(measured, dtype="Int64")}, index=[2021, 2022])


def test_movers_are_shown_in_three_groups_that_add_up():
    # stay: 20 at 60, then 62. Leave: 12 at 50. Join: 11 at 70; and 4 measured for the first time.
    stay, left = [f"t{k}" for k in range(20)], [f"k{k}" for k in range(12)]
    late, new = [f"b{k}" for k in range(4)], [f"m{k}" for k in range(11)]
    awal = scores([60.0] * 20 + [50.0] * 12 + [np.nan] * 4, [*stay, *left, *late])
    akhir = scores([62.0] * 20 + [70.0] * 11 + [40.0] * 4, [*stay, *new, *late])
    shown = shown_movers(split_movers(awal, akhir), published(32, 35))
    assert shown["n"].tolist() == [20, 15, 12]
    assert shown.loc["datang", "rata_akhir"] == pytest.approx((70 * 11 + 40 * 4) / 15)
    assert shown.loc["pergi", "rata_awal"] == pytest.approx(50.0)
    change = (62 * 20 + 70 * 11 + 40 * 4) / 35 - (60 * 20 + 50 * 12) / 32
    assert shown["sumbangan"].sum() == pytest.approx(change)


def test_one_small_group_of_movers_hides_all_three():
    stay = [f"t{k}" for k in range(20)]
    awal = scores([60.0] * 32, [*stay, *(f"k{k}" for k in range(12))])
    akhir = scores([62.0] * 29, [*stay, *(f"m{k}" for k in range(9))])
    shown = shown_movers(split_movers(awal, akhir), published(32, 29))
    # 29 measured are published: 29 - 20 would be the nine; 32 - 12 would be the twenty
    assert shown.isna().all(axis=None)
    assert why_no_movers(shown) == "gerak_kecil"
    akhir = scores([62.0] * 30, [*stay, *(f"m{k}" for k in range(10))])
    shown = shown_movers(split_movers(awal, akhir), published(32, 30))
    assert shown["n"].tolist() == [20, 10, 12]
    assert why_no_movers(shown) == ""


def test_nobody_moving_is_not_shown_either():
    ids = [f"t{k}" for k in range(20)]
    same = split_movers(scores([60.0] * 20, ids), scores([61.0] * 20, ids))
    assert shown_movers(same, published(20, 20))["n"].isna().all()


@pytest.mark.parametrize("measured", [(None, 30), (32, None), (None, None)])
def test_movers_of_a_place_that_is_hidden_in_a_year_are_not_shown(measured):
    stay, left = [f"t{k}" for k in range(20)], [f"k{k}" for k in range(12)]
    awal = scores([60.0] * 32, [*stay, *left])
    akhir = scores([62.0] * 30, [*stay, *(f"m{k}" for k in range(10))])
    moved = split_movers(awal, akhir)
    assert shown_movers(moved, published(32, 30)).notna().any(axis=None)
    shown = shown_movers(moved, published(*measured))
    assert shown.isna().all(axis=None)
    assert why_no_movers(shown) == "gerak_kecil"


@pytest.mark.parametrize("measured", [(30, 32), (32, 31), (31, 30)])
def test_movers_beside_the_numbers_of_others_are_refused(measured):
    # the years swapped, or of another place: what is hidden there would not be seen
    stay, left = [f"t{k}" for k in range(20)], [f"k{k}" for k in range(12)]
    awal = scores([60.0] * 32, [*stay, *left])
    akhir = scores([62.0] * 30, [*stay, *(f"m{k}" for k in range(10))])
    with pytest.raises(ParameterError, match="measured people differ"):
        shown_movers(split_movers(awal, akhir), published(*measured))
    with pytest.raises(ParameterError, match="two rows"):
        shown_movers(split_movers(awal, akhir), published(32, 30).iloc[:1])


def test_groups_are_shown_all_or_none():
    names = ["kelompok_jabatan"]
    awal = repeated([("a", 30, 60.0), ("b", 10, 70.0)], names=names)
    nine = repeated([("a", 31, 61.0), ("b", 9, 71.0)], names=names)
    gone = repeated([("a", 31, 61.0)], names=names)
    ten = repeated([("a", 31, 61.0), ("b", 10, 71.0)], names=names)
    assert why_no_groups(awal, ten, names) == ""
    assert why_no_groups(awal, nine, names) == "kelompok_kecil"
    assert why_no_groups(nine, awal, names) == "kelompok_kecil"
    assert why_no_groups(awal, gone, names) == "kelompok_kecil"
    assert why_no_groups(gone, gone, names) == "kelompok_kecil"


def test_factors_do_not_depend_on_who_is_in_a_small_group():
    # b has nine and c eight at first: they are one group with c's neighbour d put to them only
    # as far as ten are reached on both sides
    names = ["kelompok_jabatan"]

    def of(b, c):
        awal = repeated([("a", 40, 60.0), ("b", b, 70.0), ("c", c, 70.0)], names=names)
        akhir = repeated([("a", 30, 61.0), ("b", 20, 72.0), ("c", 20, 72.0)], names=names)
        return shown_factors(awal, akhir, names)

    assert of(9, 8).tolist() == of(8, 9).tolist() == of(15, 2).tolist()
    # by hand, two groups: a 40 -> 30 at 60 -> 61, the rest 17 -> 40 at 70 -> 72
    share = (40 / 57, 30 / 70)
    mix = (share[1] - share[0]) * (60.5 - 71.0)
    got = of(9, 8)
    assert got["kelompok_jabatan"] == pytest.approx(round(mix, 2), abs=1e-12)
    whole = (30 * 61 + 40 * 72) / 70 - (40 * 60 + 17 * 70) / 57
    assert got.sum() == pytest.approx(whole)


def test_factors_that_nobody_knows_are_left_out():
    table = scores([60.0, 70.0], golongan=[None, None], kelompok_jabatan=["a", "b"])
    assert common_factors(table, table, ["kelompok_jabatan", "golongan", "usia"]) == [
        "kelompok_jabatan"
    ]
    assert common_factors(table, table, ["golongan"]) == ["unit_kerja"]


def test_shares_between_units_beside_chance():
    # A: 50, 70; B: 70, 90. Mean 70; between: 60 and 80, so 100; whole: (400 + 0 + 0 + 400)/4
    table = scores([50.0, 70.0, 70.0, 90.0], unit_kerja=["A", "A", "B", "B"])
    got = between_shares(table)
    assert got.loc["indeks", "varians"] == pytest.approx(100 / 200)
    assert got.index.tolist() == ["indeks", *DIMENSI]
    assert got["varians"].tolist() == pytest.approx([0.5] * 5)  # all follow the index
    assert got["kebetulan"].tolist() == pytest.approx([1 / 3] * 5)  # (2 - 1) / (4 - 1)
    assert got["n_kelompok"].tolist() == [2] * 5


def test_units_hidden_elsewhere_count_as_one():
    table = scores([50.0, 70.0, 70.0, 90.0, 60.0, 80.0], unit_kerja=[*"AABBCD"])
    together = scores([50.0, 70.0, 70.0, 90.0, 60.0, 80.0], unit_kerja=[*"AABBXX"])
    got = between_shares(table, digabung=["C", "D"])
    pd.testing.assert_frame_equal(got, between_shares(together))
    assert got["n_kelompok"].tolist() == [3] * 5
    assert got.loc["indeks", "varians"] < between_shares(table).loc["indeks", "varians"]


def test_a_dimension_without_a_point_has_no_shares_and_the_others_keep_theirs():
    table = repeated([("A", 4, 60.0), ("B", 4, 80.0)], names=["unit_kerja"])
    got = between_shares(table.assign(kompetensi=0.0))
    assert got.loc["kompetensi", ["varians", "theil_t"]].isna().all()
    assert got.loc["kinerja", "varians"] == pytest.approx(1.0)  # units tell the score
    with pytest.raises(NotMeasurableError):
        between_shares(table.assign(indeks=0.0))
