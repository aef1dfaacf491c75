"""Score a province and aggregate it: the library, a pandas loop, and DuckDB, side by side.

    python benchmarks/bench_score.py [--people N] [--runs R] [--seed S]

Each of the three starts from the same Parquet file of make-believe people (DATA SINTETIS) and
ends with the mean index and dimensions of every unit and every kabkota, under the instrument of
2019. The runs take turns, so that a busy moment of the machine falls on all of them; the table
gives the median. Before any time is printed the results are compared; if they differ, the
program says where and ends with an error.

Only the library hides groups of fewer than ten people, with the secondary cells that would give
them away: that work is in its time, and the comparison covers the cells that it shows.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from ipasn_lib.index.aggregate import aggregate, is_hidden
from ipasn_lib.index.score import score
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.synthetic import synthesize
from ipasn_lib.records.synthetic.calibration import load_calibration

LAW = load_instrument(2022)
MEANS = ["kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"]
LEVELS = {"unit": ["kode_kabkota", "unit_kerja"], "kabkota": ["kode_kabkota"]}

Result = dict[str, pd.DataFrame]


def by_library(path: Path) -> Result:
    """Read, score and aggregate as a notebook would."""
    skor = score(pd.read_parquet(path).set_index("id_pegawai"), LAW)
    return {name: aggregate(skor, by) for name, by in LEVELS.items()}


EDUCATION = {
    "SD": 1,
    "SLTP": 1,
    "SLTA": 5,
    "D1": 5,
    "D2": 5,
    "D3": 10,
    "D4": 15,
    "S1": 15,
    "Profesi": 15,
    "S2": 20,
    "Spesialis": 20,
    "S3": 25,
    "Subspesialis": 25,
}
SANCTION = {"tidak_pernah": 5, "ringan": 3, "sedang": 2, "berat": 1}


def points_of(row: pd.Series) -> tuple[float, ...]:
    """Points of one person, as one would write them from the regulation."""
    if row["kelompok_jabatan"] == "pelaksana":
        kompetensi = 22.5 * (row["jp_diklat_teknis"] >= 20) + 17.5 * row["seminar"]
    else:
        kompetensi = 15.0 * (row["jp_diklat_teknis"] >= 20) + 10.0 * row["seminar"]
        if row["kelompok_jabatan"] == "struktural":
            kompetensi += 15.0 * row["diklat_kepemimpinan"]
        else:
            kompetensi += 15.0 * row["diklat_fungsional"]
    nilai = row["nilai_kinerja"]
    if pd.isna(nilai):
        kinerja = 0
    elif nilai <= 50:
        kinerja = 1
    elif nilai <= 60:
        kinerja = 5
    elif nilai <= 75:
        kinerja = 15
    elif nilai <= 90:
        kinerja = 25
    else:
        kinerja = 30
    kualifikasi = EDUCATION[row["jenjang_pendidikan"]]
    disiplin = SANCTION[row["hukuman_disiplin"]]
    total = kualifikasi + kompetensi + kinerja + disiplin
    return kualifikasi, kompetensi, kinerja, disiplin, total


def by_apply(path: Path) -> Result:
    """Go row by row with ``DataFrame.apply``, then group."""
    people = pd.read_parquet(path)
    people = people[people["jenis_asn"] == "PNS"]
    points = people.apply(points_of, axis=1, result_type="expand").set_axis(MEANS, axis=1)
    table = pd.concat([people[["kode_kabkota", "unit_kerja"]], points], axis=1)
    found = {}
    for name, by in LEVELS.items():
        groups = table.groupby(by)
        found[name] = groups[MEANS].mean().assign(n_pegawai=groups.size())
    return found


def _cases(column: str, table: dict[str, int]) -> str:
    parts = " ".join(f"WHEN '{key}' THEN {value}" for key, value in table.items())
    return f"CASE {column} {parts} END"


SQL = f"""
WITH poin AS (
  SELECT kode_kabkota, unit_kerja,
    {_cases("jenjang_pendidikan", EDUCATION)} AS kualifikasi,
    CASE kelompok_jabatan
      WHEN 'pelaksana' THEN 22.5 * (jp_diklat_teknis >= 20)::INT + 17.5 * seminar::INT
      WHEN 'struktural' THEN 15.0 * (jp_diklat_teknis >= 20)::INT + 10.0 * seminar::INT
        + 15.0 * diklat_kepemimpinan::INT
      ELSE 15.0 * (jp_diklat_teknis >= 20)::INT + 10.0 * seminar::INT
        + 15.0 * diklat_fungsional::INT
    END AS kompetensi,
    CASE WHEN nilai_kinerja IS NULL OR isnan(nilai_kinerja) THEN 0
      WHEN nilai_kinerja <= 50 THEN 1 WHEN nilai_kinerja <= 60 THEN 5
      WHEN nilai_kinerja <= 75 THEN 15 WHEN nilai_kinerja <= 90 THEN 25 ELSE 30
    END AS kinerja,
    {_cases("hukuman_disiplin", SANCTION)} AS disiplin
  FROM read_parquet(?) WHERE jenis_asn = 'PNS'
)
SELECT {{keys}}, avg(kualifikasi) AS kualifikasi, avg(kompetensi) AS kompetensi,
  avg(kinerja) AS kinerja, avg(disiplin) AS disiplin,
  avg(kualifikasi + kompetensi + kinerja + disiplin) AS indeks, count(*) AS n_pegawai
