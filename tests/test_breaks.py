"""Every guard is taken away once, and the test that watches it must then fail.

Each break changes one function in a pytest of its own (this file is the plugin that does it), so
what is shown is that the named test can fail, and for the guard it is said to watch.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

TESTS = Path(__file__).parent
BREAK = "IPASN_RUSAK"


class Break(NamedTuple):
    """Where a guard stands, what takes its place, and the test that must notice."""

    module: str
    name: str
    instead: Callable[..., Any]
    says: str
    test: str


def _nothing(*_: Any, **__: Any) -> Any:
    return None


def _none_of(first: Any, *_: Any, **__: Any) -> Any:
    return np.zeros(len(first), dtype=bool)


BREAKS = {
    "kelompok kecil": Break(
        "ipasn_lib.index.disclosure",
        "too_small",
        _none_of,
        "no group is too small to be shown",
        "test_index_aggregate.py::test_the_smallest_group_shown_has_ten_people",
    ),
    "penyembunyian sekunder": Break(
        "ipasn_lib.index.disclosure",
        "_hide_until_safe",
        _nothing,
        "no brother of a small group is hidden with it",
        "test_attack.py::test_no_small_group_comes_back_from_all_tables_together",
    ),
    "semua tabel bersama": Break(
        "ipasn_lib.index.disclosure",
        "fixed_unknowns",
        lambda equations: np.zeros(equations.shape[1], dtype=bool),
        "nobody asks what all totals tell together",
        "test_index_aggregate.py::test_totals_that_together_fix_a_cell_hide_one_more",
    ),
    "semua yang terbit bersama": Break(
        "ipasn_lib.index.tables",
        "_any_follows",
        lambda *_: False,
        "nobody looks at all published tables together",
        "test_attack.py::test_who_knows_the_units_of_one_kind_learns_no_small_group",
    ),
    "csv": Break(
        "ipasn_lib.reports.csvfiles",
        "csv_text",
        lambda text: " ".join(text.splitlines()),
        "text of a csv may be a formula",
        "test_reports_opendata.py::test_text_runs_in_no_spreadsheet_and_breaks_no_row",
    ),
    "yang datang dan pergi": Break(
        "ipasn_lib.analysis.movers",
        "shown_movers",
        lambda gerakan, *_: gerakan,
        "the account of movers is shown whatever it tells",
        "test_analysis_decompose.py::test_movers_of_a_place_that_is_hidden_in_a_year_are_not_shown",
    ),
    "poin yang tidak sama": Break(
        "ipasn_lib.analysis.lacking",
        "_unequal",
        lambda cells, _: np.zeros(len(cells), dtype=bool),
        "people and points of unequal job groups are shown together",
        "test_attack_lacking.py::test_no_hidden_count_of_the_sample_follows",
    ),
    "semua dihukum": Break(
        "ipasn_lib.index.aggregate",
        "all_may_be_punished",
        _none_of,
        "a group in which everybody was punished is shown",
        "test_index_disclosure.py::test_where_everybody_was_punished_nothing_is_shown",
    ),
    "tahun sebelumnya": Break(
        "ipasn_lib.index.tables",
        "_hidden_before",
        lambda _: {},
        "what the year before hid is shown",
        "test_attack_years.py::test_a_group_hidden_last_year_stays_hidden_or_last_year_would_follow",
    ),
    "ambang": Break(
        "ipasn_lib.threshold",
        "check_minimum",
        lambda minimum: minimum,
        "a parameter may go below the signed file",
        "test_threshold.py::test_no_parameter_goes_below_the_file",
    ),
    "pemindai": Break(
        "ipasn_lib.reports.scan",
        "_text",
        lambda *_: iter(()),
        "the scan does not look into texts",
        "test_scan.py::test_planted_numbers_are_found_and_not_repeated",
    ),
    "nama samaran": Break(
        "ipasn_lib.records.keys",
        "pseudonyms",
        lambda values, _: list(values),
        "the NIP itself is the person's name",
        "test_records_keys.py::test_pseudonym_is_keyed_blake2b_of_128_bits",
    ),
    "buku kerja jahat": Break(
        "ipasn_lib.records.guard",
        "_check_entries",
        _nothing,
        "an archive is not looked at before it is opened",
        "test_records_workbook.py::test_hostile_workbooks",
    ),
    "html": Break(
        "ipasn_lib.reports._sanitise",
        "_attribute",
        lambda *_: True,
        "any attribute of a page's element is let through",
        "test_reports_export.py",
    ),
    "parameter": Break(
        "ipasn_lib.reports.parameters",
        "check_value",
        lambda _: "",
        "any value may be a parameter",
        "test_reports_parameters.py",
    ),
}


def pytest_configure(config: pytest.Config) -> None:
    """As a plugin: take one guard away before any test is collected."""
    if os.environ.get(BREAK) in BREAKS:
        broken = BREAKS[os.environ[BREAK]]
        module = importlib.import_module(broken.module)
        assert callable(getattr(module, broken.name)), "the guard has another name now"
        setattr(module, broken.name, broken.instead)


def ended(name: str, broken: bool) -> subprocess.CompletedProcess[str]:
    """Run the test that watches a guard, with the guard or without it."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    command += ["-p", "test_breaks", "-m", "not assure", str(TESTS / BREAKS[name].test)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "OMP_NUM_THREADS": "1"}
    with contextlib.suppress(KeyError):
        del environment["IPASN_JAMINAN"]
    environment[BREAK] = name if broken else ""
    return subprocess.run(
        command, cwd=TESTS.parent, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.assure
@pytest.mark.parametrize("name", list(BREAKS))
def test_without_its_guard_the_test_fails(name, assurance):
    broken = ended(name, broken=True)
    assert broken.returncode == 1, broken.stdout[-2000:]
    assert "failed" in broken.stdout
    assert ended(name, broken=False).returncode == 0
    entry = BREAKS[name]
    assurance.record(
        promise="Each test is shown to be able to fail",
        tried=f"`{entry.name}` of `{entry.module}` broken: {entry.says}",
        count=1,
        outcome=f"`{entry.test}` fails; with the guard it passes",
    )
