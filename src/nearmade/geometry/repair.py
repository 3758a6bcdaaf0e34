"""Mend a broken mesh within stated bounds, or say where it is broken."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair_bounds import (
    Broken,
    no_solid,
    out_of_bound,
    patches_out_of_bound,
)
from nearmade.geometry.repair_cleaning import cleaned
from nearmade.geometry.repair_edges import (
    edge_table,
    face_areas,
    named_faults,
    signed_volumes,
    touching_bodies,
)
from nearmade.geometry.repair_holes import Rim, described, only_one_way, patches, rims
from nearmade.geometry.repair_report import MAX_FAULTS_NAMED, RepairReport
from nearmade.geometry.repair_sheets import without_sheets
from nearmade.geometry.repair_touching import parted
from nearmade.geometry.repair_winding import agreeing, outward
from nearmade.geometry.stl import read_stl, write_stl

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: A solid holds more than this share of the cube over its longest side.
SOLID_FRACTION = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Repaired:
    """A mended mesh, or none.

    Parameters
    ----------
    mesh
        The mesh given when it is sound; a new one when it was repaired; None when the
        repair was refused.
    report
        What was changed, or why nothing is given.
    """

    mesh: Mesh | None
    report: RepairReport


class _Refusal(Exception):
    """Ends a repair; never leaves this module."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def repair(mesh: Mesh) -> Repaired:
    """Mend a mesh: join corners, drop what bounds nothing, turn, close holes, part.

    A mesh that is closed, looks outward and has no edge with more than two faces comes
    back untouched. Otherwise a new mesh is made, written and read as a binary STL, and
    accepted only if it is closed, a solid to manifold3d, holds as much as before within
    2 % (where the volume before was not certain, as much as with holes closed by
    fans), has as many bodies, the same box, and at most 25 % more area, 10 % by patches
    of guessed shape. The mesh given is never changed.

    Parameters
    ----------
    mesh
        Any mesh.
    """
    if not len(mesh.faces):
        told = RepairReport("refused", "no-faces", "The mesh has no faces.")
        return Repaired(None, told)
    work = _Mending(mesh)
    if work.sound():
        return Repaired(mesh, replace(work.report, verdict="sound"))
    try:
        work.clean()
        work.drop_sheets()
        work.agree()
        work.fill()
        work.part()
        work.look_outward()
        work.accept()
    except _Refusal as refusal:
        return Repaired(None, work.refused(refusal))
    return Repaired(work.mesh, replace(work.report, verdict="repaired"))


