"""Builds in years of real weather, and how fast such years run."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from benchmarks.conftest import Report
from benchmarks.energy.prints import BESIDE, Row, rows, table
from benchmarks.energy.running_speed import speeds
from tests.shared_data import shared

#: Of the builds that hindsight with the same rules finishes, from 0.4 kWh up.
LEAST_SHARE = 0.97
#: Ruined builds a year at 0.2 kWh.
MOST_RUINED = 5
#: 1,000 site-years by the hour, 100 by five minutes. [s]
MOST_HOURLY_S, MOST_FINE_S = 1.5, 3.0


def keep(report: Report, name: str, found: list[Row]) -> None:
    least = min(row.share for row in found if row.capacity_wh >= 400)
    figures = {
        "rows": [{**asdict(row), "share": row.share} for row in found],
        "least_share": least,
    }
    report(name, table(found), figures)


@pytest.mark.timeout(900)
def test_no_build_is_ruined_from_a_battery_of_two_builds_up(report: Report) -> None:
    found = rows(shared("solar"))
    keep(report, "energy_prints", found)
    for row in found:
        if row.capacity_wh >= 400:
            assert (row.ruined, row.late_ruined) == (0, 0), row
            assert row.share >= LEAST_SHARE, row
        else:
            assert row.ruined <= MOST_RUINED, row
        assert row.bound is None or row.bound >= row.hindsight >= row.finished, row


@pytest.mark.timeout(300)
def test_a_fourth_year_fares_alike(report: Report) -> None:
    found = rows(shared("solar"), BESIDE)
    keep(report, "energy_prints_beside", found)
    for row in found:
        assert row.ruined <= (0 if row.capacity_wh >= 400 else MOST_RUINED), row
        assert row.capacity_wh < 400 or row.share >= LEAST_SHARE, row


@pytest.mark.timeout(300)
def test_years_of_many_sites_run_in_seconds(report: Report) -> None:
    found = speeds()
    lines = [f"{name[:-2]:30} {seconds:.2f} s" for name, seconds in found.items()]
    report("energy_running", "\n".join(lines), found)
    assert found["1000_at_1h_s"] <= MOST_HOURLY_S
    assert found["100_at_5min_s"] <= MOST_FINE_S
