"""Builds in years of real weather as the agent decides them, through its forecast.

The same years, panels, batteries and builds as in ``prints``, but each decision is the
agent's own: its rules, asked every five minutes, with the outlook that its forecast
gives and its log corrects (``SunOutlook``). Hindsight is that of ``prints``.

Four ways to decide: the agent's default; the same without the log; and a careless one
(``trust_sun`` with a tenth of the courses left aside), with the log and without, for
which alone the forecast counts on batteries that hold a whole build.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.energy.prints import (
    BARE,
    PANEL_WP,
    RUNS_MIN,
    STEP_S,
    Year,
    loads_of,
    run,
    year_of,
)
from nearmade.adapters.weather_files import read_weather
from nearmade.agent.forecast_log import ForecastLog
from nearmade.agent.power_config import PowerConfig
from nearmade.agent.store import Store
from nearmade.agent.sun_outlook import SunOutlook
from nearmade.agent.sun_years import SunYears
from nearmade.energy.deciding.like_days import DAYS
from nearmade.energy.deciding.outlook import Outlook, lows
from nearmade.energy.deciding.rules import RuleBook, SiteNow, may_start
from nearmade.energy.deciding.run_step import FLOWS, work_step
from nearmade.energy.forecast.held import Correction, Held
from nearmade.energy.load.machine_load import JobLoad, load_of_time
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery, bus_row
from nearmade.energy.supply.bus import RATED_DEGC
from nearmade.energy.years.running import StartRule
from nearmade.vocabulary.compiled import compiled

STEPS_PER_DAY = 86_400 // STEP_S
FIRST_FRACTION = 0.5
REST_W = 3.0

#: Below this a full battery does not hold each of the builds: the sun is asked. [Wh]
LEAST_WHOLE_WH = 400.0

#: No year of these is a leap year. [UTC, moved by the site's standard time]
NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)

DEFAULT = RuleBook(large_builds=True)
CARELESS = RuleBook(large_builds=True, trust_sun=True, worst_fraction=0.1)


@dataclass(frozen=True, slots=True)
class PortRow:
    """One site, battery and kind of build, by one way to decide."""

    site: str
    capacity_wh: float
    builds: str
    way: str
    finished: int
    ruined: int
    hindsight: int
    foretold_days: int
    under_low: int
    under_used: int

    @property
    def share(self) -> float:
        """Finished, of what hindsight finishes."""
        return self.finished / self.hindsight if self.hindsight else 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a year's panels are."""

    lat_deg: float
    lon_deg: float
    utc_offset_h: float


class YearOfSun(SunYears):
    """A measured year in the place of the agent's own; what lies ahead is not shown."""

    def __init__(self, year: Year, place: Place) -> None:
        self._sun_w, self._sky_w = year.sun_w, year.clear_w
        self._new_year = NEW_YEAR - timedelta(hours=place.utc_offset_h)

    def step_of(self, at: datetime) -> int:
        """Give the step of the year in which a moment lies."""
        return (at - self._new_year) // timedelta(seconds=STEP_S)

    def moment(self, step: int) -> datetime:
        """Give when a step begins."""
        return self._new_year + timedelta(seconds=step * STEP_S)

    def before_w(self, at: datetime) -> Array:
        """Give what the panels gave over the weeks before. [W]"""
        now = self.step_of(at)
        return self._sun_w[max(0, now - DAYS * STEPS_PER_DAY) : now]

    def ahead_w(self, at: datetime, steps: int) -> Array:
        """Give the clear sky from a moment on; the year is a circle. [W]"""
        numbers = (self.step_of(at) + np.arange(steps)) % len(self._sky_w)
        return self._sky_w[numbers]

    def came_wh(self, begins_at: datetime, ends_at: datetime) -> float | None:
        """Give what came. [Wh]"""
        first, last = self.step_of(begins_at), self.step_of(ends_at)
        return float(self._sun_w[first:last].sum()) * STEP_S / 3600


