"""Merit: scipy and brute force as oracles, hand arithmetic, what must stay hidden."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ipasn_lib.analysis.merit import (
    concentration_curve,
    concordance,
    distribution_check,
    leniency,
    one_row_a_person,
    paid_against_rule,
    pair_counts,
    pay_mismatch,
    predicted_pay,
)
from ipasn_lib.analysis.merit.table import dominated
from ipasn_lib.errors import DataError, InstrumentError, NotMeasurableError, ParameterError
from ipasn_lib.law.pay_rules import FOLDER, available_pay_rules, load_pay_rule
from ipasn_lib.law.predicate_rules import PREDIKAT, load_distribution_rule
from ipasn_lib.records.merit import read_merit

SK, K, BP, B, SB = PREDIKAT


def made_up(seed: int, n: int = 400) -> pd.DataFrame:
    """Make-believe people: better predicates are paid a little more, within class."""
    rng = np.random.default_rng(seed)
    step = rng.choice(5, n, p=[0.02, 0.05, 0.13, 0.45, 0.35])
    kelas = rng.choice([5, 7, 9], n, p=[0.5, 0.3, 0.2])
    pay = kelas * 500_000 * (1 + 0.05 * step + rng.normal(0, 0.1, n))
    return pd.DataFrame(
        {
            "id_pegawai": [f"p{i:04d}" for i in range(n)],
            "periode": "2024",
            "unit_kerja": rng.choice(["Dinas A", "Dinas B", "Dinas C"], n),
            "kelas_jabatan": pd.array(kelas, dtype="Int64"),
            "predikat": pd.Categorical.from_codes(step, categories=list(PREDIKAT), ordered=True),
            "nilai": 60 + 8 * step + rng.uniform(0, 8, n),
            "tunjangan": pay.round(-4),
            "sumber_data": f"sintetis, benih {seed}",
        }
    )


def group(unit: str, kelas: int, **predicates: int) -> pd.DataFrame:
    names = {"SK": SK, "K": K, "BP": BP, "B": B, "SB": SB}
    rated = [names[p] for p, n in predicates.items() for _ in range(n)]
    return pd.DataFrame(
        {
            "id_pegawai": [f"{unit}-{kelas}-{i}" for i in range(len(rated))],
            "unit_kerja": unit,
            "kelas_jabatan": kelas,
            "predikat": rated,
            "tunjangan": 1e6,
        }
    )


# ---- concordance -------------------------------------------------------------------------


def test_pairs_by_hand() -> None:
    # (1,10) (1,20) (2,20) (3,15): pairs 6; tied x 1, tied y 1;
    # concordant: (1,10)-(2,20), (1,10)-(3,15); discordant: (1,20)-(3,15), (2,20)-(3,15)
    got = pair_counts(np.array([1.0, 1, 2, 3]), np.array([10.0, 20, 20, 15]))
    assert (got.concordant, got.discordant, got.pairs, got.tied_x, got.tied_y) == (2, 2, 6, 1, 1)
    assert got.tau_b == got.somers_d == 0


@pytest.mark.parametrize("seed", range(6))
def test_concordance_is_scipys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 120))
    x = rng.integers(0, int(rng.integers(2, 40)), n).astype(float)
    y = rng.integers(0, int(rng.integers(2, 40)), n) + 0.3 * x
    got = pair_counts(x, y)
    assert got.tau_b == pytest.approx(stats.kendalltau(x, y).statistic, abs=1e-12)
    assert got.somers_d == pytest.approx(stats.somersd(x, y).statistic, abs=1e-12)
    sign = np.sign(x[:, None] - x) * np.sign(y[:, None] - y)
    assert got.concordant - got.discordant == sign.sum() / 2


def test_concordance_by_class_and_within_all() -> None:
    table = made_up(1)
    got = concordance(table)
    assert got.index.tolist() == ["5", "7", "9", "semua kelas"]
    step = table["predikat"].cat.codes.to_numpy(float)
    score = pairs = 0.0
    for k in (5, 7, 9):
        here = (table["kelas_jabatan"] == k).to_numpy()
        x, y = step[here], table["tunjangan"].to_numpy()[here]
        assert got.loc[str(k), "somers_d"] == pytest.approx(stats.somersd(x, y).statistic)
        assert got.loc[str(k), "tau_b"] == pytest.approx(stats.kendalltau(x, y).statistic)
        score += (np.sign(x[:, None] - x) * np.sign(y[:, None] - y)).sum()
        pairs += (x[:, None] != x).sum()
    assert got.loc["semua kelas", "somers_d"] == pytest.approx(score / pairs)
    assert got.loc["semua kelas", "n_pegawai"] == 400
    assert (got["somers_d"] > 0.2).all()
    assert (got["sumber_data"] == "sintetis, benih 1").all()


def test_small_classes_are_hidden_with_a_brother() -> None:
    table = pd.concat(
        [group("D", 5, B=9), group("D", 6, B=6, SB=6), group("D", 7, B=20, SB=20)],
        ignore_index=True,
    )
    got = concordance(table)
    assert (
        got[["n_pegawai", "seri_kinerja"]].isna().all(axis=1).tolist() == [True] * 2 + [False] * 2
    )
    # equal pay for all: no order, so D is 0 and tau-b has no denominator
    assert got.loc["7", "somers_d"] == 0
    assert np.isnan(got.loc["7", "tau_b"])
    # C(20,2) twice of C(40,2) pairs are tied
    assert got.loc["7", "seri_kinerja"] == pytest.approx(380 / 780)


def test_a_class_in_which_fewer_than_ten_are_rated_otherwise_gets_no_measure() -> None:
    # of 10 people rated 9 to 1 the ties are 36 of 45 pairs: 80 % would name that split, and D,
    # a multiple of 1/9, too
    table = pd.concat([group("D", 5, B=31, SB=9), group("D", 7, B=20, SB=10)], ignore_index=True)
    got = concordance(table)
    assert got["n_pegawai"].tolist() == [40, 30, 70]
    assert got["seri_kinerja"].isna().tolist() == [True, False, False]
    assert got["somers_d"].isna().tolist() == [True, False, False]
    alone = concordance(table.loc[table["kelas_jabatan"] == 5])
    assert alone["somers_d"].isna().all()


def test_unknown_or_missing() -> None:
    table = made_up(1)
    with pytest.raises(ParameterError, match="known: predikat, nilai"):
        concordance(table, "skor")
    with pytest.raises(ParameterError, match="no column tunjangan"):
        concordance(table.drop(columns="tunjangan"))
    with pytest.raises(ParameterError, match="several rows"):
        concordance(pd.concat([table, table]))
    with pytest.raises(ParameterError, match="predikat must be"):
        concordance(table.assign(predikat="Istimewa"))
    with pytest.raises(NotMeasurableError):
        concordance(table.assign(predikat=None))


# ---- high and low ------------------------------------------------------------------------


def test_mismatch_by_hand() -> None:
    # class 7, median pay 2: high performers 40 (15 paid 1, 25 paid 3), low 30 (18 paid 3,
    # 12 paid 1), middle 30 (all paid 2)
    table = pd.concat([group("D", 7, SB=40, BP=30, B=30)], ignore_index=True)
    table["tunjangan"] = [1.0] * 15 + [3.0] * 25 + [3.0] * 18 + [1.0] * 12 + [2.0] * 30
    got = pay_mismatch(table)
    for row in ("7", "semua kelas"):
        assert got.loc[row, "tinggi_di_bawah_median"] == pytest.approx(15 / 40)
        assert got.loc[row, "rendah_di_atas_median"] == pytest.approx(18 / 30)
        assert got.loc[row, "semua_di_bawah_median"] == pytest.approx(27 / 100)
        assert got.loc[row, "semua_di_atas_median"] == pytest.approx(43 / 100)
        assert got.loc[row, ["n_pegawai", "n_tinggi", "n_rendah"]].tolist() == [100, 40, 30]


def test_mismatch_hides_few_people_on_one_side_and_the_pooled_way_back() -> None:
    first, second = group("D", 7, SB=40, BP=30, B=30), group("D", 8, SB=40, BP=30, B=30)
    first["tunjangan"] = [1.0] * 15 + [3.0] * 25 + [3.0] * 18 + [1.0] * 12 + [2.0] * 30
    # class 8: only 5 high performers are paid less
    second["tunjangan"] = [1.0] * 5 + [3.0] * 35 + [3.0] * 15 + [1.0] * 15 + [2.0] * 30
    got = pay_mismatch(pd.concat([first, second], ignore_index=True))
    assert np.isnan(got.loc["8", "tinggi_di_bawah_median"])
    # with class 7 and the pooled share both shown, 20 - 15 would give the 5 back
    assert np.isnan(got.loc["7", "tinggi_di_bawah_median"])
    assert got.loc["semua kelas", "tinggi_di_bawah_median"] == pytest.approx(20 / 80)
    assert got["n_tinggi"].tolist() == [40, 40, 80]
    assert got.loc["8", "rendah_di_atas_median"] == pytest.approx(0.5)


def test_mismatch_by_value_takes_quarters_of_the_class() -> None:
    table = group("D", 7, B=100)
    table["nilai"] = np.arange(100.0)
    table["tunjangan"] = np.where(np.arange(100) % 2, 3.0, 1.0)
    got = pay_mismatch(table, "nilai").loc["7"]
    # quantiles of 0..99 are 24.75 and 74.25: 25 at or under, 25 at or over, from 75
    assert (got["n_tinggi"], got["n_rendah"]) == (25, 25)
    # 75..99: even ones 76, 78, ..., 98 are 12, paid 1 under the median 2; 0..24: 12 odd, paid 3
    assert got["tinggi_di_bawah_median"] == pytest.approx(12 / 25)
    assert got["rendah_di_atas_median"] == pytest.approx(12 / 25)
    with pytest.raises(ParameterError, match="quarter"):
        pay_mismatch(table, "nilai", quarter=0.6)


# ---- concentration -----------------------------------------------------------------------


def test_concentration_by_hand() -> None:
    # 10 Baik paid 1, 10 Sangat Baik paid 3: half the people hold a quarter of the pay;
    # area = 1/2 * 1/2 * 1/4 + 1/2 * (1/4 + 1)/2 = 3/8, C = 1 - 3/4 = 1/4, as is the Gini
    table = group("D", 7, B=10, SB=10)
    table["tunjangan"] = [1.0] * 10 + [3.0] * 10
    got = concentration_curve(table)
    assert got.kurva["kelompok"].tolist() == ["", "Baik", "Sangat Baik"]
    assert got.kurva["bagian_tunjangan"].tolist() == pytest.approx([0, 0.25, 1])
    assert got.kurva["bagian_pegawai"].tolist() == pytest.approx([0, 0.5, 1])
    assert (got.indeks, got.gini) == pytest.approx((0.25, 0.25))
    # better performers paid less: the mirror image
    table["tunjangan"] = [3.0] * 10 + [1.0] * 10
    assert concentration_curve(table).indeks == pytest.approx(-0.25)


@pytest.mark.parametrize("within", [True, False])
def test_index_is_the_area_under_the_curve_where_no_step_is_joined(within: bool) -> None:
    table = made_up(2, 3000)
    got = concentration_curve(table, dalam_kelas=within)
    area = np.trapezoid(got.kurva["bagian_tunjangan"], got.kurva["bagian_pegawai"])
    assert len(got.kurva) == 6
    assert got.indeks == pytest.approx(1 - 2 * area, abs=1e-12)
    assert 0 < got.indeks < got.gini


def test_gini_is_the_mean_difference() -> None:
    table = made_up(3, 200)
    got = concentration_curve(table, "nilai", dalam_kelas=False)
    y = table["tunjangan"].to_numpy()
    assert got.gini == pytest.approx(np.abs(y[:, None] - y).mean() / (2 * y.mean()))
    assert len(got.kurva) == 11


def test_curve_joins_small_steps_and_dominated_ones() -> None:
    table = group("D", 7, K=3, BP=4, B=30, SB=5)
    got = concentration_curve(table)
    assert got.kurva["kelompok"].tolist() == ["", "Kurang sampai Sangat Baik"]
    table = group("D", 7, BP=12, B=30, SB=20)
    table.loc[0, "tunjangan"] = 1e9
    got = concentration_curve(table, dalam_kelas=False)
    # one person's pay makes nearly all of the first step; 29 million are under a tenth of it
    assert got.kurva["kelompok"].tolist() == ["", "Butuh Perbaikan sampai Sangat Baik"]
    with pytest.raises(NotMeasurableError, match="fewer than 10"):
        concentration_curve(group("D", 7, SB=9))


def test_both_dominance_rules_at_their_edge() -> None:
    # p = 10 %: the rest beyond the two largest must be at least a tenth of the largest
    assert not dominated(np.array([100.0, 100.0, 6.0, 4.0]))
    assert dominated(np.array([100.0, 100.0, 6.0, 3.9]))
    # (1, 50 %): the largest is at most half of all
    assert not dominated(np.array([100.0, 50.0, 40.0, 10.0]))
    assert dominated(np.array([100.0, 50.0, 40.0, 9.9]))
    assert dominated(np.array([1.0, 1.0]))


# ---- leniency and the rule of spread -----------------------------------------------------


def test_leniency_tells_patterns_and_hides_exact_shares_at_the_edge() -> None:
    table = pd.concat(
        [
            group("A", 7, SB=40),
            group("B", 7, SB=36, B=4),
            group("C", 7, SB=20, B=20),
            group("D", 7, SB=30, B=10),
            group("E", 7, SB=4),
            group("F", 7, B=12),
        ],
        ignore_index=True,
    )
    got = leniency(table)
    assert got["pola"].astype("object").where(got["pola"].notna(), None).tolist() == [
        "hampir semua Sangat Baik",
        "hampir semua Sangat Baik",
        "beragam",
        "sebagian besar Sangat Baik",
        None,
        None,  # hidden with E, so that the total of all units does not give E back
    ]
    # all forty and thirty-six of forty are not told apart
    assert got.loc[["A", "B"], "sangat_baik"].isna().all()
    row = got.loc["C"]
    interval = stats.binomtest(20, 40).proportion_ci(method="wilson")
    assert row["sangat_baik"] == 0.5
    assert (row["batas_bawah"], row["batas_atas"]) == pytest.approx((interval.low, interval.high))
    # others: 40 + 36 + 30 + 4 of 40 + 40 + 40 + 4 + 12
    assert row["bagian_lain"] == pytest.approx(110 / 136)
    assert row["berbeda"]
    assert pd.isna(got.loc["E", "n_pegawai"])


def test_leniency_closes_a_share_that_the_total_would_give_back() -> None:
    units = [group("A", 7, SB=31, B=9), group("B", 7, SB=20, B=20), group("C", 7, SB=25, B=15)]
    got = leniency(pd.concat(units, ignore_index=True))
    # A alone has a thin side; B or C must close with it: the smallest other side is C's 15
    assert got["sangat_baik"].isna().tolist() == [True, False, True]


SPREAD = load_distribution_rule()


@pytest.mark.parametrize(
    ("organisation", "counts", "kept"),
    [
        ("Istimewa", {"SB": 70, "B": 30}, {"terbanyak": True}),
        ("Istimewa", {"SB": 71, "B": 29}, {"terbanyak": False}),
        ("Istimewa", {"SB": 50, "B": 50}, {"terbanyak": False}),
        ("Baik", {"B": 60, "SB": 39, "K": 1}, {"terbanyak": True, "harus_ada": True}),
        ("Baik", {"B": 60, "SB": 40}, {"terbanyak": True, "harus_ada": False}),
        ("Butuh Perbaikan", {"BP": 60, "SB": 10, "B": 30}, {"terbanyak": True, "puncak": True}),
        ("Butuh Perbaikan", {"BP": 59, "SB": 11, "B": 30}, {"terbanyak": False, "puncak": False}),
        (
            "Kurang",
            {"K": 60, "BP": 10, "SB": 10, "B": 20},
            {"terbanyak": True, "harus_ada": True, "puncak": True},
        ),
        (
            "Sangat Kurang",
            {"SK": 60, "K": 5, "BP": 4, "B": 30, "SB": 1},
            {"terbanyak": True, "harus_ada": False, "puncak": False},
        ),
    ],
)
def test_spread_on_both_sides_of_every_limit(
    organisation: str, counts: dict[str, int], kept: dict[str, bool]
) -> None:
    got = distribution_check(group("U", 7, **counts), {"U": organisation}, SPREAD)
    assert got["terpenuhi"].droplevel(0).to_dict() == kept


def test_spread_hides_small_units_and_gives_answers_only() -> None:
    table = pd.concat(
        [group("A", 7, B=60, SB=35, K=5), group("B", 7, B=7), group("C", 7, B=20, K=1)],
        ignore_index=True,
    )
    got = distribution_check(table, {"A": "Baik", "B": "Baik", "C": "Baik"}, SPREAD)
    assert got.loc[("A", "terbanyak"), "terpenuhi"]
    assert got.loc[("A", "harus_ada"), "terpenuhi"]
    assert "bagian" not in got
    assert got.loc[["B", "C"], ["n_pegawai", "terpenuhi"]].isna().all(axis=None)
    with pytest.raises(ParameterError, match="1 units have no predicate"):
        distribution_check(table, {"A": "Baik", "B": "Baik"}, SPREAD)
    with pytest.raises(ParameterError, match="known: Istimewa"):
        distribution_check(table, dict.fromkeys("ABC", "Hebat"), SPREAD)
    with pytest.raises(ParameterError, match="se-menpanrb-3-2023"):
        load_distribution_rule("se-1")


# ---- pay rules ---------------------------------------------------------------------------

JAMBI = load_pay_rule("tpp-jambi")


def jambi(**given: object) -> float:
    row = {"id_pegawai": "p", "pagu": 10_000_000.0, "predikat": B, **dict.fromkeys(JAMBI.kolom, 0)}
    table = pd.DataFrame([row | given])
    return float(predicted_pay(table, JAMBI)["tunjangan_menurut_aturan"].iloc[0])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 10_000_000),
        ({"predikat": SB}, 10_000_000),
        # 0.6 * 0.9 + 0.4
        ({"predikat": BP}, 9_400_000),
        ({"predikat": K}, 8_500_000),
        ({"predikat": SK}, 7_000_000),
        ({"predikat": None}, 6_400_000),
        # two days absent: a = 0.06; 0.6 * 0.94 + 0.4 * 0.94
        ({"tidak_hadir": 2}, 9_400_000),
        # a = 0.03 + 0.005 + 0.0155 = 0.0505
        ({"tidak_hadir": 1, "terlambat_1": 1, "pulang_cepat_4": 1}, 9_495_000),
        # ceremony cuts the discipline part alone: 0.4 * (1 - 0.02)
        ({"tidak_upacara": 1}, 9_920_000),
        # 27 ceremonies 54 %, 28 everything
        ({"tidak_upacara": 27}, 6_000_000 + 4_000_000 * 0.46),
        ({"tidak_upacara": 28}, 6_000_000),
        # superior who did not assess: r = 0.95
        ({"tidak_menilai_bawahan": 1}, 9_700_000),
        # 34 days: a is capped at 1
        ({"tidak_hadir": 34}, 0),
    ],
)
def test_jambi_formula(given: dict[str, object], expected: float) -> None:
    assert jambi(**given) == pytest.approx(expected)


def test_other_rules_by_hand() -> None:
    given = {"id_pegawai": "p", "pagu": 1000.0, "capaian_kinerja": 0.5, "capaian_disiplin": 1.0}
    table = pd.DataFrame([given | {"menit_kegiatan": 5400}])

    def pay(name: str) -> float:
        return predicted_pay(table, load_pay_rule(name))["tunjangan_menurut_aturan"].iloc[0]

    assert pay("tpp-seluma") == pytest.approx(700)
    assert pay("tpp-lebong") == pytest.approx(800)
    assert pay("tpp-pekalongan-2018") == pytest.approx(120 + 360 + 400)
    # 5400 of 6750 minutes are 0.8
    assert pay("tpp-menit-kegiatan") == pytest.approx(480 + 400)
    ministry = load_pay_rule("tukin-kementan-2012")
    row = {"id_pegawai": "p", "pagu": 1000.0, **dict.fromkeys(ministry.kolom, 0)}
    cut = pd.DataFrame([row | {"tidak_hadir": 2, "terlambat_4": 1, "teguran_lisan": 1}])
    got = predicted_pay(cut, ministry)["tunjangan_menurut_aturan"].iloc[0]
    assert got == pytest.approx(1000 * (1 - 0.08 - 0.02 - 0.20))


def test_rule_refuses_impossible_columns() -> None:
    with pytest.raises(ParameterError, match="tidak_hadir"):
        jambi(tidak_hadir=-1)
    table = pd.DataFrame([{"id_pegawai": "p", "pagu": 1.0, "capaian_kinerja": 1.5}])
    with pytest.raises(ParameterError, match="no column capaian_disiplin"):
        predicted_pay(table, load_pay_rule("tpp-seluma"))
    with pytest.raises(ParameterError, match="capaian_kinerja"):
        predicted_pay(table.assign(capaian_disiplin=1.0), load_pay_rule("tpp-seluma"))


def test_paid_against_rule_by_hand() -> None:
    rule = load_pay_rule("tpp-seluma")
    table = group("D", 7, B=60).assign(pagu=1000.0, capaian_kinerja=1.0, capaian_disiplin=0.5)
    # due 800; 30 paid 800, 20 paid 1000, 10 paid 600
    table["tunjangan"] = [800.0] * 30 + [1000.0] * 20 + [600.0] * 10
    got = paid_against_rule(table, rule).loc["7"]
    assert got[["sesuai", "lebih", "kurang"]].tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert got["selisih_relatif"] == pytest.approx((24000 + 20000 + 6000) / 48000 - 1)
    # 10 of the ceiling is the edge of the tolerance
    table["tunjangan"] = [810.0] * 30 + [811.0] * 30
    got = paid_against_rule(table, rule, by="unit_kerja").loc["D"]
    assert got[["sesuai", "lebih"]].tolist() == [0.5, 0.5]
    table["tunjangan"] = [800.0] * 55 + [0.0] * 5
    assert np.isnan(paid_against_rule(table, rule).loc["7", "sesuai"])
    table["tunjangan"] = [800.0] * 59 + [1e6]
    assert np.isnan(paid_against_rule(table, rule).loc["7", "selisih_relatif"])
    with pytest.raises(ParameterError, match="known: kelas_jabatan, unit_kerja"):
        paid_against_rule(table, rule, by="golongan")


def test_every_shipped_rule_is_whole_and_cited() -> None:
    rules = available_pay_rules()
    for rule in rules.values():
        assert rule.sumber
        assert sum(rule.bobot.values()) == pytest.approx(1)


def test_strict_loading(tmp_path: Path) -> None:
    text = (FOLDER / "tpp-jambi.toml").read_text()

    def load(changed: str, name: str = "tpp-jambi") -> None:
        path = tmp_path / f"{name}.toml"
        path.write_text(changed)
        load_pay_rule(path)

    for number, (old, new, said) in enumerate(
        [
            ("disiplin = 0.4", "disiplin = 0.5", "sum to 1"),
            ("kena_kehadiran", "kena_kehadirn", "kena_kehadiran"),
            ('"Kurang" = 0.75, ', "", "must name exactly"),
            ('kelompok = "lain"', 'kelompok = "lainnya"', "known: kehadiran, lain"),
            ("persen = 3.0", "persen = 300", "at most 100"),
            ('wilayah = "Provinsi Jambi"', "", "'wilayah' is missing"),
        ]
    ):
        assert old in text
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "tpp-jambi.toml"
        path.write_text(text.replace(old, new))
        with pytest.raises(InstrumentError, match=said):
            load_pay_rule(path)
    with pytest.raises(InstrumentError, match="not the file's name"):
        load(text, "lain")
    with pytest.raises(ParameterError, match="known: tpp-jambi"):
        load_pay_rule("tpp-jakarta")


# ---- several periods, and the reader -----------------------------------------------------


def test_one_row_a_person() -> None:
    table = pd.DataFrame(
        {
            "id_pegawai": ["a", "b", "a"],
            "periode": ["2024-02", "2024-01", "2024-01"],
            "unit_kerja": ["Y", "X", "X"],
            "kelas_jabatan": pd.array([8, 7, 7], dtype="Int64"),
            "predikat": [SB, B, B],
            "tunjangan": [30.0, 5.0, 10.0],
        }
    )
    got = one_row_a_person(table).set_index("id_pegawai")
    assert got.loc["a"].tolist() == ["2024-01 - 2024-02", "Y", 8, SB, 20.0]
    assert got.loc["b"].tolist() == ["2024-01", "X", 7, B, 5.0]


KEY = b"kunci untuk uji saja"
HEAD = "NIP;Periode;Unit Kerja;Kelas;Predikat Kinerja;TPP\n"


def nip(i: int) -> str:
    return f"19800101200501100{i}"  # built, so that no whole number stands here


def test_reader(tmp_path: Path) -> None:
    path = tmp_path / "tpp.csv"
    path.write_text(
        "Rekap TPP;;;;;\n" + HEAD + f"{nip(1)};2024-03;Dinas A;7;cukup;1500000\n"
        f"{nip(2)};2024-03;Dinas A;9;;2000000,5\n;;;;;\nJumlah;;;;;3500000\n",
        encoding="utf-8",
    )
    got = read_merit(path, key=KEY)
    assert list(got) == [
        "id_pegawai",
        "periode",
        "unit_kerja",
        "kelas_jabatan",
        "predikat",
        "nilai",
        "tunjangan",
        "sumber_data",
    ]
    assert got["tunjangan"].tolist() == [1_500_000, 2_000_000.5]
    assert got["predikat"].astype("object").tolist()[0] == BP
    assert got["predikat"].isna().tolist() == [False, True]
    assert got["predikat"].cat.ordered
    assert got["id_pegawai"].str.fullmatch("[0-9a-f]{32}").all()
    assert got["id_pegawai"].is_unique


def test_reader_tells_all_that_is_wrong_and_no_value(tmp_path: Path) -> None:
    path = tmp_path / "tpp.csv"
    path.write_text(
        HEAD + f"{nip(1)};2024-13;Dinas A;7;Baik;100\n{nip(2)};2024-03;;18;Hebat;\n"
        f"{nip(3)};2024-03;Dinas A;7;Baik;-5\n{nip(3)};2024-03;Dinas A;7,5;Baik;5\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as caught:
        read_merit(path, key=KEY)
    problems = caught.value.problems
    assert problems is not None
    found = set(zip(problems["kolom"], problems["aturan"], problems["baris"], strict=True))
    assert {
        ("periode", "bukan_periode", "2"),
        ("unit_kerja", "kosong", "3"),
        ("kelas_jabatan", "di_luar_rentang", "3"),
        ("kelas_jabatan", "bukan_bilangan_bulat", "5"),
        ("predikat", "di_luar_pilihan", "3"),
        ("tunjangan", "kosong", "3"),
        ("tunjangan", "di_luar_rentang", "4"),
        ("nip", "ganda", "4, 5"),
    } <= found
    assert "Hebat" not in str(caught.value)
    assert nip(3) not in str(caught.value)


def test_reader_wants_the_columns_of_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "tpp.csv"
    path.write_text(HEAD + f"{nip(1)};2024;Dinas A;7;Baik;100\n", encoding="utf-8")
    with pytest.raises(DataError, match="pagu: kolom_tidak_ada") as caught:
        read_merit(path, rule=JAMBI, key=KEY)
    assert "tidak_upacara: kolom_tidak_ada" in str(caught.value)
    head = HEAD.strip() + ";Pagu;Capaian Kinerja;Capaian Disiplin\n"
    path.write_text(head + f"{nip(1)};2024;Dinas A;7;;100;200;0,5;1\n", encoding="utf-8")
    rule = load_pay_rule("tpp-seluma")
    got = read_merit(path, rule=rule, key=KEY)
    assert got.loc[0, ["pagu", "capaian_kinerja", "capaian_disiplin"]].tolist() == [200, 0.5, 1]
    due = predicted_pay(got, rule)["tunjangan_menurut_aturan"]
    assert due.tolist() == pytest.approx([200 * (0.6 * 0.5 + 0.4)])
