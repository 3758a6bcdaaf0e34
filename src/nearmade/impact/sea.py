"""How far a product of a central factory travels to a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.place import Place, great_circle_km
from nearmade.vocabulary.sea_distances import SEA_DETOUR, SEA_DISTANCES_KM

#: Where the comparison lets the central product be made.
CENTRAL_FACTORY: Final = Place("Shanghai", "CN", 31.23, 121.47)

#: How much longer the road is than the great circle.
ROAD_DETOUR: Final = Factor(
    "distance/road-detour",
    1.3,
    "1",
    "assumed: roads are about a third longer than the great circle",
    geometric_sd=1.15,
    assumed=True,
)
#: Road from a factory to its port, and inland where no port is known.
PORT_ROAD_KM: Final = Factor(
    "distance/port-road",
    200.0,
    "km",
    "assumed: factory or town to port",
    geometric_sd=1.8,
    assumed=True,
)


@dataclass(frozen=True, slots=True)
class Port:
    """A port with a known sea route from China.

    Parameters
    ----------
    place
        Where it lies.
    sea_km
        Along the route. [km]
    serves_km
        It stands for every place within this great circle. [km]
    """

    place: Place
    sea_km: Factor
    serves_km: float


def _port(start: str, name: str, country: str, lat_deg: float, lon_deg: float) -> Port:
    place = Place(name, country, lat_deg, lon_deg)
    return Port(place, SEA_DISTANCES_KM[start, name], serves_km=2500.0)


#: Coordinates rounded to a hundredth of a degree.
PORTS: Final = (
    _port("Shanghai", "Rotterdam", "NL", 51.95, 4.14),
    _port("Shanghai", "Los Angeles", "US", 33.74, -118.26),
    _port("Shanghai", "New York", "US", 40.67, -74.05),
    _port("Shenzhen", "Mombasa", "KE", -4.06, 39.66),
    _port("Shanghai", "Santos", "BR", -23.97, -46.30),
)


@dataclass(frozen=True, slots=True)
class Haul:
    """The way of a central product from factory gate to depot.

    Parameters
    ----------
    sea_km
        From port to port; zero when no sea lies between. [km]
    road_km
        Factory to port and port to depot together. [km]
    """

    sea_km: Factor
    road_km: Factor


def central_haul(destination: Place) -> Haul:
    """Find the way from the central factory to a place.

    By sea to the nearest port with a known route within 2500 km, then by road. In
    China by road alone. Elsewhere the sea is taken as the great circle times
    ``SEA_DETOUR``.
    """
    direct_km = great_circle_km(CENTRAL_FACTORY, destination)
    if destination.country == CENTRAL_FACTORY.country:
        return Haul(_no_sea(), _road("all the way", direct_km))
    port = min(PORTS, key=lambda one: great_circle_km(one.place, destination))
    inland_km = great_circle_km(port.place, destination)
    if inland_km <= port.serves_km:
        return Haul(port.sea_km, _road(f"{port.place.name} inland", inland_km))
    sea = Factor(
        "distance/sea-assumed",
        round(direct_km * SEA_DETOUR.value, 1),
        "km",
        f"assumed: great circle {direct_km:.0f} km times {SEA_DETOUR.value}; no route "
        f"to {destination} is known",
        geometric_sd=SEA_DETOUR.geometric_sd,
        assumed=True,
    )
    return Haul(sea, _road("to and from ports", 0.0))


def _no_sea() -> Factor:
    return Factor("distance/no-sea", 0.0, "km", "made in the same country")


def _road(name: str, direct_km: float) -> Factor:
    km = PORT_ROAD_KM.value + direct_km * ROAD_DETOUR.value
    return Factor(
        "distance/central-road",
        round(km, 1),
        "km",
        f"assumed: {PORT_ROAD_KM.value:.0f} km at the factory plus {name} "
        f"{direct_km:.0f} km times {ROAD_DETOUR.value}",
        geometric_sd=1.3,
        assumed=True,
    )
