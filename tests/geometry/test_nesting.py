"""Parts on beds: nothing lies too near, nothing over the edge, no plate too many."""

from __future__ import annotations

import math
from collections.abc import Sequence

import manifold3d
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.adapters.strip_packing import pack_strip
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.nesting import (
    MOST_ON_PLATE,
    Bed,
    Kind,
    Placement,
    Plate,
    count_plates,
    most_of_one,
    nest_at_once,
)
from nearmade.geometry.nesting_well import StripSpot, StripTask, is_sound, nest_well
from nearmade.geometry.silhouette import silhouette_of
from nearmade.vocabulary.errors import InvalidInput

#: The bed of a MK3S, as quotes use it.
MK3S = Bed((250.0, 210.0, 210.0), 4.0, 6.0)


def prism(points: Sequence[tuple[float, float]], height_mm: float = 5.0) -> Mesh:
    """Give a prism over a polygon, by manifold3d."""
    solid = manifold3d.CrossSection([list(points)]).extrude(height_mm).to_mesh()
    return Mesh(
        np.asarray(solid.vert_properties, dtype=np.float64)[:, :3],
        np.asarray(solid.tri_verts, dtype=np.int64),
    )


def test_no_more_places_are_laid_than_a_plate_takes() -> None:
    # A million boxes of 0.2 mm fit; 200 are laid on each of three plates, 1 is left.
    bed = Bed((250.0, 210.0, 210.0), 4.0, 0.0)
    plates = nest_at_once([Kind("grain", (0.2, 0.2, 0.2), 601)], bed)
    assert [(len(each.placements), each.times) for each in plates] == [
        (MOST_ON_PLATE, 3),
        (1, 1),
    ]


def kind_of(name: str, mesh: Mesh, quantity: int = 1) -> Kind:
    along_x, along_y, along_z = np.ptp(mesh.vertices_mm, axis=0).tolist()
    return Kind(name, (along_x, along_y, along_z), quantity, silhouette_of(mesh))


def angle(side_mm: float, arm_mm: float) -> Mesh:
    """Give an L of two arms."""
    corners = [(0, 0), (side_mm, 0), (side_mm, arm_mm), (arm_mm, arm_mm)]
    return prism([*corners, (arm_mm, side_mm), (0, side_mm)])


def check(plates: Sequence[Plate], kinds: Sequence[Kind], bed: Bed) -> None:
    """Check copies, edges and gaps by means that the nesters do not use."""
    laid = dict.fromkeys((kind.part for kind in kinds), 0)
    by_name = {kind.part: kind for kind in kinds}
    for plate in plates:
        grown: list[manifold3d.CrossSection] = []
        for each in plate.placements:
            laid[each.part] += plate.times
            kind = by_name[each.part]
            assert kind.silhouette is not None
            outlines = [line.tolist() for line in kind.silhouette.outlines_mm]
            flat = manifold3d.CrossSection(outlines).rotate(each.turn_deg)
            left, down, _, _ = flat.bounds()
            flat = flat.translate((each.x_mm - left, each.y_mm - down))
            left, down, right, up = flat.bounds()
            assert min(left, down) >= bed.edge_mm - 1e-4
            assert right <= bed.size_mm[0] - bed.edge_mm + 1e-4
            assert up <= bed.size_mm[1] - bed.edge_mm + 1e-4
            half = flat.offset(
                bed.gap_mm / 2 - 1e-3, manifold3d.JoinType.Round, 2.0, 256
            )
            assert all((half ^ other).area() < 1e-9 for other in grown)
            grown.append(half)
        numbers = {(each.part, each.copy) for each in plate.placements}
        assert len(numbers) == len(plate.placements)
    assert laid == {kind.part: kind.quantity for kind in kinds}


