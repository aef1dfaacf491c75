"""How far a batch is: a bar on a terminal, plain lines elsewhere, JSON lines on request."""

from __future__ import annotations

import json
import sys
from typing import IO, Any, Protocol

from ipasn_lib.errors import ParameterError

__all__ = ["KINDS", "JsonProgress", "LineProgress", "Progress", "RichProgress", "make_progress"]

KINDS = ("otomatis", "bilah", "baris", "json", "diam")


class Progress(Protocol):
    """What the batch tells: the start, each job's start and end, and the end."""

    def begin(self, jumlah: int) -> None:
        """Say how many jobs there are."""

    def started(self, nama: str, percobaan: int) -> None:
        """Say that a job runs, for the nth time."""

    def ended(
        self, nama: str, status: str, detik: float, kesalahan: str, sisa: float | None
    ) -> None:
        """Say how a job ended, and the estimated seconds left (None if unknown)."""

    def end(self, ringkasan: str) -> None:
        """Say how the whole ended."""


def make_progress(kind: str = "otomatis", stream: IO[str] | None = None) -> Progress:
    """Return a progress display.

    Parameters
    ----------
    kind : {"otomatis", "bilah", "baris", "json", "diam"}
        A bar, plain lines, JSON lines or nothing; ``otomatis`` is a bar on a terminal and plain
        lines elsewhere.
    stream : text file, optional
        Where to write; standard error by default, so that standard output stays for results.

    Raises
    ------
    ParameterError
        For another kind.
    """
    if kind not in KINDS:
        raise ParameterError(f"unknown progress {kind!r}; known: {', '.join(KINDS)}")
    out = sys.stderr if stream is None else stream
    if kind == "bilah" or (kind == "otomatis" and out.isatty()):
        return RichProgress(out)
    if kind == "json":
        return JsonProgress(out)
    return LineProgress(out, silent=kind == "diam")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} mnt {rest} dtk" if minutes else f"{rest} dtk"


class LineProgress:
    """One line a job."""

    def __init__(self, stream: IO[str], *, silent: bool = False) -> None:
        self._stream = stream
        self._silent = silent
        self._total = self._done = 0

    def begin(self, jumlah: int) -> None:
        """Say how many jobs there are."""
        self._total = jumlah
        self._say(f"{jumlah} laporan")

    def started(self, nama: str, percobaan: int) -> None:
        """Say only that a job runs again."""
        if percobaan > 1:
            self._say(f"{nama}: diulang (percobaan {percobaan})")

    def ended(
        self, nama: str, status: str, detik: float, kesalahan: str, sisa: float | None
    ) -> None:
        """Say how a job ended."""
        self._done += 1
        text = f"[{self._done}/{self._total}] {nama}: {status}"
        text += f", {detik:.1f}".replace(".", ",") + " dtk" if detik else ""
        text += f" ({kesalahan})" if kesalahan else ""
        text += f"; sisa ±{_duration(sisa)}" if sisa else ""
        self._say(text)

    def end(self, ringkasan: str) -> None:
        """Say how the whole ended."""
        self._say(ringkasan)

    def _say(self, text: str) -> None:
        if not self._silent:
            print(text, file=self._stream, flush=True)


class JsonProgress:
    """One JSON object a line, for a program that reads along."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def begin(self, jumlah: int) -> None:
        """Say how many jobs there are."""
        self._say(peristiwa="awal", jumlah=jumlah)

    def started(self, nama: str, percobaan: int) -> None:
        """Say that a job runs, for the nth time."""
        self._say(peristiwa="mulai", nama=nama, percobaan=percobaan)

    def ended(
        self, nama: str, status: str, detik: float, kesalahan: str, sisa: float | None
    ) -> None:
        """Say how a job ended."""
        self._say(
            peristiwa="akhir",
            nama=nama,
            status=status,
            detik=round(detik, 3),
            kesalahan=kesalahan,
            sisa_detik=None if sisa is None else round(sisa, 1),
        )

    def end(self, ringkasan: str) -> None:
        """Say how the whole ended."""
        self._say(peristiwa="tamat", ringkasan=ringkasan)

    def _say(self, **event: Any) -> None:
        self._stream.write(json.dumps(event, ensure_ascii=False) + "\n")
        self._stream.flush()


class RichProgress:
    """A bar with the count, the failures and the time left."""

    def __init__(self, stream: IO[str]) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[sisa]}"),
            console=Console(file=stream),
        )
        self._failed = 0

    def begin(self, jumlah: int) -> None:
        """Show the bar."""
        self._task = self._bar.add_task("Laporan", total=jumlah, sisa="")
        self._bar.start()

    def started(self, nama: str, percobaan: int) -> None:
        """Say only that a job runs again."""
        if percobaan > 1:
            self._bar.console.print(f"{nama}: diulang (percobaan {percobaan})", markup=False)

    def ended(
        self, nama: str, status: str, detik: float, kesalahan: str, sisa: float | None
    ) -> None:
        """Move the bar; a failure also gets its own line above it."""
        if kesalahan:
            self._failed += 1
            self._bar.console.print(f"{nama}: {status} ({kesalahan})", style="red", markup=False)
        text = f"sisa ±{_duration(sisa)}" if sisa else ""
        title = f"Laporan ({self._failed} gagal)" if self._failed else "Laporan"
        self._bar.update(self._task, advance=1, sisa=text, description=title)

    def end(self, ringkasan: str) -> None:
        """Close the bar and sum up."""
        self._bar.stop()
        self._bar.console.print(ringkasan, markup=False)
