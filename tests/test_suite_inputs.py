"""What a report depends on: what is hashed is all that it reads, and no more than it prints."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from test_notebooks import outputs_of

from ipasn_lib import suite_jobs
from ipasn_lib.analysis.compare import rank_places
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.pipeline import prepare
from ipasn_lib.records.prepared import Prepared, open_prepared
from ipasn_lib.records.synthetic import synthesize
from ipasn_lib.reports.batch import Job, run_batch
from ipasn_lib.reports.manifest import hash_file

ROOT = Path(__file__).resolve().parents[1]
WORDS = {"tahun": 2022, "target": 81.0, "bahasa": "id"}


def jobs_of(siap: Prepared, root: Path, codes: Sequence[str]) -> list[Job]:
    jobs = suite_jobs.province_jobs(siap, root, WORDS, whole=True)
    return jobs + suite_jobs.place_jobs(siap, root, codes, WORDS)


def test_every_report_reads_nothing_but_what_is_hashed(tmp_path, monkeypatch):
    """Each comes out the same from a folder in which nothing is left but what its key covers."""
    hashed, sample = [], open_prepared(None, 2022)
    keep = suite_jobs.hash_files
    monkeypatch.setattr(suite_jobs, "hash_files", lambda fs: (hashed.append(list(fs)), keep(fs))[1])
    planned = jobs_of(sample, tmp_path, ["3515"])
    assert [job.notebook.name[:2] for job in planned] == [
        "02",
        "00",
        "03",
        "06",
        "09",
        "01",
        "05",
        "04",
    ]
    monkeypatch.undo()
    whole, alone = [], []
    years = sample.folder.parent
    for job, files in zip(planned, hashed, strict=True):
        data = (job.notebook.parent / job.parameters["data"]).resolve()
        # named alike in both, since the folder's name is printed
        for kind, jobs in (("semua", whole), ("sendiri", alone)):
            home = tmp_path / kind / job.nama / "sample"
            for file in files if kind == "sendiri" else years.rglob("20*/**/*.*"):
                to = home / file.relative_to(years)
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, to)
            given = {**job.parameters, "data": str(home / data.relative_to(years))}
            out = tmp_path / "r" / kind / job.nama
            jobs.append(Job(f"{kind}-{job.nama}", job.notebook, given, out))
    result = run_batch(
        [*whole, *alone], root=tmp_path / "r", journal=tmp_path / "j", progress="diam", workers=2
    )
    assert result.ok, [(r.nama, r.kesalahan) for r in result.of("gagal")]
    for full, few in zip(whole, alone, strict=True):
        shown = [outputs_of(nbformat.read(job.out / "laporan.ipynb", 4)) for job in (full, few)]
        assert shown[0] == shown[1], full.nama
        assert shown[0], full.nama


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """The make-believe province at a fiftieth of its size, two years, as files and prepared."""
    folder = tmp_path_factory.mktemp("tahun")
    for tahun in (2021, 2022):
        law = load_instrument(tahun)
        people = synthesize(2017, scale=0.02, tahun=tahun, instrument=law)
        (folder / str(tahun)).mkdir()
        for kode, table in people.groupby("kode_kabkota"):
            table.reset_index().to_parquet(folder / str(tahun) / f"{kode}.parquet")
        prepare(folder / str(tahun), tahun, folder / "siap" / str(tahun))
    return folder


def keys_of(siap: Prepared, root: Path) -> dict[str, str]:
    codes = [k for k in siap.kode_kabkota if k not in siap.tersembunyi]
    return {job.nama: job.masukan for job in jobs_of(siap, root, codes)}


@contextmanager
def changed(path: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Iterator[None]:
    kept = path.read_bytes()
    change(pd.read_parquet(path)).to_parquet(path)
    try:
        yield
    finally:
        path.write_bytes(kept)


def without_seminar(table: pd.DataFrame) -> pd.DataFrame:
    """Take ten points from one person who is no pelaksana."""
    first = table.index[table["seminar"] & (table["kelompok_jabatan"] != "pelaksana")][0]
    table.loc[first, "seminar"] = False
    return table


def test_one_changed_row_concerns_its_place_the_province_and_whoever_prints_it(year, tmp_path):
    """Of 119 reports, those that show a number which the row has changed."""
    siap = open_prepared(year / "siap", 2022)
    before = keys_of(siap, tmp_path)
    assert len(before) == 5 + 3 * 38
    # 65.0648 less 10 / 6282 still prints 65,06, and 21.4494 still 21,45
    assert siap.table("provinsi")["indeks"].round(4).tolist() == [65.0648]
    assert siap.table("provinsi")["kompetensi"].round(4).tolist() == [21.4494]
    with changed(year / "2022" / "3510.parquet", without_seminar):
        now = prepare(year / "2022", 2022, tmp_path / "siap" / "2022")
    shutil.copytree(year / "siap" / "2021", tmp_path / "siap" / "2021")
    after = keys_of(now, tmp_path)
    again = {name for name in before if before[name] != after[name]}
    province = {n for n in before if not n[:4].isdigit() or n.startswith("35-")}
    own = {n for n in before if n.startswith("3510-")}
    assert (len(province), len(own)) == (5, 3)
    assert province | own <= again
    others = again - province - own
    # its row stands among the five of like size; its people are compared with the nearest's
    alike = {k for k in siap.kode_kabkota if "3510" in siap.place(k).table("sebanding").index}
    nearest = {k for k in siap.kode_kabkota if siap.place(k).terdekat == "3510"}
    reports = {n[:4] for n in others if not n.endswith(("-penyebab", "-rencana"))}
    # nor does a rank that has moved concern any but the two places that print it
    moved = siap.table("kabkota"), now.table("kabkota")
    ranks = [rank_places(table)["peringkat"] for table in moved]
    assert reports == alike | set(ranks[0].index[ranks[0] != ranks[1]]) - {"3510"}
    assert {n[:4] for n in others if n.endswith("-penyebab")} >= nearest
    assert {n[:4] for n in others if n.endswith("-rencana")} <= reports


def one_more(table: pd.DataFrame) -> pd.DataFrame:
    """Add somebody with the points of another."""
    return pd.concat([table, table.iloc[[0]].assign(id_pegawai="f" * 32)])


def test_a_new_person_elsewhere_changes_what_is_printed_and_nothing_else(year, tmp_path):
    part = open_prepared(year / "siap", 2022).place("3579").folder
    with changed(year / "2022" / "3578.parquet", one_more):
        now = prepare(year / "2022", 2022, tmp_path / "siap").place("3579").folder
    files = {p.relative_to(part) for p in part.rglob("*") if p.is_file()}
    differ = {str(p) for p in files if hash_file(part / p) != hash_file(now / p)}
    assert differ <= {"tabel/provinsi.parquet"}  # where its means print otherwise
    shown = [pd.read_parquet(p / "tabel" / "provinsi.parquet") for p in (part, now)]
    assert bool(differ) is not shown[0].equals(shown[1])
