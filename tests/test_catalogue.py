"""The catalogue of words: whole in both languages, as used by code and notebooks, compiled."""

from __future__ import annotations

import ast
import re
import string
import sys
from pathlib import Path

import pytest

from ipasn_lib import wording
from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.atlas import GROUPS, MEASURES
from ipasn_lib.wording import catalogue

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "data"))

import build_wording as build  # noqa: E402

CODE = [*sorted((ROOT / "ipasn_lib").rglob("*.py")), *sorted((ROOT / "notebooks").glob("*.ipynb"))]
SENTENCES = ("row_finding", "file_finding", "refuse")
"""Calls that hand on what is wrong with a file of records."""


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("bahasa", build.LANGUAGES)
def test_compiled_is_what_is_written(bahasa):
    read = build.read(bahasa)
    assert build.path_of(bahasa, "mo").read_bytes() == build.compiled(read)
    assert build.path_of(bahasa).read_bytes() == build.written(read)


def test_the_catalogues_hold_what_is_used_and_nothing_else():
    assert (build.FOLDER / "ipasn.pot").read_bytes() == build.template()
    own = {(m, c) for m, c in build.messages() if c}
    every = set(build.messages())
    for bahasa, wanted in (("id", own), ("en", every)):
        read = build.read(bahasa)
        assert {(m.id, m.context) for m in read if m.id} == wanted
        assert not [m.id for m in read if m.id and (m.fuzzy or not str(m.string).strip())]


def test_every_message_has_the_same_gaps_in_both_languages():
    id_, en = (build.read(bahasa) for bahasa in build.LANGUAGES)
    for message in en:
        if message.id:
            there = id_.get(message.id, message.context).string if message.context else message.id
            assert gaps(there) == gaps(message.string), message.id


def literals() -> tuple[set[str], set[str]]:
    """Give all texts of the code, and the beginnings of texts with a gap after them."""
    whole, begun = set(), set()
    for path in CODE:
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            whole |= set(re.findall(r"\w+", source))
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(node.values[0].value)
    return whole, begun


def test_every_key_is_used_and_every_key_used_is_there():
    whole, begun = literals()
    folder = ROOT / "ipasn_lib" / "reports" / "templates"
    files = [*folder.glob("*.j2"), folder / "laporan.typ"]
    templates = " ".join(path.read_text("utf-8") for path in files)
    known = set(build.keys(build.read("id")))
    families = ("hal_", "buku_")
    # The first page's script reads its words as kata.x, kata[measure] and kata["kelompok_" + n].
    script = (folder / "indeks.js").read_text("utf-8")
    first = {f"hal_atl_{word}" for word in re.findall(r"kata\.(\w+)", script)}
    first |= {f"hal_atl_{measure}" for measure in MEASURES}
    first |= {f"hal_atl_kelompok_{number}" for number in range(1, GROUPS + 1)}
    assert first <= known
    unused = {
        key
        for key in known
        if key not in whole | first
        # of a column's name and its codes, as columns.in_words joins them
        and not any({key[:at], key[at + 1 :]} <= whole for at, c in enumerate(key) if c == "_")
        and not any(start.endswith("_") and key.startswith(start) for start in begun)
        and not any(
            key.startswith(f)
            and (key.removeprefix(f) in whole or f"kata.{key.removeprefix(f)}" in templates)
            for f in families
        )
    }
    assert unused == set()
    asked = set(re.findall(r"kata\.(\w+)", templates))
    for path in CODE:
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text":
                    asked |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant)}
    assert {key for key in asked if key not in known and f"hal_{key}" not in known} == set()


def said_of_records() -> list[str]:
    """Give each sentence on a file's faults that stands in the code, its gaps filled."""
    found = []
    for path in sorted((ROOT / "ipasn_lib" / "records").rglob("*.py")):
        if "synthetic" in path.parts:
            continue
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            named = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _called(node) in SENTENCES:
                    for arg in node.args[2:4]:
                        given = named.get(arg.id) if isinstance(arg, ast.Name) else arg
                        found += [text] if (text := _text(given)) else []
    return found


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def _text(node: ast.AST | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if " " in node.value else ""
    if isinstance(node, ast.JoinedStr):
        said = "".join(p.value if isinstance(p, ast.Constant) else "X9" for p in node.values)
        return re.sub(r"(?<=[a-z])X9", " X9", said)
    return ""


def test_what_is_wrong_with_a_file_is_said_in_english():
    said = said_of_records()
    assert len(said) > 50
    left = {
        text
        for text in said
        if text != "X9" and re.search("[a-z]{3}", text) and wording.translate(text, "en") == text
    }
    assert left == set()


def test_a_source_text_is_itself_in_indonesian_and_translated_in_english():
    assert wording.translate("Sangat Tinggi", "id") == "Sangat Tinggi"
    assert wording.translate("Sangat Tinggi", "en") == "Very high"
    assert wording.translate("Dinas Kesehatan", "en") == "Dinas Kesehatan"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("0 sampai 100 poin", "0 to 100 points"),
        ("1 sampai 2,5", "1 to 2.5"),
        ("Pagu dibagi: kinerja 60 persen, disiplin 40 persen.",
         "The ceiling is split: performance 60 per cent, discipline 40 per cent."),
        ("Organisasi Baik: sebagian besar, sampai 70 persen, Baik; ada yang Butuh Perbaikan "
         "dan/atau Kurang.",
         "Organisation rated Good: most, up to 70 per cent, Good; some rated Needs improvement "
         "and/or Poor."),
        ("sintetis, benih 7", "synthetic, seed 7"),
    ],
)  # fmt: skip
def test_gaps_that_are_filled_already_are_found_again(source, expected):
    assert wording.translate(source, "en") == expected


def test_a_speaker_fills_its_own_gaps():
    kata = wording.speaker("en", wilayah="Jawa Timur", tahun=2022)
    assert kata("Berkas yang dibaca, {wilayah}, {tahun}") == "Files read, East Java, 2022"


def test_the_catalogue_is_read_once():
    catalogue._messages.cache_clear()
    for bahasa in ("id", "en", "en", "id"):
        wording.text("indeks", bahasa)
    assert catalogue._messages.cache_info().misses == 2
    with pytest.raises(ParameterError, match="jv"):
        wording.translate("x", "jv")
