"""What happens to make-believe people: training, appraisal, sanctions, and SIASN's scores.

Places differ by effects that a seed's shuffle hands out, units and people by normal effects;
all act on the logit of a probability. Place effects know nothing of the real places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, ndtr, ndtri

from ipasn_lib.records.synthetic.calibration import Calibration
from ipasn_lib.records.synthetic.people import People
from ipasn_lib.records.synthetic.streams import stream
from ipasn_lib.records.synthetic.units import EFFECTS

__all__ = [
    "HUKUMAN",
    "Records",
    "certificates_of",
    "given_scores",
    "records_of",
    "sanction_of",
    "seminar_of",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

HUKUMAN = ("tidak_pernah", "ringan", "sedang", "berat")

PREDIKAT = ("sangat_baik", "baik", "cukup", "kurang", "buruk")

# One uniform draw a person and year for each of these.
YEARLY = ("diklat_teknis", "jam", "seminar", "kinerja", "nilai", "antara", "tanpa_skp")

HOURS_ENOUGH = np.array([20, 24, 30, 32, 40, 48, 60, 80, 120], dtype=np.float64)
HOURS_LITTLE = np.array([0, 0, 0, 0, 0, 0, 2, 4, 6, 8, 12, 16], dtype=np.float64)
"""Typical course lengths in JP at and under the threshold of 20 (assumption)."""

RANGES = {
    "sangat_baik": (91.0, 99.0),
    "baik": (76.0, 90.0),
    "cukup": (61.0, 75.0),
    "kurang": (51.0, 60.0),
    "buruk": (30.0, 50.0),
}
"""Values of each predicate: the printed bands of Peraturan BKN 8/2019, the ends trimmed."""

SANCTION_YEARS = 5
SANCTION_SPAN = 40


@dataclass(frozen=True)
class Records:
    """The raw record of each person in a year, in person order.

    ``nilai_kinerja`` is NaN where there is none; ``predikat`` points into ``PREDIKAT``;
    ``hukuman`` into ``HUKUMAN``.
    """

    diklat_kepemimpinan: BoolArray
    diklat_fungsional: BoolArray
    seminar: BoolArray
    jp_diklat_teknis: FloatArray
    nilai_kinerja: FloatArray
    predikat: npt.NDArray[np.int8]
    hukuman: npt.NDArray[np.int8]


def records_of(seed: int, people: People, calibration: Calibration) -> Records:
    """Draw the records of the people of a place in a year."""
    tahun = people.tahun
    now = _year(seed, people, tahun)
    place = _place_effects(seed, people.kode, calibration)
    training = _training_effect(seed, people, place, calibration, tahun)
    technical = expit(_base(calibration, "diklat_teknis_20jp", people) + training)
    enough = now["diklat_teknis"] < technical
    hours = np.where(enough, _draw(HOURS_ENOUGH, now["jam"] ** 2), _draw(HOURS_LITTLE, now["jam"]))
    # a seminar counts for two years; people who came this year bring none from before
    was_here = people.masuk < tahun
    seminar = seminar_of(seed, people, tahun, calibration) | (
        was_here & seminar_of(seed, people, tahun - 1, calibration)
    )
    predikat, nilai = _appraisal(seed, people, now, place, calibration)
    kepemimpinan, fungsional = certificates_of(seed, people, tahun, calibration)
    return Records(
        diklat_kepemimpinan=kepemimpinan,
        diklat_fungsional=fungsional,
        seminar=seminar,
        jp_diklat_teknis=hours,
        nilai_kinerja=nilai,
        predikat=predikat,
        hukuman=_sanction(people, calibration),
    )


def certificates_of(
    seed: int, people: People, tahun: int, calibration: Calibration
) -> tuple[BoolArray, BoolArray]:
    """Tell who holds leadership and functional training by a year; nobody ever loses one."""
    place = _place_effects(seed, people.kode, calibration)
    lasting = _lasting_effect(people, place, calibration, tahun)
    led = expit(_base(calibration, "diklat_kepemimpinan", people) + lasting)
    functional = expit(_base(calibration, "diklat_fungsional", people) + lasting)
    return (
        np.asarray((people.u["kepemimpinan"] < led) & ~people.pppk),
        np.asarray(people.u["fungsional"] < functional),
    )


def seminar_of(seed: int, people: People, tahun: int, calibration: Calibration) -> BoolArray:
    """Tell who attended a seminar in that one year."""
    place = _place_effects(seed, people.kode, calibration)
    effect = _training_effect(seed, people, place, calibration, tahun)
    return _seminar(people, _year(seed, people, tahun), effect, calibration)


def sanction_of(
    people: People, calibration: Calibration
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
    """Give the year of each person's one sanction and its level in ``HUKUMAN``; 0 for none."""
    rate = float(calibration.angka["hukuman_per_tahun"])
    first = calibration.tahun_acuan - SANCTION_SPAN // 2
    year = first + np.floor(people.u["hukuman"] / rate).astype(np.int64)
    ever = (year >= people.masuk) & (people.u["hukuman"] < rate * SANCTION_SPAN)
    shares = [calibration.pangsa["hukuman"][h] for h in HUKUMAN[1:]]
    level = 1 + np.searchsorted(np.cumsum(shares)[:-1], people.u["tingkat"], side="right")
    return year, np.where(ever, level, 0).astype(np.int8)


