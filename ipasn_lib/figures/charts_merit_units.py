"""Charts of how units rate their people, and of pay beside the agency's own rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import Scale, boxes, dots, left_out, nothing_shown, rules
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import field, numeric, words
from ipasn_lib.figures.style import (
    BESIDE,
    GRID,
    INK,
    MUTED,
    NO_DATA,
    PLACE,
    SIZE,
    label,
    on_colour,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import shorten, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import HIDDEN, count, difference, percent, text

__all__ = ["PATTERN_KEYS", "leniency_units", "paid_by_rule", "pay_gap_units"]

PATTERN_KEYS = {
    "hampir semua Sangat Baik": "pola_hampir_semua",
    "sebagian besar Sangat Baik": "pola_sebagian_besar",
    "beragam": "pola_beragam",
}
"""Patterns of a unit's ratings, as the analysis names them, with their words."""

KNOWN_RANGE = {
    "hampir semua Sangat Baik": (0.9, 1.0),
    "sebagian besar Sangat Baik": (0.5, 0.9),
    "beragam": (0.0, 0.5),
}
"""What a pattern tells of a share that is itself hidden."""

SIDES = {"sesuai": PLACE, "kurang": BESIDE, "lebih": "#7a5195"}


def leniency_units(
    table: pd.DataFrame,
    *,
    subjudul: str = "",
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "kelonggaran",
) -> PublishedFigure:
    """Draw which share of each unit's people has the highest predicate.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``unit_kerja``; ``n_pegawai``, ``pola``, ``sangat_baik``, ``batas_bawah``,
        ``batas_atas`` (0-1), as :func:`ipasn_lib.analysis.merit.leniency` gives. Where the share
        is hidden, the range that its pattern tells is drawn.
    minimum, subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_merit.concordance_classes`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    people, share, low, high = (
        numeric(table, c) for c in ("n_pegawai", "sangat_baik", "batas_bawah", "batas_atas")
    )
    pattern = [None if pd.isna(p) else str(p) for p in field(table, "pola")]
    if unknown := sorted({p for p in pattern if p is not None} - set(PATTERN_KEYS)):
        raise ParameterError(f"pola {unknown}; known: {list(PATTERN_KEYS)}")
    names = words(table, "unit_kerja")
    shown = [k for k in range(len(names)) if pattern[k] is not None and np.isfinite(people[k])]
    if not shown:
        return nothing_shown(
            text("unit_kerja", bahasa).lower(),
            subjudul,
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    order = sorted(shown, key=lambda k: (-_middle(float(share[k]), str(pattern[k])), names[k]))
    lenient = sum(pattern[k] == "hampir semua Sangat Baik" for k in shown)
    finding = text(
        "judul_longgar" if lenient else "judul_tidak_longgar",
        bahasa,
        jumlah=count(lenient, bahasa),
        semua=count(len(shown), bahasa),
    )
    notes = [text("longgar_kotak", bahasa)] if not np.isfinite(share[shown]).all() else []
    if notes or len(shown) < len(names):
        notes.append(text("tersembunyi", bahasa, minimum=minimum))
    if len(shown) < len(names):
        hidden = count(len(names) - len(shown), bahasa)
        notes.insert(0, text("unit_tersembunyi", bahasa, jumlah=hidden))
    pitch = 0.28
    page = sheet(
        0.5 + pitch * len(order),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=notes,
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(0.0, 1.0, 2.35, page.width - 1.55)
    ticks = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    rules(ax, x(ticks), 0.38, x(ticks), page.height, GRID, 0.8, zorder=0)
    for tick in ticks:
        printed = percent(tick, 0, bahasa)
        label(ax, float(x(tick)), 0.32, printed, size=SIZE["small"], colour=MUTED, ha="center")
    for at, key in ((page.width - 0.75, "porsi"), (page.width, "n_dinilai")):
        label(ax, at, 0.32, text(key, bahasa), size=SIZE["small"], colour=MUTED, ha="right")
    for row, k in enumerate(order):
        y = 0.46 + pitch * (row + 0.45)
        name = shorten(names[k], 2.2, SIZE["small"])
        label(ax, 0.0, y + 0.05, name, size=SIZE["small"])
        label(ax, page.width, y + 0.05, count(people[k], bahasa), size=SIZE["small"], ha="right")
        if np.isfinite(share[k]):
            rules(ax, x(low[k]), y, x(high[k]), y, [PLACE], 2.2, zorder=2)
            dots(ax, [float(x(share[k]))], [y], [PLACE], size=9)
            printed = percent(share[k], 0, bahasa)
        else:
            left, right = (float(x(v)) for v in KNOWN_RANGE[str(pattern[k])])
            boxes(ax, left, y - 0.08, right - left, 0.16, [NO_DATA], zorder=1)
            printed = HIDDEN
        label(ax, page.width - 0.75, y + 0.05, printed, size=SIZE["small"], ha="right")
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)


def paid_by_rule(
    table: pd.DataFrame,
    *,
    subjudul: str = "",
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "menurut_aturan",
) -> PublishedFigure:
    """Draw which share of each group is paid as the rule has it, less, and more.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``kelas_jabatan`` or ``unit_kerja``; ``n_pegawai``, ``sesuai``, ``kurang``,
        ``lebih`` (0-1), ``selisih_relatif``, as
        :func:`ipasn_lib.analysis.merit.paid_against_rule` gives.
    minimum, subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`ipasn_lib.figures.charts_merit.concordance_classes`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    by = str(table.index.name)
    names = words(table, by)
    if by == "kelas_jabatan":
        names = [text("kelas_ke", bahasa, kelas=n) for n in names]
    shares = {side: numeric(table, side) for side in SIDES}
    gap = numeric(table, "selisih_relatif")
    known = np.isfinite(shares["sesuai"])
    group = text(f"menurut_{by}", bahasa)
    if not known.any():
        return nothing_shown(
            group, subjudul, asal, minimum=minimum, judul=judul, bahasa=bahasa, nama=nama
        )
    least, most = np.nanmin(shares["sesuai"]), np.nanmax(shares["sesuai"])
    alike = percent(least, 0, bahasa) == percent(most, 0, bahasa)
    finding = text(
        "judul_aturan_sama" if alike else "judul_aturan",
        bahasa,
        terendah=percent(least, 0, bahasa),
        tertinggi=percent(most, 0, bahasa),
        kelompok=group,
    )
    pitch = 0.32
    page = sheet(
        0.55 + pitch * len(names),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=[] if known.all() else [text("tersembunyi", bahasa, minimum=minimum)],
        bahasa=bahasa,
    )
    ax = page.axes()
    x = Scale(0.0, 1.0, 1.0 if by == "kelas_jabatan" else 2.3, page.width - 0.85)
    at = x.start
    for side, colour in SIDES.items():
        boxes(ax, at, 0.02, 0.14, 0.14, [colour])
        words_ = text(f"dibayar_{side}", bahasa)
        label(ax, at + 0.2, 0.14, words_, size=SIZE["small"])
        at += 0.45 + width(words_, SIZE["small"])
    heading = text("selisih_jumlah", bahasa)
    label(ax, page.width, 0.42, heading, size=SIZE["small"], colour=MUTED, ha="right")
    for k, name in enumerate(names):
        y = 0.5 + pitch * k
        short = shorten(name, x.start - 0.1, SIZE["small"])
        label(ax, 0.0, y + 0.17, short, size=SIZE["small"])
        printed = HIDDEN if not np.isfinite(gap[k]) else f"{difference(100 * gap[k], 1, bahasa)}%"
        label(ax, page.width, y + 0.17, printed, size=SIZE["small"], ha="right")
        if not known[k]:
            boxes(ax, x.start, y, x.stop - x.start, 0.23, [GRID])
            label(ax, x.start + 0.08, y + 0.17, HIDDEN, size=SIZE["small"], colour=MUTED)
            continue
        start = 0.0
        for side, colour in SIDES.items():
            value = float(shares[side][k])
            left, right = float(x(start)), float(x(start + value))
            boxes(ax, left, y, right - left, 0.23, [colour], edgecolors="white", linewidths=0.8)
            inside = percent(value, 0, bahasa)
            if right - left > width(inside, SIZE["small"]) + 0.1:
                middle, ink = (left + right) / 2, on_colour(colour)
                label(ax, middle, y + 0.17, inside, size=SIZE["small"], colour=ink, ha="center")
            start += value
    rules(ax, x.start, 0.46, x.start, page.height, [INK], 1.0, zorder=3)
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)


