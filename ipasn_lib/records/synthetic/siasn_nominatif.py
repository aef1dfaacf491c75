"""The make-believe nominatif: one row a person, in the 67 columns of SIASN's export."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.records.synthetic.codes import LEVELS, RANKS
from ipasn_lib.records.synthetic.nips import made_up_nips
from ipasn_lib.records.synthetic.siasn_careers import education_name, level_codes
from ipasn_lib.records.synthetic.siasn_draws import take
from ipasn_lib.records.synthetic.siasn_place import ESELON, NAMES, Place, reference
from ipasn_lib.records.synthetic.siasn_rows import Column, Rows, day

__all__ = ["nominatif"]

PPPK_ACTIVE = "71"
"""Legal standing of PPPK as rumahASN (BKD Jawa Timur) has it; in no published table."""


def nominatif(place: Place, nama: list[str], *, old_codes: bool, echelons: bool) -> Rows:
    """Lay out the nominatif of a place.

    Parameters
    ----------
    place : Place
    nama : list of str
        What stands where a name would.
    old_codes : bool
        Write education in the old coding (01-10) throughout. It has no codes for profession
        and specialist degrees: they go under the degree of equal points, as in SAPK.

    echelons : bool
        Whether the columns of the echelon are there, which are not among the 67.

    Notes
    -----
    Everybody is born on 1 January, which nobody can take for a real date of birth; the year
    gives the age. Other private columns are blank.
    """
    people, posts = place.people, place.posts
    size = len(people.slot)
    everyone = np.arange(size)
    zero = np.zeros(size, dtype=np.int8)
    pppk = people.pppk
    codes = sorted(place.turunan.pendidikan.kode_baru)
    code = level_codes(place, everyone, people.pendidikan)
    coding = [_old_code(place, c) for c in codes] if old_codes else codes
    ranks = {name: k for k, (name, _) in reference("golongan").items()}
    golongan = people.golongan.astype(np.int64)
    kinds = reference("jenis_jabatan")
    label = str(load_kabkota()["label"][people.kode])
    rungs = reference("eselon")
    nips = made_up_nips(people)
    young = ~pppk & (people.masuk >= people.tahun - 1)
    columns: dict[str, Column] = {
        "nip_baru": pa.array(nips, type=pa.string()),
        "nama": pa.array(nama, type=pa.string()),
        "tanggal_lahir": day(people.tahun - people.usia, 1, 1),
        "jenis_kelamin": take(["M", "F"], people.perempuan.astype(np.int8)),
        "jenis_pegawai_nama": take(["PNS Daerah", "PPPK Daerah"], pppk.astype(np.int8)),
        "kedudukan_hukum_id": take(["01", PPPK_ACTIVE], pppk.astype(np.int8)),
        "kedudukan_hukum_nama": take(["Aktif", "PPPK Aktif"], pppk.astype(np.int8)),
        "status_cpns_pns": take(["P", "C"], np.where(pppk, -1, young)),
        "tmt_cpns": _appointed(place, nips),
        "gol_akhir_id": take([ranks.get(r) for r in RANKS], golongan),
        "gol_akhir_nama": take(RANKS, golongan),
        "mk_tahun": (people.tahun - people.masuk).astype(np.float64),
        "jenis_jabatan_id": take([None, "1", "2", "3", "4"], posts.jenis),
        "jenis_jabatan_nama": take([None, *(kinds[str(k)][0] for k in range(1, 5))], posts.jenis),
        "jabatan_nama": take(NAMES, posts.nama),
        "tingkat_pendidikan_id": take(coding, code),
        "tingkat_pendidikan_nama": take(
            [_name(place, c, old_codes) for c in codes],
            code,
        ),
        "lokasi_kerja_nama": take([label], zero),
        "unor_nama": take(people.units.nama, people.unit),
        "instansi_induk_nama": take([f"Pemerintah {label}"], zero),
        "instansi_kerja_nama": take([f"Pemerintah {label}"], zero),
    }
    if echelons:
        columns["eselon_id"] = take(ESELON, posts.eselon)
        columns["eselon_nama"] = take([rungs[c][0] for c in ESELON], posts.eselon)
    return Rows(everyone, place.dice.word("nominatif"), columns)


def _appointed(place: Place, nips: list[str]) -> npt.NDArray[np.datetime64]:
    """Day of appointment as the NIP has it; in a few rows a month off, as BKN's rules find."""
    digits = np.array(nips, dtype="S18").view("S1").reshape(-1, 18)[:, 8:14].copy()
    month = digits.view("S6").ravel().astype(np.int64)
    year, part = np.divmod(month, 100)
    off = place.dice.u("tmt beda") < place.rate("tmt_beda")
    month = np.where(place.people.pppk, 1, part) + off
    start = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return np.asarray(start.astype("datetime64[D]"))


def _old_code(place: Place, code: str) -> str:
    """Old code of the level of a new one, or of the highest old level not above it."""
    rule = place.turunan.pendidikan
    old = {LEVELS.index(level): k for k, level in rule.kode_lama.items()}
    level = LEVELS.index(rule.kode_baru[code])
    return old[max(k for k in old if k <= level)]


def _name(place: Place, code: str, old_codes: bool) -> str:
    """Name beside a code; beside an old code that of the level that the old code means."""
    rule = place.turunan.pendidikan
    if not old_codes:
        return education_name(place, code)
    level = rule.kode_lama[_old_code(place, code)]
    same = [c for c, name in sorted(rule.kode_baru.items()) if name == level]
    return education_name(place, code if code in same else same[0])
