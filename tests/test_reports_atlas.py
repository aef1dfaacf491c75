"""The first page of a batch: map, table, failures."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.atlas import build_index

COLOURS = {
    "Sangat Rendah": "#8c2d04",
    "Rendah": "#d98b4a",
    "Sedang": "#e9dcb5",
    "Tinggi": "#6fa8a1",
    "Sangat Tinggi": "#15585e",
}
SQUARE = "M0,0L10,0L10,10Z"


def entry(kode: str = "3510", label: str = "Kab. Banyuwangi", **changes: Any) -> dict[str, Any]:
    return {
        "kode": kode,
        "label": label,
        "folder": f"{kode}-tempat",
        "indeks": 74.425,
        "kategori": "Sedang",
        "partisipasi": 0.9665,
        "n_terukur_teks": "11.402",
        "peringkat": 1,
        **changes,
    }


def index(entries: list[dict[str, Any]] | None = None, **changes: Any) -> str:
    given: dict[str, Any] = {
        "judul": "Indeks Profesionalitas ASN Jawa Timur",
        "tahun": 2024,
        "sintetis": False,
        "sumber": "SIASN 2024-12-31",
        "warna": COLOURS,
        **changes,
    }
    return build_index([entry()] if entries is None else entries, **given)


class Page(HTMLParser):
    """Elements and rows of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.rows: list[list[str]] = []
        self._cell = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]


def script(html: str) -> str:
    found = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def test_policy_allows_the_pages_own_script_and_nothing_else() -> None:
    html = index()
    policy = next(m["content"] for m in Page(html).all("meta") if m.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256(script(html).encode()).digest()).decode()
    directives = {d.split()[0]: d.split()[1:] for d in policy.split(";")}
    assert directives["script-src"] == [f"'sha256-{digest}'"]
    assert directives["default-src"] == ["'none'"]
    assert directives["img-src"] == ["data:"]
    for tag, attrs in Page(html).elements:
        assert not [name for name in attrs if name.startswith("on")], tag
        assert tag not in ("link", "iframe", "base", "object")


def test_numbers_print_half_up_with_a_decimal_comma_and_texts_win() -> None:
    page = Page(index([entry(), entry("3511", "B", indeks=70.0, indeks_teks="70,0 poin")]))
    # 74.425 and 96.65 %: a final 5 goes up, in binary both lie below.
    assert page.rows[1] == ["1", "Kab. Banyuwangi", "74,43", "Sedang", "96,7%", "11.402", "xlsx"]
    assert page.rows[2][2] == "70,0 poin"


def test_rows_run_from_the_highest_index_and_those_without_a_number_come_last() -> None:
    page = Page(
        index(
            [
                entry("1", "Tanpa", indeks=None, partisipasi=None, peringkat=None, kategori=None),
                entry("2", "Rendah", indeks=60.0, peringkat=2),
                entry("3", "Tinggi", indeks=80.0),
            ]
        )
    )
    assert [row[1] for row in page.rows[1:]] == ["Tinggi", "Rendah", "Tanpa"]
    assert page.rows[3][2] == "–"
    cells = [td for td in page.all("td") if "data-nilai" in td]
    assert [cell["data-nilai"] for cell in cells[-4:]] == ["", "", "", ""]


def test_a_hidden_place_is_listed_without_any_of_its_numbers() -> None:
    html = index([entry(tersembunyi=True, indeks=61.2345, n_terukur_teks="7")])
    page = Page(html)
    assert page.rows[1][0] == "*)"
    assert page.rows[1][2:6] == ["*)", "*)", "*)", "*)"]
    body = html[html.index("<main") :]
    for leak in ("61.2345", "61,23", "0.9665", ">7<", "width:61"):
        assert leak not in body
    assert "61.2345" not in index([entry(indeks_teks="*)", indeks=61.2345)])


def test_table_can_be_sorted_with_keyboard_and_screen_reader() -> None:
    html = index()
    head = re.search(r"<thead>(.*?)</thead>", html, re.DOTALL)
    assert head
    assert head[1].count("<button") == head[1].count("data-jenis=") == 5
    assert head[1].count("aria-sort=") == 1
    page = Page(html)
    assert page.all("html")[0]["lang"] == "id"
    labels = html.count("<label>")
    assert labels == len(page.all("input")) + len(page.all("select")) == 2
    ids = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    for name in re.findall(r'getElementById\("([^"]+)"\)', script(html)):
        assert name in ids | {"tunjuk"}  # "tunjuk" comes with the map


def test_failures_are_named_and_a_whole_batch_has_none() -> None:
    failed = [{"kode": "3529", "label": "Kab. Sumenep", "alasan": "kolom nilai_kinerja tidak ada"}]
    without = entry(kode="3529", label="Kab. Sumenep", folder=None)
    html = index([entry(), without], gagal=failed)
    assert "1 laporan gagal dibuat" in html
    assert "Kab. Sumenep</strong>: kolom nilai_kinerja tidak ada" in html
    assert "1 dari 2 kabupaten/kota" in html
    assert "gagal" not in index().partition("<body>")[2]


