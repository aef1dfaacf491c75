"""The part of an instrument that leads from a personnel system's rows to its columns."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law import loading
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.law.turunan import Window

FILE = loading.FOLDER / "2019.toml"


@pytest.fixture
def altered(tmp_path):
    def write(old: str, new: str) -> Path:
        text = FILE.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must stand once"
        path = tmp_path / "berubah.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('42 = "Profesi"', '42 = "Profsi"', "kode_baru.42: 'Profsi' is not known"),
        ('cara = "tertinggi"', 'cara = "teratas"', "cara 'teratas'; known: tertinggi"),
        ('urutan = ["SD", ', 'urutan = ["SD", "SD", ', "'urutan' must list texts, each once"),
        ('4 = "pelaksana"\n', '4 = "staf"\n', "jenis.4: 'staf' is not known"),
        ("31 = 3", "31 = 0", "eselon.31: expected a level"),
        ('T = "teknis"', 'T = "kursus"', "sertifikat.T: 'kursus' is not known"),
        ("berlaku = true", 'berlaku = "ya"', "'berlaku' is str"),
        ("berlaku = true", "berlaku = true\nlain = 1", "unknown key 'lain'"),
        ('cpns = "diukur"\nsumber', 'cpns = "entah"\nsumber', "cpns 'entah'; known: diukur"),
        ('[50, "4"], [70, "3"]', '[70, "4"], [50, "3"]', "lower edges must rise"),
        ('1-1 = "1"', '1-1 = "9"', "matriks.1-1: '9' is not known"),
        ('1-1 = "1"', '11 = "1"', "keys are written as '1-2'"),
        ('B = "berat"', 'B = "mati"', "tingkat.B: 'mati' is not known"),
        ('kolom = "seminar"\npangkal', 'kolom = "usia"\npangkal', "kolom 'usia'; known"),
        ('sumber = ["kudus", "kebumen-2020"]', 'sumber = ["angin"]', "source angin is not"),
    ],
)
def test_a_derivation_that_is_not_whole_is_refused(altered, old, new, words):
    with pytest.raises(InstrumentError, match=re.escape(words)):
        load_instrument(altered(old, new))


def test_who_has_none_says_so():
    assert load_instrument(2024).turunan is None
    assert load_instrument(2022).as_given().turunan is None
    assert load_instrument(2022).turunan is not None


@pytest.mark.parametrize(
    ("window", "years", "first", "last"),
    [
        # Kebumen 2020, measured in the middle of 2020: technical from 2019, seminar from 2018
        (Window("tahun_data", "tanggal_isian"), 1, "2019-01-01", "2020-06-15"),
        (Window("tahun_data", "tanggal_isian"), 2, "2018-01-01", "2020-06-15"),
        (Window("tahun_data", "akhir_tahun_data"), 1, "2019-01-01", "2019-12-31"),
        # Balangan: the current and four previous calendar years
        (Window("tahun_ukur", "tanggal_isian"), 5, "2016-01-01", "2020-06-15"),
    ],
)
def test_windows(window, years, first, last):
    got = window.dates(2020, years, dt.date(2020, 6, 15))
    assert [day.isoformat() for day in got] == [first, last]


def test_every_choice_of_a_derivation_loads_and_shows_in_the_id():
    law = load_instrument(2022)
    for key, reading in law.tafsir.items():
        for name, choice in reading.pilihan.items():
            if any(path.startswith("turunan.") for path in choice.ubah):
                other = load_instrument(2022, {key: name})
                assert other.id == f"ip-asn-2019+{key}={name}"
                assert other.turunan != law.turunan
