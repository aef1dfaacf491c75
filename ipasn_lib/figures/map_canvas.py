"""The base map as drawn: shapes in their colours, coast, insets, outline and names."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.map_layout import INSETS, NAMES, NOTES, Name
from ipasn_lib.figures.map_paths import Drawing, as_path, project
from ipasn_lib.figures.style import INK, MUTED, NO_DATA, SIZE, label, on_colour
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR, font, width
from ipasn_lib.wording import HIDDEN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

__all__ = ["draw_names", "draw_outline", "draw_shapes", "hatched", "ruled"]

COAST = "#8a97a3"
HIDDEN_INK = "#7b8894"

Numbers = npt.NDArray[np.float64]


def draw_shapes(
    ax: Axes,
    shapes: Drawing,
    fills: Mapping[str, str],
    hidden: frozenset[str],
    missing: frozenset[str],
    *,
    lw: float = 0.7,
    with_insets: bool = True,
) -> None:
    """Draw all places in their colours, hidden ones hatched, those without data ruled."""
    from matplotlib.collections import PathCollection

    items = list(zip(shapes.codes, shapes.places, strict=True))
    if with_insets:
        frames = zip(INSETS, shapes.insets, strict=True)
        items += [(i.code, path) for i, path in frames if path is not None and i.code in fills]
    outer = [shapes.coast, *(path for _, path in items[len(shapes.codes) :])]
    ax.add_collection(
        PathCollection(outer, facecolors="none", edgecolors=COAST, linewidths=lw * 2.4, zorder=1),
        autolim=False,
    )
    plain = [(path, fills[code]) for code, path in items if code not in hidden | missing]
    if plain:
        ax.add_collection(
            PathCollection(
                [path for path, _ in plain],
                facecolors=[colour for _, colour in plain],
                edgecolors="#ffffff",
                linewidths=lw,
                joinstyle="round",
                zorder=2,
            ),
            autolim=False,
        )
    ax.add_collection(hatched([path for code, path in items if code in hidden], lw), autolim=False)
    ax.add_collection(ruled([path for code, path in items if code in missing], lw), autolim=False)
    if with_insets:
        _draw_frames(ax)


def hatched(paths: Sequence[Path], lw: float = 0.7, colour: str = HIDDEN_INK) -> Any:
    """Give the white, diagonally hatched shapes that stand for hidden places."""
    return _patterned(paths, "#ffffff", "//////", colour, lw)


def ruled(paths: Sequence[Path], lw: float = 0.7) -> Any:
    """Give the grey, finely ruled shapes that stand for places without data.

    The white rules tell them from a pale class where the page is printed in grey.
    """
    return _patterned(paths, NO_DATA, "-----", "#ffffff", lw)


def _patterned(paths: Sequence[Path], fill: str, hatch: str, colour: str, lw: float) -> Any:
    from matplotlib.collections import PathCollection

    shapes = PathCollection(
        paths, facecolors=fill, edgecolors="#ffffff", linewidths=lw, hatch=hatch, zorder=2
    )
    shapes.set_hatchcolor(colour)
    shapes.set_hatch_linewidth(0.7)
    return shapes


def _draw_frames(ax: Axes) -> None:
    from matplotlib.collections import PolyCollection

    corners = []
    for inset in INSETS:
        (x, y), (w, h) = inset.corner, inset.size
        corners.append([(x, y), (x + w, y), (x + w, y - h), (x, y - h)])
        for k, line in enumerate(inset.lines):
            drop = (0.175 + 0.165 * k) * per_inch(ax)
            label(ax, x + 3, y - drop, line, size=SIZE["small"], colour=MUTED)
    ax.add_collection(
        PolyCollection(corners, facecolors="none", edgecolors=COAST, linewidths=0.6, zorder=1),
        autolim=False,
    )


def per_inch(ax: Axes) -> float:
    """Kilometres to the inch on these axes."""
    low, high = ax.get_xlim()
    return float((high - low) / (ax.get_position().width * ax.figure.get_size_inches()[0]))  # type: ignore[union-attr]


def draw_outline(ax: Axes, shapes: Drawing, code: str, *, lw: float = 2.0) -> None:
    """Draw a place's border in ink on a white casing, thinner round a small kota."""
    from matplotlib.collections import PathCollection

    if code not in shapes.codes:
        raise ParameterError(f"the boundaries have no kabupaten/kota '{code}'")
    paths = [shapes.places[shapes.codes.index(code)]]
    lw = lw * 0.6 if NAMES[code].line is not None else lw
    for colour, wide in (("#ffffff", lw * 2), (INK, lw)):
        ax.add_collection(
            PathCollection(
                paths,
                facecolors="none",
                edgecolors=colour,
                linewidths=wide,
                joinstyle="round",
                zorder=3,
            ),
            autolim=False,
        )


