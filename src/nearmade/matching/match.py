"""Match a part to machines: hard gates, each refusal with its numbers and remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from nearmade.facilities.facility import Facility
from nearmade.matching.judge import Judge
from nearmade.matching.material_gates import ProfileLike
from nearmade.matching.verdict import (
    Judgement,
    Match,
    Reason,
    Refusal,
    Requirement,
)
from nearmade.vocabulary.identity import ProfileId

__all__ = ["ProfileLike", "judge_each", "match"]


def judge_each(
    requirement: Requirement,
    facilities: Sequence[Facility],
    now: datetime,
    *,
    profiles: Mapping[ProfileId, ProfileLike],
) -> tuple[Judgement, ...]:
    """Say of every facility yes, no or unknown, in the order given.

    Within a facility the machines that are ready come first, then those where the part
    need not be turned.

    Parameters
    ----------
    requirement
        What the part asks.
    facilities
        Where to look.
    now
        The present, with a zone.
    profiles
        Print profiles by id; a machine's profile that is not among them does not count.

    Raises
    ------
    InvalidInput
        When quantity or mass are out of range, a property is not known, or the moment
        has no zone.
    """
    judge = Judge(requirement, now, profiles)
    return tuple(judge.judge(facility) for facility in facilities)


def match(
    requirement: Requirement,
    facilities: Sequence[Facility],
    now: datetime,
    *,
    profiles: Mapping[ProfileId, ProfileLike],
) -> tuple[tuple[Match, ...], tuple[Refusal, ...]]:
    """Give every machine that can be quoted for the part, and why no other facility.

    What is unknown does not count as yes: such a facility is refused with what to ask
    as remedy. So is one that can make the part and has no print profile of ours by
    which to estimate it. ``judge_each`` keeps these apart, with the same arguments.

    Raises
    ------
    InvalidInput
        As ``judge_each`` does.
    """
    matches: list[Match] = []
    refusals: list[Refusal] = []
    judgements = judge_each(requirement, facilities, now, profiles=profiles)
    for facility, found in zip(facilities, judgements, strict=True):
        quotable = [each for each in found.matches if each.profile_id]
        matches.extend(quotable)
        if not quotable:
            refusals.append(Refusal(facility.id, _why_no_quote(found)))
    return tuple(matches), tuple(refusals)


def _why_no_quote(found: Judgement) -> tuple[Reason, ...]:
    """Turn all that is not a match with a profile into reasons."""
    if found.matches:
        first = found.matches[0]
        return (
            Reason(
                "no-instant-price",
                f"the {first.machine.make_model} works {first.material}; there is no "
                "profile by which to estimate it",
                f"ask {first.facility.name} for a price",
            ),
        )
    asked = (
        Reason(each.rule, each.message, f"ask: {each.ask}") for each in found.questions
    )
    return (*found.reasons, *asked)
