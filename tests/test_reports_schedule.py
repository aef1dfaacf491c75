"""Schedules and notices: what the system's schedulers are told, and what a reader is told."""

from __future__ import annotations

import configparser
import json
import shlex
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from email import message_from_string, policy
from pathlib import Path

import pytest

from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.reports import notice
from ipasn_lib.reports.jobs import BatchResult, JobResult
from ipasn_lib.reports.schedule import Schedule, install_units, write_units

ODD = "dua kata 100% $HOME \\ \"kutip\" 'x'"


def planned(**changes: object) -> Schedule:
    given = {
        "nama": "ipasn-uji",
        "keterangan": "Laporan 100% uji",
        "command": [sys.executable, "-c", "import sys; print(sys.argv[1:])", ODD],
        "folder": Path("/"),
        "at": "02:30",
        "every": "monthly",
    }
    return Schedule(**{**given, **changes})  # type: ignore[arg-type]


def parsed(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


@pytest.mark.parametrize(
    ("every", "systemd", "cron"),
    [
        ("daily", "*-*-* 02:30:00", "30 2 * * *"),
        ("weekly", "Mon *-*-* 02:30:00", "30 2 * * 1"),
        ("monthly", "*-*-01 02:30:00", "30 2 1 * *"),
    ],
)
def test_when_it_runs(every: str, systemd: str, cron: str) -> None:
    timer = parsed(planned(every=every).timer())
    assert timer["Timer"]["OnCalendar"] == systemd
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["Unit"] == "ipasn-uji.service"
    assert planned(every=every).cron().startswith(f"{cron} cd / && ")


def test_a_missed_month_comes_after_the_first_in_systemds_own_words() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    when = parsed(planned().timer())["Timer"]["OnCalendar"]
    done = subprocess.run(
        ["systemd-analyze", "calendar", "--base-time=2026-01-15 00:00:00", when],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "2026-02-01 02:30:00" in done.stdout


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    paths = write_units(planned(), tmp_path / "jadwal")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", *map(str, paths)],
        capture_output=True,
        text=True,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert "ipasn-uji" not in done.stderr, done.stderr


def test_words_reach_the_command_as_they_are() -> None:
    # cron: a bare percent sign would end the command; sh then reads what shlex quoted
    line = planned().cron().split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repr([ODD])
    # systemd: specifiers and variables doubled, quotes and backslashes escaped as in C
    words = parsed(planned().service())["Service"]["ExecStart"]
    assert shlex.split(words.replace("%%", "%").replace("$$", "$"))[3] == ODD


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"at": "25:00"}, "expected HH:MM"),
        ({"at": "2:00"}, "expected HH:MM"),
        ({"every": "yearly"}, "known: daily, weekly, monthly"),
        ({"nama": "../x"}, "small letters"),
        ({"command": ["a", "b\nExecStart=c"]}, "control character"),
        ({"folder": Path("/a\nb")}, "control character"),
    ],
)
def test_what_a_scheduler_would_misread_is_refused(changes: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        planned(**changes)


def test_installing_writes_the_units_and_starts_the_timer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = tmp_path / "bin" / "systemctl"
    control.parent.mkdir()
    control.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/dipanggil\n')
    control.chmod(0o755)
    monkeypatch.setenv("PATH", str(control.parent))
    timer = install_units(planned(), tmp_path / "config")
    assert timer == tmp_path / "config" / "systemd" / "user" / "ipasn-uji.timer"
    assert (tmp_path / "dipanggil").read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now ipasn-uji.timer",
    ]
    control.write_text("#!/bin/sh\necho no bus >&2; exit 1\n")
    with pytest.raises(BatchError, match="daemon-reload failed: no bus"):
        install_units(planned(), tmp_path / "config")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BatchError, match="no systemctl here; use --cron"):
        install_units(planned(), tmp_path / "config")


