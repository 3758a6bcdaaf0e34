"""Facts as plain values, and back, each value checked against its field."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from nearmade.geometry.facts import PartFacts

#: Stable words of findings and refusals.
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
#: Longest list in a record.
MAX_LENGTH = 100
#: Longest text in a record; what is longer is cut.
MAX_WORDS = 500

Record = TypeVar("Record")


def facts_record(facts: PartFacts) -> dict[str, Any]:
    """Give facts as plain values, as JSON holds them."""
    return asdict(facts)


def facts_from(record: Mapping[str, Any], *, complete: bool = False) -> PartFacts:
    """Read facts back.

    Figures are finite and zero or more, coordinates finite, texts printable and on one
    line, lists at most ``MAX_LENGTH`` long.

    Parameters
    ----------
    record
        As ``facts_record`` gave it, perhaps an older version of it.
    complete
        True when no field may be missing; otherwise a missing one has its default.

    Raises
    ------
    ValueError
        When a name is unknown or missing, or a value out of its range.
    TypeError
        When a value is of the wrong kind.
    """
    return _read(PartFacts, record, complete=complete)


def _read(kind: type[Record], record: object, *, complete: bool) -> Record:
    if not isinstance(record, Mapping):
        raise TypeError(f"{kind.__name__}: not a record")
    hints = _hints(cast("Any", kind))
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    unknown = set(record) - set(known)
    if unknown:
        raise ValueError(f"{kind.__name__}: unknown names {sorted(unknown)}")
    values = {}
    for name, field in known.items():
        if name in record:
            values[name] = _value(hints[name], name, record[name], complete=complete)
        elif complete or field.default is MISSING:
            raise ValueError(f"{kind.__name__}: {name} is missing")
    return kind(**values)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, name: str, given: object, *, complete: bool) -> object:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is types.UnionType:
        if given is None:
            return None
        return _value(inner[0], name, given, complete=complete)
    if origin is tuple:
        return _list(inner, name, given, complete=complete)
    if origin is Literal:
        if given not in inner:
            raise ValueError(f"{name}: {given!r} is none of {inner}")
        return given
    if is_dataclass(hint):
        return _read(cast("type[object]", hint), given, complete=complete)
    return _plain(hint, name, given)


def _list(
    inner: tuple[Any, ...], name: str, given: object, *, complete: bool
) -> tuple[object, ...]:
    if not isinstance(given, list | tuple):
        raise TypeError(f"{name}: not a list")
    open_ended = inner[-1] is Ellipsis
    if len(given) > MAX_LENGTH or not (open_ended or len(given) == len(inner)):
        raise ValueError(f"{name}: a list of {len(given)}")
    return tuple(_value(inner[0], name, one, complete=complete) for one in given)


def _plain(hint: type, name: str, given: object) -> object:
    if hint is float and isinstance(given, int | float) and given is not True:
        number = float(given)
        if not math.isfinite(number) or (number < 0 and name != "centre_mm"):
            raise ValueError(f"{name}: {number} is out of range")
        return number
    if hint is str and isinstance(given, str):
        if name == "code" and not CODE.fullmatch(given):
            raise ValueError(f"{given[:20]!r} is not {CODE.pattern}")
        text = given[:MAX_WORDS]
        return "".join(sign if sign.isprintable() else " " for sign in text)
    if hint is bool and isinstance(given, bool):
        return given
    if hint is int and isinstance(given, int) and not isinstance(given, bool):
        if given < 0:
            raise ValueError(f"{name}: {given} is below zero")
        return given
    raise TypeError(f"{name}: {given!r} is not a {hint.__name__}")
