"""A site's page: for everyone what stands there, for its operators what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nearmade.cloud.network.models import Site
from nearmade.cloud.network.services import (
    facility_of,
    find_site,
    is_live,
    site_operated_by,
)
from nearmade.cloud.orders import services as orders
from nearmade.cloud.orders.models import Order
from nearmade.cloud.pages import reading
from nearmade.cloud.pages.figures import duration_text, plain_name, significant
from nearmade.cloud.pages.life import JobView, job_view, part_titles
from nearmade.cloud.pages.views.asking import person
from nearmade.cloud.people.models import User
from nearmade.cloud.shopfloor import services as shopfloor
from nearmade.facilities.facility import Facility
from nearmade.production.job import JobState
from nearmade.vocabulary.errors import InvalidInput, NotFound
from nearmade.vocabulary.money import Money


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for hands."""

    icon: str
    title: str
    said: str
    action: str
    label: str
    fields: dict[str, str] = field(default_factory=dict)
    asks: str = ""
    second: dict[str, str] | None = None


@require_GET
def site(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show a site."""
    context = _site_context(request, site_id) | {
        "here": site_id,
        "events_url": "poll:4",
        "fragment_url": reverse("pages:site_live", args=[site_id]),
    }
    return render(request, "pages/site.html", context)


@require_GET
def site_live(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show the part of a site's page that changes."""
    return render(
        request, "pages/parts/site_live.html", _site_context(request, site_id)
    )


def _operates(user: object, site_id: str) -> bool:
    if not isinstance(user, User):
        return False
    return any(site.pk == site_id for site in reading.sites_operated_by(user))


def _site_context(request: HttpRequest, site_id: str) -> dict[str, Any]:
    row = find_site(site_id)
    facility = facility_of(row)
    works = _operates(request.user, site_id)
    jobs = [job_view(j, part_titles(j.order)) for j in reading.open_jobs_at(row)]
    now = timezone.now()
    power = (row.snapshot or {}).get("power") or {}
    return {
        "site": {
            "id": row.pk,
            "name": plain_name(row.name),
            "place": str(facility.place),
            "kind": facility.kind,
            "solar": facility.power.kind == "solar",
            "power_text": _power_text(facility),
            "demo": row.demo,
            "live": is_live(row, now),
            "seen_at": row.seen_at,
        },
        "may_work": works,
        "todo": list(_tasks(row, jobs)) if works else [],
        "machines": [_machine(m, row, jobs) for m in facility.machines],
        "queue": [job for job in jobs if job.state not in ("printing", "starting")],
        "energy": power if power.get("battery_fraction") is not None else None,
        "feedstocks": facility.feedstocks,
        "earnings": _earnings(row, facility) if works else [],
        "tariff": _tariff(facility),
        "opening": _opening(facility),
    }


def _power_text(facility: Facility) -> str:
    power = facility.power
    if power.kind == "grid":
        return _("on the grid")
    return _("%(pv)s W of panels, %(kwh)s kWh of battery") % {
        "pv": significant(power.pv_wp, 3),
        "kwh": significant(power.battery_wh / 1000, 2),
    }


def _machine(machine: Any, row: Site, jobs: list[JobView]) -> dict[str, Any]:
    said: dict[str, Any] = next(
        (
            printer
            for printer in (row.snapshot or {}).get("printers", [])
            if printer["machine_id"] == machine.id
        ),
        {},
    )
    short = machine.id.rsplit("/", 1)[-1]
    at_work = ("printing", "starting", "attention")
    job = next((j for j in jobs if j.machine == short and j.state in at_work), None)
    sides = " × ".join(significant(side, 3) for side in machine.build_volume_mm)
    profile_materials = {profile.split("-")[1].upper() for profile in machine.profiles}
    return {
        "name": machine.make_model,
        "short": short,
        "size": f"{sides} mm",
        "state": said.get("state") or machine.status,
        "fraction": said.get("done_fraction") if job else None,
        "left_s": said.get("left_s") if job else None,
        "nozzle_degc": said.get("nozzle_degc"),
        "power_w": said.get("power_w"),
        "materials": sorted(profile_materials),
        "simulated": machine.driver == "simulated",
        "job_text": f"{job.parts_text} ({job.title})" if job else "",
    }


def _tasks(row: Site, jobs: list[JobView]) -> Iterator[Task]:
    for job in jobs:
        act = reverse("pages:act_on_job", args=[row.pk, job.id])
        machine = _("on %(m)s") % {"m": job.machine}
        seconds = job.expected_s
        takes = duration_text(timedelta(seconds=seconds)) if seconds else ""
        if job.state == JobState.OFFERED:
            yield Task(
                "bell",
                _("An offer: %(what)s") % {"what": job.parts_text},
                " · ".join(filter(None, [job.title, job.material, machine, takes])),
                act,
                _("Accept"),
                {"act": "accept"},
                second={"name": "act", "value": "decline", "label": _("Decline")},
            )
        elif job.state == JobState.PRINTED:
            yield Task(
                "list-checks",
                _("Take off and check: %(what)s") % {"what": job.parts_text},
                f"{job.title}, {machine}",
                act,
                _("It is right"),
                {"act": "checked"},
            )
        elif job.state == JobState.ATTENTION:
            yield Task(
                "triangle-alert",
                _("Look at %(m)s") % {"m": job.machine},
                job.problem,
                reverse("pages:site", args=[row.pk]),
                _("Look again"),
            )
    for order in reading.orders_assembled_at(row):
        act = reverse("pages:act_on_order", args=[row.pk, order.pk])
        title = order.instance.design_version.title
        if orders.ready_to_assemble(order):
            yield Task(
                "wrench",
                _("Put together: %(t)s") % {"t": title},
                _("All parts are here."),
                act,
                _("It is assembled"),
                {"act": "assembled"},
            )
        elif order.state == Order.State.ASSEMBLED:
            to = order.place["name"]
            said = (
                _("To %(to)s") % {"to": to} if order.deliver else _("To be collected")
            )
            yield Task(
                "truck", _("Hand over: %(t)s") % {"t": title}, said, act,
                _("It is handed over"), {"act": "handed-over"},
            )  # fmt: skip


def _earnings(row: Site, facility: Facility) -> list[dict[str, str]]:
    currency = facility.tariff.currency
    week = timezone.now() - timedelta(days=7)
    shown = []
    for title, since in [(_("This week"), week), (_("In all"), None)]:
        closed = reading.closed_orders_at(row, since)
        done = [order for order in closed if order.currency == currency]
        total = Money.total([Money(o.price_minor, o.currency) for o in done], currency)
        count = ngettext("%(n)d order", "%(n)d orders", len(done)) % {"n": len(done)}
        shown.append({"title": title, "text": f"{count}, {total}"})
    return shown


def _tariff(facility: Facility) -> list[dict[str, str]]:
    tariff = facility.tariff
    lines = [
        (_("machine hour"), tariff.machine_hour),
        (_("set-up of a build"), tariff.setup),
        (_("hour of hands"), tariff.labour_hour),
        (_("least for an order"), tariff.minimum),
    ]
    grams = [
        (_("gram of %(m)s") % {"m": material}, price)
        for material, price in tariff.material_gram.items()
    ]
    return [
        {"title": title, "amount": f"{_at_least_cents(amount)} {tariff.currency}"}
        for title, amount in [*lines, *grams]
    ]


def _at_least_cents(amount: Decimal) -> str:
    """Write two decimals, or as many as the price list has."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:.{places}f}"


def _opening(facility: Facility) -> str:
    hours = facility.opening
    if (hours.opens_hour, hours.closes_hour) == (0, 24) and len(hours.days) == 7:
        return _("Always open.")
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    days = ", ".join(names[day - 1] for day in hours.days)
    return _("Open %(days)s, %(a)s to %(b)s h local time.") % {
        "days": days,
        "a": significant(hours.opens_hour, 3),
        "b": significant(hours.closes_hour, 3),
    }


@login_required
@require_POST
def act_on_job(request: HttpRequest, site_id: str, job_id: str) -> HttpResponse:
    """An operator answers an offer or confirms a check."""
    row = site_operated_by(person(request), site_id)
    by, now = person(request).email, timezone.now()
    act = request.POST.getlist("act")[-1] if "act" in request.POST else ""
    if act in ("accept", "decline"):
        shopfloor.answer_offer(
            row, job_id, accept=act == "accept", reason="", by=by, now=now
        )
    elif act == "checked":
        shopfloor.confirm_checked(row, job_id, by=by, note="", now=now)
    else:
        raise InvalidInput(f"act {act!r}: must be accept, decline or checked")
    messages.success(request, _("Written down."))
    return redirect("pages:site", site_id)


@login_required
@require_POST
def act_on_order(request: HttpRequest, site_id: str, order_id: str) -> HttpResponse:
    """An operator says that a product is assembled or handed over."""
    row = site_operated_by(person(request), site_id)
    order = orders.order_seen_by(person(request), order_id)
    if order.site_id != row.pk:
        raise NotFound(f"order {order_id}: does not come together at {row.pk}")
    acts = {"assembled": orders.confirm_assembled, "handed-over": orders.hand_over}
    act = request.POST.get("act", "")
    if act not in acts:
        raise InvalidInput(f"act {act!r}: must be one of {', '.join(acts)}")
    acts[act](order_id, by=person(request).email, now=timezone.now())
    messages.success(request, _("Written down."))
    return redirect("pages:site", site_id)
