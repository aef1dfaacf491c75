"""An instrument: what one regulation says about measuring the index, as a frozen record.

The records here hold what is printed and answer questions about it. They change nothing: a
reading, other weights or scores taken as given make a *new* instrument whose ``id`` says so,
and that id travels with every table and figure, so a what-if can never pass for the official
index. Reading a file into these records is the work of :mod:`ipasn_lib.law.loading`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.cards import card
from ipasn_lib.errors import ParameterError
from ipasn_lib.law.rules import Bands, GivenPoints, Rule
from ipasn_lib.law.turunan import Derivation
from ipasn_lib.wording import number

__all__ = [
    "DIMENSI",
    "JENIS_ASN",
    "Categories",
    "Choice",
    "Column",
    "Dimension",
    "Indicator",
    "Instrument",
    "Reading",
    "Source",
]

DIMENSI = ("kualifikasi", "kompetensi", "kinerja", "disiplin")
"""The four dimensions, in the order in which every regulation since 2018 prints them."""

JENIS_ASN = ("PNS", "PPPK")
"""Kinds of civil servant (UU 20/2023 Pasal 5)."""

GIVEN = "skor-diberikan"
"""The mark in an id that the four scores were taken as given, not computed from records."""

KEYAKINAN = MappingProxyType(
    {
        "teks": "teks peraturan, sebagaimana dikutip sumbernya",
        "sekunder": "keterangan badan pemerintah lain",
        "praktik": "cara yang dipakai aplikasi atau instansi; bukan bunyi peraturan",
        "belum": "belum ditemukan sumbernya",
    }
)
"""How sure we are of a statement, and what each word means."""


@dataclass(frozen=True)
class Source:
    """Where a statement of the instrument comes from."""

    kode: str
    judul: str
    pasal: str
    tautan: str
    keyakinan: str


@dataclass(frozen=True)
class Column:
    """A column that the instrument asks of a record.

    ``kosong`` says what a blank means: ``tolak`` (the row is refused), ``nol`` (no points),
    ``tidak_diukur`` (the person is counted but not measured) or the name of a category that a
    blank stands for. ``kelompok`` names the job groups for which the column matters; a blank
    for anybody else is no problem.
    """

    nama: str
    label: str
    jenis: str
    kosong: str
    pilihan: tuple[str, ...] = ()
    minimum: float = 0.0
    maksimum: float = float("inf")
    satuan: str = ""
    kelompok: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """One question of a dimension: the column it reads and the rule that gives the points."""

    nama: str
    label: str
    kolom: str
    aturan: Rule
    sumber: tuple[str, ...]
    keterangan: str = ""
    jendela_tahun: int | None = None


@dataclass(frozen=True)
class Dimension:
    """A dimension: its weight (which is also its maximum in points) and its indicators.

    ``skala`` multiplies the points of the regulation; it is 1 except in a what-if with other
    weights.
    """

    nama: str
    label: str
    bobot: float
    status: str
    indikator: tuple[Indicator, ...]
    skala: float = 1.0
    catatan: str = ""


@dataclass(frozen=True)
class Categories:
    """The categories of the index, lowest first, with the printed bands."""

    pita: Bands
    nama: tuple[str, ...]
    sumber: tuple[str, ...]

    @property
    def cuts(self) -> tuple[float, ...]:
        """Index values at which a category ends and the next begins, ascending."""
        return self.pita.cuts

    def of(self, values: npt.ArrayLike) -> pd.Categorical:
        """Category of each index value, unrounded; missing where the value is NaN."""
        return pd.Categorical.from_codes(
            self.pita.index(values), categories=pd.Index(self.nama, dtype="str"), ordered=True
        )


@dataclass(frozen=True)
class Choice:
    """One way to read a contested point."""

    nama: str
    keterangan: str
    sumber: tuple[str, ...]
    ubah: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A point on which the text is silent or the sources differ, and the ways to read it."""

    kunci: str
    pertanyaan: str
    baku: str
    pilihan: Mapping[str, Choice]


