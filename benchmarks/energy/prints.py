"""Builds finished and ruined in a year of real weather, against knowing that weather.

Weather: typical years of three stations (TMY3, TMY2), steps of five minutes: each hour
is shared out by the height of the sun, no cloud is made up (``panel_power_w``). A
second course of each year moves all of an hour's sun into its second half: harder on a
battery than clouds within the hour.

Load: the measured Ender-3, 24 V side, fed by the battery straight: heat-up, then base
and bed; every five minutes the bed is on for 15.4 % at 262 W and off for the rest. Runs
of 0.3, 0.2 and 0.1 mm as measured, three hours, and the three runs in turn.

A build that is cut off, or not given its whole power for any moment, is ruined. There
is no pausing and no resuming. The queue is never empty.

Hindsight: the same loop, battery and charge kept, but a build begins as soon as the
true weather to come carries it (``StartRule.KNOWN``). Bound: what no rule can pass
(``best_prints``), for builds that are all alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.energy.best_prints import most_builds
from nearmade.adapters.weather_files import read_weather
from nearmade.energy.load.machine_load import LoadProfile, load_of_time
from nearmade.energy.load.machine_power import ENDER_3
from nearmade.energy.panels.panel import Panel, panel_power_w
from nearmade.energy.sky.clear import clear_weather
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery
from nearmade.energy.years.running import (
    SitePlant,
    SiteRule,
    SiteRuns,
    StartRule,
    run_sites,
)

STEP_S = 300
PANEL_WP = 100.0

#: Station, file, tilt. [deg]
SITES = (
    ("Greensboro", "723170TYA.CSV", 35.0),
    ("Sand Point", "703165TY.csv", 45.0),
    ("Miami", "12839.tm2", 26.0),
)
#: A year beside the proof; it was in sight when the caution of 0.8 was chosen.
BESIDE = (("45 N 8 E", "tmy_45.000_8.000_2005_2023.csv", 38.0),)

CAPACITIES_WH = (200.0, 400.0, 800.0, 1200.0)

#: Measured on the 24 V side: base, bed, heat-up, peak.
BARE = replace(
    ENDER_3, idle_w=3.0, base_w=47.2, bed_w=215.0, heatup_wh=17.0, peak_w=262.0
)

#: Whole runs. [min]
RUNS_MIN = {"0.3 mm": 102.0, "0.2 mm": 122.8, "3 h": 180.0, "0.1 mm": 224.1}


@dataclass(frozen=True, slots=True)
class Year:
    """One site's panels over one year, and under a clear sky. [W]"""

    name: str
    sun_w: Array
    clear_w: Array


@dataclass(frozen=True, slots=True)
class Row:
    """One site, battery and kind of build."""

    site: str
    capacity_wh: float
    builds: str
    finished: int
    ruined: int
    hindsight: int
    bound: int | None
    late_finished: int
    late_ruined: int

    @property
    def share(self) -> float:
        """Finished, of what hindsight finishes."""
        return self.finished / self.hindsight if self.hindsight else 1.0


def year_of(folder: Path, site: tuple[str, str, float]) -> Year:
    """Read a station's year."""
    name, file, tilt = site
    weather = read_weather(folder / file)
    assert not weather.synthetic
    panel = Panel(PANEL_WP, tilt)
    clear = panel_power_w(panel, clear_weather(weather), STEP_S)
    return Year(name, panel_power_w(panel, weather, STEP_S), clear)


def late(year: Year) -> Year:
    """Move all of each hour's sun into its second half."""
    hours = year.sun_w.reshape(-1, 3600 // STEP_S)
    half = hours.shape[1] // 2
    moved = np.zeros_like(hours)
    moved[:, half:] = hours.sum(axis=1, keepdims=True) / half
    return replace(year, name=f"{year.name}, late", sun_w=moved.reshape(-1))


def loads_of(minutes: float) -> LoadProfile:
    """Give a measured run, its heat-up within the time that was measured."""
    return load_of_time(BARE, minutes * 60 - BARE.heatup_s).profile(STEP_S)


def kinds() -> Iterator[tuple[str, list[LoadProfile]]]:
    """Give each kind of queue: builds that are alike, and the measured ones in turn."""
    for name, minutes in RUNS_MIN.items():
        yield name, [loads_of(minutes)]
    measured = ("0.3 mm", "0.2 mm", "0.1 mm")
    yield "in turn", [loads_of(RUNS_MIN[name]) for name in measured]


def run(
    years: list[Year], capacity_wh: float, loads: list[LoadProfile], start: StartRule
) -> SiteRuns:
    """Run the sites with one battery and rule."""
    plants = [
        SitePlant(Battery(capacity_wh), SiteRule(start), index)
        for index in range(len(years))
    ]
    return run_sites(
        plants,
        np.stack([year.sun_w for year in years]),
        loads,
        clear_w=np.stack([year.clear_w for year in years]),
    )


def rows(folder: Path, sites: tuple[tuple[str, str, float], ...] = SITES) -> list[Row]:
    """Run every site, battery and kind of build."""
    years = [year_of(folder, site) for site in sites]
    late_years = [late(year) for year in years]
    found = []
    for capacity_wh in CAPACITIES_WH:
        for kind, loads in kinds():
            ours = run(years, capacity_wh, loads, StartRule.SOUND)
            known = run(years, capacity_wh, loads, StartRule.KNOWN)
            worst = run(late_years, capacity_wh, loads, StartRule.SOUND)
            for index, year in enumerate(years):
                bound = None
                if len(loads) == 1:
                    bound = most_builds(
                        year.sun_w,
                        loads[0],
                        Battery(capacity_wh),
                        rest_w=SiteRule().rest_w,
                        first_fraction=SiteRule().first_fraction,
                    )
                found.append(
                    Row(
                        year.name,
                        capacity_wh,
                        kind,
                        int(ours.finished[index]),
                        int(ours.ruined[index]),
                        int(known.finished[index]),
                        bound,
                        int(worst.finished[index]),
                        int(worst.ruined[index]),
                    )
                )
    return found


def table(found: list[Row]) -> str:
    """Lay the rows out for reading."""
    lines = [
        "finished/ruined a year; hindsight; bound of any rule; sun late in its hour",
        " kWh builds   site            ours hindsight   share  bound     late",
    ]
    lines += [
        f"{row.capacity_wh / 1000:>4.1f} {row.builds:8} {row.site:11} "
        f"{f'{row.finished}/{row.ruined}':>8} {row.hindsight:>9} "
        f"{100 * row.share:>6.1f}% {row.bound or '-':>6} "
        f"{f'{row.late_finished}/{row.late_ruined}':>8}"
        for row in found
    ]
    return "\n".join(lines)
