"""What one facility would do for an order: which machines, how long, at what price."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.geometry.facts import PartFacts
from nearmade.matching.verdict import Match
from nearmade.quoting.build_estimate import BuildEstimate, Price
from nearmade.quoting.exchange import Rates, convert
from nearmade.quoting.learned import NO_CORRECTION, Correction, corrected
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.plate import builds_needed
from nearmade.quoting.price import price_build
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.identity import MachineId, PartName, ProfileId
from nearmade.vocabulary.money import Money

SECONDS_PER_DAY: Final = 86_400.0

#: Hours of full sun (1 kW/m2) that an average day brings.
SUN_H_PER_DAY: Final = Factor(
    "solar/full-sun-hours",
    4.3,
    "h/d",
    "NREL TMY3 723170 (Greensboro), 1566 kWh/m2 a year; Sand Point has 2.3, Miami 4.9; "
    "assumed for every place",
    geometric_sd=1.3,
    assumed=True,
)
#: What is left of the panel's rating after heat, wires, charging and inverter.
SOLAR_YIELD_FRACTION: Final = Factor(
    "solar/yield-fraction",
    0.7,
    "Wh/Wh",
    "assumed: a performance ratio of 0.8 and a battery's round trip of 0.9",
    geometric_sd=1.1,
    assumed=True,
)


@dataclass(frozen=True, slots=True)
class PartDemand:
    """One part of an order, in the number that the order needs.

    Parameters
    ----------
    name, title
        Unique in the order; for people.
    quantity
        How many in all, 1 or more.
    materials
        Feedstocks allowed, best first.
    process
        Code such as ``FDM`` or OKH's ``3DP``.
    facts
        Geometry of one.
    infill_fraction
        Share of the inside that is filled, 0..1.
    sliced
        The slicer's figures where there are any, by profile; they go before the
        closed form.
    """

    name: PartName
    title: str
    quantity: int
    materials: tuple[str, ...]
    process: str
    facts: PartFacts
    infill_fraction: float
    sliced: Mapping[ProfileId, BuildEstimate] | None = None


@dataclass(frozen=True, slots=True)
class PlannedBuild:
    """All copies of one part at one facility.

    Parameters
    ----------
    machine_ids
        Machines that share the copies.
    ends_s
        From now until the last copy is off its machine. [s]
    turned
        True when it only fits turned by a quarter on the plate.
    """

    part: PartName
    quantity: int
    machine_ids: tuple[MachineId, ...]
    profile_id: ProfileId
    material: str
    estimate: BuildEstimate
    ends_s: float
    turned: bool = False


@dataclass(frozen=True, slots=True)
class SiteWork:
    """The builds of one facility with their common figures.

    Parameters
    ----------
    makespan_s
        From now until the last build ends, waiting for opening, queue and sunshine
        included. [s]
    """

    facility: Facility
    builds: tuple[PlannedBuild, ...]
    makespan_s: Estimate

    def energy_wh(self) -> Estimate:
        """Sum the energy of the builds at the plug. [Wh]"""
        return _sum(build.estimate.energy_wh for build in self.builds)

    def mass_g(self) -> Estimate:
        """Sum the feedstock of the builds. [g]"""
        return _sum(build.estimate.mass_g for build in self.builds)


class Estimator:
    """Figures of each part on each profile, computed once for all facilities.

    Parameters
    ----------
    demands
        The parts of the order.
    profiles
        Print profiles by id.
    corrections
        What the histories of machines teach, by machine.
    """

    def __init__(
        self,
        demands: Sequence[PartDemand],
        profiles: Mapping[ProfileId, Profile],
        corrections: Mapping[MachineId, Correction] = MappingProxyType({}),
    ) -> None:
        self._demands = {demand.name: demand for demand in demands}
        if len(self._demands) < len(demands):
            raise InvalidInput("order: two parts have the same name")
        self._profiles = profiles
        self._corrections = corrections
        self._known: dict[tuple[PartName, ProfileId], BuildEstimate] = {}

    def estimate(self, part: PartName, profile_id: ProfileId) -> BuildEstimate:
        """Give what all copies of a part take with a profile."""
        key = (part, profile_id)
        if key not in self._known:
            self._known[key] = self._fresh(self._demands[part], profile_id)
        return self._known[key]

    def on_machine(
        self, part: PartName, profile_id: ProfileId, machine_id: MachineId, plates: int
    ) -> BuildEstimate:
        """Give what some of a part's plates take on one machine, by its history."""
        share = plates / self.builds(part, profile_id)
        estimate = _times(self.estimate(part, profile_id), share)
        correction = self._corrections.get(machine_id, NO_CORRECTION)
        return corrected(estimate, self._profiles[profile_id], plates, correction)

    def knows_any(self, machine_ids: Iterable[MachineId]) -> bool:
        """Say whether any of these machines has a history."""
        return not self._corrections.keys().isdisjoint(machine_ids)

    def builds(self, part: PartName, profile_id: ProfileId) -> int:
        """Count the plates that all copies of a part fill."""
        demand = self._demands[part]
        profile = self._profiles[profile_id]
        return builds_needed(demand.facts.extents_mm, profile, demand.quantity)

    def mass_of_one_g(self, part: PartName) -> float:
        """Give the most that one copy weighs on any profile of its materials. [g]"""
        demand = self._demands[part]
        fitting = [
            p.id for p in self._profiles.values() if p.material in demand.materials
        ]
        masses = [self.estimate(part, each).mass_g.value for each in fitting]
        return max(masses, default=0.0) / demand.quantity

    def _fresh(self, demand: PartDemand, profile_id: ProfileId) -> BuildEstimate:
        sliced = (demand.sliced or {}).get(profile_id)
        if sliced is None:
            return estimate_level0(
                demand.facts,
                self._profiles[profile_id],
                demand.quantity,
                infill_fraction=demand.infill_fraction,
            )
        return _scaled(sliced, demand.quantity)


