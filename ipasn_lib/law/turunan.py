"""How an instrument's columns follow from the histories of a personnel system (SIASN).

The regulation says what counts (the course of the post's own level, twenty hours within a year,
the worst sanction); a personnel system holds coded rows. The tables that lead from one to the
other are data of the instrument file, under ``turunan``, with their sources: which codes are
which level of education, which course counts as what, from which day. Nothing is derived here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law.strict import Table, is_number

__all__ = ["Derivation", "Window", "read_derivation"]

KINDS = ("kepemimpinan", "fungsional", "teknis", "seminar")
"""What a course can count as."""

ANCHORS = ("tahun_data", "tahun_ukur")
ENDS = ("tanggal_isian", "akhir_tahun_data")


class Columns(Protocol):
    """What is asked of a described column (:class:`ipasn_lib.law.instrument.Column`)."""

    @property
    def jenis(self) -> str:
        """Kind of the column."""

    @property
    def pilihan(self) -> tuple[str, ...]:
        """Its categories."""


@dataclass(frozen=True)
class Window:
    """From which year a window counts and where it ends.

    ``pangkal``: ``tahun_data`` is the year before the measurement year, ``tahun_ukur`` the
    measurement year. ``akhir``: ``tanggal_isian`` runs up to the day of entry,
    ``akhir_tahun_data`` to 31 December of the year before the measurement year.
    """

    pangkal: str
    akhir: str

    def dates(self, tahun: int, years: int, sampai: dt.date) -> tuple[dt.date, dt.date]:
        """Give first and last day for a measurement year, a length and the day of entry."""
        anchor = tahun - 1 if self.pangkal == "tahun_data" else tahun
        last = min(sampai, dt.date(tahun - 1, 12, 31)) if self.akhir != "tanggal_isian" else sampai
        return dt.date(anchor - years + 1, 1, 1), last


@dataclass(frozen=True)
class Education:
    """Level of education: which row of the history, and what its code means.

    ``cara`` is ``tertinggi`` or ``lulus_terakhir``; ``urutan`` lists the levels, lowest first.
    Codes "05" and "10" mean different things in the two codings.
    """

    kolom: str
    cara: str
    urutan: tuple[str, ...]
    kode_baru: Mapping[str, str]
    kode_lama: Mapping[str, str]
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Post:
    """Job group by kind of post; ``eselon`` names the exceptions among structural posts."""

    kolom: str
    jenis: Mapping[str, str]
    eselon: Mapping[str, str]
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Leadership:
    """Leadership training that fits the post: level of eselon and of course, 1 the highest.

    ``cara`` is ``sesuai_jenjang`` (equal levels) or ``jenjang_atau_lebih_tinggi``.
    """

    kolom: str
    cara: str
    eselon: Mapping[str, int]
    latihan: Mapping[str, int]
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Functional:
    """Functional training: courses of that kind, and posts that have it by their appointment.

    ``otomatis`` holds the first words of such posts; it counts where ``berlaku`` is true.
    """

    kolom: str
    otomatis: tuple[str, ...]
    berlaku: bool
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Courses:
    """What a course counts as: by its kind, else by the letter on its certificate."""

    jenis: Mapping[str, str]
    sertifikat: Mapping[str, str]
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Windowed:
    """A column that counts courses of one kind within a window."""

    kolom: str
    jendela: Window
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Performance:
    """Value of the year's performance: the number, or a value that stands for the predicate.

    ``wakil`` gives each predicate (by code, 1 the best) a number within the band of that rank;
    ``pp30`` the predicate of a number on the scale of PP 30/2019 by its lower edge;
    ``matriks`` the predicate of (result, behaviour); ``ganda`` says what two unequal values of
    one year mean: ``tolak`` or ``terendah``.
    """

    kolom: str
    jendela: Window
    ganda: str
    wakil: Mapping[str, float]
    pp30: tuple[tuple[float, str], ...]
    matriks: Mapping[tuple[str, str], str]
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Sanction:
    """Level of a sanction by the letter on the row, else by its kind; worst last."""

    kolom: str
    jendela: Window
    tingkat: Mapping[str, str]
    jenis: Mapping[str, str]
    urutan: tuple[str, ...]
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Subjects:
    """Who of a list of people is measured, by legal standing (codes)."""

    bukan_pegawai: tuple[str, ...]
    pppk: tuple[str, ...]
    cpns: str
    sumber: tuple[str, ...]


@dataclass(frozen=True)
class Derivation:
    """The whole of ``turunan``."""

    subjek: Subjects
    pendidikan: Education
    jabatan: Post
    kepemimpinan: Leadership
    fungsional: Functional
    diklat: Courses
    teknis: Windowed
    seminar: Windowed
    kinerja: Performance
    hukuman: Sanction

    def sources(self) -> list[tuple[str, ...]]:
        """List the sources cited by each part."""
        return [getattr(self, name).sumber for name in self.__dataclass_fields__]


def read_derivation(
    top: Table, columns: Mapping[str, Columns], groups: tuple[str, ...]
) -> Derivation:
    """Read the table ``turunan`` of an instrument file.

    Raises
    ------
    InstrumentError
        For an unknown or missing key, column, category, group or choice.
    """
    parts = {name: Table(top.take(name, dict), f"{top.place}.{name}") for name in _PARTS}
    top.close()

    def column(part: str, jenis: str) -> str:
        table = parts[part]
        name = str(table.take("kolom", str))
        if name not in columns or columns[name].jenis != jenis:
            fits = ", ".join(n for n, c in columns.items() if c.jenis == jenis)
            raise InstrumentError(f"{table.place}: kolom {name!r}; known: {fits}")
        return name

    ladder = column("pendidikan", "kategori")
    levels = columns[ladder].pilihan
    punished = column("hukuman", "kategori")
    degrees = columns[punished].pilihan
    performance = column("kinerja", "angka")
    part = parts["pendidikan"]
    education = Education(
        kolom=ladder,
        cara=_choice(part, "cara", ("tertinggi", "lulus_terakhir")),
        urutan=_all_of(part, "urutan", levels),
        kode_baru=_mapping(part, "kode_baru", levels),
        kode_lama=_mapping(part, "kode_lama", levels),
        sumber=part.texts("sumber"),
    )
    part = parts["kepemimpinan"]
    leadership = Leadership(
        kolom=column("kepemimpinan", "ya_tidak"),
        cara=_choice(part, "cara", ("sesuai_jenjang", "jenjang_atau_lebih_tinggi")),
        eselon=_ranks(part, "eselon"),
        latihan=_ranks(part, "latihan"),
        sumber=part.texts("sumber"),
    )
    part = parts["fungsional"]
    functional = Functional(
        kolom=column("fungsional", "ya_tidak"),
        otomatis=tuple(name.casefold() for name in part.texts("otomatis")),
        berlaku=part.take("berlaku", bool),
        sumber=part.texts("sumber"),
    )
    part = parts["hukuman"]
    sanction = Sanction(
        kolom=punished,
        jendela=_window(part),
        tingkat=_mapping(part, "tingkat", degrees),
        jenis=_mapping(part, "jenis", degrees),
        urutan=degrees,
        sumber=part.texts("sumber"),
    )
    derivation = Derivation(
        subjek=_subjects(parts["subjek"]),
        pendidikan=education,
        jabatan=_post(parts["jabatan"], groups),
        kepemimpinan=leadership,
        fungsional=functional,
        diklat=_courses(parts["diklat"]),
        teknis=_windowed(parts["teknis"], column("teknis", "angka")),
        seminar=_windowed(parts["seminar"], column("seminar", "ya_tidak")),
        kinerja=_performance(parts["kinerja"], performance),
        hukuman=sanction,
    )
    for table in parts.values():
        table.close()
    return derivation


_PARTS = tuple(Derivation.__dataclass_fields__)


def _choice(table: Table, key: str, known: tuple[str, ...]) -> str:
    value = str(table.take(key, str))
    if value not in known:
        raise InstrumentError(f"{table.place}: {key} {value!r}; known: {', '.join(known)}")
    return value


def _all_of(table: Table, key: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    given = table.texts(key)
    if sorted(given) != sorted(wanted):
        raise InstrumentError(f"{table.place}: {key} must name each once: {', '.join(wanted)}")
    return given


def _mapping(table: Table, key: str, known: tuple[str, ...]) -> dict[str, str]:
    given = table.take(key, dict)
    for code, value in given.items():
        if value not in known:
            raise InstrumentError(
                f"{table.place}.{key}.{code}: {value!r} is not known; known: {', '.join(known)}"
            )
    return {str(code): str(value) for code, value in given.items()}


def _ranks(table: Table, key: str) -> dict[str, int]:
    given = table.take(key, dict)
    for code, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise InstrumentError(f"{table.place}.{key}.{code}: expected a level, 1 the highest")
    return dict(given)


def _window(table: Table) -> Window:
    return Window(_choice(table, "pangkal", ANCHORS), _choice(table, "akhir", ENDS))


def _windowed(table: Table, kolom: str) -> Windowed:
    return Windowed(kolom, _window(table), table.texts("sumber"))


def _subjects(table: Table) -> Subjects:
    return Subjects(
        bukan_pegawai=table.texts("bukan_pegawai"),
        pppk=table.texts("pppk"),
        cpns=_choice(table, "cpns", ("diukur", "tidak_diukur")),
        sumber=table.texts("sumber"),
    )


def _post(table: Table, groups: tuple[str, ...]) -> Post:
    return Post(
        kolom=_choice(table, "kolom", ("kelompok_jabatan",)),
        jenis=_mapping(table, "jenis", groups),
        eselon=_mapping(table, "eselon", groups),
        sumber=table.texts("sumber"),
    )


def _courses(table: Table) -> Courses:
    return Courses(
        jenis=_mapping(table, "jenis", KINDS),
        sertifikat=_mapping(table, "sertifikat", KINDS),
        sumber=table.texts("sumber"),
    )


def _performance(table: Table, kolom: str) -> Performance:
    wakil = table.take("wakil", dict)
    for code, value in wakil.items():
        if not is_number(value):
            raise InstrumentError(f"{table.place}.wakil.{code}: expected a number")
    predicates = tuple(wakil)
    edges: list[tuple[float, str]] = []
    for row in table.take("pp30", list):
        known = isinstance(row, list) and len(row) == 2 and row[1] in predicates
        if not known or not is_number(row[0]):
            raise InstrumentError(f"{table.place}.pp30: each row is [lower edge, predicate code]")
        edges.append((float(row[0]), str(row[1])))
    if edges != sorted(edges):
        raise InstrumentError(f"{table.place}.pp30: lower edges must rise")
    cells = _mapping(table, "matriks", predicates)
    pairs = {(code[:1], code[-1:]): value for code, value in cells.items() if len(code) == 3}
    if len(pairs) != len(cells):
        raise InstrumentError(f"{table.place}.matriks: keys are written as '1-2'")
    return Performance(
        kolom=kolom,
        jendela=_window(table),
        ganda=_choice(table, "ganda", ("tolak", "terendah")),
        wakil={code: float(value) for code, value in wakil.items()},
        pp30=tuple(edges),
        matriks=pairs,
        sumber=table.texts("sumber"),
    )
