"""Strict notebook parameters: compared with the notebook's own before anything runs.

papermill only warns of a parameter that the notebook does not know and then runs the default,
which makes one place's report under another's name; and it does not escape parameter names, so
that code can ride in one. Here the cell tagged ``parameters`` is read as data (never run): only
assignments of literals to plain names are allowed, and whatever is given must be one of those
names and of the same type.
"""

from __future__ import annotations

import ast
import json
import keyword
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ipasn_lib.errors import ParameterError

__all__ = [
    "Parameter",
    "Value",
    "check_parameters",
    "check_value",
    "read_parameters",
]

Value: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None

TAG = "parameters"
_TYPES: dict[str, type] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list": list,
    "dict": dict,
    "None": type(None),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter that a notebook declares.

    Attributes
    ----------
    nama : str
        The name as written in the notebook's cell.
    default : Value
        The literal that the notebook runs with when nothing is given.
    jenis : tuple of type
        The types a given value may have; from the annotation, else the default's own type. An
        int is accepted where a float is meant; a bool never passes for a number.
    pilihan : tuple or None
        The allowed values, where the annotation is ``Literal[...]``.
    """

    nama: str
    default: Value
    jenis: tuple[type, ...]
    pilihan: tuple[Any, ...] | None = None

    def accepts(self, value: object) -> bool:
        """Whether a value has one of the parameter's types (and is one of its choices)."""
        if self.pilihan is not None and value not in self.pilihan:
            return False
        allowed = set(self.jenis)
        if float in allowed:
            allowed.add(int)
        return type(value) in allowed

    @property
    def harapan(self) -> str:
        """What is expected, in words: ``str``, ``int or None``, ``one of 'id', 'en'``."""
        if self.pilihan is not None:
            return "one of " + ", ".join(map(repr, self.pilihan))
        return " or ".join("None" if t is type(None) else t.__name__ for t in self.jenis)


def read_parameters(notebook: Path | str) -> dict[str, Parameter]:
    """Read the parameters that a notebook declares in its cell tagged ``parameters``.

    Parameters
    ----------
    notebook : pathlib.Path or str
        The notebook's file, or the text of one (JSON, nbformat 4). At most one cell may carry the
        tag; it may hold only comments, a docstring and assignments of literals (annotated or not)
        to plain names.

    Returns
    -------
    dict of str to Parameter
        In the order of the cell; empty if no cell is tagged.

    Raises
    ------
    ParameterError
        If the file is not there or not a notebook; if the cell holds anything else (a call, an
        import, two targets), a name twice, an annotation that is not understood, or a default
        that breaks its own annotation.
    """
    place = "the notebook" if isinstance(notebook, str) else notebook.name
    sources = []
    for cell in _cells(notebook, place):
        tags = cell.get("metadata", {}).get("tags", [])
        if cell.get("cell_type") == "code" and TAG in tags:
            source = cell.get("source", "")
            sources.append(source if isinstance(source, str) else "".join(source))
    if not sources:
        return {}
    if len(sources) > 1:
        raise ParameterError(f"{place}: {len(sources)} cells are tagged '{TAG}'; expected one")
    return _read_cell(sources[0], place)


def check_parameters(notebook: Path | str, given: Mapping[str, Value]) -> dict[str, Value]:
    """Compare given parameters with those a notebook declares; all problems at once.

    Parameters
    ----------
    notebook : pathlib.Path or str
        The notebook that will be run: its file or its text.
    given : mapping of str to Value
        Names and values; a value is a str, int, finite float, bool, None, or a list or dict
        (with text keys) of those.

    Returns
    -------
    dict of str to Value
        The given parameters in the order in which the notebook declares them.

    Raises
    ------
    ParameterError
        If a name is not an identifier, is not declared (the known ones are named), or a value
        has the wrong type. Values are never printed, only their types.
    """
    known = read_parameters(notebook)
    problems: list[str] = []
    for name, value in given.items():
        if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
            # the name itself may hold code, so it is not echoed
            problems.append("a parameter name is not a Python identifier")
        elif name not in known:
            listed = ", ".join(known) or "(the notebook has none)"
            problems.append(f"unknown parameter '{name}'; known: {listed}")
        else:
            fault = check_value(value)
            if fault:
                problems.append(f"'{name}': {fault}")
            elif not known[name].accepts(value):
                problems.append(
                    f"'{name}': got {type(value).__name__}, expected {known[name].harapan}"
                )
    if problems:
        raise ParameterError("; ".join(problems))
    return {name: given[name] for name in known if name in given}


