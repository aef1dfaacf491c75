"""Movements between categories give no small count back, beside all that is printed of a place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attack import MEASURED
from attack_flows import counts_recovered, flow, flows_to_attack
from conftest import people

from ipasn_lib.analysis.distribution import score_distribution
from ipasn_lib.analysis.movers import shown_movers, split_movers, why_no_movers
from ipasn_lib.analysis.trend import category_transitions
from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.score import score
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.prepared import open_prepared

LAW = load_instrument(2022)
LEVELS = ["SD", "SLTA", "D3", "S1", "S2", "S3"]


def told(awal: pd.DataFrame, akhir: pd.DataFrame) -> tuple[int, list] | None:
    """Attack a place's movements; its hidden counts and those recovered, None if not printed."""
    rows = [aggregate(skor, ["kode_kabkota"], instrument=LAW) for skor in (awal, akhir)]
    movers = shown_movers(split_movers(awal, akhir), pd.concat(rows))
    if why_no_movers(movers):
        return None
    attack = flows_to_attack(
        category_transitions(awal, akhir, LAW),
        movers,
        [row.iloc[0] for row in rows],
        [score_distribution(skor, LAW) for skor in (awal, akhir)],
        LAW.kategori.cuts,
    )
    return len(attack.hidden), counts_recovered(attack)


def two_years(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A place whose people are trained or not and judged anew each year; some come, some leave."""
    draw = np.random.default_rng(seed)
    n = int(draw.integers(60, 600))
    names = [f"p{k:05d}" for k in range(n)]
    level, trained = draw.choice(LEVELS, n), draw.random(n) < draw.uniform(0.2, 0.9)
    diligent = draw.uniform(0.2, 0.95)

    def year(tahun: int, who: np.ndarray, trained: np.ndarray) -> pd.DataFrame:
        rows = [
            {
                "tahun": tahun,
                "jenjang_pendidikan": level[k],
                "diklat_fungsional": bool(trained[k]),
                "seminar": bool(draw.random() < diligent),
                "jp_diklat_teknis": 20.0 * bool(draw.random() < diligent),
                "nilai_kinerja": draw.choice([55.0, 70, 80, 95], p=[0.05, 0.15, 0.5, 0.3]),
            }
            for k in who
        ]
        table = people(*rows).set_axis([names[k] for k in who]).rename_axis("id_pegawai")
        return score(table, LAW)

    come, leave = draw.random(n) < 0.15, draw.random(n) < 0.15
    later = trained | (draw.random(n) < 0.2)
    return (
        year(2021, np.flatnonzero(~come), trained),
        year(2022, np.flatnonzero(~leave), later),
    )


def test_no_movement_of_the_sample_is_recovered():
    before, after = open_prepared(None, 2021), open_prepared(None, 2022)
    attacked = [told(before.skor(k), after.skor(k)) for k in ("3505", "3507", "3515", "3578")]
    assert [found for _, found in attacked] == [[]] * 4
    assert all(hidden >= 10 for hidden, _ in attacked)


def test_an_attacker_counts_a_lone_hidden_movement_by_hand():
    # 60 stay in Rendah and 5 rise to Sedang; 20 come, 20 leave, all in Rendah: 65 stayed in all
    names = [str(k) for k in LAW.kategori.nama]
    pairs = [(a, b) for a in names for b in names]
    counts = {("Rendah", "Rendah"): 60, ("Rendah", "Sedang"): None}
    transitions = pd.DataFrame(
        {
            "kategori_awal": pd.Categorical([a for a, _ in pairs], names, ordered=True),
            "kategori_akhir": pd.Categorical([b for _, b in pairs], names, ordered=True),
            "n": pd.array([counts.get(pair, 0) for pair in pairs], dtype="Int64"),
        }
    )
    movers = pd.DataFrame(
        {
            "n": [65, 20, 20],
            "rata_awal": [65.0, np.nan, 65.0],
            "rata_akhir": [(60 * 65 + 5 * 75) / 65, 65.0, np.nan],
        },
        index=["tetap", "datang", "pergi"],
    )
    place = pd.Series({"n_terukur": 85, "indeks": 65.0})
    last = pd.Series({"n_terukur": 85, "indeks": (80 * 65 + 5 * 75) / 85})
    bars = pd.DataFrame({"bawah": [0.0], "atas": [100.0], "n": [85]})
    attack = flows_to_attack(transitions, movers, [place, last], [bars, bars], LAW.kategori.cuts)
    assert attack.hidden == [flow("Rendah", "Sedang")]
    assert counts_recovered(attack) == [(flow("Rendah", "Sedang"), 5.0)]
    assert attack.interval({attack.variable(flow("Rendah", "Sedang"), MEASURED): 1.0}) == (5, 5)


@pytest.mark.assure
def test_two_hundred_places_give_no_movement_back(assurance):
    attacked = [told(*two_years(seed)) for seed in range(3000, 3260)]
    printed = [done for done in attacked if done is not None]
    found = [cell for _, cells in printed for cell in cells]
    assurance.record(
        promise="No person is revealed",
        tried="integer programming on every hidden movement between categories, beside movers, "
        "means, measured people and histograms of both years, by an attacker who knows the rule "
        "of hiding",
        count=len(printed),
        outcome=f"{len(found)} of {sum(hidden for hidden, _ in printed):,} counts recovered",
    )
    assert found == []
    assert len(printed) >= 200
