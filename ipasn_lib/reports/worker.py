"""One job in one process: run the notebook, export it, describe it, in a temporary folder.

`work` is the same function whether the process was forked from a warm parent or spawned fresh.
It ends with one `Report` sent to the parent; a process that ends without one has died.
"""

from __future__ import annotations

import copy
import ctypes
import functools
import importlib
import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ipasn_lib.errors import BatchError
from ipasn_lib.reports import manifest
from ipasn_lib.reports._language import spoken
from ipasn_lib.reports.folders import fsync_tree
from ipasn_lib.reports.journal import safe_error
from ipasn_lib.reports.kernel import WarmEngine, register
from ipasn_lib.reports.nodes import (
    NOTEBOOK,
    import_nbformat,
    mark_failed,
    prepare,
    stopped_at,
    strip_times,
    write_notebook,
)
from ipasn_lib.reports.scan import scan
from ipasn_lib.wording import BAHASA

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "FAILED",
    "Export",
    "Report",
    "Task",
    "die_with_parent",
    "export_name",
    "resolve_export",
    "run_task",
    "warm_up",
    "work",
]

Export: TypeAlias = "Callable[[NotebookNode], Mapping[str, bytes]]"
FAILED = "gagal.ipynb"
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
DONE_WITH_CELLS = -1
LARGEST_FILE = 1 << 30
"""Bytes of the largest file a report may write: an endless one must not fill the disk."""


@dataclass(frozen=True)
class Task:
    """What a worker needs, all of it picklable; made by the batch from a checked job."""

    nama: str
    notebook: str
    text: str
    folder: str
    parameters: dict[str, Any]
    temporary: str
    exports: tuple[Export | str, ...]
    facts: dict[str, Any]
    sidik: str
    asal: dict[str, Any]
    pustaka: tuple[str, ...]
    masukan: tuple[str, ...]
    timeout_cell: float | None


@dataclass(frozen=True)
class Report:
    """How a job ended; ``kesalahan`` is empty if it ended well and never holds data."""

    kesalahan: str = ""
    retry: bool = False
    manifest: str = ""
    detik: float = 0.0


def work(task: Task, channel: Connection, inherited: Sequence[Connection] = ()) -> None:
    """Run a task and send its report; never returns, and never runs the parent's exit hooks."""
    own = os.getpid()
    _settle(inherited)
    try:
        report = run_task(task, lambda index: channel.send(index))
    except BaseException as error:
        report = Report(kesalahan=safe_error(error))
    if os.getpid() != own:  # a cell forked and came back: only the first process reports
        os._exit(1)
    with suppress(OSError):
        channel.send(report)
        channel.close()
    os._exit(0)


def run_task(task: Task, tell: Callable[[int], None]) -> Report:
    """Run a task in this process, fill its temporary folder, and look for personal numbers in it.

    Parameters
    ----------
    task : Task
        The job.
    tell : callable
        Called with a cell's index before it runs, and with -1 after the last one.

    Returns
    -------
    Report
        If it failed, the folder holds the executed notebook as ``gagal.ipynb``, with papermill's
        banner at the cell; otherwise it is ready to be published. Where a file holds a NIP or a
        NIK the task has failed, and nothing of it is kept, the executed notebook included.
    """
    report = _filled(task, tell)
    found = scan(Path(task.temporary))
    if not found:
        return report
    shutil.rmtree(task.temporary)
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    text = f"personal number: {found[0]}{more}; nothing was kept"
    return Report(kesalahan="; ".join(part for part in (report.kesalahan, text) if part))


