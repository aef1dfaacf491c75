"""Charts of the four dimensions of one kabupaten/kota, and of PNS and PPPK apart.

Every function takes tables that are already computed and gives a figure; where no title is given
it says the finding in a sentence made from the numbers shown. Hidden numbers are not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.marks import (
    Scale,
    boxes,
    dots,
    grid,
    nothing_shown,
    rules,
    spread,
)
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import (
    numeric,
    one_row,
    words,
)
from ipasn_lib.figures.style import (
    BESIDE,
    DIMENSION_COLOURS,
    DIMENSIONS,
    INK,
    MUTED,
    PALE,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM, width
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import number, points, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["dimension_bullets", "pns_pppk"]

UNKNOWN = "tidak diketahui"
"""How a summary names the people whose kind of ASN the file does not say."""


def dimension_bullets(
    place: pd.DataFrame,
    province: pd.DataFrame | None,
    peers: pd.DataFrame | None,
    maxima: Mapping[str, float],
    *,
    wilayah: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "dimensi",
) -> PublishedFigure:
    """Draw the four dimensions against their maximum, with the province and the peers.

    Parameters
    ----------
    place, province, peers : pandas.DataFrame
        One-row ringkasan each, with ``kualifikasi, kompetensi, kinerja, disiplin`` (mean points
        of the measured) and ``sumber_data``; province and peers may be None.
    maxima : mapping of str to float
        Maximum points of each dimension (``instrument.bobot``).
    wilayah : str
        Name of the place as printed ("Kab. Banyuwangi").
    minimum : int
        Smallest group shown, for the note on hidden numbers.
    bahasa : {"id", "en"}
        Language of the words.
    judul : str, optional
        The finding in words; by default the dimension that lacks most points.
    sumber, sintetis : optional
        See :func:`ipasn_lib.figures.style.provenance`.
    nama : str
        Slug of the figure.

    Notes
    -----
    Every track is as long as the dimension's maximum, so lengths are shares of what can be
    reached and may be compared between dimensions; points are printed at the right.
    """
    if set(maxima) != set(DIMENSIONS):
        raise ParameterError(f"maxima name {sorted(maxima)}; expected {sorted(DIMENSIONS)}")
    frames = [one_row(f, "a ringkasan") for f in (place, province, peers) if f is not None]
    asal = provenance(*frames, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    own = {d: float(numeric(place, d)[0]) for d in DIMENSIONS}
    known = {d: maxima[d] - v for d, v in own.items() if np.isfinite(v)}
    if not known:
        return nothing_shown(
            wilayah,
            text("subjudul_dimensi", bahasa, wilayah=wilayah),
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    worst = max(known, key=lambda d: known[d])
    finding = text(
        "judul_dimensi",
        bahasa,
        dimensi=text(worst, bahasa),
        poin=points(known[worst], bahasa),
        wilayah=wilayah,
    )
    pitch = 0.62
    page = sheet(
        pitch * len(DIMENSIONS),
        judul=judul or finding,
        subjudul=text("subjudul_dimensi", bahasa, wilayah=wilayah),
        asal=asal,
        bahasa=bahasa,
    )
    ax = page.axes()
    others = [
        (key, frame, kind)
        for key, frame, kind in (("provinsi", province, "line"), ("sebaya", peers, "ring"))
        if frame is not None
    ]
    for k, name in enumerate(DIMENSIONS):
        top = k * pitch
        track = Scale(0.0, maxima[name], 1.3, 5.72)
        label(ax, 0.0, top + 0.2, text(name, bahasa), weight=BOLD)
        boxes(ax, track(0.0), top + 0.04, track.stop - track.start, 0.24, [PALE])
        value = own[name]
        if np.isfinite(value):
            bar = track(value) - track.start
            boxes(ax, track(0.0), top + 0.04, bar, 0.24, [DIMENSION_COLOURS[name]])
        label(ax, 5.86, top + 0.2, points(value, bahasa), weight=BOLD, size=12.5)
        label(
            ax,
            5.86 + width(points(value, bahasa), 12.5, BOLD) + 0.07,
            top + 0.2,
            text("dari", bahasa, maksimum=number(maxima[name], 0, bahasa)),
            colour=MUTED,
            size=SIZE["small"],
        )
        _others(ax, others, name, track, top, bahasa)
    alt = text(
        "alt_dimensi",
        bahasa,
        wilayah=wilayah,
        isi="; ".join(
            f"{text(d, bahasa)} {points(own[d], bahasa)} "
            + text("dari", bahasa, maksimum=number(maxima[d], 0, bahasa))
            for d in DIMENSIONS
        ),
    )
    return PublishedFigure(page.figure, alt, nama)


def _others(
    ax: Axes,
    others: Sequence[tuple[str, pd.DataFrame, str]],
    name: str,
    track: Scale,
    top: float,
    bahasa: str,
) -> None:
    """Mark province and peers on the track and name them, with their points, right below."""
    x = track.start
    for key, frame, kind in others:
        value = float(numeric(frame, name)[0])
        if np.isfinite(value):
            _marker(ax, track(value), top + 0.16, kind, 0.155)
        printed = f"{text(key, bahasa)} {points(value, bahasa)}"
        _marker(ax, x + 0.05, top + 0.415, kind, 0.07)
        label(ax, x + 0.16, top + 0.455, printed, size=SIZE["small"], colour=MUTED)
        x += 1.62


def _marker(ax: Axes, x: float, y: float, kind: str, half: float) -> None:
    if kind == "line":
        rules(ax, x, y - half, x, y + half, INK, 2.2, zorder=4)
    else:
        dots(ax, [x], [y], ["white"], size=8.0, edgecolors=INK, linewidths=1.6, zorder=5)


def pns_pppk(
    ringkasan_jenis: pd.DataFrame,
    maxima: Mapping[str, float],
    *,
    wilayah: str,
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    nama: str = "pns_pppk",
) -> PublishedFigure:
    """Draw PNS and PPPK apart: index and dimensions as shares of their maximum.

    Parameters
    ----------
    ringkasan_jenis : pandas.DataFrame
        Ringkasan by ``jenis_asn`` (index or column; PNS, PPPK, "tidak diketahui") with
        ``indeks``, the four dimensions, ``n_terukur`` and ``sumber_data``.
    maxima : mapping of str to float
        Maximum points of each dimension.
    wilayah, minimum, bahasa, judul, sumber, sintetis, nama
        As in :func:`distribution`.
    """
    asal = provenance(ringkasan_jenis, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    kinds = words(ringkasan_jenis, "jenis_asn")
    colours = {"PNS": PLACE, "PPPK": BESIDE, UNKNOWN: MUTED}
    if unknown := sorted(set(kinds) - set(colours)):
        raise ParameterError(f"unknown jenis_asn {unknown}; expected {list(colours)}")
    rows = ("indeks", *DIMENSIONS)
    limit = {"indeks": 100.0, **maxima}
    value = {
        kind: {r: float(numeric(ringkasan_jenis, r)[k]) for r in rows}
        for k, kind in enumerate(kinds)
    }
    seen = [k for k in colours if k in value and np.isfinite(value[k]["indeks"])]
    if seen[:2] == ["PNS", "PPPK"]:
        gap = value["PPPK"]["indeks"] - value["PNS"]["indeks"]
        key = "judul_pppk_rendah" if gap < 0 else "judul_pppk_tinggi"
        finding = text(key, bahasa, poin=points(abs(gap), bahasa), wilayah=wilayah)
    elif seen:
        finding = text(
            "judul_satu_jenis",
            bahasa,
            jenis=seen[0],
            indeks=points(value[seen[0]]["indeks"], bahasa),
            wilayah=wilayah,
        )
    else:
        return nothing_shown(
            wilayah,
            text("subjudul_jenis", bahasa, wilayah=wilayah),
            asal,
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    pitch = 0.5
    hidden = len(seen) < len(value)
    page = sheet(
        0.3 + pitch * len(rows),
        judul=judul or finding,
        subjudul=text("subjudul_jenis", bahasa, wilayah=wilayah),
        asal=asal,
        catatan=[text("tersembunyi", bahasa, minimum=minimum)] if hidden else (),
        bahasa=bahasa,
    )
    ax = page.axes()
    share = {(k, r): 100.0 * value[k][r] / limit[r] for k in seen for r in rows}
    x = Scale(0.0, 100.0, 1.35, page.width - 0.3)
    grid(ax, x, [0, 25, 50, 75, 100], 0.22, 0.22 + pitch * len(rows), bahasa=bahasa, unit="%")
    for j, row in enumerate(rows):
        y = 0.22 + pitch * (j + 0.58)
        heavy = BOLD if row == "indeks" else MEDIUM
        label(ax, 0.0, y + 0.06, text(row, bahasa), weight=heavy)
        at = [float(x(share[k, row])) for k in seen]
        rules(ax, min(at), y, max(at), y, MUTED, 2.0)
        # PNS larger and below, so that two equal values still show as two.
        for kind, place in zip(seen, at, strict=True):
            dots(ax, [place], [y], [colours[kind]], size=13 if kind == "PNS" else 9)
        tags = [points(value[k][row], bahasa) for k in seen]
        if j == 0:
            tags = [f"{k} {t}" for k, t in zip(seen, tags, strict=True)]
        size = SIZE["small"]
        room = [width(t, size, BOLD) + 0.12 for t in tags]
        for tag, kind, place in zip(tags, seen, spread(at, room, x.start, page.width), strict=True):
            label(
                ax, place, y - 0.12, tag, size=size, weight=BOLD, colour=colours[kind], ha="center"
            )
    alt = text("alt_jenis", bahasa, wilayah=wilayah, temuan=finding)
    return PublishedFigure(page.figure, alt, nama)
