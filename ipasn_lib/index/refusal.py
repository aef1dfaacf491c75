"""What keeps people from being scored: values that the instrument does not know, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import DataError
from ipasn_lib.law.instrument import Column, Instrument

__all__ = ["Problems", "checked", "refuse", "report"]


@dataclass(frozen=True)
class Problems:
    """What keeps people from being scored: people without a job group; columns with counts."""

    tanpa_kelompok: int
    kolom: tuple[dict[str, Any], ...]


def refuse(instrument: Instrument, found: Sequence[Problems]) -> None:
    """Raise if there is any problem, counts of the parts of a population added up.

    Raises
    ------
    DataError
        As :func:`score`.
    """
    unknown = sum(f.tanpa_kelompok for f in found)
    if unknown:
        raise DataError(
            f"kelompok_jabatan is blank or unknown for {unknown} people; "
            f"expected one of {', '.join(instrument.kelompok_jabatan)}"
        )
    rows: dict[tuple[object, object], dict[str, Any]] = {}
    for row in (row for f in found for row in f.kolom):
        same = rows.setdefault((row["kolom"], row["aturan"]), {**row, "jumlah": 0})
        same["jumlah"] = same["jumlah"] + row["jumlah"]
    if rows:
        raise DataError(
            f"{len(rows)} columns do not fit {instrument.id}; see .problems for the columns "
            "and counts, or read the file with read_pegawai, which names the rows",
            pd.DataFrame(list(rows.values())),
        )


def checked(values: pd.Series, column: Column, problems: list[dict[str, Any]]) -> pd.Series:
    """Return the column in the dtype its rule reads, listing what is outside the instrument."""
    if column.jenis == "kategori":
        found = values.astype("category")
        unknown = [c for c in found.cat.categories if c not in column.pilihan]
        if unknown:
            outside = found.isin(unknown).to_numpy()
            report(problems, column, "di luar pilihan", outside, ", ".join(column.pilihan))
            found = found.cat.remove_categories(unknown)
        if column.kosong in column.pilihan:
            found = found.cat.set_categories(list(column.pilihan)).fillna(column.kosong)
        return found
    if column.jenis == "ya_tidak":
        return values
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    outside = (numbers < column.minimum) | (numbers > column.maksimum) | np.isinf(numbers)
    if outside.any():
        expected = f"{column.minimum:g} sampai {column.maksimum:g}"
        report(problems, column, "di luar rentang", outside, expected)
    return values


def report(
    problems: list[dict[str, Any]],
    column: Column,
    aturan: str,
    where: npt.NDArray[np.bool_],
    harapan: str,
) -> None:
    """Add a problem with its count, if there is one; never a value."""
    if where.any():
        problems.append(
            {
                "kolom": column.nama,
                "aturan": aturan,
                "jumlah": int(where.sum()),
                "harapan": harapan,
            }
        )
