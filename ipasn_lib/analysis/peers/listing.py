"""The peers of one place as a report prints them; an empty list where it can have none."""

from __future__ import annotations

import pandas as pd

from ipasn_lib.analysis.peers.structure import nearest_places
from ipasn_lib.errors import ParameterError

__all__ = ["shared_columns", "structural_peers"]


def shared_columns(struktur: pd.DataFrame, share: float = 0.8) -> list[str]:
    """List the columns that most places have.

    A place without one of the columns used is left out of every comparison, so a column that
    few places have (because small groups are hidden) costs more than it tells.

    Parameters
    ----------
    struktur : pandas.DataFrame
        From :func:`ipasn_lib.analysis.peers.structure.place_structure`.
    share : float
        Least share of the described places that must have a column, above 0 up to 1.

    Returns
    -------
    list of str
        In the order of the table.

    Raises
    ------
    ParameterError
        If the share is out of range.
    """
    if not 0 < share <= 1:
        raise ParameterError("share must be above 0 up to 1")
    described = struktur.dropna(how="all")
    known = described.notna().mean()
    return [str(name) for name in described.columns if known[name] >= share]


def structural_peers(
    struktur: pd.DataFrame, ringkasan: pd.DataFrame, kode: str, *, n: int = 5
) -> pd.DataFrame:
    """List the shown places most like a place in structure, with their published numbers.

    Parameters
    ----------
    struktur : pandas.DataFrame
        From :func:`ipasn_lib.analysis.peers.structure.place_structure`; leave out hidden places
        and columns that should not count (:func:`shared_columns`).
    ringkasan : pandas.DataFrame
        One row a place, index ``kode_kabkota``, with ``indeks``; NA where hidden.
    kode : str
        The place.
    n : int
        Number of peers, at least 1.

    Returns
    -------
    pandas.DataFrame
        Rows of ``ringkasan``: the place itself first, then its peers, nearest first; with
        ``jarak`` (0 for itself; about 1.4 for two places picked at random). Only the place
        itself where it has no whole description or no other place has.

    Raises
    ------
    ParameterError
        If the place has no row in ``ringkasan`` or n < 1.
    """
    if kode not in ringkasan.index:
        raise ParameterError(f"kode_kabkota {kode!r} is not in the table")
    if n < 1:
        raise ParameterError("n must be at least 1")
    own = ringkasan.loc[[kode]].assign(jarak=0.0)
    shown = ringkasan.index[ringkasan["indeks"].notna()]
    whole = struktur.loc[struktur.index.isin(shown)].dropna()
    if kode not in whole.index or len(whole) < 2 or not (whole.max() > whole.min()).any():
        return own
    near = nearest_places(whole, kode, n)["jarak"]
    return pd.concat([own, ringkasan.loc[near.index].assign(jarak=near)])
