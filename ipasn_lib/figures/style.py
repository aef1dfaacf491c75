"""Colours, type scale and the sheet on which every figure is drawn.

A figure is 7.2 inches wide: the text width of an A4 page, and still legible on a phone when
scaled down, which is why texts are few and large. A sheet has, from the top: the finding as a
bold title (with the mark for make-believe data at its right), a subtitle that says what is shown
and in which unit, the plot, notes, and the source. Places on it are inches from the top left of
the plot, so a chart knows where everything is before it is drawn and nothing needs a "tight" box.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.typeface import BOLD, REGULAR, clean, font, width, wrap
from ipasn_lib.wording import text, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = [
    "ACCENT",
    "BESIDE",
    "DIMENSIONS",
    "DIMENSION_COLOURS",
    "GRID",
    "GROUP_COLOURS",
    "INK",
    "KATEGORI",
    "KATEGORI_COLOURS",
    "MUTED",
    "NO_DATA",
    "PALE",
    "PLACE",
    "SIZE",
    "WIDTH",
    "Provenance",
    "Sheet",
    "label",
    "new_figure",
    "on_colour",
    "provenance",
    "sheet",
    "source_line",
    "synthetic_mark",
    "title_block",
]

INK = "#1d2b36"
MUTED = "#5d6b78"
GRID = "#d9dee3"
PALE = "#eef1f4"
NO_DATA = "#c9d0d6"
ACCENT = "#b3261e"
PLACE = "#15585e"
BESIDE = "#b35c12"
"""What is compared with a place or a norm drawn in :data:`PLACE`."""

KATEGORI = ("Sangat Rendah", "Rendah", "Sedang", "Tinggi", "Sangat Tinggi")
"""Categories of the index, lowest first (PermenPANRB 38/2018)."""

KATEGORI_COLOURS = MappingProxyType(
    # Pale to dark in one direction, so that the order survives grey print; warm below the edge of
    # "Tinggi" and cool above it. docs/gaya.md shows how others see them, a test holds it.
    dict(zip(KATEGORI, ("#f4e3c8", "#e6b06a", "#bb8560", "#2f6e76", "#0d3b44"), strict=True))
)

DIMENSION_COLOURS = MappingProxyType(
    {
        "kualifikasi": "#1f5f8b",
        "kompetensi": "#b35c12",
        "kinerja": "#0b4f3a",
        "disiplin": "#a986b5",
    }
)
GROUP_COLOURS = ("#eaf3f9", "#a9c9e0", "#689cc4", "#316693", "#0d2c49")
"""Five groups by rank, lowest first, where the regulation has no categories; one hue."""

DIMENSIONS = tuple(DIMENSION_COLOURS)

WIDTH = 7.2
MARGIN = 0.08
SIZE = MappingProxyType({"title": 15.0, "subtitle": 11.5, "label": 11.0, "small": 10.0})
"""Type sizes in points; nothing in a figure is smaller than ``small``."""

_LEADING = 1.28 / 72.0  # inches of line height per point of type


@dataclass(frozen=True)
class Provenance:
    """Where a table's numbers come from, as printed under a figure."""

    text: str
    sintetis: bool


def provenance(
    *frames: pd.DataFrame,
    sumber: str | None = None,
    sintetis: bool | None = None,
    bahasa: str = "id",
) -> Provenance:
    """Read the source of tables from their ``sumber_data`` and ``id_instrumen`` columns.

    Parameters
    ----------
    *frames : pandas.DataFrame
        The tables that the figure shows.
    sumber : str, optional
        The source in words, where the tables do not carry it.
    sintetis : bool, optional
        The same for make-believe data. A table whose ``sumber_data`` begins with "sintetis" is
        make-believe whatever is said here.

    Raises
    ------
    ParameterError
        If no table says where its numbers come from and ``sumber`` does not either.
    """
    sources: dict[str, None] = {}
    instruments: dict[str, None] = {}
    named = False
    for frame in frames:
        if "sumber_data" in frame:
            named = True
            sources.update(dict.fromkeys(str(s) for s in frame["sumber_data"].dropna()))
        if "id_instrumen" in frame:
            instruments.update(dict.fromkeys(str(i) for i in frame["id_instrumen"].dropna()))
    if not named and sumber is None:
        raise ParameterError(
            "the table has no column 'sumber_data'; say where the numbers come from with 'sumber'"
        )
    made_up = bool(sintetis) or any(s.lower().startswith("sintetis") for s in sources)
    made_up = made_up or (sumber or "").lower().startswith("sintetis")
    stated = sumber.split("; ") if sumber else _brief(sources)
    words = "; ".join(translate(s, bahasa) for s in stated) or text("sumber_tersembunyi", bahasa)
    parts = [f"{text('sumber', bahasa)}: {words}"]
    if instruments:
        parts.append(f"{text('instrumen', bahasa)}: {', '.join(_brief(instruments))}")
    if made_up:
        parts.append(text("data_sintetis_panjang", bahasa))
    return Provenance(". ".join(parts) + ".", made_up)


def _brief(names: Iterable[str], most: int = 3) -> list[str]:
    items = list(names)
    return items if len(items) <= most else [*items[:most], f"+{len(items) - most}"]


