"""The panel: places by year, and the year each place adopted the measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.errors import NotMeasurableError, ParameterError

__all__ = ["NEVER", "Panel", "open_panel", "with_dates"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max
"""Year of adoption of a place that never adopted, in the arrays below."""

ALWAYS = "sudah menerapkan sejak tahun pertama"


@dataclass(frozen=True)
class Panel:
    """Place-years in sorted order; places that had adopted from the start are left out.

    Attributes
    ----------
    kode : tuple of str
        Places, sorted.
    tahun : tuple of int
        Years, sorted.
    place, year : array of int, shape (rows,)
        Position in ``kode`` and in ``tahun``.
    y : array of float, shape (rows,)
    adopted : array of int, shape (places,)
        First year with the measure; ``NEVER`` where there is none.
    always : tuple of str
        Places left out because no year without the measure is known of them.
    n_missing : int
        Place-years without a value.
    sumber_data, id_instrumen : str
    """

    kode: tuple[str, ...]
    tahun: tuple[int, ...]
    place: IntArray
    year: IntArray
    y: FloatArray
    adopted: IntArray
    always: tuple[str, ...]
    n_missing: int
    sumber_data: str
    id_instrumen: str

    @property
    def horizon(self) -> IntArray:
        """Years since adoption of each row; negative before it; meaningless where never."""
        return np.asarray(self.tahun)[self.year] - self.adopted[self.place]

    @property
    def treated(self) -> BoolArray:
        """Rows with the measure in force."""
        return np.asarray(self.tahun)[self.year] >= self.adopted[self.place]


def open_panel(panel: pd.DataFrame, adopsi: pd.Series, nilai: str, allow_mixed: bool) -> Panel:
    """Check a panel and sort it; arguments as in :func:`impact.adoption_effect`."""
    absent = [c for c in ("kode_kabkota", "tahun", nilai) if c not in panel]
    if absent:
        raise ParameterError(
            f"panel has no column {', '.join(absent)}; there are {', '.join(map(str, panel))}"
        )
    ids = _texts(panel, "id_instrumen")
    if len(ids) > 1 and not allow_mixed:
        raise ParameterError(
            f"the panel mixes instruments ({', '.join(ids)}), whose scores are not comparable; "
            "allow_mixed=True leaves it to the year effects, and the sentences say so"
        )
    if not adopsi.index.is_unique:
        raise ParameterError("adopsi names a place twice; each place may stand once")
    code = panel["kode_kabkota"].astype("str")
    if pd.MultiIndex.from_arrays([code, panel["tahun"]]).has_duplicates:
        raise ParameterError("panel holds a place twice in one year")
    unknown = sorted(set(code) - set(adopsi.index.astype("str")))
    if unknown:
        raise ParameterError(
            f"adopsi says nothing of {', '.join(unknown)}; NA stands for a place that never adopted"
        )
    y = panel[nilai].to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(y)
    rows = pd.DataFrame({"kode": code.to_numpy(), "tahun": panel["tahun"].to_numpy(), "y": y})
    rows = rows.loc[known].sort_values(["kode", "tahun"], ignore_index=True)
    first = adopsi.set_axis(adopsi.index.astype("str")).astype("Int64")
    date = rows["kode"].map(first)
    before = (date.isna() | (rows["tahun"] < date)).fillna(False)
    always = sorted(set(rows["kode"]) - set(rows.loc[before, "kode"]))
    rows = rows.loc[~rows["kode"].isin(always)]
    if not len(rows):
        raise NotMeasurableError("no place has a year without the measure: nothing to compare with")
    place, kode = pd.factorize(rows["kode"], sort=True)
    year, tahun = pd.factorize(rows["tahun"], sort=True)
    return Panel(
        kode=tuple(kode),
        tahun=tuple(int(t) for t in tahun),
        place=place.astype(np.int64),
        year=year.astype(np.int64),
        y=rows["y"].to_numpy(),
        adopted=np.array([NEVER if pd.isna(d) else d for d in first.reindex(kode)], np.int64),
        always=tuple(always),
        n_missing=int((~known).sum()),
        sumber_data="; ".join(_texts(panel, "sumber_data")),
        id_instrumen="; ".join(ids),
    )


def with_dates(panel: Panel, adopted: IntArray, rows: BoolArray | None = None) -> Panel:
    """Give the panel other adoption dates, and of its rows only those asked for."""
    keep = np.ones(len(panel.y), dtype=bool) if rows is None else rows
    return Panel(
        kode=panel.kode,
        tahun=panel.tahun,
        place=panel.place[keep],
        year=panel.year[keep],
        y=panel.y[keep],
        adopted=adopted,
        always=panel.always,
        n_missing=panel.n_missing,
        sumber_data=panel.sumber_data,
        id_instrumen=panel.id_instrumen,
    )


def _texts(table: pd.DataFrame, column: str) -> list[str]:
    return sorted(table[column].dropna().astype("str").unique()) if column in table else []