def given_scores(
    records: Records, people: People, calibration: Calibration
) -> dict[str, FloatArray]:
    """Turn records into four scores such as SIASN gives them for 2023 and later.

    The tables behind SIASN's scores are not public. What is known (the base of kompetensi by
    predicate, 30 for Sangat Baik) is used; the rest is assumed so that means come near those of
    Kota Bima 2023 and 2024. A person without an appraisal has no score at all.

    Returns
    -------
    dict
        ``kualifikasi`` (15, 20 or 25), ``kompetensi`` (5-40), ``kinerja`` (1-30) and
        ``disiplin`` (1-5) in points, NaN throughout for a person without scores.
    """
    skor = calibration.skor
    by_status = np.array([np.cumsum(skor["kualifikasi"][j]) for j in ("PNS", "PPPK")])
    cum = by_status[people.pppk.astype(np.int8)]
    steps = (people.u["kualifikasi"][:, None] >= cum[:, :-1]).sum(axis=1)
    kualifikasi = np.array([15.0, 20.0, 25.0])[steps]
    base = np.array([float(skor["kompetensi"][p]) for p in PREDIKAT])[records.predikat]
    more = skor["tambahan_kompetensi"]
    added = more["diklat_teknis"] * np.minimum(records.jp_diklat_teknis, 20.0) / 20.0
    added = added + more["seminar"] * records.seminar
    kinerja = np.array([float(skor["kinerja"][p]) for p in PREDIKAT])[records.predikat]
    disiplin = np.array([float(skor["disiplin"][h]) for h in HUKUMAN])[records.hukuman]
    none = np.isnan(records.nilai_kinerja)
    return {
        "kualifikasi": np.where(none, np.nan, kualifikasi),
        "kompetensi": np.where(none, np.nan, np.minimum(base + added, 40.0)),
        "kinerja": np.where(none, np.nan, kinerja),
        "disiplin": np.where(none, np.nan, disiplin),
    }


def _year(seed: int, people: People, tahun: int) -> dict[str, FloatArray]:
    draws = stream(seed, "tahun", people.kode, tahun).random((len(people.slot), len(YEARLY)))
    return dict(zip(YEARLY, draws.T.copy(), strict=True))


def _place_effects(seed: int, kode: str, calibration: Calibration) -> FloatArray:
    """Give a place's standard normal effects on training, appraisal and missing appraisals.

    The effects of all places are the 38 normal quantiles in an order that the seed shuffles,
    once for each effect: every seed has weak and strong places, none is one by nature, and
    which of them are made doesn't matter.
    """
    codes = list(calibration.jumlah)
    rng = stream(seed, "provinsi")
    quantile = ndtri((np.arange(len(codes)) + 0.5) / len(codes))
    return np.array([rng.permutation(quantile)[codes.index(kode)] for _ in EFFECTS])


