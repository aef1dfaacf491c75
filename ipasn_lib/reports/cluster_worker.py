"""What a worker of a Dask cluster does for a batch that runs elsewhere.

It runs a job as the batch's own machine would, if its notebook, library, packages and data are the
same, and hands the files back (:mod:`ipasn_lib.reports.cluster`).
"""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError
from ipasn_lib.reports import manifest
from ipasn_lib.reports.crew import Crew, CrewLostError, ForkCrew, SpawnCrew
from ipasn_lib.reports.pool import PULSE, Limits
from ipasn_lib.reports.worker import FAILED, Report, Task

__all__ = ["NOTEBOOKS", "Answer", "Warmth", "dismiss", "execute", "unfit"]

NOTEBOOKS = "IPASN_NOTEBOOKS"
"""Environment of a worker: its folder of notebooks, where it is not the checkout's own."""


@dataclass(frozen=True)
class Warmth:
    """What a worker's warm parent loads, and what its jobs may use; one a run of the batch."""

    preload: tuple[str, ...]
    guessed: tuple[str, ...]
    prepared: tuple[Callable[[], object] | None, tuple[Any, ...]]
    limits: Limits
    lari: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass(frozen=True)
class Answer:
    """What a worker hands back: how the job ended and its files, or why it will not do it."""

    laporan: Report | str = ""
    berkas: dict[str, bytes] = field(default_factory=dict)
    menolak: str = ""
    pekerja: str = ""


_crews: dict[tuple[str, int], Crew] = {}


def execute(task: Task, warmth: Warmth) -> Answer:
    """Run a job on this worker, if it is one of this worker's own notebooks and data.

    Returns
    -------
    Answer
        With the files of the report, or of a failure the executed notebook; or a refusal.
    """
    from distributed import get_worker

    here = get_worker().address
    notebooks = Path(os.environ.get(NOTEBOOKS) or Path(__file__).resolve().parents[2] / "notebooks")
    if reason := unfit(task, notebooks):
        return Answer(menolak=reason, pekerja=here)
    with tempfile.TemporaryDirectory(prefix="ipasn-") as temporary:
        folder = Path(temporary) / "laporan"
        own = replace(task, folder=str(notebooks), temporary=str(folder))
        outcome = _run(own, warmth)
        names = list(folder.iterdir()) if folder.is_dir() else []
        failed = isinstance(outcome, str) or bool(outcome.kesalahan)
        kept = [p for p in names if p.is_file() and (not failed or p.name == FAILED)]
        return Answer(outcome, {path.name: path.read_bytes() for path in kept}, pekerja=here)


def unfit(task: Task, notebooks: Path) -> str:
    """Say why this worker would not make the same report as any other; empty if it would."""
    path, facts = notebooks / Path(task.notebook).name, task.facts
    text = path.read_bytes() if path.is_file() else b""
    if manifest.hash_bytes(text) != manifest.hash_bytes(task.text.encode()):
        return "its notebook is another"
    if manifest.library_hash(task.pustaka) != facts["pustaka"]:
        return "its library is another"
    if manifest.environment_hash() != facts["lingkungan"]:
        return "its installed packages are others"
    inputs = [Path(os.path.normpath(notebooks / file)) for file in task.masukan]
    if not all(path.is_file() for path in inputs):
        return "it does not hold the data"
    if inputs and manifest.hash_files(inputs) != facts["masukan"]:
        return "its data are others"
    return ""


def _run(task: Task, warmth: Warmth) -> Report | str:
    key = (warmth.lari, threading.get_ident())
    try:
        crew = _crews.get(key) or _crews.setdefault(key, _hired(warmth))
        crew.start(task)
        while True:
            for _, what in crew.wait(PULSE):
                if not isinstance(what, int):
                    return what
    except BatchError as error:
        return Report(str(error))
    except CrewLostError:
        if (lost := _crews.pop(key, None)) is not None:
            lost.stop()
        return "the warm parent died"


def _hired(warmth: Warmth) -> Crew:
    if not hasattr(os, "fork"):
        return SpawnCrew(warmth.limits)
    crew = ForkCrew(warmth.preload, warmth.guessed, warmth.prepared, warmth.limits)
    if crew.threads > 1:
        crew.stop()
        return SpawnCrew(warmth.limits)
    return crew


def dismiss(lari: str) -> None:
    """End the warm parents of a run on this worker."""
    for key in [key for key in _crews if key[0] == lari]:
        _crews.pop(key).stop()
