"""From shapes to paths: projection, simplification, and islands moved into their insets.

Shapes are turned into paths once for each content of the boundary file and kept; a map is then
a handful of collections, not forty artists. Coordinates on the map are kilometres from 112.7 E,
7.7 S in Lambert's azimuthal equal-area projection, so that no place looks larger than it is.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.map_layout import FRAME, INSET_SCALE, INSETS, NAMES

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.path import Path

__all__ = ["Drawing", "as_path", "drawing", "project"]

EARTH = 6371.007  # km, radius of the sphere with the Earth's surface
CENTRE = (112.7, -7.7)

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Drawing:
    """Paths of a boundary file: one compound path a place, one an inset, one coast line."""

    codes: tuple[str, ...]
    places: tuple[Path, ...]
    insets: tuple[Path | None, ...]
    coast: Path


def project(lon: Any, lat: Any) -> tuple[Numbers, Numbers]:
    """Project degrees to kilometres east and north of 112.7 E, 7.7 S (Snyder 1987, eq. 24-2).

    On the sphere: against the ellipsoid the difference over the province is under a kilometre,
    a fiftieth of an inch on the page.
    """
    lam = np.radians(np.asarray(lon, dtype=float) - CENTRE[0])
    phi, zero = np.radians(np.asarray(lat, dtype=float)), np.radians(CENTRE[1])
    cosine = np.sin(zero) * np.sin(phi) + np.cos(zero) * np.cos(phi) * np.cos(lam)
    k = EARTH * np.sqrt(2.0 / (1.0 + cosine))
    north = np.cos(zero) * np.sin(phi) - np.sin(zero) * np.cos(phi) * np.cos(lam)
    return k * np.cos(phi) * np.sin(lam), k * north


def drawing(kabkota: gpd.GeoDataFrame, detail: float) -> Drawing:
    """Turn the shapes into paths, simplified together so that borders still match.

    Parameters
    ----------
    kabkota : geopandas.GeoDataFrame
        Index ``kode_kabkota``, geometry.
    detail : float
        Kilometres; a bend smaller than this is straightened.
    """
    if getattr(kabkota, "crs", None) is None:
        raise ParameterError("the boundaries don't say their CRS; see load_boundaries")
    frame = kabkota if kabkota.crs == 4326 else kabkota.to_crs(4326)
    codes = tuple(str(code) for code in frame.index)
    if len(set(codes)) != len(codes) or not set(codes) <= set(NAMES):
        raise ParameterError(
            "the boundaries must have the index kode_kabkota with codes of East Java, each once"
        )
    return _drawing(codes, tuple(frame.geometry.to_wkb()), detail)


@functools.lru_cache(maxsize=16)
def _drawing(codes: tuple[str, ...], wkb: tuple[bytes, ...], detail: float) -> Drawing:
    import shapely

    degrees = shapely.from_wkb(list(wkb))
    flat = shapely.transform(degrees, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1])))
    flat = shapely.orient_polygons(shapely.coverage_simplify(flat, detail))
    frame = shapely.box(FRAME[0], FRAME[2], FRAME[1], FRAME[3])
    boxes = [_inset_box(k) for k in range(len(INSETS))]
    parts, owner = shapely.get_parts(flat, return_index=True)
    middle = shapely.centroid(parts)
    away = np.zeros(len(parts), dtype=bool)
    insets: list[Path | None] = []
    for inset, box in zip(INSETS, boxes, strict=True):
        mine = shapely.within(middle, box)
        away |= mine
        placed = _into_frame(parts[mine], inset)
        insets.append(as_path(placed) if len(placed) else None)
    home = ~away & shapely.within(parts, frame)
    places = tuple(as_path(parts[home & (owner == k)]) for k in range(len(codes)))
    union = shapely.union_all(parts[home])
    coast = as_path(shapely.get_parts(shapely.orient_polygons(union)))
    return Drawing(codes, places, tuple(insets), coast)


def _inset_box(k: int) -> Any:
    import shapely

    inset = INSETS[k]
    west, south = project(inset.west, inset.south)
    east, north = project(inset.east, inset.north)
    return shapely.box(float(west), float(south), float(east), float(north))


def _into_frame(parts: npt.NDArray[Any], inset: Any) -> npt.NDArray[Any]:
    """Shrink and move islands into their frame; drop what is too small to see or sticks out."""
    import shapely

    kept = parts[shapely.area(parts) > 0.3]
    if not len(kept):
        return kept
    x, y = inset.corner
    w, h = inset.size
    big = shapely.total_bounds(kept[shapely.area(kept) > 5.0])
    old = np.array([(big[0] + big[2]) / 2, (big[1] + big[3]) / 2])
    new = np.array([x + w / 2 + inset.offset[0], y - h / 2 + inset.offset[1]])
    moved = shapely.transform(kept, lambda xy: (xy - old) * INSET_SCALE + new)
    return moved[shapely.within(moved, shapely.box(x, y - h, x + w, y))]


def as_path(parts: npt.NDArray[Any]) -> Path:
    """Join polygons with their holes into one compound path."""
    import shapely
    from matplotlib.path import Path

    corners: list[Numbers] = []
    codes: list[npt.NDArray[np.uint8]] = []
    for polygon in parts:
        for ring in (polygon.exterior, *polygon.interiors):
            xy = shapely.get_coordinates(ring)
            code = np.full(len(xy), Path.LINETO, dtype=np.uint8)
            code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
            corners.append(np.round(xy, 2))
            codes.append(code)
    if not corners:
        return Path(np.empty((0, 2)))
    return Path(np.concatenate(corners), np.concatenate(codes), readonly=True)
