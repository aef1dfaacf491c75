"""The people of a make-believe place as a personnel system would know them: posts and echelons.

The generator knows families of jobs; SIASN knows kinds of post, names of posts and echelons. What
is added here belongs to the person and never changes, so that all years fit together.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ipasn_lib.law.turunan import Derivation
from ipasn_lib.records.synthetic.calibration import Calibration
from ipasn_lib.records.synthetic.codes import RUMPUN
from ipasn_lib.records.synthetic.events import Records, certificates_of, records_of
from ipasn_lib.records.synthetic.people import People, people_of
from ipasn_lib.records.synthetic.siasn_draws import Dice

__all__ = ["ENTRY", "Place", "Posts", "first_year", "place_of", "reference"]

ENTRY = (3, 31)
"""Month and day on which a year's record is handed in and exports are taken.

Windows run up to the day of entry (Kebumen 2020). Courses, appraisals and degrees of one
measurement are put after the day of entry of the one before, so they count once: training from
1 April to 31 December of the data year, sanctions from 1 January to 31 March of the measurement
year. Any later day of entry up to 31 December finds the same where exports were taken by then.
"""

KEPT_YEARS = 3
"""Years of courses and appraisals before the measurement year."""

STRUKTURAL = RUMPUN.index("struktural")
PELAKSANA = RUMPUN.index("pelaksana")

FILE = Path(__file__).parents[1] / "reference" / "kode_siasn.csv"

ESELON = ("22", "21", "32", "31", "42", "41", "52")
"""Codes of echelons; ``Posts.eselon`` points into them."""
PRATAMA, ADMINISTRATOR, PENGAWAS, ESELON_V = 0, 2, 4, 6
KEPALA = (
    *("Staf Ahli", "Kepala Dinas", "Kepala Bidang", "Sekretaris", "Kepala Seksi"),
    *("Kepala Subbagian", "Kepala Urusan"),
)

OTOMATIS: Mapping[str, tuple[str, ...]] = {
    "guru": ("Guru Ahli Pertama", "Guru Ahli Muda", "Guru Ahli Madya"),
    "nakes": (
        *("Perawat Terampil", "Bidan Mahir", "Perawat Ahli Pertama", "Dokter Ahli Muda"),
        *("Apoteker Ahli Pertama", "Bidan Penyelia"),
    ),
    "fungsional_lain": ("Asesor SDM Aparatur Ahli Muda", "Psikolog Klinis Ahli Pertama"),
}
"""Posts that have their training by appointment (first word in ``turunan.fungsional.otomatis``)."""

BIASA: Mapping[str, tuple[str, ...]] = {
    "guru": ("Pamong Belajar Ahli Muda", "Penilik Ahli Madya", "Pengawas Sekolah Ahli Madya"),
    # "Asisten Apoteker" begins with none of the words, though it holds one
    "nakes": (
        *("Nutrisionis Terampil", "Asisten Apoteker Penyelia", "Sanitarian Ahli Pertama"),
        *("Perekam Medis Terampil", "Pranata Laboratorium Kesehatan Mahir"),
    ),
    "fungsional_lain": (
        *("Arsiparis Terampil", "Pranata Komputer Ahli Pertama", "Penyuluh Pertanian Ahli Muda"),
        *("Analis Kebijakan Ahli Muda", "Pustakawan Mahir", "Auditor Ahli Madya"),
        "Pengawas Lingkungan Hidup Ahli Muda",
    ),
}
"""Posts that don't."""
UMUM = ("Pengadministrasi Umum", "Pengelola Keuangan", "Pramu Kebersihan", "Analis Perencanaan")

NAMES = (
    *KEPALA,
    *(name for table in (OTOMATIS, BIASA) for names in table.values() for name in names),
    *UMUM,
)
"""Every name of a post; ``Posts.nama`` points into them."""

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Posts:
    """The post of each person: kind ("1", "2", "4"), name, echelon (-1 for none)."""

    jenis: IntArray
    nama: IntArray
    eselon: IntArray
    otomatis: BoolArray


@dataclass(frozen=True)
class Place:
    """A place in a measurement year, with all that its exports are made of.

    Attributes
    ----------
    ditarik : datetime.date
        The day on which the exports are taken.
    records : mapping of int to Records
        What is true of these people in each measurement year that the exports show, the years
        after ``people.tahun`` included where the exports are taken late.
    pendidikan : mapping of int to ndarray
        Level of education in each year, -1 where another person held the post.
    kepemimpinan, fungsional : ndarray of int
        First measurement year in which each person holds the training; 0 for never.
    """

    seed: int
    people: People
    dice: Dice
    calibration: Calibration
    turunan: Derivation
    ditarik: dt.date
    posts: Posts
    records: Mapping[int, Records]
    pendidikan: Mapping[int, npt.NDArray[np.int8]]
    kepemimpinan: IntArray
    fungsional: IntArray

    @property
    def tahun(self) -> int:
        """The measurement year."""
        return self.people.tahun

    def rate(self, name: str) -> float:
        """Give the figure ``siasn.<name>`` of the calibration."""
        return float(self.calibration.siasn[name])


