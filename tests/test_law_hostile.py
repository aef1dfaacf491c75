"""No value anywhere in a file of the law may end in anything but a refusal that says where."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from law_files import DERIVATION, TOY
from test_law_pay import PAY, SPREAD

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law import pay_rules, predicate_rules
from ipasn_lib.law.parsing import parse_instrument
from ipasn_lib.law.strict import Table

VALUES: list[Any] = [True, -1, 10**400, float("nan"), float("inf"), "x", [], [[1]], {}, {"x": 1}]


def paths(table: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, tables and lists too."""
    keys = table if isinstance(table, dict) else range(len(table) * isinstance(table, list))
    for key in keys:
        yield (*here, key)
        if isinstance(table[key], dict | list):
            yield from paths(table[key], (*here, key))


def with_value(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    table: Any = changed
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = copy.deepcopy(value)
    return changed


def refused(read, text: str) -> int:
    """Try every value in every place; count the refusals."""
    document = tomllib.loads(text)
    said = []
    for path in list(paths(document)):
        for value in VALUES:
            try:
                read(with_value(document, path, value))
            except InstrumentError as error:
                said.append(str(error))
    assert [words for words in said if "khayal.toml" not in words] == []
    return len(said)


def test_an_instrument_with_any_value_anywhere():
    text = "".join(path.read_text(encoding="utf-8") for path in (TOY, DERIVATION))

    def read(document):
        found = parse_instrument(document, "khayal.toml", {})
        for key, reading in found.tafsir.items():
            for name in reading.pilihan:
                parse_instrument(document, "khayal.toml", {key: name})

    assert refused(read, text) > 1500


@pytest.mark.parametrize(
    ("module", "text", "most"),
    [(pay_rules, PAY, 200), (predicate_rules, SPREAD, 100)],
    ids=["pay", "predicates"],
)
def test_a_rule_with_any_value_anywhere(tmp_path, monkeypatch, module, text, most):
    def read(document):
        monkeypatch.setattr(module, "read_table", lambda path: Table(document, path.name))
        module._load.__wrapped__(tmp_path / "khayal.toml")

    text = text.replace("upah-pulau", "khayal")
    assert refused(read, text) > most
