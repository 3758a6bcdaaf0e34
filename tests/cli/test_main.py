"""The command line as a whole: exit codes, one line of error, help for everything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.adapters.examples import networks_dir
from nearmade.cli.main import COMMANDS, EXIT_CODES, cli, exit_code, one_line, written
from nearmade.vocabulary.errors import (
    InvalidInput,
    NearmadeError,
    NotFound,
    Unavailable,
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nearmade.cli.main", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_error_is_one_line_on_stderr_and_json_on_stdout() -> None:
    done = run("match", __file__, "--network", "/nowhere.json", "--to", "X", "--json")
    assert done.returncode in (2, 3)
    assert len(done.stderr.strip().splitlines()) >= 1


def test_an_unknown_place_has_exit_code_3_and_says_so_twice() -> None:
    done = run(
        "plan",
        "order",
        "spectacles",
        "--to",
        "Nowhereville, ZZ",
        "--network",
        str(networks_dir() / "demo.json"),
        "--json",
    )
    assert done.returncode == EXIT_CODES[NotFound]
    assert json.loads(done.stdout)["refused"]["message"]
    assert done.stderr.startswith("nearmade: ")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "message", "remedy"),
    [
        (("quote", __file__, "--json"), "give one of --profile", "quote"),
        (("match", __file__, "--json"), "Missing option '--network'", "match"),
        (("plate", "--jsno", "--json"), "No such option", "plate"),
        (("quote", __file__, "--infill", "3", "--json"), "'--infill'", "quote"),
    ],
)
def test_a_wrong_use_is_told_as_other_errors_are(
    words: tuple[str, ...], message: str, remedy: str
) -> None:
    done = run(*words)
    assert done.returncode == 2
    refused = json.loads(done.stdout)["refused"]
    assert set(refused) == {"code", "message", "remedy"}
    assert refused["code"] == "usage"
    assert message in refused["message"]
    assert refused["remedy"] == f"nearmade {remedy} --help"
    (line,) = done.stderr.splitlines()
    assert line.startswith("nearmade: ")
    assert line.endswith(f"Remedy: nearmade {remedy} --help.")


@pytest.mark.parametrize(
    "words",
    [
        ("quote", "no way/x.stl", "--profile", "mk3s-pla-0.20"),
        ("inspect", "no way/x.stl"),
        ("repair", "no way/x.stl", "-o", "y.stl"),
        ("orient", "no way/x.stl"),
        ("plate", "no way/x.stl:2", "--profile", "mk3s-pla-0.20"),
        ("match", "no way/x.stl", "--network", "n.json", "--to", "Lyon, FR"),
        ("okh", "check", "no way/x.stl"),
        ("impact", "compare", "no way/x.stl"),
        ("impact", "cost", "no way/x.stl"),
    ],
)
def test_a_file_that_is_not_there_is_told_alike_by_every_command(
    words: tuple[str, ...],
) -> None:
    done = run(*words, "--json")
    assert done.returncode == EXIT_CODES[NotFound]
    refused = json.loads(done.stdout)["refused"]
    assert refused["code"] == "not-found"
    assert refused["message"] == "no way/x.stl: there is no such file"
    assert refused["remedy"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", [("profiles",), ("profiles", "--json"), ("--help",)])
def test_an_output_that_takes_nothing_is_told_in_one_line(
    words: tuple[str, ...],
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nearmade.cli.main", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == EXIT_CODES[Unavailable]
    (line,) = done.stderr.splitlines()
    assert line.startswith("nearmade: the output cannot be written (No space left")


def test_names_that_are_no_text_are_written_as_their_bytes() -> None:
    assert written("caf\udce9.stl") == "caf\\xe9.stl"
    assert written("café.stl") == "café.stl"
    assert written("\ud800") == "\\ud800"
    assert one_line("a\nb\tc\udcff é") == "a\\nb\\tc\\xff é"


def test_a_command_that_there_is_not_sends_to_the_list_of_commands() -> None:
    done = run("quoet")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'quoet'" in done.stderr
    assert done.stderr.endswith("Remedy: nearmade --help.\n")


def test_no_command_at_all_shows_the_help() -> None:
    done = run()
    assert "Commands" in done.stdout + done.stderr


def test_a_child_of_an_error_has_its_parents_exit_code() -> None:
    class Odd(InvalidInput):
        """One of a kind."""

    assert exit_code(Odd("odd")) == 2
    assert exit_code(NearmadeError("plain")) == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example(name: str) -> None:
    done = CliRunner().invoke(cli, [name, "--help"])
    assert done.exit_code == 0
    assert "Example" in done.output


def test_the_help_lists_every_command() -> None:
    output = CliRunner().invoke(cli, ["--help"]).output
    assert all(name in output for name in COMMANDS)
