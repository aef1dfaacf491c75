"""Reading an instrument's file strictly: every condition of the parser, each broken once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from law_files import load_toy

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.law.strict import read_table
from ipasn_lib.law.turunan import Derivation


@pytest.mark.parametrize(
    "content", [b"judul = '\xff'", b"a = " + b"[" * 5000], ids=["bytes", "deep"]
)
def test_a_file_that_is_no_text_or_nested_too_deep_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(InstrumentError, match=r"a\.toml: not valid TOML"):
        load_instrument(path)
    with pytest.raises(InstrumentError, match=r"a\.toml: no readable TOML"):
        read_table(path)


# Survivors of mutation: nothing asked what the variant that takes scores as given says of itself.
def test_the_variant_of_given_scores_says_so_in_every_part(law2019):
    given = law2019.as_given()
    assert given.as_given() is given
    assert given.id == "ip-asn-2019+skor-diberikan"
    assert set(given.tafsir) == {"batas_kategori"}
    assert given.turunan is None
    assert given.catatan[1:] == law2019.catatan
    note = "Keempat skor diambil sebagaimana diberikan berkas sumber dan tidak dihitung ulang."
    assert given.catatan[0] == note
    most = {"kualifikasi": 25, "kompetensi": 40, "kinerja": 30, "disiplin": 5}
    for name, weight in most.items():
        dimension, column = given.dimensi[name], given.kolom[name]
        assert (dimension.status, dimension.skala, dimension.bobot) == ("praktik", 1.0, weight)
        (indicator,) = dimension.indikator
        assert (indicator.nama, indicator.kolom) == (name, name)
        assert indicator.label == column.label == law2019.dimensi[name].label
        assert indicator.aturan.maksimum == column.maksimum == weight
        assert indicator.sumber == ()
        assert indicator.keterangan.startswith("Skor sebagaimana diberikan berkas sumber")
        assert (column.jenis, column.kosong, column.satuan) == ("poin", "tidak_diukur", "poin")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "[turunan.subjek]",
            "[turunan]\nlain = 1\n[turunan.subjek]",
            "pulau.toml.turunan: unknown key 'lain'",
        ),
        (
            'cpns = "tidak_diukur"',
            'cpns = "lain"',
            "turunan.subjek: cpns 'lain'; known: diukur, tidak_diukur",
        ),
        (
            'kolom = "ijazah"\ncara',
            'kolom = "ujian"\ncara',
            "turunan.pendidikan: kolom 'ujian'; known: ijazah",
        ),
        (
            'kolom = "ijazah"\npangkal',
            'kolom = "jam"\npangkal',
            "turunan.hukuman: kolom 'jam'; known: ijazah",
        ),
        (
            'kolom = "ujian"\npangkal',
            'kolom = "laku"\npangkal',
            "turunan.kinerja: kolom 'laku'; known: jam_laut, ujian",
        ),
        (
            'kolom = "berlayar"\ncara',
            'kolom = "ijazah"\ncara',
            "turunan.kepemimpinan: kolom 'ijazah'; known: berlayar",
        ),
        (
            'kolom = "berlayar"\notomatis',
            'kolom = "laku"\notomatis',
            "turunan.fungsional: kolom 'laku'; known: berlayar",
        ),
        (
            'kolom = "jam_laut"\npangkal',
            'kolom = "berlayar"\npangkal',
            "turunan.teknis: kolom 'berlayar'; known: jam_laut, ujian",
        ),
        (
            'kolom = "kelompok_jabatan"',
            'kolom = "jabatan"',
            "turunan.jabatan: kolom 'jabatan'; known: kelompok_jabatan",
        ),
        ('cara = "lulus_terakhir"', 'cara = "x"', "cara 'x'; known: tertinggi, lulus_terakhir"),
        (
            'cara = "jenjang_atau_lebih_tinggi"',
            'cara = "x"',
            "cara 'x'; known: sesuai_jenjang, jenjang_atau_lebih_tinggi",
        ),
        (
            'urutan = ["polos", "bintang"]',
            'urutan = ["polos"]',
            "turunan.pendidikan: urutan must name each once: bintang, polos",
        ),
        ('urutan = ["polos", "bintang"]', 'urutan = ["polos", 1]', "'urutan' must list texts"),
        ('[0, "2"], [90', '["0", "2"], [90', "turunan.kinerja.pp30: each row is"),
        ('[0, "2"], [90', '[nan, "2"], [90', "turunan.kinerja.pp30: each row is"),
        ("wakil = { 1 = 95,", "wakil = { 1 = inf,", "turunan.kinerja.wakil.1: expected a number"),
        (
            '{ 05 = "polos" }',
            '{ 05 = "x" }',
            "turunan.pendidikan.kode_baru.05: 'x' is not known; known: bintang, polos",
        ),
        ('{ 10 = "bintang" }', '{ 10 = "x" }', "turunan.pendidikan.kode_lama.10: 'x'"),
        (
            '{ 1 = "mualim" }',
            '{ 1 = "x" }',
            "turunan.jabatan.jenis.1: 'x' is not known; known: mualim, awak",
        ),
        ('{ 51 = "awak" }', '{ 51 = "x" }', "turunan.jabatan.eselon.51: 'x'"),
        ("{ 31 = 3 }", "{ 31 = true }", "turunan.kepemimpinan.eselon.31: expected a level"),
        ("{ 31 = 3 }", "{ 31 = 2.5 }", "turunan.kepemimpinan.eselon.31: expected a level"),
        ("{ 5 = 1 }", "{ 5 = 0 }", "turunan.kepemimpinan.latihan.5: expected a level"),
        (
            '{ 1 = "kepemimpinan" }',
            '{ 1 = "x" }',
            "diklat.jenis.1: 'x' is not known; known: kepemimpinan, fungsional, teknis, seminar",
        ),
        ('{ P = "seminar" }', '{ P = "x" }', "turunan.diklat.sertifikat.P: 'x'"),
        (
            'pangkal = "tahun_ukur"\nakhir = "akhir',
            'pangkal = "x"\nakhir = "akhir',
            "turunan.teknis: pangkal 'x'; known: tahun_data, tahun_ukur",
        ),
        (
            'pangkal = "tahun_ukur"\nakhir = "tang',
            'pangkal = "tahun_ukur"\nakhir = "x',
            "akhir 'xgal_isian'; known: tanggal_isian, akhir_tahun_data",
        ),
        ('ganda = "terendah"', 'ganda = "x"', "turunan.kinerja: ganda 'x'; known: tolak, terendah"),
        ("wakil = { 1 = 95,", "wakil = { 1 = true,", "turunan.kinerja.wakil.1: expected a number"),
        ("wakil = { 1 = 95,", 'wakil = { 1 = "95",', "turunan.kinerja.wakil.1: expected a number"),
        ('[90, "1"]', '[90, "3"]', "turunan.kinerja.pp30: each row is"),
        ('[90, "1"]', "[90]", "turunan.kinerja.pp30: each row is"),
        ('[90, "1"]', '[90, "1", 2]', "turunan.kinerja.pp30: each row is"),
        ('[90, "1"]', '"90"', "turunan.kinerja.pp30: each row is"),
        (
            '[0, "2"], [90, "1"]',
            '[90, "1"], [0, "2"]',
            "turunan.kinerja.pp30: lower edges must rise",
        ),
        (
            '{ 1-2 = "2" }',
            '{ 1-2 = "7" }',
            "turunan.kinerja.matriks.1-2: '7' is not known; known: 1, 2",
        ),
        ('{ 1-2 = "2" }', '{ 10-2 = "2" }', "turunan.kinerja.matriks: keys are written"),
        ('{ B = "polos" }', '{ B = "x" }', "turunan.hukuman.tingkat.B: 'x'"),
        ('{ 12 = "bintang" }', '{ 12 = "x" }', "turunan.hukuman.jenis.12: 'x'"),
        *(
            (f'"buku-{n}"]', f'"buku-{n}"]\nlain = 1', f"turunan.{part}: unknown key 'lain'")
            for n, part in enumerate(Derivation.__dataclass_fields__, 1)
        ),
        *(
            (f'"buku-{n}"]', '"angin"]', "pulau.toml: source angin is not described")
            for n in range(1, 11)
        ),
    ],
)
def test_a_derivation_that_is_not_whole_says_where(tmp_path, old, new, words):
    with pytest.raises(InstrumentError, match=re.escape(words)):
        load_toy(tmp_path, (old, new), derivation=True)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'jenis = "kategori"',
            'jenis = "huruf"',
            "pulau.toml.kolom.ijazah: jenis 'huruf'; known: angka, kategori, poin, ya_tidak",
        ),
        (
            "bobot = 10\n",
            "bobot = 9\n",
            "disiplin: the most that mualim can earn is 10, but the weight is 9",
        ),
        ("bobot = 10\n", "bobot = true\n", "'bobot' is bool; expected int or float"),
        ('kolom = "jam_laut"', 'kolom = "ujian"', "pulau.toml: no indicator reads column jam_laut"),
        ('[0, 49, "Karam"]', "[0, 49]", "pulau.toml.kategori: each band is"),
        ('[0, 49, "Karam"]', '"Karam"', "pulau.toml.kategori: each band is"),
        (
            'tepi = "atas"',
            'tepi = "kiri"',
            "pulau.toml.kategori: tepi is 'kiri'; known: 'bawah', 'atas'",
        ),
        ('tepi = "atas"', 'tepi = "atas"\nlain = 1', "pulau.toml.kategori: unknown key 'lain'"),
        (
            "[50, 100, 20]",
            "[50, 40, 20]",
            "dimensi.kinerja.indikator.ujian: band 50-40 ends before it starts",
        ),
        (
            "bintang = 30, polos = 0",
            "bintang = 30, polos = -1",
            "indikator.ijazah.poin.polos: expected a number of 0 or more",
        ),
        (
            "bintang = 30, polos = 0",
            "bintang = 30, polos = true",
            "indikator.ijazah.poin.polos: expected a number of 0 or more",
        ),
        (
            "bintang = 30, polos = 0",
            'bintang = 30, polos = "0"',
            "indikator.ijazah.poin.polos: expected a number of 0 or more",
        ),
        (
            'aturan = "kategori"',
            'aturan = "ya_tidak"',
            "rule 'ya_tidak' reads a column of kind 'ya_tidak', but 'ijazah' is 'kategori'",
        ),
        ("ambang = 100", "ambang = 0", "laut: ambang must be above zero"),
        ("ambang = 100", "ambang = nan", "laut: 'ambang' is no finite number"),
        ("maksimum = 1000\n", "maksimum = inf\n", "jam_laut: 'maksimum' is no finite number"),
        ("maksimum = 1000\n", f"maksimum = 1{'0' * 400}\n", "'maksimum' is no finite number"),
        ("maksimum = 1000\n", "maksimum = -1\n", "jam_laut: minimum is above maksimum"),
        (
            '["bintang", "polos"]',
            '["bintang", "polos", "polos"]',
            "'pilihan' must list texts, each",
        ),
        ('id = "pulau-buku"', 'id = "pulau+buku"', "pulau.toml: id 'pulau+buku' holds '+'"),
        ('[0, 49, "Karam"]', "[0, 49, 3]", "kategori: each band names another category"),
        ('[0, 49, "Karam"]', '[0, 49, "Berlabuh"]', "kategori: each band names another category"),
        ('[0, 49, "Karam"]', '[true, 49, "Karam"]', "pulau.toml.kategori: each band is"),
        ('[0, 49, "Karam"]', '[0, "49", "Karam"]', "pulau.toml.kategori: each band is"),
        ('[0, 49, "Karam"]', '[0, 49, "Karam"], [0, 49, 1]', "kategori: bands must follow"),
        ("[0, 49, 0]", '[0, 49, "x"]', "ujian.pita: expected a number of 0 or more"),
        ("[0, 49, 0]", "[0, 49, -1]", "ujian.pita: expected a number of 0 or more"),
        ("[0, 49, 0]", "[0, 49, true]", "ujian.pita: expected a number of 0 or more"),
        ('cara = "penuh"', 'cara = "separuh"', "cara is 'separuh'; known: 'penuh', 'proporsional'"),
        (
            'aturan = "langsung"',
            'aturan = "langsung"\nlain = 1',
            "dimensi.disiplin.indikator.laku: unknown key 'lain'",
        ),
        (
            'label = "Disiplin"',
            'label = "Disiplin"\nlain = 1',
            "dimensi.disiplin: unknown key 'lain'",
        ),
        (
            'label = "Kelakuan"\njenis',
            'label = "Kelakuan"\nlain = 1\njenis',
            "kolom.laku: unknown key 'lain'",
        ),
        (
            'judul = "Kitab Pulau"',
            'judul = "Kitab Pulau"\nlain = 1',
            "sumber.kitab: unknown key 'lain'",
        ),
        (
            'keterangan = "Ditolak"',
            'keterangan = "Ditolak"\nlain = 1',
            "tafsir.jam_kosong.pilihan.tolak: unknown key 'lain'",
        ),
        ('baku = "nol"', 'baku = "nol"\nlain = 1', "tafsir.jam_kosong: unknown key 'lain'"),
        (
            'baku = "nol"',
            'baku = "tolak"',
            "tafsir.jam_kosong: the default reading must change nothing",
        ),
        (
            '"kolom.jam_laut.kosong" = "tolak"',
            '"kolom.jam_laut.kosong" = 1',
            "tafsir.jam_kosong.tolak: 'kolom.jam_laut.kosong' changes type",
        ),
        ('"kolom.jam_laut.kosong" = "tolak"', '"kolom.jam_laut.maksimum" = "x"', "changes type"),
        (
            '"kolom.jam_laut.kosong" = "tolak"',
            '"id.jam_laut.kosong" = "tolak"',
            "path 'id.jam_laut.kosong' is not in the file",
        ),
        (
            '"kolom.jam_laut.kosong" = "tolak"',
            '"id.jam" = "tolak"',
            "path 'id.jam' is not in the file",
        ),
        (
            '[dimensi.kinerja]\nlabel = "Kinerja"\nbobot = 20\nstatus = "teks"',
            '[dimensi.kinerja]\nlabel = "Kinerja"\nbobot = 20\nstatus = "x"',
            "dimensi.kinerja: status 'x'; known: teks, sekunder, praktik, belum",
        ),
        ('baku = "nol"', 'baku = "nol"\npilihan = 1', "not valid TOML"),
        (
            'catatan = ["Khayal."]',
            'catatan = "Khayal."',
            "pulau.toml: 'catatan' is str; expected list",
        ),
        (
            'subjek = ["PNS"]',
            'subjek = ["PNS", "TNI"]',
            "pulau.toml: subjek ['PNS', 'TNI']; known: ['PNS', 'PPPK']",
        ),
        (
            "poin = { mualim = 20, awak = 20 }",
            "poin = { mualim = 20, juru = 20 }",
            "berlayar.poin: 'juru' is not known; known: mualim, awak",
        ),
    ],
)
def test_a_file_that_is_not_whole_says_where(tmp_path, old, new, words):
    with pytest.raises(InstrumentError, match=re.escape(words)):
        load_toy(tmp_path, (old, new))


def test_the_four_dimensions_stand_in_their_order(tmp_path):
    other = (
        ("[dimensi.disiplin]", "[dimensi.tertib]"),
        ("[dimensi.disiplin.indikator.laku]", "[dimensi.tertib.indikator.laku]"),
    )
    words = r"pulau\.toml: dimensions .*'tertib'\]; expected \['kualifikasi', 'kompetensi', 'kin"
    with pytest.raises(InstrumentError, match=words):
        load_toy(tmp_path, *other)


def test_weights_must_sum_to_100(tmp_path):
    # each dimension is whole by itself
    more = (
        ("bobot = 30", "bobot = 31"),
        ("bintang = 30, polos = 0", "bintang = 31, polos = 0"),
    )
    with pytest.raises(InstrumentError, match=r"pulau\.toml: the weights do not sum to 100"):
        load_toy(tmp_path, *more)


def test_a_reading_may_change_a_number_into_another_kind_of_number(tmp_path):
    change = ('"kolom.jam_laut.kosong" = "tolak"', '"kolom.jam_laut.maksimum" = 500.5')
    got = load_toy(tmp_path, change, readings={"jam_kosong": "tolak"})
    assert got.kolom["jam_laut"].maksimum == 500.5
    assert got.kolom["jam_laut"].kosong == "nol"
