"""Workshops that the tests of matching ask: small, true, each with a name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from nearmade.facilities.facility import (
    Facility,
    Feedstock,
    Machine,
    OpeningHours,
    PowerSystem,
    Stop,
    Tariff,
)
from nearmade.geometry.facts import PartFacts
from nearmade.matching.verdict import Requirement
from nearmade.vocabulary.identity import FacilityId, MachineId, ProfileId
from nearmade.vocabulary.place import Place

#: Monday noon in Nairobi.
MONDAY_NOON = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class PaperProfile:
    material: str
    nozzle_mm: float = 0.4


PROFILES = {
    ProfileId("mk3s-pla-0.20"): PaperProfile("PLA"),
    ProfileId("mk3s-petg-0.20"): PaperProfile("PETG"),
    ProfileId("mini-pla-0.20"): PaperProfile("PLA"),
    ProfileId("mini-petg-0.20"): PaperProfile("PETG"),
}

MK3S = Machine(
    MachineId("nairobi/mk3s-1"),
    "Prusa MK3S+",
    "FDM",
    (250, 210, 210),
    0.4,
    (ProfileId("mk3s-pla-0.20"), ProfileId("mk3s-petg-0.20")),
)
MINI = Machine(
    MachineId("nairobi/mini-1"),
    "Prusa MINI+",
    "FDM",
    (180, 180, 180),
    0.4,
    (ProfileId("mini-pla-0.20"), ProfileId("mini-petg-0.20")),
)
TARIFF = Tariff(
    "USD",
    Decimal("0.90"),
    {"PLA": Decimal("0.04"), "PETG": Decimal("0.05")},
    Decimal(1),
    Decimal(6),
    Decimal(3),
    Decimal("0.1"),
)
NAIROBI = Place("Nairobi", "KE", -1.28333, 36.81667)
NAKURU = Place("Nakuru", "KE", -0.30719, 36.07225)
LYON = Place("Lyon", "FR", 45.75, 4.85)
NAIROBI_FARM = Facility(
    FacilityId("nairobi"),
    "Nairobi print farm",
    "print-farm",
    NAIROBI,
    "active",
    OpeningHours((1, 2, 3, 4, 5), 8, 18, 3),
    (MINI, MK3S),
    (Feedstock("PLA", "white", 400), Feedstock("PLA", "black", 300)),
    TARIFF,
    PowerSystem("grid"),
)


def block(x_mm: float, y_mm: float, z_mm: float) -> PartFacts:
    """A solid block, its figures by hand."""
    plate = x_mm * y_mm
    walls = 2 * (x_mm + y_mm) * z_mm
    return PartFacts(
        12,
        True,
        plate * z_mm,
        2 * plate + walls,
        (x_mm, y_mm, z_mm),
        1,
        walls,
        plate,
        plate,
        0.0,
        plate,
    )


FRAME = Requirement("front", block(140, 50, 10), "FDM", ("PETG", "PLA"), 1, 20.0)


def only(**change: object) -> Requirement:
    return replace(FRAME, **change)  # type: ignore[arg-type]


def farm(**change: object) -> Facility:
    return replace(NAIROBI_FARM, **change)  # type: ignore[arg-type]


def with_mini_alone(**change: object) -> Facility:
    return farm(machines=(replace(MINI, **change),))  # type: ignore[arg-type]


def shop(process: str, *materials: str, **change: object) -> Facility:
    """A workshop with one machine that lists what it works and none of our profiles."""
    machine = Machine(
        MachineId("shop/one"), "Workhorse", process, (300, 200, 100), 0.0, ()
    )
    machine = replace(machine, materials=materials, **change)  # type: ignore[arg-type]
    lots = tuple(Feedstock(each, "", 5_000) for each in materials)
    return farm(id=FacilityId("shop"), machines=(machine,), feedstocks=lots)


def van(*stops: Stop) -> Facility:
    """A van whose base is Nairobi."""
    return farm(id=FacilityId("van"), kind="van", itinerary=stops)


#: It starts in Nairobi and stands in Nakuru from Tuesday to Thursday.
IN_NAKURU = Stop(
    datetime(2026, 11, 3, 5, tzinfo=UTC), datetime(2026, 11, 5, 15, tzinfo=UTC), NAKURU
)
#: Monday, the day of the tests, is kept as a holiday.
HOLIDAY = (date(2026, 11, 2),)
