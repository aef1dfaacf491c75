"""Refuse a hostile or broken workbook before a parser sees it.

An xlsx is a zip of XML. 650 KB can hold 200 MB of it, and one cell written at XFD1048576 makes
a reader that lays cells out as a grid ask for half a terabyte, which ends the whole process and
not only the file. Both are told from the zip's directory and from the addresses of the cells.

The same pass finds what a reader would hand over as an innocent blank: cells that hold an error
(#N/A) and formulas whose value was never computed. A blank may score nothing under the law; a
broken cell must not.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import numpy as np

from ipasn_lib.errors import UnsafeFileError

__all__ = ["BROKEN", "WorkbookCheck", "check_workbook"]

MAX_ENTRIES = 2_000
MAX_SIZE = 512 * 2**20
MAX_RATIO = 200
MAX_CELLS = 50_000_000
"""Rows times columns of the smallest rectangle that holds a sheet's cells."""

MAX_ROWS, MAX_COLUMNS = 2**20, 2**14
"""Of any sheet, by the standard."""

BROKEN = "#GALAT"
"""Text put where a cell holds an error or a formula without a value; no column accepts it."""

OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = 0x1

# A cell with content: `<c r="B7" ...>`; a styled empty one closes itself and takes no room. A
# reader counts on however long an address is, past all there can be.
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]+)(\d+)["'][^>]*(?<!/)>""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*["'](\d+)["']""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*?\bt\s*=\s*["']e["'])(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']"""
)
# A formula followed by no value; Excel itself writes an empty value for ="" with t="str".
_NO_VALUE = re.compile(
    rb"""<(?:\w+:)?c\s(?![^>]*?\bt\s*=\s*["']str["'])(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']"""
    rb"""[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_ADDRESS = re.compile(rb"(?:\s|^)(?:r\s*|\s*)$")
SPACE = ord(" ")
"""No sign below it but tab and line ends may stand in XML, so these are all the white space."""
_ANY_ERROR = re.compile(rb"""<(?:\w+:)?c\s(?=[^>]*?\bt\s*=\s*["']e["'])""")


@dataclass(frozen=True)
class WorkbookCheck:
    """What the check learnt: (row, column) of broken cells by sheet, both counted from zero."""

    rusak: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


def check_workbook(path: Path) -> WorkbookCheck:
    """Check an xlsx before it is parsed.

    Parameters
    ----------
    path : pathlib.Path
        A file that starts like a zip or like an old Office file.

    Returns
    -------
    WorkbookCheck

    Raises
    ------
    UnsafeFileError
        If it is encrypted or an old .xls, holds macros or links to other files, is no workbook,
        has more than 2,000 entries, more than 512 MiB unpacked, an entry packed more than 200
        to 1, or cells spread over more than 50 million places.
    """
    with path.open("rb") as stream:
        if stream.read(4) == OLE:
            raise UnsafeFileError(
                f"{path.name}: an encrypted workbook or an old .xls; remove the password or save "
                "it as .xlsx"
            )
    try:
        with zipfile.ZipFile(path) as book:
            _check_entries(book, path.name)
            return _check_sheets(book, path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        # OSError: a directory of entries that points outside the file
        raise UnsafeFileError(f"{path.name}: not a whole xlsx file ({error})") from None


def _check_entries(book: zipfile.ZipFile, name: str) -> None:
    entries = book.infolist()
    lower = [entry.filename.lower() for entry in entries]
    if len(entries) > MAX_ENTRIES:
        raise UnsafeFileError(f"{name}: {len(entries)} entries; at most {MAX_ENTRIES} are read")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise UnsafeFileError(f"{name}: encrypted; remove the password")
    if any("vbaproject" in entry for entry in lower):
        raise UnsafeFileError(f"{name}: holds macros; save it as .xlsx")
    if any(entry.startswith("xl/externallinks/") for entry in lower):
        raise UnsafeFileError(
            f"{name}: holds links to other workbooks; copy the data and paste it as values"
        )
    size = sum(entry.file_size for entry in entries)
    if size > MAX_SIZE:
        raise UnsafeFileError(
            f"{name}: {size / 2**20:,.0f} MiB unpacked; at most {MAX_SIZE // 2**20} are read"
        )
    # Small entries are let be: a few hundred bytes of zeros pack well and harm nobody.
    for entry in entries:
        if entry.file_size > 2**20 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise UnsafeFileError(
                f"{name}: an entry is packed more than {MAX_RATIO} to 1; save the file again"
            )
    if "xl/workbook.xml" not in lower:
        raise UnsafeFileError(f"{name}: a zip but no xlsx workbook; save it as .xlsx")


def _check_sheets(book: zipfile.ZipFile, name: str) -> WorkbookCheck:
    names = _sheet_names(book)
    broken: dict[str, list[tuple[int, int]]] = {}
    for entry in book.infolist():
        if not entry.filename.lower().startswith("xl/worksheets/"):
            continue
        if not entry.filename.lower().endswith(".xml"):
            continue
        xml = book.read(entry)
        _check_extent(xml, name)
        found = _ERROR.findall(xml) if b'"e"' in xml or b"'e'" in xml else []
        placed = len(found) == (len(_ANY_ERROR.findall(xml)) if found or b'"e"' in xml else 0)
        found += _NO_VALUE.findall(xml) if b"<f" in xml or b":f" in xml else []
        if found or not placed:
            sheet = names.get(entry.filename.lower())
            if sheet is None or not placed:
                raise UnsafeFileError(
                    f"{name}: a sheet holds formula errors that cannot be placed; mend the "
                    "formulas or paste the data as values"
                )
            broken[sheet] = [(int(row) - 1, _column(letters) - 1) for letters, row in found]
    return WorkbookCheck(rusak=broken)


def _check_extent(xml: bytes, name: str) -> None:
    """Refuse a sheet whose cells, laid out as a grid, would take more room than there is."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:64]:
        raise UnsafeFileError(f"{name}: a sheet is not written in UTF-8; save the file again")
    rows, columns = _outermost(xml)
    if rows * columns <= MAX_CELLS:
        return
    # an address that stands in a text, or of an empty cell with a format, is no cell: look closely
    cells = _CELL.findall(xml)
    rows = max((int(row) for _, row in cells), default=0)
    rows = max(rows, max(map(int, _ROW.findall(xml)), default=0) if cells else 0)
    columns = max((_column(letters) for letters in {c for c, _ in cells}), default=0)
    if rows * columns > MAX_CELLS:
        raise UnsafeFileError(
            f"{name}: cells are spread over {rows:,} rows and {columns:,} columns; delete "
            "what stands far outside the table"
        )


def _outermost(xml: bytes) -> tuple[int, int]:
    """Largest row and column of all that looks like the address of a row or a cell.

    Every ``r="..."`` of the sheet at once, in numpy: a regular expression over each cell would
    take as long as the parser itself. At least as large as the true extent; where an address is
    written in another way than spreadsheet programs do, all there can be.
    """
    text = np.frombuffer(xml + b" " * 16, dtype=np.uint8)
    equals = np.flatnonzero(text[:-16] == ord("="))
    equals = equals[equals > 2]
    before = text[equals - 1]
    odd = equals[(before <= SPACE) | (text[equals + 1] != ord('"'))]
    if any(_ADDRESS.search(xml[max(0, at - 24) : at]) for at in odd.tolist()):
        return MAX_ROWS, MAX_COLUMNS
    plain = equals[(before == ord("r")) & (text[equals - 2] <= SPACE)]
    letters = np.zeros(len(plain), dtype=np.int64)
    digits = np.zeros(len(plain), dtype=np.int64)
    inside = np.ones(len(plain), dtype=bool)
    for step in range(2, 14):  # four letters and nine digits are more than any sheet has
        sign = text[plain + step]
        inside &= sign != ord('"')
        if not inside.any():
            break
        letter = (sign | 0x20).astype(np.int64) - (ord("a") - 1)
        digit = sign.astype(np.int64) - ord("0")
        letters = np.where(inside & (letter >= 1) & (letter <= 26), letters * 26 + letter, letters)
        digits = np.where(inside & (digit >= 0) & (digit <= 9), digits * 10 + digit, digits)
    else:
        return MAX_ROWS, MAX_COLUMNS
    return int(digits.max(initial=0)), int(letters.max(initial=0))


def _sheet_names(book: zipfile.ZipFile) -> dict[str, str]:
    """Name of the sheet that each entry of the zip (in lower case) holds."""
    try:
        tree = ElementTree.fromstring(book.read("xl/workbook.xml"))  # noqa: S314 - size is checked
        rels = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError) as error:
        raise zipfile.BadZipFile(f"no list of sheets: {error}") from None
    targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
    names = {}
    for sheet in tree.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        # the two dialects of the standard give the attribute `r:id` two namespaces
        link = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
        target = targets.get(link, "")
        entry = target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
        names[entry.lower()] = sheet.get("name", "")
    return names


def _column(letters: bytes) -> int:
    """Position of a column by its letters: A is 1, XFD is 16,384."""
    position = 0
    for letter in letters.upper():
        position = position * 26 + letter - 64
    return position