stars = st.lists(st.floats(4, 40), min_size=3, max_size=9).map(
    lambda radii: prism(
        [
            (
                radius * math.cos(2 * math.pi * number / len(radii)),
                radius * math.sin(2 * math.pi * number / len(radii)),
            )
            for number, radius in enumerate(radii)
        ]
    )
)
orders = st.lists(st.tuples(stars, st.integers(1, 6)), min_size=1, max_size=5).map(
    lambda parts: [
        kind_of(f"part {number}", mesh, quantity)
        for number, (mesh, quantity) in enumerate(parts)
    ]
)
beds = st.tuples(st.floats(100, 260), st.floats(100, 260)).map(
    lambda sides: Bed((*sides, 200.0), 4.0, 6.0)
)


@given(kinds=orders, bed=beds)
@settings(max_examples=60)
def test_at_once_keeps_gaps_and_edges_and_lays_every_copy(
    kinds: list[Kind], bed: Bed
) -> None:
    plates = nest_at_once(kinds, bed)
    check(plates, kinds, bed)
    by_name = {kind.part: kind for kind in kinds}
    assert all(is_sound(plate, by_name, bed) for plate in plates)
    # No more plates than when every kind has its own.
    apart = sum(math.ceil(k.quantity / most_of_one(k.size_mm, bed)) for k in kinds)
    assert count_plates(plates) <= apart


@given(kinds=orders, data=st.data())
@settings(max_examples=40)
def test_well_trusts_no_packer(kinds: list[Kind], data: st.DataObject) -> None:
    def careless(task: StripTask) -> Sequence[StripSpot] | None:
        if data.draw(st.booleans()):
            return None
        place = st.tuples(
            st.sampled_from([0, 90, 180, 270]),
            st.floats(-10, task.width_mm),
            st.floats(-10, task.height_mm),
        )
        return [
            StripSpot(number, *data.draw(place))
            for number, copies in enumerate(task.copies)
            for _ in range(copies)
        ]

    bed = Bed((100.0, 100.0, 200.0), 4.0, 6.0)
    plates = nest_well(kinds, bed, careless)
    check(plates, kinds, bed)
    assert count_plates(plates) <= count_plates(nest_at_once(kinds, bed))


ANGLES = [kind_of("angle", angle(90, 15), 8)]


def test_well_lays_angles_into_each_other_where_boxes_need_another_plate() -> None:
    # Of boxes of 90 mm four fit the bed; two angles lie in 111 x 90 mm.
    quick = nest_at_once(ANGLES, MK3S)
    well = nest_well(ANGLES, MK3S, pack_strip)
    check(well, ANGLES, MK3S)
    assert (count_plates(quick), count_plates(well)) == (2, 1)
    assert nest_well(ANGLES, MK3S, pack_strip) == well


@given(kinds=orders)
@settings(max_examples=3, deadline=None)
def test_well_keeps_gaps_and_edges_with_the_true_packer(kinds: list[Kind]) -> None:
    bed = Bed((100.0, 100.0, 200.0), 4.0, 6.0)
    plates = nest_well(kinds, bed, pack_strip)
    check(plates, kinds, bed)
    assert count_plates(plates) <= count_plates(nest_at_once(kinds, bed))


@pytest.mark.parametrize(
    ("size_mm", "count"),
    [
        # room 250 - 8 + 6 = 248 by 208; a box takes its side and one gap of 6
        ((20, 20), 72),  # 9 by 8
        ((200, 20), 9),  # 1 by 8 straight; one turned beside, 26 of 42 mm
        ((100, 62), 6),  # 2 by 3 straight: 212 by 204
        ((75, 107.5), 5),  # 3 by 1 straight, 2 by 1 turned above: 243 by 194.5
        ((242, 202), 1),
        ((242.01, 202), 0),
        ((202, 242), 1),  # turned
        ((1, 1), MOST_ON_PLATE),
    ],
)
def test_copies_of_one_part_are_counted_by_hand(
    size_mm: tuple[float, float], count: int
) -> None:
    size = (*size_mm, 10.0)
    assert most_of_one(size, MK3S) == count
    if count:
        (plate,) = nest_at_once([Kind("part", size, count)], MK3S)
        assert len(plate.placements) == count
        assert is_sound(plate, {"part": Kind("part", size, count)}, MK3S)


