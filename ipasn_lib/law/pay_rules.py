r"""Rules by which performance and attendance become pay, as dated and cited data.

Every rule met so far has one shape. Of the ceiling *v* ("pagu", rupiah a month) a part hangs on
performance, a part on discipline, a part is paid in any case:

.. math:: \text{bayar} = v \,[\, w_k\, r\, (1-a)^{k} + w_d\, (1 - \min(1, a+u)) + w_t \,]

with *r* the performance factor, *a* the cuts for attendance, *u* the other cuts, and *k* 1 where
attendance cuts the performance part too, else 0. A rule known only by its split takes *r* and
the discipline factor as given columns.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law.instrument import Source
from ipasn_lib.law.parsing import source_of
from ipasn_lib.law.predicate_rules import PREDIKAT, describe_source
from ipasn_lib.law.strict import NUMBER, Table, find_file, is_number, read_table

__all__ = [
    "Deduction",
    "Discipline",
    "PayRule",
    "Performance",
    "available_pay_rules",
    "load_pay_rule",
]

FOLDER = Path(__file__).parent / "pay"
JENIS = ("tpp", "tukin")
PERFORMANCE = ("predikat", "penuh", "langsung", "tidak_dipakai")
DISCIPLINE = ("pengurang", "langsung")
KELOMPOK = ("kehadiran", "lain")
BOBOT = ("kinerja", "disiplin", "tetap")


@dataclass(frozen=True)
class Deduction:
    """Percent cut for each event counted in the column ``nama``.

    ``kelompok`` is "kehadiran" (part of *a*) or "lain" (part of *u*). From ``penuh_mulai``
    events on, everything is cut.
    """

    nama: str
    label: str
    kelompok: str
    persen: float
    satuan: str
    penuh_mulai: int | None


@dataclass(frozen=True)
class Performance:
    """Where the performance factor comes from.

    ``cara``: "predikat" (``faktor``, or ``tanpa_predikat`` where a person has none, less
    ``potongan`` for each column named there), "penuh" (``kolom`` over ``penuh``, at most 1),
    "langsung" (``kolom``, 0-1) or "tidak_dipakai".
    """

    cara: str
    kena_kehadiran: bool
    kolom: str
    penuh: float
    faktor: Mapping[str, float]
    tanpa_predikat: float
    potongan: Mapping[str, float]


@dataclass(frozen=True)
class Discipline:
    """Where the discipline factor comes from: "pengurang" or "langsung" (``kolom``, 0-1)."""

    cara: str
    kolom: str


@dataclass(frozen=True)
class PayRule:
    """One agency's rule. Amounts are shares of the ceiling; weights sum to 1."""

    id: str
    judul: str
    jenis: str
    wilayah: str
    diperiksa: dt.date
    sumber: tuple[Source, ...]
    bobot: Mapping[str, float]
    kinerja: Performance
    disiplin: Discipline
    pengurang: tuple[Deduction, ...]
    catatan: tuple[str, ...]

    @property
    def kolom(self) -> tuple[str, ...]:
        """Columns that the rule reads beside ``pagu`` and ``predikat``."""
        given = [self.kinerja.kolom, self.disiplin.kolom]
        events = [d.nama for d in self.pengurang]
        return tuple(dict.fromkeys(c for c in (*given, *self.kinerja.potongan, *events) if c))

    def describe(self) -> dict[str, object]:
        """Say in plain values how the rule pays and where it is from, for a method note.

        Returns
        -------
        dict
            ``id``, ``judul``, ``sumber`` (judul, pasal, tautan, keyakinan), ``catatan``.
        """
        split = ", ".join(f"{name} {100 * w:g} persen" for name, w in self.bobot.items() if w)
        factors = ", ".join(f"{p} {100 * f:g} persen" for p, f in self.kinerja.faktor.items())
        cuts = "; ".join(f"{d.label.lower()}: {_percent(d.persen)}" for d in self.pengurang)
        said = [f"Pagu dibagi: {split}."]
        said += [f"Bagian kinerja menurut predikat: {factors}."] * bool(factors)
        said += [f"Pengurang tiap kejadian. {cuts.capitalize()}."] * bool(cuts)
        return {
            "id": self.id,
            "judul": self.judul,
            "sumber": [describe_source(s) for s in self.sumber],
            "catatan": [*said, *self.catatan],
        }


def available_pay_rules() -> dict[str, PayRule]:
    """All rules that ship with the library, by id."""
    return {path.stem: _load(path) for path in sorted(FOLDER.glob("*.toml"))}


def load_pay_rule(which: str | Path) -> PayRule:
    """Load a rule by id, or from a file of your own.

    Raises
    ------
    ParameterError
        For an unknown id.
    InstrumentError
        For a file that is not whole.
    """
    return _load(find_file(which, FOLDER, "pay rule"))


