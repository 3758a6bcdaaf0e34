"""What one facility would do for an order, and what each part takes on a profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from nearmade.facilities.facility import Facility
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.nesting import Kind, count_plates, most_of_one, nest_at_once
from nearmade.planning.shared_plates import build_start, with_builds
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.learned import NO_CORRECTION, Correction, corrected
from nearmade.quoting.level0 import estimate_level0
from nearmade.quoting.plate import bed_of, builds_needed
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import MachineId, PartName, ProfileId


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
        From now until hands took the last copy off its machine. [s]
    turned
        True when it only fits turned by a quarter on the plate.
    copies
        Of each machine, as ``machine_ids``.
    plates
        Builds that it pays for; a plate with other parts counts in shares.
    printed_s
        From now until the last plate has been printed. [s]
    """

    part: PartName
    quantity: int
    machine_ids: tuple[MachineId, ...]
    profile_id: ProfileId
    material: str
    estimate: BuildEstimate
    ends_s: float
    turned: bool = False
    copies: tuple[int, ...] = ()
    plates: float = 1.0
    printed_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SiteWork:
    """The builds of one facility with their common figures.

    Parameters
    ----------
    makespan_s
        From now until the last build is off its machine, waiting for opening, queue,
        hands and sunshine included. [s]
    gco2e_per_kwh
        Of the electricity in the hours of these builds, where the facility has panels
        beside its grid; None where its country's or the sun's figure holds.
        [gCO2e/kWh]
    """

    facility: Facility
    builds: tuple[PlannedBuild, ...]
    makespan_s: Estimate
    gco2e_per_kwh: float | None = None

    def energy_wh(self) -> Estimate:
        """Sum the energy of the builds at the plug. [Wh]"""
        return sum_of(build.estimate.energy_wh for build in self.builds)

    def mass_g(self) -> Estimate:
        """Sum the feedstock of the builds. [g]"""
        return sum_of(build.estimate.mass_g for build in self.builds)


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
        self._plates: dict[tuple[PartName, ProfileId], int] = {}
        self._nested: dict[tuple[ProfileId, tuple[tuple[PartName, int], ...]], int] = {}

    def estimate(self, part: PartName, profile_id: ProfileId) -> BuildEstimate:
        """Give what all copies of a part take with a profile."""
        key = (part, profile_id)
        if key not in self._known:
            self._known[key] = self._fresh(self._demands[part], profile_id)
        return self._known[key]

    def on_machine(
        self,
        part: PartName,
        profile_id: ProfileId,
        machine_id: MachineId,
        copies: int,
        plates: float,
    ) -> BuildEstimate:
        """Give what copies of a part take on one machine, by its history.

        Parameters
        ----------
        copies, plates
            How many, and the builds they pay for, in shares where others share them.
        """
        profile, demand = self._profiles[profile_id], self._demands[part]
        estimate, before = (
            self.estimate(part, profile_id),
            self.builds(part, profile_id),
        )
        if copies < demand.quantity or plates != before:
            estimate = with_builds(
                estimate,
                profile,
                build_start(demand.facts, profile, estimate.level),
                share=copies / demand.quantity,
                before=before,
                after=plates,
            )
        correction = self._corrections.get(machine_id, NO_CORRECTION)
        return corrected(estimate, profile, plates, correction)

    def plates_together(
        self, profile_id: ProfileId, wanted: Sequence[tuple[PartName, int]]
    ) -> int:
        """Count the plates of several parts, each with its copies, on one bed.

        A part that is too large for the profile's own bed takes one for each copy.
        """
        key = (profile_id, tuple(wanted))
        if key not in self._nested:
            bed = bed_of(self._profiles[profile_id])
            kinds = [
                Kind(part, self._demands[part].facts.extents_mm, copies)
                for part, copies in wanted
            ]
            fitting = [kind for kind in kinds if most_of_one(kind.size_mm, bed)]
            plates = nest_at_once(fitting, bed) if fitting else ()
            single = sum(kind.quantity for kind in kinds if kind not in fitting)
            self._nested[key] = count_plates(plates) + single
        return self._nested[key]

    def profile(self, profile_id: ProfileId) -> Profile:
        """Give a print profile by its id."""
        return self._profiles[profile_id]

    def infill_fraction(self, part: PartName) -> float:
        """Give the share of a part's inside that is filled, 0..1."""
        return self._demands[part].infill_fraction

    def quantity(self, part: PartName) -> int:
        """Give the number of copies that the order needs."""
        return self._demands[part].quantity

    def knows_any(self, machine_ids: Iterable[MachineId]) -> bool:
        """Say whether any of these machines has a history."""
        return not self._corrections.keys().isdisjoint(machine_ids)

    def builds(self, part: PartName, profile_id: ProfileId) -> int:
        """Count the plates that all copies of a part fill."""
        key = (part, profile_id)
        if key not in self._plates:
            demand, profile = self._demands[part], self._profiles[profile_id]
            self._plates[key] = builds_needed(
                demand.facts.extents_mm, profile, demand.quantity
            )
        return self._plates[key]

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
        profile = self._profiles[profile_id]
        scaled = with_builds(
            sliced,
            profile,
            build_start(demand.facts, profile, sliced.level),
            share=demand.quantity / sliced.quantity,
            before=builds_needed(demand.facts.extents_mm, profile, sliced.quantity),
            after=self.builds(demand.name, profile_id),
        )
        return replace(scaled, quantity=demand.quantity)


def sum_of(figures: Iterable[Estimate]) -> Estimate:
    """Add up figures, bounds to bounds."""
    total = Estimate.exact(0.0)
    for figure in figures:
        total = total.plus(figure)
    return total
