"""Strict loading of instrument files: by year, by id, or from a file of the user's own.

A file is whole or refused (:mod:`ipasn_lib.law.parsing`), and every reading must yield an
instrument that passes the same checks. No file updates another; the next start year ends the one
before.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ipasn_lib.errors import InstrumentError, ParameterError
from ipasn_lib.law.instrument import DIMENSI, GIVEN, Instrument
from ipasn_lib.law.parsing import parse_instrument

__all__ = ["available_instruments", "load_instrument"]

FOLDER = Path(__file__).parent / "instruments"


@functools.lru_cache
def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InstrumentError(f"{path}: no such instrument file") from None
    except (ValueError, RecursionError) as error:  # bad TOML, bytes that are no UTF-8, too deep
        raise InstrumentError(f"{path.name}: not valid TOML: {error}") from None


@functools.lru_cache
def _checked(path: Path) -> Instrument:
    """Load a file with its default readings, after trying every other reading once."""
    document = _document(path)
    default = parse_instrument(document, path.name, {})
    for key, reading in default.tafsir.items():
        for name in reading.pilihan:
            parse_instrument(document, path.name, {key: name})
    return default


def available_instruments() -> dict[str, Instrument]:
    """All instruments that ship with the library, by id, in order of their first year."""
    loaded = [_checked(path) for path in FOLDER.glob("*.toml")]
    return {i.id: i for i in sorted(loaded, key=lambda i: i.mulai)}


def _path_of(which: int | str) -> Path:
    paths = {_checked(path).id: path for path in FOLDER.glob("*.toml")}
    shipped = available_instruments()
    if isinstance(which, str):
        if which not in shipped:
            raise ParameterError(f"no instrument {which!r}; known: {', '.join(shipped)}")
        return paths[which]
    started = [i for i in shipped.values() if i.mulai <= which]
    if not started:
        years = ", ".join(f"{i.mulai} onward: {i.id}" for i in shipped.values())
        raise ParameterError(
            f"no instrument for measurement year {which}; there are {years}. The pilot of "
            "2016-2018 has no published coefficients, so it is not offered."
        )
    return paths[started[-1].id]


def load_instrument(
    which: int | str | Path,
    readings: Mapping[str, str] | None = None,
    *,
    file: Path | None = None,
) -> Instrument:
    """Load the instrument of a measurement year, by id, or from a file of your own.

    Parameters
    ----------
    which : int, str or pathlib.Path
        A measurement year (2022), an id (``"ip-asn-2019"``, also with the marks of a variant:
        ``"ip-asn-2019+batas_kategori=tepi_atas"``), or the path of an instrument file.
    readings : mapping of str to str, optional
        Choice at contested points, by the keys of ``Instrument.tafsir``; the default reading
        where a key is not named.
    file : pathlib.Path, optional
        Where ``which`` is an id: the instrument file of your own that the id belongs to.

    Returns
    -------
    Instrument

    Raises
    ------
    ParameterError
        For a year before the first instrument, an unknown id, reading or choice.
    InstrumentError
        For a file that is not whole.

    Examples
    --------
    >>> load_instrument(2022).id
    'ip-asn-2019'
    >>> load_instrument(2022, {"batas_kategori": "tepi_atas"}).id
    'ip-asn-2019+batas_kategori=tepi_atas'
    """
    if isinstance(which, bool) or not isinstance(which, int | str | Path):
        raise ParameterError(f"which is {type(which).__name__}; expected a year, an id or a Path")
    chosen = dict(readings or {})
    marks: list[str] = []
    if isinstance(which, str):
        which, *marks = which.split("+")
    path = which if isinstance(which, Path) else file or _path_of(which)
    default = _checked(path)
    if file is not None and which != default.id:
        raise ParameterError(f"{path.name} holds {default.id}, not {which}")
    given = GIVEN in marks
    weights = None
    for mark in marks:
        key, _, value = mark.partition("=")
        if key == "bobot":
            weights = value
        elif mark != GIVEN:
            chosen[key] = value
    for key, name in chosen.items():
        if key not in default.tafsir:
            raise ParameterError(
                f"{default.id} has no reading {key!r}; known: {', '.join(default.tafsir) or 'none'}"
            )
        if name not in default.tafsir[key].pilihan:
            raise ParameterError(
                f"reading {key!r} has no choice {name!r}; known: "
                f"{', '.join(default.tafsir[key].pilihan)}"
            )
    instrument = parse_instrument(_document(path), path.name, chosen)
    if given:
        instrument = instrument.as_given()
    if weights is not None:
        try:
            numbers = [float(w) for w in weights.split("/")]
        except ValueError:
            numbers = []
        if len(numbers) != len(DIMENSI):
            raise ParameterError(f"weights {weights!r}: expected four numbers, as 25/40/30/5")
        instrument = instrument.with_weights(dict(zip(DIMENSI, numbers, strict=True)))
    return instrument
