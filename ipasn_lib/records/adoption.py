"""Read a panel of places by year, and the year in which each place adopted a measure.

Both are plain tables that an analyst makes. Nothing is guessed: another column, an unknown code,
a place twice or a year out of range refuses the file, and a panel from a file is never joined
with make-believe dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.records.cells import as_number, as_text
from ipasn_lib.records.problems import Finding, describe, problem_table, row_finding
from ipasn_lib.records.regions import load_kabkota
from ipasn_lib.records.synthetic.panel import EFFECT, synthesize_panel
from ipasn_lib.records.workbook import RawTable, open_raw

__all__ = ["AdoptionData", "open_adoption", "read_adoption", "read_panel"]

FIRST, LAST = 2000.0, 2100.0
PANEL = ("kode_kabkota", "tahun", "indeks")
PANEL_MORE = ("id_instrumen", "sumber_data")
ADOPTION = ("kode_kabkota", "tahun")


@dataclass(frozen=True)
class AdoptionData:
    """A panel with the dates of adoption.

    Attributes
    ----------
    panel : pandas.DataFrame
        ``kode_kabkota``, ``tahun``, ``indeks``, ``sumber_data``, ``id_instrumen``.
    adopsi : pandas.Series
        Index ``kode_kabkota``: first year of the measure, NA where it was never adopted.
    ditanamkan : float or None
        The effect that a make-believe panel was made with; None for a real one.
    """

    panel: pd.DataFrame
    adopsi: pd.Series
    ditanamkan: float | None


def open_adoption(panel: str | Path, adopsi: str | Path, *, seed: int) -> AdoptionData:
    """Read both files, or make the make-believe panel where neither is named.

    Raises
    ------
    ParameterError
        If only one file is named: real figures with made-up dates would look like a finding.
    DataError, UnsafeFileError
        As :func:`read_panel` and :func:`read_adoption`.
    """
    if bool(str(panel)) != bool(str(adopsi)):
        raise ParameterError("name both panel and adopsi, or leave both empty for the example")
    if not str(panel):
        made, dates = synthesize_panel(seed)
        return AdoptionData(made, dates, EFFECT)
    return AdoptionData(read_panel(panel), read_adoption(adopsi), None)


def read_panel(path: str | Path) -> pd.DataFrame:
    """Read a panel of the index.

    Parameters
    ----------
    path : str or pathlib.Path
        csv, xlsx or parquet with ``kode_kabkota`` (BPS code), ``tahun``, ``indeks`` (0-100;
        blank where hidden or not measured), and if wanted ``id_instrumen`` (under which the
        year was measured) and ``sumber_data``.

    Returns
    -------
    pandas.DataFrame
        These five columns; ``id_instrumen`` NA and ``sumber_data`` the file's name where the
        file has none. Ordered as in the file.

    Raises
    ------
    DataError
        If a column is missing, unknown or repeated, or a row is wrong; all problems at once.
    UnsafeFileError
        If the file is refused before it is parsed.
    """
    raw, cells = _open(path, PANEL, PANEL_MORE)
    kode, tahun, findings = _keys(cells, blank_year=False)
    value, found = as_number(cells["indeks"], "indeks", 0.0, 100.0, "poin")
    key = pd.DataFrame({"kode": kode.to_numpy(), "tahun": tahun})
    twice = key.duplicated(keep=False).to_numpy(dtype=bool) & kode.notna().to_numpy()
    hint = "satu baris bagi tiap daerah dan tahun"
    _refuse(raw, [*findings, *found, *row_finding("kode_kabkota", "ganda", twice, hint)])
    table = pd.DataFrame({"kode_kabkota": kode, "tahun": tahun.astype(np.int64), "indeks": value})
    for name in PANEL_MORE:
        empty = pd.Series(pd.NA, index=table.index, dtype="str")
        table[name] = as_text(cells[name]) if name in cells else empty
    table["sumber_data"] = table["sumber_data"].fillna(raw.berkas)
    return table.reset_index(drop=True)


def read_adoption(path: str | Path) -> pd.Series:
    """Read the first year of a measure in each place.

    Parameters
    ----------
    path : str or pathlib.Path
        csv, xlsx or parquet with ``kode_kabkota`` (BPS code) and ``tahun`` (first year in which
        the measure was in force; blank: never). Every place of the panel stands here: one left
        out could be either.

    Returns
    -------
    pandas.Series
        ``tahun`` (Int64) by ``kode_kabkota``.

    Raises
    ------
    DataError, UnsafeFileError
        As :func:`read_panel`.
    """
    raw, cells = _open(path, ADOPTION, ())
    kode, tahun, findings = _keys(cells, blank_year=True)
    twice = kode.duplicated(keep=False).to_numpy(dtype=bool) & kode.notna().to_numpy()
    hint = "satu baris bagi tiap daerah"
    _refuse(raw, [*findings, *row_finding("kode_kabkota", "ganda", twice, hint)])
    index = pd.Index(kode, name="kode_kabkota", dtype="str")
    years = pd.array(np.nan_to_num(tahun), dtype="Int64")
    years[np.isnan(tahun)] = pd.NA
    return pd.Series(years, index=index, name="tahun")


def _open(
    path: str | Path, needed: Sequence[str], more: Sequence[str]
) -> tuple[RawTable, dict[str, pd.Series]]:
    known = (*needed, *more)

    def score(cells: Sequence[object]) -> tuple[bool, int]:
        found = {str(c).strip().casefold() for c in cells}.intersection(known)
        return set(needed) <= found, len(found)

    raw = open_raw(Path(path), score)
    names = [str(k).strip().casefold() for k in raw.kolom]
    missing = [n for n in needed if n not in names]
    unknown = sorted(set(names) - set(known))
    if missing or unknown or len(set(names)) != len(names):
        said = [f"missing {', '.join(missing)}"] * bool(missing)
        said += [f"unknown {', '.join(unknown)}"] * bool(unknown)
        raise DataError(
            f"{raw.berkas}: columns {'; '.join(said) or 'repeated'}; "
            f"needed {', '.join(needed)}; also known: {', '.join(more) or 'none'}"
        )
    if raw.lebih.any() or raw.kurang.any():
        hint = "jumlah isian tidak sama dengan jumlah judul kolom"
        _refuse(raw, row_finding("", "isian_tidak_sejumlah_kolom", raw.lebih | raw.kurang, hint))
    return raw, {name: raw.isi[position] for position, name in enumerate(names)}


def _keys(
    cells: Mapping[str, pd.Series], *, blank_year: bool
) -> tuple[pd.Series, np.ndarray, list[Finding]]:
    kode = as_text(cells["kode_kabkota"])
    known = kode.isin(load_kabkota().index).to_numpy(dtype=bool)
    findings = row_finding("kode_kabkota", "tidak_dikenal", ~known, "kode BPS, misalnya 3510")
    tahun, found = as_number(cells["tahun"], "tahun", FIRST, LAST)
    findings += found
    part = ~np.isnan(tahun) & (tahun != np.floor(tahun))
    findings += row_finding("tahun", "bukan_bilangan_bulat", part, "tahun, misalnya 2022")
    if not blank_year:
        none = as_text(cells["tahun"]).isna().to_numpy(dtype=bool)
        findings += row_finding("tahun", "kosong", none, "isi tahun pengukuran")
    return kode, tahun, findings


def _refuse(raw: RawTable, findings: Sequence[Finding]) -> None:
    if findings:
        table = problem_table(findings, raw.berkas, raw.isi.index.to_numpy())
        raise DataError(f"{raw.berkas}: the file is refused\n{describe(table)}", table)
