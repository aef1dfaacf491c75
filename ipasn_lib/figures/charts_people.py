"""Charts of people counted: who lacks what, and how many stand in each category.

Hidden counts are marked where they would stand; a hidden share is drawn only as what all hidden
ones hold together.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    Scale,
    boxes,
    category_key,
    nothing_shown,
    rules,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    Numbers,
    numeric,
    words,
)
from ipasn_lib.figures.style import (
    DIMENSION_COLOURS,
    KATEGORI,
    KATEGORI_COLOURS,
    MUTED,
    NO_DATA,
    SIZE,
    label,
    on_colour,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR, shorten, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import count, percent, text, translate

__all__ = ["category_shares", "gaps_counts"]


def gaps_counts(
    table: pd.DataFrame,
    *,
    wilayah: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "kekurangan",
) -> PublishedFigure:
    """Draw who lacks what: people without an indicator, by job group.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each indicator and job group, in the order to be drawn: ``dimensi`` (one of
        the four, for the colour), ``label`` (the indicator as printed), ``kelompok_jabatan``
        ("semua" for all together), ``n_kurang`` (people who earn less than they can; NA where
        hidden), ``bagian_kurang`` (their share, 0-1; NA where hidden). As
        :func:`ipasn_lib.analysis.lacking.lacking_counts` makes it.
    wilayah, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_place.distribution`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    indicator, group, dimension = (
        words(table, c) for c in ("label", "kelompok_jabatan", "dimensi")
    )
    indicator = [translate(name, bahasa) for name in indicator]
    if unknown := sorted(set(dimension) - set(DIMENSION_COLOURS)):
        raise ParameterError(f"unknown dimensi {unknown}; expected {list(DIMENSION_COLOURS)}")
    lacking, share = numeric(table, "n_kurang"), numeric(table, "bagian_kurang")
    hidden = ~np.isfinite(lacking)
    subjudul = text("subjudul_kekurangan", bahasa, wilayah=wilayah)
    if hidden.all():
        return nothing_shown(
            wilayah, subjudul, asal, minimum=minimum, judul=judul, bahasa=bahasa, nama=nama
        )
    parts = np.array([g != "semua" for g in group]) & ~hidden
    worst = int(np.nanargmax(np.where(parts, lacking, np.nan) if parts.any() else lacking))
    finding = text(
        "judul_kekurangan",
        bahasa,
        jumlah=count(lacking[worst], bahasa),
        kelompok=translate(group[worst], bahasa),
        indikator=shorten(indicator[worst], 3.0, SIZE["title"], BOLD),
    )
    heads = [k for k in range(len(table)) if k == 0 or indicator[k] != indicator[k - 1]]
    head_room, pitch = 0.34, 0.25
    page = sheet(
        head_room * len(heads) + pitch * len(table),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=[text("tersembunyi", bahasa, minimum=minimum)] if hidden.any() else (),
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(0.0, max(float(np.nanmax(lacking)), 1.0), 1.75, page.width - 1.35)
    top, y = 0.0, np.zeros(len(table))
    for k in range(len(table)):
        if k in heads:
            label(
                ax,
                0.0,
                top + 0.24,
                shorten(indicator[k], page.width, SIZE["label"], BOLD),
                weight=BOLD,
            )
            top += head_room
        y[k] = top
        top += pitch
    tall = pitch - 0.05
    boxes(
        ax,
        x(0.0),
        y[~hidden],
        np.maximum(x(lacking[~hidden]) - x(0.0), 0.01),
        tall,
        [DIMENSION_COLOURS[d] for d, h in zip(dimension, hidden, strict=True) if not h],
    )
    rules(ax, x.start, y, x.start, y + tall, MUTED, 0.8)
    for k in range(len(table)):
        base = y[k] + 0.155
        heavy = MEDIUM if group[k] == "semua" else REGULAR
        label(
            ax,
            0.12,
            base,
            shorten(translate(group[k], bahasa), 1.55, SIZE["label"], heavy),
            weight=heavy,
        )
        if hidden[k]:
            label(ax, x.start + 0.08, base, "*)", colour=MUTED)
            continue
        end = float(x(lacking[k])) + 0.08
        printed = count(lacking[k], bahasa)
        if np.isfinite(share[k]):
            printed += f" ({percent(share[k], 0, bahasa)})"
        label(ax, end, base, printed, weight=MEDIUM)
    alt = text("alt_kekurangan", bahasa, wilayah=wilayah, temuan=finding)
    return PublishedFigure(page.figure, alt, nama)


def category_shares(
    table: pd.DataFrame,
    *,
    menurut: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "porsi_kategori",
) -> PublishedFigure:
    """Draw the share of people in each of the five categories, one stacked bar a group.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a group: the grouping column (index or column), the five categories as columns
        (shares of the measured people, 0-1; NA where hidden) and, where some are hidden,
        ``tersembunyi`` (what these hold together), so that each row sums to 1. As
        :func:`ipasn_lib.analysis.distribution.category_shares` makes it. A row with hidden
        shares and no ``tersembunyi`` is not drawn.
    menurut : str
        The grouping column.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_place.distribution`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    group = [translate(name, bahasa) for name in words(table, menurut)]
    share = np.column_stack([numeric(table, k) for k in KATEGORI])
    whole = np.isfinite(share).all(axis=1)
    rest = numeric(table, "tersembunyi") if "tersembunyi" in table else np.where(whole, 0.0, np.nan)
    shown = np.isfinite(rest)
    total = np.nansum(share, axis=1) + np.nan_to_num(rest)
    if not np.allclose(total[shown], 1.0, atol=1e-6):
        raise ParameterError("the five shares of a group and what is hidden must sum to 1")
    high = share[:, KATEGORI.index("Tinggi") :].sum(axis=1)
    if not shown.any():
        return nothing_shown(
            text("kategori", bahasa),
            text("subjudul_porsi", bahasa),
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    firm = shown & np.isfinite(high)
    if firm.any():
        best = int(np.nanargmax(np.where(firm, high, -1.0)))
        finding = text(
            "judul_porsi",
            bahasa,
            kelompok=shorten(group[best], 3.0, SIZE["title"], BOLD),
            porsi=percent(high[best], 0, bahasa),
        )
    else:
        finding = text("subjudul_porsi", bahasa)
    pitch = 0.4
    page = sheet(
        0.4 + pitch * len(group),
        judul=judul or finding,
        subjudul=text("subjudul_porsi", bahasa),
        asal=asal,
        catatan=() if whole.all() else [text("tersembunyi", bahasa, minimum=minimum)],
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(0.0, 1.0, 1.85, page.width)
    category_key(ax, 0.0, 0.14, bahasa)
    size = SIZE["small"]
    for k, name in enumerate(group):
        top = 0.4 + pitch * k
        label(
            ax, 0.0, top + 0.2, shorten(name, x.start - 0.12, SIZE["label"], MEDIUM), weight=MEDIUM
        )
        if not shown[k]:
            label(ax, x.start + 0.05, top + 0.2, "*)", colour=MUTED)
            continue
        parts = _segments(share[k], float(rest[k]))
        edges = np.concatenate([[0.0], np.cumsum([p for p, _ in parts])])
        boxes(
            ax,
            x(edges[:-1]),
            top + 0.03,
            np.diff(x(edges)),
            0.27,
            [c for _, c in parts],
            edgecolors="white",
            linewidths=0.6,
        )
        for (part, colour), left, right in zip(parts, x(edges[:-1]), x(edges[1:]), strict=True):
            printed = "*)" if colour == NO_DATA else percent(part, 0, bahasa)
            if right - left > width(printed, size, MEDIUM) + 0.08:
                label(
                    ax,
                    (left + right) / 2,
                    top + 0.215,
                    printed,
                    size=size,
                    weight=MEDIUM,
                    colour=on_colour(colour),
                    ha="center",
                )
    alt = text("alt_porsi", bahasa, temuan=finding)
    return PublishedFigure(page.figure, alt, nama)


def _segments(share: Numbers, rest: float) -> list[tuple[float, str]]:
    """Order a bar: the categories, and what is hidden where the first hidden one would stand."""
    parts: list[tuple[float, str]] = []
    for part, colour in zip(share, KATEGORI_COLOURS.values(), strict=True):
        if np.isfinite(part):
            parts.append((float(part), colour))
        elif all(c != NO_DATA for _, c in parts):
            parts.append((rest, NO_DATA))
    return parts
