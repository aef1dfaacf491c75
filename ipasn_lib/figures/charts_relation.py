"""Charts of two quantities against each other: index and expectation, people and what they hold.

Values that are hidden or missing are not drawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    Scale,
    dots,
    grid,
    left_out,
    nothing_shown,
    round_limits,
    rules,
    spread,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    Numbers,
    highlighted,
    numeric,
    words,
)
from ipasn_lib.figures.style import (
    ACCENT,
    GRID,
    MUTED,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, REGULAR, shorten, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import number, points, text

__all__ = ["lorenz", "scatter_expected"]


def lorenz(
    table: pd.DataFrame,
    *,
    porsi_orang: str = "bagian_orang",
    porsi_nilai: str = "bagian_nilai",
    subjudul: str = "",
    gini: float | None = None,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "lorenz",
) -> PublishedFigure:
    """Draw a Lorenz curve: which share of the points the lower share of the people holds.

    Parameters
    ----------
    table : pandas.DataFrame
        The two columns of cumulative shares (0-1, rising, from 0 to 1) named ``porsi_orang`` and
        ``porsi_nilai``.
    gini : float, optional
        Gini coefficient, printed.
    subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`dumbbell`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    people, held = numeric(table, porsi_orang), numeric(table, porsi_nilai)
    if not (np.isfinite(people).all() and np.isfinite(held).all()):
        raise ParameterError("a Lorenz curve needs every point; hide the whole figure instead")
    if (np.diff(people) < 0).any() or (np.diff(held) < 0).any():
        raise ParameterError("cumulative shares must not fall")
    half = number(100 * float(np.interp(0.5, people, held)), 0, bahasa)
    finding = text("judul_lorenz", bahasa, porsi=half)
    page = sheet(4.1, judul=judul or finding, subjudul=subjudul, asal=asal, bahasa=bahasa)
    ax = page.axes()
    x, y = Scale(0.0, 1.0, 0.5, 4.2), Scale(0.0, 1.0, 3.75, 0.05)
    ticks = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    rules(ax, x.start, y(ticks), x.stop, y(ticks), GRID, 0.8, zorder=0)
    rules(ax, x(ticks), y.start, x(ticks), y.stop, GRID, 0.8, zorder=0)
    for tick in ticks:
        printed = f"{number(100 * tick, 0, bahasa)}%"
        label(
            ax, 0.42, float(y(tick)) + 0.05, printed, size=SIZE["small"], colour=MUTED, ha="right"
        )
        label(ax, float(x(tick)), 3.95, printed, size=SIZE["small"], colour=MUTED, ha="center")
    rules(ax, x(0.0), y(0.0), x(1.0), y(1.0), MUTED, 1.2)
    ax.fill_between(x(people), y(held), y(people), color=PLACE, alpha=0.15, linewidth=0)
    ax.plot(x(people), y(held), color=PLACE, linewidth=2.4)
    for line, words_ in enumerate(
        (text("lorenz_mendatar", bahasa), text("lorenz_tegak", bahasa), text("lorenz_rata", bahasa))
    ):
        label(ax, 4.45, 1.2 + 0.25 * line, shorten(words_, 2.55, SIZE["small"]), size=SIZE["small"])
    if gini is not None:
        printed = f"Gini {number(gini, 3, bahasa)}"
        label(ax, 4.45, 0.75, printed, size=14, weight=BOLD)
    return PublishedFigure(
        page.figure, text("alt_umum", bahasa, temuan=finding, isi=subjudul), nama
    )


