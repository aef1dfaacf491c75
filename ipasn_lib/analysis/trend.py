"""Years side by side, and how matched people moved between categories.

Years under different instruments are not comparable. A table of years marks the break; a matrix
of movements refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.index.disclosure import hide_small_groups
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = [
    "TIDAK_SEBANDING",
    "category_transitions",
    "transition_matrix",
    "years_side_by_side",
]

TIDAK_SEBANDING = "tidak_sebanding"
SEBANDING = "sebanding"
TAHUN_PERTAMA = "tahun_pertama"
TIDAK_TERSEDIA = "tidak_tersedia"


def years_side_by_side(ringkasan: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Stack the summaries of several years, with the change where years are comparable.

    Parameters
    ----------
    ringkasan : mapping of int to pandas.DataFrame
        Year to summary; all with the same index columns (`kode_kabkota`, say).

    Returns
    -------
    pandas.DataFrame
        Index: those columns, then `tahun`, in order of place and year; the summary's columns;
        `selisih` (points: index minus that of the place's year before in the table) and
        `keterangan`: "sebanding", "tahun_pertama", "tidak_sebanding" (another instrument than
        the year before: `selisih` is NA), "tidak_tersedia" (hidden or missing in one of both
        years).

    Raises
    ------
    ParameterError
        If no year is given, or the tables' index columns differ.

    Notes
    -----
    The categories are those of each year's instrument, unrounded, so classes are constant as
    long as the instrument is. "Year before" is the one before in the table, which may be more
    than a year away.
    """
    if not ringkasan:
        raise ParameterError("no year is given")
    names = {tuple(t.index.names) for t in ringkasan.values()}
    if len(names) > 1 or any("tahun" in n for n in names):
        raise ParameterError("summaries must have the same index columns, and not tahun")
    keys = [str(name) for name in next(iter(names))]
    years = sorted(ringkasan)
    stacked = pd.concat({year: ringkasan[year] for year in years}, names=["tahun"])
    stacked = stacked.reorder_levels([*keys, "tahun"]).sort_index(level=[*keys, "tahun"])
    before = stacked.groupby(level=keys, sort=False).shift(1)
    first = stacked.groupby(level=keys, sort=False).cumcount() == 0
    id_now, id_before = (t["id_instrumen"].astype("object") for t in (stacked, before))
    known = (
        id_now.notna() & id_before.notna() & stacked["indeks"].notna() & before["indeks"].notna()
    )
    alike = known & (id_now == id_before)
    change = stacked["indeks"] - before["indeks"]
    note = np.select(
        [first, ~known, ~alike], [TAHUN_PERTAMA, TIDAK_TERSEDIA, TIDAK_SEBANDING], SEBANDING
    )
    return stacked.assign(selisih=change.where(alike), keterangan=note)


def category_transitions(
    awal: pd.DataFrame, akhir: pd.DataFrame, instrument: Instrument, minimum: int = MINIMUM
) -> pd.DataFrame:
    """Count how people measured in both years moved between categories.

    Parameters
    ----------
    awal, akhir : pandas.DataFrame
        Scores of two years, matched by `id_pegawai`.
    instrument : Instrument
        Under which both were made.
    minimum : int
        Smallest count shown.

    Returns
    -------
    pandas.DataFrame
        One row a pair: `kategori_awal`, `kategori_akhir` (ordered categories), `n` (Int64),
        `bagian` (0-1: of all matched people). NA where hidden.

    Raises
    ------
    ParameterError
        If the years are under other instruments than `instrument` ("tidak_sebanding"), or a
        person stands twice.
    NotMeasurableError
        If fewer than `minimum` people are measured in both years.

    Notes
    -----
    Counts under `minimum` are hidden, zero included, and more until the hidden ones of each row
    and each column are at least two and hold `minimum` people. Someone just over an edge moves
    by a single point: read movements beside the change of the index itself.
    """
    minimum = check_minimum(minimum)
    sides = []
    for table in (awal, akhir):
        measured = table.loc[(table["status_ukur"] == "terukur").to_numpy()]
        ids = {str(i) for i in measured["id_instrumen"].unique()}
        if ids - {instrument.id}:
            raise ParameterError(
                f"{TIDAK_SEBANDING}: a year was measured under {', '.join(sorted(ids))}, "
                f"not {instrument.id}"
            )
        if not measured.index.is_unique:
            raise ParameterError("a person stands twice in a table; match one year to one year")
        sides.append(measured["kategori"])
    both = sides[0].index.intersection(sides[1].index)
    if len(both) < minimum:
        raise NotMeasurableError("too few people are measured in both years")
    names = pd.Index(instrument.kategori.nama)
    row, column = (names.get_indexer(pd.Index(s[both].astype("object"))) for s in sides)
    k = len(names)
    counts = np.bincount(row * k + column, minlength=k * k)
    of_row, of_column = np.repeat(np.arange(k), k), np.tile(np.arange(k), k)
    hidden = hide_small_groups(counts, counts, [of_row, of_column], minimum)
    table = pd.DataFrame(
        {
            "kategori_awal": pd.Categorical.from_codes(of_row, names, ordered=True),
            "kategori_akhir": pd.Categorical.from_codes(of_column, names, ordered=True),
            "n": pd.array(counts, dtype="Int64"),
            "bagian": counts / len(both),
        }
    )
    return table.assign(n=table["n"].mask(hidden), bagian=table["bagian"].mask(hidden))


def transition_matrix(perpindahan: pd.DataFrame) -> pd.DataFrame:
    """Lay the pairs of :func:`category_transitions` out as a matrix.

    Parameters
    ----------
    perpindahan : pandas.DataFrame
        From :func:`category_transitions`.

    Returns
    -------
    pandas.DataFrame
        Index the categories at first, columns those later, in order; people, NA where hidden.
    """
    # pivot_table would average and drop the hidden cells
    return perpindahan.pivot(  # noqa: PD010
        index="kategori_awal", columns="kategori_akhir", values="n"
    )
