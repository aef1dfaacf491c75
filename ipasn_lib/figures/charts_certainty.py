"""Charts of how firm a place's rank and category are.

Rows that lack a number (hidden or missing) are left out and counted in a note; rows about which
there is no doubt are counted in a note too, so that a chart shows what is in doubt.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.figures.marks import (
    Scale,
    boxes,
    category_key,
    dots,
    grid,
    left_out,
    nothing_shown,
    rules,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import highlighted, numeric, words
from ipasn_lib.figures.style import (
    ACCENT,
    KATEGORI,
    KATEGORI_COLOURS,
    MUTED,
    PALE,
    PLACE,
    SIZE,
    label,
    on_colour,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR, shorten
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import count, number, percent, points, text

__all__ = ["category_probability", "rank_ranges"]

PITCH = 0.205


def rank_ranges(
    table: pd.DataFrame,
    *,
    wilayah: str,
    jumlah: int,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "rentang_peringkat",
) -> PublishedFigure:
    """Draw the ranks that one place could have, a row a doubt.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`ipasn_lib.analysis.certainty.rank_ranges`: ``keraguan`` (index or column),
        ``peringkat``, ``terbaik``, ``terburuk``; and ``sumber_data``.
    wilayah : str
        Name of the place as printed.
    jumlah : int
        How many places are ranked.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_index.distribution`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(table, "keraguan")
    rank, best, worst = (numeric(table, c) for c in ("peringkat", "terbaik", "terburuk"))
    known = np.isfinite(rank) & np.isfinite(best) & np.isfinite(worst)
    subjudul = text("subjudul_rentang", bahasa)
    if not known.any():
        return nothing_shown(
            wilayah, subjudul, asal, minimum=minimum, judul=judul, bahasa=bahasa, nama=nama
        )
    widest = int(np.nanargmax(np.where(known, worst - best, -1.0)))
    official = number(rank[known][0], 0, bahasa)
    finding = text(
        "judul_rentang",
        bahasa,
        wilayah=wilayah,
        peringkat=official,
        jumlah=count(jumlah, bahasa),
        terbaik=number(best[widest], 0, bahasa),
        terburuk=number(worst[widest], 0, bahasa),
    )
    pitch = 0.34
    page = sheet(
        0.5 + pitch * len(name), judul=judul or finding, subjudul=subjudul, asal=asal, bahasa=bahasa
    )
    ax = page.axes()
    x = Scale(1.0, float(max(jumlah, 2)), 3.05, page.width - 0.75)
    place = float(x(rank[known][0]))
    ticks = [1.0, *np.arange(5.0, jumlah - 1.0, 5.0), float(max(jumlah, 2))]
    grid(ax, x, ticks, 0.44, page.height, bahasa=bahasa)
    rules(ax, place, 0.44, place, page.height, ACCENT, 1.4, linestyles=[(0, (4, 2))], zorder=1)
    y = 0.44 + pitch * (np.arange(len(name), dtype=float) + 0.5)
    for k, at in enumerate(y):
        label(ax, 0.0, at + 0.05, shorten(name[k], 2.9, SIZE["small"]), size=SIZE["small"])
        printed = (
            f"{number(best[k], 0, bahasa)}–{number(worst[k], 0, bahasa)}"
            if known[k] and worst[k] > best[k]
            else number(rank[k], 0, bahasa)
            if known[k]
            else "–"
        )
        label(ax, page.width, at + 0.05, printed, size=SIZE["small"], weight=BOLD, ha="right")
    rules(ax, x(best[known]), y[known], x(worst[known]), y[known], PLACE, 6.0, alpha=0.5, zorder=2)
    dots(ax, x(rank[known]), y[known], [ACCENT] * int(known.sum()), size=8)
    ranges = "; ".join(
        f"{name[k]}: {number(best[k], 0, bahasa)}–{number(worst[k], 0, bahasa)}"
        for k in np.flatnonzero(known)
    )
    return PublishedFigure(
        page.figure, text("alt_umum", bahasa, temuan=judul or finding, isi=ranges), nama
    )


def category_probability(
    table: pd.DataFrame,
    *,
    pasti: float = 0.95,
    sorot: str | None = None,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "peluang_kategori",
) -> PublishedFigure:
    """Draw how often each category comes out, for the places whose category is not firm.

    Parameters
    ----------
    table : pandas.DataFrame
        ``label``, ``indeks``, ``sumber_data`` and one column a category (shares of the
        replicates, 0-1; NaN where hidden), from
        :func:`ipasn_lib.analysis.uncertainty.category_probability`.
    pasti : float
        From this share on a category is firm; the places that have one are only counted,
        besides the highlighted one.
    sorot, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_compare.rank_intervals`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(table, "label")
    chosen = highlighted(name, sorot)
    value = numeric(table, "indeks")
    share = np.stack([numeric(table, k) for k in KATEGORI], axis=1)
    known = np.asarray(np.isfinite(share).all(axis=1), dtype=bool)
    sure = percent(pasti, 0, bahasa)
    subjudul = text("subjudul_peluang", bahasa, pasti=sure)
    if not known.any():
        return nothing_shown(
            text("kabkota", bahasa),
            subjudul,
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    shaky = known & (np.nan_to_num(share).max(axis=1) < pasti)
    drawn = shaky.copy()
    if chosen is not None and known[chosen]:
        drawn[chosen] = True
    order = sorted(np.flatnonzero(drawn), key=lambda k: (-value[k], name[k]))
    finding = text(
        "judul_goyah" if shaky.any() else "judul_tidak_goyah",
        bahasa,
        jumlah=count(int(shaky.sum()), bahasa),
        semua=count(int(known.sum()), bahasa),
    )
    notes = left_out(known, minimum, bahasa)
    firm = int((known & ~drawn).sum())
    if firm:
        notes.insert(0, text("kategori_pasti_lain", bahasa, jumlah=count(firm, bahasa), pasti=sure))
    head = 0.62 if order else 0.3
    page = sheet(
        head + PITCH * len(order),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=notes,
        bahasa=bahasa,
    )
    ax = page.axes()
    category_key(ax, 0.0, 0.14, bahasa)
    x = Scale(0.0, 1.0, 2.5, page.width - 0.1)
    if order:
        places = x(np.linspace(0.0, 1.0, 5))
        rules(ax, places, 0.54, places, page.height, zorder=0)
        for tick, at in zip(np.linspace(0.0, 1.0, 5), places, strict=True):
            label(
                ax,
                float(at),
                0.47,
                percent(tick, 0, bahasa),
                size=SIZE["small"],
                colour=MUTED,
                ha="right" if tick == 1.0 else "center",
            )
    y = head + PITCH * (np.arange(len(order), dtype=float) + 0.5)
    for at, k in zip(y, order, strict=True):
        heavy = BOLD if k == chosen else REGULAR
        if k == chosen:
            boxes(ax, 0.0, at - PITCH / 2, 2.45, PITCH, [PALE], zorder=0)
        label(
            ax, 0.05, at + 0.05, shorten(name[k], 1.75, SIZE["small"], heavy),
            size=SIZE["small"], weight=heavy,
        )  # fmt: skip
        label(
            ax, 2.38, at + 0.05, points(value[k], bahasa), size=SIZE["small"], colour=MUTED,
            ha="right",
        )  # fmt: skip
        ends = np.concatenate([[0.0], np.cumsum(share[k])])
        left, wide = x(ends[:-1]), np.diff(x(ends))
        boxes(ax, left, at - 0.08, wide, 0.16, list(KATEGORI_COLOURS.values()), zorder=2)
        for start, room, part, category in zip(left, wide, share[k], KATEGORI, strict=True):
            if room > 0.42:
                label(
                    ax, start + room / 2, at + 0.05, percent(part, 0, bahasa),
                    size=SIZE["small"], weight=MEDIUM, ha="center", zorder=4,
                    colour=on_colour(KATEGORI_COLOURS[category]),
                )  # fmt: skip
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)
