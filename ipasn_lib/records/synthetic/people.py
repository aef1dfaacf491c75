"""The people of one make-believe place in one year: who they are, before any training.

A place has posts (``formasi``). A post keeps its family, kind of ASN and unit for ever; its
holders follow each other: one before, one in and one after the reference year. A holder's
traits come from a stream that doesn't know the year, so the same person is met again in every
year they serve; what happens in a year comes from the stream of that place and year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from ipasn_lib.records.synthetic.calibration import Calibration
from ipasn_lib.records.synthetic.codes import (
    CLASS_PPPK,
    CLASS_RUMPUN,
    LADDER_OF,
    LEVELS,
    PNS_RANKS,
    RANKS,
    RUMPUN,
)
from ipasn_lib.records.synthetic.streams import person_ids, stream
from ipasn_lib.records.synthetic.units import Units, units_of

__all__ = ["People", "people_of"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
CodeArray = npt.NDArray[np.int8]

# One uniform draw a person for each of these, person by person, so that a smaller place keeps its
# first people. Another trait or another order makes other people of every seed.
TRAITS = (
    *("usia", "masa_kerja", "pendidikan", "golongan", "jenis_kelamin", "naik", "fase"),
    *("pelatihan", "kepemimpinan", "fungsional", "kinerja", "hukuman", "tingkat", "kualifikasi"),
)

FIRST_AGE = 22
TOP_RANK = np.array([PNS_RANKS.index(r) for r in ("II/d", "III/d", "IV/a", "IV/d", "IV/e")])
"""Highest rank that each rung of ``LADDER`` is promoted to (assumption)."""

UP = {"SLTA": "S1", "D1": "S1", "D2": "S1", "D3": "S1", "D4": "S2", "S1": "S2"}
DOWN = {"S1": "SLTA", "D4": "D3", "S2": "S1", "S3": "S2"}
DOWN_OF = {"guru": {"S1": "D2"}, "nakes": {"S1": "D3"}}


@dataclass(frozen=True)
class People:
    """Columns of equal length, one entry a person; codes point into the named tuples.

    ``masuk`` is the year of entry; ``u`` holds each person's lasting uniform draws by name of
    trait; ``unit`` points into ``units.nama``; ``golongan`` into ``RANKS``; ``pendidikan``
    into ``LEVELS``.
    """

    kode: str
    tahun: int
    units: Units
    id_pegawai: list[str]
    slot: IntArray
    rumpun: CodeArray
    pppk: npt.NDArray[np.bool_]
    unit: npt.NDArray[np.int16]
    perempuan: npt.NDArray[np.bool_]
    usia: IntArray
    masuk: IntArray
    pendidikan: CodeArray
    golongan: CodeArray
    u: dict[str, FloatArray]


def people_of(seed: int, kode: str, tahun: int, size: int, calibration: Calibration) -> People:
    """Draw the people who hold the ``size`` posts of a place in a year."""
    units = units_of(seed, kode, size, calibration)
    post = stream(seed, "formasi", kode).random((size, 2))
    kelas = np.searchsorted(np.cumsum(calibration.kelas)[:-1], post[:, 0], side="right")
    rumpun, pppk = CLASS_RUMPUN[kelas], CLASS_PPPK[kelas]
    unit = _pick(units.cum, rumpun, post[:, 1]).astype(np.int16)

    draws = np.stack([stream(seed, "orang", kode, g).random((size, len(TRAITS))) for g in range(3)])
    pensiun = calibration.by_family("batas_usia_pensiun").astype(np.int64)[rumpun]
    usia_acuan = _reference_age(draws[1], kelas, pensiun, calibration)
    masuk_acuan = calibration.tahun_acuan - _tenure(draws[1], usia_acuan, pppk)
    keluar = calibration.tahun_acuan + pensiun - usia_acuan
    holder = np.where(tahun < masuk_acuan, 0, np.where(tahun < keluar, 1, 2)).astype(np.int8)
    u = dict(zip(TRAITS, draws[holder, np.arange(size)].T.copy(), strict=True))

    # The year and age at which a holder's traits hold: the last year of the one before, the
    # reference year, the first year of the one after.
    own_year = np.choose(holder, [masuk_acuan - 1, calibration.tahun_acuan, keluar])
    last_age = np.where(pppk, 35 + (u["usia"] * 23).astype(np.int64), pensiun - 1)
    first_age = 24 + (u["usia"] * 11).astype(np.int64)
    own_age = np.choose(holder, [last_age, usia_acuan, first_age])
    usia = np.maximum(own_age + tahun - own_year, FIRST_AGE - 1)
    masuk = np.choose(holder, [masuk_acuan - 15, masuk_acuan, keluar])

    level = _pick(calibration.pendidikan_cum, kelas, u["pendidikan"]).astype(np.int8)
    seniority = np.where(holder == 1, u["usia"], (own_age - FIRST_AGE + 0.5) / 40.0)
    golongan = _rank(u, level, rumpun, pppk, seniority, tahun - own_year, calibration)
    return People(
        kode=kode,
        tahun=tahun,
        units=units,
        id_pegawai=person_ids(seed, kode, np.arange(size, dtype=np.int64), holder),
        slot=np.arange(size, dtype=np.int64),
        rumpun=rumpun,
        pppk=pppk,
        unit=unit,
        perempuan=u["jenis_kelamin"] < calibration.perempuan[kelas],
        usia=usia,
        masuk=masuk,
        pendidikan=_education_in(tahun, own_year, level, rumpun, u["naik"], calibration),
        golongan=golongan,
        u=u,
    )


def _pick(cum: FloatArray, row: npt.NDArray[np.integer], u: FloatArray) -> IntArray:
    """Draw a column by the cumulative shares of each person's row."""
    wide = row.astype(np.int64)  # codes are int8; row times columns would overflow it
    flat = (cum + np.arange(len(cum))[:, None]).ravel()
    found = np.searchsorted(flat, wide + u, side="right") - wide * cum.shape[1]
    return np.minimum(found, cum.shape[1] - 1)


