"""How far apart two places are, as the bird flies and as goods travel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from nearmade.logistics.leg import Mode
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.place import EARTH_RADIUS_KM, Place, great_circle_km
from nearmade.vocabulary.sea_distances import SEA_DETOUR

__all__ = ["AIR_EXTRA", "DETOUR", "great_circle_km", "great_circles_km"]

#: Way travelled over great circle, by mode.
DETOUR: Final[dict[Mode, Factor]] = {
    "collect": Factor(
        "detour/foot",
        1.3,
        "km/km",
        "assumed: towns with a grid of streets lie between 1 and 1.41 (two sides of "
        "a square over its diagonal)",
        geometric_sd=1.15,
        assumed=True,
    ),
    "van": Factor(
        "detour/van",
        1.4,
        "km/km",
        "assumed: above the 1.2 that Newell (1980) gives for single trips in towns, "
        "because a delivery round visits others on the way",
        geometric_sd=1.25,
        assumed=True,
    ),
    "road": Factor(
        "detour/road",
        1.3,
        "km/km",
        "assumed: 1.2 of Newell (1980) and depots that are not on the way",
        geometric_sd=1.2,
        assumed=True,
    ),
    "sea": SEA_DETOUR,
    "air": Factor(
        "detour/air",
        1.0,
        "km/km",
        "great circle; AIR_EXTRA holds the rest",
        geometric_sd=1.1,
    ),
}

#: Added to the great circle of every flight.
AIR_EXTRA: Final = Factor(
    "detour/air-extra",
    95.0,
    "km",
    "assumed: EN 16258:2012 adds 95 km to the great circle of a flight; clause not "
    "checked against the printed standard",
    assumed=True,
)


def great_circles_km(one: Place, others: Sequence[Place]) -> npt.NDArray[np.float64]:
    """Give the great circles from one place to many, shape (n,). [km]"""
    lat = np.radians([place.lat_deg for place in others])
    lon = np.radians([place.lon_deg for place in others])
    lat1, lon1 = math.radians(one.lat_deg), math.radians(one.lon_deg)
    haversine = (
        np.sin((lat - lat1) / 2) ** 2
        + math.cos(lat1) * np.cos(lat) * np.sin((lon - lon1) / 2) ** 2
    )
    distance_km: npt.NDArray[np.float64] = (
        2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, haversine)))
    )
    return distance_km
