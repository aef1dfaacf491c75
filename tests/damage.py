"""Small correct personnel files, and ways to damage them: seeded, so that a case can be had again.

A damage says whom it touches and what a reader owes in return:

``same``      nothing of meaning has changed: everybody's points are the true ones;
``seen``      a touched person has the true points, or is refused or named by a listed problem;
``unknown``   nobody can see the damage (a row that is gone): only the untouched are compared.

The untouched always have the true points or are refused. Names and NIPs are sentinels, and may
stand in no message.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import records_files as canonical
import siasn_files as siasn

SECRET = "Rahasiawati Sentinelputri"
PEOPLE = 5
FORMATS = ("csv", "xlsx", "json", "parquet")
NAMES = ("nama", "NAMA", "Nama")
KEYS = ("nip", "NIP BARU", "nipBaru", "PNS ID", "idPns", "pns_id")

Grid = list[list[Any]]


@dataclass
class Case:
    """A set of files to be damaged, by name; the one that is damaged; whom it touched."""

    bentuk: str
    fmt: str
    rng: random.Random
    grids: dict[str, Grid]
    target: str
    janji: str = "same"
    touched: set[int] = field(default_factory=set)
    raw: Callable[[bytes], bytes] | None = None
    suffix: str | None = None

    @property
    def grid(self) -> Grid:
        return self.grids[self.target]

    def owner(self, row: list[Any]) -> int | None:
        """Number of the person that a row is about, by the key in it."""
        for number in range(1, PEOPLE + 1):
            keys = {canonical.nip(number), siasn.pns_id(number), f"{SECRET} {number}"}
            if any(str(c).lstrip("'") in keys for c in row):
                return number
        return None

    def touch(self, *rows: list[Any]) -> None:
        self.touched |= {n for n in map(self.owner, rows) if n is not None}

    def some_row(self) -> list[Any]:
        rows = [r for r in self.grid[1:] if self.owner(r) is not None] or self.grid[1:]
        return self.rng.choice(rows)


def canonical_people() -> Grid:
    changes: list[dict[str, Any]] = [
        {"jenjang_pendidikan": "S2", "nilai_kinerja": 91.5},
        {"kelompok_jabatan": "fungsional", "diklat_fungsional": "ya", "jp_diklat_teknis": 12},
        {"kelompok_jabatan": "pelaksana", "jenjang_pendidikan": "SLTA", "seminar": "tidak"},
        {"hukuman_disiplin": "berat", "nilai_kinerja": 55},
        {"jenis_asn": "PPPK", "kelompok_jabatan": "fungsional", "jp_diklat_teknis": 0},
    ]
    return canonical.grid(
        [canonical.person(n + 1, nama=f"{SECRET} {n + 1}", **c) for n, c in enumerate(changes)]
    )


def pip_people() -> Grid:
    rows = [
        [f"{SECRET} {n}", "Analis", "Dinas Contoh", 20 + n % 2 * 5, 30 + n, 20 + n, 5, 75 + 2 * n]
        for n in range(1, PEOPLE + 1)
    ]
    for row in rows:
        row[-1] = sum(row[3:7])
    return [list(canonical.PIP_HEADER), *rows]


def bkd_people() -> Grid:
    rows = []
    for n in range(1, PEOPLE + 1):
        parts = {"kualifikasi": "15", "kompetensi": f"{30 + n},5", "kinerja": "25", "disiplin": "5"}
        total = f"{75 + n},5"
        rows.append(canonical.bkd(n, nama=f"{SECRET} {n}", total=total, **parts))
    return canonical.grid(rows)


def siasn_people() -> dict[str, Grid]:
    numbers = range(1, PEOPLE + 1)
    tables: Mapping[str, list[dict[str, Any]]] = {
        "nominatif": [siasn.orang(n, NAMA=f"{SECRET} {n}") for n in numbers],
        "pendidikan": [siasn.didik(n, kode="45" if n == 2 else "40") for n in numbers],
        "diklat": [siasn.pim(n) for n in (1, 3)],
        "kursus": [siasn.kursus(n, jam=str(4 * n), namaKursus=SECRET) for n in numbers],
        "skp": [siasn.skp(n, nilai=f"{69 + n},5") for n in numbers],
        "hukdis": [siasn.hukdis(4)],
    }
    return {name: canonical.grid(rows) for name, rows in tables.items()}


def new_case(seed: int) -> Case:
    """Make the files of a case, damaged once or twice, by its seed alone."""
    rng = random.Random(seed)
    bentuk = rng.choice(("kanonik", "pip", "bkd", "siasn", "siasn"))
    formats = FORMATS if bentuk == "siasn" else ("csv", "xlsx", "parquet")
    fmt = rng.choice(formats)
    if bentuk == "siasn":
        grids = siasn_people()
    else:
        people = {"kanonik": canonical_people, "pip": pip_people, "bkd": bkd_people}[bentuk]
        grids = {"data": people()}
    case = Case(bentuk, fmt, rng, grids, rng.choice(list(grids)))
    damage = rng.choice(list(DAMAGES))
    DAMAGES[damage](case)
    return case


def write(case: Case, folder: Path) -> Path:
    """Write the files of a case; give the folder of exports, or the one file."""
    place = folder / "3510-contoh"
    place.mkdir(parents=True, exist_ok=True)
    for name, grid in case.grids.items():
        hit = name == case.target
        path = place / f"{name}.{case.suffix if hit and case.suffix else case.fmt}"
        content = _bytes(grid, case.fmt)
        path.write_bytes(case.raw(content) if hit and case.raw else content)
    return place if case.bentuk == "siasn" else path


def _bytes(grid: Grid, fmt: str) -> bytes:
    if fmt == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(grid)
        return text.getvalue().encode()
    width = max(len(row) for row in grid)
    names = [str(c) if c is not None else "" for c in grid[0]]
    names += [f"kolom {i}" for i in range(len(names), width)]
    if fmt == "json":
        rows = [dict(zip(names, row, strict=False)) for row in grid[1:]]
        return json.dumps({"data": rows}, default=str).encode()
    out = io.BytesIO()
    if fmt == "xlsx":
        book = openpyxl.Workbook()
        for row in grid:
            book.active.append(row)
        book.save(out)
        return out.getvalue()
    full = [[*row, *[None] * (width - len(row))] for row in grid[1:]]
    arrays = [pa.array([None if v is None else str(v) for v in c]) for c in zip(*full, strict=True)]
    pa.parquet.write_table(pa.Table.from_arrays(arrays or [], names=names[: len(arrays)]), out)
    return out.getvalue()


# Damages that change nothing


def columns_in_another_order(case: Case) -> None:
    order = list(range(len(case.grid[0])))
    case.rng.shuffle(order)
    case.grid[:] = [[row[i] for i in order] for row in case.grid]


def rows_in_another_order(case: Case) -> None:
    body = case.grid[1:]
    case.rng.shuffle(body)
    case.grid[1:] = body


def blank_rows(case: Case) -> None:
    for _ in range(case.rng.randint(1, 4)):
        at = case.rng.randint(1, len(case.grid))
        case.grid.insert(at, [""] * len(case.grid[0]))


def header_pushed_down(case: Case) -> None:
    if case.fmt in ("json", "parquet"):
        return
    for _ in range(case.rng.randint(1, 30)):
        case.grid.insert(0, [case.rng.choice(("", "LAPORAN KEPEGAWAIAN", SECRET)), "", ""])


def unknown_column(case: Case) -> None:
    at = case.rng.randint(0, len(case.grid[0]))
    for k, row in enumerate(case.grid):
        row.insert(at, SECRET if k else "catatan pribadi")


def equal_row_again(case: Case) -> None:
    row = case.some_row()
    case.grid.append(list(row))


def headings_in_capitals(case: Case) -> None:
    case.grid[0] = [str(h).upper().replace("_", " ") for h in case.grid[0]]
    if case.fmt in ("csv", "xlsx"):
        case.grid[0] = [f" {h} " for h in case.grid[0]]


def apostrophes_before_nips(case: Case) -> None:
    for k in (k for k, h in enumerate(case.grid[0]) if h in ("nip", "NIP BARU", "nipBaru")):
        for row in case.grid[1:]:
            row[k] = "'" + str(row[k]).lstrip("'")


def header_again(case: Case) -> None:
    case.grid.insert(case.rng.randint(1, len(case.grid)), list(case.grid[0]))


def other_encoding(case: Case) -> None:
    if case.fmt == "csv":
        code = case.rng.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"))
        case.raw = lambda content: content.decode().encode(code)


# Damages of cells


def _cell(case: Case, value: Any, keys: bool = False) -> None:
    row = case.some_row()
    places = [k for k, h in enumerate(case.grid[0]) if (h in KEYS) == keys and h not in NAMES]
    case.janji = "seen"
    case.touch(row)
    if places:
        row[case.rng.choice(places)] = value


def wrong_type(case: Case) -> None:
    junk: list[Any] = ["abc", SECRET, "TRUE", "1e400", "nan", "inf", "-7", "1.2.3", "99999999999"]
    junk += ["#N/A", "31-02-2021", "lihat lampiran", "12;5", "??", "٣٤", "1.234,5.6"]
    if case.fmt in ("xlsx", "json"):
        junk += [True, False, -7, 1e17, 10**30]
    if case.fmt == "json":
        junk += [[1, 2], {"a": SECRET}, float("nan"), float("inf"), 10**400]
    _cell(case, case.rng.choice(junk))


def wrong_key(case: Case) -> None:
    number = case.rng.randint(1, PEOPLE)
    full = canonical.nip(number)
    junk = [full[:-1], full + "0", float(full), "1.98577E+17", "", "-", SECRET, "NIP " + full]
    _cell(case, case.rng.choice(junk), keys=True)
    case.janji = "unknown"  # who has a PNS ID and loses the NIP is another person to us


def cells_swapped_in_a_row(case: Case) -> None:
    row = case.some_row()
    first, second = case.rng.sample(range(len(row)), 2)
    case.touch(row)
    case.janji = "unknown"
    row[first], row[second] = row[second], row[first]


def cells_swapped_in_a_column(case: Case) -> None:
    if len(case.grid) < 3:
        return
    first, second = case.rng.sample(case.grid[1:], 2)
    case.touch(first, second)
    case.janji = "unknown"
    k = case.rng.randrange(len(case.grid[0]))
    first[k], second[k] = second[k], first[k]


def row_shifted(case: Case) -> None:
    row = case.some_row()
    case.touch(row)
    case.janji = "unknown"
    row.insert(case.rng.randrange(len(row)), "")
    if case.fmt == "parquet":
        row.pop()


def unequal_row_again(case: Case) -> None:
    row = list(case.some_row())
    case.touch(row)
    k = case.rng.choice([k for k, h in enumerate(case.grid[0]) if h not in (*KEYS, *NAMES)])
    row[k] = case.rng.choice(("", "x", "S3", "1", "50"))
    case.grid.append(row)
    case.janji = "unknown" if case.bentuk in ("siasn", "pip") else "seen"


def merged_junk(case: Case) -> None:
    row: list[Any] = [""] * len(case.grid[0])
    row[case.rng.randrange(len(row))] = case.rng.choice((f"Mengetahui, {SECRET}", "Jumlah", "***"))
    case.grid.append(row)
    case.janji = "seen"


# Damages of columns


def column_renamed(case: Case) -> None:
    k = case.rng.randrange(len(case.grid[0]))
    case.grid[0][k] = case.rng.choice(("", "x", "Kolom 7", SECRET))
    case.janji, case.touched = "unknown", set(range(1, PEOPLE + 1))


def column_gone(case: Case) -> None:
    k = case.rng.randrange(len(case.grid[0]))
    for row in case.grid:
        del row[k]
    case.janji, case.touched = "unknown", set(range(1, PEOPLE + 1))


def column_twice(case: Case) -> None:
    k = case.rng.randrange(len(case.grid[0]))
    for n, row in enumerate(case.grid):
        row.append(row[k] if n == 0 else case.rng.choice(("", "S3", "100")))
    if case.fmt not in ("json", "parquet"):
        case.janji, case.touched = "unknown", set(range(1, PEOPLE + 1))
        return
    for row in case.grid:
        row.pop()


def headings_exchanged(case: Case) -> None:
    first, second = case.rng.sample(range(len(case.grid[0])), 2)
    head = case.grid[0]
    head[first], head[second] = head[second], head[first]
    case.janji, case.touched = "unknown", set(range(1, PEOPLE + 1))


# Damages of bytes


def _bytes_damaged(case: Case, damage: Callable[[bytes], bytes]) -> None:
    case.raw = damage
    case.janji, case.touched = "unknown", set(range(1, PEOPLE + 1))


def cut_off(case: Case) -> None:
    share = case.rng.random()
    _bytes_damaged(case, lambda content: content[: int(share * len(content))])


def bytes_changed(case: Case) -> None:
    rng = random.Random(case.rng.random())

    def damage(content: bytes) -> bytes:
        out = bytearray(content)
        for _ in range(rng.randint(1, 20)):
            out[rng.randrange(len(out))] = rng.randrange(256)
        return bytes(out)

    _bytes_damaged(case, damage)


def part_zeroed(case: Case) -> None:
    share = case.rng.random()

    def damage(content: bytes) -> bytes:
        at = int(share * len(content))
        return content[:at] + b"\0" * min(200, len(content) - at) + content[at + 200 :]

    _bytes_damaged(case, damage)


def random_bytes(case: Case) -> None:
    rng = random.Random(case.rng.random())
    _bytes_damaged(case, lambda content: rng.randbytes(len(content)))


def nothing_left(case: Case) -> None:
    left = case.rng.choice((b"", b"\xef\xbb\xbf", b"\n\n\n", b"PK\x03\x04", b"{}", b"[]", b"null"))
    _bytes_damaged(case, lambda _: left)


def named_otherwise(case: Case) -> None:
    _bytes_damaged(case, lambda content: content)
    case.suffix = case.rng.choice([f for f in FORMATS if f != case.fmt])


HARMLESS: tuple[Callable[[Case], None], ...] = (
    *(columns_in_another_order, rows_in_another_order, blank_rows, header_pushed_down),
    *(unknown_column, equal_row_again, headings_in_capitals, apostrophes_before_nips),
    *(header_again, other_encoding),
)
HARMFUL: tuple[Callable[[Case], None], ...] = (
    *(wrong_type, wrong_type, wrong_key, cells_swapped_in_a_row, cells_swapped_in_a_column),
    *(row_shifted, unequal_row_again, merged_junk, column_renamed, column_gone, column_twice),
    *(headings_exchanged, cut_off, bytes_changed, part_zeroed, random_bytes, nothing_left),
    named_otherwise,
)
DAMAGES = {f"{k}-{f.__name__}": f for k, f in enumerate((*HARMLESS, *HARMFUL))}


def secrets() -> set[str]:
    """Texts that may stand in no message: names, NIPs whole or in part, ids of persons."""
    found = {SECRET, SECRET.casefold(), SECRET.split()[0]}
    for number in range(1, PEOPLE + 1):
        found |= {canonical.nip(number), canonical.nip(number)[:-1], siasn.pns_id(number)}
    return found
