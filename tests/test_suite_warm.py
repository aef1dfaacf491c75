"""What the warm parent leaves behind must be safe to fork: no thread, no font file held open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STATE = """
import importlib, json, os
from ipasn_lib import suite
for name in suite.PRELOAD:
    importlib.import_module(name)
suite.warm()
threads = [open(f"/proc/self/task/{n}/comm").read().strip() for n in os.listdir("/proc/self/task")]
if os.fork():
    os.wait()
else:
    files = [f"/proc/self/fd/{n}" for n in os.listdir("/proc/self/fd")]
    held = [os.readlink(file) for file in files if os.path.lexists(file)]
    print(json.dumps({"threads": threads, "held": held}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_warming_up_leaves_no_thread_and_no_open_font():
    done = subprocess.run(
        [sys.executable, "-c", STATE],
        # as the batch starts its warm parent
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
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
