"""The rows of an export that are persons or events, and the pseudonyms of whom they are about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.records.nip import clean_nip, pseudonyms
from ipasn_lib.records.problems import Finding, file_finding, row_finding
from ipasn_lib.records.siasn.codes import code_text
from ipasn_lib.records.siasn.identity import nip_flags
from ipasn_lib.records.siasn.shapes import Shape
from ipasn_lib.records.vocabulary import spell
from ipasn_lib.records.workbook import RawTable

__all__ = ["fingerprints", "person_keys", "person_rows"]

SUMMARY = ("jumlah", "total", "grandtotal", "subtotal", "ratarata")

_DIGIT = re.compile("[0-9]")

Mask = npt.NDArray[np.bool_]


def person_rows(
    raw: RawTable, bentuk: Shape, kolom: Mapping[str, int]
) -> tuple[Mask, list[Finding]]:
    """Tell the rows of persons from blank rows, totals and notes; a remark counts the notes."""
    kept = _has_digit(raw, kolom)
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


def _has_digit(raw: RawTable, kolom: Mapping[str, int]) -> Mask:
    """Tell which rows have a digit where the person's key stands; every key has one."""
    found = np.zeros(len(raw.isi), dtype=bool)
    for name in ("pns_id", "nip_baru"):
        if name in kolom:
            codes, uniques = pd.factorize(raw.isi[kolom[name]])
            digit = [bool(_DIGIT.search(str(u))) for u in uniques.tolist()]
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
        # PNS ID and NIP never share a pseudonym, nor do upper and lower case make two persons
        pns = code_text(cells["pns_id"]).str.casefold().str.replace("-", "", regex=False)
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
        "pns": _pseudonyms("pns\0" + pns, key),
        "orang": _pseudonyms(nip, key),
        "id": _row_ids(cells, key),
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


def _pseudonyms(values: pd.Series, key: bytes) -> pd.Series:
    codes, uniques = pd.factorize(values)
    table = np.array([*pseudonyms(map(str, uniques.tolist()), key), None], dtype=object)
    return pd.Series(table[codes], dtype="str")


def _row_ids(cells: Mapping[str, pd.Series], key: bytes) -> pd.Series:
    size = len(next(iter(cells.values()))) if cells else 0
    if "id" not in cells:
        return pd.Series([None] * size, dtype="str")
    text = cells["id"].astype("str")
    return text.mask(text.isin(["", "-", "nan", "None"]))
