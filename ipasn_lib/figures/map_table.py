"""What a map shows of a table: each place's class, and why a place has none.

A place without a class is either hidden (a small group is protected) or without data; the two
look different on every map and are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.figures.map_keys import MapKey, kategori_key
from ipasn_lib.figures.style import NO_DATA
from ipasn_lib.wording import text, translate

__all__ = [
    "CREDIT",
    "MapTable",
    "column_name",
    "default_subtitle",
    "default_title",
    "key_for",
    "keyed",
    "map_table",
    "marked",
    "notes",
]

CREDIT = "Batas wilayah: geoBoundaries (BPS/WFP/OCHA, 2020), CC BY 3.0 IGO; disederhanakan."
"""The credit that the licence of the shipped boundaries asks for; never left out."""


@dataclass(frozen=True)
class MapTable:
    """Places of a map with their classes.

    Attributes
    ----------
    nilai : pandas.Series
        The mapped column, one row a place of the boundary file; NA where hidden or missing.
    kelas : pandas.Series
        Number of the class (Int64), NA where hidden or missing.
    hidden : frozenset of str
        Codes of the hidden places.
    labels : pandas.Series
        "Kab. Banyuwangi", one row a place.
    key : MapKey
        What the classes mean.
    """

    nilai: pd.Series
    kelas: pd.Series
    hidden: frozenset[str]
    labels: pd.Series
    key: MapKey

    @property
    def missing(self) -> frozenset[str]:
        """Codes of the places without data."""
        none = self.kelas.index[self.kelas.isna()]
        return frozenset(str(code) for code in none) - self.hidden

    def fills(self) -> dict[str, str]:
        """Colour of each place; white where hidden, grey where there is no data."""
        out = {}
        for code, kelas in self.kelas.items():
            if str(code) in self.hidden:
                out[str(code)] = "#ffffff"
            else:
                out[str(code)] = NO_DATA if pd.isna(kelas) else self.key.colours[int(kelas)]
        return out

    def counts(self) -> list[int]:
        """Places in each class of the key, empty ones 0."""
        return [int((self.kelas == k).sum()) for k in range(len(self.key.names))]

    def in_words(self, bahasa: str) -> str:
        """List the counts in words, for the text that stands for the picture."""
        parts = [
            f"{translate(n, bahasa)} {c}"
            for n, c in zip(self.key.names, self.counts(), strict=True)
        ]
        parts += [
            f"{text(word, bahasa)} {len(codes)}"
            for word, codes in (
                ("peta_disembunyikan", self.hidden),
                ("peta_tanpa_data", self.missing),
            )
            if codes
        ]
        return ", ".join(parts)


def map_table(kabkota: pd.DataFrame, ringkasan: pd.DataFrame, kolom: str, key: MapKey) -> MapTable:
    """Look up each place's class.

    Parameters
    ----------
    kabkota : geopandas.GeoDataFrame
        Index ``kode_kabkota``, with ``label``.
    ringkasan : pandas.DataFrame
        Index (or column) ``kode_kabkota``, each place at most once, with ``kolom``. Where it has
        ``n_pegawai``, a missing count marks a hidden place.
    kolom : str
        Column to map.
    key : MapKey
        Its classes.

    Raises
    ------
    ParameterError
        If a column is missing, a place stands twice, a code is not on the map, or a value is in
        no class.
    """
    table = _by_place(ringkasan)
    if kolom not in table.columns:
        raise ParameterError(
            f"the table has no column '{kolom}'; it has {[str(c) for c in table.columns]}"
        )
    unknown = sorted(set(table.index) - set(kabkota.index))
    if unknown:
        raise ParameterError(f"these codes are not on the map: {unknown[:10]}")
    values = table[kolom].reindex(kabkota.index)
    hidden: frozenset[str] = frozenset()
    if "n_pegawai" in table.columns:
        hidden = frozenset(table.index[table["n_pegawai"].isna()])
        shown = values.loc[[code for code in values.index if code in hidden]].notna()
        if shown.any():
            raise ParameterError(
                f"{int(shown.sum())} hidden places (without n_pegawai) still hold '{kolom}'; "
                "protect the whole row before it is drawn"
            )
    return MapTable(values, key.of(values), hidden, kabkota["label"], key)


def _by_place(ringkasan: pd.DataFrame) -> pd.DataFrame:
    table = ringkasan
    if "kode_kabkota" in table.columns:
        table = table.set_index("kode_kabkota")
    elif table.index.names != ["kode_kabkota"]:
        raise ParameterError(
            "a map needs a table with one row a kabupaten/kota and the index 'kode_kabkota'; "
            f"its index is {list(table.index.names)}"
        )
    index: Any = table.index.astype(str)
    twice = sorted(set(index[index.duplicated()]))
    if twice:
        raise ParameterError(
            f"the table holds more than one row for {twice[:10]}; choose one tahun or jenis_asn"
        )
    return table.set_axis(index)


def key_for(key: MapKey | None, kolom: str) -> MapKey:
    """Give the key asked for; the five categories where none is, for ``kategori`` only."""
    if key is not None:
        return key
    if kolom == "kategori":
        return kategori_key()
    raise ParameterError(
        f"column '{kolom}' needs a key: percent_key(maksimum), step_key(edges) or group_key(...)"
    )


def keyed(ringkasan: pd.DataFrame) -> pd.DataFrame:
    """Give the table with ``kode_kabkota`` as a column."""
    return ringkasan.reset_index() if "kode_kabkota" not in ringkasan.columns else ringkasan


def notes(table: MapTable, bahasa: str) -> tuple[str, ...]:
    """Give the note on hidden places, where there are any."""
    return (text("peta_disembunyikan_catatan", bahasa),) if table.hidden else ()


def marked(words: str, sintetis: bool, bahasa: str) -> str:
    """Put the mark for make-believe data before the words that stand for the picture."""
    return f"{text('data_sintetis', bahasa)}. {words}" if sintetis else words


def column_name(kolom: str, bahasa: str) -> str:
    """Give the printed name of a column."""
    try:
        return text(kolom, bahasa)
    except ParameterError:
        return kolom.replace("_", " ")


def default_title(table: MapTable, kolom: str, bahasa: str) -> str:
    """Make a title from the counts: the fullest category, or the column's name."""
    counts = table.counts()
    if kolom != "kategori" or not any(counts):
        return text("peta_judul_nilai", bahasa, kolom=column_name(kolom, bahasa).capitalize())
    most = max(range(len(counts)), key=counts.__getitem__)
    return text(
        "peta_judul_kategori",
        bahasa,
        jumlah=counts[most],
        semua=sum(counts),
        kategori=translate(table.key.names[most], bahasa),
    )


def default_subtitle(kolom: str, key: MapKey, bahasa: str) -> str:
    """Say what is shown and in which unit."""
    if kolom == "kategori":
        return text("peta_subjudul_kategori", bahasa)
    name = column_name(kolom, bahasa).capitalize()
    said = f"{name}, {key.satuan}" if key.satuan else name
    return text("peta_subjudul_nilai", bahasa, kolom=said)
