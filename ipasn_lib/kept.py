"""People of sources that have not changed since the last time: taken from the tables, not read.

A correction comes as one new file of one place. All others are told by the hash of their bytes,
of the rules asked for and of the code that reads them; their people lie in the prepared tables,
scored, and are taken from there. What comes of it is byte for byte what reading all would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from ipasn_lib.intake import Intake
from ipasn_lib.records.layout import PERSONS, FileNote, persons_mark
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.records.problems import source_of

__all__ = ["keepable", "kept_intakes"]


def kept_intakes(before: Prepared | None, marks: Mapping[Path, str]) -> dict[Path, Intake]:
    """Give what reading gave of those sources that stand unchanged in the last tables.

    Parameters
    ----------
    before : Prepared or None
        The tables of last time.
    marks : mapping of pathlib.Path to str
        For each source the hash of all that decides what reading it gives.

    Notes
    -----
    The hash recorded with the tables covers the tables of the people as well: where somebody has
    edited these, the source is read again.
    """
    if before is None or not before.terbaca:
        return {}
    notes = {note.berkas: note for note in before.berkas}
    kept = {}
    for path, mark in marks.items():
        recorded, note = before.terbaca.get(path.name), notes.get(path.name)
        if recorded is None or note is None:
            continue
        if persons_mark(before.folder, note.kode_kabkota, mark) == recorded:
            kept[path] = _intake(before, note)
    return kept


def keepable(
    notes: Sequence[FileNote], marks: Mapping[Path, str], doubled: Collection[str]
) -> dict[str, str]:
    """Choose the sources whose people can be taken from the tables as they were read.

    That is where a source alone holds all people of its places, no other is called like it, and
    none of its people was refused for standing in another file, too.

    Parameters
    ----------
    notes : sequence of FileNote
        Of every source.
    marks : mapping of pathlib.Path to str
        As in :func:`kept_intakes`.
    doubled : collection of str
        ``kode_kabkota`` of places with people who stand in more than one file.

    Returns
    -------
    dict of str to str
        The mark by the source's name.
    """
    called = Counter(path.name for path in marks)
    holding = Counter(kode for note in notes for kode in note.kode_kabkota)
    fit = {
        note.berkas
        for note in notes
        if not note.galat
        and all(holding[kode] == 1 and kode not in doubled for kode in note.kode_kabkota)
    }
    return {p.name: mark for p, mark in marks.items() if p.name in fit and called[p.name] == 1}


def _intake(before: Prepared, note: FileNote) -> Intake:
    homes = [before.place(kode).folder for kode in note.kode_kabkota]
    skor, rincian, cek = (
        [pd.read_parquet(path) for home in homes if (path := home / f"{kind}.parquet").is_file()]
        for kind in PERSONS
    )
    problems = before.problems()
    own = problems.loc[source_of(problems) == note.berkas]
    return Intake(
        note=note,
        skor=pd.concat(skor),
        rincian=pd.concat(rincian),
        cek=pd.concat(cek) if cek else None,
        problems=own if len(own) else None,
    )
