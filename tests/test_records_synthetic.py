"""Make-believe people: same seed same people, national shares, valid, and marked as made up."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from ipasn_lib.errors import InstrumentError, ParameterError
from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.score import score
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.reading import read_pegawai
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.records.synthetic import synthesize, write_examples, write_synthetic
from ipasn_lib.records.synthetic.calibration import load_calibration, rake

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "data" / "published"
CALIBRATION = ROOT / "ipasn_lib" / "records" / "synthetic" / "kalibrasi.toml"

LAW2019, LAW2023 = load_instrument(2022), load_instrument(2024)


@pytest.fixture(scope="module")
def province() -> pd.DataFrame:
    """The whole province in the reference year."""
    return synthesize(5, instrument=LAW2019)


@pytest.fixture(scope="module")
def years() -> dict[int, pd.DataFrame]:
    """The same place in several years."""
    return {
        y: synthesize(5, tahun=y, instrument=LAW2019, kabkota=["3571"]) for y in range(2018, 2027)
    }


# --- The same seed ---------------------------------------------------------------------------


def test_same_seed_same_people(province):
    again = synthesize(5, instrument=LAW2019)
    assert again.equals(province)
    assert again.dtypes.equals(province.dtypes)
    assert again.index.equals(province.index)


def test_other_seed_other_people(province):
    other = synthesize(6, instrument=LAW2019)
    assert not set(other.index) & set(province.index)


def test_a_place_does_not_depend_on_the_other_places(province):
    alone = synthesize(5, instrument=LAW2019, kabkota=["3578", "3510"])
    there = province[province["kode_kabkota"].isin(["3510", "3578"])]
    assert alone.equals(there)
    assert alone.index.equals(there.index)


def test_a_smaller_place_keeps_its_first_people(province):
    small = synthesize(5, instrument=LAW2019, kabkota=["3572"], scale=0.1)
    traits = ["jenis_asn", "kelompok_jabatan", "golongan", "jenis_kelamin", "usia"]
    big = province[province["kode_kabkota"] == "3572"].head(len(small))
    assert len(small) == 193
    pd.testing.assert_frame_equal(small[traits], big[traits])


@pytest.mark.parametrize("fmt", ["parquet", "xlsx", "csv"])
def test_files_have_the_same_bytes(tmp_path, fmt):
    args = {"seed": 9, "scale": 0.01, "tahun": 2022, "instrument": LAW2019, "fmt": fmt}
    one = write_synthetic(tmp_path / "a", kabkota=["3510", "3576"], **args)
    two = write_synthetic(tmp_path / "b", kabkota=["3510", "3576"], **args)
    assert [p.name for p in one] == [f"3510-kab-banyuwangi.{fmt}", f"3576-kota-mojokerto.{fmt}"]
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


# --- Shares ----------------------------------------------------------------------------------


def published(dimensi: str, kategori: str, populasi: str) -> float:
    with (PUBLISHED / "asn_national_calibration.csv").open(encoding="utf-8") as stream:
        rows = [
            float(row["nilai"]) / float(row["total"])
            for row in csv.DictReader(stream)
            if (row["dimensi"], row["kategori"], row["populasi"]) == (dimensi, kategori, populasi)
            and row["nilai"]
        ]
    return rows[0]  # the file lists the figures of July 2024 before those of 2025


SHARES = [
    ("jenis_asn", ["PPPK"], published("status", "PPPK", "ASN")),
    ("kelompok_jabatan", ["fungsional"], published("jabatan", "fungsional", "ASN")),
    ("kelompok_jabatan", ["struktural"], published("jabatan", "struktural", "ASN")),
    ("kelompok_jabatan", ["pelaksana"], published("jabatan", "pelaksana", "ASN")),
    ("jenis_kelamin", ["P"], published("jenis kelamin", "P", "ASN")),
    (
        "jenjang_pendidikan",
        ["SD", "SLTP", "SLTA"],
        published("pendidikan", "SD-SMA", "ASN (PNS+PPPK)"),
    ),
    (
        "jenjang_pendidikan",
        ["D1", "D2", "D3"],
        published("pendidikan", "D1-D3 (sisa)", "ASN (PNS+PPPK)"),
    ),
    (
        "jenjang_pendidikan",
        ["D4", "S1", "Profesi"],
        published("pendidikan", "D4/S1", "ASN (PNS+PPPK)"),
    ),
    (
        "jenjang_pendidikan",
        ["S2", "Spesialis"],
        published("pendidikan", "S2", "ASN (PNS+PPPK)"),
    ),
    (
        "jenjang_pendidikan",
        ["S3", "Subspesialis"],
        published("pendidikan", "S3", "ASN (PNS+PPPK)"),
    ),
]


def within_chance(people: pd.Series, wanted: float) -> bool:
    """Tell whether a share is within four standard errors (binomial), printing slack added."""
    error = np.sqrt(wanted * (1 - wanted) / len(people))
    return bool(abs(people.mean() - wanted) < 4 * error + 5e-5)


@pytest.mark.parametrize(("kolom", "kategori", "wanted"), SHARES)
def test_national_shares_of_asn(province, kolom, kategori, wanted):
    assert within_chance(province[kolom].isin(kategori), wanted)


@pytest.mark.parametrize("golongan", ["I", "II"])
def test_national_shares_of_golongan(province, golongan):
    pns = province.loc[province["jenis_asn"] == "PNS", "golongan"].astype("str")
    wanted = published("golongan", golongan, "PNS")
    assert within_chance(pns.str.startswith(f"{golongan}/"), wanted)


def test_national_share_of_old_pns(province):
    pns = province.loc[province["jenis_asn"] == "PNS", "usia"]
    assert within_chance(pns.between(51, 60), published("usia", "51-60", "PNS"))


def test_teachers_work_for_the_education_office(province):
    guru = published("jabatan fungsional", "guru", "ASN")
    at = province[(province["unit_kerja"] == "Dinas Pendidikan")]
    # teachers and about 6 % of the other fungsional, who are 0.69978 - 0.42589 - 0.1359
    wanted = guru + 0.06 * (0.69978 - 0.42589 - 0.1359)
    share = (at["kelompok_jabatan"] == "fungsional").sum() / len(province)
    assert share == pytest.approx(wanted, abs=0.003)


def test_calibration_file_copies_the_published_figures():
    with CALIBRATION.open("rb") as stream:
        pangsa = tomllib.load(stream)["pangsa"]
    guru = published("jabatan fungsional", "guru", "ASN")
    nakes = published("jabatan fungsional", "tenaga kesehatan/medis", "ASN")
    assert pangsa["fungsional"]["nilai"] == pytest.approx({"guru": guru, "nakes": nakes}, abs=6e-6)
    guru = published("jabatan PPPK", "guru", "PPPK")
    nakes = published("jabatan PPPK", "kesehatan", "PPPK")
    assert pangsa["pppk"]["nilai"] == pytest.approx({"guru": guru, "nakes": nakes}, abs=6e-6)
    low = [published("pendidikan", level, "PNS") for level in ("SD", "SMP", "SMA")]
    assert list(pangsa["menengah"]["nilai"].values()) == pytest.approx(
        [share / sum(low) for share in low], abs=6e-6
    )


def test_sanctions_split_as_published():
    table = pd.read_csv(PUBLISHED / "hukuman_disiplin_ntb.csv")
    whole_years = table[table["tahun"] < 2025].groupby("tingkat")["jumlah_hukuman"].sum()
    with CALIBRATION.open("rb") as stream:
        shares = tomllib.load(stream)["pangsa"]["hukuman"]["nilai"]
    for tingkat in ("ringan", "sedang", "berat"):
        assert shares[tingkat] == pytest.approx(whole_years[tingkat] / 510, abs=1e-5)


def test_every_number_says_what_it_rests_on():
    with CALIBRATION.open("rb") as stream:
        document = tomllib.load(stream)
    for section in ("pangsa", "kaitan", "angka", "ragam", "skor", "jumlah"):
        for name, table in document[section].items():
            assert table["dasar"] in ("terbit", "turunan", "asumsi"), name
            assert table["keterangan"], name
            assert table["dasar"] == "asumsi" or table["sumber"], name
            assert set(table.get("sumber", [])) <= set(document["sumber"]), name


def test_headcounts(province):
    register = load_kabkota()
    counts = load_calibration().jumlah
    assert list(counts) == list(register.index)
    assert province.groupby("kode_kabkota").size().to_dict() == dict(counts)
    # totals of whole staff as published; Sampang's total is one above its parts
    with (PUBLISHED / "asn_counts_jatim.csv").open(encoding="utf-8") as stream:
        totals = {
            row["kode_bps"]: int(row["nilai"])
            for row in csv.DictReader(stream)
            if row["ukuran"] == "ASN" and row["kategori"] == "total" and len(row["kode_bps"]) == 4
        }
    assert len(totals) == 7
    assert {kode: counts[kode] for kode in totals} == totals
    per_hundred = pd.Series(counts) / register["penduduk"] * 100
    assert per_hundred.between(0.4, 1.21).all()
    assert 380_000 < sum(counts.values()) < 430_000


# --- The structure ---------------------------------------------------------------------------


def test_small_and_large_units(province):
    sizes = province.groupby(["kode_kabkota", "unit_kerja"]).size()
    small = sizes[sizes < 10].groupby("kode_kabkota").size()
    assert len(small) >= 30  # most places have units that must be hidden
    assert sizes.max() > 3000
    assert sizes.groupby("kode_kabkota").size().min() >= 20


def test_a_small_sample_has_few_units():
    sample = synthesize(5, instrument=LAW2019, scale=0.01, kabkota=["3510"])
    assert len(sample) == 161
    assert sample["unit_kerja"].nunique() <= 6


def test_what_goes_with_what(province):
    p = province
    pppk = p[p["jenis_asn"] == "PPPK"]
    assert not (pppk["kelompok_jabatan"] == "struktural").any()
    assert not pppk["diklat_kepemimpinan"].any()
    assert (pppk["kelompok_jabatan"] == "fungsional").mean() > 0.9
    assert pppk["golongan"].astype("str").str.fullmatch("[IVX]+").all()
    high = p["jenjang_pendidikan"].isin(["S2", "S3", "Spesialis", "Subspesialis"])
    by_group = high.groupby(p["kelompok_jabatan"], observed=True).mean()
    assert by_group["struktural"] > 3 * by_group["pelaksana"]
    pns = p[p["jenis_asn"] == "PNS"]
    head = pns["golongan"].astype("str").str.split("/").str[0]
    age = pns["usia"].groupby(head).mean()
    assert age["II"] < age["III"] < age["IV"]
    # within S1 alone too: golongan follows age, not education only
    s1 = pns["jenjang_pendidikan"] == "S1"
    age = pns.loc[s1, "usia"].groupby(head[s1]).mean()
    assert age["IV"] - age["III"] > 5


def test_units_differ_beyond_chance(province):
    """Units of a place differ in training by more than drawing people at random would give."""
    p = province[province["kode_kabkota"] == "3510"]
    trained = p["jp_diklat_teknis"] >= 20
    by_unit = trained.groupby(p["unit_kerja"]).agg(["mean", "size"])
    by_unit = by_unit[by_unit["size"] >= 30]
    overall = trained.mean()
    chi2 = (by_unit["size"] * (by_unit["mean"] - overall) ** 2 / (overall * (1 - overall))).sum()
    assert chi2 > 3 * len(by_unit)


def test_index_of_2019_is_plausible(province):
    skor = score(province, LAW2019)
    whole = aggregate(skor, []).iloc[0]
    assert 60 <= whole["indeks"] <= 75
    assert 4.85 <= whole["disiplin"] < 5
    places = aggregate(skor, ["kode_kabkota"])
    assert places["kategori"].nunique() >= 3
    assert places["indeks"].min() > 45
    assert places["indeks"].max() < 85


def test_places_are_shuffled_by_the_seed():
    """A place's standing under one seed tells nothing of it under another."""
    means = [
        aggregate(score(synthesize(s, instrument=LAW2019, scale=0.1), LAW2019), ["kode_kabkota"])[
            "indeks"
        ]
        for s in (1, 2)
    ]
    # 38 places: a chance correlation stays under 0.5 in 998 cases of 1000
    assert abs(np.corrcoef(*means)[0, 1]) < 0.5


