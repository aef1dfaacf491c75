"""The estimate with those of its checks that a panel allows; a short panel stops nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from ipasn_lib.analysis.impact.checks import (
    PreTrend,
    RandomisationTest,
    placebo_effects,
    pretrend_test,
    randomisation_test,
)
from ipasn_lib.analysis.impact.estimate import AdoptionEffect, adoption_effect
from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError
from ipasn_lib.wording import number

__all__ = ["Study", "study_adoption"]

T = TypeVar("T")

LEADS = (2, 1)
"""Years before adoption that are tested: as many of these as the panel allows."""


@dataclass(frozen=True)
class Study:
    """What could be computed; None stands for what the panel does not allow.

    Attributes
    ----------
    pengaruh : AdoptionEffect or None
        None where nothing can be compared; everything else is then None too.
    sebelum : PreTrend or None
    palsu : pandas.DataFrame or None
    acak : RandomisationTest or None
    """

    pengaruh: AdoptionEffect | None
    sebelum: PreTrend | None = None
    palsu: pd.DataFrame | None = None
    acak: RandomisationTest | None = None

    def _repr_html_(self) -> str:
        if self.pengaruh is None:
            return card("Kajian dampak", {"Pengaruh": "tidak ada pembanding"})
        made = {
            "jalur sebelum penerapan": self.sebelum,
            "tanggal palsu": self.palsu,
            "undian tahun": self.acak,
        }
        done = [name for name, found in made.items() if found is not None]
        return card(
            "Kajian dampak",
            {
                "Pengaruh rata-rata": number(self.pengaruh.efek),
                "Uji yang dapat dibuat": ", ".join(done) or "tidak ada",
            },
            sumber=self.pengaruh.sumber_data,
        )

    @property
    def tanpa_pengaruh(self) -> str:
        """Key of the reason why there is no estimate; empty where there is one."""
        return "" if self.pengaruh is not None else "tanpa_pembanding_dampak"

    @property
    def tanpa_undian(self) -> str:
        """Key of the reason why no dates can be dealt out; empty where they can."""
        return "" if self.acak is not None else "tanpa_undian"

    @property
    def semua_dipakai(self) -> str:
        """Key that says that nothing was left out; empty where something was."""
        used = self.pengaruh is not None and self.pengaruh.tidak_dipakai.empty
        return "semua_dipakai" if used else ""


def study_adoption(
    panel: pd.DataFrame,
    adopsi: pd.Series,
    *,
    seed: int,
    permutations: int = 999,
    allow_mixed: bool = False,
) -> Study:
    """Estimate the effect of a measure and make every check that the panel allows.

    Parameters
    ----------
    panel, adopsi, allow_mixed
        As in :func:`adoption_effect`; the outcome is ``indeks``.
    seed, permutations
        As in :func:`randomisation_test`.

    Returns
    -------
    Study
        The test of the years before adoption takes two years where it can, else one. The dates
        are dealt out by the studentised effect, or by the effect itself where a single place
        adopted and there is no error to divide by.

    Raises
    ------
    ParameterError
        As the four functions: a wrong input is refused, a short one is not.
    """
    effect = _if_measurable(lambda: adoption_effect(panel, adopsi, allow_mixed=allow_mixed))
    if effect is None:
        return Study(None)

    def before(leads: int) -> PreTrend:
        return pretrend_test(panel, adopsi, leads=leads, allow_mixed=allow_mixed)

    def dealt() -> RandomisationTest:
        return randomisation_test(
            panel,
            adopsi,
            seed=seed,
            permutations=permutations,
            statistic="efek" if pd.isna(effect.galat_baku) else "t",
            allow_mixed=allow_mixed,
        )

    tested = (_if_measurable(functools.partial(before, leads)) for leads in LEADS)
    return Study(
        effect,
        next((test for test in tested if test is not None), None),
        placebo_effects(panel, adopsi, allow_mixed=allow_mixed),
        _if_measurable(dealt),
    )


def _if_measurable(compute: Callable[[], T]) -> T | None:
    try:
        return compute()
    except NotMeasurableError:
        return None
