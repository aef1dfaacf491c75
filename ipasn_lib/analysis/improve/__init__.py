"""Find what each person can do next, and what it is worth in points.

The steps come from the instrument's own rules: a yes/no indicator can be done, hours can be
completed, a missing SKP value can be recorded, a further degree can be taken. Performance and
discipline are not for sale: no step raises an SKP value or removes a sanction. Which steps to
take for a target or a budget is :mod:`ipasn_lib.analysis.plan`.
"""

from __future__ import annotations

from ipasn_lib.analysis.improve.catalogue import NILAI_SKP, default_steps, why_no_steps
from ipasn_lib.analysis.improve.reach import open_steps, reachable_steps
from ipasn_lib.analysis.improve.summary import next_steps, step_summary

__all__ = [
    "NILAI_SKP",
    "default_steps",
    "next_steps",
    "open_steps",
    "reachable_steps",
    "step_summary",
    "why_no_steps",
]
