"""Small true rows for the cloud's tests: a fab lab in Lyon, a customer, an order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from nearmade.adapters.examples import designs_dir
from nearmade.cloud.blobs import put_blob
from nearmade.cloud.catalogue.models import DesignVersion, Instance, InstancePart
from nearmade.cloud.catalogue.records import facts_record
from nearmade.cloud.catalogue.services import load_version, publish_folder
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import import_facility
from nearmade.cloud.orders.models import Order
from nearmade.cloud.people.models import User
from nearmade.cloud.shopfloor.models import Job
from nearmade.designs.values import canonical
from nearmade.facilities.record import facility_from_record
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import write_stl
from nearmade.production.job import JobState
from nearmade.vocabulary.place import Place
from tests.geometry.solids import cube

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LYON = Place("Lyon", "FR", 45.75, 4.85)


def facility_in_words(site_id: str = "lyon", city: str = "Lyon") -> dict[str, Any]:
    """A record of a small fab lab with one printer."""
    return {
        "name": f"{city} fab lab",
        "facility_status": "Active",
        "location": {
            "address": {"city": city, "country": "FR"},
            "gps_coordinates": "45.74846, 4.84671",
        },
        "equipment": [
            {
                "make": "Prusa",
                "model": "MK3S+",
                "x_travel": 250,
                "y_travel": 210,
                "z_travel": 210,
                "nozzle_size": 0.4,
                "nearmade": {
                    "id": f"{site_id}/mk3s",
                    "process": "FDM",
                    "profiles": ["mk3s-pla-0.20"],
                },
            }
        ],
        "nearmade": {
            "id": site_id,
            "kind": "fab-lab",
            "opening": {
                "days": [1, 2, 3, 4, 5, 6, 7],
                "opens_hour": 0,
                "closes_hour": 24,
                "utc_offset_h": 1,
            },
            "feedstocks": [{"material": "PLA", "colour": "white", "stock_g": 1500}],
            "tariff": {
                "currency": "EUR",
                "machine_hour": "1.50",
                "material_gram": {"PLA": "0.03"},
                "setup": "2",
                "labour_hour": "25",
                "minimum": "5",
                "margin_fraction": "0.10",
            },
            "power": {"kind": "grid"},
        },
    }


def the_lyon_fablab() -> Site:
    return import_facility(facility_from_record(facility_in_words()))


def the_oslo_fablab() -> Site:
    return import_facility(facility_from_record(facility_in_words("oslo", "Oslo")))


def the_quito_fablab() -> Site:
    return import_facility(facility_from_record(facility_in_words("quito", "Quito")))


def a_person(
    email: str = "ada@example.org",
    *,
    is_moderator: bool = False,
    is_planner: bool = False,
) -> User:
    """Somebody without a password: hashing one takes a quarter of a second."""
    return User.objects.create_user(
        username=email, email=email, is_moderator=is_moderator, is_planner=is_planner
    )


def a_rendered_instance() -> Instance:
    version = DesignVersion.objects.create(
        design_id="peg",
        version="1.0",
        sha256="a" * 64,
        title="Peg",
        summary="A peg.",
        purpose="home",
        licence="CC0-1.0",
        files={},
        published_at=NOON,
    )
    return Instance.objects.create(
        key="b" * 64,
        design_version=version,
        values={},
        state=Instance.State.READY,
        created_at=NOON,
        ready_at=NOON,
    )


def a_coupling(quantity: int = 1) -> Instance:
    """The published pipe coupling, ready, with a 20 mm cube in each part's place."""
    version = publish_folder(designs_dir() / "pipe-coupling", now=NOON)
    instance = Instance.objects.create(
        key="c" * 64,
        design_version=version,
        values=canonical(
            {p.name: p.initial for p in load_version(version).design.parameters}
        ),
        state=Instance.State.READY,
        created_at=NOON,
        ready_at=NOON,
    )
    mesh = cube(20.0)
    for position, part in enumerate(load_version(version).design.parts):
        InstancePart.objects.create(
            instance=instance,
            position=position,
            name=part.name,
            title=part.title,
            quantity=quantity,
            materials=["PLA"],
            infill_fraction=0.2,
            mesh_sha256=put_blob(write_stl(mesh)),
            canonical_sha256="d" * 64,
            facts=facts_record(measure(mesh)),
            glb_sha256="e" * 64,
        )
    return instance


def an_order(site: Site, customer: User, **changes: Any) -> Order:
    offer = {
        "id": f"site:{site.pk}",
        "kind": "site",
        "site_id": site.pk,
        "assignments": [
            {
                "part": "peg",
                "quantity": 1,
                "site_id": site.pk,
                "machine_id": f"{site.pk}/mk3s",
                "profile_id": "mk3s-pla-0.20",
                "material": "PLA",
            }
        ],
        "legs": [
            {
                "origin_site": site.pk,
                "destination_site": None,
                "mode": "collect",
                "distance_km": 2.0,
                "mass_g": 30.0,
                "price_usd": 0.0,
                "gco2e": {"value": 0.0, "low": 0.0, "high": 0.0},
            }
        ],
        "price": {
            "total": "9.00 EUR",
            "currency": "EUR",
            "total_minor": 900,
            "low_minor": 850,
            "high_minor": 990,
            "total_usd": 10.0,
            "high_usd": 11.0,
            "items": [],
        },
        "days": {"value": 1.0, "low": 0.5, "high": 2.0},
    }
    values: dict[str, Any] = {
        "customer": customer,
        "instance": Instance.objects.first() or a_rendered_instance(),
        "place": {
            "name": "Lyon",
            "country": "FR",
            "lat_deg": 45.75,
            "lon_deg": 4.85,
        },
        "deliver": False,
        "site": site,
        "asked": [site.pk],
        "quote": offer,
        "price_minor": 900,
        "price_high_minor": 990,
        "currency": "EUR",
        "promised_at": NOON,
        "placed_at": NOON,
    }
    return Order.objects.create(**{**values, **changes})


def a_job(order: Order, state: JobState = JobState.PLANNED, **changes: Any) -> Job:
    values: dict[str, Any] = {
        "order": order,
        "site": order.site,
        "machine_id": f"{order.site_id}/mk3s",
        "profile_id": "mk3s-pla-0.20",
        "material": "PLA",
        "parts": [{"name": "peg", "quantity": 1}],
        "state": state.value,
        "created_at": NOON,
    }
    return Job.objects.create(**{**values, **changes})
