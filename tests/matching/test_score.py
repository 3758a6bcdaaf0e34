"""The soft score, part by part."""

from __future__ import annotations

import pytest

from nearmade.matching.score import score_match


def test_each_part_of_a_score_is_counted_in_dollars_by_hand() -> None:
    score = score_match(
        distance_km=500,
        reliability_fraction=0.8,
        cost_usd=20.0,
        days=3.0,
        gco2e=2_000,
    )
    assert score.as_dict() == pytest.approx(
        {
            "cost_usd": 20.0,
            "time_usd": 3.0,  # a dollar a day
            "distance_usd": 0.5,  # a thousandth of a dollar a kilometre
            "gco2e_usd": 0.2,  # 100 USD a tonne
            "history_usd": 5.0,  # one build in five fails: 20 / 0.8 - 20
            "sum_usd": 28.7,
        }
    )


def test_who_has_a_price_goes_before_who_has_none() -> None:
    dear = score_match(distance_km=9_000, reliability_fraction=0.5, cost_usd=900.0)
    unpriced = score_match(distance_km=1, reliability_fraction=1.0)
    assert dear.rank < unpriced.rank
    assert unpriced.history_usd is None


def test_a_site_where_nothing_ever_succeeded_has_no_history_to_count() -> None:
    score = score_match(distance_km=1, reliability_fraction=0.0, cost_usd=5.0)
    assert score.history_usd is None
