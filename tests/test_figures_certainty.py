"""Figures of certainty and space: what is drawn, what is counted, what stays hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures import charts, maps
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import KATEGORI, SIZE
from ipasn_lib.records.boundaries import load_boundaries

MADE_UP = {"sumber": "sintetis, benih 7"}
NAMES = ["Kab. Satu", "Kab. Dua", "Kota Tiga", "Kota Empat"]


def ranges() -> pd.DataFrame:
    return pd.DataFrame(
        {"peringkat": [3, 3], "terbaik": [2, 3], "terburuk": [9, 3]},
        index=pd.Index(["Kebetulan", "Bobot lain"], name="keraguan"),
    )


def chances() -> pd.DataFrame:
    rows = [[0, 0, 0.4, 0.6, 0], [0, 0, 1, 0, 0], [0, 0.99, 0.01, 0, 0], [np.nan] * 5]
    table = pd.DataFrame(rows, columns=list(KATEGORI))
    return table.assign(label=NAMES, indeks=[81.1, 75.0, 68.0, np.nan])


def unmeasured() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": NAMES,
            "nilai": [75.0, 70.0, 66.0, np.nan],
            "batas_bawah": [73.0, 70.0, 50.0, np.nan],
            "batas_atas": [77.0, 70.0, 80.0, np.nan],
            "partisipasi": [0.96, 1.0, 0.7, np.nan],
        }
    )


def weights() -> pd.DataFrame:
    return pd.DataFrame(
        {"bobot": [0.25, 0.4, 0.3, 0.05], "bobot_efektif": [-0.02, 0.9, 0.12, 0.0]},
        index=pd.Index(["kualifikasi", "kompetensi", "kinerja", "disiplin"], name="dimensi"),
    )


def lag() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": NAMES,
            "nilai": [60.0, 64.0, 71.0, np.nan],
            "rata_rata_tetangga": [61.0, 65.0, 69.0, np.nan],
            "satu_tetangga": pd.array([False, True, False, pd.NA], dtype="boolean"),
        }
    )


def certainty() -> pd.DataFrame:
    index = pd.Index(["3510", "3511", "3572", "3574"], name="kode_kabkota")
    return pd.DataFrame(
        {
            "kategori": ["Sedang", "Rendah", "Sedang", pd.NA],
            "peluang": [0.6, 0.99, 1.0, np.nan],
            "kategori_lain": ["Tinggi", "Sedang", pd.NA, pd.NA],
            "n_pegawai": pd.array([100, 100, 100, pd.NA], dtype="Int64"),
        },
        index=index,
    )


def local() -> pd.DataFrame:
    return certainty()[["n_pegawai"]].assign(
        kuadran=["tinggi-tinggi", "rendah-rendah", "tinggi-tinggi", pd.NA],
        nyata=pd.array([True, False, False, pd.NA], dtype="boolean"),
        jumlah_tetangga=pd.array([3, 3, 1, pd.NA], dtype="Int64"),
    )


FIGURES = {
    "rentang": lambda **kw: charts.rank_ranges(
        ranges(), wilayah="Kab. Satu", jumlah=38, **MADE_UP, **kw
    ),
    "peluang": lambda **kw: charts.category_probability(chances(), **MADE_UP, **kw),
    "batas": lambda **kw: charts.missing_bounds(unmeasured(), sorot="Kab. Satu", **MADE_UP, **kw),
    "bobot": lambda **kw: charts.effective_weights(weights(), **MADE_UP, **kw),
    "moran": lambda **kw: charts.moran_scatter(
        lag(), moran=0.7, p=0.01, sorot="Kota Tiga", **MADE_UP, **kw
    ),
    "struktur": lambda **kw: charts.expected_by_structure(
        lag().assign(indeks=lag()["nilai"], harapan=65.0), q2=0.5, **MADE_UP, **kw
    ),
    "struktur_nol": lambda **kw: charts.expected_by_structure(
        lag().assign(indeks=lag()["nilai"], harapan=65.0), q2=-0.02, **MADE_UP, **kw
    ),
    "peta_pasti": lambda **kw: maps.certainty_map(load_boundaries(), certainty(), **MADE_UP, **kw),
    "peta_lisa": lambda **kw: maps.cluster_map(load_boundaries(), local(), **MADE_UP, **kw),
}


def texts(published: PublishedFigure) -> list[str]:
    return [t.get_text() for t in published.figure.findobj(Text) if t.get_text()]


@pytest.mark.parametrize("bahasa", ["id", "en"])
@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_repeatable_marked_and_stays_on_its_sheet(name, bahasa):
    first, second = FIGURES[name](bahasa=bahasa), FIGURES[name](bahasa=bahasa)
    assert first.svg() == second.svg()
    assert "DATA SINTETIS" in texts(first)
    assert not [t for t in texts(first) if "nan" in t.lower().split() or "{" in t]
    figure = first.figure
    figure.draw_without_rendering()
    wide, high = figure.get_size_inches() * figure.dpi
    for t in figure.findobj(Text):
        if t.get_text():
            box = t.get_window_extent()
            assert t.get_fontsize() >= SIZE["small"]
            assert -2 < box.x0 < box.x1 < wide + 2, t.get_text()
            assert -2 < box.y0 < box.y1 < high + 2, t.get_text()


@pytest.mark.parametrize("name", [n for n in FIGURES if not n.startswith("peta")])
def test_words_do_not_cover_each_other(name):
    figure = FIGURES[name]().figure
    figure.draw_without_rendering()
    boxes = [(t.get_text(), t.get_window_extent()) for t in figure.findobj(Text) if t.get_text()]
    for k, (a, one) in enumerate(boxes):
        for b, other in boxes[k + 1 :]:
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            down = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert across < 3 or down < 5, f"{a!r} covers {b!r}"


def test_ranges_print_the_official_rank_and_the_widest():
    shown = texts(FIGURES["rentang"]())
    assert "Kab. Satu peringkat 3 dari 38; rentang terlebar 2–9" in " ".join(shown)
    assert "2–9" in shown
    assert "3" in shown  # no doubt from weights: the rank alone


def test_firm_categories_are_counted_and_hidden_ones_apart():
    shown = texts(FIGURES["peluang"]())
    assert "Kab. Satu" in shown
    assert "60%" in shown
    assert not {"Kab. Dua", "Kota Tiga", "Kota Empat"} & set(shown)
    assert any(t.startswith("2 daerah lain tidak digambar") for t in shown)
    assert "1 angka tidak ditampilkan *)" in shown
    assert "Kategori 1 dari 3 kabupaten/kota belum pasti" in shown


def test_bounds_are_drawn_only_where_somebody_is_unmeasured():
    shown = texts(FIGURES["batas"]())
    assert "Indeks Kab. Satu dapat berada antara 73,00 dan 77,00" in " ".join(shown)
    assert "Kota Tiga" in shown
    assert "Kab. Dua" not in shown
    full = unmeasured().iloc[[1]]
    assert "Seluruh pegawai 1 kabupaten/kota terukur" in texts(
        charts.missing_bounds(full, **MADE_UP)
    )


def test_the_title_of_moran_follows_the_p_value():
    def title(moran: float, p: float) -> str:
        return " ".join(texts(charts.moran_scatter(lag(), moran=moran, p=p, **MADE_UP)))

    assert "tidak lebih mirip" in title(0.7, 0.2)
    assert "cenderung mirip" in title(0.7, 0.01)
    assert "cenderung berbeda" in title(-0.7, 0.01)


def test_maps_tell_unsure_hidden_single_and_absent_places_apart():
    assert maps.certainty_map(load_boundaries(), certainty(), **MADE_UP).alt.count("Sedang 2") == 1
    alt = FIGURES["peta_lisa"]().alt
    assert "Tinggi–Tinggi 1" in alt
    assert "Tidak nyata 1" in alt
    assert "Satu tetangga 1" in alt
    assert "disembunyikan 1" in alt
    assert "tidak ada data 34" in alt


def test_the_certainty_map_counts_each_step_and_prints_the_share_of_the_unsure():
    table = certainty()
    table.loc["3511", "peluang"] = 0.75  # on the edge: not below it
    shown = texts(maps.certainty_map(load_boundaries(), table, **MADE_UP))
    assert "Kategori 2 dari 3 kabupaten/kota belum pasti" in shown
    assert "60%" in shown  # Banyuwangi's name has it as a line of its own
    assert "Bondowoso" in shown
    assert shown.count("75%") == 1
    assert "Kota Blitar" in shown  # firm: its name alone
    # 5 categories by 3 steps, hidden and missing: one place in each of three cells
    cells = [word for word in shown if word.isdecimal()]
    assert sorted(cells) == sorted(["0"] * 12 + ["1"] * 3 + ["1", "34"])


@pytest.mark.parametrize("edges", [{"pasti": 0.7}, {"condong": -0.1}, {"pasti": 1.1}])
def test_edges_of_certainty_that_do_not_rise_are_refused(edges):
    with pytest.raises(ParameterError, match="must rise"):
        maps.certainty_map(load_boundaries(), certainty(), **edges, **MADE_UP)


def test_a_category_without_a_share_is_not_taken_for_firm():
    table = certainty()
    table.loc["3511", "peluang"] = np.nan
    with pytest.raises(ParameterError, match="1 places have a category and no peluang"):
        maps.certainty_map(load_boundaries(), table, **MADE_UP)


def test_unknown_names_are_refused():
    with pytest.raises(ParameterError, match="no row is labelled"):
        charts.category_probability(chances(), sorot="Kab. Lain", **MADE_UP)
    with pytest.raises(ParameterError, match="unknown dimensions"):
        charts.effective_weights(weights().rename({"kinerja": "kerja"}), **MADE_UP)
    with pytest.raises(ParameterError, match="unknown keraguan 'cuaca'"):
        charts.rank_intervals(pd.DataFrame(), keraguan="cuaca", **MADE_UP)


def test_the_wider_interval_sets_the_scale():
    table = pd.DataFrame(
        {"label": NAMES[:2], "peringkat": [1, 2], "peringkat_terbaik": [1, 1],
         "peringkat_terburuk": [2, 2], "luar_a": [1, 1], "luar_b": [2, 25]}
    )  # fmt: skip
    assert "25" in texts(charts.rank_intervals(table, luar=("luar_a", "luar_b"), **MADE_UP))
    assert "25" not in texts(charts.rank_intervals(table, **MADE_UP))


def test_an_expectation_that_tells_nothing_is_not_drawn():
    assert {"Kab. Satu", "Kota Tiga"} <= set(texts(FIGURES["struktur"]()))
    shown = " ".join(texts(FIGURES["struktur_nol"]()))
    assert "Q² = −0,02" in shown
    assert "Kab. Satu" not in shown
    assert "diharapkan" not in shown


@pytest.mark.parametrize(
    ("worst", "word"), [(2, "antara peringkat 1 dan 2"), (1, "tetap peringkat 1")]
)
def test_a_range_of_one_rank_is_said_to_stay(worst, word):
    table = pd.DataFrame({"label": NAMES[:2], "peringkat": [1, 2], "p5": [1, 2], "p95": [worst, 2]})
    shown = charts.rank_intervals(
        table, terbaik="p5", terburuk="p95", keraguan="bobot", sorot=NAMES[0], **MADE_UP
    )
    assert word in " ".join(texts(shown))
