"""Remove prepared tables that have been kept long enough.

Prepared tables hold one row a person, without names but about persons all the same. UU 27/2022
(Pelindungan Data Pribadi) has their processing end with the retention (Pasal 42 ayat (1) huruf a),
and has them deleted when their purpose is served (Pasal 43 ayat (1) huruf a) or destroyed by the
archive's schedule (Pasal 44 ayat (1) huruf a). How long that is, is the agency's decision, not
this library's: the caller names the day.

Nothing is guessed: a folder goes only if its own note says what it is and when it was made, and
only if there is nothing in it but what this library writes.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.layout import FORMAT, NOTE, OWN_INSTRUMENT, PERSONS, PLACES

__all__ = ["TINDAKAN", "purge"]

TINDAKAN = ("dihapus", "akan dihapus", "dipertahankan", "ditolak")

FILES = frozenset({NOTE, OWN_INSTRUMENT, "masalah.parquet"})
DEPTH = 3
"""How many levels of folders are searched for prepared tables."""


def purge(folder: str | Path, before: dt.date, *, dry_run: bool = True) -> pd.DataFrame:
    """Remove the prepared tables in a folder that were made before a day.

    Parameters
    ----------
    folder : str or pathlib.Path
        A folder of prepared tables, or one that holds such folders (by source and year).
    before : datetime.date
        Tables made on this day or later stay.
    dry_run : bool
        Only list what would go; nothing is removed.

    Returns
    -------
    pandas.DataFrame
        One row a folder of prepared tables: ``folder`` (relative to `folder`), ``tahun`` (Int64),
        ``dibuat`` (day, text; "" where the note does not say), ``n_berkas``, ``ukuran_mb``,
        ``tindakan`` ("dihapus", "akan dihapus", "dipertahankan", "ditolak") and ``alasan``.

    Raises
    ------
    ParameterError
        If the folder is not there or holds no prepared tables, or `before` is no date.

    Notes
    -----
    Refused, and left whole: a folder whose note is not readable or of another layout, that holds
    anything this library does not write, a link, or no day. Links are not followed. The note goes
    last, so that an interrupted purge can be run again.

    Deleting frees the names on the disk; it does not wipe the disk, nor backups and copies.
    """
    root = Path(folder)
    if isinstance(before, dt.datetime) or not isinstance(before, dt.date):
        raise ParameterError("before must be a date, for example datetime.date(2025, 1, 1)")
    if not root.is_dir() or root.is_symlink():
        raise ParameterError(f"{root} is not a folder; name a folder of prepared tables")
    found = sorted(_prepared(root, DEPTH))
    if not found:
        raise ParameterError(f"{root} holds no prepared tables (no {NOTE}); nothing is removed")
    rows = []
    for place in found:
        tahun, dibuat, alasan = _judge(place)
        files = [p for p in place.rglob("*") if p.is_file() and not p.is_symlink()]
        row = {
            "folder": str(place.relative_to(root)),
            "tahun": tahun,
            "dibuat": dibuat,
            "n_berkas": len(files),
            "ukuran_mb": sum(p.stat().st_size for p in files) / 1e6,
            "tindakan": "ditolak",
            "alasan": alasan,
        }
        if not alasan:
            old = dt.date.fromisoformat(dibuat) < before
            row["tindakan"] = ("akan dihapus" if dry_run else "dihapus") if old else "dipertahankan"
            if old and not dry_run:
                _remove(place)
        rows.append(row)
    return pd.DataFrame(rows).astype({"tahun": "Int64"})


def _prepared(folder: Path, depth: int) -> list[Path]:
    """Folders with a note, from the top down; what lies inside one is not searched."""
    if (folder / NOTE).exists():
        return [folder]
    if depth == 0:
        return []
    inside = (p for p in folder.iterdir() if p.is_dir() and not p.is_symlink())
    return [found for p in inside for found in _prepared(p, depth - 1)]


def _judge(place: Path) -> tuple[int | None, str, str]:
    """Year, day of making, and why the folder must not be removed ("" if it may)."""
    try:
        note = json.loads((place / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None, "", f"{NOTE} tidak terbaca"
    if not isinstance(note, dict) or note.get("format") != FORMAT or "sidik" not in note:
        return None, "", f"{NOTE} bukan milik tabel siap pakai versi ini"
    tahun = note["tahun"] if isinstance(note.get("tahun"), int) else None
    dibuat = str(note.get("dibuat", ""))
    try:
        dt.date.fromisoformat(dibuat)
    except ValueError:
        return tahun, "", "tanggal pembuatan tidak tercatat; siapkan ulang atau hapus sendiri"
    for path in place.rglob("*"):
        if path.is_symlink():
            return tahun, dibuat, "berisi tautan"
        if not _ours(path.relative_to(place), is_folder=path.is_dir()):
            return tahun, dibuat, "berisi berkas lain; pindahkan dahulu"
    return tahun, dibuat, ""


def _ours(path: Path, *, is_folder: bool) -> bool:
    """Tell whether a path, relative to the folder, is of the layout of prepared tables."""
    parts = path.parts
    if parts[0] == PLACES:
        if len(parts) <= 2:
            return is_folder
        parts = parts[2:]
        if len(parts) == 1 and parts[0] in {f"{kind}.parquet" for kind in PERSONS}:
            return not is_folder
    if len(parts) == 1:
        return parts[0] == "tabel" if is_folder else parts[0] in FILES
    return len(parts) == 2 and parts[0] == "tabel" and not is_folder and path.suffix == ".parquet"


def _remove(place: Path) -> None:
    for path in place.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != NOTE:
            path.unlink()
    (place / NOTE).unlink()
    place.rmdir()
