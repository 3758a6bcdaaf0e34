"""What the real PrusaSlicer does with parts, and what never reaches it."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import pytest

from nearmade.adapters.slicers import prusa
from nearmade.adapters.slicers.prusa import slice_plate, slice_stl
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from nearmade.quoting.plate import EDGE_MM
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import MAKEABLE, find_profile
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from tests.geometry.solids import cube, together
from tests.geometry.test_nesting import prism
from tests.quoting.parts import cuboid_mesh

MK3S = find_profile("mk3s-pla-0.20")
CUBE = write_stl(cuboid_mesh(20, 20, 20))

#: Every profile that jobs can be prepared for, at its standard layers.
CHOSEN = [each for each in MAKEABLE.values() if each.layer_mm == 0.2]


@pytest.fixture
def never_sliced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when the program is started at all: refusals come before it."""

    def started(*_: object, **__: object) -> None:
        pytest.fail("the slicer was started")

    monkeypatch.setattr(prusa, "run_limited", started)
    monkeypatch.setattr(prusa, "slicer_version", lambda: "PrusaSlicer 2.5.0")


@pytest.mark.outside
@pytest.mark.parametrize("profile", CHOSEN, ids=[each.id for each in CHOSEN])
def test_a_cube_of_20_mm_is_sliced_within_bounds(profile: Profile) -> None:
    sliced = slice_stl(CUBE, profile, cache=None)
    figures = sliced.figures
    assert figures.layers == 100
    # At least two walls and 20 % of the rest, at most 60 % of the solid cube.
    walls_mm3 = 4 * 20 * 2 * 0.407 * 20
    assert walls_mm3 + 0.2 * (8000 - walls_mm3) < figures.filament_mm3 < 0.6 * 8000
    assert figures.max_nozzle_degc == profile.nozzle_degc
    assert figures.max_bed_degc == profile.bed_degc
    middle = [
        (low + high) / 2
        for low, high in zip(figures.low_mm[:2], figures.high_mm[:2], strict=True)
    ]
    assert middle == pytest.approx([side / 2 for side in profile.bed_mm[:2]], abs=0.5)


@pytest.mark.outside
def test_the_reference_cube_is_as_measured_by_hand_on_the_command_line() -> None:
    # prusa-slicer 2.5.0: 1373.09 mm, 29 min 13 s
    figures = slice_stl(CUBE, MK3S, cache=None).figures
    assert figures.filament_mm == pytest.approx(1373.09, rel=0.01)
    assert figures.time_s == pytest.approx(1753, rel=0.02)


@pytest.mark.outside
def test_the_same_part_gives_the_same_bytes_and_the_cache_gives_them_again(
    tmp_path: Path,
) -> None:
    fresh = slice_stl(CUBE, MK3S, cache=None)
    stored = slice_stl(CUBE, MK3S, cache=tmp_path)
    again = slice_stl(CUBE, MK3S, cache=tmp_path)
    assert fresh.gcode == stored.gcode == again.gcode
    assert (stored.from_cache, again.from_cache) == (False, True)
    assert again.figures == stored.figures
    assert b"prusaslicer_config" not in fresh.gcode


@pytest.mark.outside
def test_a_round_part_begins_its_loops_at_the_same_place_each_time() -> None:
    # Where a loop begins hung on which of the slicer's threads came first.
    around = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    rim = [(9 * math.cos(angle), 9 * math.sin(angle)) for angle in around]
    knob = write_stl(prism(rim, 12.0))
    hashes = {
        hashlib.sha256(slice_stl(knob, MK3S, cache=None).gcode).hexdigest()
        for _ in range(4)
    }
    assert len(hashes) == 1


@pytest.mark.outside
def test_a_torn_cache_entry_is_sliced_anew(tmp_path: Path) -> None:
    slice_stl(CUBE, MK3S, cache=tmp_path)
    for path in tmp_path.glob("*.gcode"):
        path.write_bytes(b"torn")
    assert not slice_stl(CUBE, MK3S, cache=tmp_path).from_cache


@pytest.mark.outside
def test_where_a_part_lies_in_its_file_changes_nothing() -> None:
    mesh = cuboid_mesh(20, 20, 20)
    far = Mesh(mesh.vertices_mm + np.array([500.0, -300, 64]), mesh.faces)
    moved = slice_stl(write_stl(far), MK3S, cache=None).gcode
    still = slice_stl(CUBE, MK3S, cache=None).gcode
    assert hashlib.sha256(moved).digest() == hashlib.sha256(still).digest()


@pytest.mark.outside
@pytest.mark.parametrize("name", ["mk3s-pla-0.20", "mini-pla-0.20", "ender3-pla-0.20"])
def test_the_largest_part_that_is_let_through_stays_on_the_bed(name: str) -> None:
    profile = find_profile(name)
    side_x, side_y, _ = profile.bed_mm
    largest = cuboid_mesh(side_x - 2 * EDGE_MM, side_y - 2 * EDGE_MM, 0.4)
    figures = slice_stl(write_stl(largest), profile, cache=None).figures
    assert min(figures.low_mm[:2]) > 0
    assert figures.high_mm[0] < side_x
    assert figures.high_mm[1] < side_y


@pytest.mark.outside
def test_a_part_longer_than_the_bed_is_deep_is_turned_by_a_quarter() -> None:
    # The MK3S bed is 250 x 210 mm: 230 mm fit along x only.
    figures = slice_stl(write_stl(cuboid_mesh(10, 230, 1)), MK3S, cache=None).figures
    assert figures.high_mm[0] - figures.low_mm[0] > 230
    assert figures.high_mm[1] - figures.low_mm[1] < 20


