"""A point on the earth with a name for people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from nearmade.vocabulary.errors import InvalidInput

#: Mean radius of the earth, R1 = (2a + b) / 3. [km]
#: Source: WGS 84 axes; H. Moritz, Geodetic Reference System 1980, J. Geodesy 74
#: (2000) 128-133, as the IUGG adopted it.
EARTH_RADIUS_KM: Final = 6371.0088


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a person named or a facility stands at.

    Parameters
    ----------
    name
        For people, such as ``Nairobi``.
    country
        ISO 3166-1 alpha-2 code.
    lat_deg
        Latitude, -90 to 90, WGS 84. [deg]
    lon_deg
        Longitude, -180 to 180, WGS 84. [deg]

    Raises
    ------
    InvalidInput
        When a coordinate or the country code is out of range.
    """

    name: str
    country: str
    lat_deg: float
    lon_deg: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat_deg <= 90 and -180 <= self.lon_deg <= 180):
            raise InvalidInput(
                f"place {self.name!r}: ({self.lat_deg}, {self.lon_deg}) is off the map"
            )
        if not (len(self.country) == 2 and self.country.isupper()):
            raise InvalidInput(
                f"place {self.name!r}: country {self.country!r} must be two capitals"
            )

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"


def great_circle_km(one: Place, other: Place) -> float:
    """Give the shortest way over the sphere by the haversine formula. [km]

    References
    ----------
    R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984) 159.
    """
    lat1, lat2 = math.radians(one.lat_deg), math.radians(other.lat_deg)
    half_lat = (lat2 - lat1) / 2
    half_lon = math.radians(other.lon_deg - one.lon_deg) / 2
    haversine = (
        math.sin(half_lat) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, haversine)))
