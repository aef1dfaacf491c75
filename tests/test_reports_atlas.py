"""The first page of a batch: map, table, failures."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.atlas import MEASURES, build_index, describe_year, read_year
from ipasn_lib.reports.collect import clean_text

COLOURS = {
    "Sangat Rendah": "#8c2d04",
    "Rendah": "#d98b4a",
    "Sedang": "#e9dcb5",
    "Tinggi": "#6fa8a1",
    "Sangat Tinggi": "#15585e",
}
SQUARE = "M0,0L10,0L10,10Z"


GROUPS = ("#e3edf4", "#b3cfe2", "#7ba9cb", "#44789f", "#1c4568")


def entry(kode: str = "3510", label: str = "Kab. Banyuwangi", **changes: Any) -> dict[str, Any]:
    return {
        "kode": kode,
        "label": label,
        "nilai": {"indeks": ["74,43", 1], "kompetensi": ["31,18", 1]},
        "kategori": "Sedang",
        "partisipasi": "96,7%",
        "terukur": "11.402",
        "berkas": {
            "html": f"{kode}-tempat/laporan.html",
            "pdf": f"{kode}-tempat/laporan.pdf",
            "xlsx": f"{kode}-tempat/laporan.xlsx",
        },
        **changes,
    }


def year(entries: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "judul": "Indeks Profesionalitas ASN Jawa Timur",
        "tahun": 2024,
        "sintetis": False,
        "sumber": "SIASN 2024-12-31",
        "instrumen": ["ip-asn-2023"],
        **changes,
    }
    return describe_year([entry()] if entries is None else entries, **given)


DRAWN = ("shapes", "viewbox", "bingkai", "catatan", "bahasa", "warna", "warna_kelompok")


def index(
    entries: list[dict[str, Any]] | None = None,
    lain: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> str:
    drawn = {"warna": COLOURS, "warna_kelompok": GROUPS}
    drawn |= {key: changes.pop(key) for key in DRAWN if key in changes}
    return build_index(year(entries, **changes), lain or [], **drawn)


def shown(html: str) -> dict[str, Any]:
    """What the page's script reads."""
    found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return dict(json.loads(found[0]))


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


def test_the_table_without_script_has_every_number_and_every_file() -> None:
    page = Page(index([entry(nilai={"indeks": ["74,43", 1], "disiplin": ["4,95", 1]})]))
    names = ["Peringkat", "Kabupaten/kota", "Indeks", "Kualifikasi", "Kompetensi", "Kinerja"]
    assert page.rows[0][:6] == names
    row = ["1", "Kab. Banyuwangi", "74,43", "–", "–", "–", "4,95", "Sedang", "96,7%", "11.402"]
    assert page.rows[1][:10] == row
    assert page.rows[1][10].split() == ["pdf", "xlsx"]


def test_rows_run_from_the_highest_index_and_those_without_a_number_come_last() -> None:
    page = Page(
        index(
            [
                entry("1", "Tanpa", nilai={}, kategori=None),
                entry("2", "Rendah", nilai={"indeks": ["9,50", 2]}),
                entry("3", "Tinggi", nilai={"indeks": ["80,00", 1]}),
            ]
        )
    )
    assert [row[1] for row in page.rows[1:]] == ["Tinggi", "Rendah", "Tanpa"]
    assert page.rows[3][2] == "–"


def test_a_hidden_place_is_listed_without_any_of_its_numbers() -> None:
    hidden = entry(tersembunyi=True, nilai={"indeks": ["61,23", 3]}, terukur="7", kategori="Rendah")
    kept = year([hidden])
    html = build_index(
        kept, warna=COLOURS, warna_kelompok=GROUPS, shapes={"3510": SQUARE}, viewbox="0 0 9 9"
    )
    assert Page(html).rows[1][0] == "*)"
    assert Page(html).rows[1][2:10] == ["*)"] * 8
    assert shown(html)["tahun"]["2024"]["tempat"]["3510"]["nilai"] == dict.fromkeys(MEASURES)
    assert 'fill="url(#arsir)"' in html
    for text in (html[html.index("<main") :], json.dumps(kept)):
        for leak in ("61,23", "61.23", "96,7", '"7"', ">7<"):
            assert leak not in text
        assert '"Rendah"' not in json.dumps(kept)


