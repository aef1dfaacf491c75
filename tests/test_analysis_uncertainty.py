"""Uncertainty from persons: scipy's bootstrap, csranks' printed results, coverage by simulation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ipasn_lib.analysis.bootstrap import BootstrapMeans, bootstrap_means
from ipasn_lib.analysis.bounds import lowest_points, worst_case_bounds
from ipasn_lib.analysis.rank_intervals import rank_intervals, rank_probability
from ipasn_lib.analysis.uncertainty import (
    category_probability,
    difference_intervals,
    intervals,
)
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import DIMENSI, Instrument

ID = "ip-asn-2019"


def scored(places: Mapping[str, int], seed: int, units: int = 4) -> pd.DataFrame:
    """Scores of make-believe people; the places differ by chance only."""
    rng = np.random.default_rng(seed)
    n = sum(places.values())
    skor = pd.DataFrame(
        {
            "kode_kabkota": np.repeat(list(places), list(places.values())),
            "unit_kerja": rng.integers(units, size=n).astype(str),
            "kualifikasi": rng.choice([5.0, 10, 15, 20], n, p=[0.2, 0.15, 0.6, 0.05]),
            "kompetensi": rng.choice([0.0, 10, 15, 22.5, 25, 30, 40], n),
            "kinerja": rng.choice([15.0, 25, 30], n, p=[0.02, 0.78, 0.2]),
            "disiplin": rng.choice([5.0, 3, 2], n, p=[0.98, 0.01, 0.01]),
        },
        index=pd.Index([f"p{i}" for i in range(n)], name="id_pegawai"),
    )
    return skor.assign(
        indeks=skor[list(DIMENSI)].sum(axis=1),
        tahun=2022,
        status_ukur="terukur",
        sumber_data=f"sintetis, benih {seed}",
        id_instrumen=ID,
    )


@pytest.fixture(scope="module")
def skor() -> pd.DataFrame:
    return scored({"3501": 150, "3502": 400, "3503": 60}, seed=1)


@pytest.fixture(scope="module")
def boot(skor: pd.DataFrame) -> BootstrapMeans:
    return bootstrap_means(skor, seed=7, draws=4000)


# --- intervals --------------------------------------------------------------------------------


def test_means_are_the_means_of_people(skor: pd.DataFrame, boot: BootstrapMeans) -> None:
    expected = skor.groupby("kode_kabkota")[[*DIMENSI, "indeks"]].mean()
    pd.testing.assert_frame_equal(boot.nilai, expected, check_names=False, rtol=1e-12)
    assert boot.n_terukur.to_list() == [150, 400, 60]
    assert boot.sumber_data == "sintetis, benih 1"


def test_index_replicates_are_the_sum_of_the_dimensions(boot: BootstrapMeans) -> None:
    np.testing.assert_allclose(boot.ulangan[:, :, :4].sum(axis=2), boot.ulangan[:, :, 4])


@pytest.mark.parametrize("method", ["percentile", "basic"])
@pytest.mark.parametrize("place", ["3501", "3502", "3503"])
def test_intervals_agree_with_scipys_bootstrap(
    skor: pd.DataFrame, boot: BootstrapMeans, place: str, method: str
) -> None:
    x = skor.loc[skor["kode_kabkota"] == place, "indeks"].to_numpy()
    expected = stats.bootstrap(
        (x,), np.mean, n_resamples=8000, method=method, rng=np.random.default_rng(3)
    )
    got = intervals(boot, method=method).loc[(place, "indeks")]
    # a 2.5 % quantile of 4,000 draws is good to about 0.042 standard errors
    error = 4 * 0.042 * 1.3 * expected.standard_error
    assert got["galat_baku"] == pytest.approx(expected.standard_error, rel=0.05)
    assert got["batas_bawah"] == pytest.approx(expected.confidence_interval.low, abs=error)
    assert got["batas_atas"] == pytest.approx(expected.confidence_interval.high, abs=error)


def test_covariance_is_that_of_people(skor: pd.DataFrame, boot: BootstrapMeans) -> None:
    people = skor.loc[skor["kode_kabkota"] == "3502", [*DIMENSI, "indeks"]]
    expected = np.cov(people.to_numpy(), rowvar=False, ddof=0) / len(people)
    got = np.cov(boot.ulangan[:, 1], rowvar=False)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    np.testing.assert_allclose(got / scale, expected / scale, atol=0.08)


def test_many_rare_scores_are_drawn_with_the_same_distribution() -> None:
    # continuous scores: everybody is a score of their own, drawn person by person
    skor = scored({"a": 300}, seed=2)
    x = np.random.default_rng(5).gamma(2.0, 10.0, 300).clip(0, 100)
    skor = skor.assign(indeks=x)
    got = intervals(bootstrap_means(skor, seed=1, draws=4000)).loc[("a", "indeks")]
    assert got["galat_baku"] == pytest.approx(x.std() / np.sqrt(300), rel=0.05)
    assert got["nilai"] == pytest.approx(x.mean())


def test_stratified_and_clustered_standard_errors_are_the_textbooks() -> None:
    skor = scored({"a": 1200}, seed=3, units=30)
    unit = skor["unit_kerja"].astype(int)
    skor = skor.assign(indeks=skor["indeks"] / 2 + unit)
    x = skor["indeks"]
    by_unit = x.groupby(skor["unit_kerja"])
    size = by_unit.size()
    stratified = np.sqrt((size * by_unit.var(ddof=0)).sum()) / len(x)
    # ratio estimator of whole units: sum of squared residual totals
    residual = by_unit.sum() - size * x.mean()
    clustered = np.sqrt((residual**2).sum()) / len(x)
    plain = x.std(ddof=0) / np.sqrt(len(x))
    for design, expected in (
        ("plain", plain),
        ("stratified", stratified),
        ("clustered", clustered),
    ):
        got = bootstrap_means(skor, seed=4, design=design, draws=3000)
        assert intervals(got).loc[("a", "indeks"), "galat_baku"] == pytest.approx(
            expected, rel=0.06
        )
    assert stratified < plain < clustered


def test_coverage_of_intervals_is_what_they_say() -> None:
    # 800 places of 150 people with one true mean; the simulation error is 0.8 %
    skor = scored({f"{i:04d}": 150 for i in range(800)}, seed=6)
    truth = 0.2 * 5 + 0.15 * 10 + 0.6 * 15 + 0.05 * 20
    table = intervals(bootstrap_means(skor, seed=8, draws=600)).xs("kualifikasi", level="kolom")
    covered = table["batas_bawah"].le(truth) & table["batas_atas"].ge(truth)
    assert 0.93 <= covered.mean() <= 0.97


def test_difference_intervals_cover_and_keep_the_part_in_the_whole() -> None:
    skor = scored({f"{i:03d}": 120 for i in range(400)}, seed=9)
    boot = bootstrap_means(skor, seed=8, draws=600)
    table = difference_intervals(boot)
    covered = table["batas_bawah"].le(0) & table["batas_atas"].ge(0)
    assert 0.93 <= covered.mean() <= 0.97
    against = difference_intervals(boot, against="000", kolom="kompetensi")
    assert (against.loc["000", ["selisih", "batas_bawah", "batas_atas"]] == 0).all()
    # of two halves each is compared with itself by half: half the error of the difference
    two = bootstrap_means(scored({"a": 500, "b": 500}, seed=2), seed=3)
    whole = difference_intervals(two).loc["a"]
    other = difference_intervals(two, against="b").loc["a"]
    assert whole["selisih"] == pytest.approx(other["selisih"] / 2)
    assert whole["galat_baku"] == pytest.approx(other["galat_baku"] / 2)


def test_draws_depend_on_seed_and_people_only(skor: pd.DataFrame, boot: BootstrapMeans) -> None:
    mixed = skor.sample(frac=1, random_state=2)
    again = bootstrap_means(mixed, seed=7, draws=4000)
    np.testing.assert_array_equal(again.ulangan, boot.ulangan)
    alone = bootstrap_means(skor[skor["kode_kabkota"] == "3502"], seed=7, draws=4000)
    np.testing.assert_array_equal(alone.ulangan[:, 0], boot.ulangan[:, 1])
    other = bootstrap_means(skor, seed=8, draws=4000)
    assert (other.ulangan != boot.ulangan).mean() > 0.5


def test_small_and_closed_places_stay_hidden(law2019: Instrument) -> None:
    skor = scored({"a": 9, "b": 40, "c": 50}, seed=1)
    boot = bootstrap_means(skor, seed=1, draws=200, hidden=["b"])
    table = intervals(boot)
    values = ["nilai", "galat_baku", "batas_bawah", "batas_atas", "n_terukur"]
    assert table.loc[["a", "b"], values].isna().all().all()
    assert table.loc["c", values].notna().all().all()
    assert category_probability(boot, law2019.kategori).loc[["a", "b"]].isna().all().all()
    assert difference_intervals(boot).loc["c", "selisih"] == 0
    with pytest.raises(NotMeasurableError, match="hidden"):
        difference_intervals(boot, against="a")


def test_unmeasured_people_take_no_part(skor: pd.DataFrame, boot: BootstrapMeans) -> None:
    extra = skor.iloc[:80].copy()
    extra.index = pd.Index([f"x{i}" for i in range(80)], name="id_pegawai")
    extra["status_ukur"] = ["tidak_terukur", "bukan_subjek", "ditolak", "tidak_terukur"] * 20
    extra[[*DIMENSI, "indeks"]] = np.nan
    again = bootstrap_means(pd.concat([extra, skor]), seed=7, draws=4000)
    np.testing.assert_array_equal(again.ulangan, boot.ulangan)


# --- categories -------------------------------------------------------------------------------


def test_category_probability_by_the_normal_curve(law2019: Instrument) -> None:
    skor = scored({"a": 2000}, seed=1)
    x = np.random.default_rng(1).choice([60.0, 82.0], 2000)
    skor = skor.assign(indeks=x - x.mean() + 71.1)
    got = category_probability(bootstrap_means(skor, seed=1, draws=4000), law2019.kategori)
    assert list(got.columns) == ["Sangat Rendah", "Rendah", "Sedang", "Tinggi", "Sangat Tinggi"]
    # 71 is the lower edge of Sedang; the mean is 0.1 above it
    expected = stats.norm.cdf(0.1 / (x.std() / np.sqrt(2000)))
    assert got.loc["a", "Sedang"] == pytest.approx(expected, abs=0.03)
    assert got.loc["a", "Rendah"] == pytest.approx(1 - expected, abs=0.03)


def test_category_probabilities_sum_to_one(boot: BootstrapMeans, law2019: Instrument) -> None:
    total = category_probability(boot, law2019.kategori).sum(axis=1)
    np.testing.assert_allclose(total, 1, rtol=0, atol=1e-12)


# --- ranks ------------------------------------------------------------------------------------

# OECD, PISA 2018: mathematics, mean and standard error (https://www.oecd.org/pisa/data/)
PISA = """
Australia 491.3600252 1.939833031; Austria 498.9423138 2.970998694; Belgium 508.0703063
2.262662011; Canada 512.0169429 2.357475749; Chile 417.4065563 2.41588757; Colombia 390.9322732
2.989559274; Czechia 499.4676508 2.460661531; Denmark 509.3983746 1.735002337; Estonia
523.4145802 1.743602224; Finland 507.3013618 1.967920411; France 495.4075794 2.320214487; Germany
500.0437805 2.647083096; Greece 451.3703438 3.091228197; Hungary 481.0826364 2.319596741; Iceland
495.1873762 1.953082603; Ireland 499.632894 2.198621128; Israel 463.0345488 3.498563228; Italy
486.5898573 2.780045867; Japan 526.9732502 2.471475318; Korea 525.933002 3.121394315; Latvia
496.1263306 1.962766789; Lithuania 481.1911884 1.953282039; Luxembourg 483.421485 1.097632409;
Mexico 408.8014734 2.493225544; Netherlands 519.2309824 2.632277885; NewZealand 494.489676
1.705942856; Norway 500.9637885 2.219044878; Poland 515.6478747 2.602085176; Portugal 492.4874062
2.684570081; Slovakia 486.1648542 2.555595707; Slovenia 508.8975441 1.363877596; Spain
481.3926126 1.462417763; Sweden 502.3877022 2.654250935; Switzerland 515.3147131 2.908003898;
Turkey 453.5077774 2.260406789; UnitedKingdom 501.7698992 2.564428111; UnitedStates 478.2447174
3.235444099
"""


@pytest.fixture(scope="module")
def pisa() -> tuple[pd.Series, pd.DataFrame]:
    rows = [entry.split() for entry in PISA.replace("\n", " ").split(";")]
    score = pd.Series({name: float(mean) for name, mean, _ in rows})
    error = np.array([float(se) for _, _, se in rows])
    # csranks knows the standard errors; draws with exactly those variances and no correlation
    # are as good as knowing them
    z = np.random.default_rng(1).normal(size=(5_000, len(score)))
    z = np.linalg.solve(np.linalg.cholesky(np.cov(z, rowvar=False)), (z - z.mean(axis=0)).T).T
    return score, pd.DataFrame(z * error + score.to_numpy(), columns=score.index)


def test_rank_intervals_are_those_csranks_prints(pisa: tuple[pd.Series, pd.DataFrame]) -> None:
    # the vignette "Inference for Ranks" of the R package csranks, by the authors of the method
    score, draws = pisa
    got = rank_intervals(score, draws)
    uk = got.loc["UnitedKingdom"]
    assert uk["peringkat"] == 13
    # csranks prints 7 in one version and 8 in another, from 1,000 draws each
    assert uk["peringkat_terbaik"] in (7, 8)
    assert uk["peringkat_terburuk"] == 23
    top5 = {
        *("Belgium", "Canada", "Denmark", "Estonia", "Finland", "Japan", "Korea"),
        *("Netherlands", "Poland", "Slovenia", "Sweden", "Switzerland"),
    }
    assert set(got.index[got["serentak_terbaik"] <= 5]) == top5
    at90 = rank_intervals(score, draws, level=0.9)
    assert set(at90.index[at90["serentak_terbaik"] <= 5]) == top5 - {"Sweden"}
    # "Chile, Mexico and Colombia have confidence sets that do not overlap with the others"
    last = got.loc[["Chile", "Mexico", "Colombia"], "serentak_terbaik"].min()
    assert got.drop(["Chile", "Mexico", "Colombia"])["serentak_terburuk"].max() < last


def test_rank_intervals_nest(pisa: tuple[pd.Series, pd.DataFrame]) -> None:
    score, draws = pisa
    got = rank_intervals(score, draws.head(2000))
    single = rank_intervals(score, draws.head(2000), stepwise=False)
    assert (got["serentak_terbaik"] <= got["peringkat_terbaik"]).all()
    assert (got["peringkat_terbaik"] <= got["peringkat"]).all()
    assert (got["peringkat"] <= got["peringkat_terburuk"]).all()
    assert (got["peringkat_terburuk"] <= got["serentak_terburuk"]).all()
    for best, worst in (("peringkat_", "peringkat_"), ("serentak_", "serentak_")):
        assert (single[f"{best}terbaik"] <= got[f"{best}terbaik"]).all()
        assert (single[f"{worst}terburuk"] >= got[f"{worst}terburuk"]).all()
    mixed = score.sample(frac=1, random_state=1)
    again = rank_intervals(mixed, draws.head(2000)[mixed.index])
    pd.testing.assert_frame_equal(again.loc[score.index], got)


def test_simultaneous_coverage_is_what_it_says() -> None:
    # all places tied: any place found above another is an error, and with the largest of all
    # differences held at 5 % just 5 % of tables have one
    rng = np.random.default_rng(12)
    places = list("abcdefgh")
    error = np.array([1.0, 1, 2, 0.5, 1, 1.5, 1, 3])
    draws = pd.DataFrame(rng.normal(size=(1500, 8)) * error, columns=places)
    joint, single = 0, np.zeros(8)
    for _ in range(600):
        theta = pd.Series(rng.normal(size=8) * error, index=places)
        got = rank_intervals(theta, draws + theta)
        joint += bool(
            (got["serentak_terbaik"] == 1).all() and (got["serentak_terburuk"] == 8).all()
        )
        single += (got["peringkat_terbaik"].eq(1) & got["peringkat_terburuk"].eq(8)).to_numpy()
    assert 0.93 <= joint / 600 <= 0.97
    assert single.min() / 600 >= 0.92
    assert single.max() / 600 <= 0.98


def test_rank_intervals_from_people(skor: pd.DataFrame) -> None:
    apart = skor.copy()
    shift = apart["kode_kabkota"].map({"3501": 0.0, "3502": -30.0, "3503": 20.0})
    apart["indeks"] = apart["indeks"] + shift
    boot = bootstrap_means(apart, seed=1, draws=500)
    got = rank_intervals(boot.nilai["indeks"], boot.replicates("indeks"))
    for column in got:
        assert got[column].to_list() == [2, 3, 1]
    probability = rank_probability(boot.nilai["indeks"], boot.replicates("indeks"), k=1)
    assert probability.to_list() == [0.0, 0.0, 1.0]


def test_places_without_noise_and_hidden_places() -> None:
    nilai = pd.Series({"a": 5.0, "b": 5.0, "c": 4.9, "d": np.nan})
    draws = pd.DataFrame(np.tile(nilai.to_numpy(), (100, 1)), columns=nilai.index)
    got = rank_intervals(nilai, draws)
    assert got["peringkat"].to_list() == [1, 1, 3, pd.NA]
    assert got["serentak_terbaik"].to_list() == [1, 1, 3, pd.NA]
    assert got["serentak_terburuk"].to_list() == [2, 2, 3, pd.NA]
    assert rank_probability(nilai, draws, k=2).fillna(-1).to_list() == [1.0, 1.0, 0.0, -1.0]


def test_rank_probability_of_two_places() -> None:
    rng = np.random.default_rng(4)
    nilai = pd.Series({"a": 0.5, "b": 0.0})
    draws = pd.DataFrame(rng.normal(size=(20_000, 2)) + nilai.to_numpy(), columns=nilai.index)
    got = rank_probability(nilai, draws, k=1)
    assert got["a"] == pytest.approx(stats.norm.cdf(0.5 / np.sqrt(2)), abs=0.015)
    assert got.sum() == pytest.approx(1)


# --- people not measured ----------------------------------------------------------------------


def test_lowest_points_of_the_law_of_2019(law2019: Instrument, law2023: Instrument) -> None:
    # SD or SLTP 1, no training 0, SKP of 50 and under 1, heavy sanction 1
    assert lowest_points(law2019).to_list() == [1.0, 0.0, 1.0, 1.0, 3.0]
    assert lowest_points(law2023)["indeks"] == 0


def unmeasured(skor: pd.DataFrame, share: float, seed: int = 1) -> pd.DataFrame:
    gone = np.random.default_rng(seed).random(len(skor)) < share
    skor = skor.copy()
    skor.loc[gone, [*DIMENSI, "indeks"]] = np.nan
    skor.loc[gone, "status_ukur"] = "tidak_terukur"
    return skor


def test_bounds_by_hand(law2019: Instrument) -> None:
    skor = scored({"a": 20}, seed=1)
    skor["indeks"] = 80.0
    skor.loc[skor.index[:5], "status_ukur"] = "tidak_terukur"
    skor.loc[skor.index[:5], [*DIMENSI, "indeks"]] = np.nan
    got = worst_case_bounds(skor, law2019).loc[("a", "indeks")]
    # 15 of 20 at 80: 0.75 x 80 + 0.25 x 3 and + 0.25 x 100
    assert got["batas_bawah"] == pytest.approx(60.75)
    assert got["batas_atas"] == pytest.approx(85.0)
    assert got["lebar"] == pytest.approx(0.25 * 97)
    assert (got["n_pegawai"], got["n_terukur"], got["partisipasi"]) == (20, 15, 0.75)


def test_bounds_hold_whatever_the_unmeasured_have(skor: pd.DataFrame, law2019: Instrument) -> None:
    truth = skor.groupby("kode_kabkota")[[*DIMENSI, "indeks"]].mean().stack()
    # the best, or the worst, of the people are the ones not measured
    for worst in (True, False):
        order = skor["indeks"].rank(pct=True, ascending=worst)
        hit = skor.copy()
        hit.loc[order < 0.3, "status_ukur"] = "tidak_terukur"
        hit.loc[order < 0.3, [*DIMENSI, "indeks"]] = np.nan
        got = worst_case_bounds(hit, law2019)
        assert (got["batas_bawah"].to_numpy() <= truth.to_numpy() + 1e-9).all()
        assert (got["batas_atas"].to_numpy() >= truth.to_numpy() - 1e-9).all()
    full = worst_case_bounds(skor, law2019)
    np.testing.assert_allclose(full["batas_bawah"], truth, rtol=1e-12)
    np.testing.assert_allclose(full["lebar"], 0, atol=1e-12)


def test_ranks_that_bounds_allow(law2019: Instrument) -> None:
    skor = scored({"a": 50, "b": 50, "c": 50}, seed=1)
    skor["indeks"] = skor["kode_kabkota"].map({"a": 90.0, "b": 80.0, "c": 40.0})
    gone = skor.index[50:75]  # half of b
    skor.loc[gone, "status_ukur"] = "tidak_terukur"
    skor.loc[gone, [*DIMENSI, "indeks"]] = np.nan
    got = worst_case_bounds(skor, law2019).xs("indeks", level="kolom")
    # b lies in 41.5 to 90: at best level with a, and surely above c
    assert got["peringkat_terbaik"].to_list() == [1, 1, 3]
    assert got["peringkat_terburuk"].to_list() == [1, 2, 3]


def test_bounds_of_hidden_and_of_wholly_unmeasured_places(law2019: Instrument) -> None:
    skor = scored({"a": 9, "b": 30, "c": 30, "d": 30}, seed=1)
    gone = (skor["kode_kabkota"] == "b") | (
        (skor["kode_kabkota"] == "c") & (np.arange(len(skor)) % 10 > 2)
    )
    skor.loc[gone, [*DIMENSI, "indeks"]] = np.nan
    skor.loc[gone, "status_ukur"] = "tidak_terukur"
    got = worst_case_bounds(skor, law2019).xs("indeks", level="kolom")
    # a: fewer than ten people; c: nine measured
    assert got.loc[["a", "c"]].drop(columns=["sumber_data", "id_instrumen"]).isna().all().all()
    assert got.loc["b", ["batas_bawah", "batas_atas"]].to_list() == [3.0, 100.0]
    assert np.isnan(got.loc["b", "nilai"])
    assert got.loc["b", "n_terukur"] == 0


# --- what is refused --------------------------------------------------------------------------


def test_what_is_refused(
    skor: pd.DataFrame, boot: BootstrapMeans, law2019: Instrument, law2023: Instrument
) -> None:
    with pytest.raises(ParameterError, match="known: plain, stratified, clustered"):
        bootstrap_means(skor, seed=1, design="bayesian")
    with pytest.raises(ParameterError, match="no column kecamatan"):
        bootstrap_means(skor, seed=1, by="kecamatan")
    with pytest.raises(ParameterError, match="more than one measurement year"):
        bootstrap_means(pd.concat([skor, skor.assign(tahun=2023)]), seed=1)
    with pytest.raises(ParameterError, match="hidden names places that skor has not: 3599"):
        bootstrap_means(skor, seed=1, hidden=["3599"])
    with pytest.raises(ParameterError, match="hidden names places that skor has not: 3599"):
        worst_case_bounds(skor, law2019, hidden=["3599"])
    with pytest.raises(ParameterError, match="10 or more"):
        bootstrap_means(skor, seed=1, minimum=1)
    with pytest.raises(NotMeasurableError, match="no measured person"):
        bootstrap_means(skor.assign(status_ukur="tidak_terukur"), seed=1)
    with pytest.raises(NotMeasurableError, match="clustered needs two"):
        bootstrap_means(skor.assign(unit_kerja="satu"), seed=1, design="clustered", draws=100)
    with pytest.raises(ParameterError, match="known: percentile, basic"):
        intervals(boot, method="bca")
    with pytest.raises(ParameterError, match="level"):
        intervals(boot, level=95)
    with pytest.raises(ParameterError, match="known: kualifikasi"):
        difference_intervals(boot, kolom="skp")
    with pytest.raises(ParameterError, match="same places"):
        rank_intervals(boot.nilai["indeks"], boot.replicates("indeks").iloc[:, ::-1])
    with pytest.raises(ParameterError, match="from 1 to 3"):
        rank_probability(boot.nilai["indeks"], boot.replicates("indeks"), k=4)
    with pytest.raises(ParameterError, match="not made with the instrument"):
        worst_case_bounds(skor, law2023)
