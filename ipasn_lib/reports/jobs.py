"""What a batch is asked for and what it answers: jobs, results, and the checks before a run."""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.reports import manifest
from ipasn_lib.reports.folders import GAGAL, NAME, check_place
from ipasn_lib.reports.origin import origin
from ipasn_lib.reports.parameters import (
    Value,
    check_parameters,
    check_value,
    read_parameters,
)
from ipasn_lib.reports.worker import Export, Task, export_name, resolve_export

__all__ = ["BatchResult", "Job", "JobResult", "Planned", "check_importable", "plan"]

SELESAI, TIDAK_BERUBAH, TERSEMBUNYI = "selesai", "tidak berubah", "tersembunyi"


@dataclass(frozen=True)
class Job:
    """One report to make.

    Attributes
    ----------
    nama : str
        Unique in the batch; small letters, digits, hyphens (``"3510-banyuwangi"``).
    notebook : pathlib.Path
        The notebook to run. Its cells run with the notebook's folder as working directory, as in
        JupyterLab.
    parameters : mapping
        What its parameters cell is overridden with; checked strictly before anything runs.
    out : pathlib.Path
        The folder that appears whole: ``laporan.ipynb``, the exports' files, ``manifest.json``.
    exports : tuple
        Functions of the executed notebook that return file names and contents; importable, or
        named ``"module:function"``, or a ``functools.partial`` of such. If the module has a
        function ``warm_up``, the warm parent calls it with the partial's options by name.
    masukan : str
        Hash of the data that the notebook reads, as the caller computes it. If it changes, the
        report is made anew.
    benih : int or None
        The seed that the report uses, for the manifest; by default its parameter ``benih``.
    berkas : tuple of pathlib.Path
        The files of which ``masukan`` is the hash, in order (:func:`manifest.hash_files`): a
        worker on another machine holds its own copies to it.
    keterangan : mapping
        More facts for the manifest (ids of instruments), JSON values; they count as inputs.
    """

    nama: str
    notebook: Path
    parameters: Mapping[str, Value]
    out: Path
    exports: tuple[Export | str, ...] = ()
    masukan: str = ""
    benih: int | None = None
    berkas: tuple[Path, ...] = ()
    keterangan: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JobResult:
    """How one job ended.

    Attributes
    ----------
    nama : str
        The job.
    status : {"selesai", "tidak berubah", "gagal", "tersembunyi"}
        Made now; still as made before; not made (what was published before is untouched); not to
        be made (what was published before is taken away).
    out : pathlib.Path
        The folder, resolved. After a failure it may not exist, or hold an older report.
    kesalahan : str
        What went wrong, without data; empty unless it failed.
    notebook_gagal : pathlib.Path or None
        The executed notebook of a failure, with a banner at the cell. It may quote data: not for
        publication.
    detik : float
        Seconds of the last attempt.
    percobaan : int
        Attempts made; 0 if unchanged or never started.
    """

    nama: str
    status: str
    out: Path
    kesalahan: str = ""
    notebook_gagal: Path | None = None
    detik: float = 0.0
    percobaan: int = 0


@dataclass(frozen=True)
class BatchResult:
    """How a batch ended, job by job in the order given, and last what had to be hidden.

    Attributes
    ----------
    hasil : tuple of JobResult
        One a job, and one a hidden report.
    detik : float
        Seconds from start to end.
    dihentikan : bool
        Whether it was stopped (Ctrl-C, SIGTERM) before its end.
    catatan : tuple of str
        Remarks on the run itself: no fork to be had, leftovers of a killed run cleared away.
    """

    hasil: tuple[JobResult, ...]
    detik: float
    dihentikan: bool = False
    catatan: tuple[str, ...] = ()

    def of(self, status: str) -> tuple[JobResult, ...]:
        """Return the jobs that ended so."""
        return tuple(result for result in self.hasil if result.status == status)

    @property
    def ok(self) -> bool:
        """Whether no job failed."""
        return not self.of(GAGAL)

    @property
    def ringkasan(self) -> str:
        """One line in Indonesian: how many of each, and whether it was stopped."""
        parts = [f"{len(self.of(s))} {s}" for s in (SELESAI, TIDAK_BERUBAH, GAGAL)]
        parts += [f"{len(self.of(s))} {s}" for s in (TERSEMBUNYI,) if self.of(s)]
        stopped = "dihentikan; " if self.dihentikan else ""
        return f"{stopped}{', '.join(parts)} dari {len(self.hasil)} laporan"


