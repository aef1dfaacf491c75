"""Many reports: the batch beside the loop that a user would otherwise write.

The loop runs papermill in this process (a kernel a report) and then the ``jupyter nbconvert``
command, as in papermill's and nbconvert's own guides. Both make an executed notebook and a page
of HTML for each place, from the same notebook, in the same run of this script, one after the
other; the ratio is printed at the end.

    python benchmarks/bench_batch.py --places 38
    python benchmarks/bench_batch.py --notebook notebooks/01_laporan_kabkota.ipynb \
        --data data/sample --places 8 --preload ipasn_lib,seaborn

Without ``--notebook`` a toy is used: a table, two figures, some statistics. The notebook is given
the parameter named by ``--place-parameter`` (a code "3501", "3502", ...), the one named by
``--data-parameter`` if ``--data`` is given, and whatever ``--parameters`` (JSON) holds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
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


def main() -> None:
    """Measure both and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notebook", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--data-parameter", default="data")
    parser.add_argument("--place-parameter", default="kode_kabkota")
    parser.add_argument("--parameters", type=json.loads, default={})
    parser.add_argument("--places", type=int, default=38)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--preload", default="pandas,matplotlib.pyplot,seaborn,scipy.stats")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    places = CODES[: options.places]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        notebook = (options.notebook or toy(folder)).resolve()
        shared = dict(options.parameters)
        if options.data is not None:
            shared[options.data_parameter] = str(options.data.resolve())
        given = {code: {**shared, options.place_parameter: code} for code in places}
        (folder / "stock").mkdir()
        preload = [name for name in options.preload.split(",") if name]
        fast = ours(notebook, places, given, folder / "ipasn", preload, options.workers)
        slow = stock(notebook, places, given, folder / "stock")
        shutil.rmtree(folder / "ipasn")
    print(f"{platform.python_version()}, {os.cpu_count()} CPU, {notebook.name}")
    print(f"{'':34}{'seconds':>9}{'a report':>10}")
    for label, seconds in (
        ("papermill loop + jupyter nbconvert", slow),
        ("run_batch", fast),
    ):
        print(f"{label:34}{seconds:9.1f}{seconds / len(places):10.2f}")
    print(f"{len(places)} reports: {slow / fast:.1f} times faster")


if __name__ == "__main__":
    main()
