"""A facility for matching, of any OKW record: what it does not say stays unsaid.

``okw_conversion`` asks the operator for what is missing; here it is marked instead
(``Facility.unsaid``, ``Machine.unsaid``), so that matching asks where it matters. What
is said and wrong is no gap: it is told as a problem, and there is no facility.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Final

from nearmade.facilities.facility import Facility, Machine
from nearmade.facilities.fields import MOST_NUMBER
from nearmade.facilities.okw import OkwRecord
from nearmade.facilities.okw_class_model import read_facility
from nearmade.facilities.okw_conversion import is_fab_lab, kept_extension, slug_of
from nearmade.facilities.okw_links import process_meant, wikipedia_title
from nearmade.facilities.okw_record import (
    AXES,
    gathered,
    material_codes,
    record_from_okw,
)
from nearmade.facilities.okw_values import Notes
from nearmade.facilities.okw_view import Equipment, ManufacturingFacility
from nearmade.facilities.record import facility_told
from nearmade.vocabulary.countries import country_meant
from nearmade.vocabulary.processes import satisfies

#: What stands where our extension says nothing; marked as unsaid, it means nothing.
_NEUTRAL: Final[Mapping[str, Any]] = {
    "opening": {
        "days": [1, 2, 3, 4, 5, 6, 7],
        "opens_hour": 0,
        "closes_hour": 24,
        "utc_offset_h": 0,
    },
    "feedstocks": [],
    "tariff": {
        "currency": "XXX",  # ISO 4217: no currency
        "machine_hour": 0,
        "material_gram": {},
        "setup": 0,
        "labour_hour": 0,
        "minimum": 0,
        "margin_fraction": 0,
    },
    "power": {"kind": "grid"},
}
_MOST_NAME: Final = 60


@dataclass(slots=True)
class _Filled:
    """A record without gaps, and where the gaps were."""

    record: dict[str, Any]
    unsaid: list[str] = field(default_factory=list)
    #: For each machine in turn, what was unsaid of it.
    machines: list[tuple[str, ...]] = field(default_factory=list)


def facility_said(tree: Mapping[str, Any]) -> Facility | None:
    """Give the facility of a record of ours that says all; None for every other.

    Parameters
    ----------
    tree
        One record with an identity of ours, its fields in any spelling.
    """
    told: list[str] = []
    facility = facility_told(gathered(record_from_okw(tree)), told)
    return None if told else facility


def facility_known(
    record: OkwRecord, problems: list[str], number: int = 1
) -> tuple[Facility, bool]:
    """Read a facility of any shape for matching.

    Parameters
    ----------
    record
        One facility of an OKW document.
    problems
        Takes path, value and rule of what is said and wrong; where there are any the
        facility means nothing.
    number
        Its number among those read, for a place that has no name.

    Returns
    -------
    The facility, and whether its identity stands in the record.
    """
    if record.shape == "nearmade":
        facility = facility_said(record.model)
        if facility is not None:
            return facility, True
    made = gathered(record_from_okw(record.model))
    filled = _filled(made, read_facility(made, "", Notes()), number)
    facility = facility_told(filled.record, problems)
    machines = facility.machines
    if len(machines) == len(filled.machines):
        pairs = zip(machines, filled.machines, strict=True)
        machines = tuple(_marked(machine, unsaid) for machine, unsaid in pairs)
    own = made.get("nearmade")
    stated = isinstance(own, Mapping) and own.get("id") is not None
    return (
        replace(facility, machines=machines, unsaid=tuple(sorted(set(filled.unsaid)))),
        stated,
    )


def _marked(machine: Machine, unsaid: tuple[str, ...]) -> Machine:
    """Mark what is unsaid of a machine, and take away what stood for it."""
    if "build_volume_mm" in unsaid:
        x, y, z = (
            inf if side == MOST_NUMBER else side for side in machine.build_volume_mm
        )
        machine = replace(machine, build_volume_mm=(x, y, z))
    if "nozzle_mm" in unsaid:
        machine = replace(machine, nozzle_mm=0.0)
    return replace(machine, unsaid=unsaid)


def _filled(
    made: Mapping[str, Any], view: ManufacturingFacility, number: int
) -> _Filled:
    own = kept_extension(view.nearmade, made)
    filled = _Filled({**made, "nearmade": own})
    if own.get("kind") is None:
        own["kind"] = "fab-lab" if is_fab_lab(view) else "home"
        if not is_fab_lab(view):
            filled.unsaid.append("kind")
    for key, neutral in _NEUTRAL.items():
        if own.get(key) is None:
            own[key] = neutral
            filled.unsaid.append(key)
    site = own.get("id")
    if site is None:
        site = own["id"] = slug_of(view.name) or f"site-{number}"
    if not view.name and made.get("name") in (None, ""):
        filled.record["name"] = str(site)
    if made.get("facility_status") in (None, ""):
        filled.record["facility_status"] = "Active"
        filled.unsaid.append("facility_status")
    filled.record["location"] = _location(made, view, filled)
    filled.record["equipment"] = list(_machines(made, view, str(site), filled))
    return filled


def _location(
    made: Mapping[str, Any], view: ManufacturingFacility, filled: _Filled
) -> Any:
    """Give the location without gaps; a country by its name becomes its code."""
    location = made.get("location") or {}
    if not isinstance(location, Mapping):
        return location
    address = location.get("address") or {}
    if isinstance(address, Mapping):
        known = view.location.address
        address = dict(address)
        if address.get("city") in (None, ""):
            near = (known.district, known.region, known.street, view.name)
            address["city"] = next(filter(None, near), str(filled.record["name"]))
        country = address.get("country")
        if country in (None, ""):
            address["country"] = "XX"
            filled.unsaid.append("location")
        elif isinstance(country, str):
            address["country"] = country_meant(country) or country
    written = location.get("gps_coordinates")
    point = view.location.gps_coordinates
    if written in (None, ""):
        written = "0, 0"
        filled.unsaid.append("location")
    elif point is not None and isinstance(written, str):
        written = f"{point[0]}, {point[1]}"
    return {**location, "address": address, "gps_coordinates": written}


def _machines(
    made: Mapping[str, Any], view: ManufacturingFacility, site: str, filled: _Filled
) -> Iterator[dict[str, Any]]:
    """Give the equipment whose process is known, without gaps."""
    listed = made.get("equipment") or []
    views = iter(view.equipment)
    taken: set[str] = set()
    for one in listed if isinstance(listed, list) else [listed]:
        if not isinstance(one, Mapping):
            filled.unsaid.append("machines")
            continue
        seen = next(views, Equipment())
        own = kept_extension(seen.nearmade, one)
        process = own.get("process") or process_meant(
            seen.manufacturing_process or seen.equipment_type
        )
        if not process:
            filled.unsaid.append("machines")
        elif one.get("quantity") != 0:
            own["process"] = process
            machine = {**one, "nearmade": own}
            unsaid = tuple(_fill_figures(machine, own, seen))
            _name(machine, own, seen, site, taken)
            filled.machines += [unsaid] * _count(one.get("quantity"))
            yield machine


def _fill_figures(
    machine: dict[str, Any], own: dict[str, Any], view: Equipment
) -> Iterator[str]:
    """Fill what is missing of a machine's figures, and name it."""
    if own.get("materials") is None:
        named = [one.material_type for one in view.materials_worked]
        codes = (material_codes([name]) or (name,) for name in named if name)
        own["materials"] = [code for (code, *_) in codes]
    if view.box_from != "stated" and own.get("build_volume_mm") is None:
        for axis in AXES:
            if machine.get(f"{axis}_travel") in (None, 0):
                machine[f"{axis}_travel"] = MOST_NUMBER
        yield "build_volume_mm"
    extrudes = satisfies(str(own["process"]), "MATERIAL-EXTRUSION")
    if extrudes and machine.get("nozzle_size") in (None, 0):
        machine["nozzle_size"] = 1
        yield "nozzle_mm"


def _name(
    machine: dict[str, Any],
    own: dict[str, Any],
    view: Equipment,
    site: str,
    taken: set[str],
) -> None:
    """Give a machine the names that it lacks."""
    if not view.model and machine.get("model") in (None, ""):
        kind = wikipedia_title(view.equipment_type).replace("_", " ")
        called = view.notes or kind or ("" if view.make else str(own["process"]))
        machine["model"] = called[:_MOST_NAME] or "machine"
    if own.get("id") is None:
        called = slug_of(f"{view.make} {machine['model']}") or "machine"
        name, again = f"{site}/{called}", 1
        while name in taken:
            again += 1
            name = f"{site}/{called}-no{again}"
        own["id"] = name
    taken.add(str(own["id"]))


def _count(quantity: object) -> int:
    """Count the machines of one equipment as ``machine_record`` does."""
    if isinstance(quantity, bool) or not isinstance(quantity, int | float):
        return 1
    return round(quantity) if 1 <= quantity <= MOST_NUMBER else 1