@dataclass(frozen=True)
class Instrument:
    """The measuring instrument of one regulation, whole.

    Attributes
    ----------
    id : str
        Name of the regulation's instrument, followed by ``+key=choice`` for every reading that
        is not the default and by other marks of a variant. ``load_instrument(id)`` gives the
        same instrument back.
    mulai : int
        First measurement year.
    subjek : tuple of str
        The kinds of ASN it measures.
    kelompok_jabatan : tuple of str
        Job groups it tells apart; empty where it does not.
    kolom : mapping of str to Column
        The columns it asks of a record.
    dimensi : mapping of str to Dimension
        The four dimensions, in printed order; weights sum to 100.
    kategori : Categories
        The categories of the index.
    tafsir : mapping of str to Reading
        The contested points; ``pilihan_tafsir`` holds the choice taken at each.
    turunan : Derivation or None
        How its columns follow from a personnel system's histories; None where it does not say,
        or where scores are taken as given.
    """

    id: str
    judul: str
    mulai: int
    ditandatangani: str
    diperiksa: dt.date
    subjek: tuple[str, ...]
    kelompok_jabatan: tuple[str, ...]
    sumber: Mapping[str, Source]
    kolom: Mapping[str, Column]
    dimensi: Mapping[str, Dimension]
    kategori: Categories
    tafsir: Mapping[str, Reading]
    pilihan_tafsir: Mapping[str, str]
    catatan: tuple[str, ...] = ()
    turunan: Derivation | None = None

    @property
    def is_given(self) -> bool:
        """True where all four dimensions take points as given."""
        return all(
            isinstance(i.aturan, GivenPoints) for d in self.dimensi.values() for i in d.indikator
        )

    @property
    def bobot(self) -> dict[str, float]:
        """Weight of each dimension: its maximum in points."""
        return {name: d.bobot for name, d in self.dimensi.items()}

    def _repr_html_(self) -> str:
        taken = [f"{key} = {self.pilihan_tafsir[key]}" for key in self.tafsir]
        return card(
            self.judul,
            {
                "Instrumen": self.id,
                "Berlaku sejak tahun": self.mulai,
                "Yang diukur": ", ".join(self.subjek),
                "Dimensi": ", ".join(
                    f"{d.label} {number(d.bobot, 0)}" for d in self.dimensi.values()
                ),
                "Poin": "diambil dari nilai yang diberikan" if self.is_given else "dihitung",
                "Kolom yang diminta": ", ".join(self.kolom),
                "Pembacaan yang dipakai": "; ".join(taken) or "–",
                "Diperiksa": self.diperiksa,
            },
        )

    def describe(self) -> dict[str, object]:
        """Say in plain values what was measured and how, for a method note.

        Returns
        -------
        dict
            ``id``, ``judul``, ``dimensi`` (label, bobot, status), ``tafsir`` (pertanyaan,
            pilihan), ``sumber`` (judul, pasal, tautan, keyakinan), ``catatan``.
        """
        return {
            "id": self.id,
            "judul": self.judul,
            "dimensi": [
                {"label": d.label, "bobot": d.bobot, "status": KEYAKINAN[d.status]}
                for d in self.dimensi.values()
            ],
            "tafsir": [
                {
                    "pertanyaan": reading.pertanyaan,
                    "pilihan": reading.pilihan[self.pilihan_tafsir[key]].keterangan,
                }
                for key, reading in self.tafsir.items()
            ],
            "sumber": [
                {
                    "judul": s.judul,
                    "pasal": s.pasal,
                    "tautan": s.tautan,
                    "keyakinan": KEYAKINAN[s.keyakinan],
                }
                for s in self.sumber.values()
            ],
            "catatan": list(self.catatan),
        }

    def as_given(self) -> Instrument:
        """Give the variant that takes the four dimension scores as given.

        SIASN computes scores itself, for data year 2022 already with another scale of
        kualifikasi than the text of 2019; such scores are aggregated as they are, and the id
        says so (``...+skor-diberikan``).
        """
        if self.is_given:
            return self
        dims = {}
        for name, d in self.dimensi.items():
            given = Indicator(
                nama=name,
                label=d.label,
                kolom=name,
                aturan=GivenPoints(maksimum=d.bobot),
                sumber=(),
                keterangan="Skor sebagaimana diberikan berkas sumber, tidak dihitung ulang.",
            )
            dims[name] = replace(d, indikator=(given,), status="praktik", skala=1.0)
        columns = {
            name: Column(
                nama=name,
                label=d.label,
                jenis="poin",
                kosong="tidak_diukur",
                maksimum=d.bobot,
                satuan="poin",
            )
            for name, d in dims.items()
        }
        note = "Keempat skor diambil sebagaimana diberikan berkas sumber dan tidak dihitung ulang."
        # Of the contested points only those about categories still matter.
        kept = {
            key: reading
            for key, reading in self.tafsir.items()
            if any(p.startswith("kategori.") for c in reading.pilihan.values() for p in c.ubah)
        }
        return replace(
            self,
            id=f"{self.id}+{GIVEN}",
            dimensi=dims,
            kolom=columns,
            tafsir=kept,
            catatan=(note, *self.catatan),
            turunan=None,
        )

    def with_weights(self, bobot: Mapping[str, float]) -> Instrument:
        """Give the what-if with other dimension weights (summing to 100).

        A dimension's points are the regulation's times new weight over official weight, so a
        person who earns a share of a dimension's maximum keeps that share.

        Raises
        ------
        ParameterError
            If a dimension is missing or unknown, a weight is negative, or the sum is not 100.
        """
        if set(bobot) != set(self.dimensi):
            raise ParameterError(
                f"weights name {sorted(bobot)}; expected exactly {sorted(self.dimensi)}"
            )
        if any(w < 0 for w in bobot.values()) or not np.isclose(sum(bobot.values()), 100.0):
            raise ParameterError("weights must not be negative and must sum to 100")
        dims = {
            name: replace(d, bobot=float(bobot[name]), skala=d.skala * bobot[name] / d.bobot)
            for name, d in self.dimensi.items()
        }
        mark = "/".join(f"{dims[name].bobot:g}" for name in self.dimensi)
        base = "+".join(p for p in self.id.split("+") if not p.startswith("bobot="))
        return replace(self, id=f"{base}+bobot={mark}", dimensi=dims)
