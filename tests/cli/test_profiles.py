"""``nearmade profiles`` through its own door."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from nearmade.cli.profiles import command
from nearmade.quoting.limits import limits_named
from nearmade.quoting.machines import MACHINES
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import NotFound


def answer(*words: str) -> str:
    result = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_machine_is_listed_with_facts_and_source() -> None:
    machines = json.loads(answer("--json"))["machines"]
    assert {machine["key"] for machine in machines} == set(MACHINES)
    for machine in machines:
        assert machine["source"]
        assert machine["power"]["source"]
        assert machine["profiles"]
        assert all(side > 0 for side in machine["build_volume_mm"])


def test_one_machine_shows_what_its_fits_rest_on() -> None:
    (voron,) = json.loads(answer("voron300", "--json"))["machines"]
    (pla,) = [each for each in voron["profiles"] if each["id"] == "voron300-pla-0.20"]
    assert pla["quality"] == "standard"
    assert not pla["makeable"]
    low, high = pla["level0"]["interval"]["time"]
    assert low < 1 < high


def test_machines_of_every_process_are_listed_and_can_be_asked_for() -> None:
    told = json.loads(answer("--json"))["of_other_processes"]
    assert {each["process"] for each in told} == {
        "SLA", "DLP", "SLS", "MJF", "LASER-CUTTING", "MILLING",
    }  # fmt: skip
    for machine in told:
        # Each name is one that quote and inspect take.
        assert limits_named(machine["id"]).build_mm == tuple(machine["build_volume_mm"])
        assert machine["materials"]
        assert machine["source"]
    people = answer()
    assert "mk3s" in people
    assert "form-3-0.10" in people
    page = answer("form-3-0.10")
    assert "works RESIN" in page
    assert "--process sla --machine form-3-0.10" in page


def test_one_process_is_listed_alone() -> None:
    told = json.loads(answer("--process", "sls", "--json"))
    assert told["machines"] == []
    assert {each["process"] for each in told["of_other_processes"]} == {"SLS"}
    assert "mk3s" not in answer("--process", "sls")
    told = json.loads(answer("--process", "fdm", "--json"))
    assert told["of_other_processes"] == []
    assert told["machines"]
    both = CliRunner().invoke(command, ["mk3s", "--process", "fdm"])
    assert both.exit_code == 2


def test_people_read_a_table() -> None:
    assert "Prusa MK3S+" in answer()
    page = answer("mk3s")
    assert "250 x 210 x 210 mm" in page
    assert "mk3s-pla-0.15" in page


def test_an_unknown_machine_names_those_near_it() -> None:
    with pytest.raises(NotFound, match=r"'Ender-3'.* ender3") as refusal:
        answer("Ender-3")
    assert "nearmade profiles" in refusal.value.remedy
    with pytest.raises(NotFound, match=r"^machine 'loom': not known$"):
        answer("loom")


@pytest.mark.parametrize("find", [find_profile, limits_named])
@pytest.mark.parametrize("name", ["mk3s-pla-0.21", "mk3s", "MK3S-PETG", "x" * 10**5])
def test_an_unknown_profile_names_at_most_five(
    find: Callable[[str], object], name: str
) -> None:
    with pytest.raises(NotFound) as refusal:
        find(name)
    message = refusal.value.message
    assert len(message) < 250
    near = message.partition("near it are ")[2].split(", ")
    assert near == [""] if name[0] == "x" else len(near) == 5
    assert near[0].startswith("mk3s-" if near[0] else "")
    assert "nearmade profiles" in refusal.value.remedy
