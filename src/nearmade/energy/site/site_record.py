"""The ``energy`` part of a site's file: refusals name their place and the remedy."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from nearmade.energy.load.machine_power import MachinePower
from nearmade.energy.load.machine_ratings import MACHINE_POWERS
from nearmade.energy.panels.controller import Controller, Inverter
from nearmade.energy.panels.panel import MOUNTS, SYSTEM_LOSSES_FRACTION, Panel
from nearmade.energy.site.prices import (
    DEFAULT_CURRENCY,
    Prices,
    prices_of,
    unpriced,
)
from nearmade.energy.site.site_energy import (
    CHEMISTRIES,
    Chemistry,
    SiteEnergy,
    Visit,
    Wish,
    Work,
)
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.grid import WeakGrid
from nearmade.vocabulary.place import Place
from nearmade.vocabulary.record_checks import (
    as_list,
    as_object,
    field,
    index_of,
    numbers,
    one_number,
    only,
    refuse,
    time_of_day,
)

MOST_W: Final = 1e6
MOST_WH: Final = 1e8
MOST_MINUTES: Final = 28 * 24 * 60
MOST_MACHINES: Final = 200
MOST_VISITS: Final = 400

_ENERGY: Final = frozenset(
    (
        "place",
        "panel",
        "battery",
        "grid",
        "generator",
        "controller",
        "inverter",
        "max_w",
        "standing_w",
        "work",
        "wish",
        "prices",
        "itinerary",
    )
)
_PLACE: Final = frozenset({"name", "country", "lat_deg", "lon_deg"})
_PANEL: Final = frozenset(
    {"rated_wp", "tilt_deg", "azimuth_deg", "losses_fraction", "mount"}
)
_BATTERY: Final = frozenset(
    {"chemistry", "capacity_wh", "max_charge_w", "max_discharge_w"}
)
_GRID: Final = frozenset(
    (
        "limit_w",
        "per_kwh",
        "outages_per_month",
        "outage_hours",
        "shed_from",
        "shed_to",
        "converted_fraction",
        "gco2e_per_kwh",
    )
)
_GENERATOR: Final = frozenset(
    {"rated_w", "least_fraction", "start_fraction", "stop_fraction"}
)
#: What a charger leaves of the grid at the battery. Assumed.
CHARGER_FRACTION: Final = 0.90
_CONTROLLER: Final = frozenset(
    {"kind", "efficiency_fraction", "battery_v", "panel_v", "open_v"}
)
_INVERTER: Final = frozenset({"rated_w", "efficiency_fraction"})
_WORK: Final = frozenset(
    {"model", "bed_degc", "machines", "minutes", "pieces", "from", "to"}
)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_PRICES: Final = frozenset(each.name for each in fields(Prices))


def site_energy_from_record(record: Any) -> SiteEnergy:
    """Read the energy part of a site's file.

    What is printed may be left to the schedule's part: the first machine's model, the
    mean minutes of its builds, the hours of its people.

    Raises
    ------
    InvalidInput
        When there is no such part, or a field is missing, of the wrong kind or out of
        range; the message names the place.
    """
    top = as_object(record, "site")
    if "energy" not in top:
        raise refuse(
            "site.energy",
            "is missing: nothing is said of its sun and battery",
            "see docs/energy.md, or write one with nearmade schedule sample",
        )
    where = "site.energy"
    found = as_object(top["energy"], where)
    only(found, _ENERGY, where)
    place = _place(field(found, "place", where), f"{where}.place")
    chemistry, battery = _battery(found.get("battery"), f"{where}.battery")
    currency, prices = _prices(found.get("prices", {}), chemistry, f"{where}.prices")
    wish = found.get("wish")
    inverter = _inverter(found.get("inverter"), f"{where}.inverter")
    grid, per_kwh, gco2e_per_kwh = _grid(found.get("grid"), f"{where}.grid")
    return SiteEnergy(
        _text(top.get("name", place.name), "site.name"),
        place,
        _offset_h(top, place),
        _panel(found.get("panel"), place, f"{where}.panel"),
        battery,
        chemistry,
        _work(found.get("work"), top, f"{where}.work"),
        None if wish is None else _wish(wish, f"{where}.wish"),
        _max_w(found, inverter, where),
        _number(found, "standing_w", where, 0.0, most=MOST_W),
        grid,
        _generator(found.get("generator"), f"{where}.generator"),
        per_kwh,
        gco2e_per_kwh,
        prices,
        _itinerary(found.get("itinerary", []), top, f"{where}.itinerary"),
        _controller(found.get("controller"), f"{where}.controller"),
        inverter,
        currency,
        top.get("zone") or "",
    )


def _place(record: Any, where: str) -> Place:
    found = as_object(record, where)
    only(found, _PLACE, where)
    lat_deg = one_number(found, "lat_deg", where, least=-90, most=90)
    lon_deg = one_number(found, "lon_deg", where, least=-180, most=180)
    country = field(found, "country", where)
    if not (isinstance(country, str) and len(country) == 2 and country.isupper()):
        raise refuse(f"{where}.country", "must be two capitals such as KE")
    name = found.get("name", f"{lat_deg:g}, {lon_deg:g}")
    return Place(_text(name, f"{where}.name"), country, lat_deg, lon_deg)


def _offset_h(top: Mapping[str, Any], place: Place) -> float:
    """Give the zone's standard time, or that of the longitude where none is named."""
    zone = top.get("zone")
    if zone is None:
        return float(round(place.lon_deg / 15))
    try:
        offsets = [datetime(2026, month, 15, tzinfo=ZoneInfo(zone)) for month in (1, 7)]
    except (KeyError, ValueError, OSError, TypeError):
        raise refuse(
            "site.zone", "is no IANA zone", "name one, such as Europe/Paris"
        ) from None
    seconds = [at.utcoffset() for at in offsets]
    return min(each.total_seconds() for each in seconds if each is not None) / 3600


