"""Verdicts on a part and a machine, worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import manifold3d
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.geometry.facts import PartFacts
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.survey import measure_all
from nearmade.geometry.weld import turned_inside_out
from nearmade.screening.machine_limits import MachineLimits
from nearmade.screening.machine_verdict import MachineVerdict, judge
from nearmade.screening.process_rules import RULES
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.processes import PROCESSES
from tests.geometry.solids import box, cube, sphere, together

A_PRINTER = MachineLimits("a printer", "FDM", (250.0, 210.0, 210.0), 0.4, 0.45, 0.2)
A_VAT = MachineLimits("a vat", "SLA", (145.0, 145.0, 175.0), layer_mm=0.05)
A_MILL = MachineLimits("a mill", "MILLING", (300.0, 200.0, 100.0))
A_LASER = MachineLimits("a laser", "LASER-CUTTING", (600.0, 400.0, 10.0))


def facts_of(part: Mesh | manifold3d.Manifold) -> PartFacts:
    if not isinstance(part, Mesh):
        given_ = part.to_mesh64()
        faces = given_.tri_verts.astype(np.int64)
        part = Mesh(np.array(given_.vert_properties[:, :3]), faces)
    return measure_all(part)


def solid(
    size: tuple[float, float, float], at: tuple[float, float, float] = (0, 0, 0)
) -> manifold3d.Manifold:
    return manifold3d.Manifold.cube(size).translate(at)


def found(verdict: MachineVerdict) -> dict[str, str]:
    return {one.code: one.severity for one in verdict.findings}


def test_a_cube_is_made_by_every_process_without_a_word() -> None:
    for process in RULES:
        limits = MachineLimits("m", process, (100.0, 100.0, 100.0), layer_mm=0.2)
        verdict = judge(facts_of(cube(20)), limits)
        assert (verdict.makeable, verdict.findings) == ("yes", ()), process


def test_a_part_too_large_is_told_by_how_much_and_which_scale_fits() -> None:
    verdict = judge(facts_of(box((260, 210, 10))), A_PRINTER)
    assert verdict.makeable == "no"
    (finding,) = verdict.findings
    assert finding.code == "too-large"
    assert "10.0 mm along x" in finding.message
    assert "along y" not in finding.message
    # 250 / 260 is 96.15 %.
    assert "96 %" in finding.remedy


def test_a_part_too_tall_is_told_so() -> None:
    (finding,) = judge(facts_of(box((10, 10, 220))), A_PRINTER).findings[:1]
    assert "10.0 mm along z" in finding.message
    assert "95 %" in finding.remedy


def test_a_part_turned_by_a_quarter_fits() -> None:
    verdict = judge(facts_of(box((200, 240, 10))), A_PRINTER)
    assert found(verdict) == {"fits-turned": "note"}
    assert "turned by 90 degrees" in verdict.findings[0].message


def told_turn_deg(verdict: MachineVerdict) -> float:
    """Read the turn that the remedy of a part too large tells."""
    remedy = verdict.findings[0].remedy
    assert remedy.startswith("It would fit turned by ")
    assert "in the file" in remedy
    return float(remedy.split()[5])


def test_a_long_bar_that_fits_along_the_diagonal_only_is_the_callers_to_turn() -> None:
    # At 40 degrees: 290 cos 40 + 10 sin 40 = 228.6, 290 sin 40 + 10 cos 40 = 194.1.
    verdict = judge(facts_of(box((290, 10, 10))), A_PRINTER)
    assert found(verdict) == {"too-large": "error"}
    assert "40.0 mm along x" in verdict.findings[0].message
    turn = math.radians(told_turn_deg(verdict))
    assert 290 * math.cos(turn) + 10 * math.sin(turn) <= 250
    assert 290 * math.sin(turn) + 10 * math.cos(turn) <= 210


def test_a_bar_is_turned_the_right_way_round() -> None:
    # Lies along the falling diagonal already, and is turned back to fit.
    bar = solid((290, 10, 10)).rotate([0, 0, -60])
    verdict = judge(facts_of(bar), A_PRINTER)
    turn = told_turn_deg(verdict)
    assert 15 <= (turn - 60) % 180 <= 45 or 15 <= (60 - turn) % 180 <= 45


def test_powder_takes_a_part_on_any_side_and_filament_does_not() -> None:
    tall = facts_of(box((10, 20, 240)))
    assert "too-large" in found(judge(tall, A_PRINTER))
    powder = MachineLimits("powder", "SLS", (250.0, 210.0, 210.0))
    assert found(judge(tall, powder)) == {"fits-turned": "note"}
    longer = judge(facts_of(box((10, 20, 260))), powder)
    assert found(longer)["too-large"] == "error"
    assert "laid on another side" in longer.findings[0].remedy


def test_resin_is_printed_as_the_part_lies() -> None:
    assert "too-large" in found(judge(facts_of(box((10, 160, 20))), A_VAT))


@pytest.mark.parametrize(
    ("wall", "nozzle", "bead", "code", "severity"),
    [
        (0.3, 0.4, 0.45, "thin-walls", "warning"),
        (0.6, 0.4, 0.45, "weak-walls", "note"),
        (0.6, 0.6, 0.65, "thin-walls", "warning"),
        (1.0, 0.6, 0.65, "weak-walls", "note"),
        (0.3, 0.25, 0.28, "weak-walls", "note"),
        (0.9, 0.4, 0.45, None, None),
    ],
)
def test_walls_are_judged_by_the_nozzle(
    wall: float, nozzle: float, bead: float, code: str | None, severity: str | None
) -> None:
    tray = solid((60, 60, 20)) - solid((54, 57 - wall, 30), (3, 3, 2))
    verdict = judge(
        facts_of(tray),
        replace(A_PRINTER, nozzle_mm=nozzle, bead_mm=bead),
    )
    assert found(verdict) == ({code: severity} if code else {})
    if code:
        spot = verdict.findings[0].spots[0]
        assert spot.centre_mm[1] == pytest.approx(60 - wall / 2, abs=0.01)
        assert verdict.findings[0].remedy


def test_a_part_that_is_all_thinner_than_a_line_cannot_be_made() -> None:
    leaf = judge(facts_of(box((0.2, 40, 40))), A_PRINTER)
    assert (leaf.makeable, found(leaf)["thin-walls"]) == ("no", "error")


@pytest.mark.parametrize(("gap", "severity"), [(4, None), (8, "note"), (20, "warning")])
def test_bridges_are_judged_by_their_span(gap: float, severity: str | None) -> None:
    pillars = solid((10, 10, 20)) + solid((10, 10, 20), (10 + gap, 0, 0))
    verdict = judge(facts_of(pillars + solid((20 + gap, 10, 3), (0, 0, 20))), A_PRINTER)
    assert found(verdict) == ({"long-bridges": severity} if severity else {})


@pytest.mark.parametrize(
    ("reach", "severity"), [(1, None), (3, "note"), (8, "warning")]
)
def test_overhangs_are_judged_by_how_far_they_stand_out(
    reach: float, severity: str | None
) -> None:
    shelf = solid((20, 20, 20)) + solid((20 + reach, 20, 5), (0, 0, 15))
    verdict = judge(facts_of(shelf), A_PRINTER)
    assert found(verdict) == ({"overhangs": severity} if severity else {})


def test_what_begins_in_the_air_is_told_once() -> None:
    floating = judge(facts_of(together(cube(10), cube(10, at=(0, 0, 30)))), A_PRINTER)
    assert found(floating) == {"loose-bodies": "warning", "overhangs": "note"}
    hook = solid((8, 10, 30)) + solid((30, 10, 8), (0, 0, 22))
    barbed = judge(facts_of(hook + solid((4, 10, 10), (26, 0, 13))), A_PRINTER)
    assert found(barbed)["islands"] == "warning"


def test_pins_and_holes_are_judged_by_their_width() -> None:
    plate = solid((40, 40, 5)) - manifold3d.Manifold.cylinder(
        40, 0.75, 0.75, 60, center=True
    ).translate([10, 10, 0])
    pin = manifold3d.Manifold.cylinder(12, 0.3, 0.3, 60).translate([30, 30, 4])
    verdict = judge(facts_of(plate + pin), A_PRINTER)
    assert found(verdict)["fine-features"] == "warning"
    assert found(verdict)["narrow-holes"] == "note"
    assert found(judge(facts_of(plate), A_VAT)) == {}


def test_a_ball_has_no_base_and_a_leaning_post_tips_over() -> None:
    ball = judge(facts_of(sphere(10, 40)), A_PRINTER)
    assert found(ball)["no-flat-base"] == "warning"
    outline = [(0.0, 0.0), (6.0, 0.0), (46.0, 40.0), (40.0, 40.0)]
    post = manifold3d.CrossSection([outline]).extrude(10).rotate([90, 0, 0])
    assert found(judge(facts_of(post), A_PRINTER))["tips-over"] == "warning"


def test_a_slender_post_wants_a_brim() -> None:
    verdict = judge(facts_of(box((6, 6, 60))), A_PRINTER)
    assert found(verdict) == {"small-base": "note"}
    assert "brim" in verdict.findings[0].remedy


def test_a_foil_is_thinner_than_the_layer_of_the_machine_that_is_asked() -> None:
    foil = facts_of(box((20, 20, 0.07)))
    verdict = judge(foil, A_PRINTER)
    assert verdict.makeable == "no"
    assert found(verdict)["thinner-than-layer"] == "error"
    told = [one for one in verdict.findings if one.code == "thinner-than-layer"]
    assert "0.07 mm high, less than one layer of 0.2 mm" in told[0].message
    # It stands on all of its 400 mm2.
    assert "small-base" not in found(verdict)
    for machine in (A_VAT, A_LASER, A_MILL):
        assert "thinner-than-layer" not in found(judge(foil, machine))


def test_a_small_base_is_told_with_figures_that_are_not_zero() -> None:
    (finding,) = judge(facts_of(box((0.9, 0.9, 0.9))), A_PRINTER).findings[-1:]
    assert finding.code == "small-base"
    assert "stands 0.9 mm high on 0.81 mm2" in finding.message


def test_one_loose_body_touches_and_two_touch_nothing() -> None:
    plate, ball = solid((30, 30, 5)), solid((5, 5, 5), (0, 0, 20))
    one = judge(facts_of(plate + ball), A_PRINTER).findings
    two = judge(facts_of(plate + ball + ball.translate((20, 0, 0))), A_PRINTER).findings
    assert "1 body hangs in the air and touches nothing." in {x.message for x in one}
    assert "2 bodies hang in the air and touch nothing." in {x.message for x in two}


def test_holes_of_a_sheet_are_judged_by_its_thickness_with_three_figures() -> None:
    drilled = solid((40, 40, 7.123)) - manifold3d.Manifold.cylinder(
        20, 2, circular_segments=64
    ).translate((20, 20, -1))
    messages = {x.code: x.message for x in judge(facts_of(drilled), A_LASER).findings}
    # 0.7 of 7.123 mm is 4.9861 mm.
    assert "below 4.99 mm it may close" in messages["narrow-holes"]


def test_what_is_no_sheet_is_told_nothing_of_its_holes() -> None:
    drilled = solid((40, 40, 8)) + solid((10, 10, 12))
    drilled -= manifold3d.Manifold.cylinder(30, 2, circular_segments=64).translate(
        (20, 20, -1)
    )
    codes = found(judge(facts_of(drilled), A_LASER))
    assert codes["not-a-sheet"] == "error"
    assert "narrow-holes" not in codes


def test_hollows_trap_resin_and_cannot_be_milled() -> None:
    hollow = facts_of(together(cube(30), turned_inside_out(cube(10, at=(10, 10, 10)))))
    assert found(judge(hollow, A_VAT)) == {"hollows": "warning"}
    assert found(judge(hollow, A_MILL)) == {"hollows": "error"}
    assert "hollows" not in found(judge(hollow, A_PRINTER))


def test_a_laser_cuts_plates_only() -> None:
    plate = solid((100, 60, 4)) - solid((2, 2, 9), (20, 20, -1))
    cut = judge(facts_of(plate), A_LASER)
    # 0.7 of 4 mm is 2.8 mm.
    assert found(cut) == {"narrow-holes": "note"}
    step = judge(facts_of(plate + solid((10, 10, 8))), A_LASER)
    assert (step.makeable, found(step)["not-a-sheet"]) == ("no", "error")


def test_findings_on_the_mesh_are_kept() -> None:
    torn = Mesh(cube().vertices_mm, cube().faces[1:])
    verdict = judge(facts_of(torn), A_PRINTER)
    assert (verdict.makeable, found(verdict)) == ("no", {"open-edges": "error"})


def test_a_part_that_was_not_surveyed_is_judged_by_size_alone() -> None:
    verdict = judge(measure(cube(20)), A_PRINTER)
    assert (verdict.makeable, found(verdict)) == ("yes", {"not-surveyed": "note"})


def test_a_process_without_rules_is_not_judged() -> None:
    with pytest.raises(NotFound, match="FDM"):
        judge(facts_of(cube()), MachineLimits("m", "weaving", (1.0, 1.0, 1.0)))


@pytest.mark.parametrize(
    ("build", "nozzle"), [((0.0, 1.0, 1.0), 0.4), ((1.0, 1.0, 1.0), -0.4)]
)
def test_limits_below_zero_are_refused(
    build: tuple[float, float, float], nozzle: float
) -> None:
    with pytest.raises(InvalidInput):
        MachineLimits("m", "FDM", build, nozzle)


def test_every_limit_names_its_source() -> None:
    for rules in RULES.values():
        for name in rules.__slots__:
            limit = getattr(rules, name)
            if hasattr(limit, "source"):
                assert limit.source
                assert limit.value > 0


@given(st.floats(5, 400), st.floats(5, 400), st.floats(5, 400), st.floats(0.5, 0.999))
def test_what_is_told_to_fit_when_scaled_does_fit(
    x: float, y: float, z: float, less: float
) -> None:
    verdict = judge(measure(box((x, y, z))), A_PRINTER)
    large = [one for one in verdict.findings if one.code == "too-large"]
    if large:
        share = int(large[0].remedy.split("scale it to ")[1].split()[0]) / 100
        again = judge(measure(box((x * share, y * share, z * share))), A_PRINTER)
        assert "too-large" not in found(again)
    else:
        smaller = judge(measure(box((x * less, y * less, z * less))), A_PRINTER)
        assert "too-large" not in found(smaller)


def test_a_kind_of_a_process_is_judged_by_the_rules_of_its_kind() -> None:
    part = facts_of(cube(20.0))
    numerical = replace(A_MILL, process="CNC-MILLING")
    assert judge(part, numerical) == judge(part, A_MILL)
    with pytest.raises(NotFound, match="no rules"):
        judge(part, replace(A_MILL, process="MACHINING"))
    with pytest.raises(NotFound, match="no rules"):
        judge(part, replace(A_MILL, process="TURNING"))


def test_rules_stand_for_processes_of_the_tree() -> None:
    assert set(RULES) <= set(PROCESSES)
