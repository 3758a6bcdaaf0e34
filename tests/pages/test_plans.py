"""The planner's pages: empty, small, of ten thousand sites; strangers stay outside."""

from __future__ import annotations

import gzip
import json
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nearmade.cloud.pages.plan_days import days_view
from nearmade.cloud.pages.plan_late import late_view
from nearmade.cloud.pages.plan_map import LINES, plan_map
from nearmade.cloud.pages.plan_sheet import PlanSheet
from nearmade.cloud.people.models import User
from nearmade.cloud.plans.models import Plan
from nearmade.planning.network.arrays import build_problem
from nearmade.planning.network.explain import explain
from nearmade.planning.network.first_come import first_come
from nearmade.planning.network.picture import picture_of
from nearmade.planning.network.plan import LEFT_OUT
from nearmade.planning.network.plan_record import Made
from nearmade.planning.network.sample import SampleWish, sample_tables
from nearmade.planning.network.verify import verify
from nearmade.planning.network.weights import Weights, price_problem
from tests.pages.bench import signed_in, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def a_picture(
    facilities: int = 40, load: float = 0.9, leave_out: int = 0, **wish: Any
) -> dict[str, Any]:
    """An invented network, first come first served; some orders may be left out."""
    network, book = sample_tables(SampleWish(facilities, load=load, **wish))
    made = Made(network, book, build_problem(network, book))
    priced = price_problem(made.problem, Weights())
    plan = first_come(priced, rule="cheapest")
    plan.way[:leave_out] = LEFT_OUT
    plan.candidate[: book.first_component[leave_out]] = LEFT_OUT
    verdict = verify(priced, plan)
    return picture_of(
        made, plan, Weights(), verdict, explain(made, priced, plan), "first come"
    )


def a_plan(picture: dict[str, Any], **changes: Any) -> Plan:
    names = ("cost_usd", "bound_usd", "gap_fraction", "stands", "terms", "counts")
    figures = {name: picture[name] for name in names}
    now = timezone.now()
    fields: dict[str, Any] = {
        "source": Plan.Source.FILE,
        "state": Plan.State.READY,
        "asked_at": now,
        "done_at": now,
        "figures": figures | {"days": 5, "sites": len(picture["sites"]["id"])},
        "picture": gzip.compress(json.dumps(picture).encode()),
    }
    return Plan.objects.create(**(fields | changes))


def a_planner(client: Client) -> User:
    return signed_in(client, "plan@example.org", is_planner=True)


def test_only_planners_see_plans(client: Client) -> None:
    row = a_plan(a_picture())
    paths = ("/plan", f"/plan/{row.pk}")
    for path in paths:
        assert client.get(path).status_code == 302  # to the sign-in
    signed_in(client)
    for path in paths:
        assert client.get(path).status_code == 403
    for path in ("/plan/now", "/plan/send"):
        assert client.post(path).status_code == 403
    assert Plan.objects.count() == 1
    assert ">Plan</a>" not in words_of(client.get("/designs"))


def test_without_a_plan_the_desk_says_how_to_make_one(client: Client) -> None:
    a_planner(client)
    page = words_of(client.get("/plan"))
    assert "No plan yet" in page
    assert "0 orders are open" in page
    assert ">Plan</a>" in page


def test_asking_leads_to_a_page_that_looks_again_by_itself(client: Client) -> None:
    a_planner(client)
    answer = client.post("/plan/now")
    row = Plan.objects.get()
    assert answer["Location"] == f"/plan/{row.pk}"
    page = words_of(client.get(answer["Location"]))
    assert 'http-equiv="refresh"' in page
    assert "waits its turn" in page
    row.state, row.problem = Plan.State.FAILED, "orders[3].due_day must be whole"
    row.save()
    page = words_of(client.get(answer["Location"]))
    assert "orders[3].due_day" in page
    assert 'http-equiv="refresh"' not in page


def test_a_plan_is_shown_from_all_sides(client: Client) -> None:
    a_planner(client)
    picture = a_picture()
    row = a_plan(picture, title="North")
    assert client.get("/plan")["Location"] == f"/plan/{row.pk}"
    page = words_of(client.get(f"/plan/{row.pk}"))
    for said in ("North", "Checked from the data", "Sites by day", "to customers"):
        assert said in page
    assert page.count('class="leg flow') > 10
    assert page.count('class="bar') > 30
    reason = picture["reasons"][0]
    assert reason["words"].split(";")[0][:30] in page


def test_a_plan_that_does_not_stand_says_so_first(client: Client) -> None:
    a_planner(client)
    picture = a_picture()
    picture |= {"stands": False, "faults": ["group g7 is over its hours on day 2"]}
    page = words_of(client.get(f"/plan/{a_plan(picture).pk}"))
    assert "This plan does not stand" in page
    assert "group g7 is over its hours" in page


def test_every_link_of_the_desk_opens_and_nonsense_does_no_harm(client: Client) -> None:
    a_planner(client)
    row = a_plan(a_picture())
    odd = [
        "?show=x&sort=x&kind=x&area=x&site=x&days=x&late=-1",
        "?days=999999&late=999999",
        "?area=81463ffffffffff",
        "?area=zz%00&site=%00",
        "?show=load&sort=name&kind=late&days=2&late=2",
    ]
    for query in odd:
        assert client.get(f"/plan/{row.pk}{query}").status_code == 200
    assert client.get(f"/plan/{UUID(int=1)}").status_code == 404


