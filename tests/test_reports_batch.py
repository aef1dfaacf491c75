"""The batch: faults one by one, what is left on disk, what is made again and what is not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import nbformat
import psutil
import pytest
from nbformat import NotebookNode, v4

from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.reports import batch, manifest
from ipasn_lib.reports.batch import BatchResult, Job, JobResult, run_batch
from ipasn_lib.reports.folders import locked
from ipasn_lib.reports.jobs import plan
from ipasn_lib.reports.journal import Journal
from ipasn_lib.reports.nodes import imported_modules

QUIET = {"progress": "diam", "library": (), "backoff": 0.01}


def write_notebook(path: Path, *sources: str) -> Path:
    """A notebook whose first cell holds the parameters."""
    node = v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    node.cells = [v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    node.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(node, path)
    return path


def as_text(nb: NotebookNode) -> dict[str, bytes]:
    """An export: the last cell's plain text."""
    return {"laporan.txt": nb.cells[-1].outputs[-1]["data"]["text/plain"].encode()}


def broken(nb: NotebookNode) -> dict[str, bytes]:
    raise KeyError("a value that must not be repeated")


def warm_kmeans() -> None:
    """Run OpenMP code in the parent: forks after it hang for ever unless it has one thread."""
    import numpy as np
    from sklearn.cluster import KMeans

    KMeans(3, n_init=1, random_state=0).fit(np.arange(60000.0).reshape(-1, 2))


KMEANS = (
    "import numpy as np\nfrom sklearn.cluster import KMeans\n"
    "KMeans(3, n_init=1, random_state=0).fit(np.arange(60000.0).reshape(-1, 2)).n_iter_ > 0"
)
# name -> (last cell, words expected in the error; none if it must end well)
FAULTS: dict[str, tuple[str, str]] = {
    "baik": ("kode", ""),
    "kmeans": (KMEANS, ""),
    "meninggalkan-anak": (
        "import subprocess\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "Path('anak.pid').write_text(str(child.pid))\n'ada'",
        "",
    ),
    "galat": ("{}['nilai seseorang']", "cell 3: KeyError"),
    "galat-kita": (
        "from ipasn_lib.errors import DataError\nraise DataError('kolom tahun: 3 baris')",
        "cell 3: DataError: kolom tahun: 3 baris",
    ),
    "keluar": ("import os; os._exit(0)", "without a report (exit code 0)"),
    "bunuh-diri": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "tanpa-akhir": ("while True:\n    pass", "cell 3: CellTimeoutError: the cell ran longer"),
    "tanpa-akhir-tuli": (
        "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0)\ntime.sleep(60)",
        "a cell ran longer than 2 s",
    ),
    "sys-exit": ("import sys; sys.exit(0)", "cell 3: SystemExit"),
    "exit": ("exit()", "cell 3: SystemExit"),
    "input": ("input('nama? ')", "cell 3: StdinNotImplementedError"),
    "boros": ("x = bytearray(1200 << 20)\nimport time; time.sleep(20)", "of memory"),
    "ekspor-rusak": ("'ada'", "export test_reports_batch:broken: KeyError"),
}
RETRIED = ("keluar", "bunuh-diri", "tanpa-akhir", "tanpa-akhir-tuli")


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BatchResult, list[JobResult]]:
    """One batch in which nearly everything goes wrong."""
    root = tmp_path_factory.mktemp("batch")
    jobs = []
    for name, (source, _) in FAULTS.items():
        path = write_notebook(root / f"{name}.ipynb", "kode: str = '3500'", source)
        exports = (broken,) if name == "ekspor-rusak" else (as_text,)
        jobs.append(Job(name, path, {"kode": "3510"}, Path("keluaran") / name, exports))
    (root / "keluaran" / "galat").mkdir(parents=True)
    (root / "keluaran" / "galat" / "lama.txt").write_text("terbitan lama")
    seen: list[JobResult] = []
    result = run_batch(
        jobs,
        root=root,
        journal=root / "jurnal.jsonl",
        workers=4,
        timeout_cell=2.0,
        timeout_job=60.0,
        memory_mib=900,
        warmup=warm_kmeans,
        on_done=seen.append,
        **QUIET,
    )
    return root, result, seen