@pytest.mark.outside
def test_more_infill_takes_more_filament() -> None:
    amounts = [
        slice_stl(CUBE, MK3S, cache=None, infill_fraction=share).figures.filament_mm
        for share in (0.0, 0.2, 0.6, 1.0)
    ]
    assert amounts == sorted(set(amounts))


@pytest.mark.outside
def test_supports_are_made_only_when_asked_for() -> None:
    # A table: a plate of 30 x 30 mm, 20 mm up, on one leg.
    leg, top = cuboid_mesh(6, 6, 20), cuboid_mesh(30, 30, 3)
    leg_mm = leg.vertices_mm + np.array([12.0, 12, 0])
    top_mm = top.vertices_mm + np.array([0.0, 0, 19.9])
    faces = np.vstack([leg.faces, top.faces + 8])
    table = write_stl(Mesh(np.vstack([leg_mm, top_mm]), faces))
    plain = slice_stl(table, MK3S, cache=None)
    propped = slice_stl(table, MK3S, cache=None, supports=True)
    assert propped.figures.filament_mm > 1.2 * plain.figures.filament_mm


@pytest.mark.outside
def test_nine_cubes_on_one_plate_take_less_than_nine_builds() -> None:
    one = slice_stl(CUBE, MK3S, cache=None).figures
    plate = slice_plate(
        [(CUBE, 4), (write_stl(cuboid_mesh(20, 20, 20)), 5)], MK3S, cache=None
    )
    assert plate.figures.parts == 9
    assert 8.5 < plate.figures.filament_mm / one.filament_mm < 9
    assert 6 < plate.figures.time_s / one.time_s < 9


@pytest.mark.outside
def test_long_parts_that_fit_a_bed_together_are_laid_on_it() -> None:
    front = write_stl(cuboid_mesh(127, 47, 2))
    temple = write_stl(cuboid_mesh(134, 27, 2))
    plate = slice_plate([(front, 1), (temple, 2)], MK3S, cache=None)
    assert plate.figures.parts == 3
    for side in (0, 1):
        assert plate.figures.low_mm[side] >= 0
        assert plate.figures.high_mm[side] <= MK3S.bed_mm[side]


@pytest.mark.outside
def test_a_plate_that_is_too_full_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        slice_plate([(CUBE, 150)], MK3S, cache=None)
    assert refusal.value.code == "plate-full"


@pytest.mark.outside
def test_a_body_that_the_slicer_leaves_out_is_named_with_what_helps() -> None:
    # A cube on the plate, another 20 mm above it: a third of the layers is empty.
    stl = write_stl(together(cube(20), cube(20, at=(0, 0, 40))))
    with pytest.raises(InvalidInput, match=r"around 50\.0 mm above") as refusal:
        slice_stl(stl, MK3S, cache=None)
    assert refusal.value.code == "floating-bodies"
    assert "--supports" in refusal.value.remedy
    assert slice_stl(stl, MK3S, cache=None, supports=True).figures.layers > 250


@pytest.mark.outside
def test_a_slicer_that_is_given_no_time_is_unavailable() -> None:
    with pytest.raises(Unavailable) as ended:
        slice_stl(CUBE, MK3S, cache=None, wall_s=0.01)
    assert ended.value.code == "slicer-timeout"


@pytest.mark.usefixtures("never_sliced")
@pytest.mark.parametrize(
    ("size_mm", "code"),
    [
        ((20, 20, 211), "taller-than-machine"),
        ((260, 20, 20), "larger-than-bed"),
        ((230, 230, 20), "larger-than-bed"),
        ((20, 20, 0.1), "thinner-than-layer"),
    ],
)
def test_a_part_that_cannot_fit_is_refused_before_slicing(
    size_mm: tuple[float, float, float], code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        slice_stl(write_stl(cuboid_mesh(*size_mm)), MK3S, cache=None)
    assert refusal.value.code == code


@pytest.mark.usefixtures("never_sliced")
def test_a_coordinate_that_is_no_number_never_reaches_the_slicer() -> None:
    stl = bytearray(CUBE)
    stl[84 + 12 : 84 + 16] = np.float32(math.nan).tobytes()
    with pytest.raises(InvalidInput):
        slice_stl(bytes(stl), MK3S, cache=None)


@pytest.mark.usefixtures("never_sliced")
def test_an_open_mesh_never_reaches_the_slicer() -> None:
    mesh = cuboid_mesh(20, 20, 20)
    with pytest.raises(InvalidInput) as refusal:
        slice_stl(write_stl(Mesh(mesh.vertices_mm, mesh.faces[1:])), MK3S, cache=None)
    assert refusal.value.code == "not-watertight"


@pytest.mark.usefixtures("never_sliced")
@pytest.mark.parametrize("quantity", [0, -1, 201])
def test_plates_of_none_or_of_too_many_are_refused(quantity: int) -> None:
    with pytest.raises(InvalidInput):
        slice_plate([(CUBE, quantity)], MK3S, cache=None)


@pytest.mark.usefixtures("never_sliced")
def test_an_infill_out_of_range_is_refused() -> None:
    with pytest.raises(InvalidInput):
        slice_stl(CUBE, MK3S, cache=None, infill_fraction=1.2)


def test_a_missing_slicer_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prusa, "PROGRAM", "/nowhere/prusa-slicer")
    prusa.slicer_version.cache_clear()
    with pytest.raises(Unavailable) as missing:
        prusa.slicer_version()
    assert missing.value.remedy == "apt-get install prusa-slicer"
