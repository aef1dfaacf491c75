"""Lines of a table that are no persons: blank rows, totals and means, headers printed again."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types

from ipasn_lib.records.cells import as_text
from ipasn_lib.records.formats import PERSON, Layout
from ipasn_lib.records.problems import Finding, row_finding
from ipasn_lib.records.vocabulary import plain_heading
from ipasn_lib.records.workbook import RawTable

__all__ = ["Lines", "sort_lines"]

# "Jumlah", "Rata-rata nilai", "TOTAL PNS"; but "Jumlah Dinas Kesehatan" is left to be refused:
# whoever sums within the table should see that we read it otherwise.
_SUMMARY = re.compile(
    r"(grand |sub ?)?(jumlah|total|rata rata|rerata|mean|average)"
    r"( (keseluruhan|seluruhnya|total|nilai|skor|indeks|ip asn|asn|pegawai|pns|pppk|akhir|rata rata"
    r"|data|\d+))*"
)


@dataclass(frozen=True)
class Lines:
    """Which rows are persons, and what was said of the others (positions in the whole table)."""

    orang: npt.NDArray[np.bool_]
    masalah: tuple[Finding, ...]


def sort_lines(raw: RawTable, layout: Layout) -> Lines:
    """Sort the rows of a table into persons and other lines.

    A line is looked at closely only where it has no NIP (or name, where the shape has none), or
    a word in its place; a row that is not plainly a total stays and is refused later on.
    """
    size = len(raw.isi)
    kinds = np.zeros(size, dtype=np.int8)
    for position in np.flatnonzero(_suspects(raw, layout)):
        kinds[position] = _kind(raw, layout, int(position))
    total = "baris jumlah atau rata-rata tidak dihitung sebagai pegawai"
    header = "baris judul kolom yang berulang tidak dihitung sebagai pegawai"
    return Lines(
        orang=kinds == PERSON_LINE,
        masalah=(
            *row_finding("", "baris_jumlah", kinds == SUMMARY_LINE, total, "peringatan"),
            *row_finding("", "judul_berulang", kinds == HEADER_LINE, header, "peringatan"),
        ),
    )


PERSON_LINE, BLANK_LINE, SUMMARY_LINE, HEADER_LINE = range(4)


def _suspects(raw: RawTable, layout: Layout) -> npt.NDArray[np.bool_]:
    person = next((layout.kolom[name] for name in PERSON if name in layout.kolom), 0)
    column = raw.isi[person]
    if not (types.is_object_dtype(column.dtype) or types.is_string_dtype(column.dtype)):
        return np.asarray(column.isna() | (column == ""))
    text = as_text(column)
    blank = text.isna().to_numpy(dtype=bool)
    if person != layout.kolom.get("nama"):
        return np.asarray(blank | ~text.str.contains(r"[0-9]").to_numpy(dtype=bool))
    # A column of names is all words: only those that begin like a total or repeat the heading.
    folded = text.str.casefold()
    like = folded.str.contains(r"^(?:grand|sub|jumlah|total|rata|rerata|mean|average)")
    heading = folded == " ".join(raw.kolom[person].casefold().split())
    return np.asarray(blank | like.to_numpy(dtype=bool) | heading.to_numpy(dtype=bool))


def _kind(raw: RawTable, layout: Layout, position: int) -> int:
    cells = [plain_heading(cell) if not pd.isna(cell) else "" for cell in raw.isi.iloc[position]]
    filled = {i: cell for i, cell in enumerate(cells) if cell}
    number = layout.kolom.get("nomor", -1)
    # Forms come with the numbers already printed beside empty lines.
    texts = [cell for i, cell in filled.items() if i != number]
    if not texts:
        return SUMMARY_LINE if _SUMMARY.fullmatch(filled.get(number, "")) else BLANK_LINE
    first = next(iter(filled.values()))
    if _SUMMARY.fullmatch(first) or _SUMMARY.fullmatch(texts[0]):
        return SUMMARY_LINE
    headings = [plain_heading(heading) for heading in raw.kolom]
    repeated = [headings[i] == cell for i, cell in filled.items() if i < len(headings)]
    return HEADER_LINE if all(repeated) else PERSON_LINE
