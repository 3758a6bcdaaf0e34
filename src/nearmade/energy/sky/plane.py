"""Sunlight on a plane of any tilt and azimuth: beam, sky and ground, and the glass.

One arithmetic for one site and for many: the functions of numbers are compiled and
called by the loops of ``panel`` and ``fleet``.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from nearmade.vocabulary.compiled import compiled

#: Bins of the sky's clearness, upper ends. Source: Perez 1990, table 1.
CLEARNESS_BINS: Final = np.array([1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2])

#: Brightness of the sky about the sun (columns 0-2) and at the horizon (3-5), by bin.
#: Source: Perez 1990, table 6, all sites.
BRIGHTNESS: Final = np.array(
    [
        [-0.008, 0.588, -0.062, -0.060, 0.072, -0.022],
        [0.130, 0.683, -0.151, -0.019, 0.066, -0.029],
        [0.330, 0.487, -0.221, 0.055, -0.064, -0.026],
        [0.568, 0.187, -0.295, 0.109, -0.152, -0.014],
        [0.873, -0.392, -0.362, 0.226, -0.462, 0.001],
        [1.132, -1.237, -0.412, 0.288, -0.823, 0.056],
        [1.060, -1.600, -0.359, 0.264, -1.127, 0.131],
        [0.678, -0.327, -0.250, 0.156, -1.377, 0.251],
    ]
)

#: Weight of the zenith angle in the sky's clearness. Source: Perez 1990. [1/rad3]
KAPPA: Final = 1.041

#: Cosine of 85 degrees: the ring about the sun sinks no deeper. Source: Perez 1990.
LEAST_RING_COSINE: Final = 0.0871557427

#: Refractive index of glass, its extinction and its thickness. Source: W. De Soto,
#: S. A. Klein, W. A. Beckman, Solar Energy 80 (1), 2006,
#: doi:10.1016/j.solener.2005.06.010.
GLASS_INDEX: Final = 1.526
GLASS_PER_M: Final = 4.0
GLASS_M: Final = 0.002


@compiled
def air_mass(cos_zenith: float, zenith_rad: float) -> float:
    """Give how much air lies before the sun, relative to straight up; day only.

    References
    ----------
    .. [1] F. Kasten, A. T. Young, Revised optical air mass tables and approximation
       formula, Applied Optics 28 (22), 1989, doi:10.1364/AO.28.004735.
    """
    below_deg = 96.07995 - math.degrees(zenith_rad)
    return 1.0 / (cos_zenith + 0.50572 * math.pow(below_deg, -1.6364))


@compiled
def sky_shape(
    cos_zenith: float, beam_w_m2: float, diffuse_w_m2: float, beyond_air_w_m2: float
) -> tuple[float, float]:
    """Give how much of a sky's light is about the sun, and how much at the horizon.

    Shares of the diffuse light; the second may be below zero. None by night.

    Parameters
    ----------
    cos_zenith
        Of the sun against straight up.
    beam_w_m2, diffuse_w_m2, beyond_air_w_m2
        Facing the sun, level from the sky, facing the sun beyond the air. [W/m2]

    References
    ----------
    .. [1] R. Perez et al., Modeling daylight availability and irradiance components
       from direct and global irradiance, Solar Energy 44 (5), 1990,
       doi:10.1016/0038-092X(90)90055-H.
    """
    if diffuse_w_m2 <= 0.0 or cos_zenith <= 0.0:
        return 0.0, 0.0
    up = min(1.0, cos_zenith)
    zenith = math.acos(up)
    cubed = KAPPA * zenith * zenith * zenith
    clearness = (1.0 + beam_w_m2 / diffuse_w_m2 + cubed) / (1.0 + cubed)
    row = 0
    while row < 7 and clearness >= CLEARNESS_BINS[row]:
        row += 1
    bright = diffuse_w_m2 * air_mass(up, zenith) / beyond_air_w_m2
    f = BRIGHTNESS[row]
    ring = max(0.0, f[0] + f[1] * bright + f[2] * zenith)
    return ring, f[3] + f[4] * bright + f[5] * zenith


@compiled
def sky_on_plane_w_m2(
    ring: float,
    horizon: float,
    cos_zenith: float,
    cos_incidence: float,
    cos_tilt: float,
    diffuse_w_m2: float,
) -> float:
    """Give what a tilted plane gets from the sky, without beam and ground. [W/m2]

    Parameters
    ----------
    ring, horizon
        From ``sky_shape``.
    cos_zenith, cos_incidence
        Of the sun against straight up and against the plane's normal.
    cos_tilt
        Of the plane against level.
    diffuse_w_m2
        Level from the sky. [W/m2]
    """
    ratio = max(0.0, cos_incidence) / max(LEAST_RING_COSINE, cos_zenith)
    sin_tilt = math.sqrt(max(0.0, 1.0 - cos_tilt * cos_tilt))
    even = 0.5 * (1.0 + cos_tilt) * (1.0 - ring)
    return max(0.0, diffuse_w_m2 * (even + ring * ratio + horizon * sin_tilt))


@compiled
def glass_fraction(cos_incidence: float) -> float:
    """Give the share of light that passes the glass, relative to straight on.

    References
    ----------
    .. [1] W. De Soto, S. A. Klein, W. A. Beckman, Solar Energy 80 (1), 2006,
       doi:10.1016/j.solener.2005.06.010.
    """
    if cos_incidence <= 0.0:
        return 0.0
    cosine = min(1.0, cos_incidence)
    sine = math.sqrt(1.0 - cosine * cosine) / GLASS_INDEX
    inner = math.sqrt(1.0 - sine * sine)
    across = (cosine - GLASS_INDEX * inner) / (cosine + GLASS_INDEX * inner)
    along = (inner - GLASS_INDEX * cosine) / (inner + GLASS_INDEX * cosine)
    passed = 1.0 - 0.5 * (across * across + along * along)
    first = (1.0 - GLASS_INDEX) / (1.0 + GLASS_INDEX)
    straight = (1.0 - first * first) * math.exp(-GLASS_PER_M * GLASS_M)
    return passed * math.exp(-GLASS_PER_M * GLASS_M / inner) / straight
