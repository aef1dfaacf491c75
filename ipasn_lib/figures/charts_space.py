"""A place's index against its neighbours' mean (Moran's scatter plot), and against its structure.

References
----------
.. [1] Anselin, L. (1996). The Moran scatterplot as an ESDA tool to assess local instability in
       spatial association. In Fischer, Scholten and Unwin (eds), Spatial Analytical Perspectives
       on GIS, ch. 8. Taylor and Francis. doi:10.1201/9780203739051-8
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.figures.charts_relation import scatter_expected
from ipasn_lib.figures.marks import Scale, dots, left_out, nothing_shown, round_limits, rules
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import Numbers, highlighted, numeric, words
from ipasn_lib.figures.style import (
    ACCENT,
    GRID,
    INK,
    MUTED,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, REGULAR, width, wrap
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import number, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["expected_by_structure", "moran_scatter"]

WIDE = 15.0  # points: beyond this range the grid is in fives
TELLING = 0.1
"""Under this Q2 an expectation is hardly better than the mean; distances from it mean little."""


def moran_scatter(
    table: pd.DataFrame,
    *,
    moran: float,
    p: float,
    sorot: str | None = None,
    alpha: float = 0.05,
    dinamai: int = 8,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "moran",
) -> PublishedFigure:
    """Draw each place's index against the mean of its neighbours, with the line of slope I.

    Parameters
    ----------
    table : pandas.DataFrame
        ``label``, ``nilai``, ``rata_rata_tetangga`` (points), ``satu_tetangga`` (boolean, drawn
        as an empty ring) and ``sumber_data``; from
        :func:`ipasn_lib.analysis.spatial.local_moran`.
    moran, p : float
        Moran's I and its two-sided p-value, which word the title.
    sorot : str, optional
        The label to highlight.
    alpha : float
        Under this p the pattern is said to be more than chance.
    dinamai : int
        How many of the places furthest from the line are named.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_compare.dumbbell`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(table, "label")
    chosen = highlighted(name, sorot)
    own, near = numeric(table, "nilai"), numeric(table, "rata_rata_tetangga")
    single = numeric(table, "satu_tetangga") == 1
    known = np.isfinite(own) & np.isfinite(near)
    subjudul = text("subjudul_moran", bahasa)
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
    key = (
        "judul_moran_acak"
        if p > alpha
        else "judul_moran_mirip"
        if moran > 0
        else "judul_moran_beda"
    )
    finding = text(key, bahasa, moran=number(moran, 2, bahasa))
    notes = [text("lingkaran_satu_tetangga", bahasa)] if (single & known).any() else []
    page = sheet(
        4.55,
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=[*notes, *left_out(known, minimum, bahasa)],
        bahasa=bahasa,
    )
    ax = page.axes()
    step = 5.0 if max(np.ptp(own[known]), np.ptp(near[known])) > WIDE else 2.0
    x = Scale(*round_limits(own, step=step, low=0.0, high=100.0), 0.45, page.width - 0.25)
    y = Scale(*round_limits(near, step=step, low=0.0, high=100.0), 4.0, 0.35)
    label(ax, 0.0, 0.14, text("rata_rata_tetangga", bahasa), size=SIZE["small"], colour=MUTED)
    label(
        ax,
        x.stop,
        4.47,
        text("indeks_daerah", bahasa),
        size=SIZE["small"],
        colour=MUTED,
        ha="right",
    )
    for ticks, scale, upright in (
        (np.arange(x.low, x.high + 0.1, step), x, True),
        (np.arange(y.low, y.high + 0.1, step), y, False),
    ):
        for tick in ticks:
            at = float(scale(tick))
            ends = (at, y.stop, at, y.start) if upright else (x.start, at, x.stop, at)
            rules(ax, *ends, GRID, 0.8, zorder=0)
            where = (at, 4.2, "center") if upright else (0.35, at + 0.05, "right")
            label(
                ax, where[0], where[1], number(tick, 0, bahasa), size=SIZE["small"],
                colour=MUTED, ha=where[2],
            )  # fmt: skip
    middle = float(own[known].mean())
    rules(ax, x(middle), y.stop, x(middle), y.start, INK, 1.0, zorder=1)
    if y.low < middle < y.high:
        rules(ax, x.start, y(middle), x.stop, y(middle), INK, 1.0, zorder=1)
    _quadrants(ax, x, y, bahasa)
    # the regression of the lag on the value has slope I and passes through the means
    spread = np.array([x.low, x.high])
    line = float(near[known].mean()) + moran * (spread - middle)
    inside = np.clip(line, y.low, y.high)
    cut = spread if abs(moran) < 1e-9 else middle + (inside - near[known].mean()) / moran
    rules(
        ax,
        x(cut[0]),
        y(inside[0]),
        x(cut[1]),
        y(inside[1]),
        ACCENT,
        1.6,
        zorder=2,
        linestyles=[(0, (5, 2))],
    )
    many, few = known & ~single, known & single
    dots(ax, x(own[many]), y(near[many]), [PLACE] * int(many.sum()), size=8)
    dots(
        ax,
        x(own[few]),
        y(near[few]),
        ["white"] * int(few.sum()),
        size=7,
        edgecolors=PLACE,
        linewidths=1.4,
    )
    away = np.where(known, np.hypot(own - middle, near - near[known].mean()), -1.0)
    named = [int(k) for k in np.argsort(-away, kind="stable")[:dinamai] if known[k]]
    lead = chosen if chosen is not None and known[chosen] else None
    if lead is not None:
        dots(ax, [float(x(own[lead]))], [float(y(near[lead]))], [ACCENT], size=10, zorder=5)
    rows = list(dict.fromkeys([*([lead] if lead is not None else []), *named]))
    room = (x.start, y.stop, x.stop, y.start)
    slope = np.linspace([x(cut[0]), y(inside[0])], [x(cut[1]), y(inside[1])], 80)
    mean_line = np.linspace([x(middle), y.start], [x(middle), y.stop], 60)
    _named(ax, rows, name, x(own), y(near), room, lead, np.vstack([slope, mean_line]))
    return PublishedFigure(
        page.figure, text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul), nama
    )


def expected_by_structure(
    table: pd.DataFrame,
    *,
    q2: float,
    sorot: str | None = None,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "harapan_struktur",
) -> PublishedFigure:
    """Draw the index of each place against what its structure lets one expect, if it does.

    Where structure tells next to nothing (``q2`` under 0.1), every place would be expected at
    the mean and the distances would be read as merit; the figure then says so and draws none.

    Parameters
    ----------
    table : pandas.DataFrame
        ``label``, ``indeks``, ``harapan`` (points; NaN where hidden or not described) and
        ``sumber_data``.
    q2 : float
        Of :class:`ipasn_lib.analysis.peers.expected.ExpectedIndex`: share of the variance that
        predictions from the other places explain; 0 or less is no better than the mean.
    sorot, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_relation.scatter_expected`.
    """
    printed = number(q2, 2, bahasa)
    subjudul = text("subjudul_struktur", bahasa, q2=printed)
    if q2 >= TELLING:
        return scatter_expected(
            table,
            nama_harapan=text("harapan_struktur", bahasa),
            sorot=sorot,
            subjudul=subjudul,
            minimum=minimum,
            bahasa=bahasa,
            judul=judul,
            sumber=sumber,
            sintetis=sintetis,
            nama=nama,
        )
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    finding = judul or text("judul_struktur_nol", bahasa)
    page = sheet(0.55, judul=finding, subjudul=subjudul, asal=asal, bahasa=bahasa)
    ax = page.axes()
    for k, line in enumerate(
        wrap(text("struktur_nol", bahasa), page.width, SIZE["label"], lines=2)
    ):
        label(ax, 0.0, 0.2 + 0.2 * k, line, colour=MUTED)
    alt = text("alt_umum", bahasa, temuan=finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)


def _quadrants(ax: Axes, x: Scale, y: Scale, bahasa: str) -> None:
    """Write what the four corners mean."""
    corners = (
        ("rendah_tinggi", x.start + 0.06, y.stop + 0.16, "left"),
        ("tinggi_tinggi", x.stop - 0.06, y.stop + 0.16, "right"),
        ("rendah_rendah", x.start + 0.06, y.start - 0.08, "left"),
        ("tinggi_rendah", x.stop - 0.06, y.start - 0.08, "right"),
    )
    for key, at, height, align in corners:
        label(
            ax, at, height, text(key, bahasa), size=SIZE["small"], colour=MUTED, ha=align,
        )  # fmt: skip


def _named(
    ax: Axes,
    rows: list[int],
    name: list[str],
    x: Numbers,
    y: Numbers,
    within: tuple[float, float, float, float],
    lead: int | None,
    lines: Numbers,
) -> None:
    """Write names beside their dots, where they touch neither another dot nor another name.

    Places off the drawn lines (given as points) are taken first. A name without a place is left
    out, but for that of the highlighted dot.
    """
    from matplotlib.patheffects import withStroke

    there = np.isfinite(x) & np.isfinite(y)
    # corners: left, top, right, bottom; a dot is 0.11 inch wide
    taken = [(x[k] - 0.07, y[k] - 0.07, x[k] + 0.07, y[k] + 0.07) for k in np.flatnonzero(there)]
    low, top, high, bottom = within
    # the words in the corners
    taken += [(a, b, a + 1.6, b + 0.2) for a in (low, high - 1.6) for b in (top, bottom - 0.2)]
    size = SIZE["small"]
    for k in rows:
        heavy = BOLD if k == lead else REGULAR
        room = width(name[k], size, heavy)
        spots = [
            (x[k] + 0.11, y[k] - 0.075),
            (x[k] - 0.11 - room, y[k] - 0.075),
            (x[k] - room / 2, y[k] - 0.24),
            (x[k] - room / 2, y[k] + 0.09),
        ]
        boxes_ = [(a, b, a + room, b + 0.15) for a, b in spots]
        free = [
            box
            for box in boxes_
            if box[0] >= low
            and box[2] <= high
            and not any(
                box[0] < t[2] and box[2] > t[0] and box[1] < t[3] and box[3] > t[1] for t in taken
            )
        ]
        if not free and k != lead:
            continue
        crossed = [
            int(
                (
                    (lines[:, 0] > box[0] - 0.02)
                    & (lines[:, 0] < box[2] + 0.02)
                    & (lines[:, 1] > box[1])
                    & (lines[:, 1] < box[3])
                ).any()
            )
            for box in free
        ]
        chosen = free[crossed.index(min(crossed))] if free else boxes_[0]
        taken.append(chosen)
        halo = [withStroke(linewidth=3.0, foreground="#ffffff")] if k == lead else []
        label(
            ax, float(chosen[0]), float(chosen[1]) + 0.125, name[k], size=size, weight=heavy,
            zorder=6, path_effects=halo,
        )  # fmt: skip
