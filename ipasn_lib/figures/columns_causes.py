"""Which columns the tables of causes and plans show, under which heading."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ipasn_lib.figures.tables import Column
from ipasn_lib.wording import count, number, text, translate

__all__ = [
    "composition_columns",
    "cost_columns",
    "cost_words",
    "marginal_words",
    "mover_columns",
    "open_columns",
    "order_columns",
    "order_words",
    "plan_columns",
    "seat_columns",
    "seat_words",
    "spread_columns",
    "way_columns",
    "year_columns",
]

HIDDEN = "tersembunyi"

BASIS = {"asumsi": "dasar_asumsi", "belum diisi": "dasar_belum_diisi"}
"""Words of the catalogue for what a step's figures may rest on; any other basis is a source."""


def seat_words(langkah: pd.DataFrame, bahasa: str = "id") -> pd.DataFrame:
    """Print the seats of a plan's steps, those without limit in words."""
    endless = text("tanpa_batas", bahasa)
    seats = [endless if pd.isna(v) else count(v, bahasa) for v in langkah["kursi"]]
    return langkah.assign(kursi=seats)


def cost_words(langkah: pd.DataFrame, bahasa: str = "id") -> pd.DataFrame:
    """Say of each step's costs in words what a number cannot: no limit, an assumption."""
    endless = text("tanpa_batas", bahasa)
    seats = [endless if pd.isna(v) else count(v, bahasa) for v in langkah["kapasitas"]]
    return langkah.assign(
        kapasitas=seats,
        dasar=[text(BASIS[d], bahasa) if d in BASIS else d for d in langkah["dasar"]],
    )


def cost_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of what a step costs, as ``cost_words`` makes it."""
    return [
        Column("label", text("langkah", bahasa)),
        Column("langkah", text("langkah_nama", bahasa)),
        Column("biaya", text("biaya_satuan", bahasa), "cacah"),
        Column("kapasitas", text("kapasitas", bahasa)),
        Column("bulan", text("bulan", bahasa), "cacah"),
        Column("dasar", text("dasar", bahasa)),
    ]


def open_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of what each step would bring, as ``shown_open`` makes it."""
    return [
        Column("label", text("langkah", bahasa)),
        Column("n_orang", text("n_terbuka", bahasa), "cacah", kosong=HIDDEN),
        Column("kenaikan_indeks", text("kenaikan_indeks", bahasa), "poin", 2, kosong=HIDDEN),
        Column("biaya", text("biaya_rp", bahasa), "cacah", kosong=HIDDEN),
        Column("biaya_per_poin", text("biaya_per_poin", bahasa), "cacah", kosong=HIDDEN),
    ]


def plan_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of a plan's steps, as ``by_step`` and ``seat_words`` make it."""
    return [
        Column("label", text("langkah", bahasa)),
        Column("n_orang", text("n_peserta", bahasa), "cacah"),
        Column("kursi", text("kursi", bahasa)),
        Column("biaya", text("biaya_rp", bahasa), "cacah"),
        Column("kenaikan_indeks", text("kenaikan_indeks", bahasa), "poin", 2),
    ]


def seat_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of a plan for a budget: those of a plan, and what a seat is worth."""
    return [*plan_columns(bahasa), Column("nilai_kursi", text("nilai_kursi", bahasa), "poin", 4)]


def marginal_words(hasil: pd.Series, bahasa: str = "id") -> list[str]:
    """Say what the next million rupiah is worth, of the summary of a plan for a budget."""
    worth = number(float(hasil["nilai_marginal"]), 4, bahasa)
    return [text("catatan_marginal", bahasa, poin=worth)]


def way_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of a plan beside others, as ``compare_plans`` makes it."""
    return [
        Column("cara", text("cara", bahasa)),
        Column("indeks", text("indeks", bahasa), "poin", 2),
        Column("kenaikan", text("kenaikan_indeks", bahasa), "poin", 2),
        Column("biaya", text("biaya_rp", bahasa), "cacah"),
    ]


def order_words(pesanan: pd.DataFrame, bahasa: str = "id") -> pd.DataFrame:
    """Name the last two rows of the units' orders in words."""
    named = {code: text(f"unit_kerja_{code}", bahasa) for code in ("unit_lain", "semua_unit")}
    return pesanan.rename(index=named)


def order_columns(pesanan: pd.DataFrame, langkah: pd.DataFrame, bahasa: str = "id") -> list[Column]:
    """List the columns of the units' orders, as ``shown_units`` makes it.

    Parameters
    ----------
    pesanan : pandas.DataFrame
        The table.
    langkah : pandas.DataFrame
        Steps with their ``label``.
    bahasa : {"id", "en"}
        Language.
    """
    steps = [name for name in pesanan.columns if name != "biaya"]
    return [
        Column("unit_kerja", text("unit_kerja", bahasa)),
        *(
            Column(s, translate(str(langkah.loc[s, "label"]), bahasa), "cacah", kosong=HIDDEN)
            for s in steps
        ),
        Column("biaya", text("biaya_tampil", bahasa), "cacah", kosong=HIDDEN),
    ]


def year_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of years side by side, as ``years_side_by_side`` makes it."""
    return [
        Column("tahun", text("tahun", bahasa)),
        Column("n_terukur", text("n_terukur", bahasa), "cacah", kosong=HIDDEN),
        Column("indeks", text("indeks", bahasa), "poin", 2, kosong=HIDDEN),
        Column("kategori", text("kategori", bahasa), "kategori", kosong=HIDDEN),
        Column("selisih", text("selisih", bahasa), "poin", 2),
        Column("keterangan", text("keterangan", bahasa)),
        Column("id_instrumen", text("instrumen", bahasa)),
    ]


def composition_columns(
    kunci: Sequence[str], nama_awal: str, nama_akhir: str, bahasa: str = "id"
) -> list[Column]:
    """List the columns of a difference by groups, as ``split_composition`` makes it."""
    n, mean = text("n_terukur", bahasa), text("indeks", bahasa)
    return [
        *(Column(k, text(k, bahasa)) for k in kunci),
        Column("n_awal", f"{n}, {nama_awal}", "cacah"),
        Column("n_akhir", f"{n}, {nama_akhir}", "cacah"),
        Column("rata_awal", f"{mean}, {nama_awal}", "poin", 2),
        Column("rata_akhir", f"{mean}, {nama_akhir}", "poin", 2),
        Column("komposisi", text("sumbangan_susunan", bahasa), "poin", 2),
        Column("skor", text("sumbangan_capaian", bahasa), "poin", 2),
    ]


def mover_columns(nama_awal: str, nama_akhir: str, bahasa: str = "id") -> list[Column]:
    """List the columns of stayers, joiners and leavers, as ``shown_movers`` makes it."""
    mean = text("indeks", bahasa)
    return [
        Column("kelompok", text("kelompok", bahasa)),
        Column("n", text("n_terukur", bahasa), "cacah"),
        Column("rata_awal", f"{mean}, {nama_awal}", "poin", 2),
        Column("rata_akhir", f"{mean}, {nama_akhir}", "poin", 2),
        Column("sumbangan", text("sumbangan", bahasa), "poin", 2),
    ]


def spread_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of shares between units, as ``between_shares`` makes it."""
    return [
        Column("nilai", text("nilai", bahasa)),
        Column("varians", text("bagian_varians", bahasa), "persen", 1),
        Column("theil_t", text("bagian_theil", bahasa), "persen", 1),
        Column("kebetulan", text("bagian_kebetulan", bahasa), "persen", 1),
        Column("n_kelompok", text("n_unit", bahasa), "cacah"),
    ]
