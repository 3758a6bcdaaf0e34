"""What printability asks of the machines that quotes are made for."""

from __future__ import annotations

import pytest

from nearmade.quoting.limits import limits_named, limits_of, process_limits
from nearmade.quoting.processes.catalogue import MACHINES
from nearmade.quoting.profiles import PROFILES
from nearmade.screening.process_rules import RULES
from nearmade.vocabulary.errors import NotFound


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
