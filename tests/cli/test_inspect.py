"""``nearmade inspect`` speaks to people in lines and to programs in JSON."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nearmade.cli.inspect import command
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from nearmade.quoting.processes.catalogue import MACHINES
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.geometry.solids import box, cube, together


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """Two cubes of 10 mm, one in the air."""
    file = tmp_path / "two cubes.stl"
    file.write_bytes(write_stl(together(cube(10), cube(10, at=(0, 0, 30)))))
    return file


def test_json_has_the_promised_names(part: Path) -> None:
    done = CliRunner().invoke(command, [str(part), "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["triangles"] == 24
    assert told["watertight"] is True
    assert told["volume_certain"] is True
    assert told["volume_mm3"] == pytest.approx(2000)
    assert told["area_mm2"] == pytest.approx(1200)
    assert told["extents_mm"] == pytest.approx([10, 10, 40])
    assert told["bodies"] == 2
    assert [one["code"] for one in told["findings"]] == [
        "floating-bodies",
        "several-bodies",
    ]
    assert set(told["findings"][0]) == {
        "code", "severity", "message", "remedy", "spots",
    }  # fmt: skip
    assert told["findings"][0]["spots"][0]["centre_mm"] == pytest.approx([5, 5, 35])
    assert told["survey"]["hull_mm3"] == pytest.approx(4000)
    assert told["survey"]["shadows_mm2"] == pytest.approx([200, 200, 100])


def test_a_machine_is_judged_with_place_and_remedy(part: Path) -> None:
    done = CliRunner().invoke(command, [str(part), "--machine", "mk3s-pla-0.20"])
    assert done.exit_code == 0
    assert "can make it, with care" in done.stdout
    assert "Join them to the part" in done.stdout
    assert "at 5.0, 5.0, 35.0 mm" in done.stdout


def test_a_verdict_in_json_says_whether_and_why(tmp_path: Path) -> None:
    file = tmp_path / "beam.stl"
    file.write_bytes(write_stl(box((400, 10, 10))))
    done = CliRunner().invoke(
        command, [str(file), "--machine", "mk3s-pla-0.20", "--json"]
    )
    verdict = json.loads(done.stdout)["verdict"]
    assert verdict["makeable"] == "no"
    assert [one["code"] for one in verdict["findings"]] == ["too-large"]


def test_a_machine_of_another_process_has_its_own_rules(tmp_path: Path) -> None:
    file = tmp_path / "plate.stl"
    file.write_bytes(write_stl(box((60, 40, 3))))
    for machine in MACHINES:
        done = CliRunner().invoke(command, [str(file), "--machine", machine.id])
        assert done.exit_code == 0
        assert "can make it" in done.stdout


def test_a_machine_that_is_not_known_is_named(part: Path) -> None:
    done = CliRunner().invoke(command, [str(part), "--machine", "mk3s-pla"])
    assert isinstance(done.exception, NotFound)
    assert "'mk3s-pla': not known" in str(done.exception)
    assert "mk3s-pla-0.20" in str(done.exception)


def test_people_get_lines_with_units(part: Path) -> None:
    done = CliRunner().invoke(command, [str(part)])
    assert done.exit_code == 0
    assert "10.00 x 10.00 x 40.00 mm" in done.stdout
    assert "2.000 cm3" in done.stdout
    assert "1 of 2 bodies hangs in the air" in done.stdout


def refusal_of(done: Result) -> InvalidInput:
    """What the command line tells in its one form."""
    assert done.stdout == ""
    assert isinstance(done.exception, InvalidInput)
    return done.exception


def test_a_refused_file_is_told_as_other_commands_tell_it(tmp_path: Path) -> None:
    file = tmp_path / "cut.stl"
    file.write_bytes(write_stl(cube())[:-10])
    refused = refusal_of(CliRunner().invoke(command, [str(file)]))
    assert refused.code == "stl-count-mismatch"
    assert refused.message.startswith("cut.stl: STL: ")
    assert "cut off" in refused.remedy


def test_a_refusal_in_json_names_code_message_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "empty.3mf"
    file.write_bytes(b"")
    refused = refusal_of(CliRunner().invoke(command, [str(file), "--json"]))
    assert refused.code == "empty-file"
    assert refused.remedy == "export the part again"


def test_a_number_that_is_not_finite_has_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "nan.stl"
    content = bytearray(write_stl(cube()))
    content[96:100] = struct.pack("<f", math.nan)  # the first corner's x
    file.write_bytes(content)
    refused = refusal_of(CliRunner().invoke(command, [str(file)]))
    assert (refused.code, refused.remedy) == ("not-finite", "export the part again")


def test_the_end_of_a_line_in_a_name_breaks_no_line(tmp_path: Path) -> None:
    file = tmp_path / "two\nlines.stl"
    file.write_bytes(write_stl(cube()))
    done = CliRunner().invoke(command, [str(file)])
    assert done.stdout.splitlines()[0] == "two\\nlines.stl"


def test_open_edges_name_the_command_that_mends_them(tmp_path: Path) -> None:
    file = tmp_path / "open.stl"
    file.write_bytes(write_stl(Mesh(cube().vertices_mm, cube().faces[1:])))
    done = CliRunner().invoke(command, [str(file)])
    assert "close them, or let nearmade repair do it" in done.stdout
    assert "cm3 (estimated: the surface is not closed)" in done.stdout
    told = json.loads(CliRunner().invoke(command, [str(file), "--json"]).stdout)
    assert told["volume_certain"] is False


def test_the_help_shows_an_example() -> None:
    done = CliRunner().invoke(command, ["--help"])
    assert "nearmade inspect frame.stl" in done.stdout
