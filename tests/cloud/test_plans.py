"""The planner's desk: open orders planned, plans of files checked, strangers out."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.utils import timezone

from nearmade.adapters.plan_files import read_plan_input
from nearmade.adapters.plan_gate.admission import SentPlan, admit_plan
from nearmade.adapters.plan_gate.child import main as read_in_the_child
from nearmade.cli.main import cli
from nearmade.cloud.network.models import Site
from nearmade.cloud.orders.models import Order
from nearmade.cloud.plans import services
from nearmade.cloud.plans.book import open_book, open_orders
from nearmade.cloud.plans.models import Plan
from nearmade.planning.network.evaluate import evaluate
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.network_record import network_record
from nearmade.planning.network.orders_record import orders_record
from nearmade.planning.network.plan_record import Origin, plan_record
from nearmade.planning.network.sample import SampleWish, sample_tables
from nearmade.planning.network.weights import Weights, price_problem
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import InvalidInput, Refused
from tests.cloud.workshop import LYON, a_job, a_person, the_lyon_fablab, the_oslo_fablab
from tests.pages.bench import a_drawn_coupling, a_site

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def files_of(folder: Path, facilities: int = 30, **wish: Any) -> SentPlan:
    """A small invented network with its orders, planned first come first served."""
    network, book = sample_tables(SampleWish(facilities, **wish))
    paths = folder / "network", folder / "orders"
    for path, record in zip(
        paths, (network_record(network), orders_record(book, network)), strict=True
    ):
        path.write_text(json.dumps(record), encoding="utf-8")
    given = read_plan_input(*paths)
    priced = price_problem(given.made.problem, Weights())
    plan = first_come(priced, rule="cheapest")
    origin = Origin(
        "network", "orders", given.network_sha256, given.orders_sha256, "first come"
    )
    record = plan_record(
        given.made,
        plan,
        Weights(),
        evaluate(priced, plan.way, plan.candidate),
        origin,
    )
    return SentPlan(
        paths[0].read_bytes(), paths[1].read_bytes(), json.dumps(record).encode()
    )


def an_open_order(**changes: Any) -> Order:
    """Somebody in Lyon has ordered a coupling; nobody has taken it yet."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "customer": a_person(f"{uuid4()}@example.org"),
        "instance": changes.get("instance") or a_drawn_coupling(("PLA",) * 3),
        "place": {
            "name": LYON.name, "country": LYON.country,
            "lat_deg": LYON.lat_deg, "lon_deg": LYON.lon_deg,
        },
        "deliver": True,
        "state": Order.State.SCREENED,
        "quote": {},
        "price_minor": 1500,
        "price_high_minor": 1800,
        "currency": "EUR",
        "promised_at": now + timedelta(days=9),
        "placed_at": now,
    }  # fmt: skip
    return Order.objects.create(**(fields | changes))


def test_open_orders_become_a_network_and_orders_of_the_planner() -> None:
    the_lyon_fablab()
    the_oslo_fablab()
    order = an_open_order()
    book = open_book(open_orders(), now=timezone.now())
    (record,) = book.orders["orders"]
    assert record["id"] == str(order.pk)
    assert record["due_day"] == 8
    assert book.titles[str(order.pk)] == "Pipe coupling"
    assert book.network["sites"]
    assert {site["id"] for site in book.network["sites"]} <= {"lyon", "oslo"}
    assert len(record["components"]) == 3


def test_what_a_site_has_taken_stays_there() -> None:
    order = an_open_order(site=the_lyon_fablab())
    assert open_orders() == [order]
    job = a_job(order, JobState.COMMITTED)
    assert open_orders() == []
    job.state = JobState.OFFERED.value
    job.save()
    assert open_orders() == [order]
    order.state = Order.State.TRAVELLING
    order.save()
    assert open_orders() == []


