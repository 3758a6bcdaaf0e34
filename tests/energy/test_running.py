"""Years of sites: small ones by hand, laws by chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.energy.load.machine_load import JobLoad, LoadProfile, Phase
from nearmade.energy.sky.sun import Array
from nearmade.energy.supply.battery import Battery
from nearmade.energy.years.running import (
    SitePlant,
    SiteRule,
    SiteRuns,
    StartRule,
    run_sites,
)
from nearmade.vocabulary.errors import InvalidInput

#: Two hours at 100 W, half of it at 150 W and half at 50 W.
JOB = JobLoad((Phase("print", 7200.0, 50.0, 150.0, 0.5),), 0.0, "by hand").profile(3600)

#: Loses nothing, so that sums can be done by hand; cut off at 10 %.
IDEAL = Battery(1000.0, charge_fraction=1.0, discharge_fraction=1.0)

DARK = np.zeros((1, 24))


def run(
    start: StartRule,
    suns: Array = DARK,
    *,
    battery: Battery = IDEAL,
    load: LoadProfile = JOB,
    clear: Array | None = None,
    **more: float,
) -> SiteRuns:
    rule = SiteRule(start, **{"rest_w": 0.0, "first_fraction": 1.0, **more})  # type: ignore[arg-type]
    plants = [SitePlant(battery, rule, sun) for sun in range(len(suns))]
    return run_sites(plants, suns, [load], clear_w=clear, trace=True)


def test_reserve_begins_only_what_the_battery_holds_whole() -> None:
    # 1000 Wh full, 150 Wh kept: four builds of 200 Wh fit into 850 Wh.
    runs = run(StartRule.RESERVE)
    assert (runs.finished[0], runs.ruined[0]) == (4, 0)
    assert runs.last_wh[0] == pytest.approx(200.0)
    assert runs.stored_wh[0, :3] == pytest.approx([900.0, 800.0, 700.0])


def test_greedy_begins_a_fifth_and_the_cut_off_ruins_it() -> None:
    runs = run(StartRule.GREEDY)
    assert (runs.finished[0], runs.ruined[0]) == (4, 1)
    assert runs.last_wh[0] == pytest.approx(100.0)
    assert runs.off_h[0] > 0


def test_hindsight_begins_when_the_true_sun_carries_the_rest() -> None:
    sun = np.zeros((1, 24))
    sun[0, 10:12] = 100.0  # just one build's worth
    known, reserve = run(StartRule.KNOWN, sun), run(StartRule.RESERVE, sun)
    assert known.finished[0] == reserve.finished[0] == 5
    assert known.stored_wh[0, 10] == pytest.approx(200.0)  # it prints in the sun
    assert reserve.stored_wh[0, 10] == pytest.approx(300.0)  # it stores first


def test_a_battery_that_cannot_give_the_peak_begins_nothing() -> None:
    weak = Battery(1000.0, max_discharge_w=149.0)
    assert run(StartRule.GREEDY, battery=weak).finished[0] == 0
    assert run(StartRule.GREEDY, max_w=149.0).finished[0] == 0
    assert run(StartRule.RESERVE, max_w=150.0).finished[0] == 4


def test_opening_hours_hold_beginning_and_end() -> None:
    # From 8 to 12 two builds of two hours fit.
    runs = run(StartRule.RESERVE, opens_hour=8.0, closes_hour=12.0)
    assert runs.finished[0] == 2
    assert runs.stored_wh[0, 7] == 1000.0
    assert runs.stored_wh[0, 8] == 900.0


def test_a_day_takes_no_more_builds_than_it_may() -> None:
    runs = run(StartRule.RESERVE, np.zeros((1, 72)), per_day=1)
    assert runs.finished_by_day.tolist() == [[1, 1, 1]]


def test_two_machines_share_one_battery() -> None:
    runs = run(StartRule.RESERVE, machines=2)
    assert runs.finished[0] == 4
    assert runs.stored_wh[0, :2] == pytest.approx([800.0, 600.0])


def test_the_sound_rule_asks_the_last_weeks_when_the_battery_is_too_small() -> None:
    # 200 Wh hold 170 Wh of a build of 200 Wh. Every day is alike, so 12 to 14 o'clock
    # always brought 80 W or more: 0.8 of it carries what lacks.
    days = 80
    sun = np.tile(np.r_[np.zeros(10), np.full(6, 80.0), np.zeros(8)], days)[None]
    small = Battery(200.0, charge_fraction=1.0, discharge_fraction=1.0)
    alike = run(StartRule.SOUND, sun, battery=small, clear=sun)
    assert alike.ruined[0] == 0
    # 40 like hours, five each day, are there after a week.
    assert 60 < alike.finished[0] <= 80
    assert alike.by_sun[0] == alike.finished[0]
    assert run(StartRule.RESERVE, sun, battery=small).finished[0] == 0


def test_a_trace_is_kept_only_when_asked_for() -> None:
    runs = run_sites([SitePlant(IDEAL, SiteRule(StartRule.RESERVE))], DARK, [JOB])
    assert runs.stored_wh.shape == (1, 0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(list(StartRule)), st.integers(1, 3))
def test_energy_is_kept_whatever_the_weather(
    seed: int, start: StartRule, machines: int
) -> None:
    chance = np.random.default_rng(seed)
    suns = np.maximum(0.0, chance.normal(40.0, 80.0, (2, 240)))
    battery = Battery(
        400.0, loss_per_w=0.0002, self_loss_per_month=0.02, max_discharge_w=500.0
    )
    runs = run(start, suns, battery=battery, clear=suns + 1, machines=machines)
    given_wh = runs.panel_wh + runs.grid_wh + runs.generator_wh
    kept = runs.last_wh - 400.0
    used = runs.served_wh + runs.curtailed_wh + runs.lost_wh + kept
    assert used == pytest.approx(given_wh)
    assert np.all(runs.stored_wh >= -1e-9)
    assert np.all(runs.stored_wh <= 400.0 + 1e-9)
    assert np.all(runs.finished_by_day.sum(axis=1) == runs.finished)
    if start in (StartRule.RESERVE, StartRule.KNOWN):
        assert runs.ruined.sum() == 0


@pytest.mark.parametrize(
    ("suns", "word"),
    [
        (np.zeros(24), "zero or more"),
        (np.full((1, 24), -1.0), "zero or more"),
        (np.full((1, 24), np.nan), "zero or more"),
        (np.full((1, 24), np.inf), "finite"),
    ],
)
def test_a_sun_that_cannot_be_is_refused(suns: Array, word: str) -> None:
    with pytest.raises(InvalidInput, match=word):
        run_sites([SitePlant(IDEAL, SiteRule(StartRule.RESERVE))], suns, [JOB])


def test_what_does_not_fit_is_refused() -> None:
    plant = SitePlant(IDEAL, SiteRule(StartRule.RESERVE))
    five = JobLoad((Phase("print", 7200.0, 50.0, 50.0, 0.0),), 0.0, "").profile(300)
    with pytest.raises(InvalidInput, match="one length"):
        run_sites([plant], DARK, [JOB, five])
    with pytest.raises(InvalidInput, match="none of the 1 suns"):
        run_sites([SitePlant(IDEAL, plant.rule, 1)], DARK, [JOB])
    with pytest.raises(InvalidInput, match="clear sky"):
        run_sites([SitePlant(IDEAL)], DARK, [JOB])
    with pytest.raises(InvalidInput, match="differ"):
        run_sites([plant], DARK, [JOB], clear_w=np.zeros((2, 24)))
    with pytest.raises(InvalidInput, match="one build"):
        run_sites([plant], DARK, [])
    with pytest.raises(InvalidInput, match="factors"):
        run_sites([SitePlant(IDEAL, plant.rule, 0, -1.0)], DARK, [JOB])


@pytest.mark.parametrize(
    "wrong",
    [
        {"rest_w": -1.0},
        {"max_w": float("nan")},
        {"spare_fraction": 2.0},
        {"opens_hour": 9.0, "closes_hour": 8.0},
        {"machines": 0},
        {"caution_fraction": -0.1},
        {"like_days": 0},
    ],
)
def test_a_rule_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="site rule"):
        SiteRule(**wrong)  # type: ignore[arg-type]
