"""A site with its sun, battery, grid and generator, and what it wants to print."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from nearmade.energy.load.machine_power import MachinePower
from nearmade.energy.panels.controller import Controller, Inverter
from nearmade.energy.panels.panel import Panel
from nearmade.energy.site.prices import DEFAULT_CURRENCY
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.grid import WeakGrid
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place

Chemistry = Literal["lifepo4", "lead-acid"]
CHEMISTRIES: Final[tuple[Chemistry, ...]] = ("lifepo4", "lead-acid")


@dataclass(frozen=True, slots=True)
class Work:
    """The like jobs that a site prints.

    Parameters
    ----------
    machine
        What each machine draws, at the bed temperature of the jobs.
    machines
        How many alike.
    minutes
        One job, heat-up included. [min]
    pieces
        What one job yields.
    opens_hour, closes_hour
        A job starts, and ends, between these of local time. [h]
    """

    machine: MachinePower
    machines: int
    minutes: float
    pieces: int = 1
    opens_hour: float = 0.0
    closes_hour: float = 24.0

    def __post_init__(self) -> None:
        if not (self.machines >= 1 and self.minutes > 0 and self.pieces >= 1):
            raise InvalidInput("work: machines, minutes and pieces must be above zero")
        if not 0 <= self.opens_hour < self.closes_hour <= 24:
            raise InvalidInput("work: must open before it closes, within a day")


@dataclass(frozen=True, slots=True)
class Wish:
    """How much should be made, on how many days.

    Parameters
    ----------
    pieces_a_day
        Each day on its own; what is made beyond does not count for another day.
    days_fraction
        Share of all days, above 0 to 1.
    """

    pieces_a_day: int
    days_fraction: float = 0.95

    def __post_init__(self) -> None:
        if not (self.pieces_a_day >= 1 and 0 < self.days_fraction <= 1):
            raise InvalidInput("wish: a piece a day or more, on a share in 0..1")


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a mobile site stands, from one day up to and with another.

    ``zone`` is the IANA name of its clock, empty where none is named.
    """

    first_day: date
    last_day: date
    place: Place
    utc_offset_h: float
    zone: str = ""


@dataclass(frozen=True, slots=True)
class SiteEnergy:
    """All that running and sizing a site's power needs.

    Parameters
    ----------
    name
        For people.
    place, utc_offset_h
        Where it stands, and its local standard time; of a mobile site its base. [h]
    panel, battery
        What stands there; zero where there is none.
    chemistry
        Of the battery.
    work
        What is printed there; None where the site does not say.
    wish
        What should be printed; None where the site does not say.
    max_w
        The most the inverter gives at once. [W]
    controller
        Between panels and battery.
    inverter
        Between battery and plug; 96 % at any load when None.
    standing_w
        What is always on beside the machines: a computer, a router. [W]
    grid, generator
        None where there is none.
    grid_per_kwh
        In the site's money. [money per kWh]
    grid_gco2e_per_kwh
        By hour of the local day, shape (24,), where the site knows it; empty where only
        its country's yearly mean is known. [gCO2e/kWh]
    prices
        The site's own, by name, instead of the defaults of ``prices``.
    currency
        Of all prices, ISO 4217.
    zone
        IANA name of its clock, with summer time; empty where none is named.
    itinerary
        In order of time, none over another.
    """

    name: str
    place: Place
    utc_offset_h: float
    panel: Panel
    battery: Battery
    chemistry: Chemistry = "lifepo4"
    work: Work | None = None
    wish: Wish | None = None
    max_w: float = 3000.0
    standing_w: float = 0.0
    grid: WeakGrid | None = None
    generator: Generator | None = None
    grid_per_kwh: float = 0.0
    grid_gco2e_per_kwh: tuple[float, ...] = ()
    prices: dict[str, float] = field(default_factory=dict)
    itinerary: tuple[Visit, ...] = ()
    controller: Controller = field(default_factory=Controller)
    inverter: Inverter | None = None
    currency: str = DEFAULT_CURRENCY
    zone: str = ""
