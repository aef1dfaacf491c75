"""Read a summary table that somebody published: means by line, no persons.

Such tables are typed by hand, printed from applications or copied from slides. Nothing in them is
refused: a cell that cannot be read is missing and named in the problems, and whether the numbers
agree with each other is asked elsewhere (:func:`ipasn_lib.analysis.reconcile.reconcile`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ipasn_lib.errors import DataError
from ipasn_lib.law.instrument import DIMENSI
from ipasn_lib.records.cells import as_number, as_text
from ipasn_lib.records.problems import Finding, file_finding, problem_table, row_finding
from ipasn_lib.records.vocabulary import VARIANTS, plain_heading, spell
from ipasn_lib.records.workbook import RawTable, open_raw

__all__ = ["PublishedSummary", "read_published"]

MEANS = (*DIMENSI, "indeks")
MOST_DECIMALS = 6
"""A number with more is not rounded but computed."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "instansi": ("instansi", "pemerintah daerah", "pemda", "kabupaten kota", "daerah"),
    "unit_kerja": ("unit kerja", "unit", "perangkat daerah", "opd", "skpd", "satuan kerja"),
    "tahun": ("tahun", "tahun pengukuran", "tahun data"),
    "jenis_asn": ("jenis asn", "jenis", "jenis pegawai", "status pegawai", "kelompok"),
    "n_terukur": (
        "n terukur",
        "n diukur",
        "n",
        "jumlah pegawai",
        "jumlah asn",
        "jumlah terukur",
        "pegawai terukur",
    ),
    **{d: (d, f"nilai {d}", f"skor {d}", f"dimensi {d}", f"rata rata {d}") for d in DIMENSI},
    "indeks": (
        "indeks",
        "nilai ip asn",
        "ip asn",
        "ipasn",
        "nilai ipasn",
        "total",
        "nilai total",
        "jumlah nilai",
        "nilai indeks",
        "rata rata ip asn",
        "indeks profesionalitas",
    ),
    "kategori": ("kategori", "predikat", "keterangan kategori", "kategori ip asn"),
}
"""Plain spellings of each column's heading."""

_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?:\D|$))")

_ASN = ("asn", "pnsdanpppk", "pnspppk", "pnsp3k", "jumlah", "total", "gabungan")


@dataclass(frozen=True)
class PublishedSummary:
    """A published table as read.

    Attributes
    ----------
    tabel : pandas.DataFrame
        One row a line, index ``baris`` (its number as a spreadsheet shows it); those of
        ``instansi``, ``unit_kerja``, ``jenis_asn`` (texts), ``tahun`` and ``n_terukur``
        (Int64), the four dimensions, ``indeks`` (float, points as printed) and ``kategori``
        (text) that the file has.
    problems : pandas.DataFrame
        Warnings, as :func:`ipasn_lib.records.problems.problem_table` writes them.
    desimal : int
        Most decimals met in the points; 2 where no number has any.
    """

    tabel: pd.DataFrame
    problems: pd.DataFrame
    desimal: int


def read_published(path: str | Path) -> PublishedSummary:
    """Read a published summary table from csv, xlsx or parquet.

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    PublishedSummary

    Raises
    ------
    UnsafeFileError, DataError
        If the file cannot be opened, or holds neither an index nor a dimension.
    """
    raw = open_raw(Path(path), _score)
    places, findings = _columns(raw)
    if not set(MEANS) & set(places):
        raise DataError(
            f"{raw.berkas}: no column is read as one of {', '.join(MEANS)}; name one of them"
        )
    cells = {name: raw.isi[place] for name, place in places.items()}
    table = pd.DataFrame(index=pd.Index(raw.isi.index, name="baris"))
    for name in HEADINGS:
        if name in cells:
            table[name], found = _read(name, cells[name])
            findings += found
    told = table[[c for c in (*MEANS, "n_terukur") if c in table]].notna().any(axis=1)
    findings += row_finding(
        "",
        "baris_tanpa_angka",
        ~told.to_numpy() & table.notna().any(axis=1).to_numpy(),
        "baris tanpa satu pun angka tidak diperiksa",
    )
    warnings = [replace(f, tingkat="peringatan") for f in findings]
    problems = problem_table(warnings, raw.berkas, np.asarray(raw.isi.index))
    means = [cells[c] for c in MEANS if c in cells]
    return PublishedSummary(table.loc[told], problems, _decimals(means))


def _score(cells: Sequence[object]) -> tuple[bool, int]:
    known = {name for name, spellings in HEADINGS.items() for c in cells if _is(c, spellings)}
    return len(known) >= 2 and not known.isdisjoint(MEANS), len(known)


def _is(cell: object, spellings: Sequence[str]) -> bool:
    return plain_heading(cell) in spellings


def _columns(raw: RawTable) -> tuple[dict[str, int], list[Finding]]:
    places: dict[str, int] = {}
    findings: list[Finding] = []
    for name, spellings in HEADINGS.items():
        found = [i for i, heading in enumerate(raw.kolom) if _is(heading, spellings)]
        if found:
            # the spelling named first is the plainest: "indeks" goes before "total"
            best = min(found, key=lambda i: spellings.index(plain_heading(raw.kolom[i])))
            places[name] = best
        if len(found) > 1:
            hint = "beberapa kolom berarti sama; yang dipakai hanya satu"
            findings.append(file_finding(name, "kolom_ganda", hint))
    return places, findings


def _read(name: str, column: pd.Series) -> tuple[pd.Series, list[Finding]]:
    if name in MEANS:
        values, findings = as_number(column, name, 0.0, 100.0, "poin")
        return pd.Series(values, index=column.index), findings
    if name in ("tahun", "n_terukur"):
        least, most = (2000.0, 2100.0) if name == "tahun" else (0.0, 1e7)
        # People come whole: "3.423" and "3,423" are thousands, whatever the points' mark is.
        plain = column.map(lambda c: _THOUSANDS.sub("", c) if isinstance(c, str) else c)
        values, findings = as_number(plain, name, least, most)
        whole = pd.Series(values, index=column.index)
        return whole.where(whole == whole.round()).astype("Int64"), findings
    text = as_text(column)
    if name == "jenis_asn":
        return text.map(_kind, na_action="ignore"), []
    if name == "kategori":
        return text.str.title(), []
    return text, []


def _kind(text: str) -> str:
    spelt = spell(text)
    return "ASN" if spelt in _ASN else VARIANTS["jenis_asn"].get(spelt, text)


def _decimals(columns: Sequence[pd.Series]) -> int:
    """Most decimals that any cell shows; pages drop trailing zeros, so one cell says little."""
    most = 0
    for cell in {c for column in columns for c in column if not pd.isna(c)}:
        text = repr(float(cell)) if isinstance(cell, float | np.floating) else str(cell).strip()
        digits = text.replace(",", ".").rpartition(".")[2] if "." in text.replace(",", ".") else ""
        if digits.isdigit():
            most = max(most, len(digits.rstrip("0")))
    return min(most, MOST_DECIMALS) or 2
