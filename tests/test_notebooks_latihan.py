"""The exercise runs headless in a stock kernel, and its sliders move the card."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ipasn_lib.reports.collect import TABLE_MIME

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "10_latihan.ipynb"
MOVED = """
before = papan.children[0].value
slider = next(w for w in papan.children if getattr(w, "description", "") == "Kinerja")
slider.value = 90
print(before != papan.children[0].value, "Andaian" in papan.children[0].value, kode)
"""


def run(seed: int) -> nbformat.NotebookNode:
    nb = nbformat.read(NOTEBOOK, 4)
    (at,) = [k for k, c in enumerate(nb.cells) if "parameters" in c.metadata.get("tags", ())]
    nb.cells[at].source = re.sub(r"benih: int = \d+", f"benih: int = {seed}", nb.cells[at].source)
    nb.cells.append(nbformat.v4.new_code_cell(MOVED))
    resources = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(nb, timeout=120, resources=resources).execute()
    return nb


@pytest.fixture(scope="module")
def done() -> nbformat.NotebookNode:
    return run(2017)


def said(nb: nbformat.NotebookNode) -> str:
    return str(nb.cells[-1].outputs[-1].text)


def test_a_slider_moves_the_card(done):
    assert said(done).startswith("True True 35")


def test_answers_are_folded_and_marked(done):
    answers = [
        c for c in done.cells if any(TABLE_MIME in o.get("data", {}) for o in c.get("outputs", ()))
    ]
    assert len(answers) == 3
    for cell in answers:
        assert cell.metadata["jupyter"] == {"source_hidden": True}
        (output,) = cell.outputs
        # closed until its reader opens it, in JupyterLab and in Voila alike
        assert re.match(r"<details><summary>Buka jawaban</summary>", output.data["text/html"])
        shown = json.dumps(cell.outputs, ensure_ascii=False)
        assert "DATA SINTETIS" in shown
        assert "Andaian untuk latihan, bukan indeks resmi" in shown


def test_the_board_is_whole_without_a_network(done):
    (state,) = done.metadata.widgets.values()
    models = {model["model_module"] for model in state["state"].values()}
    # JupyterLab and Voila carry these; anything else would be fetched.
    assert models <= {"@jupyter-widgets/controls", "@jupyter-widgets/base"}
