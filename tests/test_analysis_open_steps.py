"""Steps from the points that a folder keeps, held against the steps from the records."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from ipasn_lib.analysis.improve import default_steps, open_steps, reachable_steps
from ipasn_lib.errors import ParameterError
from ipasn_lib.index.score import score, score_detail
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.synthetic import synthesize

INSTRUMENT = load_instrument(2022)
VARIANTS = [INSTRUMENT, load_instrument(2022, {"jp_diklat_teknis": "proporsional"})]
DEGREES = ["pendidikan_slta", "pendidikan_d3", "pendidikan_s1", "pendidikan_s2", "pendidikan_s3"]


def from_points(pegawai, instrument, **options):
    return open_steps(
        score_detail(pegawai, instrument), score(pegawai, instrument), instrument, **options
    )


def everybody(instrument):
    """One person of every level of education and job group, with every yes/no and SKP value."""
    levels = list(instrument.kolom["jenjang_pendidikan"].pilihan)
    cases = list(
        itertools.product(
            levels, instrument.kelompok_jabatan, [True, False], [np.nan, 40.0, 80.0, 95.0]
        )
    )
    n = len(cases)
    level, group, trained, skp = zip(*cases, strict=True)
    return pd.DataFrame(
        {
            "tahun": 2022,
            "kode_kabkota": "3510",
            "unit_kerja": "Dinas A",
            "jenis_asn": pd.Categorical(["PNS"] * n, categories=["PNS", "PPPK"]),
            "kelompok_jabatan": pd.Categorical(group),
            "golongan": "III/a",
            "jenis_kelamin": pd.Categorical(["L"] * n),
            "sumber_data": "sintetis, benih 1",
            "jenjang_pendidikan": pd.Categorical(level, categories=levels),
            "diklat_kepemimpinan": pd.array(trained, "boolean"),
            "diklat_fungsional": pd.array(trained, "boolean"),
            "seminar": pd.array([not t for t in trained], "boolean"),
            "jp_diklat_teknis": np.arange(n) % 25.0,
            "nilai_kinerja": skp,
            "hukuman_disiplin": "tidak_pernah",
        },
        index=pd.Index([f"p{k:05d}" for k in range(n)], name="id_pegawai"),
    )


@pytest.mark.parametrize("instrument", VARIANTS, ids=lambda i: i.id)
def test_made_up_people_have_the_same_steps_from_points_as_from_records(instrument):
    pegawai = synthesize(11, scale=0.05, instrument=instrument, kabkota=["3510", "3578"])
    records, points = reachable_steps(pegawai, instrument), from_points(pegawai, instrument)
    assert len(points) > 300
    rest = [name for name in records.columns if name not in DEGREES]
    pd.testing.assert_frame_equal(points[rest], records[rest])
    # Points never promise a degree that the record does not lead to, nor more points for it.
    assert (points[DEGREES] <= records[DEGREES] + 1e-9).all(axis=None)


@pytest.mark.parametrize("instrument", VARIANTS, ids=lambda i: i.id)
def test_every_kind_of_person_has_the_same_steps_from_points_as_from_records(instrument):
    pegawai = everybody(instrument)
    records, points = reachable_steps(pegawai, instrument), from_points(pegawai, instrument)
    rest = [name for name in records.columns if name not in DEGREES]
    pd.testing.assert_frame_equal(points[rest], records[rest])
    assert (points[DEGREES] <= records[DEGREES] + 1e-9).all(axis=None)


@pytest.mark.parametrize(
    ("level", "step", "gain"),
    # Permenpan RB 38/2018: S3 25, S2 20, S1/D4 15, D3 10, D2/D1/SLTA 5, below SLTA 1
    [
        ("SD", "pendidikan_slta", 4.0),
        ("SLTA", "pendidikan_d3", 5.0),
        ("SLTA", "pendidikan_s1", 10.0),
        ("D3", "pendidikan_s1", 5.0),
        ("S1", "pendidikan_s2", 5.0),
        ("S2", "pendidikan_s3", 5.0),
        ("S3", "pendidikan_s3", 0.0),
        ("S1", "pendidikan_s1", 0.0),
        ("D3", "pendidikan_s2", 0.0),
    ],
)
def test_a_degree_is_the_next_one_by_points(level, step, gain):
    pegawai = everybody(INSTRUMENT)
    held = (pegawai["jenjang_pendidikan"] == level).to_numpy()
    points = from_points(pegawai, INSTRUMENT).loc[held, step]
    assert len(points)
    assert points.to_numpy() == pytest.approx(gain)


def test_the_assumed_skp_value_counts_only_where_none_is_on_record():
    pegawai = everybody(INSTRUMENT)
    none = pegawai["nilai_kinerja"].isna().to_numpy()
    low = from_points(pegawai, INSTRUMENT, nilai_skp=60.0)["catat_nilai_kinerja"]
    high = from_points(pegawai, INSTRUMENT, nilai_skp=95.0)["catat_nilai_kinerja"]
    assert (low[~none] == 0).all()
    assert (high[~none] == 0).all()
    assert (low[none] > 0).all()
    assert (high[none] > low[none]).all()


def test_a_degree_in_doubt_is_not_offered():
    # Profesi at 20 points: whoever holds 20 may have an S2, which leads to S3, or Profesi, which
    # does not
    alike = load_instrument(2022, {"pendidikan_profesi": "setara_s2"})
    pegawai = everybody(alike)
    held = (pegawai["jenjang_pendidikan"] == "S2").to_numpy()
    assert (from_points(pegawai, alike).loc[held, "pendidikan_s3"] == 0).all()
    assert (reachable_steps(pegawai, alike).loc[held, "pendidikan_s3"] == 5).all()


def test_who_is_not_measured_has_no_steps():
    pegawai = synthesize(11, scale=0.05, instrument=INSTRUMENT, kabkota=["3510"])
    skor = score(pegawai, INSTRUMENT)
    measured = skor.index[(skor["status_ukur"] == "terukur").to_numpy()]
    assert 0 < len(measured) < len(skor)
    assert from_points(pegawai, INSTRUMENT).index.equals(measured)


def test_what_is_not_a_pair_of_tables_of_the_same_people_is_refused():
    pegawai = everybody(INSTRUMENT)
    skor, rincian = score(pegawai, INSTRUMENT), score_detail(pegawai, INSTRUMENT)
    with pytest.raises(ParameterError, match="same order"):
        open_steps(rincian.iloc[::-1], skor, INSTRUMENT)
    with pytest.raises(ParameterError, match=r"kompetensi\.seminar"):
        open_steps(rincian.drop(columns="kompetensi.seminar"), skor, INSTRUMENT)


def test_steps_from_points_are_the_ones_that_have_a_cost():
    pegawai = everybody(INSTRUMENT)
    assert list(from_points(pegawai, INSTRUMENT)) == list(default_steps(INSTRUMENT).index)
