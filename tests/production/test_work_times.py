from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.load.machine_load import load_of_file
from nearmade.energy.load.machine_power import MK3S
from nearmade.production.work_times import work_times
from tests.production.plain_files import SQUARE, build


def test_heaters_fan_and_layers_are_found_where_the_file_sets_them() -> None:
    cooler = SQUARE.replace("G1 Z0.4\n", "G1 Z0.4\nM140 S50\nM106 S127.5\n")
    times = work_times(build(cooler), total_s=1000.0)
    assert times.moves_s == 1000.0
    assert times.bed_steps[0] == (0.0, 60.0)
    assert times.nozzle_steps[0] == (0.0, 205.0)
    assert len(times.layer_starts_s) == 2
    second_s = times.layer_starts_s[1]
    assert times.bed_steps[1][1] == 50.0
    assert times.bed_steps[1][0] == pytest.approx(second_s, rel=0.01)
    assert times.fan_steps[0][1] == 0.5
    assert times.fan_steps[-1][0] == pytest.approx(1000.0)
    assert times.fan_steps[-1][1] == 0.0


def test_a_fan_without_a_speed_is_full_and_other_fans_are_not_counted() -> None:
    file = SQUARE.replace("G1 Z0.4\n", "G1 Z0.4\nM106\nM106 P2 S255\nM107 P2\n")
    speeds = [speed for _, speed in work_times(build(file)).fan_steps]
    assert speeds == [1.0, 0.0]


def test_a_file_s_load_follows_its_bed() -> None:
    warm = load_of_file(MK3S, work_times(build(), total_s=3600.0))
    cold = load_of_file(
        MK3S, work_times(build(head="G90\nM83\nM109 S205\nG28\n"), total_s=3600.0)
    )
    assert warm.peak_w > cold.peak_w + 100
    assert warm.work_wh > cold.work_wh + 20


@given(st.binary(max_size=300))
def test_any_bytes_give_a_load(content: bytes) -> None:
    load = load_of_file(MK3S, work_times(content))
    assert 0 <= load.work_wh < 1e6


@given(
    st.lists(
        st.sampled_from(
            ["M140 S1e9", "M190 S-5", "M104 S99999", "M106 S-1", "G4 S1", "M109"]
        ),
        max_size=20,
    )
)
def test_hostile_set_points_give_a_load(lines: list[str]) -> None:
    file = build("\n".join([*lines, SQUARE]))
    load = load_of_file(MK3S, work_times(file, total_s=600.0))
    assert load.work_s >= 600.0
    assert load.peak_w < 2000
