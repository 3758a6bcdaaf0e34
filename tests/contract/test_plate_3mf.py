"""What the real PrusaSlicer makes of plates that we write: all stays in its place."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nearmade.adapters.sandbox import Limits, run_limited
from nearmade.adapters.slicers.flatten import flat_ini, flat_settings
from nearmade.adapters.slicers.prusa import PROGRAM, slicer_version
from nearmade.geometry.laying import laid, placing_matrix
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.nesting import Placement, nest_at_once
from nearmade.geometry.nesting_well import is_sound
from nearmade.geometry.threemf import read_3mf
from nearmade.geometry.threemf_writing import Item, write_3mf
from nearmade.quoting.plate import bed_of
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import together
from tests.geometry.test_nesting import angle, kind_of
from tests.quoting.parts import cuboid_mesh

MK3S = find_profile("mk3s-pla-0.20")
LIMITS = Limits(wall_s=120, cpu_s=120, memory_bytes=6 * 2**30, file_bytes=2**27)


def far(mesh: Mesh) -> Mesh:
    """Give the part as files have it: somewhere, not on the plate."""
    return Mesh(mesh.vertices_mm + np.array([300.0, -40.0, 12.0]), mesh.faces)


PARTS = {"angle": far(angle(60, 15)), "slab": cuboid_mesh(120, 30, 2)}
COPIES = {"angle": 3, "slab": 2}


@pytest.fixture(scope="module")
def placements() -> tuple[Placement, ...]:
    kinds = [kind_of(name, mesh, COPIES[name]) for name, mesh in PARTS.items()]
    (plate,) = nest_at_once(kinds, bed_of(MK3S))
    assert is_sound(plate, {kind.part: kind for kind in kinds}, bed_of(MK3S))
    # One copy turned by more than the nester turns: the file must carry it, too.
    first, *others = plate.placements
    turned = Placement(first.part, first.copy, first.x_mm, first.y_mm, 180)
    return (turned, *others)


@pytest.fixture(scope="module")
def package(placements: tuple[Placement, ...]) -> bytes:
    names = list(PARTS)
    items = [
        Item(names.index(each.part), placing_matrix(PARTS[each.part], each))
        for each in placements
    ]
    return write_3mf(list(PARTS.items()), items, title="Plate 1 <of> 2 & more")


def test_our_own_reader_reads_a_plate_back_as_it_was_laid(
    package: bytes, placements: tuple[Placement, ...]
) -> None:
    again = read_3mf(package)
    meant = together(*(laid(PARTS[each.part], each) for each in placements))
    assert np.allclose(again.triangles_mm, meant.triangles_mm, atol=1e-6)
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        model = opened.read("3D/3dmodel.model").decode()
    assert 'unit="millimeter"' in model
    assert '<metadata name="Title">Plate 1 &lt;of&gt; 2 &amp; more<' in model
    # One object for each part, copies are items.
    assert (model.count("<object "), model.count("<item ")) == (2, 5)


def test_an_item_of_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="part 1 of 1"):
        write_3mf([("cube", cuboid_mesh(1, 1, 1))], [Item(1, np.eye(4))])


@pytest.mark.outside
def test_prusaslicer_prints_every_copy_where_we_put_it(
    package: bytes, placements: tuple[Placement, ...], tmp_path: Path
) -> None:
    slicer_version()  # says so when it is not installed
    (tmp_path / "plate.3mf").write_bytes(package)
    (tmp_path / "flat.ini").write_bytes(flat_ini(flat_settings(MK3S)))
    outcome = run_limited(
        [PROGRAM, "--export-gcode", "--dont-arrange", "--load", "flat.ini",
         "-o", "plate.gcode", "plate.3mf"],
        limits=LIMITS,
        writable=[tmp_path],
        cwd=tmp_path,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
    printed = outer_boxes((tmp_path / "plate.gcode").read_text())
    half_mm = MK3S.bead_mm / 2
    meant = []
    for each in placements:
        points = laid(PARTS[each.part], each).vertices_mm[:, :2]
        box = [*points.min(axis=0) + half_mm, *points.max(axis=0) - half_mm]
        meant.append((each.part, box))
    assert sorted(name for name, _ in printed) == sorted(name for name, _ in meant)
    for name, box in meant:
        assert any(
            other == name and np.allclose(box, found, atol=0.5)
            for other, found in printed
        ), (name, box, printed)


def outer_boxes(gcode: str) -> list[tuple[str, list[float]]]:
    """Give name and box of the outer walls of each object printed."""
    boxes: dict[str, list[tuple[float, float]]] = {}
    name, outer, here = "", False, (0.0, 0.0)
    for line in gcode.splitlines():
        if started := re.match(r"; printing object (.+)", line):
            name = started[1]
        elif line.startswith("; stop printing object"):
            name = ""
        elif line.startswith(";TYPE:"):
            outer = line == ";TYPE:External perimeter"
        elif move := re.match(r"G1 X(\S+) Y(\S+)(?: E(\S+))?", line):
            there = float(move[1]), float(move[2])
            if name and outer and move[3] and float(move[3]) > 0:
                boxes.setdefault(name, []).extend([here, there])
            here = there
    found = []
    for full, points in boxes.items():
        corners = np.array(points)
        box = [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()]
        found.append((full.split(" id:")[0], box))
    return found
