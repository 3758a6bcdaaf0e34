"""Designs and their instances over HTTP."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, File, Router, Schema, UploadedFile

from nearmade.adapters.gate import admit
from nearmade.cloud.body_limit import LARGEST_UPLOAD_BYTES
from nearmade.cloud.catalogue.models import DesignVersion, Instance
from nearmade.cloud.catalogue.services import (
    current_version,
    find_instance,
    listed_versions,
    load_version,
    request_instance,
)
from nearmade.cloud.throttling import PerClient
from nearmade.designs.manifest import edit, write_okh
from nearmade.vocabulary.addresses import design_url
from nearmade.vocabulary.errors import InvalidInput

router = Router(tags=["designs"])


class DesignOut(Schema):
    """A design as a list shows it."""

    design_id: str
    url: str
    version: str
    title: str
    summary: str
    purpose: str
    licence: str

    @staticmethod
    def resolve_url(row: DesignVersion | dict[str, Any]) -> str:
        """Give the design's address, which names it on every platform."""
        found = row["design_id"] if isinstance(row, dict) else row.design_id
        return _address(found)


def _address(design_id: str) -> str:
    return design_url(settings.CONFIGURATION.public_url, design_id)


class ParameterOut(Schema):
    """One thing that a customer may set."""

    name: str
    kind: str
    initial: Any
    caption: str
    group: str
    minimum: float | None
    maximum: float | None
    step: float | None
    max_length: int | None
    options: list[dict[str, Any]]


class DesignDetailOut(DesignOut):
    """A design with its parameters and presets."""

    parameters: list[ParameterOut]
    presets: dict[str, dict[str, Any]]
    parts: list[dict[str, Any]]
    bom: list[dict[str, Any]]


class InstanceIn(Schema):
    """Parameters to set; the others keep their initial values."""

    values: dict[str, Any] = Field({}, max_length=200)


class InstanceOut(Schema):
    """A customised design and how far its rendering is."""

    key: str
    design_id: str
    state: str
    problem: str
    parts_done: int
    parts_total: int
    values: dict[str, Any]
    parts: list[dict[str, Any]]


@router.get("/designs", response=list[DesignOut], summary="List the catalogue")
def get_designs(request: HttpRequest) -> list[DesignVersion]:
    """Every design that can be ordered, in the order of its title."""
    return listed_versions()


@router.get("/designs/{design_id}", response=DesignDetailOut, summary="One design")
def get_design(request: HttpRequest, design_id: str) -> dict[str, Any]:
    """Parameters with their ranges, presets, parts and bill of materials."""
    version = current_version(design_id)
    design = load_version(version).design
    return {
        "design_id": version.design_id,
        "version": version.version,
        "title": version.title,
        "summary": version.summary,
        "purpose": version.purpose,
        "licence": version.licence,
        "parameters": [
            {
                **{
                    name: getattr(parameter, name)
                    for name in (
                        "name", "kind", "initial", "caption", "group", "minimum",
                        "maximum", "step", "max_length",
                    )
                },
                "options": [
                    {"value": option.value, "label": option.label}
                    for option in parameter.options
                ],
            }
            for parameter in design.parameters
        ],
        "presets": {name: dict(values) for name, values in design.presets.items()},
        "parts": [
            {"name": part.name, "title": part.title, "quantity": part.quantity}
            for part in design.parts
        ],
        "bom": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "unit": line.unit,
                "kind": line.kind,
                "price_usd": line.price_usd,
            }
            for line in design.bom
        ],
    }  # fmt: skip


@router.get("/designs/{design_id}/manifest", summary="A design's OKH manifest")
def get_manifest(request: HttpRequest, design_id: str) -> HttpResponse:
    """Give ``okh.toml`` as published, with the design's address in ``nearmade.url``."""
    manifest = load_version(current_version(design_id)).manifest
    named = edit(manifest, ("nearmade", "url"), _address(design_id))
    return HttpResponse(write_okh(named), content_type="application/toml")


def instance_out(instance: Instance) -> dict[str, Any]:
    """Describe an instance with its parts and facts."""
    return {
        "key": instance.key,
        "design_id": instance.design_version.design_id,
        "state": instance.state,
        "problem": instance.problem,
        "parts_done": instance.parts_done,
        "parts_total": instance.parts_total,
        "values": instance.values,
        "parts": [
            {
                "name": part.name,
                "title": part.title,
                "quantity": part.quantity,
                "mesh_sha256": part.mesh_sha256,
                "facts": part.facts,
            }
            for part in instance.parts.all()
        ],
    }


@router.post(
    "/designs/{design_id}/instances",
    response=InstanceOut,
    throttle=[PerClient("instances", "60/m")],
    summary="Customise a design",
)
def post_instance(
    request: HttpRequest, design_id: str, body: InstanceIn
) -> dict[str, Any]:
    """Ask for a design with these parameters; read it again until it is ready."""
    version = current_version(design_id)
    return instance_out(request_instance(version, body.values, now=timezone.now()))


@router.get("/instances/{key}", response=InstanceOut, summary="One instance")
def get_instance(request: HttpRequest, key: str) -> dict[str, Any]:
    """How far the rendering is, and the facts of every part."""
    return instance_out(find_instance(key))


@router.post(
    "/inspect",
    throttle=[PerClient("inspect", "20/m")],
    summary="Inspect a mesh file",
)
def post_inspect(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """Read a mesh through the gate and give its facts; nothing is kept."""
    if (file.size or 0) > LARGEST_UPLOAD_BYTES:
        raise InvalidInput(
            f"file {file.name!r}: {file.size} bytes, at most {LARGEST_UPLOAD_BYTES}"
        )
    facts = admit(file.read(), file.name or "file").facts
    return {
        "triangles": facts.triangles,
        "watertight": facts.watertight,
        "volume_mm3": facts.volume_mm3,
        "area_mm2": facts.area_mm2,
        "extents_mm": list(facts.extents_mm),
        "bodies": facts.bodies,
        "findings": [
            {"code": f.code, "severity": f.severity, "message": f.message}
            for f in facts.findings
        ],
    }