@pytest.mark.parametrize("name", FAULTS)
def test_each_job_ends_as_it_must(name: str, faults: tuple) -> None:
    root, result, seen = faults
    (one,) = [r for r in result.hasil if r.nama == name]
    expected = FAULTS[name][1]
    assert (one.status, expected in one.kesalahan) == ("gagal" if expected else "selesai", True), (
        one.kesalahan
    )
    assert one in seen
    assert one.percobaan == (2 if name in RETRIED else 1)
    assert "nilai seseorang" not in one.kesalahan
    if expected:
        assert one.notebook_gagal == root / "keluaran" / "gagal" / f"{name}.ipynb"
        node = nbformat.read(one.notebook_gagal, as_version=4)
        assert "papermill-error-cell-tag" in node.cells[0].metadata.tags
        assert not (one.out / manifest.MANIFEST).exists()
    else:
        assert manifest.verify(one.out) == []
        assert {p.name for p in one.out.iterdir()} == {
            "laporan.ipynb",
            "laporan.txt",
            "manifest.json",
        }


def test_failures_leave_older_reports_and_no_temporary_folders(faults: tuple) -> None:
    root, _, _ = faults
    assert (root / "keluaran" / "galat" / "lama.txt").read_text() == "terbitan lama"
    left = [p.name for p in (root / "keluaran").iterdir() if p.name.startswith(".")]
    assert left == []


def test_what_a_notebook_started_does_not_outlive_it(faults: tuple) -> None:
    root, _, _ = faults
    pid = int((root / "anak.pid").read_text())
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    ours = [" ".join(c.cmdline()) for c in psutil.Process().children(recursive=True)]
    assert not [line for line in ours if "ipasn_lib.reports" in line]


def test_banner_stands_at_the_cell_in_which_the_worker_died(faults: tuple) -> None:
    _, result, _ = faults
    (one,) = [r for r in result.hasil if r.nama == "bunuh-diri"]
    assert one.notebook_gagal is not None
    cells = nbformat.read(one.notebook_gagal, as_version=4).cells
    anchor = next(i for i, c in enumerate(cells) if 'papermill-error-cell"' in c.source and i)
    assert "os.kill" in cells[anchor + 1].source


def test_journal_holds_no_values_and_one_end_a_job(faults: tuple) -> None:
    root, result, _ = faults
    events = Journal(root / "jurnal.jsonl").read()
    assert "nilai seseorang" not in (root / "jurnal.jsonl").read_text()
    ends = [e["nama"] for e in events if e["peristiwa"] != "mulai"]
    assert sorted(ends) == sorted(r.nama for r in result.hasil)


