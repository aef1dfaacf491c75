"""Tables of open steps: of each person, and of a place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError

__all__ = ["next_steps", "step_summary"]


def next_steps(peluang: pd.DataFrame, langkah: pd.DataFrame) -> pd.DataFrame:
    """List each person's open steps, best value first.

    Parameters
    ----------
    peluang : pandas.DataFrame
        From :func:`reachable_steps`.
    langkah : pandas.DataFrame
        Steps with their costs, as :func:`default_steps` gives them.

    Returns
    -------
    pandas.DataFrame
        One row a person and open step: index `id_pegawai`; `urutan` (1 first), `langkah`,
        `label`, `poin` (gained), `biaya`, `bulan`, `poin_per_juta` (points per million rupiah;
        infinite where free). Of two steps of one indicator both are listed; one can be taken.
    """
    _known(peluang, langkah)
    rows = []
    for name in langkah.index:
        step = langkah.loc[name]
        gain = peluang[name].loc[(peluang[name] > 0).to_numpy()]
        rows.append(
            pd.DataFrame(
                {
                    "langkah": name,
                    "label": step["label"],
                    "poin": gain,
                    "biaya": step["biaya"],
                    "bulan": step["bulan"],
                    "poin_per_juta": _per_million(gain, step["biaya"]),
                }
            )
        )
    table = pd.concat(rows).rename_axis(index="id_pegawai")
    table = table.sort_values(["poin_per_juta", "poin"], ascending=False, kind="stable")
    table = table.sort_index(kind="stable")
    table.insert(0, "urutan", table.groupby(level=0).cumcount() + 1)
    return table


def step_summary(peluang: pd.DataFrame, langkah: pd.DataFrame) -> pd.DataFrame:
    """Give what each step would bring a place if everybody open to it took it.

    Parameters
    ----------
    peluang, langkah
        As in :func:`next_steps`.

    Returns
    -------
    pandas.DataFrame
        Index `langkah`; `label`, `n_orang` (people for whom it brings points), `poin` (their
        sum), `kenaikan_indeks` (points of the place's index), `biaya` (rupiah for all of them),
        `poin_per_juta` (points per million rupiah; infinite where free, NaN where nobody is
        open), `biaya_per_poin` (rupiah for one point of the place's index; NaN where nobody is
        open), `dasar`. Steps of one indicator exclude each other, so rows need not add up.
    """
    _known(peluang, langkah)
    gains = peluang[list(langkah.index)]
    n = (gains > 0).sum()
    cost = n * langkah["biaya"]
    rise = gains.sum() / max(len(gains), 1)
    return pd.DataFrame(
        {
            "label": langkah["label"],
            "n_orang": n,
            "poin": gains.sum(),
            "kenaikan_indeks": rise,
            "biaya": cost,
            "poin_per_juta": [
                _per_million(points, total) for points, total in zip(gains.sum(), cost, strict=True)
            ],
            "biaya_per_poin": cost.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            / rise.where(rise > 0),
            "dasar": langkah["dasar"],
        },
        index=langkah.index,
    )


def _known(peluang: pd.DataFrame, langkah: pd.DataFrame) -> None:
    unknown: Sequence[object] = [name for name in langkah.index if name not in peluang.columns]
    if unknown:
        raise ParameterError(
            f"unknown step {', '.join(map(str, unknown))}; known: {', '.join(peluang.columns)}"
        )


def _per_million(points: pd.Series | float, cost: float) -> pd.Series | float:
    if cost > 0:
        return points * 1e6 / float(cost)
    free = np.where(np.asarray(points) > 0, np.inf, np.nan)
    return pd.Series(free, index=points.index) if isinstance(points, pd.Series) else float(free)
