"""Resample a place's people: replicates of the mean index and dimensions.

What is resampled, and what the spread of the replicates means for a census of civil servants,
is written in :mod:`ipasn_lib.analysis.uncertainty`, which turns replicates into intervals;
:mod:`ipasn_lib.analysis.rank_intervals` turns them into ranks.

References
----------
.. [1] Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of
       Statistics 7(1), 1-26. doi:10.1214/aos/1176344552
.. [2] Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods and their Application,
       ch. 2 and 3. Cambridge University Press. doi:10.1017/CBO9780511802843
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.law.instrument import DIMENSI
from ipasn_lib.threshold import MINIMUM, check_minimum
from ipasn_lib.wording import number

__all__ = ["BootstrapMeans", "bootstrap_means"]

FloatArray = npt.NDArray[np.float64]

KOLOM = (*DIMENSI, "indeks")
DESIGNS = ("plain", "stratified", "clustered")

# A score shared by fewer people than this is drawn person by person, which costs less than one
# binomial a draw; the two ways have the same distribution.
RARE = 12
# Most numbers a block of draws may hold, so that continuous scores don't fill the memory.
BLOCK = 4_000_000


@dataclass(frozen=True)
class BootstrapMeans:
    """Bootstrap replicates of the means of every place.

    Attributes
    ----------
    nilai : pandas.DataFrame, places x columns
        The means themselves: points of ``kualifikasi``, ``kompetensi``, ``kinerja``,
        ``disiplin``, and ``indeks`` (0-100). NaN where the place is hidden.
    ulangan : numpy.ndarray, shape (draws, places, columns)
        The replicates, in the order of ``nilai``; NaN where the place is hidden.
    n_terukur : pandas.Series of Int64
        People measured; NA where the place is hidden.
    rancangan : str
        How people were drawn: ``plain``, ``stratified`` or ``clustered``.
    benih : int
        The seed.
    sumber_data, id_instrumen : str
        Where the records and the scoring come from, for captions.
    """

    nilai: pd.DataFrame
    ulangan: FloatArray
    n_terukur: pd.Series
    rancangan: str
    benih: int
    sumber_data: str
    id_instrumen: str

    def _repr_html_(self) -> str:
        return card(
            "Rata-rata dengan pengambilan ulang",
            {
                "Kabupaten/kota": len(self.nilai),
                "Kolom": ", ".join(map(str, self.nilai.columns)),
                "Ulangan": number(len(self.ulangan), 0),
                "Rancangan": self.rancangan,
                "Benih": self.benih,
                "Sumber data": self.sumber_data,
                "Instrumen": self.id_instrumen,
            },
            sintetis=self.sumber_data.lower().startswith("sintetis"),
        )

    def replicates(self, kolom: str = "indeks") -> pd.DataFrame:
        """Give the replicates of one column: a row a draw, a column a place."""
        known = list(self.nilai.columns)
        if kolom not in known:
            raise ParameterError(f"unknown column {kolom!r}; known: {', '.join(known)}")
        return pd.DataFrame(self.ulangan[:, :, known.index(kolom)], columns=self.nilai.index)


def _one_value(skor: pd.DataFrame, column: str) -> str:
    return "; ".join(sorted(skor[column].dropna().astype(str).unique()))


def _measured(skor: pd.DataFrame, needed: list[str]) -> pd.DataFrame:
    """Give the people with a measured index, after checking that they can be averaged."""
    wanted = [*needed, *KOLOM, "status_ukur", "sumber_data", "id_instrumen"]
    missing = [c for c in wanted if c not in skor]
    if missing:
        raise ParameterError(f"skor has no column {', '.join(missing)}")
    for column, what in (("tahun", "measurement year"), ("id_instrumen", "instrument")):
        if column in skor and len(skor[column].dropna().unique()) > 1:
            raise ParameterError(f"skor holds more than one {what}; give one at a time")
    measured = skor[(skor["status_ukur"] == "terukur").to_numpy()]
    if measured.empty:
        raise NotMeasurableError("no measured person in skor; nothing to resample")
    for column in needed:
        if measured[column].isna().any():
            raise ParameterError(f"column {column!r} is blank for some measured people")
    return measured


def _histogram(values: FloatArray, group: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.intp], ...]:
    """Give first row, group and count of every distinct (group, values), in a fixed order."""
    code = group.astype(np.int64)
    for column in values.T:
        # refactorised at each step, so that the product never overflows
        part, levels = pd.factorize(column)
        code, _ = pd.factorize(code * len(levels) + part)
    _, first, count = np.unique(code, return_index=True, return_counts=True)
    # sorted by content: the same people in another row order give the same draws
    order = np.lexsort((*values[first].T, group[first]))
    return first[order], group[first][order], count[order]


def _resampled_sums(
    values: FloatArray, counts: npt.NDArray[np.intp], draws: int, rng: np.random.Generator
) -> FloatArray:
    """Sum over resamples of the same size, as a multinomial on the distinct scores."""
    often = counts >= RARE
    rare_values, rare_counts = values[~often], counts[~often]
    n = int(counts.sum())
    weights = np.array([rare_counts.sum(), *counts[often]], dtype=np.float64) / n
    drawn = rng.multinomial(n, weights, size=draws)
    sums = drawn[:, 1:] @ values[often]
    if not len(rare_counts):
        return np.asarray(sums)
    person = np.repeat(np.arange(len(rare_counts)), rare_counts)
    rows = max(1, BLOCK // len(rare_counts))
    for start in range(0, draws, rows):
        many = drawn[start : start + rows, 0]
        pick = person[rng.integers(len(person), size=int(many.sum()))]
        cell = np.repeat(np.arange(len(many)) * len(rare_counts), many) + pick
        times = np.bincount(cell, minlength=len(many) * len(rare_counts))
        sums[start : start + rows] += times.reshape(len(many), -1) @ rare_values
    return np.asarray(sums)


def _resampled_units(
    totals: FloatArray, sizes: npt.NDArray[np.intp], draws: int, rng: np.random.Generator
) -> FloatArray:
    """Average over resamples of whole units: resampled totals over resampled sizes."""
    units = len(sizes)
    drawn = rng.multinomial(units, np.full(units, 1.0 / units), size=draws)
    return np.asarray((drawn @ totals) / (drawn @ sizes)[:, None])


def _stream(seed: int, place: object) -> np.random.Generator:
    """Give the place's own stream of chance, whatever other places are in the table."""
    return np.random.default_rng([seed, int.from_bytes(str(place).encode(), "big")])


