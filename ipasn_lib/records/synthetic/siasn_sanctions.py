"""Make-believe histories of sanctions: those that count, lighter, old and cancelled ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ipasn_lib.records.synthetic.events import HUKUMAN, sanction_of
from ipasn_lib.records.synthetic.siasn_draws import take
from ipasn_lib.records.synthetic.siasn_place import Place, reference
from ipasn_lib.records.synthetic.siasn_rows import Rows, day, joined, spread

__all__ = ["hukdis"]

IntArray = npt.NDArray[np.int64]
Where = npt.NDArray[np.intp]

PENALTIES = {
    (1, False): ("1", "2", "3"),
    (2, False): ("4", "7", "8"),
    (3, False): ("9", "13", "14"),
    (1, True): ("1", "2", "3"),
    (2, True): ("23", "24", "25"),
    (3, True): ("27", "28"),
}
"""Kinds of sanction by level and whether PP 94/2021 was in force."""
PP_94 = 2022
"""First whole year of PP 94/2021, promulgated 31 August 2021."""


def hukdis(place: Place) -> Rows:
    """List sanctions: the one that counts, a lighter one before it, old ones, cancelled ones."""
    dice = place.dice
    year, level = sanction_of(place.people, place.calibration)
    some = np.flatnonzero((level > 0) & (year <= place.ditarik.year))
    parts = [_sanction(place, some, 0, year[some], level[some], cancelled=False)]
    heavier = some[level[some] > HUKUMAN.index("ringan")]
    more = heavier[dice.u("tambahan", rows=heavier) < place.rate("hukuman_tambahan")]
    light = np.ones(len(more), dtype=np.int8)
    parts.append(_sanction(place, more, 1, year[more], light, cancelled=False))
    void = np.flatnonzero(dice.u("batal") < place.rate("hukuman_batal"))
    when = 2015 + np.floor(dice.u("tahun batal", rows=void) * 9.0).astype(np.int64)
    here = (when >= place.people.masuk[void]) & (when <= place.ditarik.year)
    worst = np.full(int(here.sum()), HUKUMAN.index("berat"), dtype=np.int8)
    parts.append(_sanction(place, void[here], 2, when[here], worst, cancelled=True))
    return joined(parts).until("hukuman_tanggal", np.datetime64(place.ditarik))


def _sanction(
    place: Place,
    rows: Where,
    turn: int,
    year: IntArray,
    level: npt.NDArray[np.int8],
    *,
    cancelled: bool,
) -> Rows:
    table = reference("jenis_hukuman")
    codes = list(table)
    new = year >= PP_94
    kinds = [PENALTIES[int(grade), bool(late)] for grade, late in zip(level, new, strict=True)]
    u = place.dice.u("jenis hukuman", turn, rows)
    code = np.array(
        [codes.index(own[int(draw * len(own))]) for own, draw in zip(kinds, u, strict=True)],
        dtype=np.int64,
    )
    # a cancelled one is cancelled by the day of entry, a lighter one comes before the other
    last = day(year, 1, 31) if turn else day(year, 3, 31)
    starts = spread(day(year, 1, 1), last, place.dice.u("hari hukuman", turn, rows))
    letter = starts - np.timedelta64(14, "D")  # may fall in December, outside the window
    nothing = np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[D]")
    void = starts + np.floor(20 + u * 35).astype("timedelta64[D]")
    return Rows(
        orang=rows,
        kunci=place.dice.word("hukdis", turn, rows),
        kolom={
            "jenis_hukuman_id": take(codes, code),
            "jenis_hukuman_nama": take([table[c][0] for c in codes], code),
            "jenis_tingkat_hukuman_id": take([table[c][1] for c in codes], code),
            "hukuman_tanggal": starts,
            "akhir_hukuman_tanggal": starts + np.timedelta64(365, "D"),
            "sk_tanggal": letter,
            "sk_pembatalan_nomor": take(["DATA SINTETIS"], np.full(len(rows), cancelled - 1)),
            "sk_pembatalan_tanggal": void if cancelled else nothing,
            "nomor_pp": take(["53 TAHUN 2010", "94 TAHUN 2021"], new.astype(np.int8)),
        },
    )
