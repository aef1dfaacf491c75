"""The project's exceptions.

Every message says what is wrong, where, what was expected and what to do, and never holds a
person's value: columns, rules, counts and row numbers are enough to mend a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BatchError",
    "DataError",
    "DisclosureError",
    "InstrumentError",
    "IpasnError",
    "NotMeasurableError",
    "ParameterError",
    "UnsafeFileError",
]


class IpasnError(Exception):
    """Base of every error that this project raises on purpose."""


class InstrumentError(IpasnError):
    """An instrument file is not whole, or asks for something the engine does not know."""


class ParameterError(IpasnError, ValueError):
    """An option, parameter, column, category or method is not one of the known ones."""


class UnsafeFileError(IpasnError):
    """A file is refused before it is read: too large, encrypted, macros, not what it claims."""


class NotMeasurableError(IpasnError):
    """The data given cannot answer the question asked (too few people, no measured person)."""


class DisclosureError(IpasnError):
    """What is asked for cannot be published without giving a small group back."""


class BatchError(IpasnError):
    """A batch of reports could not start or did not end whole."""


class DataError(IpasnError):
    """A file's content breaks the instrument's schema.

    Attributes
    ----------
    problems : pandas.DataFrame or None
        One row a problem, columns ``berkas, tingkat, kolom, aturan, jumlah, baris, harapan``:
        the file's name, error or warning, the column, the rule broken, how many rows break it
        (NA where the file as a whole is meant), the first row numbers as a spreadsheet shows
        them, and what was expected. None where there is no such table.
    """

    def __init__(self, message: str, problems: pd.DataFrame | None = None) -> None:
        super().__init__(message)
        self.problems = problems