def test_dimensions_are_coloured_in_five_groups_by_rank() -> None:
    """Ten places, two a group; a shared rank shares its group."""
    ranks = [1, 2, 3, 4, 4, 6, 7, 8, 9, 10]
    places = [
        entry(f"{k}", f"T{k}", nilai={"kinerja": [f"{30 - rank},00", rank]})
        for k, rank in enumerate(ranks)
    ]
    own = shown(index(places))["tahun"]["2024"]["tempat"]
    groups = [own[f"{k}"]["nilai"]["kinerja"][3] for k in range(10)]
    assert groups == [4, 4, 3, 3, 3, 2, 1, 1, 0, 0]
    assert own["0"]["nilai"]["kinerja"][:3] == ["29,00", 29.0, 1]


def test_the_index_is_coloured_by_the_categories_of_the_law() -> None:
    own = shown(index([entry(kategori="Tinggi"), entry("1", "B", kategori=None)]))
    values = {k: p["nilai"]["indeks"][3] for k, p in own["tahun"]["2024"]["tempat"].items()}
    assert values == {"3510": 3, "1": None}
    assert own["kategori"][3] == "Tinggi"


def test_other_years_are_held_and_those_under_another_instrument_marked() -> None:
    before = year([entry(nilai={"indeks": ["70,10", 1]})], tahun=2022, instrumen=["ip-asn-2019"])
    alike = year([entry(nilai={"indeks": ["71,00", 1]})], tahun=2023)
    html = index(lain=[alike, before])
    held = shown(html)["tahun"]
    assert {k: v["sebanding"] for k, v in held.items()} == {
        "2022": False,
        "2023": True,
        "2024": True,
    }
    assert held["2022"]["tempat"]["3510"]["nilai"]["indeks"][0] == "70,10"
    assert held["2022"]["tempat"]["3510"]["berkas"][0] == [
        "html",
        "../2022/3510-tempat/laporan.html",
    ]
    page = Page(html)
    addresses = [a.get("href") for a in page.all("a")]
    assert addresses.count("../2022/index.html") == addresses.count("../2023/index.html") == 1
    assert html.count("(tidak dapat dibandingkan)") == 1
    assert "2022 – tidak dapat dibandingkan" in html


def test_a_year_that_is_kept_comes_back_the_same(tmp_path: Path) -> None:
    kept = year([entry(), entry("1", "B", tersembunyi=True)], maksimum={"kompetensi": 40})
    path = tmp_path / "2024" / "atlas.json"
    path.parent.mkdir()
    path.write_text(json.dumps(kept), encoding="utf-8")
    assert read_year(path) == kept
    for broken in ("{", "[]", json.dumps(kept | {"lain": 1}), json.dumps(kept | {"tempat": [1]})):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(ParameterError, match=r"2024/atlas\.json"):
            read_year(path)


def test_controls_have_labels_and_heads_are_buttons() -> None:
    html = index(lain=[year(tahun=2023)], shapes={"3510": SQUARE}, viewbox="0 0 9 9")
    head = re.search(r"<thead>(.*?)</thead>", html, re.DOTALL)
    assert head
    assert head[1].count("<button") == head[1].count("data-kolom=") == 10
    assert head[1].count("aria-sort=") == 1
    page = Page(html)
    assert page.all("html")[0]["lang"] == "id"
    labels = html.count("<label>")
    assert labels == len(page.all("input")) + len(page.all("select")) == 6
    ids = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    code = script(html)
    assert set(re.findall(r'\$\("([^"]+)"\)', code)) <= ids
    for named in set(re.findall(r"kata\.(\w+)", code)):
        assert named in shown(html)["kata"], named


def test_failures_are_named_and_a_whole_batch_has_none() -> None:
    failed = [{"kode": "3529", "label": "Kab. Sumenep", "alasan": "kolom nilai_kinerja tidak ada"}]
    without = entry(kode="3529", label="Kab. Sumenep", berkas={})
    html = index([entry(), without], gagal=failed)
    assert "1 laporan gagal dibuat" in html
    assert "Kab. Sumenep</strong>: kolom nilai_kinerja tidak ada" in html
    assert "1 dari 2 kabupaten/kota" in html
    assert 'id="judul-gagal"' not in index()


