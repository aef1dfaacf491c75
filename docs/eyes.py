"""How others see the house's colours: poor colour vision, grey print, a weak projector.

For the page docs/gaya.md and the tests that hold the colours. Own code, since it is one matrix
and two formulas, and no package for them is kept up.

References
----------
Machado, Oliveira and Fernandes 2009, A physiologically-based model for simulation of color
    vision deficiency, IEEE TVCG 15(6), doi:10.1109/TVCG.2009.113 (matrices of severity 1.0).
Sharma, Wu and Dalal 2005, The CIEDE2000 color-difference formula, Color Research and
    Application 30(1), doi:10.1002/col.20070.
WCAG 2.2, relative luminance and contrast ratio, https://www.w3.org/TR/WCAG22/.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

__all__ = ["EYES", "contrast", "difference", "hexa", "lab", "seen"]

Numbers = npt.NDArray[np.float64]

_MACHADO: Mapping[str, Numbers] = MappingProxyType(
    {
        "protanopia": np.array(
            [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ]
        ),
        "deuteranopia": np.array(
            [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ]
        ),
        "tritanopia": np.array(
            [
                [1.255528, -0.076749, -0.178779],
                [-0.078411, 0.930809, 0.147602],
                [0.004733, 0.691367, 0.303900],
            ]
        ),
    }
)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_VEIL = 0.15
"""Share of the light of white that a lit room throws on the screen of a weak projector."""
EYES = ("biasa", *_MACHADO, "cetak abu-abu", "proyektor lemah")


def seen(colour: str, eye: str) -> str:
    """Give a colour (``#rrggbb``) as it is seen by one of :data:`EYES`."""
    light = _linear(colour)
    if eye in _MACHADO:
        light = _MACHADO[eye] @ light
    elif eye == "cetak abu-abu":
        light = np.full(3, _LUMINANCE @ light)
    elif eye == "proyektor lemah":
        light = (light + _VEIL) / (1.0 + _VEIL)
    elif eye != "biasa":
        raise ValueError(f"unknown eye {eye!r}; expected one of {list(EYES)}")
    return hexa(light)


def hexa(light: Numbers) -> str:
    """Give linear light (three channels, 0-1; clipped) as ``#rrggbb``."""
    light = np.clip(light, 0.0, 1.0)
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(c * 255):02x}" for c in coded)


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1-21: text needs 4.5, graphics 3 (WCAG 2.2)."""
    low, high = sorted(float(_LUMINANCE @ _linear(c)) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str) -> Numbers:
    """Give CIELAB (D65) of a colour: lightness 0-100, a, b."""
    xyz = _TO_XYZ @ _linear(colour) / _TO_XYZ.sum(axis=1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: Numbers, other: Numbers) -> float:
    """Give CIEDE2000 of two CIELAB colours: about 2 is just seen side by side, 10 at a glance."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0
    turn = 0.0 if grey else (h2 - h1 + 180) % 360 - 180
    big_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    mean_h = h1 + h2 if grey else (h1 + h2) / 2
    if not grey and abs(h1 - h2) > 180:
        mean_h += 180 if h1 + h2 < 360 else -180
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * np.cos(np.radians(mean_h - 30)) + 0.24 * np.cos(np.radians(2 * mean_h))
    t += 0.32 * np.cos(np.radians(3 * mean_h + 6)) - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    chroma = 2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    r_t = -chroma * np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2))))
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, big_h / s_h
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + r_t * dc * dh))


def _linear(colour: str) -> Numbers:
    coded = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
