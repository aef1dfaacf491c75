"""Signs against a causal reading: trends before, fake dates, and dates dealt out by lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from ipasn_lib.analysis.impact.estimate import average_effect
from ipasn_lib.analysis.impact.imputation import design
from ipasn_lib.analysis.impact.panel import NEVER, Panel, open_panel, with_dates
from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.wording import number

__all__ = [
    "PreTrend",
    "RandomisationTest",
    "placebo_effects",
    "pretrend_test",
    "randomisation_test",
]

FloatArray = npt.NDArray[np.float64]

STATISTICS = ("t", "efek")


@dataclass(frozen=True)
class PreTrend:
    """Whether adopters moved apart from the others before they adopted.

    Attributes
    ----------
    per_jarak : pandas.DataFrame
        Index ``jarak`` (-1, -2, ... years before adoption); ``beda``, ``galat_baku``,
        ``batas_bawah``, ``batas_atas``: distance from the path of the others, against the
        earlier years.
    f, p : float
        Test that all are zero together. A small p speaks against parallel trends; a large one
        does not speak for them: with few places the test sees only large departures.
    derajat : tuple of int
        Degrees of freedom.
    """

    per_jarak: pd.DataFrame
    f: float
    p: float
    derajat: tuple[int, int]

    def _repr_html_(self) -> str:
        return card(
            "Jalur sebelum penerapan",
            {
                "F": f"{number(self.f)} (derajat {self.derajat[0]} dan {self.derajat[1]})",
                "Nilai p": number(self.p, 3),
                "Tahun yang diuji": len(self.per_jarak),
            },
            catatan="Nilai p besar tidak membuktikan jalur yang sejajar.",
        )


@dataclass(frozen=True)
class RandomisationTest:
    """The mean effect beside those of dates dealt out by lot.

    Attributes
    ----------
    p : float
        Share of deals, the true one included, with a statistic at least as far from zero.
    statistik : float
        The true dates' statistic.
    acak : array of float
        Those of the deals.
    ukuran : str
        "t" (effect over its error) or "efek".
    permutasi, tidak_terhitung, seed : int
        Deals, those of them for which no statistic can be computed, and the seed.
    """

    p: float
    statistik: float
    acak: FloatArray
    ukuran: str
    permutasi: int
    tidak_terhitung: int
    seed: int

    def _repr_html_(self) -> str:
        return card(
            "Tahun penerapan diundi",
            {
                "Nilai p": number(self.p, 3),
                f"Statistik ({self.ukuran})": number(self.statistik),
                "Undian": f"{number(self.permutasi, 0)}, tak terhitung {self.tidak_terhitung}, "
                f"benih {self.seed}",
            },
        )


def pretrend_test(
    panel: pd.DataFrame,
    adopsi: pd.Series,
    *,
    nilai: str = "indeks",
    leads: int = 2,
    level: float = 0.95,
    allow_mixed: bool = False,
) -> PreTrend:
    r"""Test whether adopters left the common path in the years just before they adopted.

    On place-years without the measure only,

    .. math:: Y_{it} = \alpha_i + \beta_t + \sum_{k=1}^{K} \gamma_k 1[t = E_i - k] +
              \varepsilon_{it},

    with errors clustered by place and a Wald test of :math:`\gamma = 0` referred to
    :math:`F(K, G - 1)` for :math:`G` places. Using no treated row keeps the test apart from the
    estimate (Borusyak, Jaravel and Spiess 2024, doi:10.1093/restud/rdae007). Reporting only
    what passed such a test makes things worse, not better (Roth 2022,
    doi:10.1257/aeri.20210236): show the result either way.

    Parameters
    ----------
    panel, adopsi, nilai, level, allow_mixed
        As in :func:`adoption_effect`.
    leads : int
        K, at least 1: years before adoption that are tested, against all earlier ones.

    Returns
    -------
    PreTrend

    Raises
    ------
    ParameterError
        For fewer than one lead, or as :func:`adoption_effect`.
    NotMeasurableError
        If adopters have too few years before adoption to tell the leads from their level, or
        fewer than two adopters stand behind a lead: the clustered variance of a single one is
        zero, and any departure would look certain.
    """
    if isinstance(leads, bool) or leads < 1:
        raise ParameterError("leads must be 1 or more")
    if not 0.5 <= level < 1:
        raise ParameterError("level must be from 0.5 to under 1, as 0.95")
    whole = open_panel(panel, adopsi, nilai, allow_mixed)
    data = with_dates(whole, whole.adopted, ~whole.treated)
    ever = data.adopted[data.place] != NEVER
    horizon = np.where(ever, data.horizon, 0)
    lead = np.stack([(horizon == -k).astype(np.float64) for k in range(1, leads + 1)], axis=1)
    behind = [len(np.unique(data.place[column > 0])) for column in lead.T]
    if min(behind) < 2:
        raise NotMeasurableError(
            f"{leads} leads need two or more adopters each; the least has {min(behind)}"
        )
    dummies = design(data)
    rest = _residuals(dummies, lead)
    cross = rest.T @ rest
    if np.linalg.matrix_rank(cross, tol=1e-8) < leads:
        raise NotMeasurableError(
            f"{leads} leads need adopters with more than {leads} years before adoption, and "
            "others to compare with"
        )
    inverse = np.linalg.inv(cross)
    gamma = inverse @ (rest.T @ data.y)
    noise = _residuals(np.column_stack([dummies, lead]), data.y[:, None])[:, 0]
    places = np.unique(data.place)
    score = np.stack([(rest * noise[:, None])[data.place == i].sum(axis=0) for i in places])
    n, g = len(data.y), len(places)
    parameters = int(np.linalg.matrix_rank(dummies)) + leads
    if n <= parameters:
        raise NotMeasurableError("the rows before adoption are too few for this many leads")
    small = g / (g - 1) * (n - 1) / (n - parameters)
    variance = small * inverse @ (score.T @ score) @ inverse
    f = float(gamma @ np.linalg.pinv(variance) @ gamma / leads)
    error = np.sqrt(np.diag(variance))
    wide = float(stats.t.ppf((1 + level) / 2, g - 1))
    table = pd.DataFrame(
        {
            "beda": gamma,
            "galat_baku": error,
            "batas_bawah": gamma - wide * error,
            "batas_atas": gamma + wide * error,
        },
        index=pd.Index([-k for k in range(1, leads + 1)], name="jarak"),
    )
    return PreTrend(table, f, float(stats.f.sf(f, leads, g - 1)), (leads, g - 1))


def placebo_effects(
    panel: pd.DataFrame,
    adopsi: pd.Series,
    *,
    nilai: str = "indeks",
    earlier: Sequence[int] = (1, 2),
    allow_mixed: bool = False,
) -> pd.DataFrame:
    """Estimate the "effect" of fake dates, years before anything was adopted.

    All place-years with the measure are taken away, the dates are set earlier, and the mean
    effect is estimated as if they were true. It should be near zero.

    Parameters
    ----------
    panel, adopsi, nilai, allow_mixed
        As in :func:`adoption_effect`.
    earlier : sequence of int
        By how many years, each 1 or more.

    Returns
    -------
    pandas.DataFrame
        Index ``mundur`` (years); ``efek``, ``galat_baku``, ``p`` (two-sided, Student's t) and
        ``n_tempat`` (Int64; adopters that have a year before the fake date). NaN where no
        adopter has one. A clear effect of a fake date: adopters were on another path, or acted
        before the date; the estimate at the true date then carries that with it.

    Raises
    ------
    ParameterError
        If a shift is under 1 or repeated, or as :func:`adoption_effect`.
    """
    shifts = list(earlier)
    if not shifts or min(shifts) < 1 or len(set(shifts)) < len(shifts):
        raise ParameterError("earlier must name whole years of 1 or more, each once")
    whole = open_panel(panel, adopsi, nilai, allow_mixed)
    rows = []
    for shift in shifts:
        ever = whole.adopted != NEVER
        fake = with_dates(
            whole, np.where(ever, whole.adopted - shift, NEVER), np.asarray(~whole.treated)
        )
        # an adopter without a year before the fake date has no level of its own to start from
        based = np.unique(fake.place[~fake.treated])
        fake = with_dates(fake, fake.adopted, np.isin(fake.place, based))
        effect, error = average_effect(fake)
        t = effect / error if error > 0 else float("nan")
        p = 2 * float(stats.t.sf(abs(t), len(based) - 1))
        rows.append((effect, error, p, len(np.unique(fake.place[fake.treated]))))
    table = pd.DataFrame(
        rows, index=pd.Index(shifts, name="mundur"), columns=["efek", "galat_baku", "p", "n_tempat"]
    )
    return table.astype({"n_tempat": "Int64"})


def randomisation_test(
    panel: pd.DataFrame,
    adopsi: pd.Series,
    *,
    seed: int,
    permutations: int = 999,
    nilai: str = "indeks",
    statistic: str = "t",
    allow_mixed: bool = False,
) -> RandomisationTest:
    r"""Deal the adoption dates out anew over the places: how rare is an effect like this.

    Under the sharp hypothesis that the measure changed nothing anywhere, every deal of the same
    dates would have given the same outcomes; :math:`p = (1 + \#\{|T^*| \ge |T|\}) / (1 + B)`.
    No normal approximation is needed, which is what 38 places want.

    Parameters
    ----------
    panel, adopsi, nilai, allow_mixed
        As in :func:`adoption_effect`. Places that had the measure from the start take no part.
    seed : int
        Same data and seed, same p; the order of rows does not matter.
    permutations : int
        B, at least 99.
    statistic : {"t", "efek"}
        The studentised effect holds its level also where the measure changed places by
        different amounts around zero (Wu and Ding 2021, doi:10.1080/01621459.2020.1750415);
        "efek" where a single place adopted and there is no error to divide by.

    Returns
    -------
    RandomisationTest

    Raises
    ------
    ParameterError
        For an unknown statistic, too few permutations, a negative seed, or as
        :func:`adoption_effect`.
    NotMeasurableError
        If the true dates give no statistic, or the dates are all the same and cannot be dealt.

    Notes
    -----
    The test is exact if the dates were drawn by lot. They were not: places choose. It then
    answers only "is this more than the noise between places", not "was it the measure".

    References
    ----------
    .. [1] Fisher, R. A. (1935). The Design of Experiments. Oliver and Boyd.
    .. [2] Roth, J. and Sant'Anna, P. (2023). Efficient estimation for staggered rollout designs.
           Journal of Political Economy Microeconomics 1(4), 669-709. doi:10.1086/726581
    """
    if statistic not in STATISTICS:
        raise ParameterError(f"statistic {statistic!r}; known: {', '.join(STATISTICS)}")
    if seed < 0 or permutations < 99:
        raise ParameterError("seed must be 0 or more, permutations 99 or more")
    data = open_panel(panel, adopsi, nilai, allow_mixed)
    if len(np.unique(data.adopted)) < 2:
        raise NotMeasurableError("all places have the same date; there is nothing to deal out")
    truth = _statistic(data, statistic)
    if np.isnan(truth):
        raise NotMeasurableError("the true dates give no statistic; try statistic='efek'")
    rng = np.random.default_rng(seed)
    draws = np.array(
        [
            _statistic(with_dates(data, rng.permutation(data.adopted)), statistic)
            for _ in range(permutations)
        ]
    )
    counted = draws[~np.isnan(draws)]
    # a deal that repeats the true one differs by float noise only, and counts as equal
    as_far = int((np.abs(counted) >= abs(truth) * (1 - 1e-9)).sum())
    return RandomisationTest(
        p=(1 + as_far) / (1 + len(counted)),
        statistik=truth,
        acak=counted,
        ukuran=statistic,
        permutasi=permutations,
        tidak_terhitung=permutations - len(counted),
        seed=seed,
    )


def _statistic(data: Panel, statistic: str) -> float:
    effect, error = average_effect(data)
    if statistic == "efek":
        return effect
    return effect / error if error > 0 else float("nan")


def _residuals(on: FloatArray, of: FloatArray) -> FloatArray:
    return of - on @ np.linalg.lstsq(on, of, rcond=1e-10)[0]
