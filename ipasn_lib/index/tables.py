"""The set of tables that one year's publication shows, protected together.

Tables of the same people are linked: what one hides, another must not give back. So they are
made here at once, each guarded against the totals of the others, and everything published
afterwards (figures, reports, workbooks, pages) takes its numbers from this set.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.index.aggregate import aggregate
from ipasn_lib.index.disclosure import MINIMUM
from ipasn_lib.law.instrument import Instrument

__all__ = ["PUBLISHED", "published_tables"]

REGIONAL = (["bakorwil"], ["jenis_daerah"])

PUBLISHED: Mapping[str, tuple[list[str], tuple[list[str], ...]]] = {
    "provinsi": ([], ()),
    "bakorwil": (["bakorwil"], ()),
    "jenis_daerah": (["jenis_daerah"], ()),
    "jenis_asn": (["jenis_asn"], ()),
    "kabkota": (["kode_kabkota"], REGIONAL),
    "kabkota_jenis_asn": (["kode_kabkota", "jenis_asn"], (*REGIONAL, ["jenis_asn"])),
    "unit_kerja": (["kode_kabkota", "unit_kerja"], REGIONAL),
}
"""Name of each table: the columns that make its groups, and the tables it is guarded against."""


def published_tables(
    skor: pd.DataFrame,
    kabkota: pd.DataFrame,
    minimum: int = MINIMUM,
    instrument: Instrument | None = None,
) -> dict[str, pd.DataFrame]:
    """Aggregate one year's scores to every published table.

    Parameters
    ----------
    skor : pandas.DataFrame
        All people of one year, from :func:`ipasn_lib.score`.
    kabkota : pandas.DataFrame
        Index ``kode_kabkota``; columns ``bakorwil`` and ``jenis``.
    minimum : int
        Smallest group shown.
    instrument : Instrument, optional
        As in :func:`ipasn_lib.aggregate`.

    Returns
    -------
    dict of str to pandas.DataFrame
        A table for each name in ``PUBLISHED``, as :func:`ipasn_lib.aggregate` gives it.

    Raises
    ------
    ParameterError
        If a person's ``kode_kabkota`` is not among the places, or there is more than one year.
    """
    unknown = set(skor["kode_kabkota"].dropna().unique()) - set(kabkota.index)
    if unknown:
        raise ParameterError(f"unknown kode_kabkota: {', '.join(sorted(map(str, unknown)))}")
    if len(skor["tahun"].unique()) > 1:
        raise ParameterError("skor holds more than one year; make the tables year by year")
    placed = skor.assign(
        bakorwil=skor["kode_kabkota"].map(kabkota["bakorwil"]),
        jenis_daerah=skor["kode_kabkota"].map(kabkota["jenis"]),
    )
    # The mean of some places of a region is not the region's, and the total of a region with
    # a single place would be that place: only whole regions are published.
    absent = kabkota.loc[~kabkota.index.isin(placed["kode_kabkota"].unique())]
    partial = {"bakorwil": set(absent["bakorwil"]), "jenis_daerah": set(absent["jenis"])}
    tables = {}
    for name, (by, within) in PUBLISHED.items():
        rows = placed.loc[~placed[by[0]].isin(partial[by[0]])] if by in REGIONAL else placed
        tables[name] = aggregate(rows, by, minimum, within, instrument)
    return tables
