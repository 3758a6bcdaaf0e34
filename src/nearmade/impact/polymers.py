"""Which process of the database a feedstock's name means."""

from __future__ import annotations

from nearmade.impact.database import own_database
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.materials import find_material

#: Begins the id of every filament.
FILAMENT = "filament/"


def filament(name: str) -> str:
    """Give the process that makes a feedstock, by the name that facilities use.

    Raises
    ------
    InvalidInput
        When no figures are known for it.
    """
    database = own_database()
    for key in _keys(name):
        if FILAMENT + key in database.processes:
            return FILAMENT + key
    known = ", ".join(
        one.removeprefix(FILAMENT).upper()
        for one in sorted(database.processes)
        if one.startswith(FILAMENT)
    )
    raise InvalidInput(
        f"material {name!r}: no impact figures known, only for {known}",
        code="unknown-material",
        remedy="name one of the known materials",
    )


def _keys(name: str) -> tuple[str, ...]:
    plain = name.strip().lower()
    try:
        return plain, find_material(name).code.lower()
    except NotFound:
        return (plain,)
