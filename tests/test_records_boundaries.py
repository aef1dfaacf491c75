"""The boundary file that ships, its provenance, and what is refused of a user's own file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely.affinity import scale, translate

from ipasn_lib.errors import DataError
from ipasn_lib.records.boundaries import CREDIT, load_boundaries
from ipasn_lib.records.regions import REFERENCE, load_kabkota, load_neighbours

ROOT = Path(__file__).resolve().parents[1]
LAEA = "+proj=laea +lat_0=-7.7 +lon_0=112.7 +datum=WGS84 +units=m"


def test_the_shipped_file_passes_the_checks_asked_of_any_other() -> None:
    shipped = load_boundaries()
    read = load_boundaries(REFERENCE / "batas_kabkota.geojson")
    assert shapely.equals_exact(
        shapely.normalize(shipped.geometry.to_numpy()), shapely.normalize(read.geometry.to_numpy())
    ).all()


def test_the_shipped_file_is_whole() -> None:
    shapes = load_boundaries()
    assert shapes.crs == 4326
    assert list(shapes.columns) == [*load_kabkota().columns, "geometry"]
    assert list(shapes.index) == list(load_kabkota().index)
    array = shapes.geometry.to_numpy()
    assert shapely.is_valid(array).all()
    assert shapely.coverage_is_valid(array)
    assert int(shapely.get_num_coordinates(array).sum()) == 3_435
    west, south, east, north = shapes.total_bounds
    assert 110.8 < west < 111.0
    assert -8.9 < south < -8.7
    assert 116.0 < east < 116.4
    assert -5.2 < north < -5.0


def test_the_shipped_borders_are_the_69_land_borders() -> None:
    shapes = load_boundaries()
    array = shapes.geometry.to_numpy()
    touching = {
        (a, b)
        for i, a in enumerate(shapes.index)
        for j, b in enumerate(shapes.index)
        if i < j and array[i].touches(array[j])
    }
    land = load_neighbours(bridge=False)
    assert touching == set(zip(land["kode_a"], land["kode_b"], strict=True))


def test_areas_of_the_shipped_file_are_near_the_official_ones() -> None:
    # Kota Madiun is off by 8 %, the others by about 5 % at most; a swapped name by far more
    shapes = load_boundaries()
    area = shapes.to_crs(LAEA).area / 1e6
    ratio = area / shapes["luas_km2"]
    assert ratio.drop("3577").between(0.945, 1.055).all()
    assert ratio["3577"] == pytest.approx(0.92, abs=0.005)
    assert area.sum() == pytest.approx(48_055.876, rel=0.001)


def test_boundaries_are_a_copy() -> None:
    mine = load_boundaries()
    mine.loc["3578", "label"] = "changed"
    assert load_boundaries().loc["3578", "label"] == "Kota Surabaya"


def test_readme_names_the_checksum_of_each_file() -> None:
    readme = (ROOT / "data" / "reference" / "README.md").read_text("utf-8")
    for path in sorted(REFERENCE.iterdir()):
        if path.suffix in (".csv", ".geojson"):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert f"`{path.name}`" in readme
            assert digest in readme, path.name


def test_credit_is_the_one_that_figures_print() -> None:
    from ipasn_lib.figures import map_table

    assert CREDIT == map_table.CREDIT
    assert "geoBoundaries" in CREDIT
    assert "CC BY 3.0 IGO" in CREDIT


def test_reading_the_register_does_not_import_geopandas() -> None:
    code = (
        "import sys, ipasn_lib.records.boundaries as b; from ipasn_lib.records.regions import *;"
        "load_kabkota(); sys.exit('geopandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def own_file(folder: Path, kind: str, shapes: gpd.GeoDataFrame) -> Path:
    path = folder / f"batas.{kind}"
    if kind == "parquet":
        shapes.to_parquet(path)
    else:
        shapes.to_file(path)
    return path


def cod_ab() -> gpd.GeoDataFrame:
    """Our shapes in the dress of OCHA's files, with a place of another province."""
    ours = load_boundaries()
    codes = [f"ID{code}" for code in ours.index]
    away = translate(ours.geometry.iloc[0], xoff=-3.0)
    return gpd.GeoDataFrame(
        {"ADM2_PCODE": [*codes, "ID3301"]}, geometry=[*ours.geometry, away], crs=4326
    )