def test_the_command_prints_a_line_for_cron(tmp_path: Path) -> None:
    words = ["schedule", "--data", str(tmp_path), "--tahun", "2022", "--cron", "--at", "03:05"]
    done = subprocess.run(
        [sys.executable, "-m", "ipasn_lib", *words, "--surat", "a@contoh.go.id"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout.startswith("5 3 1 * * cd ")
    assert f"report --data {tmp_path} --tahun 2022" in done.stdout
    assert done.stdout.rstrip().endswith("--surat a@contoh.go.id")
    assert list(tmp_path.iterdir()) == []


RESULT = BatchResult(
    (
        JobResult("3501-kab-pacitan", "selesai", Path("a")),
        JobResult("3502-kab-ponorogo", "tidak berubah", Path("b")),
        JobResult("3510-kab-banyuwangi", "gagal", Path("c"), "cell 3: KeyError"),
    ),
    12.34,
)


def facts() -> dict:
    refused = [("3503.csv", "not a known kind of file")]
    return notice.summary(RESULT, tahun=2022, ditolak=refused, sintetis=True)


def test_the_summary_says_how_many_and_which(tmp_path: Path) -> None:
    said = json.loads(notice.write_summary(facts(), tmp_path).read_text(encoding="utf-8"))
    assert said["jumlah"] == {
        "selesai": 1,
        "tidak berubah": 1,
        "tersembunyi": 0,
        "gagal": 1,
        "berkas ditolak": 1,
    }
    assert said["gagal"] == [{"nama": "3510-kab-banyuwangi", "alasan": "cell 3: KeyError"}]
    assert (said["baik"], said["tahun"], said["detik"]) == (False, 2022, 12.3)
    assert [p.name for p in tmp_path.iterdir()] == ["ringkasan.json"]
    well = notice.summary(BatchResult(RESULT.hasil[:2], 1.0), tahun=2022, ditolak=[], sintetis=True)
    assert well["baik"]


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    """A mail server of a few words, on this machine, without TLS."""
    heard: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with closing(listening.accept()[0]) as connection:
            file = connection.makefile("rwb")

            def say(text: str) -> None:
                file.write(text.encode() + b"\r\n")
                file.flush()

            say("220 uji")
            for raw in file:
                line = raw.decode().rstrip()
                heard.append(line)
                if line.lower() == "data":
                    say("354 silakan")
                    heard.extend(p.decode().rstrip() for p in iter(file.readline, b".\r\n"))
                say("221 selesai" if line.lower() == "quit" else "250 ya")
                if line.lower() == "quit":
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1], heard
    thread.join(5)
    listening.close()


def test_the_letter_holds_counts_and_names_only(server: tuple[int, list[str]]) -> None:
    port, heard = server
    post = notice.post_from(
        {"IPASN_SMTP": f"127.0.0.1:{port}", "IPASN_SMTP_DARI": "ipasn@contoh.go.id"}
    )
    notice.send(facts(), "kepala@contoh.go.id", post)
    assert "rcpt TO:<kepala@contoh.go.id>" in heard
    start = next(i for i, line in enumerate(heard) if line.lower() == "data") + 1
    message = message_from_string("\n".join(heard[start:-1]), policy=policy.default)
    assert message["Subject"] == "[DATA SINTETIS] Laporan IP ASN 2022: perlu diperiksa"
    assert message.get_content().strip().splitlines() == [
        "Pembuatan laporan Indeks Profesionalitas ASN tahun 2022.",
        "",
        "selesai: 1",
        "tidak berubah: 1",
        "tersembunyi: 0",
        "gagal: 1",
        "berkas ditolak: 1",
        "",
        "Laporan yang gagal:",
        "- 3510-kab-banyuwangi: cell 3: KeyError",
        "",
        "Berkas yang ditolak:",
        "- 3503.csv: not a known kind of file",
    ]


def test_the_letter_speaks_the_language_of_the_reports() -> None:
    told = {**facts(), "bahasa": "en", "dihentikan": True, "temuan": ["a/laporan.html: NIP"]}
    message = notice.letter(told, "a@contoh.go.id", "b@contoh.go.id")
    assert message["Subject"] == "[DATA SINTETIS] ASN index reports 2022: needs a look"
    lines = message.get_content().splitlines()
    assert lines[0] == "The reports on the ASN Professionalism Index of 2022 were run."
    assert {"done: 1", "unchanged: 1", "files refused: 1", "Reports that failed:"} <= set(lines)
    assert "Do not publish; personal numbers were found:" in lines


def test_a_letter_in_the_clear_is_not_sent_to_another_machine(
    server: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, heard = server
    monkeypatch.setattr(notice, "LOCAL", ())
    with pytest.raises(BatchError, match="offers no TLS"):
        notice.send(facts(), "a@b.id", notice.Post("127.0.0.1", port, "c@d.id"))
    assert not [line for line in heard if line.lower().startswith(("mail", "data"))]


@pytest.mark.parametrize("address", ["", "bukan alamat", "a@b.id, c@d.id", "a@b.id\nBcc: x@y.id"])
def test_addresses_that_are_more_or_less_than_one_are_refused(address: str) -> None:
    with pytest.raises(ParameterError, match="not a mail address"):
        notice.letter(facts(), "a@b.id", address)
    with pytest.raises(ParameterError, match="IPASN_SMTP"):
        notice.post_from({"IPASN_SMTP": "tuan rumah", "IPASN_SMTP_DARI": "a@b.id"})
