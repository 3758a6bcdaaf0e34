"""Signed tickets: the platform vouches for one file on one machine."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from nearmade.production.gcode.gate import GateReport
from nearmade.production.job import JobTicket
from nearmade.vocabulary.errors import InvalidInput, Refused
from nearmade.vocabulary.identity import (
    JobId,
    MachineId,
    Sha256,
    canonical_json,
    sha256_of,
)

PRIVATE_PREFIX = "nearmade-ed25519-private:"
PUBLIC_PREFIX = "nearmade-ed25519-public:"

#: Digits of a key's name: 64 bits of the hash of the public key.
KEY_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class SignedTicket:
    """A ticket with the platform's signature.

    Parameters
    ----------
    ticket
        What may be made, and where.
    gate_report
        What the platform's own gate found, as plain values.
    not_after
        The agent must take it before. [aware UTC]
    key_id
        Which key signed.
    signature
        Ed25519 over the canonical JSON of the rest, in base64.
    """

    ticket: JobTicket
    gate_report: Mapping[str, object]
    not_after: datetime
    key_id: str
    signature: str

    def as_dict(self) -> dict[str, object]:
        """Give plain values for JSON; ``from_dict`` reads them."""
        return {**_signed_part(self), "signature": self.signature}

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> SignedTicket:
        """Read what ``as_dict`` gave.

        Raises
        ------
        InvalidInput
            When a value is missing or of the wrong kind.
        """
        try:
            return _from_dict(values)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InvalidInput(f"signed ticket: {error!r}") from error


def _text(values: Mapping[str, object], name: str) -> str:
    value = values[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text")
    return value


def _number(values: Mapping[str, object], name: str) -> float:
    value = values[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number")
    return value


def _extents(values: Mapping[str, object], name: str) -> tuple[float, float, float]:
    sides = values[name]
    if not isinstance(sides, list | tuple) or len(sides) != 3:
        raise TypeError(f"{name} must be three numbers")
    x_mm, y_mm, z_mm = (_number({name: side}, name) for side in sides)
    return x_mm, y_mm, z_mm


def _mapping(values: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = values[name]
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be an object")
    return value


def _from_dict(values: Mapping[str, object]) -> SignedTicket:
    fields = _mapping(values, "ticket")
    not_after = datetime.fromisoformat(_text(values, "not_after"))
    if not_after.tzinfo is None:
        raise ValueError("not_after has no time zone")
    return SignedTicket(
        ticket=JobTicket(
            job_id=JobId(_text(fields, "job_id")),
            generation=int(_number(fields, "generation")),
            machine_id=MachineId(_text(fields, "machine_id")),
            gcode_sha256=Sha256(_text(fields, "gcode_sha256")),
            material=_text(fields, "material"),
            max_nozzle_degc=_number(fields, "max_nozzle_degc"),
            max_bed_degc=_number(fields, "max_bed_degc"),
            max_filament_mm=_number(fields, "max_filament_mm"),
            expected_s=int(_number(fields, "expected_s")),
            build_volume_mm=_extents(fields, "build_volume_mm"),
        ),
        gate_report=dict(_mapping(values, "gate_report")),
        not_after=not_after,
        key_id=_text(values, "key_id"),
        signature=_text(values, "signature"),
    )


def _signed_part(signed: SignedTicket) -> dict[str, object]:
    return {
        "ticket": asdict(signed.ticket),
        "gate_report": dict(signed.gate_report),
        "not_after": signed.not_after.isoformat(),
        "key_id": signed.key_id,
    }


def sign(
    ticket: JobTicket,
    gate_report: GateReport,
    not_after: datetime,
    key: Ed25519PrivateKey,
) -> SignedTicket:
    """Sign a ticket whose file has passed the gate.

    Raises
    ------
    Refused
        When the gate refused the file.
    InvalidInput
        When the moment has no time zone.

    References
    ----------
    .. [1] RFC 8032, Edwards-Curve Digital Signature Algorithm. doi:10.17487/RFC8032
    """
    if not gate_report.accepted:
        raise Refused(f"job {ticket.job_id}: the gate refused its file")
    if not_after.tzinfo is None:
        raise InvalidInput(f"not_after {not_after}: must have a time zone")
    unsigned = SignedTicket(
        ticket, gate_report.as_dict(), not_after, key_id(key.public_key()), ""
    )
    signature = key.sign(canonical_json(_signed_part(unsigned)))
    return SignedTicket(
        ticket,
        unsigned.gate_report,
        not_after,
        unsigned.key_id,
        base64.b64encode(signature).decode(),
    )


def verify(
    signed: SignedTicket,
    public_key: Ed25519PublicKey,
    now: datetime,
    machine_id: MachineId,
) -> JobTicket:
    """Give the ticket when the platform signed it for this machine and it still holds.

    Raises
    ------
    Refused
        When signature, key, machine or date do not fit.
    """
    ticket = signed.ticket
    if signed.key_id != key_id(public_key):
        raise Refused(f"job {ticket.job_id}: signed by another key, {signed.key_id}")
    try:
        signature = base64.b64decode(signed.signature, validate=True)
        public_key.verify(signature, canonical_json(_signed_part(signed)))
    except (InvalidSignature, ValueError, TypeError) as error:
        raise Refused(f"job {ticket.job_id}: the signature does not fit") from error
    if ticket.machine_id != machine_id:
        raise Refused(f"job {ticket.job_id}: is for machine {ticket.machine_id}")
    if not now <= signed.not_after:
        raise Refused(f"job {ticket.job_id}: the ticket ended {signed.not_after}")
    return ticket


def key_id(public_key: Ed25519PublicKey) -> str:
    """Name a key by its hash."""
    return sha256_of(public_key.public_bytes_raw())[:KEY_ID_DIGITS]


def private_key_text(key: Ed25519PrivateKey) -> str:
    """Write a private key in one line."""
    return PRIVATE_PREFIX + base64.b64encode(key.private_bytes_raw()).decode()


def public_key_text(key: Ed25519PublicKey) -> str:
    """Write a public key in one line."""
    return PUBLIC_PREFIX + base64.b64encode(key.public_bytes_raw()).decode()


def private_key_from_text(text: str) -> Ed25519PrivateKey:
    """Read a private key that ``private_key_text`` wrote.

    Raises
    ------
    InvalidInput
        When the text is not such a key; the message does not show it.
    """
    return Ed25519PrivateKey.from_private_bytes(_raw(text, PRIVATE_PREFIX))


def public_key_from_text(text: str) -> Ed25519PublicKey:
    """Read a public key that ``public_key_text`` wrote.

    Raises
    ------
    InvalidInput
        When the text is not such a key.
    """
    return Ed25519PublicKey.from_public_bytes(_raw(text, PUBLIC_PREFIX))


def _raw(text: str, prefix: str) -> bytes:
    stripped = text.strip()
    try:
        raw = base64.b64decode(stripped.removeprefix(prefix), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(f"key must be {prefix} and base64") from error
    if not stripped.startswith(prefix) or len(raw) != 32:
        raise InvalidInput(f"key must be {prefix} and 32 bytes in base64")
    return raw
