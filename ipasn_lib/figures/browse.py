"""Tables to sort and search in JupyterLab, for an analyst's own eyes.

A report prints the static table of :mod:`ipasn_lib.figures.tables`, which needs no script. Here
a table is handed to DataTables through ``itables``, with the script in the output itself: it
works without a network, and a report's export drops it, since it publishes no script.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.publish import PublishedTable
from ipasn_lib.figures.tables import synthetic_badge
from ipasn_lib.wording import count, number, percent

__all__ = ["BrowsedTable", "browse"]

_WORDS = {
    "id": {
        "search": "Cari:",
        "lengthMenu": "_MENU_ baris",
        "info": "_START_–_END_ dari _TOTAL_ baris",
        "infoEmpty": "tidak ada baris",
        "infoFiltered": "(disaring dari _MAX_)",
        "zeroRecords": "Tidak ada baris yang cocok",
        "emptyTable": "Tidak ada baris",
    },
    "en": {},
}
_HIDDEN, _MISSING = "*)", "–"
# A cell of a number is "value|as printed": it sorts by the first and shows and finds the second.
_NUMBER_CELL = """function (data, type) {
    const parts = String(data).split("|");
    return type === "sort" || type === "type" ? Number(parts[0]) : parts[1];
}"""
_LAST = "-1e300"


@dataclass(frozen=True)
class BrowsedTable:
    """A table ready to sort and search; ``frame`` holds its cells as they are handed over."""

    judul: str
    frame: pd.DataFrame = field(repr=False)
    html: str = field(repr=False)

    def _repr_html_(self) -> str:
        return self.html


def browse(
    table: pd.DataFrame | PublishedTable, *, judul: str = "", bahasa: str = "id"
) -> BrowsedTable:
    """Show a table that sorts by its heads and searches, without a network.

    For exploring in JupyterLab. Nothing is hidden here that the table shows: give it published
    tables, or people's scores only where they may be seen.

    Parameters
    ----------
    table : pandas.DataFrame or PublishedTable
        A named index becomes columns. Numbers print as in reports; NA prints as a dash, a hidden
        cell of a published table as ``*)``. Both sort below every number.
    judul : str
        Title; a published table has its own.
    bahasa : {"id", "en"}
        Language of the numbers and of the controls.

    Raises
    ------
    ParameterError
        If the language is unknown or the table is of another kind.
    """
    if bahasa not in _WORDS:
        raise ParameterError(f"unknown language {bahasa!r}; expected one of {list(_WORDS)}")
    if isinstance(table, PublishedTable):
        frame, numeric = _of_published(table, bahasa)
        made_up, judul = table.sintetis, judul or table.judul
        notes = [*table.catatan, table.sumber]
    elif isinstance(table, pd.DataFrame):
        frame, numeric = _of_frame(table, bahasa)
        source = table["sumber_data"] if "sumber_data" in table else pd.Series(dtype="object")
        made_up = bool(source.astype("string").str.lower().str.startswith("sintetis").any())
        notes = []
    else:
        raise ParameterError(f"expected a DataFrame or a PublishedTable, not {type(table)}")
    mark = f" {synthetic_badge(bahasa)}" if made_up else ""
    head = f"<strong>{html.escape(judul)}</strong>{mark}" if judul or mark else ""
    foot = "".join(f"<div>{html.escape(note)}</div>" for note in notes if note)
    return BrowsedTable(judul, frame, f"<div>{head}</div>{_drawn(frame, numeric, bahasa)}{foot}")


def _drawn(frame: pd.DataFrame, numeric: Sequence[int], bahasa: str) -> str:
    """Give the table's HTML with the script that it needs."""
    from itables import JavascriptFunction, options, to_html_datatable
    from itables.javascript import generate_init_offline_itables_html

    # without the remark that follows it, which JupyterLab would print
    script = generate_init_offline_itables_html(options.dt_bundle).rpartition("<div")[0]
    render = JavascriptFunction(_NUMBER_CELL)
    texts = [k for k in range(frame.shape[1]) if k not in numeric]
    columns = [{"targets": texts, "className": "dt-left"}] if texts else []
    if numeric:
        columns += [{"targets": list(numeric), "className": "dt-right", "render": render}]
    body = to_html_datatable(
        frame,
        connected=False,
        showIndex=False,
        allow_html=False,
        maxBytes=0,
        display_logo_when_loading=False,
        language=_WORDS[bahasa],
        columnDefs=columns,
        order=[],
    )
    return script + body


def _of_frame(table: pd.DataFrame, bahasa: str) -> tuple[pd.DataFrame, list[int]]:
    named = [name for name in table.index.names if name is not None]
    plain = table.reset_index(level=named) if named else table
    cells, numeric = {}, []
    for k, name in enumerate(plain.columns):
        values = plain[name]
        kind = values.dtype
        if pd.api.types.is_bool_dtype(kind) or not pd.api.types.is_numeric_dtype(kind):
            cells[str(name)] = [_MISSING if pd.isna(v) else str(v) for v in values]
            continue
        numeric.append(k)
        whole = pd.api.types.is_integer_dtype(kind)
        # a year is no count: it has no thousands
        say = str if name == "tahun" else partial(count if whole else number, bahasa=bahasa)
        cells[str(name)] = [_cell(None if pd.isna(v) else v, say) for v in values]
    return pd.DataFrame(cells), numeric


def _of_published(table: PublishedTable, bahasa: str) -> tuple[pd.DataFrame, list[int]]:
    cells, numeric = {}, []
    for k, column in enumerate(table.kolom):
        values = [row[k] for row in table.baris]
        if column["jenis"] in ("teks", "kategori"):
            cells[str(column["label"])] = list(_texts(values))
            continue
        numeric.append(k)
        places = int(column.get("desimal") or 0)
        how = percent if column["jenis"] == "persen" else number
        say = partial(how, decimals=places, bahasa=bahasa)
        cells[str(column["label"])] = [_cell(v, say) for v in values]
    return pd.DataFrame(cells), numeric


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        yield _HIDDEN if isinstance(value, dict) else _MISSING if value is None else str(value)


def _cell(value: Any, say: Callable[[Any], str]) -> str:
    if isinstance(value, dict):
        return f"{_LAST}|{_HIDDEN}"
    return f"{_LAST}|{_MISSING}" if value is None else f"{float(value)!r}|{say(value)}"
