"""What one facility might buy or take up, and what it would be with it.

A purchase only adds: a machine beside the others, a spool on the shelf, a nozzle for a
machine that then stands there once with each, a service. So it can open a design and
never close one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from nearmade.facilities.facility import Facility, Feedstock, Machine
from nearmade.matching.material_gates import identity_of, material_of
from nearmade.matching.price_bands import NOZZLE_USD, PRINTER_USD, SOURCE, Band
from nearmade.matching.whole_need import ASSEMBLY, WholeNeed
from nearmade.quoting.machine_capability import capability_of
from nearmade.quoting.machines import MACHINES, MachineModel
from nearmade.quoting.processes import catalogue
from nearmade.quoting.processes.catalogue import ProcessMachine, materials_of
from nearmade.quoting.processes.laser_cutting import LaserCutter
from nearmade.quoting.processes.milling import Mill
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.identity import MachineId, ProfileId
from nearmade.vocabulary.materials import MATERIALS
from nearmade.vocabulary.processes import process_title, satisfies

PurchaseKind = Literal["profile", "material", "nozzle", "service", "machine"]

#: What filament is usually sold in, and what one purchase brings. [g]
SPOOL_G: Final = 1000.0

Profiles = Mapping[ProfileId, Profile]


@dataclass(frozen=True, slots=True)
class Purchase:
    """One thing that a facility might buy, or a profile that it might take up.

    Parameters
    ----------
    kind
        A ``profile`` is one of the house's for a machine that stands there: it costs
        nothing.
    code
        Of the material, service or machine; a nozzle has its machine before it.
    title
        For people.
    price_usd
        Low and high of what it usually costs; None when nobody says. [USD]
    source
        Where the price comes from.
    after
        The facility with it.
    """

    kind: PurchaseKind
    code: str
    title: str
    price_usd: Band | None
    source: str
    after: Facility = field(repr=False)


def purchases(
    facility: Facility, needs: Iterable[WholeNeed], profiles: Profiles
) -> tuple[Purchase, ...]:
    """Give every purchase that could open one of these designs.

    Left out is only what cannot: materials that no component allows, services that
    none asks for, machines without a print profile of the house for a process that
    needs one.

    Parameters
    ----------
    facility
        Who would buy.
    needs
        What designs ask.
    profiles
        Print profiles by id.
    """
    wanted = tuple(needs)
    return (
        *_profiles_to_take_up(facility, profiles),
        *material_purchases(facility, wanted, profiles),
        *_nozzles(facility, profiles),
        *_services(facility, wanted),
        *machine_purchases(facility, profiles),
    )


def material_purchases(
    facility: Facility, needs: Iterable[WholeNeed], profiles: Profiles
) -> Iterator[Purchase]:
    """Give a spool of each material that some component allows.

    Machines of a model that the house has a profile of for it take that up: the
    profile costs nothing, and is of no use before the spool is there.
    """
    names: dict[str, str] = {}
    for need in needs:
        for component in need.components:
            for name in component.requirement.materials or MATERIALS:
                names.setdefault(identity_of(name), name)
    kilograms = SPOOL_G / 1000
    for key, name in names.items():
        material = material_of(name)
        band = None if material is None else material.price_usd_per_kg
        taught = _with_profiles(facility, profiles, only=key)
        spool = Feedstock(name, "", SPOOL_G)
        yield Purchase(
            "material",
            key,
            f"{kilograms:g} kg of {name}",
            None if band is None else (band[0] * kilograms, band[1] * kilograms),
            "" if material is None or band is None else material.source,
            replace(taught, feedstocks=(*taught.feedstocks, spool)),
        )


def machine_purchases(facility: Facility, profiles: Profiles) -> Iterator[Purchase]:
    """Give each machine model that is known well enough to be asked."""
    for model in MACHINES.values():
        machine = _printer(facility, model, profiles)
        if machine is not None:
            yield Purchase(
                "machine",
                model.key,
                model.title,
                PRINTER_USD.get(model.key),
                SOURCE if model.key in PRINTER_USD else "",
                replace(facility, machines=(*facility.machines, machine)),
            )
    for listed in catalogue.MACHINES:
        machine = Machine(
            MachineId(f"{facility.id}/bought-{listed.id}"),
            listed.title,
            listed.process,
            _room_mm(listed),
            0.0,
            (),
            materials=materials_of(listed),
        )
        after = replace(facility, machines=(*facility.machines, machine))
        yield Purchase("machine", listed.id, listed.title, None, "", after)


def _room_mm(machine: ProcessMachine) -> tuple[float, float, float]:
    """Give what fits into a machine; of a laser, the thickest sheet that is known."""
    if isinstance(machine, LaserCutter):
        cuts = machine.materials.values()
        return (*machine.bed_mm, max(max(cut.speeds_mm_per_s) for cut in cuts))
    return machine.travel_mm if isinstance(machine, Mill) else machine.room_mm


def _printer(
    facility: Facility, model: MachineModel, profiles: Profiles
) -> Machine | None:
    """Give a machine as it comes, with the house's profiles; None where it has none."""
    nozzle_mm = model.nozzles_mm[0]
    own = _profiles_of(model, nozzle_mm, profiles)
    if not own:
        return None
    return Machine(
        MachineId(f"{facility.id}/bought-{model.key}"),
        model.title,
        "FDM",
        model.bed_mm,
        nozzle_mm,
        own,
    )


