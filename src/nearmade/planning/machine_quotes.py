"""Ask every machine of a network what a part would take and cost there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from nearmade.facilities.facility import Facility
from nearmade.matching.match import match
from nearmade.matching.verdict import Match, Reason, Refusal, Requirement
from nearmade.planning.site_work import Estimator, PartDemand
from nearmade.quoting.learned import NO_CORRECTION, Correction
from nearmade.quoting.market import Market, MarketQuote, PricedMachine
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import MAKEABLE
from nearmade.vocabulary.identity import FacilityId, MachineId, ProfileId


@dataclass(frozen=True, slots=True, eq=False)
class MachineQuotes:
    """What each machine that can make a part takes and asks.

    Parameters
    ----------
    matches
        Machines that can make it, with material and profile.
    market
        Their figures and prices, in the same order.
    refusals
        Facilities without such a machine, each with every reason.
    """

    matches: tuple[Match, ...]
    market: MarketQuote
    refusals: tuple[Refusal, ...]


def quote_machines(
    demand: PartDemand,
    facilities: Sequence[Facility],
    now: datetime,
    *,
    commercial_use: bool,
    profiles: Mapping[ProfileId, Profile] = MAKEABLE,
    corrections: Mapping[MachineId, Correction] = MappingProxyType({}),
) -> MachineQuotes:
    """Match a part to the machines of a network and price it at each of them.

    Each machine is asked for all copies, by its facility's price list; carriage and
    assembly are left to ``planning.offers``.

    Parameters
    ----------
    demand
        The part and how many of it.
    facilities
        Whom to ask.
    now
        The present, with a zone.
    commercial_use
        True when the licence allows paid production.
    corrections
        What the histories of machines teach, by machine.

    Raises
    ------
    InvalidInput
        When the part cannot be estimated, or a price list is out of all reason.
    """
    estimator = Estimator([demand], profiles)
    requirement = Requirement(
        demand.name,
        demand.facts,
        demand.process,
        demand.materials,
        demand.quantity,
        estimator.mass_of_one_g(demand.name),
        commercial_use,
    )
    found, refusals = match(requirement, facilities, now, profiles=profiles)
    priced = [each for each in found if each.material in _priced(each.facility)]
    market = Market(
        [
            PricedMachine.of(
                each.facility.id,
                each.machine,
                profiles[each.profile_id],
                each.facility.tariff,
                corrections.get(each.machine.id, NO_CORRECTION),
            )
            for each in priced
        ]
    )
    quote = market.quote(
        demand.facts, demand.quantity, infill_fraction=demand.infill_fraction
    )
    return MachineQuotes(tuple(priced), quote, (*refusals, *_unpriced(found, priced)))


def _priced(facility: Facility) -> Mapping[str, object]:
    return facility.tariff.material_gram


def _unpriced(found: Sequence[Match], priced: Sequence[Match]) -> list[Refusal]:
    """Refuse facilities whose price list lacks the material of all their machines."""
    asked = {each.facility.id for each in priced}
    lacking: dict[FacilityId, dict[str, None]] = {}
    for each in found:
        if each.facility.id not in asked:
            lacking.setdefault(each.facility.id, {})[each.material] = None
    return [
        Refusal(
            site,
            (
                Reason(
                    "material-unpriced",
                    f"the price list has no {', '.join(materials)}",
                    "ask the site for a price",
                ),
            ),
        )
        for site, materials in lacking.items()
    ]
