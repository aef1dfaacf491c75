"""Score a nation from Parquet files to unit and kabkota: the library, DuckDB, polars, reading.

    python benchmarks/bench_nation.py [--people N] [--runs R] [--folder DIR] [--grow] [--shuffled]

Five million make-believe people (DATA SINTETIS; 13 provinces of 38 kabkota, a file each, made by
the generator and written once) become the mean index and dimensions of every unit and every
kabkota, under the instrument of 2019. Every way runs in a process of its own, which reports its
time (the better of two goes, imports not counted), its processor time over all threads (which a
busy machine changes less) and its peak memory; the processes take turns, and the table gives
medians. All results are compared before any figure is printed; if they
differ, the program says where and ends with an error.

``reading`` only loads the columns that the question needs, text kept in dictionaries: nobody who
uses these files can be faster than that by much. DuckDB is asked in two ways: plainly, a query a
table; and as someone who knows what we do would, with sums of each unit added up to kabkota.
Only the library hides small groups, says how many people are not measured, refuses values
outside the regulation's vocabulary and, with ``check_ids``, a person who stands there twice.

``--grow`` also runs the library on 50 thousand to 20 million people. ``--shuffled`` puts each
file's people in random order, the worst case for what turns up in a block.

Where the time goes (five million people, in one thread): PyArrow decodes 0.19 s, numbering units
and kabkota 0.07 s, cutting columns into cases 0.04 s, looking up and adding 0.04 s; the two
tables with the hidden cells of 37,186 units 0.03 s, the instrument's table of cases 0.01 s.
``numpy.bincount`` keeps the interpreter's lock; more than two cores have not been measured.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from bench_score import EDUCATION, LEVELS, MEANS, SANCTION, SQL, differences

Result = dict[str, pd.DataFrame]

PROVINCES = 13
ROW_GROUP = 131_072
THREADS = 2
COLUMNS = [
    *("kode_kabkota", "unit_kerja", "jenis_asn", "kelompok_jabatan", "sumber_data"),
    *("jenjang_pendidikan", "diklat_kepemimpinan", "diklat_fungsional", "jp_diklat_teknis"),
    *("seminar", "nilai_kinerja", "hukuman_disiplin"),
]


def make_files(folder: Path, people: int, shuffled: bool) -> None:
    """Write make-believe provinces; each repeats the generator's places under its own codes."""
    from ipasn_lib.law.loading import load_instrument
    from ipasn_lib.records.synthetic import synthesize
    from ipasn_lib.records.synthetic.calibration import load_calibration

    folder.mkdir(parents=True, exist_ok=True)
    law, base = load_instrument(2022), sum(load_calibration().jumlah.values())
    for province in range(PROVINCES):
        table = synthesize(province + 1, scale=people / (PROVINCES * base), instrument=law)
        table["kode_kabkota"] = f"{11 + province}" + table["kode_kabkota"].str[2:]
        if shuffled:
            table = table.sample(frac=1, random_state=1)
        path = folder / f"{11 + province}.parquet"
        table.reset_index().to_parquet(path, row_group_size=ROW_GROUP)


def by_library(folder: Path) -> Result:
    """Stream the files; the ids are known to be unique, as they are to the others."""
    from ipasn_lib.index.stream import summarize_parquet
    from ipasn_lib.law.loading import load_instrument

    return summarize_parquet(
        folder, load_instrument(2022), LEVELS, workers=THREADS, check_ids=False
    )


def by_library_checked(folder: Path) -> Result:
    """Stream the files and refuse a person who stands there twice."""
    from ipasn_lib.index.stream import summarize_parquet
    from ipasn_lib.law.loading import load_instrument

    return summarize_parquet(folder, load_instrument(2022), LEVELS, workers=THREADS)


def by_duckdb(folder: Path) -> Result:
    """Ask DuckDB once a table."""
    import duckdb

    found = {}
    with duckdb.connect(config={"threads": THREADS}) as connection:
        for name, by in LEVELS.items():
            query = SQL.format(keys=", ".join(by))
            frame = connection.execute(query, [f"{folder}/*.parquet"]).df()
            found[name] = frame.set_index(by)
    return found


