"""The tables of a report as a workbook, safe to open.

It is built from the JSON that the notebook's tables carry, so it holds the numbers of the page
and nothing more: a hidden cell is ``*)``, and no digit goes beyond those printed.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from nbformat import NotebookNode
from xlsxwriter.workbook import Format, Workbook
from xlsxwriter.worksheet import Worksheet

from ipasn_lib.reports.collect import (
    clean_text,
    collect_headline,
    collect_tables,
    is_hidden,
    is_synthetic,
    stored_decimals,
)
from ipasn_lib.wording import HIDDEN, family, round_half_up, text, translate

__all__ = ["export_xlsx", "sheet_names"]

_SYNTHETIC = "DATA SINTETIS"
_HEADER_ROW = 3  # counted from 0: title, source, one empty row, then the header
_CELL_LIMIT = 32_767  # characters a cell can hold; longer ones are refused by Excel
# The day is of no meaning; that it never changes makes equal workbooks equal byte by byte.
_CREATED = dt.datetime(2000, 1, 1)
_INK, _TEAL, _RED, _MUTED, _PALE = "#1d2b36", "#15585e", "#b3261e", "#55636f", "#eef1f4"


def sheet_names(names: Iterable[str], taken: Sequence[str] = (), bahasa: str = "id") -> list[str]:
    """Give each name a valid sheet name: unique without regard to case, at most 31 characters."""
    used = {name.casefold() for name in taken} | {"history"}  # Excel keeps "History" for itself
    given: list[str] = []
    for name in names:
        # Beyond the basic plane a character counts twice in Excel's 31.
        base = re.sub(r"[\[\]:*?/\\\n\t\r]|[^\x00-\uffff]", " ", clean_text(name))
        base = " ".join(base.replace("_", " ").split()).strip("' ") or "Tabel"
        base = translate(base[0].upper() + base[1:], bahasa)
        candidate, k = base[:31].rstrip("' "), 2
        while candidate.casefold() in used:
            suffix = f" ({k})"
            candidate, k = base[: 31 - len(suffix)].rstrip("' ") + suffix, k + 1
        used.add(candidate.casefold())
        given.append(candidate)
    return given


def export_xlsx(nb: NotebookNode, *, judul: str, bahasa: str = "id") -> bytes:
    """Give the tables of an executed notebook as a workbook.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook; not changed.
    judul : str
        Title of the report, for the first sheet and the document's properties.
    bahasa : {"id", "en"}
        Language of the workbook's own words.

    Returns
    -------
    bytes
        An xlsx file. The first sheet says what it is, where the numbers come from and what
        the other sheets hold; then one sheet a table: title, source, header (frozen, with a
        filter), rows, notes. The same notebook always gives the same bytes.

    Raises
    ------
    ParameterError
        If a table's JSON is not whole.

    Notes
    -----
    Every text is written as text: ``=1+1`` stays four characters, an address is no link.
    Numbers carry the column's decimals, rounded half up as on the page; shares (``persen``, 0-1)
    stay shares with a percent format. Hidden cells are the text ``*)``; what is not available
    is an empty cell.
    """
    tables = collect_tables(nb)
    headline = collect_headline(nb)
    synthetic = is_synthetic(nb)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    words = family("buku_", bahasa)
    title = clean_text(judul)
    book.set_properties(
        {
            "title": title[:255],
            "subject": words["sintetis"] if synthetic else text("indeks_panjang", bahasa),
            "author": "ipasn",
            "created": _CREATED,
        }
    )
    formats = _Formats(book)
    names = sheet_names((table["nama"] for table in tables), (words["sampul"],), bahasa)
    cover = book.add_worksheet(words["sampul"])
    shown = list(zip(names, tables, strict=True))
    _cover(cover, formats, title, headline, synthetic, shown, words)
    for name, table in zip(names, tables, strict=True):
        sheet = book.add_worksheet(name)
        _table(sheet, formats, table, synthetic)
        _print_setup(sheet, title, synthetic)
    _print_setup(cover, title, synthetic)
    book.close()
    return out.getvalue()


class _Formats:
    """The workbook's styles, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **style: Any) -> Format:
        key = tuple(sorted(style.items()))
        if key not in self._made:
            base = {"font_name": "Calibri", "font_color": _INK, "valign": "top"}
            self._made[key] = self._book.add_format(base | style)
        return self._made[key]

    def number(self, column: Mapping[str, Any]) -> Format:
        point = "." + "0" * int(column["desimal"]) if column["desimal"] else ""
        pattern = {"cacah": "#,##0", "persen": f"0{point}%", "poin": f"#,##0{point}"}
        return self(num_format=pattern.get(column["jenis"], "General"), align="right")


