"""What a person should know about a mesh, with the number and the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nearmade.geometry.edges import EdgeCensus
from nearmade.geometry.facts import Finding, Severity, Spot

#: Longest side below which nothing is printed at all: a common nozzle. [mm]
NOZZLE_MM = 0.4
#: Longest side below which the unit is doubtful. [mm]
TINY_MM = 2.0
#: Longest side above which desktop printers are too small, or the unit is wrong; the
#: beds of common ones measure 180 to 256 mm. [mm]
HUGE_MM = 250.0
#: A common thinnest layer, half of the usual 0.2 mm. [mm]
LAYER_MM = 0.1
#: Thinnest wall by published rules of material extrusion. [mm]
WALL_MM = 0.8
INCH_MM = 25.4
#: Flat means less volume than this share of area times longest side.
FLAT_FRACTION = 1e-9

ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the findings are drawn from.

    Parameters
    ----------
    extents_mm
        Sides of the box. [mm]
    volume_mm3
        Signed volume. [mm3]
    faces
        Faces given.
    degenerate
        Faces without area.
    closed
        Every edge is run through as often forward as backward.
    census
        Edges counted.
    bodies
        Connected surfaces.
    floating
        Bodies clear of the plate and of all others.
    floating_spots, hole_spots
        Where such bodies and holes in the surface are.
    """

    extents_mm: tuple[float, float, float]
    volume_mm3: float
    faces: int
    degenerate: int
    closed: bool
    census: EdgeCensus
    bodies: int
    floating: int
    floating_spots: tuple[Spot, ...] = ()
    hole_spots: tuple[Spot, ...] = ()


def worst_first(shape: Shape) -> tuple[Finding, ...]:
    """Give all findings, errors first, then warnings, then notes."""
    found = [*_about_surface(shape), *_about_size(shape), *_about_bodies(shape)]
    return tuple(sorted(found, key=lambda finding: ORDER[finding.severity]))


def _about_surface(shape: Shape) -> Iterator[Finding]:
    census = shape.census
    longest = max(shape.extents_mm)
    flat = min(shape.extents_mm) <= 1e-6 * longest
    if flat or (shape.closed and abs(shape.volume_mm3) <= FLAT_FRACTION * longest**3):
        yield Finding(
            "no-volume",
            "error",
            f"The surface encloses nothing (box {_sides(shape)}): draw a solid.",
        )
    elif shape.closed and shape.volume_mm3 < 0:
        yield Finding(
            "inverted",
            "warning",
            "The surface is inside out; it is measured turned round: reverse the "
            "normals and export again.",
        )
    if census.open:
        yield Finding(
            "open-edges",
            "error",
            f"{census.open} edges belong to one face only, the surface has holes: "
            + (
                "draw a solid." if flat else "close them, or let nearmade repair do it."
            ),
            spots=shape.hole_spots,
        )
    if census.crowded:
        closed = "the volume is still certain" if shape.closed else "mend it"
        yield Finding(
            "non-manifold-edges",
            "warning" if shape.closed else "error",
            f"{census.crowded} edges join more than two faces: {closed}; separate or "
            "unite the bodies that touch there.",
        )
    if census.clashing:
        yield Finding(
            "clashing-winding",
            "error",
            f"{census.clashing} edges join faces that look to opposite sides: unify "
            "the normals.",
        )
    if shape.degenerate:
        yield Finding(
            "degenerate-faces",
            "note",
            f"{shape.degenerate} of {shape.faces} faces have no area: harmless, they "
            "are left out.",
        )


def _about_size(shape: Shape) -> Iterator[Finding]:
    longest, thinnest, height = (
        max(shape.extents_mm), min(shape.extents_mm), shape.extents_mm[2],
    )  # fmt: skip
    if longest < TINY_MM:
        yield Finding(
            "tiny",
            "error" if longest < NOZZLE_MM else "warning",
            f"The longest side is {longest:.3g} mm: if the file is in inches it should "
            f"be {longest * INCH_MM:.3g} mm, in metres {_plain(longest * 1000)} mm; "
            "scale it.",
        )
    if longest > HUGE_MM:
        yield Finding(
            "huge",
            "warning",
            f"The longest side is {longest:.1f} mm, more than the {HUGE_MM:.0f} mm of "
            "common printers: check the unit, or split the part.",
        )
    if 0 < height < LAYER_MM:
        yield Finding(
            "thinner-than-layer",
            "error",
            f"The part is {height:.3g} mm high, less than one layer of {LAYER_MM} mm: "
            "thicken it or turn it.",
        )
    elif 0 < thinnest < WALL_MM and longest >= TINY_MM:
        yield Finding(
            "thin",
            "warning",
            f"The part is {thinnest:.3g} mm thin, less than the {WALL_MM} mm advised "
            "for a wall: thicken it.",
        )


def _about_bodies(shape: Shape) -> Iterator[Finding]:
    if shape.floating:
        yield Finding(
            "floating-bodies",
            "warning",
            f"{shape.floating} of {shape.bodies} bodies "
            f"{'hangs' if shape.floating == 1 else 'hang'} in the air with nothing "
            f"beneath: join {'it' if shape.floating == 1 else 'them'} to the part or "
            "give each its own file.",
            spots=shape.floating_spots,
        )
    if shape.bodies > 1:
        yield Finding(
            "several-bodies",
            "note",
            f"The surface has {shape.bodies} separate bodies (a cavity counts too).",
        )


def _plain(length: float) -> str:
    """Write three figures, never with an exponent above one."""
    return f"{length:.0f}" if length >= 100 else f"{length:.3g}"


def _sides(shape: Shape) -> str:
    return " x ".join(f"{side:.4g}" for side in shape.extents_mm) + " mm"
