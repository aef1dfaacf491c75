"""The slides made from an executed notebook: one file, inert, nothing lost, nothing too long."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4 as v4
import pytest
import reports_demo as demo

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports import slides
from ipasn_lib.reports.slides import export_slides

WORKSHOP = Path(__file__).resolve().parents[1] / "notebooks" / "09_lokakarya.ipynb"
TEMPLATES = Path(slides.__file__).parent / "templates"
CSS = TEMPLATES / "salindia.css"
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></section><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "a & b < c",
)
ELEMENTS = set(
    re.findall(
        r"\w+",
        """html head meta title style body main div section p strong h1 h2 h3 span aside nav button
        script ul ol li blockquote pre hr figure figcaption img table thead tbody tr th td em code
        dl dt dd br""",
    )
)


class Deck(HTMLParser):
    """The slides of a deck: title, shown text and notes of each, and all elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.slides: list[dict[str, str]] = []
        self.classes: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""
        self._stack: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.elements.append((tag, given))
        if tag not in ("meta", "img", "br", "hr"):
            self._stack.append(tag)
        if tag == "section":
            self.slides.append({"judul": "", "isi": "", "catatan": ""})
            self.classes.append(given["class"])
            self._inside = "isi"
        elif tag == "aside":
            self._inside = "catatan"
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop() == tag, "elements are not nested"
        if tag in ("section", "aside"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if "script" in self._stack:
            self.scripts[-1] += data
        elif self._inside:
            self.slides[-1][self._inside] += data
            if self._stack[-1] in ("h1", "h2"):
                self.slides[-1]["judul"] += data


def deck(nb: nbformat.NotebookNode, **options: Any) -> Deck:
    return Deck(export_slides(nb, judul="Lokakarya", **options))


def cell(source: str, kind: str | None = None, *outputs: Any, tags: tuple[str, ...] = ()) -> Any:
    made = demo.code(source, *outputs, tags=tags) if outputs else v4.new_markdown_cell(source)
    if kind is not None:
        made.metadata["slideshow"] = {"slide_type": kind}
    return made


def assert_inert(html: str) -> None:
    page = Deck(html)
    for tag, attrs in page.elements:
        assert tag in ELEMENTS, tag
        assert not [name for name in attrs if name.startswith("on")]
        assert "href" not in attrs
        if "src" in attrs:
            assert re.match(r"data:image/(svg\+xml|png|jpeg);base64,[A-Za-z0-9+/=]+$", attrs["src"])
        assert "url(" not in attrs.get("style", "")
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert not re.search(r"url\((?!data:(font|image)/)|@import|</", style)


def test_one_file_whose_policy_allows_only_its_own_script() -> None:
    html = export_slides(demo.demo(), judul="Lokakarya")
    page = Deck(html)
    (policy,) = [a["content"] for t, a in page.elements if a.get("http-equiv")]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
    (script,) = page.scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == [f"'sha256-{digest}'"]
    assert rules["img-src"] == ["data:"]
    own = (TEMPLATES / "salindia.js").read_text(encoding="utf-8")
    assert script.endswith(own)
    assert not re.search(r"https?://|fetch|XMLHttp|import\(|innerHTML|eval\(", own)
    assert not re.search(r"\beval\(|new Function", script)
    assert_inert(html)


def test_the_player_is_reveal_as_its_makers_gave_it() -> None:
    """reveal.js 6.0.2 (MIT), the files of its package on npm, unchanged."""
    given = {
        "reveal.js": "aa1bbbf2617b23a623b23612cb3c5bdb63de512e652bf20fcfa832b045d37844",
        "reveal.css": "615ee850cbbb98a0f688b60ed37b21819a3f54c9f3e6f20e33e63693ab74a0c0",
    }
    for name, digest in given.items():
        assert hashlib.sha256((TEMPLATES / name).read_bytes()).hexdigest() == digest
    assert "Hakim El Hattab" in (TEMPLATES / "reveal.LICENSE").read_text(encoding="utf-8")
    (script,) = deck(demo.demo()).scripts
    # no other window may steer the deck or listen to it
    assert "postMessage: false, postMessageEvents: false" in script


def test_a_notebook_without_metadata_gets_a_slide_for_each_section_figure_and_table() -> None:
    nb = demo.notebook(
        v4.new_markdown_cell("# Judul sendiri\n\nPengantar."),
        v4.new_markdown_cell("## Bagian A"),
        demo.code("f()", demo.figure_output("Uraian gambar.")),
        v4.new_markdown_cell("*Cara membaca.* Lihat dari kiri."),
        demo.code("t()", demo.table_output(demo.table_json())),
        v4.new_markdown_cell("## Bagian B\n\nIsi B."),
    )
    page = deck(nb)
    assert [s["judul"].strip() for s in page.slides] == [
        "Lokakarya",
        "Bagian A",
        "Bagian A",
        "Bagian B",
    ]
    assert "Pengantar." in page.slides[0]["isi"]
    assert "Judul sendiri" in page.slides[0]["isi"]
    assert "Lihat dari kiri." in page.slides[1]["catatan"]
    assert "Lihat dari kiri." not in page.slides[1]["isi"]
    assert "4.120" in page.slides[2]["isi"]


def test_metadata_decides_slides_notes_and_what_is_left_out() -> None:
    nb = demo.notebook(
        cell("# Judul sendiri\n\nPengantar.", "slide"),
        cell("Sapa peserta.", "notes"),
        cell("Tidak tampil.", "skip"),
        cell("## Satu", "slide"),
        cell("Isi satu."),
        cell("Sambungan.", "fragment"),
        cell("Lebih dalam.", "subslide"),
        cell("Ucapan kedua.", "notes"),
    )
    page = deck(nb)
    assert [s["judul"].strip() for s in page.slides] == ["Lokakarya", "Satu", "Satu"]
    assert "Sapa peserta." in page.slides[0]["catatan"]
    assert "Sapa peserta." not in page.slides[0]["isi"]
    assert "Isi satu." in page.slides[1]["isi"]
    assert "Sambungan." in page.slides[1]["isi"]
    assert "Lebih dalam." in page.slides[2]["isi"]
    assert "Ucapan kedua." in page.slides[2]["catatan"]
    assert "Tidak tampil." not in export_slides(nb, judul="x")


def test_notes_hidden_from_the_page_are_still_the_speakers() -> None:
    note = cell("Hanya untuk pembicara.", "notes")
    note.metadata["tags"] = ["hide-cell"]
    nb = demo.notebook(cell("# J", "slide"), note)
    assert "Hanya untuk pembicara." in deck(nb).slides[0]["catatan"]


def test_each_slide_is_marked_where_a_number_is_make_believe() -> None:
    page = deck(demo.demo())
    assert len(page.slides) >= 4
    assert all("DATA SINTETIS" in s["isi"] for s in page.slides)
    real = demo.notebook(
        demo.code(
            "h", demo.headline_output(demo.headline_json(sintetis=False, sumber_data="SIASN"))
        )
    )
    assert not any("SINTETIS" in s["isi"] for s in deck(real).slides)


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = [[f"Unit {k:03d}", k, k, 1.0, 1.5, 2.5, 3.5, 4.5, 12.0, "Sedang"] for k in range(38)]
    nb = demo.notebook(demo.code("t", demo.table_output(demo.table_json(rows))))
    (shown,) = [s["isi"] for s in deck(nb).slides if "Unit 000" in s["isi"]]
    told = re.search(r"Ditampilkan (\d+) dari 38 baris; selengkapnya di laporan", shown)
    assert told is not None
    assert len(re.findall(r"Unit \d{3}", shown)) == int(told[1]) <= 10
    short = demo.notebook(demo.code("t", demo.table_output(demo.table_json(rows[:5]))))
    assert "selengkapnya" not in export_slides(short, judul="x")


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"kata{k}" for k in range(900)),
        "\n".join(f"- butir{k} dengan beberapa kata yang cukup panjang" for k in range(40)),
        "\n\n".join(f"Alinea{k} yang pendek." for k in range(40)),
        "> " + " ".join(f"kutip{k}" for k in range(500)),
    ],
)
def test_long_text_goes_on_further_slides_and_no_word_is_lost(text: str) -> None:
    nb = demo.notebook(v4.new_markdown_cell("# J"), v4.new_markdown_cell(f"## Panjang\n\n{text}"))
    page = deck(nb)
    body = " ".join(" ".join(s["isi"].split()) for s in page.slides)
    wanted = re.findall(r"(?:kata|butir|Alinea|kutip)\d+", text)
    assert re.findall(r"(?:kata|butir|Alinea|kutip)\d+", body) == wanted
    later = page.slides[1:]
    assert len(later) >= 2
    assert all("Panjang" in s["judul"] for s in later)
    # 16 lines of 94 letters are what the smaller size holds
    assert all(len(" ".join(s["isi"].split())) <= 16 * 94 for s in later)


