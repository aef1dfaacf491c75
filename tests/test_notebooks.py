"""The notebooks run: in our batch, alike in stock papermill, and where nothing may be shown."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pandas as pd
import papermill
import pypdf
from conftest import CLEAN, people

from ipasn_lib.pipeline import prepare, prepare_synthetic
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.collect import collect_headline, collect_tables
from ipasn_lib.reports.manifest import read as read_manifest
from ipasn_lib.reports.manifest import verify
from ipasn_lib.suite import publish
from ipasn_lib.suite_jobs import place_jobs

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "notebooks" / "01_laporan_kabkota.ipynb"


def outputs_of(notebook):
    """What each cell shows, without the counters that differ between runs."""
    shown = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or "injected-parameters" in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            plain = {k: v for k, v in output.items() if k != "execution_count"}
            shown.append(json.loads(json.dumps(plain)))
    return shown


def test_the_batch_and_stock_papermill_give_the_same_outputs(published, tmp_path):
    ours = nbformat.read(published / "3510-kab-banyuwangi" / "laporan.ipynb", 4)
    papermill.execute_notebook(
        PLACE,
        tmp_path / "stok.ipynb",
        # as papermill's command line gives it: a whole number
        parameters={"kode_kabkota": 3510, "tahun": 2022},
        cwd=str(PLACE.parent),
        progress_bar=False,
    )
    stock = nbformat.read(tmp_path / "stok.ipynb", 4)
    assert outputs_of(ours) == outputs_of(stock)
    assert len(outputs_of(ours)) >= 15


def test_the_headline_is_the_mean_of_the_persons(published):
    siap = open_prepared(None, 2022)
    skor = siap.skor("3571")
    measured = skor.loc[skor["status_ukur"] == "terukur", "indeks"]
    head = collect_headline(nbformat.read(published / "3571-kota-kediri" / "laporan.ipynb", 4))
    assert head["n_terukur"] == len(measured)
    assert abs(head["indeks"] - measured.mean()) <= 0.005
    assert head["sintetis"]


def pdf_words(path):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split()


def test_page_workbook_and_print_hold_the_same_numbers(published):
    folder = published / "3510-kab-banyuwangi"
    page = (folder / "laporan.html").read_text(encoding="utf-8")
    table = next(
        t
        for t in collect_tables(nbformat.read(folder / "laporan.ipynb", 4))
        if t["nama"] == "unit_kerja"
    )
    book = folder / "laporan.xlsx"
    sheets = pd.read_excel(book, sheet_name=None, header=None, engine="calamine")
    workbook = next(frame for name, frame in sheets.items() if "unit" in name.lower())
    numbers = {v for v in workbook.to_numpy().ravel() if isinstance(v, float | int)}
    printed = Counter(pdf_words(folder / "laporan.pdf"))
    wanted = Counter()
    for row in table["baris"]:
        for value, column in zip(row, table["kolom"], strict=True):
            if column["jenis"] == "poin" and isinstance(value, float | int):
                assert value in numbers
                wanted[f"{value:.2f}".replace(".", ",")] += 1
    assert sum(wanted.values()) >= 25
    for text, times in wanted.items():
        assert page.count(text) >= times
        assert printed[text] >= times


def test_print_is_in_the_manifest_and_marked_on_each_page(published):
    for folder in published.glob("35*"):
        assert "laporan.pdf" in read_manifest(folder)["isi"]["berkas"]
        assert verify(folder) == []
        for page in pypdf.PdfReader(folder / "laporan.pdf").pages:
            assert "DATA SINTETIS" in page.extract_text()


def test_every_page_is_whole_marked_and_needs_no_network(published):
    for page in published.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "DATA SINTETIS" in text
        assert "Content-Security-Policy" in text
        loaded = re.findall(r"""(?:src|srcset|poster)\s*=\s*["'](?!data:)([^"']+)""", text)
        loaded += re.findall(r"""<link[^>]+href\s*=\s*["'](?!data:)([^"']+)""", text)
        loaded += re.findall(r"""url\(\s*["']?(?!data:|#)([^)"']+)""", text)
        assert loaded == []


def test_a_place_of_nine_people_shows_no_number(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for kode, count in (("3510", 9), ("3501", 40), ("3502", 60), ("3503", 80)):
        table = people(*[{}] * count, base={**CLEAN, "kode_kabkota": kode})
        if kode == "3510":
            table["kelompok_jabatan"] = "pelaksana"
            table["jp_diklat_teknis"] = 20.0
        table.index = pd.Index([f"{kode}{i:028x}" for i in range(count)], name="id_pegawai")
        table.reset_index().to_parquet(data / f"{kode}.parquet")
    siap = prepare(data, 2022, tmp_path / "siap")
    assert siap.tersembunyi == ("3501", "3510")
    done = publish(siap, tmp_path / "laporan", kabkota=["3510", "3502"], workers=1)
    assert not done.failed, done.summary()
    # The batch makes no report of it; whoever runs the notebook by hand sees no number either.
    root = tmp_path / "tangan"
    words = {"tahun": 2022, "target": 81.0, "bahasa": "id"}
    jobs = place_jobs(siap, root, ["3510"], words)[:1]
    by_hand = run_batch(jobs, root=root, journal=root / "jurnal.jsonl", workers=1, progress="diam")
    assert by_hand.ok, by_hand.hasil
    folder = root / "3510-kab-banyuwangi"
    notebook = nbformat.read(folder / "laporan.ipynb", 4)
    head = collect_headline(notebook)
    assert head["indeks"] is None
    assert head["n_pegawai"] is None
    # 15 + 22.5 + 25 + 5 = 67.5 is the index of each of the nine
    number = re.compile(r"(?<![\d.,])67[.,]50?(?!\d)")
    assert not number.search((folder / "laporan.html").read_text(encoding="utf-8"))
    assert not number.search(" ".join(pdf_words(folder / "laporan.pdf")))
    for output in outputs_of(notebook):
        words = {k: v for k, v in output.get("data", {}).items() if k != "image/svg+xml"}
        assert not number.search(json.dumps(words))
    for table in collect_tables(notebook):
        for row in table["baris"]:
            assert 67.5 not in row
    index = (tmp_path / "laporan" / "2022" / "index.html").read_text(encoding="utf-8")
    assert not number.search(re.sub(r' d="[^"]*"', "", index))  # outlines are full of numbers


def test_notebooks_of_scores_as_given_run_too(tmp_path):
    siap = prepare_synthetic(tmp_path / "2024", 2024, seed=3, scale=0.02)
    done = publish(siap, tmp_path / "laporan", kabkota=["3579"], workers=2, bahasa="en")
    assert not done.failed, done.summary()


def test_bytes_do_not_depend_on_cores_order_zone_or_hash_seed(tmp_path):
    base = [sys.executable, "-m", "ipasn_lib", "report", "--data", "data/sample"]
    runs = (
        (["--kabkota", "3510", "--kabkota", "3571", "--jobs", "1"], {}),
        (
            ["--kabkota", "3571", "--kabkota", "3510", "--jobs", "2"],
            {"TZ": "Asia/Jakarta", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
        ),
    )
    made = []
    for number, (words, environment) in enumerate(runs):
        out = tmp_path / str(number)
        subprocess.run(
            [*base, "--tahun", "2022", "--out", str(out), *words],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        files = {p.relative_to(out): p.read_bytes() for p in out.rglob("laporan.*")}
        made.append({**files, "indeks": (out / "2022" / "index.html").read_bytes()})
    # the province, and of each place its report, causes and plan; and the page that lists them
    assert len(made[0]) == 4 * (1 + 2 * 3) + 1
    assert made[0] == made[1]


def test_every_notebook_runs_on_the_sample_with_its_defaults(tmp_path):
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    names = [path.stem.replace("_", "-") for path in paths]
    jobs = [Job(n, path, {}, tmp_path / n) for n, path in zip(names, paths, strict=True)]
    result = run_batch(jobs, root=tmp_path, journal=tmp_path / "jurnal.jsonl", progress="diam")
    assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
    for job in jobs:
        notebook = nbformat.read(job.out / "laporan.ipynb", 4)
        assert outputs_of(notebook), f"{job.nama} shows nothing"
        assert "DATA SINTETIS" in json.dumps(notebook, ensure_ascii=False)
