"""The PDF made from an executed notebook: same numbers as the page, no code in the data."""

from __future__ import annotations

import copy
import datetime as dt
import io
import os
import re
import subprocess
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4 as v4
import openpyxl
import pypdf
import pytest
import reports_demo as demo

from ipasn_lib.cli.shared import read_signer
from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.files import report_files
from ipasn_lib.reports.pdf import _title_lines, export_pdf
from ipasn_lib.reports.xlsx import export_xlsx

PAYLOADS = (
    '#panic("x")',
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    '")#panic("x") //',
    "]#sys.inputs.data[",
    "$ integral x $",
    "*tebal* _miring_ `kode` ~ -- ---",
    "<label> @rujukan",
    "= Judul",
    "\\u{41} \\#",
    "/* catatan */ // catatan",
    "'satu' \"dua\"",
    "https://contoh.id/#a @b",
    "baris satu\nbaris dua",
    "Badan " * 50,
)
STRANGE = (
    "nol\x00dalam",
    "\u202egnp.exe\u200f",
    "統計局",
    "🙂",
    "نص",
    "\ud800",
    "a\u0301",
    "\x1b[31m",
)
SIGNER = {
    "tempat": "Banyuwangi",
    "tanggal": dt.date(2026, 11, 24),
    "jabatan": "Kepala BKPSDM",
    "nama": "Contoh Pejabat",
}


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def objects(pdf: bytes) -> bytes:
    """The file with its streams opened, for what no reader of text shows."""
    out = [pdf]
    for found in re.finditer(rb"stream\r?\n", pdf):
        try:
            out.append(zlib.decompressobj().decompress(pdf[found.end() :]))
        except zlib.error:
            continue
    return b"\n".join(out)


