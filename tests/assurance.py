"""The record of what the heavy half of the tests has tried, and the page made from it.

A test says what it has tried through the fixture ``assurance``; what is written travels with the
test's own report, so it is kept with parallel workers too, and a test that fails or is skipped
stands on the page as such. Nothing on the page is written by hand.

    IPASN_JAMINAN=record.json pytest -m assure
    python tests/assurance.py record.json docs/assurance.md
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sys
from pathlib import Path

import pytest

RECORD = "IPASN_JAMINAN"
_KEY = "assurance"
_ended: dict[str, dict] = {}


class Assurance:
    """What one test has tried."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node

    def record(self, *, promise: str, tried: str, count: int, outcome: str) -> None:
        """Say for one promise what was tried, how often, and what came out.

        Parameters
        ----------
        promise : str
            What the suite promises, in one sentence, the same for all tests of one promise.
        tried : str
            What was done to break it.
        count : int
            How often.
        outcome : str
            What came out, with its figure ("0 differences").
        """
        entry = {"promise": promise, "tried": tried, "count": int(count), "outcome": outcome}
        self._node.user_properties.append((_KEY, entry))


@pytest.fixture
def assurance(request: pytest.FixtureRequest) -> Assurance:
    """Write down what a test has tried; see :class:`Assurance`."""
    return Assurance(request.node)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep how each test ended, and what it has said."""
    if RECORD not in os.environ:
        return
    test = _ended.setdefault(
        report.nodeid, {"test": report.nodeid, "ended": "stopped", "seconds": 0.0, "records": []}
    )
    test["seconds"] += report.duration
    if report.outcome != "passed" or report.when == "call":
        test["ended"] = report.outcome
    if report.when == "teardown":
        test["records"] = [value for key, value in report.user_properties if key == _KEY]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the record; with parallel workers only their controller has it whole."""
    if RECORD in os.environ and not hasattr(session.config, "workerinput"):
        tests = sorted(_ended.values(), key=lambda test: test["test"])
        Path(os.environ[RECORD]).write_text(json.dumps(tests, indent=1), encoding="utf-8")


def page(tests: list[dict], today: dt.date) -> str:
    """Give the page: promises in order of name, and under each what was tried."""
    failed = [test for test in tests if test["ended"] != "passed"]
    promises: dict[str, list[str]] = {}
    for test in tests:
        name = test["test"].split("/")[-1]
        for entry in test["records"]:
            ended = entry["outcome"] if test["ended"] == "passed" else f"**{test['ended']}**"
            count = f"{entry['count']:,}"
            row = f"| {entry['tried']} | {count} | {ended} | `{name}` |"
            promises.setdefault(entry["promise"], []).append(row)
    lines = [
        "# What was tried",
        "",
        "Made by `make assure` from what the tests themselves recorded; not written by hand.",
        f"{today.isoformat()}, Python {platform.python_version()}, {platform.system()}: "
        f"{len(tests)} tests, {len(failed)} not passed, "
        f"{sum(test['seconds'] for test in tests) / 60:.1f} minutes of work.",
    ]
    for promise in sorted(promises):
        lines += ["", f"## {promise}", "", "| tried | how often | came out | test |"]
        lines += ["| --- | ---: | --- | --- |", *promises[promise]]
    if failed:
        lines += ["", "## Not passed", ""]
        lines += [f"- `{test['test']}`: {test['ended']}" for test in failed]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    record, out = map(Path, sys.argv[1:])
    told = json.loads(record.read_text(encoding="utf-8"))
    out.write_text(page(told, dt.datetime.now(dt.UTC).date()), encoding="utf-8")