def test_numbered_list_goes_on_with_its_number() -> None:
    items = "\n".join(f"{k}. " + "langkah yang harus dikerjakan " * 4 for k in range(1, 21))
    page = deck(
        demo.notebook(v4.new_markdown_cell("# J"), v4.new_markdown_cell(f"## L\n\n{items}"))
    )
    starts = [int(a["start"]) for t, a in page.elements if t == "ol"]
    assert starts[0] == 1
    assert len(starts) >= 2
    assert starts == sorted(set(starts))


def test_long_intro_does_not_crowd_the_cover() -> None:
    nb = demo.notebook(v4.new_markdown_cell("# J\n\n" + "Pengantar yang panjang. " * 60))
    page = deck(nb)
    assert "Pengantar" not in page.slides[0]["isi"]
    assert "Pengantar" in page.slides[1]["isi"]


def test_pictures_say_what_they_show_and_slides_have_a_name() -> None:
    page = deck(demo.demo())
    ids = {a["id"] for _, a in page.elements if "id" in a}
    assert all(a["alt"] for t, a in page.elements if t == "img")
    for tag, attrs in page.elements:
        if tag == "section":
            assert attrs["aria-roledescription"] == "salindia"
            assert attrs["aria-labelledby"] in ids
    assert sum(t == "h1" for t, _ in page.elements) == 1
    assert all(s["judul"].strip() for s in page.slides)


