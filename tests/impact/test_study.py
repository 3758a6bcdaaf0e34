"""Studies on small databases worked by hand, and the laws of solving."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.impact.database import Database, Exchange, Flow, Method, Process
from nearmade.impact.study import Study, solve
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.estimate import Estimate

CO2 = Flow("co2", "Carbon dioxide", "g")
GWP = Method("gwp", "Climate", "g", {"co2": 1.0}, "by hand")
BY_HAND = "by hand"


def database(*processes: Process) -> Database:
    return Database({one.id: one for one in processes}, {"co2": CO2}, {"gwp": GWP})


def process(name: str, *exchanges: Exchange) -> Process:
    return Process(name, name.title(), "kg", "GLO", exchanges)


def emits(amount: float, geometric_sd: float = 1.0, drawn_as: str = "") -> Exchange:
    return Exchange("co2", amount, geometric_sd, BY_HAND, drawn_as=drawn_as)


def takes(name: str, amount: float) -> Exchange:
    return Exchange(name, amount, source=BY_HAND)


def a_chain() -> Database:
    """Power 10 g; steel takes 3 power and emits 5 g; a tool takes 2 steel, 1 power."""
    return database(
        process("power", emits(10.0)),
        process("steel", takes("power", 3.0), emits(5.0)),
        process("tool", takes("steel", 2.0), takes("power", 1.0)),
    )


def a_loop() -> Database:
    """Coal takes 0.2 power, power takes 0.5 coal and emits 9 g."""
    return database(
        process("coal", takes("power", 0.2)),
        process("power", takes("coal", 0.5), emits(9.0)),
    )


def test_a_chain_agrees_with_the_sum_by_hand() -> None:
    result = solve(Study("A tool", {"a": {"tool": 1.0}}), 5, database=a_chain())
    # 2 x (3 x 10 + 5) + 10
    assert result.score["a"]["gwp"] == pytest.approx(80.0)
    shares = {one.process: one for one in result.contributions("a", "gwp")}
    # power: 2 x 3 + 1 = 7 of it
    assert (shares["power"].supply, shares["power"].direct) == pytest.approx((7, 70))
    assert (shares["steel"].direct, shares["steel"].total) == pytest.approx((10, 70))
    assert (shares["tool"].direct, shares["tool"].total) == pytest.approx((0, 80))


def test_a_loop_agrees_with_the_geometric_series() -> None:
    result = solve(Study("Power", {"a": {"power": 1.0}}), 5, database=a_loop())
    # each power takes 0.5 x 0.2 = 0.1 of itself: 9 / (1 - 0.1)
    assert result.score["a"]["gwp"] == pytest.approx(10.0)
    assert result.draws["a"]["gwp"] == pytest.approx([10.0] * 5)


def test_a_process_that_takes_of_itself_is_a_loop_too() -> None:
    own = database(process("power", takes("power", 0.5), emits(4.0)))
    result = solve(Study("Power", {"a": {"power": 1.0}}), 5, database=own)
    assert result.score["a"]["gwp"] == pytest.approx(8.0)


def test_a_loop_that_takes_more_than_it_gives_is_refused() -> None:
    greedy = database(
        process("coal", takes("power", 2.0)),
        process("power", takes("coal", 0.5), emits(9.0)),
    )
    with pytest.raises(InvalidInput, match="takes more than it gives"):
        solve(Study("Power", {"a": {"power": 1.0}}), 5, database=greedy)


def test_a_loop_that_gives_less_than_nothing_is_refused() -> None:
    greedy = database(
        process("coal", takes("power", 3.0)),
        process("power", takes("coal", 0.5), emits(9.0)),
    )
    with pytest.raises(InvalidInput, match="coal"):
        solve(Study("Power", {"a": {"power": 1.0}}), 5, database=greedy)


def an_uncertain_loop() -> Database:
    return database(
        process("coal", Exchange("power", 0.2, 1.5, BY_HAND)),
        process("power", Exchange("coal", 0.5, 1.2, BY_HAND), emits(9.0, 1.3)),
    )


def test_a_loop_is_solved_alike_many_draws_or_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = Study("Power", {"a": {"power": 1.0}, "b": {"coal": 2.0}})
    whole = solve(study, 50, database=an_uncertain_loop())
    monkeypatch.setattr("nearmade.impact.solve.LOOP_NUMBERS", 12)
    few = solve(study, 50, database=an_uncertain_loop())
    for name in ("a", "b"):
        assert few.draws[name]["gwp"] == pytest.approx(whole.draws[name]["gwp"])


def test_a_loop_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nearmade.impact.solve.MAX_LOOP", 1)
    with pytest.raises(InvalidInput, match="loop of 2 processes"):
        solve(Study("Power", {"a": {"power": 1.0}}), 5, database=a_loop())


def test_totals_of_a_loop_agree_with_the_geometric_series() -> None:
    result = solve(Study("Power", {"a": {"coal": 1.0}}), 5, database=a_loop())
    shares = {one.process: one for one in result.contributions("a", "gwp")}
    # coal takes 0.2 power of 10 g each, and is taken again: 1 / 0.9 of it in all
    assert shares["coal"].total == pytest.approx(2.0 / 0.9)
    assert shares["power"].direct == pytest.approx(2.0)


def test_a_lognormal_amount_is_the_median_and_its_mean_lies_above() -> None:
    spread = database(process("a", emits(100.0, 2.0)))
    result = solve(Study("a", {"a": {"a": 1.0}}), 20_000, database=spread)
    drawn = result.draws["a"]["gwp"]
    assert float(np.median(drawn)) == pytest.approx(100, rel=0.03)
    # 100 x exp(ln(2)^2 / 2) = 127.2
    assert float(drawn.mean()) == pytest.approx(127.2, rel=0.03)


def test_a_shared_number_cancels_in_the_difference() -> None:
    shared = database(
        process("power", emits(10.0, 3.0)),
        process("little", takes("power", 0.99)),
        process("much", takes("power", 1.0)),
    )
    study = Study("One", {"little": {"little": 1.0}, "much": {"much": 1.0}})
    result = solve(study, 500, database=shared)
    assert result.chance_below("little", "much", "gwp") == 1.0
    assert result.chance_below("much", "much", "gwp") == 0.5


def test_numbers_that_are_drawn_as_one_move_together() -> None:
    twins = database(
        process("a", emits(10.0, 2.0, "one")), process("b", emits(20.0, 2.0, "one"))
    )
    study = Study("One", {"a": {"a": 1.0}, "b": {"b": 1.0}})
    drawn = solve(study, 50, database=twins).draws
    assert drawn["b"]["gwp"] == pytest.approx(2 * drawn["a"]["gwp"])


def test_two_independent_numbers_compare_as_two_lognormals_do() -> None:
    two = database(process("a", emits(100.0, 2.0)), process("b", emits(200.0, 2.0)))
    study = Study("One", {"a": {"a": 1.0}, "b": {"b": 1.0}})
    result = solve(study, 20_000, 5, database=two)
    # P(A < B) = Phi(ln 2 / (sqrt 2 x ln 2)) = Phi(0.7071) = 0.7602
    difference = result.difference("a", "b", "gwp")
    assert difference.chance_below == pytest.approx(0.7602, abs=0.01)
    assert difference.low < difference.median < difference.high


def test_an_uncertain_demand_moves_alike_in_every_alternative() -> None:
    mass = Estimate(2.0, 1.0, 4.0)
    study = Study("One", {"a": {"power": mass}, "b": {"power": mass, "steel": 1.0}})
    result = solve(study, 100, database=a_chain())
    apart = result.draws["b"]["gwp"] - result.draws["a"]["gwp"]
    assert apart == pytest.approx([35.0] * 100)
    assert result.score["a"]["gwp"] == pytest.approx(20.0)


def test_the_tornado_swings_each_number_by_its_own_spread() -> None:
    spread = database(
        process("power", emits(10.0, 2.0)),
        process("steel", takes("power", 3.0), emits(5.0, 1.1)),
    )
    study = Study("Steel", {"a": {"steel": 1.0}})
    wide, narrow = solve(study, 5, database=spread).tornado("a", "gwp")
    # 30 x 2 ** 1.64485 + 5 and 30 / 2 ** 1.64485 + 5
    assert wide.at_high == pytest.approx(30 * 2**1.6448536 + 5)
    assert wide.at_low == pytest.approx(30 / 2**1.6448536 + 5)
    assert narrow.number == "steel < co2"
    assert narrow.width == pytest.approx(5 * (1.1**1.6448536 - 1.1**-1.6448536))


def test_the_tornado_of_a_difference_leaves_out_what_cancels() -> None:
    spread = database(
        process("power", emits(10.0, 2.0)),
        process("a", takes("power", 1.0), emits(5.0, 1.1)),
        process("b", takes("power", 1.0)),
    )
    study = Study("One", {"a": {"a": 1.0}, "b": {"b": 1.0}})
    swings = solve(study, 5, database=spread).tornado("a", "gwp", minus="b")
    assert [one.number for one in swings] == ["a < co2"]


def test_a_study_that_is_certain_has_no_tornado() -> None:
    result = solve(Study("A tool", {"a": {"tool": 1.0}}), 5, database=a_chain())
    assert result.tornado("a", "gwp") == ()


def test_an_uncertain_demand_swings_as_an_estimate_does() -> None:
    study = Study("Power", {"a": {"power": Estimate(2.0, 1.0, 4.0)}})
    (swing,) = solve(study, 5, database=a_chain()).tornado("a", "gwp")
    assert swing.number == "demand/power"
    # 20 g x 2 ** (1.64485 / 1.28155), and as far below
    assert swing.at_high == pytest.approx(20 * 2 ** (1.6448536 / 1.2815516))
    assert swing.at_low == pytest.approx(20 / 2 ** (1.6448536 / 1.2815516))


def test_what_rests_on_assumptions_is_what_falls_when_they_are_nought() -> None:
    guess = Exchange("co2", 10.0, 2.0, "assumed: a guess", assumed=True)
    half = database(process("a", guess, emits(30.0)))
    result = solve(Study("a", {"a": {"a": 1.0}}), 5, database=half)
    assert result.assumed_fraction("a", "gwp") == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Study("x", {"a": {"wood": 1.0}}), "process 'wood'"),
        (Study("x", {"a": {"tool": 1.0}}, methods=("water",)), "method 'water'"),
    ],
)
def test_what_is_not_known_is_named(asked: Study, words: str) -> None:
    with pytest.raises(NotFound, match=words):
        solve(asked, 5, database=a_chain())


def test_an_alternative_that_is_not_there_is_named() -> None:
    result = solve(Study("x", {"a": {"tool": 1.0}}), 5, database=a_chain())
    with pytest.raises(NotFound, match="alternative 'b'"):
        result.interval("b", "gwp")
    with pytest.raises(NotFound, match="method 'water'"):
        result.interval("a", "water")


def test_a_study_without_alternatives_or_with_endless_amounts_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one alternative"):
        Study("x", {})
    with pytest.raises(InvalidInput, match="amount of tool is not finite"):
        Study("x", {"a": {"tool": math.inf}})


@given(
    st.lists(st.floats(0, 2), min_size=6, max_size=6),
    st.lists(st.floats(0, 10), min_size=4, max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_contributions_and_sankey_add_up(
    amounts: list[float], own: list[float]
) -> None:
    names = ["a", "b", "c", "d"]
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    exchanges: dict[str, list[Exchange]] = {
        name: [emits(own[i])] for i, name in enumerate(names)
    }
    for (i, j), amount in zip(pairs, amounts, strict=True):
        exchanges[names[i]].append(takes(names[j], amount))
    exchanges["d"].append(takes("b", 0.1))  # a loop, gain at most 0.1 x (2 + 4)
    whole = database(*(process(name, *exchanges[name]) for name in names))
    result = solve(Study("x", {"x": {"a": 1.0}}), 3, database=whole)
    score = result.score["x"]["gwp"]
    direct = sum(one.direct for one in result.contributions("x", "gwp"))
    assert direct == pytest.approx(score)
    drawn = result.sankey("x", "gwp")
    assert drawn.imbalance() == pytest.approx(0, abs=1e-9 * (1 + score))
    root = next(one for one in drawn.nodes if one.id == "unit")
    assert root.total == pytest.approx(score)


def test_a_score_beyond_what_numbers_hold_is_refused() -> None:
    study = Study("One", {"one": {"electricity/ke": 1e308}})
    with pytest.raises(InvalidInput, match="beyond what numbers hold"):
        solve(study, 10)
