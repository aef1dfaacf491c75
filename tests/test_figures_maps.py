"""Maps: fixed classes, honest gaps, credits, marks, and a layout that stays on the page."""

from __future__ import annotations

import itertools
import math
import re

import pandas as pd
import pytest
from matplotlib.text import Text

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.map_keys import (
    MapKey,
    group_key,
    kategori_key,
    percent_key,
    step_key,
)
from ipasn_lib.figures.map_layout import FRAME, INSETS, NAMES, TILE_NAMES, TILES
from ipasn_lib.figures.map_paths import drawing, project
from ipasn_lib.figures.map_table import map_table
from ipasn_lib.figures.maps import choropleth, locator, small_multiples, tile_map
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import KATEGORI, KATEGORI_COLOURS, NO_DATA, SIZE
from ipasn_lib.records.boundaries import CREDIT, load_boundaries
from ipasn_lib.records.regions import load_kabkota, load_neighbours

BOBOT = {"kualifikasi": 25.0, "kompetensi": 40.0, "kinerja": 30.0, "disiplin": 5.0}
HIDDEN, ABSENT = "3576", "3529"


def ringkasan() -> pd.DataFrame:
    """Make-believe means: 37 places, one of them hidden, one not there."""
    codes = load_kabkota().index.drop(ABSENT)
    step = pd.Series(range(len(codes)), index=codes, dtype=float)
    out = pd.DataFrame({"n_pegawai": pd.array([5000] * len(codes), dtype="Int64")}, index=codes)
    out["kualifikasi"] = 10 + step / 4
    out["kompetensi"] = 15 + step / 2
    out["kinerja"] = 25.0
    out["disiplin"] = 5.0
    out["indeks"] = out[list(BOBOT)].sum(axis=1)
    out["kategori"] = pd.cut(
        out["indeks"], [0, 60.5, 70.5, 80.5, 90.5, 100], labels=list(KATEGORI)
    ).astype("object")
    shown = ["n_pegawai", *BOBOT, "indeks", "kategori"]
    out.loc[HIDDEN, shown] = pd.NA
    out["sumber_data"] = "sintetis, benih 7"
    out["id_instrumen"] = "uji"
    return out


def words(figure: PublishedFigure) -> list[str]:
    return [text.get_text() for text in figure.figure.findobj(Text) if text.get_text()]


def every_map() -> list[PublishedFigure]:
    shapes, table = load_boundaries(), ringkasan()
    return [
        choropleth(shapes, table),
        choropleth(shapes, table, "kompetensi", key=percent_key(40.0), sorot="3573"),
        locator(shapes, table, "3577"),
        small_multiples(shapes, table, BOBOT, sorot="3510"),
        tile_map(shapes, table, sorot="3578"),
    ]


MAPS = {
    "choropleth": lambda s, t, **kw: choropleth(s, t, **kw),
    "locator": lambda s, t, **kw: locator(s, t, "3577", **kw),
    "small_multiples": lambda s, t, **kw: small_multiples(s, t, BOBOT, **kw),
    "tile_map": lambda s, t, **kw: tile_map(s, t, **kw),
}


@pytest.mark.parametrize("name", MAPS)
def test_every_map_is_marked_credited_and_described(name: str) -> None:
    figure = MAPS[name](load_boundaries(), ringkasan())
    said = words(figure)
    page = " ".join(said)
    assert "DATA SINTETIS" in said
    assert "sintetis, benih 7" in page
    assert figure.alt.startswith("DATA SINTETIS")
    if name != "tile_map":  # tiles are no boundaries
        assert CREDIT in page


@pytest.mark.parametrize("name", MAPS)
def test_a_map_of_records_bears_no_mark(name: str) -> None:
    table = ringkasan().assign(sumber_data="SIASN 2024-12-31")
    figure = MAPS[name](load_boundaries(), table)
    assert "SINTETIS" not in " ".join(words(figure))
    assert "SINTETIS" not in figure.alt


@pytest.mark.parametrize("name", MAPS)
def test_a_map_without_a_source_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match="sumber"):
        MAPS[name](load_boundaries(), ringkasan().drop(columns="sumber_data"))


