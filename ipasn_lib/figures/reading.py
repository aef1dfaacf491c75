"""Reading columns of a table by name, wherever they stand: in the columns or in the index."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError

__all__ = ["Numbers", "field", "highlighted", "numeric", "one_row", "words"]

Numbers = npt.NDArray[np.float64]


def field(frame: pd.DataFrame, name: str) -> pd.Series:
    """Give a column, or the index level of that name, with a plain 0..n-1 index.

    Raises
    ------
    ParameterError
        If the table has neither.
    """
    if name in frame.columns:
        return frame[name].reset_index(drop=True)
    if name in frame.index.names:
        return pd.Series(frame.index.get_level_values(name), name=name).reset_index(drop=True)
    known = [*(str(n) for n in frame.index.names if n), *(str(c) for c in frame.columns)]
    raise ParameterError(f"the table has no column {name!r}; it has {known}")


def numeric(frame: pd.DataFrame, name: str) -> Numbers:
    """Give a column as floats, hidden and missing ones NaN."""
    return np.asarray(field(frame, name).astype("Float64").to_numpy(dtype=float, na_value=np.nan))


def words(frame: pd.DataFrame, name: str) -> list[str]:
    """Give a column as texts, missing ones a dash."""
    return [str(w) if pd.notna(w) else "–" for w in field(frame, name)]


def one_row(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    """Insist on a table of exactly one row."""
    if len(frame) != 1:
        raise ParameterError(f"{what} must be a table of one row; it has {len(frame)}")
    return frame


def highlighted(name: list[str], sorot: str | None) -> int | None:
    """Give the row to highlight; refuse a name that no row has."""
    if sorot is None:
        return None
    if sorot not in name:
        raise ParameterError(f"no row is labelled {sorot!r}; cannot highlight it")
    return name.index(sorot)
