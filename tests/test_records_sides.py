"""Two sides of a comparison: which are compared, and the reason where they are not."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import CLEAN, people

from ipasn_lib.analysis.improve import default_steps
from ipasn_lib.analysis.movers import split_rule_change
from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.pipeline import prepare
from ipasn_lib.records.costs import read_costs
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.sides import (
    crossed_year,
    earlier_year,
    other_place,
    why_hidden,
    years_beside,
)

SIZES = {"3503": 80, "3504": 100, "3505": 120}


def make(root, tahun, sizes, prefix=""):
    data = root / f"masukan{tahun}"
    data.mkdir()
    for kode, count in sizes.items():
        table = people(*[{}] * count, base={**CLEAN, "kode_kabkota": kode, "tahun": tahun})
        names = [f"{prefix}{kode}{i:027x}" for i in range(count)]
        table.index = pd.Index(names, name="id_pegawai")
        table.reset_index().to_parquet(data / f"{kode}.parquet")
    return prepare(data, tahun, root / "siap" / str(tahun))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Two years in which all places are hidden: one has nine people, the others guard it."""
    root = tmp_path_factory.mktemp("kecil")
    make(root, 2021, {"3505": 120, "3510": 9})
    return make(root, 2022, {"3505": 120, "3510": 9})


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    root = tmp_path_factory.mktemp("sisi")
    make(root, 2020, {k: v for k, v in SIZES.items() if k != "3503"})
    make(root, 2021, SIZES, prefix="x")
    return make(root, 2022, SIZES)


def test_years_of_one_folder_are_found(years):
    found = years_beside(years)
    assert list(found) == [2020, 2021, 2022]
    assert found[2020].tahun == 2020
    assert list(years_beside(open_prepared(None, 2022))) == [2021, 2022, 2024]


def test_a_year_not_named_by_its_folder_stands_alone(tmp_path):
    data = tmp_path / "masukan"
    data.mkdir()
    table = people(*[{}] * 12, base={**CLEAN, "kode_kabkota": "3501"})
    table.reset_index().to_parquet(data / "a.parquet")
    (tmp_path / "2021").mkdir()
    siap = prepare(data, 2022, tmp_path / "siap")
    assert list(years_beside(siap)) == [2022]


@pytest.mark.parametrize(
    ("tahun", "kode", "reason", "of_people"),
    [
        (2020, "3505", "", ""),
        (2021, "3505", "", "orang_tidak_cocok"),  # pseudonymised with another key
        (2019, "3505", "tahun_tidak_ada", "tahun_tidak_ada"),
        (2020, "3503", "daerah_tidak_ada", "daerah_tidak_ada"),
    ],
)
def test_reasons_of_years(years, tahun, kode, reason, of_people):
    found = earlier_year(years, tahun, kode)
    assert (found.alasan, found.alasan_orang) == (reason, of_people)
    assert found.awal.empty == found.akhir.empty == bool(reason)


def test_another_instrument_is_not_compared():
    # the sample holds 2022 under the instrument of 2019 and 2024 under that of 2023
    assert earlier_year(open_prepared(None, 2024), 2022, "3510").alasan == "instrumen_lain"
    assert earlier_year(open_prepared(None, 2022), 2021, "3510").alasan == ""


def test_a_year_must_be_earlier(years):
    with pytest.raises(ParameterError, match="not before 2022"):
        earlier_year(years, 2022, "3505")


@pytest.mark.parametrize(
    ("kode", "banding", "reason"),
    [
        ("3505", "3504", ""),
        ("3505", "", "tanpa_pembanding"),
        ("3505", "3505", "pembanding_sama"),
        ("3505", "3571", "pembanding_tidak_ada"),
    ],
)
def test_reasons_of_places(years, kode, banding, reason):
    found = other_place(years, kode, banding)
    assert found.alasan == reason
    assert found.awal.empty == bool(reason)
    if not reason:
        assert set(found.awal["kode_kabkota"]) == {banding}
        assert set(found.akhir["kode_kabkota"]) == {kode}


def test_a_hidden_place_is_told_and_not_compared(years, small):
    assert why_hidden(years, "3505") == ""
    assert why_hidden(small, "3510") == "tersembunyi"
    assert earlier_year(small, 2021, "3510").alasan == "tersembunyi"
    assert other_place(small, "3510", "3505").alasan == "pembanding_tersembunyi"
    assert other_place(small, "3505", "3510").akhir.empty


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """2021 as printed, 2022 with hours in proportion; and 2021 once more by the rules of 2022."""
    root = tmp_path_factory.mktemp("aturan")
    new = {"jp_diklat_teknis": "proporsional"}
    for tahun in (2021, 2022):
        data = root / f"masukan{tahun}"
        data.mkdir()
        base = {**CLEAN, "kode_kabkota": "3505", "tahun": tahun, "jp_diklat_teknis": 10.0}
        table = people(*[{}] * 40, base=base)
        table.index = pd.Index([f"{i:032x}" for i in range(40)], name="id_pegawai")
        table.reset_index().to_parquet(data / "a.parquet")
    prepare(root / "masukan2021", 2021, root / "siap" / "2021")
    siap = prepare(root / "masukan2022", 2022, root / "siap" / "2022", readings=new)
    prepare(root / "masukan2021", 2021, root / "silang", readings=new)
    return siap, root


