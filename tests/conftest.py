"""Shared fixtures: instruments, a small table of make-believe people."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.suite import publish

pytest_plugins = ("assurance",)

# The gate tries the same examples every time, so that a red run means a change in the code;
# IPASN_ACAK=1 tries new ones.
settings.register_profile("gerbang", derandomize=True, deadline=None)
settings.register_profile("acak", deadline=None)
settings.load_profile("acak" if os.environ.get("IPASN_ACAK") == "1" else "gerbang")

CLEAN: Mapping[str, Any] = {
    "tahun": 2022,
    "kode_kabkota": "3510",
    "unit_kerja": "Dinas Contoh",
    "jenis_asn": "PNS",
    "kelompok_jabatan": "struktural",
    "jenjang_pendidikan": "S1",
    "diklat_kepemimpinan": False,
    "diklat_fungsional": False,
    "jp_diklat_teknis": 0.0,
    "seminar": False,
    "nilai_kinerja": 80.0,
    "hukuman_disiplin": "tidak_pernah",
    "sumber_data": "sintetis, uji",
}


def people(*rows: Mapping[str, Any], base: Mapping[str, Any] = CLEAN) -> pd.DataFrame:
    """Make-believe people: each row changes the base record."""
    index = pd.Index([f"p{i:04d}" for i in range(len(rows))], name="id_pegawai")
    table = pd.DataFrame([{**base, **row} for row in rows], index=index)
    for column in ("diklat_kepemimpinan", "diklat_fungsional", "seminar"):
        if column in table:
            table[column] = table[column].astype("boolean")
    return table


@pytest.fixture(autouse=True, scope="session")
def _no_key_in_the_users_home(tmp_path_factory):
    """Files with NIPs are read with a key of the tests' own, and leave none behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPASN_KUNCI", "00112233445566778899aabbccddeeff")
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def law2019() -> Instrument:
    return load_instrument(2022)


@pytest.fixture
def law2023() -> Instrument:
    return load_instrument(2024)


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Two places and the province, of the make-believe sample."""
    out = tmp_path_factory.mktemp("laporan")
    done = publish(open_prepared(None, 2022), out, kabkota=["3510", "3571"], workers=2)
    assert not done.failed, done.summary()
    return out / "2022"
