"""Which histories are there. One that is not says nothing of anybody: an error, or a stated gap."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from ipasn_lib.errors import DataError, ParameterError
from ipasn_lib.records.problems import describe, file_finding, problem_table
from ipasn_lib.records.siasn.folder import Exports

__all__ = ["WITHOUT", "check_histories", "check_without", "without_note"]

WITHOUT: Mapping[str, str] = {
    "pendidikan": "jenjang diambil dari nominatif saja",
    "diklat": "tidak seorang pun dihitung pernah diklat kepemimpinan",
    "kursus": "tidak seorang pun dihitung pernah kursus, diklat teknis, atau seminar",
    "skp": "nilai kinerja dianggap kosong bagi semua",
    "hukdis": "tidak seorang pun dihitung pernah dihukum",
}
"""Histories that one may go without, and what that means. ``skp`` stands for ``skp22`` too."""


def check_without(tanpa: Collection[str]) -> frozenset[str]:
    """Check the names of the histories that the caller goes without.

    Raises
    ------
    ParameterError
        For an unknown name.
    """
    names = frozenset(["skp" if name == "skp22" else name for name in tanpa])
    if isinstance(tanpa, str) or names - set(WITHOUT):
        raise ParameterError(f"tanpa={tanpa!r}: expected a list of {', '.join(WITHOUT)}")
    return names


def check_histories(exports: Exports, tanpa: frozenset[str]) -> None:
    """Check that each history is there or gone without, and none is both.

    Raises
    ------
    ParameterError
        If ``tanpa`` names a history that is there.
    DataError
        If a history is neither there nor named.
    """
    here = set(exports.tabel)
    for name in tanpa:
        there = here & ({"skp", "skp22"} if name == "skp" else {name})
        if there:
            raise ParameterError(
                f"tanpa names {name!r}, but the folder holds it ({', '.join(sorted(there))}); "
                "take the file out of the folder or the name out of tanpa"
            )
    lacking = [
        name
        for name in WITHOUT
        if name not in tanpa and not here & ({"skp", "skp22"} if name == "skp" else {name})
    ]
    if lacking:
        findings = [
            file_finding(
                name, "riwayat_tidak_ada", f"tambahkan berkasnya, atau tanpa: {WITHOUT[name]}"
            )
            for name in lacking
        ]
        problems = problem_table(findings, "", [])
        said = f"histories not there: {', '.join(lacking)}; add the files, or name them in tanpa"
        raise DataError(f"{said}\n{describe(problems)}", problems)


def without_note(name: str) -> pd.DataFrame:
    """Give the remark that a history was gone without, and what that means."""
    finding = file_finding(name, "riwayat_dikesampingkan", WITHOUT[name], "peringatan")
    return problem_table([finding], "", [])
