"""Files given and files written: refused in words, never with a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.adapters.gate.admission import MAX_FILE_BYTES
from nearmade.cli import files
from nearmade.cli.files import read_given
from nearmade.cli.main import cli
from nearmade.cli.targets import write_new
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.geometry.solids import cube

PROFILE = ("--profile", "mk3s-pla-0.20")


@pytest.fixture
def part(tmp_path: Path) -> Path:
    file = tmp_path / "cube.stl"
    file.write_bytes(write_stl(cube(20)))
    return file


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (("repair",), "x.stl"),
        (("orient",), "x.stl"),
        (("plate", *PROFILE, "--level", "0"), "x.3mf"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_with_its_path(
    part: Path, words: tuple[str, ...], out: str
) -> None:
    nowhere = part.parent / "nodir" / out
    done = CliRunner().invoke(cli, [*words, str(part), "-o", str(nowhere)])
    assert isinstance(done.exception, InvalidInput)
    assert str(nowhere.parent) in done.exception.message
    assert "cannot be written" in done.exception.message
    assert "a folder that is there" in done.exception.remedy


#: Commands that write one file from a part: their words, the name to ask for, and the
#: name that is written.
WRITERS = [
    (("repair",), "x.stl", "x.stl"),
    (("orient",), "x.stl", "x.stl"),
    (("plate", *PROFILE, "--level", "0"), "x.3mf", "x-1.3mf"),
]


@pytest.mark.parametrize(("words", "out", "file"), WRITERS)
def test_a_file_that_is_there_is_written_over_only_when_told(
    part: Path, words: tuple[str, ...], out: str, file: str
) -> None:
    there = part.with_name(file)
    there.write_text("mine")
    asked = [*words, str(part), "--out", str(part.with_name(out))]
    done = CliRunner().invoke(cli, asked)
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "output-exists"
    assert f"{there}: is there already" in done.exception.message
    assert "--force" in done.exception.remedy
    assert there.read_text() == "mine"
    done = CliRunner().invoke(cli, [*asked, "--force"])
    assert done.exit_code == 0, done.exception
    assert there.stat().st_size > 200


@pytest.mark.parametrize("words", [("repair",), ("orient",)])
def test_the_part_itself_is_never_written_over(
    part: Path, words: tuple[str, ...]
) -> None:
    before = part.read_bytes()
    alias = part.with_name("alias.stl")
    alias.symlink_to(part)
    for out in (part, alias):
        asked = [*words, str(part), "--out", str(out), "--force"]
        done = CliRunner().invoke(cli, asked)
        assert isinstance(done.exception, InvalidInput)
        assert "original is kept" in done.exception.message
    assert part.read_bytes() == before


def test_a_plate_is_never_written_over_a_part_that_lies_on_it(part: Path) -> None:
    given = part.rename(part.with_name("x-1.3mf"))
    before = given.read_bytes()
    out = str(part.with_name("x.3mf"))
    asked = ["plate", str(given), *PROFILE, "--out", out, "--force"]
    done = CliRunner().invoke(cli, asked)
    assert isinstance(done.exception, InvalidInput)
    assert done.exception.code == "output-is-input"
    assert given.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ("repair", "cube.stl"),
        ("orient", "cube.stl"),
        ("plate", "cube.stl", *PROFILE),
        ("calibrate", PROFILE[1]),
        ("customise", "spectacles"),
    ],
)
def test_where_nothing_can_be_written_nothing_is_worked_out(
    part: Path, words: tuple[str, ...]
) -> None:
    part.write_bytes(b"not even looked at")
    given = [str(part) if word == "cube.stl" else word for word in words]
    ending = ".3mf" if words[0] == "plate" else ".stl"
    done = CliRunner().invoke(cli, [*given, "--out", str(part / f"never{ending}")])
    assert isinstance(done.exception, InvalidInput), done.output
    assert "cannot be written" in done.exception.message
    assert done.stderr == ""


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    there = tmp_path / "x.stl"
    there.write_text("mine")
    with pytest.raises(InvalidInput, match="is there already"):
        write_new(there, b"new", force=False)
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_new(tmp_path, b"new", force=True)
    assert there.read_text() == "mine"


@pytest.mark.parametrize(
    "words",
    [
        ("quote", "cube.stl", *PROFILE, "--level", "2"),
        ("calibrate", PROFILE[1]),
        ("customise", "spectacles", "--out", "never"),
    ],
)
def test_a_cache_that_cannot_be_made_is_refused(
    part: Path, words: tuple[str, ...]
) -> None:
    given = [str(part) if word == "cube.stl" else word for word in words]
    done = CliRunner().invoke(cli, [*given, "--cache", str(part / "cache")])
    assert isinstance(done.exception, InvalidInput)
    assert "cube.stl/cache: cannot be made" in done.exception.message


@pytest.mark.parametrize("target", ["/dev/zero", "fifo"])
@pytest.mark.parametrize(
    "words",
    [
        ("repair", "-o", "never.stl"),
        ("orient",),
        ("inspect",),
        ("plate", *PROFILE),
        ("quote", *PROFILE),
        ("quote", "--process", "sls"),
    ],
)
def test_what_is_no_regular_file_is_refused_unread(
    tmp_path: Path, words: tuple[str, ...], target: str
) -> None:
    os.mkfifo(tmp_path / "fifo")
    endless = tmp_path / "endless.stl"
    endless.symlink_to(target)
    done = CliRunner().invoke(cli, [words[0], str(endless), *words[1:]])
    told = str(done.exception) + done.stderr
    assert "is no regular file" in told
    assert done.exit_code != 0


def test_a_network_that_is_no_regular_file_is_refused_unread(
    part: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "fifo")
    words = ["quote", str(part), "--network", str(tmp_path / "fifo")]
    done = CliRunner().invoke(cli, words)
    assert isinstance(done.exception, InvalidInput)
    assert "network fifo: is no regular file" in done.exception.message


def test_a_file_beyond_the_gates_limit_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.stl"
    with large.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(InvalidInput, match="134217729 bytes") as refusal:
        read_given(large)
    assert refusal.value.code == "file-too-large"


def test_a_file_that_grows_while_it_is_read_is_refused(
    part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 100)
    monkeypatch.setattr(files, "check_given", lambda path, what: None)
    with pytest.raises(InvalidInput, match="101 bytes or more"):
        read_given(part)


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such file"):
        read_given(tmp_path / "missing.stl")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_given(tmp_path / ("n" * 300))


@pytest.mark.parametrize("as_json", [True, False])
def test_a_name_that_is_not_utf_8_is_escaped(tmp_path: Path, as_json: bool) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/cube\xff.stl")
    Path(odd).write_bytes(write_stl(cube(20)))
    plate = os.fsdecode(os.fsencode(tmp_path) + b"/p\xff.3mf")
    words = ["plate", odd, *PROFILE, "--level", "0", "-o", plate]
    done = CliRunner().invoke(cli, [*words, "--json"] if as_json else words)
    assert done.exit_code == 0, done.exception
    assert (rb"\udcff" if as_json else rb"cube\xff.stl") in done.stdout_bytes
    done.stdout_bytes.decode("utf-8", "strict")
    if as_json:
        (build,) = json.loads(done.stdout)["builds"]
        assert build["shares"][0]["part"] == odd
        assert Path(build["file"]).is_file()
