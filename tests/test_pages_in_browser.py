"""Reports, slides and the first page as readers meet them: by keyboard, on a phone, on paper."""

from __future__ import annotations

import functools
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from assurance import Assurance
from playwright.sync_api import Browser
from reports_crowded import crowded
from visits import PAPER, Visit, chromium, needs_browser, opened, visit

from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.reports.batch import BatchResult, Job, run_batch
from ipasn_lib.reports.files import report_files
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.slides import export_slides
from ipasn_lib.suite_index import write_index
from ipasn_lib.suite_jobs import place_jobs, province_jobs

pytestmark = needs_browser

# What a slide holds: text that runs over, what leaves the frame, room above the foot, letters.
SLIDE = """() => {
  const slide = document.querySelector(".present .salindia"), box = slide.querySelector(".isi");
  const frame = slide.getBoundingClientRect(), foot = slide.querySelector(".kaki");
  const over = (e, r = e.getBoundingClientRect()) => r.left < frame.left - 1 ||
    r.right > frame.right + 1 || r.top < frame.top - 1 || r.bottom > frame.bottom + 1;
  const shown = [...slide.querySelectorAll("*")].filter((e) => !e.closest(".tersirat"));
  const words = shown.filter((e) => box.contains(e) &&
    [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
  return {
    nomor: slide.querySelector(".nomor").innerText.replace(/[^\\d/]+/g, "").replace("/", " / "),
    luber: Math.max(1, box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth) - 1,
    keluar: shown.filter((e) => e.offsetWidth && over(e)).map((e) => e.className),
    kaki: foot.getBoundingClientRect().top - box.getBoundingClientRect().bottom,
    huruf: Math.min(99, ...words.map((e) => parseFloat(getComputedStyle(e).fontSize))),
  };
}"""

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"

BY_HAND = ("07_merit_ekinerja", "08_dampak_inovasi", "10_latihan")
"""Notebooks that an analyst runs, published here as the batch publishes the others."""

