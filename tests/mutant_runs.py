"""Run the tests against one mutant after the other, each in a fork of a process that is warm.

    python tests/mutant_runs.py mutants.json ended.json measured.json 4 tests/test_law_pay.py ...

Run in the copy that :mod:`mutasi` makes, whose modules hold every mutant beside the original.
The tests are collected once. A first fork runs those that the file named third does not know on
the unchanged code, and writes down there which functions each meets and how long it takes.
Then each mutant is met by the tests that meet its function, those of its room first and the
quickest first, until one fails or the seconds named fourth are spent.

How a mutant ended: ``tes`` (a test failed), ``waktu`` (it ran for several times as long as the
unchanged code, or took all memory), ``hidup`` (all tests passed), ``tak_ditemui`` (no test meets
its function).
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from mutmut.mutation import trampoline

MEMORY = 8 << 30


class MutantRuns:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, mutants: Path, ended: Path, measured: Path, budget: float) -> None:
        self.mutants = json.loads(mutants.read_text(encoding="utf-8"))
        self.ended = ended
        self.budget = budget
        self.measured = measured
        self.failed: list[str] = []

    def pytest_collection(self) -> None:
        """Ask hypothesis for fewer examples, and not for the smallest that fails."""
        from hypothesis import Phase, settings  # pytest's plugin of hypothesis comes first

        settings.register_profile(
            "mutasi",
            settings.default,
            max_examples=40,
            phases=(Phase.explicit, Phase.generate),
            database=None,
        )
        settings.load_profile("mutasi")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure the tests, then try every mutant."""
        session.config._tmp_path_factory.getbasetemp()  # once, not in every fork
        if _fork(lambda: self._measure(session.items), 3600) != 0:
            raise pytest.UsageError("the tests do not pass on the unchanged code")
        measured = json.loads(self.measured.read_text(encoding="utf-8"))
        items = sorted(session.items, key=lambda item: measured[item.nodeid]["detik"])
        ended: dict[str, str] = {}
        gc.freeze()  # else the first collection in a fork copies all memory
        for mutant in self.mutants:
            function = mutant.rpartition("__mutmut_")[0]
            own = f"tests/test_{mutant.split('.')[1]}_"
            chosen, seconds = [], 0.0
            for item in sorted(items, key=lambda item: not item.nodeid.startswith(own)):
                if function in measured[item.nodeid]["fungsi"]:
                    seconds += measured[item.nodeid]["detik"]
                    if chosen and seconds > self.budget:
                        break
                    chosen.append(item)
            ended[mutant] = self._tried(mutant, chosen, min(seconds, 2 * self.budget))
            self.ended.write_text(json.dumps(ended, indent=0), encoding="utf-8")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what fails, at set-up, in the test or after it."""
        if report.failed:
            self.failed.append(f"{report.nodeid}\n{report.longrepr}")

    def _measure(self, items: list[pytest.Item]) -> int:
        """Run all tests for what each meets and its time, those of law once more.

        The second time with empty caches: an instrument is read once, and the tests that come
        later don't meet the reading.
        """
        met: set[str] = set()
        trampoline.record_trampoline_hit = lambda name, caller=None: met.add(name)
        trampoline.set_mutant_under_test("stats")
        found: dict[str, dict[str, Any]] = {}
        if self.measured.exists():
            found = json.loads(self.measured.read_text(encoding="utf-8"))
        items = [item for item in items if item.nodeid not in found]
        found |= {item.nodeid: {} for item in items}
        law = [item for item in items if item.nodeid.startswith("tests/test_law_")]
        for again, some in ((False, items), (True, law)):
            for item, following in zip_longest(some, some[1:]):
                if again:
                    _forget()
                met.clear()
                start = sum(os.times()[:4])
                if self._fails(item, following):
                    sys.__stderr__.write("\n".join(self.failed))
                    return 1
                found[item.nodeid].setdefault("detik", sum(os.times()[:4]) - start)
                found[item.nodeid]["fungsi"] = sorted(met)
        self.measured.write_text(json.dumps(found, indent=0), encoding="utf-8")
        return 0

    def _tried(self, mutant: str, items: list[pytest.Item], seconds: float) -> str:
        def run() -> int:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            trampoline.set_mutant_under_test(mutant)
            _forget()
            return int(any(self._fails(i, f) for i, f in zip_longest(items, items[1:])))

        if not items:
            return "tak_ditemui"
        return {0: "hidup", 1: "tes"}.get(_fork(run, int(20 + 4 * seconds)), "waktu")

    def _fails(self, item: pytest.Item, following: pytest.Item | None) -> bool:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return bool(self.failed)


def _fork(work: Callable[[], int], seconds: int) -> int:
    """Do work in a child with so many seconds of processor time; give how it ended."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(5 * seconds)  # for one that waits instead of working
        code = 2
        try:
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _forget() -> None:
    """Empty the caches of the library: what they hold comes from unchanged code."""
    for name, module in list(sys.modules.items()):
        if name.startswith("ipasn_lib."):
            for thing in list(vars(module).values()):
                if callable(getattr(thing, "cache_clear", None)):
                    thing.cache_clear()


if __name__ == "__main__":
    runs = MutantRuns(*map(Path, sys.argv[1:4]), budget=float(sys.argv[4]))
    options = [
        "-m",
        "not assure",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:terminal",
        "--basetemp",
        "sementara",
    ]
    sys.exit(int(pytest.main([*options, *sys.argv[5:]], plugins=[runs])))