def test_given_scores_come_near_the_published_means():
    """Kota Bima 2023 and 2024, the only published means of the instrument of 2023."""
    skor = score(synthesize(5, tahun=2023, instrument=LAW2023), LAW2023)
    pns = aggregate(skor, ["jenis_asn"]).loc["PNS"]
    assert pns["kualifikasi"] == pytest.approx(21.28, abs=0.2)  # 21.19 and 21.37
    assert 26.0 <= pns["kompetensi"] <= 28.5  # 26.47 and 28.12
    assert 25.5 <= pns["kinerja"] <= 26.7  # 25.75 and 26.67
    assert 4.85 <= pns["disiplin"] <= 5.0  # 5 and 5
    assert 0.9 < aggregate(skor, []).iloc[0]["partisipasi"] < 1.0


# --- Years -----------------------------------------------------------------------------------


def test_people_stay_and_a_few_change(years):
    for tahun in range(2018, 2026):
        stay = years[tahun].index.isin(years[tahun + 1].index).mean()
        assert 0.90 < stay < 0.99, tahun
    assert {len(table) for table in years.values()} == {3620}


def test_people_grow_older_and_keep_what_they_have(years):
    levels = list(LAW2019.kolom["jenjang_pendidikan"].pilihan)
    for tahun in range(2018, 2026):
        now, later = years[tahun], years[tahun + 1]
        both = now.index.intersection(later.index)
        now, later = now.loc[both], later.loc[both]
        assert (later["usia"] == now["usia"] + 1).all()
        for kolom in ("jenis_kelamin", "jenis_asn", "kelompok_jabatan", "unit_kerja"):
            assert (later[kolom] == now[kolom]).all(), kolom
        for kolom in ("diklat_kepemimpinan", "diklat_fungsional"):
            assert not (now[kolom] & ~later[kolom]).any(), kolom
        before, after = (
            pd.Categorical(t["jenjang_pendidikan"], categories=levels).codes for t in (now, later)
        )
        assert (after >= before).all()


