"""Processes with one task each, watched for limits of time and memory.

Memory is limited by reading each worker's resident size twice a second. ``RLIMIT_AS`` and
``RLIMIT_DATA`` count address space that a fork inherits and that numerical libraries only
reserve, so they would stop healthy workers.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeAlias

from ipasn_lib.reports.worker import DONE_WITH_CELLS, Report, Task, work

__all__ = ["PULSE", "Event", "Limits", "Pool"]

# A job's name with: the cell it enters, its report, or in words what it died of.
Event: TypeAlias = tuple[str, int | Report | str]

PULSE = 0.5


@dataclass(frozen=True)
class Limits:
    """Limits of one worker: seconds a cell and a job, resident bytes; None for no limit."""

    cell: float | None = None
    job: float | None = None
    memory: int | None = None
    grace: float = 3.0


@dataclass
class _Worker:
    process: Any
    channel: Connection
    began: float
    cell: float | None = None


class Pool:
    """Processes of this process, each with one task, watched for limits.

    Parameters
    ----------
    method : {"fork", "spawn"}
        How a process is started.
    limits : Limits
        What a worker may use before it is killed. The worker's own alarm ends a slow cell
        first; the pool steps in when the alarm cannot ring (a loop in C code).
    inherited : sequence of Connection
        Channels of this process that a forked worker must close.
    """

    def __init__(self, method: str, limits: Limits, inherited: Sequence[Connection] = ()) -> None:
        self._context: Any = mp.get_context(method)
        self._forks = method == "fork"
        self._limits = limits
        self._inherited = list(inherited)
        self._workers: dict[str, _Worker] = {}
        self._looked = 0.0

    def start(self, task: Task) -> None:
        """Start one worker."""
        here, there = self._context.Pipe(duplex=False)
        closing = [*self._inherited, *(w.channel for w in self._workers.values()), here]
        arguments = (task, there, closing if self._forks else ())
        process = self._context.Process(target=work, args=arguments, name=task.nama)
        process.start()
        there.close()
        self._workers[task.nama] = _Worker(process, here, time.monotonic())

    def wait(self, timeout: float, extra: Sequence[Any] = ()) -> list[Event]:
        """Wait for a worker (or something extra) to stir; enforce the limits."""
        channels = {worker.channel: name for name, worker in self._workers.items()}
        sentinels = {worker.process.sentinel: name for name, worker in self._workers.items()}
        ready = wait([*channels, *sentinels, *extra], min(timeout, PULSE))
        names = {channels.get(r) or sentinels.get(r) for r in ready if r not in extra}  # type: ignore[call-overload]
        events = [event for name in sorted(filter(None, names)) for event in self._heard(name)]
        return events + self._over_limit()

    def stop(self) -> None:
        """Kill all workers, and what they have started."""
        for name in list(self._workers):
            self._end(name)

    def _heard(self, name: str) -> Iterator[Event]:
        worker = self._workers[name]
        try:
            while worker.channel.poll():
                message = worker.channel.recv()
                if isinstance(message, Report):
                    self._end(name)
                    yield name, message
                    return
                last = message == DONE_WITH_CELLS
                worker.cell = None if last else time.monotonic()
                yield name, message
        except (EOFError, OSError):
            # the channel closes a moment before the process is gone
            worker.process.join(1.0)
            yield name, self._cause(self._end(name))
            return
        except Exception:  # bytes that are not a message: a cell wrote to a foreign descriptor
            self._end(name)
            yield name, "the worker's channel was broken"
            return
        if not worker.process.is_alive():
            yield name, self._cause(self._end(name))

    def _cause(self, code: int | None) -> str:
        if code is not None and code < 0:
            with suppress(ValueError):
                return f"the worker was killed by {signal.Signals(-code).name}"
        return f"the worker ended without a report (exit code {code})"

    def _over_limit(self) -> list[Event]:
        now, limits, events = time.monotonic(), self._limits, list[Event]()
        looks = limits.memory is not None and now - self._looked >= PULSE
        self._looked = now if looks else self._looked
        for name, worker in list(self._workers.items()):
            cause = ""
            if limits.job is not None and now - worker.began > limits.job:
                cause = f"the job ran longer than {limits.job:g} s"
            elif (
                limits.cell is not None
                and worker.cell is not None
                and now - worker.cell > limits.cell + limits.grace
            ):
                cause = f"a cell ran longer than {limits.cell:g} s"
            elif looks and _resident(worker.process.pid) > (limits.memory or 0):
                cause = f"the worker used more than {(limits.memory or 0) >> 20} MiB of memory"
            if cause:
                self._end(name)
                events.append((name, cause))
        return events

    def _end(self, name: str) -> int | None:
        """Kill a worker's whole group, reap it, and return its exit code."""
        worker = self._workers.pop(name)
        # before reaping: until then the number of the group cannot be another's
        with suppress(ProcessLookupError, PermissionError, AttributeError):
            os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.kill()
        worker.process.join(10.0)
        code: int | None = worker.process.exitcode
        worker.channel.close()
        with suppress(ValueError):
            worker.process.close()
        return code


def _resident(pid: int) -> int:
    """Resident bytes of a process; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
