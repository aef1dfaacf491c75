"""The commands of ``ipasn``, put together.

Help must answer at once, so nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import typer

from ipasn_lib.cli.check import check
from ipasn_lib.cli.files import explain, prepare, purge, score, synthesize
from ipasn_lib.cli.law import instruments, reconcile
from ipasn_lib.cli.reports import report, verify
from ipasn_lib.cli.scan import scan
from ipasn_lib.cli.schedule import schedule

__all__ = ["app"]

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
