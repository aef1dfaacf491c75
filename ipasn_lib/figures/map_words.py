"""The fixed words of maps, in Indonesian and in English."""

from __future__ import annotations

from types import MappingProxyType

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.wording import BAHASA

__all__ = ["CREDIT", "say"]

CREDIT = "Batas wilayah: geoBoundaries (BPS/WFP/OCHA, 2020), CC BY 3.0 IGO; disederhanakan."
"""The credit that the licence of the shipped boundaries asks for; never translated or left out."""

_WORDS = MappingProxyType(
    {
        "alt_daerah": (
            "Peta letak {label} di Jawa Timur. Kategorinya {kategori}.",
            "Map of where {label} lies in East Java. Its category is {kategori}.",
        ),
        "alt_dimensi": (
            "Empat peta kecil Jawa Timur, capaian tiap dimensi dalam persen dari nilai "
            "maksimumnya. {isi}.",
            "Four small maps of East Java, each dimension in per cent of its maximum. {isi}.",
        ),
        "alt_peta": ("Peta Jawa Timur: {judul}. {isi}.", "Map of East Java: {judul}. {isi}."),
        "alt_petak": (
            "Peta petak Jawa Timur, satu petak tiap kabupaten/kota: {judul}. {isi}.",
            "Tile map of East Java, one tile per district/city: {judul}. {isi}.",
        ),
        "dari_maksimum": ("maksimum {maksimum} poin", "at most {maksimum} points"),
        "di_bawah": ("di bawah {batas}", "below {batas}"),
        "disembunyikan": ("disembunyikan", "hidden"),
        "disembunyikan_catatan": (
            "*) disembunyikan: kelompok pegawai terlalu kecil, atau agar tidak dapat dihitung "
            "balik.",
            "*) hidden: too few employees, or so that such a group cannot be worked out.",
        ),
        "judul_dimensi": (
            "Capaian tiap dimensi terhadap nilai maksimumnya",
            "Each dimension against its maximum",
        ),
        "judul_kategori": (
            "{jumlah} dari {semua} kabupaten/kota berkategori {kategori}",
            "{jumlah} of {semua} districts/cities are in category {kategori}",
        ),
        "judul_letak": ("Letak {label} di Jawa Timur", "Where {label} lies in East Java"),
        "judul_letak_bersama": (
            "{label} berkategori {kategori}, seperti {lain} kabupaten/kota lain",
            "{label} is in category {kategori}, like {lain} other districts/cities",
        ),
        "judul_letak_sendiri": (
            "Hanya {label} yang berkategori {kategori}",
            "Only {label} is in category {kategori}",
        ),
        "judul_nilai": ("{kolom} menurut kabupaten/kota", "{kolom} by district/city"),
        "penduduk": ("Penduduk", "Population"),
        "ibu_kota": ("Ibu kota", "Capital"),
        "persen_dari": (
            "persen dari maksimum {maksimum} poin",
            "per cent of the maximum of {maksimum} points",
        ),
        "pulau_jauh": (
            "Dalam bingkai: pulau-pulau jauh, dengan skala lebih kecil.",
            "In frames: far islands, at a smaller scale.",
        ),
        "pulau_tak_digambar": (
            "Pulau-pulau jauh (Bawean, Masalembu, Kangean) tidak digambar.",
            "The far islands (Bawean, Masalembu, Kangean) are not drawn.",
        ),
        "subjudul_kategori": (
            "Kategori Indeks Profesionalitas ASN; angka: banyaknya kabupaten/kota",
            "Category of the ASN Professionalism Index; numbers: districts/cities",
        ),
        "subjudul_dimensi": (
            "Rata-rata pegawai terukur, persen dari maksimum; angka: banyaknya kabupaten/kota",
            "Mean of the employees measured, per cent of the maximum; numbers: places",
        ),
        "subjudul_letak": (
            "Warna: kategori Indeks Profesionalitas ASN",
            "Colours: category of the ASN Professionalism Index",
        ),
        "subjudul_nilai": (
            "{kolom}; angka: banyaknya kabupaten/kota",
            "{kolom}; numbers: districts/cities",
        ),
        "subjudul_petak": (
            "Tiap petak satu kabupaten/kota, disusun mirip letaknya; angka: {kolom}",
            "One tile per district/city, arranged much as they lie; number: {kolom}",
        ),
        "tanpa_data": ("tidak ada data", "no data"),
    }
)


def say(key: str, bahasa: str = "id", **values: object) -> str:
    """Give a fixed word or sentence of the maps; unknown languages raise ParameterError."""
    if bahasa not in BAHASA:
        raise ParameterError(f"unknown language {bahasa!r}; expected one of {list(BAHASA)}")
    return _WORDS[key][BAHASA.index(bahasa)].format(**values)
