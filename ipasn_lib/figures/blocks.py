"""Blocks of a report that are neither chart nor table: headline, method, signature.

They take plain values (figures know nothing of instruments) and give escaped HTML with the few
inline styles it needs to look decent where the report's style sheet is not at hand.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.publish import PublishedBlock, PublishedHeadline
from ipasn_lib.figures.reading import (
    field,
    numeric,
    one_row,
)
from ipasn_lib.figures.style import GRID, INK, MUTED, PLACE, provenance
from ipasn_lib.figures.tables import chip, synthetic_badge
from ipasn_lib.threshold import MINIMUM
from ipasn_lib.wording import (
    count,
    date,
    number,
    percent,
    points,
    round_half_up,
    text,
    translate,
)

__all__ = ["Guard", "headline", "method_note", "signing_block", "unless"]

_LINK = re.compile(r"https?://[^\s\"'<>]+")


def headline(
    ringkasan: pd.DataFrame,
    *,
    kode_kabkota: str,
    label: str,
    tahun: int,
    sasaran: float | None = None,
    provinsi: float | None = None,
    peringkat: tuple[int, int] | None = None,
    ditolak: int | None = None,
    cakupan: tuple[int, int] | None = None,
    sumber: str | None = None,
    sintetis: bool | None = None,
    minimum: int = MINIMUM,
    bahasa: str = "id",
) -> PublishedHeadline:
    """Make the card at the head of a report.

    Parameters
    ----------
    ringkasan : pandas.DataFrame
        One-row ringkasan of the place: ``n_pegawai, n_terukur, partisipasi, indeks, kategori,
        sumber_data, id_instrumen``.
    kode_kabkota, label, tahun
        Code ("3510"), name as printed ("Kab. Banyuwangi") and measurement year.
    sasaran : float, optional
        Target of the index; the card then says how far it is.
    provinsi : float, optional
        The province's index.
    peringkat : tuple of int, optional
        Rank, and of how many places.
    ditolak : int, optional
        Rows of the source that were refused.
    cakupan : tuple of int, optional
        How many places the numbers cover, and of how many; said where it is not all.
    sumber, sintetis, minimum, bahasa
        As in :func:`ipasn_lib.figures.tables.publish_table`.
    """
    one_row(ringkasan, "ringkasan")
    asal = provenance(ringkasan, sumber=sumber, sintetis=sintetis, bahasa=bahasa)
    value = float(numeric(ringkasan, "indeks")[0])
    n, measured, share = (
        float(numeric(ringkasan, c)[0]) for c in ("n_pegawai", "n_terukur", "partisipasi")
    )
    category = field(ringkasan, "kategori").iloc[0]
    if pd.notna(category):
        category = translate(str(category), bahasa)
    known = value == value and n == n
    facts: list[tuple[str, str]] = []
    if cakupan is not None and cakupan[0] < cakupan[1]:
        some = text("cakupan_dari", bahasa, jumlah=cakupan[0], semua=cakupan[1])
        facts.append((text("cakupan", bahasa), some))
    if n == n:
        facts.append(
            (
                text("n_terukur", bahasa),
                text(
                    "terukur_dari",
                    bahasa,
                    terukur=count(measured, bahasa),
                    pegawai=count(n, bahasa),
                    persen=percent(share, 1, bahasa),
                ),
            )
        )
    if known and sasaran is not None:
        key = "kurang" if value < sasaran else "lebih"
        gap = text(key, bahasa, poin=points(abs(value - sasaran), bahasa))
        facts.append((f"{text('sasaran', bahasa)} {points(sasaran, bahasa)}", gap))
    if known and provinsi is not None:
        facts.append((text("provinsi", bahasa), points(provinsi, bahasa)))
    if known and peringkat is not None:
        rank = text("peringkat_dari", bahasa, peringkat=peringkat[0], jumlah=peringkat[1])
        facts.append((text("peringkat", bahasa), rank))
    if ditolak is not None:
        key = "baris_ditolak" if ditolak else "tanpa_ditolak"
        facts.append((text("mutu_data", bahasa), text(key, bahasa, jumlah=count(ditolak, bahasa))))
    stated = _only(ringkasan, "sumber_data", sumber)
    kepala = {
        "kode_kabkota": kode_kabkota,
        "label": label,
        "tahun": tahun,
        # As printed: an unrounded mean would tell more than the page does.
        "indeks": round_half_up(value, 2) if known else None,
        "kategori": str(category) if known and pd.notna(category) else None,
        "n_pegawai": int(n) if n == n else None,
        "n_terukur": int(measured) if measured == measured else None,
        "partisipasi": round_half_up(share, 3) if share == share else None,
        "sumber_data": None if stated is None else translate(stated, bahasa),
        "id_instrumen": _only(ringkasan, "id_instrumen", None),
        "sintetis": asal.sintetis,
    }
    big = points(value, bahasa) if known else text("tidak_ditampilkan", bahasa)
    plain = [f"{label}, {text('indeks_panjang', bahasa)} {tahun}: {big}"]
    if known and pd.notna(category):
        plain[0] += f" ({category})"
    plain += [f"{term}: {words}" for term, words in facts]
    if not known:
        plain.append(text("tersembunyi", bahasa, minimum=minimum))
    plain.append(asal.text)
    return PublishedHeadline(
        kepala,
        _card(label, tahun, big, category, facts, plain, asal.sintetis, bahasa),
        "\n".join(plain),
    )


def _only(frame: pd.DataFrame, name: str, other: str | None) -> str | None:
    if name in frame and pd.notna(frame[name].iloc[0]):
        return str(frame[name].iloc[0])
    return other


def _card(
    label: str,
    tahun: int,
    big: str,
    category: Any,
    facts: Sequence[tuple[str, str]],
    plain: Sequence[str],
    sintetis: bool,
    bahasa: str,
) -> str:
    known = any(c.isdigit() for c in big)
    size = "3.6rem" if known else "1.5rem"
    rows = "".join(
        f'<div style="border-top:1px solid {GRID};padding:6px 0">'
        f'<span style="display:block;color:{MUTED};font-size:0.85rem">{html.escape(term)}</span>'
        f'<span style="display:block;font-weight:600">{html.escape(words)}</span></div>'
        for term, words in facts
    )
    badge = f'<div style="margin-bottom:8px">{synthetic_badge(bahasa)}</div>' if sintetis else ""
    mark = chip(str(category), bahasa) if known and pd.notna(category) else ""
    note = "" if known else f'<div style="color:{MUTED}">{html.escape(plain[-2])}</div>'
    return (
        f'<div class="ipasn-kepala" style="border-top:5px solid {PLACE};padding:14px 0;'
        f'color:{INK};line-height:1.35">{badge}'
        '<div style="display:flex;flex-wrap:wrap;gap:18px 48px;align-items:flex-start">'
        '<div class="ipasn-kepala-indeks">'
        f'<div style="font-weight:700;font-size:1.15rem">{html.escape(label)}</div>'
        f'<div style="color:{MUTED}">{html.escape(text("indeks_panjang", bahasa))} {tahun}</div>'
        f'<div class="ipasn-angka" style="font-size:{size};font-weight:700;line-height:1.15;'
        f'letter-spacing:-0.02em">{html.escape(big)}</div>{mark}</div>'
        '<div class="ipasn-kepala-fakta" style="flex-grow:1;flex-basis:22rem;display:grid;'
        'grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:0 24px">'
        f"{rows}{note}</div>"
        f'</div><div style="color:{MUTED};font-size:0.85rem;padding-top:8px">'
        f"{html.escape(plain[-1])}</div></div>"
    )


def method_note(instrumen: Mapping[str, Any], *, bahasa: str = "id") -> PublishedBlock:
    """Say how the index was measured, from plain values.

    Parameters
    ----------
    instrumen : mapping
        ``id`` and ``judul`` (str); optionally ``dimensi`` (list of mappings ``label, bobot,
        status``), ``tafsir`` (list of mappings ``pertanyaan, pilihan``), ``sumber`` (list of
        mappings ``judul``, ``pasal``, ``tautan``, ``keyakinan``), ``catatan`` (list of str).
        Unknown keys are refused.
    bahasa : {"id", "en"}
        Language. Titles of regulations and sources are cited as they are, marked as Indonesian.
    """
    known = {"id", "judul", "dimensi", "tafsir", "sumber", "catatan"}
    if unknown := sorted(set(instrumen) - known):
        raise ParameterError(f"unknown keys {unknown}; expected {sorted(known)}")
    missing = sorted({"id", "judul"} - set(instrumen))
    if missing:
        raise ParameterError(f"method_note needs the keys {missing}")
    say = partial(translate, bahasa=bahasa)
    sections: list[tuple[str, list[str], list[str]]] = []

    def add(key: str, plain: list[str], rich: list[str] | None = None) -> None:
        if plain:
            sections.append((text(key, bahasa), plain, rich or [html.escape(p) for p in plain]))

    add(
        "dimensi",
        [
            f"{say(d['label'])}: {number(d['bobot'], 0, bahasa)} {text('poin', bahasa)}"
            + (f" ({say(d['status'])})" if d.get("status") else "")
            for d in instrumen.get("dimensi", ())
        ],
    )
    add(
        "tafsir",
        [f"{say(t['pertanyaan'])}: {say(t['pilihan'])}" for t in instrumen.get("tafsir", ())],
    )
    add("catatan", [say(str(c)) for c in instrumen.get("catatan", ())])
    sources = list(instrumen.get("sumber", ()))
    add(
        "sumber_acuan",
        [_source(s, bahasa) for s in sources],
        [_source_html(s, bahasa) for s in sources],
    )
    body = "".join(
        f'<p style="margin:10px 0 2px;font-weight:700">{html.escape(head)}</p>'
        f'<ul style="margin-top:0">{"".join(f"<li>{item}</li>" for item in rich)}</ul>'
        for head, _, rich in sections
    )
    title, ident = say(str(instrumen["judul"])), str(instrumen["id"])
    named = _cited(title, bahasa, said=title != instrumen["judul"])
    page = (
        f'<div class="ipasn-metode"><p style="margin:0"><strong>{named}</strong><br>'
        f'<span style="color:{MUTED}">{html.escape(text("instrumen", bahasa))}: '
        f"<code>{html.escape(ident)}</code></span></p>{body}</div>"
    )
    plain = [f"{title} ({ident})"]
    for head, items, _ in sections:
        plain += ["", head, *(f"- {item}" for item in items)]
    return PublishedBlock(page, "\n".join(plain))


def _source(source: Mapping[str, Any], bahasa: str) -> str:
    return ", ".join(_named(source)) + _sure(source, bahasa)


def _source_html(source: Mapping[str, Any], bahasa: str) -> str:
    link = str(source.get("tautan") or "")
    sure = html.escape(_sure(source, bahasa))
    if not _LINK.fullmatch(link):
        return _cited(", ".join(_named(source)), bahasa) + sure
    title, *rest = _named({**source, "tautan": ""})
    cited = f'<a href="{html.escape(link)}">{_cited(title, bahasa)}</a>'
    return ", ".join([cited, *(_cited(part, bahasa) for part in rest)]) + sure


def _named(source: Mapping[str, Any]) -> list[str]:
    return [str(source["judul"]), *(str(source[k]) for k in ("pasal", "tautan") if source.get(k))]


def _sure(source: Mapping[str, Any], bahasa: str) -> str:
    said = str(source.get("keyakinan") or "")
    return f" [{translate(said, bahasa)}]" if said else ""


def _cited(words: str, bahasa: str, *, said: bool = False) -> str:
    """Give a title as it is; beside another language a screen reader is told that it is one."""
    safe = html.escape(words)
    return safe if bahasa == "id" or said else f'<span lang="id">{safe}</span>'


def signing_block(
    *,
    tempat: str,
    tanggal: dt.date,
    jabatan: str,
    nama: str,
    nip: str = "",
    bahasa: str = "id",
) -> PublishedBlock:
    """Make the block that the responsible officer signs: place, date, office, name and NIP."""
    lines = [f"{tempat}, {date(tanggal, bahasa)}", jabatan, "", "", nama]
    if nip:
        lines.append(f"NIP {nip}")
    rows = "".join(
        f"<div>{html.escape(line)}</div>" if line else '<div style="height:2em"></div>'
        for line in lines
    )
    return PublishedBlock(
        '<div class="ipasn-tanda-tangan" style="margin-left:auto;width:18rem;margin-top:24px">'
        f"{rows}</div>",
        "\n".join(lines),
    )


@dataclass(frozen=True)
class Guard:
    """Runs what follows only where there is no reason against it; else says so.

    Attributes
    ----------
    kunci : str
        Key of the reason; empty where there is none.
    bahasa : str
        Language.
    nilai : mapping
        Fillings of the sentence.
    dikatakan : bool
        True where the guard that this one was made from has the reason, and says it.
    """

    kunci: str
    bahasa: str
    nilai: Mapping[str, object]
    dikatakan: bool = False

    @property
    def alasan(self) -> PublishedBlock | None:
        """The reason in one sentence, to be shown once; None where there is none to say."""
        if not self.kunci or self.dikatakan:
            return None
        return _remark(text(f"alasan_{self.kunci}", self.bahasa, **self.nilai), INK)

    def __call__(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call the function, or give the short remark that this part is not computed."""
        if self.kunci:
            return _remark(text("alasan_lihat_di_atas", self.bahasa), MUTED)
        return function(*args, **options)

    def also(self, why: Callable[..., str], *args: Any) -> Guard:
        """Give a guard that also minds the reason that a function finds (empty: none)."""
        if self.kunci:
            return replace(self, dikatakan=True)
        return replace(self, kunci=why(*args))


def unless(kunci: str, *, bahasa: str = "id", **nilai: object) -> Guard:
    """Guard the parts of a notebook that may have nothing to show.

    Parameters
    ----------
    kunci : str
        Key of the reason, as :mod:`ipasn_lib.records.sides` gives it; an empty text for none.
    bahasa : {"id", "en"}
        Language.
    **nilai
        What the sentence names: ``wilayah``, ``awal``, ``akhir``, ``pembanding``, ``minimum``
        (by default the smallest that may be shown).

    Examples
    --------
    >>> bila = unless("tahun_tidak_ada", awal=2021, akhir=2022)
    >>> bila(sorted, [2, 1]).plain
    'Tidak dihitung; alasannya di atas.'
    >>> unless("")(sorted, [2, 1])
    [1, 2]
    """
    return Guard(kunci, bahasa, {"minimum": MINIMUM, **nilai})


def _remark(words: str, colour: str) -> PublishedBlock:
    return PublishedBlock(
        f'<p class="ipasn-alasan" style="border-left:4px solid {GRID};padding:4px 12px;'
        f'color:{colour};margin:8px 0">{html.escape(words)}</p>',
        words,
    )
