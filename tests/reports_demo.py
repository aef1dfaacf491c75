"""An executed notebook made by hand, for the tests of the export step.

It follows the display contract and knows nothing of the library, so that the export is tested
against the contract and not against the code that happens to fill it today.
"""

from __future__ import annotations

import io
from typing import Any

import great_tables as gt
import nbformat.v4 as v4
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from nbformat import NotebookNode

TABLE_MIME = "application/vnd.ipasn.table+json"
HEADLINE_MIME = "application/vnd.ipasn.kepala+json"

UNITS = (
    ("Dinas Pendidikan", 4120, 3987, 0.9677, 15.25, 27.5, 25.25, 5.0, 73.0, "Sedang"),
    ("Dinas Kesehatan", 1310, 1255, 0.958, 16.1, 30.25, 26.0, 4.98, 77.33, "Sedang"),
    (
        "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
        71,
        71,
        1.0,
        18.4,
        35.5,
        27.1,
        5.0,
        86.0,
        "Tinggi",
    ),
    ("Kecamatan Kalipuro", None, None, None, None, None, None, None, None, None),
    ("Sekretariat DPRD", 64, 58, 0.906, 14.2, 21.0, 24.5, 4.9, 64.6, "Rendah"),
)

COLUMNS = (
    ("unit_kerja", "Unit kerja", "teks", 0),
    ("n_pegawai", "Pegawai", "cacah", 0),
    ("n_terukur", "Terukur", "cacah", 0),
    ("partisipasi", "Partisipasi", "persen", 1),
    ("kualifikasi", "Kualifikasi", "poin", 2),
    ("kompetensi", "Kompetensi", "poin", 2),
    ("kinerja", "Kinerja", "poin", 2),
    ("disiplin", "Disiplin", "poin", 2),
    ("indeks", "Indeks", "poin", 2),
    ("kategori", "Kategori", "kategori", 0),
)


def table_json(
    baris: list[list[Any]] | None = None, *, nama: str = "unit_kerja", **changes: Any
) -> dict[str, Any]:
    """The JSON of a table of units; hidden rows keep their name only."""
    if baris is None:
        baris = [
            [unit[0], *({"tersembunyi": True} if v is None else v for v in unit[1:])]
            for unit in UNITS
        ]
    return {
        "nama": nama,
        "judul": "Indeks menurut unit kerja",
        "catatan": ["*) disembunyikan: kurang dari 10 pegawai"],
        "sumber": "Sumber: sintetis, benih 7. Instrumen: permenpanrb-38-2018.",
        "sintetis": True,
        "kolom": [
            {"nama": n, "label": label, "jenis": j, "desimal": d} for n, label, j, d in COLUMNS
        ],
        "baris": baris,
        **changes,
    }


def table_html(data: dict[str, Any]) -> str:
    """The table as great_tables prints it."""

    def cell(value: Any, column: dict[str, Any]) -> str:
        if isinstance(value, dict):
            return "*)"
        if value is None:
            return "–"
        if isinstance(value, str):
            return value
        if column["jenis"] == "persen":
            return f"{value * 100:.1f}%".replace(".", ",")
        printed = f"{value:,.{column['desimal']}f}"
        return printed.replace(",", " ").replace(".", ",").replace(" ", ".")

    rows = [
        [cell(value, column) for value, column in zip(row, data["kolom"], strict=True)]
        for row in data["baris"]
    ]
    names = [column["nama"] for column in data["kolom"]]
    frame = pd.DataFrame(rows, columns=names)
    right = [c["nama"] for c in data["kolom"] if c["jenis"] in ("cacah", "poin", "persen")]
    table = (
        gt.GT(frame, rowname_col=names[0])
        .tab_header(data["judul"], "Poin rata-rata pegawai yang terukur, 2024")
        .tab_stubhead(data["kolom"][0]["label"])
        .cols_label(**{c["nama"]: c["label"] for c in data["kolom"][1:]})
        .tab_source_note(data["sumber"])
    )
    if right:
        table = table.cols_align("right", right)
    for note in data["catatan"]:
        table = table.tab_source_note(note)
    return str(table.as_raw_html())


def headline_json(**changes: Any) -> dict[str, Any]:
    """The JSON of a headline."""
    return {
        "kode_kabkota": "3510",
        "label": "Kab. Banyuwangi",
        "tahun": 2024,
        "indeks": 74.4251,
        "kategori": "Sedang",
        "n_pegawai": 11873,
        "n_terukur": 11402,
        "partisipasi": 0.9603,
        "sumber_data": "sintetis, benih 7",
        "id_instrumen": "permenpanrb-38-2018",
        "sintetis": True,
        **changes,
    }


