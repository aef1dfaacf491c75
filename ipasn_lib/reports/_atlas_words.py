"""The fixed words of the first page, in both languages of the reports."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["words"]

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ke_tabel": ("Langsung ke tabel", "Skip to the table"),
        "jadi": ("Laporan jadi", "Reports made"),
        "dari": ("dari", "of"),
        "tempat": ("kabupaten/kota", "districts and cities"),
        "instrumen_ini": ("Instrumen", "Instrument"),
        "gagal": ("laporan gagal dibuat", "reports could not be made"),
        "peta": ("Peta", "Map"),
        "peta_ajak": (
            "Pilih kabupaten/kota untuk membuka laporannya.",
            "Choose a district or city to open its report.",
        ),
        "peta_tombol": (
            "Papan ketik: panah berpindah ke tempat terdekat, Enter membuka laporan, spasi "
            "memasukkan tempat ke perbandingan.",
            "Keyboard: arrows move to the nearest place, Enter opens the report, space takes the "
            "place into the comparison.",
        ),
        "tampilkan": ("Yang ditampilkan", "What to show"),
        "tahun_pilih": ("Tahun", "Year"),
        "ukuran": ("Ukuran", "Measure"),
        "indeks": ("Indeks", "Index"),
        "kualifikasi": ("Kualifikasi", "Qualification"),
        "kompetensi": ("Kompetensi", "Competence"),
        "kinerja": ("Kinerja", "Performance"),
        "disiplin": ("Disiplin", "Discipline"),
        "maks": ("maks.", "max."),
        "beda": (
            "Tahun {tahun} diukur dengan instrumen lain ({instrumen}). Angkanya tidak dapat "
            "dibandingkan dengan tahun {ini}.",
            "{tahun} was measured with another instrument ({instrumen}). Its numbers cannot be "
            "compared with those of {ini}.",
        ),
        "tak_sebanding": ("tidak dapat dibandingkan", "not comparable"),
        "tahun_lain": ("Halaman tahun lain", "Pages of other years"),
        "hitungan": ("Angka: banyaknya kabupaten/kota.", "Numbers: districts and cities."),
        "kelompok_apa": (
            "Lima kelompok yang kira-kira sama banyak, menurut peringkat; bukan kategori "
            "peraturan.",
            "Five groups of about the same size, by rank; no categories of the regulation.",
        ),
        "kelompok_1": ("Kelompok 1 (terendah)", "Group 1 (lowest)"),
        "kelompok_2": ("Kelompok 2", "Group 2"),
        "kelompok_3": ("Kelompok 3", "Group 3"),
        "kelompok_4": ("Kelompok 4", "Group 4"),
        "kelompok_5": ("Kelompok 5 (tertinggi)", "Group 5 (highest)"),
        "tanpa_angka": ("Tanpa angka", "No number"),
        "disembunyikan": ("Disembunyikan *)", "Hidden *)"),
        "banding": ("Bandingkan dua tempat", "Compare two places"),
        "banding_a": ("Tempat pertama", "First place"),
        "banding_b": ("Tempat kedua", "Second place"),
        "banding_pilih": ("Pilih …", "Choose …"),
        "banding_ajak": (
            "Pilih dua tempat untuk melihat angkanya berdampingan.",
            "Choose two places to see their numbers side by side.",
        ),
        "selisih": ("Selisih", "Difference"),
        "selisih_apa": (
            "Selisih: tempat pertama dikurangi tempat kedua, dari angka yang tercetak. Selisih "
            "kecil belum tentu berarti; lihat laporan tentang kepastian peringkat.",
            "Difference: first place less second place, from the printed numbers. A small "
            "difference may mean nothing; see the report on how certain the ranks are.",
        ),
        "indeks_tahun": ("Indeks menurut tahun", "Index by year"),
        "daftar": ("Kabupaten dan kota", "Districts and cities"),
        "cari": ("Cari nama", "Search a name"),
        "semua": ("Semua", "All"),
        "peringkat": ("Peringkat", "Rank"),
        "nama_tempat": ("Kabupaten/kota", "District/city"),
        "kategori": ("Kategori", "Category"),
        "kelompok": ("Kelompok", "Group"),
        "partisipasi": ("Partisipasi", "Participation"),
        "terukur": ("Terukur", "Measured"),
        "berkas": ("Berkas", "Files"),
        "geser": (
            "Geser tabel ke samping untuk melihat semua kolom.",
            "Scroll the table sideways to see all columns.",
        ),
        "urut": ("Diurutkan menurut", "Sorted by"),
        "menurun": ("menurun", "descending"),
        "menaik": ("menaik", "ascending"),
        "laporan": ("Laporan", "Report"),
    }
)


def words(bahasa: str) -> dict[str, str]:
    """Give the words of the page that no other page has."""
    language = ("id", "en").index(bahasa)
    return {key: both[language] for key, both in _WORDS.items()}
