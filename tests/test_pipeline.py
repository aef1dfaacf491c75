"""From files to prepared tables: nothing lost, nothing half-written, nothing done twice."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import CLEAN, people

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.index.score import score
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.pipeline import prepare, prepare_synthetic
from ipasn_lib.records import prepared_write
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.synthetic import synthesize, write_siasn

TOY = Path(__file__).parent / "toy" / "pulau.toml"


def write(folder: Path, name: str, *rows, kode="3510", start=0) -> Path:
    """Write canonical make-believe people with ids, as a Parquet file of one place."""
    table = people(*rows, base={**CLEAN, "kode_kabkota": kode})
    table.index = pd.Index([f"{start + i:032x}" for i in range(len(table))], name="id_pegawai")
    folder.mkdir(exist_ok=True)
    path = folder / name
    table.reset_index().to_parquet(path)
    return path


@pytest.fixture
def two_places(tmp_path) -> Path:
    data = tmp_path / "data"
    write(data, "3510-a.parquet", *[{"seminar": i % 2 == 0} for i in range(40)])
    write(data, "3578-b.parquet", *[{}] * 30, kode="3578", start=1000)
    return data


def test_tables_hold_the_means_of_the_people(two_places, tmp_path):
    siap = prepare(two_places, 2022, tmp_path / "siap")
    assert siap.kode_kabkota == ("3510", "3578")
    assert siap.sintetis
    # 3510: half at 15 + 10 + 25 + 5 = 55, half at 45; 3578: all at 45
    assert siap.table("kabkota")["indeks"].to_dict() == {"3510": 50, "3578": 45}
    assert siap.table("provinsi")["indeks"].tolist() == [(40 * 50 + 30 * 45) / 70]
    assert siap.skor("3510").index.tolist() == siap.rincian("3510").index.tolist()
    assert siap.instrument("3510").id == "ip-asn-2019"


def test_refused_rows_count_as_not_measured_and_show_on_the_note(tmp_path):
    data = tmp_path / "data"
    rows = [{} for _ in range(49)] + [{"nilai_kinerja": 150.0}]
    write(data, "3510.parquet", *rows)
    siap = prepare(data, 2022, tmp_path / "siap")
    got = siap.table("kabkota").loc["3510"]
    assert (got["n_pegawai"], got["n_terukur"]) == (50, 49)
    assert siap.rejected("3510") == 1
    assert siap.file_table("3510")[["n_baris", "n_diterima", "n_ditolak"]].values.tolist() == [
        [50, 49, 1]
    ]
    problems = siap.problems("3510")
    assert problems["kolom"].tolist() == ["nilai_kinerja"]
    assert "150" not in problems.to_string()


def test_a_file_with_too_many_refused_rows_is_refused_and_the_others_go_on(two_places, tmp_path):
    write(two_places, "3501-c.parquet", *[{"nilai_kinerja": 150.0}] * 2, *[{}] * 8, kode="3501")
    siap = prepare(two_places, 2022, tmp_path / "siap")
    assert siap.kode_kabkota == ("3510", "3578")
    refused = [note for note in siap.berkas if note.galat]
    assert [note.berkas for note in refused] == ["3501-c.parquet"]
    more = prepare(two_places, 2022, tmp_path / "siap", max_rejected=0.5)
    assert more.kode_kabkota == ("3501", "3510", "3578")


def test_a_person_in_two_places_is_refused_in_both(two_places, tmp_path):
    write(two_places, "3501-c.parquet", *[{}] * 20, kode="3501", start=30)  # 30..39 are in 3510
    siap = prepare(two_places, 2022, tmp_path / "siap")
    counts = siap.table("kabkota")[["n_pegawai", "n_terukur"]]
    assert counts.loc["3510"].tolist() == [40, 30]
    assert counts.loc["3501"].tolist() == [20, 10]
    found = siap.problems()
    doubled = found.loc[found["aturan"] == "ganda_antarberkas"]
    assert doubled[["berkas", "jumlah"]].values.tolist() == [["3501", 10], ["3510", 10]]


def test_records_and_given_scores_of_one_place_do_not_mix(two_places, tmp_path):
    scores = {"kualifikasi": 15.0, "kompetensi": 20.0, "kinerja": 25.0, "disiplin": 5.0}
    keys = {k: CLEAN[k] for k in ("tahun", "unit_kerja", "jenis_asn", "sumber_data")}
    rows = [
        {**keys, **scores, "kode_kabkota": "3510", "id_pegawai": f"{i:032x}"} for i in range(9, 40)
    ]
    pd.DataFrame(rows).to_parquet(two_places / "3510-z.parquet")
    siap = prepare(two_places, 2022, tmp_path / "siap")
    assert [note.berkas for note in siap.berkas if note.galat] == ["3510-z.parquet"]
    assert siap.table("kabkota").loc["3510", "n_pegawai"] == 40


def test_two_files_of_one_place_give_what_one_gives(tmp_path):
    whole, split = tmp_path / "satu", tmp_path / "dua"
    rows = [{"seminar": i % 3 == 0, "unit_kerja": f"U{i % 4}"} for i in range(60)]
    write(whole, "3510.parquet", *rows)
    write(split, "3510-1.parquet", *rows[:25])
    write(split, "3510-2.parquet", *rows[25:], start=25)
    one = prepare(whole, 2022, tmp_path / "s1")
    two = prepare(split, 2022, tmp_path / "s2")
    for name in ("provinsi", "kabkota", "unit_kerja", "kabkota_jenis_asn"):
        pd.testing.assert_frame_equal(one.table(name), two.table(name))


def test_nothing_is_prepared_twice_and_everything_that_matters_is_noticed(two_places, tmp_path):
    out = tmp_path / "siap"
    seen: list[str] = []

    def note(name: str, position: int, total: int) -> None:
        seen.append(name)

    prepare(two_places, 2022, out, progress=note)
    assert seen == ["3510-a.parquet", "3578-b.parquet"]
    prepare(two_places, 2022, out, progress=note)
    assert len(seen) == 2
    prepare(two_places, 2022, out, progress=note, readings={"batas_kategori": "tepi_atas"})
    assert len(seen) == 4
    prepare(two_places, 2022, out, progress=note, minimum=20)
    assert len(seen) == 6
    write(two_places, "3578-b.parquet", *[{}] * 31, kode="3578", start=1000)
    prepare(two_places, 2022, out, progress=note, minimum=20)
    assert seen[6:] == ["3578-b.parquet"]


def test_what_was_prepared_is_not_read_as_a_file(two_places):
    out = two_places / "siap" / "2022"
    prepare(two_places, 2022, out)
    again = prepare(two_places, 2022, out, minimum=20)
    assert [note.berkas for note in again.berkas] == ["3510-a.parquet", "3578-b.parquet"]


def test_a_failure_leaves_the_old_tables_and_nothing_else(two_places, tmp_path, monkeypatch):
    out = tmp_path / "siap"
    before = prepare(two_places, 2022, out)

    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(prepared_write, "_swap", fail)
    with pytest.raises(OSError, match="disk full"):
        prepared_write.write_prepared(
            out,
            tahun=2022,
            minimum=10,
            tables={"kabkota": before.table("kabkota")},
            places={},
            skor={"3510": before.skor("3510")},
            rincian={},
            problems=before.problems(),
            berkas=(),
            sidik="x",
        )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "siap"]
    assert open_prepared(out, 2022) == before


def test_no_usable_file_is_an_error_that_says_why(tmp_path):
    (tmp_path / "kosong").mkdir()
    with pytest.raises(ParameterError, match="holds no csv, xlsx or parquet"):
        prepare(tmp_path / "kosong", 2022, tmp_path / "siap")
    write(tmp_path / "data", "3510.parquet", *[{"nilai_kinerja": 150.0}] * 10)
    with pytest.raises(DataError, match=r"no file of .* could be used"):
        prepare(tmp_path / "data", 2022, tmp_path / "siap")
    assert not (tmp_path / "siap").exists()


def test_an_instrument_of_ones_own_travels_with_the_tables(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    keys = {"tahun": 2022, "kode_kabkota": "3510", "unit_kerja": "Kapal", "jenis_asn": "PNS"}
    row = {"ijazah": "bintang", "berlayar": True, "jam_laut": 120.0, "ujian": 70.0, "laku": 8.0}
    rows = [
        {**keys, **row, "kelompok_jabatan": "mualim", "id_pegawai": f"{i:032x}"} for i in range(12)
    ]
    pd.DataFrame(rows).to_parquet(data / "3510.parquet")
    siap = prepare(data, 2022, tmp_path / "siap", instrument=TOY)
    # 30 + 20 + 20 + 20 + 8
    assert siap.table("kabkota").loc["3510", "indeks"] == 98
    assert siap.table("kabkota").loc["3510", "kategori"] == "Berlabuh"
    again = open_prepared(tmp_path / "siap", 2022)
    assert again.instrument("3510").judul == "Peraturan Pulau Buku"


def test_the_make_believe_province_is_marked_and_whole(tmp_path):
    siap = prepare_synthetic(tmp_path / "2022", 2022, seed=3, scale=0.02)
    assert siap.sintetis
    assert len(siap.kode_kabkota) == 38
    assert siap.sumber_data == ("sintetis, benih 3",)
    total = siap.table("provinsi")["n_pegawai"].iloc[0]
    persons = sum((siap.skor(k)["status_ukur"] != "bukan_subjek").sum() for k in siap.kode_kabkota)
    assert total == persons
    means = pd.concat([siap.skor(k)["indeks"] for k in siap.kode_kabkota]).mean()
    np.testing.assert_allclose(siap.table("provinsi")["indeks"].iloc[0], means)
    # the folder of years opens by year
    assert open_prepared(tmp_path, 2022) == siap


def test_opening_says_what_there_is(tmp_path):
    prepare_synthetic(tmp_path / "2022", 2022, seed=3, scale=0.005)
    with pytest.raises(
        ParameterError, match="no prepared tables for 2021; there are the years 2022"
    ):
        open_prepared(tmp_path, 2021)
    with pytest.raises(ParameterError, match="holds the year 2022, not 2021"):
        open_prepared(tmp_path / "2022", 2021)
    siap = open_prepared(tmp_path, 2022)
    with pytest.raises(ParameterError, match="no table 'kota'; known: bakorwil"):
        siap.table("kota")
    with pytest.raises(ParameterError, match="no people of kode_kabkota '9999'"):
        siap.skor("9999")
    note = json.loads((tmp_path / "2022" / "keterangan.json").read_text())
    note["format"] = 0
    (tmp_path / "2022" / "keterangan.json").write_text(json.dumps(note))
    with pytest.raises(DataError, match="prepared by another version"):
        open_prepared(tmp_path, 2022)


def test_folders_of_siasn_exports_prepare_to_the_generators_truth(tmp_path):
    law = load_instrument(2022)
    data = tmp_path / "ekspor"
    write_siasn(data, 7, 0.02, 2022, law, "csv", ["3510", "3571"])
    siap = prepare(data, 2022, tmp_path / "siap")
    assert siap.sintetis
    assert siap.file_table()["format"].tolist() == ["ekspor SIASN"] * 2
    for kode in ("3510", "3571"):
        truth = score(synthesize(7, scale=0.02, tahun=2022, instrument=law, kabkota=[kode]), law)
        got = siap.skor(kode)
        columns = ["unit_kerja", "kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"]
        order = {"by": columns, "ignore_index": True}
        expected = truth[columns].sort_values(**order)
        pd.testing.assert_frame_equal(got[columns].sort_values(**order), expected)
        assert siap.checks(kode).index.tolist() == got.index.tolist()


def test_exports_and_other_files_stand_side_by_side(tmp_path):
    data = tmp_path / "campur"
    write_siasn(data, 7, 0.02, 2022, load_instrument(2022), "csv", ["3571"])
    write(data, "3510.parquet", *[{}] * 20)
    siap = prepare(data, 2022, tmp_path / "siap")
    assert siap.kode_kabkota == ("3510", "3571")
    # from 2023 on the tables are not known, so nothing is derived from exports
    (data / "3510.parquet").unlink()
    with pytest.raises(DataError, match="no file of") as error:
        prepare(data, 2024, tmp_path / "siap24")
    assert "ip-asn-2023" in str(error.value)


def test_what_the_year_before_hid_stays_hidden(tmp_path):
    def units(*sizes: int, tahun: int) -> list[dict[str, object]]:
        return [
            {"unit_kerja": u, "tahun": tahun}
            for u, n in zip("ABC", sizes, strict=True)
            for _ in range(n)
        ]

    write(tmp_path / "2021", "3510.parquet", *units(5, 12, 40, tahun=2021))
    write(tmp_path / "2022", "3510.parquet", *units(15, 12, 40, tahun=2022))
    before = prepare(tmp_path / "2021", 2021, tmp_path / "s21")
    assert before.table("unit_kerja")["n_pegawai"].isna().tolist() == [True, True, False]
    bare = prepare(tmp_path / "2022", 2022, tmp_path / "s22")
    assert bare.table("unit_kerja")["n_pegawai"].tolist() == [15, 12, 40]
    # the same folder is made again: what the year before hid belongs to what it is made from
    kept = prepare(tmp_path / "2022", 2022, tmp_path / "s22", sebelumnya=tmp_path / "s21")
    assert kept.table("unit_kerja")["n_pegawai"].isna().tolist() == [True, True, False]
    with pytest.raises(ParameterError):  # not the year before
        prepare(tmp_path / "2022", 2022, tmp_path / "s22", sebelumnya=tmp_path / "s22")
