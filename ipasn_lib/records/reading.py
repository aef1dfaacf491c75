"""Read a personnel file: the one door by which records enter.

What comes out carries no NIP and no name: persons are told apart by a keyed pseudonym, and
messages name columns, rules, counts and row numbers only.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.cards import card
from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.records.canonical import LAST_YEAR, FileYear, Validated, validate
from ipasn_lib.records.folders import find_files, other_files
from ipasn_lib.records.formats import heading_score, recognise, title_years
from ipasn_lib.records.keys import load_key, pseudonyms
from ipasn_lib.records.lines import sort_lines
from ipasn_lib.records.nip import ROW_PREFIX
from ipasn_lib.records.place import check_code, place_of_file
from ipasn_lib.records.problems import (
    Finding,
    cut_off,
    describe,
    file_finding,
    problem_table,
    refused_rows,
    row_finding,
)
from ipasn_lib.records.workbook import RawTable, open_raw
from ipasn_lib.wording import number

__all__ = ["ReadResult", "find_files", "other_files", "read_pegawai"]

REJECTED_COLUMNS = ("tahun", "kode_kabkota", "unit_kerja", "jenis_asn", "kelompok_jabatan")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadResult:
    """A file read with the rows it cannot use set aside.

    Attributes
    ----------
    pegawai : pandas.DataFrame
        The accepted persons, as :func:`read_pegawai` describes.
    problems : pandas.DataFrame
        Columns ``berkas, tingkat, kolom, aturan, jumlah, baris, harapan``; ``tingkat`` is
        "galat" (rows refused) or "peringatan" (a remark).
    rejected : pandas.DataFrame
        The refused rows: index ``id_pegawai`` (may repeat), the columns ``tahun, kode_kabkota,
        unit_kerja, jenis_asn, kelompok_jabatan`` as far as they could be read. A row without a
        readable NIP has an id that begins with "baris-".
    n_rows, n_accepted, n_rejected : int
        Rows of persons; always ``n_rows == n_accepted + n_rejected``. Blank rows, totals and
        repeated headers are not persons.
    format : str
        The shape of the file.
    """

    pegawai: pd.DataFrame
    problems: pd.DataFrame
    rejected: pd.DataFrame
    n_rows: int
    n_accepted: int
    n_rejected: int
    format: str

    def _repr_html_(self) -> str:
        levels = self.problems["tingkat"].value_counts()
        return card(
            "Berkas yang dibaca",
            {
                "Bentuk": self.format,
                "Baris pegawai": number(self.n_rows, 0),
                "Diterima": number(self.n_accepted, 0),
                "Ditolak": number(self.n_rejected, 0),
                "Masalah": ", ".join(f"{n} {name}" for name, n in levels.items()) or "tidak ada",
            },
        )


@overload
def read_pegawai(
    path: str | Path,
    instrument: Instrument,
    *,
    tahun: int | None = None,
    kode_kabkota: str | None = None,
    reject: Literal[False] = False,
    key: bytes | None = None,
    max_rejected: float = 0.05,
) -> pd.DataFrame: ...


@overload
def read_pegawai(
    path: str | Path,
    instrument: Instrument,
    *,
    tahun: int | None = None,
    kode_kabkota: str | None = None,
    reject: Literal[True],
    key: bytes | None = None,
    max_rejected: float = 0.05,
) -> ReadResult: ...


def read_pegawai(
    path: str | Path,
    instrument: Instrument,
    *,
    tahun: int | None = None,
    kode_kabkota: str | None = None,
    reject: bool = False,
    key: bytes | None = None,
    max_rejected: float = 0.05,
) -> pd.DataFrame | ReadResult:
    """Read, check and pseudonymise a personnel file.

    Parameters
    ----------
    path : str or pathlib.Path
        A csv, xlsx or parquet file of a known shape: the canonical table (the instrument's
        columns, or the four scores), BKN's "PIP ASN" workbook, BKD Jatim's IP ASN csv.
    instrument : Instrument
        From :func:`ipasn_lib.load_instrument`; it says which columns, categories and ranges are
        expected and what a blank means.
    tahun : int, optional
        Measurement year. Without it the file's column or title rows must say it; rows of
        another year are refused.
    kode_kabkota : str, optional
        BPS code ("3510" or "35.10"). Without it the file's columns, its title rows or the
        beginning of its name must say it.
    reject : bool, default False
        Set refused rows aside instead of refusing the file.
    key : bytes, optional
        Secret key of the pseudonyms; see :func:`ipasn_lib.records.keys.load_key`.
    max_rejected : float, default 0.05
        With ``reject``, the largest share of refused rows (0-1) at which the rest is given.

    Returns
    -------
    pandas.DataFrame or ReadResult
        ``pegawai``: index ``id_pegawai`` (unique text; 32 hexadecimal digits, or "baris-" and
        as many where the file has no NIP); ``tahun`` (int), ``kode_kabkota`` (text),
        ``jenis_asn``, ``kelompok_jabatan``, ``golongan``, ``jenis_kelamin`` (categories),
        ``unit_kerja``, ``sumber_data`` (text), ``usia`` (years) if the file has it, then either
        the instrument's columns or the four scores in points. With ``reject`` a `ReadResult`.

    Raises
    ------
    DataError
        If the file cannot be read or understood, or any row is refused (with ``reject``: more
        than ``max_rejected`` of them). ``problems`` lists all that is wrong at once.
    UnsafeFileError
        If the file is refused before it is parsed.
    ParameterError
        If an argument is not one of the allowed.

    Notes
    -----
    Without ``reject`` warnings have no table to stand in; they go to the log, by count.
    """
    path = Path(path)
    place_given = None if kode_kabkota is None else check_code(kode_kabkota)
    _check_arguments(instrument, tahun, max_rejected)
    raw = open_raw(path, heading_score(instrument))
    layout = recognise(raw.kolom, instrument)
    lines = sort_lines(raw, layout)
    kept = np.flatnonzero(lines.orang)
    size = len(kept)
    table = {
        name: raw.isi[position].iloc[kept].reset_index(drop=True).rename(name)
        for name, position in layout.kolom.items()
    }
    year, year_findings = _file_year(raw.judul, tahun)
    place = place_of_file(path, raw.judul, place_given)
    checked = validate(table, layout, year, place, size)
    row_findings = [*_field_findings(raw, kept), *checked.masalah]
    file_findings = [*layout.masalah, *year_findings, *place.masalah, *cut_off(raw.terputus)]
    if size == 0:
        file_findings.append(file_finding("", "tanpa_baris", "tidak ada baris pegawai"))
    everything = [*file_findings, *lines.masalah, *_in_whole(row_findings, kept)]
    problems = problem_table(everything, path.name, raw.isi.index.to_numpy())
    refused = refused_rows(row_findings, size)
    broken = any(f.posisi is None and f.tingkat == "galat" for f in everything)
    _raise_if_refused(path.name, problems, refused, broken, max_rejected if reject else None)
    ids = _ids(path.name, checked, raw.isi.index.to_numpy()[kept], key)
    pegawai, rejected = _split(checked, ids, refused)
    if reject:
        n_rejected = int(refused.sum())
        return ReadResult(
            pegawai, problems, rejected, size, size - n_rejected, n_rejected, layout.format
        )
    for row in problems.to_dict("records"):
        logger.warning(
            "%s: %s %s (%s): %s",
            *(row[c] for c in ("berkas", "kolom", "aturan", "jumlah", "harapan")),
        )
    return pegawai


def _check_arguments(instrument: Instrument, tahun: int | None, max_rejected: float) -> None:
    if tahun is not None and not instrument.mulai <= tahun <= LAST_YEAR:
        raise ParameterError(f"tahun {tahun}: {instrument.id} starts with {instrument.mulai}")
    if not 0 <= max_rejected <= 1:
        raise ParameterError(f"max_rejected is {max_rejected}; expected a share from 0 to 1")


def _file_year(titles: Sequence[str], tahun: int | None) -> tuple[FileYear, list[Finding]]:
    """Year of the file: the caller's, else the one year that the title rows name."""
    named, lone = title_years(titles)
    if tahun is not None:
        hint = f"baris judul menyebut tahun lain daripada {tahun}; periksa berkasnya"
        wrong = bool(named) and tahun not in named
        return FileYear(tahun, sure=True), [
            file_finding("tahun", "tahun_bertentangan", hint)
        ] * wrong
    years = named or lone
    return FileYear(years.pop() if len(years) == 1 else None), []


