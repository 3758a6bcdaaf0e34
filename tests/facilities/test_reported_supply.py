"""What a site reports of its electricity: read, kept, and refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.reported_supply import (
    ReportedSupply,
    kept_supply,
    supply_from_record,
    supply_record,
)
from nearmade.vocabulary.errors import InvalidInput

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_report_of_all_fields_is_read_as_it_is() -> None:
    found = supply_from_record(
        {
            "pv_wp": 4000,
            "tilt_deg": 30,
            "azimuth_deg": 200.0,
            "battery_wh": 5000.0,
            "charge_fraction": 0.97,
            "discharge_fraction": 0.96,
            "cutoff_fraction": 0.2,
            "standing_w": 15.0,
            "grid_gco2e_per_kwh": [float(n) for n in range(24)],
            "sun_wh": {"2026-11-24": 3000.0, "2026-11-23": 500},
        },
        NOW,
    )
    assert found == ReportedSupply(
        NOW,
        4000.0,
        30.0,
        200.0,
        5000.0,
        0.97,
        0.96,
        0.2,
        15.0,
        tuple(float(n) for n in range(24)),
        ((date(2026, 11, 23), 500.0), (date(2026, 11, 24), 3000.0)),
    )


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ([], "supply: must be an object"),
        ({"pv_wp": 1.0, "battery": 5}, "supply.battery: is not a field"),
        ({"battery_wh": 5.0, "grid_gco2e_per_kwh": [1.0] * 24}, "without panels"),
        ({"sun_wh": {"2026-11-23": 1.0}}, "of a site without panels"),
        ({"pv_wp": 1.0, "sun_wh": {"2026-11-23": 15.0}}, "at most 14"),
        ({"pv_wp": 1.0, "sun_wh": {"20261123": 1.0}}, "must be a date"),
        ({"pv_wp": 1.0, "sun_wh": {"2026-13-01": 1.0}}, "must be a date"),
        (
            {"pv_wp": 1.0, "sun_wh": {f"2026-11-{n:02d}": 1.0 for n in range(8, 25)}},
            "has 17 days, at most 16",
        ),
        ({"pv_wp": float("nan")}, "supply.pv_wp"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(record: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        supply_from_record(record, NOW)


@given(
    st.floats(0.1, 1e6),
    st.one_of(st.none(), st.floats(0, 90)),
    st.floats(0, 1e6),
    st.lists(st.floats(0, 5000), min_size=24, max_size=24),
)
def test_what_is_kept_is_what_was_reported(
    pv_wp: float, tilt_deg: float | None, battery_wh: float, grid: list[float]
) -> None:
    told = {
        "pv_wp": pv_wp,
        "tilt_deg": tilt_deg,
        "battery_wh": battery_wh,
        "grid_gco2e_per_kwh": grid,
        "sun_wh": {"2026-11-25": pv_wp},
    }
    found = supply_from_record(told, NOW)
    assert kept_supply(supply_record(found)) == found


@pytest.mark.parametrize(
    "kept",
    [None, {}, {"pv_wp": 5.0}, {"reported_at": "x"}, {"reported_at": NOW.isoformat()}],
)
def test_what_nobody_can_read_any_more_counts_as_not_reported(kept: Any) -> None:
    assert kept_supply(kept) is None
