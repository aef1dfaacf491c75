"""What happens to a notebook's document before and after its cells run.

papermill's own functions are called where it has them; what is ours is that two runs from the
same inputs write the same bytes.
"""

from __future__ import annotations

import ast
import copy
import html
import importlib
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipasn_lib.reports.kernel import ENGINE

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "NOTEBOOK",
    "import_nbformat",
    "imported_modules",
    "mark_failed",
    "prepare",
    "stopped_at",
    "strip_times",
    "write_notebook",
]

NOTEBOOK = "laporan.ipynb"


def prepare(text: str, nama: str, parameters: Mapping[str, Any]) -> NotebookNode:
    """Parse and parameterize a notebook as papermill would hand it to an engine.

    Cell ids that nbformat or papermill would invent at random are replaced by stable ones.
    """
    import nbformat
    from papermill import __version__
    from papermill.execute import remove_error_markers
    from papermill.parameterize import parameterize_notebook

    nb = nbformat.reads(text, as_version=4)
    nb = nbformat.v4.upgrade(nb) or nb
    given = json.loads(text).get("cells", [])
    for index, cell in enumerate(nb.cells):
        if index >= len(given) or "id" not in given[index]:
            cell["id"] = f"sel-{index + 1}"  # nbformat has just invented one at random
        cell.metadata.setdefault("tags", [])
        cell.metadata["papermill"] = {}
    nb.metadata["papermill"] = {
        "default_parameters": {},
        "parameters": {},
        "environment_variables": {},
        "version": __version__,
        "input_path": nama,
        "output_path": NOTEBOOK,
    }
    nb = remove_error_markers(nb)
    if parameters:
        nb = parameterize_notebook(
            nb, dict(parameters), kernel_name="python3", language="python", engine_name=ENGINE
        )
        for cell in nb.cells:
            if "injected-parameters" in cell.metadata.tags:
                cell["id"] = "injected-parameters"
                cell.metadata["papermill"] = {}
    return nb


def mark_failed(nb: NotebookNode, index: int | None, text: str = "") -> None:
    """Put papermill's two banner cells into a failed notebook (in place): top, and at the cell.

    Without a cell (an export failed) there is one banner, at the top, with the text given.
    """
    import nbformat
    from papermill.execute import (
        ERROR_ANCHOR_MSG,
        ERROR_MARKER_TAG,
        ERROR_MESSAGE_TEMPLATE,
        ERROR_STYLE,
    )

    if index is None:
        banners = [(0, f"<span {ERROR_STYLE}>{html.escape(text)}</span>", "banner")]
    else:
        count = nb.cells[index].get("execution_count")
        banners = [
            (index, ERROR_ANCHOR_MSG, "anchor"),
            (0, ERROR_MESSAGE_TEMPLATE % count, "banner"),
        ]
    for place, source, name in banners:
        cell = nbformat.v4.new_markdown_cell(source, id=f"papermill-error-{name}")
        cell.metadata["tags"] = [ERROR_MARKER_TAG]
        nb.cells.insert(place, cell)


def strip_times(nb: NotebookNode) -> tuple[NotebookNode, list[float | None]]:
    """Return the notebook without times, and the seconds each cell took.

    papermill's keys stay, with None: two runs from the same inputs then write the same bytes.
    """
    nb = copy.deepcopy(nb)
    seconds = [cell.metadata.get("papermill", {}).get("duration") for cell in nb.cells]
    for holder in (nb, *nb.cells):
        noted = holder.metadata.get("papermill", {})
        for key in ("start_time", "end_time", "duration"):
            if key in noted:
                noted[key] = None
    return nb, seconds


def stopped_at(nb: NotebookNode) -> int | None:
    """Index of the cell at which the run stopped. Also after ``sys.exit(0)``: not a whole run."""
    for index, cell in enumerate(nb.cells):
        if cell.metadata.get("papermill", {}).get("exception") is True:
            return index
    return None


def write_notebook(nb: NotebookNode, path: Path) -> None:
    """Write a notebook, validated, with a last newline."""
    import nbformat

    text = nbformat.writes(nb, version=nbformat.NO_CONVERT)
    path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")


def imported_modules(text: str, folder: Path) -> tuple[str, ...]:
    """List the modules that a notebook imports at the top level of its cells.

    The warm parent imports them before it forks, so that a notebook is fast without being asked
    what it needs. A module that lies beside the notebook is left out: its name may mean another
    module elsewhere.

    Parameters
    ----------
    text : str
        The notebook's text.
    folder : pathlib.Path
        The notebook's folder.

    Returns
    -------
    tuple of str
        Dotted names, in order; ``from a import b`` gives ``a`` and ``a.b`` (which need not be a
        module).
    """
    names: list[str] = []
    for cell in json.loads(text).get("cells", []):
        if cell.get("cell_type") != "code":
            continue
        with suppress(SyntaxError):  # a magic; whatever it is, the cell itself will say
            for node in ast.parse("".join(cell.get("source", ""))).body:
                if isinstance(node, ast.Import):
                    names += [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.append(node.module)
                    names += [f"{node.module}.{alias.name}" for alias in node.names]
    roots = {name: name.partition(".")[0] for name in names}
    return tuple(
        name
        for name, root in roots.items()
        if not (folder / root).exists() and not (folder / f"{root}.py").exists()
    )


def import_nbformat() -> None:
    """Import nbformat without a grammar that it never uses and that takes 1.5 s to compile.

    jsonschema compiles it when imported, to check IRIs, if the package is there; a notebook's
    schema has none. Only for processes that are the batch's own.
    """
    grammar = "rfc3987_syntax"
    absent = grammar not in sys.modules
    if absent:
        sys.modules[grammar] = None  # type: ignore[assignment]  # an import then fails, as allowed
    try:
        importlib.import_module("nbformat")
    finally:
        if absent:
            del sys.modules[grammar]
