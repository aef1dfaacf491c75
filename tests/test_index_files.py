"""What is read and refused before people are counted: ids, files, plans, problems."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import people

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.index import identity, parquet, stream
from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.refusal import Problems, refuse
from ipasn_lib.index.score import add_rejected, problems_of, score
from ipasn_lib.law.loading import load_instrument

LAW = load_instrument(2022)


# ---- ids -----------------------------------------------------------------------------------


def test_digests_depend_on_the_text_only():
    ids = ["", "a", "b", "ab", "ba", "a" * 8, "a" * 9, "b" + "a" * 8, "a" * 8 + "b", "a" * 16]
    alone = [int(identity._digests(pa.array([i]))[0]) for i in ids]
    assert len(set(alone)) == len(ids)
    assert identity._digests(pa.array(ids)).tolist() == alone
    assert identity._digests(pa.array(ids)).dtype == np.uint64
    assert identity._digests(pa.array(ids).slice(3, 4)).tolist() == alone[3:7]
    assert identity._digests(pa.array(["ab", "ba"])).tolist() == alone[3:5]
    assert identity._digests(pa.array([None, "a"])).tolist() == alone[:2]
    assert identity._digests(pa.array([7, 9])).tolist() == [7, 9]
    assert len(set(identity._digests(pa.array([7, None])).tolist())) == 2
    draw = np.random.default_rng(0)
    many = [draw.bytes(16).hex() for _ in range(2000)]
    assert len(set(identity._digests(pa.array(many)).tolist())) == 2000


def ids_of(folder, *groups):
    for number, ids in enumerate(groups):
        pd.DataFrame({"id_pegawai": ids}).to_parquet(folder / f"{number}.parquet", row_group_size=2)
    return parquet.find_sources(folder)


@pytest.mark.parametrize("threads", [1, 3])
def test_who_stands_twice_is_counted(tmp_path, threads):
    identity.refuse_repeated(ids_of(tmp_path, ["a", "b", "c"], ["d", "e"]), threads)
    twice = ids_of(tmp_path, ["a", "b", "c"], ["d", "a", "b", "a"])
    words = "pegawai names a person twice in 3 rows; each id_pegawai may stand once"
    with pytest.raises(DataError, match=words):
        identity.refuse_repeated(twice, threads)
    identity.refuse_repeated([], threads)


def test_different_people_of_one_digest_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(identity, "_digests", lambda ids: np.zeros(len(ids), dtype=np.uint64))
    identity.refuse_repeated(ids_of(tmp_path, ["a", "b", "c"], ["d"]), 1)
    with pytest.raises(DataError, match="twice in 1 rows"):
        identity.refuse_repeated(ids_of(tmp_path, ["a", "b", "c"], ["d", "a"]), 1)


# ---- files ---------------------------------------------------------------------------------


def test_files_are_found_in_order_and_read_by_row_group(tmp_path):
    for name, ids in (("b", [1, 2, 3]), ("a", [4])):
        table = pd.DataFrame({"id": ids, "nama": [f"n{i}" for i in ids]})
        table.to_parquet(tmp_path / f"{name}.parquet", row_group_size=2)
    (tmp_path / "lain.txt").write_text("x")
    sources = parquet.find_sources(tmp_path)
    assert [s.nama for s in sources] == ["a.parquet", "b.parquet"]
    parts = parquet.parts_of(sources)
    assert [(p.sumber.nama, p.nomor, p.size) for p in parts] == [
        ("a.parquet", 0, 1),
        ("b.parquet", 0, 2),
        ("b.parquet", 1, 1),
    ]
    read = list(parts[1].blocks(["id", "nama"], 1))
    assert [b.column("id").to_pylist() for b in read] == [[1], [2]]
    assert pa.types.is_dictionary(read[0].column("nama").type)
    assert not pa.types.is_dictionary(read[0].column("id").type)
    (plain,) = parts[2].blocks(["nama"], 10, dictionaries=False)
    assert plain.schema.names == ["nama"]
    assert not pa.types.is_dictionary(plain.column("nama").type)
    one = parquet.find_sources(str(tmp_path / "b.parquet"))
    assert [s.nama for s in one] == ["b.parquet"]
    both = parquet.find_sources([tmp_path / "b.parquet", str(tmp_path / "a.parquet")])
    assert [s.nama for s in both] == ["b.parquet", "a.parquet"]
    with pytest.raises(ParameterError, match=r"tiada\.parquet is not there"):
        parquet.find_sources([tmp_path / "tiada.parquet"])
    with pytest.raises(ParameterError, match="no Parquet file"):
        parquet.find_sources([])
    pd.DataFrame({"id": [1], "lain": ["x"]}).to_parquet(tmp_path / "c.parquet")
    with pytest.raises(DataError, match=r"c\.parquet and b\.parquet differ in .* lain, nama;"):
        parquet.find_sources([tmp_path / "b.parquet", tmp_path / "c.parquet"])


# ---- what is asked and refused -------------------------------------------------------------


def test_the_plan_reads_what_keys_and_rules_need():
    names = ["lain", *people({}).columns]
    plan = stream._plan(names, LAW, ["unit_kerja", "unit_kerja"])
    assert plan.keys == ("sumber_data", "unit_kerja")
    assert plan.table is not None
    wanted = {"sumber_data", "unit_kerja", "jenis_asn", "kelompok_jabatan", *LAW.kolom}
    assert set(plan.columns) == wanted
    assert len(plan.columns) == len(wanted)
    given = load_instrument(2023)
    columns = ["sumber_data", "tahun", "jenis_asn", *given.kolom]
    plan = stream._plan(columns, given, ["tahun"])
    assert plan.table is None
    assert set(plan.columns) == set(columns)
    with pytest.raises(ParameterError, match="no column 'lain' to group by"):
        stream._plan(names, LAW, ["lain"])


@pytest.mark.parametrize("workers", [0, -1, 1.5, True, "2"])
def test_workers_are_a_whole_number(workers):
    with pytest.raises(ParameterError, match="whole number of 1 or more"):
        stream._threads(workers)
    assert stream._threads(1) == 1
    assert stream._threads(7) == 7


def test_problems_of_parts_are_added_up():
    def row(column, rule, n):
        return {"kolom": column, "aturan": rule, "jumlah": n, "harapan": f"h {rule}"}

    refuse(LAW, [Problems(0, ()), Problems(0, ())])
    parts = [
        Problems(0, (row("a", "x", 1), row("b", "x", 2))),
        Problems(0, (row("a", "x", 10), row("a", "y", 100))),
    ]
    with pytest.raises(DataError, match="3 columns do not fit ip-asn-2019") as error:
        refuse(LAW, parts)
    assert error.value.problems.to_dict("records") == [
        row("a", "x", 11),
        row("b", "x", 2),
        row("a", "y", 100),
    ]
    assert parts[0].kolom[0]["jumlah"] == 1
    with pytest.raises(DataError, match="for 5 people; expected one of struktural, fungsional"):
        refuse(LAW, [Problems(2, ()), Problems(3, ())])


def test_problems_say_column_rule_count_and_what_was_expected():
    rows = people(
        {"jenjang_pendidikan": "S9", "nilai_kinerja": 100.5},
        {"jenjang_pendidikan": "S10", "nilai_kinerja": -0.5},
        {"jenjang_pendidikan": None, "nilai_kinerja": np.inf, "jp_diklat_teknis": 2000.5},
        {"jenis_asn": "PPPK", "hukuman_disiplin": None, "nilai_kinerja": 100.0},
        {"hukuman_disiplin": None, "nilai_kinerja": 0.0},
        {"jenis_asn": "PPPK", "kelompok_jabatan": None},
        {"jenis_asn": None, "kelompok_jabatan": "pelaksana", "diklat_kepemimpinan": pd.NA},
    )
    found = problems_of(rows, LAW)
    assert found.tanpa_kelompok == 0
    unknown = people({"kelompok_jabatan": "nakhoda"}, {"kelompok_jabatan": None}, {})
    assert problems_of(unknown, LAW).tanpa_kelompok == 2
    levels = ", ".join(LAW.kolom["jenjang_pendidikan"].pilihan)

    def row(column, rule, n, expected):
        return {"kolom": column, "aturan": rule, "jumlah": n, "harapan": expected}

    assert sorted(found.kolom, key=lambda r: (r["kolom"], r["aturan"])) == [
        row("hukuman_disiplin", "kosong", 1, "isi kolom ini"),
        row("jenjang_pendidikan", "di luar pilihan", 2, levels),
        row("jenjang_pendidikan", "kosong", 3, "isi kolom ini"),
        row("jp_diklat_teknis", "di luar rentang", 1, "0 sampai 2000"),
        row("nilai_kinerja", "di luar rentang", 3, "0 sampai 100"),
    ]
    assert problems_of(people({}), LAW) == Problems(0, ())
    blank = load_instrument(2022, {"hukuman_kosong": "tidak_pernah"})
    assert problems_of(people({"hukuman_disiplin": None}), blank) == Problems(0, ())


def test_keys_travel_from_the_record_and_nothing_else_does():
    rows = people({"golongan": "III/a", "usia": 40, "catatan": "x"}).iloc[::-1]
    got = score(rows, LAW)
    assert list(got) == [
        "tahun",
        "kode_kabkota",
        "unit_kerja",
        "jenis_asn",
        "kelompok_jabatan",
        "golongan",
        "usia",
        "sumber_data",
        "kualifikasi",
        "kompetensi",
        "kinerja",
        "disiplin",
        "indeks",
        "kategori",
        "status_ukur",
        "id_instrumen",
    ]
    assert got["id_instrumen"].cat.categories.tolist() == ["ip-asn-2019"]
    kinds = ["terukur", "tidak_terukur", "bukan_subjek", "ditolak"]
    assert got["status_ukur"].cat.categories.tolist() == kinds
    with pytest.raises(DataError, match="lacks kelompok_jabatan, which ip-asn-2019 asks for"):
        score(rows.drop(columns="kelompok_jabatan"), LAW)
    with pytest.raises(DataError, match="or give the four scores kualifikasi, kompetensi, kin"):
        score(rows.drop(columns="seminar"), LAW)


def test_refused_people_take_over_what_is_one_for_all():
    skor = score(people({}, {"sumber_data": "sintetis, lain"}), LAW)
    refused = pd.DataFrame(
        {"tahun": [2022, 2022], "unit_kerja": ["A", "B"], "catatan": ["x", "y"]},
        index=pd.Index(["x", "p0000"], name="id_pegawai"),
    )
    got = add_rejected(skor, refused)
    assert got.index.tolist() == ["p0000", "p0001", "x"]
    last = got.loc["x"]
    assert (last["status_ukur"], last["id_instrumen"], last["tahun"]) == (
        "ditolak",
        "ip-asn-2019",
        2022,
    )
    assert last["unit_kerja"] == "A"
    assert pd.isna(last["sumber_data"])  # of two sources neither is known to be it
    assert "catatan" not in got
    assert add_rejected(skor, refused.loc[["p0000"]]) is skor
    one = add_rejected(skor.head(1), refused.drop(columns="tahun").assign(sumber_data=None))
    last = one.loc["x"]
    assert (last["tahun"], last["sumber_data"]) == (2022, "sintetis, uji")


def test_a_pool_of_ones_own_counts_row_group_by_row_group(tmp_path):
    rows = people(*[{"unit_kerja": "ABC"[i % 3], "seminar": i % 2 == 0} for i in range(31)])
    for number, (start, end) in enumerate(((0, 7), (7, 31))):
        part = rows.iloc[start:end].reset_index()
        part.to_parquet(tmp_path / f"{number}.parquet", row_group_size=5)
    expected = aggregate(score(rows, LAW), ["unit_kerja"])
    given = load_instrument(2022, {"jp_diklat_teknis": "proporsional"})
    for law in (LAW, given):
        with ThreadPoolExecutor(2) as pool:
            got = stream.summarize_parquet(tmp_path, law, {"unit": ["unit_kerja"]}, pool=pool)
        wanted = expected.drop(columns="id_instrumen")
        pd.testing.assert_frame_equal(got["unit"].drop(columns="id_instrumen"), wanted)


def test_text_that_is_no_utf8_and_files_damaged_further_in_are_refused(tmp_path):
    def written(*texts, name="a"):
        column = pa.array(list(texts), pa.binary()).view(pa.string())
        pq.write_table(
            pa.table({"nama": column, "n": pa.array([1] * len(texts))}), path := tmp_path / name
        )
        return parquet.parts_of(parquet.find_sources(path))[0]

    for dictionaries in (True, False):
        (block,) = written(b"a", "é".encode(), None).blocks(["nama"], 9, dictionaries=dictionaries)
        assert block.column(0).to_pylist() == ["a", "é", None]
        for bad in (b"\xff", b"\x80"):
            broken = written(b"a", bad)
            assert [b.num_rows for b in broken.blocks(["n"], 9)] == [2]
            with pytest.raises(DataError, match="a holds text that is no UTF-8 in the column nama"):
                list(broken.blocks(["n", "nama"], 9, dictionaries=dictionaries))
    part = written(*[b"contoh"] * 50, name="b")
    data = bytearray((tmp_path / "b").read_bytes())
    data[4:30] = b"\0" * 26  # the head of the first page
    (tmp_path / "b").write_bytes(data)
    with pytest.raises(DataError, match="b is damaged: row group 0 cannot be read"):
        list(part.blocks(["nama"], 9))
