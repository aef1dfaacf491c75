"""Opening files: hostile workbooks, encodings, delimiters, headers found by content."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from records_files import PIP_HEADER, grid, person, write_csv, write_xlsx

from ipasn_lib.errors import DataError, UnsafeFileError
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.records import guard
from ipasn_lib.records.formats import heading_score
from ipasn_lib.records.workbook import RawTable, open_raw

Open = Callable[[Path], RawTable]


@pytest.fixture
def opened(law2019: Instrument) -> Open:
    return lambda path: open_raw(path, heading_score(law2019))


def rezip(path: Path, change: Callable[[str, bytes], bytes], **extra: bytes) -> Path:
    """Write a workbook again with its entries changed and others added."""
    with zipfile.ZipFile(path) as old:
        entries = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in {**entries, **extra}.items():
            new.writestr(name, data)
    return path


def same(_: str, data: bytes) -> bytes:
    return data


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "data.xlsx", Data=grid([person(1), person(2)]))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "other workbooks"),
        ({"xl/media/a.bin": b"\0" * 3 * 2**20}, "200 to 1"),
        ({f"xl/media/{i}": b"" for i in range(2001)}, "at most 2000"),
    ],
    ids=["macros", "links", "ratio", "entries"],
)
def test_hostile_workbooks(book: Path, opened: Open, extra: dict[str, bytes], message: str) -> None:
    with pytest.raises(UnsafeFileError, match=message) as error:
        opened(rezip(book, same, **extra))
    assert "\n" not in str(error.value)


def test_total_size(book: Path, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_SIZE", 1000)
    with pytest.raises(UnsafeFileError, match="unpacked"):
        opened(book)


def test_far_cell_would_end_the_process(book: Path, opened: Open) -> None:
    def far(name: str, data: bytes) -> bytes:
        cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return data.replace(b"</sheetData>", cell) if "sheet1" in name else data

    with pytest.raises(UnsafeFileError, match=r"1,048,576 rows and 16,384 columns"):
        opened(rezip(book, far))


def test_far_empty_formatted_cell_is_let_be(book: Path, opened: Open) -> None:
    def far(name: str, data: bytes) -> bytes:
        cell = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
        return data.replace(b"</sheetData>", cell) if "sheet1" in name else data

    assert len(opened(rezip(book, far)).isi) == 2


def test_encrypted_or_old_workbook(tmp_path: Path, opened: Open) -> None:
    for name in ("data.xlsx", "data.xls"):
        path = tmp_path / name
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
        with pytest.raises(UnsafeFileError, match=r"encrypted workbook or an old \.xls"):
            opened(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data.xlsx", b"<html><table></table></html>", "named .xlsx but its content is csv"),
        ("data.xls", b"<html><table></table></html>", "only .csv, .parquet, .xlsx"),
        ("data.csv", b"PK\x03\x04 not a zip", "not a whole xlsx"),
        ("data.parquet", b"nip,nama\n", "named .parquet but its content is csv"),
        ("data.csv", bytes(range(256)), "neither csv text"),
    ],
)
def test_files_that_are_not_what_they_say(
    tmp_path: Path, opened: Open, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnsafeFileError, match=message):
        opened(path)


def test_broken_files(tmp_path: Path, opened: Open) -> None:
    (tmp_path / "data.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match="not a whole parquet"):
        opened(tmp_path / "data.parquet")
    with pytest.raises(DataError, match="no such file"):
        opened(tmp_path / "none.csv")


def test_error_cells_and_unvalued_formulas_are_not_blanks(tmp_path: Path, opened: Open) -> None:
    header = ["nip", "nama", "tahun", "nilai_kinerja", "seminar"]
    path = write_xlsx(tmp_path / "data.xlsx", Data=[header, ["1", "A", 2022, "=1+1", "ya"]])

    def error(name: str, data: bytes) -> bytes:
        return data.replace(b"<v>2022</v>", b"<v>#N/A</v>").replace(
            b'<c r="C2" t="n">', b'<c r="C2" t="e">'
        )

    row = opened(rezip(path, error)).isi.iloc[0].tolist()
    assert row == ["1", "A", guard.BROKEN, guard.BROKEN, "ya"]


def test_errors_that_cannot_be_placed_are_refused(book: Path, opened: Open) -> None:
    def error(name: str, data: bytes) -> bytes:
        return (
            data.replace(b"</row>", b'<c t="e"><v>#N/A</v></c></row>') if "sheet1" in name else data
        )

    with pytest.raises(UnsafeFileError, match="formula errors"):
        opened(rezip(book, error))


def test_computed_formula_keeps_its_value(tmp_path: Path, opened: Open) -> None:
    header = ["nip", "nama", "tahun", "nilai_kinerja"]
    path = write_xlsx(tmp_path / "data.xlsx", Data=[header, ["1", "A", 2022, "=1+1"]])

    def valued(name: str, data: bytes) -> bytes:
        return (
            data.replace(b"<v></v>", b"<v>80</v>")
            .replace(b"<v />", b"<v>80</v>")
            .replace(b"<v/>", b"<v>80</v>")
        )

    assert opened(rezip(path, valued)).isi.iloc[0].tolist() == ["1", "A", 2022, 80]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_csv_delimiters_and_encodings(
    tmp_path: Path, opened: Open, mark: str, encoding: str
) -> None:
    rows = grid([person(1, nama="Nasé", nilai_kinerja="80,5")])
    raw = opened(write_csv(tmp_path / "data.csv", rows, mark, encoding))
    assert raw.kolom == tuple(rows[0])
    assert raw.isi.iloc[0].tolist() == [str(cell) for cell in rows[1]]


def test_decimal_commas_are_not_taken_for_delimiters(tmp_path: Path, opened: Open) -> None:
    rows = [["a,b,c,d,e,f,g,h,i,j"], ["nip", "nama", "seminar"], ["1,5,5,5", "2,5", "3,5"]]
    raw = opened(write_csv(tmp_path / "data.csv", rows, ";"))
    assert raw.kolom == ("nip", "nama", "seminar")
    assert raw.judul == ("a,b,c,d,e,f,g,h,i,j",)


def test_rows_of_a_csv_with_more_or_fewer_fields(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "data.csv"
    path.write_text("nip,nama,seminar\n1,A,ya\n2,B,36,5\n3,C\n4,D,ya,,\n", encoding="utf-8")
    raw = opened(path)
    assert raw.lebih.tolist() == [False, True, False, False]
    assert raw.kurang.tolist() == [False, False, True, False]


@pytest.mark.parametrize("above", [0, 1, 6, 39])
def test_header_is_found_by_content(tmp_path: Path, opened: Open, above: int) -> None:
    titles = [["", f"Judul {i}"] for i in range(above)]
    raw = opened(write_xlsx(tmp_path / "d.xlsx", Data=[*titles, *grid([person(1)])]))
    assert len(raw.judul) == above
    assert raw.isi.index.tolist() == [above + 2]


def test_header_below_the_searched_rows(tmp_path: Path, opened: Open) -> None:
    titles = [["", f"Judul {i}"] for i in range(40)]
    with pytest.raises(DataError, match="no header row in the first 40"):
        opened(write_xlsx(tmp_path / "d.xlsx", Data=[*titles, *grid([person(1)])]))


def test_row_of_column_numbers_is_no_person(tmp_path: Path, opened: Open) -> None:
    rows = grid([person(1)])
    numbers = [f"({i + 1})" for i in range(len(rows[0]))]
    raw = opened(write_xlsx(tmp_path / "d.xlsx", Data=[rows[0], numbers, rows[1]]))
    assert raw.isi.index.tolist() == [3]


def test_other_sheets(tmp_path: Path, opened: Open) -> None:
    data = grid([person(1)])
    recap = [["Satuan Kerja", *PIP_HEADER[3:]], ["Dinas Contoh", 15, 30, 25, 5, 75]]
    sheets = {"Petunjuk": [["Isi kolom nip dengan NIP"], ["nip"]], "Rekap": recap, "Data": data}
    assert opened(write_xlsx(tmp_path / "a.xlsx", **sheets)).isi.shape[0] == 1
    template = {"Contoh": data[:1], "Data": data}
    assert opened(write_xlsx(tmp_path / "b.xlsx", **template)).isi.shape[0] == 1
    with pytest.raises(DataError, match=r"2 sheets hold data \(Dinas A, Dinas B\)"):
        opened(write_xlsx(tmp_path / "c.xlsx", **{"Dinas A": data, "Dinas B": data}))


def test_parquet_keeps_types_and_numbers_rows_from_two(tmp_path: Path, opened: Open) -> None:
    frame = pd.DataFrame({"nip": ["1", "2"], "tahun": [2022, 2022], "seminar": [True, False]})
    frame.to_parquet(tmp_path / "d.parquet")
    raw = opened(tmp_path / "d.parquet")
    assert raw.isi.index.tolist() == [2, 3]
    assert raw.isi[2].dtype == bool


def test_parquet_with_names_that_are_no_text_is_refused(tmp_path: Path, opened: Open) -> None:
    # found by fuzzing: the table opened, its names did not
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"unit_kerja": ["x"], "jenis_asn": ["PNS"], "nip": ["1"]}), path)
    path.write_bytes(path.read_bytes().replace(b"unit_kerja", b"unit\xa9kerja"))
    with pytest.raises(DataError, match="not a whole parquet file"):
        opened(path)


def test_parquet_with_text_that_is_none_is_refused_and_not_quoted(
    tmp_path: Path, opened: Open
) -> None:
    # found by fuzzing: it was read, and a later error quoted the broken name
    path = tmp_path / "a.parquet"
    cells = {"unit_kerja": ["x"], "jenis_asn": ["PNS"], "nip": ["1"], "nama": ["Rahasiawati"]}
    pq.write_table(pa.table(cells), path, use_dictionary=False, write_statistics=False)
    path.write_bytes(path.read_bytes().replace(b"Rahasiawati", b"\xa9ahasiawati"))
    with pytest.raises(DataError, match="not a whole parquet file") as error:
        opened(path)
    assert "ahasiawati" not in str(error.value)