def test_some_climb_in_education(years):
    both = years[2018].index.intersection(years[2026].index)
    first, last = (years[y].loc[both, "jenjang_pendidikan"].astype("str") for y in (2018, 2026))
    # 0.67 % a year over eight years, less those who stand at a level without a next one
    assert 0.02 < (first != last).mean() < 0.07


def test_a_seminar_counts_for_two_years(years):
    """Without a seminar in year t and t+2 there can be none in t+1's window alone: the windows
    of t+1 (t, t+1) lie inside those of t (t-1, t) and t+2 (t+1, t+2)."""
    for tahun in range(2018, 2025):
        tables = [years[tahun + k]["seminar"] for k in range(3)]
        both = tables[0].index.intersection(tables[1].index).intersection(tables[2].index)
        a, b, c = (t.loc[both].to_numpy(dtype=bool) for t in tables)
        assert not (b & ~a & ~c).any()
        assert (a & ~c).any()


def test_a_sanction_counts_for_five_years(years):
    def punished(tahun: int) -> set[str]:
        table = years[tahun]
        return set(table.index[table["hukuman_disiplin"] != "tidak_pernah"])

    assert punished(2020)
    assert not punished(2020) & punished(2025)  # one sanction a person, five years long
    assert punished(2020) & punished(2022)


