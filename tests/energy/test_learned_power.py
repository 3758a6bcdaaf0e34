"""Learning a machine's power: from made-up meters whose truth is known."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.load.learned_power import (
    Doing,
    Reading,
    Readings,
    learn,
    readings_from,
)
from nearmade.energy.load.machine_power import ENDER_3, MK3S


def read(*readings: Reading) -> Readings:
    counts = Readings()
    for reading in readings:
        counts = counts.with_reading(reading)
    return counts


def steady(
    watts: float, minutes: float, every_s: float = 10.0, doing: Doing = "print"
) -> list[Reading]:
    count = int(minutes * 60 / every_s) + 1
    return [Reading(n * every_s, watts, doing, 60.0) for n in range(count)]


def switching(minutes: float, every_s: float = 10.0) -> list[Reading]:
    """Give an Ender-3 on the 24 V side: 47 W, and 262 W for 15.4 % of the time."""
    chance = np.random.default_rng(4)
    count = int(minutes * 60 / every_s) + 1
    on = chance.random(count) < 0.154
    return [
        Reading(n * every_s, 262.0 if bed else 47.0, "print", 60.0)
        for n, bed in enumerate(on)
    ]


def test_without_readings_the_model_counts() -> None:
    learned = learn(MK3S, Readings())
    assert learned.power is MK3S
    assert learned.high_factor == 1.2
    assert learned.words == "by model: MK3S"


def test_nineteen_minutes_of_printing_are_not_enough() -> None:
    assert learn(MK3S, read(*steady(120.0, 19))).power is MK3S


def test_bed_base_and_duty_are_found_in_close_readings() -> None:
    learned = learn(ENDER_3, read(*switching(600)))
    weight = 600 / 660  # ten hours against the hour that the model weighs
    power = learned.power
    for found, model, truth in (
        (power.base_w, ENDER_3.base_w, 47.0),
        (power.bed_w, ENDER_3.bed_w, 215.0),
        (power.bed_duty_fraction, ENDER_3.bed_duty_fraction, 0.154),
    ):
        assert found == pytest.approx(model + weight * (truth - model), rel=0.06)
    # The mean: 80.1 W measured, 91.3 W by the model at the plug.
    assert power.printing_w == pytest.approx(80.1 + 11.2 * (1 - weight), rel=0.03)
    assert learned.high_factor == pytest.approx(1.2 - 0.15 * weight)
    assert "bed 216 W" in learned.words


def test_readings_far_apart_teach_the_mean_alone_and_keep_the_peak() -> None:
    learned = learn(MK3S, read(*steady(100.0, 300, every_s=120.0)))
    weight = 300 / 360
    expected = MK3S.printing_w + weight * (100.0 - MK3S.printing_w)
    assert learned.power.printing_w == pytest.approx(expected, rel=0.01)
    assert learned.power.peak_w == MK3S.peak_w
    assert "too far apart" in learned.words


def test_a_warmer_bed_is_brought_back_to_the_model_s() -> None:
    warm = [replace(reading, bed_degc=98.0) for reading in switching(6000)]
    learned = learn(ENDER_3, read(*warm))
    # 76 K over the room instead of 38: half of the measured duty at 60 degC.
    assert learned.power.bed_duty_fraction == pytest.approx(0.077, rel=0.1)


def test_rest_is_learned_from_thirty_readings() -> None:
    few = read(*steady(8.0, 4, doing="rest"))  # 25 readings
    assert learn(MK3S, few).power.idle_w == MK3S.idle_w
    enough = read(*steady(8.0, 5, doing="rest"))
    assert learn(MK3S, enough).power.idle_w == pytest.approx(8.0)


def a_heat_up(begin_s: float) -> list[Reading]:
    """Give six minutes at 200 W between rest and print: 20 Wh."""
    return [
        Reading(begin_s, 5.0, "rest"),
        *(Reading(begin_s + 60.0 * n, 200.0, "heat") for n in range(1, 7)),
        Reading(begin_s + 420.0, 80.0, "print", 60.0),
        Reading(begin_s + 480.0, 5.0, "rest"),
    ]


def test_heat_up_is_learned_from_two_whole_ones() -> None:
    one = read(*a_heat_up(0.0))
    assert learn(MK3S, one).power.heatup_wh == MK3S.heatup_wh
    two = read(*a_heat_up(0.0), *a_heat_up(1000.0))
    power = learn(MK3S, two).power
    assert power.heatup_wh == pytest.approx(20.0)
    assert power.heatup_s == pytest.approx(360.0)


def test_a_heat_up_that_breaks_off_is_not_counted() -> None:
    broken = [*a_heat_up(0.0)[:4], Reading(600.0, 5.0, "rest")]
    assert read(*broken).heats == 0
    late = a_heat_up(0.0)[1:]  # nobody saw it begin
    assert read(*late).heats == 0


def test_a_gap_is_not_filled() -> None:
    two = read(Reading(0.0, 80.0, "print"), Reading(3600.0, 80.0, "print"))
    assert two.print_s == 0.0


def test_readings_survive_a_restart() -> None:
    counts = read(*switching(60), *a_heat_up(10_000.0))
    again = readings_from(json.loads(json.dumps(counts.as_record())))
    assert again.as_record() == counts.as_record()


@pytest.mark.parametrize("record", [None, [], {}, {"rest_n": "x"}, {"classes": 4}])
def test_a_broken_record_counts_as_no_readings(record: object) -> None:
    assert readings_from(record) == Readings()
    assert readings_from({**Readings().as_record(), "print_s": -1}) == Readings()


@given(
    st.lists(
        st.builds(
            Reading,
            st.floats(0, 1e5),
            st.floats(allow_nan=True),
            st.sampled_from(["rest", "heat", "print"]),
            st.floats(0, 120),
        ),
        max_size=60,
    )
)
def test_whatever_a_meter_says_the_power_is_sound(readings: list[Reading]) -> None:
    power = learn(MK3S, read(*readings)).power
    assert 0 <= power.bed_duty_fraction <= 1
    assert 0 <= power.printing_w <= 4000
