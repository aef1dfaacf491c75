"""The one room for words: how numbers, dates and sentences are printed in each language."""

from ipasn_lib.wording.catalogue import (
    BAHASA,
    check_language,
    family,
    is_known,
    join,
    ordinal,
    speaker,
    text,
    translate,
    warm_up,
)
from ipasn_lib.wording.numbers import (
    HIDDEN,
    MISSING,
    count,
    date,
    difference,
    number,
    percent,
    points,
    round_half_up,
    rupiah,
)

__all__ = [
    "BAHASA",
    "HIDDEN",
    "MISSING",
    "check_language",
    "count",
    "date",
    "difference",
    "family",
    "is_known",
    "join",
    "number",
    "ordinal",
    "percent",
    "points",
    "round_half_up",
    "rupiah",
    "speaker",
    "text",
    "translate",
    "warm_up",
]