# --- Valid -----------------------------------------------------------------------------------


@pytest.mark.parametrize("instrument", [LAW2019, LAW2023, LAW2019.as_given()], ids=lambda i: i.id)
def test_the_instrument_takes_it(instrument):
    people = synthesize(3, scale=0.05, instrument=instrument)
    for name, column in instrument.kolom.items():
        values = people[name]
        if column.kosong == "tolak":
            assert values.notna().all(), name
        if column.jenis == "kategori":
            assert isinstance(values.dtype, pd.CategoricalDtype)
            assert list(values.cat.categories) == list(column.pilihan)
        elif column.jenis == "ya_tidak":
            assert values.dtype == "boolean"
        else:
            assert values.dropna().between(column.minimum, column.maksimum).all(), name
    skor = score(people, instrument)
    subjects = people["jenis_asn"].isin(instrument.subjek)
    assert (skor.loc[~subjects, "status_ukur"] == "bukan_subjek").all()
    assert skor.loc[subjects, "indeks"].notna().mean() > 0.9


def test_keys(province):
    assert list(province.columns[:9]) == [
        *("tahun", "kode_kabkota", "unit_kerja", "jenis_asn", "kelompok_jabatan"),
        *("golongan", "jenis_kelamin", "usia", "sumber_data"),
    ]
    assert province.index.name == "id_pegawai"
    assert province.index.is_unique
    assert province["usia"].between(21, 60).all()
    assert (province["tahun"] == 2022).all()
    assert province[list(province.columns[:9])].notna().all(axis=None)


