"""Blocks of people added up to counted cells, by lookup or by scoring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ipasn_lib.errors import DataError
from ipasn_lib.index.counting import POINTS, Counts, combine, count
from ipasn_lib.index.keys import CellNumbers
from ipasn_lib.index.lookup import HALF, SUMS, PointTable
from ipasn_lib.index.score import score
from ipasn_lib.law.instrument import Instrument

__all__ = ["tally_cases", "tally_scores"]

MANY = 16
"""Counts of so many blocks are put together before the next is scored."""


def tally_cases(
    blocks: Iterable[pa.RecordBatch], table: PointTable, id_instrumen: str, keys: Sequence[str]
) -> Counts | None:
    """Count people by looking them up in an instrument's table of cases.

    Parameters
    ----------
    blocks : iterable of pyarrow.RecordBatch
        People, at most ``BLOCK`` in each; the columns of ``table`` and ``keys``.
    table : PointTable
        From :func:`ipasn_lib.index.lookup.point_table`.
    id_instrumen : str
        Name of the instrument, for the cells.
    keys : sequence of str
        Columns to tell apart, ``sumber_data`` among them.

    Returns
    -------
    Counts or None
        As :func:`ipasn_lib.index.counting.count`; None where a person is refused.
    """
    numbers = CellNumbers(keys)
    total = np.zeros((0, SUMS), dtype=np.int64)
    for block in blocks:
        columns = dict(zip(block.schema.names, block.columns, strict=True))
        cell = numbers.of(columns)
        new = np.zeros((numbers.size - len(total), SUMS), dtype=np.int64)
        total = np.concatenate([total, new]) if len(new) else total
        # People of a place lie together in most files, so a block meets a small range of cells.
        low = cell.min(initial=numbers.size)
        met = total[low : cell.max(initial=-1) + 1]
        added = table.sums(columns, cell - low, len(met))
        if added is None:
            return None
        met += added
    return _counts(numbers, total, id_instrumen)


def tally_scores(
    blocks: Iterable[pa.RecordBatch], instrument: Instrument, keys: Sequence[str]
) -> Counts | None:
    """Count people by scoring each block in floating point.

    Parameters and result are those of :func:`tally_cases`, for an instrument whose points are
    not all half points.
    """
    parts: list[Counts] = []
    for block in blocks:
        try:
            skor = score(block.to_pandas(), instrument)
        except DataError:
            return None
        parts.append(count(skor, keys))
        if len(parts) == MANY:
            parts = [combine(parts)]
    if not parts:
        return _counts(CellNumbers(keys), np.zeros((0, SUMS), dtype=np.int64), instrument.id)
    return combine(parts)


def _counts(numbers: CellNumbers, total: npt.NDArray[np.int64], id_instrumen: str) -> Counts:
    """Give the cells their keys; cells of none but people who are not measured are left out."""
    cell = np.flatnonzero(total[:, 0])
    total = total[cell]
    jumlah = np.empty((len(cell), len(POINTS)))
    jumlah[:, :-1] = total[:, 2:] / HALF
    jumlah[:, -1] = total[:, 2:].sum(axis=1) / HALF
    kunci = numbers.keys(cell).assign(id_instrumen=id_instrumen)
    return Counts(kunci, total[:, 0], total[:, 1], jumlah)
