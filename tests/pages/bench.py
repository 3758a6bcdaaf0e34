"""What the tests of pages look at: a drawn coupling, and people at their desks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.test import Client

from nearmade.adapters.examples import designs_dir
from nearmade.cloud.blobs import put_blob
from nearmade.cloud.catalogue.models import DesignVersion, Instance, InstancePart
from nearmade.cloud.catalogue.records import facts_record
from nearmade.cloud.catalogue.services import (
    load_version,
    publish_folder,
    request_instance,
)
from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import appoint_operator, import_facility
from nearmade.cloud.people.models import User
from nearmade.facilities.record import facility_from_record
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import write_stl
from tests.cloud.workshop import NOON, a_person, facility_in_words
from tests.geometry.solids import cube


def a_drawn_coupling(materials: Sequence[str] = ("PLA", "PLA", "PLA")) -> Instance:
    """The pipe coupling as published, drawn: a 20 mm cube in each part's place."""
    version = DesignVersion.objects.filter(design_id="pipe-coupling").first()
    version = version or publish_folder(designs_dir() / "pipe-coupling", now=NOON)
    instance = request_instance(version, {}, now=NOON)
    mesh = cube(20.0)
    parts = load_version(version).design.parts
    for position, (part, material) in enumerate(zip(parts, materials, strict=True)):
        InstancePart.objects.create(
            instance=instance,
            position=position,
            name=part.name,
            title=part.title,
            quantity=1,
            materials=[material],
            infill_fraction=0.2,
            mesh_sha256=put_blob(write_stl(mesh)),
            canonical_sha256="d" * 64,
            facts=facts_record(measure(mesh)),
            glb_sha256="e" * 64,
        )
    instance.state, instance.ready_at = Instance.State.READY, NOON
    instance.save()
    return instance


def a_site(site_id: str, city: str, material: str = "PLA", **power: Any) -> Site:
    """A fab lab like the one in Lyon, which prints one material."""
    words = facility_in_words(site_id, city)
    profile = f"mk3s-{material.lower()}-0.20"
    words["equipment"][0]["nearmade"]["profiles"] = [profile]
    words["nearmade"]["feedstocks"] = [
        {"material": material, "colour": "white", "stock_g": 1500}
    ]
    words["nearmade"]["tariff"]["material_gram"] = {material: "0.03"}
    if power:
        words["nearmade"]["power"] = power
    return import_facility(facility_from_record(words))


def signed_in(client: Client, email: str = "ada@example.org", **rights: bool) -> User:
    """Sign a new person in."""
    user = a_person(email, **rights)
    client.force_login(user)
    return user


def an_operator(client: Client, site: Site) -> User:
    """Sign in a new person who acts for a site."""
    user = signed_in(client, "op@example.org")
    appoint_operator(user, site)
    return user


def words_of(response: Any) -> str:
    """The text of a page, for people: no doubled blanks."""
    assert isinstance(response, HttpResponse)
    return " ".join(response.content.decode().split())
