"""Charts: same bytes twice, hidden numbers nowhere, hostile names harmless, words on the sheet."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures import charts
from ipasn_lib.figures.marks import category_colours, spread
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import KATEGORI, SIZE, on_colour, provenance
from ipasn_lib.figures.typeface import clean, shorten, width, wrap

MAXIMA = {"kualifikasi": 25.0, "kompetensi": 40.0, "kinerja": 30.0, "disiplin": 5.0}
EDGES = [61.0, 71.0, 81.0, 91.0]
HOSTILE = "Dinas $\\alpha_1^2$ <script>alert(1)</script> & \u202eKediri\u200f 漢"
LONG = "Badan Kepegawaian " * 17
SECRET = 77.77  # the mean of a group that is hidden


def summary(names: list[str], key: str = "unit_kerja", first: float = 60.0) -> pd.DataFrame:
    """Make-believe ringkasan: indeks 60.00, 61.25, 62.50, ... and its parts."""
    indeks = first + 1.25 * np.arange(len(names))
    return pd.DataFrame(
        {
            "n_pegawai": pd.array([1000] * len(names), dtype="Int64"),
            "n_terukur": pd.array([900] * len(names), dtype="Int64"),
            "partisipasi": 0.9,
            "kualifikasi": 15.0,
            "kompetensi": indeks - 45.0,
            "kinerja": 25.0,
            "disiplin": 5.0,
            "indeks": indeks,
            "kategori": pd.Categorical(
                [KATEGORI[int(np.searchsorted(EDGES, v, side="right"))] for v in indeks],
                categories=list(KATEGORI),
                ordered=True,
            ),
            "sumber_data": "sintetis, benih 7",
            "id_instrumen": "ip-asn-2019",
        },
        index=pd.Index(names, name=key),
    )


def hide(table: pd.DataFrame, rows: list[int]) -> pd.DataFrame:
    out = table.copy()
    for column in out.columns.difference(["label", "jenis"]):
        out.iloc[rows, out.columns.get_loc(column)] = pd.NA if column != "indeks" else np.nan
    return out


def places(n: int = 8) -> pd.DataFrame:
    names = [f"Kab. Contoh {k}" for k in range(n)]
    table = summary([f"35{k:02d}" for k in range(n)], "kode_kabkota", 70.0)
    return table.assign(label=names, jenis=["Kabupaten", "Kota"] * (n // 2))


def histogram() -> pd.DataFrame:
    low = np.array([0.0, 60.0, 70.0, 75.0, 80.0, 90.0])
    high = np.array([60.0, 70.0, 75.0, 80.0, 90.0, 100.0])
    share = np.array([0.05, 0.2, 0.3, 0.25, 0.15, 0.05])
    return pd.DataFrame(
        {
            "bawah": low,
            "atas": high,
            "bagian": share,
            "bagian_per_lebar": share * 5 / (high - low),
            "sumber_data": "sintetis, benih 7",
        }
    )


def lacking() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "dimensi": "kompetensi",
            "label": ["Diklat fungsional"] * 3 + ["Seminar"] * 3,
            "kelompok_jabatan": ["struktural", "fungsional", "semua"] * 2,
            "n_kurang": pd.array([120, 1340, 1460, pd.NA, 410, pd.NA], dtype="Int64"),
            "bagian_kurang": [0.4, 0.655, 0.61, np.nan, 0.2, np.nan],
            "sumber_data": "sintetis, benih 7",
        }
    )


def shares() -> pd.DataFrame:
    rows = [[0.1, 0.2, 0.4, 0.2, 0.1, 0.0], [np.nan, 0.3, 0.3, 0.2, np.nan, 0.2], [np.nan] * 6]
    table = pd.DataFrame(rows, columns=[*KATEGORI, "tersembunyi"])
    return table.assign(jenis_asn=["PNS", "PPPK", "x"], sumber_data="sintetis, benih 7")


def ranks() -> pd.DataFrame:
    rank = np.arange(8, 0, -1)
    return places().assign(
        peringkat=rank, peringkat_terbaik=np.maximum(rank - 2, 1), peringkat_terburuk=rank + 1
    )


MADE_UP = {"sumber": "sintetis, benih 7"}
MOVES = pd.DataFrame(np.arange(10, 35).reshape(5, 5), index=KATEGORI, columns=KATEGORI)
YEARS = pd.DataFrame(
    {
        "waktu": [-1, 0, 1],
        "efek": [0.0, 0.5, 1.0],
        "batas_bawah": [-1, 0, 0.2],
        "batas_atas": [1, 1, 1.8],
    }
)
PLACE = "Kab. Contoh 1"
FIGURES = {
    "bullets": lambda: charts.dimension_bullets(
        summary(["3510"]), summary(["35"]), summary(["x"]), MAXIMA, wilayah=PLACE
    ),
    "sebaran": lambda: charts.distribution(histogram(), batas=EDGES, wilayah=PLACE, indeks=75.5),
    "sasaran": lambda: charts.target_line(summary(["3510"]), 81.0, batas=EDGES, wilayah=PLACE),
    "jenis": lambda: charts.pns_pppk(summary(["PNS", "PPPK"], "jenis_asn"), MAXIMA, wilayah=PLACE),
    "unit": lambda: charts.units_ranked(
        summary([HOSTILE, LONG, "C", "D"]), wilayah=PLACE, acuan=62.0
    ),
    "peringkat": lambda: charts.ranking(hide(places(), [2]), sorot=PLACE, acuan=74.0),
    "kekurangan": lambda: charts.gaps_counts(lacking(), wilayah=PLACE),
    "kelompok": lambda: charts.group_comparison(
        places(), summary(["Kabupaten", "Kota"], "jenis", 73.0), menurut="jenis"
    ),
    "porsi": lambda: charts.category_shares(shares(), menurut="jenis_asn"),
    "selang": lambda: charts.rank_intervals(ranks(), sorot=PLACE),
    "dumbbell": lambda: charts.dumbbell(
        places().assign(lalu=70.0),
        awal="lalu",
        akhir="indeks",
        nama_awal="2023",
        nama_akhir="2024",
    ),
    "harapan": lambda: charts.scatter_expected(
        places().assign(harapan=72.0), nama_harapan="Rata-rata tetangga"
    ),
    "lorenz": lambda: charts.lorenz(
        pd.DataFrame({"bagian_orang": [0, 0.5, 1], "bagian_nilai": [0, 0.3, 1]}), **MADE_UP
    ),
    "anggaran": lambda: charts.budget_curve(
        pd.DataFrame({"anggaran": [0, 10**8, 2 * 10**8], "indeks": [74.0, 79.0, 82.0]}),
        sasaran=78.0,
        wilayah=PLACE,
        **MADE_UP,
    ),
    "perpindahan": lambda: charts.transition_flows(
        MOVES, nama_awal="2023", nama_akhir="2024", **MADE_UP
    ),
    "dampak": lambda: charts.event_study(YEARS, peristiwa="Program", **MADE_UP),
    "uraian": lambda: charts.waterfall(
        pd.DataFrame({"komponen": ["Kinerja", "Disiplin"], "nilai": [1.5, -0.5]}),
        awal=74.0,
        akhir=75.0,
        nama_awal="2023",
        nama_akhir="2024",
        **MADE_UP,
    ),
}


def texts(published: PublishedFigure) -> list[str]:
    return [t.get_text() for t in published.figure.findobj(Text) if t.get_text()]


@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_whole(name):
    before = dict(mpl.rcParams)
    first, second = FIGURES[name](), FIGURES[name]()
    assert first.svg() == first.svg() == second.svg()
    assert dict(mpl.rcParams) == before
    root = ElementTree.fromstring(first.svg())
    assert not list(root.iter("{http://www.w3.org/2000/svg}text")), "text must be outlines"
    assert root[0].text == first.alt
    assert len(first.alt) > 20
    assert "nan" not in first.alt.lower().replace("penanan", "")
    data, meta = first._repr_mimebundle_()
    assert set(data) == {"image/svg+xml", "text/plain"}
    assert meta == {"image/svg+xml": {"alt": first.alt, "nama": first.nama}}


@pytest.mark.parametrize("name", FIGURES)
def test_make_believe_says_so_twice_on_the_sheet(name):
    marks = [t for t in texts(FIGURES[name]()) if "DATA SINTETIS" in t]
    assert "DATA SINTETIS" in marks  # the label by itself
    assert len(marks) >= 2  # and in the source line


@pytest.mark.parametrize("name", FIGURES)
def test_words_stay_on_the_sheet_and_none_is_small(name):
    figure = FIGURES[name]().figure
    figure.draw_without_rendering()
    wide, high = figure.get_size_inches() * figure.dpi
    for t in figure.findobj(Text):
        if not t.get_text() or not t.get_visible():
            continue
        assert t.get_fontsize() >= SIZE["small"]
        assert t.get_parse_math() is False
        box = t.get_window_extent()
        assert -2 < box.x0 < box.x1 < wide + 2, t.get_text()
        assert -2 < box.y0 < box.y1 < high + 2, t.get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_words_do_not_cover_each_other(name):
    figure = FIGURES[name]().figure
    figure.draw_without_rendering()
    boxes = [(t.get_text(), t.get_window_extent()) for t in figure.findobj(Text) if t.get_text()]
    for k, (a, one) in enumerate(boxes):
        for b, other in boxes[k + 1 :]:
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            down = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert across < 3 or down < 5, f"{a!r} covers {b!r}"


def test_numbers_are_printed_half_up_with_a_comma():
    table = summary(["A", "B"])
    table["indeks"] = [80.125, 62.675]  # half to even and binary floats give 80.12 and 62.67
    shown = texts(charts.units_ranked(table, wilayah=PLACE))
    assert "80,13" in shown
    assert "62,68" in shown
    assert "80.13" in texts(charts.units_ranked(table, wilayah=PLACE, bahasa="en"))


def test_hidden_row_is_neither_drawn_nor_written():
    table = summary(["A", "B", "C"])
    table.iloc[1, table.columns.get_loc("indeks")] = SECRET
    shown = charts.units_ranked(table, wilayah=PLACE)
    assert "77,77" in texts(shown)
    hidden = charts.units_ranked(hide(table, [1]), wilayah=PLACE)
    assert not [t for t in texts(hidden) if "77,7" in t or t == "B"]
    assert "1 unit kerja tidak ditampilkan *)" in texts(hidden)
    without = charts.units_ranked(table.drop("B"), wilayah=PLACE)
    drawn = [len(c.get_offsets()) for f in (hidden, without) for c in f.figure.axes[0].collections]
    assert drawn.count(2) == 2  # two dots in each, not three


def test_hidden_place_is_named_without_rank():
    shown = texts(charts.ranking(hide(places(), [2, 5])))
    assert "Tidak ditampilkan: Kab. Contoh 2 dan Kab. Contoh 5" in shown
    assert "Kab. Contoh 2" not in shown
    assert shown.count("6") == 1
    assert "7" not in shown  # six of eight have a rank


def test_equal_values_share_a_rank():
    table = places(4)
    table["indeks"] = [70.0, 75.0, 75.0, 80.0]
    shown = texts(charts.ranking(table))
    assert shown.count("2=") == 2
    assert "4" in shown
    assert "3" not in shown


@pytest.mark.parametrize("bahasa", ["id", "en"])
def test_all_hidden_gives_a_sheet_that_says_so(bahasa):
    one = hide(summary(["3510"]), [0])
    kinds = hide(summary(["PNS", "PPPK"], "jenis_asn"), [0, 1])
    nothing = histogram().iloc[:1].assign(bagian=np.nan, bagian_per_lebar=np.nan, bawah=np.nan)
    every = hide(places(), list(range(8)))
    group = hide(summary(["Kabupaten", "Kota"], "jenis"), [0, 1])
    none = lacking().assign(n_kurang=pd.array([pd.NA] * 6, dtype="Int64"))
    word = {"id": "disembunyikan", "en": "hidden"}[bahasa]
    for figure in (
        charts.dimension_bullets(one, None, None, MAXIMA, wilayah=PLACE, bahasa=bahasa),
        charts.target_line(one, 81, batas=EDGES, wilayah=PLACE, bahasa=bahasa),
        charts.pns_pppk(kinds, MAXIMA, wilayah=PLACE, bahasa=bahasa),
        charts.distribution(nothing, batas=EDGES, wilayah=PLACE, bahasa=bahasa),
        charts.units_ranked(hide(summary(["A"]), [0]), wilayah=PLACE, bahasa=bahasa),
        charts.ranking(every, bahasa=bahasa),
        charts.group_comparison(every, group, menurut="jenis", bahasa=bahasa),
        charts.gaps_counts(none, wilayah=PLACE, bahasa=bahasa),
        charts.category_shares(shares().iloc[2:], menurut="jenis_asn", bahasa=bahasa),
        charts.transition_flows(
            MOVES.astype("Int64").where(MOVES < 0),
            nama_awal="1",
            nama_akhir="2",
            bahasa=bahasa,
            **MADE_UP,
        ),
    ):
        assert any(word in t for t in texts(figure))
        assert figure.svg() == figure.svg()


def test_only_one_kind_shown():
    table = hide(summary(["PNS", "PPPK"], "jenis_asn"), [1])
    shown = texts(charts.pns_pppk(table, MAXIMA, wilayah=PLACE))
    assert "PNS 60,00" in shown
    assert not [t for t in shown if t.startswith("PPPK")]


def test_many_units_are_summed_up():
    table = summary([f"Unit {k}" for k in range(100)], first=20.0)
    table["indeks"] = 20.0 + 0.5 * np.arange(100)
    figure = charts.units_ranked(table, wilayah=PLACE)
    shown = texts(figure)
    assert sum(t.startswith("Unit ") for t in shown) == 25
    # 15 upper (99..85) and 10 lower (9..0) leave 10..84: 25,00 to 62,00
    assert "75 unit kerja lain di antaranya: 25,00–62,00" in shown
    assert figure.figure.get_size_inches()[1] < 9


def test_hostile_names_are_drawn_as_they_are():
    shown = texts(FIGURES["unit"]())
    drawn = next(t for t in shown if t.startswith("Dinas $"))
    assert "\u202e" not in drawn
    assert "\u200f" not in drawn
    assert drawn.startswith("Dinas $\\alpha_1^2$ <script>")
    assert any(t.startswith("Badan Kepegawaian") and t.endswith("…") for t in shown)
    svg = charts.target_line(summary(["x"]), 81, batas=EDGES, wilayah=HOSTILE).svg()
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_partly_hidden_shares_show_only_their_sum():
    shown = texts(charts.category_shares(shares(), menurut="jenis_asn"))
    assert shown.count("*)") == 2  # the hidden part of PPPK, and the row that is hidden whole
    assert any(t.startswith("*) disembunyikan") for t in shown)


def test_counts_under_the_threshold_are_marked():
    shown = texts(FIGURES["kekurangan"]())
    assert shown.count("*)") == 2
    assert "1.340 (66%)" in shown  # 65.5 % half up
    assert any("1.340 pegawai fungsional" in t for t in shown)  # not "semua"


def test_moves_make_no_total_of_what_is_shown_where_some_are_hidden():
    assert any("naik kategori" in t for t in texts(FIGURES["perpindahan"]()))
    moves = MOVES.astype("Int64")
    moves.iloc[0, 4] = pd.NA
    shown = texts(charts.transition_flows(moves, nama_awal="a", nama_akhir="b", **MADE_UP))
    assert not [t for t in shown if "naik kategori" in t]


def test_source_and_instrument_come_from_the_table():
    real = summary(["A"]).assign(sumber_data="SIASN 2024-12-31", id_instrumen="ip-asn-2019+x=y")
    shown = " ".join(texts(charts.target_line(real, 60, batas=EDGES, wilayah=PLACE)))
    assert "SIASN 2024-12-31" in shown
    assert "ip-asn-2019+x=y" in shown
    assert "SINTETIS" not in shown


def test_make_believe_cannot_be_denied():
    assert provenance(summary(["A"]), sumber="BKD", sintetis=False).sintetis
    with pytest.raises(ParameterError, match="sumber_data"):
        provenance(pd.DataFrame({"indeks": [1.0]}))


@pytest.mark.parametrize(
    "call",
    [
        lambda: charts.ranking(places(), sorot="Kab. Tidak Ada"),
        lambda: charts.ranking(places().drop(columns="label")),
        lambda: charts.units_ranked(summary(["A"]), wilayah=PLACE, terbanyak=2),
        lambda: charts.target_line(summary(["A"]), 120, batas=EDGES, wilayah=PLACE),
        lambda: charts.target_line(summary(["A", "B"]), 80, batas=EDGES, wilayah=PLACE),
        lambda: charts.distribution(histogram(), batas=[61, 71], wilayah=PLACE),
        lambda: charts.dimension_bullets(
            summary(["A"]), None, None, {"kinerja": 30}, wilayah=PLACE
        ),
        lambda: charts.pns_pppk(summary(["CPNS"], "jenis_asn"), MAXIMA, wilayah=PLACE),
        lambda: charts.category_shares(shares().assign(Tinggi=0.9), menurut="jenis_asn"),
        lambda: charts.waterfall(
            pd.DataFrame({"komponen": ["a"], "nilai": [1.0]}),
            awal=1,
            akhir=3,
            nama_awal="a",
            nama_akhir="b",
            **MADE_UP,
        ),
        lambda: category_colours(["Lumayan"]),
        lambda: PublishedFigure(FIGURES["dampak"]().figure, " ", "x"),
        lambda: PublishedFigure(FIGURES["dampak"]().figure, "x", "../x"),
    ],
)
def test_unknown_is_refused(call):
    with pytest.raises(ParameterError):
        call()


def test_spread_keeps_labels_apart_and_inside():
    placed = spread([1.0, 1.1, 5.0, 1.05], [0.5] * 4, 0.0, 6.0)
    assert np.diff(np.sort(placed)).min() >= 0.5 - 1e-9
    assert placed[2] == 5.0  # nothing near it: where it wanted to be
    # three labels that want 1.0, 1.05, 1.1: the block's middle is their mean
    assert placed[3] == pytest.approx(1.05)
    edge = spread([0.0, 0.1], [1.0, 1.0], 0.0, 6.0)
    assert edge == pytest.approx([0.5, 1.5])


def test_a_value_stays_with_its_name():
    found = "0 dari 499 undian sejauh hasil sebenarnya (p = 0,002)"
    limit = width(found.removesuffix(" = 0,002)"), 11)
    assert wrap(found, limit, 11) == [*found.rsplit(" ", 3)[:1], "(p = 0,002)"]


def test_text_is_cut_and_wrapped_to_the_inch():
    line = shorten(LONG, 2.0, 11)
    assert line.endswith("…")
    assert width(line, 11) <= 2.0
    lines = wrap(LONG, 3.0, 11, lines=3)
    assert len(lines) == 3
    assert all(width(part, 11) <= 3.0 for part in lines)
    assert clean("a\n\tb\x00\u202e") == "a b"


def test_text_on_a_colour_has_enough_contrast():
    assert on_colour("#8c2d04") == "#ffffff"
    assert on_colour("#e9dcb5") == "#1d2b36"


def test_importing_the_room_draws_nothing_and_loads_no_pyplot():
    import subprocess
    import sys

    code = (
        "import sys, ipasn_lib.figures.charts, ipasn_lib.figures.tables, ipasn_lib.figures.blocks;"
        "print([m for m in ('matplotlib.pyplot', 'seaborn', 'great_tables', 'babel.numbers')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_svg_carries_no_date_and_no_software():
    svg = FIGURES["sasaran"]().svg()
    assert "dc:date" not in svg
    assert not re.search(r"matplotlib", svg, re.IGNORECASE)


def test_bold_and_regular_letters_keep_their_own_outlines():
    svg = FIGURES["sasaran"]().svg()
    for weight in ("400", "700"):
        assert re.search(rf'<path id="PlusJakartaSans-{weight}-', svg)


def test_a_group_of_which_places_are_missing_is_left_out_and_said():
    some = charts.group_comparison(places(), summary(["Kota"], "jenis", 73.0), menurut="jenis")
    words = [t.get_text() for t in some.figure.findobj(Text)]
    assert "Kabupaten" not in words
    assert any("belum lengkap" in w for w in words)
    none = charts.group_comparison(places(), summary([], "jenis"), menurut="jenis")
    assert any("belum lengkap" in t.get_text() for t in none.figure.findobj(Text))
