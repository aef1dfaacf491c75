"""Instrument files are loaded whole or refused, and variants say what they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ipasn_lib.errors import InstrumentError, ParameterError
from ipasn_lib.law.instrument import DIMENSI
from ipasn_lib.law.loading import available_instruments, load_instrument
from ipasn_lib.law.rules import RULES, Bands

TOY = Path(__file__).parent / "toy" / "pulau.toml"


@pytest.fixture
def altered(tmp_path):
    """Write the make-believe regulation with one change and give its path."""

    def write(old: str, new: str) -> Path:
        text = TOY.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must stand once"
        path = tmp_path / "berubah.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("tahun", "expected"),
    [(2019, "ip-asn-2019"), (2022, "ip-asn-2019"), (2023, "ip-asn-2023"), (2030, "ip-asn-2023")],
)
def test_the_next_start_year_ends_the_one_before(tahun, expected):
    assert load_instrument(tahun).id == expected


def test_a_year_before_the_first_names_what_there_is():
    with pytest.raises(
        ParameterError, match="2018; there are 2019 onward: ip-asn-2019, 2023 onward: "
    ):
        load_instrument(2018)


def test_weights_of_the_regulation():
    # PermenPANRB 38/2018; letter 4190/2024 keeps them
    for instrument in available_instruments().values():
        assert list(instrument.bobot.values()) == [25, 40, 30, 5]
        assert tuple(instrument.bobot) == DIMENSI


def test_readings_show_in_the_id_and_the_id_loads_them_again():
    one = load_instrument(2022, {"pendidikan_profesi": "setara_s2", "batas_kategori": "tepi_atas"})
    assert one.id == "ip-asn-2019+batas_kategori=tepi_atas+pendidikan_profesi=setara_s2"
    assert load_instrument(one.id) == one
    assert load_instrument(2022, {"batas_kategori": "tepi_bawah"}).id == "ip-asn-2019"


def test_given_and_weights_show_in_the_id_and_the_id_loads_them_again():
    given = load_instrument(2022).as_given()
    assert given.id == "ip-asn-2019+skor-diberikan"
    assert given.is_given
    assert load_instrument(given.id) == given
    weights = dict(zip(DIMENSI, (20, 45, 30, 5), strict=True))
    what_if = load_instrument(2022).with_weights(weights)
    assert what_if.id == "ip-asn-2019+bobot=20/45/30/5"
    assert load_instrument(what_if.id) == what_if
    assert load_instrument(2023).as_given() == load_instrument(2023)


def test_other_weights_must_name_all_and_sum_to_100():
    law = load_instrument(2022)
    with pytest.raises(ParameterError, match="sum to 100"):
        law.with_weights(dict.fromkeys(DIMENSI, 30))
    with pytest.raises(ParameterError, match="expected exactly"):
        law.with_weights({"kualifikasi": 100})


@pytest.mark.parametrize(
    ("which", "readings", "words"),
    [
        ("ip-asn-1999", {}, "no instrument 'ip-asn-1999'; known: ip-asn-2019, ip-asn-2023"),
        (2022, {"batas": "x"}, "no reading 'batas'; known: batas_kategori"),
        (2022, {"batas_kategori": "tengah"}, "no choice 'tengah'; known: tepi_bawah, tepi_atas"),
        ("ip-asn-2019+bobot=1/2", {}, "expected four numbers"),
        ("ip-asn-2019+bobot=25/40/30/lima", {}, "expected four numbers"),
        ("ip-asn-2019+salah", {}, "no reading 'salah'"),
        (True, {}, "expected a year"),
    ],
)
def test_unknown_options_are_refused(which, readings, words):
    with pytest.raises(ParameterError, match=words):
        load_instrument(which, readings)


def test_the_make_believe_regulation_uses_every_kind_of_rule():
    toy = load_instrument(TOY)
    kinds = {type(i.aturan) for d in toy.dimensi.values() for i in d.indikator}
    assert kinds == set(RULES.values())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('judul = "Peraturan Pulau Buku"', 'judl = "x"', "'judul' is missing"),
        ("mulai = 1901", "mulai = 1901\nselesai = 1902", "unknown key 'selesai'"),
        ("mulai = 1901", "mulai = true", "'mulai' is bool"),
        ("bobot = 10\n", "bobot = 11\n", "most that mualim can earn is 10, but the weight is 11"),
        ('aturan = "kategori"', 'aturan = "tebak"', "aturan 'tebak'; known"),
        ("mualim = 20, awak = 20.0", "mualim = 20, nakhoda = 20", "'nakhoda' is not known"),
        ("[0, 49, 0]", "[0, 48, 0]", "48 is followed by 50"),
        ('tepi = "bawah" # skala', 'tepi = "tengah" # skala', "tepi is 'tengah'"),
        ("bintang = 30, polos = 0", "bintang = 30", "no points for polos"),
        ('sumber = ["kitab"] # laut', 'sumber = ["angin"] # laut', "source angin is not described"),
        ('"kolom.jam_laut.kosong"', '"kolom.jam_laut.kosng"', "path 'kolom.jam_laut.kosng' is not"),
        ('baku = "nol"', 'baku = "terima"', "baku 'terima' is none of"),
        ('kosong = "tolak" # ijazah', 'kosong = "abaikan" # ijazah', "kosong 'abaikan'; known"),
        ('keyakinan = "teks"', 'keyakinan = "yakin"', "keyakinan 'yakin'; known"),
        ('kolom = "ijazah"', 'kolom = "gelar"', "column 'gelar' is not described"),
        ('subjek = ["PNS"]', 'subjek = ["Bajak laut"]', "subjek"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(altered, old, new, words):
    path = altered(old, new)
    with pytest.raises(InstrumentError, match=re.escape(words)) as error:
        load_instrument(path)
    assert "berubah.toml" in str(error.value)


def test_bands_must_follow_each_other():
    with pytest.raises(InstrumentError, match="60 is followed by 62"):
        Bands(((0, 60), (62, 100)), "bawah")
    with pytest.raises(InstrumentError, match="ends before it starts"):
        Bands(((60, 0),), "bawah")
