"""The plan of one order: who makes each component, where they come together."""

from __future__ import annotations

from dataclasses import dataclass

from nearmade.logistics.leg import Leg
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import FacilityId, MachineId, PartName, ProfileId


@dataclass(frozen=True, slots=True)
class MakeOption:
    """One way to make one component, with all its costs.

    Parameters
    ----------
    part
        The component.
    facility_id, machine_id, profile_id
        Who and how.
    price_usd
        What the site asks for the whole quantity. [USD]
    making_gco2e
        Of material and electricity. [gCO2e]
    ready_s
        From now until the parts are off the machine. [s]
    material
        Feedstock; empty when not known.
    mass_g, energy_wh, time_s
        Of the whole quantity; None when not known. [g], [Wh], [s]
    """

    part: PartName
    facility_id: FacilityId
    machine_id: MachineId
    profile_id: ProfileId
    price_usd: float
    making_gco2e: float
    ready_s: float
    material: str = ""
    mass_g: Estimate | None = None
    energy_wh: Estimate | None = None
    time_s: Estimate | None = None


@dataclass(frozen=True, slots=True)
class AssemblyOption:
    """One place to bring components together, with the last leg to the customer.

    Parameters
    ----------
    price_usd
        Hands and bought parts. [USD]
    work_s
        From the last arrival to the product being ready. [s]
    inbound
        Legs by facility that may send components here.
    last_leg
        To the customer.
    """

    facility_id: FacilityId
    price_usd: float
    work_s: float
    inbound: dict[FacilityId, Leg]
    last_leg: Leg


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """A complete choice and what it costs.

    Parameters
    ----------
    made
        One option for each component.
    assembly
        Where they come together.
    price_usd
        All prices and carriage. [USD]
    gco2e
        Making and carriage. [gCO2e]
    ready_s
        From now until it is at the customer's. [s]
    lateness_s
        Past the promise, zero or more. [s]
    objective_usd
        Price + carbon price + lateness, what the choice minimises. [USD]
    """

    made: tuple[MakeOption, ...]
    assembly: AssemblyOption
    price_usd: float
    gco2e: float
    ready_s: float
    lateness_s: float
    objective_usd: float
