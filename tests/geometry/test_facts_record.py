"""Facts as plain values: nothing is lost, nothing broken is believed."""

from __future__ import annotations

import json

import pytest

from nearmade.geometry.facts import Finding, PartFacts, Place, Spot, Survey
from nearmade.geometry.facts_record import facts_from, facts_record

A_SPOT = Spot((1.0, -2.0, 3.0), 0.5)
A_SURVEY = Survey(
    solid=True,
    hull_mm3=1000.0,
    shadows_mm2=(100.0, 100.0, 100.0),
    section_heights_mm=(5.0,),
    section_areas_mm2=(100.0,),
    section_perimeters_mm=(40.0,),
    min_wall_mm=None,
    thin_walls=(Place(A_SPOT, 0.5, 2.0),),
)
FINDINGS = (Finding("thin-walls", "warning", "Thin.", "Thicken.", (A_SPOT,)),)
FACTS = PartFacts(
    12, True, 1000.0, 600.0, (10.0, 10.0, 10.0), 1, 400.0, 100.0, 100.0, 0.0, 100.0,
    FINDINGS, overhang_by_angle_mm2=(1.0, 2.0), survey=A_SURVEY,
)  # fmt: skip

#: As it was stored before findings had places and parts a survey.
EARLIER = """{"triangles": 12, "watertight": true, "volume_mm3": 1000.0,
"area_mm2": 600.0, "extents_mm": [10.0, 10.0, 10.0], "bodies": 1, "side_mm2": 400.0,
"up_mm2": 100.0, "down_mm2": 100.0, "overhang_mm2": 0.0, "contact_mm2": 100.0,
"findings": [{"code": "tiny", "severity": "warning", "message": "Small."}]}"""


def test_facts_come_back_from_json_as_they_were() -> None:
    text = json.dumps(facts_record(FACTS))
    assert facts_from(json.loads(text), complete=True) == FACTS


def test_an_earlier_record_still_reads() -> None:
    facts = facts_from(json.loads(EARLIER))
    assert facts.survey is None
    assert facts.findings == (Finding("tiny", "warning", "Small."),)
    with pytest.raises(ValueError, match="missing"):
        facts_from(json.loads(EARLIER), complete=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"radius_mm": 0.5', '"radius_mm": -0.5'),
        ('"radius_mm": 0.5', '"radius_mm": Infinity'),
        ('"centre_mm": [1.0, ', '"centre_mm": ['),
        ('"centre_mm": [1.0, ', '"centre_mm": [NaN, '),
        ('"solid": true', '"solid": 1'),
        ('"bridge_count": 0', '"bridge_count": -1'),
        ('"severity": "warning"', '"severity": "fatal"'),
        ('"thin-walls"', '"Thin walls"'),
        ('"message": "Thin."', '"message": 7'),
        ('"survey": {', '"survey": {"more": 1, '),
        ('"section_areas_mm2": [100.0]', '"section_areas_mm2": 100.0'),
        ('"hull_mm3": 1000.0', '"hull_mm3": true'),
    ],
)
def test_a_record_with_a_broken_value_is_refused(old: str, new: str) -> None:
    text = json.dumps(facts_record(FACTS))
    assert old in text
    with pytest.raises((ValueError, TypeError)):
        facts_from(json.loads(text.replace(old, new, 1)))


def test_a_list_without_end_is_refused() -> None:
    record = facts_record(FACTS) | {"overhang_by_angle_mm2": [0.0] * 101}
    with pytest.raises(ValueError, match="a list of 101"):
        facts_from(record)


def test_a_survey_that_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError, match="not a record"):
        facts_from(facts_record(FACTS) | {"survey": 7})
