"""Sun and batteries as other programs reckon them, and quickly enough."""

from __future__ import annotations

import pytest

from benchmarks.conftest import Report
from benchmarks.energy.supply import (
    battery_gaps,
    sky_figures,
    speeds,
    sun_gaps,
    table,
)

#: Years of energy beside pvlib and PySAM, and beside NREL's year of Denver. [%]
MOST_PERCENT = 1.0
MOST_NREL_PERCENT = 2.0
#: A battery's energy [%] and mean state of charge [points] beside PySAM's.
MOST_BATTERY_PERCENT = 0.5
MOST_CHARGE_POINTS = 1.0
#: Panels alone; with battery, printer and rule 1.5 s and 3 s are allowed. [s]
MOST_S = {"1000_years_at_1h_s": 0.8, "100_years_at_5min_s": 1.2}


@pytest.mark.timeout(300)
def test_sun_and_batteries_are_those_of_other_programs(report: Report) -> None:
    sun, batteries, skies, times = sun_gaps(), battery_gaps(), sky_figures(), speeds()
    figures = {"sun": sun, "batteries": batteries, "skies": skies, "cpu": times}
    report("energy_supply", table(sun, batteries, skies, times), figures)
    for row in sun:
        for name in ("pvlib_percent", "pysam_percent"):
            assert abs(row.get(name, 0.0)) <= MOST_PERCENT
        assert abs(row.get("nrel_percent", 0.0)) <= MOST_NREL_PERCENT
    for row in batteries:
        assert abs(row["charged_percent"]) <= MOST_BATTERY_PERCENT
        assert abs(row["given_percent"]) <= MOST_BATTERY_PERCENT
        assert row["charge_points"] <= MOST_CHARGE_POINTS
    for name, most_s in MOST_S.items():
        assert times[name] <= most_s
