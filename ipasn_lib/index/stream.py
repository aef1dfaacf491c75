"""A nation's people, from Parquet files to counted cells, block by block on all cores.

Only the columns that the instrument and the keys need are read, text stays in the dictionaries
of the file, and of a block nothing remains but what its people add to their cells: memory grows
with the number of cells, not of people. Row groups are shared out over threads (reading and
array arithmetic let other threads run). Where the instrument's points are whole half points,
people are looked up in its table of cases (:mod:`ipasn_lib.index.lookup`); otherwise each block
is scored as :func:`ipasn_lib.score` scores it. Either way the cells are those of
:func:`ipasn_lib.index.counting.count`.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.index.aggregate import check_keys, summarize
from ipasn_lib.index.counting import Counts, combine
from ipasn_lib.index.identity import refuse_repeated
from ipasn_lib.index.lookup import BLOCK, PointTable, point_table
from ipasn_lib.index.parquet import Part, Paths, Source, find_sources, parts_of
from ipasn_lib.index.refusal import refuse
from ipasn_lib.index.score import KEYS, instrument_for, problems_of
from ipasn_lib.index.tally import tally_cases, tally_scores
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["count_parquet", "summarize_parquet"]


@dataclass(frozen=True)
class _Plan:
    """What is read and how it is counted."""

    instrument: Instrument
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    table: PointTable | None


def summarize_parquet(
    paths: Paths,
    instrument: Instrument,
    by: Mapping[str, Sequence[str]],
    minimum: int = MINIMUM,
    within: Mapping[str, Sequence[Sequence[str]]] | None = None,
    workers: int | None = None,
    check_ids: bool = True,
    pool: Executor | None = None,
) -> dict[str, pd.DataFrame]:
    """Score people who lie in Parquet files and summarise them in groups, whatever their number.

    Parameters
    ----------
    paths : path or sequence of paths
        Parquet files of the table ``pegawai``, or folders of them; together one population.
    instrument : Instrument
        From :func:`ipasn_lib.load_instrument`.
    by : mapping of str to sequence of str
        The tables to make: a name, and the columns that make its groups, outermost first, as
        ``{"unit": ["kode_kabkota", "unit_kerja"], "kabkota": ["kode_kabkota"]}``.
    minimum : int
        Groups of fewer people, or of fewer measured people, are hidden.
    within : mapping of str to sequence of sequence of str, optional
        For a table's name, the other tables it is guarded against, as ``within`` of
        :func:`ipasn_lib.aggregate`.
    workers : int, optional
        Threads; by default as many as there are cores. More change nothing but time.
    check_ids : bool
        Whether to read ``id_pegawai`` and refuse a person who stands there twice (8 bytes of
        memory a person). False only where that is known.
    pool : concurrent.futures.Executor, optional
        Where the row groups are counted instead of in threads of this process: processes, or
        the workers of a Dask cluster (``Client(...).get_executor()``), which find the files
        under the same paths. The same code by partition; only the counts of cells come back.

    Returns
    -------
    dict of str to pandas.DataFrame
        For each name the table that ``aggregate(score(people, instrument), ...)`` gives: equal
        to the last bit where points are whole half points, else to rounding.

    Raises
    ------
    DataError
        As :func:`ipasn_lib.score` of all people together, with counts over all files; or files
        differ in their columns, lack one, or name a person twice.
    ParameterError
        For an unknown column, a minimum below the one of the file, a path that is not there,
        or no file at all.

    Notes
    -----
    Memory: a block of 131,072 people a thread, the cells, and the ids' eight bytes. A file
    written as one row group is read by one thread; row groups of 100,000 to 500,000 rows
    share out well.
    """
    minimum, guards = check_minimum(minimum), dict(within or {})
    if unknown := set(guards) - set(by):
        raise ParameterError(f"within names {sorted(unknown)}; tables are {sorted(by)}")
    asked = [c for n in by for cs in (by[n], *guards.get(n, ())) for c in cs]
    counts = count_parquet(paths, instrument, asked, workers, check_ids, pool)
    return {
        name: summarize(counts, columns, minimum, guards.get(name, ()), instrument)
        for name, columns in by.items()
    }


def count_parquet(
    paths: Paths,
    instrument: Instrument,
    keys: Sequence[str],
    workers: int | None = None,
    check_ids: bool = True,
    pool: Executor | None = None,
) -> Counts:
    """Score people who lie in Parquet files and count them into cells.

    Parameters
    ----------
    paths, instrument, workers, check_ids, pool
        As in :func:`summarize_parquet`.
    keys : sequence of str
        Columns to tell apart, out of ``KEYS`` of :mod:`ipasn_lib.index.score`.

    Returns
    -------
    Counts
        For :func:`ipasn_lib.index.aggregate.summarize`, to which keys such as the region of a
        place may be added first (``add_keys``).

    Raises
    ------
    DataError, ParameterError
        As :func:`summarize_parquet`.
    """
    sources = find_sources(paths)
    plan = _plan(sources[0].schema.names, instrument, keys)
    threads = _threads(workers)
    if check_ids:
        refuse_repeated(sources, threads)
    parts = parts_of(sources)
    if pool is None:
        tallies = _in_threads(parts, plan, threads)
    else:
        sent = [pool.submit(_one_part, part.sumber.path, part.nomor, plan) for part in parts]
        tallies = [future.result() for future in sent]
    counted = [tally for tally in tallies if tally is not None]
    if len(counted) < len(tallies):
        _explain(sources, plan)
    return combine(counted)


def _in_threads(parts: Sequence[Part], plan: _Plan, threads: int) -> list[Counts | None]:
    """Let threads take one row group after the other; each adds up what it has taken."""
    left = deque(parts)
    # With fewer row groups than threads, the columns of one are decoded side by side.
    few = len(left) < threads

    def blocks() -> Iterator[pa.RecordBatch]:
        while True:
            try:
                part = left.popleft()
            except IndexError:
                return
            yield from part.blocks(plan.columns, BLOCK, few)

    with ThreadPoolExecutor(threads) as pool:
        return [f.result() for f in [pool.submit(_tally, blocks(), plan) for _ in range(threads)]]


def _one_part(path: Path, number: int, plan: _Plan) -> Counts | None:
    """Count the people of one row group; run where the pool's workers are."""
    (source,) = find_sources(path)
    return _tally(Part(source, number).blocks(plan.columns, BLOCK), plan)


