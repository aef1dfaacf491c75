"""No hostile text runs: in a browser, in a spreadsheet, in the injected cell, outside the folder.

A placement is one payload in one text field. The pages are opened in headless Chromium twice: as
published, and with their security policy taken out, so that the escaping is tested by itself.
"""

from __future__ import annotations

import ast
import csv
import io
import itertools
import os
import random
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4 as v4
import openpyxl
import pandas as pd
import pytest
import reports_demo as demo
from browser import CHROMIUM, MARK, Tripwire, tripwire
from conftest import CLEAN, people
from hypothesis import example, given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from test_reports_batch import QUIET, write_notebook
from visits import chromium

from ipasn_lib.errors import ParameterError
from ipasn_lib.pipeline import prepare as prepare_tables
from ipasn_lib.reports.atlas import build_index, describe_year
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.csvfiles import export_csv
from ipasn_lib.reports.export import export_html
from ipasn_lib.reports.nodes import prepare
from ipasn_lib.reports.parameters import check_parameters
from ipasn_lib.reports.xlsx import export_xlsx
from ipasn_lib.suite import publish

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

RUN = f"document.documentElement.setAttribute('{MARK}','ya');fetch('@/script')"
SCRIPTS = [
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"</title><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</textarea></noscript><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    '<script src="@/src.js"></script>',
    f'"><img src="@/img" onerror="{RUN}">',
    f"'><img src=x onerror=\"{RUN}\">",
    f"<svg onload=\"{RUN}\"></svg>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin=\"{RUN}\" attributeName=x dur=1s></svg>",
    f"<body onload=\"{RUN}\">",
    f"<details open ontoggle=\"{RUN}\">",
    f"<input autofocus onfocus=\"{RUN}\">",
    f"<iframe srcdoc=\"<script>parent.{RUN}</script>\"></iframe>",
    "<iframe src=\"@/iframe\"></iframe>",
    "<object data=\"@/object\"></object>",
    "<embed src=\"@/embed\">",
    '<link rel=stylesheet href="@/css">',
    '<style>body{background:url(@/style)}</style>',
    '<p style="background:url(@/inline)">',
    '<meta http-equiv="refresh" content="0;url=@/refresh">',
    '<base href="@/base/">',
    '<form action="@/form"><input type=submit autofocus>',
    '<video poster="@/poster" src="@/video"></video>',
    f"<math><mtext></p><script>{RUN}</script></mtext></math>",
    f"<noscript><p title=\"</noscript><script>{RUN}</script>\">",
    f"<a href=\"javascript:{RUN}\" autofocus>x</a>",
    f"javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "![x](@/markdown)",
    f"[x](javascript:{RUN})",
    f"\" onmouseover=\"{RUN}\" x=\"",
    f"' autofocus onfocus='{RUN}' x='",
    "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "{x.__class__.__init__.__globals__}",
    "%s%n%(x)s ${7*7} #{7*7} <%= 7*7 %>",
]  # fmt: skip
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("@/formula","x")',
    "=WEBSERVICE(\"@/web\")",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\uff1d1+1",
    '";=1+1;"',
    "DDE(\"cmd\";\"/C calc\";\"A0\")",
]  # fmt: skip
STRANGE = [
    "../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "C:\\windows\\win.ini",
    "file:///etc/passwd",
    "con",
    "baris\nkedua\r\nketiga",
    "nol\x00dalam\x01\x1b[31m",
    "\u202egnp.exe\u2066\u200f",
    "\ufeff\ufffe\ud800",
    "n" * 300,
    "<" * 300,
    "'\"`\\",
    "&lt;script&gt;&amp;",
    "$\\def\\x{\\x\\x}\\x$",
    "`" * 50,
    "|" * 80,
    "# " * 40,
]
PAYLOADS = [*SCRIPTS, *FORMULAS, *STRANGE]


def one_row(text: str, **changes: Any) -> dict[str, Any]:
    text = text.encode("utf-8", "ignore").decode()  # half a character enters no table
    return demo.table_json([[text, 20, 20, 1.0, 10.0, 20.0, 20.0, 5.0, 55.0, "Sedang"]], **changes)


def category(text: str) -> dict[str, Any]:
    return demo.table_json([["Dinas", 20, 20, 1.0, 10.0, 20.0, 20.0, 5.0, 55.0, text]])


def labelled(text: str) -> dict[str, Any]:
    table = one_row("Dinas")
    table["kolom"][0]["label"] = text
    return table


def shown(**data: Any) -> Any:
    return demo.code("x", demo.output({k.replace("_", "/"): v for k, v in data.items()}))


def table(data: dict[str, Any]) -> Any:
    return demo.code("t()", demo.table_output(data))


XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
FIELDS: dict[str, Callable[[str], Any]] = {
    "judul markdown": lambda p: v4.new_markdown_cell(f"# {p}\n\n## {p}"),
    "teks markdown": lambda p: v4.new_markdown_cell(f"teks\n\n{p}\n\n- {p}\n\n> {p}"),
    "tabel markdown": lambda p: v4.new_markdown_cell(f"| a |\n| - |\n| {p} |"),
    "tautan markdown": lambda p: v4.new_markdown_cell(f"[{p}]({p}) ![{p}]({p}) <{p}>"),
    "rumus markdown": lambda p: v4.new_markdown_cell(f"${p}$\n\n$$\n{p}\n$$"),
    "lampiran markdown": lambda p: v4.new_markdown_cell(
        f"![x](attachment:{p})", attachments={p: {"image/png": p}}
    ),
    "unit kerja": lambda p: table(one_row(p)),
    "kategori": lambda p: table(category(p)),
    "judul tabel": lambda p: table(one_row("Dinas", judul=p)),
    "nama tabel": lambda p: table(one_row("Dinas", nama=p)),
    "sumber tabel": lambda p: table(one_row("Dinas", sumber=p)),
    "catatan tabel": lambda p: table(one_row("Dinas", catatan=[p, p])),
    "judul kolom": lambda p: table(labelled(p)),
    "kepala laporan": lambda p: demo.code(
        "h()",
        demo.headline_output(
            demo.headline_json(label=p, sumber_data=p, id_instrumen=p, kategori=p, tahun=p)
        ),
    ),
    "uraian gambar": lambda p: demo.code("f()", demo.figure_output(p)),
    "gambar svg": lambda p: demo.code(
        "f()", demo.figure_output("Gambar", f"<svg {XMLNS}><text>{escape(p)}</text></svg>")
    ),
    "gambar svg utuh": lambda p: demo.code("f()", demo.figure_output("Gambar", f"<svg>{p}</svg>")),
    "gambar png": lambda p: shown(image_png=p, text_plain="x"),
    "keluaran html": lambda p: shown(text_html=f"<div>{p}</div>", text_plain=p),
    "atribut html": lambda p: shown(text_html=f'<p title="{p}" class="{p}">x</p>'),
    "keluaran markdown": lambda p: shown(text_markdown=p, text_plain=p),
    "keluaran teks": lambda p: shown(text_plain=p),
    "cetakan": lambda p: demo.code("p()", v4.new_output("stream", name="stdout", text=p)),
    "galat": lambda p: demo.code("g()", v4.new_output("error", ename=p, evalue=p, traceback=[p])),
    "perintah": lambda p: demo.code(p),
    "jenis lain": lambda p: shown(application_javascript=p, text_latex=p),
}
PAGE_FIELDS = ("judul halaman", "parameter", "tautan", "judul indeks", "sumber indeks", "catatan",
               "label daerah", "alasan gagal", "kategori daerah", "angka daerah")  # fmt: skip
Placement = tuple[str, str]


def placements(count: int, seed: int) -> list[Placement]:
    """Every payload in every field, or so many of them; beyond, payloads are joined in pairs."""
    draw = random.Random(seed)
    every = list(itertools.product([*FIELDS, *PAGE_FIELDS], PAYLOADS))
    draw.shuffle(every)
    while len(every) < count:
        every.append(
            (draw.choice([*FIELDS, *PAGE_FIELDS]), draw.choice(PAYLOADS) + draw.choice(PAYLOADS))
        )
    return every[:count]


