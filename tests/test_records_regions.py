"""The register of places: facts of the official lists, and a strict door for names."""

from __future__ import annotations

import re

import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.regions import PROVINCE, find_kabkota, load_kabkota, load_neighbours

TWINS = ("Kediri", "Blitar", "Malang", "Probolinggo", "Pasuruan", "Mojokerto", "Madiun")


def test_register_sums_to_the_official_totals() -> None:
    # Kepmendagri 300.2.2-2138/2025, annex: 41,919,906 people on 48,055.876 km2
    kabkota = load_kabkota()
    assert len(kabkota) == 38
    assert kabkota["penduduk"].sum() == 41_919_906
    assert kabkota["luas_km2"].sum() == pytest.approx(48_055.876, abs=1e-6)


def test_register_holds_29_kabupaten_and_9_kota_under_their_codes() -> None:
    kabkota = load_kabkota()
    expected = [f"35{n:02d}" for n in (*range(1, 30), *range(71, 80))]
    assert kabkota.index.name == "kode_kabkota"
    assert list(kabkota.index) == expected
    assert list(kabkota.index[kabkota["jenis"] == "Kota"]) == expected[29:]
    assert kabkota["label"].is_unique
    assert sorted(kabkota["nama"][kabkota["nama"].duplicated()]) == sorted(TWINS)
    assert kabkota["bakorwil"].nunique() == 5


def test_bkn_codes_are_another_numbering() -> None:
    kabkota = load_kabkota()
    assert kabkota.loc["3578", "kode_bkn"] == "6571"  # Surabaya
    assert kabkota.loc["3571", "label"] == "Kota Kediri"
    assert kabkota["kode_bkn"].is_unique


def test_register_is_a_copy() -> None:
    mine = load_kabkota()
    mine.loc["3578", "label"] = "changed"
    assert load_kabkota().loc["3578", "label"] == "Kota Surabaya"


@pytest.mark.parametrize(
    "text",
    [
        "3573",
        " 35.73 ",
        "Kota Malang",
        "KOTA MALANG",
        "Pemerintah Kota Malang",
        "Pemkot Malang",
    ],
)
def test_a_kota_is_found(text: str) -> None:
    assert find_kabkota(text) == "3573"


@pytest.mark.parametrize("text", ["3507", "Kab. Malang", "kab malang", "Kabupaten  Malang"])
def test_a_kabupaten_is_found(text: str) -> None:
    assert find_kabkota(text) == "3507"


def test_every_label_full_name_and_code_leads_back() -> None:
    for code, row in load_kabkota().iterrows():
        full = row["label"].replace("Kab. ", "Kabupaten ")
        for text in (code, row["kode_kemendagri"], row["label"], full):
            assert find_kabkota(text) == code


@pytest.mark.parametrize("name", TWINS)
def test_a_name_borne_twice_is_refused_with_both(name: str) -> None:
    with pytest.raises(ParameterError) as error:
        find_kabkota(name)
    assert f"Kab. {name}" in str(error.value)
    assert f"Kota {name}" in str(error.value)


@pytest.mark.parametrize(
    "text", ["", "6571", "35", "3530", "3.578", "357.8", "Kab. Surabaya", "Kota Banyuwangi", "Solo"]
)
def test_what_is_no_place_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(ParameterError, match=re.escape("3579 Kota Batu")):
        find_kabkota(text)


def test_a_whole_number_is_a_code_and_other_kinds_are_refused() -> None:
    assert find_kabkota(3578) == "3578"  # papermill's command line makes a number of "3578"
    for other in (35.78, True, None):
        with pytest.raises(ParameterError, match="named by text"):
            find_kabkota(other)  # type: ignore[arg-type]


def test_neighbours_are_70_pairs_each_once() -> None:
    pairs = load_neighbours()
    assert len(pairs) == 70
    assert not pairs.duplicated(["kode_a", "kode_b"]).any()
    assert (pairs["kode_a"] < pairs["kode_b"]).all()
    known = set(load_kabkota().index)
    assert set(pairs["kode_a"]) | set(pairs["kode_b"]) == known
    bridge = pairs[pairs["jenis"] == "jembatan"]
    assert bridge[["kode_a", "kode_b"]].to_numpy().tolist() == [["3526", "3578"]]


def degrees(bridge: bool) -> dict[str, set[str]]:
    around: dict[str, set[str]] = {code: set() for code in load_kabkota().index}
    for row in load_neighbours(bridge).itertuples():
        around[row.kode_a].add(row.kode_b)
        around[row.kode_b].add(row.kode_a)
    return around


def components(around: dict[str, set[str]]) -> list[int]:
    left, sizes = set(around), []
    while left:
        seen, todo = set(), [min(left)]
        while todo:
            code = todo.pop()
            if code not in seen:
                seen.add(code)
                todo += around[code]
        left -= seen
        sizes.append(len(seen))
    return sorted(sizes)


def test_degrees_of_the_neighbour_graph() -> None:
    around = degrees(bridge=True)
    counts = {code: len(others) for code, others in around.items()}
    assert sum(counts.values()) / 38 == pytest.approx(140 / 38)  # 3.68
    single = {code for code, n in counts.items() if n == 1}
    assert single == {"3529", "3571", "3572", "3573", "3574", "3575", "3576"}
    assert counts["3507"] == max(counts.values()) == 9


def test_madura_hangs_on_the_bridge() -> None:
    assert components(degrees(bridge=True)) == [38]
    assert components(degrees(bridge=False)) == [4, 34]
    assert len(load_neighbours(bridge=False)) == 69


def test_province() -> None:
    assert PROVINCE == ("35", "Provinsi Jawa Timur")
