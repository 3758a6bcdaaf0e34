"""What an agent may say, however broken: it is never stuck and never harms others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nearmade.cloud.network.models import Site
from nearmade.cloud.orders.quotes import quote_near
from nearmade.cloud.shopfloor.models import AgentEvent, Command, Job
from nearmade.cloud.shopfloor.sync import sync
from nearmade.production.job import MOVES, JobState
from nearmade.vocabulary.errors import InvalidInput
from tests.cloud.test_sync import EPOCH, a_committed_job, job_body, told
from tests.cloud.workshop import LYON, NOON, a_coupling

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": None},
        {"body": None},
        {"body": [1]},
        {"body": {}},
        {"body": {"job_id": "none", "generation": 1}},
        {"body": {"job_id": "0" * 32, "generation": 1}},
        {"kind": "command.accepted", "body": {"command_id": "nonsense"}},
        {"kind": "command.accepted", "body": {"command_id": "0" * 32}},
        {"kind": "x" * 400},
        {"kind": "job.\0"},
        {"kind": "job.unheard-of"},
        {"at": "2026-13-45T99:00:00Z"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "2026-06-01T12:00:00"},
        {"at": 7},
        {"body": {"power_w": float("nan")}},
        {"body": {"left_s": 10**400}},
        {"body": {"words": "half a pair \ud800"}},
        {"body": {"words": "NUL \0"}},
        {"body": {"words": "x" * 70_000}},
    ],
    ids=str,
)
def test_a_broken_event_is_kept_and_the_next_one_counts(change: dict[str, Any]) -> None:
    job = a_committed_job()
    request = told(
        (1, "job.progress", job_body(job)), (2, "job.starting", job_body(job))
    )
    request["events"][0] |= change
    answer = sync(job.site, request, now=NOON)
    job.refresh_from_db()
    assert (answer["ack"], job.state) == (2, JobState.STARTING)
    assert AgentEvent.objects.count() == 2


def test_a_missing_kind_and_body_are_survived() -> None:
    job = a_committed_job()
    request = told()
    request["events"] = [{"seq": 1}]
    assert sync(job.site, request, now=NOON)["ack"] == 1


def test_an_agents_clock_is_believed_within_a_day() -> None:
    job = a_committed_job()
    events: list[tuple[int, str, dict[str, Any]]] = [(1, "note", {}), (2, "note", {})]
    request = told(*events)
    hour_ahead = NOON + timedelta(hours=1)
    request["events"][0]["at"] = hour_ahead.isoformat()
    request["events"][1]["at"] = (NOON + timedelta(days=400)).isoformat()
    sync(job.site, request, now=NOON)
    assert list(AgentEvent.objects.order_by("seq").values_list("at", flat=True)) == [
        hour_ahead,
        NOON,
    ]


@pytest.mark.parametrize(
    "snapshot",
    [
        {"printers": [1]},
        {"printers": [{}]},
        {"printers": "many"},
        {"printers": [{"machine_id": 7}]},
        {"power": "full"},
        {"power": {"soc": float("inf")}},
        {"words": "\0"},
        {"words": "x" * 300_000},
    ],
    ids=lambda snapshot: str(snapshot)[:40],
)
def test_a_snapshot_that_quotes_could_not_read_is_refused(
    snapshot: dict[str, Any],
) -> None:
    job = a_committed_job()
    with pytest.raises(InvalidInput, match="sync"):
        sync(job.site, told() | {"snapshot": snapshot}, now=NOON)
    assert Site.objects.get().snapshot is None


def test_a_machine_that_is_offline_is_not_offered() -> None:
    job = a_committed_job()
    instance = a_coupling()
    offline = {"printers": [{"machine_id": "lyon/mk3s", "state": "offline"}]}
    sync(job.site, told() | {"snapshot": offline}, now=NOON)
    assert quote_near(instance, LYON, deliver=False, now=NOON)["offers"] == []


@pytest.mark.parametrize(
    ("told_wh", "kept"),
    [(81.5, {"energy_wh": 81.5}), (-3, {}), ("much", {}), (True, {}), (None, {})],
)
def test_only_an_energy_that_can_be_is_evidence(told_wh: Any, kept: object) -> None:
    job = a_committed_job()
    body = job_body(job)
    done = body | {"evidence": {"energy_wh": told_wh}}
    begun = [(1, "job.starting", body), (2, "job.printing", body)]
    sync(job.site, told(*begun, (3, "job.printed", done)), now=NOON)
    job.refresh_from_db()
    assert (job.state, job.evidence) == (JobState.PRINTED, kept)


def test_progress_holds_numbers_only() -> None:
    job = a_committed_job()
    body = job_body(job, done_fraction="half", left_s=60, nozzle_degc=[215])
    sync(job.site, told((1, "job.progress", body)), now=NOON)
    job.refresh_from_db()
    assert job.progress["left_s"] == 60
    assert job.progress["done_fraction"] is job.progress["nozzle_degc"] is None


KINDS = [
    "job.starting",
    "job.printing",
    "job.progress",
    "job.printed",
    "job.failed",
    "job.attention",
    "job.cancelled",
    "command.accepted",
    "command.rejected",
]


def reachable_from(state: JobState) -> set[JobState]:
    seen = {state}
    front = [state]
    while front:
        front += [then for then in MOVES[front.pop()] if then not in seen]
        seen.update(front)
    return seen


Call = list[tuple[int, str]]
calls = st.lists(
    st.lists(st.tuples(st.integers(1, 8), st.sampled_from(KINDS)), max_size=6),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(calls=calls)
def test_whatever_is_told_in_whatever_order_each_number_counts_once_and_moves_hold(
    calls: list[Call], db: None
) -> None:
    """Duplicates, gaps and lies: of a number the first telling counts."""
    with transaction.atomic():
        job = a_committed_job()
        site, make = job.site, Command.objects.get(kind="make", job=job)
        body = job_body(job, command_id=str(make.pk), evidence={})
        expected: dict[int, str] = {}
        before = JobState(job.state)
        for call in calls:
            answer = sync(site, told(*((n, k, body) for n, k in call)), now=NOON)
            for seq, kind in sorted(call, key=lambda told: told[0]):
                if seq == len(expected) + 1:
                    expected[seq] = kind
            assert answer["ack"] == len(expected)
            after = JobState(Job.objects.get(pk=job.pk).state)
            assert after in reachable_from(before)
            before = after
        kept = AgentEvent.objects.filter(epoch__epoch=EPOCH, epoch__site=site)
        assert dict(kept.values_list("seq", "kind")) == expected
        transaction.set_rollback(True)
