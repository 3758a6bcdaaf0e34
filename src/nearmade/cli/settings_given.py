"""``--set NAME=VALUE`` options as a mapping."""

from __future__ import annotations

from collections.abc import Iterable

from nearmade.vocabulary.errors import InvalidInput


def settings_given(given: Iterable[str]) -> dict[str, str]:
    """Split each ``NAME=VALUE`` at its first equals sign.

    Raises
    ------
    InvalidInput
        When a setting has no name or no equals sign, or a name comes twice.
    """
    values: dict[str, str] = {}
    for setting in given:
        name, equals, value = setting.partition("=")
        if not (name and equals):
            raise InvalidInput(f"--set {setting!r}: must be NAME=VALUE")
        if name in values:
            raise InvalidInput(f"--set {name}: given twice")
        values[name] = value
    return values
