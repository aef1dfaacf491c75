"""Mutation testing of the rooms whose numbers must be right: law, index and disclosure.

    python tests/mutasi.py 60 .mutasi docs/mutasi.md

mutmut makes the mutants; :mod:`mutant_runs` tries them in a copy of the checkout, in the folder
named second. Of the mutants of each file a seeded sample is tried. The page tells how many were
killed, with the 95 % interval of Wilson (1927) for the file's mutants, and shows every survivor
with the reason that stands in ``mutasi_sisa.toml``.

Mutants that change nothing but the message of an error are counted by themselves and not tried.
A mutant that was killed is not tried again as long as its file is the same, and a test is measured
once: tests are added, not taken away. Remove the folder to try all of them anew.
"""

from __future__ import annotations

import ast
import datetime as dt
import difflib
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).resolve().parents[1]
SEED = 20261124
REASONS = Path(__file__).with_name("mutasi_sisa.toml")
ROOMS = {
    "law": ["ipasn_lib/law/*.py"],
    "index": ["ipasn_lib/index/*.py"],
    "disclosure": ["ipasn_lib/index/disclosure.py", "ipasn_lib/index/tables.py"],
}
"""The rooms; disclosure is a part of index and is told by itself."""
TESTS = ("test_law_*.py", "test_index_*.py")
BUDGET = 3.0
"""Seconds of tests on the unchanged code that a mutant has to outlive."""

KILLED = ("tes", "waktu")
"""How a mutant ends that is killed."""
COPIED = ("ipasn_lib", "tests", "data", "pyproject.toml")


@dataclass(frozen=True)
class Mutant:
    """A small change of one function."""

    name: str
    file: str
    function: str
    was: str
    became: str
    words: bool
    key: str
    """Tells it in a line that stays the same when the file grows elsewhere."""
    digest: str
    """Of the file as it is without mutants."""


def undecorated(source: str) -> str:
    """Put ``property`` and ``lru_cache`` after the definition: mutmut skips what they adorn."""
    kept: list[str] = []
    after: list[str] = []
    owner, pending = "", ""
    for line in source.splitlines():
        if found := re.match(r"class (\w+)", line):
            owner = found[1]
        if found := re.fullmatch(r"\s*@(property|functools\.lru_cache)", line):
            pending = found[1]
            continue
        if pending and (found := re.match(r"(\s*)def (\w+)", line)):
            name = f"{owner}.{found[2]}" if found[1] else found[2]
            after.append(f"{name} = {pending}({name})")
            pending = ""
        kept.append(line)
    return "\n".join([*kept, *after, ""])


