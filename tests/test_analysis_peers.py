"""Peers: hand arithmetic, scikit-learn as oracle, no place predicts itself, no fork hangs."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.linear_model import RidgeCV
from sklearn.metrics import silhouette_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ipasn_lib.analysis.peers import (
    compare_with_example,
    expected_index,
    gain_from_example,
    group_places,
    nearest_places,
    place_structure,
)
from ipasn_lib.analysis.peers.expected import PENALTIES
from ipasn_lib.errors import NotMeasurableError, ParameterError

# ---- structure ---------------------------------------------------------------------------

REGISTER = pd.DataFrame(
    {"penduduk": [1_000_000, 200_000, 300_000], "jenis": ["Kabupaten", "Kota", "Kabupaten"]},
    index=pd.Index(["3501", "3571", "3502"], name="kode_kabkota"),
)


def staff(code: str, **numbers: int) -> pd.DataFrame:
    """People of one place; a keyword is "kind of ASN_job group_schooling"."""
    rows = [
        dict(
            zip(
                ("jenis_asn", "kelompok_jabatan", "jenjang_pendidikan"),
                (part if part != "NA" else None for part in kind.split("_")),
                strict=True,
            )
        )
        for kind, n in numbers.items()
        for _ in range(n)
    ]
    return pd.DataFrame(rows).assign(kode_kabkota=code, tahun=2024)


def test_structure_by_hand() -> None:
    people = pd.concat(
        [
            staff(
                "3501",
                PNS_struktural_S1=20,
                PNS_fungsional_S1=40,
                PNS_pelaksana_SLTA=20,
                PPPK_fungsional_S2=20,
            ),
            staff("3571", PNS_fungsional_S1=50, PNS_pelaksana_SMP=0),
        ],
        ignore_index=True,
    )
    before = people.copy()
    got = place_structure(people, REGISTER)
    assert got.index.tolist() == ["3501", "3571"]
    row = got.loc["3501"]
    assert row["ln_pegawai"] == pytest.approx(np.log(100))
    assert row["ln_penduduk"] == pytest.approx(np.log(1_000_000))
    assert row.drop(["ln_pegawai", "ln_penduduk"]).to_dict() == pytest.approx(
        {
            "kota": 0,
            "bagian_pppk": 0.2,
            "bagian_struktural": 0.2,
            "bagian_fungsional": 0.6,
            "bagian_slta_ke_bawah": 0.2,
            "bagian_pascasarjana": 0.2,
        }
    )
    assert got.loc["3571", ["kota", "bagian_pppk", "bagian_fungsional"]].tolist() == [1, 0, 1]
    pd.testing.assert_frame_equal(people, before)
    assert "bagian_pascasarjana" not in place_structure(
        people.drop(columns="jenjang_pendidikan"), REGISTER
    )


def test_structure_hides_thin_mixes_and_says_nothing_of_unknown_ones() -> None:
    people = pd.concat(
        [
            # nine PPPK: their share is hidden; their jobs are not few
            staff("3501", PNS_fungsional_S1=50, PPPK_fungsional_S1=9),
            # kind of ASN unknown for 20 of 100: more than a tenth
            staff("3502", PNS_fungsional_S1=80, NA_fungsional_S1=20),
            staff("3571", PNS_fungsional_S1=9),
        ],
        ignore_index=True,
    )
    got = place_structure(people, REGISTER)
    assert np.isnan(got.loc["3501", "bagian_pppk"])
    assert got.loc["3501", "bagian_fungsional"] == 1
    assert np.isnan(got.loc["3502", "bagian_pppk"])
    assert got.loc["3571"].isna().all()


def test_structure_refuses() -> None:
    people = staff("3501", PNS_fungsional_S1=20)
    with pytest.raises(ParameterError, match="jenis_asn"):
        place_structure(people.drop(columns="jenis_asn"), REGISTER)
    with pytest.raises(ParameterError, match="more than one year"):
        place_structure(pd.concat([people, people.assign(tahun=2023)]), REGISTER)
    with pytest.raises(ParameterError, match="1 codes"):
        place_structure(people.assign(kode_kabkota="9999"), REGISTER)


def test_nearest_by_hand() -> None:
    table = pd.DataFrame(
        {"a": [0.0, 2.0, 4.0, 2.0], "b": [1.0, 1.0, 1.0, 1.0], "c": [0.0, 0.0, 2.0, 2.0]},
        index=["3501", "3502", "3503", "3504"],
    )
    # sd of a: sqrt((4 + 0 + 4 + 0)/4) = sqrt 2; of c: 1; b does not vary and does not count
    got = nearest_places(table, "3501", n=3)
    assert got.index.tolist() == ["3502", "3504", "3503"]
    assert got["jarak"].tolist() == pytest.approx(
        [np.sqrt(2 / 2), np.sqrt((2 + 4) / 2), np.sqrt((8 + 4) / 2)]
    )
    assert got.loc["3503", ["a", "b", "c"]].tolist() == pytest.approx([4 / np.sqrt(2), 0, 2])
    with pytest.raises(ParameterError, match="not in struktur"):
        nearest_places(table, "3599")
    table.loc["3501", "c"] = np.nan
    with pytest.raises(NotMeasurableError, match="3501"):
        nearest_places(table, "3501")


# ---- groups ------------------------------------------------------------------------------


def islands(gap: float, seed: int = 1) -> pd.DataFrame:
    """Three groups of 12 places; apart where the gap is large."""
    rng = np.random.default_rng(seed)
    centres = np.array([[0.0, 0.0], [gap, 0.0], [0.0, gap]])
    points = np.repeat(centres, 12, axis=0) + rng.normal(0, 1, (36, 2))
    codes = [f"35{i:02d}" for i in range(36)]
    return pd.DataFrame(points, index=codes, columns=["ln_pegawai", "bagian_pppk"])


@pytest.mark.parametrize("method", ["ward", "kmeans"])
def test_groups_that_are_there_are_found(method: str) -> None:
    table = islands(12.0)
    got = group_places(table, seed=1, method=method, draws=30)
    assert got.pilihan.index[got.pilihan["terpilih"]].tolist() == [3]
    assert got.stabil
    truth = np.repeat([0, 1, 2], 12)
    assert len({*zip(truth, got.kelompok, strict=True)}) == 3
    # the second island has the largest first column, so it is number 1
    assert got.kelompok.iloc[12] == 1
    assert got.pilihan.loc[3, "stabilitas"] == pytest.approx(1, abs=0.02)
    assert got.profil["n_tempat"].tolist() == [12, 12, 12]
    assert got.profil.loc[1, "ln_pegawai"] == pytest.approx(table["ln_pegawai"].iloc[12:24].mean())
    again = group_places(table, seed=1, method=method, draws=30)
    pd.testing.assert_frame_equal(got.pilihan, again.pilihan)


def test_ward_is_scipys_and_the_silhouette_scikit_learns() -> None:
    table = islands(3.0)
    got = group_places(table, seed=1, groups=4, draws=20)
    z = ((table - table.mean()) / table.std(ddof=0)).to_numpy()
    truth = fcluster(linkage(z, "ward"), 4, "maxclust")
    assert len({*zip(truth, got.kelompok, strict=True)}) == 4
    assert got.pilihan.loc[4, "siluet"] == pytest.approx(silhouette_score(z, truth))
    assert got.siluet.mean() == pytest.approx(got.pilihan.loc[4, "siluet"])


def test_noise_gives_no_stable_groups() -> None:
    got = group_places(islands(0.0, seed=5), seed=1, draws=50)
    assert (got.pilihan["siluet"] < 0.5).all()
    assert got.pilihan["stabilitas"].min() < 0.6
    assert (
        got.pilihan.loc[2, "stabilitas"]
        < group_places(islands(12.0), seed=1, groups=3, draws=50).pilihan.loc[3, "stabilitas"]
    )


def test_places_without_description_have_no_group() -> None:
    table = islands(12.0)
    table.loc["3500", "bagian_pppk"] = np.nan
    table["bagian_struktural"] = np.nan
    got = group_places(table, seed=1, draws=20)
    assert got.tanpa_struktur == ("3500",)
    assert pd.isna(got.kelompok["3500"])
    assert "bagian_struktural" not in got.profil


def test_groups_refuse() -> None:
    table = islands(12.0)
    with pytest.raises(ParameterError, match="known: ward, kmeans"):
        group_places(table, seed=1, method="dbscan")
    with pytest.raises(ParameterError, match="draws"):
        group_places(table, seed=1, draws=5)
    with pytest.raises(NotMeasurableError, match="too few for 9"):
        group_places(table.head(20), seed=1, groups=9)


FORK = """
import os, sys
import numpy as np, pandas as pd
from ipasn_lib.analysis.peers import group_places
table = pd.DataFrame(np.random.default_rng(1).normal(size=(600, 3)), columns=list("abc"))
group_places(table, seed=1, groups=3, method="kmeans", draws=20)
child = os.fork()
if child == 0:
    group_places(table, seed=1, groups=3, method="kmeans", draws=20)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_after_kmeans_does_not_hang() -> None:
    threads = {**os.environ, "OMP_NUM_THREADS": "2"}
    done = subprocess.run([sys.executable, "-c", FORK], env=threads, timeout=120, check=False)
    assert done.returncode == 0


