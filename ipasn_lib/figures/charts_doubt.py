"""Charts of what could move an index or an order: people not measured, weights, dimensions.

Places that lack a number (hidden) are left out and counted in a note.
"""

from __future__ import annotations

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
from ipasn_lib.figures.reading import highlighted, numeric, words
from ipasn_lib.figures.style import (
    ACCENT,
    DIMENSION_COLOURS,
    INK,
    MUTED,
    PALE,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR, shorten
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import count, percent, points, text

__all__ = ["effective_weights", "missing_bounds"]

PITCH = 0.205


def missing_bounds(
    table: pd.DataFrame,
    *,
    sorot: str | None = None,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "batas_belum_terukur",
) -> PublishedFigure:
    """Draw how far the people not measured could move each place's index, whatever they score.

    Parameters
    ----------
    table : pandas.DataFrame
        ``label``, ``nilai``, ``batas_bawah``, ``batas_atas`` (points), ``partisipasi`` (0-1) and
        ``sumber_data``: the rows ``indeks`` of
        :func:`ipasn_lib.analysis.bounds.worst_case_bounds`. Places in which everybody is
        measured are counted, not drawn.
    sorot, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_compare.rank_intervals`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(table, "label")
    chosen = highlighted(name, sorot)
    value, low, high, share = (
        numeric(table, c) for c in ("nilai", "batas_bawah", "batas_atas", "partisipasi")
    )
    known = np.isfinite(low) & np.isfinite(high)
    subjudul = text("subjudul_batas", bahasa)
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
    span = np.where(known, high - low, 0.0)
    order = sorted(np.flatnonzero(span > 1e-9), key=lambda k: (-span[k], name[k]))
    notes = left_out(known, minimum, bahasa)
    full = int(known.sum()) - len(order)
    if order:
        lead = chosen if chosen is not None and chosen in order else order[0]
        finding = text(
            "judul_batas",
            bahasa,
            wilayah=name[lead],
            bawah=points(low[lead], bahasa),
            atas=points(high[lead], bahasa),
        )
        if full:
            notes.insert(0, text("semua_terukur_lain", bahasa, jumlah=count(full, bahasa)))
    else:
        finding = text("judul_batas_nol", bahasa, jumlah=count(full, bahasa))
    page = sheet(
        0.5 + PITCH * len(order) if order else 0.35,
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=notes,
        bahasa=bahasa,
    )
    ax = page.axes()
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    if not order:
        label(ax, 0.0, 0.22, text("batas_nol", bahasa), colour=MUTED)
        return PublishedFigure(page.figure, alt, nama)
    x = Scale(
        *round_limits(np.concatenate([low[order], high[order]]), step=5.0, low=0.0, high=100.0),
        2.1,
        page.width - 0.95,
    )
    step = 5.0 if x.high - x.low <= 40 else 10.0
    grid(ax, x, list(np.arange(x.low, x.high + 0.1, step)), 0.44, page.height, bahasa=bahasa)
    label(
        ax,
        page.width,
        0.16,
        text("partisipasi", bahasa),
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
            ax, 0.05, at + 0.05, shorten(name[k], 1.95, SIZE["small"], heavy),
            size=SIZE["small"], weight=heavy,
        )  # fmt: skip
        label(
            ax, page.width, at + 0.05, percent(share[k], 1, bahasa), size=SIZE["small"],
            weight=heavy, ha="right",
        )  # fmt: skip
    colours = [ACCENT if k == chosen else PLACE for k in order]
    rules(ax, x(low[order]), y, x(high[order]), y, colours, 4.0, alpha=0.45, zorder=2)
    dots(ax, x(value[order]), y, colours, size=7.5)
    return PublishedFigure(page.figure, alt, nama)


def effective_weights(
    table: pd.DataFrame,
    *,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "bobot_efektif",
) -> PublishedFigure:
    """Draw each dimension's weight in the law beside its part in the differences among places.

    Parameters
    ----------
    table : pandas.DataFrame
        ``dimensi`` (index or column), ``bobot``, ``bobot_efektif`` (shares that sum to 1; the
        second may be below 0), from
        :func:`ipasn_lib.analysis.importance.effective_weights`; and ``sumber_data``.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_index.distribution`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    dimension = words(table, "dimensi")
    unknown = sorted(set(dimension) - set(DIMENSION_COLOURS))
    if unknown:
        raise ParameterError(f"unknown dimensions {unknown}; known: {list(DIMENSION_COLOURS)}")
    weight, real = numeric(table, "bobot"), numeric(table, "bobot_efektif")
    if not np.isfinite([*weight, *real]).all():
        raise ParameterError("effective weights need every dimension")
    lead = int(np.argmax(real))
    finding = text(
        "judul_bobot",
        bahasa,
        dimensi=text(dimension[lead], bahasa),
        porsi=percent(real[lead], 0, bahasa),
        bobot=percent(weight[lead], 0, bahasa),
    )
    subjudul = text("subjudul_bobot", bahasa)
    pitch = 0.5
    page = sheet(
        0.5 + pitch * len(dimension),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        bahasa=bahasa,
    )
    ax = page.axes()
    low, high = min(0.0, float(real.min())), max(float(real.max()), float(weight.max()))
    x = Scale(np.floor(low * 10) / 10, np.ceil(high * 10) / 10, 1.5, page.width - 0.75)
    ticks = np.arange(0.0, x.high + 1e-9, 0.2)
    rules(ax, x(ticks), 0.36, x(ticks), page.height, zorder=0)
    for tick in ticks:
        label(
            ax, float(x(tick)), 0.29, percent(tick, 0, bahasa), size=SIZE["small"], colour=MUTED,
            ha="center",
        )  # fmt: skip
    y = 0.44 + pitch * np.arange(len(dimension), dtype=float)
    for k, top in enumerate(y):
        colour = DIMENSION_COLOURS[dimension[k]]
        label(ax, 0.0, top + 0.24, text(dimension[k], bahasa), weight=BOLD if k == lead else MEDIUM)
        for value, at, fill, edge in (
            (weight[k], top + 0.02, "#ffffff", colour),
            (real[k], top + 0.21, colour, colour),
        ):
            start, stop = sorted((float(x(0.0)), float(x(value))))
            boxes(
                ax, start, at, max(stop - start, 0.015), 0.15, [fill], edgecolors=[edge],
                linewidths=1.2, zorder=2,
            )  # fmt: skip
            label(
                ax, max(stop, float(x(0.0))) + 0.07, at + 0.125, percent(value, 0, bahasa),
                size=SIZE["small"], weight=BOLD if fill == colour else REGULAR,
                colour=INK if fill == colour else MUTED,
            )  # fmt: skip
    listed = "; ".join(
        f"{text(d, bahasa)} {percent(w, 0, bahasa)} → {percent(r, 0, bahasa)}"
        for d, w, r in zip(dimension, weight, real, strict=True)
    )
    return PublishedFigure(
        page.figure, text("alt_umum", bahasa, temuan=judul or finding, isi=listed), nama
    )