def check_value(value: object) -> str:
    """Say what is wrong with a parameter value, or return an empty text.

    Only str, int, finite float, bool, None, and lists and text-keyed dicts of those can be
    written into a notebook and into a manifest without loss.
    """
    if value is None or type(value) in (str, int, bool):
        return ""
    if type(value) is float:
        return "" if math.isfinite(value) else "a float must be finite"
    if type(value) is list:
        return _first(check_value(item) for item in value)
    if type(value) is dict:
        if not all(type(key) is str for key in value):
            return "a dict must have text keys"
        return _first(check_value(item) for item in value.values())
    return (
        f"{type(value).__name__} cannot be a parameter; expected str, int, float, bool, None, "
        "list or dict"
    )


def _cells(notebook: Path | str, place: str) -> list[dict[str, Any]]:
    # read as plain JSON: importing nbformat takes longer than checking forty notebooks
    if isinstance(notebook, Path) and not notebook.is_file():
        raise ParameterError(f"notebook {place}: no such file")
    try:
        text = notebook if isinstance(notebook, str) else notebook.read_text(encoding="utf-8")
        node = json.loads(text)
    except (ValueError, RecursionError):
        raise ParameterError(f"{place}: not a Jupyter notebook (not JSON)") from None
    if not isinstance(node, dict) or node.get("nbformat") != 4 or "cells" not in node:
        raise ParameterError(f"{place}: not a Jupyter notebook of format 4")
    cells = node["cells"]
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ParameterError(f"{place}: not a Jupyter notebook (its cells are no list of cells)")
    return cells


def _first(faults: Iterable[str]) -> str:
    return next((fault for fault in faults if fault), "")


def _read_cell(source: str, place: str) -> dict[str, Parameter]:
    body = _parsed(source, "exec", f"{place}: parameters cell").body
    found: dict[str, Parameter] = {}
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        where = f"{place}: parameters cell, line {statement.lineno}"
        parameter = _read_statement(statement, where)
        if parameter.nama in found:
            raise ParameterError(f"{where}: '{parameter.nama}' is assigned twice")
        found[parameter.nama] = parameter
    return found


def _parsed(source: str, mode: str, where: str) -> Any:
    try:
        return ast.parse(source, mode=mode)
    except SyntaxError as error:
        raise ParameterError(f"{where}, line {error.lineno}: not Python") from None
    except (ValueError, RecursionError, MemoryError):  # a NUL, or brackets nested too deep
        raise ParameterError(f"{where}: not Python") from None


def _literal(node: ast.expr, fault: str) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise ParameterError(fault) from None


def _read_statement(statement: ast.stmt, where: str) -> Parameter:
    annotation: ast.expr | None = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, annotation = statement.target, statement.annotation
    else:
        raise ParameterError(f"{where}: expected only 'name = literal' or 'name: type = literal'")
    if not isinstance(target, ast.Name):
        raise ParameterError(f"{where}: expected one plain name to the left of '='")
    assert statement.value is not None
    default = _literal(statement.value, f"{where}: the default of '{target.id}' is not a literal")
    fault = check_value(default)
    if fault:
        raise ParameterError(f"{where}: the default of '{target.id}': {fault}")
    if annotation is None:
        # a bare None says nothing of the type that is meant, so any type is let in
        kinds = tuple(_TYPES.values()) if default is None else (type(default),)
        return Parameter(target.id, default, kinds)
    kinds, choices = _read_annotation(annotation, where)
    parameter = Parameter(target.id, default, kinds, choices)
    if not parameter.accepts(default):
        raise ParameterError(
            f"{where}: the default of '{target.id}' is {type(default).__name__}; its annotation "
            f"expects {parameter.harapan}"
        )
    return parameter


def _read_annotation(node: ast.expr, where: str) -> tuple[tuple[type, ...], tuple[Any, ...] | None]:
    """Types (and choices) of ``str``, ``int | None``, ``Optional[x]``, ``list[x]``, ``Literal``."""
    if isinstance(node, ast.Constant) and node.value is None:
        return (type(None),), None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _read_annotation(_parsed(node.value, "eval", where).body, where)
    if isinstance(node, ast.Name) and node.id in _TYPES:
        return (_TYPES[node.id],), None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        left, _ = _read_annotation(node.left, where)
        right, _ = _read_annotation(node.right, where)
        return left + right, None
    if isinstance(node, ast.Subscript):
        head = node.value.attr if isinstance(node.value, ast.Attribute) else ""
        head = node.value.id if isinstance(node.value, ast.Name) else head
        if head in ("list", "dict"):
            return (_TYPES[head],), None
        if head == "Optional":
            inner, _ = _read_annotation(node.slice, where)
            return (*inner, type(None)), None
        if head == "Literal":
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            fault = f"{where}: a choice of Literal[...] is not a literal"
            choices = tuple(_literal(item, fault) for item in items)
            return tuple(dict.fromkeys(type(choice) for choice in choices)), choices
    raise ParameterError(
        f"{where}: annotation not understood; known: {', '.join(_TYPES)}, list[...], dict[...], "
        "X | Y, Optional[...], Literal[...]"
    )
