"""A deck that holds more of everything than its slides can."""

from __future__ import annotations

import nbformat
import reports_demo as demo
from nbformat import v4


def crowded() -> nbformat.NotebookNode:
    """A deck with more of everything than a slide holds."""
    rows = [[f"Unit {k:03d} " * 6, k, k, 1.0, 1.5, 2.5, 3.5, 4.5, 12.0, "Sedang"] for k in range(9)]
    nb = demo.demo()
    words = "kata yang agak panjang " * 120
    nb.cells += [
        demo.code("t", demo.table_output(demo.table_json(rows))),
        v4.new_markdown_cell(f"## {'Judul yang panjang sekali ' * 6}\n\n{words}"),
        v4.new_markdown_cell("## Daftar\n\n" + "- butir dengan beberapa kata\n" * 40),
        v4.new_markdown_cell(f"## Satu kata\n\n{'W' * 300}"),
    ]
    return nb
