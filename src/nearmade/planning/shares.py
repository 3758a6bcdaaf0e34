"""Plan one order over several facilities: price each share, then choose exactly.

The choice itself is exact (``choose``). Around it stand three simplifications, each on
the safe side or put right afterwards:

- only a short list of facilities is tried, those that are cheap or clean for what they
  can make, so that a network of thousands is planned in milliseconds;
- while choosing, a facility is taken to be done when it has made all that it could
  make of the order, and its minimum price is left out;
- the plans chosen are then priced and timed for the very share of each facility, with
  its minimum, and put in order again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.logistics.carry import carry, packed_mass_g
from nearmade.matching.verdict import Match
from nearmade.planning.choose import Infeasible, cost_plan, plan_order
from nearmade.planning.earliest_finish import NoRoom, earliest_finish
from nearmade.planning.order_plan import AssemblyOption, MakeOption, OrderPlan
from nearmade.planning.site_price import making_estimate, price_site
from nearmade.planning.site_supply import SiteSupply, greenest_wait_s
from nearmade.planning.site_work import (
    Estimator,
    PartDemand,
    PlannedBuild,
    SiteWork,
)
from nearmade.planning.wish import OrderWish
from nearmade.quoting.exchange import usd
from nearmade.vocabulary.identity import FacilityId, PartName

#: Facilities tried: the cheapest ones, then the cleanest ones.
SHORT_LIST_CHEAP: Final = 9
SHORT_LIST_CLEAN: Final = 3
MOST_PLANS: Final = 5


@dataclass(frozen=True, slots=True)
class Share:
    """All that one facility could make of an order.

    Parameters
    ----------
    matches
        Machines for each part that it can make.
    wait_s
        Until the first build may start. [s]
    now
        The present, with a zone.
    work
        The builds of all these parts.
    supply
        Its electricity by the hour where it has panels beside its grid.
    """

    facility: Facility
    matches: Mapping[PartName, Sequence[Match]]
    wait_s: float
    now: datetime
    work: SiteWork
    supply: SiteSupply | None = None

    @classmethod
    def of(
        cls,
        facility: Facility,
        matches: Mapping[PartName, Sequence[Match]],
        estimator: Estimator,
        wait_s: float,
        now: datetime,
        supply: SiteSupply | None = None,
    ) -> Share | NoRoom:
        """Schedule all that the facility can make."""
        work = earliest_finish(facility, matches, estimator, wait_s, now)
        if isinstance(work, NoRoom):
            return work
        work = _in_hours(work, wait_s, supply)
        return cls(facility, matches, wait_s, now, work, supply)

    def at_greenest(self, estimator: Estimator, wish: OrderWish) -> Share:
        """Give the share started when carbon and lateness together cost least."""
        if self.supply is None:
            return self
        packed_g = packed_mass_g(self.work.mass_g().value + wish.bought_mass_g)
        way = carry(self.facility.place, wish.destination, packed_g)
        wait_s = greenest_wait_s(
            self.facility,
            self.supply,
            self.work,
            self.wait_s,
            wish,
            way_s=wish.assembly_s + way.time_s.value,
        )
        if wait_s == self.wait_s:
            return self
        later = Share.of(
            self.facility, self.matches, estimator, wait_s, self.now, self.supply
        )
        return self if isinstance(later, NoRoom) else later

    def only(self, parts: Sequence[PartName], estimator: Estimator) -> SiteWork:
        """Schedule some of the parts alone."""
        matches = {part: self.matches[part] for part in parts}
        work = earliest_finish(self.facility, matches, estimator, self.wait_s, self.now)
        if isinstance(work, NoRoom):  # what all of them together have room for
            builds = tuple(each for each in self.work.builds if each.part in matches)
            work = replace(self.work, builds=builds)
        return _in_hours(work, self.wait_s, self.supply)


def _in_hours(work: SiteWork, wait_s: float, supply: SiteSupply | None) -> SiteWork:
    """Note what the electricity of the work's own hours emits."""
    if supply is None:
        return work
    grams = supply.at(supply.by_start(work, wait_s), wait_s)
    return replace(work, gco2e_per_kwh=grams)


def plan_shares(
    shares: Sequence[Share],
    demands: Sequence[PartDemand],
    estimator: Estimator,
    wish: OrderWish,
) -> tuple[OrderPlan, ...]:
    """Give the best plans over the short list, best first; empty when there is none."""
    listed = {share.facility.id: share for share in _short_list(shares, demands, wish)}
    makes = [each for share in listed.values() for each in make_options(share, wish)]
    plans = plan_order(
        makes,
        _assembly_options(listed, wish),
        carbon_price_usd_per_t=wish.carbon_price_usd_per_t,
        promise_s=wish.promise_s,
        lateness_usd_per_day=wish.lateness_usd_per_day,
        most=MOST_PLANS,
        parts=[demand.name for demand in demands],
    )
    if isinstance(plans, Infeasible):
        return ()
    settled = [_settle(plan, listed, estimator, wish) for plan in plans]
    return tuple(sorted(settled, key=lambda plan: plan.objective_usd))


