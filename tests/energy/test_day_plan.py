"""A list of jobs through one day: what starts when, what waits, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from nearmade.energy.day.day_courses import DAYS_AROUND, outlook_of_year
from nearmade.energy.day.day_plan import (
    STEPS_PER_DAY,
    DayJob,
    DaySite,
    middling,
    plan_day,
)
from nearmade.energy.day.day_record import day_record
from nearmade.energy.day.day_site import day_jobs, day_site, moment_of
from nearmade.energy.deciding.outlook import Outlook
from nearmade.energy.deciding.rules import RuleBook, Verb
from nearmade.energy.load.machine_load import JobLoad, Phase
from nearmade.energy.site.itinerary import Year
from nearmade.energy.site.site_record import site_energy_from_record
from nearmade.energy.supply.battery import Battery
from nearmade.vocabulary.errors import InvalidInput

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
#: One hour at 100 W.
HOUR = JobLoad((Phase("print", 3600.0, 100.0, 100.0, 0.0),), 0.0, "by hand")
BATTERY = Battery(1000.0, charge_fraction=1.0, discharge_fraction=1.0)
SITE = DaySite(BATTERY, 500.0, 1, 1000.0, 0.0)


def outlook(sun_w: float = 0.0, *, courses: int = 3, hours: int = 30) -> Outlook:
    """The same sun from the first hour on, on every course."""
    steps = hours * 12
    paths = np.full((courses, steps), sun_w)
    paths[:, :12] = 0.0
    clear = np.full(steps, sun_w)
    clear[:12] = 0.0
    return Outlook(NOW, paths, clear, "three like days")


def jobs(count: int) -> list[DayJob]:
    return [DayJob(f"job-{n + 1}", HOUR) for n in range(count)]


def test_jobs_follow_each_other_while_the_battery_carries_them() -> None:
    # 100 Wh each; 15 % of 1000 Wh stay: from 500 Wh three leave 200, a fourth 100.
    plan = plan_day(jobs(5), SITE, outlook(), RuleBook())
    assert [row.start for row in plan.rows] == [0, 12, 24, None, None]
    assert [row.end for row in plan.rows][:3] == [12, 24, 36]
    assert plan.rows[3].decision.verb is Verb.WAIT
    assert "20 % stored" in plan.rows[3].decision.reason
    assert plan.rows[4].decision.reason == "waits behind the jobs before it"
    assert plan.charge_fraction[0] == 0.5
    assert plan.charge_fraction[-1] == pytest.approx(0.2, abs=1e-6)


def test_what_waits_for_the_sun_starts_when_it_has_charged_the_battery() -> None:
    low = replace(SITE, stored_wh=200.0)
    plan = plan_day(jobs(1), low, outlook(121.0), RuleBook())
    row = plan.rows[0]
    # 50 Wh are missing: after the dark hour, 25 minutes of 121 W.
    assert row.start == 12 + 5
    assert row.first_wait.startswith("waits: 20 % stored")
    assert row.decision.ok


def test_two_machines_print_at_once_and_neither_overtakes() -> None:
    two = replace(SITE, machines=2, stored_wh=1000.0)
    plan = plan_day(jobs(3), two, outlook(), RuleBook())
    assert [(row.machine, row.start) for row in plan.rows] == [
        (0, 0),
        (1, 0),
        (0, 12),
    ]


def test_hours_of_people_are_kept() -> None:
    late = replace(SITE, stored_wh=1000.0, opens_hour=8.0, closes_hour=9.5)
    plan = plan_day(jobs(2), late, outlook(), RuleBook())
    first, second = plan.rows
    assert first.start == 24  # two hours from six o'clock
    assert first.first_wait == "waits: opens at 08:00"
    assert second.start is None
    assert "09:30 is closing" in second.first_wait


def test_what_never_fits_between_opening_and_closing_is_told_so() -> None:
    short = replace(SITE, opens_hour=8.0, closes_hour=8.5)
    row = plan_day(jobs(1), short, outlook(), RuleBook()).rows[0]
    says = "waits: it takes 1.0 h, longer than from 08:00 to 08:30"
    assert row.decision.reason == says


@pytest.mark.parametrize("opens_hour", [0.0, 8.0])
def test_peaks_beyond_the_inverter_wait_all_day(opens_hour: float) -> None:
    weak = replace(SITE, max_w=50.0, opens_hour=opens_hour)
    plan = plan_day(jobs(1), weak, outlook(), RuleBook())
    assert plan.rows[0].start is None
    # The hours of people, closed again by the end of the day, do not hide it.
    assert "100 W" in plan.rows[0].decision.reason


def test_the_middling_course_is_in_the_middle() -> None:
    paths = np.array([[3.0, 3.0], [1.0, 1.0], [2.0, 2.0]])
    assert middling(paths).tolist() == [2, 2]


def test_a_day_without_a_course_or_with_too_many_jobs_is_refused() -> None:
    with pytest.raises(InvalidInput):
        plan_day(jobs(1), SITE, outlook(hours=3), RuleBook())
    with pytest.raises(InvalidInput):
        plan_day(jobs(1), SITE, outlook(courses=0), RuleBook())
    with pytest.raises(InvalidInput):
        plan_day(jobs(501), SITE, outlook(), RuleBook())


def test_the_record_speaks_in_local_standard_time() -> None:
    look = replace(outlook(), utc_offset_h=3.0)
    found = day_record("site", plan_day(jobs(1), SITE, look, RuleBook()), look)
    assert found["begins_at"] == "2026-03-02T09:00+03:00"
    assert found["jobs"][0]["end_at"] == "2026-03-02T10:00+03:00"
    assert len(found["hours"]) == 24
    assert found["jobs"][0]["waited"] is None


def year() -> Year:
    """Each day gives as many watts as its number, at every step."""
    power = np.repeat(np.arange(365.0), STEPS_PER_DAY)
    return Year(power, power, power, 300, ("here",) * 365, "by hand", False)


def test_courses_are_those_of_the_days_around() -> None:
    look = outlook_of_year(year(), 2.0, NOW, 0.0, 24.0)
    # 2 March is day 60; the panels are two watt-peak.
    assert look.paths_w[DAYS_AROUND, 0] == 120
    assert look.paths_w[0, 0] == 2 * (60 - DAYS_AROUND)
    assert look.paths_w.shape == (21, STEPS_PER_DAY)
    assert look.clear_w[0] == 120
    # At six in the morning three quarters of the day are left.
    assert look.paths_w[DAYS_AROUND, 216] == 122
    new_year = outlook_of_year(year(), 1.0, datetime(2026, 1, 1, tzinfo=UTC), 0.0, 1.0)
    assert new_year.paths_w[0, 0] == 355  # the year is a circle


def test_courses_need_five_minutes_and_a_zone() -> None:
    with pytest.raises(InvalidInput):
        outlook_of_year(replace(year(), step_s=900), 1.0, NOW, 0.0, 1.0)
    with pytest.raises(InvalidInput):
        outlook_of_year(year(), 1.0, datetime(2026, 1, 1), 0.0, 1.0)  # noqa: DTZ001


RECORD: dict[str, Any] = {
    "start_at": "2026-03-02T08:00:00+03:00",
    "machines": [{"id": "one", "model": "MINI"}],
    "builds": [{"id": "a", "minutes": 60}, {"id": "b", "minutes": {"one": 90}}],
    "power": {"battery": {"capacity_wh": 400, "stored_wh": 100}},
    "energy": {
        "place": {"country": "KE", "lat_deg": 0, "lon_deg": 35},
        "panel": {"rated_wp": 100},
        "battery": {"capacity_wh": 400},
        "standing_w": 4.8,
    },
}


def test_the_jobs_of_a_day_are_the_builds_at_their_high_end() -> None:
    site = site_energy_from_record(RECORD)
    found = day_jobs(site, RECORD, None)
    assert [job.id for job in found] == ["a", "b"]
    assert found[1].load.work_s == pytest.approx(90 * 60)
    assert site.work is not None
    mean_wh = site.work.machine.printing_w * 1.5
    # 1.2 times the mean, over the inverter; the heat-up draws a little more.
    assert found[1].load.work_wh == pytest.approx(1.2 * mean_wh / 0.96, rel=0.1)
    usual = day_jobs(site, RECORD, 3)
    assert [job.id for job in usual] == ["job-1", "job-2", "job-3"]


def test_the_charge_is_as_told_or_as_the_schedule_begins() -> None:
    site = site_energy_from_record(RECORD)
    assert day_site(site, RECORD, None).stored_wh == 100
    assert day_site(site, RECORD, 0.5).stored_wh == 200
    bare = {**RECORD, "power": {}}
    assert day_site(site, bare, None).stored_wh == 200
    assert day_site(site, RECORD, 0.5).standing_w == pytest.approx(
        (4.8 + site.work.machine.idle_w) / 0.96 if site.work else 0.0
    )


def test_a_site_that_names_no_machine_is_asked_for_one() -> None:
    site = replace(site_energy_from_record(RECORD), work=None)
    with pytest.raises(InvalidInput) as caught:
        day_jobs(site, RECORD, None)
    assert "machine" in caught.value.message
    with pytest.raises(InvalidInput):
        day_jobs(site, {**RECORD, "builds": []}, None)
    assert day_site(site, RECORD, 1.0).machines == 1


def test_a_moment_is_told_or_that_of_the_schedule() -> None:
    assert moment_of(RECORD, None) == datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    told = moment_of(RECORD, "2026-05-01T00:00:00+00:00")
    assert told == datetime(2026, 5, 1, tzinfo=UTC)
    assert moment_of({}, None) is None
    far = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59+00:00")
    for wrong in ("soon", "2026-05-01T00:00:00", *far):
        with pytest.raises(InvalidInput):
            moment_of(RECORD, wrong)


@pytest.mark.parametrize("minutes", [0, -1, "long", None, {}, {"one": "x"}])
def test_a_build_without_a_time_is_refused(minutes: object) -> None:
    site = site_energy_from_record(RECORD)
    record = {**RECORD, "builds": [{"id": "a", "minutes": minutes}]}
    with pytest.raises(InvalidInput):
        day_jobs(site, record, None)
