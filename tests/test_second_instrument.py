"""The instrument of 2019 twice: by the library, and as SQL written only from the regulation."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.score import score
from ipasn_lib.law.instrument import Instrument

SQL = (Path(__file__).parent / "instrumen_2019.sql").read_text(encoding="utf-8")
POINTS = ["kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks"]
EDUCATION = ["SD", "SLTP", "SLTA", "D1", "D2", "D3", "D4", "S1", "S2", "S3"]
EDUCATION += ["Profesi", "Spesialis", "Subspesialis"]
GROUPS = ["struktural", "fungsional", "pelaksana"]
SANCTIONS = ["tidak_pernah", "ringan", "sedang", "berat"]
# every printed bound, the numbers just beside it, and the middle of each gap between two bands
EDGES = np.array(
    [
        value
        for bound in (0, 50, 51, 60, 61, 75, 76, 90, 91, 100)
        for value in (bound - 0.5, bound - 0.01, bound, bound + 0.01, bound + 0.5)
        if 0 <= value <= 100
    ]
)
HOURS = np.array([0, 1, 10, 19, 19.5, 19.99, 20, 20.01, 21, 40, 400, 2000])


def generated(count: int, seed: int) -> pd.DataFrame:
    """People of every kind, more often at the bounds than life has them."""
    draw = np.random.default_rng(seed)

    def one_of(values: list[str]) -> np.ndarray:
        return draw.choice(np.array(values, dtype=object), count)

    performance = np.where(
        draw.random(count) < 0.5, draw.choice(EDGES, count), draw.uniform(0, 100, count).round(2)
    )
    table = pd.DataFrame(
        {
            "tahun": 2022,
            "kode_kabkota": one_of([f"35{k:02d}" for k in (*range(1, 30), *range(71, 80))]),
            "unit_kerja": "Dinas Contoh",
            "jenis_asn": draw.choice(np.array(["PNS", "PPPK"], dtype=object), count, p=[0.9, 0.1]),
            "kelompok_jabatan": one_of(GROUPS),
            "jenjang_pendidikan": one_of(EDUCATION),
            "diklat_kepemimpinan": draw.random(count) < 0.5,
            "diklat_fungsional": draw.random(count) < 0.5,
            "jp_diklat_teknis": draw.choice(HOURS, count),
            "seminar": draw.random(count) < 0.5,
            "nilai_kinerja": np.where(draw.random(count) < 0.05, np.nan, performance),
            "hukuman_disiplin": one_of(SANCTIONS),
            "sumber_data": "sintetis, uji",
        },
        index=pd.Index([f"p{k:07d}" for k in range(count)], name="id_pegawai"),
    )
    flags = ["diklat_kepemimpinan", "diklat_fungsional", "seminar"]
    return table.astype(dict.fromkeys(flags, "boolean"))


def by_sql(people: pd.DataFrame, sql: str = SQL) -> pd.DataFrame:
    """Score with the second implementation; a missing number goes over as NULL."""
    with duckdb.connect() as database:
        table = people.reset_index()
        plain = table.astype(dict.fromkeys(["diklat_kepemimpinan", "diklat_fungsional"], bool))
        plain = plain.astype({"seminar": bool})
        database.register("mentah", plain)
        database.execute(
            "CREATE TABLE orang AS SELECT * REPLACE "
            "(CASE WHEN isnan(nilai_kinerja) THEN NULL ELSE nilai_kinerja END AS nilai_kinerja) "
            "FROM mentah"
        )
        return database.execute(sql).df().set_index("id_pegawai")


def differences(people: pd.DataFrame, law: Instrument, sql: str = SQL) -> int:
    """Count the people for whom the two do not give the same points and category."""
    ours = score(people, law)
    ours = ours.loc[ours["status_ukur"] == "terukur"]
    theirs = by_sql(people, sql)
    assert set(ours.index) == set(theirs.index), "not the same people are measured"
    theirs = theirs.loc[ours.index]
    same = (ours[POINTS].to_numpy() == theirs[POINTS].to_numpy()).all(axis=1)
    same &= ours["kategori"].astype(str).to_numpy() == theirs["kategori"].to_numpy()
    return int((~same).sum())


def test_the_two_agree_to_the_half_point(law2019):
    assert differences(generated(20_000, seed=1), law2019) == 0


@pytest.mark.assure
def test_the_two_agree_for_200_000_people(law2019, assurance):
    people = generated(200_000, seed=2)
    found = differences(people, law2019)
    assurance.record(
        promise="No wrong number passes",
        tried="the 2019 instrument written a second time, as SQL from the regulation; generated "
        "people, half of their SKP at a printed bound, beside it or in a gap",
        count=len(people),
        outcome=f"{found} differences in points, index or category",
    )
    assert found == 0


def test_places_are_means_of_their_people(law2019):
    people = generated(20_000, seed=3)
    # a place whose mean of discipline is so low is hidden whole: most have had no punishment
    clean = np.random.default_rng(3).random(len(people)) < 0.8
    people.loc[clean, "hukuman_disiplin"] = "tidak_pernah"
    ours = aggregate(score(people, law2019), ["kode_kabkota"])
    theirs = by_sql(people).groupby("kode_kabkota")[POINTS].mean()
    assert len(ours) == 38
    assert ours["n_terukur"].sum() == (people["jenis_asn"] == "PNS").sum()
    np.testing.assert_allclose(ours[POINTS].astype(float), theirs.loc[ours.index], atol=1e-9)


NUMBERS = [  # points after THEN, bounds after a comparison
    m.span() for m in re.finditer(r"(?<=THEN )[\d.]+(?= *\n)|(?<=[<>] )\d+|(?<=>= )\d+", SQL)
]


def test_every_number_of_the_regulation_is_under_test(law2019):
    # one number of the SQL changed by half a point or half a unit: the comparison must notice
    people = generated(4_000, seed=4)
    assert len(NUMBERS) >= 30
    unnoticed = []
    for start, end in NUMBERS:
        changed = f"{SQL[:start]}{float(SQL[start:end]) + 0.5}{SQL[end:]}"
        if differences(people, law2019, changed) == 0:
            unnoticed.append(SQL[max(0, start - 40) : end])
    assert unnoticed == []
