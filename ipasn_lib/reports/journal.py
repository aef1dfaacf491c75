"""The journal: the only truth of what is done.

One JSON object a line, appended and forced to disk before the driver goes on. What lies on disk
as a notebook proves nothing: papermill marks every cell ``completed`` when a kernel dies. No
person's data enters: of an error only the class, and the message if the error is our own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError, IpasnError

__all__ = ["Done", "Journal", "safe_error"]

EVENTS = ("mulai", "selesai", "gagal", "tersembunyi")


@dataclass(frozen=True)
class Done:
    """The last time a job ended well: its fingerprint, its manifest's sha256, its seconds."""

    sidik: str
    manifest: str
    detik: float


def safe_error(error: BaseException) -> str:
    """Name an error without repeating data: the class; and the message only if it is our own.

    A message of pandas or Python may quote a person's value (``KeyError: '1987...'``); those of
    `IpasnError` never do.
    """
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, IpasnError) else name


class Journal:
    """An append-only file of job events.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder is made when the first event is written.

    Notes
    -----
    A line torn by a power cut is skipped when reading, wherever it stands: losing an event can
    only make a job run again. `torn` counts such lines.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.torn = 0

    def read(self) -> list[dict[str, Any]]:
        """Return all whole events in the order written."""
        self.torn = 0
        if not self.path.exists():
            return []
        events: list[dict[str, Any]] = []
        for line in self.path.read_bytes().splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                event = None
            if isinstance(event, dict) and event.get("peristiwa") in EVENTS and "nama" in event:
                events.append(event)
            elif line.strip():
                self.torn += 1
        return events

    def last_done(self) -> dict[str, Done]:
        """Return, for each job that ever ended well, its last such event."""
        return {
            str(event["nama"]): Done(
                str(event.get("sidik", "")),
                str(event.get("manifest", "")),
                float(event.get("detik", 0.0)),
            )
            for event in self.read()
            if event["peristiwa"] == "selesai"
        }

    def write(self, peristiwa: str, nama: str, **facts: Any) -> None:
        """Append one event and force it to disk.

        Parameters
        ----------
        peristiwa : {"mulai", "selesai", "gagal", "tersembunyi"}
            What happened.
        nama : str
            The job.
        **facts
            JSON values: ``sidik``, ``manifest``, ``detik``, ``percobaan``, ``kesalahan``.

        Raises
        ------
        BatchError
            If it cannot be written (disk full, read-only): nothing may be called done then.
        """
        if peristiwa not in EVENTS:
            raise ValueError(f"unknown event {peristiwa!r}; known: {', '.join(EVENTS)}")
        event: Mapping[str, Any] = {
            "waktu": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "peristiwa": peristiwa,
            "nama": nama,
            **facts,
        }
        line = json.dumps(event, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        try:
            self._append(line)
        except OSError as error:
            raise BatchError(
                f"the journal '{self.path.name}' cannot be written ({error.strerror})"
            ) from None

    def _append(self, line: bytes) -> None:
        new = not self.path.exists()
        if new:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as file:
            if file.tell() and not _ends_whole(file):
                line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _sync_folder(self.path.parent)


def _ends_whole(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
