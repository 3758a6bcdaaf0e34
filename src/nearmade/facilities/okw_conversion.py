"""From an OKW record to our facility, as far as enough is known.

Nothing is invented: what OKW does not say becomes a question to the operator, with
what the record hints at. A machine that lacks something stays in the record beside
the machines, with its questions, and counts as none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nearmade.facilities.facility import Facility
from nearmade.facilities.okw import OkwRecord
from nearmade.facilities.okw_class_model import read_facility
from nearmade.facilities.okw_links import process_meant
from nearmade.facilities.okw_record import (
    AXES,
    gathered,
    material_codes,
    record_from_okw,
)
from nearmade.facilities.okw_values import Notes
from nearmade.facilities.okw_view import Equipment, ManufacturingFacility
from nearmade.facilities.record import facility_from_record
from nearmade.vocabulary.countries import country_meant
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.processes import ancestry


@dataclass(frozen=True, slots=True)
class Question:
    """What the operator must tell.

    Parameters
    ----------
    path
        Field of our record that waits for the answer.
    text
        The question.
    hint
        What the record says near it; empty when nothing.
    needed
        Whether there is no facility without the answer.
    """

    path: str
    text: str
    hint: str = ""
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a facility.

    Parameters
    ----------
    record
        Our record as far as it is known, everything of the source kept in it.
    facility
        The facility; None while a needed question is open.
    questions
        What is open.
    """

    record: Mapping[str, Any]
    facility: Facility | None
    questions: tuple[Question, ...]


#: Needed parts of our extension, and what to ask for each.
ASKED: Final[Mapping[str, str]] = {
    "id": "Which short name in kebab-case shall it have?",
    "kind": "What sort of place is it: print-farm, fab-lab, home, off-grid, van, "
    "commons?",
    "opening": "On which days and from which hour to which does it work, and how many "
    "hours ahead of UTC?",
    "feedstocks": "Which materials lie on the shelf, and how many grams of each?",
    "tariff": "What does it ask: currency, machine hour, gram of each material, setup, "
    "hour of hands, minimum, margin?",
    "power": "Where does its electricity come from: the grid, or panels and a battery?",
}
_BOX: Final = "How large a part fits along x, y and z?"


def draft_from_okw(record: OkwRecord) -> Draft:
    """Give our record of a facility, and what is missing in it.

    Parameters
    ----------
    record
        One facility of an OKW document.
    """
    made = gathered(record_from_okw(record.model))
    facility_view = read_facility(made, "", Notes())
    own = made["nearmade"] = kept_extension(facility_view.nearmade, made)
    questions = [
        *_place_questions(made, facility_view),
        *_own_questions(own, facility_view),
    ]
    machines, others = _machines(made, facility_view, own.get("id", ""), questions)
    made["equipment"] = machines
    if others:
        own["other_equipment"] = others
    if not made.get("name"):
        questions.append(Question("name", "What is it called?"))
    if not facility_view.facility_status:
        hint = str(made.get("facility_status", ""))
        text = "Is it Active, Planned, in Temporary Closure or Closed?"
        questions.append(Question("facility_status", text, hint))
    facility = None
    if not any(one.needed for one in questions):
        try:
            facility = facility_from_record(made)
        except InvalidInput as error:
            text = f"What is right here? {error.message}"
            questions.append(Question("nearmade", text))
    return Draft(made, facility, tuple(questions))


def _place_questions(
    made: Mapping[str, Any], facility: ManufacturingFacility
) -> list[Question]:
    address = facility.location.address
    questions = []
    if not address.city:
        hint = address.region or address.street
        questions.append(
            Question("location.address.city", "In which town is it?", hint)
        )
    meant = country_meant(address.country)
    if not meant or meant != address.country:
        hint = f"{meant} for {address.country!r}?" if meant else address.country
        text = "In which country is it, by its code of two capitals?"
        questions.append(Question("location.address.country", text, hint))
    point = facility.location.gps_coordinates
    location = made.get("location")
    written = location.get("gps_coordinates") if isinstance(location, Mapping) else ""
    if point is None or not isinstance(written, str):
        text = "At which latitude and longitude does it stand?"
        hint = " ".join(filter(None, (address.street, address.number, address.city)))
        if point is not None:
            hint = f'"{point[0]}, {point[1]}"?'
        questions.append(Question("location.gps_coordinates", text, hint))
    return questions


