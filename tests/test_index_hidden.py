"""What is hidden and what follows, in layouts small enough to be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_index_aggregate import PLACES, layout, scores

from ipasn_lib.errors import DisclosureError, ParameterError
from ipasn_lib.index.aggregate import aggregate, hide_all, is_hidden, parents_of, summarize
from ipasn_lib.index.counting import count, group_by
from ipasn_lib.index.disclosure import (
    hide_in_lines,
    hide_small_groups,
    parents_of_several,
    recoverable_cells,
)
from ipasn_lib.index.tables import (
    SPARED,
    _any_follows,
    _counts,
    _makers,
    _tables,
    published_tables,
)
from ipasn_lib.law.loading import load_instrument

ALL = [0, 0, 0]


@pytest.mark.parametrize(
    ("people_in", "measured", "hidden"),
    [
        # the smallest brother goes by measured people, then by people, then by position
        ([30, 40, 5], [30, 20, 5], [False, True, True]),
        ([30, 20, 5], [15, 15, 5], [False, True, True]),
        ([20, 20, 5], [15, 15, 5], [True, False, True]),
        # nobody measured is no few: 12 + 9 people, none measured
        ([50, 12, 9], [50, 0, 0], [False, True, True]),
        # 12 + 3 people, but 3 measured: the third goes too
        ([50, 12, 3], [50, 0, 3], [True, True, True]),
        # all of a parent hidden: no number of it is shown beside its total
        ([9, 9, 9], [9, 9, 9], [True, True, True]),
        # 5 + 4 people are under ten
        ([5, 4, 20], [5, 4, 20], [True, True, True]),
        ([5, 5, 20], [5, 5, 20], [True, True, False]),
        # 20 people, 4 + 5 of them measured
        ([10, 10, 50], [4, 5, 50], [True, True, True]),
        ([10, 10, 50], [5, 5, 50], [True, True, False]),
    ],
)
def test_the_next_to_hide(people_in, measured, hidden):
    assert hide_small_groups(people_in, measured, [ALL]).tolist() == hidden


def test_what_is_hidden_already_takes_a_brother_with_it():
    sizes = [20, 30, 40]
    assert hide_small_groups(sizes, sizes, [ALL]).tolist() == [False] * 3
    already = hide_small_groups(sizes, sizes, [ALL], hidden=[0, 0, 1])
    assert already.tolist() == [True, False, True]
    assert hide_small_groups([5, 20], [5, 20], []).tolist() == [True, False]
    assert hide_small_groups([29, 30, 40], [29, 30, 40], [ALL], 30).tolist() == [True, True, False]


def test_a_parent_too_small_to_be_shown_guards_nothing():
    sizes = [5, 4, 50, 60]
    assert hide_small_groups(sizes, sizes, [[0, 0, 1, 1]]).tolist() == [True, True, False, False]
    # 5 measured in all of the parent
    assert hide_small_groups([20, 20], [0, 5], [[0, 0]]).tolist() == [False, True]
    # a cell without a parent is nobody's brother
    sizes = [15, 5, 20]
    assert hide_small_groups(sizes, sizes, [[-1, 0, 0]]).tolist() == [False, True, True]


def test_lines_of_a_table_one_by_one():
    rows, columns = [0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2] * 3
    sizes = [3, 20, 30, 25, 40, 50, 60, 70, 80]
    # 3 takes 20 in its row and 25 in its column; 20 then takes 40 in its column
    mask = hide_in_lines(sizes, [rows, columns])
    assert np.flatnonzero(mask).tolist() == [0, 1, 3, 4]
    # below 30: 3 + 20 take 30, 25 takes 40, 3 + 25 take 60, 30 takes 50, 60 takes 70
    mask = hide_in_lines(sizes, [rows, columns], 30)
    assert np.flatnonzero(mask).tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    already = hide_in_lines([20, 30, 40], [ALL], hidden=[0, 1, 0])
    assert already.tolist() == [True, True, False]
    assert hide_in_lines([9, 10, 11], []).tolist() == [True, False, False]


def test_parents_of_one_cell_are_left_out():
    assert parents_of_several([0, 0, 1, 2, 2, 2]).tolist() == [0, 0, -1, 2, 2, 2]


@pytest.mark.parametrize(
    ("mask", "parents", "follow"),
    [
        ([1, 1, 0], [ALL], [0, 0, 0]),
        ([1, 0, 0], [ALL], [1, 0, 0]),
        # the first is alone in its region; then the second follows from the whole
        ([1, 1, 0], [ALL, [0, 1, 1]], [1, 1, 0]),
        ([1, 1, 0], [[0, -1, 0]], [1, 0, 0]),
        ([0, 0, 0], [ALL], [0, 0, 0]),
        ([1, 1, 1], [], [0, 0, 0]),
        ([1, 1, 1], [[-1, -1, -1]], [0, 0, 0]),
        # two pairs that share nothing, and one cell by itself
        ([1, 1, 1, 1, 1], [[0, 0, 1, 1, 2]], [0, 0, 0, 0, 1]),
        # a + b, b + c, c + d, d + a: any a fits
        ([1, 1, 1, 1], [[0, 0, 1, 1], [0, 1, 1, 0]], [0, 0, 0, 0]),
        # a + b and a + b + c
        ([1, 1, 1], [[0, 0, -1], [0, 0, 0]], [0, 0, 1]),
    ],
)
def test_what_follows_from_totals(mask, parents, follow):
    got = recoverable_cells(np.array(mask, dtype=bool), parents)
    assert got.dtype == bool
    assert got.astype(int).tolist() == follow


# ---- tables --------------------------------------------------------------------------------


def test_units_of_a_hidden_place_are_hidden_however_large():
    skor = scores(
        (5, {"kode_kabkota": "3510"}),
        (30, {"kode_kabkota": "3501", "unit_kerja": "A"}),
        (40, {"kode_kabkota": "3501", "unit_kerja": "B"}),
        (100, {"kode_kabkota": "3502"}),
    )
    # 3510 takes 3501, the smallest brother, and with it both its units
    assert is_hidden(aggregate(skor, ["kode_kabkota"])).tolist() == [True, False, True]
    got = aggregate(skor, ["kode_kabkota", "unit_kerja"])
    assert is_hidden(got).to_dict() == {
        ("3501", "A"): True,
        ("3501", "B"): True,
        ("3502", "Dinas Contoh"): False,
        ("3510", "Dinas Contoh"): True,
    }


def test_groups_named_to_stay_hidden_take_a_brother_with_them():
    skor = scores(*((n, {"unit_kerja": u}) for u, n in zip("ABC", (30, 20, 40), strict=True)))
    counts = count(skor, ["unit_kerja"])
    got = summarize(counts, ["unit_kerja"], kept=pd.Index(["A"]))
    assert is_hidden(got).to_dict() == {"A": True, "B": True, "C": False}
    assert not is_hidden(summarize(counts, ["unit_kerja"], kept=pd.Index(["Z"]))).any()


def test_where_the_people_of_a_group_come_from():
    skor = scores((20, {"unit_kerja": "A"}), (30, {"unit_kerja": "B"}), (15, {"unit_kerja": "C"}))
    skor["sumber_data"] = ["b"] * 20 + ["c", "a"] * 10 + ["b"] * 10 + ["a"] * 15
    got = aggregate(skor, ["unit_kerja"])
    assert got["sumber_data"].to_dict() == {"A": "b", "B": "a; b; c", "C": "a"}
    assert aggregate(skor, [])["sumber_data"].tolist() == ["a; b; c"]


def test_no_people_make_a_table_without_rows():
    got = aggregate(scores((20, {})).head(0), ["unit_kerja"])
    assert len(got) == 0
    assert got["kategori"].cat.ordered


def test_an_instrument_of_ones_own_is_named_for_the_category():
    skor = scores((20, {}))
    skor["id_instrumen"] = "pulau"
    with pytest.raises(ParameterError, match=r"no instrument 'pulau'.*name your own with instr"):
        aggregate(skor, [])


def test_a_summary_may_be_hidden_whole():
    got = hide_all(aggregate(scores((20, {})), ["unit_kerja"]))
    assert is_hidden(got).all()
    assert got.drop(columns=["sumber_data", "id_instrumen"]).isna().all(axis=None)
    assert got["sumber_data"].tolist() == ["sintetis, uji"]


def test_parents_of_groups():
    rows = pd.DataFrame({"a": ["x", "x", "y"], "b": ["p", "q", "q"], "c": ["1", "1", "2"]})
    fine, a = group_by(rows, ["a", "b"]), group_by(rows, ["a"])
    assert parents_of(fine, a).tolist() == [0, 0, 1]
    assert parents_of(a, group_by(rows, ["b"])) is None
    assert parents_of(a, group_by(rows, ["c"])).tolist() == [0, 1]
    assert parents_of(fine, group_by(rows, [])).tolist() == [0, 0, 0]


def test_which_groups_are_made_of_whole_others():
    rows = pd.DataFrame({"a": ["x", "x", "y", "z"], "b": ["p", "q", "r", "r"]})
    a, b, both = (group_by(rows, by) for by in (["a"], ["b"], ["a", "b"]))
    parent, made = _makers(both, a)
    assert (parent.tolist(), made.tolist()) == ([0, 0, 1, 2], [True] * 3)
    # x is cut between p and q; r is made of y and z
    parent, made = _makers(a, b)
    assert (parent.tolist()[1:], made.tolist()) == ([2, 2], [False, False, True])
    parent, made = _makers(b, a)
    assert (parent.tolist()[:2], made.tolist()) == ([0, 0], [True, False, False])


def test_tables_are_made_year_by_year():
    skor = layout(CELLS)
    skor["tahun"] = [2023, 2024] * (len(skor) // 2) + [2023] * (len(skor) % 2)
    with pytest.raises(ParameterError, match="more than one year"):
        published_tables(skor, PLACES)


def test_who_is_in_no_region_is_in_no_total_of_regions():
    skor = scores(
        (5, {"kode_kabkota": "3510"}),
        (30, {"kode_kabkota": "3574"}),
        (40, {"kode_kabkota": "3509"}),
        (50, {"kode_kabkota": "3501"}),
    )
    skor["bakorwil"] = skor["kode_kabkota"].map({"3574": "V", "3501": "I"})
    got = aggregate(skor, ["kode_kabkota"], within=[["bakorwil"]])
    # 3574 and 3501 are their regions: of the others, 3509 is the brother of 3510
    assert is_hidden(got).to_dict() == {"3501": False, "3509": True, "3510": True, "3574": False}
    # alone outside the regions, 3510 is the province less both
    skor["bakorwil"] = skor["kode_kabkota"].map({"3574": "V", "3509": "V", "3501": "I"})
    with pytest.raises(
        DisclosureError, match=r"\(tables by kode_kabkota, bakorwil\); publish fewer"
    ):
        aggregate(skor, ["kode_kabkota"], within=[["bakorwil"]])


def test_a_column_that_is_not_there_is_named_wherever_it_is_asked():
    skor = scores((20, {}))
    counts = count(skor, ["unit_kerja"])
    for ask in (
        lambda: aggregate(skor, [], within=[["wilayah"]]),
        lambda: summarize(counts, ["wilayah"]),
        lambda: summarize(counts, [], within=[["wilayah"]]),
    ):
        with pytest.raises(ParameterError, match="no column 'wilayah' to group by; known: "):
            ask()
    with pytest.raises(ParameterError, match="10 or more"):
        summarize(counts, [], 9)


# ---- all published tables together ---------------------------------------------------------

CELLS = {
    ("3501", "A", "PNS"): 40,
    ("3501", "B", "PNS"): 30,
    ("3501", "A", "PPPK"): 20,
    ("3571", "A", "PNS"): 50,
    ("3571", "A", "PPPK"): 60,
    ("3502", "A", "PNS"): 25,
    ("3510", "A", "PNS"): 35,
    ("3510", "B", "PPPK"): 45,
    ("3574", "A", "PNS"): 70,
    ("3574", "B", "PNS"): 80,
    ("3509", "A", "PPPK"): 90,
}


def shown(cells=CELLS, places=PLACES):
    counts = _counts(layout(cells), places)
    tables = _tables(counts, (), 10, None, {})
    assert tables is not None
    return counts, tables


def without(tables, **rows):
    """The same tables with these rows hidden."""
    changed = dict(tables)
    for name, keys in rows.items():
        table = tables[name].copy()
        for key in keys:
            table.loc[key, "n_pegawai"] = pd.NA
        changed[name] = table
    return changed


@pytest.mark.parametrize(
    ("rows", "follows"),
    [
        ({}, False),
        # the place less its other unit
        ({"unit_kerja": [("3501", "A")]}, True),
        ({"unit_kerja": [("3501", "A"), ("3501", "B")]}, False),
        # the only unit of a place is the place
        ({"unit_kerja": [("3571", "A")]}, True),
        # the kinds of a place add up to it
        ({"kabkota_jenis_asn": [("3501", "PNS")]}, True),
        ({"kabkota_jenis_asn": [("3501", "PNS"), ("3501", "PPPK")]}, True),  # by the kinds' totals
        (
            {
                "kabkota_jenis_asn": [
                    ("3501", "PNS"),
                    ("3501", "PPPK"),
                    ("3571", "PNS"),
                    ("3571", "PPPK"),
                ]
            },
            False,
        ),
        # a place follows from its units, from its kinds, from the province
        ({"kabkota": ["3510"]}, True),
        # a region follows from its places, the province from anything whole
        ({"bakorwil": ["I"]}, True),
        ({"provinsi": ["semua"]}, True),
        ({"jenis_daerah": ["Kota"]}, True),
        ({"jenis_asn": ["PNS"]}, True),
    ],
)
def test_what_follows_from_all_tables_together(rows, follows):
    counts, tables = shown()
    assert _any_follows(counts, without(tables, **rows), (), 10) is follows


def test_a_large_group_of_a_table_hidden_whole_may_follow_a_small_one_may_not():
    counts, tables = shown()
    whole = {"jenis_asn": ["PNS", "PPPK"]}
    assert _any_follows(counts, without(tables, **whole), (), 10)
    assert not _any_follows(counts, without(tables, **whole), ("jenis_asn",), 10)
    # 215 PPPK are few where fewer than 220 are hidden
    assert _any_follows(counts, without(tables, **whole), ("jenis_asn",), 220)


def test_where_all_may_be_punished_no_table_hidden_whole_may_tell():
    skor = layout(CELLS)
    punished = (skor["jenis_asn"] == "PPPK").to_numpy()
    skor.loc[punished, "disiplin"] = 3.0
    counts = _counts(skor, PLACES)
    hidden = without(shown()[1], jenis_asn=["PNS", "PPPK"])
    assert _any_follows(counts, hidden, ("jenis_asn",), 10)


def test_a_region_with_an_absent_place_is_in_no_table():
    cells = {cell: n for cell, n in CELLS.items() if cell[0] != "3509"}
    counts, tables = shown(cells)
    assert tables["bakorwil"].index.tolist() == ["I"]
    assert tables["jenis_daerah"].index.tolist() == ["Kota"]
    assert not _any_follows(counts, tables, (), 10)
    # bakorwil V is in no table: its places don't follow from the province less region I
    rows = {"kabkota": ["3510", "3574"], "unit_kerja": [("3510", "A"), ("3510", "B")]}
    rows["unit_kerja"] += [("3574", "A"), ("3574", "B")]
    rows["kabkota_jenis_asn"] = [("3510", "PNS"), ("3510", "PPPK"), ("3574", "PNS")]
    found = _any_follows(counts, without(tables, **rows), (), 10)
    assert found  # 3574 is a Kota, and that total is published
    rows["jenis_daerah"] = ["Kota"]
    assert not _any_follows(counts, without(tables, **rows, jenis_asn=["PNS", "PPPK"]), (), 10)


def test_what_the_year_before_hid_stays_hidden_unless_all_was():
    now = layout(CELLS)
    before = published_tables(layout({**CELLS, ("3510", "A", "PNS"): 5}), PLACES)
    assert is_hidden(before["unit_kerja"])[("3510", "A")]
    got = published_tables(now, PLACES, sebelumnya={"unit_kerja": before["unit_kerja"]})
    hidden = is_hidden(got["unit_kerja"])
    assert hidden[hidden].index.tolist() == [("3510", "A"), ("3510", "B")]
    whole = hide_all(before["unit_kerja"])
    got = published_tables(now, PLACES, sebelumnya={"unit_kerja": whole})
    assert not is_hidden(got["unit_kerja"]).any()
    with pytest.raises(ParameterError, match="no published table units, x; known: provinsi, bak"):
        published_tables(now, PLACES, sebelumnya={"x": whole, "units": whole})


def test_people_of_an_unknown_kind_are_a_group_of_the_tables():
    skor = layout(CELLS)
    skor["jenis_asn"] = skor["jenis_asn"].astype("object").where(skor["kode_kabkota"] != "3509")
    tables = published_tables(skor, PLACES)
    assert tables["jenis_asn"]["n_pegawai"].to_dict() == {
        "PNS": 330,
        "PPPK": 125,
        "tidak diketahui": 90,
    }
    assert SPARED[0] == "jenis_asn"


def test_a_person_without_a_place_is_in_the_province():
    skor = layout(CELLS)
    skor["kode_kabkota"] = skor["kode_kabkota"].astype("object").where(skor["unit_kerja"] != "B")
    tables = published_tables(skor, PLACES)
    assert tables["provinsi"]["n_pegawai"].tolist() == [545]
    assert tables["kabkota"]["n_pegawai"].to_dict()["tidak diketahui"] == 155


def test_the_minimum_reaches_every_table():
    tables = published_tables(layout(CELLS), PLACES, 30)
    assert is_hidden(tables["kabkota"])["3502"]
    assert not is_hidden(tables["kabkota"])["3571"]


def test_an_instrument_of_ones_own_reaches_the_categories_of_every_table():
    skor = layout(CELLS).assign(id_instrumen="pulau")
    with pytest.raises(ParameterError, match="no instrument 'pulau'"):
        published_tables(skor, PLACES)
    # 20 + 30 + 25 + 5 points: 80 is the last of Sedang
    tables = published_tables(skor, PLACES, instrument=load_instrument(2023))
    assert {str(t["kategori"].iloc[0]) for t in tables.values()} == {"Sedang"}
