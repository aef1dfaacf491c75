"""Every key of an instrument file arrives where it belongs: the make-believe file, by hand."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from law_files import TOY, load_toy

from ipasn_lib.errors import InstrumentError, ParameterError
from ipasn_lib.law import instrument
from ipasn_lib.law import turunan as t
from ipasn_lib.law.instrument import (
    Categories,
    Choice,
    Column,
    Dimension,
    Indicator,
    Reading,
    Source,
)
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.law.rules import (
    BandPoints,
    Bands,
    CategoryPoints,
    GivenPoints,
    HoursPoints,
    YesNoPoints,
)
from ipasn_lib.law.strict import Table, is_number

MORE = [
    # what the make-believe file leaves to the defaults, said
    ('judul = "Kitab Pulau"', 'judul = "Kitab Pulau"\npasal = "Pasal 7"\ntautan = "http://p"'),
    (
        'label = "Nilai ujian"\njenis = "angka"',
        'label = "Nilai ujian"\njenis = "angka"\nminimum = 1\nsatuan = "angka"',
    ),
    ('label = "Disiplin"', 'label = "Disiplin"\ncatatan = "Tak tertulis"'),
    (
        'aturan = "langsung"',
        'aturan = "langsung"\nketerangan = "Dicatat nakhoda"\njendela_tahun = 5',
    ),
]


KITAB = ("kitab",)
TEXT = "teks peraturan, sebagaimana dikutip sumbernya"


def test_the_head_and_the_sources(tmp_path):
    got = load_toy(tmp_path, *MORE, derivation=True)
    assert (got.id, got.judul, got.mulai) == ("pulau-buku", "Peraturan Pulau Buku", 1901)
    assert got.ditandatangani == "1900-12-31"
    assert got.diperiksa == dt.date(2026, 11, 24)
    assert (got.subjek, got.kelompok_jabatan) == (("PNS",), ("mualim", "awak"))
    assert got.catatan == ("Khayal.",)
    assert got.sumber["kitab"] == Source("kitab", "Kitab Pulau", "Pasal 7", "http://p", "teks")
    assert got.sumber["buku-1"] == Source("buku-1", "Buku 1", "", "", "belum")
    assert len(got.sumber) == 11


def test_the_columns(tmp_path):
    got = load_toy(tmp_path, *MORE).kolom
    assert got == {
        "ijazah": Column("ijazah", "Ijazah", "kategori", "tolak", ("bintang", "polos"), 0.0, 1.0),
        "berlayar": Column("berlayar", "Pernah berlayar", "ya_tidak", "nol", (), 0.0, 1.0),
        "jam_laut": Column("jam_laut", "Jam di laut", "angka", "nol", (), 0.0, 1000.0),
        "ujian": Column(
            "ujian", "Nilai ujian", "angka", "tidak_diukur", (), 1.0, 100.0, "angka", ()
        ),
        "laku": Column("laku", "Kelakuan", "poin", "tolak", (), 0.0, 10.0),
    }
    assert all(type(c.minimum) is type(c.maksimum) is float for c in got.values())


def test_the_dimensions_and_their_rules(tmp_path):
    got = load_toy(tmp_path, *MORE).dimensi
    ship = {"mualim": 20.0, "awak": 20.0}
    expected = [
        Dimension(
            "kualifikasi",
            "Kualifikasi",
            30.0,
            "teks",
            (
                Indicator(
                    "ijazah",
                    "Ijazah",
                    "ijazah",
                    CategoryPoints({"bintang": 30.0, "polos": 0.0}),
                    KITAB,
                ),
            ),
        ),
        Dimension(
            "kompetensi",
            "Kompetensi",
            40.0,
            "teks",
            (
                Indicator("berlayar", "Pernah berlayar", "berlayar", YesNoPoints(ship), KITAB),
                Indicator(
                    "laut", "Jam di laut", "jam_laut", HoursPoints(100.0, "penuh", ship), KITAB
                ),
            ),
        ),
        Dimension(
            "kinerja",
            "Kinerja",
            20.0,
            "teks",
            (
                Indicator(
                    "ujian",
                    "Ujian",
                    "ujian",
                    # printed highest first, kept lowest first
                    BandPoints(Bands(((0.0, 49.0), (50.0, 100.0)), "bawah"), (0.0, 20.0)),
                    KITAB,
                ),
            ),
        ),
        Dimension(
            "disiplin",
            "Disiplin",
            10.0,
            "teks",
            (
                Indicator(
                    "laku", "Kelakuan", "laku", GivenPoints(10.0), KITAB, "Dicatat nakhoda", 5
                ),
            ),
            catatan="Tak tertulis",
        ),
    ]
    assert got == {d.nama: d for d in expected}
    assert list(got) == ["kualifikasi", "kompetensi", "kinerja", "disiplin"]


def test_the_categories_and_the_readings(tmp_path):
    got = load_toy(tmp_path, *MORE)
    bands = Bands(((0.0, 49.0), (50.0, 100.0)), "atas")
    assert got.kategori == Categories(bands, ("Karam", "Berlabuh"), KITAB)
    assert got.kategori.cuts == (49.0,)
    of = got.kategori.of([49.0, 49.5, np.nan])
    assert of.ordered
    assert list(of.categories) == ["Karam", "Berlabuh"]
    assert list(of.isna()) == [False, False, True]
    assert list(of[:2]) == ["Karam", "Berlabuh"]
    refused = {"kolom.jam_laut.kosong": "tolak"}
    assert got.tafsir == {
        "jam_kosong": Reading(
            "jam_kosong",
            "Jam di laut yang kosong",
            "nol",
            {
                "nol": Choice("nol", "Nol", KITAB, {}),
                "tolak": Choice("tolak", "Ditolak", KITAB, refused),
            },
        )
    }
    assert got.pilihan_tafsir == {"jam_kosong": "nol"}


def test_a_chosen_reading_changes_its_paths_and_the_id_only(tmp_path):
    got = load_instrument(TOY, {"jam_kosong": "tolak"})
    assert got.id == "pulau-buku+jam_kosong=tolak"
    assert got.pilihan_tafsir == {"jam_kosong": "tolak"}
    assert got.kolom["jam_laut"].kosong == "tolak"
    assert got.dimensi == load_instrument(TOY).dimensi
    assert load_instrument(TOY).kolom["jam_laut"].kosong == "nol"
    assert load_instrument("pulau-buku+jam_kosong=tolak", file=TOY) == got
    with pytest.raises(ParameterError, match=r"pulau\.toml holds pulau-buku, not pulau-x"):
        load_instrument("pulau-x", file=TOY)


def test_a_column_belongs_to_the_groups_that_can_earn_by_it(tmp_path):
    one = load_toy(
        tmp_path,
        ("poin = { mualim = 20, awak = 20 }", "poin = { mualim = 20 }"),
        ("poin = { mualim = 20, awak = 20.0 }", "poin = { mualim = 20, awak = 40 }"),
    )
    assert one.kolom["berlayar"].kelompok == ("mualim",)
    assert one.kolom["jam_laut"].kelompok == ()


def test_the_derivation(tmp_path):
    got = load_toy(tmp_path, *MORE, derivation=True).turunan
    kitab = [("kitab", f"buku-{n}") for n in range(11)]
    assert got == t.Derivation(
        subjek=t.Subjects(("9",), ("71",), "tidak_diukur", kitab[1]),
        pendidikan=t.Education(
            "ijazah",
            "lulus_terakhir",
            ("polos", "bintang"),
            {"05": "polos"},
            {"10": "bintang"},
            kitab[2],
        ),
        jabatan=t.Post("kelompok_jabatan", {"1": "mualim"}, {"51": "awak"}, kitab[3]),
        kepemimpinan=t.Leadership(
            "berlayar", "jenjang_atau_lebih_tinggi", {"31": 3}, {"5": 1}, kitab[4]
        ),
        # first words of a post are compared without regard to capitals
        fungsional=t.Functional("berlayar", ("juru mudi",), False, kitab[5]),
        diklat=t.Courses({"1": "kepemimpinan"}, {"P": "seminar"}, kitab[6]),
        teknis=t.Windowed("jam_laut", t.Window("tahun_ukur", "akhir_tahun_data"), kitab[7]),
        seminar=t.Windowed("berlayar", t.Window("tahun_data", "tanggal_isian"), kitab[8]),
        kinerja=t.Performance(
            "ujian",
            t.Window("tahun_data", "akhir_tahun_data"),
            "terendah",
            {"1": 95.0, "2": 40.0},
            ((0.0, "2"), (90.0, "1")),
            {("1", "2"): "2"},
            kitab[9],
        ),
        hukuman=t.Sanction(
            "ijazah",
            t.Window("tahun_ukur", "tanggal_isian"),
            {"B": "polos"},
            {"12": "bintang"},
            ("bintang", "polos"),
            kitab[10],
        ),
    )
    assert got.sources() == kitab[1:]


def test_a_table_knows_what_it_was_asked():
    table = Table({"satu": 1, "daftar": ["a"], "anak": {"x": {}}}, "berkas")
    assert table.take("satu", int) == 1
    assert table.take("tiada", str, "baku") == "baku"
    assert table.texts("tiada_pula", ()) == ()
    assert table.texts("daftar") == ("a",)
    assert [(name, sub.place) for name, sub in table.tables("anak").items()] == [
        ("x", "berkas.anak.x")
    ]
    table.close()
    with pytest.raises(InstrumentError, match="berkas: expected a table, got int"):
        Table(1, "berkas")
    table = Table({"b": 1}, "berkas")
    assert table.take("a", int, 0) == 0
    with pytest.raises(InstrumentError, match=r"berkas: unknown key 'b'; known keys: a"):
        table.close()


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, True),
        (-2.5, True),
        (sys.float_info.max, True),
        (10**400, False),
        (-(10**400), False),
        (np.inf, False),
        (np.nan, False),
        (True, False),
        ("1", False),
        (None, False),
    ],
)
def test_what_is_a_finite_number(value, number):
    assert is_number(value) is number


def test_points_of_a_missing_value_by_rule():
    group, groups = np.array([0, 1, -1]), ("mualim", "awak")
    yes = pd.Series([pd.NA] * 3, dtype="boolean")
    hours = pd.Series([np.nan] * 3)
    # who can earn nothing has nothing to miss; who has no group is not known
    expected = [np.nan, 0.0, np.nan]
    for rule, values in (
        (YesNoPoints({"mualim": 5.0}), yes),
        (HoursPoints(20.0, "penuh", {"mualim": 5.0}), hours),
    ):
        np.testing.assert_array_equal(rule.points(values, group, groups), expected)
    ten = HoursPoints(20.0, "proporsional", {"mualim": 5.0}).points(
        pd.Series([10.0, 10.0, 10.0]), group, groups
    )
    np.testing.assert_array_equal(ten, [2.5, 0.0, np.nan])
    # columns of objects, as pandas keeps what it found in several kinds
    mixed = pd.Series([2.5, pd.NA, None], dtype=object)
    np.testing.assert_array_equal(
        GivenPoints(5.0).points(mixed, group, groups), [2.5, *[np.nan] * 2]
    )
    bands = BandPoints(Bands(((0, 2), (3, 5)), "bawah"), (1.0, 4.0))
    np.testing.assert_array_equal(bands.points(mixed, group, groups), [1.0, *[np.nan] * 2])
    done = pd.Series([True, pd.NA, None], dtype=object)
    got = YesNoPoints({"mualim": 5.0}).points(done, np.array([0, 0, 1]), groups)
    np.testing.assert_array_equal(got, [5.0, np.nan, 0.0])
    got = HoursPoints(2.5, "penuh", {"mualim": 5.0}).points(mixed, np.array([0, 0, 1]), groups)
    np.testing.assert_array_equal(got, [5.0, np.nan, 0.0])
    assert YesNoPoints({"mualim": 5.0}).maximum("awak") == 0.0
    assert HoursPoints(20.0, "penuh", {"mualim": 5.0}).maximum("awak") == 0.0


def test_what_lies_between_two_bands():
    bands = Bands(((0.0, 60.0), (61.0, 70.0), (71.0, 100.0)), "bawah")
    values = [0.0, 60.0, 60.01, 60.5, 60.99, 61.0, 70.0, 70.5, 71.0, 100.0, np.nan]
    got = bands.between(values).tolist()
    assert got == [False, False, True, True, True, False, False, True, False, False, False]
    with pytest.raises(InstrumentError, match="a list of bands is empty"):
        Bands((), "bawah")
    # a band may be a single number
    assert Bands(((0.0, 0.0), (1.0, 1.0)), "atas").index([0.0, 0.5, 1.0]).tolist() == [0, 1, 1]


def test_what_an_instrument_shows_of_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(instrument, "card", lambda title, rows: (title, rows))
    toy = load_toy(tmp_path, *MORE)
    told = {
        "Instrumen": "pulau-buku",
        "Berlaku sejak tahun": 1901,
        "Yang diukur": "PNS",
        "Dimensi": "Kualifikasi 30, Kompetensi 40, Kinerja 20, Disiplin 10",
        "Poin": "dihitung",
        "Kolom yang diminta": "ijazah, berlayar, jam_laut, ujian, laku",
        "Pembacaan yang dipakai": "jam_kosong = nol",
        "Diperiksa": dt.date(2026, 11, 24),
    }
    assert toy._repr_html_() == ("Peraturan Pulau Buku", told)
    both = replace(toy, subjek=("PNS", "PPPK")).as_given()
    assert both._repr_html_()[1] == told | {
        "Instrumen": "pulau-buku+skor-diberikan",
        "Yang diukur": "PNS, PPPK",
        "Poin": "diambil dari nilai yang diberikan",
        "Kolom yang diminta": "kualifikasi, kompetensi, kinerja, disiplin",
        "Pembacaan yang dipakai": "–",
    }
    two = load_instrument(2022)._repr_html_()[1]["Pembacaan yang dipakai"]
    assert two.startswith("batas_kategori = tepi_bawah; ")


def test_what_an_instrument_says_for_a_method_note(tmp_path):
    assert load_toy(tmp_path, *MORE, readings={"jam_kosong": "tolak"}).describe() == {
        "id": "pulau-buku+jam_kosong=tolak",
        "judul": "Peraturan Pulau Buku",
        "dimensi": [
            {"label": label, "bobot": weight, "status": TEXT}
            for label, weight in (
                ("Kualifikasi", 30.0),
                ("Kompetensi", 40.0),
                ("Kinerja", 20.0),
                ("Disiplin", 10.0),
            )
        ],
        "tafsir": [{"pertanyaan": "Jam di laut yang kosong", "pilihan": "Ditolak"}],
        "sumber": [
            {
                "judul": "Kitab Pulau",
                "pasal": "Pasal 7",
                "tautan": "http://p",
                "keyakinan": TEXT,
            }
        ],
        "catatan": ["Khayal."],
    }


def test_weights_upon_weights_are_the_last_ones():
    law = load_instrument(2022, {"batas_kategori": "tepi_atas"})
    once = law.with_weights(dict(zip(law.bobot, (50, 20, 25, 5), strict=True)))
    last = dict(zip(law.bobot, (0, 60, 35.5, 4.5), strict=True))
    twice = once.with_weights(last)
    assert twice.id == "ip-asn-2019+batas_kategori=tepi_atas+bobot=0/60/35.5/4.5"
    assert twice.bobot == last
    # 60 of 40, 35.5 of 30, 4.5 of 5
    scales = [d.skala for d in twice.dimensi.values()]
    np.testing.assert_allclose(scales, [0, 1.5, 35.5 / 30, 0.9])
    assert [d.skala for d in once.as_given().dimensi.values()] == [1.0] * 4
    given = "ip-asn-2019+batas_kategori=tepi_atas+bobot=50/20/25/5+skor-diberikan"
    assert once.as_given().id == given
    with pytest.raises(ParameterError, match="must not be negative and must sum to 100"):
        law.with_weights(dict(zip(law.bobot, (-5, 60, 40, 5), strict=True)))
