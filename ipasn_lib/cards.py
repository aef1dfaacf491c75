"""How objects of the library show themselves in JupyterLab: a small card of names and values.

It stands beside the rooms, like the errors, because objects of all rooms use it; it imports
nothing of the library and nothing that takes time.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

__all__ = ["card"]

_INK, _MUTED, _LINE, _ACCENT = "#1d2b36", "#5d6b78", "#d9dee3", "#b3261e"


def card(
    judul: str,
    isi: Mapping[str, object],
    *,
    catatan: str = "",
    sumber: str = "",
    sintetis: bool = False,
) -> str:
    """Give a card as HTML; every word of it is escaped.

    Parameters
    ----------
    judul : str
        What it is, as its first line.
    isi : mapping of str to object
        Lines of the card: name and value; values are printed by ``str``.
    catatan : str
        A sentence below, for what must not be overlooked.
    sumber : str
        Where the numbers come from: a last line, and the mark where it says "sintetis".
    sintetis : bool
        Mark the card DATA SINTETIS.
    """
    lines = {**isi, "Sumber data": sumber} if sumber else isi
    mark = (
        f' <span style="background:{_ACCENT};color:#fff;font-size:.7em;font-weight:700;'
        'padding:2px 6px;margin-left:6px">DATA SINTETIS</span>'
        if sintetis or sumber.lower().startswith("sintetis")
        else ""
    )
    # Cells state what JupyterLab's own table style would change: side, colour, stripes.
    cell = "text-align:left;vertical-align:top;padding:3px 14px 3px 0;background:#fff"
    rows = "".join(
        f'<tr style="border-top:1px solid {_LINE}"><th scope="row" style="{cell};color:{_MUTED};'
        f'font-weight:400;white-space:nowrap">{html.escape(name)}</th>'
        f'<td style="{cell};color:{_INK}">{html.escape(str(value))}</td></tr>'
        for name, value in lines.items()
    )
    note = f'<div style="color:{_MUTED};padding-top:4px">{html.escape(catatan)}</div>'
    return (
        f'<div class="ipasn-kartu" style="max-width:46em;padding:10px 14px;background:#fff;'
        f'color:{_INK};border:1px solid {_LINE};border-top:3px solid #15585e">'
        f"<div><strong>{html.escape(judul)}</strong>{mark}</div>"
        f'<table style="border-collapse:collapse;margin:6px 0 0;width:100%">{rows}</table>'
        f"{note if catatan else ''}</div>"
    )
