"""Take the numbers out of an executed notebook, from its outputs' JSON and from nothing else.

A notebook shows a table or a headline as HTML together with the JSON that it was printed from.
Whatever is built beside the page (workbook, csv, index page) is built from that JSON, so that
all of them hold the same numbers and a hidden number is in none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ipasn_lib.errors import ParameterError
from ipasn_lib.wording import HIDDEN, MISSING, count, number, percent

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "CELL_KINDS",
    "HEADLINE_MIME",
    "TABLE_MIME",
    "clean_text",
    "collect_headline",
    "collect_tables",
    "is_hidden",
    "is_synthetic",
    "mime_bundles",
    "printed_cell",
    "stored_decimals",
]

TABLE_MIME = "application/vnd.ipasn.table+json"
"""Output type of a table's JSON."""

HEADLINE_MIME = "application/vnd.ipasn.kepala+json"
"""Output type of a headline's JSON."""

CELL_KINDS = ("teks", "cacah", "poin", "persen", "kategori")
"""What a column can hold: text, a count, points, a share (0-1), a category."""

# Control characters are illegal in XML, so a workbook holding one does not open; lone surrogates
# cannot be written at all; direction marks can show "=exe.slx" for something else.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufffe\uffff\ud800-\udfff]"
)

_TABLE_KEYS = ("nama", "judul", "kolom", "baris")


def clean_text(value: object) -> str:
    """Give a value as text without control characters, lone surrogates and direction marks."""
    return _UNPRINTABLE.sub("", str(value))


def mime_bundles(nb: NotebookNode) -> Iterator[Mapping[str, Any]]:
    """Give the data of each output of each code cell, in order."""
    for output in _outputs(nb):
        if output.get("data"):
            yield output["data"]


def _outputs(nb: NotebookNode) -> Iterator[NotebookNode]:
    for cell in nb.cells:
        if cell.cell_type == "code":
            yield from cell.get("outputs", ())


def is_hidden(cell: object) -> bool:
    """Tell whether a table's cell is hidden to protect a small group."""
    return isinstance(cell, Mapping) and cell.get("tersembunyi") is True


def stored_decimals(column: Mapping[str, Any]) -> int:
    """Give the decimals of the value as stored; a share needs two more than its percentage."""
    if column["jenis"] == "cacah":
        return 0
    return int(column["desimal"]) + (2 if column["jenis"] == "persen" else 0)


def printed_cell(value: object, column: Mapping[str, Any], bahasa: str) -> str:
    """Print a cell of a table's JSON as the page prints it.

    Parameters
    ----------
    value : object
        Text, number, None or the hidden mark.
    column : mapping
        The column's ``jenis`` and ``desimal``.
    bahasa : {"id", "en"}
        Language, for the separators.
    """
    if value is None:
        return MISSING
    if is_hidden(value):
        return HIDDEN
    if not isinstance(value, int | float):
        return str(value)
    if column["jenis"] == "persen":
        return percent(value, int(column["desimal"]), bahasa)
    if column["jenis"] == "cacah":
        return count(value, bahasa)
    if column["jenis"] == "poin":
        return number(value, int(column["desimal"]), bahasa)
    return str(value)


def collect_headline(nb: NotebookNode) -> dict[str, Any]:
    """Give the values of the report's headline.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook.

    Returns
    -------
    dict
        ``kode_kabkota, label, tahun, indeks, kategori, n_pegawai, n_terukur, partisipasi,
        sumber_data, id_instrumen, sintetis`` of the first headline shown; texts cleaned of
        control characters. Empty if the notebook shows none.
    """
    for data in mime_bundles(nb):
        if HEADLINE_MIME in data:
            shown = data[HEADLINE_MIME]
            if not isinstance(shown, Mapping):
                raise ParameterError(f"an output of type {HEADLINE_MIME} is not an object")
            return {
                str(key): clean_text(value) if isinstance(value, str) else value
                for key, value in shown.items()
            }
    return {}


def collect_tables(nb: NotebookNode) -> list[dict[str, Any]]:
    """Give the tables that the notebook shows, in order.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook.

    Returns
    -------
    list of dict
        One a table: ``nama, judul, catatan, sumber, sintetis, kolom, baris``. A cell is text, a
        finite number, None (not available) or ``{"tersembunyi": True}`` (hidden).

    Raises
    ------
    ParameterError
        If a table's JSON is not whole: an export that guesses could show what was hidden.
    """
    return [_table(data[TABLE_MIME]) for data in mime_bundles(nb) if TABLE_MIME in data]


def is_synthetic(nb: NotebookNode) -> bool:
    """Tell whether any output says that its numbers are make-believe.

    Reads the JSON first, and then every text shown or described, so that a figure that carries
    the mark in its description alone is enough. One mark marks the report.
    """
    for output in _outputs(nb):
        data: Mapping[str, Any] = output.get("data", {})
        for mime in (HEADLINE_MIME, TABLE_MIME):
            shown = data.get(mime)
            if isinstance(shown, Mapping) and (
                shown.get("sintetis") or _says_so(shown.get("sumber_data", ""))
            ):
                return True
        if any(_says_so(data.get(mime, "")) for mime in ("text/html", "text/plain")):
            return True
        described = output.get("metadata", {}).values()
        if any(_says_so(d.get("alt", "")) for d in described if isinstance(d, Mapping)):
            return True
    return False


def _says_so(text: object) -> bool:
    joined = "".join(map(str, text)) if isinstance(text, list) else str(text)
    return re.search(r"\bsintetis\b", joined, re.IGNORECASE) is not None


def _table(shown: Any) -> dict[str, Any]:
    if not isinstance(shown, Mapping):
        raise ParameterError(f"an output of type {TABLE_MIME} is not an object")
    missing = [key for key in _TABLE_KEYS if key not in shown]
    if missing:
        raise ParameterError(f"a table's JSON lacks {missing}; expected {list(_TABLE_KEYS)}")
    nama = clean_text(shown["nama"])
    kolom = [_column(nama, column) for column in shown["kolom"]]
    baris = [list(row) for row in shown["baris"]]
    for k, row in enumerate(baris, start=1):
        if len(row) != len(kolom):
            raise ParameterError(
                f"table {nama!r}, row {k}: {len(row)} cells for {len(kolom)} columns"
            )
    return {
        "nama": nama,
        "judul": clean_text(shown["judul"]),
        "catatan": [clean_text(note) for note in shown.get("catatan", ())],
        "sumber": clean_text(shown.get("sumber", "")),
        "sintetis": bool(shown.get("sintetis", False)),
        "kolom": kolom,
        "baris": [[_cell(nama, value) for value in row] for row in baris],
    }


def _column(nama: str, column: Mapping[str, Any]) -> dict[str, Any]:
    jenis = column.get("jenis")
    if jenis not in CELL_KINDS:
        raise ParameterError(
            f"table {nama!r}: a column's jenis is not known; expected one of {list(CELL_KINDS)}"
        )
    desimal = column.get("desimal")
    return {
        "nama": clean_text(column.get("nama", "")),
        "label": clean_text(column.get("label", column.get("nama", ""))),
        "jenis": jenis,
        "desimal": 0 if desimal is None else int(desimal),
    }


def _cell(nama: str, value: object) -> object:
    if value is None or is_hidden(value):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if math.isfinite(value) else None
    raise ParameterError(
        f"table {nama!r} holds a cell that is neither text, number, null nor a hidden mark"
    )