@dataclass(frozen=True)
class Planned:
    """A checked job with its place, its notebook's text, and its fingerprint."""

    job: Job
    out: Path
    text: str
    parameters: dict[str, Value]
    facts: dict[str, Any]
    sidik: str
    library: tuple[str, ...]

    def task(self, temporary: Path, timeout_cell: float | None) -> Task:
        """Return what a worker needs."""
        folder = Path(self.job.notebook).resolve().parent
        return Task(
            nama=self.job.nama,
            notebook=Path(self.job.notebook).name,
            text=self.text,
            folder=str(folder),
            parameters=self.parameters,
            temporary=str(temporary),
            exports=self.job.exports,
            facts=self.facts,
            sidik=self.sidik,
            asal=origin(),
            pustaka=self.library,
            masukan=tuple(os.path.relpath(Path(f).resolve(), folder) for f in self.job.berkas),
            timeout_cell=timeout_cell,
        )


def plan(jobs: Sequence[Job], root: Path, library: tuple[str, ...]) -> list[Planned]:
    """Check all jobs, before any runs, and work out what each depends on.

    Raises
    ------
    ParameterError
        All problems of all jobs at once: names, places, parameters, exports.
    """
    problems: list[str] = []
    planned: list[Planned] = []
    texts: dict[Path, str] = {}
    hashed = functools.cache(manifest.library_hash)  # once a batch, not once a process
    for job in jobs:
        try:
            planned.append(_plan_one(job, root, library, texts, hashed))
        except (ParameterError, BatchError) as error:
            named = job.nama if NAME.fullmatch(str(job.nama)) else "a job"
            problems.append(f"{named}: {error}")
    for what, items in (
        ("name", [p.job.nama for p in planned]),
        ("output folder", [str(p.out) for p in planned]),
    ):
        problems += [f"{what} used twice: {Path(i).name}" for i in {*items} if items.count(i) > 1]
    places = {p.out for p in planned}
    problems += [
        f"{p.job.nama}: lies in another job's folder"
        for p in planned
        if places & set(p.out.parents)
    ]
    if problems:
        raise ParameterError("\n".join(problems))
    return planned


def _plan_one(
    job: Job,
    root: Path,
    library: tuple[str, ...],
    texts: dict[Path, str],
    hashed: Callable[[tuple[str, ...]], str],
) -> Planned:
    if not NAME.fullmatch(job.nama) or job.nama == GAGAL:
        raise ParameterError(
            f"name {job.nama!r}: expected small letters, digits and hyphens, and not '{GAGAL}'"
        )
    out = check_place(root, job.out)
    path = Path(job.notebook)
    if path not in texts:
        if not path.is_file():
            raise ParameterError(f"notebook {path.name}: no such file")
        texts[path] = path.read_text(encoding="utf-8")
    given = check_parameters(texts[path], job.parameters)
    if fault := check_value(dict(job.keterangan)):
        raise ParameterError(f"keterangan: {fault}")
    for export in job.exports:
        check_importable(export, "export")
    # the defaults too: they are what the report was made with
    parameters = {n: given.get(n, p.default) for n, p in read_parameters(texts[path]).items()}
    facts = {
        "nama": job.nama,
        "notebook": {"berkas": path.name, "sha256": manifest.hash_bytes(texts[path].encode())},
        "pustaka": hashed(library),
        "lingkungan": manifest.environment_hash(),
        "parameter": parameters,
        "masukan": job.masukan,
        "benih": parameters.get("benih") if job.benih is None else job.benih,
        "ekspor": [_export_version(export, hashed) for export in job.exports],
        "keterangan": dict(job.keterangan),
    }
    return Planned(job, out, texts[path], given, facts, manifest.fingerprint(facts), library)


def check_importable(function: object, what: str) -> None:
    """Refuse a function that another process could not import by its name.

    Raises
    ------
    ParameterError
        For a lambda, a function inside a function or one of ``__main__``.
    """
    if isinstance(function, str):
        return
    inner = getattr(function, "func", function)
    fault = getattr(inner, "__module__", "__main__") == "__main__"
    try:
        pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError):
        fault = True
    if fault:
        raise ParameterError(
            f"the {what} must be a function at the top of an importable module, so that workers "
            "can import it"
        )


def _export_version(export: Export | str, hashed: Callable[[tuple[str, ...]], str]) -> str:
    """Name an export, with the hash of its file where that is not in the library's own hash."""
    name = export_name(export)
    if isinstance(export, str) and not export.startswith("ipasn_lib."):
        resolve_export(export)
    module = name.partition(":")[0]
    if module.split(".")[0] == "ipasn_lib":
        return name
    return f"{name} {hashed((module,))[:16]}"
