"""From the rows of the histories to the values that the instrument asks for, rule by rule.

Each function takes tables and one part of the instrument's ``turunan`` and gives the value of
every person (by position in the nominatif) with the rows that decided it. The law's tables,
windows and readings are arguments; none stands here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.law.turunan import Courses, Education, Leadership, Performance, Sanction
from ipasn_lib.records.problems import Finding, row_finding

__all__ = [
    "EVIDENCE",
    "Derived",
    "course_kinds",
    "education",
    "happened",
    "hours",
    "leadership",
    "performance",
    "sanctions",
    "some",
]

EVIDENCE = ("posisi", "berkas", "baris")
"""Columns of the rows that decided: the person, the file and the row in it."""

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Window = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Derived:
    """A value of every person, the rows that decided it, and findings about history rows.

    ``ragu`` tells the persons whose value cannot be told from their rows.
    """

    nilai: npt.NDArray[np.generic]
    bukti: pd.DataFrame
    masalah: tuple[Finding, ...] = ()
    ragu: Mask | None = None


def happened(
    table: pd.DataFrame, dates: tuple[str, ...], year: str, window: Window
) -> tuple[Mask, Mask]:
    """Tell which rows happened within a window.

    Parameters
    ----------
    table : pandas.DataFrame
    dates : tuple of str
        Columns of dates, the one that counts first (the end of a course before its start).
    year : str
        Column of the year, which counts where there is no date.
    window : tuple of datetime.date
        First and last day, both included.

    Returns
    -------
    inside : array of bool
    undated : array of bool
        Rows with neither date nor year; they are outside every window.

    Notes
    -----
    A row that gives only its year is inside where the year touches the window: windows begin on
    1 January, and a row that is in an export on the day of entry had happened by then.
    """
    day = np.full(len(table), np.datetime64("NaT"), dtype="datetime64[D]")
    for name in dates:
        if name in table:
            given = table[name].to_numpy().astype("datetime64[D]")
            day = np.where(np.isnat(day), given, day)
    first, last = (np.datetime64(d, "D") for d in window)
    inside = (day >= first) & (day <= last)
    undated = np.isnat(day)
    if year in table:
        said = table[year].to_numpy(dtype=np.float64, na_value=np.nan)
        by_year = (said >= window[0].year) & (said <= window[1].year)
        inside = np.where(undated, by_year, inside)
        undated = undated & np.isnan(said)
    return np.asarray(inside, dtype=bool), undated


def course_kinds(table: pd.DataFrame, rule: Courses) -> npt.NDArray[np.object_]:
    """Tell what each course counts as: by its kind, else by its certificate; else None."""
    kinds = np.full(len(table), None, dtype=object)
    if "jenis_kursus_sertifikat" in table:
        letter = table["jenis_kursus_sertifikat"].str[:1].str.upper()
        kinds = letter.map(rule.sertifikat).astype(object).to_numpy()
    if "jenis_diklat" in table:
        by_kind = table["jenis_diklat"].map(rule.jenis).astype(object).to_numpy()
        kinds = np.where(pd.isna(by_kind), kinds, by_kind).astype(object)
    out = kinds.copy()  # a table's own array is not ours to change
    out[pd.isna(out)] = None
    return out


def some(table: pd.DataFrame, rows: Mask, size: int) -> Derived:
    """Give True to everybody who has at least one of the rows."""
    value = np.zeros(size, dtype=bool)
    value[table["posisi"].to_numpy()[rows]] = True
    return Derived(value, table.loc[rows, list(EVIDENCE)])


def hours(table: pd.DataFrame, rows: Mask, size: int, most: float) -> Derived:
    """Sum up the hours of the rows; at most ``most``, the greatest that the column can hold."""
    spent = table["jumlah_jam"].to_numpy(dtype=np.float64, na_value=np.nan)
    blank = rows & np.isnan(spent)
    posisi = table["posisi"].to_numpy()[rows]
    total = np.bincount(posisi, weights=np.nan_to_num(spent[rows]), minlength=size)
    hint = "jumlah jam kosong dihitung nol; isi bila ada"
    found = row_finding("jumlah_jam", "jam_kosong", blank, hint, "peringatan")
    return Derived(np.minimum(total, most), table.loc[rows, list(EVIDENCE)], tuple(found))


def education(
    people: pd.DataFrame, table: pd.DataFrame | None, rule: Education, sampai: dt.date
) -> Derived:
    """Give the level of education (position in ``urutan``, -1 where none is known).

    The nominatif's own level counts as one more row. Rows of a graduation after the day of entry
    don't count. By ``lulus_terakhir`` a row without a date comes before all others.
    """
    size = len(people)
    own = people[["berkas", "baris", "jenjang"]].assign(posisi=np.arange(size))
    if "tahun_lulus" in people:
        own["tahun_lulus"] = people["tahun_lulus"]
    rows = own if table is None else pd.concat([own, table], ignore_index=True)
    place = {level: i for i, level in enumerate(rule.urutan)}
    level = rows["jenjang"].map(place).to_numpy(dtype=np.float64, na_value=np.nan)
    day = _graduation(rows)
    rows_count = ~np.isnan(level) & ~(day > np.datetime64(sampai, "D"))
    posisi = rows["posisi"].to_numpy()
    best = np.full(size, -1.0)
    deciding = rows_count
    if rule.cara == "lulus_terakhir":
        when = np.where(np.isnat(day), np.datetime64("0001-01-01"), day).astype(np.int64)
        latest = np.full(size, np.iinfo(np.int64).min)
        np.maximum.at(latest, posisi[rows_count], when[rows_count])
        deciding = rows_count & (when == latest[posisi])
    np.maximum.at(best, posisi[deciding], level[deciding])
    deciding = deciding & (level == best[posisi])
    return Derived(best.astype(np.int64), rows.loc[deciding, list(EVIDENCE)])


def _graduation(rows: pd.DataFrame) -> npt.NDArray[np.datetime64]:
    """Day of graduation; of a row that gives the year only, 1 January of it."""
    day = np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[D]")
    if "tgl_lulus" in rows:
        day = rows["tgl_lulus"].to_numpy().astype("datetime64[D]")
    if "tahun_lulus" in rows:
        year = rows["tahun_lulus"].to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isnat(day) & ~np.isnan(year)
        first = (year[known].astype(np.int64) - 1970).astype("datetime64[Y]")
        day = day.copy()
        day[known] = first.astype("datetime64[D]")
    return day


def leadership(table: pd.DataFrame, level: Floats, rule: Leadership, rows: Mask) -> Derived:
    """Tell who did the leadership training of the level of the post held.

    Parameters
    ----------
    table : pandas.DataFrame
        The history of structural training.
    level : array of float
        Level of each person's post, 1 the highest; NaN where the post has none.
    rule : Leadership
    rows : array of bool
        The rows that had happened by the day of entry.

    Returns
    -------
    Derived
        With a remark on courses whose level no source tells.
    """
    done = table["latihan_struktural"].map(rule.latihan).to_numpy(np.float64, na_value=np.nan)
    needed = level[table["posisi"].to_numpy()]
    fits = done == needed if rule.cara == "sesuai_jenjang" else done <= needed
    hint = "latihan struktural tanpa padanan jenjang yang bersumber; tidak dihitung"
    unknown = np.isnan(done) & table["latihan_struktural"].notna().to_numpy()
    found = row_finding("latihan_struktural", "tanpa_jenjang", unknown, hint, "peringatan")
    value = some(table, np.asarray(fits & rows, dtype=bool), len(level))
    return Derived(value.nilai, value.bukti, tuple(found))


def performance(
    tables: Mapping[str, pd.DataFrame], rule: Performance, tahun: int, size: int, most: float
) -> tuple[Derived, Mapping[str, tuple[Finding, ...]]]:
    """Give the value of a year's performance; NaN where there is no row.

    Numbers (``skp``) go before predicates (``skp22``) to 2021, predicates before numbers from
    2022 on, when PermenPANRB 6/2022 replaced the numbers.

    Returns
    -------
    derived : Derived
        ``ragu`` where unequal values stand for one year, or a number fits no scale.
    findings : mapping of str to tuple of Finding
        By shape, about its rows.
    """
    order = ("skp", "skp22") if tahun < 2022 else ("skp22", "skp")
    parts: list[pd.DataFrame] = []
    findings: dict[str, tuple[Finding, ...]] = {}
    unsure = np.zeros(size, dtype=bool)
    served = np.zeros(size, dtype=bool)
    for shape in order:
        if shape not in tables:
            continue
        table = tables[shape]
        of_year = (table["tahun"] == tahun).to_numpy(dtype=bool)
        value, found, lost = (_numbers if shape == "skp" else _predicates)(table, rule, most)
        posisi = table["posisi"].to_numpy()
        use = of_year & ~served[posisi]
        findings[shape] = tuple(_only(found, use))
        unsure[posisi[use & lost]] = True
        use &= ~np.isnan(value)
        parts.append(table.loc[use, list(EVIDENCE)].assign(nilai=value[use]))
        served[posisi[use]] = True
    rows = pd.concat(parts) if parts else pd.DataFrame(columns=[*EVIDENCE, "nilai"])
    by_person = rows.groupby("posisi")["nilai"]
    low, high = by_person.min(), by_person.max()
    value = np.full(size, np.nan)
    value[low.index.to_numpy(dtype=np.intp)] = low.to_numpy(dtype=np.float64)
    if rule.ganda == "tolak":
        unequal = low.index[(low != high).to_numpy()].to_numpy(dtype=np.intp)
        unsure[unequal] = True
    return Derived(value, rows[list(EVIDENCE)], ragu=unsure), findings


def _only(findings: list[Finding], rows: Mask) -> list[Finding]:
    """Keep what findings say about the given rows."""
    kept = []
    for f in findings:
        assert f.posisi is not None
        part = f.posisi[rows[f.posisi]]
        if len(part):
            kept.append(Finding(f.kolom, f.aturan, f.harapan, part, f.tingkat))
    return kept


def _numbers(
    table: pd.DataFrame, rule: Performance, most: float
) -> tuple[Floats, list[Finding], Mask]:
    """Value of each row with a number; on the scale of PP 30/2019 by its predicate's rank."""
    value = np.full(len(table), np.nan)
    for name in ("nilai_skp", "nilai_prestasi_kerja"):
        if name in table:
            given = table[name].to_numpy(dtype=np.float64, na_value=np.nan)
            value = np.where(np.isnan(given), value, given)
    newer: Mask = np.zeros(len(table), dtype=bool)
    if "jenis_peraturan_kinerja" in table:
        text = table["jenis_peraturan_kinerja"]
        newer = text.str.contains(r"(?<!\d)30(?!\d)").fillna(value=False).to_numpy(dtype=bool)
    edges = np.array([low for low, _ in rule.pp30])
    gives = np.array([rule.wakil[code] for _, code in rule.pp30])
    rank = np.clip(np.searchsorted(edges, np.nan_to_num(value), side="right") - 1, 0, None)
    lost = ~newer & (value > most)
    hint = (
        f"nilai di atas {most:g} hanya ada pada PP 30/2019; sebutkan peraturannya pada "
        "jenisPeraturanKinerjaKd"
    )
    value = np.where(newer & ~np.isnan(value), gives[rank], value)
    value = np.where(lost, np.nan, value)
    found = row_finding("nilai_prestasi_kerja", "skala_tidak_jelas", lost, hint)
    return value, found, lost


