"""A make-believe panel of the 38 places in which some adopt a measure whose effect is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ipasn_lib.errors import ParameterError
from ipasn_lib.records.regions import load_kabkota

__all__ = ["EFFECT", "PANEL_INSTRUMENT", "synthesize_panel"]

PANEL_INSTRUMENT = "instrumen-rekaan"
"""Id of the one make-believe instrument: no real one was in force in all ten years."""

EFFECT = 2.0
"""Points that the measure adds, from its first year on."""

YEARS = tuple(range(2015, 2025))
ADOPTIONS = {2015: 1, 2018: 3, 2019: 4, 2020: 3, 2021: 4, 2022: 2}
"""Places by first year of the measure; one has no year without it, 21 never adopt."""

LEVEL, BETWEEN, GROWTH, SHOCK, NOISE = 58.0, 4.0, 1.1, 0.6, 1.2
"""Mean of the first year, spread of places, growth a year, spread of years, noise (points)."""


def synthesize_panel(seed: int, effect: float = EFFECT) -> tuple[pd.DataFrame, pd.Series]:
    r"""Make a panel :math:`Y_{it} = \alpha_i + \beta_t + \tau\,1[t \ge E_i] + \varepsilon_{it}`.

    Parameters
    ----------
    seed : int
        Same seed, same panel; 0 or more.
    effect : float
        :math:`\tau`, points of the index from the first year of the measure on.

    Returns
    -------
    panel : pandas.DataFrame
        38 places by ten years (2015-2024): ``kode_kabkota``, ``tahun``, ``indeks``,
        ``sumber_data`` "sintetis, benih N" and one ``id_instrumen``.
    adopsi : pandas.Series
        Index ``kode_kabkota``: first year of the measure (Int64; 2018-2022 in 16 places, 2015
        in one), NA in the 21 that never adopt.

    Raises
    ------
    ParameterError
        For a negative seed or an effect of more than 10 points.

    Notes
    -----
    Who adopts, and when, is drawn by lot and all places would have moved alike: what the
    estimator assumes is true here. Real places choose.
    """
    if seed < 0 or not -10 <= effect <= 10:
        raise ParameterError("seed must be 0 or more, effect from -10 to 10 points")
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(35, 8)))
    kode = load_kabkota().index.to_numpy()
    first = np.full(len(kode), 9999)
    chosen = rng.permutation(len(kode))[: sum(ADOPTIONS.values())]
    first[chosen] = np.repeat(list(ADOPTIONS), list(ADOPTIONS.values()))
    years = np.array(YEARS)
    place = rng.normal(LEVEL, BETWEEN, len(kode))
    common = GROWTH * np.arange(len(years)) + rng.normal(0, SHOCK, len(years))
    noise = rng.normal(0, NOISE, (len(kode), len(years)))
    value = place[:, None] + common + noise + effect * (years >= first[:, None])
    panel = pd.DataFrame(
        {
            "kode_kabkota": pd.array(np.repeat(kode, len(years)), dtype="str"),
            "tahun": np.tile(years, len(kode)),
            "indeks": np.clip(np.round(value, 2), 0, 100).ravel(),
            "sumber_data": f"sintetis, benih {seed}",
            "id_instrumen": PANEL_INSTRUMENT,
        }
    )
    dates = pd.array(np.where(first < 9999, first, 0), dtype="Int64")
    dates[first == 9999] = pd.NA
    index = pd.Index(kode, name="kode_kabkota", dtype="str")
    return panel, pd.Series(dates, index=index, name="tahun")
