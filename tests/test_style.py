"""The house's colours survive other eyes, grey print and a weak projector; text stands out."""

from __future__ import annotations

import importlib
import itertools
import sys
from pathlib import Path

import numpy as np
import pytest

from ipasn_lib.figures import style
from ipasn_lib.figures.map_certainty import OPACITY, faded
from ipasn_lib.figures.map_keys import RAMP

DOCS = Path(__file__).resolve().parents[1] / "docs"
sys.path.insert(0, str(DOCS))
eyes = importlib.import_module("eyes")
sys.path.remove(str(DOCS))

KATEGORI = list(style.KATEGORI_COLOURS.values())
GROUPS = list(style.GROUP_COLOURS)
DIMENSIONS = list(style.DIMENSION_COLOURS.values())
UPON = [*KATEGORI, *GROUPS, *DIMENSIONS, style.PLACE, style.BESIDE, *RAMP]
BLIND = ("protanopia", "deuteranopia", "tritanopia")
OLD = ["#8c2d04", "#d98b4a", "#e9dcb5", "#6fa8a1", "#15585e"]
"""A two-sided palette, dark at both ends: in grey its lowest and highest are the same."""


def nearest(colours, eye: str) -> float:
    places = [eyes.lab(eyes.seen(colour, eye)) for colour in colours]
    return min(eyes.difference(a, b) for a, b in itertools.combinations(places, 2))


def steps(colours) -> np.ndarray:
    """Lightness lost from each category to the next, in grey print."""
    return -np.diff([eyes.lab(eyes.seen(colour, "cetak abu-abu"))[0] for colour in colours])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    # pairs 1, 7, 10, 17, 25 and 34 of Sharma, Wu and Dalal 2005, table 1
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0010), 7.1792),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_published_pairs(one, other, expected):
    found = eyes.difference(np.array(one), np.array(other))
    assert found == pytest.approx(expected, abs=5e-5)
    assert eyes.difference(np.array(other), np.array(one)) == pytest.approx(expected, abs=5e-5)


def test_contrast_and_grey_are_those_of_the_standard():
    assert eyes.contrast("#000000", "#ffffff") == pytest.approx(21)
    # the grey that WCAG's own tools give as just enough on white
    assert eyes.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert eyes.lab("#ffffff") == pytest.approx([100, 0, 0], abs=0.02)
    # white and grey have no hue to lose
    for eye in BLIND:
        assert eyes.seen("#ffffff", eye) == "#ffffff"
        assert eyes.difference(eyes.lab("#808080"), eyes.lab(eyes.seen("#808080", eye))) < 1
    with pytest.raises(ValueError, match="unknown eye"):
        eyes.seen("#ffffff", "elang")


@pytest.mark.parametrize("eye", ["biasa", *BLIND, "cetak abu-abu", "proyektor lemah"])
def test_any_two_categories_or_groups_are_told_apart_by_every_eye(eye):
    assert nearest(KATEGORI, eye) >= 10
    assert nearest(GROUPS, eye) >= 10
    if eye == "cetak abu-abu":
        assert nearest(OLD, eye) < 1


def test_categories_and_groups_darken_in_order_in_grey_print():
    assert steps(KATEGORI).min() >= 12
    assert steps(GROUPS).min() >= 12
    assert steps(OLD).min() < 0


@pytest.mark.parametrize("eye", ["biasa", *BLIND])
def test_any_two_dimensions_are_told_apart_by_every_eye(eye):
    assert nearest(DIMENSIONS, eye) >= 10


def test_the_ramp_of_maps_darkens_in_order_in_grey_print():
    assert steps(RAMP).min() >= 8


@pytest.mark.parametrize(
    "colour", [*KATEGORI, *GROUPS, *DIMENSIONS, style.PLACE, style.BESIDE, *RAMP]
)
def test_text_upon_a_colour_reads(colour):
    assert eyes.contrast(colour, style.on_colour(colour)) >= 4.5


def test_a_colour_fades_towards_white_by_its_opacity():
    assert faded("#103050", 1.0) == "#103050"
    assert faded("#103050", 0.5) == "#8898a8"  # 0x10 and 0xff: half way is 0x88
    assert faded("#103050", 0.0) == "#ffffff"


@pytest.mark.parametrize("colour", KATEGORI)
def test_what_is_less_sure_is_paler_and_its_rim_and_its_text_stand_out(colour):
    pale = [faded(colour, step) for step in OPACITY]
    assert steps(pale).max() < 0  # in grey print, too
    for eye in ("biasa", *BLIND):
        firm, leaning, unsure = (eyes.lab(eyes.seen(c, eye)) for c in pale)
        assert eyes.difference(firm, leaning) >= 5
        assert eyes.difference(firm, unsure) >= 10  # the rim upon the palest fill
    assert min(eyes.contrast(c, style.on_colour(c)) for c in pale) >= 4.5


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.ACCENT, style.PLACE])
def test_text_on_white_reads(colour):
    assert eyes.contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("colour", [*DIMENSIONS, style.PLACE, style.BESIDE])
def test_marks_on_white_stand_out(colour):
    assert eyes.contrast(colour, "#ffffff") >= 3


def test_the_page_shows_what_its_builder_makes():
    text = (DOCS / "gaya.md").read_text("utf-8")
    sources = (DOCS / "build_style.py").read_text("utf-8")
    for name in ("gaya-huruf", "gaya-warna", "gaya-mata", "gaya-peta", "gaya-pasti"):
        assert f"gambar/{name}.png" in text
        assert f'"{name}"' in sources
        assert (DOCS / "gambar" / f"{name}.png").is_file()
