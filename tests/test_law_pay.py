"""Rules of pay and of predicates are read whole or refused: a make-believe file of each."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from ipasn_lib.errors import InstrumentError, ParameterError
from ipasn_lib.law.instrument import Source
from ipasn_lib.law.pay_rules import (
    Deduction,
    Discipline,
    Performance,
    available_pay_rules,
    load_pay_rule,
)
from ipasn_lib.law.predicate_rules import PREDIKAT, Statement, load_distribution_rule

PAY = """
id = "upah-pulau"
judul = "Upah Pulau Buku"
jenis = "tukin"
wilayah = "Pulau Buku"
diperiksa = 2026-11-24
catatan = ["Khayal."]
[sumber.kitab]
judul = "Kitab Pulau"
pasal = "Pasal 7"
tautan = "https://pulau.example/kitab"
keyakinan = "teks"
[bobot]
kinerja = 0.5
disiplin = 0.3
tetap = 0.2
[kinerja]
cara = "predikat"
kena_kehadiran = true
tanpa_predikat = 0.25
faktor = { "Sangat Baik" = 1, "Baik" = 0.9, "Butuh Perbaikan" = 0.8, "Kurang" = 0.7, "Sangat Kurang" = 0 }
potongan = { lalai = 0.05 }
[disiplin]
cara = "pengurang"
[pengurang.mangkir]
label = "Tidak Hadir"
kelompok = "kehadiran"
persen = 2.5
satuan = "hari"
penuh_mulai = 10
[pengurang.ribut]
label = "Ribut"
kelompok = "lain"
persen = 100
satuan = "kali"
"""  # noqa: E501 - an inline table stands on one line

SPREAD = """
id = "sebaran-pulau"
judul = "Sebaran Pulau Buku"
mulai = 1901
ditandatangani = 1900-12-31
diperiksa = 2026-11-24
catatan = ["Khayal."]
[sumber.kitab]
judul = "Kitab Pulau"
keyakinan = "belum"
[organisasi."Istimewa".terbanyak]
bunyi = "lebih dari separuh Sangat Baik"
predikat = ["Sangat Baik"]
lebih_dari = 0.5
maksimum = 0.7
[organisasi."Baik".ada]
bunyi = "sepersepuluh Baik atau lebih"
predikat = ["Baik", "Kurang"]
minimum = 0.1
[organisasi."Butuh Perbaikan"]
[organisasi."Kurang"]
[organisasi."Sangat Kurang"]
"""


def pay(folder: Path, text: str = PAY, name: str = "upah-pulau"):
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load_pay_rule(path)


def spread(folder: Path, text: str = SPREAD):
    path = folder / "sebaran-pulau.toml"
    path.write_text(text, encoding="utf-8")
    return load_distribution_rule(path)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} must stand once"
    return text.replace(old, new)


def test_every_key_of_a_pay_rule_arrives(tmp_path):
    rule = pay(tmp_path)
    assert (rule.id, rule.judul) == ("upah-pulau", "Upah Pulau Buku")
    assert (rule.jenis, rule.wilayah) == ("tukin", "Pulau Buku")
    assert rule.diperiksa == dt.date(2026, 11, 24)
    link = "https://pulau.example/kitab"
    assert rule.sumber == (Source("kitab", "Kitab Pulau", "Pasal 7", link, "teks"),)
    assert rule.bobot == {"kinerja": 0.5, "disiplin": 0.3, "tetap": 0.2}
    assert rule.kinerja == Performance(
        cara="predikat",
        kena_kehadiran=True,
        kolom="",
        penuh=1.0,
        faktor=dict(zip(PREDIKAT, (0.0, 0.7, 0.8, 0.9, 1.0), strict=True)),
        tanpa_predikat=0.25,
        potongan={"lalai": 0.05},
    )
    assert all(type(f) is float for f in rule.kinerja.faktor.values())
    assert rule.disiplin == Discipline("pengurang", "")
    assert rule.pengurang == (
        Deduction("mangkir", "Tidak Hadir", "kehadiran", 2.5, "hari", 10),
        Deduction("ribut", "Ribut", "lain", 100.0, "kali", None),
    )
    assert rule.catatan == ("Khayal.",)
    assert rule.kolom == ("lalai", "mangkir", "ribut")


def test_a_pay_rule_says_how_it_pays(tmp_path):
    told = pay(tmp_path).describe()
    assert (told["id"], told["judul"]) == ("upah-pulau", "Upah Pulau Buku")
    assert told["sumber"] == [
        {
            "judul": "Kitab Pulau",
            "pasal": "Pasal 7",
            "tautan": "https://pulau.example/kitab",
            "keyakinan": "teks peraturan, sebagaimana dikutip sumbernya",
        }
    ]
    assert told["catatan"] == [
        "Pagu dibagi: kinerja 50 persen, disiplin 30 persen, tetap 20 persen.",
        "Bagian kinerja menurut predikat: Sangat Baik 100 persen, Baik 90 persen, "
        "Butuh Perbaikan 80 persen, Kurang 70 persen, Sangat Kurang 0 persen.",
        "Pengurang tiap kejadian. Tidak hadir: 2,5 persen; ribut: 100 persen.",
        "Khayal.",
    ]


GIVEN = """
[kinerja]
cara = "{cara}"
kena_kehadiran = false
kolom = "capaian"
{more}
[disiplin]
cara = "langsung"
kolom = "tertib"
"""


@pytest.mark.parametrize(
    ("cara", "more", "full"), [("langsung", "", 1.0), ("penuh", "penuh = 80", 80.0)]
)
def test_a_pay_rule_by_given_columns(tmp_path, cara, more, full):
    head = PAY[: PAY.index("[kinerja]")]
    rule = pay(tmp_path, head + GIVEN.format(cara=cara, more=more))
    assert rule.kinerja == Performance(cara, False, "capaian", full, {}, 0.0, {})
    assert rule.disiplin == Discipline("langsung", "tertib")
    assert rule.kolom == ("capaian", "tertib")
    # neither predicates nor cuts: the split is all there is to say
    said = ["Pagu dibagi: kinerja 50 persen, disiplin 30 persen, tetap 20 persen.", "Khayal."]
    assert rule.describe()["catatan"] == said


def test_a_pay_rule_without_performance_names_no_column_for_it(tmp_path):
    text = changed(PAY, "kinerja = 0.5\ndisiplin = 0.3", "kinerja = 0\ndisiplin = 0.8")
    start, end = text.index("[kinerja]"), text.index("[disiplin]")
    rule = pay(tmp_path, text[:start] + '[kinerja]\ncara = "tidak_dipakai"\n' + text[end:])
    assert rule.kinerja == Performance("tidak_dipakai", False, "", 1.0, {}, 0.0, {})
    assert rule.kolom == ("mangkir", "ribut")
    assert rule.describe()["catatan"][0] == "Pagu dibagi: disiplin 80 persen, tetap 20 persen."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('jenis = "tukin"', 'jenis = "gaji"', "upah-pulau.toml: jenis 'gaji'; known: tpp, tukin"),
        ("tetap = 0.2", "tetap = 0.2001", "upah-pulau.toml.bobot: weights must be"),
        (
            "disiplin = 0.3\ntetap = 0.2",
            "disiplin = 0.7\ntetap = -0.2",
            "weights must be 0 or more and sum to 1",
        ),
        ("tetap = 0.2", "tetap = 0.2\nlain = 0", "unknown key 'lain'"),
        ('cara = "predikat"', 'cara = "angka"', "kinerja: cara 'angka'; known: predikat, penuh"),
        ('cara = "pengurang"', 'cara = "lepas"', "disiplin: cara 'lepas'; known: pengurang"),
        ('cara = "pengurang"', 'cara = "pengurang"\nkolom = "x"', "unknown key 'kolom'"),
        ("tanpa_predikat = 0.25", "tanpa_predikat = 0.25\npenuh = 3", "unknown key 'penuh'"),
        ('"Sangat Kurang" = 0 ', '"Sangat Kurang" = -0.1 ', "faktor.Sangat Kurang: expected a sh"),
        ('"Sangat Kurang" = 0 ', '"Sangat Kurang" = true ', "faktor.Sangat Kurang: expected a sh"),
        ("lalai = 0.05", "lalai = 1.01", "potongan.lalai: expected a share"),
        ("lalai = 0.05", 'lalai = "ya"', "potongan.lalai: expected a share"),
        ("persen = 2.5", "persen = 0", "pengurang.mangkir: persen must be above 0"),
        ("persen = 100", "persen = 100.1", "pengurang.ribut: persen must be above 0 and at most"),
        ('kelompok = "lain"', 'kelompok = "lalu"', "pengurang.ribut: kelompok 'lalu'; known: keh"),
        ('satuan = "hari"', 'satuan = "hari"\nx = 1', "upah-pulau.toml.pengurang.mangkir: unknown"),
        ("penuh_mulai = 10", 'penuh_mulai = "10"', "'penuh_mulai' is str"),
        ('keyakinan = "teks"', 'keyakinan = "yakin"', "keyakinan 'yakin'; known"),
        ('id = "upah-pulau"', 'id = "upah"', "id 'upah' is not the file's name"),
        ('catatan = ["Khayal."]', "catatan = [1]", "'catatan' must list texts"),
        ("kinerja = 0.5\ndisiplin = 0.3", "kinerja = 0\ndisiplin = 0.8", "'tidak_dipakai' where"),
        ('cara = "pengurang"', 'cara = "langsung"\nkolom = "x"', "pengurang belongs to disiplin"),
    ],
)
def test_a_pay_rule_that_is_not_whole_is_refused(tmp_path, old, new, words):
    with pytest.raises(InstrumentError, match=re.escape(words)):
        pay(tmp_path, changed(PAY, old, new))


def test_a_pay_rule_needs_a_source_and_a_full_amount_above_nothing(tmp_path):
    start, end = PAY.index("[sumber.kitab]"), PAY.index("[bobot]")
    with pytest.raises(InstrumentError, match="at least one sumber"):
        pay(tmp_path, PAY[:start] + "[sumber]\n" + PAY[end:])
    head = PAY[: PAY.index("[kinerja]")]
    with pytest.raises(InstrumentError, match="penuh must be above 0"):
        pay(tmp_path, head + GIVEN.format(cara="penuh", more="penuh = 0"), "upah-pulau")
    with pytest.raises(ParameterError, match="no pay rule 'upah'; known: tpp-jambi"):
        load_pay_rule("upah")


def test_every_key_of_a_distribution_rule_arrives(tmp_path):
    rule = spread(tmp_path)
    assert (rule.id, rule.judul, rule.mulai) == ("sebaran-pulau", "Sebaran Pulau Buku", 1901)
    assert rule.ditandatangani == dt.date(1900, 12, 31)
    assert rule.diperiksa == dt.date(2026, 11, 24)
    assert rule.sumber == (Source("kitab", "Kitab Pulau", "", "", "belum"),)
    assert rule.catatan == ("Khayal.",)
    most, some = "lebih dari separuh Sangat Baik", "sepersepuluh Baik atau lebih"
    assert rule.organisasi == {
        "Istimewa": (Statement("terbanyak", most, ("Sangat Baik",), 0.0, 0.5, 0.7),),
        "Baik": (Statement("ada", some, ("Baik", "Kurang"), 0.1, None, 1.0),),
        "Butuh Perbaikan": (),
        "Kurang": (),
        "Sangat Kurang": (),
    }
    told = rule.describe()
    assert (told["id"], told["judul"]) == ("sebaran-pulau", "Sebaran Pulau Buku")
    assert told["sumber"] == [
        {
            "judul": "Kitab Pulau",
            "pasal": "",
            "tautan": "",
            "keyakinan": "belum ditemukan sumbernya",
        }
    ]
    assert told["catatan"][0] == f"Organisasi Istimewa: {most}."
    assert told["catatan"][-1] == "Khayal."


# Float noise at a limit does not break a condition: 0.1 + 0.2 is 0.30000000000000004.
@pytest.mark.parametrize(
    ("statement", "keeps", "breaks"),
    [
        (Statement("x", "", (), 0.3, None, 0.6), [0.3, 0.3 - 1e-13, 0.6 + 1e-13], [0.299, 0.601]),
        (Statement("x", "", (), 0.0, 0.5, 0.7), [0.501, 0.7], [0.5, 0.5 + 1e-13, 0.71, 0.2]),
        (Statement("x", "", (), 0.0, 0.0, 1.0), [0.001, 1.0], [0.0]),
    ],
)
def test_limits_of_a_statement(statement, keeps, breaks):
    assert [statement.holds(share) for share in keeps] == [True] * len(keeps)
    assert [statement.holds(share) for share in breaks] == [False] * len(breaks)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('[organisasi."Kurang"]\n', "", "sebaran-pulau.toml: organisasi must name exactly"),
        ('["Sangat Baik"]', '["Hebat"]', "Istimewa.terbanyak: predikat Hebat; known: Sangat Ku"),
        ('["Sangat Baik"]', "[]", "predikat none; known"),
        ("maksimum = 0.7", "maksimum = 0.4", "terbanyak: limits must rise from 0 to 1"),
        ("maksimum = 0.7", "maksimum = 1.1", "limits must rise from 0 to 1"),
        ("minimum = 0.1", "minimum = -0.1", "Baik.ada: limits must rise from 0 to 1"),
        ("lebih_dari = 0.5", "lebih_dari = -0.5", "terbanyak: limits must rise from 0 to 1"),
        ("minimum = 0.1", "minimum = 0.1\nx = 1", "organisasi.Baik.ada: unknown key 'x'"),
        ("mulai = 1901", "mulai = 1901\nx = 1", "sebaran-pulau.toml: unknown key 'x'"),
        ("lebih_dari = 0.5", 'lebih_dari = "0,5"', "'lebih_dari' is str"),
        ("minimum = 0.1", "minimum = true", "'minimum' is bool"),
        ("maksimum = 0.7", "maksimum = true", "'maksimum' is bool"),
    ],
)
def test_a_distribution_rule_that_is_not_whole_is_refused(tmp_path, old, new, words):
    with pytest.raises(InstrumentError, match=re.escape(words)):
        spread(tmp_path, changed(SPREAD, old, new))


def test_the_distribution_rule_of_the_letter_is_the_default():
    assert load_distribution_rule().id == "se-menpanrb-3-2023"
    with pytest.raises(ParameterError, match="no distribution rule 'x'; known: se-menpanrb-3"):
        load_distribution_rule("x")


def test_the_rules_that_ship_are_all_there_by_their_file():
    found = available_pay_rules()
    assert list(found) == [
        "tpp-jambi",
        "tpp-lebong",
        "tpp-menit-kegiatan",
        "tpp-pekalongan-2018",
        "tpp-seluma",
        "tukin-kementan-2012",
    ]
    assert [rule.id for rule in found.values()] == list(found)
    assert load_pay_rule("tpp-jambi") == found["tpp-jambi"]