# ---- expected from structure -------------------------------------------------------------


def places(seed: int, n: int = 38, noise: float = 2.0) -> tuple[pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (n, 5)) * [1, 10, 0.1, 1, 3]
    y = 70 + 3 * x[:, 0] + 0.2 * x[:, 1] + rng.normal(0, noise, n)
    codes = pd.Index([f"35{i:02d}" for i in range(n)], name="kode_kabkota")
    return pd.Series(y, index=codes, name="indeks"), pd.DataFrame(x, index=codes).add_prefix("x")


def test_expected_is_ridge_of_scikit_learn_on_the_others() -> None:
    y, x = places(1)
    got = expected_index(y, x).tabel
    for i, code in enumerate(y.index):
        others = np.arange(len(y)) != i
        model = make_pipeline(StandardScaler(), RidgeCV(alphas=PENALTIES))
        model.fit(x.to_numpy()[others], y.to_numpy()[others])
        assert got.loc[code, "penalti"] == pytest.approx(model[-1].alpha_)
        assert got.loc[code, "harapan"] == pytest.approx(
            model.predict(x.to_numpy()[[i]])[0], abs=1e-8
        )
    np.testing.assert_allclose(got["selisih"], got["nilai"] - got["harapan"])


def test_a_places_own_value_never_predicts_itself() -> None:
    y, x = places(2)
    before = expected_index(y, x).tabel.loc["3510"]
    y["3510"] += 1000
    after = expected_index(y, x).tabel.loc["3510"]
    columns = ["harapan", "penalti", "batas_bawah", "batas_atas"]
    np.testing.assert_allclose(before[columns].to_numpy(float), after[columns].to_numpy(float))
    assert after["di_luar"]


