"""Charts of pay beside performance, within job classes.

Values that are hidden are not drawn; a row that has none says so.
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
    dots,
    levels,
    round_limits,
    round_steps,
    rules,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import numeric, words
from ipasn_lib.figures.style import (
    ACCENT,
    GRID,
    INK,
    MUTED,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, REGULAR, wrap
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import HIDDEN, MISSING, count, difference, number, percent, text, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["concordance_classes", "mismatch_shares", "pay_by_performance"]

ALL = "semua kelas"
PITCH = 0.31
HEAD = 0.52
NEARLY, HALF = 0.9, 0.5
"""From which share of tied pairs "nearly all" and "over half" are said."""
LITTLE = 0.1
"""Somers' D within which pay is said to take hardly any notice of performance."""


def concordance_classes(
    table: pd.DataFrame,
    *,
    subjudul: str = "",
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "keselarasan",
) -> PublishedFigure:
    """Draw how far pay follows performance in each job class.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``kelas_jabatan`` with the last row "semua kelas"; ``n_pegawai``, ``somers_d``
        (-1 to 1), ``seri_kinerja`` (0-1), as
        :func:`ipasn_lib.analysis.merit.concordance` gives.
    minimum : int
        Smallest class shown, for the note.
    subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_compare.dumbbell`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    names = _classes(table, bahasa)
    people, exact, ties = (numeric(table, c) for c in ("n_pegawai", "somers_d", "seri_kinerja"))
    # the length of a bar must not tell more than the printed number
    value = np.round(exact, 2)
    whole = float(value[-1])
    key = "mengikuti"
    if not np.isfinite(whole):
        key = "sama" if np.isfinite(people[-1]) else "tersembunyi"
    elif abs(whole) < LITTLE:
        key = "tidak"
    elif whole < 0:
        key = "berlawanan"
    finding = text(f"judul_selaras_{key}", bahasa, poin=number(100 * abs(whole), 0, bahasa))
    page = sheet(
        HEAD + PITCH * len(names),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=_hidden_note(np.isfinite(people), minimum, bahasa),
        bahasa=bahasa,
    )
    ax = page.axes()
    low = -1.0 if np.nanmin([*value, 0.0]) < 0 else 0.0
    x = Scale(low, 1.0, 1.45, page.width - 2.35)
    ends_at = (page.width - 1.45, page.width)
    ticks = np.linspace(low, 1.0, 5)
    _ticks(ax, x, ticks, [number(t, 2 if low == 0 else 1, bahasa) for t in ticks], page.height)
    label(ax, x.start, 0.12, text("somers_d", bahasa), size=SIZE["small"], colour=MUTED)
    for at, key in zip(ends_at, ("n_pegawai", "seri_kinerja"), strict=True):
        label(ax, at, 0.12, text(key, bahasa), size=SIZE["small"], colour=MUTED, ha="right")
    for k, (name, y) in enumerate(zip(names, _rows(len(names)), strict=True)):
        heavy = BOLD if k == len(names) - 1 else REGULAR
        label(ax, 0.0, y + 0.05, name, weight=heavy)
        shown = np.isfinite(people[k])
        cells = (count(people[k], bahasa), _ties(float(ties[k]), bahasa))
        for at, printed in zip(ends_at, cells, strict=True):
            words_ = printed if shown else HIDDEN
            label(ax, at, y + 0.05, words_, size=SIZE["small"], colour=MUTED, ha="right")
        if not np.isfinite(value[k]):
            label(ax, float(x(0.0)) + 0.07, y + 0.05, MISSING if shown else HIDDEN, colour=MUTED)
            continue
        ends = sorted((float(x(0.0)), float(x(value[k]))))
        colour = PLACE if value[k] >= 0 else ACCENT
        boxes(ax, ends[0], y - 0.09, max(ends[1] - ends[0], 0.012), 0.18, [colour], zorder=2)
        printed = difference(value[k], 2, bahasa)
        label(ax, ends[1] + 0.07, y + 0.05, printed, weight=heavy, colour=INK)
    rules(ax, x(0.0), 0.4, x(0.0), page.height, [INK], 1.2, zorder=3)
    listed = "; ".join(f"{n} {difference(v, 2, bahasa)}" for n, v in zip(names, value, strict=True))
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=listed)
    return PublishedFigure(page.figure, alt, nama)


def mismatch_shares(
    table: pd.DataFrame,
    *,
    subjudul: str = "",
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "salah_arah",
) -> PublishedFigure:
    """Draw how often good performers are paid below the median of their class, and poor above.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``kelas_jabatan``, last row "semua kelas"; the shares (0-1) of
        :func:`ipasn_lib.analysis.merit.pay_mismatch`.
    minimum, subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`concordance_classes`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    names = _classes(table, bahasa)
    sides = (
        ("tinggi_di_bawah_median", "semua_di_bawah_median"),
        ("rendah_di_atas_median", "semua_di_atas_median"),
    )
    share = {c: numeric(table, c) for pair in sides for c in pair}
    high, everyone = (float(share[c][-1]) for c in sides[0])
    known = np.isfinite(high) and np.isfinite(everyone)
    finding = text(
        "judul_salah_arah" if known else "judul_salah_arah_tersembunyi",
        bahasa,
        minimum=minimum,
        porsi=percent(high, 0, bahasa),
        semua=percent(everyone, 0, bahasa),
    )
    drawn = np.isfinite(share[sides[0][0]]) & np.isfinite(share[sides[1][0]])
    page = sheet(
        HEAD + 0.2 + PITCH * len(names),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=_hidden_note(drawn, minimum, bahasa),
        bahasa=bahasa,
    )
    ax = page.axes()
    rows = _rows(len(names)) + 0.2
    for k, (name, y) in enumerate(zip(names, rows, strict=True)):
        label(ax, 0.0, y + 0.05, name, weight=BOLD if k == len(names) - 1 else REGULAR)
    middle = (1.4 + page.width) / 2
    panels = ((1.4, middle - 0.75), (middle + 0.2, page.width - 0.5))
    for (start, stop), (of_group, of_all) in zip(panels, sides, strict=True):
        x = Scale(0.0, 1.0, start, stop)
        for line, part in enumerate(wrap(text(of_group, bahasa), 2.35, SIZE["small"], MEDIUM, 2)):
            label(ax, start, 0.1 + 0.17 * line, part, size=SIZE["small"], weight=MEDIUM)
        ticks = [0.0, 0.5, 1.0]
        _ticks(ax, x, ticks, [percent(t, 0, bahasa) for t in ticks], page.height, top=0.6)
        for k, y in enumerate(rows):
            value, base = share[of_group][k], share[of_all][k]
            heavy = BOLD if k == len(names) - 1 else REGULAR
            if np.isfinite(base):
                rules(ax, x(base), y - 0.11, x(base), y + 0.11, [ACCENT], 2.0, zorder=4)
            if np.isfinite(value):
                boxes(ax, start, y - 0.08, max(float(x(value)) - start, 0.012), 0.16, [PLACE])
            printed = percent(value, 0, bahasa) if np.isfinite(value) else HIDDEN
            label(ax, stop + 0.5, y + 0.05, printed, weight=heavy, ha="right")
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)


