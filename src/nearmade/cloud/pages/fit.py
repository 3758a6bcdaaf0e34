"""A design as this person fits it: what the design page shows of an instance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from nearmade.cloud.catalogue.models import DesignVersion, Instance, InstancePart
from nearmade.cloud.catalogue.records import facts_from
from nearmade.designs.design import Design
from nearmade.geometry.facts import PartFacts

#: The bed that parts are shown on; every starter design fits it. [mm]
SHOWN_PLATE_MM = (180, 180)


@dataclass(frozen=True, slots=True)
class FittedPart:
    """A part for the parts list."""

    name: str
    title: str
    quantity: int
    materials: tuple[str, ...]
    extents: tuple[float, float, float]
    stl: str


@dataclass(frozen=True, slots=True)
class Fit:
    """What ``pages/parts/viewer.html`` and its neighbours need.

    Parameters
    ----------
    state
        ``rendering``, ``ready``, ``failed``, or ``refused`` when the values are wrong.
    problem
        Why it cannot be drawn.
    key
        Name of the instance.
    address
        What an address must carry to come back to this fit.
    parts_done, parts_total
        How far the drawing is.
    picture
        Address of the still; empty while there is none.
    sheet
        For the viewer.
    parts
        The drawn parts.
    extents, volume_cm3
        Of the largest part, and of all. [mm] [cm3]
    near
        The place as text.
    """

    state: str
    problem: str = ""
    key: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    parts_done: int = 0
    parts_total: int = 0
    picture: str = ""
    sheet: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[FittedPart, ...] = ()
    extents: tuple[float, float, float] | None = None
    volume_cm3: float = 0.0
    near: str = ""
    design_id: str = ""
    offers: Sequence[Any] | None = None

    @property
    def sheet_json(self) -> str:
        """The viewer's sheet, safe inside a script element."""
        return json.dumps(dict(self.sheet)).replace("<", "\\u003c")

    @property
    def offers_url(self) -> str:
        """Where the few best offers come from."""
        return self._with_address("pages:offers")

    @property
    def quotes_url(self) -> str:
        """Where all offers stand on a map."""
        return self._with_address("pages:quotes")

    @property
    def where_url(self) -> str:
        """Where it is said which workshops of the world can make it."""
        return self._with_address("pages:where")

    def _with_address(self, name: str) -> str:
        query = urlencode({**self.address, "near": self.near})
        return f"{reverse(name, args=[self.design_id])}?{query}"


def blob_url(sha256: str, ending: str) -> str:
    """Address a public file by its content; nothing has no address."""
    return reverse("blob", args=[sha256, ending]) if sha256 else ""


def refused_fit(version: DesignVersion, problem: str, near: str) -> Fit:
    """Show values that the design does not take."""
    return Fit(state="refused", problem=problem, near=near, design_id=version.design_id)


def fit_of(
    instance: Instance, design: Design, address: Mapping[str, str], near: str
) -> Fit:
    """Show an instance as far as it is drawn."""
    rows = list(instance.parts.all())
    facts = [facts_from(row.facts) for row in rows]
    ready = instance.state == Instance.State.READY
    return Fit(
        state=str(instance.state),
        problem=instance.problem,
        key=instance.key,
        address=address,
        parts_done=instance.parts_done,
        parts_total=instance.parts_total,
        picture=blob_url(instance.picture_sha256, "webp"),
        sheet=_sheet(instance, rows) if ready else {"parts": [], "together": ""},
        parts=tuple(_part(row, fact) for row, fact in zip(rows, facts, strict=True)),
        extents=max((f.extents_mm for f in facts), key=max, default=None),
        volume_cm3=sum(
            fact.volume_mm3 * row.quantity
            for row, fact in zip(rows, facts, strict=True)
        )
        / 1000,
        near=near,
        design_id=design.id,
    )


def _sheet(instance: Instance, rows: Sequence[InstancePart]) -> dict[str, Any]:
    alone = len(rows) == 1 and rows[0].glb_sha256 == instance.glb_sha256
    return {
        "plate_mm": list(SHOWN_PLATE_MM),
        "parts": [
            {"name": row.name, "glb": blob_url(row.glb_sha256, "glb")} for row in rows
        ],
        "together": "" if alone else blob_url(instance.glb_sha256, "glb"),
    }


def _part(row: InstancePart, facts: PartFacts) -> FittedPart:
    return FittedPart(
        name=row.name,
        title=row.title,
        quantity=row.quantity,
        materials=tuple(row.materials),
        extents=facts.extents_mm,
        stl=blob_url(row.mesh_sha256, "stl"),
    )
