"""Two maps about certainty: how sure a category is, and clusters that could be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.map_canvas import COAST, draw_names, draw_outline, draw_shapes
from ipasn_lib.figures.map_key_art import BOX_HEIGHT, STEP, key_rows
from ipasn_lib.figures.map_keys import group_key, kategori_key
from ipasn_lib.figures.map_layout import FRAME, INSETS, NAMES
from ipasn_lib.figures.map_paths import Drawing, drawing
from ipasn_lib.figures.map_table import CREDIT, MapTable, keyed, map_table, marked, notes
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import (
    MUTED,
    SIZE,
    Provenance,
    Sheet,
    label,
    on_colour,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import MEDIUM, REGULAR
from ipasn_lib.wording import count, percent, text, translate

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

__all__ = ["OPACITY", "certainty_map", "cluster_map", "faded"]

FINE = 0.35  # kilometres, as the other maps
BESIDE = 1.56  # inches: the second column of a key
OPACITY = (1.0, 0.5, 0.15)
"""Of the three steps of certainty, firm first."""
RIM = 1.8  # points of full colour round a place that is not firm
KEY_HIGH, KEY_LEFT, KEY_COLUMN, KEY_BOX = 1.0, 1.5, 1.12, 0.96  # inches, of the cross table

CLUSTERS = MappingProxyType(
    {
        "tinggi-tinggi": "#15585e",
        "rendah-rendah": "#8c2d04",
        "tinggi-rendah": "#6fa8a1",
        "rendah-tinggi": "#d98b4a",
    }
)
CHANCE, ALONE = "#dfe4e8", "#f4ecd0"


def certainty_map(
    kabkota: gpd.GeoDataFrame,
    kepastian: pd.DataFrame,
    *,
    pasti: float = 0.95,
    condong: float = 0.75,
    sorot: str | None = None,
    judul: str | None = None,
    kredit: str = CREDIT,
    sumber: str | None = None,
    sintetis: bool | None = None,
    bahasa: str = "id",
    nama: str = "peta_kepastian",
) -> PublishedFigure:
    """Draw each place in its category's colour, the paler the less sure the category is.

    Value by alpha: the eye passes over what is pale and rests on what is firm. Paleness alone
    would turn one category into its neighbour, so a place that is not firm keeps a rim in its
    category's full colour, and its share stands beside its name, which also serves a small kota
    and grey print. The key is the cross table of both, with the number of places in each cell.

    Parameters
    ----------
    kabkota : geopandas.GeoDataFrame
        As for :func:`ipasn_lib.figures.maps.choropleth`.
    kepastian : pandas.DataFrame
        Index ``kode_kabkota``: ``kategori`` and ``peluang`` (share of the resamples that give it,
        0-1), from :func:`ipasn_lib.analysis.certainty.category_certainty`; with ``n_pegawai``
        (NA where hidden) and ``sumber_data``.
    pasti, condong : float
        Edges of the three steps of certainty, 0-1: from ``pasti`` on a category is firm and its
        colour full; below ``condong`` it is palest.
    sorot, judul, kredit, sumber, sintetis, bahasa, nama
        As for :func:`ipasn_lib.figures.maps.choropleth`.

    Raises
    ------
    ParameterError
        If the edges do not rise, a place with a category has no share, or as for `choropleth`.

    References
    ----------
    Roth, Woodruff and Johnson 2010, Value-by-alpha maps: an alternative technique to the
        cartogram, The Cartographic Journal 47(2), doi:10.1179/000870409X12488753453372.
    """
    table = map_table(kabkota, kepastian, "kategori", kategori_key())
    asal = provenance(keyed(kepastian), sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    shares = keyed(kepastian).set_index("kode_kabkota")["peluang"]
    steps = _steps(table, shares, pasti, condong)
    unsure = {code: step for code, step in steps.items() if step}
    finding = judul or text(
        "judul_goyah" if unsure else "judul_tidak_goyah",
        bahasa,
        jumlah=count(len(unsure), bahasa),
        semua=count(len(steps), bahasa),
    )
    subtitle = text("subjudul_peta_pasti", bahasa)
    page = _page(table, finding, subtitle, asal, kredit, bahasa, above=KEY_HIGH)
    ax, over = _map_axes(page, top=KEY_HIGH), page.axes()
    shapes = drawing(kabkota, FINE)
    full = table.fills()
    fills = {code: faded(full[code], OPACITY[steps.get(code, 0)]) for code in full}
    draw_shapes(ax, shapes, fills, table.hidden, table.missing)
    for code in unsure:
        _rim(ax, shapes, code, full[code])
    shown = {code: percent(shares[code], 0, bahasa) for code in unsure}
    _finish(ax, shapes, fills, table, sorot, shown)
    _cross_key(over, table, steps, [percent(edge, 0, bahasa) for edge in (pasti, condong)], bahasa)
    for k, row in enumerate(key_rows(table, bahasa)[len(table.key.names) :]):
        row.draw(over, 0.0, KEY_HIGH + 0.17 + STEP * k)
    alt = text("peta_alt_peta", bahasa, judul=finding, isi=table.in_words(bahasa))
    return PublishedFigure(page.figure, marked(alt, asal.sintetis, bahasa), nama)


def cluster_map(
    kabkota: gpd.GeoDataFrame,
    lokal: pd.DataFrame,
    *,
    sorot: str | None = None,
    judul: str | None = None,
    kredit: str = CREDIT,
    sumber: str | None = None,
    sintetis: bool | None = None,
    bahasa: str = "id",
    nama: str = "peta_lisa",
) -> PublishedFigure:
    """Draw where high or low values lie together beyond chance, and where nobody can tell.

    Parameters
    ----------
    kabkota : geopandas.GeoDataFrame
        As for :func:`ipasn_lib.figures.maps.choropleth`.
    lokal : pandas.DataFrame
        Index ``kode_kabkota``: ``kuadran``, ``nyata`` (boolean), ``jumlah_tetangga``, from
        :func:`ipasn_lib.analysis.spatial.local_moran`; with ``n_pegawai`` (NA where hidden) and
        ``sumber_data``. A place with one neighbour or none can't come out as significant by
        itself, so it has a class of its own unless it does.
    sorot, judul, kredit, sumber, sintetis, bahasa, nama
        As for :func:`ipasn_lib.figures.maps.choropleth`.
    """
    words = {k: text(f"lisa_{k.replace('-', '_')}", bahasa) for k in CLUSTERS}
    chance, alone = text("tidak_nyata", bahasa), text("satu_tetangga", bahasa)
    key = group_key(
        {**{words[k]: colour for k, colour in CLUSTERS.items()}, chance: CHANCE, alone: ALONE}
    )
    named = lokal["kuadran"].astype("object").map(words)
    real = lokal["nyata"].fillna(False).astype(bool)
    few = lokal["jumlah_tetangga"].fillna(2).astype(int) < 2
    doubt = pd.Series(np.where(few, alone, chance), index=lokal.index, dtype="object")
    kelas = named.where(real, doubt)
    gone = lokal["jumlah_tetangga"].isna()
    drawn = lokal.assign(kelompok=kelas.where(~gone, other=pd.NA))
    table = map_table(kabkota, drawn, "kelompok", key)
    asal = provenance(keyed(lokal), sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    found = int((real & ~gone).sum())
    finding = judul or text(
        "judul_lisa" if found else "judul_lisa_nol", bahasa, jumlah=count(found, bahasa)
    )
    page = _page(table, finding, text("subjudul_lisa", bahasa), asal, kredit, bahasa)
    ax, over = _map_axes(page), page.axes()
    shapes = drawing(kabkota, FINE)
    draw_shapes(ax, shapes, table.fills(), table.hidden, table.missing)
    _finish(ax, shapes, table.fills(), table, sorot)
    rows = key_rows(table, bahasa)
    for k, row in enumerate(rows):
        beside = k >= len(CLUSTERS)
        row.draw(over, BESIDE if beside else 0.0, 0.17 + STEP * (k - len(CLUSTERS) * beside))
    alt = text("peta_alt_peta", bahasa, judul=finding, isi=table.in_words(bahasa))
    return PublishedFigure(page.figure, marked(alt, asal.sintetis, bahasa), nama)


def faded(colour: str, opacity: float) -> str:
    """Give a colour ("#rrggbb") as it looks on white paper at an opacity of 0 to 1."""
    channels = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (value - 255) * opacity):02x}" for value in channels)


def _steps(table: MapTable, shares: pd.Series, pasti: float, condong: float) -> dict[str, int]:
    """Give each place with a category its step of certainty: 0 firm, 1, 2 least sure."""
    if not 0.0 <= condong < pasti <= 1.0:
        raise ParameterError(f"edges of certainty must rise in 0-1; got {condong}, {pasti}")
    shown = [str(code) for code in table.kelas.index[table.kelas.notna()]]
    values = shares.reindex(shown)
    if values.isna().any():
        raise ParameterError(f"{int(values.isna().sum())} places have a category and no peluang")
    return {code: int(values[code] < pasti) + int(values[code] < condong) for code in shown}


def _page(
    table: MapTable,
    judul: str,
    subjudul: str,
    asal: Provenance,
    kredit: str,
    bahasa: str,
    *,
    above: float = 0.0,
) -> Sheet:
    """Make the sheet of a map, with ``above`` inches of room over it."""
    return sheet(
        above + 7.04 * (FRAME[3] - FRAME[2]) / (FRAME[1] - FRAME[0]),
        judul=judul,
        subjudul=subjudul,
        asal=asal,
        catatan=(*notes(table, bahasa), text("peta_pulau_jauh", bahasa), translate(kredit, bahasa)),
        bahasa=bahasa,
    )


def _map_axes(page: Sheet, top: float = 0.0) -> Axes:
    return page.axes(0.0, top, xlim=(FRAME[0], FRAME[1]), ylim=(FRAME[2], FRAME[3]))


def _finish(
    ax: Axes,
    shapes: Drawing,
    fills: Mapping[str, str],
    table: MapTable,
    sorot: str | None,
    beside: Mapping[str, str] | None = None,
) -> None:
    """Draw the outline and the names over the shapes."""
    if sorot is not None:
        draw_outline(ax, shapes, sorot)
    draw_names(ax, fills, table.hidden, bold=sorot, beside=beside)


def _rim(ax: Axes, shapes: Drawing, code: str, colour: str) -> None:
    """Draw a rim inside the border of a place and of its far islands."""
    from matplotlib.patches import PathPatch

    islands = zip(INSETS, shapes.insets, strict=True)
    paths = [shapes.places[shapes.codes.index(code)]]
    paths += [path for inset, path in islands if path is not None and inset.code == code]
    wide = RIM * (0.5 if NAMES[code].line is not None else 1.0)
    for path in paths:
        # The half of the line that lies outside the place is cut off.
        patch = PathPatch(path, fc="none", ec=colour, lw=2 * wide, joinstyle="round", zorder=2.5)
        ax.add_patch(patch)
        patch.set_clip_path(path, ax.transData)


def _cross_key(
    ax: Axes, table: MapTable, steps: Mapping[str, int], edges: Sequence[str], bahasa: str
) -> None:
    """Draw the key: a column a category, a row a step of certainty, in each cell its places."""
    from matplotlib.patches import Rectangle

    firm, leaning = edges
    heads = (
        text("pasti_dari", bahasa, batas=firm),
        text("pasti_antara", bahasa, bawah=leaning, atas=firm),
        text("pasti_di_bawah", bahasa, batas=leaning),
    )
    small = SIZE["small"]
    label(ax, 0.0, 0.14, text("pasti_kepala", bahasa), colour=MUTED, size=small)
    for step, head in enumerate(heads):
        label(ax, 0.0, 0.14 + STEP * (step + 1), head, size=small)
    for k, (name, colour) in enumerate(zip(table.key.names, table.key.colours, strict=True)):
        x = KEY_LEFT + k * KEY_COLUMN
        label(ax, x, 0.14, translate(name, bahasa), colour=MUTED, size=small)
        for step, opacity in enumerate(OPACITY):
            y, fill = 0.14 + STEP * (step + 1), faded(colour, opacity)
            number = sum(steps[str(c)] == step for c in table.kelas.index[table.kelas == k])
            corner = (x, y - BOX_HEIGHT + 0.035)
            box = Rectangle(corner, KEY_BOX, BOX_HEIGHT, fc=fill, ec=COAST, lw=0.4, zorder=1)
            ax.add_patch(box)
            if step:
                # RIM points inside the box, as round a place
                inset = RIM / 144.0
                inner = (corner[0] + inset, corner[1] + inset)
                size = (KEY_BOX - 2 * inset, BOX_HEIGHT - 2 * inset)
                ax.add_patch(Rectangle(inner, *size, fc="none", ec=colour, lw=RIM, zorder=2))
            label(
                ax, x + KEY_BOX / 2, y, number, weight=MEDIUM if number else REGULAR,
                colour=on_colour(fill), ha="center", zorder=4, size=small,
            )  # fmt: skip