def pay_by_performance(
    kurva: pd.DataFrame,
    *,
    indeks: float,
    gini: float,
    subjudul: str = "",
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "konsentrasi",
) -> PublishedFigure:
    """Draw the concentration curve of pay, and the mean pay of each group beside it.

    Of the curve its distance below the straight line is drawn (share of people minus share of
    pay, in percentage points): on the usual square a curve of pay cannot be told from the line.

    Parameters
    ----------
    kurva : pandas.DataFrame
        From (0, 0) to (1, 1): ``kelompok``, ``bagian_pegawai``, ``bagian_tunjangan``, as
        :func:`ipasn_lib.analysis.merit.concentration_curve` gives.
    indeks, gini : float
        Its two indices, printed.
    subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`concordance_classes`.
    """
    asal = provenance(kurva, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    people, pay = numeric(kurva, "bagian_pegawai"), numeric(kurva, "bagian_tunjangan")
    if len(people) < 2 or (np.diff(people) <= 0).any() or (np.diff(pay) < 0).any():
        raise ParameterError("the curve must rise, with at least one group")
    names = [translate(name, bahasa) for name in words(kurva, "kelompok")[1:]]
    relative = np.diff(pay) / np.diff(people) - 1
    finding = text(
        "judul_konsentrasi",
        bahasa,
        atas=names[-1],
        beda_atas=difference(100 * relative[-1], 1, bahasa),
        bawah=names[0],
        beda_bawah=difference(100 * relative[0], 1, bahasa),
    )
    if len(names) == 1:
        finding = text("judul_konsentrasi_satu", bahasa)
    tall = max(3.35, 1.2 + 0.42 * len(names))
    page = sheet(tall, judul=judul or finding, subjudul=subjudul, asal=asal, bahasa=bahasa)
    ax = page.axes()
    gap = 100 * (people - pay)
    low, high = round_limits([*gap, 0.0], step=0.5)
    x, y = Scale(0.0, 1.0, 0.5, 3.2), Scale(low, high, 2.8, 0.52)
    heading = text("konsentrasi_jarak", bahasa)
    for line, part in enumerate(wrap(heading, 3.0, SIZE["small"], MEDIUM)):
        label(ax, 0.0, 0.12 + 0.17 * line, part, size=SIZE["small"], weight=MEDIUM)
    steps = round_steps(low, high)
    levels(ax, y, steps, 0.5, x.stop, 1, bahasa)
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        printed, small = percent(tick, 0, bahasa), SIZE["small"]
        label(ax, float(x(tick)), 3.0, printed, size=small, colour=MUTED, ha="center")
    axes = text("konsentrasi_sumbu", bahasa)
    label(ax, 0.5, 3.22, axes, size=SIZE["small"], colour=MUTED)
    rules(ax, x(0.0), y(0.0), x(1.0), y(0.0), [INK], 1.2)
    ax.fill_between(x(people), y(gap), y(np.zeros(len(gap))), color=PLACE, alpha=0.15, linewidth=0)
    ax.plot(x(people), y(gap), color=PLACE, linewidth=2.2)
    dots(ax, x(people), y(gap), [PLACE] * len(people), size=6)
    left, right = 3.65, page.width - 0.62
    label(ax, left, 0.12, text("konsentrasi_rata", bahasa), size=SIZE["small"], weight=MEDIUM)
    edge = max(float(np.abs(relative).max()), 0.05) * 1.05
    z = Scale(-edge, edge, left, right)
    bottom = 0.42 + 0.42 * len(names)
    for k, name in enumerate(reversed(names)):
        at, value = 0.45 + 0.42 * k, float(relative[len(names) - 1 - k])
        label(ax, left, at, name, size=SIZE["small"])
        ends = sorted((float(z(0.0)), float(z(value))))
        colour = PLACE if value >= 0 else ACCENT
        boxes(ax, ends[0], at + 0.06, max(ends[1] - ends[0], 0.012), 0.14, [colour], zorder=2)
        rules(ax, z(0.0), at + 0.03, z(0.0), at + 0.23, [INK], 1.2, zorder=3)
        printed = f"{difference(100 * value, 1, bahasa)}%"
        label(ax, page.width, at + 0.17, printed, weight=MEDIUM, ha="right")
    for line, (key, value) in enumerate((("indeks_konsentrasi", indeks), ("gini", gini))):
        printed = f"{text(key, bahasa)} {number(value, 3, bahasa)}"
        label(ax, left, bottom + 0.3 + 0.24 * line, printed, weight=BOLD if not line else REGULAR)
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)


