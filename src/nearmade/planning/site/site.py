"""A site for scheduling: machines, builds, hands, power; in steps of five minutes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from nearmade.energy.supply.battery import Battery
from nearmade.vocabulary.errors import InvalidInput

#: All moments of a schedule lie on this grid. [s]
STEP_S: Final = 300
#: Prices, sunshine and battery are reckoned by this. [s]
QUARTER_S: Final = 900
STEPS_PER_HOUR: Final = 3600 // STEP_S
STEPS_PER_QUARTER: Final = QUARTER_S // STEP_S
#: The longest that is planned ahead. [d]
MOST_DAYS: Final = 28


@dataclass(frozen=True, slots=True)
class Setting:
    """What a machine is set up with."""

    material: str
    colour: str = ""
    nozzle_mm: float = 0.4

    def __str__(self) -> str:
        """Write it for people."""
        colour = f" {self.colour}" if self.colour else ""
        return f"{self.material}{colour}, {self.nozzle_mm:g} mm"


@dataclass(frozen=True, slots=True)
class Changes:
    """How long hands need to change a machine over.

    Parameters
    ----------
    material_s, colour_s, nozzle_s
        When that differs; another material takes its colour along. [s]
    pairs_s
        Of certain materials, from one to the other, instead of ``material_s``. [s]
    """

    material_s: int = 900
    colour_s: int = 300
    nozzle_s: int = 900
    pairs_s: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def seconds(self, before: Setting, after: Setting) -> int:
        """Give the time to go from one setting to another. [s]"""
        total = 0
        if before.material != after.material:
            pair = (before.material, after.material)
            total += self.pairs_s.get(pair, self.material_s)
        elif before.colour != after.colour:
            total += self.colour_s
        if before.nozzle_mm != after.nozzle_mm:
            total += self.nozzle_s
        return total


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A machine is out of use. Seconds from the start of the schedule."""

    start_s: int
    end_s: int
    why: str = "maintenance"


@dataclass(frozen=True, slots=True)
class SiteMachine:
    """A machine as the schedule sees it.

    Parameters
    ----------
    id
        Unique at the site.
    set_to
        What it is set up with at the start.
    heat_w, heat_s
        While it heats up, at the start of each build. [W], [s]
    steady_w, idle_w
        While it prints, and at all other times. [W]
    maintenance
        When it is out of use.
    bed_mm
        For forming builds from parts; None when builds are given. [mm]
    """

    id: str
    set_to: Setting
    heat_w: float = 0.0
    heat_s: int = 0
    steady_w: float = 0.0
    idle_w: float = 0.0
    maintenance: tuple[Maintenance, ...] = ()
    bed_mm: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """When people are there, how many, and what they need.

    Parameters
    ----------
    attended
        For each step of the horizon, whether somebody is there.
    people
        How many can work at once.
    start_s, clear_s
        To start a build, and to clear it away. [s]
    nights
        Whether a build may print while nobody is there.
    starts_alone
        Whether a build that needs no hands to start may start while nobody is there:
        an agent starts it. The exact model does not know of this.
    """

    attended: tuple[bool, ...]
    people: int = 1
    start_s: int = 300
    clear_s: int = 300
    nights: bool = True
    starts_alone: bool = False


@dataclass(frozen=True, slots=True)
class SitePower:
    """What the site can draw and what it costs.

    Parameters
    ----------
    limit_w
        The most that the grid gives; zero for a site of its own. [W]
    sun_w, price_per_kwh
        By quarter of an hour of the horizon. [W], [money per kWh]
    battery, stored_wh
        Fills from what sun and grid leave over, helps when they do not suffice. [Wh]
    most_w
        The most that all machines may draw at once, whatever it comes from. [W]
    """

    limit_w: float
    sun_w: tuple[float, ...]
    price_per_kwh: tuple[float, ...]
    battery: Battery | None = None
    stored_wh: float = 0.0
    most_w: float = math.inf


@dataclass(frozen=True, slots=True)
class Build:
    """Parts that are printed together.

    Parameters
    ----------
    id
        Unique at the site.
    setting
        What the machine must be set up with.
    times_s
        Machines that can make it, with its time there, heat-up included. [s]
    due_s, release_s
        Cleared away by, and not started before; from the schedule's start. [s]
    weight
        What an hour of its lateness counts against others.
    running_on
        The machine that is making it at the start of the schedule; its time there is
        then what is left.
    parts
        What lies on it, for people.
    """

    id: str
    setting: Setting
    times_s: Mapping[str, int]
    due_s: int | None = None
    release_s: int = 0
    weight: float = 1.0
    running_on: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Worth:
    """What counts, in the site's money.

    Parameters
    ----------
    late_per_h
        Of a build of weight 1.
    change_over
        Each, besides its time.
    finish_per_h
        For every hour until a build is cleared: finishing early.
    left_out
        A build of weight 1 that is not made in the horizon.
    """

    late_per_h: float = 5.0
    change_over: float = 2.0
    finish_per_h: float = 0.05
    left_out: float = 1000.0


