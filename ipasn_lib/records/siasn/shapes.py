"""The shapes of SIASN's exports, and which one a file has.

``shapes.toml`` describes every shape once: columns, headings, kinds, privacy. A heading is
recognised whatever its case, spaces, underscores and dots, so that the table exported from the
web ("NIP BARU") and the answer of the web service ("nipBaru") are one.
"""

from __future__ import annotations

import functools
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ipasn_lib.records.problems import Finding, file_finding
from ipasn_lib.records.vocabulary import spell

__all__ = ["Field", "Recognised", "Shape", "heading_score", "load_shapes", "recognise"]

FILE = Path(__file__).with_name("shapes.toml")
FEWEST_HEADINGS = 3


@functools.lru_cache(4096)
def _spelt(text: str) -> str:
    """Spell a heading; a file's first rows are tried against every shape and delimiter."""
    return spell(text)


@dataclass(frozen=True)
class Field:
    """A column of a shape; see the head of ``shapes.toml`` for its parts."""

    nama: str
    judul: str
    jenis: str
    alias: tuple[str, ...] = ()
    tabel: str = ""
    privasi: str = "biasa"
    pakai: bool = True


@dataclass(frozen=True)
class Shape:
    """One kind of export.

    Attributes
    ----------
    nama, judul : str
        Its short name ("kursus") and what it is.
    wajib : tuple of tuple of str
        Of each group at least one column must be there.
    kolom : mapping of str to Field
        All known columns, in the order of the export.
    tulisan : mapping of str to str
        Column of each heading, as :func:`ipasn_lib.records.vocabulary.spell` writes it.
    """

    nama: str
    judul: str
    wajib: tuple[tuple[str, ...], ...]
    kolom: Mapping[str, Field]
    tulisan: Mapping[str, str]

    def columns(self, headings: Sequence[object]) -> dict[str, list[int]]:
        """Positions of the headings that name each known column, canonical spelling first."""
        places: dict[str, list[int]] = defaultdict(list)
        for position, heading in enumerate(headings):
            name = self.tulisan.get(_spelt(str(heading))) if heading is not None else None
            if name is not None:
                places[name].append(position)
        for name, positions in places.items():
            order = [_spelt(s) for s in (name, self.kolom[name].judul, *self.kolom[name].alias)]
            positions.sort(key=lambda p, o=order: o.index(_spelt(str(headings[p]))))  # type: ignore[misc]
        return dict(places)

    def missing(self, columns: Mapping[str, object]) -> list[tuple[str, ...]]:
        """List the groups of needed columns of which none is there."""
        return [group for group in self.wajib if not any(name in columns for name in group)]


@dataclass(frozen=True)
class Recognised:
    """What a file turned out to be: its shape (None if unknown), places of columns, findings."""

    bentuk: Shape | None
    kolom: Mapping[str, int]
    masalah: tuple[Finding, ...]


@functools.cache
def load_shapes() -> Mapping[str, Shape]:
    """Read ``shapes.toml``: the shapes by name."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    shapes = {}
    for name, table in document.items():
        fields = {
            key: Field(
                nama=key,
                judul=entry["judul"],
                jenis=entry["jenis"],
                alias=tuple(entry.get("alias", ())),
                tabel=entry.get("tabel", ""),
                privasi=entry.get("privasi", "biasa"),
                pakai=entry.get("pakai", True),
            )
            for key, entry in table["kolom"].items()
        }
        spellings = {
            spell(text): key
            for key, field in reversed(fields.items())
            for text in (*field.alias, field.judul, key)
        }
        groups = tuple(tuple(group) for group in table["wajib"])
        shapes[name] = Shape(name, table["judul"], groups, fields, spellings)
    return shapes


def heading_score(cells: Sequence[object]) -> tuple[bool, int]:
    """Tell whether a row of cells is the whole header of some shape, and how many it knows."""
    best = (False, 0)
    for shape in load_shapes().values():
        columns = shape.columns(cells)
        count = len(columns)
        best = max(best, (count >= FEWEST_HEADINGS and not shape.missing(columns), count))
    return best


def recognise(headings: Sequence[str]) -> Recognised:
    """Tell the shape of a file by its headings.

    Parameters
    ----------
    headings : sequence of str
        As written in the file, by position.

    Returns
    -------
    Recognised
        The shape whose needed columns are all there; where several are (periodic performance
        has all columns of yearly performance) the one that needs most. Where none fits, a
        finding names the known shapes and what the nearest one lacks.
    """
    shapes = load_shapes()
    columns = {name: shape.columns(headings) for name, shape in shapes.items()}
    whole = [name for name, shape in shapes.items() if not shape.missing(columns[name])]
    if not whole:
        return Recognised(None, {}, (_unknown(columns),))
    name = max(whole, key=lambda n: (len(shapes[n].wajib), len(columns[n])))
    shape = shapes[name]
    findings = []
    for column, positions in columns[name].items():
        first, *others = (spell(headings[p]) for p in positions)
        if first in others:
            hint = f"judul {shape.kolom[column].judul} berulang; sisakan satu"
            findings.append(file_finding(column, "kolom_ganda", hint))
    chosen = {column: positions[0] for column, positions in columns[name].items()}
    return Recognised(shape, chosen, tuple(findings))


def _unknown(columns: Mapping[str, Mapping[str, object]]) -> Finding:
    shapes = load_shapes()
    nearest = max(shapes, key=lambda n: (len(columns[n]), -len(shapes[n].missing(columns[n]))))
    lacking = "; ".join(
        " atau ".join(shapes[nearest].kolom[name].judul for name in group)
        for group in shapes[nearest].missing(columns[nearest])
    )
    known = ", ".join(f"{name} ({shape.judul})" for name, shape in shapes.items())
    hint = f"bentuk yang dikenal: {known}. Yang terdekat {nearest}; yang kurang: {lacking}"
    return file_finding("", "bentuk_tidak_dikenal", hint)
