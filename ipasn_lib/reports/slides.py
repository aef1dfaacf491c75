"""An executed notebook as a deck of slides in one file that needs no network.

The deck works from a memory stick in a hall without internet: one HTML file, its script allowed
by its own checksum, everything else forbidden by its policy. What is shown is built here from
plain data; no HTML of the notebook passes.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from markupsafe import Markup
from nbformat import NotebookNode

from ipasn_lib.reports import _page
from ipasn_lib.reports._blocks import Block, Run
from ipasn_lib.reports._deck import Slide, cut
from ipasn_lib.reports._sanitise import svg_uri
from ipasn_lib.reports._story import read_story
from ipasn_lib.reports.collect import collect_headline

__all__ = ["export_slides"]


def export_slides(nb: NotebookNode, *, judul: str, bahasa: str = "id") -> str:
    """Give an executed notebook as a deck of slides, 1280 by 720.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Executed notebook; not changed. Cells whose ``slideshow`` metadata says "slide" or
        "subslide" begin a slide, "notes" are the speaker's, "skip" is left out, others go on the
        slide before them. A notebook without such metadata gets a slide for each section,
        figure and table.
    judul : str
        Title of the deck.
    bahasa : {"id", "en"}
        Language of the deck's own words.

    Returns
    -------
    str
        One HTML page. The same notebook always gives the same text.

    Raises
    ------
    ParameterError
        If the language is unknown or an output's JSON is not whole.

    Notes
    -----
    Keys: arrows, space, page up and down, Home, End; ``n`` shows the notes, ``f`` fills the
    screen, ``p`` prints one slide a page. Without a script all slides stand below one another.
    Where any number is make-believe each slide says so.
    """
    story = read_story(nb, judul=judul, bahasa=bahasa)
    words = _page.words(bahasa)
    script = _page.asset("reveal.js") + "\n" + _page.asset("salindia.js")
    headline = collect_headline(nb)
    slides = cut(story, words)
    return (
        _page.environment()
        .get_template("salindia.html.j2")
        .render(
            bahasa=bahasa,
            judul=story.judul,
            anak_judul=story.anak_judul,
            rubrik=" · ".join(p for p in (words["indeks"], story.wilayah, story.tahun) if p),
            sumber=str(headline.get("sumber_data") or ""),
            sintetis=story.sintetis,
            salindia=[_slide(slide, words) for slide in slides],
            kata=words,
            kebijakan=_page.content_security_policy(script),
            # Without a script, and on paper, the slides stand below one another without it.
            gaya=Markup(  # noqa: S704 - the package's own files
                f"@media screen and (scripting:enabled){{\n{_page.asset('reveal.css')}\n}}\n"
                + _page.style("salindia.css")
            ),
            skrip=Markup(script),  # noqa: S704 - the package's own files
        )
    )


def _slide(slide: Slide, words: dict[str, str]) -> dict[str, object]:
    kinds = {block["jenis"] for block in slide.blok}
    shown = next((b for b in slide.blok if b["jenis"] == "gambar"), None)
    # A squarish figure leaves room at its side, a wide one above it.
    beside = shown is not None and shown["rasio"] < 1.55 and len(slide.blok) > 1
    return {
        "judul": slide.judul,
        "sampul": slide.sampul,
        "kelas": " ".join(
            name
            for name, given in (
                ("sampul", slide.sampul),
                ("kecil", slide.kecil),
                ("besar", slide.besar),
                ("samping", beside),
                ("lebar", bool(kinds & {"gambar", "foto"}) and not beside),
            )
            if given
        ),
        "isi": _beside(slide.blok, words) if beside else _html(slide.blok, words),
        "catatan": _html(slide.catatan, words),
    }


def _beside(blocks: Sequence[Block], words: dict[str, str]) -> Markup:
    """Give the words in one column and the figure in the other."""
    big = [block for block in blocks if block["jenis"] == "gambar"]
    text = [block for block in blocks if block["jenis"] != "gambar"]
    return Markup('<div class="teks">{}</div>{}').format(_html(text, words), _html(big, words))


def _html(blocks: Sequence[Block], words: dict[str, str]) -> Markup:
    return Markup("\n").join(_block(block, words) for block in blocks)


def _block(block: Block, words: dict[str, str]) -> Markup:
    kind = block["jenis"]
    if kind == "judul":
        return Markup("<h3>{}</h3>").format(_line(block["isi"]))
    if kind == "alinea":
        return Markup("<p>{}</p>").format(_line(block["isi"]))
    if kind == "daftar":
        items = Markup("").join(
            Markup("<li>{}</li>").format(_html(item["isi"], words)) for item in block["butir"]
        )
        if block["bernomor"]:
            start = int(block.get("mulai", 1))
            return Markup('<ol start="{}">{}</ol>').format(start, items)
        return Markup("<ul>{}</ul>").format(items)
    if kind == "kutipan":
        return Markup("<blockquote>{}</blockquote>").format(_html(block["isi"], words))
    if kind == "kode":
        return Markup("<pre>{}</pre>").format(block["teks"])
    if kind == "garis":
        return Markup("<hr>")
    if kind == "galat":
        return Markup('<p class="galat" role="note">{}</p>').format(block["teks"])
    if kind == "kisi":
        return _grid(block)
    if kind == "tabel":
        return _table(block, words)
    if kind == "kepala":
        return _headline(block, words)
    return _figure(block)


def _line(runs: Sequence[Run]) -> Markup:
    return Markup("").join(map(_run, runs))


def _run(run: Run) -> Markup:
    if "putus" in run:
        return Markup("<br>")
    if "svg" in run:
        return Markup('<img src="{}" alt="{}" style="height:{}em;vertical-align:{}em">').format(
            svg_uri(run["svg"]) or "", run["alt"], run["tinggi"], -run["turun"]
        )
    text = Markup.escape(run["teks"])
    for name, tag in (("kode", "code"), ("miring", "em"), ("tebal", "strong")):
        if run.get(name):
            text = Markup(f"<{tag}>{{}}</{tag}>").format(text)  # noqa: S704 - a fixed tag
    return text


def _figure(block: Block) -> Markup:
    if block["jenis"] == "foto":
        # Read and written anew, so that nothing but base64 can stand in the address.
        data = base64.b64encode(base64.b64decode(block["data"])).decode("ascii")
        source = f"data:image/{'png' if block['tipe'] == 'png' else 'jpeg'};base64,{data}"
    else:
        source = svg_uri(block["svg"]) or ""
    shape = Markup(' style="aspect-ratio:{}"').format(round(block.get("rasio", 1.6), 3))
    return Markup('<figure class="gambar"{}><img src="{}" alt="{}"></figure>').format(
        shape, source, block["alt"]
    )


def _grid(block: Block) -> Markup:
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(_line(c)) for c in block["kepala"]
    )
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(_line(cell)) for cell in row)
        )
        for row in block["baris"]
    )
    top = Markup("<thead><tr>{}</tr></thead>").format(head) if head else Markup("")
    return Markup("<table>{}<tbody>{}</tbody></table>").format(top, rows)


def _table(block: Block, words: dict[str, str]) -> Markup:
    sides = [Markup(' class="kanan"') if c["kanan"] else Markup("") for c in block["kolom"]]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(side, column["label"])
        for side, column in zip(sides, block["kolom"], strict=True)
    )
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup("<td{}>{}</td>").format(side, _cell(cell))
                for side, cell in zip(sides, row, strict=True)
            )
        )
        for row in block["baris"]
    )
    notes = Markup("").join(Markup("<p>{}</p>").format(note) for note in block["catatan"])
    if not block["baris"]:
        rows = Markup('<tr><td colspan="{}">{}</td></tr>').format(
            len(block["kolom"]), words["tanpa_baris"]
        )
    # Few rows and columns: letters that the last row of the hall can read.
    few = " jarang" if len(block["baris"]) <= 8 and len(block["kolom"]) <= 5 else ""
    return Markup(
        '<figure class="tabel{}"><figcaption>{}</figcaption><table><thead><tr>{}</tr></thead>'
        '<tbody>{}</tbody></table><div class="sumber">{}</div></figure>'
    ).format(few, block["judul"], head, rows, notes)


def _cell(cell: Block) -> Markup:
    if "warna" in cell:
        return _chip(cell["teks"], cell["warna"])
    return Markup.escape(cell["teks"])


def _chip(text: str, colours: Sequence[str]) -> Markup:
    if len(colours) != 2:
        return Markup("<strong>{}</strong>").format(text)
    return Markup('<span class="lencana" style="background:{};color:{}">{}</span>').format(
        *colours, text
    )


def _headline(block: Block, words: dict[str, str]) -> Markup:
    facts = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in block["fakta"]
    )
    more = Markup("").join(Markup("<p>{}</p>").format(note) for note in block["catatan"])
    chip = _chip(block["kategori"], block["warna"]) if block["kategori"] else Markup("")
    return Markup(
        '<div class="kepala"><div><p class="tempat">{}</p><p>{} {}</p><p class="angka">{}</p>{}'
        '</div><div><dl>{}</dl>{}</div><p class="sumber">{}</p></div>'
    ).format(
        block["label"],
        words["indeks"],
        block["tahun"],
        block["angka"],
        chip,
        facts,
        more,
        block["sumber"],
    )
