from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from nearmade.energy.deciding.windows import Band, Windows, by_hour, may_start_on_grid
from nearmade.energy.load.machine_load import JobLoad, Phase
from nearmade.vocabulary.errors import InvalidInput

#: Monday 18:00.
AT = datetime(2026, 6, 1, 18, tzinfo=UTC)

#: Two hours at 500 W: one kWh.
JOB = JobLoad((Phase("print", 7200.0, 500.0, 500.0, 0.0),), 0.0, "by hand")

NIGHT = (Band(22, 6, 0.10), Band(0, 24, 0.30))


def test_a_band_holds_over_midnight_and_the_first_that_holds_counts() -> None:
    hours = np.array([0.0, 5.9, 6.0, 21.9, 22.0])
    assert by_hour(NIGHT, hours).tolist() == [0.1, 0.1, 0.3, 0.3, 0.1]
    assert by_hour((), hours).tolist() == [0.0] * 5
    # Between bands the dearest is taken.
    assert by_hour((Band(0, 1, 0.2), Band(2, 3, 0.4)), np.array([1.5]))[0] == 0.4


def test_a_build_waits_for_the_cheap_hours_and_says_what_it_saves() -> None:
    windows = Windows(tariff=NIGHT, currency="EUR")
    decision = may_start_on_grid(JOB, windows, AT, since=AT)
    assert not decision.ok
    assert decision.reason == (
        "waits until Mon 22:00: 1.00 kWh then take 0.100 EUR instead of 0.300 EUR "
        "(0.10 instead of 0.30 per kWh)"
    )
    later = AT + timedelta(hours=4)
    start = may_start_on_grid(JOB, windows, later, since=AT)
    assert start.ok
    assert start.reason.startswith("starts 22:00: 1.00 kWh for 0.100 EUR")


def test_a_build_waits_no_longer_than_its_patience() -> None:
    windows = Windows(tariff=NIGHT, currency="EUR", patience_h=3)
    # At 21:00 only one of its two hours would be cheap: 0.2 instead of 0.3.
    short = may_start_on_grid(JOB, windows, AT, since=AT)
    assert short.reason.startswith("waits until Mon 21:00")
    assert "0.200 EUR" in short.reason
    tired = may_start_on_grid(JOB, windows, AT, since=AT - timedelta(hours=3))
    assert tired.ok


def test_little_is_not_worth_a_wait() -> None:
    flat = (Band(22, 6, 0.29), Band(0, 24, 0.30))
    assert may_start_on_grid(JOB, Windows(tariff=flat), AT, since=AT).ok


def test_carbon_decides_without_a_tariff_and_weighs_in_beside_one() -> None:
    noon = (Band(10, 16, 50.0), Band(0, 24, 400.0))
    clean = may_start_on_grid(JOB, Windows(carbon=noon, patience_h=24), AT, since=AT)
    assert clean.reason == (
        "waits until Tue 10:00: 1.00 kWh then take 50 g CO2e instead of 400 g CO2e"
    )
    # 350 g at 0.1 EUR/kg are 0.035 EUR: less than the 0.2 EUR of the night.
    both = Windows(
        tariff=NIGHT, carbon=noon, currency="EUR", carbon_per_kg=0.1, patience_h=24
    )
    found = may_start_on_grid(JOB, both, AT, since=AT)
    assert "until Mon 22:00" in found.reason
    assert "0.100 EUR and 400 g CO2e" in found.reason


def test_the_local_clock_counts() -> None:
    windows = Windows(tariff=NIGHT)
    found = may_start_on_grid(
        JOB, windows, AT, since=AT, zone=timezone(timedelta(hours=4))
    )
    assert found.ok


def test_without_windows_a_build_starts() -> None:
    found = may_start_on_grid(JOB, Windows(), AT, since=AT)
    assert found.reason == "starts 18:00: on the grid"


def test_figures_out_of_range_are_refused() -> None:
    with pytest.raises(InvalidInput, match="band"):
        Band(0, 25, 0.1)
    with pytest.raises(InvalidInput, match="per kWh"):
        Band(0, 24, float("nan"))
    with pytest.raises(InvalidInput, match="patience"):
        Windows(patience_h=-1)
    with pytest.raises(InvalidInput, match="worth of CO2e"):
        Windows(carbon_per_kg=-1)
