"""The boundaries of East Java's 38 kabupaten/kota: ours, or a better file of the user's own.

The file that ships is geoBoundaries gbOpen IDN ADM2 (BPS, World Food Programme, OCHA; 2020;
CC BY 3.0 IGO), simplified: right for a map on a page, not for measuring. Areas come from the
register, never from polygons. geopandas is imported when a boundary is first asked for, so that
reading people's records doesn't pay for it.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ipasn_lib.errors import DataError
from ipasn_lib.records.regions import REFERENCE, load_kabkota, load_neighbours

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["CREDIT", "load_boundaries"]

CREDIT = "Batas wilayah: geoBoundaries (BPS/WFP/OCHA, 2020), CC BY 3.0 IGO; disederhanakan."
"""The credit that the licence asks for on every map drawn with the file that ships."""

SUFFIXES = (".geojson", ".json", ".topojson", ".parquet", ".geoparquet", ".shp", ".zip")
MAX_BYTES = 200_000_000

# What the sources of boundary files call the code column: ours, BPS's and OCHA's COD-AB.
CODE_COLUMNS = ("kode_kabkota", "kode_bps", "idkab", "kdpkab", "adm2_pcode", "shapeid")


def load_boundaries(path: Path | None = None) -> gpd.GeoDataFrame:
    """Return the shapes of the 38 kabupaten/kota with the facts of the register.

    Parameters
    ----------
    path : pathlib.Path, optional
        A boundary file of the user's own: GeoJSON, TopoJSON, GeoParquet or Shapefile (.shp, or
        zipped), with a CRS (GeoJSON and TopoJSON are EPSG:4326) and a column that holds the BPS
        or Kemendagri code: ``kode_kabkota``, ``kode_bps``, ``idkab``, ``kdpkab`` or OCHA's
        ``ADM2_PCODE`` ("ID3578"). Other provinces' rows are left out. None: the file that ships.

    Returns
    -------
    geopandas.GeoDataFrame
        Index ``kode_kabkota``; the columns of `ipasn_lib.records.regions.load_kabkota` and
        ``geometry`` (Polygon or MultiPolygon, EPSG:4326). 38 rows in the register's order.
        A copy each time.

    Raises
    ------
    DataError
        If the file can't be read or breaks a fact; the message and ``problems`` list all of
        them: the 38 codes, each once; valid shapes; a valid coverage (no gaps that split a
        border, no overlap: neighbours share their vertices exactly); the 69 known land borders.
        Which shapes touch decides every spatial statistic, so nothing is repaired in silence.

    Notes
    -----
    The file that ships: about 1:1,500,000, 3,435 vertices; against the official area small kota
    are off by up to 5 %, Kota Madiun by 8 %. It is made by ``data/reference/build_boundaries.py``.
    """
    if path is None:
        return _shipped().copy()
    import geopandas as gpd

    file = Path(path)
    raw = _read(file)
    codes = _codes(raw, file)
    ours = codes.str.startswith("35") & codes.str.fullmatch(r"\d{4}")
    shapes = gpd.GeoSeries(raw.geometry[ours].to_numpy(), index=codes[ours], crs=raw.crs)
    problems = _problems(shapes)
    if problems:
        table = pd.DataFrame(problems, columns=["aturan", "jumlah", "harapan"])
        table.insert(0, "berkas", file.name)
        table.insert(1, "kolom", "geometry")
        table.insert(4, "baris", "")
        listed = "; ".join(
            f"{rule}: {count} (expected {wanted})" for rule, count, wanted in problems
        )
        raise DataError(f"{file.name} is not a boundary file of East Java: {listed}", table)
    return _with_register(shapes.to_crs(4326))


@functools.cache
def _shipped() -> gpd.GeoDataFrame:
    """Read the file that ships; a test holds it to the checks, so they aren't run each time."""
    import geopandas as gpd
    import shapely

    features = json.loads((REFERENCE / "batas_kabkota.geojson").read_text("utf-8"))["features"]
    codes = [feature["properties"]["kode_kabkota"] for feature in features]
    geometries = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    return _with_register(gpd.GeoSeries(geometries, index=codes, crs=4326))


