"""How long a plan takes: kinds of people against one variable a person, and a pandas loop.

Run ``python benchmarks/bench_plan.py [people] [seed]``. All three answer the same question in
the same run: the most points for a budget. DATA SINTETIS.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import time

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, vstack

from ipasn_lib.analysis.improve import default_steps, reachable_steps
from ipasn_lib.analysis.plan import plan_for_budget
from ipasn_lib.index.score import score
from ipasn_lib.law.loading import load_instrument

BULAN = 36


def make_people(n: int, seed: int, groups: tuple[str, ...]) -> pd.DataFrame:
    """Make a place of ``n`` make-believe people in forty units."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "tahun": 2022,
            "kode_kabkota": "3510",
            "unit_kerja": [f"Unit {k:02d}" for k in draw.integers(0, 40, n)],
            "jenis_asn": pd.Categorical(["PNS"] * n),
            "kelompok_jabatan": pd.Categorical(draw.choice(groups, n, p=[0.08, 0.6, 0.32])),
            "golongan": "III/a",
            "jenis_kelamin": pd.Categorical(draw.choice(["L", "P"], n)),
            "sumber_data": f"sintetis, benih {seed}",
            "jenjang_pendidikan": pd.Categorical(
                draw.choice(
                    ["SD", "SLTA", "D1", "D3", "S1", "S2", "S3"],
                    n,
                    p=[0.02, 0.2, 0.03, 0.15, 0.5, 0.09, 0.01],
                )
            ),
            "diklat_kepemimpinan": pd.array(draw.random(n) < 0.5, "boolean"),
            "diklat_fungsional": pd.array(draw.random(n) < 0.5, "boolean"),
            "seminar": pd.array(draw.random(n) < 0.4, "boolean"),
            "jp_diklat_teknis": draw.integers(0, 40, n).astype(float),
            "nilai_kinerja": np.where(draw.random(n) < 0.06, np.nan, draw.integers(60, 101, n)),
            "hukuman_disiplin": "tidak_pernah",
        },
        index=pd.Index([f"p{k:06d}" for k in range(n)], name="id_pegawai"),
    )


def usable(peluang: pd.DataFrame, langkah: pd.DataFrame) -> pd.DataFrame:
    """Give the steps that fit the months, with the seats until then."""
    steps = langkah[langkah["bulan"] <= BULAN].copy()
    window = steps["jendela_tahun"].to_numpy(float, na_value=np.inf) * 12
    yearly = steps["kapasitas"].to_numpy(float, na_value=np.inf)
    steps["kursi"] = np.floor(yearly * np.minimum(window, BULAN) / 12)
    return steps


def person_rows(peluang: pd.DataFrame, langkah: pd.DataFrame, budget: int) -> tuple[float, str]:
    """Solve the same program with one yes/no variable for each person and step."""
    steps = usable(peluang, langkah)
    gain = peluang[list(steps.index)].to_numpy()
    person, step = np.nonzero(gain > 0)
    k = len(person)
    cost = steps["biaya"].to_numpy(float)[step] / 100_000
    group = pd.factorize(steps["indikator"])[0][step]
    row = pd.factorize(pd.MultiIndex.from_arrays([person, group]))[0]
    once = coo_array((np.ones(k), (row, np.arange(k))))
    seat = coo_array((np.ones(k), (step, np.arange(k))), shape=(len(steps), k))
    money = coo_array((cost, (np.zeros(k, int), np.arange(k))))
    limit = np.concatenate(
        [np.ones(once.shape[0]), np.minimum(steps["kursi"], len(peluang)), [budget // 100_000]]
    )
    found = milp(
        -gain[person, step],
        constraints=LinearConstraint(vstack([once, seat, money]).tocsr(), -np.inf, limit),
        integrality=np.ones(k),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "time_limit": 120.0},
    )
    return (-found.fun if found.x is not None else float("nan")), str(found.message)[:60]


def pandas_loop(peluang: pd.DataFrame, langkah: pd.DataFrame, budget: int) -> float:
    """Take the best points per rupiah, person by person, as a priority list does."""
    steps = usable(peluang, langkah)
    long = peluang[list(steps.index)].rename_axis("id").reset_index()
    long = long.melt("id", var_name="langkah", value_name="poin").query("poin > 0")
    long["biaya"] = long["langkah"].map(steps["biaya"]).astype(float)
    long["nilai"] = long["poin"] / long["biaya"]
    long = long.sort_values(["nilai", "poin"], ascending=False)
    seats, taken, money, points = steps["kursi"].to_dict(), set(), float(budget), 0.0
    for _, row in long.iterrows():
        key = (row["id"], steps.loc[row["langkah"], "indikator"])
        if key in taken or seats[row["langkah"]] < 1 or row["biaya"] > money:
            continue
        taken.add(key)
        seats[row["langkah"]] -= 1
        money -= row["biaya"]
        points += row["poin"]
    return points


def main() -> None:
    """Time the three and print the ratios."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 15_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    instrument = load_instrument(2022)
    pegawai = make_people(n, seed, instrument.kelompok_jabatan)
    skor, langkah = score(pegawai, instrument), default_steps(instrument)
    budget = 20_000_000_000 * n // 15_000

    start = time.perf_counter()
    peluang = reachable_steps(pegawai, instrument)
    gains = time.perf_counter() - start
    plan_for_budget(skor, peluang, langkah, budget, BULAN)  # solver and caches warm, as below
    start = time.perf_counter()
    plan = plan_for_budget(skor, peluang, langkah, budget, BULAN)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    rows, message = person_rows(peluang, langkah, budget)
    naive = time.perf_counter() - start
    start = time.perf_counter()
    greedy = pandas_loop(peluang, langkah, budget)
    loop = time.perf_counter() - start

    points = float(plan.penugasan["poin"].sum())
    print(f"DATA SINTETIS, {n} pegawai, benih {seed}; {len(plan.penugasan)} langkah dipilih")
    print(f"poin tiap pegawai dan langkah   {gains:8.3f} s")
    print(f"rencana per kelompok (optimum)  {ours:8.3f} s  {points:12.1f} poin")
    print(f"MILP satu baris seorang         {naive:8.3f} s  {rows:12.1f} poin  {message}")
    print(f"putaran pandas, serakah         {loop:8.3f} s  {greedy:12.1f} poin")
    print(f"rasio: {naive / ours:.0f} kali (MILP seorang), {loop / ours:.0f} kali (putaran pandas)")


if __name__ == "__main__":
    main()
