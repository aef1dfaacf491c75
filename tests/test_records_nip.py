"""NIP: cleaning, damage, what its digits say, and the keyed pseudonym."""

from __future__ import annotations

import pandas as pd
import pytest
from records_files import nip

from ipasn_lib.records.nip import check_nip, clean_nip, jenis_from_nip

GOOD = nip(1)
JENIS = ["PNS", "PPPK"]


def cleaned(*values: object) -> tuple[list[object], dict[str, list[int]]]:
    read, findings = clean_nip(pd.Series(list(values), dtype="object"))
    found = {f.aturan: f.posisi.tolist() for f in findings if f.posisi is not None}
    return [None if pd.isna(v) else v for v in read], found


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        f"'{GOOD}",
        f" {GOOD}\u00a0",
        "19857701 201001 1 001",
        "19857701.201001.1.001",
        f"’{GOOD}",
        f"\ufeff{GOOD}",
        int(GOOD),
    ],
)
def test_clean(written: object) -> None:
    assert cleaned(written) == ([GOOD], {})


@pytest.mark.parametrize(
    "written", [1.98577012010011e17, "1.98577E+17", "1,98577E+17", f"{GOOD}.0"]
)
def test_stored_as_a_number_is_damaged_and_never_mended(written: object) -> None:
    assert cleaned(written, GOOD) == ([None, GOOD], {"nip_rusak": [0]})


@pytest.mark.parametrize("written", [GOOD[:17], GOOD + "1", GOOD[:17] + "x", 12345.0, "tidak ada"])
def test_wrong_length(written: object) -> None:
    assert cleaned(written, GOOD) == ([None, GOOD], {"nip_panjang": [0]})


@pytest.mark.parametrize("written", ["", None, " ", "-"])
def test_blank(written: object) -> None:
    assert cleaned(written, GOOD) == ([None, GOOD], {"nip_kosong": [0]})


def test_a_column_that_lost_its_last_digits_shows_zeros() -> None:
    assert cleaned(nip(0), nip(0, "02"))[1] == {"nip_rusak": [0, 1]}
    # one such NIP among others is odd, but whole
    assert cleaned(nip(0), GOOD) == ([nip(0), GOOD], {})


def test_typed_columns() -> None:
    whole = clean_nip(pd.Series([int(GOOD)], dtype="int64"))
    assert (whole[0].tolist(), whole[1]) == ([GOOD], [])
    floats = clean_nip(pd.Series([float(GOOD), None]))
    assert [f.aturan for f in floats[1]] == ["nip_kosong", "nip_rusak"]


def warned(value: str, jenis: str | None = None, kelamin: str | None = None) -> set[str]:
    findings = check_nip(
        pd.Series([value], dtype="str"),
        pd.Categorical([jenis], categories=JENIS),
        pd.Categorical([kelamin], categories=["L", "P"]),
    )
    assert {f.tingkat for f in findings} <= {"peringatan"}
    return {f.aturan for f in findings}


# Digit by digit (Peraturan Kepala BKN 22/2007); the valid dates go with a sex no one has.
@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ("198502302010013001", {"nip_tanggal_lahir", "nip_kelamin"}),  # 30 February
        ("198502282010013001", {"nip_kelamin"}),
        ("198502282010133001", {"nip_kelamin", "nip_pengangkatan"}),  # 13: no month, no contract
        ("198502282010213001", {"nip_kelamin"}),  # 21: a contract
        ("198502282010013000", {"nip_kelamin", "nip_urutan"}),
        ("198577012010011001", {"nip_tanggal_lahir"}),
    ],
)
def test_impossible_parts_are_warnings(value: str, rules: set[str]) -> None:
    assert warned(value) == rules


def test_contradicting_columns_are_warnings() -> None:
    base = {"nip_tanggal_lahir"}
    assert warned(nip(1, "01"), "PNS", "L") == base
    assert warned(nip(1, "21"), "PNS", "L") == base | {"nip_beda_jenis_asn"}
    assert warned(nip(1, "01"), "PPPK", "P") == base | {"nip_beda_jenis_asn", "nip_beda_kelamin"}


def test_kind_of_asn_by_digits_13_14() -> None:
    nips = [nip(1, m) for m in ("00", "01", "12", "13", "20", "21", "99")]
    read = jenis_from_nip(pd.Series([*nips, None], dtype="str"))
    assert [None if pd.isna(v) else v for v in read] == [
        *(None, "PNS", "PNS", None, None, "PPPK", "PPPK", None)
    ]
