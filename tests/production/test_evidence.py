import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nearmade.production.evidence import Evidence
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import JobId, MachineId, Sha256

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVIDENCE = Evidence(
    job_id=JobId("job-1"),
    generation=1,
    machine_id=MachineId("lab/mk3"),
    gcode_sha256=Sha256("0" * 64),
    started_at=START,
    ended_at=START + timedelta(hours=1),
    energy_wh=81.5,
    filament_mm=1234.5,
    printer_words="Operational",
)


def test_the_hash_is_that_of_its_sorted_json() -> None:
    text = json.dumps(EVIDENCE.as_dict(), sort_keys=True, separators=(",", ":"))
    assert EVIDENCE.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert replace(EVIDENCE, energy_wh=81.6).sha256 != EVIDENCE.sha256


def test_evidence_cannot_end_before_it_starts_or_float_in_time() -> None:
    with pytest.raises(InvalidInput, match="ends before"):
        replace(EVIDENCE, ended_at=START - timedelta(seconds=1))
    with pytest.raises(InvalidInput, match="time zone"):
        replace(EVIDENCE, started_at=START.replace(tzinfo=None))
