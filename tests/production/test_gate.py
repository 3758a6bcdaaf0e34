from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.production.gcode.gate import check_gcode
from nearmade.production.gcode.limits import limits_for
from nearmade.vocabulary.errors import InvalidInput
from tests.production.plain_files import HEAD, LIMITS, SQUARE, TAIL, build, ticket


def rules(content: bytes) -> list[str]:
    return [reason.rule for reason in check_gcode(content, LIMITS).reasons]


def test_a_square_of_two_layers_passes_with_figures_worked_by_hand() -> None:
    report = check_gcode(build(), LIMITS)
    assert report.accepted, report.reasons
    assert report.filament_mm == pytest.approx(12.0)
    assert (report.max_nozzle_degc, report.max_bed_degc) == (205.0, 60.0)
    assert report.bounds_mm == ((20.0, 20.0, 0.2), (60.0, 60.0, 0.4))
    assert [layer.z_mm for layer in report.layers] == [0.2, 0.4]
    # 8 sides of 40 mm and 0.2 mm up at 20 mm/s; what comes before places the axes.
    assert report.estimated_s == pytest.approx(8 * 2.0 + 0.01)
    assert report.lines == len((HEAD + SQUARE + TAIL).splitlines())


@pytest.mark.parametrize(
    ("middle", "rule"),
    [
        ("M104 S400\n", "temperature"),
        ("M109 R301\n", "temperature"),
        ("m104s400\n", "temperature"),
        ("N12 M104 S400*33\n", "temperature"),
        ("M140 S150\n", "temperature"),
        ("M104\n", "temperature"),
        ("G1 X400\n", "out-of-bounds"),
        ("G1 Z-2\n", "out-of-bounds"),
        ("g01x400\n", "out-of-bounds"),
        ("G20\nG1 X20\n", "out-of-bounds"),  # 508 mm
        ("G91\nG1 X240\n", "out-of-bounds"),
        ("G92 Z100\nG1 Z50\n", "out-of-bounds"),  # 50 mm below where it was
        ("G92 X-240\nG1 X0\n", "out-of-bounds"),
        ("G1 X240 Y100\nG2 X240 Y140 I0 J5\n", "arc"),
        ("G1 X240 Y100\nG3 X240 Y140 I0 J20\n", "out-of-bounds"),
        ("G1 X240 Y100\nG3 X240 Y140 R20\n", "out-of-bounds"),
        ("G28 X\nG91\nG1 X5\n", "unknown-position"),
        ("M84\nG1 X50\n", "not-homed"),
        ("M502\n", "not-allowed"),
        ("M500\n", "not-allowed"),
        ("M303 E0 S200\n", "not-allowed"),
        ("M907 X800\n", "not-allowed"),
        ("M28 x.g\n", "unreadable"),
        ("M997\n", "not-allowed"),
        ("M0\n", "not-allowed"),
        ("M301 P1\n", "not-allowed"),
        ("M92 X400\n", "not-allowed"),
        ("M206 Z-5\n", "not-allowed"),
        ("M211 S0\n", "not-allowed"),
        ("T1\n", "not-allowed"),
        ("G10 P0 S300\n", "not-allowed"),
        ("G29 S1\n", "not-allowed"),
        ("M104 S100 S400\n", "unreadable"),
        ("G1 X10 (X400)\n", "unreadable"),
        ("G1 X1E2\n", "unreadable"),
        ("@pause\n", "unreadable"),
        ("M104 T1 S200\n", "tool"),
        ("G2 X30 Y30 R1\n", "arc"),
        ("G2 X30 Y30 I5 J5 R5\n", "arc"),
        ("G2 X30 Y30\n", "arc"),
        ("G28 X\nG2 X30 Y30 I5\n", "unknown-position"),
        ("G2 X30 Y30 I5 J5 F99999\n", "feed"),
        ("G28 X\nG92 X5\n", "unknown-position"),
        ("G4 S60\n" * 11, "dwell"),
        ("M104 S0\nG10\n", "cold-extrusion"),
        ("M84\nG29\n", "not-homed"),
        ("M84 X\nG80\n", "not-homed"),
        ("M82\nG91\nG1 X1 E1\n", "extruder-mode"),
        ("G91\nM82\nG1 X1 E1\n", "extruder-mode"),
        ("M221\n", "factor"),
        ("G1 X10\rG1 X400\n", "unreadable"),
        ("G1 X\xe9\n", "unreadable"),
        (";" + "x" * 300 + "\n", "unreadable"),
        ("G4 S3600\n", "dwell"),
        ("G4 P60001\n", "dwell"),
        ("G1 X30 F90000\n", "feed"),
        ("G1 X30 F0\n", "feed"),
        ("M220 S1000\n", "factor"),
        ("G1 X30 F24000\nM220 S150\nG1 X40\n", "feed"),  # 400 mm/s made 600
        ("M221 S500\n", "factor"),
        ("M203 X2000\n", "feed"),
        ("M201 X1000000\n", "acceleration"),
        ("G1 E300\n", "extrusion"),
        ("G1 X21 E5\n", "extrusion"),
        ("G90\nG1 X30 E1\n", "extruder-mode"),
        ("M104 S100\nG1 X30 E1\n", "cold-extrusion"),
        ("G1 E50\n" * 11, "filament"),
        ("M106 S999\n", "fan"),
        ("M117 {heater.sensors}\n", "unreadable"),
    ],
)
def test_a_hostile_line_is_refused(middle: str, rule: str) -> None:
    assert rule in rules(build(SQUARE + middle))


