"""Keys of people in a stream of blocks, numbered in the order in which they turn up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

__all__ = ["CellNumbers"]

IntArray = npt.NDArray[np.int64]

WIDEST = 1 << 23
"""Up to so many possible pairs are numbered by a table (64 MB), more by a dictionary."""


class CellNumbers:
    """Numbers the combinations of keys that turn up; the number of a combination never changes.

    Parameters
    ----------
    keys : sequence of str
        At least one column.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(keys)
        self._columns = [_KeyColumn() for _ in keys]
        self._pairs = [_Pairs() for _ in self._keys[1:]]
        self.size = 0

    def of(self, columns: Mapping[str, pa.Array]) -> IntArray:
        """Give the number of each row's combination, below ``size``."""
        first, *others = self._columns
        cell, size = first.of(columns[self._keys[0]]), len(first)
        for name, column, pairs in zip(self._keys[1:], others, self._pairs, strict=True):
            number = column.of(columns[name])
            cell = pairs.of(cell, number, size, len(column))
            size = pairs.size
        self.size = size
        return np.full(len(columns[self._keys[0]]), cell) if isinstance(cell, int) else cell

    def keys(self, cell: IntArray) -> pd.DataFrame:
        """Give the keys of the combinations with these numbers."""
        found: dict[str, pd.Series] = {}
        for name, column, pairs in zip(
            self._keys[:0:-1], self._columns[:0:-1], self._pairs[::-1], strict=True
        ):
            left, right = pairs.members()
            found[name] = column.values(right[cell])
            cell = left[cell]
        found[self._keys[0]] = self._columns[0].values(cell)
        return pd.DataFrame({name: found[name] for name in self._keys})


class _KeyColumn:
    """The values of one key met so far; the number of a value never changes."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._type: pa.DataType | None = None
        self._order: pa.Array | None = None
        self._dictionary: pa.Array | None = None
        self._table: IntArray = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        """Count the values met."""
        return len(self._numbers)

    def of(self, column: pa.Array) -> IntArray | int:
        """Give the number of each value, or one number where all values are the same."""
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        self._learn(column)
        table, codes = self._table, column.indices
        if len(column.dictionary) == 1 and codes.null_count == 0:
            return int(table[0])
        if codes.null_count:
            codes = codes.cast(pa.int64()).fill_null(len(table) - 1)
        numbers = codes.to_numpy(zero_copy_only=False)
        if (table[:-1] == np.arange(len(table) - 1)).all() and not column.null_count:
            return numbers.astype(np.int64)
        return table.take(numbers)

    def values(self, numbers: IntArray) -> pd.Series:
        """Give the values with these numbers, in the dtype in which pandas reads the column."""
        found = pa.array(list(self._numbers), type=self._type).take(pa.array(numbers))
        column = found.to_pandas()
        if self._order is not None:
            return pd.Series(pd.Categorical(column, self._order.to_pandas(), ordered=True))
        return column

    def _learn(self, column: pa.DictionaryArray) -> None:
        if self._dictionary is not None and column.dictionary.equals(self._dictionary):
            known = True
        else:
            known = False
            if self._type is None:
                self._type = column.dictionary.type
                self._order = column.dictionary if column.type.ordered else None
            elif self._order is not None and not column.dictionary.equals(self._order):
                self._order = None  # files that order a key differently give no order
            self._dictionary = column.dictionary
        blank = column.null_count > 0 and None not in self._numbers
        if known and not blank:
            return
        if blank:
            self._numbers[None] = len(self._numbers)
        numbers = self._numbers
        table = [numbers.setdefault(v, len(numbers)) for v in column.dictionary.to_pylist()]
        self._table = np.array([*table, numbers.get(None, -1)], dtype=np.int64)


class _Pairs:
    """Pairs of numbers met so far, numbered in turn; chained, they number any combination."""

    def __init__(self) -> None:
        self.size = 0
        self._table = np.full((1, 1), -1, dtype=np.int64)
        self._sparse: dict[int, int] | None = None
        self._met: list[tuple[IntArray, IntArray]] = []

    def of(
        self, left: IntArray | int, right: IntArray | int, lefts: int, rights: int
    ) -> IntArray | int:
        """Give the number of each pair; ``lefts`` and ``rights`` tell how many there may be."""
        self._make_room(lefts, rights)
        find = self._in_table if self._sparse is None else self._in_dictionary
        found = find(np.atleast_1d(np.asarray(left)), np.asarray(right))
        return int(found[0]) if isinstance(left, int) and isinstance(right, int) else found

    def members(self) -> tuple[IntArray, IntArray]:
        """Give the left and the right numbers of all pairs, in the order of their own."""
        empty = np.zeros(0, dtype=np.int64)
        lefts, rights = zip(*self._met, strict=True) if self._met else ((empty,), (empty,))
        return np.concatenate(lefts), np.concatenate(rights)

    def _in_table(self, left: IntArray, right: IntArray) -> IntArray:
        flat, width = self._table.reshape(-1), self._table.shape[1]
        pair = left * width + right
        found = flat.take(pair)
        if found.min(initial=0) < 0:
            # Each unknown pair is written its positions, of which one stays: that is once each.
            unknown = pair[found < 0]
            position = np.arange(len(unknown))
            flat[unknown] = position
            new = unknown[flat.take(unknown) == position]
            flat[new] = np.arange(self.size, self.size + len(new))
            self._add(new // width, new % width)
            found = flat.take(pair)
        return found

    def _in_dictionary(self, left: IntArray, right: IntArray) -> IntArray:
        assert self._sparse is not None
        pair, place = np.unique((left << 32) | right, return_inverse=True)
        known = len(self._sparse)
        numbers = np.array([self._sparse.setdefault(p, len(self._sparse)) for p in pair.tolist()])
        new = pair[numbers >= known]
        self._add(new >> 32, new & 0xFFFFFFFF)
        return numbers.take(place)

    def _add(self, left: IntArray, right: IntArray) -> None:
        self._met.append((left.astype(np.int64), right.astype(np.int64)))
        self.size += len(left)

    def _make_room(self, lefts: int, rights: int) -> None:
        rows, width = self._table.shape
        if self._sparse is not None or (lefts <= rows and rights <= width):
            return
        rows, width = (
            max(n, 1 << (need - 1).bit_length()) for n, need in ((rows, lefts), (width, rights))
        )
        left, right = self.members()
        if rows * width > WIDEST:
            pairs = ((left << 32) | right).tolist()
            self._sparse = dict(zip(pairs, range(self.size), strict=True))
            return
        self._table = np.full((rows, width), -1, dtype=np.int64)
        self._table[left, right] = np.arange(self.size)
