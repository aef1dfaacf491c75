"""Numbers, dates and fixed words: half up, decimal comma, both languages whole."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipasn_lib import wording
from ipasn_lib.errors import ParameterError


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5, 0, 1.0),  # Python's round gives 0
        (1.5, 0, 2.0),
        (2.5, 0, 3.0),  # half to even gives 2
        (-0.5, 0, -1.0),  # away from zero
        (0.125, 2, 0.13),  # exactly half in binary; half to even gives 0.12
        (2.675, 2, 2.68),  # 2.67499999... in binary; printed 2.675
        (1.005, 2, 1.01),
        (80.995, 2, 81.0),
        (80.994999, 2, 80.99),
        (1e15 + 0.5, 0, 1000000000000001.0),
    ],
)
def test_half_goes_up(value, decimals, expected):
    assert wording.round_half_up(value, decimals) == expected
    assert wording.round_half_up(np.float64(value), decimals) == expected


@given(st.decimals(-10_000, 10_000, places=4), st.integers(0, 3))
def test_rounding_agrees_with_decimal_arithmetic(value, decimals):
    expected = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert wording.round_half_up(float(value), decimals) == float(expected)


@pytest.mark.parametrize("nothing", [None, math.nan, pd.NA, pd.NaT, math.inf])
def test_what_is_missing_prints_as_a_dash(nothing):
    assert math.isnan(wording.round_half_up(nothing))
    for printed in (
        wording.number(nothing),
        wording.points(nothing),
        wording.percent(nothing),
        wording.count(nothing),
        wording.difference(nothing),
    ):
        assert printed == "–"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (wording.number(1234.5), "1.234,50"),
        (wording.number(1234.5, bahasa="en"), "1,234.50"),
        (wording.number(-0.001), "0,00"),
        (wording.number(-2.5, 0), "−3"),
        (wording.points(78.405), "78,41"),
        (wording.percent(0.8745), "87,5%"),
        (wording.percent(0.8745, 1, "en"), "87.5%"),
        (wording.percent(0.125, 0), "13%"),
        (wording.count(12345), "12.345"),
        (wording.count(np.int64(7)), "7"),
        (wording.difference(1.255), "+1,26"),
        (wording.difference(-0.5), "−0,50"),
        (wording.difference(0.001), "0,00"),
        (wording.ordinal(3), "ke-3"),
        (wording.ordinal(11, "en"), "11th"),
        (wording.ordinal(22, "en"), "22nd"),
        (wording.date(dt.date(2026, 8, 5)), "5 Agustus 2026"),
        (wording.date(dt.date(2026, 8, 5), "en"), "5 August 2026"),
        (wording.join(["A", "B", "C"]), "A, B, dan C"),
        (wording.join(["A", "B"], "en"), "A and B"),
    ],
)
def test_printed_form(printed, expected):
    assert printed == expected


def test_unknown_word_or_language_is_refused():
    with pytest.raises(ParameterError, match="known"):
        wording.text("tidak_ada")
    for call in (wording.number, wording.percent):
        with pytest.raises(ParameterError, match="'id', 'en'"):
            call(1.0, 2, "jv")


def test_note_on_hidden_numbers_names_the_threshold():
    note = wording.text("tersembunyi", "id", minimum=10)
    assert re.match(r"\*\) disembunyikan: kurang dari 10 pegawai", note)
