"""Charts of what followed a measure that places adopted in different years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.charts_curves import event_study
from ipasn_lib.figures.marks import Scale, boxes, dots, levels, round_limits, round_steps, rules
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import numeric, words
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
from ipasn_lib.figures.typeface import BOLD, MEDIUM, width
from ipasn_lib.wording import count, difference, number, text

__all__ = ["adoption_paths", "draws_of_dates", "effect_around_adoption"]

BINS = 40


def adoption_paths(
    table: pd.DataFrame,
    *,
    subjudul: str = "",
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "jalur",
) -> PublishedFigure:
    """Draw the mean path of places that adopt and of those that never do.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``tahun``; ``menerapkan``, ``tidak`` (points), ``mulai`` (places whose first year
        it is), as :func:`ipasn_lib.analysis.impact.mean_paths` gives.
    subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_compare.dumbbell`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    when = [int(t) for t in words(table, "tahun")]
    paths = {c: numeric(table, c) for c in ("menerapkan", "tidak")}
    starts = numeric(table, "mulai")
    if len(when) < 2 or not np.isfinite(paths["menerapkan"]).any():
        raise ParameterError("paths need two or more years and at least one adopter")
    rise = {c: float(v[-1] - v[0]) for c, v in paths.items()}
    finding = text(
        "judul_jalur" if np.isfinite([*rise.values()]).all() else "judul_jalur_saja",
        bahasa,
        awal=when[0],
        akhir=when[-1],
        menerapkan=difference(rise["menerapkan"], 1, bahasa),
        tidak=difference(rise["tidak"], 1, bahasa),
    )
    page = sheet(3.6, judul=judul or finding, subjudul=subjudul, asal=asal, bahasa=bahasa)
    ax = page.axes()
    seen = np.concatenate(list(paths.values()))
    low, high = round_limits(seen, step=2.0, low=0.0, high=100.0)
    x = Scale(float(when[0]), float(when[-1]), 0.6, page.width - 1.55)
    y = Scale(low, high, 2.45, 0.15)
    levels(ax, y, round_steps(low, high), 0.5, x.stop, 0, bahasa)
    ends = {}
    for name, colour, heavy in (("tidak", MUTED, 1.8), ("menerapkan", PLACE, 2.6)):
        known = np.isfinite(paths[name])
        if not known.any():
            continue
        at = np.array([float(x(t)) for t in when])
        ax.plot(at[known], y(paths[name][known]), color=colour, linewidth=heavy)
        dots(ax, at[known], y(paths[name][known]), [colour] * int(known.sum()), size=6)
        ends[name] = (float(y(paths[name][known][-1])), colour)
    shift = 0.12 if len({round(v[0], 1) for v in ends.values()}) < len(ends) else 0.0
    for name, (end, colour) in ends.items():
        above = end == min(v[0] for v in ends.values())
        place = end + 0.05 + (-shift if above else shift)
        label(ax, x.stop + 0.12, place, text(f"jalur_{name}", bahasa), weight=MEDIUM, colour=colour)
    label(ax, 0.0, 2.98, text("jalur_mulai", bahasa), size=SIZE["small"], colour=MUTED)
    tallest = max(float(np.nanmax(starts)), 1.0)
    for tick, n in zip(when, starts, strict=True):
        centre = float(x(tick))
        label(ax, centre, 2.68, str(tick), size=SIZE["small"], colour=MUTED, ha="center")
        tall = 0.3 * n / tallest
        boxes(ax, centre - 0.13, 3.56 - tall, 0.26, tall, [ACCENT])
        if n > 0:
            printed = count(n, bahasa)
            label(ax, centre, 3.53 - tall, printed, size=SIZE["small"], ha="center")
    rules(ax, 0.5, 3.56, x.stop, 3.56, [MUTED], 0.8)
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)


def effect_around_adoption(
    table: pd.DataFrame,
    *,
    rata_rata: Sequence[float],
    peristiwa: str,
    ditanamkan: float | None = None,
    bahasa: str = "id",
    judul: str | None = None,
    nama: str = "dampak",
) -> PublishedFigure:
    """Draw an event study whose title is the mean effect, not that of the last year.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`ipasn_lib.figures.charts_curves.event_study` takes it.
    rata_rata : sequence of float
        Mean effect and its lower and upper limit (points; limits NaN where unknown).
    peristiwa, bahasa, judul, nama
        As there.
    ditanamkan : float, optional
        The effect that a make-believe panel was made with, to be told.
    """
    effect, low, high = rata_rata
    known = np.isfinite(low) and np.isfinite(high)
    key = "judul_pengaruh" if low > 0 or high < 0 else "judul_pengaruh_nol"
    finding = text(
        key if known else "judul_pengaruh_sendiri",
        bahasa,
        peristiwa=peristiwa,
        poin=difference(effect, 2, bahasa),
        bawah=difference(low, 2, bahasa),
        atas=difference(high, 2, bahasa),
    )
    told = text("subjudul_pengaruh", bahasa)
    if ditanamkan is not None:
        told += " " + text("ditanamkan", bahasa, poin=difference(ditanamkan, 2, bahasa))
    return event_study(
        table, peristiwa=peristiwa, subjudul=told, bahasa=bahasa, judul=judul or finding, nama=nama
    )


def draws_of_dates(
    acak: Sequence[float] | np.ndarray,
    *,
    statistik: float,
    p: float,
    asal: pd.DataFrame,
    ukuran: str = "t",
    subjudul: str = "",
    bahasa: str = "id",
    judul: str | None = None,
    nama: str = "undian",
) -> PublishedFigure:
    """Draw the statistics of dates dealt out by lot, and that of the true dates.

    Parameters
    ----------
    acak : array of float
        Statistics of the deals, as
        :func:`ipasn_lib.analysis.impact.randomisation_test` gives.
    statistik, p : float
        The true one, and its p-value.
    asal : pandas.DataFrame
        A table with the ``sumber_data`` of the panel.
    ukuran : {"t", "efek"}
        What the statistic is: the effect over its standard error, or the effect itself.
    subjudul, bahasa, judul, nama
        As in :func:`adoption_paths`.
    """
    source = provenance(asal, bahasa=bahasa)
    draws = np.asarray(acak, dtype=float)
    if not draws.size or not np.isfinite(draws).all() or not np.isfinite(statistik):
        raise ParameterError("the draws and the statistic must be numbers, at least one draw")
    far = int((np.abs(draws) >= abs(statistik) * (1 - 1e-9)).sum())
    finding = text(
        "judul_undian",
        bahasa,
        jumlah=count(far, bahasa),
        undian=count(len(draws), bahasa),
        p=number(p, 3, bahasa),
    )
    page = sheet(2.75, judul=judul or finding, subjudul=subjudul, asal=source, bahasa=bahasa)
    ax = page.axes()
    if ukuran not in ("t", "efek"):
        raise ParameterError(f"ukuran {ukuran!r}; known: t, efek")
    edge = float(np.ceil(max(np.abs(draws).max(), abs(statistik)) * 1.05))
    x = Scale(-edge, edge, 0.1, page.width - 0.1)
    heights, edges = np.histogram(draws, bins=BINS, range=(-edge, edge))
    tall = 1.9 * heights / heights.max()
    left = x(edges[:-1])
    boxes(ax, left, 2.3 - tall, x(edges[1:]) - left - 0.02, tall, [MUTED])
    rules(ax, 0.0, 2.3, page.width, 2.3, [GRID], 1.0)
    step = 1.0 if edge <= 6 else 2.0 if edge <= 12 else 5.0
    for tick in np.arange(-np.floor(edge / step) * step, edge + 1e-9, step):
        printed = number(tick, 0, bahasa)
        label(ax, float(x(tick)), 2.5, printed, size=SIZE["small"], colour=MUTED, ha="center")
    label(ax, page.width, 2.72, text(f"undian_{ukuran}", bahasa), size=SIZE["small"], ha="right")
    true = float(x(statistik))
    rules(ax, true, 0.15, true, 2.3, [ACCENT], 2.2, zorder=4)
    printed = text("undian_sebenarnya", bahasa, nilai=number(statistik, 2, bahasa))
    after = true + 0.1 + width(printed, SIZE["label"], BOLD) < page.width
    shift, side = (0.1, "left") if after else (-0.1, "right")
    label(ax, true + shift, 0.3, printed, weight=BOLD, colour=ACCENT, ha=side)
    edge_at, align = (0.1, "left") if statistik >= 0 else (page.width - 0.1, "right")
    label(ax, edge_at, 0.3, text("undian_acak", bahasa), colour=MUTED, ha=align)
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)
