"""The files of a folder that can be read, and those that cannot."""

from __future__ import annotations

import logging
from pathlib import Path

from ipasn_lib.errors import ParameterError

__all__ = ["READABLE", "find_files", "find_sources", "other_files"]

READABLE = (".csv", ".parquet", ".xlsx")
"""Kinds of personnel files."""

logger = logging.getLogger(__name__)


def find_files(folder: str | Path, *, subfolders: bool = False) -> list[Path]:
    """List the csv, xlsx and parquet files of a folder, sorted by name.

    Hidden files and the lock files of office programs ("~$...") are passed over; any other file
    is named in the log, and :func:`other_files` lists them.

    Parameters
    ----------
    folder : str or pathlib.Path
    subfolders : bool, default False
        Whether to look into subfolders too, such as ``3510-kab-banyuwangi/``.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    ParameterError
        If there is no such folder.
    """
    others = other_files(folder, subfolders=subfolders)
    if others:
        logger.warning(
            "%s: %d files are not read (%s are): %s",
            Path(folder).name,
            len(others),
            ", ".join(READABLE),
            ", ".join(path.name for path in others),
        )
    return [p for p in _visible(folder, subfolders) if p.suffix.lower() in READABLE]


def find_sources(folder: str | Path) -> list[Path]:
    """List every visible file at or below a folder that a reader may open, sorted.

    More than will be read: personnel files, SIASN's exports (also json), whatever else is of
    such a kind.
    """
    return [p for p in _visible(folder, True) if p.suffix.lower() in (*READABLE, ".json")]


def other_files(folder: str | Path, *, subfolders: bool = False) -> list[Path]:
    """List the visible files of a folder that :func:`find_files` does not read."""
    return [p for p in _visible(folder, subfolders) if p.suffix.lower() not in READABLE]


def _visible(folder: str | Path, subfolders: bool) -> list[Path]:
    root = Path(folder)
    if not root.is_dir():
        raise ParameterError(f"{root} is not a folder")
    found = root.rglob("*") if subfolders else root.iterdir()
    return sorted(
        path
        for path in found
        if path.is_file()
        and not any(part.startswith((".", "~$")) for part in path.relative_to(root).parts)
    )
