"""Each notebook shows the same by hand, in stock papermill and in our batch; bytes never differ."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from assurance import Assurance
from nbclient import NotebookClient
from test_notebooks import outputs_of

from ipasn_lib.reports.batch import Job, run_batch

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))

pytestmark = [
    pytest.mark.assure,
    # ipykernel's own word on its sockets
    pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning"),
]


def test_every_notebook_shows_the_same_in_three_places(tmp_path, assurance: Assurance):
    """By hand is what JupyterLab's Run All does: the notebook as it is, in an ordinary kernel."""
    assert [path.name[:2] for path in NOTEBOOKS] == [f"0{k}" for k in range(10)]
    jobs = [
        Job(path.stem.replace("_", "-"), path, {}, tmp_path / path.stem.replace("_", "-"))
        for path in NOTEBOOKS
    ]
    result = run_batch(jobs, root=tmp_path, journal=tmp_path / "jurnal.jsonl", progress="diam")
    assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
    compared = 0
    for path, job in zip(NOTEBOOKS, jobs, strict=True):
        by_hand = nbformat.read(path, 4)
        home = {"metadata": {"path": str(path.parent)}}
        NotebookClient(by_hand, kernel_name="python3", resources=home).execute()
        stock = tmp_path / f"{job.nama}.ipynb"
        papermill.execute_notebook(path, stock, {}, cwd=str(path.parent), progress_bar=False)
        ours = nbformat.read(job.out / "laporan.ipynb", 4)
        shown = [outputs_of(nb) for nb in (ours, by_hand, nbformat.read(stock, 4))]
        assert shown[0] == shown[1], f"{path.name}: ours differs from JupyterLab's"
        assert shown[0] == shown[2], f"{path.name}: ours differs from papermill's"
        assert shown[0], path.name
        compared += len(shown[0])
    assurance.record(
        promise="A notebook shows the same wherever it runs",
        tried="outputs of the ten notebooks in an ordinary kernel, in papermill and in the batch",
        count=compared,
        outcome="0 differences",
    )


PUBLISH = """
import sys
from pathlib import Path
from ipasn_lib import suite, suite_jobs
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.reports.batch import run_batch
siap, root = open_prepared(None, 2022), Path(sys.argv[1])
words = {"tahun": 2022, "target": 81.0, "bahasa": "id"}
jobs = suite_jobs.province_jobs(siap, root, words, whole=True)
jobs += suite_jobs.place_jobs(siap, root, ["3579"], words)
if sys.argv[3] == "terbalik":
    jobs = jobs[::-1]
done = run_batch(
    jobs, root=root, journal=root / "j", workers=int(sys.argv[2]),
    preload=suite.PRELOAD, warmup=suite.warm, progress="diam",
)
assert done.ok, [(r.nama, r.kesalahan) for r in done.of("gagal")]
"""


def test_all_kinds_of_files_have_the_same_bytes_again(tmp_path, assurance: Assurance):
    """Slides, open data, print and workbooks of the province and a place, run in another way."""
    ways = (
        ("1", "urut", {"TZ": "UTC", "PYTHONHASHSEED": "1"}),
        ("2", "terbalik", {"TZ": "Asia/Jayapura", "LC_ALL": "C", "LANG": "C"}),
    )
    made = []
    for workers, order, environment in ways:
        root = tmp_path / order
        words = [sys.executable, "-c", PUBLISH, str(root), workers, order]
        subprocess.run(
            words, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True
        )
        files = (p for p in root.glob("*/*") if p.name != "manifest.json")
        made.append({str(p.relative_to(root)): p.read_bytes() for p in files})
    kinds = {name.rpartition(".")[2] for name in made[0]}
    assert kinds == {"html", "ipynb", "pdf", "xlsx", "csv", "json"}
    assert any(name.endswith("salindia.html") for name in made[0])
    assert set(made[0]) == set(made[1])
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
    assurance.record(
        promise="Two runs give the same bytes",
        tried="files of a province and a place, with other cores, order, zone, locale, hash seed",
        count=len(made[0]),
        outcome="0 differences",
    )
