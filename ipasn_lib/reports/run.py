"""One run of a batch: start, watch, retry, publish, journal, until nothing is left to do."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from ipasn_lib.errors import BatchError
from ipasn_lib.reports import manifest
from ipasn_lib.reports.crew import Crew, CrewLostError
from ipasn_lib.reports.failures import forget, keep
from ipasn_lib.reports.folders import GAGAL, publish, recover, temporary, withdraw
from ipasn_lib.reports.jobs import (
    SELESAI,
    TERSEMBUNYI,
    TIDAK_BERUBAH,
    BatchResult,
    JobResult,
    Planned,
)
from ipasn_lib.reports.journal import Done, Journal, safe_error
from ipasn_lib.reports.pool import Limits
from ipasn_lib.reports.progress import Progress
from ipasn_lib.reports.worker import Report

__all__ = ["Run"]

STOPPED = "stopped before its end"


@dataclass
class _Attempt:
    planned: Planned
    number: int
    temporary: Path
    began: float
    cell: int = 0


class Run:
    """The state of one run of the batch."""

    hire: Callable[[], Crew]

    def __init__(
        self,
        planned: list[Planned],
        journal: Journal,
        display: Progress,
        on_done: Callable[[JobResult], object] | None,
        *,
        hidden: Sequence[Path],
        workers: int,
        limits: Limits,
        retries: int,
        backoff: float,
    ) -> None:
        self.planned = planned
        self.limits = limits
        self._hidden = hidden
        self._journal = journal
        self._display = display
        self._on_done = on_done
        self.workers = workers
        self._retries = retries
        self._backoff = backoff
        self._results: dict[str, JobResult] = {}
        self._waiting: list[tuple[float, int, Planned]] = []
        self._running: dict[str, _Attempt] = {}
        self._took: list[float] = []
        self._notes: list[str] = []
        self._stopping = self._hiring = False
        self._began = time.monotonic()

    @property
    def to_make(self) -> list[Planned]:
        """What is left to be made; unchanged reports are not among it."""
        return [item for _, _, item in self._waiting]

    def note(self, text: str) -> None:
        """Keep a remark for the result."""
        if text not in self._notes:
            self._notes.append(text)

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """Let Ctrl-C and SIGTERM ask for a clean end instead of breaking in anywhere."""

        def ask(number: int, frame: FrameType | None) -> None:
            self._stopping = True
            if self._hiring:  # nothing runs yet, and the warm-up may be long
                raise KeyboardInterrupt

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {s: signal.signal(s, ask) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def go(self, fresh: bool) -> BatchResult:
        """Run everything that has to be run."""
        cleared = recover({out.parent for out in [*self._hidden, *(p.out for p in self.planned)]})
        if cleared:
            self.note(f"{cleared} sisa dari proses yang terhenti dibersihkan")
        done = self._journal.last_done()
        self._display.begin(len(self.planned) + len(self._hidden))
        for out in self._hidden:
            self._hide(out)
        changed = []
        for item in self.planned:
            if not fresh and _unchanged(item, done.get(item.job.nama)):
                self._finish(JobResult(item.job.nama, TIDAK_BERUBAH, item.out))
            else:
                changed.append(item)
        # the longest first, so that none is left running alone; the unknown count as longest
        known = {name: last.detik for name, last in done.items()}
        changed.sort(key=lambda item: -known.get(item.job.nama, float("inf")))
        self._waiting = [(0.0, 1, item) for item in changed]
        if changed:
            self._work()
        names = [*(p.job.nama for p in self.planned), *(out.name for out in self._hidden)]
        results = tuple(self._results[name] for name in names)
        result = BatchResult(
            results, time.monotonic() - self._began, self._stopping, tuple(self._notes)
        )
        self._display.end(result.ringkasan)
        return result

    def _work(self) -> None:
        losses = 0
        try:
            self._hiring = True
            crew = self.hire()
        except KeyboardInterrupt:
            self._stopping = True
            self._give_up(STOPPED)
            return
        finally:
            self._hiring = False
        try:
            while (self._waiting or self._running) and not self._stopping:
                try:
                    self._start_some(crew)
                    for name, what in crew.wait(0.5):
                        self._handle(name, what)
                except CrewLostError:
                    losses += 1
                    for name in list(self._running):
                        self._handle(name, "the warm parent died")
                    crew.stop()
                    if losses > self._retries:
                        raise BatchError("the warm parent died again and again") from None
                    crew = self.hire()
        except BatchError as error:
            self._give_up(safe_error(error))
        finally:
            crew.stop()
            for attempt in self._running.values():
                shutil.rmtree(attempt.temporary, ignore_errors=True)
        self._give_up(STOPPED)

    def _start_some(self, crew: Crew) -> None:
        now = time.monotonic()
        for entry in list(self._waiting):
            if len(self._running) >= self.workers:
                return
            ready, number, item = entry
            if ready > now:
                continue
            self._waiting.remove(entry)
            name = item.job.nama
            attempt = _Attempt(item, number, temporary(item.out), now)
            try:
                item.out.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                self._fail(attempt, f"its folder could not be made ({type(error).__name__})")
                continue
            self._running[name] = attempt
            self._journal.write("mulai", name, sidik=item.sidik, percobaan=number)
            self._display.started(name, number)
            crew.start(item.task(attempt.temporary, self.limits.cell))

    def _handle(self, name: str, what: int | Report | str) -> None:
        attempt = self._running.get(name)
        if attempt is None:
            return
        if isinstance(what, int):
            attempt.cell = what if what >= 0 else attempt.cell
            return
        del self._running[name]
        report = what if isinstance(what, Report) else Report(what, retry="memory" not in what)
        if not report.kesalahan:
            self._succeed(attempt, report)
        elif report.retry and attempt.number <= self._retries:
            shutil.rmtree(attempt.temporary, ignore_errors=True)
            pause = self._backoff * 2 ** (attempt.number - 1)
            self._waiting.append((time.monotonic() + pause, attempt.number + 1, attempt.planned))
        else:
            self._fail(attempt, report.kesalahan)

    def _succeed(self, attempt: _Attempt, report: Report) -> None:
        item, name = attempt.planned, attempt.planned.job.nama
        try:
            publish(attempt.temporary, item.out)
        except OSError as error:
            self._fail(attempt, f"the report could not be published ({type(error).__name__})")
            return
        self._journal.write(
            "selesai",
            name,
            sidik=item.sidik,
            manifest=report.manifest,
            detik=round(report.detik, 3),
            percobaan=attempt.number,
        )
        forget(item.out, name)
        self._took.append(time.monotonic() - attempt.began)
        self._finish(
            JobResult(name, SELESAI, item.out, detik=report.detik, percobaan=attempt.number)
        )

    def _fail(self, attempt: _Attempt, text: str) -> None:
        item, name = attempt.planned, attempt.planned.job.nama
        seconds = time.monotonic() - attempt.began
        kept = keep(item, attempt.temporary, attempt.cell)
        shutil.rmtree(attempt.temporary, ignore_errors=True)
        self._journal.write(
            "gagal",
            name,
            sidik=item.sidik,
            kesalahan=text,
            detik=round(seconds, 3),
            percobaan=attempt.number,
        )
        self._took.append(seconds)
        self._finish(
            JobResult(name, GAGAL, item.out, text, kept, detik=seconds, percobaan=attempt.number)
        )

    def _hide(self, out: Path) -> None:
        """Take away what was published and may not be shown any more."""
        there = out.exists()
        try:
            withdraw(out)  # before anything else can fail
            forget(out, out.name)
        except OSError as error:
            raise BatchError(
                f"{out.name}: it may not be shown and cannot be taken away "
                f"({type(error).__name__}); remove the folder"
            ) from None
        if there:
            self._journal.write("tersembunyi", out.name)
        self._finish(JobResult(out.name, TERSEMBUNYI, out))

    def _give_up(self, text: str) -> None:
        """End as failed whatever has not ended."""
        for item in self.planned:
            name = item.job.nama
            if name in self._results:
                continue
            attempt = self._running.pop(name, None)
            if attempt is not None:
                with suppress(BatchError):  # it may be the journal that cannot be written
                    self._journal.write("gagal", name, sidik=item.sidik, kesalahan=text)
            self._finish(
                JobResult(name, GAGAL, item.out, text, percobaan=attempt.number if attempt else 0)
            )
        self._waiting.clear()

    def _finish(self, result: JobResult) -> None:
        self._results[result.nama] = result
        self._display.ended(
            result.nama, result.status, result.detik, result.kesalahan, self._left()
        )
        if self._on_done is not None:
            self._on_done(result)

    def _left(self) -> float | None:
        """Estimate the seconds left from what the jobs have taken so far."""
        if not self._took:
            return None
        todo = len(self.planned) + len(self._hidden) - len(self._results)
        return todo * sum(self._took) / len(self._took) / self.workers


def _unchanged(item: Planned, last: Done | None) -> bool:
    """Whether the journal's last word on the job holds for today's inputs and the files there."""
    if last is None or last.sidik != item.sidik or not item.out.is_dir():
        return False
    try:
        written = manifest.read(item.out)
    except BatchError:
        return False
    return written.get("sha256") == last.manifest and not manifest.verify(item.out)
