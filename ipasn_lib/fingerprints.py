"""What prepared tables are made from, as hashes: files, rules asked for, and the code that reads.

The content of files decides, never their times. Nothing heavy is loaded here: whoever only asks
whether anything has changed does not wait for what reads and scores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Fingerprints", "fingerprints"]

ROOMS = ("law", "records", "index")
MODULES = (
    "threshold.py",
    "ambang.toml",
    "pipeline.py",
    "fingerprints.py",
    "assemble.py",
    "kept.py",
    "extract.py",
    "intake.py",
    "analysis/compare.py",
)


@dataclass(frozen=True)
class Fingerprints:
    """Hashes of a set of files to be prepared.

    Attributes
    ----------
    reading : str
        Of the code, and of the rules by which one file is read and scored.
    files : mapping of pathlib.Path to str
        Of the content of each file, its name and its folder's: the place may be told by these.
    whole : str
        Of all that decides what the prepared tables hold.
    """

    reading: str
    files: Mapping[Path, str]
    whole: str

    def of(self, source: Path) -> str:
        """Hash what decides what reading a file, or a folder of exports, gives."""
        own = {path: mark for path, mark in self.files.items() if source in (path, path.parent)}
        return _hash(self.reading, [mark for _, mark in sorted(own.items())])


def fingerprints(
    root: Path, files: Iterable[Path], own: Iterable[Path], reading: object, whole: object
) -> Fingerprints:
    """Hash files below a folder and the rules asked for.

    Parameters
    ----------
    root : pathlib.Path
        The files count by their names below it.
    files : iterable of pathlib.Path
        To be read.
    own : iterable of pathlib.Path
        Files that are rules: an instrument of the user's own.
    reading, whole : object
        Rules by which one file is read, and further ones for all of them; as JSON takes them.
    """
    of_files = {
        path: _hash(path.resolve().parent.name, path.name, _content(path)) for path in files
    }
    rules = _hash(reading, [_content(path) for path in [*_code(), *own]])
    named = sorted((str(path.relative_to(root)), mark) for path, mark in of_files.items())
    return Fingerprints(rules, of_files, _hash(rules, whole, named))


def _code() -> list[Path]:
    here = Path(__file__).resolve().parent
    code = [here / name for name in MODULES]
    for room in ROOMS:
        code += sorted(p for p in (here / room).rglob("*") if p.suffix in {".py", ".toml", ".csv"})
    return code


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash(*what: object) -> str:
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()
