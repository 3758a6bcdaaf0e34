"""Decisions on builds, by hand; and that what is stored whole is never cut off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.deciding.outlook import Outlook, dark_low
from nearmade.energy.deciding.rules import (
    RuleBook,
    SiteNow,
    Verb,
    may_go_on,
    may_start,
    while_at_work,
)
from nearmade.energy.load.machine_load import JobLoad, Phase
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery, BatteryState, step
from nearmade.vocabulary.errors import InvalidInput

#: 09:40 in Nairobi.
AT = datetime(2026, 6, 1, 6, 40, tzinfo=UTC)

#: Two hours at 100 W, in peaks of 150 W.
JOB = JobLoad((Phase("print", 7200.0, 50.0, 150.0, 0.5),), 0.0, "by hand")

IDEAL = Battery(1000.0, charge_fraction=1.0, discharge_fraction=1.0)
SMALL = Battery(200.0, charge_fraction=1.0, discharge_fraction=1.0)
BOOK = RuleBook()


def sky(*watts: float, dark_after: int = 288) -> Outlook:
    """Give courses of the sun at steady powers."""
    clear = np.where(np.arange(288) < dark_after, 100.0, 0.0)
    paths: Array = np.array([np.full(288, w) for w in watts]).reshape(-1, 288)
    return Outlook(AT, paths, clear, "the likest hours", utc_offset_h=3.0)


def test_a_build_that_is_stored_whole_starts_and_says_what_stays() -> None:
    decision = may_start(JOB, SiteNow(IDEAL, 500.0), sky(), BOOK)
    assert decision.ok
    assert decision.rule == "stored"
    assert decision.low_fraction == pytest.approx(0.3)
    assert decision.reason == (
        "starts 09:40: the battery alone carries it, from 50 % to 30 % by 11:40 "
        "without any sun; 15 % must stay"
    )


def test_what_a_full_battery_carries_waits_for_charge_and_says_until_when() -> None:
    # 200 Wh and 15 % of 1000 Wh are needed, 300 are there: 50 Wh at 100 W take 30 min.
    decision = may_start(JOB, SiteNow(IDEAL, 300.0), sky(100.0), BOOK)
    assert decision.verb is Verb.WAIT
    assert decision.reason == (
        "waits: 30 % stored, 35 % carry it without sun (15 % must stay); on a middling "
        "day there by 10:10"
    )


def test_a_build_larger_than_the_battery_asks_the_worst_course() -> None:
    # 200 Wh of a build against 170 that may be taken: the sun must give 15 W or more.
    site = SiteNow(SMALL, 200.0)
    good = may_start(JOB, site, sky(90.0, 40.0, 90.0), BOOK)
    assert good.ok
    assert good.rule == "sun"
    assert good.low_fraction == pytest.approx(0.40)  # 200 - 2 h x 60 W
    assert good.reason == (
        "starts 09:40: the battery would reach 40 % by 11:40 even on the worst of the "
        "likest hours; 15 % must stay"
    )
    bad = may_start(JOB, site, sky(90.0, 12.0, 90.0), BOOK)
    assert bad.verb is Verb.WAIT
    assert "it would fall to 12 % by 11:40" in bad.reason


def test_a_share_of_the_worst_days_may_be_left_aside() -> None:
    courses = sky(0.0, *[60.0] * 9)
    book = RuleBook(worst_fraction=0.1)
    decision = may_start(JOB, SiteNow(SMALL, 200.0), courses, book)
    assert decision.reason == (
        "starts 09:40: the battery would reach 60 % by 11:40 even on the 10 % worst "
        "day; 15 % must stay"
    )
    assert not may_start(JOB, SiteNow(SMALL, 200.0), courses, BOOK).ok


def test_without_a_word_of_the_sun_a_large_build_waits() -> None:
    decision = may_start(JOB, SiteNow(SMALL, 200.0), sky(), BOOK)
    assert decision.rule == "size"
    assert "not known yet" in decision.reason


def test_in_the_dark_no_course_is_asked() -> None:
    night = Outlook(AT, np.full((3, 288), 90.0), np.zeros(288))
    assert not may_start(JOB, SiteNow(SMALL, 200.0), night, BOOK).ok


def test_trusting_the_sun_starts_sooner() -> None:
    site, courses = SiteNow(IDEAL, 300.0), sky(80.0, 90.0)
    assert not may_start(JOB, site, courses, BOOK).ok
    decision = may_start(JOB, site, courses, replace(BOOK, trust_sun=True))
    assert decision.ok
    assert decision.low_fraction == pytest.approx(0.26)


def test_peaks_of_all_machines_must_fit_site_and_battery() -> None:
    site = SiteNow(IDEAL, 1000.0, (JOB,), max_w=299.0)
    decision = may_start(JOB, site, sky(), BOOK)
    assert decision.reason == (
        "waits: it draws up to 150 W beside 150 W of others, the site gives 299 W at "
        "once"
    )
    weak = replace(IDEAL, max_discharge_w=149.0)
    assert may_start(JOB, SiteNow(weak, 1000.0), sky(), BOOK).rule == "peak"


@pytest.mark.parametrize(
    ("from_h", "to_h", "quiet"),
    [(22, 6, False), (11, 12, True), (11.75, 12, False), (9, 10, True), (12, 9, False)],
)
def test_nothing_is_at_work_in_quiet_hours(
    from_h: float, to_h: float, quiet: bool
) -> None:
    book = RuleBook(quiet_from_h=from_h, quiet_to_h=to_h)
    decision = may_start(JOB, SiteNow(IDEAL, 900.0), sky(), book)
    assert (decision.rule == "quiet") is quiet
    if quiet:
        assert "it would be at work until 11:40" in decision.reason


def test_charge_is_kept_for_the_night_and_for_a_storm() -> None:
    book = RuleBook(night_fraction=0.4)
    day, evening = sky(), sky(dark_after=12)
    site = SiteNow(IDEAL, 500.0)
    assert may_start(JOB, site, day, book).ok
    kept = may_start(JOB, site, evening, book)
    assert "40 % stay for the night" in kept.reason
    storm = may_start(JOB, replace(site, storm="until Tue 18:00"), day, book)
    assert "50 % stay for the storm until Tue 18:00" in storm.reason


def test_energy_of_builds_at_work_is_not_given_twice() -> None:
    assert may_start(JOB, SiteNow(IDEAL, 400.0), sky(), BOOK).ok
    assert not may_start(JOB, SiteNow(IDEAL, 400.0, (JOB,)), sky(), BOOK).ok


def test_a_build_at_work_goes_on_while_the_battery_carries_it() -> None:
    decision = while_at_work(SiteNow(IDEAL, 500.0, (JOB,)), sky(), BOOK)
    assert decision.verb is Verb.GO_ON
    assert "ends at 30 %" in decision.reason
    assert while_at_work(SiteNow(IDEAL, 500.0), sky(), BOOK).verb is Verb.GO_ON


def test_a_build_at_work_goes_on_while_half_the_courses_carry_it() -> None:
    site = SiteNow(SMALL, 100.0, (JOB,))
    decision = while_at_work(site, sky(0.0, 90.0, 90.0), BOOK)
    assert decision.verb is Verb.GO_ON
    assert "2 of 3 courses" in decision.reason


def test_a_build_that_will_be_cut_off_pauses_or_stops_while_it_can() -> None:
    site = SiteNow(SMALL, 28.0, (JOB,))  # 8 Wh above the cut-off
    pause = while_at_work(site, sky(0.0, 0.0, 90.0), BOOK)
    assert pause.verb is Verb.PAUSE
    assert pause.reason.startswith("pauses at the end of this layer: 14 % stored")
    stop = while_at_work(site, sky(), replace(BOOK, may_pause=False))
    assert stop.verb is Verb.STOP
    early = while_at_work(SiteNow(SMALL, 100.0, (JOB,)), sky(), BOOK)
    assert early.verb is Verb.GO_ON


def test_a_paused_build_goes_on_when_the_rest_is_stored() -> None:
    assert may_go_on(JOB, SiteNow(IDEAL, 360.0), sky(), BOOK).verb is Verb.GO_ON
    waits = may_go_on(JOB, SiteNow(IDEAL, 300.0), sky(100.0), BOOK)
    assert waits.verb is Verb.WAIT
    assert waits.reason.startswith("paused: 30 % stored, 35 % carry it")
    assert may_go_on(JOB, SiteNow(IDEAL, 110.0), sky(), BOOK).verb is Verb.STOP


@given(
    st.floats(150, 3000),
    st.floats(0, 1),
    st.floats(600, 20_000),
    st.floats(0, 300),
    st.floats(0, 1),
)
def test_a_build_that_starts_as_stored_is_served_whole_without_sun(
    capacity_wh: float, charge: float, work_s: float, bed_w: float, duty: float
) -> None:
    battery = Battery(capacity_wh)
    job = JobLoad((Phase("print", work_s, 40.0, 40.0 + bed_w, duty),), 0.0, "")
    decision = may_start(job, SiteNow(battery, charge * capacity_wh), sky(), BOOK)
    if not decision.ok:
        return
    state = BatteryState(charge * capacity_wh)
    profile = job.profile(300.0)
    for low, high, share in zip(
        profile.low_w, profile.high_w, profile.high_fraction, strict=True
    ):
        for load_w, part in ((high, share), (low, 1 - share)):
            if part > 0:
                done = step(
                    battery, state, panel_w=0.0, load_w=float(load_w), hours=part / 12
                )
                assert done.unmet_wh == pytest.approx(0.0, abs=1e-6)
                state = done.state
    assert state.stored_wh >= 0.15 * capacity_wh - 1e-6


def test_nothing_at_work_leaves_the_charge_as_it_is() -> None:
    assert dark_low(IDEAL, 500.0, ()).fraction == pytest.approx(0.5)


def test_figures_out_of_range_are_refused() -> None:
    with pytest.raises(InvalidInput, match="shares"):
        RuleBook(spare_fraction=1.5)
    with pytest.raises(InvalidInput, match="quiet"):
        RuleBook(quiet_from_h=25.0)
    with pytest.raises(InvalidInput, match="holds"):
        SiteNow(IDEAL, 2000.0)
    with pytest.raises(InvalidInput, match="powers"):
        SiteNow(IDEAL, 100.0, standing_w=float("nan"))
    with pytest.raises(InvalidInput, match="outlook"):
        Outlook(AT, np.zeros((2, 3)), np.zeros(4))
