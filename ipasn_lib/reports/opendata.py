"""The tables of a report as open data: csv files with a description that machines read.

A Data Package (datapackage.org, version 2) is a ``datapackage.json`` beside its csv files. It
says of each column what it is, of which type and unit, how a hidden or missing number is
written, where the numbers come from and under which licence they may be used.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nbformat import NotebookNode

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports import _page
from ipasn_lib.reports._codebook import LICENCES, column_field
from ipasn_lib.reports.collect import (
    clean_text,
    collect_headline,
    collect_tables,
    is_hidden,
    is_synthetic,
    stored_decimals,
)
from ipasn_lib.reports.csvfiles import csv_text
from ipasn_lib.wording import HIDDEN, check_language, round_half_up, text, translate

__all__ = ["LICENCES", "export_package"]

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

_CODE, _LABEL, _NOTE = "kode_kabkota", "label", "keterangan"
_SYNTHETIC = "DATA SINTETIS"


def export_package(
    nb: NotebookNode,
    *,
    judul: str,
    nama: str = "ip-asn",
    bahasa: str = "id",
    tabel: Sequence[str] | None = None,
    lisensi: str = "CC-BY-4.0",
    kode: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """Give the tables of an executed notebook as a Data Package.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook; not changed.
    judul : str
        Title of the package.
    nama : str
        Name of the package: small letters, digits, ``.``, ``_`` and ``-``.
    bahasa : {"id", "en"}
        Language of the descriptions; the names of files and columns stay as they are.
    tabel : sequence of str, optional
        Names of the tables to give, as ``("kabkota", "bakorwil")``; by default all.
    lisensi : str
        Key of `LICENCES`.
    kode : mapping of str to str, optional
        Code of each place by its name as printed ("Kab. Banyuwangi" to "3510"). Tables with a
        column ``label`` whose rows are places get a first column ``kode_kabkota``.

    Returns
    -------
    dict of str to bytes
        ``datapackage.json``, one csv a table and ``kodebuku.csv`` (which says of each column its
        heading, type, unit and meaning). UTF-8, comma between cells, decimal point. The same
        notebook always gives the same bytes.

    Raises
    ------
    ParameterError
        If the name, licence, language or a table's name is unknown, only some places of a table
        have a code, a table has two columns of one name, or an output's JSON is not whole.

    Notes
    -----
    A hidden number is ``*)``, one that is not available is empty; both are declared as missing
    values. Text that a spreadsheet would take for a formula gets a leading ``'``. Where any
    number is make-believe each row says so in a last column ``keterangan``.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", nama):
        raise ParameterError("nama of a package is small letters, digits, '.', '_' and '-'")
    if lisensi not in LICENCES:
        raise ParameterError(f"unknown licence {lisensi!r}; expected one of {sorted(LICENCES)}")
    check_language(bahasa)
    synthetic = is_synthetic(nb)
    tables = _chosen(collect_tables(nb), tabel)
    files: dict[str, bytes] = {}
    resources, book = [], []
    for table in tables:
        name = _unique(table["nama"], files)
        fields, rows = _content(table, kode, synthetic, bahasa)
        files[f"{name}.csv"] = _csv([[field["name"] for field in fields], *rows])
        content = files[f"{name}.csv"]
        resources.append(_resource(name, table, fields, rows, content, bahasa))
        book += [[name, *_entry(field)] for field in fields]
    head = ["tabel", "kolom", "judul", "tipe", "satuan", "arti"]
    files["kodebuku.csv"] = _csv([head, *book])
    resources.append(
        _resource(
            "kodebuku",
            {"judul": text("paket_kodebuku", bahasa), "catatan": [], "sumber": ""},
            [
                {"name": column, "type": "string", "title": translate(column, bahasa)}
                for column in head
            ],
            book,
            files["kodebuku.csv"],
            bahasa,
        )
    )
    described = _package(nb, clean_text(judul), nama, lisensi, tables, resources, synthetic, bahasa)
    written = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    return {"datapackage.json": written.encode("utf-8"), **files}


def _chosen(
    tables: Sequence[Mapping[str, Any]], wanted: Sequence[str] | None
) -> list[Mapping[str, Any]]:
    if wanted is None:
        return list(tables)
    there = [table["nama"] for table in tables]
    if unknown := [name for name in wanted if name not in there]:
        raise ParameterError(f"the notebook shows no table {unknown}; it shows {there}")
    return [table for table in tables if table["nama"] in wanted]


def _unique(name: str, files: Mapping[str, bytes]) -> str:
    slug = re.sub(r"[^a-z0-9_-]+", "_", name.lower()).strip("_-")[:60] or "tabel"
    given, k = slug, 2
    while f"{given}.csv" in files or given in ("kodebuku", "datapackage"):
        given, k = f"{slug}_{k}", k + 1
    return given