FROM poin GROUP BY {{keys}} ORDER BY {{keys}}
"""


def by_duckdb(path: Path) -> Result:
    """Ask DuckDB, which reads the file itself."""
    found = {}
    with duckdb.connect() as connection:
        for name, by in LEVELS.items():
            query = SQL.format(keys=", ".join(by))
            found[name] = connection.execute(query, [str(path)]).df().set_index(by)
    return found


WAYS: dict[str, Callable[[Path], Result]] = {
    "library (with hidden cells)": by_library,
    "pandas apply, row by row": by_apply,
    "DuckDB SQL": by_duckdb,
}


def differences(ours: Result, other: Result) -> list[str]:
    """Compare every cell that the library shows; say what differs."""
    wrong = []
    for name in LEVELS:
        shown = ours[name][~is_hidden(ours[name])]
        if set(ours[name].index) != set(other[name].index):
            wrong.append(f"{name}: not the same groups")
            continue
        there = other[name].loc[shown.index]
        if not (shown["n_pegawai"].astype("int64") == there["n_pegawai"]).all():
            wrong.append(f"{name}: not the same headcounts")
        for column in MEANS:
            a = shown[column].to_numpy(dtype=float)
            b = there[column].to_numpy(dtype=float)
            if not np.allclose(a, b, rtol=0, atol=1e-9):
                wrong.append(f"{name}.{column}: up to {np.abs(a - b).max():.3g} apart")
    return wrong


def measure(path: Path, runs: int) -> tuple[dict[str, list[float]], dict[str, Result]]:
    """Let each way run ``runs`` times, taking turns."""
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    results: dict[str, Result] = {}
    for _ in range(runs):
        for way, run in WAYS.items():
            start = time.perf_counter()
            results[way] = run(path)
            times[way].append(time.perf_counter() - start)
    return times, results


def make_file(path: Path, people: int, seed: int) -> None:
    """Write exactly ``people`` make-believe people as one Parquet file."""
    scale = (people + 50) / sum(load_calibration().jumlah.values())
    table = synthesize(seed, scale=scale, instrument=LAW)
    table.head(people).reset_index().to_parquet(path)


def main() -> int:
    """Run the comparison and print it as a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=420_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pegawai.parquet"
        make_file(path, asked.people, asked.seed)
        times, results = measure(path, asked.runs)
    ours, *others = results
    wrong = {way: differences(results[ours], results[way]) for way in others}
    for way, said in wrong.items():
        for line in said:
            print(f"DIFFERENT from {way}: {line}", file=sys.stderr)
    if any(wrong.values()):
        return 1
    unit = results[ours]["unit"]
    ((threads,),) = duckdb.sql("SELECT current_setting('threads')").fetchall()
    print(
        f"{asked.people:,} people (DATA SINTETIS, benih {asked.seed}), {len(unit):,} units of "
        f"which {int(is_hidden(unit).sum()):,} hidden by the library, "
        f"{len(results[ours]['kabkota'])} kabkota; the same results in every cell shown. "
        f"Median of {asked.runs} runs taking turns; DuckDB with {threads} "
        f"threads; Python {sys.version.split()[0]}, pandas {pd.__version__}, "
        f"DuckDB {duckdb.__version__}.\n"
    )
    print("| way | median s | fastest s | slowest s | times the library |")
    print("| --- | ---: | ---: | ---: | ---: |")
    base = statistics.median(times[ours])
    for way, seconds in times.items():
        middle = statistics.median(seconds)
        print(
            f"| {way} | {middle:.2f} | {min(seconds):.2f} | {max(seconds):.2f} "
            f"| {middle / base:.2f} |"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
