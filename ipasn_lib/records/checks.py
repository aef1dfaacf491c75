"""Look for the faults of BKN's data quality index in the exports of one place.

Only what the exports say, and only what this library reads of them: names, degrees, telephone
numbers and the like are never read, so their faults (COM_5 to COM_7, ACC_5) are not looked for.
A check that cannot be made for want of a column gives no column; one that does not concern a
person, or lacks the person's value, is missing. A missing check is not a clean one.

References
----------
.. [1] Indikator kualitas data BKN, sebagaimana dimuat aplikasi BKD Jawa Timur (rumahASN),
       docs/siasn/kualitas_data.csv; least education by post as in the same application.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["siasn_checks"]

Mask = npt.NDArray[np.bool_]

LEVELS = (
    *("SD", "SLTP", "SLTA", "D1", "D2", "D3", "D4", "S1"),
    *("Profesi", "S2", "Spesialis", "Subspesialis", "S3"),
)
"""Levels of education, ascending (Sarjana is the first that a high post asks for)."""

HIGH_POSTS = ("10", "11", "12", "21", "22")
"""Echelons of jabatan pimpinan tinggi, which ask for S1."""

JF_LEVELS: Mapping[str, str] = {
    r"\bahli utama\b": "D4",
    r"\bahli (?:madya|muda|pertama)\b": "D3",
    r"\b(?:penyelia|mahir)\b": "SLTA",
    r"\b(?:terampil|pemula)\b": "SD",
}
"""Level of a functional post, by its name -> least education."""

FUNCTIONAL, PELAKSANA = "2", "4"


def siasn_checks(
    nominatif: pd.DataFrame,
    riwayat: Mapping[str, pd.DataFrame],
    *,
    tahun: int,
    sampai: dt.date,
) -> pd.DataFrame:
    """Look for the faults that a place's exports let one see.

    Parameters
    ----------
    nominatif : pandas.DataFrame
        One row a person; of these columns those that the export has: ``jabatan_nama``,
        ``jenis_jabatan`` (code 1-4), ``eselon`` (code), ``jenjang`` (level of education),
        ``status_cpns_pns``, ``tmt_cpns`` (datetime), ``jenis_kelamin``, ``nip_jenis`` (PNS, PPPK),
        ``usia`` (where a birth date was there) and ``con_1`` to ``con_4`` (bool, contradicted).
    riwayat : mapping of str to pandas.DataFrame
        The histories that are there (``pendidikan``, ``diklat``, ``kursus``, ``skp``, ``skp22``):
        ``posisi`` (the person's row in `nominatif`, from 0) and, of SKP, ``tahun``; of
        pendidikan, ``jenjang``.
    tahun : int
        Measurement year.
    sampai : datetime.date
        Day of the exports.

    Returns
    -------
    pandas.DataFrame
        Same rows; "boolean" columns: a fault's code (True = faulty; COM_1-3, TIM_3, ACC_6,
        ACC_8, ACC_9, CON_1-4, as far as they can be looked for), and for each history whether
        the person has a row in it: ``skp`` (of the year before `tahun`, from which points are
        computed), ``pelatihan`` (any diklat or kursus, ever), ``pendidikan`` (a level, in
        nominatif or history). For ``write_prepared`` as ``cek``.

    Notes
    -----
    ``pelatihan`` is missing, not False, for people without a row where only one of diklat and
    kursus is there.
    """
    size = len(nominatif)
    found: dict[str, tuple[Mask, Mask]] = {}
    skp = [riwayat[name] for name in ("skp", "skp22") if name in riwayat]
    everyone = np.ones(size, dtype=bool)
    if skp:
        found["COM_1"] = (~_of_years(skp, (tahun - 2, tahun - 1), size), everyone)
        found["skp"] = (_of_years(skp, (tahun - 1,), size), everyone)
    level = _level(nominatif, riwayat, size)
    if level is not None:
        found["COM_3"] = (level < 0, everyone)
        found["pendidikan"] = (level >= 0, everyone)
    found |= _training(riwayat, size) | _posts(nominatif, level) | _nip(nominatif)
    if {"status_cpns_pns", "tmt_cpns"} <= set(nominatif.columns):
        candidate = _text(nominatif, "status_cpns_pns").isin(["c", "cpns"]).to_numpy()
        start = nominatif["tmt_cpns"]
        late = start.to_numpy() < np.datetime64(_year_before(sampai), "s")
        found["TIM_3"] = (late, candidate & start.notna().to_numpy())
    order = sorted(found, key=_order)
    return pd.DataFrame(
        {name: pd.arrays.BooleanArray(found[name][0], ~found[name][1]) for name in order},
        index=nominatif.index,
    )


def _of_years(tables: list[pd.DataFrame], years: tuple[int, ...], size: int) -> Mask:
    """Tell who has a row of one of the years."""
    there = np.zeros(size, dtype=bool)
    for table in tables:
        there[table.loc[table["tahun"].isin(years), "posisi"].to_numpy(dtype=np.intp)] = True
    return there


def _level(
    nominatif: pd.DataFrame, riwayat: Mapping[str, pd.DataFrame], size: int
) -> npt.NDArray[np.int64] | None:
    """Highest level of education (position in LEVELS, -1 for none); None where nothing says it."""
    place = {level: i for i, level in enumerate(LEVELS)}
    best = np.full(size, -1, dtype=np.int64)
    told = False
    if "jenjang" in nominatif:
        told = True
        best = np.asarray(nominatif["jenjang"].map(place).fillna(-1), dtype=np.int64)
    if "pendidikan" in riwayat:
        told = True
        rows = riwayat["pendidikan"]
        values = rows["jenjang"].map(place).fillna(-1).to_numpy(dtype=np.int64)
        best = np.array(best)
        np.maximum.at(best, rows["posisi"].to_numpy(dtype=np.intp), values)
    return best if told else None


def _training(riwayat: Mapping[str, pd.DataFrame], size: int) -> dict[str, tuple[Mask, Mask]]:
    there = [riwayat[name] for name in ("diklat", "kursus") if name in riwayat]
    if not there:
        return {}
    some = np.zeros(size, dtype=bool)
    for table in there:
        some[table["posisi"].to_numpy(dtype=np.intp)] = True
    return {"pelatihan": (some, some | (len(there) == 2))}


def _posts(
    nominatif: pd.DataFrame, level: npt.NDArray[np.int64] | None
) -> dict[str, tuple[Mask, Mask]]:
    """Faults of the post: none named, education under its requirement, a name of another kind."""
    found: dict[str, tuple[Mask, Mask]] = {}
    if level is not None and "eselon" in nominatif:
        high = nominatif["eselon"].isin(HIGH_POSTS).to_numpy() & (level >= 0)
        found["ACC_6"] = (level < LEVELS.index("S1"), high)
    if not {"jenis_jabatan", "jabatan_nama"} <= set(nominatif.columns):
        return found
    kind, name = nominatif["jenis_jabatan"], _text(nominatif, "jabatan_nama")
    functional = (kind == FUNCTIONAL).fillna(value=False).to_numpy(dtype=bool)
    pelaksana = (kind == PELAKSANA).fillna(value=False).to_numpy(dtype=bool)
    found["COM_2"] = ((name == "").to_numpy(dtype=bool), functional | pelaksana)
    least = np.full(len(nominatif), -1, dtype=np.int64)
    for pattern, needed in JF_LEVELS.items():
        least[name.str.contains(pattern).to_numpy(dtype=bool)] = LEVELS.index(needed)
    found["ACC_9"] = (least >= 0, pelaksana & (name != "").to_numpy(dtype=bool))
    if level is not None:
        found["ACC_8"] = (level < least, functional & (least >= 0) & (level >= 0))
    return found


def _nip(nominatif: pd.DataFrame) -> dict[str, tuple[Mask, Mask]]:
    """Contradictions between a NIP and other columns, where there is something to compare."""
    if "nip_jenis" not in nominatif:
        return {}
    kind = nominatif["nip_jenis"]
    known = kind.notna().to_numpy()
    compared = {
        "con_1": ("tmt_cpns", (kind == "PNS").fillna(value=False).to_numpy(dtype=bool)),
        "con_2": ("usia", known),
        "con_3": ("jenis_kelamin", known),
        "con_4": ("tmt_cpns", (kind == "PPPK").fillna(value=False).to_numpy(dtype=bool)),
    }
    return {
        flag.upper(): (
            nominatif[flag].to_numpy(dtype=bool),
            who & nominatif[other].notna().to_numpy(),
        )
        for flag, (other, who) in compared.items()
        if flag in nominatif and other in nominatif
    }


def _text(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name].astype("str").fillna("").str.strip().str.casefold()


def _year_before(day: dt.date) -> dt.date:
    # The day after 28 February stands for the 29th in years that have none.
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _order(name: str) -> tuple[int, str, int]:
    head, _, number = name.partition("_")
    return (0, head, int(number)) if number else (1, head, 0)
