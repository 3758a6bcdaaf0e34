"""``nearmade repair`` writes a new file and says what was changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.cli.repair import command, read_part
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from tests.geometry.solids import cube


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """A cube of 20 mm without one triangle."""
    file = tmp_path / "open cube.stl"
    file.write_bytes(write_stl(Mesh(cube(20).vertices_mm, cube(20).faces[1:])))
    return file


@pytest.mark.parametrize("name", ["mended.stl", "mended.3mf"])
def test_the_new_file_is_whole_and_the_original_stays(part: Path, name: str) -> None:
    before = part.read_bytes()
    out = part.with_name(name)
    done = CliRunner().invoke(command, [str(part), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "hole of 3 edges" in done.stdout
    assert "8.000 cm3" in done.stdout
    assert part.read_bytes() == before
    facts = measure(read_mesh(out.read_bytes(), out.name))
    assert facts.watertight
    assert facts.volume_mm3 == pytest.approx(8000)


def test_json_lists_every_change(part: Path) -> None:
    out = part.with_name("mended.stl")
    done = CliRunner().invoke(command, [str(part), "-o", str(out), "--json"])
    told = json.loads(done.stdout)
    assert told["verdict"] == "repaired"
    assert told["faces_added"] == 1
    assert told["holes"][0]["edges"] == 3
    assert len(told["changes"]) == 1
    assert told["volume_after_mm3"] == pytest.approx(8000)


def test_a_sound_part_is_written_unchanged(tmp_path: Path) -> None:
    file, out = tmp_path / "cube.stl", tmp_path / "out.stl"
    file.write_bytes(write_stl(cube(20)))
    done = CliRunner().invoke(command, [str(file), "-o", str(out)])
    assert done.exit_code == 0
    assert "nothing was changed" in done.stdout
    assert out.read_bytes() == file.read_bytes()


def test_a_part_beyond_repair_ends_with_two_and_names_edges(tmp_path: Path) -> None:
    file, out = tmp_path / "sheet.stl", tmp_path / "out.stl"
    file.write_bytes(write_stl(Mesh(cube(20).vertices_mm, cube(20).faces[:2])))
    done = CliRunner().invoke(command, [str(file), "-o", str(out)])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("nearmade: the part cannot be repaired")
    assert "open edge at" in done.stderr
    assert "Remedy: mend it in the program" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not out.exists()


def test_a_part_beyond_repair_is_one_refusal_in_json_with_its_edges(
    tmp_path: Path,
) -> None:
    file, out = tmp_path / "sheet.stl", tmp_path / "out.stl"
    file.write_bytes(write_stl(Mesh(cube(20).vertices_mm, cube(20).faces[:2])))
    done = CliRunner().invoke(command, [str(file), "-o", str(out), "--json"])
    told = json.loads(done.stdout)
    assert told["refused"]["code"] == "beyond-repair"
    assert set(told["refused"]) == {"code", "message", "remedy"}
    assert told["verdict"] == "refused"
    assert told["faults"]


def test_a_new_file_of_another_kind_is_refused(part: Path) -> None:
    done = CliRunner().invoke(command, [str(part), "-o", "mended.obj"])
    assert done.exit_code == 2
    assert ".stl or .3mf" in done.stderr


def test_other_commands_read_a_broken_part_and_say_what_changed(
    part: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, unasked = read_part(part, mending=False)
    assert (given.facts.watertight, unasked) == (False, None)
    assert capsys.readouterr().err == ""
    mended, report = read_part(part, mending=True)
    assert mended.facts.watertight
    assert report is not None
    assert report.verdict == "repaired"
    assert "repaired: A hole of 3 edges" in capsys.readouterr().err
