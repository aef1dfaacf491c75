"""Who lacks what: per indicator and job group, how many people miss points and how many points.

Counts of a small group, and counts that leave a small group as their complement, are hidden, and
so is every further cell by which a hidden one could be worked out.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from ipasn_lib.errors import DisclosureError, ParameterError
from ipasn_lib.index.disclosure import (
    NO_PARENT,
    fixed_unknowns,
    hide_in_lines,
    hide_small_groups,
    parents_of_several,
)
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["SEMUA", "lacking_by_place", "lacking_counts"]

SEMUA = "semua"
"""Name of the row that takes all job groups together."""

COLUMNS = (
    "dimensi",
    "indikator",
    "label",
    "kelompok_jabatan",
    "n_relevan",
    "n_kurang",
    "bagian_kurang",
    "poin_hilang",
)

UNKNOWN = "tidak diketahui"

# Points are sums and products of printed numbers; anything below this is float noise.
NOISE = 1e-9

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Cell:
    """One indicator in one job group (or in all)."""

    dimensi: str
    indikator: str
    label: str
    kelompok_jabatan: str
    n_relevan: int
    n_kurang: int
    poin_hilang: float
    most: float
    """Points that a person of the group can earn; NaN where groups differ."""


def lacking_counts(
    rincian: pd.DataFrame, skor: pd.DataFrame, instrument: Instrument, minimum: int = MINIMUM
) -> pd.DataFrame:
    """Count the people of one place who earn less than an indicator's maximum, by job group.

    Parameters
    ----------
    rincian : pandas.DataFrame
        Points of each person in each indicator, columns ``<dimensi>.<indikator>``.
    skor : pandas.DataFrame
        Scores of the same people in the same order; needs `status_ukur` and, where the
        instrument tells job groups apart, `kelompok_jabatan`.
    instrument : Instrument
        Under which both were made. With given scores each dimension is its own indicator.
    minimum : int
        Smallest number of people shown, on either side.

    Returns
    -------
    pandas.DataFrame
        One row for each indicator and job group, in the order of the instrument: `dimensi`,
        `indikator`, `label`, `kelompok_jabatan` (the last one is "semua" where the indicator
        concerns several groups, or job groups are not known); `n_relevan` (Int64, measured
        people who can earn points here);
        `n_kurang` (Int64, those who earn less than the most they can); `bagian_kurang` (0-1);
        `poin_hilang` (points lost, divided by all measured people of the place: what the
        place's index would gain if all reached the maximum). Job groups that can earn nothing in
        an indicator have no row. NA where hidden.

    Raises
    ------
    ParameterError
        If the two tables are not of the same people, an indicator's column is missing or
        unknown, or `minimum` is below the one of the file.

    Notes
    -----
    Shown only if minimum <= n_kurang <= n_relevan - minimum: "nobody lacks it" and "everybody
    lacks it" also say something about each single person. Then more cells are hidden until no
    line of the table gives one back: job groups against "semua", lacking against not lacking,
    and the indicators of a dimension against its published mean, of the group and the place
    (:func:`ipasn_lib.index.disclosure.hide_small_groups`). `poin_hilang` of the rows of one job
    group adds up over indicators to what the group could still bring to the place's index.

    Of "semua" the points are hidden too where hidden job groups earn different points: 70
    people who lose 10 each, or 17.5 in one group, and 910 points in all are 28 of that group.
    """
    minimum = check_minimum(minimum)
    _same_people(rincian, skor, instrument)
    measured = (skor["status_ukur"] == "terukur").to_numpy()
    points = rincian.loc[measured]
    groups = _job_groups(skor.loc[measured], instrument)
    cells = _cells(points, groups, instrument)
    count_hidden, lack_hidden, points_hidden = _hide(cells, groups, minimum)
    table = pd.DataFrame(cells)
    table["bagian_kurang"] = table["n_kurang"] / table["n_relevan"]
    table = table.astype({"n_relevan": "Int64", "n_kurang": "Int64"})
    table["n_relevan"] = table["n_relevan"].mask(count_hidden)
    for column in ("n_kurang", "bagian_kurang"):
        table[column] = table[column].mask(count_hidden | lack_hidden)
    table["poin_hilang"] = table["poin_hilang"].mask(count_hidden | points_hidden)
    return table[list(COLUMNS)]


def lacking_by_place(
    rincian: pd.DataFrame,
    skor: pd.DataFrame,
    instrument: Instrument,
    tersembunyi: Collection[str] = (),
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """Give what the reports of all places print of an indicator's whole row.

    Parameters
    ----------
    rincian, skor, instrument, minimum
        As in :func:`lacking_counts`, of the people of several places.
    tersembunyi : collection of str
        Places that have no report: nothing is printed of them.

    Returns
    -------
    pandas.DataFrame
        One row a place and indicator: `kode_kabkota`, `dimensi`, `indikator`, `n_relevan` and
        `n_kurang` (Int64; NA where the place's report hides it). For whoever prints a total
        of them: what the places hide must not follow from it.
    """
    columns = ["kode_kabkota", "dimensi", "indikator", "n_relevan", "n_kurang"]
    code = skor["kode_kabkota"].astype("object").to_numpy()
    tables = []
    for kode in sorted(set(code)):
        inside = code == kode
        table = lacking_counts(rincian.loc[inside], skor.loc[inside], instrument, minimum)
        whole = table.drop_duplicates(["dimensi", "indikator"], keep="last")
        told = np.full(len(whole), kode not in tersembunyi)
        counts = {name: whole[name].where(told) for name in columns[3:]}
        tables.append(whole.assign(kode_kabkota=kode, **counts)[columns])
    if not tables:
        raise ParameterError("nobody is in skor")
    return pd.concat(tables, ignore_index=True)


def _same_people(rincian: pd.DataFrame, skor: pd.DataFrame, instrument: Instrument) -> None:
    if not rincian.index.equals(skor.index):
        raise ParameterError("rincian and skor are not the same people in the same order")
    expected = [f"{d}.{i.nama}" for d, dim in instrument.dimensi.items() for i in dim.indikator]
    if list(rincian.columns) != expected:
        raise ParameterError(f"rincian must have the columns {', '.join(expected)}")


def _job_groups(skor: pd.DataFrame, instrument: Instrument) -> pd.Series:
    """Job group of each measured person; one named group where it is not known."""
    if "kelompok_jabatan" not in skor:
        return pd.Series(UNKNOWN, index=skor.index, dtype="object")
    named = skor["kelompok_jabatan"].astype("object")
    return named.where(named.notna(), UNKNOWN)


def _cells(points: pd.DataFrame, groups: pd.Series, instrument: Instrument) -> list[_Cell]:
    present = set(groups.unique())
    known = [g for g in instrument.kelompok_jabatan if g in present]
    order = [*known, *sorted(present - set(known))]
    members = {g: (groups == g).to_numpy() for g in order}
    size = max(len(points), 1)
    cells: list[_Cell] = []
    for name, dimension in instrument.dimensi.items():
        for indicator in dimension.indikator:
            earned = points[f"{name}.{indicator.nama}"].to_numpy(dtype=float)
            most = {g: indicator.aturan.maximum(g) * dimension.skala for g in order}
            rows: list[_Cell] = []
            for group in (g for g in order if most[g] > 0):
                lost = most[group] - earned[members[group]]
                rows.append(
                    _Cell(
                        name,
                        indicator.nama,
                        indicator.label,
                        group,
                        len(lost),
                        int((lost > NOISE).sum()),
                        float(lost.sum()) / size,
                        most[group],
                    )
                )
            # One group alone is everybody concerned: one line says it.
            if len(rows) > 1 or (rows and rows[0].kelompok_jabatan == UNKNOWN):
                cells += [*(rows if len(rows) > 1 else ()), _together(rows)]
            else:
                cells += rows
    return cells


def _together(rows: Sequence[_Cell]) -> _Cell:
    first = rows[0]
    return _Cell(
        first.dimensi,
        first.indikator,
        first.label,
        SEMUA,
        sum(r.n_relevan for r in rows),
        sum(r.n_kurang for r in rows),
        sum(r.poin_hilang for r in rows),
        rows[0].most if len({r.most for r in rows}) == 1 else np.nan,
    )


def _hide(
    cells: Sequence[_Cell], groups: pd.Series, minimum: int
) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Tell for each cell whether its headcount, its count of lacking and its points are hidden."""
    headcount = groups.value_counts().sort_index()
    everybody = np.zeros(len(headcount), dtype=int)
    if len(groups) < minimum:
        small = set(headcount.index)
    else:
        mask = hide_small_groups(headcount, headcount, [everybody], minimum)
        small = set(headcount.index[mask])
    count_hidden = np.array([_count_hidden(c, cells, small, len(groups), minimum) for c in cells])

    # Each cell twice: those who lack (first half) and those who do not (second half).
    n = np.array([c.n_kurang for c in cells] + [c.n_relevan - c.n_kurang for c in cells])
    told = _told(cells)
    lines = [_numbered([*cells, *cells]), *(_sides(line) for line in _sums(cells, told))]
    closed = count_hidden.copy()
    while True:
        mask = hide_in_lines(n, lines, minimum, np.tile(closed, 2))
        lack_hidden = mask[: len(cells)] | mask[len(cells) :]
        points_hidden = lack_hidden | _unequal(cells, lack_hidden)
        partner = _partner(cells, told, points_hidden)
        if partner is None:
            break
        closed[partner] = True
    if fixed_unknowns(_equations(cells, told, lack_hidden & ~told)).any():
        raise DisclosureError("a hidden number of the table of who lacks what follows from it")
    return count_hidden, lack_hidden, points_hidden


def _unequal(cells: Sequence[_Cell], lack_hidden: BoolArray) -> BoolArray:
    """Tell which rows of all hold hidden job groups that earn different points.

    Their number and the points they lose would be two equations.
    """
    earns: dict[tuple[str, str], set[float]] = {}
    for cell, hidden in zip(cells, lack_hidden, strict=True):
        if hidden and cell.kelompok_jabatan != SEMUA:
            earns.setdefault((cell.dimensi, cell.indikator), set()).add(cell.most)
    return np.array(
        [
            c.kelompok_jabatan == SEMUA and len(earns.get((c.dimensi, c.indikator), ())) > 1
            for c in cells
        ],
        dtype=bool,
    )


def _partner(cells: Sequence[_Cell], told: BoolArray, points_hidden: BoolArray) -> int | None:
    """Give a row to hide beside one whose points alone are hidden in the mean of a dimension."""
    for positions in _whole(cells).values():
        mine = [p for p in positions if not told[p]]
        visible = [p for p in mine if not points_hidden[p]]
        if len(mine) - len(visible) == 1 and visible:
            return min(visible, key=lambda p: cells[p].n_kurang)
    return None


def _told(cells: Sequence[_Cell]) -> BoolArray:
    """Tell which cells the place's published mean of a dimension tells: its only indicator's."""
    whole = _whole(cells)
    alone = {d for d in whole if len(whole[d]) == 1}
    return np.array([c.dimensi in alone and p in whole[c.dimensi] for p, c in enumerate(cells)])


def _whole(cells: Sequence[_Cell]) -> dict[str, list[int]]:
    """For each dimension, where the rows stand that hold all whom an indicator concerns."""
    last = {(c.dimensi, c.indikator): position for position, c in enumerate(cells)}
    found: dict[str, list[int]] = {}
    for (dimension, _), position in last.items():
        found.setdefault(dimension, []).append(position)
    return found


def _sums(cells: Sequence[_Cell], told: BoolArray) -> list[IntArray]:
    """Ways in which published numbers add up: the line of each cell, in each way."""
    whole = {p for positions in _whole(cells).values() for p in positions}
    groups: list[Hashable] = [(c.dimensi, c.indikator) for c in cells]
    indicators: list[Hashable] = [
        c if c.kelompok_jabatan == SEMUA else (c.dimensi, c.kelompok_jabatan) for c in cells
    ]
    place: list[Hashable] = [c.dimensi if p in whole else c for p, c in enumerate(cells)]
    # job groups against all together; a group's mean of a dimension; the place's mean of it
    lines = [_numbered(keys) for keys in (groups, indicators, place)]
    # What the place's mean tells protects nobody, so it is no member of any line.
    return [parents_of_several(np.where(told, NO_PARENT, line)) for line in lines]


def _sides(line: IntArray) -> IntArray:
    """Give those who lack and those who do not lines of their own."""
    other = np.where(line == NO_PARENT, NO_PARENT, line + line.max(initial=0) + 1)
    return np.concatenate([line, other])


def _equations(cells: Sequence[_Cell], told: BoolArray, unknown: BoolArray) -> csr_array:
    """Write down what means and visible cells tell of the points lost in hidden cells."""
    # Job groups add up to the row of all, so that row counts the other way round there.
    sign = np.where([c.kelompok_jabatan == SEMUA for c in cells], -1.0, 1.0)
    one = np.ones(len(cells))
    rows = [
        np.where(line == number, weight, 0.0)[unknown]
        for line, weight in zip(_sums(cells, told), (sign, one, one), strict=True)
        for number in np.unique(line[line != NO_PARENT])
    ]
    return csr_array(np.array(rows).reshape(len(rows), int(unknown.sum())))


def _count_hidden(
    cell: _Cell, cells: Sequence[_Cell], small: set[str], size: int, minimum: int
) -> bool:
    """Tell whether a headcount would show, or give back, that of a hidden job group."""
    if cell.kelompok_jabatan != SEMUA:
        return cell.kelompok_jabatan in small
    if size < minimum:
        return True
    if cell.n_relevan == size:  # the place's own headcount, published in any case
        return False
    inside = [
        c.n_relevan
        for c in cells
        if (c.dimensi, c.indikator) == (cell.dimensi, cell.indikator)
        and c.kelompok_jabatan in small
    ]
    outside = size - cell.n_relevan
    unsafe = bool(inside) and (len(inside) < 2 or sum(inside) < minimum)
    return unsafe or 0 < outside < minimum or cell.n_relevan < minimum


def _numbered(keys: Sequence[Hashable]) -> IntArray:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
