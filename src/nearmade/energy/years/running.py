"""Years of sun, battery, printers and start rule, over many sites at once.

Each site makes its builds in turn, as many as its rule lets begin. A build whose power
fails, or is not given whole, is ruined; nothing is resumed. The loop is compiled and
uses one core.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from nearmade.energy.deciding import run_rules
from nearmade.energy.deciding.like_days import CAUTION_FRACTION, DAYS, NEAREST, sums_of
from nearmade.energy.deciding.run_step import Whole
from nearmade.energy.load.machine_load import LoadProfile
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery, bus_row
from nearmade.energy.supply.bus import BUS_FIGURES, RATED_DEGC
from nearmade.energy.supply.generator import Generator
from nearmade.energy.supply.grid import GridUse
from nearmade.energy.supply.reserve import SPARE_FRACTION
from nearmade.energy.years import run_kernel
from nearmade.vocabulary.compiled import compiled
from nearmade.vocabulary.errors import InvalidInput

#: Power of panels, shape (suns, steps). [W]
Suns = NDArray[np.float64] | NDArray[np.float32]

#: More machines at one site are an estate of sites.
MOST_MACHINES = 1000

SECONDS_PER_DAY = 86_400


class StartRule(IntEnum):
    """When a build may begin.

    ``GREEDY``: whenever the battery is above its cut-off and the spare. ``RESERVE``:
    when the battery holds the whole build. ``SOUND``: the same, and where not even a
    full battery would hold it, when all like hours of the last weeks carried it.
    ``KNOWN``: hindsight, as soon as the true weather carries it; a measure, no rule.
    """

    GREEDY = run_rules.GREEDY
    RESERVE = run_rules.RESERVE
    SOUND = run_rules.SOUND
    KNOWN = run_rules.KNOWN


@dataclass(frozen=True, slots=True)
class SiteRule:
    """How one site decides, and what stands there beside its battery.

    Parameters
    ----------
    start
        The start rule.
    machines
        How many, all alike.
    rest_w, standing_w
        Of each machine without work; of the site, always. [W]
    max_w
        The most the site's inverter gives at once. [W]
    spare_fraction
        Kept in the battery above the cut-off.
    opens_hour, closes_hour
        A build begins and ends between these of local time; all day by default. [h]
    per_day
        The most that begin on one day; 0 for no limit.
    caution_fraction, like_days, nearest, worst_fraction
        Of ``SOUND``: what all like hours are multiplied by, over how many days they
        are sought, how many count, and the share of them that need not carry it.
    first_fraction
        State of charge at the beginning.
    shed_from_h, shed_to_h
        Hours of local time in which the grid is known to fail, none when equal: no
        build counts on it then. [h]
    """

    start: StartRule = StartRule.SOUND
    machines: int = 1
    rest_w: float = 3.0
    standing_w: float = 0.0
    max_w: float = 1e9
    spare_fraction: float = SPARE_FRACTION
    opens_hour: float = 0.0
    closes_hour: float = 24.0
    per_day: int = 0
    caution_fraction: float = CAUTION_FRACTION
    like_days: int = DAYS
    nearest: int = NEAREST
    worst_fraction: float = 0.0
    first_fraction: float = 0.5
    shed_from_h: float = 0.0
    shed_to_h: float = 0.0

    def __post_init__(self) -> None:
        powers = (self.rest_w, self.standing_w, self.max_w)
        if not all(0 <= power < np.inf for power in powers):
            raise InvalidInput(f"site rule: powers {powers} must be zero or more")
        shares = (self.spare_fraction, self.worst_fraction, self.first_fraction)
        if not all(0 <= share <= 1 for share in shares):
            raise InvalidInput(f"site rule: shares {shares} must be in 0..1")
        if not 0 <= self.opens_hour < self.closes_hour <= 24:
            raise InvalidInput("site rule: must open before it closes, within a day")
        if not all(0 <= hour <= 24 for hour in (self.shed_from_h, self.shed_to_h)):
            raise InvalidInput("site rule: hours of the day must be in 0..24")
        if not (1 <= self.machines <= MOST_MACHINES and self.per_day >= 0):
            raise InvalidInput(f"site rule: 1 to {MOST_MACHINES} machines")
        if not (0 <= self.caution_fraction <= 1 and self.nearest >= 1):
            raise InvalidInput("site rule: caution in 0..1, one like hour or more")
        if not 1 <= self.like_days <= 366:
            raise InvalidInput("site rule: 1 to 366 days to look back over")

    def row(self, panel_factor: float = 1.0) -> Array:
        """Give the rule as the compiled loop takes it, shape (17,)."""
        return np.array(
            [
                self.start,
                self.spare_fraction,
                self.opens_hour,
                self.closes_hour,
                self.per_day,
                self.max_w,
                self.rest_w,
                self.standing_w,
                self.machines,
                self.caution_fraction,
                self.like_days,
                self.nearest,
                self.worst_fraction,
                self.first_fraction,
                panel_factor,
                self.shed_from_h,
                self.shed_to_h,
            ],
            np.float64,
        )


@dataclass(frozen=True, slots=True)
class SitePlant:
    """A site's battery with what else feeds it, its rule, and its share of a sun.

    Parameters
    ----------
    battery
        The battery; every power is at its terminals.
    rule
        How it decides.
    sun
        Which series of the panels' power is this site's.
    panel_factor
        What that series is multiplied by, zero or more: sites of several sizes may
        share one series.
    generator, grid_use
        None when there is none.
    """

    battery: Battery
    rule: SiteRule = SiteRule()
    sun: int = 0
    panel_factor: float = 1.0
    generator: Generator | None = None
    grid_use: GridUse | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SiteRuns:
    """What came of each site.

    Parameters
    ----------
    finished, ruined
        Builds, shape (sites,).
    by_sun
        Of those begun, how many needed the sun to carry a part.
    finished_by_day, ruined_by_day
        Shape (sites, days), by the day of their end.
    begun_by_hour
        Shape (sites, 24), by the hour of the clock.
    waited_h
        How long a machine stood free, by what kept it: columns as in ``run_kernel``,
        shape (sites, 7). [h]
    panel_wh, served_wh, unmet_wh, curtailed_wh, lost_wh, grid_wh, generator_wh
        Energy over the series, shape (sites,). [Wh]
    least_wh, last_wh
        Least and last stored energy. [Wh]
    off_h, generator_h
        Time without power, and with the generator running. [h]
    stored_wh
        After each step, shape (sites, steps), empty unless it was asked for. [Wh]
    """

    finished: Whole
    ruined: Whole
    by_sun: Whole
    finished_by_day: Whole
    ruined_by_day: Whole
    begun_by_hour: Whole
    waited_h: Array
    panel_wh: Array
    served_wh: Array
    unmet_wh: Array
    curtailed_wh: Array
    lost_wh: Array
    grid_wh: Array
    generator_wh: Array
    least_wh: Array
    last_wh: Array
    off_h: Array
    generator_h: Array
    stored_wh: Array


def run_sites(
    plants: Sequence[SitePlant],
    suns_w: Suns,
    loads: Sequence[LoadProfile],
    *,
    clear_w: Suns | None = None,
    grid_w: Array | None = None,
    battery_degc: Array | None = None,
    ahead_h: Array | None = None,
    trace: bool = False,
) -> SiteRuns:
    """Run every site over its whole series.

    Parameters
    ----------
    plants
        The sites.
    suns_w
        Power of panels at the battery's terminals, shape (suns, steps). [W]
    loads
        The builds that each site makes in turn, all in steps of one length, which is
        the length of a step of the suns too.
    clear_w
        The same under a sky without clouds, for ``SOUND``; shape (suns, steps). [W]
    grid_w, battery_degc
        What the grid can give and the battery's temperature, shape (steps,) or shorter,
        then a circle; no grid and 25 degC when None. [W], [degC]
    ahead_h
        What the clocks are ahead of the series' time, by day; nothing when None. [h]
    trace
        True to keep the stored energy of every step.

    Raises
    ------
    InvalidInput
        When shapes or steps do not fit, or a power is no number or below zero.
    """
    step_s = _checked(plants, suns_w, loads, clear_w)
    buses = np.empty((len(plants), BUS_FIGURES))
    rules = np.empty((len(plants), run_rules.RULE_FIGURES))
    for index, plant in enumerate(plants):
        buses[index] = bus_row(plant.battery, plant.generator, plant.grid_use)
        rules[index] = plant.rule.row(plant.panel_factor)
    steps = suns_w.shape[1]
    days = -(-steps * round(step_s) // SECONDS_PER_DAY)
    counts = (
        np.zeros((len(plants), 2, days), np.int64),
        np.zeros((len(plants), 24), np.int64),
        np.zeros((len(plants), run_kernel.WAITS), np.int64),
    )
    traces = np.empty((len(plants), steps if trace else 0))
    table, lengths = _table(loads)
    figures = _run_all(
        np.array([plant.sun for plant in plants], np.int64),
        suns_w,
        suns_w if clear_w is None else clear_w,
        np.zeros(1) if grid_w is None else grid_w,
        np.full(1, RATED_DEGC) if battery_degc is None else battery_degc,
        table,
        lengths,
        step_s / 3600.0,
        rules,
        buses,
        np.zeros(1) if ahead_h is None else ahead_h,
        *counts,
        traces,
    )
    return _runs(figures, counts, traces, step_s / 3600.0)


def _checked(
    plants: Sequence[SitePlant],
    suns_w: Suns,
    loads: Sequence[LoadProfile],
    clear_w: Suns | None,
) -> float:
    """Refuse what does not fit; gives the length of a step. [s]"""
    if not (plants and loads):
        raise InvalidInput("running: one site and one build at least")
    if suns_w.ndim != 2 or not suns_w.size or not bool(np.all(suns_w >= 0)):
        raise InvalidInput("running: suns must be (suns, steps), zero or more")
    if not bool(np.all(np.isfinite(suns_w))):
        raise InvalidInput("running: suns must be finite")
    if any(not 0 <= plant.sun < len(suns_w) for plant in plants):
        raise InvalidInput(f"running: a site names none of the {len(suns_w)} suns")
    if any(not 0 <= plant.panel_factor < np.inf for plant in plants):
        raise InvalidInput("running: panel factors must be zero or more")
    step_s = loads[0].step_s
    if SECONDS_PER_DAY % step_s:
        raise InvalidInput(f"running: steps of {step_s} s do not make up a day")
    if any(load.step_s != step_s for load in loads):
        raise InvalidInput("running: builds must be in steps of one length")
    if clear_w is not None and clear_w.shape != suns_w.shape:
        raise InvalidInput(f"running: clear sky {clear_w.shape} and suns differ")
    sound = any(plant.rule.start is StartRule.SOUND for plant in plants)
    if sound and clear_w is None:
        raise InvalidInput("running: the sound rule needs the clear sky")
    return step_s


def _table(loads: Sequence[LoadProfile]) -> tuple[Array, Whole]:
    lengths = np.array([len(load.low_w) for load in loads], np.int64)
    table = np.zeros((len(loads), int(lengths.max()), 3))
    for index, load in enumerate(loads):
        rows = np.stack((load.low_w, load.high_w, load.high_fraction), axis=1)
        table[index, : lengths[index]] = rows
    return table, lengths


@compiled
def _run_all(
    sun_of: Whole,
    suns_w: Suns,
    clear_w: Suns,
    grid_w: Array,
    degc: Array,
    loads: Array,
    lengths: Whole,
    hours: float,
    rules: Array,
    buses: Array,
    ahead_h: Array,
    by_day: Whole,
    by_hour: Whole,
    waits: Whole,
    traces: Array,
) -> Array:
    """Run the sites one after the other; gives shape (sites, 14)."""
    steps = suns_w.shape[1]
    figures = np.empty((len(sun_of), run_kernel.YEAR_FIGURES))
    sky = np.zeros((4, steps + 1))
    filled = -1
    for site in range(len(sun_of)):
        sun = sun_of[site]
        if sun != filled:
            sky[run_rules.SUN, :steps] = suns_w[sun]
            filled = sun
            if rules[site, run_rules.RULE] == run_rules.SOUND:
                sky[run_rules.CLEAR, :steps] = clear_w[sun]
                sky[run_rules.SUN_SUMS] = sums_of(sky[run_rules.SUN, :steps])
                sky[run_rules.CLEAR_SUMS] = sums_of(sky[run_rules.CLEAR, :steps])
            else:
                filled = -1
        figures[site] = run_kernel.run_site(
            sky,
            grid_w,
            degc,
            loads,
            lengths,
            hours,
            rules[site],
            buses[site],
            ahead_h,
            by_day[site],
            by_hour[site],
            waits[site],
            traces[site],
        )
    return figures


def _runs(
    figures: Array, counts: tuple[Whole, Whole, Whole], traces: Array, hours: float
) -> SiteRuns:
    by_day, by_hour, waits = counts

    def whole(column: int) -> Whole:
        counts: Whole = figures[:, column].round().astype(np.int64)
        return counts

    return SiteRuns(
        finished=whole(run_kernel.FINISHED),
        ruined=whole(run_kernel.RUINED),
        by_sun=whole(run_kernel.BY_SUN),
        finished_by_day=by_day[:, run_kernel.DAY_FINISHED],
        ruined_by_day=by_day[:, run_kernel.DAY_RUINED],
        begun_by_hour=by_hour,
        waited_h=waits.astype(np.float64) * hours,
        panel_wh=figures[:, run_kernel.PANEL_WH],
        served_wh=figures[:, run_kernel.SERVED_WH],
        unmet_wh=figures[:, run_kernel.UNMET_WH],
        curtailed_wh=figures[:, run_kernel.CURTAILED_WH],
        lost_wh=figures[:, run_kernel.LOST_WH],
        grid_wh=figures[:, run_kernel.GRID_WH],
        generator_wh=figures[:, run_kernel.GENERATOR_WH],
        least_wh=figures[:, run_kernel.LEAST_WH],
        last_wh=figures[:, run_kernel.LAST_WH],
        off_h=figures[:, run_kernel.OFF_STEPS] * hours,
        generator_h=figures[:, run_kernel.GENERATOR_STEPS] * hours,
        stored_wh=traces,
    )
