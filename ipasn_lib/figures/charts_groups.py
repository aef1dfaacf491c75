"""Charts that set groups of places side by side: kabupaten and kota, the Bakorwil.

A group's mean comes computed from its people (never from its places), and is drawn among the
places so that both can be seen: how the places of a group lie, and where its people stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.figures.marks import (
    Scale,
    category_colours,
    category_key,
    grid,
    nothing_shown,
    round_limits,
    rules,
    spread,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    Numbers,
    field,
    numeric,
    words,
)
from ipasn_lib.figures.style import (
    GRID,
    INK,
    MUTED,
    SIZE,
    Sheet,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, shorten, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import count, points, text, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["group_comparison"]


def group_comparison(
    places: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    menurut: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "kelompok",
) -> PublishedFigure:
    """Draw the places of each group as a strip of dots, with the mean of the group's people.

    Parameters
    ----------
    places : pandas.DataFrame
        Ringkasan of the places with ``label``, ``indeks``, ``kategori``, the grouping column and
        ``sumber_data``.
    groups : pandas.DataFrame
        Ringkasan by the grouping column (index or column) with ``indeks`` (mean of the group's
        people), in the order to be drawn; places of a group that is not here are not drawn.
    menurut : str
        The grouping column: ``jenis`` (Kabupaten, Kota) or ``bakorwil``.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_place.distribution`.
    """
    asal = provenance(places, groups, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    group_names = words(groups, menurut)
    # A group of which places are missing has no mean of its own, and is left out with them.
    whole = np.isin(words(places, menurut), group_names)
    partial = not whole.all()
    places = places.loc[whole]
    member = words(places, menurut)
    mean, value = numeric(groups, "indeks"), numeric(places, "indeks")
    hidden = int((~np.isfinite(value)).sum() + (~np.isfinite(mean)).sum())
    notes = [text("kelompok_tak_utuh", bahasa)] if partial else []
    if hidden:
        notes += [
            text("angka_tersembunyi", bahasa, jumlah=count(hidden, bahasa)),
            text("tersembunyi", bahasa, minimum=minimum),
        ]
    known = np.flatnonzero(np.isfinite(mean))
    if not known.size and not np.isfinite(value).any():
        return nothing_shown(
            text("kabkota", bahasa),
            text("subjudul_kelompok", bahasa),
            asal,
            minimum=minimum,
            judul=judul or (text("judul_tak_utuh", bahasa) if partial else None),
            bahasa=bahasa,
            nama=nama,
            alasan=text("kelompok_tak_utuh", bahasa) if partial else None,
        )
    group_names = [translate(name, bahasa) for name in group_names]
    member = [translate(name, bahasa) for name in member]
    prefix = f"{text('bakorwil', bahasa)} " if menurut == "bakorwil" else ""
    if known.size > 1:
        best, worst = known[np.argmax(mean[known])], known[np.argmin(mean[known])]
        finding = text(
            "judul_kelompok",
            bahasa,
            tertinggi=prefix + group_names[best],
            terendah=group_names[worst],
            poin=points(mean[best] - mean[worst], bahasa),
        )
    elif known.size:
        only = int(known[0])
        finding = text(
            "judul_satu_kelompok",
            bahasa,
            kelompok=prefix + group_names[only],
            indeks=points(mean[only], bahasa),
        )
    else:
        finding = text("subjudul_kelompok", bahasa)
    pitch = 0.92
    page = sheet(
        0.5 + pitch * len(group_names),
        judul=judul or finding,
        subjudul=text("subjudul_kelompok", bahasa),
        asal=asal,
        catatan=notes,
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(
        *round_limits(np.append(value, mean), step=5.0, low=0.0, high=100.0), 1.75, page.width - 0.2
    )
    top = 0.5
    # First, since seaborn draws the whole figure once to measure its dots.
    _swarm(page, places, member, group_names, value, x, top, pitch)
    category_key(ax, 0.0, 0.14, bahasa)
    grid(ax, x, list(np.arange(x.low, x.high + 0.1, 5.0)), top, page.height, bahasa=bahasa)
    middle = {g: top + pitch * (k + 0.5) for k, g in enumerate(group_names)}
    rules(
        ax,
        0.0,
        [m - pitch / 2 for m in middle.values()],
        page.width,
        [m - pitch / 2 for m in middle.values()],
        GRID,
        0.6,
    )
    for k, group in enumerate(group_names):
        y = middle[group]
        label(ax, 0.0, y - 0.02, shorten(group, 1.65, SIZE["label"], BOLD), weight=BOLD)
        size = sum(m == group for m in member)
        label(
            ax,
            0.0,
            y + 0.17,
            text("jumlah_daerah", bahasa, jumlah=count(size, bahasa)),
            size=SIZE["small"],
            colour=MUTED,
        )
        if np.isfinite(mean[k]):
            at = float(x(mean[k]))
            rules(ax, at, y - 0.2, at, y + 0.2, INK, 2.6, zorder=6)
            printed = f"{text('rerata', bahasa)} {points(mean[k], bahasa)}"
            half = width(printed, SIZE["small"], BOLD) / 2
            place = min(max(at, x.start + half), page.width - half)
            label(ax, place, y - 0.26, printed, size=SIZE["small"], weight=BOLD, ha="center")
        inside = np.array([m == group for m in member], dtype=bool) & np.isfinite(value)
        _extremes(ax, x, y, words(places, "label"), value, np.flatnonzero(inside), page, bahasa)
    alt = text("alt_kelompok", bahasa, temuan=finding)
    return PublishedFigure(page.figure, alt, nama)


def _extremes(
    ax: Axes,
    x: Scale,
    y: float,
    name: list[str],
    value: Numbers,
    inside: np.ndarray,
    page: Sheet,
    bahasa: str,
) -> None:
    """Name the lowest and the highest place of a group under their dots."""
    if not inside.size:
        return
    ends = sorted({int(inside[np.argmin(value[inside])]), int(inside[np.argmax(value[inside])])})
    tags = [f"{shorten(name[k], 1.7, SIZE['small'])} {points(value[k], bahasa, 1)}" for k in ends]
    room = [width(t, SIZE["small"]) + 0.15 for t in tags]
    centres = spread([float(x(value[k])) for k in ends], room, x.start, page.width)
    for tag, centre in zip(tags, centres, strict=True):
        label(ax, centre, y + 0.37, tag, size=SIZE["small"], colour=MUTED, ha="center")


def _swarm(
    page: Sheet,
    places: pd.DataFrame,
    member: list[str],
    group_names: list[str],
    value: Numbers,
    x: Scale,
    top: float,
    pitch: float,
) -> None:
    """Lay the dots beside one another where they would cover each other (seaborn's swarm)."""
    import seaborn as sns

    there = np.isfinite(value)
    colours = category_colours(list(field(places, "kategori")))
    ax = page.axes(
        x.start,
        top,
        x.stop - x.start,
        pitch * len(group_names),
        xlim=(x.low, x.high),
        ylim=(len(group_names) - 0.5, -0.5),
    )
    # Every dot is its own hue level, so that each keeps the colour of its category.
    rows = pd.DataFrame(
        {
            "nilai": value[there],
            "kelompok": pd.Categorical(
                [m for m, t in zip(member, there, strict=True) if t], categories=group_names
            ),
            "warna": pd.Categorical([c for c, t in zip(colours, there, strict=True) if t]),
        }
    )
    sns.swarmplot(
        rows,
        x="nilai",
        y="kelompok",
        hue="warna",
        palette={c: c for c in rows["warna"].cat.categories},
        orient="h",
        size=7.0,
        edgecolor=INK,
        linewidth=0.5,
        legend=False,
        warn_thresh=1.0,
        clip_on=False,
        ax=ax,
    )
    ax.set_xlim(x.low, x.high)
    ax.set_ylim(len(group_names) - 0.5, -0.5)
    ax.set_axis_off()
    ax.set(xlabel="", ylabel="", xticks=[], yticks=[])
