"""The command that has reports made by themselves: schedule."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ipasn_lib.cli.shared import YEAR

__all__ = ["schedule"]


def schedule(
    data: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of personnel files.")
    ],
    tahun: Annotated[int, YEAR],
    at: Annotated[str, typer.Option(help="Time of day, HH:MM, by this machine's clock.")] = "02:00",
    every: Annotated[str, typer.Option(help="daily, weekly (Monday) or monthly (the 1st).")] = (
        "monthly"
    ),
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = Path("reports"),
    bahasa: Annotated[str, typer.Option(help="Language of the reports: id or en.")] = "id",
    surat: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Who is told by mail how it ended.")
    ] = None,
    units: Annotated[
        Path, typer.Option(help="Folder into which the systemd units are written.")
    ] = Path("jadwal"),
    install: Annotated[
        bool, typer.Option("--install", help="Install them for this user and start the timer.")
    ] = False,
    cron: Annotated[
        bool, typer.Option("--cron", help="Only print a line for crontab -e; write nothing.")
    ] = False,
) -> None:
    """Have the reports made by themselves: a systemd timer, or a line for cron.

    A run that was missed is made up for (systemd); two at once are not possible; one in which
    nothing has changed takes a second.
    """
    from ipasn_lib.errors import ParameterError
    from ipasn_lib.reports.schedule import Schedule, install_units, write_units
    from ipasn_lib.wording import check_language

    check_language(bahasa)
    if cron and install:
        raise ParameterError("--cron prints a line and installs nothing; leave one of them out")
    words = [sys.executable, "-m", "ipasn_lib", "report", "--data", str(data.resolve())]
    words += ["--tahun", str(tahun), "--out", str(out.resolve()), "--bahasa", bahasa]
    planned = Schedule(
        nama=f"ipasn-laporan-{tahun}",
        keterangan=f"Laporan IP ASN {tahun}",
        command=[*words, *(["--surat", surat] if surat else [])],
        folder=Path.cwd(),
        at=at,
        every=every,
    )
    if cron:
        typer.echo(planned.cron())
    elif install:
        home = os.environ.get("XDG_CONFIG_HOME")
        timer = install_units(planned, Path(home) if home else Path.home() / ".config")
        typer.echo(f"{timer.name} is set: {every} at {at}")
        typer.echo("To have it run while nobody is logged in: loginctl enable-linger")
    else:
        for path in write_units(planned, units):
            typer.echo(path)
