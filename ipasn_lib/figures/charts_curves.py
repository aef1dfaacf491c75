"""Charts of a course: what a budget buys, what follows an event.

Values that are hidden or missing are not drawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    Scale,
    dots,
    levels,
    round_limits,
    round_steps,
    rules,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    numeric,
)
from ipasn_lib.figures.style import (
    ACCENT,
    INK,
    MUTED,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, width
from ipasn_lib.wording import difference, number, points, text

__all__ = ["budget_curve", "event_study"]


def budget_curve(
    table: pd.DataFrame,
    *,
    sasaran: float | None = None,
    wilayah: str,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "anggaran",
) -> PublishedFigure:
    """Draw the index that a training budget can reach.

    Parameters
    ----------
    table : pandas.DataFrame
        ``anggaran`` (rupiah, rising) and ``indeks``; optionally ``indeks_serakah`` (the simple
        list, drawn thin). As :func:`ipasn_lib.analysis.plan.budget_curve` makes it.
    sasaran : float, optional
        Target of the index; the smallest listed budget that reaches it is named.
    wilayah, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_index.distribution`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    money, value = numeric(table, "anggaran"), numeric(table, "indeks")
    if len(money) < 2 or (np.diff(money) <= 0).any() or not np.isfinite(value).all():
        raise ParameterError("a budget curve needs two or more rising budgets, each with an index")
    unit, word = (1e9, "miliar") if money.max() >= 1e9 else (1e6, "juta")
    reached = np.flatnonzero(value >= sasaran) if sasaran is not None else np.array([], dtype=int)

    def rupiah(amount: float) -> str:
        return f"Rp{number(amount / unit, 1, bahasa)} {text(word, bahasa)}"

    if sasaran is not None and reached.size:
        at = int(reached[0])
        finding = text(
            "judul_anggaran_cukup",
            bahasa,
            anggaran=rupiah(money[at]),
            sasaran=points(sasaran, bahasa),
        )
    else:
        at = len(money) - 1
        finding = text(
            "judul_anggaran",
            bahasa,
            anggaran=rupiah(money[at]),
            poin=points(value[at] - value[0], bahasa),
        )
    page = sheet(
        3.2,
        judul=judul or finding,
        subjudul=text("subjudul_anggaran", bahasa, wilayah=wilayah, satuan=text(word, bahasa)),
        asal=asal,
        bahasa=bahasa,
    )
    ax = page.axes()
    greedy = numeric(table, "indeks_serakah") if "indeks_serakah" in table else None
    seen = [*value, *(greedy if greedy is not None else ()), *([sasaran] if sasaran else ())]
    low, high = round_limits(seen, step=1.0, low=0.0, high=100.0)
    x = Scale(float(money[0]), float(money[-1]), 0.5, page.width - 0.35)
    y = Scale(low, high, 2.75, 0.2)
    levels(ax, y, round_steps(low, high), 0.5, page.width, 0, bahasa)
    for tick in round_steps(float(money[0]) / unit, float(money[-1]) / unit):
        printed = number(tick, 0 if float(tick).is_integer() else 1, bahasa)
        place = float(x(tick * unit))
        label(ax, place, 2.95, printed, size=SIZE["small"], colour=MUTED, ha="center")
    label(
        ax,
        page.width,
        3.14,
        text("anggaran_sumbu", bahasa, satuan=text(word, bahasa)),
        size=SIZE["small"],
        colour=MUTED,
        ha="right",
    )
    if sasaran is not None:
        rules(ax, 0.5, y(sasaran), page.width, y(sasaran), ACCENT, 1.6)
        printed = f"{text('sasaran', bahasa)} {points(sasaran, bahasa)}"
        label(ax, 0.56, float(y(sasaran)) - 0.06, printed, weight=BOLD, colour=ACCENT)
    if greedy is not None:
        ax.plot(x(money), y(greedy), color=MUTED, linewidth=1.2, linestyle=(0, (3, 2)))
    ax.plot(x(money), y(value), color=PLACE, linewidth=2.6)
    dots(ax, x(money), y(value), [PLACE] * len(money), size=6)
    tag = f"{rupiah(money[at])}: {points(value[at], bahasa)}"
    # Under the curve and to the right, where a curve that rises and flattens leaves room.
    place = min(float(x(money[at])) + 0.1, page.width - width(tag, SIZE["label"], BOLD))
    dots(ax, [float(x(money[at]))], [float(y(value[at]))], [ACCENT], size=10, zorder=5)
    label(
        ax,
        place,
        float(y(value[at])) + 0.42,
        tag,
        weight=BOLD,
        zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )
    alt = text("alt_umum", bahasa, temuan=finding, isi=wilayah)
    return PublishedFigure(page.figure, alt, nama)


def event_study(
    table: pd.DataFrame,
    *,
    peristiwa: str,
    subjudul: str = "",
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "dampak",
) -> PublishedFigure:
    """Draw an effect over time around an event, with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        ``waktu`` (whole years or months from the event; negative is before), ``efek``,
        ``batas_bawah``, ``batas_atas`` (points).
    peristiwa : str
        The event as printed ("Program pelatihan").
    subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_compare.dumbbell`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    when, effect, low, high = (
        numeric(table, c) for c in ("waktu", "efek", "batas_bawah", "batas_atas")
    )
    known = np.isfinite(effect)
    if not known.any():
        raise ParameterError("an event study needs at least one effect")
    last = int(np.flatnonzero(known)[np.argmax(when[known])])
    firm = bool(low[last] > 0 or high[last] < 0)
    finding = text(
        "judul_dampak" if firm else "judul_tanpa_dampak",
        bahasa,
        peristiwa=peristiwa,
        poin=difference(effect[last], 2, bahasa),
    )
    page = sheet(3.1, judul=judul or finding, subjudul=subjudul, asal=asal, bahasa=bahasa)
    ax = page.axes()
    seen = np.concatenate([effect, low, high, [0.0]])
    span = float(np.nanmax(seen) - np.nanmin(seen)) or 1.0
    y_low, y_high = round_limits(seen, step=1.0 if span > 2 else 0.5)
    x = Scale(float(np.nanmin(when)) - 0.5, float(np.nanmax(when)) + 0.5, 0.6, page.width)
    y = Scale(y_low, y_high, 2.75, 0.3)
    ticks = round_steps(y_low, y_high)
    levels(ax, y, ticks, 0.6, page.width, 0 if span > 2 else 1, bahasa)
    rules(ax, 0.6, y(0.0), page.width, y(0.0), INK, 1.2, zorder=1)
    event = float(x(-0.5))
    rules(ax, event, 0.12, event, 2.75, ACCENT, 1.4, linestyles=[(0, (4, 2))])
    label(ax, event + 0.07, 0.16, peristiwa, weight=BOLD, colour=ACCENT)
    there = known & np.isfinite(low) & np.isfinite(high)
    rules(ax, x(when[there]), y(low[there]), x(when[there]), y(high[there]), PLACE, 2.4, zorder=2)
    dots(ax, x(when[known]), y(effect[known]), [PLACE] * int(known.sum()), size=9)
    for tick in when:
        label(
            ax,
            float(x(tick)),
            2.97,
            difference(tick, 0, bahasa),
            size=SIZE["small"],
            colour=MUTED,
            ha="center",
        )
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul.rstrip(".") or peristiwa)
    return PublishedFigure(page.figure, alt, nama)
