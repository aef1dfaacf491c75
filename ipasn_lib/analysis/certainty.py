"""How firm is what is said of a place: its category, and its rank under every kind of doubt.

Nothing is estimated here. The modules beside it each answer one doubt (chance among people,
people not measured, other weights, a dimension left out); these two functions lay their answers
side by side, so that a reader sees at once which doubt is the largest.

References
----------
.. [1] Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis
       techniques as tools for the quality assessment of composite indicators. Journal of the
       Royal Statistical Society A 168(2), 307-323. doi:10.1111/j.1467-985X.2005.00350.x
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError

__all__ = ["FIRM", "category_certainty", "leave_one_out_range", "rank_ranges"]

FIRM = 0.95
"""A category is called firm from this share of the replicates on."""


def category_certainty(
    peluang: pd.DataFrame, kategori: pd.Series, *, firm: float = FIRM
) -> pd.DataFrame:
    """Set each place's category beside the one it could have had instead.

    Parameters
    ----------
    peluang : pandas.DataFrame
        A row a place, a column a category: shares of the replicates (0-1), from
        :func:`ipasn_lib.analysis.uncertainty.category_probability`. NaN where hidden.
    kategori : pandas.Series
        The published category of each of these places; NA where hidden.
    firm : float
        From this share on a category counts as firm, above 0.5 up to 1.

    Returns
    -------
    pandas.DataFrame
        Index place; ``kategori``, ``peluang`` (share of its own category), ``kategori_lain``
        (the most frequent other category; NA where no replicate has another), ``peluang_lain``,
        ``pasti`` (boolean). NA where hidden. A ``peluang`` near one half: the place stands on
        the edge of two categories.

    Raises
    ------
    ParameterError
        If the tables name other places, a category has no column, or ``firm`` is out of range.
    """
    if not 0.5 < firm <= 1:
        raise ParameterError("firm must be above 0.5 up to 1")
    if not peluang.index.is_unique or set(peluang.index) != set(kategori.index):
        raise ParameterError("peluang and kategori must name the same places, each once")
    own = kategori.reindex(peluang.index).astype("object")
    shown = own.notna().to_numpy() & peluang.notna().all(axis=1).to_numpy()
    known = list(peluang.columns)
    unknown = sorted({str(k) for k in own[shown]} - {str(k) for k in known})
    if unknown:
        raise ParameterError(f"peluang has no column {', '.join(unknown)}")
    share = np.where(shown[:, None], peluang.to_numpy(dtype=np.float64), np.nan)
    rows = np.flatnonzero(shown)
    at = np.array([known.index(own.iloc[k]) for k in rows], dtype=np.intp)
    mine, rest = np.full(len(own), np.nan), np.full(len(own), np.nan)
    other = pd.Series(pd.NA, index=peluang.index, dtype="object")
    mine[rows] = share[rows, at]
    left = share[rows].copy()
    left[np.arange(len(rows)), at] = -1.0
    best = left.argmax(axis=1)
    rest[rows] = np.maximum(left.max(axis=1), 0.0)
    other.iloc[rows] = [known[b] if rest[k] > 0 else pd.NA for k, b in zip(rows, best, strict=True)]
    return pd.DataFrame(
        {
            "kategori": own.where(shown, pd.NA),
            "peluang": mine,
            "kategori_lain": other,
            "peluang_lain": rest,
            "pasti": pd.array(mine >= firm, dtype="boolean"),
        },
        index=peluang.index,
    ).assign(pasti=lambda t: t["pasti"].where(shown))


def leave_one_out_range(ranks: pd.DataFrame) -> pd.DataFrame:
    """Best and worst rank of each place over the rows of a table of ranks.

    Parameters
    ----------
    ranks : pandas.DataFrame
        A row a choice (the first is the official one, and counts), a column a place; from
        :func:`ipasn_lib.analysis.sensitivity.leave_one_out`.

    Returns
    -------
    pandas.DataFrame
        Index place; Int64 ``terbaik``, ``terburuk``.
    """
    return pd.DataFrame({"terbaik": ranks.min(), "terburuk": ranks.max()}).astype("Int64")


def rank_ranges(
    kode: str, peringkat: pd.Series, rentang: Mapping[str, tuple[pd.DataFrame, str, str]]
) -> pd.DataFrame:
    """Lay one place's ranges of ranks under several doubts side by side.

    Parameters
    ----------
    kode : str
        The place.
    peringkat : pandas.Series
        The official rank of each place; NA where hidden.
    rentang : mapping of str to (pandas.DataFrame, str, str)
        Name of the doubt, as printed -> a table with one row a place, and its columns that hold
        the best and the worst rank. Places without a row have no range.

    Returns
    -------
    pandas.DataFrame
        Index ``keraguan`` in the order given; Int64 ``peringkat``, ``terbaik``, ``terburuk``,
        ``lebar`` (ranks spanned: 1 is no doubt). NA where the place is hidden. The largest
        ``lebar`` names the doubt to settle first. The ranges answer different questions and
        must not be added up. Fractions (quantiles of draws) are widened to whole ranks.

    Raises
    ------
    ParameterError
        If the place has no official rank in the table, or a column is missing.
    """
    if kode not in peringkat.index:
        raise ParameterError(f"no place {kode!r} in the ranking")
    official = peringkat[kode]
    rows: list[tuple[object, object, object]] = []
    for name, (table, best, worst) in rentang.items():
        missing = [c for c in (best, worst) if c not in table]
        if missing:
            raise ParameterError(f"the table of {name!r} has no column {', '.join(missing)}")
        ends = [table[c].get(kode, pd.NA) for c in (best, worst)]
        if pd.isna(official) or any(pd.isna(e) for e in ends):
            rows.append((pd.NA, pd.NA, pd.NA))
        else:
            low, high = int(np.floor(float(ends[0]))), int(np.ceil(float(ends[1])))
            rows.append((low, high, high - low + 1))
    out = pd.DataFrame(
        rows, columns=["terbaik", "terburuk", "lebar"], index=pd.Index(rentang, name="keraguan")
    ).astype("Int64")
    out["peringkat"] = pd.array([official] * len(out), dtype="Int64")
    return out[["peringkat", "terbaik", "terburuk", "lebar"]]
