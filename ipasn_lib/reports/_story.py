"""An executed notebook as plain data: what stands in it, in order, ready to be laid out.

PDF and slides are laid out from this and from nothing else. It is made of the same sanitised
text, the same drawings and the same JSON of tables as the page, so the formats cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from ipasn_lib.reports import _page
from ipasn_lib.reports._blocks import Block, html_blocks, plain
from ipasn_lib.reports._cells import given_parameters, hides_cell, hides_output, joined, slide_type
from ipasn_lib.reports._language import spoken
from ipasn_lib.reports._sanitise import safe_html, safe_markdown, safe_svg
from ipasn_lib.reports.collect import (
    HEADLINE_MIME,
    TABLE_MIME,
    clean_text,
    collect_headline,
    collect_tables,
    is_hidden,
    is_synthetic,
    mime_bundles,
    printed_cell,
)
from ipasn_lib.wording import MISSING, count, number

__all__ = ["Part", "Story", "read_story"]

_CHIP = re.compile(
    r'class="ipasn-kategori" style="[^"]*background-color:(#[0-9a-f]{6});color:(#[0-9a-f]{6})'
    r'[^"]*">([^<]+)<'
)
_SIZE = re.compile(r'<svg[^>]*?\bviewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
_NUMBERS = ("cacah", "poin", "persen")


@dataclass(frozen=True)
class Part:
    """What one cell shows.

    Attributes
    ----------
    salindia : str
        The cell's ``slideshow`` type ("slide", "subslide", "notes", "skip", ...); "" if none.
    blok : tuple of dict
        Blocks, each with its ``jenis``.
    """

    salindia: str
    blok: tuple[Block, ...]


@dataclass(frozen=True)
class Story:
    """An executed notebook as data.

    Attributes
    ----------
    judul, anak_judul : str
        Title, and the notebook's own first heading where it says something else.
    tahun, wilayah : str
        Year and place of the headline, "" where there is none.
    sintetis : bool
        True where any number is make-believe.
    bagian : tuple of Part
        One a cell that shows something.
    """

    judul: str
    anak_judul: str
    tahun: str
    wilayah: str
    sintetis: bool
    bagian: tuple[Part, ...]

    @property
    def blok(self) -> list[Block]:
        """All blocks but the speaker's notes, in order."""
        return [block for part in self.bagian if part.salindia != "notes" for block in part.blok]


def read_story(nb: NotebookNode, *, judul: str, bahasa: str) -> Story:
    """Give an executed notebook as data.

    Raises
    ------
    ParameterError
        If the language is unknown or an output's JSON is not whole.
    """
    words = _page.words(bahasa)
    nb = spoken(nb, bahasa)
    kepala = collect_headline(nb)
    reader = _Outputs(_chips(nb), iter(collect_tables(nb)), bahasa, words)
    title = clean_text(judul).strip()
    deck, first, parts = "", True, []
    for cell in nb.cells:
        kind = slide_type(cell)
        # Notes are hidden from the page by a tag; the speaker still needs them.
        if hides_cell(cell) and not (kind == "notes" and cell.cell_type == "markdown"):
            reader.skip(cell)
            continue
        blocks: list[Block] = []
        if cell.cell_type == "markdown":
            blocks = html_blocks(safe_markdown(cell.source, cell.get("attachments")))
            if first and blocks and blocks[0].get("tingkat") == 1:
                first = False
                own = plain(blocks.pop(0)["isi"])
                deck = own if own.casefold() != title.casefold() else ""
        elif cell.cell_type == "code":
            shown = reader.read(cell)
            blocks = [] if hides_output(cell) else shown
        if blocks or kind == "slide":
            parts.append(Part(kind, tuple(blocks)))
    return Story(
        judul=title,
        anak_judul=deck,
        tahun=str(kepala.get("tahun") or given_parameters(nb).get("tahun") or ""),
        wilayah=str(kepala.get("label") or ""),
        sintetis=is_synthetic(nb),
        bagian=tuple(parts),
    )


def _chips(nb: NotebookNode) -> dict[str, tuple[str, str]]:
    """Give the colours (ground, letters) in which the page prints each category."""
    found: dict[str, tuple[str, str]] = {}
    for data in mime_bundles(nb):
        if TABLE_MIME in data or HEADLINE_MIME in data:
            for ground, letters, name in _CHIP.findall(joined(data.get("text/html", ""))):
                found.setdefault(name, (ground, letters))
    return found


