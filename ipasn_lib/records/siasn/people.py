"""The people of a nominatif: the key columns of ``pegawai``, their post, and who is measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import JENIS_ASN, Instrument
from ipasn_lib.law.turunan import Derivation
from ipasn_lib.records.canonical import GOLONGAN
from ipasn_lib.records.cells import as_category
from ipasn_lib.records.problems import Finding, row_finding
from ipasn_lib.records.siasn.folder import Exports, problems_at
from ipasn_lib.records.siasn.identity import RULES
from ipasn_lib.records.vocabulary import VARIANTS, spell

__all__ = ["UNITS", "People", "check_unit", "read_people"]

UNITS = ("unor", "unor_induk")
"""Which unit people are counted in: their own, or the one above all of it (OPD)."""

CPNS = ("c", "cpns")
PNS = (*CPNS, "p", "pns")
WORST_UNITS = 3
LEAST_NAMED = 10
"""Fewest people of a unit that a remark names; of fewer, a count would speak of persons."""

Mask = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class People:
    """The people of a nominatif, in its order.

    Attributes
    ----------
    tabel : pandas.DataFrame
        ``unit_kerja``, ``jenis_asn``, ``kelompok_jabatan``, ``golongan``, ``jenis_kelamin``,
        ``sumber_data`` and, where dates of birth were there, ``usia``.
    kelompok : array of str or None
        Job group.
    eselon, jabatan : pandas.Series of str
        Code of the post's echelon; name of the post.
    subjek : array of bool
        Whom the instrument measures; only they are refused for what only it asks.
    keluar : array of bool
        Who is no employee any more (legal standing), or a candidate that is not measured: they
        are no persons of the table.
    ditolak : array of bool
        Who cannot be told: no unit, no kind of ASN, no job group, two unequal rows.
    problems : pandas.DataFrame
    """

    tabel: pd.DataFrame
    kelompok: Texts
    eselon: pd.Series
    jabatan: pd.Series
    subjek: Mask
    keluar: Mask
    ditolak: Mask
    problems: pd.DataFrame


def read_people(
    exports: Exports, turunan: Derivation, instrument: Instrument, sampai: dt.date, unit: str
) -> People:
    """Give the key columns of everybody in the nominatif.

    Parameters
    ----------
    exports : Exports
    turunan : Derivation
    instrument : Instrument
    sampai : datetime.date
        Day of entry: posts taken up later don't count.
    unit : {"unor", "unor_induk"}
        Column of the unit: UNOR NAMA, or UNOR INDUK NAMA of the nominatif, else of the latest
        row in the history of posts.

    Returns
    -------
    People

    Notes
    -----
    PPPK are told by their legal standing or by a kind of employee that says so, then by digits
    13-14 of the NIP, then by STATUS CPNS PNS. The echelon of a structural post is that of the
    nominatif where it has the column, else of the latest structural row in the history of posts.

    Raises
    ------
    ParameterError
        For an unknown ``unit``, or one that is in neither file.
    """
    table = exports.tabel["nominatif"]
    size = len(table)
    posts = _latest_posts(exports.tabel.get("jabatan"), sampai, size)
    findings: list[Finding] = []
    standing = _texts(table, "kedudukan_hukum")
    candidate = _texts(table, "status_cpns_pns").str.casefold().isin(CPNS).to_numpy(dtype=bool)
    gone = standing.isin(turunan.subjek.bukan_pegawai).to_numpy(dtype=bool)
    left_out = candidate & (turunan.subjek.cpns == "tidak_diukur") & ~gone
    hint = "kedudukan hukumnya bukan pegawai lagi; tidak dihitung"
    findings += row_finding("kedudukan_hukum", "bukan_pegawai", gone, hint, "peringatan")
    hint = "calon PNS tidak dihitung menurut tafsir yang dipilih"
    findings += row_finding("status_cpns_pns", "cpns_tidak_diukur", left_out, hint, "peringatan")
    keluar = gone | left_out
    jenis = _kind_of_asn(table, standing, turunan)
    subjek = ~np.isin(jenis, [k for k in JENIS_ASN if k not in instrument.subjek]) & ~keluar
    eselon = _echelon(table, posts)
    kelompok = _group(table, eselon, turunan)
    unit_kerja = _unit(table, posts, unit)
    golongan, found = as_category(_texts(table, "gol_akhir"), "gol_akhir", GOLONGAN, {})
    findings += [Finding(f.kolom, f.aturan, f.harapan, f.posisi, "peringatan") for f in found]
    sex, found = as_category(
        _texts(table, "jenis_kelamin"), "jenis_kelamin", ("L", "P"), VARIANTS["jenis_kelamin"]
    )
    findings += [Finding(f.kolom, f.aturan, f.harapan, f.posisi, "peringatan") for f in found]
    rules = (
        ("unor_nama", "kosong", unit_kerja.isna().to_numpy(), "isi unit kerja"),
        ("jenis_asn", "kosong", pd.isna(jenis), "status, kedudukan hukum, atau NIP yang menyebut"),
        ("jenis_jabatan", "kosong", pd.isna(kelompok) & subjek, "isi jenis jabatan"),
        ("nip", "ganda_berbeda", _repeated(table), "satu baris bagi tiap pegawai; pilih satu"),
    )
    refused = table["rusak"].to_numpy(dtype=bool) & ~keluar
    for kolom, aturan, rows, harapan in rules:
        rows = np.asarray(rows, dtype=bool) & ~keluar
        findings += row_finding(kolom, aturan, rows, harapan)
        refused = refused | rows
    findings += _contradictions(table, unit_kerja, jenis, keluar)
    columns: dict[str, object] = {
        "unit_kerja": unit_kerja,
        "jenis_asn": pd.Categorical(jenis, categories=pd.Index(list(JENIS_ASN), dtype="str")),
        "kelompok_jabatan": pd.Categorical(
            kelompok, categories=pd.Index(list(instrument.kelompok_jabatan), dtype="str")
        ),
        "golongan": golongan,
        "jenis_kelamin": sex,
    }
    if "usia" in table:
        columns["usia"] = table["usia"].to_numpy(dtype=np.float64, na_value=np.nan)
    return People(
        tabel=pd.DataFrame(columns, index=pd.RangeIndex(size)),
        kelompok=kelompok,
        eselon=eselon,
        jabatan=_texts(table, "jabatan_nama").fillna(""),
        subjek=subjek,
        keluar=keluar,
        ditolak=refused,
        problems=problems_at(table, findings),
    )


def _texts(table: pd.DataFrame, name: str) -> pd.Series:
    if name in table:
        return table[name].astype("str")
    return pd.Series([None] * len(table), dtype="str")


def _kind_of_asn(table: pd.DataFrame, standing: pd.Series, turunan: Derivation) -> Texts:
    says = standing.fillna("") + " " + _texts(table, "jenis_pegawai_nama").fillna("")
    words = says.map(spell)
    spelt = words.str.contains("pppk|p3k|perjanjiankerja", regex=True)
    marked = (spelt | standing.isin(turunan.subjek.pppk)).to_numpy(dtype=bool)
    status = _texts(table, "status_cpns_pns").str.casefold().isin(PNS).to_numpy(dtype=bool)
    by_nip = table["nip_jenis"].astype(object).to_numpy()
    told = np.full(len(table), None, dtype=object)
    told[status] = "PNS"
    told = np.where(pd.isna(by_nip), told, by_nip)
    told[marked] = "PPPK"
    return told


def _latest_posts(posts: pd.DataFrame | None, sampai: dt.date, size: int) -> pd.DataFrame:
    """Latest structural echelon and parent unit of each person by the history of posts."""
    out = pd.DataFrame({"eselon": None, "unor_induk_nama": None}, index=pd.RangeIndex(size))
    if posts is None:
        return out
    started = posts["tmt_jabatan"].to_numpy().astype("datetime64[D]")
    known = posts.loc[(started <= np.datetime64(sampai, "D")) & ~posts["rusak"].to_numpy(bool)]
    for column in out.columns:
        if column not in known:
            continue
        rows = known
        if column == "eselon":
            rows = known.loc[known["jenis_jabatan"].isin(["1", "3"]).to_numpy()]
        newest = rows["tmt_jabatan"] == rows.groupby("posisi")["tmt_jabatan"].transform("max")
        values = rows.loc[newest].groupby("posisi")[column].agg(["first", "nunique"])
        one = values.loc[values["nunique"] == 1, "first"]  # two posts on one day tell nothing
        out.loc[one.index, column] = one.astype(object)
    return out


def _echelon(table: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    own = _texts(table, "eselon")
    own = own.mask(own.isin(["00", "99"]))
    # of people who hold another kind of post by now the history tells a former one
    structural = _texts(table, "jenis_jabatan").isin(["1", "3"])
    return own.where(own.notna(), posts["eselon"].astype("str").where(structural))


def _group(table: pd.DataFrame, eselon: pd.Series, turunan: Derivation) -> Texts:
    rule = turunan.jabatan
    kind = _texts(table, "jenis_jabatan")
    group = kind.map(rule.jenis).astype(object).to_numpy()
    excepted = eselon.map(rule.eselon).astype(object).to_numpy()
    structural = kind.isin(["1", "3"]).to_numpy(dtype=bool) & ~pd.isna(excepted)
    values = np.where(structural, excepted, group).astype(object)
    values[pd.isna(values)] = None
    return values


def check_unit(unit: str) -> str:
    """Give back the name of a kind of unit.

    Raises
    ------
    ParameterError
        If it is not one of ``UNITS``.
    """
    if unit not in UNITS:
        raise ParameterError(f"unit is {unit!r}; known: {', '.join(UNITS)}")
    return unit


def _unit(table: pd.DataFrame, posts: pd.DataFrame, unit: str) -> pd.Series:
    check_unit(unit)
    if unit == "unor":
        return _texts(table, "unor_nama")
    own = _texts(table, "unor_induk_nama")
    found = own.where(own.notna(), posts["unor_induk_nama"].astype("str"))
    if found.isna().all():
        raise ParameterError("unit is 'unor_induk', but no file names a UNOR INDUK")
    return found


def _repeated(table: pd.DataFrame) -> Mask:
    """Tell people who stand more than once; equal rows were made one before."""
    twice = np.zeros(len(table), dtype=bool)
    for name in ("pns", "orang"):
        twice |= (table[name].duplicated(keep=False) & table[name].notna()).to_numpy()
    return twice


def _contradictions(
    table: pd.DataFrame, unit: pd.Series, jenis: Texts, keluar: Mask
) -> list[Finding]:
    """Remarks on NIPs that other columns contradict, with the units that have most of them."""
    derived = table["nip_jenis"].astype(object).to_numpy()
    checks = {name: (table[name].to_numpy(dtype=bool), hint) for name, hint in RULES.items()}
    differs = ~pd.isna(derived) & ~pd.isna(jenis) & (derived != jenis)
    checks["nip_beda_jenis_asn"] = (differs, "digit 13-14 NIP: 01-12 untuk PNS, 21 ke atas PPPK")
    sizes = unit[~keluar].value_counts()
    large = sizes.index[sizes >= LEAST_NAMED]
    findings = []
    for name, (rows, hint) in checks.items():
        rows = rows & ~keluar
        units = unit[rows & unit.isin(large).to_numpy()].value_counts().head(WORST_UNITS)
        where = "; ".join(f"{name_} {count}" for name_, count in units.items())
        said = f"{hint}; periksa lagi, tetap dihitung"
        said += f". Terbanyak: {where}" if where else ""
        findings += row_finding("nip", name, rows, said, "peringatan")
    return findings
