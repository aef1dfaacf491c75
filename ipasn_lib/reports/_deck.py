"""Cut an executed notebook into slides that fit their frame.

A slide is a title, what it shows, and what the speaker says. Where the notebook says nothing
of slides, each section and each figure or table gets one, and the sentences on how to read it
become the speaker's notes. Nothing is cut off unseen: long text goes on on a further slide, a
long table says how many of its rows are shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ipasn_lib.reports._blocks import Block, Run, plain
from ipasn_lib.reports._story import Story

__all__ = ["Slide", "cut"]

_BIG = ("gambar", "foto", "tabel", "kepala")
_ROWS = 9  # of a table, at the size that a hall can read
_COLUMNS = 11
_BESIDE = 4.4  # lines that may stand beside a figure or table
_COVER = 6.0  # lines under the title of the cover
_LINE = 74  # letters of a line of text at full size
_FULL, _SMALL = 12.0, 15.5  # lines of a slide at full and at reduced size
_SMALL_LINE = 94
_LARGE_LINE, _LARGE = 62, 10.4  # at the larger size
_PIECE = 520  # letters; a longer paragraph is divided
_GAP = 0.45  # lines between two blocks
_CODE = 14  # lines of a listing


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes
    ----------
    judul : str
        Title.
    blok : tuple of dict
        What it shows.
    catatan : tuple of dict
        Blocks of the speaker's notes.
    sampul : bool
        True for the first slide.
    kecil : bool
        True where the text is set smaller to fit.

    """

    judul: str
    blok: tuple[Block, ...] = ()
    catatan: tuple[Block, ...] = ()
    sampul: bool = False
    kecil: bool = False

    @property
    def besar(self) -> bool:
        """True where so little is said that it may be set larger."""
        words = all(block["jenis"] in ("alinea", "daftar", "kutipan") for block in self.blok)
        return words and not self.sampul and _lines(self.blok, _LARGE_LINE) <= _LARGE


@dataclass
class _Draft:
    """A slide that is being gathered."""

    judul: str
    blok: list[Block] = field(default_factory=list)
    catatan: list[Block] = field(default_factory=list)


def cut(story: Story, words: Mapping[str, str]) -> list[Slide]:
    """Give the slides of a story; the first is its cover.

    Parameters
    ----------
    story : Story
        The executed notebook as data.
    words : mapping of str to str
        ``lanjutan`` (a further slide of the same title) and ``selengkapnya`` (with the gaps
        ``ada`` and ``semua``: a table is shown in part).
    """
    told = any(part.salindia for part in story.bagian)
    drafts = _told(story) if told else _untold(story)
    cover, *rest = drafts
    # What does not fit on the cover stands on the next slide, under the same title.
    if _lines(cover.blok, _LINE) > _COVER:
        rest.insert(0, _Draft(story.judul, cover.blok, cover.catatan))
        cover = _Draft(story.judul)
    slides = [Slide(story.judul, tuple(cover.blok), tuple(cover.catatan), sampul=True)]
    for draft in rest:
        if draft.blok or draft.catatan:
            slides += _fitted(draft, words)
    return slides


def _told(story: Story) -> list[_Draft]:
    """Gather the slides that the notebook's ``slideshow`` metadata asks for."""
    drafts = [_Draft(story.judul)]
    begun = False
    for part in story.bagian:
        if part.salindia == "skip":
            continue
        if part.salindia == "notes":
            drafts[-1].catatan += part.blok
            continue
        # The cell of the notebook's title is the cover, whatever it is called.
        if part.salindia in ("slide", "subslide") and begun:
            drafts.append(_Draft(drafts[-1].judul if part.salindia == "subslide" else ""))
        begun = True
        for block in part.blok:
            _add(drafts[-1], block)
    return drafts


def _untold(story: Story) -> list[_Draft]:
    """Gather a slide for each section and each figure or table."""
    drafts = [_Draft(story.judul)]
    for block in story.blok:
        here = drafts[-1]
        if block["jenis"] == "judul" and block["tingkat"] <= 2:
            drafts.append(_Draft(plain(block["isi"])))
        elif block["jenis"] == "alinea" and block["catatan"]:
            here.catatan.append(block)
        elif block["jenis"] in _BIG:
            # A figure gets a slide to itself; words that lead up to it stay before it.
            if here.blok or len(drafts) == 1:
                drafts.append(_Draft(here.judul))
            drafts[-1].blok.append(block)
        else:
            if any(b["jenis"] in _BIG for b in here.blok):
                drafts.append(_Draft(here.judul))
            drafts[-1].blok.append(block)
    return drafts


def _add(draft: _Draft, block: Block) -> None:
    if block["jenis"] == "judul" and block["tingkat"] <= 2 and not draft.blok:
        draft.judul = plain(block["isi"])
    else:
        draft.blok.append(block)