def _panel(record: Any, place: Place, where: str) -> Panel:
    found = as_object({} if record is None else record, where)
    only(found, _PANEL, where)
    azimuth = found.get("azimuth_deg")
    mount = found.get("mount", "rack")
    if not (isinstance(mount, str) and mount in MOUNTS):
        raise refuse(f"{where}.mount", "is not known", "name " + ", ".join(MOUNTS))
    return Panel(
        _number(found, "rated_wp", where, 0.0, most=MOST_W),
        _number(found, "tilt_deg", where, usual_tilt_deg(place), most=90),
        _number(found, "losses_fraction", where, SYSTEM_LOSSES_FRACTION, most=1),
        None if azimuth is None else one_number(found, "azimuth_deg", where, most=360),
        mount,
    )


def usual_tilt_deg(place: Place) -> float:
    """Give a tilt that suits a place: its latitude, and 10 at least. [deg]

    Ten degrees let the rain wash the glass; assumed.
    """
    return min(60.0, max(10.0, abs(place.lat_deg)))


def _battery(record: Any, where: str) -> tuple[Chemistry, Battery]:
    found = as_object({} if record is None else record, where)
    only(found, _BATTERY, where)
    chemistry = found.get("chemistry", CHEMISTRIES[0])
    if chemistry not in CHEMISTRIES:
        raise refuse(
            f"{where}.chemistry", "is not known", "name " + " or ".join(CHEMISTRIES)
        )
    return chemistry, Battery(
        _number(found, "capacity_wh", where, 0.0, most=MOST_WH),
        max_charge_w=_number(found, "max_charge_w", where, math.inf, most=MOST_W),
        max_discharge_w=_number(found, "max_discharge_w", where, math.inf, most=MOST_W),
    )


