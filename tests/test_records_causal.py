"""Make-believe merit table and panel, readers of panels and dates, figures of whole countries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.analysis.impact import adoption_effect, placebo_effects, pretrend_test
from ipasn_lib.analysis.merit import leniency, predicted_pay
from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.law.pay_rules import load_pay_rule
from ipasn_lib.records.adoption import open_adoption, read_adoption, read_panel
from ipasn_lib.records.context import WGI_EDITIONS, load_wgi
from ipasn_lib.records.merit import open_merit
from ipasn_lib.records.synthetic import (
    synthesize_merit,
    synthesize_panel,
    write_merit_example,
)
from ipasn_lib.records.synthetic.panel import EFFECT

ROOT = Path(__file__).resolve().parents[1]
RULE = load_pay_rule("tpp-jambi")


def csv(folder: Path, text: str, name: str = "tabel.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_example_is_the_generator_read_back(tmp_path):
    made = synthesize_merit(2017)
    pd.testing.assert_frame_equal(open_merit("", rule=RULE), made)
    shipped = ROOT / "data" / "sample" / "merit" / "merit-contoh.csv"
    assert write_merit_example(tmp_path / "lagi.csv").read_bytes() == shipped.read_bytes()


def test_make_believe_merit_is_marked_and_depends_on_the_seed_only():
    one, again, other = synthesize_merit(1), synthesize_merit(1), synthesize_merit(2)
    pd.testing.assert_frame_equal(one, again)
    assert not one["tunjangan"].equals(other["tunjangan"])
    assert set(one["sumber_data"]) == {"sintetis, benih 1"}
    assert not one["id_pegawai"].str.fullmatch(r"\d{18}").any()


@pytest.mark.parametrize("seed", [1, 7, 2017])
def test_two_units_rate_nearly_everybody_sangat_baik(seed):
    pola = leniency(synthesize_merit(seed))["pola"].astype("str")
    assert (pola == "hampir semua Sangat Baik").sum() == 2


def test_most_are_paid_as_the_rule_has_it_and_one_unit_in_full():
    # the rule in analysis and the generator's own arithmetic are two implementations
    table = synthesize_merit(7)
    due = predicted_pay(table, RULE)["tunjangan_menurut_aturan"]
    as_due = (table["tunjangan"] - due).abs() <= 50
    full = table["unit_kerja"] == "Sekretariat Daerah"
    assert 0.7 < as_due[~full].mean() < 0.95
    assert (table.loc[full, "tunjangan"] == table.loc[full, "pagu"]).all()
    assert (table["tunjangan"] <= table["pagu"]).all()


def test_make_believe_merit_refuses_what_would_show_nothing():
    with pytest.raises(ParameterError, match="people 300"):
        synthesize_merit(1, people=50)
    with pytest.raises(ParameterError, match="seed"):
        synthesize_merit(-1)


def test_the_panel_differs_by_the_planted_effect_and_nothing_else():
    with_effect, dates = synthesize_panel(3, effect=2.0)
    without, same = synthesize_panel(3, effect=0.0)
    pd.testing.assert_series_equal(dates, same)
    first = with_effect["kode_kabkota"].map(dates)
    treated = (with_effect["tahun"] >= first).fillna(False).to_numpy(dtype=bool)
    gap = (with_effect["indeks"] - without["indeks"]).to_numpy()
    np.testing.assert_allclose(gap[treated], 2.0, atol=1e-9)
    np.testing.assert_allclose(gap[~treated], 0.0, atol=1e-9)


def test_the_panel_has_38_places_ten_years_and_one_instrument():
    panel, dates = synthesize_panel(1)
    assert panel.groupby("kode_kabkota")["tahun"].apply(list).map(tuple).nunique() == 1
    assert sorted(panel["tahun"].unique()) == list(range(2015, 2025))
    assert panel["kode_kabkota"].nunique() == len(dates) == 38
    assert panel["id_instrumen"].nunique() == 1
    assert panel["sumber_data"].str.startswith("sintetis").all()
    assert int(dates.isna().sum()) == 21
    with pytest.raises(ParameterError, match="effect"):
        synthesize_panel(1, effect=50.0)


def test_the_planted_effect_is_found_over_300_seeds_as_notebook_08_says():
    # what the notebook prints of seeds 0 to 299; mean within four standard errors of the truth
    seeds = range(300)
    effects, covered, rang = [], [], []
    for seed in seeds:
        panel, dates = synthesize_panel(seed)
        got = adoption_effect(panel, dates)
        effects.append(got.efek)
        covered.append(got.batas_bawah <= EFFECT <= got.batas_atas)
        fake = placebo_effects(panel, dates)["p"]
        rang.append(np.array([pretrend_test(panel, dates).p, *fake]) <= 0.05)
    assert abs(np.mean(effects) - EFFECT) < 4 * np.std(effects) / np.sqrt(len(seeds))
    printed = (ROOT / "notebooks" / "08_dampak_inovasi.ipynb").read_text(encoding="utf-8")
    mean = f"{np.mean(effects):.2f}".replace(".", ",")
    assert f"rata-rata taksirannya {mean} poin, dan {np.mean(covered):.0%} rentang" in printed
    alarms = [f"{share:.0%}" for share in np.mean(rang, axis=0)]
    assert (
        f"pada {alarms[0]} panel, kedua tanggal palsu pada {alarms[1]} dan {alarms[2]}" in printed
    )
    assert f"dari ketiganya pada {np.mean(np.any(rang, axis=1)):.0%}" in printed


def test_a_panel_and_its_dates_are_read(tmp_path):
    panel = read_panel(
        csv(tmp_path, "kode_kabkota;tahun;indeks\n3510;2020;70,5\n3510;2021;\n3578;2020;81\n")
    )
    assert panel["kode_kabkota"].tolist() == ["3510", "3510", "3578"]
    assert panel["indeks"].tolist()[::2] == [70.5, 81.0]
    assert np.isnan(panel["indeks"].iloc[1])
    assert set(panel["sumber_data"]) == {"tabel.csv"}
    assert panel["id_instrumen"].isna().all()
    dates = read_adoption(csv(tmp_path, "kode_kabkota,tahun\n3510,2021\n3578,\n"))
    assert dates["3510"] == 2021
    assert dates["3578"] is pd.NA


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ("9999,2020,70", "tidak_dikenal"),
        ("3510,2020.5,70", "bukan_bilangan_bulat"),
        ("3510,,70", "kosong"),
        ("3510,1980,70", "di_luar_rentang"),
        ("3510,2020,170", "di_luar_rentang"),
        ("3510,2020,70\n3510,2020,71", "ganda"),
    ],
)
def test_a_wrong_panel_is_refused_whole(tmp_path, rows, rule):
    with pytest.raises(DataError) as refused:
        read_panel(csv(tmp_path, f"kode_kabkota,tahun,indeks\n3578,2020,80\n{rows}\n"))
    assert rule in set(refused.value.problems["aturan"])


def test_columns_are_exactly_those_known(tmp_path):
    with pytest.raises(DataError, match="unknown catatan"):
        read_panel(csv(tmp_path, "kode_kabkota,tahun,indeks,catatan\n3510,2020,70,x\n"))
    with pytest.raises(DataError, match="missing"):
        read_panel(csv(tmp_path, "kode_kabkota,tahun\n3510,2020\n"))
    with pytest.raises(DataError, match="ganda"):
        read_adoption(csv(tmp_path, "kode_kabkota,tahun\n3510,2020\n3510,2021\n"))


def test_a_real_panel_never_meets_make_believe_dates(tmp_path):
    panel = csv(tmp_path, "kode_kabkota,tahun,indeks\n3510,2020,70\n")
    for left, right in ((panel, ""), ("", panel)):
        with pytest.raises(ParameterError, match="both"):
            open_adoption(left, right, seed=1)
    assert open_adoption("", "", seed=1).ditanamkan == 2.0
    dates = csv(tmp_path, "kode_kabkota,tahun\n3510,2020\n", "tanggal.csv")
    assert open_adoption(panel, dates, seed=1).ditanamkan is None


def test_editions_of_wgi_stay_apart():
    # World Bank: percentile rank of Indonesia 23.5 in 1996 and 69.8 in 2023; score 54.8 in 2024
    ranks = load_wgi("2024", "peringkat_persentil").set_index(["kode_negara", "tahun"])["nilai"]
    assert ranks["IDN", 1996] == 23.5
    assert ranks["IDN", 2023] == 69.8
    assert 2024 not in ranks.index.get_level_values("tahun")
    scores = load_wgi("revisi 2025", "skor").set_index("kode_negara")
    assert scores.loc["IDN", ["nilai", "batas_bawah_90", "batas_atas_90"]].tolist() == [
        54.8,
        47.9,
        61.7,
    ]
    assert set(scores["tahun"]) == {2024}
    sources = {load_wgi(e, "estimasi")["sumber_data"].iloc[0] for e in WGI_EDITIONS}
    assert len(sources) == 2
    for edition, measure in (("semua", "skor"), ("2024", "skor"), ("revisi 2025", "x")):
        with pytest.raises(ParameterError, match="known"):
            load_wgi(edition, measure)
