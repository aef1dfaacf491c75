"""Two parsers of csv, one table: Arrow's, where it reads a text, and the standard library's."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
import siasn_files as siasn
from hypothesis import example, given
from hypothesis import strategies as st

from ipasn_lib.records.csvtext import _at_once, read_fields
from ipasn_lib.records.peek import first_rows
from ipasn_lib.records.siasn.reading import is_siasn_folder

CELLS = st.text(alphabet="ab0\"';,\n\r \t\u00e9", max_size=6)
TEXTS = st.text(alphabet='ab;,"\n\r \t\u00e9', max_size=60)


def expected(text: str, mark: str, first: int) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))[first:]


@given(TEXTS, st.integers(0, 3), st.integers(2, 4))
@example('a;b\n"x;y\n', 1, 2)
@example('a;b\n"x"y;z\n', 1, 2)
@example('a;b\nx"y";z\n', 1, 2)
@example("a;b\r1;2\r", 1, 2)
@example('"a\nb";c\n1;2\n', 1, 2)
@example("a;b\n\n1;2\n", 1, 2)
@example("a;b\n1;2", 1, 2)
@example('a;b\n"";""\n', 1, 2)
@example('a";"\n;', 1, 2)
def test_any_text_that_arrow_reads_is_read_alike(text, first, width):
    columns = _at_once(text, ";", first, width)
    if columns is not None:
        # an empty line is a blank row
        rows = [row or [""] * width for row in expected(text, ";", first)]
        assert [list(r) for r in zip(*columns, strict=True)] == rows


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_written_cells_come_back(rows):
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["a", "b", "c"], *rows])
    got = read_fields(out.getvalue(), ";", 1, 3, 3, "x.csv")
    assert [list(r) for r in zip(*got.kolom, strict=True)] == rows
    assert not got.lebih.any()
    assert not got.kurang.any()


def test_whole_records_are_read_at_once_and_odd_ones_are_told():
    assert _at_once("a;b\n1;2\n3;4\n", ";", 1, 2) is not None
    assert _at_once("a;b\n1;2\n3\n", ";", 1, 2) is None
    got = read_fields("a;b\n1;2\n3\n4;5;6\n7;8;\n", ";", 1, 2, 2, "x.csv")
    assert got.kolom[0].tolist() == ["1", "3", "4", "7"]
    assert got.kurang.tolist() == [False, True, False, False]
    assert got.lebih.tolist() == [False, False, True, False]
    # a heading may be blank at the end: what stands below it is too much
    wide = read_fields("a;b;\n1;2;\n3;4;5\n", ";", 1, 3, 2, "x.csv")
    assert (len(wide.kolom), wide.lebih.tolist()) == (2, [False, True])


# What a folder holds is told by headings alone


@pytest.mark.parametrize("fmt", ["csv", "xlsx", "json", "parquet"])
def test_a_folder_is_known_by_its_first_rows(tmp_path, fmt):
    folder = siasn.place(tmp_path, [siasn.orang(1)], fmt)
    assert is_siasn_folder(folder)
    (folder / f"nominatif.{fmt}").rename(folder / f"data.{fmt}")
    assert is_siasn_folder(folder)
    (folder / f"data.{fmt}").unlink()
    assert not is_siasn_folder(folder)


def test_a_long_file_is_looked_at_from_its_top(tmp_path):
    many = [siasn.orang(n % 900 + 1, ALAMAT="jalan " * 20) for n in range(2500)]
    for fmt in ("csv", "json", "xlsx"):
        path = siasn.write(tmp_path / f"n.{fmt}", many)
        top = next(first_rows(path))
        assert "NIP BARU" in top[0], fmt
        assert len(top) <= 41


def test_titles_above_and_shared_texts_of_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Laporan"])
    book.active.append([])
    book.active.append(["PNS ID", 5, None, "NIP BARU"])
    book.save(tmp_path / "a.xlsx")
    [rows] = first_rows(tmp_path / "a.xlsx")
    assert rows[0] == ["Laporan"]
    assert ["PNS ID", "5", "NIP BARU"] in [list(r) for r in rows]


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.json", "a.csv", "a.xls"])
@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"PK\x03\x04rusak", b"[1 2", b"null"])
def test_what_cannot_be_opened_has_no_rows(tmp_path: Path, name, content):
    (tmp_path / name).write_bytes(content)
    assert not any(len(row) > 1 for rows in first_rows(tmp_path / name) for row in rows)


def test_one_record_of_the_service(tmp_path):
    path = tmp_path / "satu.json"
    path.write_text(json.dumps({"code": 1, "data": {"nipBaru": "x", "lain": [{"a": 1}]}}))
    assert list(first_rows(path)) == [[["nipBaru", "lain"]]]
