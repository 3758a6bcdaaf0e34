"""Intervals from the spread of constants, by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.quoting.processes.evidence import (
    LEVELS,
    Evidence,
    Known,
    Term,
    figure_of,
    weakest,
)
from nearmade.vocabulary.errors import InvalidInput

GUESS = Evidence("assumed", "a guess")
MEASURED = Evidence("measured", "a trial")
#: The 90th percentile of the standard normal distribution, from a printed table.
Z90 = 1.2816


def test_one_constant_spreads_the_figure_by_its_own_spread() -> None:
    figure = figure_of([Term("all", 10.0, (Known(1, 1.5, GUESS),))])
    assert figure.estimate.high == pytest.approx(10 * 1.5**Z90, rel=1e-4)
    assert figure.estimate.low == pytest.approx(10 / 1.5**Z90, rel=1e-4)


def test_independent_errors_of_two_halves_add_in_squares() -> None:
    one, other = Known(1, 1.5, GUESS), Known(1, 1.5, MEASURED)
    figure = figure_of([Term("a", 5.0, (one,)), Term("b", 5.0, (other,))])
    expected = 10 * math.exp(Z90 * math.log(1.5) / math.sqrt(2))
    assert figure.estimate.high == pytest.approx(expected, rel=1e-4)


def test_one_constant_in_two_terms_is_off_in_both_alike() -> None:
    shared = Known(1, 1.5, GUESS)
    figure = figure_of([Term("a", 5.0, (shared,)), Term("b", 5.0, (shared,))])
    assert figure.estimate.high == pytest.approx(10 * 1.5**Z90, rel=1e-4)


def test_a_figure_is_as_good_as_the_weakest_of_its_large_terms() -> None:
    large = Term("large", 95.0, (Known(1, 1.1, MEASURED),))
    small = Term("small", 5.0, (Known(1, 1.9, GUESS),))
    assert figure_of([large, small]).evidence.level == "measured"
    grown = Term("grown", 50.0, small.factors)
    assert figure_of([large, grown]).evidence == Evidence("assumed", "a trial; a guess")


def test_levels_stand_from_strong_to_weak() -> None:
    assert list(LEVELS) == ["measured", "fitted", "formula", "assumed"]
    formula = Evidence("formula", "a book")
    assert weakest([formula, MEASURED]).level == "formula"


def test_scaling_by_a_constant_takes_its_spread_along() -> None:
    figure = figure_of([Term("all", 10.0, (Known(1, 1.2, GUESS),))])
    scaled = figure.times(0.5, Known(3, 1.3, GUESS))
    both = math.hypot(math.log(1.2), math.log(1.3))
    assert scaled.estimate.value == pytest.approx(15)
    assert scaled.estimate.high == pytest.approx(15 * math.exp(Z90 * both), rel=1e-4)


def test_a_figure_says_what_it_is_made_of() -> None:
    known = Known(1, 1.2, GUESS)
    figure = figure_of(
        [Term("a", 1.0, (known,)), Term("b", 2.0, (known,)), Term("a", 3.0, (known,))]
    )
    assert figure.made_of() == {"a": 4.0, "b": 2.0}
    told = figure.as_dict()
    assert told["evidence"] == {
        "level": "assumed",
        "reads": "assumed",
        "source": "a guess",
    }


@pytest.mark.parametrize(
    "terms",
    [
        [],
        [Term("a", 0.0, (Known(1, 1, GUESS),))],
        [Term("a", -1.0, (Known(1, 1, GUESS),))],
        [Term("a", math.nan, (Known(1, 1, GUESS),))],
        [Term("a", math.inf, (Known(1, 1, GUESS),))],
    ],
)
def test_sums_of_nothing_or_nonsense_are_refused(terms: list[Term]) -> None:
    with pytest.raises(InvalidInput):
        figure_of(terms)


@pytest.mark.parametrize(
    ("value", "spread"), [(-1, 1.1), (math.nan, 1.1), (1, 0.9), (1, 3)]
)
def test_constants_out_of_range_are_refused(value: float, spread: float) -> None:
    with pytest.raises(InvalidInput):
        Known(value, spread, GUESS)


def test_evidence_without_a_source_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Evidence("measured", "")


spreads = st.floats(1, 2)
amounts = st.floats(0, 1e6)


@given(
    st.lists(st.tuples(amounts, spreads), min_size=1, max_size=5), st.floats(1e-3, 1e6)
)
def test_both_ends_grow_when_a_term_grows(
    parts: list[tuple[float, float]], more: float
) -> None:
    known = [Known(1, spread, GUESS) for _, spread in parts]
    terms = [
        Term("t", amount + 1e-3, (each,))
        for (amount, _), each in zip(parts, known, strict=True)
    ]
    grown = [Term("t", terms[0].amount + more, terms[0].factors), *terms[1:]]
    before, after = figure_of(terms).estimate, figure_of(grown).estimate
    assert before.low <= before.value <= before.high
    assert after.value >= before.value
    assert after.low >= before.low * (1 - 1e-9)
    assert after.high >= before.high * (1 - 1e-9)
