"""What the PDF costs: the same batch with and without it, one after the other, several times.

    python benchmarks/bench_pdf.py --places 38 --rounds 3

Both batches make the executed notebook, the page and the workbook of each place of the sample,
each time anew, with the warm parent's start counted; the ratio is of neighbours in time, since
machines are noisy.
"""

from __future__ import annotations

import argparse
import functools
import os
import statistics
import tempfile
import time
from pathlib import Path

from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.files import report_files
from ipasn_lib.suite import PLACE_NOTEBOOK, PRELOAD, warm

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / PLACE_NOTEBOOK


def seconds(places: list[str], *, pdf: bool, workers: int | None) -> float:
    """Run one batch; return its seconds."""
    with tempfile.TemporaryDirectory() as out:
        export = functools.partial(report_files, indeks="../index.html", pdf=pdf)
        jobs = [
            Job(kode, NOTEBOOK, {"kode_kabkota": kode, "tahun": 2022}, Path(out) / kode, (export,))
            for kode in places
        ]
        began = time.monotonic()
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
        return time.monotonic() - began


def main() -> None:
    """Measure both and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=int, default=38)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int)
    options = parser.parse_args()
    there = open_prepared(None, 2022).kode_kabkota
    places = [kode for kode in load_kabkota().index if kode in there][: options.places]
    ratios = []
    print(f"{os.cpu_count()} CPU, {len(places)} reports")
    print(f"{'without':>9}{'with PDF':>10}{'ratio':>8}")
    for round_ in range(options.rounds):
        order = (False, True) if round_ % 2 == 0 else (True, False)
        took = {pdf: seconds(places, pdf=pdf, workers=options.workers) for pdf in order}
        ratios.append(took[True] / took[False])
        print(f"{took[False]:9.1f}{took[True]:10.1f}{ratios[-1]:8.2f}")
    print(f"middle ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
