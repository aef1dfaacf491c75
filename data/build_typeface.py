"""Build the pages' typeface: Plus Jakarta Sans, all weights in one file, reduced to Latin letters.

Run by maintainers when the font's package or fontTools changes; a test holds the file equal to
what this writes. The font is licensed under the SIL Open Font License 1.1, which the package
``fontpkg-plus-jakarta-sans`` carries.
"""

from __future__ import annotations

import io
from pathlib import Path

import fontpkg_plus_jakarta_sans as package
from fontTools import subset
from fontTools.ttLib import TTFont

PLACE = Path(__file__).resolve().parents[1] / "ipasn_lib" / "reports" / "templates"
NAME = "plus-jakarta-sans.woff"
# Letters of Indonesian and its neighbours, and the signs that the reports print.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *map(ord, "–—‘’“”•…−×←↑→↓▲▼≤≥‰"),
]


def build() -> bytes:
    """Give the reduced font; the same font and fontTools always give the same bytes."""
    source = Path(package.ROOT) / "files" / "PlusJakartaSans[wght].ttf"
    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = ["kern", "liga", "tnum", "mark", "ccmp", "locl"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 13, 14]  # with whose it is, and under which license
    reduce = subset.Subsetter(options)
    reduce.populate(unicodes=LETTERS)
    out = io.BytesIO()
    # recalcTimestamp: the same font has the same bytes whenever it is made.
    with TTFont(str(source), recalcTimestamp=False, lazy=True) as font:
        reduce.subset(font)
        subset.save_font(font, out, options)
    return out.getvalue()


if __name__ == "__main__":
    (PLACE / NAME).write_bytes(build())
