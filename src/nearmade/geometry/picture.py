"""Draw meshes as a drawing board would: soft light, fine edges, clear ground.

Orthographic, by filling spans into a depth buffer at twice the size, so that the
result is smooth and the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from nearmade.geometry.corner_normals import corner_normals
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.spans import Layers, fill

Floats = NDArray[np.float64]
Colour = tuple[int, int, int]

#: Samples along each side of a pixel.
FINE = 2
#: Share of the picture's shorter side left free around the parts.
MARGIN_FRACTION = 0.06
#: Key light from the upper left in front, fill from the right; x right, y up, z to us.
KEY, FILL = np.array([-0.45, 0.75, 0.65]), np.array([0.8, 0.05, 0.45])
KEY_SHARE, FILL_SHARE, SKY_SHARE, BASE_SHARE = 0.80, 0.14, 0.20, 0.16
#: Normals further apart than this make a line. cos(28 degrees)
CREASE_COSINE = 0.88
EDGE_DARKNESS, RIM_DARKNESS, HOLLOW_DARKNESS = 0.62, 0.72, 0.6


def draw(
    parts: Sequence[tuple[Mesh, Colour]],
    *,
    width_px: int,
    height_px: int,
    azimuth_deg: float = -35.0,
    elevation_deg: float = 28.0,
    background: Colour | None = None,
    marked: Sequence[tuple[NDArray[np.int64], Colour]] = (),
) -> NDArray[np.uint8]:
    """Draw parts where they lie, fitted to the picture.

    Parameters
    ----------
    parts
        Meshes and the colour of each, red, green and blue in 0..255.
    width_px, height_px
        Size of the picture, each above zero. [px]
    azimuth_deg
        Where the eye stands: 0 in front (at -y), growing towards +x. [deg]
    elevation_deg
        How high the eye stands: 0 level, 90 from above. [deg]
    background
        Ground colour; None leaves it clear.
    marked
        Faces in another colour, counted over all parts in their order.

    Returns
    -------
    NDArray[np.uint8]
        Red, green, blue and opacity, shape (height_px, width_px, 4), not
        premultiplied.
    """
    size = (height_px * FINE, width_px * FINE)
    view = _view(azimuth_deg, elevation_deg)
    shown = [(mesh, colour) for mesh, colour in parts if len(mesh.faces)]
    if not shown:
        return _reduced(np.zeros((*size, 3)), np.zeros(size, dtype=bool), background)
    turned = [mesh.vertices_mm @ view.T for mesh, _ in shown]
    used = [
        points[np.unique(mesh.faces)]
        for points, (mesh, _) in zip(turned, shown, strict=True)
    ]
    scale, shift = _fit(np.concatenate(used), size)
    corners = [
        (points * scale + shift)[mesh.faces]
        for points, (mesh, _) in zip(turned, shown, strict=True)
    ]
    normals = [corner_normals(mesh) @ view.T for mesh, _ in shown]
    owners = np.repeat(np.arange(len(shown)), [len(mesh.faces) for mesh, _ in shown])
    layers = fill(np.concatenate(corners), size)
    surface = _interpolated(layers, np.concatenate(corners), np.concatenate(normals))
    colours = [colour for _, colour in shown]
    for faces, colour in marked:
        owners[faces] = len(colours)
        colours.append(colour)
    palette = np.array(colours, dtype=np.float64) / 255
    light = _light(surface, layers)
    flat = palette[owners[layers.face]] ** 2.2
    linear = np.where(layers.covered[..., None], flat * light[..., None], 0.0)
    return _reduced(linear, layers.covered, background)


def _view(azimuth_deg: float, elevation_deg: float) -> Floats:
    """Give the rotation to x right, y up, z towards the eye."""
    turn, tilt = np.radians(azimuth_deg), np.radians(elevation_deg)
    right = np.array([np.cos(turn), np.sin(turn), 0.0])
    eye = np.array(
        [np.sin(turn) * np.cos(tilt), -np.cos(turn) * np.cos(tilt), np.sin(tilt)]
    )
    return np.stack([right, np.cross(eye, right), eye])


def _fit(points: Floats, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """Give scale and shift from turned millimetres to fine pixels, y down."""
    low, high = points.min(axis=0), points.max(axis=0)
    height, width = size
    free = 1 - 2 * MARGIN_FRACTION
    sides = np.maximum(high - low, 1e-9)
    factor = free * min(width / sides[0], height / sides[1])
    scale = np.array([factor, -factor, factor])
    centre = (low + high) / 2
    return scale, np.array([width / 2, height / 2, 0.0]) - centre * scale


def _interpolated(layers: Layers, corners: Floats, normals: Floats) -> Floats:
    """Give the normal in every covered sample, shape (height, width, 3)."""
    rows, columns = np.nonzero(layers.covered)
    chosen = layers.face[rows, columns]
    a, b, c = (corners[chosen, k, :2] for k in range(3))
    at = np.stack([columns + 0.5, rows + 0.5], axis=1)
    u, v, w = b - a, c - a, at - a
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    area[area == 0] = np.inf
    second = np.clip((w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / area, 0, 1)
    third = np.clip((u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]) / area, 0, 1)
    first = np.clip(1 - second - third, 0, 1)
    three = normals[chosen]
    mixed = (
        three[:, 0] * first[:, None]
        + three[:, 1] * second[:, None]
        + three[:, 2] * third[:, None]
    )
    length = np.sqrt(np.einsum("ij,ij->i", mixed, mixed))
    length[length == 0] = 1
    surface = np.zeros((*layers.covered.shape, 3))
    # A face seen from behind (a hole in the surface) is lit as its front would be.
    facing = np.where(mixed[:, 2] < 0, -1.0, 1.0)
    surface[rows, columns] = mixed * (facing / length)[:, None]
    return surface


def _light(surface: Floats, layers: Layers) -> Floats:
    """Give the brightness of every sample: lights, hollows, edges."""
    key = np.clip(surface @ (KEY / np.linalg.norm(KEY)), 0, None)
    fill_light = np.clip(surface @ (FILL / np.linalg.norm(FILL)), 0, None)
    sky = (surface[..., 1] + 1) / 2
    light: Floats = (
        BASE_SHARE + KEY_SHARE * key + FILL_SHARE * fill_light + SKY_SHARE * sky
    )
    light = light * (1 - HOLLOW_DARKNESS * _hollows(layers))
    creases, rims = _lines(surface, layers)
    darkness = np.where(rims, RIM_DARKNESS, np.where(creases, EDGE_DARKNESS, 0.0))
    shaded: Floats = light * (1 - darkness)
    return shaded


def _hollows(layers: Layers) -> Floats:
    """Darken what lies behind its surroundings (Luft et al., 2006)."""
    reach = 0.02 * min(layers.covered.shape)
    weight = gaussian_filter(layers.covered.astype(np.float64), reach)
    depth = np.where(layers.covered, layers.depth, 0.0)
    around = gaussian_filter(depth, reach) / np.maximum(weight, 1e-6)
    behind = np.where(layers.covered, around - depth, 0.0)
    hollows: Floats = np.clip(behind / (6 * reach), 0, 1)
    return hollows


def _lines(
    surface: Floats, layers: Layers
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Find samples on creases, and on rims where the depth jumps."""
    covered, depth = layers.covered, np.where(layers.covered, layers.depth, 0.0)
    creases = np.zeros_like(covered)
    rims = np.zeros_like(covered)
    for axis in (0, 1):
        before = tuple(slice(None, -1) if k == axis else slice(None) for k in (0, 1))
        after = tuple(slice(1, None) if k == axis else slice(None) for k in (0, 1))
        both = covered[before] & covered[after]
        turn = np.einsum("ijk,ijk->ij", surface[before], surface[after])
        # What the slopes of both samples explain is no jump.
        steep = 1 / np.clip(np.minimum(surface[before][..., 2], surface[after][..., 2]),
                            0.05, 1)  # fmt: skip
        jump = depth[after] - depth[before]
        torn = both & (np.abs(jump) > 3 * steep + 2)
        creases[before] |= both & ~torn & (turn < CREASE_COSINE)
        rims[before] |= torn & (jump > 0)
        rims[after] |= torn & (jump < 0)
        rims[before] |= covered[before] & ~covered[after]
        rims[after] |= covered[after] & ~covered[before]
    return creases, rims


def _reduced(
    linear: Floats, covered: NDArray[np.bool_], background: Colour | None
) -> NDArray[np.uint8]:
    """Average the fine samples in linear light and give eight bits."""
    height, width = covered.shape[0] // FINE, covered.shape[1] // FINE
    blocks = (height, FINE, width, FINE)
    opacity = covered.reshape(blocks).mean(axis=(1, 3))
    mixed = linear.reshape(*blocks, 3).mean(axis=(1, 3))
    if background is None:
        mixed = mixed / np.maximum(opacity, 1e-9)[..., None]
    else:
        ground = (np.array(background) / 255) ** 2.2
        mixed = mixed + (1 - opacity)[..., None] * ground
        opacity = np.ones_like(opacity)
    colours = np.clip(mixed, 0, 1) ** (1 / 2.2)
    rgba = np.concatenate([colours, opacity[..., None]], axis=2)
    picture: NDArray[np.uint8] = np.rint(rgba * 255).astype(np.uint8)
    return picture
