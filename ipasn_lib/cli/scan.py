"""The command that looks for personal numbers in what is about to be given away: scan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["scan"]


def scan(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Any folder of made files.")
    ],
) -> None:
    """Look for NIPs and NIKs in every file below a folder. Exit status 1 where one is found.

    Says file and place, never the number. A file that cannot be looked into counts as found.
    """
    from ipasn_lib.reports.scan import scan as scan_folder

    found = scan_folder(folder)
    for finding in found:
        typer.secho(str(finding), fg=typer.colors.RED)
    typer.echo(f"{len(found)} found in {folder}")
    raise typer.Exit(1 if found else 0)
