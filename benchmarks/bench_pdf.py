"""What the PDF costs: the same batch with and without it, one after the other, several times.

    python benchmarks/bench_pdf.py --places 38 --rounds 3

Both batches make the executed notebook, the page and the workbook of each place of the sample,
each time anew, with the warm parent's start counted; the ratios are of neighbours in time, and
processor seconds say more than the clock where the machine is busy.
"""

from __future__ import annotations

import argparse
import functools
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.files import report_files
from ipasn_lib.suite import PRELOAD, warm
from ipasn_lib.suite_jobs import PLACE_NOTEBOOK

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / PLACE_NOTEBOOK


def cpu() -> float:
    """Processor seconds of all processes that have been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds(places: list[str], *, pdf: bool, workers: int | None) -> tuple[float, float]:
    """Run one batch; return its seconds by the clock and by the processors."""
    with tempfile.TemporaryDirectory() as out:
        export = functools.partial(report_files, indeks="../index.html", pdf=pdf)
        jobs = [
            Job(kode, NOTEBOOK, {"kode_kabkota": kode, "tahun": 2022}, Path(out) / kode, (export,))
            for kode in places
        ]
        began, used = time.monotonic(), cpu()
        result = run_batch(
            jobs,
            root=Path(out),
            journal=Path(out) / "jurnal.jsonl",
            workers=workers,
            preload=PRELOAD,
            warmup=warm,
            progress="diam",
        )
        if not result.ok:
            raise SystemExit("\n".join(f"{r.nama}: {r.kesalahan}" for r in result.of("gagal")))
        return time.monotonic() - began, cpu() - used


def main() -> None:
    """Measure both and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=int, default=38)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int)
    options = parser.parse_args()
    there = open_prepared(None, 2022).kode_kabkota
    places = [kode for kode in load_kabkota().index if kode in there][: options.places]
    print(f"{os.cpu_count()} CPU, {len(places)} reports")
    print(f"{'without':>9}{'with PDF':>10}{'ratio':>8}{'CPU':>9}{'with PDF':>10}{'ratio':>8}")
    ratios = []
    for number in range(options.rounds):
        order = (False, True) if number % 2 == 0 else (True, False)
        took = {pdf: seconds(places, pdf=pdf, workers=options.workers) for pdf in order}
        ratios.append([took[True][k] / took[False][k] for k in (0, 1)])
        for k in (0, 1):
            print(f"{took[False][k]:9.1f}{took[True][k]:10.1f}{ratios[-1][k]:8.2f}", end="")
        print(flush=True)
    middle = [statistics.median(column) for column in zip(*ratios, strict=True)]
    print(f"middle ratio {middle[0]:.2f} by the clock, {middle[1]:.2f} by the processors")


if __name__ == "__main__":
    main()
