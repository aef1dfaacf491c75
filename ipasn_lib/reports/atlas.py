"""The batch's first page: every place of the province on one map and in one table.

The page is one file that works from a memory stick: no request, and no script but the page's
own, which the policy names by its hash. Without script the year's whole table is still there,
with links to every report; the script adds other years and measures, search and comparison.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports import _page
from ipasn_lib.reports._atlas_year import (
    MEASURES,
    MISSING,
    describe_year,
    number_of,
    read_year,
    relative,
)
from ipasn_lib.reports.collect import HIDDEN, clean_text
from ipasn_lib.wording import family, number, translate

__all__ = ["MEASURES", "build_index", "describe_year", "read_year"]

GROUPS = 5
"""Groups in which places are coloured where the regulation has no categories."""

_NO_NUMBER = "#c9d0d6"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PATH = re.compile(r"[MmLlHhVvZzCcSsQqTtAa0-9eE.,+\-\s]+")
_VIEWBOX = re.compile(r"-?[\d.]+(?:[ ,]+-?[\d.]+){3}")


def build_index(
    tahun_ini: Mapping[str, Any],
    lain: Sequence[Mapping[str, Any]] = (),
    *,
    warna: Mapping[str, str],
    warna_kelompok: Sequence[str],
    shapes: Mapping[str, str] | None = None,
    viewbox: str | None = None,
    bingkai: Sequence[tuple[float, float, float, float]] = (),
    catatan: Sequence[str] = (),
    bahasa: str = "id",
) -> str:
    """Give the page that lists all places of a batch.

    Parameters
    ----------
    tahun_ini : mapping
        The page's own year, from :func:`describe_year`.
    lain : sequence of mapping
        Other years that the page can show; their reports lie in ``../<tahun>/``. Those under
        other instruments are marked as not comparable.
    warna : mapping of str to str
        Category of the index to colour (``#rrggbb``), lowest category first.
    warna_kelompok : sequence of str
        Five colours for groups of a dimension, lowest first.
    shapes : mapping of str to str, optional
        Code to SVG path of the map. Later shapes lie over earlier ones (give cities after the
        regencies around them).
    viewbox : str, optional
        ``"min-x min-y width height"`` of the shapes; required with them.
    bingkai : sequence of (x, y, width, height)
        Frames around islands that the shapes show out of place, in units of the view box.
    catatan : sequence of str
        Further notes under the table.
    bahasa : {"id", "en"}
        Language of the page; a year is kept in Indonesian and said in it here.

    Returns
    -------
    str
        The page. The same values always give the same text.

    Raises
    ------
    ParameterError
        If a colour, path or view box is none, ``shapes`` come without ``viewbox``, a year comes
        twice, or make-believe years meet real ones.
    """
    years = _in_order(tahun_ini, lain)
    palette = {
        "kategori": [translate(clean_text(name), bahasa) for name in warna],
        "warna": [_colour(colour) for colour in warna.values()],
        "warna_kelompok": [_colour(colour) for colour in warna_kelompok],
    }
    if len(palette["warna_kelompok"]) != GROUPS:
        raise ParameterError(f"expected {GROUPS} colours of groups")
    names = [clean_text(name) for name in warna]
    shown = {year["tahun"]: _shown(year, tahun_ini, names, bahasa) for year in years}
    title, script = translate(tahun_ini["judul"], bahasa), _page.asset("indeks.js")
    kata = _page.words(bahasa)
    places = _rows(tahun_ini, shown[tahun_ini["tahun"]], bahasa)
    data = {
        "ini": tahun_ini["tahun"],
        "tahun": shown,
        "kata": family("hal_atl_", bahasa),
        **palette,
    }
    running = f"{title} · {kata['data_sintetis']}" if tahun_ini["sintetis"] else title
    return (
        _page.environment()
        .get_template("indeks.html.j2")
        .render(
            bahasa=bahasa,
            judul=title,
            ini=tahun_ini,
            tempat=places,
            jadi=sum("html" in place["berkas"] for place in tahun_ini["tempat"]),
            ukuran=MEASURES,
            tahun_tahun=[(year["tahun"], shown[year["tahun"]]["sebanding"]) for year in years],
            sumber=translate(tahun_ini["sumber"], bahasa),
            tautan={
                translate(name, bahasa): relative(link)
                for name, link in tahun_ini["tautan"].items()
            },
            peta=_drawn(shapes, viewbox, places),
            kotak=viewbox,
            bingkai=[tuple(f"{float(side):g}" for side in frame) for frame in bingkai],
            legenda=[
                (name, colour, sum(place["kategori"] == name for place in places))
                for name, colour in zip(palette["kategori"], palette["warna"], strict=True)
            ][::-1],
            warna=dict(zip(palette["kategori"], palette["warna"], strict=True)),
            tanpa_warna=_NO_NUMBER,
            tersembunyi=HIDDEN,
            catatan=[clean_text(note) for note in catatan],
            kata=kata,
            data=Markup(_data(data)),  # noqa: S704 - no character of it can end the element
            kebijakan=_page.content_security_policy(script),
            gaya=Markup(_page.style("dasar.css", "indeks.css", running_head=running)),  # noqa: S704
            skrip=Markup(script),  # noqa: S704 - the package's own file
        )
    )


def _in_order(
    tahun_ini: Mapping[str, Any], lain: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    years = sorted([tahun_ini, *lain], key=lambda year: int(year["tahun"]))
    if len({year["tahun"] for year in years}) != len(years):
        raise ParameterError("a year comes twice")
    if len({year["sintetis"] for year in years}) > 1:
        raise ParameterError("make-believe years and real ones cannot stand on one page")
    return years


def _colour(colour: str) -> str:
    if not _COLOUR.fullmatch(colour):
        raise ParameterError(f"colour {colour!r} is not of the form '#rrggbb'")
    return colour


def _said(printed: str, bahasa: str) -> str:
    """Print a number, kept as Indonesian prints it, in the page's language."""
    value = number_of(printed)
    if value is None:
        return printed
    digits = len(printed.removesuffix("%").partition(",")[2])
    return number(value, digits, bahasa) + ("%" if printed.endswith("%") else "")


def _shown(
    year: Mapping[str, Any], own: Mapping[str, Any], categories: Sequence[str], bahasa: str
) -> dict[str, Any]:
    """Give a year as the page's script reads it: values as ``[text, number, rank, class]``."""
    before = "" if year["tahun"] == own["tahun"] else f"../{year['tahun']}/"
    ranked = {m: sum(m in place["nilai"] for place in year["tempat"]) for m in MEASURES}

    def value(place: Mapping[str, Any], measure: str) -> list[Any] | None:
        if measure not in place["nilai"]:
            return None
        text, rank = place["nilai"][measure]
        if measure == "indeks":
            known = place["kategori"] in categories
            kind = categories.index(place["kategori"]) if known else None
        else:
            kind = None if rank is None else GROUPS - 1 - (rank - 1) * GROUPS // ranked[measure]
        return [_said(text, bahasa), number_of(text), rank, kind]

    return {
        "sumber": translate(year["sumber"], bahasa),
        "instrumen": ", ".join(year["instrumen"]),
        "sebanding": year["instrumen"] == own["instrumen"],
        "maksimum": year["maksimum"],
        "tempat": {
            place["kode"]: {
                "label": place["label"],
                "tersembunyi": place["tersembunyi"],
                "nilai": {measure: value(place, measure) for measure in MEASURES},
                "partisipasi": _said(place["partisipasi"], bahasa),
                "terukur": _said(place["terukur"], bahasa),
                "berkas": [
                    [translate(name, bahasa), before + relative(link)]
                    for name, link in place["berkas"].items()
                ],
            }
            for place in year["tempat"]
        },
    }


def _rows(year: Mapping[str, Any], shown: Mapping[str, Any], bahasa: str) -> list[dict[str, Any]]:
    """Give the table's rows, highest index first, those without a number last."""
    most = year["maksimum"].get("indeks", 100.0)
    rows = []
    for place in year["tempat"]:
        entry = shown["tempat"][place["kode"]]
        index = entry["nilai"]["indeks"]
        absent = HIDDEN if place["tersembunyi"] else MISSING
        values = {m: v[0] if v else absent for m, v in entry["nilai"].items()}
        links = dict(entry["berkas"])
        row = {key: place[key] for key in ("kode", "label", "tersembunyi")}
        row["kategori"] = translate(place["kategori"], bahasa) if place["kategori"] else ""
        row |= {"nilai": values, "laporan": links.pop("html", None), "berkas": links}
        row |= {"partisipasi": entry["partisipasi"], "terukur": entry["terukur"]}
        row["peringkat"] = index[2] if index and index[2] is not None else absent
        row["kategori_teks"] = row["kategori"] or absent
        row["lebar"] = min(max(index[1] / most, 0), 1) * 100 if index else None
        row["urut"] = (index is None, -index[1] if index else 0, place["label"].casefold())
        rows.append(row)
    return sorted(rows, key=lambda row: row["urut"])


def _data(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


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
        drawn.append({"kode": clean_text(code), "d": path, "tempat": known.get(clean_text(code))})
    return drawn