def test_more_sites_take_no_more_queries(client: Client) -> None:
    a_planner(client)
    few, many = a_plan(a_picture(20)), a_plan(a_picture(60))

    def queries(row: Plan) -> int:
        client.get(f"/plan/{row.pk}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/plan/{row.pk}").status_code == 200
        return len(asked)

    assert queries(many) <= queries(few)


def test_files_that_lack_are_refused_beside_the_form(client: Client) -> None:
    a_planner(client)
    sent = {"network": SimpleUploadedFile("network.json", b"{}")}
    answer = client.post("/plan/send", sent)
    assert answer.status_code == 422
    assert "choose all three" in words_of(answer)
    names = ("network", "orders", "plan")
    whole = {name: SimpleUploadedFile(f"{name}.json", b"{}") for name in names}
    assert client.post("/plan/send", whole).status_code == 302
    assert Plan.objects.get().source == Plan.Source.FILE


def test_a_large_network_is_drawn_by_areas_and_opened_one_by_one() -> None:
    sheet = PlanSheet(a_picture(700, load=0.6))
    world = plan_map(sheet, "load", "", "/plan/x?")
    assert sum(row.sites for row in world.rows) + world.more >= 300
    assert len(world.map.marks) < 300
    assert len(world.rows) <= LINES
    assert len(world.map.legs) <= 300
    assert sum(mark.count for mark in world.map.marks) == 700
    busiest = max(world.rows, key=lambda row: row.sites)
    near = plan_map(sheet, "load", busiest.id, "/plan/x?")
    assert sum(mark.count for mark in near.map.marks) == busiest.sites


def test_flows_count_every_component_that_is_made() -> None:
    picture = a_picture(40)
    sheet = PlanSheet(picture)
    made = sum(group >= 0 for group in picture["components"]["group"])
    found = plan_map(sheet, "price", "", "/plan/x?")
    assert found.flows == made
    assert found.flows_drawn == made  # few sites: no pair is left out


def test_builds_of_a_group_follow_each_other_and_end_in_time() -> None:
    sheet = PlanSheet(a_picture(40))
    view = days_view(sheet, "load", 1)
    loads = [site.load for site in view.sites]
    assert loads == sorted(loads, reverse=True)
    bars = 0
    for site in view.sites:
        for group in site.groups:
            assert group.used <= group.hours * (1 + 1e-6) + 1e-3
            starts = [bar.x for bar in group.bars]
            assert starts == sorted(starts)
            assert all(bar.x + bar.width <= view.width + 2 for bar in group.bars)
            bars += len(group.bars)
    assert bars == sum(site.parts for site in view.sites)


def test_what_is_late_or_left_out_stands_with_its_reason_first() -> None:
    picture = a_picture(60, outsourcing="dear", leave_out=3)
    sheet = PlanSheet(picture)
    terms = picture["terms"]
    view = late_view(sheet, None, 1)
    assert view.counts["left_out"] == terms["orders_left_out"] == 3
    assert view.counts["late"] == terms["orders_late"]
    assert view.counts["central"] == terms["components_central"]
    assert view.lines[0].kind == "left_out"
    assert view.lines[0].words
    bought = late_view(sheet, "central", 1)
    assert all(line.part for line in bought.lines)


def test_ways_to_plan_are_compared_with_what_is_late_or_left_out(
    client: Client,
) -> None:
    a_planner(client)
    row: dict[str, Any] = {"gco2e": 1e5, "mean_day": 2.0, "late": 0, "central": 0}
    ways = [
        row | {"key": "balanced", "knee": True, "left_out": 0, "money_usd": 1000.0,
               "cost_usd": 1010.0},
        row | {"key": "cheapest", "knee": False, "left_out": 9, "money_usd": 400.0,
               "cost_usd": 2400.0},
    ]  # fmt: skip
    plan = a_plan(a_picture(), scenarios=ways)
    page = words_of(client.get(f"/plan/{plan.pk}"))
    assert page.count("Cost, all weighed") >= 2
    assert ">2400<" in page
    plan.scenarios = [row | {"key": "balanced", "left_out": 0, "money_usd": 1000.0}]
    plan.save()  # as plans were kept before this column was
    assert ">–<" in words_of(client.get(f"/plan/{plan.pk}"))


def test_large_counts_are_written_in_groups(client: Client) -> None:
    a_planner(client)
    row = a_plan(a_picture())
    row.figures |= {
        "sites": 10_000,
        "terms": row.figures["terms"] | {"orders_late": 12_345},
    }
    row.save()
    page = words_of(client.get(f"/plan/{row.pk}"))
    assert "over 10,000 sites" in page
    assert "12,345" in page
    assert ". From files" in page


def test_who_does_not_use_a_mouse_can_pass_the_map_by(client: Client) -> None:
    a_planner(client)
    page = words_of(client.get(f"/plan/{a_plan(a_picture()).pk}"))
    assert page.index('href="#places"') < page.index('class="leg flow')
    assert 'id="places"' in page
    assert " 1 components" not in page
