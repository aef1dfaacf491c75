"""The command line ``ipasn``, and how it ends."""

from __future__ import annotations

import os
import sys
import traceback

import typer

from ipasn_lib.errors import IpasnError

__all__ = ["main"]

TRACE = "IPASN_JEJAK"
"""Set, a fault of the program is shown whole, with whatever values its message holds."""


def main() -> None:
    """Run the command line; an error of ours is one clear message and exit status 2.

    Where the system refuses a file, that is said too. A fault of the program is told by its kind
    and place only: the message of an error that nobody foresaw may hold a person's value, and
    what is printed at night goes into a log.
    """
    try:
        from ipasn_lib.cli.app import app  # may end, too: a signed file that it reads is not right

        app()
    except IpasnError as error:
        typer.secho(f"ipasn: {error}", fg=typer.colors.RED, err=True)
        problems = getattr(error, "problems", None)
        if problems is not None and len(problems):
            from ipasn_lib.cli.shared import print_problems

            print_problems(problems, err=True)
        sys.exit(2)
    except OSError as error:
        what = error.strerror or type(error).__name__
        named = f"{error.filename}: " if error.filename is not None else ""
        typer.secho(f"ipasn: {named}{what}", fg=typer.colors.RED, err=True)
        sys.exit(2)
    except Exception as error:
        if os.environ.get(TRACE):
            raise
        for frame in traceback.extract_tb(error.__traceback__):
            typer.echo(f"  {frame.filename}:{frame.lineno} in {frame.name}", err=True)
        kind = type(error).__name__
        told = f"a fault of the program ({kind}); its message may hold a person's value and is "
        told += f"not shown: set {TRACE}=1 to see it"
        typer.secho(f"ipasn: {told}", fg=typer.colors.RED, err=True)
        sys.exit(3)
