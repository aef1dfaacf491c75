"""Each person once: the same ``id_pegawai`` in two rows or files is found before counting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ipasn_lib.errors import DataError
from ipasn_lib.index.lookup import BLOCK
from ipasn_lib.index.parquet import Part, Source, parts_of

__all__ = ["refuse_repeated"]

NAME = "id_pegawai"
ODD = np.uint64(0x9E3779B97F4A7C15)

DigestArray = npt.NDArray[np.uint64]


def refuse_repeated(sources: Sequence[Source], threads: int) -> None:
    """Refuse files that name a person twice.

    Only eight bytes of each person are kept: a digest, sorted to bring equal ones together.
    Digests of different people may be equal by chance (once in 90,000 populations of twenty
    million), so the people whose digests are equal are read again and compared in full.

    Raises
    ------
    DataError
        If an id stands twice, or a file has no ``id_pegawai``.
    """
    for source in sources:
        if NAME not in source.schema.names:
            raise DataError(f"{source.nama} lacks {NAME}, by which a person is counted once")
    parts = parts_of(sources)
    ends = np.cumsum([part.size for part in parts], dtype=np.int64)
    digests = np.empty(ends[-1] if parts else 0, dtype=np.uint64)

    def read(part: Part, end: int) -> None:
        start = end - part.size
        for ids in _ids(part):
            digests[start : start + len(ids)] = _digests(ids)
            start += len(ids)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(read, parts, ends))
    digests.sort()
    alike = np.unique(digests[1:][digests[1:] == digests[:-1]])
    if len(alike) == 0:
        return
    found = [
        ids.filter(pa.array(np.isin(_digests(ids), alike))) for part in parts for ids in _ids(part)
    ]
    repeated = pd.Series(pa.chunked_array(found).to_pandas()).duplicated()
    if repeated.any():
        raise DataError(
            f"pegawai names a person twice in {int(repeated.sum())} rows; "
            f"each {NAME} may stand once"
        )


def _ids(part: Part) -> Iterator[pa.Array]:
    for block in part.blocks([NAME], BLOCK, dictionaries=False):
        ids = block.column(0)
        yield ids.dictionary_decode() if pa.types.is_dictionary(ids.type) else ids


def _digests(ids: pa.Array) -> DigestArray:
    """Mix the bytes of each id into 64 bits."""
    if pa.types.is_integer(ids.type) and not ids.null_count:
        return ids.to_numpy(zero_copy_only=False).astype(np.uint64)
    text = ids.cast(pa.large_string()).fill_null("")
    _, offsets, data = text.buffers()
    edges = np.frombuffer(offsets, dtype=np.int64)[text.offset : text.offset + len(text) + 1]
    length = np.diff(edges)
    bytes_ = np.frombuffer(data or b"", dtype=np.uint8)
    found = np.empty(len(text), dtype=np.uint64)
    for width in np.unique(length):
        which = slice(None) if (length == width).all() else np.flatnonzero(length == width)
        if isinstance(which, slice):
            block = bytes_[edges[0] : edges[-1]].reshape(len(text), width)
        else:
            block = bytes_[edges[which][:, None] + np.arange(width)]
        found[which] = _mixed(block)
    return found


def _mixed(block: npt.NDArray[np.uint8]) -> DigestArray:
    rows, width = block.shape
    if spare := -width % 8:
        block = np.concatenate([block, np.zeros((rows, spare), dtype=np.uint8)], axis=1)
    words = np.ascontiguousarray(block).view(np.uint64)
    digest = np.full(rows, np.uint64(width))
    for word in words.T:
        digest = (digest ^ word) * ODD
        digest ^= digest >> np.uint64(32)
    return digest
