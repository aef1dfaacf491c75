"""Derive the columns of an instrument from the exports of one place.

The nominatif says who there is, their post, rank and unit; the histories say what they did. What
counts, from which day and for whom is the instrument's word (``Instrument.turunan``).

Missing rows and missing files are not the same: a person without a row in a history that is
there has not done it; a history that is not there at all says nothing of anybody, and is an
error unless the caller says to go without.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import Indicator, Instrument
from ipasn_lib.law.turunan import Derivation, Window
from ipasn_lib.records.problems import (
    row_finding,
)
from ipasn_lib.records.siasn import histories
from ipasn_lib.records.siasn.folder import Exports, problems_at
from ipasn_lib.records.siasn.people import People, read_people
from ipasn_lib.records.siasn.presence import check_histories, without_note

__all__ = ["Derivations", "derivation_of", "derive"]

Mask = npt.NDArray[np.bool_]


@dataclass
class Derivations:
    """What was derived for the people of a nominatif, row by row.

    Attributes
    ----------
    orang : People
        The key columns, and who is left out or refused.
    kolom : dict of str to object
        The instrument's columns.
    bukti : dict of str to pandas.DataFrame
        By column: the history rows that decided (``posisi, berkas, baris``).
    ditolak : array of bool
        Persons who cannot be measured as their rows stand.
    problems : list of pandas.DataFrame
    """

    orang: People
    kolom: dict[str, object] = field(default_factory=dict)
    bukti: dict[str, pd.DataFrame] = field(default_factory=dict)
    ditolak: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))
    problems: list[pd.DataFrame] = field(default_factory=list)


def derivation_of(instrument: Instrument) -> Derivation:
    """Give the part of an instrument that says how its columns follow from histories.

    Raises
    ------
    ParameterError
        If it has none: scores as given, or an instrument whose tables are not known.
    """
    if instrument.turunan is None:
        raise ParameterError(
            f"{instrument.id} does not say how its columns follow from SIASN's histories (no "
            "'turunan'); score these files with ip-asn-2019 or an instrument file of your own, "
            "or read SIASN's own scores"
        )
    return instrument.turunan


def derive(
    exports: Exports,
    instrument: Instrument,
    tahun: int,
    *,
    sampai: dt.date,
    tanpa: frozenset[str] = frozenset(),
    unit: str = "unor",
) -> Derivations:
    """Derive key columns and the instrument's columns for everybody in the nominatif.

    Parameters
    ----------
    exports : Exports
        From :func:`ipasn_lib.records.siasn.folder.read_exports`.
    instrument : Instrument
    tahun : int
        Measurement year. Performance is that of the year before.
    sampai : datetime.date
        Day of entry: later events don't count.
    tanpa : frozenset of str
        From :func:`ipasn_lib.records.siasn.presence.check_without`.
    unit : {"unor", "unor_induk"}
        See :func:`ipasn_lib.records.siasn.people.read_people`.

    Returns
    -------
    Derivations

    Raises
    ------
    ParameterError
        If the instrument cannot be derived, or ``tanpa`` names a history that is there.
    DataError
        If a history is not there at all.
    """
    turunan = derivation_of(instrument)
    check_histories(exports, tanpa)
    orang = read_people(exports, turunan, instrument, sampai, unit)
    out = Derivations(orang, ditolak=orang.ditolak.copy())
    out.problems += [exports.problems, orang.problems]
    out.problems += [without_note(name) for name in sorted(tanpa)]
    size = len(orang.tabel)
    job = _Job(exports, instrument, turunan, tahun, sampai, out, size)
    job.education()
    job.leadership()
    job.courses()
    job.performance()
    job.sanctions()
    job.refuse_broken()
    return out


class _Job:
    """The rules of one instrument applied to one place, one method a column."""

    def __init__(
        self,
        exports: Exports,
        instrument: Instrument,
        turunan: Derivation,
        tahun: int,
        sampai: dt.date,
        out: Derivations,
        size: int,
    ) -> None:
        self.tabel = exports.tabel
        self.law = instrument
        self.turunan = turunan
        self.tahun = tahun
        self.sampai = sampai
        self.out = out
        self.size = size
        self.ever = (dt.date(1, 1, 1), sampai)
        # a row that was refused decides nothing; its person is refused in the end
        self.sound = {
            name: table.loc[~table["rusak"].to_numpy()].reset_index(drop=True)
            for name, table in exports.tabel.items()
        }
        self.used: set[str] = set()

    def window(self, kolom: str, jendela: Window) -> tuple[dt.date, dt.date]:
        """First and last day of the window of the indicator that reads a column."""
        years = _indicator(self.law, kolom).jendela_tahun or 1
        return jendela.dates(self.tahun, years, self.sampai)

    def keep(self, kolom: str, shape: str, found: histories.Derived) -> None:
        """Keep the rows that decided, the findings about rows, and who cannot be told."""
        self.out.bukti[kolom] = found.bukti
        if found.masalah:
            self.out.problems.append(problems_at(self.sound[shape], found.masalah))
        if found.ragu is not None:
            self.out.ditolak |= found.ragu & self.out.orang.subjek

    def refuse(self, kolom: str, aturan: str, rows: Mask, harapan: str) -> None:
        """Refuse persons of the nominatif, with the reason."""
        rows = rows & self.out.orang.subjek
        self.out.ditolak |= rows
        self.out.problems.append(
            problems_at(self.tabel["nominatif"], row_finding(kolom, aturan, rows, harapan))
        )

    def education(self) -> None:
        """Level of education, from the history and the nominatif together."""
        rule = self.turunan.pendidikan
        self.used.add("pendidikan")
        people = self.tabel["nominatif"]
        found = histories.education(people, self.sound.get("pendidikan"), rule, self.sampai)
        codes = found.nilai.astype(np.int64)
        column = self.law.kolom[rule.kolom]
        order = np.array([column.pilihan.index(level) for level in rule.urutan] + [-1])
        self.out.kolom[rule.kolom] = _category(order[codes], column.pilihan)
        self.keep(rule.kolom, "nominatif", found)
        hint = "tidak ada jenjang pendidikan pada riwayat maupun nominatif"
        self.refuse(rule.kolom, "pendidikan_kosong", codes < 0, hint)

    def leadership(self) -> None:
        """Leadership training of the level of the post held."""
        rule = self.turunan.kepemimpinan
        orang = self.out.orang
        level = np.asarray(orang.eselon.map(rule.eselon), dtype=np.float64)
        column = self.law.kolom[rule.kolom]
        needs = np.isin(orang.kelompok, column.kelompok or self.law.kelompok_jabatan)
        hint = "eselon jabatan struktural tidak ada pada nominatif maupun riwayat jabatan"
        self.refuse("eselon", "eselon_tidak_ada", needs & np.isnan(level), hint)
        done = np.zeros(self.size, dtype=bool)
        if "diklat" in self.sound:
            self.used.add("diklat")
            table = self.sound["diklat"]
            when = ("tanggal_selesai", "tanggal")
            rows, undated = histories.happened(table, when, "tahun", self.ever)
            found = histories.leadership(table, level, rule, rows | undated)
            self.keep(rule.kolom, "diklat", found)
            done = found.nilai.astype(bool)
        self.out.kolom[rule.kolom] = pd.array(done & needs, dtype="boolean")

    def courses(self) -> None:
        """Functional training, hours of technical training, seminar."""
        turunan = self.turunan
        columns = (turunan.fungsional.kolom, turunan.teknis.kolom, turunan.seminar.kolom)
        functional, technical, seminar = columns
        done = self._by_appointment()
        total, attended = np.zeros(self.size), np.zeros(self.size, dtype=bool)
        if "kursus" in self.sound:
            self.used.add("kursus")
            table = self.sound["kursus"]
            kinds = histories.course_kinds(table, turunan.diklat)
            rows, undated = self._happened(table, self.ever)
            found = histories.some(table, (kinds == "fungsional") & (rows | undated), self.size)
            self.keep(functional, "kursus", found)
            done = done | found.nilai.astype(bool)
            rows, undated = self._happened(table, self.window(technical, turunan.teknis.jendela))
            most = self.law.kolom[technical].maksimum
            found = histories.hours(table, (kinds == "teknis") & rows, self.size, most)
            self.keep(technical, "kursus", found)
            total = found.nilai.astype(np.float64)
            rows, _ = self._happened(table, self.window(seminar, turunan.seminar.jendela))
            found = histories.some(table, (kinds == "seminar") & rows, self.size)
            self.keep(seminar, "kursus", found)
            attended = found.nilai.astype(bool)
            self._remarks(table, kinds, undated)
        self.out.kolom[functional] = pd.array(done, dtype="boolean")
        self.out.kolom[technical] = total
        self.out.kolom[seminar] = pd.array(attended, dtype="boolean")

    def _happened(self, table: pd.DataFrame, window: tuple[dt.date, dt.date]) -> tuple[Mask, Mask]:
        dates = ("tanggal_selesai_kursus", "tanggal_kursus")
        return histories.happened(table, dates, "tahun_kursus", window)

    def _remarks(self, table: pd.DataFrame, kinds: np.ndarray, undated: Mask) -> None:
        kosong = "jenis diklat tidak ada; kursusnya tidak dihitung"
        tanggal = "tanggal dan tahun kosong; kursusnya tidak masuk jendela mana pun"
        found = [
            *row_finding("jenis_diklat", "jenis_kosong", pd.isna(kinds), kosong, "peringatan"),
            *row_finding("tanggal_kursus", "tanggal_kosong", undated, tanggal, "peringatan"),
        ]
        self.out.problems.append(problems_at(table, found))

    def _by_appointment(self) -> Mask:
        """Tell who has functional training by appointment to the post."""
        rule = self.turunan.fungsional
        words = self.out.orang.jabatan.str.casefold().str.extract(r"^\W*(\w+)", expand=False)
        listed = words.isin(rule.otomatis).to_numpy(dtype=bool)
        needs = self.law.kolom[rule.kolom].kelompok or self.law.kelompok_jabatan
        return listed & rule.berlaku & np.isin(self.out.orang.kelompok, needs)

    def performance(self) -> None:
        """Value of the year before the measurement year."""
        rule = self.turunan.kinerja
        column = self.law.kolom[rule.kolom]
        year = self.window(rule.kolom, rule.jendela)[0].year
        found, remarks = histories.performance(self.sound, rule, year, self.size, column.maksimum)
        for shape, findings in remarks.items():
            self.used.add(shape)
            self.out.problems.append(problems_at(self.sound[shape], findings))
        assert found.ragu is not None
        hint = "nilai kinerja tahun itu ganda dan berbeda, atau skalanya tidak jelas"
        self.refuse(rule.kolom, "kinerja_tidak_jelas", found.ragu, hint)
        self.out.bukti[rule.kolom] = found.bukti
        self.out.kolom[rule.kolom] = found.nilai
        if column.kosong == "tolak":
            blank = np.isnan(found.nilai.astype(np.float64))
            self.refuse(rule.kolom, "kosong", blank, f"isi {column.label}")

    def sanctions(self) -> None:
        """Worst sanction of the window."""
        rule = self.turunan.hukuman
        worst = np.zeros(self.size, dtype=np.int64)
        if "hukdis" in self.sound:
            self.used.add("hukdis")
            window = self.window(rule.kolom, rule.jendela)
            found = histories.sanctions(self.sound["hukdis"], rule, window, self.sampai, self.size)
            self.keep(rule.kolom, "hukdis", found)
            worst = found.nilai.astype(np.int64)
        self.out.kolom[rule.kolom] = _category(worst, rule.urutan)

    def refuse_broken(self) -> None:
        """Refuse persons with a row that could not be read in a history that counts."""
        year = self.window(self.turunan.kinerja.kolom, self.turunan.kinerja.jendela)[0].year
        for shape in sorted(self.used & set(self.tabel)):
            table = self.tabel[shape]
            broken = table["rusak"].to_numpy(dtype=bool)
            if shape in ("skp", "skp22"):
                said = table["tahun"].to_numpy(dtype=np.float64, na_value=np.nan)
                broken = broken & (np.isnan(said) | (said == year))
            rows = np.zeros(self.size, dtype=bool)
            rows[table["posisi"].to_numpy()[broken]] = True
            hint = f"baris riwayatnya ({shape}) tidak terbaca; lihat masalah pada berkas itu"
            self.refuse("", "riwayat_rusak", rows, hint)


def _category(codes: npt.NDArray[np.int64], pilihan: tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(pilihan), dtype="str"))


def _indicator(law: Instrument, kolom: str) -> Indicator:
    return next(i for d in law.dimensi.values() for i in d.indikator if i.kolom == kolom)
