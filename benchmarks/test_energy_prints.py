"""Builds in years of real weather, and how fast such years run."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from benchmarks.conftest import Report
from benchmarks.energy.port_prints import PortRow, port_rows, port_table
from benchmarks.energy.prints import BESIDE, SITES, Row, rows, table
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


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("site", SITES, ids=[name for name, _, _ in SITES])
def test_the_agent_s_own_deciding_through_its_forecast_ruins_no_more(
    report: Report, site: tuple[str, str, float]
) -> None:
    found = port_rows(shared("solar"), site)
    rows_ = [{**asdict(row), "share": row.share} for row in found]
    name = f"energy_port_prints_{site[0].replace(' ', '_').lower()}"
    report(name, port_table(found), {"rows": rows_})
    by_way = {(row.capacity_wh, row.builds, row.way): row for row in found}
    for row in found:
        if row.way.startswith("default"):
            if row.capacity_wh >= 400:
                assert row.ruined == 0, row
                assert row.share >= LEAST_SHARE, row
            else:
                assert row.ruined <= MOST_RUINED, row
    for row in found:
        if not row.way.endswith("no log"):
            check_beside_no_log(
                row, by_way[row.capacity_wh, row.builds, f"{row.way}, no log"]
            )


def check_beside_no_log(with_log: PortRow, without: PortRow) -> None:
    """The log ruins no more, and costs at most 1 % of what is finished."""
    assert with_log.ruined <= without.ruined, (with_log, without)
    assert with_log.finished >= 0.99 * without.finished, (with_log, without)


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
