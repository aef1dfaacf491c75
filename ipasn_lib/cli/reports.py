"""Commands that publish: report, verify."""

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
    WORK,
    YEAR,
    cores,
    day,
    parse_readings,
    read_signer,
    say_progress,
    say_refused,
)
from ipasn_lib.errors import ParameterError

__all__ = ["report", "verify"]


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
    penanda_tangan: Annotated[
        Path | None,
        typer.Option(
            "--penanda-tangan",
            exists=True,
            dir_okay=False,
            help="Who signs the printed reports: a TOML file with tempat, tanggal, jabatan, nama "
            "and, if wanted, nip.",
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Make every report again, changed or not.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Make the reports on a Dask cluster of your own: tls://host:8786 or, in a closed "
            "network, tcp://host:8786. Needs the extra dask.",
        ),
    ] = None,
    progress: Annotated[
        str, typer.Option(help="otomatis, bilah (a bar), baris (lines), json (lines), diam.")
    ] = "otomatis",
    batas_sel: Annotated[
        float, typer.Option("--batas-sel", min=1, metavar="SECONDS", help="A cell may take.")
    ] = 300.0,
    batas_laporan: Annotated[
        float, typer.Option("--batas-laporan", min=1, metavar="SECONDS", help="A report may take.")
    ] = 900.0,
    batas_memori: Annotated[
        int, typer.Option("--batas-memori", min=256, metavar="MIB", help="A worker may use.")
    ] = 4096,
    ulang: Annotated[
        int, typer.Option("--ulang", min=0, help="Tries again after a fault of the machinery.")
    ] = 1,
    surat: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Send how it ended to this address, by the server in IPASN_SMTP; no results.",
        ),
    ] = None,
    tafsir: Annotated[list[str] | None, READING] = None,
    instrumen: Annotated[Path | None, OWN_INSTRUMENT] = None,
    maks_ditolak: Annotated[float, MAX_REJECTED] = 0.05,
    sampai: Annotated[dt.datetime | None, UNTIL] = None,
    tanpa: Annotated[list[str] | None, WITHOUT] = None,
    unit: Annotated[str, UNIT] = "unor",
    seed: Annotated[int, typer.Option(help="Seed of the make-believe province.")] = 2017,
    scale: Annotated[
        float, typer.Option(min=0.001, max=2, help="Size of the make-believe province.")
    ] = 1.0,
) -> None:
    """Make the reports of all places and of the province.

    Exit status 0: all done. 1: some place failed or its file was refused; the list is printed,
    and stands in ringkasan.json beside the reports.
    """
    from ipasn_lib.reports.notice import post_from

    post = post_from() if surat else None  # before the work, not after it
    from ipasn_lib.records.layout import is_prepared
    from ipasn_lib.records.prepared import open_prepared

    # Read first: a mistake in four lines is not found after minutes of preparing.
    signer = None if penanda_tangan is None else read_signer(penanda_tangan)
    if data is not None and is_prepared(data, tahun):
        siap = open_prepared(data, tahun)
    else:
        from ipasn_lib.pipeline import prepare as prepare_files
        from ipasn_lib.pipeline import prepare_synthetic

        readings = parse_readings(tafsir)
        if data is None:
            siap = prepare_synthetic(
                WORK / f"sintetis-{seed}-{scale:g}" / str(tahun),
                tahun,
                seed=seed,
                scale=scale,
                readings=readings,
                instrument=instrumen,
                progress=say_progress,
            )
        else:
            siap = prepare_files(
                data,
                tahun,
                WORK / data.resolve().name / str(tahun),
                readings=readings,
                instrument=instrumen,
                max_rejected=maks_ditolak,
                sampai=day(sampai),
                tanpa=tanpa or (),
                unit=unit,
                workers=jobs or cores(),
                progress=say_progress,
            )
    refused = say_refused(siap)

    from ipasn_lib.suite import publish

    done = publish(
        siap,
        out,
        kabkota=kabkota,
        workers=jobs,
        target=target,
        bahasa=bahasa,
        fresh=fresh,
        penanda_tangan=signer,
        run={
            "progress": progress,
            "timeout_cell": batas_sel,
            "timeout_job": batas_laporan,
            "memory_mib": batas_memori,
            "retries": ulang,
            "scheduler": scheduler,
        },
    )
    typer.echo(done.summary())
    if surat and post:
        from ipasn_lib.reports.notice import send

        send(done.ringkasan, surat, post)
    raise typer.Exit(1 if done.failed or refused else 0)


def verify(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Reports of a year.")
    ],
) -> None:
    """Check every report, and the whole set, against its manifest. Exit status 1 where one differs.

    Prints the sum of each set: kept elsewhere, it tells whether anything was changed since.
    """
    from ipasn_lib.reports.manifest import read as read_manifest
    from ipasn_lib.reports.manifest import verify as verify_report
    from ipasn_lib.reports.seal import is_set, verify_set

    manifests = sorted(folder.rglob("manifest.json"))
    if not manifests:
        raise ParameterError(f"{folder} holds no manifest.json; name a folder of reports")
    sets = [manifest.parent for manifest in manifests if is_set(manifest.parent)]
    reports = [manifest.parent for manifest in manifests if manifest.parent not in sets]
    found = {place: verify_set(place) for place in sets}
    found |= {place: verify_report(place) for place in reports}
    for place, problems in found.items():
        for problem in problems:
            typer.secho(f"{place.name}: {problem}", fg=typer.colors.RED)
    for place in sets:
        whole = read_manifest(place).get("sha256_seluruh")
        typer.echo(f"set {place.resolve().name}: {'altered' if found[place] else whole}")
    good = sum(not found[place] for place in reports)
    typer.echo(f"{good} of {len(reports)} reports are as they were made")
    raise typer.Exit(1 if any(found.values()) else 0)
