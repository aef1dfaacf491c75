"""Recognise the shape of a file by its headings.

Three shapes are known: our own canonical table (with the instrument's columns, or with the four
scores as given), BKN's "PIP ASN" workbook, and the IP ASN csv of BKD Jawa Timur's rumahASN. The
instrument says which columns the canonical table needs, so another instrument makes another
table without a change here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ipasn_lib.law.instrument import DIMENSI, Instrument
from ipasn_lib.records.problems import Finding, file_finding
from ipasn_lib.records.vocabulary import HEADINGS, plain_heading
from ipasn_lib.records.workbook import HeadingScore

__all__ = ["BKD", "CANONICAL", "PIP", "Layout", "heading_score", "recognise", "title_years"]

CANONICAL = "tabel kanonik"
PIP = "PIP ASN BKN"
BKD = "IP ASN BKD Jatim"

PERSON = ("nip", "id_pegawai", "nama")
FEWEST_HEADINGS = 3
"""A row with fewer known headings is no header."""

_YEAR = re.compile(r"\b(20\d{2})\b")
_NAMED_YEAR = re.compile(r"\btahun\D{0,20}(20\d{2})\b")
# "Peraturan BKN Nomor 8 Tahun 2019", "PermenPANRB 38/2018" and printing dates are not the year
_OTHER_YEAR = re.compile(r"\b\d{1,4}\s+tahun\s+20\d{2}\b|\b\d{1,3}/20\d{2}\b")
_PRINTED = re.compile(r"\b(di)?(cetak|unduh|download|ekspor|tarik)")


@dataclass(frozen=True)
class Layout:
    """What a file turned out to be.

    Attributes
    ----------
    format : str
        Name of the shape.
    kolom : mapping of str to int
        Position of each canonical column.
    hukum : Instrument
        The instrument whose columns the rows are checked against: the one asked for, or its
        variant with scores as given.
    masalah : tuple of Finding
        Missing and doubled columns, and remarks.
    """

    format: str
    kolom: Mapping[str, int]
    hukum: Instrument
    masalah: tuple[Finding, ...]

    @property
    def given(self) -> bool:
        """True where the four scores are taken as given."""
        return self.hukum.is_given


def heading_score(instrument: Instrument) -> HeadingScore:
    """Make the function that tells how well a row of cells fits as the header of some shape."""
    known = _known_headings(instrument)

    def score(cells: Sequence[object]) -> tuple[bool, int]:
        names = {known[plain] for cell in cells if (plain := plain_heading(cell)) in known}
        count = len(names - {"nomor", "total"})
        return count >= FEWEST_HEADINGS and not names.isdisjoint(PERSON), count

    return score


def recognise(headings: Sequence[str], instrument: Instrument) -> Layout:
    """Tell a file's shape by its headings.

    Parameters
    ----------
    headings : sequence of str
        As written in the file, by position.
    instrument : Instrument

    Returns
    -------
    Layout
        Of the nearest shape; what it lacks stands in ``masalah``.

    Notes
    -----
    The instrument's own columns go before scores as given. A file with all four scores and only
    a part of the instrument's columns is refused: a misspelt heading would otherwise change
    silently from computed points to given ones. Whoever wants the given ones asks for them with
    ``instrument.as_given()``.
    """
    kolom, masalah = _columns(headings, instrument)
    have = set(kolom)
    own, scores = set(instrument.kolom), set(DIMENSI)
    wants_scores = instrument.is_given or (scores <= have and not own & have)
    hukum = instrument.as_given() if wants_scores else instrument
    label = _label(have, {plain_heading(h) for h in headings}, given=wants_scores)
    missing = [name for name in _needed(label, hukum, have) if name not in have]
    if missing and not (own | scores) & have:
        masalah.append(file_finding("", "bentuk_tidak_dikenal", _known_shapes(instrument)))
    masalah += [
        file_finding(name, "kolom_tidak_ada", f"kolom ini diperlukan oleh bentuk {label}")
        for name in missing
    ]
    if scores <= have and not wants_scores:
        hint = (
            "sebagian kolom instrumen tidak ada; lengkapi, atau baca dengan instrument.as_given()"
            if missing
            else "skor yang ada tidak dipakai; poin dihitung dari kolom instrumen"
        )
        masalah.append(file_finding("kualifikasi", "skor_dan_kolom", hint, "peringatan"))
    if {"nip", "id_pegawai"} <= have:
        hint = "id_pegawai tidak dipakai; id dibuat dari NIP"
        masalah.append(file_finding("id_pegawai", "nip_dan_id", hint, "peringatan"))
    return Layout(label, kolom, hukum, tuple(masalah))


def title_years(titles: Sequence[str]) -> tuple[set[int], set[int]]:
    """Years in the title rows: those that follow the word "tahun", and all.

    Years of regulations ("Nomor 8 Tahun 2019", "38/2018") and of printing dates are left out.
    """
    lines = [line.casefold() for line in titles]
    plain = [_OTHER_YEAR.sub(" ", line) for line in lines if not _PRINTED.search(line)]
    named = {int(year) for line in plain for year in _NAMED_YEAR.findall(line)}
    return named, {int(year) for line in plain for year in _YEAR.findall(line)}


def _known_headings(instrument: Instrument) -> dict[str, str]:
    known = {plain: name for name, spellings in HEADINGS.items() for plain in spellings}
    for name, column in instrument.kolom.items():
        known[plain_heading(name)] = name
        known.setdefault(plain_heading(column.label), name)
    return known


def _columns(
    headings: Sequence[str], instrument: Instrument
) -> tuple[dict[str, int], list[Finding]]:
    """Position of each canonical column; the canonical spelling goes before its synonyms."""
    known = _known_headings(instrument)
    places: dict[str, list[int]] = defaultdict(list)
    for position, heading in enumerate(headings):
        if (plain := plain_heading(heading)) in known:
            places[known[plain]].append(position)
    chosen, findings = {}, []
    for name, positions in places.items():
        exact = [p for p in positions if plain_heading(headings[p]) == plain_heading(name)]
        chosen[name] = (exact or positions)[0]
        if len(exact or positions) > 1:
            letters = ", ".join(_letters(p) for p in exact or positions)
            hint = f"kolom {letters} berarti sama; sisakan satu"
            findings.append(file_finding(name, "kolom_ganda", hint))
    return chosen, findings


def _label(have: set[str], plain: set[str], *, given: bool) -> str:
    if given and not {"jenis_asn", "id_pegawai"} & have:
        if "nip" not in have or "nama jabatan" in plain:
            return PIP
        if "unor" in plain or any(h.startswith("keterangan ") for h in plain):
            return BKD
    return CANONICAL


def _needed(label: str, hukum: Instrument, have: set[str]) -> list[str]:
    person = "nama" if label == PIP and "nip" not in have else "nip"
    if label == CANONICAL and "id_pegawai" in have:
        person = "id_pegawai"
    needed = [person, "unit_kerja"]
    if label == CANONICAL:
        needed.append("jenis_asn")
        if hukum.kelompok_jabatan and not hukum.is_given:
            needed.append("kelompok_jabatan")
    return [*needed, *hukum.kolom]


def _known_shapes(instrument: Instrument) -> str:
    given = instrument.as_given()
    shapes = {
        CANONICAL: _needed(CANONICAL, instrument, set()),
        f"{CANONICAL} dengan skor": _needed(CANONICAL, given, set()),
        PIP: _needed(PIP, given, set()),
        BKD: _needed(BKD, given, set()),
    }
    listed = "; ".join(f"{name} ({', '.join(columns)})" for name, columns in shapes.items())
    return f"bentuk yang dikenal: {listed}"


def _letters(position: int) -> str:
    """Column letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