def svg(words: str = "Kompetensi paling jauh dari nilai penuh") -> str:
    """A small drawing as the figures make them: outlines, no date, repeatable ids."""
    figure = Figure(figsize=(7.2, 3.4))
    axes = figure.add_axes((0.22, 0.16, 0.74, 0.6))
    axes.barh(
        ["disiplin", "kinerja", "kompetensi", "kualifikasi"],
        [99.2, 84.1, 68.9, 61.4],
        color=["#7a5195", "#3f8f6b", "#c9772b", "#35618f"],
    )
    axes.spines[["top", "right"]].set_visible(False)
    figure.text(0.01, 0.9, words, fontsize=15, fontweight="bold", parse_math=False)
    figure.text(0.01, 0.82, "Persen dari nilai penuh, rata-rata pegawai terukur", fontsize=11)
    figure.text(0.01, 0.02, "DATA SINTETIS. Sumber: sintetis, benih 7.", fontsize=10)
    out = io.StringIO()
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "demo"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def output(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> NotebookNode:
    """An output of a cell."""
    return v4.new_output("display_data", data=data, metadata=metadata or {})


def code(source: str, *outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
    """A code cell with its outputs."""
    return v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def table_output(data: dict[str, Any]) -> NotebookNode:
    """A table as a notebook shows it."""
    return output({"text/html": table_html(data), "text/plain": data["judul"], TABLE_MIME: data})


def figure_output(alt: str, drawing: str | None = None) -> NotebookNode:
    """A figure as a notebook shows it."""
    return output(
        {"image/svg+xml": svg() if drawing is None else drawing, "text/plain": alt},
        {"image/svg+xml": {"alt": alt, "nama": "dimensi"}},
    )


def headline_output(data: dict[str, Any]) -> NotebookNode:
    """A headline as a notebook shows it."""
    html = (
        f'<div class="ipasn-kepala"><p>Indeks {data["label"]}</p>'
        f"<p><strong>74,43</strong> {data['kategori']}</p></div>"
    )
    return output({"text/html": html, "text/plain": "74,43", HEADLINE_MIME: data})


def notebook(*cells: NotebookNode, parameters: dict[str, Any] | None = None) -> NotebookNode:
    """A notebook as papermill leaves it."""
    nb = v4.new_notebook(cells=list(cells))
    nb.metadata["papermill"] = {"parameters": parameters or {}}
    return nb


def demo() -> NotebookNode:
    """A short report that uses each kind of output once."""
    md = v4.new_markdown_cell
    return notebook(
        md(
            "# Seberapa profesional aparatur di kabupaten ini?\n\nLaporan ini menjawab satu "
            "pertanyaan bagi **pimpinan perangkat daerah**: di mana indeks paling mungkin naik."
        ),
        code("tahun = 2024", tags=("parameters",)),
        code('kode_kabkota = "3510"', tags=("injected-parameters",)),
        code("headline(ringkasan)", headline_output(headline_json())),
        md(
            "## Empat dimensi\n\nIndeks adalah jumlah empat dimensi: "
            "$I = \\sum_{k=1}^{4} w_k x_k$. Nilai penuhnya 100.\n\n"
            "- *kualifikasi* diukur dari jenjang pendidikan;\n"
            "- *kompetensi* dari diklat yang diikuti."
        ),
        code(
            "dimension_bars(ringkasan)",
            figure_output("Kompetensi paling jauh dari nilai penuh, yaitu 68,9 persen."),
        ),
        md("### Cara membaca\n\nBatang yang pendek menunjukkan ruang perbaikan terbesar."),
        md(
            "## Unit kerja\n\nTabel berikut mengurutkan unit menurut nama. "
            "[Peraturan](https://peraturan.bpk.go.id)"
        ),
        code("unit_table(ringkasan)", table_output(table_json())),
        md(
            "## Cara mengukur\n\n> Kelompok di bawah sepuluh orang tidak ditampilkan.\n\n"
            "| Dimensi | Bobot |\n|---|---|\n| Kualifikasi | 25 |\n| Kompetensi | 40 |"
        ),
        parameters={"kode_kabkota": "3510", "tahun": 2024, "data": "/srv/data/pegawai.parquet"},
    )
