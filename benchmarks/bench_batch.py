"""Many reports: the batch beside the loop that a user would otherwise write.

The loop runs papermill in this process (a kernel a report) and then the ``jupyter nbconvert``
command, as in papermill's and nbconvert's own guides; once alone, and once as two such processes
with half of the places each. All make an executed notebook and a page of HTML for each place,
from the same notebook, in the same run of this script, one after the other; the ratios are
printed at the end. The loop may be run on the first few places only (``--loop-places``); its
seconds are then those of a report, times the places.

    python benchmarks/bench_batch.py --reports --data data/sample --loop-places 4
    python benchmarks/bench_batch.py --suite --data data/sample --loop-places 4
    python benchmarks/bench_batch.py --notebook mine.ipynb --data folder --preload ipasn_lib

With ``--reports`` ours is the report of each place as the suite makes it, page and workbook, then
with a PDF too, then again with nothing changed; beside it stands the time that its cells alone
took. With ``--suite`` ours is the command ``ipasn report`` as users run it, plans, causes, index
page and the province's reports included. Without either and without ``--notebook`` a toy is used:
a table, two figures, some statistics. A notebook is given the parameter named by
``--place-parameter`` (a code "3501", "3502", ...), the one named by ``--data-parameter`` if
``--data`` is given, and whatever ``--parameters`` (JSON) holds.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from ipasn_lib.reports.batch import Job, run_batch

CODES = [f"35{n:02d}" for n in (*range(1, 30), *range(71, 80))]
TOY = (
    'kode_kabkota: str = "3501"\nbenih: int = 7',
    "import numpy as np\nimport pandas as pd\nimport seaborn as sns",
    "rng = np.random.default_rng([benih, int(kode_kabkota)])\n"
    "unit, indeks = rng.integers(0, 40, 5000), rng.normal(70, 9, 5000)\n"
    "pegawai = pd.DataFrame({'unit': unit, 'indeks': indeks})",
    "pegawai.groupby('unit').indeks.describe().round(2)",
    "sns.histplot(pegawai, x='indeks');",
    "sns.boxplot(pegawai, x='unit', y='indeks');",
    "from scipy import stats\nstats.bootstrap((pegawai.indeks,), np.mean, rng=rng, n_resamples=500)"
    ".confidence_interval",
)


def html(nb: NotebookNode) -> Mapping[str, bytes]:
    """Export with the same exporter as the loop's command, kept open in the process."""
    body, _ = _exporter().from_notebook_node(nb)
    return {"laporan.html": body.encode()}


def _exporter(kept: list[Any] = []) -> Any:  # noqa: B006  one exporter a process, warmed before forks
    if not kept:
        from nbconvert import HTMLExporter

        kept.append(HTMLExporter())
    return kept[0]


def warm() -> None:
    """Export an empty notebook, so that templates are compiled before the first fork."""
    html(nbformat.v4.new_notebook())


def toy(folder: Path) -> Path:
    """Write the toy notebook."""
    node = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    node.cells = [nbformat.v4.new_code_cell(source) for source in TOY]
    node.cells[0].metadata["tags"] = ["parameters"]
    path = folder / "mainan.ipynb"
    nbformat.write(node, path)
    return path


def stock_twice(
    notebook: Path, places: Sequence[str], given: Mapping[str, dict], out: Path
) -> float:
    """Run the loop as two processes with half of the places each; return their seconds."""
    began = time.monotonic()
    with ProcessPoolExecutor(2, get_context("spawn")) as two:
        halves = [places[k::2] for k in range(2)]
        running = [two.submit(stock, notebook, half, given, out) for half in halves]
        for half in running:
            half.result()
    return time.monotonic() - began


def stock(notebook: Path, places: Sequence[str], given: Mapping[str, dict], out: Path) -> float:
    """Run the loop; return its seconds."""
    import papermill as pm

    began = time.monotonic()
    for code in places:
        done = out / f"{code}.ipynb"
        pm.execute_notebook(
            notebook, done, parameters=given[code], progress_bar=False, cwd=notebook.parent
        )
        command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(done)]
        subprocess.run(command, check=True, capture_output=True)
        print(f"  {code} {time.monotonic() - began:7.1f} s", file=sys.stderr)
    return time.monotonic() - began


def ours(
    notebook: Path,
    places: Sequence[str],
    given: Mapping[str, dict],
    out: Path,
    preload: Sequence[str],
    workers: int | None,
) -> float:
    """Run the batch; return its seconds, start of the warm parent included."""
    # an importable name, since workers cannot import from a script's __main__
    own = importlib.import_module("bench_batch")
    began = time.monotonic()
    result = run_batch(
        [Job(code, notebook, given[code], Path(code), (own.html,)) for code in places],
        root=out,
        journal=out / "jurnal.jsonl",
        workers=workers,
        preload=preload,
        warmup=own.warm,
        progress="baris",
    )
    seconds = time.monotonic() - began
    if not result.ok:
        raise SystemExit("\n".join(f"{r.nama}: {r.kesalahan}" for r in result.hasil))
    return seconds


