"""Charts and tables of merit, impact and context: right words, nothing hidden, same bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures import (
    charts_context,
    charts_impact,
    charts_merit,
    charts_merit_units,
    columns_causal,
    tables,
)
from ipasn_lib.figures.publish import PublishedFigure

SOURCE = "sintetis, benih 7"
KELAS = pd.Index(["5", "7", "semua kelas"], name="kelas_jabatan")
UNITS = pd.Index(["Dinas A", "Dinas B", "Dinas C"], name="unit_kerja")


def said(figure: PublishedFigure) -> str:
    """Everything written in a figure; long lines are broken where they stand."""
    return " ".join(t.get_text() for t in figure.figure.findobj(Text))


def classes(d: float = 0.25) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n_pegawai": pd.array([120, pd.NA, 240], dtype="Int64"),
            "somers_d": [0.31, np.nan, d],
            "seri_kinerja": [0.44, np.nan, 0.40],
            "sumber_data": SOURCE,
        },
        index=KELAS,
    )


def mismatch() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n_pegawai": pd.array([120, 120, 240], dtype="Int64"),
            "n_tinggi": pd.array([40, 40, 80], dtype="Int64"),
            "n_rendah": pd.array([15, 15, 30], dtype="Int64"),
            "tinggi_di_bawah_median": [0.35, 0.45, 0.40],
            "rendah_di_atas_median": [np.nan, np.nan, 0.36],
            "semua_di_bawah_median": [0.5, 0.5, 0.48],
            "semua_di_atas_median": [0.5, 0.5, 0.5],
            "sumber_data": SOURCE,
        },
        index=KELAS,
    )


def lenient() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n_pegawai": pd.array([60, 80, pd.NA], dtype="Int64"),
            "pola": ["hampir semua Sangat Baik", "beragam", None],
            "sangat_baik": [np.nan, 0.25, np.nan],
            "batas_bawah": [np.nan, 0.17, np.nan],
            "batas_atas": [np.nan, 0.35, np.nan],
            "bagian_lain": [np.nan, 0.40, np.nan],
            "sumber_data": SOURCE,
        },
        index=UNITS,
    )


def paid() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n_pegawai": pd.array([60, 80, pd.NA], dtype="Int64"),
            "sesuai": [0.75, np.nan, np.nan],
            "kurang": [0.25, np.nan, np.nan],
            "lebih": [0.0, np.nan, np.nan],
            "selisih_relatif": [-0.031, 0.068, np.nan],
            "sumber_data": SOURCE,
        },
        index=UNITS,
    )


def curve() -> pd.DataFrame:
    # a tenth of the people hold 8 % of pay: 20 % under the mean; the rest 92/90 - 1 = +2.2 %
    return pd.DataFrame(
        {
            "kelompok": ["", "Butuh Perbaikan", "Baik"],
            "bagian_pegawai": [0.0, 0.1, 1.0],
            "bagian_tunjangan": [0.0, 0.08, 1.0],
            "sumber_data": SOURCE,
        }
    )


def paths() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "menerapkan": [60.0, 62.0, 66.0],
            "tidak": [59.0, 60.0, 61.5],
            "mulai": pd.array([0, 2, 1], dtype="Int64"),
            "sumber_data": SOURCE,
        },
        index=pd.Index([2019, 2020, 2021], name="tahun"),
    )


def around() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "waktu": [-1, 0, 1],
            "efek": [0.1, 2.0, 2.2],
            "batas_bawah": [-0.6, 1.2, -0.3],
            "batas_atas": [0.8, 2.8, 4.7],
            "sumber_data": SOURCE,
        }
    )


def countries() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kode_negara": ["IDN", "IDN", "MYS", "MYS"],
            "negara": ["Indonesia", "Indonesia", "Malaysia", "Malaysia"],
            "tahun": [1996, 2023, 1996, 2023],
            "nilai": [23.5, 69.8, 68.9, 79.7],
            "batas_bawah_90": np.nan,
            "batas_atas_90": np.nan,
            "sumber_data": "Bank Dunia",
        }
    )


ALL = {
    "keselarasan": lambda b="id": charts_merit.concordance_classes(classes(), bahasa=b),
    "salah_arah": lambda b="id": charts_merit.mismatch_shares(mismatch(), bahasa=b),
    "konsentrasi": lambda b="id": charts_merit.pay_by_performance(
        curve(), indeks=0.018, gini=0.04, bahasa=b
    ),
    "kelonggaran": lambda b="id": charts_merit_units.leniency_units(lenient(), bahasa=b),
    "menurut_aturan": lambda b="id": charts_merit_units.paid_by_rule(paid(), bahasa=b),
    "selisih_unit": lambda b="id": charts_merit_units.pay_gap_units(paid(), bahasa=b),
    "jalur": lambda b="id": charts_impact.adoption_paths(paths(), bahasa=b),
    "dampak": lambda b="id": charts_impact.effect_around_adoption(
        around(), rata_rata=[2.1, 1.4, 2.8], peristiwa="Uji", ditanamkan=2.0, bahasa=b
    ),
    "undian": lambda b="id": charts_impact.draws_of_dates(
        np.linspace(-3, 3, 99), statistik=2.9, p=0.05, asal=paths(), bahasa=b
    ),
    "wgi_jalur": lambda b="id": charts_context.country_paths(countries(), bahasa=b),
}


@pytest.mark.parametrize("nama", ALL)
def test_same_bytes_twice_and_words_in_both_languages(nama):
    one, again, english = ALL[nama](), ALL[nama](), ALL[nama]("en")
    svg = "image/svg+xml"
    bundle = one._repr_mimebundle_()[0][svg]
    assert bundle == again._repr_mimebundle_()[0][svg]
    assert one.nama == nama
    assert one.alt != english.alt
    marked = "DATA SINTETIS" in said(one)
    assert marked == (nama != "wgi_jalur")


def test_titles_say_the_finding():
    assert "25 poin persen lebih sering" in said(ALL["keselarasan"]()).replace("  ", " ")
    assert "hampir tidak mengikuti" in said(charts_merit.concordance_classes(classes(0.02)))
    assert "berlawanan" in said(charts_merit.concordance_classes(classes(-0.3)))
    assert "40% pegawai berkinerja tinggi" in said(ALL["salah_arah"]())
    assert "Baik +2,2%, Butuh Perbaikan −20,0%" in ALL["konsentrasi"]().alt
    assert "1 dari 2 unit" in said(ALL["kelonggaran"]())
    assert "Dinas B +6,8%" in said(ALL["selisih_unit"]())
    assert "75% pegawai dibayar sesuai aturan" in ALL["menurut_aturan"]().alt
    assert "yang menerapkan +6,0 poin, yang tidak +2,5 poin" in ALL["jalur"]().alt
    # of -3 to 3 in 99 steps of 6/98, four stand at 2.9 or further: 2.939 and 3, on both sides
    assert "4 dari 99 undian" in ALL["undian"]().alt
    assert "Indonesia: 23,5 pada 1996, 69,8 pada 2023" in ALL["wgi_jalur"]().alt


def test_a_bar_and_the_ties_tell_no_more_than_what_is_printed():
    # 0.2511 and 0.2489 both print as 0.25
    one, other = (charts_merit.concordance_classes(classes(d)) for d in (0.2511, 0.2489))
    assert one.svg() == other.svg()
    words = said(one)
    assert "kurang dari separuh" in words
    assert "44%" not in words
    alike = classes().assign(somers_d=np.nan, seri_kinerja=[0.95, np.nan, np.nan])
    assert "Hampir semua pegawai sekelas dinilai sama" in said(
        charts_merit.concordance_classes(alike)
    )
    assert "hampir semua" in said(charts_merit.concordance_classes(alike))
    nobody = alike.assign(n_pegawai=pd.array([pd.NA] * 3, dtype="Int64"))
    assert "Terlalu sedikit" in said(charts_merit.concordance_classes(nobody))


def test_an_interval_that_holds_zero_is_no_finding():
    figure = charts_impact.effect_around_adoption(
        around(), rata_rata=[0.4, -0.3, 1.1], peristiwa="Uji"
    )
    assert "tidak tampak pengaruh" in figure.alt
    alone = charts_impact.effect_around_adoption(
        around(), rata_rata=[0.4, np.nan, np.nan], peristiwa="Uji"
    )
    assert "+0,40 poin di satu daerah" in alone.alt


def test_hidden_rows_say_so_and_units_without_a_pattern_are_not_named():
    words = said(ALL["kelonggaran"]())
    assert "Dinas C" not in words
    assert "1 unit kerja tidak ditampilkan" in words
    assert "*)" in said(ALL["keselarasan"]())
    assert "*)" in said(ALL["menurut_aturan"]())
    none = paid().assign(sesuai=np.nan, kurang=np.nan, lebih=np.nan, selisih_relatif=np.nan)
    assert "tidak ditampilkan" in said(charts_merit_units.paid_by_rule(none)).lower()
    assert "tidak ditampilkan" in said(charts_merit_units.pay_gap_units(none)).lower()


def test_ranges_that_meet_are_named_and_no_others():
    table = pd.DataFrame(
        {
            "kode_negara": ["SGP", "THA", "IDN"],
            "negara": ["Singapura", "Thailand", "Indonesia"],
            "nilai": [95.7, 56.3, 54.8],
            "batas_bawah_90": [88.5, 49.1, 47.9],
            "batas_atas_90": [100.0, 63.5, 61.7],
            "sumber_data": "Bank Dunia",
        }
    )
    figure = charts_context.country_ranges(table)
    assert "beririsan dengan Thailand" in figure.alt
    assert "Singapura" not in figure.alt
    alone = charts_context.country_ranges(table.drop(index=1))
    assert "tidak beririsan" in alone.alt
    with pytest.raises(ParameterError, match="each country once"):
        charts_context.country_ranges(pd.concat([table, table]))


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ParameterError, match="semua kelas"):
        charts_merit.concordance_classes(classes().iloc[:2])
    with pytest.raises(ParameterError, match="rise"):
        charts_merit.pay_by_performance(curve().iloc[::-1], indeks=0.0, gini=0.0)
    with pytest.raises(ParameterError, match="pola"):
        charts_merit_units.leniency_units(lenient().assign(pola="lain"))
    with pytest.raises(ParameterError, match="adopter"):
        charts_impact.adoption_paths(paths().assign(menerapkan=np.nan))
    with pytest.raises(ParameterError, match="no country"):
        charts_context.country_paths(countries(), sorot="XYZ")
    with pytest.raises(ParameterError, match="known: t, efek"):
        charts_impact.draws_of_dates([1.0], statistik=1.0, p=0.5, asal=paths(), ukuran="z")


def test_conditions_stand_side_by_side_one_row_a_unit():
    index = pd.MultiIndex.from_product([["A", "B"], ["terbanyak", "ada"]])
    table = pd.DataFrame(
        {
            "bunyi": ["paling banyak 70", "ada yang kurang"] * 2,
            "n_pegawai": pd.array([50, 50, pd.NA, pd.NA], dtype="Int64"),
            "terpenuhi": pd.array([True, False, pd.NA, pd.NA], dtype="boolean"),
            "sumber_data": SOURCE,
        },
        index=index.set_names(["unit_kerja", "syarat"]),
    )
    printed = tables.publish_table(
        columns_causal.rule_words(table),
        nama="x",
        judul="x",
        kolom=columns_causal.rule_columns(table),
    )
    hidden = {"tersembunyi": True}
    assert printed.data()["baris"] == [
        ["A", "ya", "tidak", 50],
        ["B", hidden, hidden, hidden],
    ]


def test_sentences_are_escaped_and_never_empty():
    block = columns_causal.sentences(["a < b", "c"])
    assert "a &lt; b" in block.html
    assert block.plain == "- a < b\n- c"
    with pytest.raises(ParameterError, match="no sentence"):
        columns_causal.sentences([])
