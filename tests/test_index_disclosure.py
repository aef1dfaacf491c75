"""The rules that hide groups, one by one and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import people

from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.disclosure import all_may_be_punished
from ipasn_lib.index.score import score
from ipasn_lib.index.tables import published_tables
from ipasn_lib.law.loading import load_instrument

LAW = load_instrument(2022)
KINDS = ("tidak_pernah", "ringan", "sedang", "berat")


def unit(name: str, *punished: int) -> list[dict[str, object]]:
    """People of a unit by punishment: so many never, light, medium, heavy."""
    return [
        {"unit_kerja": name, "hukuman_disiplin": kind}
        for kind, count in zip(KINDS, punished, strict=False)
        for _ in range(count)
    ]


def shown(*units: list[dict[str, object]]) -> pd.Series:
    rows = [row for one in units for row in one]
    return aggregate(score(people(*rows), LAW), ["unit_kerja"])["disiplin"]


# Points by Peraturan BKN 8/2019: never 5, light 3, medium 2, heavy 1.
@pytest.mark.parametrize(
    ("points", "measured", "closed"),
    [
        (36, 12, True),  # twelve light ones, or six heavy: mean 3.00
        (36.5, 12, False),
        (12, 12, True),  # all heavy
        (60, 12, False),  # nobody
        (0, 0, False),  # nobody measured: nothing is told
    ],
)
def test_a_mean_that_all_may_share_closes_a_group(points, measured, closed):
    assert all_may_be_punished([points], [measured]).tolist() == [closed]


def test_where_everybody_was_punished_nothing_is_shown():
    got = shown(unit("A", 0, 40), unit("B", 30), unit("C", 50), unit("D", 60))
    assert np.isnan(got["A"])
    # one more is hidden, the smallest, or A would follow from the total
    assert np.isnan(got["B"])
    assert got[["C", "D"]].tolist() == [5.0, 5.0]


def test_where_half_were_punished_a_group_is_shown():
    # 20 never, 20 light: (20*5 + 20*3) / 40
    assert shown(unit("A", 20, 20), unit("B", 30))["A"] == 4.0


def test_where_nobody_was_punished_a_group_is_shown():
    assert shown(unit("A", 40), unit("B", 30)).tolist() == [5.0, 5.0]


def test_no_published_table_shows_a_place_in_which_all_were_punished():
    rows = [
        row | {"kode_kabkota": kode}
        for kode, part in {
            "3501": unit("A", 0, 0, 30),
            "3502": unit("B", 40),
            "3503": unit("C", 50),
            "3504": unit("D", 60),
        }.items()
        for row in part
    ]
    places = pd.DataFrame(
        {"bakorwil": "I", "jenis": "Kabupaten"},
        index=pd.Index(["3501", "3502", "3503", "3504"], name="kode_kabkota"),
    )
    tables = published_tables(score(people(*rows), LAW), places)
    for name in ("kabkota", "kabkota_jenis_asn", "unit_kerja"):
        table = tables[name]
        place = table.index.get_level_values(0)
        assert table.loc[place == "3501", "n_pegawai"].isna().all(), name
        assert table.loc[place == "3504", "n_pegawai"].notna().all(), name
