"""Which machines of one facility make which part, and on which common plates.

This says who makes what, by load alone; ``earliest_finish`` asks the site's schedule
when that is done.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nearmade.matching.verdict import Match
from nearmade.planning.shared_plates import deal_copies
from nearmade.planning.site_work import Estimator, sum_of
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.vocabulary.identity import MachineId, PartName, ProfileId


@dataclass(frozen=True, slots=True)
class Dealt:
    """A part with its machines, and how many copies and plates of its own each has."""

    chosen: Match
    plates: Mapping[MachineId, int]
    copies: Mapping[MachineId, int]


@dataclass(frozen=True, slots=True)
class PlateRun:
    """Like plates that one machine makes one after the other.

    Parameters
    ----------
    parts
        What lies on them, and how much of ``plates`` each part pays for.
    shares
        What each part takes there, as ``parts``.
    plates
        How many.
    """

    machine_id: MachineId
    chosen: Match
    parts: Mapping[PartName, float]
    shares: tuple[BuildEstimate, ...]
    plates: int

    def plate_s(self, bound: str) -> float:
        """Give what one plate takes: ``value``, ``low`` or ``high``. [s]"""
        total = sum_of(share.time_s for share in self.shares)
        return float(getattr(total, bound)) / self.plates


def deal_parts(
    matches: Mapping[PartName, Sequence[Match]],
    estimator: Estimator,
    away_s: Mapping[MachineId, float] | None = None,
) -> dict[PartName, Dealt]:
    """Give each part to machines of one profile, longest parts first.

    A part's plates go one by one to the machine of that profile that has least to do;
    of several profiles the one that ends soonest is taken. Within 4/3 of the shortest
    makespan for like machines.

    Parameters
    ----------
    matches
        Machines for each part to be made here, as ``match`` gave them.
    away_s
        From the start until a machine that is out of use then is back. [s]

    References
    ----------
    R. L. Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math. 17
    (1969) 416-429: longest first.
    """
    load_s: dict[MachineId, float] = dict(away_s or {})
    dealt: dict[PartName, Dealt] = {}

    def longest_s(part: PartName) -> float:
        return max(
            estimator.estimate(part, found.profile_id).time_s.value
            for found in matches[part]
        )

    for part in sorted(matches, key=longest_s, reverse=True):
        chosen, plates = _quickest(part, matches[part], estimator, load_s)
        copies = deal_copies(estimator.quantity(part), tuple(plates.values()))
        dealt[part] = Dealt(chosen, plates, dict(zip(plates, copies, strict=True)))
        for machine_id, own in dealt[part].copies.items():
            share = estimator.on_machine(
                part, chosen.profile_id, machine_id, own, plates[machine_id]
            )
            load_s[machine_id] = load_s.get(machine_id, 0.0) + share.time_s.value
    return dealt


def plate_runs(
    dealt: Mapping[PartName, Dealt], estimator: Estimator
) -> tuple[PlateRun, ...]:
    """Lay what each machine has on plates, common ones where the nester needs fewer.

    Parts share plates that come to one machine with the same profile, material and
    infill. The runs of each machine come in the order in which it makes them.
    """
    runs: list[PlateRun] = []
    for machine_id, parts in _kin(dealt, estimator):
        chosen = dealt[parts[0]].chosen
        own = {part: dealt[part].plates[machine_id] for part in parts}
        total = sum(own.values())
        together = total
        if len(parts) > 1:
            wanted = [(part, dealt[part].copies[machine_id]) for part in parts]
            together = estimator.plates_together(chosen.profile_id, wanted)
        paid = {part: own[part] * together / total for part in parts}
        shares = {
            part: estimator.on_machine(
                part,
                chosen.profile_id,
                machine_id,
                dealt[part].copies[machine_id],
                paid[part],
            )
            for part in parts
        }
        if together < total:
            all_shares = tuple(shares.values())
            runs.append(PlateRun(machine_id, chosen, paid, all_shares, together))
            continue
        runs += [
            PlateRun(machine_id, chosen, {part: paid[part]}, (share,), own[part])
            for part, share in shares.items()
        ]
    return tuple(runs)


def _kin(
    dealt: Mapping[PartName, Dealt], estimator: Estimator
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
    load_s: Mapping[MachineId, float],
) -> tuple[Match, dict[MachineId, int]]:
    """Try each profile; give one of its machines, and plates by machine."""
    groups: dict[ProfileId, list[Match]] = {}
    for each in found:
        groups.setdefault(each.profile_id, []).append(each)
    trials = []
    for profile_id, group in groups.items():
        plates = estimator.builds(part, profile_id)
        plate_s = estimator.estimate(part, profile_id).time_s.value / plates
        free = {m.machine.id: load_s.get(m.machine.id, 0.0) for m in group}
        dealt = deal(plates, plate_s, free)
        ends_s = max(free[each] + count * plate_s for each, count in dealt.items())
        trials.append((group[0], dealt, ends_s))
    chosen, dealt, _ = min(trials, key=lambda trial: trial[2])
    return chosen, dealt


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


def together(shares: Sequence[BuildEstimate]) -> BuildEstimate:
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
