"""An executed notebook as one self-contained page that reads as a publication.

The page asks nothing from any network, runs no script and shows no code but in a folded
appendix. Markdown, HTML and drawings pass an allow-list first (``_sanitise``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from ipasn_lib.reports import _page
from ipasn_lib.reports._cells import (
    given_parameters,
    hides_cell,
    hides_output,
    is_parameters,
    joined,
    shows_published,
)
from ipasn_lib.reports._language import spoken
from ipasn_lib.reports._sanitise import safe_html, safe_markdown, svg_uri
from ipasn_lib.reports._table import slim, table_figure
from ipasn_lib.reports.collect import (
    HEADLINE_MIME,
    TABLE_MIME,
    clean_text,
    collect_headline,
    collect_tables,
    is_synthetic,
)

__all__ = ["collect_headline", "collect_tables", "export_html", "warm_up"]

_SECRET = re.compile(r"kunci|sandi|rahasia|token|secret|password|key", re.IGNORECASE)

_HEADING = re.compile(r"<(h[1-6])(?:\s[^>]*)?>(.*?)</\1>", re.DOTALL)


def warm_up() -> None:
    """Prepare what all pages share (templates, typeface), once, before a batch forks."""
    _page.typeface()
    _page.environment().get_template("laporan.html.j2")
    safe_markdown("")


def export_html(
    nb: NotebookNode,
    *,
    judul: str,
    bahasa: str = "id",
    tautan: Mapping[str, str] | None = None,
) -> str:
    """Give an executed notebook as one self-contained HTML page.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook; not changed. Its first level-one heading becomes the line under the
        title, its level-two headings the contents. Cells tagged ``remove-cell`` and outputs of
        cells tagged ``remove-output`` are left out (also spelt with ``_``, or ``hide``). A cell
        tagged ``angka-terbitan`` shows published figures with a source of their own: the mark
        over a make-believe report then speaks of the marked figures only.
    judul : str
        Title of the report.
    bahasa : {"id", "en"}
        Language of the page's own words, and its ``lang``.
    tautan : mapping of str to str, optional
        Links shown under the title, label to relative address, as
        ``{"Tabel (xlsx)": "laporan.xlsx"}``. Addresses that leave the folder by ``/`` or a
        scheme are dropped.

    Returns
    -------
    str
        The page. The same notebook always gives the same text.

    Raises
    ------
    ParameterError
        If the language is unknown or an output's JSON is not whole.

    Notes
    -----
    The policy in the page (``default-src 'none'``) forbids every request and every script, so
    even what the allow-list might miss stays inert. An SVG is an ``img`` with its sentence as
    ``alt``; types of output that a page cannot show are left out.
    """
    words = _page.words(bahasa)
    nb = spoken(nb, bahasa)
    title = clean_text(judul).strip()
    headline = collect_headline(nb)
    collect_tables(nb)  # a table whose JSON is not whole must not be published as HTML either
    synthetic = is_synthetic(nb)
    blocks, deck, contents = _body(nb, title, words)
    place = str(headline.get("label", "") or "")
    year = headline.get("tahun") or given_parameters(nb).get("tahun")
    facts = (
        (_page.place_word(title, place, words), place),
        (words["tahun"], year),
        (words["sumber"], headline.get("sumber_data")),
        (words["instrumen"], headline.get("id_instrumen")),
    )
    running = " · ".join(
        part for part in (title, words["data_sintetis"] if synthetic else "") if part
    )
    return (
        _page.environment()
        .get_template("laporan.html.j2")
        .render(
            bahasa=bahasa,
            judul=title,
            rubrik=" · ".join(str(part) for part in (words["rubrik"], year) if part),
            deck=Markup(deck),  # noqa: S704 - passed safe_markdown
            fakta=[(name, value) for name, value in facts if value],
            sintetis=synthetic,
            tanda=words["sintetis_sebagian" if shows_published(nb) else "sintetis_panjang"],
            isi=contents,
            badan=Markup("\n".join(blocks)),  # noqa: S704 - each block passed the allow-list
            parameter=_parameters(nb),
            kode=_code(nb),
            tautan=[
                (clean_text(label), address)
                for label, address in (tautan or {}).items()
                if re.fullmatch(r"(?!/)[\w./%-]+", address, re.ASCII)
            ],
            kata=words,
            kebijakan=_page.content_security_policy(),
            gaya=Markup(_page.style("dasar.css", "laporan.css", running_head=running)),  # noqa: S704
        )
    )


def _body(
    nb: NotebookNode, title: str, words: Mapping[str, str]
) -> tuple[list[str], str, list[tuple[str, str]]]:
    """Give the blocks of the page, the line under its title, and the contents."""
    blocks: list[str] = []
    contents: list[tuple[str, str]] = []
    deck = ""
    first = True
    for cell in nb.cells:
        if hides_cell(cell):
            continue
        if cell.cell_type == "markdown":
            text = safe_markdown(cell.source, cell.get("attachments"))
            if first and (found := re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)):
                first = False
                text = text[: found.start()] + text[found.end() :]
                if _plain(found[1]).casefold() != title.casefold():
                    deck = found[1]
            text = _HEADING.sub(lambda m: _heading(m, contents), text).strip()
            if text:
                blocks.append(f'<div class="hal-teks">{text}</div>')
        elif cell.cell_type == "code" and not hides_output(cell):
            blocks += [_output(output, words) for output in cell.get("outputs", ())]
    return [block for block in blocks if block], deck, contents


def _heading(found: re.Match[str], contents: list[tuple[str, str]]) -> str:
    # The page has one h1, its title; every other one is a section.
    level = "h2" if found[1] == "h1" else found[1]
    if level != "h2":
        return f"<{level}>{found[2]}</{level}>"
    anchor = f"bagian-{len(contents) + 1}"
    contents.append((anchor, _plain(found[2])))
    return f'<h2 id="{anchor}">{found[2]}</h2>'


def _plain(html: str) -> str:
    """Give the text of harmless HTML; a drawn formula counts by its description."""
    text = re.sub(r'<img[^>]*?alt="([^"]*)"[^>]*>', r"\1", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def _output(output: NotebookNode, words: Mapping[str, str]) -> str:
    """Give one output as a block of the page; "" for what a reader has no use for."""
    if output.output_type == "error":
        # Only the fact: a foreign exception's message may hold a person's value.
        return f'<p class="hal-galat" role="note">{Markup.escape(words["galat"])}</p>'
    if output.output_type == "stream":
        if output.get("name") != "stdout" or not joined(output.text).strip():
            return ""
        return f"<pre>{Markup.escape(clean_text(joined(output.text)))}</pre>"
    data: Mapping[str, Any] = output.get("data", {})
    meta: Mapping[str, Any] = output.get("metadata", {})
    if "text/html" in data:
        return _html(data, words)
    for mime in ("image/svg+xml", "image/png", "image/jpeg"):
        if mime in data:
            return _figure(mime, data, meta, words)
    if "text/markdown" in data:
        return f'<div class="hal-teks">{safe_markdown(joined(data["text/markdown"]))}</div>'
    shown = clean_text(joined(data.get("text/plain", "")))
    return f"<pre>{Markup.escape(shown)}</pre>" if shown.strip() else ""


def _html(data: Mapping[str, Any], words: Mapping[str, str]) -> str:
    html = safe_html(slim(joined(data["text/html"]))).strip()
    if "<table" not in html or HEADLINE_MIME in data:
        return f'<div class="hal-blok">{html}</div>' if html else ""
    name = data[TABLE_MIME]["judul"] if TABLE_MIME in data else ""
    return table_figure(html, clean_text(name), words)


def _figure(
    mime: str, data: Mapping[str, Any], meta: Mapping[str, Any], words: Mapping[str, str]
) -> str:
    said = meta.get(mime, {}).get("alt") or joined(data.get("text/plain", ""))
    # "<Figure size 640x480>" is what a bare figure calls itself, not a description.
    alt = Markup.escape(words["gambar"] if said.startswith("<") or not said else clean_text(said))
    source: str | None
    if mime == "image/svg+xml":
        source = svg_uri(joined(data[mime]))
    else:
        encoded = re.sub(r"[^A-Za-z0-9+/=]", "", joined(data[mime]))
        source = f"data:{mime};base64,{encoded}"
    if source is None:
        return f'<p class="hal-galat" role="note">{Markup.escape(words["gambar_ditolak"])}</p>'
    # On a small screen the whole drawing is seen first, its sentence in letters of the page; a
    # box, which needs no script, shows it at its own size in a frame that scrolls.
    return (
        '<figure class="hal-gambar"><label class="hal-perbesar"><input type="checkbox"> '
        f"{Markup.escape(words['perbesar'])}</label>"
        f'<img src="{source}" alt="{alt}">'
        f'<figcaption aria-hidden="true">{alt}</figcaption></figure>'
    )


def _parameters(nb: NotebookNode) -> list[tuple[str, str]]:
    """Give the parameters of the run; of a path only its last part, of a secret nothing."""
    return [
        (clean_text(name), "…" if _SECRET.search(name) else clean_text(_without_folders(value)))
        for name, value in given_parameters(nb).items()
    ]


def _without_folders(value: object) -> object:
    if isinstance(value, str):
        for kind in (PurePosixPath, PureWindowsPath):
            if kind(value).is_absolute():
                return f"…/{kind(value).name}"
    if isinstance(value, list | tuple):
        return [_without_folders(part) for part in value]
    if isinstance(value, dict):
        return {key: _without_folders(part) for key, part in value.items()}
    return value


def _code(nb: NotebookNode) -> list[str]:
    """Give the code cells; parameters are shown as a table instead."""
    return [
        clean_text(cell.source)
        for cell in nb.cells
        if cell.cell_type == "code" and cell.source.strip() and not is_parameters(cell)
    ]
