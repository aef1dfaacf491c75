"""The canonical table of a make-believe province, in the instrument's own vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import DIMENSI, JENIS_ASN, Column, Instrument
from ipasn_lib.records.synthetic.calibration import Calibration, load_calibration
from ipasn_lib.records.synthetic.codes import GROUP_OF, GROUPS, LEVELS, RANKS
from ipasn_lib.records.synthetic.events import HUKUMAN, given_scores, records_of
from ipasn_lib.records.synthetic.people import People, people_of

__all__ = ["headcount", "label_of", "synthesize"]

RECORD = (
    *("jenjang_pendidikan", "diklat_kepemimpinan", "diklat_fungsional"),
    *("jp_diklat_teknis", "seminar", "nilai_kinerja", "hukuman_disiplin"),
)
"""The raw columns that can be made; given scores are the four dimensions."""

MOST = 10.0


def synthesize(
    seed: int,
    *,
    scale: float = 1.0,
    tahun: int = 2022,
    instrument: Instrument,
    kabkota: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Make up the civil servants of East Java's 38 kabupaten/kota in one year.

    Nobody in the table exists. Shares of education, jobs, golongan, sex, age, PNS and PPPK
    follow published national figures; what no source gives is an assumption, labelled as one in
    ``kalibrasi.toml``. How places differ in training and appraisal is shuffled by the seed and
    is never tuned to a real place, so **a result for a named place says nothing about it**.

    Parameters
    ----------
    seed : int
        Not negative. The same arguments give identical tables.
    scale : float, default 1.0
        Multiplies headcounts; above 0, at most 10. 1.0 makes about 407,000 people. At a smaller
        scale a place keeps its first posts, in fewer units.
    tahun : int, default 2022
        Measurement year, 2015 to 2030. Under a seed the same people return from year to year:
        about one in twenty-five leaves and is followed, golongan rises, education climbs for a
        few, a certificate once held stays, a seminar counts for two years, a sanction for five.
    instrument : Instrument
        Its columns are made: the raw record, or the four scores where it takes them as given.
    kabkota : sequence of str, optional
        Codes of the places to make ("3510"); all 38 if left out. A place's people are the same
        whichever others are made.

    Returns
    -------
    pandas.DataFrame
        Index ``id_pegawai`` (16 hexadecimal digits). ``tahun``, ``kode_kabkota``,
        ``unit_kerja``, ``jenis_asn``, ``kelompok_jabatan``, ``golongan``, ``jenis_kelamin``,
        ``usia`` (years), ``sumber_data`` ("sintetis, benih <seed>") and the instrument's columns.
        ``nilai_kinerja`` is blank for a few; given scores are blank for the same people.

    Raises
    ------
    ParameterError
        If an argument is out of range, a place is unknown, or the instrument asks for a column
        or lacks a category that the generator doesn't know.

    Notes
    -----
    Given scores (instrument of 2023) rest on guessed tables, since the real ones are not
    public: their means are set near Kota Bima's of 2023 and 2024 (kualifikasi 21.2, kompetensi
    26-28, kinerja 25.7-26.7, disiplin 5); see ``data/published/ipasn_published.csv``. Kab.
    Banjar's of 2022 (kompetensi 12.85) belong to the year before and were not followed.

    The table never says anything of a unit's or a place's real index. The share of PPPK and the
    headcounts are the same in every year.
    """
    calibration = load_calibration()
    codes = _checked_places(kabkota, calibration)
    _check_numbers(seed, scale, tahun, calibration)
    columns = _checked_columns(instrument)
    parts = [
        people_of(seed, kode, tahun, headcount(calibration, kode, scale), calibration)
        for kode in codes
    ]
    keys = _keys(parts, tahun, label_of(seed))
    values = [_values(seed, people, columns, calibration) for people in parts]
    asked = {
        name: _typed(np.concatenate([v[name] for v in values]), column)
        for name, column in columns.items()
    }
    ids = [i for people in parts for i in people.id_pegawai]
    return pd.DataFrame(
        {**keys, **asked}, index=pd.Index(ids, name="id_pegawai", dtype="str"), copy=False
    )


def headcount(calibration: Calibration, kode: str, scale: float) -> int:
    """Count the people of a place at a scale; at least one."""
    return max(round(calibration.jumlah[kode] * scale), 1)


def label_of(seed: int) -> str:
    """Say where make-believe data comes from: the text of ``sumber_data``."""
    return f"sintetis, benih {seed}"


def _checked_places(kabkota: Sequence[str] | None, calibration: Calibration) -> list[str]:
    known = list(calibration.jumlah)
    if kabkota is None:
        return known
    if isinstance(kabkota, str):
        raise ParameterError(f"kabkota is a text; give a list of codes, such as [{kabkota!r}]")
    asked = list(kabkota)
    unknown = [repr(kode) for kode in asked if kode not in known]
    if unknown or not asked or len(set(asked)) != len(asked):
        raise ParameterError(
            f"kabkota must list different codes out of {', '.join(known)}; "
            f"unknown: {', '.join(unknown) or 'none'}"
        )
    return [kode for kode in known if kode in set(asked)]