def _reference_age(
    draws: FloatArray, kelas: IntArray, pensiun: IntArray, calibration: Calibration
) -> IntArray:
    """Age in the reference year: a band by the class's shares, even within the band."""
    u = draws[:, TRAITS.index("usia")]
    cum = calibration.usia_cum
    band = _pick(cum, kelas, u)
    low = np.where(band > 0, cum[kelas, np.maximum(band - 1, 0)], 0.0)
    inside = (u - low) / (cum[kelas, band] - low)
    first = np.array(calibration.usia_batas[:-1])
    last = np.minimum(np.array([*first[1:] - 1, 99])[band], pensiun - 1)
    years = last - first[band] + 1
    return first[band] + np.minimum((inside * years).astype(np.int64), years - 1)


def _tenure(draws: FloatArray, usia: IntArray, pppk: npt.NDArray[np.bool_]) -> IntArray:
    """Years served by the reference year: PNS enter at 22 to 33, PPPK came within 15 years."""
    u = draws[:, TRAITS.index("masa_kerja")]
    since_first = usia - FIRST_AGE
    pns = since_first - (u * np.minimum(since_first + 1, 12)).astype(np.int64)
    contract = (u * np.minimum(since_first + 1, 15)).astype(np.int64)
    return np.where(pppk, contract, pns)


def _rank(
    u: dict[str, FloatArray],
    level: CodeArray,
    rumpun: CodeArray,
    pppk: npt.NDArray[np.bool_],
    seniority: FloatArray,
    years: IntArray,
    calibration: Calibration,
) -> CodeArray:
    """Rank of a PNS by education and age, a step every four years; of a PPPK by education.

    Age and rank are tied by a Gaussian copula, so that both keep their shares.
    """
    rho = float(calibration.angka["korelasi_usia_golongan"])
    age = ndtri(np.clip(seniority, 1e-9, 1 - 1e-9))
    noise = ndtri(np.clip(u["golongan"], 1e-9, 1 - 1e-9))
    w = ndtr(rho * age + np.sqrt(1.0 - rho**2) * noise)
    rung = LADDER_OF[level]
    rank = _pick(calibration.golongan_cum, 5 * rumpun.astype(np.int64) + rung, w)
    steps = np.floor_divide(years + (u["fase"] * 4).astype(np.int64), 4)
    rank = np.clip(rank + steps, 0, np.maximum(TOP_RANK[rung], rank))
    by_level = [
        RANKS.index(calibration.angka["golongan_pppk"][name], len(PNS_RANKS)) for name in LEVELS
    ]
    return np.where(pppk, np.array(by_level)[level], rank).astype(np.int8)


def _education_in(
    tahun: int,
    own_year: IntArray,
    level: CodeArray,
    rumpun: CodeArray,
    u: FloatArray,
    calibration: Calibration,
) -> CodeArray:
    """Education in a year: a few climb one step in a year of their own, and never fall."""
    first, last = calibration.tahun_awal - 3, calibration.tahun_akhir + 2
    rate = float(calibration.angka["peningkatan_pendidikan"])
    year = first + np.floor(u / rate)  # beyond `last` for most people: they never climb
    climbs = year <= last
    up = np.array([LEVELS.index(UP.get(name, name)) for name in LEVELS], dtype=np.int8)
    down = np.array(
        [
            [LEVELS.index({**DOWN, **DOWN_OF.get(r, {})}.get(name, name)) for name in LEVELS]
            for r in RUMPUN
        ],
        dtype=np.int8,
    )
    later = climbs & (own_year < year) & (year <= tahun)
    earlier = climbs & (tahun < year) & (year <= own_year)
    return np.where(later, up[level], np.where(earlier, down[rumpun, level], level))
