"""Charts of causes and plans: what makes up a difference, where spread lies, what steps add.

Most are waterfalls of tables that the analysis makes; where a part is hidden, nothing is drawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.charts_change import waterfall
from ipasn_lib.figures.marks import Scale, boxes, nothing_shown, rules
from ipasn_lib.figures.publish import PublishedFigure
from ipasn_lib.figures.reading import numeric, words
from ipasn_lib.figures.style import (
    ACCENT,
    DIMENSION_COLOURS,
    INK,
    MUTED,
    PLACE,
    SIZE,
    label,
    provenance,
    sheet,
)
from ipasn_lib.figures.typeface import BOLD, MEDIUM
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import percent, points, rupiah, text, translate

__all__ = ["between_units", "difference_parts", "plan_steps", "rule_parts"]

KINDS = ("dimensi", "faktor", "kelompok")


def difference_parts(
    bagian: pd.DataFrame | pd.Series,
    uraian: pd.DataFrame,
    *,
    asal: pd.DataFrame,
    nama_awal: str,
    nama_akhir: str,
    subjudul: str = "",
    minimum: int = MINIMUM,
    bahasa: str = "id",
    judul: str | None = None,
    nama: str = "uraian_perubahan",
) -> PublishedFigure:
    """Draw how dimensions, composition or movers make up a difference of the index.

    Parameters
    ----------
    bagian : pandas.DataFrame or pandas.Series
        The parts, by the name of the index: ``dimensi`` (column ``selisih``; a row "indeks" is
        their sum and left out), ``faktor`` (the series of
        :func:`ipasn_lib.analysis.decompose.split_factors`) or ``kelompok`` (column
        ``sumbangan``). Where a part is hidden, the figure says so and draws none.
    uraian : pandas.DataFrame
        Index ``dimensi`` with the row "indeks": its ``awal`` and ``akhir``.
    asal : pandas.DataFrame
        A summary of the place: ``sumber_data`` and ``id_instrumen``.
    nama_awal, nama_akhir : str
        The two sides as printed ("2021", "Kab. Jember").
    subjudul, minimum, bahasa, judul, nama
        As in :func:`ipasn_lib.figures.charts_change.waterfall`.
    """
    kind = str(bagian.index.name)
    if kind not in KINDS:
        raise ParameterError(f"parts are by {kind!r}; known: {', '.join(KINDS)}")
    parts = bagian if isinstance(bagian, pd.Series) else bagian[_VALUE[kind]]
    parts = parts.drop(index="indeks", errors="ignore")
    known = [text(name if kind == "dimensi" else f"{kind}_{name}", bahasa) for name in parts.index]
    if parts.isna().any():
        return nothing_shown(
            text("kelompok", bahasa).lower(),
            subjudul,
            provenance(asal, bahasa=bahasa),
            minimum=minimum,
            judul=judul,
            bahasa=bahasa,
            nama=nama,
        )
    return waterfall(
        _sourced(pd.DataFrame({"komponen": known, "nilai": parts.to_numpy(dtype=float)}), asal),
        awal=float(uraian["awal"]["indeks"]),
        akhir=float(uraian["akhir"]["indeks"]),
        nama_awal=nama_awal,
        nama_akhir=nama_akhir,
        subjudul=subjudul,
        bahasa=bahasa,
        judul=judul,
        nama=nama,
    )


_VALUE = {"dimensi": "selisih", "faktor": "selisih", "kelompok": "sumbangan"}


def rule_parts(
    bagian: pd.Series,
    *,
    asal: pd.DataFrame,
    nama_awal: str,
    nama_akhir: str,
    subjudul: str = "",
    bahasa: str = "id",
    judul: str | None = None,
    nama: str = "aturan",
) -> PublishedFigure:
    """Draw how much of a change across two instruments is the rule's, and how much is real.

    Parameters
    ----------
    bagian : pandas.Series
        ``awal``, ``aturan``, ``nyata`` and ``akhir``, as
        :func:`ipasn_lib.analysis.movers.split_rule_change` gives.
    asal, nama_awal, nama_akhir, subjudul, bahasa, judul, nama
        As in :func:`difference_parts`; ``asal`` names both instruments.
    """
    named = [text(f"bagian_{name}", bahasa) for name in ("aturan", "nyata")]
    parts = pd.DataFrame({"komponen": named, "nilai": [bagian["aturan"], bagian["nyata"]]})
    return waterfall(
        _sourced(parts.astype({"nilai": float}), asal),
        awal=float(bagian["awal"]),
        akhir=float(bagian["akhir"]),
        nama_awal=nama_awal,
        nama_akhir=nama_akhir,
        subjudul=subjudul,
        bahasa=bahasa,
        judul=judul,
        nama=nama,
    )


def plan_steps(
    langkah: pd.DataFrame,
    hasil: pd.Series,
    *,
    asal: pd.DataFrame,
    wilayah: str,
    bahasa: str = "id",
    judul: str | None = None,
    nama: str = "rencana",
) -> PublishedFigure:
    """Draw what each step of a plan adds to the index.

    Parameters
    ----------
    langkah : pandas.DataFrame
        ``label`` and ``kenaikan_indeks`` (points), as :func:`ipasn_lib.analysis.plan.by_step`
        gives.
    hasil : pandas.Series
        The plan's summary, as :func:`ipasn_lib.analysis.plan.outcome` gives.
    asal, bahasa, judul, nama
        As in :func:`difference_parts`.
    wilayah : str
        Name of the place.
    """
    before, after = float(hasil["indeks_awal"]), float(hasil["indeks_akhir"])
    subjudul = text("subjudul_rencana", bahasa, wilayah=wilayah)
    adds = numeric(langkah, "kenaikan_indeks")
    named = [translate(step, bahasa) for step in words(langkah, "label")]
    parts = pd.DataFrame({"komponen": named, "nilai": adds}).loc[adds > 0]
    parts = parts.sort_values("nilai", ascending=False, kind="stable")
    if parts.empty:
        return nothing_shown(
            wilayah,
            subjudul,
            provenance(asal, bahasa=bahasa),
            minimum=MINIMUM,
            judul=judul or text("judul_rencana_nihil", bahasa),
            bahasa=bahasa,
            nama=nama,
            alasan=text("alasan_rencana_nihil", bahasa),
        )
    return waterfall(
        _sourced(parts, asal),
        awal=before,
        akhir=after,
        nama_awal=text("cara_sekarang", bahasa),
        nama_akhir=text("sesudah", bahasa),
        subjudul=subjudul,
        bahasa=bahasa,
        judul=judul or _plan_title(hasil, after - before, bahasa),
        nama=nama,
    )


def _plan_title(hasil: pd.Series, rise: float, bahasa: str) -> str:
    if hasil["tujuan"] == "target":
        return text(
            "judul_rencana_sasaran",
            bahasa,
            sasaran=points(hasil["target"], bahasa),
            biaya=rupiah(float(hasil["biaya"]), bahasa),
        )
    if hasil["tujuan"] == "terjauh":
        return text(
            "judul_rencana_terjauh",
            bahasa,
            sasaran=points(hasil["target"], bahasa),
            bulan=hasil["bulan"],
            indeks=points(hasil["indeks_akhir"], bahasa),
        )
    key = "judul_rencana_anggaran" if hasil["biaya"] else "judul_rencana_gratis"
    return text(key, bahasa, biaya=rupiah(float(hasil["biaya"]), bahasa), poin=points(rise, bahasa))


def between_units(
    table: pd.DataFrame,
    *,
    asal: pd.DataFrame,
    wilayah: str,
    bahasa: str = "id",
    judul: str | None = None,
    nama: str = "antar_unit",
) -> PublishedFigure:
    """Draw which share of the spread of scores lies between units.

    Parameters
    ----------
    table : pandas.DataFrame
        Index ``nilai`` ("indeks" and the dimensions); ``varians`` and ``kebetulan`` (shares
        0-1; NaN where all score alike), as
        :func:`ipasn_lib.analysis.inequality.between_shares` gives.
    asal, wilayah, bahasa, judul, nama
        As in :func:`plan_steps`.
    """
    source = provenance(asal, bahasa=bahasa)
    measure = words(table, "nilai")
    share, chance = numeric(table, "varians"), numeric(table, "kebetulan")
    unknown = sorted(set(measure) - {"indeks", *DIMENSION_COLOURS})
    if unknown or "indeks" not in measure:
        raise ParameterError(f"measures must be indeks and dimensions; unknown: {unknown}")
    of_index = float(share[measure.index("indeks")])
    parts = [k for k, m in enumerate(measure) if m != "indeks" and np.isfinite(share[k])]
    subjudul = text("subjudul_antar_unit", bahasa, wilayah=wilayah)
    lead = max(parts, key=lambda k: share[k], default=measure.index("indeks"))
    finding = text(
        "judul_antar_unit",
        bahasa,
        porsi=percent(of_index, 0, bahasa),
        dimensi=text(measure[lead], bahasa).lower(),
        besar=percent(share[lead], 0, bahasa),
    )
    pitch = 0.34
    page = sheet(
        0.4 + pitch * len(measure),
        judul=judul or finding,
        subjudul=subjudul,
        asal=source,
        bahasa=bahasa,
    )
    ax = page.axes()
    most = max(float(np.nanmax([*share, *chance, 0.1])), 0.1)
    high = np.ceil(most * 10 - 1e-9) / 10
    x = Scale(0.0, high, 1.5, page.width - 0.75)
    step = 0.05 if high <= 0.3 else 0.1 if high <= 0.6 else 0.2
    ticks = np.arange(0.0, high + 1e-9, step)
    rules(ax, x(ticks), 0.3, x(ticks), page.height, zorder=0)
    for tick in ticks:
        at = float(x(tick))
        label(ax, at, 0.22, percent(tick, 0, bahasa), size=SIZE["small"], colour=MUTED, ha="center")
    for k, name in enumerate(measure):
        top = 0.38 + pitch * k
        heavy = BOLD if name == "indeks" else MEDIUM
        label(ax, 0.0, top + 0.17, text(name, bahasa), weight=heavy)
        if not np.isfinite(share[k]):
            label(ax, float(x(0.0)) + 0.07, top + 0.17, "–", colour=MUTED)
            continue
        colour = PLACE if name == "indeks" else DIMENSION_COLOURS[name]
        start, stop = float(x(0.0)), float(x(share[k]))
        boxes(ax, start, top, max(stop - start, 0.012), 0.23, [colour], zorder=2)
        rules(ax, x(chance[k]), top - 0.04, x(chance[k]), top + 0.27, [ACCENT], 2.0, zorder=3)
        beside = max(stop, float(x(chance[k]))) + 0.08
        label(ax, beside, top + 0.17, percent(share[k], 1, bahasa), weight=heavy, colour=INK)
    listed = "; ".join(
        f"{text(m, bahasa)} {percent(s, 1, bahasa)}" for m, s in zip(measure, share, strict=True)
    )
    return PublishedFigure(
        page.figure, text("alt_umum", bahasa, temuan=judul or finding, isi=listed), nama
    )


def _sourced(parts: pd.DataFrame, asal: pd.DataFrame) -> pd.DataFrame:
    named = {c: "; ".join(sorted({str(v) for v in asal[c].dropna()})) for c in _SOURCE if c in asal}
    return parts.assign(**named)


_SOURCE = ("sumber_data", "id_instrumen")