def test_the_same_arc_the_other_way_round_stays_inside() -> None:
    for words in ("G2 X240 Y140 I0 J20", "G2 X240 Y140 R20"):
        report = check_gcode(build(SQUARE + f"G1 X240 Y100\n{words}\n"), LIMITS)
        assert report.accepted, report.reasons
        assert report.bounds_mm[1][0] == pytest.approx(240.0)


def test_moves_before_homing_are_refused() -> None:
    assert "not-homed" in rules(build(head=HEAD.replace("G28\n", "")))


@pytest.mark.parametrize(
    "middle",
    [
        "G10\nG11\nG4 P500\nM400\nM17\nG80\nG1 Z10\nG29\nM117 Layer 2/50\n",
        "M201 X1000\nM203 X200\nM204 P1250 T1250\nM205 X8\nM900 K0.05\nT0\nM115\n",
        'M862.3 P "MK3S"\nM862.1 P0.4\nM106 S255\nM106\nM220 S100\nM221 S95\n',
        "G91\nG1 Z5\nG90\nG92 X5 Y5 Z5\nG92\n",
        "M84 E\nG1 X30\nG28 Z\nG0 Z5\nG1 F1200\nN7 G1 X31*99\n",
        "G2 X60 Y20 I20 J0 E2 F1200\nG3 X20 Y20 R-25\nM104 S205\nM140 S55\n",
        "G1 X240 Y100\nG91\nG3 X-20 Y20 I-20 J0 Z1\n",
    ],
)
def test_what_real_files_do_is_let_through(middle: str) -> None:
    report = check_gcode(build(SQUARE + middle), LIMITS)
    assert report.accepted, report.reasons


def test_limits_that_allow_nothing_are_invalid() -> None:
    with pytest.raises(InvalidInput, match="empty"):
        replace(LIMITS, upper_mm=(250.0, 210.0, 0.0))
    with pytest.raises(InvalidInput, match="above zero"):
        replace(LIMITS, max_filament_mm=float("nan"))


def test_homing_takes_a_named_offset_back() -> None:
    assert rules(build(SQUARE + "G92 X40\nG28\nG1 X240\n")) == []
    assert "out-of-bounds" in rules(build(SQUARE + "G92 X0\nG1 X240\n"))


def test_extrusion_before_the_nozzle_was_waited_for_is_refused() -> None:
    assert "cold-extrusion" in rules(build(head=HEAD.replace("M109 S205\n", "")))


@pytest.mark.parametrize("left_on", ["M104 S0\n", "M140 S0\n"])
def test_heaters_must_be_off_at_the_end(left_on: str) -> None:
    assert rules(build(tail=TAIL.replace(left_on, ""))) == ["heaters-on"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"; nothing\n", build("")])
def test_a_file_that_makes_nothing_is_refused(content: bytes) -> None:
    assert "nothing-made" in rules(content)


def test_retractions_are_not_counted_twice() -> None:
    retracting = SQUARE + "G1 E-2\nG1 E2\n" * 50
    assert check_gcode(build(retracting), LIMITS).filament_mm == pytest.approx(12.0)


def test_the_flow_factor_counts_in_the_filament() -> None:
    report = check_gcode(build("M221 S150\n" + SQUARE), LIMITS)
    assert report.filament_mm == pytest.approx(18.0)


