"""Made-up exports of SIASN. Every birth date lies in month 77: nobody was ever born there."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.keys import pseudonyms
from ipasn_lib.records.siasn.reading import SiasnResult, read_siasn

KEY = bytes(range(32))
MARK = "sintetis, uji"

Rows = Sequence[Mapping[str, Any]]


def nip(number: int, month: str = "01", sex: int = 1, year: int = 2010) -> str:
    return f"19857701{year}{month}{sex}{number:03d}"


def pns_id(number: int) -> str:
    return f"A8ACA7{number:026X}"


def id_of(number: int, **kind: Any) -> str:
    return pseudonyms([nip(number, **kind)], KEY)[0]


def orang(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of the nominatif: a PNS pelaksana with S-1; None takes a column out."""
    row = {
        "PNS ID": pns_id(number),
        "NIP BARU": "'" + nip(number),
        "NAMA": "Orang Contoh",
        "JENIS KELAMIN": "M",
        "STATUS CPNS PNS": "P",
        "KEDUDUKAN HUKUM ID": "01",
        "KEDUDUKAN HUKUM NAMA": "Aktif",
        "TMT CPNS": "01-01-2010",
        "GOL AKHIR NAMA": "III/a",
        "JENIS JABATAN ID": "4",
        "JABATAN NAMA": "Pengelola Data",
        "TINGKAT PENDIDIKAN ID": "40",
        "TINGKAT PENDIDIKAN NAMA": "S-1/Sarjana",
        "TAHUN LULUS": "2008",
        "UNOR NAMA": "Dinas Contoh",
        "INSTANSI KERJA NAMA": "Pemerintah Kab. Banyuwangi",
        "ESELON ID": "99",
        "SUMBER DATA": MARK,
        **changes,
    }
    return {k: v for k, v in row.items() if v is not None}


def _riwayat(number: int, row: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    full = {"idPns": pns_id(number), "nipBaru": nip(number), **row, **changes}
    return {k: v for k, v in full.items() if v is not None}


def didik(number: int = 1, kode: Any = "40", tahun: Any = "2008", **changes: Any) -> dict[str, Any]:
    row = {"tkPendidikanId": kode, "tkPendidikanNama": "", "tahunLulus": tahun, "tglLulus": ""}
    return _riwayat(number, row, changes)


def pim(number: int = 1, latihan: Any = "3", tanggal: Any = "01-06-2015", **changes: Any) -> dict:
    row = {"latihanStrukturalId": latihan, "latihanStrukturalNama": "", "tanggalSelesai": tanggal}
    return _riwayat(number, {**row, "tanggal": "", "tahun": ""}, changes)


def kursus(
    number: int = 1, jenis: Any = "3", jam: Any = "20", selesai: Any = "01-06-2021", **changes: Any
) -> dict[str, Any]:
    row = {
        "jenisDiklatId": jenis,
        "jenisKursusSertifikat": "",
        "jumlahJam": jam,
        "tahunKursus": "",
        "tanggalKursus": "",
        "tanggalSelesaiKursus": selesai,
    }
    return _riwayat(number, row, changes)


def skp(number: int = 1, nilai: Any = "80", tahun: Any = "2021", **changes: Any) -> dict[str, Any]:
    row = {"tahun": tahun, "nilaiSkp": "", "nilaiPrestasiKerja": nilai}
    return _riwayat(number, {**row, "jenisPeraturanKinerjaKd": ""}, changes)


def skp22(
    number: int = 1, hasil: Any = "2", perilaku: Any = "2", kuadran: Any = "", **changes: Any
) -> dict[str, Any]:
    row = {
        "tahun": "2022",
        "hasilKinerjaNilai": hasil,
        "perilakuKerjaNilai": perilaku,
        "kuadranKinerjaNilai": kuadran,
    }
    return _riwayat(number, row, changes)


def hukdis(
    number: int = 1, tingkat: Any = "R", tmt: Any = "01-06-2020", jenis: Any = "", **changes: Any
) -> dict[str, Any]:
    row = {
        "jenisHukuman": jenis,
        "jenisTingkatHukumanId": tingkat,
        "hukumanTanggal": tmt,
        "skTanggal": "",
        "skPembatalanNomor": "",
        "skPembatalanTanggal": "",
    }
    return _riwayat(number, row, changes)


def posisi(number: int = 1, eselon: Any = "31", tmt: Any = "01-01-2020", **changes: Any) -> dict:
    row = {"jenisJabatan": "1", "eselonId": eselon, "tmtJabatan": tmt, "namaJabatan": "Camat"}
    return _riwayat(number, row, changes)


STRANGER = 900
"""A person who is in no nominatif, so that a history can be there and say nothing."""

EMPTY: Mapping[str, Rows] = {
    "pendidikan": [didik(STRANGER)],
    "diklat": [pim(STRANGER)],
    "kursus": [kursus(STRANGER)],
    "skp": [skp(STRANGER)],
    "hukdis": [hukdis(STRANGER)],
}


def write(path: Path, rows: Rows) -> Path:
    """Write rows as csv, json, parquet or xlsx by the name of the file."""
    names = list(dict.fromkeys(k for row in rows for k in row))
    grid = [names, *([row.get(n, "") for n in names] for row in rows)]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows(grid)
    elif path.suffix == ".json":
        path.write_text(json.dumps({"data": list(rows)}, default=str), encoding="utf-8")
    elif path.suffix == ".parquet":
        pd.DataFrame(list(rows)).astype("str").to_parquet(path)
    else:
        book = openpyxl.Workbook()
        for row in grid:
            book.active.append(row)
        book.save(path)
    return path


def place(tmp_path: Path, people: Rows, fmt: str = "csv", **histories: Rows | None) -> Path:
    """Write a folder of Banyuwangi; a history set to None is left out."""
    folder = tmp_path / "3510-contoh"
    folder.mkdir(exist_ok=True)
    for name, rows in {"nominatif": people, **EMPTY, **histories}.items():
        if rows:
            write(folder / f"{name}.{fmt}", rows)
    return folder


def read(
    folder: Path,
    law: Instrument | None = None,
    tahun: int = 2022,
    **options: Any,
) -> SiasnResult:
    options = {"max_rejected": 1.0, "key": KEY, **options}
    return read_siasn(folder, law or load_instrument(2022), tahun, **options)


def one(folder: Path, law: Instrument | None = None, **options: Any) -> pd.Series:
    """The only person of a folder, who must have been accepted."""
    got = read(folder, law, **options)
    assert (got.n_rows, got.n_rejected) == (1, 0), got.problems.to_string()
    return got.pegawai.iloc[0]


def rules(problems: pd.DataFrame, level: str = "galat") -> set[tuple[str, str]]:
    chosen = problems.loc[problems["tingkat"] == level]
    return set(zip(chosen["kolom"], chosen["aturan"], strict=True))
