"""How Indonesian files spell headings and categories.

Only spellings that are documented or cannot mean anything else stand here; what is not here is
reported, not guessed. Codes of SIASN are left out on purpose: "05" is primary school in one of
its codings of education and a two-year diploma in the other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

__all__ = ["HEADINGS", "NO", "TICKS", "UNSURE_NO", "VARIANTS", "YES", "plain_heading", "spell"]

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "nip": ("nip", "nip baru", "nip pegawai", "n i p", "peg nip", "nomor induk pegawai"),
    "id_pegawai": ("id pegawai",),
    "nama": ("nama", "nama pegawai", "nama lengkap", "peg nama"),
    "tahun": ("tahun", "tahun pengukuran", "tahun ip asn"),
    "kode_kabkota": (
        "kode kabkota",
        "kode kab kota",
        "kode kabupaten kota",
        "kode bps",
        "kode kemendagri",
        "kode wilayah",
    ),
    "instansi": (
        "instansi",
        "nama instansi",
        "instansi kerja",
        "instansi kerja nama",
        "pemerintah daerah",
        "kode instansi",
        "kode bkn",
    ),
    "unit_kerja": (
        "unit kerja",
        "nama unit kerja",
        "unor",
        "unor nama",
        "nama unor",
        "unit organisasi",
        "satuan kerja",
        "satuan kerja nama",
        "perangkat daerah",
        "opd",
        "nama opd",
        "skpd",
    ),
    "jenis_asn": (
        "jenis asn",
        "jenis pegawai",
        "jenis kepegawaian",
        "status asn",
        "status kepegawaian",
        "status pegawai",
    ),
    "kelompok_jabatan": ("kelompok jabatan", "jenis jabatan", "jenis jabatan nama"),
    "golongan": ("golongan", "gol", "golru", "gol ruang", "golongan ruang", "gol akhir nama"),
    "jenis_kelamin": ("jenis kelamin", "kelamin", "l p", "jk"),
    "usia": ("usia", "umur"),
    "jenjang_pendidikan": (
        "jenjang pendidikan",
        "tingkat pendidikan",
        "tingkat pendidikan nama",
        "pendidikan",
        "pendidikan terakhir",
    ),
    "diklat_kepemimpinan": ("diklat kepemimpinan", "diklat pim", "diklatpim", "diklat struktural"),
    "diklat_fungsional": ("diklat fungsional",),
    "seminar": ("seminar",),
    "jp_diklat_teknis": (
        "jp diklat teknis",
        "jp teknis",
        "jam pelajaran diklat teknis",
        "jumlah jp diklat teknis",
    ),
    "nilai_kinerja": ("nilai kinerja", "nilai skp", "nilai ppk", "nilai skp ppk", "skp"),
    "hukuman_disiplin": ("hukuman disiplin", "hukdis", "tingkat hukuman disiplin"),
    "kualifikasi": ("kualifikasi", "skor kualifikasi", "nilai kualifikasi"),
    "kompetensi": ("kompetensi", "skor kompetensi", "nilai kompetensi"),
    "kinerja": ("kinerja", "skor kinerja"),
    "disiplin": ("disiplin", "skor disiplin", "nilai disiplin"),
    "total": ("total", "subtotal", "sub total", "total skor", "total nilai", "nilai ip asn"),
    "sumber_data": ("sumber data",),
    "updated": ("updated", "updated at"),
    "nomor": ("no", "nomor", "no urut", "nomor urut"),
}
"""Plain spellings of each canonical column. ``nilai kinerja`` is the SKP value (0-100), not the
points of the dimension, so it stands for one of them only."""

_SLTA = (
    "sma",
    "smk",
    "smasmk",
    "smasmkma",
    "slta",
    "sltasederajat",
    "smasederajat",
    "smusederajat",
)

VARIANTS: Mapping[str, Mapping[str, str]] = {
    "jenis_asn": {
        "pns": "PNS",
        "pegawainegerisipil": "PNS",
        "pppk": "PPPK",
        "p3k": "PPPK",
        "pegawaipemerintahdenganperjanjiankerja": "PPPK",
    },
    # SIASN's four kinds: 2 "Jabatan Fungsional Tertentu", 4 "Jabatan Fungsional Umum", which is
    # the old name of pelaksana. A bare "pengawas" is left out: school inspectors are fungsional.
    "kelompok_jabatan": {
        "struktural": "struktural",
        "jabatanstruktural": "struktural",
        "fungsional": "fungsional",
        "jabatanfungsional": "fungsional",
        "jf": "fungsional",
        "jft": "fungsional",
        "fungsionaltertentu": "fungsional",
        "jabatanfungsionaltertentu": "fungsional",
        "pelaksana": "pelaksana",
        "jabatanpelaksana": "pelaksana",
        "jfu": "pelaksana",
        "fungsionalumum": "pelaksana",
        "jabatanfungsionalumum": "pelaksana",
    },
    # M/F are SIASN's man and woman; P alone is perempuan, and pria is always written out.
    "jenis_kelamin": {
        "l": "L",
        "lakilaki": "L",
        "pria": "L",
        "m": "L",
        "p": "P",
        "perempuan": "P",
        "wanita": "P",
        "f": "P",
    },
    "jenjang_pendidikan": {
        **dict.fromkeys(("sd", "sekolahdasar", "sdmi", "sdsederajat"), "SD"),
        **dict.fromkeys(("sltp", "smp", "sltpkejuruan", "smpmts", "sltpsederajat"), "SLTP"),
        **dict.fromkeys((*_SLTA, "sltakejuruan", "sltakeguruan"), "SLTA"),
        **dict.fromkeys(("di", "d1", "diplomai", "diploma1"), "D1"),
        **dict.fromkeys(("dii", "d2", "diplomaii", "diploma2"), "D2"),
        **dict.fromkeys(("diii", "d3", "diplomaiii", "diploma3"), "D3"),
        **dict.fromkeys(("diiisarjanamuda", "diplomaiiisarjanamuda", "sarjanamuda"), "D3"),
        **dict.fromkeys(("div", "d4", "diplomaiv", "diploma4"), "D4"),
        **dict.fromkeys(("s1", "s1sarjana", "sarjana", "strata1", "stratai"), "S1"),
        **dict.fromkeys(("s2", "s2magister", "magister", "strata2", "strataii"), "S2"),
        **dict.fromkeys(("s3", "s3doktor", "doktor", "strata3", "strataiii"), "S3"),
        **dict.fromkeys(("profesi", "pendidikanprofesi"), "Profesi"),
        "spesialis": "Spesialis",
        "subspesialis": "Subspesialis",
    },
    "hukuman_disiplin": {
        **dict.fromkeys(("tidakpernah", "tidakpernahdihukum", "tidakada"), "tidak_pernah"),
        **dict.fromkeys(("r", "ringan", "hukumanringan", "hukumandisiplinringan"), "ringan"),
        **dict.fromkeys(("s", "sedang", "hukumansedang", "hukumandisiplinsedang"), "sedang"),
        **dict.fromkeys(("b", "berat", "hukumanberat", "hukumandisiplinberat"), "berat"),
    },
}
"""Spellings of categories, by column, as :func:`spell` writes them."""

TICKS = frozenset({"v", "✓", "✔", "√", "☑"})
YES = TICKS | {"ya", "y", "yes", "sudah", "ada", "pernah", "1", "true", "benar"}
NO = frozenset(
    {"tidak", "tdk", "t", "no", "belum", "tidak ada", "belum ada", "tidak pernah", "belum pernah"}
    | {"0", "false", "salah", "-", "–", "—", "✗", "✘"}
)
UNSURE_NO = "x"
"""A no beside ticks; in a column without a single tick it may be the tick itself."""


def spell(text: str) -> str:
    """Write a category without case, spaces and marks: "S-1 " and "s1" are one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def plain_heading(cell: object) -> str:
    """Write a heading plainly: lower case, no marks, no remark in brackets.

    "KUALIFIKASI (25)", "kualifikasi_" and "Kualifikasi*" are one heading.
    """
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell)).casefold()
    depth, kept = 0, []
    for letter in text:
        depth += (letter == "(") - (letter == ")" and depth > 0)
        kept.append(letter if depth == 0 and letter.isalnum() else " ")
    return " ".join("".join(kept).split())
