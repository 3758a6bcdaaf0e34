"""Water and fine dust: told with the share that they cover, never without."""

from __future__ import annotations

import pytest

from nearmade.impact.partial import partial_scores, partial_words
from nearmade.impact.study import Study, StudyResult, solve

#: 0.1 kWh in India (708.96 g/kWh, 2.087 L/kWh) and 50 g of board, which has no figure
#: of water: 70.896 g of 70.896 + 60.006 are covered.
WAYS = {
    "bought": {"packaging/board": 0.05},
    "made": {"electricity/in": 0.1, "packaging/board": 0.05},
}


def solved() -> StudyResult:
    return solve(Study("One", WAYS, methods=("gwp100", "water", "pm25")), 200)


def test_a_score_covers_the_share_of_climate_that_its_processes_make_up() -> None:
    result = solved()
    water, dust = partial_scores(result, "made")
    whole = result.score["made"]["gwp100"]
    assert water.score is not None
    assert water.score.value == pytest.approx(0.2087)
    assert water.covered_fraction == pytest.approx(70.896 / whole)
    assert dust.covered_fraction == water.covered_fraction
    assert water.score.low < water.score.value < water.score.high
    told = partial_words(water)
    assert told.startswith("0.21 L (")
    assert told.endswith(f"covers {70.896 / whole:.0%}")


def test_what_nothing_is_known_of_has_no_score() -> None:
    water, dust = partial_scores(solved(), "bought")
    assert (water.score, dust.score) == (None, None)
    assert partial_words(dust) == "not known"


def test_what_burns_nothing_is_covered_though_it_emits_nothing() -> None:
    study = Study(
        "One", {"sun": {"electricity/solar": 1.0}}, methods=("gwp100", "pm25")
    )
    (dust,) = partial_scores(solve(study, 1), "sun")
    assert dust.score is not None
    assert (dust.score.value, dust.covered_fraction) == (0.0, 1.0)
