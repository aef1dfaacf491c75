"""The tables of a report as csv files that a spreadsheet opens without running anything.

Built from the JSON that the notebook's tables carry, like the workbook and with the same numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.collect import (
    collect_tables,
    is_hidden,
    is_synthetic,
    stored_decimals,
)
from ipasn_lib.wording import HIDDEN, round_half_up, text

__all__ = ["csv_text", "export_csv"]

_SYNTHETIC = "DATA SINTETIS"

# What a spreadsheet takes for a formula, in their full-width forms too (OWASP, CSV injection).
_FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def export_csv(nb: NotebookNode, *, bahasa: str = "id") -> dict[str, bytes]:
    """Give each table of an executed notebook as a csv file for a spreadsheet.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook; not changed.
    bahasa : {"id", "en"}
        Language of the spreadsheet, which decides how a table opens on a double click.

    Returns
    -------
    dict of str to bytes
        File name (``unit_kerja.csv``) to content: UTF-8 with a byte order mark, no thousands
        sign, one header row of labels; in Indonesian ``;`` between cells and a decimal comma, in
        English ``,`` and a decimal point.

    Raises
    ------
    ParameterError
        If a table's JSON is not whole.

    Notes
    -----
    Text that a spreadsheet would take for a formula (``= + - @``, tab, return) gets a leading
    ``'``. Hidden is ``*)``, not available is empty. Where any number of the report is
    make-believe, each row says so in a last column ``Keterangan``.
    """
    synthetic = is_synthetic(nb)
    files: dict[str, bytes] = {}
    for table in collect_tables(nb):
        slug = re.sub(r"[^a-z0-9_-]+", "_", table["nama"].lower()).strip("_")[:64] or "tabel"
        name, k = f"{slug}.csv", 2
        while name in files:
            name, k = f"{slug}_{k}.csv", k + 1
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";" if bahasa == "id" else ",", lineterminator="\r\n")
        mark = [text("keterangan", bahasa)] if synthetic else []
        writer.writerow([csv_text(column["label"]) for column in table["kolom"]] + mark)
        mark = [_SYNTHETIC] if synthetic else []
        for row in table["baris"]:
            cells = zip(row, table["kolom"], strict=True)
            writer.writerow([_csv_cell(value, column, bahasa) for value, column in cells] + mark)
        files[name] = out.getvalue().encode("utf-8-sig")
    return files


def csv_text(text: str) -> str:
    """Give text on one line that no spreadsheet takes for a formula."""
    flat = " ".join(text.splitlines())
    return "'" + flat if _FORMULA.match(text) else flat


def _csv_cell(value: object, column: Mapping[str, Any], bahasa: str) -> str:
    if value is None:
        return ""
    if is_hidden(value):
        return HIDDEN
    if isinstance(value, str):
        return csv_text(value)
    if not isinstance(value, int | float):
        raise ParameterError("a cell is neither text, number, null nor a hidden mark")
    decimals = stored_decimals(column)
    plain = f"{round_half_up(value, decimals):.{decimals}f}"
    return plain.replace(".", ",") if bahasa == "id" else plain
