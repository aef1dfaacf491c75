"""Workers: a pool of processes with limits, and the warm parent that forks them.

Two crews with the same three verbs (``start``, ``wait``, ``stop``):

- `ForkCrew` starts one fresh Python, single-threaded, with one thread for numerical code. It
  imports what all reports need, runs the warm-up, and from then on only forks. The caller may
  have threads (a progress bar, JupyterLab): it never forks itself.
- `SpawnCrew` starts a fresh Python a job, where forking is not to be had.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, Protocol

from ipasn_lib.errors import BatchError
from ipasn_lib.reports.pool import PULSE, Event, Limits, Pool
from ipasn_lib.reports.worker import Task

__all__ = ["Crew", "CrewLostError", "ForkCrew", "SpawnCrew"]

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ),
    "1",
)
# A report needs the same memory again and again: what glibc gives back and faults in anew, and
# Arrow with an allocator of its own, is a twentieth of its time. Other systems do not read these.
KEEP_MEMORY = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 29),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 29),
}
# One seed for hashes, so that the order of a set is the same in each run.
ENVIRONMENT = {**ONE_THREAD, **KEEP_MEMORY, "PYTHONHASHSEED": "0"}
INLINE = "module://matplotlib_inline.backend_inline"
BOOT = (
    "import json,sys; sys.path[:]=json.loads(sys.argv[1]); "
    "from ipasn_lib.reports.server import main; main(int(sys.argv[2]))"
)


class CrewLostError(Exception):
    """The warm parent itself has died, and its workers with it."""


class Crew(Protocol):
    """What the batch asks of either crew."""

    def start(self, task: Task) -> None:
        """Start one worker."""

    def wait(self, timeout: float) -> list[Event]:
        """Wait for something to happen, at most so many seconds."""

    def stop(self) -> None:
        """Kill all workers, and what they have started."""


class ForkCrew:
    """A warm parent in its own process, and a channel to it.

    Parameters
    ----------
    preload : sequence of str
        Modules that it imports; one that cannot be imported is an error.
    guessed : sequence of str
        Modules that it imports if it can: those that the notebooks import.
    prepared : object
        ``(warmup, exports)``: a callable run once before the first fork, and the exports, so that
        their modules are imported too. Functions travel by their importable names.
    limits : Limits
        For each worker.
    meanwhile : callable, optional
        Called here while the warm parent imports there.

    Raises
    ------
    BatchError
        If a module cannot be imported or the warm-up fails; the message names it.
    """

    def __init__(
        self,
        preload: Sequence[str],
        guessed: Sequence[str],
        prepared: tuple[Callable[[], object] | None, tuple[Any, ...]],
        limits: Limits,
        meanwhile: Callable[[], object] | None = None,
        timeout: float = 600.0,
    ) -> None:
        self._ready = False
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own code, no shell
                [sys.executable, "-c", BOOT, json.dumps(sys.path), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={"MPLBACKEND": INLINE, **os.environ, **ENVIRONMENT},
                start_new_session=True,  # Ctrl-C is for the driver, which then stops the rest
            )
            self._channel = Connection(ours.detach())
        try:
            self._send((list(preload), list(guessed), limits))
            self._send(prepared)
            if meanwhile is not None:
                meanwhile()
            if not self._channel.poll(timeout):
                raise BatchError(f"the warm-up took longer than {timeout:g} s")
            kind, self.threads, text = self._receive()
        except CrewLostError as error:
            self.stop()
            raise BatchError("the warm parent died while it was importing") from error
        except BaseException:
            self.stop()
            raise
        if kind != "siap":
            self.stop()
            raise BatchError(text)
        self._ready = True

    def start(self, task: Task) -> None:
        """Start one worker."""
        self._send(task)

    def wait(self, timeout: float) -> list[Event]:
        """Wait for something to happen, at most so many seconds."""
        events: list[Event] = []
        try:
            while self._channel.poll(0.0 if events else min(timeout, PULSE)):
                events.extend(self._receive())
        except OSError as error:
            raise CrewLostError from error
        return events

    def stop(self) -> None:
        """Kill all workers, and what they have started; end the warm parent."""
        self._channel.close()  # the server takes this for the end, kills its workers and leaves
        if not self._ready:  # it is still importing, hears nothing and has no workers
            self._process.kill()
        try:
            self._process.wait(15.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, message: object) -> None:
        try:
            self._channel.send(message)
        except OSError as error:
            raise CrewLostError from error

    def _receive(self) -> Any:
        try:
            return self._channel.recv()
        except (EOFError, OSError) as error:
            raise CrewLostError from error


class SpawnCrew:
    """A fresh Python a job: slower, but it runs where forking does not."""

    def __init__(self, limits: Limits) -> None:
        self._pool = Pool("spawn", limits)

    def start(self, task: Task) -> None:
        """Start one worker."""
        with _environment(), _no_main():
            self._pool.start(task)

    def wait(self, timeout: float) -> list[Event]:
        """Wait for something to happen, at most so many seconds."""
        return self._pool.wait(timeout)

    def stop(self) -> None:
        """Kill all workers, and what they have started."""
        self._pool.stop()


@contextmanager
def _environment() -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update({"MPLBACKEND": INLINE, **before, **ENVIRONMENT})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _no_main() -> Iterator[None]:
    """Keep spawned processes from running the caller's script again to rebuild ``__main__``.

    Nothing that a worker is given comes from there; an unguarded script would start a batch in
    each worker.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