def _scaled(estimate: BuildEstimate, quantity: int) -> BuildEstimate:
    if estimate.quantity == quantity:
        return estimate
    return replace(_times(estimate, quantity / estimate.quantity), quantity=quantity)


def _times(estimate: BuildEstimate, ratio: float) -> BuildEstimate:
    """Scale what is taken; the number of parts stays."""
    return replace(
        estimate,
        feedstock_mm3=estimate.feedstock_mm3.times(ratio),
        mass_g=estimate.mass_g.times(ratio),
        time_s=estimate.time_s.times(ratio),
        energy_wh=estimate.energy_wh.times(ratio),
    )


def schedule(
    facility: Facility,
    matches: Mapping[PartName, Sequence[Match]],
    estimator: Estimator,
    wait_s: float,
) -> SiteWork:
    """Give each part to machines of one profile, longest parts first.

    A part's plates go one by one to the machine of that profile that is free first;
    of several profiles the one that ends soonest is taken. Within 4/3 of the shortest
    makespan for like machines.

    Parameters
    ----------
    matches
        Machines for each part to be made here, as ``match`` gave them.
    wait_s
        Until the first build may start: opening and queue. [s]

    References
    ----------
    R. L. Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math. 17
    (1969) 416-429: longest first.
    """
    free_s: dict[MachineId, float] = {}
    load: dict[MachineId, Estimate] = {}
    builds: dict[PartName, PlannedBuild] = {}

    def longest_s(part: PartName) -> float:
        return max(
            estimator.estimate(part, found.profile_id).time_s.value
            for found in matches[part]
        )

    for part in sorted(matches, key=longest_s, reverse=True):
        chosen, dealt = _quickest(part, matches[part], estimator, free_s, wait_s)
        profile_id = chosen.profile_id
        shares = []
        for machine_id, count in dealt.items():
            share = estimator.on_machine(part, profile_id, machine_id, count)
            span = share.time_s
            free_s[machine_id] = free_s.get(machine_id, wait_s) + span.value
            load[machine_id] = load.get(machine_id, Estimate.exact(0.0)).plus(span)
            shares.append(share)
        estimate = estimator.estimate(part, profile_id)
        if estimator.knows_any(dealt):
            estimate = _together(estimate, shares)
        ends_s = max(free_s[machine_id] for machine_id in dealt)
        builds[part] = PlannedBuild(
            part,
            estimate.quantity,
            tuple(dealt),
            profile_id,
            chosen.material,
            estimate,
            ends_s,
            chosen.turned,
        )
    makespan_s = Estimate(
        wait_s + max(each.value for each in load.values()),
        wait_s + max(each.low for each in load.values()),
        wait_s + max(each.high for each in load.values()),
    )
    work = SiteWork(facility, tuple(builds[part] for part in matches), makespan_s)
    return replace(work, makespan_s=_in_sunshine(work))


