"""The Data Package made from an executed notebook."""

from __future__ import annotations

import copy
import csv
import hashlib
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import frictionless
import openpyxl
import pytest
import reports_demo as demo

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.opendata import LICENCES, export_package
from ipasn_lib.reports.xlsx import export_xlsx

# What the specification (datapackage.org/standard, version 2) says of each type and property.
FIELD_TYPES = {"string", "number", "integer", "boolean", "date", "year", "any"}
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def package(nb: Any = None, **options: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    files = export_package(nb or demo.demo(), judul="IP ASN", **options)
    return json.loads(files["datapackage.json"]), files


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def assert_valid(described: dict[str, Any], files: dict[str, bytes]) -> None:
    """The rules of the Data Package, Data Resource and Table Schema standards, and the data."""
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert NAME.fullmatch(described["name"])
    assert described["resources"]
    for licence in described["licenses"]:
        assert licence.get("name") or licence.get("path")
    for source in described.get("sources", []):
        assert source["title"]
    names = [resource["name"] for resource in described["resources"]]
    assert len(set(names)) == len(names)
    assert {f"{name}.csv" for name in names} | {"datapackage.json"} == set(files)
    for resource in described["resources"]:
        assert "data" not in resource
        path = resource["path"]
        assert not re.match(r"[./~]|\w+:", path)
        assert ".." not in path
        content = files[path]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        schema = resource["schema"]
        fields = schema["fields"]
        head, *rows = rows_of(content)
        assert head == [field["name"] for field in fields]
        assert len(set(head)) == len(head)
        assert all(field["type"] in FIELD_TYPES for field in fields)
        missing = {entry["value"] for entry in schema["missingValues"]}
        for row in rows:
            assert len(row) == len(fields)
            for value, field in zip(row, fields, strict=True):
                if value in missing:
                    continue
                if field["type"] == "integer":
                    assert re.fullmatch(r"-?\d+", value)
                if field["type"] == "number":
                    number = float(value)
                    limits = field.get("constraints", {})
                    assert limits.get("minimum", number) <= number <= limits.get("maximum", number)
                if enum := field.get("constraints", {}).get("enum"):
                    assert value in enum
        for key in schema.get("primaryKey", []):
            column = [row[head.index(key)] for row in rows]
            assert key in head
            assert len(set(column)) == len(column)
            assert not missing & set(column)


def test_package_follows_the_standard() -> None:
    assert_valid(*package())


def test_package_holds_the_numbers_of_the_workbook() -> None:
    _, files = package()
    head, *rows = rows_of(files["unit_kerja.csv"])
    numbers = Counter(
        float(value)
        for row in rows
        for value, name in zip(row, head, strict=True)
        if name not in ("unit_kerja", "kategori", "keterangan") and value not in ("", "*)")
    )
    book = openpyxl.load_workbook(io.BytesIO(export_xlsx(demo.demo(), judul="x")))
    stored = [c.value for r in book["Unit kerja"] for c in r if isinstance(c.value, int | float)]
    assert numbers == Counter(map(float, stored))
    assert len(numbers) > 20


def test_hidden_and_missing_are_told_apart() -> None:
    table = demo.table_json([["A", {"tersembunyi": True}, None, *[1] * 6, "Sedang"]])
    described, files = package(demo.notebook(demo.code("t", demo.table_output(table))))
    row = rows_of(files["unit_kerja.csv"])[1]
    assert row[1:3] == ["*)", ""]
    labels = {e["value"]: e["label"] for e in described["resources"][0]["schema"]["missingValues"]}
    assert "disembunyikan" in labels["*)"]
    assert labels[""] == "tidak tersedia"


def test_make_believe_is_said_in_each_row_and_in_the_description() -> None:
    described, files = package()
    assert described["title"].startswith("DATA SINTETIS")
    assert described["description"].startswith("DATA SINTETIS")
    head, *rows = rows_of(files["unit_kerja.csv"])
    assert head[-1] == "keterangan"
    assert all(row[-1] == "DATA SINTETIS" for row in rows)
    table = demo.table_json(sintetis=False, sumber="SIASN")
    real = demo.notebook(demo.code("t", demo.output({demo.TABLE_MIME: table})))
    described, files = package(real)
    assert "SINTETIS" not in b"".join(files.values()).decode()


def test_codebook_explains_each_column_with_its_unit() -> None:
    described, files = package()
    head, *rows = rows_of(files["kodebuku.csv"])
    told = {(row[0], row[1]): dict(zip(head, row, strict=True)) for row in rows}
    for resource in described["resources"]:
        if resource["name"] != "kodebuku":
            for field in resource["schema"]["fields"]:
                assert told[resource["name"], field["name"]]["judul"] == field["title"]
    assert told["unit_kerja", "indeks"]["satuan"] == "poin"
    assert told["unit_kerja", "partisipasi"]["satuan"] == "bagian (0-1)"
    assert "terukur" in told["unit_kerja", "indeks"]["arti"]


def places(*labels: str) -> Any:
    rows = [[label, 11, 11, *[1] * 6, "Sedang"] for label in labels]
    table = demo.table_json(rows, nama="kabkota")
    table["kolom"][0]["nama"] = "label"
    return demo.notebook(demo.code("t", demo.output({demo.TABLE_MIME: table})))


def test_places_get_their_code_as_text() -> None:
    kode = {"Kab. Pacitan": "3501", "Kota Kediri": "3571"}
    described, files = package(places("Kab. Pacitan", "Kota Kediri"), kode=kode)
    assert_valid(described, files)
    assert [row[0] for row in rows_of(files["kabkota.csv"])] == ["kode_kabkota", "3501", "3571"]
    schema = described["resources"][0]["schema"]
    assert schema["fields"][0]["type"] == "string"
    assert schema["primaryKey"] == ["kode_kabkota"]


def test_a_place_without_a_code_is_refused_and_what_is_no_place_has_none() -> None:
    kode = {"Kab. Pacitan": "3501"}
    with pytest.raises(ParameterError, match="row 2"):
        package(places("Kab. Pacitan", "Kab. Entah"), kode=kode)
    _, files = package(places("Pendidikan", "Diklat"), kode=kode)
    assert rows_of(files["kabkota.csv"])[0][0] == "label"


@pytest.mark.parametrize(
    "value", ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", 'a"b,c\r\nd', "\uff1d1"]
)
def test_text_runs_in_no_spreadsheet_and_breaks_no_row(value: str) -> None:
    table = demo.table_json([[value, *[1] * 8, "Sedang"]], judul=value, sumber=value)
    table["kolom"][0]["label"] = value
    nb = demo.notebook(demo.code("t", demo.output({demo.TABLE_MIME: table})))
    described, files = package(nb)
    assert_valid(described, files)
    for name, content in files.items():
        if name.endswith(".csv"):
            for row in rows_of(content):
                assert not any(re.match(r"\s*[=+\-@\uff1d]", cell) for cell in row)


def test_names_of_files_stay_inside_the_folder() -> None:
    names = ("../../etc/passwd", "kodebuku", "datapackage", "A b", "")
    nb = demo.notebook(
        *(demo.code("t", demo.output({demo.TABLE_MIME: demo.table_json(nama=n)})) for n in names)
    )
    described, files = package(nb)
    assert_valid(described, files)
    # one table each, the codebook and the description
    assert len(files) == len(names) + 2
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name) for name in files)


