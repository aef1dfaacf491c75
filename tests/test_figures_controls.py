"""Sliders: what is asked for when one is moved, and what the card then says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets
import pandas as pd
import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.controls import index_controls

BOBOT = {"kualifikasi": 25.0, "kompetensi": 40.0, "kinerja": 30.0, "disiplin": 5.0}
ASAL = pd.DataFrame({"sumber_data": ["sintetis, benih 1"], "id_instrumen": ["ip-asn-2019"]})
PELUANG = pd.DataFrame(
    {"label": ["<b>Seminar</b>"], "poin_hilang": [2.0]}, index=["kompetensi.seminar"]
)


@dataclass
class Said:
    indeks: float
    kategori: str
    peringkat: int
    bobot: dict[str, float]
    resmi: bool
    jumlah: int = 38


@dataclass
class Answering:
    """Stands for the science: notes what it is asked, and answers with a number of its own."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, **asked: Any) -> Said:
        self.asked.append(asked)
        moved = asked["bobot"] != BOBOT or any(asked["dilengkapi"].values())
        value = 72.25 if moved else 60.5
        return Said(value, "Sedang" if moved else "Sangat Rendah", 7, asked["bobot"], not moved)


def built(**options: Any) -> tuple[Answering, widgets.VBox]:
    answering = Answering()
    given = {"bobot": BOBOT, "peluang": PELUANG, "asal": ASAL, "wilayah": "Kab. <Uji>", **options}
    return answering, index_controls(answering, **given)


def slider(box: widgets.VBox, name: str) -> Any:
    return next(w for w in box.children if getattr(w, "description", "") == name)


def card(box: widgets.VBox) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", box.children[0].value).split())


def test_card_begins_with_the_official_index_marked_make_believe():
    _, box = built()
    assert "60,50" in card(box)
    assert "Indeks resmi" in card(box)
    assert "Andaian" not in card(box)
    assert "7 dari 38" in card(box)
    assert "DATA SINTETIS" in card(box)
    assert "Kab. &lt;Uji&gt;" in box.children[0].value


def test_a_slider_shows_no_decimal_that_only_one_language_writes():
    _, box = built()
    shown = {w.readout_format for w in box.children if hasattr(w, "readout_format")}
    assert shown == {".0f", "d"}  # widgets know the decimal point only


def test_moving_a_weight_asks_anew_with_weights_of_one_hundred():
    answering, box = built()
    slider(box, "Kinerja").value = 55
    # 25 + 40 + 55 + 5 = 125
    assert answering.asked[-1]["bobot"] == pytest.approx(
        {"kualifikasi": 20, "kompetensi": 32, "kinerja": 44, "disiplin": 4}
    )
    assert "72,25" in card(box)
    assert "+11,75" in card(box)
    assert "Andaian, bukan indeks resmi" in card(box)


def test_moving_a_plan_and_a_reading_asks_anew():
    answering, box = built()
    slider(box, "<b>Seminar</b>").value = 35
    assert answering.asked[-1]["dilengkapi"] == {"kompetensi.seminar": 0.35}
    edge = next(w for w in box.children if isinstance(w, widgets.ToggleButtons))
    edge.value = "atas"
    assert answering.asked[-1]["tepi"] == "atas"
    button = next(w for w in box.children if isinstance(w, widgets.Button))
    button.click()
    assert answering.asked[-1] == {
        "bobot": BOBOT,
        "dilengkapi": {"kompetensi.seminar": 0.0},
        "tepi": "bawah",
    }
    assert "60,50" in card(box)


def test_no_weight_at_all_is_said_and_not_asked():
    answering, box = built()
    for name in ("Kualifikasi", "Kompetensi", "Kinerja"):
        slider(box, name).value = 0
    before = len(answering.asked)
    slider(box, "Disiplin").value = 0
    assert len(answering.asked) == before
    assert card(box) == "Sedikitnya satu bobot harus lebih dari nol."


def test_a_place_whose_gaps_are_hidden_says_so():
    _, box = built(peluang=PELUANG.iloc[:0])
    words = " ".join(getattr(w, "value", "") for w in box.children if isinstance(w, widgets.HTML))
    assert "disembunyikan" in words


def test_where_nothing_can_be_moved_the_output_says_what_stands_there():
    _, box = built()
    slider(box, "Kinerja").value = 55
    shown = box._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown  # what JupyterLab and Voila take
    words = " ".join(re.sub(r"<[^>]+>", " ", shown["text/html"]).split())
    assert "72,25" in words
    assert "DATA SINTETIS" in words
    assert "Kualifikasi 25, Kompetensi 40, Kinerja 55, Disiplin 5" in words
    assert "&lt;b&gt;Seminar&lt;/b&gt; 0" in shown["text/html"]
    for said in (words, shown["text/plain"]):
        assert "make latihan" in said
        assert "VBox" not in said


def test_in_english():
    _, box = built(bahasa="en")
    assert "Official index" in card(box)
    assert "60.50" in card(box)


@pytest.mark.parametrize("wrong", [{"tepi": "tengah"}, {"bahasa": "jv"}])
def test_unknown_words_are_refused(wrong):
    with pytest.raises(ParameterError):
        built(**wrong)