def _quickest(
    part: PartName,
    found: Sequence[Match],
    estimator: Estimator,
    free_s: Mapping[MachineId, float],
    wait_s: float,
) -> tuple[Match, dict[MachineId, int]]:
    """Try each profile; give one of its machines, and plates by machine."""
    groups: dict[ProfileId, list[Match]] = {}
    for each in found:
        groups.setdefault(each.profile_id, []).append(each)
    trials = []
    for profile_id, group in groups.items():
        plates = estimator.builds(part, profile_id)
        plate_s = estimator.estimate(part, profile_id).time_s.value / plates
        free = {m.machine.id: free_s.get(m.machine.id, wait_s) for m in group}
        dealt = deal(plates, plate_s, free)
        ends_s = max(free[each] + count * plate_s for each, count in dealt.items())
        trials.append((group[0], dealt, ends_s))
    chosen, dealt, _ = min(trials, key=lambda trial: trial[2])
    return chosen, dealt


def _together(plain: BuildEstimate, shares: Sequence[BuildEstimate]) -> BuildEstimate:
    """Sum what a part takes on its machines."""
    return replace(
        plain,
        time_s=_sum(share.time_s for share in shares),
        energy_wh=_sum(share.energy_wh for share in shares),
    )


def deal(
    plates: int, plate_s: float, free_s: Mapping[MachineId, float]
) -> dict[MachineId, int]:
    """Deal like plates one by one to the machine that is free first.

    Most of them are dealt at once: no machine gets fewer than fit below the level that
    all would reach if plates were water.

    Parameters
    ----------
    plates
        How many, 1 or more.
    plate_s
        Time of one, above zero. [s]
    free_s
        When each machine is free. [s]
    """
    below = sorted(free_s.values())
    level_s = (sum(below) + plates * plate_s) / len(below)
    while below[-1] > level_s:
        below.pop()
        level_s = (sum(below) + plates * plate_s) / len(below)
    dealt = {
        machine_id: max(0, math.floor((level_s - start_s) / plate_s) - 1)
        for machine_id, start_s in free_s.items()
    }
    for _ in range(plates - sum(dealt.values())):
        first = min(free_s, key=lambda each: free_s[each] + dealt[each] * plate_s)
        dealt[first] += 1
    return {machine_id: count for machine_id, count in dealt.items() if count}


def _in_sunshine(work: SiteWork) -> Estimate:
    """Stretch the makespan until panel and battery have given the energy. [s]

    The battery is taken to be half full. The day's course is left to the site's own
    schedule; this says only how many average days the energy takes.
    """
    power = work.facility.power
    if power.kind != "solar":
        return work.makespan_s
    per_day_wh = power.pv_wp * SUN_H_PER_DAY.value * SOLAR_YIELD_FRACTION.value

    def at_least(makespan_s: float, energy_wh: float) -> float:
        lacking_wh = max(0.0, energy_wh - power.battery_wh / 2)
        return max(makespan_s, lacking_wh / per_day_wh * SECONDS_PER_DAY)

    energy_wh, makespan_s = work.energy_wh(), work.makespan_s
    return Estimate(
        at_least(makespan_s.value, energy_wh.value),
        at_least(makespan_s.low, energy_wh.low),
        at_least(makespan_s.high, energy_wh.high),
    )


def price_site(
    work: SiteWork,
    rates: Rates,
    *,
    labour_s: float = 0.0,
    bought_usd: float = 0.0,
    least: bool = True,
) -> Price:
    """Price a facility's share of an order by its own list, in its currency.

    Parameters
    ----------
    labour_s
        Hands for assembly. [s]
    bought_usd
        Parts bought for the assembly. [USD]
    least
        False leaves out the site's minimum, to compare shares of an order.
    """
    tariff = work.facility.tariff
    if not least:
        tariff = replace(tariff, minimum=Decimal(0))
    bought = None
    if bought_usd > 0:
        dollars = Money.of(Decimal(repr(bought_usd)), "USD")
        bought = convert(dollars, tariff.currency, rates)
    return price_build(
        [build.estimate for build in work.builds],
        tariff,
        [build.material for build in work.builds],
        labour_s=labour_s,
        bought=bought,
    )


def making_estimate(work: SiteWork, making_gco2e: Callable[..., float]) -> Estimate:
    """Give what feedstock and electricity of the builds emit. [gCO2e]"""
    solar = work.facility.power.kind == "solar"
    total = Estimate.exact(0.0)
    for build in work.builds:
        mass, energy = build.estimate.mass_g, build.estimate.energy_wh
        value, low, high = (
            making_gco2e(
                build.material,
                mass_g,
                energy_wh,
                work.facility.place.country,
                solar=solar,
            )
            for mass_g, energy_wh in (
                (mass.value, energy.value),
                (mass.low, energy.low),
                (mass.high, energy.high),
            )
        )
        total = total.plus(Estimate(value, min(value, low), max(value, high)))
    return total


def _sum(figures: Iterable[Estimate]) -> Estimate:
    total = Estimate.exact(0.0)
    for figure in figures:
        total = total.plus(figure)
    return total
