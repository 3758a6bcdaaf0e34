"""What a machine's model is known for counts where its record is silent."""

from dataclasses import replace
from math import inf

import pytest

from nearmade.facilities.facility import Feedstock, Machine
from nearmade.matching.machine_gates import thinnest_layer_mm
from nearmade.matching.match import judge_each
from nearmade.matching.table import NetworkTable
from nearmade.matching.table_gates import judge_table
from nearmade.matching.verdict import Question, Reason, Verdict
from nearmade.vocabulary.identity import MachineId
from tests.matching.workshops import MK3S, MONDAY_NOON, PROFILES, farm, only


def silent(make_model: str, **says: object) -> Machine:
    """A printer whose record names neither profiles nor materials."""
    machine = Machine(
        MachineId("nairobi/one"), make_model, "FDM", (220, 220, 220), 0.4, ()
    )
    return replace(machine, **says)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("machine", "layer_mm"),
    [
        (silent("Workshop's own"), 0.1),  # a quarter of its nozzle of 0.4 mm
        (silent("Workshop's own", layer_mm=(0.05, 0.3)), 0.05),
        # Formlabs states 25 microns of the Form 3; a lens grinder lays no layers
        (silent("form-3-0.10", process="SLA", nozzle_mm=0.0), 0.025),
        (silent("Workshop's own", process="GRINDING", nozzle_mm=0.0), 0.0),
    ],
)
def test_the_thinnest_layer_is_the_record_s_the_model_s_or_the_nozzle_s(
    machine: Machine, layer_mm: float
) -> None:
    assert thinnest_layer_mm(machine) == pytest.approx(layer_mm)


@pytest.mark.parametrize(
    ("machine", "material", "verdict", "says"),
    [
        # an Ender-3's hot end reaches 255 degC; PEEK is printed at 400
        (
            silent("Creality Ender-3"),
            "PEEK",
            "no",
            "nozzle at 400 degC; it reaches 255",
        ),
        (silent("Workshop's own"), "PEEK", "unknown", "does not say which materials"),
        # a kit's heaters are its builder's choice
        (silent("Voron 2.4 300"), "PEEK", "unknown", "does not say which materials"),
        # the record goes before the model: this one was rebuilt, yet stands open
        (
            silent("Creality Ender-3", nozzle_degc=420, bed_degc=150),
            "PEEK",
            "no",
            "a closed chamber; it is open",
        ),
        (
            silent("Creality Ender-3", nozzle_degc=420, bed_degc=150, enclosed=True),
            "PEEK",
            "unknown",
            "does not say which materials",
        ),
        # an A1 mini's bed reaches 80 degC; ABS is printed at 100
        (silent("Bambu Lab A1 mini"), "ABS", "no", "bed at 100 degC; it reaches 80"),
    ],
)
def test_heat_by_model(
    machine: Machine, material: str, verdict: Verdict, says: str
) -> None:
    site = farm(machines=(machine,), feedstocks=(Feedstock(material, "", 5_000),))
    part = only(materials=(material,))
    (found,) = judge_each(part, [site], MONDAY_NOON, profiles=PROFILES)
    assert found.verdict == verdict
    told: list[Reason | Question] = [*found.reasons, *found.questions]
    assert any(says in each.message for each in told), told
    table = NetworkTable.of([site], PROFILES)
    assert judge_table(part, table, MONDAY_NOON).verdict(0) == verdict


@pytest.mark.parametrize(
    ("gap", "says", "rule"),
    [
        ("build_volume_mm", {"build_volume_mm": (inf, inf, inf)}, "size-unknown"),
        ("nozzle_mm", {"nozzle_mm": 0.0}, "nozzle-unknown"),
    ],
)
def test_a_known_model_is_asked_for_the_box_and_nozzle_that_owners_change(
    gap: str, says: dict[str, object], rule: str
) -> None:
    machine = replace(MK3S, unsaid=(gap,), **says)  # type: ignore[arg-type]
    site = farm(machines=(machine,))
    part = only(materials=("PLA",))
    (found,) = judge_each(part, [site], MONDAY_NOON, profiles=PROFILES)
    assert [each.rule for each in found.questions] == [rule]
    table = NetworkTable.of([site], PROFILES)
    assert judge_table(part, table, MONDAY_NOON).verdict(0) == "unknown"


def test_like_records_of_two_models_are_judged_apart() -> None:
    sites = [
        farm(machines=(silent(name),), feedstocks=(Feedstock("PEEK", "", 5_000),))
        for name in ("Workshop's own", "Creality Ender-3")
    ]
    part = only(materials=("PEEK",))
    table = judge_table(part, NetworkTable.of(sites, PROFILES), MONDAY_NOON)
    assert [table.verdict(0), table.verdict(1)] == ["unknown", "no"]
