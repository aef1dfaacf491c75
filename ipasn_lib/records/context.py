"""Published figures about whole countries, for context beside the index; never joined with it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ipasn_lib.errors import ParameterError

__all__ = ["WGI_EDITIONS", "load_wgi"]

WGI_EDITIONS = ("2024", "revisi 2025")
"""Editions of the Worldwide Governance Indicators; the second recomputed every year."""

SOURCE = "World Bank, Worldwide Governance Indicators, {edisi} (CC BY 4.0)"


def load_wgi(edisi: str, ukuran: str) -> pd.DataFrame:
    """Give one measure of government effectiveness from one edition.

    Parameters
    ----------
    edisi : {"2024", "revisi 2025"}
        There is no way to ask for both: the revision of 2025 changed sources and method, so
        figures of the two editions are not one series.
    ukuran : str
        "peringkat_persentil" (0-100, edition 2024), "skor" (0-100, revision) or "estimasi"
        (about -2.5 to 2.5).

    Returns
    -------
    pandas.DataFrame
        ``kode_negara``, ``negara``, ``tahun``, ``nilai``, ``batas_bawah_90``,
        ``batas_atas_90`` (NaN where not taken over), ``sumber_data``; by country and year.

    Raises
    ------
    ParameterError
        For an unknown edition, a measure that the edition does not have here, or a library
        installed without the project's ``data/`` folder.

    References
    ----------
    .. [1] Kaufmann, D., Kraay, A. and Mastruzzi, M. (2011). The Worldwide Governance Indicators:
           methodology and analytical issues. Hague Journal on the Rule of Law 3(2), 220-246.
           doi:10.1017/S1876404511200046
    """
    if edisi not in WGI_EDITIONS:
        raise ParameterError(f"edition {edisi!r}; known: {', '.join(WGI_EDITIONS)}")
    folder = Path(__file__).resolve().parents[2] / "data" / "published"
    if not folder.is_dir():
        raise ParameterError("the published figures are not here; they ship with the project")
    table = pd.read_csv(folder / "wgi_government_effectiveness.csv", dtype={"edisi": "str"})
    of_edition = table.loc[(table["edisi"] == edisi).to_numpy(dtype=bool)]
    rows = of_edition.loc[(of_edition["ukuran"] == ukuran).to_numpy(dtype=bool)]
    if not len(rows):
        known = ", ".join(sorted(of_edition["ukuran"].unique()))
        raise ParameterError(f"edition {edisi!r} has no measure {ukuran!r}; known: {known}")
    columns = ["kode_negara", "negara", "tahun", "nilai", "batas_bawah_90", "batas_atas_90"]
    sorted_rows = rows[columns].sort_values(["kode_negara", "tahun"], ignore_index=True)
    named = f"edisi {edisi}" if edisi.isdigit() else edisi
    return sorted_rows.assign(sumber_data=SOURCE.format(edisi=named))
