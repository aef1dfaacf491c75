"""One place's index and dimensions in a small table: points, the most there is, and yardsticks.

The numbers behind the chart of the four dimensions, for who reads tables or takes them along.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import DIMENSI, Instrument

__all__ = ["scorecard"]


def scorecard(
    tempat: pd.DataFrame,
    provinsi: pd.DataFrame,
    sebanding: pd.DataFrame | None,
    instrument: Instrument,
) -> pd.DataFrame:
    """Lay a place's dimensions and index beside the maxima, the province and its like.

    Parameters
    ----------
    tempat : pandas.DataFrame
        One row of a summary, made under `instrument`; a hidden place is NA.
    provinsi : pandas.DataFrame
        One row: the mean of the province.
    sebanding : pandas.DataFrame or None
        One row: the mean of the places of like size; None where there is none.
    instrument : Instrument
        Gives the maxima.

    Returns
    -------
    pandas.DataFrame
        Index ``dimensi``: the four and ``indeks``; float points ``nilai``, ``maksimum``,
        ``poin_hilang`` (maximum less points: the most that the dimension could add to the
        index), ``provinsi``, ``sebanding`` (NaN where that mean was made under another
        instrument, or under several); with ``sumber_data`` and ``id_instrumen``.

    Raises
    ------
    ParameterError
        If a table has not one row, or the place was measured under another instrument.
    """
    named = {"tempat": tempat, "provinsi": provinsi, "sebanding": sebanding}
    values = {}
    for name, table in named.items():
        if table is None:
            values[name] = np.full(len(DIMENSI) + 1, np.nan)
            continue
        if len(table) != 1:
            raise ParameterError(f"{name} has {len(table)} rows; expected one")
        row = table.iloc[0]
        points = row[[*DIMENSI, "indeks"]].astype("Float64").to_numpy(float, na_value=np.nan)
        if pd.notna(row["id_instrumen"]) and row["id_instrumen"] != instrument.id:
            if table is tempat:
                raise ParameterError(
                    f"the place was measured under {row['id_instrumen']!r}, not {instrument.id!r}"
                )
            points = np.full_like(points, np.nan)
        values[name] = points
    most = np.array([*(instrument.bobot[d] for d in DIMENSI), sum(instrument.bobot.values())])
    return pd.DataFrame(
        {
            "nilai": values["tempat"],
            "maksimum": most,
            "poin_hilang": most - values["tempat"],
            "provinsi": values["provinsi"],
            "sebanding": values["sebanding"],
            "sumber_data": tempat["sumber_data"].iloc[0],
            "id_instrumen": instrument.id,
        },
        index=pd.Index([*DIMENSI, "indeks"], name="dimensi"),
    )
