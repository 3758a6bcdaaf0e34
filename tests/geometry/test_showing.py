"""Pictures and viewer files show the part that was given."""

from __future__ import annotations

import json

import numpy as np
import pytest
import trimesh

from nearmade.geometry.glb import decimated, write_glb
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.picture import draw
from tests.geometry.solids import cube, sphere

BLUE = (40, 90, 200)


def test_a_glb_is_what_another_program_reads_in_metres_with_y_up() -> None:
    part = Mesh(cube(10).vertices_mm * [1, 2, 3], cube().faces)
    data = write_glb(part)
    read = trimesh.load(
        trimesh.util.wrap_as_stream(data), file_type="glb", force="mesh"
    )
    assert isinstance(read, trimesh.Trimesh)
    assert read.is_watertight
    assert read.volume == pytest.approx(6000e-9, rel=1e-5)
    assert read.extents == pytest.approx([0.01, 0.03, 0.02])


def test_a_glb_has_aligned_chunks_and_true_lengths() -> None:
    data = write_glb(sphere(5, rings=7))
    assert data[:8] == b"glTF\x02\x00\x00\x00"
    assert int.from_bytes(data[8:12], "little") == len(data)
    length = int.from_bytes(data[12:16], "little")
    assert length % 4 == 0
    document = json.loads(data[20 : 20 + length])
    assert document["buffers"][0]["byteLength"] == len(data) - 28 - length


def test_a_mesh_over_budget_is_made_coarser_and_keeps_its_size() -> None:
    fine = sphere(10, rings=100)
    coarse = decimated(fine, max_triangles=3000)
    assert 800 < len(coarse.faces) <= 3000
    assert measure(coarse).volume_mm3 == pytest.approx(
        measure(fine).volume_mm3, rel=0.05
    )
    assert decimated(fine, max_triangles=10**6) is fine


def test_a_sphere_is_drawn_as_a_disc_lit_from_above() -> None:
    image = draw([(sphere(10, rings=40), BLUE)], width_px=200, height_px=160)
    assert image.shape == (160, 200, 4)
    assert image.dtype == np.uint8
    opacity = image[..., 3] / 255
    radius = 160 * (1 - 2 * 0.06) / 2
    assert opacity.sum() == pytest.approx(np.pi * radius**2, rel=0.01)
    assert tuple(image[0, 0]) == (0, 0, 0, 0)
    brightness = image[..., :3].sum(axis=2)
    assert brightness[50, 100] > brightness[125, 100] + 100


def test_the_nearer_part_hides_the_farther_one() -> None:
    front, back = cube(10), cube(10, at=(0, 30, 0))
    red, green = (200, 30, 30), (30, 160, 30)
    for order in ([(front, red), (back, green)], [(back, green), (front, red)]):
        image = draw(order, width_px=60, height_px=60, azimuth_deg=0, elevation_deg=0)
        r, g, _, alpha = image[30, 30]
        assert r > g
        assert alpha == 255


def test_a_ground_colour_fills_what_the_part_leaves() -> None:
    paper = (250, 248, 240)
    image = draw([(cube(), BLUE)], width_px=40, height_px=30, background=paper)
    assert tuple(image[0, 0]) == (*paper, 255)
    assert image[..., 3].min() == 255


def test_a_mesh_without_faces_gives_an_empty_picture() -> None:
    nothing = Mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64))
    image = draw([(nothing, BLUE)], width_px=8, height_px=8)
    assert not image.any()


def test_fifty_thousand_triangles_are_drawn() -> None:
    part = sphere(20, rings=112)
    assert len(part.faces) > 49_000
    assert draw([(part, BLUE)], width_px=640, height_px=480).any()
