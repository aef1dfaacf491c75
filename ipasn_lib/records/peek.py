"""Look at the first rows of a file without reading the rest.

To tell what a folder holds its files' headings are enough. What is seen here decides only which
reader is asked; the reader opens the file anew and checks it whole.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq

from ipasn_lib.errors import IpasnError
from ipasn_lib.records.csvtext import DELIMITERS, decode, rows_of

__all__ = ["DEPTH", "MOST", "first_rows"]

DEPTH = 40
"""How many rows from the top are searched for a header."""
MOST = 2**20
"""Signs looked at, unpacked: more than any header with what stands above it."""

Rows = list[Sequence[object]]


def first_rows(path: Path) -> Iterator[Rows]:
    """Give the first rows of a file: of a csv under each delimiter, of a workbook by sheet.

    Parameters
    ----------
    path : pathlib.Path
        csv, xlsx, parquet or json. Of a parquet or json the one row of its column names.

    Yields
    ------
    list of sequence
        Nothing for a file that cannot be opened: reading it will say why.
    """
    try:
        yield from _READERS.get(path.suffix.lower(), _nothing)(path)
    except (
        *(OSError, EOFError, ValueError, KeyError, NotImplementedError, IpasnError),
        *(
            zipfile.BadZipFile,
            zlib.error,
            ElementTree.ParseError,
            pa.ArrowException,
            RecursionError,
        ),
    ):
        return


def _nothing(path: Path) -> Iterator[Rows]:
    yield from ()


def _csv(path: Path) -> Iterator[Rows]:
    with path.open("rb") as stream:
        raw = stream.read(MOST)
    # a sign may be cut in two at the end
    text = decode(raw[: raw.rfind(b"\n") + 1] or raw, path.name)
    top = "\n".join(text.splitlines()[:DEPTH])
    for mark in DELIMITERS:
        yield rows_of(top, mark, path.name)


def _parquet(path: Path) -> Iterator[Rows]:
    yield [pq.read_schema(path).names]


def _json(path: Path) -> Iterator[Rows]:
    with path.open("rb") as stream:
        raw = stream.read(MOST)
    text = raw.decode("utf-8-sig", errors="ignore")
    if len(raw) < MOST:
        document = json.loads(text)
        record = document.get("data", document) if isinstance(document, dict) else document
        record = record[0] if isinstance(record, list) and record else record
    else:
        # many records stand in a list; the first of them is whole
        record, _ = json.JSONDecoder().raw_decode(text, text.find("{", text.find("[")))
    if isinstance(record, dict):
        yield [list(record)]


def _xlsx(path: Path) -> Iterator[Rows]:
    with zipfile.ZipFile(path) as book:
        names = [e for e in book.namelist() if e.lower().startswith("xl/worksheets/sheet")]
        shared = None
        for name in names:
            with book.open(name) as stream:
                rows, numbers = _sheet_rows(stream)
            if numbers and shared is None:
                with book.open("xl/sharedStrings.xml") as stream:
                    shared = _texts(stream, max(numbers))
            yield [
                [shared[c] if shared and isinstance(c, int) and c < len(shared) else c for c in row]
                for row in rows
            ]


def _sheet_rows(stream: IO[bytes]) -> tuple[Rows, list[int]]:
    """Give texts of the first rows; of a shared text its number, and all such numbers."""
    rows: list[list[object]] = []
    numbers: list[int] = []
    for element in _elements(stream):
        tag = element.tag.rpartition("}")[2]
        if tag == "c":
            if not rows:
                rows.append([])
            value = "".join(element.itertext())
            if element.get("t") == "s":
                numbers.append(int(value))
                rows[-1].append(int(value))
            else:
                rows[-1].append(value)
        elif tag == "row":
            rows.append([])
            if len(rows) > DEPTH:
                break
    return [*rows], numbers


def _texts(stream: IO[bytes], last: int) -> list[str]:
    texts: list[str] = []
    for element in _elements(stream):
        if element.tag.rpartition("}")[2] == "si":
            texts.append("".join(element.itertext()))
            if len(texts) > last:
                break
    return texts


def _elements(stream: IO[bytes]) -> Iterator[ElementTree.Element]:
    """Elements as they end, of the first part of a stream; a part cut off ends without error."""
    parser: Any = ElementTree.XMLPullParser(["end"])
    for _ in range(MOST // 2**14):
        part = stream.read(2**14)
        if not part:
            return
        parser.feed(part)
        for _, element in parser.read_events():
            yield element


_READERS = {".csv": _csv, ".parquet": _parquet, ".json": _json, ".xlsx": _xlsx}
