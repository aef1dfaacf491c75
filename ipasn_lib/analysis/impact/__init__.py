"""Did a measure change anything: an event study for places that adopted it in different years.

``adoption_effect`` estimates it, ``pretrend_test``, ``placebo_effects`` and
``randomisation_test`` look for signs against believing it (``study_adoption`` does all four), and
``cannot_conclude`` says in plain Indonesian what the numbers leave open. The order matters less
than the last step.
"""

from __future__ import annotations

from ipasn_lib.analysis.impact.checks import (
    PreTrend,
    RandomisationTest,
    placebo_effects,
    pretrend_test,
    randomisation_test,
)
from ipasn_lib.analysis.impact.estimate import AdoptionEffect, adoption_effect
from ipasn_lib.analysis.impact.limits import cannot_conclude
from ipasn_lib.analysis.impact.shown import (
    checks_together,
    effect_by_year,
    left_out,
    mean_paths,
    years_around,
)
from ipasn_lib.analysis.impact.study import Study, study_adoption

__all__ = [
    "AdoptionEffect",
    "PreTrend",
    "RandomisationTest",
    "Study",
    "adoption_effect",
    "cannot_conclude",
    "checks_together",
    "effect_by_year",
    "left_out",
    "mean_paths",
    "placebo_effects",
    "pretrend_test",
    "randomisation_test",
    "study_adoption",
    "years_around",
]
