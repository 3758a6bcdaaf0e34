"""A facility as a record: OKW's words where it has them, ours under ``nearmade``.

OKW has no field for a build volume with three sides, so the box stands in
``x_travel``, ``y_travel`` and ``z_travel`` as OKW's printers are usually written;
where travel and box differ, ``nearmade.build_volume_mm`` of the equipment decides.
An equipment of ``quantity`` 3 stands for three machines with ``-1`` to ``-3`` after
their id.

References
----------
Open Know-Where specification v1, 2021, classes ManufacturingFacility and Equipment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, cast, get_args

from nearmade.facilities.facility import (
    Facility,
    FacilityKind,
    FacilityStatus,
    Feedstock,
    OpeningHours,
    PowerSystem,
    Stop,
    Tariff,
)
from nearmade.facilities.fields import Fields, raise_problems
from nearmade.facilities.machine_record import equipment_record, machines_from_record
from nearmade.facilities.opening import is_zone, opening_text
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import FacilityId
from nearmade.vocabulary.place import Place

#: OKW's words for our status.
_OKW_STATUS: Final = {
    "Active": "active",
    "Planned": "planned",
    "Temporary Closure": "temporary-closure",
    "Closed": "closed",
}


#: Stands for equipment of which a record does not say what it does.
_UNTOLD: Final = {"notes": "what else stands here is not told"}


def facility_from_record(record: Mapping[str, object]) -> Facility:
    """Read a facility.

    Raises
    ------
    InvalidInput
        When any field breaks its rule; the message names all of them.
    """
    problems: list[str] = []
    facility = facility_told(record, problems)
    raise_problems(f"facility {facility.id or '(no id)'}", problems)
    return facility


def facility_told(record: Mapping[str, object], problems: list[str]) -> Facility:
    """Read a facility and add to ``problems`` what is wrong with its record.

    Parameters
    ----------
    record
        As ``facility_record`` writes it.
    problems
        Takes path, value and rule of every field that breaks its rule; where it stays
        empty the facility is as the record says, else it means nothing.
    """
    top = Fields(record, "", problems)
    own = top.inner("nearmade")
    facility_id = own.text("id")
    place = _place(top, problems)
    status = top.choice("facility_status", tuple(_OKW_STATUS))
    return Facility(
        id=FacilityId(facility_id),
        name=top.text("name"),
        kind=cast("FacilityKind", own.choice("kind", get_args(FacilityKind))),
        place=place,
        status=cast("FacilityStatus", _OKW_STATUS[status]),
        opening=_opening(own.inner("opening")),
        machines=tuple(machines_from_record(top, facility_id)),
        feedstocks=tuple(_feedstocks(own)),
        tariff=_tariff(own.inner("tariff")),
        power=_power(own.inner("power")),
        assembles=own.flag("assembles", default=True),
        reliability_fraction=own.number("reliability_fraction", 0, 1, 0.95),
        queue_s=round(own.number("queue_s", 0, default=0)),
        demo=own.flag("demo", default=False),
        certifications=top.texts("certifications", optional=True),
        itinerary=_itinerary(own),
        holidays=own.dates("holidays"),
        zone=_zone(own),
        access=top.text("access_type", ""),
        url=own.text("url", ""),
        services=own.texts("services", optional=True),
    )


def facility_record(facility: Facility) -> dict[str, object]:
    """Write a facility so that ``facility_from_record`` gives it back.

    What its record did not say is not written either.
    """
    words = {ours: theirs for theirs, ours in _OKW_STATUS.items()}
    okw = {
        "certifications": list(facility.certifications),
        "access_type": facility.access,
    }
    record: dict[str, object] = {
        "name": facility.name,
        "facility_status": words[facility.status],
        "location": {
            "address": {"city": facility.place.name, "country": facility.place.country},
            "gps_coordinates": f"{facility.place.lat_deg}, {facility.place.lon_deg}",
        },
        "opening_hours": opening_text(facility.opening, facility.zone),
        "equipment": [
            *(equipment_record(machine) for machine in facility.machines),
            *([_UNTOLD] if "machines" in facility.unsaid else []),
        ],
        **{name: value for name, value in okw.items() if value},
    }
    said = {name for name in record if name not in facility.unsaid}
    if "opening" in facility.unsaid:
        said.discard("opening_hours")
    kept = {name: value for name, value in record.items() if name in said}
    return {**kept, "nearmade": _own_record(facility)}


def _own_record(facility: Facility) -> dict[str, object]:
    """Write what stands in our namespace."""
    optional = {
        "itinerary": [_stop_record(stop) for stop in facility.itinerary],
        "holidays": [day.isoformat() for day in facility.holidays],
        "zone": facility.zone,
        "url": facility.url,
        "services": list(facility.services),
    }
    power = facility.power
    own: dict[str, object] = {
        "id": facility.id,
        "kind": facility.kind,
        "demo": facility.demo,
        "assembles": facility.assembles,
        "reliability_fraction": facility.reliability_fraction,
        "queue_s": facility.queue_s,
        "opening": {
            "days": list(facility.opening.days),
            "opens_hour": facility.opening.opens_hour,
            "closes_hour": facility.opening.closes_hour,
            "utc_offset_h": facility.opening.utc_offset_h,
        },
        "feedstocks": [
            {"material": f.material, "colour": f.colour, "stock_g": f.stock_g}
            for f in facility.feedstocks
        ],
        "tariff": _tariff_record(facility.tariff),
        "power": {
            "kind": power.kind,
            "pv_wp": power.pv_wp,
            "battery_wh": power.battery_wh,
            "max_w": power.max_w,
        },
        **{name: value for name, value in optional.items() if value},
    }
    return {k: value for k, value in own.items() if k not in facility.unsaid}


def _tariff_record(tariff: Tariff) -> dict[str, object]:
    return {
        "currency": tariff.currency,
        "machine_hour": str(tariff.machine_hour),
        "material_gram": {k: str(v) for k, v in tariff.material_gram.items()},
        "setup": str(tariff.setup),
        "labour_hour": str(tariff.labour_hour),
        "minimum": str(tariff.minimum),
        "margin_fraction": str(tariff.margin_fraction),
    }


def _stop_record(stop: Stop) -> dict[str, object]:
    return {
        "starts_at": stop.starts_at.isoformat(),
        "ends_at": stop.ends_at.isoformat(),
        "place": {
            "name": stop.place.name,
            "country": stop.place.country,
            "lat_deg": stop.place.lat_deg,
            "lon_deg": stop.place.lon_deg,
        },
    }


def _itinerary(own: Fields) -> tuple[Stop, ...]:
    """Read the stops in order of time; one over another is complained of."""
    stops: list[Stop] = []
    for written in own.each("itinerary") if own.has("itinerary") else ():
        starts_at, ends_at = written.moment("starts_at"), written.moment("ends_at")
        place = _stop_place(written.inner("place"))
        if starts_at is None or ends_at is None or place is None:
            continue
        if not starts_at < ends_at:
            written.complain("ends_at", ends_at.isoformat(), "must be after starts_at")
            continue
        stops.append(Stop(starts_at, ends_at, place))
    stops.sort(key=lambda stop: stop.starts_at)
    for one, other in pairwise(stops):
        if not one.ends_at <= other.starts_at:
            rule = f"must not start before the stop at {one.place} ends"
            own.complain("itinerary", other.starts_at.isoformat(), rule)
            return ()
    return tuple(stops)


def _stop_place(written: Fields) -> Place | None:
    name, country = written.text("name"), written.text("country")
    lat_deg, lon_deg = written.number("lat_deg"), written.number("lon_deg")
    try:
        return Place(name, country, lat_deg, lon_deg)
    except InvalidInput as error:
        written.complain("", name, error.message)
        return None


def _zone(own: Fields) -> str:
    zone = own.text("zone", "")
    if zone and not is_zone(zone):
        own.complain("zone", zone, "must be an IANA zone such as Africa/Nairobi")
        return ""
    return zone


def _place(top: Fields, problems: list[str]) -> Place:
    location = top.inner("location")
    address = location.inner("address")
    city, country = address.text("city"), address.text("country")
    written = location.text("gps_coordinates")
    lat_deg, lon_deg = 0.0, 0.0
    try:
        first, second = written.split(",")
        lat_deg, lon_deg = float(first), float(second)
    except ValueError:
        location.complain("gps_coordinates", written, 'must be "latitude, longitude"')
    if not (-90 <= lat_deg <= 90 and -180 <= lon_deg <= 180):
        location.complain("gps_coordinates", written, "is off the map")
        lat_deg, lon_deg = 0.0, 0.0
    if not (len(country) == 2 and country.isascii() and country.isupper()):
        address.complain("country", country, "must be two capitals (ISO 3166-1)")
        country = "XX"
    return Place(city, country, lat_deg, lon_deg)


def _opening(own: Fields) -> OpeningHours:
    days = own.wholes("days", 1, 7)
    opens = own.number("opens_hour", 0, 24)
    closes = own.number("closes_hour", 0, 24)
    if not days:
        own.complain("days", [], "must name a day")
    if not opens < closes:
        own.complain("closes_hour", closes, f"must be after opens_hour {opens:g}")
    return OpeningHours(days, opens, closes, own.number("utc_offset_h", -12, 14))


def _feedstocks(own: Fields) -> Iterator[Feedstock]:
    for feedstock in own.each("feedstocks"):
        yield Feedstock(
            feedstock.text("material"),
            feedstock.text("colour", ""),
            feedstock.number("stock_g", 0),
        )


def _tariff(own: Fields) -> Tariff:
    currency = own.text("currency")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        own.complain("currency", currency, "must be three capitals (ISO 4217)")
    return Tariff(
        currency=currency,
        machine_hour=own.decimal("machine_hour"),
        material_gram=own.decimals("material_gram"),
        setup=own.decimal("setup"),
        labour_hour=own.decimal("labour_hour"),
        minimum=own.decimal("minimum"),
        margin_fraction=own.decimal("margin_fraction"),
    )


def _power(own: Fields) -> PowerSystem:
    kind = own.choice("kind", ("grid", "solar"))
    power = PowerSystem(
        kind="solar" if kind == "solar" else "grid",
        pv_wp=own.number("pv_wp", 0, default=0),
        battery_wh=own.number("battery_wh", 0, default=0),
        max_w=own.number("max_w", 0, default=3000, above=True),
    )
    if power.kind == "solar" and not (power.pv_wp > 0 and power.battery_wh > 0):
        own.complain("pv_wp", power.pv_wp, "a solar site needs pv_wp and battery_wh")
    return power
