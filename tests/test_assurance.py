"""The record of the heavy tests: what fails is said, and nothing is written by hand."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from assurance import page

TESTS = """
import pytest
pytest_plugins = ("assurance",)

def test_kept(assurance):
    assurance.record(promise="Nothing is lost", tried="files cut", count=10_000, outcome="0 lost")

def test_broken(assurance):
    assurance.record(promise="Nothing is lost", tried="kills", count=50, outcome="0 lost")
    assert False
"""


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "parallel"])
def test_a_failed_test_does_not_stand_as_kept(tmp_path: Path, workers: list[str]) -> None:
    (tmp_path / "conftest.py").write_text("", encoding="utf-8")
    (tmp_path / "test_small.py").write_text(TESTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "assurance", *workers, str(tmp_path)],
        env={
            **os.environ,
            "IPASN_JAMINAN": str(tmp_path / "record.json"),
            "PYTHONPATH": str(Path(__file__).parent),
        },
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    text = page(json.loads((tmp_path / "record.json").read_text()), dt.date(2026, 1, 2))
    assert "2 tests, 1 not passed" in text
    assert text.count("## Nothing is lost") == 1
    assert "| files cut | 10,000 | 0 lost | `test_small.py::test_kept` |" in text
    assert "| kills | 50 | **failed** |" in text
