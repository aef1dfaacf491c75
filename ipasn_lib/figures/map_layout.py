"""Where things stand on the map of East Java: names, leader lines, insets, and the tile grid.

The geography doesn't change, so the places of its names are drawn by hand, once, and kept as
data: longitude and latitude in degrees. A small kota is named out at sea, at the end of a leader
line; everything else inside its own shape. Only this file knows the province; the drawing beside
it knows none of these numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["FRAME", "INSETS", "NAMES", "NOTES", "TILES", "Inset", "Name"]


@dataclass(frozen=True)
class Name:
    """The place of a name on the map.

    Attributes
    ----------
    lines : tuple of str
        The name as written, line by line.
    lon, lat : float
        Middle of the text; its near end if ``ha`` is "left" or "right".
    ha : str
        "center", "left" or "right".
    line : tuple of pairs, optional
        Leader line: (longitude, latitude) within the shape and beside the name.
    at_sea : bool
        Whether the name stands outside every shape.
    """

    lines: tuple[str, ...]
    lon: float
    lat: float
    ha: str = "center"
    line: tuple[tuple[float, float], tuple[float, float]] | None = None
    at_sea: bool = False


@dataclass(frozen=True)
class Inset:
    """Far islands drawn in a frame of their own.

    Attributes
    ----------
    code : str
        The kabupaten that the islands belong to.
    lines : tuple of str
        Name of the islands and of their kabupaten.
    west, south, east, north : float
        The box, in degrees, whose shapes move into the frame.
    corner : tuple of float
        Upper left corner of the frame on the map, kilometres from the map's origin.
    size : tuple of float
        Width and height of the frame, kilometres on the map.
    offset : tuple of float
        Where the box's middle stands in the frame, kilometres from the frame's middle.
    """

    code: str
    lines: tuple[str, ...]
    west: float
    south: float
    east: float
    north: float
    corner: tuple[float, float]
    size: tuple[float, float]
    offset: tuple[float, float]


def _kota(
    name: str,
    lon: float,
    lat: float,
    ha: str,
    point: tuple[float, float],
    end: tuple[float, float],
) -> Name:
    """Name a kota out at sea, with a leader line from the place to the name."""
    return Name((name,), lon, lat, ha, (point, end), at_sea=True)


FRAME = (-206.0, 216.0, -126.0, 159.0)
"""West, east, south and north edge of the map in kilometres from 112.7 E, 7.7 S."""

INSET_SCALE = 0.62
"""Scale of the insets against the map's."""

NAMES = MappingProxyType(
    {
        "3501": Name(("Pacitan",), 111.12, -8.14),
        "3502": Name(("Ponorogo",), 111.50, -7.93),
        "3503": Name(("Trenggalek",), 111.60, -8.19),
        "3504": Name(("Tulungagung",), 111.855, -8.06),
        "3505": Name(("Blitar",), 112.30, -8.21),
        "3506": Name(("Kediri",), 112.20, -7.79),
        "3507": Name(("Malang",), 112.77, -8.24),
        "3508": Name(("Lumajang",), 113.12, -8.13),
        "3509": Name(("Jember",), 113.62, -8.26),
        "3510": Name(("Banyuwangi",), 114.14, -8.42),
        "3511": Name(("Bondowoso",), 113.91, -7.93),
        "3512": Name(("Situbondo",), 114.105, -7.725),
        "3513": Name(("Probolinggo",), 113.30, -7.90),
        "3514": Name(("Pasuruan",), 112.80, -7.77),
        "3515": Name(("Sidoarjo",), 112.67, -7.50),
        "3516": Name(("Mojokerto",), 112.51, -7.635),
        "3517": Name(("Jombang",), 112.24, -7.54),
        "3518": Name(("Nganjuk",), 111.925, -7.64),
        "3519": Name(("Madiun",), 111.69, -7.54),
        "3520": Name(("Magetan",), 111.325, -7.635),
        "3521": Name(("Ngawi",), 111.37, -7.43),
        "3522": Name(("Bojonegoro",), 111.80, -7.24),
        "3523": Name(("Tuban",), 111.86, -6.95),
        "3524": Name(("Lamongan",), 112.29, -7.12),
        "3525": Name(("Gresik",), 112.54, -6.97),
        "3526": Name(("Bangkalan",), 112.89, -7.02),
        "3527": Name(("Sampang",), 113.265, -7.13),
        "3528": Name(("Pamekasan",), 113.535, -6.82, at_sea=True),
        "3529": Name(("Sumenep",), 113.85, -6.99),
        "3571": _kota("Kota Kediri", 112.10, -8.44, "right", (112.015, -7.84), (112.08, -8.39)),
        "3572": _kota("Kota Blitar", 112.155, -8.44, "left", (112.165, -8.10), (112.175, -8.39)),
        "3573": _kota("Kota Malang", 112.60, -8.60, "center", (112.635, -7.985), (112.61, -8.55)),
        "3574": _kota("Kota Probolinggo", 113.29, -7.61, "left", (113.205, -7.775), (113.3, -7.66)),
        "3575": _kota("Kota Pasuruan", 113.06, -7.51, "left", (112.91, -7.65), (113.04, -7.525)),
        "3576": _kota("Kota Mojokerto", 112.96, -7.41, "left", (112.44, -7.472), (112.94, -7.41)),
        "3577": Name(
            ("Kota", "Madiun"), 111.075, -7.85, "center", ((111.525, -7.63), (111.21, -7.80)), True
        ),
        "3578": _kota("Kota Surabaya", 112.90, -7.31, "left", (112.74, -7.275), (112.88, -7.305)),
        "3579": Name(("Kota", "Batu"), 112.525, -7.83),
    }
)
"""Where each kabupaten/kota is named. A bare name is a kabupaten."""

