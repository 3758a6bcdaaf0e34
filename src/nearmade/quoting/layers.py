"""The layers of a part as a slicer would see them: walls, solid and sparse inside.

The rules are those of PrusaSlicer 2.5: walls of fitted width, tops and bottoms grown by
three millimetres, vertical shells from the neighbours above and below, bridges over
sparse infill. They were found again from the lines it writes, kind by kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import manifold3d
import numpy as np
from manifold3d import CrossSection, JoinType, Manifold, OpType
from numpy.typing import NDArray

from nearmade.geometry.mesh import Mesh
from nearmade.quoting.print_settings import Lines, PrintSettings
from nearmade.vocabulary.errors import InvalidInput

#: Tops and bottoms grow by this into the inside (PrusaSlicer, external infill margin).
#: [mm]
MARGIN_MM = 3.0
#: Slivers of tops and bottoms narrower than this share of a wall's width vanish.
SLIVER_FRACTION = 0.2
#: A shell is opened by half and grown by 0.8 of 1.05 line spacings.
SHELL_SPACINGS, SHELL_SHRINK, SHELL_GROW = 1.05, 0.5, 0.8
#: Infill narrower than this share of its spacing, on either side, is left out.
NARROW_FRACTION = 0.3
#: Solid over sparse is a bridge where it is wider than this many threads.
BRIDGE_WIDTHS = 6.0
#: Corners of slices nearer to the outline than this are left out. [mm]
SIMPLER_MM = 0.01
#: Faces steeper than this change nothing between two layers; float32 noise.
UPRIGHT_NORMAL_Z = 1e-4

#: Pieces smaller than this, both ways, are rounding and no thin walls. [mm]
THIN_MM = 0.05

Whole = NDArray[np.int64]
NOTHING = CrossSection()


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer by what is printed where.

    Parameters
    ----------
    index
        From the plate, 0 first.
    area_mm2
        Of the part in this layer. [mm2]
    slice
        Its outline.
    walled_mm2
        Covered by walls. [mm2]
    thin
        Where walls of both sides meet.
    top, bottom, solid, bridge, sparse
        Infill by kind; together they fill what walls leave free.
    """

    index: int
    area_mm2: float
    slice: CrossSection
    walled_mm2: float
    thin: CrossSection
    top: CrossSection
    bottom: CrossSection
    solid: CrossSection
    bridge: CrossSection
    sparse: CrossSection


