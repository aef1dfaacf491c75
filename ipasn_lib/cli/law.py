"""Commands about the law and published tables: instruments, reconcile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipasn_lib.cli.shared import YEAR, print_problems

__all__ = ["instruments", "reconcile"]


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


def reconcile(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="csv, xlsx, parquet.")],
    tahun: Annotated[int, YEAR],
    everything: Annotated[
        bool, typer.Option("--semua", help="List also the checks that agree.")
    ] = False,
) -> None:
    """Check a published summary table: sums, categories, combined rows, and which cell is wrong.

    Published tables warn and are never rejected, so the exit status is 0 either way.
    """
    from ipasn_lib.analysis.reconcile import reconcile as reconcile_table
    from ipasn_lib.figures.tables_quality import finding_table, guess_table
    from ipasn_lib.law.loading import load_instrument
    from ipasn_lib.records.apart import Task, call_apart
    from ipasn_lib.records.published import read_published

    published = call_apart(Task(file.name, read_published, (file,)))
    if len(published.problems):
        print_problems(published.problems)
    found = reconcile_table(published.tabel, load_instrument(tahun), desimal=published.desimal)
    name, decimals = file.name, published.desimal
    checks = finding_table(found.pemeriksaan, sumber=name, desimal=decimals, semua=everything)
    typer.echo(checks.plain)
    if len(found.dugaan):
        typer.echo("\n" + guess_table(found.dugaan, sumber=name, desimal=decimals).plain)
