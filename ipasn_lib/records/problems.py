"""What is wrong with a file, all at once: columns, rules, counts and row numbers, never values.

A check returns findings and changes nothing. A finding of level ``galat`` about rows refuses
those rows, one about the file refuses the file; a ``peringatan`` only says what was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = [
    "PROBLEM_COLUMNS",
    "Finding",
    "cut_off",
    "describe",
    "file_finding",
    "problem_table",
    "refused_rows",
    "row_finding",
    "source_of",
]

PROBLEM_COLUMNS = ("berkas", "tingkat", "kolom", "aturan", "jumlah", "baris", "harapan")
"""Columns of a table of problems."""

LEVELS = ("galat", "peringatan")
SHOWN_ROWS = 5
SHOWN_LINES = 12

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Finding:
    """One rule that rows, or the file as a whole, do not keep.

    Attributes
    ----------
    kolom : str
        The column, by its canonical name; "" where it is about the whole file.
    aturan : str
        Short name of the rule.
    harapan : str
        What is expected and what to do, in Indonesian. Never a value from the file.
    posisi : array of int or None
        Positions of the rows, from 0; None for the whole file.
    tingkat : {"galat", "peringatan"}
    """

    kolom: str
    aturan: str
    harapan: str
    posisi: Positions | None
    tingkat: str = "galat"


def row_finding(
    kolom: str, aturan: str, rows: Mask, harapan: str, tingkat: str = "galat"
) -> list[Finding]:
    """Give a finding about the rows where ``rows`` is true; an empty list where none is."""
    positions = np.flatnonzero(rows)
    return [Finding(kolom, aturan, harapan, positions, tingkat)] if len(positions) else []


def file_finding(kolom: str, aturan: str, harapan: str, tingkat: str = "galat") -> Finding:
    """Give a finding about the whole file."""
    return Finding(kolom, aturan, harapan, None, tingkat)


def cut_off(terputus: bool) -> list[Finding]:
    """Remark on a file that ends within a line; what its last cell was cannot be told."""
    hint = "berkas berakhir di tengah baris; bandingkan baris terakhirnya dengan sumbernya"
    return [file_finding("", "akhir_terputus", hint, "peringatan")] if terputus else []


def refused_rows(findings: Iterable[Finding], size: int) -> Mask:
    """Tell which of ``size`` rows a ``galat`` refuses."""
    refused = np.zeros(size, dtype=bool)
    for finding in findings:
        if finding.tingkat == "galat" and finding.posisi is not None:
            refused[finding.posisi] = True
    return refused


def problem_table(
    findings: Sequence[Finding], berkas: str, row_numbers: Sequence[int] | npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Write findings as a table, errors first.

    Parameters
    ----------
    findings : sequence of Finding
    berkas : str
        The file's name.
    row_numbers : array of int
        Number of each row as a spreadsheet shows it.

    Returns
    -------
    pandas.DataFrame
        One row a finding: ``berkas, tingkat, kolom, aturan, jumlah, baris, harapan``. ``jumlah``
        counts rows (NA where the whole file is meant); ``baris`` names the first five, as text
        ("7, 9, 12").
    """
    numbers = np.asarray(row_numbers)
    ordered = sorted(findings, key=lambda f: LEVELS.index(f.tingkat))
    texts = {
        "berkas": [berkas] * len(ordered),
        "tingkat": [f.tingkat for f in ordered],
        "kolom": [f.kolom for f in ordered],
        "aturan": [f.aturan for f in ordered],
        "baris": [_first_rows(f, numbers) for f in ordered],
        "harapan": [f.harapan for f in ordered],
    }
    counts = [None if f.posisi is None else len(f.posisi) for f in ordered]
    table = pd.DataFrame({name: pd.array(text, dtype="str") for name, text in texts.items()})
    return table.assign(jumlah=pd.array(counts, dtype="Int64"))[list(PROBLEM_COLUMNS)]


def describe(table: pd.DataFrame) -> str:
    """Say a problem table in lines for an error message: errors only, the first twelve."""
    errors = table.loc[table["tingkat"] == "galat"]
    lines = []
    for row in errors.head(SHOWN_LINES).to_dict("records"):
        where = row["kolom"] or "whole file"
        count = f", count {row['jumlah']}, rows {row['baris']}" if row["baris"] else ""
        lines.append(f"  {where}: {row['aturan']}{count}: {row['harapan']}")
    if len(errors) > SHOWN_LINES:
        lines.append(f"  and {len(errors) - SHOWN_LINES} more; see .problems")
    return "\n".join(lines)


def _first_rows(finding: Finding, numbers: npt.NDArray[np.int64]) -> str:
    if finding.posisi is None:
        return ""
    return ", ".join(str(n) for n in numbers[finding.posisi[:SHOWN_ROWS]])


def source_of(problems: pd.DataFrame) -> pd.Series:
    """Name the source of each row of a table of problems: the file, or the folder of exports."""
    return problems["berkas"].astype("str").str.split("/").str[0]
