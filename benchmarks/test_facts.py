"""What facts cost, whether another program agrees, how often a part is warned of."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.conftest import Report
from benchmarks.geometry import facts_survey
from tests.shared_data import shared

#: CPU time of measure and survey together for a part of some 5,000 triangles. [s]
USUAL_S = 0.1
#: The same for 335,000 triangles, and the peak memory of the process.
LARGE_S, LARGE_MIB = 3.0, 500.0
#: Largest difference from another program: rounding, and 0.01 mm on large meshes.
DIFFERENCE = 1e-3


@pytest.mark.timeout(600)
def test_the_survey_keeps_its_budget_and_agrees_with_trimesh(report: Report) -> None:
    found: dict[str, Any] = facts_survey.figures(shared("designs"))
    report("facts_survey", facts_survey.table(found), found)
    assert found["usual_parts_s"]["median"] <= USUAL_S
    assert found["large"]["measure_s"] + found["large"]["survey_s"] <= LARGE_S
    assert found["large"]["peak_mib"] <= LARGE_MIB
    assert max(found["difference_from_trimesh"].values()) <= DIFFERENCE
    # Nearly all published parts can be made; an error among them is a false alarm.
    assert found["verdicts"].get("no", 0.0) <= 0.05