@functools.lru_cache
def _load(path: Path) -> PayRule:
    top = read_table(path)
    deductions = top.tables("pengurang") if "pengurang" in top.data else {}
    top.known.append("pengurang")
    rule = PayRule(
        id=top.take("id", str),
        judul=top.take("judul", str),
        jenis=_one_of(top.take("jenis", str), JENIS, f"{path.name}: jenis"),
        wilayah=top.take("wilayah", str),
        diperiksa=top.take("diperiksa", dt.date),
        sumber=tuple(source_of(kode, table) for kode, table in top.tables("sumber").items()),
        bobot=_weights(Table(top.take("bobot", dict), f"{path.name}.bobot")),
        kinerja=_performance(Table(top.take("kinerja", dict), f"{path.name}.kinerja")),
        disiplin=_discipline(Table(top.take("disiplin", dict), f"{path.name}.disiplin")),
        pengurang=tuple(_deduction(name, table) for name, table in deductions.items()),
        catatan=top.texts("catatan"),
    )
    top.close()
    if rule.id != path.stem:
        raise InstrumentError(f"{path.name}: id {rule.id!r} is not the file's name")
    if not rule.sumber:
        raise InstrumentError(f"{path.name}: at least one sumber is needed")
    if (rule.disiplin.cara == "pengurang") != bool(rule.pengurang):
        raise InstrumentError(f"{path.name}: pengurang belongs to disiplin of cara 'pengurang'")
    if (rule.kinerja.cara == "tidak_dipakai") != (rule.bobot["kinerja"] == 0):
        raise InstrumentError(f"{path.name}: kinerja is 'tidak_dipakai' where its weight is 0")
    return rule


def _percent(value: float) -> str:
    return f"{value:g} persen".replace(".", ",")


def _one_of(value: str, known: tuple[str, ...], place: str) -> str:
    if value not in known:
        raise InstrumentError(f"{place} {value!r}; known: {', '.join(known)}")
    return value


def _weights(table: Table) -> dict[str, float]:
    weights = {name: float(table.take(name, NUMBER)) for name in BOBOT}
    table.close()
    if min(weights.values()) < 0 or abs(sum(weights.values()) - 1) > 1e-12:
        raise InstrumentError(f"{table.place}: weights must be 0 or more and sum to 1")
    return weights


def _performance(table: Table) -> Performance:
    cara = _one_of(table.take("cara", str), PERFORMANCE, f"{table.place}: cara")
    by_predicate = cara == "predikat"
    performance = Performance(
        cara=cara,
        kena_kehadiran=cara != "tidak_dipakai" and table.take("kena_kehadiran", bool),
        kolom=table.take("kolom", str) if cara in ("penuh", "langsung") else "",
        penuh=float(table.take("penuh", NUMBER)) if cara == "penuh" else 1.0,
        faktor=_shares(table, "faktor") if by_predicate else {},
        tanpa_predikat=float(table.take("tanpa_predikat", NUMBER)) if by_predicate else 0.0,
        potongan=_shares(table, "potongan") if by_predicate else {},
    )
    table.close()
    if by_predicate and set(performance.faktor) != set(PREDIKAT):
        raise InstrumentError(f"{table.place}.faktor: must name exactly {', '.join(PREDIKAT)}")
    if performance.penuh <= 0:
        raise InstrumentError(f"{table.place}: penuh must be above 0")
    return performance


def _discipline(table: Table) -> Discipline:
    cara = _one_of(table.take("cara", str), DISCIPLINE, f"{table.place}: cara")
    discipline = Discipline(cara, table.take("kolom", str) if cara == "langsung" else "")
    table.close()
    return discipline


def _shares(table: Table, key: str) -> dict[str, float]:
    shares = table.take(key, dict)
    for name, value in shares.items():
        if not is_number(value) or not 0 <= value <= 1:
            raise InstrumentError(f"{table.place}.{key}.{name}: expected a share from 0 to 1")
    return {name: float(value) for name, value in shares.items()}


def _deduction(nama: str, table: Table) -> Deduction:
    deduction = Deduction(
        nama=nama,
        label=table.take("label", str),
        kelompok=_one_of(table.take("kelompok", str), KELOMPOK, f"{table.place}: kelompok"),
        persen=float(table.take("persen", NUMBER)),
        satuan=table.take("satuan", str),
        penuh_mulai=table.take("penuh_mulai", int, None),
    )
    table.close()
    if not 0 < deduction.persen <= 100:
        raise InstrumentError(f"{table.place}: persen must be above 0 and at most 100")
    return deduction
