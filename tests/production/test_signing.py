import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nearmade.production.gcode.gate import check_gcode
from nearmade.production.signing import (
    SignedTicket,
    private_key_from_text,
    private_key_text,
    public_key_from_text,
    public_key_text,
    sign,
    verify,
)
from nearmade.vocabulary.errors import InvalidInput, Refused
from nearmade.vocabulary.identity import MachineId
from tests.production.plain_files import LIMITS, build, ticket

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MACHINE = MachineId("lab/one")


def signed() -> SignedTicket:
    content = build()
    report = check_gcode(content, LIMITS)
    return sign(ticket(content), report, NOW + timedelta(days=7), KEY)


def with_ticket(**changes: object) -> dict[str, object]:
    whole = signed().as_dict()
    fields = whole["ticket"]
    assert isinstance(fields, dict)
    return {**whole, "ticket": {**fields, **changes}}


def test_a_signed_ticket_survives_the_wire() -> None:
    wire = json.loads(json.dumps(signed().as_dict()))
    got = verify(SignedTicket.from_dict(wire), KEY.public_key(), NOW, MACHINE)
    assert got == ticket(build())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("job_id", "job-2"),
        ("generation", 2),
        ("gcode_sha256", "0" * 64),
        ("max_nozzle_degc", 300.0),
        ("expected_s", 61),
    ],
)
def test_any_change_breaks_the_signature(field: str, value: object) -> None:
    wire = json.loads(json.dumps(signed().as_dict()))
    wire["ticket"][field] = value
    with pytest.raises(Refused, match="does not fit"):
        verify(SignedTicket.from_dict(wire), KEY.public_key(), NOW, MACHINE)


def test_the_report_and_the_date_are_signed_too() -> None:
    whole = signed()
    for changed in (
        replace(whole, gate_report={**whole.gate_report, "lines": 1}),
        replace(whole, not_after=whole.not_after + timedelta(days=1)),
        replace(whole, signature="!"),
    ):
        with pytest.raises(Refused, match="does not fit"):
            verify(changed, KEY.public_key(), NOW, MACHINE)


def test_another_key_machine_or_date_is_refused() -> None:
    with pytest.raises(Refused, match="another key"):
        verify(signed(), OTHER.public_key(), NOW, MACHINE)
    with pytest.raises(Refused, match="is for machine"):
        verify(signed(), KEY.public_key(), NOW, MachineId("lab/mini"))
    with pytest.raises(Refused, match="ended"):
        verify(signed(), KEY.public_key(), NOW + timedelta(days=8), MACHINE)


def test_what_the_gate_refused_is_not_signed() -> None:
    content = build("M502\n")
    with pytest.raises(Refused, match="gate refused"):
        sign(ticket(content), check_gcode(content, LIMITS), NOW, KEY)
    with pytest.raises(InvalidInput, match="time zone"):
        sign(
            ticket(build()),
            check_gcode(build(), LIMITS),
            NOW.replace(tzinfo=None),
            KEY,
        )


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"ticket": []},
        {"ticket": {"job_id": 1}},
        {**signed().as_dict(), "not_after": "2026-06-01T12:00:00"},
        {**signed().as_dict(), "gate_report": "none"},
        {**signed().as_dict(), "key_id": 7},
        with_ticket(job_id=7),
        with_ticket(generation=True),
        with_ticket(expected_s=float("inf")),
    ],
)
def test_a_ticket_that_is_none_is_invalid(values: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="signed ticket"):
        SignedTicket.from_dict(values)


def test_keys_travel_as_text() -> None:
    again = private_key_from_text(private_key_text(KEY) + "\n")
    assert again.private_bytes_raw() == KEY.private_bytes_raw()
    public = public_key_from_text(public_key_text(KEY.public_key()))
    assert public.public_bytes_raw() == KEY.public_key().public_bytes_raw()


@pytest.mark.parametrize("text", ["", "nearmade-ed25519-public:AAAA", "x" * 44, "é"])
def test_a_text_that_is_no_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(InvalidInput, match="key must be"):
        public_key_from_text(text)
    with pytest.raises(InvalidInput, match="key must be"):
        private_key_from_text(text)
