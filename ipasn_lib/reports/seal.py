"""The manifest of a whole set: which reports it holds, and the bytes of each one's own manifest.

A report's manifest cannot vouch for itself: whoever changes a file can write its sum anew. The
set's manifest, beside the page that lists all reports, holds the sum of every report's manifest,
so that keeping one number elsewhere (``sha256_seluruh``, which ``ipasn verify`` prints) is enough
to notice any later change. It is made from the folder alone: nothing changed, nothing written.
The journal, ``ringkasan.json`` and the folder of failures are of a run, not of the set.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError
from ipasn_lib.reports import manifest
from ipasn_lib.reports.folders import GAGAL, LOCK
from ipasn_lib.reports.notice import SUMMARY

__all__ = ["is_set", "seal", "seal_again", "verify_set", "write_seal"]

PAGE = "index.html"
CODE = ("pustaka", "lingkungan")
COUNTED = ("laporan", "berkas")
OF_A_RUN = {manifest.MANIFEST, SUMMARY, LOCK, GAGAL, "jurnal.jsonl"}


def seal(root: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the set below a folder.

    Parameters
    ----------
    root : pathlib.Path
        The folder of a set; its reports are the folders in it that hold a manifest.
    facts : mapping
        JSON values that hold for the set: year, sources, instruments with their readings.

    Returns
    -------
    dict
        ``isi`` (the facts; of each report the sum of what it was made from and of what it holds;
        the page) with its ``sha256``, the same for two runs from the same inputs; ``asal`` (the
        code, one entry for each that made any of the reports), ``waktu`` (seconds of each) and
        ``segel`` (sha256 of every other file), with ``sha256_seluruh`` over everything.

    Raises
    ------
    BatchError
        If a report's manifest cannot be read.
    """
    folders = sorted(path.parent for path in root.glob(f"*/{manifest.MANIFEST}"))
    found = {folder.name: manifest.read(folder) for folder in folders}
    reports = {
        name: {"sha256": m.get("sha256"), **{k: m["isi"].get(k) for k in ("sidik", "masukan")}}
        for name, m in found.items()
    }
    code = {k: sorted({str(m["isi"].get(k)) for m in found.values()}) for k in CODE}
    sums = {name: manifest.hash_file(root / name) for name in _others(root)}
    page = {PAGE: sums.pop(PAGE)} if PAGE in sums else {}
    content = {**facts, **code, "laporan": reports, "berkas": page}
    origins = {manifest.digest(m.get("asal")): m.get("asal") for m in found.values()}
    whole = {
        "isi": content,
        "sha256": manifest.digest(content),
        "asal": [origins[key] for key in sorted(origins)],
        "waktu": {name: m.get("waktu", {}).get("detik") for name, m in found.items()},
        "segel": {
            **sums,
            **{
                f"{f.name}/{manifest.MANIFEST}": manifest.hash_file(f / manifest.MANIFEST)
                for f in folders
            },
        },
    }
    return {**whole, "sha256_seluruh": manifest.digest(whole)}


def write_seal(root: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest of a set, if it is not there as it would be written."""
    text = json.dumps(seal(root, facts), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path = root / manifest.MANIFEST
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    aside = root / f".{manifest.MANIFEST}.{secrets.token_hex(4)}"
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def seal_again(root: Path) -> None:
    """Seal a set anew whose page was made again with that of another year; its facts stay.

    A set that has no manifest, or one that cannot be read, is left as it is.
    """
    if is_set(root):
        content = manifest.read(root)["isi"]
        write_seal(root, {k: v for k, v in content.items() if k not in (*CODE, *COUNTED)})


def is_set(folder: Path) -> bool:
    """Tell whether a folder's manifest is that of a set; False where it cannot be read."""
    try:
        return "segel" in manifest.read(folder)
    except BatchError:
        return False


def verify_set(root: Path) -> list[str]:
    """Compare a set with its manifest; the files of each report are the report's own to check.

    Returns
    -------
    list of str
        One sentence a problem (the manifest altered; a report or file missing, changed or not
        listed); empty if all is well.
    """
    try:
        written = manifest.read(root)
    except BatchError as error:
        return [str(error)]
    problems = []
    content, rest = written["isi"], {k: v for k, v in written.items() if k != "sha256_seluruh"}
    if manifest.digest(content) != written.get("sha256"):
        problems.append(f"{manifest.MANIFEST}: its content does not match its own sha256")
    if manifest.digest(rest) != written.get("sha256_seluruh"):
        problems.append(f"{manifest.MANIFEST}: it does not match its own sha256_seluruh")
    listed = {**_mapping(written.get("segel")), **_mapping(content.get("berkas"))}
    folders = {f"{p.parent.name}/{p.name}" for p in root.glob(f"*/{manifest.MANIFEST}")}
    present = folders | set(_others(root))
    problems += [f"{name}: missing" for name in sorted(set(listed) - present)]
    problems += [f"{name}: not listed" for name in sorted(present - set(listed))]
    for name in sorted(set(listed) & present):
        if manifest.hash_file(root / name) != listed[name]:
            problems.append(f"{name}: changed since it was published")
    bare = (p for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))
    problems += [
        f"{p.name}: a folder without {manifest.MANIFEST}"
        for p in sorted(bare)
        if p.name != GAGAL and not (p / manifest.MANIFEST).is_file()
    ]
    return problems


def _mapping(value: Any) -> dict[str, str]:
    return dict(value) if isinstance(value, dict) else {}


def _others(root: Path) -> list[str]:
    """Name the files of the set that lie beside the reports."""
    names = (p.name for p in root.iterdir() if p.is_file() and not p.name.startswith("."))
    return sorted(set(names) - OF_A_RUN)
