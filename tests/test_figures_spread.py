"""The strips of quantiles: what they hold, and what they refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from ipasn_lib.analysis.distribution import spread_over_places
from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.charts_spread import QUANTILES, quantile_strip

# Eleven places from 0 to 1 by tenths, and eleven that are all alike.
PLACES = pd.DataFrame({"kompetensi": np.arange(11) / 10, "disiplin": 0.9})


def test_quantiles_of_eleven_evenly_spread_places():
    table = spread_over_places(PLACES)
    assert list(table.columns) == list(QUANTILES)
    assert list(table.loc["kompetensi"]) == pytest.approx(list(QUANTILES))
    assert list(table.loc["disiplin"]) == pytest.approx([0.9] * 7)


def test_hidden_places_are_left_out():
    hidden = PLACES.copy()
    hidden.loc[5:, "kompetensi"] = np.nan
    assert spread_over_places(hidden).loc["kompetensi", 1.0] == pytest.approx(0.4)


def words(figure) -> list[str]:
    return [t.get_text() for t in figure.figure.findobj(Text)]


def test_the_title_names_the_dimension_in_which_places_differ_most():
    shown = words(quantile_strip(spread_over_places(PLACES), wilayah="X", sumber="uji"))
    assert any("25%–75%" in line and "kompetensi" in line for line in shown)
    assert "90%" in shown
    mark = quantile_strip(spread_over_places(PLACES), wilayah="X", sumber="sintetis, benih 1")
    assert "DATA SINTETIS" in words(mark)


def test_where_nothing_is_shown_it_says_so():
    nothing = spread_over_places(PLACES * np.nan)
    shown = words(quantile_strip(nothing, wilayah="X", sumber="uji"))
    assert any("disembunyikan" in line for line in shown)


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (spread_over_places(PLACES).rename({"disiplin": "sikap"}), "unknown rows"),
        (spread_over_places(PLACES).drop(columns=0.5), "lacks the quantiles"),
        (spread_over_places(PLACES).set_axis(QUANTILES[::-1], axis=1), "fall along a row"),
    ],
)
def test_other_tables_are_refused(table, match):
    with pytest.raises(ParameterError, match=match):
        quantile_strip(table, wilayah="X", sumber="uji")
