"""Which kabupaten/kota a file and its rows belong to."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.place import FilePlace, check_code, place_of_file, place_of_rows


def told(name: str, titles: tuple[str, ...] = (), kode: str | None = None) -> str | None:
    place = place_of_file(Path("/data") / name, titles, kode)
    return place.masalah[0].aturan if place.masalah else place.kode


@pytest.mark.parametrize(
    ("name", "kode"),
    [
        ("3510_ipasn.xlsx", "3510"),
        ("3510-kab-banyuwangi/data.csv", "3510"),
        ("3510-kab-banyuwangi/3510.csv", "3510"),
        # a year, a BKN agency code, a longer number, a code that is not at the beginning
        ("2024_ipasn.csv", None),
        ("6571_ipasn.csv", None),
        ("35101_ipasn.csv", None),
        ("ipasn_3510.csv", None),
        ("kota-kediri.csv", None),
        ("3571-kota-kediri/3506_data.csv", "daerah_bertentangan"),
    ],
)
def test_names_of_file_and_folder(name: str, kode: str | None) -> None:
    assert told(name) == kode


@pytest.mark.parametrize(
    ("title", "kode"),
    [
        ("Pemerintah Kabupaten Banyuwangi", "3510"),
        ("PEMERINTAH  KABUPATEN\u00a0BANYUWANGI", "3510"),
        ("BKPSDM Kab. Banyuwangi", "3510"),
        ("Pemkab Kediri", "3506"),
        ("Pemerintah Kota Kediri", "3571"),
        ("KOTA BATU", "3579"),
        ("Pemerintah Kabupaten Malang Provinsi Jawa Timur", "3507"),
        # a bare name, a kind that the place is not, a longer word
        ("Banyuwangi", None),
        ("Badan Kepegawaian Negara Kanreg II Surabaya", None),
        ("Pemerintah Kabupaten Batu", None),
        ("Kota Malangan", None),
    ],
)
def test_titles(title: str, kode: str | None) -> None:
    assert told("data.xlsx", (title,)) == kode


def test_the_government_counts_before_other_places_in_the_titles() -> None:
    titles = ("Pemerintah Kabupaten Kediri", "Dinas Contoh, Kota Kediri")
    assert told("data.xlsx", titles) == "3506"
    assert told("data.xlsx", ("Kab. Kediri dan Kota Kediri",)) == "daerah_rancu"
    assert told("data.xlsx", ("Kab. Kediri dan Kota Kediri",), "3571") == "3571"


def test_contradicting_sources() -> None:
    assert told("3510_x.csv", (), "3510") == "3510"
    assert told("3510_x.csv", (), "3511") == "daerah_bertentangan"
    assert told("3506_x.csv", ("Pemerintah Kota Kediri",)) == "daerah_bertentangan"


def rows(
    kode: list[object] | None = None, instansi: list[object] | None = None, file: str | None = None
) -> tuple[list[str | None], dict[str, list[int]]]:
    size = len(kode or instansi or [])
    read, findings = place_of_rows(
        None if kode is None else pd.Series(kode, dtype="object"),
        None if instansi is None else pd.Series(instansi, dtype="object"),
        FilePlace(file),
        size,
    )
    found = {f"{f.tingkat}:{f.aturan}": f.posisi.tolist() for f in findings if f.posisi is not None}
    return [None if pd.isna(v) else v for v in read], found


def test_codes_in_a_column() -> None:
    written: list[object] = ["3510", "35.10", 3510, 3510.0, " 3571 ", 35.07]
    assert rows(written)[0] == ["3510", "3510", "3510", "3510", "3571", "3507"]
    assert rows(written)[1] == {}


@pytest.mark.parametrize("written", ["6571", 35.1, "35.1", "35,10", "3580", "Banyuwangi", 3510.5])
def test_codes_that_are_not_guessed(written: object) -> None:
    assert rows([written, "3510"]) == ([None, "3510"], {"galat:kode_tidak_dikenal": [0]})


def test_blank_code_takes_the_file_s_place_or_is_refused() -> None:
    assert rows(["", "3510"], file="3510") == (["3510", "3510"], {})
    assert rows(["", "3510"]) == ([None, "3510"], {"galat:kosong": [0]})


def test_rows_of_another_place() -> None:
    assert rows(["3511", "3510"], file="3510")[1] == {"galat:daerah_lain": [0]}
    assert rows(["3510"], instansi=["Pemkab Jember"])[1] == {"galat:daerah_lain": [0]}


@pytest.mark.parametrize(
    ("written", "kode"),
    [
        ("Pemerintah Kota Kediri", "3571"),
        ("Kab. Kediri", "3506"),
        ("Banyuwangi", "3510"),
        ("6571", "3578"),
        (6571, "3578"),
    ],
)
def test_agency_column(written: object, kode: str) -> None:
    assert rows(instansi=[written]) == ([kode], {})


# 3571 is Kota Kediri for BPS and nobody for BKN, whose codes stand in an agency column
@pytest.mark.parametrize("written", ["Kediri", "Malang", "Dinas Kesehatan", "3571"])
def test_agency_that_is_not_guessed(written: str) -> None:
    assert rows(instansi=[written]) == ([None], {"galat:instansi_tidak_dikenal": [0]})
    assert rows(instansi=[written], file="3510") == (
        ["3510"],
        {"peringatan:instansi_tidak_dikenal": [0]},
    )


def test_code_of_the_caller() -> None:
    assert check_code("35.10") == check_code("3510") == "3510"
    for wrong in ("6571", "3580", "Banyuwangi", "35", ""):
        with pytest.raises(ParameterError, match="BPS code"):
            check_code(wrong)
