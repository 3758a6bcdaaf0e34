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
