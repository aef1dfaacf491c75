"""The units of a make-believe place, and which unit each post belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ipasn_lib.records.synthetic.calibration import Calibration, UnitKind
from ipasn_lib.records.synthetic.codes import CLASS_RUMPUN, RUMPUN
from ipasn_lib.records.synthetic.streams import stream

__all__ = ["Units", "units_of"]

FloatArray = npt.NDArray[np.float64]

EFFECTS = ("pelatihan", "kinerja", "tanpa_skp")
"""What units and places differ in; the order of the effect columns."""


@dataclass(frozen=True)
class Units:
    """The units of a place.

    Attributes
    ----------
    nama : tuple of str
    cum : ndarray, shape (families, units)
        Cumulative share of each family's posts over the units.
    efek : ndarray, shape (units, 3)
        Standard normal effect of each unit on training, appraisal and missing appraisals.
    """

    nama: tuple[str, ...]
    cum: FloatArray
    efek: FloatArray


def units_of(seed: int, kode: str, size: int, calibration: Calibration) -> Units:
    """Lay out the units of a place of ``size`` posts.

    A kind with ``setiap`` exists once for so many posts, in copies of random size. Where posts
    are few, the units named first in the calibration remain, so that a small province has few
    units of a readable size rather than many empty ones.
    """
    nama: list[str] = []
    kinds: list[UnitKind] = []
    parts: list[float] = []
    effects: list[FloatArray] = []
    for position, kind in enumerate(calibration.unit):
        # a stream for each kind: a unit keeps its effect when the place grows or shrinks
        rng = stream(seed, "unit", kode, position)
        draws = rng.normal(size=(kind.paling_banyak, 1 + len(EFFECTS)))
        wanted = size // kind.setiap if kind.setiap else 1
        copies = min(max(wanted, 1), kind.paling_banyak)
        weights = np.exp(0.35 * draws[:copies, 0])
        for copy in range(copies):
            nama.append(kind.nama.format(nomor=copy + 1))
            kinds.append(kind)
            parts.append(float(weights[copy] / weights.sum()))
            effects.append(draws[copy, 1:])
    most = max(calibration.unit_paling_sedikit, size // calibration.pegawai_per_unit)
    kept = slice(0, most)
    share = _shares(kinds[kept], np.array(parts[kept]), size, calibration)
    return Units(tuple(nama[kept]), np.cumsum(share, axis=1), np.array(effects[kept]))


def _shares(
    kinds: list[UnitKind], parts: FloatArray, size: int, calibration: Calibration
) -> FloatArray:
    """Share of each family's posts in each unit, shape (families, units); rows sum to 1."""
    family = np.bincount(CLASS_RUMPUN, weights=calibration.kelas, minlength=len(RUMPUN))
    weight = np.stack([kind.bobot for kind in kinds], axis=1) * parts
    # a unit of fixed size takes its few people first, but never more than a tenth of a family
    fixed = np.stack([kind.orang for kind in kinds], axis=1) / (family[:, None] * size)
    fixed *= np.minimum(1.0, 0.1 / np.maximum(fixed.sum(axis=1, keepdims=True), 1e-12))
    rest = 1.0 - fixed.sum(axis=1, keepdims=True)
    return fixed + rest * weight / weight.sum(axis=1, keepdims=True)
