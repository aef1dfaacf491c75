"""Make-believe exports lead back to the people they were made from.

The exports are written from people whose record is known, by code that shares nothing with the
readers but the description of the shapes and the instrument's tables.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.index.score import score, score_detail
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.keys import pseudonyms
from ipasn_lib.records.siasn.reading import is_siasn_folder, read_siasn
from ipasn_lib.records.synthetic.siasn_exports import nip_table, truth, write_siasn

KEY = bytes(range(32))
SEED = 11


@pytest.mark.parametrize(
    ("fmt", "tahun", "kode"),
    [
        ("csv", 2022, "3510"),
        ("xlsx", 2021, "3526"),
        ("json", 2020, "3573"),
        ("parquet", 2019, "3501"),
    ],
)
def test_points_from_exports_are_those_of_the_people(tmp_path, fmt, tahun, kode):
    law = load_instrument(tahun)
    write_siasn(tmp_path / "siasn", SEED, 0.02, tahun, law, fmt, [kode])
    folder = next(p for p in (tmp_path / "siasn").iterdir() if p.is_dir())
    assert is_siasn_folder(folder)
    got = read_siasn(folder, law, tahun, key=KEY)
    assert (got.n_rejected, got.format) == (0, "ekspor SIASN")
    links = nip_table(SEED, kode, scale=0.02, tahun=tahun).set_index("id_pegawai")
    people = truth(SEED, scale=0.02, tahun=tahun, instrument=law, kabkota=[kode])
    ids = pd.Index(pseudonyms(links.loc[people.index, "nip"], KEY), name="id_pegawai")
    people = people.set_axis(ids)
    assert set(got.pegawai.index) == set(ids)
    found = got.pegawai.loc[ids]
    assert (found["sumber_data"] == people["sumber_data"]).all()
    for column in ("kelompok_jabatan", "jenis_asn", "jenis_kelamin", "golongan", "unit_kerja"):
        assert (found[column].astype("str") == people[column].astype("str")).all(), column
    expected, scored = score_detail(people, law), score_detail(found, law)
    np.testing.assert_array_equal(scored.to_numpy(), expected.to_numpy())
    assert (score(found, law)["status_ukur"] == score(people, law)["status_ukur"]).all()