class Stack:
    """A part cut into layers, each computed when asked for and kept.

    Parameters
    ----------
    mesh
        A closed solid as it will be printed; its lowest point lies on the plate.
    settings
        What the slicer is told.

    Raises
    ------
    InvalidInput
        When the mesh is no closed solid.
    """

    def __init__(self, mesh: Mesh, settings: PrintSettings) -> None:
        mesh = _standing(mesh)
        self.mesh = mesh
        self.solid = _solid(mesh)
        self.settings = settings
        self.height_mm = float(np.ptp(mesh.vertices_mm[:, 2]))
        lines, first_mm = settings.lines, settings.lines.first_layer_mm
        above = (self.height_mm - first_mm) / lines.layer_mm
        self.count = max(1, 1 + math.ceil(above - 0.5 - 1e-6))
        self._same_as = self._runs(mesh)
        self._slices: dict[int, CrossSection] = {}
        self._fills: dict[int, CrossSection] = {}
        self._tops: dict[int, CrossSection] = {}
        self._bottoms: dict[int, CrossSection] = {}

    def middle_mm(self, index: int) -> float:
        """Give the height at which a layer is cut. [mm]"""
        lines = self.settings.lines
        if index == 0:
            return min(lines.first_layer_mm, self.height_mm) / 2
        middle_mm = lines.first_layer_mm + (index - 0.5) * lines.layer_mm
        return min(middle_mm, self.height_mm * (1 - 1e-6))

    def _runs(self, mesh: Mesh) -> Whole:
        """Give, for each layer, the first one below that is cut alike."""
        a, b, c = (mesh.vertices_mm[mesh.faces[:, corner]] for corner in range(3))
        normals = np.cross(b - a, c - a)
        lengths = np.sqrt(np.einsum("ij,ij->i", normals, normals))
        leaning = np.abs(normals[:, 2]) > UPRIGHT_NORMAL_Z * lengths
        heights = np.stack([a[leaning, 2], b[leaning, 2], c[leaning, 2]])
        del a, b, c, normals, lengths
        middles = self.middles_mm
        first = np.searchsorted(middles, heights.min(axis=0), side="left")
        last = np.searchsorted(middles, heights.max(axis=0), side="right")
        # A leaning face between two cuts, or across one, makes the upper one differ.
        change = np.zeros(self.count + 2, dtype=np.int64)
        np.add.at(change, first, 1)
        np.add.at(change, np.maximum(last, first) + 1, -1)
        differs = np.cumsum(change)[: self.count] > 0
        differs[:2] = True  # the first layer is drawn by rules of its own
        result: Whole = np.maximum.accumulate(
            np.where(differs, np.arange(self.count), 0)
        )
        return result

    @cached_property
    def runs(self) -> Whole:
        """Layers with equal numbers are cut alike, shape (count,)."""
        return self._same_as

    def slice(self, index: int) -> CrossSection:
        """Give the part's outline in a layer; nothing above and below."""
        if not 0 <= index < self.count:
            return NOTHING
        key = int(self._same_as[index])
        if key not in self._slices:
            cut = self.solid.slice(self.middle_mm(key)).simplify(SIMPLER_MM)
            if key == 0:
                cut = _grown(cut, -self.settings.lines.first_inset_mm)
            self._slices[key] = cut
        return self._slices[key]

    def _key(self, index: int) -> int:
        return int(self._same_as[index])

    def line_mm(self, index: int, width_mm: float) -> tuple[float, float]:
        """Give width and spacing of a wall's line in a layer. [mm]"""
        lines = self.settings.lines
        if index == 0:
            first_mm = lines.first_mm
            return first_mm, Lines.spacing_mm(first_mm, lines.first_layer_mm)
        return width_mm, Lines.spacing_mm(width_mm, lines.layer_mm)

    def walled(self, cut: CrossSection, index: int) -> CrossSection:
        """Give what lies inside the middle of the outer wall's outer overlap."""
        width_mm, spacing_mm = self.line_mm(index, self.settings.lines.outer_mm)
        return _grown(cut, -(width_mm - spacing_mm) / 2)

    def depth_mm(self, index: int) -> float:
        """Give how far walls reach in from the outline. [mm]"""
        shells, lines = self.settings.shells, self.settings.lines
        width_mm, outer_mm = self.line_mm(index, lines.outer_mm)
        _, inner_mm = self.line_mm(index, lines.inner_mm)
        depth_mm = (width_mm - outer_mm) / 2
        if shells.perimeters:
            depth_mm += outer_mm + (shells.perimeters - 1) * inner_mm
        return depth_mm

    def free(self, cut: CrossSection, index: int) -> CrossSection:
        """Give what walls leave free.

        A gap narrower than one line is filled by widening the walls beside it.
        """
        _, inner_mm = self.line_mm(index, self.settings.lines.inner_mm)
        depth_mm = self.depth_mm(index)
        gap_mm = inner_mm / 2 - 0.005
        return _grown(_grown(cut, -depth_mm - gap_mm), gap_mm)

    def fill_of(self, cut: CrossSection, index: int) -> CrossSection:
        """Give the region of infill inside an outline."""
        shells, lines = self.settings.shells, self.settings.lines
        _, inner_mm = self.line_mm(index, lines.inner_mm)
        _, solid_mm = self.line_mm(index, lines.solid_mm)
        free = self.free(cut, index)
        if free.is_empty():
            return free
        narrow_mm = NARROW_FRACTION * solid_mm
        overlap_mm = shells.infill_overlap_fraction * inner_mm
        return _grown(_grown(free, -narrow_mm), narrow_mm + overlap_mm)

    def fill(self, index: int) -> CrossSection:
        """Give the region of infill in a layer."""
        key = self._key(index)
        if key not in self._fills:
            self._fills[key] = self.fill_of(self.slice(key), key)
        return self._fills[key]

    def _bare(
        self, index: int, neighbour: int, kept: dict[int, CrossSection]
    ) -> CrossSection:
        """Give what a neighbour does not cover, without slivers."""
        if index in kept:
            return kept[index]
        inside = 0 <= neighbour < self.count
        if inside and self._key(index) == self._key(neighbour):
            found = NOTHING
        elif not inside:
            found = self.slice(index)
        else:
            sliver_mm = self.settings.lines.outer_mm * SLIVER_FRACTION / 2
            rest = self.slice(index) - self.slice(neighbour)
            found = opened(rest, sliver_mm)
        kept[index] = found
        return found

    def top(self, index: int) -> CrossSection:
        """Give what the layer above does not cover."""
        return self._bare(index, index + 1, self._tops)

    def bottom(self, index: int) -> CrossSection:
        """Give what the layer below does not hold."""
        return self._bare(index, index - 1, self._bottoms)

    @cached_property
    def edges_mm(self) -> NDArray[np.float64]:
        """Heights between layers, from the plate up, shape (count + 1,). [mm]"""
        lines = self.settings.lines
        above = lines.first_layer_mm + lines.layer_mm * np.arange(self.count)
        return np.concatenate([[0.0], above])

    @cached_property
    def middles_mm(self) -> NDArray[np.float64]:
        """Heights at which layers are cut, shape (count,). [mm]"""
        return np.array([self.middle_mm(index) for index in range(self.count)])

    @cached_property
    def reach(self) -> tuple[int, int]:
        """How many layers a bottom thickens upward, and a top downward, itself in."""
        shells, layer_mm = self.settings.shells, self.settings.lines.layer_mm
        below = max(shells.bottom_layers, math.ceil(shells.bottom_mm / layer_mm - 1e-6))
        above = max(shells.top_layers, math.ceil(shells.top_mm / layer_mm - 1e-6))
        if not shells.bottom_layers:
            below = 1
        if not shells.top_layers:
            above = 1
        return below, above

    def grown(
        self, index: int, bare: Callable[[int], CrossSection]
    ) -> CrossSection | None:
        """Give a top or bottom as it grows into the inside of its own layer."""
        found = bare(index)
        if found.is_empty():
            return None
        fill = self.fill(index)
        seen = found ^ fill
        if seen.is_empty():
            return None
        return _grown(seen, MARGIN_MM) ^ fill

    def _shell_parts(
        self, indices: Iterable[int], bare: Callable[[int], CrossSection]
    ) -> list[CrossSection]:
        """Give tops or bottoms of neighbours as they reach into this layer."""
        spacing_mm = SHELL_SPACINGS * self.line_mm(1, self.settings.lines.solid_mm)[1]
        parts = []
        for index in indices:
            found = bare(index)
            if found.is_empty():
                continue
            own = self.grown(index, bare)
            parts.append(_grown(found if own is None else found + own, spacing_mm))
        return parts

    def _solid(self, index: int, inside: CrossSection) -> CrossSection:
        """Give the solid part of what is neither top nor bottom."""
        below, above = self.reach
        low, high = max(0, index - below + 1), min(self.count - 1, index + above - 1)
        keys = sorted({self._key(j) for j in range(low, high + 1)})
        parts = self._shell_parts(range(index, high + 1), self.top)
        parts += self._shell_parts(range(low, index + 1), self.bottom)
        if len(keys) > 1:
            common = CrossSection.batch_boolean(
                [self.slice(key) for key in keys], OpType.Intersect
            )
            parts.append(inside - self.fill_of(common, max(index, 1)))
        if not parts:
            return NOTHING
        shell = CrossSection.batch_boolean(parts, OpType.Add) ^ inside
        spacing_mm = SHELL_SPACINGS * self.line_mm(1, self.settings.lines.solid_mm)[1]
        shrunk = shell.offset(-SHELL_SHRINK * spacing_mm, JoinType.Square)
        return shrunk.offset(SHELL_GROW * spacing_mm, JoinType.Square) ^ inside

    @cached_property
    def _parts(self) -> dict[int, tuple[CrossSection, ...]]:
        return {}

    def _divide(self, index: int) -> tuple[CrossSection, ...]:
        """Give top, bottom, solid and sparse infill of a layer."""
        if index in self._parts:
            return self._parts[index]
        fill = self.fill(index)
        top = bottom = solid = sparse = NOTHING
        if not fill.is_empty():
            inside = fill
            shells = self.settings.shells
            grown = self.grown(index, self.bottom) if shells.bottom_layers else None
            if grown is not None:
                bottom, inside = grown, inside - grown
            grown = self.grown(index, self.top) if shells.top_layers else None
            if grown is not None:
                top, inside = grown ^ inside, inside - grown
            if not inside.is_empty():
                solid = self._solid(index, inside)
                sparse = inside - solid
            if shells.infill_fraction >= 1:
                solid, sparse = inside, NOTHING
        self._parts[index] = (top, bottom, solid, sparse)
        return self._parts[index]

    def layer(self, index: int) -> Layer:
        """Give one layer, divided by kinds of lines."""
        cut = self.slice(index)
        top, bottom, solid, sparse = self._divide(index)
        bridge = NOTHING
        if index == 0:
            solid, bottom = solid + bottom, NOTHING
        elif not solid.is_empty():
            over = solid ^ self._divide(index - 1)[3]
            width_mm = self.settings.nozzle_mm
            bridge = opened(over, BRIDGE_WIDTHS / 2 * width_mm)
            if not bridge.is_empty():
                solid = solid - bridge
        walled = self.walled(cut, index)
        free = self.free(cut, index)
        depth_mm = self.depth_mm(index)
        thin = opened(cut - _grown(free, depth_mm + THIN_MM), THIN_MM)
        return Layer(
            index=index,
            area_mm2=float(cut.area()),
            slice=cut,
            walled_mm2=float(walled.area() - free.area()),
            thin=thin,
            top=top,
            bottom=bottom,
            solid=solid,
            bridge=bridge,
            sparse=sparse,
        )


