"""Make-believe histories of what a person is: education, posts, leadership training."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ipasn_lib.records.synthetic.codes import LEVELS
from ipasn_lib.records.synthetic.siasn_draws import take
from ipasn_lib.records.synthetic.siasn_place import (
    ADMINISTRATOR,
    ESELON,
    NAMES,
    PENGAWAS,
    STRUKTURAL,
    UMUM,
    Place,
    reference,
)
from ipasn_lib.records.synthetic.siasn_rows import Rows, day, joined, spread

__all__ = [
    "certificate_days",
    "diklat",
    "education_name",
    "jabatan",
    "level_codes",
    "pendidikan",
]

IntArray = npt.NDArray[np.int64]
Where = npt.NDArray[np.intp]
Days = npt.NDArray[np.datetime64]

GRADUATION_AGE = dict(
    zip(LEVELS, (12, 15, 18, 19, 20, 21, 22, 22, 24, 26, 30, 34, 36), strict=True)
)
BELOW = {
    **dict.fromkeys(("D1", "D2", "D3", "D4", "S1"), ("SLTA",)),
    "SLTP": ("SD",),
    "SLTA": ("SD", "SLTP"),
    "Profesi": ("SLTA", "S1"),
    "S2": ("SLTA", "S1"),
    "Spesialis": ("S1", "Profesi"),
    "S3": ("S1", "S2"),
    "Subspesialis": ("S1", "Profesi", "Spesialis"),
}
"""Degrees that stand below a degree in a history (assumption)."""
LISTED = 0.8
"""Share of lower degrees that the history holds (assumption)."""

COURSE_OF = {PENGAWAS: "2", ADMINISTRATOR: "3", 0: "4"}
"""Leadership course (``latihan_struktural``) of the level of each echelon."""
LOWER_COURSE = {PENGAWAS: "8", ADMINISTRATOR: "2", 0: "3"}
"""A course that isn't of that level: one below, or another structural course."""


def pendidikan(place: Place) -> Rows:
    """List degrees: the highest, those before it, and one gained in service in its year."""
    people = place.people
    born = people.tahun - people.usia
    years = sorted(place.pendidikan)
    parts, known = [], np.full(len(people.slot), -1, dtype=np.int64)
    for year in years:
        level = place.pendidikan[year].astype(np.int64)
        fresh = (level >= 0) & (level != known)
        for position in range(len(LEVELS)):
            rows = np.flatnonzero(fresh & (level == position))
            u = place.dice.u("lulus", position, rows)
            age = GRADUATION_AGE[LEVELS[position]]
            early = np.minimum(born[rows] + age + np.floor(u * 3.0), people.masuk[rows] - 1)
            # a degree gained in service shows from the first measurement after it
            gained = np.where(known[rows] >= 0, year - 1, early).astype(np.int64)
            parts.append(_degree(place, rows, position, gained))
            for name in BELOW.get(LEVELS[position], ()):
                lower = LEVELS.index(name)
                listed = place.dice.u("tercatat", lower, rows) < LISTED
                # a degree held before is on the list already
                some = np.flatnonzero(listed & (known[rows] < 0))
                before = born[rows[some]] + GRADUATION_AGE[name]
                before = np.minimum(before, gained[some] - 1).astype(np.int64)
                parts.append(_degree(place, rows[some], lower, before))
        known = np.where(level >= 0, level, known)
    return joined(parts).until("tgl_lulus", np.datetime64(place.ditarik))


def level_codes(place: Place, rows: Where, level: npt.NDArray[np.integer]) -> IntArray:
    """Give the position of each level's code among the sorted codes of the new coding.

    A level with several codes (schools of different kinds) draws one.
    """
    coding = place.turunan.pendidikan.kode_baru
    codes = sorted(coding)
    by_level = [[i for i, c in enumerate(codes) if coding[c] == name] for name in LEVELS]
    wide = np.array([[own[k % len(own)] for k in range(6)] for own in by_level])
    pick = (place.dice.u("kode pendidikan", rows=rows) * 6).astype(np.int64)
    return np.asarray(wide[level.astype(np.int64), pick])


def _degree(place: Place, rows: Where, position: int, year: IntArray) -> Rows:
    codes = sorted(place.turunan.pendidikan.kode_baru)
    names = [education_name(place, c) for c in codes]
    code = level_codes(place, rows, np.full(len(rows), position))
    days = spread(day(year, 4, 1), day(year, 12, 31), place.dice.u("hari lulus", position, rows))
    return Rows(
        orang=rows,
        kunci=place.dice.word("pendidikan", position, rows),
        kolom={
            "tk_pendidikan_id": take(codes, code),
            "tk_pendidikan_nama": take(names, code),
            "tahun_lulus": year.astype(np.float64),
            "tgl_lulus": days,
        },
    )


def education_name(place: Place, code: str) -> str:
    """Name of a code of education; three codes are in no table of names, only in use."""
    table = reference("tingkat_pendidikan")
    return table[code][0] if code in table else place.turunan.pendidikan.kode_baru[code]