def test_the_platform_plans_its_open_orders_and_anybody_can_check_the_plan(
    tmp_path: Path,
) -> None:
    the_lyon_fablab()
    order = an_open_order()
    by = a_person("plan@example.org")
    row = services.ask_plan(by, now=timezone.now())
    services.make_plan(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.state == Plan.State.READY, row.problem
    assert row.figures["stands"] is True
    assert row.figures["counts"] == {"orders": 1, "components": 3}
    assert row.figures["cost_usd"] >= row.figures["bound_usd"] * (1 - 1e-9)
    keys = [one["key"] for one in row.scenarios]
    ways = ["balanced", "cheapest", "fastest", "greenest", "nearest", "unplanned"]
    assert keys == ways
    assert sum(one["knee"] for one in row.scenarios) == 1
    picture = services.picture_kept(row.pk)
    assert picture["orders"]["id"] == [str(order.pk)]
    assert picture["orders"]["left_out"] == []
    assert picture["sites"]["id"] == ["lyon"]
    with zipfile.ZipFile(io.BytesIO(services.files_kept(row.pk))) as folder:
        folder.extractall(tmp_path)
    answer = CliRunner().invoke(cli, ["plan", "verify", str(tmp_path / "PLAN.json")])
    assert answer.exit_code == 0, answer.output
    before = row.done_at
    services.make_plan(row.pk, now=timezone.now())  # twice is once
    row.refresh_from_db()
    assert row.done_at == before


def test_without_open_orders_there_is_nothing_to_plan() -> None:
    row = services.ask_plan(None, now=timezone.now())
    services.make_plan(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.state == Plan.State.EMPTY
    assert services.plan_on_timer(now=timezone.now()) is None


def test_the_timer_plans_when_something_changed() -> None:
    the_lyon_fablab()
    an_open_order()
    first = services.plan_on_timer(now=timezone.now())
    assert first is not None
    assert first.source == Plan.Source.TIMER
    services.make_plan(first.pk, now=timezone.now())
    assert services.plan_on_timer(now=timezone.now()) is None
    a_site("oslo", "Oslo")
    assert services.plan_on_timer(now=timezone.now()) is not None


def test_one_plan_is_made_at_a_time_and_a_dead_one_given_up() -> None:
    by = a_person()
    now = timezone.now()
    first = services.ask_plan(by, now=now)
    assert services.ask_plan(by, now=now).pk == first.pk
    later = now + timedelta(seconds=services.GIVEN_UP_S + 1)
    assert services.ask_plan(by, now=later).pk != first.pk
    first.refresh_from_db()
    assert first.state == Plan.State.FAILED


def test_a_plan_that_breaks_says_so_and_the_next_can_be_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    the_lyon_fablab()
    an_open_order()
    row = services.ask_plan(None, now=timezone.now())

    def broken(*_given: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(services, "solve_scenarios", broken)
        with pytest.raises(ZeroDivisionError):
            services.make_plan(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.state == Plan.State.FAILED
    assert "something broke" in row.problem
    again = services.ask_plan(None, now=timezone.now())
    assert again.pk != row.pk
    services.make_plan(again.pk, now=timezone.now())
    again.refresh_from_db()
    assert again.state == Plan.State.READY
    # no scenario, nor what is done without a planner, is cheaper all in all
    assert again.figures["cost_usd"] >= again.figures["bound_usd"] * (1 - 1e-9)


def test_an_order_that_nobody_can_make_is_named() -> None:
    the_lyon_fablab()
    order = an_open_order(instance=a_drawn_coupling(("TPU", "TPU", "TPU")))
    book = open_book(open_orders(), now=timezone.now())
    assert book.orders["orders"] == []
    assert "no site of the network can make" in book.skipped[str(order.pk)]


def test_only_planners_are_let_in() -> None:
    user = a_person()
    with pytest.raises(Refused, match="planners"):
        services.check_planner(user)
    user.is_planner = True
    services.check_planner(user)


def test_a_plan_of_files_is_checked_and_pictured(tmp_path: Path) -> None:
    sent = files_of(tmp_path)
    packed = SentPlan(*(gzip.compress(part) for part in (
        sent.network, sent.orders, sent.plan,
    )))  # fmt: skip
    row = services.send_plan(a_person(), packed, " My  plan ", now=timezone.now())
    services.make_plan(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.title) == (Plan.State.READY, "My plan"), row.problem
    assert row.sent is None
    assert row.figures["stands"] is True
    assert row.figures["sites"] == 30
    ways = {one["key"]: one for one in row.scenarios}
    assert [*ways] == [
        "balanced", "cheapest", "fastest", "greenest", "nearest", "unplanned",
    ]  # fmt: skip
    assert ways["cheapest"]["money_usd"] <= ways["unplanned"]["money_usd"]


def test_a_plan_that_was_changed_is_shown_as_one_that_does_not_stand(
    tmp_path: Path,
) -> None:
    sent = files_of(tmp_path)
    record = json.loads(sent.plan)
    record["cost_usd"] *= 0.9
    (tmp_path / "plan").write_text(json.dumps(record), encoding="utf-8")
    answer = tmp_path / "answer"
    answer.mkdir()
    read_in_the_child(tmp_path, answer)
    picture = json.loads((answer / "picture.json").read_text(encoding="utf-8"))
    assert picture["stands"] is False
    assert picture["scenarios"] == []
    assert "changed after it was written" in picture["faults"][0]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan", b"{}", "plan"),
        ("plan", b"[1, 2", "not JSON"),
        ("network", b"\x1f\x8b broken", "gzip"),
        ("network", b'{"schema": "else"}', "network"),
        ("orders", b"\xff\xfe\x00", "not JSON"),
    ],
)
def test_broken_files_are_refused_with_the_place(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    sent = files_of(tmp_path)
    given, answer = tmp_path / "in", tmp_path / "out"
    given.mkdir()
    answer.mkdir()
    for one in ("network", "orders", "plan"):
        (given / one).write_bytes(content if one == name else getattr(sent, one))
    read_in_the_child(given, answer)
    refusal = json.loads((answer / "refusal.json").read_text(encoding="utf-8"))
    assert said in refusal["message"]
    assert not (answer / "picture.json").exists()


def test_files_that_are_too_large_are_not_read() -> None:
    with pytest.raises(InvalidInput, match="MiB"):
        admit_plan(SentPlan(b" " * 61 * 2**20, b"", b""))


def test_a_refused_plan_says_why(tmp_path: Path) -> None:
    sent = files_of(tmp_path)
    row = services.send_plan(
        a_person(),
        SentPlan(sent.network, sent.orders, b"[]"),
        "",
        now=timezone.now(),
    )
    services.make_plan(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.state == Plan.State.FAILED
    assert "plan" in row.problem


def test_only_the_last_plans_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "KEPT", 2)
    now = timezone.now()
    for n in range(4):
        row = services.ask_plan(None, now=now + timedelta(seconds=n))
        services.make_plan(row.pk, now=now)
    assert Plan.objects.count() == 2


def test_a_site_without_hours_gives_none(client: Any) -> None:
    site = the_lyon_fablab()
    record = site.record
    record["nearmade"]["opening"] |= {"opens_hour": 8, "closes_hour": 9}
    Site.objects.filter(pk="lyon").update(record=record)
    an_open_order()
    book = open_book(open_orders(), now=timezone.now())
    (group,) = book.network["sites"][0]["groups"]
    assert max(group["hours"]) == 1.0