def _standing(mesh: Mesh) -> Mesh:
    """Put a mesh on the plate, its faces outward."""
    low_mm = mesh.vertices_mm[:, 2].min(initial=np.inf)
    lifted = mesh.vertices_mm - np.array([0.0, 0.0, low_mm])
    a, b, c = (lifted[mesh.faces[:, corner]] for corner in range(3))
    outward = float(np.einsum("ij,ij->", a, np.cross(b, c))) >= 0
    return Mesh(lifted, mesh.faces if outward else mesh.faces[:, ::-1])


def _solid(mesh: Mesh) -> Manifold:
    solid = Manifold(
        manifold3d.Mesh(
            vert_properties=mesh.vertices_mm.astype(np.float32),
            tri_verts=mesh.faces.astype(np.uint32),
        )
    )
    if solid.status() != manifold3d.Error.NoError or solid.is_empty():
        raise InvalidInput(
            "part: the mesh is no closed solid, so its layers cannot be measured",
            code="not-manifold",
            remedy="repair the mesh, or quote at level 0",
        )
    return solid


def _grown(region: CrossSection, by_mm: float) -> CrossSection:
    """Move an outline outward, or inward where ``by_mm`` is below zero."""
    return region.offset(by_mm, JoinType.Miter, 2.0)


def opened(region: CrossSection, by_mm: float) -> CrossSection:
    """Leave out what is narrower than twice ``by_mm``."""
    if region.is_empty():
        return region
    return _grown(_grown(region, -by_mm), by_mm)