def jabatan(place: Place) -> Rows:
    """List posts: the first, one between for higher echelons, the present one, later moves."""
    people, posts, dice = place.people, place.posts, place.dice
    everyone = np.arange(len(people.slot))
    u = dice.u("tmt jabatan")
    since = np.maximum(people.masuk, 2018 - np.floor(u * 8.0).astype(np.int64))
    starts = spread(day(since, 1, 1), day(since, 3, 31), dice.u("hari jabatan"))
    here = _post(place, everyone, 0, posts.jenis, posts.nama, posts.eselon, starts)
    moved = since > people.masuk
    first = np.flatnonzero(moved)
    staff = NAMES.index(UMUM[0]) + (dice.u("jabatan pertama", rows=first) * len(UMUM)).astype(int)
    own = posts.jenis[first] == 2
    began = day(people.masuk[first], 1, 1)
    parts = [
        _post(
            place,
            first,
            1,
            np.where(own, 2, 4),
            np.where(own, posts.nama[first], staff),
            np.full(len(first), -1),
            began,
        )
    ]
    higher = (posts.eselon >= 0) & (posts.eselon < PENGAWAS) & (since - people.masuk > 8)
    rows = np.flatnonzero(higher)
    lower = posts.eselon[rows] + 2
    parts.append(_post(place, rows, 2, posts.jenis[rows], lower, lower, day(since[rows] - 4, 2, 1)))
    # who moves to other work after the day of entry is measured in the old post
    movers = np.flatnonzero(dice.u("mutasi", people.tahun) < place.rate("mutasi"))
    other = np.where(posts.jenis[movers] == 4, 2, 4)
    name = np.where(other == 2, NAMES.index("Arsiparis Terampil"), NAMES.index(UMUM[0]))
    when = np.full(len(movers), people.tahun)
    days = spread(day(when, 4, 1), day(when, 12, 31), dice.u("hari mutasi", rows=movers))
    parts += [here, _post(place, movers, 3, other, name, np.full(len(movers), -1), days)]
    return joined(parts).until("tmt_jabatan", np.datetime64(place.ditarik))


def _post(
    place: Place,
    rows: Where,
    turn: int,
    jenis: npt.NDArray[np.integer],
    nama: npt.NDArray[np.integer],
    eselon: npt.NDArray[np.integer],
    tmt: Days,
) -> Rows:
    kinds, echelons = reference("jenis_jabatan"), reference("eselon")
    codes = [None, *(str(k) for k in range(1, 5))]
    title = take(NAMES, nama)
    none = pa.nulls(len(rows), pa.string())
    return Rows(
        orang=rows,
        kunci=place.dice.word("jabatan", turn, rows, place.tahun if turn == 3 else 0),
        kolom={
            "jenis_jabatan": take(codes, jenis),
            "jenis_jabatan_nama": take([None if c is None else kinds[c][0] for c in codes], jenis),
            "eselon_id": take(ESELON, eselon),
            "eselon": take([echelons[c][0] for c in ESELON], eselon),
            "nama_jabatan": title,
            "jabatan_fungsional_nama": pa.compute.if_else(pa.array(jenis == 2), title, none),
            "jabatan_fungsional_umum_nama": pa.compute.if_else(pa.array(jenis == 4), title, none),
            "unor_nama": take(place.people.units.nama, place.people.unit[rows]),
            "tmt_jabatan": tmt,
            "tmt_pelantikan": np.where(jenis == 1, tmt, np.datetime64("NaT")),
        },
    )


def certificate_days(place: Place, first: IntArray, rows: Where, what: str) -> Days:
    """Day on which a training ended, so that it shows from its first measurement year on."""
    masuk = place.people.masuk[rows]
    start = place.calibration.tahun_awal
    u = place.dice.u(f"tahun {what}", rows=rows)
    before = start - 1 - np.floor(u * 15.0).astype(np.int64)
    year = np.where(first[rows] > start, first[rows] - 1, before)
    # who came with it shows it by the day of entry of the year of coming
    came = year < masuk
    year = np.maximum(year, masuk)
    opens = np.where(came, day(year, 1, 1), day(year, 4, 1))
    closes = np.where(came, day(year, 3, 31), day(year, 12, 31))
    return spread(opens, closes, place.dice.u(f"hari {what}", rows=rows))


def diklat(place: Place) -> Rows:
    """List leadership training: of the post's level where it is held, of another where it isn't."""
    posts, dice, people = place.posts, place.dice, place.people
    level = posts.eselon - posts.eselon % 2
    chief = people.rumpun == STRUKTURAL
    held = np.flatnonzero(place.kepemimpinan > 0)
    # others who hold it were chiefs of the lowest echelon once
    course = np.select([level == k for k in COURSE_OF], list(COURSE_OF.values()), "2")
    days = certificate_days(place, place.kepemimpinan, held, "kepemimpinan")
    parts = [_leadership(place, held, 0, course[held], days)]
    other = np.flatnonzero(chief & (dice.u("diklat lain") < place.rate("kepemimpinan_lain")))
    course = np.select([level == k for k in LOWER_COURSE], list(LOWER_COURSE.values()), "8")
    early = 2010 - np.floor(dice.u("tahun diklat lain", rows=other) * 8.0).astype(np.int64)
    year = np.maximum(people.masuk[other], early)
    days = spread(day(year, 1, 10), day(year, 3, 31), dice.u("hari diklat lain", rows=other))
    parts.append(_leadership(place, other, 1, course[other], days))
    return joined(parts).until("tanggal_selesai", np.datetime64(place.ditarik))


def _leadership(
    place: Place, rows: Where, turn: int, course: npt.NDArray[np.str_], ends: Days
) -> Rows:
    table = reference("latihan_struktural")
    codes = list(table)
    position = np.searchsorted(codes, course)
    return Rows(
        orang=rows,
        kunci=place.dice.word("diklat", turn, rows),
        kolom={
            "latihan_struktural_id": take(codes, position),
            "latihan_struktural_nama": take([table[c][0] for c in codes], position),
            "tanggal": ends - np.timedelta64(9, "D"),
            "tanggal_selesai": ends,
            "tahun": ends.astype("datetime64[Y]").astype(np.int64) + 1970.0,
            "jumlah_jam": np.full(len(rows), 280.0),
        },
    )
