"""The journal, the manifest, the folders and the progress lines, each by itself."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest

from ipasn_lib.errors import BatchError, DataError, ParameterError
from ipasn_lib.reports import manifest
from ipasn_lib.reports.folders import check_place, publish, recover, temporary
from ipasn_lib.reports.journal import Done, Journal, safe_error
from ipasn_lib.reports.progress import make_progress


def test_last_done_wins_and_a_failure_does_not_undo_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "sub" / "j")
    assert journal.last_done() == {}
    journal.write("mulai", "a", sidik="1")
    journal.write("selesai", "a", sidik="1", manifest="m1", detik=2.5)
    journal.write("selesai", "a", sidik="2", manifest="m2", detik=3.5)
    journal.write("gagal", "a", sidik="3", kesalahan="KeyError")
    assert Journal(tmp_path / "sub" / "j").last_done() == {"a": Done("2", "m2", 3.5)}


def test_torn_last_line_is_skipped_and_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    journal.write("selesai", "a", sidik="1", manifest="m", detik=1)
    journal.write("selesai", "b", sidik="1", manifest="m", detik=1)
    path.write_bytes(path.read_bytes()[:-20])
    assert set(journal.last_done()) == {"a"}
    assert journal.torn == 1
    journal.write("selesai", "c", sidik="1", manifest="m", detik=1)
    assert set(journal.last_done()) == {"a", "c"}
    assert journal.torn == 1


def test_lines_that_are_not_events_count_as_torn(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(
        b'\xff\xfe\n[1]\n{"peristiwa": "lain", "nama": "a"}\n{"peristiwa": "selesai"}\n'
    )
    journal = Journal(path)
    assert journal.read() == []
    assert journal.torn == 4


def test_foreign_messages_are_not_repeated() -> None:
    assert safe_error(KeyError("198777052010011001")) == "KeyError"
    assert safe_error(DataError("kolom nilai: 3 rows")) == "DataError: kolom nilai: 3 rows"


def make(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.txt").write_text(content)
    described = manifest.build(
        folder, {"nama": folder.name}, "sidik", {"detik": 1.0}, {"commit": None}
    )
    (folder / manifest.MANIFEST).write_text(json.dumps(described))
    return folder


def test_manifest_lists_sha256_of_every_file_and_hashes_no_times(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", satu="isi", dua="")
    described = manifest.read(folder)
    expected = hashlib.sha256(b"isi").hexdigest()
    assert described["isi"]["berkas"]["satu.txt"] == {"sha256": expected, "ukuran": 3}
    later = manifest.build(folder, {"nama": "a"}, "sidik", {"detik": 99.0}, {"commit": "lain"})
    assert later["sha256"] == described["sha256"]


def test_verify_names_each_kind_of_damage(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", berubah="satu", hilang="dua", sama="tiga")
    assert manifest.verify(folder) == []
    (folder / "berubah.txt").write_text("SATU")
    (folder / "hilang.txt").unlink()
    (folder / "tambahan.txt").write_text("x")
    assert manifest.verify(folder) == [
        "hilang.txt: missing",
        "tambahan.txt: not listed",
        "berubah.txt: changed since it was published",
    ]
    # the quick look compares sizes only: it cannot see a change of the same length
    assert len(manifest.verify(folder, quick=True)) == 2
    described = manifest.read(folder)
    described["isi"]["nama"] = "b"
    (folder / manifest.MANIFEST).write_text(json.dumps(described))
    assert "does not match its own sha256" in manifest.verify(folder)[0]
    (folder / manifest.MANIFEST).unlink()
    assert manifest.verify(folder) == ["a: no manifest.json"]


def test_library_hash_sees_sources_and_ignores_compiled_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "paket_uji"
    package.mkdir()
    (package / "__init__.py").write_text("a = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    before = manifest.library_hash(("paket_uji",))
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "x.pyc").write_bytes(b"1")
    assert manifest.library_hash(("paket_uji",)) == before
    (package / "data.toml").write_text("a = 1\n")
    assert manifest.library_hash(("paket_uji",)) != before
    with pytest.raises(BatchError, match="'tidak_ada_paket' cannot be found"):
        manifest.library_hash(("tidak_ada_paket",))


def test_fingerprint_depends_on_values_not_on_their_order() -> None:
    one = manifest.fingerprint({"a": 1, "b": {"c": 2, "d": 3}})
    assert one == manifest.fingerprint({"b": {"d": 3, "c": 2}, "a": 1})
    assert one != manifest.fingerprint({"a": 1, "b": {"c": 2, "d": 4}})


def test_new_folder_takes_the_place_of_the_old(tmp_path: Path) -> None:
    out = make(tmp_path / "a", lama="x")
    fresh = make(temporary(out), baru="y")
    publish(fresh, out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a"]
    assert sorted(p.name for p in out.iterdir()) == ["baru.txt", "manifest.json"]


def test_recovery_after_a_kill_at_each_point(tmp_path: Path) -> None:
    (tmp_path / ".a.tmp-0123abcd").mkdir()  # while writing
    (tmp_path / ".b.lama-0123abcd").mkdir()  # between the two renames
    (tmp_path / ".c.lama-0123abcd").mkdir()  # before the old one was removed
    (tmp_path / "c").mkdir()
    (tmp_path / ".lain.tmp-xyz").mkdir()  # not ours
    assert recover({tmp_path, tmp_path / "tidak-ada"}) == 3
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lain.tmp-xyz", "b", "c"]


def test_link_is_no_place_for_a_report(tmp_path: Path) -> None:
    (tmp_path / "luar").mkdir()
    root = tmp_path / "r"
    root.mkdir()
    (root / "a").symlink_to(tmp_path / "luar")
    with pytest.raises(ParameterError, match="is a link"):
        check_place(root, Path("a"))
    with pytest.raises(ParameterError, match="outside"):
        check_place(root, Path("a/b"))
    assert check_place(root, root / "b") == (root / "b").resolve()


@pytest.mark.parametrize("kind", ["bilah", "baris", "json"])
def test_progress_tells_failure_and_time_left(kind: str) -> None:
    out = io.StringIO()
    display = make_progress(kind, out)
    display.begin(2)
    display.started("a", 2)
    display.ended("a", "gagal", 1.25, "KeyError", 65.0)
    display.ended("b", "selesai", 2.0, "", None)
    display.end("1 selesai, 1 gagal")
    text = out.getvalue()
    for words in ("a", "gagal", "KeyError", "1 selesai, 1 gagal"):
        assert words in text
    if kind == "json":
        assert json.loads(text.splitlines()[2])["sisa_detik"] == 65.0
    if kind == "baris":
        assert "[1/2] a: gagal, 1,2 dtk (KeyError); sisa ±1 mnt 5 dtk" in text


def test_progress_is_lines_where_there_is_no_terminal_and_can_be_silent() -> None:
    out = io.StringIO()
    make_progress("otomatis", out).begin(3)
    assert out.getvalue() == "3 laporan\n"
    silent = io.StringIO()
    make_progress("diam", silent).begin(3)
    assert silent.getvalue() == ""
    with pytest.raises(ParameterError, match="known: otomatis, bilah"):
        make_progress("bar")
