"""``nearmade customise``: lines for people, JSON for programs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.adapters.openscad import Settings
from nearmade.adapters.sandbox import bubblewrap
from nearmade.cli.customise import command, given_values
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, NotFound

MANIFEST = """
okhv = "2.4"
name = "Peg"
repo = "https://example.org/peg"
version = "1.0.0"
license = "CC0-1.0"
licensor = "The Nearmade authors"
function = "A peg."
[nearmade]
id = "peg"
summary = "A peg."
purpose = "home"
[[part]]
name = "Peg"
source = "peg.scad"
material = "PLA"
[part.nearmade]
part = "peg"
quantity = 4
"""

outside = [
    pytest.mark.outside,
    pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap does not work here"),
    pytest.mark.skipif(
        Settings.found().wasm is None and Settings.found().debian is None,
        reason="OpenSCAD is not set up",
    ),
]


@pytest.fixture
def peg(tmp_path: Path) -> Path:
    """Lay out a small design."""
    folder = tmp_path / "peg"
    folder.mkdir()
    (folder / "okh.toml").write_text(MANIFEST)
    (folder / "peg.scad").write_text(
        'side = 2; // [1:9]\n/* [Hidden] */\npart = "peg";\ncube(side);\n'
    )
    (folder / "presets.json").write_text('{"parameterSets": {"big": {"side": "9"}}}')
    return folder


def refusal(*arguments: str) -> NearmadeError:
    """Run the command and give the error that it ends with."""
    error = CliRunner().invoke(command, list(arguments)).exception
    assert isinstance(error, NearmadeError)
    return error


class TestRendered:
    """With a real engine."""

    pytestmark = outside

    def test_each_part_is_a_file_named_with_its_digest(
        self, peg: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "deep" / "out"
        ran = CliRunner().invoke(
            command, [str(peg), "--set", "side=3", "--out", str(out), "--json"]
        )
        assert ran.exit_code == 0, ran.output
        result = json.loads(ran.stdout)
        assert result["values"] == {"side": 3.0}
        (part,) = result["parts"]
        assert (part["name"], part["quantity"]) == ("peg", 4)
        written = Path(part["file"]).read_bytes()
        assert hashlib.sha256(written).hexdigest() == part["sha256"]
        assert sorted(path.name for path in out.iterdir()) == [
            "assembly.stl",
            "peg.stl",
        ]
        assert "2 of 2 rendered" in ran.stderr

    def test_people_get_a_line_a_part_and_may_start_from_a_preset(
        self, peg: Path, tmp_path: Path
    ) -> None:
        out = str(tmp_path / "out")
        ran = CliRunner().invoke(command, [str(peg), "--preset", "big", "--out", out])
        assert ran.exit_code == 0, ran.output
        heading, line = ran.stdout.splitlines()
        assert heading.startswith("Peg 1.0.0, instance ")
        assert "peg.stl  x4  " in line


def test_an_out_that_is_no_folder_is_refused(peg: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = refusal(str(peg), "--out", str(tmp_path / "file" / "deeper"))
    assert isinstance(error, InvalidInput)
    assert "cannot be written" in error.message


def test_a_mesh_that_is_there_is_kept_unless_told(peg: Path, tmp_path: Path) -> None:
    kept = tmp_path / "peg.stl"
    kept.write_text("mine")
    error = refusal(str(peg), "--out", str(tmp_path))
    assert error.code == "output-exists"
    assert "--force" in error.remedy
    assert kept.read_text() == "mine"


def test_what_is_set_wins_over_the_preset_and_is_checked(
    peg: Path, tmp_path: Path
) -> None:
    arguments = [str(peg), "--preset", "big", "--set", "side=12"]
    error = refusal(*arguments, "--out", str(tmp_path / "out"))
    assert isinstance(error, InvalidInput)
    assert "side: 12 is outside 1 to 9" in error.message
    assert not (tmp_path / "out").exists()


def test_a_design_or_preset_that_is_not_there_is_not_found(
    peg: Path, tmp_path: Path
) -> None:
    out = str(tmp_path)
    error = refusal("no-such-design", "--out", out)
    assert isinstance(error, NotFound)
    assert "starter designs" in error.remedy
    error = refusal(str(peg), "--preset", "small", "--out", out)
    assert isinstance(error, NotFound)
    assert "it has big" in error.message


def test_pairs_are_split_at_the_first_equals_sign() -> None:
    assert given_values(("a=1", "b=x=y", "c=")) == {"a": "1", "b": "x=y", "c": ""}


@pytest.mark.parametrize("pairs", [("a",), ("=1",), ("a=1", "a=2")])
def test_a_pair_that_makes_no_sense_is_refused(pairs: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput, match="--set"):
        given_values(pairs)
