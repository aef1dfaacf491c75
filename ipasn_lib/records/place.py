"""Which kabupaten/kota a file and each of its rows belongs to.

Asked in turn: the caller; the agency named above the header; a four-digit BPS code that begins
the file's name or its folder's. What they say must agree. Rows may carry their own code or
agency. Seven names belong to a Kabupaten and a Kota at once, so a bare name counts only in an
agency column, and only where one place alone bears it. BKN numbers agencies in its own way (6571
is Kota Surabaya; 3571 is BPS's Kota Kediri): such a number is read in an agency column only.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.cells import as_text
from ipasn_lib.records.problems import Finding, file_finding, refused_rows, row_finding

__all__ = ["FilePlace", "check_code", "place_of_file", "place_of_rows"]

KIND = {"kabupaten": "Kabupaten", "kab": "Kabupaten", "pemkab": "Kabupaten"} | {
    "kota": "Kota",
    "pemkot": "Kota",
    "kotamadya": "Kota",
}
_AGENCY = re.compile(r"\b(pemerintah|pemkab|pemkot|instansi)\b")
_LEADING_CODE = re.compile(r"(\d{4})(?!\d)")
_KEMENDAGRI = re.compile(r"35\.\d{2}")


@dataclass(frozen=True)
class _Register:
    """The places by every way they are told: BPS code, BKN code, kind and name, lone name."""

    label: dict[str, str]
    bkn: dict[str, str]
    named: dict[tuple[str, str], str]
    lone: dict[str, str]
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class FilePlace:
    """The place of a file as a whole: its code, or None where nothing says it; and findings."""

    kode: str | None
    masalah: tuple[Finding, ...] = ()


def check_code(kode: str) -> str:
    """Give the BPS code ("3510") of a code given by the caller ("3510" or "35.10").

    Raises
    ------
    ParameterError
        If it is none of East Java's.
    """
    found = _from_code(str(kode).strip())
    if found is None:
        raise ParameterError(
            f"kode_kabkota {kode!r} is not a BPS code of East Java; known: 3501-3529 (kabupaten), "
            "3571-3579 (kota). BKN's agency codes are another numbering"
        )
    return found


def place_of_file(path: Path, titles: Sequence[str], kode_kabkota: str | None) -> FilePlace:
    """Tell the place of a file from the caller, the title rows and the file's name.

    Parameters
    ----------
    path : pathlib.Path
        The file; its name and its folder's name may begin with a BPS code.
    titles : sequence of str
        The texts above the header.
    kode_kabkota : str or None
        The place as the caller knows it, already checked.

    Returns
    -------
    FilePlace
        With a finding where the sources contradict each other. Title rows that name several
        places decide nothing by themselves.
    """
    by_source: dict[str, set[str]] = {
        "argumen kode_kabkota": set() if kode_kabkota is None else {kode_kabkota},
        "baris judul": _in_titles(titles),
        "nama berkas": _leading_code(path.name),
        "nama folder": _leading_code(path.resolve().parent.name),
    }
    told = {source: codes for source, codes in by_source.items() if codes}
    if not told:
        return FilePlace(None)
    common = set.intersection(*told.values())
    if len(common) == 1:
        return FilePlace(common.pop())
    said = "; ".join(f"{source}: {_labels(codes)}" for source, codes in told.items())
    rule = "daerah_bertentangan" if not common else "daerah_rancu"
    hint = "samakan, atau sebutkan satu daerah lewat kode_kabkota"
    return FilePlace(None, (file_finding("kode_kabkota", rule, f"{said}; {hint}"),))


def place_of_rows(
    kode: pd.Series | None, instansi: pd.Series | None, file: FilePlace, size: int
) -> tuple[pd.Series, list[Finding]]:
    """Tell the place of each row.

    Parameters
    ----------
    kode, instansi : pandas.Series or None
        The file's columns ``kode_kabkota`` (BPS or Kemendagri code) and ``instansi`` (name of
        the local government, or BKN's agency code), if it has them.
    file : FilePlace
    size : int
        Number of rows.

    Returns
    -------
    kode_kabkota : pandas.Series of str
        Missing where refused or unknown.
    findings : list of Finding
    """
    places = np.full(size, file.kode, dtype=object)
    findings: list[Finding] = []
    if kode is not None:
        said, unknown = _read(kode, _from_code)
        findings += row_finding(
            "kode_kabkota",
            "kode_tidak_dikenal",
            unknown,
            "kode BPS sebagai teks, misalnya 3510 atau 35.10; bukan kode instansi BKN",
        )
        findings += _contradiction("kode_kabkota", places, said)
        places = np.where(_there(said), said, places)
        places[unknown] = None
    if instansi is not None:
        said, unknown = _read(instansi, _from_agency)
        # With the place known otherwise, an agency we cannot read is a remark, not a gap.
        findings += row_finding(
            "instansi",
            "instansi_tidak_dikenal",
            unknown & _there(places),
            "misalnya Pemerintah Kabupaten Banyuwangi; daerah diambil dari sumber lain",
            "peringatan",
        )
        findings += row_finding(
            "instansi",
            "instansi_tidak_dikenal",
            unknown & ~_there(places),
            "sebutkan Kabupaten atau Kota beserta namanya, atau kode instansi BKN",
        )
        findings += _contradiction("instansi", places, said)
        places = np.where(_there(places), places, said)
    elif kode is None and file.kode is None and not file.masalah:
        findings.append(
            file_finding(
                "kode_kabkota",
                "daerah_tidak_disebut",
                "sebutkan lewat kode_kabkota, kolom kode_kabkota, atau awali nama berkas dengan "
                "kode BPS, misalnya 3510_",
            )
        )
    blank = ~_there(places) & ~refused_rows(findings, size)
    if kode is not None or instansi is not None:
        isi = "isi kode BPS, misalnya 3510"
        findings += row_finding("kode_kabkota", "kosong", blank, isi)
    return pd.Series(places, dtype="str"), findings


def _labels(codes: set[str]) -> str:
    return ", ".join(f"{code} {_register().label[code]}" for code in sorted(codes))


def _contradiction(
    kolom: str, known: npt.NDArray[np.object_], said: npt.NDArray[np.object_]
) -> list[Finding]:
    differs = _there(known) & _there(said) & (known != said)
    hint = "baris menyebut daerah lain daripada berkasnya; pisahkan ke berkas daerah itu"
    return row_finding(kolom, "daerah_lain", differs, hint)


def _there(values: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    return ~pd.isna(values)


def _read(
    column: pd.Series, read: Callable[[str], str | None]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Code of each row, and which rows hold a text that gives none."""
    text = as_text(column)
    codes, uniques = pd.factorize(text)
    table = np.array([*(read(str(u)) for u in uniques), None], dtype=object)
    said = table[codes]
    return said, text.notna().to_numpy(dtype=bool) & ~_there(said)


