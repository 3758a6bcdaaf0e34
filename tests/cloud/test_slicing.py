"""The slicer's figures ahead of an order, and the quotes that rest on them."""

from __future__ import annotations

import pytest

from nearmade.cloud.blobs import put_blob
from nearmade.cloud.catalogue.models import InstancePart, PartSlice
from nearmade.cloud.catalogue.records import facts_record
from nearmade.cloud.catalogue.slicing import (
    request_slices,
    slice_now,
    sliced_estimates,
)
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import write_stl
from tests.cloud.workshop import a_rendered_instance
from tests.geometry.solids import cube

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def a_cube_of_20_mm() -> InstancePart:
    mesh = cube(20.0)
    return InstancePart.objects.create(
        instance=a_rendered_instance(),
        position=0,
        name="cube",
        title="Cube",
        quantity=2,
        materials=["PLA"],
        infill_fraction=0.2,
        mesh_sha256=put_blob(write_stl(mesh)),
        canonical_sha256="d" * 64,
        facts=facts_record(measure(mesh)),
        glb_sha256="e" * 64,
    )


def test_slices_are_asked_for_once() -> None:
    part = a_cube_of_20_mm()
    for _ in range(2):
        request_slices(part.instance, {"mk3s-pla-0.20", "mini-pla-0.20"})
    assert PartSlice.objects.count() == 2


@pytest.mark.outside
def test_two_cubes_are_sliced_as_one_build_and_estimated_at_level_2() -> None:
    part = a_cube_of_20_mm()
    request_slices(part.instance, {"mk3s-pla-0.20"})
    slice_now(PartSlice.objects.get().pk)
    (estimate,) = sliced_estimates(part).values()
    # PrusaSlicer 2.5.0 says 1373 mm of filament, 4.10 g, for one such cube.
    assert estimate.level == 2
    assert estimate.quantity == 2
    assert estimate.mass_g.value == pytest.approx(2 * 4.1, rel=0.05)


@pytest.mark.outside
def test_a_part_that_cannot_be_sliced_says_why_and_is_not_tried_again() -> None:
    part = a_cube_of_20_mm()
    part.mesh_sha256 = put_blob(write_stl(cube(400.0)))
    part.save()
    request_slices(part.instance, {"mk3s-pla-0.20"})
    wanted = PartSlice.objects.get()
    slice_now(wanted.pk)
    wanted.refresh_from_db()
    assert wanted.figures is None
    assert wanted.problem
    assert sliced_estimates(part) == {}