def reports(data: Path, places: Sequence[str], out: Path, pdf: bool) -> float:
    """Make the places' reports as the suite does; return the seconds, the warm parent included."""
    from ipasn_lib import suite, suite_jobs
    from ipasn_lib.records.prepared import open_prepared

    began = time.monotonic()
    words = {"tahun": 2022, "target": 81.0, "bahasa": "id"}
    jobs = suite_jobs.place_jobs(open_prepared(data, 2022), out, places, words)
    result = run_batch(
        [
            replace(job, exports=tuple(functools.partial(e, pdf=pdf) for e in job.exports))
            for job in jobs
            if Path(job.notebook).name == suite_jobs.PLACE_NOTEBOOK
        ],
        root=out,
        journal=out / "jurnal.jsonl",
        preload=suite.PRELOAD,
        warmup=suite.warm,
        progress="baris",
    )
    seconds = time.monotonic() - began
    if not result.ok or len(result.hasil) != len(places):
        raise SystemExit("\n".join(f"{r.nama}: {r.kesalahan}" for r in result.hasil))
    return seconds


def cell_seconds(out: Path) -> float:
    """Add up the seconds that the cells of all reports took, as their manifests say."""
    files = out.glob("*/manifest.json")
    return sum(sum(json.loads(file.read_text())["waktu"]["sel"]) for file in files)


def cpu() -> float:
    """Processor seconds of this process and all that it has waited for.

    On a busy machine these say more than the clock.
    """
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def command(data: Path, places: Sequence[str], out: Path) -> float:
    """Run ``ipasn report``; return its seconds."""
    chosen = [word for code in places for word in ("--kabkota", code)]
    words = ["report", "--data", str(data), "--out", str(out), *chosen]
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "ipasn_lib", *words], check=True, capture_output=True)
    return time.monotonic() - began


def main() -> None:
    """Measure all and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebook", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--data-parameter", default="data")
    parser.add_argument("--place-parameter", default="kode_kabkota")
    parser.add_argument("--parameters", type=json.loads, default={})
    parser.add_argument("--places", type=int, default=38)
    parser.add_argument("--loop-places", type=int, help="the loop makes these first few only")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--suite", action="store_true", help="ours is the command ipasn report")
    kinds.add_argument("--reports", action="store_true", help="ours is each place's report")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--preload", default="pandas,matplotlib.pyplot,seaborn,scipy.stats")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    places = CODES[: options.places]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if options.reports or options.suite:
            notebook = Path(__file__).resolve().parents[1] / "notebooks/01_laporan_kabkota.ipynb"
        else:
            notebook = (options.notebook or toy(folder)).resolve()
        shared = dict(options.parameters)
        if options.data is not None:
            shared[options.data_parameter] = str(options.data.resolve())
        given = {code: {**shared, options.place_parameter: code} for code in places}
        preload = [name for name in options.preload.split(",") if name]
        few = places[: options.loop_places or len(places)]
        share = len(places) / len(few)
        new, old = folder / "ipasn", folder / "stock"
        old.mkdir()
        rows: list[tuple[str, float, float]] = []

        def measure(label: str, times: float, run: Callable[[], float]) -> None:
            before = cpu()
            seconds = run()
            rows.append((label, times * seconds, times * (cpu() - before)))

        if options.suite:
            for label in ("ipasn report", "ipasn report, nothing changed"):
                measure(label, 1, lambda: command(options.data, places, new))
        elif options.reports:
            data, also = options.data.resolve(), folder / "pdf"
            measure("page and workbook", 1, lambda: reports(data, places, new, False))
            rows.append(("  cells alone, over the cores", cell_seconds(new) / os.cpu_count(), 0.0))
            measure("page, workbook and PDF", 1, lambda: reports(data, places, also, True))
            measure("  nothing changed", 1, lambda: reports(data, places, also, True))
        else:
            run = (notebook, places, given, new, preload, options.workers)
            measure("run_batch", 1, lambda: ours(*run))
        for label, loop in (
            ("papermill loop + jupyter nbconvert", stock),
            ("the same loop, two processes", stock_twice),
        ):
            measure(label, share, lambda loop=loop: loop(notebook, few, given, old))
    print(f"{platform.python_version()}, {os.cpu_count()} CPU, {notebook.name}")
    print(f"{len(places)} reports; the loop made {len(few)} of them")
    print(f"{'':36}{'seconds':>9}{'of ours':>9}{'CPU s':>9}{'of ours':>9}")
    _, fast, cheap = rows[0]
    for label, seconds, used in rows:
        print(f"{label:36}{seconds:9.1f}{seconds / fast:8.1f}x{used:9.1f}{used / cheap:8.1f}x")


if __name__ == "__main__":
    main()
