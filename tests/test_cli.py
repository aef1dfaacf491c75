"""The command line as a user types it: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import CLEAN, people

import ipasn_lib.cli.app as commands
from ipasn_lib import cli
from ipasn_lib.cli.check import check
from ipasn_lib.cli.files import score
from ipasn_lib.errors import ParameterError

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "data" / "sample" / "masukan"


def ipasn(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ipasn_lib", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=300,
        check=False,
    )


@pytest.fixture
def files(tmp_path) -> Path:
    """Two make-believe places, one of them with a refused row."""
    data = tmp_path / "berkas"
    data.mkdir()
    for kode, start, extra in (("3510", 0, []), ("3578", 500, [{"nilai_kinerja": 101.0}])):
        table = people(*[{}] * 40, *extra, base={**CLEAN, "kode_kabkota": kode})
        table.index = pd.Index([f"{start + i:032x}" for i in range(len(table))], name="id_pegawai")
        table.reset_index().to_parquet(data / f"{kode}.parquet")
    return data


def test_help_names_every_command():
    done = ipasn("--help")
    assert done.returncode == 0
    for command in ("check", "score", "prepare", "report", "synthesize", "instruments"):
        assert command in done.stdout


def test_instruments_and_their_readings_are_listed():
    assert "ip-asn-2023" in ipasn("instruments").stdout
    one = ipasn("instruments", "--tahun", 2022).stdout
    assert "* tepi_bawah" in one
    assert "  tepi_atas" in one


def test_check_lists_problems_and_ends_with_1():
    done = ipasn("check", EXAMPLES, "--tahun", 2024)
    assert done.returncode == 1
    assert (
        "3510-contoh-pip-asn.xlsx: PIP ASN BKN; rows 323, accepted 322, rejected 1" in done.stdout
    )
    assert "kualifikasi: di_luar_rentang x1 rows 12" in done.stdout


def test_reconcile_finds_the_cell_of_kota_bima_that_lost_its_decimals():
    # printed kompetensi 26: 78.41 - 21.19 - 25.75 - 5 = 26.47
    done = ipasn("reconcile", ROOT / "data" / "published" / "ipasn_published.csv", "--tahun", 2023)
    assert done.returncode == 0, done.stderr
    assert "26,468–26,479" in done.stdout
    assert "26,47" in done.stdout


def test_score_writes_one_file_of_persons_without_names(files, tmp_path):
    out = tmp_path / "hasil" / "skor.parquet"
    done = ipasn("score", files, "--tahun", 2022, "--per-pegawai", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "personal data" in done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    skor = pd.read_parquet(out)
    assert skor["status_ukur"].value_counts().to_dict() == {
        "terukur": 80,
        "ditolak": 1,
        **dict.fromkeys(("tidak_terukur", "bukan_subjek"), 0),
    }
    assert [p.name for p in out.parent.iterdir()] == ["skor.parquet"]


def test_a_list_of_persons_must_be_asked_for_and_spoils_no_other_file(files, tmp_path):
    with pytest.raises(ParameterError, match="say --per-pegawai"):
        score([files], 2022, tmp_path / "skor.parquet")

    def refused(out: Path, why: str) -> None:
        with pytest.raises(ParameterError, match=why):
            score([files], 2022, out, per_pegawai=True)

    refused(files / "3510.parquet", "among the files to read")
    other = tmp_path / "lain.parquet"
    before = (files / "3510.parquet").read_bytes()
    other.write_bytes(before)  # people of another time, not scores
    refused(other, "holds no scores")
    assert other.read_bytes() == before
    refused(tmp_path / "catatan.txt", r"name a \.parquet file")
    reports = tmp_path / "laporan" / "2022"
    (reports / "3510").mkdir(parents=True)
    (reports / "jurnal.jsonl").touch()
    refused(reports / "3510" / "skor.parquet", "published")


@pytest.mark.parametrize("command", [check, score])
def test_an_empty_folder_does_not_look_well(tmp_path, command):
    (tmp_path / "kosong").mkdir()
    options = {"out": tmp_path / "s.parquet", "per_pegawai": True} if command is score else {}
    with pytest.raises(ParameterError, match="nothing to read"):
        command([tmp_path / "kosong"], 2022, **options)


def test_what_the_system_refuses_is_said_in_one_line(monkeypatch, capsys):
    def refusing() -> None:
        Path("/dev/null/2022").mkdir()

    monkeypatch.setattr(commands, "app", refusing)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "ipasn: /dev/null/2022: Not a directory\n"


def test_a_fault_of_the_program_prints_no_value(monkeypatch, capsys):
    def faulty() -> None:
        raise ValueError("could not convert string to float: 'Siti Sentinel'")

    monkeypatch.setattr(commands, "app", faulty)
    monkeypatch.delenv(cli.TRACE, raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    said = capsys.readouterr().err
    assert "in faulty" in said
    assert "ValueError" in said
    assert "Sentinel" not in said
    monkeypatch.setenv(cli.TRACE, "1")
    with pytest.raises(ValueError, match="Sentinel"):
        cli.main()


def test_unknown_readings_and_years_end_with_2_and_one_message(files, tmp_path):
    out = tmp_path / "skor.parquet"
    wrong = ipasn(
        *("score", files, "--tahun", 2022, "--per-pegawai", "--out", out, "--tafsir", "batas=x")
    )
    assert wrong.returncode == 2
    assert "no reading 'batas'; known: batas_kategori" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    assert ipasn("score", files, "--tahun", 1999, "--out", out).returncode == 2
    assert not out.exists()


def test_report_from_files_to_pages(files, tmp_path):
    done = ipasn("report", "--data", files, "--out", "laporan", cwd=tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout
    root = tmp_path / "laporan" / "2022"
    for place in ("3510-kab-banyuwangi", "3578-kota-surabaya", "35-provinsi-jawa-timur"):
        names = {p.name for p in (root / place).iterdir()}
        kinds = {f"laporan.{kind}" for kind in ("html", "ipynb", "pdf", "xlsx")}
        assert names == {*kinds, "manifest.json"}
        page = (root / place / "laporan.html").read_text(encoding="utf-8")
        assert "DATA SINTETIS" in page
    assert "1 baris ditolak" in (root / "3578-kota-surabaya" / "laporan.html").read_text("utf-8")
    index = (root / "index.html").read_text(encoding="utf-8")
    assert "3510-kab-banyuwangi/laporan.html" in index
    assert "DATA SINTETIS" in index
    verified = ipasn("verify", root).stdout
    assert "5 of 5 reports are as they were made" in verified
    assert re.search(r"^set 2022: [0-9a-f]{64}$", verified, re.MULTILINE)
    again = ipasn("report", "--data", files, "--out", "laporan", "--progress", "json", cwd=tmp_path)
    told = [json.loads(line) for line in again.stderr.splitlines() if line.startswith("{")]
    assert [line.get("status") for line in told[1:-1]] == ["tidak berubah"] * 5
    assert "0 selesai, 5 tidak berubah, 0 gagal" in str(told[-1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scheduler", "http://a:1"], "expected tcp://host:port or tls://host:port"),
        (["--progress", "meriah"], "known: otomatis, bilah, baris, json, diam"),
    ],
)
def test_report_refuses_what_it_does_not_know_before_anything_runs(files, tmp_path, words, said):
    done = ipasn("report", "--data", files, "--out", tmp_path / "l", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert not list(tmp_path.glob("l/*/*/*"))


def test_report_of_a_refused_file_ends_with_1_and_names_it(files, tmp_path):
    (files / "3501.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    out = tmp_path / "l"
    done = ipasn("report", "--data", files, "--kabkota", 3510, "--out", out, cwd=tmp_path)
    assert done.returncode == 1
    assert "refused 3501.csv" in done.stderr
    assert "3 selesai, 0 tidak berubah, 0 gagal" in done.stderr
    assert "3501.csv" in (out / "2022" / "index.html").read_text("utf-8")


def test_report_of_an_unknown_place_is_refused_before_anything_runs(files, tmp_path):
    out = tmp_path / "l"
    done = ipasn("report", "--data", files, "--kabkota", "Kediri", "--out", out, cwd=tmp_path)
    assert done.returncode == 2
    assert "'Kab. Kediri' (3506) or 'Kota Kediri' (3571)" in done.stderr
    assert not list(tmp_path.glob("l/*/*"))


def test_synthesize_writes_files_that_read_back(tmp_path):
    out = tmp_path / "sintetis"
    done = ipasn("synthesize", "--out", out, "--seed", 5, "--scale", 0.01, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert len(list(out.glob("*.csv"))) == 38
    assert ipasn("synthesize", "--out", out, "--seed", 5, "--scale", 0.01).returncode == 2
    checked = ipasn("check", out / "3571-kota-kediri.csv", "--tahun", 2022)
    assert "rejected 0" in checked.stdout, checked.stdout


def test_prepared_tables_are_not_open_to_other_users(files, tmp_path):
    assert (
        ipasn("prepare", "--data", files, "--tahun", 2022, "--out", tmp_path / "s").returncode == 0
    )
    for path in (tmp_path / "s").rglob("*"):
        assert not path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP), path


def test_verify_names_a_report_that_was_changed(files, tmp_path):
    out = tmp_path / "l"
    ipasn("report", "--data", files, "--kabkota", 3510, "--out", out, cwd=tmp_path)
    page = out / "2022" / "3510-kab-banyuwangi" / "laporan.html"
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    done = ipasn("verify", out)
    assert done.returncode == 1
    assert "3510-kab-banyuwangi: " in done.stdout
    assert "2 of 3 reports" in done.stdout
    assert ipasn("verify", tmp_path / "berkas").returncode == 2


def test_scan_names_the_file_and_ends_with_1(tmp_path):
    (tmp_path / "bersih.html").write_text("<p>0,25", encoding="utf-8")
    assert ipasn("scan", tmp_path).returncode == 0
    number = "1987" + "0231" + "201002" + "1007"  # born on 31 February: nobody
    (tmp_path / "bocor.html").write_text(f"<p>{number}", encoding="utf-8")
    done = ipasn("scan", tmp_path)
    assert done.returncode == 1
    assert "bocor.html: baris 1 (bita 3): NIP" in done.stdout
    assert number not in done.stdout + done.stderr


def test_exports_are_made_checked_scored_and_explained(tmp_path):
    out = tmp_path / "siasn"
    words = ("--seed", 7, "--scale", 0.02, "--format", "csv", "--kabkota", 3571)
    assert ipasn("synthesize", "--as", "siasn", "--out", out, *words).returncode == 0
    checked = ipasn("check", out, "--tahun", 2022, "--out", tmp_path / "mutu")
    assert checked.returncode == 0, checked.stdout
    assert "Mutu data menurut aspek, Kota Kediri" in checked.stdout
    assert "Poin yang hilang menurut ada tidaknya catatan, Kota Kediri" in checked.stdout
    made = tmp_path / "mutu" / "2022" / "3571-kota-kediri"
    page = (made / "laporan.html").read_text("utf-8")
    assert "DATA SINTETIS" in page
    assert "3571-kota-kediri/nominatif.csv" in page  # the problems of its own files
    assert (made / "laporan.xlsx").is_file()
    wrong = ipasn("check", out, "--tahun", 2022, "--unit", "dinas", "--out", tmp_path / "m")
    assert (wrong.returncode, (tmp_path / "m").exists()) == (2, False)
    assert "known: unor, unor_induk" in wrong.stderr
    assert "3571-kota-kediri: ekspor SIASN; rows 72, accepted 72, rejected 0" in checked.stdout
    parquet = tmp_path / "skor.parquet"
    assert ipasn("score", out, "--tahun", 2022, "--per-pegawai", "--out", parquet).returncode == 0
    skor = pd.read_parquet(parquet)
    person = skor.loc[skor["status_ukur"] == "terukur"].iloc[0]
    told = ipasn("explain", out / "3571-kota-kediri", person.name, "--tahun", 2022)
    assert told.returncode == 0, told.stderr
    points = re.findall(r"^\w+ / (\w+): .* -> ([\d.]+) points$", told.stdout, re.MULTILINE)
    assert sum(float(p) for p in dict(points).values()) == person["indeks"]
    wrong = ipasn("synthesize", "--as", "sap", "--out", tmp_path / "x", "--seed", 1)
    assert wrong.returncode == 2
    assert "known are kanonik, siasn" in wrong.stderr


def test_purge_lists_first_and_removes_when_told(files, tmp_path):
    out = tmp_path / "siap" / "2022"
    assert ipasn("prepare", "--data", files, "--tahun", 2022, "--out", out).returncode == 0
    listed = ipasn("purge", tmp_path / "siap", "--before", "2999-01-01")
    assert "1 folders of prepared tables" in listed.stdout, listed.stderr
    assert out.is_dir()
    ipasn("purge", tmp_path / "siap", "--before", "2999-01-01", "--hapus")
    assert not out.exists()