def test_a_year_prepared_by_the_other_years_rules_tells_the_rules_apart(rules):
    siap, root = rules
    got = crossed_year(siap, 2021, "3505", root / "silang")
    assert got.alasan == ""
    assert got.akhir_lama is None
    split = split_rule_change(got.awal_lama, got.akhir_baru, got.awal_baru, got.akhir_lama)
    # ten hours of twenty are nothing as printed and half of 15 points in proportion
    assert split["aturan"] == pytest.approx(7.5)
    assert split["nyata"] == pytest.approx(0.0)


def test_reasons_why_rules_are_not_told_apart(rules, years):
    siap, root = rules
    assert crossed_year(siap, 2021, "3505").alasan == "tanpa_silang"
    assert crossed_year(siap, 2019, "3505").alasan == "tahun_tidak_ada"
    assert crossed_year(siap, 2021, "3505", root / "siap" / "2021").alasan == "silang_tidak_cocok"
    assert crossed_year(siap, 2021, "3505", root / "kosong").alasan == "silang_tidak_cocok"
    assert crossed_year(years, 2020, "3505", root / "silang").alasan == "aturan_sama"
    assert crossed_year(years, 2020, "3505", root / "silang").awal_lama.empty


# --- own costs -----------------------------------------------------------------------------------

STEPS = default_steps(load_instrument(2022))


def written(tmp_path, *lines):
    path = tmp_path / "biaya.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_own_figures_replace_assumptions_and_say_so(tmp_path):
    path = written(
        tmp_path,
        "langkah;biaya;kapasitas;dasar",
        "seminar;250000;;DPA 2025",
        "diklat_teknis;;0;",
    )
    got = read_costs(path, STEPS)
    assert got.loc["seminar", "biaya"] == 250_000
    assert got.loc["seminar", "kapasitas"] is pd.NA
    assert got.loc["seminar", "dasar"] == "DPA 2025"
    assert got.loc["diklat_teknis", "kapasitas"] == 0
    assert got.loc["diklat_teknis", "biaya"] == STEPS.loc["diklat_teknis", "biaya"]
    assert got.loc["diklat_teknis", "dasar"] == "biaya.csv"
    rest = STEPS.index.drop(["seminar", "diklat_teknis"])
    pd.testing.assert_frame_equal(got.loc[rest], STEPS.loc[rest])
    assert STEPS.loc["seminar", "dasar"] == "asumsi"  # what was handed over is not changed


def test_no_file_changes_nothing():
    assert read_costs("", STEPS) is STEPS


@pytest.mark.parametrize(
    ("lines", "error", "words"),
    [
        (("langkah;biaya", "senam;5"), ParameterError, "senam; known"),
        (("langkah;harga;biaya", "seminar;5;5"), ParameterError, "harga; known"),
        (("langkah;biaya", "seminar;5", "seminar;6"), ParameterError, "repeated"),
        (("langkah;biaya", "seminar;-5"), DataError, "costs"),
        (("langkah;bulan", "seminar;1,5"), DataError, "costs"),
        (("langkah;biaya", "seminar;murah"), DataError, "costs"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, lines, error, words):
    with pytest.raises(error, match=words):
        read_costs(written(tmp_path, *lines), STEPS)


def test_a_place_hidden_in_one_of_the_years_is_not_compared(tmp_path):
    # 3505 is hidden in 2021 only, for the nine people of 3510: the movers into or out of that
    # year would tell its number, and with it the nine
    built = {
        tahun: make(tmp_path, tahun, {"3504": 200, "3505": 120, "3510": count})
        for tahun, count in ((2020, 12), (2021, 9), (2022, 12))
    }
    assert {t: why_hidden(siap, "3505") for t, siap in built.items()} == {
        2020: "",
        2021: "tersembunyi",
        2022: "",
    }
    assert earlier_year(built[2022], 2021, "3505").alasan == "tersembunyi"
    assert earlier_year(built[2021], 2020, "3505").alasan == "tersembunyi"
    assert earlier_year(built[2022], 2020, "3505").alasan == ""
    assert earlier_year(built[2021], 2020, "3504").alasan == ""
