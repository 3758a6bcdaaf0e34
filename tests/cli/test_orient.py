"""``nearmade orient`` compares poses and writes the chosen one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.cli.orient import command
from nearmade.cli.quote import command as quote
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube, together
from tests.geometry.test_orient_support import box


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A slab of 40 x 40 mm on a post of 20 mm."""
    mesh = together(box(10, 10, 20, (15, 15, 0)), box(40, 40, 4, (0, 0, 20)))
    file = tmp_path / "table.stl"
    file.write_bytes(write_stl(mesh))
    return file


def test_people_see_the_poses_and_which_one_is_taken(table: Path) -> None:
    done = CliRunner().invoke(command, [str(table)])
    assert done.exit_code == 0, done.output
    assert "as given" in done.stdout
    assert "30.00 cm3" in done.stdout
    assert "→ on a flat side" in done.stdout


def test_json_names_figures_with_units_and_the_chosen_pose(table: Path) -> None:
    done = CliRunner().invoke(command, [str(table), "--json"])
    told = json.loads(done.stdout)
    assert told["profile"] == "mk3s-pla-0.20"
    author, chosen = told["poses"][told["author"]], told["poses"][told["chosen"]]
    assert author["origin"] == "author"
    assert author["support_mm3"] == pytest.approx(30_000, rel=1e-3)
    assert chosen["support_mm3"] == 0
    assert chosen["score"] < author["score"]
    assert chosen["contact_mm2"] == pytest.approx(1600)
    assert chosen["time_s"] < author["time_s"]


def test_the_chosen_pose_is_written_and_the_original_stays(table: Path) -> None:
    before = table.read_bytes()
    out = table.with_name("turned.stl")
    done = CliRunner().invoke(
        command, [str(table), "-o", str(out), "--machine", "mini-petg-0.20"]
    )
    assert done.exit_code == 0, done.output
    assert table.read_bytes() == before
    assert "written turned.stl" in done.stdout
    assert measure(read_mesh(out.read_bytes(), "x.stl")).contact_mm2 == pytest.approx(
        1600
    )


def test_a_part_that_lies_well_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "cube.stl"
    file.write_bytes(write_stl(cube(20)))
    done = CliRunner().invoke(command, [str(file)])
    assert "kept as given" in done.stdout


def test_a_pose_that_does_not_fit_says_so(tmp_path: Path) -> None:
    file = tmp_path / "rod.stl"
    file.write_bytes(write_stl(box(10, 10, 240)))
    told = json.loads(CliRunner().invoke(command, [str(file), "--json"]).stdout)
    author, chosen = told["poses"][told["author"]], told["poses"][told["chosen"]]
    assert (author["fits"], author["score"]) == (False, None)
    assert chosen["fits"]
    assert "does not fit" in CliRunner().invoke(command, [str(file)]).stdout


def test_a_part_that_fits_in_no_pose_is_refused_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    file = tmp_path / "beam.stl"
    file.write_bytes(write_stl(box(10, 10, 400)))
    out = tmp_path / "turned.stl"
    done = CliRunner().invoke(command, [str(file), "-o", str(out)])
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "larger-than-bed"
    assert "in none of its poses" in done.exception.message
    assert "larger machine" in done.exception.remedy
    assert not out.exists()


def test_figures_of_the_pose_as_given_are_those_of_a_quote(tmp_path: Path) -> None:
    file = tmp_path / "cube.stl"
    file.write_bytes(write_stl(cube(20)))
    told = json.loads(CliRunner().invoke(command, [str(file), "--json"]).stdout)
    words = [str(file), "--profile", "mk3s-pla-0.20", "--json"]
    quoted = json.loads(CliRunner().invoke(quote, words).stdout)
    author = told["poses"][told["author"]]
    for name in ("feedstock_mm3", "time_s"):
        assert author[name] == pytest.approx(quoted[name]["value"])
    assert author["score"] == pytest.approx(quoted["price"]["value"], abs=0.01)


def test_an_open_part_is_sent_to_repair(tmp_path: Path) -> None:
    file = tmp_path / "open.stl"
    file.write_bytes(write_stl(Mesh(cube(20).vertices_mm, cube(20).faces[1:])))
    done = CliRunner().invoke(command, [str(file)])
    assert done.exit_code == 1
    assert getattr(done.exception, "code", "") == "part-not-makeable"
    done = CliRunner().invoke(command, [str(file), "--repair"])
    assert done.exit_code == 0
    assert "kept as given" in done.stdout
    assert "repaired: A hole" in done.stderr


def test_a_new_file_of_another_kind_is_refused(table: Path) -> None:
    done = CliRunner().invoke(command, [str(table), "-o", "turned.obj"])
    assert done.exit_code == 2
    assert "must end in .stl" in done.stderr


@pytest.mark.parametrize(
    "mesh", [cube(0.02), box(20, 20, 0.05, (0, 0, 0))], ids=["metres", "foil"]
)
def test_a_part_that_quote_refuses_is_not_turned(tmp_path: Path, mesh: Mesh) -> None:
    file = tmp_path / "small.stl"
    file.write_bytes(write_stl(mesh))
    done = CliRunner().invoke(command, [str(file), "-o", str(tmp_path / "o.stl")])
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "part-not-makeable"
    assert not (tmp_path / "o.stl").exists()
