"""A TOML table that refuses unknown and missing keys, and says where."""

from __future__ import annotations

from typing import Any

from ipasn_lib.errors import InstrumentError

__all__ = ["NUMBER", "Table"]

NUMBER = (int, float)
MISSING = object()


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
        return value

    def texts(self, key: str, default: object = MISSING) -> tuple[str, ...]:
        """Give a list of texts."""
        items = self.take(key, list, default)
        if not all(isinstance(item, str) for item in items):
            raise InstrumentError(f"{self.place}: '{key}' must list texts")
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
