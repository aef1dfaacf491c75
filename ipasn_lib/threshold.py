"""The smallest group that may be shown: one number, in one data file, with its owner and reason.

It is read when the suite is loaded: with the file missing or not whole nothing starts, since
nothing could be protected.
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from dataclasses import dataclass, fields
from numbers import Integral
from pathlib import Path

from ipasn_lib.errors import DisclosureError, ParameterError

__all__ = [
    "FILE",
    "MINIMUM",
    "OWN",
    "PUNISHED",
    "SIGNED",
    "Threshold",
    "check_minimum",
    "read_threshold",
    "signed_threshold",
]

FILE = Path(__file__).with_name("ambang.toml")

OWN = "IPASN_AMBANG"
"""Environment variable that names an agency's own file, signed by an officer of its own."""

FEWEST = 3
"""No file may go below it: of two people each knows the other (Hundepool and others 2012, 4.2)."""


HIGHEST = 5.0
"""Points of discipline of whoever was never punished (PermenPANRB 38/2018 Pasal 3)."""


@dataclass(frozen=True)
class Threshold:
    """The smallest group shown, and who answers for it.

    Attributes
    ----------
    minimum : int
        People; at least 3.
    disiplin : float
        Mean points of discipline at or below which everybody of a group may have been punished.
    pemilik, alasan, sumber : str
        Who decides the number, why it is this one, and on what it rests.
    tanggal : datetime.date
        Day of the decision.
    """

    minimum: int
    disiplin: float
    pemilik: str
    alasan: str
    tanggal: dt.date
    sumber: str


def read_threshold(path: Path = FILE) -> Threshold:
    """Read the file of the smallest group.

    Raises
    ------
    DisclosureError
        If it is not there or not whole, or goes below 3.
    """
    known = [field.name for field in fields(Threshold)]
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DisclosureError(
            f"{path.name}: cannot be read ({type(error).__name__}); nothing can be shown without it"
        ) from None
    if sorted(raw) != sorted(known):
        raise DisclosureError(f"{path.name}: expected exactly the keys {', '.join(known)}")
    empty = [k for k in ("pemilik", "alasan", "sumber") if not str(raw[k]).strip()]
    if empty or type(raw["tanggal"]) is not dt.date:
        raise DisclosureError(f"{path.name}: owner, reason, source or date is missing")
    if type(raw["minimum"]) is not int or raw["minimum"] < FEWEST:
        raise DisclosureError(f"{path.name}: minimum must be a whole number of {FEWEST} or more")
    if type(raw["disiplin"]) is not float or not 0 < raw["disiplin"] < HIGHEST:
        raise DisclosureError(f"{path.name}: disiplin must be points between 0 and {HIGHEST}")
    return Threshold(**raw)


def signed_threshold() -> Threshold:
    """Read the file that holds here: the agency's own where one is named, else the suite's.

    Raises
    ------
    DisclosureError
        As :func:`read_threshold`; or the agency's own file asks for less than the suite's.
    """
    shipped = read_threshold()
    named = os.environ.get(OWN)
    if named is None:
        return shipped
    own = read_threshold(Path(named))
    if own.minimum < shipped.minimum or own.disiplin < shipped.disiplin:
        raise DisclosureError(
            f"{Path(named).name} ({OWN}): an agency's own file may ask for more than the suite's "
            f"(minimum {shipped.minimum}, disiplin {shipped.disiplin}), never for less"
        )
    return own


SIGNED = signed_threshold()
"""The number that holds here, who decided it, when and why."""

MINIMUM = SIGNED.minimum
"""Smallest group that may be shown, unless the user asks for a larger one."""

PUNISHED = SIGNED.disiplin
"""Mean points of discipline at or below which a group is hidden."""


def check_minimum(minimum: int) -> int:
    """Refuse a smallest group below the one of the file.

    Raises
    ------
    ParameterError
        If ``minimum`` is not a whole number of at least ``MINIMUM``.
    """
    if isinstance(minimum, bool) or not isinstance(minimum, Integral) or minimum < MINIMUM:
        raise ParameterError(
            f"minimum is {minimum!r}; expected a whole number of {MINIMUM} or more "
            f"(only {FILE.name} can lower it)"
        )
    return int(minimum)