def test_limits_are_jackknife_plus_by_scikit_learn() -> None:
    y, x = places(6, n=13)
    got = expected_index(y, x, level=0.8).tabel.iloc[4]
    low, high = [], []
    for j in (k for k in range(13) if k != 4):
        kept = [k for k in range(13) if k not in (4, j)]
        model = make_pipeline(StandardScaler(), RidgeCV(alphas=PENALTIES))
        model.fit(x.to_numpy()[kept], y.to_numpy()[kept])
        at_place, at_other = model.predict(x.to_numpy()[[4, j]])
        miss = abs(y.iloc[j] - at_other)
        low.append(at_place - miss)
        high.append(at_place + miss)
    # twelve others: the floor(0.2 * 13) = 2nd lowest, the ceil(0.8 * 13) = 11th of the upper
    assert got["batas_bawah"] == pytest.approx(sorted(low)[1], abs=1e-8)
    assert got["batas_atas"] == pytest.approx(sorted(high)[10], abs=1e-8)


def test_intervals_cover_new_values_as_often_as_they_say() -> None:
    inside = [~expected_index(*places(50 + s, n=30)).tabel["di_luar"] for s in range(6)]
    share = np.mean(np.concatenate(inside).astype(float))
    # promised 0.8, expected about 0.9; 180 values, three standard errors are 0.07
    assert 0.82 < share < 0.98


def test_structure_that_tells_nothing_has_no_q2() -> None:
    y, x = places(3)
    rng = np.random.default_rng(8)
    shuffled = pd.Series(rng.permutation(y.to_numpy()), index=y.index)
    assert expected_index(shuffled, x).q2 < 0.15
    told = expected_index(y, x)
    assert told.q2 > 0.6
    assert told.galat == pytest.approx(np.sqrt((told.tabel["selisih"] ** 2).mean()))
    spread = ((y - (y.sum() - y) / 37) ** 2).sum()
    assert told.q2 == pytest.approx(1 - (told.tabel["selisih"] ** 2).sum() / spread)


