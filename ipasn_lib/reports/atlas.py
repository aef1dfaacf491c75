"""The batch's first page: every place of the province on one map and in one table.

The page is one file that works from a memory stick: no request, and no script but the page's
own, which the policy names by its hash. Without script the whole table is still there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports import _page
from ipasn_lib.reports.collect import HIDDEN, clean_text

__all__ = ["ENTRY_KEYS", "FILES", "build_index"]

ENTRY_KEYS = ("kode", "label")
"""What an entry cannot do without."""

FILES: Mapping[str, str] = {"html": "laporan.html", "xlsx": "laporan.xlsx"}
"""Names of a place's files inside its folder."""

_MISSING = "–"
_NO_CATEGORY = "#c9d0d6"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PATH = re.compile(r"[MmLlHhVvZzCcSsQqTtAa0-9eE.,+\-\s]+")
_VIEWBOX = re.compile(r"-?[\d.]+(?:[ ,]+-?[\d.]+){3}")


def build_index(
    entries: Sequence[Mapping[str, Any]],
    *,
    judul: str,
    tahun: int,
    sintetis: bool,
    sumber: str,
    gagal: Sequence[Mapping[str, Any]] = (),
    tautan: Mapping[str, str] | None = None,
    peta_svg: str | None = None,
    peta_alt: str = "",
    shapes: Mapping[str, str] | None = None,
    viewbox: str | None = None,
    bingkai: Sequence[tuple[float, float, float, float]] = (),
    warna: Mapping[str, str] | None = None,
    berkas: Mapping[str, str] = FILES,
    catatan: Sequence[str] = (),
) -> str:
    """Give the page that lists all places of a batch.

    Parameters
    ----------
    entries : sequence of mapping
        One a place: ``kode``, ``label``, ``folder`` (relative; None for no links), ``indeks``
        (0-100, None if hidden or not available), ``indeks_teks``, ``kategori``, ``partisipasi``
        (0-1), ``partisipasi_teks``, ``n_terukur_teks``, ``peringkat``, ``peringkat_teks`` and
        ``tersembunyi`` (True: numbers print as ``*)``), and ``lainnya`` (name to folder of the
        place's further reports). Numbers sort, texts print; a missing text is printed from its
        number, half up, with a decimal comma. Other keys are ignored.
    judul, tahun, sumber
        Title, measurement year, and where the numbers come from.
    sintetis : bool
        Marks the page as make-believe.
    gagal : sequence of mapping
        Places without a report: ``label``, ``kode`` and ``alasan`` (why, in a sentence).
    tautan : mapping of str to str, optional
        Reports of the province as a whole: name as printed, relative address.
    peta_svg, peta_alt : str, optional
        A finished map and the sentence that says what it shows. Left out where ``shapes`` are
        given, or if the drawing has active content.
    shapes : mapping of str to str, optional
        Code to SVG path: the page draws its own map, whose places are links. Later shapes lie
        over earlier ones (give cities after the regencies around them).
    viewbox : str, optional
        ``"min-x min-y width height"`` of the shapes; required with them.
    bingkai : sequence of (x, y, width, height)
        Frames around islands that the shapes show out of place, in units of the view box.
    warna : mapping of str to str, optional
        Category to colour (``#rrggbb``), lowest category first: also the legend's order.
    berkas : mapping of str to str
        Names of the files inside a place's folder: ``html`` and ``xlsx``.
    catatan : sequence of str
        Further notes under the table.

    Returns
    -------
    str
        The page. The same values always give the same text.

    Raises
    ------
    ParameterError
        If an entry lacks a key, a code comes twice, a link leaves the batch's folder, a colour,
        path or view box is none, or ``shapes`` come without ``viewbox``.
    """
    colours = _colours(warna or {})
    links = tautan or {}
    places = _places(entries, colours, berkas)
    script = _page.asset("indeks.js")
    counted = [
        (category, colour, sum(place["kategori"] == category for place in places))
        for category, colour in reversed(colours.items())
    ]
    without = sum(place["indeks"] is None for place in places)
    title = clean_text(judul).strip()
    words = _page.words("id")
    running = f"{title} · {words['data_sintetis']}" if sintetis else title
    return (
        _page.environment()
        .get_template("indeks.html.j2")
        .render(
            judul=title,
            tahun=int(tahun),
            sintetis=bool(sintetis),
            sumber=clean_text(sumber),
            tempat=places,
            jadi=sum(place["html"] is not None for place in places),
            gagal=[
                {key: clean_text(failed.get(key) or "") for key in ("kode", "label", "alasan")}
                for failed in gagal
            ],
            tautan=[(clean_text(name), _relative(link)) for name, link in links.items()],
            peta=_drawn(shapes, viewbox, places),
            kotak=viewbox,
            bingkai=[tuple(f"{float(side):g}" for side in frame) for frame in bingkai],
            peta_gambar=None if shapes or not peta_svg else _picture(peta_svg),
            peta_alt=clean_text(peta_alt) or title,
            legenda=counted,
            kategori_ada=list(dict.fromkeys(p["kategori"] for p in places if p["kategori"])),
            tanpa_angka=without,
            tanpa_warna=_NO_CATEGORY,
            catatan=[clean_text(note) for note in catatan],
            kata=words,
            kebijakan=_page.content_security_policy(script),
            gaya=Markup(_page.style("dasar.css", "indeks.css", running_head=running)),  # noqa: S704
            skrip=Markup(script),  # noqa: S704 - the package's own file
        )
    )


