"""Every rule by which SIASN's rows become the record of 2019, on both sides of its edge.

Measurement year 2022 throughout unless said: the data year is 2021, performance is that of 2021
(Kebumen 2020: "PPK of the year before"), the day of entry 31 December 2022 unless said.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from siasn_files import (
    didik,
    hukdis,
    kursus,
    one,
    orang,
    pim,
    place,
    posisi,
    read,
    rules,
    skp,
    skp22,
)

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.law.loading import load_instrument


def law(**readings):
    return load_instrument(2022, readings)


# Kualifikasi: Peraturan BKN 8/2019, highest formal education attained.


@pytest.mark.parametrize(
    ("rows", "tertinggi", "terakhir"),
    [
        ([didik(1, "45", "2015")], "S2", "S2"),
        # a diploma after the master's: highest and last differ (Balangan takes the last)
        ([didik(1, "45", "2015"), didik(1, "30", "2019")], "S2", "D3"),
        ([didik(1, "15", "1999")], "S1", "S1"),  # the nominatif's S-1 of 2008 is one more row
        ([didik(1, "42", "2010")], "Profesi", "Profesi"),
        # a graduation after the day of entry does not count
        ([didik(1, "50", "2023")], "S1", "S1"),
        ([didik(1, "50", "", tglLulus="31-12-2022")], "S3", "S3"),
        ([didik(1, "50", "", tglLulus="2023-01-01")], "S1", "S1"),
        # a row without any date comes first of all where the last is asked for
        ([didik(1, "50", "")], "S3", "S1"),
    ],
)
def test_education(tmp_path, rows, tertinggi, terakhir):
    folder = place(tmp_path, [orang(1)], pendidikan=rows)
    assert one(folder)["jenjang_pendidikan"] == tertinggi
    last = law(pendidikan_pilihan="lulus_terakhir")
    assert one(folder, last)["jenjang_pendidikan"] == terakhir


def test_without_any_level_of_education_a_person_is_refused(tmp_path):
    people = [orang(1), orang(2, **{"TINGKAT PENDIDIKAN ID": "", "TINGKAT PENDIDIKAN NAMA": ""})]
    got = read(place(tmp_path, people, pendidikan=[didik(1)]))
    assert got.n_rejected == 1
    assert ("jenjang_pendidikan", "pendidikan_kosong") in rules(got.problems)


# Kompetensi: KKP Jepara 2019 (points by job group), Kebumen 2020 (counting).


@pytest.mark.parametrize(
    ("jenis", "eselon", "group"),
    [
        ("1", "22", "struktural"),
        ("1", "42", "struktural"),
        ("2", "99", "fungsional"),
        ("4", "99", "pelaksana"),
        ("1", "51", "pelaksana"),  # UU 5/2014 Pasal 131: eselon V is a pelaksana
        ("3", "31", "struktural"),  # rangkap: our reading
    ],
)
def test_job_group(tmp_path, jenis, eselon, group):
    folder = place(tmp_path, [orang(1, **{"JENIS JABATAN ID": jenis, "ESELON ID": eselon})])
    assert one(folder)["kelompok_jabatan"] == group


def test_a_double_post_can_be_read_as_fungsional(tmp_path):
    folder = place(tmp_path, [orang(1, **{"JENIS JABATAN ID": "3", "ESELON ID": "31"})])
    assert one(folder, law(jabatan_rangkap="fungsional"))["kelompok_jabatan"] == "fungsional"


@pytest.mark.parametrize(
    ("eselon", "latihan", "equal", "or_higher"),
    [
        ("31", "3", True, True),  # administrator, PIM III (BKN form 2020)
        ("32", "3", True, True),
        ("31", "4", False, True),  # a higher PIM is not credited (Balangan)
        ("31", "2", False, False),
        ("22", "3", False, False),  # "Eselon II with PIM III only = not done" (Kebumen)
        ("22", "4", True, True),
        ("41", "2", True, True),
        ("12", "5", True, True),
        ("31", "6", False, False),  # SESPIM: no source tells its level
    ],
)
def test_leadership_training_fits_the_level_of_the_post(
    tmp_path, eselon, latihan, equal, or_higher
):
    people = [orang(1, **{"JENIS JABATAN ID": "1", "ESELON ID": eselon})]
    folder = place(tmp_path, people, diklat=[pim(1, latihan)])
    assert one(folder)["diklat_kepemimpinan"] == equal
    higher = law(jenjang_kepemimpinan="jenjang_atau_lebih_tinggi")
    assert one(folder, higher)["diklat_kepemimpinan"] == or_higher


@pytest.mark.parametrize(
    ("tanggal", "done"), [("01-01-1995", True), ("31-12-2022", True), ("01-01-2023", False)]
)
def test_leadership_training_counts_whenever_it_was(tmp_path, tanggal, done):
    people = [orang(1, **{"JENIS JABATAN ID": "1", "ESELON ID": "31"})]
    assert (
        one(place(tmp_path, people, diklat=[pim(1, "3", tanggal)]))["diklat_kepemimpinan"] == done
    )


def test_the_echelon_may_stand_in_the_history_of_posts(tmp_path):
    people = [orang(1, **{"JENIS JABATAN ID": "1", "ESELON ID": ""})]
    # pengawas to 2020, administrator since: PIM III fits; the post of 2023 is after the entry
    rows = [
        posisi(1, "41", "01-01-2015"),
        posisi(1, "31", "01-01-2020"),
        posisi(1, "22", "01-01-2023"),
    ]
    folder = place(tmp_path, people, jabatan=rows, diklat=[pim(1, "3")])
    assert one(folder)["diklat_kepemimpinan"]


def test_a_structural_post_without_an_echelon_is_refused_not_guessed(tmp_path):
    people = [orang(1, **{"JENIS JABATAN ID": "1", "ESELON ID": ""}), orang(2)]
    got = read(place(tmp_path, people, diklat=[pim(1, "3")]))
    assert got.n_rejected == 1
    assert ("eselon", "eselon_tidak_ada") in rules(got.problems)


@pytest.mark.parametrize(
    ("jabatan", "rows", "kudus", "none"),
    [
        ("Guru Ahli Muda", [], True, False),
        ("PERAWAT TERAMPIL", [], True, False),
        ("Asisten Apoteker Mahir", [], False, False),  # another post than apoteker
        ("Perencana Ahli Muda", [], False, False),
        ("Perencana Ahli Muda", [kursus(1, "2", "0", "01-01-2000")], True, True),
        ("Perencana Ahli Muda", [kursus(1, "3", "200", "01-01-2000")], False, False),
    ],
)
def test_functional_training(tmp_path, jabatan, rows, kudus, none):
    people = [orang(1, **{"JENIS JABATAN ID": "2", "JABATAN NAMA": jabatan})]
    folder = place(tmp_path, people, kursus=rows or [kursus(900)])
    assert one(folder)["diklat_fungsional"] == kudus
    assert one(folder, law(fungsional_otomatis="tidak_ada"))["diklat_fungsional"] == none


@pytest.mark.parametrize(
    ("selesai", "sampai_isian", "akhir_tahun_data"),
    [
        ("31-12-2020", 0, 0),  # Kebumen: from the start of the data year, here 1 January 2021
        ("01-01-2021", 20, 20),
        ("31-12-2021", 20, 20),
        ("01-01-2022", 20, 0),
        ("30-06-2022", 20, 0),  # the day of entry
        ("01-07-2022", 0, 0),
    ],
)
def test_window_of_technical_training(tmp_path, selesai, sampai_isian, akhir_tahun_data):
    folder = place(tmp_path, [orang(1)], kursus=[kursus(1, "3", "20", selesai)])
    entry = dt.date(2022, 6, 30)
    assert one(folder, sampai=entry)["jp_diklat_teknis"] == sampai_isian
    other = law(jendela_diklat="akhir_tahun_data")
    assert one(folder, other, sampai=entry)["jp_diklat_teknis"] == akhir_tahun_data


@pytest.mark.parametrize(
    ("selesai", "dua", "satu"),
    [
        (
            "31-12-2019",
            False,
            False,
        ),  # two years: from 1 January 2020 (Kebumen: start of 2018 for 2020)
        ("01-01-2020", True, False),
        ("31-12-2020", True, False),
        ("01-01-2021", True, True),
    ],
)
def test_window_of_seminars(tmp_path, selesai, dua, satu):
    folder = place(tmp_path, [orang(1)], kursus=[kursus(1, "9", "3", selesai)])
    assert one(folder)["seminar"] == dua
    assert one(folder, law(jendela_seminar="satu_tahun"))["seminar"] == satu


def test_hours_add_up_and_a_course_counts_when_it_ends(tmp_path):
    rows = [
        kursus(1, "3", "12", "01-03-2021"),
        kursus(1, "8", "7,5", "01-04-2021"),
        kursus(1, "3", "40", "05-01-2021", tanggalKursus="20-12-2020"),  # ends in the window
        kursus(1, "3", "40", "", tahunKursus="2020"),
        kursus(1, "3", "4", "", tahunKursus="2021"),
        kursus(1, "9", "100", "01-04-2021"),  # a seminar is no technical training
        kursus(1, "1", "900", "01-04-2021"),  # nor is a structural course (its own indicator)
        kursus(1, "", "1", "01-04-2021", jenisKursusSertifikat="T"),  # kind by certificate
    ]
    got = one(place(tmp_path, [orang(1)], kursus=rows))
    assert got["jp_diklat_teknis"] == 12 + 7.5 + 40 + 4 + 1
    assert got["seminar"]


@pytest.mark.parametrize(
    ("jenis", "hours", "as_seminar"), [("10", 24, True), ("11", 24, True), ("3", 24, False)]
)
def test_internship_and_course_by_either_reading(tmp_path, jenis, hours, as_seminar):
    # SIASN's certificate says T; the regulation's indicator names "magang" and "kursus"
    folder = place(tmp_path, [orang(1)], kursus=[kursus(1, jenis, str(hours), "01-04-2021")])
    got = one(folder)
    assert (got["jp_diklat_teknis"], bool(got["seminar"])) == (hours, False)
    got = one(folder, law(magang_kursus="seminar"))
    assert (got["jp_diklat_teknis"] == 0, bool(got["seminar"])) == (as_seminar, as_seminar)


# Kinerja


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([skp(1, "87,5")], 87.5),
        ([skp(1, "87.5", "2020")], np.nan),  # another year's
        ([skp(1, "87.5", "2022")], np.nan),
        ([skp(1, "", nilaiSkp="70")], 70),
        ([skp(1, "0")], 0),
        # PP 30/2019 Pasal 41(5): 110 and more Sangat Baik, 90 Baik, 70 Cukup, 50 Kurang
        ([skp(1, "110", jenisPeraturanKinerjaKd="PP30")], 95),
        ([skp(1, "109,9", jenisPeraturanKinerjaKd="PP30")], 83),
        ([skp(1, "89,9", jenisPeraturanKinerjaKd="PP30")], 68),
        ([skp(1, "69", jenisPeraturanKinerjaKd="PP30")], 55),
        ([skp(1, "49", jenisPeraturanKinerjaKd="PP30")], 25),
        ([skp(1, "92", jenisPeraturanKinerjaKd="PP46")], 92),
        ([skp(1, "80", id="a"), skp(1, "80", id="b")], 80),  # two equal values are no riddle
    ],
)
def test_performance_by_number(tmp_path, rows, value):
    np.testing.assert_equal(one(place(tmp_path, [orang(1)], skp=rows))["nilai_kinerja"], value)


@pytest.mark.parametrize(
    ("hasil", "perilaku", "value"),
    [
        # PermenPANRB 6/2022: result above and behaviour above is Sangat Baik, ...
        ("1", "1", 95),
        ("1", "2", 83),
        ("1", "3", 55),
        ("2", "1", 83),
        ("2", "2", 83),
        ("2", "3", 55),
        ("3", "1", 68),
        ("3", "2", 68),
        ("3", "3", 25),
    ],
)
def test_performance_by_matrix(tmp_path, hasil, perilaku, value):
    folder = place(tmp_path, [orang(1)], skp=None, skp22=[skp22(1, hasil, perilaku)])
    assert one(folder, load_instrument("ip-asn-2019"), tahun=2023)["nilai_kinerja"] == value


def test_the_printed_predicate_goes_before_the_matrix(tmp_path):
    folder = place(tmp_path, [orang(1)], skp=None, skp22=[skp22(1, "2", "3", "3")])
    got = read(folder, load_instrument("ip-asn-2019"), tahun=2023)
    assert got.pegawai["nilai_kinerja"].tolist() == [68]
    assert ("kuadran_kinerja", "predikat_berbeda") in rules(got.problems, "peringatan")


def test_each_stand_in_of_a_predicate_lies_in_the_band_of_its_rank():
    one_law = load_instrument(2022)
    rule = one_law.dimensi["kinerja"].indikator[0].aturan
    wakil = one_law.turunan.kinerja.wakil
    # Sangat Baik 30, Baik 25, Cukup 15, Kurang 5, Buruk 1 (Peraturan BKN 8/2019)
    places = rule.pita.index([wakil[code] for code in "12345"])
    assert [rule.poin[p] for p in places] == [30, 25, 15, 5, 1]


def test_two_unequal_values_of_one_year(tmp_path):
    folder = place(tmp_path, [orang(1), orang(2)], skp=[skp(1, "80"), skp(1, "90"), skp(2, "70")])
    got = read(folder)
    assert got.n_rejected == 1
    assert ("nilai_kinerja", "kinerja_tidak_jelas") in rules(got.problems)
    lowest = read(folder, law(kinerja_ganda="terendah"))
    assert sorted(lowest.pegawai["nilai_kinerja"]) == [70, 80]


def test_a_number_that_fits_no_known_scale_is_refused(tmp_path):
    got = read(place(tmp_path, [orang(1), orang(2)], skp=[skp(1, "105")]))
    assert got.n_rejected == 1
    assert ("nilai_prestasi_kerja", "skala_tidak_jelas") in rules(got.problems)


# Disiplin: the current and four previous calendar years by TMT (Balangan); worst counts.


@pytest.mark.parametrize(
    ("rows", "worst"),
    [
        ([hukdis(1, "B", "31-12-2017")], "tidak_pernah"),
        ([hukdis(1, "B", "01-01-2018")], "berat"),
        ([hukdis(1, "S", "31-12-2022")], "sedang"),
        ([hukdis(1, "S", "01-01-2023")], "tidak_pernah"),
        ([hukdis(1, "R"), hukdis(1, "S", "01-01-2019")], "sedang"),
        ([hukdis(1, "", jenis="14")], "berat"),  # level by kind: turun pangkat 3 tahun
        ([hukdis(1, "", jenis="23")], "sedang"),
        ([hukdis(1, "R", "", skTanggal="01-06-2021")], "ringan"),
        ([hukdis(1, "B", skPembatalanNomor="800/1")], "tidak_pernah"),
        ([hukdis(1, "B", skPembatalanTanggal="01-07-2021")], "tidak_pernah"),
        ([hukdis(1, "B", skPembatalanTanggal="01-07-2023")], "berat"),  # still in force at entry
    ],
)
def test_sanctions(tmp_path, rows, worst):
    assert one(place(tmp_path, [orang(1)], hukdis=rows))["hukuman_disiplin"] == worst


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (hukdis(1, "", "01-06-2021"), ("jenis_tingkat_hukuman_id", "tingkat_kosong")),
        (hukdis(1, "R", ""), ("hukuman_tanggal", "tanggal_kosong")),
        (hukdis(1, "", "01-06-2021", jenis="77"), ("jenis_hukuman", "kode_tidak_dikenal")),
        (hukdis(1, "R", "31-02-2021"), ("hukuman_tanggal", "bukan_tanggal")),
    ],
)
def test_a_sanction_that_cannot_be_read_refuses_the_person(tmp_path, row, rule):
    got = read(place(tmp_path, [orang(1), orang(2)], hukdis=[row]))
    assert got.n_rejected == 1
    assert rule in rules(got.problems)


# Missing rows, missing files


def test_no_row_in_a_history_that_is_there_is_not_done(tmp_path):
    got = one(place(tmp_path, [orang(1)]))
    assert got["jp_diklat_teknis"] == 0
    assert not got["seminar"]
    assert np.isnan(got["nilai_kinerja"])
    assert got["hukuman_disiplin"] == "tidak_pernah"


@pytest.mark.parametrize("name", ["pendidikan", "diklat", "kursus", "skp", "hukdis"])
def test_a_history_that_is_not_there_is_an_error_unless_one_goes_without(tmp_path, name):
    folder = place(tmp_path, [orang(1)], **{name: None})
    with pytest.raises(DataError, match=f"histories not there: {name}") as error:
        read(folder)
    assert rules(error.value.problems) == {(name, "riwayat_tidak_ada")}
    got = read(folder, tanpa=[name])
    assert (got.n_accepted, got.n_rejected) == (1, 0)
    assert (name, "riwayat_dikesampingkan") in rules(got.problems, "peringatan")


def test_going_without_what_is_there_or_unknown_is_refused(tmp_path):
    folder = place(tmp_path, [orang(1)])
    with pytest.raises(ParameterError, match="but the folder holds it"):
        read(folder, tanpa=["kursus"])
    with pytest.raises(ParameterError, match="expected a list of pendidikan"):
        read(folder, tanpa=["seminar"])


def test_an_instrument_of_given_scores_cannot_be_derived(tmp_path):
    with pytest.raises(ParameterError, match="does not say how its columns follow"):
        read(place(tmp_path, [orang(1)]), load_instrument(2024), tahun=2024)


# Who is measured


@pytest.mark.parametrize(
    ("changes", "jenis"),
    [
        ({}, "PNS"),
        ({"KEDUDUKAN HUKUM ID": "71"}, "PPPK"),
        ({"KEDUDUKAN HUKUM ID": "", "KEDUDUKAN HUKUM NAMA": "PPPK Aktif"}, "PPPK"),
        ({"NIP BARU": "198577012021211001"}, "PPPK"),  # digits 13-14 are 21
        ({"NIP BARU": "", "STATUS CPNS PNS": "C"}, "PNS"),
    ],
)
def test_kind_of_asn(tmp_path, changes, jenis):
    assert one(place(tmp_path, [orang(1, **changes)]))["jenis_asn"] == jenis


def test_who_left_is_no_person_and_candidates_by_reading(tmp_path):
    people = [
        orang(1),
        orang(2, **{"KEDUDUKAN HUKUM ID": "99"}),
        orang(3, **{"STATUS CPNS PNS": "C"}),
    ]
    folder = place(tmp_path, people)
    got = read(folder)
    assert (got.n_rows, got.n_accepted) == (2, 2)
    assert ("kedudukan_hukum", "bukan_pegawai") in rules(got.problems, "peringatan")
    assert read(folder, law(cpns="tidak_diukur")).n_rows == 1
