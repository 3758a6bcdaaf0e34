"""What a site can make, in words and pictures, from its record alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from nearmade.cloud.pages.figures import significant
from nearmade.facilities.facility import Facility, Machine
from nearmade.facilities.itinerary import stop_at, stops_from
from nearmade.vocabulary.materials import MATERIALS
from nearmade.vocabulary.processes import PROCESSES

#: Things whose size everybody knows, the largest first. [mm]
#: Sources: FIFA, Laws of the Game 2 (circumference 68 to 70 cm); ISO 216;
#: ISO/IEC 10149; ISO/IEC 7810 ID-1.
KNOWN_THINGS: Final = (
    ("football", (223.0, 223.0, 223.0)),
    ("sheet", (297.0, 210.0, 0.1)),
    ("disc", (120.0, 120.0, 1.2)),
    ("card", (85.6, 54.0, 0.8)),
)
#: The longest side that a drawing holds; larger machines are drawn smaller. [mm]
DRAWN_MM: Final = 300.0
STOPS_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Room:
    """Machines of one model: what fits in, drawn to scale beside a bank card.

    Parameters
    ----------
    title, count
        Of the machines.
    sides
        In words, with the unit.
    fits
        What everybody knows and fits in.
    width, depth, height
        For the drawing, of 100. The bed from above, and the room from the front.
    card
        Width and height of a bank card in the drawing.
    facts
        What else is known: layers, tolerance, temperatures, power.
    """

    title: str
    count: int
    sides: str
    fits: str
    width: float
    depth: float
    height: float
    card: tuple[float, float]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One process with its machines and the materials that they work."""

    title: str
    code: str
    rooms: tuple[Room, ...]
    materials: tuple[str, ...]


def ways_of(facility: Facility) -> list[Way]:
    """Give each process of a site."""
    by_process: dict[str, list[Machine]] = {}
    for machine in facility.machines:
        by_process.setdefault(machine.process, []).append(machine)
    return [
        Way(
            PROCESSES[code].title if code in PROCESSES else code,
            code,
            tuple(_rooms(machines)),
            tuple(dict.fromkeys(n for m in machines for n in _materials(m))),
        )
        for code, machines in by_process.items()
    ]


def _materials(machine: Machine) -> Iterator[str]:
    codes = [profile.split("-")[1].upper() for profile in machine.profiles]
    for code in (*codes, *machine.materials):
        yield code if code not in MATERIALS else MATERIALS[code].code


def _rooms(machines: list[Machine]) -> Iterator[Room]:
    models: dict[tuple[object, ...], list[Machine]] = {}
    for machine in machines:
        key = (machine.make_model, machine.build_volume_mm, machine.nozzle_mm)
        models.setdefault(key, []).append(machine)
    for same in models.values():
        first = same[0]
        x, y, z = first.build_volume_mm
        scale = 100 / max(x, y, z, DRAWN_MM)
        card = KNOWN_THINGS[-1][1]
        yield Room(
            title=first.make_model,
            count=len(same),
            sides=" × ".join(significant(s, 3) for s in (x, y, z)) + " mm",
            fits=fits_words(first.build_volume_mm),
            width=round(x * scale, 2),
            depth=round(y * scale, 2),
            height=round(z * scale, 2),
            card=(round(card[0] * scale, 2), round(card[1] * scale, 2)),
            facts=tuple(_facts(first)),
        )


def fits_words(room_mm: tuple[float, float, float]) -> str:
    """Name the largest well-known thing that fits into a room."""
    words = {
        "football": _("a football fits in"),
        "sheet": _("a sheet of A4 fits in"),
        "disc": _("a compact disc fits in"),
        "card": _("a bank card fits in"),
    }
    room = sorted(room_mm)
    for name, sides in KNOWN_THINGS:
        if all(side <= most for side, most in zip(sorted(sides), room, strict=True)):
            return words[name]
    return _("smaller than a bank card")


def _facts(machine: Machine) -> Iterator[str]:
    if machine.nozzle_mm:
        yield _("nozzle %(n)s mm") % {"n": significant(machine.nozzle_mm, 2)}
    if machine.layer_mm is not None:
        low, high = (significant(end, 2) for end in machine.layer_mm)
        yield _("layers of %(low)s to %(high)s mm") % {"low": low, "high": high}
    if machine.tolerance_mm is not None:
        yield _("± %(n)s mm") % {"n": significant(machine.tolerance_mm, 2)}
    for title, degc in (
        (_("nozzle to %(n)s °C"), machine.nozzle_degc),
        (_("bed to %(n)s °C"), machine.bed_degc),
        (_("chamber to %(n)s °C"), machine.chamber_degc),
    ):
        if degc is not None:
            yield title % {"n": significant(degc, 3)}
    if machine.enclosed:
        yield _("enclosed")
    if machine.laser_w is not None:
        yield _("laser of %(n)s W") % {"n": significant(machine.laser_w, 3)}
    if machine.axes is not None:
        yield _("%(n)s axes") % {"n": machine.axes}
    yield from machine.certifications


def itinerary_of(facility: Facility, now: datetime) -> dict[str, Any]:
    """Say where a site that moves stands now and next; nothing of one that stays."""
    if not facility.itinerary:
        return {}
    here = stop_at(facility, now)
    zone = ZoneInfo(facility.zone) if facility.zone else now.tzinfo
    return {
        "here": str(here.place) if here else "",
        "base": str(facility.place),
        "zone": facility.zone or "UTC",
        "stops": [
            {
                "place": str(stop.place),
                "from": stop.starts_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                "until": stop.ends_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            }
            for stop in list(stops_from(facility, now))[:STOPS_SHOWN]
        ],
    }


def services_of(facility: Facility) -> list[str]:
    """Name the hand work that a site offers."""
    codes = list(facility.services)
    if facility.assembles and "ASSEMBLY" not in codes:
        codes.insert(0, "ASSEMBLY")
    return [PROCESSES[code].title if code in PROCESSES else code for code in codes]
