"""What an OKW record says, typed; empty or None is unknown.

The names of the fields are those of ``okw_fields.CLASSES``. A value that breaks its
rule is not here: it stays in the document, and a diagnosis tells of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NONE


@dataclass(frozen=True, slots=True)
class Address:
    """An address; the postcode is text, for some begin with a zero."""

    number: str = ""
    street: str = ""
    district: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A what3words address and its language."""

    words: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """Where something is.

    Parameters
    ----------
    address
        Its address; the country as it is written.
    gps_coordinates
        Latitude and longitude, WGS 84; None when not known. [deg]
    directions
        How to get there.
    what3words
        Its what3words address.
    """

    address: Address = Address()
    gps_coordinates: tuple[float, float] | None = None
    directions: str = ""
    what3words: Words = Words()


@dataclass(frozen=True, slots=True)
class AgentContact:
    """How to reach an agent."""

    landline: str = ""
    mobile: str = ""
    fax: str = ""
    email: str = ""
    whatsapp: str = ""


@dataclass(frozen=True, slots=True)
class SocialMedia:
    """Where else an agent is to be found."""

    facebook: str = ""
    twitter: str = ""
    instagram: str = ""
    other_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or an organisation."""

    name: str = ""
    location: Location | None = None
    contact_person: str = ""
    bio: str = ""
    website: str = ""
    languages: tuple[str, ...] = ()
    mailing_list: str = ""
    images: tuple[str, ...] = ()
    contact: AgentContact = AgentContact()
    social_media: SocialMedia = SocialMedia()


@dataclass(frozen=True, slots=True)
class OkwMaterial:
    """A material in use; its type is the address of an article, or a name."""

    material_type: str = ""
    manufacturer: str = ""
    brand: str = ""
    supplier_location: Location | None = None


PropertyValue = int | float | bool | str | OkwMaterial


@dataclass(frozen=True, slots=True)
class Equipment:
    """A kind of machine or tool at a facility.

    Parameters
    ----------
    properties
        The sub-properties that are known, in the units of
        ``okw_fields.SUB_PROPERTIES``.
    box_mm
        Room to build in along x, y and z; None when not known. [mm]
    box_from
        ``stated`` by the record in our namespace, or derived from ``travel``, which
        is how far the axes go and not how much fits.
    nearmade
        Our extension, as it is written.
    """

    equipment_type: str = ""
    manufacturing_process: str = ""
    make: str = ""
    model: str = ""
    serial_number: str = ""
    location: Location | None = None
    skills: tuple[str, ...] = ()
    condition: str = ""
    notes: str = ""
    owner: Agent | None = None
    quantity: float | None = None
    throughput: str = ""
    power_rating: float | None = None
    materials_worked: tuple[OkwMaterial, ...] = ()
    maintenance_schedule: str = ""
    usage_levels: str = ""
    tolerance_class: str = ""
    current_firmware: str = ""
    uninterrupted_power_supply: bool | None = None
    properties: Mapping[str, PropertyValue] = field(default_factory=_nothing)
    box_mm: tuple[float, float, float] | None = None
    box_from: Literal["", "stated", "travel"] = ""
    nearmade: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class CircularEconomy:
    """Whether and how a facility closes loops."""

    applies: bool | None = None
    description: str = ""
    by_products: tuple[OkwMaterial, ...] = ()


@dataclass(frozen=True, slots=True)
class HumanCapacity:
    """Heads, in full-time equivalents; the rest is future work of OKW."""

    headcount: float | None = None
    maker: Any = None


@dataclass(frozen=True, slots=True)
class InnovationSpace:
    """What a facility does for learners."""

    staff: float | None = None
    learning_resources: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    footfall: float | None = None
    residencies: bool | None = None


@dataclass(frozen=True, slots=True)
class RecordData:
    """Who wrote the record, and when."""

    date_created: str = ""
    created_by: Agent | None = None
    last_updated: str = ""
    updated_by: Agent | None = None
    date_verified: str = ""
    verified_by: Agent | None = None


@dataclass(frozen=True, slots=True)
class ManufacturingFacility:
    """A place that makes, as OKW describes it.

    Parameters
    ----------
    floor_size
        Its floor. [m2]
    nearmade
        Our extension, as it is written.
    """

    name: str = ""
    location: Location = Location()
    owner: Agent | None = None
    contact: Agent | None = None
    affiliation: tuple[Agent, ...] = ()
    facility_status: str = ""
    opening_hours: str = ""
    description: str = ""
    date_founded: str = ""
    access_type: str = ""
    wheelchair_accessibility: str = ""
    equipment: tuple[Equipment, ...] = ()
    manufacturing_processes: tuple[str, ...] = ()
    typical_batch_size: str = ""
    floor_size: float | None = None
    storage_capacity: str = ""
    typical_materials: tuple[OkwMaterial, ...] = ()
    certifications: tuple[str, ...] = ()
    backup_generator: bool | None = None
    uninterrupted_power_supply: bool | None = None
    road_access: bool | None = None
    loading_dock: bool | None = None
    maintenance_schedule: str = ""
    typical_products: tuple[str, ...] = ()
    partners_funders: tuple[Agent, ...] = ()
    customer_reviews: str = ""
    circular_economy: CircularEconomy = CircularEconomy()
    human_capacity: HumanCapacity = HumanCapacity()
    innovation_space: InnovationSpace = InnovationSpace()
    record_data: RecordData = RecordData()
    nearmade: Mapping[str, Any] = field(default_factory=_nothing)


#: Class of ``okw_fields.CLASSES`` to the dataclass that views it.
VIEWS: Final[Mapping[str, type[Any]]] = {
    "facility": ManufacturingFacility,
    "agent": Agent,
    "agent_contact": AgentContact,
    "social_media": SocialMedia,
    "location": Location,
    "address": Address,
    "what3words": Words,
    "equipment": Equipment,
    "material": OkwMaterial,
    "record_data": RecordData,
    "circular_economy": CircularEconomy,
    "human_capacity": HumanCapacity,
    "innovation_space": InnovationSpace,
}
