"""``nearmade plate`` through its own door."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nearmade.cli.plate import command
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from nearmade.geometry.threemf import read_3mf
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.geometry.solids import cube, without
from tests.geometry.test_nesting import angle
from tests.quoting.parts import cuboid_mesh


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "front.stl").write_bytes(write_stl(cuboid_mesh(140, 50, 4)))
    (tmp_path / "temple.stl").write_bytes(write_stl(cuboid_mesh(145, 20, 4)))
    (tmp_path / "angle.stl").write_bytes(write_stl(angle(90, 15)))
    return tmp_path


def run(folder: Path, *words: str) -> str:
    named = [
        str(folder / word) if word.split(":")[0].endswith(".stl") else word
        for word in words
    ]
    result = CliRunner().invoke(command, [*named, "--profile", "mk3s-pla-0.20"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_plates_are_written_estimated_and_shared_out(folder: Path) -> None:
    output = str(folder / "plate.3mf")
    told = run(folder, "front.stl", "temple.stl:2", "-o", output, "--json")
    answer = json.loads(told)
    assert answer["plates"] == 1
    (build,) = answer["builds"]
    assert build["file"] == str(folder / "plate-1.3mf")
    shares = {Path(share["part"]).name: share for share in build["shares"]}
    assert {name: share["copies"] for name, share in shares.items()} == {
        "front.stl": 1,
        "temple.stl": 2,
    }
    for figure in ("time_s", "feedstock_mm3"):
        assert build[figure]["value"] == sum(s[figure] for s in shares.values())
        assert build[figure]["low"] <= build[figure]["value"] <= build[figure]["high"]
    # (140 x 50 + 2 x 145 x 20) / (250 x 210) of the bed
    assert build["fill_fraction"] == pytest.approx(12_800 / 52_500, rel=1e-3)
    written = read_3mf((folder / "plate-1.3mf").read_bytes())
    assert len(written.faces) == 3 * 12
    low_mm, high_mm = written.vertices_mm.min(axis=0), written.vertices_mm.max(axis=0)
    assert np.allclose((low_mm + high_mm)[:2] / 2, (125, 105), atol=1e-3)
    assert low_mm[2] == 0


def test_many_copies_are_like_plates_and_one_file_each(folder: Path) -> None:
    # Four temples of 145 x 20 mm straight and more turned: the rest fill one more.
    output = str(folder / "much.3mf")
    told = run(folder, "temple.stl:50", "-o", output, "--level", "0", "--json")
    answer = json.loads(told)
    full, last = answer["builds"]
    assert full["times"] * len(full["placements"]) + len(last["placements"]) == 50
    assert answer["plates"] == full["times"] + 1
    names = sorted(path.name for path in folder.glob("much*"))
    assert names == ["much-1.3mf", "much-2.3mf"]


def test_nested_well_angles_need_fewer_plates(folder: Path) -> None:
    quick = json.loads(run(folder, "angle.stl:8", "--level", "0", "--json"))
    well = json.loads(run(folder, "angle.stl:8", "--level", "0", "--well", "--json"))
    assert (quick["plates"], well["plates"]) == (2, 1)


def test_people_read_a_line_for_each_plate_and_part(folder: Path) -> None:
    lines = run(folder, "front.stl", "temple.stl:2", "--level", "0").splitlines()
    assert lines[0].startswith("1 plate, Prusa MK3S+")
    assert lines[1].startswith("plate 1: 3 parts, 24% covered")
    assert "2 x temple.stl" in lines[3]


def test_a_part_that_no_bed_takes_is_refused(folder: Path) -> None:
    (folder / "long.stl").write_bytes(write_stl(cuboid_mesh(260, 20, 4)))
    with pytest.raises(InvalidInput) as refusal:
        run(folder, "long.stl", "--level", "0")
    assert refusal.value.code == "larger-than-bed"


#: What quote, inspect and match refuse: a hole, metres for millimetres, a foil.
BROKEN = [
    ("hole.stl", without(cube(20), 0, 1), "belong to one face only", "nearmade repair"),
    ("metres.stl", cube(0.02), "longest side is 0.02 mm", "scale"),
    ("foil.stl", cuboid_mesh(20, 20, 0.05), "less than one layer of 0.2 mm", "thicken"),
]


@pytest.mark.parametrize("level", ["0", "1"])
@pytest.mark.parametrize(("name", "mesh", "told", "remedy"), BROKEN)
def test_a_part_that_quote_refuses_is_laid_on_no_plate(
    folder: Path, name: str, mesh: Mesh, told: str, remedy: str, level: str
) -> None:
    (folder / name).write_bytes(write_stl(mesh))
    with pytest.raises(InvalidInput, match=told) as refusal:
        run(folder, "front.stl", f"{name}:2", "--level", level, "-o", "plates.3mf")
    assert refusal.value.code == "part-not-makeable"
    assert refusal.value.message.startswith(f"{name} cannot be made")
    assert remedy in refusal.value.remedy


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("", "is a folder"),
        (":2", "is a folder"),
        ("front.stl:0", "copies '0' must be a whole number from 1 to 1000000"),
        ("front.stl:-1", "copies '-1' must be a whole number"),
        ("front.stl:two", "copies 'two' must be a whole number"),
        ("front.stl:2000000", "copies '2000000' must be a whole number"),
        ("front.stl:" + "9" * 5000, "must be a whole number"),
    ],
)
def test_words_that_name_no_file_or_no_number_are_refused(
    folder: Path, word: str, told: str
) -> None:
    with pytest.raises(InvalidInput, match=told) as refusal:
        run(folder, f"{folder}/{word}" if word != ":2" else f"{folder}:2")
    assert refusal.value.remedy


def test_a_file_that_is_not_there_is_not_found(folder: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.stl: there is no such file"):
        run(folder, "front.stl", "none.stl:2")


def test_a_file_that_is_no_mesh_is_named(folder: Path) -> None:
    (folder / "junk.stl").write_bytes(b"junk" * 50)
    with pytest.raises(InvalidInput, match=r"^junk\.stl: STL: "):
        run(folder, "front.stl", "junk.stl")


def test_a_file_named_twice_counts_within_one_limit(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="1000000 at most in all"):
        run(folder, "front.stl:1000000", "front.stl")


def test_a_colon_in_the_name_of_a_file_is_part_of_the_name(folder: Path) -> None:
    (folder / "front:9.stl").write_bytes((folder / "front.stl").read_bytes())
    lines = run(folder, f"{folder}/front:9.stl", "--level", "0").splitlines()
    assert "1 x front:9.stl" in lines[2]
    assert lines[1].startswith("plate 1: 1 part, ")


def test_plates_are_written_as_3mf_only(folder: Path) -> None:
    words = [str(folder / "front.stl"), "--profile", "mk3s-pla-0.20", "-o", "p.stl"]
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 2
    assert "p.stl: plates are written as .3mf only" in result.stderr