def _profiles_of(
    model: MachineModel, nozzle_mm: float, profiles: Profiles
) -> tuple[ProfileId, ...]:
    """Give a model's profiles for a nozzle, standard layers first."""
    return tuple(
        name
        for name, profile in profiles.items()
        if profile.machine_model == model.machine_model
        and profile.nozzle_mm == nozzle_mm
    )


def model_of(machine: Machine) -> MachineModel | None:
    """Tell which known model a machine is: by its profiles, else by its name."""
    for profile_id in machine.profiles:
        model = MACHINES.get(profile_id.partition("-")[0])
        if model is not None:
            return model
    known = capability_of(machine.make_model)
    if known is None:
        return None
    return next((m for m in MACHINES.values() if m.title == known.title), None)


def _with_profiles(facility: Facility, profiles: Profiles, *, only: str) -> Facility:
    """Let every machine of a known model take up the house's profiles of a material."""
    machines = []
    for machine in facility.machines:
        model = model_of(machine)
        own = _profiles_of(model, machine.nozzle_mm, profiles) if model else ()
        new = [
            name
            for name in own
            if name not in machine.profiles
            and identity_of(profiles[name].material) == only
        ]
        machines.append(replace(machine, profiles=(*machine.profiles, *new)))
    return replace(facility, machines=tuple(machines))


def _profiles_to_take_up(facility: Facility, profiles: Profiles) -> Iterator[Purchase]:
    """Give the house's profiles for what lies on the shelf and no machine runs yet."""
    for key in dict.fromkeys(identity_of(lot.material) for lot in facility.feedstocks):
        after = _with_profiles(facility, profiles, only=key)
        if after != facility:
            yield Purchase(
                "profile",
                key,
                f"the house's profiles for {key}",
                (0.0, 0.0),
                "nothing to buy",
                after,
            )


def _nozzles(facility: Facility, profiles: Profiles) -> Iterator[Purchase]:
    """Give each other nozzle that a machine is sold with."""
    seen: set[tuple[str, float]] = set()
    for machine in facility.machines:
        model = model_of(machine)
        for nozzle_mm in model.nozzles_mm if model else ():
            assert model is not None
            if nozzle_mm == machine.nozzle_mm or (model.key, nozzle_mm) in seen:
                continue
            seen.add((model.key, nozzle_mm))
            worked = {
                profiles[name].material for name in machine.profiles if name in profiles
            }
            changed = replace(
                machine,
                id=MachineId(f"{machine.id}-{nozzle_mm:g}"),
                nozzle_mm=nozzle_mm,
                profiles=_profiles_of(model, nozzle_mm, profiles),
                materials=(*machine.materials, *sorted(worked)),
            )
            yield Purchase(
                "nozzle",
                f"{model.key}/{nozzle_mm:g}",
                f"a {nozzle_mm:g} mm nozzle for the {model.title}",
                NOZZLE_USD,
                SOURCE,
                replace(facility, machines=(*facility.machines, changed)),
            )


def _services(facility: Facility, needs: Iterable[WholeNeed]) -> Iterator[Purchase]:
    """Give the hand work that designs ask for and the facility does not offer."""
    for code in dict.fromkeys(each.service for need in needs for each in need.work):
        offered = any(satisfies(one, code) for one in facility.services)
        if offered or (code == ASSEMBLY and facility.assembles):
            continue
        after = replace(
            facility,
            services=(*facility.services, code),
            assembles=facility.assembles or code == ASSEMBLY,
        )
        title = process_title(code)
        yield Purchase("service", code, f"tools and hands for {title}", None, "", after)