def _from_code(text: str) -> str | None:
    """BPS code of a code as text; "35.1" gives none: it may be 35.10 without its zero, or 35.01."""
    if _KEMENDAGRI.fullmatch(text):
        text = text.replace(".", "")
    return text if text in _register().label else None


def _from_agency(text: str) -> str | None:
    """BPS code of an agency named by kind and name, by BKN's code, or by a name borne once."""
    register = _register()
    if text in register.bkn:
        return register.bkn[text]
    named = _named(text)
    if named:
        return next(iter(named)) if len(named) == 1 else None
    return register.lone.get(text.casefold())


def _in_titles(titles: Sequence[str]) -> set[str]:
    """Places named in the title rows; lines that speak of a government count before others."""
    agency = [line for line in titles if _AGENCY.search(line.casefold())]
    found = set().union(*map(_named, agency))
    return found or set().union(*map(_named, titles))


def _named(text: str) -> set[str]:
    register = _register()
    plain = " ".join(text.casefold().replace(".", ". ").split())
    hits = register.pattern.findall(plain)
    return {
        register.named[KIND[kind], name]
        for kind, name in hits
        if (KIND[kind], name) in register.named
    }


def _leading_code(name: str) -> set[str]:
    match = _LEADING_CODE.match(name)
    return {match[1]} & set(_register().label) if match else set()


@functools.cache
def _register() -> _Register:
    # Inside the function: the register is read when first asked for, not when imported.
    from ipasn_lib.records.regions import load_kabkota

    table = load_kabkota()
    names = table["nama"].str.casefold()
    lone = names[~names.duplicated(keep=False)]
    longest_first = sorted(set(names), key=len, reverse=True)
    pattern = rf"\b({'|'.join(KIND)})\.?\s+({'|'.join(map(re.escape, longest_first))})\b"
    return _Register(
        label={str(kode): str(label) for kode, label in table["label"].items()},
        bkn={str(bkn): str(kode) for kode, bkn in table["kode_bkn"].items()},
        named={
            (str(jenis), str(name)): str(kode)
            for kode, jenis, name in zip(table.index, table["jenis"], names, strict=True)
        },
        lone={str(name): str(kode) for kode, name in lone.items()},
        pattern=re.compile(pattern),
    )
