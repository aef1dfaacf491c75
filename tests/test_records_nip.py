"""NIP: cleaning, damage, what its digits say, and the keyed pseudonym."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import pandas as pd
import pytest
from records_files import KEY, nip

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.nip import (
    KEY_VARIABLE,
    check_nip,
    clean_nip,
    jenis_from_nip,
    load_key,
    pseudonyms,
)

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


def test_pseudonym_is_keyed_blake2b_of_128_bits() -> None:
    expected = hashlib.blake2b(GOOD.encode(), digest_size=16, key=KEY).hexdigest()
    assert pseudonyms([GOOD, nip(2)], KEY) == [expected, pseudonyms([nip(2)], KEY)[0]]
    assert pseudonyms([GOOD], KEY[::-1]) != [expected]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "ipasn" / "kunci"


def test_key_file_is_made_once_and_private(config: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        first = load_key()
    assert "Keep a copy" in caplog.text
    assert first.hex() not in caplog.text
    assert config.stat().st_mode & 0o777 == 0o600
    assert len(first) == 32
    caplog.clear()
    assert load_key() == first
    assert caplog.text == ""
    assert [p.name for p in config.parent.iterdir()] == ["kunci"]


def test_key_file_open_to_others_is_refused(config: Path) -> None:
    load_key()
    config.chmod(0o640)
    with pytest.raises(ParameterError, match="chmod 600"):
        load_key()


def test_key_file_in_a_checkout_is_refused(config: Path) -> None:
    config.parent.mkdir(parents=True)
    (config.parents[2] / ".git").mkdir()
    with pytest.raises(ParameterError, match="git checkout"):
        load_key()
    assert not config.exists()


def test_key_by_environment_goes_before_the_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY.hex())
    assert load_key() == KEY
    assert load_key(b"x" * 16) == b"x" * 16
    assert not config.exists()


@pytest.mark.parametrize("text", ["rahasia", "", "abcd", "00" * 65])
def test_bad_key_is_refused_without_being_shown(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, text)
    with pytest.raises(ParameterError) as error:
        load_key()
    assert not text or text not in str(error.value)
