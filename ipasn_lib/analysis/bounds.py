"""What if the people not measured were all at the bottom, or all at the top: worst-case bounds.

Bootstrap intervals say nothing of people without a score. These bounds assume nothing at all
of them: whatever the unmeasured would have scored, the mean of everybody lies inside. The
width is the share not measured times the scale, and no number of measured people narrows it:
only measuring does.

References
----------
.. [1] Manski, C. F. (1989). Anatomy of the selection problem. Journal of Human Resources
       24(3), 343-360. doi:10.2307/145818
.. [2] Manski, C. F. (2003). Partial Identification of Probability Distributions, ch. 1.
       Springer. doi:10.1007/b97478
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import Dimension, Instrument
from ipasn_lib.law.rules import BandPoints, CategoryPoints, GivenPoints, HoursPoints, YesNoPoints
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["lowest_points", "worst_case_bounds"]


def _lowest(dimension: Dimension) -> float:
    """Fewest points that a measured person can have in a dimension."""
    total = 0.0
    for indicator in dimension.indikator:
        rule = indicator.aturan
        if isinstance(rule, CategoryPoints):
            total += min(rule.poin.values())
        elif isinstance(rule, BandPoints):
            total += min(rule.poin)
        elif not isinstance(rule, YesNoPoints | HoursPoints | GivenPoints):
            raise ParameterError(f"lowest points of a {type(rule).__name__} rule are not known")
    return total * dimension.skala


def lowest_points(instrument: Instrument) -> pd.Series:
    """Give the fewest points that anybody can have, by dimension and in all.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    pandas.Series
        Index the four dimensions and ``indeks``; points. Under Peraturan BKN 8/2019 nobody can
        have less than 1 (kualifikasi) + 0 + 1 (kinerja) + 1 (disiplin) = 3; scores taken as
        given can be 0.

    Raises
    ------
    ParameterError
        If the instrument has a kind of rule whose lowest points are not known here.
    """
    lowest = {name: _lowest(dimension) for name, dimension in instrument.dimensi.items()}
    return pd.Series({**lowest, "indeks": sum(lowest.values())}, name="terendah")


def worst_case_bounds(
    skor: pd.DataFrame,
    instrument: Instrument,
    *,
    by: str = "kode_kabkota",
    minimum: int = MINIMUM,
    hidden: Collection[str] = (),
) -> pd.DataFrame:
    r"""Bounds of every place's means when the unmeasured could be anywhere on the scale.

    With a share :math:`p` measured, whose mean is :math:`\bar x`, and a scale from :math:`a`
    to :math:`b`, the mean of everybody lies in

    .. math:: [\,p \bar x + (1 - p) a, \; p \bar x + (1 - p) b\,].

    Parameters
    ----------
    skor : pandas.DataFrame
        One row a person, one year; the four dimensions, ``indeks``, ``by``, ``status_ukur``,
        ``sumber_data``, ``id_instrumen``.
    instrument : Instrument
        The one the people were scored with; gives each dimension's lowest and highest points
        (100 for the index).
    by : str
        The column that names the place.
    minimum : int
        Places with fewer people, or with some but fewer people measured, are hidden: all NA.
    hidden : collection of str
        Places that the published table hides besides.

    Returns
    -------
    pandas.DataFrame
        Index (place, ``kolom``) for the dimensions and ``indeks``. ``n_pegawai``,
        ``n_terukur``, ``partisipasi`` (0-1), ``nilai`` (mean of the measured), ``batas_bawah``,
        ``batas_atas``, ``lebar`` (points), ``peringkat_terbaik`` and ``peringkat_terburuk``
        (ranks of the place among those shown that the bounds allow; 1 is highest),
        ``sumber_data``, ``id_instrumen``. Everybody measured: a width of 0. Nobody measured:
        the whole scale, and no ``nilai``.

    Raises
    ------
    ParameterError
        If a column is missing, the scores are of another instrument, or there are two years.
    NotMeasurableError
        If the table holds no subject of the measurement.
    """
    columns = [*instrument.dimensi, "indeks"]
    missing = [c for c in [by, *columns, "status_ukur", "sumber_data"] if c not in skor]
    if missing:
        raise ParameterError(f"skor has no column {', '.join(missing)}")
    people = skor[(skor["status_ukur"] != "bukan_subjek").to_numpy()]
    if people.empty:
        raise NotMeasurableError("skor holds no subject of the measurement")
    if "tahun" in people and len(people["tahun"].dropna().unique()) > 1:
        raise ParameterError("skor holds more than one measurement year; give one at a time")
    if set(people["id_instrumen"].dropna().astype(str)) != {instrument.id}:
        raise ParameterError(f"skor was not made with the instrument {instrument.id!r} alone")
    minimum = check_minimum(minimum)
    unknown = sorted(set(hidden) - set(people[by].dropna().astype("str").unique()))
    if unknown:
        # a misspelt place would otherwise be shown
        raise ParameterError(f"hidden names places that skor has not: {', '.join(unknown)}")

    people = people.assign(**{by: people[by].astype("str")})
    n = people.groupby(by).size()
    grouped = people[(people["status_ukur"] == "terukur").to_numpy()].groupby(by)[columns]
    # a place with nobody measured keeps its row
    mean = grouped.mean().reindex(n.index)
    n_measured = grouped.size().reindex(n.index, fill_value=0)
    closed = (n < minimum) | ((n_measured > 0) & (n_measured < minimum)) | n.index.isin(hidden)

    share = n_measured / n
    known = mean.mul(share, axis=0).fillna(0.0)
    lowest = lowest_points(instrument)
    highest = pd.Series({**instrument.bobot, "indeks": sum(instrument.bobot.values())})
    low = (known + np.outer(1 - share, lowest[columns])).mask(closed)
    high = (known + np.outer(1 - share, highest[columns])).mask(closed)

    order = pd.MultiIndex.from_product([n.index, columns], names=[by, "kolom"])
    repeat = len(columns)
    counts = {"n_pegawai": n, "n_terukur": n_measured}
    table = pd.DataFrame(
        {name: c.astype("Int64").mask(closed).repeat(repeat).array for name, c in counts.items()},
        index=order,
    )
    table["partisipasi"] = share.mask(closed).repeat(repeat).to_numpy()
    table["nilai"] = mean.mask(closed).to_numpy().ravel()
    table["batas_bawah"], table["batas_atas"] = low.to_numpy().ravel(), high.to_numpy().ravel()
    table["lebar"] = table["batas_atas"] - table["batas_bawah"]
    best, worst = _rank_bounds(low.to_numpy(), high.to_numpy())
    for name, rank in (("peringkat_terbaik", best), ("peringkat_terburuk", worst)):
        table[name] = pd.array(rank.ravel(), dtype="Int64")
    table.loc[table["batas_bawah"].isna(), ["peringkat_terbaik", "peringkat_terburuk"]] = pd.NA
    source = "; ".join(sorted(people["sumber_data"].dropna().astype(str).unique()))
    return table.assign(sumber_data=source, id_instrumen=instrument.id)


def _rank_bounds(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst rank of each row: who is surely above, and who is not surely below."""
    surely_above = (low[None, :, :] > high[:, None, :]).sum(axis=1)
    maybe_above = (high[None, :, :] > low[:, None, :]).sum(axis=1)
    # a place with any width is "maybe above" itself
    maybe_above -= high > low
    return 1 + surely_above, 1 + maybe_above
