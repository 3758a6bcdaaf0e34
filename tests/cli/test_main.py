"""The command line as a whole: exit codes, one line of error, help for everything."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from nearmade.adapters.examples import networks_dir
from nearmade.cli.main import COMMANDS, EXIT_CODES, cli, exit_code
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, NotFound


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
        (("quote", "x.stl", "--json"), "'x.stl' does not exist", "quote"),
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
