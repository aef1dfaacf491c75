"""Words and sentences of figures, tables and pages, from one catalogue for each language.

Two kinds of message stand in it. A *key* (``judul_aspek``) names a word or sentence of the
library's own, and each language has its text. A *source text* is Indonesian that stands
elsewhere, where it is read and edited as it is: the prose of a notebook, a regulation's file,
what is wrong with a file of records. Indonesian is that text itself; the other languages
translate it. The files are ordinary gettext: ``katalog/<bahasa>/LC_MESSAGES/ipasn.po`` is
edited, ``ipasn.mo`` is made of it by ``data/build_wording.py``.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from ipasn_lib.errors import ParameterError

__all__ = [
    "BAHASA",
    "check_language",
    "family",
    "is_known",
    "join",
    "ordinal",
    "speaker",
    "text",
    "translate",
    "warm_up",
]

BAHASA = ("id", "en")
"""Languages of reports; the first is the one in which source texts are written."""

_FOLDER = Path(__file__).with_name("katalog")
_KEY = "kunci\x04"  # the context that sets keys apart from source texts, as gettext joins them
_GAP = re.compile(r"\\\{(\w+)\\\}")
_SHAPES = {"angka": r"[\d.,]+", "predikat": r"[^,;]+?"}  # gaps that hold one thing only
_NUMBER = re.compile(r"[−+-]?\d{1,3}(?:\.\d{3})*(?:,\d+)?")  # as Indonesian prints it


def check_language(bahasa: str) -> str:
    """Give the language back; an unknown one raises ParameterError."""
    if bahasa not in BAHASA:
        raise ParameterError(f"unknown language {bahasa!r}; expected one of {list(BAHASA)}")
    return bahasa


@cache
def _messages(bahasa: str) -> dict[str, str]:
    """Read a language's catalogue, once."""
    path = _FOLDER / check_language(bahasa) / "LC_MESSAGES" / "ipasn.mo"
    with path.open("rb") as file:
        read = gettext.GNUTranslations(file)
    # gettext() answers an unknown message with the message itself: a typing error in a key would
    # be printed. Hence the mapping that it has read.
    return {key: said for key, said in vars(read)["_catalog"].items() if key}


def text(key: str, bahasa: str = "id", **values: object) -> str:
    """Give a fixed word or sentence in the language of the report.

    Parameters
    ----------
    key : str
        Name of the message in the catalogue.
    bahasa : {"id", "en"}
        Language.
    **values
        Fillings of the message's named gaps.

    Raises
    ------
    ParameterError
        If the key or the language is unknown.
    """
    messages = _messages(bahasa)
    if (entry := _KEY + key) not in messages:
        raise ParameterError(f"unknown wording {key!r}; known: {sorted(family(''))}")
    return messages[entry].format(**values)


def family(prefix: str, bahasa: str = "id") -> dict[str, str]:
    """Give all messages whose key begins with ``prefix``, by the rest of the key."""
    begin = _KEY + prefix
    found = {k: said for k, said in _messages(bahasa).items() if k.startswith(begin)}
    return {key.removeprefix(begin): said for key, said in found.items()}


def is_known(source: str, bahasa: str) -> bool:
    """Tell whether a source text stands in a language's catalogue as it is."""
    return bahasa == BAHASA[0] or source in _messages(bahasa)


def translate(source: str, bahasa: str = "id", **values: object) -> str:
    """Say an Indonesian source text in the language of the report.

    Parameters
    ----------
    source : str
        The text as it stands in a notebook, a regulation's file or a table; with named gaps, or
        with the gaps of a known text already filled.
    bahasa : {"id", "en"}
        Language.
    **values
        Fillings of named gaps; without any the text is taken as it is.

    Returns
    -------
    str
        The translation; the source text itself where the catalogue has none, as with a name.
        What a report must not leave untranslated is asked of :func:`is_known` first.
    """
    said = source if check_language(bahasa) == BAHASA[0] else (_said(source, bahasa) or source)
    if not values:
        return said
    given = {k: translate(v, bahasa) if isinstance(v, str) else v for k, v in values.items()}
    return said.format(**given)


def speaker(bahasa: str, **values: object) -> Callable[..., str]:
    """Give :func:`translate` for one notebook: its language, and what its gaps are filled with.

    Examples
    --------
    >>> kata = speaker("en", tahun=2022)
    >>> kata("Indeks menurut Bakorwil, {tahun}")
    'Index by Bakorwil, 2022'
    """

    def kata(source: str, **more: object) -> str:
        return translate(source, bahasa, **values, **more)

    return kata


@cache
def _said(source: str, bahasa: str) -> str | None:
    messages = _messages(bahasa)
    if source in messages:
        return messages[source]
    for shape, said in _templates(bahasa):
        if found := shape.fullmatch(source):
            return said.format(**{k: _filling(v, bahasa) for k, v in found.groupdict().items()})
    return None


def _filling(value: str, bahasa: str) -> str:
    """Say what fills a gap: a number in its locale, a text, or a list part by part."""
    if _NUMBER.fullmatch(value):
        return value.translate({ord(","): ".", ord("."): ","})
    parts = [value] if value in _messages(bahasa) else value.split("; ")
    if len(parts) > 1:
        return "; ".join(_filling(part, bahasa) for part in parts)
    if (said := _said(value, bahasa)) is not None or ", " not in value:
        return said or value
    return ", ".join(_filling(part, bahasa) for part in value.split(", "))


@cache
def _templates(bahasa: str) -> list[tuple[re.Pattern[str], str]]:
    """Give the source texts that have gaps as patterns, the most particular first."""
    gaps = [k for k in _messages(bahasa) if "{" in k and not k.startswith(_KEY)]
    by_words = sorted(gaps, key=lambda k: -len(re.sub(r"\{\w+\}", "", k)))
    return [
        (re.compile(_GAP.sub(_gap, re.escape(k)), re.DOTALL), _messages(bahasa)[k])
        for k in by_words
    ]


def _gap(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>{_SHAPES.get(found[1], '.+?')})"


def warm_up() -> None:
    """Read all catalogues once, before a batch forks."""
    for bahasa in BAHASA:
        _templates(bahasa)


def ordinal(rank: int, bahasa: str = "id") -> str:
    """Print a rank: ``"ke-3"`` in Indonesian, ``"3rd"`` in English."""
    if check_language(bahasa) == "id":
        return f"ke-{rank}"
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{'th' if rank % 100 in (11, 12, 13) else suffix}"


def join(words: Iterable[str], bahasa: str = "id") -> str:
    """Print a list in a sentence: ``"A, B, dan C"``, ``"A dan B"``."""
    items = list(words)
    link = text("dan", bahasa)
    if len(items) < 3:
        return f" {link} ".join(items)
    return f"{', '.join(items[:-1])}, {link} {items[-1]}"