class _Mending:
    """One mesh on the bench."""

    def __init__(self, mesh: Mesh) -> None:
        self.given = mesh
        self.mesh = mesh
        self.guesses: list[Rim] = []
        self.known = mesh
        self.drawn = len(mesh.faces)
        self.with_doubles = mesh.faces
        self.agreed = np.zeros(len(mesh.faces), dtype=bool)
        self.turned = self.agreed
        self.came_from = np.arange(len(mesh.vertices_mm))
        areas = face_areas(mesh.vertices_mm, mesh.faces)
        self.report = RepairReport("refused", area_before_mm2=float(areas.sum()))

    def sound(self) -> bool:
        """Tell whether nothing needs mending."""
        a, b, c = self.given.faces.T
        faces = self.given.faces[(a != b) & (b != c) & (c != a)]
        vertices_mm = self.given.vertices_mm
        volume_mm3 = float(signed_volumes(vertices_mm, faces).sum())
        if edge_table(faces).faults or not volume_mm3 > self._least_mm3():
            return False
        bodies = touching_bodies(faces)
        self.report = replace(
            self.report,
            volume_before_mm3=volume_mm3,
            volume_after_mm3=volume_mm3,
            area_after_mm2=self.report.area_before_mm2,
            bodies_before=bodies,
            bodies_after=bodies,
        )
        return not outward(vertices_mm, faces).any()

    def clean(self) -> None:
        """Join corners and drop faces that are none."""
        result = cleaned(self.given)
        self.mesh = result.mesh
        self._note(
            vertices_merged=result.vertices_merged,
            merged_within_mm=result.merged_within_mm,
            faces_dropped=result.faces_dropped,
        )
        if not len(self.mesh.faces):
            raise _Refusal("no-volume", "Every face lies back to back with another.")
        self.with_doubles = result.with_doubles
        area_mm2 = face_areas(self.mesh.vertices_mm, self.mesh.faces).sum()
        self._note(area_before_mm2=float(area_mm2))

    def drop_sheets(self) -> None:
        """Leave out fins and walls inside."""
        before = self.mesh
        self.mesh = without_sheets(before)
        self._note(sheet_faces_dropped=len(before.faces) - len(self.mesh.faces))

    def agree(self) -> None:
        """Make neighbours look to the same side."""
        flip = agreeing(self.mesh.vertices_mm, self.mesh.faces)
        if flip is None:
            raise _Refusal(
                "one-sided",
                "The surface has one side only, like a strip with a twist: no inside "
                "can be told.",
            )
        self.mesh, self.agreed = _flipped(self.mesh, flip), flip

    def fill(self) -> None:
        """Close all holes."""
        found = rims(self.mesh.vertices_mm, self.mesh.faces)
        if found is None:
            raise _Refusal(
                "torn-rim", "Open edges do not run round holes: faces are missing."
            )
        closing = patches(found)
        if closing is None:
            raise _Refusal("hole-not-closed", "A large curved hole crosses itself.")
        vertices_mm, faces = self.mesh.vertices_mm, self.mesh.faces
        sure = only_one_way(vertices_mm, faces, closing)
        holes = [
            hole
            for patch, certain in zip(closing, sure, strict=True)
            for hole in described(vertices_mm, patch, certain=certain)
        ]
        order = np.argsort([not certain for certain in sure], kind="stable")
        known = [faces, *(closing[at].faces for at in order if sure[at])]
        guessed = [closing[at].faces for at in order if not sure[at]]
        self.guesses = [rim for at in order if not sure[at] for rim in closing[at].rims]
        self.drawn = len(faces)
        self.known = Mesh(vertices_mm, np.concatenate(known))
        self.mesh = Mesh(vertices_mm, np.concatenate([*known, *guessed]))
        new = self.mesh.faces[len(faces) :]
        self._note(
            holes=tuple(sorted(holes, key=lambda hole: -hole.length_mm)),
            faces_added=len(new),
            volume_certain=not (
                guessed or self.agreed.any() or self.report.sheet_faces_dropped
            ),
            bodies_before=touching_bodies(np.concatenate([self.with_doubles, new])),
        )
        self.turned = np.zeros(len(self.mesh.faces), dtype=bool)
        self._hold_to(patches_out_of_bound(self.report))

    def part(self) -> None:
        """Make bodies that touch solids of their own."""
        if signed_volumes(self.mesh.vertices_mm, self.mesh.faces).sum() < 0:
            self._flip(np.ones(len(self.mesh.faces), dtype=bool))
        self.came_from = np.arange(len(self.mesh.vertices_mm))
        table = edge_table(self.mesh.faces)
        if not table.faults:
            return
        result = parted(self.mesh)
        if result is None:
            raise _Refusal(
                "edges-left",
                f"{table.faults} edges are still wrong, and no closed bodies meet "
                "there.",
            )
        self.mesh, self.came_from = result.mesh, result.came_from
        self._note(
            vertices_parted=result.vertices_parted, parted_by_mm=result.parted_by_mm
        )

    def look_outward(self) -> None:
        """Turn bodies that are inside out, cavities left as they are."""
        self._flip(outward(self.mesh.vertices_mm, self.mesh.faces))

    def accept(self) -> None:
        """Write, read, and hold the result to every bound."""
        stored = read_stl(write_stl(self.mesh))
        volume_mm3 = float(signed_volumes(stored.vertices_mm, stored.faces).sum())
        self._note(
            faces_flipped=int(
                np.count_nonzero(self.agreed ^ self.turned[: self.drawn])
            ),
            bodies_after=touching_bodies(self.came_from[self.mesh.faces]),
            volume_before_mm3=self._volume_before_mm3(),
            volume_after_mm3=volume_mm3,
            area_after_mm2=float(face_areas(stored.vertices_mm, stored.faces).sum()),
            box_moved_mm=_box_moved_mm(self.given, stored),
        )
        self.mesh = stored
        diagonal_mm = float(np.linalg.norm(np.ptp(_corners(self.given), axis=0)))
        self._hold_to(
            out_of_bound(self.report, self._least_mm3(), diagonal_mm)
            or no_solid(self.mesh)
        )

    def refused(self, refusal: _Refusal) -> RepairReport:
        """Say why, and where the edges are that were wrong at first."""
        faces = cleaned(self.given).mesh if len(self.given.faces) else self.given
        named = named_faults(faces.vertices_mm, faces.faces, MAX_FAULTS_NAMED)
        return replace(
            self.report,
            code=refusal.code,
            reason=refusal.reason,
            faults=named,
            faults_in_all=edge_table(faces.faces).faults,
        )

    def _note(self, **figures: object) -> None:
        self.report = replace(self.report, **figures)  # type: ignore[arg-type]

    def _flip(self, which: NDArray[np.bool_]) -> None:
        """Turn faces round, and remember which."""
        self.turned = self.turned ^ which
        self.mesh = _flipped(self.mesh, which)

    def _least_mm3(self) -> float:
        return SOLID_FRACTION * float(np.ptp(_corners(self.given), axis=0).max()) ** 3

    def _volume_before_mm3(self) -> float:
        """Give the volume with fans in place of guesses, bodies turned outward."""
        corners = _corners(self.known)
        middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        signs = np.where(self.turned, -1.0, 1.0)
        volumes = signed_volumes(self.known.vertices_mm, self.known.faces)
        fans = [rim.fan_mm3(middle) * signs[rim.face] for rim in self.guesses]
        return float((volumes * signs[: len(volumes)]).sum()) + float(sum(fans))

    def _hold_to(self, refusal: Broken | None) -> None:
        """End the repair where a bound is broken."""
        if refusal is not None:
            raise _Refusal(refusal.code, refusal.reason)


def _flipped(mesh: Mesh, which: NDArray[np.bool_]) -> Mesh:
    faces = np.where(which[:, None], mesh.faces[:, ::-1], mesh.faces)
    return Mesh(mesh.vertices_mm, faces)


def _corners(mesh: Mesh) -> Floats:
    corners: Floats = mesh.vertices_mm[mesh.faces.reshape(-1)]
    return corners


def _box_moved_mm(one: Mesh, other: Mesh) -> float:
    """Give the greatest move of a side of the box. [mm]"""
    here, there = _corners(one), _corners(other)
    low = np.abs(here.min(axis=0) - there.min(axis=0)).max()
    high = np.abs(here.max(axis=0) - there.max(axis=0)).max()
    return float(max(low, high))
