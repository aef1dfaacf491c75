"""What would the table look like under other readings of the law.

Where the text is silent or the sources differ (``instrument.tafsir``) the instrument takes one
reading and names the others. Whether that choice matters is an empirical question: score the
same people under each and compare.

References
----------
.. [1] Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis
       techniques as tools for the quality assessment of composite indicators. Journal of the
       Royal Statistical Society A 168(2), 307-323. doi:10.1111/j.1467-985X.2005.00350.x
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import Categories, Instrument

__all__ = ["compare_readings", "edge_readings", "open_questions"]

FloatArray = npt.NDArray[np.float64]

# Means of people added up in another order differ by less than this; nearer is tied.
NOISE = 1e-9


def _ranks(values: FloatArray) -> npt.NDArray[np.int64]:
    """Rank values: 1 is the highest, ties share the best."""
    above = (values[None, :] > values[:, None] + NOISE).sum(axis=1)
    return np.asarray(1 + above, dtype=np.int64)


def compare_readings(
    tables: Mapping[str, pd.DataFrame], *, official: str, kolom: str = "indeks"
) -> pd.DataFrame:
    """Rank the places under other readings of the law.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Name of the reading -> means of places (`ringkasan`, index place) of people scored under
        it. Score with ``load_instrument(year, readings={...})`` to make one.
    official : str
        The name of the official reading.
    kolom : str
        The column ranked.

    Returns
    -------
    pandas.DataFrame
        Index (``tafsir``, place), the official reading first; ``nilai`` (points), ``selisih``
        (points against the official reading), ``peringkat`` (Int64), ``pergeseran`` (Int64;
        below 0: a better rank than officially). Only places shown in all tables are ranked; the
        others are NA.

    Raises
    ------
    ParameterError
        For an unknown official reading, a missing column, or tables that name other places.
    NotMeasurableError
        If fewer than two places are shown in all tables.
    """
    if official not in tables:
        raise ParameterError(f"no reading {official!r}; known: {', '.join(tables)}")
    names = [official, *(name for name in tables if name != official)]
    places = tables[official].index
    for name in names:
        if kolom not in tables[name]:
            raise ParameterError(f"the table of reading {name!r} has no column {kolom!r}")
        if not places.is_unique or set(places) != set(tables[name].index):
            raise ParameterError(f"the table of reading {name!r} names other places, or one twice")
    values = pd.DataFrame({n: tables[n][kolom].astype("float64") for n in names}).reindex(places)
    shown = values.dropna()
    if len(shown) < 2:
        raise NotMeasurableError("ranks need at least two places shown under every reading")
    ranks = pd.DataFrame(
        {name: _ranks(shown[name].to_numpy()) for name in names}, index=shown.index
    ).reindex(places)
    order = pd.MultiIndex.from_product([names, places], names=["tafsir", places.name])

    def column(table: pd.DataFrame) -> FloatArray:
        return table.where(shown.reindex(places).notna()).to_numpy(dtype=np.float64).T.ravel()

    result = pd.DataFrame(
        {
            "nilai": column(values),
            "selisih": column(values.sub(values[official], axis=0)),
            "peringkat": column(ranks),
            "pergeseran": column(ranks.sub(ranks[official], axis=0)),
        },
        index=order,
    )
    return result.astype({"peringkat": "Int64", "pergeseran": "Int64"})


def edge_readings(indeks: pd.Series, kategori: Categories) -> pd.DataFrame:
    """Categories of the same index under both readings of the edges between printed bands.

    The regulation prints whole numbers (71-80, 81-90) and is silent on 80.5. ``bawah``: the
    category begins at its printed lower edge; ``atas``: it begins right after the upper edge of
    the one before. Both are in use, and neither changes an index or a rank.

    Parameters
    ----------
    indeks : pandas.Series
        The unrounded index of each place; NA where hidden.
    kategori : Categories
        The bands of the instrument; its own reading of the edges is not used.

    Returns
    -------
    pandas.DataFrame
        Index place; ``indeks``, ``kategori_bawah``, ``kategori_atas`` (ordered categories),
        ``berbeda`` (boolean: the index lies between two printed bands). NA where hidden.
    """
    values = indeks.to_numpy(dtype=np.float64, na_value=np.nan)
    named = {
        f"kategori_{edge}": replace(kategori, pita=replace(kategori.pita, tepi=edge)).of(values)
        for edge in ("bawah", "atas")
    }
    table = pd.DataFrame({"indeks": values, **named}, index=indeks.index)
    differ = pd.Series(kategori.pita.between(values), index=indeks.index, dtype="boolean")
    return table.assign(berbeda=differ.where(~np.isnan(values)))


def open_questions(
    instrument: Instrument, *, computed: Collection[str] = ("batas_kategori",)
) -> pd.DataFrame:
    """List what the text leaves open, which reading was taken, and which others are in use.

    Parameters
    ----------
    instrument : Instrument
    computed : collection of str
        Keys of the questions whose other readings were computed from what is at hand; the rest
        needs the people's records, scored anew.

    Returns
    -------
    pandas.DataFrame
        Index ``kunci``; ``pertanyaan``, ``dipakai``, ``pilihan_lain`` (texts; other readings
        joined by "; "), ``dihitung`` (bool). Empty where the instrument has no open question.
    """
    rows = []
    for key, reading in instrument.tafsir.items():
        taken = instrument.pilihan_tafsir[key]
        others = [c.keterangan for name, c in reading.pilihan.items() if name != taken]
        rows.append(
            (
                reading.pertanyaan,
                reading.pilihan[taken].keterangan,
                "; ".join(others),
                key in computed,
            )
        )
    return pd.DataFrame(
        rows,
        columns=["pertanyaan", "dipakai", "pilihan_lain", "dihitung"],
        index=pd.Index(list(instrument.tafsir), name="kunci"),
    )