def scatter_expected(
    table: pd.DataFrame,
    *,
    harapan: str = "harapan",
    indeks: str = "indeks",
    nama_harapan: str,
    sorot: str | None = None,
    dinamai: int = 3,
    subjudul: str = "",
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "harapan",
) -> PublishedFigure:
    """Draw the index of each place against what would be expected of it.

    Parameters
    ----------
    table : pandas.DataFrame
        ``label`` and the two columns of points named ``harapan`` and ``indeks``.
    nama_harapan : str
        The expectation as printed ("Rata-rata tetangga").
    sorot : str, optional
        The label to highlight.
    dinamai : int
        How many of the places furthest above and below the line are named.
    subjudul, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`dumbbell`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(table, "label")
    chosen = highlighted(name, sorot)
    expected, actual = numeric(table, harapan), numeric(table, indeks)
    known = np.isfinite(expected) & np.isfinite(actual)
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
    gap = np.where(known, actual - expected, np.nan)
    lead = chosen if chosen is not None and known[chosen] else int(np.nanargmax(np.abs(gap)))
    finding = text(
        "judul_di_atas_harapan" if gap[lead] >= 0 else "judul_di_bawah_harapan",
        bahasa,
        wilayah=name[lead],
        poin=points(abs(gap[lead]), bahasa),
    )
    page = sheet(
        4.3,
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=left_out(known, minimum, bahasa),
        bahasa=bahasa,
    )
    ax = page.axes()
    x_low, x_high = round_limits(expected, step=5.0, low=0.0, high=100.0)
    y_low, y_high = round_limits(actual, step=5.0, low=0.0, high=100.0)
    x = Scale(x_low, x_high, 0.35, page.width - 0.25)
    y = Scale(y_low, y_high, 3.75, 0.3)
    label(ax, 0.0, 0.12, text("indeks", bahasa), size=SIZE["small"], colour=MUTED)
    rows = np.arange(y_low, y_high + 0.1, 5.0)
    rules(ax, x.start, y(rows), x.stop, y(rows), GRID, 0.8, zorder=0)
    for row in rows:
        at = float(y(row)) + 0.05
        label(ax, 0.22, at, number(row, 0, bahasa), size=SIZE["small"], colour=MUTED, ha="right")
    grid(ax, x, list(np.arange(x_low, x_high + 0.1, 5.0)), 0.3, 3.75, bahasa=bahasa, above=False)
    label(ax, x.stop, 4.2, nama_harapan, size=SIZE["small"], colour=MUTED, ha="right")
    ends = np.array([max(x_low, y_low), min(x_high, y_high)])
    if ends[0] < ends[1]:
        rules(ax, x(ends[0]), y(ends[0]), x(ends[1]), y(ends[1]), MUTED, 1.2, zorder=1)
    dots(ax, x(expected[known]), y(actual[known]), [PLACE] * int(known.sum()), size=8)
    order = [int(k) for k in np.argsort(np.nan_to_num(gap), kind="stable") if known[k]]
    named = dict.fromkeys([*order[:dinamai], *order[len(order) - dinamai :], lead])
    _name_points(ax, list(named), name, x(expected), y(actual), page.width, lead)
    dots(ax, [float(x(expected[lead]))], [float(y(actual[lead]))], [ACCENT], size=10, zorder=5)
    alt = text("alt_umum", bahasa, temuan=finding, isi=nama_harapan)
    return PublishedFigure(page.figure, alt, nama)


def _name_points(
    ax: object, rows: list[int], name: list[str], x: Numbers, y: Numbers, limit: float, lead: int
) -> None:
    """Write names beside their dots, kept apart in height on either side."""
    size = SIZE["small"]
    left = [k for k in rows if x[k] + 0.12 + width(name[k], size, BOLD) > limit]
    for side, align, shift in (
        ([k for k in rows if k not in left], "left", 0.1),
        (left, "right", -0.1),
    ):
        if not side:
            continue
        places = spread([float(y[k]) for k in side], [0.17] * len(side), 0.15, 3.85)
        for k, place in zip(side, places, strict=True):
            label(
                ax,  # type: ignore[arg-type]
                float(x[k]) + shift,
                place + 0.05,
                name[k],
                size=size,
                weight=BOLD if k == lead else REGULAR,
                ha=align,
                zorder=6,
            )
