"""From SIASN's exports to scored people: the whole way, beside only reading by pandas.

    python benchmarks/bench_siasn.py [--seed S] [--scale X] [--places N] [--xlsx-places N]

Make-believe exports (DATA SINTETIS) of a province of real size, 0.4 million people and several
million rows of history, are written once as parquet and as csv, and those of the first few
places as xlsx. Then:

- the library reads nominatif and histories, checks them, derives the columns of the instrument
  of 2019 and scores everybody: in processes apart, as many as there are processors (``ipasn
  prepare`` does this), and for comparison in this process, one place after the other;
- pandas reads the same files one after the other (``read_parquet``, ``read_csv``, ``read_excel``
  on openpyxl and on calamine), every cell as it stands, **and derives nothing**: what a user of
  pandas would still have to write is not in its time.

Processor time is beside the seconds, since a busy machine stretches these. Before any time is
printed, every person's index is compared with what was made up; if one differs, the program says
where and ends with an error.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.score import score
from ipasn_lib.intake import Source, take_in
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.keys import KEY_VARIABLE, pseudonyms
from ipasn_lib.records.siasn.reading import read_siasn
from ipasn_lib.records.synthetic.calibration import load_calibration
from ipasn_lib.records.synthetic.siasn_exports import nip_table, truth, write_siasn

YEAR = 2022
KEY = b"kunci uji, bukan rahasia"


@dataclass(frozen=True)
class Measured:
    """Seconds by the clock and of the processors, peak memory of a process in MiB, rows, index."""

    detik: float
    detik_prosesor: float
    memori: float
    baris: int
    indeks: pd.Series | None = None


def in_processes(folders: list[Path]) -> tuple[int, pd.Series]:
    """Read, derive and score in processes apart, then aggregate."""
    law = load_instrument(YEAR)
    sources = [Source(folder, law, YEAR, 0.05) for folder in folders]
    return _aggregated([taken.skor for taken in take_in(sources, workers=os.cpu_count() or 1)])


def one_by_one(folders: list[Path]) -> tuple[int, pd.Series]:
    """Read, derive and score in this process, one place in memory at a time."""
    law = load_instrument(YEAR)
    return _aggregated([score(read_siasn(f, law, YEAR).pegawai, law) for f in folders])


def _aggregated(parts: list[pd.DataFrame]) -> tuple[int, pd.Series]:
    province = pd.concat(parts)
    aggregate(province, ["kode_kabkota"])
    aggregate(province, ["kode_kabkota", "unit_kerja"])
    return len(province), province["indeks"]


def read_only(read: Callable[[Path], pd.DataFrame]) -> Callable[[list[Path]], tuple[int, None]]:
    """Make a way that reads every file and throws it away."""

    def way(folders: list[Path]) -> tuple[int, None]:
        return sum(len(read(p)) for f in folders for p in sorted(f.iterdir())), None

    return way


def read_text(path: Path) -> pd.DataFrame:
    """Read a csv, its separator sniffed from the header, every cell as text."""
    with path.open(encoding="utf-8") as stream:
        separator = ";" if ";" in stream.readline() else ","
    return pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False)


def read_openpyxl(path: Path) -> pd.DataFrame:
    """Read a workbook as pandas does by default."""
    return pd.read_excel(path, engine="openpyxl", header=1, dtype=str)


def read_calamine(path: Path) -> pd.DataFrame:
    """Read a workbook by the faster engine."""
    return pd.read_excel(path, engine="calamine", header=1, dtype=str)


OURS = "library: read, check, derive, score, aggregate"
WAYS: dict[str, Callable[[list[Path]], tuple[int, pd.Series | None]]] = {
    OURS: in_processes,
    "the same in one process": one_by_one,
    "pandas.read_parquet, reading only": read_only(pd.read_parquet),
    "pandas.read_csv, reading only": read_only(read_text),
    "pandas.read_excel on openpyxl, reading only": read_only(read_openpyxl),
    "pandas.read_excel on calamine, reading only": read_only(read_calamine),
}
BESIDE = {
    "parquet": ["the same in one process", "pandas.read_parquet, reading only"],
    "csv": ["the same in one process", "pandas.read_csv, reading only"],
    "xlsx": [
        "the same in one process",
        "pandas.read_excel on openpyxl, reading only",
        "pandas.read_excel on calamine, reading only",
    ],
}


def run(way: str, folders: list[Path]) -> Measured:
    """Run one way in this process."""
    os.environ[KEY_VARIABLE] = KEY.hex()
    begun, start = processor_time(), time.perf_counter()
    rows, index = WAYS[way](folders)
    seconds = time.perf_counter() - start
    return Measured(seconds, processor_time() - begun, peak_memory(), rows, index)


def processor_time() -> float:
    """Give the seconds of processors that this process and its ended children took."""
    used = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def peak_memory() -> float:
    """Give the peak resident memory in MiB: of this process, or of a child if that is more.

    Of itself by ``/proc``: ``getrusage`` would count the parent's peak too, which a child keeps
    from before its start.
    """
    status = Path("/proc/self/status")
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(float(lines["VmHWM"].split()[0]), children) / 1024


def apart(way: str, folders: list[Path]) -> Measured:
    """Run one way in a new process, so that its peak memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(run, (way, folders))


