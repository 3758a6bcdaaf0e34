"""What licences allow: adapting is not collecting.

``adapts`` means derived from; ``collects`` means put beside, unmodified, in an assembly
or kit. No legal advice: a table with a version, stored beside each decision.
"""

from __future__ import annotations

import re
from typing import Final

from license_expression import ExpressionError, get_spdx_licensing

from nearmade.designs.licence import Licence, read_licence
from nearmade.screening.verdict import Decision, ScreeningReason
from nearmade.vocabulary.errors import InvalidInput

#: A new one whenever a row changes.
TABLE_VERSION: Final = "adapts-2026-1"

_ANY: Final = frozenset({"*"})
#: Any that keeps the author's name: not those that give it up.
_WITH_CREDIT: Final = frozenset({"*", "-CC0", "-PDDL", "-Unlicense", "-0BSD", "-MIT-0"})

#: Source's family to the families that a result derived from it may carry; ``*`` is
#: any, ``-`` takes one away. Families as in ``family``. Source: the licence texts; the
#: compatible licences at https://creativecommons.org/compatiblelicenses; CERN-OHL-2.0
#: sections 3 and 4, https://ohwr.org/cernohl.
ADAPTS: Final[dict[str, frozenset[str]]] = {
    "CC0": _ANY,
    "PDDL": _ANY,
    "Unlicense": _ANY,
    "0BSD": _ANY,
    "MIT-0": _ANY,
    "CC-BY": _WITH_CREDIT,
    "CC-BY-SA": frozenset({"CC-BY-SA", "GPL-3.0"}),
    "CC-BY-NC": frozenset({"CC-BY-NC", "CC-BY-NC-SA"}),
    "CC-BY-NC-SA": frozenset({"CC-BY-NC-SA"}),
    "CC-BY-ND": frozenset(),
    "CC-BY-NC-ND": frozenset(),
    "MIT": _WITH_CREDIT,
    "ISC": _WITH_CREDIT,
    "BSD": _WITH_CREDIT,
    "Apache": _WITH_CREDIT,
    "CERN-OHL-P": _WITH_CREDIT,
    "CERN-OHL-W": frozenset({"CERN-OHL-W", "CERN-OHL-S"}),
    "CERN-OHL-S": frozenset({"CERN-OHL-S"}),
    "TAPR-OHL": frozenset({"TAPR-OHL"}),
    "GPL-3.0": frozenset({"GPL-3.0"}),
}

#: Rows of which we are not sure: a person looks where they mix.
_UNSURE: Final = frozenset({"CERN-OHL-W", "CERN-OHL-S", "TAPR-OHL", "GPL-3.0"})

#: Longest first, so that a name is not taken for its beginning.
_FAMILIES: Final = sorted(ADAPTS, key=len, reverse=True)


def licence_reasons(
    expression: str,
    *,
    adapts: tuple[str, ...] = (),
    collects: tuple[str, ...] = (),
    paid_production: bool,
    customised: bool,
) -> list[ScreeningReason]:
    """Apply the licence rules to one thing that is to be made.

    Parameters
    ----------
    expression
        SPDX expression of the thing itself; empty when not declared.
    adapts
        Expressions of what it is derived from.
    collects
        Expressions of what it holds unmodified.
    paid_production
        True when somebody is paid to make it.
    customised
        True when its parameters differ from the published ones.
    """
    reasons = _terms(expression, "the design", paid_production=paid_production)
    if not reasons and customised and not read_licence(expression).adapt:
        reasons.append(
            _reason(
                "licence-no-derivatives",
                "refuse",
                f"{expression} allows unmodified copies only; customising is a change",
            )
        )
    for part in collects:
        reasons += _terms(part, "a collected part", paid_production=paid_production)
    return reasons + _adaptation(expression, adapts)


