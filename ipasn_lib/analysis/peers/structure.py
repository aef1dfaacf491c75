"""What a place is made of: size, kinds of staff, jobs, schooling; and how near two places are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["MIXES", "nearest_places", "place_structure", "standardise"]

MIXES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "jenis_asn": {"bagian_pppk": ("PPPK",)},
    "kelompok_jabatan": {
        "bagian_struktural": ("struktural",),
        "bagian_fungsional": ("fungsional",),
    },
    "jenjang_pendidikan": {
        "bagian_slta_ke_bawah": ("SD", "SLTP", "SLTA"),
        "bagian_pascasarjana": ("S2", "S3", "Spesialis", "Subspesialis"),
    },
}
"""Shares made of each column. One kind of each is left out, since shares of all sum to 1."""

KNOWN = 0.9
"""Share of a place's people whose kind must be known, or the mix is not given."""


def place_structure(
    orang: pd.DataFrame, kabkota: pd.DataFrame, minimum: int = MINIMUM
) -> pd.DataFrame:
    r"""Describe each place by what it has, not by how it does.

    Parameters
    ----------
    orang : pandas.DataFrame
        One row a person of one year (``pegawai`` or ``skor``): ``kode_kabkota``, ``tahun``,
        ``jenis_asn``, ``kelompok_jabatan`` and, for the schooling, ``jenjang_pendidikan``.
    kabkota : pandas.DataFrame
        Register: index ``kode_kabkota``; ``penduduk`` and ``jenis``.
    minimum : int
        Smallest group whose share is given.

    Returns
    -------
    pandas.DataFrame
        Index ``kode_kabkota`` (places with people); ``ln_pegawai``, ``ln_penduduk`` (natural
        logarithms: 500 against 1,000 is as far as 5,000 against 10,000), ``kota`` (1 for a
        kota, 0 for a kabupaten), then shares (0-1): ``bagian_pppk``, ``bagian_struktural``,
        ``bagian_fungsional``, ``bagian_slta_ke_bawah``, ``bagian_pascasarjana`` as far as the
        table has their columns.

    Raises
    ------
    ParameterError
        For a missing column, several years or a place that is not in the register.

    Notes
    -----
    A place with fewer than ``minimum`` people has no values at all. All shares of a mix are NaN
    where one of its kinds has between 1 and ``minimum`` - 1 people (the others would give it
    back), or the kind of more than a tenth of the people is not known.

    Schooling earns points in kualifikasi: an index expected from it is partly the index itself.
    Leave its columns out of :func:`expected_index` unless that is what you ask.
    """
    minimum = check_minimum(minimum)
    absent = [c for c in ("kode_kabkota", "tahun", *list(MIXES)[:2]) if c not in orang]
    absent += [c for c in ("penduduk", "jenis") if c not in kabkota]
    if absent:
        raise ParameterError(f"column {', '.join(absent)} is missing")
    if len(orang["tahun"].unique()) > 1:
        raise ParameterError("the table holds more than one year; describe one year at a time")
    code = orang["kode_kabkota"].astype("str")
    size = code.value_counts().sort_index().rename_axis("kode_kabkota")
    unknown = size.index.difference(kabkota.index)
    if len(unknown):
        raise ParameterError(f"{len(unknown)} codes of the people are not in the register")
    place = kabkota.loc[size.index]
    table = pd.DataFrame(
        {
            "ln_pegawai": np.log(size.to_numpy(dtype=np.float64)),
            "ln_penduduk": np.log(place["penduduk"].to_numpy(dtype=np.float64)),
            "kota": (place["jenis"] == "Kota").to_numpy(dtype=np.float64),
        },
        index=size.index,
    )
    for column, shares in MIXES.items():
        if column not in orang:
            continue
        kinds = pd.crosstab(code, orang[column].astype("object")).reindex(size.index, fill_value=0)
        known = kinds.sum(axis=1)
        # people of unknown kind are a group too: known shares beside the headcount tell it
        rest = size - known
        small = ((kinds > 0) & (kinds < minimum)).any(axis=1) | ((rest > 0) & (rest < minimum))
        closed = small | (known < KNOWN * size)
        for name, members in shares.items():
            counted = kinds.reindex(columns=list(members), fill_value=0).sum(axis=1)
            table[name] = (counted / known.where(known > 0)).mask(closed)
    return table.mask(size < minimum)


def standardise(struktur: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Give the complete rows in standard deviations from the mean, and the places left out.

    Columns without any value are ignored; a column in which all places are alike becomes 0.
    """
    if not struktur.index.is_unique:
        raise ParameterError("struktur names a place twice; each place may stand once")
    values = struktur.dropna(axis=1, how="all").astype("float64")
    complete = values.dropna()
    if len(complete) < 2 or not len(complete.columns):
        raise NotMeasurableError("fewer than two places have a whole description")
    spread = complete.std(ddof=0)
    z = (complete - complete.mean()) / spread.where(spread > 1e-12, 1.0)
    left = struktur.index.difference(complete.index)
    return z.sort_index(), tuple(str(code) for code in left)


def nearest_places(struktur: pd.DataFrame, kode: str, n: int = 5) -> pd.DataFrame:
    r"""Find the places most like a place in structure.

    .. math:: d_{ij} = \sqrt{\tfrac{1}{p} \sum_k (z_{ik} - z_{jk})^2}

    over the *p* columns, each in standard deviations.

    Parameters
    ----------
    struktur : pandas.DataFrame
        From :func:`place_structure`; leave out columns that should not count.
    kode : str
        The place.
    n : int
        Number of places, at least 1.

    Returns
    -------
    pandas.DataFrame
        Index ``kode_kabkota``, nearest first (equal distances by code); ``jarak`` (0 alike; 1:
        as far, on average over the columns, as a place one standard deviation away; about 1.4
        for two places picked at random) and one column for each of ``struktur``: the other
        place minus this one, in standard deviations.

    Raises
    ------
    ParameterError
        If the place is unknown or n < 1.
    NotMeasurableError
        If the place has no whole description.

    Notes
    -----
    Every place has nearest ones; look at ``jarak`` whether they are near. All columns weigh
    alike, also where two of them say nearly the same (people and staff).
    """
    if n < 1:
        raise ParameterError("n must be at least 1")
    if kode not in struktur.index:
        raise ParameterError(f"kode_kabkota {kode!r} is not in struktur")
    z, left = standardise(struktur)
    if kode in left:
        raise NotMeasurableError(f"{kode} has no whole description (hidden or unknown parts)")
    gap = z.drop(index=kode) - z.loc[kode]
    varies = z.std(ddof=0) > 0
    if not varies.any():
        raise NotMeasurableError("all places are alike in every column")
    distance = np.sqrt((gap.loc[:, varies] ** 2).mean(axis=1))
    table = gap.assign(jarak=distance)[["jarak", *gap.columns]]
    return table.sort_values("jarak", kind="stable").head(n).rename_axis("kode_kabkota")
