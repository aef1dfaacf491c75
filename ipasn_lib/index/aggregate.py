"""From persons to groups: units, kabkota, province. Always from persons, by headcount.

People are counted into cells once (:mod:`ipasn_lib.index.counting`), cells are added up to the
groups of a table, and small groups are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import DisclosureError, ParameterError
from ipasn_lib.index.counting import (
    ORIGIN,
    POINTS,
    UNKNOWN,
    Counts,
    Grouping,
    add_up,
    codes_of,
    count,
    group_by,
)
from ipasn_lib.index.disclosure import NO_PARENT, all_may_be_punished, hide_small_groups
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["UNKNOWN", "aggregate", "check_keys", "hide_all", "is_hidden", "parents_of", "summarize"]

DISCIPLINE = POINTS.index("disiplin")


def aggregate(
    skor: pd.DataFrame,
    by: Sequence[str],
    minimum: int = MINIMUM,
    within: Sequence[Sequence[str]] = (),
    instrument: Instrument | None = None,
) -> pd.DataFrame:
    """Mean index and dimensions of groups of persons, small groups hidden.

    Parameters
    ----------
    skor : pandas.DataFrame
        From :func:`ipasn_lib.score`; one row a person.
    by : sequence of str
        Columns that make the groups, outermost first: ``["kode_kabkota", "unit_kerja"]``. An
        empty list gives one row for everybody.
    minimum : int
        Groups of fewer people, or of fewer measured people, are hidden, their counts too.
    within : sequence of sequence of str
        Other tables published from the same people into whose groups these groups nest, such
        as ``[["bakorwil"]]``: no hidden group may be recoverable from their totals either. The
        totals of ``by[:-1]``, ``by[:-2]`` and so on up to everybody are always guarded. People
        whose value in such a table is missing are taken to be in none of its totals.
    instrument : Instrument, optional
        For the category of the mean; by default the one named in ``id_instrumen``.

    Returns
    -------
    pandas.DataFrame
        Index ``by``. ``n_pegawai`` (people whom the instrument measures, with those who are not
        measured or were refused when read), ``n_terukur`` (measured), ``partisipasi`` (0-1),
        mean points of the measured in ``kualifikasi``, ``kompetensi``, ``kinerja``,
        ``disiplin``, ``indeks`` (0-100), ``kategori`` of the unrounded mean, ``sumber_data``
        and ``id_instrumen``. A hidden group is NA throughout but for these two (see
        :func:`is_hidden`); a group with nobody measured has its counts and no mean.

    Raises
    ------
    ParameterError
        For an unknown column, a minimum below the one of the file, or a table in ``within`` that
        cuts groups.
    DataError
        If the index of ``skor`` repeats a person.
    DisclosureError
        If a hidden group follows from the totals published beside it, whatever is hidden.

    Notes
    -----
    The mean of a group is the sum of its measured people's points over their number: a kabkota
    is never the mean of its units' means. So PNS and PPPK combine by headcount, as in published
    tables (Kota Bima 2023: 3,252 PNS at 78.41 and 171 PPPK at 75.18 make 78.25).
    """
    minimum = check_minimum(minimum)
    keys = list(dict.fromkeys([*by, *(c for columns in within for c in columns)]))
    check_keys(keys, [c for c in skor.columns if c not in POINTS])
    return summarize(count(skor, keys), by, minimum, within, instrument)


def summarize(
    counts: Counts,
    by: Sequence[str],
    minimum: int = MINIMUM,
    within: Sequence[Sequence[str]] = (),
    instrument: Instrument | None = None,
    kept: pd.Index | None = None,
) -> pd.DataFrame:
    """Make the table of groups from people who are counted already.

    Parameters
    ----------
    counts : Counts
        From :func:`ipasn_lib.index.counting.count` or
        :func:`ipasn_lib.index.stream.count_parquet`, of cells at least as fine as ``by`` and
        ``within``.
    by, minimum, within, instrument
        As in :func:`aggregate`.
    kept : pandas.Index, optional
        Groups that are hidden in any case, by their keys.

    Returns
    -------
    pandas.DataFrame
        As :func:`aggregate` gives it for the same people.

    Raises
    ------
    ParameterError, DisclosureError
        As :func:`aggregate`.
    """
    by, minimum = list(by), check_minimum(minimum)
    known = [c for c in counts.kunci.columns if c not in POINTS]
    check_keys([*by, *(c for columns in within for c in columns)], known)
    group = group_by(counts.kunci, by)
    total = add_up(counts, group)
    columns: dict[str, object] = {
        "n_pegawai": total.n_pegawai,
        "n_terukur": total.n_terukur,
        "partisipasi": total.n_terukur / total.n_pegawai,
    }
    with np.errstate(invalid="ignore"):
        means = total.jumlah / total.n_terukur[:, None]
    columns |= {name: means[:, place] for place, name in enumerate(POINTS)}
    columns["kategori"] = _category(means[:, -1], counts.kunci["id_instrumen"], instrument)
    columns |= {name: _united(counts.kunci[name], group) for name in ORIGIN}
    table = pd.DataFrame(columns, index=group.keys)
    closed = None if kept is None else group.keys.isin(kept)
    return _hide(table, _hidden(counts, by, within, minimum, group, closed))


def check_keys(asked: Sequence[str], known: Sequence[str]) -> None:
    """Refuse a column to group by that is not there."""
    for column in asked:
        if column not in known:
            raise ParameterError(f"no column {column!r} to group by; known: {', '.join(known)}")


def is_hidden(ringkasan: pd.DataFrame) -> pd.Series:
    """Tell which rows of a summary are hidden: their counts are NA."""
    return ringkasan["n_pegawai"].isna()


def hide_all(ringkasan: pd.DataFrame) -> pd.DataFrame:
    """Hide every group of a summary; where the numbers come from stays."""
    return _hide(ringkasan, np.ones(len(ringkasan), dtype=bool))


def parents_of(group: Grouping, above: Grouping) -> npt.NDArray[np.intp] | None:
    """Give the number of the parent of each group; None where a group lies in more than one."""
    parent = np.empty(group.size, dtype=np.intp)
    parent[group.code] = above.code
    return parent if (parent[group.code] == above.code).all() else None


def _hidden(
    counts: Counts,
    by: Sequence[str],
    within: Sequence[Sequence[str]],
    minimum: int,
    group: Grouping,
    closed: npt.NDArray[np.bool_] | None = None,
) -> npt.NDArray[np.bool_]:
    """Hide from the outermost level inwards: what is hidden above stays hidden below."""
    levels = [group_by(counts.kunci, by[:depth]) for depth in range(len(by))] + [group]
    tables = [_published(counts, columns, minimum) for columns in within]
    hidden: list[npt.NDArray[np.bool_]] = []
    for depth, here in enumerate(levels):
        if depth == len(by) and any(parents_of(here, table) is None for table, _ in tables):
            raise ParameterError(
                "a table named in within cuts a group in two; "
                "name columns into which the groups nest"
            )
        outwards = list(zip(levels[:depth], hidden, strict=True))[::-1]
        guards = _guards(here, [*outwards, *tables])
        before = guards[0] == NO_PARENT if depth else np.zeros(here.size, dtype=bool)
        if depth == len(by) and closed is not None:
            before = before | closed
        try:
            hidden.append(_mask(here, counts, guards, minimum, before))
        except DisclosureError as error:
            named = ", ".join("+".join(columns) for columns in (by[:depth], *within) if columns)
            raise DisclosureError(
                f"{error} (tables by {named}); publish fewer tables together (within), "
                "or coarser groups (by)"
            ) from None
    return hidden[-1]


def _published(
    counts: Counts, columns: Sequence[str], minimum: int
) -> tuple[Grouping, npt.NDArray[np.bool_]]:
    """Group people as another table does, and tell what that table hides.

    People whose value in that table is missing are in none of its totals.
    """
    there = counts.kunci[list(columns)].notna().all(axis=1).to_numpy()
    part = counts.take(there)
    shown = group_by(part.kunci, columns)
    group = group_by(counts.kunci, columns)
    mask = np.ones(group.size, dtype=bool)
    mask[group.code[there]] = _hidden(part, columns, (), minimum, shown)[shown.code]
    return group, mask


def _guards(
    group: Grouping, above: Sequence[tuple[Grouping, npt.NDArray[np.bool_]]]
) -> list[npt.NDArray[np.intp]]:
    """Give the parent of each group in every table it nests into, none where it is hidden.

    Parameters
    ----------
    group : Grouping
        The groups that may have to be hidden.
    above : sequence of (Grouping, numpy.ndarray of bool)
        Published tables and what each hides; of tables that nest, the finer first.

    Notes
    -----
    What a shown parent holds is known, so it can be taken out of every total around that
    parent: the totals tell the same without it, and fall into small systems of equations that
    can be looked at one by one (all units of a nation else share the nation's total).
    """
    guards: list[npt.NDArray[np.intp]] = []
    nearer: list[tuple[Grouping, npt.NDArray[np.bool_]]] = []
    for table, hidden in above:
        parent = parents_of(group, table)
        if parent is None:
            continue
        known = hidden[parent]
        for inner, shown in nearer:
            if parents_of(inner, table) is not None:
                known = known | shown
        guards.append(np.where(known, NO_PARENT, parent))
        nearer.append((table, guards[-1] != NO_PARENT))
    return guards


def _mask(
    group: Grouping,
    counts: Counts,
    parents: Sequence[npt.NDArray[np.intp]],
    minimum: int,
    hidden: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    people = np.bincount(group.code, weights=counts.n_pegawai, minlength=group.size)
    measured = np.bincount(group.code, weights=counts.n_terukur, minlength=group.size)
    points = np.bincount(group.code, weights=counts.jumlah[:, DISCIPLINE], minlength=group.size)
    closed = all_may_be_punished(points, measured)
    return hide_small_groups(people, measured, parents, minimum, closed | hidden)


def _united(column: pd.Series, group: Grouping) -> list[str]:
    """Return the one value of a group, or its values joined."""
    codes, values = codes_of(column)
    if len(values) == 1:
        return [str(values[0])] * group.size
    pairs = np.unique(group.code * len(values) + codes)
    owner, names = pairs // len(values), values.take(pairs % len(values)).astype(str)
    united = np.empty(group.size, dtype=object)
    united[owner[::-1]] = names[::-1]  # of several names the first is written last, and stays
    later = np.flatnonzero(owner[1:] == owner[:-1]) + 1
    for number, name in zip(owner[later], names[later], strict=True):
        united[number] += f"; {name}"
    return united.tolist()


def _category(
    indeks: npt.NDArray[np.float64], ids: pd.Series, instrument: Instrument | None
) -> pd.Categorical:
    """Category of each mean, where all people's instruments read the bands alike."""
    if instrument is not None:
        scales = [instrument.kategori]
    else:
        try:
            scales = [load_instrument(str(i)).kategori for i in ids.dropna().unique()]
        except ParameterError as error:
            raise ParameterError(f"{error}; name your own with instrument=") from None
    if not scales:
        return pd.Categorical([None] * len(indeks), ordered=True)
    alike = all(scale.pita == scales[0].pita and scale.nama == scales[0].nama for scale in scales)
    return scales[0].of(indeks if alike else np.full(len(indeks), np.nan))


def _hide(table: pd.DataFrame, mask: npt.NDArray[np.bool_]) -> pd.DataFrame:
    shown = table.astype({"n_pegawai": "Int64", "n_terukur": "Int64"})
    # Where the numbers come from is no secret, and make-believe people must stay marked.
    for column in shown.columns.drop(["sumber_data", "id_instrumen"]):
        shown[column] = shown[column].mask(mask)
    return shown