@pytest.mark.parametrize("name", MAPS)
def test_the_same_map_twice_is_the_same_bytes(name: str) -> None:
    first = MAPS[name](load_boundaries(), ringkasan()).svg()
    assert first == MAPS[name](load_boundaries(), ringkasan()).svg()


@pytest.mark.parametrize("name", MAPS)
def test_no_map_changes_its_inputs(name: str) -> None:
    shapes, table = load_boundaries(), ringkasan()
    MAPS[name](shapes, table)
    pd.testing.assert_frame_equal(table, ringkasan())
    assert shapes.equals(load_boundaries())


@pytest.mark.parametrize("bahasa", ["id", "en"])
def test_texts_stay_on_the_page_and_are_large_enough(bahasa: str) -> None:
    for name, draw in MAPS.items():
        figure = draw(load_boundaries(), ringkasan(), bahasa=bahasa).figure
        figure.canvas.draw()
        wide, high = figure.bbox.width, figure.bbox.height
        for text in figure.findobj(Text):
            if text.get_text():
                box = text.get_window_extent()
                inside = box.x0 >= -1 and box.x1 <= wide + 1 and box.y0 >= -1 and box.y1 <= high + 1
                assert inside, (name, text.get_text())
                assert text.get_fontsize() >= SIZE["small"]


