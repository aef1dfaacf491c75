"""Names, NIPs, NIKs, telephones and addresses of the input stand in no byte of what comes out.

Make-believe people with a telling name each go in through every door (canonical table as csv,
xlsx and parquet, scores as given, BKN's PIP workbook, BKD Jatim's csv, SIASN's exports), one of
them in a row that is refused and whose wrong value is personal. Then everything that a run leaves
behind is searched: reports, journal, prepared tables, temporary folders, what was printed.
"""

from __future__ import annotations

import base64
import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
import records_files as rf
import siasn_files as sf
from test_reports_batch import write_notebook

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 24


def nip(number: int) -> str:
    """A NIP of somebody born on 31 February."""
    return f"1987{'0231'}2010{'02'}1{number:03d}"


def name(number: int) -> str:
    return f"Sentinelawati Penjagarahasia {number}"


def personal(number: int) -> dict[str, str]:
    """What a file may hold besides, under the headings that offices use."""
    return {
        "NIK": f"3510{'07'}5502{'8'}{'7'}{number:04d}",
        "ALAMAT": f"Jalan Sentinel Mawar {number}",
        "NOMOR HP": f"08123409{number:04d}",
        "EMAIL": f"sentinela{number}@contoh.invalid",
        "TEMPAT LAHIR": "Kampung Sentinel",
    }


# NIPs and NIKs by their first digits, which no other number shares; the rest by a word
SECRETS = re.compile(rb"sentinel|penjagarahasia|19870231|35100755028|08123409", re.IGNORECASE)


def canonical(number: int, kode: str, **changes: object) -> dict[str, object]:
    unit = f"Dinas {number % 2}"
    row = rf.person(number, nip=nip(number), nama=name(number), kode_kabkota=kode, unit_kerja=unit)
    return {**row, **personal(number), **changes}


def write_input(folder: Path) -> Path:
    """One place a door, a refused row in each, and one file that is refused whole."""
    folder.mkdir()
    good = range(1, PEOPLE + 1)
    bad = PEOPLE + 1

    def table(start: int, kode: str) -> list[dict[str, object]]:
        rows = [canonical(start + i, kode) for i in good]
        return [*rows, canonical(start + bad, kode, nilai_kinerja=name(bad))]

    rf.write_csv(folder / "3501-a.csv", rf.grid(table(0, "3501")))
    rf.write_xlsx(folder / "3502-b.xlsx", Data=rf.grid(table(100, "3502")))
    pd.DataFrame(table(200, "3503")).astype("str").to_parquet(folder / "3503-c.parquet")
    scores = [
        {
            **rf.scored(300 + i, nip=nip(300 + i), nama=name(300 + i), kode_kabkota="3504"),
            **personal(i),
        }
        for i in (*good, bad)
    ]
    scores[-1]["kinerja"] = nip(bad)
    rf.write_csv(folder / "3504-d.csv", rf.grid(scores))
    rows = [[name(i), f"Jabatan {i % 3}", "Dinas", 15, 30, 25, 5, 75] for i in good]
    titles = [text.replace("2024", "2022") for text in rf.PIP_TITLES]
    refused = [name(bad), "Jabatan 1", "Dinas", 15, 30, nip(bad), 5, 75]
    rf.write_xlsx(folder / "3510-e.xlsx", Sheet1=rf.pip(*rows, refused, titles=titles))
    bkd = [
        {**rf.bkd(i, nip=nip(400 + i), nama=name(400 + i), tahun="2022"), **personal(i)}
        for i in (*good, bad)
    ]
    bkd[-1]["kinerja"] = name(bad)
    rf.write_csv(folder / "3506-f.csv", rf.grid(bkd))
    place = folder / "3507-siasn"
    place.mkdir()
    ids = [500 + i for i in (*good, bad)]
    own = {i: {"idPns": sf.pns_id(i), "nipBaru": nip(i)} for i in ids}
    nominatif = [
        sf.orang(
            i,
            **{"NIP BARU": "'" + nip(i), "NAMA": name(i), "INSTANSI KERJA NAMA": "Kab. Malang"},
            **personal(i),
        )
        for i in ids
    ]
    histories = {
        "nominatif": nominatif,
        "pendidikan": [sf.didik(i, **own[i], namaSekolah="SD Sentinel") for i in ids],
        "diklat": [sf.pim(i, **own[i], nomor=f"Sentinel/{i}") for i in ids],
        "kursus": [sf.kursus(i, **own[i], noSertipikat=f"Sentinel/{i}") for i in ids],
        "skp": [sf.skp(i, **own[i], penilaiNama=name(i), penilaiNipNrp=nip(i)) for i in ids[:-1]],
        "hukdis": [sf.hukdis(ids[0], **own[ids[0]], skNomor="Sentinel")],
    }
    histories["skp"].append(sf.skp(ids[-1], nilai=name(bad), **own[ids[-1]]))
    for kind, history in histories.items():
        sf.write(place / f"{kind}.{'json' if kind == 'kursus' else 'csv'}", history)
    rf.write_csv(folder / "3579-g.csv", [[name(1), nip(1)], [name(2), nip(2)]])
    return folder


