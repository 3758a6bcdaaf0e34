"""Licence rules: rows of the table, read by hand."""

from __future__ import annotations

import pytest

from nearmade.screening.licence_rules import ADAPTS, family, licence_reasons


def decide(
    expression: str,
    *adapts: str,
    collects: tuple[str, ...] = (),
    paid: bool = True,
    customised: bool = False,
) -> list[tuple[str, str]]:
    reasons = licence_reasons(
        expression,
        adapts=adapts,
        collects=collects,
        paid_production=paid,
        customised=customised,
    )
    return [(reason.rule, reason.decision) for reason in reasons]


@pytest.mark.parametrize(
    ("result", "source"),
    [
        ("CC-BY-4.0", "CC0-1.0"),
        ("CERN-OHL-S-2.0", "CC-BY-4.0"),
        ("CC-BY-SA-4.0", "CC-BY-4.0"),
        ("CC-BY-SA-4.0", "CC-BY-SA-3.0"),
        ("GPL-3.0-only", "CC-BY-SA-4.0"),
        ("CERN-OHL-S-2.0", "CERN-OHL-W-2.0"),
        ("CC-BY-4.0", "MIT"),
        ("TAPR-OHL-1.0", "TAPR-OHL-1.0"),
    ],
)
def test_a_result_that_the_source_allows_passes(result: str, source: str) -> None:
    assert decide(result, source) == []


@pytest.mark.parametrize(
    ("result", "source"),
    [
        ("CC0-1.0", "CC-BY-4.0"),  # the credit would be lost
        ("CC-BY-4.0", "CC-BY-SA-4.0"),  # share alike
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0"),  # an older version
        ("GPL-3.0-only", "CC-BY-SA-3.0"),  # one way from 4.0 only
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"),
        ("CC-BY-4.0", "CC-BY-ND-4.0"),
    ],
)
def test_a_result_that_the_source_forbids_is_refused(result: str, source: str) -> None:
    assert decide(result, source) == [("licence-incompatible", "refuse")]


def test_mixed_reciprocal_hardware_licences_ask_a_person() -> None:
    assert decide("CC-BY-SA-4.0", "CERN-OHL-S-2.0") == [
        ("licence-incompatible", "review")
    ]


def test_a_result_under_two_licences_asks_a_person() -> None:
    result = "CC-BY-SA-4.0 AND MIT"
    assert decide(result, "CC-BY-SA-4.0") == [("licence-incompatible", "review")]


def test_two_sources_that_no_licence_satisfies_are_named_and_refused() -> None:
    reasons = licence_reasons(
        "CC-BY-NC-SA-4.0",
        adapts=("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0"),
        collects=(),
        paid_production=False,
        customised=False,
    )
    conflict = reasons[-1]
    assert conflict.rule == "licence-sources-conflict"
    assert "CC-BY-NC-SA-4.0" in conflict.message
    assert "CC-BY-SA-4.0" in conflict.message


@pytest.mark.parametrize("licence", ["CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"])
def test_non_commercial_work_is_not_made_for_pay(licence: str) -> None:
    assert decide(licence) == [("licence-non-commercial", "refuse")]
    assert decide(licence, paid=False) == []


def test_a_non_commercial_part_spoils_a_paid_kit() -> None:
    assert decide("CC-BY-4.0", collects=("CC-BY-NC-4.0",)) == [
        ("licence-non-commercial", "refuse")
    ]


def test_each_collected_part_keeps_its_licence() -> None:
    kit = ("CC-BY-SA-4.0", "CERN-OHL-S-2.0", "CC-BY-ND-4.0")
    assert decide("CC-BY-4.0", collects=kit) == []


def test_customising_a_no_derivatives_design_is_refused() -> None:
    assert decide("CC-BY-ND-4.0", customised=True) == [
        ("licence-no-derivatives", "refuse")
    ]
    assert decide("CC-BY-ND-4.0") == []


@pytest.mark.parametrize("licence", ["", "CC-BY-SA-9", "do what you like"])
def test_an_unknown_or_missing_licence_is_refused_until_declared(licence: str) -> None:
    assert decide(licence) == [("licence-unknown", "refuse")]
    assert decide("CC-BY-4.0", collects=(licence,)) == [("licence-unknown", "refuse")]


def test_a_source_that_declares_no_licence_is_refused() -> None:
    assert decide("CC-BY-4.0", "") == [("licence-source-unknown", "refuse")]


def test_a_source_that_is_no_expression_is_refused() -> None:
    assert decide("CC-BY-4.0", "(((") == [("licence-source-unknown", "refuse")]


def test_two_sources_that_one_licence_satisfies_pass() -> None:
    assert decide("CC-BY-SA-4.0", "CC-BY-SA-4.0", "CC-BY-4.0") == []


def test_a_source_that_the_table_does_not_hold_asks_a_person() -> None:
    assert decide("CC-BY-4.0", "MPL-2.0") == [("licence-source-unknown", "review")]


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("CC-BY-SA-4.0", "CC-BY-SA"),
        ("CC-BY-4.0", "CC-BY"),
        ("CC0-1.0", "CC0"),
        ("GPL-3.0-or-later", "GPL-3.0"),
        ("BSD-3-Clause", "BSD"),
        ("MIT", "MIT"),
        ("CERN-OHL-1.2", ""),
        ("MIT-advertising", ""),
        ("GPL-2.0-only", ""),
    ],
)
def test_identifiers_find_their_row(key: str, row: str) -> None:
    assert family(key) == row


def test_every_row_names_rows() -> None:
    for allowed in ADAPTS.values():
        assert {name.removeprefix("-") for name in allowed} <= {*ADAPTS, "*"}
