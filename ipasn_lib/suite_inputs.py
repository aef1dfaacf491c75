"""Which files of the prepared tables a report reads, and their hash: the key of the report.

A notebook is given the folder of the whole year or of one place, and reads of it no more than is
named here; a test runs each where nothing else is left.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ipasn_lib.records.layout import NOTE, OWN_INSTRUMENT, PLACES
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.threshold import MINIMUM, PUNISHED

__all__ = ["everybody", "made_from", "of_part", "summary_files"]


def of_part(place: Prepared, *names: str) -> list[Path]:
    """Name files of a place's part, with what opening it reads."""
    own = place.folder / OWN_INSTRUMENT
    tables = [place.folder / f"{name}.parquet" for name in names]
    return [place.folder / NOTE, *([own] if own.is_file() else []), *tables]


def everybody(siap: Prepared) -> list[Path]:
    """Give what a report reads that looks at the people of all places."""
    return [*summary_files(siap), *sorted((siap.folder / PLACES).glob("*/*.parquet"))]


def summary_files(siap: Prepared) -> list[Path]:
    """Give what a report of the whole province reads, persons aside."""
    own = siap.folder / OWN_INSTRUMENT
    tables = sorted((siap.folder / "tabel").glob("*.parquet"))
    notes = [siap.folder / NOTE, siap.folder / "masalah.parquet"]
    return [*tables, *notes, *([own] if own.is_file() else [])]


def made_from(siap: Prepared) -> dict[str, Any]:
    """Say by which instruments people were scored, from where, and which smallest group holds."""
    return {
        "ambang": {"minimum": max(MINIMUM, siap.minimum), "disiplin": PUNISHED},
        "id_instrumen": list(siap.id_instrumen),
        "tafsir": {i: dict(siap.tafsir.get(i, {})) for i in siap.id_instrumen},
        "sumber_data": list(siap.sumber_data),
    }
