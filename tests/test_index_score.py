"""Scoring: what is missing, who is measured, and bounds that hold for any record."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import people
from hypothesis import given
from hypothesis import strategies as st

from ipasn_lib.errors import DataError
from ipasn_lib.index.score import add_rejected, score, score_detail
from ipasn_lib.law.instrument import DIMENSI
from ipasn_lib.law.loading import available_instruments, load_instrument

LAW = load_instrument(2022)
SCORES = [*DIMENSI, "indeks"]


def given_scores(**scores):
    row = {"tahun": 2023, "kode_kabkota": "3510", "unit_kerja": "A", "sumber_data": "sintetis, uji"}
    return people({**row, **scores}, base={})


def test_a_missing_skp_scores_zero_by_default():
    person = people({"nilai_kinerja": np.nan})
    got = score(person, LAW).iloc[0]
    # S-1 15, no course 0, SKP missing 0, never sanctioned 5
    assert (got["kinerja"], got["indeks"], got["status_ukur"]) == (0, 20, "terukur")


def test_a_missing_skp_read_as_not_measured_is_counted_without_points():
    person = people({"nilai_kinerja": np.nan})
    got = score(person, load_instrument(2022, {"kinerja_kosong": "tidak_diukur"})).iloc[0]
    assert got["status_ukur"] == "tidak_terukur"
    assert got[[*SCORES, "kategori"]].isna().all()


def test_a_blank_sanction_is_refused_or_read_as_bkns_form_of_2018_does():
    person = people({"hukuman_disiplin": None})
    with pytest.raises(DataError) as error:
        score(person, LAW)
    assert error.value.problems.to_dict("records") == [
        {
            "kolom": "hukuman_disiplin",
            "aturan": "kosong",
            "jumlah": 1,
            "harapan": "isi kolom ini",
        }
    ]
    read = score(person, load_instrument(2022, {"hukuman_kosong": "tidak_pernah"}))
    assert read["disiplin"].tolist() == [5]


def test_a_blank_matters_only_for_the_groups_that_can_earn_points():
    # Peraturan BKN 8/2019: leadership courses count for struktural only
    pelaksana = people({"kelompok_jabatan": "pelaksana", "diklat_kepemimpinan": pd.NA})
    assert score(pelaksana, LAW)["kompetensi"].tolist() == [0]
    with pytest.raises(DataError):
        score(people({"diklat_kepemimpinan": pd.NA}), LAW)


def test_pppk_are_no_subject_of_the_2019_instrument_and_are_of_the_later_one():
    got = score(people({"jenis_asn": "PPPK"}, {"jenis_asn": "PNS"}), LAW)
    assert got["status_ukur"].tolist() == ["bukan_subjek", "terukur"]
    assert got["indeks"].isna().tolist() == [True, False]
    later = given_scores(
        jenis_asn="PPPK", kualifikasi=20.0, kompetensi=30.0, kinerja=25.0, disiplin=5.0
    )
    assert score(later, load_instrument(2023))["indeks"].tolist() == [80]


def test_scores_as_given_are_taken_for_any_year_and_say_so():
    # Kab. Banjar 2022, computed in SIASN on 3 Nov 2023: 21.18 + 12.85 + 24.96 + 5.00 = 63.99
    person = given_scores(kualifikasi=21.18, kompetensi=12.85, kinerja=24.96, disiplin=5.0)
    got = score(person, LAW).iloc[0]
    np.testing.assert_allclose(got["indeks"], 63.99, atol=1e-9)
    assert got["kategori"] == "Rendah"
    assert got["id_instrumen"] == "ip-asn-2019+skor-diberikan"


def test_a_score_above_its_maximum_is_refused():
    person = given_scores(kualifikasi=25.01, kompetensi=12.85, kinerja=24.96, disiplin=5.0)
    with pytest.raises(DataError) as error:
        score(person, LAW)
    assert error.value.problems["kolom"].tolist() == ["kualifikasi"]


def test_neither_records_nor_scores_is_an_error_that_names_the_columns():
    with pytest.raises(DataError, match="lacks hukuman_disiplin"):
        score(people({}).drop(columns="hukuman_disiplin"), LAW)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("jenjang_pendidikan", "S9"),
        ("nilai_kinerja", 100.5),
        ("nilai_kinerja", -1.0),
        ("jp_diklat_teknis", np.inf),
        ("hukuman_disiplin", "dahsyat"),
    ],
)
def test_values_outside_the_instrument_are_refused_without_being_shown(column, value):
    with pytest.raises(DataError) as error:
        score(people({column: value}), LAW)
    problems = error.value.problems
    assert problems["kolom"].unique().tolist() == [column]
    assert str(value) not in str(error.value) + problems.drop(columns="harapan").to_string()


def test_an_unknown_job_group_is_refused():
    with pytest.raises(DataError, match="kelompok_jabatan is blank or unknown for 1"):
        score(people({"kelompok_jabatan": "nakhoda"}), LAW)


def test_detail_sums_to_the_dimensions():
    rows = people({"diklat_kepemimpinan": True}, {"jp_diklat_teknis": 20.0, "seminar": True})
    skor, rincian = score(rows, LAW), score_detail(rows, LAW)
    assert rincian.columns.tolist() == [
        f"{d}.{i.nama}" for d, dim in LAW.dimensi.items() for i in dim.indikator
    ]
    for name in DIMENSI:
        parts = rincian.filter(regex=f"^{name}\\.").sum(axis=1)
        assert parts.tolist() == skor[name].tolist()


def test_other_weights_keep_each_share_of_the_maximum():
    law = LAW.with_weights({"kualifikasi": 50, "kompetensi": 20, "kinerja": 20, "disiplin": 10})
    person = people({"diklat_kepemimpinan": True, "hukuman_disiplin": "sedang"})
    got = score(person, law).iloc[0]
    # official 15, 15, 25, 2 times 50/25, 20/40, 20/30, 10/5
    np.testing.assert_allclose(got[list(DIMENSI)].astype(float), [30, 7.5, 50 / 3, 4])


def test_refused_rows_are_added_as_not_measured_once_a_person():
    skor = score(people({}, {}), LAW)
    keys = pd.DataFrame(
        {"tahun": [2022] * 3, "kode_kabkota": ["3510"] * 3, "unit_kerja": ["A", None, "A"]},
        index=pd.Index(["x", "x", "p0000"], name="id_pegawai"),
    )
    got = add_rejected(skor, keys)
    assert got.index.tolist() == ["p0000", "p0001", "x"]
    assert got["status_ukur"].tolist() == ["terukur", "terukur", "ditolak"]
    assert got.loc["x", SCORES].isna().all()
    assert got.dtypes.to_dict() == skor.dtypes.to_dict()


RECORD = st.fixed_dictionaries(
    {
        "kelompok_jabatan": st.sampled_from(LAW.kelompok_jabatan),
        "jenjang_pendidikan": st.sampled_from(LAW.kolom["jenjang_pendidikan"].pilihan),
        "diklat_kepemimpinan": st.booleans(),
        "diklat_fungsional": st.booleans(),
        "seminar": st.booleans(),
        "jp_diklat_teknis": st.floats(0, 2000),
        "nilai_kinerja": st.one_of(st.just(np.nan), st.floats(0, 100)),
        "hukuman_disiplin": st.sampled_from(LAW.kolom["hukuman_disiplin"].pilihan),
    }
)
READINGS = st.fixed_dictionaries(
    {}, optional={k: st.sampled_from(list(r.pilihan)) for k, r in LAW.tafsir.items()}
)


@given(st.lists(RECORD, min_size=1, max_size=8), READINGS)
def test_points_stay_within_their_maxima_for_any_record_and_reading(rows, readings):
    law = load_instrument(2022, readings)
    got = score(people(*rows), law)
    measured = got.loc[got["status_ukur"] == "terukur"]
    for name, most in law.bobot.items():
        assert measured[name].between(0, most).all()
    assert measured["indeks"].between(0, 100).all()
    np.testing.assert_allclose(measured["indeks"], measured[list(DIMENSI)].sum(axis=1))


@given(RECORD, st.sampled_from(["jenjang", "diklat", "jp", "seminar", "kinerja", "hukuman"]))
def test_a_better_record_never_scores_lower(row, what):
    better = dict(row)
    if what == "jenjang":
        order = ["SD", "SLTP", "SLTA", "D1", "D2", "D3", "D4", "S1", "Profesi", "S2", "S3"]
        position = (
            order.index(row["jenjang_pendidikan"]) if row["jenjang_pendidikan"] in order else 9
        )
        better["jenjang_pendidikan"] = order[min(position + 1, 10)]
    elif what == "diklat":
        better |= {"diklat_kepemimpinan": True, "diklat_fungsional": True}
    elif what == "jp":
        better["jp_diklat_teknis"] = min(row["jp_diklat_teknis"] + 5, 2000)
    elif what == "seminar":
        better["seminar"] = True
    elif what == "kinerja":
        better["nilai_kinerja"] = np.fmin(np.nan_to_num(row["nilai_kinerja"]) + 3, 100)
    else:
        worse = ["berat", "sedang", "ringan", "tidak_pernah"]
        better["hukuman_disiplin"] = worse[min(worse.index(row["hukuman_disiplin"]) + 1, 3)]
    before, after = score(people(row, better), LAW)["indeks"]
    assert after >= before


def test_order_of_rows_changes_nothing():
    rows = people({"seminar": True}, {"jenjang_pendidikan": "S2"}, {"hukuman_disiplin": "berat"})
    for instrument in available_instruments().values():
        if instrument.is_given:
            continue
        once = score(rows, instrument)
        again = score(rows.iloc[::-1], instrument).loc[rows.index]
        pd.testing.assert_frame_equal(once, again)
