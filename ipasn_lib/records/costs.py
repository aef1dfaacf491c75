"""Read an office's own costs, seats and months of the steps of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.records.cells import as_number, as_text
from ipasn_lib.records.problems import Finding, problem_table, row_finding
from ipasn_lib.records.workbook import open_raw

__all__ = ["read_costs"]

NUMBERS = {"biaya": 1e12, "kapasitas": 1e7, "bulan": 600.0}
"""Columns of numbers and their largest value: rupiah a person, people a year, months."""
KNOWN = ("langkah", *NUMBERS, "dasar")


def read_costs(path: str | Path, langkah: pd.DataFrame) -> pd.DataFrame:
    """Put an office's own figures in place of the assumptions.

    Parameters
    ----------
    path : str or pathlib.Path
        csv or xlsx with the column ``langkah`` (names as in ``langkah``'s index) and any of
        ``biaya`` (rupiah a person), ``kapasitas`` (people a year; 0 closes a step), ``bulan``
        (months until it counts) and ``dasar`` (where the figures are from). Steps and cells left
        out keep what they have. An empty text changes nothing.
    langkah : pandas.DataFrame
        As :func:`ipasn_lib.analysis.improve.default_steps` gives.

    Returns
    -------
    pandas.DataFrame
        The same steps. ``dasar`` is that of the file, or its name where a step with own figures
        has none.

    Raises
    ------
    ParameterError
        If a step or a column is unknown, or a step stands twice.
    DataError
        If the file cannot be read or a number is not whole, negative or out of range; `problems`
        lists columns and rows.
    """
    if not str(path):
        return langkah
    raw = open_raw(Path(path), _heading)
    names = [str(k).strip().casefold() for k in raw.kolom]
    unknown = sorted({n for n in names if n not in KNOWN})
    if unknown or "langkah" not in names or len(set(names)) != len(names):
        raise ParameterError(
            f"{raw.berkas}: columns {', '.join(unknown) or 'langkah missing or repeated'}; "
            f"known, each once: {', '.join(KNOWN)}"
        )
    cells = {name: raw.isi[position] for position, name in enumerate(names)}
    steps = [str(s) for s in as_text(cells["langkah"])]
    wrong = sorted({s for s in steps if s not in langkah.index})
    if wrong or len(set(steps)) != len(steps):
        raise ParameterError(
            f"{raw.berkas}: langkah {', '.join(wrong) or 'repeated'}; "
            f"known, each once: {', '.join(map(str, langkah.index))}"
        )
    table, findings = langkah.copy(), []
    own = np.zeros(len(steps), dtype=bool)
    for name in (n for n in NUMBERS if n in cells):
        values, found = _whole(cells[name], name)
        findings += found
        given = ~np.isnan(values)
        own |= given
        rows = [s for s, there in zip(steps, given, strict=True) if there]
        table.loc[rows, name] = np.nan_to_num(values[given]).astype(np.int64)
    if findings:
        raise DataError(
            f"{raw.berkas}: {len(findings)} rules of costs are broken; see .problems",
            problem_table(findings, raw.berkas, np.asarray(raw.isi.index)),
        )
    basis = as_text(cells["dasar"]) if "dasar" in cells else pd.Series(pd.NA, index=raw.isi.index)
    for step, said, changed in zip(steps, basis, own, strict=True):
        if changed or pd.notna(said):
            table.loc[step, "dasar"] = str(said) if pd.notna(said) else raw.berkas
    return table


def _heading(cells: Sequence[object]) -> tuple[bool, int]:
    found = {str(c).strip().casefold() for c in cells}.intersection(KNOWN)
    return "langkah" in found and len(found) >= 2, len(found)


def _whole(column: pd.Series, name: str) -> tuple[np.ndarray, list[Finding]]:
    values, findings = as_number(column, name, 0.0, NUMBERS[name])
    broken = ~np.isnan(values) & (values != np.floor(values))
    hint = "bilangan bulat, tanpa pemisah ribuan"
    return values, [*findings, *row_finding(name, "bukan_bilangan_bulat", broken, hint)]