def _grid(record: Any, where: str) -> tuple[WeakGrid | None, float, tuple[float, ...]]:
    """Read a grid, its price and its carbon by hour of the day."""
    if record is None:
        return None, 0.0, ()
    found = as_object(record, where)
    only(found, _GRID, where)
    shape = as_list(found.get("gco2e_per_kwh", []), f"{where}.gco2e_per_kwh", 24)
    numbers(shape, lambda n: f"{where}.gco2e_per_kwh[{n}]", most=5000)
    if len(shape) not in (0, 24):
        raise refuse(
            f"{where}.gco2e_per_kwh", "needs 24 values, one for each hour of the day"
        )
    grid = WeakGrid(
        _number(found, "limit_w", where, MOST_W, most=MOST_W),
        _number(found, "outages_per_month", where, 0.0, most=1000),
        _number(found, "outage_hours", where, 0.0, most=720),
        time_of_day(found.get("shed_from", "00:00"), f"{where}.shed_from"),
        time_of_day(found.get("shed_to", "00:00"), f"{where}.shed_to"),
        _number(
            found, "converted_fraction", where, CHARGER_FRACTION, above=True, most=1
        ),
    )
    price = _number(found, "per_kwh", where, 0.0)
    return grid, price, tuple(float(each) for each in shape)


def _generator(record: Any, where: str) -> Generator | None:
    if record is None:
        return None
    found = as_object(record, where)
    only(found, _GENERATOR, where)
    start = _number(found, "start_fraction", where, 0.3, most=1)
    stop = _number(found, "stop_fraction", where, max(0.8, start), most=1)
    if not start < stop:
        raise refuse(f"{where}.stop_fraction", "must be above start_fraction")
    return Generator(
        one_number(found, "rated_w", where, above=True, most=MOST_W),
        _number(found, "least_fraction", where, 0.3, most=1),
        start,
        stop,
    )


def _controller(record: Any, where: str) -> Controller:
    found = as_object({} if record is None else record, where)
    only(found, _CONTROLLER, where)
    kind = found.get("kind", "mppt")
    if kind not in ("mppt", "pwm"):
        raise refuse(f"{where}.kind", "is not known", "name mppt or pwm")
    usual = Controller(kind)
    panel_v = _number(found, "panel_v", where, usual.panel_v, above=True, most=1000)
    open_v = _number(found, "open_v", where, panel_v * 22 / 18, most=1000)
    if not panel_v < open_v:
        raise refuse(f"{where}.open_v", "must be above panel_v")
    return Controller(
        kind,
        efficiency_fraction=_number(
            found,
            "efficiency_fraction",
            where,
            usual.passed_fraction,
            above=True,
            most=1,
        ),
        battery_v=_number(
            found, "battery_v", where, panel_v * 13.5 / 18, above=True, most=1000
        ),
        panel_v=panel_v,
        open_v=open_v,
    )


def _max_w(found: Mapping[str, Any], inverter: Inverter | None, where: str) -> float:
    """Give the most at once: never more than the inverter gives, where it is named."""
    most_w = inverter.rated_w if inverter else MOST_W
    usual_w = inverter.rated_w if inverter else 3000.0
    return _number(found, "max_w", where, usual_w, above=True, most=most_w)


def _inverter(record: Any, where: str) -> Inverter | None:
    if record is None:
        return None
    found = as_object(record, where)
    only(found, _INVERTER, where)
    return Inverter(
        one_number(found, "rated_w", where, above=True, most=MOST_W),
        _number(
            found,
            "efficiency_fraction",
            where,
            Inverter(1.0).efficiency_fraction,
            above=True,
            most=0.99,
        ),
    )


def _work(record: Any, top: Mapping[str, Any], where: str) -> Work | None:
    machines = _rows(top, "machines")
    minutes = [
        each["minutes"]
        for each in _rows(top, "builds")
        if isinstance(each.get("minutes"), (int, float))
    ]
    if record is None and not (machines and machines[0].get("model") and minutes):
        return None
    found = as_object({} if record is None else record, where)
    only(found, _WORK, where)
    rows = {
        "model": machines[0].get("model") if machines else None,
        "minutes": sum(minutes) / len(minutes) if minutes else None,
        "machines": max(1, len(machines)),
    }
    told = {**{name: value for name, value in rows.items() if value}, **found}
    power = machine_named(field(told, "model", where), f"{where}.model")
    if "bed_degc" in told:
        power = power.at_bed(one_number(told, "bed_degc", where, most=200))
    hands = top.get("hands") if isinstance(top.get("hands"), dict) else None
    opens, closes = (
        (hands or {}).get("opens", "00:00"),
        (hands or {}).get("closes", "24:00"),
    )
    opens_hour = time_of_day(told.get("from", opens), f"{where}.from")
    closes_hour = time_of_day(told.get("to", closes), f"{where}.to")
    minutes_each = one_number(told, "minutes", where, above=True, most=MOST_MINUTES)
    if closes_hour <= opens_hour:
        raise refuse(f"{where}.to", "must be after from")
    if minutes_each > (closes_hour - opens_hour) * 60 < 24 * 60:
        raise refuse(
            f"{where}.minutes",
            f"one job of {minutes_each:g} minutes does not fit between from and to",
            "open longer, or print less at once",
        )
    return Work(
        power,
        int(one_number(told, "machines", where, least=1, most=MOST_MACHINES)),
        minutes_each,
        int(_number(told, "pieces", where, 1, least=1, most=10_000, whole=True)),
        opens_hour,
        closes_hour,
    )