def _picture(svg: str) -> str | None:
    # With it comes a Markdown renderer, which a page that draws its own map need not wait for.
    from ipasn_lib.reports._sanitise import svg_uri

    return svg_uri(svg)


def _colours(warna: Mapping[str, str]) -> dict[str, str]:
    for colour in warna.values():
        if not _COLOUR.fullmatch(colour):
            raise ParameterError(f"colour {colour!r} is not of the form '#rrggbb'")
    return {clean_text(category): colour for category, colour in warna.items()}


def _places(
    entries: Sequence[Mapping[str, Any]],
    colours: Mapping[str, str],
    berkas: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Give the entries as printed, highest index first, those without a number last."""
    codes = [entry.get("kode") for entry in entries]
    if len(set(codes)) != len(codes):
        raise ParameterError("a place's code comes twice among the entries")
    places = [_place(entry, colours, berkas) for entry in entries]
    return sorted(
        places,
        key=lambda p: (p["indeks"] is None, -(p["indeks"] or 0.0), p["label"].casefold()),
    )


def _place(
    entry: Mapping[str, Any], colours: Mapping[str, str], berkas: Mapping[str, str]
) -> dict[str, Any]:
    lacking = [key for key in ENTRY_KEYS if not entry.get(key)]
    if lacking:
        raise ParameterError(f"an entry lacks {lacking}; expected at least {list(ENTRY_KEYS)}")
    hidden = bool(entry.get("tersembunyi")) or entry.get("indeks_teks") == HIDDEN
    # A hidden place's numbers must not ride along in the attributes that the script sorts by.
    index = None if hidden else _number(entry.get("indeks"))
    share = None if hidden else _number(entry.get("partisipasi"))
    rank = None if hidden else _number(entry.get("peringkat"))

    def printed(key: str, number: str) -> str:
        if hidden:
            return HIDDEN
        return clean_text(entry.get(key) or number)

    category = "" if hidden else clean_text(entry.get("kategori") or "")
    rank_text = printed("peringkat_teks", _MISSING if rank is None else f"{rank:.0f}")
    if rank is None and rank_text.isdigit():
        rank = float(rank_text)
    folder = entry.get("folder")
    return {
        "kode": clean_text(entry["kode"]),
        "label": clean_text(entry["label"]),
        "indeks": index,
        "indeks_teks": printed("indeks_teks", _decimal(index, 2)),
        "lebar": 0.0 if index is None else min(max(index, 0.0), 100.0),
        "kategori": category,
        "kategori_teks": category or (HIDDEN if hidden else _MISSING),
        "warna": colours.get(category, _NO_CATEGORY),
        "partisipasi": share,
        "partisipasi_teks": printed(
            "partisipasi_teks", _MISSING if share is None else _decimal(share * 100, 1) + "%"
        ),
        "n_terukur_teks": printed("n_terukur_teks", _MISSING),
        "peringkat": rank,
        "peringkat_teks": rank_text,
        "html": _relative(f"{folder}/{berkas['html']}") if folder and "html" in berkas else None,
        "xlsx": _relative(f"{folder}/{berkas['xlsx']}") if folder and "xlsx" in berkas else None,
        "lainnya": [
            (clean_text(name), _relative(f"{place}/{berkas['html']}"))
            for name, place in (entry.get("lainnya") or {}).items()
        ],
    }


def _number(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None


def _decimal(value: float | None, decimals: int) -> str:
    """Print half up with a decimal comma; figures' wording is out of this room's reach."""
    if value is None:
        return _MISSING
    step = Decimal(1).scaleb(-decimals)
    # Through 12 digits, so that 0.9665 * 100 is taken as 96.65 and not as 96.6499999...
    exact = Decimal(f"{value:.12g}").quantize(step, rounding=ROUND_HALF_UP)
    return f"{exact:,}".replace(",", " ").replace(".", ",").replace(" ", ".")


def _relative(address: str) -> str:
    """Give an address inside the batch's folder, quoted; refuse every other."""
    parts = address.split("/")
    if (
        re.search(r"[\\:\x00-\x1f]", address)
        or any(part in ("", ".", "..") for part in parts)
        or len(address) > 500
    ):
        raise ParameterError("a link of the index page does not stay inside the batch's folder")
    return "/".join(quote(part) for part in parts)


def _drawn(
    shapes: Mapping[str, str] | None, viewbox: str | None, places: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Give the shapes with the place that each stands for."""
    if not shapes:
        return []
    if viewbox is None or not _VIEWBOX.fullmatch(viewbox):
        raise ParameterError("shapes need a viewbox of four numbers: 'min-x min-y width height'")
    known = {place["kode"]: place for place in places}
    drawn = []
    for code, path in shapes.items():
        if not _PATH.fullmatch(path):
            raise ParameterError(f"the shape of {clean_text(code)!r} is not an SVG path")
        drawn.append({"kode": clean_text(code), "d": path, "tempat": known.get(code)})
    return drawn
