"""The key as drawn: a box with the number of places in it, and the class's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipasn_lib.figures.map_canvas import COAST, hatched, ruled
from ipasn_lib.figures.map_table import MapTable
from ipasn_lib.figures.style import GRID, INK, NO_DATA, SIZE, label, on_colour
from ipasn_lib.figures.typeface import MEDIUM, REGULAR, width
from ipasn_lib.wording import text, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["KeyRow", "draw_counts", "draw_flow", "draw_key", "flow_height", "key_rows"]

BOX_WIDTH, BOX_HEIGHT, STEP, GAP = 0.32, 0.18, 0.205, 0.07  # inches


@dataclass(frozen=True)
class KeyRow:
    """One class of the key; ``colour`` None is the hatching of hidden places."""

    name: str
    count: int | None
    colour: str | None

    @property
    def wide(self) -> float:
        """Inches it takes."""
        return BOX_WIDTH + GAP + width(self.name, SIZE["small"], REGULAR)

    def draw(self, ax: Axes, x: float, y: float) -> None:
        """Draw with the baseline at ``y`` (axes in inches, y down)."""
        _box(ax, x, y, BOX_WIDTH, self.colour, self.count)
        label(ax, x + BOX_WIDTH + GAP, y, self.name, size=SIZE["small"], colour=INK)


def key_rows(table: MapTable, bahasa: str, *, counts: bool = True) -> list[KeyRow]:
    """Give the rows of a key, lowest class first; hidden and missing only where there are any."""
    rows = [
        KeyRow(translate(name, bahasa), number if counts else None, colour)
        for name, number, colour in zip(
            table.key.names, table.counts(), table.key.colours, strict=True
        )
    ]
    extra = (
        ("peta_disembunyikan", table.hidden, None),
        ("peta_tanpa_data", table.missing, NO_DATA),
    )
    for word, codes, colour in extra:
        if codes:
            rows.append(KeyRow(text(word, bahasa), len(codes) if counts else None, colour))
    return rows


def draw_key(
    ax: Axes, table: MapTable, x: float, y: float, bahasa: str, *, beside: float | None = None
) -> None:
    """Draw the key as a column, highest class first, its first baseline at ``y``.

    Hidden and missing places follow below, or ``beside`` inches to the right of ``x``.
    """
    rows = key_rows(table, bahasa)
    classes = len(table.key.names)
    first = [*reversed(rows[:classes])] if table.key.ordered else rows[:classes]
    second = rows[classes:]
    if beside is None:
        first, second = [*first, *second], []
    for k, row in enumerate(first):
        row.draw(ax, x, y + k * STEP)
    for k, row in enumerate(second):
        row.draw(ax, x + (beside or 0.0), y + k * STEP)


def _flow(rows: Sequence[KeyRow], room: float) -> list[tuple[KeyRow, float, float]]:
    out, x, y = [], 0.0, 0.15
    for row in rows:
        if x > 0 and x + row.wide > room:
            x, y = 0.0, y + STEP + 0.02
        out.append((row, x, y))
        x += row.wide + 0.12
    return out


def draw_flow(ax: Axes, rows: Sequence[KeyRow], room: float) -> None:
    """Draw the key as a line from the left, going on in a second line where it is too long."""
    for row, x, y in _flow(rows, room):
        row.draw(ax, x, y)


def flow_height(rows: Sequence[KeyRow], room: float) -> float:
    """Inches that `draw_flow` takes."""
    return _flow(rows, room)[-1][2] + 0.06


def draw_counts(ax: Axes, table: MapTable, x: float, y: float) -> None:
    """Draw one line of boxes, one a class, with the number of places written in each."""
    numbers = [*table.counts()]
    colours: list[str | None] = [*table.key.colours]
    for codes, colour in ((table.hidden, None), (table.missing, NO_DATA)):
        if codes:
            numbers.append(len(codes))
            colours.append(colour)
    for k, (number, colour) in enumerate(zip(numbers, colours, strict=True)):
        _box(ax, x + k * (BOX_WIDTH + 0.02), y, BOX_WIDTH, colour, number)


def _box(ax: Axes, x: float, y: float, w: float, colour: str | None, number: int | None) -> None:
    """Draw a box of the key round the baseline ``y``, a count in it."""
    from matplotlib.patches import Rectangle
    from matplotlib.path import Path

    top, bottom = y - BOX_HEIGHT + 0.035, y + 0.035
    corners = [(x, top), (x + w, top), (x + w, bottom), (x, bottom), (x, top)]
    if colour == NO_DATA:
        ax.add_collection(ruled([Path(corners, closed=True)]), autolim=False)
    if colour is None:
        pattern = hatched([Path(corners, closed=True)], colour=GRID if number else COAST)
        ax.add_collection(pattern, autolim=False)
    plain = "none" if colour in (None, NO_DATA) else colour
    box = Rectangle((x, top), w, BOX_HEIGHT, fc=plain, ec=COAST, lw=0.4, zorder=3)
    ax.add_patch(box)
    if number is not None:
        label(
            ax, x + w / 2, y, number, size=SIZE["small"], weight=MEDIUM if number else REGULAR,
            colour=INK if colour is None else on_colour(colour), ha="center", zorder=4,
        )  # fmt: skip