def _check_numbers(seed: int, scale: float, tahun: int, calibration: Calibration) -> None:
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ParameterError(f"seed is {seed!r}; expected a whole number that is not negative")
    if not 0.0 < scale <= MOST:
        raise ParameterError(f"scale is {scale!r}; expected above 0 and at most {MOST:g}")
    first, last = calibration.tahun_awal, calibration.tahun_akhir
    if isinstance(tahun, bool) or not isinstance(tahun, (int, np.integer)):
        raise ParameterError(f"tahun is {tahun!r}; expected a whole number")
    if not first <= tahun <= last:
        raise ParameterError(f"tahun is {tahun}; people can be made for {first} to {last}")


def _checked_columns(instrument: Instrument) -> dict[str, Column]:
    """Return the instrument's columns, all of which the generator can fill."""
    known = {**dict.fromkeys(RECORD), **dict.fromkeys(DIMENSI)}
    unknown = [name for name in instrument.kolom if name not in known]
    if unknown:
        raise ParameterError(
            f"{instrument.id} asks for {', '.join(unknown)}; people can be made with "
            f"{', '.join(known)}"
        )
    made = {"jenjang_pendidikan": LEVELS, "hukuman_disiplin": HUKUMAN}
    for name, column in instrument.kolom.items():
        lacking = [c for c in made.get(name, ()) if c not in column.pilihan]
        if lacking:
            raise ParameterError(
                f"{instrument.id}: {name} doesn't know {', '.join(lacking)}, which is made"
            )
    if instrument.kelompok_jabatan and set(instrument.kelompok_jabatan) != set(GROUPS):
        raise ParameterError(
            f"{instrument.id} tells apart the job groups {', '.join(instrument.kelompok_jabatan)}; "
            f"people can be made for {', '.join(GROUPS)}"
        )
    return dict(instrument.kolom)


def _keys(parts: list[People], tahun: int, label: str) -> dict[str, object]:
    size = [len(people.slot) for people in parts]
    names: dict[str, int] = {}
    units = [
        np.array([names.setdefault(n, len(names)) for n in people.units.nama])[people.unit]
        for people in parts
    ]
    pppk = np.concatenate([people.pppk for people in parts])
    group = GROUP_OF[np.concatenate([people.rumpun for people in parts])]
    women = np.concatenate([people.perempuan for people in parts])
    place = np.repeat(np.arange(len(parts)), size)
    return {
        "tahun": np.full(sum(size), tahun, dtype=np.int64),
        "kode_kabkota": _text([people.kode for people in parts], place),
        "unit_kerja": _text(list(names), np.concatenate(units)),
        "jenis_asn": _category(JENIS_ASN, pppk.astype(np.int8)),
        "kelompok_jabatan": _category(GROUPS, group),
        "golongan": _category(RANKS, np.concatenate([people.golongan for people in parts])),
        "jenis_kelamin": _category(("L", "P"), women.astype(np.int8)),
        "usia": np.concatenate([people.usia for people in parts]).astype(np.float64),
        "sumber_data": _text([label], np.zeros(sum(size), dtype=np.int64)),
    }


def _values(
    seed: int, people: People, columns: dict[str, Column], calibration: Calibration
) -> dict[str, npt.NDArray[np.generic]]:
    records = records_of(seed, people, calibration)
    made: dict[str, npt.NDArray[np.generic]] = {
        "jenjang_pendidikan": people.pendidikan,
        "diklat_kepemimpinan": records.diklat_kepemimpinan,
        "diklat_fungsional": records.diklat_fungsional,
        "jp_diklat_teknis": records.jp_diklat_teknis,
        "seminar": records.seminar,
        "nilai_kinerja": records.nilai_kinerja,
        "hukuman_disiplin": records.hukuman,
    }
    if any(name in DIMENSI for name in columns):
        made |= given_scores(records, people, calibration)
    return {name: made[name] for name in columns}


def _typed(values: npt.NDArray[np.generic], column: Column) -> object:
    if column.jenis == "kategori":
        names = {"jenjang_pendidikan": LEVELS, "hukuman_disiplin": HUKUMAN}[column.nama]
        order = np.array([column.pilihan.index(name) for name in names])
        return _category(column.pilihan, order[values])
    if column.jenis == "ya_tidak":
        return pd.array(values.astype(np.bool_), dtype="boolean")
    return values


def _category(names: Sequence[str], codes: npt.NDArray[np.integer]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names), dtype="str"))


def _text(names: Sequence[str], codes: npt.NDArray[np.integer]) -> object:
    return pd.array(list(names), dtype="str").take(codes)
