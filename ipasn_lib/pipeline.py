"""From a folder of personnel files to a folder of prepared tables.

The one place where reading, the law and the index meet: each file is read, scored and set
aside by place; then the tables that are published are made once from all the people. What has
been prepared from the same files by the same rules is not prepared again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ipasn_lib.errors import DataError, IpasnError, ParameterError
from ipasn_lib.index.disclosure import MINIMUM
from ipasn_lib.index.score import add_rejected
from ipasn_lib.index.tables import published_tables
from ipasn_lib.intake import Intake, Progress, Source, scored, take_in
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.prepared import (
    FileNote,
    Prepared,
    inside_prepared,
    is_prepared,
    open_prepared,
    write_prepared,
)
from ipasn_lib.records.problems import problem_table
from ipasn_lib.records.reading import ReadResult, find_files
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.records.siasn.opening import find_exports
from ipasn_lib.records.siasn.reading import find_siasn_folders
from ipasn_lib.records.synthetic import synthesize

__all__ = ["prepare", "prepare_synthetic"]


@dataclass
class _Collected:
    """What has been read so far, by place."""

    skor: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    rincian: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    cek: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    problems: list[pd.DataFrame] = field(default_factory=list)
    notes: list[FileNote] = field(default_factory=list)


def prepare(
    data: str | Path,
    tahun: int,
    out: str | Path,
    *,
    readings: Mapping[str, str] | None = None,
    instrument: Path | None = None,
    minimum: int = MINIMUM,
    max_rejected: float = 0.05,
    sampai: dt.date | None = None,
    tanpa: Collection[str] = (),
    workers: int = 1,
    progress: Progress | None = None,
) -> Prepared:
    """Read, check and score every file of a folder, and write the prepared tables.

    Parameters
    ----------
    data : str or pathlib.Path
        Folder of personnel files: canonical tables, PIP ASN workbooks, BKD Jatim csv; and
        folders of SIASN's own exports, one a place.
    tahun : int
        Measurement year.
    out : str or pathlib.Path
        Where the prepared tables go; the folder appears whole or not at all.
    readings : mapping of str to str, optional
        Choices at contested points, for :func:`ipasn_lib.load_instrument`.
    instrument : pathlib.Path, optional
        An instrument file of your own, in place of the year's.
    minimum : int
        Smallest group shown.
    max_rejected : float
        A file of which a larger share of rows is refused is refused whole (0-1).
    sampai, tanpa
        For SIASN's exports: day of entry, and histories that are not to be missed; see
        :func:`ipasn_lib.records.siasn.reading.read_siasn`.
    workers : int
        Files read at a time, each in a process of its own; see :func:`ipasn_lib.intake.take_in`.
    progress : callable, optional
        Called with file name, position and number of files as each is taken in.

    Returns
    -------
    Prepared
        A file that was refused is named in ``berkas`` with the reason; its people are missing.

    Raises
    ------
    ParameterError
        If the folder holds no file of a known kind.
    DataError
        If not one file could be read.

    Notes
    -----
    A person (``id_pegawai``) who stands in the files of two places is counted in both as
    refused, since nothing in the files says which is right, and the problem is listed.
    """
    law = load_instrument(instrument or tahun, readings)
    root = Path(data)
    folders = [f for f in find_siasn_folders(root) if not inside_prepared(f / "x")]
    files = [
        f
        for f in find_files(root, subfolders=True)
        if f.parent not in folders and not inside_prepared(f)
    ]
    if not files and not folders:
        raise ParameterError(f"{data} holds no csv, xlsx or parquet file and no SIASN exports")
    sources = [*files, *(f for folder in folders for f in find_exports(folder))]
    own = [instrument] if instrument else []
    rules = (law.id, minimum, max_rejected, str(sampai), sorted(tanpa))
    sidik = _fingerprint([*sources, *own], *rules)
    if _is_made_from(Path(out), tahun, sidik):
        return open_prepared(out, tahun)
    got = _Collected()
    read = [
        Source(path, law, tahun, max_rejected, sampai, tuple(sorted(tanpa)))
        for path in [*files, *folders]
    ]
    for intake in take_in(read, workers=workers, progress=progress):
        _collect(got, intake)
    if not got.skor:
        reasons = "; ".join(f"{n.berkas}: {n.galat}" for n in got.notes[:5])
        raise DataError(f"no file of {data} could be used. {reasons}")
    return _write(got, Path(out), tahun, law, minimum, sidik, instrument)


def prepare_synthetic(
    out: str | Path,
    tahun: int,
    *,
    seed: int,
    scale: float = 1.0,
    readings: Mapping[str, str] | None = None,
    instrument: Path | None = None,
    minimum: int = MINIMUM,
    progress: Progress | None = None,
) -> Prepared:
    """Score a make-believe province and write the prepared tables, marked as make-believe.

    Parameters
    ----------
    out, tahun, readings, instrument, minimum, progress
        As in :func:`prepare`.
    seed : int
        Same seed, same people.
    scale : float
        1 is the real size of East Java, about 0.4 million people.

    Returns
    -------
    Prepared
    """
    law = load_instrument(instrument or tahun, readings)
    sidik = _fingerprint([instrument] if instrument else [], law.id, minimum, seed, scale)
    if _is_made_from(Path(out), tahun, sidik):
        return open_prepared(out, tahun)
    got = _Collected()
    codes = list(load_kabkota().index)
    for position, kode in enumerate(codes):
        if progress:
            progress(f"sintetis {kode}", position, len(codes))
        pegawai = synthesize(seed, scale=scale, tahun=tahun, instrument=law, kabkota=[kode])
        size, nobody = len(pegawai), pegawai.iloc[:0]
        read = ReadResult(pegawai, problem_table([], "", []), nobody, size, size, 0, "sintetis")
        _collect(got, scored(read, f"sintetis-{kode}", law))
    return _write(got, Path(out), tahun, law, minimum, sidik, instrument)


def _fingerprint(files: Iterable[Path], *rules: object) -> str:
    """Hash the content of files, the rules asked for and the code that reads and scores."""
    total = hashlib.sha256(json.dumps(rules).encode())
    here = Path(__file__).resolve().parent
    code = [here / "pipeline.py", here / "intake.py"]
    for room in ("law", "records", "index"):
        code += sorted(p for p in (here / room).rglob("*") if p.suffix in {".py", ".toml", ".csv"})
    for path in [*code, *files]:
        total.update(path.name.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _is_made_from(out: Path, tahun: int, sidik: str) -> bool:
    """Tell whether the folder is there and was made from exactly this."""
    try:
        return is_prepared(out, tahun) and open_prepared(out, tahun).sidik == sidik
    except (IpasnError, KeyError, ValueError):
        return False  # another version's or a damaged folder: make it again


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
    minimum: int,
    sidik: str,
    own_instrument: Path | None,
) -> Prepared:
    skor = {kode: pd.concat(parts) for kode, parts in sorted(got.skor.items()) if parts}
    skor, doubled = _refuse_doubled(skor)
    problems = [*got.problems, *doubled]
    return write_prepared(
        out,
        tahun=tahun,
        minimum=minimum,
        tables=published_tables(pd.concat(skor.values()), load_kabkota(), minimum, law),
        skor=skor,
        rincian={kode: _aligned(got.rincian[kode], frame) for kode, frame in skor.items()},
        cek={kode: _aligned(got.cek[kode], skor[kode]) for kode in got.cek if kode in skor},
        problems=pd.concat([problem_table([], "", []), *problems], ignore_index=True),
        berkas=tuple(got.notes),
        sidik=sidik,
        own_instrument=own_instrument,
    )


def _aligned(parts: list[pd.DataFrame], skor: pd.DataFrame) -> pd.DataFrame:
    """Put what is known of people in the order of the scores; missing for refused people."""
    table = pd.concat(parts)
    return table.loc[~table.index.duplicated()].reindex(skor.index)


def _refuse_doubled(
    skor: dict[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], list[pd.DataFrame]]:
    """Refuse people who stand more than once over all files, and list how many and where."""
    ids = pd.Index([i for frame in skor.values() for i in frame.index])
    doubled = set(ids[ids.duplicated()])
    if not doubled:
        return skor, []
    cleaned, problems = {}, []
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
        problems.append(pd.DataFrame([problem]))
    return cleaned, problems