def test_unknown_parameter_is_refused_before_anything_runs(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'\ntahun: int = 2024", "kode")
    job = Job("a", path, {"kode_kab": "3510"}, Path("a"))
    with pytest.raises(ParameterError, match="unknown parameter 'kode_kab'; known: kode, tahun"):
        run_batch([job], root=tmp_path / "r", journal=tmp_path / "j", **QUIET)
    assert not (tmp_path / "r").exists()
    assert not (tmp_path / "j").exists()


@pytest.mark.parametrize(
    ("nama", "out", "words"),
    [
        ("a", "../luar", "outside"),
        ("a", "/tmp/luar", "outside"),
        ("a", ".", "outside"),
        ("a", "b/../c", "outside"),
        ("a", "Besar", "small letters"),
        ("a", "gagal", "not 'gagal'"),
        ("a", "{x.__class__}", "small letters"),
        ("A b", "a", "small letters"),
        ("gagal", "a", "not 'gagal'"),
    ],
)
def test_places_outside_the_root_are_refused(
    tmp_path: Path, nama: str, out: str, words: str
) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'")
    with pytest.raises(ParameterError, match=words):
        run_batch(
            [Job(nama, path, {}, Path(out))], root=tmp_path / "r", journal=tmp_path / "j", **QUIET
        )


def test_one_name_and_one_folder_a_job(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'")
    places = [("a", "x"), ("a", "y"), ("b", "y"), ("c", "y/z")]
    jobs = [Job(nama, path, {}, Path(out)) for nama, out in places]
    with pytest.raises(ParameterError) as caught:
        run_batch(jobs, root=tmp_path / "r", journal=tmp_path / "j", **QUIET)
    assert str(caught.value).splitlines() == [
        "name used twice: a",
        "output folder used twice: y",
        "c: lies in another job's folder",
    ]


def test_functions_that_workers_cannot_import_are_refused(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'")
    exports: tuple[Callable, ...] = (lambda nb: {},)
    with pytest.raises(ParameterError, match="export must be a function at the top"):
        run_batch(
            [Job("a", path, {}, Path("a"), exports)],
            root=tmp_path / "r",
            journal=tmp_path / "j",
            **QUIET,
        )


def test_module_that_cannot_be_imported_is_named(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'")
    with pytest.raises(BatchError, match="module 'tidak_ada_modul' cannot be imported"):
        run_batch(
            [Job("a", path, {}, Path("a"))],
            root=tmp_path / "r",
            journal=tmp_path / "j",
            preload=["tidak_ada_modul"],
            **QUIET,
        )


def published(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != manifest.MANIFEST}


def test_only_what_changed_is_made_again_and_the_same_bytes(tmp_path: Path) -> None:
    source = "import warnings\nwarnings.warn('awas')\nprint(kode)\nset('abcdef'), kode"
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'", source)

    def run(masukan: dict[str, str]) -> dict[str, str]:
        jobs = [
            Job(n, path, {"kode": n}, Path("r") / n, (as_text,), masukan=masukan.get(n, "awal"))
            for n in ("a", "b", "c")
        ]
        result = run_batch(jobs, root=tmp_path, journal=tmp_path / "j", **QUIET)
        return {r.nama: r.status for r in result.hasil}

    assert set(run({}).values()) == {"selesai"}
    first = {n: published(tmp_path / "r" / n) for n in "abc"}
    described = manifest.read(tmp_path / "r" / "a")
    assert set(run({}).values()) == {"tidak berubah"}
    (tmp_path / "r" / "c" / "laporan.txt").write_text("diubah tangan")
    assert run({"b": "lain"}) == {"a": "tidak berubah", "b": "selesai", "c": "selesai"}
    assert {n: published(tmp_path / "r" / n) for n in "abc"} == first
    assert manifest.read(tmp_path / "r" / "a")["sha256"] == described["sha256"]
    assert described["waktu"]["detik"] > 0


def test_what_may_not_be_shown_is_taken_away_and_says_so(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "nb.ipynb", "kode: str = '3500'", "kode")
    out = tmp_path / "keluaran"
    named = {name: Job(name, notebook, {"kode": "3510"}, out / name) for name in ("satu", "dua")}
    told = {"root": out, "journal": out / "jurnal.jsonl", "progress": "diam"}
    run_batch(list(named.values()), **told)
    (out / "gagal").mkdir()
    (out / "gagal" / "dua.ipynb").write_text("of an earlier failure")
    for _ in range(2):  # again: nothing is there any more, and it says the same
        result = run_batch([named["satu"]], hidden=[out / "dua", out / "tiga"], **told)
        assert [(r.nama, r.status) for r in result.hasil] == [
            ("satu", "tidak berubah"),
            ("dua", "tersembunyi"),
            ("tiga", "tersembunyi"),
        ]
        assert result.ok
        assert sorted(p.name for p in out.iterdir() if p.is_dir()) == ["satu"]
    shown = run_batch(list(named.values()), **told)
    assert [r.status for r in shown.hasil] == ["tidak berubah", "selesai"]
    with pytest.raises(ParameterError, match="satu: to be made and to be hidden"):
        run_batch([named["satu"]], hidden=[out / "satu"], **told)
    with pytest.raises(ParameterError, match="outside"):
        run_batch([], hidden=[tmp_path / "lain"], **told)


def test_what_may_not_be_shown_and_cannot_be_taken_away_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dua").mkdir()

    def refused(out: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ipasn_lib.reports.run.withdraw", refused)
    with pytest.raises(BatchError, match="dua: it may not be shown and cannot be taken away"):
        run_batch([], root=tmp_path, journal=tmp_path / "j", hidden=[tmp_path / "dua"])


def test_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'")
    jobs = [Job("a", path, {}, Path("a"))]
    with locked(tmp_path / "r"), pytest.raises(BatchError, match=f"another run.*{os.getpid()}"):
        run_batch(jobs, root=tmp_path / "r", journal=tmp_path / "j", **QUIET)


def test_without_fork_the_same_report_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'", "set('abcdef'), kode")

    def run() -> tuple[BatchResult, dict[str, bytes]]:
        job = Job("a", path, {"kode": "3510"}, Path("a"), (as_text,))
        result = run_batch([job], root=tmp_path, journal=tmp_path / "j", fresh=True, **QUIET)
        return result, published(tmp_path / "a")

    forked, first = run()
    monkeypatch.setenv("IPASN_TANPA_FORK", "1")
    spawned, second = run()
    # fresh, so made again although nothing has changed
    assert (forked.hasil[0].status, spawned.hasil[0].status) == ("selesai", "selesai")
    assert forked.catatan == ()
    assert "tanpa fork" in spawned.catatan[0]
    assert first == second


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is a warm parent only with fork")
def test_warm_parent_that_dies_is_replaced(tmp_path: Path) -> None:
    source = (
        "import os, signal\nfrom pathlib import Path\n"
        "if not Path('pernah').exists():\n"
        "    Path('pernah').touch()\n    os.kill(os.getppid(), signal.SIGKILL)\nkode"
    )
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = '3500'", source)
    jobs = [Job("a", path, {}, Path("r") / "a")]
    result = run_batch(jobs, root=tmp_path, journal=tmp_path / "j", **QUIET)
    assert (result.hasil[0].status, result.hasil[0].percobaan) == ("selesai", 2)
    assert [p.name for p in (tmp_path / "r").iterdir()] == ["a"]


def test_modules_of_a_notebook_are_found_but_not_those_beside_it(tmp_path: Path) -> None:
    (tmp_path / "pembantu.py").touch()
    path = write_notebook(
        tmp_path / "n.ipynb",
        "kode: str = '3500'",
        "import json, pembantu\nfrom xml import dom\nfrom pembantu import x",
        "%matplotlib inline\nimport os",
        "if kode:\n    import csv",
    )
    found = imported_modules(path.read_text(), tmp_path)
    assert found == ("json", "xml", "xml.dom")


RUNNER = """
import sys
from pathlib import Path
from ipasn_lib.reports.batch import Job, run_batch
here = Path(sys.argv[1])
jobs = [Job(n, here / "n.ipynb", {"kode": n}, Path("r") / n) for n in "abcdef"]
result = run_batch(jobs, root=here, journal=here / "j", workers=2, progress="json", library=())
print(result.ringkasan)
"""


def start_runner(folder: Path) -> tuple[subprocess.Popen, list[psutil.Process]]:
    """Start a batch in its own process; return once two reports are done and two are running."""
    write_notebook(folder / "n.ipynb", "kode: str = ''", "import time; time.sleep(0.7)\nkode")
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and runner.poll() is None:
        events = Journal(folder / "j").read()
        done = [e for e in events if e["peristiwa"] == "selesai"]
        if len(done) >= 2 and len(events) - len(done) >= 4:
            return runner, psutil.Process(runner.pid).children(recursive=True)
        time.sleep(0.02)
    raise AssertionError(runner.communicate())


def assert_whole(folder: Path) -> set[str]:
    """No visible folder is half-written; return the names of those there are."""
    there = {p.name: p for p in (folder / "r").iterdir() if not p.name.startswith(".")}
    assert [problem for p in there.values() for problem in manifest.verify(p)] == []
    return set(there)


def test_the_warm_parent_imports_what_several_reports_need(tmp_path: Path) -> None:
    sources = {"satu": "import json\nimport csv", "dua": "import json\nimport wave"}
    jobs = []
    for name, source in sources.items():
        path = write_notebook(tmp_path / f"{name}.ipynb", "kode: str = ''", source)
        places = ("a",) if name == "satu" else ("b", "c")
        jobs += [Job(kode, path, {"kode": kode}, Path(kode), (as_text,)) for kode in places]
    planned = plan(jobs, tmp_path, ())

    def shared(*names: str) -> set[str]:
        todo = SimpleNamespace(to_make=[p for p in planned if p.job.nama in names])
        return set(batch._shared(todo)[0])

    assert shared("a", "b", "c") == {"json", "wave"}
    assert shared("a", "b") == {"json"}
    assert shared("a") == set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX signals")
def test_runner_killed_midway_leaves_nothing_half_and_resumes(tmp_path: Path) -> None:
    runner, children = start_runner(tmp_path)
    assert len(children) >= 2
    runner.kill()
    runner.communicate()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []
    before = assert_whole(tmp_path)
    assert 2 <= len(before) < 6
    done = set(Journal(tmp_path / "j").last_done())
    again = subprocess.run(
        [sys.executable, "-c", RUNNER, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert f"{6 - len(done)} selesai, {len(done)} tidak berubah, 0 gagal" in again.stdout
    assert assert_whole(tmp_path) == set("abcdef")
    assert not [p for p in (tmp_path / "r").iterdir() if p.name.startswith(".")]
    ends = [json.loads(line) for line in again.stderr.splitlines()]
    assert [e["peristiwa"] for e in ends][-1] == "tamat"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["sigterm", "ctrl-c"])
def test_a_signal_ends_it_cleanly_and_it_says_what_is_done(
    tmp_path: Path, number: signal.Signals
) -> None:
    runner, children = start_runner(tmp_path)
    runner.send_signal(number)
    out, _ = runner.communicate(timeout=30)
    assert runner.returncode == 0
    _, alive = psutil.wait_procs(children, timeout=5)
    assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []
    assert out.startswith(b"dihentikan; ")
    assert not [p for p in (tmp_path / "r").iterdir() if p.name.startswith(".")]
    count = len(assert_whole(tmp_path))
    assert f"{count} selesai, 0 tidak berubah, {6 - count} gagal".encode() in out


def test_the_longest_of_last_time_begins_first_and_the_unknown_before_it(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = ''", "kode")
    seconds = {"pendek": 1.0, "panjang": 9.0, "sedang": 5.0}
    journal = Journal(tmp_path / "j")
    for name, took in seconds.items():
        journal.write("selesai", name, sidik="lain", manifest="", detik=took)
    order = []

    class Watching:
        def begin(self, jumlah: int) -> None: ...
        def started(self, nama: str, percobaan: int) -> None:
            order.append((nama, percobaan))

        def ended(self, *told: object) -> None: ...
        def end(self, ringkasan: str) -> None: ...

    jobs = [Job(n, path, {"kode": n}, Path(n), (as_text,)) for n in [*seconds, "baru"]]
    options = {**QUIET, "progress": Watching(), "workers": 1}
    assert run_batch(jobs, root=tmp_path / "r", journal=tmp_path / "j", **options).ok
    assert order == [("baru", 1), ("panjang", 1), ("sedang", 1), ("pendek", 1)]