def _filled(task: Task, tell: Callable[[int], None]) -> Report:
    began, clock = datetime.now(UTC), time.monotonic()
    import_nbformat()
    folder = Path(task.temporary)
    folder.mkdir(parents=True)
    nb = prepare(task.text, task.notebook, task.parameters)
    errors: list[BaseException] = []
    os.chdir(task.folder)
    register()
    WarmEngine.execute_notebook(
        nb,
        nb.metadata.get("kernelspec", {}).get("name", "python3"),
        progress_bar=False,
        autosave_cell_every=0,
        execution_timeout=task.timeout_cell,
        on_cell=tell,
        on_error=errors.append,
    )
    tell(DONE_WITH_CELLS)
    stopped = stopped_at(nb)
    if stopped is not None:
        mark_failed(nb, stopped)
        write_notebook(nb, folder / FAILED)
        error = errors[-1] if errors else BatchError("the notebook stopped before its end")
        kind = type(error).__name__
        ours = kind in ("CellTimeoutError", "OutputLimitError")  # their words hold no data
        text = f"{kind}: {error}" if ours else safe_error(error)
        retry = kind == "CellTimeoutError"
        return Report(kesalahan=f"cell {stopped + 1}: {text}", retry=retry)
    published, times = strip_times(nb)
    published = spoken(published, _language(task.parameters))
    write_notebook(published, folder / NOTEBOOK)
    for export in task.exports:
        try:
            _export(resolve_export(export), published, folder)
        except Exception as error:
            text = f"export {export_name(export)}: {safe_error(error)}"
            mark_failed(nb, None, text)
            write_notebook(nb, folder / FAILED)
            return Report(kesalahan=text)
    seconds = time.monotonic() - clock
    waktu = {
        "mulai": began.isoformat(timespec="milliseconds"),
        "selesai": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "detik": round(seconds, 3),
        "sel": times,
    }
    described = manifest.build(folder, task.facts, task.sidik, waktu, task.asal)
    text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / manifest.MANIFEST).write_text(text, encoding="utf-8")
    fsync_tree(folder)
    return Report(manifest=described["sha256"], detik=seconds)


def _language(parameters: Mapping[str, Any]) -> str:
    """Give the language of a report: its parameter; of a notebook that has none, Indonesian."""
    given = parameters.get("bahasa")
    return given if given in BAHASA else BAHASA[0]


def resolve_export(export: Export | str) -> Export:
    """Return an export itself; import it where it is named as ``"module:function"``."""
    if not isinstance(export, str):
        return export
    module, _, name = export.partition(":")
    try:
        found: Export = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise BatchError(f"export '{export}' cannot be imported") from error
    return found


def warm_up(export: Export) -> None:
    """Let an export load what it needs, once for all reports that are forked later.

    Its module says how, in a function ``warm_up`` that takes the export's options by name.
    """
    function = export.func if isinstance(export, functools.partial) else export
    load = getattr(sys.modules.get(function.__module__), "warm_up", None)
    if callable(load):
        load(**(export.keywords if isinstance(export, functools.partial) else {}))


def export_name(export: Export | str) -> str:
    """Name an export for the manifest and the fingerprint: ``module:function`` and its options."""
    if isinstance(export, str):
        return export
    if isinstance(export, functools.partial):
        options = manifest.digest([repr(export.args), repr(sorted(export.keywords.items()))])
        return f"{export_name(export.func)}({options[:12]})"
    return f"{export.__module__}:{getattr(export, '__qualname__', type(export).__qualname__)}"


def _export(export: Export, nb: NotebookNode, folder: Path) -> None:
    for name, content in export(copy.deepcopy(nb)).items():
        path = folder / name
        if not FILE.fullmatch(name) or name in (manifest.MANIFEST, FAILED) or path.exists():
            raise BatchError(f"an export may not write a file named {name!r}")
        path.write_bytes(content)


def _settle(inherited: Sequence[Connection]) -> None:
    """Make the process a worker: its own group, no input, silent, not the parent's channels."""
    for connection in inherited:
        connection.close()
    die_with_parent()
    if hasattr(os, "setsid"):
        os.setsid()  # one kill of the group ends what a notebook has started, too
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit_files()
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    if "numpy" in sys.modules:
        import numpy as np

        np.random.seed()  # noqa: NPY002  forks would share one stream; a fresh kernel does not


def _limit_files() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    lowest = LARGEST_FILE if most == resource.RLIM_INFINITY else min(LARGEST_FILE, most)
    resource.setrlimit(resource.RLIMIT_FSIZE, (lowest, most))


def die_with_parent(number: int = getattr(signal, "SIGKILL", 9)) -> None:
    """Ask Linux to kill this process when its parent dies; elsewhere nothing."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, number, 0, 0, 0)
