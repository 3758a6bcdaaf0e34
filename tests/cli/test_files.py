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
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput
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
    monkeypatch.setattr(files, "check_given", lambda path: None)
    with pytest.raises(InvalidInput, match="101 bytes or more"):
        read_given(part)


@pytest.mark.parametrize("name", ["missing.stl", "n" * 300])
def test_what_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"no such file|cannot be read"):
        read_given(tmp_path / name)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_name_that_is_not_utf_8_is_escaped(tmp_path: Path, as_json: bool) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/cube\xff.stl")
    Path(odd).write_bytes(write_stl(cube(20)))
    plate = os.fsdecode(os.fsencode(tmp_path) + b"/p\xff.3mf")
    words = ["plate", odd, *PROFILE, "--level", "0", "-o", plate]
    done = CliRunner().invoke(cli, [*words, "--json"] if as_json else words)
    assert done.exit_code == 0, done.exception
    assert b"\\udcff" in done.stdout_bytes
    done.stdout_bytes.decode("utf-8", "strict")
    if as_json:
        (build,) = json.loads(done.stdout)["builds"]
        assert build["shares"][0]["part"] == odd
        assert Path(build["file"]).is_file()
