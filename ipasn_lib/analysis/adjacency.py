"""What to print of neighbours: who they are, and Moran's I under several lists of them.

References
----------
.. [1] Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37(1/2),
       17-23. doi:10.1093/biomet/37.1-2.17
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from ipasn_lib.errors import ParameterError

__all__ = ["MoranResult", "moran_table", "neighbour_codes"]


class MoranResult(Protocol):
    """What is read of :class:`ipasn_lib.analysis.spatial.Moran`."""

    @property
    def statistic(self) -> float:
        """I."""

    @property
    def expected(self) -> float:
        """I under no pattern."""

    @property
    def sd(self) -> float:
        """Standard deviation of I over the permutations."""

    @property
    def z(self) -> float:
        """(I - expected) / sd."""

    @property
    def p_greater(self) -> float:
        """Upper-tail pseudo p-value."""

    @property
    def p_two_sided(self) -> float:
        """Two-sided pseudo p-value."""

    @property
    def n(self) -> int:
        """Places."""

    @property
    def pairs(self) -> int:
        """Pairs of neighbours."""


def neighbour_codes(pasangan: pd.DataFrame, kode: str) -> list[str]:
    """List the neighbours of a place.

    Parameters
    ----------
    pasangan : pandas.DataFrame
        ``kode_a``, ``kode_b``: one row a pair.
    kode : str
        The place.

    Returns
    -------
    list of str
        Codes, sorted; empty where it has no neighbour.

    Raises
    ------
    ParameterError
        If a column is missing.
    """
    absent = [c for c in ("kode_a", "kode_b") if c not in pasangan]
    if absent:
        raise ParameterError(f"pasangan has no column {', '.join(absent)}")
    one = pasangan.loc[pasangan["kode_a"] == kode, "kode_b"]
    other = pasangan.loc[pasangan["kode_b"] == kode, "kode_a"]
    return sorted({*one, *other})


def moran_table(results: Mapping[str, MoranResult]) -> pd.DataFrame:
    """Set several results of Moran's I side by side, as with and without a bridge.

    Parameters
    ----------
    results : mapping of str to Moran
        Name of the list of neighbours, as printed -> its result.

    Returns
    -------
    pandas.DataFrame
        Index ``ketetanggaan`` in the order given; ``moran`` (I), ``harapan`` (I under no
        pattern), ``galat_baku`` (its standard deviation under no pattern), ``z``, ``p_searah``
        (are neighbours alike), ``p_dua_arah`` (any pattern at all), ``n_daerah``,
        ``n_pasangan`` (Int64).
    """
    names = {
        "moran": "statistic",
        "harapan": "expected",
        "galat_baku": "sd",
        "z": "z",
        "p_searah": "p_greater",
        "p_dua_arah": "p_two_sided",
        "n_daerah": "n",
        "n_pasangan": "pairs",
    }
    table = pd.DataFrame(
        [{ours: getattr(r, theirs) for ours, theirs in names.items()} for r in results.values()],
        index=pd.Index(list(results), name="ketetanggaan"),
        columns=list(names),
    )
    return table.astype({"n_daerah": "Int64", "n_pasangan": "Int64"})