def printed(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".translate({44: ".", 46: ","})


@pytest.fixture(scope="module")
def made() -> bytes:
    return export_pdf(demo.demo(), judul="Indeks Banyuwangi 2024", penanda_tangan=SIGNER)


def test_every_number_of_the_tables_stands_in_pdf_and_workbook_alike(made: bytes) -> None:
    words = Counter(" ".join(pages(made)).split())
    wanted: Counter[str] = Counter()
    numbers = []
    for unit in demo.UNITS:
        for value, (_, _, jenis, desimal) in zip(unit, demo.COLUMNS, strict=True):
            if value is None:
                wanted["*)"] += 1
            elif jenis == "persen":
                wanted[printed(value * 100, desimal) + "%"] += 1
                numbers.append(value)
            elif jenis in ("cacah", "poin"):
                wanted[printed(value, desimal)] += 1
                numbers.append(value)
    assert wanted - words == Counter()
    book = openpyxl.load_workbook(io.BytesIO(export_xlsx(demo.demo(), judul="x")))
    stored = [
        c.value for row in book["Unit kerja"] for c in row if isinstance(c.value, int | float)
    ]
    # the workbook keeps a share's three decimals
    assert Counter(stored) == Counter(round(n, 3) for n in numbers)


def test_a_hidden_number_is_in_no_stream_of_the_file() -> None:
    rows = [["Unit", *[{"tersembunyi": True}] * 9], ["Lain", 4120, *[None] * 8]]
    data = demo.table_json(rows)
    text = " ".join(
        pages(export_pdf(demo.notebook(demo.code("t", demo.table_output(data))), judul="x"))
    )
    line = next(line for line in text.splitlines() if line.strip().startswith("Unit "))
    assert Counter(text.split())["*)"] >= 9
    assert not re.search(r"\d", line.replace("Unit kerja", ""))


def test_each_page_is_marked_where_a_number_is_make_believe(made: bytes) -> None:
    assert len(pages(made)) >= 2
    for page in pages(made):
        assert "DATA SINTETIS" in page
    real = demo.notebook(
        v4.new_markdown_cell("# Judul"),
        demo.code(
            "h", demo.headline_output(demo.headline_json(sintetis=False, sumber_data="SIASN"))
        ),
    )
    assert "SINTETIS" not in "".join(pages(export_pdf(real, judul="x")))


def test_pages_are_numbered_and_carry_the_title(made: bytes) -> None:
    inner = pages(made)[1:]
    for number, page in enumerate(inner, start=2):
        assert f"Halaman {number} dari {len(inner) + 1}" in page
        assert "Indeks Banyuwangi 2024" in page


def test_a_long_table_repeats_its_header_and_loses_no_row() -> None:
    rows = [[f"Unit {k:03d}", k, k, 1.0, 1.5, 2.5, 3.5, 4.5, 12.0, "Sedang"] for k in range(200)]
    nb = demo.notebook(demo.code("t", demo.table_output(demo.table_json(rows))))
    text = pages(export_pdf(nb, judul="x"))
    with_rows = [page for page in text if re.search(r"Unit \d{3}", page)]
    assert len(with_rows) >= 3
    for page in with_rows:
        assert re.search(r"Partisipasi\s+Kualifikasi", page)
    assert re.findall(r"Unit (\d{3})", " ".join(text)) == [f"{k:03d}" for k in range(200)]


def test_a_table_too_wide_for_the_page_is_still_whole() -> None:
    columns = [
        {"nama": f"k{k}", "label": f"Kolom{k:02d}", "jenis": "poin", "desimal": 2}
        for k in range(16)
    ]
    data = demo.table_json([[k + 0.25 for k in range(16)]], kolom=columns)
    nb = demo.notebook(demo.code("t", demo.output({"text/plain": "t", demo.TABLE_MIME: data})))
    text = " ".join(pages(export_pdf(nb, judul="x")))
    for k in range(16):
        assert f"{k},25" in text.split()


def text_everywhere(value: str) -> nbformat.NotebookNode:
    """The value in each place that a file of the user can reach."""
    rows: list[list[Any]] = [[value, 11, 11, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0, value]]
    table = demo.table_json(rows, judul=value, catatan=[value], sumber=value)
    table["kolom"][0]["label"] = value
    head = demo.headline_json(label=value, kategori=value, sumber_data=value, id_instrumen=value)
    figure = demo.output(
        {"image/svg+xml": demo.svg("x"), "text/plain": value},
        {"image/svg+xml": {"alt": value, "nama": "g"}},
    )
    plain = {"text/plain": f"{value}\n{value}: {value}\n{value}", demo.HEADLINE_MIME: head}
    return demo.notebook(
        v4.new_markdown_cell(f"# Awal\n\n{value}\n\n## {value}\n\n- {value}\n\n> {value}"),
        demo.code("h", demo.output(plain)),
        demo.code("t", demo.output({"text/plain": value, demo.TABLE_MIME: table})),
        demo.code("g", figure),
        demo.code("s", v4.new_output("stream", name="stdout", text=value)),
    )


@pytest.mark.parametrize("value", PAYLOADS)
def test_text_never_becomes_code_of_the_layout(value: str) -> None:
    signer = {**SIGNER, "nama": value, "jabatan": value, "tempat": value, "nip": value}
    made = export_pdf(text_everywhere(value), judul=value, penanda_tangan=signer)
    text = squeezed(" ".join(pages(made)))
    # title, headline, table (twice), notes, signature: all as typed
    assert text.count(squeezed(value)) >= 6
    assert "root:" not in text


@pytest.mark.parametrize("value", STRANGE)
def test_strange_letters_do_not_stop_a_report(value: str) -> None:
    table = demo.table_json([[value, *[1] * 8, "Sedang"]], judul=value)
    nb = demo.notebook(
        v4.new_markdown_cell("# Awal"),
        demo.code("t", demo.output({"text/plain": "t", demo.TABLE_MIME: table})),
    )
    nb.cells[0].source = f"## {value.encode('utf-8', 'ignore').decode()}"
    assert export_pdf(nb, judul=value, penanda_tangan={**SIGNER, "nama": value}).startswith(b"%PDF")


def test_a_long_word_does_not_stop_a_report() -> None:
    word = "Badan" * 400
    assert export_pdf(text_everywhere(word), judul=word).startswith(b"%PDF")


def test_same_notebook_same_bytes_whatever_the_surroundings(made: bytes, tmp_path: Path) -> None:
    source = tmp_path / "laporan.ipynb"
    nbformat.write(demo.demo(), source)
    code = (
        "import sys, nbformat, datetime as dt; from ipasn_lib.reports.pdf import export_pdf; "
        f"nb = nbformat.read({str(source)!r}, 4); "
        "sys.stdout.buffer.write(export_pdf(nb, judul='Indeks Banyuwangi 2024', penanda_tangan="
        f"{SIGNER!r}))"
    ).replace("datetime.date", "dt.date")
    strange = {"TZ": "Asia/Jakarta", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **strange},
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.stdout == made


def test_a_notebook_that_shows_nothing_is_a_cover() -> None:
    (page,) = pages(export_pdf(v4.new_notebook(), judul="Judul saja"))
    assert "Judul saja" in page


def test_a_layout_in_a_forked_child_does_not_hang(made: bytes) -> None:
    from ipasn_lib.reports.pdf import warm_up

    code = (
        "import os, sys; sys.path.insert(0, 'tests'); import reports_demo as demo; "
        "from ipasn_lib.reports.pdf import export_pdf, warm_up; warm_up(); p = os.fork(); "
        "p or (export_pdf(demo.demo(), judul='x'), os._exit(0)); "
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]))"
    )
    warm_up()
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=120, cwd=Path(__file__).parents[1]
    )