def deep(data: bytes) -> Iterator[bytes]:
    """The bytes themselves, and those packed in them."""
    yield data
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from deep(archive.read(member))
    for found in re.findall(rb"base64,([A-Za-z0-9+/=]+)", data):
        yield from deep(base64.b64decode(found + b"=="))


def leaks(*folders: Path) -> list[str]:
    """Files below some folders, or names of files, that hold anything personal."""
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if SECRETS.search(path.name.encode()):
                found.append(f"name below {folder.name}")
            if not path.is_file():
                continue
            parts = [*deep(path.read_bytes())]
            if path.suffix == ".parquet":
                table = pd.read_parquet(path).reset_index()
                parts.append(table.to_csv().encode() + str(table.columns).encode())
            found += [path.name for part in parts if SECRETS.search(part)]
    return found


class Run:
    """A run of the command line in a folder, home and temporary folder of its own."""

    def __init__(self, folder: Path, *words: object, code: str | None = None) -> None:
        self.folder = folder
        self.work, self.home, self.temporary = (folder / n for n in ("kerja", "rumah", "tmp"))
        for place in (self.work, self.home, self.temporary):
            place.mkdir(exist_ok=True, parents=True)
        start = ["-m", "ipasn_lib"] if code is None else ["-c", code]
        own = {"TMPDIR": self.temporary, "HOME": self.home, "PYTHONPATH": ROOT}
        own["MPLCONFIGDIR"] = Path(matplotlib.get_cachedir())  # its list of fonts takes seconds
        with (
            (self.temporary / "stdout.txt").open("wb") as out,
            (self.temporary / "stderr.txt").open("wb") as err,
        ):
            self.process = subprocess.Popen(
                [sys.executable, *start, *map(str, words)],
                cwd=self.work,
                env={**os.environ, **{name: str(path) for name, path in own.items()}},
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return "".join(
            (self.temporary / f"{stream}.txt").read_text("utf-8") for stream in ("stdout", "stderr")
        )

    def end(self) -> int:
        return self.process.wait(timeout=300)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself just now
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def leaks(self) -> list[str]:
        return leaks(self.work, self.home, self.temporary)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_input(tmp_path_factory.mktemp("masukan") / "berkas")


@pytest.fixture(scope="module")
def done(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All reports of the places, whole and in peace."""
    run = Run(tmp_path_factory.mktemp("jalan"), "report", "--data", data, "--out", "laporan")
    run.end()
    return run


def test_the_input_holds_what_is_looked_for(data: Path) -> None:
    # else the search would find nothing whatever came through
    seen = set(leaks(data))
    assert len([p for p in data.rglob("*") if p.is_file()]) == 13
    assert seen == {p.name for p in data.rglob("*") if p.is_file()}


def test_every_door_was_gone_through(done: Run) -> None:
    assert done.process.returncode == 1, done.said  # one file is refused whole
    assert "refused 3579-g.csv" in done.said
    assert "7 rows were rejected" in done.said
    places = {p.name[:4] for p in (done.work / "laporan" / "2022").iterdir() if p.is_dir()}
    assert places == {"3501", "3502", "3503", "3504", "3506", "3507", "3510", "35-p"}
    for place in (done.work / "laporan" / "2022").glob("35*"):
        assert (place / "laporan.html").stat().st_size > 60_000


def test_nothing_personal_is_left_after_success(done: Run) -> None:
    assert done.leaks() == []


def test_nothing_personal_is_said_by_check_and_score(data: Path, tmp_path: Path) -> None:
    for words in (
        ["check", data, "--tahun", 2022],
        [
            *("score", data, "--tahun", 2022, "--per-pegawai", "--out", "s.parquet"),
            *("--maks-ditolak", 0.5),
        ],
    ):
        run = Run(tmp_path / words[0], *words)
        run.end()
        assert "3579-g.csv" in run.said
        assert run.leaks() == []


FAIL = """
import sys
from pathlib import Path
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib import suite, suite_jobs
suite_jobs._notebooks = lambda: Path(sys.argv[1])
siap = open_prepared(sys.argv[2], 2022)
done = suite.publish(siap, Path("gagal"), kabkota=["3501"], workers=1)
print(done.summary())
sys.exit(1 if done.failed else 0)
"""


def test_nothing_personal_is_left_after_a_notebook_that_raises(done: Run, tmp_path: Path) -> None:
    # the worst that a notebook can do: put all that it can read into the message of an error
    books = tmp_path / "buku"
    books.mkdir()
    siap = next((done.work / "data" / "private" / "siap").rglob("keterangan.json")).parent
    for book in (
        "01_laporan_kabkota.ipynb",
        "02_perbandingan_jatim.ipynb",
        "05_rencana_perbaikan.ipynb",
    ):
        write_notebook(
            books / book,
            "kode_kabkota: str = ''\ntahun: int = 2022\ndata: str = ''\ntarget: float = 81.0\n"
            "bahasa: str = 'id'",
            "import ipasn_lib as ipasn\nsiap = ipasn.open_prepared(data, tahun)",
            "tables = [siap.skor('3501'), siap.problems(), siap.checks('3507')]",
            "raise ValueError([table.to_csv() for table in tables], repr(siap))",
        )
    run = Run(tmp_path / "jalan", books, siap, code=FAIL)
    assert run.end() == 1
    assert "cell 5: ValueError" in run.said
    kept = list((run.work / "gagal" / "2022" / "gagal").iterdir())
    assert len(kept) == 3
    assert "3501" in kept[0].read_text("utf-8")  # the message is there, and so are the rows
    assert run.leaks() == []


def killed(data: Path, folder: Path, moment: str, seconds: float) -> list[str]:
    """Kill a run with all its processes some seconds after a word was printed; what is left."""
    run = Run(folder, "report", "--data", data, "--out", "laporan")
    deadline = time.monotonic() + 120
    while moment not in run.said and run.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(seconds)
    run.kill()
    return run.leaks()


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
@pytest.mark.parametrize("moment", ["[3/7]", "3501-kab-pacitan"])
def test_nothing_personal_is_left_after_a_kill(data: Path, tmp_path: Path, moment: str) -> None:
    assert killed(data, tmp_path, moment, 0.0) == []


@pytest.mark.assure
@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_nothing_personal_is_left_after_many_kills(data: Path, tmp_path: Path, assurance) -> None:
    moments = [("[1/7]", k / 2) for k in range(8)] + [("3501", k / 4) for k in range(6)]
    left = [killed(data, tmp_path / str(k), *at) for k, at in enumerate(moments)]
    assurance.record(
        promise="No person is revealed",
        tried="telling names, NIPs, NIKs, telephones and addresses in all shapes of input, the "
        "run killed (SIGKILL) at a moment of its own, all that was left searched",
        count=len(moments),
        outcome=f"{sum(map(len, left))} files with anything personal",
    )
    assert left == [[] for _ in moments]
