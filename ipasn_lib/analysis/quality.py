"""How good is the data behind the index: BKN's four aspects, on what is at hand.

BKN measures the quality of SIASN's records by 27 faults in four aspects. Here the same faults are
counted where the records given allow it. What cannot be counted is said to be so: it is neither
free of faults nor full of them, and the weighted figure says over which part of the weights it
stands and how far it could move if the rest were known.

References
----------
.. [1] Names, aspects and weights of the indicators as carried by BKD Jawa Timur's application:
       https://github.com/taufiqurrohmansuwarto/rumahASN, docs/siasn/kualitas_data.csv. The text
       of BKN's own rule was not found, nor the formula by which BKN turns faults into a score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.index.disclosure import hide_small_groups, parents_of_several
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["ASPEK", "INDIKATOR", "indicator_rates", "merge_rates", "quality_index", "reading_rates"]

ASPEK: Mapping[str, float] = MappingProxyType(
    {"kelengkapan": 0.28, "ketepatan_waktu": 0.31, "keakuratan": 0.30, "konsistensi": 0.11}
)
"""The aspects (completeness, timeliness, accuracy, consistency) and their weights."""

INDIKATOR = pd.DataFrame(
    [
        ("COM_1", "kelengkapan", "SKP dua tahun terakhir kosong", 20.0),
        ("COM_2", "kelengkapan", "Jabatan kosong", 25.0),
        ("COM_3", "kelengkapan", "Pendidikan terakhir kosong", 20.0),
        ("COM_4", "kelengkapan", "TMT PNS kosong", 12.5),
        ("COM_5", "kelengkapan", "Gelar kosong pada lulusan diploma ke atas", 17.5),
        ("COM_6", "kelengkapan", "Surel pribadi kosong atau salah bentuk", 2.5),
        ("COM_7", "kelengkapan", "Nomor telepon genggam kosong", 2.5),
        ("TIM_1", "ketepatan_waktu", "Unit organisasi sudah tidak aktif", 22.73),
        ("TIM_2", "ketepatan_waktu", "Calon JF belum diangkat setelah dua tahun", 18.18),
        ("TIM_3", "ketepatan_waktu", "Masa CPNS lebih dari satu tahun", 13.64),
        ("TIM_4", "ketepatan_waktu", "Jabatan struktural diduduki lebih dari satu orang", 15.91),
        ("TIM_5", "ketepatan_waktu", "Melewati batas usia pensiun tetapi masih aktif", 15.91),
        ("TIM_6", "ketepatan_waktu", "Masa CLTN berakhir, status belum diubah", 13.64),
        ("ACC_1", "keakuratan", "TMT CPNS sesudah TMT PNS", 9.52),
        ("ACC_2", "keakuratan", "Status diperbantukan tidak sesuai instansi kerja", 21.43),
        ("ACC_3", "keakuratan", "Struktural dengan masa kerja kurang dari dua tahun", 7.14),
        ("ACC_4", "keakuratan", "Kedudukan hukum PPPK tidak sesuai", 9.52),
        ("ACC_5", "keakuratan", "NIK belum valid", 4.76),
        ("ACC_6", "keakuratan", "Pendidikan pejabat struktural di bawah syarat", 11.90),
        ("ACC_7", "keakuratan", "TMT PPPK di luar tahun pengangkatan", 7.14),
        ("ACC_8", "keakuratan", "Pendidikan pejabat fungsional di bawah syarat", 14.29),
        ("ACC_9", "keakuratan", "Pelaksana dengan nama jabatan fungsional", 4.76),
        ("ACC_10", "keakuratan", "Pangkat pejabat struktural di bawah syarat", 9.52),
        ("CON_1", "konsistensi", "TMT CPNS berbeda dari NIP", 25.0),
        ("CON_2", "konsistensi", "Tanggal lahir berbeda dari NIP", 25.0),
        ("CON_3", "konsistensi", "Jenis kelamin berbeda dari NIP", 25.0),
        ("CON_4", "konsistensi", "Tahun pengangkatan PPPK berbeda dari NIP", 25.0),
    ],
    columns=["kode", "aspek", "label", "bobot"],
).set_index("kode")
"""The faults: code, aspect, what is wrong, weight within the aspect (they sum to 100)."""

STATUS = ("dihitung", "tidak dapat dihitung", "tidak berlaku", "disembunyikan")

# Column of the canonical table -> the fault that a blank in it is.
BLANKS = {
    "nilai_kinerja": "COM_1",
    "predikat_kinerja": "COM_1",
    "kelompok_jabatan": "COM_2",
    "jenjang_pendidikan": "COM_3",
}

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def indicator_rates(
    cek: pd.DataFrame, by: Sequence[str] = (), minimum: int = MINIMUM
) -> pd.DataFrame:
    """Count, per group, the people whose record has each fault.

    Parameters
    ----------
    cek : pandas.DataFrame
        One row a person: the `by` columns, and a pandas "boolean" column for each fault that
        could be looked for, named by its code ("COM_1"): True = faulty, False = checked and
        clean, NA = the check does not concern the person, or cannot be made. Codes without a
        column were not looked for.
    by : sequence of str
        Columns that make the groups (``kode_kabkota``, ``unit_kerja``); none = all together.
    minimum : int
        Smallest number of people shown.

    Returns
    -------
    pandas.DataFrame
        Index: the `by` columns (or a plain number) and ``kode``. ``aspek``, ``label``, ``bobot``;
        ``n_berlaku`` (Int64, people concerned), ``n_cacat`` (Int64, of these faulty), ``mutu``
        (0-1, share free of the fault: 1 is best) and ``status``, one of "dihitung",
        "tidak dapat dihitung", "tidak berlaku" (concerns nobody here) and "disembunyikan".

    Raises
    ------
    ParameterError
        If a `by` column or a code is unknown, a column is not boolean, or
        `minimum` is below the one of the file.

    Notes
    -----
    A fault is the state of a record, like being measured or not, so the number of faulty records
    is shown wherever the people concerned are at least `minimum`, and the people of the group
    not concerned none or at least `minimum` (three PPPK of a unit could otherwise be told by a
    check of PPPK). Groups of one parent are protected against each other's total
    (:func:`ipasn_lib.index.disclosure.hide_small_groups`).
    """
    minimum = check_minimum(minimum)
    codes = _codes(cek, by)
    groups = [*_grouped(cek, by)]
    lines: list[dict[str, object]] = []
    for key, rows in groups:
        for code in INDIKATOR.index:
            flags = rows[code] if code in codes else pd.Series(dtype="boolean")
            lines.append(
                {
                    **dict(zip(by, key, strict=True)),
                    "kode": code,
                    "orang": len(rows),
                    "n_berlaku": int(flags.notna().sum()),
                    "n_cacat": int(flags.sum()),
                    "status": "dihitung" if code in codes else "tidak dapat dihitung",
                }
            )
    table = pd.DataFrame(lines)
    hidden = _hidden(table, by, minimum)
    return _finish(table.drop(columns="orang"), by, hidden)


def reading_rates(
    files: pd.DataFrame, problems: pd.DataFrame, instrument: Instrument
) -> pd.DataFrame:
    """Count faults from what was met while reading the personnel files of a place.

    Parameters
    ----------
    files : pandas.DataFrame
        One row a file: ``n_baris`` (rows read), as ``Prepared.file_table`` gives it. A file
        refused whole has no rows.
    problems : pandas.DataFrame
        ``kolom``, ``aturan``, ``jumlah``, as ``Prepared.problems`` gives it.
    instrument : Instrument
        Under which the files were read.

    Returns
    -------
    pandas.DataFrame
        As :func:`indicator_rates` without groups. Only blanks in columns that the instrument
        refuses to find blank can be counted (COM_1, COM_2, COM_3); where scores were taken as
        given nothing can, since a given score says nothing of the record behind it.

    Notes
    -----
    Rows of people whom the instrument does not measure count as concerned, though their blanks
    are not looked for; where there are such people the share is a little too high.
    """
    for frame, name in ((files, "n_baris"), (problems, "kolom"), (problems, "aturan")):
        if name not in frame:
            raise ParameterError(f"the table has no column {name!r}")
    required = {n for n, c in instrument.kolom.items() if c.kosong == "tolak"}
    if instrument.kelompok_jabatan and not instrument.is_given:
        required.add("kelompok_jabatan")
    looked = {code: name for name, code in BLANKS.items() if name in required}
    rows = int(files["n_baris"].sum())
    blank = problems.loc[problems["aturan"] == "kosong"]
    lines = [
        {
            "kode": code,
            "n_berlaku": rows if code in looked else 0,
            "n_cacat": int(blank.loc[blank["kolom"] == looked.get(code, ""), "jumlah"].sum()),
            "status": "dihitung" if code in looked else "tidak dapat dihitung",
        }
        for code in INDIKATOR.index
    ]
    table = pd.DataFrame(lines)
    return _finish(table, (), np.zeros(len(table), dtype=bool))


def merge_rates(first: pd.DataFrame, *others: pd.DataFrame) -> pd.DataFrame:
    """Take each indicator from the first table that could say something of it.

    Parameters
    ----------
    first, *others : pandas.DataFrame
        From :func:`indicator_rates` and :func:`reading_rates`, for the same groups.

    Raises
    ------
    ParameterError
        If the tables are of other groups.

    Notes
    -----
    A hidden indicator stays hidden: another table's count would give it back.
    """
    table = first
    for other in others:
        if not table.index.equals(other.index):
            raise ParameterError("the tables of rates are of other groups")
        unknown = (table["status"] == "tidak dapat dihitung").to_numpy()
        table = pd.concat([table.loc[~unknown], other.loc[unknown]]).reindex(first.index)
    return table


def quality_index(rates: pd.DataFrame) -> pd.DataFrame:
    """Weigh the shares free of faults to one figure a group and an aspect.

    Parameters
    ----------
    rates : pandas.DataFrame
        From :func:`indicator_rates` or :func:`reading_rates`.

    Returns
    -------
    pandas.DataFrame
        Index: the groups (where there are any) and ``aspek`` (the four, then "semua").
        ``bobot`` (0-1, weight of the aspect), ``bobot_dihitung`` (0-1, the part of the weight
        that could be counted), ``n_indikator`` and ``n_dihitung``, ``mutu`` (0-1, weighted share
        free of faults *over the part that could be counted*; NaN where none), ``bawah`` and
        ``atas`` (0-1: the figure over all weights if everything not counted were faulty, or
        clean).

    Notes
    -----
    With W the weight of an aspect, w that of an indicator within it (brought to sum 1) and q the
    share free of the fault, ``mutu`` = sum(W w q) / sum(W w) over the counted. An indicator that
    concerns nobody counts as not counted. A figure over a small part of the weights must not be
    compared with one over another part: compare ``bawah`` and ``atas``.
    """
    groups = [str(n) for n in rates.index.names if n not in (None, "kode")]
    whole = INDIKATOR.groupby("aspek")["bobot"].sum()
    flat = rates.reset_index()
    flat["berat"] = flat["aspek"].map(ASPEK) * flat["bobot"] / flat["aspek"].map(whole)
    lines: list[dict[str, object]] = []
    for key, rows in _grouped(flat, groups):
        for aspek in (*ASPEK, "semua"):
            part = rows if aspek == "semua" else rows.loc[rows["aspek"] == aspek]
            lines.append({**dict(zip(groups, key, strict=True)), "aspek": aspek, **_weigh(part)})
    return pd.DataFrame(lines).set_index([*groups, "aspek"])


def _weigh(part: pd.DataFrame) -> dict[str, object]:
    counted = (part["status"] == "dihitung").to_numpy()
    weight = part["berat"].to_numpy(dtype=np.float64)
    clean = part["mutu"].to_numpy(dtype=np.float64, na_value=np.nan)
    total, known = float(weight.sum()), float(weight[counted].sum())
    earned = float((weight * clean)[counted].sum())
    return {
        "bobot": total,
        "bobot_dihitung": known / total,
        "n_indikator": len(part),
        "n_dihitung": int(counted.sum()),
        "mutu": earned / known if known else np.nan,
        "bawah": earned / total,
        "atas": (earned + total - known) / total,
    }


def _codes(cek: pd.DataFrame, by: Sequence[str]) -> set[str]:
    absent = [name for name in by if name not in cek]
    if absent:
        raise ParameterError(f"cek has no column {', '.join(absent)}")
    shaped = [c for c in cek.columns if str(c).partition("_")[0] in ("COM", "TIM", "ACC", "CON")]
    unknown = [c for c in shaped if c not in INDIKATOR.index]
    if unknown:
        raise ParameterError(
            f"unknown indicators {', '.join(unknown)}; known: {', '.join(INDIKATOR.index)}"
        )
    wrong = [c for c in shaped if cek[c].dtype != "boolean"]
    if wrong:
        raise ParameterError(f'{", ".join(wrong)} must be of dtype "boolean" (True, False, NA)')
    return set(shaped)


def _grouped(
    table: pd.DataFrame, by: Sequence[str]
) -> list[tuple[tuple[object, ...], pd.DataFrame]]:
    if not by:
        return [((), table)]
    pairs = table.groupby(list(by), sort=True, observed=True, dropna=False)
    return [(key, rows) for key, rows in pairs]


def _hidden(table: pd.DataFrame, by: Sequence[str], minimum: int) -> BoolArray:
    """Tell which cells hold a group, or leave one over, that is too small to be shown."""
    hidden = np.zeros(len(table), dtype=bool)
    parents = pd.factorize(pd.MultiIndex.from_frame(table[list(by[:-1])]))[0] if by[1:] else 0
    parent = np.broadcast_to(parents, len(table))
    for code in INDIKATOR.index:
        at = np.flatnonzero((table["kode"] == code) & (table["status"] == "dihitung"))
        concerned = table["n_berlaku"].to_numpy()[at]
        people = table["orang"].to_numpy()[at]
        rest = people - concerned
        # who is not concerned must be nobody, or enough; so must who is
        small = (people < minimum) | ((rest > 0) & (rest < minimum))
        small |= (concerned > 0) & (concerned < minimum)
        there = concerned > 0
        mask = small.copy()
        if there.any():
            n = concerned[there]
            above = parents_of_several(parent[at][there])
            mask[there] |= hide_small_groups(n, n, [above], minimum, small[there])
        hidden[at] = mask
    return hidden


def _finish(table: pd.DataFrame, by: Sequence[str], hidden: BoolArray) -> pd.DataFrame:
    """Add names and weights, the share free of the fault, and blank what is hidden."""
    counted = (table["status"] == "dihitung").to_numpy()
    nobody = counted & (table["n_berlaku"] == 0).to_numpy()
    status = table["status"].mask(nobody, "tidak berlaku").mask(hidden, "disembunyikan")
    shown = (status == "dihitung").to_numpy()
    concerned = table["n_berlaku"].astype("Int64").where(shown)
    faulty = table["n_cacat"].astype("Int64").where(shown)
    names = INDIKATOR.loc[table["kode"]].reset_index(drop=True)
    clean = 1.0 - faulty.to_numpy(dtype=np.float64, na_value=np.nan) / concerned.to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    out = table[[*by, "kode"]].assign(
        aspek=names["aspek"].to_numpy(),
        label=names["label"].to_numpy(),
        bobot=names["bobot"].to_numpy(),
        n_berlaku=concerned,
        n_cacat=faulty,
        mutu=clean,
        status=pd.Categorical(status, categories=list(STATUS)),
    )
    return out.set_index([*by, "kode"])
