"""The set of tables that one year's publication shows, protected together.

Tables of the same people are linked: what one hides, another must not give back. So they are
made here at once, each guarded against the totals of the others, and everything published
afterwards (figures, reports, workbooks, pages) takes its numbers from this set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from ipasn_lib.errors import DisclosureError, ParameterError
from ipasn_lib.index.aggregate import (
    check_keys,
    hide_all,
    is_hidden,
    summarize,
)
from ipasn_lib.index.counting import (
    POINTS,
    UNKNOWN,
    Counts,
    Grouping,
    add_up,
    count,
    group_by,
)
from ipasn_lib.index.disclosure import all_may_be_punished, fixed_unknowns, too_small
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.threshold import MINIMUM

__all__ = ["PUBLISHED", "published_tables"]

REGIONAL = (["bakorwil"], ["jenis_daerah"])

PUBLISHED: Mapping[str, tuple[list[str], tuple[list[str], ...]]] = {
    "provinsi": ([], ()),
    "bakorwil": (["bakorwil"], ()),
    "jenis_daerah": (["jenis_daerah"], ()),
    "jenis_asn": (["jenis_asn"], ()),
    "kabkota": (["kode_kabkota"], REGIONAL),
    "kabkota_jenis_asn": (["kode_kabkota", "jenis_asn"], (*REGIONAL, ["jenis_asn"])),
    "unit_kerja": (["kode_kabkota", "unit_kerja"], REGIONAL),
}
"""Name of each table: the columns that make its groups, and the tables it is guarded against."""

SPARED = ("jenis_asn", "jenis_daerah", "bakorwil", "kabkota_jenis_asn")
"""Tables that are hidden, one after the other, where small groups can't be protected beside them:
numbers of a place matter more to its people than those of the province's parts."""


def published_tables(
    skor: pd.DataFrame,
    kabkota: pd.DataFrame,
    minimum: int = MINIMUM,
    instrument: Instrument | None = None,
    sebelumnya: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, pd.DataFrame]:
    """Aggregate one year's scores to every published table.

    Parameters
    ----------
    skor : pandas.DataFrame
        All people of one year, from :func:`ipasn_lib.score`.
    kabkota : pandas.DataFrame
        Index ``kode_kabkota``; columns ``bakorwil`` and ``jenis``.
    minimum : int
        Smallest group shown.
    instrument : Instrument, optional
        As in :func:`ipasn_lib.aggregate`.
    sebelumnya : mapping of str to pandas.DataFrame, optional
        The tables published for the year before. A group that they hide stays hidden: whoever
        knows that nobody came or left would put this year's number in the place of that year's.

    Returns
    -------
    dict of str to pandas.DataFrame
        A table for each name in ``PUBLISHED``, as :func:`ipasn_lib.aggregate` gives it.

    Raises
    ------
    ParameterError
        If a person's ``kode_kabkota`` is not among the places, or there is more than one year.

    Notes
    -----
    Where a small group can't be protected beside the province's kinds of ASN or regions (as in
    a place that alone has both kinds), these tables are hidden as a whole, in the order of
    ``SPARED``. What all tables show together is then written as one system of linear equations,
    and no hidden group may follow from it (:func:`ipasn_lib.index.disclosure.fixed_unknowns`).
    """
    unknown = set(skor["kode_kabkota"].dropna().unique()) - set(kabkota.index)
    if unknown:
        raise ParameterError(f"unknown kode_kabkota: {', '.join(sorted(map(str, unknown)))}")
    if len(skor["tahun"].unique()) > 1:
        raise ParameterError("skor holds more than one year; make the tables year by year")
    counts = _counts(skor, kabkota)
    kept = _hidden_before(sebelumnya or {})
    for spared in range(len(SPARED) + 1):
        tables = _tables(counts, SPARED[:spared], minimum, instrument, kept)
        if tables is not None:
            return tables
    raise DisclosureError("a hidden group follows from the tables of places, kinds and units")


def _hidden_before(sebelumnya: Mapping[str, pd.DataFrame]) -> dict[str, pd.Index]:
    """List the groups that each table of the year before hides.

    A table that is hidden as a whole tells nothing of its groups.
    """
    unknown = set(sebelumnya) - set(PUBLISHED)
    if unknown:
        raise ParameterError(
            f"no published table {', '.join(sorted(unknown))}; known: {', '.join(PUBLISHED)}"
        )
    hidden = {name: is_hidden(table) for name, table in sebelumnya.items()}
    return {n: table.index[hidden[n]] for n, table in sebelumnya.items() if not hidden[n].all()}


