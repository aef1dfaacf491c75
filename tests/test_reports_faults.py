"""What the night brings: crashes, full disks, kills at any moment. Nothing lost, nothing half."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from assurance import Assurance
from test_reports_batch import QUIET, as_text, assert_whole, published, write_notebook

from ipasn_lib.errors import BatchError
from ipasn_lib.reports import manifest
from ipasn_lib.reports.batch import BatchResult, Job, run_batch
from ipasn_lib.reports.journal import Journal

POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX signals")


def run(root: Path, sources: dict[str, str], **options: object) -> BatchResult:
    jobs = []
    # the notebooks lie on a disk of their own
    notebooks = next(p for p in root.parents if p.name.startswith("test_")) / "buku"
    notebooks.mkdir(exist_ok=True)
    for name, source in sources.items():
        path = write_notebook(notebooks / f"{name}.ipynb", "kode: str = '3500'", source)
        jobs.append(Job(name, path, {"kode": "3510"}, Path(name), (as_text,)))
    return run_batch(jobs, root=root, journal=root / "jurnal.jsonl", **{**QUIET, **options})


def said(result: BatchResult) -> dict[str, str]:
    return {r.nama: r.kesalahan or r.status for r in result.hasil}


# name -> (last cell, words expected in the error)
FAULTS = {
    "segv": ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
    "cetak-tanpa-akhir": ("while True:\n    print('x' * 10_000)", "OutputLimitError"),
    "tulis-tanpa-akhir": (
        "import os\nfor _ in range(40):\n    os.write(1, b'x' * (1 << 20))",
        "OutputLimitError",
    ),
    "cetak-ditelan": (
        "while True:\n    try:\n        print('x' * 10_000)\n    except Exception:\n        pass",
        "OutputLimitError",
    ),
    "berkas-tanpa-akhir": (
        "import tempfile\nwith tempfile.TemporaryFile() as f:\n    f.truncate(2 << 30)",
        "cell 3: OSError",
    ),
    "baik": ("kode", "selesai"),
}


@POSIX
def test_crashes_and_endless_output_end_one_job_and_no_other(tmp_path: Path) -> None:
    sources = {name: source for name, (source, _) in FAULTS.items()}
    result = run(tmp_path / "r", sources, workers=2, timeout_cell=60.0, retries=0)
    got = said(result)
    assert {n: words in got[n] for n, (_, words) in FAULTS.items()} == dict.fromkeys(FAULTS, True)
    assert {p.name for p in (tmp_path / "r").iterdir() if p.is_dir()} == {"baik", "gagal"}
    assert manifest.verify(tmp_path / "r" / "baik") == []


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kB, made read-only by remounting; only root can."""
    place = tmp_path / "kecil"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)], capture_output=True
    )
    if made.returncode:
        pytest.skip("no right to mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@POSIX
def test_a_full_disk_fails_what_does_not_fit_and_a_larger_one_mends_it(tiny: Path) -> None:
    root = tiny / "r"
    large = "'x' * 150_000"
    result = run(root, {"kecil": "kode", "besar": large}, workers=1, retries=0)
    got = said(result)
    assert got["kecil"] == "selesai"
    assert "OSError" in got["besar"]
    assert not (root / "besar").exists()
    subprocess.run(["mount", "-o", "remount,size=20m", str(tiny)], check=True)
    again = run(root, {"kecil": "kode", "besar": large}, workers=1)
    assert said(again) == {"kecil": "tidak berubah", "besar": "selesai"}


@POSIX
def test_a_disk_too_full_for_the_journal_calls_nothing_done(tiny: Path) -> None:
    root = tiny / "r"
    root.mkdir()
    filler = tiny / "isi"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    result = run(root, {"a": "kode", "b": "kode"}, workers=1, retries=0)
    assert [r.status for r in result.hasil] == ["gagal", "gagal"]
    assert Journal(root / "jurnal.jsonl").last_done() == {}
    filler.unlink()
    assert set(said(run(root, {"a": "kode", "b": "kode"})).values()) == {"selesai"}


@POSIX
def test_a_folder_that_cannot_be_written_is_said_before_anything_runs(tiny: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(tiny)], check=True)
    with pytest.raises(BatchError, match="'kecil' cannot be written"):
        run(tiny, {"a": "kode"})


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "r"
    run(root, {"a": "kode", "b": "kode"})
    journal = root / "jurnal.jsonl"
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    for number, event in enumerate(events):  # the clock ran backwards, from 2099
        event["waktu"] = f"{2099 - number}-01-01T00:00:00.000+00:00"
    journal.write_text("".join(json.dumps(e) + "\n" for e in events))
    for path in root.rglob("*"):
        os.utime(path, (0, 0))
    assert set(said(run(root, {"a": "kode", "b": "kode"})).values()) == {"tidak berubah"}
    assert said(run(root, {"a": "kode, 1", "b": "kode"})) == {
        "a": "selesai",
        "b": "tidak berubah",
    }


RUNNER = """
import sys
from pathlib import Path
from ipasn_lib.reports.batch import Job, run_batch
here = Path(sys.argv[1])
jobs = [
    Job(n, here / "n.ipynb", {"kode": n}, Path("r") / n, ("test_reports_batch:as_text",))
    for n in "abcdefgh"
]
run_batch(jobs, root=here, journal=here / "j", workers=2, progress="diam", library=())
"""


