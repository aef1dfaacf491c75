"""Open a csv, xlsx or parquet file as a raw table: headings, the text above them, the cells.

Nothing is interpreted here. The header row is found by its content in the first rows of any
sheet, because real files carry title rows, logos and instruction sheets before the data; who
knows the headings says how well a row fits (:func:`ipasn_lib.records.formats.heading_score`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    XmlError,
    ZipError,
)

from ipasn_lib.errors import DataError, UnsafeFileError
from ipasn_lib.records.csvtext import decode, pick_delimiter, read_fields, rows_of
from ipasn_lib.records.folders import READABLE
from ipasn_lib.records.guard import BROKEN, MAX_SIZE, OLE, check_workbook
from ipasn_lib.records.peek import DEPTH, MOST

__all__ = ["READABLE", "HeadingScore", "RawTable", "open_raw"]

HeadingScore = Callable[[Sequence[object]], tuple[bool, int]]
"""Given a row's cells: whether it is a whole header, and how many headings are known."""

Row = Sequence[object]


@dataclass(frozen=True)
class RawTable:
    """A file's data as it stands.

    Attributes
    ----------
    berkas : str
        The file's name.
    judul : tuple of str
        The texts above the header, row by row.
    kolom : tuple of str
        The headings as written, by position.
    isi : pandas.DataFrame
        The cells, columns 0, 1, ...; the index holds each row's number as a spreadsheet shows
        it. Cells of csv are text, of xlsx objects (text, float, bool, date), blank is "";
        columns of parquet keep their type.
    lebih, kurang : array of bool
        Rows of a csv with more, or fewer, fields than the header.
    terputus : bool
        Whether a csv ends within a line, as one does that was cut off.
    """

    berkas: str
    judul: tuple[str, ...]
    kolom: tuple[str, ...]
    isi: pd.DataFrame
    lebih: npt.NDArray[np.bool_]
    kurang: npt.NDArray[np.bool_]
    terputus: bool = False


def open_raw(path: Path, score: HeadingScore) -> RawTable:
    """Open a file and find its header.

    Parameters
    ----------
    path : pathlib.Path
    score : callable
        Says of a row's cells whether they are a whole header and how many headings are known.

    Returns
    -------
    RawTable
        Where no row is a whole header, the row with the most known headings is taken for it,
        so that the error can name what is missing.

    Raises
    ------
    UnsafeFileError
        If the file is not what its name says, or :func:`check_workbook` refuses it.
    DataError
        If there is no such file, it cannot be read, no row holds a known heading, or several
        sheets hold data (which is meant is not guessed).
    """
    if not path.is_file():
        raise DataError(f"{path.name}: no such file")
    with path.open("rb") as stream:
        kind = _kind(stream.read(4))
    suffix = path.suffix.lower()
    if suffix not in READABLE and kind != ".xls":
        raise UnsafeFileError(f"{path.name}: only {', '.join(READABLE)} are read; save it as .xlsx")
    if kind in (".xls", ".xlsx"):
        broken = check_workbook(path).rusak
    if kind != suffix:
        raise UnsafeFileError(
            f"{path.name}: named {suffix} but its content is {kind.lstrip('.')}; save it again "
            "from a spreadsheet program as .xlsx"
        )
    if kind == ".parquet":
        return _open_parquet(path, score)
    if kind == ".xlsx":
        return _pick_sheet(path.name, _sheets(path, broken), score)
    return _open_csv(path, score)


def _kind(start: bytes) -> str:
    """Kind of file by its first bytes."""
    if start == OLE:
        return ".xls"
    return {b"PK\x03\x04": ".xlsx", b"PAR1": ".parquet"}.get(start, ".csv")


def _open_parquet(path: Path, score: HeadingScore) -> RawTable:
    try:
        table = pq.read_table(path)
        table.validate(full=True)  # text that is no UTF-8 would be quoted in a later error
        flat = [name for name in table.column_names if not pa.types.is_nested(table[name].type)]
        frame = table.select(flat).to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError, ValueError) as error:  # ValueError: text that is no UTF-8
        raise DataError(f"{path.name}: not a whole parquet file ({type(error).__name__})") from None
    if score(flat)[1] == 0:
        raise DataError(f"{path.name}: no column has a known name")
    frame.columns = pd.RangeIndex(len(flat))
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    none = np.zeros(len(frame), dtype=bool)
    return RawTable(path.name, (), tuple(flat), frame, none, none)