@pytest.mark.parametrize("kind", ["geojson", "shp", "parquet"])
def test_a_users_own_file_is_read(tmp_path: Path, kind: str) -> None:
    read = load_boundaries(own_file(tmp_path, kind, cod_ab()))
    assert list(read.index) == list(load_kabkota().index)
    assert read.loc["3578", "label"] == "Kota Surabaya"


def test_a_topojson_is_read(tmp_path: Path) -> None:
    # two squares are no province, but the reader must get as far as saying so
    path = tmp_path / "batas.topojson"
    path.write_text(
        '{"type":"Topology","objects":{"a":{"type":"GeometryCollection","geometries":['
        '{"type":"Polygon","arcs":[[0]],"properties":{"kode_kabkota":"3578"}}]}},'
        '"arcs":[[[112,-7],[113,-7],[113,-8],[112,-7]]]}',
        encoding="utf-8",
    )
    with pytest.raises(DataError, match="codes missing") as error:
        load_boundaries(path)
    assert error.value.problems is not None
    assert error.value.problems["jumlah"].tolist() == [37]


def test_a_projected_file_is_brought_to_degrees(tmp_path: Path) -> None:
    flat = cod_ab().to_crs(32749)
    path = own_file(tmp_path, "parquet", flat)
    read = load_boundaries(path)
    assert read.crs == 4326
    assert (
        read.geometry.iloc[0].centroid.distance(load_boundaries().geometry.iloc[0].centroid) < 1e-5
    )


def broken(name: str) -> gpd.GeoDataFrame:
    shapes = cod_ab().iloc[:38].copy()
    row = shapes.index[shapes["ADM2_PCODE"] == "ID3529"][0]
    geometry = shapes.geometry.to_list()
    if name == "missing":
        return shapes.drop(index=row)
    if name == "twice":
        return gpd.GeoDataFrame(shapes.iloc[[*range(38), 5]], crs=4326)
    if name == "unknown":
        shapes.loc[row, "ADM2_PCODE"] = "ID3599"
        return shapes
    if name == "overlap":
        geometry[7] = scale(geometry[7], 1.05, 1.05)
    if name == "border":
        geometry[row] = translate(geometry[row], yoff=3.0)
    if name == "invalid":
        geometry[row] = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    return shapes.set_geometry(gpd.GeoSeries(geometry, index=shapes.index, crs=4326))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", r"codes missing \(3529\)"),
        ("twice", r"codes twice \(3506\)"),
        ("unknown", r"codes unknown \(3599\)"),
        ("overlap", "borders that overlap or don't match"),
        ("border", r"borders missing \(3528-3529\)"),
        ("invalid", r"invalid shapes \(3529\)"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(tmp_path: Path, name: str, message: str) -> None:
    path = own_file(tmp_path, "parquet", broken(name))
    with pytest.raises(DataError, match=message):
        load_boundaries(path)


def test_files_that_are_no_maps_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        load_boundaries(tmp_path / "none.geojson")
    with pytest.raises(DataError, match="boundary files end with"):
        load_boundaries(tmp_path / "map.csv")
    junk = tmp_path / "junk.geojson"
    junk.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"can't be read as a map|has no column"):
        load_boundaries(junk)
    bare = own_file(tmp_path, "geojson", cod_ab().rename(columns={"ADM2_PCODE": "x"}))
    with pytest.raises(DataError, match="no column with the code"):
        load_boundaries(bare)
