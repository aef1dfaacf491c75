"""Take harmless HTML apart into plain blocks: headings, paragraphs, lists, quotes, small tables.

What comes in has passed the allow-list of ``_sanitise``. What goes out is data without markup,
so that another format can be laid out from it and no text can become that format's code.
"""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from typing import Any

__all__ = ["Block", "Run", "html_blocks", "plain"]

Block = dict[str, Any]
"""A block: ``jenis`` says which (judul, alinea, daftar, kutipan, kode, kisi, garis)."""

Run = dict[str, Any]
"""A piece of a line: ``teks`` with ``tebal``, ``miring``, ``kode``, ``tautan``; a line break
(``putus``); or a drawing (``svg``, ``alt``, ``tinggi`` and ``turun`` in em)."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BREAKS = ("p", "div", "dt", "dd", "summary", "figcaption", "caption", "figure", "details", "dl")
_BOLD, _ITALIC, _CODE = ("strong", "b", "th"), ("em", "i", "var"), ("code", "kbd")
_SVG = "data:image/svg+xml;base64,"
_NOTE_LABEL = re.compile(r"[^.]{3,40}\.")


def html_blocks(html: str) -> list[Block]:
    """Give the blocks of harmless HTML, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader.blocks


def plain(runs: list[Run]) -> str:
    """Give the text of a line; a drawing counts by its description."""
    return "".join(str(run.get("teks", run.get("alt", " "))) for run in runs)


class _Reader(HTMLParser):
    """One walk through the elements; ``_open`` holds the lists, quotes and cells still open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._open: list[list[Block]] = [self.blocks]
        self._runs: list[Run] = []
        self._styles: list[tuple[str, str, str]] = []
        self._grids: list[dict[str, Any]] = []
        self._pre: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BREAKS or tag in _HEADINGS:
            self.flush()
        if tag == "br":
            self._runs.append({"putus": True})
        elif tag == "img":
            self._image(given)
        elif tag == "hr":
            self.flush()
            self._open[-1].append({"jenis": "garis"})
        elif tag == "pre":
            self.flush()
            self._pre = []
        elif tag in ("ul", "ol"):
            self.flush()
            made: Block = {"jenis": "daftar", "bernomor": tag == "ol", "butir": []}
            self._open[-1].append(made)
            self._open.append(made["butir"])
        elif tag == "li":
            self._enter({"isi": []}, "isi")
        elif tag == "blockquote":
            self.flush()
            self._enter({"jenis": "kutipan", "isi": []}, "isi")
        elif tag == "table":
            self.flush()
            self._grids.append({"jenis": "kisi", "kepala": [], "baris": []})
        elif tag == "tr" and self._grids:
            self._grids[-1]["baris"].append([])
        elif tag in ("td", "th") and self._grids:
            self._runs = []
        if tag not in ("br", "img", "hr"):
            bold = "b" if re.search(r"font-weight:\s*[67]00", given.get("style", "")) else ""
            self._styles.append((tag, bold, given.get("href", "")))

    def _enter(self, block: Block, inside: str) -> None:
        self._open[-1].append(block)
        self._open.append(block[inside])

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._heading(int(tag[1]))
        elif tag in _BREAKS:
            self.flush()
        elif tag in ("ul", "ol", "li", "blockquote"):
            self.flush()
            if len(self._open) > 1:
                self._open.pop()
        elif tag == "pre" and self._pre is not None:
            self._open[-1].append({"jenis": "kode", "teks": "".join(self._pre).strip("\n")})
            self._pre = None
        elif tag in ("td", "th") and self._grids and self._grids[-1]["baris"]:
            self._grids[-1]["baris"][-1].append((tag, self._line()))
        elif tag == "table" and self._grids:
            self._grid(self._grids.pop())
        for k in range(len(self._styles) - 1, -1, -1):
            if self._styles[k][0] == tag:
                del self._styles[k:]
                break

    def handle_data(self, data: str) -> None:
        if self._pre is not None:
            self._pre.append(data)
            return
        text = re.sub(r"\s+", " ", data)
        if not text or (text == " " and not self._runs):
            return
        tags = {tag for tag, _, _ in self._styles}
        run: Run = {"teks": text}
        if tags & {*_BOLD} or any(bold for _, bold, _ in self._styles):
            run["tebal"] = True
        if tags & {*_ITALIC}:
            run["miring"] = True
        if tags & {*_CODE}:
            run["kode"] = True
        link = next((href for _, _, href in reversed(self._styles) if href), "")
        if re.match(r"https?://", link):
            run["tautan"] = link
        self._runs.append(run)

    def _image(self, given: dict[str, str]) -> None:
        source = given.get("src", "")
        if not source.startswith(_SVG):
            self._runs.append({"teks": given.get("alt", ""), "miring": True})
            return
        height, down = (
            re.search(rf"{name}:\s*(-?[\d.]+)em", given.get("style", ""))
            for name in ("height", "vertical-align")
        )
        self._runs.append(
            {
                "svg": base64.b64decode(source.removeprefix(_SVG)).decode("utf-8"),
                "alt": given.get("alt", "") or "–",
                "tinggi": float(height[1]) if height else 1.0,
                "turun": -float(down[1]) if down else 0.0,
            }
        )

    def _line(self) -> list[Run]:
        """Give the runs gathered so far, without blanks at the ends."""
        runs, self._runs = self._runs, []
        while runs and ("putus" in runs[-1] or not runs[-1].get("teks", "x").strip()):
            runs.pop()
        while runs and ("putus" in runs[0] or not runs[0].get("teks", "x").strip()):
            runs.pop(0)
        if runs and "teks" in runs[0]:
            runs[0] = {**runs[0], "teks": runs[0]["teks"].lstrip()}
        if runs and "teks" in runs[-1]:
            runs[-1] = {**runs[-1], "teks": runs[-1]["teks"].rstrip()}
        return runs

    def flush(self) -> None:
        """End the paragraph that is open, if any."""
        runs = [] if self._grids else self._line()
        if runs:
            first = runs[0]
            # "*Cara membaca.* ..." explains what stands above it.
            note = bool(first.get("miring") and _NOTE_LABEL.fullmatch(first.get("teks", "")))
            self._open[-1].append({"jenis": "alinea", "isi": runs, "catatan": note})

    def _heading(self, level: int) -> None:
        runs = self._line()
        if runs:
            self._open[-1].append({"jenis": "judul", "tingkat": level, "isi": runs})

    def _grid(self, grid: dict[str, Any]) -> None:
        rows = [row for row in grid["baris"] if row]
        width = max((len(row) for row in rows), default=0)
        lines = [[runs for _, runs in row] + [[]] * (width - len(row)) for row in rows]
        if rows and all(tag == "th" for tag, _ in rows[0]):
            grid["kepala"], lines = lines[0], lines[1:]
        if width:
            self._open[-1].append({**grid, "baris": lines, "lebar": width})
