"""Does a published summary agree with itself, and if not, which single number would explain it.

A printed number stands for an interval: what was rounded to it. Every statement that ties printed
numbers together (four dimensions make the index, PNS and PPPK make ASN, units make the agency)
holds if some true values inside the intervals satisfy it. Where none do, each number of the
statement is freed in turn; the others then say in which interval its true value must lie.

Published summaries are other people's work: what is found here warns, it rejects nothing.

References
----------
.. [1] Moore, R. E., Kearfott, R. B. and Cloud, M. J. (2009). Introduction to Interval Analysis.
       SIAM. doi:10.1137/1.9780898717716
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipasn_lib.analysis.reconcile.lines import name_of
from ipasn_lib.analysis.reconcile.page import (
    CHECK_COLUMNS,
    GUESS_COLUMNS,
    MEANS,
    Equation,
    Page,
)
from ipasn_lib.cards import card
from ipasn_lib.errors import ParameterError
from ipasn_lib.law.instrument import Instrument

__all__ = ["HASIL", "Reconciliation", "reconcile"]

HASIL = (
    "sesuai",
    "tidak sesuai",
    "rata-rata polos",
    "bergantung pembacaan",
    "tidak dapat diperiksa",
)
"""Outcomes of a check: agrees; cannot agree whatever was rounded; the total is the plain mean of
its parts, not weighted by headcount; the category fits one reading of the band edges only; a
number that the check needs is not printed."""

CHECKS = ("jumlah_dimensi", "rentang", "kategori", "gabungan", "jumlah_pegawai")


@dataclass(frozen=True)
class Reconciliation:
    """What was found in a published table.

    Attributes
    ----------
    pemeriksaan : pandas.DataFrame
        One row a check: ``baris`` (label of the row in the table), ``nama`` (its key columns in
        words), ``pemeriksaan`` (jumlah_dimensi, rentang, kategori, gabungan, jumlah_pegawai),
        ``kolom``, ``tercetak``, ``dihitung`` (from the other printed numbers), ``selisih``
        (printed less computed), ``bawah``, ``atas`` (where the number must lie if the others
        are right), ``kategori``, ``kategori_dihitung`` (texts), ``hasil`` (one of ``HASIL``).
    dugaan : pandas.DataFrame
        One row for each number that alone explains a group of mismatches: ``kelompok``
        (number of the group), ``baris``, ``nama``, ``kolom``, ``tercetak``, ``bawah``, ``atas``
        (the interval of its true value), ``dugaan`` (what should have been printed),
        ``n_pemeriksaan`` (mismatches explained), ``tunggal`` (no other number explains them),
        ``desimal_hilang`` (the printed one is the right one without its decimals). A group that
        no single number explains has one row with ``kolom`` NA.
    desimal : int
        Decimals that the table was read with.
    """

    pemeriksaan: pd.DataFrame
    dugaan: pd.DataFrame
    desimal: int

    def _repr_html_(self) -> str:
        found = self.pemeriksaan["hasil"].value_counts()
        return card(
            "Pemeriksaan tabel terbitan",
            {
                "Hasil": "cocok" if self.agrees else "ada yang tidak cocok",
                "Pemeriksaan": ", ".join(f"{name} {n}" for name, n in found.items()) or "–",
                "Dugaan sel keliru": len(self.dugaan),
                "Desimal": self.desimal,
            },
        )

    @property
    def agrees(self) -> bool:
        """True where no check contradicts the table."""
        return not self.pemeriksaan["hasil"].isin(["tidak sesuai", "rata-rata polos"]).any()


def reconcile(table: pd.DataFrame, instrument: Instrument, *, desimal: int = 2) -> Reconciliation:
    """Check a published summary table against itself.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a published line, unique index (the line's number); any of the keys ``instansi``,
        ``unit_kerja``, ``jenis_asn`` (PNS, PPPK, ASN), ``tahun``; any of ``n_terukur`` (people),
        the four dimensions and ``indeks`` (mean points as printed), ``kategori`` (text). NA
        where not printed. :func:`ipasn_lib.records.published.read_published` makes it.
    instrument : Instrument
        Gives the maximum of each dimension and the category bands.
    desimal : int
        Decimals to which the table is rounded: a printed v stands for v plus or minus half a
        unit of the last one. A page that drops trailing zeros prints 26 for 26.00; read with
        two decimals it is 25.995 to 26.005.

    Returns
    -------
    Reconciliation

    Raises
    ------
    ParameterError
        If the index repeats, no number column is there, or ``desimal`` is not 0 to 6.

    Notes
    -----
    * A line's index is the sum of its dimensions (Peraturan BKN 8/2019, Lampiran I).
    * A line "ASN" is the headcount-weighted mean of "PNS" and "PPPK" of the same body, unit and
      year; a line whose unit is called total, jumlah or rata-rata, or has no unit among lines
      that have one, is that of all other units: total = sum(n * mean) / sum(n). The total's
      ``n_terukur`` is the sum of theirs.
    * A number is named as explanation if every mismatch of a group contains it and one interval,
      common to *all* statements that contain it, mends them. Statements are taken one by one,
      so intervals may be wider than all statements together would allow, never narrower.
    * A mean lies between 0 and the dimension's maximum, so 5 of disiplin stands for 4.995 to 5.
    """
    if not table.index.is_unique:
        raise ParameterError("the index of the published table repeats a label")
    if not set(MEANS) & set(table.columns):
        raise ParameterError(f"the published table has none of the columns {', '.join(MEANS)}")
    if isinstance(desimal, bool) or not isinstance(desimal, int) or not 0 <= desimal <= 6:
        raise ParameterError(f"desimal is {desimal!r}; expected a whole number from 0 to 6")
    page = Page(table.reset_index(drop=True), instrument, desimal)
    names = [name_of(row) for row in page.table.to_dict("records")]
    checks: list[dict[str, object]] = []
    broken: list[Equation] = []
    for equation in page.equations:
        line = page.check(equation)
        checks.append(line)
        if line["hasil"] == "tidak sesuai":
            broken.append(equation)
    checks += [*page.ranges(), *page.categories(), *page.headcounts()]
    found = pd.DataFrame(checks, columns=CHECK_COLUMNS)
    found["urut"] = found["pemeriksaan"].map(CHECKS.index)
    found = found.sort_values(["baris", "urut"], kind="stable", ignore_index=True)
    guesses = pd.DataFrame(page.explain(broken), columns=GUESS_COLUMNS)
    for frame in (found, guesses):
        rows = frame["baris"].to_numpy(dtype=np.intp)
        frame.insert(1, "nama", [names[i] for i in rows])
        frame["baris"] = table.index[rows]
    return Reconciliation(found.drop(columns="urut"), guesses, desimal)