def _write(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Write text as text, whatever it begins with."""
    flat = text if len(text) <= _CELL_LIMIT else text[: _CELL_LIMIT - 1] + "…"
    sheet.write_string(row, column, flat, style)


def _cover(
    sheet: Worksheet,
    formats: _Formats,
    title: str,
    headline: Mapping[str, Any],
    synthetic: bool,
    tables: Sequence[tuple[str, Mapping[str, Any]]],
    words: Mapping[str, str],
) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 92)
    sheet.hide_gridlines(2)
    wrapped = formats(text_wrap=True)
    name = formats(bold=True, font_color=_MUTED)
    _write(sheet, 0, 0, title, formats(bold=True, font_size=16, font_color=_TEAL))
    row = 1
    if synthetic:
        _write(sheet, row, 0, words["sintetis"], formats(bold=True, font_color=_RED, font_size=12))
        row += 1
    row += 1
    sources = dict.fromkeys(table["sumber"] for _, table in tables if table["sumber"])
    facts = [
        (words["wilayah"], headline.get("label")),
        (words["tahun"], headline.get("tahun")),
        (words["sumber"], headline.get("sumber_data") or "; ".join(sources)),
        (words["instrumen"], headline.get("id_instrumen")),
        (words["tanda"].format(tanda=HIDDEN), words["tanda_arti"]),
        (words["kosong"], words["kosong_arti"]),
        (words["pembulatan"], words["pembulatan_arti"]),
    ]
    for label, value in facts:
        if value is not None and value != "":
            _write(sheet, row, 0, label, name)
            _write(sheet, row, 1, clean_text(value), wrapped)
            row += 1
    row += 1
    header = formats(bold=True, font_color="#ffffff", bg_color=_TEAL)
    _write(sheet, row, 0, words["lembar"], header)
    _write(sheet, row, 1, words["isi"], header)
    for sheet_name, table in tables:
        row += 1
        place = sheet_name.replace("'", "''")
        link = formats(font_color=_TEAL, underline=1)
        sheet.write_url(row, 0, f"internal:'{place}'!A1", link, sheet_name)
        _write(sheet, row, 1, table["judul"], wrapped)


def _table(sheet: Worksheet, formats: _Formats, table: Mapping[str, Any], synthetic: bool) -> None:
    columns = table["kolom"]
    _write(sheet, 0, 0, table["judul"], formats(bold=True, font_size=13, font_color=_TEAL))
    source = table["sumber"]
    if synthetic and "sintetis" not in source.casefold():
        source = f"{_SYNTHETIC}. {source}".strip()
    _write(sheet, 1, 0, source, formats(font_color=_RED if synthetic else _MUTED))
    for k, column in enumerate(columns):
        align = "left" if column["jenis"] in ("teks", "kategori") else "right"
        style = formats(
            bold=True, font_color="#ffffff", bg_color=_TEAL, text_wrap=True, align=align
        )
        _write(sheet, _HEADER_ROW, k, column["label"], style)
        sheet.set_column(k, k, _width(k, table))
    row = _HEADER_ROW
    for row, cells in enumerate(table["baris"], start=_HEADER_ROW + 1):
        for k, (value, column) in enumerate(zip(cells, columns, strict=True)):
            if is_hidden(value):
                _write(sheet, row, k, HIDDEN, formats(align="right", font_color=_MUTED))
            elif isinstance(value, str):
                _write(sheet, row, k, value, formats(text_wrap=k == 0))
            elif isinstance(value, int | float):
                shown = (
                    value
                    if column["jenis"] in ("teks", "kategori")
                    else round_half_up(value, stored_decimals(column))
                )
                sheet.write_number(row, k, shown, formats.number(column))
    if columns:
        sheet.freeze_panes(_HEADER_ROW + 1, 1)
        sheet.autofilter(_HEADER_ROW, 0, max(row, _HEADER_ROW + 1), len(columns) - 1)
        sheet.repeat_rows(_HEADER_ROW)
    for k, note in enumerate(table["catatan"], start=row + 2):
        _write(sheet, k, 0, note, formats(font_color=_MUTED, italic=True))


def _width(k: int, table: Mapping[str, Any]) -> float:
    texts = [row[k] for row in table["baris"] if isinstance(row[k], str)]
    longest_word = max(map(len, table["kolom"][k]["label"].split()), default=0)
    least = 14 if texts else 11
    # + 4: the filter's arrow stands beside the last word of the header.
    return min(max([least, longest_word + 4, *(len(text) * 1.05 for text in texts)]), 60)


def _print_setup(sheet: Worksheet, title: str, synthetic: bool) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    # "&" begins a code in headers; 255 characters are the most.
    head = title.replace("&", "&&")[:180]
    sheet.set_header(f"&L&9{' ' + head}&R&9{_SYNTHETIC if synthetic else ''}")
    sheet.set_footer("&R&9&P / &N")
