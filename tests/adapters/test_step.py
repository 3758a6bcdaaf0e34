"""STEP: OpenCASCADE as a program of its own, called like any stranger's."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.adapters.gate import admit
from nearmade.adapters.sandbox import Outcome
from nearmade.adapters.step import Settings, tessellate, tessellation
from nearmade.adapters.step.tessellation import LIMITS, read_arrays
from nearmade.cli.inspect import command as inspect
from nearmade.geometry.measure import measure
from nearmade.vocabulary.errors import InvalidInput, Unavailable
from tests.adapters.step_box import METRE, MILLIMETRE, step_box
from tests.shared_data import shared

#: Volume from the exact surfaces, by OpenCASCADE's own integration. [mm3]
EXACT_MM3 = {
    "aerosol-mask-glia/version_2.0/bipap_expiratory_port_v47.step": 28388.993,
    "prusa-i3-mk3/Printed-Parts/STEP/plug-aligner.stp": 207.9,
    "prusa-i3-mk3/Printed-Parts/STEP/fs-cover.stp": 2612.700,
    "prusa-i3-mk3/Printed-Parts/STEP/y-motor-holder.stp": 11442.735,
    "test-meshes-trimesh/models/featuretype.STEP": 190531.995,
    "test-meshes-trimesh/models/box_sides.STEP": 263542.031,
}


@pytest.fixture(scope="module")
def settings() -> Settings:
    found = Settings.found()
    if found.venv is None:
        pytest.skip("no .step-venv: run python3 tools/set_up.py --only step")
    return found


@pytest.mark.outside
def test_a_box_written_by_hand_becomes_twelve_triangles(settings: Settings) -> None:
    admitted = admit(step_box(), "box.STEP")
    assert admitted.facts.triangles == 12
    assert admitted.facts.watertight
    assert admitted.facts.volume_mm3 == pytest.approx(6000)
    assert admitted.facts.extents_mm == pytest.approx((10, 20, 30))
    assert [one.code for one in admitted.facts.findings] == ["curves-made-triangles"]


@pytest.mark.outside
def test_metres_become_millimetres(settings: Settings) -> None:
    made = tessellate(step_box((0.01, 0.02, 0.03), METRE), settings)
    facts = measure(read_arrays(made.arrays))
    assert facts.extents_mm == pytest.approx((10, 20, 30))


@pytest.mark.outside
@pytest.mark.parametrize(("name", "exact_mm3"), EXACT_MM3.items())
def test_triangles_enclose_what_the_curves_do(
    settings: Settings, name: str, exact_mm3: float
) -> None:
    data = shared("designs", *name.split("/")).read_bytes()
    facts = measure(read_arrays(tessellate(data, settings).arrays))
    assert facts.watertight
    assert facts.volume_mm3 == pytest.approx(exact_mm3, rel=5e-4)


@pytest.mark.outside
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (step_box()[:-20], "step-truncated"),
        (b"ISO-10303-21;\nEND-ISO-10303-21;\n", "step-no-shape"),
        (b"ISO-10303-21;HEADER;ENDSEC;DATA;#1=X(#1);ENDSEC;END-ISO-10303-21;",
         "step-no-shape"),
        (b"ISO-10303-21;" + bytes(range(256)) * 50 + b"END-ISO-10303-21;",
         "step-no-shape"),
        (step_box((1e-4, 1e-4, 1e-4), MILLIMETRE), "extent-out-of-range"),
        (step_box((20, 20, 20), METRE), "extent-out-of-range"),
    ],
)  # fmt: skip
def test_a_step_file_that_is_none_is_refused(
    settings: Settings, data: bytes, code: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        admit(data, "x.stp")
    assert caught.value.code in {code, "step-malformed"}


@pytest.mark.outside
def test_a_reader_that_takes_too_long_is_stopped(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="stopped") as caught:
        tessellate(step_box(), settings, limits=replace(LIMITS, wall_s=0.05))
    assert caught.value.code == "gate-could-not-decide"


@pytest.mark.outside
def test_a_reader_that_wants_too_much_memory_is_stopped(settings: Settings) -> None:
    with pytest.raises(InvalidInput) as caught:
        tessellate(step_box(), settings, limits=replace(LIMITS, memory_bytes=2**27))
    assert caught.value.code == "gate-could-not-decide"


def test_without_opencascade_the_answer_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEARMADE_STEP_VENV", str(tmp_path))
    assert Settings.found().venv is None
    with pytest.raises(Unavailable) as caught:
        admit(step_box(), "box.step")
    assert caught.value.code == "no-opencascade"
    assert "--only step" in caught.value.remedy
    file = tmp_path / "box.step"
    file.write_bytes(step_box())
    assert isinstance(CliRunner().invoke(inspect, [str(file)]).exception, Unavailable)


def test_an_environment_elsewhere_is_found_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "lib/python3.12/site-packages/OCP").mkdir(parents=True)
    monkeypatch.setenv("NEARMADE_STEP_VENV", str(tmp_path))
    assert Settings.found().python() == tmp_path / "bin/python"


def test_a_step_file_that_is_too_large_is_not_even_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tessellation, "MAX_STEP_BYTES", 1000)
    with pytest.raises(InvalidInput) as caught:
        tessellate(step_box(), Settings(None))
    assert caught.value.code == "file-too-large"


def answering(
    monkeypatch: pytest.MonkeyPatch, stdout: bytes, **changes: object
) -> Settings:
    """Let the child have ended with these words."""
    ended = Outcome(0, stdout, b"", timed_out=False, wall_s=1.0)
    ended = replace(ended, **changes)  # type: ignore[arg-type]
    monkeypatch.setattr(tessellation, "run_limited", lambda *_, **__: ended)
    return Settings(Path("/nowhere"))


def answer(**told: object) -> bytes:
    head = {"units": ["millimetre"], "solids": 1, "vertices": 3, "faces": 1} | told
    return json.dumps(head).encode() + b"\n" + struct.pack("<9d3q", *[0.0] * 9, 0, 1, 2)


@pytest.mark.parametrize(
    ("stdout", "changes", "code"),
    [
        (b"", {}, "gate-could-not-decide"),
        (b"[]\n", {}, "gate-could-not-decide"),
        (b'"refused"\n', {}, "gate-could-not-decide"),
        (answer(faces=2), {}, "gate-could-not-decide"),
        (answer(faces=-1), {}, "gate-could-not-decide"),
        (answer(faces="many"), {}, "gate-could-not-decide"),
        (answer(faces=3_000_001), {}, "step-too-many-triangles"),
        (answer(refused="x", message="y"), {}, "step-malformed"),
        (answer(refused="step-no-shape", message="y"), {}, "step-no-shape"),
        (answer(), {"returncode": 139}, "gate-could-not-decide"),
        (answer(), {"returncode": 137, "memory_exceeded": True},
         "gate-could-not-decide"),
    ],
)  # fmt: skip
def test_an_answer_that_breaks_a_rule_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
    stdout: bytes,
    changes: dict[str, object],
    code: str,
) -> None:
    settings = answering(monkeypatch, stdout, **changes)
    with pytest.raises(InvalidInput) as caught:
        tessellate(step_box(), settings)
    assert caught.value.code == code


def test_a_file_without_a_unit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tessellate(step_box(), answering(monkeypatch, answer(units=[])))
    assert [one.code for one in made.findings] == [
        "curves-made-triangles",
        "unit-assumed",
    ]
    assert len(read_arrays(made.arrays).faces) == 1


def test_arrays_that_name_corners_that_are_not_there_are_refused() -> None:
    spoilt = answer()[:-8] + struct.pack("<q", 3)
    with pytest.raises(InvalidInput) as caught:
        read_arrays(spoilt)
    assert caught.value.code == "index-out-of-range"
