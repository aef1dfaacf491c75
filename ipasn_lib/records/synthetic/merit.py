"""Make-believe people of one agency: how they were rated and what they were paid in a month.

Shaped to try out every question about merit, not to resemble an agency. All numbers below are
assumptions: pay follows the shape of the rule "tpp-jambi" with a few departures from it, the
better rated come to work a little more regularly, two units rate nearly everyone Sangat Baik, and
one unit pays everybody the full ceiling.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.pay_rules import load_pay_rule
from ipasn_lib.law.predicate_rules import PREDIKAT
from ipasn_lib.records.synthetic.files import save_csv

__all__ = ["MERIT_RULE", "synthesize_merit", "write_merit_example"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MERIT_RULE = "tpp-jambi"
"""Pay rule whose columns the table has."""

FEWEST = 300

UNITS = (
    "Dinas Pendidikan",
    "Dinas Kesehatan",
    "Dinas Pekerjaan Umum",
    "Dinas Perhubungan",
    "Dinas Sosial",
    "Dinas Pertanian",
    "Badan Keuangan Daerah",
    "Badan Perencanaan",
    "Sekretariat Daerah",
    "Satuan Polisi Pamong Praja",
)
LENIENT = (4, 7)
FULL_PAY = 8
STEEP = 5
"""Positions in ``UNITS``: rating nearly all Sangat Baik, paying all in full, rating Baik only."""

PREDICATES = (0.01, 0.04, 0.11, 0.60, 0.24)
PREDICATES_LENIENT = (0.0, 0.0, 0.01, 0.04, 0.95)
PREDICATES_STEEP = (0.0, 0.0, 0.0, 0.86, 0.14)
CLASSES = {5: 0.26, 6: 0.14, 7: 0.27, 8: 0.13, 9: 0.20}
CEILING = {5: 2_750_000.0, 6: 3_200_000.0, 7: 3_900_000.0, 8: 4_700_000.0, 9: 6_100_000.0}
EVENTS = {
    "tidak_hadir": 0.9,
    "terlambat_1": 1.2,
    "terlambat_2": 0.5,
    "pulang_cepat_1": 0.5,
    "tidak_upacara": 0.3,
}
"""Mean number of events a month of a person rated Baik; other events do not happen."""

BEHAVIOUR = (2.6, 2.1, 1.6, 1.0, 0.7)
"""By how much the mean number of events differs by predicate."""

NOT_RATED, ARREARS, ADVANCE = 0.02, 0.09, 0.07


def synthesize_merit(seed: int, people: int = 1200, tahun: int = 2025) -> pd.DataFrame:
    """Make a table of performance and pay of people who don't exist.

    Parameters
    ----------
    seed : int
        Same seed, same people; 0 or more.
    people : int
        How many, at least 300: with fewer nearly everything would be hidden.
    tahun : int
        Year; the month is December.

    Returns
    -------
    pandas.DataFrame
        In the shape of :func:`ipasn_lib.records.merit.read_merit` under the rule "tpp-jambi":
        ``id_pegawai``, ``periode``, ``unit_kerja``, ``kelas_jabatan``, ``predikat``, ``nilai``,
        ``tunjangan``, ``pagu``, the rule's counts of events, and ``sumber_data`` "sintetis,
        benih N".

    Raises
    ------
    ParameterError
        For a negative seed or fewer than 300 people.
    """
    if seed < 0 or people < FEWEST:
        raise ParameterError(f"seed must be 0 or more, people {FEWEST} or more")
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(35, 7)))
    rule = load_pay_rule(MERIT_RULE)
    unit = np.sort(rng.integers(0, len(UNITS), people))
    kelas = rng.choice(list(CLASSES), people, p=list(CLASSES.values()))
    step = _ratings(rng, unit)
    value = np.round(np.array([48.0, 62.0, 74.0, 86.0, 98.0])[step] + rng.normal(0, 3, people), 1)
    mean = np.array(BEHAVIOUR)[step]
    events = {c: np.zeros(people) for c in rule.kolom}
    for name, often in EVENTS.items():
        events[name] = rng.poisson(often * mean).astype(np.float64)
    events["tidak_menilai_bawahan"] = ((kelas >= 9) & (rng.random(people) < 0.06)).astype(float)
    rated = rng.random(people) >= NOT_RATED
    ceiling = np.array([CEILING[int(k)] for k in kelas])
    factor = np.where(rated, np.array([rule.kinerja.faktor[p] for p in PREDIKAT])[step], 0.40)
    paid = ceiling * _share(factor - 0.05 * events["tidak_menilai_bawahan"], events)
    # departures: arrears paid later, an advance of last month's, a unit that pays in full
    lot = rng.random(people)
    paid = np.where(lot < ARREARS, paid * rng.uniform(0.70, 0.93, people), paid)
    paid = np.where(lot > 1 - ADVANCE, np.minimum(paid * 1.12, ceiling), paid)
    paid = np.where(unit == FULL_PAY, ceiling, paid)
    codes = np.where(rated, step, -1).astype(np.int64)
    return pd.DataFrame(
        {
            "id_pegawai": pd.array([f"sintetis-{n + 1:05d}" for n in range(people)], dtype="str"),
            "periode": pd.array([f"{tahun}-12"] * people, dtype="str"),
            "unit_kerja": pd.array([UNITS[u] for u in unit], dtype="str"),
            "kelas_jabatan": pd.array(kelas, dtype="Int64"),
            "predikat": pd.Categorical.from_codes(
                codes, categories=pd.Index(PREDIKAT), ordered=True
            ),
            "nilai": np.where(rated, np.minimum(value, 110.0), np.nan),
            "tunjangan": np.round(paid, -2),
            "pagu": ceiling,
            **events,
            "sumber_data": pd.array([f"sintetis, benih {seed}"] * people, dtype="str"),
        }
    )


def write_merit_example(path: Path, seed: int = 2017, people: int = 1200) -> Path:
    """Write such a table as the csv that an office would hand in, marked by its last column."""
    table = synthesize_merit(seed, people)
    plain = table.astype({"predikat": "object"}).astype("object")
    rows = plain.where(table.notna(), "").itertuples(index=False, name=None)
    save_csv(path, [str(c) for c in table], rows)
    return path


def _ratings(rng: np.random.Generator, unit: IntArray) -> IntArray:
    """Draw the predicate (0-4) of each person by the habit of the unit."""
    habit = np.tile(np.cumsum(PREDICATES), (len(UNITS), 1))
    habit[list(LENIENT)] = np.cumsum(PREDICATES_LENIENT)
    habit[STEEP] = np.cumsum(PREDICATES_STEEP)
    drawn = rng.random(len(unit))
    return np.minimum((habit[unit] <= drawn[:, None]).sum(axis=1), len(PREDIKAT) - 1)


def _share(factor: FloatArray, events: dict[str, FloatArray]) -> FloatArray:
    """Share of the ceiling due under Jambi's rule (see its file), from the events drawn here."""
    away = 0.03 * events["tidak_hadir"] + 0.005 * events["terlambat_1"]
    away = np.minimum(1.0, away + 0.01 * events["terlambat_2"] + 0.005 * events["pulang_cepat_1"])
    kept = 1 - np.minimum(1.0, away + 0.02 * events["tidak_upacara"])
    return np.asarray(0.6 * np.maximum(factor, 0.0) * (1 - away) + 0.4 * kept)
