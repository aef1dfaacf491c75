"""Spatial association: esda's statistics, hand arithmetic, permutation properties."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from esda.moran import Moran as EsdaMoran
from esda.moran import Moran_Local
from libpysal.weights import W

from ipasn_lib.analysis.spatial import QUADRANTS, local_moran, moran, spatial_lag
from ipasn_lib.errors import NotMeasurableError, ParameterError


def chequers(side: int) -> tuple[list[str], pd.DataFrame]:
    """A square of places joined along its edges (rook), as a table of pairs."""
    name = {(r, c): f"{r}{c}" for r in range(side) for c in range(side)}
    pairs = [
        (name[r, c], name[r + dr, c + dc])
        for r, c in name
        for dr, dc in ((0, 1), (1, 0))
        if (r + dr, c + dc) in name
    ]
    return list(name.values()), pd.DataFrame(pairs, columns=["kode_a", "kode_b"])


@pytest.fixture
def square() -> tuple[pd.Series, pd.DataFrame]:
    """36 places with a slope and noise, and one place that hangs on a single neighbour."""
    codes, pairs = chequers(6)
    rng = np.random.default_rng(11)
    slope = np.array([int(c[0]) + int(c[1]) for c in codes])
    values = pd.Series(60 + slope + rng.normal(0, 2, len(codes)), index=codes, name="indeks")
    values["ujung"] = 80.0
    pairs = pd.concat([pairs, pd.DataFrame({"kode_a": ["ujung"], "kode_b": ["55"]})])
    return values.rename_axis("kode_kabkota"), pairs.reset_index(drop=True)


def esda_weights(codes: pd.Index, pairs: pd.DataFrame) -> W:
    """esda changes the weights it is handed, so a fresh one each time."""
    neighbours: dict[str, list[str]] = {c: [] for c in codes}
    for a, b in zip(pairs["kode_a"], pairs["kode_b"], strict=True):
        neighbours[a].append(b)
        neighbours[b].append(a)
    return W(neighbours, id_order=list(codes), silence_warnings=True)


@pytest.fixture
def _quiet_esda() -> Iterator[None]:
    # esda's global Moran reads numpy's global stream
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    yield
    np.random.set_state(state)  # noqa: NPY002


@pytest.mark.usefixtures("_quiet_esda")
def test_global_moran_is_esdas(square: tuple[pd.Series, pd.DataFrame]) -> None:
    values, pairs = square
    got = moran(values, pairs, seed=1)
    expected = EsdaMoran(values.to_numpy(), esda_weights(values.index, pairs), permutations=999)
    assert got.statistic == pytest.approx(expected.I, abs=1e-10)
    assert got.expected == pytest.approx(expected.EI, abs=1e-12)
    assert got.sd == pytest.approx(expected.seI_sim, rel=0.1)
    # a mild pattern, so that p is not at its floor
    mild = pd.Series(np.random.default_rng(3).normal(size=37), index=values.index)
    mild = mild + 0.15 * (values - values.mean())
    got = moran(mild, pairs, seed=1)
    expected = EsdaMoran(mild.to_numpy(), esda_weights(values.index, pairs), permutations=9999)
    assert 0.002 < expected.p_sim < 0.5
    folded = min(got.p_greater, 1 - got.p_greater)
    error = np.sqrt(2 * expected.p_sim * (1 - expected.p_sim) / 9999)
    assert folded == pytest.approx(expected.p_sim, abs=4 * error)


# esda announces that it will double its p-values as ours are
@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
def test_local_moran_is_esdas(square: tuple[pd.Series, pd.DataFrame]) -> None:
    values, pairs = square
    got = local_moran(values, pairs, seed=1)
    expected = Moran_Local(
        values.to_numpy(), esda_weights(values.index, pairs), permutations=9999, seed=2
    )
    np.testing.assert_allclose(got["i_lokal"], expected.Is, rtol=0, atol=1e-10)
    # esda folds to the smaller tail; ours is twice that, at most 1
    folded = np.minimum(1.0, 2 * expected.p_sim)
    error = 2 * np.sqrt(2 * expected.p_sim * (1 - expected.p_sim) / 9999)
    far = np.abs(got["p"] - folded) > 4.5 * error + 2e-4
    assert not far[got["satu_tetangga"].eq(False)].any()
    quadrant = {1: "tinggi-tinggi", 2: "rendah-tinggi", 3: "rendah-rendah", 4: "tinggi-rendah"}
    assert got["kuadran"].astype(str).to_list() == [quadrant[q] for q in expected.q]


def test_moran_by_hand() -> None:
    # a chain a-b-c-d with values 1, 2, 3, 6: mean 3, z = -2, -1, 0, 3; sum of squares 14
    # lags of z: -1; (-2 + 0)/2 = -1; (-1 + 3)/2 = 1; 0 -> z . lag = 2 + 1 + 0 + 0 = 3
    values = pd.Series([1.0, 2.0, 3.0, 6.0], index=list("abcd"))
    pairs = pd.DataFrame({"kode_a": list("abc"), "kode_b": list("bcd")})
    got = moran(values, pairs, seed=1, permutations=199)
    assert got.statistic == pytest.approx(3 / 14)
    assert got.expected == pytest.approx(-1 / 3)
    assert (got.n, got.pairs, got.islands, got.missing) == (4, 3, (), ())
    local = local_moran(values, pairs, seed=1)
    np.testing.assert_allclose(local["i_lokal"], 3 / 14 * np.array([2, 1, 0, 0]), atol=1e-12)
    assert local["satu_tetangga"].to_list() == [True, False, False, True]


def test_lag_by_hand_and_places_left_out() -> None:
    values = pd.Series([10.0, np.nan, 30.0, 50.0, 70.0], index=list("abcde"))
    pairs = pd.DataFrame({"kode_a": ["a", "b", "c"], "kode_b": ["b", "c", "d"]})
    got = spatial_lag(values, pairs)
    # a's only neighbour is hidden; e never had one
    assert got["tanpa_tetangga"].to_list() == [True, pd.NA, False, False, True]
    assert got.loc["c", "rata_rata_tetangga"] == 50.0
    assert got.loc["c", "selisih"] == -20.0
    assert got.loc[["a", "b", "e"], "rata_rata_tetangga"].isna().all()
    assert pd.isna(got.loc["b", "jumlah_tetangga"])
    assert got["jumlah_tetangga"].dropna().to_list() == [0, 1, 1, 0]
    assert pd.isna(got.loc["b", "satu_tetangga"])
    assert bool(got.loc["c", "satu_tetangga"])


def test_hidden_places_are_taken_out_first(square: tuple[pd.Series, pd.DataFrame]) -> None:
    values, pairs = square
    hidden = values.astype("Float64").copy()
    hidden["55"] = pd.NA
    got = moran(hidden, pairs, seed=1, permutations=199)
    assert got.missing == ("55",)
    assert got.islands == ("ujung",)
    kept = values.drop(["55", "ujung"])
    left = pairs[pairs["kode_a"].isin(kept.index) & pairs["kode_b"].isin(kept.index)]
    expected = EsdaMoran(kept.to_numpy(), esda_weights(kept.index, left), permutations=0)
    assert got.statistic == pytest.approx(expected.I, abs=1e-10)
    local = local_moran(hidden, pairs, seed=1)
    assert (
        local.loc[["55", "ujung"], ["i_lokal", "p", "p_fdr", "nyata", "kuadran"]].isna().all().all()
    )
    assert bool(local.loc["ujung", "tanpa_tetangga"])
    assert local.index.equals(hidden.index)


def test_a_bridge_is_just_a_pair() -> None:
    left, right = pd.Series([1.0, 2, 3], list("abc")), pd.Series([7.0, 8, 9], list("xyz"))
    values = pd.concat([left, right])
    land = pd.DataFrame({"kode_a": list("abxy"), "kode_b": list("bcyz")})
    bridge = pd.concat([land, pd.DataFrame({"kode_a": ["c"], "kode_b": ["x"]})])
    without, with_bridge = spatial_lag(values, land), spatial_lag(values, bridge)
    changed = without["rata_rata_tetangga"] != with_bridge["rata_rata_tetangga"]
    assert changed[changed].index.to_list() == ["c", "x"]
    assert with_bridge.loc["c", "rata_rata_tetangga"] == (2 + 7) / 2


def test_order_of_rows_and_pairs_does_not_matter(square: tuple[pd.Series, pd.DataFrame]) -> None:
    values, pairs = square
    mixed = pairs.sample(frac=1, random_state=2).rename(
        columns={"kode_a": "kode_b", "kode_b": "kode_a"}
    )
    shuffled = values.sample(frac=1, random_state=3)
    assert moran(values, pairs, seed=4) == moran(shuffled, mixed, seed=4)
    a, b = local_moran(values, pairs, seed=4), local_moran(shuffled, mixed, seed=4)
    pd.testing.assert_frame_equal(a, b.reindex(a.index))


def test_seed_decides(square: tuple[pd.Series, pd.DataFrame]) -> None:
    values, pairs = square
    noise = pd.Series(np.random.default_rng(1).normal(size=37), index=values.index)
    assert moran(noise, pairs, seed=4) == moran(noise, pairs, seed=4)
    assert moran(noise, pairs, seed=4).sd != moran(noise, pairs, seed=5).sd


def test_no_pattern_is_rarely_called_one() -> None:
    # without a pattern p-values are uniform: about 5 % under 0.05, and the false discovery
    # rate, here the share of tables with any discovery, at most about 5 %
    codes, pairs = chequers(5)
    rng = np.random.default_rng(9)
    p_global, any_local = [], 0
    for seed in range(200):
        values = pd.Series(rng.normal(size=25), index=codes)
        p_global.append(moran(values, pairs, seed=seed, permutations=199).p_two_sided)
        any_local += bool(local_moran(values, pairs, seed=seed, permutations=1199)["nyata"].any())
    share = (np.array(p_global) <= 0.05).mean()
    assert 0.02 <= share <= 0.08
    assert any_local / 200 <= 0.08


def test_a_strong_cluster_is_found() -> None:
    codes, pairs = chequers(8)
    high = {f"{r}{c}" for r in range(3) for c in range(4)}
    values = pd.Series([10.0 if c in high else 1.0 for c in codes], index=codes)
    values = values + np.random.default_rng(0).normal(0, 0.1, len(values))
    got = local_moran(values, pairs, seed=1)
    # 11 has four neighbours in the cluster; far away nothing is called high
    assert bool(got.loc["11", "nyata"])
    assert got.loc["11", "kuadran"] == "tinggi-tinggi"
    assert list(got["kuadran"].cat.categories) == list(QUADRANTS)
    called = got.index[got["nyata"] & (got["kuadran"] == "tinggi-tinggi")]
    assert set(called) <= high
    assert (got["p_fdr"] >= got["p"]).all()


def test_what_is_refused(square: tuple[pd.Series, pd.DataFrame]) -> None:
    values, pairs = square
    unknown = pd.concat([pairs, pd.DataFrame({"kode_a": ["99"], "kode_b": ["00"]})])
    with pytest.raises(ParameterError, match="99"):
        spatial_lag(values, unknown)
    twice = pd.concat(
        [pairs, pairs.iloc[:1].rename(columns={"kode_a": "kode_b", "kode_b": "kode_a"})]
    )
    with pytest.raises(ParameterError, match="twice"):
        spatial_lag(values, twice)
    itself = pd.DataFrame({"kode_a": ["00"], "kode_b": ["00"]})
    with pytest.raises(ParameterError, match="itself"):
        spatial_lag(values, itself)
    with pytest.raises(ParameterError, match="no column kode_b"):
        moran(values, pairs[["kode_a"]], seed=1)
    with pytest.raises(ParameterError, match="too few for 37"):
        local_moran(values, pairs, seed=1, permutations=999)
    with pytest.raises(NotMeasurableError, match="same value"):
        moran(values * 0 + 0.1, pairs, seed=1)
    with pytest.raises(NotMeasurableError, match="four places"):
        moran(values.where(values.index.isin(["00", "01"])), pairs, seed=1)