def _sheets(path: Path, broken: dict[str, list[tuple[int, int]]]) -> dict[str, list[Row]]:
    """Cells of every worksheet; broken cells are marked, since the parser shows them as blank."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets: dict[str, list[Row]] = {}
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            for row, column in broken.get(meta.name, []):
                # a cell outside the grid that was read is outside every table
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = BROKEN
            sheets[meta.name] = [*rows]
    except (CalamineError, ZipError, XmlError, OSError) as error:
        raise DataError(f"{path.name}: not a readable workbook ({type(error).__name__})") from None
    return sheets


def _pick_sheet(berkas: str, sheets: dict[str, list[Row]], score: HeadingScore) -> RawTable:
    headers = {name: _find_header(rows, score) for name, rows in sheets.items()}
    whole = [name for name, (fits, _, _) in headers.items() if fits]
    filled = [name for name in whole if _has_data(sheets[name][headers[name][2] + 1 :])]
    if len(filled) > 1:
        raise DataError(
            f"{berkas}: {len(filled)} sheets hold data ({', '.join(filled)}); which is meant is "
            "not guessed: save each as a file of its own"
        )
    best = max(headers, key=lambda name: headers[name][:2], default="")
    name = (filled or whole or [best])[0]
    if not headers or headers[name][1] == 0:
        raise DataError(f"{berkas}: no header row in the first {DEPTH} rows of any sheet")
    return _sheet_table(berkas, sheets[name], headers[name][2])


def _open_csv(path: Path, score: HeadingScore) -> RawTable:
    if path.stat().st_size > MAX_SIZE:
        raise UnsafeFileError(f"{path.name}: more than {MAX_SIZE // 2**20} MiB")
    text = decode(path.read_bytes(), path.name)
    top = "\n".join(text[:MOST].splitlines()[:DEPTH])
    mark, known = pick_delimiter(top, lambda rows: _find_header(rows, score), path.name)
    if known == 0:
        raise DataError(f"{path.name}: no header row in the first {DEPTH} rows")
    rows = rows_of(top, mark, path.name)
    header = _find_header(rows, score)[2]
    headings, first = _below(rows, header)
    got = read_fields(text, mark, first, len(rows[header]), len(headings), path.name)
    frame = pd.DataFrame(dict(enumerate(got.kolom)), index=pd.RangeIndex(len(got.lebih)))
    raw = _raw_table(path.name, rows[:header], headings, frame, first, got.lebih, got.kurang)
    return replace(raw, terputus=not text.endswith(("\n", "\r")))


def _find_header(rows: list[Row], score: HeadingScore) -> tuple[bool, int, int]:
    """Whether there is a whole header, how many headings are known, and its row's position."""
    best = (False, 0, 0)
    for position, row in enumerate(rows[:DEPTH]):
        fit = score(row)
        if fit > best[:2]:
            best = (*fit, position)
    return best


def _below(rows: list[Row], header: int) -> tuple[tuple[str, ...], int]:
    """Headings, and position of the first row of the table's body."""
    headings = [_text(cell) for cell in rows[header]]
    while headings and not headings[-1]:
        headings.pop()
    numbered = header + 1 < len(rows) and _is_column_numbers(rows[header + 1])
    return tuple(headings), header + 1 + numbered


def _sheet_table(berkas: str, rows: list[Row], header: int) -> RawTable:
    headings, first = _below(rows, header)
    body = rows[first:]
    columns = list(zip_longest(*body, fillvalue=""))[: len(headings)]
    columns += [("",) * len(body)] * (len(headings) - len(columns))
    frame = pd.DataFrame(
        {i: pd.Series(cells, dtype="object") for i, cells in enumerate(columns)},
        index=pd.RangeIndex(len(body)),
    )
    none = np.zeros(len(body), dtype=bool)
    return _raw_table(berkas, rows[:header], headings, frame, first, none, none)


def _raw_table(
    berkas: str,
    above: list[Row],
    headings: tuple[str, ...],
    frame: pd.DataFrame,
    first: int,
    lebih: npt.NDArray[np.bool_],
    kurang: npt.NDArray[np.bool_],
) -> RawTable:
    frame.index = pd.RangeIndex(first + 1, first + 1 + len(frame))
    titles = tuple(" ".join(filter(None, map(_text, row))) for row in above)
    return RawTable(berkas, titles, headings, frame, lebih, kurang)


def _has_data(rows: list[Row]) -> bool:
    return any(_text(cell) for row in rows for cell in row)


def _is_column_numbers(row: Row) -> bool:
    """Tell the row (1) (2) (3) ... that printed tables carry under their header."""
    cells = [_text(cell).strip("()").removesuffix(".0") for cell in row]
    filled = [cell for cell in cells if cell]
    return len(filled) > 2 and filled == [str(i + 1) for i in range(len(filled))]


def _text(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split())
