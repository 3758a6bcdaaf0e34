"""A point on the earth with a name for people."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.vocabulary.errors import InvalidInput


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
