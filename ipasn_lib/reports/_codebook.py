"""What the columns of open data mean, and the licences under which data can be given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipasn_lib.wording import translate

__all__ = ["LICENCES", "column_field"]

LICENCES: Mapping[str, Mapping[str, str]] = {
    "CC-BY-4.0": {
        "name": "CC-BY-4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/",
        "title": "Creative Commons Attribution 4.0",
    },
    "CC0-1.0": {
        "name": "CC0-1.0",
        "path": "https://creativecommons.org/publicdomain/zero/1.0/",
        "title": "Creative Commons Zero 1.0",
    },
}
"""Licences that a package can name."""

_KATEGORI = ("Sangat Rendah", "Rendah", "Sedang", "Tinggi", "Sangat Tinggi")
_TYPES = {"teks": "string", "kategori": "string", "cacah": "integer"}
_UNITS = {"cacah": "cacah", "poin": "poin", "persen": "bagian (0-1)"}

# What the columns mean; a column that is not named here is described by its heading.
_CODEBOOK = {
    "kode_kabkota": "Kode kabupaten/kota menurut BPS, empat angka, selalu teks",
    "label": "Kabupaten atau kota",
    "peringkat": "Peringkat menurut indeks yang belum dibulatkan; nilai sama, peringkat sama",
    "n_pegawai": "Pegawai yang menjadi subjek pengukuran",
    "n_terukur": "Pegawai yang terukur",
    "partisipasi": "Pegawai terukur dibagi pegawai subjek",
    "kualifikasi": "Rata-rata poin dimensi kualifikasi, pegawai terukur",
    "kompetensi": "Rata-rata poin dimensi kompetensi, pegawai terukur",
    "kinerja": "Rata-rata poin dimensi kinerja, pegawai terukur",
    "disiplin": "Rata-rata poin dimensi disiplin, pegawai terukur",
    "indeks": "Indeks Profesionalitas ASN, rata-rata pegawai terukur",
    "kategori": "Kategori indeks menurut peraturan",
    "target": "Sasaran indeks",
    "selisih_target": "Indeks dikurangi sasaran",
}


def column_field(name: str, column: Mapping[str, Any], bahasa: str = "id") -> dict[str, Any]:
    """Describe a column as Table Schema does: type, heading, meaning, unit, allowed values."""
    jenis = column["jenis"]
    made: dict[str, Any] = {
        "name": name,
        "type": _TYPES.get(jenis, "number"),
        "title": column["label"],
        "description": translate(_CODEBOOK.get(name, column["label"]), bahasa),
    }
    if jenis in _UNITS:
        made["unit"] = translate(_UNITS[jenis], bahasa)
    if jenis == "kategori" and name == "kategori":
        names = [translate(kategori, bahasa) for kategori in _KATEGORI]
        made |= {"categories": names, "categoriesOrdered": True}
        made["constraints"] = {"enum": names}
    if jenis == "persen" and name == "partisipasi":
        made["constraints"] = {"minimum": 0, "maximum": 1}
    return made