def _ends(maintenance: Maintenance) -> tuple[int, int]:
    return maintenance.start_s, maintenance.end_s


def _wrong(rule: str) -> InvalidInput:
    return InvalidInput(f"site: {rule}", remedy="mend what is named")


def whole_steps(seconds: float) -> int:
    """Give how many steps hold a time."""
    return math.ceil(seconds / STEP_S)


@dataclass(frozen=True, slots=True)
class Site:
    """All that a schedule is made from; ``zone`` is that of its people.

    Raises
    ------
    InvalidInput
        When the horizon and what is given by step or quarter differ, a time is no whole
        number of steps, an id is there twice, or a build names an unknown machine.
    """

    name: str
    start_at: datetime
    steps: int
    machines: tuple[SiteMachine, ...]
    builds: tuple[Build, ...]
    hands: Hands
    power: SitePower
    changes: Changes = field(default_factory=Changes)
    worth: Worth = field(default_factory=Worth)
    zone: str = "UTC"

    def __post_init__(self) -> None:
        self._check_shape()
        self._check_names()
        spans = [
            self.hands.start_s,
            self.hands.clear_s,
            *(machine.heat_s for machine in self.machines),
            *(x for m in self.machines for y in m.maintenance for x in _ends(y)),
            *(build.release_s for build in self.builds),
            *(build.due_s or 0 for build in self.builds),
            *(time for build in self.builds for time in build.times_s.values()),
        ]
        if any(span % STEP_S for span in spans):
            raise _wrong(f"times must be whole steps of {STEP_S} s")
        if not all(t > 0 for build in self.builds for t in build.times_s.values()):
            raise _wrong("a build's time must be above zero")

    def _check_shape(self) -> None:
        if not 1 <= self.steps <= MOST_DAYS * 24 * STEPS_PER_HOUR:
            raise _wrong(f"the horizon is 1 step to {MOST_DAYS} days")
        quarters = -(-self.steps // STEPS_PER_QUARTER)
        if len(self.hands.attended) != self.steps:
            raise _wrong("hands must be given for each step")
        if not len(self.power.sun_w) == len(self.power.price_per_kwh) == quarters:
            raise _wrong("sun and prices must be given for each quarter")

    def _check_names(self) -> None:
        machines = {machine.id for machine in self.machines}
        if not machines or len(machines) < len(self.machines):
            raise _wrong("needs machines, each with an id of its own")
        if len({build.id for build in self.builds}) < len(self.builds):
            raise _wrong("two builds have the same id")
        running = [x.running_on for x in self.builds if x.running_on is not None]
        if len(set(running)) < len(running):
            raise _wrong("a machine is said to run two builds")
        for build in self.builds:
            unknown = set(build.times_s) - machines
            if unknown:
                raise _wrong(f"build {build.id} names no machine {min(unknown)}")
            if build.running_on is not None and build.running_on not in build.times_s:
                raise _wrong(
                    f"build {build.id} runs on {build.running_on}, its time left "
                    "there must be given"
                )


@dataclass(frozen=True, slots=True)
class Placed:
    """One build in a schedule; seconds from the schedule's start.

    Hands work from ``hands_s`` to ``start_s`` (change-over and start) and from
    ``clear_s`` to ``free_s``; the machine is taken from ``hands_s`` to ``free_s``.
    """

    build: str
    machine: str
    hands_s: int
    start_s: int
    end_s: int
    clear_s: int
    free_s: int
    changed_from: Setting | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a schedule costs, term by term, in the site's money."""

    lateness: float
    change_overs: float
    energy: float
    finishing: float
    left_out: float

    @property
    def total(self) -> float:
        """Give the sum."""
        return (
            self.lateness
            + self.change_overs
            + self.energy
            + self.finishing
            + self.left_out
        )


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A schedule, what it costs, and how much cheaper one could be at most.

    Parameters
    ----------
    placed
        By start, then machine.
    left_out
        Builds that are not made within the horizon.
    bound
        No schedule of the site on the grid of steps costs less.
    method
        What found it.
    """

    placed: tuple[Placed, ...]
    left_out: tuple[str, ...]
    terms: Terms
    bound: float
    method: str

    @property
    def gap_fraction(self) -> float:
        """Give how far the cost may be above the least, as a share of the cost."""
        total = self.terms.total
        return max(0.0, 1 - self.bound / total) if total > 0 else 0.0