def by_duckdb_once(folder: Path) -> Result:
    """Ask DuckDB for sums of units, and add them up to kabkota."""
    import duckdb

    keys = ", ".join(LEVELS["unit"])
    totals = ", ".join(f"sum({c}) AS {c}" for c in [*MEANS, "n_pegawai"])
    means = ", ".join(f"{c} / n_pegawai AS {c}" for c in MEANS)
    sums = SQL.format(keys=keys).replace("avg(", "sum(")
    found = {}
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(f"CREATE TABLE sel AS {sums}", [f"{folder}/*.parquet"])
        for name, by in LEVELS.items():
            listed = ", ".join(by)
            query = (
                f"SELECT {listed}, {means}, n_pegawai::BIGINT AS n_pegawai FROM "
                f"(SELECT {listed}, {totals} FROM sel GROUP BY {listed})"
            )
            found[name] = connection.execute(query).df().set_index(by)
    return found


def by_polars(folder: Path) -> Result:
    """Ask polars: sums of units in one pass of its streaming engine, added up to kabkota."""
    import polars as pl

    hours, group = pl.col("jp_diklat_teknis") >= 20, pl.col("kelompok_jabatan").cast(pl.String)
    seminar, skp = pl.col("seminar").cast(pl.Float64), pl.col("nilai_kinerja")
    course = pl.when(group == "struktural").then(pl.col("diklat_kepemimpinan"))
    course = course.otherwise(pl.col("diklat_fungsional")).cast(pl.Float64)
    bands = pl.when(skp <= 50).then(1).when(skp <= 60).then(5).when(skp <= 75).then(15)
    points = {
        "kualifikasi": pl.col("jenjang_pendidikan").replace_strict(
            EDUCATION, return_dtype=pl.Float64
        ),
        "kompetensi": pl.when(group == "pelaksana")
        .then(22.5 * hours.cast(pl.Float64) + 17.5 * seminar)
        .otherwise(15.0 * hours.cast(pl.Float64) + 10.0 * seminar + 15.0 * course),
        "kinerja": pl.when(skp.is_null() | skp.is_nan())
        .then(0)
        .otherwise(bands.when(skp <= 90).then(25).otherwise(30)),
        "disiplin": pl.col("hukuman_disiplin").replace_strict(SANCTION, return_dtype=pl.Float64),
    }
    unit = LEVELS["unit"]
    sums = (
        pl.scan_parquet(f"{folder}/*.parquet")
        .filter(pl.col("jenis_asn").cast(pl.String) == "PNS")
        .select(*unit, **points)
        .group_by(unit)
        .agg(pl.col(list(points)).sum(), n_pegawai=pl.len())
        .collect(engine="streaming")
        .with_columns(indeks=pl.sum_horizontal(list(points)))
    )
    found = {}
    for name, by in LEVELS.items():
        table = sums.group_by(by).agg(pl.col([*MEANS, "n_pegawai"]).sum())
        table = table.with_columns(pl.col(MEANS) / pl.col("n_pegawai"))
        found[name] = table.to_pandas().set_index(by)
    return found


def by_reading(folder: Path) -> Result:
    """Only load the needed columns, a file at a time, and forget them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(THREADS)
    text = ["kode_kabkota", "unit_kerja", "sumber_data"]
    for path in sorted(folder.glob("*.parquet")):
        pq.read_table(path, columns=COLUMNS, read_dictionary=text)
    return {}


WAYS: dict[str, Callable[[Path], Result]] = {
    "library": by_library,
    "library, ids checked": by_library_checked,
    "DuckDB SQL, sums of units once": by_duckdb_once,
    "DuckDB SQL, a query a table": by_duckdb,
    "polars, streaming": by_polars,
    "reading the columns only": by_reading,
}
OURS, REFERENCE = "library", "DuckDB SQL, sums of units once"


def run_here(way: str, folder: Path, out: Path) -> None:
    """Run one way in this process; print its times and peak memory, keep the result."""
    seconds, processor = [], []
    for _ in range(2):
        start, used = time.perf_counter(), time.process_time()
        result = WAYS[way](folder)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.write_bytes(pickle.dumps(result))
    print(json.dumps({"detik": min(seconds), "cpu": min(processor), "mb": peak}))


def measure(way: str, folder: Path) -> tuple[dict[str, float], Result]:
    """Run one way in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "hasil"
        command = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
        said = subprocess.run(
            [*command, "--out", str(out)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "POLARS_MAX_THREADS": str(THREADS)},
        )
        return json.loads(said.stdout), pickle.loads(out.read_bytes())


