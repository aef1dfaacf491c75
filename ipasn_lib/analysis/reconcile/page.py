"""A published page as intervals, and the statements that tie its numbers together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from ipasn_lib.analysis.reconcile.lines import combined
from ipasn_lib.law.instrument import DIMENSI, Instrument

__all__ = ["CHECK_COLUMNS", "GUESS_COLUMNS", "MEANS", "Cell", "Equation", "Page"]

MEANS = (*DIMENSI, "indeks")

CHECK_COLUMNS = [
    "baris",
    "pemeriksaan",
    "kolom",
    "tercetak",
    "dihitung",
    "selisih",
    "bawah",
    "atas",
    "kategori",
    "kategori_dihitung",
    "hasil",
]
GUESS_COLUMNS = [
    "kelompok",
    "baris",
    "kolom",
    "tercetak",
    "bawah",
    "atas",
    "dugaan",
    "n_pemeriksaan",
    "tunggal",
    "desimal_hilang",
]

# Sums of printed decimals carry float noise far below any printed digit.
NOISE = 1e-9

Cell = tuple[int, str]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Equation:
    """A sum of coefficient times true value that must be zero; ``kepala`` is the cell it gives."""

    jenis: str
    kepala: Cell
    suku: Mapping[Cell, float]


class Page:
    """The printed numbers as intervals, and the statements that tie them together."""

    def __init__(self, table: pd.DataFrame, instrument: Instrument, desimal: int) -> None:
        self.table, self.desimal = table, desimal
        self.half = 0.5 * 10.0**-desimal
        self.most = {**instrument.bobot, "indeks": sum(instrument.bobot.values())}
        self.kategori = instrument.kategori
        self.value: dict[Cell, float] = {}
        for column in (c for c in (*MEANS, "n_terukur") if c in table):
            numbers = table[column].to_numpy(dtype=np.float64, na_value=np.nan)
            self.value |= {(i, column): float(v) for i, v in enumerate(numbers) if v == v}
        self.combined = list(combined(table))
        self.equations = [*self._sums(), *self._means()]

    def interval(self, cell: Cell) -> Interval:
        """Where the true value of a printed number lies."""
        printed = self.value[cell]
        low, high = max(printed - self.half, 0.0), min(printed + self.half, self.most[cell[1]])
        # A number printed above the maximum is reported by itself; here it keeps its interval.
        return (low, high) if low <= high else (printed - self.half, printed + self.half)

    def _sums(self) -> Iterator[Equation]:
        for i in range(len(self.table)):
            if (i, "indeks") in self.value:
                terms = {(i, "indeks"): 1.0, **{(i, d): -1.0 for d in DIMENSI}}
                yield Equation("jumlah_dimensi", (i, "indeks"), terms)

    def _means(self) -> Iterator[Equation]:
        for total, parts in self.combined:
            counts = [self.value.get((i, "n_terukur"), math.nan) for i in parts]
            everybody = sum(counts)
            for column in MEANS:
                if (total, column) in self.value:
                    shares = {
                        (i, column): -n / everybody if everybody else math.nan
                        for i, n in zip(parts, counts, strict=True)
                    }
                    head = (total, column)
                    yield Equation("gabungan", head, {head: 1.0, **shares})

    def check(self, equation: Equation) -> dict[str, object]:
        """Tell whether one statement can hold, and what it says of its head."""
        head = equation.kepala
        line = self._line(head, equation.jenis)
        missing = [c for c, k in equation.suku.items() if c not in self.value or math.isnan(k)]
        if missing:
            return line | {"hasil": "tidak dapat diperiksa"}
        low, high = self.implied(equation, head)
        computed = self._point(equation, head)
        line |= {"dihitung": computed, "bawah": low, "atas": high}
        line["selisih"] = self.value[head] - computed
        if self._holds(equation):
            return line | {"hasil": "sesuai"}
        return line | {"hasil": "rata-rata polos" if self._is_plain(equation) else "tidak sesuai"}

    def implied(self, equation: Equation, cell: Cell) -> Interval:
        """Where a number must lie if all others of the statement lie in their intervals."""
        low = high = 0.0
        for other, factor in equation.suku.items():
            if other != cell:
                ends = sorted(-factor / equation.suku[cell] * e for e in self.interval(other))
                low, high = low + ends[0], high + ends[1]
        return low, high

    def _point(self, equation: Equation, cell: Cell) -> float:
        others = ((c, k) for c, k in equation.suku.items() if c != cell)
        return sum(-k / equation.suku[cell] * self.value[c] for c, k in others)

    def _holds(self, equation: Equation) -> bool:
        low, high = self.implied(equation, equation.kepala)
        own = self.interval(equation.kepala)
        return low <= own[1] + NOISE and own[0] <= high + NOISE

    def _is_plain(self, equation: Equation) -> bool:
        """Tell whether a total is the mean of its parts' means, each counted once."""
        if equation.jenis != "gabungan":
            return False
        parts = len(equation.suku) - 1
        plain = {c: 1.0 if c == equation.kepala else -1.0 / parts for c in equation.suku}
        return self._holds(replace(equation, suku=plain))

    def ranges(self) -> Iterator[dict[str, object]]:
        """Report the printed means that no true mean can be rounded to."""
        for cell, printed in self.value.items():
            most = self.most.get(cell[1], math.inf)
            if not -self.half - NOISE <= printed <= most + self.half + NOISE:
                line = self._line(cell, "rentang")
                yield line | {"bawah": 0.0, "atas": most, "hasil": "tidak sesuai"}

    def categories(self) -> Iterator[dict[str, object]]:
        """Compare the printed category with the index under both readings of the edges."""
        if "kategori" not in self.table:
            return
        for i, printed in enumerate(self.table["kategori"]):
            if pd.isna(printed):
                continue
            line = self._line((i, "indeks"), "kategori") | {"kolom": "kategori"}
            line["kategori"] = str(printed)
            if (i, "indeks") not in self.value or str(printed) not in self.kategori.nama:
                yield line | {"hasil": "tidak dapat diperiksa"}
                continue
            fits = [self._possible(i, edge) for edge in ("bawah", "atas")]
            line["kategori_dihitung"] = " atau ".join(dict.fromkeys(n for f in fits for n in f))
            agree = [str(printed) in f for f in fits]
            outcome = "sesuai" if all(agree) else "bergantung pembacaan"
            yield line | {"hasil": outcome if any(agree) else "tidak sesuai"}

    def _possible(self, row: int, edge: str) -> list[str]:
        reading = replace(self.kategori, pita=replace(self.kategori.pita, tepi=edge))
        low, high = reading.of(np.array(self.interval((row, "indeks")))).codes
        return list(self.kategori.nama[low : high + 1])

    def headcounts(self) -> Iterator[dict[str, object]]:
        """Compare the headcount of a total with the sum of its parts'."""
        for total, parts in self.combined:
            head = (total, "n_terukur")
            if head not in self.value:
                continue
            line = self._line(head, "jumlah_pegawai")
            counts = [self.value.get((i, "n_terukur"), math.nan) for i in parts]
            if math.isnan(sum(counts)):
                yield line | {"hasil": "tidak dapat diperiksa"}
                continue
            line |= {"dihitung": sum(counts), "selisih": self.value[head] - sum(counts)}
            yield line | {"hasil": "sesuai" if not line["selisih"] else "tidak sesuai"}

    def _line(self, cell: Cell, jenis: str) -> dict[str, object]:
        blank: dict[str, object] = dict.fromkeys(CHECK_COLUMNS, np.nan)
        return blank | {
            "baris": cell[0],
            "pemeriksaan": jenis,
            "kolom": cell[1],
            "tercetak": self.value.get(cell, np.nan),
            "kategori": "",
            "kategori_dihitung": "",
        }

    def explain(self, broken: Sequence[Equation]) -> Iterator[dict[str, object]]:
        """For each group of mismatches that share numbers, free each number in turn."""
        for number, group in enumerate(_connected(broken), start=1):
            shared = [c for c in group[0].suku if all(c in e.suku for e in group)]
            lines = [line for cell in shared if (line := self._freed(cell))]
            fixed = {"kelompok": number, "n_pemeriksaan": len(group), "tunggal": len(lines) == 1}
            for line in lines:
                yield line | fixed
            if not lines:
                nothing: dict[str, object] = dict.fromkeys(GUESS_COLUMNS, np.nan)
                row = {"baris": group[0].kepala[0], "kolom": pd.NA, "desimal_hilang": False}
                yield nothing | row | fixed

    def _freed(self, cell: Cell) -> dict[str, object] | None:
        """Where a number must lie by all statements that hold it; None where nowhere."""
        whole = [e for e in self.equations if cell in e.suku and self._is_whole(e)]
        low, high = 0.0, self.most[cell[1]]
        for equation in whole:
            bounds = self.implied(equation, cell)
            low, high = max(low, bounds[0]), min(high, bounds[1])
        if low > high + NOISE:
            return None
        points = [self._point(e, cell) for e in whole]
        guess = _round(min(max(sum(points) / len(points), low), high), self.desimal)
        printed = self.value[cell]
        return {
            "baris": cell[0],
            "kolom": cell[1],
            "tercetak": printed,
            "bawah": low,
            "atas": high,
            "dugaan": guess,
            "desimal_hilang": printed in (math.floor(guess), _round(guess, 0)),
        }

    def _is_whole(self, equation: Equation) -> bool:
        return all(c in self.value and not math.isnan(k) for c, k in equation.suku.items())


def _connected(equations: Sequence[Equation]) -> list[list[Equation]]:
    """Group statements that share a number, directly or through others."""
    groups: list[list[Equation]] = []
    for equation in equations:
        near = [g for g in groups if any(set(e.suku) & set(equation.suku) for e in g)]
        groups = [g for g in groups if g not in near]
        groups.append([*(e for g in near for e in g), equation])
    return groups


def _round(value: float, desimal: int) -> float:
    # Half up, as it is printed; the noise of a division must not decide a half.
    exact = Decimal(repr(round(value, 9)))
    return float(exact.quantize(Decimal(1).scaleb(-desimal), rounding=ROUND_HALF_UP))
