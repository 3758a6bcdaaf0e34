"""Read named sets of values, as OpenSCAD's customizer stores them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from nearmade.designs.design import Parameter, ParameterValue
from nearmade.designs.values import validate
from nearmade.vocabulary.errors import InvalidInput

#: Longest file that is read, in characters.
MAX_PRESETS_CHARS = 1_000_000


def read_presets(
    text: str, parameters: Sequence[Parameter]
) -> dict[str, dict[str, ParameterValue]]:
    """Read preset names and their values, each checked and filled with defaults.

    Parameters
    ----------
    text
        JSON with ``parameterSets``; OpenSCAD writes every value as a text.
    parameters
        Schema of the design, from its source.

    Raises
    ------
    InvalidInput
        When the text is not of that form, or a preset breaks the schema; all
        problems in one message.
    """
    problems: list[str] = []
    presets: dict[str, dict[str, ParameterValue]] = {}
    for name, given in _sets(text).items():
        if not isinstance(given, dict):
            problems.append(f"preset {name!r}: must be a table of values")
            continue
        try:
            presets[name] = validate(parameters, given)
        except InvalidInput as error:
            problems.append(f"preset {name!r}: {error.message}")
    if problems:
        raise InvalidInput("; ".join(problems), code="presets")
    return presets


def _sets(text: str) -> Mapping[str, object]:
    """Read the outer form of the file."""
    if len(text) > MAX_PRESETS_CHARS:
        raise InvalidInput(
            f"presets have {len(text)} characters: "
            f"at most {MAX_PRESETS_CHARS} are read",
            code="presets",
        )
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"presets are not JSON: {error}", code="presets") from error
    sets = tree.get("parameterSets") if isinstance(tree, dict) else None
    if not isinstance(sets, dict):
        raise InvalidInput(
            "presets: the table parameterSets is missing", code="presets"
        )
    return sets
