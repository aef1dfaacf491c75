"""Many reports at once, each a notebook run in a process of its own.

Every job ends as exactly one of ``selesai``, ``tidak berubah`` or ``gagal``; one failure never
stops the others. A report's folder appears whole or not at all, and an older one stays until the
new one is ready. What is done is what the journal says.

Faults of the machinery (a worker killed, a time limit) are retried, with a pause that doubles;
a notebook's own error never is: it would only fail again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.cluster import ClusterCrew, check_address
from ipasn_lib.reports.cluster_worker import Warmth
from ipasn_lib.reports.crew import Crew, ForkCrew, SpawnCrew
from ipasn_lib.reports.folders import check_place, locked
from ipasn_lib.reports.jobs import BatchResult, Job, JobResult, check_importable, plan
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.nodes import imported_modules
from ipasn_lib.reports.pool import Limits
from ipasn_lib.reports.progress import Progress, make_progress
from ipasn_lib.reports.run import Run
from ipasn_lib.reports.worker import Export

__all__ = ["BatchResult", "Export", "Job", "JobResult", "run_batch"]

NO_FORK = "IPASN_TANPA_FORK"


def run_batch(
    jobs: Sequence[Job],
    *,
    root: Path,
    journal: Path,
    workers: int | None = None,
    timeout_cell: float | None = 300.0,
    timeout_job: float | None = 900.0,
    memory_mib: int | None = 4096,
    retries: int = 1,
    backoff: float = 0.5,
    progress: str | Progress = "otomatis",
    fresh: bool = False,
    preload: Sequence[str] = (),
    warmup: Callable[[], object] | None = None,
    meanwhile: Callable[[], object] | None = None,
    library: Sequence[str] = ("ipasn_lib",),
    on_done: Callable[[JobResult], object] | None = None,
    scheduler: str | None = None,
    hidden: Sequence[Path] = (),
) -> BatchResult:
    """Make many reports; skip those whose inputs have not changed.

    Parameters
    ----------
    jobs : sequence of Job
        What to make. All are checked before any runs.
    root : pathlib.Path
        The folder below which all output folders lie; locked for the time of the run.
    journal : pathlib.Path
        The append-only file that says what is done.
    workers : int, optional
        Processes at a time; by default the CPUs that this process may use, or as many jobs as
        the cluster takes.
    timeout_cell, timeout_job : float or None
        Seconds a cell and a job may take; None for no limit.
    memory_mib : int or None
        Resident memory a worker may use, MiB, what it shares with the warm parent included; it is
        looked at twice a second (on Linux), and the job fails without a retry.
    retries : int
        How often a job is tried again after a fault of the machinery.
    backoff : float
        Seconds before the first retry; doubled for each further one.
    progress : str or Progress
        ``otomatis``, ``bilah``, ``baris``, ``json``, ``diam``, or an object of one's own.
    fresh : bool
        Make all reports, also the unchanged ones.
    preload : sequence of str
        Modules that the warm parent imports once for all, beside those that the notebooks of
        several jobs import, which it finds by itself, and what the exports need.
    warmup : callable, optional
        A function without arguments at the top of an importable module; the warm parent runs it
        once (shared tables read, fonts loaded). It may only save time: spawned workers go without.
    meanwhile : callable, optional
        Called in this process while the warm parent prepares itself, which takes seconds: the
        time to load what is needed after the batch. Not called where nothing has to be made.
    library : sequence of str
        Packages whose sources count as inputs of each report.
    on_done : callable, optional
        Called with each `JobResult` as it comes.
    scheduler : str, optional
        Address of a Dask scheduler (``tcp://``, ``tls://``) whose workers run the jobs; see
        `ipasn_lib.reports.cluster`. Publishing and the journal stay here.
    hidden : sequence of pathlib.Path
        Folders of reports that may not be published: nothing is made, and what an earlier run
        published there is taken away. Each ends as ``tersembunyi``.

    Returns
    -------
    BatchResult
        One result a job, in the order given, then one a hidden report; also after Ctrl-C or
        SIGTERM, with ``dihentikan`` set and the jobs not done as ``gagal``.

    Raises
    ------
    ParameterError
        If a job, an option or a parameter is not right; nothing has run then.
    BatchError
        If another run holds the root, the warm parent cannot import what it should, or the
        cluster does not answer.

    Notes
    -----
    Where the system cannot fork, or ``IPASN_TANPA_FORK=1`` is set, each worker is a fresh process
    running the same function; the result says so in ``catatan``. Numerical libraries use one
    thread a worker, also because a fork after OpenMP code has run with more can hang for ever.
    """
    count = _cpus() if workers is None else workers
    if count < 1 or retries < 0 or backoff < 0:
        raise ParameterError("workers must be at least 1; retries and backoff not negative")
    if warmup is not None:
        check_importable(warmup, "warm-up")
    if scheduler is not None:
        check_address(scheduler)
    planned = plan(jobs, Path(root), tuple(library))
    closed = [check_place(Path(root), out) for out in hidden]
    if both := {item.out for item in planned}.intersection(closed):
        raise ParameterError(f"{sorted(both)[0].name}: to be made and to be hidden")
    memory = None if memory_mib is None else memory_mib << 20
    display = make_progress(progress) if isinstance(progress, str) else progress
    with locked(Path(root).resolve()):
        run = Run(
            planned,
            Journal(journal),
            display,
            on_done,
            hidden=closed,
            workers=count,
            limits=Limits(timeout_cell, timeout_job, memory),
            retries=retries,
            backoff=backoff,
        )
        if scheduler is None:
            run.hire = lambda: _crew(run, preload, warmup, meanwhile)
        else:
            run.hire = lambda: _cluster(run, scheduler, preload, warmup, workers)
        with run.stoppable():
            return run.go(fresh)


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cluster(
    run: Run,
    address: str,
    preload: Sequence[str],
    warmup: Callable[[], object] | None,
    workers: int | None,
) -> Crew:
    guessed, exports = _shared(run)
    crew = ClusterCrew(address, Warmth(tuple(preload), guessed, (warmup, exports), run.limits))
    run.workers = crew.size if workers is None else workers
    return crew


def _crew(
    run: Run,
    preload: Sequence[str],
    warmup: Callable[[], object] | None,
    meanwhile: Callable[[], object] | None,
) -> Crew:
    if not hasattr(os, "fork") or os.environ.get(NO_FORK) == "1":
        run.note("tanpa fork: setiap laporan memakai proses baru, lebih lambat")
        return SpawnCrew(run.limits)
    guessed, exports = _shared(run)
    crew = ForkCrew(preload, guessed, (warmup, exports), run.limits, meanwhile)
    if crew.threads > 1:  # a lock held by another thread would stay held in every fork
        crew.stop()
        run.note(
            f"tanpa fork: pemanasan meninggalkan {crew.threads - 1} utas; setiap laporan memakai "
            "proses baru"
        )
        return SpawnCrew(run.limits)
    return crew


def _shared(run: Run) -> tuple[tuple[str, ...], tuple[Export | str, ...]]:
    """Name the modules and the exports that a warm parent loads for the reports to be made."""
    exports = dict.fromkeys(e for p in run.to_make for e in p.job.exports)
    many = Counter((Path(p.job.notebook).resolve().parent, p.text) for p in run.to_make)
    uses: Counter[str] = Counter()
    for (folder, text), count in many.items():
        uses.update(dict.fromkeys(imported_modules(text, folder), count))
    # What one report alone needs it imports by itself, beside the others: here all would wait.
    return tuple(name for name, count in uses.items() if count > 1), tuple(exports)