def machine_named(name: Any, where: str) -> MachinePower:
    """Look up a machine whose power is known.

    Raises
    ------
    InvalidInput
        When none is called so.
    """
    power = MACHINE_POWERS.get(name) if isinstance(name, str) else None
    if power is None:
        raise refuse(
            where,
            f"is not known: {name!r}",
            "name one of " + ", ".join(sorted(MACHINE_POWERS)),
        )
    return power


def _rows(top: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    listed = top.get(name)
    rows = listed if isinstance(listed, list) else []
    return [each for each in rows if isinstance(each, dict)]


def _wish(record: Any, where: str) -> Wish:
    found = as_object(record, where)
    only(found, frozenset({"pieces_a_day", "days_fraction"}), where)
    return Wish(
        int(
            one_number(found, "pieces_a_day", where, least=1, most=100_000, whole=True)
        ),
        _number(found, "days_fraction", where, 0.95, above=True, most=1),
    )


def _prices(
    record: Any, chemistry: Chemistry, where: str
) -> tuple[str, dict[str, float]]:
    """Read the currency and the site's own prices in it."""
    found = dict(as_object(record, where))
    currency = found.pop("currency", DEFAULT_CURRENCY)
    if not (isinstance(currency, str) and _CURRENCY.fullmatch(currency)):
        raise refuse(f"{where}.currency", "must be a code of ISO 4217 such as KES")
    only(found, _PRICES, where)
    own = {
        name: one_number(found, name, where, most=1e8, above=name.endswith("_years"))
        for name in found
    }
    prices_of(chemistry, own)
    missing = unpriced(currency, own)
    if missing:
        raise refuse(
            where,
            f"lacks {', '.join(missing)} in {currency}: the defaults are in "
            f"{DEFAULT_CURRENCY}",
            "give them all, or all prices in USD",
        )
    return currency, own


def _itinerary(record: Any, top: Mapping[str, Any], where: str) -> tuple[Visit, ...]:
    visits = []
    for n, each in enumerate(as_list(record, where, MOST_VISITS)):
        at = f"{where}[{n}]"
        found = as_object(each, at)
        only(found, frozenset({"from", "to", "place", "zone"}), at)
        place = _place(field(found, "place", at), f"{at}.place")
        first = _day(field(found, "from", at), f"{at}.from")
        last = _day(field(found, "to", at), f"{at}.to")
        if last < first:
            raise refuse(f"{at}.to", "must not be before from")
        offset_h = _offset_h(found, place)
        visits.append(Visit(first, last, place, offset_h, found.get("zone") or ""))
    for n, (one, other) in enumerate(pairwise(visits)):
        if not one.last_day < other.first_day:
            raise refuse(
                f"{where}[{n + 1}].from",
                f"is not after {one.last_day}, when the stay before it ends",
                "put the stays in order, none over another",
            )
    if visits and (visits[-1].last_day - visits[0].first_day).days >= 365:
        raise refuse(where, "reaches over more than a year", "give one year of stays")
    return tuple(visits)


def _day(value: Any, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise refuse(where, "is no day such as 2026-12-25") from None


def _text(value: Any, where: str) -> str:
    index_of([value], lambda _: where)
    return str(value)


def _number(
    record: Mapping[str, Any], name: str, where: str, default: float, **rule: Any
) -> float:
    return one_number(record, name, where, **rule) if name in record else default