def test_only_the_tables_asked_for() -> None:
    _, files = package(tabel=["unit_kerja"])
    assert set(files) == {"datapackage.json", "unit_kerja.csv", "kodebuku.csv"}
    with pytest.raises(ParameterError, match="pegawai"):
        package(tabel=["pegawai"])


@pytest.mark.parametrize(
    "wrong", [{"nama": "IP ASN"}, {"nama": "../x"}, {"lisensi": "MIT"}, {"bahasa": "jv"}]
)
def test_wrong_words_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        package(**wrong)


@pytest.mark.parametrize("lisensi", sorted(LICENCES))
def test_licence_is_named_with_its_address(lisensi: str) -> None:
    described, _ = package(lisensi=lisensi)
    assert described["licenses"][0]["name"] == lisensi
    assert described["licenses"][0]["path"].startswith("https://creativecommons.org/")


def test_same_notebook_same_bytes_and_notebook_is_not_changed() -> None:
    nb = demo.demo()
    before = copy.deepcopy(nb)
    assert package(nb)[1] == package()[1]
    assert nb == before


def test_an_independent_reader_finds_the_package_valid(tmp_path: Path) -> None:
    hidden = {"tersembunyi": True}
    rows = [["A", hidden, None, *[1] * 6, "Sedang"], ["B", 1310, 1255, *[0.5] * 6, hidden]]
    nb = demo.demo()
    nb.cells.append(demo.code("t", demo.table_output(demo.table_json(rows, nama="lain"))))
    for name, content in package(nb)[1].items():
        (tmp_path / name).write_bytes(content)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    read = frictionless.Package(str(tmp_path / "datapackage.json")).get_resource("lain").read_rows()
    # hidden and not available are both no number, and a number is a number
    assert [row["n_pegawai"] for row in read] == [None, 1310]
    # A number where there must be none is found.
    damaged = (tmp_path / "lain.csv").read_text(encoding="utf-8").replace("1310", "banyak")
    (tmp_path / "lain.csv").write_text(damaged, encoding="utf-8", newline="")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid
