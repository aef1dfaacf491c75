"""The house rules: who may import whom, cheap imports, thin notebooks, one list of packages."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "ipasn_lib"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

ALLOWED = {
    "errors": set(),
    "cards": set(),
    "threshold": {"errors"},
    "wording": {"errors"},
    "law": {"errors", "cards", "wording"},
    "records": {"errors", "cards", "law", "threshold", "wording"},
    "index": {"errors", "law", "threshold"},
    "analysis": {"errors", "cards", "law", "index", "threshold", "wording"},
    "figures": {"errors", "threshold", "wording"},
    "reports": {"errors", "threshold", "wording"},
    "intake": {"errors", "law", "records", "index"},
    "extract": {"analysis"},
    "fingerprints": set(),
    "kept": {"records", "intake"},
    "assemble": {
        *("errors", "law", "records", "index", "threshold"),
        *("intake", "extract", "fingerprints", "kept"),
    },
    "pipeline": {"errors", "records", "threshold", "fingerprints", "assemble"},
    "suite": {
        *("errors", "law", "records", "figures", "reports", "wording"),
        *("suite_index", "suite_inputs", "suite_jobs", "suite_page"),
    },
    "suite_index": {"errors", "records", "reports", "suite_jobs", "suite_page", "wording"},
    "suite_inputs": {"records", "threshold"},
    "suite_jobs": {"errors", "records", "reports", "suite_inputs", "wording"},
    "suite_page": {"records", "analysis", "figures", "reports", "suite_jobs", "wording"},
}
ROOMS = {*ALLOWED, "cli"}


def room_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def imports_of(path: Path) -> set[str]:
    """Modules of the library that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name and name.startswith("ipasn_lib.")}


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=lambda p: p.stem)
def test_who_may_import_whom(path):
    here = path.relative_to(LIBRARY).parts[0].removesuffix(".py")
    if here in ("__init__", "__main__", "cli"):
        return
    assert here in ALLOWED, f"{path} stands in no room of the house"
    rooms = {room_of(name) for name in imports_of(path)} & ROOMS
    assert rooms - {here} <= ALLOWED[here]


@pytest.mark.parametrize("path", sorted((LIBRARY / "analysis").glob("*.py")), ids=lambda p: p.stem)
def test_files_stay_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_module_says_what_it_holds_and_names_what_it_offers():
    for path in LIBRARY.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{path}: no docstring"
        if path.name != "__init__.py":
            names = {
                target.id
                for node in tree.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            assert "__all__" in names, f"{path}: no __all__"


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


def test_importing_the_library_imports_nothing_heavy():
    seen = run("import ipasn_lib, sys; print(sorted(m for m in sys.modules if '.' not in m))")
    for heavy in ("pandas", "numpy", "matplotlib", "geopandas", "papermill"):
        assert f"'{heavy}'" not in seen


def test_help_of_the_command_line_imports_nothing_heavy():
    seen = run(
        "import sys; from ipasn_lib.cli.app import app; "
        "print(sorted(m for m in sys.modules if '.' not in m))"
    )
    for heavy in ("pandas", "numpy", "matplotlib", "geopandas", "papermill"):
        assert f"'{heavy}'" not in seen


def test_every_public_name_is_there():
    import ipasn_lib

    for name in ipasn_lib.__all__:
        assert getattr(ipasn_lib, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'skore'"):
        _ = ipasn_lib.skore


def test_environment_for_conda_equals_the_project():
    def plain(spec: str) -> str:
        return spec.replace("_", "-").replace(" ", "").lower()

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {plain(d) for d in project["dependencies"]}
    wanted.add("python" + project["requires-python"])
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    got = {plain(d) for d in conda if isinstance(d, str) and d != "pip"}
    got |= {plain(d) for part in conda if isinstance(part, dict) for d in part["pip"]}
    assert got - {"-e."} == wanted


def test_the_lock_holds_every_dependency():
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {package["name"] for package in lock["package"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for spec in project["project"]["dependencies"] + project["dependency-groups"]["dev"]:
        assert re.split(r"[<>=\[]", spec)[0].lower() in locked


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_thin_and_hold_no_outputs(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    code = [c for c in cells if c["cell_type"] == "code"]
    assert cells[0]["cell_type"] == "markdown", "the first cell is the title"
    tagged = [c for c in code if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    for cell in code:
        assert not cell["outputs"]
        assert cell["execution_count"] is None
        source = "".join(cell["source"])
        assert sum(1 for line in source.splitlines() if line.strip()) <= 12, source
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(
                node,
                ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.Try | ast.Lambda,
            ), source
        assert ".groupby(" not in source
        assert ".merge(" not in source


def test_no_path_of_a_machine_and_no_person_in_what_is_tracked():
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT)
    if listed.returncode:
        pytest.skip("not a git checkout")
    home = re.compile(r"/(?:home|Users|root)/\w")
    # a possible NIP: a real birth date, a real month of appointment, a sex digit
    nip = re.compile(
        r"(?<!\d)(?:19[5-9]\d|200\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
        r"(?:19[89]\d|20[0-2]\d)(?:0[1-9]|1[0-2]|2[1-9])[12]\d{3}(?!\d)"
    )
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".ipynb", ".csv", ".yml", ".txt", ".json"}:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not home.search(text), name
            assert not nip.search(text), name