def test_no_two_names_of_the_map_overlap() -> None:
    table = ringkasan()
    figure = choropleth(load_boundaries(), table).figure
    figure.canvas.draw()
    boxes = [
        (text.get_text(), text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_text()
    ]
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        # extents have leading above and below the letters: shrink to the letters' height
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert wide < 1.0 or high < 4.0, (one, other)


def test_all_38_are_named_and_the_hidden_one_is_marked() -> None:
    said = set(words(choropleth(load_boundaries(), ringkasan())))
    for code, name in NAMES.items():
        for line in name.lines[:-1]:
            assert line in said
        last = name.lines[-1]
        assert (f"{last} *)" if code == HIDDEN else last) in said


def test_a_bare_name_on_the_map_is_a_kabupaten() -> None:
    register = load_kabkota()
    for code, name in NAMES.items():
        full = register.loc[code, "label"]
        assert " ".join(name.lines) == full.removeprefix("Kab. ")


def test_names_inside_shapes_lie_in_their_own() -> None:
    import shapely

    shapes = load_boundaries().geometry
    for code, name in NAMES.items():
        point = shapely.Point(name.lon, name.lat)
        if name.at_sea:
            assert not shapes.contains(point).any(), code
        else:
            assert shapes[code].contains(point), code
        if name.line is not None:
            assert shapes[code].contains(shapely.Point(*name.line[0])), code


def test_counts_in_the_key_keep_empty_classes() -> None:
    shapes, table = load_boundaries(), ringkasan()
    result = map_table(shapes, table, "kategori", kategori_key())
    expected = table["kategori"].value_counts().reindex(list(KATEGORI), fill_value=0)
    assert result.counts() == expected.to_list()
    assert 0 in result.counts()
    assert result.hidden == {HIDDEN}
    assert result.missing == {ABSENT}
    assert sum(result.counts()) + 2 == 38
    figure = choropleth(shapes, table)
    for name, n in expected.items():
        assert f"{name} {n}" in figure.alt
        assert name in words(figure)


def test_colours_are_the_fixed_ones_whatever_the_data() -> None:
    shapes, table = load_boundaries(), ringkasan()
    fills = map_table(shapes, table, "kategori", kategori_key()).fills()
    few = map_table(shapes, table.loc[["3501"]], "kategori", kategori_key()).fills()
    assert few["3501"] == fills["3501"] == KATEGORI_COLOURS[table.loc["3501", "kategori"]]
    assert fills[ABSENT] == NO_DATA
    assert fills[HIDDEN] == "#ffffff"


def test_percent_classes_close_on_the_left_and_the_last_on_both_sides() -> None:
    # maximum 40: 50 % is 20, 60 % is 24, 90 % is 36
    key = percent_key(40.0)
    values = pd.Series([0.0, 19.999, 20.0, 23.999, 24.0, 36.0, 40.0, None])
    assert key.of(values).tolist()[:7] == [0, 0, 1, 1, 2, 5, 5]
    assert key.of(values).isna().tolist() == [False] * 7 + [True]
    assert key.names == ("di bawah 50%", "50–60%", "60–70%", "70–80%", "80–90%", "90–100%")


@pytest.mark.parametrize("value", [-0.01, 40.01])
def test_a_value_outside_the_classes_is_refused(value: float) -> None:
    with pytest.raises(ParameterError, match="outside the map's classes"):
        percent_key(40.0).of(pd.Series([20.0, value]))


def test_ramp_darkens_step_by_step() -> None:
    # relative luminance of WCAG: what is left of a colour in grey print
    def luminance(colour: str) -> float:
        channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light = [116 * luminance(c) ** (1 / 3) - 16 for c in percent_key(25.0).colours]  # CIE L*
    steps = [a - b for a, b in itertools.pairwise(light)]
    assert min(steps) > 10


def test_step_key_prints_in_the_readers_language() -> None:
    assert step_key([0, 2.5, 5], desimal=1).names == ("0,0–2,5", "2,5–5,0")
    assert step_key([0, 2.5, 5], desimal=1, bahasa="en").names == ("0.0–2.5", "2.5–5.0")


@pytest.mark.parametrize("edges", [[0, 1], [0, 2, 2], [3, 2, 1], list(range(10))])
def test_edges_that_are_no_classes_are_refused(edges: list[float]) -> None:
    with pytest.raises(ParameterError, match="rising"):
        step_key(edges)


def test_group_key_maps_other_groups() -> None:
    colours = {"Tinggi-Tinggi": "#8c2d04", "tidak nyata": "#dddddd"}
    table = ringkasan().assign(gugus="tidak nyata")
    table.loc["3578", "gugus"] = "Tinggi-Tinggi"
    table.loc[HIDDEN, "gugus"] = pd.NA
    figure = choropleth(load_boundaries(), table, "gugus", key=group_key(colours))
    assert "Tinggi-Tinggi 1, tidak nyata 35" in figure.alt


def wrong_code(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(index={"3501": "3301"})


def twice(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table.loc[["3501"]]])


def two_keys(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(tahun=2024).set_index("tahun", append=True)


def leak(table: pd.DataFrame) -> pd.DataFrame:
    out = table.copy()
    out.loc[HIDDEN, "kategori"] = "Sedang"
    return out


def odd_category(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(kategori=table["kategori"].replace("Rendah", "Bagus"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (wrong_code, "not on the map"),
        (twice, "more than one row"),
        (two_keys, "one row a kabupaten/kota"),
        (leak, "hidden places"),
        (odd_category, "not in the map's key"),
    ],
)
def test_tables_that_do_not_fit_are_refused(change, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ParameterError, match=message):
        choropleth(load_boundaries(), change(ringkasan()))


def test_unknown_names_are_refused() -> None:
    shapes, table = load_boundaries(), ringkasan()
    with pytest.raises(ParameterError, match="needs a key"):
        choropleth(shapes, table, "indeks")
    with pytest.raises(ParameterError, match="no column"):
        choropleth(shapes, table, "nilai", key=step_key([0, 50, 100]))
    with pytest.raises(ParameterError, match="3599"):
        choropleth(shapes, table, sorot="3599")
    with pytest.raises(ParameterError, match="3599"):
        locator(shapes, table, "3599")
    with pytest.raises(ParameterError, match="3599"):
        tile_map(shapes, table, sorot="3599")
    with pytest.raises(ParameterError, match="unknown dimensions"):
        small_multiples(shapes, table, {"semangat": 10.0})
    with pytest.raises(ParameterError, match="language"):
        choropleth(shapes, table, bahasa="jv")


def test_a_hidden_number_is_nowhere_in_the_tiles() -> None:
    figure = tile_map(load_boundaries(), ringkasan())
    numbers = [word for word in words(figure) if re.fullmatch(r"\d+,\d", word)]
    assert len(numbers) == 36
    assert "*)" in words(figure)


def test_locator_says_how_many_share_the_category() -> None:
    table = ringkasan()
    category = table.loc["3510", "kategori"]
    others = int((table["kategori"] == category).sum()) - 1
    page = " ".join(words(locator(load_boundaries(), table, "3510")))
    assert f"Kab. Banyuwangi berkategori {category}, seperti {others} kabupaten/kota lain" in page
    hidden = locator(load_boundaries(), table, HIDDEN)
    assert "disembunyikan" in hidden.alt


def test_projection_keeps_areas() -> None:
    # official area of the province's polygons by another implementation: PROJ on the ellipsoid
    shapes = load_boundaries()
    truth = shapes.to_crs("+proj=laea +lat_0=-7.7 +lon_0=112.7 +datum=WGS84 +units=km").area
    import numpy as np
    import shapely

    ours = shapely.area(
        shapely.transform(
            shapes.geometry.to_numpy(), lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1]))
        )
    )
    assert ours == pytest.approx(truth.to_numpy(), rel=0.01)


