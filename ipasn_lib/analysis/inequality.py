r"""How unequal are the scores within units, and how unequal are the units.

Two measures that split without remainder. With group shares of people :math:`w_g`, means
:math:`m_g`, overall mean :math:`M` and shares of points :math:`s_g = w_g m_g / M`:

.. math::

    \sigma^2 = \sum_g w_g \sigma_g^2 + \sum_g w_g (m_g - M)^2, \qquad
    T = \sum_g s_g T_g + \sum_g s_g \ln (m_g / M)

(Shorrocks 1980, doi:10.2307/1913126, for the Theil index :math:`T`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import DIMENSI

__all__ = ["between_shares", "within_between"]

UNKNOWN = "tidak diketahui"
LAINNYA = "digabung"


def within_between(
    skor: pd.DataFrame, by: Sequence[str] = ("unit_kerja",), nilai: str = "indeks"
) -> pd.DataFrame:
    """Split the inequality of scores into that within groups and that between them.

    Parameters
    ----------
    skor : pandas.DataFrame
        Scores of one place, one instrument.
    by : sequence of str
        Columns that make the groups.
    nilai : str
        "indeks" or a dimension.

    Returns
    -------
    pandas.DataFrame
        Index `ukuran` ("varians" in points squared, "theil_t" without unit); `total`,
        `di_dalam`, `antar` (the last two add up to the first), `bagian_antar` (0-1; NaN where
        all score alike).

    Raises
    ------
    ParameterError
        For an unknown column or mixed instruments.
    NotMeasurableError
        If nobody is measured, or everybody has zero points.

    Notes
    -----
    `bagian_antar` near 0: units are alike and people differ within each, so a measure for one
    unit reaches little; near 1: knowing the unit is knowing the score. Many small units raise it
    by chance alone: with k groups of equal scores the variance share is about (k - 1)/(n - 1).
    """
    columns = list(by)
    unknown = [c for c in columns if c not in skor]
    if unknown or not columns:
        raise ParameterError(f"by must name columns of skor; not found: {', '.join(unknown)}")
    if nilai not in (*DIMENSI, "indeks"):
        raise ParameterError(f"nilai {nilai!r}; known: {', '.join((*DIMENSI, 'indeks'))}")
    people = skor.loc[(skor["status_ukur"] == "terukur").to_numpy()]
    if len(people["id_instrumen"].unique()) > 1:
        raise ParameterError("instruments mix: their scores are not one distribution")
    x = people[nilai].to_numpy(dtype=float)
    if not len(x) or x.sum() == 0:
        raise NotMeasurableError("nobody is measured or all points are zero")
    keys = people[columns].astype("object")
    group = pd.factorize(pd.MultiIndex.from_frame(keys.where(keys.notna(), UNKNOWN)))[0]
    table = pd.DataFrame(
        [_variance(x, group), _theil(x, group)],
        index=pd.Index(["varians", "theil_t"], name="ukuran"),
        columns=["di_dalam", "antar"],
    )
    table.insert(0, "total", [x.var(), _entropy(x, x.mean()).mean()])
    spread = table["total"].where(table["total"] > 1e-12)
    return table.assign(bagian_antar=table["antar"] / spread)


def between_shares(
    skor: pd.DataFrame, by: Sequence[str] = ("unit_kerja",), digabung: Collection[str] = ()
) -> pd.DataFrame:
    """Give the share of inequality that lies between groups, for the index and each dimension.

    Parameters
    ----------
    skor, by
        As in :func:`within_between`.
    digabung : collection of str
        Groups, by the first column of `by`, that are taken as one: those whose own numbers are
        hidden elsewhere. Told apart, a handful of shares could be solved for a single hidden
        group's people and points; as one, they are no more than what is shown less its total.

    Returns
    -------
    pandas.DataFrame
        Index `nilai` ("indeks", then the dimensions); `varians` and `theil_t` (shares between
        groups, 0-1; NaN where all score alike), `kebetulan` (0-1: the variance share expected
        of groups drawn at random, (k - 1)/(n - 1)), `n_kelompok`, `n_terukur`.

    Notes
    -----
    Read `varians` against `kebetulan`: a share near it says no more than that there are many
    groups. A share far above it in one dimension names what is given by unit, not by person.
    """
    first = str(by[0])
    keys = skor[first].astype("object")
    joined = skor.assign(**{first: keys.mask(keys.isin(list(digabung)), LAINNYA)})
    people = joined.loc[(joined["status_ukur"] == "terukur").to_numpy()]
    names = pd.Index(("indeks", *DIMENSI), name="nilai")
    # a dimension in which nobody has a point has no spread to divide; an index of zero is an error
    held = [name for name in names if name == "indeks" or (people[name] != 0).any()]
    rows = [within_between(joined, by, name)["bagian_antar"] for name in held]
    table = pd.DataFrame(rows, index=pd.Index(held, name="nilai")).reindex(names)
    found = people[list(by)].astype("object")
    k = len(found.where(found.notna(), UNKNOWN).drop_duplicates())
    chance = (k - 1) / (len(people) - 1) if len(people) > 1 else np.nan
    return table.assign(kebetulan=chance, n_kelompok=k, n_terukur=len(people))


def _variance(x: npt.NDArray[np.float64], group: npt.NDArray[np.intp]) -> tuple[float, float]:
    mean = _group_mean(x, group)
    return float(((x - mean) ** 2).mean()), float(((mean - x.mean()) ** 2).mean())


def _theil(x: npt.NDArray[np.float64], group: npt.NDArray[np.intp]) -> tuple[float, float]:
    overall, mean = x.mean(), _group_mean(x, group)
    between = float(_entropy(mean, overall).mean())
    # (x/M) ln(x/m) is the within term: s_g T_g summed over people, zero where x is zero
    positive = x > 0
    ratio = np.divide(x, mean, out=np.ones_like(x), where=positive)
    return float((x / overall * np.log(ratio)).mean()), between


def _entropy(x: npt.NDArray[np.float64], overall: float) -> npt.NDArray[np.float64]:
    share = x / overall
    return share * np.log(np.where(share > 0, share, 1.0))


def _group_mean(x: npt.NDArray[np.float64], group: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    mean = np.bincount(group, weights=x) / np.bincount(group)
    return np.asarray(mean[group], dtype=np.float64)
