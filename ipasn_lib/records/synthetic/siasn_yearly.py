"""Make-believe histories of what a person does in a year: courses, seminars, appraisals."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

from ipasn_lib.records.synthetic.events import seminar_of
from ipasn_lib.records.synthetic.siasn_careers import certificate_days
from ipasn_lib.records.synthetic.siasn_draws import take
from ipasn_lib.records.synthetic.siasn_place import Place, reference
from ipasn_lib.records.synthetic.siasn_rows import Column, Rows, day, joined, spread

__all__ = ["kinerja_periodik", "kursus", "skp", "skp22"]

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Where = npt.NDArray[np.intp]

# Magang (10) and kursus (11) are left out: whether they count as technical training or as
# seminars is a matter of reading, and the truth must hold under each.
TECHNICAL = {"3": 0.5, "8": 0.28, "16": 0.12, "17": 0.1}
SEMINAR = {"9": 0.5, "4": 0.3, "7": 0.2}
FUNCTIONAL = {"2": 1.0}
SPLIT_FROM = 16.0
"""Hours from which a year's training may be split over several courses (assumption)."""
HOURS_A_DAY = 8.0

LAST_BY_NUMBER = 2021
"""Appraisals of later years have a predicate and no number (PermenPANRB 6/2022)."""
GAPS = (50.0, 60.0, 75.0, 90.0)
"""Values above these and below the next whole number are in no printed band: how they are read
is disputed, so they keep their number."""
RATINGS = np.array([[1, 1], [2, 2], [3, 2], [2, 3], [3, 3]])
"""Result and behaviour that give each predicate, best first (PermenPANRB 6/2022)."""
QUARTERS = ("Triwulan I", "Triwulan II", "Triwulan III", "Triwulan IV")


def kursus(place: Place) -> Rows:
    """List courses: hours of each measurement year, its seminars, and functional training."""
    dice = place.dice
    parts = []
    for tahun, records in place.records.items():
        there = place.people.masuk <= tahun
        hours = records.jp_diklat_teknis
        rows = np.flatnonzero(there & (hours > 0))
        for turn, (some, part) in enumerate(_parts(place, rows, hours[rows], tahun)):
            parts.append(_courses(place, some, tahun, turn, TECHNICAL, part))
        seminar = seminar_of(place.seed, place.people, tahun, place.calibration)
        rows = np.flatnonzero(there & seminar)
        again = rows[dice.u("seminar kedua", tahun, rows) < place.rate("seminar_kedua")]
        for turn, some in ((10, rows), (11, again)):
            length = 3.0 + np.floor(dice.u("jam seminar", tahun, some, turn) * 6.0)
            parts.append(_courses(place, some, tahun, turn, SEMINAR, length))
    held = np.flatnonzero((place.fungsional > 0) & ~place.posts.otomatis)
    ends = certificate_days(place, place.fungsional, held, "fungsional")
    length = 40.0 + 20.0 * np.floor(dice.u("jam fungsional", rows=held) * 4.0)
    parts.append(_rows(place, held, 0, 20, FUNCTIONAL, length, ends))
    whole = joined(parts).until("tanggal_selesai_kursus", np.datetime64(place.ditarik))
    return _without_days(place, whole)


def _parts(
    place: Place, rows: Where, hours: FloatArray, tahun: int
) -> list[tuple[Where, FloatArray]]:
    """Split the hours of a year into those of one, two or three courses; whole hours."""
    count = 1 + place.dice.choice(
        place.calibration.siasn["pembagian_jam"], "pembagian", tahun, rows
    )
    count = np.where(hours >= SPLIT_FROM, count, 1)
    even = np.floor(hours / count)
    shift = np.floor(even * 0.5 * place.dice.u("pergeseran", tahun, rows))
    first = np.where(count == 1, hours, even - shift)
    second = np.where(count == 2, hours - first, even)
    third = hours - first - second
    return [
        (rows, first),
        (rows[count > 1], second[count > 1]),
        (rows[count > 2], third[count > 2]),
    ]


