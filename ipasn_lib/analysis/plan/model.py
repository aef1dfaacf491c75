"""The choices there are: kinds of people, steps, seats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError

__all__ = ["FloatArray", "IntArray", "Model", "build_model"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """The choices there are: one entry a kind of person and step that brings it points."""

    steps: pd.DataFrame
    people: pd.DataFrame
    kind_of: dict[str, IntArray]
    """For each indicator, the kind of each person (row of ``people``)."""
    step: IntArray
    kind: IntArray
    gain: FloatArray
    size: IntArray
    """People of each kind (kinds are numbered over all indicators)."""
    seats: FloatArray
    bulan: int

    @property
    def cost(self) -> IntArray:
        """Rupiah a person of each choice."""
        return self.steps["biaya"].to_numpy(dtype=np.int64)[self.step]

    @property
    def points(self) -> float:
        """Points that all people have together before the plan."""
        return float(self.people["indeks"].sum())


def build_model(
    skor: pd.DataFrame, peluang: pd.DataFrame, langkah: pd.DataFrame, bulan: int
) -> Model:
    """Check the tables and group the people into kinds, indicator by indicator.

    Raises
    ------
    ParameterError
        As :func:`ipasn_lib.analysis.plan.plan_for_budget` says.
    """
    steps = _checked_steps(langkah, peluang)
    if isinstance(bulan, bool) or bulan < 1:
        raise ParameterError("bulan must be at least 1")
    if not peluang.index.is_unique or not peluang.index.isin(skor.index).all():
        raise ParameterError("peluang names a person twice or one who is not in skor")
    if peluang.empty:
        raise NotMeasurableError("nobody is measured: there is nothing to plan")
    people = skor.loc[peluang.index, ["kode_kabkota", "unit_kerja", "indeks"]]
    if people["indeks"].isna().any():
        raise ParameterError("peluang holds people without an index; give the measured ones only")
    steps = steps.loc[(steps["bulan"] <= bulan).to_numpy()]
    step: list[int] = []
    kind: list[int] = []
    gain: list[float] = []
    sizes: list[int] = []
    kind_of: dict[str, IntArray] = {}
    for indicator, names in steps.groupby("indikator", sort=False).groups.items():
        points = np.round(peluang[list(names)].to_numpy(dtype=float), 9)
        rows, inverse, n = np.unique(points, axis=0, return_inverse=True, return_counts=True)
        first = len(sizes)
        kind_of[str(indicator)] = inverse.reshape(-1) + first
        sizes.extend(n)
        for r, c in zip(*np.nonzero(rows > 0), strict=True):
            step.append(int(steps.index.get_indexer(pd.Index([names[c]]))[0]))
            kind.append(first + r)
            gain.append(rows[r, c])
    return Model(
        steps=steps,
        people=people,
        kind_of=kind_of,
        step=np.array(step, dtype=np.int64),
        kind=np.array(kind, dtype=np.int64),
        gain=np.array(gain, dtype=float),
        size=np.array(sizes, dtype=np.int64),
        seats=_seats(steps, bulan),
        bulan=int(bulan),
    )


def _checked_steps(langkah: pd.DataFrame, peluang: pd.DataFrame) -> pd.DataFrame:
    needed = ["label", "indikator", "biaya", "kapasitas", "bulan", "jendela_tahun", "dasar"]
    missing = [c for c in needed if c not in langkah.columns]
    if missing:
        raise ParameterError(f"langkah lacks column {', '.join(missing)}")
    unknown = [str(s) for s in langkah.index if s not in peluang.columns]
    if unknown or not langkah.index.is_unique or not len(langkah):
        raise ParameterError(
            "langkah must name at least one step, each once; "
            f"unknown: {', '.join(unknown) or '-'}; known: {', '.join(peluang.columns)}"
        )
    for column, optional in (
        ("biaya", False),
        ("bulan", False),
        ("kapasitas", True),
        ("jendela_tahun", True),
    ):
        numbers = pd.to_numeric(langkah[column], errors="coerce").to_numpy(float, na_value=np.nan)
        blank = langkah[column].isna().to_numpy()
        wrong = np.isnan(numbers) & ~(blank & optional)
        wrong |= ~np.isnan(numbers) & ((numbers < 0) | (numbers != np.floor(numbers)))
        if wrong.any():
            raise ParameterError(
                f"langkah: {column} must be whole and not negative"
                f"{' or blank' if optional else ''}; see {', '.join(langkah.index[wrong])}"
            )
    return langkah


def _seats(steps: pd.DataFrame, bulan: int) -> FloatArray:
    """Seats of each step until the measurement; infinite where there is no limit."""
    yearly = steps["kapasitas"].to_numpy(dtype=float, na_value=np.inf)
    window = steps["jendela_tahun"].to_numpy(dtype=float, na_value=np.inf) * 12
    return np.floor(yearly * np.minimum(window, bulan) / 12)