def _effect(
    seed: int, people: People, place: FloatArray, calibration: Calibration, name: str, tahun: int
) -> FloatArray:
    """Logit effect of place, unit and year on each person, people's own effect aside."""
    spread, k = calibration.ragam[name], EFFECTS.index(name)
    wobble = stream(seed, "provinsi", people.kode, tahun).normal(size=len(EFFECTS))[k]
    common = (
        spread["kabkota"] * place[k]
        + spread["tahunan"] * wobble
        + spread["tren"] * (tahun - calibration.tahun_acuan)
    )
    return np.asarray(common + spread["unit"] * people.units.efek[people.unit, k])


def _training_effect(
    seed: int, people: People, place: FloatArray, calibration: Calibration, tahun: int
) -> FloatArray:
    own = calibration.ragam["pelatihan"]["pegawai"] * ndtri(people.u["pelatihan"])
    return _effect(seed, people, place, calibration, "pelatihan", tahun) + own


def _lasting_effect(
    people: People, place: FloatArray, calibration: Calibration, tahun: int
) -> FloatArray:
    """Effect on training that is done once: it only grows, so nobody loses a certificate."""
    spread = calibration.ragam["pelatihan"]
    common = 0.5 * spread["kabkota"] * place[0]
    common += spread["tren"] * (tahun - calibration.tahun_acuan)
    return np.asarray(common + spread["unit"] * people.units.efek[people.unit, 0])


def _base(calibration: Calibration, name: str, people: People) -> FloatArray:
    return np.asarray(logit(calibration.by_family(name))[people.rumpun])


def _draw(values: FloatArray, u: FloatArray) -> FloatArray:
    return values[(u * len(values)).astype(np.int64)]


def _seminar(
    people: People, year: dict[str, FloatArray], effect: FloatArray, calibration: Calibration
) -> BoolArray:
    """Whether a seminar was attended in a year; two such years give the two-year share."""
    in_two_years = expit(_base(calibration, "seminar", people) + effect)
    return year["seminar"] < 1.0 - np.sqrt(1.0 - in_two_years)


def _appraisal(
    seed: int,
    people: People,
    year: dict[str, FloatArray],
    place: FloatArray,
    calibration: Calibration,
) -> tuple[npt.NDArray[np.int8], FloatArray]:
    """Predicate and value of the appraisal; good people tend to be good again."""
    share = calibration.pangsa["skp"]
    own = np.sqrt(calibration.ragam["kinerja"]["pegawai"])
    z = own * ndtri(people.u["kinerja"]) + np.sqrt(1.0 - own**2) * ndtri(year["kinerja"])
    rank = ndtr(z)  # uniform: the lowest are the weakest
    effect = _effect(seed, people, place, calibration, "kinerja", people.tahun)
    excellent = expit(logit(share["sangat_baik"]) + effect)
    lows = np.cumsum([share["buruk"], share["kurang"], share["cukup"]])
    predikat = np.where(rank > 1.0 - excellent, 0, 4 - np.searchsorted(lows, rank, side="right"))
    low = np.array([RANGES[p][0] for p in PREDIKAT])[predikat]
    high = np.array([RANGES[p][1] for p in PREDIKAT])[predikat]
    value = np.round(low + (high - low) * year["nilai"], 2)
    # a few values fall between two printed bands, as real ones do
    between = (predikat == 1) & (year["antara"] < share["antara"])
    value = np.where(between, np.round(90.01 + 0.98 * year["nilai"], 2), value)

    absent = calibration.angka["tanpa_skp"]
    base = np.where(people.masuk >= people.tahun, logit(absent["baru"]), logit(absent["lama"]))
    missing = _effect(seed, people, place, calibration, "tanpa_skp", people.tahun)
    value = np.where(year["tanpa_skp"] < expit(base + missing), np.nan, value)
    return predikat.astype(np.int8), value


def _sanction(people: People, calibration: Calibration) -> npt.NDArray[np.int8]:
    """Heaviest sanction of this and the four years before; most people never have one."""
    year, level = sanction_of(people, calibration)
    running = (people.tahun - SANCTION_YEARS < year) & (year <= people.tahun)
    return np.where(running, level, 0).astype(np.int8)
