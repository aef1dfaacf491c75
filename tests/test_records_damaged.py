"""Damaged files give the right answer or a listed problem, and never a person's value."""

from __future__ import annotations

import collections
import functools
import logging
import tempfile
from pathlib import Path
from typing import Any

import damage
import numpy as np
import pandas as pd
import pytest
import records_files as canonical
from damage import PEOPLE, Case, new_case, secrets, write

from ipasn_lib.errors import DataError, UnsafeFileError
from ipasn_lib.index.score import score_detail
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.keys import pseudonyms
from ipasn_lib.records.reading import ReadResult, read_pegawai
from ipasn_lib.records.siasn.reading import read_siasn

KEY = canonical.KEY
NUMBERS = range(1, PEOPLE + 1)


def read(case: Case, path: Path) -> ReadResult:
    options: dict[str, Any] = {"key": KEY, "max_rejected": 1.0}
    if case.bentuk == "siasn":
        return read_siasn(path, load_instrument(2022), 2022, **options)
    if case.bentuk == "kanonik":
        return read_pegawai(path, load_instrument(2022), tahun=2022, reject=True, **options)
    place = {"kode_kabkota": "3510", "tahun": 2024}
    return read_pegawai(path, load_instrument(2024), reject=True, **place, **options)


def points(case: Case, got: ReadResult) -> pd.DataFrame:
    law = load_instrument(2024 if case.bentuk in ("pip", "bkd") else 2022)
    return score_detail(got.pegawai, law)


# Points by hand from the articles of PermenPANRB 38/2018 as Peraturan BKN 8/2019 fills them in,
# in the order of the instrument: pendidikan, pim, fungsional, teknis, seminar, kinerja, disiplin.
TRUE: dict[str, dict[int, list[float]]] = {
    "kanonik": {
        1: [20, 15, 0, 15, 10, 30, 5],
        2: [15, 0, 15, 0, 10, 25, 5],
        3: [5, 0, 0, 22.5, 0, 25, 5],
        4: [15, 15, 0, 15, 10, 5, 1],
        5: [np.nan] * 7,  # the instrument measures PNS only
    },
    # pelaksana: 20 JP in the year before count 22.5, fewer nothing; a light sanction gives 3
    "siasn": {
        n: [20 if n == 2 else 15, 0, 0, 22.5 * (n == 5), 0, 15, 5 - 2 * (n == 4)] for n in NUMBERS
    },
    "pip": {n: [20 + n % 2 * 5, 30 + n, 20 + n, 5] for n in NUMBERS},
    "bkd": {n: [15, 30.5 + n, 25, 5] for n in NUMBERS},
}


def listed(got: ReadResult) -> set[tuple[str, ...]]:
    """Problems by column, rule and count."""
    return set(got.problems[["kolom", "aturan", "jumlah"]].astype("str").itertuples(index=False))


@functools.cache
def always_listed(bentuk: str, fmt: str) -> set[tuple[str, ...]]:
    """What is listed of the undamaged files: NIPs of nobody are odd ones."""
    with tempfile.TemporaryDirectory() as home:
        case = undamaged(bentuk, fmt)
        return listed(read(case, write(case, Path(home))))


def undamaged(bentuk: str, fmt: str) -> Case:
    people = {
        "kanonik": damage.canonical_people,
        "pip": damage.pip_people,
        "bkd": damage.bkd_people,
    }
    grids = damage.siasn_people() if bentuk == "siasn" else {"data": people[bentuk]()}
    return Case(bentuk, fmt, damage.random.Random(1), grids, next(iter(grids)))


