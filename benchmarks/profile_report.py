"""Where the time of one report goes: processor seconds of each stage in a warm, forked worker.

    python benchmarks/profile_report.py --data data/sample --kabkota 3510

The stages are timed by wrapping the functions that do them; a stage inside another is indented.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ipasn_lib import suite, suite_jobs
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.regions import report_name
from ipasn_lib.reports import jobs, server, worker
from ipasn_lib.reports.nodes import imported_modules

# label, module, owner ("" for the module itself), function
STAGES = (
    ("parse the notebook", "ipasn_lib.reports.worker", "", "prepare"),
    ("run it, shell included", "ipasn_lib.reports.recorder", "Recorder", "execute"),
    ("  cells", "ipasn_lib.reports.recorder", "Recorder", "_run"),
    ("    figures to SVG", "ipasn_lib.figures.publish", "PublishedFigure", "svg"),
    ("    tables to HTML", "ipasn_lib.figures.tables", "", "_html"),
    ("    read Parquet", "ipasn_lib.records.prepared", "", "read_table"),
    ("  nbclient's bookkeeping", "ipasn_lib.reports.recorder", "Recorder", "process_message"),
    ("write the notebook", "ipasn_lib.reports.worker", "", "write_notebook"),
    ("exports", "ipasn_lib.reports.worker", "", "_export"),
    ("  page", "ipasn_lib.reports.export", "", "export_html"),
    ("  workbook", "ipasn_lib.reports.xlsx", "", "export_xlsx"),
    ("manifest, hashes", "ipasn_lib.reports.manifest", "", "build"),
    ("force to disk", "ipasn_lib.reports.worker", "", "fsync_tree"),
)


def wrap(label: str, holder: Any, name: str, spent: dict[str, float]) -> None:
    """Have a function add its processor seconds to a label."""
    inner = getattr(holder, name)

    def timed(*words: Any, **options: Any) -> Any:
        began = time.process_time()
        try:
            return inner(*words, **options)
        finally:
            spent[label] += time.process_time() - began

    setattr(holder, name, timed)


def main() -> None:
    """Warm up, fork once, run one report there and print the stages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="data/sample")
    parser.add_argument("--tahun", type=int, default=2022)
    parser.add_argument("--kabkota", default="3510")
    options = parser.parse_args()
    siap = open_prepared(options.data, options.tahun)
    shared = {"tahun": options.tahun, "target": 81.0, "bahasa": "id"}
    root = Path(tempfile.mkdtemp())
    job = suite_jobs.place_jobs(siap, root, [options.kabkota], shared)[0]
    (planned,) = jobs.plan([job], root, ("ipasn_lib",))
    began = time.process_time()
    server.load_modules(suite.PRELOAD, imported_modules(planned.text, job.notebook.parent))
    print(f"{'warm parent: imports':34}{time.process_time() - began:8.3f}")
    began = time.process_time()
    server.load_shared(suite.warm, job.exports)
    print(f"{'warm parent: what all share':34}{time.process_time() - began:8.3f}")
    spent = dict.fromkeys((label for label, *_ in STAGES), 0.0)
    for label, module, owner, function in STAGES:
        holder = importlib.import_module(module)
        wrap(label, getattr(holder, owner) if owner else holder, function, spent)
    gc.collect()
    gc.freeze()
    child = os.fork()
    if child == 0:
        began = time.process_time()
        worker.run_task(planned.task(root / report_name("3500", "uji"), None), lambda _: None)
        print(f"{'a report':34}{time.process_time() - began:8.3f}")
        for label, seconds in spent.items():
            print(f"  {label:32}{seconds:8.3f}")
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
    shutil.rmtree(root)


if __name__ == "__main__":
    main()
