"""The province as SVG paths, for a page that draws its own map with links in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipasn_lib.figures.map_layout import FRAME, INSETS
from ipasn_lib.figures.map_paths import drawing

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.path import Path

__all__ = ["MapShapes", "map_shapes"]

DETAIL = 0.6
"""Simplification in kilometres: fine enough for a page, a third of the bytes."""

CLOSE, MOVE = 79, 1
"""Codes of matplotlib's paths: close the polygon, start a new one."""


@dataclass(frozen=True)
class MapShapes:
    """Outlines of the places in one coordinate system.

    Attributes
    ----------
    shapes : dict of str to str
        ``kode_kabkota`` to SVG path data; cities after the regencies around them, so that they
        lie on top. Far islands are moved into their frames.
    viewbox : str
        ``"min-x min-y width height"``.
    frames : tuple of (x, y, width, height)
        The frames around the moved islands.
    """

    shapes: dict[str, str]
    viewbox: str
    frames: tuple[tuple[float, float, float, float], ...]


def map_shapes(kabkota: gpd.GeoDataFrame) -> MapShapes:
    """Give the outlines of the places as SVG paths.

    Parameters
    ----------
    kabkota : geopandas.GeoDataFrame
        Boundaries from ``load_boundaries``.
    """
    drawn = drawing(kabkota, DETAIL)
    shapes = {code: _path_data(p) for code, p in zip(drawn.codes, drawn.places, strict=True)}
    for inset, path in zip(INSETS, drawn.insets, strict=True):
        if path is not None:
            shapes[inset.code] += _path_data(path)
    left, right, bottom, top = FRAME
    return MapShapes(
        shapes=shapes,
        viewbox=f"{left:g} {-top:g} {right - left:g} {top - bottom:g}",
        frames=tuple((i.corner[0], -i.corner[1], *i.size) for i in INSETS),
    )


def _path_data(path: Path) -> str:
    """Write a path with SVG's letters; SVG counts downwards, maps upwards."""
    parts = []
    for point, code in path.iter_segments(curves=False, simplify=False):
        if code == CLOSE:
            parts.append("Z")
        else:
            parts.append(f"{'M' if code == MOVE else 'L'}{point[0]:.1f},{-point[1]:.1f}")
    return "".join(parts)
