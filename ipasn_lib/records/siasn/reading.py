"""Read one place's exports of SIASN as if they were one personnel file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.records.canonical import LAST_YEAR
from ipasn_lib.records.checks import siasn_checks
from ipasn_lib.records.keys import load_key
from ipasn_lib.records.peek import first_rows
from ipasn_lib.records.place import check_code, place_of_file, place_of_rows
from ipasn_lib.records.problems import describe, problem_table, refused_rows
from ipasn_lib.records.reading import REJECTED_COLUMNS, ReadResult
from ipasn_lib.records.siasn.derive import Derivations, derivation_of, derive
from ipasn_lib.records.siasn.folder import problems_at, read_exports
from ipasn_lib.records.siasn.identity import RULES, nip_per_unit
from ipasn_lib.records.siasn.opening import find_exports
from ipasn_lib.records.siasn.presence import check_without
from ipasn_lib.records.siasn.shapes import heading_score, recognise

__all__ = [
    "FORMAT",
    "Derived",
    "SiasnResult",
    "derive_folder",
    "find_siasn_folders",
    "is_siasn_folder",
    "read_siasn",
]

MOST_FILES = 12
"""A place's exports are at most so many files; a folder with more holds something else."""

FORMAT = "ekspor SIASN"


@dataclass(frozen=True)
class SiasnResult(ReadResult):
    """The people of a folder of exports; a :class:`ipasn_lib.records.reading.ReadResult`.

    Attributes
    ----------
    nip_per_unit : pandas.DataFrame
        Contradictions between NIP and other columns (BKN's CON_1 to CON_4), counted by unit;
        for mending the data at their source, not for publication.
    cek : pandas.DataFrame
        Same index as ``pegawai``: faults looked for and histories with a row, from
        :func:`ipasn_lib.records.checks.siasn_checks`.
    """

    nip_per_unit: pd.DataFrame
    cek: pd.DataFrame


@dataclass(frozen=True)
class Derived:
    """Everybody in the nominatif with what was derived for them, in its order.

    Attributes
    ----------
    pegawai : pandas.DataFrame
        Index ``id_pegawai`` (may repeat); the columns of ``pegawai``, for refused people too.
    turunan : Derivations
    ditolak, keluar : array of bool
        Who is refused; who is no person of the table.
    problems : pandas.DataFrame
    sampai : datetime.date
        Day of entry.
    nominatif : pandas.DataFrame
        The people's own rows (``berkas``, ``baris``).
    riwayat : dict of str to pandas.DataFrame
        Place of every history row: ``posisi``, ``berkas``, ``baris``.
    cek : pandas.DataFrame
        Index as ``pegawai``: faults looked for and histories with a row.
    """

    pegawai: pd.DataFrame
    turunan: Derivations
    ditolak: np.ndarray
    keluar: np.ndarray
    problems: pd.DataFrame
    sampai: dt.date
    nominatif: pd.DataFrame
    riwayat: dict[str, pd.DataFrame]
    cek: pd.DataFrame


def is_siasn_folder(folder: str | Path) -> bool:
    """Tell whether a folder holds a nominatif of SIASN among its own files (no subfolders).

    By its headings, without reading the people. A file that cannot be opened is not one; reading
    it will say why.
    """
    # the likely one first; what a file is called decides nothing but the order
    paths = sorted(find_exports(folder), key=lambda p: "nominatif" not in p.stem.casefold())
    return any(_is_nominatif(row) for p in paths for rows in first_rows(p) for row in rows)


def _is_nominatif(row: Sequence[object]) -> bool:
    if not heading_score(row)[0]:
        return False
    shape = recognise([str(cell) for cell in row]).bentuk
    return shape is not None and shape.nama == "nominatif"


def find_siasn_folders(root: str | Path) -> list[Path]:
    """List the folders of exports, one a place, at or below a folder, sorted.

    A folder is one where a nominatif of SIASN is among its own files, whatever they are called.
    """
    start = Path(root)
    return [
        folder
        for folder in sorted({start, *(path for path in start.rglob("*") if path.is_dir())})
        if 0 < len(find_exports(folder)) <= MOST_FILES and is_siasn_folder(folder)
    ]


