"""Pseudonyms and their key: the same person by the same key, and no key lost or shown."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import pytest
from records_files import KEY, nip

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.keys import KEY_VARIABLE, key_mark, load_key, pseudonyms

GOOD = nip(1)


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


def test_the_mark_of_a_key_tells_keys_apart_and_makes_none(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key_mark() == ""
    assert not config.exists()
    load_key()
    first = key_mark()
    assert first == key_mark() != ""
    monkeypatch.setenv(KEY_VARIABLE, KEY.hex())
    assert key_mark() not in ("", first)
    assert key_mark() not in KEY.hex()