def test_map_of_shapes_has_one_named_link_a_place() -> None:
    html = index(
        [entry(), entry("3578", "Kota Surabaya", berkas={})],
        shapes={"3510": SQUARE, "3578": SQUARE, "3529": SQUARE},
        viewbox="0 0 100 60.5",
    )
    drawing = re.search(r'<svg class="atl-svg".*?</svg>', html, re.DOTALL)
    assert drawing
    places = Page(drawing[0]).all("a")
    assert [(a.get("href"), a.get("role"), a["aria-label"]) for a in places] == [
        ("3510-tempat/laporan.html", None, "Kab. Banyuwangi: 74,43, Sedang"),
        (None, "img", "Kota Surabaya: 74,43, Sedang"),
    ]
    assert 'fill="#e9dcb5"' in drawing[0]
    assert 'fill="#c9d0d6" aria-hidden="true"' in drawing[0]  # no report, no colour of a category


def test_make_believe_is_marked() -> None:
    assert "DATA SINTETIS" in index(sintetis=True).partition("<body>")[2]
    assert "SINTETIS" not in index().partition("<body>")[2]


def test_links() -> None:
    page = Page(index(tautan={"Laporan provinsi": "provinsi/laporan.html"}))
    hrefs = [a["href"] for a in page.all("a")]
    assert "provinsi/laporan.html" in hrefs
    assert {f"3510-tempat/laporan.{kind}" for kind in ("html", "pdf", "xlsx")} <= set(hrefs)
    quoted = Page(index([entry(berkas={"html": "kab banyuwangi #1?/laporan.html"})])).all("a")
    assert "kab%20banyuwangi%20%231%3F/laporan.html" in [a["href"] for a in quoted]
    assert len(Page(index([entry(berkas={})])).all("a")) == 1  # the skip link


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
        index([entry(berkas={"html": folder})])
    with pytest.raises(ParameterError, match="stay inside"):
        index(tautan={"Laporan provinsi": folder + "/x.html"})


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"entries": [entry(), entry()]}, "twice"),
        ({"entries": [entry(label="")]}, "lacks"),
        ({"entries": [entry(nilai={"indeks": ["7x", 1]})]}, "printed number"),
        ({"entries": [entry(nilai={"umur": ["7,00", 1]})]}, "unknown measure"),
        ({"lain": [year()]}, "year comes twice"),
        ({"lain": [year(tahun=2023, sintetis=True)]}, "make-believe"),
        ({"warna": {"Sedang": "red;background:url(x)"}}, "#rrggbb"),
        ({"warna_kelompok": GROUPS[:4]}, "5 colours"),
        ({"shapes": {"3510": SQUARE}}, "viewbox"),
        ({"shapes": {"3510": SQUARE}, "viewbox": '0 0 1 1" onload="x'}, "viewbox"),
        ({"shapes": {"3510": 'M0"/><script>'}, "viewbox": "0 0 1 1"}, "SVG path"),
    ],
)
def test_what_is_not_known_is_refused(changes: dict[str, Any], match: str) -> None:
    given = dict(changes)
    with pytest.raises(ParameterError, match=match):
        index(given.pop("entries", None), **given)


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
    texts = ("kategori", "partisipasi", "terukur")
    html = index(
        [entry(payload, payload, berkas={payload: "x/y"}, **dict.fromkeys(texts, payload))],
        judul=payload,
        sintetis=True,
        sumber=payload,
        instrumen=[payload],
        gagal=[dict.fromkeys(("kode", "label", "alasan"), payload)],
        warna={payload: "#15585e"},
        shapes={payload: SQUARE},
        viewbox="0 0 10 10",
        catatan=[payload],
    )
    page = Page(html)
    tags = [tag for tag, _ in page.elements]
    assert tags.count("script") == 2  # the data, and the page's own
    assert "img" not in tags
    assert tags.count("svg") == 1
    for _, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on")]
        assert "javascript:" not in attrs.get("href", "")
    assert shown(html)["tahun"]["2024"]["sumber"] == clean_text(payload)
    assert "\x00" not in html
    assert "\u202e" not in html
    assert "49" not in [cell for row in page.rows for cell in row]


def test_page_repeats_byte_by_byte_and_changes_nothing() -> None:
    entries = [entry()]
    assert index(entries) == index(entries)
    assert entries == [entry()]
