"""What attacks a reader ends at the gate, quickly, and with the right word."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from nearmade.adapters.gate import admit
from nearmade.adapters.slicers import prusa
from nearmade.adapters.step import Settings
from nearmade.geometry.stl import write_stl
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import ProfileId
from tests.adapters.hostile_files import HOSTILE, HOSTILE_STEP
from tests.adapters.test_gate import HURRIED
from tests.geometry.solids import cube
from tests.shared_data import shared


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_made_here_is_refused_in_time(name: str) -> None:
    make, code = HOSTILE[name]
    data = make()
    with pytest.raises(InvalidInput) as caught:
        admit(data, name, limits=HURRIED)
    assert caught.value.code == code


@pytest.mark.outside
@pytest.mark.parametrize("name", HOSTILE_STEP)
def test_a_hostile_step_file_is_refused_or_held_to_the_same_rules(name: str) -> None:
    if Settings.found().venv is None:
        pytest.skip("no .step-venv: run python3 tools/set_up.py --only step")
    data = HOSTILE_STEP[name]()
    with suppress(InvalidInput):
        assert max(admit(data, name).facts.extents_mm) <= 10_000


@pytest.mark.parametrize(
    "name", ["too_tall.stl", "too_large_xy.stl", "metres_units_0.02mm.stl"]
)
def test_what_does_not_fit_is_refused_before_a_slicer_sees_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = shared("bad_inputs", "parts", name).read_bytes()
    mesh = admit(data, name).mesh
    _slicer_must_rest(monkeypatch)
    with pytest.raises(InvalidInput):
        prusa.slice_stl(
            write_stl(mesh), find_profile(ProfileId("mk3s-pla-0.20")), cache=None
        )


@pytest.mark.parametrize("side_mm", [211.0, 1000.0, 9_999.0])
def test_over_height_and_over_size_never_reach_a_slicer(
    side_mm: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    _slicer_must_rest(monkeypatch)
    with pytest.raises(InvalidInput):
        prusa.slice_stl(
            write_stl(cube(side_mm)),
            find_profile(ProfileId("mk3s-pla-0.20")),
            cache=None,
        )


def _slicer_must_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(*_: object, **__: object) -> None:
        pytest.fail("the slicer was started")

    monkeypatch.setattr(prusa, "run_limited", ran)
    monkeypatch.setattr(prusa, "PROGRAM", str(Path(__file__)))
