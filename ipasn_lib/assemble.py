"""Read, check and score, and write the prepared tables: where files, law and index meet.

Each file is read, scored and set aside by place; then the tables that are published are made once
from all the people, and for each place what its report reads of them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.extract import place_tables
from ipasn_lib.fingerprints import Fingerprints
from ipasn_lib.index.score import add_rejected
from ipasn_lib.index.tables import PUBLISHED, published_tables
from ipasn_lib.intake import Intake, Progress, Source, scored, take_in
from ipasn_lib.kept import keepable, kept_intakes
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.folders import find_files
from ipasn_lib.records.keys import key_mark
from ipasn_lib.records.layout import FileNote, inside_prepared
from ipasn_lib.records.prepared import Prepared
from ipasn_lib.records.prepared_write import write_prepared
from ipasn_lib.records.problems import problem_table
from ipasn_lib.records.reading import ReadResult
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.records.siasn.people import check_unit
from ipasn_lib.records.siasn.presence import check_without
from ipasn_lib.records.siasn.reading import find_siasn_folders
from ipasn_lib.records.synthetic import synthesize
from ipasn_lib.threshold import MINIMUM

__all__ = ["assemble_files", "assemble_synthetic"]


@dataclass
class _Collected:
    """What has been read so far, by place."""

    skor: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    rincian: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    cek: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    problems: list[pd.DataFrame] = field(default_factory=list)
    notes: list[FileNote] = field(default_factory=list)


def assemble_files(
    data: Path,
    tahun: int,
    out: Path,
    made_from: Fingerprints,
    *,
    readings: Mapping[str, str] | None,
    instrument: Path | None,
    minimum: int | None,
    max_rejected: float,
    sampai: dt.date | None,
    tanpa: Collection[str],
    unit: str,
    kode_kabkota: str | None,
    before: Prepared | None,
    last: Prepared | None,
    workers: int,
    progress: Progress | None,
) -> Prepared:
    """Prepare the files of a folder; see :func:`ipasn_lib.pipeline.prepare`.

    ``made_from`` tells unchanged files, whose people are taken from the ``last`` tables.
    """
    law = load_instrument(instrument or tahun, readings)
    check_unit(unit)
    without = tuple(sorted(check_without(tanpa)))
    folders = [f for f in find_siasn_folders(data) if not inside_prepared(f / "x")]
    files = [
        f
        for f in find_files(data, subfolders=True)
        if f.parent not in folders and not inside_prepared(f)
    ]
    if not files and not folders:
        raise ParameterError(f"{data} holds no csv, xlsx or parquet file and no SIASN exports")
    got = _Collected()
    paths = [*files, *folders]
    marks = {path: made_from.of(path) for path in paths}
    kept = kept_intakes(last, marks)
    read = [
        Source(path, law, tahun, max_rejected, sampai, without, unit, kode_kabkota)
        for path in paths
        if path not in kept
    ]
    taken = take_in(read, workers=workers, progress=progress)
    for path in paths:
        _collect(got, kept[path] if path in kept else next(taken))
    if not got.skor:
        reasons = "; ".join(f"{n.berkas}: {n.galat}" for n in got.notes[:5])
        raise DataError(f"no file of {data} could be used. {reasons}")
    return _write(got, out, tahun, law, minimum, made_from.whole, instrument, before, marks)


def assemble_synthetic(
    tahun: int,
    out: Path,
    sidik: str,
    *,
    seed: int,
    scale: float,
    readings: Mapping[str, str] | None,
    instrument: Path | None,
    minimum: int | None,
    progress: Progress | None,
) -> Prepared:
    """Prepare a make-believe province; see :func:`ipasn_lib.pipeline.prepare_synthetic`."""
    law = load_instrument(instrument or tahun, readings)
    got = _Collected()
    codes = list(load_kabkota().index)
    for position, kode in enumerate(codes):
        if progress:
            progress(f"sintetis {kode}", position, len(codes))
        pegawai = synthesize(seed, scale=scale, tahun=tahun, instrument=law, kabkota=[kode])
        size, nobody = len(pegawai), pegawai.iloc[:0]
        read = ReadResult(pegawai, problem_table([], "", []), nobody, size, size, 0, "sintetis")
        _collect(got, scored(read, f"sintetis-{kode}", law))
    return _write(got, out, tahun, law, minimum, sidik, instrument)


def _collect(got: _Collected, intake: Intake) -> None:
    """Set a source's people aside by place; a place's people come by one kind of source."""
    note = intake.note
    for kode in note.kode_kabkota:
        before = {i for part in got.skor[kode] for i in part["id_instrumen"].unique()}
        if before and before != set(intake.skor["id_instrumen"].unique()):
            reason = (
                f"another file of {kode} gives records where this one gives scores, or the "
                "reverse; keep one kind for a place, since the two are not comparable"
            )
            got.notes.append(FileNote(note.berkas, "", (), 0, 0, 0, galat=reason))
            return
    for kode in note.kode_kabkota:
        here = (intake.skor["kode_kabkota"] == kode).to_numpy()
        got.skor[kode].append(intake.skor.loc[here])
        got.rincian[kode].append(intake.rincian.loc[here])
        if intake.cek is not None:
            got.cek[kode].append(intake.cek.loc[intake.cek.index.isin(intake.skor.index[here])])
    if intake.problems is not None:
        got.problems.append(intake.problems)
    got.notes.append(note)


def _write(
    got: _Collected,
    out: Path,
    tahun: int,
    law: Instrument,
    minimum: int | None,
    sidik: str,
    own_instrument: Path | None,
    before: Prepared | None = None,
    marks: Mapping[Path, str] | None = None,
) -> Prepared:
    smallest = MINIMUM if minimum is None else minimum
    kabkota = load_kabkota()
    skor = {kode: pd.concat(parts) for kode, parts in sorted(got.skor.items()) if parts}
    skor, doubled = _refuse_doubled(skor)
    problems = [*got.problems, *doubled.values()]
    earlier = {name: before.table(name) for name in PUBLISHED} if before else None
    tables = published_tables(pd.concat(skor.values()), kabkota, smallest, law, earlier)
    return write_prepared(
        out,
        tahun=tahun,
        minimum=smallest,
        tables=tables,
        places={kode: place_tables(tables, kabkota, kode, smallest) for kode in skor},
        skor=skor,
        rincian={kode: _aligned(got.rincian[kode], frame) for kode, frame in skor.items()},
        cek={kode: _aligned(got.cek[kode], skor[kode]) for kode in got.cek if kode in skor},
        problems=pd.concat([problem_table([], "", []), *problems], ignore_index=True),
        berkas=tuple(got.notes),
        sidik=sidik,
        own_instrument=own_instrument,
        tafsir={i.id: _readings(i) for i in (law, law.as_given())},
        terbaca=keepable(got.notes, marks or {}, doubled),
        kunci=key_mark() if marks else "",
    )


def _readings(law: Instrument) -> dict[str, str]:
    return {key: law.pilihan_tafsir[key] for key in law.tafsir}


def _aligned(parts: list[pd.DataFrame], skor: pd.DataFrame) -> pd.DataFrame:
    """Put what is known of people in the order of the scores; missing for refused people."""
    table = pd.concat(parts)
    return table.loc[~table.index.duplicated()].reindex(skor.index)


def _refuse_doubled(
    skor: dict[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Refuse people who stand more than once over all files, and list how many, by place."""
    ids = pd.Index([i for frame in skor.values() for i in frame.index])
    doubled = set(ids[ids.duplicated()])
    if not doubled:
        return skor, {}
    cleaned, problems = {}, {}
    for kode, frame in skor.items():
        hit = frame.index.isin(list(doubled))
        if not hit.any():
            cleaned[kode] = frame
            continue
        refused = add_rejected(frame.loc[~hit], frame.loc[hit])
        # Two places may not both count one person; each keeps its own row under its own id.
        names = [f"{i}@{kode}" if i in doubled else i for i in refused.index]
        cleaned[kode] = refused.set_axis(pd.Index(names, name=frame.index.name))
        problem = {
            "berkas": kode,
            "tingkat": "galat",
            "kolom": "nip",
            "aturan": "ganda_antarberkas",
            "jumlah": int(hit.sum()),
            "baris": "",
            "harapan": "setiap NIP di satu berkas saja; hapus dari daerah yang lama",
        }
        problems[kode] = pd.DataFrame([problem])
    return cleaned, problems
