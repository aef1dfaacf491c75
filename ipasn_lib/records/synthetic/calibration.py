"""The calibration of make-believe people: published shares and labelled assumptions, read once.

``kalibrasi.toml`` beside this file holds every number with its ground (``terbit`` published,
``turunan`` derived from published figures, ``asumsi`` the makers' guess). Here its association
tables are raked to the published shares, so that the people drawn have exactly these shares in
expectation, and the tables are laid out for fast drawing.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ipasn_lib.errors import InstrumentError
from ipasn_lib.records.synthetic.codes import (
    CLASS_PPPK,
    CLASSES,
    COARSE,
    FINE,
    LADDER,
    LADDER_OF,
    LEVELS,
    RUMPUN,
)

__all__ = ["Calibration", "UnitKind", "load_calibration", "rake"]

FloatArray = npt.NDArray[np.float64]

DASAR = ("terbit", "turunan", "asumsi")


@dataclass(frozen=True)
class UnitKind:
    """A kind of unit: a share of each family (``bobot``) or an expected size (``orang``)."""

    nama: str
    bobot: FloatArray
    orang: FloatArray
    setiap: int
    paling_banyak: int


@dataclass(frozen=True)
class Calibration:
    """Everything that the generator draws from. All ``*_cum`` are cumulative shares by row.

    Attributes
    ----------
    kelas : ndarray, shape (9,)
        Share of each of ``CLASSES``.
    pendidikan_cum : ndarray, shape (9, 13)
        Education (``LEVELS``) given the class, in the reference year.
    golongan_cum : ndarray, shape (25, 17)
        Rank (``PNS_RANKS``) given family and rung: row ``5 * family + rung``.
    usia_cum : ndarray, shape (9, 4)
        Age band given the class; ``usia_batas`` holds the bands' first ages and the end.
    perempuan : ndarray, shape (9,)
        Share of women given the class.
    jumlah : mapping of str to int
        People of each kabupaten/kota at scale 1.
    angka, pangsa, ragam, skor, siasn : mapping
        The ``nilai`` of the like-named tables of the file.
    """

    tahun_acuan: int
    tahun_awal: int
    tahun_akhir: int
    kelas: FloatArray
    pendidikan_cum: FloatArray
    golongan_cum: FloatArray
    usia_cum: FloatArray
    usia_batas: tuple[int, ...]
    perempuan: FloatArray
    unit: tuple[UnitKind, ...]
    pegawai_per_unit: int
    unit_paling_sedikit: int
    jumlah: Mapping[str, int]
    pangsa: Mapping[str, Any]
    angka: Mapping[str, Any]
    ragam: Mapping[str, Mapping[str, float]]
    skor: Mapping[str, Any]
    siasn: Mapping[str, Any]

    def by_family(self, nama: str) -> FloatArray:
        """Give the figure ``angka.<nama>`` of each family in the order of ``RUMPUN``."""
        return np.array([float(self.angka[nama][r]) for r in RUMPUN])


def rake(start: npt.ArrayLike, rows: npt.ArrayLike, columns: npt.ArrayLike) -> FloatArray:
    """Fit a table to given row and column sums, keeping its odds ratios and its zeros.

    Parameters
    ----------
    start : array_like, shape (r, c)
        Non-negative association weights.
    rows, columns : array_like, shapes (r,) and (c,)
        Sums to reach; both are scaled to sum to 1.

    Returns
    -------
    ndarray, shape (r, c)
        The fitted table, sum 1.

    Raises
    ------
    InstrumentError
        If no table with these zeros has these sums.

    References
    ----------
    Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled
    frequency table when the expected marginal totals are known. Annals of Mathematical
    Statistics 11(4), 427-444. https://doi.org/10.1214/aoms/1177731829
    """
    table = np.asarray(start, dtype=np.float64)
    row = np.asarray(rows, dtype=np.float64)
    column = np.asarray(columns, dtype=np.float64)
    row, column = row / row.sum(), column / column.sum()
    for _ in range(2000):
        table = table * _ratio(row, table.sum(axis=1))[:, None]
        table = table * _ratio(column, table.sum(axis=0))[None, :]
        if np.abs(table.sum(axis=1) - row).max() < 1e-12:
            return table
    raise InstrumentError("kalibrasi.toml: an association table can't reach the published shares")


def _ratio(wanted: FloatArray, have: FloatArray) -> FloatArray:
    return np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)


@functools.cache
def load_calibration() -> Calibration:
    """Read, check and rake the calibration that ships with the library (once)."""
    path = Path(__file__).with_name("kalibrasi.toml")
    document = tomllib.loads(path.read_text("utf-8"))
    for section in ("pangsa", "kaitan", "angka", "ragam", "skor", "siasn", "jumlah"):
        for name, table in document[section].items():
            _check(table, document["sumber"], f"{section}.{name}")
    pangsa = {name: table["nilai"] for name, table in document["pangsa"].items()}
    kaitan = {name: table["nilai"] for name, table in document["kaitan"].items()}
    angka = {name: table["nilai"] for name, table in document["angka"].items()}
    kelas = _class_shares(pangsa)
    pendidikan = _education(kelas, pangsa, kaitan)
    women = rake(
        [kaitan["jenis_kelamin"][r] for r, _ in CLASSES],
        kelas,
        [pangsa["jenis_kelamin"]["L"], pangsa["jenis_kelamin"]["P"]],
    )
    bands = [band.split("-") for band in pangsa["usia"]]
    return Calibration(
        tahun_acuan=document["tahun_acuan"],
        tahun_awal=document["tahun_awal"],
        tahun_akhir=document["tahun_akhir"],
        kelas=kelas,
        pendidikan_cum=_cumulative(pendidikan),
        golongan_cum=_cumulative(_ranks(pendidikan[~CLASS_PPPK], pangsa, kaitan)),
        usia_cum=_cumulative(_ages(kelas, pangsa, kaitan)),
        usia_batas=(*(int(first) for first, _ in bands), int(bands[-1][1])),
        perempuan=women[:, 1] / kelas,
        unit=tuple(_unit(kind) for kind in document["unit"]["jenis"]),
        pegawai_per_unit=document["unit"]["pegawai_per_unit"],
        unit_paling_sedikit=document["unit"]["paling_sedikit"],
        jumlah=_headcounts(document["jumlah"]),
        pangsa=pangsa,
        angka=angka,
        ragam={name: table["nilai"] for name, table in document["ragam"].items()},
        skor={name: table["nilai"] for name, table in document["skor"].items()},
        siasn={name: table["nilai"] for name, table in document["siasn"].items()},
    )


def _check(table: Mapping[str, Any], sources: Mapping[str, Any], place: str) -> None:
    """Every number says what it rests on; a published one says where it was published."""
    if table.get("dasar") not in DASAR:
        raise InstrumentError(f"kalibrasi.toml: {place}: dasar must be one of {', '.join(DASAR)}")
    named = table.get("sumber", [])
    unknown = [name for name in named if name not in sources]
    if unknown or (not named and table["dasar"] != "asumsi"):
        raise InstrumentError(f"kalibrasi.toml: {place}: names no source, or unknown {unknown}")


def _class_shares(pangsa: Mapping[str, Any]) -> FloatArray:
    """Joint shares of family and kind of ASN, by arithmetic on the published shares."""
    group, status = pangsa["kelompok_jabatan"], pangsa["jenis_asn"]
    named = pangsa["fungsional"]
    family = {
        **named,
        "fungsional_lain": group["fungsional"] - sum(named.values()),
        "struktural": group["struktural"],
        "pelaksana": group["pelaksana"],
    }
    rest = 1.0 - sum(pangsa["pppk"].values())
    pppk = {**pangsa["pppk"], **{r: rest * p for r, p in pangsa["pppk_sisa"].items()}}
    pppk = {r: status["PPPK"] * p for r, p in pppk.items()}
    shares = np.array([family[r] - pppk.get(r, 0.0) if j == "PNS" else pppk[r] for r, j in CLASSES])
    if (shares < 0).any() or not np.isclose(shares.sum(), 1.0, atol=1e-4):
        raise InstrumentError("kalibrasi.toml: shares of jobs and of PPPK contradict each other")
    return shares / shares.sum()


def _education(
    kelas: FloatArray, pangsa: Mapping[str, Any], kaitan: Mapping[str, Any]
) -> FloatArray:
    """Joint shares of class and level of education, shape (9, 13)."""
    start = [kaitan["pendidikan_pppk" if j == "PPPK" else "pendidikan"][r] for r, j in CLASSES]
    coarse = rake(start, kelas, [pangsa["pendidikan"][c] for c in COARSE])
    joint = np.zeros((len(CLASSES), len(LEVELS)))
    for position, name in enumerate(COARSE):
        split = np.array([kaitan[name][r] for r, _ in CLASSES], dtype=np.float64)
        if name in pangsa:
            mass = coarse[:, position]
            split = rake(split, mass, [pangsa[name][level] for level in FINE[name]])
        part = _shares(split) * coarse[:, position, None]
        joint[:, [LEVELS.index(level) for level in FINE[name]]] = part
    return joint


def _ranks(
    pendidikan: FloatArray, pangsa: Mapping[str, Any], kaitan: Mapping[str, Any]
) -> FloatArray:
    """Shares of PNS ranks given family and rung of education, shape (25, 17)."""
    rung = np.stack([pendidikan[:, np.equal(LADDER_OF, k)].sum(axis=1) for k in range(5)], axis=1)
    start = np.array(
        [
            np.multiply(kaitan["golongan"][step], kaitan["golongan_rumpun"][rumpun])
            for rumpun in RUMPUN
            for step in LADDER
        ],
        dtype=np.float64,
    )
    # a family without anybody on a rung keeps its start row: nobody will be drawn from it
    group = rake(start, rung.ravel(), [pangsa["golongan"][g] for g in ("I", "II", "III", "IV")])
    group = np.where(group.sum(axis=1, keepdims=True) > 0, group, start)
    letters = [np.array(kaitan["ruang"][g])[: 5 if g == "IV" else 4] for g in kaitan["ruang"]]
    return np.concatenate(
        [group[:, [k]] * (share / share.sum()) for k, share in enumerate(letters)], axis=1
    )


def _ages(kelas: FloatArray, pangsa: Mapping[str, Any], kaitan: Mapping[str, Any]) -> FloatArray:
    """Shares of the age bands given the class, shape (9, 4)."""
    start = [kaitan["usia"][r] for r in RUMPUN]
    pns = _shares(rake(start, kelas[~CLASS_PPPK], list(pangsa["usia"].values())))
    pppk = np.tile(list(pangsa["usia_pppk"].values()), (int(CLASS_PPPK.sum()), 1))
    return np.concatenate([pns, pppk])


def _headcounts(table: Mapping[str, Any]) -> dict[str, int]:
    """Join published and assumed headcounts as one list in the order of the codes."""
    both = {**table["terbit"]["nilai"], **table["asumsi"]["nilai"]}
    if len(both) != sum(len(part["nilai"]) for part in table.values()):
        raise InstrumentError("kalibrasi.toml: a headcount is both published and assumed")
    return {str(kode): int(both[kode]) for kode in sorted(both)}


def _unit(table: Mapping[str, Any]) -> UnitKind:
    def per_family(values: Mapping[str, float]) -> FloatArray:
        return np.array([float(values.get(r, 0.0)) for r in RUMPUN])

    return UnitKind(
        nama=table["nama"],
        bobot=per_family(table.get("bobot", {})),
        orang=per_family(table.get("orang", {})),
        setiap=int(table.get("setiap", 0)),
        paling_banyak=int(table.get("paling_banyak", 1)),
    )


def _shares(table: Sequence[Sequence[float]] | FloatArray) -> FloatArray:
    """Scale each row to sum to 1; a row of zeros stays."""
    values = np.asarray(table, dtype=np.float64)
    return values * _ratio(np.ones(len(values)), values.sum(axis=1))[:, None]


def _cumulative(table: FloatArray) -> FloatArray:
    """Cumulative shares by row, ending in exactly 1 so that no draw falls out."""
    total = np.cumsum(_shares(table), axis=1)
    # the last possible column and all after it are 1, whatever the rounding
    top = total >= total[:, [-1]] - 1e-12
    return np.where(top, 1.0, total)
