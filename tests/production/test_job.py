import pytest

from nearmade.production.job import MOVES, JobState, check_move
from nearmade.production.ports import PrinterState, PrinterStatus
from nearmade.vocabulary.errors import Conflict
from nearmade.vocabulary.identity import JobId
from tests.production.plain_files import ticket


def test_a_started_job_never_goes_back_to_where_it_could_be_given_away() -> None:
    started = {JobState.STARTING, JobState.PRINTING, JobState.ATTENTION}
    before = {JobState.PLANNED, JobState.SLICED, JobState.OFFERED, JobState.COMMITTED}
    for state in started:
        assert not MOVES[state] & before


def test_every_state_but_the_last_ones_has_an_exit() -> None:
    ends = {state for state in JobState if not MOVES[state]}
    assert ends == {JobState.CHECKED, JobState.FAILED, JobState.CANCELLED}


def test_a_move_that_is_not_in_the_table_is_a_conflict() -> None:
    check_move(JobId("a"), JobState.COMMITTED, JobState.STARTING)
    with pytest.raises(Conflict, match="job a: cannot go from committed to printed"):
        check_move(JobId("a"), JobState.COMMITTED, JobState.PRINTED)


def test_a_build_has_one_name_on_every_printer() -> None:
    assert ticket(b"", job_id="j-7", generation=3).file_name == "nm-j-7-3.gcode"


def test_a_printer_need_not_know_everything() -> None:
    status = PrinterStatus(PrinterState.IDLE)
    assert (status.file_name, status.done_fraction, status.power_w) == ("", None, None)
