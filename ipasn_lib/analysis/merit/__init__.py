"""Does pay follow performance, and is performance told apart at all.

All functions read one table, a row a person, from :func:`ipasn_lib.records.merit.read_merit`
(several periods: :func:`one_row_a_person` first). Groups under ten people are hidden, amounts in
rupiah never shown, and sums that one person's pay dominates are withheld.
"""

from __future__ import annotations

from ipasn_lib.analysis.merit.choose import (
    known_measure,
    last_period,
    of_year,
    why_no_pay,
    why_no_predicates,
)
from ipasn_lib.analysis.merit.concordance import concordance, pair_counts
from ipasn_lib.analysis.merit.curve import ConcentrationCurve, concentration_curve
from ipasn_lib.analysis.merit.leniency import distribution_check, leniency
from ipasn_lib.analysis.merit.mismatch import pay_mismatch
from ipasn_lib.analysis.merit.rule import paid_against_rule, predicted_pay
from ipasn_lib.analysis.merit.table import one_row_a_person

__all__ = [
    "ConcentrationCurve",
    "concentration_curve",
    "concordance",
    "distribution_check",
    "known_measure",
    "last_period",
    "leniency",
    "of_year",
    "one_row_a_person",
    "paid_against_rule",
    "pair_counts",
    "pay_mismatch",
    "predicted_pay",
    "why_no_pay",
    "why_no_predicates",
]
