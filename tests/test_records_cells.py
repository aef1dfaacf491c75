"""Cells to numbers, yes and no, categories: both sides of every quirk."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.records.cells import as_category, as_number, as_text, as_yes_no, latest_date
from ipasn_lib.records.vocabulary import VARIANTS, plain_heading, spell

JENJANG = ("SD", "SLTP", "SLTA", "D1", "D2", "D3", "D4", "S1", "Profesi", "S2", "S3")


def cells(*values: object) -> pd.Series:
    return pd.Series(list(values), dtype="object")


def numbers(*values: object, high: float = 100.0) -> tuple[list[float], list[str]]:
    read, findings = as_number(cells(*values), "nilai_kinerja", 0, high)
    return read.tolist(), [f.aturan for f in findings]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (("36,5", "40"), [36.5, 40.0]),
        (("36.5", "40"), [36.5, 40.0]),
        ((36.5, 40), [36.5, 40.0]),
        ((" 36,5 ", "4\u00a00"), [36.5, 40.0]),
        (("0,125", "0,5"), [0.125, 0.5]),
        # the comma of the second cell settles what the dot of the first means, and so on
        (("1.234", "36,5"), [1234.0, 36.5]),
        (("1,234", "36.5"), [1234.0, 36.5]),
        (("1,234", "36,5"), [1.234, 36.5]),
        (("1.234", "36.5"), [1.234, 36.5]),
        (("1.234,5", "2"), [1234.5, 2.0]),
        (("1,234.5", "2"), [1234.5, 2.0]),
        (("1.234.567", "1,234"), [1234567.0, 1.234]),
        # a number cell speaks for itself and says nothing of how texts are written
        ((36.5, "36,5"), [36.5, 36.5]),
    ],
)
def test_decimal_marks_that_can_be_told(written: tuple[object, ...], meant: list[float]) -> None:
    assert numbers(*written, high=2e6) == (meant, [])


@pytest.mark.parametrize(
    "written", [("1,234",), ("1.234", "7"), ("36,5", "36.5"), ("1.234", "1,234")]
)
def test_ambiguous_decimal_marks_are_refused(written: tuple[str, ...]) -> None:
    read, rules = numbers(*written, high=2000)
    assert rules == ["angka_rancu"]
    assert all(np.isnan(v) for v, w in zip(read, written, strict=True) if w != "7")


@pytest.mark.parametrize(
    "written",
    ["abc", "1e3", "nan", "inf", "12 Mei", True, dt.date(2024, 5, 12), "1,2,3", "#N/A", "٣٤"],
)
def test_what_is_no_number(written: object) -> None:
    read, rules = numbers(written, 5)
    assert rules == ["bukan_angka"]
    assert np.isnan(read[0])
    assert read[1] == 5.0


def test_range_has_both_edges_in() -> None:
    read, rules = numbers(0, 100, "100,01", -1)
    assert read[:2] == [0.0, 100.0]
    assert np.isnan(read[2:]).all()
    assert rules == ["di_luar_rentang"]


@pytest.mark.parametrize("blank", ["", " ", "-", "–", None, "NULL"])
def test_blank_number_is_missing_and_no_problem(blank: object) -> None:
    read, rules = numbers(blank, 5)
    assert np.isnan(read[0])
    assert rules == []


def test_infinity_in_a_typed_column_is_out_of_range() -> None:
    read, findings = as_number(pd.Series([np.inf, 5.0]), "jp_diklat_teknis", 0, 2000)
    assert [f.aturan for f in findings] == ["di_luar_rentang"]
    assert np.isnan(read[0])


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("Ya", "Tidak"),
        ("Y", "T"),
        ("sudah", "BELUM"),
        ("Ada", "tidak ada"),
        (1, 0),
        ("1", "0"),
        (True, False),
        ("TRUE", "false"),
        ("v", "-"),
        ("✓", "x"),
        ("V", "X"),
        (1.0, 0.0),
        ("pernah", "Tidak  Pernah"),
        ("ya ", "tidak_pernah"),
    ],
)
def test_yes_and_no(yes: object, no: object) -> None:
    read, findings = as_yes_no(cells(yes, no, ""), "seminar")
    assert findings == []
    assert read.tolist() == [True, False, pd.NA]


def test_x_without_a_tick_may_be_the_tick() -> None:
    read, findings = as_yes_no(cells("x", "", "x"), "seminar")
    assert [f.aturan for f in findings] == ["tanda_rancu"]
    assert read.isna().all()


@pytest.mark.parametrize("written", ["mungkin", 2, "f", "ok"])
def test_what_is_neither_yes_nor_no(written: object) -> None:
    read, findings = as_yes_no(cells(written, "ya"), "seminar")
    assert [(f.aturan, f.posisi.tolist()) for f in findings if f.posisi is not None] == [
        ("bukan_ya_tidak", [0])
    ]
    assert read.tolist() == [pd.NA, True]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("S-1", "S1"),
        ("s1", "S1"),
        ("S 1", "S1"),
        ("S1/Sarjana", "S1"),
        ("S-1/Sarjana", "S1"),
        ("D-IV", "D4"),
        ("D.IV", "D4"),
        ("D-III", "D3"),
        ("Diploma III/Sarjana Muda", "D3"),
        ("SMA", "SLTA"),
        ("SMK", "SLTA"),
        ("SMA/SMK", "SLTA"),
        ("SLTA Kejuruan", "SLTA"),
        ("SMP", "SLTP"),
        ("SD", "SD"),
        ("Sekolah Dasar", "SD"),
        ("S-3/Doktor", "S3"),
    ],
)
def test_education_spellings(written: str, meant: str) -> None:
    read, findings = as_category(cells(written), "j", JENJANG, VARIANTS["jenjang_pendidikan"])
    assert list(read) == [meant]
    assert findings == []


# S-1/D-IV names two categories; 05 and 10 mean different things in SIASN's two codings
@pytest.mark.parametrize("written", ["S-1/D-IV", "D-I/D-II", "05", 10, "S1 Teknik", "Pascasarjana"])
def test_education_that_is_not_guessed(written: object) -> None:
    read, findings = as_category(cells(written), "j", JENJANG, VARIANTS["jenjang_pendidikan"])
    assert [f.aturan for f in findings] == ["di_luar_pilihan"]
    assert str(written) not in findings[0].harapan.split(", ")
    assert read.codes.tolist() == [-1]


def test_a_spelling_of_a_category_the_instrument_lacks_is_refused() -> None:
    _, findings = as_category(cells("SMA"), "j", ("S1", "S2"), VARIANTS["jenjang_pendidikan"])
    assert [f.aturan for f in findings] == ["di_luar_pilihan"]


@pytest.mark.parametrize("written", ["JPT", "Pengawas", "Administrator", "Guru"])
def test_job_groups_are_not_guessed_from_posts(written: str) -> None:
    groups = ("struktural", "fungsional", "pelaksana")
    _, findings = as_category(cells(written), "k", groups, VARIANTS["kelompok_jabatan"])
    assert [f.aturan for f in findings] == ["di_luar_pilihan"]


def test_variants_are_written_as_spell_writes() -> None:
    for table in VARIANTS.values():
        assert [key for key in table if key != spell(key)] == []


def test_text_has_single_spaces_and_whole_numbers() -> None:
    read = as_text(cells(" Dinas\u00a0 Contoh ", 12.0, "", None, 1.5))
    assert read.fillna("<kosong>").tolist() == ["Dinas Contoh", "12", "<kosong>", "<kosong>", "1.5"]


@pytest.mark.parametrize(
    "written", ["NILAI_KINERJA", " Nilai\u00a0kinerja ", "nilai  kinerja*", "Nilai Kinerja (0-100)"]
)
def test_headings_are_one(written: str) -> None:
    assert plain_heading(written) == "nilai kinerja"


def test_latest_date() -> None:
    dates = cells(
        "2024-12-30 08:00:00", "31-12-2024", dt.datetime(2024, 1, 1, 5), "kapan-kapan", ""
    )
    assert latest_date(dates) == dt.date(2024, 12, 31)
    assert latest_date(cells("x", "")) is None
