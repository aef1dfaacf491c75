"""What became of the files that prepared tables were made from: for their owner, and in public."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ipasn_lib.records.layout import FileNote

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FilesRead", "read_table"]


def read_table(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table of the folder, or some of its columns."""
    # pandas takes a second to load: who only looks whether anything has changed goes without
    import pandas as pd

    return pd.read_parquet(path, columns=None if columns is None else list(columns))


class FilesRead:
    """The part of :class:`ipasn_lib.records.prepared.Prepared` that speaks of the files."""

    folder: Path
    berkas: tuple[FileNote, ...]

    def problems(self, kode_kabkota: str | None = None) -> pd.DataFrame:
        """Return the problems met while reading the files of a place, or all files.

        For those who may see the files; what is published is :meth:`shown_problems`.
        """
        from ipasn_lib.records.problems import source_of

        found = read_table(self.folder / "masalah.parquet")
        if kode_kabkota is None:
            return found
        names = [kode_kabkota, *(note.berkas for note in self._notes(kode_kabkota))]
        return found.loc[source_of(found).isin(names)]

    def shown_problems(self, kode_kabkota: str | None = None) -> pd.DataFrame:
        """Return :meth:`problems` as published: none counted in files whose rows are not told."""
        from ipasn_lib.records.problems import source_of

        table = self.problems(kode_kabkota)
        closed = [n for n in self._notes(kode_kabkota) if not n.terbuka]
        names = [name for note in closed for name in (note.berkas, *note.kode_kabkota)]
        told = ~source_of(table).isin(names)
        return table.assign(
            jumlah=table["jumlah"].where(told), baris=table["baris"].where(told, "")
        )

    def rejected(self, kode_kabkota: str | None = None) -> int:
        """Count the refused rows in the files of a place, or in all files."""
        return sum(note.n_ditolak for note in self._notes(kode_kabkota))

    def file_table(self, kode_kabkota: str | None = None) -> pd.DataFrame:
        """Return one row a file of a place, or of all: berkas, format, rows, accepted, refused.

        A file refused whole has the reason in ``galat`` and no rows. For those who may see the
        files; what is published is :meth:`shown_file_table`.
        """
        columns = ["berkas", "format", "n_baris", "n_diterima", "n_ditolak", "galat"]
        rows = [[getattr(note, c) for c in columns] for note in self._notes(kode_kabkota)]
        import pandas as pd

        counts = dict.fromkeys(columns[2:5], "Int64")
        return pd.DataFrame(rows, columns=columns).astype(counts)

    def shown_file_table(self, kode_kabkota: str | None = None) -> pd.DataFrame:
        """Return :meth:`file_table` as it may be published: counts of some files are NA."""
        table = self.file_table(kode_kabkota)
        closed = [not note.terbuka for note in self._notes(kode_kabkota)]
        for column in ("n_baris", "n_diterima", "n_ditolak"):
            table.loc[closed, column] = None
        return table

    def _notes(self, kode_kabkota: str | None) -> list[FileNote]:
        return [n for n in self.berkas if kode_kabkota is None or kode_kabkota in n.kode_kabkota]
