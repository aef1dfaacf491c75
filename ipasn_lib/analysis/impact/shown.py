"""The estimate and its checks laid out for figures and tables; nothing is estimated here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.analysis.impact.checks import PreTrend, RandomisationTest
from ipasn_lib.analysis.impact.estimate import AdoptionEffect
from ipasn_lib.analysis.impact.panel import NEVER, open_panel

__all__ = [
    "checks_together",
    "effect_by_year",
    "left_out",
    "mean_paths",
    "years_around",
]

LIMITS = ["efek", "batas_bawah", "batas_atas"]
MEAN = "rata_rata"


def years_around(effect: AdoptionEffect, pretrend: PreTrend | None) -> pd.DataFrame:
    """Put the years before adoption (from the pre-trend test) beside those with the measure.

    Parameters
    ----------
    effect : AdoptionEffect
    pretrend : PreTrend or None
        None where the test cannot be made: the years before adoption are then left out.

    Returns
    -------
    pandas.DataFrame
        ``waktu`` (years from adoption; negative is before), ``efek``, ``batas_bawah``,
        ``batas_atas`` (units of the outcome), ``sumber_data``, ``id_instrumen``; rising in time.

    Notes
    -----
    The two sides answer two questions: before, the distance from the path of the others against
    the earlier years; after, the distance from the imputed path. They are not one curve.
    """
    both = effect.per_jarak[LIMITS]
    if pretrend is not None:
        before = pretrend.per_jarak.rename(columns={"beda": "efek"})[LIMITS]
        both = pd.concat([before, both]).sort_index()
    return _sourced(both.rename_axis("waktu").reset_index(), effect)


def effect_by_year(effect: AdoptionEffect) -> pd.DataFrame:
    """List the mean effect, then the effect by years since adoption.

    Returns
    -------
    pandas.DataFrame
        ``jarak`` (text: "rata_rata", "0", "1", ...), ``n_tempat`` (Int64; places behind the
        row), ``efek``, ``galat_baku``, ``batas_bawah``, ``batas_atas``, ``sumber_data``,
        ``id_instrumen``.
    """
    names = ["efek", "galat_baku", "batas_bawah", "batas_atas"]
    mean = pd.DataFrame([{n: getattr(effect, n) for n in names}])
    mean = mean.assign(jarak=MEAN, n_tempat=pd.array([effect.n_menerapkan], dtype="Int64"))
    rows = effect.per_jarak.reset_index().astype({"jarak": "str"})
    columns = ["jarak", "n_tempat", *names]
    return _sourced(pd.concat([mean[columns], rows[columns]], ignore_index=True), effect)


def checks_together(
    effect: AdoptionEffect,
    pretrend: PreTrend | None,
    placebo: pd.DataFrame,
    acak: RandomisationTest | None,
) -> pd.DataFrame:
    """List the checks, one a row; NaN for one that this panel does not allow (None).

    Returns
    -------
    pandas.DataFrame
        ``uji`` ("jalur_sebelum", "tanggal_palsu", "undian"), ``mundur`` (Int64; years of a fake
        date), ``hasil`` (F of the paths before; points of a fake date; statistic of the true
        dates), ``p`` and the sources of ``effect``. A small p speaks against a causal reading
        in the first two, and for one in the last.
    """
    f, p = (np.nan, np.nan) if pretrend is None else (pretrend.f, pretrend.p)
    rows: list[tuple[str, object, float, float]] = [("jalur_sebelum", None, f, p)]
    for years, row in placebo.iterrows():
        rows.append(("tanggal_palsu", years, row["efek"], row["p"]))
    true, p = (np.nan, np.nan) if acak is None else (acak.statistik, acak.p)
    rows.append(("undian", None, true, p))
    table = pd.DataFrame(rows, columns=["uji", "mundur", "hasil", "p"])
    return _sourced(table.astype({"mundur": "Int64"}), effect)


def left_out(effect: AdoptionEffect) -> pd.DataFrame:
    """List the places and years that took no part, with the sources of the estimate.

    Returns
    -------
    pandas.DataFrame
        ``kode_kabkota``, ``tahun`` (Int64; NA for the whole place), ``alasan``,
        ``sumber_data``, ``id_instrumen``; without rows where all took part.
    """
    return _sourced(effect.tidak_dipakai, effect)


def mean_paths(panel: pd.DataFrame, adopsi: pd.Series, *, nilai: str = "indeks") -> pd.DataFrame:
    """Give the plain mean of adopters and of the others in each year.

    Parameters
    ----------
    panel, adopsi, nilai
        As in :func:`ipasn_lib.analysis.impact.adoption_effect`.

    Returns
    -------
    pandas.DataFrame
        Index ``tahun``; ``menerapkan`` and ``tidak`` (means of places that adopt at some time,
        and of those that never do; NaN where none has a value), ``mulai`` (Int64; places whose
        first year it is), ``sumber_data``, ``id_instrumen``. To look at: the groups differ in
        more than the measure, and early years of late adopters are among ``menerapkan``.

    Raises
    ------
    ParameterError, NotMeasurableError
        As :func:`ipasn_lib.analysis.impact.adoption_effect`.
    """
    data = open_panel(panel, adopsi, nilai, allow_mixed=True)
    year = pd.Index(data.tahun, name="tahun")
    ever = data.adopted[data.place] != NEVER
    rows = pd.DataFrame({"tahun": year.to_numpy()[data.year], "y": data.y})
    means = {
        name: rows.loc[side].groupby("tahun")["y"].mean().reindex(year)
        for name, side in (("menerapkan", ever), ("tidak", ~ever))
    }
    starts = pd.Series(data.adopted).value_counts().reindex(year, fill_value=0)
    table = pd.DataFrame(means, index=year).assign(mulai=starts.astype("Int64"))
    return table.assign(
        sumber_data=data.sumber_data or None, id_instrumen=data.id_instrumen or None
    )


def _sourced(table: pd.DataFrame, effect: AdoptionEffect) -> pd.DataFrame:
    return table.assign(
        sumber_data=effect.sumber_data or None, id_instrumen=effect.id_instrumen or None
    )
