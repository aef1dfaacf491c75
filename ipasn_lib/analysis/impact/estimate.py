"""The effect of a measure that places adopted in different years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ipasn_lib.analysis.impact.imputation import Imputed, impute, weighted_effect
from ipasn_lib.analysis.impact.panel import ALWAYS, NEVER, Panel, open_panel
from ipasn_lib.cards import card
from ipasn_lib.errors import NotMeasurableError, ParameterError
from ipasn_lib.wording import number, percent

__all__ = ["AdoptionEffect", "adoption_effect", "average_effect"]

NO_COMPARISON = "tidak ada pembanding pada tahun itu"


@dataclass(frozen=True)
class AdoptionEffect:
    """Mean effect on the adopters, in the units of the outcome.

    Attributes
    ----------
    efek, galat_baku, batas_bawah, batas_atas : float
        Mean over all place-years with the measure whose imputed outcome is determined. An
        interval that holds 0: chance alone can explain it. The last three are NaN where only
        one place adopted.
    level : float
    per_jarak : pandas.DataFrame
        Index ``jarak`` (years since adoption, 0 the year itself); ``efek``, ``galat_baku``,
        ``batas_bawah``, ``batas_atas``, ``n_tempat`` (Int64). Which places stand behind a
        distance changes with it: late adopters have no long one.
    per_tempat : pandas.DataFrame
        Index (``kode_kabkota``, ``tahun``); ``jarak`` (Int64), ``nilai``, ``tanpa_kebijakan``
        (imputed), ``efek``: to look at, not to rank by; one place-year is mostly noise.
    tidak_dipakai : pandas.DataFrame
        ``kode_kabkota``, ``tahun`` (Int64; NA for the whole place) and ``alasan`` of what was
        left out.
    n_menerapkan, n_tidak_pernah : int
        Places behind the mean, and places that never adopted.
    n_kosong : int
        Place-years without a value.
    nilai, sumber_data, id_instrumen : str
    """

    efek: float
    galat_baku: float
    batas_bawah: float
    batas_atas: float
    level: float
    per_jarak: pd.DataFrame
    per_tempat: pd.DataFrame
    tidak_dipakai: pd.DataFrame
    n_menerapkan: int
    n_tidak_pernah: int
    n_kosong: int
    nilai: str
    sumber_data: str
    id_instrumen: str

    def _repr_html_(self) -> str:
        return card(
            "Pengaruh pada yang menerapkan",
            {
                "Pengaruh rata-rata": number(self.efek),
                f"Selang {percent(self.level, 0)}": f"{number(self.batas_bawah)} sampai "
                f"{number(self.batas_atas)}",
                "Diukur pada": self.nilai,
                "Menerapkan, tidak pernah": f"{self.n_menerapkan}, {self.n_tidak_pernah} daerah",
                "Tidak dipakai": f"{len(self.tidak_dipakai)} baris",
                "Instrumen": self.id_instrumen,
            },
            catatan="Selang yang memuat nol dapat dijelaskan oleh kebetulan.",
            sumber=self.sumber_data,
        )


def average_effect(panel: Panel) -> tuple[float, float]:
    """Mean effect over all usable place-years and its standard error; NaN where there is none."""
    imputed = impute(panel)
    n = int(imputed.usable.sum())
    if n == 0:
        return float("nan"), float("nan")
    return weighted_effect(panel, imputed, imputed.usable / n)


def adoption_effect(
    panel: pd.DataFrame,
    adopsi: pd.Series,
    *,
    nilai: str = "indeks",
    level: float = 0.95,
    allow_mixed: bool = False,
) -> AdoptionEffect:
    r"""Estimate the effect of a measure adopted in different years (event study by imputation).

    .. math:: \hat\tau = \frac{1}{|\Omega_1|} \sum_{it \in \Omega_1}
              (Y_{it} - \hat\alpha_i - \hat\beta_t)

    with place and year effects fitted to place-years without the measure only; by distance
    :math:`h`, the mean over :math:`t - E_i = h`. The usual regression with place and year
    dummies and one dummy of the measure compares late adopters with early ones as if these were
    untreated, and gives some effects a negative weight; this estimator does not.

    Parameters
    ----------
    panel : pandas.DataFrame
        One row a place and year: ``kode_kabkota``, ``tahun`` and the outcome; NA where hidden
        or missing (the row is left out). ``sumber_data`` and ``id_instrumen`` where there are.
    adopsi : pandas.Series
        Index ``kode_kabkota``: the first year with the measure in force, NA for a place that
        never had it. A measure once adopted counts as kept.
    nilai : str
        Column of the outcome.
    level : float
        Coverage of the intervals, 0.5 to under 1; Student's t with (places - 1) degrees of
        freedom.
    allow_mixed : bool
        Take a panel made under several instruments. The year effects take up a change that is
        the same for all places, and no other.

    Returns
    -------
    AdoptionEffect

    Raises
    ------
    ParameterError
        For a missing column, a place twice in a year or without a word in ``adopsi``, mixed
        instruments.
    NotMeasurableError
        If no place-year with the measure can be compared with any without.

    Notes
    -----
    Two things are assumed and cannot be shown: without the measure the adopters would have
    moved as the others did (parallel trends), and nobody changed *before* adopting because it
    was coming. :func:`pretrend_test` and :func:`placebo_effects` look for signs against them.

    References
    ----------
    .. [1] Borusyak, K., Jaravel, X. and Spiess, J. (2024). Revisiting event-study designs:
           robust and efficient estimation. Review of Economic Studies 91(6), 3253-3285.
           doi:10.1093/restud/rdae007
    .. [2] Goodman-Bacon, A. (2021). Difference-in-differences with variation in treatment
           timing. Journal of Econometrics 225(2), 254-277. doi:10.1016/j.jeconom.2021.03.014
    """
    if not 0.5 <= level < 1:
        raise ParameterError("level must be from 0.5 to under 1, as 0.95")
    data = open_panel(panel, adopsi, nilai, allow_mixed)
    imputed = impute(data)
    usable = imputed.usable
    if not usable.any():
        raise NotMeasurableError("no place-year with the measure can be compared with one without")
    wide = float(stats.t.ppf((1 + level) / 2, len(data.kode) - 1))

    def summary(rows: np.ndarray) -> dict[str, float]:
        estimate, error = weighted_effect(data, imputed, rows / rows.sum())
        return {
            "efek": estimate,
            "galat_baku": error,
            "batas_bawah": estimate - wide * error,
            "batas_atas": estimate + wide * error,
        }

    distances = np.unique(data.horizon[usable])
    by_distance = [usable & (data.horizon == h) for h in distances]
    per_jarak = pd.DataFrame(
        [summary(rows) for rows in by_distance], index=pd.Index(distances, name="jarak")
    )
    counts = [int(rows.sum()) for rows in by_distance]
    return AdoptionEffect(
        **summary(usable),
        level=level,
        per_jarak=per_jarak.assign(n_tempat=pd.array(counts, dtype="Int64")),
        per_tempat=_by_place(data, imputed),
        tidak_dipakai=_left_out(data, imputed),
        n_menerapkan=len(np.unique(data.place[usable])),
        n_tidak_pernah=int((data.adopted == NEVER).sum()),
        n_kosong=data.n_missing,
        nilai=nilai,
        sumber_data=data.sumber_data,
        id_instrumen=data.id_instrumen,
    )


def _by_place(data: Panel, imputed: Imputed) -> pd.DataFrame:
    rows = imputed.usable
    index = pd.MultiIndex.from_arrays(
        [np.asarray(data.kode)[data.place[rows]], np.asarray(data.tahun)[data.year[rows]]],
        names=["kode_kabkota", "tahun"],
    )
    return pd.DataFrame(
        {
            "jarak": pd.array(data.horizon[rows], dtype="Int64"),
            "nilai": data.y[rows],
            "tanpa_kebijakan": imputed.fitted[rows],
            "efek": imputed.effect[rows],
        },
        index=index,
    )


def _left_out(data: Panel, imputed: Imputed) -> pd.DataFrame:
    rows = data.treated & ~imputed.usable
    codes = [*data.always, *np.asarray(data.kode)[data.place[rows]]]
    years = [*[None] * len(data.always), *np.asarray(data.tahun)[data.year[rows]].tolist()]
    reasons = [*[ALWAYS] * len(data.always), *[NO_COMPARISON] * int(rows.sum())]
    return pd.DataFrame(
        {
            "kode_kabkota": pd.array(codes, dtype="str"),
            "tahun": pd.array(years, dtype="Int64"),
            "alasan": pd.array(reasons, dtype="str"),
        }
    )
