"""From parameters to meshes, facts and pictures, all kept as blobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nearmade.adapters.design_folder import LoadedDesign, RenderedPart, customise
from nearmade.adapters.gate import admit
from nearmade.cloud.blobs import put_blob
from nearmade.cloud.catalogue.marking import marked_picture, marks_of, picture_of
from nearmade.cloud.catalogue.records import facts_record
from nearmade.designs.design import ParameterValue
from nearmade.geometry.glb import write_glb


@dataclass(frozen=True, slots=True)
class RenderedInstance:
    """All that an instance's rows need.

    Parameters
    ----------
    parts
        Columns of ``InstancePart``, in the design's order.
    glb_sha256, picture_sha256
        The assembly, for the viewer and as a still.
    assembly_sha256, assembly_canonical_sha256
        Its hashes, for screening; empty for a design of one part.
    """

    parts: tuple[dict[str, Any], ...]
    glb_sha256: str
    picture_sha256: str
    assembly_sha256: str = ""
    assembly_canonical_sha256: str = ""


def _part_columns(rendered: RenderedPart) -> dict[str, Any]:
    part = rendered.part
    admitted = admit(rendered.stl, f"{part.name}.stl")
    marks = marks_of(admitted.mesh, admitted.facts)
    marked = marked_picture(admitted.mesh, admitted.facts, marks)
    return {
        "name": part.name,
        "title": part.title,
        "quantity": part.quantity,
        "materials": list(part.materials),
        "infill_fraction": part.infill_fraction,
        "mesh_sha256": put_blob(rendered.stl),
        "canonical_sha256": admitted.canonical_sha256,
        "facts": facts_record(admitted.facts),
        "glb_sha256": put_blob(write_glb(admitted.mesh, marks=marks)),
        "picture_sha256": put_blob(picture_of(admitted.mesh)),
        "marked_sha256": put_blob(marked) if marked else "",
    }


def render(
    loaded: LoadedDesign,
    values: Mapping[str, ParameterValue],
    *,
    cache: Path,
    report: Callable[[int, int, str], None],
) -> RenderedInstance:
    """Render, admit through the gate, draw, and keep every file.

    Raises
    ------
    InvalidInput
        When a part does not render, or its mesh is refused.
    Unavailable
        When no engine is there.
    """
    instance = customise(loaded, values, cache=cache, progress=report)
    parts = tuple(_part_columns(part) for part in instance.parts)
    if instance.assembly_stl is None:
        return RenderedInstance(
            parts, parts[0]["glb_sha256"], parts[0]["picture_sha256"]
        )
    assembly = admit(instance.assembly_stl, "assembly.stl")
    return RenderedInstance(
        parts=parts,
        glb_sha256=put_blob(write_glb(assembly.mesh)),
        picture_sha256=put_blob(picture_of(assembly.mesh)),
        assembly_sha256=assembly.sha256,
        assembly_canonical_sha256=assembly.canonical_sha256,
    )
