"""What the charts have in common: scales, collections of marks, labels that keep apart.

Charts draw in inches on one bare axes. A :class:`Scale` turns a value into inches; marks of one
kind become one collection (a hundred artists cost a hundred times one).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import Numbers
from ipasn_lib.figures.style import (
    GRID,
    INK,
    KATEGORI,
    KATEGORI_COLOURS,
    MUTED,
    NO_DATA,
    SIZE,
    Provenance,
    label,
    on_colour,
    sheet,
)
from ipasn_lib.figures.typeface import MEDIUM, REGULAR, width, wrap
from ipasn_lib.wording import count, number, text, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Scale",
    "boxes",
    "category_colours",
    "category_key",
    "category_strip",
    "dots",
    "edges_of_categories",
    "grid",
    "left_out",
    "levels",
    "nothing_shown",
    "round_limits",
    "round_steps",
    "rules",
    "spread",
]


@dataclass(frozen=True)
class Scale:
    """A straight scale from values to inches on the axes."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: Any) -> Any:  # a number in, a number out; an array, an array
        """Give the place of a value (or array of values) in inches."""
        share = (np.asarray(value, dtype=float) - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)


def round_limits(
    values: Any, *, step: float, low: float = -math.inf, high: float = math.inf
) -> tuple[float, float]:
    """Give limits on whole steps around all values that are there, within ``low``..``high``."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if not known.size:
        return (max(low, 0.0), min(high, 100.0))
    start = math.floor(known.min() / step) * step
    stop = math.ceil(known.max() / step) * step
    if start == stop:
        start, stop = start - step, stop + step
    return (max(low, start), min(high, stop))


def boxes(ax: Axes, x: Any, y: Any, w: Any, h: Any, colours: Any, **style: Any) -> None:
    """Draw rectangles from their top left corners as one collection."""
    from matplotlib.collections import PolyCollection

    x, y, w, h = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(v, dtype=float)) for v in (x, y, w, h))
    )
    corners = np.stack(
        [np.stack([x, x + w, x + w, x], axis=1), np.stack([y, y, y + h, y + h], axis=1)], axis=2
    )
    look: dict[str, Any] = {"edgecolors": "none", "linewidths": 0.0} | style
    ax.add_collection(PolyCollection(list(corners), facecolors=colours, **look), autolim=False)


def rules(
    ax: Axes, x0: Any, y0: Any, x1: Any, y1: Any, colours: Any = GRID, lw: float = 0.8, **style: Any
) -> None:
    """Draw straight lines as one collection."""
    from matplotlib.collections import LineCollection

    ends = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(v, dtype=float)) for v in (x0, y0, x1, y1))
    )
    segments = np.stack(ends, axis=1).reshape(-1, 2, 2)
    lines = LineCollection(list(segments), colors=colours, linewidths=lw, **style)
    ax.add_collection(lines, autolim=False)


def dots(ax: Axes, x: Any, y: Any, colours: Any, size: float = 7.0, **style: Any) -> None:
    """Draw round marks, ``size`` points wide, as one collection."""
    look: dict[str, Any] = {"edgecolors": "white", "linewidths": 0.8, "zorder": 3} | style
    ax.scatter(x, y, s=size**2, c=colours, clip_on=False, **look)


def grid(
    ax: Axes,
    scale: Scale,
    ticks: Sequence[float],
    top: float,
    bottom: float,
    *,
    bahasa: str,
    unit: str = "",
    decimals: int = 0,
    above: bool = True,
    avoid: float | None = None,
) -> None:
    """Draw upright grid lines with their values above (or below) them.

    A value whose print would touch the place ``avoid`` (inches) is left out; its line stays.
    """
    places = scale(list(ticks))
    rules(ax, places, top, places, bottom, GRID, 0.8, zorder=0)
    y = top - 0.07 if above else bottom + 0.17
    for k, (tick, x) in enumerate(zip(ticks, places, strict=True)):
        if avoid is not None and abs(x - avoid) < 0.2:
            continue
        suffix = unit if k == len(ticks) - 1 or unit == "%" else ""
        label(
            ax,
            x,
            y,
            number(tick, decimals, bahasa) + suffix,
            size=SIZE["small"],
            colour=MUTED,
            ha="center",
        )


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> Numbers:
    """Move the centres of labels so that none overlap, each staying near its wanted place.

    Parameters
    ----------
    wanted, sizes : sequence of float
        Centre that each label would like and the room it takes, inches.
    low, high : float
        Where the row of labels must begin and end.

    Notes
    -----
    Labels that touch form a block, and a block sits at the mean of what its labels want (the
    pooling of isotonic regression), so the total squared shift is the least possible.
    """
    want, room = np.asarray(wanted, dtype=float), np.asarray(sizes, dtype=float)
    order = np.argsort(want, kind="stable")
    offset = np.concatenate([[0.0], np.cumsum((room[order][1:] + room[order][:-1]) / 2)])
    blocks: list[list[float]] = []
    for target in want[order] - offset:
        blocks.append([target, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, weight = blocks.pop()
            blocks[-1][0] = (blocks[-1][0] * blocks[-1][1] + mean * weight) / (
                blocks[-1][1] + weight
            )
            blocks[-1][1] += weight
    placed = np.repeat([b[0] for b in blocks], [int(b[1]) for b in blocks])
    if len(placed):
        first, last = order[0], order[-1]
        placed = np.clip(
            placed, low + room[first] / 2, max(low, high - room[last] / 2 - offset[-1])
        )
    out = np.empty(len(want))
    out[order] = placed + offset
    return out


def category_colours(kategori: Sequence[Any]) -> list[str]:
    """Give the colour of each category; grey where there is none.

    Raises
    ------
    ParameterError
        If a category is not one of the five.
    """
    named = {k for k in kategori if pd.notna(k)}
    if unknown := sorted(str(k) for k in named - set(KATEGORI)):
        raise ParameterError(f"unknown categories {unknown}; expected {list(KATEGORI)}")
    return [KATEGORI_COLOURS[k] if pd.notna(k) else NO_DATA for k in kategori]


def category_key(ax: Axes, x: float, y: float, bahasa: str, *, size: float = SIZE["small"]) -> None:
    """Draw one line that names the category colours, empty categories kept."""
    for kategori, colour in KATEGORI_COLOURS.items():
        name = translate(kategori, bahasa)
        boxes(ax, x, y - 0.11, 0.13, 0.13, [colour])
        label(ax, x + 0.18, y, name, size=size, colour=INK)
        x += 0.18 + width(name, size, REGULAR) + 0.2


def edges_of_categories(batas: Sequence[float]) -> None:
    """Insist on four rising edges between the five categories."""
    if len(batas) != len(KATEGORI) - 1 or list(batas) != sorted(set(batas)):
        raise ParameterError(
            f"batas must be {len(KATEGORI) - 1} rising edges between categories, such as "
            "[61, 71, 81, 91]"
        )


def category_strip(
    ax: Axes,
    x: Scale,
    batas: Sequence[float],
    top: float,
    tall: float,
    bahasa: str,
    *,
    named: bool,
) -> None:
    """Draw the five categories as a strip along the scale, with names and edges.

    Names stand in the strip (``named``) or, where something is drawn over it, below.
    """
    places = x([x.low, *batas, x.high])
    boxes(ax, places[:-1], top, np.diff(places), tall, list(KATEGORI_COLOURS.values()))
    size = SIZE["small"]
    for name, left, right in zip(KATEGORI, places[:-1], places[1:], strict=True):
        # a name of two words may stand on two lines where the strip is tall enough
        fitted = wrap(
            translate(name, bahasa),
            right - left - 0.04,
            size,
            MEDIUM,
            lines=2 if tall >= 0.36 else 1,
        )
        colour = on_colour(KATEGORI_COLOURS[name]) if named else INK
        y = top + tall / 2 + 0.05 if named else top + tall + 0.18
        y -= 0.075 * (len(fitted) - 1)
        for k, line in enumerate(fitted):
            label(
                ax,
                (left + right) / 2,
                y + 0.15 * k,
                line,
                size=size,
                ha="center",
                colour=colour,
                weight=MEDIUM,
            )
    below = top + tall + (0.17 if named else 0.36)
    for edge, place in zip([x.low, *batas, x.high], places, strict=True):
        align = "left" if edge == x.low else "right" if edge == x.high else "center"
        label(ax, place, below, number(edge, 0, bahasa), size=size, colour=MUTED, ha=align)


def nothing_shown(
    wilayah: str,
    subjudul: str,
    asal: Provenance,
    *,
    minimum: int,
    judul: str | None,
    bahasa: str,
    nama: str,
    alasan: str | None = None,
) -> PublishedFigure:
    """Give the figure that says that nothing is shown, and why (by default: small groups)."""
    finding = judul or text("judul_tersembunyi", bahasa, wilayah=wilayah)
    page = sheet(
        0.4,
        judul=finding,
        subjudul=subjudul,
        asal=asal,
        catatan=[] if alasan else [text("tersembunyi", bahasa, minimum=minimum)],
        bahasa=bahasa,
    )
    words = alasan or text("semua_tersembunyi", bahasa)
    label(page.axes(), 0.0, 0.25, words, colour=MUTED)
    return PublishedFigure(page.figure, f"{finding}.", nama)


def levels(
    ax: Axes,
    y: Scale,
    ticks: Sequence[float],
    left: float,
    right: float,
    decimals: int,
    bahasa: str,
) -> None:
    """Draw level grid lines with their values at the left."""
    rules(ax, left, y(list(ticks)), right, y(list(ticks)), GRID, 0.8, zorder=0)
    for tick in ticks:
        printed = number(tick, decimals, bahasa)
        at = float(y(tick)) + 0.05
        label(ax, left - 0.1, at, printed, size=SIZE["small"], colour=MUTED, ha="right")


def round_steps(low: float, high: float) -> list[float]:
    """Choose three to eight round grid values within limits."""
    for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0):
        if (high - low) / step <= 7:
            first = np.ceil(low / step - 1e-9) * step
            return [float(v) for v in np.arange(first, high + step * 1e-6, step)]
    return [low, high]


def left_out(known: npt.NDArray[np.bool_], minimum: int, bahasa: str) -> list[str]:
    """Give the notes on rows that are not drawn; none where all are."""
    missing = int((~known).sum())
    if not missing:
        return []
    return [
        text("angka_tersembunyi", bahasa, jumlah=count(missing, bahasa)),
        text("tersembunyi", bahasa, minimum=minimum),
    ]
