"""What a repair did to a mesh, or why it was not accepted, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float, float]
Verdict = Literal["sound", "repaired", "refused"]
FaultKind = Literal["open", "crowded", "clashing"]

#: Faults are counted all, but only so many are named with their place.
MAX_FAULTS_NAMED = 50


@dataclass(frozen=True, slots=True)
class Hole:
    """One hole that was closed.

    Parameters
    ----------
    place_mm
        Middle of its rim. [mm]
    length_mm
        Length of its rim. [mm]
    edges
        Edges of its rim.
    area_mm2
        Of the patch. [mm2]
    certain
        True when only one patch is right: the rim lies in one plane, or the patch
        continues the faces beside it.
    """

    place_mm: Point
    length_mm: float
    edges: int
    area_mm2: float
    certain: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """An edge that is still wrong.

    Parameters
    ----------
    kind
        ``open`` has one face, ``crowded`` more than two, ``clashing`` two that look to
        opposite sides.
    start_mm, end_mm
        Its two ends. [mm]
    """

    kind: FaultKind
    start_mm: Point
    end_mm: Point


@dataclass(frozen=True, slots=True)
class RepairReport:
    """Exactly what a repair changed, and how far the result is from what was given.

    Parameters
    ----------
    verdict
        ``sound``: nothing needed mending and nothing was changed; ``repaired``: the
        mended mesh keeps all bounds; ``refused``: no mesh is given.
    code
        Stable word for the reason of a refusal; empty otherwise.
    reason
        The refusal in one sentence with the number and the rule; empty otherwise.
    vertices_merged
        Corners joined with another one.
    vertices_parted
        Corners made of one where bodies touched along an edge or in a point.
    parted_by_mm
        How far those were moved so that they stay apart in a file. [mm]
    merged_within_mm
        Greatest distance over which corners were joined. [mm]
    faces_dropped
        Faces left out, because two of their corners were one or another face lay on
        them.
    sheet_faces_dropped
        Faces left out because they bound nothing: fins and walls inside.
    faces_added
        Faces of all patches.
    faces_flipped
        Faces turned to look outward.
    holes
        Each hole that was closed, longest first.
    volume_certain
        True when no patch is a guess, no sheet was left out and neighbouring faces
        agreed, so that the volume before was known.
    volume_before_mm3
        Where not certain: an estimate, in which each hole whose patch is a guess is
        closed by a fan from the middle of its rim instead. [mm3]
    volume_after_mm3
        Of the mended mesh. [mm3]
    area_before_mm2, area_after_mm2
        Surface before, without faces that lay on others, and after. [mm2]
    bodies_before, bodies_after
        Bodies counted with holes closed, before and after; those that touch along an
        edge count as one.
    box_moved_mm
        Greatest move of a side of the box. [mm]
    faults
        Edges still wrong after a refusal, the first of them.
    faults_in_all
        How many there are.
    """

    verdict: Verdict
    code: str = ""
    reason: str = ""
    vertices_merged: int = 0
    vertices_parted: int = 0
    parted_by_mm: float = 0.0
    merged_within_mm: float = 0.0
    faces_dropped: int = 0
    sheet_faces_dropped: int = 0
    faces_added: int = 0
    faces_flipped: int = 0
    holes: tuple[Hole, ...] = ()
    volume_certain: bool = True
    volume_before_mm3: float = 0.0
    volume_after_mm3: float = 0.0
    area_before_mm2: float = 0.0
    area_after_mm2: float = 0.0
    bodies_before: int = 0
    bodies_after: int = 0
    box_moved_mm: float = 0.0
    faults: tuple[Fault, ...] = ()
    faults_in_all: int = 0

    def changes(self) -> tuple[str, ...]:
        """Say in sentences what was changed; none where nothing was."""
        told = []
        if self.vertices_merged:
            told.append(
                f"{self.vertices_merged} corners were joined with another one, at most "
                f"{self.merged_within_mm:.2g} mm away."
            )
        if self.faces_dropped:
            told.append(
                f"{self.faces_dropped} faces were left out: two of their corners are "
                "one, or another face lies on them."
            )
        if self.sheet_faces_dropped:
            told.append(
                f"{self.sheet_faces_dropped} faces of sheets that bound nothing were "
                "left out."
            )
        if self.faces_flipped:
            told.append(f"{self.faces_flipped} faces were turned to look outward.")
        told += [_hole_in_words(hole) for hole in self.holes]
        if self.vertices_parted:
            told.append(
                f"Where bodies touched, {self.vertices_parted} corners were added and "
                f"moved apart by {self.parted_by_mm:.2g} mm."
            )
        return tuple(told)


def _hole_in_words(hole: Hole) -> str:
    place = ", ".join(f"{value:.2f}" for value in hole.place_mm)
    guess = "" if hole.certain else ", its shape a guess"
    return (
        f"A hole of {hole.edges} edges, {hole.length_mm:.3g} mm round, was closed at "
        f"({place}) with {hole.area_mm2:.3g} mm2{guess}."
    )
