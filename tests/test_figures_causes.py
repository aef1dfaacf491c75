"""Charts of causes and plans, the guard of a notebook's parts, codes in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures import charts, columns, columns_causes
from ipasn_lib.figures.blocks import unless
from ipasn_lib.wording import rupiah

ASAL = pd.DataFrame({"sumber_data": ["sintetis, benih 7"], "id_instrumen": ["ip-asn-2019"]})
PARTS = pd.DataFrame(
    {
        "awal": [15.0, 20.0, 25.0, 5.0, 65.0],
        "akhir": [15.5, 22.0, 24.0, 5.0, 66.5],
        "selisih": [0.5, 2.0, -1.0, 0.0, 1.5],
    },
    index=pd.Index(["kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"], name="dimensi"),
)


def printed(figure):
    return [t.get_text() for t in figure.figure.findobj(Text) if t.get_text()]


def drawn(bagian, **options):
    return charts.difference_parts(
        bagian, PARTS, asal=ASAL, nama_awal="2021", nama_akhir="2022", **options
    )


def test_dimensions_lead_from_one_index_to_the_other():
    words = printed(drawn(PARTS))
    assert "Kompetensi menyumbang +2,00 dari selisih +1,50 poin" in " ".join(words)
    for part in ("65,00", "+0,50", "+2,00", "−1,00", "66,50", "DATA SINTETIS"):
        assert part in words


def test_factors_and_movers_have_their_own_words():
    factors = pd.Series(
        {"kelompok_jabatan": 0.5, "skor": 1.0}, name="selisih"
    ).rename_axis("faktor")  # fmt: skip
    assert "Susunan kelompok jabatan" in printed(drawn(factors))
    movers = pd.DataFrame(
        {"sumbangan": [1.0, 0.3, 0.2]},
        index=pd.Index(["tetap", "datang", "pergi"], name="kelompok"),
    )
    assert "Pegawai yang datang" in printed(drawn(movers))
    with pytest.raises(ParameterError, match="by 'unit'"):
        drawn(movers.rename_axis("unit"))


def test_a_hidden_part_hides_the_whole_figure():
    movers = pd.DataFrame(
        {"sumbangan": [1.25, np.nan, np.nan]},
        index=pd.Index(["tetap", "datang", "pergi"], name="kelompok"),
    )
    words = " ".join(printed(drawn(movers)))
    assert "tidak ditampilkan" in words
    assert "1,25" not in words
    assert "65,00" not in words


def steps(rises):
    return pd.DataFrame({"label": [f"Langkah {k}" for k in range(len(rises))],
                         "kenaikan_indeks": rises})  # fmt: skip


def outcome(after, biaya, tujuan="anggaran"):
    return pd.Series(
        {"tujuan": tujuan, "target": 81.0, "bulan": 12, "indeks_awal": 60.0,
         "indeks_akhir": after, "biaya": biaya}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tujuan", "biaya", "title"),
    [
        ("target", 196_500_000, "Sasaran 81,00 tercapai dengan Rp196,5 juta"),
        ("terjauh", 1_000_000, "Sasaran 81,00 tidak tercapai dalam 12 bulan; paling jauh 63,00"),
        ("anggaran", 2_000_000_000, "Rp2,0 miliar menaikkan indeks 3,00 poin"),
        ("anggaran", 0, "Langkah tanpa biaya menaikkan indeks 3,00 poin"),
    ],
)
def test_a_plan_says_what_it_reaches(tujuan, biaya, title):
    figure = charts.plan_steps(
        steps([1.0, 2.0, 0.0]), outcome(63.0, biaya, tujuan), asal=ASAL, wilayah="Kab. A"
    )
    words = printed(figure)
    assert title in " ".join(words)
    assert "Langkah 2" not in words  # adds nothing


def test_a_plan_of_nothing_says_so_instead_of_an_empty_frame():
    nothing = charts.plan_steps(steps([0.0]), outcome(60.0, 0), asal=ASAL, wilayah="Kab. A")
    words = " ".join(printed(nothing))
    assert "Tidak ada langkah yang menambah poin" in words
    assert "60,00" not in words


def test_the_rules_part_stands_beside_the_real_one():
    # 70 under the old rules; the new ones take 9 and the people bring 5
    split = pd.Series({"awal": 70.0, "aturan": -9.0, "nyata": 5.0, "akhir": 66.0, "jumlah": -4.0})
    both = pd.DataFrame({"sumber_data": ["sintetis, benih 7"] * 2, "id_instrumen": ["a", "b"]})
    words = printed(charts.rule_parts(split, asal=both, nama_awal="2022", nama_akhir="2024"))
    for part in ("70,00", "−9,00", "+5,00", "66,00", "Akibat aturan berganti", "DATA SINTETIS"):
        assert part in words
    assert "a; b" in " ".join(words)


def test_what_the_next_million_is_worth_is_said():
    said = columns_causes.marginal_words(pd.Series({"nilai_marginal": 0.02691}))
    assert "0,0269 poin" in said[0]
    names = [c.nama for c in columns_causes.seat_columns()]
    assert names[-1] == "nilai_kursi"


def test_shares_between_units():
    table = pd.DataFrame(
        {"varians": [0.12, 0.05, 0.2, 0.01, np.nan], "kebetulan": 0.03},
        index=pd.Index(["indeks", "kualifikasi", "kompetensi", "kinerja", "disiplin"],
                       name="nilai"),
    )  # fmt: skip
    words = printed(charts.between_units(table, asal=ASAL, wilayah="Kab. A"))
    said = " ".join(words)
    assert "12% ragam indeks terletak antarunit; terbesar pada kompetensi (20%)" in said
    assert "12,0%" in words
    assert "nan" not in said
    with pytest.raises(ParameterError, match="gaji"):
        charts.between_units(table.rename(index={"kinerja": "gaji"}), asal=ASAL, wilayah="A")


def test_a_guard_says_why_once_and_runs_nothing():
    ran = []
    bila = unless("tahun_tidak_ada", awal=2019, akhir=2022, wilayah="Kab. A <b>")
    assert bila.alasan.plain == (
        "Tabel tahun 2019 tidak ada di samping tabel tahun 2022, sehingga perubahannya tidak "
        "dapat dihitung."
    )
    assert bila(ran.append, 1).plain == "Tidak dihitung; alasannya di atas."
    assert not ran
    hidden = unless("tersembunyi", wilayah="Kab. A <b>", minimum=10)
    assert "<b>" not in hidden.alasan.html
    free = unless("")
    assert free.alasan is None
    assert free(sorted, [2, 1], reverse=True) == [2, 1]
    assert free.also(lambda: "tanpa_langkah").kunci == "tanpa_langkah"
    later = bila.also(lambda: "tanpa_langkah")
    assert later.kunci == "tahun_tidak_ada"
    assert later.alasan is None  # said once, by the first
    assert later(sorted, [2, 1]).plain == "Tidak dihitung; alasannya di atas."


def test_every_reason_has_words_in_both_languages():
    sides = ("tahun_tidak_ada", "daerah_tidak_ada", "tersembunyi", "instrumen_lain",
             "orang_tidak_cocok", "tanpa_pembanding", "pembanding_sama", "pembanding_tidak_ada",
             "pembanding_tersembunyi", "pembanding_instrumen_lain", "skor_diberikan",
             "tanpa_langkah", "aturan_sama", "tanpa_silang", "silang_tidak_cocok",
             "kelompok_kecil", "gerak_kecil")  # fmt: skip
    said = {"wilayah": "A", "pembanding": "B", "awal": 2021, "akhir": 2022, "minimum": 10}
    for reason in sides:
        ours, theirs = (unless(reason, bahasa=b, **said).alasan.plain for b in ("id", "en"))
        assert ours != theirs
        assert "{" not in ours + theirs


def test_codes_become_words_and_an_unknown_code_is_refused():
    years = pd.DataFrame({"keterangan": ["tahun_pertama", "tidak_sebanding"]})
    told = columns.in_words(years, "keterangan")
    assert told["keterangan"].tolist() == ["tahun pertama", "tidak sebanding: instrumen berganti"]
    ways = pd.DataFrame({"indeks": [1.0]}, index=pd.Index(["serakah"], name="cara"))
    assert columns.in_words(ways, "cara").index[0].startswith("Urutan sederhana")
    with pytest.raises(ParameterError, match="keterangan_entah"):
        columns.in_words(years.replace("tahun_pertama", "entah"), "keterangan")


def test_costs_say_assumption_and_no_limit():
    langkah = pd.DataFrame(
        {"kapasitas": pd.array([None, 3000, 0], "Int64"),
         "dasar": ["asumsi", "DPA 2025", "belum diisi"]}
    )  # fmt: skip
    told = columns_causes.cost_words(langkah)
    assert told["kapasitas"].tolist() == ["tanpa batas", "3.000", "0"]
    assert told["dasar"].tolist() == [
        "asumsi; ganti dengan angka sendiri",
        "DPA 2025",
        "belum diisi",
    ]


def test_money_is_printed_as_said():
    assert rupiah(213_300_000) == "Rp213,3 juta"
    assert rupiah(11_045_400_000) == "Rp11,0 miliar"
    assert rupiah(2_050_000_000, "en") == "Rp2.1 billion"
