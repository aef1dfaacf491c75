"""What the warm parent leaves behind must be safe to fork: no thread, no font file held open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STATE = """
import json, os, sys, tempfile
from pathlib import Path
from ipasn_lib import suite, suite_jobs
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.reports import jobs, nodes, server, worker

out, year = Path(tempfile.mkdtemp()), open_prepared(None, 2022)
words = {"tahun": 2022, "target": 81.0, "bahasa": "id"}
job = suite_jobs.place_jobs(year, out, ["3510"], words)[0]
planned, = jobs.plan([job], out, ("ipasn_lib",))
guessed = nodes.imported_modules(planned.text, job.notebook.parent)
assert server.load_modules(suite.PRELOAD, guessed) == ""
assert server.load_shared(suite.warm, job.exports) == ""
threads = [open(f"/proc/self/task/{n}/comm").read().strip() for n in os.listdir("/proc/self/task")]
if os.fork():
    os.wait()
else:
    files = [f"/proc/self/fd/{n}" for n in os.listdir("/proc/self/fd")]
    held = [os.readlink(file) for file in files if os.path.lexists(file)]
    before = set(sys.modules)
    assert worker.run_task(planned.task(out / "x", None), lambda index: None).kesalahan == ""
    late = sorted(set(sys.modules) - before)
    print(json.dumps({"threads": threads, "held": held, "late": late}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_warming_up_leaves_no_thread_no_open_font_and_nothing_to_import():
    done = subprocess.run(
        [sys.executable, "-c", STATE],
        # as the batch starts its warm parent
        env={
            **os.environ,
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        },
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    state = json.loads(done.stdout.splitlines()[-1])
    # A library's own threads (Typst's) do not live on in a fork: its first call there
    # would wait for them for ever. Python's own count does not see them.
    # Arrow's allocator has one thread, which it starts anew in a fork by itself.
    assert len([name for name in state["threads"] if not name.startswith("jemalloc")]) == 1
    # Forks share the place at which an open file is read, and would read each other's letters.
    assert not [name for name in state["held"] if name.endswith((".ttf", ".otf", ".woff"))]
    # What every worker would import for itself costs each report its time; a handful of small
    # modules is loaded by what runs only with a cell or a file at hand.
    heavy = ("matplotlib", "pyarrow", "great_tables", "scipy", "nbconvert", "typst", "xlsxwriter")
    assert not [name for name in state["late"] if name.partition(".")[0] in heavy]
    assert len(state["late"]) < 15, state["late"]


def test_who_only_plans_a_batch_imports_no_notebook_library():
    # nbformat takes longer to import than 119 unchanged reports take to be found unchanged, and
    # compiles a grammar that nobody needs unless it is imported by import_nbformat.
    code = "import sys; from ipasn_lib import suite; print('nbformat' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False"]
