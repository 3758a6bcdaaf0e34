"""What processes usually hold: bands with their sources, never an answer."""

from __future__ import annotations

from nearmade.vocabulary.process_tolerances import USUAL_TOLERANCES, usual_tolerance
from nearmade.vocabulary.processes import PROCESSES


def test_bands_rise_and_say_who_publishes_them() -> None:
    for process, usual in USUAL_TOLERANCES.items():
        assert process in PROCESSES
        assert 0 < usual.finest_mm <= usual.widest_mm
        assert usual.source


def test_a_kind_of_a_process_holds_what_the_process_holds() -> None:
    assert usual_tolerance("MSLA") is USUAL_TOLERANCES["VAT-PHOTOPOLYMERISATION"]
    assert usual_tolerance("CNC-MILLING") is USUAL_TOLERANCES["MILLING"]


def test_nothing_is_said_of_processes_without_published_figures() -> None:
    assert usual_tolerance("SEWING") is None
    assert usual_tolerance("3DP") is None  # its kinds differ too much
    assert usual_tolerance("BASKETRY") is None
