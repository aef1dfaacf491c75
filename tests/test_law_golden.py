"""Worked cases of each instrument: every row, every boundary, every gap between bands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from conftest import CLEAN, people

from ipasn_lib.index.score import score
from ipasn_lib.law.loading import available_instruments, load_instrument

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("ip-asn-*.toml"))
DOCUMENTS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES}
CASES = [
    pytest.param(name, case, id=f"{name}: {case['kalimat']}")
    for name, document in DOCUMENTS.items()
    for case in document["kasus"]
]
KEYS = {k: CLEAN[k] for k in ("tahun", "kode_kabkota", "unit_kerja", "jenis_asn", "sumber_data")}


def test_every_instrument_has_golden_cases():
    assert {d["instrumen"] for d in DOCUMENTS.values()} == set(available_instruments())


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name, case):
    document = DOCUMENTS[name]
    assert case["sumber"].strip()
    instrument = load_instrument(document["instrumen"], case.get("tafsir"))
    person = people({**document["dasar"], **case["masukan"]}, base=KEYS)
    got = score(person, instrument).iloc[0]
    for column, expected in case["harapan"].items():
        if isinstance(expected, str):
            assert got[column] == expected
        else:
            # exact to float noise: points are sums of printed numbers
            np.testing.assert_allclose(got[column], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_categories_at_every_printed_edge_and_in_every_gap(name):
    document = DOCUMENTS[name]
    lower = load_instrument(document["instrumen"]).kategori
    upper = load_instrument(document["instrumen"], {"batas_kategori": "tepi_atas"}).kategori
    for value, expected in document["kategori"]["tercetak"]:
        assert list(lower.of([value])) == [expected]
        assert list(upper.of([value])) == [expected]
        assert not lower.pita.between([value]).any()
    for value, at_lower_edge, at_upper_edge in document["kategori"]["di_antara"]:
        assert list(lower.of([value])) == [at_lower_edge]
        assert list(upper.of([value])) == [at_upper_edge]
        assert lower.pita.between([value]).all()


def test_golden_cases_cover_every_choice_of_every_reading_that_changes_points():
    document = DOCUMENTS["ip-asn-2019"]
    tried = {(k, v) for case in document["kasus"] for k, v in case.get("tafsir", {}).items()}
    # What a blank or a window means is tried where blanks and histories are read.
    elsewhere = {"kinerja_kosong", "hukuman_kosong", "jendela_seminar"}
    instrument = load_instrument(2022)
    elsewhere |= {
        key
        for key, reading in instrument.tafsir.items()
        if all(p.startswith("turunan.") for c in reading.pilihan.values() for p in c.ubah)
    }
    for key, reading in instrument.tafsir.items():
        if key in elsewhere:
            continue
        for choice in reading.pilihan:
            assert choice == reading.baku or (key, choice) in tried, (key, choice)
