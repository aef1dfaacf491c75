"""Event study by imputation: hand arithmetic, an independent regression, simulated truth.

No published worked example is carried: none could be copied with certainty. What stands here
instead is a two-by-two comparison worked by hand, the equality with ordinary least squares
where both estimate the same thing, cases with known effects, and the exact law of the
randomisation test.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ipasn_lib.analysis.impact import (
    adoption_effect,
    cannot_conclude,
    placebo_effects,
    pretrend_test,
    randomisation_test,
)
from ipasn_lib.errors import NotMeasurableError, ParameterError


def table(values: Mapping[str, list[float]], first: int = 2020) -> pd.DataFrame:
    rows = [(k, first + t, y) for k, ys in values.items() for t, y in enumerate(ys)]
    return pd.DataFrame(rows, columns=["kode_kabkota", "tahun", "indeks"]).assign(
        sumber_data="sintetis, uji", id_instrumen="ip-asn-2019"
    )


def dates(**first: int | None) -> pd.Series:
    return pd.Series(first, dtype="Int64")


def simulated(
    seed: int, effect: Mapping[int, float], noise: float, places: int = 38, years: int = 8
) -> tuple[pd.DataFrame, pd.Series]:
    """38 places, adoption in 2014, 2016 or never; effect by years since adoption."""
    rng = np.random.default_rng(seed)
    codes = [f"35{i:02d}" for i in range(1, places + 1)]
    adopted = [2014, 2016, None] * places
    start, path = rng.normal(60, 8, places), np.cumsum(rng.normal(1, 1, years))
    rows = []
    for i, t in itertools.product(range(places), range(years)):
        year = 2010 + t
        when = adopted[i]
        gain = 0.0 if when is None or year < when else effect[year - when]
        rows.append((codes[i], year, start[i] + path[t] + gain + rng.normal(0, noise)))
    panel = pd.DataFrame(rows, columns=["kode_kabkota", "tahun", "indeks"])
    return panel, pd.Series(adopted[:places], index=codes, dtype="Int64")


# ---- two periods, two groups: by hand ----------------------------------------------------

TWO_BY_TWO = table({"A": [50, 58], "B": [60, 66], "C": [40, 43], "D": [70, 71], "E": [55, 57]})
TWO_DATES = dates(A=2021, B=2021, C=None, D=None, E=None)


def test_two_by_two_is_the_difference_of_mean_changes() -> None:
    # changes: adopters 8, 6 (mean 7); others 3, 1, 2 (mean 2); effect 5
    # clustered variance: ((8-7)^2 + (6-7)^2)/2^2 + ((3-2)^2 + (1-2)^2 + 0)/3^2 = 1/2 + 2/9
    got = adoption_effect(TWO_BY_TWO, TWO_DATES)
    assert got.efek == pytest.approx(5)
    assert got.galat_baku == pytest.approx(np.sqrt(1 / 2 + 2 / 9))
    wide = stats.t.ppf(0.975, 4) * np.sqrt(1 / 2 + 2 / 9)
    assert (got.batas_bawah, got.batas_atas) == pytest.approx((5 - wide, 5 + wide))
    assert got.per_jarak.index.tolist() == [0]
    assert got.per_jarak.loc[0, "n_tempat"] == 2
    # A without the measure: 50 + 2
    assert got.per_tempat.loc[("A", 2021), "tanpa_kebijakan"] == pytest.approx(52)
    assert got.per_tempat["efek"].tolist() == pytest.approx([6, 4])
    assert (got.n_menerapkan, got.n_tidak_pernah, got.n_kosong) == (2, 3, 0)
    assert (got.sumber_data, got.id_instrumen) == ("sintetis, uji", "ip-asn-2019")
    assert got.tidak_dipakai.empty


def test_order_of_rows_and_what_was_handed_over_do_not_change() -> None:
    before = TWO_BY_TWO.copy()
    got = adoption_effect(TWO_BY_TWO.iloc[::-1], TWO_DATES.iloc[::-1])
    assert got.galat_baku == pytest.approx(np.sqrt(1 / 2 + 2 / 9))
    pd.testing.assert_frame_equal(TWO_BY_TWO, before)


def test_one_adopter_has_an_effect_and_no_error() -> None:
    got = adoption_effect(TWO_BY_TWO, dates(A=2021, B=None, C=None, D=None, E=None))
    # others changed by 6, 3, 1, 2: mean 3; A by 8
    assert got.efek == pytest.approx(5)
    assert np.isnan(got.galat_baku)
    assert any("Hanya satu daerah" in s for s in cannot_conclude(got))


def test_adopters_alone_in_their_year_still_have_an_error() -> None:
    # A adopts in 2021, B in 2022; by hand, effects: A 2021: 4, A 2022: 6, B 2022: 2 (mean 4)
    panel = table({"A": [50, 54, 56], "B": [60, 60, 62], "C": [70, 70, 70], "D": [40, 40, 40]})
    got = adoption_effect(panel, dates(A=2021, B=2022, C=None, D=None))
    assert got.per_tempat["efek"].tolist() == pytest.approx([4, 6, 2])
    assert got.efek == pytest.approx(4)
    # groups of one are pooled (mean 4, equal weights): A: (0 + 2)/3, B: -2/3; the rest fits
    assert got.galat_baku == pytest.approx(np.sqrt(4 / 9 + 4 / 9))


# ---- staggered: an independent regression, known truth -----------------------------------


def test_imputation_equals_regression_on_one_dummy_for_every_treated_row() -> None:
    panel, adopted = simulated(4, dict.fromkeys(range(8), 2.0), noise=1.0)
    got = adoption_effect(panel, adopted)
    # all rows, dummies of places and years, and one dummy for each treated row: the same thing
    place = pd.get_dummies(panel["kode_kabkota"]).to_numpy(float)
    year = pd.get_dummies(panel["tahun"]).to_numpy(float)[:, 1:]
    since = panel["tahun"] - panel["kode_kabkota"].map(adopted)
    treated = np.flatnonzero((since >= 0).fillna(False))
    own = np.zeros((len(panel), len(treated)))
    own[treated, np.arange(len(treated))] = 1
    x = np.hstack([place, year, own])
    tau = np.linalg.lstsq(x, panel["indeks"].to_numpy(), rcond=None)[0][-len(treated) :]
    assert got.efek == pytest.approx(tau.mean(), abs=1e-8)
    by_distance = pd.Series(tau).groupby(since.iloc[treated].to_numpy(int)).mean()
    np.testing.assert_allclose(got.per_jarak["efek"], by_distance, atol=1e-8)
    assert got.per_jarak["n_tempat"].tolist() == [26, 26, 13, 13]


def test_equals_two_way_fixed_effects_where_all_adopt_at_once() -> None:
    panel, _ = simulated(5, dict.fromkeys(range(8), 0.0), noise=1.0)
    codes = sorted(panel["kode_kabkota"].unique())
    adopted = pd.Series([2014] * 15 + [None] * 23, index=codes, dtype="Int64")
    since = panel["tahun"] - panel["kode_kabkota"].map(adopted)
    d = (since >= 0).fillna(False).to_numpy(float)
    x = np.column_stack(
        [
            pd.get_dummies(panel["kode_kabkota"]).to_numpy(float),
            pd.get_dummies(panel["tahun"]).to_numpy(float)[:, 1:],
            d,
        ]
    )
    twfe = np.linalg.lstsq(x, panel["indeks"].to_numpy(), rcond=None)[0][-1]
    assert adoption_effect(panel, adopted).efek == pytest.approx(twfe, abs=1e-8)


def test_known_growing_effects_are_found_where_the_usual_regression_fails() -> None:
    truth = {h: 1.0 + h for h in range(8)}
    panel, adopted = simulated(6, truth, noise=0.0)
    got = adoption_effect(panel, adopted)
    assert got.per_jarak["efek"].tolist() == pytest.approx([1, 2, 3, 4])
    # (26 * 1 + 26 * 2 + 13 * 3 + 13 * 4) / 78
    assert got.efek == pytest.approx((26 + 52 + 39 + 52) / 78)
    since = panel["tahun"] - panel["kode_kabkota"].map(adopted)
    x = np.column_stack(
        [
            pd.get_dummies(panel["kode_kabkota"]).to_numpy(float),
            pd.get_dummies(panel["tahun"]).to_numpy(float)[:, 1:],
            (since >= 0).fillna(False).to_numpy(float),
        ]
    )
    twfe = np.linalg.lstsq(x, panel["indeks"].to_numpy(), rcond=None)[0][-1]
    assert abs(twfe - got.efek) > 0.2


def test_intervals_cover_a_known_effect_about_as_often_as_they_say() -> None:
    truth = dict.fromkeys(range(8), 1.5)
    runs = [adoption_effect(*simulated(100 + s, truth, noise=2.0)) for s in range(120)]
    hit = sum(r.batas_bawah <= 1.5 <= r.batas_atas for r in runs)
    # 0.95 of 120 is 114; the exact binomial leaves 105 to 120 at the 1 in 10,000 level
    assert 105 <= hit <= 120
    errors = [r.galat_baku for r in runs]
    assert np.mean(errors) == pytest.approx(np.std([r.efek for r in runs], ddof=1), rel=0.25)


# ---- what has no comparison --------------------------------------------------------------


def test_rows_without_comparison_are_left_out_and_named() -> None:
    panel = table({"A": [50, 53, 60], "B": [60, 61, 70], "C": [10, 90, 20]})
    got = adoption_effect(panel, dates(A=2021, B=2022, C=2020))
    # C had it from the start; in 2022 all have it; left is A in 2021 against B: 3 - 1
    assert got.efek == pytest.approx(2)
    left = got.tidak_dipakai
    assert left["kode_kabkota"].tolist() == ["C", "A", "B"]
    assert left["tahun"].isna().tolist() == [True, False, False]
    assert left["tahun"].dropna().tolist() == [2022, 2022]
    assert any("Semua daerah akhirnya" in s for s in cannot_conclude(got))


def test_missing_place_years_are_left_out_and_counted() -> None:
    panel = TWO_BY_TWO.astype({"indeks": "Float64"})
    panel.loc[panel["kode_kabkota"] == "C", "indeks"] = pd.NA
    got = adoption_effect(panel, TWO_DATES)
    # others change by 1 and 2: mean 1.5
    assert got.efek == pytest.approx(5.5)
    assert got.n_kosong == 2


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(ParameterError, match="no column kinerja"):
        adoption_effect(TWO_BY_TWO, TWO_DATES, nilai="kinerja")
    with pytest.raises(ParameterError, match="says nothing of E"):
        adoption_effect(TWO_BY_TWO, TWO_DATES.drop("E"))
    with pytest.raises(ParameterError, match="twice in one year"):
        adoption_effect(pd.concat([TWO_BY_TWO, TWO_BY_TWO]), TWO_DATES)
    with pytest.raises(ParameterError, match="level"):
        adoption_effect(TWO_BY_TWO, TWO_DATES, level=95)
    with pytest.raises(NotMeasurableError, match="compared"):
        adoption_effect(TWO_BY_TWO, dates(A=2021, B=2021, C=2021, D=2021, E=2021))
    with pytest.raises(NotMeasurableError, match="no place has a year"):
        adoption_effect(TWO_BY_TWO, dates(A=2019, B=2019, C=2019, D=2019, E=2019))
    mixed = TWO_BY_TWO.assign(id_instrumen=["ip-asn-2019", "ip-asn-2023"] * 5)
    with pytest.raises(ParameterError, match="mixes instruments"):
        adoption_effect(mixed, TWO_DATES)
    allowed = adoption_effect(mixed, TWO_DATES, allow_mixed=True)
    assert any("Instrumen pengukuran berganti" in s for s in cannot_conclude(allowed))


# ---- before the adoption -----------------------------------------------------------------


def test_pretrend_of_two_years_by_hand() -> None:
    # before 2022: adopters change by 4, 2 (mean 3), others by 0, 1, 2 (mean 1): gamma = 2
    panel = table(
        {"A": [50, 54, 9], "B": [60, 62, 9], "C": [40, 40, 9], "D": [70, 71, 9], "E": [55, 57, 9]}
    )
    got = pretrend_test(panel, dates(A=2022, B=2022, C=None, D=None, E=None), leads=1)
    # HC variance of a difference of means: 2/2^2 + 2/3^2 = 13/18, since sums of squares are
    # (1 + 1) and (1 + 0 + 1); the others' third year adds rows (N = 13) but says nothing of the
    # change before; p = 5 places + 2 years + 1; G/(G-1) (N-1)/(N-p) = 5/4 * 12/5 = 3
    variance = 13 / 18 * 3
    assert got.per_jarak.loc[-1, "beda"] == pytest.approx(2)
    assert got.per_jarak.loc[-1, "galat_baku"] == pytest.approx(np.sqrt(variance))
    assert got.f == pytest.approx(4 / variance)
    assert got.p == pytest.approx(2 * stats.t.sf(2 / np.sqrt(variance), 4))
    assert got.derajat == (1, 4)


def test_pretrend_sees_a_drift_and_is_quiet_without() -> None:
    panel, adopted = simulated(8, dict.fromkeys(range(8), 3.0), noise=1.0)
    assert pretrend_test(panel, adopted).p > 0.05
    since = (panel["tahun"] - panel["kode_kabkota"].map(adopted)).astype("Float64")
    drift = (since + 3).clip(0, 2).fillna(0).to_numpy(float)
    drifting = panel.assign(indeks=panel["indeks"] + 2 * drift)
    got = pretrend_test(drifting, adopted)
    assert got.p < 0.001
    assert (got.per_jarak["beda"] > 0).all()
    text = cannot_conclude(adoption_effect(drifting, adopted), got)
    assert any("sudah menyimpang" in s for s in text)


def test_pretrend_refuses_what_it_cannot_tell_apart() -> None:
    with pytest.raises(NotMeasurableError, match="leads"):
        pretrend_test(TWO_BY_TWO, TWO_DATES, leads=1)
    with pytest.raises(ParameterError, match="leads"):
        pretrend_test(TWO_BY_TWO, TWO_DATES, leads=0)


def test_placebo_is_the_same_estimate_on_the_years_before() -> None:
    panel = table(
        {"A": [50, 54, 9], "B": [60, 62, 9], "C": [40, 40, 9], "D": [70, 71, 9], "E": [55, 57, 9]}
    )
    got = placebo_effects(panel, dates(A=2022, B=2022, C=None, D=None, E=None), earlier=(1, 2))
    # as by hand above: 3 - 1, error sqrt(2/4 + 2/9); two years earlier there is no year before
    assert got.loc[1, "efek"] == pytest.approx(2)
    assert got.loc[1, "galat_baku"] == pytest.approx(np.sqrt(1 / 2 + 2 / 9))
    assert got.loc[1, "p"] == pytest.approx(2 * stats.t.sf(2 / np.sqrt(13 / 18), 4))
    assert np.isnan(got.loc[2, "efek"])
    assert got["n_tempat"].tolist() == [2, 0]
    with pytest.raises(ParameterError, match="earlier"):
        placebo_effects(panel, dates(A=2022, B=2022, C=None, D=None, E=None), earlier=(0,))


# ---- dates dealt out ---------------------------------------------------------------------


def test_randomisation_approaches_the_exact_law_of_all_deals() -> None:
    # 5 places, 2 dates: 10 deals; effects of each pair by hand from the changes 8, 6, 3, 1, 2
    change = np.array([8, 6, 3, 1, 2.0])
    exact = [
        change[list(pair)].mean() - np.delete(change, pair).mean()
        for pair in itertools.combinations(range(5), 2)
    ]
    share = np.mean(np.abs(exact) >= 5 - 1e-9)  # the true pair alone: 1 of 10
    assert share == pytest.approx(0.1)
    got = randomisation_test(TWO_BY_TWO, TWO_DATES, seed=1, permutations=1999, statistic="efek")
    assert got.statistik == pytest.approx(5)
    assert got.p == pytest.approx(share, abs=4 * np.sqrt(0.09 / 2000))
    assert set(np.round(got.acak, 6)) == set(np.round(exact, 6))


def test_randomisation_finds_an_effect_and_is_repeatable() -> None:
    panel, adopted = simulated(9, dict.fromkeys(range(8), 3.0), noise=1.0)
    got = randomisation_test(panel, adopted, seed=3, permutations=99)
    assert got.p == pytest.approx(1 / 100)
    again = randomisation_test(
        panel.sample(frac=1, random_state=1), adopted, seed=3, permutations=99
    )
    np.testing.assert_allclose(np.sort(again.acak), np.sort(got.acak), rtol=1e-6)
    assert (again.p, again.tidak_terhitung) == (got.p, 0)


def test_randomisation_refuses() -> None:
    with pytest.raises(ParameterError, match="known: t, efek"):
        randomisation_test(TWO_BY_TWO, TWO_DATES, seed=1, statistic="z")
    with pytest.raises(ParameterError, match="permutations"):
        randomisation_test(TWO_BY_TWO, TWO_DATES, seed=1, permutations=9)
    one = dates(A=2021, B=None, C=None, D=None, E=None)
    with pytest.raises(NotMeasurableError, match="efek"):
        randomisation_test(TWO_BY_TWO, one, seed=1, permutations=99)
    assert randomisation_test(TWO_BY_TWO, one, seed=1, statistic="efek", permutations=99).p > 0.1


def test_sentences_never_claim_a_cause() -> None:
    panel, adopted = simulated(9, dict.fromkeys(range(8), 3.0), noise=1.0)
    effect = adoption_effect(panel, adopted)
    said = cannot_conclude(
        effect,
        pretrend_test(panel, adopted),
        placebo_effects(panel, adopted),
        randomisation_test(panel, adopted, seed=3, permutations=99),
    )
    assert "belum membuktikan sebab" in said[0]
    assert not any("memuat nol" in s for s in said)
    nothing, dates_ = simulated(12, dict.fromkeys(range(8), 0.0), noise=3.0)
    quiet = cannot_conclude(adoption_effect(nothing, dates_))
    assert any("memuat nol" in s and "," in s for s in quiet)
    assert any("Uji pengacakan tanggal belum" in s for s in quiet)
