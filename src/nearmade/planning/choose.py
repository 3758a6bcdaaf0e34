"""Choose who makes each component of one order and where they come together, exactly.

What is minimised, in dollars: prices, carriage, carbon at its price, and lateness. A
leg is paid once for all components that share their origin, and lateness couples all
components through the last arrival; so neither can be chosen part by part.

For one assembly site and one set of makers, take every arrival time as a threshold:
below it each part takes its cheapest option, and the worst of these arrivals is the
true one for the best threshold. Sets of makers are tried by size, and a set is left
out when even the cheapest parts anywhere could not bring it below the plans already
found. Nothing else is left out, so the answer is exact among plans of at most
``most_makers`` making sites. Effort grows with the number of sites that are close in
cost, not with prices or times.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from nearmade.planning.order_plan import AssemblyOption, MakeOption, OrderPlan
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import FacilityId, PartName

SECONDS_PER_DAY: Final = 86_400.0
GRAMS_PER_TONNE: Final = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No plan exists, and why.

    Parameters
    ----------
    uncovered
        Parts that nobody can make.
    message
        One sentence that names them, or what else is missing.
    """

    uncovered: tuple[PartName, ...]
    message: str


@dataclass(frozen=True, slots=True)
class _Costs:
    """What a plan pays for besides prices."""

    carbon_price_usd_per_t: float
    promise_s: float
    lateness_usd_per_day: float

    def carbon_usd(self, gas_gco2e: float) -> float:
        return gas_gco2e / GRAMS_PER_TONNE * self.carbon_price_usd_per_t

    def late_usd(self, ready_s: float) -> float:
        late_s = max(0.0, ready_s - self.promise_s)
        return late_s / SECONDS_PER_DAY * self.lateness_usd_per_day


@dataclass(frozen=True, slots=True)
class _Choice:
    """One make option seen from an assembly site."""

    cost_usd: float
    arrival_s: float
    option: MakeOption


@dataclass(frozen=True, slots=True)
class _Table:
    """All that may be chosen for one assembly site.

    Parameters
    ----------
    base_usd
        Assembly, last leg and its carbon.
    tail_s
        From the last arrival to the customer's door. [s]
    leg_usd
        Carriage and its carbon from each site that can send; its own is zero.
    choices
        By part, by site: options that no other beats in both cost and arrival.
    """

    assembly: AssemblyOption
    base_usd: float
    tail_s: float
    leg_usd: dict[FacilityId, float]
    choices: dict[PartName, dict[FacilityId, list[_Choice]]]

    def least_usd(self, sites: Sequence[FacilityId]) -> float | None:
        """Add each part's cheapest option at these sites; None when one has none."""
        total_usd = 0.0
        for by_site in self.choices.values():
            costs = [by_site[site][0].cost_usd for site in sites if site in by_site]
            if not costs:
                return None
            total_usd += min(costs)
        return total_usd


_Key = tuple[int, frozenset[FacilityId]]


def plan_order(
    make_options: Sequence[MakeOption],
    assembly_options: Sequence[AssemblyOption],
    *,
    carbon_price_usd_per_t: float,
    promise_s: float,
    lateness_usd_per_day: float,
    most: int = 5,
    parts: Sequence[PartName] = (),
    most_makers: int = 4,
) -> tuple[OrderPlan, ...] | Infeasible:
    """Give the best plans, best first, each with another set of sites.

    A runner-up is the best plan of its assembly site and set of makers, and it stands
    here only if leaving out any of its makers would make it dearer or impossible.

    Parameters
    ----------
    make_options
        Ways to make each component.
    assembly_options
        Places where they may come together; a site needs a leg in ``inbound`` to send
        there, unless it is the assembly site itself.
    carbon_price_usd_per_t
        Zero or more. [USD/tCO2e]
    promise_s
        From now until the product should be at the customer's. [s]
    lateness_usd_per_day
        Zero or more. [USD/d]
    most
        How many plans.
    parts
        Components that must be made; those of ``make_options`` are always among them.
    most_makers
        At most so many sites make components.

    Raises
    ------
    InvalidInput
        When a price of carbon or of lateness is below zero.
    """
    if not (carbon_price_usd_per_t >= 0 and lateness_usd_per_day >= 0):
        raise InvalidInput(
            f"carbon price {carbon_price_usd_per_t} and lateness {lateness_usd_per_day}"
            " must be zero or more"
        )
    needed = tuple(dict.fromkeys((*parts, *(option.part for option in make_options))))
    costs = _Costs(carbon_price_usd_per_t, promise_s, lateness_usd_per_day)
    missing = _infeasible(needed, make_options, assembly_options)
    if missing is not None:
        return missing
    tables = [_table(site, needed, make_options, costs) for site in assembly_options]
    plans = _search(tables, costs, most, min(most_makers, len(needed)))
    if not plans:
        return Infeasible(
            (),
            f"no assembly site can be reached with all parts by at most {most_makers} "
            "making sites",
        )
    return plans