def family(key: str) -> str:
    """Give the row of a licence in ``ADAPTS``; empty when it has none."""
    for name in _FAMILIES:
        if key == name or key.startswith(f"{name}-"):
            rest = key.removeprefix(name).removeprefix("-")
            if not rest or rest[0].isdigit() or name == "BSD" or _suffix(rest):
                return name
    return ""


def _suffix(rest: str) -> bool:
    return rest in {"only", "or-later"}


def _terms(
    expression: str, whose: str, *, paid_production: bool
) -> list[ScreeningReason]:
    """Check that the terms are known and allow being paid."""
    terms = _read(expression)
    if terms is None or not terms.known:
        named = (
            f"{expression!r} of {whose} is not known"
            if expression
            else (f"{whose} declares none")
        )
        return [
            _reason(
                "licence-unknown",
                "refuse",
                f"licence: {named}; nothing is made for others until it is declared",
            )
        ]
    if paid_production and not terms.commercial_use:
        return [
            _reason(
                "licence-non-commercial",
                "refuse",
                f"{expression} of {whose} does not allow paid production",
            )
        ]
    return []


def _adaptation(result: str, adapts: tuple[str, ...]) -> list[ScreeningReason]:
    """Check each edge ``adapts``; name the two edges when sources cannot meet."""
    reasons = []
    target = _family_of(result)
    for source in adapts:
        row = _family_of(source)
        if not row:
            terms = _read(source)
            unknown = terms is None or not terms.known
            reasons.append(
                _reason(
                    "licence-source-unknown",
                    "refuse" if unknown else "review",
                    f"derived from a source under {source or 'no licence'!r}, for "
                    "which the table has no row",
                )
            )
        elif not (_allows(row, target) and _not_older(source, result, row, target)):
            sure = target and row not in _UNSURE
            reasons.append(
                _reason(
                    "licence-incompatible",
                    "refuse" if sure else "review",
                    f"derived from a source under {source}, whose changed versions "
                    f"may not carry {result or 'no licence'}",
                )
            )
    return reasons + _meeting(adapts)


def _meeting(adapts: tuple[str, ...]) -> list[ScreeningReason]:
    """Refuse two sources that no single licence can satisfy."""
    known = [(source, _family_of(source)) for source in adapts]
    known = [(source, row) for source, row in known if row]
    for place, (source, row) in enumerate(known):
        for other, other_row in known[place + 1 :]:
            if not any(_allows(row, to) and _allows(other_row, to) for to in ADAPTS):
                return [
                    _reason(
                        "licence-sources-conflict",
                        "refuse",
                        f"derived from {source} and from {other}; no licence "
                        "satisfies both",
                    )
                ]
    return []


def _allows(source_family: str, result_family: str) -> bool:
    allowed = ADAPTS[source_family]
    if f"-{result_family}" in allowed:
        return False
    return "*" in allowed or result_family in allowed


def _not_older(source: str, result: str, row: str, target: str) -> bool:
    """Share-alike passes to the same or a later version; to the GPL from 4.0 on."""
    if target == "GPL-3.0" and row == "CC-BY-SA":
        return _version(source) >= (4, 0)
    alike = row == target and not ADAPTS[row] & {"*"}
    return not alike or _version(result) >= _version(source)


def _version(expression: str) -> tuple[int, ...]:
    """Give the version in an SPDX identifier, ``(4, 0)`` for CC-BY-SA-4.0."""
    found = re.search(r"-(\d+(?:\.\d+)*)", expression)
    return tuple(int(digits) for digits in found[1].split(".")) if found else ()


def _family_of(expression: str) -> str:
    """Give the row of an expression of one licence; empty for anything else."""
    try:
        keys = get_spdx_licensing().license_keys(expression, unique=True)
    except ExpressionError:
        return ""
    return family(str(keys[0])) if len(keys) == 1 else ""


def _read(expression: str) -> Licence | None:
    try:
        return read_licence(expression)
    except InvalidInput:
        return None


def _reason(rule: str, decision: Decision, message: str) -> ScreeningReason:
    return ScreeningReason(rule, decision, message, TABLE_VERSION)
