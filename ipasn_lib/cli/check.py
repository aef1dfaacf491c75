"""The command that looks at files before anything is made of them."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipasn_lib.cli.shared import (
    UNIT,
    UNTIL,
    WITHOUT,
    YEAR,
    cores,
    day,
    expand,
    print_problems,
    read_all,
    say_progress,
    some,
)
from ipasn_lib.errors import IpasnError

if TYPE_CHECKING:
    from ipasn_lib.records.prepared import Prepared

__all__ = ["check"]


def check(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Files or folders.")],
    tahun: Annotated[int, YEAR],
    kode_kabkota: Annotated[
        str | None, typer.Option(help="Place, where the file does not say.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="SIASN exports: folder for the page and the workbook.")
    ] = Path("reports/mutu-data"),
    sampai: Annotated[dt.datetime | None, UNTIL] = None,
    tanpa: Annotated[list[str] | None, WITHOUT] = None,
    unit: Annotated[str, UNIT] = "unor",
) -> None:
    """Read files and list every problem. Exit status 1 where there is one.

    Of SIASN's exports also data quality and the recording gap are told, and written as a page
    (laporan.html) and a workbook (laporan.xlsx) for each place. Of other files nothing is
    written.
    """
    from ipasn_lib.law.loading import load_instrument
    from ipasn_lib.records.siasn.people import check_unit
    from ipasn_lib.records.siasn.reading import find_siasn_folders

    instrument = load_instrument(tahun)
    check_unit(unit)
    exports = [path for path in files if path.is_dir() and find_siasn_folders(path)]
    others = expand([path for path in files if path not in exports])
    if not exports:
        some(others)
    bad = False
    for path, result in read_all(
        others, instrument, tahun, max_rejected=1.0, kode_kabkota=kode_kabkota
    ):
        try:
            read = result()
        except IpasnError as error:
            bad = True
            _say_error(error)
            continue
        bad |= read.n_rejected > 0
        _say_rows(path.name, read.format, read.n_rows, read.n_accepted, read.n_rejected)
        print_problems(read.problems)
    for folder in exports:
        try:
            bad |= _check_exports(folder, tahun, out, kode_kabkota, day(sampai), tanpa, unit)
        except IpasnError as error:
            bad = True
            _say_error(error)
    raise typer.Exit(1 if bad else 0)


def _check_exports(
    folder: Path,
    tahun: int,
    out: Path,
    kode_kabkota: str | None,
    sampai: dt.date | None,
    tanpa: list[str] | None,
    unit: str,
) -> bool:
    """Tell what is wrong with a folder that holds exports; True where something is."""
    from ipasn_lib.pipeline import prepare
    from ipasn_lib.suite import publish_quality

    with tempfile.TemporaryDirectory() as home:
        siap = prepare(
            folder,
            tahun,
            Path(home) / "siap",
            max_rejected=1.0,
            sampai=sampai,
            tanpa=tanpa or (),
            unit=unit,
            kode_kabkota=kode_kabkota,
            workers=cores(),
            progress=say_progress,
        )
        for note in siap.berkas:
            if note.galat:
                typer.secho(f"{note.berkas}: {note.galat}", fg=typer.colors.RED)
                continue
            rows = (note.n_baris, note.n_diterima, note.n_ditolak)
            _say_rows(note.berkas, note.format, *rows)
        problems = siap.problems()
        for berkas in problems["berkas"].unique():
            typer.echo(str(berkas) or folder.name)
            print_problems(problems.loc[problems["berkas"] == berkas])
        for kode in siap.kode_kabkota:
            _say_quality(siap, kode)
        done = publish_quality(siap, out)
    for report in done.hasil:
        typer.echo(f"-> {report.out / 'laporan.html'}")
    return not done.ok or any(note.galat or note.n_ditolak for note in siap.berkas)


def _say_quality(siap: Prepared, kode: str) -> None:
    """Print data quality by aspect and the points lost for want of a record, of one place."""
    from ipasn_lib.analysis.quality import (
        indicator_rates,
        merge_rates,
        quality_index,
        reading_rates,
    )
    from ipasn_lib.analysis.recording_gap import recording_gap
    from ipasn_lib.figures.tables import publish_table
    from ipasn_lib.figures.tables_quality import aspect_table, recording_columns
    from ipasn_lib.records.regions import load_kabkota
    from ipasn_lib.wording import text

    instrument = siap.instrument(kode)
    wilayah, sumber = str(load_kabkota()["label"][kode]), "; ".join(siap.sumber_data)
    rates = merge_rates(
        indicator_rates(siap.checks(kode), minimum=siap.minimum),
        reading_rates(siap.file_table(kode), siap.problems(kode), instrument),
    )
    typer.echo("\n" + aspect_table(quality_index(rates), wilayah=wilayah, sumber=sumber).plain)
    skor, rincian = siap.measured_under(instrument.id, kode)
    gap = recording_gap(rincian, skor, siap.histories(kode), instrument, minimum=siap.minimum)
    table = publish_table(
        gap,
        nama="celah_catatan",
        judul=text("judul_celah_tabel", wilayah=wilayah),
        kolom=recording_columns(),
        sumber=sumber,
        penanda=None,
        minimum=siap.minimum,
    )
    typer.echo("\n" + table.plain + "\n")


def _say_rows(name: str, shape: str, rows: int, accepted: int, rejected: int) -> None:
    typer.echo(f"{name}: {shape}; rows {rows}, accepted {accepted}, rejected {rejected}")


def _say_error(error: IpasnError) -> None:
    typer.secho(str(error), fg=typer.colors.RED)
    problems = getattr(error, "problems", None)
    if problems is not None and len(problems):
        print_problems(problems)
