"""Two sides to compare: an earlier year of a place, or another place of the same year.

Whether there is a comparison to make is decided here, once: a year that is not in the folder,
another instrument or a hidden place gives a reason instead of people. The reasons are keys;
their sentences stand with the other words of the reports.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.prepared import Prepared, is_prepared, open_prepared

__all__ = ["Sides", "earlier_year", "other_place", "why_hidden", "years_beside"]

NOBODY = pd.DataFrame()


@dataclass(frozen=True)
class Sides:
    """The people of two sides, or why they are not compared.

    Attributes
    ----------
    awal, akhir : pandas.DataFrame
        Scores of both sides, one row a person; empty where there is a reason.
    alasan : str
        Key of the reason why the two are not compared; empty where they are.
    alasan_orang : str
        The same for what follows single people from one side to the other.
    """

    awal: pd.DataFrame
    akhir: pd.DataFrame
    alasan: str
    alasan_orang: str


def years_beside(siap: Prepared) -> dict[int, Prepared]:
    """Open every year that lies beside this one, and this one itself.

    Parameters
    ----------
    siap : Prepared
        A year of a folder sorted by year (``DIR/2022``).

    Returns
    -------
    dict of int to Prepared
        In order of years; only this year where its folder is not named by its year.

    Raises
    ------
    DataError
        If a year was written by another version of the layout.
    """
    found = {siap.tahun: siap}
    for place in siap.folder.parent.glob("[12][0-9][0-9][0-9]"):
        year = int(place.name)
        if year not in found and siap.folder.name == str(siap.tahun) and is_prepared(place, year):
            found[year] = open_prepared(place, year)
    return dict(sorted(found.items()))


def why_hidden(siap: Prepared, kode_kabkota: str) -> str:
    """Give the reason why nothing of a place may be shown; empty where its mean is published."""
    known = siap.table("kabkota")["indeks"].dropna()
    return "" if kode_kabkota in known.index else "tersembunyi"


def earlier_year(siap: Prepared, tahun_awal: int, kode_kabkota: str) -> Sides:
    """Set a place's people of an earlier year beside those of this one.

    Parameters
    ----------
    siap : Prepared
        The later year.
    tahun_awal : int
        The earlier year, in the same folder of years.
    kode_kabkota : str
        The place.

    Returns
    -------
    Sides
        ``alasan``: "tahun_tidak_ada", "daerah_tidak_ada" (nobody of the place in that year),
        "tersembunyi" (too few people in one of the years) or "instrumen_lain".
        ``alasan_orang``: that, or "orang_tidak_cocok" where too few people stand in both years
        (another pseudonym key gives everybody another name).

    Raises
    ------
    ParameterError
        If the year is not earlier, or the place has no people this year.
    """
    if tahun_awal >= siap.tahun:
        raise ParameterError(f"tahun_awal {tahun_awal} is not before {siap.tahun}")
    last = siap.skor(kode_kabkota)
    before = years_beside(siap).get(tahun_awal)
    if before is None:
        return _not("tahun_tidak_ada")
    if kode_kabkota not in before.kode_kabkota:
        return _not("daerah_tidak_ada")
    if why_hidden(siap, kode_kabkota) or why_hidden(before, kode_kabkota):
        return _not("tersembunyi")
    first = before.skor(kode_kabkota)
    if _instruments(first, last) > 1:
        return _not("instrumen_lain")
    both = _measured(first).index.intersection(_measured(last).index)
    matched = len(both) >= siap.minimum
    return Sides(first, last, "", "" if matched else "orang_tidak_cocok")


def other_place(siap: Prepared, kode_kabkota: str, banding: str) -> Sides:
    """Set the people of another place (the side ``awal``) beside those of a place.

    Parameters
    ----------
    siap : Prepared
    kode_kabkota, banding : str
        The place and the one it is compared with; ``banding`` may be empty.

    Returns
    -------
    Sides
        ``alasan``: "tanpa_pembanding", "pembanding_sama", "pembanding_tidak_ada",
        "pembanding_tersembunyi" (one of the two) or "pembanding_instrumen_lain".
    """
    if not banding:
        return _not("tanpa_pembanding")
    if banding == kode_kabkota:
        return _not("pembanding_sama")
    last = siap.skor(kode_kabkota)
    if banding not in siap.kode_kabkota:
        return _not("pembanding_tidak_ada")
    if why_hidden(siap, kode_kabkota) or why_hidden(siap, banding):
        return _not("pembanding_tersembunyi")
    first = siap.skor(banding)
    if _instruments(first, last) > 1:
        return _not("pembanding_instrumen_lain")
    return Sides(first, last, "", "")


def _not(reason: str) -> Sides:
    return Sides(NOBODY, NOBODY, reason, reason)


def _measured(skor: pd.DataFrame) -> pd.DataFrame:
    return skor.loc[(skor["status_ukur"] == "terukur").to_numpy()]


def _instruments(*tables: pd.DataFrame) -> int:
    return len({str(i) for t in tables for i in _measured(t)["id_instrumen"].unique()})
