"""Findings drawn on the part: which faces to paint, and pictures of them."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nearmade.cloud.catalogue.judging import USUAL_PROFILE, findings_on
from nearmade.geometry.facts import Finding, PartFacts
from nearmade.geometry.marks import face_marks
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.picture import Colour, draw
from nearmade.quoting.profiles import find_profile

#: The colour of a printed part in pictures, from the page's accent. [sRGB]
PART_COLOUR: Colour = (217, 119, 66)
#: What carries marks is drawn in plain grey, so that only the marks have a colour.
PLAIN_COLOUR: Colour = (201, 196, 186)
#: The page's colours for what stops a print and for what may spoil it, a little
#: lighter, since the drawing's shade darkens them. [sRGB]
MARK_COLOURS: Mapping[str, Colour] = {"error": (214, 40, 30), "warning": (232, 138, 18)}
PICTURE_WIDTH_PX = 720
PICTURE_HEIGHT_PX = 540
#: From where a part is looked at when nothing asks for another side. [deg]
USUAL_AZIMUTH_DEG, USUAL_ELEVATION_DEG = -35.0, 28.0
#: Marks that look up or down are looked at aslant: from above, and from below, where
#: they often lie in hollows. [deg]
FROM_ABOVE_DEG, FROM_BELOW_DEG = 45.0, -62.0

Faces = NDArray[np.int64]


def telling_findings(facts: PartFacts) -> list[Finding]:
    """Give what is worth a colour on a usual machine, the worst first."""
    found = findings_on(facts, find_profile(USUAL_PROFILE))
    return [one for one in found if one.severity in MARK_COLOURS]


def marks_of(mesh: Mesh, facts: PartFacts) -> dict[str, Faces]:
    """Give the faces of each finding that is worth a colour, the worst first."""
    telling = telling_findings(facts)
    marks = face_marks(mesh, telling)
    codes = dict.fromkeys(one.code for one in telling)
    return {code: marks[code] for code in codes if code in marks}


def picture_of(mesh: Mesh) -> bytes:
    """Draw a mesh as a WebP picture on a transparent ground."""
    return _webp(
        draw(
            [(mesh, PART_COLOUR)],
            width_px=PICTURE_WIDTH_PX,
            height_px=PICTURE_HEIGHT_PX,
            azimuth_deg=USUAL_AZIMUTH_DEG,
            elevation_deg=USUAL_ELEVATION_DEG,
        )
    )


def marked_picture(
    mesh: Mesh, facts: PartFacts, marks: Mapping[str, Faces]
) -> bytes | None:
    """Draw a mesh with its findings, from the side that shows the worst of them.

    None when there is nothing to mark.
    """
    if not marks:
        return None
    severity = {one.code: one.severity for one in reversed(telling_findings(facts))}
    azimuth_deg, elevation_deg = _side_of(mesh, next(iter(marks.values())))
    return _webp(
        draw(
            [(mesh, PLAIN_COLOUR)],
            width_px=PICTURE_WIDTH_PX,
            height_px=PICTURE_HEIGHT_PX,
            azimuth_deg=azimuth_deg,
            elevation_deg=elevation_deg,
            marked=[
                (faces, MARK_COLOURS[severity[code]])
                for code, faces in reversed(list(marks.items()))
            ],
        )
    )


def _side_of(mesh: Mesh, faces: Faces) -> tuple[float, float]:
    """Give azimuth and elevation from which these faces are seen. [deg]"""
    corners = mesh.triangles_mm[faces]
    ways = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    x, y, z = ways.sum(axis=0)
    level, length = float(np.hypot(x, y)), float(np.linalg.norm((x, y, z)))
    area = float(np.linalg.norm(ways, axis=1).sum())
    if length < 0.1 * area or length == 0:  # they look everywhere
        return USUAL_AZIMUTH_DEG, USUAL_ELEVATION_DEG
    azimuth = np.degrees(np.arctan2(x, -y)) if level > 0.2 * length else None
    elevation = float(np.degrees(np.arcsin(z / length)))
    if azimuth is None:
        return USUAL_AZIMUTH_DEG, FROM_ABOVE_DEG if z > 0 else FROM_BELOW_DEG
    return float(azimuth) + 20.0, float(
        np.clip(elevation, FROM_BELOW_DEG, FROM_ABOVE_DEG)
    )


def _webp(pixels: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(file, "WEBP", quality=80, method=4)
    return file.getvalue()
