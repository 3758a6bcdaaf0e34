"""``nearmade calibrate`` through its own door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.adapters.calibration_set import parts_of_folder, slice_set
from nearmade.adapters.profile_store import known_profile
from nearmade.cli import calibrate, quote
from nearmade.geometry.stl import write_stl
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.quoting.parts import cuboid_mesh


def a_folder_of_boxes(folder: Path, count: int = 24) -> Path:
    """Boxes of many sizes in four groups."""
    for number in range(count):
        place = folder / f"group-{number % 4}"
        place.mkdir(parents=True, exist_ok=True)
        mesh = cuboid_mesh(8 + number, 30 - number, 2 + number / 6)
        (place / f"box-{number}.stl").write_bytes(write_stl(mesh))
    return folder


@pytest.mark.outside
@pytest.mark.timeout(300)
def test_a_calibrated_profile_is_used_by_later_quotes(tmp_path: Path) -> None:
    boxes = a_folder_of_boxes(tmp_path / "boxes")
    name = "i3megas-pla-0.30"
    done = CliRunner().invoke(
        calibrate.command, [name, "--parts", str(boxes), "--json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["parts"] == 24
    assert told["left_out"] == []
    assert told["settings_differ"] == []
    for level in ("level0", "level1"):
        fit = told[level]
        assert (fit["parts"], fit["groups"]) == (24, 4)
        assert not fit["assumed"]
        assert fit["volume"]["median_fraction"] < 0.1
    assert "24 of 24 sliced" in done.stderr
    found = known_profile(name)
    assert "fitted on 24 meshes of 4 groups" in found.level0.source
    box = str(next(boxes.rglob("*.stl")))
    quoted = CliRunner().invoke(quote.command, [box, "--profile", name, "--json"])
    assert quoted.exit_code == 0, quoted.output
    assert "24 meshes" in json.loads(quoted.stdout)["evidence"]["source"]


def test_a_folder_without_meshes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing here")
    with pytest.raises(InvalidInput, match="holds no mesh"):
        list(parts_of_folder(tmp_path))


def test_too_few_parts_are_refused_before_one_is_sliced(tmp_path: Path) -> None:
    folder = a_folder_of_boxes(tmp_path, 4)
    words = ["mk3s-pla-0.20", "--parts", str(folder)]
    done = CliRunner().invoke(calibrate.command, words)
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "too-few-parts"
    assert "4 parts of 4 groups" in done.exception.message
    assert done.stderr == ""


def test_sub_folders_are_groups_and_what_is_no_mesh_is_passed_over(
    tmp_path: Path,
) -> None:
    folder = a_folder_of_boxes(tmp_path, 4)
    (folder / "group-0" / "torn.stl").write_bytes(b"solid torn")
    parts = list(parts_of_folder(folder))
    assert {part.group for part in parts} == {f"group-{n}" for n in range(4)}
    assert len(parts) == 4


def test_a_machine_that_no_slicer_knows_cannot_be_calibrated(tmp_path: Path) -> None:
    parts = list(parts_of_folder(a_folder_of_boxes(tmp_path, 1)))
    with pytest.raises(InvalidInput) as refusal:
        slice_set(parts, find_profile("x1c-pla-0.20"), cache=None)
    assert refusal.value.code == "no-slicer-profile"


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(NotFound):
        CliRunner().invoke(
            calibrate.command, ["abacus-pla-0.20"], catch_exceptions=False
        )
