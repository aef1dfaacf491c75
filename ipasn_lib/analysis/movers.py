"""Split a change into stayers, joiners and leavers, and a change of rules from a real one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.threshold import MINIMUM, check_minimum

__all__ = ["shown_movers", "split_movers", "split_rule_change", "why_no_movers"]


def split_movers(awal: pd.DataFrame, akhir: pd.DataFrame) -> pd.DataFrame:
    r"""Split a change of the mean index into the stayers' own change, joiners and leavers.

    Parameters
    ----------
    awal, akhir : pandas.DataFrame
        Scores of one place in two years, under the same instrument; people are matched by
        `id_pegawai`, so both need the same pseudonym key.

    Returns
    -------
    pandas.DataFrame
        Index `kelompok`: "tetap" (measured in both), "masuk" (only in the later table),
        "baru_terukur" (in both, measured only later), "keluar" (only in the earlier table),
        "tidak_lagi_terukur" (in both, measured only earlier) and "semua"; `n` (people; for
        "semua" NA, the two years differ), `rata_awal`, `rata_akhir` (mean index of the group,
        NaN where not measured), `sumbangan` (points; the five add up to "semua", the change of
        the mean). Small groups are not hidden here.

    Raises
    ------
    ParameterError
        If the instruments differ or a person stands twice in a table.
    NotMeasurableError
        If nobody is measured in both years.

    Notes
    -----
    With S the stayers, n0 and n1 the measured of each year:

    M1 - M0 = (S1 - S0) + sum_j n_j / n1 (J_j - S1) + sum_l n_l / n0 (S0 - L_l)

    A joiner raises the mean by scoring above the stayers of the later year, a leaver by having
    scored below those of the earlier. The formula is exact. Movers between places are joiners
    of one and leavers of another.
    """
    for table in (awal, akhir):
        if not table.index.is_unique:
            raise ParameterError("a person stands twice in a table; match one year to one year")
    first, last = _measured(awal), _measured(akhir)
    _same_instrument(first, last)
    stay = first.index.intersection(last.index)
    if stay.empty:
        raise NotMeasurableError("nobody is measured in both years: people cannot be matched")
    before, after = first["indeks"], last["indeks"]
    s0, s1 = float(before[stay].mean()), float(after[stay].mean())
    joined = last.index.difference(stay)
    left = first.index.difference(stay)
    rows = {"tetap": (len(stay), s0, s1, s1 - s0)}
    for name, ids in (
        ("masuk", joined.difference(awal.index)),
        ("baru_terukur", joined.intersection(awal.index)),
    ):
        mean = float(after[ids].mean())
        rows[name] = (len(ids), np.nan, mean, len(ids) / len(last) * (mean - s1) if len(ids) else 0)
    for name, ids in (
        ("keluar", left.difference(akhir.index)),
        ("tidak_lagi_terukur", left.intersection(akhir.index)),
    ):
        mean = float(before[ids].mean())
        rows[name] = (
            len(ids),
            mean,
            np.nan,
            len(ids) / len(first) * (s0 - mean) if len(ids) else 0,
        )
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["n", "rata_awal", "rata_akhir", "sumbangan"]
    ).astype({"n": "Int64", "sumbangan": "float64"})
    m0, m1 = float(before.mean()), float(after.mean())
    whole = pd.DataFrame(
        {
            "n": pd.array([pd.NA], dtype="Int64"),
            "rata_awal": m0,
            "rata_akhir": m1,
            "sumbangan": m1 - m0,
        },
        index=["semua"],
    )
    return pd.concat([table, whole]).rename_axis("kelompok")


def shown_movers(
    gerakan: pd.DataFrame, terbit: pd.DataFrame, minimum: int = MINIMUM
) -> pd.DataFrame:
    """Make the account of movers publishable: three groups, small ones hidden.

    Parameters
    ----------
    gerakan : pandas.DataFrame
        From :func:`split_movers`.
    terbit : pandas.DataFrame
        What is published of the place, a row for the earlier and one for the later year, as
        :func:`ipasn_lib.aggregate` gives them. A place hidden in a year has NA there.
    minimum : int
        Smallest group shown.

    Returns
    -------
    pandas.DataFrame
        Index `kelompok`: "tetap", "datang" (joined, or measured for the first time) and "pergi"
        (left, or no longer measured); columns as in `gerakan`, all NA where one group is small
        or the place is hidden in one of the years.

    Raises
    ------
    ParameterError
        If `terbit` is not two rows, or counts other measured people than `gerakan` does.

    Notes
    -----
    The measured people of each year are published, so stayers and joiners, and stayers and
    leavers, each add up to a known number: one small group hides those who stay, and these hide
    the third. Of a place that is hidden, be it for another's sake, they would tell that number.
    """
    minimum = check_minimum(minimum)
    pairs = {
        "tetap": ["tetap"],
        "datang": ["masuk", "baru_terukur"],
        "pergi": ["keluar", "tidak_lagi_terukur"],
    }
    rows = {name: _joined(gerakan.loc[parts]) for name, parts in pairs.items()}
    table = pd.DataFrame.from_dict(rows, orient="index")
    if len(terbit) != 2:
        raise ParameterError("terbit must be two rows: the place in the earlier and later year")
    hidden = terbit["n_terukur"].isna().any()
    measured = [table["n"][["tetap", other]].sum() for other in ("pergi", "datang")]
    if not hidden and measured != terbit["n_terukur"].tolist():
        raise ParameterError("terbit is not of the people of gerakan: measured people differ")
    if hidden or (table["n"] < minimum).any():
        table = table.assign(**dict.fromkeys(table.columns, np.nan))
    return table.astype({"n": "Int64"}).rename_axis("kelompok")


def why_no_movers(tampil: pd.DataFrame) -> str:
    """Give the reason why movers are not shown ("gerak_kecil"); empty where they are.

    Parameters
    ----------
    tampil : pandas.DataFrame
        From :func:`shown_movers`.

    Notes
    -----
    Whatever else counts those who stayed, such as the movements between categories, must not be
    shown either: with the measured people of each year, which are published, it would give the
    few who joined or left.
    """
    return "gerak_kecil" if tampil["n"].isna().any() else ""


def _joined(rows: pd.DataFrame) -> dict[str, float]:
    """Put groups together: people and contributions add up, means weigh by people."""
    n = rows["n"].to_numpy(dtype=float)
    joined = {"n": float(n.sum())}
    for name in ("rata_awal", "rata_akhir"):
        known = rows[name].notna().to_numpy()
        points = float((rows[name].to_numpy()[known] * n[known]).sum())
        joined[name] = points / n[known].sum() if known.any() else np.nan
    return joined | {"sumbangan": float(rows["sumbangan"].sum())}


def split_rule_change(
    awal_lama: pd.DataFrame,
    akhir_baru: pd.DataFrame,
    awal_baru: pd.DataFrame | None = None,
    akhir_lama: pd.DataFrame | None = None,
) -> pd.Series:
    """Split a change across two instruments into the change of rules and the real one.

    Parameters
    ----------
    awal_lama : pandas.DataFrame
        Scores of the earlier year under the old instrument.
    akhir_baru : pandas.DataFrame
        Scores of the later year under the new instrument.
    awal_baru : pandas.DataFrame, optional
        The earlier year's people scored under the new instrument.
    akhir_lama : pandas.DataFrame, optional
        The later year's people scored under the old instrument. At least one of the last two.

    Returns
    -------
    pandas.Series
        `awal` and `akhir` (the published means), `aturan` and `nyata` (points; they add up),
        `jumlah` (the whole change of the mean index), and `cara` ("rata-rata dua urutan", or
        which year carried the comparison).

    Raises
    ------
    NotMeasurableError
        If neither crossed table is given (the published years cannot be compared then), or a
        table measures nobody.
    ParameterError
        If the instruments or the people do not fit together.

    Notes
    -----
    With both crossed tables the rule's part is the mean of its effect on the earlier and on the
    later people (the Shapley value of two factors, Shorrocks 2013,
    doi:10.1007/s10888-011-9214-z). A change in who is measured at all (PPPK since 2023) is part
    of the rule's effect.
    """
    if awal_baru is None and akhir_lama is None:
        raise NotMeasurableError(
            "no people scored under both instruments: the years differ in rule"
        )
    m00, m11 = _mean(awal_lama), _mean(akhir_baru)
    rule = []
    if awal_baru is not None:
        _crossed(awal_lama, awal_baru, akhir_baru)
        rule.append(_mean(awal_baru) - m00)
    if akhir_lama is not None:
        _crossed(akhir_baru, akhir_lama, awal_lama)
        rule.append(m11 - _mean(akhir_lama))
    how = "rata-rata dua urutan"
    if len(rule) == 1:
        how = "pegawai tahun awal" if awal_baru is not None else "pegawai tahun akhir"
    effect = sum(rule) / len(rule)
    parts = {
        "awal": m00,
        "aturan": effect,
        "nyata": m11 - m00 - effect,
        "akhir": m11,
        "jumlah": m11 - m00,
        "cara": how,
    }
    return pd.Series(parts, dtype="object", name="selisih")


def _measured(skor: pd.DataFrame) -> pd.DataFrame:
    return skor.loc[(skor["status_ukur"] == "terukur").to_numpy()]


def _mean(skor: pd.DataFrame) -> float:
    measured = _measured(skor)
    if measured.empty:
        raise NotMeasurableError("a table measures nobody")
    return float(measured["indeks"].mean())


def _ids(skor: pd.DataFrame) -> set[str]:
    return {str(i) for i in skor["id_instrumen"].dropna().unique()}


def _same_instrument(first: pd.DataFrame, last: pd.DataFrame) -> None:
    ids = sorted(_ids(first) | _ids(last))
    if len(ids) > 1:
        raise ParameterError(
            f"instruments differ ({', '.join(ids)}); use split_rule_change for the change of rules"
        )


def _crossed(own: pd.DataFrame, crossed: pd.DataFrame, other: pd.DataFrame) -> None:
    """Check that ``crossed`` holds the people of ``own`` under the instrument of ``other``."""
    if not own.index.equals(crossed.index):
        raise ParameterError("a crossed table is not of the same people in the same order")
    if _ids(crossed) != _ids(other) or _ids(crossed) == _ids(own):
        raise ParameterError("a crossed table is not under the other year's instrument")
