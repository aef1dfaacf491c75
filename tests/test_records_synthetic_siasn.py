"""Make-believe exports of SIASN: what is derived from them is what was made up beforehand."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.index.score import score
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.keys import pseudonyms
from ipasn_lib.records.siasn.reading import read_siasn
from ipasn_lib.records.siasn.shapes import recognise
from ipasn_lib.records.synthetic.calibration import load_calibration
from ipasn_lib.records.synthetic.siasn_draws import Dice, dates_as_text, numbers_as_text, uuids
from ipasn_lib.records.synthetic.siasn_exports import nip_table, truth, write_siasn
from ipasn_lib.records.synthetic.siasn_files import style_of
from ipasn_lib.records.synthetic.siasn_rows import day, spread

LAW, LAW2023 = load_instrument(2022), load_instrument(2024)
KEY = b"kunci uji, bukan rahasia"
BLITAR, SURABAYA, KEDIRI = "3505", "3578", "3571"
ALWAYS = ["nominatif", "pendidikan", "jabatan", "diklat", "kursus", "skp", "hukdis"]
LATER = ["skp22", "kinerja_periodik"]
LATE = dt.date(2023, 6, 30)


def write(out: Path, fmt: str, **kw) -> Path:
    """Write one place and give its folder."""
    asked = {"seed": 4, "scale": 0.05, "tahun": 2022, "kabkota": [BLITAR], "instrument": LAW} | kw
    return write_siasn(out, fmt=fmt, **asked)[0].parent


def read_raw(folder: Path) -> dict[str, pd.DataFrame]:
    """Read parquet exports as they stand, all as text or numbers."""
    return {p.stem: pd.read_parquet(p) for p in folder.glob("*.parquet")}


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> dict[str, pd.DataFrame]:
    """A place of real size, with everything up to June 2023."""
    return read_raw(write(tmp_path_factory.mktemp("x") / "a", "parquet", scale=1.0, ditarik=LATE))


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """What is true of the people of ``raw``, with their PNS ID."""
    table = truth(4, tahun=2022, instrument=LAW, kabkota=[BLITAR])
    names = nip_table(4, BLITAR, tahun=2022)
    assert list(names["id_pegawai"]) == list(table.index)
    return table.assign(pns_id=names["pns_id"].to_numpy(), nip=names["nip"].to_numpy())


def rows_of(raw: dict[str, pd.DataFrame], shape: str) -> pd.DataFrame:
    """Rows of a history, each once, the person's column named alike, dates as dates."""
    table = raw[shape].drop_duplicates("id")
    person = next(c for c in table if re.match("(pns|idPns)", c))
    table = table.rename(columns={person: "pns_id"})
    for name in table:
        if re.match("(tmt|tgl|tanggal|.*Tanggal$)", name):
            text = table[name].str.replace(r"^(\d\d)-(\d\d)-(\d{4})$", r"\3-\2-\1", regex=True)
            table[name] = pd.to_datetime(text, format="%Y-%m-%d")
    return table


# --- The same arguments -----------------------------------------------------------------------


@pytest.mark.parametrize("fmt", ["parquet", "xlsx", "csv", "json"])
def test_same_arguments_same_bytes(tmp_path, fmt):
    one, two = (write(tmp_path / name, fmt, scale=0.02) for name in "ab")
    names = sorted(p.name for p in one.iterdir())
    assert names == sorted(f"{shape}.{fmt}" for shape in ALWAYS)
    assert all((one / n).read_bytes() == (two / n).read_bytes() for n in names)


def test_another_seed_gives_other_people(tmp_path):
    one, two = (
        read_raw(write(tmp_path / str(seed), "parquet", seed=seed))["nominatif"] for seed in (4, 5)
    )
    assert not set(one["PNS ID"]) & set(two["PNS ID"])


