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

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError

__all__ = ["compare_readings"]

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
