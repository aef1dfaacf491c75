"""The steps that an instrument knows, and what they are assumed to cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import Column, Dimension, Indicator, Instrument
from ipasn_lib.law.rules import BandPoints, CategoryPoints, HoursPoints, YesNoPoints

__all__ = ["NILAI_SKP", "Step", "default_steps", "steps_of", "why_no_steps"]

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
class Step:
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
        """Column of the record that the step changes."""
        return self.indikator.kolom

    @property
    def kunci(self) -> str:
        """Column of ``rincian`` that the step raises."""
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
    steps = steps_of(instrument, NILAI_SKP)
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


def why_no_steps(instrument: Instrument) -> str:
    """Give the reason why an instrument has no steps ("skor_diberikan"); empty where it has."""
    return "skor_diberikan" if instrument.is_given else ""


def steps_of(instrument: Instrument, nilai_skp: float) -> list[Step]:
    """List the steps of an instrument that computes points from records.

    Raises
    ------
    ParameterError
        If it takes scores as given, or ``nilai_skp`` lies outside the column's range.
    """
    if instrument.is_given:
        raise ParameterError(
            f"{instrument.id} takes scores as given: what a step is worth is not known"
        )
    steps: list[Step] = []
    for dimension in instrument.dimensi.values():
        for indicator in dimension.indikator:
            column = instrument.kolom[indicator.kolom]
            steps.extend(_steps_of(dimension, indicator, column, nilai_skp))
    return steps


def _steps_of(
    dimension: Dimension, indicator: Indicator, column: Column, nilai_skp: float
) -> list[Step]:
    """Give the steps of one indicator, by its kind of rule."""
    rule = indicator.aturan
    if isinstance(rule, YesNoPoints):
        return [Step(indicator.nama, indicator.label, dimension, indicator, True)]
    if isinstance(rule, HoursPoints):
        return [Step(indicator.nama, indicator.label, dimension, indicator, rule.ambang)]
    if isinstance(rule, BandPoints) and column.kosong == "nol":
        if not column.minimum <= nilai_skp <= column.maksimum:
            raise ParameterError(
                f"nilai_skp is outside {column.minimum:g}-{column.maksimum:g} of {column.nama}"
            )
        label = f"Mencatat {column.label[:1].lower()}{column.label[1:]}"
        return [Step(f"catat_{indicator.nama}", label, dimension, indicator, nilai_skp)]
    if isinstance(rule, CategoryPoints) and column.nama == "jenjang_pendidikan":
        return [
            Step(f"pendidikan_{to.lower()}", f"Pendidikan {to}", dimension, indicator, to, held)
            for to, held in PENDIDIKAN.items()
            if to in column.pilihan
        ]
    return []


def _window(indicator: Indicator) -> int | None:
    """Years for which a training counts; a recorded value or degree has no such window."""
    trained = isinstance(indicator.aturan, YesNoPoints | HoursPoints)
    return indicator.jendela_tahun if trained else None
