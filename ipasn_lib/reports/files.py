"""All files of one report from its executed notebook: the export step a batch is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ipasn_lib.wording import text

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["package_files", "report_files", "report_title", "slide_files", "warm_up"]


def report_title(headline: dict[str, Any], bahasa: str = "id") -> str:
    """Give the title of a report from its headline: index, place and year.

    Raises
    ------
    ParameterError
        If the language is unknown.
    """
    parts = (text("indeks_panjang", bahasa), headline.get("label"), headline.get("tahun"))
    return " ".join(str(part) for part in parts if part)


def report_files(
    nb: NotebookNode,
    *,
    judul: str | None = None,
    bahasa: str = "id",
    indeks: str | None = None,
    tautan: Mapping[str, str] | None = None,
    csv: bool = False,
    pdf: bool = False,
    penanda_tangan: Mapping[str, Any] | None = None,
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
    tautan : mapping of str to str, optional
        More links, label to relative address, for files that other exports put beside the page.
    csv : bool
        With one csv file a table beside the workbook.
    pdf : bool
        With the report as a PDF for print, and a link to it.
    penanda_tangan : mapping, optional
        Who signs the PDF, as in :func:`ipasn_lib.reports.signer.check_signer`.

    Returns
    -------
    dict of str to bytes
        ``laporan.html``, ``laporan.xlsx`` if the report has tables, the csv files, and
        ``laporan.pdf`` if asked for.
    """
    # A batch names this function for every report, also where nothing has to be made.
    from ipasn_lib.reports.collect import collect_headline, collect_tables
    from ipasn_lib.reports.export import export_html
    from ipasn_lib.reports.xlsx import export_xlsx

    title = report_title(collect_headline(nb), bahasa) if judul is None else judul
    tables = bool(collect_tables(nb))
    links = {text("tautan_pdf", bahasa): "laporan.pdf"} if pdf else {}
    links |= {text("tautan_xlsx", bahasa): "laporan.xlsx"} if tables else {}
    links |= dict(tautan or {})
    if indeks is not None:
        links[text("tautan_semua", bahasa)] = indeks
    page = export_html(nb, judul=title, bahasa=bahasa, tautan=links)
    files = {"laporan.html": page.encode("utf-8")}
    if tables:
        files["laporan.xlsx"] = export_xlsx(nb, judul=title, bahasa=bahasa)
    if pdf:
        from ipasn_lib.reports.pdf import export_pdf

        files["laporan.pdf"] = export_pdf(
            nb, judul=title, bahasa=bahasa, penanda_tangan=penanda_tangan
        )
    if csv:
        from ipasn_lib.reports.csvfiles import export_csv

        files |= export_csv(nb, bahasa=bahasa)
    return files


def warm_up(*, pdf: bool = False, **_: Any) -> None:
    """Load what exports share, templates and fonts, before a batch forks."""
    from ipasn_lib.reports import export, xlsx  # noqa: F401  the workbook's writer is loaded with it

    export.warm_up()
    if pdf:
        import pypdf  # noqa: F401  both look a PDF through for personal numbers
        import pypdfium2  # noqa: F401

        from ipasn_lib.reports import pdf as printed

        printed.warm_up()


def slide_files(nb: NotebookNode, *, judul: str, bahasa: str = "id") -> dict[str, bytes]:
    """Give an executed notebook as ``salindia.html``, a deck in one file.

    See :func:`ipasn_lib.reports.slides.export_slides`.
    """
    from ipasn_lib.reports.slides import export_slides

    return {"salindia.html": export_slides(nb, judul=judul, bahasa=bahasa).encode("utf-8")}


def package_files(nb: NotebookNode, **options: Any) -> dict[str, bytes]:
    """Give tables of an executed notebook as a Data Package.

    See :func:`ipasn_lib.reports.opendata.export_package`, which takes the options.
    """
    from ipasn_lib.reports.opendata import export_package

    return export_package(nb, **options)
