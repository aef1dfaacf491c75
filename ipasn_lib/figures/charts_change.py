"""Charts of change: who moves between categories, which parts make up a difference.

All take computed tables; a missing or hidden number is not drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    Scale,
    boxes,
    category_colours,
    nothing_shown,
    rules,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    numeric,
    words,
)
from ipasn_lib.figures.style import (
    ACCENT,
    INK,
    KATEGORI,
    MUTED,
    PALE,
    PLACE,
    SIZE,
    label,
    on_colour,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, shorten
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import count, difference, points, text, translate

if TYPE_CHECKING:
    pass

__all__ = ["transition_flows", "waterfall"]


def transition_flows(
    table: pd.DataFrame,
    *,
    nama_awal: str,
    nama_akhir: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "perpindahan",
) -> PublishedFigure:
    """Draw how many people of each category are in which category later, as a matrix.

    Parameters
    ----------
    table : pandas.DataFrame
        Index the five categories at first, columns the five categories later; people, NA where
        hidden.
    nama_awal, nama_akhir : str
        The two times as printed.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_index.distribution`.
    """
    if list(map(str, table.index)) != list(KATEGORI) or not set(KATEGORI) <= set(table.columns):
        raise ParameterError(f"index and columns must be the categories {list(KATEGORI)}")
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    people = np.column_stack([numeric(table, k) for k in KATEGORI])
    subjudul = text("subjudul_perpindahan", bahasa, awal=nama_awal, akhir=nama_akhir)
    if not np.isfinite(people).any():
        return nothing_shown(
            text("kategori", bahasa),
            subjudul,
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    up, down = float(np.nansum(np.triu(people, 1))), float(np.nansum(np.tril(people, -1)))
    hidden = ~np.isfinite(people)
    # A sum of the shown cells is no total where cells are hidden, so no finding is made of it.
    finding = (
        text("judul_matriks", bahasa, awal=nama_awal, akhir=nama_akhir)
        if hidden.any()
        else text("judul_perpindahan", bahasa, naik=count(up, bahasa), turun=count(down, bahasa))
    )
    page = sheet(
        3.1,
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=[text("tersembunyi", bahasa, minimum=minimum)] if hidden.any() else (),
        bahasa=bahasa,
    )
    ax = page.axes()
    left, top, wide, tall = 1.5, 0.55, (page.width - 1.5) / 5, 0.5
    key = category_colours(KATEGORI)
    label(ax, left, 0.13, f"{nama_akhir} →", weight=BOLD, size=SIZE["small"])
    label(ax, 0.0, 0.43, f"{nama_awal} ↓", weight=BOLD, size=SIZE["small"])
    peak = float(np.nanmax(people)) or 1.0
    for j, kategori in enumerate(KATEGORI):
        name = translate(kategori, bahasa)
        label(ax, left + wide * (j + 0.5), 0.38, name, size=SIZE["small"], ha="center")
        label(ax, 0.16, top + tall * (j + 0.5) + 0.05, name, size=SIZE["small"])
    boxes(ax, left + wide * np.arange(5), 0.46, wide - 0.03, 0.07, key)
    boxes(ax, 0.0, top + tall * np.arange(5) + 0.03, 0.09, tall - 0.06, key)
    base = np.array([0.082, 0.345, 0.369])  # PLACE
    for i in range(5):
        for j in range(5):
            depth = 0.0 if hidden[i, j] else np.sqrt(people[i, j] / peak)
            rgb = 1 - (1 - base) * (0.06 + 0.94 * depth)
            colour = "#" + "".join(f"{round(255 * c):02x}" for c in rgb)
            x, y = left + wide * j, top + tall * i
            boxes(ax, x, y + 0.02, wide - 0.03, tall - 0.04, [PALE if hidden[i, j] else colour])
            label(
                ax,
                x + wide / 2,
                y + tall / 2 + 0.055,
                "*)" if hidden[i, j] else count(people[i, j], bahasa),
                weight=BOLD if i == j else MEDIUM,
                colour=MUTED if hidden[i, j] else on_colour(colour),
                ha="center",
            )
    return PublishedFigure(
        page.figure, text("alt_umum", bahasa, temuan=finding, isi=subjudul), nama
    )


def waterfall(
    table: pd.DataFrame,
    *,
    awal: float,
    akhir: float,
    nama_awal: str,
    nama_akhir: str,
    kolom_label: str = "komponen",
    nilai: str = "nilai",
    subjudul: str = "",
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "uraian_perubahan",
) -> PublishedFigure:
    """Draw how parts make up a difference: from one value step by step to the other.

    Parameters
    ----------
    table : pandas.DataFrame
        ``kolom_label`` (part as printed) and ``nilai`` (points it adds), in order.
    awal, akhir : float
        The two values; ``awal`` plus all parts must give ``akhir`` (to 0.005).
    nama_awal, nama_akhir : str
        The two values as printed ("2023", "Kab. Banyuwangi").
    subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_compare.dumbbell`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    part, name = numeric(table, nilai), words(table, kolom_label)
    if not np.isfinite(part).all() or abs(awal + part.sum() - akhir) > 0.005:
        raise ParameterError("the parts must all be there and add up to akhir - awal")
    largest = int(np.argmax(np.abs(part)))
    finding = text(
        "judul_uraian",
        bahasa,
        komponen=shorten(name[largest], 3.0, SIZE["title"], BOLD),
        poin=difference(part[largest], 2, bahasa),
        selisih=difference(akhir - awal, 2, bahasa),
    )
    pitch = 0.34
    page = sheet(
        pitch * (len(part) + 2), judul=judul or finding, subjudul=subjudul, asal=asal, bahasa=bahasa
    )
    ax = page.axes()
    ends = awal + np.concatenate([[0.0], np.cumsum(part)])
    low, high = float(ends.min()), float(ends.max())
    room = max(high - low, 0.5)
    x = Scale(low - 0.35 * room, high + 0.15 * room, 2.3, page.width - 0.7)
    tall = pitch - 0.12
    y = pitch * np.arange(len(part) + 2) + 0.05
    for row, (tag, value) in ((0, (nama_awal, awal)), (len(part) + 1, (nama_akhir, akhir))):
        # A mark, not a bar: the axis does not begin at zero.
        boxes(ax, float(x(value)) - 0.035, y[row], 0.07, tall, [INK])
        label(ax, 0.0, y[row] + 0.165, shorten(tag, 2.2, SIZE["label"], BOLD), weight=BOLD)
        label(ax, float(x(value)) + 0.12, y[row] + 0.165, points(value, bahasa), weight=BOLD)
    left = np.minimum(ends[:-1], ends[1:])
    colours = [PLACE if p >= 0 else ACCENT for p in part]
    boxes(ax, x(left), y[1:-1], np.maximum(np.abs(np.diff(x(ends))), 0.012), tall, colours)
    rules(ax, x(ends), y[:-1] + tall, x(ends), y[1:], MUTED, 0.9, zorder=0)
    for k, value in enumerate(part):
        label(ax, 0.0, y[k + 1] + 0.165, shorten(name[k], 2.2, SIZE["label"]))
        right = float(x(max(ends[k], ends[k + 1]))) + 0.07
        label(
            ax,
            right,
            y[k + 1] + 0.165,
            difference(value, 2, bahasa),
            weight=MEDIUM,
            colour=colours[k],
        )
    alt = text("alt_umum", bahasa, temuan=finding, isi=f"{nama_awal}, {nama_akhir}")
    return PublishedFigure(page.figure, alt, nama)
