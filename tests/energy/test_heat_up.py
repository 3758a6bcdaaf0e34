from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.energy.load.heat_up import exceeded_fraction, heat_up_words
from nearmade.energy.load.machine_load import JobLoad, Phase
from nearmade.vocabulary.errors import InvalidInput

HEAT = Phase("heat", 300.0, 10.0, 250.0, 0.8)
PRINT = Phase("print", 7200.0, 50.0, 250.0, 0.15)
WHOLE = JobLoad((HEAT, PRINT), 5.0, "by hand")
WARM = JobLoad((PRINT,), 5.0, "by hand")


def test_beds_switch_each_for_itself() -> None:
    # Two beds: both on for 0.15 x 0.15 of the time, 500 W; one on: 300 W.
    assert exceeded_fraction([PRINT, PRINT], 499.0) == pytest.approx(0.0225)
    assert exceeded_fraction([PRINT, PRINT], 299.0) == pytest.approx(1 - 0.85**2)
    assert exceeded_fraction([PRINT, PRINT], 500.0) == 0.0
    assert exceeded_fraction([PRINT, PRINT], 99.0) == 1.0


def test_a_machine_that_heats_up_is_at_its_peak() -> None:
    assert exceeded_fraction([HEAT, PRINT], 400.0) == pytest.approx(0.15)
    assert exceeded_fraction([HEAT, HEAT], 499.0) == 1.0
    assert exceeded_fraction([], 10.0, standing_w=11.0) == 1.0


def test_peaks_are_added_for_an_inverter() -> None:
    assert heat_up_words(WHOLE, [WARM], 500.0, 0.0) == ""
    assert heat_up_words(WHOLE, [WARM], 499.0, 0.0) == (
        "waits: it draws up to 250 W beside 250 W of others, the site gives 499 W at "
        "once"
    )


def test_behind_a_fuse_heat_ups_are_spread_out() -> None:
    # Beside one that prints: 250 W and 250 W for 15 % of the time.
    beside_warm = heat_up_words(WHOLE, [WARM], 450.0, 0.2)
    assert beside_warm == ""
    beside_cold = heat_up_words(WHOLE, [WHOLE], 450.0, 0.2)
    assert beside_cold == (
        "waits: heating up it would pass 450 W for 1e+02 % of the time, 20 % may be; "
        "another heats up for 5 min more"
    ).replace("1e+02", "100")


def test_no_more_machines_than_may_print_together() -> None:
    # Heating beside three at 350 W is seldom passed, printing of four at 230 W is not.
    cold = JobLoad((Phase("heat", 60.0, 0.0, 20.0, 1.0), PRINT), 5.0, "")
    words = heat_up_words(cold, [WARM] * 3, 390.0, 0.4)
    assert words.startswith("waits: printing beside 3 others")


def test_one_machine_alone_must_fit_by_its_peak() -> None:
    assert "at once" in heat_up_words(WHOLE, [], 249.0, 0.9)


@given(
    st.lists(
        st.builds(
            Phase,
            st.just("print"),
            st.just(60.0),
            st.floats(0, 100),
            st.floats(100, 900),
            st.floats(0, 1),
        ),
        max_size=8,
    ),
    st.floats(0, 5000),
)
def test_a_share_is_a_share_and_falls_with_the_limit(
    phases: list[Phase], limit_w: float
) -> None:
    share = exceeded_fraction(phases, limit_w)
    assert -1e-9 <= share <= 1 + 1e-9
    assert exceeded_fraction(phases, limit_w + 100) <= share + 1e-9


def test_powers_out_of_range_are_refused() -> None:
    with pytest.raises(InvalidInput, match="heat-up"):
        exceeded_fraction([PRINT], float("nan"))
