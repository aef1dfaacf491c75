"""Tables as printed, together with the data they were printed from.

A table's cells are made once, rounded half up as they are shown, and both the HTML and the JSON
(from which workbooks are built) come from these cells. A hidden number is in neither.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    category_colours,
)
from ipasn_lib.figures.publish import PublishedTable
from ipasn_lib.figures.reading import (
    field,
)
from ipasn_lib.figures.style import (
    ACCENT,
    DIMENSIONS,
    KATEGORI_COLOURS,
    on_colour,
    provenance,
)
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import (
    HIDDEN,
    MISSING,
    count,
    number,
    percent,
    round_half_up,
    text,
    translate,
)

__all__ = ["Column", "chip", "publish_table", "summary_columns", "synthetic_badge"]

JENIS = ("teks", "cacah", "poin", "persen", "kategori")
_HIDDEN_CELL = {"tersembunyi": True}


@dataclass(frozen=True)
class Column:
    """How one column is printed.

    Attributes
    ----------
    nama : str
        Column or index level of the table.
    label : str
        Heading.
    jenis : {"teks", "cacah", "poin", "persen", "kategori"}
        Text, whole number, points, share (0-1, printed as percent), category of the index.
    desimal : int
        Digits after the decimal sign (of the percentage, for ``persen``); 0 for the others.
    kosong : {"tidak_tersedia", "tersembunyi"}
        What a missing value means in a row that is otherwise shown: not available (a dash) or
        hidden.
    """

    nama: str
    label: str
    jenis: str = "teks"
    desimal: int = 0
    kosong: str = "tidak_tersedia"

    def __post_init__(self) -> None:
        """Refuse an unknown kind."""
        if self.jenis not in JENIS:
            raise ParameterError(
                f"column {self.nama!r}: unknown jenis {self.jenis!r}; expected {list(JENIS)}"
            )
        if self.kosong not in ("tidak_tersedia", "tersembunyi"):
            raise ParameterError(
                f"column {self.nama!r}: unknown kosong {self.kosong!r}; expected "
                "['tidak_tersedia', 'tersembunyi']"
            )


def summary_columns(
    keys: Sequence[str], *, dimensi: bool = True, bahasa: str = "id"
) -> list[Column]:
    """List the usual columns of a ringkasan.

    Parameters
    ----------
    keys : sequence of str
        Columns that name the row (``unit_kerja``, ``label``, ``jenis_asn``).
    dimensi : bool
        With the four dimensions.
    bahasa : {"id", "en"}
        Language of the headings.
    """
    columns = [Column(k, text(k, bahasa), "cacah" if k == "peringkat" else "teks") for k in keys]
    columns += [Column(n, text(n, bahasa), "cacah") for n in ("n_pegawai", "n_terukur")]
    columns.append(Column("partisipasi", text("partisipasi", bahasa), "persen", 1))
    if dimensi:
        columns += [Column(d, text(d, bahasa), "poin", 2) for d in DIMENSIONS]
    columns.append(Column("indeks", text("indeks", bahasa), "poin", 2))
    columns.append(Column("kategori", text("kategori", bahasa), "kategori"))
    return columns


def _cell(value: Any, column: Column, row_hidden: bool, bahasa: str) -> Any:
    """Give the JSON cell of a value."""
    if row_hidden and column.jenis != "teks":
        return _HIDDEN_CELL
    if pd.isna(value):
        return _HIDDEN_CELL if column.kosong == "tersembunyi" else None
    if column.jenis in ("teks", "kategori"):
        return translate(str(value), bahasa)
    if column.jenis == "cacah":
        return int(round_half_up(value, 0))
    return round_half_up(value, column.desimal + (2 if column.jenis == "persen" else 0))


def _printed(cell: Any, column: Column, bahasa: str) -> str:
    """Give the printed form of a JSON cell."""
    if cell is None:
        return MISSING
    if cell == _HIDDEN_CELL:
        return HIDDEN
    if column.jenis == "cacah":
        return count(cell, bahasa)
    if column.jenis == "persen":
        return percent(cell, column.desimal, bahasa)
    if column.jenis == "poin":
        return number(cell, column.desimal, bahasa)
    return str(cell)


def chip(kategori: str, bahasa: str = "id") -> str:
    """Give a category, as printed, as a coloured label; what is none of the five stays plain."""
    safe = html.escape(kategori)
    colours = {translate(k, bahasa): colour for k, colour in KATEGORI_COLOURS.items()}
    if kategori not in colours:
        return safe
    colour = colours[kategori]
    return (
        f'<span class="ipasn-kategori" style="display:inline-block;background-color:{colour};'
        f"color:{on_colour(colour)};padding:1px 8px;border-radius:3px;font-size:0.9em;"
        f'font-weight:600;white-space:nowrap">{safe}</span>'
    )


def synthetic_badge(bahasa: str = "id") -> str:
    """Give the DATA SINTETIS label in HTML."""
    return (
        f'<span class="ipasn-sintetis" style="display:inline-block;background-color:{ACCENT};'
        "color:#ffffff;padding:2px 9px;font-size:0.8rem;font-weight:700;letter-spacing:0.02em;"
        f'white-space:nowrap">{html.escape(text("data_sintetis", bahasa))}</span>'
    )


def publish_table(
    frame: pd.DataFrame,
    *,
    nama: str,
    judul: str,
    kolom: Sequence[Column],
    sumber: str | None = None,
    sintetis: bool | None = None,
    catatan: Sequence[str] = (),
    subjudul: str = "",
    penanda: str | None = "n_pegawai",
    minimum: int = MINIMUM,
    bahasa: str = "id",
) -> PublishedTable:
    """Print a table.

    Parameters
    ----------
    frame : pandas.DataFrame
        The numbers, unrounded; columns are found in the columns or in the index.
    nama : str
        Slug of the table.
    judul, subjudul : str
        The finding or subject, and what is shown in which unit.
    kolom : sequence of Column
        The columns in order; :func:`summary_columns` gives those of a ringkasan.
    sumber, sintetis : optional
        See :func:`ipasn_lib.figures.style.provenance`; needed where ``frame`` has no
        ``sumber_data``.
    catatan : sequence of str
        Notes; the notes on hidden and missing cells are added where there are such cells.
    penanda : str or None
        The column that tells a hidden row: where it is missing, every number of the row is
        hidden. A table without that column has no hidden rows; None never looks.
    minimum : int
        Smallest group shown, for the note.
    bahasa : {"id", "en"}
        Language.

    Raises
    ------
    ParameterError
        If a column is not in the table, ``kolom`` is empty, a category is unknown or nothing
        says where the numbers come from.
    """
    if not kolom:
        raise ParameterError(f"table {nama!r} has no columns")
    asal = provenance(frame, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    values = {c.nama: field(frame, c.nama) for c in kolom}
    for column in kolom:
        if column.jenis == "kategori":
            category_colours(list(values[column.nama]))
    has_mark = penanda is not None and penanda in (*frame.columns, *frame.index.names)
    gone = field(frame, str(penanda)).isna() if has_mark else pd.Series([False] * len(frame))
    rows = [
        [_cell(values[c.nama].iloc[k], c, bool(gone.iloc[k]), bahasa) for c in kolom]
        for k in range(len(frame))
    ]
    cells = [cell for row in rows for cell in row]
    notes = [translate(note, bahasa) for note in catatan]
    if not rows:
        notes.append(text("tabel_kosong", bahasa))
    if _HIDDEN_CELL in cells:
        notes.append(text("tersembunyi", bahasa, minimum=minimum))
    if None in cells:
        notes.append(text("tidak_tersedia", bahasa))
    printed = [[_printed(v, c, bahasa) for v, c in zip(row, kolom, strict=True)] for row in rows]
    return PublishedTable(
        nama=nama,
        judul=judul,
        kolom=tuple(
            {"nama": c.nama, "label": c.label, "jenis": c.jenis, "desimal": c.desimal}
            for c in kolom
        ),
        baris=tuple(tuple(row) for row in rows),
        catatan=tuple(notes),
        sumber=asal.text,
        sintetis=asal.sintetis,
        html=_html(
            nama, judul, subjudul, kolom, printed, [*notes, asal.text], asal.sintetis, bahasa
        ),
        plain=_plain(judul, kolom, printed, [*notes, asal.text]),
    )


def _html(
    nama: str,
    judul: str,
    subjudul: str,
    kolom: Sequence[Column],
    printed: list[list[str]],
    notes: list[str],
    sintetis: bool,
    bahasa: str,
) -> str:
    import great_tables as gt

    # Positions instead of names: a column's name is data and may hold anything.
    body = pd.DataFrame(printed, columns=[f"k{k}" for k in range(len(kolom))], dtype="str")
    names = list(body.columns)
    stub = names[0] if kolom[0].jenis == "teks" and len(kolom) > 1 else None
    table = gt.GT(body, rowname_col=stub, id=f"ipasn-{nama}")
    table = table.cols_label({n: c.label for n, c in zip(names, kolom, strict=True)})
    numbers = [n for n, c in zip(names, kolom, strict=True) if c.jenis not in ("teks", "kategori")]
    table = table.cols_align("left").cols_align("right", columns=numbers)
    if stub is not None:
        table = table.tab_stubhead(kolom[0].label)
    chips = [n for n, c in zip(names, kolom, strict=True) if c.jenis == "kategori"]
    if chips:
        table = table.fmt(partial(chip, bahasa=bahasa), columns=chips)  # escapes by itself
    title = f"<strong>{html.escape(judul)}</strong>"
    if sintetis:
        title += f" {synthetic_badge(bahasa)}"
    table = table.tab_header(gt.html(title), gt.html(html.escape(subjudul)) if subjudul else None)
    for note in notes:
        table = table.tab_source_note(gt.html(html.escape(note)))
    # Inline, so that the look survives where style sheets are dropped (mail, sanitised pages).
    table = table.tab_options(
        table_font_size="14px",
        heading_align="left",
        heading_title_font_size="17px",
        data_row_padding="5px",
        table_margin_left="0",
        stub_border_style="none",
    )
    return str(table.as_raw_html())


def _plain(judul: str, kolom: Sequence[Column], printed: list[list[str]], notes: list[str]) -> str:
    rows = [
        [v if len(v) <= 60 else v[:59] + "…" for v in row]
        for row in [[c.label for c in kolom], *printed]
    ]
    wide = [max(len(row[k]) for row in rows) for k in range(len(kolom))]
    lines = []
    for row in rows:
        cells = [
            v.ljust(w) if c.jenis in ("teks", "kategori") else v.rjust(w)
            for v, w, c in zip(row, wide, kolom, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([judul, "", *lines, "", *notes])
