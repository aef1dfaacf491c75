"""What the colours of a map mean: keys made of categories, or of classes with fixed edges.

A key is made before the data is seen, so the same colour means the same thing on every map, for
every place and every year, and a class that no place falls into is still printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.style import KATEGORI_COLOURS
from ipasn_lib.wording import number, text

__all__ = ["RAMP", "MapKey", "group_key", "kategori_key", "percent_key", "step_key"]

RAMP = ("#dce2cc", "#acc4b5", "#7ba5a6", "#457d95", "#2b658e", "#214477", "#242455")
"""Pale to dark (CIE L* 89 to 17): in order for every eye and in grey; text reads upon each."""

PERCENTS = (0.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0)


@dataclass(frozen=True)
class MapKey:
    """Names and colours of a map's classes, lowest first.

    Attributes
    ----------
    names : tuple of str
        One a class, as printed.
    colours : tuple of str
        One a class, "#rrggbb".
    edges : tuple of float or None
        One more than classes: class k holds edges[k] <= value < edges[k + 1], and the last class
        its upper edge too. None where the classes are categories.
    ordered : bool
        Whether the classes go from low to high; the highest is then printed on top.
    satuan : str
        Unit of the names, as printed in a subtitle.
    """

    names: tuple[str, ...]
    colours: tuple[str, ...]
    edges: tuple[float, ...] | None = None
    ordered: bool = True
    satuan: str = ""

    def of(self, values: pd.Series) -> pd.Series:
        """Give the number of each value's class (Int64, from 0; NA where there is no value).

        Raises
        ------
        ParameterError
            If a value is no category of the key, or lies outside its edges: a place is never
            left uncoloured in silence.
        """
        there = values.notna()
        out = pd.Series(pd.NA, index=values.index, dtype="Int64")
        if self.edges is None:
            number_of = {name: k for k, name in enumerate(self.names)}
            unknown = sorted({str(v) for v in values[there]} - set(number_of))
            if unknown:
                raise ParameterError(
                    f"categories {unknown} are not in the map's key; known: {list(self.names)}"
                )
            out[there] = [number_of[str(v)] for v in values[there]]
            return out
        numbers = values[there].astype(float).to_numpy()
        outside = int(((numbers < self.edges[0]) | (numbers > self.edges[-1])).sum())
        if outside:
            raise ParameterError(
                f"{outside} values lie outside the map's classes "
                f"({self.edges[0]:g} to {self.edges[-1]:g})"
            )
        inner = np.asarray(self.edges[1:-1])
        out[there] = np.searchsorted(inner, numbers, side="right")
        return out


def kategori_key() -> MapKey:
    """Give the key of the five categories of the index (PermenPANRB 38/2018), lowest first."""
    return MapKey(tuple(KATEGORI_COLOURS), tuple(KATEGORI_COLOURS.values()))


def step_key(
    edges: Sequence[float], *, satuan: str = "", desimal: int = 0, bahasa: str = "id"
) -> MapKey:
    """Give a key of classes with the edges given, pale to dark.

    Parameters
    ----------
    edges : sequence of float
        Strictly rising, 3 to 8 of them, in the unit of the column to be mapped.
    satuan : str
        The unit, for the subtitle.
    desimal : int
        Decimals of the edges as printed.
    bahasa : {"id", "en"}
        Language of the numbers.

    Raises
    ------
    ParameterError
        If the edges don't rise, or make fewer than two or more than seven classes.
    """
    steps = tuple(float(edge) for edge in edges)
    if not 3 <= len(steps) <= len(RAMP) + 1 or any(b <= a for a, b in pairwise(steps)):
        raise ParameterError(
            f"edges must be 3 to {len(RAMP) + 1} rising numbers; got {list(steps)}"
        )
    printed = [number(step, desimal, bahasa) for step in steps]
    names = tuple(f"{low}–{high}" for low, high in pairwise(printed))
    return MapKey(names, _ramp(len(names)), steps, satuan=satuan)


def percent_key(maksimum: float, *, bahasa: str = "id") -> MapKey:
    """Give the fixed key of a dimension: steps of its maximum, the same for all four.

    Parameters
    ----------
    maksimum : float
        The dimension's weight in points (25, 40, 30, 5): its ``bobot`` in the instrument.
    bahasa : {"id", "en"}
        Language of the classes' names.

    Returns
    -------
    MapKey
        Six classes: under 50 % of the maximum, then 50-60, 60-70, 70-80, 80-90, 90-100 %. The
        edges are in points; the names say per cent.
    """
    if not maksimum > 0:
        raise ParameterError(f"a dimension's maximum must be above 0; got {maksimum!r}")
    names = [f"{low:.0f}–{high:.0f}%" for low, high in pairwise(PERCENTS)]
    names[0] = text("peta_di_bawah", bahasa, batas="50%")
    edges = tuple(maksimum * share / 100.0 for share in PERCENTS)
    unit = text("peta_persen_dari", bahasa, maksimum=number(maksimum, 0, bahasa))
    return MapKey(tuple(names), _ramp(len(names)), edges, satuan=unit)


def group_key(colours: Mapping[str, str]) -> MapKey:
    """Give a key of any other groups: Bakorwil, peers, clusters of a spatial statistic.

    Parameters
    ----------
    colours : mapping of str to str
        Each group's name and colour ("#rrggbb"), in the order to be printed.
    """
    if not colours:
        raise ParameterError("a key needs at least one group")
    return MapKey(tuple(colours), tuple(colours.values()), ordered=False)


def _ramp(classes: int) -> tuple[str, ...]:
    channels = np.array([[int(c[k : k + 2], 16) for k in (1, 3, 5)] for c in RAMP], dtype=float)
    places = np.linspace(0, len(RAMP) - 1, classes)
    mixed = [np.interp(places, range(len(RAMP)), channels[:, k]) for k in range(3)]
    return tuple("#" + "".join(f"{round(v):02x}" for v in rgb) for rgb in zip(*mixed, strict=True))