PAGES = {
    "laporan": "3510-kab-banyuwangi/laporan.html",
    "provinsi": "35-provinsi-jawa-timur/laporan.html",
    "rencana": "3510-kab-banyuwangi-rencana/laporan.html",
    "atlas": "index.html",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of the sample's year, with the first pages of two other years beside."""
    out = tmp_path_factory.mktemp("halaman")
    shutil.copytree(published, out / "2022")
    for tahun in (2021, 2024, 2022):
        root = out / str(tahun)
        root.mkdir(exist_ok=True)
        journal, nothing = Journal(root / "jurnal.jsonl"), BatchResult((), 0.0)
        write_index(open_prepared(None, tahun), root, nothing, journal, fresh=True)
    return out / "2022"


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("salindia") / "salindia.html"
    path.write_text(export_slides(crowded(), judul="Lokakarya"), encoding="utf-8")
    return path


def test_what_is_looked_for_is_found(browser: Browser, tmp_path: Path) -> None:
    """Without this, a detector that sees nothing would pass every other test."""
    path = tmp_path / "a.html"
    path.write_text(
        "<!DOCTYPE html><html><title>x</title><body><div style='width:2000px'>lebar</div>"
        "<div style='width:50px;overflow:hidden;white-space:nowrap'>terpotong di sini</div>"
        "<img src='http://127.0.0.1:9/x.png'><input>"
        "<script>console.error('salah');nothing()</script>",
        encoding="utf-8",
    )
    with opened(browser, path) as here:
        assert [line[:6] for line in here.cut()] == ["beyond", "cut: D"]
        assert len(here.cut(paper=PAPER)) == 2
        told = here.violations()
        assert {line.partition(":")[0] for line in told} >= {"html-has-lang", "image-alt", "label"}
        for fault in ("asked for http", "failed: http", "error: salah", "thrown: nothing"):
            assert fault in "; ".join(here.faults)
    with pytest.raises(AssertionError, match=r"a\.html"), visit(browser, path):
        pass


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_on_a_screen_a_phone_and_paper(
    browser: Browser, pages: Path, name: str
) -> None:
    with visit(browser, pages / PAGES[name]) as here:
        assert here.violations() == []
        assert here.cut() == []
        here.page.set_viewport_size({"width": 360, "height": 740})
        assert here.cut() == []
        here.page.emulate_media(media="print")
        here.page.set_viewport_size({"width": PAPER, "height": 900})
        assert here.cut(paper=PAPER) == []


@pytest.mark.parametrize("name", ["laporan", "atlas"])
def test_a_phone_has_no_serious_fault(browser: Browser, pages: Path, name: str) -> None:
    with visit(browser, pages / PAGES[name], wide=360) as here:
        assert here.violations() == []


def test_a_figure_on_a_phone_is_seen_whole_and_enlarged_by_keyboard(
    browser: Browser, pages: Path
) -> None:
    with visit(browser, pages / PAGES["laporan"], wide=360) as here:
        figure = here.page.locator(".hal-gambar").first
        assert figure.locator("figcaption").inner_text() == figure.locator("img").get_attribute(
            "alt"
        )
        box = figure.locator("img").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        figure.locator("input").focus()
        here.page.keyboard.press("Space")
        assert figure.locator("img").evaluate("e => e.clientWidth") > 600
        here.page.keyboard.press("ArrowRight")
        here.page.wait_for_timeout(300)  # scrolling is smooth
        assert figure.evaluate("e => e.scrollLeft") > 0
        assert here.cut() == []


def test_a_print_has_every_number_of_the_page(browser: Browser, pages: Path) -> None:
    with visit(browser, pages / PAGES["laporan"]) as here:
        cells = here.page.locator("td.gt_right").all_text_contents()
        content = here.page.pdf(prefer_css_page_size=True)
    path = pages.parent / "cetak.pdf"
    path.write_bytes(content)
    printed = re.sub(r"\s", "", "".join(p.extract_text() for p in pypdf.PdfReader(path).pages))
    wanted = {re.sub(r"\s", "", cell) for cell in cells}
    assert len(wanted) >= 50
    assert [cell for cell in wanted if cell not in printed] == []


def names(here: Visit) -> list[str]:
    return [
        row for row in here.page.locator("#daftar tbody tr:visible th").all_text_contents() if row
    ]


def tab_to(here: Visit, selector: str) -> None:
    """Reach a control by the tab key alone."""
    for _ in range(80):
        here.page.keyboard.press("Tab")
        if here.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the tab key")


def test_the_atlas_is_searched_and_sorted_by_keyboard(browser: Browser, pages: Path) -> None:
    with visit(browser, pages / "index.html") as here:
        keyboard = here.page.keyboard
        tab_to(here, "#cari")
        keyboard.type("bany")
        assert names(here) == ["Kab. Banyuwangi"]
        assert here.page.locator("#jumlah").inner_text() == "1 dari 38 kabupaten/kota"
        keyboard.press("Control+A")
        keyboard.press("Delete")
        assert len(names(here)) == 38
        tab_to(here, "[data-kolom=nama] button")
        keyboard.press("Enter")
        assert names(here)[0] == "Kab. Bangkalan"
        assert here.page.locator("[aria-sort=ascending]").inner_text() == "Kabupaten/kota"
        keyboard.press("Enter")
        assert names(here)[0] == "Kota Surabaya"
        assert here.page.locator("#urutan").inner_text() == (
            "Diurutkan menurut kabupaten/kota, menurun."
        )


def test_the_atlas_compares_two_places_by_keyboard(browser: Browser, pages: Path) -> None:
    table = open_prepared(None, 2022).table("kabkota")
    with visit(browser, pages / "index.html") as here:
        tab_to(here, "#tempat-a")
        here.page.keyboard.type("Kab. Banyuw")
        tab_to(here, "#tempat-b")
        here.page.keyboard.type("Kota Sura")
        rows = [
            row.locator("td").all_text_contents()
            for row in here.page.locator("#banding-hasil tbody tr").all()
        ]
        for row, column in zip((0, 2, 3, 4, 5), ("indeks", "kualifikasi", "kompetensi", "kinerja",
                                                 "disiplin"), strict=True):  # fmt: skip
            one, two = (round(float(table.loc[k, column]) + 1e-9, 2) for k in ("3510", "3578"))
            given = [float(t.replace(",", ".").replace("−", "-")) for t in rows[row]]
            assert given == [one, two, round(one - two, 2)]
        assert here.violations() == []
        assert here.cut() == []
        here.page.set_viewport_size({"width": 360, "height": 740})
        assert here.cut() == []


def test_the_atlas_changes_measure_and_year(browser: Browser, pages: Path) -> None:
    table = open_prepared(None, 2024).table("kabkota")
    best = table["kinerja"].idxmax()
    with visit(browser, pages / "index.html") as here:
        before = here.page.locator("#peta path").first.get_attribute("fill")
        here.page.select_option("#ukuran", "kinerja")
        assert here.page.locator("#peta path").first.get_attribute("fill") != before
        assert here.page.locator("#beda").inner_text() == ""
        here.page.select_option("#tahun", "2024")
        assert (
            "tidak dapat dibandingkan dengan tahun 2022" in here.page.locator("#beda").inner_text()
        )
        assert here.page.locator("#judul-peta").inner_text() == "Peta: Kinerja 2024"
        first = here.page.locator("#daftar tbody tr").first
        assert first.get_attribute("data-kode") == best
        assert "Kelompok 5 (tertinggi)" in first.inner_text()
        shape = here.page.locator(f"#peta [data-kode='{best}']")
        assert "Kelompok 5 (tertinggi)" in str(shape.get_attribute("aria-label"))
        assert here.violations() == []


def test_the_map_is_one_stop_and_arrows_move_inside(browser: Browser, pages: Path) -> None:
    with visit(browser, pages / "index.html") as here:
        tab_to(here, "#peta a")
        here.page.locator("#peta [data-kode='3510']").focus()  # west of Banyuwangi lies Jember
        here.page.keyboard.press("ArrowLeft")
        code = here.page.evaluate("document.activeElement.dataset.kode")
        assert code == "3509"
        assert "Kab. Jember" in here.page.locator("#tunjuk").text_content()
        here.page.keyboard.press("Space")
        assert here.page.locator("#tempat-a").input_value() == "3509"
        here.page.keyboard.press("Tab")
        assert not here.page.evaluate("document.activeElement.matches('#peta a')")


def test_without_script_every_place_and_file_is_there(browser: Browser, pages: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((pages / "index.html").as_uri())
    assert page.locator("#daftar tbody tr").count() == 38
    assert not page.locator("#banding, #saring, #tampilkan").filter(visible=True).count()
    links = page.locator("#daftar a").evaluate_all("all => all.map(a => a.href)")
    assert len([link for link in links if Path(link.removeprefix("file://")).is_file()]) == len(
        links
    )
    assert len(links) == 2 * 5  # two places with page, print, workbook, causes and plan
    context.close()


def assert_slides_fit(here: Visit) -> int:
    """Go through a deck by keyboard; give how many slides there are."""
    count = here.page.locator("section.bingkai").count()
    for number in range(1, count + 1):
        here.page.wait_for_function("n => location.hash === '#/' + n || n === 1", arg=number)
        told = here.page.evaluate(SLIDE)
        assert told["nomor"] == f"{number} / {count}"
        assert told["luber"] == 0, f"slide {number} holds more than it shows"
        assert told["keluar"] == [], f"slide {number}"
        assert told["kaki"] >= 0, f"slide {number} runs into its foot"
        assert told["huruf"] >= 12, f"slide {number} has letters too small for a hall"
        here.page.keyboard.press("PageDown")
    return count


def test_every_slide_fits_its_frame_and_has_no_serious_fault(browser: Browser, deck: Path) -> None:
    with visit(browser, deck, 1280, 720) as here:
        assert here.violations() == []
        assert assert_slides_fit(here) >= 8
        printed = pypdf.PdfReader(io.BytesIO(here.page.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == here.page.locator("section.bingkai").count()
        assert "Lokakarya" in printed.pages[0].extract_text()


def test_a_deck_is_led_by_keyboard_and_shows_the_speakers_notes(
    browser: Browser, deck: Path
) -> None:
    with visit(browser, deck, 1280, 720) as here:
        keyboard, page = here.page.keyboard, here.page
        last = page.locator("section.bingkai").count()
        keys = {"ArrowRight": 2, "Space": 3, "ArrowLeft": 2, "End": last, "PageUp": last - 1}
        for key, number in keys.items():
            keyboard.press(key)
            page.wait_for_function("n => location.hash === '#/' + n", arg=number)
            assert page.locator("section.present").count() == 1
            said = page.locator(".aria-status").text_content()
            assert str(page.locator("section.present h2").text_content()) in str(said)
        keyboard.press("Home")
        notes = page.locator(".speaker-notes")
        assert not notes.is_visible()
        keyboard.press("n")
        assert notes.is_visible()
        assert notes.inner_text().startswith("Catatan pembicara")
        box = page.locator(".present .salindia").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720 * 0.66 + 1
        keyboard.press("n")
        assert not notes.is_visible()


def by_hand(name: str, root: Path, bahasa: str) -> Job:
    return Job(
        nama=name.replace("_", "-"),
        notebook=NOTEBOOKS / f"{name}.ipynb",
        parameters={"bahasa": bahasa},
        out=root / name.replace("_", "-"),
        exports=(functools.partial(report_files, judul=f"{name[:2]}, 2022", bahasa=bahasa),),
        masukan="0" * 64,
    )


@pytest.mark.assure
@pytest.mark.parametrize("bahasa", ["id", "en"])
def test_every_page_is_whole_at_every_width(
    browser: Browser, tmp_path: Path, assurance: Assurance, bahasa: str
) -> None:
    """All notebooks, with the page that lists all places, and the deck slide by slide."""
    siap = open_prepared(None, 2022)
    words = {"tahun": 2022, "target": 81.0, "bahasa": bahasa}
    jobs = [
        *province_jobs(siap, tmp_path / "l", words, whole=True),
        *place_jobs(siap, tmp_path / "l", ["3578"], words),
        *(by_hand(name, tmp_path / "l", bahasa) for name in BY_HAND),
    ]
    result = run_batch(jobs, root=tmp_path / "l", journal=tmp_path / "j", progress="diam")
    assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
    journal = Journal(tmp_path / "j")
    index = write_index(siap, tmp_path / "l", result, journal, fresh=True, bahasa=bahasa)
    paths = sorted((tmp_path / "l").glob("*/laporan.html"))
    used = {json.loads(p.with_name("manifest.json").read_bytes())["isi"]["notebook"]["berkas"]
            for p in paths}  # fmt: skip
    assert used == {path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb")}
    looked = 0
    for path in [index, *paths]:
        with visit(browser, path) as here:
            for wide in (1280, 768, 360):
                here.page.set_viewport_size({"width": wide, "height": 800})
                assert here.cut() == [], (path.parent.name, wide)
                assert here.violations() == [], (path.parent.name, wide)
                looked += 1
            here.page.emulate_media(media="print")
            here.page.set_viewport_size({"width": PAPER, "height": 900})
            assert here.cut(paper=PAPER) == [], path.parent.name
            looked += 1
    (deck,) = (tmp_path / "l").glob("*/salindia.html")
    with visit(browser, deck, 1280, 720) as here:
        assert here.violations() == []
        slides = assert_slides_fit(here)
    assurance.record(
        promise="Everyone can read the pages",
        tried=f"the page of every notebook and that of all places ({bahasa}) in Chromium without a "
        "network, at 1280, 768 and 360 px and as A4; axe-core on each; each slide of the deck",
        count=looked + slides,
        outcome="0 requests, 0 console errors, 0 serious violations, nothing cut off",
    )
