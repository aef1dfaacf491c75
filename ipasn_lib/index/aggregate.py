"""From persons to groups: units, kabkota, province. Always from persons, by headcount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.index.disclosure import MINIMUM, check_minimum, hide_small_groups
from ipasn_lib.law.instrument import DIMENSI, Instrument
from ipasn_lib.law.loading import load_instrument

__all__ = ["aggregate", "is_hidden"]

UNKNOWN = "tidak diketahui"
"""Name of the group of people whose key could not be read."""

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Grouping:
    """Each person's group, and each group's keys."""

    code: npt.NDArray[np.intp]
    keys: pd.MultiIndex | pd.Index

    @property
    def size(self) -> int:
        return len(self.keys)


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
        totals of ``by[:-1]``, ``by[:-2]`` and so on up to everybody are always guarded.
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
        For an unknown column, a minimum under 2, or a table in ``within`` that cuts groups.
    DataError
        If the index of ``skor`` repeats a person.

    Notes
    -----
    The mean of a group is the sum of its measured people's points over their number: a kabkota
    is never the mean of its units' means. So PNS and PPPK combine by headcount, as in published
    tables (Kota Bima 2023: 3,252 PNS at 78.41 and 171 PPPK at 75.18 make 78.25).
    """
    by, minimum = list(by), check_minimum(minimum)
    known = [c for c in skor.columns if c not in (*DIMENSI, "indeks")]
    for column in {*by, *(c for columns in within for c in columns)}:
        if column not in known:
            raise ParameterError(f"no column {column!r} to group by; known: {', '.join(known)}")
    if not skor.index.is_unique:
        raise DataError("skor names a person twice; each id_pegawai may stand once")
    people = skor.loc[(skor["status_ukur"] != "bukan_subjek").to_numpy()]
    group = _group(people, by)
    measured = (people["status_ukur"] == "terukur").to_numpy()
    n_pegawai = np.bincount(group.code, minlength=group.size)
    n_terukur = np.bincount(group.code, weights=measured, minlength=group.size).astype(np.int64)

    columns: dict[str, object] = {
        "n_pegawai": n_pegawai,
        "n_terukur": n_terukur,
        "partisipasi": n_terukur / n_pegawai,
    }
    with np.errstate(invalid="ignore"):
        for name in (*DIMENSI, "indeks"):
            values = people[name].to_numpy(dtype=np.float64)
            weights = np.where(measured, values, 0.0)
            total = np.bincount(group.code, weights=weights, minlength=group.size)
            columns[name] = mean = total / n_terukur
    # The index comes last, so its mean is the one that makes the category.
    columns["kategori"] = _category(mean, people["id_instrumen"], instrument)
    columns["sumber_data"] = _united(people["sumber_data"], group)
    columns["id_instrumen"] = _united(people["id_instrumen"], group)
    table = pd.DataFrame(columns, index=group.keys)
    return _hide(table, _hidden(people, by, within, minimum, measured, group))


def is_hidden(ringkasan: pd.DataFrame) -> pd.Series:
    """Tell which rows of a summary are hidden: their counts are NA."""
    return ringkasan["n_pegawai"].isna()


def _group(people: pd.DataFrame, by: Sequence[str]) -> _Grouping:
    """Give each group a number in the order of its keys (counting codes beats sorting rows)."""
    if not by:
        code = np.zeros(len(people), dtype=np.intp)
        keys = pd.Index(["semua"] if len(people) else [], name="kelompok", dtype="str")
        return _Grouping(code, keys)
    code = np.zeros(len(people), dtype=np.intp)
    levels: list[pd.Index] = []
    for column in by:
        part, values = _codes(people[column])
        code = code * max(len(values), 1) + part
        levels.append(values)
    present, code = np.unique(code, return_inverse=True)
    positions = np.unravel_index(present, [max(len(v), 1) for v in levels])
    arrays = [values.take(p) for values, p in zip(levels, positions, strict=True)]
    if len(by) == 1:
        return _Grouping(code, pd.Index(arrays[0], name=by[0]))
    return _Grouping(code, pd.MultiIndex.from_arrays(arrays, names=list(by)))


def _codes(column: pd.Series) -> tuple[npt.NDArray[np.intp], pd.Index]:
    """Codes and sorted values of a key; a missing key makes a group of its own, named last."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        if not column.cat.ordered:
            # The order of a dictionary may come from the order of the rows; names decide here.
            column = column.cat.set_categories(column.cat.categories.sort_values())
        codes, values = column.cat.codes.to_numpy().astype(np.intp), column.cat.categories
    else:
        codes, values = pd.factorize(column, sort=True)
        values = pd.Index(values)
    if (codes < 0).any():
        values = pd.Index([*values.astype("object"), UNKNOWN])
        codes = np.where(codes < 0, len(values) - 1, codes)
    return codes, values


def _hidden(
    people: pd.DataFrame,
    by: Sequence[str],
    within: Sequence[Sequence[str]],
    minimum: int,
    measured: npt.NDArray[np.bool_],
    group: _Grouping,
) -> npt.NDArray[np.bool_]:
    """Hide from the outermost level inwards: what is hidden above stays hidden below."""
    above: _Grouping = _group(people, [])
    mask_above = _mask(above, measured, [], minimum, None)
    for depth in range(1, len(by) + 1):
        here = group if depth == len(by) else _group(people, by[:depth])
        parent = _parent(here, above)
        assert parent is not None  # a prefix of the keys never cuts a group
        linked = [_parent(here, _group(people, columns)) for columns in within]
        guards = [parent, *(p for p in linked if p is not None)]
        if depth == len(by) and len(guards) <= len(within):
            raise ParameterError(
                "a table named in within cuts a group in two; "
                "name columns into which the groups nest"
            )
        mask = _mask(here, measured, guards, minimum, mask_above[parent])
        above, mask_above = here, mask
    return mask_above


def _mask(
    group: _Grouping,
    measured: npt.NDArray[np.bool_],
    parents: Sequence[npt.NDArray[np.intp]],
    minimum: int,
    hidden: npt.NDArray[np.bool_] | None,
) -> npt.NDArray[np.bool_]:
    people = np.bincount(group.code, minlength=group.size)
    counted = np.bincount(group.code, weights=measured, minlength=group.size)
    return hide_small_groups(people, counted, parents, minimum, hidden)


def _parent(group: _Grouping, above: _Grouping) -> npt.NDArray[np.intp] | None:
    """Give the number of the parent of each group; None where a group lies in more than one."""
    pairs = np.unique(group.code * above.size + above.code)
    if len(pairs) != group.size:
        return None
    return pairs % above.size


def _united(column: pd.Series, group: _Grouping) -> list[str]:
    """Return the one value of a group, or its values joined."""
    codes, values = _codes(column)
    if len(values) == 1:
        return [str(values[0])] * group.size
    pairs = np.unique(group.code * len(values) + codes)
    names = pd.Series(values.take(pairs % len(values)).astype(str))
    named = names.groupby(pairs // len(values)).agg("; ".join)
    return named.reindex(range(group.size)).tolist()


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