def _predicates(
    table: pd.DataFrame, rule: Performance, most: float
) -> tuple[Floats, list[Finding], Mask]:
    """Value of each row with a predicate: as printed, else by the matrix of both ratings."""
    printed, by_matrix = (np.full(len(table), None, dtype=object) for _ in range(2))
    if "kuadran_kinerja" in table:
        printed = table["kuadran_kinerja"].astype(object).to_numpy()
    if {"hasil_kinerja", "perilaku_kerja"} <= set(table):
        pairs = zip(table["hasil_kinerja"], table["perilaku_kerja"], strict=True)
        by_matrix = np.array([rule.matriks.get(pair) for pair in pairs], dtype=object)
    there = ~pd.isna(printed)
    differs = there & ~pd.isna(by_matrix) & (printed != by_matrix)
    hint = "predikat tidak sesuai dengan matriks hasil dan perilaku; yang dipakai predikatnya"
    found = row_finding("kuadran_kinerja", "predikat_berbeda", differs, hint, "peringatan")
    codes = pd.Series(np.where(there, printed, by_matrix), dtype="object")
    value = np.asarray(codes.map(rule.wakil), dtype=np.float64)
    return value, found, np.zeros(len(table), dtype=bool)


def sanctions(
    table: pd.DataFrame, rule: Sanction, window: Window, sampai: dt.date, size: int
) -> Derived:
    """Give the worst sanction (position in ``urutan``, 0 where none) whose TMT is in the window.

    A cancelled one is left out, unless it was cancelled after the day of entry. A sanction whose
    level or date cannot be told makes the person's value uncertain.
    """
    letter = np.full(len(table), None, dtype=object)
    if "jenis_tingkat_hukuman_id" in table:
        first = table["jenis_tingkat_hukuman_id"].str[:1].str.upper()
        letter = first.map(rule.tingkat).astype(object).to_numpy()
    kind = np.full(len(table), None, dtype=object)
    if "jenis_hukuman" in table:
        kind = table["jenis_hukuman"].map(rule.jenis).astype(object).to_numpy()
    cancelled = _cancelled(table, sampai)
    differs = ~pd.isna(letter) & ~pd.isna(kind) & (letter != kind) & ~cancelled
    level = pd.Series(np.where(pd.isna(letter), kind, letter), dtype="object")
    ranks = {name: i for i, name in enumerate(rule.urutan)}
    rank = level.map(ranks).to_numpy(dtype=np.float64, na_value=np.nan)
    dates = ("hukuman_tanggal", "sk_tanggal")
    inside, undated = happened(table, dates, "", window)
    no_level = np.isnan(rank) & ~cancelled & (inside | undated)
    numbered = cancelled & (inside | undated) & _no_day(table, "sk_pembatalan_tanggal")
    undated = undated & ~cancelled
    posisi = table["posisi"].to_numpy()
    unsure = np.zeros(size, dtype=bool)
    unsure[posisi[no_level | undated]] = True
    use = inside & ~cancelled & ~np.isnan(rank)
    worst = np.zeros(size)
    np.maximum.at(worst, posisi[use], rank[use])
    beda = "tingkat tidak sesuai dengan jenis hukumannya; yang dipakai tingkatnya"
    kosong = "isi tingkat (R, S, B) atau jenis hukumannya"
    tanggal = "isi TMT hukuman atau tanggal SK-nya"
    batal = "nomor SK pembatalan terisi tanpa tanggal; hukumannya dianggap batal, periksa SK-nya"
    found = [
        *row_finding("sk_pembatalan_nomor", "batal_tanpa_tanggal", numbered, batal, "peringatan"),
        *row_finding("jenis_tingkat_hukuman_id", "tingkat_berbeda", differs, beda, "peringatan"),
        *row_finding("jenis_tingkat_hukuman_id", "tingkat_kosong", no_level, kosong),
        *row_finding("hukuman_tanggal", "tanggal_kosong", undated, tanggal),
    ]
    deciding = use & (rank == worst[posisi])
    return Derived(
        worst.astype(np.int64), table.loc[deciding, list(EVIDENCE)], tuple(found), unsure
    )


def _no_day(table: pd.DataFrame, name: str) -> Mask:
    return table[name].isna().to_numpy() if name in table else np.ones(len(table), dtype=bool)


def _cancelled(table: pd.DataFrame, sampai: dt.date) -> Mask:
    number = np.zeros(len(table), dtype=bool)
    if "sk_pembatalan_nomor" in table:
        # of several files one may lack the column
        number = (table["sk_pembatalan_nomor"] == True).to_numpy(dtype=bool)  # noqa: E712
    if "sk_pembatalan_tanggal" not in table:
        return number
    day = table["sk_pembatalan_tanggal"].to_numpy().astype("datetime64[D]")
    return np.asarray(np.where(np.isnat(day), number, day <= np.datetime64(sampai, "D")))