def on_colour(colour: str) -> str:
    """Give the text colour (ink or white) that reads better on a background colour."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    # WCAG 2 contrast against white and against the ink (luminance 0.023).
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.073 else INK


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Give an empty figure (inches), made without pyplot and without global state."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=110, facecolor="white")


def label(
    owner: Axes | Figure,
    x: float,
    y: float,
    words: object,
    *,
    size: float = SIZE["label"],
    weight: int = REGULAR,
    colour: str = INK,
    ha: str = "left",
    va: str = "baseline",
    **extra: Any,
) -> Text:
    """Write a text in the house typeface, literally: no mathematics, no control characters.

    Positions are data coordinates of an axes, or figure fractions, as for matplotlib's ``text``.
    """
    return owner.text(
        x,
        y,
        clean(words),
        fontproperties=font(weight, size),
        color=colour,
        ha=ha,
        va=va,
        parse_math=False,
        **extra,
    )


def _line(figure: Figure, x: float, top: float, words: str, **style: Any) -> None:
    """Write one line whose baseline sits below ``top`` (inches from the figure's top)."""
    wide, high = figure.get_size_inches()
    baseline = top + style["size"] * 0.95 / 72.0
    label(figure, x / wide, 1 - baseline / high, words, **style)


def title_block(
    figure: Figure, title: Sequence[str], subtitle: Sequence[str], *, left: float = MARGIN
) -> float:
    """Draw wrapped title and subtitle lines at the top left; give the inches they take."""
    top = 0.06
    for line in title:
        _line(figure, left, top, line, size=SIZE["title"], weight=BOLD)
        top += SIZE["title"] * _LEADING
    top += 0.02
    for line in subtitle:
        _line(figure, left, top, line, size=SIZE["subtitle"], colour=MUTED)
        top += SIZE["subtitle"] * _LEADING
    return top


def synthetic_mark(figure: Figure, bahasa: str = "id", *, top: float = 0.06) -> None:
    """Draw the solid DATA SINTETIS label at the top right."""
    from matplotlib.patches import FancyBboxPatch

    wide, high = figure.get_size_inches()
    box_width, box_height = _mark_width(bahasa), 0.25
    figure.add_artist(
        FancyBboxPatch(
            ((wide - MARGIN - box_width) / wide, 1 - (top + box_height) / high),
            box_width / wide,
            box_height / high,
            boxstyle="square,pad=0",
            transform=figure.transFigure,
            facecolor=ACCENT,
            edgecolor="none",
        )
    )
    label(
        figure,
        (wide - MARGIN - box_width / 2) / wide,
        1 - (top + box_height / 2 + 3.6 / 72) / high,
        text("data_sintetis", bahasa),
        size=SIZE["small"],
        weight=BOLD,
        colour="#ffffff",
        ha="center",
    )


def _mark_width(bahasa: str) -> float:
    return width(text("data_sintetis", bahasa), SIZE["small"], BOLD) + 0.2


def source_line(figure: Figure, lines: Sequence[str], *, left: float = MARGIN) -> None:
    """Draw wrapped source and note lines at the bottom."""
    _, high = figure.get_size_inches()
    top = high - 0.05 - len(lines) * SIZE["small"] * _LEADING
    for line in lines:
        _line(figure, left, top, line, size=SIZE["small"], colour=MUTED)
        top += SIZE["small"] * _LEADING


@dataclass(frozen=True)
class Sheet:
    """A figure with its words drawn and an empty plot area, measured in inches.

    ``left``/``top`` is the plot area's corner in the figure; ``width``/``height`` its size.
    """

    figure: Figure
    left: float
    top: float
    width: float
    height: float

    def axes(
        self,
        x: float = 0.0,
        y: float = 0.0,
        width: float | None = None,
        height: float | None = None,
        *,
        xlim: tuple[float, float] | None = None,
        ylim: tuple[float, float] | None = None,
    ) -> Axes:
        """Add bare axes (no ticks, no frame) at inches from the plot's top left corner.

        Without limits, data coordinates are inches too, y running down.
        """
        w = self.width - x if width is None else width
        h = self.height - y if height is None else height
        wide, high = self.figure.get_size_inches()
        rectangle = (
            (self.left + x) / wide,
            1 - (self.top + y + h) / high,
            w / wide,
            h / high,
        )
        axes = self.figure.add_axes(rectangle)
        axes.set_axis_off()
        axes.set_xlim(xlim or (0.0, w))
        axes.set_ylim(ylim or (h, 0.0))
        return axes


def sheet(
    plot_height: float,
    *,
    judul: str,
    subjudul: str,
    asal: Provenance,
    catatan: Sequence[str] = (),
    bahasa: str = "id",
) -> Sheet:
    """Make a sheet whose plot area is ``plot_height`` inches high, whatever the words take.

    Parameters
    ----------
    plot_height : float
        Inches of the plot area (its width is 7.04).
    judul : str
        The finding, in one sentence.
    subjudul : str
        What is shown, in which unit, of whom.
    asal : Provenance
        From :func:`provenance`: the source line, and whether to mark the figure as make-believe.
    catatan : sequence of str
        Notes, each on its own line above the source.
    """
    room = WIDTH - 2 * MARGIN
    beside = room - (_mark_width(bahasa) + 0.15 if asal.sintetis else 0.0)
    title = wrap(judul, beside, SIZE["title"], BOLD, lines=3)
    subtitle = wrap(subjudul, room, SIZE["subtitle"], lines=3) if subjudul else []
    foot: list[str] = []
    for note in (*catatan, asal.text):
        foot.extend(wrap(note, room, SIZE["small"], lines=4))
    top = (
        0.06
        + len(title) * SIZE["title"] * _LEADING
        + 0.02
        + len(subtitle) * SIZE["subtitle"] * _LEADING
        + 0.12
    )
    bottom = 0.05 + len(foot) * SIZE["small"] * _LEADING + 0.12
    figure = new_figure(top + plot_height + bottom)
    title_block(figure, title, subtitle)
    if asal.sintetis:
        synthetic_mark(figure, bahasa)
    source_line(figure, foot)
    return Sheet(figure, MARGIN, top, room, plot_height)
