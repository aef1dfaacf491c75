"""The rows of an export that are persons or events, and the pseudonyms of whom they are about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.records.cells import distinct, text_by
from ipasn_lib.records.keys import pseudonyms
from ipasn_lib.records.nip import clean_nip
from ipasn_lib.records.problems import Finding, file_finding, row_finding
from ipasn_lib.records.siasn.codes import code_of
from ipasn_lib.records.siasn.identity import nip_flags
from ipasn_lib.records.siasn.shapes import Shape
from ipasn_lib.records.vocabulary import spell
from ipasn_lib.records.workbook import RawTable

__all__ = ["fingerprints", "person_keys", "person_rows"]

SUMMARY = ("jumlah", "total", "grandtotal", "subtotal", "ratarata")

_DIGIT = re.compile("[0-9]")

Mask = npt.NDArray[np.bool_]


def person_rows(
    raw: RawTable, bentuk: Shape, kolom: Mapping[str, int], columns: Mapping[str, pd.Series]
) -> tuple[Mask, list[Finding]]:
    """Tell the rows of persons from blank rows, totals and notes; a remark counts the notes.

    ``kolom`` says where each column stands in the raw table, ``columns`` holds its cells.
    """
    kept = _has_digit(columns, len(raw.isi))
    note = np.zeros(len(raw.isi), dtype=bool)
    header = [spell(heading) for heading in raw.kolom]
    needed = [kolom[name] for group in bentuk.wajib[1:] for name in group if name in kolom]
    # every key has a digit, so only few rows are looked at closely
    for position in np.flatnonzero(~kept):
        cells = ["" if pd.isna(c) else spell(str(c)) for c in raw.isi.iloc[position]]
        filled = [i for i, cell in enumerate(cells) if cell]
        repeats = all(i < len(header) and cells[i] == header[i] for i in filled)
        summary = bool(filled) and cells[filled[0]].startswith(SUMMARY)
        data = any(cells[i] for i in needed) and not repeats and not summary
        kept[position] = data
        note[position] = bool(filled) and not data
    count = int(note.sum())
    hint = f"{count} baris catatan, jumlah, atau judul berulang tidak dibaca sebagai data"
    return kept, [file_finding("", "baris_catatan", hint, "peringatan")] if count else []


def _has_digit(columns: Mapping[str, pd.Series], size: int) -> Mask:
    """Tell which rows have a digit where the person's key stands; every key has one."""
    found = np.zeros(size, dtype=bool)
    for name in ("pns_id", "nip_baru"):
        if name in columns:
            codes, cells = distinct(columns[name])
            digit = [_DIGIT.search(str(cell)) is not None for cell in cells]
            found |= np.array([*digit, False])[codes]
    return found


def person_keys(
    cells: Mapping[str, pd.Series],
    values: Mapping[str, object],
    pada: dt.date,
    key: bytes,
    bentuk: Shape,
    size: int,
) -> tuple[dict[str, object], list[Finding]]:
    """Pseudonyms of the persons, and of a nominatif what the NIP says beside other columns."""
    nobody = pd.Series([None] * size, dtype="str")
    findings: list[Finding] = []
    pns = nobody
    if "pns_id" in cells:
        pns = text_by(cells["pns_id"], _pns_id)
    nip = nobody
    if "nip_baru" in cells:
        nip, found = clean_nip(cells["nip_baru"])
        there = pns.notna().to_numpy()
        for f in found:
            # who has a PNS ID is known without the NIP
            rows = f.posisi if f.posisi is not None else np.arange(size)
            for level, part in (("peringatan", rows[there[rows]]), ("galat", rows[~there[rows]])):
                if len(part):
                    findings.append(Finding(f.kolom, f.aturan, f.harapan, part, level))
    unnamed = (pns.isna() & nip.isna()).to_numpy(dtype=bool)
    if "nip_baru" not in cells:
        findings += row_finding("pns_id", "orang_kosong", unnamed, "isi PNS ID atau NIP BARU")
    if unnamed.any() and bentuk.nama != "nominatif":
        hint = f"{int(unnamed.sum())} baris riwayat tanpa PNS ID dan NIP yang terbaca; lengkapi"
        findings.append(file_finding("pns_id", "riwayat_tanpa_orang", hint))
    people: dict[str, object] = {
        # PNS ID and NIP never share a pseudonym
        "pns": _pseudonyms(pns, key, "pns\0"),
        "orang": _pseudonyms(nip, key),
        "id": _row_ids(cells),
    }
    if bentuk.nama == "nominatif":
        extra, found = nip_flags(nip, cells, values, pada)
        people |= extra
        findings += found
    return people, findings


def fingerprints(cells: pd.DataFrame, ids: object, bentuk: Shape) -> npt.NDArray[np.uint64]:
    """Hash of all cells of a row that has no id: two courses of one day differ in their names.

    Zero where the row has an id; in a nominatif everywhere, since persons have one.
    """
    marks = np.zeros(len(cells), dtype=np.uint64)
    lacking = pd.Series(ids, dtype="str").isna().to_numpy(dtype=bool)
    if bentuk.nama != "nominatif" and lacking.any():
        rows = cells.iloc[np.flatnonzero(lacking)].astype("str")
        marks[lacking] = pd.util.hash_pandas_object(rows, index=False).to_numpy()
    return marks


def _pseudonyms(values: pd.Series, key: bytes, before: str = "") -> pd.Series:
    codes, cells = distinct(values)
    table = pd.array(pseudonyms((before + str(cell) for cell in cells), key), dtype="str")
    return pd.Series(table.take(codes, allow_fill=True))


def _pns_id(cell: object) -> str | None:
    """Read a PNS ID; upper and lower case do not make two persons."""
    code = code_of(cell)
    return None if code is None else code.casefold().replace("-", "")


def _row_ids(cells: Mapping[str, pd.Series]) -> pd.Series:
    size = len(next(iter(cells.values()))) if cells else 0
    if "id" not in cells:
        return pd.Series([None] * size, dtype="str")
    return text_by(cells["id"], _row_id)


def _row_id(cell: object) -> str | None:
    text = str(cell)
    return None if text in ("", "-", "nan", "None") else text
