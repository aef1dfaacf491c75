"""The command line ``ipasn``: check, prepare, score, report, synthesize, instruments.

Help must answer at once, so nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipasn_lib.errors import IpasnError

if TYPE_CHECKING:
    import pandas as pd

    from ipasn_lib.records.prepared import Prepared

__all__ = ["app", "main"]

app = typer.Typer(
    help="Indeks Profesionalitas ASN: from personnel files to reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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
WORK = Path("data/private/siap")


def main() -> None:
    """Run the command line; an error of ours is one clear message and exit status 2."""
    try:
        app()
    except IpasnError as error:
        typer.secho(f"ipasn: {error}", fg=typer.colors.RED, err=True)
        problems = getattr(error, "problems", None)
        if problems is not None and len(problems):
            _print_problems(problems, err=True)
        sys.exit(2)


@app.command()
def instruments(
    tahun: Annotated[int | None, typer.Option(help="Show the instrument of this year.")] = None,
) -> None:
    """List the instruments, or show one with its contested readings."""
    from ipasn_lib.law.loading import available_instruments, load_instrument

    if tahun is None:
        for one in available_instruments().values():
            typer.echo(f"{one.id}\n  {one.judul}\n  measurement years {one.mulai} onward")
        return
    one = load_instrument(tahun)
    typer.echo(f"{one.id}: {one.judul}")
    for dimension in one.dimensi.values():
        typer.echo(f"\n{dimension.label} (maximum {dimension.bobot:g}; status {dimension.status})")
        for indicator in dimension.indikator:
            typer.echo(f"  {indicator.label}: column {indicator.kolom}")
    typer.echo("\nContested readings (--tafsir KEY=CHOICE; * is the default)")
    for reading in one.tafsir.values():
        typer.echo(f"  {reading.kunci}: {reading.pertanyaan}")
        for choice in reading.pilihan.values():
            mark = "*" if choice.nama == reading.baku else " "
            typer.echo(f"   {mark} {choice.nama}: {choice.keterangan}")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Files or folders.")],
    tahun: Annotated[int, YEAR],
    kode_kabkota: Annotated[
        str | None, typer.Option(help="Place, where the file does not say.")
    ] = None,
) -> None:
    """Read files and list every problem; write nothing. Exit status 1 where there is one."""
    from ipasn_lib.law.loading import load_instrument
    from ipasn_lib.records.reading import read_pegawai

    instrument = load_instrument(tahun)
    bad = False
    for path in _expand(files):
        try:
            read = read_pegawai(
                path,
                instrument,
                tahun=tahun,
                kode_kabkota=kode_kabkota,
                reject=True,
                max_rejected=1.0,
            )
        except IpasnError as error:
            bad = True
            typer.secho(str(error), fg=typer.colors.RED)
            problems = getattr(error, "problems", None)
        else:
            bad |= read.n_rejected > 0
            typer.echo(
                f"{path.name}: {read.format}; rows {read.n_rows}, accepted {read.n_accepted}, "
                f"rejected {read.n_rejected}"
            )
            problems = read.problems
        if problems is not None and len(problems):
            _print_problems(problems)
    raise typer.Exit(1 if bad else 0)


@app.command()
def score(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Files or folders.")],
    tahun: Annotated[int, YEAR],
    out: Annotated[Path, typer.Option(help="Parquet file to write, one row a person, no names.")],
    tafsir: Annotated[list[str] | None, READING] = None,
    instrumen: Annotated[Path | None, OWN_INSTRUMENT] = None,
    maks_ditolak: Annotated[float, MAX_REJECTED] = 0.05,
) -> None:
    """Score the people of some files into one Parquet file."""
    import pandas as pd

    from ipasn_lib.index.score import add_rejected
    from ipasn_lib.index.score import score as score_people
    from ipasn_lib.law.loading import load_instrument
    from ipasn_lib.records.reading import read_pegawai

    instrument = load_instrument(instrumen or tahun, _readings(tafsir))
    parts = []
    for path in _expand(files):
        read = read_pegawai(path, instrument, tahun=tahun, reject=True, max_rejected=maks_ditolak)
        parts.append(add_rejected(score_people(read.pegawai, instrument), read.rejected))
        typer.echo(f"{path.name}: {read.n_accepted} accepted, {read.n_rejected} rejected", err=True)
    _write_whole(pd.concat(parts), out)
    typer.echo(str(out))


@app.command()
def prepare(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of files.")],
    tahun: Annotated[int, YEAR],
    out: Annotated[Path, typer.Option(help="Folder of prepared tables to write.")],
    tafsir: Annotated[list[str] | None, READING] = None,
    instrumen: Annotated[Path | None, OWN_INSTRUMENT] = None,
    minimum: Annotated[int, typer.Option(min=2, help="Smallest group shown.")] = 10,
    maks_ditolak: Annotated[float, MAX_REJECTED] = 0.05,
) -> None:
    """Read and score a folder of files into the prepared tables that notebooks open."""
    from ipasn_lib.pipeline import prepare as prepare_files

    siap = prepare_files(
        data,
        tahun,
        out,
        readings=_readings(tafsir),
        instrument=instrumen,
        minimum=minimum,
        max_rejected=maks_ditolak,
        progress=_say_progress,
    )
    raise typer.Exit(_say_refused(siap))


@app.command()
def report(
    data: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of personnel files or of prepared tables. Without it, a make-believe "
            "province of real size is reported and marked DATA SINTETIS.",
        ),
    ] = None,
    tahun: Annotated[int, YEAR] = 2022,
    kabkota: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Only these places (repeatable).")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = Path("reports"),
    jobs: Annotated[int | None, typer.Option(min=1, help="Reports at a time.")] = None,
    target: Annotated[float, typer.Option(min=0, max=100, help="Target of the index.")] = 81.0,
    bahasa: Annotated[str, typer.Option(help="Language of the reports: id or en.")] = "id",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Make every report again, changed or not.")
    ] = False,
    tafsir: Annotated[list[str] | None, READING] = None,
    instrumen: Annotated[Path | None, OWN_INSTRUMENT] = None,
    maks_ditolak: Annotated[float, MAX_REJECTED] = 0.05,
    seed: Annotated[int, typer.Option(help="Seed of the make-believe province.")] = 2017,
    scale: Annotated[
        float, typer.Option(min=0.001, max=2, help="Size of the make-believe province.")
    ] = 1.0,
) -> None:
    """Make the reports of all places and of the province.

    Exit status 0: all done. 1: some place failed or its file was refused; the list is printed.
    """
    from ipasn_lib.records.prepared import is_prepared, open_prepared

    if data is not None and is_prepared(data, tahun):
        siap = open_prepared(data, tahun)
    else:
        from ipasn_lib.pipeline import prepare as prepare_files
        from ipasn_lib.pipeline import prepare_synthetic

        readings = _readings(tafsir)
        if data is None:
            siap = prepare_synthetic(
                WORK / f"sintetis-{seed}-{scale:g}" / str(tahun),
                tahun,
                seed=seed,
                scale=scale,
                readings=readings,
                instrument=instrumen,
                progress=_say_progress,
            )
        else:
            siap = prepare_files(
                data,
                tahun,
                WORK / data.resolve().name / str(tahun),
                readings=readings,
                instrument=instrumen,
                max_rejected=maks_ditolak,
                progress=_say_progress,
            )
    refused = _say_refused(siap)

    from ipasn_lib.suite import publish

    done = publish(
        siap, out, kabkota=kabkota, workers=jobs, target=target, bahasa=bahasa, fresh=fresh
    )
    typer.echo(done.summary())
    raise typer.Exit(1 if done.failed or refused else 0)


@app.command()
def synthesize(
    out: Annotated[Path, typer.Option(help="Folder to write; must not exist yet.")],
    seed: Annotated[int, typer.Option(help="Same seed, same people.")],
    scale: Annotated[float, typer.Option(min=0.001, max=2, help="1 is real size.")] = 1.0,
    tahun: Annotated[int, YEAR] = 2022,
    fmt: Annotated[str, typer.Option("--format", help="parquet, csv or xlsx.")] = "parquet",
) -> None:
    """Write a make-believe province as personnel files, one a place, marked DATA SINTETIS."""
    from ipasn_lib.law.loading import load_instrument
    from ipasn_lib.records.synthetic import write_synthetic

    write_synthetic(
        out, seed=seed, scale=scale, tahun=tahun, instrument=load_instrument(tahun), fmt=fmt
    )
    typer.echo(str(out))


def _readings(given: list[str] | None) -> dict[str, str]:
    pairs = {}
    for item in given or []:
        key, equals, choice = item.partition("=")
        if not equals:
            raise typer.BadParameter(f"{item!r}: expected KEY=CHOICE", param_hint="--tafsir")
        pairs[key] = choice
    return pairs


def _expand(paths: list[Path]) -> list[Path]:
    """Files as given, folders as the files in them."""
    from ipasn_lib.records.reading import find_files

    return [
        f
        for path in paths
        for f in (find_files(path, subfolders=True) if path.is_dir() else [path])
    ]


def _say_progress(name: str, position: int, total: int) -> None:
    typer.echo(f"[{position + 1}/{total}] {name}", err=True)


def _say_refused(siap: Prepared) -> int:
    """Print what happened to the files; 1 where one was refused whole."""
    refused = [note for note in siap.berkas if note.galat]
    for note in refused:
        typer.secho(f"refused {note.berkas}: {note.galat}", fg=typer.colors.RED, err=True)
    rejected = sum(note.n_ditolak for note in siap.berkas)
    if rejected:
        typer.echo(f"{rejected} rows were rejected and count as not measured", err=True)
    return 1 if refused else 0


def _write_whole(table: pd.DataFrame, out: Path) -> None:
    """Write beside and rename, so that no half-written file is ever seen."""
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.part")
    try:
        table.to_parquet(aside, compression="zstd")
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


def _print_problems(problems: pd.DataFrame, *, err: bool = False) -> None:
    """Print one problem a line; a table would cut them off in a narrow window."""
    for row in problems.to_dict("records"):
        where = f" rows {row['baris']}" if row.get("baris") else ""
        times = "" if str(row.get("jumlah")) in ("", "<NA>", "nan") else f" x{row['jumlah']}"
        level = f"{row['tingkat']}: " if "tingkat" in row else ""
        line = f"  {level}{row['kolom'] or '-'}: {row['aturan']}{times}{where}: {row['harapan']}"
        typer.echo(line, err=err)
