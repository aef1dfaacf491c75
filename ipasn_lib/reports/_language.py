"""A notebook's prose in the language of its report: the one step that all formats share."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from ipasn_lib.wording import BAHASA, check_language, is_known, text, translate

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["paragraphs", "spoken"]

_MARK = "bahasa_ipasn"


def paragraphs(source: str) -> list[str]:
    """Split Markdown into the paragraphs that are translated one by one."""
    return [part.strip("\n") for part in source.split("\n\n") if part.strip()]


def spoken(nb: NotebookNode, bahasa: str) -> NotebookNode:
    """Give a notebook with its Markdown in one language.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        Notebook whose prose is written in Indonesian; not changed.
    bahasa : {"id", "en"}
        Language of the report.

    Returns
    -------
    nbformat.NotebookNode
        The notebook itself in Indonesian, or if it has been through here already; else a copy.
        A paragraph that the catalogue does not have, as in a notebook of the user's own, stays
        as it was written, and one line after the title says so.
    """
    if check_language(bahasa) == BAHASA[0] or nb.metadata.get(_MARK) == bahasa:
        return nb
    # not at the top: a run in which nothing has changed needs no notebook
    from nbformat import NotebookNode
    from nbformat.v4 import new_markdown_cell

    made = copy.copy(nb)
    made.metadata = NotebookNode({**nb.metadata, _MARK: bahasa})
    made.cells, whole = [], True
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            parts = paragraphs(cell.source)
            whole &= all(is_known(part, bahasa) for part in parts)
            said = "\n\n".join(
                translate(part, bahasa) if is_known(part, bahasa) else part for part in parts
            )
            cell = NotebookNode({**cell, "source": said})
        made.cells.append(cell)
    if not whole:
        remark = new_markdown_cell(f"*{text('tanpa_terjemahan', bahasa)}*")
        remark["id"] = "tanpa-terjemahan"  # the same notebook always gives the same bytes
        made.cells.insert(1, remark)
    return made