def written(placed: Sequence[Placement], folder: Path, number: int, address: str) -> list[Path]:
    """Make a report and an index page with these placements, in all formats; check what is text."""
    hostile = [(field, payload.replace("@/", f"{address}/")) for field, payload in placed]
    by_field: dict[str, list[str]] = {}
    for field, payload in hostile:
        by_field.setdefault(field, []).append(payload)
    nb = demo.notebook(
        *(FIELDS[field](payload) for field, payload in hostile if field in FIELDS),
        parameters={f"p{k}": p for k, p in enumerate(by_field.get("parameter", ["x"]))},
    )
    title = " ".join(by_field.get("judul halaman", ["Judul"]))
    links = {p: p for p in by_field.get("tautan", [])}
    page = export_html(nb, judul=title, tautan=links)
    index = build_index(
        describe_year(
            [
                {
                    "kode": f"35{k:02d}",
                    "label": label,
                    "nilai": {"indeks": ["70,00", 1]},
                    "kategori": "".join(by_field.get("kategori daerah", ["Sedang"])[k : k + 1]),
                    "terukur": "".join(by_field.get("angka daerah", ["70"])[k : k + 1]),
                }
                for k, label in enumerate(by_field.get("label daerah", ["Daerah"]))
            ],
            judul=" ".join(by_field.get("judul indeks", ["Judul"])),
            tahun=2022,
            sintetis=True,
            sumber=" ".join(by_field.get("sumber indeks", ["sintetis"])),
            gagal=[{"label": p, "kode": "", "alasan": p} for p in by_field.get("alasan gagal", [])],
        ),
        warna={"Sedang": "#e9dcb5"},
        warna_kelompok=["#123456"] * 5,
        shapes={"3500": "M0,0L1,1L0,1Z"},
        viewbox="0 0 1 1",
        catatan=by_field.get("catatan", []),
    )
    assert_text_only(export_xlsx(nb, judul=title), export_csv(nb))
    made = []
    for name, text in (("laporan", page), ("indeks", index)):
        policy = re.search(r'<meta http-equiv="Content-Security-Policy"[^>]*>', text)
        assert policy is not None
        for kind, content in (("", text), ("-tanpa-kebijakan", text.replace(policy[0], ""))):
            path = folder / f"{name}-{number}{kind}.html"
            path.write_text(content, encoding="utf-8")
            made.append(path)
    return made


