"""Who signs a printed report; apart from the printing, to be checked before anything runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ipasn_lib.errors import ParameterError

__all__ = ["check_signer"]

_NEEDED = ("tempat", "tanggal", "jabatan", "nama")


def check_signer(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give who signs as it came, if it is whole.

    Parameters
    ----------
    given : mapping
        ``tempat``, ``tanggal`` (a date), ``jabatan`` and ``nama``; ``nip`` if it is to be printed.

    Raises
    ------
    ParameterError
        If a key is unknown or missing, or a value is of another kind.
    """
    known = (*_NEEDED, "nip")
    if unknown := sorted(set(given) - set(known)):
        raise ParameterError(f"unknown keys {unknown} of penanda_tangan; expected {list(known)}")
    missing = [key for key in _NEEDED if not given.get(key)]
    if missing:
        raise ParameterError(f"penanda_tangan lacks {missing}; expected {list(known)}")
    day = given["tanggal"]
    if not isinstance(day, dt.date):
        raise ParameterError("tanggal of penanda_tangan is not a date")
    if wrong := [key for key in given if key != "tanggal" and not isinstance(given[key], str)]:
        raise ParameterError(f"{wrong} of penanda_tangan is not text; put it in quotes")
    return given
