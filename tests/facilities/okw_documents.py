"""Small OKW documents of our own for tests, one in each shape."""

from __future__ import annotations

import copy
import json
from typing import Any

from nearmade.facilities.okw import OkwDocument, read_okw

WIKI = "https://en.wikipedia.org/wiki/"

#: A workshop in the class model, snake_case, with little wrong in it.
WORKSHOP: dict[str, Any] = {
    "id": "0b6c",
    "domain": "manufacturing",
    "name": "Kibera Town Workshop",
    "facility_status": "Active",
    "location": {
        "address": {
            "number": "12",
            "street": "Ngong Road",
            "city": "Nairobi",
            "country": "KE",
            "postcode": "00505",
        },
        "gps_coordinates": "-1.3120, 36.7890",
        "what3words": {"words": "///shares.parks.alone", "language": "en-gb"},
    },
    "owner": {"name": "Kibera Makers", "languages": ["sw", "en-gb"]},
    "contact": {
        "name": "Achieng",
        "contact": {"email": "workshop@example.org", "whatsapp": "+254 700 000000"},
        "social_media": {"instagram": "kibera", "other_urls": ["https://a.example"]},
    },
    "affiliation": [{"name": "FabLabs.org", "website": "https://www.fablabs.io"}],
    "opening_hours": "Mon-Fri 8-17",
    "date_founded": "2019-04",
    "access_type": "Membership",
    "floor_size": 120,
    "typical_batch_size": "0 -- 50 units",
    "certifications": ["ISO 9001"],
    "backup_generator": True,
    "manufacturing_processes": [f"{WIKI}Fused_filament_fabrication"],
    "typical_materials": [{"material_type": f"{WIKI}Polylactic_acid"}],
    "human_capacity": {"headcount": 4},
    "circular_economy": {"applies": True, "by_products": []},
    "innovation_space": {"staff": 2, "services": ["courses"], "residencies": False},
    "record_data": {"date_created": "2026-01-30", "created_by": {"name": "Otieno"}},
    "equipment": [
        {
            "equipment_type": f"{WIKI}3D_printing",
            "manufacturing_process": f"{WIKI}Fused_filament_fabrication",
            "make": "Prusa",
            "model": "MK4",
            "quantity": 2,
            "power_rating": 240,
            "x_travel": 250,
            "y_travel": 210,
            "z_travel": 220,
            "nozzle_size": 0.4,
            "layer_resolution": 0.2,
            "computer_controlled": True,
            "tolerance_class": "ISO 2768-m",
            "materials_worked": [{"material_type": f"{WIKI}Polylactic_acid"}],
        }
    ],
}

#: Two facilities in the relational form; one row belongs to neither.
RELATIONAL: dict[str, Any] = {
    "Address": [
        {"address_id": 1, "street": "Rue A", "locality": "Lyon", "country": "FR",
         "postcode": "01000", "latitude": 45.75, "longitude": 4.85},
        {"address_id": 2, "locality": "Nobody's"},
    ],
    "Contact": [{"contact_id": 7, "email": "a@b.example", "website": "https://b.example"}],
    "DistributedResource": [
        {"resource_id": 3, "address_id": 1, "contact_id": 7, "verification": True},
        {"resource_id": 4},
    ],
    "ManufacturingFacility": [
        {"facility_id": 1, "resource_id": 3, "name": "Atelier", "capacity": 5},
        {"facility_id": 2, "resource_id": 4, "name": "Second"},
    ],
    "ManufacturingEquipment": [
        {"equipment_id": 1, "resource_id": 3, "brand": "Prusa", "model": "MK3"},
    ],
    "ManufacturingService": [
        {"service_id": 1, "resource_id": 3, "type": "assembly", "description": "x"},
    ],
}  # fmt: skip

ATOMS = """\
# yaml-language-server: kept
title: Sewing room
contact: Ada, ada@example.org
version: 0.1
inventory-atoms:
 - identifier: Q8231603
   description: cotton
   link: https://www.wikidata.org/wiki/Q8231603
tool-list-atoms:
 - identifier: Q40847
   description: Scissors
   link: https://www.wikidata.org/wiki/Q40847
 - identifier: Q111337721
   link: https://www.wikidata.org/wiki/Q111337721
processes:
 - identifier: Q652122
   description: Sewing
   link: https://www.wikidata.org/wiki/Q652122
"""

FAB_LAB: dict[str, Any] = {
    "geocoding": {"latitude": 47.218371, "longitude": -1.55362100000002,
                  "geocoding_id": "g"},
    "address": {"zip_code": "05738", "extended": "1 rue B", "address_id": "a"},
    "region": {"country": "FR", "state_region": "Pays de la Loire",
               "city_town": "Nantes", "region_id": "r"},
    "location": {"geocoding_id": "g", "address_id": "a", "region_id": "r",
                 "location_id": "l"},
    "facility": {"name": "A lab", "url": "https://www.fablabs.io/labs/a",
                 "description": "fablab", "facility_id": "f", "location_id": "l"},
}  # fmt: skip


def as_bytes(tree: Any) -> bytes:
    """Write a tree as a JSON file."""
    return json.dumps(tree, ensure_ascii=False, indent=2).encode()


def read(tree: Any, name: str = "a.json") -> OkwDocument:
    """Read a tree as a file of this name."""
    return read_okw(as_bytes(tree), name)


def changed(path: str, value: Any) -> dict[str, Any]:
    """Give the workshop with one place changed, such as ``equipment.0.make``."""
    tree: Any = copy.deepcopy(WORKSHOP)
    here: Any = tree
    *steps, last = path.split(".")
    for step in steps:
        here = here[int(step)] if step.isdigit() else here[step]
    here[int(last) if last.isdigit() else last] = value
    assert isinstance(tree, dict)
    return tree


def found(path: str, value: Any) -> dict[str, tuple[str, str]]:
    """Give rule and suggestion by path, but for what the workshop itself has."""
    usual = {(d.path, d.rule) for d in read(WORKSHOP).diagnoses}
    told = read(changed(path, value)).diagnoses
    return {
        d.path: (d.rule, d.suggestion) for d in told if (d.path, d.rule) not in usual
    }