def differences(seed: int, scale: float, places: list[str], found: pd.Series) -> int:
    """Count the people whose index isn't the one that was made up."""
    law = load_instrument(YEAR)
    wrong = 0
    for kode in places:
        skor = score(truth(seed, scale=scale, tahun=YEAR, instrument=law, kabkota=[kode]), law)
        ids = pseudonyms(nip_table(seed, kode, scale=scale, tahun=YEAR)["nip"], KEY)
        ours = found.reindex(ids).to_numpy()
        true = skor["indeks"].to_numpy()
        wrong += int((~((ours == true) | (pd.isna(ours) & pd.isna(true)))).sum())
    return wrong


def main() -> int:
    """Write the exports, run all ways, compare, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--places", type=int, default=38)
    parser.add_argument("--xlsx-places", type=int, default=2)
    asked = parser.parse_args()
    codes = list(load_calibration().jumlah)[: asked.places]
    law = load_instrument(YEAR)
    print(f"DATA SINTETIS, benih {asked.seed}, skala {asked.scale:g}, tahun {YEAR}\n")
    print("| files | places | way | s | processor s | peak MiB of a process | times ours |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: |")
    notes = []
    with tempfile.TemporaryDirectory() as home:
        for fmt, ways in BESIDE.items():
            places = codes[: asked.xlsx_places] if fmt == "xlsx" else codes
            start = time.perf_counter()
            paths = write_siasn(
                Path(home) / fmt, asked.seed, asked.scale, YEAR, law, fmt, kabkota=places
            )
            took = time.perf_counter() - start
            folders = sorted({p.parent for p in paths})
            size = sum(p.stat().st_size for p in paths) / 2**20
            ours = apart(OURS, folders)
            assert ours.indeks is not None
            if wrong := differences(asked.seed, asked.scale, places, ours.indeks):
                print(f"{fmt}: {wrong} people with another index than made up", file=sys.stderr)
                return 1
            print(
                f"| {fmt} | {len(places)} | {OURS} | {ours.detik:.1f} "
                f"| {ours.detik_prosesor:.1f} | {ours.memori:.0f} | 1.00 |",
                flush=True,
            )
            for way in ways:
                other = apart(way, folders)
                print(
                    f"| {fmt} | {len(places)} | {way} | {other.detik:.1f} "
                    f"| {other.detik_prosesor:.1f} | {other.memori:.0f} "
                    f"| {other.detik / ours.detik:.2f} |",
                    flush=True,
                )
            notes.append(
                f"{fmt}: {ours.baris:,} people, {other.baris:,} rows, {size:,.0f} MiB, written in "
                f"{took:.1f} s; the index of every person is the one made up."
            )
    print("\n" + "\n".join(notes))
    print(f"Python {sys.version.split()[0]}, pandas {pd.__version__}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
