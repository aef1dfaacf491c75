"""Sizes for the printed page: how wide a figure, how a table's columns share the line.

Typst could measure by itself, but only a column at a time; which size of print lets all columns of
a table stand beside each other is decided here, from the widths of the typeface's letters.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ipasn_lib.reports._blocks import Block

__all__ = ["drawable", "kept_together", "laid_out", "letters", "levelled", "typeface_folder"]

_WIDE, _HIGH = 170.0, 205.0  # millimetres that a figure may take
_WIDE_PT, _FLIPPED_PT = 481.0, 722.0  # points that a table may take, upright and on its side
_SIZES = (8.5, 8.0, 7.5, 7.0)
_SHORT = 16  # rows; a table up to this long is kept on one page
_BOLD = 1.06  # a bold line is that much wider than a regular one
_NAMES = 17.0  # em; room that a column of names is given if there is any
_HEAD = 0.94  # size of a table's header against its body, as in the layout
_PARTS_WORDS = ("en",)  # languages of which Typst knows the syllables
_LONG_WORD, _PART = 9, 0.65  # letters; what the longer half of such a word takes of it
_MARKED = "□"  # stands for a character that the typeface lacks


def typeface_folder() -> Path:
    """Give the folder of the typeface's files, which come in a package."""
    import fontpkg_plus_jakarta_sans as package

    return Path(package.ROOT) / "files"


@cache
def letters() -> Mapping[str, float]:
    """Give the characters that upright and italic both have, with their width in em."""
    from fontTools.ttLib import TTFont

    widths: dict[int, float] = {}
    for path in sorted(typeface_folder().glob("*.ttf")):
        with TTFont(str(path), lazy=True) as font:
            shapes, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
            here = {code: advances[name][0] / em for code, name in shapes.items()}
        widths = (
            here if not widths else {c: max(w, here[c]) for c, w in widths.items() if c in here}
        )
    return MappingProxyType({chr(code): wide for code, wide in widths.items()} | {_MARKED: 0.8})


def _width(text: str) -> float:
    known = letters()
    return sum(known.get(c, 0.8) for c in text)


def drawable(value: Any, key: str = "") -> Any:
    """Give the data with every text reduced to characters that can be drawn."""
    if isinstance(value, str):
        if key in ("svg", "data", "tautan"):
            return value
        known = letters()
        return "".join(c if c in known else " " if c.isspace() else _MARKED for c in value)
    if isinstance(value, Mapping):
        return {k: drawable(v, k) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(v, key) for v in value]
    return value


def kept_together(blocks: list[Block]) -> list[Block]:
    """Mark what must stay on one page with the note that explains it."""
    return [
        {**block, "lekat": after is not None and after.get("catatan") is True}
        for block, after in zip_longest(blocks, blocks[1:])
    ]


def laid_out(block: Block, bahasa: str = "id") -> Block:
    """Add to a figure or table the sizes at which it fits its page."""
    if block["jenis"] == "gambar":
        return {**block, "lebar": round(min(_WIDE, _HIGH * block["rasio"]), 2)}
    if block["jenis"] == "foto":
        return _photo(block)
    if block["jenis"] == "tabel":
        return _table(block, bahasa)
    return block


def _photo(block: Block) -> Block:
    # JSON holds no bytes; Typst takes a list of numbers for them.
    data = list(base64.b64decode(block["data"]))
    return {**block, "data": data, "lebar": _WIDE, "tinggi": _HIGH / 2}


def _table(table: Block, bahasa: str) -> Block:
    parted = False
    needs = _needs(table, parted=parted)
    fits = _fitting(needs)
    if not fits and bahasa in _PARTS_WORDS:
        parted = True
        needs = _needs(table, parted=parted)
        fits = _fitting(needs)
    least = sum(need for need, _ in needs)
    fits = fits or [_SIZES[-1]] * (least * _SIZES[-1] <= _WIDE_PT)
    columns = [
        {**column, "lebar": 0 if part else round(need, 2), "bagian": max(round(part, 2), 1)}
        for column, (need, part) in zip(table["kolom"], needs, strict=True)
    ]
    if columns and all(column["lebar"] for column in columns):
        columns[0] = {**columns[0], "lebar": 0}
    return {
        **table,
        "kolom": columns,
        "ukuran": fits[0] if fits else _SIZES[-1],
        "mendatar": not fits and least * _SIZES[-1] <= _FLIPPED_PT,
        "panjang": len(table["baris"]) > _SHORT,
        "dipenggal": parted,
    }


def _fitting(needs: list[tuple[float, float]]) -> list[float]:
    """Give the sizes of print at which a table fits, its names with the room that they want."""
    # Names of units want room, or they take four lines each; smaller print is the lesser evil.
    wanted = sum(max(need, min(part, _NAMES)) for need, part in needs)
    return [size for size in _SIZES if wanted * size <= _WIDE_PT]


def _needs(table: Block, *, parted: bool) -> list[tuple[float, float]]:
    return [_need(k, table, parted=parted) for k in range(len(table["kolom"]))]


def _need(k: int, table: Block, *, parted: bool) -> tuple[float, float]:
    """Give the least width of a column (em), and its share of what is left (0: none)."""
    column = table["kolom"][k]
    cells = [row[k]["teks"] for row in table["baris"]]
    # The layout breaks a header at blanks, and within its long words where it is told to.
    words = column["label"].split()
    widths = [_width(w) * (_PART if parted and len(w) > _LONG_WORD else 1) for w in words]
    head = max(widths, default=1) * _BOLD * _HEAD
    longest = max(map(_width, cells), default=1)
    gap = 0.9
    if column["kanan"]:
        return max(head, longest) + gap, 0
    if column["kategori"]:
        return max(head, longest + 1.0) + gap, 0
    word = max((_width(part) for cell in cells for part in cell.split()), default=1)
    return max(head, min(word, 9), 3) + gap, min(max(longest, head), 36)


def levelled(blocks: list[Block]) -> list[Block]:
    """Give the blocks with headings that start at 1 and skip no level, as a tagged PDF must."""
    given, above = [], 0
    for block in blocks:
        if block["jenis"] == "judul":
            above = min(max(block["tingkat"] - 1, 1), above + 1, 3)
            # A heading that is a formula only is written out: its outline needs words.
            runs = [r if "svg" not in r else {"teks": r["alt"]} for r in block["isi"]]
            given.append({**block, "tingkat": above, "isi": runs})
        else:
            given.append(block)
    return given
