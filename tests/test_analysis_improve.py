"""Steps and plans: hand arithmetic, every plan enumerated for tiny places, re-scored people."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipasn_lib.analysis.improve import (
    default_steps,
    next_steps,
    open_steps,
    reachable_steps,
    step_summary,
    why_no_steps,
)
from ipasn_lib.analysis.plan import (
    budget_curve,
    compare_plans,
    plan_for_budget,
    plan_for_target,
    plan_toward_target,
    why_no_plan,
)
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.index.score import score, score_detail
from ipasn_lib.law.loading import load_instrument

INSTRUMENT = load_instrument(2022)
PROPORTIONAL = load_instrument(2022, {"jp_diklat_teknis": "proporsional"})


def make_people(n, seed):
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "tahun": 2022,
            "kode_kabkota": "3510",
            "unit_kerja": draw.choice(["Dinas A", "Dinas B", "Kecamatan C"], n, p=[0.6, 0.3, 0.1]),
            "jenis_asn": pd.Categorical(["PNS"] * n, categories=["PNS", "PPPK"]),
            "kelompok_jabatan": pd.Categorical(draw.choice(INSTRUMENT.kelompok_jabatan, n)),
            "golongan": "III/a",
            "jenis_kelamin": pd.Categorical(draw.choice(["L", "P"], n)),
            "sumber_data": "sintetis, benih 1",
            "jenjang_pendidikan": pd.Categorical(
                draw.choice(["SD", "SLTA", "D3", "S1", "Profesi", "S2", "S3"], n)
            ),
            "diklat_kepemimpinan": pd.array(draw.random(n) < 0.5, "boolean"),
            "diklat_fungsional": pd.array(draw.random(n) < 0.5, "boolean"),
            "seminar": pd.array(draw.random(n) < 0.5, "boolean"),
            "jp_diklat_teknis": draw.integers(0, 40, n).astype(float),
            "nilai_kinerja": np.where(draw.random(n) < 0.2, np.nan, draw.integers(40, 101, n)),
            "hukuman_disiplin": draw.choice(["tidak_pernah", "ringan"], n),
        },
        index=pd.Index([f"p{k:05d}" for k in range(n)], name="id_pegawai"),
    )


def one(**columns):
    """One struktural with an S1, five hours and nothing else, unless a column says otherwise."""
    values = {
        "kelompok_jabatan": "struktural",
        "jenjang_pendidikan": "S1",
        "diklat_kepemimpinan": False,
        "diklat_fungsional": False,
        "seminar": False,
        "jp_diklat_teknis": 5.0,
        "nilai_kinerja": 80.0,
        "hukuman_disiplin": "tidak_pernah",
        **columns,
    }
    table = make_people(1, 0).astype({"kelompok_jabatan": "str", "jenjang_pendidikan": "str"})
    return table.assign(
        **{
            name: pd.array([value], "boolean") if isinstance(value, bool) else value
            for name, value in values.items()
        }
    )


# --- steps ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        # struktural: PIM 15, 20 JP 15, seminar 10; S1 15 -> S2 20; no points for the JF course
        ({}, {"diklat_kepemimpinan": 15, "diklat_teknis": 15, "seminar": 10, "pendidikan_s2": 5}),
        # pelaksana: 20 JP 22.5, seminar 17.5 and nothing else of kompetensi
        (
            {"kelompok_jabatan": "pelaksana"},
            {"diklat_teknis": 22.5, "seminar": 17.5, "pendidikan_s2": 5},
        ),
        ({"kelompok_jabatan": "fungsional", "seminar": True, "jp_diklat_teknis": 20.0},
         {"diklat_fungsional": 15, "pendidikan_s2": 5}),
        # SLTA 5: a D3 brings 5, an S1 10; a missing SKP recorded as 80 is "Baik", 25
        (
            {"jenjang_pendidikan": "SLTA", "nilai_kinerja": np.nan, "kelompok_jabatan": "pelaksana",
             "seminar": True, "jp_diklat_teknis": 30.0},
            {"pendidikan_d3": 5, "pendidikan_s1": 10, "catat_nilai_kinerja": 25},
        ),
        # a low SKP value is no step, a sanction neither; S3 is the last degree
        (
            {"jenjang_pendidikan": "S3", "nilai_kinerja": 40.0, "hukuman_disiplin": "berat",
             "kelompok_jabatan": "pelaksana", "seminar": True, "jp_diklat_teknis": 20.0},
            {},
        ),
        # SD 1 -> SLTA 5
        (
            {"jenjang_pendidikan": "SD", "kelompok_jabatan": "pelaksana", "seminar": True,
             "jp_diklat_teknis": 20.0},
            {"pendidikan_slta": 4},
        ),
    ],
)  # fmt: skip
def test_points_of_steps_by_the_printed_tables(columns, expected):
    gains = reachable_steps(one(**columns), INSTRUMENT).iloc[0]
    assert gains[gains > 0].to_dict() == expected


def test_proportional_hours_gain_what_is_missing():
    # 5 of 20 hours hold 15 x 5/20 = 3.75 already; 11.25 are to be had.
    gains = reachable_steps(one(jp_diklat_teknis=5.0), PROPORTIONAL).iloc[0]
    assert gains["diklat_teknis"] == pytest.approx(11.25)


def test_the_assumed_skp_value_decides_the_points():
    # 95 is "Sangat Baik": 30 points
    gains = reachable_steps(one(nilai_kinerja=np.nan), INSTRUMENT, nilai_skp=95.0).iloc[0]
    assert gains["catat_nilai_kinerja"] == 30
    with pytest.raises(ParameterError):
        reachable_steps(one(), INSTRUMENT, nilai_skp=120.0)


def test_assumed_costs_say_so():
    steps = default_steps(INSTRUMENT)
    assert set(steps["dasar"]) == {"asumsi"}
    assert steps.loc["catat_nilai_kinerja", "biaya"] == 0
    assert steps["indikator"].value_counts()["kualifikasi.pendidikan"] == 5


def test_given_scores_have_no_steps():
    with pytest.raises(ParameterError, match="not known"):
        default_steps(load_instrument(2023))


def test_next_steps_are_listed_free_first_then_by_points_per_rupiah():
    # seminar 10 points for 0.3 million, 20 JP 15 for 1.5, PIM 15 for 20, S2 5 for 40
    gains = reachable_steps(one(nilai_kinerja=np.nan), INSTRUMENT)
    listed = next_steps(gains, default_steps(INSTRUMENT))
    assert listed["langkah"].tolist() == [
        "catat_nilai_kinerja", "seminar", "diklat_teknis", "diklat_kepemimpinan", "pendidikan_s2"
    ]  # fmt: skip
    assert listed["urutan"].tolist() == [1, 2, 3, 4, 5]
    assert listed["poin_per_juta"].tolist()[1:3] == pytest.approx([10 / 0.3, 10.0])


def test_summary_counts_people_and_points():
    pegawai = make_people(200, 3)
    gains = reachable_steps(pegawai, INSTRUMENT)
    table = step_summary(gains, default_steps(INSTRUMENT))
    # counted from the records themselves
    struktural = pegawai["kelompok_jabatan"] == "struktural"
    lack = int((struktural & ~pegawai["diklat_kepemimpinan"]).sum())
    row = table.loc["diklat_kepemimpinan"]
    assert row[["n_orang", "poin", "biaya"]].tolist() == [lack, 15.0 * lack, 20_000_000 * lack]
    assert row["kenaikan_indeks"] == pytest.approx(15 * lack / 200)


# --- plans against everything there is -------------------------------------------------------


def table_of_steps(cost, seats, indicator=None, months=None, window=None):
    k = len(cost)
    return pd.DataFrame(
        {
            "label": [f"Langkah {i}" for i in range(k)],
            "indikator": indicator or [f"i{i}" for i in range(k)],
            "biaya": pd.array(cost, "Int64"),
            "kapasitas": pd.array(seats, "Int64"),
            "bulan": pd.array(months or [1] * k, "Int64"),
            "jendela_tahun": pd.array(window or [None] * k, "Int64"),
            "dasar": "uji",
        },
        index=pd.Index([f"s{i}" for i in range(k)], name="langkah"),
    )


def place_of(gains):
    n = len(gains)
    ids = pd.Index([f"p{i}" for i in range(n)], name="id_pegawai")
    skor = pd.DataFrame({"kode_kabkota": "3510", "unit_kerja": "A", "indeks": 20.0}, index=ids)
    columns = [f"s{i}" for i in range(len(gains[0]))]
    return skor, pd.DataFrame(np.array(gains, dtype=float), index=ids, columns=columns)


def all_plans(peluang, langkah):
    """Cost and points of every plan that people, seats and exclusive steps allow."""
    gains, cost = peluang.to_numpy(), langkah["biaya"].to_numpy(dtype=int)
    seats = langkah["kapasitas"].to_numpy(dtype=float, na_value=np.inf)
    groups = [np.flatnonzero(langkah["indikator"] == i) for i in langkah["indikator"].unique()]
    ways = itertools.product(*[[None, *group] for group in groups])
    choices = [tuple(step for step in way if step is not None) for way in ways]
    for plan in itertools.product(choices, repeat=len(gains)):
        taken = np.zeros(len(cost))
        for steps in plan:
            for s in steps:
                taken[s] += 1
        if (taken <= seats).all():
            points = sum(gains[p, s] for p, steps in enumerate(plan) for s in steps)
            yield int(taken @ cost), float(points)


small = st.integers(1, 3).flatmap(
    lambda n: st.tuples(
        st.lists(
            st.tuples(*[st.sampled_from([0.0, 5.0, 10.0, 17.5, 22.5])] * 3), min_size=n, max_size=n
        ),
        st.tuples(*[st.sampled_from([0, 1, 2, 3, 7])] * 3),
        st.tuples(*[st.sampled_from([None, 0, 1, 2])] * 3),
        st.sampled_from([["a", "b", "c"], ["a", "a", "b"], ["a", "a", "a"]]),
        st.integers(0, 20),
    )
)


@settings(max_examples=60, deadline=None)
@given(small)
def test_no_plan_at_all_is_better(case):
    gains, cost, seats, indicator, budget = case
    skor, peluang = place_of(gains)
    langkah = table_of_steps(list(cost), list(seats), indicator)
    plans = list(all_plans(peluang, langkah))
    n = len(gains)

    best = max(points for spent, points in plans if spent <= budget)
    cheapest = min(spent for spent, points in plans if spent <= budget and points == best)
    plan = plan_for_budget(skor, peluang, langkah, budget)
    assert plan.penugasan["poin"].sum() == pytest.approx(best)
    assert plan.ringkas["indeks_akhir"] == pytest.approx(20 + best / n)
    assert plan.ringkas["biaya"] == cheapest
    assert plan.ringkas["indeks_serakah"] <= plan.ringkas["indeks_akhir"] + 1e-9
    assert plan.ringkas["indeks_batas"] >= plan.ringkas["indeks_akhir"] - 1e-9

    most = max(points for _, points in plans)
    target = 20 + most / n * 0.7
    need = (target - 20) * n - 1e-9
    cheapest = min(spent for spent, points in plans if points >= need)
    highest = max(points for spent, points in plans if spent == cheapest)
    plan = plan_for_target(skor, peluang, langkah, target)
    assert plan.ringkas["biaya"] == cheapest
    assert plan.ringkas["indeks_akhir"] == pytest.approx(20 + highest / n)
    assert not plan.ringkas["biaya_serakah"] < cheapest
    assert plan.ringkas["biaya_batas"] <= cheapest + 1e-6
    with pytest.raises(NotMeasurableError):
        plan_for_target(skor, peluang, langkah, 20 + (most + 1) / n)


def test_greedy_can_miss_what_the_optimum_finds():
    # Budget 10. Greedy: 12 points for 6 (2 a rupiah), then nothing fits. Optimum: twice 10 for 5.
    skor, peluang = place_of([[12.0, 0.0], [0.0, 10.0], [0.0, 10.0]])
    plan = plan_for_budget(skor, peluang, table_of_steps([6, 5], [None, None]), 10)
    assert plan.ringkas["indeks_akhir"] == pytest.approx(20 + 20 / 3)
    assert plan.ringkas["indeks_serakah"] == pytest.approx(20 + 12 / 3)
    # Relaxed: all of 12 for 6, then 4/5 of a 10: 20 points, the same.
    assert plan.ringkas["indeks_batas"] == pytest.approx(20 + 20 / 3)
    # one more rupiah buys 2 points of a 10, over three people
    assert plan.ringkas["nilai_marginal"] == pytest.approx(2 / 3 * 1e6)


def test_months_and_windows_limit_what_can_be_done():
    # s0 takes 24 months; s1 counts one year only: of 3 seats a year 3 still count after two
    # years; s2 counts always: 2 seats a year make 4.
    skor, peluang = place_of([[5.0, 5.0, 5.0]] * 6)
    langkah = table_of_steps([1, 1, 1], [None, 3, 2], months=[24, 1, 1], window=[None, 1, None])
    one_year = plan_for_budget(skor, peluang, langkah, 100, bulan=12).langkah["n_orang"]
    assert one_year.to_dict() == {"s1": 3, "s2": 2}
    two_years = plan_for_budget(skor, peluang, langkah, 100, bulan=24).langkah["n_orang"]
    assert two_years.to_dict() == {"s0": 6, "s1": 3, "s2": 4}


def test_a_seat_is_worth_what_it_would_bring():
    # Two people could gain 10, one seat: a second seat would bring 10 points over two people.
    skor, peluang = place_of([[10.0], [10.0]])
    plan = plan_for_budget(skor, peluang, table_of_steps([1], [1]), 100)
    assert plan.langkah.loc["s0", "nilai_kursi"] == pytest.approx(5.0)


def test_seats_are_shared_over_units_by_size():
    # 60, 30 and 10 open people, 10 seats: 6, 3, 1.
    skor, peluang = place_of([[10.0]] * 100)
    skor["unit_kerja"] = ["A"] * 60 + ["B"] * 30 + ["C"] * 10
    plan = plan_for_budget(skor, peluang, table_of_steps([1], [None]), 10)
    assert plan.unit["s0"].tolist() == [6, 3, 1]
    assert plan.unit["biaya"].tolist() == [6, 3, 1]


def test_two_ways_of_one_kind_go_to_different_people():
    # Three alike may take a D3 (5 points) or an S1 (10); one seat each: two people, 15 points.
    skor, peluang = place_of([[5.0, 10.0]] * 3)
    langkah = table_of_steps([1, 1], [1, 1], ["pendidikan", "pendidikan"])
    plan = plan_for_budget(skor, peluang, langkah, 100)
    assert plan.penugasan["poin"].sum() == 15
    assert plan.penugasan["id_pegawai"].nunique() == 2


def test_steps_are_checked():
    skor, peluang = place_of([[10.0]])
    good = table_of_steps([1], [None])
    with pytest.raises(ParameterError, match="biaya"):
        plan_for_budget(skor, peluang, good.assign(biaya=pd.array([None], "Int64")), 1)
    with pytest.raises(ParameterError, match="biaya"):
        plan_for_budget(skor, peluang, good.assign(biaya=-1), 1)
    with pytest.raises(ParameterError, match="unknown: sX"):
        plan_for_budget(skor, peluang, good.rename(index={"s0": "sX"}), 1)
    with pytest.raises(ParameterError, match="lacks column"):
        plan_for_budget(skor, peluang, good.drop(columns="bulan"), 1)
    with pytest.raises(ParameterError):
        plan_for_target(skor, peluang, good, 101)


# --- plans, person by person -----------------------------------------------------------------

NEXT = {"pendidikan_slta": "SLTA", "pendidikan_d3": "D3", "pendidikan_s1": "S1",
        "pendidikan_s2": "S2", "pendidikan_s3": "S3"}  # fmt: skip


def carry_out(pegawai, penugasan):
    """Write the plan into the records, as the people themselves would."""
    done = pegawai.assign(jenjang_pendidikan=pegawai["jenjang_pendidikan"].astype(object))
    for row in penugasan.itertuples():
        if row.langkah in NEXT:
            done.loc[row.id_pegawai, "jenjang_pendidikan"] = NEXT[row.langkah]
        elif row.langkah == "diklat_teknis":
            done.loc[row.id_pegawai, "jp_diklat_teknis"] = 20.0
        elif row.langkah == "catat_nilai_kinerja":
            assert pd.isna(done.loc[row.id_pegawai, "nilai_kinerja"])
            done.loc[row.id_pegawai, "nilai_kinerja"] = 80.0
        else:
            done.loc[row.id_pegawai, row.langkah] = True
    return done


@pytest.mark.parametrize("instrument", [INSTRUMENT, PROPORTIONAL], ids=lambda i: i.id)
@pytest.mark.parametrize("seed", range(3))
def test_the_plan_carried_out_gives_the_promised_index(instrument, seed):
    pegawai = make_people(300, seed)
    skor = score(pegawai, instrument)
    peluang, langkah = reachable_steps(pegawai, instrument), default_steps(instrument)
    target = float(skor["indeks"].mean()) + 12
    for plan in (
        plan_for_target(skor, peluang, langkah, target, bulan=48),
        plan_for_budget(skor, peluang, langkah, 1_000_000_000, bulan=48),
    ):
        after = score(carry_out(pegawai, plan.penugasan), instrument)
        assert after["indeks"].mean() == pytest.approx(plan.ringkas["indeks_akhir"], abs=1e-9)
        # nobody takes two degrees, nobody a step twice, seats hold, counts agree
        degrees = plan.penugasan[plan.penugasan["langkah"].isin(NEXT)]
        assert degrees["id_pegawai"].is_unique
        assert not plan.penugasan.duplicated(["id_pegawai", "langkah"]).any()
        counts = plan.penugasan["langkah"].value_counts()
        assert (
            plan.langkah["n_orang"].to_dict()
            == counts.reindex(plan.langkah.index, fill_value=0).to_dict()
        )
        limited = plan.langkah["kursi"].notna()
        assert (plan.langkah["n_orang"] <= plan.langkah["kursi"])[limited].all()
        assert (
            plan.unit[list(plan.langkah.index)].sum().tolist() == plan.langkah["n_orang"].tolist()
        )
        assert plan.unit["biaya"].sum() == plan.ringkas["biaya"] == plan.langkah["biaya"].sum()
        assert plan.unit["poin"].sum() == pytest.approx(plan.langkah["poin"].sum())
    assert plan.ringkas["biaya"] <= 1_000_000_000


def test_the_plan_reaches_the_target_and_the_curve_agrees():
    pegawai = make_people(300, 7)
    skor = score(pegawai, INSTRUMENT)
    peluang, langkah = reachable_steps(pegawai, INSTRUMENT), default_steps(INSTRUMENT)
    target = float(skor["indeks"].mean()) + 15
    plan = plan_for_target(skor, peluang, langkah, target)
    assert plan.ringkas["indeks_akhir"] >= target - 1e-9
    cost = plan.ringkas["biaya"]
    curve = budget_curve(skor, peluang, langkah, [0, cost - 1, cost, cost + 10**9])
    # one rupiah less does not reach it, this much does
    assert curve["indeks"][1] < target - 1e-9 <= curve["indeks"][2]
    assert curve["indeks"].is_monotonic_increasing
    assert (curve["indeks_serakah"] <= curve["indeks"] + 1e-9).all()
    assert (curve["indeks"] <= curve["indeks_batas"] + 1e-9).all()
    assert (curve["biaya"] <= curve["anggaran"]).all()
    assert len(budget_curve(skor, peluang, langkah)) == 11


def test_the_same_people_in_another_order_get_the_same_plan():
    pegawai = make_people(200, 5)
    skor, peluang = score(pegawai, INSTRUMENT), reachable_steps(pegawai, INSTRUMENT)
    langkah = default_steps(INSTRUMENT)
    first = plan_for_budget(skor, peluang, langkah, 200_000_000)
    turned = plan_for_budget(skor.iloc[::-1], peluang.iloc[::-1], langkah, 200_000_000)
    pd.testing.assert_frame_equal(first.unit, turned.unit)
    both = [
        p.penugasan.sort_values(["id_pegawai", "langkah"], ignore_index=True)
        for p in (first, turned)
    ]
    pd.testing.assert_frame_equal(*both)


def test_inputs_are_not_changed():
    pegawai = make_people(50, 1)
    skor, langkah = score(pegawai, INSTRUMENT), default_steps(INSTRUMENT)
    before = [t.copy(deep=True) for t in (pegawai, skor, langkah)]
    plan_for_budget(skor, reachable_steps(pegawai, INSTRUMENT), langkah, 10**8)
    for table, copy in zip((pegawai, skor, langkah), before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_nobody_measured_is_no_place_to_plan():
    skor, peluang = place_of([[10.0]])
    with pytest.raises(NotMeasurableError):
        plan_for_budget(skor.iloc[:0], peluang.iloc[:0], table_of_steps([1], [None]), 1)


def test_why_given_scores_have_no_steps():
    given = load_instrument(2022).as_given()
    assert why_no_steps(given) == "skor_diberikan"
    assert why_no_steps(INSTRUMENT) == ""


def place(sizes, seed=4):
    """Make units of given sizes and their tables."""
    pegawai = make_people(sum(sizes.values()), seed)
    pegawai["unit_kerja"] = np.repeat(list(sizes), list(sizes.values()))
    skor = score(pegawai, INSTRUMENT)
    return skor, open_steps(score_detail(pegawai, INSTRUMENT), skor, INSTRUMENT)


def test_toward_a_target_within_reach_and_out_of_it():
    skor, peluang = place({"A": 120})
    langkah = default_steps(INSTRUMENT)
    base = skor["indeks"].mean()
    near = plan_toward_target(skor, peluang, langkah, base + 2)
    assert near.ringkas["tujuan"] == "target"
    assert near.ringkas["biaya"] == plan_for_target(skor, peluang, langkah, base + 2).ringkas[
        "biaya"
    ]  # fmt: skip
    far = plan_toward_target(skor, peluang, langkah, 100.0)
    assert far.ringkas["tujuan"] == "terjauh"
    most = peluang[["diklat_kepemimpinan", "diklat_fungsional", "diklat_teknis", "seminar",
                    "catat_nilai_kinerja"]].to_numpy().sum()  # fmt: skip
    assert far.ringkas["indeks_akhir"] == pytest.approx(base + most / 120)
    ways = compare_plans(near)
    assert ways.loc["batas", "biaya"] <= ways.loc["rencana", "biaya"] <= ways.loc[
        "serakah", "biaya"
    ]  # fmt: skip
    assert ways.loc["sekarang", "indeks"] == pytest.approx(base)


def test_nothing_to_plan_is_said():
    langkah = default_steps(INSTRUMENT)
    _, peluang = place({"A": 60})
    assert why_no_plan(langkah, peluang) == ""
    assert why_no_plan(langkah.assign(kapasitas=0), peluang) == "tanpa_langkah"
    assert why_no_plan(langkah.assign(bulan=13), peluang, bulan=12) == "tanpa_langkah"
    assert why_no_plan(langkah, peluang * 0) == "tanpa_langkah"


def test_the_curve_passes_through_a_plan():
    skor, peluang = place({"A": 120})
    langkah = default_steps(INSTRUMENT)
    plan = plan_for_target(skor, peluang, langkah, skor["indeks"].mean() + 2)
    curve = budget_curve(skor, peluang, langkah, rencana=plan).set_index("anggaran")
    assert curve.loc[plan.ringkas["biaya"], "indeks"] == pytest.approx(plan.ringkas["indeks_akhir"])
