"""The executed notebook of a report that failed, kept beside the reports for who mends it.

It may quote data: it is not for publication.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from ipasn_lib.reports.folders import GAGAL
from ipasn_lib.reports.jobs import Planned
from ipasn_lib.reports.nodes import mark_failed, prepare, write_notebook
from ipasn_lib.reports.worker import FAILED

__all__ = ["forget", "keep"]


def keep(item: Planned, temporary: Path, cell: int) -> Path | None:
    """Keep the notebook of a failure; where the worker died, say so in it, unlike papermill.

    Parameters
    ----------
    item : Planned
        The report.
    temporary : pathlib.Path
        Its temporary folder, which a worker that died may not even have made.
    cell : int
        The cell that ran last.

    Returns
    -------
    pathlib.Path or None
        Where it is; None if it could not be written.
    """
    place, executed = _place(item.out, item.job.nama), temporary / FAILED
    try:
        place.parent.mkdir(exist_ok=True)
        if not executed.is_file():
            nb = prepare(item.text, Path(item.job.notebook).name, item.parameters)
            mark_failed(nb, min(cell, len(nb.cells) - 1))
            temporary.mkdir(parents=True, exist_ok=True)
            write_notebook(nb, executed)
        executed.replace(place)
    except OSError:  # a full disk: what went wrong is said all the same
        return None
    return place


def forget(out: Path, nama: str) -> None:
    """Remove what was kept of an earlier failure of a report."""
    place = _place(out, nama)
    place.unlink(missing_ok=True)
    with suppress(OSError):  # not there, or still holding others
        place.parent.rmdir()


def _place(out: Path, nama: str) -> Path:
    return out.parent / GAGAL / f"{nama}.ipynb"
