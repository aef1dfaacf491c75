r"""What would one place's index, category and rank be if something were different.

For exercises in a hall: other weights, a plan carried out in part, another reading of the edges
between categories. Worked out from published means alone, so it answers at once and no step of a
slider can show what a single person scored.

A person's index is a sum over dimensions and a place's index a mean of persons, so with
:math:`\bar x_d` the place's mean points, :math:`h_i` the points that indicator *i* lacks
(`poin_hilang`), :math:`s_i` the share of it that a plan brings, :math:`w_d` the new and
:math:`w^0_d` the official weight

.. math:: I = \sum_d \frac{w_d}{w^0_d} \Bigl( \bar x_d + \sum_{i \in d} s_i h_i \Bigr),

which for :math:`s_i` of 0 or 1 is exactly the mean of the persons scored anew, and between them
its expectation when people are chosen at random.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.wording import number

__all__ = ["WhatIf", "answers", "draw_place", "open_gains", "plan_answers", "what_if"]

# Values nearer than this differ by the order of adding up only, and share a rank.
NOISE = 1e-9


@dataclass(frozen=True)
class WhatIf:
    """An answer, never the official index unless `resmi`.

    Attributes
    ----------
    indeks : float
        Points, 0-100, unrounded.
    kategori : str
        Category of the unrounded index.
    peringkat, jumlah : int
        Rank (1 is the highest; ties share the best) among so many places.
    bobot : mapping of str to float
        Weights used; they sum to 100.
    resmi : bool
        True where nothing was changed.
    """

    indeks: float
    kategori: str
    peringkat: int
    jumlah: int
    bobot: Mapping[str, float]
    resmi: bool

    def _repr_html_(self) -> str:
        return card(
            "Indeks resmi" if self.resmi else "Andaian, bukan indeks resmi",
            {
                "Indeks": number(self.indeks),
                "Kategori": self.kategori,
                "Peringkat": f"{self.peringkat} dari {self.jumlah}",
                "Bobot": ", ".join(f"{k} {number(v, 1)}" for k, v in self.bobot.items()),
            },
        )


def open_gains(kekurangan: pd.DataFrame) -> pd.DataFrame:
    """Give what the place's index could gain in each indicator, where it may be shown.

    Parameters
    ----------
    kekurangan : pandas.DataFrame
        From :func:`ipasn_lib.analysis.lacking.lacking_counts`, of the place.

    Returns
    -------
    pandas.DataFrame
        Index ``dimensi.indikator``; `dimensi`, `label`, `poin_hilang` (points of the index under
        official weights, above 0). Hidden indicators have no row.
    """
    needed = ("dimensi", "indikator", "label", "poin_hilang")
    if missing := [name for name in needed if name not in kekurangan]:
        raise ParameterError(f"the table has no column {', '.join(missing)}")
    # The last row of an indicator is of everybody whom it concerns.
    whole = kekurangan.drop_duplicates(["dimensi", "indikator"], keep="last")
    shown = whole.loc[whole["poin_hilang"].astype("float64") > NOISE]
    key = shown["dimensi"].astype(str) + "." + shown["indikator"].astype(str)
    table = shown[["dimensi", "label", "poin_hilang"]].astype({"poin_hilang": "float64"})
    return table.set_axis(pd.Index(key, name="indikator"))


def draw_place(daerah: pd.DataFrame, *, seed: int) -> str:
    """Draw a place whose index is shown; the same seed, the same place.

    Raises
    ------
    NotMeasurableError
        If no place is shown.
    """
    shown = daerah.index[daerah["indeks"].notna()]
    if len(shown) == 0:
        raise NotMeasurableError("no place has an index that may be shown")
    return str(shown[int(np.random.default_rng(seed).integers(len(shown)))])


def what_if(
    daerah: pd.DataFrame,
    instrument: Instrument,
    peluang: pd.DataFrame,
    *,
    kode: str,
    bobot: Mapping[str, float] | None = None,
    dilengkapi: Mapping[str, float] | None = None,
    tepi: str | None = None,
) -> WhatIf:
    """Give a place's index, category and rank if something were different.

    Parameters
    ----------
    daerah : pandas.DataFrame
        Places under one instrument (index `kode_kabkota`): mean points of each dimension and
        `indeks`; NA where hidden.
    instrument : Instrument
        Under which they were scored.
    peluang : pandas.DataFrame
        What the place could gain, from :func:`open_gains`.
    kode : str
        The place. The plan is its own; weights and reading hold for all places.
    bobot : mapping of str to float, optional
        Weights of all dimensions, summing to 100; official if left out.
    dilengkapi : mapping of str to float, optional
        Indicator (``dimensi.indikator``) to the share of its lost points that a plan brings, 0-1.
    tepi : {"bawah", "atas"}, optional
        Where a category begins between two printed bands; the instrument's reading if left out.

    Returns
    -------
    WhatIf

    Raises
    ------
    ParameterError
        If the place, a dimension, an indicator or the reading is unknown, a share is not within
        0-1, or the weights do not sum to 100.
    NotMeasurableError
        If the place's index is hidden.
    """
    if kode not in daerah.index:
        raise ParameterError(f"no place {kode!r} in the table")
    official = instrument.bobot
    weights = official if bobot is None else instrument.with_weights(bobot).bobot
    means = daerah[list(official)].astype("float64").dropna()
    if kode not in means.index:
        raise NotMeasurableError("the place's index is hidden or not measured")
    points = means.to_numpy(dtype=np.float64, copy=True)
    here = list(means.index).index(kode)
    lost = peluang["poin_hilang"].astype("float64")
    for key, share in (dilengkapi or {}).items():
        if key not in peluang.index:
            raise ParameterError(f"no indicator {key!r}; known: {', '.join(peluang.index)}")
        if not 0 <= share <= 1:
            raise ParameterError(f"the share of {key!r} is not within 0-1")
        dimension = list(official).index(str(peluang.loc[key, "dimensi"]))
        points[here, dimension] += share * float(lost[key])
    scale = np.array([weights[name] / official[name] for name in official])
    index = points @ scale
    value = float(index[here])
    categories = instrument.kategori
    edge = categories.pita.tepi if tepi is None else tepi
    if edge not in ("bawah", "atas"):
        raise ParameterError(f"unknown reading {edge!r}; known: bawah, atas")
    named = replace(categories, pita=replace(categories.pita, tepi=edge)).of([value])
    changed = any(share > 0 for share in (dilengkapi or {}).values())
    return WhatIf(
        indeks=value,
        kategori=str(named[0]),
        peringkat=1 + int((index > value + NOISE).sum()),
        jumlah=len(index),
        bobot=dict(weights),
        resmi=not changed
        and edge == categories.pita.tepi
        and bool(np.allclose(scale, 1.0, atol=1e-12)),
    )


def plan_answers(
    hitung: Callable[..., WhatIf], peluang: pd.DataFrame, *, bagian: float
) -> dict[str, WhatIf]:
    """Ask what follows if a share of each indicator's lost points comes back, one by one.

    Parameters
    ----------
    hitung : callable
        :func:`what_if` with all but ``dilengkapi`` given.
    peluang : pandas.DataFrame
        From :func:`open_gains`.
    bagian : float
        Share, 0-1.

    Returns
    -------
    dict of str to WhatIf
        The indicator's label to the answer, the largest gain first; at the end ``semua`` for all
        of them together, where there are several.
    """
    order = list(peluang["poin_hilang"].sort_values(ascending=False, kind="stable").index)
    given = {str(peluang.loc[i, "label"]): hitung(dilengkapi={i: bagian}) for i in order}
    if len(order) > 1:
        given["semua"] = hitung(dilengkapi=dict.fromkeys(order, bagian))
    return given


def answers(given: Mapping[str, WhatIf]) -> pd.DataFrame:
    """Put answers under one another.

    Parameters
    ----------
    given : mapping of str to WhatIf
        What was asked, in words -> the answer. The first is what the others are held against.

    Returns
    -------
    pandas.DataFrame
        Index `keadaan`; `indeks`, `selisih` (points against the first), `kategori`, `peringkat`.
    """
    if not given:
        raise ParameterError("there is no answer to show")
    first = next(iter(given.values())).indeks
    rows = [(a.indeks, a.indeks - first, a.kategori, a.peringkat) for a in given.values()]
    return pd.DataFrame(
        rows,
        columns=["indeks", "selisih", "kategori", "peringkat"],
        index=pd.Index(list(given), name="keadaan"),
    )
