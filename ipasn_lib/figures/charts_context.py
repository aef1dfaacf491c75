"""Charts of published figures about whole countries, for context; never on one axis with ours."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import Scale, dots, levels, round_limits, round_steps, rules, spread
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import numeric, words
from ipasn_lib.figures.style import GRID, MUTED, PLACE, SIZE, label, provenance, sheet
from ipasn_lib.figures.typeface import BOLD, REGULAR
from ipasn_lib.wording import join, number, text, translate

__all__ = ["country_paths", "country_ranges"]

QUIET = "#aab3bb"


def country_paths(
    table: pd.DataFrame,
    *,
    sorot: str = "IDN",
    subjudul: str = "",
    bahasa: str = "id",
    judul: str | None = None,
    nama: str = "wgi_jalur",
) -> PublishedFigure:
    """Draw a published figure of countries over the years, one of them in front.

    Parameters
    ----------
    table : pandas.DataFrame
        ``kode_negara``, ``negara``, ``tahun``, ``nilai``, ``sumber_data``, as
        :func:`ipasn_lib.records.context.load_wgi` gives: one edition, one measure.
    sorot : str
        Code of the country in front.
    subjudul, bahasa, judul, nama
        As in :func:`ipasn_lib.figures.charts_compare.dumbbell`.
    """
    asal = provenance(table, bahasa=bahasa)
    code = np.array(words(table, "kode_negara"))
    told = [translate(country, bahasa) for country in words(table, "negara")]
    names = dict(zip(code, told, strict=True))
    if sorot not in names:
        raise ParameterError(f"no country {sorot!r}; known: {', '.join(sorted(names))}")
    when, value = numeric(table, "tahun"), numeric(table, "nilai")
    mine = code == sorot
    first, last = (int(k) for k in (when[mine].argmin(), when[mine].argmax()))
    finding = text(
        "judul_negara",
        bahasa,
        negara=names[sorot],
        awal=number(value[mine][first], 1, bahasa),
        tahun_awal=int(when[mine][first]),
        akhir=number(value[mine][last], 1, bahasa),
        tahun_akhir=int(when[mine][last]),
    )
    page = sheet(3.7, judul=judul or finding, subjudul=subjudul, asal=asal, bahasa=bahasa)
    ax = page.axes()
    x = Scale(float(when.min()), float(when.max()), 0.5, page.width - 1.75)
    low, high = round_limits(value, step=20.0, low=0.0, high=100.0)
    y = Scale(low, high, 3.35, 0.15)
    levels(ax, y, round_steps(low, high), 0.4, x.stop, 0, bahasa)
    ends = []
    for one in sorted(names, key=lambda c: c == sorot):
        rows = code == one
        front = one == sorot
        colour, heavy = (PLACE, 3.0) if front else (QUIET, 1.3)
        order = np.argsort(when[rows])
        at, up = x(when[rows][order]), y(value[rows][order])
        ax.plot(at, up, color=colour, linewidth=heavy, zorder=3 if front else 1)
        dots(ax, at, up, [colour] * len(at), size=7 if front else 4.5, zorder=4 if front else 2)
        ends.append((float(up[-1]), float(value[rows][order][-1]), one, front))
    places = spread([e[0] for e in ends], [0.19] * len(ends), 0.05, 3.45)
    for (_, figure, one, front), place in zip(ends, places, strict=True):
        printed = f"{names[one]} {number(figure, 1, bahasa)}"
        look = {"weight": BOLD, "colour": PLACE} if front else {"weight": REGULAR, "colour": MUTED}
        label(ax, x.stop + 0.12, place + 0.05, printed, size=SIZE["small"], **look)  # type: ignore[arg-type]
    room = np.inf
    for tick in sorted({int(t) for t in when[mine]}, reverse=True):
        at = float(x(tick))
        if room - at > 0.5:  # years stand as close as they were taken over; not every one fits
            label(ax, at, 3.62, str(tick), size=SIZE["small"], colour=MUTED, ha="center")
            room = at
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)


def country_ranges(
    table: pd.DataFrame,
    *,
    sorot: str = "IDN",
    subjudul: str = "",
    bahasa: str = "id",
    judul: str | None = None,
    nama: str = "wgi_rentang",
) -> PublishedFigure:
    """Draw a published figure of countries in one year with its 90 % ranges.

    Parameters
    ----------
    table : pandas.DataFrame
        As in :func:`country_paths`, one year, with ``batas_bawah_90`` and ``batas_atas_90``.
    sorot, subjudul, bahasa, judul, nama
        As in :func:`country_paths`. The title names the countries whose range meets that of
        ``sorot``: of those neither "higher" nor "lower" may be said.
    """
    asal = provenance(table, bahasa=bahasa)
    code = words(table, "kode_negara")
    names = [translate(country, bahasa) for country in words(table, "negara")]
    if sorot not in code or len(set(code)) < len(code):
        raise ParameterError(f"each country once, {sorot!r} among them; found {', '.join(code)}")
    value, low, high = (numeric(table, c) for c in ("nilai", "batas_bawah_90", "batas_atas_90"))
    mine = code.index(sorot)
    order = [int(k) for k in np.argsort(-value, kind="stable")]
    meets = [k for k in order if k != mine and low[k] <= high[mine] and high[k] >= low[mine]]
    finding = text(
        "judul_negara_rentang" if meets else "judul_negara_rentang_sendiri",
        bahasa,
        negara=names[mine],
        lain=join([names[k] for k in meets], bahasa),
    )
    pitch = 0.32
    page = sheet(
        0.35 + pitch * len(order), judul=judul or finding, subjudul=subjudul, asal=asal,
        bahasa=bahasa,
    )  # fmt: skip
    ax = page.axes()
    x = Scale(0.0, 100.0, 1.4, page.width - 0.65)
    ticks = np.arange(0.0, 100.1, 20.0)
    rules(ax, x(ticks), 0.25, x(ticks), page.height, GRID, 0.8, zorder=0)
    for tick in ticks:
        printed = number(tick, 0, bahasa)
        label(ax, float(x(tick)), 0.18, printed, size=SIZE["small"], colour=MUTED, ha="center")
    for row, k in enumerate(order):
        y = 0.35 + pitch * (row + 0.45)
        colour, heavy = (PLACE, BOLD) if k == mine else (MUTED, REGULAR)
        label(ax, 0.0, y + 0.05, names[k], weight=heavy)
        if np.isfinite(low[k]) and np.isfinite(high[k]):
            rules(ax, x(low[k]), y, x(high[k]), y, [colour], 2.4, zorder=2)
        dots(ax, [float(x(value[k]))], [y], [colour], size=9)
        label(ax, page.width, y + 0.05, number(value[k], 1, bahasa), weight=heavy, ha="right")
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)
