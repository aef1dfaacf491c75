"""Charts of the data behind the index: how much of it is sound, and which losses are gaps in it.

What could not be counted is drawn as such, at its full width, so that a bar never looks better
for what nobody looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import Scale, boxes, nothing_shown, rules
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import Numbers, field, numeric, words
from ipasn_lib.figures.style import (
    ACCENT,
    MUTED,
    NO_DATA,
    PLACE,
    SIZE,
    label,
    on_colour,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import MEDIUM, REGULAR, shorten, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import number, percent, text, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["quality_aspects", "recording_bars"]

CAUSES = {
    "tidak ada catatan": ("tidak_ada_catatan", ACCENT),
    "ada catatan": ("ada_catatan", PLACE),
    "tidak diketahui": ("tidak_diketahui", NO_DATA),
}
PITCH = 0.4
TALL = 0.26


def quality_aspects(
    table: pd.DataFrame,
    *,
    wilayah: str,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "mutu_aspek",
) -> PublishedFigure:
    """Draw how much of each aspect's weight is free of faults, faulty, and not countable.

    Parameters
    ----------
    table : pandas.DataFrame
        One row an aspect, the last one "semua": ``aspek``, ``bobot_dihitung``, ``mutu``,
        ``bawah``, ``atas`` (shares 0-1), as :func:`ipasn_lib.analysis.quality.quality_index`
        makes it for one place.
    wilayah, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_place.distribution`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    aspect = words(table, "aspek")
    if len(set(aspect)) != len(aspect) or "semua" not in aspect:
        raise ParameterError("table must hold each aspek once, and 'semua'; draw one place")
    low = numeric(table, "bawah")
    counted, clean = numeric(table, "bobot_dihitung"), numeric(table, "mutu")
    subjudul = text("subjudul_aspek", bahasa, wilayah=wilayah)
    whole = aspect.index("semua")
    if not counted[whole] > 0:
        why = text("judul_aspek_kosong", bahasa)
        return nothing_shown(
            wilayah,
            subjudul,
            asal,
            minimum=0,
            judul=judul or why,
            bahasa=bahasa,
            nama=nama,
            alasan=f"{why}.",
        )
    finding = text(
        "judul_aspek",
        bahasa,
        mutu=percent(clean[whole], 1, bahasa),
        bobot=percent(counted[whole], 0, bahasa),
    )
    page = sheet(
        0.36 + PITCH * len(aspect),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(0.0, 1.0, 1.6, page.width)
    colours = (PLACE, ACCENT, NO_DATA)
    names = [text(k, bahasa) for k in ("bebas_cacat", "bercacat", "tidak_terhitung")]
    _key(ax, names, colours)
    for k, name in enumerate(aspect):
        top = 0.36 + PITCH * k
        heavy = MEDIUM if name == "semua" else REGULAR
        shown = text("semua_aspek" if name == "semua" else name, bahasa)
        label(ax, 0.0, top + 0.18, shorten(shown, 1.5, SIZE["label"], heavy), weight=heavy)
        parts = np.array([low[k], counted[k] - low[k], 1.0 - counted[k]])
        _bar(ax, x, top, parts, colours, [percent(p, 0, bahasa) for p in parts])
    return PublishedFigure(page.figure, text("alt_aspek", bahasa, temuan=finding), nama)


def recording_bars(
    table: pd.DataFrame,
    *,
    wilayah: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "celah_catatan",
) -> PublishedFigure:
    """Draw the points lost by indicator, split by whether anything is on record.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each indicator and cause: ``label``, ``sebab``, ``poin_rata`` (points of the
        place's index; NA where hidden), as
        :func:`ipasn_lib.analysis.recording_gap.recording_gap` makes it for one place.
    wilayah, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_place.distribution`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    indicator, cause = words(table, "label"), words(table, "sebab")
    if unknown := sorted(set(cause) - set(CAUSES)):
        raise ParameterError(f"unknown sebab {unknown}; expected {list(CAUSES)}")
    if field(table, "label").groupby([indicator, cause]).size().max() > 1:
        raise ParameterError("an indicator holds a cause twice; draw one place")
    lost = numeric(table, "poin_rata")
    indicator = [translate(name, bahasa) for name in indicator]
    order = list(dict.fromkeys(indicator))
    subjudul = text("subjudul_celah", bahasa, wilayah=wilayah)
    if not np.isfinite(lost).any():
        return nothing_shown(
            wilayah, subjudul, asal, minimum=minimum, judul=judul, bahasa=bahasa, nama=nama
        )
    split = {
        name: np.array([_sum(lost, indicator, cause, name, c) for c in CAUSES]) for name in order
    }
    longest = max(float(np.nansum(v)) for v in split.values())
    unrecorded = [float(v[0]) for v in split.values() if np.isfinite(v[0])]
    hidden = not np.isfinite(lost).all()
    finding = text("judul_celah_kosong", bahasa)
    if unrecorded:
        key = "judul_celah_sedikitnya" if hidden else "judul_celah"
        finding = text(key, bahasa, poin=number(sum(unrecorded), 2, bahasa))
    page = sheet(
        0.36 + PITCH * len(order),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=[text("tersembunyi", bahasa, minimum=minimum)] if hidden else (),
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(0.0, max(longest, 0.1), 2.35, page.width - 0.6)
    seen = {c for c, value in zip(cause, lost, strict=True) if np.isfinite(value)}
    used = [c for c in CAUSES if c in seen]
    _key(ax, [text(CAUSES[c][0], bahasa) for c in used], [CAUSES[c][1] for c in used])
    for k, name in enumerate(order):
        top = 0.36 + PITCH * k
        label(ax, 0.0, top + 0.18, shorten(name, 2.25, SIZE["label"]))
        rules(ax, x.start, top, x.start, top + TALL, MUTED, 0.8)
        parts = split[name]
        if not np.isfinite(parts).any():
            label(ax, x.start + 0.08, top + 0.18, "*)", colour=MUTED)
            continue
        known = np.nan_to_num(parts)
        # a bar of one part is its total, which stands at its end
        parted = np.count_nonzero(known) > 1
        printed = [number(p, 2, bahasa) if parted else "" for p in known]
        _bar(ax, x, top, known, [colour for _, colour in CAUSES.values()], printed)
        total = number(known.sum(), 2, bahasa)
        label(ax, float(x(known.sum())) + 0.08, top + 0.18, total, weight=MEDIUM)
    return PublishedFigure(page.figure, text("alt_celah", bahasa, temuan=finding), nama)


def _sum(
    lost: Numbers, indicator: Sequence[str], cause: Sequence[str], name: str, which: str
) -> float:
    at = [k for k in range(len(lost)) if indicator[k] == name and cause[k] == which]
    return float(lost[at[0]]) if at else np.nan


def _key(ax: Axes, names: Sequence[str], colours: Sequence[str]) -> None:
    """Draw one line that names the colours."""
    place, size = 0.0, SIZE["small"]
    for name, colour in zip(names, colours, strict=True):
        boxes(ax, place, 0.02, 0.13, 0.13, [colour])
        label(ax, place + 0.18, 0.13, name, size=size)
        place += 0.18 + width(name, size, REGULAR) + 0.22


def _bar(
    ax: Axes, x: Scale, top: float, parts: Numbers, colours: Sequence[str], printed: Sequence[str]
) -> None:
    """Draw one stacked bar, with the number in each part that has room for it."""
    size = SIZE["small"]
    edges = x(np.concatenate([[0.0], np.cumsum(parts)]))
    drawn = np.flatnonzero(np.diff(edges) > 0).tolist()
    boxes(
        ax,
        edges[drawn],
        top,
        np.diff(edges)[drawn],
        TALL,
        [colours[k] for k in drawn],
        edgecolors="white",
        linewidths=0.6,
    )
    for k in drawn:
        if printed[k] and edges[k + 1] - edges[k] > width(printed[k], size, MEDIUM) + 0.08:
            middle, colour = (edges[k] + edges[k + 1]) / 2, on_colour(colours[k])
            label(
                ax,
                middle,
                top + 0.18,
                printed[k],
                size=size,
                weight=MEDIUM,
                colour=colour,
                ha="center",
            )
