"""Check what a customer set, and write it for OpenSCAD in one way only."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence

from nearmade.designs.design import Parameter, ParameterValue
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import Sha256, canonical_json, sha256_of

#: Longest text where the design names no length, in characters.
MAX_TEXT_CHARS = 500

#: Largest magnitude of any number; ten metres in micrometres and room above.
MAX_MAGNITUDE = 1e9

#: Share of itself by which a bound may be passed: rounding of decimal input.
RANGE_SLACK_FRACTION = 1e-9

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TRUE = frozenset({"true", "on", "yes", "1"})
_FALSE = frozenset({"false", "off", "no", "0", ""})

#: Unicode categories that no text may hold: control, surrogate, private, unassigned,
#: line and paragraph separators.
_BARRED = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})

#: Marks that turn the direction of text and so can hide what it says.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def validate(
    parameters: Sequence[Parameter], given: Mapping[str, object]
) -> dict[str, ParameterValue]:
    """Give every parameter its value: what was given, else what the design says.

    A number off its step is kept as given: the step is for the slider, the range
    binds. Text is brought to Unicode's composed form (NFC).

    Parameters
    ----------
    parameters
        Schema of the design, from its source.
    given
        Values by name; numbers, truth values and vectors may come as text, as a form
        or a command line sends them.

    Raises
    ------
    InvalidInput
        With code ``parameters`` and every problem in one message.
    """
    known = [parameter.name for parameter in parameters]
    problems = [_unknown(str(name), known) for name in given if name not in known]
    result: dict[str, ParameterValue] = {}
    for parameter in parameters:
        if parameter.name not in given:
            result[parameter.name] = parameter.initial
            continue
        try:
            result[parameter.name] = check(parameter, given[parameter.name])
        except InvalidInput as error:
            problems.append(error.message)
    if problems:
        raise InvalidInput(
            "; ".join(problems),
            code="parameters",
            remedy="keep each value within what the design names",
        )
    return result


def check(parameter: Parameter, value: object) -> ParameterValue:
    """Check one value against its parameter and give it in the house's type.

    Raises
    ------
    InvalidInput
        Naming the parameter, the value and the rule it breaks.
    """
    match parameter.kind:
        case "number":
            return _number_in_range(parameter, _number(parameter, value))
        case "switch":
            return _switch(parameter, value)
        case "vector":
            return _vector(parameter, value)
        case "choice":
            return _choice(parameter, value)
    return _text(parameter, value)


def canonical(values: Mapping[str, ParameterValue]) -> dict[str, object]:
    """Give values as plain JSON, the same for values that are equal.

    Whole numbers and floats of one value look alike, minus zero is zero, vectors are
    lists.
    """
    return {name: _plain(values[name]) for name in sorted(values)}


def instance_key(
    design_version_sha: Sha256,
    engine_version: str,
    values: Mapping[str, ParameterValue],
) -> Sha256:
    """Name one customised instance: same design, engine and values, same name."""
    identity = {
        "design": design_version_sha,
        "engine": engine_version,
        "values": canonical(values),
    }
    return sha256_of(canonical_json(identity))


def scad_literal(value: ParameterValue) -> str:
    r"""Write a validated value as an OpenSCAD literal.

    The literal is JSON as well: of all escapes only ``\"`` and ``\\`` occur.

    Raises
    ------
    InvalidInput
        When a number is not finite or a text holds a control character, which
        validated values never do.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        barred = _barred(value)
        if barred:
            raise InvalidInput(f"text {value!r}: {barred} cannot be written")
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return f"[{','.join(scad_literal(number) for number in value)}]"
    if not math.isfinite(value):
        raise InvalidInput(f"number {value}: must be finite")
    return repr(_positive_zero(float(value)))


def _unknown(name: str, known: list[str]) -> str:
    """Say that a name is unknown and what was perhaps meant."""
    close = difflib.get_close_matches(name, known, n=1)
    hint = f", did you mean {close[0]}?" if close else f"; it has {', '.join(known)}"
    return f"{name[:60]!r}: the design has no such parameter{hint}"


