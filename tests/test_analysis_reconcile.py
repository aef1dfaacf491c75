"""Published tables against themselves: Kota Bima's printed error, Banjar's clean line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.analysis.reconcile import reconcile
from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.figures.tables_quality import finding_table, guess_table
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.published import read_published

PUBLISHED = Path(__file__).resolve().parents[1] / "data" / "published" / "ipasn_published.csv"
LAW = load_instrument(2023)
COLUMNS = ["jenis_asn", "n_terukur", "kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"]


def page(*rows: tuple[object, ...], **more: list[object]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(instansi="Kota X", tahun=2023, **more)


BIMA = (
    ("PNS", 3252, 21.19, 26.00, 25.75, 5.0, 78.41),
    ("PPPK", 171, 24.82, 20.20, 25.15, 5.0, 75.18),
    ("ASN", 3423, 21.37, 26.16, 25.72, 5.0, 78.25),
)


def outcome(found: pd.DataFrame, baris: int, pemeriksaan: str, kolom: str) -> str:
    rows = found.loc[
        (found["baris"] == baris)
        & (found["pemeriksaan"] == pemeriksaan)
        & (found["kolom"] == kolom)
    ]
    assert len(rows) == 1
    return str(rows["hasil"].iloc[0])


def test_kota_bima_prints_26_where_26_47_was_meant():
    read = read_published(PUBLISHED)
    assert read.desimal == 2
    assert read.problems.empty
    found = reconcile(read.tabel, LAW, desimal=read.desimal)
    wrong = found.pemeriksaan.loc[found.pemeriksaan["hasil"] == "tidak sesuai"]
    # lines 2 and 4 of the file: PNS 2023 does not add up, ASN 2023 is not its parts' mean
    assert list(zip(wrong["baris"], wrong["pemeriksaan"], wrong["kolom"], strict=True)) == [
        (2, "jumlah_dimensi", "indeks"),
        (4, "gabungan", "kompetensi"),
    ]
    # 21.19 + 26 + 25.75 + 5 = 77.94, printed 78.41
    np.testing.assert_allclose(wrong["dihitung"].iloc[0], 77.94)
    np.testing.assert_allclose(wrong["selisih"].iloc[0], 0.47)
    assert len(found.dugaan) == 1
    guess = found.dugaan.iloc[0]
    assert (guess["baris"], guess["kolom"], guess["tercetak"]) == (2, "kompetensi", 26.0)
    # (3423 * 26.155 - 171 * 20.205) / 3252 = 26.46787; (3423 * 26.165 - 171 * 20.195) / 3252 =
    # 26.47892; the line's own sum allows 78.405 - 21.195 - 25.755 - 5 = 26.455 up to
    # 78.415 - 21.185 - 25.745 - 4.995 = 26.49, which is wider
    np.testing.assert_allclose(guess["bawah"], (3423 * 26.155 - 171 * 20.205) / 3252)
    np.testing.assert_allclose(guess["atas"], (3423 * 26.165 - 171 * 20.195) / 3252)
    assert 26.467 < guess["bawah"] < 26.468
    assert 26.478 < guess["atas"] < 26.479
    assert guess["dugaan"] == 26.47
    assert guess["tunggal"]
    assert guess["desimal_hilang"]
    assert guess["n_pemeriksaan"] == 2
    assert not found.agrees


def test_lines_that_round_apart_agree():
    found = reconcile(read_published(PUBLISHED).tabel, LAW).pemeriksaan
    # PPPK 2023: 75.17 against 75.18; PPPK 2024: 82.28 against 82.26, just possible for five
    # rounded numbers (4 * 0.005 + 0.005 = 0.025); Banjar 2022: exact
    for baris in (3, 6, 8):
        assert outcome(found, baris, "jumlah_dimensi", "indeks") == "sesuai"
    # Bontang prints the index alone
    assert outcome(found, 7, "jumlah_dimensi", "indeks") == "tidak dapat diperiksa"
    assert outcome(found, 8, "kategori", "kategori") == "sesuai"
    assert outcome(found, 4, "jumlah_pegawai", "n_terukur") == "sesuai"  # 3252 + 171 = 3423


def test_a_hundredth_beyond_rounding_does_not_agree():
    # 15 + 30 + 25 + 4.9 = 74.9; five numbers of two decimals may differ by 0.025 at most
    rows = [("PNS", 10, 15.0, 30.0, 25.0, 4.9, total) for total in (74.92, 74.93)]
    found = reconcile(page(*rows), LAW).pemeriksaan
    assert outcome(found, 0, "jumlah_dimensi", "indeks") == "sesuai"
    assert outcome(found, 1, "jumlah_dimensi", "indeks") == "tidak sesuai"


def test_one_line_alone_names_every_number_that_may_be_wrong():
    # printed 60.00, adds up to 75: any of the five may be wrong, except disiplin and kualifikasi
    # (5 - 15 and 15 - 15 = 0: kualifikasi may be 0), so disiplin (-10) is out
    found = reconcile(page(("PNS", 10, 15.0, 30.0, 25.0, 5.0, 60.0)), LAW).dugaan
    assert list(found["kolom"]) == ["indeks", "kualifikasi", "kompetensi", "kinerja"]
    assert not found["tunggal"].any()
    guess = found.set_index("kolom")["dugaan"]
    assert guess["indeks"] == 75.0
    assert guess["kompetensi"] == 15.0
    assert guess["kinerja"] == 10.0


def test_a_total_that_is_a_mean_of_means_is_named():
    # weighted: (900 * 60 + 100 * 80) / 1000 = 62; plain: 70
    rows = [
        ("PNS", 900, 15.0, 20.0, 20.0, 5.0, 60.0),
        ("PNS", 100, 20.0, 30.0, 25.0, 5.0, 80.0),
        ("PNS", 1000, 17.5, 25.0, 22.5, 5.0, 70.0),
    ]
    table = page(*rows, unit_kerja=["Dinas A", "Dinas B", "Jumlah"])
    found = reconcile(table, LAW)
    assert outcome(found.pemeriksaan, 2, "gabungan", "indeks") == "rata-rata polos"
    assert outcome(found.pemeriksaan, 2, "gabungan", "disiplin") == "sesuai"
    assert found.dugaan.empty
    assert not found.agrees


def test_headcounts_and_weights():
    rows = (BIMA[0], BIMA[1], ("ASN", 3424, *BIMA[2][2:]))
    found = reconcile(page(*rows), LAW).pemeriksaan
    assert outcome(found, 2, "jumlah_pegawai", "n_terukur") == "tidak sesuai"
    rows = ((*BIMA[0][:1], np.nan, *BIMA[0][2:]), BIMA[1], BIMA[2])
    found = reconcile(page(*rows), LAW).pemeriksaan
    assert outcome(found, 2, "gabungan", "kompetensi") == "tidak dapat diperiksa"


@pytest.mark.parametrize(
    ("indeks", "kategori", "expected"),
    [
        (81.0, "Tinggi", "sesuai"),
        (81.0, "Sedang", "bergantung pembacaan"),  # 80.995 could still be Sedang by 81
        (80.5, "Sedang", "bergantung pembacaan"),  # below 81; above 80
        (80.5, "Tinggi", "bergantung pembacaan"),
        (80.5, "Rendah", "tidak sesuai"),
        (75.0, "Cukup", "tidak dapat diperiksa"),
    ],
)
def test_category_by_both_readings(indeks, kategori, expected):
    table = pd.DataFrame({"indeks": [indeks], "kategori": [kategori]})
    found = reconcile(table, LAW).pemeriksaan
    assert outcome(found, 0, "kategori", "kategori") == expected


def test_two_errors_need_two_numbers():
    # kompetensi of PNS and kinerja of the total are both wrong: no single number mends both
    rows = (BIMA[0], BIMA[1], (*BIMA[2][:4], 27.72, 5.0, 78.25))
    found = reconcile(page(*rows), LAW).dugaan
    assert found["kolom"].isna().any()


def test_more_decimals_are_less_forgiving():
    table = page(("PNS", 10, 15.0, 30.0, 25.0, 4.9, 74.92))
    assert reconcile(table, LAW, desimal=2).agrees
    assert not reconcile(table, LAW, desimal=3).agrees
    with pytest.raises(ParameterError, match="desimal"):
        reconcile(table, LAW, desimal=9)


def test_a_mean_above_its_maximum_is_out_of_range():
    found = reconcile(page(("PNS", 10, 15.0, 30.0, 25.0, 6.0, 76.0)), LAW).pemeriksaan
    assert outcome(found, 0, "rentang", "disiplin") == "tidak sesuai"


def test_input_is_not_changed_and_nonsense_is_refused():
    table = page(*BIMA)
    before = table.copy(deep=True)
    reconcile(table, LAW)
    pd.testing.assert_frame_equal(table, before)
    with pytest.raises(ParameterError, match="none of the columns"):
        reconcile(table[["instansi"]], LAW)
    with pytest.raises(ParameterError, match="repeats"):
        reconcile(pd.concat([table, table]), LAW)


def test_reading_a_typed_table(tmp_path):
    path = tmp_path / "rekap.csv"
    path.write_text(
        "Rekap IP ASN Tahun 2023\n"
        "Jenis ASN;Jumlah Pegawai;Kualifikasi;Kompetensi;Kinerja;Disiplin;Total;Kategori\n"
        "PNS;3252;21,19;26;25,75;5;78,41;SEDANG\n"
        "P3K;171;24,82;20,2;25,15;lima;75,18;SEDANG\n"
        "Jumlah;3.423;21,37;26,16;25,72;5;78,25;SEDANG\n",
        encoding="utf-8",
    )
    read = read_published(path)
    assert list(read.tabel.index) == [3, 4, 5]
    assert list(read.tabel["jenis_asn"]) == ["PNS", "PPPK", "ASN"]
    assert read.tabel["n_terukur"].tolist() == [3252, 171, 3423]
    assert read.tabel["kategori"].tolist() == ["Sedang"] * 3
    # "lima" is missing and named, and nothing is refused
    assert np.isnan(read.tabel.loc[4, "disiplin"])
    assert read.problems[["tingkat", "kolom", "aturan", "baris"]].to_numpy().tolist() == [
        ["peringatan", "disiplin", "bukan_angka", "4"]
    ]
    guess = reconcile(read.tabel, LAW, desimal=read.desimal).dugaan.iloc[0]
    assert (guess["baris"], guess["kolom"], guess["dugaan"]) == (3, "kompetensi", 26.47)
    path.write_text("Jenis;Kategori\nPNS;Sedang\n", encoding="utf-8")
    with pytest.raises(DataError, match="no column is read"):
        read_published(path)


def test_tables_say_it_in_words():
    found = reconcile(page(*BIMA), LAW)
    shown = finding_table(found.pemeriksaan, sumber="BKPSDM Kota Bima", semua=False)
    assert shown.judul.startswith("2 dari ")
    assert not shown.sintetis
    line = guess_table(found.dugaan, sumber="BKPSDM Kota Bima").data()["baris"][0]
    assert line[1:5] == ["Kompetensi", "26,00", "26,468–26,479", "26,47"]
    assert "tercetak tanpa desimalnya" in line[6]
    clean = guess_table(found.dugaan.iloc[:0], sumber="BKPSDM Kota Bima")
    assert clean.judul.startswith("Tidak ada ketidaksesuaian")
