"""The same jobs on a Dask cluster: same bytes, lost workers, data that lie apart, refusals."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import distributed  # noqa: F401  loads its part of the configuration
import pandas as pd
import psutil
import pytest
import trustme
from dask import config as dask_config
from test_reports_batch import as_text, published, write_notebook

from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.score import score
from ipasn_lib.index.stream import summarize_parquet
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.synthetic import synthesize
from ipasn_lib.reports import cluster, cluster_worker, manifest
from ipasn_lib.reports.batch import BatchResult, Job, run_batch
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.worker import Report

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="warm parents fork")
QUIET = {"progress": "diam", "library": (), "backoff": 0.01}
SOURCE = "from pathlib import Path\nPath(f'../data/{kode}.csv').read_text() * 3"


def dask(what: str, *words: str, **environment: str) -> subprocess.Popen:
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + what, "--no-dashboard", *words],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    with scheduler_at(tmp_path / "penjadwal.json") as address:
        yield address


@contextmanager
def scheduler_at(file: Path, *words: str) -> Iterator[str]:
    where = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    running = dask("scheduler", *where, *words)
    deadline = time.monotonic() + 60
    while not file.exists() or not file.read_text():
        assert time.monotonic() < deadline
        assert running.poll() is None
        time.sleep(0.05)
    yield json.loads(file.read_text())["address"]
    running.kill()
    running.wait()


@contextmanager
def workers(scheduler: str, *homes: Path) -> Iterator[list[subprocess.Popen]]:
    """Start a worker a home, each with its own notebooks and data."""
    started = [
        dask(
            "worker",
            *(scheduler, "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1"),
            *("--local-directory", str(home)),
            IPASN_NOTEBOOKS=str(home / "buku"),
        )
        for home in homes
    ]
    client = cluster.connect(scheduler)
    client.wait_for_workers(len(homes), timeout=60)
    client.close()
    try:
        yield started
    finally:
        for worker in started:
            worker.kill()
            worker.wait()


def home(folder: Path, codes: str, source: str = SOURCE) -> Path:
    """A checkout's notebooks, and beside them the data of some places."""
    for name in ("buku", "data"):
        (folder / name).mkdir(parents=True)
    write_notebook(folder / "buku" / "n.ipynb", "kode: str = ''", source)
    for kode in codes:
        (folder / "data" / f"{kode}.csv").write_text(f"isi {kode}")
    return folder


def jobs_of(folder: Path, codes: str) -> list[Job]:
    notebook, jobs = folder / "buku" / "n.ipynb", []
    for kode in codes:
        files = (folder / "data" / f"{kode}.csv",)
        hashed = manifest.hash_files(files)
        job = Job(kode, notebook, {"kode": kode}, Path(kode), (as_text,), hashed, berkas=files)
        jobs.append(job)
    return jobs


def run(folder: Path, codes: str, root: Path, **options: object) -> BatchResult:
    jobs = jobs_of(folder, codes)
    return run_batch(jobs, root=root, journal=root / "j", **{**QUIET, **options})


def contents(root: Path) -> dict[str, dict[str, bytes]]:
    found = {p.name: published(p) for p in root.iterdir() if p.is_dir() and p.name != "gagal"}
    assert all(manifest.verify(root / name) == [] for name in found)
    return found


def test_a_cluster_makes_the_same_bytes_and_each_place_where_its_data_are(
    tmp_path: Path, scheduler: str
) -> None:
    here = home(tmp_path / "sini", "abcd")
    local = run(here, "abcd", tmp_path / "lokal")
    assert local.ok
    apart = home(tmp_path / "satu", "ab"), home(tmp_path / "dua", "cd")
    root = tmp_path / "kluster"
    with workers(scheduler, *apart) as started:
        result = run(here, "abcd", root, scheduler=scheduler)
        assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
        assert contents(root) == contents(tmp_path / "lokal")
        assert {p["sha256"] for p in map(manifest.read, root.glob("[a-d]"))} == {
            d.manifest for d in Journal(tmp_path / "lokal" / "j").last_done().values()
        }
        again = run(here, "abcd", root, scheduler=scheduler)
        assert len(again.of("tidak berubah")) == 4
        # the warm parents have gone with the run
        left = [psutil.Process(w.pid).children(recursive=True) for w in started]
        assert [p for children in left for p in children if p.is_running()] == []


