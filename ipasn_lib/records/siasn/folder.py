"""The exports of one place, read together: histories joined to the people of the nominatif."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.law.turunan import Derivation
from ipasn_lib.records.problems import Finding, describe, problem_table, row_finding
from ipasn_lib.records.siasn.opening import FORMATS, find_exports
from ipasn_lib.records.siasn.read import Export, read_export
from ipasn_lib.records.siasn.shapes import load_shapes

__all__ = ["Exports", "problems_at", "read_exports"]

PLACE = ("berkas", "baris")
"""Columns that say where a row stands."""


@dataclass(frozen=True)
class Exports:
    """The exports of one place.

    Attributes
    ----------
    tabel : mapping of str to pandas.DataFrame
        By shape, all files of a shape together, rows numbered from 0: the columns of
        :class:`ipasn_lib.records.siasn.read.Export` and ``berkas``, ``baris``; of a history also
        ``posisi``, the person's row in the nominatif. Equal rows stand once; rows of people who
        are not in the nominatif are left out.
    problems : pandas.DataFrame
        What was found in the files.
    sintetis : str
        The mark of make-believe or other source that any of the files carries, else "".
    """

    tabel: Mapping[str, pd.DataFrame]
    problems: pd.DataFrame
    sintetis: str


def read_exports(
    folder: str | Path, turunan: Derivation, *, pada: dt.date, key: bytes | None = None
) -> Exports:
    """Read all exports of a folder.

    Parameters
    ----------
    folder : str or pathlib.Path
        The files of one place, any subset of shapes, several files of a shape allowed.
    turunan, pada, key
        As in :func:`ipasn_lib.records.siasn.read.read_export`.

    Returns
    -------
    Exports

    Raises
    ------
    ParameterError
        If the folder holds no file of a kind that is read.
    DataError
        If a file cannot be read or understood, or there is no nominatif; ``problems`` lists what
        is wrong with all of them.
    UnsafeFileError
        If a file is refused before it is parsed.
    """
    paths = find_exports(folder)
    if not paths:
        raise ParameterError(f"{Path(folder).name} holds no file of {', '.join(FORMATS)}")
    exports: list[Export] = []
    broken: list[pd.DataFrame] = []
    said: list[str] = []
    for path in paths:
        try:
            exports.append(read_export(path, turunan, pada=pada, key=key))
        except DataError as error:
            said.append(str(error))
            if error.problems is not None:
                broken.append(error.problems)
    if said:
        all_broken = pd.concat(broken, ignore_index=True) if broken else None
        raise DataError("\n".join(said), all_broken)
    tables = _by_shape(exports)
    problems = [export.problems for export in exports]
    if "nominatif" not in tables:
        _no_nominatif(Path(folder).name, tables)
    people, found = _once(tables["nominatif"], "nominatif")
    problems.append(found)
    joined: dict[str, pd.DataFrame] = {"nominatif": people}
    for shape, table in tables.items():
        if shape != "nominatif":
            joined[shape], parts = _join(people, table, shape)
            problems += parts
    marks = [t["sumber_data"].dropna() for t in tables.values() if "sumber_data" in t]
    marked = pd.concat(marks) if marks else pd.Series([], dtype="str")
    return Exports(
        joined,
        pd.concat(problems, ignore_index=True),
        str(marked.iloc[0]) if len(marked) else "",
    )


def problems_at(table: pd.DataFrame, findings: Sequence[Finding]) -> pd.DataFrame:
    """Write findings about rows of a joined table by the files in which the rows stand."""
    parts = [problem_table([], "", [])]
    files = table["berkas"].to_numpy()
    numbers = table["baris"].to_numpy()
    for finding in findings:
        if finding.posisi is None:
            parts.append(problem_table([finding], "", []))
            continue
        for name in dict.fromkeys(files[finding.posisi]):
            here = finding.posisi[files[finding.posisi] == name]
            part = Finding(finding.kolom, finding.aturan, finding.harapan, here, finding.tingkat)
            parts.append(problem_table([part], str(name), numbers))
    return pd.concat(parts, ignore_index=True)


def _no_nominatif(folder: str, tables: Mapping[str, object]) -> None:
    wanted = " dan ".join(
        " atau ".join(load_shapes()["nominatif"].kolom[name].judul for name in group)
        for group in load_shapes()["nominatif"].wajib
    )
    finding = Finding("", "nominatif_tidak_ada", f"berkas dengan kolom {wanted}", None)
    problems = problem_table([finding], folder, [])
    said = f"{folder}: no nominatif among {len(tables)} shapes ({', '.join(tables)})"
    raise DataError(f"{said}\n{describe(problems)}", problems)


def _by_shape(exports: Sequence[Export]) -> dict[str, pd.DataFrame]:
    parts: dict[str, list[pd.DataFrame]] = {}
    for export in exports:
        table = export.tabel.reset_index()
        table["berkas"] = export.berkas
        parts.setdefault(export.bentuk, []).append(table)
    return {
        shape: group[0] if len(group) == 1 else pd.concat(group, ignore_index=True)
        for shape, group in parts.items()
    }


def _once(table: pd.DataFrame, shape: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out rows that repeat another in everything; rows of one id that differ are marked."""
    columns = [name for name in table.columns if name not in PLACE]
    known = table["pns"].notna() | table["orang"].notna() | table["id"].notna()
    again = (table.duplicated(columns) & known).to_numpy()
    hint = "baris kembar sama persis; dihitung satu kali"
    findings = row_finding("", "baris_kembar", again, hint, "peringatan")
    clash = np.zeros(len(table), dtype=bool)
    if shape != "nominatif":
        ids = table["id"].mask(again)
        clash = (ids.notna() & ids.duplicated(keep=False)).to_numpy()
        beda = "dua baris ber-id sama tetapi isinya berbeda; sisakan yang benar"
        findings += row_finding("id", "id_ganda_berbeda", clash, beda)
    problems = problems_at(table, findings)
    table = table.assign(rusak=table["rusak"].to_numpy() | clash)
    return table.loc[~again].reset_index(drop=True), problems


def _join(
    people: pd.DataFrame, table: pd.DataFrame, shape: str
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    table, problems = _once(table, shape)
    by_pns, by_nip = _places(people["pns"], table["pns"]), _places(people["orang"], table["orang"])
    differs = (by_pns >= 0) & (by_nip >= 0) & (by_pns != by_nip)
    beda = "PNS ID dan NIP menunjuk dua orang yang berlainan pada nominatif"
    place = np.where(by_pns >= 0, by_pns, by_nip)
    strange = place < 0
    luar = "orang pada baris ini tidak ada pada nominatif; barisnya tidak dipakai"
    found = problems_at(
        table,
        [
            *row_finding("pns_id", "orang_bertentangan", differs, beda),
            *row_finding("pns_id", "di_luar_nominatif", strange, luar, "peringatan"),
        ],
    )
    # whichever of the two is meant, neither can be measured
    other = table.loc[differs].assign(posisi=by_nip[differs], rusak=True)
    table = table.assign(posisi=place, rusak=table["rusak"].to_numpy() | differs)
    joined = pd.concat([table.loc[~strange], other], ignore_index=True)
    return joined, [problems, found]


def _places(people: pd.Series, rows: pd.Series) -> npt.NDArray[np.intp]:
    """Row of each person's first line in the nominatif; -1 where missing or unknown."""
    known = people.dropna()
    known = known.loc[~known.duplicated()]
    found = pd.Index(known).get_indexer(pd.Index(rows))
    places = np.append(known.index.to_numpy(), -1)[found]
    return np.where(rows.isna().to_numpy(), -1, places)