class _Outputs:
    """Turns outputs into blocks; tables come whole and checked from ``collect_tables``."""

    def __init__(
        self,
        chips: Mapping[str, tuple[str, str]],
        tables: Any,
        bahasa: str,
        words: Mapping[str, str],
    ) -> None:
        self._chips, self._tables = chips, tables
        self._bahasa, self._words = bahasa, words

    def skip(self, cell: NotebookNode) -> None:
        """Pass over a cell that is left out, so that the tables stay in step."""
        if cell.cell_type == "code":
            self.read(cell)

    def read(self, cell: NotebookNode) -> list[Block]:
        """Give the blocks of a code cell's outputs."""
        return [block for output in cell.get("outputs", ()) for block in self._output(output)]

    def _output(self, output: NotebookNode) -> list[Block]:
        if output.output_type == "error":
            return [{"jenis": "galat", "teks": self._words["galat"]}]
        if output.output_type == "stream":
            text = clean_text(joined(output.text)).strip("\n")
            shown = output.get("name") == "stdout" and text.strip()
            return [{"jenis": "kode", "teks": text}] if shown else []
        data: Mapping[str, Any] = output.get("data", {})
        if TABLE_MIME in data:
            return [self._table(next(self._tables))]
        if HEADLINE_MIME in data:
            return [self._headline(data)]
        if "text/html" in data:
            return html_blocks(safe_html(joined(data["text/html"])))
        for mime in ("image/svg+xml", "image/png", "image/jpeg"):
            if mime in data:
                return [self._figure(mime, data, output.get("metadata", {}))]
        if "text/markdown" in data:
            return html_blocks(safe_markdown(joined(data["text/markdown"])))
        text = clean_text(joined(data.get("text/plain", ""))).strip("\n")
        return [{"jenis": "kode", "teks": text}] if text.strip() else []

    def _figure(self, mime: str, data: Mapping[str, Any], meta: Mapping[str, Any]) -> Block:
        said = meta.get(mime, {}).get("alt") or joined(data.get("text/plain", ""))
        alt = self._words["gambar"] if said.startswith("<") or not said else clean_text(said)
        if mime != "image/svg+xml":
            encoded = re.sub(r"[^A-Za-z0-9+/=]", "", joined(data[mime]))
            return {"jenis": "foto", "tipe": mime.partition("/")[2], "data": encoded, "alt": alt}
        drawing = safe_svg(joined(data[mime]))
        if drawing is None:
            return {"jenis": "galat", "teks": self._words["gambar_ditolak"]}
        size = _SIZE.search(drawing)
        wide, high = (float(size[1]), float(size[2])) if size else (4.0, 3.0)
        return {"jenis": "gambar", "svg": drawing, "alt": alt, "rasio": wide / max(high, 1e-6)}

    def _table(self, table: Mapping[str, Any]) -> Block:
        kolom = [
            {
                "label": column["label"],
                "kanan": column["jenis"] in _NUMBERS,
                "kategori": column["jenis"] == "kategori",
            }
            for column in table["kolom"]
        ]
        return {
            "jenis": "tabel",
            "nama": table["nama"],
            "judul": table["judul"],
            "kolom": kolom,
            "baris": [
                [
                    self._cell(value, column)
                    for value, column in zip(row, table["kolom"], strict=True)
                ]
                for row in table["baris"]
            ],
            "catatan": [*table["catatan"], *([table["sumber"]] if table["sumber"] else [])],
        }

    def _cell(self, value: object, column: Mapping[str, Any]) -> dict[str, Any]:
        cell: dict[str, Any] = {"teks": " ".join(printed_cell(value, column, self._bahasa).split())}
        if column["jenis"] == "kategori" and isinstance(value, str) and value in self._chips:
            cell["warna"] = list(self._chips[value])
        if value is None or is_hidden(value):
            cell["redup"] = True
        return cell

    def _headline(self, data: Mapping[str, Any]) -> Block:
        kepala = data[HEADLINE_MIME]
        index, category = kepala.get("indeks"), kepala.get("kategori")
        lines = clean_text(joined(data.get("text/plain", ""))).splitlines()
        facts = [line.partition(": ") for line in lines[1:-1]]
        measured, people = (kepala.get(key) for key in ("n_terukur", "n_pegawai"))
        if len(lines) < 3 and measured is not None and people is not None:
            both = (count(n, self._bahasa) for n in (measured, people))
            facts = [(self._words["terukur"], ": ", " / ".join(both))]
        known = isinstance(index, int | float)
        return {
            "jenis": "kepala",
            "label": clean_text(kepala.get("label") or ""),
            "tahun": clean_text(kepala.get("tahun") or ""),
            "angka": number(index, 2, self._bahasa) if known else MISSING,
            "kategori": clean_text(category) if known and category else "",
            "warna": list(self._chips.get(str(category), ())),
            "fakta": [[term, words] for term, mark, words in facts if mark],
            "catatan": [term for term, mark, _ in facts if not mark],
            "sumber": lines[-1] if len(lines) > 1 else clean_text(kepala.get("sumber_data") or ""),
        }