def _own_questions(
    own: dict[str, Any], facility: ManufacturingFacility
) -> list[Question]:
    """Take over what OKW says of our extension, and ask for the rest."""
    if "kind" not in own and is_fab_lab(facility):
        own["kind"] = "fab-lab"
    materials = ", ".join(one.material_type for one in facility.typical_materials)
    hints = {
        "id": slug_of(facility.name),
        "opening": facility.opening_hours,
        "feedstocks": materials[:200],
    }
    return [
        Question(f"nearmade.{key}", text, hints.get(key, ""))
        for key, text in ASKED.items()
        if own.get(key) is None
    ]


def is_fab_lab(facility: ManufacturingFacility) -> bool:
    """Tell whether an affiliation with fablabs.io or .org says so (clause 4.5)."""
    return any(
        re.search(r"\bfablabs?\.(io|org)\b", f"{one.name} {one.website}", re.IGNORECASE)
        for one in facility.affiliation
    )


def _machines(
    made: Mapping[str, Any],
    facility: ManufacturingFacility,
    facility_id: str,
    questions: list[Question],
) -> tuple[list[Any], list[Any]]:
    """Part the equipment that is known well enough from the rest."""
    listed = made.get("equipment", [])
    machines: list[Any] = []
    others: list[Any] = []
    views = iter(facility.equipment)
    for one in listed if isinstance(listed, list) else [listed]:
        if not isinstance(one, Mapping):
            others.append(one)
            continue
        view = next(views, Equipment())
        machine = _machine(one, view)
        path = f"nearmade.other_equipment[{len(others)}]"
        open_ones = list(_machine_questions(machine, view, path, facility_id))
        questions.extend(open_ones)
        (others if open_ones else machines).append(machine)
    return machines, others


def _machine(equipment: Mapping[str, Any], view: Equipment) -> dict[str, Any]:
    """Take over what OKW says of a machine in words that we have."""
    own = dict(view.nearmade)
    process = process_meant(view.manufacturing_process or view.equipment_type)
    if "process" not in own and process:
        own["process"] = process
    if "materials" not in own:
        codes = material_codes(one.material_type for one in view.materials_worked)
        if codes:
            own["materials"] = list(codes)
    if process and own.get("profiles") is None:
        own["profiles"] = []  # a print profile is ours; a machine of OKW has none
    return {**equipment, "nearmade": kept_extension(own, equipment)}


def _machine_questions(
    machine: Mapping[str, Any], view: Equipment, path: str, facility_id: str
) -> Iterator[Question]:
    own = machine["nearmade"]
    called = f"{view.make} {view.model}".strip() or view.notes or view.equipment_type
    if not own.get("process"):
        where = f"{path}.nearmade.process"
        text = "Does it make parts, and by which process?"
        yield Question(where, text, called, needed=False)
        return
    if own.get("build_volume_mm") is None and view.box_from != "stated":
        hint = _travel_hint(view) if view.box_from == "travel" else called
        where = f"{path}.nearmade.build_volume_mm"
        yield Question(where, _BOX, hint, needed=False)
    if not own.get("id"):
        hint = f"{facility_id or 'FACILITY'}/{slug_of(called)}"
        text = "Which name shall it have in the network?"
        yield Question(f"{path}.nearmade.id", text, hint, needed=False)
    if not view.model:
        yield Question(f"{path}.model", "Which model is it?", called, needed=False)
    extrudes = "MATERIAL-EXTRUSION" in ancestry(str(own["process"]))
    if extrudes and "nozzle_size" not in view.properties:
        text = "Which diameter has its nozzle, in tenths of a millimetre?"
        where = f"{path}.nearmade.nozzle_tenths_mm"
        hint = str(machine.get("nozzle_size", called))
        yield Question(where, text, hint, needed=False)


def kept_extension(own: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Give our extension; what stands in its place and is none is carried in it.

    Parameters
    ----------
    own
        The extension as far as it is known.
    record
        The facility or equipment to which it belongs.
    """
    written = record.get("nearmade", {})
    carried = {} if isinstance(written, Mapping) else {"carried": {"nearmade": written}}
    return {**own, **carried}


def _travel_hint(view: Equipment) -> str:
    sides = view.box_mm or ()
    shown = " x ".join(
        f"{axis} {side:g}" for axis, side in zip(AXES, sides, strict=True)
    )
    return f"its axes travel {shown} mm"


def slug_of(name: str) -> str:
    """Propose a short name in kebab-case, of the Latin letters of a name."""
    plain = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:60].strip("-")
