"""Mutation testing of the rooms whose numbers must be right: law and index (mutmut).

    python tests/mutasi.py 40 .mutasi docs/mutasi.md

Works on a copy of the checkout in the folder named second, so that nothing of it is touched. Of
the mutants of each file a seeded random sample is tried; the page says how many there are, how
many were tried and killed, with the 95 % interval of Wilson (1927) for all mutants, and shows
every survivor.

Mutants that change nothing but the words of an error, of a docstring or of a note are counted by
themselves: the tests ask which error is raised and what it names, not how the sentence reads.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import NormalDist

ROOT = Path(__file__).resolve().parents[1]
SEED = 20261124
ROOMS = {
    "law": ("law_golden", "law_loading", "law_parsing", "law_turunan", "index_score"),
    "index": ("index_disclosure", "threshold", "index_score", "index_aggregate", "index_stream"),
}
"""The rooms, and the tests that run quickly and are about them."""

SETTINGS = """
[tool.mutmut]
source_paths = ["ipasn_lib/{room}"]
also_copy = ["ipasn_lib", "tests", "data"]
pytest_add_cli_args = ["-m", "not assure", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
"""

MAKE = """
from mutmut import __main__ as mutmut
mutmut.set_mutant_under_test("mutant_generation")
mutmut.makedirs("mutants", exist_ok=True)
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.create_mutants(1)
"""
COPIED = ("ipasn_lib", "tests", "data", "pyproject.toml")
STRING = re.compile(r"""(?:[rbfu]*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def wilson(killed: int, tried: int) -> tuple[float, float]:
    """Give the 95 % interval of a share."""
    z = NormalDist().inv_cdf(0.975)
    share = killed / tried
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    half = z / (1 + z * z / tried) * (share * (1 - share) / tried + z * z / (4 * tried**2)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def run(folder: Path, *command: str) -> None:
    """Run Python in the copy of a room."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with (folder / "mutmut.log").open("ab") as log:
        subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            check=False,
        )


def mutants(folder: Path) -> dict[str, dict[str, int | None]]:
    """Give the mutants of each file, and how the tests ended that met them."""
    found = {}
    room = folder / "mutants" / "ipasn_lib" / folder.name
    for meta in sorted(room.rglob("*.py.meta")):
        name = meta.relative_to(room.parent).as_posix().removesuffix(".meta")
        ended = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        if ended:
            found[name] = ended
    return found


def change(folder: Path, name: str) -> tuple[str, str]:
    """Give the lines that a mutant takes out and puts in."""
    command = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    old = [line[1:].strip() for line in lines if line.startswith("-")]
    new = [line[1:].strip() for line in lines if line.startswith("+")]
    return " ".join(old), " ".join(new)


def only_words(old: str, new: str) -> bool:
    """Tell whether a mutant changes the words of an error or of a note, and nothing else."""
    if STRING.sub('""', old) == STRING.sub('""', new):
        pairs = zip(STRING.findall(old), STRING.findall(new), strict=False)
        return all(a == b or " " in a for a, b in pairs)
    told = re.match(r"(raise \w+|\w*[Ee]rror|(?:self\.)?_?fail)\(", old)
    return bool(told) and new.startswith(told[0])


def copy(room: str, folder: Path) -> None:
    """Copy the checkout for a room, with the settings of its mutants."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    tests = json.dumps([f"tests/test_{name}.py" for name in ROOMS[room]])
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS.format(room=room, tests=tests))


def main() -> None:
    size, work, page = int(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    draw = random.Random(SEED)
    samples: dict[Path, dict[str, list[str]]] = {}
    for room in ROOMS:
        folder = work / room
        copy(room, folder)
        run(folder, "-c", MAKE)
        samples[folder] = {
            file: draw.sample(sorted(ended), min(size, len(ended)))
            for file, ended in mutants(folder).items()
        }
        names = [name for chosen in samples[folder].values() for name in chosen]
        run(folder, "-m", "mutmut", "run", "--max-children", "1", *names)
        write(page, samples)


def write(page: Path, samples: dict[Path, dict[str, list[str]]]) -> None:
    """Write the page from what mutmut has kept."""
    rows, survivors = [], []
    total = dict.fromkeys(ROOMS, (0, 0, 0))
    every = [(folder, *item) for folder in samples for item in mutants(folder).items()]
    for folder, file, ended in every:
        sample = samples[folder]
        killed = tried = words = 0
        for name in sample[file]:
            if ended[name] is None:
                continue
            # 0: all tests passed; 33: no test meets the line. All else is noticed.
            alive = ended[name] in (0, 33)
            old, new = change(folder, name) if alive else ("", "")
            if alive and only_words(old, new):
                words += 1
                continue
            tried += 1
            killed += not alive
            if alive:
                survivors.append((file, name.rsplit(".", 1)[-1], old, new))
        if not tried:
            continue
        low, high = wilson(killed, tried)
        rows.append(
            f"| `{file}` | {len(ended)} | {tried} | {killed} | {killed / tried:.0%} | "
            f"{low:.0%}-{high:.0%} | {words} |"
        )
        room = file.split("/")[0]
        before = total[room]
        total[room] = (before[0] + tried, before[1] + killed, before[2] + len(ended))
    for room, (tried, killed, made) in total.items():
        if tried:
            low, high = wilson(killed, tried)
            rows.append(
                f"| **{room}** | {made} | {tried} | {killed} | **{killed / tried:.1%}** | "
                f"{low:.1%}-{high:.1%} | |"
            )
    lines = [
        "# Mutants",
        "",
        f"Made by `make mutasi` on {dt.datetime.now(dt.UTC).date()}; seed {SEED}. A mutant is one "
        "small change of the code; it is killed if a test then fails. The interval is for all "
        "mutants of the file (Wilson, 95 %). Survivors that only change the words of an error or "
        "a note stand in the last column and not in the share.",
        "",
        "| file | mutants | tried | killed | share | interval | words only |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
        "",
        "## Survivors",
        "",
        "| file | mutant | was | became |",
        "| --- | --- | --- | --- |",
    ]
    for file, name, old, new in survivors:
        was, became = (_short(a, b) for a, b in ((old, new), (new, old)))
        lines.append(f"| `{file}` | `{name.strip('x_')}` | `{was}` | `{became}` |")
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _short(text: str, other: str) -> str:
    """Give what differs, with a little of what stands beside it."""
    match = difflib.SequenceMatcher(None, text, other, autojunk=False)
    changed = [op for op in match.get_opcodes() if op[0] != "equal"]
    start = max(0, changed[0][1] - 30) if changed else 0
    end = changed[-1][2] + 30 if changed else 60
    return text[start:end].replace("|", "\\|").replace("`", "'") or " "


if __name__ == "__main__":
    main()
