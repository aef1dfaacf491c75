"""Where does a place stand: ranks, the gap to a target, the share of the maximum, its peers.

Everything here reads `ringkasan`, the protected table of places or units; a hidden cell stays
hidden. Who lacks what is :mod:`ipasn_lib.analysis.lacking`; how scores are spread within a
place is :mod:`ipasn_lib.analysis.distribution`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import DIMENSI, Instrument
from ipasn_lib.wording import number

__all__ = [
    "Comparable",
    "comparable_places",
    "gap_to_target",
    "percent_of_maximum",
    "rank_of",
    "rank_places",
    "similar_size_peers",
    "single_index",
    "under_instrument",
    "weighted_peer_mean",
]

# Sums in another order differ by about 1e-14 points; the smallest step between two true means
# (half a point over a million people) is 5e-7. Nine decimals part the two.
NOISE_DECIMALS = 9


def rank_places(ringkasan: pd.DataFrame) -> pd.DataFrame:
    """Rank the rows of one year by their index, highest first.

    Parameters
    ----------
    ringkasan : pandas.DataFrame
        Summary of places or units of one year; needs `indeks` and `id_instrumen`.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order with `peringkat` (Int64; 1 is the highest index),
        `seri` (boolean; shares its rank) and `dari` (Int64; among how many it was ranked). All
        are NA where the index is hidden or missing.

    Raises
    ------
    ParameterError
        If a column is missing, or the rows mix years.

    Notes
    -----
    Rows under different instruments are ranked apart, each among its own: scores as given by
    SIASN and scores computed from records are not comparable.

    Competition ranking ("1 2 2 4"): a rank is one more than the number of places that are
    strictly higher. Ranks use the unrounded index, so two places that print alike may differ in
    rank; values apart by float noise only (under 1e-9 points) are a tie. A rank says nothing
    about the size of a difference: read it with the index itself.
    """
    _require(ringkasan, ("indeks", "id_instrumen"))
    if "tahun" in ringkasan.index.names:
        n_years = ringkasan.index.get_level_values("tahun").nunique()
        if n_years > 1:
            raise ParameterError(f"the table holds {n_years} years; rank one year at a time")
    values = _numbers(ringkasan["indeks"]).round(NOISE_DECIMALS)
    known = values.notna()
    instrument = ringkasan["id_instrumen"].astype("object")
    keyed = pd.DataFrame({"indeks": values, "id_instrumen": instrument})
    ranks = values.groupby(instrument)
    return ringkasan.assign(
        peringkat=ranks.rank(method="min", ascending=False).astype("Int64"),
        seri=(keyed.duplicated(keep=False) & known).astype("boolean").mask(~known),
        dari=ranks.transform("count").where(known).astype("Int64"),
    )


def rank_of(ringkasan: pd.DataFrame, kode: str) -> tuple[int, int] | None:
    """Give a place's rank and among how many it was ranked; None where it has none.

    Parameters
    ----------
    ringkasan : pandas.DataFrame
        From :func:`rank_places`, index `kode_kabkota`.
    kode : str
        The place.
    """
    row = ringkasan.loc[kode]
    return None if pd.isna(row["peringkat"]) else (int(row["peringkat"]), int(row["dari"]))


def single_index(ringkasan: pd.DataFrame) -> float | None:
    """Give the unrounded index of a one-row summary; None where it is hidden or missing."""
    if len(ringkasan) != 1:
        raise ParameterError(f"the summary has {len(ringkasan)} rows; expected one")
    value = ringkasan["indeks"].iloc[0]
    return None if pd.isna(value) else float(value)


def under_instrument(ringkasan: pd.DataFrame, id_instrumen: str) -> pd.DataFrame:
    """Keep the rows measured under one instrument, and the hidden ones (which tell nothing).

    Parameters
    ----------
    ringkasan : pandas.DataFrame
        Summary with `id_instrumen`; NA where hidden.
    id_instrumen : str
        The instrument.

    Returns
    -------
    pandas.DataFrame
        Means under different instruments must never meet in a ranking or a map: what is left
        can.
    """
    _require(ringkasan, ("id_instrumen",))
    made_under = ringkasan["id_instrumen"]
    return ringkasan.loc[(made_under.isna() | (made_under == id_instrumen)).to_numpy(dtype=bool)]


def gap_to_target(ringkasan: pd.DataFrame, target: float) -> pd.DataFrame:
    """Set each row's index against a target.

    Parameters
    ----------
    ringkasan : pandas.DataFrame
        Summary with `indeks`.
    target : float
        Target of the index, 0-100.

    Returns
    -------
    pandas.DataFrame
        The same rows with `target`, `selisih_target` (points, index minus target: negative is
        below) and `mencapai_target` (boolean; NA where the index is hidden or missing).

    Raises
    ------
    ParameterError
        If the target lies outside 0-100 or `indeks` is missing.
    """
    _require(ringkasan, ("indeks",))
    if not 0 <= target <= 100:
        raise ParameterError("target is outside 0-100")
    gap = _numbers(ringkasan["indeks"]) - target
    reached = (gap.round(NOISE_DECIMALS) >= 0).astype("boolean").mask(gap.isna())
    return ringkasan.assign(target=float(target), selisih_target=gap, mencapai_target=reached)


def percent_of_maximum(ringkasan: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Give each dimension, and the index, as a share of the most that can be earned.

    Parameters
    ----------
    ringkasan : pandas.DataFrame
        Summary made under `instrument`.
    instrument : Instrument
        Gives the maxima: the dimension weights (25, 40, 30, 5), and their sum for the index.

    Returns
    -------
    pandas.DataFrame
        Same index; columns kualifikasi, kompetensi, kinerja, disiplin, indeks as fractions
        0-1 (like `partisipasi`; print as percent). NaN where hidden.

    Raises
    ------
    ParameterError
        If the rows were made under another instrument.

    Notes
    -----
    mean points / maximum. The dimension furthest under 1 is not always the one that loses most
    points: disiplin at 0.9 loses 0.5 points, kompetensi at 0.9 loses 4.
    """
    _require(ringkasan, (*DIMENSI, "indeks", "id_instrumen"))
    made_under = _one_instrument(ringkasan)
    if made_under not in (None, instrument.id):
        raise ParameterError(f"the table was made under {made_under!r}, not {instrument.id!r}")
    maxima = {**instrument.bobot, "indeks": sum(instrument.bobot.values())}
    # A what-if may give a dimension no weight; its share is then undefined, not zero.
    return pd.DataFrame(
        {
            name: _numbers(ringkasan[name]) / (most if most > 0 else np.nan)
            for name, most in maxima.items()
        },
        index=ringkasan.index,
    )


