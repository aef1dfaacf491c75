"""What the documents promise is held by tests that exist; licences are listed and compatible."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
import reports_demo as demo
from licences import ROOT, installed_with_us, is_compatible, licence

from ipasn_lib.reports.export import export_html

DOCUMENTS = ("SECURITY.md", "docs/mutu.md")
CLAIM = re.compile(r"`(tests/\w+\.py)::(\w+)`")


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_a_document_names_is_there(document: str) -> None:
    named = CLAIM.findall((ROOT / document).read_text(encoding="utf-8"))
    assert len(named) >= 7
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).is_file() or name not in functions_of(ROOT / file)
    ]
    assert missing == []


def test_every_row_of_claims_names_a_test_or_says_that_there_is_none() -> None:
    text = (ROOT / "docs/mutu.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    heads = [line for line in rows if line.rstrip(" |").endswith("| uji")]
    assert len(heads) == 5
    for row in rows:
        last = row.rstrip(" |").rpartition("| ")[2]
        assert row in heads or last == "–" or CLAIM.fullmatch(last), row


def test_every_contested_reading_stands_in_the_log_of_assumptions() -> None:
    log = (ROOT / "docs/asumsi.md").read_text(encoding="utf-8")
    for file in sorted((ROOT / "ipasn_lib/law/instruments").glob("*.toml")):
        law = tomllib.loads(file.read_text(encoding="utf-8"))
        section = log.partition(f"## Tafsir instrumen {law['mulai']}")[2].partition("\n## ")[0]
        logged = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
        assert logged == set(law.get("tafsir", {})), file.name


def test_no_decision_about_a_person_rests_on_the_index_alone() -> None:
    text = " ".join((ROOT / "docs/mutu.md").read_text(encoding="utf-8").split())
    assert "Tidak ada keputusan tentang seorang pegawai yang boleh diambil secara otomatis" in text
    page = " ".join(export_html(demo.demo(), judul="x").split())
    assert "tidak ada keputusan tentang seorang pegawai yang boleh diambil secara otomatis" in page


def test_licences_are_listed_and_compatible() -> None:
    listed = dict(
        re.findall(
            r"^\| ([\w.-]+) \| (.+) \|$", (ROOT / "docs/lisensi.md").read_text("utf-8"), re.M
        )
    )
    names = installed_with_us()
    assert len(names) > 100
    assert set(names) == set(listed) - {"paket", "---"}
    for name in names:
        stated = licence(name)
        if stated is not None:
            assert is_compatible(stated), f"{name}: {stated}"


@pytest.mark.parametrize("stated", ["GPL-3.0", "AGPL-3.0-only", "MIT AND GPL-2.0", "", "UNKNOWN"])
def test_other_licences_are_not_taken_for_compatible(stated: str) -> None:
    assert not is_compatible(stated)


def analysis_functions() -> set[str]:
    """Names that the analyses offer in ``__all__``, types and constants aside."""
    names: set[str] = set()
    room = ROOT / "ipasn_lib" / "analysis"
    for path in [*room.glob("*.py"), *room.glob("*/__init__.py")]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names |= set(ast.literal_eval(node.value))
    return {name for name in names if name == name.lower()}


def test_every_analysis_stands_on_the_page_of_methods() -> None:
    page = (ROOT / "docs/method.md").read_text(encoding="utf-8")
    there = analysis_functions()
    assert len(there) > 80
    assert there - set(re.findall(r"`(\w+)`", page)) == set()


def test_sources_of_the_page_of_methods_are_those_of_the_library() -> None:
    found = re.compile(r"doi:(10\.[^\s|,;]+[\w)])")
    page = found.findall((ROOT / "docs/method.md").read_text(encoding="utf-8"))
    assert len(page) > 40
    # what a published study found is compared in a test, which names it
    files = [*(ROOT / "ipasn_lib/analysis").rglob("*.py"), *ROOT.glob("tests/golden/*.toml")]
    sources = "".join(p.read_text("utf-8") for p in files)
    assert [doi for doi in page if doi.rstrip(")") not in sources] == []
