"""Read files in processes of their own, with limits on memory and time.

A file from outside may be made to exhaust whoever reads it. Here the reading process pays for
it: it may take so much memory and so much time for a file, and when it takes more it is ended
and the file refused in one line. The other files are read on by a new process.

Where the system has no resource limits (Windows) only the time is limited.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any

from ipasn_lib.errors import IpasnError, UnsafeFileError

__all__ = ["LIMITS", "Limits", "Task", "call_apart", "run_apart", "serve"]


@dataclass(frozen=True)
class Limits:
    """What the reading of one file, or of one folder of exports, may take.

    Attributes
    ----------
    memori : int
        Bytes of address space beyond what an idle reader has.
    detik_cpu, detik : int
        Seconds of computing, and seconds altogether.
    """

    memori: int = 4 * 2**30
    detik_cpu: int = 600
    detik: int = 1200


LIMITS = Limits()
"""Ten times what the largest place takes: 30,000 people with their histories, as workbooks."""


@dataclass(frozen=True)
class Task:
    """A call of a function that another process can import, and the name for what it reads."""

    nama: str
    fungsi: Callable[..., Any]
    argumen: tuple[Any, ...] = ()
    pilihan: Mapping[str, Any] = field(default_factory=dict)
    ukuran: int = 0
    """Bytes to read; the largest are begun first, so that none is left alone at the end."""


def run_apart(
    tasks: Sequence[Task], *, workers: int = 1, limits: Limits = LIMITS
) -> Iterator[Callable[[], Any]]:
    """Do tasks in other processes, up to ``workers`` at a time.

    Parameters
    ----------
    tasks : sequence of Task
    workers : int
        Processes.
    limits : Limits
        For each task.

    Yields
    ------
    callable
        In the order of the tasks, as each is done: gives the function's value, or raises its
        exception; :class:`ipasn_lib.errors.UnsafeFileError` where a limit was passed or the
        process broke.
    """
    children: list[_Child] = []
    mine = threading.local()

    def work(task: Task) -> Any:
        if not hasattr(mine, "child"):
            mine.child = _Child(limits)
            children.append(mine.child)
        return mine.child.do(task)

    order = sorted(range(len(tasks)), key=lambda i: -tasks[i].ukuran)
    pool = ThreadPoolExecutor(max(1, min(workers, len(tasks))))
    try:
        futures: dict[int, Future[Any]] = {i: pool.submit(work, tasks[i]) for i in order}
        for i in range(len(tasks)):
            future = futures.pop(i)
            future.exception()  # wait
            yield future.result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.end()
        pool.shutdown(wait=True)


def call_apart(task: Task, *, limits: Limits = LIMITS) -> Any:
    """Do one task in another process and give its value; see :func:`run_apart`."""
    [result] = run_apart([task], limits=limits)
    return result()


class _Child:
    """A reading process; begun when first needed, and anew after it was ended."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.process: subprocess.Popen[bytes] | None = None
        self.closed = False

    def do(self, task: Task) -> Any:
        """Have one task done; the exception of the task is raised here."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.limits.detik, give_up)
        timer.daemon = True
        timer.start()
        try:
            _send(process.stdin, (task.fungsi, task.argumen, dict(task.pilihan)))
            good, value = _receive(process.stdout)
        except (EOFError, OSError):
            code = self._gone()
            raise UnsafeFileError(_why(task.nama, self.limits, late.is_set(), code)) from None
        finally:
            timer.cancel()
        if good:
            return value
        if isinstance(value, MemoryError):
            raise UnsafeFileError(_too_big(task.nama, self.limits)) from None
        raise value

    def end(self) -> None:
        """End the process, busy or not."""
        self.closed = True
        self._gone()

    def _gone(self) -> int:
        """End the process and close the pipes to it; give its status."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.kill()
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            with contextlib.suppress(OSError):
                stream.close()
        return code

    def _running(self) -> subprocess.Popen[bytes]:
        if self.closed:
            raise UnsafeFileError("reading was given up")
        if self.process is None:
            limits = (self.limits.memori, self.limits.detik_cpu)
            code = f"from ipasn_lib.records.apart import serve; serve{limits}"
            paths = os.pathsep.join(p for p in sys.path if p)
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-P", "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": paths},
            )
        return self.process


def _why(nama: str, limits: Limits, late: bool, code: int) -> str:
    if late:
        return f"{nama}: not read within {limits.detik} s; refused"
    if code == -getattr(signal, "SIGXCPU", 0):
        return f"{nama}: not read within {limits.detik_cpu} s of computing; refused"
    if code == -signal.SIGABRT:  # so end the parsers that are not in Python
        return _too_big(nama, limits)
    return f"{nama}: the process that read it broke off (status {code}); refused"


def _too_big(nama: str, limits: Limits) -> str:
    return f"{nama}: reading it takes more than {limits.memori / 2**30:g} GiB of memory; refused"


def serve(memori: int, detik_cpu: int) -> None:
    """Do the tasks that come in, one after the other, until there are no more.

    Parameters
    ----------
    memori, detik_cpu : int
        As in :class:`Limits`.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not get between the answers
    # tables of many cells make the collector look at millions of innocent objects
    gc.set_threshold(200_000, 50, 50)
    _limit_memory(memori)
    while True:
        try:
            function, arguments, options = _receive(sys.stdin.buffer)
        except EOFError:
            return
        _limit_computing(detik_cpu)
        answer: tuple[bool, Any]
        try:
            answer = (True, function(*arguments, **options))
        except Exception as error:  # the asker decides what to do with it
            if not isinstance(error, IpasnError | MemoryError):
                error.add_note(traceback.format_exc())
            answer = (False, error)
        _send(answers, answer)
        del answer


def _limit_memory(more: int) -> None:
    try:
        import resource
    except ImportError:
        return
    taken = 2**30  # of addresses only: what the interpreter and its libraries reserve
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource, resource.RLIMIT_AS, taken + more)


def _limit_computing(more: int) -> None:
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource, resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + more)


def _lower(resource: Any, what: int, limit: int) -> None:
    """Set the soft limit, as far as the hard one lets."""
    hard = resource.getrlimit(what)[1]
    soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (soft, hard))


def _send(stream: IO[bytes], thing: object) -> None:
    packed = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(struct.pack("<Q", len(packed)))
    stream.write(packed)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    (size,) = struct.unpack("<Q", head)
    packed = stream.read(size)
    if len(packed) < size:
        raise EOFError
    return pickle.loads(packed)  # noqa: S301 - from a process of our own
