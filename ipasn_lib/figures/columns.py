"""The columns of the tables that reports print, with their headings in both languages."""

from __future__ import annotations

from ipasn_lib.figures.tables import Column
from ipasn_lib.figures.wording import text

__all__ = ["file_columns", "lacking_columns", "problem_columns", "target_columns"]

HIDDEN = "tersembunyi"


def lacking_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of who lacks what, as ``lacking_counts`` makes it."""
    return [
        Column("label", text("indikator", bahasa)),
        Column("kelompok_jabatan", text("kelompok_jabatan", bahasa)),
        Column("n_relevan", text("n_relevan", bahasa), "cacah", kosong=HIDDEN),
        Column("n_kurang", text("n_kurang", bahasa), "cacah", kosong=HIDDEN),
        Column("bagian_kurang", text("bagian_kurang", bahasa), "persen", 1, kosong=HIDDEN),
        Column("poin_hilang", text("poin_hilang", bahasa), "poin", 2, kosong=HIDDEN),
    ]


def target_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of places against a target, as ``gap_to_target`` makes it."""
    return [
        Column("label", text("label", bahasa)),
        Column("indeks", text("indeks", bahasa), "poin", 2),
        Column("kategori", text("kategori", bahasa), "kategori"),
        Column("target", text("sasaran", bahasa), "poin", 2),
        Column("selisih_target", text("selisih", bahasa), "poin", 2),
    ]


def file_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of the files that were read."""
    counts = ("n_baris", "n_diterima", "n_ditolak")
    return [
        Column("berkas", text("berkas", bahasa)),
        Column("format", text("bentuk_berkas", bahasa)),
        *(Column(name, text(name, bahasa), "cacah") for name in counts),
        Column("galat", text("galat", bahasa)),
    ]


def problem_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of the problems met while reading."""
    return [
        Column("berkas", text("berkas", bahasa)),
        Column("tingkat", text("tingkat", bahasa)),
        Column("kolom", text("kolom", bahasa)),
        Column("aturan", text("aturan", bahasa)),
        Column("jumlah", text("jumlah", bahasa), "cacah"),
        Column("baris", text("baris", bahasa)),
        Column("harapan", text("harapan", bahasa)),
    ]
