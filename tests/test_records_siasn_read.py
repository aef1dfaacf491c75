"""Exports of SIASN as they are met: shapes, spellings, dates, codings, quirks, contradictions."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
from siasn_files import (
    EMPTY,
    KEY,
    MARK,
    didik,
    hukdis,
    id_of,
    kursus,
    nip,
    one,
    orang,
    pim,
    place,
    pns_id,
    posisi,
    read,
    rules,
    skp,
    skp22,
    write,
)

from ipasn_lib.errors import DataError, ParameterError, UnsafeFileError
from ipasn_lib.index.score import score, score_detail
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.siasn.dates import as_date
from ipasn_lib.records.siasn.explain import explain
from ipasn_lib.records.siasn.read import read_export
from ipasn_lib.records.siasn.reading import is_siasn_folder
from ipasn_lib.records.siasn.shapes import load_shapes, recognise
from ipasn_lib.records.vocabulary import spell

LAW = load_instrument(2022)
DAY = dt.date(2022, 12, 31)
PERIODIK = {**skp22(1), "periodikId": "2"}
ROWS = {
    "nominatif": [orang(1)],
    "pendidikan": [didik(1)],
    "jabatan": [posisi(1)],
    "diklat": [pim(1)],
    "kursus": [kursus(1)],
    "skp": [skp(1)],
    "skp22": [skp22(1)],
    "kinerja_periodik": [PERIODIK],
    "hukdis": [hukdis(1)],
}


def export(path):
    return read_export(path, LAW.turunan, pada=DAY, key=KEY)


# Shapes


@pytest.mark.parametrize("fmt", ["csv", "xlsx", "json", "parquet"])
@pytest.mark.parametrize("shape", ROWS)
def test_each_shape_in_each_kind_of_file(tmp_path, shape, fmt):
    got = export(write(tmp_path / f"apa_saja.{fmt}", ROWS[shape]))
    assert got.bentuk == shape
    assert len(got.tabel) == 1
    assert not got.tabel["rusak"].any()
    assert rules(got.problems) == set()


def test_every_heading_of_a_shape_names_one_column():
    for shape in load_shapes().values():
        for name, field in shape.kolom.items():
            for text in (name, field.judul):
                assert shape.tulisan[spell(text)] == name, (shape.nama, text)
        assert {n for group in shape.wajib for n in group} <= set(shape.kolom)


def test_the_nominatif_has_its_67_columns_in_order():
    columns = list(load_shapes()["nominatif"].kolom.values())
    # first, middle and last of the published list of headings
    assert [columns[i].judul for i in (0, 33, 66)] == ["PNS ID", "GOL AWAL ID", "FLAG IKD"]


@pytest.mark.parametrize("heading", ["NIP BARU", "nip_baru", "nipBaru", "Nip.Baru", " nip  baru "])
def test_a_heading_is_known_however_it_is_written(heading):
    headings = [heading, "jenisDiklatId", "JUMLAH JAM", "tahun_kursus"]
    found = recognise(headings)
    assert found.bentuk.nama == "kursus"
    assert found.kolom["nip_baru"] == 0


def test_an_unknown_shape_names_the_known_ones_and_what_the_nearest_lacks(tmp_path):
    path = write(tmp_path / "x.csv", [{"idPns": "A1", "tahunLulus": "2000", "namaSekolah": "x"}])
    with pytest.raises(DataError, match="bentuk_tidak_dikenal") as error:
        export(path)
    said = error.value.problems["harapan"].iloc[0]
    assert "nominatif" in said
    assert "hukdis" in said
    assert re.search(r"terdekat pendidikan; yang kurang: tkPendidikanId", said)


def test_a_json_that_is_no_list_of_records_is_refused(tmp_path):
    for text in ('{"data": "x"}', "[1, 2]", "{", "3"):
        path = tmp_path / "x.json"
        path.write_text(text)
        with pytest.raises(DataError, match=r"x\.json"):
            export(path)


def test_a_file_is_what_its_name_says(tmp_path):
    path = write(tmp_path / "x.xlsx", [orang(1)]).rename(tmp_path / "x.csv")
    with pytest.raises(UnsafeFileError, match="content is xlsx"):
        export(path)


# What is kept of a person


def test_no_identifier_comes_through(tmp_path):
    row = orang(1, NIK="3510", EMAIL="a@b", **{"NOMOR HP": "0811", "TANGGAL LAHIR": "07-07-1985"})
    got = export(write(tmp_path / "n.csv", [row])).tabel
    assert set(got.columns).isdisjoint({"nama", "nik", "email", "nomor_hp", "tanggal_lahir"})
    text = got.to_csv()
    for secret in (nip(1), pns_id(1), pns_id(1).casefold(), "Orang Contoh", "07-07-1985", "0811"):
        assert secret not in text
    assert got["usia"].tolist() == [37]  # born 7 July 1985, on 31 December 2022


def test_the_id_is_that_of_the_nip_and_of_the_pns_id_without_one(tmp_path):
    got = read(place(tmp_path, [orang(1), orang(2, **{"NIP BARU": "1.98577E+17"})]))
    assert id_of(1) in got.pegawai.index
    assert got.pegawai.index.is_unique
    assert ("nip", "nip_rusak") in rules(got.problems, "peringatan")
    assert "nip_rusak" not in {rule for _, rule in rules(got.problems)}


def test_histories_join_by_pns_id_or_by_nip_alone(tmp_path):
    rows = [kursus(1, nipBaru=None), kursus(2, idPns=None, nipBaru="'" + nip(2))]
    rows = [{"idPns": "", "nipBaru": "", **row} for row in rows]
    got = read(place(tmp_path, [orang(1), orang(2)], kursus=rows))
    assert got.pegawai["jp_diklat_teknis"].tolist() == [20, 20]


def test_a_row_whose_ids_name_two_people_refuses_both(tmp_path):
    got = read(place(tmp_path, [orang(1), orang(2), orang(3)], kursus=[kursus(1, nipBaru=nip(2))]))
    assert got.n_rejected == 2
    assert ("pns_id", "orang_bertentangan") in rules(got.problems)


def test_strangers_are_left_out_and_counted(tmp_path):
    got = read(place(tmp_path, [orang(1)], kursus=[kursus(1), kursus(50), kursus(51)]))
    row = got.problems.loc[got.problems["berkas"] == "kursus.csv"]
    assert row["aturan"].tolist() == ["di_luar_nominatif"]
    assert row["jumlah"].tolist() == [2]
    assert row["baris"].tolist() == ["3, 4"]


def test_a_history_row_of_nobody_refuses_the_file(tmp_path):
    folder = place(tmp_path, [orang(1)], hukdis=[hukdis(1), hukdis(2, idPns="", nipBaru="")])
    with pytest.raises(DataError, match="riwayat_tanpa_orang"):
        read(folder)


# Cells


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31-12-2021", "2021-12-31"),
        ("31/12/2021", "2021-12-31"),
        ("1-2-2021", "2021-02-01"),
        ("2021-12-31", "2021-12-31"),
        ("2021-12-31T00:00:00Z", "2021-12-31"),
        ("2021-12-31 07:00:00", "2021-12-31"),
        ("31-12-2021 00:00:00", "2021-12-31"),
        ("'31-12-2021", "2021-12-31"),
        (dt.datetime(2021, 12, 31, 5), "2021-12-31"),
        (dt.date(2021, 12, 31), "2021-12-31"),
        (44561.0, "2021-12-31"),  # Excel: day 44561
        ("", None),
        ("-", None),
        ("0000-00-00", None),
        (None, None),
    ],
)
def test_dates(cell, day):
    got, findings = as_date(pd.Series([cell, "01-01-2000"], dtype="object"), "t", serials=True)
    assert not findings
    expected = np.datetime64("NaT") if day is None else np.datetime64(day)
    np.testing.assert_array_equal(got[0], expected)


@pytest.mark.parametrize("cell", ["12/31/2021", "31-02-2021", "2021", "kemarin", "44561", 7.0])
def test_what_is_no_date_is_refused(cell):
    _, findings = as_date(pd.Series([cell], dtype="object"), "t", serials=True)
    assert [f.aturan for f in findings] == ["bukan_tanggal"]


def test_a_bare_number_is_a_date_in_a_workbook_only():
    cells = pd.Series([44561.0], dtype="object")
    assert as_date(cells, "t", serials=False)[1]


def test_dates_of_both_kinds_serials_and_numbers_in_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    names = list(kursus(1))
    book.active.append(["Riwayat kursus"])
    book.active.append(names)
    days = ("01-06-2021", "2021-06-01", 44348, dt.datetime(2021, 6, 1))
    for hours, day in enumerate(days, start=1):
        book.active.append(list(kursus(1, 3, hours, day).values()))
    folder = place(tmp_path, [orang(1)], kursus=None)
    book.save(folder / "kursus.xlsx")
    assert one(folder)["jp_diklat_teknis"] == 1 + 2 + 3 + 4


def test_totals_notes_and_repeated_headers_are_no_rows(tmp_path):
    header = {name: name for name in kursus(1)}
    blank = dict.fromkeys(kursus(1), "")
    rows = [
        kursus(1),
        header,
        blank,
        {**blank, "idPns": "JUMLAH", "jumlahJam": "20"},
        {**blank, "idPns": "", "jenisKursusSertifikat": "", "nipBaru": "Mengetahui,"},
        kursus(1, "3", "5"),
    ]
    got = read(place(tmp_path, [orang(1)], kursus=rows))
    assert got.pegawai["jp_diklat_teknis"].tolist() == [25]
    assert ("", "baris_catatan") in rules(got.problems, "peringatan")


def test_equal_rows_count_once_and_unequal_rows_of_one_id_refuse(tmp_path):
    people = [orang(1), orang(2)]
    twice = [kursus(1, id="k1"), kursus(1, id="k1"), kursus(1, id="k2")]
    got = read(place(tmp_path, people, kursus=twice))
    assert got.pegawai["jp_diklat_teknis"].tolist() == [40, 0]
    assert ("", "baris_kembar") in rules(got.problems, "peringatan")
    got = read(place(tmp_path, people, kursus=[kursus(1, id="k"), kursus(1, "3", "8", id="k")]))
    assert got.n_rejected == 1
    assert ("id", "id_ganda_berbeda") in rules(got.problems)


def test_two_courses_of_one_day_without_ids_are_told_by_their_names(tmp_path):
    rows = [kursus(1, "3", "10", namaKursus=name) for name in ("satu", "dua", "dua")]
    got = read(place(tmp_path, [orang(1)], kursus=rows))
    assert got.pegawai["jp_diklat_teknis"].tolist() == [20]


def test_people_who_stand_twice(tmp_path):
    got = read(place(tmp_path, [orang(1), orang(1), orang(2)]))
    assert (got.n_rows, got.n_accepted) == (2, 2)
    got = read(place(tmp_path, [orang(1), orang(1, **{"UNOR NAMA": "Lain"}), orang(2)]))
    assert (got.n_rows, got.n_rejected) == (3, 2)
    assert ("nip", "ganda_berbeda") in rules(got.problems)


def test_codes_or_names(tmp_path):
    by_name = orang(
        1,
        **{
            "JENIS JABATAN ID": None,
            "JENIS JABATAN NAMA": "Jabatan Struktural",
            "TINGKAT PENDIDIKAN ID": None,
            "TINGKAT PENDIDIKAN NAMA": "S-2",
            "ESELON ID": None,
            "ESELON NAMA": "III.a",
        },
    )
    rows = {
        "diklat": [pim(1, "", latihanStrukturalNama="SEPADYA/SPAMA/DIKLAT PIM TK. III")],
        "kursus": [
            kursus(1, "", jenisDiklatNama="Seminar"),
            kursus(1, "", jenisDiklatNama="Bimbingan Teknis"),
        ],
        "hukdis": [hukdis(1, "", jenisHukumanNama="TEGURAN LISAN")],
    }
    got = one(place(tmp_path, [by_name], **rows))
    assert got["kelompok_jabatan"] == "struktural"
    assert got["jenjang_pendidikan"] == "S2"
    assert got["diklat_kepemimpinan"]
    assert (got["jp_diklat_teknis"], got["seminar"]) == (20, True)
    assert got["hukuman_disiplin"] == "ringan"


def test_an_unknown_code_refuses_its_person_only(tmp_path):
    got = read(place(tmp_path, [orang(1), orang(2)], kursus=[kursus(1, "88"), kursus(2)]))
    assert got.n_rejected == 1
    assert ("jenis_diklat", "kode_tidak_dikenal") in rules(got.problems)
    assert ("", "riwayat_rusak") in rules(got.problems)


# The two codings of education: 05 is SD or D-II, 10 is SLTP or S-3


def level_of(tmp_path, rows, **people):
    people = {"TINGKAT PENDIDIKAN ID": "", "TINGKAT PENDIDIKAN NAMA": "Sekolah Dasar", **people}
    folder = place(tmp_path, [orang(1, **people)], pendidikan=rows)
    return one(folder)["jenjang_pendidikan"]


@pytest.mark.parametrize(
    ("others", "kode", "level"),
    [
        (["40"], "10", "SLTP"),
        (["08"], "10", "S3"),
        (["8"], "10", "S3"),  # a leading zero lost in a spreadsheet
        (["15", "20"], "05", "SD"),
        (["03"], "05", "D2"),
        (["03"], "5", "D2"),
    ],
)
def test_the_coding_is_told_from_all_codes_of_a_file(tmp_path, others, kode, level):
    rows = [didik(1, kode), *(didik(900, other) for other in others)]
    assert level_of(tmp_path, rows) == level


def test_codes_of_both_codings_in_one_file_are_refused(tmp_path):
    with pytest.raises(DataError, match="kode_pendidikan_campur"):
        level_of(tmp_path, [didik(1, "40"), didik(1, "08")])


def test_only_the_two_doubtful_codes_are_never_guessed(tmp_path):
    rows = [didik(1, "10", tkPendidikanNama=None), didik(1, "05", tkPendidikanNama=None)]
    with pytest.raises(DataError, match="kode_pendidikan_rancu"):
        level_of(tmp_path, rows)
    with pytest.raises(DataError, match="kode_pendidikan_rancu"):
        level_of(tmp_path, [didik(1, "10", tkPendidikanNama="")])
    named = [didik(1, "10", tkPendidikanNama="S-3/Doktor")]
    assert level_of(tmp_path, named) == "S3"


# All problems of all files at once, and never a value


def test_all_problems_at_once_without_values(tmp_path):
    folder = place(
        tmp_path,
        [orang(1), orang(2), orang(3, **{"JENIS JABATAN ID": "9"})],
        kursus=[kursus(1, "3", "RAHASIA"), kursus(2, "3", "20", "32-13-2021")],
        skp=[skp(1, "999")],
    )
    with pytest.raises(DataError, match="3 of 3 people refused") as error:
        read(folder, max_rejected=0.0)
    found = rules(error.value.problems)
    assert {
        ("jumlah_jam", "bukan_angka"),
        ("tanggal_selesai_kursus", "bukan_tanggal"),
        ("nilai_prestasi_kerja", "di_luar_rentang"),
        ("jenis_jabatan", "kode_tidak_dikenal"),
    } <= found
    for text in (str(error.value), error.value.problems.to_csv()):
        for secret in ("RAHASIA", "32-13", "999", nip(1), pns_id(1)):
            assert secret not in text


def test_broken_files_are_all_named(tmp_path):
    folder = place(tmp_path, [orang(1)])
    (folder / "aaa.json").write_text("{")
    write(folder / "zzz.csv", [{"satu": "1", "dua": "2", "nip": "3"}])
    with pytest.raises(DataError) as error:
        read(folder)
    assert "aaa.json" in str(error.value)
    assert "zzz.csv" in str(error.value)


def test_a_folder_without_a_nominatif(tmp_path):
    folder = place(tmp_path, [])
    with pytest.raises(DataError, match="no nominatif among 5 shapes"):
        read(folder)
    assert not is_siasn_folder(folder)
    assert is_siasn_folder(place(tmp_path, [orang(1)]))


def test_arguments_are_strict(tmp_path):
    folder = place(tmp_path, [orang(1)])
    for options, words in (
        ({"sampai": dt.date(2023, 1, 1)}, "lies in the measurement year 2022"),
        ({"unit": "dinas"}, "known: unor, unor_induk"),
        ({"unit": "unor_induk"}, "no file names a UNOR INDUK"),
        ({"kode_kabkota": "6571"}, "not a BPS code"),
        ({"max_rejected": 2.0}, "share from 0 to 1"),
        ({"tahun": 2018}, "starts with 2019"),
    ):
        with pytest.raises(ParameterError, match=words):
            read(folder, **options)


# Place, unit, source


def test_place_by_folder_and_agency(tmp_path):
    got = read(place(tmp_path, [orang(1)]))
    assert got.pegawai["kode_kabkota"].tolist() == ["3510"]
    other = orang(2, **{"INSTANSI KERJA NAMA": "Pemerintah Kota Surabaya"})
    got = read(place(tmp_path, [orang(1), other]))
    assert got.n_rejected == 1
    assert ("instansi", "daerah_lain") in rules(got.problems)


def test_the_parent_unit_by_the_latest_post(tmp_path):
    rows = [
        posisi(1, "", f"01-01-{y}", jenisJabatan="4", unorIndukNama=u)
        for y, u in ((2015, "A"), (2020, "B"))
    ]
    got = one(place(tmp_path, [orang(1)], jabatan=rows), unit="unor_induk")
    assert got["unit_kerja"] == "B"


def test_make_believe_stays_marked_whichever_file_says_so(tmp_path):
    people = [orang(1, **{"SUMBER DATA": None})]
    assert one(place(tmp_path, people))["sumber_data"] == "SIASN"
    assert (
        one(place(tmp_path, people), sampai=dt.date(2022, 6, 30))["sumber_data"]
        == "SIASN 2022-06-30"
    )
    assert one(place(tmp_path, people, kursus=[kursus(1, SUMBER_DATA=MARK)]))["sumber_data"] == MARK


# NIP against the other columns: BKN's CON_1 to CON_4


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"TMT CPNS": "01-02-2010"}, "con_1"),
        ({"TMT CPNS": "01-01-2011"}, "con_1"),
        ({"TANGGAL LAHIR": "01-07-1985"}, "con_2"),
        ({"JENIS KELAMIN": "F"}, "con_3"),
        ({"NIP BARU": "198577012021211001", "TMT CPNS": "01-03-2020"}, "con_4"),
        ({"KEDUDUKAN HUKUM ID": "71"}, "nip_beda_jenis_asn"),
    ],
)
def test_contradictions_of_the_nip_are_remarks_counted_by_unit(tmp_path, changes, rule):
    small = orang(11, **{**changes, "NIP BARU": None, "UNOR NAMA": "Unit Kecil"})
    if "NIP BARU" not in changes:
        small["NIP BARU"] = nip(11)
    others = [orang(n) for n in range(2, 11)]
    got = read(place(tmp_path, [orang(1, **changes), *others, small]))
    assert got.n_rejected == 0
    said = got.problems.loc[got.problems["aturan"] == rule]
    assert said["jumlah"].tolist() == [1 + ("NIP BARU" not in changes)]
    # a unit of fewer than ten is in the counts but not named
    assert said["harapan"].iloc[0].endswith("Terbanyak: Dinas Contoh 1")
    if rule.startswith("con"):
        assert got.nip_per_unit.loc["Dinas Contoh", ["n_pegawai", rule]].tolist() == [10, 1]


def test_a_nip_that_fits_says_nothing(tmp_path):
    pppk = orang(
        2, **{"NIP BARU": "198577012021212001", "TMT CPNS": "01-03-2021", "JENIS KELAMIN": "P"}
    )
    got = read(place(tmp_path, [orang(1), pppk]))
    assert got.nip_per_unit.empty
    assert not {rule for _, rule in rules(got.problems, "peringatan")} & {
        "con_1",
        "con_2",
        "con_3",
        "con_4",
    }


# From the rows to the index, and back


def official(tmp_path):
    """Administrator, S-2, PIM III, 20 JP, no seminar, SKP 87, reprimand in 2021."""
    people = [orang(1, **{"JENIS JABATAN ID": "1", "ESELON ID": "31"}), orang(2)]
    return place(
        tmp_path,
        people,
        pendidikan=[didik(1, "40"), didik(1, "45", "2015")],
        diklat=[pim(1, "4", "01-01-2012"), pim(1, "3")],
        kursus=[kursus(1, "3", "8", "01-03-2020"), kursus(1, "3", "12"), kursus(1, "8", "8")],
        skp=[skp(1, "80", "2020"), skp(1, "87"), skp(2, "91")],
        hukdis=[hukdis(1, "R", "01-06-2021")],
    )


def test_index_from_rows_by_hand(tmp_path):
    got = score(read(official(tmp_path)).pegawai, LAW).loc[id_of(1)]
    # 20 (S-2) + 15 (PIM III) + 15 (20 JP in 2021) + 0 (seminar) + 25 (76-90) + 3 (ringan)
    assert [got[d] for d in ("kualifikasi", "kompetensi", "kinerja", "disiplin")] == [20, 30, 25, 3]
    assert got["indeks"] == 78
    assert got["kategori"] == "Sedang"


def test_explain_names_rows_points_and_basis(tmp_path):
    folder = official(tmp_path)
    got = explain(folder, id_of(1), 2022, instrument=LAW, key=KEY)
    assert list(got) == [
        "dimensi",
        "indikator",
        "berkas",
        "baris",
        "baris_lain",
        "nilai",
        "poin",
        "dasar",
    ]
    rows = got.groupby("indikator").agg(
        baris=("baris", lambda s: sorted(s.dropna())),
        poin=("poin", "first"),
        lain=("baris_lain", "first"),
    )
    # rows as a spreadsheet shows them: the header is row 1
    assert rows.loc["pendidikan"].tolist() == [[3], 20, 1]
    assert rows.loc["diklat_kepemimpinan"].tolist() == [[3], 15, 1]
    assert rows.loc["diklat_teknis"].tolist() == [[3, 4], 15, 1]
    assert rows.loc["seminar"].tolist() == [[], 0, 3]
    assert rows.loc["nilai_kinerja"].tolist() == [[3], 25, 1]
    assert rows.loc["hukuman_disiplin"].tolist() == [[2], 3, 0]
    teknis = got.loc[got["indikator"] == "diklat_teknis"].iloc[0]
    assert teknis["nilai"] == "20"
    assert "jendela 01-01-2021 sampai 31-12-2022" in teknis["dasar"]
    assert "Kebumen" in teknis["dasar"]
    assert "tafsir jendela_diklat" in teknis["dasar"]


def test_explained_points_are_those_of_the_index(tmp_path):
    folder = official(tmp_path)
    detail = score_detail(read(folder).pegawai, LAW)
    for number in (1, 2):
        got = explain(folder, id_of(number), 2022, key=KEY).drop_duplicates("indikator")
        names = got["dimensi"] + "." + got["indikator"]
        expected = detail.loc[id_of(number), names].to_numpy(dtype=float)
        np.testing.assert_array_equal(got["poin"].to_numpy(dtype=float), expected)


def test_a_post_that_has_its_course_by_appointment_is_explained_by_the_nominatif(tmp_path):
    people = [orang(1, **{"JENIS JABATAN ID": "2", "JABATAN NAMA": "Guru Ahli Muda"})]
    got = explain(place(tmp_path, people), id_of(1), 2022, key=KEY).set_index("indikator")
    assert got.loc["diklat_fungsional", ["berkas", "baris", "poin"]].tolist() == [
        "nominatif.csv",
        2,
        15,
    ]


def test_nobody_and_the_refused_are_not_explained(tmp_path):
    folder = place(tmp_path, [orang(1), orang(2)], kursus=[kursus(1, "88")])
    with pytest.raises(ParameterError, match="no person of this id"):
        explain(folder, "x", 2022, key=KEY)
    with pytest.raises(ParameterError, match="is refused"):
        explain(folder, id_of(1), 2022, key=KEY)


def test_several_files_of_a_shape_are_one_history(tmp_path):
    folder = place(tmp_path, [orang(1)], kursus=[kursus(1, "3", "8")])
    write(folder / "kursus_lama.json", [kursus(1, "3", "12"), kursus(1, "9", "2")])
    write(folder / "pppk.xlsx", [orang(2)])
    got = read(folder)
    assert got.n_accepted == 2
    assert got.pegawai.loc[id_of(1), "jp_diklat_teknis"] == 20
    assert set(EMPTY) <= {p.stem for p in folder.iterdir()}


def test_the_services_own_record_of_a_person_is_a_nominatif(tmp_path):
    # /pns/data-utama: one object under "data", camelCase, numbers as strings
    person = {
        "id": pns_id(1),
        "nipBaru": nip(1),
        "jenisKelamin": "M",
        "kedudukanPnsId": "01",
        "jenisJabatanId": "1",
        "eselonId": "41",
        "jabatanNama": "Kepala Seksi",
        "unorNama": "Seksi Contoh",
        "unorIndukNama": "Dinas Contoh",
        "tkPendidikanTerakhirId": "45",
        "golRuangAkhir": "III/d",
        "instansiKerjaNama": "Pemerintah Kab. Banyuwangi",
        "path": [{"dok_id": "1"}],
    }
    folder = place(tmp_path, [], diklat=[pim(1, "2")])
    write(folder / "saya.json", [person])
    got = one(folder, unit="unor_induk")
    assert (got["kelompok_jabatan"], got["jenjang_pendidikan"]) == ("struktural", "S2")
    assert (got["unit_kerja"], got["golongan"]) == ("Dinas Contoh", "III/d")
    assert got["diklat_kepemimpinan"]


def test_typed_columns_of_parquet(tmp_path):
    folder = place(tmp_path, [orang(1)], kursus=None)
    table = pd.DataFrame([kursus(1), kursus(1)]).assign(
        jenisDiklatId=[3, 9],
        jumlahJam=[20.0, np.nan],
        tahunKursus=[0, 2021],
        tanggalSelesaiKursus=pd.to_datetime(["2021-06-01", None]),
    )
    table.to_parquet(folder / "kursus.parquet")
    got = one(folder)
    assert (got["jp_diklat_teknis"], bool(got["seminar"])) == (20, True)


def test_ranks_of_pppk_and_unknown_ranks_are_no_obstacle(tmp_path):
    people = [orang(1, **{"GOL AKHIR NAMA": "IX"}), orang(2, **{"GOL AKHIR NAMA": "Gol. 9"})]
    got = read(place(tmp_path, people))
    assert got.pegawai["golongan"].astype("str").tolist()[0] == "IX"
    assert got.pegawai["golongan"].isna().tolist() == [False, True]
    assert ("gol_akhir", "di_luar_pilihan") in rules(got.problems, "peringatan")


@pytest.mark.parametrize(("written", "unit"), [("\\ud800", "?"), ("\\ud83d\\ude00", "\U0001f600")])
def test_half_a_character_in_a_json_does_not_end_the_run(tmp_path, written, unit):
    folder = place(tmp_path, [orang(1, **{"UNOR NAMA": "Dinas @"})], "json", skp=[skp()])
    file = folder / "nominatif.json"
    file.write_text(file.read_text(encoding="utf-8").replace("@", written), encoding="utf-8")
    assert one(folder)["unit_kerja"] == f"Dinas {unit}"
