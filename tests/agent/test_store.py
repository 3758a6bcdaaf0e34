from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearmade.agent.store import JobRow, Store
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import Conflict
from nearmade.vocabulary.identity import JobId, MachineId

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROW = JobRow(
    queue_no=0,
    job_id=JobId("job-1"),
    generation=1,
    machine_id=MachineId("lab/one"),
    state=JobState.OFFERED,
    file_name="nm-job-1-1.gcode",
    material="PLA",
    expected_s=60.0,
    energy_wh=20.0,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "agent.sqlite3")
    yield store
    store.close()


def test_a_drained_outbox_never_reuses_a_number(store: Store) -> None:
    first = store.append("job.starting", NOW, {})
    store.acknowledge(first)
    assert store.pending() == []
    assert store.append("job.printing", NOW, {}) == first + 1


def test_the_epoch_lives_as_long_as_the_database(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.sqlite3")
    epoch = store.epoch
    store.close()
    again = Store(tmp_path / "a.sqlite3")
    other = Store(tmp_path / "b.sqlite3")
    assert again.epoch == epoch
    assert len(epoch) == 32
    assert other.epoch != epoch
    again.close()
    other.close()


def test_the_last_reading_of_a_job_takes_the_place_of_an_older_one(
    store: Store,
) -> None:
    store.telemetry("job-1/1", "job.progress", NOW, {"done_fraction": 0.1})
    store.append("job.attention", NOW, {})
    store.telemetry("job-1/1", "job.progress", NOW, {"done_fraction": 0.2})
    assert [(event.seq, event.kind) for event in store.pending()] == [
        (1, "job.progress"),
        (2, "job.attention"),
    ]
    assert store.pending()[0].body == {"done_fraction": 0.2}
    assert store.has_news()
    store.acknowledge(2)
    store.telemetry("job-1/1", "job.progress", NOW, {"done_fraction": 0.3})
    assert [event.seq for event in store.pending()] == [3]
    assert not store.has_news()


def test_a_new_epoch_counts_from_one_and_keeps_the_order(store: Store) -> None:
    for number in range(5):
        store.append("job.printing", NOW, {"number": number})
    store.answer("c1", "command.accepted", NOW, {"command_id": "c1"})
    store.acknowledge(2)
    before = store.epoch
    assert store.acknowledged() == 2
    store.begin_epoch()
    assert store.epoch != before
    assert [event.seq for event in store.pending()] == [1, 2, 3, 4]
    assert [event.body.get("number") for event in store.pending()][:3] == [2, 3, 4]
    store.repeat_answer("c1", NOW)  # it waits under its new number
    assert len(store.pending()) == 4
    assert store.append("job.printed", NOW, {}) == 5
    store.acknowledge(5)
    store.begin_epoch()
    assert store.acknowledged() == 0
    assert store.append("job.printed", NOW, {}) == 1


def test_an_answer_that_still_waits_is_not_said_twice(store: Store) -> None:
    store.answer("c1", "command.accepted", NOW, {"command_id": "c1"})
    store.repeat_answer("c1", NOW)
    assert len(store.pending()) == 1
    store.acknowledge(1)
    store.repeat_answer("c1", NOW)
    assert [event.seq for event in store.pending()] == [2]
    assert store.answered("c1")
    assert not store.answered("c2")


def test_a_job_moves_only_as_the_table_allows(store: Store) -> None:
    store.put_job(ROW)
    row = store.job(JobId("job-1"), 1)
    assert row is not None
    assert row.queue_no == 1
    with pytest.raises(Conflict):
        store.move_job(row, JobState.PRINTING)
    moved = store.move_job(row, JobState.COMMITTED)
    assert store.jobs_in(JobState.COMMITTED) == [moved]
    assert store.newest_generation(JobId("job-1")) == 1
    assert store.newest_generation(JobId("job-2")) == -1


class Crash(Exception):
    """The power goes."""


def crash_in_the_middle(store: Store) -> None:
    try:
        with store.transaction():
            store.append("job.starting", NOW, {"number": -1})
            store.put_job(ROW)
            raise Crash
    except Crash:
        pass


def test_what_a_failed_transaction_wrote_is_gone(store: Store) -> None:
    crash_in_the_middle(store)
    assert store.pending() == []
    assert store.job(JobId("job-1"), 1) is None
    # No gap: the platform acknowledges without gaps.
    assert store.append("job.starting", NOW, {}) == 1


def test_a_bed_is_uncleared_until_a_person_says_so(store: Store) -> None:
    store.set_uncleared(MachineId("lab/one"))
    store.set_uncleared(MachineId("lab/one"))
    assert store.uncleared() == {"lab/one"}
    store.set_cleared(MachineId("lab/one"))
    assert store.uncleared() == frozenset()


_STEPS = st.lists(
    st.sampled_from(["event", "reading", "crash", "sync", "lost answer"]), max_size=40
)


@settings(max_examples=15, deadline=None)
@given(steps=_STEPS)
def test_no_event_is_lost_or_reordered_over_crashes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    """A crash ends a transaction half way and opens the database anew."""
    path = tmp_path_factory.mktemp("store") / "agent.sqlite3"
    store = Store(path)
    said: list[int] = []
    heard: dict[int, object] = {}
    for number, step in enumerate(steps):
        if step == "event":
            with store.transaction():
                store.append("job.printing", NOW, {"number": number})
            said.append(number)
        elif step == "reading":
            with store.transaction():
                store.telemetry("job", "job.progress", NOW, {})
        elif step == "crash":
            crash_in_the_middle(store)
            store.close()
            store = Store(path)
        else:
            for event in store.pending(most=3):
                heard.setdefault(event.seq, event.body.get("number"))
            ack = 0
            while ack + 1 in heard:
                ack += 1
            if step == "sync":
                store.acknowledge(ack)
    for event in store.pending():
        heard.setdefault(event.seq, event.body.get("number"))
    store.close()
    assert sorted(heard) == list(range(1, len(heard) + 1))
    assert [heard[seq] for seq in sorted(heard) if heard[seq] is not None] == said