def _field_findings(raw: RawTable, kept: npt.NDArray[np.intp]) -> list[Finding]:
    lebih = "lebih banyak isian daripada judul kolom; apit angka berkoma dengan tanda petik"
    kurang = "lebih sedikit isian daripada judul kolom; baris terpotong atau bukan baris data"
    return [
        *row_finding("", "isian_lebih", raw.lebih[kept], lebih),
        *row_finding("", "isian_kurang", raw.kurang[kept], kurang),
    ]


def _in_whole(findings: Sequence[Finding], kept: npt.NDArray[np.intp]) -> list[Finding]:
    """Turn positions among the persons into positions among all rows."""
    return [f if f.posisi is None else replace(f, posisi=kept[f.posisi]) for f in findings]


def _raise_if_refused(
    berkas: str,
    problems: pd.DataFrame,
    refused: npt.NDArray[np.bool_],
    broken: bool,
    limit: float | None,
) -> None:
    """Refuse the file: broken as a whole, any refused row, or a share above the limit."""
    count, size = int(refused.sum()), len(refused)
    too_many = count > 0 if limit is None else count > limit * size
    if not (broken or too_many):
        return
    errors = int((problems["tingkat"] == "galat").sum())
    said = f"{berkas}: {errors} problem{'s' * (errors != 1)}"
    if count:
        said += f", {count} of {size} rows refused"
    if too_many and limit is not None:
        said += f" ({count / size:.1%}; the limit is {limit:.1%})"
    raise DataError(f"{said}\n{describe(problems)}", problems)


def _ids(
    berkas: str, checked: Validated, numbers: npt.NDArray[np.int64], key: bytes | None
) -> pd.Index:
    """Id of each row: the pseudonym of its NIP, the id it carries, or one of the row itself."""
    orang = checked.orang
    if orang is not None and orang.name == "id_pegawai" and orang.notna().all():
        return pd.Index(orang)
    # Asked for only here: a file that carries ids makes no key in anybody's home.
    secret = load_key(key)
    ids = np.full(len(numbers), None, dtype=object)
    if orang is not None:
        there = orang.notna().to_numpy()
        carried = orang.name == "id_pegawai"
        ids[there] = list(orang[there]) if carried else pseudonyms(orang[there], secret)
    lacking = pd.isna(ids)
    rows = (f"{berkas}\0{number}" for number in numbers[lacking])
    ids[lacking] = [ROW_PREFIX + digest for digest in pseudonyms(rows, secret)]
    return pd.Index(ids, dtype="str", name="id_pegawai")


def _split(
    checked: Validated, ids: pd.Index, refused: npt.NDArray[np.bool_]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    tabel = checked.tabel.set_axis(ids)
    accepted = tabel.loc[~refused]
    return (
        accepted.assign(tahun=accepted["tahun"].astype("int64")),
        tabel.loc[refused, list(REJECTED_COLUMNS)],
    )
