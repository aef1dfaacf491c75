"""Read a plain table of performance and pay, a row a person and period.

The same door as for personnel files: NIP becomes a keyed pseudonym, everything wrong is told at
once by column, rule and row number, and a file with one bad row is refused whole, since pay is
compared person by person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import DataError
from ipasn_lib.law.pay_rules import PayRule
from ipasn_lib.law.predicate_rules import PREDIKAT
from ipasn_lib.records.cells import as_category, as_number, as_text, error_cells
from ipasn_lib.records.keys import load_key, pseudonyms
from ipasn_lib.records.layout import sample_folder
from ipasn_lib.records.nip import clean_nip
from ipasn_lib.records.problems import (
    Finding,
    describe,
    file_finding,
    problem_table,
    row_finding,
)
from ipasn_lib.records.vocabulary import HEADINGS, plain_heading
from ipasn_lib.records.workbook import HeadingScore, RawTable, open_raw

__all__ = ["open_merit", "read_merit"]

Mask = npt.NDArray[np.bool_]

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "nip": HEADINGS["nip"],
    "id_pegawai": HEADINGS["id_pegawai"],
    "unit_kerja": HEADINGS["unit_kerja"],
    "sumber_data": HEADINGS["sumber_data"],
    "periode": ("periode", "bulan", "masa"),
    "kelas_jabatan": ("kelas jabatan", "kelas", "grade", "kelas jab"),
    "predikat": ("predikat", "predikat kinerja", "predikat kinerja pegawai"),
    "nilai": ("nilai", "nilai kinerja", "nilai skp"),
    "tunjangan": ("tunjangan", "tunjangan dibayar", "tpp dibayar", "tpp", "tukin", "jumlah tpp"),
    "pagu": ("pagu", "pagu tpp", "pagu tunjangan", "tpp penuh"),
}

PREDICATE_VARIANTS = {
    "sangatkurang": "Sangat Kurang",
    "kurang": "Kurang",
    "butuhperbaikan": "Butuh Perbaikan",
    # PP 30/2019 names the third of five "Cukup"; PermenPANRB 6/2022 "Butuh Perbaikan"
    "cukup": "Butuh Perbaikan",
    "baik": "Baik",
    "sangatbaik": "Sangat Baik",
}

NEEDED = ("periode", "unit_kerja", "kelas_jabatan", "tunjangan")
CLASSES = (1, 17)
"""Job classes (PermenPANRB 39/2013)."""

VALUES = (0.0, 120.0)
MOST_PAY = 1e9
"""Rupiah a month above which a digit is too many."""

SUMS = ("jumlah", "total", "rata rata")


def open_merit(path: str | Path, *, rule: PayRule | None = None) -> pd.DataFrame:
    """Read performance and pay, or the make-believe example where no file is named.

    Parameters
    ----------
    path : str or pathlib.Path
        As in :func:`read_merit`; an empty text opens ``data/sample/merit/merit-contoh.csv``.
    rule : PayRule, optional
        As in :func:`read_merit`. The example has the columns of the rule "tpp-jambi".

    Returns
    -------
    pandas.DataFrame
        As :func:`read_merit`.
    """
    example = sample_folder() / "merit" / "merit-contoh.csv" if not str(path) else Path(path)
    return read_merit(example, rule=rule)


def read_merit(
    path: str | Path, *, rule: PayRule | None = None, key: bytes | None = None
) -> pd.DataFrame:
    """Read performance and pay.

    Parameters
    ----------
    path : str or pathlib.Path
        csv, xlsx or parquet: NIP (or id_pegawai), periode ("2024" or "2024-03"), unit kerja,
        kelas jabatan (1-17), predikat and/or nilai (0-120), tunjangan (rupiah a month); pagu
        and counts of events where a pay rule is to be checked.
    rule : PayRule, optional
        Its columns are then required and read.
    key : bytes, optional
        Secret key of the pseudonyms; see :func:`ipasn_lib.records.keys.load_key`.

    Returns
    -------
    pandas.DataFrame
        ``id_pegawai``, ``periode``, ``unit_kerja`` (text), ``kelas_jabatan`` (Int64),
        ``predikat`` (ordered category) and ``nilai`` (float; each NA where the file has none or
        the cell is blank), ``tunjangan``, ``pagu`` (float, rupiah; if given), the rule's columns
        (float), ``sumber_data``. Ordered as in the file.

    Raises
    ------
    DataError
        If anything is wrong; ``problems`` lists it all at once.
    UnsafeFileError
        If the file is refused before it is parsed.

    Notes
    -----
    A blank predikat or nilai is kept: not rated is an answer. A blank pay is refused: 0 and
    "not known" must not be mixed. A blank count of events is refused too.
    """
    path = Path(path)
    extra = rule.kolom if rule else ()
    known = _known(extra)
    raw = open_raw(path, _score(known))
    columns, findings = _columns(raw, known)
    findings += _missing(columns, extra, rule)
    if any(f.tingkat == "galat" for f in findings):
        _refuse(path.name, findings, raw)
    cells = {n: raw.isi[p].reset_index(drop=True).rename(n) for n, p in columns.items()}
    person = "nip" if "nip" in cells else "id_pegawai"
    keep = np.flatnonzero(_rows_of_persons(cells, person))
    if not len(keep):
        _refuse(path.name, [file_finding("", "tanpa_baris", "tidak ada baris pegawai")], raw)
    cells = {name: column.iloc[keep].reset_index(drop=True) for name, column in cells.items()}
    table, people, row_findings = _values(cells, person, extra)
    width = [("isian_lebih", raw.lebih), ("isian_kurang", raw.kurang)]
    for aturan, rows in width:
        hint = "jumlah isian tidak sama dengan jumlah judul kolom"
        row_findings += row_finding("", aturan, rows[keep], hint)
    row_findings += _repeated(people, table["periode"], person)
    if any(f.tingkat == "galat" for f in row_findings):
        _refuse(path.name, row_findings, raw, raw.isi.index.to_numpy()[keep])
    ids = list(people) if person == "id_pegawai" else pseudonyms(people, load_key(key))
    table.insert(0, "id_pegawai", pd.Series(ids, index=table.index, dtype="str"))
    return table


def _known(extra: Sequence[str]) -> dict[str, str]:
    known = {plain: name for name, spellings in SPELLINGS.items() for plain in spellings}
    return known | {plain_heading(name): name for name in extra}


def _score(known: Mapping[str, str]) -> HeadingScore:
    def score(cells: Sequence[object]) -> tuple[bool, int]:
        names = {known[plain] for cell in cells if (plain := plain_heading(cell)) in known}
        return len(names) >= 3 and not names.isdisjoint({"nip", "id_pegawai"}), len(names)

    return score


def _columns(raw: RawTable, known: Mapping[str, str]) -> tuple[dict[str, int], list[Finding]]:
    places: dict[str, list[int]] = defaultdict(list)
    for position, heading in enumerate(raw.kolom):
        if (plain := plain_heading(heading)) in known:
            places[known[plain]].append(position)
    findings = [
        file_finding(name, "kolom_ganda", "beberapa kolom berarti sama; sisakan satu")
        for name, positions in places.items()
        if len(positions) > 1
    ]
    return {name: positions[0] for name, positions in places.items()}, findings


def _missing(
    columns: Mapping[str, int], extra: Sequence[str], rule: PayRule | None
) -> list[Finding]:
    needed = [*NEEDED, *(("pagu", *extra) if rule else ())]
    if rule and rule.kinerja.cara == "predikat":
        needed.append("predikat")
    absent = [name for name in needed if name not in columns]
    absent += ["nip"] * ({"nip", "id_pegawai"}.isdisjoint(columns))
    if "predikat" not in needed and {"predikat", "nilai"}.isdisjoint(columns):
        absent.append("predikat")
    return [file_finding(name, "kolom_tidak_ada", "kolom ini diperlukan") for name in absent]


def _rows_of_persons(cells: Mapping[str, pd.Series], person: str) -> Mask:
    """Rows with anything in them that are no total line (no person, and a word for a sum)."""
    texts = pd.DataFrame({name: as_text(column) for name, column in cells.items()})
    blank = texts.isna().all(axis=1)
    first = texts.bfill(axis=1).iloc[:, 0].map(plain_heading, na_action="ignore").fillna("")
    total = texts[person].isna() | texts[person].map(plain_heading, na_action="ignore").isin(SUMS)
    return np.asarray(~(blank | (total & first.isin(SUMS))))


def _values(
    cells: Mapping[str, pd.Series], person: str, extra: Sequence[str]
) -> tuple[pd.DataFrame, pd.Series, list[Finding]]:
    findings: list[Finding] = []
    for column in cells.values():
        findings += error_cells(column, str(column.name))
    if person == "nip":
        people, found = clean_nip(cells["nip"])
    else:
        people = as_text(cells["id_pegawai"])
        digits = people.str.fullmatch(r"[0-9]{18}").fillna(value=False).to_numpy(dtype=bool)
        found = row_finding(person, "id_kosong", people.isna().to_numpy(), "isi id_pegawai")
        found += row_finding(person, "id_berisi_nip", digits, "NIP milik kolom nip")
    findings += found
    periode = as_text(cells["periode"])
    shape = periode.str.fullmatch(r"20\d{2}(-(0[1-9]|1[0-2]))?").fillna(value=False)
    findings += row_finding(
        "periode", "bukan_periode", ~shape.to_numpy(dtype=bool), "2024 atau 2024-03"
    )
    if len(periode.str.len().dropna().unique()) > 1:
        hint = "tahun dan bulan bercampur; satu berkas satu macam periode"
        findings.append(file_finding("periode", "periode_bercampur", hint))
    unit = as_text(cells["unit_kerja"])
    findings += row_finding("unit_kerja", "kosong", unit.isna().to_numpy(), "isi unit kerja")
    kelas, found = _number(cells, "kelas_jabatan", *map(float, CLASSES), blank=False)
    findings += found
    part = ~np.isnan(kelas) & (kelas != np.floor(kelas))
    findings += row_finding("kelas_jabatan", "bukan_bilangan_bulat", part, "1 sampai 17")
    table = pd.DataFrame({"periode": periode, "unit_kerja": unit})
    table["kelas_jabatan"] = pd.array(np.where(part, np.nan, kelas), dtype="Int64")
    predicate = cells.get("predikat", pd.Series([None] * len(unit), dtype="object"))
    rated, found = as_category(predicate, "predikat", PREDIKAT, PREDICATE_VARIANTS)
    findings += found
    table["predikat"] = rated.as_ordered()
    table["nilai"], found = _number(cells, "nilai", *VALUES, blank=True)
    findings += found
    for name in ("tunjangan", *(c for c in ("pagu",) if c in cells)):
        table[name], found = _number(cells, name, 0.0, MOST_PAY, blank=False)
        findings += found
    for name in extra:
        table[name], found = _number(cells, name, 0.0, np.inf, blank=False)
        findings += found
    source = (
        as_text(cells["sumber_data"])
        if "sumber_data" in cells
        else pd.Series([None] * len(unit), dtype="str")
    )
    return table.assign(sumber_data=source.fillna("tabel kinerja dan tunjangan")), people, findings


def _number(
    cells: Mapping[str, pd.Series], name: str, low: float, high: float, *, blank: bool
) -> tuple[npt.NDArray[np.float64], list[Finding]]:
    if name not in cells:
        return np.full(len(next(iter(cells.values()))), np.nan), []
    values, findings = as_number(cells[name], name, low, high)
    empty = as_text(cells[name])
    none = (empty.isna() | empty.isin(["-", "–", "—"])).to_numpy(dtype=bool)
    if not blank:
        findings += row_finding(name, "kosong", none, "isi; tulis 0 bila memang tidak ada")
    return values, findings


def _repeated(people: pd.Series, periode: pd.Series, person: str) -> list[Finding]:
    keys = pd.DataFrame({"orang": people, "periode": periode})
    twice = keys.duplicated(keep=False) & people.notna()
    hint = "satu baris bagi tiap pegawai dan periode"
    return row_finding(person, "ganda", twice.to_numpy(dtype=bool), hint)


def _refuse(
    berkas: str,
    findings: list[Finding],
    raw: RawTable,
    numbers: npt.NDArray[np.int64] | None = None,
) -> NoReturn:
    table = problem_table(
        findings, berkas, raw.isi.index.to_numpy() if numbers is None else numbers
    )
    count = int((table["tingkat"] == "galat").sum())
    raise DataError(f"{berkas}: {count} problem{'s' * (count != 1)}\n{describe(table)}", table)