def test_absolute_extrusion_counts_differences() -> None:
    absolute = "M82\nG92 E0\nG1 X20 Y20\nG1 X60 E1.5\nG1 X20 E3\nG92 E0\nG1 X60 E1.5\n"
    assert check_gcode(build(absolute), LIMITS).filament_mm == pytest.approx(4.5)


def test_a_full_circle_reaches_all_four_sides() -> None:
    report = check_gcode(build("G1 X50 Y50\nG2 X50 Y50 I20 J0 E9\n"), LIMITS)
    assert report.accepted, report.reasons
    low, high = report.bounds_mm
    assert low[:2] == pytest.approx((50.0, 30.0))
    assert high[:2] == pytest.approx((90.0, 70.0))


def test_the_nozzles_wiping_line_is_no_layer() -> None:
    wiped = "G1 Z0.28\nG1 X2 Y10\nG1 Y100 E9 F1500\nG1 Z0.2\n" + SQUARE
    report = check_gcode(build(wiped), LIMITS)
    assert [layer.z_mm for layer in report.layers] == [0.2, 0.4]


def test_only_the_first_hundred_reasons_are_kept() -> None:
    report = check_gcode(build("M502\n" * 500), LIMITS)
    assert len(report.reasons) == 100
    assert not report.accepted


def test_the_tightest_of_ticket_machine_and_material_wins() -> None:
    limits = limits_for(ticket(b""), (180.0, 180.0, 180.0))
    assert limits.upper_mm == (180.0, 180.0, 180.0)
    assert (limits.max_nozzle_degc, limits.max_bed_degc) == (235.0, 65.0)
    assert limits.max_filament_mm == 500.0


def test_a_material_without_known_ceiling_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no temperature ceiling"):
        limits_for(replace(ticket(b""), material="wax"), (180.0, 180.0, 180.0))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_report(content: bytes) -> None:
    assert check_gcode(content, LIMITS).lines >= 0


_NUMBERS = st.floats(-40, 300, allow_nan=False).map(lambda number: f"{number:.2f}")
_LINES = st.one_of(
    st.sampled_from(
        ["G90", "G91", "G20", "G21", "G28", "G28 X", "M82", "M83", "G92 E0", "M84 Y"]
    ),
    st.builds(lambda axis, at: f"G1 {axis}{at}", st.sampled_from("XYZ"), _NUMBERS),
    st.builds(lambda x, y: f"G0 X{x} Y{y}", _NUMBERS, _NUMBERS),
    st.builds(lambda axis, at: f"G92 {axis}{at}", st.sampled_from("XYZ"), _NUMBERS),
)


class PlainMachine:
    """A second reading of the rules of motion, kept apart from the gate's on purpose.

    One vector for where the carriage is, one for what the file calls it.
    """

    def __init__(self) -> None:
        self.true = {"X": 0.0, "Y": 0.0, "Z": 0.0}
        self.called = {"X": 0.0, "Y": 0.0, "Z": 0.0}
        self.scale, self.by_steps = 1.0, False
        self.visited: list[tuple[str, float]] = []

    def run(self, line: str) -> None:
        head, *words = line.split()
        if head in ("G90", "G91"):
            self.by_steps = head == "G91"
        elif head in ("G20", "G21"):
            self.scale = 25.4 if head == "G20" else 1.0
        elif head == "G28":
            for axis in words or "XYZ":
                self.true[axis] = self.called[axis] = 0.0
        elif head in ("G0", "G1", "G92"):
            for word in words:
                self.word(head, word[0], float(word[1:]) * self.scale)

    def word(self, head: str, axis: str, value: float) -> None:
        if axis not in self.true:
            return
        if head == "G92":
            self.called[axis] = value
            return
        step = value if self.by_steps else value - self.called[axis]
        self.called[axis] += step
        self.true[axis] += step
        self.visited.append((axis, self.true[axis]))


@settings(max_examples=300)
@given(st.lists(_LINES, max_size=25))
def test_whatever_passes_stays_in_bounds_by_a_second_reading(lines: list[str]) -> None:
    content = build(SQUARE + "".join(f"{line}\n" for line in lines))
    report = check_gcode(content, LIMITS)
    if not report.accepted:
        return
    machine = PlainMachine()
    for line in content.decode().splitlines():
        machine.run(line)
    for axis, there in machine.visited:
        place = "XYZ".index(axis)
        low, high = LIMITS.lower_mm[place], LIMITS.upper_mm[place]
        assert low - 1e-6 <= there <= high + 1e-6
