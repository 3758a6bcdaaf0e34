"""Carry goods from place to place: choose the mode, then price, time and gas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from nearmade.logistics import carriers
from nearmade.logistics.carriers import Carrier, by_land
from nearmade.logistics.distance import AIR_EXTRA, DETOUR, great_circle_km
from nearmade.logistics.leg import Leg, Mode
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.freight_factors import (
    AIR_LONG,
    AIR_LONG_WITH_RF,
    AIR_SHORT,
    AIR_SHORT_WITH_RF,
    CONTAINER_SHIP,
    HGV,
    VAN_DIESEL,
    freight_gco2e,
)
from nearmade.vocabulary.place import Place

SECONDS_PER_DAY: Final = 86_400.0
#: The 90th percentile of the standard normal distribution.
Z_90: Final = 1.2816
#: Flights up to this great circle count as short haul. [km]
#: Source: DESNZ, 2025 GHG conversion factors, methodology paper, freight by air.
SHORT_HAUL_KM: Final = 3700.0

_CARRIERS: Final[dict[Mode, Carrier]] = {
    "van": carriers.VAN,
    "road": carriers.ROAD,
    "sea": carriers.SEA,
    "air": carriers.AIR,
}

#: Radiative forcing counts in the median, as DESNZ advises reporters to do.
_WITHOUT_FORCING: Final = {
    AIR_SHORT_WITH_RF: AIR_SHORT,
    AIR_LONG_WITH_RF: AIR_LONG,
}

#: A stretch of the way: factor and length. [gCO2e/t.km], [km]
Stretch = tuple[Factor, float]


def packed_mass_g(goods_g: float) -> float:
    """Give the mass of goods in their packaging. [g]"""
    return (
        carriers.PACKAGING_BASE_G.value
        + (1 + carriers.PACKAGING_FRACTION.value) * goods_g
    )


def carry(
    origin: Place, destination: Place, mass_g: float, *, collect: bool = False
) -> Leg:
    """Give the usual way to carry goods.

    A van within a town, a parcel by road within a landmass, express by air beyond,
    by ship where the goods are too heavy for that.

    Parameters
    ----------
    mass_g
        Goods and packaging, above zero. [g]
    collect
        True when the customer is willing to fetch them; used within 3 km.

    Raises
    ------
    InvalidInput
        When the mass is not above zero.
    """
    return _leg(
        origin,
        destination,
        mass_g,
        _modes(origin, destination, mass_g, collect=collect)[0],
    )


def options(origin: Place, destination: Place, mass_g: float) -> tuple[Leg, ...]:
    """Give every way to carry goods, the usual one first.

    Raises
    ------
    InvalidInput
        When the mass is not above zero.
    """
    modes = _modes(origin, destination, mass_g, collect=False)
    if great_circle_km(origin, destination) <= carriers.COLLECT_LIMIT_KM:
        modes = (*modes, "collect")
    return tuple(_leg(origin, destination, mass_g, mode) for mode in modes)


def no_way(place: Place, mass_g: float) -> Leg:
    """Give the leg of goods that stay where they are: no time, price or gas."""
    zero = Estimate.exact(0.0)
    return Leg(place, place, "collect", 0.0, mass_g, zero, zero, zero)


def _modes(
    origin: Place, destination: Place, mass_g: float, *, collect: bool
) -> tuple[Mode, ...]:
    if not mass_g > 0:
        raise InvalidInput(f"mass_g {mass_g}: must be above zero")
    distance_km = great_circle_km(origin, destination)
    if collect and distance_km <= carriers.COLLECT_LIMIT_KM:
        return ("collect", "van")
    express = mass_g <= carriers.AIR_LIMIT_G
    if by_land(origin.country, destination.country):
        home = origin.country == destination.country
        if home and distance_km <= carriers.VAN_LIMIT_KM:
            return ("van", "road")
        if distance_km <= carriers.ROAD_LIMIT_KM or home:
            return ("road", "air") if express else ("road",)
        if distance_km <= carriers.LORRY_LIMIT_KM:
            return ("air", "road", "sea") if express else ("road", "sea")
    return ("air", "sea") if express else ("sea",)


def _leg(origin: Place, destination: Place, mass_g: float, mode: Mode) -> Leg:
    direct_km = great_circle_km(origin, destination)
    stretches = _stretches(mode, direct_km)
    distance_km = sum(length_km for _, length_km in stretches)
    if mode == "collect":
        distance_km = direct_km * DETOUR[mode].value
        walk_s = distance_km / carriers.COLLECT_KM_PER_H.value * 3600
        time_s = _spread(walk_s, (DETOUR[mode], carriers.COLLECT_KM_PER_H))
        zero = Estimate.exact(0.0)
        return Leg(origin, destination, mode, distance_km, mass_g, time_s, zero, zero)
    border = origin.country != destination.country
    return Leg(
        origin,
        destination,
        mode,
        distance_km,
        mass_g,
        _time_s(_CARRIERS[mode], distance_km, border=border),
        _price_usd(_CARRIERS[mode], distance_km, mass_g, border=border),
        _freight(mode, stretches, mass_g),
    )


def _stretches(mode: Mode, direct_km: float) -> tuple[Stretch, ...]:
    """Cut the way into stretches by vehicle."""
    way_km = direct_km * DETOUR[mode].value
    ends_km = 2 * carriers.END_STRETCH_KM.value
    if mode == "van":
        return ((VAN_DIESEL, max(way_km, carriers.LEAST_VAN_KM.value)),)
    if mode == "road":
        by_van_km = min(ends_km, way_km)
        return ((VAN_DIESEL, by_van_km), (HGV, way_km - by_van_km))
    if mode == "air":
        short = direct_km <= SHORT_HAUL_KM
        plane = AIR_SHORT_WITH_RF if short else AIR_LONG_WITH_RF
        return ((plane, way_km + AIR_EXTRA.value), (VAN_DIESEL, ends_km))
    if mode == "sea":
        by_hgv_km = 2 * carriers.PORT_STRETCH_KM.value
        return ((CONTAINER_SHIP, way_km), (HGV, by_hgv_km), (VAN_DIESEL, ends_km))
    return ()


def _time_s(carrier: Carrier, distance_km: float, *, border: bool) -> Estimate:
    travel_s = distance_km / carrier.km_per_day.value * SECONDS_PER_DAY
    waits_s = carrier.handling_s.value + (carriers.BORDER_S.value if border else 0.0)
    return Estimate.within(
        travel_s + waits_s, carrier.time_low_factor, carrier.time_high_factor
    )


def _price_usd(
    carrier: Carrier, distance_km: float, mass_g: float, *, border: bool
) -> Estimate:
    price_usd = (
        carrier.base_usd.value
        + carrier.usd_per_kg.value * mass_g / 1000
        + carrier.usd_per_km.value * distance_km
        + (carriers.BORDER_USD.value if border else 0.0)
    )
    return _spread(price_usd, (carrier.base_usd,))


def _freight(mode: Mode, stretches: Sequence[Stretch], mass_g: float) -> Estimate:
    """Sum the gas of the stretches; by air the low end leaves out what height adds."""
    total = Estimate.exact(0.0)
    for factor, length_km in stretches:
        gas_gco2e = freight_gco2e(factor, mass_g, length_km)
        part = _spread(gas_gco2e, (factor, DETOUR[mode]))
        if factor in _WITHOUT_FORCING:
            ratio = _WITHOUT_FORCING[factor].value / factor.value
            part = Estimate(part.value, part.low * ratio, part.high)
        total = total.plus(part)
    return total


def _spread(value: float, factors: Sequence[Factor]) -> Estimate:
    """Put the 80 % interval of a product of lognormal factors around its median."""
    variance = sum(math.log(factor.geometric_sd) ** 2 for factor in factors)
    ratio = math.exp(Z_90 * math.sqrt(variance))
    return Estimate.within(value, 1 / ratio, ratio)
