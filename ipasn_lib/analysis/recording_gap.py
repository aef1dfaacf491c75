"""Points not earned, or points not recorded: what stands behind the distance to the maximum.

A person without any training on record and a person whose training falls short lose the same
points, but the first is mended at a desk and the second in a class room. For each indicator the
points missing are split by whether the person has any record at all in the history that the
indicator is computed from. Nobody knows what an absent record would have held: the split says
where to look first, not how many points will come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.index.disclosure import hide_small_groups, parents_of_several
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["RIWAYAT", "SEBAB", "recording_gap"]

SEBAB = ("tidak ada catatan", "ada catatan", "tidak diketahui")
"""Why points are missing: no record at all in the history; recorded, but worth less than the
maximum; nobody looked."""

RIWAYAT: Mapping[str, str] = MappingProxyType(
    {
        "jenjang_pendidikan": "pendidikan",
        "diklat_kepemimpinan": "pelatihan",
        "diklat_fungsional": "pelatihan",
        "jp_diklat_teknis": "pelatihan",
        "seminar": "pelatihan",
        "nilai_kinerja": "skp",
        "predikat_kinerja": "skp",
        "kualifikasi": "pendidikan",
        "kompetensi": "pelatihan",
        "kinerja": "skp",
    }
)
"""Column that an indicator reads -> history it is computed from. Points of disiplin are lost by
a sanction on record, never by an absent one: such columns have no history here."""

FULL = "penuh"

# Points are sums and products of printed numbers; anything below this is float noise.
NOISE = 1e-9

BoolArray = npt.NDArray[np.bool_]


def recording_gap(
    rincian: pd.DataFrame,
    skor: pd.DataFrame,
    ada: pd.DataFrame,
    instrument: Instrument,
    *,
    by: Sequence[str] = (),
    riwayat: Mapping[str, str] = RIWAYAT,
    daerah: pd.DataFrame | None = None,
    minimum: int = MINIMUM,
) -> pd.DataFrame:
    """Split the points missing to the maximum by whether anything is on record.

    Parameters
    ----------
    rincian, skor : pandas.DataFrame
        Points by indicator and scores of the same people of one place, or of all, in the same
        order, from :func:`ipasn_lib.score_detail` and :func:`ipasn_lib.score`.
    ada : pandas.DataFrame
        Index person; a pandas "boolean" column for each history (``skp``, ``pelatihan``,
        ``pendidikan``): True = the person has at least one row in it (for ``pendidikan``: a last
        education is filled in), False = none, NA = not known. People absent from the table, and
        histories without a column, are not known.
    instrument : Instrument
        Under which both were made.
    by : sequence of str
        Columns of `skor` that make the groups (``unit_kerja``); none = the place as a whole.
    riwayat : mapping of str to str
        Column that an indicator reads -> its history.
    daerah : pandas.DataFrame, optional
        Needed where the people are of several places: what the reports of these places print of
        each indicator (`kode_kabkota`, `dimensi`, `indikator`, `n_relevan`, `n_kurang`), from
        :func:`ipasn_lib.analysis.lacking.lacking_by_place`.
    minimum : int
        Smallest number of people shown.

    Returns
    -------
    pandas.DataFrame
        One row for each group, indicator and cause that can occur: the `by` columns, ``dimensi``,
        ``indikator``, ``label``, ``sebab`` (one of ``SEBAB``), ``n_pegawai`` (Int64, measured
        people who lose points so), ``poin`` (points they lose, summed), ``poin_rata`` (the same
        divided by the group's measured people: what the group's index would gain if all of
        these were full). Over indicators and causes ``poin_rata`` adds up exactly to the
        group's distance from 100 wherever every job group can earn 100. NA where hidden.

    Raises
    ------
    ParameterError
        If the tables are not of the same people, a column is missing, unknown or not boolean,
        or `minimum` is below the one of the file.

    Notes
    -----
    Only people who are measured lose points. Where a missing SKP means "not measured" it lowers
    participation, not the index, and is not in this table. The same holds for refused rows.

    All causes of an indicator are shown in a group, or none: none where fewer than `minimum`
    people lose points, or are full, or one cause holds some but fewer. Then more indicators are
    hidden until none can be worked out by the mean of its dimension or by the place's own table
    (:func:`ipasn_lib.index.disclosure.hide_small_groups`). Of several places together an
    indicator is also hidden where the total, less what the places' reports show, would give
    back the one place that hides it, or fewer than `minimum` people of several. So it is where
    job groups earn different points, and one of them has fewer than `minimum` people who lose
    them or who are full: people and points are two equations.
    """
    minimum = check_minimum(minimum)
    _check(rincian, skor, ada, instrument, by, riwayat)
    if daerah is None and "kode_kabkota" in skor and len(skor["kode_kabkota"].unique()) > 1:
        raise ParameterError("people of several places: daerah must say what their reports show")
    measured = (skor["status_ukur"] == "terukur").to_numpy()
    points, people = rincian.loc[measured], skor.loc[measured]
    known = ada.reindex(points.index)
    sizes = _sizes(people, by)
    cells: list[pd.DataFrame] = []
    told: set[tuple[object, ...]] = set()
    for name, dimension in instrument.dimensi.items():
        for indicator in dimension.indikator:
            most = _most(people, instrument, name, indicator.nama)
            lost = most - points[f"{name}.{indicator.nama}"].to_numpy(dtype=np.float64)
            cause = _cause(known, riwayat.get(indicator.kolom))
            told |= {(g, name, indicator.nama) for g in _unequal(people, by, most, lost, minimum)}
            frame = people[list(by)].assign(
                sebab=np.where(lost > NOISE, cause, FULL), poin=np.where(lost > NOISE, lost, 0.0)
            )
            cells.append(
                _count(frame.loc[most > 0], by, sorted(set(cause), key=SEBAB.index)).assign(
                    dimensi=name, indikator=indicator.nama, label=indicator.label
                )
            )
    table = pd.concat(cells, ignore_index=True)
    if daerah is not None:
        told |= {((), *indicator) for indicator in _told(table, daerah, minimum)}
    hidden = _hidden(table, by, sizes, minimum, told)
    size = table[list(by)].apply(tuple, axis=1).map(sizes) if by else sizes[()]
    table["poin_rata"] = table["poin"] / size
    table["n_pegawai"] = table["n_pegawai"].astype("Int64").mask(hidden)
    for column in ("poin", "poin_rata"):
        table[column] = table[column].mask(hidden)
    columns = [*by, "dimensi", "indikator", "label", "sebab", "n_pegawai", "poin", "poin_rata"]
    shown = table.loc[(table["sebab"] != FULL).to_numpy(), columns]
    if by:
        shown = shown.sort_values(list(by), kind="stable")
    return shown.reset_index(drop=True)


def _check(
    rincian: pd.DataFrame,
    skor: pd.DataFrame,
    ada: pd.DataFrame,
    instrument: Instrument,
    by: Sequence[str],
    riwayat: Mapping[str, str],
) -> None:
    if not rincian.index.equals(skor.index):
        raise ParameterError("rincian and skor are not the same people in the same order")
    if not ada.index.is_unique:
        raise ParameterError("ada holds a person twice")
    absent = [c for c in (*by, "status_ukur") if c not in skor]
    absent += [
        f"{d}.{i.nama}"
        for d, dim in instrument.dimensi.items()
        for i in dim.indikator
        if f"{d}.{i.nama}" not in rincian
    ]
    if absent:
        raise ParameterError(f"columns are missing: {', '.join(absent)}")
    histories = sorted(set(riwayat.values()))
    unknown = [c for c in ada.columns if c not in histories]
    if unknown:
        raise ParameterError(f"unknown histories {unknown}; known: {', '.join(histories)}")
    wrong = [c for c in ada.columns if ada[c].dtype != "boolean"]
    if wrong:
        raise ParameterError(f'{", ".join(wrong)} must be of dtype "boolean" (True, False, NA)')


def _unequal(
    people: pd.DataFrame,
    by: Sequence[str],
    most: npt.NDArray[np.float64],
    lost: npt.NDArray[np.float64],
    minimum: int,
) -> list[tuple[object, ...]]:
    """List the groups in which few of those who can earn the same points lose them, or few don't.

    Only where there are people who can earn other points: else the points tell no more.
    """
    frame = people[list(by)].assign(most=most, lose=lost > NOISE)[most > 0]
    found = []
    for key, part in frame.groupby(list(by), observed=True) if by else [((), frame)]:
        lose = part.groupby("most")["lose"].agg(["sum", "size"])
        few = np.minimum(lose["sum"], lose["size"] - lose["sum"]) < minimum
        if len(lose) > 1 and few.any():
            found.append(key if isinstance(key, tuple) else (key,))
    return found


def _sizes(people: pd.DataFrame, by: Sequence[str]) -> dict[tuple[object, ...], int]:
    """Count the measured people of each group."""
    if not by:
        return {(): len(people)}
    counts = people.groupby(list(by), observed=True).size()
    keys = counts.index if len(by) > 1 else [(k,) for k in counts.index]
    return dict(zip(keys, counts.tolist(), strict=True))


def _most(
    people: pd.DataFrame, instrument: Instrument, dimensi: str, indikator: str
) -> npt.NDArray[np.float64]:
    """Points that each person could earn in an indicator."""
    dimension = instrument.dimensi[dimensi]
    rule = next(i.aturan for i in dimension.indikator if i.nama == indikator)
    if not instrument.kelompok_jabatan or "kelompok_jabatan" not in people:
        return np.full(len(people), rule.maximum("") * dimension.skala)
    groups = people["kelompok_jabatan"].astype("object")
    most = {g: rule.maximum(str(g)) * dimension.skala for g in groups.unique()}
    return groups.map(most).to_numpy(dtype=np.float64)


def _cause(known: pd.DataFrame, history: str | None) -> npt.NDArray[np.object_]:
    """Cause of a loss for each person, if there is one."""
    if history is None:
        return np.full(len(known), SEBAB[1], dtype=object)
    if history not in known:
        return np.full(len(known), SEBAB[2], dtype=object)
    there = known[history]
    absent = (~there).fillna(value=False).to_numpy(dtype=bool)
    return np.where(there.isna(), SEBAB[2], np.where(absent, SEBAB[0], SEBAB[1]))


def _count(frame: pd.DataFrame, by: Sequence[str], causes: Sequence[str]) -> pd.DataFrame:
    """People and points by group and cause, with the causes that can occur even where nobody is."""
    wanted = [*causes, FULL]
    if frame.empty:
        return pd.DataFrame(columns=[*by, "sebab", "n_pegawai", "poin"])
    found = frame.groupby([*by, "sebab"], observed=True)["poin"].agg(n_pegawai="size", poin="sum")
    present = frame[list(by)].drop_duplicates() if by else pd.DataFrame(index=[0])
    whole = present.merge(pd.DataFrame({"sebab": wanted}), how="cross")
    counted = whole.merge(found.reset_index(), on=[*by, "sebab"], how="left")
    counted[["n_pegawai", "poin"]] = counted[["n_pegawai", "poin"]].fillna(0.0)
    return counted.astype({"n_pegawai": "int64"})


def _hidden(
    table: pd.DataFrame,
    by: Sequence[str],
    sizes: Mapping[tuple[object, ...], int],
    minimum: int,
    told: Set[tuple[object, ...]],
) -> BoolArray:
    """Tell which cells are hidden: all causes of an indicator in a group, or none."""
    group = [tuple(r) for r in table[list(by)].itertuples(index=False)] if by else [()] * len(table)
    n = table["n_pegawai"].to_numpy(dtype=np.int64)
    full = (table["sebab"] == FULL).to_numpy()
    few = np.where(full, n < minimum, (n > 0) & (n < minimum))
    few |= np.array([sizes[g] < minimum for g in group], dtype=bool)
    names = list(zip(group, table["dimensi"], table["indikator"], strict=True))
    few |= np.array([name in told for name in names], dtype=bool)
    block = _numbered(names)
    first = np.unique(block, return_index=True)[1]
    lost = np.bincount(block, weights=np.where(full, 0, n)).astype(np.int64)
    small = (np.bincount(block, weights=few) > 0) | (lost < minimum)
    # Published beside this: the mean of each dimension of a group, and the place's own table.
    inside = _numbered([names[i][:2] for i in first])
    across = _numbered([names[i][1:] for i in first])
    parents = [parents_of_several(inside), parents_of_several(across)]
    return hide_small_groups(lost, lost, parents, minimum, small)[block]


def _told(table: pd.DataFrame, daerah: pd.DataFrame, minimum: int) -> set[tuple[str, str]]:
    """List the indicators of which the total would give back what places hide."""
    found: set[tuple[str, str]] = set()
    for name, places in daerah.groupby(["dimensi", "indikator"], sort=False):
        own = table.loc[(table["dimensi"] == name[0]) & (table["indikator"] == name[1])]
        full = (own["sebab"] == FULL).to_numpy()
        n = own["n_pegawai"].to_numpy(dtype=np.int64)
        shown = places.loc[places["n_kurang"].notna()]
        lacking = n[~full].sum() - shown["n_kurang"].sum()
        others = n[full].sum() - (shown["n_relevan"] - shown["n_kurang"]).sum()
        hiding = len(places) - len(shown)
        if hiding and (hiding == 1 or lacking < minimum or others < minimum):
            found.add((str(name[0]), str(name[1])))
    return found


def _numbered(keys: Sequence[object]) -> npt.NDArray[np.int64]:
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
