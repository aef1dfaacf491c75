"""What every page of the suite shares: templates, typeface, security policy, fixed words."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ipasn_lib.wording import family

__all__ = [
    "asset",
    "content_security_policy",
    "css_string",
    "environment",
    "place_word",
    "style",
    "typeface",
    "words",
]

_TEMPLATES = Path(__file__).with_name("templates")

TYPEFACE = "plus-jakarta-sans.woff"


def words(bahasa: str) -> dict[str, str]:
    """Give the fixed words of a page in one language ("id" or "en")."""
    return family("hal_", bahasa)


def place_word(title: str, place: str, words: Mapping[str, str]) -> str:
    """Say what the headline's place is to a report: its own, or one that it singles out.

    A report of the whole province may show one place as an example; its title does not name it.
    """
    own = not place or place in title or title == words["indeks"]
    return words["wilayah" if own else "wilayah_sorot"]


@cache
def environment() -> Environment:
    """Give the templates, with escaping always on and an unknown name an error."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(name: str) -> str:
    """Give the text of one of the templates' own files."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def typeface() -> str:
    """Give the ``@font-face`` rule of Plus Jakarta Sans, reduced to Latin letters.

    One variable file holds all weights (about 45 kB as text). It is made once by
    ``data/build_typeface.py`` and ships with the templates.
    """
    data = base64.b64encode((_TEMPLATES / TYPEFACE).read_bytes()).decode("ascii")
    return (
        '@font-face{font-family:"Plus Jakarta Sans";font-weight:200 800;font-display:block;'
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )


def css_string(text: str) -> str:
    """Give text as a CSS string in which no character can end the string or the element."""
    return '"' + re.sub(r"[^\w .,:()/-]", lambda m: f"\\{ord(m[0]):x} ", text) + '"'


def style(*names: str, running_head: str = "") -> str:
    """Give the page's CSS: typeface, the named files, and the head repeated on printed pages."""
    parts = [typeface(), *(asset(name) for name in names)]
    if running_head:
        parts.append(f"@page{{@top-left{{content:{css_string(running_head)}}}}}")
    return "\n".join(parts)


def content_security_policy(script: str = "") -> str:
    """Give the policy of a page: nothing from outside, and no script but the one given."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
        policy += f"; script-src 'sha256-{digest}'"
    return policy + "; base-uri 'none'; form-action 'none'"
