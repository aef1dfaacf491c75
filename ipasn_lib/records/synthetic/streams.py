"""Independent random streams: one for each place, purpose and year of a seed.

A stream is named by the seed and by what it is for, never by what was drawn before it. So a
place's people are the same whichever other places are made, and a person's traits are the same
in whichever year they are looked at.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["person_ids", "stream"]

PURPOSES = ("provinsi", "unit", "formasi", "orang", "tahun")


def stream(seed: int, purpose: str, kode: str = "35", part: int = 0) -> np.random.Generator:
    """Return the generator of one purpose at one place; ``part`` is a year or a generation."""
    key = (int(kode), PURPOSES.index(purpose), part)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def person_ids(
    seed: int, kode: str, slot: npt.NDArray[np.int64], generation: npt.NDArray[np.int8]
) -> list[str]:
    """Return a name of 16 hexadecimal digits for each person, different for every person.

    Parameters
    ----------
    seed, kode
        As in :func:`stream`.
    slot : ndarray of int
        Number of the post at the place.
    generation : ndarray of int
        Which holder of the post (0, 1, 2).

    Notes
    -----
    Place, post and holder make one whole number, which SplitMix64's finaliser scrambles. Every
    step of it is one-to-one, so two people never share a name under a seed. Steele, Lea and
    Flood (2014), https://doi.org/10.1145/2660193.2660195.
    """
    salt = np.random.SeedSequence(seed).generate_state(1, np.uint64)[0]
    number = np.uint64(int(kode) << 40) + (slot.astype(np.uint64) << np.uint64(8))
    x = (number + generation.astype(np.uint64)) ^ salt
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    text = (x ^ (x >> np.uint64(31))).astype(">u8").tobytes().hex()
    return [text[i : i + 16] for i in range(0, len(text), 16)]