def test_hidden_and_undescribed_places_are_left_out_and_named() -> None:
    y, x = places(4, n=20)
    hidden = y.astype("Float64")
    hidden["3501"] = pd.NA
    x.loc["3502", "x0"] = np.nan
    got = expected_index(hidden, x)
    assert got.tanpa_harapan == ("3501", "3502")
    assert got.tabel.loc[["3501", "3502"], ["harapan", "selisih", "di_luar"]].isna().all(axis=None)
    assert got.tabel.index.equals(y.index)
    with pytest.raises(NotMeasurableError, match="needed: 12"):
        expected_index(y.head(10), x)
    with pytest.raises(ParameterError, match="level"):
        expected_index(y, x, level=90)


def test_few_places_exclude_nothing() -> None:
    y, x = places(5, n=14)
    # of 13 other places the 0.95 quantile would be the 14th
    got = expected_index(y, x, level=0.95).tabel
    assert np.isinf(got["batas_atas"]).all()
    assert not got["di_luar"].any()


# ---- the example -------------------------------------------------------------------------


def summary() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n_terukur": pd.array([100, 300, 100, 50, None], dtype="Int64"),
            "kualifikasi": [20.0, 18.0, 22.0, 10.0, np.nan],
            "kompetensi": [30.0, 20.0, 10.0, 10.0, np.nan],
            "kinerja": [25.0, 25.0, 25.0, 10.0, np.nan],
            "disiplin": [5.0, 5.0, 4.0, 1.0, np.nan],
            "id_instrumen": ["lama", "lama", "lama", "baru", "lama"],
        },
        index=pd.Index(["3510", "3501", "3502", "3503", "3504"], name="kode_kabkota"),
    )


def test_example_by_hand() -> None:
    got = compare_with_example(summary())
    # 3503 is under another instrument, 3504 hidden: left are 3501 (300 people), 3502 (100)
    row = got.loc["kompetensi"]
    assert row["lainnya"] == pytest.approx((20 * 300 + 10 * 100) / 400)
    assert row["median_lainnya"] == 15
    assert row["selisih"] == pytest.approx(12.5)
    assert row["potensi"] == pytest.approx((10 * 300 + 20 * 100) / 400)
    assert row[["peringkat", "n_tempat", "di_bawah"]].tolist() == [1, 3, 2]
    assert got["patut_ditiru"].tolist() == [False, True, False, True]
    assert got.loc["kualifikasi", "peringkat"] == 2
    # only 3501 is below in kualifikasi: 2 points of 300 of 400 people
    assert got.loc["kualifikasi", "potensi"] == pytest.approx(1.5)
    assert got.loc["kinerja", ["peringkat", "di_bawah", "potensi"]].tolist() == [1, 0, 0]


def test_gain_by_hand() -> None:
    got = gain_from_example(summary())
    assert got.index.tolist() == ["3502", "3501"]
    numbers = ["kualifikasi", "kompetensi", "kinerja", "disiplin", "jumlah", "terbesar"]
    assert got.loc["3502", numbers].tolist() == [0, 20, 0, 1, 21, "kompetensi"]
    assert got.loc["3501", numbers].tolist() == [2, 10, 0, 0, 12, "kompetensi"]
    assert (got["id_instrumen"] == "lama").all()
    best = gain_from_example(summary().assign(kualifikasi=1.0, kompetensi=1.0, disiplin=1.0))
    assert best["terbesar"].isna().all()
    assert gain_from_example(summary(), peers=["3501"]).index.tolist() == ["3501"]


def test_example_refuses() -> None:
    with pytest.raises(ParameterError, match="3599"):
        compare_with_example(summary(), "3599")
    with pytest.raises(ParameterError, match="indeks"):
        compare_with_example(summary(), kolom=["indeks"])
    with pytest.raises(NotMeasurableError, match="no example"):
        compare_with_example(summary(), "3504")
    with pytest.raises(NotMeasurableError, match="no other place"):
        compare_with_example(summary(), "3503")
