"""OKW's classes as tables: each field with the kind of its value, its unit, its words.

The names are the labels of the specification in snake_case; ``okw_reading`` also takes
them in camelCase, kebab-case and with blanks, as the specification allows.

References
----------
Open Know-Where Specification 1.0, Internet of Production Alliance, 2022 (CC BY 4.0),
sections 4 to 9. Open-Know-Where Distributed Resources Data Schema, 2024, for the
tables of the relational form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Kind = Literal[
    "text", "texts", "url", "truth", "whole", "number", "date", "early-date",
    "moment", "choice", "country", "languages", "language", "coordinates", "postcode",
    "box", "class", "classes", "any",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """What a field may hold.

    Parameters
    ----------
    kind
        Kind of value; ``class`` and ``classes`` hold one or more of ``inner``.
    unit
        Unit of a number; empty for a count.
    words
        The words allowed; empty when any will do.
    inner
        Name of a class in ``CLASSES``.
    most
        A larger number is hardly meant; None when there is no such bound. [unit]
    """

    kind: Kind
    unit: str = ""
    words: tuple[str, ...] = ()
    inner: str = ""
    most: float | None = None


def _class(inner: str) -> Field:
    return Field("class", inner=inner)


def _classes(inner: str) -> Field:
    return Field("classes", inner=inner)


def _whole(unit: str = "", most: float | None = None) -> Field:
    return Field("whole", unit=unit, most=most)


_TEXT: Final = Field("text")
_TEXTS: Final = Field("texts")
_URL: Final = Field("url")
_TRUTH: Final = Field("truth")
_DATE: Final = Field("date")
_MM: Final = _whole("mm")

STATUSES: Final = ("Active", "Planned", "Temporary Closure", "Closed")
ACCESS_TYPES: Final = (
    "Restricted",
    "Restricted with public hours",
    "Shared space",
    "Public",
    "Membership",
)
BATCH_SIZES: Final = (
    "0 -- 50 units",
    "50 -- 500 units",
    "500 -- 5000 units",
    "5000 + units",
)

#: The 38 sub-properties of equipment (clause 7.20), with their units.
SUB_PROPERTIES: Final[Mapping[str, Field]] = {
    "axes": _whole(),
    "bed_size": Field("box", unit="mm"),
    "bending_length": _MM,
    "build_volume": Field("box", unit="mm3"),
    "chuck_jaw_diameter": _MM,
    "collet_size": _MM,
    "computer_controlled": _TRUTH,
    "cross_slide_travel": _MM,
    "daylight": _MM,
    "distance_between_centres": _MM,
    "ejector_threads": _MM,
    "extraction_system": _TRUTH,
    "gantry_material": _class("material"),
    "hot_runner_compatible": _TRUTH,
    "laser_power": _whole("W"),
    "layer_resolution": _whole("mm", most=10),
    "locating_ring_diameter": _MM,
    "material_worked": Field("choice", words=("METAL", "NON-METAL")),
    "maximum_clamping_force": _whole("t"),
    "maximum_shot_volume": _whole("mm3"),
    "maximum_spindle_speed": _whole("rpm"),
    "maximum_tie_bar_distance": _MM,
    "nozzle_size": _whole("mm", most=50),
    "nozzle_radius": _whole("mm", most=50),
    "optimal_material": _class("material"),
    "pieceholding_type": _TEXT,
    "press_force": _whole("kN"),
    "punch_force": _whole("kN"),
    "spindle_rotation": _whole("deg"),
    "stations": _whole(),
    "station_size": _MM,
    "tailstock_sleeve_travel": _MM,
    "tooling_type": _TEXT,
    "turning_capacity": _MM,
    "working_surface": _MM,
    "x_travel": _MM,
    "y_travel": _MM,
    "z_travel": _MM,
}

_RECORD_DATA: Final[Mapping[str, Field]] = {
    "date_created": _DATE,
    "created_by": _class("agent"),
    "last_updated": _DATE,
    "updated_by": _class("agent"),
    "date_verified": _DATE,
    "verified_by": _class("agent"),
}

_FACILITY: Final[Mapping[str, Field]] = {
    "name": _TEXT,
    "location": _class("location"),
    "owner": _class("agent"),
    "contact": _class("agent"),
    "affiliation": _classes("agent"),
    "facility_status": Field("choice", words=STATUSES),
    "opening_hours": _TEXT,
    "description": _TEXT,
    "date_founded": Field("early-date"),
    "access_type": Field("choice", words=ACCESS_TYPES),
    "wheelchair_accessibility": _TEXT,
    "equipment": _classes("equipment"),
    "manufacturing_processes": _TEXTS,
    "typical_batch_size": Field("choice", words=BATCH_SIZES),
    "floor_size": _whole("m2"),
    "storage_capacity": _TEXT,
    "typical_materials": _classes("material"),
    "certifications": _TEXTS,
    "backup_generator": _TRUTH,
    "uninterrupted_power_supply": _TRUTH,
    "road_access": _TRUTH,
    "loading_dock": _TRUTH,
    "maintenance_schedule": _TEXT,
    "typical_products": _TEXTS,
    "partners_funders": _classes("agent"),
    "customer_reviews": _TEXT,
    "circular_economy": _class("circular_economy"),
    "human_capacity": _class("human_capacity"),
    "innovation_space": _class("innovation_space"),
    "record_data": _class("record_data"),
}

_EQUIPMENT: Final[Mapping[str, Field]] = {
    "equipment_type": _URL,
    "manufacturing_process": _TEXT,
    "make": _TEXT,
    "model": _TEXT,
    "serial_number": _TEXT,
    "location": _class("location"),
    "skills": _TEXTS,
    "condition": _TEXT,
    "notes": _TEXT,
    "owner": _class("agent"),
    "quantity": _whole(),
    "throughput": _TEXT,
    "power_rating": _whole("W"),
    "materials_worked": _classes("material"),
    "maintenance_schedule": _TEXT,
    "usage_levels": _TEXT,
    "tolerance_class": _TEXT,
    "current_firmware": _TEXT,
    "uninterrupted_power_supply": _TRUTH,
}

#: OKW 1.0: class to field to what it may hold.
CLASSES: Final[Mapping[str, Mapping[str, Field]]] = {
    "facility": _FACILITY,
    "agent": {
        "name": _TEXT,
        "location": _class("location"),
        "contact_person": _TEXT,
        "bio": _TEXT,
        "website": _URL,
        "languages": Field("languages"),
        "mailing_list": _TEXT,
        "images": _TEXTS,
        "contact": _class("agent_contact"),
        "social_media": _class("social_media"),
    },
    "agent_contact": {
        "landline": _TEXT,
        "mobile": _TEXT,
        "fax": _TEXT,
        "email": _TEXT,
        "whatsapp": _TEXT,
    },
    "social_media": {
        "facebook": _TEXT,
        "twitter": _TEXT,
        "instagram": _TEXT,
        "other_urls": _TEXTS,
    },
    "location": {
        "address": _class("address"),
        "gps_coordinates": Field("coordinates"),
        "directions": _TEXT,
        "what3words": _class("what3words"),
    },
    "address": {
        "number": _TEXT,
        "street": _TEXT,
        "district": _TEXT,
        "city": _TEXT,
        "region": _TEXT,
        "country": Field("country"),
        "postcode": Field("postcode"),
    },
    "what3words": {"words": _TEXT, "language": Field("language")},
    "equipment": {**_EQUIPMENT, **SUB_PROPERTIES},
    "material": {
        "material_type": _TEXT,
        "manufacturer": _TEXT,
        "brand": _TEXT,
        "supplier_location": _class("location"),
    },
    "record_data": _RECORD_DATA,
    "circular_economy": {
        "applies": _TRUTH,
        "description": _TEXT,
        "by_products": _classes("material"),
    },
    "human_capacity": {"headcount": Field("number"), "maker": Field("any")},
    "innovation_space": {
        "staff": _whole(),
        "learning_resources": _TEXTS,
        "services": _TEXTS,
        "footfall": _whole(),
        "residencies": _TRUTH,
    },
}

#: Other spellings of fields that are in use; the folded name to ours. ``id`` and
#: ``domain`` stand beside OKW's fields in published snake_case JSON.
OTHER_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "facility": {
        "status": "facility_status",
        "size": "floor_size",
        "sizefloorsize": "floor_size",
        "partnerfunder": "partners_funders",
        "partners": "partners_funders",
        "affiliations": "affiliation",
        "datefounding": "date_founded",
    },
    "agent": {"imagesmedia": "images", "socialmedia": "social_media"},
    "location": {"gps": "gps_coordinates", "what3word": "what3words"},
    "address": {"zip": "postcode", "zipcode": "postcode", "postalcode": "postcode"},
    "equipment": {
        "daylightopening": "daylight",
        "turningcapacityswing": "turning_capacity",
        "firmware": "current_firmware",
        "distancebetweencenters": "distance_between_centres",
        "skillsrequired": "skills",
    },
    "material": {"type": "material_type"},
    "record_data": {},
    "what3words": {"what3words": "words", "phrase": "words"},
    "circular_economy": {"circulareconomy": "applies", "byproducts": "by_products"},
}

#: Keys that are ours or others', kept and not judged, in any class.
BESIDE: Final = frozenset({"nearmade", "id", "domain", "context", "type"})


#: No field's name is longer than this, in characters.
_LONGEST: Final = 80


def folded(name: str) -> str:
    """Strip a name to small letters and digits, so that spellings of it meet."""
    return _folded(name[:_LONGEST])


@lru_cache(maxsize=8192)
def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


#: Class to folded spelling to the field's name.
SPELLINGS: Final[Mapping[str, Mapping[str, str]]] = {
    name: {**OTHER_NAMES.get(name, {}), **{folded(field): field for field in fields}}
    for name, fields in CLASSES.items()
}
