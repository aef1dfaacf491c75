"""Every chart of the suite under one roof: a table goes in, a published figure comes out."""

from __future__ import annotations

from ipasn_lib.figures.charts_causes import (
    between_units,
    difference_parts,
    plan_steps,
    rule_parts,
)
from ipasn_lib.figures.charts_certainty import category_probability, rank_ranges
from ipasn_lib.figures.charts_change import transition_flows, waterfall
from ipasn_lib.figures.charts_compare import dumbbell, rank_intervals
from ipasn_lib.figures.charts_curves import budget_curve, event_study
from ipasn_lib.figures.charts_doubt import effective_weights, missing_bounds
from ipasn_lib.figures.charts_groups import group_comparison
from ipasn_lib.figures.charts_index import distribution, target_line
from ipasn_lib.figures.charts_people import category_shares, gaps_counts
from ipasn_lib.figures.charts_place import dimension_bullets, pns_pppk
from ipasn_lib.figures.charts_ranked import ranking, units_ranked
from ipasn_lib.figures.charts_relation import lorenz, scatter_expected
from ipasn_lib.figures.charts_space import expected_by_structure, moran_scatter
from ipasn_lib.figures.charts_spread import quantile_strip

__all__ = [
    "between_units",
    "budget_curve",
    "category_probability",
    "category_shares",
    "difference_parts",
    "dimension_bullets",
    "distribution",
    "dumbbell",
    "effective_weights",
    "event_study",
    "expected_by_structure",
    "gaps_counts",
    "group_comparison",
    "lorenz",
    "missing_bounds",
    "moran_scatter",
    "plan_steps",
    "pns_pppk",
    "quantile_strip",
    "rank_intervals",
    "rank_ranges",
    "ranking",
    "rule_parts",
    "scatter_expected",
    "target_line",
    "transition_flows",
    "units_ranked",
    "waterfall",
]