def test_a_place_does_not_depend_on_the_others(tmp_path):
    paths = write_siasn(tmp_path / "a", 4, 0.02, 2022, LAW, "csv", kabkota=[SURABAYA, BLITAR])
    alone = write(tmp_path / "b", "csv", scale=0.02)
    assert [p.parent.name for p in paths[::7]] == ["3505-kab-blitar", "3578-kota-surabaya"]
    for path in paths[:7]:
        assert path.read_bytes() == (alone / path.name).read_bytes()


# --- What they are ----------------------------------------------------------------------------


def test_every_file_is_recognised_and_the_nominatif_has_the_67_columns(raw):
    assert sorted(raw) == sorted(ALWAYS + LATER)
    for name, table in raw.items():
        assert recognise(list(table.columns)).bentuk.nama == name
    headings = list(raw["nominatif"].columns)
    headings = [h for h in headings if not h.startswith("ESELON")]
    assert (headings[0], headings[1], headings[66]) == ("PNS ID", "NIP BARU", "FLAG IKD")
    assert headings[67:] == ["SUMBER DATA"]


@pytest.mark.parametrize("fmt", ["csv", "json", "xlsx"])
def test_everything_is_marked_and_no_nip_can_exist(tmp_path, fmt):
    folder = write(tmp_path / "x", fmt, scale=0.02)
    assert "DATA SINTETIS" in (tmp_path / "x" / "README.txt").read_text("utf-8")
    found = 0
    for path in folder.iterdir():
        if fmt == "xlsx":
            table = pd.read_excel(path, header=None, dtype=str, engine="openpyxl")
            assert table.iloc[0, 0].startswith("DATA SINTETIS")
            text = table.iloc[1:].to_csv(header=False, index=False)
            rows = len(table) - 2
        else:
            text = path.read_text("utf-8")
            rows = text.count("\n") - 1 if fmt == "csv" else text.count('": "sintetis, benih 4"')
        assert text.count("sintetis, benih 4") == rows > 0
        for nip in re.findall(r"(?<!\d)\d{18}(?!\d)", text):
            assert int(nip[6:8]) > 31
            found += 1
    assert found > 200


def test_nobody_has_a_name_or_another_private_value(raw):
    table = raw["nominatif"]
    assert table["NAMA"].str.fullmatch(r"DATA SINTETIS \d{6}").all()
    private = ["NIP LAMA", "NIK", "NOMOR HP", "EMAIL", "ALAMAT", "NPWP NOMOR", "AGAMA NAMA"]
    assert table[private].isna().all(axis=None)
    assert table["TANGGAL LAHIR"].str.contains(r"^01-01-\d{4}$|^\d{4}-01-01$").all()
    assert table["PNS ID"].str.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab].*").all()
    assert table["PNS ID"].is_unique


# --- What is derived is what was made up ------------------------------------------------------