def place_of(
    seed: int,
    kode: str,
    tahun: int,
    size: int,
    calibration: Calibration,
    turunan: Derivation,
    ditarik: dt.date,
) -> Place:
    """Draw the people of a place and look at what is true of them in the years around."""
    people = people_of(seed, kode, tahun, size, calibration)
    dice = Dice(people.id_pegawai)
    last = ditarik.year + int((ditarik.month, ditarik.day) > ENTRY)
    years = range(calibration.tahun_awal, last + 1)
    flags = [certificates_of(seed, people, y, calibration) for y in years]
    functional = first_year([f for _, f in flags], years)
    return Place(
        seed=seed,
        people=people,
        dice=dice,
        calibration=calibration,
        turunan=turunan,
        ditarik=ditarik,
        posts=_posts(people, dice, functional == years[0], calibration),
        records={
            y: records_of(seed, replace(people, tahun=y), calibration)
            for y in range(tahun - KEPT_YEARS, last + 1)
        },
        pendidikan={y: _levels(seed, people, y, calibration) for y in years},
        kepemimpinan=first_year([led for led, _ in flags], years),
        fungsional=functional,
    )


def first_year(flags: Sequence[BoolArray], years: range) -> IntArray:
    """Give the first year in which a flag that never goes down is up; 0 for never."""
    table = np.stack(flags)
    return np.where(table[-1], years[0] + table.argmax(axis=0), 0)


@functools.cache
def reference(tabel: str) -> Mapping[str, tuple[str, str]]:
    """Give name and remark of each code of a reference table of SIASN."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return {
            row["kode"]: (row["nama"], row["tambahan"])
            for row in csv.DictReader(stream)
            if row["tabel"] == tabel
        }


def _levels(
    seed: int, people: People, tahun: int, calibration: Calibration
) -> npt.NDArray[np.int8]:
    then = people_of(seed, people.kode, tahun, len(people.slot), calibration)
    same = np.equal(
        np.array(then.id_pegawai, dtype="S16"), np.array(people.id_pegawai, dtype="S16")
    )
    return np.where(same, then.pendidikan, -1).astype(np.int8)


def _posts(people: People, dice: Dice, early: BoolArray, calibration: Calibration) -> Posts:
    """Give each person a post that fits family and training.

    Only who held functional training from the first year may have a post that has it by
    appointment: the others' training, or its lack, must show in the courses.
    """
    size = len(people.slot)
    siasn = calibration.siasn
    eselon = np.full(size, -1, dtype=np.int64)
    # the older and better ranked hold the higher posts
    standing = (people.u["golongan"] + people.u["usia"]) / 2.0
    chiefs = np.flatnonzero(people.rumpun == STRUKTURAL)
    # the mean of two uniform draws has a triangular distribution; its share is uniform again
    x = standing[chiefs]
    share = np.where(x < 0.5, 2.0 * x**2, 1.0 - 2.0 * (1.0 - x) ** 2)
    edges = np.cumsum([siasn["eselon"][n] for n in ("pengawas", "administrator")])
    rung = np.array([PENGAWAS, ADMINISTRATOR, PRATAMA])[np.searchsorted(edges, share, side="right")]
    eselon[chiefs] = rung + (dice.u("eselon", rows=chiefs) < 0.4)
    staff = people.rumpun == PELAKSANA
    fifth = staff & ~people.pppk & (dice.u("eselon v") < siasn["eselon_v"])
    eselon[fifth] = ESELON_V

    nama = eselon.copy()
    jenis = np.where(eselon >= 0, 1, np.where(staff, 4, 2))
    otomatis = np.zeros(size, dtype=np.bool_)
    for family, rate in siasn["fungsional_otomatis"].items():
        here = people.rumpun == RUMPUN.index(family)
        chosen = here & early & (dice.u("otomatis") < rate)
        otomatis |= chosen
        for rows, names in ((chosen, OTOMATIS[family]), (here & ~chosen, BIASA[family])):
            pick = (dice.u("jabatan") * len(names)).astype(np.int64)
            nama = np.where(rows, NAMES.index(names[0]) + pick, nama)
    pick = (dice.u("jabatan") * len(UMUM)).astype(np.int64)
    nama = np.where(staff & ~fifth, NAMES.index(UMUM[0]) + pick, nama)
    return Posts(jenis, nama, eselon, otomatis)
