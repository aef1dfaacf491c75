"""Every command that the README and the guides tell exists, and the first guide's really run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from ipasn_lib.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
GUIDES = sorted((ROOT / "docs" / "panduan").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "README.id.md", *GUIDES]
NOTEBOOKS = ROOT / "notebooks"
FIRST = ROOT / "docs" / "panduan" / "dari-ekspor-siasn-ke-laporan.md"
KNOWN = get_command(app).commands
SPAN = re.compile(r"`((?:ipasn|make|papermill) [^`]+)`")


def blocks(text: str) -> list[str]:
    """Commands of the indented blocks, a continued line as one; comments left out."""
    joined = text.replace("\\\n", " ")
    lines = re.findall(
        r"^ {4,}(?:0 2 \* \* \* .*&& \S*)?((?:ipasn|make|papermill) .*)$", joined, re.M
    )
    return [line.partition(" #")[0].strip() for line in lines]


def commands(page: Path) -> list[str]:
    text = page.read_text("utf-8")
    return blocks(text) + [" ".join(found.split()) for found in SPAN.findall(text)]


def wrong_in(command: str) -> str:
    """Say what of a command does not exist; empty where all does."""
    program, *words = shlex.split(command)
    if program == "make":
        known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
        known |= {f"{name}=" for name in ("DATA", "TAHUN", "KABKOTA", "OUT")}
        asked = [word.partition("=")[0] + "=" if "=" in word else word for word in words]
        return next((word for word in asked if word not in known), "")
    if program == "papermill":
        notebook = ROOT / words[0]
        if not notebook.is_file():
            return words[0]
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        (tagged,) = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
        there = re.findall(r"^(\w+):", "".join(tagged["source"]), re.M)
        asked = [words[k + 1] for k, word in enumerate(words) if word == "-p"]
        return next((name for name in asked if name not in there), "")
    name = words[0]
    if name not in KNOWN:
        return name
    options = {o for p in KNOWN[name].params for o in (*p.opts, *p.secondary_opts)}
    asked = [word.partition("=")[0] for word in words[1:] if word.startswith("--")]
    return next((option for option in asked if option not in options), "")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_of_a_page_exists(page):
    told = commands(page)
    assert told, f"{page.name} tells no command"
    assert {command: wrong for command in told if (wrong := wrong_in(command))} == {}


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("ipasn laporkan --tahun 2024", "laporkan"),
        ("ipasn report --tahum 2024", "--tahum"),
        ("make laporan", "laporan"),
        ("make report DAT=x", "DAT="),
        ("papermill notebooks/99_tiada.ipynb x.ipynb", "notebooks/99_tiada.ipynb"),
        ("papermill notebooks/01_laporan_kabkota.ipynb x.ipynb -p kode 3510", "kode"),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(command, wrong):
    assert wrong_in(command) == wrong


PICTURED = [ROOT / "docs" / "gaya.md", ROOT / "docs" / "lembar-kontak.md"]


@pytest.mark.parametrize("page", [*PAGES, *PICTURED], ids=lambda p: p.name)
def test_links_of_a_page_lead_somewhere(page):
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert linked or page.name in ("membaca-laporan.md", "menjadwalkan.md", FIRST.name)
    assert [target for target in linked if not (page.parent / target).exists()] == []


def test_pictures_are_all_shown_and_stay_small():
    folder = ROOT / "docs" / "gambar"
    text = "".join(p.read_text("utf-8") for p in [*PAGES, *PICTURED])
    assert [p.name for p in folder.iterdir() if f"gambar/{p.name}" not in text] == []
    assert sum(p.stat().st_size for p in folder.glob("lembar-kontak-*")) < 1_500_000


def test_files_and_notebooks_that_guides_name_are_there():
    for page in GUIDES:
        for name in re.findall(r"`(\d\d_\w+)`", page.read_text("utf-8")):
            assert (NOTEBOOKS / f"{name}.ipynb").is_file(), f"{page.name}: {name}"


def test_the_guides_are_listed_on_their_first_page():
    first = (ROOT / "docs" / "panduan" / "README.md").read_text("utf-8")
    for page in GUIDES:
        assert page.name == "README.md" or f"]({page.name})" in first


@pytest.mark.assure
def test_the_first_guide_leads_from_exports_to_reports(tmp_path):
    section = FIRST.read_text("utf-8").partition("## Coba dulu")[2].partition("\n## ")[0]
    told = blocks(section)
    assert [line.split()[1] for line in told] == ["synthesize", "check", "report", "verify"]
    env = {**os.environ, "HOME": str(tmp_path / "rumah"), "OMP_NUM_THREADS": "1"}
    for command in told:
        done = subprocess.run(
            [sys.executable, "-m", "ipasn_lib", *shlex.split(command)[1:]],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=300,
        )
        # exports with faults planted in them: check says so by its status
        expected = (0, 1) if " check " in command else (0,)
        assert done.returncode in expected, f"{command}\n{done.stdout}{done.stderr}"
    for name in ("3510-kab-banyuwangi", "3571-kota-kediri", "35-provinsi-jawa-timur"):
        page = (tmp_path / "reports" / "2022" / name / "laporan.html").read_text("utf-8")
        assert "DATA SINTETIS" in page
    assert (tmp_path / "reports" / "2022" / "index.html").is_file()
    assert list((tmp_path / "reports" / "mutu").rglob("laporan.html"))
