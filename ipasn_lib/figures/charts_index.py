"""Charts of the index itself on the scale of its categories: how people lie, how far the target.

The five categories are a strip along the axis, so that no key is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    Scale,
    boxes,
    category_strip,
    dots,
    edges_of_categories,
    nothing_shown,
    rules,
    spread,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    numeric,
    one_row,
)
from ipasn_lib.figures.style import (
    ACCENT,
    INK,
    KATEGORI,
    KATEGORI_COLOURS,
    MUTED,
    NO_DATA,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import difference, number, percent, points, text

__all__ = ["distribution", "target_line"]

STRIP = 0.36
"""Inches of a strip of categories in which a name of two words has room on two lines."""


def distribution(
    table: pd.DataFrame,
    *,
    batas: Sequence[float],
    wilayah: str,
    indeks: float | None = None,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "sebaran",
) -> PublishedFigure:
    """Draw how the index is spread over the people measured, above the five category bands.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a class of the index, ascending: ``bawah``, ``atas`` (edges, points), ``bagian``
        (share of the measured people, 0-1; NA where hidden) and, where classes differ in width,
        ``bagian_per_lebar`` (the height of the bar, so that areas are shares). One row of NA:
        everything is hidden. As :func:`ipasn_lib.analysis.distribution.score_distribution` makes
        it.
    batas : sequence of four float
        Where a category ends and the next begins on the axis (``[61, 71, 81, 91]``).
    wilayah : str
        Name of the place as printed.
    indeks : float, optional
        Mean of the people, drawn as a line.
    minimum : int
        Smallest group shown, for the note on hidden classes.
    bahasa, judul, sumber, sintetis, nama
        As in :func:`dimension_bullets`.

    Notes
    -----
    The lowest class is often very wide, since few people are there; the axis is then cut at the
    left, and a note says where the class begins.
    """
    edges_of_categories(batas)
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    low, high, share = (numeric(table, c) for c in ("bawah", "atas", "bagian"))
    tall = numeric(table, "bagian_per_lebar") if "bagian_per_lebar" in table else share
    hidden = ~np.isfinite(share)
    people = ~hidden & (share > 0)
    if not people.any():
        return nothing_shown(
            wilayah,
            text("subjudul_sebaran", bahasa, wilayah=wilayah),
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    peak = int(np.nanargmax(tall))
    finding = text(
        "judul_sebaran",
        bahasa,
        porsi=percent(share[peak], 0, bahasa),
        bawah=number(low[peak], 0, bahasa),
        atas=number(high[peak], 0, bahasa),
    )
    first = int(np.flatnonzero(people | hidden)[0])
    start = max(min(float(low[first]), batas[0] - 10.0), min(float(high[first]), batas[0]) - 10.0)
    notes = [text("tersembunyi", bahasa, minimum=minimum)] if hidden.any() else []
    if low[first] < start:
        wide = f"{number(low[first], 0, bahasa)}–{number(high[first], 0, bahasa)}"
        notes.insert(0, text("sumbu_dipotong", bahasa, kelas=wide))
    page = sheet(
        2.35 + STRIP - 0.24,
        judul=judul or finding,
        subjudul=text("subjudul_sebaran", bahasa, wilayah=wilayah),
        asal=asal,
        catatan=notes,
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(start, float(high.max()), 0.0, page.width)
    base = 1.78
    left = np.maximum(low, start)
    height = np.where(people, tall, 0.0) / float(np.nanmax(tall)) * 1.3
    boxes(
        ax,
        x(left[people]) + 0.015,
        base - height[people],
        (x(high) - x(left))[people] - 0.03,
        height[people],
        [_class_colour(low[k], high[k], batas) for k in np.flatnonzero(people)],
        edgecolors=MUTED,
        linewidths=0.4,
    )
    for k in np.flatnonzero((people & (share >= 0.005)) | (hidden & (high > start))):
        label(
            ax,
            x((left[k] + high[k]) / 2),
            base - height[k] - 0.05,
            "*)" if hidden[k] else percent(share[k], 0, bahasa),
            size=SIZE["small"],
            ha="center",
            weight=MEDIUM,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            zorder=5,
        )
    category_strip(ax, x, batas, base + 0.03, STRIP, bahasa, named=True)
    if indeks is not None and np.isfinite(indeks):
        place = float(x(indeks))
        rules(ax, place, 0.02, place, base, INK, 1.6, zorder=4)
        right = place < page.width * 0.72
        label(
            ax,
            place + (0.07 if right else -0.07),
            0.13,
            f"{text('rerata', bahasa)} {points(indeks, bahasa)}",
            weight=BOLD,
            ha="left" if right else "right",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            zorder=6,
        )
    alt = text("alt_sebaran", bahasa, wilayah=wilayah, temuan=finding)
    return PublishedFigure(page.figure, alt, nama)


def _class_colour(low: float, high: float, batas: Sequence[float]) -> str:
    """Colour of the category that holds three quarters of a class; grey where none does."""
    edges = [0.0, *batas, 100.0]
    for name, start, stop in zip(KATEGORI, edges, edges[1:], strict=False):
        if min(high, stop) - max(low, start) >= 0.75 * (high - low):
            return KATEGORI_COLOURS[name]
    return NO_DATA


def target_line(
    place: pd.DataFrame,
    sasaran: float,
    *,
    batas: Sequence[float],
    wilayah: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "sasaran",
) -> PublishedFigure:
    """Draw the index against its target, on the scale of the five categories.

    Parameters
    ----------
    place : pandas.DataFrame
        One-row ringkasan with ``indeks`` and ``sumber_data``.
    sasaran : float
        Target of the index, 0-100.
    batas : sequence of four float
        Where a category ends and the next begins.
    wilayah, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`distribution`.
    """
    if not 0.0 <= sasaran <= 100.0:
        raise ParameterError(f"the target must lie in 0-100, not {sasaran:g}")
    edges_of_categories(batas)
    asal = provenance(one_row(place, "place"), sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    value = float(numeric(place, "indeks")[0])
    if not np.isfinite(value):
        return nothing_shown(
            wilayah,
            text("subjudul_sasaran", bahasa, wilayah=wilayah),
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    gap = value - sasaran
    if gap < 0:
        finding = text("judul_kurang", bahasa, wilayah=wilayah, poin=points(-gap, bahasa))
    else:
        finding = text("judul_tercapai", bahasa, wilayah=wilayah, poin=points(gap, bahasa))
    page = sheet(
        1.14,
        judul=judul or finding,
        subjudul=text("subjudul_sasaran", bahasa),
        asal=asal,
        bahasa=bahasa,
    )
    ax = page.axes()
    start = max(0.0, min(value, sasaran, batas[0]) - 12.0) // 10 * 10
    x = Scale(start, 100.0, 0.0, page.width)
    category_strip(ax, x, batas, 0.32, 0.4, bahasa, named=False)
    # A mark and the gap, not a bar: the axis does not begin at zero.
    rules(ax, x(value), 0.52, x(sasaran), 0.52, INK, 2.6, zorder=4)
    dots(ax, [float(x(value))], [0.52], [INK], size=14, zorder=6)
    rules(ax, x(sasaran), 0.26, x(sasaran), 0.78, ACCENT, 3.2, zorder=5)
    tags = [
        (f"{text('indeks', bahasa)} {points(value, bahasa)}", value, INK),
        (f"{text('sasaran', bahasa)} {points(sasaran, bahasa)}", sasaran, ACCENT),
    ]
    room = [width(t, 12.0, BOLD) + 0.2 for t, _, _ in tags]
    for (words_, _, colour), at in zip(
        tags, spread([float(x(v)) for _, v, _ in tags], room, 0.0, page.width), strict=True
    ):
        label(ax, at, 0.18, words_, size=12.0, weight=BOLD, colour=colour, ha="center")
    alt = text(
        "alt_sasaran",
        bahasa,
        wilayah=wilayah,
        indeks=points(value, bahasa),
        sasaran=points(sasaran, bahasa),
        selisih=difference(gap, 2, bahasa),
    )
    return PublishedFigure(page.figure, alt, nama)