def test_a_million_copies_are_like_plates_and_a_last_one() -> None:
    bulk = Kind("pin", (20.0, 20.0, 5.0), 1_000_001)
    other = Kind("case", (100.0, 62.0, 5.0), 3)
    plates = nest_at_once([bulk, other], MK3S)
    # 72 on a plate: 13,888 full ones; the other 65 and the cases take two at most
    assert max(plate.times for plate in plates) == 13_888
    assert count_plates(plates) in (13_889, 13_890)
    assert sum(p.times * p.counts().get("pin", 0) for p in plates) == 1_000_001


def test_very_many_different_parts_are_packed_in_batches() -> None:
    # 400 specks of 2 mm, 8 mm apart: 31 by 26 have room on one bed.
    kinds = [Kind(f"speck {n}", (2.0, 2.0, 2.0), 1) for n in range(400)]
    plates = nest_at_once(kinds, MK3S)
    assert sum(len(plate.placements) for plate in plates) == 400
    assert count_plates(plates) <= 4
    names = {each.part for plate in plates for each in plate.placements}
    assert len(names) == 400


def test_different_parts_share_a_plate() -> None:
    kinds = [Kind("front", (140, 50, 4), 1), Kind("temple", (145, 20, 4), 2)]
    (plate,) = nest_at_once(kinds, MK3S)
    assert plate.counts() == {"front": 1, "temple": 2}


@given(kinds=orders, data=st.data())
@settings(max_examples=25)
def test_the_same_parts_give_the_same_plates_in_whatever_order_and_turn(
    kinds: list[Kind], data: st.DataObject
) -> None:
    boxes = [Kind(kind.part, kind.size_mm, kind.quantity) for kind in kinds]
    turned = [
        Kind(k.part, (k.size_mm[1], k.size_mm[0], k.size_mm[2]), k.quantity)
        for k in boxes
    ]
    bed = Bed((120.0, 120.0, 200.0), 4.0, 6.0)
    shuffled = data.draw(st.permutations(turned))
    counts = [
        sorted(sorted(plate.counts().items()) for plate in nest_at_once(each, bed))
        for each in (boxes, shuffled)
    ]
    assert counts[0] == counts[1]


def test_what_lies_on_a_plate_lies_in_its_middle() -> None:
    (plate,) = nest_at_once([Kind("part", (20, 40, 5), 1)], MK3S)
    assert plate.placements == (Placement("part", 0, 115.0, 85.0, 0),)


@pytest.mark.parametrize("size_mm", [(260, 20, 5), (230, 230, 5), (20, 20, 211)])
def test_a_part_that_no_bed_takes_is_refused(
    size_mm: tuple[float, float, float],
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        nest_at_once([Kind("part", size_mm, 1)], MK3S)
    assert refusal.value.code == "larger-than-bed"


def test_twins_none_and_flat_parts_are_refused() -> None:
    one = Kind("part", (20, 20, 5), 1)
    with pytest.raises(InvalidInput, match="same name"):
        nest_at_once([one, one], MK3S)
    with pytest.raises(InvalidInput, match="1 or more"):
        Kind("part", (20, 20, 5), 0)
    with pytest.raises(InvalidInput, match="above zero"):
        Kind("part", (20, 20, 0), 1)


def test_soundness_sees_what_is_too_near_over_the_edge_or_too_tall() -> None:
    kinds = {"part": Kind("part", (20, 20, 5), 2)}

    def sound(x_mm: float, y_mm: float, bed: Bed = MK3S) -> bool:
        placements = (
            Placement("part", 0, 50, 50, 0),
            Placement("part", 1, x_mm, y_mm, 90),
        )
        return is_sound(Plate(placements), kinds, bed)

    assert sound(76, 50)
    assert not sound(75.9, 50)
    # corner to corner: 4.3 mm along both is 6.08 mm
    assert sound(74.3, 74.3)
    assert not sound(74.2, 74.2)
    assert sound(226, 186)
    assert not sound(226.1, 186)
    assert not sound(76, 50, Bed((250, 210, 4), 4, 6))