def _courses(
    place: Place, rows: Where, tahun: int, turn: int, kinds: dict[str, float], hours: FloatArray
) -> Rows:
    """List courses that count in a measurement year: they end from April of the year before it."""
    year: IntArray = np.full(len(rows), tahun - 1, dtype=np.int64)
    ends = spread(
        day(year, 4, 1), day(year, 12, 31), place.dice.u("hari kursus", tahun, rows, turn)
    )
    edge = place.dice.u("akhir tahun", tahun, rows, turn) < place.rate("akhir_tahun")
    ends = np.where(edge, day(year, 12, 31), ends)
    return _rows(place, rows, tahun, turn, kinds, hours, ends)


def _rows(
    place: Place,
    rows: Where,
    tahun: int,
    turn: int,
    kinds: dict[str, float],
    hours: FloatArray,
    ends: npt.NDArray[np.datetime64],
) -> Rows:
    table = reference("jenis_diklat")
    codes = list(kinds)
    kind = place.dice.choice(list(kinds.values()), "jenis kursus", tahun, rows, turn)
    year = ends.astype("datetime64[Y]").astype(np.int64) + 1970
    length = np.ceil(hours / HOURS_A_DAY).astype(np.int64) - 1
    # a course of one year begins in that year
    starts = np.maximum(ends - length.astype("timedelta64[D]"), day(year, 1, 1))
    return Rows(
        orang=rows,
        kunci=place.dice.word("kursus", tahun, rows, turn),
        kolom={
            "jenis_diklat_id": take(codes, kind),
            "jenis_diklat_nama": take([table[c][0] for c in codes], kind),
            "jenis_kursus_sertifikat": take([table[c][1] for c in codes], kind),
            "jumlah_jam": hours,
            "tahun_kursus": year.astype(np.float64),
            "tanggal_kursus": starts,
            "tanggal_selesai_kursus": ends,
            "nama_kursus": take(["DATA SINTETIS"], np.zeros(len(rows), dtype=np.int8)),
        },
    )


def _without_days(place: Place, rows: Rows) -> Rows:
    """Take both dates from some rows; those of the year of entry keep them, to be told apart."""
    u = (rows.kunci >> np.uint64(20) & np.uint64(0xFFFF)).astype(np.float64) / 65536.0
    year = np.asarray(rows.kolom["tahun_kursus"])
    none = (u < place.rate("tanpa_tanggal")) & (year < place.tahun)
    nat = np.datetime64("NaT")
    dates = {
        name: np.where(none, nat, np.asarray(rows.kolom[name]))
        for name in ("tanggal_kursus", "tanggal_selesai_kursus")
    }
    return Rows(rows.orang, rows.kunci, {**rows.kolom, **dates})


def skp(place: Place) -> Rows | None:
    """List appraisals by number, to that of 2021; a person without one has no row.

    A part of those of 2021 is on the scale of PP 30/2019: the same predicate, another number.
    """
    parts = []
    for tahun in _appraised(place):
        if tahun - 1 > LAST_BY_NUMBER:
            continue
        value = place.records[tahun].nilai_kinerja
        rows = np.flatnonzero((place.people.masuk <= tahun) & ~np.isnan(value))
        value = value[rows]
        newer = np.zeros(len(rows), dtype=np.bool_)
        if tahun - 1 == LAST_BY_NUMBER:
            newer = place.dice.u("pp 30", tahun, rows) < place.rate("skp_pp30")
            newer &= (value == np.floor(value)) | ~np.isin(np.floor(value), GAPS)
        u = place.dice.u("skp", tahun, rows)
        value = np.where(newer, _on_newer_scale(value, u), value)
        # sixty parts of the target and forty of behaviour make the value (PP 46/2011)
        target = np.round(value + 2.0 * (u - 0.5), 2)
        behaviour = np.round(np.clip((value - 0.6 * target) / 0.4, 0.0, 120.0), 2)
        parts.append(
            Rows(
                orang=rows,
                kunci=place.dice.word("skp", tahun, rows),
                kolom={
                    "tahun": np.full(len(rows), tahun - 1.0),
                    "nilai_skp": np.clip(target, 0.0, np.where(newer, 120.0, 100.0)),
                    "nilai_perilaku_kerja": behaviour,
                    "nilai_prestasi_kerja": value,
                    "jenis_peraturan_kinerja": take(["PP46", "PP30"], newer.astype(np.int8)),
                },
            )
        )
    return joined(parts) if parts else None


