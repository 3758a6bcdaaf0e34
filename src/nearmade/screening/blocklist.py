"""What may not be made without a person: hashes and a reason code, never shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from nearmade.vocabulary.errors import InvalidInput

#: Hexadecimal digits of a SHA-256.
_SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True)
class BlocklistEntry:
    """One hash with what to do when it turns up.

    Parameters
    ----------
    sha256
        Of the content or of the canonical mesh, 64 hexadecimal digits, lower case.
    decision
        ``review`` asks a person, ``refuse`` does not.
    reason_code
        Kebab-case; what stands behind it is known to moderators alone.

    Raises
    ------
    InvalidInput
        When the hash is not a SHA-256 or the code is empty.
    """

    sha256: str
    decision: Literal["review", "refuse"]
    reason_code: str

    def __post_init__(self) -> None:
        if len(self.sha256) != _SHA256_DIGITS or set(self.sha256) - set(
            "0123456789abcdef"
        ):
            raise InvalidInput(
                f"block-list entry {self.sha256!r}: a SHA-256 is 64 hexadecimal digits"
            )
        if not self.reason_code:
            raise InvalidInput(
                f"block-list entry {self.sha256}: a reason code is needed"
            )


@dataclass(frozen=True, slots=True)
class Blocklist:
    """All entries of one version.

    Parameters
    ----------
    version
        Stored beside each decision.
    entries
        By hash; of several entries for one hash the strictest holds.
    """

    version: str
    entries: Mapping[str, BlocklistEntry]

    @classmethod
    def of(cls, version: str, entries: Iterable[BlocklistEntry]) -> Blocklist:
        """Collect entries; a refusal beats a review of the same hash."""
        kept: dict[str, BlocklistEntry] = {}
        for entry in entries:
            known = kept.get(entry.sha256)
            if known is None or entry.decision == "refuse":
                kept[entry.sha256] = entry
        return cls(version, kept)

    def find(self, *hashes: str) -> tuple[BlocklistEntry, ...]:
        """Give the entries of these hashes; an empty hash never matches."""
        found = (self.entries.get(one) for one in dict.fromkeys(hashes) if one)
        return tuple(entry for entry in found if entry is not None)


#: For networks that keep no list of their own.
EMPTY = Blocklist("empty", {})
