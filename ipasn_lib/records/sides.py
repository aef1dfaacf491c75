"""Two sides to compare: an earlier year of a place, or another place of the same year.

Whether there is a comparison to make is decided here, once: a year that is not in the folder,
another instrument or a hidden place gives a reason instead of people. The reasons are keys;
their sentences stand with the other words of the reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.layout import NOTE, PLACES, is_prepared
from ipasn_lib.records.prepared import Prepared, open_prepared

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Crossed",
    "Sides",
    "crossed_year",
    "earlier_year",
    "other_place",
    "why_hidden",
    "years_beside",
]


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


@dataclass(frozen=True)
class Crossed:
    """Two years under two instruments, and one of them under the other's, or why they are not.

    Attributes
    ----------
    awal_lama, akhir_baru : pandas.DataFrame
        Scores of the earlier and the later year as published; empty where there is a reason.
    awal_baru, akhir_lama : pandas.DataFrame or None
        The earlier people under the later rules, or the later people under the earlier ones.
    alasan : str
        Key of the reason why rules and people are not told apart; empty where they are.
    """

    awal_lama: pd.DataFrame
    akhir_baru: pd.DataFrame
    awal_baru: pd.DataFrame | None
    akhir_lama: pd.DataFrame | None
    alasan: str


def years_beside(siap: Prepared) -> dict[int, Prepared]:
    """Open every year that lies beside this one, and this one itself.

    Parameters
    ----------
    siap : Prepared
        A year of a folder sorted by year (``DIR/2022``), or a place's part of it.

    Returns
    -------
    dict of int to Prepared
        In order of years; only this year where its folder is not named by its year. Of a place
        the same part of each year that has people of it.

    Raises
    ------
    DataError
        If a year was written by another version of the layout.
    """
    found, home = {siap.tahun: siap}, _year_folder(siap)
    for folder in home.parent.glob("[12][0-9][0-9][0-9]"):
        year = int(folder.name)
        part = folder / PLACES / siap.tempat if siap.tempat else folder
        if year not in found and home.name == str(siap.tahun) and (part / NOTE).is_file():
            found[year] = open_prepared(part, year)
    return dict(sorted(found.items()))


def _year_folder(siap: Prepared) -> Path:
    return siap.folder.parents[1] if siap.tempat else siap.folder


def why_hidden(siap: Prepared, kode_kabkota: str) -> str:
    """Give the reason why nothing of a place may be shown; empty where its mean is published."""
    return "tersembunyi" if siap.place(kode_kabkota).table("tempat")["indeks"].isna().any() else ""


def earlier_year(siap: Prepared, tahun_awal: int, kode_kabkota: str) -> Sides:
    """Set a place's people of an earlier year beside those of this one.

    Parameters
    ----------
    siap : Prepared
        The later year, or the place's part of it.
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
        without = is_prepared(_year_folder(siap).parent / str(tahun_awal), tahun_awal)
        return _not("daerah_tidak_ada" if siap.tempat and without else "tahun_tidak_ada")
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


def crossed_year(
    siap: Prepared, tahun_awal: int, kode_kabkota: str, silang: str | Path = ""
) -> Crossed:
    """Set two years under two instruments beside one of them under the other's rules.

    Parameters
    ----------
    siap, tahun_awal, kode_kabkota
        As in :func:`earlier_year`.
    silang : str or pathlib.Path
        A folder in which the files of one of the two years were prepared under the other year's
        instrument or readings; may be empty.

    Returns
    -------
    Crossed
        ``alasan``: as of :func:`earlier_year`, but "aturan_sama" where the instruments are one,
        "tanpa_silang" where no folder is named, and "silang_tidak_cocok" where it holds other
        people or other rules.
    """
    years = earlier_year(siap, tahun_awal, kode_kabkota)
    if years.alasan != "instrumen_lain":
        return _not_crossed(years.alasan or "aturan_sama")
    if not str(silang):
        return _not_crossed("tanpa_silang")
    first, last = years_beside(siap)[tahun_awal].skor(kode_kabkota), siap.skor(kode_kabkota)
    for year, own, other in ((tahun_awal, first, last), (siap.tahun, last, first)):
        folder = _opened(silang, year)
        if folder is None or kode_kabkota not in folder.kode_kabkota:
            continue
        again = folder.skor(kode_kabkota)
        # files may be read in another order; the people must be the same
        if len(again) == len(own) and set(again.index) == set(own.index):
            again = again.loc[own.index]
            if set(again["id_instrumen"]) == set(other["id_instrumen"]):
                if year == tahun_awal:
                    return Crossed(first, last, again, None, "")
                return Crossed(first, last, None, again, "")
    return _not_crossed("silang_tidak_cocok")


def _opened(folder: str | Path, tahun: int) -> Prepared | None:
    try:
        return open_prepared(folder, tahun)
    except ParameterError:  # another year, or no prepared tables at all
        return None


def _not_crossed(reason: str) -> Crossed:
    return Crossed(_nobody(), _nobody(), None, None, reason)


def other_place(siap: Prepared, kode_kabkota: str, banding: str) -> Sides:
    """Set the people of another place (the side ``awal``) beside those of a place.

    Parameters
    ----------
    siap : Prepared
        The year, or the place's part of it; the other place's part lies beside.
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
    last, other = siap.skor(kode_kabkota), _part_of(siap, banding)
    if other is None:
        return _not("pembanding_tidak_ada")
    if why_hidden(siap, kode_kabkota) or why_hidden(other, banding):
        return _not("pembanding_tersembunyi")
    first = other.skor(banding)
    if _instruments(first, last) > 1:
        return _not("pembanding_instrumen_lain")
    return Sides(first, last, "", "")


def _part_of(siap: Prepared, kode_kabkota: str) -> Prepared | None:
    if not siap.tempat:
        return siap.place(kode_kabkota) if kode_kabkota in siap.kode_kabkota else None
    folder = siap.folder.parent / kode_kabkota
    other = open_prepared(folder, siap.tahun) if (folder / NOTE).is_file() else None
    return other if other is not None and other.tempat == kode_kabkota else None


def _not(reason: str) -> Sides:
    return Sides(_nobody(), _nobody(), reason, reason)


def _nobody() -> pd.DataFrame:
    # pandas takes a second to load: who only asks which years there are goes without
    import pandas as pd

    return pd.DataFrame()


def _measured(skor: pd.DataFrame) -> pd.DataFrame:
    return skor.loc[(skor["status_ukur"] == "terukur").to_numpy()]


def _instruments(*tables: pd.DataFrame) -> int:
    return len({str(i) for t in tables for i in _measured(t)["id_instrumen"].unique()})
