"""Files made to exhaust their reader end in one line, and the others are read on."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import siasn_files as siasn

from ipasn_lib.errors import DataError, ParameterError, UnsafeFileError
from ipasn_lib.intake import Source, take_in
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.apart import Limits, Task, call_apart, run_apart
from ipasn_lib.records.guard import check_workbook
from ipasn_lib.records.workbook import open_raw

GIB = 2**30
SMALL = Limits(memori=GIB, detik_cpu=60, detik=120)


def endless() -> None:
    while True:
        pass


def result(task: Task, limits: Limits = SMALL) -> object:
    try:
        return call_apart(task, limits=limits)
    except UnsafeFileError as error:
        return str(error)


def test_a_task_is_done_elsewhere_and_its_errors_come_back():
    assert call_apart(Task("a", os.getpid)) != os.getpid()
    with pytest.raises(ParameterError, match="kode_kabkota"):
        call_apart(Task("b", siasn.read, (Path("x"),), {"kode_kabkota": "0000"}))
    with pytest.raises(ZeroDivisionError) as caught:
        call_apart(Task("c", divmod, (1, 0)))
    assert "Traceback" in caught.value.__notes__[0]


def test_endless_computing_is_ended():
    said = result(Task("lama.xlsx", endless), Limits(GIB, 1, 120))
    assert said == "lama.xlsx: not read within 1 s of computing; refused"


def test_endless_waiting_is_ended():
    said = result(Task("diam.csv", time.sleep, (600,)), Limits(GIB, 60, 1))
    assert said == "diam.csv: not read within 1 s; refused"


def test_memory_is_limited():
    said = result(Task("besar.xlsx", bytearray, (16 * GIB,)))
    assert said == "besar.xlsx: reading it takes more than 1 GiB of memory; refused"


def test_a_process_that_breaks_refuses_its_file_only():
    tasks = [
        Task("baik", len, ("abc",)),
        Task("patah.parquet", os._exit, (3,)),
        Task("abort.xlsx", os.abort),
        Task("baik juga", len, ("ab",)),
    ]
    got = []
    for one in run_apart(tasks, workers=2, limits=SMALL):
        try:
            got.append(one())
        except UnsafeFileError as error:
            got.append(str(error))
    assert got == [
        3,
        "patah.parquet: the process that read it broke off (status 3); refused",
        "abort.xlsx: reading it takes more than 1 GiB of memory; refused",
        2,
    ]


def test_giving_up_leaves_no_process_behind():
    tasks = [Task("satu", os.getpid), Task("lama", time.sleep, (600,))]
    running = run_apart(tasks, workers=2)
    child = next(running)()
    running.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_batch_reads_on_after_a_hostile_place(tmp_path):
    law = load_instrument(2022)
    folder = siasn.place(tmp_path, [siasn.orang(1)])
    bomb = tmp_path / "3511.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * 2**24)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    sources = [Source(path, law, 2022, 1.0) for path in (bomb, folder)]
    first, second = take_in(sources, workers=2)
    assert "packed more than 200 to 1" in first.note.galat
    assert first.skor.empty
    assert (second.note.galat, second.note.n_diterima) == ("", 1)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


# What is told before a parser sees it


def book(path: Path, sheet: bytes) -> Path:
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def rows(*parts: bytes) -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return b"<worksheet " + space + b"><sheetData>" + b"".join(parts) + b"</sheetData></worksheet>"


CELL = b'<row r="1"><c r="A1" t="inlineStr"><is><t>nip</t></is></c></row>'


def test_a_million_empty_rows_cost_nothing_and_hold_nobody(tmp_path):
    empty = (f'<row r="{n}" ht="1{n % 97}"/>'.encode() for n in range(2, 1_000_001))
    path = book(tmp_path / "kosong.xlsx", rows(CELL, *empty))
    with pytest.raises(DataError, match="no header row"):
        open_raw(path, lambda cells: (False, 0))


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFD1048576"><v>1</v></c>',
        b"<c r='XFD1048576'><v>1</v></c>",
        b'<c  r = "XFD1048576" ><v>1</v></c>',
        b'<c s="1"\n\tr="XFD1048576"><v>1</v></c>',
        b'<c t="n" r\n=\n"XFD1048576"><v>1</v></c>',
        b'<c r="xfd1048576"><v>1</v></c>',
    ],
)
def test_a_far_cell_is_seen_however_it_is_written(tmp_path, cell):
    path = book(tmp_path / "jauh.xlsx", rows(CELL, b'<row r="1048576">', cell, b"</row>"))
    with pytest.raises(UnsafeFileError, match="1,048,576 rows and 16,384 columns"):
        check_workbook(path)


# The first was found by fuzzing: the reader counts a column of any number of letters, and asked
# for a grid that ended the process.
@pytest.mark.parametrize(
    "address", ["langsungM4", "AAAAAAA1", "A99999999999", "AAAAAAAAAAAAAAAAA1"]
)
def test_an_address_beyond_any_sheet_is_refused(tmp_path, address):
    cell = f'<c r="{address}" t="n"><v>1</v></c></row>'.encode()
    path = book(tmp_path / "jauh.xlsx", rows(CELL.replace(b"</row>", cell)))
    with pytest.raises(UnsafeFileError, match="cells are spread over"):
        check_workbook(path)


def test_an_address_in_a_text_is_no_cell(tmp_path):
    text = b'<c r="B1" t="inlineStr"><is><t>lihat r="XFD1048576" = r = x</t></is></c>'
    check_workbook(book(tmp_path / "teks.xlsx", rows(CELL.replace(b"</row>", text + b"</row>"))))


def test_a_sheet_in_another_encoding_is_refused(tmp_path):
    sheet = rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>').decode()
    path = book(tmp_path / "utf16.xlsx", sheet.encode("utf-16"))
    with pytest.raises(UnsafeFileError, match="not written in UTF-8"):
        check_workbook(path)