def test_map_of_shapes_has_one_named_link_a_place() -> None:
    html = index(
        [entry(), entry("3578", "Kota Surabaya", folder=None)],
        shapes={"3510": SQUARE, "3578": SQUARE, "3529": SQUARE},
        viewbox="0 0 100 60.5",
    )
    drawing = re.search(r'<svg class="atl-svg".*?</svg>', html, re.DOTALL)
    assert drawing
    links = Page(drawing[0]).all("a")
    assert [(a["href"], a["aria-label"]) for a in links] == [
        ("3510-tempat/laporan.html", "Kab. Banyuwangi: 74,43, Sedang")
    ]
    assert 'fill="#e9dcb5"' in drawing[0]
    assert drawing[0].count("<path") == 3
    assert 'fill="#c9d0d6" aria-hidden="true"' in drawing[0]  # no report, no colour of a category


def test_map_as_a_picture_is_an_img_with_its_sentence() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0,0'/></svg>"
    image = Page(index(peta_svg=svg, peta_alt='Peta: "timur" lebih tinggi')).all("img")[0]
    assert image["src"].startswith("data:image/svg+xml;base64,")
    assert image["alt"] == 'Peta: "timur" lebih tinggi'
    assert not Page(index(peta_svg="<svg onload='x()'/>")).all("img")


def test_make_believe_is_marked() -> None:
    assert "DATA SINTETIS" in index(sintetis=True).partition("<body>")[2]
    assert "SINTETIS" not in index().partition("<body>")[2]


def test_links() -> None:
    page = Page(index(tautan={"Laporan provinsi": "provinsi/laporan.html"}))
    hrefs = [a["href"] for a in page.all("a")]
    assert "provinsi/laporan.html" in hrefs
    assert "3510-tempat/laporan.html" in hrefs
    assert "3510-tempat/laporan.xlsx" in hrefs
    quoted = Page(index([entry(folder="kab banyuwangi #1?")])).all("a")
    assert "kab%20banyuwangi%20%231%3F/laporan.html" in [a["href"] for a in quoted]
    assert len(Page(index([entry(folder=None)])).all("a")) == 1  # the skip link


@pytest.mark.parametrize(
    "folder",
    [
        "../luar",
        "/etc",
        "a//b",
        "a/./b",
        "javascript:alert(1)",
        "C:\\x",
        "https://example.org",
        "a\x00",
    ],
)
def test_links_out_of_the_folder_are_refused(folder: str) -> None:
    with pytest.raises(ParameterError, match="stay inside"):
        index([entry(folder=folder)])
    with pytest.raises(ParameterError, match="stay inside"):
        index(tautan={"Laporan provinsi": folder + "/x.html"})


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"entries": [entry(), entry()]}, "twice"),
        ({"entries": [entry(label="")]}, "lacks"),
        ({"warna": {"Sedang": "red;background:url(x)"}}, "#rrggbb"),
        ({"shapes": {"3510": SQUARE}}, "viewbox"),
        ({"shapes": {"3510": SQUARE}, "viewbox": '0 0 1 1" onload="x'}, "viewbox"),
        ({"shapes": {"3510": 'M0"/><script>'}, "viewbox": "0 0 1 1"}, "SVG path"),
    ],
)
def test_what_is_not_known_is_refused(changes: dict[str, Any], match: str) -> None:
    with pytest.raises(ParameterError, match=match):
        index(changes.pop("entries", None), **changes)


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "</title></style></script><svg onload=alert(1)>",
        "{{ 7 * 7 }}",
        "nol\x00",
        "\u202egnp.exe\u200f",
        "Kabupaten " * 30,
    ],
)
def test_payload_in_any_text_stays_text(payload: str) -> None:
    texts = ("kategori", "indeks_teks", "partisipasi_teks", "n_terukur_teks", "peringkat_teks")
    html = build_index(
        [entry(payload, payload, folder="x", **dict.fromkeys(texts, payload))],
        judul=payload,
        tahun=2024,
        sintetis=True,
        sumber=payload,
        gagal=[dict.fromkeys(("kode", "label", "alasan"), payload)],
        warna={payload: "#15585e"},
        shapes={payload: SQUARE},
        viewbox="0 0 10 10",
        catatan=[payload],
    )
    page = Page(html)
    tags = [tag for tag, _ in page.elements]
    assert tags.count("script") == 1
    assert "img" not in tags
    assert tags.count("svg") <= 1
    for _, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on")]
        assert "javascript:" not in attrs.get("href", "")
    assert "\x00" not in html
    assert "\u202e" not in html
    assert "49" not in [cell for row in page.rows for cell in row]


def test_page_repeats_byte_by_byte_and_changes_nothing() -> None:
    entries = [entry()]
    assert index(entries) == index(entries)
    assert entries == [entry()]
