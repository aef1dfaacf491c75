"""What the commands share: options, progress, and how problems are printed."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ipasn_lib.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from ipasn_lib.law.instrument import Instrument
    from ipasn_lib.records.prepared import Prepared
    from ipasn_lib.records.reading import ReadResult

__all__ = [
    "MAX_REJECTED",
    "OWN_INSTRUMENT",
    "READING",
    "UNIT",
    "UNTIL",
    "WITHOUT",
    "WORK",
    "YEAR",
    "check_person_file",
    "cores",
    "day",
    "expand",
    "parse_readings",
    "print_problems",
    "read_all",
    "read_signer",
    "say_progress",
    "say_refused",
    "some",
    "write_private",
]

YEAR = typer.Option(help="Measurement year.", min=2019, max=2100)
READING = typer.Option(
    "--tafsir",
    metavar="KEY=CHOICE",
    help="Choice at a contested point of the instrument; see: ipasn instruments --tahun YEAR.",
)
MAX_REJECTED = typer.Option(
    "--maks-ditolak",
    min=0.0,
    max=1.0,
    help="Refuse a file of which a larger share of rows is refused.",
)
OWN_INSTRUMENT = typer.Option(
    "--instrumen", exists=True, dir_okay=False, help="An instrument file of your own (TOML)."
)
UNTIL = typer.Option(
    "--sampai",
    formats=["%Y-%m-%d"],
    help="SIASN exports: day of entry in the measurement year; 31 December without it.",
)
WITHOUT = typer.Option(
    "--tanpa",
    metavar="HISTORY",
    help="SIASN exports: a history that is not there and not to be missed (repeatable).",
)
UNIT = typer.Option(
    "--unit",
    help="SIASN exports: count people in their own unit (unor) or in the OPD above (unor_induk).",
)
WORK = Path("data/private/siap")
JOURNAL = "jurnal.jsonl"


def parse_readings(given: list[str] | None) -> dict[str, str]:
    """Take ``KEY=CHOICE`` words apart."""
    pairs = {}
    for item in given or []:
        key, equals, choice = item.partition("=")
        if not equals:
            raise typer.BadParameter(f"{item!r}: expected KEY=CHOICE", param_hint="--tafsir")
        pairs[key] = choice
    return pairs


def read_signer(path: Path) -> dict[str, Any]:
    """Read who signs from a TOML file, and check that nothing is missing."""
    from ipasn_lib.reports.signer import check_signer

    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not UTF-8, or not TOML
        raise ParameterError(f"{path.name} is not a TOML file") from error
    return dict(check_signer(given))


def cores() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def day(moment: dt.datetime | None) -> dt.date | None:
    """Take the day of a date option."""
    return None if moment is None else moment.date()


def expand(paths: list[Path]) -> list[Path]:
    """Give files as they are; folders as the files and the folders of SIASN exports in them."""
    from ipasn_lib.records.reading import find_files
    from ipasn_lib.records.siasn.reading import find_siasn_folders

    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            exports = find_siasn_folders(path)
            files = find_files(path, subfolders=True)
            found += [*(f for f in files if f.parent not in exports), *exports]
        else:
            found.append(path)
    return found


def read_all(
    paths: list[Path],
    instrument: Instrument,
    tahun: int,
    *,
    max_rejected: float,
    kode_kabkota: str | None = None,
    sampai: dt.date | None = None,
    tanpa: list[str] | None = None,
    unit: str = "unor",
) -> Iterator[tuple[Path, Callable[[], ReadResult]]]:
    """Read personnel files and folders of SIASN's exports, in processes apart.

    Each comes with a function that gives what was read, or raises why it was refused.
    """
    from ipasn_lib.records.apart import Task, run_apart
    from ipasn_lib.records.reading import read_pegawai
    from ipasn_lib.records.siasn.people import check_unit
    from ipasn_lib.records.siasn.reading import read_siasn

    both = {"kode_kabkota": kode_kabkota, "max_rejected": max_rejected}
    folder = {"sampai": sampai, "tanpa": tuple(tanpa or ()), "unit": check_unit(unit), **both}
    file = {"tahun": tahun, "reject": True, **both}
    tasks = [
        Task(path.name, read_siasn, (path, instrument, tahun), folder)
        if path.is_dir()
        else Task(path.name, read_pegawai, (path, instrument), file)
        for path in paths
    ]
    yield from zip(paths, run_apart(tasks, workers=cores()), strict=True)


def say_progress(name: str, position: int, total: int) -> None:
    """Name the file that is read now."""
    typer.echo(f"[{position + 1}/{total}] {name}", err=True)


def say_refused(siap: Prepared) -> int:
    """Print what happened to the files; 1 where one was refused whole."""
    refused = [note for note in siap.berkas if note.galat]
    for note in refused:
        typer.secho(f"refused {note.berkas}: {note.galat}", fg=typer.colors.RED, err=True)
    rejected = sum(note.n_ditolak for note in siap.berkas)
    if rejected:
        said = "row was rejected and counts" if rejected == 1 else "rows were rejected and count"
        typer.echo(f"{rejected} {said} as not measured", err=True)
    return 1 if refused else 0


def some(paths: list[Path]) -> list[Path]:
    """Refuse to do nothing: a night's run on an empty folder must not look well."""
    if not paths:
        raise ParameterError("nothing to read: no csv, xlsx or parquet file and no SIASN exports")
    return paths


def check_person_file(out: Path, inputs: list[Path]) -> None:
    """Refuse to write one row a person over a file that is something else, or among reports.

    Raises
    ------
    ParameterError
        If ``out`` is no name of a Parquet file, is one of the inputs or lies in their folders,
        is a file that holds no scores, or lies in a folder of reports.
    """
    if out.suffix != ".parquet":
        raise ParameterError(f"{out.name}: name a .parquet file to write")
    place = out.resolve()
    for path in inputs:
        if path.resolve() in (place, *place.parents):
            raise ParameterError(f"{out.name} lies among the files to read; name another place")
    if any((folder / JOURNAL).is_file() for folder in place.parents):
        raise ParameterError(f"{out.name} would lie among reports, which are published")
    if place.exists() and not _holds_scores(place):
        raise ParameterError(f"{out.name} is there already and holds no scores; name another")


def _holds_scores(path: Path) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return {"status_ukur", "id_instrumen"} <= set(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return False


def write_private(table: pd.DataFrame, out: Path) -> None:
    """Write beside and rename, so that no half file is seen, and none that others may read."""
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)  # mode 0600
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            table.to_parquet(file, compression="zstd")
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


def print_problems(problems: pd.DataFrame, *, err: bool = False) -> None:
    """Print one problem a line; a table would cut them off in a narrow window."""
    for row in problems.to_dict("records"):
        where = f" rows {row['baris']}" if row.get("baris") else ""
        times = (
            "" if str(row.get("jumlah")) in ("", "<NA>", "nan", "None") else f" x{row['jumlah']}"
        )
        level = f"{row['tingkat']}: " if "tingkat" in row else ""
        line = f"  {level}{row['kolom'] or '-'}: {row['aturan']}{times}{where}: {row['harapan']}"
        typer.echo(line, err=err)
