"""The shapes of files: scores as given, BKD Jatim, PIP ASN, and lines that are no persons."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from records_files import (
    bkd,
    grid,
    nip,
    people,
    person,
    pip,
    read,
    rules,
    scored,
    sorted_out,
    write_csv,
    write_xlsx,
)

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.index.score import score
from ipasn_lib.law.instrument import Instrument

# ---- scores as given ----------------------------------------------------------------------


def test_scores_as_given_under_any_instrument(
    tmp_path: Path, law2019: Instrument, law2023: Instrument
) -> None:
    path = people(tmp_path, scored(1, tahun=2023), scored(2, tahun=2023, kompetensi="36,5"))
    for law in (law2019, law2023):
        found = read(path, law)
        assert found["kompetensi"].tolist() == [30.0, 36.5]
        assert found["kelompok_jabatan"].isna().all()
    assert score(read(path, law2019), law2019)["id_instrumen"].unique().tolist() == [
        "ip-asn-2019+skor-diberikan"
    ]


def test_scores_keep_to_the_dimension_s_maximum(tmp_path: Path, law2023: Instrument) -> None:
    full = scored(1, tahun=2024, kualifikasi=25, kompetensi=40, kinerja=30, disiplin=5)
    assert len(read(people(tmp_path, full), law2023)) == 1
    for name, above in {"kualifikasi": 25.1, "kompetensi": 40.5, "kinerja": 31}.items():
        found = sorted_out(people(tmp_path, {**full, name: above}), law2023)
        assert rules(found.problems) == {(name, "di_luar_rentang"): "2"}


def test_blank_score_is_a_person_not_measured(tmp_path: Path, law2023: Instrument) -> None:
    found = read(people(tmp_path, scored(1, tahun=2024, kinerja="")), law2023)
    assert score(found, law2023)["status_ukur"].tolist() == ["tidak_terukur"]


def test_the_instrument_s_columns_go_before_scores(tmp_path: Path, law2019: Instrument) -> None:
    both = people(
        tmp_path, {**person(1), "kualifikasi": 25, "kompetensi": 40, "kinerja": 30, "disiplin": 5}
    )
    found = sorted_out(both, law2019)
    assert rules(found.problems, "peringatan") == {
        ("kualifikasi", "skor_dan_kolom"): "",
        ("nip", "nip_tanggal_lahir"): "2",
    }
    assert "kualifikasi" not in found.pegawai
    assert found.pegawai["jenjang_pendidikan"].tolist() == ["S1"]


def test_a_part_of_the_columns_beside_scores_is_not_guessed(
    tmp_path: Path, law2019: Instrument
) -> None:
    path = people(tmp_path, scored(1, jenjang_pendidikan="S1"))
    with pytest.raises(DataError) as error:
        read(path, law2019)
    assert ("seminar", "kolom_tidak_ada") in rules(error.value.problems)
    assert ("kualifikasi", "skor_dan_kolom") in rules(error.value.problems, "peringatan")
    assert len(read(path, law2019.as_given())) == 1


@pytest.mark.parametrize(("total", "differs"), [(75, False), ("75,005", False), (75.006, True)])
def test_total_is_compared_and_the_parts_win(
    tmp_path: Path, law2023: Instrument, total: object, differs: bool
) -> None:
    found = sorted_out(people(tmp_path, scored(1, tahun=2024, total=total)), law2023)
    assert (("total", "total_berbeda") in rules(found.problems, "peringatan")) is differs
    assert score(found.pegawai, law2023)["indeks"].tolist() == [75.0]


# ---- BKD Jatim and BKN --------------------------------------------------------------------


def test_bkd_jatim_csv(tmp_path: Path, law2023: Instrument) -> None:
    rows = grid([bkd(1), bkd(2, nip=nip(2, "21"), updated="31-12-2024"), bkd(3, nip=nip(3, "15"))])
    found = sorted_out(write_csv(tmp_path / "3578_a.csv", rows, ";"), law2023)
    assert found.format == "IP ASN BKD Jatim"
    assert found.pegawai["kompetensi"].tolist() == [36.5, 36.5, 36.5]
    assert [None if pd.isna(v) else v for v in found.pegawai["jenis_asn"]] == ["PNS", "PPPK", None]
    assert found.pegawai["kode_kabkota"].unique().tolist() == ["3578"]
    assert found.pegawai["sumber_data"].unique().tolist() == ["IP ASN BKD Jatim 2024-12-31"]
    assert rules(found.problems) == {}


@pytest.mark.parametrize("above", [0, 3, 6, 9])
def test_pip_workbook(tmp_path: Path, law2023: Instrument, above: int) -> None:
    titles = ["Pemerintah Kota Kediri", "Tahun 2024", *[""] * 9][:above]
    rows = pip(
        ["Orang A", "Guru", "Dinas A", 15, 30, 25, 5, 75],
        ["Orang B", "Guru", "Dinas B", "15", "36,5", "25", "5", "81,5"],
        titles=titles,
    )
    options = {} if above else {"tahun": 2024, "kode_kabkota": "3571"}
    path = write_xlsx(tmp_path / "Rekap Orang A.xlsx", **{"PIP ASN": rows})
    found = sorted_out(path, law2023, **options)
    assert found.format == "PIP ASN BKN"
    assert found.pegawai["tahun"].unique().tolist() == [2024]
    assert found.pegawai["kode_kabkota"].unique().tolist() == ["3571"]
    assert found.pegawai["jenis_asn"].isna().all()
    assert found.pegawai["sumber_data"].unique().tolist() == ["PIP ASN BKN"]
    assert found.pegawai.index.str.fullmatch(r"baris-[0-9a-f]{32}").all()
    assert found.pegawai.index.is_unique
    assert score(found.pegawai, law2023)["indeks"].tolist() == [75.0, 81.5]
    held = found.pegawai.reset_index().to_csv() + found.problems.to_csv()
    assert "Orang" not in held.replace(path.name, "")


def test_ids_of_rows_do_not_match_across_files(tmp_path: Path, law2023: Instrument) -> None:
    rows = pip(["Orang A", "Guru", "Dinas A", 15, 30, 25, 5, 75])
    ids = [
        read(write_xlsx(tmp_path / name, S=rows), law2023).index[0] for name in ("a.xlsx", "b.xlsx")
    ]
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("title", "tahun"),
    [
        ("Tahun 2024", 2024),
        ("IP ASN TAHUN PENGUKURAN 2023 (per 2 Januari 2024)", 2023),
        ("per 31 Desember 2024", 2024),
        ("Peraturan BKN Nomor 8 Tahun 2019; tahun 2024", 2024),
        ("Tahun 2023 dan tahun 2024", None),
        ("Dicetak 5 Januari 2025", None),
        ("", None),
    ],
)
def test_year_in_the_titles(
    tmp_path: Path, law2023: Instrument, title: str, tahun: int | None
) -> None:
    rows = pip(["A", "Guru", "Dinas A", 15, 30, 25, 5, 75], titles=["Pemkab Jember", title])
    path = write_xlsx(tmp_path / "d.xlsx", S=rows)
    if tahun is not None:
        assert read(path, law2023)["tahun"].tolist() == [tahun]
        return
    with pytest.raises(DataError) as error:
        read(path, law2023)
    assert rules(error.value.problems) == {("tahun", "tahun_tidak_disebut"): ""}
    assert read(path, law2023, tahun=2024)["tahun"].tolist() == [2024]


def test_year_of_the_caller(tmp_path: Path, law2019: Instrument, law2023: Instrument) -> None:
    path = people(tmp_path, person(1), person(2, tahun=2021), person(3, tahun=""))
    found = sorted_out(path, law2019, tahun=2022)
    assert rules(found.problems) == {("tahun", "tahun_lain"): "3"}
    assert found.pegawai["tahun"].tolist() == [2022, 2022]
    assert rules(sorted_out(path, law2019).problems) == {("tahun", "kosong"): "4"}
    rows = pip(["A", "Guru", "Dinas A", 15, 30, 25, 5, 75])
    with pytest.raises(DataError) as error:
        read(write_xlsx(tmp_path / "p.xlsx", S=rows), law2023, tahun=2025)
    assert rules(error.value.problems) == {("tahun", "tahun_bertentangan"): ""}
    with pytest.raises(ParameterError, match="starts with 2019"):
        read(path, law2019, tahun=2018)


def test_place_must_be_said(tmp_path: Path, law2019: Instrument) -> None:
    rows = [person(1, kode_kabkota=None)]
    with pytest.raises(DataError) as error:
        read(people(tmp_path, *rows), law2019)
    assert rules(error.value.problems) == {("kode_kabkota", "daerah_tidak_disebut"): ""}
    assert read(people(tmp_path, *rows, name="3571_a.xlsx"), law2019)["kode_kabkota"].tolist() == [
        "3571"
    ]
    with pytest.raises(DataError, match="daerah_bertentangan"):
        read(people(tmp_path, *rows, name="3571_a.xlsx"), law2019, kode_kabkota="3510")


# ---- lines that are no persons ------------------------------------------------------------


@pytest.mark.parametrize("word", ["Jumlah", "TOTAL", "Rata-rata", "Rata - Rata Nilai", "Mean"])
def test_total_rows_are_told_and_not_counted(
    tmp_path: Path, law2023: Instrument, word: str
) -> None:
    one = ["Orang A", "Guru", "Dinas A", 15, 30, 25, 5, 75]
    rows = pip(one, [""], [word, "", "", 15, 30, 25, 5, 75])
    found = sorted_out(write_xlsx(tmp_path / "p.xlsx", S=rows), law2023)
    assert (found.n_rows, found.n_rejected) == (1, 0)
    assert rules(found.problems, "peringatan") == {("", "baris_jumlah"): "10"}
    numbered = [["No", *row] for row in grid([scored(1, tahun=2024)])]
    numbered += [[word, "", "", "", "", "", "", 15, 30, 25, 5], [2, *[""] * 11]]
    found = sorted_out(write_xlsx(tmp_path / "c.xlsx", S=numbered), law2023)
    assert found.n_rows == 1
    assert ("", "baris_jumlah") in rules(found.problems, "peringatan")


@pytest.mark.parametrize("name", ["Total Wahyudi", "Jumlahwati", "Meani"])
def test_people_with_such_names_are_people(tmp_path: Path, law2023: Instrument, name: str) -> None:
    rows = pip([name, "Guru", "Dinas A", 15, 30, 25, 5, 75])
    assert len(read(write_xlsx(tmp_path / "p.xlsx", S=rows), law2023)) == 1


def test_a_total_word_beside_a_nip_is_a_person(tmp_path: Path, law2019: Instrument) -> None:
    assert len(read(people(tmp_path, person(1, nama="Total")), law2019)) == 1


def test_header_printed_again(tmp_path: Path, law2019: Instrument) -> None:
    rows = grid([person(1), person(2)])
    rows.insert(2, rows[0])
    found = sorted_out(write_xlsx(tmp_path / "d.xlsx", D=rows), law2019)
    assert found.n_rows == 2
    assert rules(found.problems, "peringatan")["", "judul_berulang"] == "3"


def test_signature_below_the_table_is_refused_not_dropped(
    tmp_path: Path, law2019: Instrument
) -> None:
    rows = [*grid([person(1)]), ["", "Kepala BKPSDM Contoh"]]
    found = sorted_out(write_xlsx(tmp_path / "d.xlsx", D=rows), law2019)
    assert (found.n_rows, found.n_rejected) == (2, 1)
    # one problem, not one more for each column that a signature leaves blank
    assert rules(found.problems) == {("nip", "nip_kosong"): "3"}
    pip_rows = pip(["A", "Guru", "Dinas A", 15, 30, 25, 5, 75], ["", "", "Kepala BKPSDM"])
    found = sorted_out(write_xlsx(tmp_path / "p.xlsx", S=pip_rows), law2019)
    assert rules(found.problems) == {("nama", "nama_kosong"): "9"}