def test_projection_of_a_known_distance() -> None:
    # one degree of a great circle is 6371.007 * pi / 180 km
    x, y = project([112.7, 112.7], [-7.7, -6.7])
    assert x == pytest.approx([0.0, 0.0], abs=1e-9)
    assert y[1] - y[0] == pytest.approx(math.radians(1) * 6371.007, rel=1e-4)


def test_far_islands_are_in_their_frames_and_nothing_else_is() -> None:
    shapes = drawing(load_boundaries(), 0.35)
    for inset, path in zip(INSETS, shapes.insets, strict=True):
        assert path is not None
        x, y = inset.corner
        w, h = inset.size
        box = path.get_extents()
        assert x <= box.x0 < box.x1 <= x + w
        assert y - h <= box.y0 < box.y1 <= y
        assert FRAME[0] <= x < x + w <= FRAME[1]
        assert y <= FRAME[3]
    land = [path.get_extents() for path in shapes.places]
    assert min(box.x0 for box in land) >= FRAME[0]
    assert max(box.x1 for box in land) <= FRAME[1]
    lowest_frame = min(inset.corner[1] - inset.size[1] for inset in INSETS)
    assert max(box.y1 for box in land) < lowest_frame + 2


def test_tiles_hold_each_place_once() -> None:
    assert set(TILES) == set(load_kabkota().index)
    assert len(set(TILES.values())) == 38
    assert set(TILE_NAMES) <= set(TILES)
    register = load_kabkota()
    for code, lines in TILE_NAMES.items():
        whole = "".join(line.removesuffix("-") for line in lines)
        assert whole == register.loc[code, "label"].removeprefix("Kab. ")


def test_tiles_keep_neighbours_together() -> None:
    # every place touches (side or corner) a true neighbour, and most pairs stay together
    pairs = load_neighbours()
    gaps = {
        (a, b): max(abs(TILES[a][0] - TILES[b][0]), abs(TILES[a][1] - TILES[b][1]))
        for a, b in zip(pairs["kode_a"], pairs["kode_b"], strict=True)
    }
    for code in TILES:
        assert min(gap for pair, gap in gaps.items() if code in pair) == 1, code
    assert sum(gap == 1 for gap in gaps.values()) >= 50
    # Kab. Malang has nine neighbours all round it: only its northern borders are torn apart
    assert all("3507" in pair for pair, gap in gaps.items() if gap > 2)


def test_tiles_run_west_to_east_and_north_to_south() -> None:
    shapes = load_boundaries()
    points = shapes.geometry.representative_point()
    place = pd.DataFrame(
        [(*TILES[code], points[code].x, points[code].y) for code in shapes.index],
        columns=["row", "column", "lon", "lat"],
    )
    assert place["column"].corr(place["lon"], method="spearman") > 0.9
    assert place["row"].corr(place["lat"], method="spearman") < -0.8


def test_the_key_is_a_value() -> None:
    assert percent_key(25.0) == percent_key(25.0)
    assert isinstance(percent_key(25.0), MapKey)