def draw_names(
    ax: Axes,
    fills: Mapping[str, str],
    hidden: frozenset[str] = frozenset(),
    *,
    bold: str | None = None,
    only: Sequence[str] | None = None,
    beside: Mapping[str, str] | None = None,
) -> None:
    """Write the names: inside a place in ink or white, out at sea in ink with a leader line.

    A hidden place's name is followed by the mark of hidden numbers, others by what ``beside``
    holds for them.
    """
    from matplotlib.collections import LineCollection, PathCollection

    unit = per_inch(ax)
    shown = [c for c in (NAMES if only is None else only) if c in fills]
    lines = [_leader(NAMES[code]) for code in shown if NAMES[code].line is not None]
    if lines:
        for colour, wide in (("#ffffff", 2.4), (INK, 0.8)):
            ax.add_collection(
                LineCollection(lines, colors=colour, linewidths=wide, zorder=4), autolim=False
            )
        xy = np.array([line[0] for line in lines])
        ax.scatter(xy[:, 0], xy[:, 1], s=9, c=INK, edgecolors="#ffffff", linewidths=0.6, zorder=4)
    halos, halo_colours, words = [], [], []
    after = {**(beside or {}), **dict.fromkeys(hidden, HIDDEN)}
    for code in shown:
        name = NAMES[code]
        fill = "#ffffff" if name.at_sea else fills[code]
        weight = BOLD if code == bold else MEDIUM if name.line is None else REGULAR
        if code in hidden or (name.at_sea and code in after):
            name = replace(name, lines=(*name.lines[:-1], f"{name.lines[-1]} {after[code]}"))
        elif code in after:  # within a shape a line of its own runs into no neighbour
            name = replace(name, lines=(*name.lines, after[code]))
        for line, x, y in _lines(name, unit, weight):
            halos.append(_halo(line, weight, round(x, 2), round(y, 2), unit))
            halo_colours.append(fill)
            words.append((line, x, y, weight, INK if name.at_sea else on_colour(fill)))
    if only is None:
        for note in NOTES:
            words += [(line, x, y, REGULAR, MUTED) for line, x, y in _lines(note, unit, REGULAR)]
    if halos:
        ax.add_collection(
            PathCollection(halos, facecolors=halo_colours, edgecolors="none", zorder=5, alpha=0.85),
            autolim=False,
        )
    for line, x, y, weight, colour in words:
        label(ax, x, y, line, size=SIZE["small"], weight=weight, colour=colour, zorder=6)


def _lines(name: Name, unit: float, weight: int) -> list[tuple[str, float, float]]:
    """Left end and baseline of each line of a name, kilometres."""
    x, y = (float(v) for v in project(name.lon, name.lat))
    size = SIZE["small"] / 72.0 * unit
    step = 1.12 * size
    top = y + step * (len(name.lines) - 1) / 2 - 0.36 * size
    out = []
    for k, line in enumerate(name.lines):
        room = width(line, SIZE["small"], weight) * unit
        shift = {"center": room / 2, "left": 0.0, "right": room}[name.ha]
        out.append((line, x - shift, top - k * step))
    return out


def _leader(name: Name) -> Numbers:
    """Give the ends of a leader line, kilometres: two rows of x and y."""
    degrees = np.array(name.line, dtype=float)
    return np.column_stack(project(degrees[:, 0], degrees[:, 1]))


@functools.lru_cache(maxsize=512)
def _halo(line: str, weight: int, x: float, y: float, unit: float) -> Path:
    """Give the outline of a line of text, widened by about a point: what a halo covers."""
    import shapely

    shape = _blob(line, weight)
    size = SIZE["small"] / 72.0 * unit
    moved = shapely.transform(shape, lambda xy: xy * size + np.array([x, y]))
    return as_path(shapely.get_parts(moved))


@functools.lru_cache(maxsize=256)
def _blob(line: str, weight: int) -> Any:
    import shapely
    from matplotlib.textpath import TextPath

    outline = TextPath((0, 0), line, size=100, prop=font(weight, 100.0))
    loops = [np.asarray(loop, dtype=float) for loop in outline.to_polygons()]
    rings = [shapely.Polygon(loop) for loop in loops if len(loop) > 3]
    wide = shapely.union_all([ring.buffer(14, quad_segs=3) for ring in rings]).simplify(3.0)
    filled = [shapely.Polygon(part.exterior) for part in shapely.get_parts(wide)]
    return shapely.transform(shapely.MultiPolygon(filled), lambda xy: xy / 100.0)
