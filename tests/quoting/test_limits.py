"""What printability asks of the machines that quotes are made for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.survey import measure_all
from nearmade.quoting.limits import limits_named, limits_of, process_limits
from nearmade.quoting.plate import parts_per_build
from nearmade.quoting.processes.catalogue import (
    MACHINES,
    ProcessMachine,
    estimate_on,
    materials_of,
)
from nearmade.quoting.profiles import PROFILES, find_profile
from nearmade.screening.machine_verdict import judge
from nearmade.screening.process_rules import RULES
from nearmade.vocabulary.errors import InvalidInput, NotFound
from tests.geometry.solids import box


def test_the_bed_of_an_mk3s_is_less_by_the_edge_kept_free() -> None:
    limits = limits_named("mk3s-pla-0.20")
    # 250 x 210 mm with 4 mm free on each side; the height is free up to the top.
    assert limits.build_mm == (242.0, 202.0, 210.0)
    assert (limits.process, limits.nozzle_mm, limits.layer_mm) == ("FDM", 0.4, 0.2)
    assert limits.bead_mm == pytest.approx(0.45)


def test_every_machine_has_limits_and_rules() -> None:
    for profile in PROFILES.values():
        assert limits_of(profile).process in RULES
        assert limits_of(profile).bead_mm > 0
    for machine in MACHINES:
        assert limits_named(machine.id) == process_limits(machine)
        assert process_limits(machine).process in RULES


def test_a_laser_cuts_sheets_as_thick_as_its_table_goes() -> None:
    (laser, *_) = (one for one in MACHINES if one.process == "LASER-CUTTING")
    limits = process_limits(laser)
    assert limits.build_mm[0] > limits.build_mm[2] >= 3


def test_a_name_that_is_neither_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"near it are.*mk3s-pla"):
        limits_named("mk3-pla")


def too_large(sides_mm: tuple[float, float, float], name: str) -> bool:
    findings = judge(measure_all(box(sides_mm)), limits_named(name)).findings
    return "too-large" in {one.code for one in findings}


@given(st.tuples(*[st.integers(50, 290)] * 3))
def test_a_verdict_on_size_is_that_of_the_plate(sides: tuple[int, int, int]) -> None:
    sides_mm = (float(sides[0]), float(sides[1]), float(sides[2]))
    plate_takes = parts_per_build(sides_mm, find_profile("mk3s-pla-0.20")) > 0
    assert too_large(sides_mm, "mk3s-pla-0.20") is not plate_takes


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.id)
@given(st.tuples(st.integers(40, 700), st.integers(40, 700), st.integers(2, 6)))
def test_a_verdict_on_size_is_that_of_a_process_quote(
    machine: ProcessMachine, sides: tuple[int, int, int]
) -> None:
    sides_mm = (float(sides[0]), float(sides[1]), float(sides[2]))
    mesh = box(sides_mm)
    material = materials_of(machine)[0]
    try:
        estimate_on(machine, mesh, measure_all(mesh), 1, material=material)
    except InvalidInput as error:
        quoted = error.code != "larger-than-bed"
    else:
        quoted = True
    assert too_large(sides_mm, machine.id) is not quoted
