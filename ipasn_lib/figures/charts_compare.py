"""Charts in rows with two numbers each: a rank and its interval, then and now.

Rows that lack a number (hidden or missing) are left out and counted in a note.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    Scale,
    boxes,
    dots,
    grid,
    left_out,
    nothing_shown,
    round_limits,
    rules,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    highlighted,
    numeric,
    words,
)
from ipasn_lib.figures.style import (
    ACCENT,
    INK,
    MUTED,
    PALE,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR, shorten, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import count, difference, number, text

__all__ = ["dumbbell", "rank_intervals"]

PITCH = 0.205

DOUBTS = MappingProxyType(
    {
        "kebetulan": ("judul_selang_satu", "judul_selang_tetap", "judul_selang"),
        "bobot": ("judul_selang_satu_bobot", "judul_selang_tetap_bobot", "judul_selang_bobot"),
    }
)


def rank_intervals(
    table: pd.DataFrame,
    *,
    terbaik: str = "peringkat_terbaik",
    terburuk: str = "peringkat_terburuk",
    luar: tuple[str, str] | None = None,
    keraguan: str = "kebetulan",
    sorot: str | None = None,
    subjudul: str | None = None,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "selang_peringkat",
) -> PublishedFigure:
    """Draw each place's rank with the ranks it could have.

    Parameters
    ----------
    table : pandas.DataFrame
        ``label``, ``peringkat`` (1 is the highest; NA where hidden) and the two columns named
        ``terbaik`` and ``terburuk`` (ranks).
    terbaik, terburuk : str
        Columns of the interval: of :func:`ipasn_lib.analysis.rank_intervals.rank_intervals`, or
        ``p5`` and ``p95`` of :func:`ipasn_lib.analysis.sensitivity.rank_summary`.
    luar : tuple of str, optional
        Columns of a second, wider interval drawn as a thin line (``serentak_terbaik`` and
        ``serentak_terburuk``).
    keraguan : {"kebetulan", "bobot"}
        What the interval comes from, chance among people or other weights; words the title.
    sorot : str, optional
        The ``label`` to highlight.
    subjudul : str, optional
        What the interval means; by default, chance in the data.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_index.distribution`.
    """
    if keraguan not in DOUBTS:
        raise ParameterError(f"unknown keraguan {keraguan!r}; known: {', '.join(DOUBTS)}")
    one, still, all_of_them = DOUBTS[keraguan]
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(table, "label")
    chosen = highlighted(name, sorot)
    rank, best, worst = (numeric(table, c) for c in ("peringkat", terbaik, terburuk))
    known = np.isfinite(rank) & np.isfinite(best) & np.isfinite(worst)
    below = subjudul or text("subjudul_selang_peringkat", bahasa)
    if not known.any():
        return nothing_shown(
            text("kabkota", bahasa),
            below,
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    order = sorted(np.flatnonzero(known), key=lambda k: (rank[k], name[k]))
    if chosen is not None and known[chosen]:
        finding = text(
            one if worst[chosen] > best[chosen] else still,
            bahasa,
            wilayah=name[chosen],
            bawah=number(best[chosen], 0, bahasa),
            atas=number(worst[chosen], 0, bahasa),
        )
    else:
        typical = float(np.median((worst - best)[known])) + 1.0
        finding = text(all_of_them, bahasa, jumlah=number(typical, 0, bahasa))
    page = sheet(
        0.3 + PITCH * len(order),
        judul=judul or finding,
        subjudul=below,
        asal=asal,
        catatan=left_out(known, minimum, bahasa),
        bahasa=bahasa,
    )
    ax = page.axes()
    outer = [numeric(table, c) for c in luar] if luar else [best, worst]
    last = max(float(np.nanmax([worst, outer[1], rank])), 2.0)
    x = Scale(1.0, last, 2.1, page.width - 0.2)
    ticks = [1.0, *np.arange(5.0, last + 0.1, 5.0)]
    grid(ax, x, ticks, 0.24, page.height, bahasa=bahasa)
    y = 0.3 + PITCH * (np.arange(len(order), dtype=float) + 0.5)
    for at, k in zip(y, order, strict=True):
        heavy = BOLD if k == chosen else REGULAR
        if k == chosen:
            boxes(ax, 0.0, at - PITCH / 2, page.width, PITCH, [PALE], zorder=0)
        label(
            ax,
            0.33,
            at + 0.05,
            number(rank[k], 0, bahasa),
            size=SIZE["small"],
            colour=MUTED,
            ha="right",
        )
        label(
            ax,
            0.42,
            at + 0.05,
            shorten(name[k], 1.5, SIZE["small"], heavy),
            size=SIZE["small"],
            weight=heavy,
        )
    colours = [ACCENT if k == chosen else PLACE for k in order]
    rules(ax, x(outer[0][order]), y, x(outer[1][order]), y, colours, 1.2, alpha=0.7, zorder=2)
    rules(ax, x(best[order]), y, x(worst[order]), y, colours, 4.0, alpha=0.45, zorder=2)
    dots(ax, x(rank[order]), y, colours, size=7.5)
    return PublishedFigure(page.figure, text("alt_umum", bahasa, temuan=finding, isi=below), nama)


def dumbbell(
    table: pd.DataFrame,
    *,
    awal: str,
    akhir: str,
    nama_awal: str,
    nama_akhir: str,
    kolom_label: str = "label",
    sorot: str | None = None,
    subjudul: str = "",
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "perubahan",
) -> PublishedFigure:
    """Draw two values of each row joined by a line: two years, two readings, two groups.

    Parameters
    ----------
    table : pandas.DataFrame
        ``kolom_label`` and the two columns of points named ``awal`` and ``akhir``; at most about
        40 rows, drawn by falling ``akhir``.
    nama_awal, nama_akhir : str
        The two columns as printed ("2023", "2024").
    sorot, subjudul
        The label to highlight; what is shown, in which unit.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_index.distribution`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(table, kolom_label)
    chosen = highlighted(name, sorot)
    first, last = numeric(table, awal), numeric(table, akhir)
    known = np.isfinite(first) & np.isfinite(last)
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
    change = last - first
    order = sorted(np.flatnonzero(known), key=lambda k: (-last[k], name[k]))
    finding = text(
        "judul_perubahan",
        bahasa,
        naik=count(int((change[known] > 0).sum()), bahasa),
        jumlah=count(int(known.sum()), bahasa),
        awal=nama_awal,
        akhir=nama_akhir,
    )
    page = sheet(
        0.5 + PITCH * len(order),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=left_out(known, minimum, bahasa),
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(
        *round_limits(np.concatenate([first, last]), step=5.0, low=0.0, high=100.0),
        2.1,
        page.width - 0.75,
    )
    step = 5.0 if x.high - x.low <= 40 else 10.0
    grid(ax, x, list(np.arange(x.low, x.high + 0.1, step)), 0.44, page.height, bahasa=bahasa)
    dots(ax, [2.16], [0.11], ["white"], size=7.5, edgecolors=MUTED, linewidths=1.4)
    label(ax, 2.27, 0.155, nama_awal, size=SIZE["small"], colour=MUTED)
    beside = 2.27 + width(nama_awal, SIZE["small"]) + 0.3
    dots(ax, [beside], [0.11], [PLACE], size=8)
    label(ax, beside + 0.11, 0.155, nama_akhir, size=SIZE["small"], weight=MEDIUM)
    label(
        ax,
        page.width,
        0.155,
        text("selisih", bahasa),
        size=SIZE["small"],
        colour=MUTED,
        ha="right",
    )
    y = 0.5 + PITCH * (np.arange(len(order), dtype=float) + 0.5)
    for at, k in zip(y, order, strict=True):
        heavy = BOLD if k == chosen else REGULAR
        if k == chosen:
            boxes(ax, 0.0, at - PITCH / 2, page.width, PITCH, [PALE], zorder=0)
        label(
            ax,
            0.05,
            at + 0.05,
            shorten(name[k], 1.95, SIZE["small"], heavy),
            size=SIZE["small"],
            weight=heavy,
        )
        label(
            ax,
            page.width,
            at + 0.05,
            difference(change[k], 2, bahasa),
            size=SIZE["small"],
            weight=heavy if k == chosen else MEDIUM,
            colour=ACCENT if change[k] < 0 else INK,
            ha="right",
        )
    rules(ax, x(first[order]), y, x(last[order]), y, MUTED, 1.6, zorder=2)
    dots(
        ax,
        x(first[order]),
        y,
        ["white"] * len(order),
        size=7.5,
        edgecolors=MUTED,
        linewidths=1.4,
    )
    dots(ax, x(last[order]), y, [PLACE] * len(order), size=8)
    alt = text("alt_umum", bahasa, temuan=finding, isi=subjudul or text("indeks", bahasa))
    return PublishedFigure(page.figure, alt, nama)