def similar_size_peers(
    kabkota: pd.DataFrame, ringkasan: pd.DataFrame, kode: str, n: int = 5
) -> pd.DataFrame:
    """Find the places nearest in headcount, of the same kind where there are enough.

    Parameters
    ----------
    kabkota : pandas.DataFrame
        Register of places; index `kode_kabkota`, columns `label` and `jenis`.
    ringkasan : pandas.DataFrame
        One row a place, index `kode_kabkota`; needs `n_pegawai` and `indeks`.
    kode : str
        The place whose peers are sought.
    n : int
        Number of peers, at least 1.

    Returns
    -------
    pandas.DataFrame
        Index `kode_kabkota`, nearest first (other kinds after the same kind); columns `label`,
        `jenis`, `n_pegawai`, `indeks`, `jarak_log` (absolute difference of the logarithms of
        headcount: 0.10 is about 10 % larger or smaller) and `jenis_sama` (bool). Hidden and
        unmeasured places are never peers. Fewer than `n` rows where there are fewer places.

    Raises
    ------
    ParameterError
        If `kode` is in neither table, `n` < 1, or the index is not one row a place.
    NotMeasurableError
        If the place's own headcount is hidden.

    Notes
    -----
    distance = |ln n_pegawai(i) - ln n_pegawai(kode)|; equal distances are ordered by code. The
    logarithm makes 500 against 1,000 as far as 5,000 against 10,000. Peers of like size are not
    peers of like task or money: the comparison describes, it does not explain.
    """
    _require(kabkota, ("label", "jenis"))
    _require(ringkasan, ("n_pegawai", "indeks"))
    _place_index(ringkasan)
    if n < 1:
        raise ParameterError("n must be at least 1")
    if kode not in kabkota.index or kode not in ringkasan.index:
        raise ParameterError(f"kode_kabkota {kode!r} is not in both tables")
    size = _numbers(ringkasan["n_pegawai"])
    if not size[kode] > 0:
        raise NotMeasurableError(f"the headcount of {kode} is hidden or zero: it has no peers")
    shown = (size > 0) & _numbers(ringkasan["indeks"]).notna()
    unknown = ringkasan.index[shown].difference(kabkota.index)
    if len(unknown):
        raise ParameterError(f"{len(unknown)} codes of the summary are not in the register")
    others = ringkasan.index[shown].drop(kode, errors="ignore")
    peers = pd.DataFrame(
        {
            "label": kabkota["label"].reindex(others),
            "jenis": kabkota["jenis"].reindex(others),
            "n_pegawai": ringkasan.loc[others, "n_pegawai"],
            "indeks": ringkasan.loc[others, "indeks"],
            "jarak_log": np.abs(np.log(size[others] / size[kode])),
            "jenis_sama": kabkota["jenis"].reindex(others) == kabkota.loc[kode, "jenis"],
        },
        index=others,
    )
    ordered = peers.sort_index().sort_values(
        ["jenis_sama", "jarak_log"], ascending=[False, True], kind="stable"
    )
    return ordered.head(n)


