"""Codes and names of SIASN's reference tables, and the two codings of education."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.law.turunan import Education
from ipasn_lib.records.cells import cell_text, distinct, text_by
from ipasn_lib.records.problems import Finding, file_finding, row_finding
from ipasn_lib.records.vocabulary import VARIANTS, spell

__all__ = ["code_names", "code_of", "code_text", "read_codes", "read_education"]

FILE = Path(__file__).parents[1] / "reference" / "kode_siasn.csv"
_NOISE = re.compile(r"['’‘`\s]")
NOTHING = ("", "-", "–", "null", "0000")

_GROUP_CODE = {"struktural": "1", "fungsional": "2", "pelaksana": "4"}

Codes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class _Reference:
    """One reference table: code of each code without zeros, of each spelt name; names."""

    kode: Mapping[str, str]
    nama: Mapping[str, str]
    sebutan: Mapping[str, str]


@functools.cache
def _references() -> Mapping[str, _Reference]:
    tables: dict[str, tuple[dict[str, str], dict[str, str], dict[str, str]]] = {}
    with FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            codes, names, called = tables.setdefault(row["tabel"], ({}, {}, {}))
            code = row["kode"]
            called[code] = row["nama"]
            codes[_without_zeros(code)] = code
            # "SEPALA/ADUM/DIKLAT PIM TK.IV" is three names of one course
            parts = row["nama"].split("/") if row["tabel"] == "latihan_struktural" else []
            extra = [row["tambahan"]] if row["tabel"] == "eselon" else []
            for name in (row["nama"], *parts, *extra):
                if spell(name):
                    names.setdefault(spell(name), code)
    for name, group in VARIANTS["kelompok_jabatan"].items():
        tables["jenis_jabatan"][1].setdefault(name, _GROUP_CODE[group])
    tables["jenis_jabatan"][1].setdefault("rangkap", "3")
    return {name: _Reference(*parts) for name, parts in tables.items()}


def code_names(codes: Codes, tabel: str) -> Codes:
    """Give the name of each code of a reference table; None where there is none."""
    table = _references()[tabel].sebutan
    places, uniques = pd.factorize(codes)
    names = np.full(len(uniques) + 1, None, dtype=object)
    names[:-1] = [table.get(str(code)) for code in uniques]
    return names[places]


def code_text(column: pd.Series) -> pd.Series:
    """Read codes as text: no apostrophes, no spaces, no ".0"; missing where blank."""
    return text_by(column, code_of)


def code_of(cell: object) -> str | None:
    """Read one cell as a code, as :func:`code_text` does."""
    text = _NOISE.sub("", cell_text(cell) or "")
    return None if text.casefold() in NOTHING else text


def read_codes(
    kode: pd.Series | None, nama: pd.Series | None, tabel: str, kolom: str
) -> tuple[Codes, list[Finding]]:
    """Give the code of each row by its code column, else by its name column.

    Parameters
    ----------
    kode, nama : pandas.Series or None
        The cells; at least one is there.
    tabel : str
        Name of the reference table.
    kolom : str
        The column's canonical name, for findings.

    Returns
    -------
    values : array of str or None
        The code as the table writes it; None where blank or refused.
    findings : list of Finding
        ``kode_tidak_dikenal``; ``kode_dan_nama_berbeda`` is a remark, the code counts.
    """
    table = _references()[tabel]
    size = len(kode if kode is not None else nama)  # type: ignore[arg-type]
    values = np.full(size, None, dtype=object)
    wrong = np.zeros(size, dtype=bool)
    findings: list[Finding] = []
    if nama is not None:
        values, blank = _looked_up(nama, cell_text, lambda t: table.nama.get(spell(t)))
        wrong = ~blank & pd.isna(values)
    if kode is not None:
        by_code, blank = _looked_up(kode, code_of, lambda t: table.kode.get(_without_zeros(t)))
        differs = ~pd.isna(by_code) & ~pd.isna(values) & (by_code != values)
        if tabel != "eselon":  # names of echelons stand for two codes each
            hint = "kode dan nama menyebut hal yang berlainan; yang dipakai kodenya"
            findings += row_finding(kolom, "kode_dan_nama_berbeda", differs, hint, "peringatan")
        # a name that is not in the table is no matter where the code is
        wrong = np.where(blank, wrong, pd.isna(by_code))
        values = np.where(blank, values, by_code)
    hint = f"kode atau nama pada tabel acuan {tabel}"
    return values, [*findings, *row_finding(kolom, "kode_tidak_dikenal", wrong, hint)]


def read_education(
    kode: pd.Series | None, nama: pd.Series | None, rule: Education, kolom: str
) -> tuple[Codes, list[Finding]]:
    """Give the level of education of each row.

    Which of the two codings a file uses is told from all its codes together, since "05" and
    "10" stand in both and mean different things. Where nothing but those two stands in a file,
    the names decide row by row; without names the file is refused.

    Returns
    -------
    values : array of str or None
    findings : list of Finding
        ``kode_pendidikan_rancu``, ``kode_pendidikan_campur`` (whole file),
        ``kode_tidak_dikenal``, and as a remark ``kode_dan_nama_berbeda``.
    """
    known = {spell(level): level for level in rule.urutan}
    known |= {s: v for s, v in VARIANTS["jenjang_pendidikan"].items() if v in rule.urutan}
    size = len(kode if kode is not None else nama)  # type: ignore[arg-type]
    named = np.full(size, None, dtype=object)
    name_blank = np.ones(size, dtype=bool)
    if nama is not None:
        named, name_blank = _looked_up(nama, cell_text, lambda t: known.get(spell(t)))
    hint = f"kode SIASN, atau salah satu dari: {', '.join(rule.urutan)}"
    if kode is None:
        return named, row_finding(kolom, "kode_tidak_dikenal", ~name_blank & pd.isna(named), hint)
    used = {code.zfill(2) for cell in distinct(kode)[1] if (code := code_of(cell)) is not None}
    present = used & ({*rule.kode_baru} | {*rule.kode_lama})
    new = present - set(rule.kode_lama)
    old = present - set(rule.kode_baru)
    if new and old:
        campur = "kode baru (05-50) dan kode lama (01-10) tercampur; samakan seluruh berkas"
        return named, [file_finding(kolom, "kode_pendidikan_campur", campur)]
    if present and not new and not old:
        # the names tell these codes apart; a row that has none is not guessed
        unsure = code_text(kode).notna().to_numpy() & pd.isna(named)
        rancu = (
            "hanya kode 05 dan/atau 10, yang berarti lain pada kode lama dan kode baru; sertakan "
            "kolom nama jenjangnya"
        )
        if unsure.any():
            return named, [file_finding(kolom, "kode_pendidikan_rancu", rancu)]
        return named, []
    coding = rule.kode_lama if old else rule.kode_baru
    by_code, blank = _looked_up(kode, code_of, lambda t: coding.get(t.zfill(2)))
    differs = ~pd.isna(by_code) & ~pd.isna(named) & (by_code != named)
    beda = "kode dan nama menyebut hal yang berlainan; yang dipakai kodenya"
    wrong = np.where(blank, ~name_blank & pd.isna(named), pd.isna(by_code))
    values = np.where(blank, named, by_code)
    return values, [
        *row_finding(kolom, "kode_dan_nama_berbeda", differs, beda, "peringatan"),
        *row_finding(kolom, "kode_tidak_dikenal", wrong, hint),
    ]


def _looked_up(
    column: pd.Series,
    read: Callable[[object], str | None],
    find: Callable[[str], str | None],
) -> tuple[Codes, npt.NDArray[np.bool_]]:
    """Look each distinct cell up once; give what was found and where the cell is blank."""
    codes, cells = distinct(column)
    table = np.full(len(cells) + 1, None, dtype=object)
    blank = np.ones(len(cells) + 1, dtype=bool)
    for i, cell in enumerate(cells):
        text = read(cell)
        if text is not None:
            table[i], blank[i] = find(text), False
    return table[codes], blank[codes]


def _without_zeros(code: str) -> str:
    return code.lstrip("0") or "0"
