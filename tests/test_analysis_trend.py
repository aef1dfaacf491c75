"""Years side by side and movements between categories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipasn_lib.analysis.trend import (
    category_transitions,
    transition_matrix,
    years_side_by_side,
)
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.loading import load_instrument

INSTRUMENT = load_instrument(2022)


def summary(indeks, instrumen="ip-asn-2019", codes=("3501", "3502")):
    return pd.DataFrame(
        {
            "indeks": indeks,
            "id_instrumen": [None if np.isnan(v) else instrumen for v in indeks],
        },
        index=pd.Index(list(codes), name="kode_kabkota"),
    )


def test_change_is_given_only_between_comparable_years():
    table = years_side_by_side(
        {
            2022: summary([72.0, np.nan]),
            2021: summary([70.0, 60.0]),
            2023: summary([80.0, 65.0], "ip-asn-2023"),
        }
    )
    first, second = table.loc["3501"], table.loc["3502"]
    assert first.index.tolist() == [2021, 2022, 2023]
    assert first["keterangan"].tolist() == ["tahun_pertama", "sebanding", "tidak_sebanding"]
    assert first["selisih"][2022] == pytest.approx(2.0)
    assert first["selisih"].isna().tolist() == [True, False, True]
    # hidden in 2022: neither that year nor the next can be compared
    assert second["keterangan"].tolist() == ["tahun_pertama", "tidak_tersedia", "tidak_tersedia"]
    assert second["selisih"].isna().all()


def test_summaries_of_different_shape_are_refused():
    other = summary([70.0, 60.0]).rename_axis("unit_kerja")
    with pytest.raises(ParameterError):
        years_side_by_side({2021: summary([70.0, 60.0]), 2022: other})
    with pytest.raises(ParameterError):
        years_side_by_side({})


def people(indeks, instrumen=INSTRUMENT.id):
    values = np.asarray(indeks, dtype=float)
    return pd.DataFrame(
        {
            "indeks": values,
            "kategori": INSTRUMENT.kategori.of(values),
            "status_ukur": np.where(np.isnan(values), "tidak_terukur", "terukur"),
            "id_instrumen": instrumen,
        },
        index=pd.Index([f"p{k}" for k in range(len(values))], name="id_pegawai"),
    )


def test_movements_by_hand():
    # 100 matched: 30 stay Rendah, 20 rise to Sedang, 15 fall from Sedang, 35 stay Sedang.
    before = people([65.0] * 50 + [75.0] * 50 + [np.nan])
    after = people([65.0] * 30 + [75.0] * 20 + [65.0] * 15 + [75.0] * 35 + [75.0])
    table = category_transitions(before, after, INSTRUMENT).set_index(
        ["kategori_awal", "kategori_akhir"]
    )
    truth = {("Rendah", "Rendah"): 30, ("Rendah", "Sedang"): 20, ("Sedang", "Rendah"): 15,
             ("Sedang", "Sedang"): 35}  # fmt: skip
    shown = table["n"].dropna()
    assert all(truth[pair] == n for pair, n in shown.items())
    # the three empty cells of row Rendah hold nobody, under ten: the smallest shown one goes too
    row = table["n"].xs("Rendah", level=0)
    assert row.isna().sum() == 4
    assert row["Rendah"] == 30


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_line_gives_back_a_hidden_count(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(10, 400))
    levels = np.array([50.0, 65.0, 75.0, 85.0, 95.0])
    p = draw.dirichlet(np.ones(5))
    a, b = draw.choice(5, n, p=p), draw.choice(5, n, p=p)
    table = category_transitions(people(levels[a]), people(levels[b]), INSTRUMENT)
    shown = table["n"].to_numpy(dtype=float, na_value=np.nan).reshape(5, 5)
    truth = np.zeros((5, 5))
    np.add.at(truth, (a, b), 1)
    assert (shown[~np.isnan(shown)] >= 10).all()
    for counts, line in [*zip(truth, shown, strict=True), *zip(truth.T, shown.T, strict=True)]:
        hidden = np.isnan(line)
        assert (counts[~hidden] == line[~hidden]).all()
        assert not hidden.any() or hidden.all() or (hidden.sum() > 1 and counts[hidden].sum() >= 10)


def test_movements_across_instruments_are_refused():
    with pytest.raises(ParameterError, match="tidak_sebanding"):
        category_transitions(people([65.0] * 20), people([65.0] * 20, "ip-asn-2023"), INSTRUMENT)
    with pytest.raises(NotMeasurableError):
        category_transitions(people([65.0] * 9), people([65.0] * 9), INSTRUMENT)


def test_the_matrix_holds_the_pairs_in_order():
    ids = pd.Index([f"p{k}" for k in range(60)], name="id_pegawai")
    names = list(INSTRUMENT.kategori.nama)
    before = pd.Series(["Rendah"] * 30 + ["Sedang"] * 30, index=ids)
    after = pd.Series(["Rendah"] * 12 + ["Sedang"] * 18 + ["Sedang"] * 15 + ["Tinggi"] * 15, ids)
    sides = [
        pd.DataFrame({"kategori": s, "status_ukur": "terukur", "id_instrumen": INSTRUMENT.id})
        for s in (before, after)
    ]
    pairs = category_transitions(*sides, INSTRUMENT)
    matrix = transition_matrix(pairs)
    assert list(matrix.index) == list(matrix.columns) == names
    for row in pairs.itertuples():
        cell = matrix.loc[row.kategori_awal, row.kategori_akhir]
        assert (cell is pd.NA and row.n is pd.NA) or cell == row.n
    assert matrix.loc["Sangat Tinggi"].isna().all()
