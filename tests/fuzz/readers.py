"""Coverage-guided fuzzing of every reader of foreign files (atheris, libFuzzer).

    python tests/fuzz/readers.py csv work/csv -max_total_time=600

The first argument is the reader, the second a folder for the inputs that opened new paths; all
else goes to libFuzzer. A reader may read a file, list its problems or refuse it with an error of
the project's own. Anything else (a traceback, a hang, two gigabytes of memory) is a crash: the
input is left beside the folder, and the run ends with a failure.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import logging
import sys
import tomllib
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import atheris

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

with atheris.instrument_imports(include=["ipasn_lib"]):
    from ipasn_lib.errors import IpasnError
    from ipasn_lib.law import loading
    from ipasn_lib.law.loading import load_instrument
    from ipasn_lib.law.parsing import parse_instrument
    from ipasn_lib.records.guard import check_workbook
    from ipasn_lib.records.peek import first_rows
    from ipasn_lib.records.reading import read_pegawai
    from ipasn_lib.records.siasn.reading import read_siasn
    from ipasn_lib.reports.parameters import check_parameters, read_parameters

import damage  # noqa: E402 - the tests' folder is on the path only now

KEY = damage.canonical.KEY
ROOT = Path(__file__).parents[2]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"


def rendered(fmt: str) -> bytes:
    """Whole files of make-believe people, as the damaged ones of the tests start."""
    return damage._bytes(damage.canonical_people(), fmt)


BOOK = rendered("xlsx")
INSTRUMENT = tomllib.loads((loading.FOLDER / "2019.toml").read_text(encoding="utf-8"))
EXPORTS = {name: damage._bytes(g, "json") for name, g in sorted(damage.siasn_people().items())}


def in_a_book(data: bytes, part: str = SHEET) -> bytes:
    """A workbook with one of its parts replaced: mutated bytes would not survive being packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    return out.getvalue()


def pegawai(path: Path) -> None:
    read_pegawai(path, load_instrument(2022), tahun=2022, key=KEY, reject=True, max_rejected=1.0)
    list(first_rows(path))


def table(suffix: str) -> Callable[[bytes, Path], None]:
    def one(data: bytes, folder: Path) -> None:
        path = folder / f"3510-contoh{suffix}"
        path.write_bytes(data)
        pegawai(path)

    return one


def workbook(data: bytes, folder: Path) -> None:
    """The first byte says which part of the workbook the rest takes the place of."""
    parts = (None, SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml")
    part = parts[data[0] % len(parts)] if data else None
    path = folder / "3510-contoh.xlsx"
    path.write_bytes(data[1:] if part is None else in_a_book(data[1:], part))
    pegawai(path)


def packed(data: bytes, folder: Path) -> None:
    """An archive as it comes, or one whose entries are named by the input."""
    path = folder / "3510-contoh.xlsx"
    if data[:1] == b"n":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as book:
            for name in data[1:].decode("utf-8", "replace").split("\n")[:50]:
                book.writestr(name.replace("\0", "") or "x", b"<a/>")
        data = out.getvalue()
    path.write_bytes(data)
    check_workbook(path)


def export(data: bytes, folder: Path) -> None:
    """One of SIASN's exports beside whole ones, as JSON."""
    place = folder / "3510-contoh"
    if not place.exists():
        place.mkdir()
        for name, content in EXPORTS.items():
            (place / f"{name}.json").write_bytes(content)
    names = list(EXPORTS)
    chosen = names[data[0] % len(names)] if data else names[0]
    (place / f"{chosen}.json").write_bytes(data[1:])
    try:
        read_siasn(place, load_instrument(2022), 2022, key=KEY, max_rejected=1.0)
    finally:
        (place / f"{chosen}.json").write_bytes(EXPORTS[chosen])


def instrument(data: bytes, folder: Path) -> None:
    """A file as it comes; or, after a NUL, a value that takes some place of a whole one.

    Mutated bytes of a file are seldom TOML, so its values are mutated and put into it again.
    """
    loading._document.cache_clear()
    loading._checked.cache_clear()
    if data[:1] != b"\0":
        path = folder / "contoh.toml"
        path.write_bytes(data)
        load_instrument(path)
        return
    try:
        value = json.loads(data[3:] or b"null")
    except (ValueError, RecursionError):
        return
    document = copy.deepcopy(INSTRUMENT)
    places = list(_places(document))
    table, key = places[int.from_bytes(data[1:3], "big") % len(places)]
    table[key] = value
    parse_instrument(document, "contoh.toml", {})


def _places(table: Any) -> Iterator[tuple[Any, Any]]:
    """Every table or list of a document with each of its keys."""
    for key in table if isinstance(table, dict) else range(len(table)):
        yield table, key
        if isinstance(table[key], dict | list):
            yield from _places(table[key])


def parameters(data: bytes, folder: Path) -> None:
    """The cell of a notebook that declares the parameters, and values for it, after a NUL."""
    source, _, given = data.decode("utf-8", "replace").partition("\x00")
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}
    notebook = json.dumps({"nbformat": 4, "cells": [cell]})
    read_parameters(notebook)
    try:
        values = json.loads(given or "{}")
    except ValueError:
        values = {}
    check_parameters(notebook, values if isinstance(values, dict) else {"tahun": values})


READERS: dict[str, tuple[Callable[[bytes, Path], None], list[bytes]]] = {
    "csv": (table(".csv"), [rendered("csv")]),
    "xlsx": (workbook, [b"\0" + BOOK, b"\1" + zipfile.ZipFile(io.BytesIO(BOOK)).read(SHEET)]),
    "xls": (table(".xls"), [OLE + bytes(504), OLE]),
    "json": (
        export,
        [bytes([number]) + content for number, content in enumerate(EXPORTS.values())],
    ),
    "parquet": (table(".parquet"), [rendered("parquet")]),
    "zip": (packed, [BOOK, b"nxl/workbook.xml\n[Content_Types].xml\n../x"]),
    "instrument": (
        instrument,
        [
            *(p.read_bytes() for p in sorted((ROOT / "ipasn_lib/law/instruments").glob("*.toml"))),
            b'\0\0\1["x", 1, {"a": null}]',
            b"\0\1\0-1e400",
        ],
    ),
    "parameters": (
        parameters,
        [b'tahun: int = 2022\nbahasa: Literal["id", "en"] = "id"\n\x00{"tahun": 2021}'],
    ),
}


def main() -> None:
    name, corpus, *options = sys.argv[1:]
    read, seeds = READERS[name]
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as work:

        def one(data: bytes) -> None:
            with contextlib.suppress(IpasnError):
                read(data, Path(work))

        atheris.Setup([sys.argv[0], corpus, "-max_len=65536", "-timeout=30", *options], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
