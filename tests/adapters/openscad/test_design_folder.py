"""A design's folder: reading it, customising it, keeping what was made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nearmade.adapters.design_folder import LoadedDesign, customise, load_design
from nearmade.adapters.openscad import Settings
from nearmade.adapters.sandbox import bubblewrap
from nearmade.vocabulary.errors import InvalidInput, NotFound

MANIFEST = """
okhv = "2.4"
name = "Peg and plate"
repo = "https://example.org/peg"
version = "1.0.0"
license = "CC0-1.0"
licensor = "The Nearmade authors"
function = "A peg for a plate."
[nearmade]
id = "peg"
summary = "A peg for a plate."
purpose = "home"
[[part]]
name = "Peg"
source = "peg.scad"
material = "PLA"
[part.nearmade]
part = "peg"
[[part]]
name = "Plate"
source = "peg.scad"
material = "PLA"
[part.nearmade]
part = "plate"
quantity = 2
"""
SOURCE = """
side = 2; // [1:9]
/* [Hidden] */
part = "peg";
if (part == "peg") cube(side);
if (part == "plate") cube([9, 9, 1]);
if (part == "assembly") { cube(side); translate([20, 0, 0]) cube([9, 9, 1]); }
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
    (folder / "peg.scad").write_text(SOURCE)
    return folder


def test_the_name_of_a_version_follows_its_files_and_nothing_else(
    peg: Path, tmp_path: Path
) -> None:
    first = load_design(peg)
    (peg / ".DS_Store").write_text("x")
    (peg / "photo.jpg").write_text("x")
    (peg / "link.md").symlink_to("/etc/hostname")
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "a.md").write_text("x")
    (peg / "folder").symlink_to(tmp_path / "beside")
    assert load_design(peg).sha256 == first.sha256
    assert sorted(first.files) == ["okh.toml", "peg.scad"]
    (peg / "assembly.md").write_text("Push.")
    assert load_design(peg).sha256 != first.sha256


def test_a_folder_moved_elsewhere_is_the_same_version(
    peg: Path, tmp_path: Path
) -> None:
    first = load_design(peg)
    other = tmp_path / "elsewhere"
    shutil.move(peg, other)
    assert load_design(other).sha256 == first.sha256


def test_the_design_says_what_the_files_say(peg: Path) -> None:
    (peg / "presets.json").write_text('{"parameterSets": {"big": {"side": "9"}}}')
    (peg / "bom.csv").write_text(
        "name,quantity,unit,kind,price_usd,mass_g,note\nglue,1,g,bought,,1,\n"
    )
    design = load_design(peg).design
    assert design.presets["big"] == {"side": 9.0}
    assert [line.name for line in design.bom] == ["glue"]
    assert [part.quantity for part in design.parts] == [1, 2]


def test_a_folder_that_is_no_design_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"okh\.toml"):
        load_design(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "peg"', 'id = "peg"\nmain = "gone.scad"', "gone.scad"),
        ('id = "peg"', 'id = "peg"\nmain = "../up.scad"', "up.scad"),
        ('id = "peg"', 'id = "peg"\npresets = "gone.json"', "gone.json"),
        ('version = "1.0.0"', 'bom = "gone.csv"\nversion = "1"', "gone.csv"),
        ('summary = "A peg for a plate."', "", "summary"),
    ],
)
def test_a_file_that_is_missing_is_named(
    peg: Path, old: str, new: str, words: str
) -> None:
    (peg / "okh.toml").write_text(MANIFEST.replace(old, new))
    with pytest.raises(InvalidInput, match=words):
        load_design(peg)


def test_a_file_that_is_not_utf_8_is_named(peg: Path) -> None:
    (peg / "peg.scad").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInput, match=r"peg\.scad: is not UTF-8"):
        load_design(peg)


def test_too_many_files_are_refused(peg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nearmade.adapters.design_folder.MAX_FILES", 1)
    with pytest.raises(InvalidInput, match="more than 1 files"):
        load_design(peg)


def test_a_refused_value_renders_nothing(peg: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="outside 1 to 9"):
        customise(load_design(peg), {"side": 10}, cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


class TestRendered:
    """With a real engine."""

    pytestmark = outside

    @pytest.fixture
    def loaded(self, peg: Path) -> LoadedDesign:
        return load_design(peg)

    def test_every_part_is_made_and_progress_is_told(
        self, loaded: LoadedDesign
    ) -> None:
        told: list[tuple[int, int, str]] = []
        made = customise(
            loaded,
            {"side": "3"},
            cache=None,
            progress=lambda done, total, what: told.append((done, total, what)),
        )
        assert [part.part.name for part in made.parts] == ["peg", "plate"]
        assert made.values == {"side": 3.0}
        # Twelve triangles a box; the assembly holds two boxes.
        assert [len(part.stl) for part in made.parts] == [84 + 50 * 12] * 2
        assert made.assembly_stl is not None
        assert len(made.assembly_stl) == 84 + 50 * 24
        assert [done for done, _, _ in told] == [0, 1, 2, 3]
        assert {what for _, _, what in told} == {"", "peg", "plate", "assembly"}

    def test_a_second_time_comes_from_the_cache_without_any_engine(
        self, loaded: LoadedDesign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = customise(loaded, {}, cache=tmp_path / "cache")

        def never(*_: object, **__: object) -> None:
            raise AssertionError("rendered although it was kept")

        monkeypatch.setattr("nearmade.adapters.design_folder.render", never)
        assert customise(loaded, {}, cache=tmp_path / "cache") == first

    def test_a_kept_mesh_that_was_changed_is_made_again(
        self, loaded: LoadedDesign, tmp_path: Path
    ) -> None:
        cache = tmp_path / "cache"
        first = customise(loaded, {}, cache=cache, assembly=False)
        assert first.assembly_stl is None
        for kept in cache.rglob("peg-*.stl"):
            kept.write_bytes(b"other")
        for note in cache.rglob("plate.json"):
            note.write_text("{")
        assert customise(loaded, {}, cache=cache, assembly=False) == first
        assert not list(cache.rglob(".writing-*"))

    def test_other_values_are_another_instance(self, loaded: LoadedDesign) -> None:
        one = customise(loaded, {"side": 3}, cache=None, assembly=False)
        other = customise(loaded, {"side": 4}, cache=None, assembly=False)
        assert one.key != other.key
        assert one.parts[0].sha256 != other.parts[0].sha256
        assert one.parts[1].sha256 == other.parts[1].sha256

    def test_a_part_that_fails_names_itself(self, peg: Path) -> None:
        (peg / "peg.scad").write_text(SOURCE.replace('"plate") cube', '"plate") cub'))
        with pytest.raises(InvalidInput, match=r'part="plate".*cub'):
            customise(load_design(peg), {}, cache=None)