def _fitted(draft: _Draft, words: Mapping[str, str]) -> Iterator[Slide]:
    """Divide a draft into slides that fit."""
    groups: list[tuple[list[Block], bool]] = []
    text: list[Block] = []
    for block in draft.blok:
        if block["jenis"] in _BIG:
            shown = _cut_table(block, words) if block["jenis"] == "tabel" else block
            # A few words may stand beside the figure; more go before it.
            beside = text if _lines(text, _SMALL_LINE) <= _BESIDE else []
            groups += [] if beside else list(_text_groups(text))
            groups.append(([*beside, shown], False))
            text = []
        elif groups and not text and _room_under(groups[-1][0], block):
            groups[-1][0].append(block)
        else:
            text.append(block)
    groups += list(_text_groups(text))
    for k, (blocks, small) in enumerate(groups or [([], False)]):
        title = draft.judul if k == 0 else f"{draft.judul} {words['lanjutan']}".strip()
        notes = tuple(draft.catatan) if k == 0 else ()
        yield Slide(title, tuple(blocks), notes, kecil=small)


def _room_under(blocks: Sequence[Block], block: Block) -> bool:
    """Tell whether a few more words may stand under a figure or table."""
    big = next((k for k, b in enumerate(blocks) if b["jenis"] in _BIG), None)
    if big is None or block["jenis"] != "alinea":
        return False
    return _lines([*blocks[big + 1 :], block], _SMALL_LINE) <= _BESIDE


def _text_groups(blocks: Sequence[Block]) -> Iterator[tuple[list[Block], bool]]:
    if not blocks:
        return
    if _lines(blocks, _LINE) <= _FULL:
        yield list(blocks), False
        return
    group: list[Block] = []
    for block in _pieces(blocks):
        if group and _lines([*group, block], _SMALL_LINE) > _SMALL:
            # A heading does not stay behind alone.
            left = [group.pop()] if _leads(group[-1]) and len(group) > 1 else []
            yield _joined(group), True
            group = left
        group.append(block)
    yield _joined(group), True


def _leads(block: Block) -> bool:
    return block["jenis"] == "judul" or (
        block["jenis"] == "alinea" and all(run.get("tebal") for run in block["isi"])
    )


def _pieces(blocks: Sequence[Block]) -> Iterator[Block]:
    """Give the blocks with lists taken apart and long paragraphs divided."""
    for block in blocks:
        if block["jenis"] == "daftar":
            for k, item in enumerate(block["butir"]):
                yield {**block, "butir": [item], "mulai": k + 1}
        elif block["jenis"] == "kutipan":
            for inner in _pieces(block["isi"]):
                yield {**block, "isi": [inner]}
        elif block["jenis"] == "alinea":
            for runs in _divided(block["isi"]):
                yield {**block, "isi": runs}
        elif block["jenis"] == "kode":
            lines = block["teks"].split("\n")
            for k in range(0, len(lines), _CODE):
                yield {**block, "teks": "\n".join(lines[k : k + _CODE])}
        elif block["jenis"] == "kisi":
            for k in range(0, max(len(block["baris"]), 1), _ROWS):
                yield {**block, "baris": block["baris"][k : k + _ROWS]}
        else:
            yield block


def _divided(runs: Sequence[Run]) -> Iterator[list[Run]]:
    piece: list[Run] = []
    length = 0
    for run in runs:
        for word in re.findall(r"\s*\S{1,400}|\s+", run["teks"]) if "teks" in run else [""]:
            if length + len(word) > _PIECE and piece:
                yield piece
                piece, length = [], 0
            piece.append({**run, "teks": word} if "teks" in run else run)
            length += len(word)
    if piece:
        yield piece


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Put the items of one list together again."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        if (
            last is not None
            and block["jenis"] == last["jenis"] == "daftar"
            and block["bernomor"] == last["bernomor"]
            and block.get("mulai", 1) == last.get("mulai", 1) + len(last["butir"])
        ):
            out[-1] = {**last, "butir": [*last["butir"], *block["butir"]]}
        else:
            out.append(block)
    return out


def _lines(blocks: Sequence[Block], letters: int) -> float:
    """Estimate how many lines blocks take, with the gaps between them."""
    return sum(_height(block, letters) + _GAP for block in blocks)


def _inner(blocks: Sequence[Block], letters: int) -> float:
    """Estimate the lines of blocks without the gap after the last."""
    return max(_lines(blocks, letters) - _GAP, 0.0)


def _height(block: Block, letters: int) -> float:
    if block["jenis"] in ("alinea", "judul"):
        return float(max(math.ceil(len(plain(block["isi"])) / letters), 1))
    if block["jenis"] == "daftar":
        inside = (_inner(item["isi"], letters - 4) for item in block["butir"])
        return sum(inside) + 0.3 * (len(block["butir"]) - 1)
    if block["jenis"] == "kutipan":
        return _lines(block["isi"], letters - 4)
    if block["jenis"] == "kode":
        return sum(max(math.ceil(len(line) / letters), 1) for line in block["teks"].split("\n"))
    if block["jenis"] == "kisi":
        return 1.3 * (len(block["baris"]) + bool(block["kepala"]))
    if block["jenis"] in _BIG:
        return _SMALL
    return math.ceil(len(block.get("teks", "")) / letters) + 1.0


def _cut_table(table: Block, words: Mapping[str, str]) -> Block:
    rows, columns = table["baris"], table["kolom"]
    tall = len(rows) > _ROWS
    if not tall and len(columns) <= _COLUMNS:
        return table
    note = [words["selengkapnya"].format(ada=min(len(rows), _ROWS), semua=len(rows))]
    return {
        **table,
        "kolom": columns[:_COLUMNS],
        "baris": [row[:_COLUMNS] for row in rows[:_ROWS]],
        "catatan": [*note, *table["catatan"]],
    }
