"""The slicer's own files, with the vendors' start and end code, must pass."""

from functools import cache

import pytest

from nearmade.adapters.slicers.prusa import slice_stl
from nearmade.production.gcode.gate import GateReport, check_gcode
from nearmade.production.gcode.limits import limits_for
from nearmade.production.gcode.prepare import expected_s, prepare
from nearmade.production.job import JobTicket
from nearmade.quoting.profiles import MAKEABLE, PROFILES
from nearmade.vocabulary.identity import JobId, MachineId, ProfileId, sha256_of
from tests.production.solids import box_stl

pytestmark = pytest.mark.outside

#: One of each machine, and every material where the start-up lines were written.
CHOSEN = sorted(
    name
    for name in MAKEABLE
    if name.endswith("-0.20") and ("-pla-" in name or name.startswith("mk3s-"))
)


@cache
def sliced(profile_id: ProfileId) -> bytes:
    profile = PROFILES[profile_id]
    return slice_stl(box_stl(20.0, 15.0, 4.0), profile, cache=None).gcode


def report_of(profile_id: ProfileId, content: bytes) -> GateReport:
    profile = PROFILES[profile_id]
    ticket = JobTicket(
        job_id=JobId("job-1"),
        generation=1,
        machine_id=MachineId("lab/one"),
        gcode_sha256=sha256_of(content),
        material=profile.material,
        max_nozzle_degc=profile.nozzle_degc + 20,
        max_bed_degc=profile.bed_degc + 20,
        max_filament_mm=2000.0,
        expected_s=600,
        build_volume_mm=profile.bed_mm,
    )
    return check_gcode(content, limits_for(ticket, profile.bed_mm))


@pytest.mark.parametrize("profile_id", CHOSEN)
def test_what_the_slicer_writes_passes_once_prepared(profile_id: ProfileId) -> None:
    content = prepare(sliced(profile_id))
    report = report_of(profile_id, content)
    assert report.accepted, report.reasons[:5]
    assert len(report.layers) == 20  # 4 mm in layers of 0.2 mm
    assert expected_s(content) == expected_s(sliced(profile_id))
    assert expected_s(content)


def test_one_changed_line_in_a_sliced_file_is_caught() -> None:
    profile_id = min(CHOSEN)
    lines = prepare(sliced(profile_id)).decode().splitlines()
    middle = len(lines) // 2
    for hostile in ("M104 S320", "G1 X900", "G92 Z100", "M500"):
        changed = [*lines[:middle], hostile, "G1 Z30", *lines[middle:]]
        report = report_of(profile_id, "\n".join(changed).encode())
        assert not report.accepted, hostile


def test_the_checks_of_model_and_nozzle_pass_the_gate_and_stay() -> None:
    content = prepare(sliced(ProfileId("mk3s-pla-0.20")))
    lines = content.decode().splitlines()
    assert 'M862.3 P "MK3S"' in lines
    assert "M862.1 P0.4" in lines
    assert lines.index("M862.1 P0.4") < lines.index("G90")
    assert report_of(ProfileId("mk3s-pla-0.20"), content).accepted
