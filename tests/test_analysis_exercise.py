"""What-ifs of one place against the persons scored anew."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.analysis import exercise
from ipasn_lib.analysis.lacking import lacking_counts
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.score import score, score_detail
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.synthetic import synthesize

LAW = load_instrument(2022)
PLACES = ["3501", "3510", "3571", "3578"]
HERE = "3578"
PEOPLE = synthesize(11, scale=0.02, tahun=2022, instrument=LAW, kabkota=PLACES)
DETAIL = score_detail(PEOPLE, LAW)
OTHER = {"kualifikasi": 30.0, "kompetensi": 30.0, "kinerja": 20.0, "disiplin": 20.0}


def means(people: pd.DataFrame, law=LAW) -> pd.DataFrame:
    return aggregate(score(people, law), by=["kode_kabkota"])


def gains() -> pd.DataFrame:
    here = (PEOPLE["kode_kabkota"] == HERE).to_numpy()
    return exercise.open_gains(lacking_counts(DETAIL[here], score(PEOPLE, LAW)[here], LAW))


def rank(index: pd.Series) -> int:
    return 1 + int((index > index[HERE] + 1e-9).sum())


def test_nothing_changed_is_the_official_index():
    table = means(PEOPLE)
    got = exercise.what_if(table, LAW, gains(), kode=HERE)
    assert got.indeks == pytest.approx(table.loc[HERE, "indeks"], abs=1e-9)
    assert got.kategori == table.loc[HERE, "kategori"]
    assert (got.peringkat, got.jumlah) == (rank(table["indeks"]), 4)
    assert got.resmi


def test_other_weights_are_those_of_the_persons_scored_under_them():
    anew = means(PEOPLE, LAW.with_weights(OTHER))
    got = exercise.what_if(means(PEOPLE), LAW, gains(), kode=HERE, bobot=OTHER)
    assert got.indeks == pytest.approx(anew.loc[HERE, "indeks"], abs=1e-9)
    assert got.kategori == anew.loc[HERE, "kategori"]
    assert got.peringkat == rank(anew["indeks"])
    assert got.bobot == OTHER
    assert not got.resmi


def test_a_whole_plan_is_that_of_the_persons_who_have_carried_it_out():
    # 20 hours of technical training is full marks in that indicator for everybody.
    after = PEOPLE.copy()
    after.loc[after["kode_kabkota"] == HERE, "jp_diklat_teknis"] = 20.0
    anew = means(after)
    table = means(PEOPLE)
    assert anew.loc[HERE, "indeks"] > table.loc[HERE, "indeks"] + 1
    key = "kompetensi.diklat_teknis"
    got = exercise.what_if(table, LAW, gains(), kode=HERE, dilengkapi={key: 1.0})
    assert got.indeks == pytest.approx(anew.loc[HERE, "indeks"], abs=1e-9)
    assert got.peringkat == rank(anew["indeks"])
    # Half of it, of people chosen at random, is half of the gain.
    half = exercise.what_if(table, LAW, gains(), kode=HERE, dilengkapi={key: 0.5})
    middle = (table.loc[HERE, "indeks"] + anew.loc[HERE, "indeks"]) / 2
    assert half.indeks == pytest.approx(middle, abs=1e-9)
    # A plan counts under other weights, too.
    both = exercise.what_if(table, LAW, gains(), kode=HERE, bobot=OTHER, dilengkapi={key: 1.0})
    scored = means(after, LAW.with_weights(OTHER))
    assert both.indeks == pytest.approx(scored.loc[HERE, "indeks"], abs=1e-9)


@pytest.mark.parametrize(("tepi", "kategori"), [("bawah", "Sedang"), ("atas", "Tinggi")])
def test_the_edge_between_two_bands_is_read_as_asked(tepi, kategori):
    # 20 + 32.5 + 24 + 4 = 80.5, between the printed 71-80 and 81-90
    table = pd.DataFrame(
        {"kualifikasi": [20.0], "kompetensi": [32.5], "kinerja": [24.0], "disiplin": [4.0]},
        index=["3510"],
    )
    nothing = gains().iloc[:0]
    got = exercise.what_if(table, LAW, nothing, kode="3510", tepi=tepi)
    assert got.indeks == pytest.approx(80.5)
    assert got.kategori == kategori
    assert got.resmi is (tepi == "bawah")


def test_hidden_places_are_neither_ranked_nor_answered():
    table = means(PEOPLE)
    table.loc["3501", ["kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"]] = np.nan
    assert exercise.what_if(table, LAW, gains(), kode=HERE).jumlah == 3
    with pytest.raises(NotMeasurableError):
        exercise.what_if(table, LAW, gains(), kode="3501")
    drawn = {exercise.draw_place(table, seed=seed) for seed in range(40)}
    assert drawn == {"3510", "3571", "3578"}
    assert exercise.draw_place(table, seed=5) == exercise.draw_place(table, seed=5)
    with pytest.raises(NotMeasurableError):
        exercise.draw_place(table.assign(indeks=np.nan), seed=1)


def test_what_is_hidden_cannot_be_planned():
    table = pd.DataFrame(
        {
            "dimensi": ["kompetensi"] * 3,
            "indikator": ["seminar", "seminar", "diklat_teknis"],
            "label": ["Seminar", "Seminar", "Diklat"],
            "poin_hilang": pd.array([0.5, 1.5, pd.NA], "Float64"),
        }
    )
    shown = exercise.open_gains(table)
    assert list(shown.index) == ["kompetensi.seminar"]
    assert shown.loc["kompetensi.seminar", "poin_hilang"] == 1.5  # everybody's row, the last


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kode": "3599"}, "3599"),
        ({"bobot": {**OTHER, "disiplin": 30.0}}, "100"),
        ({"dilengkapi": {"kinerja.rajin": 0.5}}, "rajin"),
        ({"dilengkapi": {"kompetensi.diklat_teknis": 1.5}}, "0-1"),
        ({"tepi": "tengah"}, "tengah"),
    ],
)
def test_wrong_questions_are_refused(asked, said):
    with pytest.raises(ParameterError, match=said):
        exercise.what_if(means(PEOPLE), LAW, gains(), **{"kode": HERE, **asked})


def test_answers_stand_against_the_first():
    def ask(dilengkapi=None):
        return exercise.what_if(means(PEOPLE), LAW, gains(), kode=HERE, dilengkapi=dilengkapi)

    plans = exercise.plan_answers(ask, gains(), bagian=0.5)
    table = exercise.answers({"Resmi": ask(), **plans})
    lost = gains()["poin_hilang"]
    assert table.loc["Resmi", "selisih"] == 0
    single = table.iloc[1:-1]["selisih"]
    np.testing.assert_allclose(single, sorted(lost / 2, reverse=True))
    assert table.loc["semua", "selisih"] == pytest.approx(lost.sum() / 2)
    with pytest.raises(ParameterError):
        exercise.answers({})


def test_tables_given_are_not_changed():
    table, open_ = means(PEOPLE), gains()
    before = table.copy(), open_.copy()
    exercise.what_if(table, LAW, open_, kode=HERE, dilengkapi={open_.index[0]: 1.0})
    pd.testing.assert_frame_equal(table, before[0])
    pd.testing.assert_frame_equal(open_, before[1])