def read_siasn(
    folder: str | Path,
    instrument: Instrument,
    tahun: int,
    *,
    sampai: dt.date | None = None,
    kode_kabkota: str | None = None,
    tanpa: Collection[str] = (),
    unit: str = "unor",
    key: bytes | None = None,
    max_rejected: float = 0.05,
) -> SiasnResult:
    """Read the exports of one place and derive what the instrument asks for.

    Parameters
    ----------
    folder : str or pathlib.Path
        Nominatif and histories of one place, recognised by content; xlsx, csv, json, parquet.
    instrument : Instrument
        One that says how its columns follow from histories (``turunan``), such as
        ``load_instrument(2022)``.
    tahun : int
        Measurement year; performance is that of the year before.
    sampai : datetime.date, optional
        Day of entry within the measurement year, up to which things count; 31 December without
        it.
    kode_kabkota : str, optional
        BPS code. Without it the folder's name or INSTANSI KERJA NAMA must say it.
    tanpa : collection of str
        Histories that are not there and are not to be missed: ``pendidikan``, ``diklat``,
        ``kursus``, ``skp``, ``hukdis``; see :data:`ipasn_lib.records.siasn.presence.WITHOUT`.
    unit : {"unor", "unor_induk"}
        Which unit people are counted in.
    key : bytes, optional
        Secret key of the pseudonyms.
    max_rejected : float
        Largest share of refused people (0-1) at which the rest is given.

    Returns
    -------
    SiasnResult
        ``pegawai`` as :func:`ipasn_lib.records.reading.read_pegawai` gives it; the id is that
        of the NIP, the same as in any other file, or of the PNS ID where the NIP is unreadable.

    Raises
    ------
    DataError
        If a file cannot be read, a history is not there, or too many people are refused.
    UnsafeFileError
        If a file is refused before it is parsed.
    ParameterError
        If an argument is not one of the allowed, or the instrument cannot be derived.
    """
    if not 0 <= max_rejected <= 1:
        raise ParameterError(f"max_rejected is {max_rejected}; expected a share from 0 to 1")
    got = derive_folder(
        folder,
        instrument,
        tahun,
        sampai=sampai,
        kode_kabkota=kode_kabkota,
        tanpa=tanpa,
        unit=unit,
        key=key,
    )
    persons = ~got.keluar
    n_rows = int(persons.sum())
    refused = got.ditolak & persons
    count = int(refused.sum())
    name = Path(folder).resolve().name
    broken = ((got.problems["tingkat"] == "galat") & got.problems["jumlah"].isna()).any()
    if broken or n_rows == 0 or count > max_rejected * n_rows:
        said = f"{name}: {count} of {n_rows} people refused (the limit is {max_rejected:.1%})"
        raise DataError(f"{said}\n{describe(got.problems)}", got.problems)
    flags = got.nominatif[list(RULES)].reset_index(drop=True)
    accepted = got.pegawai.loc[persons & ~refused]
    return SiasnResult(
        pegawai=accepted,
        problems=got.problems,
        rejected=got.pegawai.loc[refused, list(REJECTED_COLUMNS)],
        n_rows=n_rows,
        n_accepted=n_rows - count,
        n_rejected=count,
        format=FORMAT,
        nip_per_unit=nip_per_unit(
            got.pegawai["unit_kerja"].reset_index(drop=True)[persons], flags.loc[persons]
        ),
        cek=got.cek.loc[persons & ~refused],
    )


def derive_folder(
    folder: str | Path,
    instrument: Instrument,
    tahun: int,
    *,
    sampai: dt.date | None = None,
    kode_kabkota: str | None = None,
    tanpa: Collection[str] = (),
    unit: str = "unor",
    key: bytes | None = None,
) -> Derived:
    """Do the work of :func:`read_siasn`, and keep refused people and the rows that decided.

    Parameters, errors: as :func:`read_siasn`.

    Returns
    -------
    Derived
    """
    place = None if kode_kabkota is None else check_code(kode_kabkota)
    end = _day_of_entry(instrument, tahun, sampai)
    without = check_without(tanpa)
    turunan = derivation_of(instrument)
    exports = read_exports(folder, turunan, pada=end, key=load_key(key))
    work = derive(exports, instrument, tahun, sampai=end, tanpa=without, unit=unit)
    table = exports.tabel["nominatif"]
    size = len(table)
    file_place = place_of_file(Path(folder).resolve(), (), place)
    agency = table.get("instansi_kerja_nama")
    kode, found = place_of_rows(None, agency, file_place, size)
    findings = [*file_place.masalah, *found]
    label = exports.sintetis or ("SIASN" if sampai is None else f"SIASN {sampai.isoformat()}")
    source = pd.Series([None] * size, dtype="str")
    if "sumber_data" in table:
        source = table["sumber_data"]
    columns: dict[str, object] = {
        "tahun": np.full(size, tahun, dtype=np.int64),
        "kode_kabkota": kode,
        **work.orang.tabel,
        "sumber_data": source.fillna(label),
        **work.kolom,
    }
    ids = table["orang"].where(table["orang"].notna(), table["pns"])
    pegawai = pd.DataFrame(columns, index=pd.RangeIndex(size))
    named = ids.where(ids.notna(), [f"baris-{number}" for number in table["baris"]])
    problems = [*work.problems, problems_at(table, findings)]
    index = pd.Index(named, dtype="str", name="id_pegawai")
    histories = {name: rows for name, rows in exports.tabel.items() if name != "nominatif"}
    checked = siasn_checks(
        table.assign(eselon=work.orang.eselon), histories, tahun=tahun, sampai=end
    )
    return Derived(
        pegawai=pegawai.set_axis(index),
        turunan=work,
        ditolak=work.ditolak | refused_rows(findings, size),
        keluar=work.orang.keluar,
        problems=pd.concat([problem_table([], "", []), *problems], ignore_index=True),
        sampai=end,
        nominatif=table,
        riwayat={n: rows[["posisi", "berkas", "baris"]] for n, rows in histories.items()},
        cek=checked.set_axis(index),
    )


def _day_of_entry(instrument: Instrument, tahun: int, sampai: dt.date | None) -> dt.date:
    if not instrument.mulai <= tahun <= LAST_YEAR:
        raise ParameterError(f"tahun {tahun}: {instrument.id} starts with {instrument.mulai}")
    if sampai is None:
        return dt.date(tahun, 12, 31)
    if sampai.year != tahun:
        raise ParameterError(
            f"sampai is in {sampai.year}; the day of entry lies in the measurement year {tahun}"
        )
    return sampai
