"""The smallest group: one number in one signed file, which no parameter goes below."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_index_aggregate import bima

import ipasn_lib as ipasn
from ipasn_lib.errors import DisclosureError, ParameterError
from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.threshold import (
    FILE,
    MINIMUM,
    OWN,
    check_minimum,
    read_threshold,
    signed_threshold,
)

ROOT = Path(__file__).resolve().parents[1]
WHOLE = {
    "minimum": "12",
    "disiplin": "3.0",
    "pemilik": '"PPDP"',
    "alasan": '"kecil"',
    "tanggal": "2026-01-02",
    "sumber": '"UU 27/2022"',
}


def write(path: Path, **changed: str | None) -> Path:
    lines = {**WHOLE, **changed}
    path.write_text("".join(f"{k} = {v}\n" for k, v in lines.items() if v is not None))
    return path


def test_the_file_says_ten_with_owner_reason_and_day():
    told = read_threshold()
    assert told.minimum == MINIMUM == 10
    assert told.pemilik
    assert told.alasan
    assert told.sumber


def test_a_whole_file_is_read(tmp_path):
    assert read_threshold(write(tmp_path / "a.toml")).minimum == 12


@pytest.mark.parametrize(
    "changed",
    [
        {"minimum": "2"},
        {"minimum": "9.5"},
        {"minimum": "true"},
        {"disiplin": "5.0"},
        {"disiplin": "0.0"},
        {"disiplin": "3"},
        {"pemilik": '""'},
        {"alasan": '"  "'},
        {"sumber": '""'},
        {"tanggal": '"kemarin"'},
        {"pemilik": None},
        {"catatan": '"lain"'},
        {"minimum": "= 10"},
    ],
    ids=str,
)
def test_a_file_that_is_not_whole_shows_nothing(tmp_path, changed):
    with pytest.raises(DisclosureError):
        read_threshold(write(tmp_path / "a.toml", **changed))


def test_no_file_shows_nothing(tmp_path):
    with pytest.raises(DisclosureError, match="cannot be read"):
        read_threshold(tmp_path / "a.toml")


def test_an_agency_signs_a_file_of_its_own(tmp_path, monkeypatch):
    monkeypatch.delenv(OWN, raising=False)
    assert signed_threshold() == read_threshold(FILE)
    own = write(tmp_path / "a.toml", minimum="15", pemilik='"Kepala BKPSDM"')
    monkeypatch.setenv(OWN, str(own))
    assert (signed_threshold().minimum, signed_threshold().pemilik) == (15, "Kepala BKPSDM")


@pytest.mark.parametrize(
    "changed", [{"minimum": "9"}, {"minimum": "3"}, {"disiplin": "2.9"}, {"pemilik": '""'}], ids=str
)
def test_an_agencys_own_file_asks_for_no_less(tmp_path, monkeypatch, changed):
    monkeypatch.setenv(OWN, str(write(tmp_path / "a.toml", **changed)))
    with pytest.raises(DisclosureError):
        signed_threshold()


def test_what_was_made_under_another_smallest_group_is_made_again(tmp_path):
    """In processes of their own: the number is read once, when the suite starts."""
    code = (
        "from pathlib import Path; from ipasn_lib.pipeline import prepare_synthetic; "
        "from ipasn_lib.reports.manifest import environment_hash; "
        "siap = prepare_synthetic(Path('siap'), 2022, seed=1, scale=0.005); "
        "print(siap.minimum, siap.sidik, environment_hash())"
    )
    own = write(tmp_path / "a.toml", minimum="15")
    told = []
    for named in ({}, {OWN: str(own)}):
        environment = {k: v for k, v in os.environ.items() if k != OWN} | named
        words = [sys.executable, "-c", code]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=True)
        told.append(done.stdout.decode().split())
    assert [minimum for minimum, *_ in told] == ["10", "15"]
    assert told[0][1] != told[1][1]
    assert told[0][2] != told[1][2]


@pytest.mark.parametrize("named", ["", "tidak-ada.toml"])
def test_a_file_that_is_named_and_not_there_shows_nothing(monkeypatch, named):
    monkeypatch.setenv(OWN, named)
    with pytest.raises(DisclosureError, match="cannot be read"):
        signed_threshold()


@pytest.mark.parametrize("asked", [9, 2, 1, 0, -10, True, 10.0, "10", np.int64(9), None])
def test_no_parameter_goes_below_the_file(asked):
    with pytest.raises(ParameterError, match="expected a whole number of 10 or more"):
        check_minimum(asked)
    with pytest.raises(ParameterError, match=r"only ambang\.toml can lower it"):
        aggregate(bima(3252, 171), ["kode_kabkota"], minimum=asked)


def test_a_larger_one_may_be_asked_for():
    assert check_minimum(10) == 10
    assert check_minimum(np.int64(25)) == 25


def test_tables_prepared_with_less_are_not_opened(tmp_path):
    shutil.copytree(ROOT / "data" / "sample" / "2022", tmp_path / "2022")
    note = next(p for p in (tmp_path / "2022").glob("*.json") if "minimum" in p.read_text())
    told = json.loads(note.read_text())
    note.write_text(json.dumps(told | {"minimum": 5}))
    with pytest.raises(ParameterError, match="10 or more"):
        ipasn.open_prepared(tmp_path, 2022)


def test_the_number_stands_in_that_file_only():
    """No default and no argument named minimum is a literal anywhere in the library."""
    for path in sorted((ROOT / "ipasn_lib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            literal: list[ast.expr | None] = []
            if isinstance(node, ast.FunctionDef):
                args = [*node.args.posonlyargs, *node.args.args]
                pairs = list(zip(args[::-1], node.args.defaults[::-1], strict=False))
                pairs += list(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
                literal = [value for arg, value in pairs if arg.arg == "minimum"]
            elif isinstance(node, ast.Call):
                literal = [k.value for k in node.keywords if k.arg == "minimum"]
            for value in literal:
                # nothing is hidden in a figure that says why it is empty: it asks for no one
                assert not isinstance(value, ast.Constant) or value.value in (0, None), path
    assert FILE.parent == ROOT / "ipasn_lib"


def test_a_command_says_what_is_wrong_with_the_signed_file_and_no_more(tmp_path):
    named = {**os.environ, OWN: str(tmp_path / "tidak-ada.toml")}
    words = [sys.executable, "-m", "ipasn_lib", "instruments", "--tahun", "2022"]
    done = subprocess.run(words, env=named, capture_output=True, text=True)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("ipasn: tidak-ada.toml: cannot be read")
