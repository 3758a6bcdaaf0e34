"""Names of things that last, and names made from content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import NewType

DesignId = NewType("DesignId", str)
PartName = NewType("PartName", str)
FacilityId = NewType("FacilityId", str)
MachineId = NewType("MachineId", str)
ProfileId = NewType("ProfileId", str)
OrderId = NewType("OrderId", str)
JobId = NewType("JobId", str)
Sha256 = NewType("Sha256", str)

Json = Mapping[str, object] | Sequence[object] | str | int | float | bool | None


def sha256_of(content: bytes) -> Sha256:
    """Name content by its SHA-256, 64 lower-case hex digits."""
    return Sha256(hashlib.sha256(content).hexdigest())


def canonical_json(value: Json) -> bytes:
    """Write JSON in one way only: sorted keys, no blanks, UTF-8, no NaN.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    text = json.dumps(
        value,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return text.encode()