@pytest.mark.parametrize("value", PAYLOADS)
def test_text_never_becomes_markup(value: str) -> None:
    rows: list[list[Any]] = [[value, 11, 11, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0, value]]
    table = demo.table_json(rows, judul=value, catatan=[value], sumber=value)
    table["kolom"][0]["label"] = value
    head = demo.headline_json(label=value, kategori=value, sumber_data=value)
    plain = {"text/plain": f"{value}\n{value}: {value}\n{value}", demo.HEADLINE_MIME: head}
    nb = demo.notebook(
        v4.new_markdown_cell(f"# Awal\n\n## {value}\n\n{value}"),
        demo.code("h", demo.output(plain)),
        demo.code("t", demo.output({"text/plain": value, demo.TABLE_MIME: table})),
        demo.code("g", demo.figure_output(value)),
        demo.code("s", v4.new_output("stream", name="stdout", text=value)),
    )
    html = export_slides(nb, judul=value)
    assert_inert(html)
    page = Deck(html)
    assert len(page.scripts) == 1
    assert sum(s["isi"].count(value) for s in page.slides) >= 6
    assert "49" not in "".join(s["judul"] for s in page.slides)


def test_text_written_with_entities_or_as_code_stays_text() -> None:
    words = (
        "## &lt;script&gt;alert(1)&lt;/script&gt;\n\nIsi `<img src=x onerror=alert(1)>` selesai."
    )
    html = export_slides(demo.notebook(v4.new_markdown_cell(f"# J\n\n{words}")), judul="x")
    assert_inert(html)
    shown = Deck(html).slides[1]
    assert shown["judul"] == "<script>alert(1)</script>"
    assert "<img src=x onerror=alert(1)>" in shown["isi"]


def test_colours_of_a_category_come_from_the_page_and_nothing_else_does() -> None:
    hostile = (
        '<span class="ipasn-kategori" style="background-color:#6fa8a1;color:#000000">Tinggi</span>'
        '<span class="ipasn-kategori" style="background-color:red;url(x)">Sedang</span>'
    )
    table = demo.table_json()
    nb = demo.notebook(demo.code("t", demo.output({"text/html": hostile, demo.TABLE_MIME: table})))
    html = export_slides(nb, judul="x")
    assert 'style="background:#6fa8a1;color:#000000">Tinggi' in html
    assert "background:red" not in html
    assert_inert(html)


def test_same_notebook_same_text_and_notebook_is_not_changed() -> None:
    nb = demo.demo()
    before = copy.deepcopy(nb)
    assert export_slides(nb, judul="x") == export_slides(demo.demo(), judul="x")
    assert nb == before


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ParameterError, match="jv"):
        export_slides(demo.demo(), judul="x", bahasa="jv")


def test_workshop_has_notes_for_each_slide_and_one_message_a_slide() -> None:
    cells = json.loads(WORKSHOP.read_text(encoding="utf-8"))["cells"]
    kinds = [c["metadata"].get("slideshow", {}).get("slide_type", "") for c in cells]
    begins = [k for k, kind in enumerate(kinds) if kind == "slide"]
    assert len(begins) >= 10
    for here, after in zip(begins, [*begins[1:], len(cells)], strict=True):
        assert "notes" in kinds[here:after], "".join(cells[here]["source"])
        shown = [
            c
            for c in cells[here:after]
            if c["cell_type"] == "code" and "slideshow" not in c["metadata"]
        ]
        assert len(shown) <= 1


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    shares = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_bright_hall_can_read_it() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    css = CSS.read_text(encoding="utf-8")
    named = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", css))
    # WCAG 2.2 asks 4.5, and 7 at its strictest; a projector in daylight needs the latter.
    for colour in ("tinta", "redup", "laut"):
        assert contrast(named[colour], "#ffffff") >= 7, colour
    assert contrast(named["merah"], "#ffffff") >= 4.5
    for colour in re.findall(r"\.sampul[^{}]*\{[^}]*[;{]color:(#[0-9a-f]{6})", css):
        assert contrast(colour, named["laut"]) >= 4.5, colour
