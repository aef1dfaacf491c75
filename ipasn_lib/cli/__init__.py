"""The command line ``ipasn``.

Help must answer at once, so nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import sys

import typer

from ipasn_lib.cli.check import check
from ipasn_lib.cli.files import explain, prepare, purge, score, synthesize
from ipasn_lib.cli.law import instruments, reconcile
from ipasn_lib.cli.reports import report, verify
from ipasn_lib.cli.scan import scan
from ipasn_lib.cli.schedule import schedule
from ipasn_lib.cli.shared import print_problems
from ipasn_lib.errors import IpasnError

__all__ = ["app", "main"]

app = typer.Typer(
    help="Indeks Profesionalitas ASN: from personnel files to reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    *(check, prepare, report, schedule, verify, scan, score, explain),
    *(instruments, reconcile, synthesize, purge),
):
    app.command()(command)


def main() -> None:
    """Run the command line; an error of ours is one clear message and exit status 2."""
    try:
        app()
    except IpasnError as error:
        typer.secho(f"ipasn: {error}", fg=typer.colors.RED, err=True)
        problems = getattr(error, "problems", None)
        if problems is not None and len(problems):
            print_problems(problems, err=True)
        sys.exit(2)
