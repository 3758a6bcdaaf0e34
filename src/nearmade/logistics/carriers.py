"""What carriers ask and how long they take: bands as data, all of them assumed.

No open price list covers the world, so these are orders of magnitude with wide
intervals, in one place, to be replaced by a carrier's own list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nearmade.logistics.leg import Mode
from nearmade.vocabulary.factor import Factor


def _assumed(name: str, value: float, unit: str, gsd: float, reason: str) -> Factor:
    return Factor(
        f"carriage/{name}", value, unit, f"assumed: {reason}", gsd, assumed=True
    )


@dataclass(frozen=True, slots=True)
class Carrier:
    """How one mode charges and moves.

    Parameters
    ----------
    mode
        Mode of the long stretch.
    base_usd, usd_per_kg, usd_per_km
        Price of one parcel, of its mass and of its way. [USD], [USD/kg], [USD/km]
    handling_s
        Collecting, sorting and handing over. [s]
    km_per_day
        Progress of the long stretch, nights and rests included. [km/d]
    time_low_factor, time_high_factor
        Ends of the 80 % interval of the time over its median.
    """

    mode: Mode
    base_usd: Factor
    usd_per_kg: Factor
    usd_per_km: Factor
    handling_s: Factor
    km_per_day: Factor
    time_low_factor: float
    time_high_factor: float


def _carrier(
    name: str,
    mode: Mode,
    prices: tuple[float, float, float],
    handling_days: float,
    km_per_day: float,
    spread: tuple[float, float],
    reason: str,
) -> Carrier:
    return Carrier(
        mode=mode,
        base_usd=_assumed(f"{name}-base", prices[0], "USD", 1.5, reason),
        usd_per_kg=_assumed(f"{name}-kg", prices[1], "USD/kg", 1.5, reason),
        usd_per_km=_assumed(f"{name}-km", prices[2], "USD/km", 1.5, reason),
        handling_s=_assumed(
            f"{name}-handling", handling_days * 86_400, "s", 1.5, reason
        ),
        km_per_day=_assumed(f"{name}-pace", km_per_day, "km/d", 1.3, reason),
        time_low_factor=spread[0],
        time_high_factor=spread[1],
    )


def _countries(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


#: Farther than this nobody is asked to walk or cycle for a parcel. [km]
COLLECT_LIMIT_KM: Final = 3.0
#: A courier's van goes and comes back within a day. [km]
VAN_LIMIT_KM: Final = 80.0
#: Beyond this great circle a parcel over land goes by air. [km]
ROAD_LIMIT_KM: Final = 1500.0
#: Beyond this great circle no lorry is offered across borders. [km]
LORRY_LIMIT_KM: Final = 4000.0
#: Express by air takes parcels up to this mass; heavier goods sail. [g]
AIR_LIMIT_G: Final = 30_000.0
#: Least way of a courier's van: places are known by their town, not their street. [km]
LEAST_VAN_KM: Final = _assumed(
    "least-van", 5.0, "km", 1.8, "half the width of a town; the van serves others too"
)
#: Van at either end of a long stretch. [km]
END_STRETCH_KM: Final = _assumed(
    "end-stretch", 30.0, "km", 1.6, "a parcel depot or airport serves a town around it"
)
#: HGV between port and depot, at either end of a voyage. [km]
PORT_STRETCH_KM: Final = _assumed(
    "port-stretch", 200.0, "km", 2.0, "most large towns lie within 400 km of a port"
)
#: The customs desk holds a parcel this long. [s]
BORDER_S: Final = _assumed(
    "border", 86_400.0, "s", 2.0, "one working day for a parcel with its papers"
)
#: What a border adds to the price of a parcel. [USD]
BORDER_USD: Final = _assumed(
    "border-fee", 8.0, "USD", 1.6, "customs declaration by the carrier; duties not in"
)
#: On foot. [km/h]
COLLECT_KM_PER_H: Final = _assumed(
    "collect-pace", 5.0, "km/h", 1.3, "walking speed of a grown person"
)
#: Packaging: a fixed share and a share of the goods.
PACKAGING_BASE_G: Final = _assumed("packaging-base", 40.0, "g", 1.5, "a small carton")
PACKAGING_FRACTION: Final = _assumed(
    "packaging-share", 0.10, "g/g", 1.5, "cartons weigh about a tenth of what they hold"
)

VAN: Final = _carrier(
    "van",
    "van",
    (3.0, 0.3, 0.04),
    0.5,
    600,
    (0.5, 2.0),
    "a courier's round in one town",
)
ROAD: Final = _carrier(
    "road",
    "road",
    (5.0, 0.8, 0.004),
    1.5,
    450,
    (0.7, 2.0),
    "a parcel in the national post's network",
)
AIR: Final = _carrier(
    "air",
    "air",
    (22.0, 8.0, 0.0012),
    2.5,
    8000,
    (0.7, 2.0),
    "an express parcel between continents",
)
SEA: Final = _carrier(
    "sea",
    "sea",
    (60.0, 0.6, 0.002),
    14.0,
    600,
    (0.8, 1.6),
    "a share of a container; about 14 knots, two weeks in ports and depots",
)

#: Countries that no bridge or tunnel for goods joins to a neighbour, so that a border
#: is crossed by ship or aeroplane. ISO 3166-1 alpha-2. The United Kingdom is left out
#: for its tunnel, and with it Ireland, which ferries serve like a road.
ISLANDS: Final = _countries(
    "AG AI AS AU AW AX BB BH BL BM BQ BS CC CK CU CV CW CX CY DM DO FJ FK FM FO"
    " GD GL GP GU HT ID IS JM JP KI KM KN KY LC LK MF MG MH MP MQ MS MT MU MV NC"
    " NF NR NU NZ PF PG PH PM PN PR PW RE SB SC SH SJ ST SX TC TL TO TT TV TW VC"
    " VG VI VU WF WS YT"
)

#: The mainland of the Americas; every other country not on ``ISLANDS`` stands on the
#: mainland of Africa, Asia and Europe. The Darien gap is not modelled.
AMERICAS: Final = _countries(
    "AR BO BR BZ CA CL CO CR EC GF GT GY HN MX NI PA PE PY SR SV US UY VE"
)


def by_land(country: str, other: str) -> bool:
    """Tell whether goods may go by road between two countries."""
    if country == other:
        return True
    if country in ISLANDS or other in ISLANDS:
        return False
    return (country in AMERICAS) == (other in AMERICAS)