@pytest.mark.assure
def test_an_encrypted_cluster_lets_in_only_who_holds_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = home(tmp_path / "sini", "ab")
    assert run(here, "ab", tmp_path / "lokal").ok

    def certified(name: str) -> dict[str, str]:
        authority = trustme.CA()
        issued = authority.issue_cert("127.0.0.1")
        files = {"ca-file": tmp_path / f"{name}-ca.pem"}
        authority.cert_pem.write_to_path(str(files["ca-file"]))
        for role in ("scheduler", "worker", "client"):
            files[f"{role}.cert"] = tmp_path / f"{name}-{role}.pem"
            issued.private_key_and_cert_chain_pem.write_to_path(str(files[f"{role}.cert"]))
        return {f"distributed.comm.tls.{key}": str(path) for key, path in files.items()}

    ours, strangers = certified("kita"), certified("lain")
    for key, value in ours.items():  # as the guide says: for scheduler and workers
        variable = key.upper().replace(".", "__").replace("-", "_")
        monkeypatch.setenv(f"DASK_{variable}", value)
    with scheduler_at(tmp_path / "penjadwal.json", "--protocol", "tls") as address:
        assert address.startswith("tls://")
        with dask_config.set(ours), workers(address, here):
            result = run(here, "ab", tmp_path / "kluster", scheduler=address)
            assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
            assert contents(tmp_path / "kluster") == contents(tmp_path / "lokal")
        monkeypatch.setattr(cluster, "FIRST", 3.0)
        with dask_config.set(strangers), pytest.raises(BatchError, match="no Dask scheduler"):
            cluster.connect(address)  # certified, but by another authority
        with pytest.raises(BatchError, match="needs certificates"):
            cluster.connect(address)
        with dask_config.set(ours), pytest.raises(BatchError, match="no Dask scheduler answers"):
            cluster.connect(address.replace("tls:", "tcp:"))


def test_what_a_lost_worker_was_doing_runs_elsewhere(tmp_path: Path, scheduler: str) -> None:
    slow = "import time\nfrom pathlib import Path\ntime.sleep(1.0)\nPath(f'../data/{kode}.csv')" \
        ".read_text() * 3"  # fmt: skip
    here, codes = home(tmp_path / "sini", "abcdef", slow), "abcdef"
    assert run(here, codes, tmp_path / "lokal").ok
    two = home(tmp_path / "satu", codes, slow), home(tmp_path / "dua", codes, slow)
    root, killed = tmp_path / "kluster", []
    with workers(scheduler, *two) as started:

        def kill_one(result: object) -> None:
            if not killed:  # both are in the middle of a job when the first one ends
                killed.append(started[0])
                started[0].kill()

        result = run(here, codes, root, scheduler=scheduler, on_done=kill_one)
        assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
        assert killed[0].wait(10) == -9
    assert contents(root) == contents(tmp_path / "lokal")
    ends = [e["nama"] for e in Journal(root / "j").read() if e["peristiwa"] == "selesai"]
    assert sorted(ends) == list(codes)  # nothing done twice
    assert not [p for p in root.iterdir() if ".tmp-" in p.name]


@pytest.mark.assure
def test_people_are_counted_on_the_cluster_by_the_same_code(tmp_path: Path, scheduler: str) -> None:
    """Row groups of files on the workers, against the people in memory."""
    law = load_instrument(2022)
    people = synthesize(5, scale=0.02, instrument=law, kabkota=["3509", "3578"])
    people.reset_index().to_parquet(tmp_path / "a.parquet", index=False, row_group_size=100)
    tables = {"unit": ["kode_kabkota", "unit_kerja"], "kabkota": ["kode_kabkota"]}
    with workers(scheduler, home(tmp_path / "satu", "a"), home(tmp_path / "dua", "a")):
        client = cluster.connect(scheduler)
        pool = client.get_executor()
        got = summarize_parquet(tmp_path / "a.parquet", law, tables, pool=pool)
        client.close()
    for name, columns in tables.items():
        expected = aggregate(score(people, law), columns, instrument=law)
        pd.testing.assert_frame_equal(got[name], expected, check_exact=True)


@pytest.mark.assure
def test_failures_and_limits_end_as_they_do_here(tmp_path: Path, scheduler: str) -> None:
    source = (
        "if kode == 'a':\n    1 / 0\nif kode == 'b':\n    import os; os._exit(3)\n"
        "if kode == 'c':\n    while True: pass\nkode"
    )
    here = home(tmp_path / "sini", "abcd", source)
    said = []
    options = {"timeout_cell": 2.0, "retries": 0}
    with workers(scheduler, home(tmp_path / "satu", "abcd", source)):
        for name, more in (("lokal", {}), ("kluster", {"scheduler": scheduler})):
            result = run(here, "abcd", tmp_path / name, **options, **more)
            said.append([(r.nama, r.status, r.kesalahan) for r in result.hasil])
            assert {p.stem for p in (tmp_path / name / "gagal").iterdir()} == set("abc")
    assert said[0] == said[1]
    assert [status for _, status, _ in said[0]] == ["gagal"] * 3 + ["selesai"]


