"""Draws that belong to a person and a purpose, and texts made of them for many rows at once.

A draw here is a function of the person's id, of what is drawn and of the year it is about, never
of what else was drawn. So a row of a person's history, its id included, is the same in the
export of every year: two exports of the same people agree as two real ones would.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Dice", "dates_as_text", "numbers_as_text", "take", "uuids"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

FIRST_DAY, LAST_DAY = dt.date(1940, 1, 1), dt.date(2035, 12, 31)
DASHES = (8, 13, 18, 23)


def _mix(x: Words) -> Words:
    """SplitMix64's finaliser: one-to-one, and every bit depends on every bit."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@functools.cache
def _salt(what: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(what.encode(), digest_size=8).digest(), "big"))


class Dice:
    """Draws for the people of a place, in person order.

    Parameters
    ----------
    ids : sequence of str
        ``id_pegawai`` of each person: 16 hexadecimal digits, already scrambled by the seed.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self.words: Words = np.frombuffer(bytes.fromhex("".join(ids)), ">u8").astype(np.uint64)

    def word(
        self, what: str, year: int = 0, rows: npt.NDArray[np.intp] | None = None, turn: int = 0
    ) -> Words:
        """Draw 64 bits a person; of the persons ``rows`` only, where given."""
        words = self.words if rows is None else self.words[rows]
        return _mix(words + _salt(f"{what} {year} {turn}"))

    def u(
        self, what: str, year: int = 0, rows: npt.NDArray[np.intp] | None = None, turn: int = 0
    ) -> FloatArray:
        """Draw a number from 0 to below 1 a person."""
        return (self.word(what, year, rows, turn) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def choice(
        self,
        shares: Sequence[float],
        what: str,
        year: int = 0,
        rows: npt.NDArray[np.intp] | None = None,
        turn: int = 0,
    ) -> IntArray:
        """Draw a position by shares."""
        edges = np.cumsum(np.asarray(shares, dtype=np.float64) / np.sum(shares))[:-1]
        return np.searchsorted(edges, self.u(what, year, rows, turn), side="right")


def uuids(words: Words) -> pa.Array:
    """Write 64 bits a row as an UUID of version 8 (RFC 9562: made up by its maker).

    Both halves come from the same word, so that rows differ exactly where the words do.
    """
    size = len(words)
    other = _mix(words ^ _salt("uuid"))
    raw = np.stack([words, other], axis=1).astype(">u8").view(np.uint8).reshape(size, 16)
    raw[:, 6] = (raw[:, 6] & 0x0F) | 0x80
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    text = np.full((size, 36), ord("-"), dtype=np.uint8)
    where = np.array([i for i in range(36) if i not in DASHES])
    text[:, where[0::2]] = digits[raw >> 4]
    text[:, where[1::2]] = digits[raw & 15]
    offsets = np.arange(size + 1, dtype=np.int32) * 36
    return pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(text.tobytes()))


def take(names: Sequence[str | None], codes: npt.NDArray[np.integer]) -> pa.Array:
    """Give the name of each code; blank where the code is negative."""
    wanted = pa.array(np.maximum(codes, 0), mask=np.asarray(codes < 0))
    return pa.array(list(names), type=pa.string()).take(wanted)


@functools.cache
def _calendar() -> pa.Array:
    days = [FIRST_DAY + dt.timedelta(days=i) for i in range((LAST_DAY - FIRST_DAY).days + 1)]
    return pa.array(
        [f"{d:%d-%m-%Y}" for d in days] + [d.isoformat() for d in days], type=pa.string()
    )


def dates_as_text(days: npt.NDArray[np.datetime64], iso: npt.NDArray[np.bool_]) -> pa.Array:
    """Write dates as "31-12-2021", or as "2021-12-31" where ``iso``; blank where NaT."""
    blank = np.isnat(days)
    position = (days.astype("datetime64[D]") - np.datetime64(FIRST_DAY)).astype(np.int64)
    position = np.where(blank, -1, position + np.where(iso, len(_calendar()) // 2, 0))
    return _calendar().take(pa.array(np.maximum(position, 0), mask=blank))


def numbers_as_text(values: FloatArray, comma: bool) -> pa.Array:
    """Write numbers with at most two decimals; whole ones without; blank where NaN."""
    uniques, codes = np.unique(np.nan_to_num(values, nan=-1.0), return_inverse=True)
    texts = [f"{v:.2f}".rstrip("0").rstrip(".") for v in uniques]
    names = [t.replace(".", ",") if comma else t for t in texts]
    return take(names, np.where(np.isnan(values), -1, codes))