def files_of(folder: Path, people: int, shuffled: bool) -> Path:
    """Make the files unless they are there."""
    place = folder / f"{people}{'-acak' if shuffled else ''}"
    if not (place / "lengkap").exists():
        command = [sys.executable, __file__, "--make", str(people), "--folder", str(place)]
        subprocess.run([*command, *(["--shuffled"] if shuffled else [])], check=True)
        (place / "lengkap").touch()
    return place


def compare_ways(place: Path, runs: int) -> bool:
    """Measure all ways in turn and print their table; False if results differ."""
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    processor: dict[str, list[float]] = {way: [] for way in WAYS}
    peaks: dict[str, float] = dict.fromkeys(WAYS, 0.0)
    results: dict[str, Result] = {}
    for _ in range(runs):
        for way in WAYS:
            said, results[way] = measure(way, place)
            times[way].append(said["detik"])
            processor[way].append(said["cpu"])
            peaks[way] = max(peaks[way], said["mb"])
    good = True
    for way, result in results.items():
        for line in differences(results[OURS], result) if result and way != OURS else []:
            print(f"DIFFERENT from {way}: {line}", file=sys.stderr)
            good = False
    if not good:
        return False
    unit = results[OURS]["unit"]
    hidden = int(unit["n_pegawai"].isna().sum())
    print(
        f"{len(unit):,} units, {hidden:,} of them hidden by the library, "
        f"{len(results[OURS]['kabkota'])} kabkota; the same in every cell shown. Median of {runs} "
        f"processes; {THREADS} threads each; load {os.getloadavg()[0]:.1f}.\n"
    )
    middle = {way: statistics.median(seconds) for way, seconds in times.items()}
    print("| way | median s | fastest s | slowest s | DuckDB's best / this | CPU s | peak MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for way, seconds in times.items():
        print(
            f"| {way} | {middle[way]:.2f} | {min(seconds):.2f} | {max(seconds):.2f} "
            f"| {middle[REFERENCE] / middle[way]:.2f} | {statistics.median(processor[way]):.2f} "
            f"| {peaks[way]:.0f} |"
        )
    return True


def grow(folder: Path, runs: int, shuffled: bool) -> None:
    """Print time and memory of the library as people grow in number."""
    print("\n| people | median s | microseconds a thousand people | peak MB |")
    print("| ---: | ---: | ---: | ---: |")
    for people in (50_000, 500_000, 5_000_000, 20_000_000):
        place = files_of(folder, people, shuffled)
        said = [measure(OURS, place)[0] for _ in range(runs)]
        middle = statistics.median(s["detik"] for s in said)
        peak = max(s["mb"] for s in said)
        print(f"| {people:,} | {middle:.3f} | {1e9 * middle / people:.0f} | {peak:.0f} |")


def main() -> int:
    """Make the files if need be, run the comparison, print markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where files are kept from run to run")
    parser.add_argument("--grow", action="store_true")
    parser.add_argument("--shuffled", action="store_true")
    for hidden in ("--way", "--out", "--make"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make:
        make_files(asked.folder, int(asked.make), asked.shuffled)
        return 0
    if asked.way:
        run_here(asked.way, asked.folder, Path(asked.out))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        print(f"About {asked.people:,} people (DATA SINTETIS, benih 1-{PROVINCES}); ", end="")
        if not compare_ways(files_of(folder, asked.people, asked.shuffled), asked.runs):
            return 1
        if asked.grow:
            grow(folder, asked.runs, asked.shuffled)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
