"""The vocabulary of make-believe people, and how its parts hang together.

Arrays of codes point into these tuples; tables map one vocabulary onto another by position.
"""

from __future__ import annotations

import numpy as np

__all__ = [
    "CLASSES",
    "CLASS_PPPK",
    "CLASS_RUMPUN",
    "COARSE",
    "FINE",
    "GROUPS",
    "GROUP_OF",
    "LADDER",
    "LADDER_OF",
    "LEVELS",
    "PNS_RANKS",
    "PPPK_RANKS",
    "RANKS",
    "RUMPUN",
]

RUMPUN = ("guru", "nakes", "fungsional_lain", "struktural", "pelaksana")
"""Families of jobs, finer than the regulation's groups."""

GROUPS = ("struktural", "fungsional", "pelaksana")
GROUP_OF = np.array([1, 1, 1, 0, 2], dtype=np.int8)
"""Position in ``GROUPS`` of each family of ``RUMPUN``."""

CLASSES = (
    *((rumpun, "PNS") for rumpun in RUMPUN),
    *((rumpun, "PPPK") for rumpun in RUMPUN if rumpun != "struktural"),
)
"""Family and kind of ASN of each class of job; PPPK hold no structural posts."""

CLASS_RUMPUN = np.array([RUMPUN.index(r) for r, _ in CLASSES], dtype=np.int8)
CLASS_PPPK = np.array([jenis == "PPPK" for _, jenis in CLASSES])

LEVELS = (
    *("SD", "SLTP", "SLTA", "D1", "D2", "D3", "D4", "S1"),
    *("Profesi", "S2", "Spesialis", "S3", "Subspesialis"),
)
"""Levels of education, lowest first, as the instrument of 2019 spells them."""

COARSE = ("menengah", "diploma", "sarjana", "magister", "doktor")
FINE = {
    "menengah": ("SD", "SLTP", "SLTA"),
    "diploma": ("D1", "D2", "D3"),
    "sarjana": ("D4", "S1", "Profesi"),
    "magister": ("S2", "Spesialis"),
    "doktor": ("S3", "Subspesialis"),
}
LADDER = ("SMP", "menengah", "diploma", "sarjana", "pascasarjana")
"""Rungs of education that decide a PNS's golongan."""
LADDER_OF = np.array([0, 0, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4], dtype=np.int8)

PNS_RANKS = tuple(
    f"{golongan}/{ruang}"
    for golongan, letters in (("I", "abcd"), ("II", "abcd"), ("III", "abcd"), ("IV", "abcde"))
    for ruang in letters
)
PPPK_RANKS = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    *("X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
)
RANKS = (*PNS_RANKS, *PPPK_RANKS)
