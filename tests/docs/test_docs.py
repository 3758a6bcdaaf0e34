"""Documents agree with the house."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nearmade.adapters.printers.drivers import make_driver
from nearmade.agent.config import load_config
from nearmade.cli.main import COMMANDS, cli
from nearmade.production.signing import public_key_text
from tests.architecture.sources import ROOT, SRC, python_files, tree_of

DOCS = ROOT / "docs"

#: Last words of names that speak of a unit.
UNITS = set(
    re.findall(
        r"\w+",
        "um mm cm m km mm2 cm2 m2 mm3 cm3 ml l px g kg t s ms us ns s2 min minutes h"
        " hour hours d day days at w wp kw wh kwh mj v a ah gco2e kgco2e degc deg rad"
        " fraction percent usd eur bytes mb hz",
    )
)
#: Of those, words that mean something else where we use them.
NOT_UNITS = {"d", "m", "t", "a", "l", "min", "us", "v"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example(name: str) -> None:
    command = importlib.import_module(f"nearmade.cli.{name}").command
    assert isinstance(command, click.Command)
    text = command.get_help(click.Context(command, info_name=f"nearmade {name}"))
    _, example, shown = text.partition("Example")
    assert example
    assert f"nearmade {name}" in " ".join(shown.split())


def test_the_command_itself_shows_an_example() -> None:
    assert "Example" in (cli.help or "")


def single_commands(command: click.Command) -> list[click.Command]:
    """Give a command, or those of a group."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        found = [
            command.get_command(context, x) for x in command.list_commands(context)
        ]
        return [one for one in found if one is not None]
    return [command]


def test_every_command_gives_json_to_programs() -> None:
    for name in set(COMMANDS) - {"up", "agent"}:
        for command in single_commands(
            importlib.import_module(f"nearmade.cli.{name}").command
        ):
            options = [option for one in command.params for option in one.opts]
            assert "--json" in options, name


def test_every_command_of_a_group_shows_an_example() -> None:
    for name in COMMANDS:
        group = importlib.import_module(f"nearmade.cli.{name}").command
        for command in single_commands(group) if isinstance(group, click.Group) else []:
            text = command.get_help(click.Context(command))
            assert f"nearmade {name} {command.name}" in text


def named_paths(text: str) -> set[str]:
    """Find what looks like a path of the project between backticks."""
    quoted = re.findall(r"`([^`\s]+)`", text)
    tops = ("src/", "tests/", "docs/", "web/", "tools/", "examples/", "benchmarks/")
    return {one.split("::")[0] for one in quoted if one.startswith(tops)}


def test_the_tour_names_files_that_exist() -> None:
    paths = named_paths((DOCS / "tour.md").read_text("utf-8"))
    assert len(paths) >= 10
    assert [path for path in sorted(paths) if not any(ROOT.glob(path))] == []


def defined_in(path: str) -> set[str]:
    """Name the functions, methods and classes of a Python file."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {
        node.name for node in ast.walk(tree_of(ROOT / path)) if isinstance(node, kinds)
    }


def test_the_tour_names_functions_that_exist() -> None:
    text = (DOCS / "tour.md").read_text("utf-8")
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", text)
    assert len(named) >= 20
    assert [name for path, name in named if name not in defined_in(path)] == []


def agent_examples() -> dict[str, str]:
    """Give the configurations that the guide for sites shows, by their names."""
    text = (DOCS / "agent.md").read_text("utf-8")
    blocks = re.findall(r"<!-- example: (\w+) -->\n```toml\n(.+?)```", text, re.DOTALL)
    return dict(blocks)


@pytest.mark.parametrize("name", ["grid", "solar"])
def test_the_guide_for_sites_shows_a_configuration_that_an_agent_takes(
    name: str, tmp_path: Path
) -> None:
    key = public_key_text(Ed25519PrivateKey.generate().public_key())
    text = agent_examples()[name].replace("nearmade-ed25519-public:...", key)
    (tmp_path / "agent.toml").write_text(text)
    (tmp_path / "token").write_text("nma_example\n")
    (tmp_path / "octoprint-key").write_text("key-of-octoprint\n")
    config = load_config(tmp_path / "agent.toml")
    assert config.token == "nma_example"
    assert config.power.kind == name
    (printer,) = config.printers
    assert printer.settings["api_key"] == "key-of-octoprint"
    assert printer.clear_before_next
    make_driver(printer.driver, printer.settings).close()


def test_the_guide_for_sites_names_commands_that_exist() -> None:
    text = (DOCS / "agent.md").read_text("utf-8")
    folder = SRC / "cloud/network/management/commands"
    named = set(re.findall(r"python -m django (\w+)", text))
    assert named == {path.stem for path in folder.glob("[a-z]*.py")}


def test_the_readme_names_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"\bmake (run|test|check|bench|setup)\b", text)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    named = set(re.findall(r"^    nearmade (\w+)", text, re.MULTILINE))
    assert named
    assert named <= set(COMMANDS)


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.name} -> {target}"
        for page in [ROOT / "README.md", *DOCS.rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def suffixes_in_table() -> set[str]:
    table = (DOCS / "nomenclature.md").read_text("utf-8")
    return set(re.findall(r"^\| `_(\w+)` \|", table, re.MULTILINE))


def names_with_units() -> Iterator[str]:
    """Give the arguments and fields of the sources."""
    for path in python_files():
        if SRC not in path.parents:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.arg):
                yield node.arg
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield node.target.id


def test_the_nomenclature_holds_every_unit_that_a_name_carries() -> None:
    used = {
        name.lower().rsplit("_", 1)[-1] for name in names_with_units() if "_" in name
    }
    assert (used & UNITS) - NOT_UNITS - suffixes_in_table() == set()


def test_the_nomenclature_gives_each_suffix_a_unit() -> None:
    table = (DOCS / "nomenclature.md").read_text("utf-8")
    rows = re.findall(r"^\| `_\w+` \|([^|]+)\|([^|]+)\|", table, re.MULTILINE)
    assert len(rows) == len(suffixes_in_table())
    assert all(unit.strip() and meaning.strip() for unit, meaning in rows)


def decisions() -> list[str]:
    return sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("name", decisions())
def test_every_decision_says_what_was_chosen_and_what_follows(name: str) -> None:
    text = (DOCS / "decisions" / name).read_text("utf-8")
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections == ["Status", "Context", "Decision", "Consequences"]
    assert text.startswith(f"# {int(name[:4])}. ")
    for section in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]:
        assert section.strip()


def test_decisions_are_counted_without_gaps_and_listed() -> None:
    numbers = [int(name[:4]) for name in decisions()]
    assert numbers == list(range(1, len(numbers) + 1))
    index = (DOCS / "decisions" / "README.md").read_text("utf-8")
    assert [name for name in decisions() if name not in index] == []


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert text.startswith("# Changelog\n")
    assert "## [Unreleased]" in text
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
        "Known limits",
    }


def test_the_readme_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in text
    assert "make test" in text


def test_make_alone_lists_every_command() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony is not None
    described = re.findall(r"^([a-z]+):.*## .+$", text, re.MULTILINE)
    assert set(described) >= set(phony[1].split()) - {"clean"}
    assert ".DEFAULT_GOAL := help" in text
