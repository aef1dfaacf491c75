"""Parquet files of people: found, looked into once, and read block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ipasn_lib.errors import DataError, ParameterError

__all__ = ["Part", "Paths", "Source", "find_sources", "parts_of"]

Paths = str | Path | Sequence[str | Path]


@dataclass(frozen=True)
class Source:
    """A file whose footer is read already, so that its row groups open at once."""

    path: Path
    metadata: pq.FileMetaData
    schema: pa.Schema

    @property
    def nama(self) -> str:
        """Give the file's name for a message."""
        return self.path.name


@dataclass(frozen=True)
class Part:
    """One row group of a file."""

    sumber: Source
    nomor: int

    @property
    def size(self) -> int:
        """Count its rows."""
        return int(self.sumber.metadata.row_group(self.nomor).num_rows)

    def blocks(
        self,
        columns: Sequence[str],
        rows: int,
        use_threads: bool = False,
        dictionaries: bool = True,
    ) -> Iterator[pa.RecordBatch]:
        """Read these columns, at most so many rows at a time.

        With ``dictionaries`` text comes as the dictionary in which it is stored: a name is
        read once a row group. Text that is different in every row is better read plainly.

        Raises
        ------
        DataError
            If the file is damaged further in, or a text is no UTF-8.
        """
        schema = self.sumber.schema
        text = [c for c in columns if dictionaries and _is_text(schema.field(c).type)]
        try:
            with pq.ParquetFile(
                self.sumber.path, metadata=self.sumber.metadata, read_dictionary=text
            ) as opened:
                for block in opened.iter_batches(
                    rows, row_groups=[self.nomor], columns=list(columns), use_threads=use_threads
                ):
                    for name, column in zip(block.schema.names, block.columns, strict=True):
                        self._check_text(name, column)
                    yield block
        except (pa.ArrowException, OSError):
            raise DataError(
                f"{self.sumber.nama} is damaged: row group {self.nomor} cannot be read"
            ) from None

    def _check_text(self, name: str, column: pa.Array) -> None:
        """Refuse text that is no UTF-8: Arrow takes the bytes as they stand in the file."""
        values = column.dictionary if pa.types.is_dictionary(column.type) else column
        if not _is_text(values.type) or _is_ascii(values):
            return
        try:
            values.validate(full=True)
        except pa.ArrowInvalid:
            raise DataError(
                f"{self.sumber.nama} holds text that is no UTF-8 in the column {name}; "
                "write the file again from its source"
            ) from None


def find_sources(paths: Paths) -> list[Source]:
    """Find the files, those of a folder by name, which together hold one population.

    Raises
    ------
    ParameterError
        If a path is not there, no file is found, or one is named twice.
    DataError
        If a file is no Parquet file, or the files have not the same columns.
    """
    asked = [paths] if isinstance(paths, str | Path) else list(paths)
    found: list[Path] = []
    for path in map(Path, asked):
        if not path.exists():
            raise ParameterError(
                f"{path} is not there; expected a Parquet file or a folder of them"
            )
        found += sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not found:
        raise ParameterError("no Parquet file to read; name files, or a folder that holds some")
    if len({path.resolve() for path in found}) < len(found):
        raise ParameterError("a file is named twice; its people would count twice")
    sources = [_opened(path) for path in found]
    first = sources[0]
    for source in sources[1:]:
        if differing := set(first.schema.names) ^ set(source.schema.names):
            raise DataError(
                f"{source.nama} and {first.nama} differ in the columns "
                f"{', '.join(sorted(differing))}; files of one population have the same columns"
            )
    return sources


def parts_of(sources: Sequence[Source]) -> list[Part]:
    """List the row groups of all files in order."""
    return [Part(s, number) for s in sources for number in range(s.metadata.num_row_groups)]


def _opened(path: Path) -> Source:
    try:
        metadata = pq.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
        schema.names  # noqa: B018 - names that are no UTF-8 fail here, not later
    except (pa.ArrowException, OSError, ValueError):
        raise DataError(f"{path.name} is no Parquet file, or is cut off") from None
    return Source(path, metadata, schema)


def _is_ascii(text: pa.Array) -> bool:
    """Tell whether no byte is beyond ASCII: one look at all, not one a text, as ids are many."""
    data = text.buffers()[2]
    return data is None or bool(np.frombuffer(data, dtype=np.uint8).max(initial=0) < 128)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)