def derived(folder: Path, kode: str, law=LAW, **kw) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a place, and give what was read and what is true, person by person."""
    asked = {"seed": 4, "scale": 0.05, "tahun": 2022} | kw
    sampai = asked.pop("sampai", None)
    got = read_siasn(folder, law, asked["tahun"], sampai=sampai, key=KEY)
    assert got.n_rejected == 0
    names = nip_table(asked["seed"], kode, scale=asked["scale"], tahun=asked["tahun"])
    ids = pseudonyms(names["nip"], KEY)
    true = truth(**asked, instrument=LAW, kabkota=[kode])
    assert set(got.pegawai.index) == set(ids)
    return got.pegawai.loc[ids].set_axis(true.index), true


def same(got: pd.DataFrame, true: pd.DataFrame, columns: list[str]) -> None:
    """Compare columns cell by cell."""
    for name in columns:
        a, b = (t[name].astype(object).to_numpy() for t in (got, true))
        assert ((a == b) | (pd.isna(a) & pd.isna(b))).all(), name


def assert_truth(got: pd.DataFrame, true: pd.DataFrame, law=LAW) -> None:
    """Everything is found again; the number of an appraisal may be on another scale."""
    same(got, true, [c for c in true if c not in ("diklat_kepemimpinan", "nilai_kinerja")])
    chiefs = true["kelompok_jabatan"] == "struktural"
    same(got[chiefs], true[chiefs], ["diklat_kepemimpinan"])  # others' level is not defined
    ours, theirs = score(got, law), score(true, law)
    same(ours, theirs, ["kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"])
    assert 50 < theirs["indeks"].mean() < 95


@pytest.mark.parametrize("tahun", [2019, 2020, 2021, 2022])
def test_truth_is_derived_in_every_year(tmp_path, tahun):
    folder = write(tmp_path / "x", "parquet", tahun=tahun, scale=0.2)
    got, true = derived(folder, BLITAR, tahun=tahun, scale=0.2)
    assert_truth(got, true)
    if tahun < 2022:
        same(got, true, ["nilai_kinerja"])


@pytest.mark.parametrize("fmt", ["csv", "json", "xlsx", "parquet"])
@pytest.mark.parametrize("kode", [KEDIRI, SURABAYA])
def test_truth_is_derived_in_every_format(tmp_path, fmt, kode):
    folder = write(tmp_path / "x", fmt, kabkota=[kode])
    assert_truth(*derived(folder, kode))


@pytest.mark.parametrize("fmt", ["csv", "json"])
def test_what_came_after_the_day_of_entry_is_left_out(tmp_path, fmt):
    folder = write(tmp_path / "x", fmt, ditarik=LATE)
    got, true = derived(folder, BLITAR, sampai=dt.date(2022, 3, 31))
    assert_truth(got, true)
    later, _ = derived(folder, BLITAR, sampai=dt.date(2022, 12, 31))
    assert (later["jp_diklat_teknis"] > got["jp_diklat_teknis"]).sum() > 50


READINGS = {
    "jendela_diklat": "akhir_tahun_data",
    "jenjang_kepemimpinan": "jenjang_atau_lebih_tinggi",
    "magang_kursus": "seminar",
}


@pytest.mark.parametrize("name", READINGS)
def test_truth_does_not_hang_on_disputed_readings(tmp_path, name):
    law = load_instrument(2022, readings={name: READINGS[name]})
    got, true = derived(write(tmp_path / "x", "parquet"), BLITAR, law)
    assert_truth(got, true, law)


def test_a_shorter_window_finds_fewer_seminars(tmp_path):
    law = load_instrument(2022, readings={"jendela_seminar": "satu_tahun"})
    got, true = derived(write(tmp_path / "x", "parquet"), BLITAR, law)
    ours, theirs = got["seminar"].astype(bool), true["seminar"].astype(bool)
    assert not (ours & ~theirs).any()
    assert 20 < ours.sum() < theirs.sum()


# --- Checked without the reader ---------------------------------------------------------------


def test_hours_and_seminars_add_up(raw, people):
    rows = rows_of(raw, "kursus")
    # windows of Kebumen 2020 for measurement 2022: from 1 January 2021, seminars 2020
    hours = rows[rows["jenisKursusSertifikat"].eq("T") & rows["tahunKursus"].eq(2021)]
    total = hours.groupby("pns_id")["jumlahJam"].sum()
    expected = people.set_index("pns_id")["jp_diklat_teknis"]
    np.testing.assert_array_equal(total.reindex(expected.index).fillna(0), expected)
    attended = rows[rows["jenisKursusSertifikat"].eq("P") & rows["tahunKursus"].isin([2020, 2021])]
    flag = people["pns_id"].isin(attended["pns_id"]).to_numpy()
    np.testing.assert_array_equal(flag, people["seminar"].astype(bool))
    parts = hours.groupby("pns_id").size()
    assert set(parts) == {1, 2, 3}
    edge = rows["tanggalSelesaiKursus"].dt.strftime("%d-%m-%Y")
    assert edge.eq("31-12-2020").sum() > 50  # a day outside the window of technical training
    assert edge.eq("31-12-2021").sum() > 50
    assert rows["tanggalSelesaiKursus"].isna().mean() == pytest.approx(0.05, abs=0.02)


def test_appraisals_of_the_year_before(raw, people):
    rows = rows_of(raw, "skp")
    last = rows[rows["tahun"].eq(2021) & rows["jenisPeraturanKinerjaKd"].eq("PP46")]
    got = people["pns_id"].map(last.set_index("pns_id")["nilaiPrestasiKerja"])
    newer = people["pns_id"].isin(rows[rows["jenisPeraturanKinerjaKd"].eq("PP30")]["pns_id"])
    np.testing.assert_array_equal(got[~newer], people.loc[~newer, "nilai_kinerja"])
    assert newer.mean() == pytest.approx(0.25, abs=0.02)
    missing = people["nilai_kinerja"].isna()
    assert not people.loc[missing, "pns_id"].isin(rows[rows["tahun"].eq(2021)]["pns_id"]).any()
    assert missing.sum() > 20
    assert set(rows["tahun"]) == {2018, 2019, 2020, 2021}
    assert set(raw["skp22"]["tahun"]) == {2022}
    assert set(raw["kinerja_periodik"]["tahun"]) == {2023}


def test_sanctions_inside_outside_and_cancelled(raw, people):
    rows = rows_of(raw, "hukdis")
    void = rows["skPembatalanNomor"].notna()
    counted = rows[~void & rows["hukumanTanggal"].between("2018-01-01", "2022-03-31")]
    rank = counted["jenisTingkatHukumanId"].map({"R": 1, "S": 2, "B": 3})
    worst = rank.groupby(counted["pns_id"]).max()
    names = dict(enumerate(["tidak_pernah", "ringan", "sedang", "berat"]))
    got = people["pns_id"].map(worst).fillna(0).astype(int).map(names)
    assert (got.to_numpy() == people["hukuman_disiplin"].astype(str).to_numpy()).all()
    assert counted["pns_id"].duplicated().sum() > 5  # a lighter one beside the worst
    assert (~void & (rows["hukumanTanggal"] < "2018-01-01")).sum() > 50
    clean = people["pns_id"].isin(rows[void]["pns_id"]) & got.eq("tidak_pernah").to_numpy()
    assert clean.sum() > 5


def test_degrees(raw, people):
    rows = rows_of(raw, "pendidikan")
    rows = rows[rows["tglLulus"] <= "2022-03-31"]
    codes = {"05": 0, "10": 1, "12": 1, "15": 2, "17": 2, "18": 2, "20": 3, "25": 4, "30": 5}
    codes |= {"35": 6, "40": 7, "42": 8, "45": 9, "47": 10, "50": 11, "49": 12}
    best = rows["tkPendidikanId"].map(codes).groupby(rows["pns_id"]).max()
    order = people["jenjang_pendidikan"].cat.categories
    assert (
        people["pns_id"].map(best).map(dict(enumerate(order))) == people["jenjang_pendidikan"]
    ).all()
    assert rows.groupby("pns_id").size().mean() > 1.8
    latest = rows.sort_values("tglLulus").groupby("pns_id")["tkPendidikanId"].last().map(codes)
    assert (latest == best).mean() > 0.99


def test_leadership_training_fits_the_echelon_only_where_it_is_true(raw, people):
    posts = rows_of(raw, "jabatan")
    posts = posts[posts["tmtJabatan"] <= "2022-03-31"].sort_values("tmtJabatan")
    now = posts[posts["jenisJabatan"].eq("1")].groupby("pns_id")["eselonId"].last()
    course = {"4": "2", "3": "3", "2": "4"}
    needed = now.str[0].map(course)
    done = rows_of(raw, "diklat")
    done = done[done["tanggalSelesai"] <= "2022-03-31"]
    fits = done[done["latihanStrukturalId"].eq(done["pns_id"].map(needed))]
    chiefs = people[people["kelompok_jabatan"] == "struktural"]
    assert chiefs["pns_id"].isin(now.index).all()
    got = chiefs["pns_id"].isin(fits["pns_id"])
    assert (got == chiefs["diklat_kepemimpinan"].astype(bool)).all()
    # a lower course, or another one, without the one that counts
    other = done["pns_id"].isin(chiefs.loc[~got, "pns_id"])
    assert set(done[other]["latihanStrukturalId"]) == {"2", "3", "8"}
    share = now[now.index.isin(chiefs["pns_id"])].str[0].value_counts(normalize=True)
    assert share["2"] == pytest.approx(0.045, abs=0.02)
    assert share["3"] == pytest.approx(0.22, abs=0.05)


# --- Quirks -----------------------------------------------------------------------------------


def test_rows_repeat_with_the_same_id_and_dates_have_two_forms(raw):
    for name in ("kursus", "skp", "pendidikan", "jabatan"):
        table = raw[name]
        again = table["id"].duplicated()
        assert 0.005 < again.mean() < 0.02
        assert (
            table[again]
            .astype(object)
            .fillna("")
            .apply(tuple, axis=1)
            .isin(table[~again].astype(object).fillna("").apply(tuple, axis=1))
            .all()
        )
    text = raw["kursus"]["tanggalSelesaiKursus"].dropna()
    iso = text.str.fullmatch(r"\d{4}-\d\d-\d\d")
    assert iso.mean() == pytest.approx(0.06, abs=0.01)
    assert text[~iso].str.fullmatch(r"\d\d-\d\d-\d{4}").all()


def test_quirks_of_files_come_at_the_rates_of_the_calibration():
    calibration = load_calibration()
    styles = [
        style_of(seed, kode, "kursus", calibration)
        for seed in range(40)
        for kode in calibration.jumlah
    ]
    shares = calibration.siasn
    mean = {name: np.mean([getattr(s, name) for s in styles]) for name in ("apostrof", "koma")}
    assert mean["apostrof"] == pytest.approx(shares["apostrof"], abs=0.04)
    assert mean["koma"] == pytest.approx(shares["desimal_koma"], abs=0.04)
    for name, share in shares["satu_kolom"].items():
        assert np.mean([s.satu == name for s in styles]) == pytest.approx(share, abs=0.03)


def test_old_codes_of_education_fill_a_whole_nominatif(tmp_path):
    paths = write_siasn(tmp_path / "x", 4, 0.02, 2022, LAW, "csv")
    old = new = 0
    for path in paths:
        if path.name == "nominatif.csv":
            with path.open(encoding="utf-8") as stream:
                delimiter = ";" if ";" in stream.readline() else ","
                stream.seek(0)
                rows = list(csv.DictReader(stream, delimiter=delimiter))
            if "TINGKAT PENDIDIKAN ID" not in rows[0]:
                continue
            codes = {row["TINGKAT PENDIDIKAN ID"] for row in rows}
            assert codes <= {f"{k:02d}" for k in range(1, 11)} or not codes & {"06", "08", "09"}
            old += "08" in codes
            new += "40" in codes
    assert old >= 2
    assert new >= 15


def test_json_is_a_list_or_stands_under_data(tmp_path):
    paths = write_siasn(tmp_path / "x", 4, 0.002, 2022, LAW, "json", kabkota=["3501", "3502"])
    kinds = {type(json.loads(path.read_text("utf-8"))) for path in paths}
    assert kinds == {list, dict}


# --- Several years ----------------------------------------------------------------------------


def test_exports_of_two_years_tell_the_same_story(tmp_path):
    one = read_raw(write(tmp_path / "a", "parquet", tahun=2021))
    two = read_raw(write(tmp_path / "b", "parquet", tahun=2022))
    stay = set(one["nominatif"]["PNS ID"]) & set(two["nominatif"]["PNS ID"])
    assert 0.9 < len(stay) / len(two["nominatif"]) < 1
    for name in ("kursus", "skp", "diklat", "hukdis", "pendidikan"):
        a, b = (rows_of(t, name).set_index("id") for t in (one, two))
        a = a[a["pns_id"].isin(stay)]
        if name in ("kursus", "skp"):  # the later export begins a year later, but for diplomas
            kept = a.get("jenisKursusSertifikat", pd.Series("", index=a.index)).eq("F")
            a = a[kept | a["tahunKursus" if name == "kursus" else "tahun"].ne(2017)]
        assert len(a) > 3
        shared = a.index.intersection(b.index)
        assert len(shared) >= 0.97 * len(a), name
        dates = [c for c in a if a[c].dtype.kind == "M" and c in b]
        years = [c for c in a if c.startswith("tahun")]
        undated = a.loc[shared, dates].isna() | b.loc[shared, dates].isna()
        assert ((a.loc[shared, dates] == b.loc[shared, dates]) | undated).all(axis=None)
        assert (a.loc[shared, years] == b.loc[shared, years]).all(axis=None)


# --- Draws and texts --------------------------------------------------------------------------


def test_draws_belong_to_the_person():
    all_three = Dice(["0" * 15 + d for d in "123"])
    one = Dice(["0" * 15 + "2"])
    assert all_three.u("lulus", 2020)[1] == one.u("lulus", 2020)[0]
    assert one.u("lulus", 2020)[0] != one.u("lulus", 2021)[0]
    many = Dice([f"{i:016x}" for i in range(40_000)])
    u = many.u("apa saja")
    np.testing.assert_allclose(np.histogram(u, 10, (0, 1))[0] / 4_000, 1, atol=0.06)
    assert abs(np.corrcoef(u, many.u("lain"))[0, 1]) < 0.02
    shares = np.bincount(many.choice([1, 2, 1], "pilih")) / 40_000
    np.testing.assert_allclose(shares, [0.25, 0.5, 0.25], atol=0.01)


def test_texts():
    days = np.array(["2021-12-31", "NaT", "2020-02-29"], dtype="datetime64[D]")
    iso = np.array([False, False, True])
    assert dates_as_text(days, iso).to_pylist() == ["31-12-2021", None, "2020-02-29"]
    numbers = np.array([82.5, np.nan, 40.0, 90.01])
    assert numbers_as_text(numbers, comma=True).to_pylist() == ["82,5", None, "40", "90,01"]
    assert numbers_as_text(numbers, comma=False).to_pylist() == ["82.5", None, "40", "90.01"]
    first, last = day([2021, 2020], 4, 1), day([2021, 2020], 12, 31)
    ends = spread(first, last, np.array([0.0, 0.9999999]))
    assert list(ends.astype(str)) == ["2021-04-01", "2020-12-31"]
    texts = uuids(np.arange(3, dtype=np.uint64)).to_pylist()
    assert len(set(texts)) == 3
    assert {len(t) for t in texts} == {36}


# --- Errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tahun": 2023}, "four scores itself"),
        ({"tahun": 2018}, "2019 to 2022"),
        ({"instrument": LAW2023}, "turunan"),
        ({"fmt": "ods"}, "parquet, xlsx, csv, json"),
        ({"ditarik": dt.date(2022, 3, 30)}, "day of entry"),
        ({"ditarik": dt.date(2027, 1, 1)}, "2026-12-31"),
        ({"scale": 0.0}, "scale"),
        ({"kabkota": ["3599"]}, "3599"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_written(tmp_path, change, said):
    with pytest.raises(ParameterError, match=said):
        write(tmp_path / "x", **({"fmt": "csv"} | change))
    assert not (tmp_path / "x").exists()


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "lama.csv").write_text("a", encoding="utf-8")
    with pytest.raises(ParameterError, match="isn't empty"):
        write(tmp_path, "csv")


def test_nip_table_refuses_an_unknown_place():
    with pytest.raises(ParameterError, match="3501"):
        nip_table(1, "3599", tahun=2022)
    table = nip_table(1, KEDIRI, scale=0.1, tahun=2022)
    assert list(table.columns) == ["id_pegawai", "nip", "pns_id"]
    assert table.apply(lambda c: c.is_unique).all()
    assert len(table) == 362
