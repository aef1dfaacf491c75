"""Comparable places by structure, what structure lets one expect, and one place as an example.

:func:`ipasn_lib.analysis.compare.comparable_places` finds places of like headcount; here all of
the structure counts.
"""

from __future__ import annotations

from ipasn_lib.analysis.peers.example import compare_with_example, gain_from_example
from ipasn_lib.analysis.peers.expected import ExpectedIndex, expected_index
from ipasn_lib.analysis.peers.groups import PlaceGroups, group_places
from ipasn_lib.analysis.peers.structure import nearest_places, place_structure

__all__ = [
    "ExpectedIndex",
    "PlaceGroups",
    "compare_with_example",
    "expected_index",
    "gain_from_example",
    "group_places",
    "nearest_places",
    "place_structure",
]