def test_notebook_is_not_changed() -> None:
    nb = demo.demo()
    before = copy.deepcopy(nb)
    export_pdf(nb, judul="x")
    assert nb == before


def test_document_is_tagged_titled_and_in_its_language(made: bytes) -> None:
    inside = objects(made)
    assert b"/StructTreeRoot" in inside
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=\"1\"", inside)
    assert re.search(rb"/Lang\s*\(id\)", inside)
    assert b"/Marked true" in inside
    assert b"Indeks Banyuwangi 2024" in inside
    english = objects(export_pdf(demo.demo(), judul="x", bahasa="en"))
    assert re.search(rb"/Lang\s*\(en\)", english)


def test_figures_are_vectors_and_say_what_they_show(made: bytes) -> None:
    inside = objects(made)
    alt = "Kompetensi paling jauh dari nilai penuh, yaitu 68,9 persen."
    assert alt.encode() in inside or alt.encode("utf-16-be") in inside
    assert b"/Subtype/Image" not in inside.replace(b" ", b"")


def test_fonts_are_in_the_file(made: bytes) -> None:
    inside = objects(made).replace(b" ", b"")
    names = set(re.findall(rb"/BaseFont/([A-Z]{6}\+)?([\w-]+)", inside))
    assert names
    assert all(prefix for prefix, _ in names), "a font is named but not carried"
    assert any(b"PlusJakartaSans" in name for _, name in names)


def test_signature_stands_only_where_it_is_given(made: bytes) -> None:
    text = " ".join(" ".join(pages(made)).split())
    assert "Banyuwangi, 24 November 2026" in text
    assert "Contoh Pejabat" in text
    assert "NIP" not in text
    plain = " ".join(pages(export_pdf(demo.demo(), judul="x")))
    assert "24 November" not in plain
    full = export_pdf(demo.demo(), judul="x", penanda_tangan={**SIGNER, "nip": "12345"})
    assert "NIP 12345" in " ".join(" ".join(pages(full)).split())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pangkat": "x"}, "pangkat"),
        ({"nama": ""}, "nama"),
        ({"tanggal": "2026-11-24"}, "tanggal"),
    ],
)
def test_wrong_signer_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        export_pdf(demo.demo(), judul="x", penanda_tangan={**SIGNER, **change})


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ParameterError, match="jv"):
        export_pdf(demo.demo(), judul="x", bahasa="jv")