def _shown(value: object) -> str:
    """Show a value in a message, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _number(parameter: Parameter, value: object) -> float:
    """Read a finite number."""
    number = math.nan
    if isinstance(value, str) and len(value) <= 40:
        text = value.strip()
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        number = float(value) if abs(value) <= MAX_MAGNITUDE else math.nan
    if not abs(number) <= MAX_MAGNITUDE:
        raise InvalidInput(f"{parameter.name}: {_shown(value)} is not a usable number")
    return _positive_zero(number)


def _number_in_range(parameter: Parameter, number: float) -> float:
    """Refuse a number outside the range, the range named."""
    low = -MAX_MAGNITUDE if parameter.minimum is None else parameter.minimum
    high = MAX_MAGNITUDE if parameter.maximum is None else parameter.maximum
    slack = RANGE_SLACK_FRACTION
    if not low - slack * abs(low) <= number <= high + slack * abs(high):
        raise InvalidInput(
            f"{parameter.name}: {number:g} is outside {low:g} to {high:g}"
        )
    return min(max(number, low), high)


def _switch(parameter: Parameter, value: object) -> bool:
    """Read a truth value."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise InvalidInput(f"{parameter.name}: {_shown(value)} must be true or false")


def _vector(parameter: Parameter, value: object) -> tuple[float, ...]:
    """Read as many numbers as the design's own value has."""
    assert isinstance(parameter.initial, tuple)
    length = len(parameter.initial)
    entries: Sequence[object] = ()
    if isinstance(value, str) and len(value) <= 200:
        text = value.strip()
        if text.startswith("[") and text.endswith("]"):
            text = text[1:-1]
        entries = text.split(",")
    elif isinstance(value, (tuple, list)):
        entries = value
    if len(entries) != length:
        raise InvalidInput(
            f"{parameter.name}: {_shown(value)} must be {length} numbers, "
            "such as " + scad_literal(parameter.initial)
        )
    return tuple(
        _number_in_range(parameter, _number(parameter, entry)) for entry in entries
    )


def _choice(parameter: Parameter, value: object) -> float | str:
    """Find the value among the options."""
    for option in parameter.options:
        if isinstance(option.value, str):
            if isinstance(value, str) and _composed(value) == option.value:
                return option.value
            continue
        try:
            if _number(parameter, value) == option.value:
                return option.value
        except InvalidInput:
            continue
    offered = ", ".join(
        option.value if isinstance(option.value, str) else f"{option.value:g}"
        for option in parameter.options
    )
    raise InvalidInput(f"{parameter.name}: {_shown(value)} is not one of {offered}")


def _text(parameter: Parameter, value: object) -> str:
    """Read a text that is short enough and holds no control character."""
    if not isinstance(value, str):
        raise InvalidInput(f"{parameter.name}: {_shown(value)} must be a text")
    limit = MAX_TEXT_CHARS if parameter.max_length is None else parameter.max_length
    barred = _barred(value)
    if barred:
        raise InvalidInput(f"{parameter.name}: {barred} is not allowed in a text")
    text = _composed(value)
    if len(text) > limit:
        raise InvalidInput(
            f"{parameter.name}: {len(text)} characters, at most {limit} are allowed"
        )
    return text


def _composed(text: str) -> str:
    """Give the composed form, so that equal-looking texts are equal."""
    return unicodedata.normalize("NFC", text)


def _barred(text: str) -> str:
    """Name the first character that no text may hold; empty when there is none."""
    for char in text:
        if char in _TURNING or unicodedata.category(char) in _BARRED:
            return f"character U+{ord(char):04X}"
    return ""


def _positive_zero(number: float) -> float:
    """Give minus zero as zero."""
    return number + 0.0


def _plain(value: ParameterValue) -> object:
    """Give one value as JSON would hold it."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, tuple):
        return [_positive_zero(float(number)) for number in value]
    return _positive_zero(float(value))
