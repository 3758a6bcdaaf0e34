"""A part is mended in a child, and its answer is not believed without proof."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from nearmade.adapters import mending
from nearmade.adapters.gate import Admitted, admit
from nearmade.adapters.mending import mend, mended_part, report_from
from nearmade.adapters.sandbox import Limits, Outcome
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.repair import repair
from nearmade.geometry.repair_report import RepairReport
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube, sphere
from tests.shared_data import shared


def open_cube() -> Mesh:
    """A cube of 10 mm without one triangle."""
    return Mesh(cube(10).vertices_mm, cube(10).faces[1:])


def square() -> Mesh:
    """A sheet."""
    return Mesh(cube(10).vertices_mm, cube(10).faces[:2])


def admitted(mesh: Mesh) -> Admitted:
    return admit(write_stl(mesh), "part.stl")


def test_a_part_with_a_hole_comes_back_whole() -> None:
    given = admitted(open_cube())
    mended = mend(given)
    assert mended.part is not None
    assert mended.part.facts.watertight
    assert mended.part.facts.volume_mm3 == pytest.approx(1000)
    assert mended.report.verdict == "repaired"
    assert mended.part.sha256 != given.sha256
    assert not given.facts.watertight


def test_the_child_says_what_the_room_says() -> None:
    given = admitted(open_cube())
    assert mend(given).report == repair(given.mesh).report


def test_a_sound_part_comes_back_as_it_is() -> None:
    given = admitted(sphere(10, rings=10))
    mended = mend(given)
    assert mended.part is given
    assert mended.report.verdict == "sound"


def test_a_part_beyond_repair_gives_reason_and_places() -> None:
    given = admitted(square())
    mended = mend(given)
    assert mended.part is None
    assert mended.report.code == "holes-too-large"
    with pytest.raises(InvalidInput, match="open edge at") as caught:
        mended_part(given)
    assert caught.value.code == "beyond-repair"
    assert "more" in caught.value.message


def test_a_part_that_can_be_mended_is_given() -> None:
    part, report = mended_part(admitted(open_cube()))
    assert part.facts.watertight
    assert report.faces_added == 1


@pytest.mark.parametrize(
    "name",
    ["hole_missing2tri.stl", "inverted_normals.stl"],
)
def test_known_broken_parts_hold_what_their_cube_holds(name: str) -> None:
    file = shared("bad_inputs", "parts", name)
    mended = mend(admit(file.read_bytes(), file.name))
    assert mended.part is not None
    assert mended.part.facts.volume_mm3 == pytest.approx(8000)


def test_a_child_that_takes_too_long_is_stopped() -> None:
    short = Limits(wall_s=0.05, cpu_s=5, memory_bytes=2**31, file_bytes=1)
    with pytest.raises(InvalidInput, match="stopped") as caught:
        mend(admitted(open_cube()), limits=short)
    assert caught.value.code == "mending-could-not-decide"


def answer(report: dict[str, object], stl: bytes = b"") -> bytes:
    text = json.dumps(report).encode()
    return len(text).to_bytes(8, "little") + text + stl


def spoilt(**changes: object) -> bytes:
    return answer(asdict(repair(open_cube()).report) | changes)


@pytest.mark.parametrize(
    "stdout",
    [
        b"",
        b"\xff" * 8,
        answer({}),
        answer({"verdict": "sound"}),
        spoilt(verdict="perfect"),
        spoilt(holes=3),
        spoilt(holes=[{"place_mm": [0, 0], "certain": True}]),
        spoilt(holes=[{"certain": 1}]),
        spoilt(holes=[{"certain": True, "place_mm": "here"}]),
        spoilt(faults=[{"kind": "odd"}]),
        spoilt(volume_after_mm3=float("nan")),
        spoilt(faces_added=[1]),
        spoilt(faces_added=None),
        spoilt(faces_added=10**400),
        spoilt(holes=[{"certain": True, "place_mm": [10**400, 0, 0]}]),
        (200_000).to_bytes(8, "little") + b"[" * 200_000,
    ],
)
def test_an_answer_that_breaks_a_rule_is_not_believed(
    stdout: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = admitted(open_cube())
    said = Outcome(0, stdout, b"", timed_out=False, wall_s=0.1)
    monkeypatch.setattr(mending, "_run_child", lambda *_: said)
    with pytest.raises(InvalidInput) as caught:
        mend(given)
    assert caught.value.code == "mending-could-not-decide"


def test_a_mesh_that_is_still_open_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = admitted(open_cube())
    report = asdict(repair(open_cube()).report)
    said = Outcome(
        0, answer(report, write_stl(open_cube())), b"", timed_out=False, wall_s=0.1
    )
    monkeypatch.setattr(mending, "_run_child", lambda *_: said)
    with pytest.raises(InvalidInput, match="not watertight"):
        mend(given)


def test_a_mesh_that_the_gate_refuses_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = admitted(open_cube())
    said = Outcome(0, spoilt(), b"", timed_out=False, wall_s=0.1)
    monkeypatch.setattr(mending, "_run_child", lambda *_: said)
    with pytest.raises(InvalidInput, match="does not pass the gate"):
        mend(given)


def test_a_child_that_dies_is_no_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    given = admitted(open_cube())
    died = Outcome(139, b"", b"", timed_out=False, wall_s=0.1)
    monkeypatch.setattr(mending, "_run_child", lambda *_: died)
    with pytest.raises(InvalidInput, match="status 139"):
        mend(given)


def test_a_report_survives_json() -> None:
    for report in (
        repair(open_cube()).report,
        repair(square()).report,
        RepairReport(verdict="sound"),
    ):
        assert report_from(json.loads(json.dumps(asdict(report)))) == report


def test_words_of_a_report_stay_on_one_line() -> None:
    given = asdict(RepairReport(verdict="refused", reason="a\nb\x1b[31m"))
    assert report_from(json.loads(json.dumps(given))).reason == "a b [31m"


def test_the_mesh_reaches_the_child_as_it_is() -> None:
    packed = mending._packed(open_cube())
    assert len(packed) == 16 + 8 * 24 + 11 * 24
    assert np.frombuffer(packed[:16], "<i8").tolist() == [8, 11]
