"""The columns of the tables that reports print, with their headings in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ipasn_lib.figures.reading import field
from ipasn_lib.figures.style import DIMENSIONS
from ipasn_lib.figures.tables import Column
from ipasn_lib.wording import number, text

__all__ = [
    "category_columns",
    "edge_columns",
    "exercise_columns",
    "file_columns",
    "in_words",
    "influence_columns",
    "lacking_columns",
    "moran_columns",
    "neighbour_columns",
    "peer_columns",
    "problem_columns",
    "question_columns",
    "scorecard_columns",
    "scorecard_words",
    "swap_columns",
    "target_columns",
    "weights_note",
]

HIDDEN = "tersembunyi"


def in_words(frame: pd.DataFrame, nama: str, bahasa: str = "id") -> pd.DataFrame:
    """Replace the codes of a column or index level by the words of the catalogue.

    Parameters
    ----------
    frame : pandas.DataFrame
    nama : str
        Column or level; the code ``x`` is printed as the entry ``<nama>_x``.
    bahasa : {"id", "en"}
        Language.

    Raises
    ------
    ParameterError
        If a code has no words.
    """
    printed = [text(f"{nama}_{code}", bahasa) for code in field(frame, nama)]
    if nama in frame.columns:
        return frame.assign(**{nama: printed})
    return frame.set_index(pd.Index(printed, name=nama))


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


def scorecard_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of a place's scorecard, as ``scorecard`` makes it."""
    return [
        Column("dimensi", text("dimensi", bahasa)),
        Column("nilai", text("poin", bahasa).capitalize(), "poin", 2, kosong=HIDDEN),
        Column("maksimum", text("maksimum_kolom", bahasa), "poin", 2),
        Column("poin_hilang", text("poin_hilang", bahasa), "poin", 2, kosong=HIDDEN),
        Column("provinsi", text("provinsi", bahasa), "poin", 2),
        Column("sebanding", text("sebaya", bahasa), "poin", 2),
    ]


def scorecard_words(kartu: pd.DataFrame, bahasa: str = "id") -> pd.DataFrame:
    """Name the rows of a scorecard in words: its dimensions, and the index."""
    named = [text(str(name), bahasa) for name in kartu.index]
    return kartu.set_index(pd.Index(named, name="dimensi"))


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
        *(Column(name, text(name, bahasa), "cacah", kosong="tersembunyi") for name in counts),
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


def category_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of how firm each rank and category is."""
    ranks = ("peringkat", "peringkat_terbaik", "peringkat_terburuk")
    return [
        Column("label", text("label", bahasa)),
        Column("indeks", text("indeks", bahasa), "poin", 2, kosong=HIDDEN),
        *(
            Column(name, text(name, bahasa), "poin", 2, kosong=HIDDEN)
            for name in ("batas_bawah", "batas_atas")
        ),
        *(Column(name, text(name, bahasa), "cacah", kosong=HIDDEN) for name in ranks),
        Column("kategori", text("kategori", bahasa), "kategori", kosong=HIDDEN),
        Column("peluang", text("peluang", bahasa), "persen", 0, kosong=HIDDEN),
    ]


def influence_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of what each dimension does to the order of places."""
    return [
        Column("label", text("dimensi", bahasa)),
        Column("bobot", text("bobot", bahasa), "persen", 0),
        Column("bobot_efektif", text("bobot_efektif", bahasa), "persen", 0),
        Column("pergeseran", text("pergeseran", bahasa), "poin", 1),
        Column("peringkat_tanpa", text("peringkat_tanpa", bahasa), "cacah", kosong=HIDDEN),
    ]


def weights_note(bobot: Mapping[str, float], bahasa: str = "id") -> str:
    """Say the official weights under a table of other ones."""
    said = [f"{text(d, bahasa).lower()} {number(b, 0, bahasa)}" for d, b in bobot.items()]
    return text("bobot_resmi", bahasa, isi=", ".join(said))


def swap_columns(dimensi: Sequence[str], bahasa: str = "id") -> list[Column]:
    """List the columns of the smallest swaps of weights, as ``neighbour_swaps`` makes them."""
    return [
        Column("label", text("lawan", bahasa)),
        Column("kedudukan", text("kedudukan", bahasa)),
        Column("selisih", text("selisih", bahasa), "poin", 2),
        Column("poin_pindah", text("poin_pindah", bahasa), "poin", 1),
        *(Column(f"bobot_{d}", text(d, bahasa), "poin", 1) for d in dimensi),
    ]


def edge_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of categories under both readings of the edges."""
    return [
        Column("label", text("label", bahasa)),
        Column("indeks", text("indeks", bahasa), "poin", 2),
        Column("kategori_bawah", text("kategori_bawah", bahasa), "kategori"),
        Column("kategori_atas", text("kategori_atas", bahasa), "kategori"),
    ]


def question_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of what the regulation leaves open, as ``open_questions`` makes it."""
    names = ("pertanyaan", "dipakai", "pilihan_lain")
    return [Column(name, text(name, bahasa)) for name in names]


def moran_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of Moran's I under several lists of neighbours."""
    return [
        Column("ketetanggaan", text("ketetanggaan", bahasa)),
        Column("moran", text("moran", bahasa), "poin", 3),
        Column("harapan", text("moran_harapan", bahasa), "poin", 3),
        Column("galat_baku", text("galat_baku", bahasa), "poin", 3),
        Column("p_dua_arah", text("p_dua_arah", bahasa), "poin", 3),
        Column("n_daerah", text("n_daerah", bahasa), "cacah"),
        Column("n_pasangan", text("n_pasangan", bahasa), "cacah"),
    ]


def neighbour_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of a place and its neighbours."""
    return [
        Column("label", text("label", bahasa)),
        Column("peringkat", text("peringkat", bahasa), "cacah"),
        Column("n_pegawai", text("n_pegawai", bahasa), "cacah"),
        Column("indeks", text("indeks", bahasa), "poin", 2),
        Column("kategori", text("kategori", bahasa), "kategori"),
        Column("rata_rata_tetangga", text("rata_rata_tetangga", bahasa), "poin", 2),
        Column("selisih", text("selisih", bahasa), "poin", 2),
    ]


def peer_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of a place and its structural peers."""
    return [
        Column("label", text("label", bahasa)),
        Column("jarak", text("jarak", bahasa), "poin", 2),
        Column("n_pegawai", text("n_pegawai", bahasa), "cacah"),
        Column("peringkat", text("peringkat", bahasa), "cacah"),
        *(Column(d, text(d, bahasa), "poin", 2) for d in DIMENSIONS),
        Column("indeks", text("indeks", bahasa), "poin", 2),
        Column("kategori", text("kategori", bahasa), "kategori"),
    ]


def exercise_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of the answers of an exercise."""
    return [
        Column("keadaan", text("keadaan", bahasa)),
        Column("indeks", text("indeks", bahasa), "poin", 2),
        Column("selisih", text("selisih_resmi", bahasa), "poin", 2),
        Column("kategori", text("kategori", bahasa), "kategori"),
        Column("peringkat", text("peringkat", bahasa), "cacah"),
    ]
