"""One year of the province as its first page shows it, and as it is kept beside that page.

Numbers are kept as printed, with their rank: what was rounded for print, or hidden, is in no
page, neither in this year's nor in those of other years that show it too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.collect import HIDDEN, clean_text

__all__ = ["MEASURES", "MISSING", "describe_year", "number_of", "read_year", "relative"]

MEASURES = ("indeks", "kualifikasi", "kompetensi", "kinerja", "disiplin")
"""What the page can show: the index and its four dimensions."""

MISSING = "–"
_PLACE = ("kode", "label")
_NUMBER = re.compile(r"-?\d{1,3}(?:\.?\d{3})*(?:,\d+)?")


def describe_year(
    tempat: Sequence[Mapping[str, Any]],
    *,
    judul: str,
    tahun: int,
    sintetis: bool,
    sumber: str,
    instrumen: Sequence[str] = (),
    maksimum: Mapping[str, float] | None = None,
    gagal: Sequence[Mapping[str, Any]] = (),
    tautan: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Check and clean what the page shows of one year; the result is JSON and describes itself.

    Parameters
    ----------
    tempat : sequence of mapping
        One a place: ``kode``, ``label``, ``tersembunyi`` (its numbers print as ``*)``), ``nilai``
        (measure to ``[text, rank]``: the number as printed with a decimal comma, and its rank
        with 1 the highest, both possibly None), ``kategori`` (of the index), ``partisipasi`` and
        ``terukur`` (as printed), and ``berkas`` (name as printed to relative address; ``html``
        is its report).
    judul, tahun, sumber
        Title, measurement year, and where the numbers come from.
    sintetis : bool
        Whether the numbers are make-believe.
    instrumen : sequence of str
        Ids of the instruments: years whose ids differ are not comparable.
    maksimum : mapping of str to float, optional
        Measure to the most points it can have.
    gagal : sequence of mapping
        Places without a report: ``label``, ``kode`` and ``alasan`` (why, in a sentence).
    tautan : mapping of str to str, optional
        Reports of the province as a whole: name as printed, relative address.

    Returns
    -------
    dict
        The arguments by name, cleaned; ``describe_year(**result)`` gives the same again.

    Raises
    ------
    ParameterError
        If a place lacks a key or comes twice, a measure is unknown, a printed number is none, or
        a link leaves the batch's folder.
    """
    codes = [place.get("kode") for place in tempat]
    if len(set(codes)) != len(codes):
        raise ParameterError("a place's code comes twice among the entries")
    return {
        "tempat": [_place(place) for place in tempat],
        "judul": clean_text(judul).strip(),
        "tahun": int(tahun),
        "sintetis": bool(sintetis),
        "sumber": clean_text(sumber),
        "instrumen": sorted({clean_text(name) for name in instrumen}),
        "maksimum": {_measure(name): float(most) for name, most in (maksimum or {}).items()},
        "gagal": [
            {key: clean_text(failed.get(key) or "") for key in ("kode", "label", "alasan")}
            for failed in gagal
        ],
        "tautan": {clean_text(name): _link(link) for name, link in (tautan or {}).items()},
    }


def read_year(path: Path) -> dict[str, Any]:
    """Read a year that was kept beside its page.

    Raises
    ------
    ParameterError
        If the file is not what :func:`describe_year` gives.
    """
    try:
        return describe_year(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise ParameterError(f"'{path.parent.name}/{path.name}' cannot be read") from None


def number_of(text: str | None) -> float | None:
    """Give the number that a text prints with a decimal comma; None if it prints none."""
    if text is None or not _NUMBER.fullmatch(text.removesuffix("%")):
        return None
    return float(text.removesuffix("%").replace(".", "").replace(",", "."))


def relative(address: str) -> str:
    """Give an address inside the batch's folder, quoted; refuse every other."""
    return "/".join(quote(part) for part in _link(address).split("/"))


def _link(address: str) -> str:
    parts = address.split("/")
    if (
        re.search(r"[\\:\x00-\x1f]", address)
        or any(part in ("", ".", "..") for part in parts)
        or len(address) > 500
    ):
        raise ParameterError("a link of the index page does not stay inside the batch's folder")
    return address


def _measure(name: str) -> str:
    if name not in MEASURES:
        raise ParameterError(f"unknown measure {name!r}; expected one of {list(MEASURES)}")
    return name


def _place(place: Mapping[str, Any]) -> dict[str, Any]:
    lacking = [key for key in _PLACE if not place.get(key)]
    if lacking:
        raise ParameterError(f"an entry lacks {lacking}; expected at least {list(_PLACE)}")
    hidden = bool(place.get("tersembunyi"))
    given = {} if hidden else place.get("nilai") or {}
    said = dict.fromkeys(("partisipasi", "terukur"), HIDDEN if hidden else MISSING)
    if not hidden:
        said |= {key: clean_text(place[key]) for key in said if place.get(key)}
    values = {_measure(name): _value(*shown) for name, shown in given.items()}
    return {
        "kode": clean_text(place["kode"]),
        "label": clean_text(place["label"]),
        "tersembunyi": hidden,
        "nilai": {name: shown for name, shown in values.items() if shown is not None},
        "kategori": "" if hidden else clean_text(place.get("kategori") or ""),
        **said,
        "berkas": {clean_text(k): _link(v) for k, v in (place.get("berkas") or {}).items()},
    }


def _value(text: str | None, rank: int | None) -> list[Any] | None:
    if text is None or text == MISSING:
        return None
    if number_of(text) is None:
        raise ParameterError("a printed number of the index page is none")
    return [text, None if rank is None else int(rank)]