def test_headings_that_skip_a_level_do_not_stop_a_report() -> None:
    nb = demo.notebook(v4.new_markdown_cell("#### Dalam\n\nIsi\n\n## Luar\n\n###### Jauh"))
    assert "Dalam" in " ".join(pages(export_pdf(nb, judul="x")))


def test_headline_on_the_cover_leaves_no_empty_section() -> None:
    head = demo.code("h", demo.headline_output(demo.headline_json()))
    nb = demo.notebook(
        v4.new_markdown_cell("# J\n\n## Kosong nanti"),
        head,
        v4.new_markdown_cell("## Berisi\n\nIsi."),
        v4.new_markdown_cell("## Lagi\n\nIsi."),
    )
    text = " ".join(pages(export_pdf(nb, judul="x")))
    assert "Kosong nanti" not in text
    assert "Berisi" in text
    kept = demo.notebook(v4.new_markdown_cell("# J\n\n## Tetap"), head, *nb.cells[2:])
    kept.cells.insert(2, v4.new_markdown_cell("Kalimat."))
    assert "Tetap" in " ".join(pages(export_pdf(kept, judul="x")))


def test_active_drawing_is_refused_and_said_so() -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"
    nb = demo.notebook(demo.code("f()", demo.figure_output("Uraian", drawing)))
    assert "unsur aktif" in " ".join(pages(export_pdf(nb, judul="x")))


def test_hidden_cells_errors_and_code_stay_out() -> None:
    secret = v4.new_output("error", ename="X", evalue="Budi", traceback=["Budi"])
    nb = demo.notebook(
        v4.new_markdown_cell("# Awal"),
        demo.code("rahasia()", demo.table_output(demo.table_json()), tags=("hide-cell",)),
        demo.code("gagal()", secret),
    )
    text = " ".join(pages(export_pdf(nb, judul="x")))
    assert "Dinas Pendidikan" not in text
    assert "Budi" not in text
    assert "gagal()" not in text
    assert "gagal dibuat" in " ".join(text.split())


def test_hiding_a_cell_does_not_shift_the_tables() -> None:
    other = demo.table_json([["Lain", *[1] * 8, "Sedang"]], nama="lain", judul="Tabel lain")
    nb = demo.notebook(
        demo.code("a", demo.table_output(demo.table_json()), tags=("remove-output",)),
        demo.code("b", demo.table_output(other)),
    )
    text = " ".join(pages(export_pdf(nb, judul="x")))
    assert "Tabel lain" in text
    assert "Indeks menurut unit kerja" not in text


def test_report_files_give_the_pdf_only_when_asked() -> None:
    assert "laporan.pdf" not in report_files(demo.demo())
    files = report_files(demo.demo(), pdf=True, penanda_tangan=SIGNER)
    assert files["laporan.pdf"].startswith(b"%PDF")
    assert b'href="laporan.pdf"' in files["laporan.html"]


def test_signer_comes_from_a_file_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "penanda.toml"
    path.write_text(
        'tempat = "Banyuwangi"\ntanggal = 2026-11-24\n'
        'jabatan = "Kepala BKPSDM"\nnama = "Contoh Pejabat"\n',
        encoding="utf-8",
    )
    assert read_signer(path) == SIGNER
    path.write_text("tempat = Banyuwangi", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"penanda\.toml"):
        read_signer(path)


@pytest.mark.parametrize(
    ("title", "place", "lines"),
    [
        ("Rencana perbaikan, Kab. A, 2022", "Kab. A", ["Rencana perbaikan,", "Kab. A, 2022"]),
        ("Mutu data, Jawa Timur 2022", "", ["Mutu data,", "Jawa Timur 2022"]),
        ("Mutu data, Jawa Timur 2022", "Kab. A", ["Mutu data,", "Jawa Timur 2022"]),
        ("Laporan", "", ["Laporan"]),
    ],
)
def test_a_cover_keeps_the_name_of_its_place_on_one_line(title, place, lines) -> None:
    assert _title_lines(title, place) == lines