def runner(folder: Path) -> subprocess.Popen:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(folder)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def contents(folder: Path) -> dict[str, dict[str, bytes]]:
    return {p.name: published(p) for p in (folder / "r").iterdir() if not p.name.startswith(".")}


def kill_at_random(tmp_path: Path, moments: int) -> None:
    """Kill a run at random moments of its work, resume, and compare with a run left alone."""
    whole = tmp_path / "utuh"
    whole.mkdir()
    source = "import time; time.sleep(0.05)\nkode * 1000"
    write_notebook(whole / "n.ipynb", "kode: str = ''", source)
    assert runner(whole).wait(120) == 0
    expected = contents(whole)
    assert set(expected) == set("abcdefgh")
    chance = random.Random(2017)
    for moment in range(moments):
        folder = tmp_path / f"m{moment}"
        folder.mkdir()
        write_notebook(folder / "n.ipynb", "kode: str = ''", source)
        running = runner(folder)
        # wait for a random event of the journal, then for a random part of a report's time
        after = chance.randrange(0, 14)
        deadline = time.monotonic() + 60
        while running.poll() is None and len(Journal(folder / "j").read()) < after:
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(chance.uniform(0.0, 0.15))
        below = (
            psutil.Process(running.pid).children(recursive=True) if running.poll() is None else []
        )
        running.send_signal(chance.choice([signal.SIGTERM, signal.SIGKILL]))
        running.wait(60)
        _, alive = psutil.wait_procs(below, timeout=10)
        assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []
        if (folder / "r").is_dir():
            assert_whole(folder)
        done = Journal(folder / "j").last_done()
        made = {name: (folder / "r" / name).stat().st_ino for name in done}
        assert runner(folder).wait(120) == 0
        assert contents(folder) == expected
        assert {name: (folder / "r" / name).stat().st_ino for name in done} == made
        assert not [p for p in (folder / "r").iterdir() if p.name.startswith(".")]


@POSIX
def test_killed_at_random_moments_it_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    kill_at_random(tmp_path, 3)


@POSIX
@pytest.mark.assure
def test_killed_at_fifty_random_moments_it_resumes_to_the_same_bytes(
    tmp_path: Path, assurance: Assurance
) -> None:
    kill_at_random(tmp_path, 50)
    assurance.record(
        promise="Nothing is lost in the night",
        tried="the runner killed (SIGTERM or SIGKILL) at a random moment, then run again",
        count=50,
        outcome="the bytes of a clean run each time; no half-written report",
    )


def many(tmp_path: Path, count: int, rounds: int) -> None:
    """Start many warm workers in parallel, several runs one after the other; nothing is left."""
    path = write_notebook(tmp_path / "n.ipynb", "kode: str = ''", "kode")
    me = psutil.Process()
    # a tracker of spawned processes may be there from an earlier test
    children = {child.pid for child in me.children(recursive=True)}
    before = (me.num_fds(), len(me.net_connections("all")), me.num_threads())
    for number in range(rounds):
        root = tmp_path / str(number)
        jobs = [
            Job(f"a{k}", path, {"kode": str(k)}, Path(f"a{k}"), (as_text,)) for k in range(count)
        ]
        result = run_batch(jobs, root=root, journal=root / "j", workers=8, retries=0, **QUIET)
        assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
        texts = [(root / f"a{k}" / "laporan.txt").read_text() for k in range(count)]
        assert texts == [f"'{k}'" for k in range(count)]
    assert {child.pid for child in me.children(recursive=True)} == children
    assert (me.num_fds(), len(me.net_connections("all")), me.num_threads()) == before


@POSIX
def test_parallel_starts_lose_none_and_leave_nothing_behind(tmp_path: Path) -> None:
    many(tmp_path, 16, 2)


@POSIX
@pytest.mark.assure
def test_two_hundred_at_once_lose_none(tmp_path: Path, assurance: Assurance) -> None:
    """All 200 are alive together: each waits until it sees the mark of every other."""
    meeting = tmp_path / "temu"
    meeting.mkdir()
    path = write_notebook(
        tmp_path / "n.ipynb",
        "kode: str = ''\ntemu: str = ''",
        "import time\nfrom pathlib import Path\n(Path(temu) / kode).touch()\n"
        "while len(list(Path(temu).iterdir())) < 200:\n    time.sleep(0.2)",
        "kode",
    )
    names = [f"a{k}" for k in range(200)]
    given = {"temu": str(meeting)}
    jobs = [Job(n, path, {"kode": n, **given}, Path(n), (as_text,)) for n in names]
    root = tmp_path / "r"
    result = run_batch(jobs, root=root, journal=root / "j", workers=200, retries=0, **QUIET)
    assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
    assert [(root / n / "laporan.txt").read_text() for n in names] == [f"'{n}'" for n in names]
    assurance.record(
        promise="Nothing is lost in the night",
        tried="warm workers alive at the same moment, none ending before all have started",
        count=200,
        outcome="none lost",
    )


@POSIX
@pytest.mark.assure
def test_a_thousand_jobs_lose_none_and_leave_nothing_behind(
    tmp_path: Path, assurance: Assurance
) -> None:
    many(tmp_path, 200, 5)
    assurance.record(
        promise="Nothing is lost in the night",
        tried="jobs in warm workers, 200 in a batch, eight at a time",
        count=1000,
        outcome="none lost; no process, socket, thread or file descriptor left behind",
    )
