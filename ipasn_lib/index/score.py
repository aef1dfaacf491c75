"""Score persons: record plus instrument gives points of four dimensions, index and category."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import DataError
from ipasn_lib.index.refusal import Problems, checked, refuse, report
from ipasn_lib.law.instrument import Instrument

__all__ = [
    "KEYS",
    "STATUS",
    "add_rejected",
    "instrument_for",
    "problems_of",
    "score",
    "score_detail",
]

KEYS = (
    "tahun",
    "kode_kabkota",
    "unit_kerja",
    "jenis_asn",
    "kelompok_jabatan",
    "golongan",
    "jenis_kelamin",
    "usia",
    "sumber_data",
)
"""Columns that travel from the record to the scores where they are there."""

STATUS = ("terukur", "tidak_terukur", "bukan_subjek", "ditolak")
"""Why a person has a score or has none: measured; a needed value is missing; the instrument
does not measure this kind of ASN; the row was refused when the file was read."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Points:
    """Points of each indicator (NaN where missing counts as not measured), in person order."""

    instrument: Instrument
    indikator: dict[tuple[str, str], FloatArray]
    terukur: npt.NDArray[np.bool_]
    subjek: npt.NDArray[np.bool_]


def score(pegawai: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Score each person under an instrument.

    Parameters
    ----------
    pegawai : pandas.DataFrame
        One row a person, index ``id_pegawai`` (unique); the key columns (``KEYS``) and either
        the columns that the instrument asks for, or the four dimension scores as given. Scores
        as given are taken for any year, and ``id_instrumen`` then ends in ``+skor-diberikan``.
    instrument : Instrument
        From :func:`ipasn_lib.load_instrument`.

    Returns
    -------
    pandas.DataFrame
        Index ``id_pegawai`` in the same order; the key columns; ``kualifikasi`` (0-25),
        ``kompetensi`` (0-40), ``kinerja`` (0-30), ``disiplin`` (0-5) in points, ``indeks``
        (0-100), their sum; ``kategori`` (ordered category); ``status_ukur`` (one of ``STATUS``);
        ``id_instrumen``. A person who is not measured has NaN throughout.

    Raises
    ------
    DataError
        If a needed column is absent, a value is outside the instrument's vocabulary or range,
        or blank where the instrument refuses blanks. ``problems`` lists columns and counts.

    Notes
    -----
    The index of a person is the plain sum of the points of the four dimensions (Peraturan BKN
    8/2019, Lampiran I). Nothing is rounded.
    """
    points = _points(pegawai, instrument)
    instrument = points.instrument
    size = len(pegawai)
    columns: dict[str, object] = {key: pegawai[key] for key in KEYS if key in pegawai}
    total = np.zeros(size)
    for name, dimension in instrument.dimensi.items():
        earned = sum((points.indikator[name, i.nama] for i in dimension.indikator), np.zeros(size))
        earned = np.where(points.terukur, earned, np.nan)
        columns[name] = earned
        total = total + earned
    columns["indeks"] = total
    columns["kategori"] = instrument.kategori.of(total)
    columns["status_ukur"] = _status(points)
    columns["id_instrumen"] = _constant(instrument.id, size)
    return pd.DataFrame(columns, index=pegawai.index)


def score_detail(pegawai: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Points of each person in each indicator, for the question who lacks what.

    Parameters
    ----------
    pegawai, instrument
        As in :func:`score`.

    Returns
    -------
    pandas.DataFrame
        Index ``id_pegawai``; one column an indicator, named ``<dimensi>.<indikator>``, in
        points; NaN where the person is not measured. Columns of a dimension sum to its score.
    """
    points = _points(pegawai, instrument)
    return pd.DataFrame(
        {
            f"{dimension}.{nama}": np.where(points.terukur, earned, np.nan)
            for (dimension, nama), earned in points.indikator.items()
        },
        index=pegawai.index,
    )


def add_rejected(skor: pd.DataFrame, rejected: pd.DataFrame) -> pd.DataFrame:
    """Count the people whose rows were refused: add them as not measured.

    Parameters
    ----------
    skor : pandas.DataFrame
        From :func:`score`.
    rejected : pandas.DataFrame
        Index ``id_pegawai``; the key columns as far as they could be read. A person who also
        has an accepted row, or several refused rows, counts once.

    Returns
    -------
    pandas.DataFrame
        ``skor`` with the rejected people appended, ``status_ukur`` "ditolak", no points.
    """
    extra = rejected.loc[~rejected.index.isin(skor.index)]
    extra = extra.loc[~extra.index.duplicated()]
    if extra.empty:
        return skor
    rows = extra[[key for key in KEYS if key in extra]].reindex(columns=skor.columns)
    rows["status_ukur"] = "ditolak"
    for column in ("id_instrumen", "sumber_data", "tahun"):
        if column in rows and len(skor[column].unique()) == 1:
            rows[column] = skor[column].iloc[0]
    # One dtype for each column on both sides, so that categories and their order survive.
    return pd.concat([skor, rows.astype(skor.dtypes.to_dict())])


def problems_of(pegawai: pd.DataFrame, instrument: Instrument) -> Problems:
    """Find all that keeps people from being scored, without stopping at it."""
    return _measured(pegawai, instrument)[1]


def _points(pegawai: pd.DataFrame, instrument: Instrument) -> _Points:
    points, problems = _measured(pegawai, instrument)
    refuse(points.instrument, [problems])
    return points


def _measured(pegawai: pd.DataFrame, instrument: Instrument) -> tuple[_Points, Problems]:
    instrument = instrument_for(pegawai.columns, instrument)
    subject = _is_subject(pegawai, instrument)
    group, unknown = _group_codes(pegawai, instrument, subject)
    problems: list[dict[str, Any]] = []
    measured = subject.copy()
    earned: dict[tuple[str, str], FloatArray] = {}
    for name, dimension in instrument.dimensi.items():
        for indicator in dimension.indikator:
            column = instrument.kolom[indicator.kolom]
            values = checked(pegawai[column.nama], column, problems)
            points = indicator.aturan.points(values, group, instrument.kelompok_jabatan)
            missing = np.isnan(points)
            if missing.any():
                if column.kosong == "tolak":
                    report(problems, column, "kosong", missing & subject, "isi kolom ini")
                elif column.kosong == "nol":
                    points = np.where(missing, 0.0, points)
                else:
                    measured &= ~missing
            earned[name, indicator.nama] = points * dimension.skala
    return _Points(instrument, earned, measured, subject), Problems(unknown, tuple(problems))


def instrument_for(columns: Collection[str], instrument: Instrument) -> Instrument:
    """Take the instrument by its rules where the columns allow, else by given scores."""
    missing = [name for name in instrument.kolom if name not in columns]
    if not missing:
        return instrument
    given = instrument.as_given()
    if all(name in columns for name in given.kolom):
        return given
    raise DataError(
        f"pegawai lacks {', '.join(missing)}, which {instrument.id} asks for; add these columns, "
        f"or give the four scores {', '.join(given.kolom)}"
    )


def _group_codes(
    pegawai: pd.DataFrame, instrument: Instrument, subject: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.intp], int]:
    """Position of each person's job group among the instrument's, and how many should have one.

    -1 where there is none; that is a problem only for people whom the instrument measures.
    """
    groups = instrument.kelompok_jabatan
    if not groups or instrument.is_given:
        return np.full(len(pegawai), -1, dtype=np.intp), 0
    if "kelompok_jabatan" not in pegawai:
        raise DataError(f"pegawai lacks kelompok_jabatan, which {instrument.id} asks for")
    column = pegawai["kelompok_jabatan"].astype("category").cat.set_categories(list(groups))
    codes = column.cat.codes.to_numpy()
    return codes.astype(np.intp), int(((codes < 0) & subject).sum())


def _is_subject(pegawai: pd.DataFrame, instrument: Instrument) -> npt.NDArray[np.bool_]:
    """Tell who belongs to the people measured; a kind of ASN that is not known counts as one."""
    if "jenis_asn" not in pegawai:
        return np.ones(len(pegawai), dtype=bool)
    jenis = pegawai["jenis_asn"]
    return (jenis.isin(instrument.subjek) | jenis.isna()).to_numpy()


def _status(points: _Points) -> pd.Categorical:
    codes = np.where(points.terukur, 0, np.where(points.subjek, 1, 2))
    return pd.Categorical.from_codes(codes, categories=pd.Index(STATUS, dtype="str"))


def _constant(value: str, size: int) -> pd.Categorical:
    return pd.Categorical.from_codes(
        np.zeros(size, dtype=np.int8), categories=pd.Index([value], dtype="str")
    )
