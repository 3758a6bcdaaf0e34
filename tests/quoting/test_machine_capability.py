"""What is known of machines by make and model."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.facilities.facility import Machine
from nearmade.facilities.record import facility_from_record
from nearmade.quoting.machine_capability import (
    CAPABILITIES,
    capability_of,
    with_known_capabilities,
    with_known_capability,
)
from nearmade.quoting.machines import MACHINES
from nearmade.quoting.machines_unsliced import UNSLICED
from nearmade.quoting.presets import PRESETS
from nearmade.vocabulary.identity import MachineId
from nearmade.vocabulary.processes import PROCESSES
from tests.facilities.test_record import LYON


def bare(make_model: str, process: str = "FDM", nozzle_mm: float = 0.4) -> Machine:
    return Machine(
        MachineId("here/1"), make_model, process, (200, 200, 200), nozzle_mm, ()
    )


@pytest.mark.parametrize(
    ("make_model", "nozzle_degc", "bed_degc", "enclosed"),
    [
        # makers' specification pages
        ("Original Prusa i3 MK3S+", 300, 120, False),
        ("Prusa MINI+", 280, 100, False),
        ("Creality Ender-3 S1", 260, 100, False),
        ("creality k1", 300, 120, True),
        ("Bambu Lab A1 mini", 300, 80, False),
        ("Bambu P1S", 300, 100, True),
        ("Ultimaker 2", 260, 100, False),
    ],
)
def test_models_are_known_by_the_names_that_people_write(
    make_model: str, nozzle_degc: float, bed_degc: float, enclosed: bool
) -> None:
    known = with_known_capability(bare(make_model))
    assert (known.nozzle_degc, known.bed_degc) == (nozzle_degc, bed_degc)
    assert (known.enclosed, known.axes) == (enclosed, 3)


def test_layers_go_from_a_quarter_to_three_quarters_of_the_nozzle() -> None:
    low, high = with_known_capability(bare("Prusa MK3S")).layer_mm or (0, 0)
    assert (low, high) == pytest.approx((0.1, 0.3))
    wide = with_known_capability(bare("Prusa MK3S", nozzle_mm=0.8)).layer_mm
    assert wide == pytest.approx((0.2, 0.6))


def test_every_profile_of_the_house_is_within_the_layers_of_its_nozzle() -> None:
    for name in (*PRESETS, *UNSLICED):
        key, _, layer = name.split("-")
        model = MACHINES[key]
        machine = bare(f"{model.maker} {model.machine_model}")
        known = with_known_capability(replace(machine, nozzle_mm=model.nozzles_mm[0]))
        assert known.layer_mm is not None, key
        assert known.layer_mm[0] <= float(layer) <= known.layer_mm[1] + 1e-9, name


def test_process_machines_are_known_too() -> None:
    form = with_known_capability(bare("Formlabs Form 3", "SLA", 0))
    assert (form.layer_mm, form.materials) == ((0.025, 0.3), ())
    laser = with_known_capability(
        bare("CO2 laser, 60 W, 600 x 400 mm", "LASER-CUTTING")
    )
    assert (laser.laser_w, laser.axes) == (60, 2)
    assert with_known_capability(bare("vmc-small", "MILLING", 0)).axes == 3


def test_what_kits_leave_to_their_builder_stays_unknown() -> None:
    voron = with_known_capability(bare("Voron 2.4 300"))
    assert (voron.nozzle_degc, voron.bed_degc, voron.enclosed) == (None, None, True)


def test_a_model_of_another_process_says_nothing() -> None:
    machine = bare("Prusa MK3S+", "LASER-CUTTING")
    assert with_known_capability(machine) == machine
    unheard = bare("Workshop's own")
    assert with_known_capability(unheard) == unheard
    assert capability_of("MINI") is None


def test_at_least_25_printers_are_known_and_every_one_has_a_source() -> None:
    titles = {each.title for each in CAPABILITIES.values() if each.process == "FDM"}
    assert len(titles) >= 25
    for known in CAPABILITIES.values():
        assert known.source
        assert known.process in PROCESSES


def test_a_facility_gets_all_its_machines_filled_in() -> None:
    lyon = facility_from_record(LYON)
    filled = with_known_capabilities(lyon)
    assert [machine.nozzle_degc for machine in filled.machines] == [300, 300]
    assert with_known_capabilities(filled) is filled


@given(
    st.sampled_from(sorted(CAPABILITIES)),
    st.none() | st.floats(1, 500),
    st.none() | st.booleans(),
    st.sampled_from([(), ("PEEK",)]),
)
def test_what_the_record_says_is_never_overruled(
    name: str,
    nozzle_degc: float | None,
    enclosed: bool | None,
    materials: tuple[str, ...],
) -> None:
    said = replace(
        bare(name, CAPABILITIES[name].process),
        nozzle_degc=nozzle_degc,
        enclosed=enclosed,
        materials=materials,
    )
    filled = with_known_capability(said)
    if nozzle_degc is not None:
        assert filled.nozzle_degc == nozzle_degc
    if enclosed is not None:
        assert filled.enclosed is enclosed
    assert filled.materials == materials
    assert with_known_capability(filled) == filled
    assert filled.build_volume_mm == said.build_volume_mm
