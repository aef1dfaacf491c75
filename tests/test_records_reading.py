"""read_pegawai: files in, checked people out, all problems at once, nobody's name."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from records_files import (
    grid,
    id_of,
    nip,
    people,
    person,
    read,
    rules,
    sorted_out,
    write_csv,
    write_xlsx,
)

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.index.score import score
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.problems import PROBLEM_COLUMNS
from ipasn_lib.records.reading import find_files, other_files, read_pegawai

# ---- the canonical table -----------------------------------------------------------------


def test_canonical_table_in_every_kind_of_file(tmp_path: Path, law2019: Instrument) -> None:
    rows = grid([person(1), person(2, kelompok_jabatan="JF", jenjang_pendidikan="SMA")])
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    frame.to_parquet(tmp_path / "d.parquet")
    files = [
        write_xlsx(tmp_path / "d.xlsx", Data=rows),
        write_csv(tmp_path / "d.csv", rows, ";", "utf-16"),
        tmp_path / "d.parquet",
    ]
    first, *others = [read(path, law2019) for path in files]
    for other in others:
        pd.testing.assert_frame_equal(first, other)
    assert first.index.tolist() == [id_of(1), id_of(2)]
    assert first.index.name == "id_pegawai"
    assert first.iloc[1].drop(["golongan", "jenis_kelamin"]).to_dict() == {
        "tahun": 2022,
        "kode_kabkota": "3510",
        "unit_kerja": "Dinas Contoh",
        "jenis_asn": "PNS",
        "kelompok_jabatan": "fungsional",
        "sumber_data": "tabel kanonik",
        "jenjang_pendidikan": "SLTA",
        "diklat_kepemimpinan": True,
        "diklat_fungsional": False,
        "jp_diklat_teknis": 20.0,
        "seminar": True,
        "nilai_kinerja": 80.0,
        "hukuman_disiplin": "tidak_pernah",
    }
    assert [str(first[c].dtype) for c in ("tahun", "seminar", "jp_diklat_teknis")] == [
        *("int64", "boolean", "float64")
    ]


def test_what_is_read_can_be_scored(tmp_path: Path, law2019: Instrument) -> None:
    # S-1 15; struktural with PIM 15, 20 JP 15, seminar 10; SKP 80 is Baik 25; clean 5
    skor = score(read(people(tmp_path, person(1)), law2019), law2019)
    assert skor["indeks"].tolist() == [15 + 40 + 25 + 5]


def test_headings_in_capitals_with_odd_spaces(tmp_path: Path, law2019: Instrument) -> None:
    rows = grid([person(1)])
    rows[0] = [f" {str(h).upper().replace('_', chr(160))}  " for h in rows[0]]
    assert len(read(write_xlsx(tmp_path / "d.xlsx", D=rows), law2019)) == 1


def test_optional_columns(tmp_path: Path, law2019: Instrument) -> None:
    rows = [person(1, golongan="III d", jenis_kelamin="M", usia=40)]
    rows += [person(2, golongan="IX", jenis_kelamin="Perempuan", usia="")]
    found = read(people(tmp_path, *rows), law2019)
    assert found["golongan"].tolist() == ["III/d", "IX"]
    assert found["jenis_kelamin"].tolist() == ["L", "P"]
    assert found["usia"].tolist()[0] == 40.0
    assert "usia" not in read(people(tmp_path, person(1)), law2019)
    wrong = people(tmp_path, person(1, golongan="34", jenis_kelamin="X", usia=12))
    assert set(rules(sorted_out(wrong, law2019).problems)) == {
        ("golongan", "di_luar_pilihan"),
        ("jenis_kelamin", "di_luar_pilihan"),
        ("usia", "di_luar_rentang"),
    }


def test_all_problems_at_once_and_no_value_of_anybody(tmp_path: Path, law2019: Instrument) -> None:
    secret = {"nama": "Siti Rahasia", "unit_kerja": "", "jenjang_pendidikan": "S1 Sastra Rahasia"}
    rows = [person(i) for i in range(1, 8)]
    rows[0] |= secret
    rows[1] |= {"nip": 1.98577012010011e17, "nilai_kinerja": 101, "hukuman_disiplin": ""}
    rows[3] |= {"nip": "12345", "seminar": "kadang", "kode_kabkota": "6571"}
    path = people(tmp_path, *rows)
    with pytest.raises(DataError) as error:
        read(path, law2019)
    problems = error.value.problems
    assert problems is not None
    assert list(problems) == list(PROBLEM_COLUMNS)
    assert rules(problems) == {
        ("unit_kerja", "kosong"): "2",
        ("jenjang_pendidikan", "di_luar_pilihan"): "2",
        ("nip", "nip_rusak"): "3",
        ("nilai_kinerja", "di_luar_rentang"): "3",
        ("hukuman_disiplin", "kosong"): "3",
        ("nip", "nip_panjang"): "5",
        ("seminar", "bukan_ya_tidak"): "5",
        ("kode_kabkota", "kode_tidak_dikenal"): "5",
    }
    said = str(error.value) + problems.to_csv()
    for value in ("Rahasia", "12345", "6571", "kadang", "101", nip(1), nip(3)):
        assert value not in said
    assert "3 of 7 rows refused" in str(error.value)


def test_first_five_row_numbers_as_the_spreadsheet_shows_them(
    tmp_path: Path, law2019: Instrument
) -> None:
    rows = [["Judul"], [""], *grid([person(i, seminar="?") for i in range(1, 8)])]
    found = sorted_out(write_xlsx(tmp_path / "d.xlsx", D=rows), law2019).problems
    row = found[found["kolom"] == "seminar"].iloc[0]
    assert (row["jumlah"], row["baris"]) == (7, "4, 5, 6, 7, 8")


def test_blank_rows_keep_the_numbers_of_the_others(tmp_path: Path, law2019: Instrument) -> None:
    rows = grid([person(1), person(2, seminar="?")])
    rows.insert(2, ["", " ", None])
    path = write_xlsx(tmp_path / "d.xlsx", D=rows)
    assert rules(sorted_out(path, law2019).problems) == {("seminar", "bukan_ya_tidak"): "4"}


# ---- the instrument is the schema ---------------------------------------------------------


def test_blank_means_what_the_instrument_says(tmp_path: Path, law2019: Instrument) -> None:
    # nilai_kinerja: a blank is worth nothing; hukuman_disiplin: refused, unless read otherwise
    rows = [person(1, nilai_kinerja="", hukuman_disiplin="R"), person(2, hukuman_disiplin="-")]
    found = sorted_out(people(tmp_path, *rows), law2019)
    assert found.pegawai["nilai_kinerja"].isna().tolist() == [True]
    assert found.pegawai["hukuman_disiplin"].tolist() == ["ringan"]
    assert rules(found.problems) == {("hukuman_disiplin", "kosong"): "3"}
    lenient = load_instrument(2022, {"hukuman_kosong": "tidak_pernah"})
    assert read(people(tmp_path, *rows), lenient)["hukuman_disiplin"].tolist() == [
        *("ringan", "tidak_pernah")
    ]


def test_a_column_matters_only_to_its_job_groups(tmp_path: Path, law2019: Instrument) -> None:
    rows = [
        person(i, kelompok_jabatan=group, diklat_kepemimpinan="")
        for i, group in enumerate(("struktural", "fungsional", "pelaksana"), start=1)
    ]
    assert rules(sorted_out(people(tmp_path, *rows), law2019).problems) == {
        ("diklat_kepemimpinan", "kosong"): "2"
    }


def test_whom_the_instrument_does_not_measure_may_have_blanks(
    tmp_path: Path, law2019: Instrument
) -> None:
    blank = {"jenjang_pendidikan": "", "kelompok_jabatan": "", "jenis_asn": "P3K"}
    found = read(people(tmp_path, person(1, **blank)), law2019)
    assert found["jenis_asn"].tolist() == ["PPPK"]
    assert score(found, law2019)["status_ukur"].tolist() == ["bukan_subjek"]


@pytest.mark.parametrize("jenis", ["CPNS", "Honorer", ""])
def test_kind_of_asn_is_not_guessed(tmp_path: Path, law2019: Instrument, jenis: str) -> None:
    found = sorted_out(people(tmp_path, person(1, jenis_asn=jenis)), law2019)
    assert [kolom for kolom, _ in rules(found.problems)] == ["jenis_asn"]


def test_missing_columns_are_named_with_the_known_shapes(
    tmp_path: Path, law2019: Instrument
) -> None:
    path = people(tmp_path, person(1, seminar=None, hukuman_disiplin=None, jenis_asn=None))
    with pytest.raises(DataError) as error:
        read(path, law2019)
    assert {k for k, a in rules(error.value.problems) if a == "kolom_tidak_ada"} == {
        *("seminar", "hukuman_disiplin", "jenis_asn")
    }
    bare = write_csv(tmp_path / "b.csv", [["nip", "nama", "unit kerja"], [nip(1), "A", "B"]])
    with pytest.raises(DataError) as error:
        read(bare, law2019)
    assert "PIP ASN BKN (nama, unit_kerja, kualifikasi" in str(error.value)
    with pytest.raises(DataError, match="no header row"):
        read(write_csv(tmp_path / "c.csv", [["x", "y"], [1, 2]]), law2019)


def test_a_column_twice(tmp_path: Path, law2019: Instrument) -> None:
    rows = grid([person(1)])
    rows[0].extend(["NIP Baru", "OPD", "SKPD"])
    rows[1].extend([nip(2), "x", "y"])
    # the canonical spelling goes before its synonyms; of two synonyms none is chosen
    assert read(write_xlsx(tmp_path / "a.xlsx", D=rows), law2019).index.tolist() == [id_of(1)]
    rows[0][rows[0].index("unit_kerja")] = "Unor"
    with pytest.raises(DataError, match="kolom E, P, Q berarti sama"):
        read(write_xlsx(tmp_path / "b.xlsx", D=rows), law2019)


# ---- refusing and setting aside -----------------------------------------------------------


def test_repeated_nip(tmp_path: Path, law2019: Instrument) -> None:
    rows = [person(1), person(2), person(1, nama="lain"), person(3), person(2, seminar="tidak")]
    rows += [person(1, seminar="Y")]
    found = sorted_out(people(tmp_path, *rows), law2019)
    # rows 4 and 7 say the same as row 2; rows 3 and 6 contradict each other
    assert found.pegawai.index.tolist() == [id_of(1), id_of(3)]
    assert rules(found.problems) == {
        ("nip", "ganda_sama"): "4, 7",
        ("nip", "ganda_berbeda"): "3, 6",
    }
    assert found.rejected.index.tolist() == [id_of(2), id_of(1), id_of(2), id_of(1)]
    with pytest.raises(DataError):
        read(people(tmp_path, *rows), law2019)


def test_rejected_rows_keep_what_could_be_read(tmp_path: Path, law2019: Instrument) -> None:
    rows = [person(1), person(2, nip="x", kelompok_jabatan="Guru"), person(3, kode_kabkota="9999")]
    rejected = sorted_out(people(tmp_path, *rows), law2019).rejected
    assert list(rejected) == [
        "tahun",
        "kode_kabkota",
        "unit_kerja",
        "jenis_asn",
        "kelompok_jabatan",
    ]
    assert rejected.index[0].startswith("baris-")
    assert rejected.index[1] == id_of(3)
    assert rejected["kelompok_jabatan"].isna().tolist() == [True, False]
    assert rejected["kode_kabkota"].isna().tolist() == [False, True]
    assert rejected["tahun"].tolist() == [2022, 2022]


def test_share_of_rejected_rows(tmp_path: Path, law2019: Instrument) -> None:
    path = people(tmp_path, *(person(i, seminar="?" if i == 1 else "ya") for i in range(1, 21)))
    assert sorted_out(path, law2019, max_rejected=0.05).n_rejected == 1
    with pytest.raises(DataError, match=r"1 of 20 rows refused \(5\.0%; the limit is 4\.0%\)"):
        sorted_out(path, law2019, max_rejected=0.04)
    with pytest.raises(ParameterError, match="max_rejected"):
        sorted_out(path, law2019, max_rejected=5)


def test_csv_row_torn_by_an_unquoted_decimal_comma(tmp_path: Path, law2019: Instrument) -> None:
    rows = grid([person(1), person(2)])
    path = write_csv(tmp_path / "d.csv", rows)
    path.write_text(path.read_text().replace(",80,", ",80,5,", 1))
    assert ("", "isian_lebih") in rules(sorted_out(path, law2019).problems)
    path.write_text(path.read_text().replace(",80,5,", ",80,").rsplit(",", 1)[0])
    assert ("", "isian_kurang") in rules(sorted_out(path, law2019).problems)


def test_empty_table(tmp_path: Path, law2019: Instrument) -> None:
    with pytest.raises(DataError, match="tanpa_baris"):
        read(write_xlsx(tmp_path / "d.xlsx", D=[list(person(1))]), law2019)


def test_warnings_without_reject_go_to_the_log(
    tmp_path: Path, law2019: Instrument, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        read(people(tmp_path, person(1)), law2019)
    assert "nip_tanggal_lahir (1)" in caplog.text
    assert nip(1) not in caplog.text


# ---- files that carry ids -----------------------------------------------------------------


def with_ids(*ids: str, **columns: Any) -> pd.DataFrame:
    rows = [person(i, nip=None, nama=None, **columns) for i, _ in enumerate(ids)]
    table = pd.DataFrame(rows, index=pd.Index(ids, name="id_pegawai"))
    for name in ("diklat_kepemimpinan", "diklat_fungsional", "seminar"):
        table[name] = table[name].map({"ya": True, "tidak": False}).astype("boolean")
    return table.astype({"jenjang_pendidikan": "category", "jenis_asn": "category"})


def test_parquet_with_ids_is_taken_as_is(tmp_path: Path, law2019: Instrument) -> None:
    table = with_ids("1234567890123456", "ab12", sumber_data="sintetis, benih 7")
    for name, frame in {"a.parquet": table, "b.parquet": table.reset_index()}.items():
        frame.to_parquet(tmp_path / name)
        found = read(tmp_path / name, law2019)
        assert found.index.tolist() == ["1234567890123456", "ab12"]
        assert found["sumber_data"].tolist() == ["sintetis, benih 7"] * 2


def test_a_file_with_ids_makes_no_key(
    tmp_path: Path, law2019: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IPASN_KUNCI", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with_ids("ab12").to_parquet(tmp_path / "d.parquet")
    assert len(read_pegawai(tmp_path / "d.parquet", law2019)) == 1
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize("written", [nip(1), f"'{nip(1)}", "19857701 201001 1 001", "1.98577E+17"])
def test_a_nip_is_no_id(tmp_path: Path, law2019: Instrument, written: str) -> None:
    with_ids(written).to_parquet(tmp_path / "d.parquet")
    found = sorted_out(tmp_path / "d.parquet", law2019)
    assert rules(found.problems) == {("id_pegawai", "id_berisi_nip"): "2"}
    assert found.rejected.index.str.startswith("baris-").all()


def test_repeated_and_blank_ids(tmp_path: Path, law2019: Instrument) -> None:
    with_ids("a", "a", "", "b").to_parquet(tmp_path / "d.parquet")
    found = sorted_out(tmp_path / "d.parquet", law2019)
    assert found.pegawai.index.tolist() == ["a", "b"]
    assert rules(found.problems) == {
        ("id_pegawai", "ganda_sama"): "3",
        ("id_pegawai", "id_kosong"): "4",
    }


# ---- folders ------------------------------------------------------------------------------


def test_find_files(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "3510-kab-banyuwangi").mkdir()
    for name in ("b.csv", "a.XLSX", "c.parquet", ".d.csv", "~$a.xlsx", "e.xls", "README.txt"):
        (tmp_path / name).touch()
    (tmp_path / "3510-kab-banyuwangi" / "data.csv").touch()
    with caplog.at_level(logging.WARNING):
        found = find_files(tmp_path)
    assert [p.name for p in found] == ["a.XLSX", "b.csv", "c.parquet"]
    assert [p.name for p in other_files(tmp_path)] == ["README.txt", "e.xls"]
    assert "README.txt, e.xls" in caplog.text
    assert [p.name for p in find_files(tmp_path, subfolders=True)] == [
        *("data.csv", "a.XLSX", "b.csv", "c.parquet")
    ]
    with pytest.raises(ParameterError, match="not a folder"):
        find_files(tmp_path / "none")