def _tally(blocks: Iterable[pa.RecordBatch], plan: _Plan) -> Counts | None:
    if plan.table is None:
        return tally_scores(blocks, plan.instrument, plan.keys)
    return tally_cases(blocks, plan.table, plan.instrument.id, plan.keys)


def _threads(workers: int | None) -> int:
    if workers is None:
        return os.cpu_count() or 1
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise ParameterError(f"workers is {workers!r}; expected a whole number of 1 or more")
    return workers


def _plan(names: Sequence[str], instrument: Instrument, keys: Sequence[str]) -> _Plan:
    """Decide what to read, from the columns of the files."""
    if "sumber_data" not in names:
        raise DataError("pegawai lacks sumber_data; a table must say where its people come from")
    instrument = instrument_for(names, instrument)
    check_keys(keys, [k for k in KEYS if k in names])
    asked = tuple(dict.fromkeys(("sumber_data", *keys)))
    table = point_table(instrument, names)
    needs = table.columns if table else ("jenis_asn", "kelompok_jabatan", *instrument.kolom)
    columns = tuple(n for n in dict.fromkeys((*asked, *needs)) if n in names)
    return _Plan(instrument, asked, columns, table)


def _explain(sources: Sequence[Source], plan: _Plan) -> None:
    """Read once more, for the columns and counts of all that is refused, and raise."""
    columns = tuple(dict.fromkeys((*plan.columns, *plan.instrument.kolom)))
    found = [
        problems_of(block.to_pandas(), plan.instrument)
        for part in parts_of(sources)
        for block in part.blocks(columns, BLOCK, use_threads=True)
    ]
    refuse(plan.instrument, found)
    raise AssertionError("a person was refused without a reason")
