"""Why has this person this score: the rows, the derived values, the points, the legal basis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import Dimension, Indicator, Instrument
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.records.siasn.derive import derivation_of
from ipasn_lib.records.siasn.reading import Derived, derive_folder

__all__ = ["explain"]

HISTORY = {
    "pendidikan": "pendidikan",
    "kepemimpinan": "diklat",
    "fungsional": "kursus",
    "teknis": "kursus",
    "seminar": "kursus",
    "kinerja": "skp",
    "hukuman": "hukdis",
}
"""The history that each part of ``turunan`` reads."""


def explain(
    folder: str | Path,
    id_pegawai: str,
    tahun: int,
    *,
    instrument: Instrument | None = None,
    sampai: dt.date | None = None,
    kode_kabkota: str | None = None,
    tanpa: Collection[str] = (),
    unit: str = "unor",
    key: bytes | None = None,
) -> pd.DataFrame:
    """Show how one person's points came about.

    Parameters
    ----------
    folder, tahun, sampai, kode_kabkota, tanpa, unit, key
        As in :func:`ipasn_lib.records.siasn.reading.read_siasn`.
    id_pegawai : str
        The person's id in the table ``pegawai``.
    instrument : Instrument, optional
        The measurement year's without it.

    Returns
    -------
    pandas.DataFrame
        One row an indicator and history row that decided it (one row without a file where none
        did): ``dimensi``, ``indikator``, ``berkas``, ``baris`` (row as the spreadsheet shows
        it), ``baris_lain`` (the person's other rows in that history, which did not decide),
        ``nilai`` (the derived value, as text), ``poin`` (of the indicator; repeated on its
        rows), ``dasar`` (sources, window, readings taken). For the person and who mends the
        data; never for publication.

    Raises
    ------
    ParameterError
        If there is no such person, or the person is refused.
    """
    law = instrument or load_instrument(tahun)
    got = derive_folder(
        folder,
        law,
        tahun,
        sampai=sampai,
        kode_kabkota=kode_kabkota,
        tanpa=tanpa,
        unit=unit,
        key=key,
    )
    places = np.flatnonzero((got.pegawai.index == id_pegawai) & ~got.keluar)
    if len(places) == 0:
        raise ParameterError("no person of this id in the nominatif; take an id of pegawai")
    if got.ditolak[places].any():
        raise ParameterError(
            "this person is refused, so there are no points to explain; the problem table of "
            "read_siasn names the rows"
        )
    person = int(places[0])
    rows: list[dict[str, object]] = []
    for dimension in law.dimensi.values():
        for indicator in dimension.indikator:
            rows += _indicator_rows(got, law, dimension, indicator, person, tahun)
    table = pd.DataFrame(rows)
    return table.astype({"baris": "Int64", "baris_lain": "Int64"})


def _indicator_rows(
    got: Derived,
    law: Instrument,
    dimension: Dimension,
    indicator: Indicator,
    person: int,
    tahun: int,
) -> list[dict[str, object]]:
    part = _part(law, indicator.kolom)
    value = got.pegawai[indicator.kolom].iloc[[person]]
    group = got.pegawai["kelompok_jabatan"].iloc[person]
    codes = np.array([law.kelompok_jabatan.index(str(group))])
    points = float(indicator.aturan.points(value, codes, law.kelompok_jabatan)[0])
    blank = law.kolom[indicator.kolom].kosong
    earned = (0.0 if blank == "nol" else np.nan) if np.isnan(points) else points
    proof = got.turunan.bukti.get(indicator.kolom)
    found = proof.loc[proof["posisi"] == person] if proof is not None else pd.DataFrame()
    where = [(str(row["berkas"]), int(row["baris"])) for row in found.to_dict("records")]
    if not where and part == "fungsional" and bool(value.iloc[0]):
        # by appointment: the post in the nominatif decided
        own = got.nominatif.iloc[person]
        where = [(str(own["berkas"]), int(own["baris"]))]
    places: list[tuple[str | None, int | None]] = [*where] or [(None, None)]
    others = _others(got, part, person, where)
    common = {
        "dimensi": dimension.nama,
        "indikator": indicator.nama,
        "baris_lain": others,
        "nilai": _said(value.iloc[0]),
        "poin": earned * dimension.skala,
        "dasar": _basis(law, dimension, indicator, part, tahun, got.sampai),
    }
    order = ("dimensi", "indikator", "berkas", "baris", "baris_lain", "nilai", "poin", "dasar")
    return [
        {name: {**common, "berkas": berkas, "baris": baris}[name] for name in order}
        for berkas, baris in places
    ]


def _part(law: Instrument, kolom: str) -> str:
    turunan = derivation_of(law)
    return next(name for name in HISTORY if getattr(turunan, name).kolom == kolom)


def _others(got: Derived, part: str, person: int, where: list[tuple[str, int]]) -> int:
    history = HISTORY[part]
    shapes = ("skp", "skp22") if history == "skp" else (history,)
    count = 0
    for shape in shapes:
        if shape in got.riwayat:
            rows = got.riwayat[shape]
            mine = rows.loc[rows["posisi"] == person]
            pairs = {(str(b), int(n)) for b, n in zip(mine["berkas"], mine["baris"], strict=True)}
            count += len(pairs - set(where))
    return count


def _said(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return "tidak ada"
    if isinstance(value, bool | np.bool_):
        return "ya" if value else "tidak"
    if isinstance(value, float | np.floating):
        return f"{value:g}".replace(".", ",")
    return str(value)


def _basis(
    law: Instrument,
    dimension: Dimension,
    indicator: Indicator,
    part: str,
    tahun: int,
    sampai: dt.date,
) -> str:
    rule = getattr(derivation_of(law), part)
    cited = dict.fromkeys((*indicator.sumber, *rule.sumber))
    sources = [law.sumber[code] for code in cited]
    said = [s.judul + (f" ({s.pasal})" if s.pasal else "") for s in sources]
    if hasattr(rule, "jendela"):
        first, last = rule.jendela.dates(tahun, indicator.jendela_tahun or 1, sampai)
        said.append(f"jendela {first.strftime('%d-%m-%Y')} sampai {last.strftime('%d-%m-%Y')}")
    if indicator.keterangan:
        said.append(indicator.keterangan.rstrip("."))
    paths = (
        f"turunan.{part}.",
        f"dimensi.{dimension.nama}.indikator.{indicator.nama}.",
        f"kolom.{indicator.kolom}.",
        *(("turunan.diklat.",) if HISTORY[part] == "kursus" else ()),
    )
    for key, reading in law.tafsir.items():
        touched = [p for choice in reading.pilihan.values() for p in choice.ubah]
        if any(path.startswith(paths) for path in touched):
            choice = reading.pilihan[law.pilihan_tafsir[key]]
            said.append(f"tafsir {key}: {choice.keterangan}")
    return "; ".join(said)
