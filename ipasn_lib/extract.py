"""What the report of one place shows: its own published rows, and of others what is printed.

A report of one place names the province's mean, its rank, its category among all, and the places
of like size. If it read those from the tables of the whole province, one changed row anywhere
would be a reason to make every report again. So they are taken out here, rounded as they are
printed, and the report reads nothing else: it depends on another place's people only by a number
or a category that a reader can see.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from ipasn_lib.analysis.compare import comparable_places, rank_places

__all__ = ["place_tables"]

PRINTED: Mapping[str, int] = {
    "kualifikasi": 2,
    "kompetensi": 2,
    "kinerja": 2,
    "disiplin": 2,
    "indeks": 2,
    "partisipasi": 3,
}
"""Decimals of a table's numbers as printed: points with two, a share as percent with one."""

SOURCES = ("sumber_data", "id_instrumen")
COMPARED = ("kualifikasi", "kompetensi", "kinerja", "disiplin", "indeks", *SOURCES)
"""Of the province and of the mean of like places: the points that are printed beside one's own."""

SEEN = ("n_pegawai", "kategori", *SOURCES)
"""Of every other place: what the map is coloured by."""


def place_tables(
    tables: Mapping[str, pd.DataFrame], kabkota: pd.DataFrame, kode: str, minimum: int
) -> dict[str, pd.DataFrame]:
    """Take out of the published tables what the report of one place shows.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        From :func:`ipasn_lib.published_tables`.
    kabkota : pandas.DataFrame
        Register of places; index ``kode_kabkota``, columns ``label`` and ``jenis``.
    kode : str
        The place.
    minimum : int
        Smallest group that the tables show.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``tempat`` (the place's own row in full, with the rank it has before rounding, and among
        how many); ``provinsi`` (its points as printed); ``kedudukan`` (all places: the own row;
        of the others the category and the sources, and as ``n_pegawai`` only the smallest count
        that is shown, NA where hidden; everything else missing); ``sebanding`` (the places of
        like size, as printed, nearest first) and ``rerata_sebanding`` (their mean, taken before
        rounding; no row where there is none); ``unit_kerja`` and ``kabkota_jenis_asn`` (the
        place's own rows in full).

    Notes
    -----
    Rounding is half up and of numbers that are printed with as many decimals, so printing the
    rounded number gives what printing the exact one would.
    """
    ranked = rank_places(tables["kabkota"])
    alike = comparable_places(kabkota, ranked, kode)
    mean = alike.mean if alike.mean is not None else ranked.iloc[:0]
    ranks = ["peringkat", "seri", "dari"]
    others = ranked.index != kode
    position = ranked.drop(columns=ranks)
    position.loc[others, [column for column in position if column not in SEEN]] = pd.NA
    position.loc[others, "n_pegawai"] = position.loc[others, "n_pegawai"].clip(upper=minimum)
    return {
        "tempat": ranked.loc[[kode]],
        "provinsi": _printed(tables["provinsi"].filter(COMPARED)),
        "kedudukan": position,
        "sebanding": _printed(alike.table.drop(columns=ranks)),
        "rerata_sebanding": _printed(mean.filter(COMPARED)),
        "unit_kerja": _own(tables["unit_kerja"], kode),
        "kabkota_jenis_asn": _own(tables["kabkota_jenis_asn"], kode),
    }


def _own(table: pd.DataFrame, kode: str) -> pd.DataFrame:
    return table.loc[table.index.get_level_values("kode_kabkota") == kode]


def _printed(table: pd.DataFrame) -> pd.DataFrame:
    columns = {name: d for name, d in PRINTED.items() if name in table}
    return table.assign(**{name: _half_up(table[name], d) for name, d in columns.items()})


def _half_up(column: pd.Series, decimals: int) -> pd.Series:
    """Round as :mod:`ipasn_lib.wording` prints: the decimal number that Python shows."""
    step = Decimal(1).scaleb(-decimals)
    rounded = [
        None if pd.isna(v) else float(Decimal(repr(float(v))).quantize(step, ROUND_HALF_UP))
        for v in column
    ]
    return pd.Series(rounded, index=column.index, dtype="float64")
