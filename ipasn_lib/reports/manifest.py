"""The manifest: what a published folder holds, and what it was made from.

``manifest.json`` has three parts. ``isi`` is hashed: the files with their sha256, the parameters,
the hashes of notebook, library and input, the instruments with their readings, the seed. ``waktu``
(when, how long, cell by cell) and ``asal`` (commit, lock; see `ipasn_lib.reports.origin`) are not,
so that two runs from the same inputs have the same hash and the published files the same bytes;
what they say is sealed by the manifest of the set (`ipasn_lib.reports.seal`).
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError
from ipasn_lib.threshold import MINIMUM, PUNISHED

__all__ = [
    "MANIFEST",
    "build",
    "digest",
    "environment_hash",
    "fingerprint",
    "hash_bytes",
    "hash_file",
    "hash_files",
    "library_hash",
    "read",
    "verify",
]

MANIFEST = "manifest.json"
VERSI = 1


def hash_bytes(data: bytes) -> str:
    """Return the sha256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's content, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(files: Iterable[Path]) -> str:
    """Hash names and contents; never times: content decides what is made again.

    Parameters
    ----------
    files : iterable of pathlib.Path
        In an order of their own; of each the name and that of its folder count.
    """
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.parent.name}/{path.name}".encode())
        total.update(bytes.fromhex(hash_file(path)))
    return total.hexdigest()


def digest(value: Any) -> str:
    """Return the sha256 of a JSON value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hash_bytes(text.encode())


def library_hash(packages: tuple[str, ...] = ("ipasn_lib",)) -> str:
    """Return one sha256 over the sources and data of packages (compiled files left out).

    Parameters
    ----------
    packages : tuple of str
        Importable names; a package counts with all files below its folder.

    Raises
    ------
    BatchError
        If a package cannot be found.
    """
    found: dict[str, str] = {}
    for name in packages:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise BatchError(f"package '{name}' cannot be found, so its version cannot be recorded")
        origin = Path(spec.origin)
        paths = sorted(origin.parent.rglob("*")) if origin.name == "__init__.py" else [origin]
        for path in paths:
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
                found[f"{name}/{path.relative_to(origin.parent).as_posix()}"] = hash_file(path)
    return digest(found)


@functools.cache
def environment_hash() -> str:
    """Return one sha256 over Python's version, installed distributions and the smallest group.

    An agency's own smallest group is named by the environment: a report made under another one
    is not the same report, nor may a worker elsewhere make it.
    """
    installed = {f"{d.name}=={d.version}" for d in importlib.metadata.distributions()}
    return digest([platform.python_version(), MINIMUM, PUNISHED, *sorted(installed)])


def fingerprint(facts: Mapping[str, Any]) -> str:
    """Return the sha256 of everything a job's result depends on.

    Parameters
    ----------
    facts : mapping
        JSON values: notebook, library and environment hashes, parameters, input hash, exports.
    """
    return digest({"versi": VERSI, **facts})


def build(
    folder: Path,
    facts: Mapping[str, Any],
    sidik: str,
    waktu: Mapping[str, Any],
    asal: Mapping[str, Any],
) -> dict[str, Any]:
    """Describe a folder that is about to be published; see the module for the three parts."""
    files = {
        path.relative_to(folder).as_posix(): {
            "sha256": hash_file(path),
            "ukuran": path.stat().st_size,
        }
        for path in _files(folder)
    }
    content = {"versi": VERSI, "sidik": sidik, **facts, "berkas": files}
    return {
        "isi": content,
        "sha256": digest(content),
        "asal": dict(asal),
        "waktu": dict(waktu),
    }


def read(folder: Path) -> dict[str, Any]:
    """Read a folder's manifest.

    Raises
    ------
    BatchError
        If it is missing or is not a manifest.
    """
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BatchError(f"{Path(folder).name}: no {MANIFEST}") from None
    except ValueError:
        raise BatchError(f"{Path(folder).name}: {MANIFEST} is not JSON") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("isi"), dict):
        raise BatchError(f"{Path(folder).name}: {MANIFEST} has no 'isi'")
    return manifest


def verify(folder: Path, *, quick: bool = False) -> list[str]:
    """Compare a published folder with its manifest.

    Parameters
    ----------
    folder : pathlib.Path
        A folder that the batch has published.
    quick : bool
        Compare names and sizes only, without reading the files.

    Returns
    -------
    list of str
        One sentence a problem (manifest altered, file missing, changed or not listed); empty if
        all is well.
    """
    folder = Path(folder)
    try:
        manifest = read(folder)
    except BatchError as error:
        return [str(error)]
    problems: list[str] = []
    if digest(manifest["isi"]) != manifest.get("sha256"):
        problems.append(f"{MANIFEST}: its content does not match its own sha256")
    listed: Mapping[str, Any] = manifest["isi"].get("berkas", {})
    present = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    problems += [f"{name}: missing" for name in sorted(set(listed) - set(present))]
    problems += [f"{name}: not listed" for name in sorted(set(present) - set(listed))]
    for name in sorted(set(listed) & set(present)):
        same = present[name].stat().st_size == listed[name]["ukuran"]
        if not same or not (quick or hash_file(present[name]) == listed[name]["sha256"]):
            problems.append(f"{name}: changed since it was published")
    return problems


def _files(folder: Path) -> Sequence[Path]:
    return [
        path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / MANIFEST
    ]
