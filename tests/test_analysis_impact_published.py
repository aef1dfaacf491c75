"""The estimator beside published figures: minimum wages and teen employment in 500 US counties."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.analysis.impact import adoption_effect

GOLDEN = tomllib.loads((Path(__file__).parent / "golden" / "mpdta.toml").read_text("utf-8"))
PUBLISHED = GOLDEN["terbitan"]


def counties() -> tuple[pd.DataFrame, pd.Series]:
    """500 units whose groups have exactly the published sizes, means and covariances."""
    rng = np.random.default_rng(0)
    rows, dates = [], {}
    for group in GOLDEN["kelompok"]:
        n = group["n"]
        noise = rng.normal(size=(n, len(GOLDEN["tahun"])))
        noise -= noise.mean(axis=0)
        white = noise @ np.linalg.inv(np.linalg.cholesky(np.cov(noise.T))).T
        values = group["rata_rata"] + white @ np.linalg.cholesky(np.array(group["kovarians"])).T
        for unit, path in enumerate(values):
            code = f"{group['mulai']}-{unit:03d}"
            dates[code] = group["mulai"] or None
            rows += [(code, year, y) for year, y in zip(GOLDEN["tahun"], path, strict=True)]
    panel = pd.DataFrame(rows, columns=["kode_kabkota", "tahun", "indeks"])
    return panel, pd.Series(dates, dtype="Int64")


def test_estimate_and_standard_error_are_those_of_the_published_packages():
    got = adoption_effect(*counties())
    assert got.efek == pytest.approx(PUBLISHED["imputasi"]["efek"], abs=1e-9)
    assert got.galat_baku == pytest.approx(PUBLISHED["imputasi"]["galat_baku"], abs=1e-9)
    assert (got.n_menerapkan, got.n_tidak_pernah) == (191, 309)


@pytest.mark.parametrize("cell", PUBLISHED["att_gt"])
def test_two_years_and_two_groups_are_the_published_group_time_effects(cell):
    # Callaway and Sant'Anna without covariates: group g against the never-treated, from the year
    # before g to t; that is the same estimator on these two groups and years
    start, year = (int(part) for part in cell.split("_"))
    panel, dates = counties()
    kept = dates[dates.isna() | (dates == start)]
    rows = panel["kode_kabkota"].isin(kept.index) & panel["tahun"].isin([start - 1, year])
    got = adoption_effect(panel[rows], kept)
    assert got.efek == pytest.approx(PUBLISHED["att_gt"][cell], abs=5.1e-5)
