"""How firm is what is said: categories, ranges of ranks, swaps, edges, neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ipasn_lib import available_instruments, load_instrument
from ipasn_lib.analysis.adjacency import moran_table, neighbour_codes
from ipasn_lib.analysis.certainty import category_certainty, leave_one_out_range, rank_ranges
from ipasn_lib.analysis.compare import under_instrument
from ipasn_lib.analysis.peers.listing import shared_columns, structural_peers
from ipasn_lib.analysis.readings import edge_readings, open_questions
from ipasn_lib.analysis.sensitivity import leave_one_out
from ipasn_lib.analysis.spatial import moran
from ipasn_lib.analysis.weight_swap import neighbour_swaps
from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.style import KATEGORI
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.regions import load_neighbours

PLACES = pd.Index(["a", "b", "c", "d"], name="kode_kabkota")
HALF = pd.DataFrame(
    [
        [0.0, 0.0, 0.48, 0.52, 0.0],
        [0.0, 1.0, 0.0, 0.0, 0.0],
        [0.03, 0.97, 0.0, 0.0, 0.0],
        [np.nan] * 5,
    ],
    index=PLACES,
    columns=list(KATEGORI),
)
OWN = pd.Series(["Sedang", "Rendah", "Rendah", pd.NA], index=PLACES)


def test_a_category_on_the_edge_names_the_other_side():
    found = category_certainty(HALF, OWN)
    assert list(found["peluang"][:3]) == [0.48, 1.0, 0.97]
    assert found.loc["a", "kategori_lain"] == "Tinggi"  # more frequent than its own, still "lain"
    assert found.loc["a", "peluang_lain"] == 0.52
    assert pd.isna(found.loc["b", "kategori_lain"])
    assert list(found["pasti"][:3]) == [False, True, True]
    assert found.loc["d"].isna().all()


def test_a_published_gap_hides_the_replicates_too():
    assert category_certainty(HALF, OWN.where(OWN.index != "a", pd.NA)).loc["a"].isna().all()


@pytest.mark.parametrize(
    ("own", "firm", "match"),
    [
        (OWN.drop("a"), 0.95, "same places"),
        (OWN.replace("Sedang", "Baik"), 0.95, "no column Baik"),
        (OWN, 0.5, "firm"),
    ],
)
def test_tables_that_do_not_fit_are_refused(own, firm, match):
    with pytest.raises(ParameterError, match=match):
        category_certainty(HALF, own, firm=firm)


RANKS = pd.Series([2, 1, pd.NA], index=["a", "b", "c"], dtype="Int64")


def test_ranges_of_ranks_keep_the_order_and_widen_fractions():
    chance = pd.DataFrame({"x": [1.5, 1.0], "y": [3.2, 1.0]}, index=["a", "b"])
    found = rank_ranges("a", RANKS, {"kebetulan": (chance, "x", "y"), "bobot": (chance, "y", "y")})
    assert list(found.index) == ["kebetulan", "bobot"]
    assert found.loc["kebetulan"].to_list() == [2, 1, 4, 4]
    assert found.loc["bobot"].to_list() == [2, 3, 4, 2]


def test_ranges_of_a_hidden_place_are_missing_and_of_an_unknown_one_an_error():
    chance = pd.DataFrame({"x": [1], "y": [3]}, index=["c"])
    assert rank_ranges("c", RANKS, {"kebetulan": (chance, "x", "y")}).isna().all(axis=None)
    with pytest.raises(ParameterError, match="no place 'z'"):
        rank_ranges("z", RANKS, {})
    with pytest.raises(ParameterError, match="no column w"):
        rank_ranges("a", RANKS, {"kebetulan": (chance, "w", "y")})


SHARES = pd.DataFrame({"p": [0.9, 0.6, 0.2, np.nan], "q": [0.2, 0.45, 0.7, 0.9]}, index=PLACES)


def test_leaving_a_dimension_out_spans_from_best_to_worst():
    # official 50:50 gives .55, .525, .45; by q alone .2, .45, .7
    found = leave_one_out_range(leave_one_out(SHARES, {"p": 50, "q": 50}))
    assert found.loc["a"].to_list() == [1, 3]
    assert found.loc["b"].to_list() == [2, 2]
    assert found.loc["c"].to_list() == [1, 3]


def test_the_smallest_swap_is_worked_by_hand():
    # .9w + .2(1-w) = .6w + .45(1-w) at w = 5/11
    found = neighbour_swaps(SHARES, {"p": 50, "q": 50}, "b")
    assert list(found.index) == ["a", "c"]
    assert list(found["kedudukan"]) == ["di atas", "di bawah"]
    np.testing.assert_allclose(found.loc["a", "bobot_p"], 500 / 11)
    np.testing.assert_allclose(found.loc["a", "poin_pindah"], 50 - 500 / 11)


def test_a_hidden_place_swaps_with_nobody_and_nobody_with_it():
    assert neighbour_swaps(SHARES, {"p": 50, "q": 50}, "d").empty
    every = neighbour_swaps(SHARES, {"p": 50, "q": 50}, "a", n=9)
    assert list(every.index) == ["b", "c"]
    with pytest.raises(ParameterError, match="no place"):
        neighbour_swaps(SHARES, {"p": 50, "q": 50}, "z")


def test_only_values_between_printed_bands_hang_on_the_edge():
    kategori = load_instrument(2022).kategori
    values = pd.Series([80.0, 80.5, 81.0, np.nan], index=PLACES)
    found = edge_readings(values, kategori)
    assert list(found["kategori_bawah"][:3]) == ["Sedang", "Sedang", "Tinggi"]
    assert list(found["kategori_atas"][:3]) == ["Sedang", "Tinggi", "Tinggi"]
    assert list(found["berbeda"][:3]) == [False, True, False]
    assert found.loc["d"].isna().all()


def test_edge_readings_are_those_of_the_instruments_themselves():
    values = pd.Series(np.linspace(0, 100, 1001))
    for edge in ("bawah", "atas"):
        instrument = load_instrument(2022, readings={"batas_kategori": f"tepi_{edge}"})
        ours = edge_readings(values, load_instrument(2022).kategori)[f"kategori_{edge}"]
        assert list(ours) == list(instrument.kategori.of(values))


@pytest.mark.parametrize("year", [2022, 2024])
def test_every_open_question_is_listed_with_what_was_taken(year):
    assert available_instruments()
    instrument = load_instrument(year)
    found = open_questions(instrument)
    assert list(found.index) == list(instrument.tafsir)
    assert found["dihitung"].sum() == ("batas_kategori" in instrument.tafsir)
    for key, row in found.iterrows():
        choices = instrument.tafsir[key].pilihan
        assert row["dipakai"] == choices[instrument.pilihan_tafsir[key]].keterangan
        assert len(row["pilihan_lain"].split("; ")) >= len(choices) - 1


def test_neighbours_of_a_place_stand_on_both_sides_of_a_pair():
    pairs = load_neighbours()
    assert "3526" in neighbour_codes(pairs, "3578")  # over the bridge
    assert "3578" in neighbour_codes(pairs, "3526")
    assert "3526" not in neighbour_codes(load_neighbours(bridge=False), "3578")
    assert neighbour_codes(pairs, "3572") == ["3505"]  # Kota Blitar lies within Kab. Blitar
    assert neighbour_codes(pairs, "9999") == []


def test_two_morans_stand_side_by_side():
    # a path of four with alternating values: I = -1 by hand
    pairs = pd.DataFrame({"kode_a": ["a", "b", "c"], "kode_b": ["b", "c", "d"]})
    result = moran(pd.Series([1.0, -1.0, 1.0, -1.0], index=PLACES), pairs, seed=1, permutations=99)
    found = moran_table({"jalan": result, "sama": result})
    assert list(found.index) == ["jalan", "sama"]
    np.testing.assert_allclose(found["moran"], -1.0)
    np.testing.assert_allclose(found["harapan"], -1 / 3)
    assert found.loc["jalan", "n_pasangan"] == 3


def test_hidden_rows_stay_hidden_and_other_instruments_leave():
    table = pd.DataFrame({"id_instrumen": ["x", "y", pd.NA]}, index=PLACES[:3])
    assert list(under_instrument(table, "x").index) == ["a", "c"]


def test_the_people_of_a_folder_are_those_of_its_places():
    siap = open_prepared(None, 2022)
    everyone = siap.people("ip-asn-2019")
    assert len(everyone) == sum(len(siap.skor(kode)) for kode in siap.kode_kabkota)
    assert siap.hidden("ip-asn-2019") == frozenset()
    with pytest.raises(ParameterError, match="nobody was scored under 'x'"):
        siap.people("x")


STRUCTURE = pd.DataFrame(
    {"ln_pegawai": [1.0, 1.1, 5.0, 1.0], "bagian_pppk": [0.2, np.nan, np.nan, np.nan]},
    index=PLACES,
)
MEANS = pd.DataFrame({"indeks": [70.0, 71.0, 72.0, np.nan]}, index=PLACES)


def test_peers_are_the_nearest_that_are_shown():
    assert shared_columns(STRUCTURE) == ["ln_pegawai"]
    found = structural_peers(STRUCTURE[["ln_pegawai"]], MEANS, "a", n=1)
    # d is as near as can be, but hidden
    assert list(found.index) == ["a", "b"]
    assert found["jarak"].iloc[0] == 0.0
    spread = np.std([1.0, 1.1, 5.0])
    np.testing.assert_allclose(found["jarak"].iloc[1], 0.1 / spread)


def test_a_place_without_a_description_has_no_peers():
    assert list(structural_peers(STRUCTURE, MEANS, "b").index) == ["b"]
    assert list(structural_peers(STRUCTURE[["ln_pegawai"]], MEANS, "d").index) == ["d"]
    with pytest.raises(ParameterError, match="not in the table"):
        structural_peers(STRUCTURE, MEANS, "z")