@dataclass(frozen=True)
class Comparable:
    """Places of like size and their mean.

    Attributes
    ----------
    table : pandas.DataFrame
        Rows of the summary, nearest in headcount first; empty where there is none.
    mean : pandas.DataFrame or None
        One row: their mean by headcount, with `sumber_data` and `id_instrumen`; None where
        there is no comparable place.
    """

    table: pd.DataFrame
    mean: pd.DataFrame | None

    def _repr_html_(self) -> str:
        if self.mean is None:
            return card("Daerah sebanding", {"Daerah": "tidak ada"})
        mean = self.mean.iloc[0]
        return card(
            "Daerah sebanding",
            {"Daerah": len(self.table), "Rata-rata indeks": number(mean["indeks"])},
            sumber=str(mean["sumber_data"]),
        )


def comparable_places(
    kabkota: pd.DataFrame, ringkasan: pd.DataFrame, kode: str, n: int = 5
) -> Comparable:
    """Find the places of like size measured by the same instrument, and their mean.

    Parameters
    ----------
    kabkota, ringkasan, kode, n
        As in :func:`similar_size_peers`. A place whose own numbers are hidden has none.

    Returns
    -------
    Comparable
    """
    own = ringkasan.loc[[kode]]
    alike = ringkasan.loc[(ringkasan["id_instrumen"] == own["id_instrumen"].iloc[0]).fillna(False)]
    if own["n_pegawai"].isna().any() or len(alike) < 2:
        return Comparable(ringkasan.iloc[:0], None)
    codes = list(similar_size_peers(kabkota, alike, kode, n).index)
    if not codes:
        return Comparable(ringkasan.iloc[:0], None)
    mean = weighted_peer_mean(ringkasan, codes).to_frame().T
    source = own[["sumber_data", "id_instrumen"]].set_axis(mean.index)
    return Comparable(ringkasan.loc[codes], mean.join(source))


def weighted_peer_mean(ringkasan: pd.DataFrame, codes: Sequence[str]) -> pd.Series:
    """Mean of several places, each weighted by its measured people.

    Parameters
    ----------
    ringkasan : pandas.DataFrame
        One row a place, index `kode_kabkota`; needs the dimensions, `indeks`, `n_terukur` and
        `id_instrumen`.
    codes : sequence of str
        The places; none may be hidden.

    Returns
    -------
    pandas.Series
        `n_terukur` (sum), the four dimensions and `indeks` in points, named `rata_rata_sebanding`.

    Raises
    ------
    ParameterError
        If `codes` is empty, repeats or names an unknown or hidden place, or instruments mix.

    Notes
    -----
    sum(n_i x_i) / sum(n_i), which is the mean over all measured people of these places; the
    plain mean of place means would count a small place as much as a large one.
    """
    _require(ringkasan, (*DIMENSI, "indeks", "n_terukur", "id_instrumen"))
    _place_index(ringkasan)
    wanted = list(codes)
    if not wanted or len(set(wanted)) != len(wanted):
        raise ParameterError("codes must name at least one place, each once")
    missing = [c for c in wanted if c not in ringkasan.index]
    if missing:
        raise ParameterError(f"kode_kabkota not in the table: {', '.join(missing)}")
    rows = ringkasan.loc[wanted]
    _one_instrument(rows)
    weight = _numbers(rows["n_terukur"])
    values = rows[[*DIMENSI, "indeks"]].apply(_numbers)
    if weight.isna().any() or values.isna().any(axis=None):
        raise ParameterError("a named place is hidden or unmeasured; leave it out")
    mean = values.mul(weight, axis=0).sum() / weight.sum()
    total = pd.Series({"n_terukur": weight.sum()})
    return pd.concat([total, mean]).rename("rata_rata_sebanding")


def _numbers(column: pd.Series) -> pd.Series:
    """Give the column as float64, hidden cells as NaN."""
    return pd.Series(column.to_numpy(dtype=float, na_value=np.nan), index=column.index)


def _require(table: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [c for c in columns if c not in table.columns]
    if missing:
        raise ParameterError(
            f"column {', '.join(missing)} is missing; "
            f"there are {', '.join(map(str, table.columns))}"
        )


def _place_index(ringkasan: pd.DataFrame) -> None:
    if list(ringkasan.index.names) != ["kode_kabkota"] or not ringkasan.index.is_unique:
        raise ParameterError("the summary must have one row a place, index kode_kabkota")


def _one_instrument(ringkasan: pd.DataFrame) -> str | None:
    """Return the id under which the shown rows were made; None where all are hidden."""
    ids = sorted(ringkasan["id_instrumen"].dropna().unique())
    if len(ids) > 1:
        raise ParameterError(f"instruments mix ({', '.join(ids)}): they are not comparable")
    return ids[0] if ids else None
