"""Which machines of one facility make what, on which common plates, and until when."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.matching.verdict import Match
from nearmade.planning.shared_plates import deal_copies
from nearmade.planning.site_work import Estimator, PlannedBuild, SiteWork, sum_of
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.factor import Factor
from nearmade.vocabulary.identity import MachineId, PartName, ProfileId

SECONDS_PER_DAY: Final = 86_400.0
NOTHING: Final = Estimate.exact(0.0)

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
class _Dealt:
    """A part with its machines, and how many copies and plates of its own each has."""

    chosen: Match
    plates: Mapping[MachineId, int]
    copies: Mapping[MachineId, int]


def schedule(
    facility: Facility,
    matches: Mapping[PartName, Sequence[Match]],
    estimator: Estimator,
    wait_s: float,
) -> SiteWork:
    """Give each part to machines of one profile, longest parts first.

    A part's plates go one by one to the machine of that profile that is free first;
    of several profiles the one that ends soonest is taken. Within 4/3 of the shortest
    makespan for like machines. Parts that come to one machine with the same profile,
    material and infill then share plates where the nester needs fewer for all.

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
    dealt: dict[PartName, _Dealt] = {}

    def longest_s(part: PartName) -> float:
        return max(
            estimator.estimate(part, found.profile_id).time_s.value
            for found in matches[part]
        )

    for part in sorted(matches, key=longest_s, reverse=True):
        chosen, plates = _quickest(part, matches[part], estimator, free_s, wait_s)
        copies = deal_copies(estimator.quantity(part), tuple(plates.values()))
        dealt[part] = _Dealt(chosen, plates, dict(zip(plates, copies, strict=True)))
        for machine_id, own in dealt[part].copies.items():
            share = estimator.on_machine(
                part, chosen.profile_id, machine_id, own, plates[machine_id]
            )
            free_s[machine_id] = free_s.get(machine_id, wait_s) + share.time_s.value
    builds, load = _on_common_plates(dealt, estimator, wait_s)
    makespan_s = Estimate(
        wait_s + max(each.value for each in load.values()),
        wait_s + max(each.low for each in load.values()),
        wait_s + max(each.high for each in load.values()),
    )
    work = SiteWork(facility, tuple(builds[part] for part in matches), makespan_s)
    return replace(work, makespan_s=_in_sunshine(work))


def _on_common_plates(
    dealt: Mapping[PartName, _Dealt], estimator: Estimator, wait_s: float
) -> tuple[dict[PartName, PlannedBuild], dict[MachineId, Estimate]]:
    """Put what each machine has on common plates; give builds and loads [s]."""
    load: dict[MachineId, Estimate] = {}
    shares: dict[PartName, list[BuildEstimate]] = {part: [] for part in dealt}
    plates: dict[PartName, float] = dict.fromkeys(dealt, 0.0)
    ends_s: dict[PartName, float] = dict.fromkeys(dealt, 0.0)
    for machine_id, parts in _kin(dealt, estimator):
        own = sum(dealt[part].plates[machine_id] for part in parts)
        wanted = [(part, dealt[part].copies[machine_id]) for part in parts]
        profile_id = dealt[parts[0]].chosen.profile_id
        together = own
        if len(parts) > 1:
            together = estimator.plates_together(profile_id, wanted)
        for part, copies in wanted:
            paid = dealt[part].plates[machine_id] * together / own
            share = estimator.on_machine(part, profile_id, machine_id, copies, paid)
            shares[part].append(share)
            plates[part] += paid
            load[machine_id] = load.get(machine_id, NOTHING).plus(share.time_s)
            ends_s[part] = max(ends_s[part], wait_s + load[machine_id].value)
        if together < own:  # all come off together
            for part in parts:
                ends_s[part] = max(ends_s[part], wait_s + load[machine_id].value)
    builds = {
        part: PlannedBuild(
            part,
            estimator.quantity(part),
            tuple(each.plates),
            each.chosen.profile_id,
            each.chosen.material,
            _together(shares[part]),
            ends_s[part],
            each.chosen.turned,
            tuple(each.copies.values()),
            plates[part],
        )
        for part, each in dealt.items()
    }
    return builds, load


def _kin(
    dealt: Mapping[PartName, _Dealt], estimator: Estimator
) -> list[tuple[MachineId, list[PartName]]]:
    """Group the parts of each machine that may share a plate, in their order."""
    groups: dict[tuple[MachineId, ProfileId, str, float], list[PartName]] = {}
    for part, each in dealt.items():
        chosen = each.chosen
        for machine_id in each.plates:
            infill = estimator.infill_fraction(part)
            key = (machine_id, chosen.profile_id, chosen.material, infill)
            groups.setdefault(key, []).append(part)
    return [(key[0], parts) for key, parts in groups.items()]


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


def _together(shares: Sequence[BuildEstimate]) -> BuildEstimate:
    """Sum what a part takes on its machines."""
    if len(shares) == 1:
        return shares[0]
    return replace(
        shares[0],
        feedstock_mm3=sum_of(share.feedstock_mm3 for share in shares),
        mass_g=sum_of(share.mass_g for share in shares),
        time_s=sum_of(share.time_s for share in shares),
        energy_wh=sum_of(share.energy_wh for share in shares),
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
