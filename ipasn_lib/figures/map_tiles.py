"""The tile map: each kabupaten/kota a tile of the same size, arranged much as they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.map_canvas import COAST, hatched, ruled
from ipasn_lib.figures.map_key_art import draw_key
from ipasn_lib.figures.map_keys import MapKey
from ipasn_lib.figures.map_layout import TILE_NAMES, TILES
from ipasn_lib.figures.map_table import (
    MapTable,
    column_name,
    default_title,
    key_for,
    keyed,
    map_table,
    marked,
    notes,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import GRID, INK, SIZE, label, on_colour, provenance, sheet
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR
from ipasn_lib.wording import HIDDEN, number, text

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.path import Path

__all__ = ["tile_map"]

TILE_HEIGHT, TILE_GAP, COLUMNS, ROWS = 0.74, 0.045, 9, 6  # inches, and the grid


def tile_map(
    kabkota: gpd.GeoDataFrame,
    ringkasan: pd.DataFrame,
    kolom: str = "kategori",
    *,
    angka: str | None = "indeks",
    desimal: int = 1,
    key: MapKey | None = None,
    judul: str | None = None,
    subjudul: str | None = None,
    sorot: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    bahasa: str = "id",
    nama: str = "peta_petak",
) -> PublishedFigure:
    """Draw each kabupaten/kota as a tile of the same size, arranged much as they lie.

    On a land map a small kota with many employees is a speck; here it weighs as much as any.

    Parameters
    ----------
    kabkota, ringkasan, kolom, key, judul, subjudul, sorot, sumber, sintetis, bahasa, nama
        As for :func:`choropleth`; ``kabkota`` may lack a geometry.
    angka : str or None, default "indeks"
        Column printed in the tile; None prints none.
    desimal : int
        Its decimals.

    Raises
    ------
    ParameterError
        As for :func:`choropleth`.
    """
    table = map_table(kabkota, ringkasan, kolom, key_for(key, kolom))
    figures = None if angka is None else _printed(kabkota, ringkasan, angka)
    asal = provenance(keyed(ringkasan), sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    title = judul or default_title(table, kolom, bahasa)
    said = "" if angka is None else column_name(angka, bahasa)
    page = sheet(
        ROWS * TILE_HEIGHT,
        judul=title,
        subjudul=subjudul
        if subjudul is not None
        else text("peta_subjudul_petak", bahasa, kolom=said or column_name(kolom, bahasa)),
        asal=asal,
        catatan=notes(table, bahasa),
        bahasa=bahasa,
    )
    ax = page.axes()
    _draw_tiles(ax, table, figures, page.width, desimal, sorot, bahasa)
    draw_key(ax, table, 7 * page.width / COLUMNS, 0.92, bahasa)
    alt = text("peta_alt_petak", bahasa, judul=title, isi=table.in_words(bahasa))
    return PublishedFigure(page.figure, marked(alt, asal.sintetis, bahasa), nama)


def _printed(kabkota: gpd.GeoDataFrame, ringkasan: pd.DataFrame, angka: str) -> pd.Series:
    """Give the numbers to print in the tiles, by the same checks as the colours."""
    any_number = MapKey(("",), ("#ffffff",), (float("-inf"), float("inf")))
    return map_table(kabkota, ringkasan, angka, any_number).nilai


def _draw_tiles(
    ax: Axes,
    table: MapTable,
    figures: pd.Series | None,
    room: float,
    desimal: int,
    sorot: str | None,
    bahasa: str,
) -> None:
    from matplotlib.collections import PathCollection

    if sorot is not None and sorot not in table.labels.index:
        raise ParameterError(f"the map has no kabupaten/kota '{sorot}'")
    fills = table.fills()
    wide = room / COLUMNS
    paths = {str(code): _tile(*TILES[str(code)], wide) for code in table.labels.index}
    shown = [code for code in paths if code not in table.hidden | table.missing]
    missing = [code for code in paths if code in table.missing]
    hidden = [code for code in paths if code in table.hidden]
    outlined = [] if sorot is None else [sorot]
    for collection in (
        PathCollection([paths[c] for c in shown], facecolors=[fills[c] for c in shown], lw=0),
        ruled([paths[c] for c in missing]),
        hatched([paths[c] for c in hidden], colour=GRID),
        PathCollection([paths[c] for c in hidden], facecolors="none", edgecolors=COAST, lw=0.5),
        PathCollection([paths[c] for c in outlined], facecolors="none", edgecolors=INK, lw=2.4),
    ):
        ax.add_collection(collection, autolim=False)
    for code, path in paths.items():
        corners = np.asarray(path.vertices, dtype=float)
        left, top, right, bottom = (float(v) for v in (*corners[0], *corners[2]))
        colour = on_colour(fills[code])
        weight = MEDIUM if code == sorot else REGULAR
        for k, line in enumerate(_tile_name(code, str(table.labels[code]))):
            y = top + 0.16 + 0.155 * k
            label(ax, left + 0.045, y, line, size=SIZE["small"], weight=weight, colour=colour)
        if figures is not None:
            value = HIDDEN if code in table.hidden else number(figures[code], desimal, bahasa)
            x, y = right - 0.05, bottom - 0.08
            label(ax, x, y, value, size=SIZE["label"], weight=BOLD, colour=colour, ha="right")


def _tile(row: int, column: int, wide: float) -> Path:
    from matplotlib.path import Path

    left, top = column * wide, row * TILE_HEIGHT
    right, bottom = left + wide - TILE_GAP, top + TILE_HEIGHT - TILE_GAP
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return Path(corners, closed=True)


def _tile_name(code: str, full: str) -> tuple[str, ...]:
    """Give the lines of a tile's name; a bare name is a kabupaten."""
    if code in TILE_NAMES:
        return TILE_NAMES[code]
    return (
        ("Kota", full.removeprefix("Kota "))
        if full.startswith("Kota ")
        else (full.removeprefix("Kab. "),)
    )