def bootstrap_means(
    skor: pd.DataFrame,
    *,
    seed: int,
    by: str = "kode_kabkota",
    design: str = "plain",
    unit: str = "unit_kerja",
    draws: int = 2000,
    minimum: int = MINIMUM,
    hidden: Collection[str] = (),
) -> BootstrapMeans:
    r"""Resample the measured people of every place, and average each time.

    With distinct scores :math:`x_1, \dots, x_K` held by :math:`c_1, \dots, c_K` of a place's
    :math:`n` people, a resample of :math:`n` people with replacement is
    :math:`(C_1, \dots, C_K) \sim \mathrm{Multinomial}(n, c/n)` and its mean
    :math:`\sum_k C_k x_k / n`. The four dimensions and the index are drawn together, so their
    correlation is kept.

    Parameters
    ----------
    skor : pandas.DataFrame
        One row a person (index ``id_pegawai``): the four dimensions, ``indeks``, ``by``,
        ``status_ukur``, ``sumber_data``, ``id_instrumen``, and ``unit`` unless the design is
        plain. One year and one instrument. Only people who were measured count.
    seed : int
        Seed, 0 or more. A place's draws depend on the seed, its name and its people only, not
        on the other places or the order of rows.
    by : str
        The column that names the place.
    design : {"plain", "stratified", "clustered"}
        ``plain``: people are exchangeable within the place. ``stratified``: within each unit,
        whose sizes are fixed (intervals no wider than plain). ``clustered``: whole units are
        drawn, since people of a unit share training budgets and raters (usually wider; needs
        at least two units, and is too narrow with fewer than about 20).
    unit : str
        The column that names strata or clusters.
    draws : int
        Replicates, at least 100; 2,000 settle a limit of a 95 % interval to about a sixtieth of
        its width.
    minimum : int
        Places with fewer measured people are hidden: all NaN.
    hidden : collection of str
        Places that the published table hides besides, so that the small ones can't be worked
        out.

    Returns
    -------
    BootstrapMeans
        Places in sorted order.

    Raises
    ------
    ParameterError
        For an unknown design or column, a blank place or unit, two years or two instruments.
    NotMeasurableError
        If nobody is measured, or a place has one unit and the design is clustered.

    Notes
    -----
    Exact for any scores; fast where scores are few (all instruments that score from records:
    about 200 distinct scores a place). Scores given on a continuous scale cost about as much
    as drawing person by person, and so do strata of few people (about ten times the time). For
    stratified draws the variance is short by the factor :math:`(n_h - 1)/n_h` of each unit,
    noticeable only in units of a few people [2]_.
    """
    if design not in DESIGNS:
        raise ParameterError(f"unknown design {design!r}; known: {', '.join(DESIGNS)}")
    if draws < 100 or seed < 0:
        raise ParameterError("draws must be 100 or more, seed 0 or more")
    minimum = check_minimum(minimum)
    measured = _measured(skor, [by] if design == "plain" else [by, unit])
    values = measured[list(KOLOM)].to_numpy(dtype=np.float64)
    place, places = pd.factorize(measured[by].astype("str"), sort=True)
    sizes = np.bincount(place, minlength=len(places))
    unknown = sorted(set(hidden) - set(skor[by].dropna().astype("str").unique()))
    if unknown:
        # a misspelt place would otherwise be shown
        raise ParameterError(f"hidden names places that skor has not: {', '.join(unknown)}")
    closed = (sizes < minimum) | np.isin(places, list(hidden))

    group = place
    if design != "plain":
        names, levels = pd.factorize(measured[unit].astype("str"), sort=True)
        group = pd.factorize(place * len(levels) + names, sort=True)[0]
    first, cell_group, count = _histogram(values, group)
    cells, cell_place = values[first], place[first]
    # cells are sorted by group, and groups by place
    starts = np.searchsorted(cell_place, np.arange(len(places) + 1))

    means = np.full((len(places), len(KOLOM)), np.nan)
    replicates = np.full((draws, len(places), len(KOLOM)), np.nan)
    for p, name in enumerate(places):
        if closed[p]:
            continue
        mine = slice(starts[p], starts[p + 1])
        x, c, n = cells[mine], count[mine], sizes[p]
        means[p] = c @ x / n
        edges = np.flatnonzero(np.diff(cell_group[mine], prepend=-1))
        rng = _stream(seed, name)
        if design == "clustered":
            if len(edges) < 2:
                raise NotMeasurableError(f"place {name} has one {unit}; clustered needs two")
            totals = np.add.reduceat(c[:, None] * x, edges)
            replicates[:, p] = _resampled_units(totals, np.add.reduceat(c, edges), draws, rng)
        else:
            strata = zip(np.split(x, edges[1:]), np.split(c, edges[1:]), strict=True)
            replicates[:, p] = sum(_resampled_sums(*s, draws, rng) for s in strata) / n

    index = pd.Index(places, name=by)
    n_terukur = pd.Series(sizes, index=index, dtype="Int64", name="n_terukur").mask(closed)
    return BootstrapMeans(
        nilai=pd.DataFrame(means, index=index, columns=list(KOLOM)),
        ulangan=replicates,
        n_terukur=n_terukur,
        rancangan=design,
        benih=seed,
        sumber_data=_one_value(measured, "sumber_data"),
        id_instrumen=_one_value(measured, "id_instrumen"),
    )