def _infeasible(
    needed: Sequence[PartName],
    make_options: Sequence[MakeOption],
    assembly_options: Sequence[AssemblyOption],
) -> Infeasible | None:
    covered = {option.part for option in make_options}
    uncovered = tuple(part for part in needed if part not in covered)
    if uncovered:
        return Infeasible(uncovered, f"nobody can make {', '.join(uncovered)}")
    if not needed:
        return Infeasible((), "there is nothing to make")
    if not assembly_options:
        return Infeasible((), "nobody can bring the parts together")
    return None


def _table(
    assembly: AssemblyOption,
    needed: Sequence[PartName],
    make_options: Sequence[MakeOption],
    costs: _Costs,
) -> _Table:
    home = assembly.facility_id
    leg_usd = {home: 0.0}
    for site, leg in assembly.inbound.items():
        if site != home:
            carbon_usd = costs.carbon_usd(leg.freight_gco2e.value)
            leg_usd[site] = leg.price_usd.value + carbon_usd
    choices: dict[PartName, dict[FacilityId, list[_Choice]]] = {p: {} for p in needed}
    for option in make_options:
        site = option.facility_id
        if site not in leg_usd:
            continue
        travel_s = 0.0 if site == home else assembly.inbound[site].time_s.value
        choice = _Choice(
            option.price_usd + costs.carbon_usd(option.making_gco2e),
            option.ready_s + travel_s,
            option,
        )
        choices[option.part].setdefault(site, []).append(choice)
    for by_site in choices.values():
        for site, found in by_site.items():
            by_site[site] = _undominated(found)
    last = assembly.last_leg
    return _Table(
        assembly,
        assembly.price_usd
        + last.price_usd.value
        + costs.carbon_usd(last.freight_gco2e.value),
        assembly.work_s + last.time_s.value,
        leg_usd,
        choices,
    )


def _undominated(choices: list[_Choice]) -> list[_Choice]:
    """Keep what is sooner than everything cheaper; cheapest first."""
    kept: list[_Choice] = []
    for choice in sorted(choices, key=lambda c: (c.cost_usd, c.arrival_s)):
        if not kept or choice.arrival_s < kept[-1].arrival_s:
            kept.append(choice)
    return kept


def _search(
    tables: Sequence[_Table], costs: _Costs, most: int, most_makers: int
) -> tuple[OrderPlan, ...]:
    """Try sets of makers by size, for every assembly site."""
    best_usd: list[float] = []  # of the plans found, sorted, at most ``most``
    found: dict[_Key, tuple[float, tuple[_Choice, ...]]] = {}
    for size in range(1, most_makers + 1):
        for index, table in enumerate(tables):
            for sites in _sets(table, costs, size, best_usd, most):
                outcome = _best_of(table, costs, sites)
                if outcome is None or _redundant(index, sites, outcome[0], found):
                    continue
                found[index, frozenset(sites)] = outcome
                insort(best_usd, outcome[0])
                del best_usd[most:]
    order = sorted(found.items(), key=lambda entry: (entry[1][0], entry[0][0]))
    return tuple(
        _plan(tables[key[0]], outcome[1], costs) for key, outcome in order[:most]
    )


def _redundant(
    index: int,
    sites: Sequence[FacilityId],
    total_usd: float,
    found: Mapping[_Key, tuple[float, tuple[_Choice, ...]]],
) -> bool:
    """Tell whether fewer of these makers do as well.

    A smaller set that is not among the found costs more than the plans kept, or is
    itself no better than a smaller one that is.
    """
    return any(
        found[key][0] <= total_usd
        for size in range(1, len(sites))
        for fewer in combinations(sites, size)
        if (key := (index, frozenset(fewer))) in found
    )


