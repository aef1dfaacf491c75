"""How places are spread on each dimension: one strip a row, darker towards the middle."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import Scale, boxes, dots, grid, nothing_shown, round_limits, rules
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.style import (
    DIMENSION_COLOURS,
    INK,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import MEDIUM
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import percent, text

__all__ = ["QUANTILES", "quantile_strip"]

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Columns of the table: the ends, the middle eight tenths, the middle half, the median."""

PITCH = 0.5


def quantile_strip(
    table: pd.DataFrame,
    *,
    wilayah: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "sebaran_daerah",
) -> PublishedFigure:
    """Draw the spread of places on the index and each dimension, as shares of the maximum.

    The thin line runs from the lowest place to the highest, the pale strip over the middle eight
    tenths, the dark one over the middle half; the dot is the median place.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``indeks`` and dimensions; columns :data:`QUANTILES` (shares 0-1, not falling along
        a row; NA throughout where hidden), as
        :func:`ipasn_lib.analysis.distribution.spread_over_places` makes it.
    wilayah, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_index.distribution`.
    """
    known = {"indeks", *DIMENSION_COLOURS}
    if unknown := sorted(set(map(str, table.index)) - known):
        raise ParameterError(f"unknown rows {unknown}; expected {sorted(known)}")
    if missing := [q for q in QUANTILES if q not in table]:
        raise ParameterError(f"the table lacks the quantiles {missing}")
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    at = table[list(QUANTILES)].to_numpy(dtype=float, na_value=np.nan)
    shown = np.isfinite(at).all(axis=1)
    subjudul = text("subjudul_kuantil", bahasa, wilayah=wilayah)
    if not shown.any():
        return nothing_shown(
            wilayah, subjudul, asal, minimum=minimum, judul=judul, bahasa=bahasa, nama=nama
        )
    if (np.diff(at[shown], axis=1) < -1e-12).any():
        raise ParameterError("quantiles fall along a row")
    names, at = [str(table.index[int(k)]) for k in np.flatnonzero(shown)], at[shown]
    wide = at[:, 4] - at[:, 2]
    of_dimension = [k for k, name in enumerate(names) if name != "indeks"] or [0]
    most = max(of_dimension, key=lambda k: wide[k])
    finding = text(
        "judul_kuantil",
        bahasa,
        dimensi=text(names[most], bahasa).lower(),
        bawah=percent(at[most, 2], 0, bahasa),
        atas=percent(at[most, 4], 0, bahasa),
    )
    page = sheet(
        0.3 + PITCH * len(names),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        bahasa=bahasa,
    )
    ax = page.axes()
    low, high = round_limits(100 * at, step=10.0, low=0.0, high=100.0)
    x = Scale(low, high, 1.35, page.width - 0.75)
    ticks = [float(t) for t in np.arange(low, high + 0.1, 10.0 if high - low <= 60 else 20.0)]
    grid(ax, x, ticks, 0.28, page.height, bahasa=bahasa, unit="%")
    for k, name in enumerate(names):
        middle = 0.3 + PITCH * (k + 0.5)
        colour = DIMENSION_COLOURS.get(name, PLACE)
        ends, tenths, halves = (x(100 * at[k, [i, -1 - i]]) for i in range(3))
        label(ax, 0.0, middle + 0.06, text(names[k], bahasa), weight=MEDIUM)
        rules(ax, ends[0], middle, ends[1], middle, colour, 1.2, zorder=2)
        boxes(ax, tenths[0], middle - 0.09, np.diff(tenths), 0.18, [colour], alpha=0.4, zorder=3)
        boxes(ax, halves[0], middle - 0.13, np.diff(halves), 0.26, [colour], zorder=4)
        dots(ax, [float(x(100 * at[k, 3]))], [middle], ["white"], size=7, edgecolors=INK, zorder=5)
        median = percent(at[k, 3], 0, bahasa)
        label(ax, page.width, middle + 0.06, median, size=SIZE["label"], weight=MEDIUM, ha="right")
    return PublishedFigure(page.figure, text("alt_umum", bahasa, temuan=finding, isi=wilayah), nama)
