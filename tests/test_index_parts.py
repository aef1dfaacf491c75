"""The parts that count people, each by itself and by hand: cases, keys, cells, sums, ids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import people

from ipasn_lib.errors import DataError
from ipasn_lib.index import counting, keys, lookup, tally
from ipasn_lib.index.cases import CategoryCases, NumberCases, YesNoCases, cases_of
from ipasn_lib.index.counting import Counts, Grouping, add_up, codes_of, combine, count, group_by
from ipasn_lib.index.keys import CellNumbers
from ipasn_lib.index.score import score
from ipasn_lib.law.instrument import Column
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.law.rules import BandPoints, Bands, GivenPoints, HoursPoints

LAW = load_instrument(2022)
LARGEST = np.finfo(float).max


# ---- cases: what the rules can tell apart in a column --------------------------------------


def test_categories_then_blank_then_other():
    cases = CategoryCases("x", ("a", "b"), "b")
    assert cases.size == 4
    assert cases.outside.tolist() == [False, False, False, True]
    assert cases.examples().tolist()[:3] == ["a", "b", "b"]  # a blank stands for b
    assert cases.examples().isna().tolist() == [False, False, False, True]
    assert CategoryCases("x", ("a", "b"), "nol").examples().isna().tolist() == [
        False,
        False,
        True,
        True,
    ]
    assert CategoryCases("x", ("b", "a")).examples().cat.categories.tolist() == ["b", "a"]
    values = ["b", None, "z", "a", None]
    assert cases.of(pa.array(values)).tolist() == [1, 2, 3, 0, 2]
    for names in (["a", "b", "z"], ["z", "b", "a"]):
        column = pa.DictionaryArray.from_arrays(
            pa.array([None if v is None else names.index(v) for v in values], pa.int8()), names
        )
        assert cases.of(column).tolist() == [1, 2, 3, 0, 2]
    # a dictionary in the instrument's own order, with a blank and without, and one that holds it
    own = pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.int8()), ["a", "b"])
    assert cases.of(own).tolist() == [1, 2, 0]
    assert cases.of(own.drop_null()).tolist() == [1, 0]
    inside = pa.DictionaryArray.from_arrays(pa.array([2, 0, 1], pa.int8()), ["a", None, "b"])
    assert cases.of(inside).tolist() == [1, 0, 2]
    assert cases.of(own).dtype == np.uint8


def test_no_yes_blank():
    cases = YesNoCases("x")
    assert (cases.size, cases.outside.tolist()) == (3, [False] * 3)
    assert cases.examples().tolist()[:2] == [False, True]
    assert cases.examples().isna().tolist() == [False, False, True]
    column = pa.array([None, True, False] * 5)
    assert cases.of(column).tolist() == [2, 1, 0] * 5
    assert cases.of(column.slice(4, 7)).tolist() == [1, 0, 2, 1, 0, 2, 1]
    assert cases.of(pa.array([True, False] * 9).slice(1, 3)).tolist() == [0, 1, 0]
    with pytest.raises(DataError, match="x is stored as string; expected true or false"):
        cases.of(pa.array(["ya"]))


def test_numbers_by_the_thresholds_they_reach():
    cases = NumberCases("x", (0.0, 20.0, 100.5))
    assert cases.size == 5
    assert cases.outside.tolist() == [True, False, False, True, False]
    np.testing.assert_array_equal(cases.examples(), [np.nan, 0, 20, np.nan, np.nan])
    values = [-0.1, 0.0, 19.9, 20.0, 100.0, 100.5, None, -np.inf, np.inf]
    assert cases.of(pa.array(values)).tolist() == [0, 1, 1, 2, 2, 3, 4, 0, 3]
    assert cases.of(pa.array([0, 20, 101])).tolist() == [1, 2, 3]
    assert cases.of(pa.array([5.0, None])).tolist() == [1, 4]
    with pytest.raises(DataError, match="x is stored as string; expected numbers"):
        cases.of(pa.array(["20"]))


def hours(*thresholds):
    return [HoursPoints(t, "penuh", {}) for t in thresholds]


def test_the_thresholds_of_the_rules():
    column = Column("x", "X", "angka", "nol", minimum=0.0, maksimum=100.0)
    beyond = np.nextafter(100.0, 200.0)
    bands = ((0.0, 50.0), (51.0, 100.0))
    lower, upper = (BandPoints(Bands(bands, edge), (0.0, 1.0)) for edge in ("bawah", "atas"))
    assert cases_of(column, [lower]) == NumberCases("x", (0.0, 51.0, beyond))
    # above the printed upper edge the next band starts
    above = np.nextafter(50.0, 60.0)
    assert cases_of(column, [upper]) == NumberCases("x", (0.0, above, beyond))
    both = cases_of(column, [lower, *hours(20.0)])
    assert both == NumberCases("x", (0.0, 20.0, 51.0, beyond))
    # what no value allowed can cross tells nothing apart
    assert cases_of(column, hours(100.0, 100.1)) == NumberCases("x", (0.0, 100.0, beyond))
    low = Column("x", "X", "angka", "nol", minimum=20.0, maksimum=100.0)
    assert cases_of(low, hours(10.0, 20.0)) == NumberCases("x", (20.0, beyond))
    free = Column("x", "X", "angka", "nol", minimum=-np.inf, maksimum=5.0)
    assert cases_of(free, []).ambang[0] == -LARGEST
    assert cases_of(column, [lower, HoursPoints(20.0, "proporsional", {})]) is None
    assert cases_of(column, [GivenPoints(100.0)]) is None


def test_case_numbers_are_bytes():
    column = Column("x", "X", "angka", "nol", minimum=0.0, maksimum=1000.0)
    # 251 thresholds, the least and the largest, "below" and "blank" make 255 cases
    assert cases_of(column, hours(*range(1, 252))).size == 255
    assert cases_of(column, hours(*range(1, 253))) is None
    for most, fits in ((253, True), (254, False)):
        names = tuple(f"k{i}" for i in range(most))
        found = cases_of(Column("x", "X", "kategori", "k1", names), [])
        assert found == (CategoryCases("x", names, "k1") if fits else None)
    assert cases_of(Column("x", "X", "ya_tidak", "nol"), []) == YesNoCases("x")


# ---- keys: combinations numbered in the order in which they turn up ------------------------


def block(**columns):
    return {name: pa.array(values) for name, values in columns.items()}


@pytest.mark.parametrize("widest", [keys.WIDEST, 2], ids=["table", "dictionary"])
def test_combinations_keep_their_number_from_block_to_block(monkeypatch, widest):
    monkeypatch.setattr(keys, "WIDEST", widest)
    numbers = CellNumbers(["a", "b", "c"])
    first = numbers.of(block(a=["x", "x", "y"], b=[1, None, 1], c=["p", "p", "p"]))
    assert len(set(first.tolist())) == numbers.size == 3
    again = numbers.of(block(a=["y", "x", "x", "z"], b=[1, 1, None, 1], c=["p", "p", "p", "p"]))
    assert again.tolist()[:3] == [first[2], first[0], first[1]]
    assert again[3] == 3
    more = numbers.of(block(a=["z", "z", "y"], b=[9, 1, 1], c=["q", "p", None]))
    assert numbers.size == 6
    assert more[1] == again[3]
    same = numbers.of(block(a=["x", "x"], b=[1, 1], c=["p", "p"]))
    assert same.tolist() == [first[0]] * 2
    assert numbers.size == 6
    got = numbers.keys(np.array([first[1], again[3], more[0], more[2]]))
    assert got["a"].tolist() == ["x", "z", "z", "y"]
    assert got["b"].isna().tolist() == [True, False, False, False]
    assert got["b"].tolist()[1:] == [1, 9, 1]
    assert got["c"].tolist()[:3] == ["p", "p", "q"]
    assert got["c"].isna().tolist() == [False, False, False, True]
    assert list(got) == ["a", "b", "c"]


def test_a_table_that_grows_too_wide_hands_its_numbers_to_the_dictionary(monkeypatch):
    monkeypatch.setattr(keys, "WIDEST", 8)
    numbers = CellNumbers(["a", "b"])
    first = numbers.of(block(a=["x", "y", "y"], b=[1, 1, 2]))
    assert first.tolist() == [0, 1, 2]
    later = numbers.of(block(a=["v", "w", "y", "x"], b=[1, 3, 2, 1]))
    assert sorted(later.tolist()[:2]) == [3, 4]
    assert later.tolist()[2:] == [2, 0]
    got = numbers.keys(np.arange(5))
    assert got["a"].tolist()[:3] == ["x", "y", "y"]
    assert set(zip(got["a"][3:], got["b"][3:], strict=True)) == {("v", 1), ("w", 3)}


def test_many_combinations_against_a_plain_dictionary(monkeypatch):
    draw = np.random.default_rng(3)
    for widest in (keys.WIDEST, 64):
        monkeypatch.setattr(keys, "WIDEST", widest)
        numbers, known = CellNumbers(["a", "b", "c"]), {}
        for _ in range(6):
            size = int(draw.integers(1, 60))
            rows = {n: draw.integers(0, 12, size).tolist() for n in "abc"}
            rows["b"] = [None if v == 11 else v for v in rows["b"]]
            cell = numbers.of(block(**rows))
            for row, number in zip(zip(*rows.values(), strict=True), cell, strict=True):
                assert known.setdefault(row, int(number)) == number
        assert sorted(known.values()) == list(range(numbers.size))
        told = numbers.keys(np.array(list(known.values())))
        told = told.astype(object).where(told.notna(), None)
        assert [tuple(r) for r in told.to_numpy().tolist()] == list(known)


def test_one_key_alone_and_no_rows():
    numbers = CellNumbers(["a"])
    assert numbers.of(block(a=["x", "x"])).tolist() == [0, 0]
    assert numbers.of(block(a=pa.array([], pa.string()))).tolist() == []
    assert numbers.of(block(a=["y", "x"])).tolist() == [1, 0]
    assert numbers.keys(np.array([1]))["a"].tolist() == ["y"]
    small = CellNumbers(["a"])
    small.of({"a": pa.array([2022, 2023], pa.int16())})
    assert small.keys(np.array([1, 0]))["a"].dtype == np.int16


def ordered(names, codes):
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), names, ordered=True)


def test_an_order_stays_while_all_files_have_it():
    numbers = CellNumbers(["a"])
    numbers.of({"a": ordered(["kecil", "besar"], [1, 0])})
    got = numbers.keys(np.array([0, 1]))["a"]
    assert got.cat.ordered
    assert got.cat.categories.tolist() == ["kecil", "besar"]
    assert got.tolist() == ["kecil", "besar"]
    numbers.of({"a": ordered(["besar", "kecil"], [1, 0])})
    assert not isinstance(numbers.keys(np.array([0]))["a"].dtype, pd.CategoricalDtype)
    plain = CellNumbers(["a"])
    plain.of({"a": pa.array(["x"]).dictionary_encode()})
    assert not isinstance(plain.keys(np.array([0]))["a"].dtype, pd.CategoricalDtype)


# ---- cells: people counted -----------------------------------------------------------------


def test_codes_of_a_key():
    codes, values = codes_of(pd.Series(["b", None, "a", "b"]))
    assert values.tolist() == ["a", "b", "tidak diketahui"]
    assert codes.tolist() == [1, 2, 0, 1]
    codes, values = codes_of(pd.Series(["b", None]), "entah")
    assert values.tolist() == ["b", "entah"]
    kinds = pd.Categorical(["b", "a"], ["b", "a"])
    assert codes_of(pd.Series(kinds))[1].tolist() == ["a", "b"]
    assert codes_of(pd.Series(kinds))[0].tolist() == [1, 0]
    kept = codes_of(pd.Series(kinds.as_ordered()))
    assert kept[1].tolist() == ["b", "a"]
    assert kept[0].tolist() == [0, 1]


@pytest.mark.parametrize("dense", [counting.DENSE, 1])
def test_groups_in_the_order_of_their_keys(monkeypatch, dense):
    monkeypatch.setattr(counting, "DENSE", dense)
    rows = pd.DataFrame(
        {
            "a": ["y", "x", "y", None, "x"],
            "b": [2, 1, 2, 1, 3],
            "satu": ["s"] * 5,
        }
    )
    group = group_by(rows, ["a", "satu", "b"])
    assert group.keys.tolist() == [
        ("x", "s", 1),
        ("x", "s", 3),
        ("y", "s", 2),
        ("tidak diketahui", "s", 1),
    ]
    assert group.keys.names == ["a", "satu", "b"]
    assert group.code.tolist() == [2, 0, 2, 3, 1]
    assert group.size == 4
    one = group_by(rows, ["a"])
    assert (one.keys.tolist(), one.keys.name) == (["x", "y", "tidak diketahui"], "a")
    same = group_by(rows, ["satu"])
    assert (same.keys.tolist(), same.code.tolist()) == (["s"], [0] * 5)
    both = group_by(rows, ["satu", "b"])
    assert both.keys.tolist() == [("s", 1), ("s", 2), ("s", 3)]
    assert both.code.tolist() == [1, 0, 1, 0, 2]
    whole = group_by(rows, [])
    assert (whole.keys.tolist(), whole.keys.name) == (["semua"], "kelompok")
    assert whole.code.tolist() == [0] * 5
    none = rows.head(0)
    assert [group_by(none, by).size for by in ([], ["a"], ["a", "b"])] == [0, 0, 0]


def made(cells):
    """Counts of cells given as (key, people, measured, points)."""
    table = pd.DataFrame([c[:1] for c in cells], columns=["k"])
    table = table.assign(sumber_data="s", id_instrumen="i")
    numbers = np.array([c[1:3] for c in cells], dtype=np.int64).reshape(-1, 2)
    points = np.array([[c[3]] * 5 for c in cells], dtype=float).reshape(-1, 5)
    return Counts(table, numbers[:, 0], numbers[:, 1], points)


def test_cells_of_parts_are_added_up():
    empty = made([])
    got = combine([empty, made([("b", 3, 2, 1.5), ("a", 1, 1, 2.0)]), made([("b", 4, 4, 0.5)])])
    assert got.kunci["k"].tolist() == ["a", "b"]
    assert got.n_pegawai.tolist() == [1, 7]
    assert got.n_terukur.tolist() == [1, 6]
    assert got.jumlah.tolist() == [[2.0] * 5, [2.0] * 5]
    assert got.n_pegawai.dtype == got.n_terukur.dtype == np.int64
    assert len(combine([empty, empty]).kunci) == 0
    taken = got.take(np.array([False, True]))
    assert taken.kunci.index.tolist() == [0]
    assert list(taken.kunci) == ["k", "sumber_data", "id_instrumen"]
    assert (taken.kunci["k"].tolist(), taken.n_pegawai.tolist()) == (["b"], [7])
    assert (taken.n_terukur.tolist(), taken.jumlah.tolist()) == ([6], [[2.0] * 5])
    more = got.add_keys(region=pd.Series(["r", "r"]))
    assert more.kunci["region"].tolist() == ["r", "r"]
    assert "region" not in got.kunci
    whole = add_up(got, Grouping(np.array([0, 0]), pd.Index(["semua"])))
    assert (whole.n_pegawai.tolist(), whole.n_terukur.tolist()) == ([8], [7])
    assert whole.kunci.index.tolist() == ["semua"]


def test_people_counted_into_cells():
    law = load_instrument(2022, {"kinerja_kosong": "tidak_diukur"})
    rows = people(
        {"unit_kerja": "B"},
        {"unit_kerja": "A", "nilai_kinerja": np.nan},
        {"unit_kerja": "B", "seminar": True},
        {"unit_kerja": "A", "jenis_asn": "PPPK"},
    )
    got = count(score(rows, law), ["unit_kerja"])
    assert list(got.kunci) == ["unit_kerja", "sumber_data", "id_instrumen"]
    assert got.kunci["unit_kerja"].tolist() == ["A", "B"]
    assert (got.n_pegawai.tolist(), got.n_terukur.tolist()) == ([1, 2], [0, 2])
    # S-1 15; a seminar 10 (struktural); SKP 80 25; never punished 5
    assert got.jumlah.tolist() == [[0.0] * 5, [30.0, 10.0, 50.0, 10.0, 100.0]]


# ---- sums by lookup ------------------------------------------------------------------------


def batch(table):
    return pa.RecordBatch.from_pandas(table, preserve_index=False)


def test_people_looked_up_block_by_block_are_those_scored():
    rows = people(
        {"unit_kerja": "B", "seminar": True, "nilai_kinerja": 95.0},
        {"unit_kerja": "A", "hukuman_disiplin": "berat", "jp_diklat_teknis": 20.0},
        {"unit_kerja": "A", "jenis_asn": "PPPK"},
        {"unit_kerja": "C", "jenis_asn": "PPPK"},  # a cell of nobody who is measured
        {"unit_kerja": "B", "kelompok_jabatan": "pelaksana", "diklat_kepemimpinan": pd.NA},
    )
    wanted = ["sumber_data", "unit_kerja"]
    table = lookup.point_table(LAW, list(rows.columns))
    blocks = [batch(rows.iloc[a:b]) for a, b in ((0, 0), (0, 2), (2, 5))]
    got = tally.tally_cases(blocks, table, LAW.id, wanted)
    expected = count(score(rows, LAW), wanted)
    order = got.kunci.sort_values("unit_kerja").index
    pd.testing.assert_frame_equal(
        got.kunci.loc[order].reset_index(drop=True)[["unit_kerja"]],
        expected.kunci[["unit_kerja"]],
        check_dtype=False,
    )
    assert got.kunci["id_instrumen"].tolist() == [LAW.id] * 2
    assert got.n_pegawai[order].tolist() == expected.n_pegawai.tolist() == [1, 2]
    assert got.n_pegawai.dtype == got.n_terukur.dtype == np.int64
    assert got.n_terukur[order].tolist() == expected.n_terukur.tolist()
    np.testing.assert_array_equal(got.jumlah[order], expected.jumlah)
    refused = people({"hukuman_disiplin": None})
    assert tally.tally_cases([batch(refused)], table, LAW.id, wanted) is None
    none = tally.tally_cases([], table, LAW.id, ["sumber_data"])
    assert len(none.kunci) == 0


@pytest.mark.parametrize("size", [1, 15, 16, 17, 40])
def test_people_scored_block_by_block(size):
    rows = people(*[{"unit_kerja": "AB"[i % 2], "jp_diklat_teknis": float(i)} for i in range(size)])
    law = load_instrument(2022, {"jp_diklat_teknis": "proporsional"})
    blocks = [batch(rows.iloc[i : i + 1]) for i in range(size)]
    got = tally.tally_scores(blocks, law, ["unit_kerja"])
    expected = count(score(rows, law), ["unit_kerja"])
    assert got.kunci["unit_kerja"].tolist() == expected.kunci["unit_kerja"].tolist()
    assert got.n_pegawai.tolist() == expected.n_pegawai.tolist()
    np.testing.assert_allclose(got.jumlah, expected.jumlah)
    refused = [*blocks, batch(people({"jenjang_pendidikan": "S9"}))]
    assert tally.tally_scores(refused, law, ["unit_kerja"]) is None
    none = tally.tally_scores([], law, ["unit_kerja"])
    assert len(none.kunci) == 0
    assert none.n_pegawai.dtype == none.n_terukur.dtype == np.int64


@pytest.mark.parametrize("most", [lookup.TABLE, 8, 1])
def test_sums_of_a_table_of_cases(monkeypatch, most):
    monkeypatch.setattr(lookup, "TABLE", most)
    rows = people(
        {},
        {"jenjang_pendidikan": "S3", "nilai_kinerja": 95.0, "diklat_kepemimpinan": True},
        {"kelompok_jabatan": "fungsional", "diklat_fungsional": True, "seminar": True},
        {"kelompok_jabatan": "pelaksana", "jp_diklat_teknis": 20.0, "nilai_kinerja": np.nan},
        {"jenis_asn": "PPPK", "hukuman_disiplin": None},
        {"hukuman_disiplin": "sedang", "jenis_asn": None},
    )
    table = lookup.point_table(LAW, list(rows.columns))
    columns = dict(zip(batch(rows).schema.names, batch(rows).columns, strict=True))
    skor = score(rows, LAW)
    subject = (skor["status_ukur"] != "bukan_subjek").astype(int)
    measured = (skor["status_ukur"] == "terukur").astype(int)
    halves = (skor[["kualifikasi", "kompetensi", "kinerja", "disiplin"]].fillna(0) * 2).astype(int)
    expected = np.column_stack([subject, measured, halves])
    got = table.sums(columns, np.arange(6), 6)
    np.testing.assert_array_equal(got, expected)
    together = table.sums(columns, np.array([1, 1, 0, 0, 1, 1]), 3)
    np.testing.assert_array_equal(together[0], expected[[2, 3]].sum(axis=0))
    np.testing.assert_array_equal(together[1], expected[[0, 1, 4, 5]].sum(axis=0))
    np.testing.assert_array_equal(together[2], np.zeros(6))


def test_two_indicators_of_a_dimension_may_read_one_column():
    discipline = LAW.dimensi["disiplin"]
    (once,) = discipline.indikator
    twice = replace(discipline, indikator=(once, replace(once, nama="lagi")))
    law = replace(LAW, dimensi={**LAW.dimensi, "disiplin": twice})
    rows = people({}, {"hukuman_disiplin": "sedang"})
    table = lookup.point_table(law, list(rows.columns))
    columns = dict(zip(batch(rows).schema.names, batch(rows).columns, strict=True))
    # never punished twice 5 points, medium twice 2, in half points
    assert table.sums(columns, np.arange(2), 2)[:, -1].tolist() == [20, 8]


def test_an_instrument_of_too_many_rows_has_no_table(monkeypatch):
    columns = ["jenis_asn", "kelompok_jabatan"]
    table = lookup.point_table(LAW, columns)
    assert table.columns[:2] == ("jenis_asn", "kelompok_jabatan")
    assert set(table.columns[2:]) == set(LAW.kolom)
    assert "jenis_asn" not in lookup.point_table(LAW, []).columns
    monkeypatch.setattr(lookup, "MOST", 100)
    assert lookup.point_table(LAW, columns) is None