def _counts(skor: pd.DataFrame, kabkota: pd.DataFrame) -> Counts:
    """Count people into the finest cells that any published table tells apart."""
    keys = list(dict.fromkeys(c for by, _ in PUBLISHED.values() for c in by if [c] not in REGIONAL))
    check_keys(keys, list(skor.columns))
    counts = count(skor, keys)
    # Whose kind is not known is a group of its own, and published.
    kind = counts.kunci["jenis_asn"].astype("object").fillna(UNKNOWN)
    place = counts.kunci["kode_kabkota"]
    # The mean of some places of a region is not the region's, and the total of a region with
    # a single place would be that place: only whole regions are published, and who lives in
    # another belongs to no total of that table.
    absent = kabkota.loc[~kabkota.index.isin(skor["kode_kabkota"].unique())]
    region = {
        column: place.map(kabkota[source].mask(kabkota[source].isin(absent[source])))
        for column, source in (("bakorwil", "bakorwil"), ("jenis_daerah", "jenis"))
    }
    return counts.add_keys(jenis_asn=kind, **region)


def _tables(
    counts: Counts,
    spared: Sequence[str],
    minimum: int,
    instrument: Instrument | None,
    kept: Mapping[str, pd.Index],
) -> dict[str, pd.DataFrame] | None:
    """Make all tables, those named in ``spared`` hidden; None where that protects too little."""
    tables: dict[str, pd.DataFrame] = {}
    for name, (by, within) in PUBLISHED.items():
        guards = [columns for columns in within if columns[0] not in spared]
        part = counts.take(counts.kunci[by[0]].notna().to_numpy()) if by in REGIONAL else counts
        try:
            table = summarize(part, by, minimum, guards, instrument, kept.get(name))
        except DisclosureError:
            return None
        tables[name] = hide_all(table) if name in spared else table
    return None if _any_follows(counts, tables, spared, minimum) else tables


def _any_follows(
    counts: Counts, tables: Mapping[str, pd.DataFrame], spared: Sequence[str], minimum: int
) -> bool:
    """Tell whether a group that must stay hidden follows from all that is shown together.

    Where the groups of one table make up a group of another, that is a linear equation; the
    unknowns are the hidden groups of all tables. So it is with a kind of ASN in a place whose
    units employ one kind each: their neighbours know which. A large group of a table that is
    hidden as a whole may follow.
    """
    groups = {name: group_by(counts.kunci, by) for name, (by, _) in PUBLISHED.items()}
    listed: dict[str, np.ndarray] = {}
    unknown: dict[str, np.ndarray] = {}
    protected: list[np.ndarray] = []
    size = 0
    for name, table in tables.items():
        keys = groups[name].keys
        listed[name] = keys.isin(table.index)
        hidden = is_hidden(table).reindex(keys, fill_value=False).to_numpy()
        unknown[name] = np.where(hidden, size + np.cumsum(hidden) - 1, -1)
        total = add_up(counts, groups[name])
        small = too_small(total.n_pegawai, total.n_terukur, minimum)
        small |= all_may_be_punished(total.jumlah[:, POINTS.index("disiplin")], total.n_terukur)
        protected.append((small if name in spared else hidden)[hidden])
        size += int(hidden.sum())
    rows, columns, weights, equations = [], [], [], 0
    for (above, coarse), (name, fine) in permutations(groups.items(), 2):
        parent, made = _makers(fine, coarse)
        whole = listed[above] & made
        whole[parent[~listed[name]]] = False  # a part that is in no table adds up to nothing
        for number, sign, row in (
            (unknown[name], 1.0, parent),
            (unknown[above], -1.0, np.arange(coarse.size)),
        ):
            at = (number >= 0) & whole[row]
            rows.append(row[at] + equations)
            columns.append(number[at])
            weights.append(np.full(at.sum(), sign))
        equations += coarse.size
    matrix = (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns)))
    follows = fixed_unknowns(csr_array(matrix, shape=(equations, size)))
    return bool((follows & np.concatenate(protected)).any())


def _makers(fine: Grouping, coarse: Grouping) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Give a parent of each fine group, and which coarse groups are made of whole fine ones."""
    parent = np.empty(fine.size, dtype=np.intp)
    parent[fine.code] = coarse.code
    cut = np.zeros(fine.size, dtype=bool)
    cut[fine.code[parent[fine.code] != coarse.code]] = True
    made = np.ones(coarse.size, dtype=bool)
    made[coarse.code[cut[fine.code]]] = False
    return parent, made
