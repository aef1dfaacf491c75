"""People streamed from files: the same tables as in memory, to the last bit, however split."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import people
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.index import identity, keys, lookup
from ipasn_lib.index.aggregate import aggregate, is_hidden, summarize
from ipasn_lib.index.lookup import point_table
from ipasn_lib.index.score import score
from ipasn_lib.index.stream import count_parquet, summarize_parquet
from ipasn_lib.law.loading import available_instruments, load_instrument
from ipasn_lib.records.synthetic import synthesize

LAW = load_instrument(2022)
GIVEN = load_instrument(2023)
TABLES = {
    "semua": [],
    "kabkota": ["kode_kabkota"],
    "unit": ["kode_kabkota", "unit_kerja"],
    "kelompok": ["kelompok_jabatan", "jenis_asn"],
}
CATEGORIES = ("jenis_asn", "kelompok_jabatan", "golongan", "jenis_kelamin")


@pytest.fixture(scope="module")
def crowd():
    """Make-believe people of three places, some of their keys and values blank."""
    table = synthesize(5, scale=0.02, instrument=LAW, kabkota=["3509", "3510", "3578"])
    rng = np.random.default_rng(1)
    for column in ("jenis_asn", "unit_kerja", "jenis_kelamin", "nilai_kinerja"):
        table.loc[rng.random(len(table)) < 0.05, column] = np.nan
    table["sumber_data"] = np.where(rng.random(len(table)) < 0.5, "sintetis, a", "sintetis, b")
    return table


def write(table, folder, cuts=(), rows=1000):
    """Write people as Parquet files cut at these rows, in row groups of so many rows."""
    edges = [0, *sorted(cuts), len(table)]
    for i, (start, end) in enumerate(pairwise(edges)):
        part = table.iloc[start:end].reset_index()
        part.to_parquet(folder / f"{i:03d}.parquet", index=False, row_group_size=rows)
    return folder


def same(table, folder, law, by=None, exact=True, **options):
    """Compare the streamed tables with those of the people in memory; return them."""
    got = summarize_parquet(folder, law, by or TABLES, **options)
    skor = score(table, law)
    for name, columns in (by or TABLES).items():
        expected = aggregate(skor, columns, instrument=law)
        pd.testing.assert_frame_equal(got[name], expected, check_exact=exact)
    return got


@pytest.mark.parametrize(
    "readings",
    [
        {},
        {"kinerja_kosong": "tidak_diukur", "batas_kategori": "tepi_atas"},
        {"batas_kinerja": "tepi_bawah", "hukuman_berat": "nol", "pendidikan_profesi": "setara_s2"},
    ],
    ids=["baku", "tidak diukur", "lain"],
)
def test_files_give_the_tables_of_the_people_in_memory_to_the_last_bit(crowd, tmp_path, readings):
    law = load_instrument(2022, readings)
    assert point_table(law, list(crowd.columns)) is not None
    got = same(crowd, write(crowd, tmp_path, cuts=[1, 2, 500]), law)
    assert is_hidden(got["unit"]).any()
    assert not is_hidden(got["unit"]).all()
    assert "tidak diketahui" in got["unit"].index.get_level_values("unit_kerja")
    assert got["semua"]["sumber_data"].tolist() == ["sintetis, a; sintetis, b"]


def test_text_and_categories_are_the_same_keys(crowd, tmp_path):
    plain = crowd.astype(dict.fromkeys(CATEGORIES, "str"))
    same(plain, write(plain, tmp_path), LAW)


def test_ordered_categories_keep_their_order(crowd, tmp_path):
    order = ["PPPK", "PNS"]
    table = crowd.assign(jenis_asn=pd.Categorical(crowd["jenis_asn"], order, ordered=True))
    law = GIVEN  # measures PPPK too
    given = table.assign(kualifikasi=20.0, kompetensi=30.5, kinerja=25.0, disiplin=5.0)
    same(given, write(given, tmp_path, rows=50), law, {"jenis": ["jenis_asn"]})


def test_points_that_are_no_half_points_agree_to_rounding(crowd, tmp_path):
    folder = write(crowd, tmp_path, rows=300)
    for law in (
        load_instrument(2022, {"jp_diklat_teknis": "proporsional"}),
        LAW.with_weights({"kualifikasi": 20, "kompetensi": 45, "kinerja": 25, "disiplin": 10}),
    ):
        assert point_table(law, list(crowd.columns)) is None
        same(crowd, folder, law, exact=False)


def test_scores_as_given_are_taken_from_files_too(tmp_path):
    table = synthesize(5, scale=0.01, tahun=2023, instrument=GIVEN, kabkota=["3510", "3578"])
    got = same(table, write(table, tmp_path, rows=50), GIVEN, exact=False)
    assert got["semua"]["id_instrumen"].tolist() == [GIVEN.id]


def test_which_instruments_are_held_in_half_points_follows_from_their_rules():
    columns = ["jenis_asn", "kelompok_jabatan"]
    assert point_table(LAW, columns) is not None
    assert point_table(LAW.as_given(), columns) is None
    assert point_table(GIVEN, columns) is None
    doubled = {"kualifikasi": 50.0, "kompetensi": 20.0, "kinerja": 15.0, "disiplin": 15.0}
    # 22.5 points of 40 become 11.25 of 20: no half point
    assert point_table(LAW.with_weights(doubled), columns) is None
    for law in available_instruments().values():
        if not law.is_given:
            assert point_table(law, columns) is not None, law.id


@pytest.mark.parametrize("edge", ["atas", "bawah"])
def test_every_edge_of_the_bands_is_met(tmp_path, edge):
    law = load_instrument(2022, {"batas_kinerja": f"tepi_{edge}"})
    values = [v for e in (0, 50, 51, 60, 61, 75, 76, 90, 91, 100) for v in (e, e + 1e-9, e - 1e-9)]
    values = [v for v in values if 0 <= v <= 100] + [np.nan]
    hours = [0.0, 19.0, np.nextafter(20, 0), 20.0, 20.5, 2000.0]
    rows = [
        {"unit_kerja": f"{i:04d}", "nilai_kinerja": v, "jp_diklat_teknis": h}
        for i, (v, h) in enumerate((v, h) for v in values for h in hours)
    ]
    table = people(*(r for r in rows for _ in range(10)))
    same(table, write(table, tmp_path, rows=97), law, {"unit": ["unit_kerja"]})


def test_whole_hours_and_blank_hours_are_read(tmp_path):
    rows = people(*[{"jp_diklat_teknis": h} for h in (0, 19, 20, 30) for _ in range(10)])
    whole = rows.astype({"jp_diklat_teknis": "int64"})
    same(whole, write(whole, tmp_path), LAW)


def test_people_who_are_no_subject_are_in_no_group(tmp_path):
    table = people(*[{}] * 12, *[{"jenis_asn": "PPPK", "unit_kerja": "B"}] * 12)
    got = same(table, write(table, tmp_path), LAW)
    assert got["unit"].index.tolist() == [("3510", "Dinas Contoh")]


def test_without_jenis_asn_everybody_is_measured(tmp_path):
    table = people(*[{}] * 12).drop(columns="jenis_asn")
    same(table, write(table, tmp_path), LAW, {"semua": []})


def test_blanks_that_matter_to_nobody_are_no_problem(tmp_path):
    table = people(
        *[{"kelompok_jabatan": "pelaksana", "diklat_kepemimpinan": pd.NA}] * 10,
        *[{"jenis_asn": "PPPK", "kelompok_jabatan": None, "hukuman_disiplin": None}] * 10,
    )
    same(table, write(table, tmp_path), LAW)


def test_empty_files_and_few_rows(crowd, tmp_path):
    few = crowd.head(3)
    same(few, write(few, tmp_path, cuts=[0, 0, 1, 3], rows=1), LAW, workers=8)


def test_no_people_at_all(tmp_path):
    none = people({}).head(0)
    none = none.astype({"kode_kabkota": "str", "unit_kerja": "str"})
    got = summarize_parquet(write(none, tmp_path), LAW, {"unit": ["unit_kerja"], "semua": []})
    assert [len(t) for t in got.values()] == [0, 0]


@pytest.mark.parametrize(
    "changes",
    [
        [{"jenjang_pendidikan": "S9"}, {"jenjang_pendidikan": "S10", "nilai_kinerja": 100.5}],
        [{"nilai_kinerja": -1.0}, {"nilai_kinerja": np.inf}, {"jp_diklat_teknis": 2001.0}],
        [{"hukuman_disiplin": None}, {"seminar": pd.NA}],
        [{"kelompok_jabatan": "nakhoda"}, {"kelompok_jabatan": None}],
        [{"jenis_asn": "PPPK", "hukuman_disiplin": "dahsyat"}],
    ],
    ids=["categories", "ranges", "blanks", "groups", "not a subject"],
)
def test_what_is_refused_is_counted_over_all_files(tmp_path, changes):
    table = people(*[{}] * 20, *changes, *[{}] * 20, *changes)
    with pytest.raises(DataError) as expected:
        score(table, LAW)
    folder = write(table, tmp_path, cuts=[15, 30], rows=4)
    with pytest.raises(DataError) as got:
        summarize_parquet(folder, LAW, TABLES)
    assert str(got.value) == str(expected.value)
    if expected.value.problems is None:
        assert got.value.problems is None
        return
    order = ["kolom", "aturan"]
    pd.testing.assert_frame_equal(
        got.value.problems.sort_values(order, ignore_index=True),
        expected.value.problems.sort_values(order, ignore_index=True),
    )


def test_refused_scores_as_given_are_counted_too(tmp_path):
    base = {"tahun": 2023, "kode_kabkota": "3510", "unit_kerja": "A", "sumber_data": "sintetis"}
    base |= {"kualifikasi": 20.0, "kompetensi": 30.0, "kinerja": 25.0, "disiplin": 5.0}
    table = people(*[{}] * 5, *[{"kualifikasi": 25.5}] * 3, base=base)
    with pytest.raises(DataError) as got:
        count_parquet(write(table, tmp_path, rows=2), GIVEN, ["kode_kabkota"])
    assert got.value.problems[["kolom", "jumlah"]].to_numpy().tolist() == [["kualifikasi", 3]]


def test_a_person_in_two_files_is_refused(crowd, tmp_path):
    twice = pd.concat([crowd, crowd.head(2)])
    folder = write(twice, tmp_path, cuts=[700])
    with pytest.raises(DataError, match="names a person twice in 2 rows"):
        summarize_parquet(folder, LAW, TABLES)
    nameless = tmp_path / "lain.parquet"
    crowd.reset_index(drop=True).to_parquet(nameless)
    with pytest.raises(DataError, match="lacks id_pegawai"):
        summarize_parquet(nameless, LAW, TABLES)
    assert not is_hidden(summarize_parquet(nameless, LAW, TABLES, check_ids=False)["semua"]).any()


def test_ids_of_any_length_are_told_apart_even_where_digests_are_not(tmp_path, monkeypatch):
    ids = ["", "a", "aa", "b" * 7, "b" * 8, "b" * 9, "c" * 16, "c" * 17, *map(str, range(30))]
    table = people(*[{}] * len(ids)).set_axis(pd.Index(ids, name="id_pegawai"))
    folder = write(table, tmp_path, rows=7)
    same(table, folder, LAW)
    monkeypatch.setattr(identity, "_digests", lambda i: np.zeros(len(i), dtype=np.uint64))
    same(table, folder, LAW)


def test_wrong_questions_are_refused(crowd, tmp_path):
    folder = write(crowd, tmp_path)
    with pytest.raises(ParameterError, match="no column 'unit' to group by; known: tahun"):
        summarize_parquet(folder, LAW, {"x": ["unit"]})
    with pytest.raises(ParameterError, match="whole number of 10 or more"):
        summarize_parquet(folder, LAW, TABLES, minimum=1)
    with pytest.raises(ParameterError, match="workers is 0"):
        summarize_parquet(folder, LAW, TABLES, workers=0)
    with pytest.raises(ParameterError, match="within names"):
        summarize_parquet(folder, LAW, TABLES, within={"y": []})
    with pytest.raises(ParameterError, match="is not there"):
        summarize_parquet(tmp_path / "tiada", LAW, TABLES)
    with pytest.raises(ParameterError, match="a file is named twice"):
        summarize_parquet([folder, folder / "000.parquet"], LAW, TABLES)
    (tmp_path / "kosong").mkdir()
    with pytest.raises(ParameterError, match="no Parquet file"):
        summarize_parquet(tmp_path / "kosong", LAW, TABLES)


def test_files_that_lack_columns_or_hold_other_kinds_are_refused(crowd, tmp_path):
    folder = write(crowd, tmp_path, cuts=[100])
    crowd.head(5).drop(columns="golongan").reset_index().to_parquet(folder / "zzz.parquet")
    with pytest.raises(DataError, match=r"zzz\.parquet and 000\.parquet differ in .* golongan"):
        summarize_parquet(folder, LAW, TABLES)
    for column, value in (("seminar", "ya"), ("nilai_kinerja", "85")):
        other = tmp_path / f"{column}.parquet"
        crowd.head(5).assign(**{column: value}).reset_index().to_parquet(other)
        with pytest.raises(DataError, match=f"{column} is stored as"):
            summarize_parquet(other, LAW, TABLES)
    (tmp_path / "teks.parquet").write_text("bukan parquet")
    with pytest.raises(DataError, match=r"teks\.parquet is no Parquet file"):
        summarize_parquet(tmp_path / "teks.parquet", LAW, TABLES)
    other = tmp_path / "tanpa.parquet"
    crowd.drop(columns="sumber_data").reset_index().to_parquet(other)
    with pytest.raises(DataError, match="lacks sumber_data"):
        summarize_parquet(other, LAW, TABLES)


def test_linked_tables_are_guarded_and_regions_may_be_added(crowd, tmp_path):
    counts = count_parquet(write(crowd, tmp_path), LAW, ["kode_kabkota", "unit_kerja"])
    region = {"3509": "V", "3510": "V", "3578": "I"}
    counts = counts.add_keys(bakorwil=counts.kunci["kode_kabkota"].map(region))
    skor = score(crowd, LAW)
    skor["bakorwil"] = skor["kode_kabkota"].map(region)
    by, within = ["kode_kabkota", "unit_kerja"], [["bakorwil"]]
    got = summarize(counts, by, 30, within)
    pd.testing.assert_frame_equal(got, aggregate(skor, by, 30, within), check_exact=True)


def test_keys_too_many_for_a_table_are_counted_by_a_dictionary(crowd, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "WIDEST", 16)
    same(crowd, write(crowd, tmp_path, rows=200), LAW)


def test_a_table_of_cases_cut_small_gives_the_same(crowd, tmp_path, monkeypatch):
    monkeypatch.setattr(lookup, "TABLE", 8)
    same(crowd, write(crowd, tmp_path), LAW)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_order_and_division_of_the_rows_change_nothing(crowd, tmp_path_factory, data):
    people_in = data.draw(st.integers(1, 400))
    order = data.draw(st.integers(0, 2**32 - 1))
    mixed = crowd.sample(people_in, random_state=order)
    cuts = data.draw(st.lists(st.integers(0, people_in), max_size=4))
    folder = write(
        mixed, tmp_path_factory.mktemp("bagian"), cuts, rows=data.draw(st.integers(20, 300))
    )
    same(mixed.sort_index(), folder, LAW, workers=data.draw(st.integers(1, 4)))


def test_dictionaries_that_differ_from_file_to_file_mean_the_same(crowd, tmp_path):
    text = dict.fromkeys((*CATEGORIES, "jenjang_pendidikan"), "str")
    crowd.iloc[:900].astype(text).reset_index().to_parquet(tmp_path / "0.parquet")
    later = crowd.iloc[900:].astype(text).iloc[::-1]
    later.astype(dict.fromkeys(text, "category")).reset_index().to_parquet(tmp_path / "1.parquet")
    same(crowd.astype(text), tmp_path, LAW)


@pytest.mark.parametrize("law", [LAW, GIVEN], ids=["dicari", "dihitung"])
def test_processes_count_by_row_group_what_threads_count(crowd, tmp_path, law):
    """The same tables where nothing but counts comes back, in any order of ending."""
    table = crowd
    if law is GIVEN:
        skor = score(crowd, LAW)
        given = skor[["kualifikasi", "kompetensi", "kinerja", "disiplin"]]
        table = crowd[[*skor.columns.intersection(crowd.columns)]].join(given)
    folder = write(table, tmp_path, cuts=[300], rows=150)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        same(table, folder, law, exact=law is LAW, pool=pool)


def test_a_person_refused_in_another_process_is_explained_here(crowd, tmp_path):
    table = crowd.astype({"jenjang_pendidikan": object})
    table.iloc[700, table.columns.get_loc("jenjang_pendidikan")] = "S9"
    folder = write(table, tmp_path, rows=200)
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as pool,
        pytest.raises(DataError) as refused,
    ):
        summarize_parquet(folder, LAW, TABLES, pool=pool)
    found = refused.value.problems
    assert set(found["kolom"]) == {"jenjang_pendidikan"}
    assert set(found["jumlah"]) == {1}


def in_bytes(texts):
    """A column of text whose bytes nobody has looked at, as a faulty writer leaves it."""
    data = b"".join(texts)
    edges = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    buffers = [None, pa.py_buffer(edges), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


@pytest.mark.parametrize("column", ["unit_kerja", "jenjang_pendidikan", "id_pegawai"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_text_that_is_no_utf_8_is_refused(tmp_path, column, dictionary):
    table = pa.Table.from_pandas(people(*[{}] * 12).reset_index(), preserve_index=False)
    # "Di\xe9ng" in Latin-1; the id of each row is another
    texts = [b"Di\xe9ng %d" % k for k in range(12)]
    place = table.schema.names.index(column)
    table = table.set_column(place, column, in_bytes(texts))
    pq.write_table(table, tmp_path / "a.parquet", use_dictionary=dictionary)
    with pytest.raises(DataError, match=f"^a.parquet holds text that is no UTF-8 .* {column};"):
        count_parquet(tmp_path, LAW, ["kode_kabkota", "unit_kerja"])


def test_a_file_damaged_behind_its_footer_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    people(*[{}] * 400).reset_index().to_parquet(path, index=False)
    data = bytearray(path.read_bytes())
    data[4:400] = bytes(396)
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"^a\.parquet is damaged: row group 0 cannot be read$"):
        count_parquet(path, LAW, ["kode_kabkota"])
