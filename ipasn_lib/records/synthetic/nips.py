"""Made-up NIPs that nobody can have, for files that need the column."""

from __future__ import annotations

import numpy as np

from ipasn_lib.records.synthetic.calibration import load_calibration
from ipasn_lib.records.synthetic.people import People

__all__ = ["made_up_nips"]

FIRST_DAY = 32
"""No month has a 32nd day: by their birth date these NIPs name nobody who ever lived."""

SERIALS = 999


def made_up_nips(people: People) -> list[str]:
    """Return an impossible NIP of 18 digits for each person, the same in every year.

    Laid out as a NIP (Peraturan Kepala BKN 22/2007): year of birth, month and **a day from 32
    to 69**, one for each place; year of entry; month of entry, or 21 and more for a PPPK; sex;
    serial number. Post number makes month and serial, so no two people of a province share one.
    A reader that checks NIPs warns of every row, as it should.
    """
    day = FIRST_DAY + list(load_calibration().jumlah).index(people.kode)
    born = people.tahun - people.usia
    # the holder before the reference year came as young as the others did
    entered = np.where(people.pppk, people.masuk, np.minimum(people.masuk, born + 33))
    rest, serial = np.divmod(people.slot, SERIALS)
    rest, month = np.divmod(rest, 12)
    part = np.where(people.pppk, 21, 1) + month
    sex = 1 + people.perempuan.astype(np.int64)
    return [
        f"{b:04d}{1 + r:02d}{day:02d}{e:04d}{p:02d}{s}{n:03d}"
        for b, r, e, p, s, n in zip(born, rest, entered, part, sex, serial + 1, strict=True)
    ]
