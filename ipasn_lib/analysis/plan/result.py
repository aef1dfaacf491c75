"""From counts to tables: by step, by unit, and who is to take what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.analysis.plan.model import FloatArray, IntArray, Model
from ipasn_lib.cards import card
from ipasn_lib.wording import number

__all__ = ["Plan", "describe"]


@dataclass(frozen=True)
class Plan:
    """A plan, its yardsticks, and who is to take what.

    Attributes
    ----------
    ringkas : pandas.Series
        `tujuan` ("anggaran" or "target"), `anggaran` or `target`, `bulan`, `n_terukur`,
        `indeks_awal`, `indeks_akhir`, `biaya` (rupiah); the greedy plan's `indeks_serakah` and
        `biaya_serakah` (NaN where greedy misses the target); the bound: `indeks_batas` for a
        budget, `biaya_batas` for a target; `nilai_marginal`: points of the index that one
        further million rupiah buys (of the relaxation; 0 where money buys nothing more, NaN
        where the target costs nothing).
    langkah : pandas.DataFrame
        Index `langkah`: `label`, `indikator`, `biaya_satuan` (rupiah a person), `n_orang`,
        `kursi` (Int64, seats within the months given; NA: no limit), `poin`, `kenaikan_indeks`,
        `biaya`, `nilai_kursi` (points of the index that one further seat would bring at the
        same budget; for a target, rupiah it would save), `dasar`.
    unit : pandas.DataFrame
        Index `kode_kabkota, unit_kerja`: people for each step (int), `biaya`, `poin`. Small
        counts are not hidden here: hide them before showing.
    penugasan : pandas.DataFrame
        One row a person and step: `id_pegawai`, `langkah`, `poin`. For the training office only.
    """

    ringkas: pd.Series
    langkah: pd.DataFrame
    unit: pd.DataFrame = field(repr=False)
    penugasan: pd.DataFrame = field(repr=False)

    def _repr_html_(self) -> str:
        head = self.ringkas
        budget = head["tujuan"] == "anggaran"
        goal = number(head["anggaran"], 0) if budget else number(head["target"])
        return card(
            "Rencana dengan anggaran" if budget else "Rencana menuju sasaran",
            {
                "Anggaran (Rp)" if budget else "Sasaran": goal,
                "Waktu (bulan)": head["bulan"],
                "Indeks sekarang": number(head["indeks_awal"]),
                "Indeks sesudah rencana": number(head["indeks_akhir"]),
                "Biaya (Rp)": number(head["biaya"], 0),
                "Langkah yang dipakai": ", ".join(
                    self.langkah.loc[self.langkah["n_orang"] > 0, "label"]
                )
                or "tidak ada",
            },
            catatan="Tabel langkah, unit, dan penugasan di dalamnya belum disembunyikan: "
            "jangan diterbitkan langsung.",
        )


def describe(
    model: Model,
    x: IntArray,
    greedy: IntArray | None,
    head: Mapping[str, object],
    tail: Mapping[str, object],
    seat_value: FloatArray,
) -> Plan:
    """Build the plan's tables from the number of people for each choice.

    ``head`` and ``tail`` go into the summary before and after what all plans have;
    ``seat_value`` is what a further seat of each step is worth.
    """
    n = len(model.people)
    assigned = _assign(model, x)
    steps = model.steps
    count = np.bincount(model.step, weights=x, minlength=len(steps)).astype(np.int64)
    points = np.bincount(model.step, weights=model.gain * x, minlength=len(steps))
    limited = np.isfinite(model.seats)
    table = pd.DataFrame(
        {
            "label": steps["label"],
            "indikator": steps["indikator"],
            "biaya_satuan": steps["biaya"],
            "n_orang": count,
            "kursi": pd.array(np.where(limited, model.seats, 0), dtype="Int64"),
            "poin": points,
            "kenaikan_indeks": points / n,
            "biaya": count * steps["biaya"].to_numpy(dtype=np.int64),
            "nilai_kursi": np.where(limited, seat_value, 0.0),
            "dasar": steps["dasar"],
        },
        index=steps.index,
    )
    table["kursi"] = table["kursi"].mask(~limited)
    easy_index = easy_cost = np.nan
    if greedy is not None:
        easy_index = (model.points + float(model.gain @ greedy)) / n
        easy_cost = int(model.cost @ greedy)
    summary = {
        **head,
        "bulan": model.bulan,
        "n_terukur": n,
        "indeks_awal": model.points / n,
        "indeks_akhir": (model.points + float(model.gain @ x)) / n,
        "biaya": int(model.cost @ x),
        "indeks_serakah": easy_index,
        "biaya_serakah": easy_cost,
        **tail,
    }
    return Plan(
        pd.Series(summary, dtype="object", name="rencana"),
        table,
        _by_unit(model, assigned),
        assigned,
    )


def _assign(model: Model, x: IntArray) -> pd.DataFrame:
    """Turn counts into people: each unit its share of the seats, nobody twice in an indicator."""
    place = model.people[["kode_kabkota", "unit_kerja"]].astype("object")
    unit = pd.factorize(pd.MultiIndex.from_frame(place), sort=True)[0]
    ids = model.people.index.to_numpy()
    rows = []
    for indicator, kinds in model.kind_of.items():
        names = (model.steps["indikator"] == indicator).to_numpy()
        free = np.ones(len(ids), dtype=bool)
        for i in np.flatnonzero(names[model.step] & (x > 0)):
            open_to = np.flatnonzero(free & (kinds == model.kind[i]))
            chosen = open_to[_shared_out(unit[open_to], ids[open_to])[: x[i]]]
            free[chosen] = False
            rows.append(
                pd.DataFrame(
                    {
                        "id_pegawai": ids[chosen],
                        "langkah": model.steps.index[model.step[i]],
                        "poin": model.gain[i],
                    }
                )
            )
    if not rows:
        return pd.DataFrame({"id_pegawai": [], "langkah": [], "poin": []})
    return pd.concat(rows, ignore_index=True)


def _shared_out(unit: IntArray, ids: npt.NDArray[np.object_]) -> IntArray:
    """Order people so that any first m of them are shared over the units by Sainte-Laguë.

    The k-th person of a unit of n stands at (k - 1/2) / n (Balinski and Young 1980,
    doi:10.1073/pnas.77.1.1).
    """
    order = np.lexsort((ids, unit))
    sizes = np.bincount(unit)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rank = np.arange(len(unit)) - starts[unit[order]]
    place = (rank + 0.5) / sizes[unit[order]]
    return order[np.lexsort((unit[order], place))]


def _by_unit(model: Model, assigned: pd.DataFrame) -> pd.DataFrame:
    """Count people by unit and step, with points and cost; units without a step have zeros."""
    keys = ["kode_kabkota", "unit_kerja"]
    unit, units = pd.factorize(
        pd.MultiIndex.from_frame(model.people[keys].astype("object")), sort=True
    )
    person = model.people.index.get_indexer(pd.Index(assigned["id_pegawai"]))
    step = model.steps.index.get_indexer(pd.Index(assigned["langkah"]))
    counts = np.zeros((len(units), len(model.steps)), dtype=np.int64)
    np.add.at(counts, (unit[person], step), 1)
    table = pd.DataFrame(counts, index=units, columns=list(model.steps.index)).rename_axis(keys)
    table["biaya"] = counts @ model.steps["biaya"].to_numpy(dtype=np.int64)
    gained = assigned["poin"].to_numpy(dtype=float)
    table["poin"] = np.bincount(unit[person], weights=gained, minlength=len(units))
    return table