@pytest.mark.assure
def test_a_worker_with_another_notebook_or_other_data_makes_nothing(
    tmp_path: Path, scheduler: str
) -> None:
    here = home(tmp_path / "sini", "ab")
    other = home(tmp_path / "satu", "ab")
    (other / "data" / "a.csv").write_text("isi lain")
    (other / "data" / "b.csv").unlink()
    with workers(scheduler, other):
        result = run(here, "ab", tmp_path / "r1", scheduler=scheduler)
    assert [r.kesalahan for r in result.hasil] == [
        "no worker of the cluster can make it: its data are others",
        "no worker of the cluster can make it: it does not hold the data",
    ]
    shutil.copyfile(here / "data" / "a.csv", other / "data" / "a.csv")
    write_notebook(other / "buku" / "n.ipynb", "kode: str = ''", "'sesuatu yang lain'")
    with workers(scheduler, other):
        result = run(here, "a", tmp_path / "r2", scheduler=scheduler, retries=3)
    (only,) = result.hasil
    assert only.kesalahan == "no worker of the cluster can make it: its notebook is another"
    assert only.percobaan == 1  # another try would end the same
    assert not (tmp_path / "r2" / "a").exists()


def test_other_versions_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ipasn_lib.reports.jobs import plan

    here = home(tmp_path / "sini", "a")
    (planned,) = plan(jobs_of(here, "a"), tmp_path / "r", ())
    task = planned.task(tmp_path / "t", None)
    assert cluster_worker.unfit(task, here / "buku") == ""
    other = replace(task, facts={**task.facts, "lingkungan": "0"})
    assert cluster_worker.unfit(other, here / "buku") == "its installed packages are others"
    other = replace(task, facts={**task.facts, "pustaka": "0"})
    assert cluster_worker.unfit(other, here / "buku") == "its library is another"


def test_files_damaged_on_the_way_are_not_published(tmp_path: Path) -> None:
    from ipasn_lib.reports.jobs import plan

    here = home(tmp_path / "sini", "a")
    assert run(here, "a", tmp_path / "r").ok
    folder = tmp_path / "r" / "a"
    files = {p.name: p.read_bytes() for p in folder.iterdir()}
    good = Report(manifest=manifest.read(folder)["sha256"])
    (planned,) = plan(jobs_of(here, "a"), tmp_path / "r", ())

    def kept(files: dict[str, bytes], name: str, report: Report = good) -> Report | str:
        return cluster._kept(
            planned.task(tmp_path / name, None), cluster_worker.Answer(report, files)
        )

    damaged = "its files came back damaged"
    assert kept(files, "t1") == good
    assert kept({**files, "laporan.txt": b"lain"}, "t2") == damaged
    assert kept({k: v for k, v in files.items() if k != "laporan.txt"}, "t3") == damaged
    assert kept(files, "t4", Report(manifest="0")) == damaged
    assert kept({**files, "../luar.txt": b""}, "t5") == damaged
    assert not (tmp_path / "luar.txt").exists()


@pytest.mark.parametrize(
    "address", ["http://a:1", "inproc://1", "127.0.0.1:8786", "tcp://", "ucx://a:1", ""]
)
def test_other_addresses_are_refused_before_anything_runs(tmp_path: Path, address: str) -> None:
    here = home(tmp_path / "sini", "a")
    with pytest.raises(ParameterError, match="expected tcp://host:port or tls://host:port"):
        run(here, "a", tmp_path / "r", scheduler=address)
    assert not (tmp_path / "r").exists()


def test_no_scheduler_no_worker_and_no_extra_are_said(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "FIRST", 1.0)
    here = home(tmp_path / "sini", "a")
    with pytest.raises(BatchError, match="no Dask scheduler answers at tcp"):
        run(here, "a", tmp_path / "r1", scheduler="tcp://127.0.0.1:9")
    with pytest.raises(BatchError, match="has no workers"):
        run(here, "a", tmp_path / "r2", scheduler=scheduler)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BatchError, match=r"pip install 'ipasn\[dask\]'"):
        cluster.connect(scheduler)
