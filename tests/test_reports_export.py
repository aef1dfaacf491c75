"""The page, the workbook and the csv files made from an executed notebook."""

from __future__ import annotations

import base64
import copy
import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import nbformat.v4 as v4
import openpyxl
import pytest
import reports_demo as demo

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports._table import table_figure
from ipasn_lib.reports.csvfiles import export_csv
from ipasn_lib.reports.export import collect_headline, collect_tables, export_html
from ipasn_lib.reports.files import report_files
from ipasn_lib.reports.xlsx import export_xlsx, sheet_names
from ipasn_lib.wording import round_half_up

LONG = "Badan " + "Pengembangan " * 25
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "nol\x00dalam",
    "\u202egnp.exe\u200f",
    "</style><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    LONG,
)


class Page(HTMLParser):
    """Every element of a page with its attributes, and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self._skip = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))
        self._skip += tag in ("style", "script", "title")

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("style", "script", "title")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def assert_inert(html: str) -> None:
    """No element runs, none loads, and no address leaves the page but http, mailto, relative."""
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "link", "base", "form", "svg", "math"}
    for tag, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on")], tag
        assert "srcset" not in attrs
        if "src" in attrs:
            assert attrs["src"].startswith("data:image/")
        if "href" in attrs:
            assert re.match(r"https?://|mailto:|#|[\w./%-]+$", attrs["href"]), attrs["href"]
        if tag != "style":
            assert "url(" not in attrs.get("style", "")
    for css in re.findall(r"<style>(.*?)</style>", html, re.DOTALL):
        assert not re.search(r"url\((?!data:font/)|@import", css)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(export_html(demo.demo(), judul="Indeks Banyuwangi 2024"))


def test_page_has_a_strict_policy_and_asks_nothing_from_a_network() -> None:
    html = export_html(demo.demo(), judul="Indeks Banyuwangi 2024")
    policies = [m for m in Page(html).all("meta") if m.get("http-equiv")]
    assert [m["http-equiv"] for m in policies] == ["Content-Security-Policy"]
    directives = {d.split()[0]: d.split()[1:] for d in policies[0]["content"].split(";")}
    assert directives["default-src"] == ["'none'"]
    assert directives["img-src"] == ["data:"]
    assert directives["font-src"] == ["data:"]
    assert "script-src" not in directives
    assert_inert(html)
    for name in ("require.min.js", "mathjax", "mermaid", "cdn", "unpkg"):
        assert name not in re.sub(r"base64,[^)\"]*", "", html).lower()


def test_page_is_a_document_a_screen_reader_can_walk(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "id"
    assert len(page.all("h1")) == 1
    for landmark in ("header", "nav", "main", "footer"):
        assert page.all(landmark), landmark
    anchors = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert anchors <= set(ids)
    assert len(ids) == len(set(ids))
    assert all(img["alt"] for img in page.all("img"))
    region = next(d for d in page.all("div") if d.get("role") == "region")
    assert region["class"] == "hal-gulir"
    assert region["tabindex"] == "0"
    assert region["aria-label"] == "Indeks menurut unit kerja"


def test_page_shows_text_tables_and_figures_but_no_code_outside_the_appendix(page: Page) -> None:
    body, _, appendix = page.words.partition("Lampiran:")
    assert "Laporan ini menjawab satu pertanyaan" in body
    assert "4.120" in body
    assert "86,00" in body
    assert "unit_table(ringkasan)" not in body
    assert "unit_table(ringkasan)" in appendix
    assert "Kompetensi paling jauh dari nilai penuh, yaitu 68,9 persen." in [
        img["alt"] for img in page.all("img")
    ]


def test_page_title_is_the_title_and_the_notebooks_own_heading_stands_under_it(page: Page) -> None:
    assert page.words.count("Seberapa profesional aparatur di kabupaten ini?") == 1
    same = demo.notebook(v4.new_markdown_cell("# Judul  yang\n\nIsi"))
    assert Page(export_html(same, judul="Judul yang")).words.count("Judul yang") == 1


def test_appendix_shows_parameters_without_folders() -> None:
    html = export_html(demo.demo(), judul="x")
    assert "pegawai.parquet" in html
    assert "/srv/data" not in html
    nb = demo.demo()
    nb.metadata["papermill"]["parameters"] = {
        "berkas": ["/srv/data/a.csv", {"b": "C:\\\\data\\\\c.csv"}],
        "kunci_samaran": "s3cr3t",
    }
    shown = export_html(nb, judul="x")
    assert "a.csv" in shown
    assert "c.csv" in shown
    assert not re.search(r"/srv/data|C:.{0,9}data|s3cr3t", shown)
    assert 'kode_kabkota = "3510"' not in html  # the injected cell is shown as a table


def test_drawing_is_an_img_without_comments_or_metadata(page: Page) -> None:
    source = next(
        img["src"] for img in page.all("img") if img["alt"].startswith("Kompetensi paling")
    )
    drawing = base64.b64decode(source.partition(",")[2]).decode()
    assert drawing.startswith("<svg")
    assert drawing.endswith("</svg>")
    assert "<!--" not in drawing
    assert "<metadata" not in drawing


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "<svg onload='alert(1)'></svg>",
        "<svg><foreignObject/></svg>",
        "<svg><a href='javascript:alert(1)'/></svg>",
        "<svg><image href='https://example.org/x.png'/></svg>",
        "<svg><style>@import 'https://example.org/x.css'</style></svg>",
        "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg>&x;</svg>",
        "not a drawing",
    ],
)
def test_drawing_with_active_content_is_refused_and_the_page_says_so(drawing: str) -> None:
    html = export_html(
        demo.notebook(demo.code("f()", demo.figure_output("Uraian", drawing))), judul="x"
    )
    assert "<img" not in html
    assert "unsur aktif" in html


@pytest.mark.parametrize("said", ["html", "alt", "table", "headline"])
def test_one_mark_of_make_believe_marks_the_whole_report(said: str) -> None:
    outputs: dict[str, Any] = {
        "html": demo.output({"text/html": "<p>Sumber: sintetis, benih 7</p>"}),
        "alt": demo.figure_output("DATA SINTETIS: peta"),
        "table": demo.output({demo.TABLE_MIME: demo.table_json(sumber="", sintetis=True)}),
        "headline": demo.output({demo.HEADLINE_MIME: demo.headline_json(sumber_data="")}),
    }
    nb = demo.notebook(demo.code("f()", outputs[said]))
    html = export_html(nb, judul="x")
    assert "DATA SINTETIS" in Page(html).words
    assert "DATA SINTETIS" in html[html.index("@top-left{content") :][:400]


def test_real_numbers_are_not_called_make_believe() -> None:
    real = demo.headline_json(sumber_data="SIASN 2024-12-31", sintetis=False)
    table = demo.table_json(sumber="SIASN 2024-12-31", sintetis=False)
    nb = demo.notebook(
        demo.code("a()", demo.headline_output(real)), demo.code("b()", demo.table_output(table))
    )
    assert "SINTETIS" not in Page(export_html(nb, judul="x")).words
    book = openpyxl.load_workbook(io.BytesIO(export_xlsx(nb, judul="x")))
    assert "SINTETIS" not in str([[c.value for c in r] for s in book for r in s.iter_rows()])
    assert b"SINTETIS" not in export_csv(nb)["unit_kerja.csv"]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_payload_in_any_text_stays_text(payload: str) -> None:
    table = demo.table_json(
        [[payload, 20, 20, 1.0, 10.0, 20.0, 20.0, 5.0, 55.0, payload]],
        judul=payload,
        sumber=payload,
        catatan=[payload],
    )
    table["kolom"][0]["label"] = payload
    head = demo.headline_json(
        label=payload, sumber_data=payload, id_instrumen=payload, kategori=payload
    )
    raw = demo.output({"text/html": f"<p>{payload}</p>", "text/plain": payload})
    nb = demo.notebook(
        v4.new_markdown_cell(f"# {payload}\n\n## {payload}\n\n{payload}\n\n[x]({payload})"),
        demo.code(payload, demo.headline_output(head)),
        demo.code("t()", demo.table_output(table)),
        demo.code(
            "f()", demo.figure_output(payload, demo.svg(re.sub(r"[\x00-\x1f]", "", payload)))
        ),
        demo.code("g()", raw, v4.new_output("stream", name="stdout", text=payload)),
        demo.code("h()", demo.output({"text/markdown": payload})),
        parameters={"catatan": payload},
    )
    html = export_html(nb, judul=payload, tautan={payload: payload})
    assert_inert(html)
    assert "\x00" not in html
    assert "\u202e" not in html
    assert "{{ 7 * 7 }}" in html or "{{" not in payload
    html.encode()  # nothing that cannot be written

    book = openpyxl.load_workbook(io.BytesIO(export_xlsx(nb, judul=payload)))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
    for content in export_csv(nb).values():
        for line in content.decode("utf-8-sig").splitlines():
            for cell in re.split(r";", line.replace('"', "")):
                assert not re.match(r"\s*[=+@\t]|\s*-\D", cell), cell


@pytest.mark.parametrize(
    "html",
    [
        '<a href="java\nscript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>1</script>">x</a>',
        '<a href="//example.org/x">x</a>',
        '<img src="https://example.org/x.png" alt="">',
        '<img src="data:text/html;base64,AAAA" alt="">',
        '<p style="background-color:u\\72l(https://example.org)">x</p>',
        '<p style="background-image:url(https://example.org)">x</p>',
        '<p style="position:fixed;inset:0">x</p>',
        "<style>body{display:none}</style>",
        '<p id="isi" class="hal-kop ipasn-x" onclick="x()">x</p>',
        "<form action='https://example.org'><input></form>",
        "<math><mtext></p><script>alert(1)</script></mtext></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        '<meta http-equiv="refresh" content="0;url=https://example.org">',
        "<base href='https://example.org'>",
    ],
)
def test_html_and_markdown_pass_an_allow_list(html: str) -> None:
    clean = export_html(
        demo.notebook(
            v4.new_markdown_cell(f"teks\n\n{html}\n"),
            demo.code("f()", demo.output({"text/html": html})),
        ),
        judul="x",
    )
    assert_inert(clean)
    body = clean[clean.index("<main") :]
    assert "example.org" not in body
    assert "position" not in body
    assert "display:none" not in body
    assert "hal-kop" not in body
    assert body.count('id="isi"') == 1


def test_inline_styles_of_tables_survive() -> None:
    cell = '<td style="color: #fff; background-color: #15585e">9</td>'
    html = f'<table class="gt_table"><tr>{cell}</tr></table>'
    page = export_html(demo.notebook(demo.code("f()", demo.output({"text/html": html}))), judul="x")
    assert re.search(r'<td style="color: #fff; background-color: #15585e;?">9</td>', page)


def test_a_failed_cell_says_so_without_its_message() -> None:
    error = v4.new_output("error", ename="KeyError", evalue="Siti 19870101", traceback=["Siti"])
    html = export_html(demo.notebook(demo.code("f()", error)), judul="x")
    assert "gagal dibuat" in html
    assert "Siti" not in html


def test_hidden_cells_and_outputs_and_custom_types_stay_out() -> None:
    nb = demo.notebook(
        demo.code("a()", demo.output({"text/plain": "RAHASIA-1"}), tags=("remove-output",)),
        demo.code("b()", demo.output({"text/plain": "RAHASIA-2"}), tags=("remove_cell",)),
        demo.code("c()", demo.output({"application/vnd.x+json": {"k": "RAHASIA-3"}})),
        demo.code("d()", v4.new_output("stream", name="stderr", text="RAHASIA-4")),
    )
    assert "RAHASIA" not in export_html(nb, judul="x")


def test_a_formula_is_drawn_and_one_that_cannot_be_stays_readable() -> None:
    nb = demo.notebook(v4.new_markdown_cell("$x_1^2$ dan $\\begin{cases} a \\end{cases}$"))
    html = export_html(nb, judul="x")
    assert [i["alt"] for i in Page(html).all("img")] == ["x_1^2"]
    assert "<code>\\begin{cases} a \\end{cases}</code>" in html


@pytest.mark.parametrize("name", ["a.png", "a%20b.png", "%3Cb%3E.png"])
def test_an_attached_picture_is_shown_and_a_missing_one_loses_nothing(name: str) -> None:
    picture = base64.b64encode(b"\x89PNG").decode()
    cell = v4.new_markdown_cell(f"teks ![gambar](attachment:{name}) teks")
    assert "data:image" not in export_html(demo.notebook(cell), judul="x").partition("<main")[2]
    cell["attachments"] = {unquote(name): {"image/png": picture}}
    page = export_html(demo.notebook(cell), judul="x")
    assert f'src="data:image/png;base64,{picture}"' in page


def test_links_of_the_page_stay_relative() -> None:
    html = export_html(
        demo.demo(),
        judul="x",
        tautan={"Tabel": "laporan.xlsx", "Luar": "https://example.org", "Akar": "/etc/passwd"},
    )
    hrefs = {a["href"] for a in Page(html).all("a")}
    assert "laporan.xlsx" in hrefs
    assert not hrefs & {"https://example.org", "/etc/passwd"}


def test_language() -> None:
    assert '<html lang="en">' in export_html(demo.demo(), judul="x", bahasa="en")
    with pytest.raises(ParameterError, match="'id', 'en'"):
        export_html(demo.demo(), judul="x", bahasa="jv")


def test_exports_change_nothing_and_repeat_byte_by_byte() -> None:
    nb = demo.demo()
    before = copy.deepcopy(nb)
    assert export_html(nb, judul="x") == export_html(nb, judul="x")
    assert export_xlsx(nb, judul="x") == export_xlsx(nb, judul="x")
    assert export_csv(nb) == export_csv(nb)
    assert nb == before


def test_page_stays_under_a_megabyte() -> None:
    assert len(export_html(demo.demo(), judul="x").encode()) < 300_000


# --- collecting -------------------------------------------------------------------------------


def test_collect_reads_headline_and_tables_from_json_only() -> None:
    nb = demo.demo()
    assert collect_headline(nb) == demo.headline_json()
    (table,) = collect_tables(nb)
    assert [c["nama"] for c in table["kolom"]] == [c[0] for c in demo.COLUMNS]
    assert table["baris"][3][1:] == [{"tersembunyi": True}] * 9
    assert collect_headline(demo.notebook()) == {}
    assert collect_tables(demo.notebook()) == []


def _without(key: str) -> dict[str, Any]:
    table = demo.table_json()
    del table[key]
    return table


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (_without("kolom"), "lacks"),
        (demo.table_json([["hanya satu"]]), "1 cells for 10 columns"),
        (demo.table_json([[{"nilai": 5}] * 10]), "neither text"),
        (demo.table_json([[{"tersembunyi": False, "nilai": 5}] * 10]), "neither text"),
        (demo.table_json([[True] * 10]), "neither text"),
        (demo.table_json(kolom=[{"nama": "x", "jenis": "uang"}], baris=[]), "jenis"),
        ("teks", "not an object"),
    ],
)
def test_a_table_that_is_not_whole_is_published_nowhere(table: Any, match: str) -> None:
    nb = demo.notebook(
        demo.code("f()", demo.output({"text/html": "<table></table>", demo.TABLE_MIME: table}))
    )
    for export in (collect_tables, export_csv):
        with pytest.raises(ParameterError, match=match):
            export(nb)
    for make in (export_html, export_xlsx):
        with pytest.raises(ParameterError, match=match):
            make(nb, judul="x")


# --- workbook ---------------------------------------------------------------------------------


def test_workbook_says_what_it_is_and_holds_one_sheet_a_table() -> None:
    nb = demo.notebook(
        demo.code("h()", demo.headline_output(demo.headline_json())),
        demo.code("a()", demo.table_output(demo.table_json())),
        demo.code("b()", demo.table_output(demo.table_json(nama="golongan"))),
    )
    book = openpyxl.load_workbook(io.BytesIO(export_xlsx(nb, judul="Judul laporan")))
    assert book.sheetnames == ["Keterangan", "Unit kerja", "Golongan"]
    cover = " | ".join(str(c.value) for r in book["Keterangan"].iter_rows() for c in r if c.value)
    for expected in (
        "Judul laporan",
        "DATA SINTETIS",
        "sintetis, benih 7",
        "permenpanrb-38-2018",
        "Kab. Banyuwangi",
        "*)",
        "Unit kerja",
    ):
        assert expected in cover
    sheet = book["Unit kerja"]
    assert sheet["A1"].value == "Indeks menurut unit kerja"
    assert "sintetis" in sheet["A2"].value
    assert [c.value for c in sheet[4]] == [c[1] for c in demo.COLUMNS]
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:J9"
    assert sheet["A11"].value == "*) disembunyikan: kurang dari 10 pegawai"


def test_workbook_cells_keep_numbers_formats_hidden_and_missing() -> None:
    row = [
        "Dinas",
        4120,
        None,
        0.96774,
        15.254999,
        27.5,
        -0.125,
        5,
        {"tersembunyi": True},
        "Sedang",
    ]
    nb = demo.notebook(demo.code("f()", demo.output({demo.TABLE_MIME: demo.table_json([row])})))
    sheet = openpyxl.load_workbook(io.BytesIO(export_xlsx(nb, judul="x")))["Unit kerja"]
    cells = sheet[5]
    # Percent with one decimal: 0.96774 prints as 96.8 %, so 0.968 is stored and nothing finer.
    assert [c.value for c in cells] == [
        "Dinas", 4120, None, 0.968, 15.25, 27.5, -0.13, 5, "*)", "Sedang"
    ]  # fmt: skip
    assert cells[1].number_format == "#,##0"
    assert cells[3].number_format == "0.0%"
    assert cells[4].number_format == "#,##0.00"


def test_workbook_has_no_trace_of_the_day_or_the_machine() -> None:
    archive = zipfile.ZipFile(io.BytesIO(export_xlsx(demo.demo(), judul="x")))
    assert {info.date_time[0] for info in archive.infolist()} == {1980}
    core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2000-01-01T"}
    assert not [name for name in archive.namelist() if "external" in name.lower()]


def test_sheet_names_are_valid_and_unique() -> None:
    slugs = ["unit_kerja", "Unit kerja", "a/b[c]:*?\\", "", "'kutip'", "history", "keterangan"]
    names = sheet_names(
        [*slugs, "x" * 300, "x" * 300, "\U0001f600 muka", "nol\x00"], taken=("Keterangan",)
    )
    assert names[:2] == ["Unit kerja", "Unit kerja (2)"]
    assert names[3] == "Tabel"
    assert names[4] == "Kutip"
    for name in names:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\\x00]", name)
        assert name[0] != "'" != name[-1]
    folded = [name.casefold() for name in names]
    assert len(set(folded)) == len(folded)
    assert not {"history", "keterangan"} & set(folded)


def test_a_report_without_tables_still_gives_a_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(export_xlsx(demo.notebook(), judul="x")))
    assert book.sheetnames == ["Keterangan"]


def test_csv_is_what_an_indonesian_spreadsheet_opens() -> None:
    row = [
        "Dinas; 'A'",
        4120,
        None,
        0.96774,
        15.255,
        27.5,
        -0.125,
        5,
        {"tersembunyi": True},
        "Sedang",
    ]
    nb = demo.notebook(demo.code("f()", demo.output({demo.TABLE_MIME: demo.table_json([row])})))
    content = export_csv(nb)["unit_kerja.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Unit kerja;Pegawai;Terukur;Partisipasi;")
    assert lines[0].endswith(";Keterangan")
    assert lines[1] == ("\"Dinas; 'A'\";4120;;0,968;15,26;27,50;-0,13;5,00;*);Sedang;DATA SINTETIS")


def test_csv_names_stay_apart_and_inside_the_folder() -> None:
    tables = [demo.table_json(nama=n) for n in ("unit", "unit", "../../x", "")]
    nb = demo.notebook(*(demo.code("f()", demo.output({demo.TABLE_MIME: t})) for t in tables))
    assert list(export_csv(nb)) == ["unit.csv", "unit_2.csv", "x.csv", "tabel.csv"]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(2.675, 2, 2.68), (0.125, 2, 0.13), (2.5, 0, 3), (-0.125, 2, -0.13), (80.004999, 2, 80.0)],
)
def test_rounding_is_half_up(value: float, decimals: int, expected: float) -> None:
    assert round_half_up(value, decimals) == expected


# --- all files of a report --------------------------------------------------------------------


def test_files_of_a_report_are_titled_and_linked_from_its_headline() -> None:
    files = report_files(demo.demo(), indeks="../index.html", csv=True)
    assert list(files) == ["laporan.html", "laporan.xlsx", "unit_kerja.csv"]
    page = Page(files["laporan.html"].decode())
    assert "Indeks Profesionalitas ASN Kab. Banyuwangi 2024" in page.words
    hrefs = [a["href"] for a in page.all("a")]
    assert "laporan.xlsx" in hrefs
    assert "../index.html" in hrefs


def test_a_report_without_tables_offers_no_workbook() -> None:
    files = report_files(demo.notebook(), judul="Judul")
    assert list(files) == ["laporan.html"]
    assert b"laporan.xlsx" not in files["laporan.html"]


def test_a_report_of_the_province_says_which_place_it_highlights() -> None:
    own = facts_of(export_html(demo.demo(), judul="Laporan Kab. Banyuwangi 2022"))
    assert own["Wilayah"] == "Kab. Banyuwangi"
    other = facts_of(export_html(demo.demo(), judul="Seberapa pasti peringkat, Jawa Timur 2022"))
    assert "Wilayah" not in other
    assert other["Daerah yang disorot"] == "Kab. Banyuwangi"


def test_a_page_without_a_headline_has_its_year_and_no_empty_separator() -> None:
    nb = v4.new_notebook(
        cells=[v4.new_markdown_cell("# Mutu data")],
        metadata={"papermill": {"parameters": {"tahun": 2022}}},
    )
    page = export_html(nb, judul="Mutu data")
    assert facts_of(page) == {"Tahun pengukuran": "2022"}
    foot = re.search(r"<footer.*?</footer>", page, re.DOTALL)
    assert foot is not None
    assert re.findall(r"<p>(.*?)</p>", foot[0])[-1] == "Tahun pengukuran: 2022"


def facts_of(page: str) -> dict[str, str]:
    return dict(re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page))


def test_a_table_that_its_author_folds_stays_folded_under_its_own_words() -> None:
    words = {"tabel": "tabel", "lipat": "Buka tabel lengkap"}
    table = "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
    asked = f"<details><summary>Buka jawaban</summary>{table}</details>"
    folded = table_figure(asked, "Jawaban", words)
    assert '<details class="hal-lipat"><summary>Buka jawaban</summary>' in folded
    assert folded.count("<details") == 1
    assert "<details" not in table_figure(table, "Tabel", words)
