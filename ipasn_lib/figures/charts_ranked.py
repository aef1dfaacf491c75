"""Charts in rows: the units of a place ranked, the places of the province ranked.

Tables come computed. A rank is one more than the number of rows with a higher unrounded value, so
equal values share a rank; hidden rows have none and are named or counted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    Scale,
    boxes,
    category_colours,
    category_key,
    dots,
    grid,
    nothing_shown,
    round_limits,
    rules,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    Numbers,
    field,
    numeric,
    words,
)
from ipasn_lib.figures.style import (
    INK,
    MUTED,
    PALE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR, shorten, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import count, join, points, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ranking", "units_ranked"]

PITCH = 0.205  # inches a row: 38 places and their words fit one A4 page
HEAD = 0.68  # inches above the first row: colour key, reference, axis values
SHOWN = 15  # most groups named in a note


def _ranks(value: Numbers) -> list[str]:
    """Rank of each value, highest first; equal values share it and carry an equals sign."""
    known = value[np.isfinite(value)]
    out = []
    for v in value:
        if not np.isfinite(v):
            out.append("")
            continue
        rank = int((known > v).sum()) + 1
        out.append(f"{rank}=" if (known == v).sum() > 1 else str(rank))
    return out


def _rows(
    ax: Axes,
    y: Numbers,
    rank: Sequence[str],
    name: Sequence[str],
    value: Numbers,
    colours: Sequence[str],
    x: Scale,
    *,
    bahasa: str,
    interval: tuple[Numbers, Numbers] | None = None,
    bold: Sequence[bool],
) -> None:
    """Draw ranked rows: rank, name, interval, mark, value."""
    down = 0.05  # from a row's middle to its text's baseline
    for k, at in enumerate(y):
        heavy = BOLD if bold[k] else REGULAR
        label(ax, 0.33, at + down, rank[k], size=SIZE["small"], colour=MUTED, ha="right")
        label(
            ax,
            0.42,
            at + down,
            shorten(name[k], x.start - 0.55, SIZE["small"], heavy),
            size=SIZE["small"],
            weight=heavy,
        )
        label(
            ax,
            x.stop + 0.62,
            at + down,
            points(value[k], bahasa),
            size=SIZE["small"],
            weight=BOLD if bold[k] else MEDIUM,
            ha="right",
        )
    if interval is not None:
        low, high = interval
        there = np.isfinite(low) & np.isfinite(high)
        rules(ax, x(low[there]), y[there], x(high[there]), y[there], MUTED, 1.4, zorder=2)
    dots(ax, x(value), y, list(colours), size=9.5, edgecolors=INK, linewidths=0.6)


def ranking(
    ringkasan_kabkota: pd.DataFrame,
    *,
    sorot: str | None = None,
    acuan: float | None = None,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "peringkat",
) -> PublishedFigure:
    """Draw the places ranked by their index, coloured by category.

    Parameters
    ----------
    ringkasan_kabkota : pandas.DataFrame
        Ringkasan with ``label`` (name as printed), ``indeks``, ``kategori``, ``sumber_data`` and
        optionally an interval of the index drawn as a thin line: ``batas_bawah`` and
        ``batas_atas`` (or ``bawah`` and ``atas``).
    sorot : str, optional
        The ``label`` to highlight; it must be in the table.
    acuan : float, optional
        The province's index (mean of the people), drawn as a line.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_place.distribution`.
    """
    asal = provenance(ringkasan_kabkota, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(ringkasan_kabkota, "label")
    if sorot is not None and sorot not in name:
        raise ParameterError(f"no row is labelled {sorot!r}; cannot highlight it")
    value = numeric(ringkasan_kabkota, "indeks")
    order = [int(k) for k in np.argsort(-value, kind="stable") if np.isfinite(value[k])]
    pairs = (("batas_bawah", "batas_atas"), ("bawah", "atas"))
    ends = next((p for p in pairs if set(p) <= set(ringkasan_kabkota.columns)), None)
    subjudul = text("subjudul_peringkat_selang" if ends else "subjudul_peringkat", bahasa)
    if not order:
        return nothing_shown(
            text("kabkota", bahasa),
            subjudul,
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    hidden = [name[k] for k in range(len(name)) if not np.isfinite(value[k])]
    notes = []
    if hidden:
        notes.append(text("tersembunyi_nama", bahasa, nama=_named(hidden, bahasa)))
        notes.append(text("tersembunyi", bahasa, minimum=minimum))
    rank = _ranks(value)
    if any(r.endswith("=") for r in rank):
        notes.append(text("peringkat_sama", bahasa))
    if sorot is not None and sorot in hidden:
        finding = text("judul_tersembunyi", bahasa, wilayah=sorot)
    else:
        chosen = name.index(sorot) if sorot is not None else order[0]
        finding = text(
            "judul_peringkat",
            bahasa,
            wilayah=name[chosen],
            peringkat=rank[chosen].rstrip("="),
            jumlah=count(len(order), bahasa),
            indeks=points(value[chosen], bahasa),
        )
    page = sheet(
        HEAD + PITCH * len(order),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=notes,
        bahasa=bahasa,
    )
    ax = page.axes()
    interval = None
    if ends is not None:
        interval = (
            numeric(ringkasan_kabkota, ends[0])[order],
            numeric(ringkasan_kabkota, ends[1])[order],
        )
    seen = np.concatenate(
        [value[order], *(interval or ()), [acuan if acuan is not None else np.nan]]
    )
    low, high = round_limits(seen, step=5.0, low=0.0, high=100.0)
    x = Scale(low, high, 2.35, page.width - 0.68)
    y = HEAD + PITCH * (np.arange(len(order), dtype=float) + 0.5)
    category_key(ax, 0.0, 0.14, bahasa)
    _frame(
        ax,
        x,
        0.66,
        page.height,
        bahasa=bahasa,
        acuan=acuan,
        nama_acuan=text("provinsi", bahasa),
    )
    bold = [name[k] == sorot for k in order]
    if any(bold):
        boxes(ax, 0.0, y[bold.index(True)] - PITCH / 2, page.width, PITCH, [PALE], zorder=0)
    kategori = category_colours(list(field(ringkasan_kabkota, "kategori")))
    _rows(
        ax,
        y,
        [rank[k] for k in order],
        [name[k] for k in order],
        value[order],
        [kategori[k] for k in order],
        x,
        bahasa=bahasa,
        interval=interval,
        bold=bold,
    )
    alt = text(
        "alt_peringkat",
        bahasa,
        jumlah=count(len(order), bahasa),
        tertinggi=f"{name[order[0]]} ({points(value[order[0]], bahasa)})",
        terendah=f"{name[order[-1]]} ({points(value[order[-1]], bahasa)})",
    )
    return PublishedFigure(page.figure, alt, nama)


def _frame(
    ax: Axes,
    x: Scale,
    top: float,
    bottom: float,
    *,
    bahasa: str,
    acuan: float | None,
    nama_acuan: str,
) -> None:
    """Draw the grid, and the reference with its name above the axis values."""
    step = 5 if x.high - x.low <= 40 else 10
    ticks = [float(t) for t in np.arange(x.low, x.high + 0.1, step)]
    at = float(x(acuan)) if acuan is not None and np.isfinite(acuan) else None
    grid(ax, x, ticks, top, bottom, bahasa=bahasa, avoid=at)
    if at is None:
        return
    printed = f"{shorten(nama_acuan, 2.2, SIZE['small'], MEDIUM)} {points(acuan, bahasa)}"
    half = width(printed, SIZE["small"], MEDIUM) / 2
    rules(ax, at, top - 0.18, at, bottom, INK, 1.2, linestyles=[(0, (4, 2))], zorder=1)
    middle = min(max(at, half), x.stop + 0.68 - half)
    label(ax, middle, top - 0.22, printed, size=SIZE["small"], weight=MEDIUM, ha="center")


def _named(names: Sequence[str], bahasa: str) -> str:
    """Name some groups in a note, and count the rest."""
    short = [shorten(n, 2.6, SIZE["small"]) for n in names[:SHOWN]]
    if len(names) > SHOWN:
        short.append(text("lainnya", bahasa, jumlah=count(len(names) - SHOWN, bahasa)))
    return join(short, bahasa)


def units_ranked(
    ringkasan_unit: pd.DataFrame,
    *,
    wilayah: str,
    acuan: float | None = None,
    terbanyak: int = 25,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "unit_kerja",
) -> PublishedFigure:
    """Draw the units of a place ranked by their index; the middle is summed up where many.

    Parameters
    ----------
    ringkasan_unit : pandas.DataFrame
        Ringkasan with ``unit_kerja`` (index or column), ``indeks``, ``kategori``,
        ``sumber_data``.
    wilayah : str
        Name of the place as printed.
    acuan : float, optional
        The place's own index (mean of its people), drawn as a line.
    terbanyak : int
        Most units drawn, at least 4: the upper three fifths and the lower two fifths; one line
        says how many lie between and in which range.
    minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_place.distribution`.
    """
    if terbanyak < 4:
        raise ParameterError(f"terbanyak must be at least 4, not {terbanyak}")
    asal = provenance(ringkasan_unit, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    name = words(ringkasan_unit, "unit_kerja")
    value = numeric(ringkasan_unit, "indeks")
    order = [int(k) for k in np.argsort(-value, kind="stable") if np.isfinite(value[k])]
    subjudul = text("subjudul_unit", bahasa, wilayah=wilayah)
    if not order:
        return nothing_shown(
            wilayah, subjudul, asal, minimum=minimum, judul=judul, bahasa=bahasa, nama=nama
        )
    hidden = len(name) - len(order)
    notes = []
    if hidden:
        notes.append(text("unit_tersembunyi", bahasa, jumlah=count(hidden, bahasa)))
        notes.append(text("tersembunyi", bahasa, minimum=minimum))
    rank = _ranks(value)
    if any(r.endswith("=") for r in rank):
        notes.append(text("peringkat_sama", bahasa))
    top = order if len(order) <= terbanyak else order[: -(-terbanyak * 3 // 5)]
    bottom = [] if len(order) <= terbanyak else order[len(top) - terbanyak :]
    middle = order[len(top) : len(order) - len(bottom)]
    finding = text("judul_unit", bahasa, poin=points(value[order[0]] - value[order[-1]], bahasa))
    if len(order) == 1:
        finding = text(
            "judul_satu_unit", bahasa, indeks=points(value[order[0]], bahasa), wilayah=wilayah
        )
    drawn = len(top) + len(bottom) + (1 if middle else 0)
    page = sheet(
        HEAD + PITCH * drawn,
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=notes,
        bahasa=bahasa,
    )
    ax = page.axes()
    seen = np.append(value[order], acuan if acuan is not None else np.nan)
    x = Scale(*round_limits(seen, step=5.0, low=0.0, high=100.0), 3.7, page.width - 0.68)
    category_key(ax, 0.0, 0.14, bahasa)
    _frame(ax, x, 0.66, page.height, bahasa=bahasa, acuan=acuan, nama_acuan=wilayah)
    kategori = category_colours(list(field(ringkasan_unit, "kategori")))
    place = HEAD + PITCH * (np.arange(drawn) + 0.5)
    at = np.concatenate([place[: len(top)], place[drawn - len(bottom) :]])
    if middle:
        y = place[len(top)]
        boxes(ax, 0.0, y - PITCH / 2 + 0.01, page.width, PITCH - 0.02, [PALE], zorder=1)
        printed = text(
            "unit_di_antaranya",
            bahasa,
            jumlah=count(len(middle), bahasa),
            bawah=points(value[middle[-1]], bahasa),
            atas=points(value[middle[0]], bahasa),
        )
        label(ax, 0.42, y + 0.05, printed, size=SIZE["small"], colour=MUTED, zorder=4)
    rows = [*top, *bottom]
    _rows(
        ax,
        at,
        [rank[k] for k in rows],
        [name[k] for k in rows],
        value[rows],
        [kategori[k] for k in rows],
        x,
        bahasa=bahasa,
        bold=[False] * len(rows),
    )
    alt = text(
        "alt_unit",
        bahasa,
        jumlah=count(len(order), bahasa),
        wilayah=wilayah,
        tertinggi=f"{shorten(name[order[0]], 4.0, 10)} ({points(value[order[0]], bahasa)})",
        terendah=f"{shorten(name[order[-1]], 4.0, 10)} ({points(value[order[-1]], bahasa)})",
    )
    return PublishedFigure(page.figure, alt, nama)
