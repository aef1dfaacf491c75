"""The typeface of the figures, without touching matplotlib's settings.

Plus Jakarta Sans comes as one variable font file, of which matplotlib can draw the regular weight
only. The weights used here are cut from it once (fontTools, a third of a second each) and kept
in matplotlib's own cache folder; every text names its file, so no rcParams and no font list
change. Widths are measured here too, so that text is wrapped and placed before it is drawn.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font

__all__ = ["BOLD", "MEDIUM", "REGULAR", "clean", "font", "shorten", "width", "wrap"]

REGULAR = 400
MEDIUM = 600
BOLD = 700

_ELLIPSIS = "…"
_BLANK = re.compile(r"(?<!=) (?!=)")  # "p = 0,002" stays on one line


@lru_cache(maxsize=8)
def _file(weight: int) -> Path:
    """Path of the static font of one weight, cut from the variable font when first asked for."""
    from importlib.metadata import version

    import fontpkg_plus_jakarta_sans as package
    import matplotlib

    folder = Path(matplotlib.get_cachedir()) / "ipasn-fonts"
    name = f"PlusJakartaSans-{weight}"
    path = folder / f"{name}-{version('fontpkg-plus-jakarta-sans')}.ttf"
    if not path.exists():
        from fontTools.ttLib import TTFont
        from fontTools.varLib.instancer import (
            instantiateVariableFont,
        )

        variable = TTFont(package.ROOT / "files" / "PlusJakartaSans[wght].ttf")
        static = instantiateVariableFont(variable, {"wght": weight})
        # SVG ids of letters are made from the PostScript name: with one name for all weights a
        # bold title would borrow the regular letters.
        static["name"].setName(name, 6, 3, 1, 0x409)
        static["name"].setName(name, 6, 1, 0, 0)
        folder.mkdir(parents=True, exist_ok=True)
        # Many reports may start at once: write aside, then move into place in one step.
        handle, draft = tempfile.mkstemp(dir=folder, suffix=".ttf")
        os.close(handle)
        static.save(draft)
        Path(draft).replace(path)
    return path


@lru_cache(maxsize=64)
def font(weight: int = REGULAR, size: float = 11.0) -> FontProperties:
    """Give the typeface in one weight (400, 600, 700) and size (points)."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(_file(weight)), size=size)


@lru_cache(maxsize=8)
def _face(weight: int) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    # From memory: of an open file, forked reports would share the place at which it is read.
    return FT2Font(io.BytesIO(_file(weight).read_bytes()))


@lru_cache(maxsize=8)
def _characters(weight: int) -> frozenset[int]:
    return frozenset(_face(weight).get_charmap())


@lru_cache(maxsize=4096)
def _advance(character: str, weight: int) -> float:
    """Width of one character as a share of the type size."""
    from matplotlib.ft2font import LoadFlags

    face = _face(weight)
    glyph = face.load_char(ord(character), flags=LoadFlags.NO_SCALE)
    return float(glyph.horiAdvance) / float(face.units_per_EM)


def clean(text: object) -> str:
    """Make any text safe to draw: one line, visible characters of the typeface only.

    Control and direction characters are dropped (a right-to-left mark in a unit's name would
    turn the rest of the line round); blanks become one space; what the typeface lacks becomes
    ``□``. Mathematics is switched off where text is drawn, so ``$``, ``_`` and ``^`` stay.
    """
    known = _characters(REGULAR)
    out = []
    for character in unicodedata.normalize("NFC", str(text)):
        if character.isspace():
            out.append(" ")
        elif unicodedata.category(character)[0] == "C":
            continue
        else:
            out.append(character if ord(character) in known else "□")
    return " ".join("".join(out).split())


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Width of a line in inches at a type size in points (kerning left out)."""
    return sum(_advance(c, weight) for c in text) * size / 72.0


def shorten(text: object, limit: float, size: float, weight: int = REGULAR) -> str:
    """Cut a line to ``limit`` inches, ending in an ellipsis where something is lost."""
    line = clean(text)
    if width(line, size, weight) <= limit:
        return line
    room = limit - width(_ELLIPSIS, size, weight)
    used = 0.0
    for k, character in enumerate(line):
        used += _advance(character, weight) * size / 72.0
        if used > room:
            return line[:k].rstrip(" .,;:-–(") + _ELLIPSIS
    return line


def wrap(
    text: object, limit: float, size: float, weight: int = REGULAR, lines: int = 4
) -> list[str]:
    """Break a text into at most ``lines`` lines of ``limit`` inches; the last may be cut."""
    out: list[str] = []
    words = _BLANK.split(clean(text))
    while words:
        if len(out) == lines - 1:
            out.append(shorten(" ".join(words), limit, size, weight))
            break
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size, weight) <= limit:
            taken += 1
        out.append(shorten(" ".join(words[:taken]), limit, size, weight))
        words = words[taken:]
    return out
