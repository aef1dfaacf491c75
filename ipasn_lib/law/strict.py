"""A TOML table that refuses unknown and missing keys, and says where."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from ipasn_lib.errors import InstrumentError, ParameterError

__all__ = ["NUMBER", "Table", "find_file", "is_number", "read_table"]

NUMBER = (int, float)
MISSING = object()


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number; a switch is none, though Python says it is."""
    if isinstance(value, bool) or not isinstance(value, NUMBER):
        return False
    return abs(value) <= sys.float_info.max


class Table:
    """A TOML table that refuses unknown and missing keys, naming file and place."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            raise InstrumentError(f"{place}: expected a table, got {type(data).__name__}")
        self.data: dict[str, Any] = data
        self.place = place
        self.known: list[str] = []

    def take(self, key: str, kind: type | tuple[type, ...], default: object = MISSING) -> Any:
        """Give the value of a key of the right kind, or the default where it is absent."""
        self.known.append(key)
        if key not in self.data:
            if default is MISSING:
                raise InstrumentError(f"{self.place}: key '{key}' is missing")
            return default
        value = self.data[key]
        # bool is an int in Python; a switch where a number is meant is a mistake in the file
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            raise InstrumentError(
                f"{self.place}: '{key}' is {type(value).__name__}; expected "
                f"{' or '.join(k.__name__ for k in kinds)}"
            )
        if kind is NUMBER and not is_number(value):
            raise InstrumentError(f"{self.place}: '{key}' is no finite number")
        return value

    def texts(self, key: str, default: object = MISSING) -> tuple[str, ...]:
        """Give a list of texts, each once."""
        items = self.take(key, list, default)
        if not all(isinstance(item, str) for item in items) or len(set(items)) < len(items):
            raise InstrumentError(f"{self.place}: '{key}' must list texts, each once")
        return tuple(items)

    def tables(self, key: str) -> dict[str, Table]:
        """Give the tables within a table, by name."""
        group = self.take(key, dict)
        return {name: Table(data, f"{self.place}.{key}.{name}") for name, data in group.items()}

    def close(self) -> None:
        """Refuse keys that nobody asked for."""
        unknown = sorted(set(self.data) - set(self.known))
        if unknown:
            raise InstrumentError(
                f"{self.place}: unknown key {', '.join(map(repr, unknown))}; "
                f"known keys: {', '.join(sorted(self.known))}"
            )


def read_table(path: Path) -> Table:
    """Read a TOML file as a strict table.

    Raises
    ------
    InstrumentError
        If there is no such file or it is not TOML.
    """
    try:
        return Table(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    except (FileNotFoundError, ValueError, RecursionError) as error:
        raise InstrumentError(f"{path.name}: no readable TOML file ({error})") from None


def find_file(which: str | Path, folder: Path, what: str) -> Path:
    """Give the file of an id among those that ship in a folder; a path is taken as it is.

    Raises
    ------
    ParameterError
        For an unknown id, naming the known ones.
    """
    if isinstance(which, Path):
        return which
    known = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    if which not in known:
        raise ParameterError(f"no {what} {which!r}; known: {', '.join(known)}")
    return known[which]