def _classes(table: pd.DataFrame, bahasa: str) -> list[str]:
    names = words(table, "kelas_jabatan")
    if not names or names[-1] != ALL:
        raise ParameterError(f"the last row must be {ALL!r}")
    return [
        text("semua_kelas", bahasa) if n == ALL else text("kelas_ke", bahasa, kelas=n)
        for n in names
    ]


def _ties(share: float, bahasa: str) -> str:
    """Say the share of tied pairs in words: as a number it would tell how few are rated how."""
    if not np.isfinite(share):
        return MISSING
    key = "hampir_semua" if share >= NEARLY else "lebih" if share > HALF else "kurang"
    return text(f"seri_{key}", bahasa)


def _rows(n: int) -> np.ndarray:
    """Middles of the rows; the last, over all classes, a little apart."""
    middle = HEAD + PITCH * (np.arange(n) + 0.4)
    middle[-1] += 0.06
    return middle


def _ticks(
    ax: Axes,
    x: Scale,
    ticks: Sequence[float] | np.ndarray,
    printed: Sequence[str],
    bottom: float,
    top: float = 0.4,
) -> None:
    rules(ax, x(np.asarray(ticks)), top, x(np.asarray(ticks)), bottom, GRID, 0.8, zorder=0)
    for tick, words_ in zip(ticks, printed, strict=True):
        at = float(x(tick))
        label(ax, at, top - 0.06, words_, size=SIZE["small"], colour=MUTED, ha="center")


def _hidden_note(known: np.ndarray, minimum: int, bahasa: str) -> list[str]:
    return [] if known.all() else [text("tersembunyi", bahasa, minimum=minimum)]
