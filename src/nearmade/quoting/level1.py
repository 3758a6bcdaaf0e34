"""Level 1: a part's figures from sixteen sampled layers, in tens of milliseconds."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import manifold3d
import numpy as np
from numpy.typing import NDArray

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.mesh import Mesh
from nearmade.quoting.build_estimate import BuildEstimate
from nearmade.quoting.level0 import assemble_estimate, check_request
from nearmade.quoting.plate import builds_needed
from nearmade.quoting.profile import Profile
from nearmade.vocabulary.errors import InvalidInput

Array = NDArray[np.float64]

#: Layers looked at; 32 gave the same errors, 8 worse ones (72 parts).
SAMPLES = 16

#: Coefficients of the reference formula: 72 open meshes, PrusaSlicer 2.5.0, MK3S PLA,
#: 0.20 mm, 20 % gyroid. The two wall terms add to 1/25 + 1/45 s/mm: the wall speeds.
WALL_MM3, SOLID_MM3, SPARSE_MM3, START_MM3 = 1.046, 0.984, 0.224, 25.0
OUTER_S, INNER_S, SOLID_S, SPARSE_S = 0.0661, 0.0061, 0.0237, 0.0428
CONTOUR_S, ROOT_S, START_S = 1.257, 0.462, 28.5
FITTED_INFILL_FRACTION = 0.20


@dataclass(frozen=True, slots=True, eq=False)
class LayerSums:
    """What sampled layers measure; arrays of one value for each sample.

    Parameters
    ----------
    weights
        Layers that each sample stands for; they sum to the number of layers.
    area_mm2, inside_mm2
        Of the layer, and of what lies inside its walls. [mm2]
    outer_mm, inner_mm
        Length of the outermost and of the next wall line. [mm]
    contours
        Outlines, holes too.
    """

    weights: Array
    area_mm2: Array
    inside_mm2: Array
    outer_mm: Array
    inner_mm: Array
    contours: Array


def estimate_level1(
    mesh: Mesh,
    facts: PartFacts,
    profile: Profile,
    quantity: int = 1,
    *,
    infill_fraction: float | None = None,
) -> BuildEstimate:
    """Estimate parts made on one machine from sampled layers.

    Parameters
    ----------
    mesh
        The part as it will be printed; a closed solid.
    facts
        Of that mesh.
    profile
        Machine, material and quality.
    quantity
        How many parts, 1 or more.
    infill_fraction
        Instead of the profile's, 0..1.

    Raises
    ------
    InvalidInput
        When the mesh is no closed solid, or quantity or infill are out of range.
    """
    check_request(facts, quantity, infill_fraction)
    infill = profile.infill_fraction if infill_fraction is None else infill_fraction
    layers = sample_layers(mesh, profile)
    volume_mm3, time_s = _part_figures(layers, facts, profile, infill)
    fit = profile.level1
    builds = builds_needed(facts.extents_mm, profile, quantity)
    return assemble_estimate(
        1,
        profile,
        quantity,
        builds,
        volume_mm3=fit.volume_factor * (volume_mm3 * quantity + START_MM3 * builds),
        time_s=fit.time_factor * (time_s * quantity + START_S * builds),
        volume_spread=fit.volume_spread.with_error_of(profile.volume_reality),
        time_spread=fit.time_spread.with_error_of(profile.time_reality),
    )


def sample_layers(mesh: Mesh, profile: Profile) -> LayerSums:
    """Slice the mesh at sampled heights and offset each slice by its walls.

    Raises
    ------
    InvalidInput
        When the mesh is no closed solid.
    """
    solid = manifold3d.Manifold(
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
    low_mm = float(mesh.vertices_mm[:, 2].min())
    height_mm = float(np.ptp(mesh.vertices_mm[:, 2]))
    count = max(1, math.ceil(height_mm / profile.layer_mm))
    indices, weights = _samples(count)
    rows = []
    for index in indices:
        middle_mm = min((index + 0.5) * profile.layer_mm, height_mm * (1 - 1e-6))
        rows.append(_measure_layer(solid.slice(low_mm + middle_mm), profile))
    columns = np.array(rows, dtype=np.float64).T
    return LayerSums(weights, *columns)


def _samples(count: int) -> tuple[list[int], Array]:
    """Choose layers and give each the span up to the middles of its neighbours."""
    if count <= SAMPLES:
        return list(range(count)), np.ones(count)
    inner = {math.floor((k + 0.5) * count / SAMPLES) for k in range(SAMPLES)}
    indices = sorted(inner | {0, count - 1})
    middles = [(a + b) / 2 for a, b in itertools.pairwise(indices)]
    edges = np.array([-0.5, *middles, count - 0.5])
    return indices, np.diff(edges)


def _measure_layer(
    layer: manifold3d.CrossSection, profile: Profile
) -> tuple[float, float, float, float, float]:
    """Give area, inside area, two wall lengths and contours of one layer."""
    half_mm = profile.bead_mm / 2
    walls_mm = profile.perimeters * profile.bead_spacing_mm
    outer = _inset(layer, half_mm)
    inner = _inset(layer, half_mm + profile.bead_spacing_mm)
    inside = _inset(layer, walls_mm)
    return (
        float(layer.area()),
        float(inside.area()),
        _length_mm(outer),
        _length_mm(inner),
        float(layer.num_contour()),
    )


def _inset(layer: manifold3d.CrossSection, by_mm: float) -> manifold3d.CrossSection:
    return layer.offset(-by_mm, manifold3d.JoinType.Miter, 2.0)


def _length_mm(layer: manifold3d.CrossSection) -> float:
    """Sum the lengths of all outlines."""
    total = 0.0
    for outline in layer.to_polygons():
        points = np.asarray(outline, dtype=np.float64)
        steps = np.diff(points, axis=0, append=points[:1])
        total += float(np.hypot(steps[:, 0], steps[:, 1]).sum())
    return total


def _part_figures(
    layers: LayerSums, facts: PartFacts, profile: Profile, infill_fraction: float
) -> tuple[float, float]:
    """Give filament [mm3] and time [s] of one part by the reference formula."""
    height = profile.layer_mm
    weights, inside = layers.weights, layers.inside_mm2
    solid = inside * _solid_fraction(height * float(weights @ inside), facts, profile)
    share = infill_fraction / FITTED_INFILL_FRACTION
    sparse = inside - solid
    filament_mm3 = height * float(
        weights
        @ (
            WALL_MM3 * (layers.area_mm2 - inside)
            + SOLID_MM3 * solid
            + SPARSE_MM3 * share * sparse
        )
    )
    more_walls = (profile.perimeters - 1) * layers.inner_mm
    solid_mm = solid / profile.bead_mm
    sparse_mm = infill_fraction * sparse / profile.bead_mm
    contours_s = CONTOUR_S * layers.contours
    plain_s = (
        OUTER_S * layers.outer_mm
        + INNER_S * more_walls
        + SOLID_S * solid_mm
        + SPARSE_S * sparse_mm
        + contours_s
        + ROOT_S * np.sqrt(solid)
    )
    lengths = layers.outer_mm + more_walls + solid_mm + sparse_mm
    slowest_s = lengths / profile.slow_mm_s + contours_s
    slowed = np.minimum(profile.slow_layer_s, np.maximum(plain_s, slowest_s))
    layer_s = np.where(plain_s < profile.slow_layer_s, slowed, plain_s)
    return filament_mm3, float(weights @ layer_s)


def _solid_fraction(inside_mm3: float, facts: PartFacts, profile: Profile) -> float:
    """Give the share of the inside that top and bottom shells fill."""
    if inside_mm3 <= 0:
        return 1.0
    skin_mm3 = profile.layer_mm * (
        profile.top_layers * facts.up_mm2 + profile.bottom_layers * facts.down_mm2
    )
    ratio = skin_mm3 / inside_mm3
    return float(ratio / math.cbrt(1 + ratio**3)) if ratio < 1e3 else 1.0
