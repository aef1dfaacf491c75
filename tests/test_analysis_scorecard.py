"""The scorecard: what a place reaches, what is left, and its yardsticks."""

from __future__ import annotations

import pandas as pd
import pytest

from ipasn_lib.analysis.scorecard import scorecard
from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.columns import scorecard_columns, scorecard_words
from ipasn_lib.figures.tables import publish_table
from ipasn_lib.law.loading import load_instrument

INSTRUMENT = load_instrument(2022)


def row(*points: float | None) -> pd.DataFrame:
    total = None if None in points else sum(p for p in points if p is not None)
    names = ("kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks")
    values = dict(zip(names, (*points, total), strict=True))
    return pd.DataFrame([{**values, "sumber_data": "sintetis, uji", "id_instrumen": INSTRUMENT.id}])


def test_what_is_left_is_the_maximum_less_the_points():
    table = scorecard(row(15, 22.5, 25, 5), row(13, 20, 25, 4.5), None, INSTRUMENT)
    # PermenPANRB 38/2018: 25, 40, 30, 5
    assert list(table["maksimum"]) == [25, 40, 30, 5, 100]
    assert list(table["poin_hilang"]) == [10, 17.5, 5, 0, 32.5]
    assert list(table["provinsi"]) == [13, 20, 25, 4.5, 62.5]
    assert table["sebanding"].isna().all()


def test_a_hidden_place_stays_hidden():
    table = scorecard(row(None, None, None, None), row(13, 20, 25, 4.5), None, INSTRUMENT)
    assert table[["nilai", "poin_hilang"]].isna().all(axis=None)


def test_its_columns_print_it():
    shown = publish_table(
        scorecard_words(
            scorecard(row(15, 22.5, 25, 5), row(13, 20, 25, 4.5), row(1, 2, 3, 4), INSTRUMENT)
        ),
        nama="kartu",
        judul="Kartu nilai",
        kolom=scorecard_columns(),
    )
    assert [r[0] for r in shown.baris][::4] == ["Kualifikasi", "Indeks"]
    assert shown.sintetis
    assert list(shown.baris[4][1:]) == [67.5, 100.0, 32.5, 62.5, 10.0]


def test_other_rows_are_refused():
    two = pd.concat([row(1, 1, 1, 1)] * 2)
    with pytest.raises(ParameterError, match="has 2 rows"):
        scorecard(two, row(1, 1, 1, 1), None, INSTRUMENT)
    other = row(1, 1, 1, 1).assign(id_instrumen="ip-asn-2023")
    with pytest.raises(ParameterError, match="measured under"):
        scorecard(other, row(1, 1, 1, 1), None, INSTRUMENT)


def test_a_yardstick_of_other_instruments_is_left_out():
    mixed = row(13, 20, 25, 4.5).assign(id_instrumen="ip-asn-2019; ip-asn-2019+skor-diberikan")
    got = scorecard(row(15, 22.5, 25, 5), mixed, row(1, 2, 3, 4), INSTRUMENT)
    assert got["provinsi"].isna().all()
    assert got["sebanding"].tolist() == [1, 2, 3, 4, 10]