def _with_register(shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    import geopandas as gpd

    register = load_kabkota()
    return gpd.GeoDataFrame(register, geometry=shapes.reindex(register.index).to_numpy(), crs=4326)


def _read(file: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    if file.suffix.lower() not in SUFFIXES:
        raise DataError(
            f"{file.name}: boundary files end with {', '.join(SUFFIXES)}; got '{file.suffix}'"
        )
    if not file.is_file():
        raise DataError(f"{file.name}: there is no such file")
    if file.stat().st_size > MAX_BYTES:
        raise DataError(f"{file.name}: larger than {MAX_BYTES:,} bytes; simplify it first")
    parquet = file.suffix.lower() in (".parquet", ".geoparquet")
    try:
        frame = gpd.read_parquet(file) if parquet else gpd.read_file(file)
    # the readers raise a dozen kinds of error, from GDAL's, Arrow's and their own families
    except Exception as error:
        raise DataError(f"{file.name} can't be read as a map: {error}") from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DataError(f"{file.name} holds a table without shapes")
    if frame.crs is None:
        if file.suffix.lower() not in (".json", ".topojson", ".geojson"):
            raise DataError(f"{file.name} doesn't say its CRS; a Shapefile needs its .prj file")
        frame = frame.set_crs(4326)
    return frame


def _codes(raw: gpd.GeoDataFrame, file: Path) -> pd.Series[str]:
    by_name = {str(name).lower(): name for name in raw.columns}
    for wanted in CODE_COLUMNS:
        if wanted in by_name:
            text = raw[by_name[wanted]].astype("string").fillna("")
            return text.str.strip().str.removeprefix("ID").str.replace(".", "", regex=False)
    raise DataError(
        f"{file.name} has no column with the code of the kabupaten/kota; expected one of "
        f"{', '.join(CODE_COLUMNS)}; found {', '.join(str(name) for name in raw.columns)}"
    )


def _problems(shapes: gpd.GeoSeries) -> list[tuple[str, int, str]]:
    """All that is wrong with the shapes: (rule, how many, what was expected)."""
    import shapely

    known = set(load_kabkota().index)
    found: list[tuple[str, int, str]] = []

    def report(rule: str, items: Any, wanted: str) -> None:
        names = sorted(items)
        if names:
            shown = ", ".join(str(n) for n in names[:8]) + (" ..." if len(names) > 8 else "")
            found.append((f"{rule} ({shown})", len(names), wanted))

    codes = list(shapes.index)
    report("codes missing", known - set(codes), "the 38 BPS codes, each once")
    report("codes unknown", set(codes) - known, "the 38 BPS codes, each once")
    report("codes twice", {c for c in codes if codes.count(c) > 1}, "the 38 BPS codes, each once")
    array = shapes.to_numpy()
    areal = shapely.get_type_id(array)
    bad = [c for c, kind in zip(codes, areal, strict=True) if kind not in (3, 6)]
    report("not areas", bad, "Polygon or MultiPolygon")
    empty = shapely.is_empty(array) | ~shapely.is_valid(array)
    report("invalid shapes", [c for c, e in zip(codes, empty, strict=True) if e], "valid shapes")
    if found:
        return found  # the questions below have no answer without whole shapes
    if not shapely.coverage_is_valid(array):
        edges = shapely.coverage_invalid_edges(array)
        torn = [c for c, e in zip(codes, edges, strict=True) if not shapely.is_empty(e)]
        report("borders that overlap or don't match", torn, "neighbours share every vertex")
    left, right = shapely.STRtree(array).query(array, predicate="intersects")
    pairs = {(codes[a], codes[b]) for a, b in zip(left, right, strict=True) if codes[a] < codes[b]}
    land = load_neighbours(bridge=False)
    expected = set(zip(land["kode_a"], land["kode_b"], strict=True))
    report("borders missing", {f"{a}-{b}" for a, b in expected - pairs}, "the 69 land borders")
    report("borders unknown", {f"{a}-{b}" for a, b in pairs - expected}, "the 69 land borders")
    return found
