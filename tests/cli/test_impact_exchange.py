"""``impact export`` and ``impact import``: an archive out and in again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nearmade.cli.impact import command
from nearmade.vocabulary.errors import InvalidInput, NotFound


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "processes.zip"
    result = run("export", path, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["processes"] > 100
    return path


def test_an_export_is_listed_and_scored_again(archive: Path) -> None:
    listed = json.loads(run("import", archive, "--json").stdout)
    assert {"id", "name", "unit", "location"} == set(listed["processes"][0])
    assert "electricity/ke [kWh] Electricity, Kenya" in run("import", archive).stdout
    told = json.loads(
        run("import", archive, "--take", "electricity/ke=2", "--json").stdout
    )
    # 2 x 84.83 (Ember)
    assert told["scores"]["gwp100"]["value"] == pytest.approx(169.66)
    assert told["scores"]["gwp100"]["unit"] == "gCO2e"
    lines = run("import", archive, "--take", "Electricity, Kenya=2").stdout
    assert "Climate, GWP100: 169.7 gCO2e" in lines


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        ("electricity/ke", "is not PROCESS=AMOUNT"),
        ("electricity/ke=much", "is not PROCESS=AMOUNT"),
        ("electricity/ke=nan", "is not PROCESS=AMOUNT"),
        ("electricity/ke=1e308", "is beyond 1e+15"),
        ("electricity/ke=-1e16", "is beyond 1e+15"),
        ("wood=1", "0 processes"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    archive: Path, taken: str, words: str
) -> None:
    error = run("import", archive, "--take", taken).exception
    assert isinstance(error, InvalidInput)
    assert words in str(error)


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    error = run("import", tmp_path / "none.zip").exception
    assert isinstance(error, NotFound)


def test_an_export_is_never_written_over_by_chance(archive: Path) -> None:
    before = archive.read_bytes()
    error = run("export", archive).exception
    assert isinstance(error, InvalidInput)
    assert error.code == "output-exists"
    assert archive.read_bytes() == before
    assert run("export", archive, "--force").exit_code == 0
    assert archive.read_bytes() == before


def test_an_export_into_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    error = run("export", tmp_path / "none" / "out.zip").exception
    assert isinstance(error, InvalidInput)
    assert "there is no folder" in error.message


def test_an_archive_that_never_ends_is_not_read() -> None:
    error = run("import", "/dev/zero").exception
    assert isinstance(error, InvalidInput)
    assert "no regular file" in error.message


def test_a_seed_is_no_less_than_nothing(archive: Path) -> None:
    taken = ("--take", "electricity/ke=1")
    assert run("import", archive, *taken, "--seed", "-1").exit_code == 2
