"""Turn an instrument file's document into an instrument, strictly.

A document is whole or refused: every key is known, every needed key is there, every path that a
reading changes exists, and the most that each job group can earn in a dimension is the
dimension's weight.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law.instrument import (
    DIMENSI,
    JENIS_ASN,
    KEYAKINAN,
    Categories,
    Choice,
    Column,
    Dimension,
    Indicator,
    Instrument,
    Reading,
    Source,
)
from ipasn_lib.law.rules import RULES, BandPoints, Bands, Rule
from ipasn_lib.law.strict import NUMBER, Table, is_number
from ipasn_lib.law.turunan import read_derivation

__all__ = ["parse_instrument", "source_of"]

KOSONG = ("tolak", "nol", "tidak_diukur")


def parse_instrument(document: dict[str, Any], place: str, chosen: Mapping[str, str]) -> Instrument:
    """Turn a document, changed by the chosen readings, into an instrument.

    Parameters
    ----------
    document : dict
        The file as TOML gives it; not changed.
    place : str
        Name of the file, for messages.
    chosen : mapping of str to str
        Choice at contested points by key; the default where a key is not named.

    Raises
    ------
    InstrumentError
        If the document is not whole, or a choice yields something that is not.
    """
    # Readings are understood first, on the document as written: they say what may be changed.
    top = Table(document, place)
    readings = {name: _reading(name, table) for name, table in top.tables("tafsir").items()}
    document = copy.deepcopy(document)
    for key, name in chosen.items():
        _apply(document, readings[key].pilihan[name].ubah, f"{place}.tafsir.{key}.{name}")

    top = Table(document, place)
    groups = top.texts("kelompok_jabatan")
    sources = {name: source_of(name, table) for name, table in top.tables("sumber").items()}
    columns = {name: _column(name, table) for name, table in top.tables("kolom").items()}
    dims = {
        name: _dimension(name, table, columns, groups)
        for name, table in top.tables("dimensi").items()
    }
    if tuple(dims) != DIMENSI:
        raise InstrumentError(f"{place}: dimensions {list(dims)}; expected {list(DIMENSI)}")
    if sum(d.bobot for d in dims.values()) != 100:
        raise InstrumentError(f"{place}: the weights do not sum to 100")
    unread = set(columns) - {i.kolom for d in dims.values() for i in d.indikator}
    if unread:
        raise InstrumentError(f"{place}: no indicator reads column {', '.join(sorted(unread))}")
    bands_table = Table(top.take("kategori", dict), f"{place}.kategori")
    bands, names = _bands(
        bands_table.take("pita", list), bands_table.take("tepi", str), bands_table.place
    )
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise InstrumentError(f"{bands_table.place}: each band names another category")
    categories = Categories(bands, tuple(names), bands_table.texts("sumber"))
    bands_table.close()
    derivation = (
        read_derivation(Table(top.take("turunan", dict), f"{place}.turunan"), columns, groups)
        if "turunan" in document
        else None
    )
    subjek = top.texts("subjek")
    if not set(subjek) <= set(JENIS_ASN):
        raise InstrumentError(f"{place}: subjek {list(subjek)}; known: {list(JENIS_ASN)}")
    if "+" in (name := top.take("id", str)):
        raise InstrumentError(f"{place}: id {name!r} holds '+', the mark of a variant")
    off_default = {k: v for k, v in sorted(chosen.items()) if v != readings[k].baku}
    instrument = Instrument(
        id="+".join([name, *(f"{k}={v}" for k, v in off_default.items())]),
        judul=top.take("judul", str),
        mulai=top.take("mulai", int),
        ditandatangani=str(top.take("ditandatangani", (dt.date, str))),
        diperiksa=top.take("diperiksa", dt.date),
        subjek=subjek,
        kelompok_jabatan=groups,
        sumber=sources,
        kolom={
            name: replace(column, kelompok=_groups_that_need(name, dims, groups))
            for name, column in columns.items()
        },
        dimensi=dims,
        kategori=categories,
        tafsir=readings,
        pilihan_tafsir={key: chosen.get(key, r.baku) for key, r in readings.items()},
        catatan=top.texts("catatan"),
        turunan=derivation,
    )
    top.known.append("tafsir")
    top.close()
    _check_sources(instrument, place)
    return instrument


def source_of(kode: str, table: Table) -> Source:
    """Take one ``[sumber.<kode>]`` table, strictly."""
    source = Source(
        kode=kode,
        judul=table.take("judul", str),
        pasal=table.take("pasal", str, ""),
        tautan=table.take("tautan", str, ""),
        keyakinan=table.take("keyakinan", str),
    )
    table.close()
    if source.keyakinan not in KEYAKINAN:
        raise InstrumentError(
            f"{table.place}: keyakinan {source.keyakinan!r}; known: {', '.join(KEYAKINAN)}"
        )
    return source


def _column(nama: str, table: Table) -> Column:
    jenis = table.take("jenis", str)
    kinds = {rule.reads for rule in RULES.values()}
    if jenis not in kinds:
        raise InstrumentError(f"{table.place}: jenis {jenis!r}; known: {', '.join(sorted(kinds))}")
    column = Column(
        nama=nama,
        label=table.take("label", str),
        jenis=jenis,
        kosong=table.take("kosong", str),
        pilihan=table.texts("pilihan") if jenis == "kategori" else (),
        minimum=float(table.take("minimum", NUMBER, 0)),
        maksimum=float(table.take("maksimum", NUMBER)) if jenis in ("angka", "poin") else 1.0,
        satuan=table.take("satuan", str, ""),
    )
    table.close()
    if column.kosong not in KOSONG and column.kosong not in column.pilihan:
        raise InstrumentError(
            f"{table.place}: kosong {column.kosong!r}; known: {', '.join(KOSONG)} or a category"
        )
    if column.minimum > column.maksimum:
        raise InstrumentError(f"{table.place}: minimum is above maksimum")
    return column


def _bands(rows: list[Any], tepi: str, place: str) -> tuple[Bands, list[Any]]:
    """Split printed rows ``[lower, upper, what it gives]`` into bands and what they give."""
    for row in rows:
        if not (isinstance(row, list) and len(row) == 3 and all(map(is_number, row[:2]))):
            raise InstrumentError(f"{place}: each band is [lower, upper, value]")
    ordered = sorted(rows, key=lambda row: row[0])
    try:
        bands = Bands(tuple((float(low), float(high)) for low, high, _ in ordered), tepi)
    except InstrumentError as error:
        raise InstrumentError(f"{place}: {error}") from None
    return bands, [gives for _, _, gives in ordered]


def _points_table(table: Table, allowed: tuple[str, ...]) -> dict[str, float]:
    poin = table.take("poin", dict)
    for name, value in poin.items():
        if name not in allowed:
            raise InstrumentError(
                f"{table.place}.poin: {name!r} is not known; known: {', '.join(allowed)}"
            )
        _check_points(value, f"{table.place}.poin.{name}")
    return {name: float(value) for name, value in poin.items()}


def _check_points(value: object, place: str) -> None:
    if not is_number(value) or value < 0:  # type: ignore[operator]
        raise InstrumentError(f"{place}: expected a number of 0 or more")


def _rule(table: Table, column: Column, groups: tuple[str, ...]) -> Rule:
    kind = table.take("aturan", str)
    if kind not in RULES:
        raise InstrumentError(f"{table.place}: aturan {kind!r}; known: {', '.join(RULES)}")
    rule = RULES[kind]
    if rule.reads != column.jenis:
        raise InstrumentError(
            f"{table.place}: rule {kind!r} reads a column of kind {rule.reads!r}, "
            f"but {column.nama!r} is {column.jenis!r}"
        )
    if kind == "kategori":
        poin = _points_table(table, column.pilihan)
        missing = sorted(set(column.pilihan) - set(poin))
        if missing:
            raise InstrumentError(f"{table.place}.poin: no points for {', '.join(missing)}")
        return RULES[kind](poin=poin)  # type: ignore[call-arg]
    if kind == "pita":
        rows = table.take("pita", list)
        bands, gives = _bands(rows, table.take("tepi", str), table.place)
        for points in gives:
            _check_points(points, f"{table.place}.pita")
        return BandPoints(pita=bands, poin=tuple(float(g) for g in gives))
    if kind == "langsung":
        return RULES[kind](maksimum=column.maksimum)  # type: ignore[call-arg]
    poin = _points_table(table, groups)
    if kind == "ya_tidak":
        return RULES[kind](poin=poin)  # type: ignore[call-arg]
    threshold, cara = float(table.take("ambang", NUMBER)), table.take("cara", str)
    try:
        return RULES[kind](poin=poin, ambang=threshold, cara=cara)  # type: ignore[call-arg]
    except InstrumentError as error:
        raise InstrumentError(f"{table.place}: {error}") from None


def _indicator(
    nama: str, table: Table, columns: Mapping[str, Column], groups: tuple[str, ...]
) -> Indicator:
    kolom = table.take("kolom", str)
    if kolom not in columns:
        raise InstrumentError(
            f"{table.place}: column {kolom!r} is not described; known: {', '.join(columns)}"
        )
    indicator = Indicator(
        nama=nama,
        label=table.take("label", str),
        kolom=kolom,
        aturan=_rule(table, columns[kolom], groups),
        sumber=table.texts("sumber"),
        keterangan=table.take("keterangan", str, ""),
        jendela_tahun=table.take("jendela_tahun", int, None),
    )
    table.close()
    return indicator


def _dimension(
    nama: str, table: Table, columns: Mapping[str, Column], groups: tuple[str, ...]
) -> Dimension:
    dimension = Dimension(
        nama=nama,
        label=table.take("label", str),
        bobot=float(table.take("bobot", NUMBER)),
        status=table.take("status", str),
        indikator=tuple(
            _indicator(name, sub, columns, groups)
            for name, sub in table.tables("indikator").items()
        ),
        catatan=table.take("catatan", str, ""),
    )
    table.close()
    if dimension.status not in KEYAKINAN:
        raise InstrumentError(
            f"{table.place}: status {dimension.status!r}; known: {', '.join(KEYAKINAN)}"
        )
    for group in groups or ("",):
        most = sum(i.aturan.maximum(group) for i in dimension.indikator)
        if most != dimension.bobot:
            raise InstrumentError(
                f"{table.place}: the most that {group or 'anybody'} can earn is {most:g}, "
                f"but the weight is {dimension.bobot:g}"
            )
    return dimension


def _groups_that_need(column: str, dims: Mapping[str, Dimension], groups: tuple[str, ...]) -> tuple:
    """Job groups for which a column can give points; empty where it can for all."""
    needing = tuple(
        g
        for g in groups
        if any(
            i.kolom == column and i.aturan.maximum(g) > 0
            for d in dims.values()
            for i in d.indikator
        )
    )
    return () if needing == groups else needing


def _reading(kunci: str, table: Table) -> Reading:
    choices = {}
    for name, sub in table.tables("pilihan").items():
        choices[name] = Choice(
            nama=name,
            keterangan=sub.take("keterangan", str),
            sumber=sub.texts("sumber"),
            ubah=sub.take("ubah", dict, {}),
        )
        sub.close()
    reading = Reading(
        kunci=kunci,
        pertanyaan=table.take("pertanyaan", str),
        baku=table.take("baku", str),
        pilihan=choices,
    )
    table.close()
    if reading.baku not in choices:
        raise InstrumentError(f"{table.place}: baku {reading.baku!r} is none of {list(choices)}")
    if choices[reading.baku].ubah:
        raise InstrumentError(f"{table.place}: the default reading must change nothing")
    return reading


def _check_sources(instrument: Instrument, place: str) -> None:
    cited = [i.sumber for d in instrument.dimensi.values() for i in d.indikator]
    cited += [c.sumber for r in instrument.tafsir.values() for c in r.pilihan.values()]
    cited.append(instrument.kategori.sumber)
    cited += instrument.turunan.sources() if instrument.turunan else []
    unknown = sorted({code for codes in cited for code in codes} - set(instrument.sumber))
    if unknown:
        raise InstrumentError(f"{place}: source {', '.join(unknown)} is not described")


def _apply(document: dict[str, Any], changes: Mapping[str, object], place: str) -> None:
    """Set each dotted path to its new value; the path must exist and keep its type."""
    for path, value in changes.items():
        *parents, last = path.split(".")
        table: Any = document
        for key in parents:
            table = table.get(key) if isinstance(table, dict) else None
        if not isinstance(table, dict) or last not in table:
            raise InstrumentError(f"{place}: path {path!r} is not in the file")
        old = table[last]
        same = isinstance(value, type(old)) or (
            isinstance(old, NUMBER) and isinstance(value, NUMBER)
        )
        if not same:
            raise InstrumentError(f"{place}: {path!r} changes type")
        table[last] = value