def _sets(
    table: _Table, costs: _Costs, size: int, best_usd: Sequence[float], most: int
) -> Iterator[tuple[FacilityId, ...]]:
    """Give the sets of makers of a size that may still be among the best."""
    useful = {site for by_site in table.choices.values() for site in by_site}
    sites = sorted(useful, key=lambda site: (table.leg_usd[site], site))
    cheapest_usd = table.least_usd(sites)
    if cheapest_usd is None:
        return
    soonest_s = max(
        min(found[-1].arrival_s for found in by_site.values())
        for by_site in table.choices.values()
    )
    fixed_usd = table.base_usd + costs.late_usd(soonest_s + table.tail_s)

    def room_usd() -> float:
        """What legs and parts may cost to come among the best found so far."""
        worst_usd = best_usd[most - 1] if len(best_usd) >= most else float("inf")
        return worst_usd - fixed_usd

    def grow(
        chosen: tuple[FacilityId, ...], first: int, legs_usd: float
    ) -> Iterator[tuple[FacilityId, ...]]:
        lacking = size - len(chosen)
        if not lacking:
            parts_usd = table.least_usd(chosen)
            if parts_usd is not None and legs_usd + parts_usd < room_usd():
                yield chosen
            return
        for place in range(first, len(sites) - lacking + 1):
            leg_usd = table.leg_usd[sites[place]]
            # Legs only grow from here on, and parts are nowhere cheaper.
            if not legs_usd + lacking * leg_usd + cheapest_usd < room_usd():
                break
            yield from grow((*chosen, sites[place]), place + 1, legs_usd + leg_usd)

    yield from grow((), 0, 0.0)


def _best_of(
    table: _Table, costs: _Costs, sites: Sequence[FacilityId]
) -> tuple[float, tuple[_Choice, ...]] | None:
    """Find the best plan that uses every one of these sites, which cover all parts.

    None when no plan does, or when the best at each threshold leaves a site unused: a
    smaller set then does as well.
    """
    columns = [
        [choice for site in sites for choice in by_site.get(site, ())]
        for by_site in table.choices.values()
    ]
    soonest_s = max(min(c.arrival_s for c in column) for column in columns)
    thresholds = {c.arrival_s for column in columns for c in column}
    # On time is on time: of the thresholds within the promise the last is enough.
    in_time = [t for t in thresholds if t + table.tail_s <= costs.promise_s]
    late = [t for t in thresholds if t + table.tail_s > costs.promise_s]
    legs_usd = sum(table.leg_usd[site] for site in sites)
    best: tuple[float, tuple[_Choice, ...]] | None = None
    for threshold in (*([max(in_time)] if in_time else []), *late):
        if threshold < soonest_s:
            continue
        chosen = tuple(
            min(
                (choice for choice in column if choice.arrival_s <= threshold),
                key=lambda choice: (choice.cost_usd, choice.arrival_s),
            )
            for column in columns
        )
        if len({choice.option.facility_id for choice in chosen}) < len(sites):
            continue
        arrival_s = max(choice.arrival_s for choice in chosen)
        total_usd = (
            table.base_usd
            + legs_usd
            + sum(choice.cost_usd for choice in chosen)
            + costs.late_usd(arrival_s + table.tail_s)
        )
        if best is None or total_usd < best[0]:
            best = (total_usd, chosen)
    return best


def _plan(table: _Table, chosen: Sequence[_Choice], costs: _Costs) -> OrderPlan:
    made = tuple(choice.option for choice in chosen)
    return cost_plan(
        made,
        table.assembly,
        carbon_price_usd_per_t=costs.carbon_price_usd_per_t,
        promise_s=costs.promise_s,
        lateness_usd_per_day=costs.lateness_usd_per_day,
    )


def cost_plan(
    made: Sequence[MakeOption],
    assembly: AssemblyOption,
    *,
    carbon_price_usd_per_t: float,
    promise_s: float,
    lateness_usd_per_day: float,
) -> OrderPlan:
    """Add up what a given choice costs, each leg once."""
    costs = _Costs(carbon_price_usd_per_t, promise_s, lateness_usd_per_day)
    origins = {option.facility_id for option in made} - {assembly.facility_id}
    legs = [assembly.inbound[site] for site in sorted(origins)] + [assembly.last_leg]
    travel_s: Mapping[FacilityId, float] = {
        site: assembly.inbound[site].time_s.value for site in origins
    }
    arrival_s = max(o.ready_s + travel_s.get(o.facility_id, 0.0) for o in made)
    ready_s = arrival_s + assembly.work_s + assembly.last_leg.time_s.value
    price_usd = (
        sum(option.price_usd for option in made)
        + assembly.price_usd
        + sum(leg.price_usd.value for leg in legs)
    )
    gas_gco2e = sum(option.making_gco2e for option in made) + sum(
        leg.freight_gco2e.value for leg in legs
    )
    return OrderPlan(
        made=tuple(made),
        assembly=assembly,
        price_usd=price_usd,
        gco2e=gas_gco2e,
        ready_s=ready_s,
        lateness_s=max(0.0, ready_s - promise_s),
        objective_usd=price_usd + costs.carbon_usd(gas_gco2e) + costs.late_usd(ready_s),
    )