def _short_list(
    shares: Sequence[Share], demands: Sequence[PartDemand], wish: OrderWish
) -> list[Share]:
    """Choose the facilities to try, every part covered if it can be."""
    cost: dict[FacilityId, tuple[float, float]] = {}
    for share in shares:
        work = share.work
        leg = carry(
            share.facility.place, wish.destination, packed_mass_g(work.mass_g().value)
        )
        asked = usd(price_site(work, wish.rates).total, wish.rates)
        gas_gco2e = (
            making_estimate(work, wish.making_gco2e).value + leg.freight_gco2e.value
        )
        part_count = len(work.builds)
        cost[share.facility.id] = (
            (asked + leg.price_usd.value) / part_count,
            gas_gco2e / part_count,
        )
    cheap = sorted(shares, key=lambda share: cost[share.facility.id][0])
    clean = sorted(shares, key=lambda share: cost[share.facility.id][1])
    chosen = {
        s.facility.id: s for s in (*cheap[:SHORT_LIST_CHEAP], *clean[:SHORT_LIST_CLEAN])
    }
    for demand in demands:
        if not any(demand.name in share.matches for share in chosen.values()):
            able = next(share for share in cheap if demand.name in share.matches)
            chosen[able.facility.id] = able
    if all(wish.unfinished_by(share.facility) for share in chosen.values()):
        for share in cheap:
            if not wish.unfinished_by(share.facility):
                chosen[share.facility.id] = share
                break
    return list(chosen.values())


def make_options(share: Share, wish: OrderWish) -> list[MakeOption]:
    """Offer each part that a facility can make, ready when all of them are."""
    ready_s = share.work.makespan_s.value
    return [
        replace(_alone(share.work, build, wish), ready_s=ready_s)
        for build in share.work.builds
    ]


def _assembly_options(
    listed: Mapping[FacilityId, Share], wish: OrderWish
) -> list[AssemblyOption]:
    made_g = max(share.work.mass_g().value for share in listed.values())
    options = []
    for site, share in listed.items():
        if wish.unfinished_by(share.facility):
            continue
        hands = price_site(
            replace(share.work, builds=()),
            wish.rates,
            labour_s=wish.assembly_s,
            bought_usd=wish.bought_usd,
            least=False,
        )
        inbound = {
            origin: carry(
                other.facility.place,
                share.facility.place,
                packed_mass_g(other.work.mass_g().value),
            )
            for origin, other in listed.items()
            if origin != site
        }
        last_leg = carry(
            share.facility.place,
            wish.destination,
            packed_mass_g(made_g + wish.bought_mass_g),
            collect=not wish.deliver,
        )
        options.append(
            AssemblyOption(
                site, usd(hands.total, wish.rates), wish.assembly_s, inbound, last_leg
            )
        )
    return options


def _settle(
    plan: OrderPlan,
    listed: Mapping[FacilityId, Share],
    estimator: Estimator,
    wish: OrderWish,
) -> OrderPlan:
    """Price and time each facility's very share, its minimum included."""
    parts_of: dict[FacilityId, list[PartName]] = {}
    for option in plan.made:
        parts_of.setdefault(option.facility_id, []).append(option.part)
    home = plan.assembly.facility_id
    made: dict[PartName, MakeOption] = {}
    inbound = dict(plan.assembly.inbound)
    assembly_usd = plan.assembly.price_usd
    goods_g = wish.bought_mass_g
    for site, parts in parts_of.items():
        work = listed[site].only(parts, estimator)
        work_g = work.mass_g().value
        goods_g += work_g
        made |= {build.part: _alone(work, build, wish) for build in work.builds}
        rest_usd = _rest_usd(work, made, wish, assembles=site == home)
        if site == home:
            assembly_usd = rest_usd
            continue
        first = made[parts[0]]
        made[parts[0]] = replace(first, price_usd=first.price_usd + rest_usd)
        inbound[site] = carry(
            listed[site].facility.place,
            listed[home].facility.place,
            packed_mass_g(work_g),
        )
    last_leg = carry(
        listed[home].facility.place,
        wish.destination,
        packed_mass_g(goods_g),
        collect=not wish.deliver,
    )
    return cost_plan(
        [made[option.part] for option in plan.made],
        replace(
            plan.assembly, price_usd=assembly_usd, inbound=inbound, last_leg=last_leg
        ),
        carbon_price_usd_per_t=wish.carbon_price_usd_per_t,
        promise_s=wish.promise_s,
        lateness_usd_per_day=wish.lateness_usd_per_day,
    )


def _alone(work: SiteWork, build: PlannedBuild, wish: OrderWish) -> MakeOption:
    """Price one build of a share as if it were alone, without a minimum."""
    only = replace(work, builds=(build,))
    return MakeOption(
        build.part,
        work.facility.id,
        build.machine_ids[0],
        build.profile_id,
        usd(price_site(only, wish.rates, least=False).total, wish.rates),
        making_estimate(only, wish.making_gco2e).value,
        build.ends_s,
        build.material,
        build.estimate.mass_g,
        build.estimate.energy_wh,
        build.estimate.time_s,
    )


def _rest_usd(
    work: SiteWork,
    made: Mapping[PartName, MakeOption],
    wish: OrderWish,
    *,
    assembles: bool,
) -> float:
    """What the whole share costs beyond its builds: hands, bought parts, minimum."""
    whole = price_site(
        work,
        wish.rates,
        labour_s=wish.assembly_s if assembles else 0.0,
        bought_usd=wish.bought_usd if assembles else 0.0,
    )
    builds_usd = sum(made[build.part].price_usd for build in work.builds)
    return usd(whole.total, wish.rates) - builds_usd
