"""Where one alternative beats the other, against lines crossed by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.impact.break_even import Axis, BreakEven, break_even
from nearmade.impact.database import Database, Exchange, Flow, Method, Process
from nearmade.impact.study import Study
from nearmade.vocabulary.errors import InvalidInput, NotFound

GAS = Flow("gas", "Gas", "g")
CLIMATE = Method("climate", "Climate", "g", {"gas": 1.0}, "by definition")


def emitter(name: str, amount: float, spread: float = 1.0) -> Process:
    """Give a process that emits so much, spread so far."""
    gas = Exchange("gas", amount, geometric_sd=spread, source="a test's own")
    return Process(name, name, "piece", "GLO", (gas,))


def world(*processes: Process) -> Database:
    """Give a database of a few processes."""
    return Database(
        {one.id: one for one in processes}, {"gas": GAS}, {"climate": CLIMATE}
    )


def meet(
    axis: Axis,
    demands: Mapping[str, Callable[[float], Mapping[str, float]]],
    database: Database,
    draws: int,
) -> BreakEven:
    """Find where two demands that vary along an axis meet."""
    first, second = demands
    return break_even(
        axis,
        lambda x: Study("one", {name: at(x) for name, at in demands.items()}),
        first,
        second,
        method="climate",
        database=database,
        draws=draws,
    )


BATCH = Axis(
    "batch",
    "Batch",
    "pieces",
    (1.0, 10.0, 40.0, 1000.0, 1e5),
    straight_in="inverse",
    log=True,
)
SMALL = world(emitter("print", 10.0), emitter("mould", 2.0), emitter("tool", 800.0))


def batch_of_moulds(database: Database = SMALL, draws: int = 50) -> BreakEven:
    """Compare printing with moulding along the batch."""
    return meet(
        BATCH,
        {
            "printed": lambda _: {"print": 1.0},
            "moulded": lambda n: {"mould": 1.0, "tool": 1 / n},
        },
        database,
        draws,
    )


def test_a_tool_is_worth_it_from_the_batch_worked_out_by_hand() -> None:
    # 10 = 2 + 800 / n at n = 100, however far apart the places stand
    met = batch_of_moulds()
    assert met.crossing == pytest.approx(100)
    assert met.low == met.high == pytest.approx(100)
    assert met.better_below == "printed"
    assert met.crossing_fraction == 1.0
    assert (met.first_better_at_start, met.first_better_at_end) == (1.0, 0.0)
    assert met.second.values[0] == pytest.approx(802)
    assert "printed is better below 100 pieces" in met.sentence()
    assert "moulded above" in met.sentence()


def test_the_band_is_that_of_the_draws() -> None:
    # the crossing is 800 s / 8 with s lognormal, so 100 exp(-+1.645 ln 1.5)
    vague = world(
        emitter("print", 10.0), emitter("mould", 2.0), emitter("tool", 800.0, 1.5)
    )
    met = batch_of_moulds(vague, draws=20_000)
    assert met.low == pytest.approx(100 * exp(-1.645 * 0.405465), rel=0.02)
    assert met.high == pytest.approx(100 * exp(1.645 * 0.405465), rel=0.02)
    assert met.second.low[0] == pytest.approx(2 + 800 * exp(-1.645 * 0.405465), 0.02)


def test_what_both_share_does_not_widen_the_band() -> None:
    shared = world(emitter("same", 1000.0, 2.0), emitter("km", 1.0), emitter("far", 50))
    met = meet(
        Axis("distance", "Distance", "km", (0.0, 100.0)),
        {
            "here": lambda km: {"same": 1.0, "km": km},
            "central": lambda _: {"same": 1.0, "far": 1.0},
        },
        shared,
        200,
    )
    assert met.low == pytest.approx(50)
    assert met.high == pytest.approx(50)


def test_alternatives_that_never_meet_say_who_is_better() -> None:
    met = meet(
        Axis("distance", "Distance", "km", (0.0, 10.0)),
        {"a": lambda km: {"print": km}, "b": lambda _: {"tool": 1.0}},
        SMALL,
        10,
    )
    assert met.crossing is None
    assert (met.low, met.high) == (None, None)
    assert met.better_below == ""
    assert "a is better all along" in met.sentence()


def test_a_band_that_leaves_the_axis_has_an_open_end() -> None:
    vague = world(emitter("km", 1.0, 3.0), emitter("far", 90.0), emitter("none", 0.0))
    met = meet(
        Axis("distance", "Distance", "km", (0.0, 100.0)),
        {"here": lambda km: {"km": km}, "central": lambda _: {"far": 1.0}},
        vague,
        2000,
    )
    # 5 % and 95 % of 90 / s: 14.8 km and 548 km, the latter off the axis
    assert met.low == pytest.approx(90 / 3**1.645, rel=0.1)
    assert met.high is None
    assert "beyond the end" in met.sentence()


@given(
    slope=st.floats(0.1, 50),
    fixed=st.floats(0.1, 50),
    places=st.lists(st.floats(0.5, 1e4), min_size=2, max_size=9, unique=True),
)
def test_at_the_crossing_both_score_alike(
    slope: float, fixed: float, places: list[float]
) -> None:
    axis = Axis("distance", "Distance", "km", tuple(sorted(places)))
    met = meet(
        axis,
        {"a": lambda km: {"print": km * slope}, "b": lambda _: {"tool": fixed}},
        SMALL,
        1,
    )
    crossing = 800 * fixed / (10 * slope)
    if axis.places[0] < crossing < axis.places[-1]:
        assert met.crossing == pytest.approx(crossing, rel=1e-6)
    else:
        assert met.crossing is None or met.crossing == pytest.approx(crossing, rel=1e-6)


def test_axes_that_do_not_grow_are_refused() -> None:
    with pytest.raises(InvalidInput, match="must grow"):
        Axis("distance", "Distance", "km", (2.0, 1.0))
    with pytest.raises(InvalidInput, match="above 0"):
        Axis("batch", "Batch", "", (0.0, 1.0), straight_in="inverse")


def test_an_alternative_that_is_not_there_is_not_found() -> None:
    study = Study("one", {"a": {"print": 1.0}, "b": {"mould": 1.0}})
    with pytest.raises(NotFound, match="no alternative"):
        break_even(BATCH, lambda _: study, "a", "c", method="climate", database=SMALL)
