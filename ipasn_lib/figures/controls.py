"""Sliders that change weights, a plan and a reading, and say at once what follows.

ipywidgets only: they work in JupyterLab and in Voila without a network. What follows is worked
out by the function that the caller gives; here it is only asked for and shown.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.publish import PublishedTable
from ipasn_lib.figures.style import INK, MUTED, PLACE, provenance
from ipasn_lib.figures.tables import chip, synthetic_badge
from ipasn_lib.wording import count, difference, number, points, text, translate

if TYPE_CHECKING:
    from ipasn_lib.figures.board import Board

__all__ = ["Answer", "folded", "index_controls"]

EDGES = ("bawah", "atas")


class Answer(Protocol):
    """What follows from a setting: index, category, rank of so many, weights, official or not."""

    @property
    def indeks(self) -> float:
        """Index, 0-100."""

    @property
    def kategori(self) -> str:
        """Its category."""

    @property
    def peringkat(self) -> int:
        """Its rank."""

    @property
    def jumlah(self) -> int:
        """Among how many."""

    @property
    def bobot(self) -> Mapping[str, float]:
        """Weights used."""

    @property
    def resmi(self) -> bool:
        """True where nothing was changed."""


def index_controls(
    hitung: Callable[..., Answer],
    *,
    bobot: Mapping[str, float],
    peluang: pd.DataFrame,
    asal: pd.DataFrame,
    wilayah: str,
    tepi: str = "bawah",
    bahasa: str = "id",
) -> Board:
    """Give the controls of one place with the card of what follows from them.

    Parameters
    ----------
    hitung : callable
        Called with ``bobot`` (dimension to weight, summing to 100), ``dilengkapi`` (indicator to
        share, 0-1) and ``tepi``; gives an `Answer`.
    bobot : mapping of str to float
        Official weights.
    peluang : pandas.DataFrame
        Index indicator; `label` and `poin_hilang` of what a plan may win back. May be empty.
    asal : pandas.DataFrame
        Where the numbers come from: `sumber_data`, `id_instrumen`.
    wilayah : str
        Name of the place.
    tepi : {"bawah", "atas"}
        Reading to begin with.
    bahasa : {"id", "en"}
        Language.

    Returns
    -------
    ipasn_lib.figures.board.Board
        The card (an ``HTML`` widget) first, then the sliders. A page that runs no widgets shows
        the card, the settings and how to open the controls.

    Raises
    ------
    ParameterError
        If the reading or language is unknown, or nothing says where the numbers come from.
    """
    import ipywidgets as widgets

    from ipasn_lib.figures.board import Board

    if tepi not in EDGES:
        raise ParameterError(f"unknown reading {tepi!r}; known: {', '.join(EDGES)}")
    source = provenance(asal, bahasa=bahasa)
    wide: dict[str, Any] = {
        "layout": widgets.Layout(width="34rem", max_width="100%"),
        "style": {"description_width": "15rem"},
    }
    weights = {
        name: widgets.FloatSlider(
            value,
            min=0,
            max=100,
            step=1,
            description=text(name, bahasa),
            readout_format=".0f",
            **wide,
        )
        for name, value in bobot.items()
    }
    plans = {
        str(key): widgets.IntSlider(
            0,
            min=0,
            max=100,
            step=5,
            description=translate(str(row["label"]), bahasa),
            readout_format="d",
            **wide,
        )
        for key, row in peluang.iterrows()
    }
    edge = widgets.ToggleButtons(
        options=[(text(f"atur_batas_{name}", bahasa), name) for name in EDGES],
        value=tepi,
        style={"button_width": "17rem"},
    )
    reset = widgets.Button(description=text("atur_semula", bahasa))
    card = widgets.HTML()
    official = hitung(bobot=dict(bobot), dilengkapi={}, tepi=tepi)

    nothing = widgets.HTML(html.escape(text("atur_rencana_kosong", bahasa)))

    def show(change: object = None) -> None:
        total = sum(slider.value for slider in weights.values())
        if total == 0:
            card.value = f"<p>{html.escape(text('atur_bobot_nol', bahasa))}</p>"
            return
        answer = hitung(
            bobot={name: 100.0 * slider.value / total for name, slider in weights.items()},
            dilengkapi={key: slider.value / 100 for key, slider in plans.items()},
            tepi=edge.value,
        )
        card.value = _card(answer, official, wilayah, source.text, source.sintetis, bahasa)

    def begin_again(button: object) -> None:
        for name, slider in weights.items():
            slider.value = bobot[name]
        for slider in plans.values():
            slider.value = 0
        edge.value = tepi

    for control in (*weights.values(), *plans.values(), edge):
        control.observe(show, names="value")
    reset.on_click(begin_again)
    show()

    def still() -> tuple[str, str]:
        settings = {
            "atur_bobot": _listed(weights.values(), bahasa),
            "atur_rencana": _listed(plans.values(), bahasa) or text("atur_rencana_kosong", bahasa),
            "atur_batas": text(f"atur_batas_{edge.value}", bahasa),
        }
        how = text("atur_diam", bahasa)
        return card.value + _settings(settings, how, bahasa), how

    return Board(
        [
            card,
            _heading("atur_bobot", bahasa),
            *weights.values(),
            _heading("atur_rencana", bahasa),
            *(plans.values() or (nothing,)),
            _heading("atur_batas", bahasa),
            edge,
            reset,
        ],
        still,
    )


def folded(table: PublishedTable, bahasa: str = "id") -> PublishedTable:
    """Give a table that its reader opens, as an answer stands on the back of a page."""
    opens = html.escape(text("buka_jawaban", bahasa))
    words = f"<details><summary>{opens}</summary>{table.html}</details>"
    return replace(table, html=words)


def _listed(sliders: Iterable[Any], bahasa: str) -> str:
    return ", ".join(f"{s.description} {number(s.value, 0, bahasa)}" for s in sliders)


def _settings(settings: Mapping[str, str], how: str, bahasa: str) -> str:
    """List where the controls stand, and how to move them."""
    lines = "".join(
        f"<li>{html.escape(text(key, bahasa))}: {html.escape(value)}</li>"
        for key, value in settings.items()
    )
    return f"<ul>{lines}</ul><p><strong>{html.escape(how)}</strong></p>"


def _heading(key: str, bahasa: str) -> Any:
    import ipywidgets as widgets

    return widgets.HTML(f"<b>{html.escape(text(key, bahasa))}</b>")


def _card(
    answer: Answer, official: Answer, wilayah: str, source: str, sintetis: bool, bahasa: str
) -> str:
    """Print an answer beside the official index."""
    badge = f"<p>{synthetic_badge(bahasa)}</p>" if sintetis else ""
    rank = text(
        "peringkat_dari",
        bahasa,
        peringkat=count(answer.peringkat, bahasa),
        jumlah=count(answer.jumlah, bahasa),
    )
    moved = difference(answer.indeks - official.indeks, 2, bahasa)
    mark = chip(translate(answer.kategori, bahasa), bahasa)
    status = text("resmi" if answer.resmi else "andaian", bahasa)
    used = ", ".join(
        f"{text(name, bahasa)} {number(value, 1, bahasa)}" for name, value in answer.bobot.items()
    )
    facts = (
        f"{text('peringkat', bahasa)}: {rank}",
        f"{text('resmi', bahasa)}: {points(official.indeks, bahasa)} ({moved})",
        f"{text('atur_terpakai', bahasa)}: {used}",
        source,
    )
    lines = "".join(f"<div>{html.escape(fact)}</div>" for fact in facts)
    return (
        f'<div class="ipasn-kepala" style="border-top:5px solid {PLACE};padding:12px 0;'
        f'color:{INK};line-height:1.4">{badge}'
        f'<div style="font-weight:700">{html.escape(wilayah)} · {html.escape(status)}</div>'
        f'<div style="font-size:3rem;font-weight:700;line-height:1.15">'
        f"{html.escape(points(answer.indeks, bahasa))}</div>{mark}"
        f'<div style="color:{MUTED};margin-top:6px">{lines}</div></div>'
    )
