"""What designs of the catalogue ask of a network, and what one site could make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from nearmade.cloud.catalogue.models import Instance
from nearmade.cloud.catalogue.records import facts_from
from nearmade.cloud.catalogue.services import listed_versions, load_version
from nearmade.cloud.pages import reading
from nearmade.cloud.pages.figures import significant
from nearmade.facilities.facility import Facility
from nearmade.matching.reverse import Opening, what_can_be_made
from nearmade.matching.whole_design import WholeJudgement
from nearmade.matching.whole_need import WholeNeed, whole_need
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.identity import PartName

#: Purchases shown of those that open most.
PURCHASES_SHOWN = 3
#: Reasons shown of each design that cannot be made.
REASONS_SHOWN = 2


def need_of(instance: Instance) -> WholeNeed:
    """Tell what a drawn design asks; the same fit asks the same for ever."""
    return _need(instance.key)


@lru_cache(maxsize=512)
def _need(key: str) -> WholeNeed:
    instance = Instance.objects.select_related("design_version").get(key=key)
    design = load_version(instance.design_version).design
    facts = {
        PartName(part.name): facts_from(part.facts) for part in instance.parts.all()
    }
    return whole_need(design, facts, profiles=MAKEABLE)


@dataclass(frozen=True, slots=True)
class Lack:
    """A design that a site cannot make, and why."""

    id: str
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bought:
    """Something that opens designs to a site."""

    title: str
    price: str
    opens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Makeable:
    """What a site could make of the catalogue.

    Parameters
    ----------
    can
        Id and title of each design that it can make alone.
    lacks
        The others.
    purchases
        What opens most.
    drawn
        How many designs were asked; those never drawn are not.
    """

    can: tuple[tuple[str, str], ...]
    lacks: tuple[Lack, ...]
    purchases: tuple[Bought, ...]
    drawn: int


def makeable_at(facility: Facility, now: datetime) -> Makeable:
    """Tell what a site could make, were it open for work."""
    drawn = reading.standard_instances(listed_versions())
    needs = [need_of(instance) for instance in drawn.values()]
    opened = replace(facility, status="active")
    found = what_can_be_made(opened, needs, now, profiles=MAKEABLE)
    titles = {str(need.design_id): need.title for need in needs}
    can, lacks = [], []
    for answer in found.answers:
        design_id, title = str(answer.need.design_id), answer.need.title
        if answer.verdict == "yes":
            can.append((design_id, title))
        else:
            lacks.append(Lack(design_id, title, _why(answer.judgement)))
    bought = tuple(
        _bought(opening, titles) for opening in found.openings[:PURCHASES_SHOWN]
    )
    return Makeable(tuple(can), tuple(lacks), bought, len(needs))


def _why(judgement: WholeJudgement) -> tuple[str, ...]:
    lacks = [one.message for each in judgement.reasons.values() for one in each]
    asks = [one.message for each in judgement.questions.values() for one in each]
    said = dict.fromkeys((*lacks, *asks))
    return tuple(said)[:REASONS_SHOWN]


def _bought(opening: Opening, titles: dict[str, str]) -> Bought:
    price = ""
    if opening.price_usd is not None and opening.price_usd[1] > 0:
        low, high = (significant(end, 2) for end in opening.price_usd)
        price = f"{low} – {high} USD" if low != high else f"{low} USD"
    return Bought(
        " + ".join(purchase.title for purchase in opening.purchases),
        price,
        tuple(titles[design_id] for design_id in opening.opens),
    )