def _on_newer_scale(value: FloatArray, u: FloatArray) -> FloatArray:
    """Give a number of the same predicate on the scale of PP 30/2019 (Pasal 41 ayat 5)."""
    band = np.searchsorted([51.0, 61.0, 76.0, 91.0], value, side="right")
    low = np.array([30.0, 50.0, 70.0, 90.0, 110.0])[band]
    high = np.array([50.0, 70.0, 90.0, 110.0, 120.0])[band]
    return np.asarray(np.floor((low + (high - low) * u) * 10.0) / 10.0)


def skp22(place: Place) -> Rows | None:
    """List appraisals by predicate, from that of 2022 on."""
    parts = []
    for tahun in _appraised(place):
        if tahun - 1 <= LAST_BY_NUMBER:
            continue
        records = place.records[tahun]
        rows = np.flatnonzero((place.people.masuk <= tahun) & ~np.isnan(records.nilai_kinerja))
        key = place.dice.word("skp22", tahun, rows)
        parts.append(_predicates(rows, key, tahun - 1, records.predikat[rows], ""))
    return joined(parts) if parts else None


def kinerja_periodik(place: Place) -> Rows | None:
    """List quarterly appraisals, from 2023 on, of quarters over by the day of the export."""
    parts = []
    for tahun, records in place.records.items():
        for turn, quarter in enumerate(QUARTERS):
            year = tahun - 1
            month = 3 * turn + 4
            over = dt.date(year + month // 13, (month - 1) % 12 + 1, 20)
            if year <= LAST_BY_NUMBER + 1 or over > place.ditarik:
                continue
            rows = np.flatnonzero(place.people.masuk <= year)
            key = place.dice.word("periodik", tahun, rows, turn)
            parts.append(_predicates(rows, key, year, records.predikat[rows], quarter))
    return joined(parts) if parts else None


def _appraised(place: Place) -> list[int]:
    """List measurement years whose appraisal (of the year before) is written by that day."""
    return [t for t in place.records if dt.date(t, 1, 31) <= place.ditarik]


def _predicates(
    rows: Where,
    key: npt.NDArray[np.uint64],
    year: int,
    predikat: npt.NDArray[np.int8],
    quarter: str,
) -> Rows:
    ratings, names = reference("rating_hasil_perilaku"), reference("predikat_kinerja")
    codes, words = ["1", "2", "3"], [ratings[c][0] for c in ("1", "2", "3")]
    hasil, perilaku = (RATINGS[predikat, k] - 1 for k in range(2))
    columns: dict[str, Column] = {
        "tahun": np.full(len(rows), float(year)),
        "hasil_kinerja_nilai": take(codes, hasil),
        "hasil_kinerja": take(words, hasil),
        "perilaku_kerja_nilai": take(codes, perilaku),
        "perilaku_kerja": take(words, perilaku),
        "kuadran_kinerja_nilai": take(list(names), predikat),
        "kuadran_kinerja": take([name for name, _ in names.values()], predikat),
    }
    if quarter:
        zero = np.zeros(len(rows), dtype=np.int8)
        columns["periodik_id"] = take([str(QUARTERS.index(quarter) + 1)], zero)
        columns["periodik_nama"] = take([quarter], zero)
    return Rows(rows, key, columns)