def test_a_few_have_no_appraisal_and_a_few_fall_between_bands(province):
    value = province["nilai_kinerja"]
    assert 0.01 < value.isna().mean() < 0.06
    assert 0.002 < value.between(90.001, 90.999).mean() < 0.008


# --- Marked ----------------------------------------------------------------------------------


def test_ids_are_no_nips(province):
    assert province.index.str.fullmatch(r"[0-9a-f]{16}").all()
    assert (province["sumber_data"] == "sintetis, benih 5").all()
    text = province.select_dtypes(["object", "string", "str", "category"])
    for name in text:
        assert not text[name].astype("str").str.contains(r"\d{18}").any(), name


@pytest.fixture(scope="module")
def csv_files(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("csv") / "2022"
    return write_synthetic(folder, 5, 0.05, 2022, LAW2019, "csv")


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", decimal=",", dtype={"nip": "str", "kode_kabkota": "str"})


def rows_of(path: Path) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return list(book.active.iter_rows(values_only=True))


def test_nips_are_impossible_and_unique(csv_files):
    nips = pd.concat([read(path)["nip"] for path in csv_files])
    assert nips.str.fullmatch(r"\d{18}").all()
    assert nips.is_unique
    for day in nips.str[:8].unique():
        with pytest.raises(ValueError, match="day"):
            dt.date(int(day[:4]), int(day[4:6]), int(day[6:]))


def test_nips_agree_with_the_other_columns(csv_files):
    table = read(csv_files[9])
    nip = table["nip"]
    assert ((nip.str[14] == "2") == (table["jenis_kelamin"] == "P")).all()
    assert ((nip.str[12:14].astype(int) > 12) == (table["jenis_asn"] == "PPPK")).all()
    assert (nip.str[:4].astype(int) == 2022 - table["usia"]).all()
    assert (nip.str[8:12].astype(int) - nip.str[:4].astype(int)).between(18, 60).all()


def test_nips_stay_over_the_years(tmp_path, csv_files):
    later = write_synthetic(tmp_path / "x", 5, 0.05, 2023, LAW2019, "csv", kabkota=["3510"])
    now = next(path for path in csv_files if path.name.startswith("3510"))
    assert read(later[0])["nip"].isin(read(now)["nip"]).mean() > 0.9


def test_files_hold_the_table(csv_files):
    table = synthesize(5, scale=0.05, instrument=LAW2019, kabkota=["3510"])
    now = read(next(path for path in csv_files if path.name.startswith("3510")))
    assert now["nama"].str.startswith("DATA SINTETIS ").all()
    assert now["sumber_data"].unique().tolist() == ["sintetis, benih 5"]
    np.testing.assert_array_equal(now["nilai_kinerja"], table["nilai_kinerja"])
    assert (now["seminar"] == "ya").tolist() == table["seminar"].tolist()
    assert now["unit_kerja"].tolist() == table["unit_kerja"].tolist()


def test_readme_and_workbook_are_marked(tmp_path):
    paths = write_synthetic(tmp_path / "x", 5, 0.01, 2022, LAW2019, "xlsx", kabkota=["3576"])
    assert (tmp_path / "x" / "README.txt").read_text("utf-8").startswith("DATA SINTETIS")
    rows = rows_of(paths[0])
    assert rows[0][0].startswith("DATA SINTETIS")
    assert rows[1][:3] == ("nip", "nama", "tahun")
    assert len(rows) == 2 + 17
    assert all(isinstance(row[0], str) and len(row[0]) == 18 for row in rows[2:])
    assert not [p for p in (tmp_path / "x").iterdir() if p.name.startswith(".")]


def test_parquet_has_ids_and_no_nip(tmp_path):
    (path,) = write_synthetic(tmp_path / "x", 5, 0.01, 2022, LAW2019, kabkota=["3576"])
    table = pd.read_parquet(path).set_index("id_pegawai")
    assert "nip" not in table
    assert "nama" not in table
    pd.testing.assert_frame_equal(
        table, synthesize(5, scale=0.01, instrument=LAW2019, kabkota=["3576"])
    )


@pytest.mark.parametrize("fmt", ["parquet", "xlsx", "csv"])
def test_our_own_reader_takes_the_files(tmp_path, fmt):
    (path,) = write_synthetic(tmp_path / "x", 5, 0.02, 2022, LAW2019, fmt, kabkota=["3576"])
    result = read_pegawai(path, LAW2019, reject=True, key=b"kunci uji 16 bit")
    made = synthesize(5, scale=0.02, instrument=LAW2019, kabkota=["3576"])
    # NIPs that nobody can have are remarked upon and kept; nothing else is
    rules = [] if fmt == "parquet" else ["nip_tanggal_lahir"]
    assert result.problems["aturan"].tolist() == rules
    assert result.n_rejected == 0
    pd.testing.assert_frame_equal(
        result.pegawai.reset_index(drop=True), made.reset_index(drop=True)
    )


def test_our_own_reader_takes_the_examples(tmp_path):
    for path in write_examples(tmp_path / "contoh"):
        result = read_pegawai(path, LAW2023, reject=True, key=b"kunci uji 16 bit")
        refused = result.problems[result.problems["tingkat"] == "galat"]
        assert refused["aturan"].tolist() == ["di_luar_rentang"]
        assert result.n_rejected == 1
        skor = score(result.pegawai, LAW2023)
        assert 0.9 < (skor["status_ukur"] == "terukur").mean() < 1.0
        assert not skor["unit_kerja"].str.contains(r"^\s|\s$|\s\s").any()


def test_examples(tmp_path):
    pip, bkd = write_examples(tmp_path / "contoh")
    rows = rows_of(pip)
    assert "DATA SINTETIS" in rows[0][0]
    assert rows[6][:8] == (
        *("Nama", "Nama Jabatan", "Satuan Kerja"),
        *("Kualifikasi", "Kompetensi", "Kinerja", "Disiplin", "Total"),
    )
    assert all(row[0].startswith("DATA SINTETIS") for row in rows[7:])
    assert {row[8] for row in rows[7:]} == {"sintetis, benih 1"}
    scores = [row[3:8] for row in rows[7:] if row[3] is not None]
    assert sum(row[0] > 25 for row in scores) == 1  # the row to refuse
    text = bkd.read_text("utf-8")
    header, first = text.splitlines()[:2]
    assert header.startswith("nip;nama;unor;kualifikasi;kompetensi;kinerja;disiplin;total;tahun")
    assert first.startswith("'")
    assert re.search(r";\d+,\d+;", text)
    assert "DATA SINTETIS" in first
    assert first.endswith(";sintetis, benih 1")
    for path in (pip, bkd):
        read = read_pegawai(path, LAW2023, tahun=2024, reject=True, key=b"0" * 32)
        assert read.pegawai["sumber_data"].unique().tolist() == ["sintetis, benih 1"]


# --- Refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": True}, "seed"),
        ({"scale": 0}, "scale"),
        ({"scale": float("nan")}, "scale"),
        ({"scale": 11}, "scale"),
        ({"tahun": 2014}, "2015 to 2030"),
        ({"tahun": 2031}, "2015 to 2030"),
        ({"kabkota": ["9999"]}, "9999"),
        ({"kabkota": []}, "kabkota"),
        ({"kabkota": "3510"}, "list"),
        ({"kabkota": ["3510", "3510"]}, "different"),
    ],
)
def test_wrong_arguments_are_refused(change, message):
    arguments = {"seed": 1, "scale": 0.01, "instrument": LAW2019, **change}
    with pytest.raises(ParameterError, match=message):
        synthesize(**arguments)


