"""Match a whole design: each component on its own, bought things, hands.

Every component is held against every facility by itself, so that makers may share a
design. A facility makes all when it makes each component and its lots do for all of
them together. The components may come together where every sort of hand work is done.
What nobody makes or does stays uncovered, and the nearest miss says why. Bought things
are nobody's: no facility says that it has them, so they count as to be bought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.matching.hand_work import HandJudgement, hand_findings
from nearmade.matching.judge import Judge
from nearmade.matching.machine_gates import site_certificate_findings
from nearmade.matching.material_gates import ProfileLike
from nearmade.matching.site_gates import Finding, site_findings
from nearmade.matching.together import Together, lots_together
from nearmade.matching.verdict import Judgement, Match, Question, Reason, Verdict
from nearmade.matching.whole_need import Component, HandWork, WholeNeed
from nearmade.vocabulary.identity import FacilityId, PartName, ProfileId

#: What stands for all components at once among the reasons of one facility.
TOGETHER: Final = "all components together"


@dataclass(frozen=True, slots=True)
class ComponentMatch:
    """What a network says to one component.

    Parameters
    ----------
    component
        What was asked.
    judgements
        By facility, in the order asked.
    """

    component: Component
    judgements: Mapping[FacilityId, Judgement]

    @property
    def makers(self) -> tuple[FacilityId, ...]:
        """Who can make it."""
        return _who(self.judgements, "yes")

    @property
    def to_ask(self) -> tuple[FacilityId, ...]:
        """Who may be able to and does not say enough."""
        return _who(self.judgements, "unknown")

    @property
    def matches(self) -> tuple[Match, ...]:
        """Machines that can make it."""
        return tuple(m for each in self.judgements.values() for m in each.matches)

    @property
    def nearest(self) -> tuple[FacilityId, tuple[Reason, ...]] | None:
        """Of a component that nobody makes: who lacks least, and what."""
        return None if self.makers else _nearest(self.judgements)


@dataclass(frozen=True, slots=True)
class WorkMatch:
    """What a network says to one sort of hand work.

    Parameters
    ----------
    work
        What was asked.
    judgements
        By facility, in the order asked.
    """

    work: HandWork
    judgements: Mapping[FacilityId, HandJudgement]

    @property
    def hands(self) -> tuple[FacilityId, ...]:
        """Who does it."""
        return _who(self.judgements, "yes")

    @property
    def to_ask(self) -> tuple[FacilityId, ...]:
        """Who may do it and does not say."""
        return _who(self.judgements, "unknown")

    @property
    def nearest(self) -> tuple[FacilityId, tuple[Reason, ...]] | None:
        """Of work that nobody does: who lacks least, and what."""
        return None if self.hands else _nearest(self.judgements)


@dataclass(frozen=True, slots=True)
class WholeMatch:
    """What a network says to a whole design.

    Parameters
    ----------
    need
        What was asked.
    components, work
        What is said to each.
    judgements
        Of each facility as the only one: it makes every component, from its own lots,
        and does all hand work.
    assemblers
        Who does every sort of hand work, so that the components may come together
        there; every facility that works at all when there is none to do.
    assemblers_to_ask
        Who may do so and does not say.
    """

    need: WholeNeed
    components: tuple[ComponentMatch, ...]
    work: tuple[WorkMatch, ...]
    judgements: Mapping[FacilityId, WholeJudgement]
    assemblers: tuple[FacilityId, ...]
    assemblers_to_ask: tuple[FacilityId, ...]

    @property
    def uncovered(self) -> tuple[PartName, ...]:
        """Components that nobody is known to make."""
        return tuple(c.component.name for c in self.components if not c.makers)

    @property
    def uncovered_work(self) -> tuple[str, ...]:
        """Sorts of hand work that nobody is known to do."""
        return tuple(each.work.service for each in self.work if not each.hands)

    @property
    def alone(self) -> tuple[FacilityId, ...]:
        """Who can make all and assemble."""
        return tuple(s for s, each in self.judgements.items() if each.verdict == "yes")

    @property
    def makers_of_all(self) -> tuple[FacilityId, ...]:
        """Who can make every component, wherever they come together."""
        return tuple(s for s, each in self.judgements.items() if each.makes_all)

    @property
    def verdict(self) -> Verdict:
        """Whether the network as a whole can make and assemble it."""
        if not self.uncovered and self.assemblers:
            return "yes"
        open_parts = all(c.makers or c.to_ask for c in self.components)
        open_place = self.assemblers or self.assemblers_to_ask
        return "unknown" if open_parts and open_place else "no"


@dataclass(frozen=True, slots=True)
class WholeJudgement:
    """What one facility alone says to a whole design.

    Parameters
    ----------
    makes_all
        True when it makes every component from its own lots.
    reasons
        What it lacks, by the name of the component or the code of the hand work;
        under ``TOGETHER`` what only all components show.
    questions
        What it does not say, likewise.
    """

    makes_all: bool
    reasons: Mapping[str, tuple[Reason, ...]]
    questions: Mapping[str, tuple[Question, ...]]

    @property
    def verdict(self) -> Verdict:
        """Say it in one word."""
        if self.reasons:
            return "no"
        return "unknown" if self.questions else "yes"


def whole_design(
    need: WholeNeed,
    facilities: Sequence[Facility],
    now: datetime,
    *,
    profiles: Mapping[ProfileId, ProfileLike],
) -> WholeMatch:
    """Match a whole design to a network.

    Parameters
    ----------
    need
        What the design asks; see ``whole_need``.
    facilities
        Whom to ask, each id once.
    now
        The present, with a zone.
    profiles
        Print profiles by id; a machine's profile that is not among them does not count.

    Raises
    ------
    InvalidInput
        When a component's request is out of range, or the moment has no zone.
    """
    ids = [facility.id for facility in facilities]
    judges = [Judge(each.requirement, now, profiles) for each in need.components]
    components = tuple(
        ComponentMatch(each, {f.id: judge.judge(f) for f in facilities})
        for each, judge in zip(need.components, judges, strict=True)
    )
    places = {f.id: _place(f, need, judges[0].opens_at(f), now) for f in facilities}
    work = tuple(
        WorkMatch(
            each,
            {
                f.id: HandJudgement.of(chain(places[f.id], hand_findings(each, f)))
                for f in facilities
            },
        )
        for each in need.work
    )
    requirements = [each.requirement for each in need.components]

    def together(facility: Facility) -> Together:
        firsts = [each.judgements[facility.id].matches[0] for each in components]
        materials = [match.material for match in firsts]
        return lots_together(requirements, materials, facility, now, profiles)

    judgements = {
        facility.id: _alone(facility, components, work, together)
        for facility in facilities
    }
    if work:
        verdicts = {s: {w.judgements[s].verdict for w in work} for s in ids}
    else:
        verdicts = {s: {HandJudgement.of(iter(places[s])).verdict} for s in ids}
    return WholeMatch(
        need=need,
        components=components,
        work=work,
        judgements=judgements,
        assemblers=tuple(s for s in ids if verdicts[s] == {"yes"}),
        assemblers_to_ask=tuple(
            s for s in ids if "no" not in verdicts[s] and "unknown" in verdicts[s]
        ),
    )


def _place(
    facility: Facility, need: WholeNeed, opens_at: datetime, now: datetime
) -> tuple[Finding, ...]:
    """Give what speaks against bringing the product together there."""
    found = list(site_findings(facility, need.place, opens_at, now))
    if need.work or len(need.components) > 1:
        found += site_certificate_findings(facility, need.place)
    return tuple(found)


def _alone(
    facility: Facility,
    components: Sequence[ComponentMatch],
    work: Sequence[WorkMatch],
    together: Callable[[Facility], Together],
) -> WholeJudgement:
    """Judge one facility as the only one."""
    parts = [(str(c.component.name), c.judgements[facility.id]) for c in components]
    parts_yes = all(judgement.verdict == "yes" for _, judgement in parts)
    lots = together(facility) if parts_yes else Together()
    hands = [(w.work.service, w.judgements[facility.id]) for w in work]
    asked: list[tuple[str, Judgement | HandJudgement]] = [*parts, *hands]
    reasons = {title: each.reasons for title, each in asked if each.verdict == "no"}
    questions = {t: each.questions for t, each in asked if each.verdict == "unknown"}
    if lots.reason is not None:
        reasons[TOGETHER] = (lots.reason,)
    if lots.question is not None:
        questions[TOGETHER] = (lots.question,)
    makes_all = parts_yes and lots == Together()
    return WholeJudgement(makes_all, reasons, questions)


def _who(
    judgements: Mapping[FacilityId, Judgement | HandJudgement], verdict: Verdict
) -> tuple[FacilityId, ...]:
    return tuple(s for s, each in judgements.items() if each.verdict == verdict)


def _nearest(
    judgements: Mapping[FacilityId, Judgement | HandJudgement],
) -> tuple[FacilityId, tuple[Reason, ...]] | None:
    """Give the refusal with the fewest reasons, the first of these; None if no one."""
    refused = [(s, each.reasons) for s, each in judgements.items() if each.reasons]
    return min(refused, key=lambda one: len(one[1]), default=None)
