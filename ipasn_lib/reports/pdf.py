"""An executed notebook as a PDF laid out as a publication, by Typst.

The layout is one fixed file, ``templates/laporan.typ``. The report's content reaches it as JSON
in one input and is set as text, so nothing in the data can become code; the file reads nothing
else, and no font of the machine is used. The document is tagged (PDF/UA-1): headings, tables
and the sentence of each figure reach a screen reader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from ipasn_lib.reports import _page
from ipasn_lib.reports._blocks import Block
from ipasn_lib.reports._cells import shows_published
from ipasn_lib.reports._layout import (
    drawable,
    kept_together,
    laid_out,
    letters,
    levelled,
    typeface_folder,
)
from ipasn_lib.reports._story import read_story
from ipasn_lib.reports.collect import clean_text, collect_headline
from ipasn_lib.reports.signer import check_signer
from ipasn_lib.wording import date

if TYPE_CHECKING:
    import typst

__all__ = ["export_pdf", "warm_up"]

_TEMPLATE = Path(__file__).with_name("templates") / "laporan.typ"


def warm_up() -> None:
    """Load Typst and the typeface once, before a batch forks; lays out nothing.

    Typst lays out with threads of its own, and threads do not survive a fork: the first layout
    must happen in the child.
    """
    _fonts()
    letters()


def export_pdf(
    nb: NotebookNode,
    *,
    judul: str,
    bahasa: str = "id",
    penanda_tangan: Mapping[str, Any] | None = None,
) -> bytes:
    """Give an executed notebook as a PDF.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook; not changed. What the page leaves out is left out here, too.
    judul : str
        Title of the report.
    bahasa : {"id", "en"}
        Language of the document's own words, numbers and date.
    penanda_tangan : mapping, optional
        Who signs: ``tempat``, ``tanggal`` (date), ``jabatan``, ``nama``, and ``nip`` if it is to
        be printed. Without it there is no signing block.

    Returns
    -------
    bytes
        A PDF/UA-1 document: A4, cover with headline and contents, sections, vector figures,
        tables whose header is repeated on each page, "DATA SINTETIS" on each page where a number
        is make-believe. Its date is the day of signing; without a signature it has none. The
        same notebook always gives the same bytes.

    Raises
    ------
    ParameterError
        If the language or the signer's keys are unknown, or an output's JSON is not whole.

    Notes
    -----
    Characters that the typeface lacks are printed as ``□``: a document that a screen reader can
    follow may not hold letters without a shape.
    """
    story = read_story(nb, judul=judul, bahasa=bahasa)
    words = _page.words(bahasa)
    if shows_published(nb):
        words |= dict.fromkeys(("sintetis_panjang", "sintetis_pendek"), words["sintetis_sebagian"])
    blocks = kept_together([laid_out(block, bahasa) for block in levelled(story.blok)])
    front, blocks = _front(blocks)
    whose = _page.place_word(story.judul, story.wilayah, words)
    if whose != words["wilayah"]:
        front = [{**block, "sebutan": whose} for block in front]
    heads = sum(block["jenis"] == "judul" and block["tingkat"] == 1 for block in blocks)
    signer = None if penanda_tangan is None else _signer(check_signer(penanda_tangan), bahasa)
    headline = collect_headline(nb)
    year = f"{words['sampul']} {story.tahun}" if story.tahun else words["indeks"]
    data = {
        "judul": story.judul or words["indeks"],
        "judul_baris": _title_lines(story.judul or words["indeks"], story.wilayah),
        "anak_judul": story.anak_judul,
        "judul_lari": _cut(story.judul or words["indeks"], 90),
        "rubrik": year,
        "kaki": _cut(str(headline.get("sumber_data") or ""), 90),
        "penulis": "ipasn",
        "uraian": words["data_sintetis"] if story.sintetis else words["indeks"],
        "bahasa": bahasa,
        "sintetis": story.sintetis,
        "tanggal": None if signer is None else signer.pop("hari"),
        "kata": words,
        "muka": front,
        "isi": heads > 1,
        "banyak": heads,
        "blok": blocks,
        "tanda_tangan": signer,
    }
    return _compile(json.dumps(drawable(data), ensure_ascii=False))


def _compile(data: str) -> bytes:
    import typst

    made = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no PDF")
    return made


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,  # for code, which is rare
        font_paths=[str(typeface_folder())],
    )


def _front(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """Take the headline to the cover, and the heading with it that would stand over nothing."""
    first = next((k for k, block in enumerate(blocks) if block["jenis"] == "kepala"), None)
    if first is None:
        return [], blocks
    before, after = blocks[:first], blocks[first + 1 :]
    left_over = before and before[-1]["jenis"] == "judul"
    if left_over and (not after or after[0]["jenis"] == "judul"):
        before = before[:-1]
    return [blocks[first]], before + after


def _title_lines(title: str, place: str) -> list[str]:
    """Break the cover's title before the place, so that its name stays together.

    A report of the province, which names another place or none, has its own after a comma.
    """
    if place and place in title:
        before, found, after = title.partition(place)
        lines = [before.strip(), found + after]
    else:
        before, comma, after = title.rpartition(", ")
        lines = [before + comma.strip(), after]
    return [line for line in lines if line]


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _signer(given: Mapping[str, Any], bahasa: str) -> dict[str, Any]:
    day = given["tanggal"]
    return {
        "tempat_tanggal": f"{clean_text(given['tempat'])}, {date(day, bahasa)}",
        "jabatan": clean_text(given["jabatan"]),
        "nama": clean_text(given["nama"]),
        "nip": clean_text(given.get("nip", "")),
        "hari": [day.year, day.month, day.day],
    }
