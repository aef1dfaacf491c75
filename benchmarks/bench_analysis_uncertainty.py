"""Two speed claims, each beside what an analyst would otherwise write, in the same run.

1. 2,000 bootstrap replicates of the four dimensions and the index for 38 places and 0.4 million
   people; beside it: ``groupby`` and ``sample`` for a few replicates, scaled up.
2. Ranks of 38 places under 10,000 sets of weights; beside it: a pandas loop.

    python benchmarks/bench_analysis_uncertainty.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from ipasn_lib.analysis.bootstrap import bootstrap_means
from ipasn_lib.analysis.rank_intervals import rank_intervals
from ipasn_lib.analysis.sensitivity import noise_weights, rank_under_weights

DIMENSI = ["kualifikasi", "kompetensi", "kinerja", "disiplin"]
BOBOT = {"kualifikasi": 25.0, "kompetensi": 40.0, "kinerja": 30.0, "disiplin": 5.0}


def make_believe(n: int, places: int, seed: int) -> pd.DataFrame:
    """Scores on the scale of Peraturan BKN 8/2019, about 200 distinct ones a place."""
    rng = np.random.default_rng(seed)
    group, did = rng.random(n) < 0.3, rng.random((3, n)) < [[0.4], [0.5], [0.5]]
    training = np.where(group, did[1:].T @ [22.5, 17.5], did.T @ [15.0, 15.0, 10.0])
    skor = pd.DataFrame(
        {
            "kode_kabkota": rng.choice([f"P{i:02d}" for i in range(places)], n),
            "unit_kerja": rng.integers(40, size=n).astype(str),
            "kualifikasi": rng.choice(
                [25.0, 20, 15, 10, 5, 1], n, p=[0.005, 0.1, 0.6, 0.13, 0.16, 0.005]
            ),
            "kompetensi": training,
            "kinerja": rng.choice([30.0, 25, 15, 5, 1], n, p=[0.2, 0.78, 0.012, 0.005, 0.003]),
            "disiplin": rng.choice([5.0, 3, 2, 1], n, p=[0.994, 0.003, 0.002, 0.001]),
        }
    )
    return skor.assign(
        indeks=skor[DIMENSI].sum(axis=1),
        tahun=2022,
        status_ukur="terukur",
        sumber_data=f"sintetis, benih {seed}",
        id_instrumen="ip-asn-2019",
    )


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Best of a few runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def naive_bootstrap(skor: pd.DataFrame, draws: int) -> pd.DataFrame:
    """Resample people place by place, and average, as one writes it in pandas."""
    columns = [*DIMENSI, "indeks"]
    return pd.concat(
        [
            skor.groupby("kode_kabkota")[columns]
            .sample(frac=1, replace=True, random_state=i)
            .groupby(skor["kode_kabkota"])
            .mean()
            for i in range(draws)
        ]
    )


def numpy_bootstrap(skor: pd.DataFrame, draws: int) -> None:
    """Draw row numbers place by place in numpy, without pandas in the loop."""
    rng = np.random.default_rng(0)
    for _, people in skor.groupby("kode_kabkota")[[*DIMENSI, "indeks"]]:
        values = people.to_numpy()
        np.stack(
            [values[rng.integers(len(values), size=len(values))].mean(0) for _ in range(draws)]
        )


def naive_ranks(bagian: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Rank in a loop over the draws."""
    return pd.DataFrame(
        [
            (bagian * row).sum(axis=1).rank(ascending=False, method="min")
            for _, row in weights.iterrows()
        ]
    )


def main() -> None:
    """Run both, and print times and ratios."""
    people, places, draws = 400_000, 38, 2_000
    skor = make_believe(people, places, seed=1)
    tried = 4
    ours = seconds(lambda: bootstrap_means(skor, seed=1, draws=draws), times=3)
    theirs = seconds(lambda: naive_bootstrap(skor, tried)) * draws / tried
    rows = seconds(lambda: numpy_bootstrap(skor, tried)) * draws / tried
    print(f"bootstrap, {draws:,} draws, {places} places, {people:,} people, 5 columns")
    print(f"  multinomial on distinct scores {ours:8.2f} s")
    print(f"  pandas sample and groupby      {theirs:8.2f} s ({tried} draws, scaled up)")
    print(f"  numpy row numbers              {rows:8.2f} s ({tried} draws, scaled up)")
    print(f"  ratios                         {theirs / ours:8.0f} {rows / ours:.0f}")
    for design, times in (("clustered", 3), ("stratified", 1)):
        took = seconds(lambda d=design: bootstrap_means(skor, seed=1, design=d, draws=draws), times)
        print(f"  {design:<30} {took:8.2f} s")
    boot = bootstrap_means(skor, seed=1, draws=draws)
    nilai, ulangan = boot.nilai["indeks"], boot.replicates("indeks")
    took = seconds(lambda: rank_intervals(nilai, ulangan))
    print(f"  rank intervals, single and all {took:8.2f} s")

    bagian = boot.nilai[DIMENSI] / pd.Series(BOBOT)
    weights = noise_weights(BOBOT, spread=0.25, draws=10_000, seed=1)
    ours = seconds(lambda: rank_under_weights(bagian, weights), times=5)
    theirs = seconds(lambda: naive_ranks(bagian, weights))
    print(f"ranks of {places} places under {len(weights) - 1:,} sets of weights")
    print(f"  one multiplication             {ours:8.3f} s")
    print(f"  pandas loop                    {theirs:8.3f} s")
    print(f"  ratio                          {theirs / ours:8.0f}")
    few = weights.head(200)
    same = np.array_equal(naive_ranks(bagian, few), rank_under_weights(bagian, few))
    print(f"  same ranks                     {same!s:>8}")


if __name__ == "__main__":
    main()
