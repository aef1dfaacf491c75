"""One changed row: which reports are made again, and how long it takes.

A make-believe province is written as files (Parquet, one a place, two years), prepared, and all
its reports are made. Then the nearest thing to daily work: a certificate of one person of one
place is withdrawn, the files are prepared again and the reports are asked for again. Printed are
the seconds of each step, by the clock and of the processors, and the reports that were made
again, by kind. The journal says which; nothing is estimated.

    python benchmarks/bench_incremental.py
    python benchmarks/bench_incremental.py --only-places --scale 1
    python benchmarks/bench_incremental.py --kabkota 3510 3522
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ipasn_lib.law.loading import load_instrument
from ipasn_lib.pipeline import prepare
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.synthetic import write_synthetic
from ipasn_lib.reports.batch import run_batch
from ipasn_lib.reports.journal import Journal
from ipasn_lib.suite import PRELOAD, warm
from ipasn_lib.suite_jobs import place_jobs

YEARS = (2021, 2022)
SEED = 2017
WORDS = {"tahun": 2022, "target": 81.0, "bahasa": "id"}


def cpu() -> float:
    """Processor seconds of this process and all that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def change(files: Path, kode: str) -> None:
    """Take the seminar of the first person of a place who has one away: ten points less.

    It moves the place's printed index, and of the province of this seed no printed digit (ten
    points more would, which is a reason to make every place's report again).
    """
    (path,) = files.glob(f"{kode}-*.parquet")
    table = pd.read_parquet(path)
    first = table.index[
        (table["seminar"] & (table["kelompok_jabatan"] != "pelaksana")).fillna(False)
    ]
    table.loc[first[0], "seminar"] = False
    table.to_parquet(path, compression="zstd")


def command(*words: str) -> None:
    """Run a module as users do, its start included."""
    subprocess.run([sys.executable, *words], check=True, capture_output=True)


def places_only(siap: Path, out: Path) -> None:
    """Make the reports of the places (notebook 01), page and workbook, and nothing else."""
    opened = open_prepared(siap, 2022)
    root = out / "2022"
    codes = [k for k in opened.kode_kabkota if k not in opened.tersembunyi]
    jobs = [
        replace(job, exports=tuple(functools.partial(e, pdf=False) for e in job.exports))
        for job in place_jobs(opened, root, codes, WORDS)
        if job.notebook.name.startswith("01")
    ]
    result = run_batch(jobs, root=root, journal=root / "jurnal.jsonl", preload=PRELOAD, warmup=warm)
    assert result.ok, [r.kesalahan for r in result.of("gagal")]


def kind(name: str) -> str:
    """Tell the province's reports and the kinds of a place's report apart."""
    number, last = name.partition("-")[0], name.rpartition("-")[2]
    if not number.isdigit() or len(number) < 4:
        return f"province: {name}"
    return {"penyebab": "place: causes (04)", "rencana": "place: plan (05)"}.get(
        last, "place: report (01)"
    )


def main() -> None:
    """Measure all and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--place", default="3510", help="where one person changes")
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--only-places", action="store_true", help="notebook 01 alone")
    parser.add_argument("--run-places", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--kabkota", nargs="+", default=[], help="report these and the province")
    options = parser.parse_args()
    if options.run_places:
        places_only(*options.run_places)
        return
    chosen = [word for kode in options.kabkota for word in ("--kabkota", kode)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        siap, out = folder / "siap", folder / "laporan"
        for year in YEARS:
            law = load_instrument(year)
            write_synthetic(folder / "berkas" / str(year), SEED, options.scale, year, law)
            prepare(folder / "berkas" / str(year), year, siap / str(year))
        files = folder / "berkas" / "2022"

        def prepared() -> None:
            words = ("--data", str(files), "--tahun", "2022", "--out", str(siap / "2022"))
            command("-m", "ipasn_lib", "prepare", *words)

        def report() -> None:
            if options.only_places:
                command(__file__, "--run-places", str(siap), str(out))
            else:
                words = ("--data", str(siap), "--tahun", "2022", "--out", str(out))
                command("-m", "ipasn_lib", "report", *words, *chosen)

        print(f"{platform.python_version()}, {os.cpu_count()} CPU")
        journal = Journal(out / "2022" / "jurnal.jsonl")
        steps = (
            ("all reports", report),
            ("nothing changed", report),
            ("one row changed: files to prepared tables", prepared),
            ("one row changed: reports", report),
        )
        for label, step in steps:
            if step is prepared:
                change(files, options.place)
            seen, clock, used = len(journal.read()), time.monotonic(), cpu()
            step()
            print(f"{label:44}{time.monotonic() - clock:7.1f} s{cpu() - used:8.1f} CPU s")
            made = [e for e in journal.read()[seen:] if e["peristiwa"] == "selesai"]
            for what, count in sorted(Counter(kind(e["nama"]) for e in made).items()):
                print(f"    {count:3} {what}")
            if label.endswith("reports") and step is report and len(made) < 80:
                print("   ", ", ".join(e["nama"] for e in made))


if __name__ == "__main__":
    main()
