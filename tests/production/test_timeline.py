import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.production.timeline import timeline
from nearmade.vocabulary.errors import InvalidInput
from tests.production.plain_files import build


def test_heat_up_comes_first_and_moves_add_up_to_the_slicers_time() -> None:
    plan = timeline(build(), total_s=1601.0, heatup_s=300.0)
    assert plan.total_s == 1901.0
    heating = plan.at(150.0)
    assert (heating.heating, heating.layer, heating.layers) == (True, 0, 2)
    assert (heating.nozzle_degc, heating.bed_degc) == (205.0, 60.0)
    # 16.01 s of bare moves stretched 100 times: layer two begins 801 s into them.
    assert plan.at(300.0 + 800.0).layer == 1
    assert plan.at(300.0 + 802.0).layer == 2
    end = plan.at(10_000.0)
    assert (end.done_fraction, end.left_s) == (1.0, 0.0)
    assert (end.nozzle_degc, end.bed_degc) == (0.0, 0.0)


def test_the_time_written_in_the_file_is_taken() -> None:
    text = b"; estimated printing time (normal mode) = 19m 25s\n"
    assert timeline(build() + text).moves_s == 1165.0


def test_an_empty_file_is_done_at_once() -> None:
    assert timeline(b"").at(0.0).done_fraction == 1.0


def test_a_time_without_end_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must be in range"):
        timeline(build(), total_s=float("nan"))


@given(st.floats(0, 4000), st.floats(0, 4000))
def test_progress_never_goes_back(early_s: float, late_s: float) -> None:
    plan = timeline(build(), total_s=1600.0, heatup_s=200.0)
    first, second = plan.at(min(early_s, late_s)), plan.at(max(early_s, late_s))
    assert first.done_fraction <= second.done_fraction
    assert first.layer <= second.layer
    assert first.left_s >= second.left_s
