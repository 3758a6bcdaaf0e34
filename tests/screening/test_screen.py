"""Verdicts: ordinary shapes in the blocked role, licences, meshes, failures."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.facts import Finding, PartFacts
from nearmade.screening.blocklist import EMPTY, Blocklist, BlocklistEntry
from nearmade.screening.failsafe import screen_or_review
from nearmade.screening.screen import Subject, screen, screen_all, strictest
from nearmade.screening.verdict import Decision, ScreeningReason, Verdict
from nearmade.vocabulary.errors import InvalidInput, Unavailable

A_TEAPOT = hashlib.sha256(b"an ordinary teapot").hexdigest()
A_CUP = hashlib.sha256(b"an ordinary cup").hexdigest()
A_SPOON = hashlib.sha256(b"an ordinary spoon").hexdigest()

A_CUBE = PartFacts(
    triangles=12,
    watertight=True,
    volume_mm3=1000.0,
    area_mm2=600.0,
    extents_mm=(10.0, 10.0, 10.0),
    bodies=1,
    side_mm2=400.0,
    up_mm2=100.0,
    down_mm2=100.0,
    overhang_mm2=0.0,
    contact_mm2=100.0,
)


def a_part(**changes: object) -> Subject:
    subject = Subject("part", A_CUP, A_SPOON, A_CUBE, "CC-BY-SA-4.0")
    return replace(subject, **changes)  # type: ignore[arg-type]


def rules(verdict: Verdict) -> list[str]:
    return [reason.rule for reason in verdict.reasons]


def test_an_ordinary_part_is_allowed_with_the_version_that_said_so() -> None:
    verdict = screen(a_part(), blocklist=EMPTY, rule_version="7")
    assert verdict.decision == "allow"
    assert [reason.rule_version for reason in verdict.reasons] == ["7"]


@pytest.mark.parametrize("decision", ["review", "refuse"])
@pytest.mark.parametrize("field", ["sha256", "canonical_sha256"])
def test_either_hash_in_the_block_list_decides_as_its_entry_says(
    field: str, decision: Decision
) -> None:
    assert decision != "allow"
    entry = BlocklistEntry(A_TEAPOT, decision, "tea")
    blocklist = Blocklist.of("v3", [entry])
    verdict = screen(a_part(**{field: A_TEAPOT}), blocklist=blocklist)
    assert verdict.decision == decision
    assert rules(verdict) == ["blocklist-tea"]
    assert verdict.reasons[0].rule_version.endswith("/v3")


def test_the_message_of_a_block_does_not_tell_what_was_matched() -> None:
    blocklist = Blocklist.of("v1", [BlocklistEntry(A_TEAPOT, "review", "tea")])
    verdict = screen(a_part(sha256=A_TEAPOT), blocklist=blocklist)
    assert A_TEAPOT not in verdict.reasons[0].message
    assert "tea" not in verdict.reasons[0].message


def test_of_two_entries_for_one_hash_the_refusal_holds() -> None:
    entries = [
        BlocklistEntry(A_TEAPOT, "refuse", "tea"),
        BlocklistEntry(A_TEAPOT, "review", "pot"),
    ]
    for order in (entries, entries[::-1]):
        blocklist = Blocklist.of("v1", order)
        assert screen(a_part(sha256=A_TEAPOT), blocklist=blocklist).decision == "refuse"


def test_a_missing_hash_matches_nothing() -> None:
    assert Blocklist.of("v1", []).find("", "") == ()


@pytest.mark.parametrize("bad", ["", "abc", "Z" * 64, A_CUP.upper()])
def test_an_entry_that_is_no_sha256_is_refused(bad: str) -> None:
    with pytest.raises(InvalidInput, match="64 hexadecimal digits"):
        BlocklistEntry(bad, "review", "x")


def test_an_entry_without_a_reason_code_is_refused() -> None:
    with pytest.raises(InvalidInput, match="reason code"):
        BlocklistEntry(A_CUP, "review", "")


@pytest.mark.parametrize(
    ("changes", "decision", "rule"),
    [
        ({"triangles": 0, "volume_mm3": 0.0}, "refuse", "no-volume"),
        ({"volume_mm3": float("nan")}, "refuse", "no-volume"),
        ({"watertight": False}, "review", "not-watertight"),
    ],
)
def test_a_mesh_that_cannot_be_printed_is_stopped(
    changes: dict[str, object], decision: str, rule: str
) -> None:
    facts = replace(A_CUBE, **changes)  # type: ignore[arg-type]
    verdict = screen(a_part(facts=facts), blocklist=EMPTY)
    assert (verdict.decision, rules(verdict)) == (decision, [rule])


def test_an_error_among_the_findings_asks_a_person_and_a_warning_does_not() -> None:
    error = Finding("thin-wall", "error", "a wall is 0.1 mm")
    warning = Finding("overhang", "warning", "much hangs over")
    spoiled = replace(A_CUBE, findings=(error, warning))
    verdict = screen(a_part(facts=spoiled), blocklist=EMPTY)
    assert (verdict.decision, rules(verdict)) == ("review", ["finding-thin-wall"])


def test_a_part_that_was_not_measured_asks_a_person() -> None:
    verdict = screen(a_part(facts=None), blocklist=EMPTY)
    assert (verdict.decision, rules(verdict)) == ("review", ["no-facts"])


def test_an_assembly_needs_no_mesh_of_its_own() -> None:
    assembly = a_part(kind="assembly", facts=None)
    assert screen(assembly, blocklist=EMPTY).decision == "allow"


def test_the_strictest_wins_and_every_reason_is_kept() -> None:
    blocklist = Blocklist.of("v1", [BlocklistEntry(A_TEAPOT, "review", "tea")])
    subjects = [
        a_part(name="front"),
        a_part(name="temple", sha256=A_TEAPOT),
        a_part(name="pin", licence="CC-BY-NC-4.0"),
    ]
    verdict = screen_all(subjects, blocklist=blocklist)
    assert verdict.decision == "refuse"
    assert rules(verdict) == ["licence-non-commercial", "blocklist-tea", "all-rules"]
    assert verdict.reasons[0].message.startswith("pin: ")


def test_nothing_to_screen_asks_a_person() -> None:
    verdict = screen_all([], blocklist=EMPTY)
    assert (verdict.decision, rules(verdict)) == ("review", ["nothing-screened"])


def test_a_check_that_fails_asks_a_person() -> None:
    def broken() -> Verdict:
        raise Unavailable("block-list: no answer")

    verdict = screen_or_review(broken)
    assert (verdict.decision, rules(verdict)) == ("review", ["check-failed"])
    assert "no answer" in verdict.reasons[0].message


def test_a_check_that_answers_is_passed_on() -> None:
    allowed = screen(a_part(), blocklist=EMPTY)
    assert screen_or_review(lambda: allowed) is allowed


def test_a_fault_of_the_program_is_not_hidden_as_a_review() -> None:
    def faulty() -> Verdict:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        screen_or_review(faulty)


REASONS = st.builds(
    ScreeningReason,
    st.text(min_size=1, max_size=5),
    st.sampled_from(("allow", "review", "refuse")),
    st.just("m"),
    st.just("1"),
)


@given(st.lists(REASONS, min_size=1, max_size=6), REASONS)
def test_one_more_reason_never_softens_a_verdict(
    reasons: list[ScreeningReason], more: ScreeningReason
) -> None:
    order = ("allow", "review", "refuse")
    before, after = strictest(reasons), strictest([*reasons, more])
    assert order.index(after.decision) >= order.index(before.decision)
    assert sorted(map(repr, after.reasons)) == sorted(map(repr, [*reasons, more]))
