"""All that a reader of a report sees, as plain text: page, drawings, print, slides, workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import openpyxl
import pypdf

# Code keeps its own names; what is marked as Indonesian is a title, cited as it is.
_SILENT = ("script", "style", "code", "pre")
_SAID = ("alt", "title", "aria-label", "aria-roledescription")
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr")
_DRAWN = re.compile(r"<!--(.*?)-->", re.DOTALL)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        cited = tag != "html" and given.get("lang") == "id"
        if tag in _VOID:
            pass
        elif self.silent or tag in _SILENT or cited or given.get("class") == "hal-parameter":
            self.silent += 1
        if not self.silent and given.get("http-equiv") is None and tag != "html":
            names = ("viewport", "color-scheme", "referrer")
            self.texts += [
                given[name] or ""
                for name in _SAID
                if name in given and given.get("name") not in names
            ]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag not in _VOID:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(" ".join(data.split()))


def of_page(html: str) -> list[str]:
    """Give the texts of a page: what stands on it and what is read out, code aside."""
    reader = _Reader()
    reader.feed(html)
    return reader.texts


def of_drawings(path: Path) -> list[str]:
    """Give the texts drawn in the figures of an executed notebook.

    Letters are drawn as outlines; the writer names each text in a comment beside them.
    """
    found: list[str] = []
    for cell in nbformat.read(path, 4).cells:
        for output in cell.get("outputs", ()):
            drawing = output.get("data", {}).get("image/svg+xml", "")
            found += [text.strip() for text in _DRAWN.findall("".join(drawing))]
    return found


def of_pdf(path: Path) -> list[str]:
    """Give the text of each page of a PDF, lines joined."""
    return [" ".join((page.extract_text() or "").split()) for page in pypdf.PdfReader(path).pages]


def language_of_pdf(path: Path) -> str:
    """Give the language that a PDF declares."""
    return str(pypdf.PdfReader(path).trailer["/Root"]["/Lang"])


def of_workbook(path: Path) -> Iterator[str]:
    """Give the texts of a workbook, its sheets' names included."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        yield sheet.title
        yield from (c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str))


def of_folder(folder: Path) -> dict[str, list[str]]:
    """Give the texts of every file of a report, by the file's name."""
    texts = {"gambar": of_drawings(folder / "laporan.ipynb")}
    texts |= {p.name: of_page(p.read_text(encoding="utf-8")) for p in folder.glob("*.html")}
    texts |= {p.name: of_pdf(p) for p in folder.glob("*.pdf")}
    texts |= {p.name: list(of_workbook(p)) for p in folder.glob("*.xlsx")}
    return texts
