"""Make-believe exports of SIASN: the raw files from which the index of 2019 can be derived.

The people are those of :func:`ipasn_lib.records.synthetic.synthesize`, row for row. Their
histories are made backwards from what is true of them: whoever derives the record from the files
by the rules of ``turunan`` in the instrument of 2019 finds the table that ``synthesize`` gives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import Instrument
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.records.siasn.shapes import load_shapes
from ipasn_lib.records.synthetic.calibration import load_calibration
from ipasn_lib.records.synthetic.files import MARK, atomic, empty_folder
from ipasn_lib.records.synthetic.nips import made_up_nips
from ipasn_lib.records.synthetic.people import people_of
from ipasn_lib.records.synthetic.siasn_careers import diklat, jabatan, pendidikan
from ipasn_lib.records.synthetic.siasn_draws import Dice, uuids
from ipasn_lib.records.synthetic.siasn_files import (
    EXPORT_FORMATS,
    style_of,
    with_quirks,
    write_rows,
)
from ipasn_lib.records.synthetic.siasn_nominatif import nominatif
from ipasn_lib.records.synthetic.siasn_place import ENTRY, Place, place_of
from ipasn_lib.records.synthetic.siasn_sanctions import hukdis
from ipasn_lib.records.synthetic.siasn_yearly import kinerja_periodik, kursus, skp, skp22
from ipasn_lib.records.synthetic.table import headcount, label_of, synthesize

__all__ = ["nip_table", "truth", "write_siasn"]

FIRST_YEAR, LAST_YEAR = 2019, 2022
LAST_DAY = dt.date(2026, 12, 31)

HISTORIES = {
    "pendidikan": pendidikan,
    "jabatan": jabatan,
    "diklat": diklat,
    "kursus": kursus,
    "skp": skp,
    "skp22": skp22,
    "kinerja_periodik": kinerja_periodik,
    "hukdis": hukdis,
}

README = """{mark}

Folder ini berisi ekspor SIASN tiruan. Tidak seorang pun di dalamnya ada, dan tidak satu angka pun
berasal dari kabupaten/kota yang namanya dipakai. Jangan mengutipnya sebagai keadaan daerah.

Dibuat dengan benih {seed}, skala {scale:g}, tahun pengukuran {tahun}, instrumen {instrumen}, seolah
diambil pada {ditarik}. Satu folder setiap kabupaten/kota; di dalamnya nominatif dan riwayat.
Indeks yang diturunkan dari berkas ini sama dengan yang dibuat lebih dahulu. Cacatnya disengaja:
apostrof, dua bentuk tanggal, koma desimal, kode lama, baris ganda, hukuman yang dibatalkan.

NIP dalam berkas ini sengaja mustahil: tanggal lahirnya 32 sampai 69. Nama orang diganti
"{mark}" dan nomor urut; semua lahir 1 Januari; PNS ID adalah UUID karangan.
"""


def write_siasn(
    out: Path,
    seed: int,
    scale: float,
    tahun: int,
    instrument: Instrument,
    fmt: str,
    kabkota: Sequence[str] | None = None,
    *,
    ditarik: dt.date | None = None,
) -> list[Path]:
    """Write make-believe exports of SIASN, one folder a place.

    Parameters
    ----------
    out : pathlib.Path
        Folder to write; made if needed, refused if it holds anything.
    seed, scale, kabkota
        As in :func:`ipasn_lib.records.synthetic.synthesize`.
    tahun : int
        Measurement year, 2019 to 2022.
    instrument : Instrument
        One that scores records and says how they follow from SIASN (``turunan``).
    fmt : {"parquet", "xlsx", "csv", "json"}
    ditarik : datetime.date, optional
        Day on which the exports are taken; 31 March of the measurement year if left out. After
        a later day the histories go on to it, and a reader must be told the day of entry, 31
        March, to leave out what came after. At the latest 31 December 2026.

    Returns
    -------
    list of pathlib.Path
        ``3510-kab-banyuwangi/nominatif.csv``, ``.../pendidikan.csv``, ``jabatan``, ``diklat``,
        ``kursus``, ``skp``, ``hukdis``, and from exports of 2023 on ``skp22`` and
        ``kinerja_periodik``; by place. A history without a row has a file with headings only,
        and none in json. ``README.txt`` in ``out`` says what they are. Each file
        appears whole or not at all; the same arguments give the same bytes.

    Raises
    ------
    ParameterError
        For another year, an unknown format, a folder that isn't empty, a day before 31 March of
        the year, an instrument without ``turunan``, or as :func:`synthesize` does.

    Notes
    -----
    Courses and degrees of measurement year t end from 1 April to 31 December of t-1 (31
    December often, a day inside one window or outside another), sanctions begin from 1 January
    to 31 March. So a row has one place in time, and the exports of all years, made with one
    seed, tell the same story. A course may stand before the entry of a person in their first
    year. How often each quirk occurs is an assumption: ``siasn`` in ``kalibrasi.toml``.
    """
    taken = _checked(tahun, instrument, fmt, ditarik)
    # asked for once as a whole, so that a wrong argument fails before anything is written
    people = synthesize(seed, scale=scale, tahun=tahun, instrument=instrument, kabkota=kabkota)
    codes = list(people["kode_kabkota"].unique())
    del people
    folder = empty_folder(out)
    text = README.format(
        mark=MARK,
        seed=seed,
        scale=scale,
        tahun=tahun,
        instrumen=instrument.id,
        ditarik=taken.isoformat(),
    )
    atomic(folder / "README.txt", lambda to: to.write_text(text, encoding="utf-8"))
    calibration = load_calibration()
    written: list[Path] = []
    assert instrument.turunan is not None
    for kode in codes:
        size = headcount(calibration, kode, scale)
        place = place_of(seed, kode, tahun, size, calibration, instrument.turunan, taken)
        written += _write_place(folder, place, fmt)
    return written


def truth(
    seed: int,
    *,
    scale: float = 1.0,
    tahun: int,
    instrument: Instrument,
    kabkota: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Give what a reader must find in the exports: the table of :func:`synthesize`."""
    return synthesize(seed, scale=scale, tahun=tahun, instrument=instrument, kabkota=kabkota)