def make(work: Path) -> list[Mutant]:
    """Copy the checkout, put the mutants into the copy and list them."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, work / name)
    found: list[Mutant] = []
    seen: Counter[str] = Counter()
    for path in sorted({p for globs in ROOMS.values() for g in globs for p in work.glob(g)}):
        source = path.read_text(encoding="utf-8")
        digest = hashlib.sha256(source.encode()).hexdigest()
        made = mutate_file_contents(str(path), undecorated(source))
        path.write_text(made.code, encoding="utf-8")
        module = ".".join(path.relative_to(work).with_suffix("").parts)
        file = path.relative_to(work / "ipasn_lib").as_posix()
        texts = _functions(made.code)
        for name in made.mutant_names:
            function = name.rpartition("__mutmut_")[0]
            old, new = texts[f"{function}__mutmut_orig"], texts[name]
            plain = function.removeprefix("x_").strip("xǁ").replace("ǁ", ".")
            was, became = _difference(old, new)
            key = f"{file} {plain}: {was} -> {became}"
            seen[key] += 1
            key += f" #{seen[key]}" if seen[key] > 1 else ""
            words = _only_words(old, new)
            found.append(Mutant(f"{module}.{name}", file, plain, was, became, words, key, digest))
    return found


def _functions(code: str) -> dict[str, str]:
    """Give the text of every function of a module, without its name."""
    nodes = [n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.FunctionDef)]
    lines = code.splitlines()
    texts = {n.name: "\n".join(lines[n.lineno - 1 : n.end_lineno]) for n in nodes}
    mark = " # type: ignore # mutmut generated"
    return {name: text.replace(name, "f").replace(mark, "") for name, text in texts.items()}


def _difference(old: str, new: str) -> tuple[str, str]:
    """Give the lines that a mutant takes out and puts in."""
    lines = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    was, became = (" ".join(x[2:].strip() for x in lines if x[0] == s) for s in "-+")
    return was, became


def _only_words(old: str, new: str) -> bool:
    """Tell whether two functions differ only in the messages of the errors they raise."""
    trees = [ast.parse(_dedent(text)) for text in (old, new)]
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                node.exc.args = [ast.Constant(""), *node.exc.args[1:]]
    return ast.dump(trees[0]) == ast.dump(trees[1])


def _dedent(text: str) -> str:
    margin = len(text) - len(text.lstrip())
    return "\n".join(line[margin:] for line in text.splitlines())


def run(work: Path, chosen: list[Mutant]) -> dict[str, str]:
    """Try the mutants that are not on record as killed, and tell how each ended.

    Interrupted, it tells how those ended that were tried.
    """
    record = work.with_name("terbunuh.json")
    measured = work.with_name("uji.json")
    killed = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    known = {m.name: "tes" for m in chosen if killed.get(m.key) == m.digest}
    names = [m.name for m in chosen if m.name not in known]
    (work / "mutants.json").write_text(json.dumps(names), encoding="utf-8")
    tests = sorted(str(p.relative_to(work)) for t in TESTS for p in work.glob(f"tests/{t}"))
    command = [
        sys.executable,
        "tests/mutant_runs.py",
        "mutants.json",
        "ended.json",
        str(measured),
        str(BUDGET),
        *tests,
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(work)}
    ended = dict(known)
    try:
        subprocess.run(command, cwd=work, env=environment, check=True)
    except KeyboardInterrupt:
        print("interrupted: the page tells of what was tried")
    finally:
        if (work / "ended.json").exists():
            ended |= json.loads((work / "ended.json").read_text(encoding="utf-8"))
            killed |= {m.key: m.digest for m in chosen if ended.get(m.name) in KILLED}
            record.write_text(json.dumps(killed, indent=0, sort_keys=True), encoding="utf-8")
    return ended


def wilson(killed: int, tried: int) -> str:
    """Give the 95 % interval of a share in percent."""
    z = NormalDist().inv_cdf(0.975)
    share = killed / tried
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    half = z / (1 + z * z / tried) * (share * (1 - share) / tried + z * z / (4 * tried**2)) ** 0.5
    return f"{max(0.0, middle - half):.0%}-{min(1.0, middle + half):.0%}"


def reasons(mutants: list[Mutant]) -> tuple[dict[str, str], list[str]]:
    """Give the reason why a survivor is left, by its key, and the reasons that fit none any more.

    ``mutan`` lists keys; ``pola`` is a pattern that must find some.
    """
    found: dict[str, str] = {}
    gone: list[str] = []
    keys = [m.key for m in mutants]
    for group in tomllib.loads(REASONS.read_text(encoding="utf-8"))["sisa"]:
        asked = [(key, [k for k in keys if k == key]) for key in group.get("mutan", ())]
        asked += [(p, [k for k in keys if re.search(p, k)]) for p in group.get("pola", ())]
        gone += [what for what, fits in asked if not fits]
        found |= {key: group["alasan"] for _, fits in asked for key in fits}
    return found, gone


def row(name: str, mutants: list[Mutant], ended: dict[str, str]) -> str:
    """Tell of a file or a room in a row of the table."""
    tried = [ended[m.name] for m in mutants if m.name in ended]
    killed = sum(how in KILLED for how in tried)
    counts = len(mutants), sum(m.words for m in mutants), len(tried), killed, len(tried) - killed
    cells = " | ".join(map(str, counts))
    return f"| {name} | {cells} | {killed / len(tried):.1%} | {wilson(killed, len(tried))} |"


def write(page: Path, mutants: list[Mutant], ended: dict[str, str]) -> list[str]:
    """Write the page; a survivor whose reason is not known says so. Give what is out of date."""
    why, gone = reasons(mutants)
    rows = []
    for room, globs in ROOMS.items():
        inside = [m for m in mutants if any(Path("ipasn_lib", m.file).match(g) for g in globs)]
        if room != "disclosure":
            rows += [
                row(f"`{file}`", [m for m in inside if m.file == file], ended)
                for file in sorted({m.file for m in inside})
            ]
        rows.append(row(f"**{room}**", inside, ended))
    groups: dict[str, list[str]] = {}
    for m in mutants:
        if ended.get(m.name) in ("hidup", "tak_ditemui"):
            groups.setdefault(why.get(m.key, "**Not looked at yet.**"), []).append(_shown(m))
    lines = [
        "# Mutants",
        "",
        f"Made by `make mutasi`, seed {SEED}, {dt.datetime.now(dt.UTC).date()}. "
        "A mutant is one small change of a function; it is "
        "killed if a test then fails, or takes several times as long. Of each file a random "
        "sample is tried, and the interval is for all its mutants (Wilson, 95 %). Changes of "
        "the message of an error only are counted under *words* and not tried. Constants of a "
        "module and the decorators of a function are not mutated. A mutant is given up after "
        f"the quickest {BUDGET:.0f} seconds of the tests that meet its function "
        f"(`tests/mutant_runs.py`), out of {' and '.join(f'`{t}`' for t in TESTS)}.",
        "",
        "| file | mutants | words | tried | killed | left | share | interval |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
        "",
        "disclosure: `index/disclosure.py` and `index/tables.py`, which also count in index.",
        "",
        "## Those that are left, and why",
    ]
    for reason, shown in groups.items():
        lines += ["", reason, "", *shown]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return gone


def _shown(mutant: Mutant) -> str:
    became = f"`{mutant.became}`" if mutant.became else "nothing"
    return f"- `{mutant.file}` {mutant.function}: `{mutant.was}` became {became}"


def main() -> None:
    size, work, page = int(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    os.chdir(ROOT)
    mutants = make(work / "salinan")
    chosen: list[tuple[int, Mutant]] = []
    for file in sorted({m.file for m in mutants}):
        own = [m for m in mutants if m.file == file and not m.words]
        random.Random(f"{SEED} {file}").shuffle(own)  # a larger sample holds the smaller ones
        chosen += enumerate(own[:size])
    # A file's first before any file's second: interrupted, all files are equally far.
    ended = run(work / "salinan", [m for _, m in sorted(chosen, key=lambda pair: pair[0])])
    gone = write(page, mutants, ended)
    if gone:
        sys.exit("\n".join([f"{REASONS.name}: no such mutant any more", *gone]))


if __name__ == "__main__":
    main()
