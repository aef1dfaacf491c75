"""The warm parent: imports once, then only forks.

It runs in a Python of its own that has no thread but the main one, started by
`ipasn_lib.reports.crew.ForkCrew`. When its channel closes, for whatever reason (the driver ended,
was killed), it kills its workers, removes their temporary folders and leaves: no orphan stays.
"""

from __future__ import annotations

import gc
import importlib
import os
import shutil
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from ipasn_lib.reports.journal import safe_error
from ipasn_lib.reports.nodes import import_nbformat
from ipasn_lib.reports.pool import Limits, Pool
from ipasn_lib.reports.worker import (
    Export,
    Report,
    Task,
    die_with_parent,
    resolve_export,
    warm_up,
)

__all__ = ["load_modules", "load_shared", "main"]

ALWAYS = (
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "bdb",
    "ipasn_lib.reports.recorder",
    "papermill.parameterize",
)
"""What every report needs, also what IPython would import at its first cell only."""


def main(descriptor: int) -> None:
    """Serve one driver over an inherited socket until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()  # while warming up nobody listens to the channel
    channel = Connection(descriptor)
    try:
        preload, guessed, limits = channel.recv()
        failure = load_modules(preload, guessed) or _shared(channel)
        channel.send(("rusak" if failure else "siap", threading.active_count(), failure))
        if not failure:
            die_with_parent(0)
            gc.collect()
            gc.freeze()  # what is shared with the workers stays shared
            _serve(channel, limits)
    except (EOFError, OSError):
        pass
    os._exit(0)


def load_modules(preload: Sequence[str], guessed: Sequence[str]) -> str:
    """Import what reports need; return what went wrong, naming no data."""
    import_nbformat()
    _compile_schema()
    for name in (*ALWAYS, *preload):
        try:
            importlib.import_module(name)
        except Exception as error:
            return f"preload: module '{name}' cannot be imported ({safe_error(error)})"
    for name in guessed:
        with suppress(Exception):  # the cell that imports it will say what is wrong
            importlib.import_module(name)
    return ""


def load_shared(warmup: Callable[[], object] | None, exports: Sequence[Export | str]) -> str:
    """Load what the exports and all reports share; return what went wrong, naming no data."""
    try:
        for export in exports:
            warm_up(resolve_export(export))
    except Exception as error:
        return f"an export cannot be loaded ({safe_error(error)})"
    try:
        if warmup is not None:
            warmup()
    except Exception as error:
        return f"the warm-up failed ({safe_error(error)})"
    return ""


def _shared(channel: Connection) -> str:
    try:
        warmup, exports = channel.recv()
    except (EOFError, OSError):
        raise
    except Exception as error:
        return f"the warm-up or an export cannot be imported ({safe_error(error)})"
    return load_shared(warmup, exports)


def _compile_schema() -> None:
    """Have nbformat compile the schema of notebooks once, not in every report."""
    import nbformat

    nbformat.validate(nbformat.v4.new_notebook())


def _serve(channel: Connection, limits: Limits) -> None:
    pool = Pool("fork", limits, inherited=[channel])
    folders: dict[str, str] = {}
    try:
        while True:
            events = pool.wait(1.0, extra=[channel])
            for name, what in events:
                if isinstance(what, Report | str):
                    folders.pop(name, None)
            if events:
                channel.send(events)
            while channel.poll():
                task: Any = channel.recv()
                assert isinstance(task, Task)
                folders[task.nama] = task.temporary
                try:
                    pool.start(task)
                except OSError as error:  # no process or no descriptor left
                    cause = f"the worker could not be started ({type(error).__name__})"
                    channel.send([(task.nama, cause)])
    except (EOFError, OSError):
        pool.stop()
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)
