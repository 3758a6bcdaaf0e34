"""Hazards of feedstocks in a verdict."""

from __future__ import annotations

from nearmade.screening.blocklist import Blocklist
from nearmade.screening.hazard_rules import hazard_reasons
from nearmade.screening.screen import Subject, screen

NOTHING = Blocklist.of("empty", [])


def a_part(*materials: str) -> Subject:
    return Subject(
        kind="assembly",
        sha256="",
        canonical_sha256="",
        facts=None,
        licence="CC0-1.0",
        name="Hook",
        materials=materials,
    )


def test_an_engineered_nanomaterial_asks_a_person() -> None:
    verdict = screen(a_part("PLA", "PLA with CNT"), blocklist=NOTHING)
    assert verdict.decision == "review"
    first = verdict.reasons[0]
    assert first.rule == "hazard-engineered-nanomaterial"
    assert "Hook" in first.message
    assert "PLA with CNT" in first.message


def test_fumes_and_fibres_are_told_and_hold_nothing_up() -> None:
    verdict = screen(a_part("ABS", "PA-CF"), blocklist=NOTHING)
    assert verdict.decision == "allow"
    rules = [one.rule for one in verdict.reasons]
    assert {"hazard-fumes", "hazard-fibre", "all-rules"} == set(rules)


def test_a_plain_feedstock_has_no_reason() -> None:
    assert hazard_reasons(["PLA", "PETG"]) == []
