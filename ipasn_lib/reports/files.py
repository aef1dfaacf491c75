"""All files of one report from its executed notebook: the export step a batch is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipasn_lib.errors import ParameterError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["report_files", "report_title"]

_TITLE = {"id": "Indeks Profesionalitas ASN", "en": "ASN Professionalism Index"}
_LINKS = {"id": ("Unduh tabel (xlsx)", "Semua kabupaten/kota"),
          "en": ("Download tables (xlsx)", "All districts and cities")}  # fmt: skip


def report_title(headline: dict[str, Any], bahasa: str = "id") -> str:
    """Give the title of a report from its headline: index, place and year.

    Raises
    ------
    ParameterError
        If the language is unknown.
    """
    if bahasa not in _TITLE:
        raise ParameterError(f"unknown language {bahasa!r}; expected one of {list(_TITLE)}")
    parts = (_TITLE[bahasa], headline.get("label"), headline.get("tahun"))
    return " ".join(str(part) for part in parts if part)


def report_files(
    nb: NotebookNode,
    *,
    judul: str | None = None,
    bahasa: str = "id",
    indeks: str | None = None,
    csv: bool = False,
) -> dict[str, bytes]:
    """Give the files of a report by name.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook; not changed.
    judul : str, optional
        Title; made from the headline if left out.
    bahasa : {"id", "en"}
        Language of the page's own words.
    indeks : str, optional
        Relative address of the batch's first page ("../index.html"), for a link.
    csv : bool
        With one csv file a table beside the workbook.

    Returns
    -------
    dict of str to bytes
        ``laporan.html``, ``laporan.xlsx`` if the report has tables, and the csv files.
    """
    # A batch names this function for every report, also where nothing has to be made.
    from ipasn_lib.reports.collect import collect_headline, collect_tables
    from ipasn_lib.reports.csvfiles import export_csv
    from ipasn_lib.reports.export import export_html
    from ipasn_lib.reports.xlsx import export_xlsx

    title = report_title(collect_headline(nb), bahasa) if judul is None else judul
    tables = bool(collect_tables(nb))
    download, everyone = _LINKS.get(bahasa, _LINKS["id"])
    links = {download: "laporan.xlsx"} if tables else {}
    if indeks is not None:
        links[everyone] = indeks
    page = export_html(nb, judul=title, bahasa=bahasa, tautan=links)
    files = {"laporan.html": page.encode("utf-8")}
    if tables:
        files["laporan.xlsx"] = export_xlsx(nb, judul=title)
    return files | (export_csv(nb) if csv else {})
