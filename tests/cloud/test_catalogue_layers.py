"""Level 1 in a child that can be killed: the same figures, never nonsense."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nearmade.cloud.catalogue import layers
from nearmade.cloud.catalogue.estimating import estimate_from
from nearmade.cloud.catalogue.layers import LayersAsked, ask_child, ask_pose
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl, write_stl
from nearmade.quoting.level1 import estimate_level1
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from tests.geometry.solids import cube, without

PROFILE = "mk3s-pla-0.20"
STL = write_stl(cube(20.0))
FACTS = measure(cube(20.0))


def test_the_child_finds_what_is_found_here() -> None:
    answer = estimate_from(ask_child(LayersAsked(FACTS, PROFILE, 3), STL))
    here = estimate_level1(read_stl(STL), FACTS, find_profile(PROFILE), 3)
    assert (answer.level, answer.quantity) == (1, 3)
    for name in layers.FIGURES:
        found, expected = getattr(answer, name), getattr(here, name)
        assert found.as_dict() == pytest.approx(expected.as_dict(), rel=1e-9)


def test_a_mesh_that_is_no_solid_is_refused_in_words() -> None:
    holed = without(cube(20.0), 0)
    with pytest.raises(InvalidInput, match="solid"):
        ask_child(LayersAsked(measure(holed), PROFILE, 1), write_stl(holed))


def test_a_busy_machine_is_no_verdict_on_the_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layers, "LIMITS", replace(layers.LIMITS, wall_s=0.01))
    with pytest.raises(Unavailable, match="in time"):
        ask_child(LayersAsked(FACTS, PROFILE, 1), STL)


def test_a_part_that_eats_its_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "LIMITS", replace(layers.LIMITS, memory_bytes=2**22))
    with pytest.raises(InvalidInput, match="time and memory"):
        ask_child(LayersAsked(FACTS, PROFILE, 1), STL)


GOOD = {
    "profile_id": PROFILE,
    "quantity": 1,
    **{name: {"value": 2.0, "low": 1.0, "high": 3.0} for name in layers.FIGURES},
}


@pytest.mark.parametrize(
    "broken",
    [
        {"mass_g": {"value": float("nan"), "low": 1.0, "high": 3.0}},
        {"mass_g": {"value": -1.0, "low": -1.0, "high": 3.0}},
        {"mass_g": {"value": True, "low": 1.0, "high": 3.0}},
        {"mass_g": "<b>"},
        {"quantity": "many"},
        {"quantity": float("inf")},
        {"mass_g": {"value": 10**400, "low": 1.0, "high": 3.0}},
        {"problem": [["a"]]},
    ],
)
def test_an_answer_that_our_code_would_not_give_is_refused(
    broken: dict[str, object],
) -> None:
    with pytest.raises(InvalidInput):
        layers._checked({**GOOD, **broken})


def test_an_answer_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text("[" * 60_000)
    with pytest.raises(InvalidInput, match="could not be measured"):
        layers._read(tmp_path / "answer.json")


@pytest.mark.parametrize("figure", [10**400, float("inf")])
def test_a_pose_without_bounds_is_refused(
    figure: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    pose = {"better": True, "rotation": [figure] * 9}
    monkeypatch.setattr(layers, "_answer", lambda *_: pose)
    with pytest.raises(InvalidInput, match="could not be measured"):
        ask_pose(FACTS, STL)


def test_what_a_child_says_is_one_printable_line() -> None:
    with pytest.raises(InvalidInput) as caught:
        layers._checked({"problem": "a\nb\x1b[31m" + "c" * 5000})
    assert caught.value.message.isprintable()
    assert len(caught.value.message) <= 300


def test_a_cube_lies_well_as_it_is() -> None:
    pose = ask_pose(FACTS, STL)
    assert pose["better"] is False
    assert pose["author_s"] == pose["best_s"] > 0