def test_an_instrument_that_asks_for_more_is_refused():
    extra = replace(LAW2019.kolom["seminar"], nama="sertifikasi")
    strange = replace(LAW2019, kolom={**LAW2019.kolom, "sertifikasi": extra})
    with pytest.raises(ParameterError, match="sertifikasi"):
        synthesize(1, scale=0.01, instrument=strange)
    narrow = replace(LAW2019.kolom["jenjang_pendidikan"], pilihan=("S1", "S2"))
    strange = replace(LAW2019, kolom={**LAW2019.kolom, "jenjang_pendidikan": narrow})
    with pytest.raises(ParameterError, match="SLTA"):
        synthesize(1, scale=0.01, instrument=strange)


def test_wrong_files_are_refused(tmp_path):
    with pytest.raises(ParameterError, match="parquet, xlsx, csv"):
        write_synthetic(tmp_path, 1, 0.01, 2022, LAW2019, "xls")
    (tmp_path / "old.csv").touch()
    with pytest.raises(ParameterError, match="isn't empty"):
        write_synthetic(tmp_path, 1, 0.01, 2022, LAW2019, "csv")
    with pytest.raises(ParameterError, match="isn't empty"):
        write_examples(tmp_path)


# --- Raking ----------------------------------------------------------------------------------


def test_raking_keeps_odds_and_reaches_sums():
    start = np.array([[4.0, 1.0], [2.0, 3.0]])
    table = rake(start, [0.3, 0.7], [0.6, 0.4])
    np.testing.assert_allclose(table.sum(axis=1), [0.3, 0.7], atol=1e-9)
    np.testing.assert_allclose(table.sum(axis=0), [0.6, 0.4], atol=1e-9)
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert odds == pytest.approx(4 * 3 / (1 * 2))


def test_raking_an_even_table_gives_independence():
    table = rake(np.ones((2, 3)), [1, 3], [0.2, 0.3, 0.5])
    np.testing.assert_allclose(table, np.outer([0.25, 0.75], [0.2, 0.3, 0.5]))


def test_raking_refuses_the_impossible():
    with pytest.raises(InstrumentError, match="association"):
        rake([[1.0, 0.0], [1.0, 0.0]], [0.5, 0.5], [0.5, 0.5])
