"""How long years of many sites take on one core: panels, battery, printer and rule."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.energy.prints import BARE, STEP_S
from nearmade.energy.load.machine_load import load_of_time
from nearmade.energy.panels.fleet import SunnySite, in_chunks
from nearmade.energy.panels.panel import Panel
from nearmade.energy.sky.made import made_up_weather
from nearmade.energy.supply.battery import Battery
from nearmade.energy.years.running import SitePlant, SiteRule, StartRule, run_sites

#: Sites at the same latitude and beyond, each with its own panels and battery.
PLACES = 20


def sites(count: int) -> list[SunnySite]:
    """Give sites with panels of several sizes under made-up weather."""
    weathers = [
        made_up_weather(f"place {place}", -40.0 + 4 * place, 10.0, seed=place)
        for place in range(PLACES)
    ]
    return [
        SunnySite(Panel(80.0 + site % 50, 20.0), weathers[site % PLACES])
        for site in range(count)
    ]


def run_years(fleet: list[SunnySite], step_s: int) -> int:
    """Run every site's year; gives the builds that were finished."""
    load = load_of_time(BARE, 2 * 3600.0).profile(step_s)
    finished = 0
    for part, table in in_chunks(fleet, step_s):
        plants = [
            SitePlant(Battery(400.0 + 10 * index), SiteRule(StartRule.RESERVE), index)
            for index in range(len(fleet[part]))
        ]
        runs = run_sites(plants, table, [load])
        finished += int(runs.finished.sum())
    return finished


def cpu_s(work: Callable[[], object], rounds: int = 3) -> float:
    """Give the least processor time of some rounds. [s]"""
    times = []
    for _ in range(rounds):
        begun_s = time.process_time()
        work()
        times.append(time.process_time() - begun_s)
    return min(times)


def speeds() -> dict[str, float]:
    """Give the processor time of both sizes, with and without the panels. [s]"""
    many, few = sites(1000), sites(100)
    run_years(many[:2], 3600)  # compile
    run_years(few[:2], STEP_S)
    tables = {
        3600: [table for _, table in in_chunks(many, 3600)],
        STEP_S: [table for _, table in in_chunks(few, STEP_S)],
    }

    def bare(step_s: int) -> None:
        load = load_of_time(BARE, 2 * 3600.0).profile(step_s)
        for part in tables[step_s]:
            plants = [
                SitePlant(Battery(400.0), SiteRule(StartRule.RESERVE), index)
                for index in range(len(part))
            ]
            run_sites(plants, part, [load])

    return {
        "1000_at_1h_s": cpu_s(lambda: run_years(many, 3600)),
        "1000_at_1h_without_panels_s": cpu_s(lambda: bare(3600)),
        "100_at_5min_s": cpu_s(lambda: run_years(few, STEP_S)),
        "100_at_5min_without_panels_s": cpu_s(lambda: bare(STEP_S)),
    }
