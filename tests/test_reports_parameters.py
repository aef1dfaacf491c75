"""Parameters are data, compared with the notebook's before a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ipasn_lib.errors import ParameterError
from ipasn_lib.reports.parameters import check_parameters, read_parameters

CELL = """# Parameters
kode_kabkota: str = "3578"
tahun: int = 2024
target: float = 80
bahasa: Literal["id", "en"] = "id"
kunci: str | None = None
unit: list[str] = []
rinci = False
catatan = None
"""


def text(*cells: str, tags: tuple[str, ...] = ("parameters",)) -> str:
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"c{i}",
                    "metadata": {"tags": list(tags)},
                    "source": cell.splitlines(keepends=True),
                    "outputs": [],
                    "execution_count": None,
                }
                for i, cell in enumerate(cells)
            ],
        }
    )


def test_names_defaults_and_order_are_read() -> None:
    found = read_parameters(text(CELL))
    assert {name: p.default for name, p in found.items()} == {
        "kode_kabkota": "3578",
        "tahun": 2024,
        "target": 80,
        "bahasa": "id",
        "kunci": None,
        "unit": [],
        "rinci": False,
        "catatan": None,
    }
    given = {"tahun": 2023, "kode_kabkota": "3510"}
    assert list(check_parameters(text(CELL), given)) == ["kode_kabkota", "tahun"]


@pytest.mark.parametrize(
    "given",
    [
        {"target": 80},
        {"target": 80.5},
        {"kunci": "a"},
        {"kunci": None},
        {"bahasa": "en"},
        {"unit": ["a", "b"]},
        {"catatan": {"a": [1, 2.5, None, True]}},
        {},
    ],
)
def test_right_types_pass(given: dict[str, Any]) -> None:
    assert check_parameters(text(CELL), given) == given


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kode": "3510"}, r"unknown parameter 'kode'; known: kode_kabkota, tahun, target"),
        ({"tahun": "2024"}, r"'tahun': got str, expected int"),
        ({"kode_kabkota": 3510}, r"'kode_kabkota': got int, expected str"),
        ({"tahun": True}, r"'tahun': got bool, expected int"),
        ({"tahun": 2024.0}, r"'tahun': got float, expected int"),
        ({"rinci": 1}, r"'rinci': got int, expected bool"),
        ({"kunci": 1}, r"'kunci': got int, expected str or None"),
        ({"bahasa": "jv"}, r"'bahasa': got str, expected one of 'id', 'en'"),
        ({"target": float("nan")}, r"'target': a float must be finite"),
        ({"unit": [{1: 2}]}, r"'unit': a dict must have text keys"),
        ({"unit": ("a",)}, r"'unit': tuple cannot be a parameter"),
        ({"catatan": Path("x")}, r"'catatan': \w+ cannot be a parameter"),
        ({"x=1; import os #": 1}, r"a parameter name is not a Python identifier"),
        ({"class": 1}, r"a parameter name is not a Python identifier"),
    ],
)
def test_wrong_ones_are_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        check_parameters(text(CELL), given)


def test_all_problems_at_once_and_no_value_in_the_message() -> None:
    with pytest.raises(ParameterError) as caught:
        check_parameters(text(CELL), {"tahun": "rahasia", "kode": "x", "kunci": 5})
    assert str(caught.value).count(";") == 3
    assert "rahasia" not in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("tahun = date.today().year", "line 1: the default of 'tahun' is not a literal"),
        ("import os", "line 1: expected only"),
        ("a = 1\nb = c = 2", "line 2: expected only"),
        ("a, b = 1, 2", "line 1: expected one plain name"),
        ("a = 1\na = 2", "line 2: 'a' is assigned twice"),
        ("a: int", "line 1: expected only"),
        ("a: int = 'x'", "the default of 'a' is str; its annotation expects int"),
        ("a: Tahun = 1", "annotation not understood"),
        ("a = (1, 2)", "tuple cannot be a parameter"),
        ("a = ", "line 1: not Python"),
        ("if True:\n    a = 1", "expected only"),
        ("print('x')", "expected only"),
    ],
)
def test_a_cell_with_anything_but_literals_is_refused(cell: str, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        read_parameters(text(cell))


def test_no_cell_means_no_parameters() -> None:
    assert read_parameters(text(CELL, tags=())) == {}
    with pytest.raises(ParameterError, match="the notebook has none"):
        check_parameters(text(CELL, tags=()), {"tahun": 2024})


def test_two_tagged_cells_and_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="2 cells are tagged"):
        read_parameters(text("a = 1", "b = 2"))
    for content in ("bukan json", "[]", '{"nbformat": 3, "worksheets": []}'):
        (tmp_path / "x.ipynb").write_text(content)
        with pytest.raises(ParameterError, match=r"x\.ipynb: not a Jupyter notebook"):
            read_parameters(tmp_path / "x.ipynb")
    with pytest.raises(ParameterError, match="no such file"):
        read_parameters(tmp_path / "y.ipynb")


# The next were found by fuzzing (tests/fuzz): each ended in a traceback.
@pytest.mark.parametrize(
    "cell",
    [
        'bahasa: Literal["id" & "en"] = "id"',
        'bahasa: "Literal[" = "id"',
        'kode: str = "a\x00b" \x00',
        "kode: list = " + "[" * 300 + "]" * 300,
        "kode = " + "-" * 100_000 + "1",
    ],
    ids=["no literal", "torn", "NUL", "deep", "deeper"],
)
def test_cells_that_python_itself_trips_over_are_refused(cell: str) -> None:
    node = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": cell}
    with pytest.raises(ParameterError):
        read_parameters(json.dumps({"nbformat": 4, "cells": [node]}))


@pytest.mark.parametrize("cells", [None, 3, "sel", [1], [[]]], ids=str)
def test_a_notebook_whose_cells_are_none_is_refused(cells: Any) -> None:
    with pytest.raises(ParameterError, match="no list of cells"):
        read_parameters(json.dumps({"nbformat": 4, "cells": cells}))


def test_a_notebook_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(b"\xff\xfe{}")
    with pytest.raises(ParameterError, match="not JSON"):
        read_parameters(tmp_path / "a.ipynb")
