"""Where the code that made a report came from: version, commit, and the lock of its packages.

It is looked up once a run, not once a report. It is no input: another commit of the same sources
makes no report again, so it stands in a manifest beside what is hashed.
"""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from ipasn_lib.reports.manifest import hash_file

__all__ = ["origin"]

DISTRIBUTION = "ipasn"
ROOT = Path(__file__).resolve().parents[2]
LOCK = "uv.lock"
CODE = ("ipasn_lib", "notebooks", "pyproject.toml", LOCK)
"""What a report is made by; other files of the checkout do not make it dirty."""


@functools.cache
def origin(root: Path = ROOT) -> dict[str, Any]:
    """Say from which code reports are made.

    Parameters
    ----------
    root : pathlib.Path
        The checkout of the project.

    Returns
    -------
    dict
        ``versi`` (of the library; None where it is not installed), ``python``, ``commit`` (None
        without git or outside a checkout), ``kotor`` (whether code, notebooks or lock differ
        from the commit, new files included; None where there is no commit) and ``kunci`` (sha256
        of ``uv.lock``; None where it is not there).
    """
    try:
        version = importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        version = None
    commit = _commit(root)
    changes = None if commit is None else _git(root, "status", "--porcelain", "--", *CODE)
    lock = root / LOCK
    return {
        "versi": version,
        "python": platform.python_version(),
        "commit": commit,
        "kotor": None if changes is None else bool(changes),
        "kunci": hash_file(lock) if lock.is_file() else None,
    }


def _commit(root: Path) -> str | None:
    """Give the commit; None where the folder lies in a repository that is another project's."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != root.resolve():
        return None
    return _git(root, "rev-parse", "--verify", "HEAD")


def _git(root: Path, *words: str) -> str | None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", str(root), *words],  # noqa: S607  the user's own git
            capture_output=True,
            text=True,
            timeout=20,
            env=own,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
