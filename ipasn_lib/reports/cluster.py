"""The same jobs on the machines of a Dask cluster.

A worker of the cluster runs a job as this machine would: a warm parent, a fork of it, the same
limits (`ipasn_lib.reports.crew`). It writes into a folder of its own and hands the finished files
back; here they are checked against their manifest, published by one rename and put in the
journal. So nothing but the prepared tables has to be on the workers, and each need hold only the
places it is to work for: who lacks a notebook, the data or the same versions refuses the job, and
another worker is asked. What a lost worker was doing runs elsewhere.

Whoever reaches a scheduler can run code on its workers: that is how Dask works. The cluster must
be one's own, and reached by ``tls://`` beyond a closed network. What is refused here keeps
mistakes out, not an intruder.
"""

from __future__ import annotations

import contextlib
import queue
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.reports import manifest
from ipasn_lib.reports.cluster_worker import Answer, Warmth, dismiss, execute
from ipasn_lib.reports.crew import CrewLostError
from ipasn_lib.reports.folders import fsync_tree
from ipasn_lib.reports.pool import PULSE, Event
from ipasn_lib.reports.worker import Report, Task

__all__ = ["ClusterCrew", "check_address", "connect"]

SCHEMES = ("tcp", "tls")

FIRST = 20.0
"""Seconds to wait for the scheduler, and then for a first worker."""

PATIENCE = 120.0
"""Seconds without any worker after which the jobs that wait for one have failed."""


def check_address(address: str) -> None:
    """Refuse what is no address of a Dask scheduler.

    Raises
    ------
    ParameterError
        For another scheme than ``tcp`` or ``tls``, or without a host.
    """
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES or not parts.hostname:
        known = " or ".join(f"{scheme}://host:port" for scheme in SCHEMES)
        raise ParameterError(f"scheduler {address!r}: expected {known}")


def connect(address: str) -> Any:
    """Open a client of a Dask scheduler.

    Parameters
    ----------
    address : str
        ``tcp://host:8786``, or ``tls://host:8786`` with the certificates that Dask's own
        configuration names (``distributed.comm.tls``).

    Raises
    ------
    ParameterError
        For another kind of address.
    BatchError
        If the extra ``dask`` is not installed, no certificates are named for ``tls://``, or no
        scheduler answers there.
    """
    check_address(address)
    try:
        from distributed import Client
        from distributed.security import Security
    except ImportError:
        raise BatchError("a Dask cluster needs the extra: pip install 'ipasn[dask]'") from None
    secure = Security(require_encryption=True) if address.startswith("tls:") else None
    try:
        if secure is not None and secure.get_connection_args("client")["ssl_context"] is None:
            raise BatchError(
                f"{address} needs certificates: name them in Dask's configuration "
                "(distributed.comm.tls.ca-file and .client.cert) for this user too"
            )
        return Client(address, timeout=FIRST, set_as_default=False, security=secure)
    except (OSError, TimeoutError, ValueError) as error:
        raise BatchError(
            f"no Dask scheduler answers at {address} ({type(error).__name__})"
        ) from None


class ClusterCrew:
    """The workers of a cluster, with the verbs of `ipasn_lib.reports.crew.Crew`.

    Parameters
    ----------
    address : str
        As for `connect`.
    warmth : Warmth
        What the warm parents load.

    Raises
    ------
    BatchError
        As `connect`, or if no worker has come in time.
    """

    def __init__(self, address: str, warmth: Warmth) -> None:
        self._client = connect(address)
        self._warmth = warmth
        self._doing: dict[str, tuple[Task, Any, dict[str, str]]] = {}
        self._ended: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._idle = time.monotonic()
        try:
            self._client.wait_for_workers(1, timeout=FIRST)
        except TimeoutError:
            self._client.close()
            raise BatchError(f"the Dask scheduler at {address} has no workers") from None

    @property
    def size(self) -> int:
        """Count the jobs that the workers can do at a time."""
        return max(1, sum(self._client.nthreads().values()))

    def start(self, task: Task) -> None:
        """Hand in one job."""
        self._submit(task, {})

    def _submit(self, task: Task, refused: dict[str, str]) -> None:
        others = set(self._workers()) - set(refused) if refused else None
        future = self._client.submit(
            execute,
            task,
            self._warmth,
            key=f"{task.nama}-{secrets.token_hex(6)}",
            pure=False,
            workers=sorted(others) if others is not None else None,
        )
        self._doing[task.nama] = (task, future, refused)
        future.add_done_callback(lambda done, name=task.nama: self._ended.put((name, done)))

    def _workers(self) -> list[str]:
        return list(self._client.scheduler_info(n_workers=-1)["workers"])

    def wait(self, timeout: float) -> list[Event]:
        """Wait for a job to end, at most so many seconds."""
        events: list[Event] = []
        with contextlib.suppress(queue.Empty):
            name, future = self._ended.get(timeout=min(timeout, PULSE))
            if name in self._doing and self._doing[name][1] is future:
                events += self._outcome(name)
        if self._client.status != "running":
            raise CrewLostError
        return events or self._abandoned()

    def _abandoned(self) -> list[Event]:
        now = time.monotonic()
        if self._workers():
            self._idle = now
        if now - self._idle < PATIENCE:
            return []
        gone, self._doing = list(self._doing), {}
        return [(name, f"the cluster had no worker for {PATIENCE:g} s") for name in gone]

    def _outcome(self, name: str) -> list[Event]:
        from distributed import KilledWorker

        task, future, refused = self._doing.pop(name)
        try:
            answer = future.result(timeout=60)
        except KilledWorker:
            return [(name, "the workers that took it were lost, one after the other")]
        except Exception as error:
            if future.status in ("cancelled", "lost"):  # the scheduler itself is gone
                raise CrewLostError from error
            return [(name, f"the cluster could not run it ({type(error).__name__})")]
        if answer.menolak:
            refused = {**refused, answer.pekerja: answer.menolak}
            if set(self._workers()) - set(refused):
                self._submit(task, refused)
                return []
            reasons = "; ".join(sorted(set(refused.values())))
            return [(name, Report(f"no worker of the cluster can make it: {reasons}"))]
        try:
            return [(name, _kept(task, answer))]
        except OSError as error:
            return [(name, Report(f"it could not be written here ({type(error).__name__})"))]

    def stop(self) -> None:
        """Take back what is not done, and end the warm parents of this run."""
        with contextlib.suppress(Exception):  # the cluster may be gone
            self._client.cancel([future for _, future, _ in self._doing.values()], force=True)
            self._client.run(dismiss, self._warmth.lari, on_error="ignore")
        with contextlib.suppress(Exception):
            self._client.close()


def _kept(task: Task, answer: Answer) -> Report | str:
    """Write a job's files where the batch publishes from, and hold them to their manifest."""
    folder = Path(task.temporary)
    folder.mkdir(parents=True)
    for name, content in answer.berkas.items():
        if Path(name).name != name:
            return "its files came back damaged"
        (folder / name).write_bytes(content)
    if isinstance(answer.laporan, Report) and not answer.laporan.kesalahan:
        if manifest.verify(folder) or manifest.read(folder)["sha256"] != answer.laporan.manifest:
            return "its files came back damaged"
        fsync_tree(folder)
    return answer.laporan