def _content(
    table: Mapping[str, Any], kode: Mapping[str, str] | None, synthetic: bool, bahasa: str
) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Give the fields of a table and its rows as text."""
    columns = table["kolom"]
    names = [re.sub(r"[^\w-]+", "_", column["nama"]) for column in columns]
    fields = [
        column_field(name, column, bahasa) for name, column in zip(names, columns, strict=True)
    ]
    rows = [
        [_cell(value, column) for value, column in zip(row, columns, strict=True)]
        for row in table["baris"]
    ]
    if codes := _codes(table, names, kode or {}):
        fields.insert(
            0, column_field(_CODE, {"label": text("kode", bahasa), "jenis": "teks"}, bahasa)
        )
        rows = [[code, *row] for code, row in zip(codes, rows, strict=True)]
    if synthetic and _NOTE not in names:
        fields.append(
            column_field(_NOTE, {"label": text("keterangan", bahasa), "jenis": "teks"}, bahasa)
        )
        rows = [[*row, _SYNTHETIC] for row in rows]
    given = [field["name"] for field in fields]
    if len(set(given)) != len(given) or "" in given:
        raise ParameterError(f"table {table['nama']!r} has columns without a name of their own")
    return fields, rows


def _codes(table: Mapping[str, Any], names: Sequence[str], kode: Mapping[str, str]) -> list[str]:
    """Give the code of each row's place; nothing where the rows are not places."""
    if _LABEL not in names or _CODE in names:
        return []
    places = [str(row[names.index(_LABEL)]) for row in table["baris"]]
    known = [place in kode for place in places]
    if not any(known):
        return []
    if not all(known):
        raise ParameterError(
            f"table {table['nama']!r}, row {known.index(False) + 1}: the place has no code; "
            "kode must name every place or none"
        )
    return [kode[place] for place in places]


def _entry(field: Mapping[str, Any]) -> list[str]:
    shown = [field["name"], field["title"], field["type"], field.get("unit", "")]
    return [csv_text(str(value)) for value in (*shown, field["description"])]


def _cell(value: object, column: Mapping[str, Any]) -> str:
    if value is None:
        return ""
    if is_hidden(value):
        return HIDDEN
    if isinstance(value, int | float):
        decimals = stored_decimals(column)
        return f"{round_half_up(value, decimals):.{decimals}f}"
    return csv_text(str(value))


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)  # as RFC 4180 has it
    return out.getvalue().encode("utf-8")


def _resource(
    name: str,
    table: Mapping[str, Any],
    fields: Sequence[Mapping[str, Any]],
    rows: Sequence[Sequence[str]],
    content: bytes,
    bahasa: str,
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": SCHEMA_PROFILE,
        "fields": list(fields),
        "missingValues": [
            {"value": "", "label": translate("tidak tersedia", bahasa)},
            {"value": HIDDEN, "label": text("buku_tanda_arti", bahasa)},
        ],
    }
    first = [row[0] for row in rows]
    if first and len(set(first)) == len(first) and not {"", HIDDEN} & set(first):
        schema["primaryKey"] = [fields[0]["name"]]
    described: dict[str, Any] = {
        "$schema": RESOURCE_PROFILE,
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": table["judul"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }
    notes = [note for note in (*table["catatan"], table["sumber"]) if note]
    return described | ({"description": " ".join(notes)} if notes else {})


def _package(
    nb: NotebookNode,
    title: str,
    name: str,
    licence: str,
    tables: Sequence[Mapping[str, Any]],
    resources: Sequence[Mapping[str, Any]],
    synthetic: bool,
    bahasa: str,
) -> dict[str, Any]:
    words, headline = _page.words(bahasa), collect_headline(nb)
    stated = [headline.get("sumber_data"), *(table["sumber"] for table in tables)]
    instrument = headline.get("id_instrumen")
    described: dict[str, Any] = {
        "$schema": PROFILE,
        "name": name,
        "title": f"{_SYNTHETIC}: {title}" if synthetic else title,
        "description": " ".join(
            part
            for part in (
                f"{words['data_sintetis']}. {words['sintetis_panjang']}" if synthetic else "",
                words["catatan_kaki"],
                f"{words['instrumen']}: {instrument}." if instrument else "",
            )
            if part
        ),
        "keywords": [
            text("indeks_panjang", bahasa),
            text("pegawai", bahasa),
            *([_SYNTHETIC] if synthetic else []),
        ],
        "licenses": [dict(LICENCES[licence])],
        "resources": list(resources),
    }
    sources = [clean_text(source) for source in dict.fromkeys(stated) if source]
    if sources:
        described["sources"] = [{"title": source} for source in sources]
    if headline.get("tahun"):
        described["version"] = str(headline["tahun"])
    return described