def nip_table(seed: int, kode_kabkota: str, *, scale: float = 1.0, tahun: int) -> pd.DataFrame:
    """Link the persons of :func:`truth` to the identifiers in the exports.

    Returns
    -------
    pandas.DataFrame
        ``id_pegawai``, ``nip`` (18 digits, impossible) and ``pns_id`` (made-up UUID), one row a
        person in the order of :func:`truth`.

    Raises
    ------
    ParameterError
        If the place is unknown.
    """
    calibration = load_calibration()
    if kode_kabkota not in calibration.jumlah:
        known = ", ".join(calibration.jumlah)
        raise ParameterError(f"kode_kabkota is {kode_kabkota!r}; known: {known}")
    size = headcount(calibration, kode_kabkota, scale)
    people = people_of(seed, kode_kabkota, tahun, size, calibration)
    return pd.DataFrame(
        {
            "id_pegawai": pd.array(people.id_pegawai, dtype="str"),
            "nip": pd.array(made_up_nips(people), dtype="str"),
            "pns_id": pd.array(_pns_ids(Dice(people.id_pegawai)).to_pylist(), dtype="str"),
        }
    )


def _checked(tahun: int, instrument: Instrument, fmt: str, ditarik: dt.date | None) -> dt.date:
    if fmt not in EXPORT_FORMATS:
        raise ParameterError(f"fmt is {fmt!r}; known: {', '.join(EXPORT_FORMATS)}")
    if not FIRST_YEAR <= tahun <= LAST_YEAR:
        raise ParameterError(
            f"tahun is {tahun}; exports can be made for {FIRST_YEAR} to {LAST_YEAR}. For later "
            "years SIASN gives the four scores itself and the tables behind them are not public, "
            "so no histories can be made that would lead to them; write_synthetic makes scores"
        )
    if instrument.turunan is None:
        raise ParameterError(
            f"{instrument.id} doesn't say how its columns follow from SIASN (turunan); "
            "the instrument of 2019 does"
        )
    entry = dt.date(tahun, *ENTRY)
    taken = entry if ditarik is None else ditarik
    if not entry <= taken <= LAST_DAY:
        raise ParameterError(
            f"ditarik is {taken}; expected from {entry}, the day of entry, to {LAST_DAY}"
        )
    return taken


def _write_place(folder: Path, place: Place, fmt: str) -> list[Path]:
    kode, seed, calibration = place.people.kode, place.seed, place.calibration
    label = str(load_kabkota()["label"][kode]).lower().replace(".", "").replace(" ", "-")
    home = folder / f"{kode}-{label}"
    home.mkdir()
    names = [f"{MARK} {number + 1:06d}" for number in place.people.slot]
    draws = Dice([f"{int(kode):08x}{seed % 2**32:08x}"])
    people = nominatif(
        place,
        names,
        old_codes=bool(draws.u("kode lama")[0] < place.rate("kode_lama")),
        echelons=bool(draws.u("eselon")[0] < place.rate("nominatif_bereselon")),
    )
    persons = {"pns_id": _pns_ids(place.dice), "nip_baru": people.kolom["nip_baru"]}
    written = []
    for name, shape in load_shapes().items():
        rows = people if name == "nominatif" else HISTORIES[name](place)
        # an empty list in json says nothing of its shape, so nobody could tell what it is
        if rows is None or (fmt == "json" and not len(rows.orang)):
            continue
        if name != "nominatif":
            rows = with_quirks(rows, calibration)
        style = style_of(seed, kode, name, calibration)
        path = home / f"{name}.{fmt}"
        written.append(write_rows(path, shape, rows, persons, label_of(seed), style, calibration))
    return written


def _pns_ids(dice: Dice) -> pa.Array:
    return uuids(dice.word("pns id"))
