"""Made-up personnel files. Every NIP here has a birth date in month 13 to 99: nobody's."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from ipasn_lib.law.instrument import Instrument
from ipasn_lib.records.problems import PROBLEM_COLUMNS
from ipasn_lib.records.reading import ReadResult, read_pegawai

KEY = bytes(range(32))
"""Key of the pseudonyms in tests; the user's own key file is never touched."""

PERSON: Mapping[str, Any] = {
    "nip": "",
    "nama": "Orang Contoh",
    "tahun": 2022,
    "kode_kabkota": "3510",
    "unit_kerja": "Dinas Contoh",
    "jenis_asn": "PNS",
    "kelompok_jabatan": "struktural",
    "jenjang_pendidikan": "S1",
    "diklat_kepemimpinan": "ya",
    "diklat_fungsional": "tidak",
    "seminar": "ya",
    "jp_diklat_teknis": 20,
    "nilai_kinerja": 80,
    "hukuman_disiplin": "tidak_pernah",
}

SCORES: Mapping[str, Any] = {"kualifikasi": 15, "kompetensi": 30, "kinerja": 25, "disiplin": 5}


def nip(number: int, month: str = "01") -> str:
    """A NIP that nobody has: born in month 77. ``month`` fills digits 13-14."""
    return f"19857701{2010}{month}1{number:03d}"


def person(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A person of the canonical table, with changes; None takes a column out."""
    row = {**PERSON, "nip": nip(number), **changes}
    return {k: v for k, v in row.items() if v is not None}


def scored(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A person of the canonical table with the four scores as given."""
    keep = ("nip", "nama", "tahun", "kode_kabkota", "unit_kerja", "jenis_asn")
    row = {**{k: PERSON[k] for k in keep}, **SCORES, "nip": nip(number), **changes}
    return {k: v for k, v in row.items() if v is not None}


def bkd(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of BKD Jatim's csv, decimal commas as that program writes them."""
    row = {
        "nip": nip(number),
        "nama": "Orang Contoh",
        "unor": "Dinas Contoh",
        "kualifikasi": "15",
        "kompetensi": "36,5",
        "kinerja": "25",
        "disiplin": "5",
        "total": "81,5",
        "tahun": "2024",
        "updated": "2024-12-30 08:00:00",
        "keterangan_kualifikasi": "",
    }
    return {**row, **changes}


def grid(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Header and cells of rows that have the same keys."""
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def write_csv(
    path: Path, rows: Iterable[Sequence[Any]], mark: str = ",", encoding: str = "utf-8"
) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, **sheets: Iterable[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


PIP_HEADER = [
    "Nama",
    "Nama Jabatan",
    "Satuan Kerja",
    "Kualifikasi",
    "Kompetensi",
    "Kinerja",
    "Disiplin",
    "Total",
]


PIP_TITLES = (
    "",
    "PENILAIAN INDEKS PROFESIONALITAS ASN",
    "Pemerintah Kabupaten Banyuwangi",
    "Tahun 2024",
    "",
    "",
)


def pip(*people: Sequence[Any], titles: Sequence[str] | None = None) -> list[list[Any]]:
    """BKN's "PIP ASN" sheet: title rows, then the header (row 7 unless titles are given)."""
    above = PIP_TITLES if titles is None else titles
    return [*([text] for text in above), list(PIP_HEADER), *map(list, people)]


def read(path: Path, law: Instrument, **options: Any) -> pd.DataFrame:
    found = read_pegawai(path, law, key=KEY, **options)
    assert isinstance(found, pd.DataFrame)
    return found


def sorted_out(path: Path, law: Instrument, **options: Any) -> ReadResult:
    """Read with rows set aside, whatever their share."""
    options = {"max_rejected": 1.0, **options}
    found = read_pegawai(path, law, key=KEY, reject=True, **options)
    assert isinstance(found, ReadResult)
    assert found.n_rows == found.n_accepted + found.n_rejected
    assert (found.n_accepted, found.n_rejected) == (len(found.pegawai), len(found.rejected))
    assert list(found.problems) == list(PROBLEM_COLUMNS)
    return found


def rules(problems: pd.DataFrame | None, level: str = "galat") -> dict[tuple[str, str], str]:
    """Rows by column and rule."""
    assert problems is not None
    chosen = problems[problems["tingkat"] == level]
    return {(r.kolom, r.aturan): r.baris for r in chosen.itertuples()}


def id_of(number: int, month: str = "01") -> str:
    return hashlib.blake2b(nip(number, month).encode(), digest_size=16, key=KEY).hexdigest()


def people(tmp_path: Path, *rows: dict[str, Any], name: str = "data.xlsx") -> Path:
    return write_xlsx(tmp_path / name, Data=grid(rows))
