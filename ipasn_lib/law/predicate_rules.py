"""Predicates of performance, and how a unit's staff may be spread over them.

PermenPANRB 6/2022 gives five predicates to a person and to an organisation; SE MenPANRB 3/2023
ties the spread of the first to the second. The numbers stand in ``predikat/*.toml``.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law.instrument import KEYAKINAN, Source
from ipasn_lib.law.parsing import source_of
from ipasn_lib.law.strict import NUMBER, Table, find_file, read_table

__all__ = [
    "PREDIKAT",
    "DistributionRule",
    "Statement",
    "describe_source",
    "load_distribution_rule",
]

FOLDER = Path(__file__).parent / "predikat"

PREDIKAT = ("Sangat Kurang", "Kurang", "Butuh Perbaikan", "Baik", "Sangat Baik")
"""Predicates of a person, lowest first (PermenPANRB 6/2022)."""

PREDIKAT_ORGANISASI = ("Sangat Kurang", "Kurang", "Butuh Perbaikan", "Baik", "Istimewa")
"""Predicates of an organisation, lowest first."""


@dataclass(frozen=True)
class Statement:
    """One condition: the share of staff with one of ``predikat`` lies within limits (0-1).

    ``lebih_dari`` is the lower limit itself excluded; None where the limit is included.
    """

    nama: str
    bunyi: str
    predikat: tuple[str, ...]
    minimum: float
    lebih_dari: float | None
    maksimum: float

    def holds(self, share: float) -> bool:
        """Tell whether a share keeps the condition; float noise at a limit does not break it."""
        above = share >= self.minimum - 1e-12
        if self.lebih_dari is not None:
            above = share > self.lebih_dari + 1e-12
        return bool(above and share <= self.maksimum + 1e-12)


@dataclass(frozen=True)
class DistributionRule:
    """The conditions for each predicate of the organisation."""

    id: str
    judul: str
    mulai: int
    ditandatangani: dt.date
    diperiksa: dt.date
    sumber: tuple[Source, ...]
    organisasi: Mapping[str, tuple[Statement, ...]]
    catatan: tuple[str, ...]

    def describe(self) -> dict[str, object]:
        """Say in plain values what the rule asks and where it is from, for a method note.

        Returns
        -------
        dict
            ``id``, ``judul``, ``sumber`` (judul, pasal, tautan, keyakinan), ``catatan``.
        """
        said = [
            f"Organisasi {name}: {'; '.join(s.bunyi for s in statements)}."
            for name, statements in self.organisasi.items()
        ]
        return {
            "id": self.id,
            "judul": self.judul,
            "sumber": [describe_source(s) for s in self.sumber],
            "catatan": [*said, *self.catatan],
        }


def describe_source(source: Source) -> dict[str, str]:
    """Give a source in plain values: ``judul``, ``pasal``, ``tautan``, ``keyakinan``."""
    return {
        "judul": source.judul,
        "pasal": source.pasal,
        "tautan": source.tautan,
        "keyakinan": KEYAKINAN[source.keyakinan],
    }


def load_distribution_rule(which: str | Path = "se-menpanrb-3-2023") -> DistributionRule:
    """Load a rule by id or from a file.

    Raises
    ------
    ParameterError
        For an unknown id.
    InstrumentError
        For a file that is not whole.
    """
    return _load(find_file(which, FOLDER, "distribution rule"))


@functools.lru_cache
def _load(path: Path) -> DistributionRule:
    top = read_table(path)
    rule = DistributionRule(
        id=top.take("id", str),
        judul=top.take("judul", str),
        mulai=top.take("mulai", int),
        ditandatangani=top.take("ditandatangani", dt.date),
        diperiksa=top.take("diperiksa", dt.date),
        sumber=tuple(source_of(kode, t) for kode, t in top.tables("sumber").items()),
        organisasi={n: _conditions(table) for n, table in top.tables("organisasi").items()},
        catatan=top.texts("catatan"),
    )
    top.close()
    if set(rule.organisasi) != set(PREDIKAT_ORGANISASI):
        raise InstrumentError(
            f"{path.name}: organisasi must name exactly {', '.join(PREDIKAT_ORGANISASI)}"
        )
    return rule


def _conditions(table: Table) -> tuple[Statement, ...]:
    rows = table.data.items()
    return tuple(_statement(nama, Table(data, f"{table.place}.{nama}")) for nama, data in rows)


def _statement(nama: str, table: Table) -> Statement:
    above = table.take("lebih_dari", NUMBER, None)
    statement = Statement(
        nama=nama,
        bunyi=table.take("bunyi", str),
        predikat=table.texts("predikat"),
        minimum=float(table.take("minimum", NUMBER, 0)),
        lebih_dari=None if above is None else float(above),
        maksimum=float(table.take("maksimum", NUMBER, 1)),
    )
    table.close()
    unknown = [p for p in statement.predikat if p not in PREDIKAT]
    if unknown or not statement.predikat:
        raise InstrumentError(
            f"{table.place}: predikat {', '.join(unknown) or 'none'}; known: {', '.join(PREDIKAT)}"
        )
    lower = [statement.minimum, statement.lebih_dari or 0.0]
    if min(lower) < 0 or not max(lower) <= statement.maksimum <= 1:
        raise InstrumentError(f"{table.place}: limits must rise from 0 to 1")
    return statement