def pay_gap_units(
    table: pd.DataFrame,
    *,
    subjudul: str = "",
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "selisih_unit",
) -> PublishedFigure:
    """Draw by how much each unit's pay, added up, departs from the rule.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``unit_kerja``; ``n_pegawai`` and ``selisih_relatif``, as
        :func:`ipasn_lib.analysis.merit.paid_against_rule` gives by unit.
    minimum, subjudul, bahasa, judul, sumber, sintetis, nama
        As in :func:`paid_by_rule`.
    """
    asal = provenance(table, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    names, gap = words(table, "unit_kerja"), numeric(table, "selisih_relatif")
    order = [int(k) for k in np.argsort(-gap, kind="stable") if np.isfinite(gap[k])]
    if not order:
        group = text("menurut_unit_kerja", bahasa)
        return nothing_shown(
            group, subjudul, asal, minimum=minimum, judul=judul, bahasa=bahasa, nama=nama
        )
    lead = max(order, key=lambda k: abs(gap[k]))
    most = difference(100 * gap[lead], 1, bahasa)
    finding = text(
        "judul_selisih_nihil" if most == difference(0.0, 1, bahasa) else "judul_selisih_unit",
        bahasa,
        unit=names[lead],
        selisih=f"{most}%",
    )
    notes = left_out(np.isfinite(gap), minimum, bahasa)
    pitch = 0.28
    page = sheet(
        0.35 + pitch * len(order),
        judul=judul or finding,
        subjudul=subjudul,
        asal=asal,
        catatan=notes,
        bahasa=bahasa,
    )
    ax = page.axes()
    edge = 2.0 * float(np.ceil(max(50 * np.nanmax(np.abs(gap)), 1.0)))
    x = Scale(-edge, edge, 2.5, page.width - 0.75)
    for tick in (-edge, -edge / 2, 0.0, edge / 2, edge):
        printed = f"{difference(tick, 0, bahasa)}%"
        at = float(x(tick))
        rules(ax, at, 0.26, at, page.height, INK if tick == 0 else GRID, 0.8, zorder=0)
        label(ax, at, 0.2, printed, size=SIZE["small"], colour=MUTED, ha="center")
    for row, k in enumerate(order):
        y = 0.35 + pitch * (row + 0.45)
        label(ax, 0.0, y + 0.05, shorten(names[k], 2.3, SIZE["small"]), size=SIZE["small"])
        ends = sorted((float(x(0.0)), float(x(100 * gap[k]))))
        colour = SIDES["lebih" if gap[k] > 0 else "kurang"]
        boxes(ax, ends[0], y - 0.08, max(ends[1] - ends[0], 0.012), 0.16, [colour], zorder=2)
        printed = f"{difference(100 * gap[k], 1, bahasa)}%"
        label(ax, page.width, y + 0.05, printed, size=SIZE["small"], ha="right")
    alt = text("alt_umum", bahasa, temuan=judul or finding, isi=subjudul)
    return PublishedFigure(page.figure, alt, nama)


def _middle(share: float, pattern: str) -> float:
    """Where a unit stands in the order; a hidden share by the middle of its pattern."""
    return share if np.isfinite(share) else sum(KNOWN_RANGE[pattern]) / 2
