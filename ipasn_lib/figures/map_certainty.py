"""Two maps about certainty: categories that could be others, and clusters that could be chance."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.figures.map_canvas import COAST, draw_names, draw_outline, draw_shapes
from ipasn_lib.figures.map_key_art import BOX_HEIGHT, BOX_WIDTH, GAP, STEP, draw_key, key_rows
from ipasn_lib.figures.map_keys import group_key, kategori_key
from ipasn_lib.figures.map_layout import FRAME, INSETS
from ipasn_lib.figures.map_paths import Drawing, drawing
from ipasn_lib.figures.map_table import CREDIT, MapTable, keyed, map_table, marked, notes
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import KATEGORI_COLOURS, SIZE, Provenance, label, provenance, sheet
from ipasn_lib.figures.typeface import MEDIUM
from ipasn_lib.wording import count, text, translate

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.path import Path

__all__ = ["certainty_map", "cluster_map"]

FINE = 0.35  # kilometres, as the other maps
BESIDE = 1.56  # inches: the second column of a key

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
    sorot: str | None = None,
    judul: str | None = None,
    kredit: str = CREDIT,
    sumber: str | None = None,
    sintetis: bool | None = None,
    bahasa: str = "id",
    nama: str = "peta_kepastian",
) -> PublishedFigure:
    """Draw each place in its category's colour, striped with the one it could have had instead.

    A pale colour says only "unsure"; stripes say between which two categories, and stay apart
    from the pale middle category, from hidden places and from those without data.

    Parameters
    ----------
    kabkota : geopandas.GeoDataFrame
        As for :func:`ipasn_lib.figures.maps.choropleth`.
    kepastian : pandas.DataFrame
        Index ``kode_kabkota``: ``kategori``, ``peluang`` (share of its own category, 0-1),
        ``kategori_lain``, from :func:`ipasn_lib.analysis.certainty.category_certainty`; with
        ``n_pegawai`` (NA where hidden) and ``sumber_data``.
    pasti : float
        Under this share a place is striped.
    sorot, judul, kredit, sumber, sintetis, bahasa, nama
        As for :func:`ipasn_lib.figures.maps.choropleth`.
    """
    table = map_table(kabkota, kepastian, "kategori", kategori_key())
    asal = provenance(keyed(kepastian), sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    rows = keyed(kepastian).set_index("kode_kabkota")
    unsure = rows.loc[(rows["peluang"].fillna(1.0) < pasti) & rows["kategori_lain"].notna()]
    other = {str(k): str(v) for k, v in unsure["kategori_lain"].items()}
    shown = int(table.kelas.notna().sum())
    finding = judul or text(
        "judul_goyah" if other else "judul_tidak_goyah",
        bahasa,
        jumlah=count(len(other), bahasa),
        semua=count(shown, bahasa),
    )
    ax, over, figure, shapes = _base(
        kabkota, table, finding, text("subjudul_peta_pasti", bahasa), asal, kredit, bahasa
    )
    fills = table.fills()
    _stripe(ax, shapes, other)
    _finish(ax, shapes, fills, table, sorot)
    draw_key(over, table, 0.0, 0.17, bahasa, beside=BESIDE)
    below = 0.17 + STEP * (bool(table.hidden) + bool(table.missing))
    _striped_box(over, BESIDE, below, len(other))
    words = text("belum_pasti", bahasa)
    label(over, BESIDE + BOX_WIDTH + GAP, below, words, size=SIZE["small"])
    alt = text("peta_alt_peta", bahasa, judul=finding, isi=table.in_words(bahasa))
    return PublishedFigure(figure, marked(alt, asal.sintetis, bahasa), nama)


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
    ax, over, figure, shapes = _base(
        kabkota, table, finding, text("subjudul_lisa", bahasa), asal, kredit, bahasa
    )
    _finish(ax, shapes, table.fills(), table, sorot)
    rows = key_rows(table, bahasa)
    for k, row in enumerate(rows):
        beside = k >= len(CLUSTERS)
        row.draw(over, BESIDE if beside else 0.0, 0.17 + STEP * (k - len(CLUSTERS) * beside))
    alt = text("peta_alt_peta", bahasa, judul=finding, isi=table.in_words(bahasa))
    return PublishedFigure(figure, marked(alt, asal.sintetis, bahasa), nama)


def _base(
    kabkota: gpd.GeoDataFrame,
    table: MapTable,
    judul: str,
    subjudul: str,
    asal: Provenance,
    kredit: str,
    bahasa: str,
) -> tuple[Axes, Axes, Figure, Drawing]:
    """Make the sheet and draw the coloured shapes."""
    page = sheet(
        7.04 * (FRAME[3] - FRAME[2]) / (FRAME[1] - FRAME[0]),
        judul=judul,
        subjudul=subjudul,
        asal=asal,
        catatan=(*notes(table, bahasa), text("peta_pulau_jauh", bahasa), translate(kredit, bahasa)),
        bahasa=bahasa,
    )
    ax = page.axes(xlim=(FRAME[0], FRAME[1]), ylim=(FRAME[2], FRAME[3]))
    shapes = drawing(kabkota, FINE)
    draw_shapes(ax, shapes, table.fills(), table.hidden, table.missing)
    return ax, page.axes(), page.figure, shapes


def _finish(
    ax: Axes, shapes: Drawing, fills: dict[str, str], table: MapTable, sorot: str | None
) -> None:
    """Draw the outline and the names over the shapes."""
    if sorot is not None:
        draw_outline(ax, shapes, sorot)
    draw_names(ax, fills, table.hidden, bold=sorot)


def _stripe(ax: Axes, shapes: Drawing, other: dict[str, str]) -> None:
    """Draw broad stripes in the other category's colour over the unsure places."""
    items = list(zip(shapes.codes, shapes.places, strict=True))
    items += [
        (inset.code, path)
        for inset, path in zip(INSETS, shapes.insets, strict=True)
        if path is not None
    ]
    for category, colour in KATEGORI_COLOURS.items():
        paths = [path for code, path in items if other.get(code) == category]
        if paths:
            _stripes(ax, paths, colour, lw=0.7, zorder=2.5)


def _stripes(ax: Axes, paths: list[Path], colour: str, *, lw: float, zorder: float) -> None:
    from matplotlib.collections import PathCollection

    stripes = PathCollection(
        paths, facecolors="none", edgecolors="#ffffff", linewidths=lw, hatch="//", zorder=zorder
    )
    stripes.set_hatchcolor(colour)
    stripes.set_hatch_linewidth(4.0)
    ax.add_collection(stripes, autolim=False)


def _striped_box(ax: Axes, x: float, y: float, number: int) -> None:
    """Draw the key's box of unsure places, with their number."""
    from matplotlib.patches import Rectangle
    from matplotlib.path import Path

    top, bottom, right = y - BOX_HEIGHT + 0.035, y + 0.035, x + BOX_WIDTH
    corners = [(x, top), (right, top), (right, bottom), (x, bottom), (x, top)]
    box = Rectangle((x, top), BOX_WIDTH, BOX_HEIGHT, fc="#e9dcb5", ec=COAST, lw=0.4, zorder=1)
    ax.add_patch(box)
    _stripes(ax, [Path(corners, closed=True)], KATEGORI_COLOURS["Tinggi"], lw=0.4, zorder=2)
    label(
        ax, x + BOX_WIDTH / 2, y, number, size=SIZE["small"], weight=MEDIUM, ha="center", zorder=4
    )