def assert_text_only(book: bytes, tables: dict[str, bytes]) -> None:
    """No cell of the workbook is a formula, no link leaves it, no csv cell begins like one."""
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    assert not workbook.defined_names
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None or cell.hyperlink.location, cell.coordinate
    for name, content in tables.items():
        assert re.fullmatch(r"[a-z0-9_-]{1,70}\.csv", name)
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"):
            for cell in row:
                assert not re.match(
                    r"\s*[=+@\t\uff1d\uff0b\uff20]|\s*[-\uff0d](?!\d+(,\d+)?$)", cell
                )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all pages: to start it took longer than to open a page."""
    with chromium() as started:
        yield started


def read(browser: Browser, path: Path) -> str:
    """Give the document as it stands after what runs by itself has had its time."""
    page = browser.new_page()
    try:
        page.goto(path.resolve().as_uri())
        page.wait_for_timeout(200)
        return str(page.content())
    finally:
        page.close()


def assert_nothing_ran(browser: Browser, pages: Sequence[Path], wire: Tripwire) -> None:
    for page in pages:
        document = read(browser, page)
        assert "</html>" in document
        assert not re.search(rf"<html[^>]*{MARK}", document), page.name
        assert wire.asked == [], page.name


@needs_browser
def test_what_runs_is_noticed_and_the_policy_of_a_page_stops_it(
    browser: Browser, tmp_path: Path
) -> None:
    # without this, a detector that sees nothing would pass every other test
    page = export_html(demo.demo(), judul="x")
    with tripwire() as wire:
        hostile = page.replace("</main>", f"{SCRIPTS[0]}{SCRIPTS[8]}</main>")
        hostile = hostile.replace("@/", f"{wire.address}/")
        path = tmp_path / "a.html"
        path.write_text(hostile, encoding="utf-8")
        document = read(browser, path)
        assert not re.search(rf"<html[^>]*{MARK}", document)
        assert wire.asked == []
        bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", hostile)
        path.write_text(bare, encoding="utf-8")
        assert re.search(rf"<html[^>]*{MARK}", read(browser, path))
        assert {"/script", "/img"} <= set(wire.asked)


@needs_browser
def test_a_hundred_hostile_texts_stay_text(browser: Browser, tmp_path: Path) -> None:
    with tripwire() as wire:
        pages = written(placements(100, seed=1), tmp_path, 0, wire.address)
        assert_nothing_ran(browser, pages, wire)


@needs_browser
@pytest.mark.assure
def test_2000_hostile_texts_stay_text(browser: Browser, tmp_path: Path, assurance) -> None:
    placed = placements(2_200, seed=2)
    count = 0
    with tripwire() as wire:
        for number in range(0, len(placed), 50):
            pages = written(placed[number : number + 50], tmp_path, number, wire.address)
            assert_nothing_ran(browser, pages, wire)
            count += len(pages)
    assurance.record(
        promise="No hostile file wins",
        tried="script, formula, path, format string, newline, NUL, right-to-left mark and 300 "
        f"characters in {len(FIELDS) + len(PAGE_FIELDS)} text fields; {count} pages opened in "
        "Chromium with and without their policy, workbooks and csv read back",
        count=len(placed),
        outcome="nothing ran, nothing was fetched, no cell became a formula",
    )


@needs_browser
def test_hostile_units_go_from_the_file_to_every_format(browser: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with tripwire() as wire:
        names = [
            p.replace("@/", f"{wire.address}/")
            for p in (*SCRIPTS[:12], *FORMULAS[:6], *STRANGE[:12])
        ]
        rows = [
            {"unit_kerja": name.encode("utf-8", "ignore").decode()}
            for name in names
            for _ in range(12)
        ]
        base = {**CLEAN, "sumber_data": f"sintetis {names[0]}"}
        table = people(*rows, base=base)
        table.index = pd.Index([f"{i:032x}" for i in range(len(table))], name="id_pegawai")
        table.reset_index().to_parquet(data / "3510.parquet")
        done = publish(
            prepare_tables(data, 2022, tmp_path / "siap", max_rejected=1.0),
            tmp_path / "laporan",
            workers=1,
        )
        assert not done.failed, done.summary()
        root = tmp_path / "laporan" / "2022"
        pages = sorted(root.rglob("*.html"))
        assert len(pages) == 4  # the place, its plan, the province, the index
        assert_nothing_ran(browser, pages, wire)
        folder = root / "3510-kab-banyuwangi"
        assert_text_only((folder / "laporan.xlsx").read_bytes(), {})
        # the notebook as an old viewer would show it, every output trusted and no policy at all
        notebook = nbformat.read(folder / "laporan.ipynb", 4)
        outputs = [o.get("data", {}) for c in notebook.cells for o in c.get("outputs", [])]
        shown = "".join(str(d.get("text/html", "")) for d in outputs)
        assert "terjalan" in shown  # the payloads are there, as text
        bare = tmp_path / "notebook.html"
        bare.write_text(f"<html><body>{shown}</body></html>", encoding="utf-8")
        assert_nothing_ran(browser, [bare], wire)


LITERALS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from([p.encode("utf-8", "ignore").decode() for p in PAYLOADS]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
OPEN = "a = None\nb = None\nc = None"


@example({"a": "'''\"\"\"\\", "b": "\n__import__('os')", "c": ["\u2028", "\\\n#"]})
@given(st.dictionaries(st.sampled_from("abc"), LITERALS, min_size=1))
def test_the_injected_cell_is_only_literal_assignments(given_values: dict[str, Any]) -> None:
    node = v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}}
    )
    node.cells = [v4.new_code_cell(OPEN, metadata={"tags": ["parameters"]})]
    text = nbformat.writes(node)
    try:
        checked = check_parameters(text, given_values)
    except ParameterError:
        return
    cells = [
        cell
        for cell in prepare(text, "n.ipynb", checked).cells
        if "injected-parameters" in cell.metadata.get("tags", [])
    ]
    assert len(cells) == 1
    read = {}
    for statement in ast.parse(cells[0].source).body:
        assert isinstance(statement, ast.Assign)
        assert len(statement.targets) == 1
        assert isinstance(statement.targets[0], ast.Name)
        read[statement.targets[0].id] = ast.literal_eval(statement.value)
    assert read == checked


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
@pytest.mark.parametrize("link", ["k", "k/satu"])
def test_a_link_in_the_folder_leads_nowhere(tmp_path: Path, link: str) -> None:
    outside, root = tmp_path / "luar", tmp_path / "akar"
    outside.mkdir()
    (root / "k").mkdir(parents=True)
    if link == "k":
        (root / "k").rmdir()
    (root / link).symlink_to(outside, target_is_directory=True)
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'", "kode")
    with pytest.raises(ParameterError, match=r"outside|link"):
        run_batch(
            [Job("satu", path, {}, Path("k") / "satu")], root=root, journal=root / "j", **QUIET
        )
    assert list(outside.iterdir()) == []


def climbing(nb: Any) -> dict[str, bytes]:
    return {nb.cells[0].source.split("'")[1]: b"x"}


def test_an_export_writes_into_its_own_folder_only(tmp_path: Path) -> None:
    names = ["../x", "/tmp/x", "a/b", ".x", "a\\b", "manifest.json", "gagal.ipynb", "", "x\x00"]
    root = tmp_path / "akar"
    jobs = []
    for k, name in enumerate(names):
        path = write_notebook(tmp_path / f"n{k}.ipynb", f"kode: str = {name!r}", "kode")
        jobs.append(Job(f"satu-{k}", path, {}, Path(f"satu-{k}"), (climbing,)))
    result = run_batch(jobs, root=root, journal=root / "j", workers=2, **QUIET)
    assert {r.status for r in result.hasil} == {"gagal"}
    made = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    kept = {f"gagal/satu-{k}.ipynb" for k in range(len(names))}
    assert made == {"j", ".ipasn.kunci", *kept}
    assert {p.name for p in tmp_path.iterdir()} == {"akar", *(f"n{k}.ipynb" for k in range(9))}
