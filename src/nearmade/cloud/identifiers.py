"""Identities that came from outside, read before the database sees them."""

from __future__ import annotations

from uuid import UUID

from nearmade.vocabulary.errors import NotFound


def uuid_from(text: object, what: str) -> UUID:
    """Read the id of an order, a job or a command.

    Raises
    ------
    NotFound
        When it is no UUID: then nothing has this name.
    """
    if isinstance(text, UUID):
        return text
    try:
        return UUID(str(text))
    except ValueError as error:
        raise NotFound(f"{what} {str(text)[:60]!r}: none such here") from error
