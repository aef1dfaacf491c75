"""What a notebook shows: a figure, a table or a headline that carries its own text and data.

Each is a frozen record that any Jupyter front end can display by itself
(``_repr_mimebundle_``), and that the export step can take apart again without running code:

* a figure is an SVG whose bytes depend on its content only, with the sentence that says in
  words what it shows;
* a table is HTML together with the JSON it was printed from; workbooks are built from that JSON,
  so page and workbook hold the same numbers, and a hidden number is in neither;
* a headline is HTML together with the few values from which an index page is made.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ipasn_lib.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "HEADLINE_MIME",
    "TABLE_MIME",
    "PublishedBlock",
    "PublishedFigure",
    "PublishedHeadline",
    "PublishedTable",
]

TABLE_MIME = "application/vnd.ipasn.table+json"
HEADLINE_MIME = "application/vnd.ipasn.kepala+json"

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def _check_slug(nama: str) -> None:
    # The name becomes part of a file name and of ids inside the SVG.
    if not _SLUG.fullmatch(nama):
        raise ParameterError(
            f"{nama!r} cannot name a figure or table; expected 1-64 of a-z, 0-9, _ and -"
        )


@dataclass(frozen=True)
class PublishedFigure:
    """A figure ready to show: drawing, words and name.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The drawing, made without pyplot.
    alt : str
        One sentence that says what the figure shows, in the report's language.
    nama : str
        Slug (a-z, 0-9, ``_``, ``-``); file names and the ids inside the SVG come from it.
    """

    figure: Figure
    alt: str
    nama: str

    def __post_init__(self) -> None:
        """Refuse what cannot be published."""
        _check_slug(self.nama)
        if not self.alt.strip():
            raise ParameterError(f"figure {self.nama!r} has no alt text")

    def svg(self) -> str:
        """Render as SVG; the same figure always gives the same bytes."""
        from matplotlib import rc_context

        out = io.StringIO()
        # Text becomes outlines, so the page needs no font; the salt makes ids repeatable and
        # keeps the ids of two figures on one page apart.
        with rc_context({"svg.fonttype": "path", "svg.hashsalt": f"ipasn-{self.nama}"}):
            self.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        drawing = out.getvalue()
        start = drawing.index("<svg")
        end = drawing.index(">", start) + 1
        opening = drawing[start : end - 1] + ' role="img">'
        return f"{opening}\n <title>{html.escape(self.alt)}</title>{drawing[end:]}"

    def png(self, dpi: int = 150) -> bytes:
        """Render as PNG, for slides and office documents."""
        from matplotlib import rc_context

        out = io.BytesIO()
        # Without hinting the letters keep the spacing that they were measured with.
        with rc_context({"text.hinting": "none"}):
            self.figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
        return out.getvalue()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {"image/svg+xml": self.svg(), "text/plain": self.alt}
        return data, {"image/svg+xml": {"alt": self.alt, "nama": self.nama}}


@dataclass(frozen=True)
class PublishedTable:
    """A table ready to show, with the JSON that it was printed from.

    Attributes
    ----------
    nama, judul : str
        Slug and title.
    kolom : sequence of mapping
        One a column: ``nama``, ``label``, ``jenis`` (teks, cacah, poin, persen, kategori) and
        ``desimal``.
    baris : sequence of sequence
        Cells: text, a number rounded as printed, None (not available) or
        ``{"tersembunyi": True}`` (hidden small group).
    catatan : sequence of str
        Notes under the table.
    sumber : str
        Source of the numbers.
    sintetis : bool
        True where the numbers are make-believe.
    html : str
        The table as printed, every value escaped.
    plain : str
        The table as plain text.
    """

    nama: str
    judul: str
    kolom: Sequence[Mapping[str, Any]]
    baris: Sequence[Sequence[Any]]
    catatan: Sequence[str]
    sumber: str
    sintetis: bool
    html: str = field(repr=False)
    plain: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be published."""
        _check_slug(self.nama)
        wrong = [k for k, row in enumerate(self.baris) if len(row) != len(self.kolom)]
        if wrong:
            raise ParameterError(
                f"table {self.nama!r}: row {wrong[0] + 1} has another number of cells than "
                f"the {len(self.kolom)} columns"
            )

    def data(self) -> dict[str, Any]:
        """Give the table as plain JSON data (the content of ``TABLE_MIME``)."""
        return {
            "nama": self.nama,
            "judul": self.judul,
            "catatan": list(self.catatan),
            "sumber": self.sumber,
            "sintetis": self.sintetis,
            "kolom": [dict(c) for c in self.kolom],
            "baris": [
                [dict(cell) if isinstance(cell, dict) else cell for cell in row]
                for row in self.baris
            ],
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.plain, TABLE_MIME: self.data()}


@dataclass(frozen=True)
class PublishedHeadline:
    """The card at the head of a report, with the values an index page is built from.

    ``kepala`` holds ``kode_kabkota, label, tahun, indeks, kategori, n_pegawai, n_terukur,
    partisipasi, sumber_data, id_instrumen, sintetis``; numbers as printed, hidden ones None.
    """

    kepala: Mapping[str, Any]
    html: str = field(repr=False)
    plain: str

    def data(self) -> dict[str, Any]:
        """Give the values as plain JSON data (the content of ``HEADLINE_MIME``)."""
        return dict(self.kepala)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.plain, HEADLINE_MIME: self.data()}


@dataclass(frozen=True)
class PublishedBlock:
    """A block of text made from plain values (how it was measured, who signs)."""

    html: str = field(repr=False)
    plain: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.plain}