class WithoutLog(ForecastLog):
    """Keeps the log, and corrects nothing by it."""

    def held(self, kind: str) -> Held:
        """Give how it has held, without a correction."""
        return replace(super().held(kind), correction=Correction())


@compiled
def _pass(
    stored_wh: float,
    connected: bool,  # noqa: FBT001
    sun_w: Array,
    now: int,
    steps: int,
    low: Array,
    high: Array,
    share: Array,
    hours: float,
    bus: Array,
) -> tuple[float, bool, int]:
    """Let steps pass with a load; gives the state, and the step of ruin or -1."""
    flows = np.zeros(FLOWS)
    running = False
    for ahead in range(steps):
        on = share[ahead]
        stored_wh, connected, running, whole = work_step(
            stored_wh, connected, running, sun_w[now + ahead], 0.0, RATED_DEGC,
            low[ahead], (high[ahead] - low[ahead]) * on, on, hours, bus, flows,
        )  # fmt: skip
        if not whole and steps > 1:
            return stored_wh, connected, ahead
    return stored_wh, connected, -1


def run_year(
    year: Year,
    place: Place,
    capacity_wh: float,
    minutes: tuple[float, ...],
    book: RuleBook,
    *,
    by_log: bool,
) -> tuple[int, int, ForecastLog]:
    """Run one site through its year as its agent would; finished, ruined, log."""
    sun = YearOfSun(year, place)
    config = PowerConfig(
        kind="solar",
        pv_wp=PANEL_WP,
        battery_wh=capacity_wh,
        lat_deg=place.lat_deg,
        lon_deg=place.lon_deg,
        utc_offset_h=place.utc_offset_h,
    )
    store = Store(Path(":memory:"))
    kind = ForecastLog if by_log else WithoutLog
    log = kind(store, place.lon_deg, sun.ahead_w, sun.came_wh)
    outlook = SunOutlook(config, store, sun, log)
    battery = Battery(capacity_wh)
    bus, hours = bus_row(battery), STEP_S / 3600
    jobs = [load_of_time(BARE, m * 60 - BARE.heatup_s) for m in minutes]
    profiles = [loads_of(m) for m in minutes]
    rest, none = np.full(1, REST_W), np.zeros(1)
    stored_wh, connected = FIRST_FRACTION * battery.usable_top_wh, True
    finished = ruined = begun = now = 0
    sun_counts = book.trust_sun or capacity_wh < LEAST_WHOLE_WH
    too_little: dict[tuple[int, bool], float] = {}
    steps = len(year.sun_w)
    while now < steps:
        turn = begun % len(jobs)
        length = len(profiles[turn].low_w)
        _look(outlook, sun, now, 1)
        if (
            connected
            and now + length <= steps
            and stored_wh > too_little.get((turn, year.clear_w[now] > 0), 0.0)
            and _may_start(jobs[turn], battery, stored_wh, outlook, sun, now, book)
        ):
            load = profiles[turn]
            stored_wh, connected, failed = _pass(
                stored_wh, connected, year.sun_w, now, length,
                load.low_w, load.high_w, load.high_fraction, hours, bus,
            )  # fmt: skip
            _look(outlook, sun, now + 1, length - 1)
            begun += 1
            finished, ruined = finished + (failed < 0), ruined + (failed >= 0)
            now += length if failed < 0 else failed + 1
            continue
        if not sun_counts or year.clear_w[now] <= 0:  # less will not do either
            key = turn, year.clear_w[now] > 0
            too_little[key] = max(stored_wh, too_little.get(key, 0.0))
        stored_wh, connected, _ = _pass(
            stored_wh, connected, year.sun_w, now, 1, rest, rest, none, hours, bus
        )
        now += 1
    return finished, ruined, log


