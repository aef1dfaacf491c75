"""Write the folder of prepared tables (:mod:`ipasn_lib.records.prepared`): whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.layout import (
    FORMAT,
    NOTE,
    OWN_INSTRUMENT,
    PERSONS,
    PLACES,
    FileNote,
    persons_mark,
)
from ipasn_lib.records.prepared import Prepared, open_prepared
from ipasn_lib.records.problems import source_of

__all__ = ["write_prepared"]


def write_prepared(
    out: Path,
    *,
    tahun: int,
    minimum: int,
    tables: Mapping[str, pd.DataFrame],
    places: Mapping[str, Mapping[str, pd.DataFrame]],
    skor: Mapping[str, pd.DataFrame],
    rincian: Mapping[str, pd.DataFrame],
    problems: pd.DataFrame,
    berkas: tuple[FileNote, ...],
    sidik: str,
    own_instrument: Path | None = None,
    cek: Mapping[str, pd.DataFrame] | None = None,
    tafsir: Mapping[str, Mapping[str, str]] | None = None,
    terbaca: Mapping[str, str] | None = None,
    kunci: str = "",
) -> Prepared:
    """Write a folder of prepared tables; it appears whole or not at all.

    Parameters
    ----------
    out : pathlib.Path
        The folder; what was there before is replaced only once the new one is complete.
    tahun, minimum : int
    tables : mapping of str to pandas.DataFrame
        The published tables by name; ``kabkota`` tells which places are hidden.
    places : mapping of str to mapping
        By ``kode_kabkota``, the tables that its report reads, by name.
    skor, rincian : mapping of str to pandas.DataFrame
        Persons by ``kode_kabkota``; both with the same index.
    problems : pandas.DataFrame
    berkas : tuple of FileNote
    sidik : str
        Fingerprint of what the folder was made from.
    own_instrument : pathlib.Path, optional
        The instrument file of the user's own, kept with the tables.
    cek : mapping of str to pandas.DataFrame, optional
        By ``kode_kabkota``, index as in ``skor``: "boolean" columns, named by the code of a
        fault ("COM_1") or by a history (``skp``, ``pelatihan``, ``pendidikan``).
    tafsir : mapping of str to mapping, optional
        By id of an instrument, the readings taken at its contested points.
    terbaca : mapping of str to str, optional
        By name, the files that need not be read again while they are the same, and the hash of
        what decides what reading them gives.
    kunci : str
        Mark of the key of the pseudonyms.

    Returns
    -------
    Prepared

    Notes
    -----
    The note holds the day, not the hour, so that two runs of one day write the same bytes;
    ``SOURCE_DATE_EPOCH`` sets another day. The note of a place holds neither: a place's folder
    changes only with what its report shows.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    persons = dict(zip(PERSONS, (skor, rincian, cek or {}), strict=True))
    shared = {"format": FORMAT, "tahun": tahun, "minimum": minimum, "tafsir": tafsir or {}}
    try:
        _write_part(aside, tables, problems, own_instrument)
        published = tables["kabkota"]["n_pegawai"]
        hidden = sorted(map(str, published.index[published.isna()]))
        berkas = _opened(berkas, hidden)
        for kode in skor:
            home = aside / PLACES / kode
            notes = tuple(n for n in berkas if kode in n.kode_kabkota)
            names = [kode, *(n.berkas for n in notes)]
            here = problems.loc[source_of(problems).isin(names)].reset_index(drop=True)
            _write_part(home, places.get(kode, {}), here, own_instrument)
            for kind, frames in persons.items():
                if kode in frames:
                    _write_table(frames[kode], home / f"{kind}.parquet")
            note = {"sidik": "", "dibuat": "", "tempat": kode, "rinci": _is_detailed(rincian, kode)}
            note["tersembunyi"] = [kode] if kode in hidden else []
            note["terdekat"] = _nearest(places.get(kode, {}))
            _write_note(home, {**shared, **note}, {kode: skor[kode]}, notes)
        whole = {"sidik": sidik, "dibuat": _today().isoformat(), "tersembunyi": hidden}
        marks = {
            note.berkas: persons_mark(aside, note.kode_kabkota, terbaca[note.berkas])
            for note in berkas
            if terbaca and note.berkas in terbaca
        }
        read = {key: value for key, value in (("terbaca", marks), ("kunci", kunci)) if value}
        _write_note(aside, {**shared, **whole, **read}, skor, berkas)
        _swap(aside, out)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return open_prepared(out, tahun)


def _write_part(
    home: Path,
    tables: Mapping[str, pd.DataFrame],
    problems: pd.DataFrame,
    own_instrument: Path | None,
) -> None:
    """Write what the whole folder and a place's have in common."""
    (home / "tabel").mkdir(parents=True)
    for name, frame in tables.items():
        _write_table(frame, home / "tabel" / f"{name}.parquet")
    _write_table(problems, home / "masalah.parquet")
    if own_instrument is not None:
        shutil.copyfile(own_instrument, home / OWN_INSTRUMENT)


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path, compression="zstd")


def _write_note(
    home: Path,
    note: Mapping[str, Any],
    skor: Mapping[str, pd.DataFrame],
    berkas: tuple[FileNote, ...],
) -> None:
    def named(column: str) -> list[str]:
        return sorted({str(v) for frame in skor.values() for v in frame[column].unique()})

    sources = named("sumber_data")
    used = named("id_instrumen")
    full = {
        **note,
        "id_instrumen": used,
        "tafsir": {i: dict(taken) for i, taken in note["tafsir"].items() if i in used},
        "sumber_data": sources,
        "sintetis": any(source.startswith("sintetis") for source in sources),
        "kode_kabkota": sorted(skor),
        "berkas": [asdict(f) for f in berkas],
    }
    text = json.dumps(full, ensure_ascii=False, indent=1, sort_keys=True)
    (home / NOTE).write_text(text + "\n", encoding="utf-8")


def _opened(berkas: tuple[FileNote, ...], hidden: Sequence[str]) -> tuple[FileNote, ...]:
    """Mark the files whose counts may be published; a file refused whole has none."""
    files = Counter(kode for note in berkas for kode in note.kode_kabkota)
    return tuple(
        replace(
            note,
            terbuka=bool(note.galat)
            or all(files[kode] == 1 and kode not in hidden for kode in note.kode_kabkota),
        )
        for note in berkas
    )


def _nearest(tables: Mapping[str, pd.DataFrame]) -> str:
    """Give the place nearest in headcount, so that who only asks for it reads no table."""
    alike = tables.get("sebanding")
    return str(alike.index[0]) if alike is not None and len(alike) else ""


def _is_detailed(rincian: Mapping[str, pd.DataFrame], kode: str) -> bool:
    """Tell whether there are points of indicators; of given scores each dimension is its own."""
    columns = map(str, rincian[kode].columns) if kode in rincian else ()
    return any(len(set(name.split("."))) > 1 for name in columns)


def _today() -> dt.date:
    """Give the day of writing (UTC), or the one that reproducible builds ask for."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise ParameterError(
            "SOURCE_DATE_EPOCH is not a whole number of seconds; unset it or mend it"
        ) from None


def _swap(aside: Path, out: Path) -> None:
    """Put the finished folder in place of the old one."""
    # One row a person lies here, though without names: for the owner and the group only.
    for path in (aside, *aside.rglob("*")):
        path.chmod(0o750 if path.is_dir() else 0o640)
    if out.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        out.rename(old / "old")
        aside.rename(out)
        shutil.rmtree(old)
    else:
        aside.rename(out)
