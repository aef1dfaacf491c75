"""Maps of East Java's 38 kabupaten/kota: one column, one place, four dimensions, equal tiles.

Every map carries its key with empty classes kept and the number of places in each, the credit of
the boundaries, the source of the numbers and the mark for make-believe data. Colours mean the
same on every map, because classes are fixed before the data is seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.map_canvas import (
    draw_names,
    draw_outline,
    draw_shapes,
)
from ipasn_lib.figures.map_certainty import certainty_map, cluster_map
from ipasn_lib.figures.map_key_art import (
    draw_counts,
    draw_flow,
    draw_key,
    flow_height,
    key_rows,
)
from ipasn_lib.figures.map_keys import MapKey, kategori_key, percent_key
from ipasn_lib.figures.map_layout import FRAME, NAMES
from ipasn_lib.figures.map_paths import drawing
from ipasn_lib.figures.map_table import (
    CREDIT,
    MapTable,
    default_subtitle,
    default_title,
    key_for,
    keyed,
    map_table,
    marked,
    notes,
)
from ipasn_lib.figures.map_tiles import tile_map
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import (
    DIMENSION_COLOURS,
    MUTED,
    SIZE,
    Sheet,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD
from ipasn_lib.wording import count, number, text, translate

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

__all__ = [
    "certainty_map",
    "choropleth",
    "cluster_map",
    "locator",
    "small_multiples",
    "tile_map",
]

FINE, COARSE = 0.35, 1.2  # kilometres; about a fifth of a millimetre on the page each
MAIN_LAND = (-206.0, 216.0, -126.0, 107.0)  # without the room for the key and the insets


def choropleth(
    kabkota: gpd.GeoDataFrame,
    ringkasan: pd.DataFrame,
    kolom: str = "kategori",
    *,
    key: MapKey | None = None,
    judul: str | None = None,
    subjudul: str | None = None,
    sorot: str | None = None,
    catatan: Sequence[str] = (),
    kredit: str = CREDIT,
    sumber: str | None = None,
    sintetis: bool | None = None,
    bahasa: str = "id",
    nama: str = "peta",
) -> PublishedFigure:
    """Draw the province with each kabupaten/kota coloured by one column.

    Parameters
    ----------
    kabkota : geopandas.GeoDataFrame
        Boundaries from ``load_boundaries``: index ``kode_kabkota``, ``label``, ``geometry``.
    ringkasan : pandas.DataFrame
        One row a place, index ``kode_kabkota``; places that are not in it are drawn as without
        data, rows whose ``n_pegawai`` is NA as hidden.
    kolom : str, default "kategori"
        The column to map.
    key : MapKey, optional
        Meaning of the colours: `percent_key`, `step_key` or `group_key`. None: the five
        categories, for ``kolom="kategori"`` only.
    judul, subjudul : str, optional
        The finding; what is shown and in which unit. None: made from the counts.
    sorot : str, optional
        Code of a place to outline.
    catatan : sequence of str
        Notes above the source line.
    kredit : str
        Credit of the boundaries; change it only with a boundary file of your own.
    sumber, sintetis : optional
        As for :func:`ipasn_lib.figures.style.provenance`.
    bahasa : {"id", "en"}
        Language of the fixed words.
    nama : str
        Slug of the figure.

    Returns
    -------
    PublishedFigure
        7.2 inches wide. Equal-area projection: a place's ink is proportional to its land, not to
        its people or employees; `tile_map` gives each place the same room.

    Raises
    ------
    ParameterError
        If the table, the key and the map don't fit each other.
    """
    table = map_table(kabkota, ringkasan, kolom, key_for(key, kolom))
    asal = provenance(keyed(ringkasan), sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    title = judul or default_title(table, kolom, bahasa)
    page = sheet(
        _height(FRAME),
        judul=title,
        subjudul=default_subtitle(kolom, table.key, bahasa) if subjudul is None else subjudul,
        asal=asal,
        catatan=(
            *catatan,
            *notes(table, bahasa),
            text("peta_pulau_jauh", bahasa),
            translate(kredit, bahasa),
        ),
        bahasa=bahasa,
    )
    ax = _map_axes(page, FRAME)
    shapes = drawing(kabkota, FINE)
    fills = table.fills()
    draw_shapes(ax, shapes, fills, table.hidden, table.missing)
    if sorot is not None:
        draw_outline(ax, shapes, sorot)
    draw_names(ax, fills, table.hidden, bold=sorot)
    draw_key(_overlay(page), table, 0.0, 0.17, bahasa, beside=1.5)
    alt = text("peta_alt_peta", bahasa, judul=title, isi=table.in_words(bahasa))
    return PublishedFigure(page.figure, marked(alt, asal.sintetis, bahasa), nama)


def locator(
    kabkota: gpd.GeoDataFrame,
    ringkasan: pd.DataFrame,
    kode: str,
    *,
    judul: str | None = None,
    kredit: str = CREDIT,
    sumber: str | None = None,
    sintetis: bool | None = None,
    bahasa: str = "id",
    nama: str = "peta_letak",
) -> PublishedFigure:
    """Draw a small map that shows where one place lies, among all, coloured by kategori.

    Parameters
    ----------
    kabkota, ringkasan, kredit, sumber, sintetis, bahasa, nama
        As for :func:`choropleth`; ``ringkasan`` with ``kategori`` and, if at hand, ``indeks``.
    kode : str
        Code of the place.
    judul : str, optional
        The finding; None: its category and how many others share it.

    Raises
    ------
    ParameterError
        If ``kode`` is not on the map, or as for :func:`choropleth`.
    """
    if kode not in kabkota.index:
        raise ParameterError(f"the map has no kabupaten/kota '{kode}'")
    table = map_table(kabkota, ringkasan, "kategori", kategori_key())
    asal = provenance(keyed(ringkasan), sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    place = str(kabkota.loc[kode, "label"])
    wide = 5.15
    high = wide * (MAIN_LAND[3] - MAIN_LAND[2]) / (MAIN_LAND[1] - MAIN_LAND[0])
    page = sheet(
        high,
        judul=judul or _locator_title(table, kode, bahasa),
        subjudul=text("peta_subjudul_letak", bahasa),
        asal=asal,
        catatan=(
            *notes(table, bahasa),
            text("peta_pulau_tak_digambar", bahasa),
            translate(kredit, bahasa),
        ),
        bahasa=bahasa,
    )
    ax = page.axes(0.0, 0.0, wide, high, xlim=MAIN_LAND[:2], ylim=MAIN_LAND[2:])
    shapes = drawing(kabkota, COARSE)
    draw_shapes(ax, shapes, table.fills(), table.hidden, table.missing, lw=0.5, with_insets=False)
    draw_outline(ax, shapes, kode)
    if NAMES[kode].line is not None:  # a small kota is found by its leader line
        draw_names(ax, table.fills(), table.hidden, bold=kode, only=[kode])
    side = _overlay(page)
    words = _category_in_words(table, kode, bahasa)
    label(side, wide + 0.1, 0.22, place, size=SIZE["label"], weight=BOLD)
    y = 0.42
    for line in _facts(kabkota, ringkasan, kode, words, bahasa):
        label(side, wide + 0.1, y, line, size=SIZE["small"], colour=MUTED)
        y += 0.19
    draw_key(side, table, wide + 0.1, y + 0.15, bahasa)
    alt = text("peta_alt_daerah", bahasa, label=place, kategori=words)
    return PublishedFigure(page.figure, marked(alt, asal.sintetis, bahasa), nama)


def small_multiples(
    kabkota: gpd.GeoDataFrame,
    ringkasan: pd.DataFrame,
    maksimum: Mapping[str, float],
    *,
    judul: str | None = None,
    sorot: str | None = None,
    kredit: str = CREDIT,
    sumber: str | None = None,
    sintetis: bool | None = None,
    bahasa: str = "id",
    nama: str = "peta_dimensi",
) -> PublishedFigure:
    """Draw one small map a dimension, all with the same classes in per cent of the maximum.

    Parameters
    ----------
    kabkota, ringkasan, sorot, kredit, sumber, sintetis, bahasa, nama
        As for :func:`choropleth`; ``ringkasan`` with one column a dimension (mean points).
    maksimum : mapping of str to float
        Each dimension's most points, in the order to be drawn: ``instrument.bobot``.
    judul : str, optional
        The finding.

    Raises
    ------
    ParameterError
        If a dimension is unknown or has values above its maximum, or as for `choropleth`.
    """
    unknown = sorted(set(maksimum) - set(DIMENSION_COLOURS))
    if unknown or not maksimum:
        raise ParameterError(
            f"unknown dimensions {unknown}; expected some of {list(DIMENSION_COLOURS)}"
        )
    tables = {
        name: map_table(kabkota, ringkasan, name, percent_key(float(most), bahasa=bahasa))
        for name, most in maksimum.items()
    }
    first = next(iter(tables.values()))
    asal = provenance(keyed(ringkasan), sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    title = judul or text("peta_judul_dimensi", bahasa)
    wide = 3.42
    high = wide * (MAIN_LAND[3] - MAIN_LAND[2]) / (MAIN_LAND[1] - MAIN_LAND[0])
    rows = key_rows(first, bahasa, counts=False)
    rows_high = flow_height(rows, 7.04)
    panel, top = high + 0.56, rows_high + 0.12
    page = sheet(
        top + panel * ((len(tables) + 1) // 2),
        judul=title,
        subjudul=text("peta_subjudul_dimensi", bahasa),
        asal=asal,
        catatan=(
            *notes(first, bahasa),
            text("peta_pulau_tak_digambar", bahasa),
            translate(kredit, bahasa),
        ),
        bahasa=bahasa,
    )
    shapes = drawing(kabkota, COARSE)
    over = _overlay(page)
    draw_flow(over, rows, page.width)
    for k, (name, table) in enumerate(tables.items()):
        x, y = (k % 2) * (page.width - wide), top + (k // 2) * panel
        label(over, x, y + 0.16, text(name, bahasa), size=SIZE["label"], weight=BOLD)
        most = text("peta_dari_maksimum", bahasa, maksimum=number(maksimum[name], 0, bahasa))
        label(over, x + wide, y + 0.16, most, size=SIZE["small"], colour=MUTED, ha="right")
        ax = page.axes(x, y + 0.22, wide, high, xlim=MAIN_LAND[:2], ylim=MAIN_LAND[2:])
        draw_shapes(
            ax, shapes, table.fills(), table.hidden, table.missing, lw=0.4, with_insets=False
        )
        if sorot is not None:
            draw_outline(ax, shapes, sorot, lw=1.6)
        draw_counts(over, table, x, y + 0.22 + high + 0.16)
    listed = "; ".join(f"{text(n, bahasa)}: {t.in_words(bahasa)}" for n, t in tables.items())
    alt = text("peta_alt_dimensi", bahasa, isi=listed)
    return PublishedFigure(page.figure, marked(alt, asal.sintetis, bahasa), nama)


def _height(frame: tuple[float, float, float, float]) -> float:
    return 7.04 * (frame[3] - frame[2]) / (frame[1] - frame[0])


def _map_axes(page: Sheet, frame: tuple[float, float, float, float]) -> Axes:
    return page.axes(xlim=(frame[0], frame[1]), ylim=(frame[2], frame[3]))


def _overlay(page: Sheet) -> Axes:
    """Give axes in inches over the whole plot, for words beside or over the map."""
    return page.axes()


def _category_in_words(table: MapTable, kode: str, bahasa: str) -> str:
    if kode in table.hidden:
        return text("peta_disembunyikan", bahasa)
    return (
        text("peta_tanpa_data", bahasa)
        if kode in table.missing
        else translate(str(table.nilai[kode]), bahasa)
    )


def _facts(
    kabkota: gpd.GeoDataFrame, ringkasan: pd.DataFrame, kode: str, words: str, bahasa: str
) -> list[str]:
    """Give the few lines beside a locator: category, index, capital, people."""
    table = keyed(ringkasan).set_index("kode_kabkota")
    lines = [words]
    indeks = table["indeks"].get(kode) if "indeks" in table.columns else None
    if indeks is not None and pd.notna(indeks):
        lines[0] = f"{words} ({number(indeks, 2, bahasa)})"
    if "ibu_kota" in kabkota.columns and not str(kabkota.loc[kode, "label"]).startswith("Kota"):
        lines.append(f"{text('peta_ibu_kota', bahasa)} {kabkota.loc[kode, 'ibu_kota']}")
    if "penduduk" in kabkota.columns:
        lines.append(
            f"{text('peta_penduduk', bahasa)} {count(kabkota.loc[kode, 'penduduk'], bahasa)}"
        )
    return lines


def _locator_title(table: MapTable, kode: str, bahasa: str) -> str:
    place, kelas = table.labels[kode], table.kelas[kode]
    if kode in table.hidden | table.missing:
        return text("peta_judul_letak", bahasa, label=place)
    others = table.counts()[int(kelas)] - 1
    word = "peta_judul_letak_bersama" if others else "peta_judul_letak_sendiri"
    category = translate(table.key.names[int(kelas)], bahasa)
    return text(word, bahasa, label=place, kategori=category, lain=others)
