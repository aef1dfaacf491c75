"""What every page of the suite shares: templates, typeface, security policy, fixed words."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ipasn_lib.errors import ParameterError

__all__ = [
    "asset",
    "content_security_policy",
    "css_string",
    "environment",
    "style",
    "typeface",
    "words",
]

_TEMPLATES = Path(__file__).with_name("templates")

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ke_isi": ("Langsung ke isi", "Skip to content"),
        "rubrik": ("Indeks Profesionalitas ASN", "ASN Professionalism Index"),
        "isi": ("Isi laporan", "Contents"),
        "tahun": ("Tahun pengukuran", "Measurement year"),
        "wilayah": ("Wilayah", "Area"),
        "sumber": ("Sumber data", "Data source"),
        "instrumen": ("Instrumen", "Instrument"),
        "data_sintetis": ("DATA SINTETIS", "DATA SINTETIS (SYNTHETIC DATA)"),
        "sintetis_panjang": (
            "Seluruh angka dibuat oleh komputer untuk mencoba alat ini. "
            "Bukan keadaan pegawai yang sebenarnya dan tidak boleh dikutip.",
            "Every figure was made by a computer to try this tool. "
            "Not the real workforce; do not cite.",
        ),
        "sintetis_sebagian": (
            "Angka pada gambar dan tabel yang bertanda sama dibuat oleh komputer untuk mencoba "
            "alat ini, bukan keadaan yang sebenarnya, dan tidak boleh dikutip. Yang tanpa tanda "
            "adalah angka terbitan dengan sumbernya sendiri.",
            "Figures and tables with this mark were made by a computer to try this tool; they are "
            "not real and must not be cited. Those without it are published figures with their "
            "own source.",
        ),
        "lampiran": ("Lampiran: cara laporan ini dibuat", "Appendix: how this report was made"),
        "lampiran_isi": (
            "Parameter dan seluruh perintah yang menghasilkan angka di atas, untuk diperiksa "
            "dan diulang.",
            "The parameters and every command behind the figures above, to check and repeat.",
        ),
        "parameter": ("Parameter", "Parameters"),
        "nama": ("Nama", "Name"),
        "nilai": ("Nilai", "Value"),
        "perintah": ("Perintah", "Commands"),
        "tabel": ("Tabel", "Table"),
        "lipat": ("Buka tabel lengkap: banyaknya baris", "Open the whole table: rows"),
        "gambar": ("Gambar", "Figure"),
        "perbesar": ("Perbesar gambar", "Enlarge the figure"),
        "gambar_ditolak": (
            "Gambar tidak ditampilkan karena berisi unsur aktif.",
            "The figure is not shown because it has active content.",
        ),
        "galat": (
            "Bagian ini gagal dibuat. Rinciannya ada di buku kerja (notebook) laporan.",
            "This part could not be made. The notebook of the report has the details.",
        ),
        "catatan_kaki": (
            "Angka dibulatkan hanya saat dicetak, sehingga jumlah dapat berbeda dari rinciannya. "
            "Tanda *) berarti disembunyikan untuk melindungi kelompok kecil; tanda – berarti "
            "tidak tersedia. Indeks ini menggambarkan kelompok: tidak ada keputusan tentang "
            "seorang pegawai yang boleh diambil secara otomatis darinya.",
            "Numbers are rounded only when printed, so totals may differ from their parts. "
            "*) means hidden to protect a small group; – means not available. The index describes "
            "groups: no decision about a person may be taken from it automatically.",
        ),
        "tautan": ("Berkas terkait", "Related files"),
    }
)

TYPEFACE = "plus-jakarta-sans.woff"


def words(bahasa: str) -> dict[str, str]:
    """Give the fixed words of a page in one language ("id" or "en")."""
    languages = ("id", "en")
    if bahasa not in languages:
        raise ParameterError(f"unknown language {bahasa!r}; expected one of {list(languages)}")
    return {key: both[languages.index(bahasa)] for key, both in _WORDS.items()}


@cache
def environment() -> Environment:
    """Give the templates, with escaping always on and an unknown name an error."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(name: str) -> str:
    """Give the text of one of the templates' own files."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def typeface() -> str:
    """Give the ``@font-face`` rule of Plus Jakarta Sans, reduced to Latin letters.

    One variable file holds all weights (about 45 kB as text). It is made once by
    ``data/build_typeface.py`` and ships with the templates.
    """
    data = base64.b64encode((_TEMPLATES / TYPEFACE).read_bytes()).decode("ascii")
    return (
        '@font-face{font-family:"Plus Jakarta Sans";font-weight:200 800;font-display:block;'
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )


def css_string(text: str) -> str:
    """Give text as a CSS string in which no character can end the string or the element."""
    return '"' + re.sub(r"[^\w .,:()/-]", lambda m: f"\\{ord(m[0]):x} ", text) + '"'


def style(*names: str, running_head: str = "") -> str:
    """Give the page's CSS: typeface, the named files, and the head repeated on printed pages."""
    parts = [typeface(), *(asset(name) for name in names)]
    if running_head:
        parts.append(f"@page{{@top-left{{content:{css_string(running_head)}}}}}")
    return "\n".join(parts)


def content_security_policy(script: str = "") -> str:
    """Give the policy of a page: nothing from outside, and no script but the one given."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
        policy += f"; script-src 'sha256-{digest}'"
    return policy + "; base-uri 'none'; form-action 'none'"
