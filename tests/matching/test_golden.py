"""The golden cases, by the judge and by the columns."""

from __future__ import annotations

from collections import Counter

import pytest

from nearmade.matching.match import judge_each
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import judge_table
from nearmade.matching.verdict import Question, Reason
from tests.matching.golden import FALSE_ACCEPTS, RIGHT_REFUSALS, Golden
from tests.matching.golden_asked import GOLDEN
from tests.matching.workshops import MONDAY_NOON, PROFILES


@pytest.mark.parametrize("case", GOLDEN, ids=[case.title for case in GOLDEN])
def test_a_golden_case_is_judged_as_by_hand(case: Golden) -> None:
    (found,) = judge_each(case.part, [case.site], MONDAY_NOON, profiles=PROFILES)
    assert found.verdict == case.verdict
    table = NetworkTable.of([case.site], PROFILES)
    assert judge_table(case.part, table, MONDAY_NOON).verdict(0) == case.verdict
    told: list[Reason | Question] = [*found.reasons, *found.questions]
    assert set(case.rules) <= {each.rule for each in told}
    text = "\n".join(each.message for each in told)
    for piece in case.says:
        assert piece in text


def test_there_are_enough_cases_and_half_of_them_refuse() -> None:
    count = Counter(case.verdict for case in GOLDEN)
    assert len(GOLDEN) == len({case.title for case in GOLDEN})
    assert len(GOLDEN) >= 60
    assert count["no"] >= len(GOLDEN) / 2
    assert len(FALSE_ACCEPTS) == 7
    assert len(RIGHT_REFUSALS) == 6
    assert {case.verdict for case in (*FALSE_ACCEPTS, *RIGHT_REFUSALS)} == {"no"}