def outcome(seed: int, folder: Path, caplog: pytest.LogCaptureFixture) -> str:
    """Read one damaged case; what came of it, or an assertion that says what is wrong."""
    case = new_case(seed)
    path = write(case, folder)
    caplog.clear()
    got = None
    try:
        got = read(case, path)
        problems: pd.DataFrame | None = got.problems
        said = ""
    except (DataError, UnsafeFileError) as error:
        problems, said = getattr(error, "problems", None), str(error)
    table = "" if problems is None else problems.to_csv()
    for secret in secrets():
        assert secret not in said + table + caplog.text, "a person's value in a message"
    if got is None:
        assert said
        assert case.janji != "same", said
        return "refused"
    found = points(case, got)
    new = listed(got) - always_listed(case.bentuk, case.fmt)
    ids = dict(zip(NUMBERS, pseudonyms([canonical.nip(n) for n in NUMBERS], KEY), strict=True))
    if case.bentuk == "pip":  # has no NIP: people are told by their rows
        # an equal row again may be a person of the same name: it is counted, and told
        assert case.janji != "same" or len(found) == PEOPLE or new
        ids = {}
        allowed = [tuple(map(float, p)) for p in TRUE["pip"].values()]
        values = [tuple(row) for row in found.to_numpy().tolist()]
        strange = [v for v in values if v not in allowed]
        assert len(strange) <= len(case.touched)
    for number, person in ids.items():
        if person not in found.index:
            assert case.janji != "same", f"person {number} is not there"
            continue
        equal = np.array_equal(
            found.loc[person].to_numpy(), np.array(TRUE[case.bentuk][number]), equal_nan=True
        )
        if number not in case.touched:
            assert equal, f"person {number}: {found.loc[person].tolist()}"
        elif case.janji == "seen":
            assert equal or new, f"person {number} silently"
    return "read, problems listed" if new else "read"


def run(seeds: range, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> collections.Counter[str]:
    caplog.set_level(logging.DEBUG)
    counted: collections.Counter[str] = collections.Counter()
    wrong = []
    for seed in seeds:
        try:
            counted[outcome(seed, tmp_path / f"kasus-{seed}", caplog)] += 1
        except Exception as error:  # every other end is a fault, and all faults are told at once
            wrong.append(f"seed {seed}: {type(error).__name__}: {str(error)[:200]}")
    assert not wrong, f"{len(wrong)} of {len(seeds)}:\n" + "\n".join(wrong[:40])
    return counted


@pytest.mark.parametrize("bentuk", ["kanonik", "pip", "bkd", "siasn"])
@pytest.mark.parametrize("fmt", damage.FORMATS)
def test_undamaged_files_have_the_points_made_up(tmp_path, bentuk, fmt):
    if fmt == "json" and bentuk != "siasn":
        pytest.skip("only SIASN's service answers in json")
    people = {
        "kanonik": damage.canonical_people,
        "pip": damage.pip_people,
        "bkd": damage.bkd_people,
    }
    grids = damage.siasn_people() if bentuk == "siasn" else {"data": people[bentuk]()}
    case = Case(bentuk, fmt, damage.random.Random(1), grids, next(iter(grids)))
    found = points(case, read(case, write(case, tmp_path)))
    np.testing.assert_array_equal(
        np.sort(found.to_numpy(), axis=0),
        np.sort(np.array([*TRUE[bentuk].values()], float), axis=0),
    )


def test_a_hundred_damaged_files(tmp_path, caplog):
    counted = run(range(100), tmp_path, caplog)
    assert min(counted["refused"], counted["read"], counted["read, problems listed"]) > 3


@pytest.mark.assure
@pytest.mark.parametrize("block", range(10))
def test_ten_thousand_damaged_files(tmp_path, caplog, block, assurance):
    counted = run(range(1000 * block, 1000 * (block + 1)), tmp_path, caplog)
    assert counted.total() == 1000
    assurance.record(
        promise="No wrong number passes",
        tried="damaged files (cells swapped, columns renamed, truncated, wrong encodings, types, "
        f"rows doubled) in csv, xlsx, json and Parquet, seeds {1000 * block}-{1000 * block + 999}",
        count=1000,
        outcome="; ".join(f"{n} {name}" for name, n in sorted(counted.items()))
        + "; 0 tracebacks, 0 silent changes, 0 values of a person in a message",
    )
