"""What each step would bring each person: from records, or from the points that are kept."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.analysis.improve.catalogue import NILAI_SKP, Step, steps_of
from ipasn_lib.errors import ParameterError
from ipasn_lib.index.score import score_detail
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.law.rules import BandPoints, CategoryPoints, HoursPoints

__all__ = ["open_steps", "reachable_steps"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def reachable_steps(
    pegawai: pd.DataFrame, instrument: Instrument, nilai_skp: float = NILAI_SKP
) -> pd.DataFrame:
    """Points that each step would bring each measured person.

    Parameters
    ----------
    pegawai : pandas.DataFrame
        Records, as :func:`ipasn_lib.index.score.score` takes them.
    instrument : Instrument
        One that computes points from records.
    nilai_skp : float
        SKP value (0-100) assumed for a missing record once it is recorded; it moves the result
        and belongs in the report.

    Returns
    -------
    pandas.DataFrame
        Index `id_pegawai`, measured people only; one float column a step of
        :func:`default_steps`, in points gained; 0 where the step is not open or brings nothing.

    Raises
    ------
    ParameterError
        If the instrument takes scores as given, or `nilai_skp` lies outside the column's range.
    DataError
        If the records do not fit the instrument.

    Notes
    -----
    The gain is the difference of the indicator's points with and without the step, both from
    the engine that computes the index. The index being a plain sum of indicators, gains of
    different indicators add up; of one indicator (two degrees) only one can be taken. Where the
    instrument leaves people without an SKP value unmeasured, recording it changes the number
    measured too; that step is then not offered.
    """
    steps = steps_of(instrument, nilai_skp)
    before = score_detail(pegawai, instrument)
    measured = before.notna().all(axis=1).to_numpy()
    people, base = pegawai.loc[measured], before.loc[measured]
    gains = {}
    for step in steps:
        after = score_detail(
            people.assign(**{step.kolom: _taken(people[step.kolom], step)}), instrument
        )
        gain = (after[step.kunci] - base[step.kunci]).to_numpy(dtype=float)
        # 9 decimals part points from float noise; a step that would lower points is not taken
        gains[step.nama] = np.maximum(np.round(gain, 9), 0.0)
    return pd.DataFrame(gains, index=base.index)


def open_steps(
    rincian: pd.DataFrame,
    skor: pd.DataFrame,
    instrument: Instrument,
    nilai_skp: float = NILAI_SKP,
) -> pd.DataFrame:
    """Points that each step would bring each measured person, from points instead of records.

    A folder of prepared tables keeps each person's points, not the record; they are enough.

    Parameters
    ----------
    rincian : pandas.DataFrame
        Points of each indicator, columns ``<dimensi>.<indikator>``.
    skor : pandas.DataFrame
        Scores of the same people in the same order; needs `status_ukur` and, where points
        depend on it, `kelompok_jabatan`.
    instrument : Instrument
        Under which both were made.
    nilai_skp : float
        As in :func:`reachable_steps`.

    Returns
    -------
    pandas.DataFrame
        As :func:`reachable_steps` gives, and the same numbers where points tell enough.

    Raises
    ------
    ParameterError
        If the instrument takes scores as given, or the tables do not fit it or each other.

    Notes
    -----
    A training or hours bring what is missing to the most that the job group can earn. No points
    for SKP mean that no value is on record, for every printed band earns some. A degree is open
    where *every* level that earns a person's points leads to it (5 points: SLTA, D1 and D2 alike
    lead to D3 and S1); where the points leave it in doubt, the degree is not offered, nor is the
    recording of an SKP value where a band of the instrument earns nothing.
    """
    steps = steps_of(instrument, nilai_skp)
    expected = [f"{d}.{i.nama}" for d, dim in instrument.dimensi.items() for i in dim.indikator]
    if not rincian.index.equals(skor.index) or list(rincian.columns) != expected:
        raise ParameterError(
            "rincian must hold the people of skor in the same order and the columns "
            f"{', '.join(expected)}"
        )
    measured = (skor["status_ukur"] == "terukur").to_numpy()
    earned, people = rincian.loc[measured], skor.loc[measured]
    groups = instrument.kelompok_jabatan
    named = people["kelompok_jabatan"] if "kelompok_jabatan" in people else [None] * len(people)
    group = pd.Categorical(named, categories=list(groups)).codes.astype(np.intp)
    gains = {}
    for step in steps:
        now = earned[step.kunci].to_numpy(dtype=float)
        rule, scale = step.indikator.aturan, step.dimensi.skala
        after = rule.points(_everybody(step, len(people)), group, groups) * scale
        gain = np.where(_can_take(step, now), after - now, 0.0)
        # No job group, no points for a training: NaN is nothing to gain.
        gains[step.nama] = np.maximum(np.round(np.nan_to_num(gain), 9), 0.0)
    return pd.DataFrame(gains, index=earned.index)


def _everybody(step: Step, size: int) -> pd.Series:
    """Give the step's column as it would stand had everybody taken it."""
    rule = step.indikator.aturan
    if isinstance(rule, CategoryPoints):
        only = pd.CategoricalDtype([str(step.nilai)])
        return pd.Series(np.repeat(str(step.nilai), size), dtype=only)
    if isinstance(rule, HoursPoints | BandPoints):
        return pd.Series(np.full(size, float(str(step.nilai))))
    return pd.Series(np.ones(size, dtype=bool), dtype="boolean")


def _can_take(step: Step, now: FloatArray) -> BoolArray:
    """Tell who can take a step, by the points held."""
    rule, scale = step.indikator.aturan, step.dimensi.skala
    if isinstance(rule, BandPoints):
        return (now == 0.0) & (min(rule.poin) > 0)
    if not isinstance(rule, CategoryPoints):
        return np.ones(len(now), dtype=bool)
    leads: dict[float, bool] = {}
    for level, points in rule.poin.items():
        earns = points * scale
        leads[earns] = leads.get(earns, True) and level in step.dari
    doors = np.array([earns for earns, here in leads.items() if here])
    return np.isin(np.round(now, 9), np.round(doors, 9))


def _taken(values: pd.Series, step: Step) -> pd.Series:
    """Give the column as it would stand if everybody who can take the step had taken it."""
    if step.dari:
        held = values.astype("object")
        return held.mask(held.isin(step.dari), str(step.nilai))
    if step.nilai is True:
        return pd.Series(True, index=values.index, dtype="boolean")
    numbers = pd.Series(values.to_numpy(dtype=float, na_value=np.nan), index=values.index)
    if isinstance(step.indikator.aturan, BandPoints):
        return numbers.fillna(float(str(step.nilai)))
    return numbers.fillna(0.0).clip(lower=float(str(step.nilai)))
