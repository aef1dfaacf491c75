"""Commands about files: score, prepare, explain, purge, synthesize."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from ipasn_lib.cli.shared import (
    MAX_REJECTED,
    OWN_INSTRUMENT,
    READING,
    UNIT,
    UNTIL,
    WITHOUT,
    YEAR,
    check_person_file,
    cores,
    day,
    expand,
    parse_readings,
    read_all,
    say_progress,
    say_refused,
    some,
    write_private,
)
from ipasn_lib.errors import ParameterError
from ipasn_lib.threshold import MINIMUM

__all__ = ["explain", "prepare", "purge", "score", "synthesize"]


def score(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Files or folders.")],
    tahun: Annotated[int, YEAR],
    out: Annotated[Path, typer.Option(help="Parquet file to write, one row a person, no names.")],
    per_pegawai: Annotated[
        bool,
        typer.Option(
            "--per-pegawai", help="Needed: says that one row a person, personal data, is wanted."
        ),
    ] = False,
    tafsir: Annotated[list[str] | None, READING] = None,
    instrumen: Annotated[Path | None, OWN_INSTRUMENT] = None,
    maks_ditolak: Annotated[float, MAX_REJECTED] = 0.05,
    sampai: Annotated[dt.datetime | None, UNTIL] = None,
    tanpa: Annotated[list[str] | None, WITHOUT] = None,
    unit: Annotated[str, UNIT] = "unor",
) -> None:
    """Score the people of some files into one Parquet file, which only you may read.

    Whoever holds the key of the pseudonyms and a list of NIPs knows whose row is whose.
    """
    if not per_pegawai:
        raise ParameterError(
            "the file holds one row a person: say --per-pegawai if that is wanted; "
            "tables of groups are made by ipasn prepare and ipasn report"
        )
    check_person_file(out, files)
    import pandas as pd

    from ipasn_lib.index.score import add_rejected
    from ipasn_lib.index.score import score as score_people
    from ipasn_lib.law.loading import load_instrument

    instrument = load_instrument(instrumen or tahun, parse_readings(tafsir))
    parts = []
    for path, result in read_all(
        some(expand(files)),
        instrument,
        tahun,
        max_rejected=maks_ditolak,
        sampai=day(sampai),
        tanpa=tanpa,
        unit=unit,
    ):
        read = result()
        parts.append(add_rejected(score_people(read.pegawai, instrument), read.rejected))
        typer.echo(f"{path.name}: {read.n_accepted} accepted, {read.n_rejected} rejected", err=True)
    write_private(pd.concat(parts), out)
    typer.echo("one row a person: personal data, not to be published or sent on", err=True)
    typer.echo(str(out))


def prepare(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of files.")],
    tahun: Annotated[int, YEAR],
    out: Annotated[Path, typer.Option(help="Folder of prepared tables to write.")],
    tafsir: Annotated[list[str] | None, READING] = None,
    instrumen: Annotated[Path | None, OWN_INSTRUMENT] = None,
    minimum: Annotated[int, typer.Option(min=MINIMUM, help="Smallest group shown.")] = MINIMUM,
    maks_ditolak: Annotated[float, MAX_REJECTED] = 0.05,
    sampai: Annotated[dt.datetime | None, UNTIL] = None,
    tanpa: Annotated[list[str] | None, WITHOUT] = None,
    unit: Annotated[str, UNIT] = "unor",
    sebelumnya: Annotated[
        Path | None,
        typer.Option(help="Prepared tables of the year before: what these hide stays hidden."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Files at a time; default: cores.")
    ] = None,
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
        sampai=day(sampai),
        tanpa=tanpa or (),
        unit=unit,
        sebelumnya=sebelumnya,
        workers=jobs or cores(),
        progress=say_progress,
    )
    raise typer.Exit(say_refused(siap))


def synthesize(
    out: Annotated[Path, typer.Option(help="Folder to write; must not exist yet.")],
    seed: Annotated[int, typer.Option(help="Same seed, same people.")],
    scale: Annotated[float, typer.Option(min=0.001, max=2, help="1 is real size.")] = 1.0,
    tahun: Annotated[int, YEAR] = 2022,
    fmt: Annotated[
        str, typer.Option("--format", help="parquet, csv or xlsx; json for SIASN exports.")
    ] = "parquet",
    shape: Annotated[
        str, typer.Option("--as", help="kanonik: one table a place. siasn: SIASN's own exports.")
    ] = "kanonik",
    kabkota: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Only these places (repeatable).")
    ] = None,
) -> None:
    """Write a make-believe province as personnel files, marked DATA SINTETIS."""
    from ipasn_lib.law.loading import load_instrument
    from ipasn_lib.records.regions import find_kabkota
    from ipasn_lib.records.synthetic import write_siasn, write_synthetic

    if shape not in ("kanonik", "siasn"):
        raise ParameterError(f"--as {shape!r}: known are kanonik, siasn")
    write = write_siasn if shape == "siasn" else write_synthetic
    places = None if kabkota is None else [find_kabkota(k) for k in kabkota]
    write(out, seed, scale, tahun, load_instrument(tahun), fmt, places)
    typer.echo(str(out))


def explain(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="One place's SIASN exports.")
    ],
    id_pegawai: Annotated[str, typer.Argument(help="The person's id, from ipasn score.")],
    tahun: Annotated[int, YEAR],
    sampai: Annotated[dt.datetime | None, UNTIL] = None,
    tanpa: Annotated[list[str] | None, WITHOUT] = None,
) -> None:
    """Show which history rows gave one person's points. For the person and who mends the data."""
    from ipasn_lib.records.apart import Task, call_apart
    from ipasn_lib.records.siasn.explain import explain as explain_person

    options = {"sampai": day(sampai), "tanpa": tanpa or ()}
    rows = call_apart(Task(folder.name, explain_person, (folder, id_pegawai, tahun), options))
    shown = ""
    for row in rows.to_dict("records"):
        head = f"{row['dimensi']} / {row['indikator']}: {row['nilai']} -> {row['poin']:g} points"
        if head != shown:
            typer.echo(f"{head}\n    {row['dasar']}")
        shown = head
        if isinstance(row["berkas"], str) and row["berkas"]:
            typer.echo(f"    {row['berkas']} row {row['baris']}")


def purge(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Where prepared tables lie.")
    ],
    before: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="Older ones go.")],
    really: Annotated[
        bool, typer.Option("--hapus", help="Remove them; without it they are only listed.")
    ] = False,
) -> None:
    """Remove prepared tables made before a day (retention, UU 27/2022 Pasal 42-44)."""
    from ipasn_lib.records.purge import purge as purge_tables

    found = purge_tables(folder, before.date(), dry_run=not really)
    for row in found.to_dict("records"):
        typer.echo(f"{row['folder']}: {row['tindakan']} {row['alasan']}".rstrip())
    typer.echo(f"{len(found)} folders of prepared tables")
