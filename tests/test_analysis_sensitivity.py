"""Sensitivity of ranks: COINr's figures, SALib's indices, hand arithmetic and properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol as salib_analyze
from SALib.sample import sobol as salib_sample
from scipy.interpolate import make_smoothing_spline
from scipy.optimize import minimize
from scipy.stats import rankdata

from ipasn_lib.analysis.importance import effective_weights, rank_sobol
from ipasn_lib.analysis.readings import compare_readings
from ipasn_lib.analysis.sensitivity import (
    dirichlet_weights,
    leave_one_out,
    mean_rank_shift,
    noise_weights,
    rank_summary,
    rank_under_weights,
)
from ipasn_lib.analysis.weight_swap import smallest_swaps
from ipasn_lib.errors import NotMeasurableError, ParameterError

COINR = Path(__file__).parent / "golden" / "coinr"
BOBOT = {"kualifikasi": 25.0, "kompetensi": 40.0, "kinerja": 30.0, "disiplin": 5.0}


@pytest.fixture(scope="module")
def bagian() -> pd.DataFrame:
    table = pd.read_csv(COINR / "indicators.csv", dtype={"uCode": str}).set_index("uCode")
    return table.rename_axis("kode_kabkota") / 100


def coinr(name: str) -> pd.DataFrame:
    table = pd.read_csv(COINR / name).set_index("uCode")
    return table.set_axis(table.index.str.removeprefix("K"), axis=0)


OFFICIAL = pd.DataFrame([BOBOT])


@pytest.mark.parametrize(
    ("mean", "file"),
    [("arithmetic", "coinr_results.csv"), ("geometric", "coinr_results_geometric.csv")],
)
def test_ranks_are_coinrs(bagian: pd.DataFrame, mean: str, file: str) -> None:
    ranks = rank_under_weights(bagian, OFFICIAL, mean=mean).iloc[0]
    expected = coinr(file)["Rank"].reindex(ranks.index)
    np.testing.assert_array_equal(ranks, expected)


def test_leaving_one_out_shifts_ranks_as_coinr_says(bagian: pd.DataFrame) -> None:
    shift = mean_rank_shift(leave_one_out(bagian, BOBOT))
    file = COINR / "coinr_remove_dimension_mean_abs_rank_change.csv"
    expected = pd.read_csv(file, index_col=0)["x"].rename({"Nominal": ""})
    np.testing.assert_allclose(shift, expected[shift.index], rtol=0, atol=1e-12)


def test_rank_statistics_under_noise_are_coinrs_within_monte_carlo_error(
    bagian: pd.DataFrame,
) -> None:
    weights = noise_weights(BOBOT, spread=0.25, draws=10_000, seed=3)
    got = rank_summary(rank_under_weights(bagian, weights))
    expected = coinr("coinr_ua_rank_stats_noise25.csv").reindex(got.index)
    np.testing.assert_array_equal(got["peringkat"], expected["Nominal"])
    # COINr's 1,000 draws: a rank with standard deviation 4 has a mean good to 0.13
    assert np.abs(got["rata_rata"] - expected["Mean"]).max() < 0.4
    assert np.abs(got["rata_rata"] - expected["Mean"]).mean() < 0.06
    for ours, theirs in (("median", "Median"), ("p5", "Q5"), ("p95", "Q95")):
        assert np.abs(got[ours] - expected[theirs]).max() <= 1
        assert (got[ours] == expected[theirs]).mean() > 0.8


def test_nominal_weights_are_coinrs(bagian: pd.DataFrame) -> None:
    expected = pd.read_csv(COINR / "coinr_effective_weights.csv", index_col=0)["EffWeight"]
    got = effective_weights(bagian, BOBOT)["bobot"]
    np.testing.assert_allclose(got, expected[got.index], atol=1e-15)


@pytest.mark.parametrize(
    "weights",
    [
        dirichlet_weights(BOBOT, concentration=50, draws=200, seed=1),
        noise_weights(BOBOT, spread=0.5, draws=200, seed=1),
    ],
    ids=["dirichlet", "noise"],
)
def test_first_draw_is_official_and_every_draw_can_be_redone(
    bagian: pd.DataFrame, weights: pd.DataFrame
) -> None:
    ranks = rank_under_weights(bagian, weights)
    np.testing.assert_allclose(weights.iloc[0], list(BOBOT.values()), rtol=1e-14)
    np.testing.assert_allclose(weights.sum(axis=1), 100)
    index = bagian[list(BOBOT)] @ weights.T
    expected = rankdata(-index.round(12), axis=0, method="min").T
    np.testing.assert_array_equal(ranks, expected)
    # a single row, taken out and ranked again
    np.testing.assert_array_equal(rank_under_weights(bagian, weights.loc[[137]]), ranks.loc[[137]])


def test_official_ties_stay_ties() -> None:
    # 25*70 + 40*75 + 30*20 + 5*45 = 25*10 + 40*85 + 30*50 + 5*85 = 5575, and so on: tied in
    # whole numbers, but a hair apart when added up in floating point
    percent = [[70, 75, 20, 45], [10, 85, 50, 85], [80, 55, 25, 10], [85, 15, 60, 95]]
    tied = pd.DataFrame(percent, columns=list(BOBOT), index=list("abcd")) / 100
    ranks = rank_under_weights(tied, OFFICIAL)
    assert ranks.iloc[0].to_list() == [1, 1, 3, 3]


def test_summary_by_hand() -> None:
    # the official row is not one of the draws
    ranks = pd.DataFrame({"a": [1, 2, 2, 1, 2], "b": [2, 1, 1, 2, 1]})
    got = rank_summary(ranks)
    assert got["peringkat"].to_list() == [1, 2]
    assert got["rata_rata"].to_list() == [1.75, 1.25]
    assert got["bagian_tetap"].to_list() == [0.25, 0.25]
    assert mean_rank_shift(ranks).to_list() == [0, 1, 1, 0, 1]


def test_dirichlet_moments() -> None:
    weights = dirichlet_weights(BOBOT, concentration=100, draws=40_000, seed=2).iloc[1:]
    w = np.array(list(BOBOT.values())) / 100
    sd = 100 * np.sqrt(w * (1 - w) / 101)
    np.testing.assert_allclose(weights.mean(), 100 * w, atol=5 * sd.max() / 200)
    np.testing.assert_allclose(weights.std(), sd, rtol=0.03)


def test_noise_stays_inside_its_limits() -> None:
    weights = noise_weights(BOBOT, spread=0.25, draws=5_000, seed=2).to_numpy()
    ratio = weights / list(BOBOT.values())
    # before scaling each factor is within 0.75-1.25, so ratios of factors within 0.6-1.667
    assert (ratio.max(axis=1) / ratio.min(axis=1)).max() <= 1.25 / 0.75 + 1e-12
    assert (ratio.max(axis=1) / ratio.min(axis=1)).max() > 1.6


@pytest.mark.parametrize("dimension", list(BOBOT))
def test_all_weight_on_one_dimension_ranks_by_it(bagian: pd.DataFrame, dimension: str) -> None:
    weights = pd.DataFrame([{d: 100.0 * (d == dimension) for d in BOBOT}])
    ranks = rank_under_weights(bagian, weights).iloc[0]
    np.testing.assert_array_equal(ranks, rankdata(-bagian[dimension], method="min"))


def test_order_of_places_and_dimensions_does_not_matter(bagian: pd.DataFrame) -> None:
    weights = noise_weights(BOBOT, spread=0.4, draws=50, seed=4)
    ranks = rank_under_weights(bagian, weights)
    mixed = bagian.sample(frac=1, random_state=1)[list(BOBOT)[::-1]]
    pd.testing.assert_frame_equal(rank_under_weights(mixed, weights)[ranks.columns], ranks)
    a, b = effective_weights(bagian, BOBOT), effective_weights(mixed, BOBOT)
    pd.testing.assert_frame_equal(a, b, rtol=1e-9)


def test_hidden_places_take_no_part(bagian: pd.DataFrame) -> None:
    hidden = bagian.copy()
    hidden.loc["3519"] = np.nan
    ranks = rank_under_weights(hidden, OFFICIAL).iloc[0]
    assert "3519" not in ranks.index
    assert ranks["3511"] == 1


# --- importance -------------------------------------------------------------------------------


def test_effective_weights_by_hand() -> None:
    # an orthogonal design: variances 4, 1 and 0.25 by construction, no covariance
    signs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)], dtype=float)
    shares = pd.DataFrame(signs * [2, 1, 0.5] + 10, columns=list("abc"))
    got = effective_weights(shares, {"a": 0.5, "b": 0.3, "c": 0.2})
    parts = np.array([0.25 * 4, 0.09 * 1, 0.04 * 0.25])
    for column in ("bobot_efektif", "pearson2", "rasio_korelasi", "bagian_unik"):
        np.testing.assert_allclose(got[column], parts / parts.sum(), rtol=1e-9)
    np.testing.assert_allclose(got["bagian_terkait"], 0, atol=1e-12)


def test_effective_weights_against_plain_regression(bagian: pd.DataFrame) -> None:
    got = effective_weights(bagian, BOBOT)
    x = bagian[list(BOBOT)].to_numpy()
    index = x @ np.array(list(BOBOT.values()))
    correlation = np.corrcoef(np.column_stack([x, index]), rowvar=False)[-1, :-1]
    np.testing.assert_allclose(got["pearson2"], correlation**2, rtol=1e-9)
    assert got["bobot_efektif"].sum() == pytest.approx(1)
    for d, name in enumerate(BOBOT):
        design = np.column_stack([np.ones(len(x)), np.delete(x, d, axis=1)])
        left = x[:, d] - design @ np.linalg.lstsq(design, x[:, d], rcond=None)[0]
        unique = np.corrcoef(left, index)[0, 1] ** 2
        assert got.loc[name, "bagian_unik"] == pytest.approx(unique, rel=1e-8)


def test_correlation_ratio_sees_a_curve_that_correlation_does_not() -> None:
    a = np.linspace(-1, 1, 101)
    shares = pd.DataFrame({"a": a, "b": a**2})
    got = effective_weights(shares, {"a": 0.0, "b": 1.0})
    assert got.loc["a", "pearson2"] == pytest.approx(0, abs=1e-12)
    assert got.loc["a", "rasio_korelasi"] > 0.95


def test_correlation_ratio_is_that_of_scipys_smoothing_spline(bagian: pd.DataFrame) -> None:
    # scipy's own search for the penalty stops at a local minimum here (kualifikasi), so its
    # splines are fitted at given penalties and the best one is taken by brute force, among those
    # of at most six degrees of freedom
    got = effective_weights(bagian, BOBOT)["rasio_korelasi"]
    index = (bagian[list(BOBOT)] @ list(BOBOT.values())).to_numpy()
    for name in ("kualifikasi", "kompetensi", "kinerja"):
        order = np.argsort(bagian[name].to_numpy())
        x, y = bagian[name].to_numpy()[order] * 100, index[order]
        tried = []
        for penalty in np.logspace(-1, 7, 17):
            hat = make_smoothing_spline(x, np.eye(len(x)), lam=penalty)(x)
            if np.trace(hat) > 6:
                continue
            fitted = hat @ y
            gcv = ((y - fitted) ** 2).sum() / (1 - np.trace(hat) / len(x)) ** 2
            tried.append((gcv, fitted.var() / y.var()))
        assert got[name] == pytest.approx(min(tried)[1], abs=0.01)


def test_first_order_effects_of_independent_normals_are_the_closed_form() -> None:
    # I = w1 x1 + w2 x2, x independent normal: S_i = w_i^2 s_i^2 / (w1^2 s1^2 + w2^2 s2^2)
    rng = np.random.default_rng(11)
    weights, spread = np.array([0.7, 0.3]), np.array([1.0, 3.0])
    expected = (weights * spread) ** 2 / ((weights * spread) ** 2).sum()
    many = pd.DataFrame(rng.normal(size=(1500, 2)) * spread, columns=["a", "b"])
    got = effective_weights(many, dict(zip("ab", weights, strict=True)))["rasio_korelasi"]
    # sampling error of a squared correlation: 2 r (1 - r^2) / sqrt(n), about 0.02; four of them
    np.testing.assert_allclose(got, expected, atol=0.08)


def test_a_dimension_that_does_not_matter_gets_no_importance_from_chance() -> None:
    # of 38 places, one dimension without weight: S = 0; what chance gives a fit of at most six
    # degrees of freedom is 5/37 on average, whatever its form
    rng = np.random.default_rng(12)
    found = [
        effective_weights(
            pd.DataFrame(rng.normal(size=(38, 2)), columns=["a", "b"]), {"a": 1.0, "b": 0.0}
        ).loc["b", "rasio_korelasi"]
        for _ in range(200)
    ]
    assert np.mean(found) < 5 / 37
    assert max(found) < 0.6


def test_dimension_without_differences_has_no_importance(bagian: pd.DataFrame) -> None:
    got = effective_weights(bagian.assign(disiplin=1.0), BOBOT).loc["disiplin"]
    assert (got.drop("bobot") == 0).all()


@pytest.mark.filterwarnings("ignore::FutureWarning:SALib.*")
def test_sobol_indices_are_salibs_within_monte_carlo_error(bagian: pd.DataFrame) -> None:
    got = rank_sobol({"baku": bagian}, BOBOT, official="baku", seed=5, spread=0.25, n=4096)
    problem = {"num_vars": 4, "names": list(BOBOT), "bounds": [[0.75, 1.25]] * 4}
    points = salib_sample.sample(problem, 4096, calc_second_order=False, seed=8)
    weights = points * list(BOBOT.values())
    index = (weights / weights.sum(axis=1, keepdims=True)) @ bagian[list(BOBOT)].to_numpy().T
    ranks = rankdata(-index, axis=1, method="min")
    nominal = rankdata(-(bagian[list(BOBOT)] @ list(BOBOT.values())), method="min")
    for output, y in (
        ("pergeseran", np.abs(ranks - nominal).mean(axis=1)),
        ("3517", ranks[:, bagian.index.get_loc("3517")].astype(float)),
    ):
        expected = salib_analyze.analyze(problem, y, calc_second_order=False, seed=1)
        np.testing.assert_allclose(got.loc[output, "orde_pertama"], expected["S1"], atol=0.05)
        np.testing.assert_allclose(got.loc[output, "orde_total"], expected["ST"], atol=0.05)


def test_zero_weight_has_sensitivity_exactly_zero(bagian: pd.DataFrame) -> None:
    got = rank_sobol({"baku": bagian}, {**BOBOT, "disiplin": 0.0}, official="baku", seed=5, n=256)
    zero = got.xs("disiplin", level="faktor").dropna()
    assert len(zero) > 10
    assert (zero == 0).all().all()
    assert (leave_one_out(bagian, {**BOBOT, "disiplin": 0.0}).loc["disiplin"]).equals(
        leave_one_out(bagian, {**BOBOT, "disiplin": 0.0}).loc[""].rename("disiplin")
    )


def test_a_reading_that_changes_nothing_has_no_share_and_one_that_does_has_all(
    bagian: pd.DataFrame,
) -> None:
    weights = {"baku": bagian, "lain": bagian.copy()}
    got = rank_sobol(weights, BOBOT, official="baku", seed=6, n=256)
    assert (got.xs("tafsir", level="faktor").dropna() == 0).all().all()
    # what never moves owes its movement to nothing
    first = rank_summary(
        rank_under_weights(bagian, noise_weights(BOBOT, spread=0.25, draws=999, seed=1))
    )
    still = first.index[first["bagian_tetap"] == 1]
    assert "3522" in still
    assert (got.loc["3522"] == 0).all().all()
    # two far-apart places: only the reading swaps them, weights never do
    apart = pd.DataFrame({d: [0.2, 0.9] for d in BOBOT}, index=["a", "b"])
    swapped = apart.set_axis(["b", "a"], axis=0)
    got = rank_sobol({"baku": apart, "lain": swapped}, BOBOT, official="baku", seed=6, n=256)
    assert got.loc[("a", "tafsir"), "orde_total"] == pytest.approx(1, abs=0.05)
    assert got.loc[("a", "kompetensi"), "orde_total"] == 0


# --- readings ---------------------------------------------------------------------------------


def test_readings_by_hand() -> None:
    baku = pd.DataFrame({"indeks": [80.0, 70.0, 60.0, np.nan]}, index=list("abcd"))
    lain = pd.DataFrame({"indeks": [65.0, 71.0, 60.0, 99.0]}, index=list("abcd"))
    got = compare_readings({"lain": lain, "baku": baku}, official="baku")
    assert got.index.get_level_values("tafsir").unique().to_list() == ["baku", "lain"]
    assert got.loc["baku", "peringkat"].dropna().to_list() == [1, 2, 3]
    assert got.loc["lain", "peringkat"].dropna().to_list() == [2, 1, 3]
    assert got.loc["lain", "pergeseran"].dropna().to_list() == [1, -1, 0]
    assert got.loc["lain", "selisih"].dropna().to_list() == [-15.0, 1.0, 0.0]
    # d is hidden officially: it takes part nowhere, not even with the value it has elsewhere
    assert got.xs("d", level=1).isna().all().all()


# --- smallest swap ----------------------------------------------------------------------------


def test_smallest_swap_by_hand() -> None:
    # two dimensions at 60/40; x is 0.1 ahead in a, 0.2 behind in b would tie at 2/3 : 1/3,
    # y ahead: 60*0.1 - 40*0.2 = -2, so y is above, and 6.67 points must move from b to a
    shares = pd.DataFrame({"a": [0.6, 0.5], "b": [0.5, 0.7]}, index=["x", "y"])
    got = smallest_swaps(shares, {"a": 60, "b": 40}).reset_index().iloc[0]
    assert (got["atas"], got["bawah"]) == ("y", "x")
    assert got["selisih"] == pytest.approx(2)
    assert got["poin_pindah"] == pytest.approx(20 / 3)
    assert got["jarak"] == pytest.approx(20 / 3 * np.sqrt(2))
    assert got["bobot_a"] == pytest.approx(200 / 3)


def test_smallest_swap_stops_at_zero_weights() -> None:
    # a plain projection would need a negative weight of c: 3-D by hand
    shares = pd.DataFrame({"a": [1.0, 0.0], "b": [0.0, 1.0], "c": [0.5, 0.0]}, index=["x", "y"])
    got = smallest_swaps(shares, {"a": 90, "b": 8, "c": 2}).iloc[0]
    assert got["bobot_c"] == 0
    assert (got["bobot_a"], got["bobot_b"]) == (pytest.approx(50), pytest.approx(50))


def test_smallest_swap_against_a_numerical_optimiser(bagian: pd.DataFrame) -> None:
    w0 = np.array(list(BOBOT.values()))
    got = smallest_swaps(bagian, BOBOT)
    assert len(got) == 37
    for (above, below), row in got.iloc[::3].iterrows():
        d = (bagian.loc[above] - bagian.loc[below])[list(BOBOT)].to_numpy()
        if np.isnan(row["jarak"]):
            assert (d > 0).all()
            continue
        w = row[[f"bobot_{n}" for n in BOBOT]].to_numpy(dtype=float)
        assert abs(w @ d) < 1e-9
        assert w.sum() == pytest.approx(100)
        best = minimize(
            lambda v: np.sum((v - w0) ** 2) / 100,
            w,
            method="SLSQP",
            bounds=[(0, 100)] * 4,
            constraints=[
                {"type": "eq", "fun": lambda v: v.sum() - 100},
                {"type": "eq", "fun": lambda v, d=d: v @ d * 100},
            ],
            options={"ftol": 1e-14, "maxiter": 500},
        )
        assert row["jarak"] == pytest.approx(np.sqrt(best.fun * 100), abs=1e-4)


def test_no_weights_swap_a_place_that_is_better_in_everything() -> None:
    shares = pd.DataFrame({d: [0.9, 0.8] for d in BOBOT}, index=["a", "b"])
    got = smallest_swaps(shares, BOBOT, [("b", "a")])
    assert got.index.to_list() == [("a", "b")]
    assert np.isnan(got["jarak"].iloc[0])
    assert np.isnan(got["poin_pindah"].iloc[0])


# --- what is refused --------------------------------------------------------------------------


def test_what_is_refused(bagian: pd.DataFrame) -> None:
    with pytest.raises(ParameterError, match="known: arithmetic, geometric"):
        rank_under_weights(bagian, OFFICIAL, mean="harmonic")
    with pytest.raises(ParameterError, match="no column seminar"):
        rank_under_weights(bagian, pd.DataFrame([{"seminar": 1.0}]))
    with pytest.raises(ParameterError, match="sum above 0"):
        rank_under_weights(bagian, OFFICIAL * 0)
    with pytest.raises(ParameterError, match="spread"):
        noise_weights(BOBOT, spread=1.5, draws=10, seed=1)
    with pytest.raises(ParameterError, match="concentration"):
        dirichlet_weights(BOBOT, concentration=0, draws=10, seed=1)
    with pytest.raises(ParameterError, match="power of two"):
        rank_sobol({"baku": bagian}, BOBOT, official="baku", seed=1, n=1000)
    with pytest.raises(ParameterError, match="known: baku"):
        rank_sobol({"baku": bagian}, BOBOT, official="resmi", seed=1)
    with pytest.raises(NotMeasurableError, match="above 0"):
        rank_under_weights(bagian.assign(disiplin=0.0), OFFICIAL, mean="geometric")
    with pytest.raises(NotMeasurableError, match="two places"):
        rank_under_weights(bagian.iloc[:1], OFFICIAL)
    with pytest.raises(ParameterError, match="two different places"):
        smallest_swaps(bagian, BOBOT, [("3501", "3501")])
