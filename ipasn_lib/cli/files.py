"""Commands about files: check, score, prepare, synthesize."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipasn_lib.cli.shared import (
    MAX_REJECTED,
    OWN_INSTRUMENT,
    READING,
    YEAR,
    expand,
    parse_readings,
    print_problems,
    say_progress,
    say_refused,
    write_whole,
)
from ipasn_lib.errors import IpasnError

__all__ = ["check", "prepare", "score", "synthesize"]


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
    for path in expand(files):
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
            print_problems(problems)
    raise typer.Exit(1 if bad else 0)


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

    instrument = load_instrument(instrumen or tahun, parse_readings(tafsir))
    parts = []
    for path in expand(files):
        read = read_pegawai(path, instrument, tahun=tahun, reject=True, max_rejected=maks_ditolak)
        parts.append(add_rejected(score_people(read.pegawai, instrument), read.rejected))
        typer.echo(f"{path.name}: {read.n_accepted} accepted, {read.n_rejected} rejected", err=True)
    write_whole(pd.concat(parts), out)
    typer.echo(str(out))


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
        readings=parse_readings(tafsir),
        instrument=instrumen,
        minimum=minimum,
        max_rejected=maks_ditolak,
        progress=say_progress,
    )
    raise typer.Exit(say_refused(siap))


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
