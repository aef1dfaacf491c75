"""Retention: only prepared tables of a known day go, and only when asked in earnest."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.pipeline import prepare_synthetic
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.records.prepared_write import write_prepared
from ipasn_lib.records.problems import problem_table
from ipasn_lib.records.purge import purge


def prepared(out: Path, *, cek: dict[str, pd.DataFrame] | None = None) -> Path:
    """Write the smallest folder of prepared tables: one make-believe person."""
    index = pd.Index(["p1"], name="id_pegawai")
    skor = pd.DataFrame(
        {
            "kode_kabkota": ["3510"],
            "unit_kerja": ["Dinas"],
            "sumber_data": ["sintetis, uji"],
            "id_instrumen": ["ip-asn-2019"],
        },
        index=index,
    )
    rincian = pd.DataFrame({"kinerja.nilai_kinerja": [25.0]}, index=index)
    write_prepared(
        out,
        tahun=2022,
        minimum=10,
        tables={
            "provinsi": pd.DataFrame({"indeks": [75.0]}),
            "kabkota": pd.DataFrame({"n_pegawai": pd.array([pd.NA], "Int64")}, index=["3510"]),
        },
        places={"3510": {"provinsi": pd.DataFrame({"indeks": [75.0]})}},
        skor={"3510": skor},
        rincian={"3510": rincian},
        problems=problem_table([], "", []),
        berkas=(),
        sidik="uji",
        cek=cek,
    )
    return out


def made_on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    moment = dt.datetime.fromisoformat(f"{day}T23:59:59+00:00")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))


def digest(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def actions(table: pd.DataFrame) -> dict[str, str]:
    return dict(zip(table["folder"], table["tindakan"], strict=True))


@pytest.fixture
def three(tmp_path, monkeypatch) -> Path:
    for name, day in (("a/2021", "2024-12-31"), ("a/2022", "2025-01-01"), ("b", "2025-06-30")):
        made_on(monkeypatch, day)
        prepared(tmp_path / name)
    return tmp_path


def test_the_note_holds_the_day(tmp_path, monkeypatch):
    made_on(monkeypatch, "2025-03-04")
    folder = prepared(tmp_path / "x")
    assert open_prepared(folder, 2022).dibuat == "2025-03-04"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "kemarin")
    with pytest.raises(ParameterError, match="SOURCE_DATE_EPOCH"):
        prepared(tmp_path / "y")
    assert not (tmp_path / "y").exists()
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    day = dt.date.fromisoformat(open_prepared(prepared(tmp_path / "z"), 2022).dibuat)
    assert abs((dt.datetime.now(dt.UTC).date() - day).days) <= 1  # midnight may pass in between


def test_two_runs_of_one_day_write_the_same_bytes(tmp_path, monkeypatch):
    made_on(monkeypatch, "2025-03-04")
    first, second = prepared(tmp_path / "one"), prepared(tmp_path / "two")
    assert digest(first) == digest(second)


def test_prepared_again_from_the_same_keeps_its_day(tmp_path, monkeypatch):
    made_on(monkeypatch, "2025-03-04")
    prepare_synthetic(tmp_path / "p", 2022, seed=1, scale=0.002)
    before = digest(tmp_path / "p")
    made_on(monkeypatch, "2025-09-09")
    again = prepare_synthetic(tmp_path / "p", 2022, seed=1, scale=0.002)
    assert again.dibuat == "2025-03-04"
    assert digest(tmp_path / "p") == before


def test_nothing_goes_unless_asked_in_earnest(three):
    before = digest(three)
    listed = purge(three, dt.date(2025, 6, 30))
    assert actions(listed) == {
        "a/2021": "akan dihapus",
        "a/2022": "akan dihapus",
        "b": "dipertahankan",
    }
    assert listed["n_berkas"].tolist() == [9, 9, 9]
    assert digest(three) == before


def test_what_was_made_before_the_day_goes(three):
    gone = purge(three, dt.date(2025, 1, 1), dry_run=False)
    # made on the day itself stays
    assert actions(gone) == {"a/2021": "dihapus", "a/2022": "dipertahankan", "b": "dipertahankan"}
    assert not (three / "a" / "2021").exists()
    assert (three / "a" / "2022" / "keterangan.json").is_file()
    assert (three / "b" / "tempat" / "3510" / "skor.parquet").is_file()


def test_a_folder_without_a_day_is_left_and_said(three):
    note = three / "b" / "keterangan.json"
    said = json.loads(note.read_text())
    del said["dibuat"]
    note.write_text(json.dumps(said))
    assert open_prepared(three / "b", 2022).dibuat == ""  # older folders still open
    done = purge(three, dt.date(2030, 1, 1), dry_run=False)
    assert actions(done)["b"] == "ditolak"
    assert "tanggal" in done.set_index("folder").loc["b", "alasan"]
    assert (three / "b").is_dir()


@pytest.mark.parametrize(
    "stray",
    [
        "catatan.txt",
        "tabel/catatan.txt",
        "tempat/catatan.txt",
        "tempat/3510/catatan.txt",
        "tempat/3510/x.parquet",
        "lain/x.parquet",
    ],
)
def test_a_folder_with_other_files_is_left_whole(three, stray):
    path = three / "b" / stray
    path.parent.mkdir(exist_ok=True)
    path.write_text("milik orang lain")
    before = digest(three / "b")
    assert actions(purge(three, dt.date(2030, 1, 1), dry_run=False))["b"] == "ditolak"
    assert digest(three / "b") == before


def test_links_are_neither_followed_nor_removed(three, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("lain")
    prepared(elsewhere / "2020")
    (three / "pintas").symlink_to(elsewhere)
    (three / "b" / "tabel" / "3511.parquet").symlink_to(elsewhere / "2020" / "masalah.parquet")
    done = actions(purge(three, dt.date(2030, 1, 1), dry_run=False))
    assert done == {"a/2021": "dihapus", "a/2022": "dihapus", "b": "ditolak"}
    assert (elsewhere / "2020" / "keterangan.json").is_file()


def test_other_notes_are_refused(three):
    for text in ("bukan json", "[]", '{"format": 99, "sidik": "x"}', '{"dibuat": "2000-01-01"}'):
        (three / "b" / "keterangan.json").write_text(text)
        assert actions(purge(three, dt.date(2030, 1, 1), dry_run=False))["b"] == "ditolak"
        assert (three / "b" / "tempat").is_dir()


def test_other_folders_are_refused(tmp_path):
    (tmp_path / "berkas.txt").write_text("x")
    with pytest.raises(ParameterError, match="no prepared tables"):
        purge(tmp_path, dt.date(2030, 1, 1), dry_run=False)
    with pytest.raises(ParameterError, match="not a folder"):
        purge(tmp_path / "tidak-ada", dt.date(2030, 1, 1))
    with pytest.raises(ParameterError, match="date"):
        purge(tmp_path, "2030-01-01")  # type: ignore[arg-type]
    assert (tmp_path / "berkas.txt").is_file()


def test_checks_and_histories_are_kept_apart(tmp_path):
    index = pd.Index(["p1"], name="id_pegawai")
    cek = pd.DataFrame(
        {
            "COM_1": pd.array([True], dtype="boolean"),
            "skp": pd.array([False], dtype="boolean"),
        },
        index=index,
    )
    with_checks = open_prepared(prepared(tmp_path / "ada", cek={"3510": cek}), 2022)
    assert list(with_checks.checks().columns) == ["kode_kabkota", "unit_kerja", "COM_1"]
    assert with_checks.histories("3510")["skp"].tolist() == [False]
    without = open_prepared(prepared(tmp_path / "tanpa"), 2022)
    assert list(without.checks("3510").columns) == ["kode_kabkota", "unit_kerja"]
    assert without.histories().shape == (1, 0)
    assert actions(purge(tmp_path, dt.date(2999, 1, 1), dry_run=False)) == {
        "ada": "dihapus",
        "tanpa": "dihapus",
    }
