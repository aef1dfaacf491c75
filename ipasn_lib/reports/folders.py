"""Folders that appear whole: names, the lock, temporary folders, publishing by one rename.

A report is written into ``.<name>.tmp-XXXXXXXX`` beside its place, forced to disk, and renamed.
Where an older report stands, it is first renamed to ``.<name>.lama-XXXXXXXX``, then removed.
Whatever a killed run leaves is put right by `recover` at the next start.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ipasn_lib.errors import BatchError, ParameterError

__all__ = ["check_place", "fsync_tree", "locked", "publish", "recover", "temporary", "withdraw"]

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LEFT = re.compile(r"\.(?P<name>[a-z0-9-]+)\.(?P<kind>tmp|lama)-[0-9a-f]{8}")
LOCK = ".ipasn.kunci"
GAGAL = "gagal"


def check_place(root: Path, out: Path) -> Path:
    """Return a job's folder, resolved, if it lies below the root and its names are plain.

    Parameters
    ----------
    root : pathlib.Path
        The folder under which everything of this batch is written.
    out : pathlib.Path
        The job's folder; relative paths are taken from the root. Each name between the root and
        the folder itself is of small letters, digits and hyphens; ``gagal`` is kept for failures.

    Raises
    ------
    ParameterError
        If the folder is outside, is the root itself, is a link, or has another kind of name.
    """
    base = Path(root).resolve()
    place = base / out
    resolved = place.parent.resolve() / place.name
    if not resolved.is_relative_to(base) or resolved == base or ".." in place.parts:
        raise ParameterError("an output folder lies outside the folder given for the batch")
    for name in resolved.relative_to(base).parts:
        if not NAME.fullmatch(name) or name == GAGAL:
            raise ParameterError(
                f"output folder name {name!r}: expected small letters, digits and hyphens, "
                f"and not '{GAGAL}'"
            )
    if resolved.is_symlink() or (resolved.exists() and not resolved.is_dir()):
        raise ParameterError(f"output folder '{resolved.name}' is a link or a file")
    return resolved


def temporary(out: Path) -> Path:
    """Name (not make) a fresh temporary folder beside a job's folder."""
    return out.parent / f".{out.name}.tmp-{secrets.token_hex(4)}"


def fsync_tree(folder: Path) -> None:
    """Force a folder's files, and the folders themselves, to disk."""
    for path in [*sorted(folder.rglob("*")), folder]:
        if path.is_dir() and os.name != "posix":
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def publish(temporary_folder: Path, out: Path) -> None:
    """Put a finished temporary folder in its place, the old one aside and then away."""
    aside: Path | None = None
    if out.exists():
        aside = out.parent / f".{out.name}.lama-{secrets.token_hex(4)}"
        out.rename(aside)
    temporary_folder.rename(out)
    if os.name == "posix":
        descriptor = os.open(out.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    if aside is not None:
        shutil.rmtree(aside, ignore_errors=True)


def withdraw(out: Path) -> None:
    """Take a published folder away, so that not even a killed run leaves it where it was."""
    if out.is_dir() and not out.is_symlink():
        aside = temporary(out)  # which the next run clears away
        out.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def recover(parents: set[Path]) -> int:
    """Put right what a killed run left in these folders; return how many leftovers there were.

    A temporary folder is removed. A folder put aside comes back if nothing has taken its place,
    and is removed otherwise.
    """
    count = 0
    for parent in sorted(parents):
        for path in sorted(parent.iterdir()) if parent.is_dir() else []:
            match = LEFT.fullmatch(path.name)
            if match is None or not path.is_dir():
                continue
            count += 1
            place = parent / match["name"]
            if match["kind"] == "lama" and not place.exists():
                path.rename(place)
            else:
                shutil.rmtree(path, ignore_errors=True)
    return count


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the root for one run; the lock ends with the process, however it ends.

    Raises
    ------
    BatchError
        If another run holds it, or it cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        opened = (root / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise BatchError(f"'{root.name}' cannot be written ({error.strerror})") from None
    with opened as file:
        if not _take(file):
            file.seek(0)
            raise BatchError(
                f"another run is writing to '{root.name}'{_holder(file.read())}; wait for it or "
                "choose another folder"
            )
        file.truncate(0)
        with suppress(OSError):  # a full disk: only the holder's number is lost
            os.write(file.fileno(), json.dumps({"pid": os.getpid()}).encode())
        try:
            yield
        finally:
            file.truncate(0)


def _holder(text: str) -> str:
    try:
        return f" (process {int(json.loads(text)['pid'])})"
    except (ValueError, KeyError, TypeError):
        return ""


def _take(file: IO[str]) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
