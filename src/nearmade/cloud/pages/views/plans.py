"""The planner's desk: the last plans, one plan from all sides, plans of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nearmade.adapters.plan_gate.admission import (
    MIB,
    MOST_SENT_BYTES,
    NAMES,
    SentPlan,
)
from nearmade.cloud.pages.plan_days import SORTS, Sort, days_view
from nearmade.cloud.pages.plan_late import KINDS, Kind, late_view
from nearmade.cloud.pages.plan_map import SHOWS, Show, area_asked, plan_map
from nearmade.cloud.pages.plan_sheet import sheet_of
from nearmade.cloud.pages.views.asking import person
from nearmade.cloud.plans import services
from nearmade.cloud.plans.book import open_orders
from nearmade.cloud.plans.models import Plan
from nearmade.cloud.throttling import PerClient
from nearmade.vocabulary.errors import InvalidInput, Unavailable

#: Plans that one planner may ask for or send.
NEW_PLANS: Final = PerClient("plans", "6/m")
#: Plans listed.
SHOWN: Final = 20
#: Plans beside each other.
BESIDE: Final = 6
#: How often a page asks whether its plan is ready. [s]
LOOK_AGAIN_S: Final = 3


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show the last plan that is ready, or how to make the first."""
    services.check_planner(person(request))
    ready = services.plans().filter(state=Plan.State.READY).first()
    if ready is not None and "all" not in request.GET:
        return redirect("pages:plan", plan_id=ready.pk)
    return render(request, "pages/plans.html", _listed(request))


def _listed(request: HttpRequest) -> dict[str, Any]:
    return {
        "here": "plan",
        "plans": services.plans()[:SHOWN],
        "most_mib": MOST_SENT_BYTES // MIB,
        "orders_open": len(open_orders()),
        "kept": services.KEPT,
    }


@login_required
@require_POST
def plan_now(request: HttpRequest) -> HttpResponse:
    """Plan the open orders now."""
    by = person(request)
    services.check_planner(by)
    _count(request)
    row = services.ask_plan(by, now=timezone.now())
    return redirect("pages:plan", plan_id=row.pk)


@login_required
@require_http_methods(["POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Take the files of a plan that was made elsewhere."""
    by = person(request)
    services.check_planner(by)
    try:
        _count(request)
        row = services.send_plan(
            by,
            SentPlan(**{name: _file(request, name) for name in NAMES}),
            request.POST.get("title", ""),
            now=timezone.now(),
        )
    except (InvalidInput, Unavailable) as refusal:
        status = 422 if isinstance(refusal, InvalidInput) else 503
        context = {**_listed(request), "refusal": refusal}
        return render(request, "pages/plans.html", context, status=status)
    return redirect("pages:plan", plan_id=row.pk)


def _count(request: HttpRequest) -> None:
    if not NEW_PLANS.allow_request(request):
        raise Unavailable("too many plans in one minute", remedy="wait a minute")


def _file(request: HttpRequest, name: str) -> bytes:
    sent = request.FILES.get(name)
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise InvalidInput(
            f"the {name} file did not come with the form", remedy="choose all three"
        )
    content: bytes = sent.read()
    return content


@login_required
@require_GET
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show a plan from all sides, or how far it is."""
    services.check_planner(person(request))
    row = services.find_plan(plan_id)
    context: dict[str, Any] = {"here": "plan", "plan": row}
    if row.state != Plan.State.READY:
        under_way = row.state in (Plan.State.WAITING, Plan.State.WORKING)
        context["look_again_s"] = LOOK_AGAIN_S if under_way else 0
        return render(request, "pages/plan_waits.html", context)
    return render(request, "pages/plan.html", context | _asked(row, request.GET))


@login_required
@require_GET
def files(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Give the files of a plan, so that anybody can check it."""
    services.check_planner(person(request))
    answer = HttpResponse(services.files_kept(plan_id), content_type="application/zip")
    name = f"plan-{str(plan_id)[:8]}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked(row: Plan, given: Mapping[str, str]) -> dict[str, Any]:
    sheet = sheet_of(row.pk)
    usual: Show = "price" if sheet.site_price.any() else "load"
    show: Show = next((one for one in SHOWS if one == given.get("show")), usual)
    sort: Sort = next((one for one in SORTS if one == given.get("sort")), "load")
    kind: Kind | None = next((one for one in KINDS if one == given.get("kind")), None)
    area = area_asked(given.get("area", ""))
    site = given.get("site", "")
    site = site if site in sheet.site_id else ""
    here = reverse("pages:plan", args=[row.pk])

    def address(**changes: str) -> str:
        asked = {
            "show": show, "sort": sort, "kind": kind or "", "area": area, "site": site,
        }  # fmt: skip
        pairs = [f"{k}={v}" for k, v in (asked | changes).items() if v]
        return f"{here}?{'&'.join(pairs)}"

    days = days_view(sheet, sort, _number(given.get("days", "1")), site)
    late = late_view(sheet, kind, _number(given.get("late", "1")))
    return {
        "figures": row.figures,
        "terms": row.figures.get("terms") or {},
        "faults": sheet.picture["faults"],
        "skipped": sheet.picture.get("skipped", {}),
        "show": show,
        "shows": [(one, address(show=one) + "#map") for one in SHOWS],
        "area": area,
        "wider_url": address(area="") + "#map",
        "map": plan_map(sheet, show, area, address(area="", site="")),
        "sort": sort,
        "sorts": [(one, address(sort=one, site="") + "#days") for one in SORTS],
        "days": days,
        "site": site,
        "all_sites_url": address(site="") + "#days",
        "days_before": address(days=str(days.page - 1)) + "#days",
        "days_after": address(days=str(days.page + 1)) + "#days",
        "late": late,
        "kind": kind,
        "kinds": [
            (one, address(kind=one) + "#late", late.counts[one]) for one in KINDS
        ],
        "any_kind_url": address(kind="") + "#late",
        "late_before": address(late=str(late.page - 1)) + "#late",
        "late_after": address(late=str(late.page + 1)) + "#late",
        "scenarios": row.scenarios,
        "beside": _beside(row),
    }


def _beside(row: Plan) -> list[Plan]:
    """Give the plans to hold this one against: itself, and the last others."""
    others = services.plans().filter(state=Plan.State.READY).exclude(pk=row.pk)
    return [row, *others[: BESIDE - 1]]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
