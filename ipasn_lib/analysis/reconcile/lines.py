"""The lines of a published table: their names, and which of them put others together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

__all__ = ["KEYS", "combined", "name_of"]

KEYS = ("instansi", "unit_kerja", "jenis_asn", "tahun")
KINDS = ("asn", "pns", "pppk")

_TOTAL = re.compile(
    r"(grand |sub ?)?(jumlah|total|rata[ -]?rata|rerata|keseluruhan|seluruh)\b.*", re.IGNORECASE
)


def combined(table: pd.DataFrame) -> Iterator[tuple[int, list[int]]]:
    """Lines that put others together: position of the total, positions of its parts."""
    keys = {k: _plain(table[k]) if k in table else [""] * len(table) for k in KEYS}
    rows = range(len(table))
    if "jenis_asn" in table:
        for group in _groups(rows, keys, ("instansi", "unit_kerja", "tahun")):
            found = {k: [i for i in group if keys["jenis_asn"][i] == k] for k in KINDS}
            if all(len(lines) == 1 for lines in found.values()):
                yield found["asn"][0], [found["pns"][0], found["pppk"][0]]
    if "unit_kerja" in table:
        for group in _groups(rows, keys, ("instansi", "tahun", "jenis_asn")):
            unit = {i: keys["unit_kerja"][i] for i in group}
            totals = [i for i in group if not unit[i] or _TOTAL.fullmatch(unit[i])]
            parts = [i for i in group if i not in totals]
            if len(parts) >= 2:
                yield from ((total, parts) for total in totals)


def _plain(column: pd.Series) -> list[str]:
    return ["" if pd.isna(v) else str(v).strip().casefold() for v in column]


def _groups(
    rows: Iterable[int], keys: Mapping[str, Sequence[str]], by: Sequence[str]
) -> list[list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for i in rows:
        found.setdefault(tuple(keys[k][i] for k in by), []).append(i)
    return list(found.values())


def name_of(row: Mapping[Any, Any]) -> str:
    """Name a line by its keys."""
    parts = [row[k] for k in KEYS if k in row and not pd.isna(row[k])]
    return ", ".join(str(p) for p in parts)
