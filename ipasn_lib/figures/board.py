"""Controls that leave a still of themselves where nothing can be moved.

A page, a print and a listing of notebooks run no widgets; they show what an output holds besides.
JupyterLab and Voila take the widget first. Its own module, because a class needs ipywidgets when
it is made, and most who import the figures need no widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ipywidgets import VBox, Widget

__all__ = ["Board"]


class Board(VBox):
    """A column of controls with the still that stands for it.

    Parameters
    ----------
    children : sequence of ipywidgets.Widget
        What is shown, from the top.
    still : callable
        Gives the still as HTML and as plain words, of what the controls say at that moment.
    """

    def __init__(self, children: Sequence[Widget], still: Callable[[], tuple[str, str]]) -> None:
        super().__init__(list(children))
        self._still = still

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        html, plain = self._still()
        return {**super()._repr_mimebundle_(**kwargs), "text/html": html, "text/plain": plain}
