"""Write what the fuzzing came to, from libFuzzer's own logs.

    python tests/fuzz/page.py .fuzz docs/fuzz.md csv json ...

Reads ``<reader>.log`` in the folder; ends with a failure where a reader did not end well.
"""

from __future__ import annotations

import datetime as dt
import platform
import re
import sys
from pathlib import Path

DONE = re.compile(
    r"^#\d+\s+DONE\s+cov: (?P<edges>\d+) ft: (?P<paths>\d+) corp: (?P<kept>\d+)/", re.M
)
RUNS = re.compile(r"^Done (?P<runs>\d+) runs in (?P<seconds>\d+) second", re.M)
SLOWEST = re.compile(r"slowest_unit_time_sec:\s+(?P<slowest>\d+)")


def row(reader: str, folder: Path) -> tuple[str, bool]:
    """Give the row of a reader, and whether it ended without a crash."""
    log = (folder / f"{reader}.log").read_text(encoding="utf-8", errors="replace")
    found = [pattern.search(log) for pattern in (RUNS, DONE, SLOWEST)]
    left = sorted(p.name for p in folder.glob(f"{reader}-*") if p.is_file() and p.suffix != ".log")
    if None in found or left:
        return f"| {reader} | – | – | – | – | **stopped**: {', '.join(left) or 'no end'} |", False
    told: dict[str, str] = {}
    for match in found:
        told |= match.groupdict() if match else {}
    cells = [f"{int(told[name]):,}" for name in ("seconds", "runs", "edges", "kept")]
    return (
        f"| {reader} | {' | '.join(cells)} | no crash, none over {int(told['slowest']) + 1} s |",
        True,
    )


def main() -> int:
    folder, page, *readers = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]
    rows = [row(reader, folder) for reader in readers]
    lines = [
        "# Fuzzing",
        "",
        "Made by `make fuzz` from libFuzzer's own words; not written by hand. "
        f"{dt.datetime.now(dt.UTC).date()}, Python {platform.python_version()}, "
        f"{platform.system()}.",
        "",
        "Each reader of foreign files (`tests/fuzz/readers.py`) is given inputs that mutate whole "
        "ones and are kept where they reach new code. It may read, list problems or refuse with an "
        "error of the project's own; a traceback, 30 seconds or two gigabytes for one input is a "
        "crash. *Edges* are the branches of `ipasn_lib` reached, *kept* the inputs that reached "
        "something new.",
        "",
        "| reader | seconds | inputs | edges | kept | came out |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
        *(told for told, _ in rows),
    ]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(not all(well for _, well in rows))


if __name__ == "__main__":
    sys.exit(main())
