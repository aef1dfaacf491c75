"""The columns of tables on merit and on the impact of a measure, and sentences as a block."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.charts_merit_units import PATTERN_KEYS
from ipasn_lib.figures.publish import PublishedBlock
from ipasn_lib.figures.tables import Column
from ipasn_lib.wording import text, translate

__all__ = [
    "check_columns",
    "check_words",
    "effect_columns",
    "effect_words",
    "left_out_columns",
    "left_out_words",
    "leniency_columns",
    "leniency_words",
    "mismatch_columns",
    "rule_columns",
    "rule_words",
    "sentences",
]

HIDDEN = "tersembunyi"


def mismatch_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of pay that runs against performance, as ``pay_mismatch`` gives."""
    counts = ("n_pegawai", "n_tinggi", "n_rendah")
    shares = (
        *("tinggi_di_bawah_median", "semua_di_bawah_median"),
        *("rendah_di_atas_median", "semua_di_atas_median"),
    )
    return [
        Column("kelas_jabatan", text("kelas_jabatan", bahasa)),
        *(Column(n, text(n, bahasa), "cacah", kosong=HIDDEN) for n in counts),
        *(Column(s, text(s, bahasa), "persen", 0, kosong=HIDDEN) for s in shares),
    ]


def leniency_words(table: pd.DataFrame, bahasa: str = "id") -> pd.DataFrame:
    """Say each unit's pattern in words; a hidden one stays missing."""
    printed = [None if pd.isna(p) else text(PATTERN_KEYS[str(p)], bahasa) for p in table["pola"]]
    return table.assign(pola=pd.array(printed, dtype="object"))


def leniency_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of how units rate, as ``leniency_words`` makes it."""
    return [
        Column("unit_kerja", text("unit_kerja", bahasa)),
        Column("pola", text("pola", bahasa), kosong=HIDDEN),
        Column("n_pegawai", text("n_dinilai", bahasa), "cacah"),
        *(
            Column(n, text(n, bahasa), "persen", 0, kosong=HIDDEN)
            for n in ("sangat_baik", "batas_bawah", "batas_atas", "bagian_lain")
        ),
    ]


def rule_words(table: pd.DataFrame, bahasa: str = "id") -> pd.DataFrame:
    """Lay the conditions on the spread of predicates side by side, one row a unit.

    Parameters
    ----------
    table : pandas.DataFrame
        Index (``unit_kerja``, ``syarat``); ``n_pegawai``, ``terpenuhi``, as
        :func:`ipasn_lib.analysis.merit.distribution_check` gives.
    bahasa : {"id", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Index ``unit_kerja``; for each condition its name (yes or no; missing where hidden),
        ``n_pegawai``, ``sumber_data``.
    """
    kept = {True: text("terpenuhi_ya", bahasa), False: text("terpenuhi_tidak", bahasa)}
    rows = table.reset_index()
    wide = rows.drop_duplicates("unit_kerja").set_index("unit_kerja")[["n_pegawai", "sumber_data"]]
    for name in dict.fromkeys(rows["syarat"]):
        one = rows.loc[(rows["syarat"] == name).to_numpy(dtype=bool)].set_index("unit_kerja")
        said = [None if pd.isna(k) else kept[bool(k)] for k in one["terpenuhi"]]
        wide[name] = pd.Series(said, index=one.index, dtype="object")
    return wide


def rule_columns(table: pd.DataFrame, bahasa: str = "id") -> list[Column]:
    """List the columns of that layout; ``table`` is the check, whose ``bunyi`` are the headings."""
    rows = table.reset_index()
    words = dict(zip(rows["syarat"], rows["bunyi"], strict=True))
    columns = [Column("unit_kerja", text("unit_kerja", bahasa))]
    for name, said in words.items():
        head = translate(str(said), bahasa)
        columns.append(Column(str(name), f"{head[:1].upper()}{head[1:]}", kosong=HIDDEN))
    return [*columns, Column("n_pegawai", text("n_dinilai", bahasa), "cacah")]


def effect_words(table: pd.DataFrame, bahasa: str = "id") -> pd.DataFrame:
    """Name the row of the mean effect in words."""
    printed = [text("jarak_rata_rata", bahasa) if j == "rata_rata" else j for j in table["jarak"]]
    return table.assign(jarak=printed)


def effect_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of an effect by years since adoption."""
    names = ("efek", "galat_baku", "batas_bawah", "batas_atas")
    return [
        Column("jarak", text("jarak_tahun", bahasa)),
        Column("n_tempat", text("n_tempat", bahasa), "cacah"),
        *(Column(n, text(n, bahasa), "poin", 2) for n in names),
    ]


def check_words(table: pd.DataFrame, bahasa: str = "id") -> pd.DataFrame:
    """Name the checks in words, and say what a small p would mean."""
    years = ["" if pd.isna(m) else str(m) for m in table["mundur"]]
    named = zip(table["uji"], years, strict=True)
    return table.assign(
        uji=[text(f"uji_{code}", bahasa, mundur=year) for code, year in named],
        arti=[text(f"arti_{code}", bahasa) for code in table["uji"]],
    )


def check_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of the checks, as ``check_words`` makes it."""
    return [
        Column("uji", text("uji", bahasa)),
        Column("arti", text("arti", bahasa)),
        Column("hasil", text("hasil", bahasa), "poin", 2),
        Column("p", text("p", bahasa), "poin", 3),
    ]


def left_out_columns(bahasa: str = "id") -> list[Column]:
    """List the columns of the places and years that an estimate could not use."""
    return [
        Column("kode_kabkota", text("label", bahasa)),
        Column("tahun", text("tahun", bahasa)),
        Column("alasan", text("alasan", bahasa)),
    ]


def left_out_words(table: pd.DataFrame, label: pd.Series, bahasa: str = "id") -> pd.DataFrame:
    """Name the places of that table; a blank year is all of them.

    Parameters
    ----------
    table : pandas.DataFrame
        ``kode_kabkota``, ``tahun`` (NA for the whole place), ``alasan``.
    label : pandas.Series
        Name of each place by code.
    bahasa : {"id", "en"}
        Language of the other words.
    """
    every = text("semua_tahun", bahasa)
    return table.assign(
        kode_kabkota=table["kode_kabkota"].map(label),
        tahun=[every if pd.isna(t) else str(t) for t in table["tahun"]],
    )


def sentences(kalimat: Sequence[str], bahasa: str = "id") -> PublishedBlock:
    """Show sentences as a list, escaped, in the language of the report.

    Raises
    ------
    ParameterError
        If there is none.
    """
    if not kalimat:
        raise ParameterError("no sentence is given")
    said = [translate(s, bahasa) for s in kalimat]
    items = "".join(f'<li style="margin:6px 0">{html.escape(s)}</li>' for s in said)
    return PublishedBlock(
        f'<ul class="ipasn-kalimat" style="margin:8px 0">{items}</ul>',
        "\n".join(f"- {s}" for s in said),
    )
