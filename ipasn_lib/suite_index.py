"""The page that lists all places, written again only if anything on it has changed.

Beside each year's page lies ``atlas.json``, what that page shows of its own year. A page is made
from these files alone, its own and those of the years beside, so that every page can show every
year; and where a year is published anew, or a place of it withdrawn, the pages beside follow.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.reports.batch import BatchResult
from ipasn_lib.reports.folders import locked
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.manifest import (
    environment_hash,
    fingerprint,
    hash_bytes,
    hash_file,
    hash_files,
    library_hash,
)
from ipasn_lib.reports.seal import seal_again
from ipasn_lib.suite_jobs import OF_PLACE, pages
from ipasn_lib.wording import text

__all__ = ["ATLAS", "write_index"]

ATLAS, INDEX = "atlas.json", "indeks"
_YEARS = "[0-9][0-9][0-9][0-9]"


def write_index(
    siap: Prepared,
    root: Path,
    result: BatchResult,
    journal: Journal,
    *,
    fresh: bool,
    bahasa: str = "id",
) -> Path:
    """Write the page of a year and, where they change with it, those of the years beside.

    Like a report, it is done when the journal says so, with the hash of what it was made from.

    Parameters
    ----------
    siap : Prepared
        The prepared tables of the year.
    root : pathlib.Path
        The folder of the year's reports; other years lie beside it.
    result : BatchResult
        How the batch ended.
    journal : Journal
        The journal of the year's reports.
    fresh : bool
        Write it again, changed or not.
    bahasa : {"id", "en"}
        Language of the set: of this page and of those of the years beside.
    """
    index, own = root / "index.html", root / ATLAS
    beside = sorted(path for path in root.parent.glob(f"{_YEARS}/{ATLAS}") if path != own)
    shown = {
        "pustaka": library_hash(),
        "lingkungan": environment_hash(),
        "tahun": siap.tahun,
        "bahasa": bahasa,
        "masukan": hash_files([siap.folder / "tabel" / "kabkota.parquet"]),
        "sumber": list(siap.sumber_data),
        "instrumen": list(siap.id_instrumen),
        "ditolak": [(note.berkas, note.galat) for note in siap.berkas if note.galat],
        "gagal": [(r.nama, r.kesalahan) for r in result.of("gagal")],
        "ada": sorted(f"{page.parent.name}/{page.name}" for page in root.glob("*/laporan.*")),
        "halaman": [file for file in pages() if (root / file).is_file()],
        "lain": {path.parent.name: hash_file(path) for path in beside},
        "atlas": hash_file(own) if own.is_file() else None,
    }
    last = journal.last_done().get(INDEX)
    if (
        not fresh
        and last is not None
        and last.sidik == fingerprint(shown)
        and index.is_file()
        and hash_file(index) == last.manifest
    ):
        return index
    from ipasn_lib.suite_page import year_shown

    began = time.monotonic()
    year = year_shown(siap, root, result, pages(), list(OF_PLACE))
    changed = _write(own, (json.dumps(year, ensure_ascii=False, indent=0) + "\n").encode())
    shown["atlas"] = hash_file(own)
    page = _page(own, beside, bahasa)
    _write(index, page)
    for path in beside if changed else ():
        # A run that holds the other year's folder writes its page itself, at its end.
        with suppress(BatchError), locked(path.parent):
            other = path.with_name("index.html")
            if _write(other, _page(path, [own, *beside], bahasa)):
                seal_again(path.parent)
    seconds = round(time.monotonic() - began, 3)
    journal.write(
        "selesai", INDEX, sidik=fingerprint(shown), manifest=hash_bytes(page), detik=seconds
    )
    return index


def _page(own: Path, beside: list[Path], bahasa: str) -> bytes:
    """Make the page of a year from what is kept of it and of the years beside."""
    from ipasn_lib.reports.atlas import read_year
    from ipasn_lib.suite_page import index_page

    year = read_year(own)
    others: list[Mapping[str, Any]] = []
    notes = []
    for path in sorted(other for other in beside if other != own):
        try:
            other = read_year(path)
        except ParameterError:
            said = text("hal_atl_tahun_tak_terbaca", bahasa, tahun=path.parent.name, berkas=ATLAS)
            notes.append(said)
            continue
        if other["sintetis"] != year["sintetis"] or str(other["tahun"]) != path.parent.name:
            notes.append(text("hal_atl_tahun_tak_sejenis", bahasa, tahun=path.parent.name))
            continue
        others.append(other)
    return index_page(year, others, notes, bahasa).encode()


def _write(path: Path, content: bytes) -> bool:
    """Put a file in place whole, if it is not there as it would be written."""
    if path.is_file() and path.read_bytes() == content:
        return False
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return True
