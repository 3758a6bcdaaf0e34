"""Which material may stand in for another, why, and where it may not.

A rule says that people who make such parts take one for the other, what is won and what
to mind; the figures in the reason are computed from the vocabulary. Nothing is offered
that would lose a property which the part requires.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nearmade.matching.material_gates import NO, UNKNOWN, material_of, property_level
from nearmade.matching.substitution_rules import RULES, SubstitutionRule
from nearmade.vocabulary.material import Material
from nearmade.vocabulary.processes import satisfies

#: A difference of density below this share is not told.
_TOLD_FRACTION: Final = 0.1


@dataclass(frozen=True, slots=True)
class Substitute:
    """A material that may stand in for another.

    Parameters
    ----------
    material
        Code of the one offered.
    instead_of
        Code of the one that it stands in for.
    reason
        What is won, what to mind and where not, in one sentence with the figures.
    source
        Whose experience the rule is.
    """

    material: str
    instead_of: str
    reason: str
    source: str


def substitutes(
    name: str, process: str = "", properties: Mapping[str, object] | None = None
) -> tuple[Substitute, ...]:
    """Give the materials that may stand in for one, those sure to be fit first.

    Parameters
    ----------
    name
        The material asked for, by any of its names.
    process
        Code of the process that must work it too; empty for any.
    properties
        What the part requires, as ``Requirement.properties`` has it.
    """
    asked = material_of(name)
    if asked is None:
        return ()
    required = properties or {}
    offered = _offered(asked, process, required)
    return tuple(
        sorted(offered, key=lambda each: -property_level(each.material, required))
    )


def substitutes_by(
    process: str, properties: Mapping[str, object]
) -> Callable[[str], Sequence[tuple[str, str]]]:
    """Give a look-up of substitutes for parts of one process and set of properties."""

    def look_up(name: str) -> Sequence[tuple[str, str]]:
        found = substitutes(name, process, properties)
        return [(each.material, each.reason) for each in found]

    return look_up


def _offered(
    asked: Material, process: str, properties: Mapping[str, object]
) -> Iterator[Substitute]:
    for rule in RULES.get(asked.code, ()):
        other = material_of(rule.material)
        if other is None or not _worked(other, process):
            continue
        if not _keeps(asked, other, properties):
            continue
        reason = _reason(asked, other, rule) + _unsaid(other, properties)
        yield Substitute(other.code, asked.code, reason, rule.source)


def _worked(material: Material, process: str) -> bool:
    return not process or any(satisfies(each, process) for each in material.processes)


def _keeps(asked: Material, other: Material, properties: Mapping[str, object]) -> bool:
    """Tell whether each required property is there, or as little known as before."""
    for key, wanted in properties.items():
        level = property_level(other.code, {key: wanted})
        if level == NO or level < property_level(asked.code, {key: wanted}):
            return False
    return True


def _reason(asked: Material, other: Material, rule: SubstitutionRule) -> str:
    said = [f"{other.code} may replace {asked.code}: {rule.gains}"]
    said += filter(None, (_heat(asked, other), _weight(asked, other), rule.minds))
    said += [f"not where {rule.not_where}"]
    return "; ".join(said)


def _unsaid(other: Material, properties: Mapping[str, object]) -> str:
    unsaid = [
        key.replace("_", " ")
        for key, wanted in properties.items()
        if property_level(other.code, {key: wanted}) == UNKNOWN
    ]
    return f"; ask its maker about {' and '.join(unsaid)}" if unsaid else ""


def _heat(asked: Material, other: Material) -> str:
    was, now = asked.heat_deflection_degc, other.heat_deflection_degc
    if was is None or was == now:
        return ""
    if now is None:
        return "how warm it may get must be asked"
    if now > was:
        return f"typically holds {now - was:g} degC more ({now:g} against {was:g})"
    return f"only where it stays below {now:g} degC (it was {was:g})"


def _weight(asked: Material, other: Material) -> str:
    was, now = asked.density_g_cm3, other.density_g_cm3
    if was is None or now is None or abs(now / was - 1) < _TOLD_FRACTION:
        return ""
    word = "more" if now > was else "less"
    return f"typically weighs {abs(now / was - 1) * 100:.0f} % {word}"