def _look(outlook: SunOutlook, sun: YearOfSun, first: int, steps: int) -> None:
    """Look at the sun on whole hours of the morning, as the agent does all day."""
    for step in range(first, first + steps):
        hour, rest = divmod(step % STEPS_PER_DAY, 3600 // STEP_S)
        if rest == 0 and 7 <= hour <= 14:
            outlook.outlook(sun.moment(step))


def _may_start(
    job: JobLoad,
    battery: Battery,
    stored_wh: float,
    outlook: SunOutlook,
    sun: YearOfSun,
    now: int,
    book: RuleBook,
) -> bool:
    """Ask the agent's rules; the sun only where its answer could count."""
    stored_wh = min(stored_wh, battery.usable_top_wh)
    at = sun.moment(now)
    site = SiteNow(battery, stored_wh, standing_w=REST_W)
    clear_w = sun.ahead_w(at, STEPS_PER_DAY)
    bare = Outlook(at, np.empty((0, STEPS_PER_DAY)), clear_w)
    decision = may_start(job, site, bare, book)
    if decision.ok or clear_w[0] <= 0:
        return decision.ok
    if decision.rule == "stored" and not book.trust_sun:
        return False  # a full battery would carry it: the sun is not asked
    # No course is brighter than 1.2 clear skies: if those do not carry it, none does.
    best = lows(battery, stored_wh, 1.2 * clear_w[None], (job,), REST_W)[0]
    if best.fraction < battery.cutoff_fraction + book.spare_fraction:
        return False
    return may_start(job, site, outlook.outlook(at), book).ok


def _names(builds: str) -> tuple[str, ...]:
    return ("0.3 mm", "0.2 mm", "0.1 mm") if builds == "in turn" else (builds,)


def place_of(folder: Path, file: str) -> Place:
    """Read where a station stands."""
    weather = read_weather(folder / file)
    return Place(weather.lat_deg, weather.lon_deg, weather.utc_offset_h)


def port_row(
    year: Year,
    place: Place,
    capacity_wh: float,
    builds: str,
    way: str,
    hindsight: int,
) -> PortRow:
    """Run one site, battery and kind of build by one way to decide."""
    book = CARELESS if way.startswith("careless") else DEFAULT
    finished, ruined, log = run_year(
        year,
        place,
        capacity_wh,
        tuple(RUNS_MIN[name] for name in _names(builds)),
        book,
        by_log=not way.endswith("no log"),
    )
    days = [day for day in log.days if day.came_wh is not None]
    return PortRow(
        year.name,
        capacity_wh,
        builds,
        way,
        finished,
        ruined,
        hindsight,
        len(days),
        sum((day.came_wh or 0) < day.low_wh for day in days),
        sum((day.came_wh or 0) < day.used_wh for day in days),
    )


#: What is run at each site: battery, builds, ways to decide.
RUNS = (
    (400.0, "3 h", ("default", "default, no log", "careless", "careless, no log")),
    (400.0, "in turn", ("default", "default, no log")),
    (1200.0, "0.1 mm", ("default", "default, no log")),
    (200.0, "3 h", ("default", "default, no log")),
)


def port_rows(folder: Path, site: tuple[str, str, float]) -> list[PortRow]:
    """Run one site with every battery, kind of build and way to decide."""
    year, place = year_of(folder, site), place_of(folder, site[1])
    found = []
    for capacity_wh, builds, ways in RUNS:
        loads = [loads_of(RUNS_MIN[name]) for name in _names(builds)]
        known = run([year], capacity_wh, loads, StartRule.KNOWN)
        found += [
            port_row(year, place, capacity_wh, builds, way, int(known.finished[0]))
            for way in ways
        ]
    return found


def port_table(found: list[PortRow]) -> str:
    """Lay the rows out for reading."""
    lines = [
        "finished/ruined a year; hindsight; days under the worst of ten of 90 kept, as",
        "foretold and as taken",
        " kWh builds   site        way                  ours hindsight   share  under",
    ]
    lines += [
        f"{row.capacity_wh / 1000:>4.1f} {row.builds:8} {row.site:11} {row.way:17} "
        f"{f'{row.finished}/{row.ruined}':>7} {row.hindsight:>9} "
        f"{100 * row.share:>6.1f}% {f'{row.under_low}, {row.under_used}':>6}"
        for row in found
    ]
    return "\n".join(lines)