NOTES = (Name(("Nusa Barung", "(Jember)"), 113.335, -8.605),)
"""Names that belong to no kabupaten/kota of their own."""

INSETS = (
    Inset(
        "3525", ("Bawean", "(Gresik)"), 112.50, -5.90, 112.82, -5.68, (-22.0, 157.0), (46.0, 45.0),
        (0.0, -11.0),
    ),
    Inset(
        "3529", ("Masalembu", "(Sumenep)"), 114.30, -5.66, 114.70, -5.00, (56.0, 157.0),
        (66.0, 45.0), (22.0, 0.0),
    ),
    Inset(
        "3529", ("Kangean (Sumenep)",), 115.10, -7.28, 116.32, -6.40, (126.0, 157.0), (86.0, 45.0),
        (0.0, -7.0),
    ),
)  # fmt: skip

TILES = MappingProxyType(
    {
        # row, column from the north-west; each place stands beside at least one true neighbour
        "3523": (0, 1), "3524": (0, 2), "3525": (0, 3),
        "3526": (0, 5), "3527": (0, 6), "3528": (0, 7), "3529": (0, 8),
        "3521": (1, 0), "3522": (1, 1), "3517": (1, 2), "3576": (1, 3), "3578": (1, 4),
        "3520": (2, 0), "3577": (2, 1), "3518": (2, 2), "3516": (2, 3), "3515": (2, 4),
        "3575": (2, 5), "3574": (2, 6),
        "3502": (3, 0), "3519": (3, 1), "3571": (3, 2), "3506": (3, 3), "3579": (3, 4),
        "3514": (3, 5), "3513": (3, 6), "3511": (3, 7), "3512": (3, 8),
        "3501": (4, 0), "3503": (4, 1), "3504": (4, 2), "3572": (4, 3), "3573": (4, 4),
        "3508": (4, 5), "3509": (4, 6), "3510": (4, 7),
        "3505": (5, 3), "3507": (5, 4),
    }
)  # fmt: skip
"""Row and column of each kabupaten/kota where all are drawn the same size."""

TILE_NAMES = MappingProxyType(
    {
        # names wider than a tile, broken between syllables
        "3503": ("Treng-", "galek"), "3504": ("Tulung-", "agung"), "3510": ("Banyu-", "wangi"),
        "3511": ("Bondo-", "woso"), "3512": ("Situ-", "bondo"), "3513": ("Probo-", "linggo"),
        "3522": ("Bojo-", "negoro"),
        "3524": ("Lamo-", "ngan"), "3526": ("Bang-", "kalan"), "3528": ("Pame-", "kasan"),
        "3574": ("Kota Pro-", "bolinggo"),
    }
)  # fmt: skip
