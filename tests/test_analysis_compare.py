"""Ranks, gaps, peers, who lacks what, and the spread: by hand, and by trying to subtract."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipasn_lib.analysis.compare import (
    comparable_places,
    gap_to_target,
    percent_of_maximum,
    rank_of,
    rank_places,
    similar_size_peers,
    single_index,
    weighted_peer_mean,
)
from ipasn_lib.analysis.distribution import category_shares, safe_quantiles, score_distribution
from ipasn_lib.analysis.lacking import SEMUA, lacking_counts
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.index.score import score, score_detail
from ipasn_lib.law.loading import load_instrument

INSTRUMENT = load_instrument(2022)
NA = pd.NA


def places(indeks, n=None, codes=None):
    codes = codes or [f"35{k:02d}" for k in range(1, len(indeks) + 1)]
    n = n or [100] * len(indeks)
    hidden = [value is None for value in indeks]
    table = pd.DataFrame(
        {
            "n_pegawai": pd.array(
                [NA if h else k for h, k in zip(hidden, n, strict=True)], "Int64"
            ),
            "n_terukur": pd.array(
                [NA if h else k for h, k in zip(hidden, n, strict=True)], "Int64"
            ),
            "indeks": [np.nan if v is None else v for v in indeks],
            "id_instrumen": [None if h else INSTRUMENT.id for h in hidden],
        },
        index=pd.Index(codes, name="kode_kabkota"),
    )
    for name, share in {
        "kualifikasi": 0.25,
        "kompetensi": 0.4,
        "kinerja": 0.3,
        "disiplin": 0.05,
    }.items():
        table[name] = table["indeks"] * share
    return table


def people(n_struktural=0, n_fungsional=0, n_pelaksana=0, **columns):
    """Everybody with S1, all training, SKP 80, no sanction, unless a column says otherwise."""
    groups = (
        ["struktural"] * n_struktural + ["fungsional"] * n_fungsional + ["pelaksana"] * n_pelaksana
    )
    n = len(groups)
    table = pd.DataFrame(
        {
            "tahun": 2022,
            "kode_kabkota": "3510",
            "unit_kerja": "Dinas A",
            "jenis_asn": pd.Categorical(["PNS"] * n, categories=["PNS", "PPPK"]),
            "kelompok_jabatan": pd.Categorical(
                groups, categories=list(INSTRUMENT.kelompok_jabatan)
            ),
            "golongan": "III/a",
            "jenis_kelamin": pd.Categorical(["L"] * n),
            "sumber_data": "sintetis, benih 1",
            "jenjang_pendidikan": "S1",
            "diklat_kepemimpinan": pd.array([True] * n, "boolean"),
            "diklat_fungsional": pd.array([True] * n, "boolean"),
            "seminar": pd.array([True] * n, "boolean"),
            "jp_diklat_teknis": 20.0,
            "nilai_kinerja": 80.0,
            "hukuman_disiplin": "tidak_pernah",
        },
        index=pd.Index([f"p{k:05d}" for k in range(n)], name="id_pegawai"),
    )
    return table.assign(**columns)


# --- ranks -------------------------------------------------------------------------------


def test_ties_share_a_rank_and_the_next_rank_is_skipped():
    # 82 first; 80 twice: two places are not lower than the third, so 2, 2, then 4.
    ranked = rank_places(places([80.0, 82.0, 80.0, 71.0]))
    assert ranked["peringkat"].tolist() == [2, 1, 2, 4]
    assert ranked["seri"].tolist() == [True, False, True, False]


def test_ranks_use_the_unrounded_index_but_not_float_noise():
    # 80.001 and 80.004 both print 80.00; 0.1 + 0.2 and 0.3 differ by 4e-17 only.
    ranked = rank_places(places([80.001, 80.004, 0.1 + 0.2, 0.3]))
    assert ranked["peringkat"].tolist() == [2, 1, 3, 3]
    assert ranked["seri"].tolist() == [False, False, True, True]


def test_a_hidden_place_has_no_rank_and_takes_none():
    ranked = rank_places(places([None, 70.0, 75.0]))
    assert ranked["peringkat"].isna().tolist() == [True, False, False]
    assert ranked["seri"].isna().tolist() == [True, False, False]
    assert ranked["peringkat"].tolist()[1:] == [2, 1]


def test_places_under_two_instruments_are_ranked_apart():
    # 2019: 70 and 75; 2023: 60 and 75. Each pair has its own first and second; 75 is no tie.
    table = places([70.0, 75.0, 60.0, 75.0, None])
    table["id_instrumen"] = ["ip-asn-2019", "ip-asn-2019", "ip-asn-2023", "ip-asn-2023", None]
    ranked = rank_places(table)
    assert ranked["peringkat"].tolist()[:4] == [2, 1, 2, 1]
    assert not ranked["seri"][:4].any()
    assert rank_of(ranked, "3504") == (1, 2)
    assert rank_of(ranked, "3505") is None


def test_the_index_of_one_row():
    assert single_index(places([70.25])) == 70.25
    assert single_index(places([None])) is None
    with pytest.raises(ParameterError, match="2 rows"):
        single_index(places([70.0, 71.0]))


def test_two_years_are_not_ranked_together():
    table = places([70.0, 75.0])
    table.index = pd.MultiIndex.from_tuples(
        [(2021, "3501"), (2022, "3501")], names=["tahun", "kode_kabkota"]
    )
    with pytest.raises(ParameterError, match="one year"):
        rank_places(table)


@given(st.lists(st.sampled_from([60.0, 70.5, 80.0, 80.5, 91.0]), min_size=1, max_size=30))
def test_rank_is_one_more_than_the_number_of_higher_places(values):
    ranked = rank_places(places(values, codes=[f"c{k}" for k in range(len(values))]))
    assert ranked["peringkat"].tolist() == [1 + sum(w > v for w in values) for v in values]


def test_input_is_not_changed():
    table = places([80.0, None])
    before = table.copy(deep=True)
    rank_places(table), gap_to_target(table, 81), percent_of_maximum(table, INSTRUMENT)
    pd.testing.assert_frame_equal(table, before)


# --- gap and share of maximum ------------------------------------------------------------


def test_gap_is_index_minus_target():
    gap = gap_to_target(places([78.25, 81.0, None]), 81)
    assert gap["selisih_target"].tolist()[:2] == [-2.75, 0.0]
    assert gap["mencapai_target"].tolist()[:2] == [False, True]
    assert gap["mencapai_target"].isna().tolist() == [False, False, True]
    with pytest.raises(ParameterError):
        gap_to_target(places([78.25]), 101)


def test_share_of_maximum_divides_by_the_weights():
    table = places([80.0])
    # 20 of 25, 12 of 40, 24 of 30, 4 of 5, 60 of 100
    table[["kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"]] = [
        20.0,
        12.0,
        24.0,
        4.0,
        60.0,
    ]
    assert percent_of_maximum(table, INSTRUMENT).iloc[0].tolist() == pytest.approx(
        [0.8, 0.3, 0.8, 0.8, 0.6]
    )
    with pytest.raises(ParameterError, match="made under"):
        percent_of_maximum(table, load_instrument(2023))


# --- peers -------------------------------------------------------------------------------

REGISTER = pd.DataFrame(
    {
        "label": ["Kab. A", "Kab. B", "Kab. C", "Kab. D", "Kota E"],
        "jenis": ["Kabupaten"] * 4 + ["Kota"],
    },
    index=pd.Index(["3501", "3502", "3503", "3504", "3571"], name="kode_kabkota"),
)


def test_peers_are_nearest_in_log_headcount_and_of_the_same_kind_first():
    # From 1,000: 500 is ln 2 = 0.693 away, 1,900 is 0.642 (nearer, though 900 people against
    # 500), 1,050 is the nearest of all but a Kota: it comes last.
    table = places(
        [70.0, 71.0, 72.0, None, 74.0], [1000, 500, 1900, 1001, 1050], list(REGISTER.index)
    )
    peers = similar_size_peers(REGISTER, table, "3501", n=3)
    assert peers.index.tolist() == ["3503", "3502", "3571"]
    assert peers["jarak_log"].tolist() == pytest.approx(
        [math.log(1.9), math.log(2), math.log(1.05)]
    )
    assert peers["jenis_sama"].tolist() == [True, True, False]
    assert similar_size_peers(REGISTER, table, "3501", n=2).index.tolist() == ["3503", "3502"]


def test_a_hidden_place_is_no_peer_and_has_none():
    table = places([70.0, 71.0, 72.0, None, 74.0], codes=list(REGISTER.index))
    assert "3504" not in similar_size_peers(REGISTER, table, "3501", n=9).index
    with pytest.raises(NotMeasurableError):
        similar_size_peers(REGISTER, table, "3504")
    with pytest.raises(ParameterError):
        similar_size_peers(REGISTER, table, "9999")


def test_comparable_places_are_peers_under_the_same_instrument():
    # From 3501 (1,000): 3502 (500) and 3503 (1,900) are of its kind; 3504 is measured otherwise.
    # Their mean: (500 x 71 + 1900 x 72) / 2400.
    table = places([70.0, 71.0, 72.0, 73.0, None], [1000, 500, 1900, 1001, 9], list(REGISTER.index))
    table.loc["3504", "id_instrumen"] = "ip-asn-2023"
    table["sumber_data"] = "sintetis, benih 1"
    found = comparable_places(REGISTER, table, "3501", n=5)
    assert found.table.index.tolist() == ["3503", "3502"]
    assert found.mean["indeks"].iloc[0] == pytest.approx((500 * 71 + 1900 * 72) / 2400)
    assert found.mean["sumber_data"].iloc[0] == "sintetis, benih 1"
    # nobody else is measured as 3504 is; 3571 is hidden itself
    assert comparable_places(REGISTER, table, "3504").mean is None
    assert comparable_places(REGISTER, table, "3571").table.empty


def test_peer_mean_is_weighted_by_headcount_as_in_kota_bima_2023():
    # Published: 3,252 PNS at 78.41 and 171 PPPK at 75.18 make 78.25.
    table = places([78.41, 75.18], [3252, 171])
    mean = weighted_peer_mean(table, ["3501", "3502"])
    assert round(mean["indeks"], 2) == 78.25
    assert mean["n_terukur"] == 3423
    with pytest.raises(ParameterError, match="hidden"):
        weighted_peer_mean(places([70.0, None]), ["3501", "3502"])


# --- who lacks what ----------------------------------------------------------------------


def lacking_of(pegawai, minimum=10):
    skor = score(pegawai, INSTRUMENT)
    return by_keys(lacking_counts(score_detail(pegawai, INSTRUMENT), skor, INSTRUMENT, minimum))


def by_keys(table):
    return table.set_index(["dimensi", "indikator", "kelompok_jabatan"]).sort_index()


def test_lacking_counts_by_hand():
    # 40 struktural, 60 pelaksana. 20 struktural and 30 pelaksana have no seminar; the same people
    # have no hours and (20 struktural) no leadership course, so that no count is too small.
    pegawai = people(n_struktural=40, n_pelaksana=60)
    without = np.r_[np.arange(20), np.arange(40, 70)]
    pegawai.iloc[without, pegawai.columns.get_loc("seminar")] = False
    pegawai.iloc[without, pegawai.columns.get_loc("jp_diklat_teknis")] = 0.0
    pegawai.iloc[without, pegawai.columns.get_loc("diklat_kepemimpinan")] = False
    row = lacking_of(pegawai).loc[("kompetensi", "seminar")]
    assert row["n_relevan"].to_dict() == {"struktural": 40, "pelaksana": 60, SEMUA: 100}
    assert row["n_kurang"].to_dict() == {"struktural": 20, "pelaksana": 30, SEMUA: 50}
    # lost: 20 x 10 = 200 and 30 x 17.5 = 525 points, over all 100 people of the place
    assert row["poin_hilang"].to_dict() == pytest.approx(
        {"struktural": 2.0, "pelaksana": 5.25, SEMUA: 7.25}
    )


def test_only_job_groups_that_can_earn_points_have_a_row():
    table = lacking_of(people(n_struktural=40, n_pelaksana=60))
    assert table.loc[("kompetensi", "diklat_kepemimpinan")].index.tolist() == ["struktural"]
    assert ("kompetensi", "diklat_fungsional") not in table.droplevel(2).index


@pytest.mark.parametrize(
    ("n_without", "shown"),
    [(0, False), (9, False), (10, True), (50, True), (51, False), (60, False)],
)
def test_a_count_is_shown_only_with_ten_people_on_both_sides(n_without, shown):
    pegawai = people(n_pelaksana=60)
    pegawai.iloc[:n_without, pegawai.columns.get_loc("hukuman_disiplin")] = "ringan"
    row = lacking_of(pegawai).loc[("disiplin", "hukuman_disiplin", "pelaksana")]
    assert row["n_relevan"] == 60
    assert pd.notna(row["n_kurang"]) == shown
    assert pd.notna(row["poin_hilang"]) == shown


def test_a_hidden_group_is_not_the_difference_between_all_and_the_rest():
    # 3 of 30 struktural lack the seminar: hidden. Shown beside "semua" and the other groups it
    # would be a subtraction, so one of those goes too.
    pegawai = people(n_struktural=30, n_fungsional=40, n_pelaksana=60)
    for start, n in ((0, 3), (30, 15), (70, 25)):
        pegawai.iloc[start : start + n, pegawai.columns.get_loc("seminar")] = False
    row = lacking_of(pegawai).loc[("kompetensi", "seminar"), "n_kurang"]
    assert pd.isna(row["struktural"])
    assert row.isna().sum() >= 2


def test_a_small_job_group_is_hidden_with_everything_that_gives_it_back():
    table = lacking_of(people(n_struktural=4, n_fungsional=40, n_pelaksana=60))
    assert table.xs("struktural", level=2).drop(columns="label").isna().all(axis=None)
    # the leadership course concerns the four struktural alone: no line of all gives them back
    assert ("kompetensi", "diklat_kepemimpinan", SEMUA) not in table.index
    seminar = table.loc[("kompetensi", "seminar"), "n_relevan"]
    assert seminar[SEMUA] == 104
    assert seminar.isna().sum() == 2  # struktural and one more


def test_a_place_under_the_minimum_shows_nothing():
    table = lacking_of(people(n_pelaksana=9))
    assert table.drop(columns="label").isna().all(axis=None)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(10, 40)),
    st.integers(0, 2**32 - 1),
)
def test_no_line_of_the_table_holds_a_single_hidden_count(sizes, bits):
    draw = np.random.default_rng(bits)
    pegawai = people(*sizes)
    n = len(pegawai)
    for column in ("seminar", "diklat_kepemimpinan", "diklat_fungsional"):
        pegawai[column] = pd.array(draw.random(n) < draw.random(), "boolean")
    pegawai["jp_diklat_teknis"] = np.where(draw.random(n) < draw.random(), 20.0, 0.0)
    table = lacking_of(pegawai)
    shown = table.dropna()
    assert (shown["n_kurang"] >= 10).all()
    assert (shown["n_relevan"] - shown["n_kurang"] >= 10).all()
    whole = []
    for _, line in table.groupby(level=[0, 1]):
        if len(line) > 1:
            assert line["n_kurang"].isna().sum() != 1
            assert line["n_relevan"].isna().sum() != 1
            # a dimension's mean tells what is lost in its only indicator: not by which group
            groups = line.drop(index=SEMUA, level=2)["n_kurang"]
            assert line.index[0][0] == "kompetensi" or groups.isna().sum() != 1
        all_of_it = line.xs(SEMUA, level=2) if len(line) > 1 else line.droplevel(2)
        whole.append(all_of_it["n_kurang"])
    # the dimension's mean is published: its indicators must not leave one to be subtracted
    kompetensi = pd.concat(whole).loc["kompetensi"]
    assert len(kompetensi) == 1 or kompetensi.isna().sum() != 1
    for group, line in table.loc["kompetensi"].groupby(level="kelompok_jabatan"):
        assert group == SEMUA or len(line) == 1 or line["n_kurang"].isna().sum() != 1


def test_given_scores_count_dimensions_below_their_maximum():
    instrument = load_instrument(2023)
    n = 40
    pegawai = people(n_pelaksana=n)[["tahun", "kode_kabkota", "jenis_asn", "sumber_data"]].assign(
        kualifikasi=20.0, kompetensi=[40.0] * 15 + [30.0] * 25, kinerja=25.0, disiplin=5.0
    )
    pegawai["kualifikasi"] = [25.0] * 20 + [20.0] * 20
    skor = score(pegawai, instrument)
    table = by_keys(lacking_counts(score_detail(pegawai, instrument), skor, instrument))
    row = table.loc[("kompetensi", "kompetensi", SEMUA)]
    assert row["n_kurang"] == 25
    assert row["poin_hilang"] == pytest.approx(25 * 10 / 40)


def test_tables_of_different_people_are_refused():
    pegawai = people(n_pelaksana=30)
    with pytest.raises(ParameterError, match="same people"):
        lacking_counts(
            score_detail(pegawai, INSTRUMENT), score(pegawai.iloc[1:], INSTRUMENT), INSTRUMENT
        )


# --- spread ------------------------------------------------------------------------------


def scored(indeks, **keys):
    indeks = np.asarray(indeks, dtype=float)
    n = len(indeks)
    table = pd.DataFrame(
        {
            "tahun": 2022,
            "kode_kabkota": "3510",
            "unit_kerja": "A",
            "sumber_data": "sintetis, benih 1",
            "kualifikasi": 0.0,
            "kompetensi": 0.0,
            "kinerja": 0.0,
            "disiplin": 5.0,
            "indeks": indeks,
            "kategori": INSTRUMENT.kategori.of(indeks),
            "status_ukur": np.where(np.isnan(indeks), "tidak_terukur", "terukur"),
            "id_instrumen": INSTRUMENT.id,
        },
        index=pd.Index([f"p{k}" for k in range(n)], name="id_pegawai"),
    )
    return table.assign(**keys)


def test_bins_are_merged_until_ten_people():
    # 3 people at 42, 12 at 80 (an edge: belongs to 80-85), 15 at 83, 4 at 97, 1 not measured.
    table = score_distribution(
        scored([42.0] * 3 + [80.0] * 12 + [83.0] * 15 + [97.0] * 4 + [np.nan]), INSTRUMENT
    )
    # [0, 85) holds 3 + 27 = 30; the 4 at the right are too few and join it.
    assert table[["bawah", "atas", "n"]].values.tolist() == [[0, 100, 34]]
    table = score_distribution(scored([42.0] * 13 + [80.0] * 12 + [97.0] * 11), INSTRUMENT)
    assert table[["bawah", "atas", "n"]].values.tolist() == [
        [0, 45, 13],
        [45, 85, 12],
        [85, 100, 11],
    ]
    assert table["bagian"].sum() == pytest.approx(1)
    # 13/36 of the people over nine bins of five points
    assert table["bagian_per_lebar"][0] == pytest.approx(13 / 36 / 9)


def test_a_small_place_has_no_histogram():
    assert score_distribution(scored([70.0] * 9), INSTRUMENT)[["n", "bagian"]].isna().all(axis=None)


@given(st.lists(st.integers(0, 200).map(lambda k: k / 2), min_size=10, max_size=80))
def test_every_bin_holds_ten_and_all_people_are_in_one(values):
    table = score_distribution(scored(values), INSTRUMENT)
    assert (table["n"] >= 10).all()
    assert table["n"].sum() == len(values)
    assert table["bawah"].tolist() == [0, *table["atas"].tolist()[:-1]]
    for row in table.itertuples():
        last = row.atas == 100
        inside = sum(row.bawah <= v < row.atas or (last and v == 100) for v in values)
        assert inside == row.n


def test_category_shares_by_hand():
    # 40 Sangat Rendah, 30 Sedang, 30 Tinggi; the two empty categories are under ten and would
    # be "nobody": hidden, and with them the smallest shown one (their sum, 0, is under ten).
    table = category_shares(scored([50.0] * 40 + [75.0] * 30 + [85.0] * 30), [], INSTRUMENT)
    row = table.iloc[0]
    assert row["n_terukur"] == 100
    assert row["Sangat Rendah"] == pytest.approx(0.4)
    assert row[list(INSTRUMENT.kategori.nama)].isna().sum() == 3
    assert row["tersembunyi"] == pytest.approx(0.3)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_category_shares_leave_no_single_hidden_cell_in_a_line(seed, n_units):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(10, 200))
    skor = scored(draw.choice([50.0, 65.0, 75.0, 85.0, 95.0], n, p=draw.dirichlet(np.ones(5))))
    skor["unit_kerja"] = draw.choice([f"U{k}" for k in range(n_units)], n)
    names = list(INSTRUMENT.kategori.nama)
    parent = category_shares(skor, ["kode_kabkota"], INSTRUMENT)
    table = category_shares(skor, ["kode_kabkota", "unit_kerja"], INSTRUMENT)
    hidden = table[names].isna()
    truth = pd.crosstab(skor["unit_kerja"], skor["kategori"]).reindex(columns=names, fill_value=0)
    truth = truth.reindex(table.index.get_level_values("unit_kerja")).to_numpy()
    assert (truth[~hidden.to_numpy()] >= 10).all()
    visible = table["n_terukur"].notna().to_numpy()
    for row, counts in zip(hidden.to_numpy()[visible], truth[visible], strict=True):
        assert not row.any() or (row.sum() >= 2 and counts[row].sum() >= 10) or row.all()
    for column, counts, above in zip(
        hidden.to_numpy().T, truth.T, parent[names].isna().iloc[0], strict=True
    ):
        if not above:  # the parent's count is public
            assert not column.any() or (column.sum() >= 2 and counts[column].sum() >= 10)


def test_quantiles_need_ten_people_on_both_sides():
    # 21 values 0..20: the median is 10 with ten below and ten above; the quartiles have five.
    found = safe_quantiles(np.arange(21.0), [0.0, 0.25, 0.5, 0.75, 1.0])
    assert found[0.5] == 10
    assert found.drop(0.5).isna().all()
    # 41 values 0..40: quartiles 10 and 30 have ten on the outer side.
    found = safe_quantiles(np.r_[np.arange(41.0), np.nan], [0.05, 0.25, 0.5, 0.75])
    assert found[[0.25, 0.5, 0.75]].tolist() == [10, 20, 30]
    assert np.isnan(found[0.05])
    assert safe_quantiles([], [0.5]).isna().all()
    with pytest.raises(ParameterError):
        safe_quantiles([1.0], [1.5])
