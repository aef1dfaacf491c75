"""Rows chosen by year and period; estimate and checks laid out, checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.analysis import impact, merit
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.pay_rules import available_pay_rules
from ipasn_lib.law.predicate_rules import load_distribution_rule

PERIODS = pd.DataFrame(
    {
        "id_pegawai": ["a", "b", "a", "b", "a"],
        "periode": ["2024-12", "2024-12", "2025-01", "2025-01", "2025-11"],
        "predikat": [None] * 5,
        "nilai": [80.0, np.nan, 81.0, 70.0, 90.0],
    }
)


def test_rows_of_a_year_and_of_its_last_period():
    year = merit.of_year(PERIODS, 2025)
    assert year["periode"].tolist() == ["2025-01", "2025-01", "2025-11"]
    assert merit.last_period(year)["id_pegawai"].tolist() == ["a"]
    assert merit.of_year(PERIODS.assign(periode="2023"), 2023)["id_pegawai"].size == 5
    with pytest.raises(ParameterError, match="2024, 2025"):
        merit.of_year(PERIODS, 2020)


def test_the_measure_is_the_predicate_where_anybody_has_one():
    assert merit.known_measure(PERIODS) == "nilai"
    assert merit.why_no_predicates(PERIODS) == "tanpa_predikat"
    rated = PERIODS.assign(predikat=["Baik", None, None, None, None])
    assert merit.known_measure(rated) == "predikat"
    assert merit.why_no_predicates(rated) == ""
    with pytest.raises(ParameterError, match="nobody"):
        merit.known_measure(PERIODS.assign(nilai=np.nan))


def panel() -> tuple[pd.DataFrame, pd.Series]:
    """Six places, six years; C and D adopt 2003, E 2004, F from the start."""
    rng = np.random.default_rng(5)
    rows = [
        (place, year, 50.0 + 2 * k + (year - 2000) + rng.normal(0, 0.3))
        for k, place in enumerate("ABCDEF")
        for year in range(2000, 2006)
    ]
    table = pd.DataFrame(rows, columns=["kode_kabkota", "tahun", "indeks"])
    dates = pd.Series(
        pd.array([None, None, 2003, 2003, 2004, 2000], dtype="Int64"), index=list("ABCDEF")
    )
    return table.assign(sumber_data="sintetis, benih 5", id_instrumen="uji"), dates


def test_paths_are_plain_means_of_adopters_and_others():
    table, dates = panel()
    paths = impact.mean_paths(table, dates)
    of = table.set_index(["kode_kabkota", "tahun"])["indeks"]
    for year in range(2000, 2006):
        assert paths.loc[year, "menerapkan"] == pytest.approx(
            (of["C", year] + of["D", year] + of["E", year]) / 3
        )
        assert paths.loc[year, "tidak"] == pytest.approx((of["A", year] + of["B", year]) / 2)
    assert paths["mulai"].tolist() == [0, 0, 0, 2, 1, 0]


def test_years_around_adoption_rise_and_keep_the_numbers():
    table, dates = panel()
    effect = impact.adoption_effect(table, dates)
    before = impact.pretrend_test(table, dates, leads=1)
    shown = impact.years_around(effect, before)
    assert shown["waktu"].tolist() == [-1, 0, 1, 2]
    assert shown["efek"].iloc[0] == before.per_jarak.loc[-1, "beda"]
    assert shown["efek"].iloc[1:].tolist() == effect.per_jarak["efek"].tolist()
    assert set(shown["sumber_data"]) == {"sintetis, benih 5"}
    listed = impact.effect_by_year(effect)
    assert listed["jarak"].tolist() == ["rata_rata", "0", "1", "2"]
    assert listed["efek"].iloc[0] == effect.efek
    assert listed["n_tempat"].tolist() == [3, 3, 3, 2]


def test_checks_stand_together_with_their_own_p():
    table, dates = panel()
    effect = impact.adoption_effect(table, dates)
    before = impact.pretrend_test(table, dates, leads=1)
    fake = impact.placebo_effects(table, dates)
    lots = impact.randomisation_test(table, dates, seed=1, permutations=99)
    checks = impact.checks_together(effect, before, fake, lots)
    assert checks["uji"].tolist() == ["jalur_sebelum", "tanggal_palsu", "tanggal_palsu", "undian"]
    assert checks["p"].tolist() == [before.p, *fake["p"], lots.p]
    assert checks["mundur"].dropna().tolist() == [1, 2]


def test_a_single_adopter_is_dealt_out_by_its_effect_and_not_tested_before():
    table, dates = panel()
    whole = impact.study_adoption(table, dates, seed=1, permutations=99)
    assert whole.acak.ukuran == "t"
    assert whole.sebelum.derajat[0] == 2
    assert (whole.tanpa_pengaruh, whole.tanpa_undian, whole.semua_dipakai) == ("", "", "")
    alone = dates.where(dates.index == "C")
    with pytest.raises(NotMeasurableError, match="two or more adopters"):
        impact.pretrend_test(table, alone, leads=1)
    study = impact.study_adoption(table, alone, seed=1, permutations=99)
    assert study.sebelum is None
    assert study.acak.ukuran == "efek"
    assert study.semua_dipakai == "semua_dipakai"
    checks = impact.checks_together(study.pengaruh, study.sebelum, study.palsu, study.acak)
    assert checks["p"].isna().tolist() == [True, True, True, False]
    said = impact.cannot_conclude(study.pengaruh, study.sebelum, study.palsu, study.acak)
    assert any("tidak dapat diuji" in s for s in said)
    assert any("Hanya satu daerah" in s for s in said)
    # the years before are left out of the figure, not drawn as sure
    assert impact.years_around(study.pengaruh, None)["waktu"].min() == 0


@pytest.mark.parametrize(("years", "tested"), [(range(2002, 2006), 0), (range(2001, 2006), 1)])
def test_a_short_panel_is_tested_as_far_as_it_goes(years, tested):
    # C and D have one year before 2003 in the first, two in the second
    table, dates = panel()
    dates = dates.where(dates != 2004)
    short = table.loc[table["tahun"].isin(years)]
    study = impact.study_adoption(short, dates, seed=1, permutations=99)
    assert (0 if study.sebelum is None else study.sebelum.derajat[0]) == tested
    assert study.pengaruh is not None


def test_a_panel_without_comparison_concludes_nothing():
    table, dates = panel()
    one_year = impact.study_adoption(table.loc[table["tahun"] == 2005], dates, seed=1)
    assert one_year.pengaruh is None
    assert one_year.tanpa_pengaruh == "tanpa_pembanding_dampak"
    (said,) = impact.cannot_conclude(None)
    assert "tidak dapat ditaksir" in said
    same = dates.mask(dates.notna() | dates.isna(), 2003)
    assert impact.study_adoption(table, same, seed=1).pengaruh is None
    with pytest.raises(ParameterError, match="mixes instruments"):
        impact.study_adoption(
            table.assign(id_instrumen=["a", "b"] * 18), dates, seed=1, permutations=99
        )


def test_without_sources_no_source_is_made_up():
    table, dates = panel()
    effect = impact.adoption_effect(table.drop(columns=["sumber_data", "id_instrumen"]), dates)
    listed = impact.effect_by_year(effect)
    assert listed["sumber_data"].isna().all()
    assert listed["id_instrumen"].isna().all()


def test_rules_describe_themselves_with_their_sources():
    told = available_pay_rules()["tpp-jambi"].describe()
    assert told["id"] == "tpp-jambi"
    assert "kinerja 60 persen, disiplin 40 persen" in str(told["catatan"])
    assert "terlambat tingkat 3: 1,25 persen" in str(told["catatan"])
    for rule in [*available_pay_rules().values(), load_distribution_rule()]:
        said = rule.describe()
        assert said["sumber"]
        assert set(said) == {"id", "judul", "sumber", "catatan"}
    assert "Organisasi Sangat Kurang" in str(load_distribution_rule().describe()["catatan"])
