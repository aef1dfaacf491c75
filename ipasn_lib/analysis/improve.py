"""Find what each person can do next, and what it is worth in points.

The steps come from the instrument's own rules: a yes/no indicator can be done, hours can be
completed, a missing SKP value can be recorded, a further degree can be taken. Performance and
discipline are not for sale: no step raises an SKP value or removes a sanction. Which steps to
take for a target or a budget is :mod:`ipasn_lib.analysis.plan`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.index.score import score_detail
from ipasn_lib.law.instrument import Column, Dimension, Indicator, Instrument
from ipasn_lib.law.rules import BandPoints, CategoryPoints, HoursPoints, YesNoPoints

__all__ = ["NILAI_SKP", "default_steps", "next_steps", "reachable_steps", "step_summary"]

NILAI_SKP = 80.0
"""SKP value assumed for a record that is missing (an assumption: the middle of "Baik")."""

# Next level of formal education, by the level held (UU 20/2003 Pasal 18-20; KKNI, Perpres
# 8/2012). Two ways are open from SLTA, D1 and D2; a person can take one.
PENDIDIKAN: Mapping[str, tuple[str, ...]] = {
    "SLTA": ("SD", "SLTP"),
    "D3": ("SLTA", "D1", "D2"),
    "S1": ("SLTA", "D1", "D2", "D3"),
    "S2": ("D4", "S1", "Profesi"),
    "S3": ("S2", "Spesialis"),
}

# Rupiah a person, people a year (None: no limit), months. Round figures to start from; no
# official tariff stands behind any of them.
ASUMSI: Mapping[str, tuple[int, int | None, int]] = {
    "catat_nilai_kinerja": (0, None, 1),
    "diklat_kepemimpinan": (20_000_000, 120, 4),
    "diklat_fungsional": (8_000_000, 300, 2),
    "diklat_teknis": (1_500_000, 3_000, 1),
    "seminar": (300_000, None, 1),
    "pendidikan_slta": (3_000_000, None, 36),
    "pendidikan_d3": (25_000_000, 100, 36),
    "pendidikan_s1": (30_000_000, 200, 48),
    "pendidikan_s2": (40_000_000, 60, 24),
    "pendidikan_s3": (100_000_000, 10, 48),
}


@dataclass(frozen=True)
class _Step:
    """One step: the indicator it raises, and the value its column takes.

    ``dari`` names the categories from which the step can be taken; empty for other columns.
    """

    nama: str
    label: str
    dimensi: Dimension
    indikator: Indicator
    nilai: object
    dari: tuple[str, ...] = ()

    @property
    def kolom(self) -> str:
        return self.indikator.kolom

    @property
    def kunci(self) -> str:
        return f"{self.dimensi.nama}.{self.indikator.nama}"


def default_steps(instrument: Instrument) -> pd.DataFrame:
    """List the steps that an instrument knows, with assumed costs to be replaced by your own.

    Parameters
    ----------
    instrument : Instrument
        One that computes points from records.

    Returns
    -------
    pandas.DataFrame
        Index `langkah`; `label`; `indikator` (``<dimensi>.<indikator>``: steps of one indicator
        exclude each other); `biaya` (Int64, rupiah a person); `kapasitas` (Int64, people a year;
        NA: no limit); `bulan` (Int64, months until it counts); `jendela_tahun` (Int64, years for
        which it counts; NA: always); `dasar` ("asumsi": nobody's tariff). A step without an
        assumption has NA in `biaya` and must be filled before planning.

    Raises
    ------
    ParameterError
        If the instrument takes scores as given: then no step's points are known.

    Examples
    --------
    Own figures replace the assumptions, and `dasar` says so::

        langkah.loc["seminar", ["biaya", "dasar"]] = [250_000, "DPA BKPSDM 2025"]
    """
    steps = _steps(instrument, NILAI_SKP)
    assumed = [ASUMSI.get(s.nama, (None, None, None)) for s in steps]
    return pd.DataFrame(
        {
            "label": [s.label for s in steps],
            "indikator": [s.kunci for s in steps],
            "biaya": pd.array([a[0] for a in assumed], dtype="Int64"),
            "kapasitas": pd.array([a[1] for a in assumed], dtype="Int64"),
            "bulan": pd.array([a[2] for a in assumed], dtype="Int64"),
            "jendela_tahun": pd.array([_window(s.indikator) for s in steps], dtype="Int64"),
            "dasar": ["asumsi" if a[0] is not None else "belum diisi" for a in assumed],
        },
        index=pd.Index([s.nama for s in steps], name="langkah"),
    )


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
    steps = _steps(instrument, nilai_skp)
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


def next_steps(peluang: pd.DataFrame, langkah: pd.DataFrame) -> pd.DataFrame:
    """List each person's open steps, best value first.

    Parameters
    ----------
    peluang : pandas.DataFrame
        From :func:`reachable_steps`.
    langkah : pandas.DataFrame
        Steps with their costs, as :func:`default_steps` gives them.

    Returns
    -------
    pandas.DataFrame
        One row a person and open step: index `id_pegawai`; `urutan` (1 first), `langkah`,
        `label`, `poin` (gained), `biaya`, `bulan`, `poin_per_juta` (points per million rupiah;
        infinite where free). Of two steps of one indicator both are listed; one can be taken.
    """
    _known(peluang, langkah)
    rows = []
    for name in langkah.index:
        step = langkah.loc[name]
        gain = peluang[name].loc[(peluang[name] > 0).to_numpy()]
        rows.append(
            pd.DataFrame(
                {
                    "langkah": name,
                    "label": step["label"],
                    "poin": gain,
                    "biaya": step["biaya"],
                    "bulan": step["bulan"],
                    "poin_per_juta": _per_million(gain, step["biaya"]),
                }
            )
        )
    table = pd.concat(rows).rename_axis(index="id_pegawai")
    table = table.sort_values(["poin_per_juta", "poin"], ascending=False, kind="stable")
    table = table.sort_index(kind="stable")
    table.insert(0, "urutan", table.groupby(level=0).cumcount() + 1)
    return table


def step_summary(peluang: pd.DataFrame, langkah: pd.DataFrame) -> pd.DataFrame:
    """Give what each step would bring a place if everybody open to it took it.

    Parameters
    ----------
    peluang, langkah
        As in :func:`next_steps`.

    Returns
    -------
    pandas.DataFrame
        Index `langkah`; `label`, `n_orang` (people for whom it brings points), `poin` (their
        sum), `kenaikan_indeks` (points of the place's index), `biaya` (rupiah for all of them),
        `poin_per_juta` (points per million rupiah; infinite where free, NaN where nobody is
        open), `dasar`. Steps of one indicator exclude each other, so rows need not add up.
    """
    _known(peluang, langkah)
    gains = peluang[list(langkah.index)]
    n = (gains > 0).sum()
    cost = n * langkah["biaya"]
    return pd.DataFrame(
        {
            "label": langkah["label"],
            "n_orang": n,
            "poin": gains.sum(),
            "kenaikan_indeks": gains.sum() / max(len(gains), 1),
            "biaya": cost,
            "poin_per_juta": [
                _per_million(points, total) for points, total in zip(gains.sum(), cost, strict=True)
            ],
            "dasar": langkah["dasar"],
        },
        index=langkah.index,
    )


def _steps(instrument: Instrument, nilai_skp: float) -> list[_Step]:
    if instrument.is_given:
        raise ParameterError(
            f"{instrument.id} takes scores as given: what a step is worth is not known"
        )
    steps: list[_Step] = []
    for dimension in instrument.dimensi.values():
        for indicator in dimension.indikator:
            column = instrument.kolom[indicator.kolom]
            steps.extend(_steps_of(dimension, indicator, column, nilai_skp))
    return steps


def _steps_of(
    dimension: Dimension, indicator: Indicator, column: Column, nilai_skp: float
) -> list[_Step]:
    """Give the steps of one indicator, by its kind of rule."""
    rule = indicator.aturan
    if isinstance(rule, YesNoPoints):
        return [_Step(indicator.nama, indicator.label, dimension, indicator, True)]
    if isinstance(rule, HoursPoints):
        return [_Step(indicator.nama, indicator.label, dimension, indicator, rule.ambang)]
    if isinstance(rule, BandPoints) and column.kosong == "nol":
        if not column.minimum <= nilai_skp <= column.maksimum:
            raise ParameterError(
                f"nilai_skp is outside {column.minimum:g}-{column.maksimum:g} of {column.nama}"
            )
        label = f"Catat {column.label} yang belum ada"
        return [_Step(f"catat_{indicator.nama}", label, dimension, indicator, nilai_skp)]
    if isinstance(rule, CategoryPoints) and column.nama == "jenjang_pendidikan":
        return [
            _Step(f"pendidikan_{to.lower()}", f"Pendidikan {to}", dimension, indicator, to, held)
            for to, held in PENDIDIKAN.items()
            if to in column.pilihan
        ]
    return []


def _taken(values: pd.Series, step: _Step) -> pd.Series:
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


def _window(indicator: Indicator) -> int | None:
    """Years for which a training counts; a recorded value or degree has no such window."""
    trained = isinstance(indicator.aturan, YesNoPoints | HoursPoints)
    return indicator.jendela_tahun if trained else None


def _known(peluang: pd.DataFrame, langkah: pd.DataFrame) -> None:
    unknown: Sequence[object] = [name for name in langkah.index if name not in peluang.columns]
    if unknown:
        raise ParameterError(
            f"unknown step {', '.join(map(str, unknown))}; known: {', '.join(peluang.columns)}"
        )


def _per_million(points: pd.Series | float, cost: float) -> pd.Series | float:
    if cost > 0:
        return points * 1e6 / float(cost)
    free = np.where(np.asarray(points) > 0, np.inf, np.nan)
    return pd.Series(free, index=points.index) if isinstance(points, pd.Series) else float(free)
