"""How every export reads a notebook's cells: what is left out, and text that comes in pieces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

__all__ = [
    "given_parameters",
    "hides_cell",
    "hides_output",
    "is_parameters",
    "joined",
    "shows_published",
    "slide_type",
]

_HIDE_CELL = frozenset({"remove_cell", "remove-cell", "hide_cell", "hide-cell", "sembunyikan"})
_HIDE_OUTPUT = frozenset({"remove_output", "remove-output", "hide_output", "hide-output"})
# Beside published figures a document may not call every figure make-believe.
_PUBLISHED = frozenset({"angka-terbitan"})
_PARAMETERS = frozenset({"parameters", "injected-parameters"})


def _tags(cell: NotebookNode) -> frozenset[str]:
    return frozenset(cell.get("metadata", {}).get("tags", ()))


def hides_cell(cell: NotebookNode) -> bool:
    """Tell whether a cell is left out of what is published."""
    return bool(_tags(cell) & _HIDE_CELL)


def hides_output(cell: NotebookNode) -> bool:
    """Tell whether what a cell shows is left out of what is published."""
    return bool(_tags(cell) & _HIDE_OUTPUT)


def given_parameters(nb: NotebookNode) -> Mapping[str, Any]:
    """Give the parameters with which a run was asked for."""
    given: Mapping[str, Any] = nb.metadata.get("papermill", {}).get("parameters", {})
    return given


def is_parameters(cell: NotebookNode) -> bool:
    """Tell whether a cell holds the run's parameters."""
    return bool(_tags(cell) & _PARAMETERS)


def shows_published(nb: NotebookNode) -> bool:
    """Tell whether a notebook shows published figures with a source of their own."""
    return any(_tags(cell) & _PUBLISHED for cell in nb.cells)


def slide_type(cell: NotebookNode) -> str:
    """Give what a cell is in a deck: slide, subslide, fragment, notes, skip; "" if not said."""
    kind = str(cell.get("metadata", {}).get("slideshow", {}).get("slide_type", ""))
    return "" if kind == "-" else kind


def joined(value: object) -> str:
    """Give an output's text whole; the format allows a list of its lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
