"""Open an export of SIASN, whatever its kind of file: csv, xlsx, parquet, or the service's json."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ipasn_lib.errors import DataError, ParameterError, UnsafeFileError
from ipasn_lib.records.guard import MAX_SIZE
from ipasn_lib.records.siasn.shapes import heading_score
from ipasn_lib.records.workbook import READABLE, RawTable, open_raw

__all__ = ["FORMATS", "find_exports", "open_export"]

FORMATS = (*READABLE, ".json")

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Escape of one half of a character beyond the basic plane (a surrogate)."""


def find_exports(folder: str | Path) -> list[Path]:
    """List the files of one place's folder that can be exports, sorted by name.

    Raises
    ------
    ParameterError
        If there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise ParameterError(f"{root} is not a folder")
    return sorted(
        path
        for path in root.iterdir()
        if path.is_file()
        and path.suffix.lower() in FORMATS
        and not path.name.startswith((".", "~$"))
    )


def open_export(path: Path) -> RawTable:
    """Open a file as a raw table; of a json each record is a row, numbered from 1.

    Raises
    ------
    UnsafeFileError, DataError
        As :func:`ipasn_lib.records.workbook.open_raw`; for a json also if it is not a list of
        records, nor such a list or one record under ``data``.
    """
    if path.suffix.lower() != ".json":
        return open_raw(path, heading_score)
    if not path.is_file():
        raise DataError(f"{path.name}: no such file")
    if path.stat().st_size > MAX_SIZE:
        raise UnsafeFileError(f"{path.name}: more than {MAX_SIZE // 2**20} MiB")
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = json.loads(text, object_pairs_hook=_record)
        if _HALF.search(text):  # half a character can be read, but never written again
            whole = json.dumps(document, ensure_ascii=False).encode("utf-8", errors="replace")
            document = json.loads(whole)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path.name}: not readable json ({type(error).__name__})") from None
    return _table(path.name, _records(document, path.name))


def _record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a name stands twice in a record")  # which is meant is not guessed
    return record


def _records(document: object, berkas: str) -> list[dict[str, Any]]:
    if isinstance(document, dict) and "data" in document:
        document = document["data"]
    if isinstance(document, dict):
        document = [document]
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise DataError(f"{berkas}: expected a list of records, or one under 'data'")
    return document


def _table(berkas: str, records: list[dict[str, Any]]) -> RawTable:
    names = list(dict.fromkeys(key for row in records for key in row))
    columns = {}
    for position, name in enumerate(names):
        cells = (row.get(name) for row in records)
        # a list or table within a record (links to documents) is none of ours
        plain = ["" if c is None or isinstance(c, list | dict) else c for c in cells]
        columns[position] = pd.Series(plain, dtype="object")
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(records)))
    frame.index = pd.RangeIndex(1, len(records) + 1)
    none = np.zeros(len(records), dtype=bool)
    return RawTable(berkas, (), tuple(names), frame, none, none)
